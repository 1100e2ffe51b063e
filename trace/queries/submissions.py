"""Complaints 投诉 and reports 举报: what anybody may ask under a receipt number, and what the authority reads.

Two readings that must not be mixed. Under the number stands only when it was received, which of the two it is, how
it stands and which region's authority has it: a number can be read over somebody's shoulder. What was said, and by
whom, is for the authority of that region.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.receipt_number import parse_receipt_number, printed_receipt_number
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.involvement import sees
from ..model.kinds import KINDS
from ..model.scope import Scope
from ..model.state import KnownSubmission
from ..model.things import batch_thing, goods_thing
from ..model.values import party_id
from ..personal import disclosures
from ..registry import register
from .answers import Listed, Standing, State, cut, index_in
from .names import names_of, region_name
from .registry import is_at, lies_in
from .timeline import Attachment
from .visibility import may_read_documents, may_read_names, reading, whom_of_things
from .wording import REPLIES

RECEIVED = Standing("unknown", Text("已收到，等待处理", "received, waiting to be dealt with"))
#: How it stands once something was done, for whoever asks and for whoever deals with it.
_STATES: Mapping[str, State] = {
    "accepted": "attention",
    "not-accepted": "unknown",
    "mediated": "fine",
    "transferred": "attention",
    "closed": "fine",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionState:
    """What anybody may know under a receipt number. ``number`` as printed; ``state`` is ``received`` or what was done.

    ``region``: six digits of where it was said to have happened, whose authority has it.
    """

    number: str
    kind: str
    title: Text
    received_at: datetime
    state: str
    standing: Standing
    region: str
    region_name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRow:
    """One line of the authority's list."""

    state: SubmissionState
    answered: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPage:
    """A whole complaint or report. ``complainant`` and ``phone`` are "" where nobody gave them, where they were erased, and
    where they are not the reader's to know (``names_open``; docs/decisions/0018). ``subject_href`` leads to the goods or the party that it is about; ``photos`` came with it."""

    state: SubmissionState
    event_id: str
    index: int
    said: str
    wants: str
    against: str
    place: str
    occurred_at: datetime | None
    complainant: str
    phone: str
    subject: Text
    subject_href: str
    unit: int | None
    answered_by: str
    names_open: bool
    photos: tuple[Attachment, ...] = ()


def submission_state(tx: Connection, typed: str) -> SubmissionState | None:
    """How a complaint or report stands; None for a number that was never given out.

    Raises InputError ``wrong-receipt-number``.
    """
    known = register.submission_by_number(tx, parse_receipt_number(typed))
    if known is None:
        return None
    return _state(known, read_recorded(store.read_rows_by_id(tx, [known.event])[known.event]))


def receipt_of(tx: Connection, event_id: str) -> str:
    """The receipt number, canonical, of a complaint or report that was just recorded."""
    return register.submissions(tx, [event_id])[event_id].number


def _state(known: KnownSubmission, event: Recorded) -> SubmissionState:
    action = known.action
    word = RECEIVED if action is None else Standing(_STATES.get(action, "attention"), REPLIES[action])
    return SubmissionState(
        number=printed_receipt_number(known.number),
        kind=known.kind,
        title=KINDS[known.kind],
        received_at=event.recorded_at,
        state=action or "received",
        standing=word,
        region=known.region or "",
        region_name=region_name(known.region or ""),
    )


# --- for the authority --------------------------------------------------------------------------------


def received(
    tx: Connection, actor: Actor, *, open_only: bool = False, limit: int = 50, after: str | None = None
) -> Listed[SubmissionRow]:
    """Complaints and reports in the actor's jurisdiction, the newest first."""
    reading(actor, Action.READ_SUBMISSIONS)
    scope, table = actor.scope_for(Action.READ_SUBMISSIONS), register.submission
    statement = select(table).where(_open_submissions(scope))
    if open_only:
        statement = statement.where(table.c.action.is_(None))
    if (before := index_in(after)) is not None:
        statement = statement.where(table.c.seq < before)
    found = tx.execute(statement.order_by(table.c.seq.desc()).limit(limit + 1))
    mine = [KnownSubmission(**row._mapping) for row in found]
    events = store.read_rows_by_id(tx, [known.event for known in mine])
    rows = []
    for known in mine:
        event = read_recorded(events[known.event])
        body: Any = event.draft.body
        rows.append(
            (
                event.seq,
                SubmissionRow(state=_state(known, event), answered=known.action is not None, said=body.text),
            )
        )
    page = cut(rows, limit, lambda row: str(row[0]))
    return Listed(tuple(row for _, row in page.rows), page.after)


