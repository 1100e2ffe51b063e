"""Leads 线索 and cases 案件 for the authority whose they are: lists, and a page for each with its way, terms and scope.

What an authority prepares is read by itself and its tree of units alone (`visibility`): the conditions stand in
`investigation.register`, and every reading here asks them. To anybody else there is no such lead and no such case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ColumnElement, Connection, or_

from ..alerts.rules import RULES
from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Text, shown
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..investigation import register
from ..ledger import store
from ..model.case_path import (
    CASE_ENDED,
    CASE_MOVES,
    CASE_STATES,
    CASE_STEPS,
    LEAD_ENDED,
    LEAD_MOVES,
    LEAD_STATES,
    LEAD_STEPS,
    Move,
    next_moves,
)
from ..model.deadlines import Deadline, deadlines_of_case, deadlines_of_lead
from ..model.investigation import BatchMeant, KnownCase, KnownLead, KnownMatter
from ..model.rules_of_cases import PUBLICATION, follows_publication
from ..model.streams import case_stream
from ..model.working_days import Calendar
from ..personal import disclosures
from ..registry import register as registry
from .answers import AsOf, Listed, Standing, as_of, cut, index_in, time_left
from .approved_reads import ApprovedRead, approved_reads
from .case_words import CATEGORIES, SOURCES
from .crime import CrimeEstimate, crime_estimate
from .names import Names, names_of
from .registry import PartyLink
from .starting_points import OfBatch, OfUnits
from .timeline import Happening, corrections_in, happenings, names_for, newest_among, read_stream_whole
from .trace import Trace, traced
from .visibility import open_batch, reading
from .whereabouts import RegionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A term that has begun: its last day (None while the clock stands still), whether it is over, and by which clause.

    ``whose``: lead, case (the authority's own), party, police. ``days_left``: plain days, negative when it is over.
    ``tentative``: the days off of that year are not known yet.
    """

    code: str
    title: Text
    whose: str
    begun: date
    due: date | None
    days_left: int | None
    tentative: bool
    extended: bool
    met_on: date | None
    overdue: bool
    clause: str

    @property
    def standing(self) -> Standing:
        """How it stands, in words."""
        if self.met_on is not None:
            late = self.due is not None and self.met_on > self.due
            word = Text(f"{self.met_on} 完成", f"done on {self.met_on}")
            return (
                Standing("attention", Text(f"{word.zh}（逾期）", f"{word.en}, late"))
                if late
                else Standing("fine", word)
            )
        return time_left(None if self.due is None else self.days_left)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRow:
    """One line of the list of leads. ``unit``: the unit that has it; ``next_due``: its first open term."""

    id: str
    number: str
    source: Text
    text: str
    received_on: date
    state: str
    standing: Standing
    authority: PartyLink
    unit: PartyLink | None
    next_due: DeadlineRow | None
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of the list of cases. ``value_fen`` is None where nobody has determined it."""

    id: str
    number: str
    category: str
    category_name: Text
    text: str
    filed_on: date
    state: str
    standing: Standing
    authority: PartyLink
    value_fen: int | None
    next_due: DeadlineRow | None
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInCase:
    """A batch of the matter. ``is_open``: whether the reader may read on there; ``units`` as printed, "" for all of it; ``whole``:
    its scope is the whole batch all the same."""

    code: str
    printed: str
    units: str
    is_open: bool
    designation: str
    maker: PartyLink | None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterOfCase:
    batches: tuple[BatchInCase, ...]
    goods: tuple[tuple[str, str], ...]
    parties: tuple[PartyLink, ...]
    projects: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInScope:
    """What of a batch is counted: ``units`` as printed, "" for all of it."""

    printed: str
    units: str
    length_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenScope:
    """Where the metres that a case is about were at the ledger index at which its scope was frozen, by region: of each batch the
    drums that are named, else all of it.

    ``produced_mm`` is what the regions add up to. ``batches`` say which drums are counted; ``closed``: batches that are not open
    to the reader, whose metres are missing here.
    """

    as_of: AsOf
    produced_mm: int
    regions: tuple[RegionRow, ...]
    closed: tuple[str, ...]
    batches: tuple[BatchInScope, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether of some batch only drums are counted."""
        return any(each.units for each in self.batches)


