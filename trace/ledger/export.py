"""The ledger as files: what a static web server may publish, or an auditor take home; the payloads only where asked for.

======================  =============================================================================================
``checkpoint``          the signed note over everything in the folder
``vkey``                the verifier key that it was signed with
``tile/…``              tiles and entry bundles under the paths of C2SP tlog-tiles, as ``/ledger/`` answers them
``payload/N[.p/W]``     the payloads under entry bundle N, in the same form: each behind its length in two bytes
``SHA256SUMS``          every file above, as ``sha256sum --check`` reads it
``manifest.json``       what the folder is; there once it is whole
======================  =============================================================================================

Order: the checkpoint first, which says how much is exported, so that an export that was killed goes on to the same size
while the ledger grows; then every file under its name at once or not at all; then all of them are read back and
proved against the checkpoint; then the sums and the manifest.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import orjson
from sqlalchemy import Connection, Engine

from ..db.engine import begin_read
from ..errors import Broken, InputError, Text
from . import store
from .checkpoint import Checkpoint, open_checkpoint
from .entry import decode_entry, entry_hash, first_prev, names_event
from .note import NoteError, VerifierKey
from .payload import payload_digest
from .tiles import (
    HEIGHT,
    WIDTH,
    Bundle,
    Edge,
    FullTile,
    Tile,
    decode_bundle,
    encode_bundle,
    tiles_of,
    width_at,
)
from .tree import leaf_hash

FORMAT = "cabletrace-export/1"
CHECKPOINT, VKEY, SUMS, MANIFEST = "checkpoint", "vkey", "SHA256SUMS", "manifest.json"

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What stands in the folder; ``file_count`` and ``byte_count`` are of the files that SHA256SUMS names."""

    origin: str
    verifier_key: str
    size: int
    root: bytes
    payloads: bool
    file_count: int
    byte_count: int

    def members(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "origin": self.origin,
            "verifier_key": self.verifier_key,
            "size": self.size,
            "root": self.root.hex(),
            "payloads": self.payloads,
            "files": self.file_count,
            "bytes": self.byte_count,
        }


