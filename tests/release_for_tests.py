"""Installations as an earlier release left them: its tables and some rows as SQL, one set of statements for each engine.

`tests/releases/NAME` was written by that release itself, with ``python tests/release_for_tests.py NAME`` in its environment; what
was written once is never written again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Connection

from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.auth import invitations, sign_in
from cabletrace.auth.accounts import Account, create_account
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.devices import Whence
from cabletrace.auth.policy import Action, Role
from cabletrace.auth.sessions import start_session
from cabletrace.blobs import uploads
from cabletrace.clock import system_clock
from cabletrace.db.database import ADDRESS
from cabletrace.db.engine import begin_write, sqlite_module
from cabletrace.intake.record import prepare
from cabletrace.jobs import desk as job_desk
from cabletrace.ledger import witnesses
from cabletrace.ledger.cosignature import Cosigner
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id
from cabletrace.scans import stream
from cabletrace.scans.stream import Scan
from cabletrace.search import saved
from drafts_for_tests import MAKER, OPERATOR, batch_of, dispatch, production, the_cast
from passwords_for_tests import cheap_passwords
from postgres_for_tests import Server, postgres

RELEASES = Path(__file__).with_name("releases")
DATABASES = ("ledger", "desk", "scans")


# --- brought back -------------------------------------------------------------------------------------


def restore(name: str, into: Path, server: Server | None = None) -> Folder:
    """The installation of a release in a new data folder: in files, or in a new database of this server."""
    release = RELEASES / name
    into.mkdir(parents=True)
    (into / "blobs").mkdir()
    (into / "keys").mkdir()
    for file, key in json.loads((release / "keys.json").read_text()).items():
        (into / "keys" / file).write_bytes(bytes.fromhex(key))
    if server is None:
        for database in DATABASES:
            connection = sqlite_module().connect(into / f"{database}.db")
            connection.executescript((release / f"{database}.sqlite.sql").read_text(encoding="utf-8"))
            connection.close()
        return Folder(into)
    database = f"release_{os.urandom(4).hex()}"
    server.make_database(database)
    with psycopg.connect(server.address(database), autocommit=True) as connection:
        statements = (release / "postgresql.sql").read_text(encoding="utf-8")
        connection.execute(statements)  # type: ignore[call-overload]
    (into / ADDRESS).write_text(server.address(database))
    return Folder(into)


# --- written ------------------------------------------------------------------------------------------


def write_release(name: str) -> None:
    """What the release that runs makes of a small life, as SQL."""
    release = RELEASES / name
    release.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as path, postgres() as server:
        keys = _live(Folder(Path(path) / "files"), "")
        for database in DATABASES:
            connection = sqlite3.connect(Path(path) / "files" / f"{database}.db")  # which can dump
            statements = "\n".join(connection.iterdump())
            (release / f"{database}.sqlite.sql").write_text(f"{statements}\n", encoding="utf-8")
            connection.close()
        server.make_database("release")
        _live(Folder(Path(path) / "served"), server.address("release"), keys)
        (release / "postgresql.sql").write_text(_dumped(server), encoding="utf-8")
    (release / "keys.json").write_text(
        json.dumps({file: key.hex() for file, key in keys.items()}, indent=1) + "\n"
    )


def _dumped(server: Server) -> str:
    words = ["--no-owner", "--no-privileges", "--inserts", *(f"--schema={each}" for each in DATABASES)]
    dumped = subprocess.run(
        [(server.programs / "initdb").resolve().with_name("pg_dump"), *words, server.address("release")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # Commands of the program psql, and what only its own version of the server knows.
    foreign = ("\\", "--", "SET transaction_timeout", "SELECT pg_catalog.set_config")
    return "".join(line for line in dumped.splitlines(keepends=True) if not line.startswith(foreign))


def _live(folder: Folder, database: str, keys: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """A new installation with something in nearly every table; its keys, or those that are given."""
    for file, key in (keys or {}).items():
        (folder.root / "keys").mkdir(parents=True, exist_ok=True)
        (folder.root / "keys" / file).write_bytes(key)
    create(folder, origin="trace.example/ledger", public_host="trace.example", database=database)
    with open_installation(folder) as house:
        envelopes = [
            *the_cast()[1:],
            production("L1", units=[(1, 3, 250_000)], by=[{"role": "inspector", "name": "质检员甲"}], entered_for=MAKER),
            dispatch(batch_of(), units=[(1, 1)], entered_for=MAKER),
        ]  # fmt: skip
        for envelope in envelopes:
            if envelope["draft"]["entered_for"] == OPERATOR:
                envelope["draft"]["entered_for"] = house.operator
        answers = house.intake.record_now([prepare(each, house.at_the_machine()) for each in envelopes])
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        with begin_write(house.desk) as tx:
            _fill_desk(tx, system_clock())
        with begin_write(house.scans) as tx:
            stream.write(tx, [Scan("ABCDE", "issued", system_clock(), "0" * 16)] * 2, 1)
            stream.write(tx, [Scan("ABCDE", "place", system_clock(), "0" * 16, "411600")], 2)
    return {file.name: file.read_bytes() for file in (folder.root / "keys").iterdir()}


def _fill_desk(tx: Connection, now: datetime) -> None:
    account = create_account(
        tx, name="wang", password=cheap_passwords().enrol("a long enough password", name="wang"),
        party=party_id(MAKER), role=Role.MANUFACTURER, display_name="王工", administers=True, now=now,
    )  # fmt: skip
    _fill_rest(tx, account, now)


def _fill_rest(tx: Connection, account: Account, now: datetime) -> None:
    later = now + timedelta(days=10_000)
    start_session(tx, account.id, now, Whence(device="Firefox", network="10.1"))
    issue_api_key(
        tx, account, label="ERP", actions={Action.RECORD_PRODUCT}, expires_at=now + timedelta(days=300), now=now
    )  # fmt: skip
    invitations.invite(
        tx, account.acting("session"), party=account.party, role=Role.MANUFACTURER, region=None,
        display_name="李工", administers=False, now=now,
    )  # fmt: skip
    sign_in.begin_attempt(tx, name="wang", client="10.1.2.3", now=later)
    uploads.note(
        tx, uploads.Upload(sha256="a" * 64, account=account.id, media_type="image/png", size=7, at=now)
    )
    job_desk.create(tx, kind="import", account=account.id, wanted={"file": "a.xlsx"}, now=now)
    saved.save(tx, account.id, "我的查询", "q=YJV", now)
    witness = Cosigner.from_seed("witness.example/w", b"\2" * 32).verifier_key.format()
    witnesses.add(tx, witness, "https://witness.example/", now)


if __name__ == "__main__":
    write_release(sys.argv[1])
