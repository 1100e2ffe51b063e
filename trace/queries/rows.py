"""A batch in a list: one row for desk, search and register, dressed from the ledger's tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, select, true

from ..codes.trace_code import BatchCode
from ..flow import books
from ..model.scope import Scope
from ..registry import register
from .names import names_of
from .visibility import balances_of, sight_of
from .whereabouts import STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """``holdings``: state -> mm of what the reader may know of (`Sight.state_in_lists`), the rest as ``elsewhere``, together
    the length produced. Without metres where none are told: ``length_mm`` is None then."""

    code: str
    printed: str
    lot: str
    designation: str
    product: str
    maker: str
    maker_name: str
    produced_on: date
    length_mm: int | None
    holdings: Mapping[str, int]
    index: int


def batch_rows(tx: Connection, codes: Sequence[str], scope: Scope) -> tuple[BatchRow, ...]:
    """Rows in the order of the codes, with the metres that a scope may know of; whether they are open to it was asked
    before. Unknown ones drop out."""
    known = books.batches(tx, codes)
    products = register.products(tx, {(batch.maker, batch.product) for batch in known.values()})
    names = names_of(tx, {batch.maker for batch in known.values()})
    holdings = _holdings(tx, sorted(known), scope)
    return tuple(
        BatchRow(
            code=batch.code,
            printed=BatchCode(batch.code[:-1]).printed,
            lot=batch.lot,
            designation=batch.designation,
            product=products[batch.maker, batch.product].name,
            maker=batch.maker,
            maker_name=names.party(batch.maker),
            produced_on=batch.produced_on,
            length_mm=batch.length_mm,
            holdings={s: holdings[batch.code][s] for s in STATES if holdings[batch.code].get(s)},
            index=batch.seq,
        )
        for batch in (known[code] for code in codes if code in known)
    )


def _holdings(tx: Connection, codes: Sequence[str], scope: Scope) -> Mapping[str, Mapping[str, int]]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if scope.everything:
        for balance in books.balances(tx, books.batch.c.code.in_(codes)):
            sums[balance.batch][balance.account.state] += balance.length_mm
        return sums
    went = books.edges_by_batch(tx, codes)
    ids = {
        account.project
        for moved in went.values()
        for source, target, _ in moved
        for account in (source, target)
    }
    projects = names_of(tx, (), ids - {""}).projects
    for code, moved in went.items():
        sight = sight_of(scope, moved, projects, code)
        for account, length_mm in balances_of(moved).items():
            sums[code][sight.state_in_lists(account)] += length_mm
    return sums


def without_metres(row: BatchRow) -> BatchRow:
    """The line of a batch that was only granted: what its label says."""
    return replace(row, length_mm=None, holdings={})


def newest_batches(
    tx: Connection, scope: Scope, of: ColumnElement[bool] | None = None, *, limit: int = 20
) -> tuple[BatchRow, ...]:
    """The newest batches open to a scope, among those that ``of`` (a condition on `batch`) selects."""
    statement = (
        select(books.batch.c.code)
        .where(books.open_to(scope), true() if of is None else of)
        .order_by(books.batch.c.seq.desc())
        .limit(limit)
    )
    return batch_rows(tx, list(tx.execute(statement).scalars()), scope)
