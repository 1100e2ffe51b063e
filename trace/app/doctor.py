"""What is wrong with an installation and how to mend it: everything that can be known in a second or two.

Nothing is written and no lock is held, so it may run beside the service. It looks at programs, folder, keys and
address; `doctor_ledger` at what the database files hold. Whoever wants proof of every byte runs ``verify``.
"""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..clock import Clock, show_instant
from ..db.database import database_exists, open_database
from ..db.engine import begin_read, has_the_wal_reset_fault, sqlite_module
from ..errors import Text
from ..ledger import store
from ..personal import names
from ..scans import stream
from .doctor_ledger import UNREADABLE, look_at_ledger
from .findings import Finding, command, fine
from .folder import Folder
from .installation import CODE_KEY_BYTES, SEED_BYTES
from .schema import lacking

_OLDEST_PYTHON = (3, 11)
#: Below the first the service soon answers 507; below the second there is no room to rebuild or copy.
_LEAST_ROOM_BYTES, _ENOUGH_ROOM_BYTES = 100 * 2**20, 2**30
_PATIENCE_SECONDS = 1.0


def examine(folder: Folder, *, bind: str, port: int, clock: Clock) -> Iterator[Finding]:
    """Every finding, in the order of `findings.TITLES`. Where something is missing, what rests on it is left out."""
    yield _python()
    yield _sqlite()
    yield _address(folder, bind, port)
    if not folder.is_installation:
        yield _no_installation(folder)
        return
    yield fine("folder", f"{folder.root} 里有账本", f"there is a ledger in {folder.root}")
    yield _owner(folder)
    yield _writable(folder)
    yield _room(folder)
    yield _key_files(folder)
    yield _key_permissions(folder)
    try:
        yield from look_at_ledger(folder, clock)
    except UNREADABLE as error:
        yield _unreadable(folder, error)
    yield _scans(folder)
    yield _copies(folder)


# --- programs -----------------------------------------------------------------------------------------


def _python() -> Finding:
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        return fine("python", here, here)
    oldest = ".".join(map(str, _OLDEST_PYTHON))
    return Finding(
        "python",
        "fault",
        Text(here, here),
        Text(f"{oldest} 或更新", f"{oldest} or newer"),
        Text(
            f"安装 Python {oldest} 或更新版本后运行 ./scripts/setup",
            f"install Python {oldest} or newer, then ./scripts/setup",
        ),
    )


def _sqlite() -> Finding:
    module = sqlite_module()
    here = module.sqlite_version
    if not has_the_wal_reset_fault(module.sqlite_version_info):
        return fine("sqlite", here, here)
    return Finding(
        "sqlite",
        "fault",
        Text(f"{here}，两个连接同时写入时可能丢失已提交的页", f"{here}, which can lose committed pages"),
        Text("3.51.3 或更新，或 3.50.7、3.44.6", "3.51.3 or later, 3.50.7, or 3.44.6"),
        Text(
            "运行 ./scripts/setup，它会装上可靠的版本", "run ./scripts/setup, which brings a sound one along"
        ),
    )


