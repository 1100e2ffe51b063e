"""Files under their SHA-256 in one folder: ``ab/ab12…`` once they are whole and durable, ``incoming/`` until then.

The steps of taking one, in this order: its bytes into a file of ``incoming`` as they arrive; its content checked
against its hash and its type; fsync; rename; fsync of the folders. So nothing half-written ever has a final name, and
whatever `Incoming.keep` has returned for survives the loss of power. A file that is there is never written again.

The folder alone tells everything: size and media type follow from a file's own bytes, so it can be copied and
restored without a database.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from ..errors import Broken, InputError, Text
from .content import HEAD_BYTES, MAX_BLOB_BYTES, checked_type, media_type_of

_NAME = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file; ``media_type`` as its own bytes say, "" where they have been altered beyond recognition."""

    sha256: str
    media_type: str
    size: int


class BlobStore:
    """The blobs of an installation. Holds nothing but the folder: any number may stand over the same one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> Incoming:
        """A new file to be written; without `Incoming.keep` nothing of it remains. Raises InputError ``no-room``."""
        return Incoming(self)

    def find(self, name: str) -> Blob | None:
        """The file of this hash; None where there is none, and for everything that is no hash. Cost: two look-ups."""
        path = self.path(name)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                return Blob(name, media_type_of(file.read(HEAD_BYTES)), os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            return None

    def digest(self, name: str) -> str | None:
        """The SHA-256 that the stored file really has; None where there is none."""
        path = self.path(name)
        if path is None:
            return None
        try:
            return _digest_of(path)
        except FileNotFoundError:
            return None

    def parts(self, name: str) -> Iterator[bytes]:
        """The bytes of a stored file, a piece at a time. Raises `Broken` before the first one if it was altered."""
        path = self.path(name)
        if path is None:
            raise FileNotFoundError(name)
        self._require_unaltered(name, path)
        return _parts_of(path)

    def path(self, name: str) -> Path | None:
        """Where the file of this hash lies or would lie; nothing else is ever made a path of."""
        return self.folder / name[:2] / name if is_hash(name) else None

    def names(self) -> Iterator[tuple[str, int]]:
        """Every file that is there with its size, those with strange names too; in no order. Nothing of ``incoming``."""
        with os.scandir(self.folder) as shards:
            for shard in shards:
                if shard.name == _INCOMING:
                    continue
                if not shard.is_dir(follow_symlinks=False):
                    yield shard.name, shard.stat(follow_symlinks=False).st_size
                    continue
                with os.scandir(shard.path) as files:
                    for file in files:
                        named_so = file.name.startswith(shard.name) and is_hash(file.name)
                        yield (
                            file.name if named_so else f"{shard.name}/{file.name}",
                            file.stat(follow_symlinks=False).st_size,
                        )

    def remove(self, name: str) -> None:
        """Remove a file that no event names: only `sweep` may say so."""
        path = self.path(name)
        if path is not None:
            path.unlink(missing_ok=True)

    def remove_incoming(self, before: datetime) -> int:
        """Remove what never got whole because its process died; returns how many there were."""
        count = 0
        with suppress(FileNotFoundError), os.scandir(self.folder / _INCOMING) as files:
            for file in files:
                with suppress(FileNotFoundError):
                    if file.stat().st_mtime < before.timestamp():
                        Path(file.path).unlink()
                        count += 1
        return count

    def _require_unaltered(self, name: str, path: Path) -> None:
        if (found := _digest_of(path)) != name:
            raise Broken(f"the stored attachment {name} was altered: its SHA-256 is now {found}")


def is_hash(name: str) -> bool:
    """Whether this is a SHA-256 in the one spelling that names files."""
    return _NAME.fullmatch(name) is not None


class Incoming:
    """A file on its way in, as a block: whatever happens, only `keep` leaves something behind."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._path = store.folder / _INCOMING / uuid4().hex
        self._digest = sha256()
        self._media_type = ""
        self.size = 0
        with _room():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w+b")

    def write(self, part: bytes) -> None:
        """Append. Raises InputError ``too-large`` as soon as the file is, ``no-room`` on a full disk."""
        self.size += len(part)
        if self.size > MAX_BLOB_BYTES:
            raise too_large()
        self._digest.update(part)
        with _room():
            self._file.write(part)

    def check(self, *, name: str = "", declared: str = "") -> Blob:
        """What came, once all of it has. Raises InputError where it is not what ``name`` and ``declared`` say.

        ``name``: the SHA-256 under which it was sent; ``declared``: its media type as the sender says.
        """
        found = self._digest.hexdigest()
        if name not in ("", found):
            raise InputError.of(
                "wrong-hash",
                "内容与所写的 SHA-256 不符",
                "the content does not have the SHA-256 that was named",
                came=found,
                where="sha256",
                remedy=Text(
                    "传输中可能有损坏，请重新上传", "it may have been damaged on its way: send it again"
                ),
            )
        with _room():
            self._file.flush()
        if not self.size:
            checked_type(b"", declared)
        with mmap(self._file.fileno(), 0, access=ACCESS_READ) as data:
            self._media_type = checked_type(data, declared)
        return Blob(found, self._media_type, self.size)

    def keep(self) -> bool:
        """Make the checked file durable under its name; returns whether it is new.

        Raises InputError ``no-room``, and `Broken` where a file of this name is there with other bytes.
        """
        if not self._media_type:
            raise Broken("an attachment was to be kept unchecked")
        name = self._digest.hexdigest()
        path = self._store.path(name)
        assert path is not None
        with _room():
            is_new = not path.exists()
            if is_new:
                os.fchmod(self._file.fileno(), 0o400)
                os.fsync(self._file.fileno())
                path.parent.mkdir(exist_ok=True)
                self._path.rename(path)
            else:
                self._store._require_unaltered(name, path)
            # Also for one that is there: whoever put it may not have come this far yet.
            _sync_folder(path.parent)
            _sync_folder(self._store.folder)
        return is_new

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what a full disk did not take is thrown away anyway
            self._file.close()
        self._path.unlink(missing_ok=True)


def too_large() -> InputError:
    return InputError.of(
        "too-large",
        f"一个附件不超过 {MAX_BLOB_BYTES // 2**20} MiB",
        f"an attachment has at most {MAX_BLOB_BYTES // 2**20} MiB",
        remedy=Text("请缩小图片，或分成几个文件", "make the picture smaller, or send several files"),
    )


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def _room() -> Iterator[None]:
    """A full disk in words: nothing was kept, and everything else goes on."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise InputError.of(
            "no-room",
            "服务器磁盘已满，附件没有保存",
            "the server's disk is full; the attachment was not kept",
            remedy=Text("请联系运维；之后重新上传即可", "call the operator, and send it again afterwards"),
        ) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # there a folder cannot be opened, and a rename is durable with the file
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest_of(path: Path) -> str:
    digest = sha256()
    for part in _parts_of(path):
        digest.update(part)
    return digest.hexdigest()


def _parts_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_STEP):
            yield part
