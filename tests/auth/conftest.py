"""A desk.db of its own for each test, cheap passwords, and a person to sign in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cabletrace.auth.accounts import Account, create_account
from cabletrace.auth.passwords import Passwords
from cabletrace.auth.policy import Role
from cabletrace.auth.tables import desk_metadata
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_write
from passwords_for_tests import cheap_passwords


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 5, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "desk.db")
    with begin_write(engine) as tx:
        desk_metadata.create_all(tx)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return cheap_passwords()


@pytest.fixture
def hire(desk: Engine, passwords: Passwords, now: datetime) -> Callable[..., Account]:
    """Makes an account; by default ``wang`` of a manufacturer, with the password ``spool-7-of-40``."""

    def hire(name: str = "wang", role: Role = Role.MANUFACTURER, region: str | None = None) -> Account:
        stored = passwords.enrol("spool-7-of-40", name=name)
        with begin_write(desk) as tx:
            return create_account(
                tx,
                name=name,
                password=stored,
                party=f"party-of-{name}",
                role=role,
                region=region,
                display_name=f"示例 {name}",
                now=now,
            )

    return hire
