"""The desk: what waits for this account, what is new, and the batches it met last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..errors import Text
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.involvement import sees, states_a_fact
from ..model.scope import Scope
from . import submissions
from .alert_row import AlertRow
from .alerts import alert_counts, alert_rows
from .answers import AsOf, as_of
from .due import due_this_week
from .due_certificates import due_certificates
from .ending import Ending, ending_soon
from .holds import HeldGoods, holds_to_decide
from .inspections import overdue_defects
from .names import region_name
from .notices import OpenNotice, notices_to_answer
from .openness import corrected_since, indexes_of
from .orders import orders_to_send
from .printing import newest_to_print
from .programmes import asks
from .registry import unconfirmed
from .requests import requests_waiting
from .rows import BatchRow, batch_rows, newest_batches
from .timeline import Happening, happenings, names_for
from .visibility import concerned, is_told, reading, whom_of_batches

#: How far back the ledger is read for the newest events of a jurisdiction.
_LOOK_BACK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """Metres of one batch on their way to the reader's own party; ``units`` as inclusive ranges."""

    batch: BatchRow
    region: str
    region_name: Text
    units: tuple[tuple[int, int], ...]
    length_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """``unconfirmed``: parties merely named by others, for those who can confirm them; None for all else.

    ``alerts`` are the newest, ``alert_counts`` how many there are of each rule. ``held``: measures of the own authority
    that are overdue or end soon; ``submissions``: complaints and reports in the jurisdiction that nobody has answered;
    ``notices`` that the own party has not answered; ``to_print``: own newest batches of which labels are not printed yet;
    ``orders_to_send``: own orders that are not sent whole;
    ``due_certificates``: the own and those of the goods in stock that end within 90 days or hold no more; ``ending``: units
    and grants of the own organisation that end soon, for who is told of them. ``overdue`` and ``due_this_week``: terms of leads,
    cases, replies, samples and tasks of the own authority; ``letters_came``: requests of others that nobody here has received yet, ``letters_late``: own
    requests that are not replied to in time. ``defects_overdue``: problems of 排查台账 that are past their day, of the jurisdiction or
    the own; ``asked``: self-checks and commitments that a campaign asks of the own party.
    """

    on_their_way: tuple[OnItsWay, ...]
    unconfirmed: int | None
    alerts: tuple[AlertRow, ...]
    alert_counts: Mapping[str, int]
    recent: tuple[BatchRow, ...]
    newest: tuple[Happening, ...]
    as_of: AsOf | None
    held: tuple[HeldGoods, ...] = ()
    submissions: int = 0
    notices: tuple[OpenNotice, ...] = ()
    to_print: int = 0
    orders_to_send: int = 0
    due_certificates: int = 0
    ending: tuple[Ending, ...] = ()
    overdue: int = 0
    due_this_week: int = 0
    letters_came: int = 0
    letters_late: int = 0
    defects_overdue: int = 0
    asked: int = 0


def desk(tx: Connection, actor: Actor, *, today: date, limit: int = 10, administers: bool = False) -> Desk:
    """The desk of a signed-in actor; nearly empty for one that sees no batches at all. ``administers``: whether it is told of
    units and grants that end."""
    waiting = submissions.waiting(tx, actor) if actor.reach(Action.READ_SUBMISSIONS) else 0
    if not actor.reach(Action.READ_BATCH):
        return Desk(
            on_their_way=(),
            unconfirmed=None,
            alerts=(),
            alert_counts={},
            recent=(),
            newest=(),
            as_of=as_of(tx),
            submissions=waiting,
        )
    scope = reading(actor, Action.READ_BATCH)
    confirms = actor.reach(Action.RECORD_CONFIRMATION) >= Reach.JURISDICTION
    warned = bool(actor.reach(Action.READ_ALERTS))
    overdue, this_week = due_this_week(tx, actor, today)
    letters_came, letters_late = requests_waiting(tx, actor, today=today)
    return Desk(
        on_their_way=on_their_way(tx, actor),
        unconfirmed=unconfirmed(tx, actor) if confirms else None,
        alerts=alert_rows(tx, actor, limit=limit).rows if warned else (),
        alert_counts=alert_counts(tx, actor) if warned else {},
        recent=newest_batches(tx, scope, limit=limit),
        newest=newest_events(tx, actor, limit=limit),
        as_of=as_of(tx),
        held=holds_to_decide(tx, actor, today=today) if actor.reach(Action.RECORD_MEASURE) else (),
        submissions=waiting,
        notices=notices_to_answer(tx, actor),
        to_print=newest_to_print(tx, actor) if actor.reach(Action.PRINT_LABELS) else 0,
        orders_to_send=orders_to_send(tx, actor, today),
        due_certificates=len(due_certificates(tx, actor, today=today)),
        ending=ending_soon(tx, actor, today=today) if administers else (),
        overdue=overdue,
        due_this_week=this_week,
        letters_came=letters_came,
        letters_late=letters_late,
        defects_overdue=overdue_defects(tx, actor, today=today),
        asked=asks(tx, actor, today=today),
    )


