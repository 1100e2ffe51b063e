"""Special campaigns 专项行动 as their authority and its units read them: phases, tasks, what is overdue, reports, coverage.

A programme is open to who issued it, to the units that this one commands and to those above. Of reports and of how tasks stand, each
authority is told its own and those of its units: what another county reported is not told beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..inspecting import programmes
from ..inspecting import register as inspecting
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..investigation import register as investigation
from ..ledger import store
from ..model.bodies_of_programmes import Phase, Task
from ..model.inspecting import DONE, KnownDefect
from ..model.investigation import KnownCase
from ..model.involvement import sees
from ..model.kinds import KINDS
from ..model.programmes import ABOUT, OF_A_TASK, PROGRAMME_STEPS, KnownProgramme, KnownProgrammeStep
from ..model.units import head_of, those_above
from ..registry import register
from .answers import AsOf, Standing, as_of
from .cases import own_parties
from .coverage import (
    ROLES,
    Covered,
    Ground,
    covered,
    ground,
    jurisdiction_in,
    jurisdiction_on,
    lies_in,
    own_shares,
    subjects_of,
    tree_in,
)
from .names import Names, names_of
from .register_at import units_in
from .registry import PartyLink
from .timeline import Attachment
from .visibility import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """``n`` counts the phases from 1."""

    n: int
    name: str
    opens_on: date
    closes_on: date
    standing: Standing
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTask:
    """How a task stands at one of its units. ``known``: whether the reader is told; else nothing is said of it."""

    unit: PartyLink
    known: bool
    done_on: date | None
    reports: int
    standing: Standing | None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """``mine``: the reader's authority may report of it."""

    code: str
    text: str
    about: Text | None
    phase: str
    due: date | None
    units: tuple[UnitTask, ...]
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRow:
    """One line of the list. ``overdue``: tasks of the reader's own authority and its units that are past their day, a unit each."""

    id: str
    number: str
    name: str
    authority: PartyLink
    issued_on: date
    opens_on: date
    closes_on: date
    phases: tuple[PhaseRow, ...]
    standing: Standing
    ended_on: date | None
    overdue: int
    summary_due: date | None
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    name: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One report. ``entered_by`` is another than the unit where it came on paper; ``case`` and ``lead`` are ids of a major case."""

    event: str
    step: str
    name: Text
    unit: PartyLink
    entered_by: PartyLink
    on: date
    task: str
    text: str
    figures: tuple[FigureRow, ...]
    case: str
    lead: str
    matter: str
    frozen_at: int | None
    documents: tuple[Attachment, ...]
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """How many makers, dealers or building sites a unit has, and how many of them were inspected and sampled, and have
    recorded a self-check and a commitment. ``part``: one of `PARTS`."""

    unit: PartyLink
    of: str
    of_name: Text
    registered: int
    inspected: int
    left: int
    sampled: int
    self_checked: int
    committed: int
    part: str = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class MattersRow:
    """Of a unit: problems found, those of them that are closed or became cases, and cases filed. ``part``: one of `PARTS`."""

    unit: PartyLink
    found: int
    closed: int
    cases: int
    part: str = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageList:
    """The parties or cases behind one number. ``since`` and ``until``, both included; ``is_own``: of the unit without those below it."""

    unit: PartyLink
    of_name: Text
    what: str
    since: date
    until: date
    rows: tuple[CheckedParty, ...]
    is_own: bool = False
    as_of: AsOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedParty:
    """``checks``: kind, day and event of each check that the reader may know. ``sort``: a party, a project, or a case by its number."""

    party: PartyLink
    checks: tuple[tuple[str, date, str], ...]
    sort: str = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePage:
    """``coverage`` is of the days ``since`` to ``until``: of phase ``phase``, 0 for all of them. ``next``: steps that the reader may record
    of the programme as a whole.

    ``by_unit`` and ``matters`` are of the tree of ``unit``: the own numbers of each, by how much these come to more, and the whole; the
    whole alone where nobody stands below it. Coverage and these are as of ``as_of``."""

    row: ProgrammeRow
    event: str
    basis: tuple[str, ...]
    text: str
    tasks: tuple[TaskRow, ...]
    reports: tuple[ReportRow, ...]
    coverage: tuple[CoverageRow, ...]
    unit: PartyLink
    by_unit: tuple[CoverageRow, ...]
    matters: tuple[MattersRow, ...]
    as_of: AsOf | None
    phase: int
    since: date
    until: date
    next: tuple[str, ...]


#: What the numbers of the coverage are called in addresses.
WHAT = {
    "registered": Text("在册", "registered"),
    "inspected": Text("已检查", "inspected"),
    "left": Text("未检查", "not inspected"),
    "sampled": Text("已抽样", "sampled"),
    "self_checked": Text("已自查", "self-checked"),
    "committed": Text("已承诺", "committed"),
}
#: Of building sites there are none of these: they answer no checklist of a maker's or dealer's, and sign nothing.
NOT_OF_SITES = frozenset({"self_checked", "committed"})
#: The same of problems and cases.
OF_MATTERS = {
    "found": Text("发现问题", "problems found"),
    "closed": Text("已销号或转立案", "closed or made cases"),
    "cases": Text("立案", "cases filed"),
}
MATTERS = Text("问题与案件", "problems and cases")

#: What a row of the numbers is of: a unit with those below it, without them, or by how much the latter come to more than the whole.
PARTS = ("whole", "own", "repeated")


def programme_list(tx: Connection, actor: Actor, *, today: date) -> tuple[ProgrammeRow, ...]:
    """Those that are open to the reader, the newest first. Cost: these, and their reports; the same whatever others run."""
    own = own_parties(actor)
    known = programmes.programmes_of(tx, _issuers(tx, actor, own))
    steps = programmes.steps_of(tx, [each.id for each in known])
    names = names_of(tx, {each.authority for each in known})
    return tuple(
        _row(each, [step for step in steps if step.programme == each.id], own, names, today) for each in known
    )


def programme_of(tx: Connection, actor: Actor, id_: str) -> KnownProgramme | None:
    """The programme if it is open to the actor."""
    known = programmes.programmes(tx, [id_]).get(id_)
    own = own_parties(actor)
    return known if known is not None and known.authority in _issuers(tx, actor, own) else None


def programme_page(
    tx: Connection,
    actor: Actor,
    id_: str,
    *,
    today: date,
    phase: int | None = None,
    unit: str = "",
    up_to: int | None = None,
) -> ProgrammePage | None:
    """One programme; None where it or ``unit`` is not open to the actor. ``phase``: of which coverage is told, 0 for all; by default the one
    of today. ``unit``: whose tree is told unit by unit, by default the issuer's where that is the actor's. ``up_to``: as of which index
    coverage is told; tasks and reports are always those of now."""
    own, known = own_parties(actor), programme_of(tx, actor, id_)
    if known is None or unit not in {"", *own}:
        return None
    asked = unit or (known.authority if known.authority in own else actor.party)
    all_steps = programmes.steps_of(tx, [id_])
    steps = [step for step in all_steps if own & {step.unit, step.speaker}]
    names = names_of(
        tx,
        {known.authority, *known.units, *own} | {id_ for step in steps for id_ in (step.unit, step.speaker)},
    )
    row = _row(known, all_steps, own, names, today)
    chosen = _phase_of(known, phase, today)
    since, until = days_of(known, chosen)
    here = ground(tx, reading(actor, Action.READ_CASES), since, until, today=today, up_to=up_to)
    units = [unit for unit in dict.fromkeys((*known.units, known.authority)) if unit in own]
    tree = _tree(tx, here, asked, own)
    of_tree = names_of(tx, tree)
    work = _work(tx, here, asked, since, until, up_to)
    return ProgrammePage(
        row=row,
        event=known.event,
        basis=known.basis,
        text=known.text,
        tasks=tuple(_task(known, task, steps, own, names, today) for task in known.tasks),
        reports=_reports(tx, steps, names),
        coverage=tuple(
            _coverage_row(PartyLink(unit, names.party(unit)), of, covered(here, jurisdiction_in(here, unit), of))
            for unit in units
            for of in subjects_of(known)
        ),
        unit=PartyLink(asked, names.party(asked)),
        by_unit=_coverage_by_unit(here, subjects_of(known), asked, tree, of_tree) if len(tree) > 1 else (),
        matters=_matters_by_unit(here, work, asked, tree, of_tree),
        as_of=as_of(tx, up_to),
        phase=chosen,
        since=since,
        until=until,
        next=_next(tx, actor, known, row),
    )  # fmt: skip


def coverage_list(
    tx: Connection,
    actor: Actor,
    id_: str,
    *,
    unit: str,
    of: str,
    what: str,
    phase: int,
    today: date,
    is_own: bool = False,
    up_to: int | None = None,
) -> CoverageList | None:
    """The parties, or cases, behind one number; None where there is no such programme, unit or number for the actor. ``of``: makers,
    dealers, sites where the programme is about them, or matters; ``is_own``: of the unit without those below it; ``up_to``: as of which index."""
    own, known = own_parties(actor), programme_of(tx, actor, id_)
    if known is None or unit not in own or name_of_number(of, what) is None:
        return None
    if of not in (*subjects_of(known), "matters"):
        return None
    if not 0 <= phase <= len(known.phases):
        return None
    since, until = days_of(known, phase)
    here = ground(tx, reading(actor, Action.READ_CASES), since, until, today=today, up_to=up_to)
    tree = _tree(tx, here, unit, own) if is_own or of == "matters" else (unit,)
    if of == "matters":
        work = _work(tx, here, unit, since, until, up_to)
        chosen = _matters_of(here, work, unit, tree)[what]
        rows = _matters_listed(tx, actor, work, (own_shares(here, chosen) if is_own else chosen)[unit], what)
    else:
        found = covered(here, jurisdiction_in(here, unit), of)
        if is_own:
            found = found.of(own_shares(here, _registered(here, tree, of))[unit])
        rows = _parties_listed(tx, here, getattr(found, what), of)
    return CoverageList(
        unit=PartyLink(unit, names_of(tx, [unit]).party(unit)),
        of_name=MATTERS if of == "matters" else ABOUT[of],
        what=what,
        since=since,
        until=until,
        rows=tuple(sorted(rows, key=lambda row: (row.party.name, [on for _, on, _ in row.checks]))),
        is_own=is_own,
        as_of=as_of(tx, up_to),
    )


def name_of_number(of: str, what: str) -> Text | None:
    """What a number is called; None where there is none."""
    if of == "sites" and what in NOT_OF_SITES:
        return None
    return (OF_MATTERS if of == "matters" else WHAT if of in ABOUT else {}).get(what)


def _parties_listed(tx: Connection, here: Ground, chosen: frozenset[str], of: str) -> Iterator[CheckedParty]:
    """Of sites they are projects."""
    is_site = of == "sites"
    names = names_of(tx, () if is_site else chosen, chosen if is_site else ())
    return (
        CheckedParty(
            party=PartyLink(party, names.project(party) if is_site else names.party(party)),
            sort="project" if is_site else "party",
            checks=tuple(
                (check.kind, check.on, check.event)
                for check in sorted(here.checks, key=lambda check: check.on)
                if check.party == party
            ),
        )
        for party in chosen
    )  # fmt: skip


def _matters_listed(
    tx: Connection, actor: Actor, work: Work, chosen: frozenset[Any], what: str
) -> Iterator[CheckedParty]:
    """The chosen problems or cases that are open to the actor: one of a unit that is no longer its own is counted as of an old index,
    and not listed."""
    if what == "cases":
        own = investigation.case_is_of(own_parties(actor))
        still = investigation.cases_where(tx, own, limit=_MOST_CASES)
        known = {each.id for each in still} & chosen
        return (
            CheckedParty(
                party=PartyLink(each.id, each.number), checks=(("case", each.filed_on, each.event),), sort="case"
            )
            for each in work.cases
            if each.id in known
        )  # fmt: skip
    scope = reading(actor, Action.READ_CASES)
    names = names_of(tx, {each.party for each in work.problems} - {""})
    return (
        CheckedParty(
            party=PartyLink(each.party, names.party(each.party) if each.party else "—"),
            checks=((each.kind, each.found_on, each.event),),
        )
        for each in work.problems
        if _id_of(each) in chosen and sees(scope, each.whom)
    )


def figures_of(
    tx: Connection,
    actor: Actor,
    known: KnownProgramme,
    unit: str,
    *,
    today: date,
    up_to: int | None = None,
) -> tuple[FigureRow, ...]:
    """What a summary of a unit begins with, over all days of the programme: coverage, problems found and closed, cases filed.
    ``unit`` is the actor's own or below it. A count of nothing is 0: it was counted."""
    since, until = known.days
    here = ground(tx, reading(actor, Action.READ_CASES), since, until, today=today, up_to=up_to)
    jurisdiction = jurisdiction_in(here, unit)
    rows: list[FigureRow] = []
    for of in subjects_of(known):
        found = covered(here, jurisdiction, of)
        rows += [
            FigureRow(name=f"{ABOUT[of].zh}{WHAT[what].zh}", value=str(len(getattr(found, what))), unit=_COUNTED_IN[of])
            for what in ("registered", "self_checked", "committed", "inspected", "sampled")
            if name_of_number(of, what) is not None
        ]  # fmt: skip
    tree = _tree(tx, here, unit, own_parties(actor))
    matters = _matters_of(here, _work(tx, here, unit, since, until, up_to), unit, tree)
    return (
        *rows,
        *(
            FigureRow(
                name=name.zh, value=str(len(matters[what][unit])), unit="起" if what == "cases" else "个"
            )
            for what, name in OF_MATTERS.items()
        ),
    )


