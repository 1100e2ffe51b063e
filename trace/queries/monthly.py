"""The monthly form 月报 of a unit: what its nine rows say of a month and since the year began, as of any index of the ledger.

A unit's form is about what it and the units below it did: its inspections, samplings and technical help stand in the streams of these
parties, its cases in the streams of what they prepare. Both are read up to the index and as they stood then, corrected. Whoever reads
a unit's cases reads its form (`cases.own_parties`), and nobody else.

Which units there are, what a party is registered as, and what an unregistered one turned out to be, is told as the register had it at that
index (`register_at`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..clock import shanghai_date
from ..errors import InputError, Text
from ..intake.recorded import Recorded, as_they_stand
from ..model.effects_of_cases import case_in, case_step_in
from ..model.investigation import KnownCase
from ..model.monthly import (
    Facts,
    Form,
    Happened,
    How,
    Month,
    SampleReport,
    counted,
    failed_among,
    form_of,
    of_case,
    of_unit,
    row_of_inspection,
    within,
    without_conclusion,
)
from ..model.state import KnownParty
from ..model.things import thing_of
from ..model.values import party_id
from ..registry import register
from .answers import AsOf, Standing, as_of
from .cases import own_parties
from .events import events_at
from .names import names_of
from .register_at import parties_at, units_in
from .registry import PartyLink
from .reports import declared_verdict
from .timeline import Happening, read_stream_whole

#: Kinds of what an authority does before everybody, and of what it prepares.
_DONE = frozenset({"inspection", "sampling", "technical-help"})
_OF_CASES = frozenset({"case", "case-step"})


@dataclass(frozen=True, slots=True)
class Told:
    """One number. ``value``: how many, or fen; None where nobody knows any of it. ``unknown``: of how many the amount is missing."""

    value: int | None
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One cell of the form. ``row``: 1 to 9, None for what is told beside it; ``how``: things, events, or an amount in fen."""

    key: str
    row: int | None
    title: Text
    unit: Text
    how: How
    definition: Text
    month: Told
    cumulative: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCell:
    """What one cell of the form says of one unit."""

    key: str
    month: Told
    cumulative: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCells:
    """What a unit did itself, without those below it, in the order of the form's rows."""

    unit: PartyLink
    cells: tuple[UnitCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyForm:
    """The form of a unit. ``units``: whose work is counted, itself first. ``since``: the day from which the cumulative numbers count, to
    ``last``, the last of the month. ``as_of``: the ledger as it was counted; None while it is empty.

    ``by_unit``: the own numbers of each of them, empty where it is the only one. Their sum, less ``repeated``, is the form: a maker
    that two units inspected is one of each, and one of the form."""

    unit: PartyLink
    units: tuple[PartyLink, ...]
    month: str
    first: date
    last: date
    since: date
    form: str
    as_of: AsOf | None
    rows: tuple[FormRow, ...]
    by_unit: tuple[UnitCells, ...] = ()
    repeated: tuple[UnitCell, ...] = ()


def monthly_form(
    tx: Connection,
    actor: Actor,
    unit: str,
    month: Month,
    *,
    since: date | None = None,
    up_to: int | None = None,
) -> MonthlyForm | None:
    """The form as the ledger has it up to an index; None for a unit that is not the actor's to read. ``since``: the year's first day unless
    another one is said. Raises InputError for one behind the month.

    Cost: every event of the units' own streams, and those of each batch that they sampled.
    """
    parties = parties_at(tx, up_to)
    covered = units_of(actor, unit, parties)
    if covered is None:
        return None
    form, begun = form_of(month), begun_of(month, since)
    facts = facts_of(tx, covered, parties, up_to)
    names = names_of(tx, covered)
    units = tuple(PartyLink(id_, names.party(id_)) for id_ in covered)
    rows = rows_of(form, facts, month, begun)
    by_unit = tuple(
        UnitCells(unit=each, cells=cells_of(rows_of(form, of_unit(facts, each.id), month, begun)))
        for each in (units if len(units) > 1 else ())
    )
    return MonthlyForm(
        unit=units[0],
        units=units,
        month=month.format(),
        first=month.first,
        last=month.last,
        since=begun,
        form=form.id,
        as_of=as_of(tx, up_to),
        rows=rows,
        by_unit=by_unit,
        repeated=repeated_in(rows, by_unit) if by_unit else (),
    )


def cells_of(rows: Iterable[FormRow]) -> tuple[UnitCell, ...]:
    return tuple(UnitCell(key=row.key, month=row.month, cumulative=row.cumulative) for row in rows)


def repeated_in(rows: Sequence[FormRow], by_unit: Sequence[UnitCells]) -> tuple[UnitCell, ...]:
    """By how much the numbers of the units come to more than those of the form, row by row."""

    def more(whole: Told, parts: Iterable[Told]) -> Told:
        some = tuple(parts)
        value = sum(part.value or 0 for part in some) - (whole.value or 0)
        return Told(value, sum(part.unknown for part in some) - whole.unknown)

    return tuple(
        UnitCell(
            key=row.key,
            month=more(row.month, (unit.cells[n].month for unit in by_unit)),
            cumulative=more(row.cumulative, (unit.cells[n].cumulative for unit in by_unit)),
        )
        for n, row in enumerate(rows)
    )


def rows_of(form: Form, facts: Facts, month: Month, since: date) -> tuple[FormRow, ...]:
    return tuple(
        FormRow(
            key=cell.key,
            row=cell.row,
            title=cell.title,
            unit=cell.unit,
            how=cell.how,
            definition=cell.definition,
            month=Told(*counted(cell.how, within(facts.get(cell.key, ()), month.first, month.last))),
            cumulative=Told(*counted(cell.how, within(facts.get(cell.key, ()), since, month.last))),
        )
        for cell in form.cells
    )


def monthly_events(
    tx: Connection,
    actor: Actor,
    unit: str,
    month: Month,
    key: str,
    *,
    of: str = "",
    since: date | None = None,
    up_to: int | None = None,
) -> tuple[Happening, ...] | None:
    """The events behind one number of the month; with ``since``, of the number that counts from that day; with ``of``, of the number
    of this unit alone. None for a unit that is not the actor's to read or stands elsewhere, and for a cell that the form has not."""
    parties = parties_at(tx, up_to)
    covered = units_of(actor, unit, parties)
    if covered is None or form_of(month).cell(key) is None or of not in {"", *covered}:
        return None
    first = month.first if since is None else begun_of(month, since)
    facts = facts_of(tx, covered, parties, up_to)
    found = within((of_unit(facts, of) if of else facts).get(key, ()), first, month.last)
    return events_at(tx, actor, sorted({each.seq for each in found}))


def begun_of(month: Month, since: date | None) -> date:
    """From which day the cumulative numbers count: the year's first, unless another one up to the month's first is said."""
    if since is None:
        return date(month.year, 1, 1)
    if since <= month.first:
        return since
    raise InputError.of(
        "wrong-input",
        f"累计从 {since} 起算，晚于本月 1 日",
        f"the cumulative numbers begin on {since}, after the month has begun",
        came=since.isoformat(),
        where="since",
        remedy=Text(
            f"写 {month.first} 或更早的日期，或不写（从年初起）",
            f"say {month.first} or an earlier day, or nothing (since the year began)",
        ),
    )


def units_of(actor: Actor, unit: str, parties: Mapping[str, KnownParty]) -> tuple[str, ...] | None:
    """The unit and those below it among these parties; None where it is not the actor's to read. Raises InputError for who reads no cases
    at all."""
    if unit not in own_parties(actor):
        return None
    return (unit, *units_in(parties, unit))


# --- what happened ------------------------------------------------------------------------------------------


def facts_of(
    tx: Connection, covered: Sequence[str], parties: Mapping[str, KnownParty], up_to: int | None
) -> Facts:
    """What these units' form counts, of all days, up to an index; ``parties`` as they were registered then."""
    done = _standing(tx, (f"party:{id_}" for id_ in covered), _DONE, up_to)
    facts: dict[str, list[Happened]] = defaultdict(list)
    _add_visits(tx, facts, [each for each in done if each.speaker in covered], parties, up_to)
    _add_samplings(tx, facts, [each for each in done if each.draft.kind == "sampling"], covered, up_to)
    for case in _cases(tx, covered, up_to):
        for key, happened in of_case(case).items():
            facts[key].append(happened)
    return facts


def _standing(
    tx: Connection, streams: Iterable[str], kinds: frozenset[str], up_to: int | None
) -> list[Recorded]:
    """Events of these kinds, as they stood at the index, each once, in the order of the ledger."""
    found = {
        event.seq: event
        for stream in streams
        for event in read_stream_whole(tx, stream, up_to, sorted(kinds))
    }
    return as_they_stand(found[seq] for seq in sorted(found))


def _add_visits(
    tx: Connection,
    facts: dict[str, list[Happened]],
    events: Iterable[Recorded],
    parties: Mapping[str, KnownParty],
    up_to: int | None,
) -> None:
    """Inspections, by the row in which they count, and technical help."""
    visits = [(each, _visited(each.draft)) for each in events if each.draft.kind != "sampling"]
    meant = {party: register.party_turned_out(tx, party, up_to) or party for _, party in visits if party}
    for event, said in visits:
        party = meant.get(said, "")
        happened = _happened(event, party)
        if event.draft.kind == "technical-help":
            facts["helped"].append(happened)
            facts["help-visits"].append(happened)
            continue
        roles = parties[party].roles if party in parties else ()
        facts[row_of_inspection(party, roles, event.draft.body.form)].append(happened)


def _visited(draft: Any) -> str:
    """The party at which an inspection or a visit of help was: as its subject, or as the one who has the uncoded goods."""
    goods = getattr(draft.body, "goods", None)
    named = draft.subject.party or (None if goods is None else goods.holder)
    return "" if named is None else party_id(named)


def _add_samplings(
    tx: Connection,
    facts: dict[str, list[Happened]],
    events: Iterable[Recorded],
    covered: Sequence[str],
    up_to: int | None,
) -> None:
    """Supervision samplings of these units, or for them, and what the reports on them say; of a result that was set aside (异议成立)
    only that there was a sampling."""
    sampled: list[tuple[str, str, str, str]] = []
    for event in events:
        body, thing = event.draft.body, thing_of(event.draft, event.batch)
        whose = event.speaker if body.authority is None else party_id(body.authority)
        if body.type == "supervision" and whose in covered and thing is not None:
            sampled.append((event.event_id, thing, body.number, whose))
            facts["sampled"].append(_happened(event, thing)._replace(unit=whose))
    things = sorted({thing for _, thing, _, _ in sampled})
    set_aside = {
        each.draft.subject.event
        for each in _standing(
            tx, things, frozenset({"sample-step"}), up_to
        )  # the stream of a thing is called by it
        if each.draft.body.step == "upheld"
    }
    numbers: dict[str, set[str]] = defaultdict(set)
    units: dict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, thing, number, whose in sampled:
        if id_ not in set_aside:
            numbers[thing].add(number)
            for named in (
                number,
                "",
            ):  # a report that names no sampling is on the samples of all who took one
                units[thing, named].add(whose)
    tests = [
        SampleReport(each.event_id, each.seq, _day(each), thing, body.type == "retest", body.sampling or "", declared_verdict(body))
        for thing in sorted(numbers)
        for each in _standing(tx, [thing], frozenset({"testing"}), up_to)
        for body in [each.draft.body]
        if body.type in ("supervision", "retest")
    ]  # fmt: skip
    sampling_of = {each.event: each.sampling for each in tests}
    for key, found in (
        ("failed", failed_among(numbers, tests)),
        ("no-conclusion", without_conclusion(numbers, tests)),
    ):
        facts[key] = [
            each._replace(unit=unit)
            for each in found
            for unit in sorted(units[each.thing, sampling_of[each.event]])
        ]


def _cases(tx: Connection, covered: Sequence[str], up_to: int | None) -> list[KnownCase]:
    """The cases of these units with their steps, whoever of the tree recorded them."""
    tree = register.with_those_above(tx, covered)
    events = _standing(tx, (f"prepared:{id_}" for id_ in sorted(tree)), _OF_CASES, up_to)
    cases: dict[str, KnownCase] = {}
    for event in events:
        id_ = event.draft.subject.case
        if event.draft.kind == "case" and event.speaker in covered:
            cases[id_] = case_in(event.statement())
        elif event.draft.kind == "case-step" and id_ in cases:
            steps = (*cases[id_].steps, case_step_in(event.statement()))
            cases[id_] = replace(cases[id_], steps=steps)
    return list(cases.values())


def _happened(event: Recorded, thing: str) -> Happened:
    """Of whoever says it."""
    return Happened(event.event_id, event.seq, _day(event), thing, unit=event.speaker)


def _day(event: Recorded) -> date:
    on = event.draft.occurred_on
    assert on is not None, "what is counted says when it was"
    return on


# --- what was submitted ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of a unit's form, as it was submitted: ``counted_at`` is the ledger index up to which it was counted, ``index`` its own,
    ``figures`` the numbers of the month and the cumulative ones by their cells."""

    version: int
    event: str
    index: int
    recorded_at: datetime
    on_time: bool
    form: str
    since: date
    counted_at: int
    figures: Mapping[str, tuple[Told, Told]]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number that was submitted as one thing and is another one by now."""

    key: str
    row: int | None
    title: Text
    unit: Text
    how: How
    is_cumulative: bool
    said: Told
    now: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyPage:
    """A unit's form, the versions that were submitted of it, the newest first, and what the ledger says otherwise than the newest by the
    index of ``form``, counted from the same day. ``due``: by when it was to be submitted."""

    form: MonthlyForm
    due: date
    submissions: tuple[Submission, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMonth:
    """How a unit stands with a month: ``submitted`` the first version, None where there is none. ``kept`` of ``wanted`` forms that were due in
    this year up to this month came on time."""

    unit: PartyLink
    month: str
    due: date
    submitted: Submission | None
    versions: int
    standing: Standing
    kept: int
    wanted: int


def monthly_page(
    tx: Connection,
    actor: Actor,
    unit: str,
    month: Month,
    *,
    since: date | None = None,
    up_to: int | None = None,
) -> MonthlyPage | None:
    """None for a unit that is not the actor's to read. The cumulative numbers count from ``since``, else from where the newest version did."""
    if unit not in own_parties(actor):
        return None
    submitted = submissions(tx, unit).get(month, ())
    begun = since or (submitted[-1].since if submitted else None)
    form = monthly_form(tx, actor, unit, month, since=begun, up_to=up_to)
    assert form is not None, "it was the actor's to read"
    return MonthlyPage(
        form=form,
        due=month.due,
        submissions=submitted[::-1],
        differences=differences(form, submitted[-1]) if submitted else (),
    )


def submissions(tx: Connection, unit: str) -> dict[Month, tuple[Submission, ...]]:
    """Every version that a unit submitted, by the month, in their order."""
    found: dict[Month, list[Submission]] = defaultdict(list)
    for event in read_stream_whole(tx, f"prepared:{unit}", kinds=("monthly-form",)):
        month = Month.parse(event.draft.subject.month)
        body = event.draft.body
        found[month].append(
            Submission(
                version=len(found[month]) + 1,
                event=event.event_id,
                index=event.seq,
                recorded_at=event.recorded_at,
                on_time=shanghai_date(event.recorded_at) <= month.due,
                form=body.form,
                since=body.since,
                counted_at=body.counted_at,
                figures={
                    each.key: (
                        Told(each.month, each.month_unknown),
                        Told(each.cumulative, each.cumulative_unknown),
                    )
                    for each in body.figures
                },
                text=body.text or "",
            )
        )
    return {month: tuple(some) for month, some in found.items()}


def differences(form: MonthlyForm, said: Submission) -> tuple[Difference, ...]:
    """Number by number, those of the month first; cumulative ones only where both count from the same day."""
    found = [
        Difference(
            key=row.key, row=row.row, title=row.title, unit=row.unit, how=row.how, is_cumulative=is_cumulative,
            said=said.figures[row.key][is_cumulative], now=row.cumulative if is_cumulative else row.month,
        )
        for is_cumulative in (False, True)
        for row in form.rows
        if row.key in said.figures and (not is_cumulative or said.since == form.since)
    ]  # fmt: skip
    return tuple(each for each in found if each.said != each.now)


def said_of(form: MonthlyForm) -> dict[str, object]:
    """The body of the event by which this form is submitted. Raises ValueError while the ledger is empty."""
    if form.as_of is None:
        raise ValueError("nothing is counted on an empty ledger")
    figures = []
    for row in form.rows:
        said: dict[str, object] = {"key": row.key}
        for name, told in (("month", row.month), ("cumulative", row.cumulative)):
            said |= {} if told.value is None else {name: told.value}
            said |= {f"{name}_unknown": told.unknown} if told.unknown else {}
        figures.append(said)
    return {
        "form": form.form,
        "since": form.since.isoformat(),
        "counted_at": form.as_of.index,
        "figures": figures,
    }


def unit_months(tx: Connection, actor: Actor, month: Month, *, today: date) -> tuple[UnitMonth, ...]:
    """How each unit that is the actor's stands with a month, the actor's own first."""
    own = own_parties(actor)
    names, begun = names_of(tx, own), as_of(tx, 0)
    year = [Month(month.year, n) for n in range(1, month.month + 1)]
    due = [
        each
        for each in year
        if each.due < today and begun is not None and shanghai_date(begun.at) <= each.last
    ]
    rows = []
    for unit in sorted(own, key=lambda id_: (id_ != actor.party, names.party(id_))):
        of_unit = submissions(tx, unit)
        first = of_unit.get(month, (None,))[0]
        rows.append(
            UnitMonth(
                unit=PartyLink(unit, names.party(unit)),
                month=month.format(),
                due=month.due,
                submitted=first,
                versions=len(of_unit.get(month, ())),
                standing=_standing_of(first, month, today),
                kept=sum(each in of_unit and of_unit[each][0].on_time for each in due),
                wanted=len(due),
            )
        )
    return tuple(rows)


def forms_due(tx: Connection, unit: str, today: date) -> list[Month]:
    """The months whose form a unit has not submitted, the earliest first: this one, and those of the last year that are late."""
    begun = as_of(tx, 0)
    if begun is None:
        return []
    submitted, month, found = submissions(tx, unit), Month.of(today), []
    for _ in range(_MONTHS_BACK):
        if month.last < shanghai_date(begun.at):
            break
        if month not in submitted:
            found.append(month)
        month = month.before
    return found[::-1]


#: Later than a year nobody waits for a form.
_MONTHS_BACK = 12


def _standing_of(first: Submission | None, month: Month, today: date) -> Standing:
    if first is not None:
        on = shanghai_date(first.recorded_at)
        if first.on_time:
            return Standing("fine", Text(f"{on} 按时报送", f"submitted on time, {on}"))
        late = (on - month.due).days
        return Standing("attention", Text(f"{on} 报送，迟 {late} 天", f"submitted on {on}, {late} days late"))
    if today > month.due:
        late = (today - month.due).days
        return Standing("stop", Text(f"未报送，逾期 {late} 天", f"not submitted, {late} days overdue"))
    return Standing("unknown", Text(f"{month.due} 前报送", f"to be submitted by {month.due}"))
