"""Files under their hash: whole or not at all, never overwritten, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import resource
import select
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cabletrace.blobs import store as module
from cabletrace.blobs.content import MAX_BLOB_BYTES
from cabletrace.blobs.store import Blob, BlobStore
from cabletrace.errors import Broken, InputError
from files_for_tests import name_of, pdf, photo

KILLS = 100


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    (tmp_path / "blobs").mkdir()
    return BlobStore(tmp_path / "blobs")


def put(blobs: BlobStore, data: bytes, piece: int = 1000) -> bool:
    with blobs.begin() as incoming:
        for at in range(0, len(data), piece):
            incoming.write(data[at : at + piece])
        incoming.check(name=name_of(data))
        return incoming.keep()


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_file_lies_under_its_hash_and_comes_back_as_it_was(blobs: BlobStore) -> None:
    data = photo()

    assert put(blobs, data)

    name = name_of(data)
    assert blobs.find(name) == Blob(name, "image/jpeg", len(data))
    assert b"".join(blobs.parts(name)) == data
    assert everything_in(blobs.folder) == {f"{name[:2]}/{name}"}


def test_the_same_file_again_changes_nothing(blobs: BlobStore) -> None:
    data = photo()
    put(blobs, data)
    path = blobs.path(name_of(data))
    assert path is not None
    before = path.stat()

    assert not put(blobs, data)

    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert stat.S_IMODE(after.st_mode) == 0o400
    assert len(everything_in(blobs.folder)) == 1


def test_what_was_not_kept_leaves_nothing_behind(blobs: BlobStore) -> None:
    for wrong in (b"MZ no picture", photo()[:-40]):
        with pytest.raises(InputError):
            put(blobs, wrong)
    with suppress(ConnectionError), blobs.begin() as incoming:
        incoming.write(photo())
        incoming.check()
        raise ConnectionError("the sender is gone")

    assert everything_in(blobs.folder) == set()


def test_a_file_of_another_hash_is_refused_with_the_hash_it_has(blobs: BlobStore) -> None:
    with blobs.begin() as incoming:
        incoming.write(photo())

        with pytest.raises(InputError) as refused:
            incoming.check(name="0" * 64)

    assert (refused.value.code, refused.value.problems[0].came) == ("wrong-hash", name_of(photo()))


def test_a_file_that_was_not_checked_cannot_be_kept(blobs: BlobStore) -> None:
    with blobs.begin() as incoming:
        incoming.write(photo())

        with pytest.raises(Broken):
            incoming.keep()


def test_the_first_byte_too_many_ends_the_writing(blobs: BlobStore) -> None:
    with blobs.begin() as incoming:
        incoming.write(bytes(MAX_BLOB_BYTES))

        with pytest.raises(InputError) as refused:
            incoming.write(b"x")

    assert refused.value.code == "too-large"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../../etc/passwd", "A" * 64, "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n", "0" * 62 + "/.",
     "/etc/passwd", "incoming/x", "..\\..\\x", "０" * 64],
)  # fmt: skip
def test_nothing_but_a_hash_is_ever_made_a_path_of(blobs: BlobStore, name: str) -> None:
    assert blobs.path(name) is None
    assert blobs.find(name) is None
    assert blobs.digest(name) is None
    blobs.remove(name)
    with pytest.raises(FileNotFoundError):
        blobs.parts(name)


def test_an_altered_file_is_not_served_and_not_taken_for_the_right_one(blobs: BlobStore) -> None:
    data = photo()
    put(blobs, data)
    path = blobs.path(name_of(data))
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(data[:-2] + b"\0\0")

    with pytest.raises(Broken, match="was altered"):
        blobs.parts(name_of(data))
    with pytest.raises(Broken, match="was altered"):
        put(blobs, data)

    assert path.read_bytes() != data


def test_many_uploads_of_one_file_at_once_leave_one(blobs: BlobStore) -> None:
    data = pdf()

    with ThreadPoolExecutor(8) as threads:
        new = list(threads.map(lambda _: put(blobs, data, piece=37), range(40)))

    assert any(new)
    assert everything_in(blobs.folder) == {f"{name_of(data)[:2]}/{name_of(data)}"}
    assert b"".join(blobs.parts(name_of(data))) == data


def test_bytes_are_durable_before_the_name_and_the_name_before_the_answer(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of steps is the promise: a rename before the fsync could leave an empty file after a crash."""
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        fsync(descriptor)

    def noted_rename(path: Path, target: Any) -> Any:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(module.os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)

    put(blobs, photo())
    put(blobs, photo())

    assert steps == ["sync file", "rename", "sync folder", "sync folder", "sync folder", "sync folder"]


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_full_disk_is_said_in_words_and_nothing_is_kept(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"fsync": (module.os, "fsync"), "rename": (Path, "rename")}.get(step)
    if target is not None:
        monkeypatch.setattr(*target, full)
        with pytest.raises(InputError) as refused:
            put(blobs, photo())
    else:  # the operating system's own refusal: no file of this process may grow beyond some bytes
        with pytest.raises(InputError) as refused:
            _put_under_a_limit(blobs, photo() + bytes(200_000))

    assert refused.value.code == "no-room"
    assert everything_in(blobs.folder) == set()


