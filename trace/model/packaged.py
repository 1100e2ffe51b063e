"""Tables that lie beside the code, as rows by the headings of their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from importlib import resources
from typing import Protocol, TypeVar


def packaged(name: str) -> list[dict[str, str]]:
    """The rows of a table of this package."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Version(Protocol):
    """One version of something with a code."""

    @property
    def code(self) -> str: ...
    @property
    def effective_from(self) -> date: ...


V = TypeVar("V", bound=Version)


def in_force(versions: Iterable[V], day: date) -> dict[str, V]:
    """The newest version of each that has begun on a day, by its code."""
    newest: dict[str, V] = {}
    for each in sorted(versions, key=lambda one: one.effective_from):
        if each.effective_from <= day:
            newest[each.code] = each
    return newest