_COUNTED_IN = {"makers": "家", "dealers": "户", "sites": "个"}


# --- unit by unit -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """What was found and filed on some days, as of an index: ``closed`` among the problems."""

    problems: tuple[KnownDefect, ...]
    closed: frozenset[tuple[str, int]]
    cases: tuple[KnownCase, ...]


def _tree(tx: Connection, here: Ground, unit: str, own: frozenset[str]) -> tuple[str, ...]:
    """The unit and those below it as they were registered; itself alone where the reader, of a department 科室, is not told of all of
    them."""
    below = {each.id for each in register.units_below(tx, unit)}
    return tree_in(here, unit) if below <= own else (unit,)


def _work(
    tx: Connection,
    here: Ground,
    unit: str,
    since: date,
    until: date,
    up_to: int | None,
) -> Work:
    """Of the whole ledger's problems, and of the cases of a unit and those below it."""
    problems = [
        each
        for each in inspecting.defects(tx)
        if since <= each.found_on <= until and (up_to is None or each.seq <= up_to)
    ]
    done = [each for each in problems if each.state in DONE]
    steps = store.read_seqs_by_id(tx, [each.last for each in done if each.last])
    cases = investigation.cases_where(
        tx,
        investigation.case_is_of({unit, *units_in(here.units, unit)}),
        investigation.case.c.filed_on.between(since, until),
        *([] if up_to is None else [investigation.case.c.seq <= up_to]),
        limit=_MOST_CASES,
    )
    return Work(
        problems=tuple(problems),
        closed=frozenset(
            _id_of(each)
            for each in done
            if up_to is None or steps.get(each.last, each.seq) <= up_to
        ),
        cases=tuple(cases),
    )  # fmt: skip


