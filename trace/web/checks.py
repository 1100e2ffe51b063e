"""Files that were checked and wait for a decision: the upload and what would become of its rows.

Between reading a file and recording it a person looks at the rows in trouble, reloads, comes back after lunch.
Operational: one upload and one description in a folder, nobody else's than the account's that sent them, and
gone after some days. Once the file is being recorded, the description knows by which job, so that a second
touch on the button finds the same one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from ..clock import Clock
from ..http.wire import json_bytes
from ..imports.mapping import ColumnMapping, SeenSheet
from ..imports.run import Report

#: A file that nobody decided on is forgotten.
KEPT_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A party that a lot may belong to, to choose from."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A checked file. ``question`` (zh, en) where it was not understood whose it is, and then without a report; nor is
    there one where no sheet was understood. ``mapped`` is what it was judged by of what was said of headings.
    """

    id: str
    account: str
    name: str
    size_bytes: int
    sha256: str
    encoding: str
    party: str
    at: datetime
    report: Report | None = None
    question: tuple[str, str] | None = None
    candidates: tuple[Asked, ...] = ()
    seen: tuple[SeenSheet, ...] = ()
    mapped: Mapping[str, ColumnMapping] = field(default_factory=dict)
    job: str = ""


class Checks:
    """The folder of checked files."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def keep(self, check: Check, data: bytes) -> None:
        """Keep a file with its check; forgets what has lain here too long."""
        self._folder.mkdir(exist_ok=True)
        self._sweep()
        self._put(self._folder / f"{check.id}.upload", data)
        self.change(check)

    def change(self, check: Check) -> None:
        """Write the description anew; whoever reads meanwhile finds the old one whole."""
        half = self._folder / f"{check.id}.{uuid4().hex}.half"
        self._put(half, json_bytes(check))
        half.replace(self._description(check.id))

    def find(self, id_: str, account: str) -> Check | None:
        """A check of this account."""
        try:
            described = self._description(str(UUID(id_))).read_bytes()
        except (ValueError, FileNotFoundError):
            return None
        check = _checks().validate_json(described)
        return check if check.account == account else None

    def data(self, check: Check) -> bytes:
        """The file as it came."""
        return (self._folder / f"{check.id}.upload").read_bytes()

    def _description(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"

    def _put(self, path: Path, data: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    def _sweep(self) -> None:
        oldest = (self._clock() - KEPT_FOR).timestamp()
        for file in self._folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)


@cache
def _checks() -> TypeAdapter[Check]:
    return TypeAdapter(Check)
