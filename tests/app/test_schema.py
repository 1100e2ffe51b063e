"""Tables that another version made: those of a desk get the columns that came later and keep what is in them; those that
follow from the ledger are known by a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select

from cabletrace.app import schema
from cabletrace.app.installation import DESK_METADATA, make_desk
from cabletrace.app.schema import lacking
from cabletrace.auth.accounts import list_accounts
from cabletrace.auth.tables import account, desk_metadata, session
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write

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
    desk = open_database(tmp_path / "desk.db")
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


def changed(table: Table, **difference: Any) -> Table:
    """The table with a column more, or with another one's kind."""
    copy = table.to_metadata(MetaData())
    copy.append_column(Column("later", String, **difference))
    return copy


@pytest.mark.parametrize("difference", [{}, {"nullable": False}, {"index": True}, {"primary_key": True}])
def test_the_version_is_another_one_with_any_column_and_index_of_any_projection(
    monkeypatch: pytest.MonkeyPatch, difference: dict[str, Any]
) -> None:
    tables = schema.projections(schema.ALL_METADATA)
    found = {schema.projections_version()}
    assert found == {schema.projections_version.__wrapped__()}  # the same each time

    for at, table in enumerate(tables):
        others = [*tables[:at], changed(table, **difference), *tables[at + 1 :]]
        monkeypatch.setattr(schema, "projections", lambda _, others=others: others)
        found.add(schema.projections_version.__wrapped__())
    monkeypatch.setattr(schema, "projections", lambda _: tables[1:])
    found.add(schema.projections_version.__wrapped__())

    assert len(found) == len(tables) + 2


def test_the_version_is_another_one_when_rows_mean_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    now = schema.projections_version()
    monkeypatch.setattr(schema, "_MEANING", 10**6)

    assert schema.projections_version.__wrapped__() != now


def test_every_table_of_people_can_be_made_from_nothing(tmp_path: Path) -> None:
    desk = open_database(tmp_path / "desk.db")
    make_desk(desk)

    with begin_read(desk) as tx:
        assert lacking(tx, desk_metadata.tables.values()) == {}
        assert list_accounts(tx) == ()
    desk.dispose()