_MOST_CASES = 10_000


def _id_of(problem: KnownDefect) -> tuple[str, int]:
    return problem.event, problem.n


def _matters_of(
    here: Ground, work: Work, asked: str, tree: Sequence[str]
) -> dict[str, dict[str, frozenset[Any]]]:
    """What each unit of a tree has, with those below it: problems found in its jurisdiction or by one of them, and cases that they
    filed; a case that another authority's lead came to is of the one that is asked for."""
    found: dict[str, frozenset[Any]] = {}
    cases: dict[str, frozenset[Any]] = {}
    everyone = {asked, *units_in(here.units, asked)}
    for unit in tree:
        jurisdiction = jurisdiction_in(here, unit)
        below = {unit, *units_in(here.units, unit)}
        found[unit] = frozenset(
            _id_of(each) for each in work.problems if each.authority in below or sees(jurisdiction, each.whom)
        )
        cases[unit] = frozenset(
            each.id
            for each in work.cases
            if each.authority in below or (unit == asked and each.authority not in everyone)
        )
    closed = {unit: some & work.closed for unit, some in found.items()}
    return {"found": found, "closed": closed, "cases": cases}


def _registered(here: Ground, tree: Sequence[str], of: str) -> dict[str, frozenset[str]]:
    return {unit: covered(here, jurisdiction_in(here, unit), of).registered for unit in tree}


