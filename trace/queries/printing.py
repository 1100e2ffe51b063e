"""Which labels were printed and which were not, for the maker alone; and the records that they were."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange
from ..errors import InputError, shown
from ..flow import books
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.drafts import LabellingDraft
from ..model.printed import PrintedRun, not_printed
from ..model.quantities import LARGEST
from ..model.state import KnownBatch
from ..registry import register
from .answers import Listed, cut
from .names import names_of
from .unit_codes import coded
from .visibility import reading

#: Batches and codes on a page of what is not printed yet.
A_PAGE = 100
#: So many are read at once, and so many of a maker's batches are looked through for one page.
_AT_ONCE, LOOKED_THROUGH = 500, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintState:
    """What of a batch, or of a reserved code, has labels. ``left``: the units that have none.

    ``lot``, ``designation`` and ``maker`` are "" under a code that is only reserved, until ``valid_to``.
    """

    code: str
    printed: str
    lot: str
    designation: str
    maker: str
    valid_to: date | None
    units: tuple[UnitRange, ...]
    runs: tuple[PrintedRun, ...]
    left: tuple[UnitRange, ...]

    @property
    def is_registered(self) -> bool:
        return self.valid_to is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPrint:
    """A batch, or a reserved code without lot and designation, of which labels are left to print: ``count`` of the units
    ``left``. ``day``: on which it was made, or the last on which the code may be used; ``place``: in its list."""

    code: str
    printed: str
    lot: str
    designation: str
    day: date
    left: tuple[UnitRange, ...]
    count: int
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """A recorded printing: what was handed out, of which units, and when."""

    event: str
    code: str
    units: tuple[UnitRange, ...]
    copies: int
    output: str
    recorded_at: datetime


def print_state(tx: Connection, actor: Actor, code: str) -> PrintState | None:
    """None for what is no batch or reserved code of the actor's own."""
    known = coded(tx, actor, code)
    if known is None:
        return None
    canonical, batch = known.code.canonical, known.batch
    runs = register.printed_runs(tx, [canonical])[canonical]
    return PrintState(
        code=canonical,
        printed=known.code.printed,
        lot="" if batch is None else batch.lot,
        designation="" if batch is None else batch.designation,
        maker="" if batch is None else names_of(tx, [batch.maker]).party(batch.maker),
        valid_to=None if batch is not None else register.reserved_codes(tx, [canonical])[canonical].valid_to,
        units=known.units,
        runs=runs,
        left=_left(known.units, runs),
    )


