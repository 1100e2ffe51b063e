"""An installation that an earlier release left becomes one of this version, in files and in PostgreSQL: nothing of the ledger changes,
and killed at any moment every lineage is as it was or as it should be."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from cabletrace.app import migrating
from cabletrace.app.folder import Folder
from cabletrace.app.installation import DESK_METADATA, create, make_desk, open_installation
from cabletrace.app.migrating import (
    DESK,
    DISCLOSURES,
    LEDGER,
    LINEAGES,
    SCANS,
    Behind,
    behind,
    database_of,
    migrate_installation,
)
from cabletrace.app.rebuild import rebuild_projections, to_rebuild
from cabletrace.app.schema import lacking
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.tables import account, session
from cabletrace.db import migration
from cabletrace.db.database import begin_migration, closing, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.db.migration import HOME, Lineage, migrate, version_of
from cabletrace.errors import Broken, InputError
from cabletrace.intake.record import prepare
from cabletrace.ledger import store
from cabletrace.ledger.sequencer import Receipt
from cabletrace.personal import disclosures
from cabletrace.scans import stream
from drafts_for_tests import party
from postgres_for_tests import SHARED, Server
from processes_for_tests import Report, Wait, fork
from release_for_tests import RELEASES, restore
from schema_for_tests import rows_in, schema_of

LATER = Path(__file__).with_name("later")
LOSING = Path(__file__).with_name("later_losing")
#: The tables of each lineage.
TABLES = {
    LEDGER: ["identity", "entry", "tile", "head"],
    DISCLOSURES: list(disclosures.metadata.tables),
    DESK: [name for metadata in DESK_METADATA for name in metadata.tables],
    SCANS: list(stream.metadata.tables),
}
#: A later version of two of them.
LATER_LEDGER, LATER_DESK = (
    replace(each, folders=(*each.folders, LATER / each.name)) for each in (LEDGER, DESK)
)
ENGINES = ["files", pytest.param("postgresql", marks=pytest.mark.full)]


@pytest.fixture(params=ENGINES)
def server(request: pytest.FixtureRequest) -> Server | None:
    """None for files."""
    return None if request.param == "files" else request.getfixturevalue("postgresql")


@pytest.fixture
def made(server: Server | None, tmp_path: Path) -> Folder:
    """A new installation of this version."""
    return new_installation(tmp_path / "made", server)


def new_installation(root: Path, server: Server | None) -> Folder:
    folder = Folder(root)
    address = "" if server is None else f"{server.address(SHARED)}?prefix=migrating_{os.urandom(4).hex()}_"
    create(folder, origin="trace.example/ledger", public_host="trace.example", database=address)
    with open_installation(folder):
        pass  # which makes the tables of the checks
    return folder


def facts(folder: Folder) -> dict[str, dict[str, list[str]]]:
    """Every row that nothing could make anew."""
    own = MetaData()
    for table in (*store.APPEND_ONLY, store.head, disclosures.disclosure):
        table.to_metadata(own)
    return {
        "ledger": rows_in(folder.ledger, [own]),
        "desk": rows_in(folder.desk, DESK_METADATA),
        "scans": rows_in(folder.scans, [stream.metadata]),
    }


def schemas(folder: Folder, lineages: tuple[Lineage, ...] = LINEAGES) -> dict[str, list[tuple[str, ...]]]:
    return {
        each.name: schema_of(database_of(folder, each), [*TABLES[each], each.version_table])
        for each in lineages
    }


def bring_up_to_date(folder: Folder) -> list[Behind]:
    done = migrate_installation(folder)
    if to_rebuild(folder) is not None:
        rebuild_projections(folder, lambda *_: None)
    return done


# --- what revisions make, and what a new installation is made of --------------------------------------


def test_tables_made_by_revisions_are_the_tables_of_a_new_installation(
    made: Folder, server: Server | None, tmp_path: Path
) -> None:
    empty = Folder(tmp_path / "empty")
    empty.root.mkdir()
    if server is not None:
        server.lay_address(empty.root)
    for each in LINEAGES:
        with begin_migration(database_of(empty, each)) as tx:
            assert migrate(tx, each) == each.revisions

    by_revisions, by_metadata = schemas(empty), schemas(made)
    for each in LINEAGES:
        assert by_revisions[each.name] == by_metadata[each.name]
        assert {row[1] for row in by_metadata[each.name]} >= {*TABLES[each], each.version_table}
    assert sum(row[0] == "trigger" for row in by_revisions["ledger"]) == (9 if server is None else 6)


def test_every_table_that_does_not_follow_from_the_ledger_has_revisions() -> None:
    ours = {name for names in TABLES.values() for name in names}
    others = {
        table.name
        for metadata in (store.metadata, disclosures.metadata, *DESK_METADATA, stream.metadata)
        for table in metadata.sorted_tables
        if table.info["kind"] != "projection"
    }

    assert others == ours


@pytest.mark.parametrize("lineage", [*LINEAGES, LATER_LEDGER, LATER_DESK], ids=lambda each: each.name)
def test_revisions_are_one_row_in_the_order_of_their_files_and_none_leads_back(lineage: Lineage) -> None:
    scripts = ScriptDirectory(str(HOME), version_locations=[str(each) for each in lineage.folders])

    row = [(each.down_revision, each.revision) for each in scripts.walk_revisions()][::-1]

    assert row == list(zip((None, *lineage.revisions), lineage.revisions, strict=False))
    for each in scripts.walk_revisions():
        assert not hasattr(each.module, "downgrade")
        assert Path(each.path).name.startswith(f"r{each.revision}_")


# --- from the release before --------------------------------------------------------------------------


@pytest.mark.parametrize("release", sorted(each.name for each in RELEASES.iterdir()))
def test_an_installation_of_a_release_is_migrated_with_every_row_and_verifies(
    release: str, made: Folder, server: Server | None, tmp_path: Path
) -> None:
    folder = restore(release, tmp_path / "restored", server)
    before = facts(folder)
    assert len(before["ledger"]["entry"]) == 13
    assert len(before["ledger"]["disclosure"]) == 1
    with (
        pytest.raises(InputError, match="must be migrated first: ledger, disclosures, desk, scans"),
        open_installation(folder),
    ):
        pass  # fmt: skip

    done = bring_up_to_date(folder)

    assert [(each.lineage, each.revisions) for each in done] == [(each, each.revisions) for each in LINEAGES]
    assert facts(folder) == before
    assert schemas(folder) == schemas(made)
    assert list(verify_ledger(folder.root, with_projections=True)) == []
    assert bring_up_to_date(folder) == []
    with open_installation(folder) as house:
        assert house.notices == ()
        draft = party(
            "00000000-0000-4000-8000-0000000000ee", "新登记的公司", "distributor", entered_for=house.operator
        )
        (answer,) = house.intake.record_now([prepare(draft, house.at_the_machine())])
        assert isinstance(answer, Receipt)
    assert list(verify_ledger(folder.root, with_projections=True)) == []


def test_what_is_of_this_version_is_let_alone(made: Folder) -> None:
    before = facts(made), schemas(made)

    assert behind(made) == []
    assert migrate_installation(made) == []

    assert (facts(made), schemas(made)) == before


# --- a desk of any age from before there were revisions -----------------------------------------------

CAME_LATER = {
    account: {"administers", "last_seen", "password_changed_at"},
    session: {"device", "network"},
}


def make_desk_of_an_earlier_version(path: Path) -> None:
    """Two tables without what came later, and one account."""
    earlier = MetaData()
    for table, later in CAME_LATER.items():
        columns = [
            Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns if c.name not in later
        ]
        Table(table.name, earlier, *columns)
    with closing(open_database(path)) as desk, begin_write(desk) as tx:
        earlier.create_all(tx)
        tx.execute(
            insert(earlier.tables["account"]).values(
                id="a", name="wang", password_hash="$", party="p", role="manufacturer", display_name="王",
                language="zh", active=True, created_at=None,
            )
        )  # fmt: skip


def test_a_desk_of_any_age_gets_what_came_later_and_keeps_what_was_there(
    server: Server | None, tmp_path: Path
) -> None:
    if server is not None:
        server.lay_address(tmp_path)
    path = tmp_path / "desk.db"
    make_desk_of_an_earlier_version(path)
    with closing(open_database(path)) as desk:
        make_desk(desk)  # a start lets it alone: it would not know what to say of it
        with begin_read(desk) as tx:
            assert set(inspect(tx).get_table_names()) == {"account", "session"}

    with begin_migration(path) as tx:
        migrate(tx, DESK)

    with closing(open_database(path)) as desk, begin_read(desk) as tx:
        for tables in DESK_METADATA:
            assert lacking(tx, tables.tables.values()) == {}
            for table in tables.sorted_tables:
                there = {each["name"] for each in inspect(tx).get_indexes(table.name)}
                assert there >= {index.name for index in table.indexes}
        kept = tx.execute(select(account.c.name, account.c.administers, account.c.last_seen)).one()
    assert tuple(kept) == ("wang", False, None)


# --- the ledger during a later revision ---------------------------------------------------------------


def refuses_changes(folder: Folder) -> bool:
    """Whether a written row of the ledger is safe from accidents."""
    with closing(open_database(folder.ledger)) as engine:
        for statement in ("UPDATE entry SET payload = entry", "DELETE FROM entry WHERE seq = 0"):
            try:
                with begin_write(engine) as tx:
                    tx.execute(text(statement))
            except DBAPIError as error:
                if "append-only" in str(error.orig):
                    continue
                raise
            return False
    return True


def test_the_triggers_stand_again_after_a_table_was_replaced(made: Folder) -> None:
    before = facts(made)

    migrate_installation(made, lineages=(LATER_LEDGER,))

    assert version(made, LATER_LEDGER) == "9000"
    assert facts(made) == before
    assert refuses_changes(made)
    assert list(verify_ledger(made.root)) == []


def test_without_their_being_made_again_they_would_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = new_installation(tmp_path / "made", None)
    monkeypatch.setattr(migrating, "_guard", lambda *_: None)

    migrate_installation(folder, lineages=(LATER_LEDGER,))

    assert not refuses_changes(folder)


def test_a_revision_after_which_the_ledger_is_another_one_changes_nothing(tmp_path: Path) -> None:
    folder = new_installation(tmp_path / "made", None)
    before = facts(folder), schemas(folder)

    with pytest.raises(Broken):
        migrate_installation(folder, lineages=(replace(LEDGER, folders=(*LEDGER.folders, LOSING)),))

    assert (facts(folder), schemas(folder)) == before


def test_a_table_to_which_others_refer_is_replaced_and_they_still_refer_to_it(made: Folder) -> None:
    with closing(open_database(made.desk)) as desk, begin_write(desk) as tx:
        give_somebody_a_session(tx)

    migrate_installation(made, lineages=(LATER_DESK,))

    with closing(open_database(made.desk)) as desk, begin_write(desk) as tx:
        assert tx.execute(
            text("SELECT a.name, a.title FROM session JOIN account a ON a.id = account")
        ).all() == [("wang", "")]
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            tx.execute(text("UPDATE session SET account = 'nobody'"))


def give_somebody_a_session(tx: Any) -> None:
    tx.execute(
        text(
            "INSERT INTO account (id, name, password_hash, party, role, display_name, language, active, created_at) "
            "VALUES ('a', 'wang', '$', 'p', 'manufacturer', '王', 'zh', TRUE, '2026-01-01T00:00:00.000Z')"
        )
    )
    tx.execute(
        text(
            "INSERT INTO session (token_hash, account, created_at, expires_at, last_seen) "
            "VALUES ('t', 'a', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')"
        )
    )


def version(folder: Folder, lineage: Lineage) -> str | None:
    with (
        closing(open_database(database_of(folder, lineage), read_only=True)) as engine,
        begin_read(engine) as tx,
    ):
        return version_of(tx, lineage)


# --- killed, and two at once --------------------------------------------------------------------------


def migrating_apart(folder: Folder, lineage: Lineage, half: Path | None) -> Any:
    """A process that migrates; with ``half`` it makes this file in the middle of its work and waits until it is gone."""

    def work(report: Report, _: Wait) -> None:
        if half is not None:
            os.environ["CABLETRACE_TEST_HALF"] = str(half)
        report("began")
        report([each.revisions for each in migrate_installation(folder, lineages=(lineage,))])

    return fork(work)


def wait_for(true: Callable[[], bool], process: Any) -> None:
    while not true():
        assert os.waitpid(process.pid, os.WNOHANG) == (0, 0), "it ended by itself"


@pytest.mark.parametrize("lineage", [LATER_LEDGER, LATER_DESK], ids=lambda each: each.name)
def test_a_migration_that_is_killed_in_the_middle_has_changed_nothing_and_is_done_by_the_next(
    lineage: Lineage, made: Folder, tmp_path: Path
) -> None:
    before = facts(made), schemas(made)
    half = tmp_path / "half"
    process = migrating_apart(made, lineage, half)
    wait_for(half.exists, process)

    process.kill()

    assert process.end() == -signal.SIGKILL
    assert (facts(made), schemas(made)) == before
    assert version(made, lineage) == lineage.revisions[-2]
    assert [each.revisions for each in migrate_installation(made, lineages=(lineage,))] == [("9000",)]
    assert facts(made) == before[0]
    assert version(made, lineage) == "9000"


def test_of_two_migrations_at_once_one_waits_and_finds_nothing_to_do(made: Folder, tmp_path: Path) -> None:
    half = tmp_path / "half"
    first = migrating_apart(made, LATER_LEDGER, half)
    assert first.hear() == "began"
    wait_for(half.exists, first)
    second = migrating_apart(made, LATER_LEDGER, None)
    assert second.hear() == "began"

    half.unlink()

    assert first.hear() == [("9000",)]
    assert second.hear() == []
    assert (first.end(), second.end()) == (0, 0)
    assert refuses_changes(made)


@pytest.mark.full
def test_a_table_that_somebody_reads_is_not_waited_for_for_ever(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = new_installation(tmp_path / "made", postgresql)
    monkeypatch.setattr(migration, "LOCK_SECONDS", 0.1)
    before = schemas(folder)

    with closing(open_database(folder.ledger)) as engine, begin_read(engine) as tx:
        store.read_head(tx)
        store.read_row(tx, 0)
        with pytest.raises(InputError, match="somebody is using these tables"):
            migrate_installation(folder, lineages=(LATER_LEDGER,))

    assert schemas(folder) == before


# --- a newer version ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lineage", LINEAGES, ids=lambda each: each.name)
def test_data_of_a_newer_version_are_refused_and_a_copy_is_the_only_way_back(
    lineage: Lineage, tmp_path: Path
) -> None:
    folder = new_installation(tmp_path / "made", None)
    with closing(open_database(database_of(folder, lineage))) as engine, begin_write(engine) as tx:
        tx.execute(text(f"UPDATE {lineage.version_table} SET version_num = '9999'"))  # noqa: S608 - our own name
    before = facts(folder), schemas(folder)

    for ask in (behind, migrate_installation, lambda where: open_installation(where).__enter__()):
        with pytest.raises(InputError, match=f"newer version of the program .{lineage.name} 9999") as refused:
            ask(folder)  # type: ignore[operator]
        (problem,) = refused.value.problems
        assert "不能降级" in problem.detail.zh
        assert problem.remedy is not None
        assert "升级前的备份" in problem.remedy.zh
        assert "the copy made before the update" in problem.remedy.en
    assert (facts(folder), schemas(folder)) == before