def _coverage_by_unit(
    here: Ground, subjects: Sequence[str], asked: str, tree: Sequence[str], names: Names
) -> tuple[CoverageRow, ...]:
    """Of makers, of dealers and of sites: the own numbers of each unit, by how much they come to more than the whole, and the whole."""
    rows: list[CoverageRow] = []
    for of in subjects:
        whole = covered(here, jurisdiction_in(here, asked), of)
        shares = own_shares(here, _registered(here, tree, of))
        own = [
            _coverage_row(PartyLink(unit, names.party(unit)), of, whole.of(shares[unit]), "own") for unit in tree
        ]  # fmt: skip
        total = _coverage_row(PartyLink(asked, names.party(asked)), of, whole)
        more = {what: sum(getattr(row, what) for row in own) - getattr(total, what) for what in WHAT}
        rows += [*own, replace(total, part="repeated", **more), total]
    return tuple(rows)


def _matters_by_unit(
    here: Ground, work: Work, asked: str, tree: Sequence[str], names: Names
) -> tuple[MattersRow, ...]:
    """The same of problems and cases."""
    each_has = _matters_of(here, work, asked, tree)
    total = MattersRow(
        unit=PartyLink(asked, names.party(asked)),
        found=len(each_has["found"][asked]),
        closed=len(each_has["closed"][asked]),
        cases=len(each_has["cases"][asked]),
    )
    if len(tree) == 1:
        return (total,)
    shares = {what: own_shares(here, of) for what, of in each_has.items()}
    own = [
        MattersRow(
            unit=PartyLink(unit, names.party(unit)),
            part="own",
            found=len(shares["found"][unit]),
            closed=len(shares["closed"][unit]),
            cases=len(shares["cases"][unit]),
        )
        for unit in tree
    ]
    more = {what: sum(getattr(row, what) for row in own) - getattr(total, what) for what in OF_MATTERS}
    return (*own, replace(total, part="repeated", **more), total)