def _address(folder: Folder, bind: str, port: int) -> Finding:
    where = f"{bind}:{port}"
    with closing(socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((bind, port))
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            return fine(
                "port",
                f"{where} 空闲；服务是否在别的端口运行，这里看不出来（用 --port 指明）",
                f"{where} is free; whether the service runs at another port is not seen from here (name it by --port)",
            )
    if _is_the_service(bind, port):
        return _whose_service(
            folder, where, _ask(bind, port, "/ledger/vkey").decode(errors="replace").strip()
        )
    return Finding(
        "port",
        "warning",
        Text(f"{where} 不能使用：{reason}", f"{where} cannot be used: {reason}"),
        Text("一个空闲的地址", "a free address"),
        Text("换一个端口：cabletrace serve --port N", "choose another port: cabletrace serve --port N"),
    )


def _is_the_service(bind: str, port: int) -> bool:
    """Whether a service of ours answers there, of this folder or of another."""
    return b'"status":"ok"' in _ask(bind, port, "/healthz")


def _ask(bind: str, port: int, path: str) -> bytes:
    """The beginning of a good answer; nothing where there is none."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - asked, not listened on
    with closing(http.client.HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read(1_000) if answer.status == 200 else b""
        except (OSError, http.client.HTTPException):
            return b""


def _whose_service(folder: Folder, where: str, key: str) -> Finding:
    """Ledgers are told apart by their verifier keys; a copy of the folder has the same one."""
    own = _own_key(folder)
    if key and key == own:
        return fine(
            "port",
            f"服务正在 {where} 运行，是这个账本",
            f"the service runs at {where}, and serves this ledger",
        )
    other = key.rpartition("+")[0] or key or "?"
    return Finding(
        "port",
        "warning",
        Text(
            f"{where} 上运行的是另一个账本的服务：{other}",
            f"the service at {where} serves another ledger: {other}",
        ),
        Text(f"{folder.root} 的账本，或空闲的端口", f"the ledger in {folder.root}, or a free port"),
        Text(
            "用 --data 指明那个服务的数据目录，或用 --port 指明这个账本的端口",
            "name the folder of that service by --data, or the port of this ledger by --port",
        ),
    )


def _own_key(folder: Folder) -> str:
    """The verifier key of the ledger in the folder; nothing where it cannot be read, which other findings say."""
    if not folder.is_installation:
        return ""
    engine = open_database(folder.ledger, read_only=True)
    try:
        with begin_read(engine) as tx:
            return store.read_identity(tx).verifier_key
    except UNREADABLE:
        return ""
    finally:
        engine.dispose()


# --- folder -------------------------------------------------------------------------------------------


def _no_installation(folder: Folder) -> Finding:
    there = folder.root.is_dir() and any(folder.root.iterdir())
    return Finding(
        "folder",
        "fault",
        Text(f"{folder.root} 里没有 ledger.db", f"there is no ledger.db in {folder.root}")
        if there
        else Text(f"{folder.root} 不存在或是空的", f"{folder.root} does not exist or is empty"),
        Text("含有账本的数据目录", "a data folder with a ledger"),
        Text(
            f"用 --data 指明所在目录；账本丢失则放回备份；从未建立则运行 {command('init', folder.root)}",
            f"say where it is by --data; bring back a copy if it was lost; {command('init', folder.root)} if there never was "
            "one",
        ),
    )


def _database_files(folder: Folder) -> list[Path]:
    """The databases with their logs, as far as they are there."""
    names_ = (path.name for path in (folder.ledger, folder.desk, folder.index, folder.scans))
    files = (folder.root / f"{name}{ending}" for name in names_ for ending in ("", "-wal", "-shm"))
    return [path for path in files if path.exists()]


def _owner_of(path: Path) -> str:
    """The name of the user, or the number of one that this machine does not know."""
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)


def _owner(folder: Folder) -> Finding:
    owner = folder.root.stat().st_uid
    name = _owner_of(folder.root)
    inside = [*_database_files(folder), *_keys(folder), folder.blobs]
    others = [path for path in inside if path.exists() and path.stat().st_uid != owner]
    if others:
        listed = ", ".join(str(path.relative_to(folder.root)) for path in others)
        return Finding(
            "owner",
            "fault",
            Text(f"目录归 {name}，其中 {listed} 归别人", f"the folder is {name}'s, but {listed} are not"),
            Text("全部归同一用户", "everything of one user"),
            Text(*(2 * (f"chown -R {name} {shlex.quote(str(folder.root))}",))),
        )
    if owner != os.geteuid():
        me = os.geteuid()
        return Finding(
            "owner",
            "warning",
            Text(f"数据归 {name}，现在以用户 {me} 运行", f"the data are {name}'s, this runs as user {me}"),
            Text(f"以 {name} 运行", f"run as {name}"),
            Text(*(2 * (f"sudo -u {name} {command('serve', folder.root)}",))),
        )
    return fine("owner", name, name)


def _writable(folder: Folder) -> Finding:
    locked = [
        path for path in (folder.root, *_database_files(folder), folder.blobs)
        if path.exists() and not os.access(path, os.W_OK)
    ]  # fmt: skip
    if not locked:
        return fine("writable", "可以写入", "it can be written")
    listed = ", ".join(str(path) for path in locked)
    return Finding(
        "writable",
        "fault",
        Text(f"不能写入：{listed}", f"cannot be written: {listed}"),
        Text("运行者可以写入", "whoever runs it can write"),
        Text(
            f"chmod -R u+rwX {shlex.quote(str(folder.root))}；若所在磁盘只读挂载，请改为可写",
            f"chmod -R u+rwX {shlex.quote(str(folder.root))}; where the disk is mounted for reading only, mount it for "
            "writing",
        ),
    )


def _room(folder: Folder) -> Finding:
    free = shutil.disk_usage(folder.root).free
    wanted = max(_ENOUGH_ROOM_BYTES, sum(path.stat().st_size for path in _database_files(folder)))
    came = Text(f"剩余 {_megabytes(free)}", f"{_megabytes(free)} left")
    if free >= wanted:
        return Finding("room", "ok", came)
    return Finding(
        "room",
        "fault" if free < _LEAST_ROOM_BYTES else "warning",
        came,
        Text(f"至少 {_megabytes(wanted)}", f"at least {_megabytes(wanted)}"),
        Text("腾出空间，或把数据目录移到更大的磁盘", "make room, or move the data folder to a larger disk"),
    )


def _megabytes(size: int) -> str:
    return f"{size // 2**20:,} MB"


# --- keys ---------------------------------------------------------------------------------------------


def _keys(folder: Folder) -> list[Path]:
    return sorted(path for path in folder.seed.parent.glob("*") if path.is_file())


def _key_files(folder: Folder) -> Finding:
    sizes = {folder.seed: SEED_BYTES, folder.names_key: names.KEY_BYTES}
    versions = [int(path.stem.removeprefix("codes-")) for path in folder.seed.parent.glob("codes-*.key")]
    sizes |= {folder.code_key(n): CODE_KEY_BYTES for n in range(1, max(versions, default=1) + 1)}
    wrong_zh, wrong_en = [], []
    for path, size in sizes.items():
        name = str(path.relative_to(folder.root))
        if not path.exists():
            wrong_zh.append(f"缺少 {name}")
            wrong_en.append(f"{name} is missing")
        elif path.stat().st_size != size:
            wrong_zh.append(f"{name} 有 {path.stat().st_size} 字节")
            wrong_en.append(f"{name} has {path.stat().st_size} bytes")
    if not wrong_zh:
        return fine("key-files", f"{len(sizes)} 个齐全", f"all {len(sizes)} are there")
    return Finding(
        "key-files",
        "fault",
        Text("；".join(wrong_zh), "; ".join(wrong_en)),
        Text(
            "ledger.seed、names.key、codes-1.key 起的各个文件，各 32 字节",
            "ledger.seed, names.key and every file from codes-1.key on, of 32 bytes each",
        ),
        Text(
            f"从备份放回 {folder.seed.parent}；密钥不能重新生成",
            f"bring {folder.seed.parent} back from a copy; keys cannot be made anew",
        ),
    )


def _key_permissions(folder: Folder) -> Finding:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in _keys(folder)}
    open_ = {path: mode for path, mode in modes.items() if mode & 0o077}
    if not open_:
        return fine("key-permissions", "只有所有者可读", "the owner alone can read them")
    listed = ", ".join(f"{path.relative_to(folder.root)} ({mode:o})" for path, mode in open_.items())
    files = " ".join(shlex.quote(str(path)) for path in open_)
    return Finding(
        "key-permissions",
        "fault",
        Text(f"别人也能读写：{listed}", f"others can read or write: {listed}"),
        Text("权限 600", "mode 600"),
        Text(*(2 * (f"chmod 600 {files}",))),
    )


# --- the rest -----------------------------------------------------------------------------------------


def _unreadable(folder: Folder, error: Exception) -> Finding:
    why = str(getattr(error, "orig", None) or error)
    return Finding(
        "ledger",
        "fault",
        Text(f"读不到底：{why}", f"cannot be read to the end: {why}"),
        Text("完好的数据库文件", "sound database files"),
        Text(
            f"停止服务，放回最近的完好备份，再运行 {command('verify', folder.root)}",
            f"stop the service, bring back the newest sound copy, then run {command('verify', folder.root)}",
        ),
    )


def _scans(folder: Folder) -> Finding:
    """The stream of code checks: no evidence, and without it nobody is told how often a code was checked before."""
    line = command("serve", folder.root)
    if not database_exists(folder.scans):
        return Finding(
            "scans",
            "warning",
            Text(f"没有 {folder.scans.name}", f"there is no {folder.scans.name}"),
            Text("以前查验的次数", "how often codes were checked before"),
            Text(
                f"有备份请停机后放回；没有则启动服务，从头计起：{line}",
                f"stop the service and bring back a copy; without one a start counts anew: {line}",
            ),
        )
    engine = open_database(folder.scans, read_only=True)
    try:
        with begin_read(engine) as tx:
            if lacking(tx, stream.metadata.sorted_tables):
                raise ValueError("tables are missing")
            newest = stream.newest_at(tx)
    except UNREADABLE as error:
        return Finding(
            "scans",
            "warning",
            Text(f"{folder.scans.name} 无法读取：{error}", f"{folder.scans.name} cannot be read: {error}"),
            Text("以前查验的次数", "how often codes were checked before"),
            Text(
                f"从备份放回；或启动服务，它把坏文件改名后从头计起：{line}",
                f"bring it back from a copy; or a start puts it aside and counts anew: {line}",
            ),
        )
    finally:
        engine.dispose()
    if newest is None:
        return fine("scans", "还没有查验", "nothing was checked yet")
    at = show_instant(newest)
    return fine("scans", f"最近一次查验在 {at}", f"the newest check was at {at}")


def _copies(folder: Folder) -> Finding:
    """Whether there are any cannot be seen from here: what they must hold is said each time."""
    size = sum(path.stat().st_size for path in _database_files(folder))
    return Finding(
        "copies",
        "ok",
        Text(
            f"数据库共 {_megabytes(size)}；本命令看不到备份",
            f"{_megabytes(size)} of databases; copies cannot be seen from here",
        ),
        remedy=Text(
            f"停机后整个复制 {folder.root}（含 keys/ 和 blobs/）到另一台机器，并对副本运行 cabletrace verify",
            f"stop the service, copy the whole of {folder.root} (keys/ and blobs/ too) to another machine, and run "
            "cabletrace verify on the copy",
        ),
    )