@dataclass(frozen=True, slots=True)
class Next:
    """A step that could come next."""

    step: str
    text: Text
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage:
    """One lead. ``origin``: the id of the event that it came from, ``alert`` the rule of the alert that named it, with its title; ``case`` what was filed of it; ``merged_into`` likewise."""

    row: LeadRow
    matter: MatterOfCase
    origin: str
    case: CaseRow | None
    merged_into: str
    approved: tuple[ApprovedRead, ...]
    deadlines: tuple[DeadlineRow, ...]
    next: tuple[Next, ...]
    events: tuple[Happening, ...]
    alert: str = ""
    alert_title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case. ``penalised_fen``: 罚没款, None where no penalty was imposed; ``publication`` how that of its penalty stands."""

    row: CaseRow
    legal_basis: str
    matter: MatterOfCase
    scope: FrozenScope | None
    crime: CrimeEstimate | None
    leads: tuple[LeadRow, ...]
    penalised_fen: int | None
    publication: str
    publication_name: Text
    approved: tuple[ApprovedRead, ...]
    deadlines: tuple[DeadlineRow, ...]
    next: tuple[Next, ...]
    events: tuple[Happening, ...]


# --- lists --------------------------------------------------------------------------------------------


def own_parties(actor: Actor) -> frozenset[str]:
    """Whose leads and cases the actor reads: its own authority's, by its place in the tree of units. Raises InputError
    ``not-signed-in`` or ``not-allowed``."""
    return reading(actor, Action.READ_CASES).parties


def lead_list(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    state: str = "",
    origin: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Listed[LeadRow]:
    """The newest first. ``state``: one of them, or `OPEN`; ``origin``: those that came from this event. Raises InputError
    ``wrong-input`` for a word that there is not."""
    table = register.lead
    conditions: list[ColumnElement[bool]] = [register.lead_is_of(own_parties(actor))]
    conditions += _standing_at(table.c.state, state, LEAD_STATES, LEAD_ENDED)
    if origin:
        conditions.append(table.c.origin == origin)  # lead_by_origin
    if (before := index_in(after)) is not None:
        conditions.append(table.c.seq < before)
    found = register.leads_where(tx, *conditions, limit=limit + 1)
    return cut(lead_rows(tx, found, today), limit, lambda row: str(row.index))


def case_list(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    state: str = "",
    category: str = "",
    publication: str = "",
    text: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Listed[CaseRow]:
    """The newest first. ``state``: one of them, or `OPEN`; ``text`` is a part of the number or of what it is about. Raises
    InputError ``wrong-input`` for a word that there is not."""
    table = register.case
    conditions: list[ColumnElement[bool]] = [register.case_is_of(own_parties(actor))]
    conditions += _standing_at(table.c.state, state, CASE_STATES, CASE_ENDED)
    _check_word("category", category, CATEGORIES)
    if category:
        conditions.append(table.c.category == category)
    _check_word("publication", publication, PUBLICATION)
    if publication:
        conditions.append(table.c.publication == publication)
    if text:
        among = (
            table.c.number.icontains(text, autoescape=True),
            table.c.text.icontains(text, autoescape=True),
        )
        conditions.append(or_(*among))
    if (before := index_in(after)) is not None:
        conditions.append(table.c.seq < before)
    found = register.cases_where(tx, *conditions, limit=limit + 1)
    return cut(case_rows(tx, found, today), limit, lambda row: str(row.index))


#: By this word instead of a state those that have not ended are asked for.
OPEN = "open"


def _standing_at(
    column: Column[str], state: str, words: Mapping[str, Text], ended: frozenset[str]
) -> list[ColumnElement[bool]]:
    _check_word("state", state, {OPEN, *words})
    if state == OPEN:
        return [column.not_in(sorted(ended))]
    return [column == state] if state else []


def _check_word(where: str, came: str, words: Collection[str]) -> None:
    if came and came not in words:
        raise InputError.of(
            "wrong-input",
            f"没有「{shown(came)}」",
            f"there is no {shown(came)!r}",
            came=shown(came),
            where=where,
        )


def lead_rows(tx: Connection, found: Sequence[KnownLead], today: date) -> tuple[LeadRow, ...]:
    names = names_of(tx, {id_ for lead in found for id_ in (lead.authority, lead.assigned_to)})
    calendar = registry.calendar_known(tx)
    return tuple(_lead_row(lead, names, today, calendar) for lead in found)


def case_rows(tx: Connection, found: Sequence[KnownCase], today: date) -> tuple[CaseRow, ...]:
    names, calendar = names_of(tx, {case.authority for case in found}), registry.calendar_known(tx)
    return tuple(_case_row(case, names, today, calendar) for case in found)


def _lead_row(lead: KnownLead, names: Names, today: date, calendar: Calendar) -> LeadRow:
    state, unit = lead.state, lead.assigned_to
    return LeadRow(
        id=lead.id,
        number=lead.number,
        source=SOURCES[lead.source],
        text=lead.text,
        received_on=lead.received_on,
        state=state,
        standing=Standing("unknown" if state in LEAD_ENDED else "attention", LEAD_STATES[state]),
        authority=PartyLink(lead.authority, names.party(lead.authority)),
        unit=PartyLink(unit, names.party(unit)) if unit else None,
        next_due=_next_due(deadline_rows(deadlines_of_lead(lead, calendar), today)),
        index=lead.seq,
    )


def _case_row(case: KnownCase, names: Names, today: date, calendar: Calendar) -> CaseRow:
    state = case.state
    return CaseRow(
        id=case.id,
        number=case.number,
        category=case.category,
        category_name=CATEGORIES[case.category],
        text=case.text,
        filed_on=case.filed_on,
        state=state,
        standing=Standing("unknown" if state in CASE_ENDED else "attention", CASE_STATES[state]),
        authority=PartyLink(case.authority, names.party(case.authority)),
        value_fen=case.value_fen,
        next_due=_next_due(deadline_rows(deadlines_of_case(case, calendar), today)),
        index=case.seq,
    )


def deadline_rows(deadlines: Iterable[Deadline], today: date) -> tuple[DeadlineRow, ...]:
    return tuple(
        DeadlineRow(
            code=each.term.code,
            title=each.term.title,
            whose=each.term.of,
            begun=each.begun,
            due=each.due,
            days_left=None if each.due is None else (each.due - today).days,
            tentative=each.tentative,
            extended=each.extended,
            met_on=each.met_on,
            overdue=each.is_overdue(today),
            clause=f"{each.term.source}{each.term.clause}",
        )
        for each in deadlines
    )


#: Terms that bind the authority itself.
OWN_TERMS = frozenset({"lead", "case"})


def _next_due(rows: Iterable[DeadlineRow]) -> DeadlineRow | None:
    """The first open term of the authority's own."""
    waiting = [row for row in rows if row.met_on is None and row.whose in OWN_TERMS]
    return min(waiting, key=lambda row: (row.due is None, row.due or row.begun), default=None)