def reports_due(
    tx: Connection, actor: Actor, parties: frozenset[str]
) -> tuple[tuple[KnownProgramme, str, Task | None, date], ...]:
    """What units among ``parties`` have still to do or report: (programme, unit, task, last day); without a task the summary."""
    found: list[tuple[KnownProgramme, str, Task | None, date]] = []
    open_ = programmes.programmes_of(tx, _issuers(tx, actor, own_parties(actor)))
    all_steps = programmes.steps_of(tx, [each.id for each in open_])
    for known in open_:
        steps = [step for step in all_steps if step.programme == known.id]
        if _ended_on(steps) is not None:
            continue
        done = {(step.unit, step.task) for step in steps if step.step == "done"}
        summed = {step.unit for step in steps if step.step == "summary"}
        for task in known.tasks:
            due = known.due_of(task)
            found += [
                (known, unit, task, due)
                for unit in task.units
                if due is not None and unit in parties and (unit, task.code) not in done
            ]
        if known.summary_due is not None:
            found += [
                (known, unit, None, known.summary_due)
                for unit in known.units
                if unit in parties and unit not in summed
            ]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """What a campaign asks of a party: ``kind`` self-check or commitment. ``done_on``: when it was recorded, None while it was not."""

    programme: str
    number: str
    name: str
    authority: PartyLink
    kind: str
    kind_name: Text
    due: date | None
    done_on: date | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheck:
    """A self-check or a commitment of the reader's own party."""

    kind: str
    kind_name: Text
    on: date
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfChecks:
    """``own``: the newest first."""

    asked: tuple[AskedRow, ...]
    own: tuple[OwnCheck, ...]


