"""A ledger that comes as files (`export` with payloads) into a database, byte for byte, proved while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import orjson
from sqlalchemy import Connection

from ..errors import InputError, Text
from . import store
from .checkpoint import Checkpoint, open_checkpoint
from .entry import decode_entry, entry_hash
from .export import CHECKPOINT, FORMAT, MANIFEST, VKEY, Proving
from .note import NoteError, VerifierKey
from .payload import decode_payload, payload_digest
from .store import Head, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """A whole export: the verifier key, what its checkpoint promises, and the note itself."""

    folder: Path
    key: VerifierKey
    checkpoint: Checkpoint
    note: bytes


def open_export(folder: Path) -> Arriving:
    """Raises InputError for a folder that is no whole export with payloads, or whose checkpoint its key has not signed."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        key = VerifierKey.parse((folder / VKEY).read_text(encoding="ascii").strip())
        note = (folder / CHECKPOINT).read_bytes()
        checkpoint = open_checkpoint(note, key)
        is_whole = manifest["format"] == FORMAT and manifest["payloads"] is True
    except (OSError, ValueError, TypeError, KeyError, NoteError) as error:
        raise InputError.of(
            "wrong-input",
            "这不是一份完整的账本导出",
            "this is no whole export of a ledger",
            came=str(folder),
            where="FOLDER",
            remedy=Text(f"重新导出：{error}", f"export it anew: {error}"),
        ) from error
    if not is_whole:
        raise InputError.of(
            "wrong-input",
            "这份导出不含事件内容",
            "this export comes without what the events say",
            came=str(folder),
            where="FOLDER",
            remedy=Text("用 cabletrace export --payloads 导出", "make it by cabletrace export --payloads"),
        )
    return Arriving(folder=folder, key=key, checkpoint=checkpoint, note=note)


def first_row(arriving: Arriving) -> Row | None:
    """The first event, which says who keeps the ledger; None of an empty one."""
    for proved in _proving(arriving).bundles(payloads=True):
        return _row(0, proved.payloads[0], proved.entries[0])
    return None


def bring_in(tx: Connection, arriving: Arriving, progress: Callable[[int, int], object]) -> None:
    """Write everything into the empty tables of the ledger, and the checkpoint as it was signed. Raises InputError at the first
    file that does not follow from it: then nothing may be kept."""
    empty, size = store.read_head(tx), arriving.checkpoint.size
    proving, last = _proving(arriving), None
    for proved in proving.bundles(payloads=True):
        rows = [
            _row(seq, payload, entry)
            for seq, (payload, entry) in enumerate(
                zip(proved.payloads, proved.entries, strict=True), proved.first
            )
        ]
        store.write_rows(tx, rows)
        store.write_tiles(tx, proved.tiles)
        last = rows[-1]
        progress(last.seq + 1, size)
    if last is None:
        return
    head = Head(
        size=size,
        at=decode_entry(last.entry).at,
        last_entry=entry_hash(last.entry),
        last_event=payload_digest(last.payload),
        root=arriving.checkpoint.root,
        checkpoint=arriving.note,
    )
    swapped = store.replace_head(tx, empty, head)
    assert swapped, "nobody else has a ledger that has no name yet"


def _row(seq: int, payload: bytes, entry: bytes) -> Row:
    return Row(seq, str(orjson.loads(decode_payload(payload).draft)["id"]), payload, entry)


def _proving(arriving: Arriving) -> Proving:
    return Proving(arriving.folder, arriving.checkpoint, _refuse)


def _refuse(path: str) -> NoReturn:
    raise InputError.of(
        "wrong-input",
        "导出中有文件缺少，或与检查点不符",
        "a file of the export is missing or does not follow from its checkpoint",
        came=path,
        where="FOLDER",
        remedy=Text("没有导入任何内容；重新导出", "nothing was imported; export anew"),
    )
