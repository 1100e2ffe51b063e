"""Tables that follow from the ledger are known by a version, a desk is made from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table

from cabletrace.app import schema
from cabletrace.app.installation import make_desk
from cabletrace.app.schema import lacking
from cabletrace.auth.accounts import list_accounts
from cabletrace.auth.tables import desk_metadata
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read


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
