"""The address of a PostgreSQL database: what stands in it for us and not for the server, and where its password lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from cabletrace.db.database import ADDRESS, open_database
from cabletrace.db.engine import begin_read
from cabletrace.db.postgres import Schema
from cabletrace.errors import Broken
from postgres_for_tests import ACCOUNT, SHARED, Server


def test_what_is_ours_in_an_address_does_not_reach_the_server() -> None:
    line = "postgresql://u@db.example/name?prefix=a_&role=owner&password_file=secret&sslmode=require"

    schema = Schema.at(line, Path("ledger.db"))

    assert (schema.name, schema.role, schema.password_file) == ("a_ledger", "owner", "secret")
    assert dict(schema.database.query) == {"sslmode": "require"}


def test_a_password_is_said_once() -> None:
    with pytest.raises(Broken, match="leave one out"):
        Schema.at("postgresql://u:p@db.example/name?password_file=secret", Path("ledger.db"))


def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    schema = Schema.at(f"postgresql://u@db.example/name?password_file={tmp_path}/none", Path("ledger.db"))

    with pytest.raises(Broken, match=f"{tmp_path}/none cannot be read"):
        schema.open()


@pytest.mark.full
def test_a_password_in_a_file_opens_the_database_and_a_wrong_one_does_not(
    postgresql: Server, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{postgresql.password}\n", encoding="utf-8")
    address = (
        f"postgresql://{ACCOUNT}@127.0.0.1:{postgresql.port}/{SHARED}?prefix=secret_&password_file={secret}"
    )
    (tmp_path / ADDRESS).write_text(address, encoding="utf-8")

    engine = open_database(tmp_path / "some.db")
    with begin_read(engine) as tx:
        assert tx.exec_driver_sql("SELECT current_user").scalar_one() == ACCOUNT
    engine.dispose()

    secret.write_text("another\n", encoding="utf-8")
    with pytest.raises(Exception, match="password authentication failed"):
        open_database(tmp_path / "some.db")