def to_print(
    tx: Connection, actor: Actor, *, limit: int = A_PAGE, after: str | None = None
) -> Listed[ToPrint]:
    """Of the actor's own batches those of which labels are left to print, the newest first. A page may be short, or empty,
    and yet not the last: it ends where `LOOKED_THROUGH` batches were looked through.

    Raises InputError ``bad-request`` for a cursor.
    """
    reading(actor, Action.PRINT_LABELS)
    below = LARGEST if after is None else _place(after, r"[0-9]{1,15}", int)
    table = books.batch
    found: list[ToPrint] = []
    for _ in range(LOOKED_THROUGH // _AT_ONCE):
        newest = (
            select(table.c.code, table.c.seq)
            .where(table.c.maker == actor.party, table.c.seq < below)
            .order_by(table.c.seq.desc())
            .limit(_AT_ONCE)
        )
        rows = tx.execute(newest).all()
        found += _batches_to_print(tx, {row.code: row.seq for row in rows})
        if len(found) > limit or len(rows) < _AT_ONCE:
            return cut(found, limit, lambda row: row.place)
        below = rows[-1].seq
    return Listed(tuple(found), str(below))


def _batches_to_print(tx: Connection, places: Mapping[str, int]) -> Iterator[ToPrint]:
    known, printed = books.batches(tx, places), register.printed_runs(tx, list(places))
    for code, seq in places.items():
        batch = known[code]
        left = _left(_units_of(batch), printed[code])
        if left:
            yield ToPrint(
                code=code,
                printed=BatchCode(code[:-1]).printed,
                lot=batch.lot,
                designation=batch.designation,
                day=batch.produced_on,
                left=left,
                count=sum(each.count for each in left),
                place=str(seq),
            )


def newest_to_print(tx: Connection, actor: Actor) -> int:
    """How many of the actor's own `_AT_ONCE` newest batches have labels left to print: a count for a desk."""
    reading(actor, Action.PRINT_LABELS)
    table = books.batch
    newest = (
        select(table.c.code, table.c.seq)
        .where(table.c.maker == actor.party)
        .order_by(table.c.seq.desc())
        .limit(_AT_ONCE)
    )
    return len(list(_batches_to_print(tx, {row.code: row.seq for row in tx.execute(newest)})))


def blanks_to_print(
    tx: Connection, actor: Actor, *, today: date, limit: int = A_PAGE, after: str | None = None
) -> Listed[ToPrint]:
    """The actor's own reserved codes that a production may still name, as far as blank labels are left to print; in the
    order of the codes. Raises InputError ``bad-request`` for a cursor.

    Cost: all that wait, which are some thousands at most (`model.rules_of_labels`).
    """
    reading(actor, Action.PRINT_LABELS)
    behind = "" if after is None else _place(after, r"[0-9A-Z]{10}", str)
    found: list[ToPrint] = []
    while len(found) <= limit:
        waiting = register.reserved_for(tx, actor.party, waiting_on=today, after=behind, limit=_AT_ONCE)
        printed = register.printed_runs(tx, [each.code for each in waiting])
        for each in waiting:
            left = _left((UnitRange(1, each.units),), printed[each.code])
            if left:
                found.append(
                    ToPrint(
                        code=each.code,
                        printed=BatchCode(each.code[:-1]).printed,
                        lot="",
                        designation="",
                        day=each.valid_to,
                        left=left,
                        count=sum(units.count for units in left),
                        place=each.code,
                    )
                )
        if len(waiting) < _AT_ONCE:
            break
        behind = waiting[-1].code
    return cut(found, limit, lambda row: row.place)


_Place = TypeVar("_Place", int, str)


def _place(after: str, shape: str, read: Callable[[str], _Place]) -> _Place:
    if re.fullmatch(shape, after, re.ASCII) is None:
        raise InputError.of(
            "bad-request", "翻页标记有误", "not a cursor of this list", came=shown(after), where="after"
        )
    return read(after)


def printings(tx: Connection, actor: Actor, events: Sequence[str]) -> list[Printing] | None:
    """The records of these printings in their order; None where one of them is no printing of the actor's own."""
    reading(actor, Action.PRINT_LABELS)
    rows = store.read_rows_by_id(tx, events)
    found = []
    for id_ in events:
        event = read_recorded(rows[id_]) if id_ in rows else None
        if event is None or event.speaker != actor.party or not isinstance(event.draft, LabellingDraft):
            return None
        code, body = event.draft.subject.batch.code, event.draft.body
        assert code is not None, "labels are named by a code"
        found.append(
            Printing(
                event=id_,
                code=code,
                units=tuple(UnitRange(first, last) for first, last in body.units),
                copies=body.copies,
                output=body.output,
                recorded_at=event.recorded_at,
            )
        )
    return found


def _units_of(batch: KnownBatch) -> tuple[UnitRange, ...]:
    return tuple(UnitRange(group.first, group.last) for group in batch.all_units)


def _left(units: Sequence[UnitRange], runs: Sequence[PrintedRun]) -> tuple[UnitRange, ...]:
    """Neighbours joined: people read 1-40, not 1-20, 21-40."""
    left: list[UnitRange] = []
    for first, last in not_printed(runs, [(each.first, each.last) for each in units]):
        if left and left[-1].last + 1 == first:
            left[-1] = UnitRange(left[-1].first, last)
        else:
            left.append(UnitRange(first, last))
    return tuple(left)