def asked_of(tx: Connection, actor: Actor, *, today: date) -> tuple[AskedRow, ...]:
    """What campaigns ask of the actor's own party, what is not done first: name and number of the campaign, and nothing else of it.

    It counts as done by what was recorded from the programme's first day on. Cost: all programmes that have not ended.
    """
    known = register.parties(tx, [actor.party]).get(actor.party)
    if known is None:
        return ()
    checks = programmes.checks_of(tx, actor.party)
    rows: dict[tuple[str, str], AskedRow] = {}
    begun = [each for each in programmes.all_programmes(tx) if today >= each.days[0]]
    steps = programmes.steps_of(tx, [each.id for each in begun])
    names = names_of(tx, {each.authority for each in begun})
    for each in begun:
        if _ended_on([step for step in steps if step.programme == each.id]) is not None:
            continue
        for task in each.tasks:
            role = ROLES.get(task.about or "", ("", None))[0]
            if not task.asks or not known.acts_as(frozenset({role})):
                continue
            if not any(lies_in(known, jurisdiction_on(tx, unit, today)) for unit in task.units):
                continue
            for kind in task.asks:
                done_on = next((c.on for c in checks if c.kind == kind and c.on >= each.days[0]), None)
                row = _asked(each, task, kind, done_on, names, today)
                rows.setdefault((each.id, kind), row)
    return tuple(
        sorted(rows.values(), key=lambda row: (row.done_on is not None, row.due or date.max, row.number))
    )


def asks(tx: Connection, actor: Actor, *, today: date) -> int:
    """How much of that is not done; 0 for whoever records nothing of the kind."""
    if not actor.reach(Action.RECORD_SELF_CHECK):
        return 0
    return sum(row.done_on is None for row in asked_of(tx, actor, today=today))


def _asked(
    known: KnownProgramme, task: Task, kind: str, done_on: date | None, names: Names, today: date
) -> AskedRow:
    due = known.due_of(task)
    if done_on is not None:
        standing = Standing("fine", Text("已登记", "recorded"))
    elif due is not None and due < today:
        late = (today - due).days
        standing = Standing("stop", Text(f"逾期 {late} 天", f"{late} days late"))
    else:
        standing = Standing("attention", Text("待办", "to do"))
    return AskedRow(
        programme=known.id, number=known.number, name=known.name, authority=PartyLink(known.authority, names.party(known.authority)),
        kind=kind, kind_name=KINDS[kind], due=due, done_on=done_on, standing=standing,
    )  # fmt: skip


def self_checks(tx: Connection, actor: Actor, *, today: date) -> SelfChecks:
    """What is asked of the actor's own party and what it has recorded."""
    actor.require(Action.RECORD_SELF_CHECK)
    return SelfChecks(asked=asked_of(tx, actor, today=today), own=_own_checks(tx, actor))


def _own_checks(tx: Connection, actor: Actor) -> tuple[OwnCheck, ...]:
    return tuple(
        OwnCheck(kind=each.kind, kind_name=KINDS[each.kind], on=each.on, event=each.event)
        for each in programmes.checks_of(tx, actor.party)
        if each.kind in ("self-check", "commitment")
    )


def days_of(known: KnownProgramme, phase: int) -> tuple[date, date]:
    """The first and the last day of a phase, of all of them for 0."""
    if phase == 0:
        return known.days
    return known.phases[phase - 1].opens_on, known.phases[phase - 1].closes_on


