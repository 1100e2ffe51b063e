"""A real PostgreSQL for tests: the installed server's programs, a cluster of its own in a temporary folder, on loopback.

Started once for each process of the tests, or for all of them where everything is to run on it. The server refuses to run as root: it then runs as the account that its package
made. Nothing waits for the disk (fsync) unless a test asks for a server of its own that does.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from cabletrace.db.database import ADDRESS

ACCOUNT = "postgres"
#: The database in which tests have schemas of their own.
SHARED = "tests"
#: A cluster of a whole run takes half a gigabyte.
MUCH_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    programs: Path
    folder: Path
    port: int
    password: str

    def in_words(self) -> dict[str, str | int]:
        """What another process needs to know of it."""
        return {
            "programs": str(self.programs),
            "folder": str(self.folder),
            "port": self.port,
            "password": self.password,
        }

    @classmethod
    def from_words(cls, words: dict[str, Any]) -> Server:
        return cls(Path(words["programs"]), Path(words["folder"]), words["port"], words["password"])

    def address(self, database: str) -> str:
        return f"postgresql://{ACCOUNT}:{self.password}@127.0.0.1:{self.port}/{database}"

    def make_database(self, name: str) -> None:
        self.run(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' STRATEGY wal_log"
        )

    def run(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def lay_address(self, folder: Path) -> None:
        """From now on the databases of this folder are schemas here, beside those of other folders."""
        address = f"{self.address(SHARED)}?prefix={secrets.token_hex(4)}_"
        (folder / ADDRESS).write_text(address, encoding="utf-8")

    def control(self, *words: str) -> None:
        """pg_ctl, and wait."""
        _run_as_account(
            [self.programs / "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", *words]
        )

    def start(self) -> None:
        self.control("start")

    def stop(self, mode: str = "fast") -> None:
        self.control("stop", "-m", mode)


def programs() -> Path:
    """Where the server's programs are: in the PATH, or where Debian's packages put them; the newest."""
    here = shutil.which("initdb")
    found = [Path(here).parent] if here else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -int(each.parent.name))
    if not found:
        raise RuntimeError(
            "no PostgreSQL here: install Debian's package postgresql (scripts/test --full does)"
        )
    return found[0]


@contextmanager
def postgres(*, is_durable: bool = False) -> Iterator[Server]:
    """A new cluster, gone afterwards."""
    folder = Path(
        tempfile.mkdtemp(
            prefix="cabletrace-postgres-", dir=None if is_durable else _where_files_cost_little()
        )
    )
    password = secrets.token_hex(8)
    server = Server(programs(), folder, _free_port(), password)
    try:
        (folder / "password").write_text(password)
        if os.geteuid() == 0:
            for each in (folder, folder / "password"):
                shutil.chown(each, ACCOUNT)
        _run_as_account(
            [
                server.programs / "initdb",
                *("-D", folder / "data", "-U", ACCOUNT, f"--pwfile={folder / 'password'}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ]
        )
        settings = [
            "listen_addresses='127.0.0.1'",
            f"port={server.port}",
            f"unix_socket_directories='{folder}'",
            f"fsync={'on' if is_durable else 'off'}",
            "max_connections=300",
            "shared_buffers=64MB",
        ]
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        server.start()
        server.make_database(SHARED)
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _where_files_cost_little() -> Path | None:
    """Memory, if there is much: every test has schemas of its own, in the end 100,000 files, which a disk takes minutes to delete."""
    memory = Path("/dev/shm")  # noqa: S108 - what lies there is made by mkdtemp
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= MUCH_BYTES else None


def _run_as_account(command: list[Path | str]) -> None:
    account: dict[str, Any] = (
        {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        check=False,
        **account,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