# --- one of them --------------------------------------------------------------------------------------


def lead_of(tx: Connection, actor: Actor, id_: str) -> KnownLead | None:
    """The lead if it is the actor's to read."""
    own = own_parties(actor)
    return register.leads(tx, [id_]).get(id_) if register.whose(tx, lead_id=id_) & own else None


def case_of(tx: Connection, actor: Actor, id_: str) -> KnownCase | None:
    """The case if it is the actor's to read."""
    own = own_parties(actor)
    return register.cases(tx, [id_]).get(id_) if register.whose(tx, case_id=id_) & own else None


def officers_of(tx: Connection, case: KnownCase) -> tuple[str, ...]:
    """The names of those who filed a case, as it stands now and as far as they are disclosed."""
    filed = registry.newest_versions(tx, [case.event]).get(case.event, case.event)
    opened = disclosures.read(tx, [filed]).get(filed, ())
    return tuple(each.value for each in opened if each.pointer.endswith("/name"))


def lead_page(tx: Connection, actor: Actor, id_: str, *, today: date) -> LeadPage | None:
    """One lead; None where it is not the actor's to read."""
    lead = lead_of(tx, actor, id_)
    if lead is None:
        return None
    (row,) = lead_rows(tx, [lead], today)
    calendar = registry.calendar_known(tx)
    filed = case_rows(tx, list(register.cases(tx, [lead.case]).values()), today) if lead.case else ()
    events = [*read_stream_whole(tx, f"lead:{id_}"), *_filing(tx, lead.case)]
    return LeadPage(
        row=row,
        matter=_matter(tx, actor, lead.matter),
        origin=lead.origin,
        alert=lead.rule if lead.rule in RULES else "",
        alert_title=RULES[lead.rule].title if lead.rule in RULES else None,
        case=filed[0] if filed else None,
        merged_into=next((step.into for step in lead.steps if step.step == "merged"), ""),
        approved=approved_reads(tx, actor.party, [lead.number], today),
        deadlines=deadline_rows(deadlines_of_lead(lead, calendar), today),
        next=tuple(_next(LEAD_MOVES, lead.state, LEAD_STEPS)),
        events=_told(tx, actor, events),
    )