# --- rows ---------------------------------------------------------------------------------------------


def _issuers(tx: Connection, actor: Actor, own: frozenset[str]) -> frozenset[str]:
    """Whose programmes are open to the actor: its own authority's and its units', and those of all above it or of their departments."""
    parties = register.with_those_above(tx, [actor.party])
    line = {actor.party, *those_above(actor.party, parties)}
    return own | line | register.departments_of(tx, line)


def _row(
    known: KnownProgramme,
    steps: Sequence[KnownProgrammeStep],
    own: frozenset[str],
    names: Names,
    today: date,
) -> ProgrammeRow:
    phases = tuple(_phase(n, phase, today) for n, phase in enumerate(known.phases, start=1))
    opens_on, closes_on = known.days
    ended_on = _ended_on(steps)
    late = 0 if ended_on is not None else sum(
        unit in own and _is_late(known, task, unit, steps, today) for task in known.tasks for unit in task.units
    )  # fmt: skip
    return ProgrammeRow(
        id=known.id,
        number=known.number,
        name=known.name,
        authority=PartyLink(known.authority, names.party(known.authority)),
        issued_on=known.issued_on,
        opens_on=opens_on,
        closes_on=closes_on,
        phases=phases,
        standing=_standing(phases, ended_on, late),
        ended_on=ended_on,
        overdue=late,
        summary_due=known.summary_due,
        index=known.seq,
    )


def _standing(phases: Sequence[PhaseRow], ended_on: date | None, late: int) -> Standing:
    if ended_on is not None:
        return Standing("unknown", Text("已结束", "ended"))
    if late:
        return Standing("stop", Text(f"{late} 项任务逾期", f"{late} tasks overdue"))
    now = [phase for phase in phases if phase.is_now]
    if now:
        return Standing(
            "attention", Text("、".join(each.name for each in now), ", ".join(each.name for each in now))
        )
    return Standing("unknown", Text("不在阶段日期内", "between its phases"))


def _phase(n: int, phase: Phase, today: date) -> PhaseRow:
    if today < phase.opens_on:
        days = (phase.opens_on - today).days
        standing = Standing("unknown", Text(f"{days} 天后开始", f"begins in {days} days"))
    elif today > phase.closes_on:
        standing = Standing("unknown", Text("已过", "over"))
    else:
        left = (phase.closes_on - today).days
        standing = Standing("attention", Text(f"进行中，还有 {left} 天", f"going on, {left} days left"))
    return PhaseRow(
        n=n, name=phase.name, opens_on=phase.opens_on, closes_on=phase.closes_on, standing=standing,
        is_now=phase.opens_on <= today <= phase.closes_on,
    )  # fmt: skip


def _phase_of(known: KnownProgramme, asked: int | None, today: date) -> int:
    """The phase that was asked for if there is one, else that of today, else 0."""
    if asked is not None:
        return asked if 0 <= asked <= len(known.phases) else 0
    open_now = (
        n for n, phase in enumerate(known.phases, start=1) if phase.opens_on <= today <= phase.closes_on
    )
    return next(open_now, 0)


def _task(
    known: KnownProgramme,
    task: Task,
    steps: Sequence[KnownProgrammeStep],
    own: frozenset[str],
    names: Names,
    today: date,
) -> TaskRow:
    return TaskRow(
        code=task.code,
        text=task.text,
        about=None if task.about is None else ABOUT[task.about],
        phase="" if task.phase is None else known.phases[task.phase - 1].name,
        due=known.due_of(task),
        units=tuple(_at_unit(known, task, unit, steps, own, names, today) for unit in task.units),
        mine=bool(own.intersection(task.units)),
    )


