"""Requests to other authorities 协查请求: lists, and each as its letter says it, for who issued it and who received it.

Who received one reads the letter and the steps, and nothing of the case: everything shown here stands in the events of the request, but
for the number and the day of the case, which a letter of assistance names. To anybody else there is no such request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, Connection, or_

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..investigation import register, requests
from ..ledger import store
from ..model.case_path import next_moves
from ..model.deadlines import deadline_of_request
from ..model.drafts import RequestDraft, RequestStepDraft
from ..model.request_path import (
    OF_RECEIVER,
    REQUEST_CLAUSES,
    REQUEST_ENDED,
    REQUEST_MOVES,
    REQUEST_STATES,
    REQUEST_STEPS,
    REQUEST_TYPES,
)
from ..model.requests import KnownRequest
from ..model.streams import request_stream
from ..model.values import party_id
from ..model.working_days import Calendar
from ..personal import disclosures
from ..registry import register as registry
from ..registry.register import calendar_known
from .answers import Listed, Standing, cut, index_in
from .cases import DeadlineRow, Next, deadline_rows, own_parties
from .names import Names, names_of, region_name
from .registry import PartyLink
from .request_words import QUESTIONS, REPLY_OUTCOMES
from .timeline import Attachment, read_stream_whole

Side = Literal["sent", "received"]
#: So many open requests are looked at, the newest first.
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One line of the list. ``to`` has an id where that authority is registered; ``due``: its term, None before its receipt."""

    id: str
    side: Side
    type: str
    type_name: Text
    number: str
    issued_on: date
    authority: PartyLink
    to: PartyLink
    region: str
    region_name: Text
    state: str
    standing: Standing
    due: DeadlineRow | None
    index: int

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due.overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOfLetter:
    """A batch as the letter says it; ``units`` as printed, "" for all of it; ``length_mm`` how much is meant, None where it does not say."""

    code: str
    printed: str
    units: str
    name: str
    length_mm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the letter says. ``contacts``: names of the officers to be asked, as far as they are disclosed; ``case_number`` and
    ``case_filed_on`` of a letter of assistance."""

    facts: str
    legal_basis: str
    questions: tuple[Text, ...]
    more_questions: str
    evidence: tuple[str, ...]
    batches: tuple[BatchOfLetter, ...]
    goods: tuple[str, ...]
    parties: tuple[str, ...]
    projects: tuple[str, ...]
    names: tuple[str, ...]
    frozen_at: int | None
    reason: str
    originals: tuple[str, ...]
    contacts: tuple[str, ...]
    documents: tuple[Attachment, ...]
    case_number: str
    case_filed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStepRow:
    """One step. ``on_paper``: it came on paper and ``entered_by`` entered it; ``is_late``: an extension that moved nothing."""

    event: str
    step: str
    name: Text
    on: date
    entered_by: PartyLink
    on_paper: bool
    number: str
    text: str
    until: date | None
    is_late: bool
    outcome: Text | None
    evidence: tuple[str, ...]
    copy_to: str
    documents: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """One request. ``case`` and ``lead`` are ids for who issued it, "" for who received it."""

    row: RequestRow
    event: str
    case: str
    lead: str
    letter: Letter
    steps: tuple[RequestStepRow, ...]
    next: tuple[Next, ...]


# --- lists --------------------------------------------------------------------------------------------


def request_list(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    side: Side | Literal[""] = "",
    case: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Listed[RequestRow]:
    """The newest first. ``case``: those of a case, or of a lead, for who may read it."""
    own = own_parties(actor)
    table = requests.request
    conditions = [_on(side, own)]
    if case:
        conditions += [or_(table.c.case == case, table.c.lead == case), requests.is_sent_by(own)]
    if (before := index_in(after)) is not None:
        conditions.append(table.c.seq < before)
    found = requests.requests_where(tx, *conditions, limit=limit + 1)
    return cut(_rows(tx, found, own, today), limit, lambda row: str(row.index))


def open_requests(
    tx: Connection, actor: Actor, *, today: date, side: Side | Literal[""] = ""
) -> tuple[RequestRow, ...]:
    """Everything that is waited for: what is overdue first, then what is due next, then what nobody has received yet."""
    own = own_parties(actor)
    is_open = requests.request.c.state.not_in(sorted(REQUEST_ENDED))
    found = requests.requests_where(tx, _on(side, own), is_open, limit=_MOST)
    rows = _rows(tx, found, own, today)
    return tuple(sorted(rows, key=lambda row: (row.due is None, _last_day(row) or row.issued_on, row.number)))


def requests_waiting(tx: Connection, actor: Actor, *, today: date) -> tuple[int, int]:
    """How many letters came and nobody has received them yet, and how many that were sent are not replied to in time."""
    if not actor.reach(Action.READ_CASES):
        return 0, 0
    rows = open_requests(tx, actor, today=today)
    came = sum(row.side == "received" and row.state == "issued" for row in rows)
    return came, sum(row.side == "sent" and row.overdue for row in rows)


def _last_day(row: RequestRow) -> date | None:
    return None if row.due is None else row.due.due


def _on(side: str, own: frozenset[str]) -> ColumnElement[bool]:
    sent, received = requests.is_sent_by(own), requests.is_received_by(own)
    return {"sent": sent, "received": received}.get(side, or_(sent, received))


def _rows(
    tx: Connection, found: Sequence[KnownRequest], own: frozenset[str], today: date
) -> tuple[RequestRow, ...]:
    names = names_of(tx, {id_ for each in found for id_ in (each.authority, each.to)})
    calendar = calendar_known(tx)
    return tuple(_row(each, names, own, today, calendar) for each in found)


def _row(
    known: KnownRequest, names: Names, own: frozenset[str], today: date, calendar: Calendar
) -> RequestRow:
    state, term = known.state, deadline_of_request(known, calendar)
    return RequestRow(
        id=known.id,
        side=_side(known, own),
        type=known.type,
        type_name=REQUEST_TYPES[known.type],
        number=known.number,
        issued_on=known.issued_on,
        authority=PartyLink(known.authority, names.party(known.authority)),
        to=PartyLink(known.to, names.party(known.to) if known.to else known.to_name),
        region=known.region,
        region_name=region_name(known.region),
        state=state,
        standing=Standing("attention" if known.is_open else "unknown", REQUEST_STATES[state]),
        due=None if term is None else deadline_rows([term], today)[0],
        index=known.seq,
    )


def _side(known: KnownRequest, own: frozenset[str]) -> Side:
    """Whoever has nothing to do with its issue has received it."""
    return "received" if known.to in own and known.authority not in own else "sent"


# --- one of them --------------------------------------------------------------------------------------


def request_of(tx: Connection, actor: Actor, id_: str) -> KnownRequest | None:
    """The request if it is the actor's to read."""
    own = own_parties(actor)
    return requests.requests(tx, [id_]).get(id_) if requests.whose(tx, id_) & own else None