def case_page(tx: Connection, actor: Actor, id_: str, *, today: date) -> CasePage | None:
    """One case; None where it is not the actor's to read. Cost: a trace of each batch of its scope."""
    case = case_of(tx, actor, id_)
    if case is None:
        return None
    (row,) = case_rows(tx, [case], today)
    calendar = registry.calendar_known(tx)
    matter, frozen_at = case.scope
    leads = register.leads(tx, case.leads)
    events = [
        *(event for lead in case.leads for event in read_stream_whole(tx, f"lead:{lead}")),
        *read_stream_whole(tx, case_stream(id_)),
    ]
    publication = case.publication
    return CasePage(
        row=row,
        legal_basis=case.legal_basis,
        matter=_matter(tx, actor, matter),
        scope=frozen_scope(tx, actor, matter, frozen_at),
        crime=crime_estimate(tx, actor, matter, frozen_at, today),
        leads=lead_rows(tx, [leads[lead] for lead in case.leads if lead in leads], today),
        penalised_fen=case.penalised_fen,
        publication=publication,
        publication_name=PUBLICATION[publication],
        approved=approved_reads(
            tx, actor.party, [case.number, *(lead.number for lead in leads.values())], today
        ),
        deadlines=deadline_rows(deadlines_of_case(case, calendar), today),
        next=tuple(
            each
            for each in _next(CASE_MOVES, case.state, CASE_STEPS)
            if follows_publication(each.step, publication)
        ),
        events=_told(tx, actor, events),
    )


def _filing(tx: Connection, case: str) -> list[Recorded]:
    """The event by which the case was filed that a lead became."""
    known = register.cases(tx, [case]).get(case) if case else None
    rows = [] if known is None else store.read_rows_by_id(tx, [known.event]).values()
    return [read_recorded(row) for row in rows]


def _next(moves: Sequence[Move], state: str, steps: Mapping[str, Text]) -> Iterator[Next]:
    for move in next_moves(moves, state):
        yield Next(move.step, steps[move.step], move.clause)


