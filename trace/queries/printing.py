"""Which labels were printed and which were not, for the maker alone; and the records that they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange
from ..flow import books
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.drafts import LabellingDraft
from ..model.printed import PrintedRun, not_printed
from ..model.state import KnownBatch
from ..registry import register
from .names import names_of
from .unit_codes import coded
from .visibility import reading

#: So many of a maker's newest batches are looked through for labels that are not printed yet.
LOOKED_THROUGH = 500


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
    ``left``. ``day``: on which it was made, or the last on which the code may be used."""

    code: str
    printed: str
    lot: str
    designation: str
    day: date
    left: tuple[UnitRange, ...]
    count: int


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


def to_print(tx: Connection, actor: Actor) -> tuple[ToPrint, ...]:
    """Of the actor's own newest batches those of which labels are left to print, the newest first."""
    reading(actor, Action.PRINT_LABELS)
    newest = (
        select(books.batch.c.code)
        .where(books.batch.c.maker == actor.party)
        .order_by(books.batch.c.seq.desc())
        .limit(LOOKED_THROUGH)
    )
    codes = list(tx.execute(newest).scalars())
    known, printed = books.batches(tx, codes), register.printed_runs(tx, codes)
    found = []
    for batch in (known[code] for code in codes):
        left = _left(_units_of(batch), printed[batch.code])
        if left:
            found.append(
                ToPrint(
                    code=batch.code,
                    printed=BatchCode(batch.code[:-1]).printed,
                    lot=batch.lot,
                    designation=batch.designation,
                    day=batch.produced_on,
                    left=left,
                    count=sum(each.count for each in left),
                )
            )
    return tuple(found)


def blanks_to_print(tx: Connection, actor: Actor, *, today: date) -> tuple[ToPrint, ...]:
    """The actor's own reserved codes that a production may still name, as far as blank labels are left to print."""
    reading(actor, Action.PRINT_LABELS)
    waiting = register.reserved_for(tx, actor.party, waiting_on=today, limit=LOOKED_THROUGH)
    printed = register.printed_runs(tx, [each.code for each in waiting])
    found = []
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
                )
            )
    return tuple(found)


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
