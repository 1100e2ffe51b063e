"""What registers and books share: rows of facts, and many keys at once, a bounded number in a statement (SQLite takes no more
parameters)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, tuple_

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparisonT

Step = TypeVar("Step")

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
    settle_rows(tx, table, key, {tuple(row[column] for column in key): row for row in rows})


def settle_rows(
    tx: Connection, table: Table, key: Sequence[str], newest: Mapping[tuple[Any, ...], dict[str, Any] | None]
) -> None:
    """Write each row in the place of the one that stands under its key; None leaves nothing there."""
    delete_rows(tx, table, tuple_(*(table.c[column] for column in key)), newest)
    rows = [row for row in newest.values() if row is not None]
    if rows:
        tx.execute(insert(table), rows)


def replace_steps(tx: Connection, table: Table, of: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write the steps of these things in the place of those that stand there; a row says in ``of`` whose it is."""
    delete_rows(tx, table, table.c.of, of)
    steps = list(rows)
    if steps:
        tx.execute(insert(table), steps)


def steps_of(
    tx: Connection, table: Table, of: Iterable[str], step: Callable[..., Step]
) -> dict[str, tuple[Step, ...]]:
    """The steps of each of these things that has any, in their order; ``step`` takes the columns by name, all but ``of``."""
    found: dict[str, list[Step]] = defaultdict(list)
    for some in chunks(of):
        for row in tx.execute(select(table).where(table.c.of.in_(some)).order_by(table.c.of, table.c.seq)):
            said = row._asdict()
            found[said.pop("of")].append(step(**said))
    return {whose: tuple(steps) for whose, steps in found.items()}


def row_of(fact: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """The members of a fact by their names, as the columns of its table are called."""
    return {each.name: getattr(fact, each.name) for each in fields(fact) if each.name not in without}


def id_of_number(tx: Connection, table: Table, authority: str, number: str) -> str | None:
    """Which of an authority's bears this number; None where none does."""
    same = (table.c.authority == authority, table.c.number == number)
    return tx.execute(select(table.c.id).where(*same)).scalar_one_or_none()
