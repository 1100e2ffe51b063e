"""A ledger that was exported, with its keys and attachments beside it, as an installation: in files or in PostgreSQL.

What persons disclosed is personal data and no part of the ledger: it stands in a file of its own beside the export, one line
of JSON for each place that is still disclosed, where somebody asked for it. ``verify`` opens every commitment with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import orjson
from sqlalchemy import Connection, Engine

from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from ..intake.recorded import read_recorded
from ..ledger.arrival import Arriving, bring_in, first_row, open_export
from ..ledger.note import NoteSigner
from ..personal import disclosures
from ..personal.disclosures import Disclosure
from .folder import Folder
from .installation import new_ledger, said_host, take_place
from .process import collecting_seldom
from .rebuild import derive

Progress = Callable[[int, int], None]


#: What persons disclosed, beside an export.
DISCLOSURES = "disclosures.ndjson"
_AT_ONCE = 1_000


def export_disclosures(engine: Engine, folder: Path) -> int:
    """Write what is still disclosed into the folder of an export, for its owner alone; how many places."""
    half, count = folder / f"{DISCLOSURES}.half", 0
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, begin_read(engine) as tx:
        for each, _ in disclosures.read_all(tx):
            line = {"event": each.event_id, "at": each.pointer, "salt": each.salt.hex(), "value": each.value}
            file.write(orjson.dumps(line) + b"\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / DISCLOSURES)
    return count


def import_ledger(
    export: Path, folder: Folder, progress: Progress, *, database: str = "", owner: str = ""
) -> int:
    """Bring an export with payloads into a folder that holds the keys of its ledger (``keys/``, and ``blobs/`` where there are
    attachments) and nothing else yet; every entry byte for byte, the last checkpoint as it was signed, everything that
    follows derived. Returns the number of entries.

    ``progress`` is told twice: brought in, and derived. What persons disclosed comes with it where it lies beside the export;
    accounts and jobs do not.
    Raises InputError, and nothing is left, where the export is not whole or the keys are another ledger's.
    """
    arriving = open_export(export)
    signer = _signer(folder, arriving)
    first = first_row(arriving)
    host = None if first is None else said_host(read_recorded(first).draft)
    if host is None:
        raise InputError.of(
            "wrong-input",
            "首条事件没有写明对外域名",
            "the first event does not say at which host labels lead here",
            came=str(export),
            where="FOLDER",
        )
    take_place(folder, database, owner)
    with (
        new_ledger(folder, signer, host, owner) as ledger,
        collecting_seldom(),
        begin_write(ledger) as tx,
    ):
        bring_in(tx, arriving, progress)
        _bring_disclosures(tx, export, folder)
        return derive(tx, progress)


def _bring_disclosures(tx: Connection, export: Path, folder: Folder) -> None:
    """Whether each opens a commitment of its event is for `verify` to say."""
    if not (export / DISCLOSURES).exists():
        return
    try:
        names_key = folder.names_key.read_bytes()
        coming = _disclosed(export / DISCLOSURES)
        while some := list(islice(coming, _AT_ONCE)):
            disclosures.write(tx, some, names_key)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError.of(
            "wrong-input",
            f"{DISCLOSURES} 无法读取，或缺少 {folder.names_key}",
            f"{DISCLOSURES} cannot be read, or {folder.names_key} is missing",
            came=str(error),
            where="FOLDER",
            remedy=Text("没有导入任何内容；重新导出", "nothing was imported; export anew"),
        ) from error


def _disclosed(file: Path) -> Iterator[Disclosure]:
    with file.open("rb") as lines:
        for line in lines:
            said = orjson.loads(line)
            yield Disclosure(said["event"], said["at"], bytes.fromhex(said["salt"]), said["value"])


def _signer(folder: Folder, arriving: Arriving) -> NoteSigner:
    """The signer whose key the export was signed with."""
    try:
        signer = NoteSigner.from_seed(arriving.checkpoint.origin, folder.seed.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError.of(
            "not-found",
            f"{folder.seed} 无法读取",
            f"{folder.seed} cannot be read",
            where="--data",
            remedy=Text(
                f"先把原数据目录的 keys/（以及 blobs/）复制到 {folder.root}",
                f"first copy keys/ (and blobs/) of the old data folder into {folder.root}",
            ),
        ) from error
    if signer.verifier_key != arriving.key:
        raise InputError.of(
            "wrong-input",
            "这里的密钥不是该账本的",
            "the keys here are another ledger's",
            came=signer.verifier_key.format(),
            where="--data",
            remedy=Text(f"应为 {arriving.key.format()}", f"wanted: {arriving.key.format()}"),
        )
    return signer
