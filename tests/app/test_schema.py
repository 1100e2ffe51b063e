"""A desk that an earlier version made gets the columns that came later, and keeps what is in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, Table, insert, inspect, select

from cabletrace.app.installation import DESK_METADATA, make_desk
from cabletrace.app.schema import lacking
from cabletrace.auth.accounts import list_accounts
from cabletrace.auth.tables import account, desk_metadata, session
from cabletrace.db.engine import begin_read, begin_write, open_sqlite

LATER = {
    account: {"administers", "last_seen", "password_changed_at"},
    session: {"device", "network"},
}


def made_by_an_earlier_version(desk: Engine) -> None:
    """Tables without what came later, and one account."""
    earlier = MetaData()
    for table, later in LATER.items():
        columns = [
            Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns if c.name not in later
        ]
        Table(table.name, earlier, *columns)
    with begin_write(desk) as tx:
        earlier.create_all(tx)
        tx.execute(
            insert(earlier.tables["account"]).values(
                id="a", name="wang", password_hash="$", party="p", role="manufacturer", display_name="王",
                language="zh", active=True, created_at=None,
            )
        )  # fmt: skip


def columns_of(tx: Connection, table: Table) -> set[str]:
    return {column["name"] for column in inspect(tx).get_columns(table.name)}


def test_columns_that_came_later_are_added_and_what_was_there_is_kept(tmp_path: Path) -> None:
    desk = open_sqlite(tmp_path / "desk.db")
    made_by_an_earlier_version(desk)

    for _ in range(2):  # a second start changes nothing
        make_desk(desk)

    with begin_read(desk) as tx:
        for tables in DESK_METADATA:
            assert lacking(tx, tables.tables.values()) == {}
        assert columns_of(tx, account) == {column.name for column in account.columns}
        kept = tx.execute(select(account.c.name, account.c.administers, account.c.last_seen)).one()
    desk.dispose()
    assert tuple(kept) == ("wang", False, None)


def test_every_table_of_people_can_be_made_from_nothing(tmp_path: Path) -> None:
    desk = open_sqlite(tmp_path / "desk.db")
    make_desk(desk)

    with begin_read(desk) as tx:
        assert lacking(tx, desk_metadata.tables.values()) == {}
        assert list_accounts(tx) == ()
    desk.dispose()