def waiting(tx: Connection, actor: Actor) -> int:
    """How many in the actor's jurisdiction nobody has answered yet."""
    scope, table = actor.scope_for(Action.READ_SUBMISSIONS), register.submission
    where = (table.c.action.is_(None), _open_submissions(scope))
    count: int = tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    return count


def _open_submissions(scope: Scope) -> ColumnElement[bool]:
    """`model.involvement.sees` as a condition on `submission`, by where it happened."""
    if scope.everything:
        return true()
    table = register.submission
    parts = (
        and_(_open_submissions(part.within), true() if part.of is None else _open_submissions(part.of))
        for part in scope.parts
        if not part.things
    )
    return or_(lies_in(scope, table.c.region), is_at(scope, table.c.sites), *parts)


def submission_page(tx: Connection, actor: Actor, number: str) -> SubmissionPage | None:
    """One complaint or report for the authority of its region; None where it is not open to the actor.

    Raises InputError ``wrong-receipt-number``.
    """
    reading(actor, Action.READ_SUBMISSIONS)
    scope = actor.scope_for(Action.READ_SUBMISSIONS)
    known = register.submission_by_number(tx, parse_receipt_number(number))
    if known is None or not sees(scope, known.whom):
        return None
    event = read_recorded(store.read_rows_by_id(tx, [known.event])[known.event])
    body: Any = event.draft.body
    place = event.draft.place
    whom = known.whom
    names_open = may_read_names(actor, event, whom)
    opened = (
        {each.pointer: each.value for each in disclosures.read(tx, [known.event]).get(known.event, ())}
        if names_open
        else {}
    )
    photos = event.draft.documents if may_read_documents(actor, event, whom) else ()
    subject, href = _subject(tx, actor, event)
    against = body.against_name or ""
    if body.against is not None:
        against = names_of(tx, [party_id(body.against)]).party(party_id(body.against))
    return SubmissionPage(
        state=_state(known, event),
        event_id=event.event_id,
        index=event.seq,
        said=body.text,
        wants=getattr(body, "wants", ""),
        against=against,
        place="" if place is None or place.name is None else place.name,
        occurred_at=event.draft.occurred,
        names_open=names_open,
        complainant=opened.get("/body/complainant/name", ""),
        phone=opened.get("/body/complainant/phone", ""),
        subject=subject,
        subject_href=href,
        unit=body.unit,
        answered_by=names_of(tx, [known.answered_by or ""]).party(known.answered_by or ""),
        photos=tuple(Attachment(each.sha256, each.name, each.media_type, each.size) for each in photos),
    )


def _subject(tx: Connection, actor: Actor, event: Recorded) -> tuple[Text, str]:
    """What it is about, and where the actor may read on: of a batch that is not open to it, what anybody is told; "" for
    nowhere."""
    subject: Any = event.draft.subject
    scope = actor.scope_for(Action.READ_BATCH)

    def is_open(thing: str) -> bool:
        return sees(scope, whom_of_things(tx, [thing]).get(thing, frozenset()))

    if event.batch is not None:
        code = BatchCode(event.batch[:-1]).printed
        href = f"/batches/{event.batch}" if is_open(batch_thing(event.batch)) else f"/c/{code}"
        return Text(f"批次 {code}", f"batch {code}"), href
    if subject.goods is not None:
        href = f"/goods/{subject.goods}" if is_open(goods_thing(subject.goods)) else ""
        return Text("无码货物", "uncoded goods"), href
    who = names_of(tx, [party_id(subject.party)]).party(party_id(subject.party))
    return Text(who, who), f"/parties/{party_id(subject.party)}"
