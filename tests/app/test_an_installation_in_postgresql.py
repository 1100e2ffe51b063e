"""A whole installation whose ledger, desk and checks are in PostgreSQL: made, filled from the four files, verified, rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from cabletrace.app.demo import load_demo
from cabletrace.app.followers import following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.verify import verify_ledger
from cabletrace.db.database import ADDRESS, closing, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import Broken, InputError
from cabletrace.ledger import store
from cabletrace.ledger.faults import Fault
from passwords_for_tests import cheap_passwords
from postgres_for_tests import SHARED, Server

pytestmark = pytest.mark.full


def made(folder: Path, address: str) -> Folder:
    where = Folder(folder)
    create(where, origin="trace.example/ledger", public_host="trace.example", database=address)
    return where


@pytest.fixture(scope="module")
def address(postgresql: Server) -> str:
    return f"{postgresql.address(SHARED)}?prefix=whole_"


@pytest.fixture(scope="module")
def folder(address: str, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The four files, recorded and followed to the end."""
    where = made(tmp_path_factory.mktemp("whole") / "data", address)
    with open_installation(where) as house:
        assert len(list(load_demo(house, cheap_passwords(), lambda *_: None))) == 4
        follow_to_the_end(house)
    return where


def follow_to_the_end(house: Installation) -> None:
    with begin_read(house.ledger) as tx:
        last = store.read_head(tx).size - 1
    with following(house.ledger, house.index) as followers:
        assert followers.alerts.wait_until(last, 60)
        assert followers.search.wait_until(last, 60)


def faults(folder: Folder) -> list[Fault]:
    return list(verify_ledger(folder.root, with_projections=True))


def ask(folder: Folder, question: str) -> list[tuple[object, ...]]:
    with closing(open_database(folder.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        return [tuple(row) for row in tx.execute(text(question))]


def tell(folder: Folder, *statements: str) -> None:
    with closing(open_database(folder.ledger)) as engine, begin_write(engine) as tx:
        for statement in statements:
            tx.execute(text(statement))


def test_the_four_files_are_recorded_and_everything_verifies_also_what_follows_from_the_ledger(
    folder: Folder,
) -> None:
    assert ask(folder, "SELECT size > 900 FROM head") == [(True,)]
    assert ask(folder, "SELECT count(*) > 10 FROM alert") == [(True,)]
    assert faults(folder) == []
    assert not list(folder.root.glob("ledger.db*"))
    assert not list(folder.root.glob("desk.db*"))


def test_a_changed_cell_of_a_projection_is_named_and_a_rebuild_mends_it(folder: Folder) -> None:
    tell(folder, "UPDATE batch SET produced_on = '2020-01-01' WHERE seq = (SELECT min(seq) FROM batch)")
    (fault,) = faults(folder)
    assert (fault.table, fault.column, fault.found) == ("batch", "produced_on", "2020-01-01")

    rebuild_projections(folder, lambda done, total: None)

    assert faults(folder) == []


def test_a_changed_entry_is_named(folder: Folder) -> None:
    """By somebody who may drop the triggers: then the chain and the tree are what tells."""
    guards = ("DISABLE TRIGGER ALL", "ENABLE ALWAYS TRIGGER entry_no_change")
    tell(
        folder,
        f"ALTER TABLE entry {guards[0]}",
        "UPDATE entry SET payload = payload || decode('20', 'hex') WHERE seq = 7",
    )
    found = faults(folder)
    tell(
        folder,
        "UPDATE entry SET payload = substring(payload FROM 1 FOR length(payload) - 1) WHERE seq = 7",
        f"ALTER TABLE entry {guards[1]}",
    )

    assert {(fault.table, fault.key) for fault in found} >= {("entry", (7,))}
    assert faults(folder) == []


def test_it_is_opened_again_and_goes_on(folder: Folder) -> None:
    with open_installation(folder) as house:
        assert house.notices == ()
        follow_to_the_end(house)


# --- making one


def test_an_address_is_kept_for_its_owner_alone_and_only_once_the_database_has_answered(
    tmp_path: Path, postgresql: Server
) -> None:
    data = tmp_path / "data"
    with pytest.raises(OperationalError):
        made(data, "postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(Broken):
        made(data, "nonsense")
    assert not (data / ADDRESS).exists()

    address = f"{postgresql.address(SHARED)}?prefix=once_"
    where = made(data, address)

    assert (data / ADDRESS).stat().st_mode & 0o777 == 0o600
    assert faults(where) == []
    with pytest.raises(InputError, match="names another database"):
        made(data, f"{address}other_")
    with pytest.raises(InputError, match="there is a ledger"):
        made(data, address)
    with pytest.raises(InputError, match="there is a ledger"):
        made(tmp_path / "elsewhere", address)


def test_a_folder_with_a_ledger_of_its_own_is_not_turned_into_another(tmp_path: Path, address: str) -> None:
    create(Folder(tmp_path), origin="trace.example/ledger", public_host="trace.example")

    with pytest.raises(InputError, match="there is a ledger"):
        made(tmp_path, address)
    assert not (tmp_path / ADDRESS).exists()


def test_an_init_that_was_killed_can_be_repeated(tmp_path: Path, postgresql: Server) -> None:
    """It was killed before the new ledger had its name: what is half made is made anew."""
    where = Folder(tmp_path / "data")
    where.root.mkdir()
    (where.root / ADDRESS).write_text(f"{postgresql.address(SHARED)}?prefix=killed_")
    with closing(open_database(where.ledger.with_stem("ledger-new"))) as engine, begin_write(engine) as tx:
        leave_half_made(tx)
    assert not where.is_installation

    made(where.root, (where.root / ADDRESS).read_text())

    assert faults(where) == []


def leave_half_made(tx: Connection) -> None:
    store.metadata.create_all(tx)