def _put_under_a_limit(blobs: BlobStore, data: bytes) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        put(blobs, data, piece=30_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_another_trouble_of_the_disk_is_not_called_full(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module.os, "fsync", failed)

    with pytest.raises(OSError, match="Input/output"):
        put(blobs, photo())

    assert everything_in(blobs.folder) == set()


def test_names_tells_every_file_also_the_strange_ones(blobs: BlobStore) -> None:
    put(blobs, photo())
    (blobs.folder / "stray.txt").write_text("x")
    (blobs.folder / "zz").mkdir()
    (blobs.folder / "zz" / "note").write_text("y")
    (blobs.folder / "incoming" / "half").write_bytes(b"half")

    found = dict(blobs.names())

    assert found == {name_of(photo()): len(photo()), "stray.txt": 1, "zz/note": 1}


def test_beginnings_are_removed_once_they_are_old(blobs: BlobStore) -> None:
    put(blobs, photo())
    (blobs.folder / "incoming" / "half").write_bytes(b"half")
    now = datetime.now(UTC)

    assert blobs.remove_incoming(now - timedelta(hours=1)) == 0
    assert blobs.remove_incoming(now + timedelta(hours=1)) == 1

    assert len(everything_in(blobs.folder)) == 1, "what is whole stays"


def put_until_killed(folder: Path, life: int, out: int) -> None:
    """Put one file after the other and report each name once it is kept. Never returns."""
    blobs, dice = BlobStore(folder), Random(life)
    os.write(out, b"\n")
    while True:
        data = pdf("".join(dice.choices("abcdefgh", k=dice.randrange(10, 60_000))))
        with suppress(InputError):
            put(blobs, data, piece=4096)
            os.write(out, bytes.fromhex(name_of(data)))


def live_and_be_killed(folder: Path, life: int, seconds: float) -> set[str]:
    """Fork a process that puts files, kill it after this time; returns the names that it had reported."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            put_until_killed(folder, life, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    assert select.select([read_end], [], [], 30)[0], "it did not begin"
    assert os.read(read_end, 1) == b"\n"
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, "it died by itself"
    with os.fdopen(read_end, "rb") as reports:
        reported = reports.read()
    return {reported[at : at + 32].hex() for at in range(0, len(reported) // 32 * 32, 32)}


@pytest.mark.full
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_of_a_hundred_kills_none_leaves_half_a_file_under_a_name(blobs: BlobStore) -> None:
    dice, reported = Random(9), set[str]()

    for life in range(KILLS):
        reported |= live_and_be_killed(blobs.folder, life, dice.uniform(0, 0.1))

    kept = {name for name, _ in blobs.names()}
    assert reported
    assert reported <= kept
    assert {name for name in kept if blobs.digest(name) != name} == set()
