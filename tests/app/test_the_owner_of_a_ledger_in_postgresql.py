"""A ledger that belongs to a role that cannot sign in: the service adds to it, and can do nothing else with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cabletrace.app.demo import load_demo
from cabletrace.app.folder import Folder
from cabletrace.app.installation import create, open_installation
from cabletrace.app.migrating import LEDGER, migrate_installation
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.verify import verify_ledger
from cabletrace.db.database import closing, make_for, open_database, wipe
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.db.migration import version_of
from cabletrace.errors import InputError
from cabletrace.personal.disclosures import disclosure
from passwords_for_tests import cheap_passwords
from postgres_for_tests import SHARED, Server

LATER = Path(__file__).with_name("later") / "ledger"

pytestmark = pytest.mark.full


@dataclass(frozen=True)
class Roles:
    """``owner`` cannot sign in; ``dba`` may act as it, ``service`` may not."""

    owner: str
    dba: str
    service: str


@pytest.fixture(scope="module")
def roles(postgresql: Server) -> Roles:
    names = Roles("of_the_ledger", "a_dba", "the_service")
    postgresql.run(f"CREATE ROLE {names.owner} NOLOGIN")
    for each in (names.dba, names.service):
        postgresql.run(f"CREATE ROLE {each} LOGIN PASSWORD '{postgresql.password}'")
    postgresql.run(f"GRANT {names.owner} TO {names.dba}")
    postgresql.run(f"GRANT CREATE ON DATABASE {SHARED} TO {names.owner}")
    return names


def address(server: Server, user: str, more: str = "") -> str:
    return f"postgresql://{user}:{server.password}@127.0.0.1:{server.port}/{SHARED}{more}"


@pytest.fixture(scope="module")
def folder(postgresql: Server, roles: Roles, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    where = Folder(tmp_path_factory.mktemp("owned") / "data")
    create(
        where,
        origin="trace.example/ledger",
        public_host="trace.example",
        database=address(postgresql, roles.service, "?prefix=owned_"),
        owner=address(postgresql, roles.dba, f"?role={roles.owner}"),
    )
    with open_installation(where) as house:
        assert len(list(load_demo(house, cheap_passwords(), lambda *_: None))) == 4
    return where


def test_the_service_records_rebuilds_and_verifies(folder: Folder) -> None:
    rebuild_projections(folder, lambda done, total: None)

    assert list(verify_ledger(folder.root, with_projections=True)) == []


def test_the_ledger_is_the_owners_and_the_rest_the_services(folder: Folder, roles: Roles) -> None:
    with closing(open_database(folder.ledger)) as engine, begin_read(engine) as tx:
        rows = tx.execute(
            text("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = current_schema()")
        )
        owners = {row.tablename: row.tableowner for row in rows}
    assert {name for name, whose in owners.items() if whose == roles.owner} == {
        "identity",
        "entry",
        "tile",
        "head",
        "ledger_version",
    }
    assert set(owners.values()) == {roles.owner, roles.service}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = '\\x00'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE identity SET public_host = 'x'",
        "DELETE FROM tile",
        "DELETE FROM head",
        "TRUNCATE head",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_no_change ON entry",
        "CREATE TRIGGER mine BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE RULE mine AS ON INSERT TO entry DO INSTEAD NOTHING",
        "DROP TABLE entry",
        "DROP INDEX entry_follows_one",
        "ALTER TABLE entry OWNER TO CURRENT_USER",
        "SET ROLE of_the_ledger",
        "SET session_replication_role = replica",
    ],
)
def test_the_service_cannot_change_the_ledger_or_what_guards_it(folder: Folder, statement: str) -> None:
    with (
        closing(open_database(folder.ledger)) as engine,
        begin_write(engine) as tx,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be able"),
    ):
        tx.exec_driver_sql(statement)


def test_the_service_wipes_what_was_erased(folder: Folder) -> None:
    with closing(open_database(folder.ledger)) as engine:
        assert wipe(engine, disclosure)


def test_files_have_no_owner_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only a ledger in PostgreSQL"):
        create(
            Folder(tmp_path), origin="a.example/l", public_host="a.example", owner="postgresql://dba@host/d"
        )
    assert not (tmp_path / "keys").exists()


def test_a_ledger_of_an_owner_is_migrated_as_the_owner_and_the_service_may_then_do_what_it_might(
    postgresql: Server, roles: Roles, tmp_path: Path
) -> None:
    dba = address(postgresql, roles.dba, f"?role={roles.owner}")
    where = Folder(tmp_path / "data")
    create(
        where,
        origin="trace.example/ledger",
        public_host="trace.example",
        database=address(postgresql, roles.service, "?prefix=migrated_"),
        owner=dba,
    )
    with make_for(where.ledger, dba) as (tx, _):
        tx.exec_driver_sql("DROP TABLE ledger_version")  # as of a release before there were revisions
    with pytest.raises(InputError, match="belongs to the role of_the_ledger"):
        migrate_installation(where)

    assert [each.revisions for each in migrate_installation(where, owner=dba)] == [LEDGER.revisions]
    later = replace(LEDGER, folders=(*LEDGER.folders, LATER))
    with pytest.raises(InputError, match="belongs to the role of_the_ledger"):
        migrate_installation(where, lineages=(later,))
    assert [each.revisions for each in migrate_installation(where, owner=dba, lineages=(later,))] == [
        ("9000",)
    ]

    with closing(open_database(where.ledger)) as engine:
        with begin_read(engine) as tx:
            assert version_of(tx, later) == "9000"
        with begin_write(engine) as tx, pytest.raises(ProgrammingError, match="permission denied"):
            tx.exec_driver_sql("UPDATE ledger_version SET version_num = '0001'")
        with begin_write(engine) as tx, pytest.raises(ProgrammingError, match="permission denied"):
            tx.exec_driver_sql("UPDATE entry SET payload = '\\x00'")
        with begin_write(engine) as tx:
            tx.exec_driver_sql("UPDATE head SET size = size")
    assert list(verify_ledger(where.root)) == []