def _told(tx: Connection, actor: Actor, events: Sequence[Recorded]) -> tuple[Happening, ...]:
    """All events of a lead or a case, which is the reader's whole: in the order of the ledger."""
    newest = registry.newest_versions(tx, [event.event_id for event in events])
    corrections = [read_recorded(row) for row in store.read_rows_by_id(tx, list(newest.values())).values()]
    said = {
        each.seq: each for each in (*events, *corrections)
    }  # newer corrections stand in the stream themselves
    everything = [said[seq] for seq in sorted(said)]
    names = names_for(tx, everything)
    own = frozenset(f"p:{party}" for party in own_parties(actor))
    corrected = newest_among(corrections_in(everything), everything)
    return happenings(tx, actor, [(event, own) for event in everything], names, corrected)


def _matter(tx: Connection, actor: Actor, matter: KnownMatter) -> MatterOfCase:
    codes = [each.code for each in matter.batches]
    known = books.batches(tx, codes)
    makers = {batch.maker for batch in known.values()}
    names = names_of(tx, {*matter.parties, *makers}, matter.projects)
    scope = actor.scope_for(Action.READ_BATCH)
    goods = registry.goods_known(tx, matter.goods)
    return MatterOfCase(
        batches=tuple(
            BatchInCase(
                code=each.code,
                printed=BatchCode(each.code[:-1]).printed,
                units=printed_units(each.units),
                whole=each.whole,
                is_open=(is_open := open_batch(tx, scope, each.code) is not None),
                designation=known[each.code].designation if is_open else "",
                maker=PartyLink(known[each.code].maker, names.party(known[each.code].maker))
                if is_open
                else None,
            )
            for each in matter.batches
        ),
        goods=tuple((id_, goods[id_].marks) for id_ in matter.goods if id_ in goods),
        parties=tuple(PartyLink(id_, names.party(id_)) for id_ in matter.parties),
        projects=tuple((id_, names.project(id_)) for id_ in matter.projects),
        names=matter.names,
    )


def frozen_scope(tx: Connection, actor: Actor, matter: KnownMatter, frozen_at: int) -> FrozenScope | None:
    """Where the metres that a matter is about were at an index; None where it names no batch."""
    stands = as_of(tx, frozen_at)
    if not matter.batches or stands is None:
        return None
    by_region: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    named: dict[str, Text] = {}
    closed: list[str] = []
    counted: list[BatchInScope] = []
    for each in in_scope(matter):
        printed = BatchCode(each.code[:-1]).printed
        trace = trace_of_scope(tx, actor, each, frozen_at)
        if trace is None:
            closed.append(printed)
            continue
        counted.append(
            BatchInScope(printed=printed, units=printed_units(each.scope), length_mm=trace.produced_mm)
        )
        for row in trace.regions:
            named[row.region] = row.name
            for state, length_mm in row.by.items():
                by_region[row.region][state] += length_mm
    return FrozenScope(
        as_of=stands,
        produced_mm=sum(each.length_mm for each in counted),
        regions=tuple(RegionRow(code, named[code], dict(by)) for code, by in sorted(by_region.items())),
        closed=tuple(closed),
        batches=tuple(counted),
    )


def in_scope(matter: KnownMatter) -> list[BatchMeant]:
    """The batches of a matter, each once: where it is named several times, by all that is said of it."""
    said: dict[str, list[BatchMeant]] = defaultdict(list)
    for each in matter.batches:
        said[each.code].append(each)
    return [
        BatchMeant(
            code,
            tuple(sorted({pair for each in some for pair in each.units})),
            not all(each.scope for each in some),
        )
        for code, some in said.items()
    ]


def trace_of_scope(tx: Connection, actor: Actor, meant: BatchMeant, frozen_at: int) -> Trace | None:
    """Where the metres of a batch that are in the scope went by an index; None where they are not open to the actor."""
    subject = OfUnits(meant.code, meant.scope) if meant.scope else OfBatch(meant.code)
    return traced(tx, actor, subject, up_to=frozen_at)


def printed_units(units: Sequence[tuple[int, int]]) -> str:
    """Drums as people write them; "" for none."""
    return format_units([UnitRange(*pair) for pair in units])