def _bundles(size: int) -> Iterator[Bundle]:
    return (Bundle(index, width_at(size, 0, index)) for index in range(-(-size // WIDTH)))


def payload_path(bundle: Bundle) -> str:
    return "payload" + bundle.path.removeprefix("tile/entries")


def export_ledger(engine: Engine, folder: Path, *, payloads: bool, progress: Progress) -> Exported:
    """Write the ledger into a new folder, or go on where an export into it was killed; the service may run meanwhile.

    ``progress`` is told (entries, of how many), twice each: written, and read back. Raises InputError where the folder
    holds something else or a whole export, `Broken` where the ledger itself cannot be proved.
    """
    with begin_read(engine) as tx:
        chosen, head = store.read_identity(tx), store.read_head(tx)
    key = VerifierKey.parse(chosen.verifier_key)
    resumed = _begin(folder, head.checkpoint, chosen.verifier_key)
    wanted = _wanted(engine, folder, key)
    both = 2 * wanted.size
    for bundle in _bundles(wanted.size):
        with begin_read(engine) as tx:
            _write_bundle(tx, folder, bundle, payloads)
        progress(bundle.index * WIDTH + bundle.width, both)
    with begin_read(engine) as tx:
        for tile in tiles_of(wanted.size):
            if not (folder / tile.path).exists():
                _write(folder / tile.path, store.read_tile_hashes(tx, tile.level, tile.index, tile.width))
    proving = Proving(folder, wanted, _refuse_older if resumed else _refuse_own)
    for proved in proving.bundles(payloads=payloads):
        progress(wanted.size + proved.first + len(proved.entries), both)
    sums = proving.sums
    lines = "".join(f"{digest}  {path}\n" for path, (digest, _) in sums.items())
    exported = Exported(
        origin=chosen.origin,
        verifier_key=chosen.verifier_key,
        size=wanted.size,
        root=wanted.root,
        payloads=payloads,
        file_count=len(sums),
        byte_count=sum(size for _, size in sums.values()),
    )
    _write(folder / SUMS, lines.encode())
    manifest = {**exported.members(), "sums_sha256": sha256(lines.encode()).hexdigest()}
    _write(folder / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    return exported


def _begin(folder: Path, checkpoint: bytes, verifier_key: str) -> bool:
    """Make the folder, or find the beginnings of an export in it; whether there were any."""
    if (folder / MANIFEST).exists():
        raise InputError.of(
            "already-exists",
            "此处已有一份完整的导出",
            "there is a whole export here already",
            came=str(folder),
            where="FOLDER",
            remedy=Text("另选一个目录", "choose another folder"),
        )
    resumed = (folder / CHECKPOINT).exists()
    if not resumed and folder.exists() and any(folder.iterdir()):
        raise InputError.of(
            "already-exists",
            "目录不是空的，也不是未完成的导出",
            "the folder is neither empty nor an export that was cut short",
            came=str(folder),
            where="FOLDER",
            remedy=Text("另选一个目录", "choose another folder"),
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not resumed:
        _write(folder / CHECKPOINT, checkpoint)
    _write(folder / VKEY, f"{verifier_key}\n".encode())
    return resumed


def _wanted(engine: Engine, folder: Path, key: VerifierKey) -> Checkpoint:
    """What the folder's checkpoint promises, if this ledger holds it."""
    try:
        wanted = open_checkpoint((folder / CHECKPOINT).read_bytes(), key)
    except NoteError:
        wanted = None
    with begin_read(engine) as tx:
        held = wanted is not None and wanted.size <= store.read_head(tx).size
        held = held and wanted is not None and store.load_edge(tx, wanted.size).root() == wanted.root
    if wanted is None or not held:
        raise InputError.of(
            "wrong-input",
            "目录里的检查点不是本账本的",
            "the checkpoint in the folder is not one of this ledger",
            came=str(folder / CHECKPOINT),
            where="FOLDER",
            remedy=Text("另选一个目录", "choose another folder"),
        )
    return wanted


def _write_bundle(tx: Connection, folder: Path, bundle: Bundle, payloads: bool) -> None:
    missing = [folder / bundle.path, *([folder / payload_path(bundle)] if payloads else [])]
    missing = [path for path in missing if not path.exists()]
    if not missing:
        return
    rows = list(store.read_rows(tx, bundle.index * WIDTH, bundle.width))
    if len(rows) != bundle.width:
        raise Broken(
            f"entries {bundle.index * WIDTH:,} to {bundle.index * WIDTH + bundle.width:,} are not all there"
        )
    for path in missing:
        is_public = path == folder / bundle.path
        _write(path, encode_bundle([row.entry if is_public else row.payload for row in rows]))


def _write(path: Path, content: bytes) -> None:
    """The file is there with all of this, on the disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


# --- read back ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proved:
    """Neighbouring entries of an export from index ``first`` on, their payloads where those were asked for, and the tiles that
    they have filled."""

    first: int
    entries: Sequence[bytes]
    payloads: Sequence[bytes]
    tiles: Sequence[FullTile]


@dataclass(slots=True)
class Proving:
    """Reads an exported folder back; ``sums`` grows by (SHA-256, bytes) of every file that follows from the checkpoint.
    ``refuse`` raises for one that does not."""

    folder: Path
    wanted: Checkpoint
    refuse: Callable[[str], NoReturn]
    sums: dict[str, tuple[str, int]] = field(default_factory=dict)
    edge: Edge = field(default_factory=Edge)

    def bundles(self, *, payloads: bool) -> Iterator[Proved]:
        """Everything in the folder, in order; what was given before may be believed once the last has come."""
        self.read(CHECKPOINT)
        self.read(VKEY)
        prev = first_prev(self.wanted.origin)
        for bundle in _bundles(self.wanted.size):
            first = bundle.index * WIDTH
            entries = self.decoded(bundle.path, bundle.width)
            for seq, data in enumerate(entries, start=first):
                self.must(_follows(data, prev, seq), bundle.path)
                prev = entry_hash(data)
            tiles = self.edge.append([leaf_hash(data) for data in entries])
            for level, index, hashes, _ in tiles:
                path = Tile(level, index).path
                self.must(self.read(path) == hashes, path)
            said: Sequence[bytes] = ()
            if payloads:
                path = payload_path(bundle)
                said = self.decoded(path, bundle.width)
                self.must(all(map(names_event, entries, map(payload_digest, said))), path)
            yield Proved(first, entries, said, tiles)
        for level, pending in enumerate(self.edge.pending):
            if pending:
                path = Tile(level, self.wanted.size >> HEIGHT * (level + 1), len(pending)).path
                self.must(self.read(path) == b"".join(pending), path)
        self.must(self.edge.root() == self.wanted.root, CHECKPOINT)

    def read(self, path: str) -> bytes:
        try:
            data = (self.folder / path).read_bytes()
        except FileNotFoundError:
            self.refuse(path)
        self.sums[path] = (sha256(data).hexdigest(), len(data))
        return data

    def decoded(self, path: str, width: int) -> list[bytes]:
        try:
            found = decode_bundle(self.read(path))
        except ValueError:
            found = []
        self.must(len(found) == width, path)
        return found

    def must(self, fits: bool, path: str) -> None:
        if not fits:
            self.refuse(path)


def _refuse_own(path: str) -> NoReturn:
    raise Broken(f"what was exported to {path} does not follow from the checkpoint: run cabletrace verify")


def _refuse_older(path: str) -> NoReturn:
    raise InputError.of(
        "wrong-input",
        "以前导出的文件与检查点不符",
        "a file that was exported before does not follow from the checkpoint",
        came=path,
        where="FOLDER",
        remedy=Text("删除此目录，重新导出", "remove the folder and export anew"),
    )


def _follows(data: bytes, prev: bytes, seq: int) -> bool:
    try:
        found = decode_entry(data)
    except ValueError:
        return False
    return found.prev == prev and found.seq == seq