def _at_unit(
    known: KnownProgramme,
    task: Task,
    unit: str,
    steps: Sequence[KnownProgrammeStep],
    own: frozenset[str],
    names: Names,
    today: date,
) -> UnitTask:
    link = PartyLink(unit, names.party(unit))
    if unit not in own:
        return UnitTask(unit=link, known=False, done_on=None, reports=0, standing=None)
    of_it = [step for step in steps if step.unit == unit and step.task == task.code]
    done_on = next((step.on for step in reversed(of_it) if step.step == "done"), None)
    due = known.due_of(task)
    if done_on is not None:
        standing = Standing("fine", Text("已完成", "done"))
    elif due is not None and due < today:
        late = (today - due).days
        standing = Standing("stop", Text(f"逾期 {late} 天", f"{late} days late"))
    elif of_it:
        standing = Standing("attention", Text("进行中", "going on"))
    else:
        standing = Standing("attention", Text("还没有报告", "nothing reported yet"))
    return UnitTask(
        unit=link, known=True, done_on=done_on, reports=len(of_it), standing=standing, is_overdue=standing.state == "stop"
    )  # fmt: skip


def _is_late(
    known: KnownProgramme, task: Task, unit: str, steps: Iterable[KnownProgrammeStep], today: date
) -> bool:
    due = known.due_of(task)
    return (
        due is not None
        and due < today
        and not any(step.step == "done" and (step.unit, step.task) == (unit, task.code) for step in steps)
    )


def _ended_on(steps: Iterable[KnownProgrammeStep]) -> date | None:
    return next((step.on for step in steps if step.step == "ended"), None)


def _next(tx: Connection, actor: Actor, known: KnownProgramme, row: ProgrammeRow) -> tuple[str, ...]:
    """What may be reported of the programme as a whole; it is ended by whoever issued it."""
    parties = register.with_those_above(tx, [actor.party, known.authority])
    issued = head_of(actor.party, parties) == head_of(known.authority, parties)
    return ("major-case", "summary", *(["ended"] if issued and row.ended_on is None else []))


def _coverage_row(unit: PartyLink, of: str, found: Covered, part: str = "whole") -> CoverageRow:
    return CoverageRow(
        unit=unit,
        of=of,
        of_name=ABOUT[of],
        registered=len(found.registered),
        inspected=len(found.inspected),
        left=len(found.left),
        sampled=len(found.sampled),
        self_checked=len(found.self_checked),
        committed=len(found.committed),
        part=part,
    )


def _reports(tx: Connection, steps: Sequence[KnownProgrammeStep], names: Names) -> tuple[ReportRow, ...]:
    """The newest first, in their newest versions."""
    events = {each.event_id: each for each in _as_they_stand(tx, [step.event for step in steps])}
    cases = investigation.cases(tx, {step.case for step in steps} - {""})
    leads = investigation.leads(tx, {step.lead for step in steps} - {""})
    rows = []
    for step in reversed(steps):
        event = events.get(step.event)
        if event is None:
            continue
        draft: Any = event.draft
        matter = cases.get(step.case) or leads.get(step.lead)
        rows.append(
            ReportRow(
                event=step.event,
                step=step.step,
                name=PROGRAMME_STEPS[step.step],
                unit=PartyLink(step.unit, names.party(step.unit)),
                entered_by=PartyLink(step.speaker, names.party(step.speaker)),
                on=step.on,
                task=step.task if step.step in OF_A_TASK else "",
                text=draft.body.text,
                figures=tuple(
                    FigureRow(name=each.name, value=each.value, unit=each.unit or "") for each in draft.body.figures
                ),
                case=step.case,
                lead=step.lead,
                matter="" if matter is None else matter.number,
                frozen_at=step.frozen_at,
                documents=tuple(
                    Attachment(each.sha256, each.name, each.media_type, each.size) for each in draft.documents
                ),
                index=step.seq,
            )
        )  # fmt: skip
    return tuple(rows)


def _as_they_stand(tx: Connection, ids: Sequence[str]) -> list[Recorded]:
    newest = register.newest_versions(tx, ids)
    rows = store.read_rows_by_id(tx, [*ids, *newest.values()]).values()
    return as_they_stand(sorted(map(read_recorded, rows), key=lambda each: each.seq))
