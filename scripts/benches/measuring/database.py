"""A PostgreSQL to measure on: a cluster of its own on loopback, in the folder for temporary files, that waits for the disk (fsync)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests"))
from postgres_for_tests import SHARED, Server, postgres


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database and the server that holds it."""

    address: str
    _server: Server

    def processor_seconds(self) -> float:
        """What all processes of the server have used so far, those that ended included."""
        parent = (self._server.folder / "data" / "postmaster.pid").read_text().split()[0]
        ticks = 0
        for each in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended
                said = each.read_text().rpartition(")")[2].split()  # from the third field on
                if each.parent.name == parent:
                    ticks += sum(map(int, said[11:15]))
                elif said[1] == parent:
                    ticks += sum(map(int, said[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def durable_database() -> Iterator[Database]:
    """A new one; what answers there is said. Everything is gone afterwards."""
    with postgres(is_durable=True) as server:
        address = server.address(SHARED)
        with psycopg.connect(address) as connection:
            version, fsync, commit = (
                str(connection.execute(f"SHOW {name}").fetchone()[0])  # type: ignore[index]
                for name in ("server_version", "fsync", "synchronous_commit")
            )
        print(f"server: PostgreSQL {version}; fsync {fsync}, synchronous_commit {commit}", flush=True)
        yield Database(address, server)
