"""Many keys at once, a bounded number in a statement: SQLite takes no more parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, tuple_

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparisonT

#: Below what the oldest SQLite takes, also where a key is of two columns.
_MOST = 400


def chunks(
    keys: Iterable[SupportsRichComparisonT], most: int = _MOST
) -> Iterator[list[SupportsRichComparisonT]]:
    """Each key once, in order, at most so many together."""
    left = iter(sorted(set(keys)))
    while some := list(islice(left, most)):
        yield some


def delete_rows(tx: Connection, table: Table, column: ColumnElement[Any], keys: Iterable[Any]) -> None:
    """Take out the rows in which the column, or the tuple of columns, is one of these keys."""
    for some in chunks(keys):
        tx.execute(delete(table).where(column.in_(some)))


def replace_rows(tx: Connection, table: Table, key: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write the last of the rows of each key in the place of the one that stands there."""
    newest = {tuple(row[column] for column in key): row for row in rows}
    delete_rows(tx, table, tuple_(*(table.c[column] for column in key)), newest)
    if newest:
        tx.execute(insert(table), list(newest.values()))