def request_page(tx: Connection, actor: Actor, id_: str, *, today: date) -> RequestPage | None:
    """One request; None where it is not the actor's to read."""
    known, own = request_of(tx, actor, id_), own_parties(actor)
    if known is None:
        return None
    (row,) = _rows(tx, [known], own, today)
    first, *others = _as_they_stand(tx, id_)
    is_sent = row.side == "sent"
    return RequestPage(
        row=row,
        event=known.event,
        case=known.case if is_sent else "",
        lead=known.lead if is_sent else "",
        letter=_letter(tx, first, known),
        steps=_steps(tx, known, others),
        next=tuple(
            Next(move.step, REQUEST_STEPS[move.step], REQUEST_CLAUSES[known.type])
            for move in next_moves(REQUEST_MOVES, known.state)
            if is_sent or move.step in OF_RECEIVER
        ),
    )


def _letter(tx: Connection, event: Recorded, known: KnownRequest) -> Letter:
    draft = event.draft
    assert isinstance(draft, RequestDraft), "a request begins with its letter"
    body = draft.body
    matter = body.matter
    parties = [party_id(ref) for ref in matter.parties]
    names = names_of(tx, parties, [ref.id for ref in matter.projects])
    goods = registry.goods_known(tx, matter.goods)
    case = register.cases(tx, [known.case]).get(known.case) if known.type == "assist" else None
    said_in = registry.newest_versions(tx, [event.event_id]).get(event.event_id, event.event_id)
    opened = {each.pointer: each.value for each in disclosures.read(tx, [said_in]).get(said_in, ())}
    return Letter(
        facts=body.facts,
        legal_basis=body.legal_basis,
        questions=tuple(QUESTIONS[each] for each in body.questions),
        more_questions=body.more_questions or "",
        evidence=body.evidence,
        batches=tuple(
            BatchOfLetter(
                code=each.code,
                printed=BatchCode(each.code[:-1]).printed,
                units=format_units([UnitRange(*pair) for pair in each.units]) if each.units else "",
                name=each.name or "",
                length_mm=each.length_mm,
            )
            for each in matter.batches
        ),
        goods=tuple(goods[each].marks for each in matter.goods if each in goods),
        parties=tuple(names.party(each) for each in parties),
        projects=tuple(names.project(ref.id) for ref in matter.projects),
        names=matter.names,
        frozen_at=body.frozen_at,
        reason=body.reason or "",
        originals=body.originals,
        contacts=tuple(opened[at] for n in range(len(draft.by)) if (at := f"/by/{n}/name") in opened),
        documents=_attached(event),
        case_number="" if case is None else case.number,
        case_filed_on=None if case is None else case.filed_on,
    )


def _steps(tx: Connection, known: KnownRequest, events: Iterable[Recorded]) -> tuple[RequestStepRow, ...]:
    of_event = {step.event: step for step in known.steps}
    names = names_of(tx, {step.speaker for step in known.steps})
    term = deadline_of_request(known, calendar_known(tx))
    rows = []
    for event in events:
        draft = event.draft
        if not isinstance(draft, RequestStepDraft):
            continue
        step, body = of_event[event.event_id], draft.body
        rows.append(
            RequestStepRow(
                event=event.event_id,
                step=step.step,
                name=REQUEST_STEPS[step.step],
                on=step.on,
                entered_by=PartyLink(step.speaker, names.party(step.speaker)),
                on_paper=step.on_paper,
                number=step.number,
                text=body.text or "",
                until=step.until,
                is_late=step.step == "extended" and term is not None and not term.extended,
                outcome=REPLY_OUTCOMES[step.outcome] if step.outcome else None,
                evidence=body.evidence,
                copy_to=body.copy_to_name or "",
                documents=_attached(event),
            )
        )
    return tuple(rows)


def _as_they_stand(tx: Connection, id_: str) -> list[Recorded]:
    """The events of a request in their newest versions. A correction stands in the stream of who made it, not in that of the request."""
    events = read_stream_whole(tx, request_stream(id_))
    newest = registry.newest_versions(tx, [event.event_id for event in events])
    corrections = store.read_rows_by_id(tx, list(newest.values())).values()
    return as_they_stand([*events, *map(read_recorded, corrections)])


def _attached(event: Recorded) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(each.sha256, each.name, each.media_type, each.size) for each in event.draft.documents
    )