def on_their_way(tx: Connection, actor: Actor, *, limit: int = 50) -> tuple[OnItsWay, ...]:
    """What the books have in transit to the actor's own party, the newest batches first."""
    scope = reading(actor, Action.READ_BATCH)
    if not actor.party:
        return ()
    # The batches of a party through the primary key of involvement, then their rows by batch.
    own = select(books.involvement.c.batch).where(books.involvement.c.who == f"p:{actor.party}")
    units: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    length_mm: dict[tuple[str, str], int] = defaultdict(int)
    for table in (books.run, books.loose):
        to_me = (table.c.state == "transit", table.c.party == actor.party, table.c.batch.in_(own))
        for row in tx.execute(select(table).where(*to_me)):
            key = (row.batch, row.region)
            if not row.length_mm:
                continue
            if table is books.run:
                units[key].append((row.first, row.last))
                length_mm[key] += (row.last - row.first + 1) * row.length_mm
            else:
                length_mm[key] += row.length_mm
    rows = {row.code: row for row in batch_rows(tx, sorted({code for code, _ in length_mm}), scope)}
    newest = sorted(length_mm, key=lambda key: (-rows[key[0]].index, key[1]))[:limit]
    return tuple(
        OnItsWay(
            batch=rows[code],
            region=region,
            region_name=region_name(region),
            units=tuple(sorted(units[code, region])),
            length_mm=length_mm[code, region],
        )
        for code, region in newest
    )


def newest_events(tx: Connection, actor: Actor, *, limit: int = 10) -> tuple[Happening, ...]:
    """The newest events that name the actor's party, or its jurisdiction; the newest first.

    An organisation's come from its own stream. For a jurisdiction, which has none, the last 200 entries are
    read. Events that concern the reader only by where metres came from are left to the batch page.
    """
    scope = reading(actor, Action.READ_BATCH)
    own = not (scope.everything or scope.regions or scope.parts)
    events = _tail_of_stream(tx, f"party:{actor.party}", limit) if own else _tail_of_ledger(tx)
    names = names_for(tx, events)
    seen: list[tuple[Recorded, frozenset[str]]] = []
    for event in reversed(events):
        whom = concerned(event, (), names.projects)
        is_open = sees(scope, whom) or _is_open_fact(tx, scope, event)
        if len(seen) < limit and is_open and is_told(actor, event):
            seen.append((event, whom))
    since = corrected_since(tx, actor, [event for event, _ in seen])
    return happenings(tx, actor, seen, names, indexes_of(since))


def _is_open_fact(tx: Connection, scope: Scope, event: Recorded) -> bool:
    if not states_a_fact(event.draft) or event.batch is None:
        return False
    return sees(scope, whom_of_batches(tx, [event.batch])[event.batch])


def _tail_of_stream(tx: Connection, stream: str, limit: int) -> Sequence[Recorded]:
    newest = store.read_stream_heads(tx, [stream]).get(stream)
    if newest is None:
        return []
    return [read_recorded(row) for row in store.read_stream(tx, stream, first=max(0, newest.n + 1 - limit))]


def _tail_of_ledger(tx: Connection) -> Sequence[Recorded]:
    size = store.read_head(tx).size
    return [read_recorded(row) for row in store.read_rows(tx, max(0, size - _LOOK_BACK))]
