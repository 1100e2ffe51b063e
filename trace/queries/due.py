"""What is due 到期: terms of leads, cases, samples and measures of the reader's own authority, and its unit's monthly form, the most urgent first.

A week ends on its Sunday (Asia/Shanghai). Three readings of the same list: of all that the reader's place in the tree of units gives
it, of its own unit alone, and of what it is named for, or has entered, itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..flow import books
from ..inspecting import samples
from ..intake.recorded import read_recorded
from ..investigation import register
from ..ledger import store
from ..model.case_path import CASE_ENDED, LEAD_ENDED
from ..model.deadlines import (
    deadlines_of_case,
    deadlines_of_lead,
    deadlines_of_sample,
    objections_end,
    term_on,
)
from ..model.investigation import KnownCase, KnownLead
from ..model.monthly import OWED_IN
from ..model.working_days import Calendar
from ..personal import disclosures
from ..personal.names import spelled
from ..registry.register import calendar_known
from .answers import Standing, time_left
from .cases import OWN_TERMS, DeadlineRow, deadline_rows, own_parties
from .holds import hold_rows
from .listings import listing_list
from .monthly import forms_due
from .names import Names, names_of
from .programmes import reports_due
from .registry import PartyLink
from .requests import open_requests
from .rows import batch_rows

#: Whose work is listed: of the whole authority as far as the reader sees it, of its own unit, its own.
Whose = Literal["all", "unit", "me"]
When = Literal["overdue", "this-week", "later", "stopped"]

#: So many open leads, and cases, are looked at, the newest first.
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One term that is open. ``kind``: lead, case, measure, request, sample (``id``: of its sampling), programme, listing or monthly (form; ``id``: the month); ``title`` its number; ``what`` the term; ``unit`` who has it.

    ``days_left`` negative when overdue, None while the clock stands still. ``binds``: whom the term binds: the authority itself, the
    party, the police, another authority that was asked (``other``).
    """

    kind: Literal["lead", "case", "measure", "request", "sample", "programme", "listing", "monthly"]
    id: str
    title: str
    about: str
    href: str
    what: Text
    binds: str
    due: date | None
    days_left: int | None
    tentative: bool
    clause: str
    standing: Standing
    unit: PartyLink
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Everything that is open, the most urgent first; ``counts`` of each time. ``week_ends``: the Sunday of this week."""

    rows: tuple[DueRow, ...]
    counts: dict[str, int]
    today: date
    week_ends: date
    whose: Whose


def what_is_due(
    tx: Connection, actor: Actor, *, today: date, whose: Whose = "all", names_key: bytes | None = None
) -> Due:
    """What is due for the reader. ``names_key``: under which responsible persons are looked up, for ``me``.

    Cost: all open leads and cases of the authority, and its measures that were not ended.
    """
    own, calendar = own_parties(actor), calendar_known(tx)
    parties = frozenset({actor.party}) if whose == "unit" else own
    leads = register.leads_where(
        tx, register.lead_is_of(parties), register.lead.c.state.not_in(sorted(LEAD_ENDED)), limit=_MOST
    )
    cases = register.cases_where(
        tx, register.case_is_of(parties), register.case.c.state.not_in(sorted(CASE_ENDED)), limit=_MOST
    )
    if whose == "me":
        mine = _mine(tx, actor, (*leads, *cases), names_key)
        leads, cases = (
            [each for each in leads if each.id in mine],
            [each for each in cases if each.id in mine],
        )
    names = names_of(
        tx,
        {id_ for each in leads for id_ in (each.authority, each.assigned_to)}
        | {each.authority for each in cases}
        | own,
    )
    rows = [*_of_leads(leads, names, today, calendar), *_of_cases(cases, names, today, calendar)]
    if whose != "me":
        rows += _of_requests(tx, actor, parties, today)
        rows += _of_samples(tx, parties, names, today, calendar)
        rows += _of_programmes(tx, actor, parties, today)
        rows += _of_listings(tx, actor, parties, today)
        rows += _of_monthly_forms(tx, actor, names, today)
        rows += _of_measures(tx, actor, parties, names, today, calendar)
    rows.sort(key=lambda row: (row.due is None, row.due or today, row.title))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.when] = counts.get(row.when, 0) + 1
    return Due(rows=tuple(rows), counts=counts, today=today, week_ends=sunday_of(today), whose=whose)


def sunday_of(day: date) -> date:
    """The last day of the week of a day."""
    return day + timedelta(days=6 - day.weekday())


def _when(due: date | None, today: date) -> When:
    if due is None:
        return "stopped"
    if due < today:
        return "overdue"
    return "this-week" if due <= sunday_of(today) else "later"


def _of_leads(leads: Iterable[KnownLead], names: Names, today: date, calendar: Calendar) -> Iterator[DueRow]:
    for lead in leads:
        for row in _open(deadline_rows(deadlines_of_lead(lead, calendar), today)):
            unit = lead.assigned_to or lead.authority
            yield _row(
                "lead", lead.id, lead.number, lead.text, f"/leads/{lead.id}", row, _link(unit, names), today
            )


def _of_cases(cases: Iterable[KnownCase], names: Names, today: date, calendar: Calendar) -> Iterator[DueRow]:
    for case in cases:
        for row in _open(deadline_rows(deadlines_of_case(case, calendar), today)):
            unit = _link(case.authority, names)
            yield _row("case", case.id, case.number, case.text, f"/cases/{case.id}", row, unit, today)


def _open(rows: Iterable[DeadlineRow]) -> Iterator[DeadlineRow]:
    return (row for row in rows if row.met_on is None)


def _row(
    kind: Literal["lead", "case"],
    id_: str,
    title: str,
    about: str,
    href: str,
    row: DeadlineRow,
    unit: PartyLink,
    today: date,
) -> DueRow:
    return DueRow(
        kind=kind, id=id_, title=title, about=about, href=href, what=row.title,
        binds="authority" if row.whose in OWN_TERMS else row.whose,
        due=row.due, days_left=row.days_left, tentative=row.tentative, clause=row.clause, standing=row.standing,
        unit=unit, when=_when(row.due, today),
    )  # fmt: skip


def _of_requests(tx: Connection, actor: Actor, parties: frozenset[str], today: date) -> Iterator[DueRow]:
    """Requests that were received and are to be replied to: here, or by the authority that was asked."""
    for each in open_requests(tx, actor, today=today):
        if each.due is None or not {each.authority.id, each.to.id} & parties:
            continue
        here = each.to.id in parties
        yield DueRow(
            kind="request", id=each.id, title=each.number, about=each.authority.name if here else each.to.name,
            href=f"/requests/{each.id}", what=each.due.title, binds="authority" if here else "other", due=each.due.due,
            days_left=each.due.days_left, tentative=each.due.tentative, clause=each.due.clause, standing=each.due.standing,
            unit=each.to, when=_when(each.due.due, today),
        )  # fmt: skip


def _of_samples(
    tx: Connection, parties: frozenset[str], names: Names, today: date, calendar: Calendar
) -> Iterator[DueRow]:
    """Results that are to be served, terms to object, samples to be returned; a result to be declared final once all terms are over."""
    table = samples.sample
    ours = (table.c.authority.in_(sorted(parties)), table.c.type == "supervision")
    for known in samples.samples_where(tx, *ours, limit=_MOST):
        over = known.state in ("served", "settled") and (
            (ends := objections_end(known, calendar)) is None or ends < today or known.state == "settled"
        )
        for row in _open(deadline_rows(deadlines_of_sample(known, calendar), today)):
            binds = "party" if row.whose == "party" and not over else "authority"
            what = _FINAL_NOW if over and row.whose == "party" else row.title
            yield DueRow(
                kind="sample", id=known.event, title=known.number, about=known.product, href=f"/samples/{known.event}", what=what,
                binds=binds, due=row.due, days_left=row.days_left, tentative=row.tentative, clause=row.clause, standing=row.standing,
                unit=_link(known.authority, names), when=_when(row.due, today),
            )  # fmt: skip


_FINAL_NOW = Text("异议期已满，登记结果生效", "the term to object is over: declare the result final")


def _of_programmes(tx: Connection, actor: Actor, parties: frozenset[str], today: date) -> Iterator[DueRow]:
    """Tasks of special campaigns that are not done, and summaries that were not submitted."""
    open_ = reports_due(tx, actor, parties)
    names = names_of(tx, {unit for _, unit, _, _ in open_})
    for known, unit, task, due in open_:
        days_left = (due - today).days
        what = (
            Text("报送总结", "submit the summary")
            if task is None
            else Text(f"任务 {task.code}：{task.text}"[:60], f"task {task.code}: {task.text}"[:60])
        )
        yield DueRow(
            kind="programme", id=known.id, title=known.number, about=known.name, href=f"/programmes/{known.id}", what=what, binds="authority",
            due=due, days_left=days_left, tentative=False, clause="", standing=time_left(days_left),
            unit=_link(unit, names), when=_when(due, today),
        )  # fmt: skip


def _of_listings(tx: Connection, actor: Actor, parties: frozenset[str], today: date) -> Iterator[DueRow]:
    """Listed supervision that was not lifted, at the unit that is responsible, and at an authority to which it was reported."""
    for each in listing_list(tx, actor, today=today):
        told = {each.unit.id} | ({each.escalated_to.id} if each.escalated_to is not None else set())
        if each.lifted_on is not None or not told & parties:
            continue
        what = (
            Text("挂牌督办整改", "listed: to be put right")
            if each.escalated_to is None
            else Text("挂牌督办整改，已上报", "listed: to be put right, reported to the superior")
        )
        yield DueRow(
            kind="listing", id=each.id, title=each.number, about=each.name, href=f"/listings/{each.id}", what=what, binds="authority",
            due=each.due, days_left=each.days_left, tentative=False, clause="", standing=time_left(each.days_left), unit=each.unit,
            when=_when(each.due, today),
        )  # fmt: skip


def _of_monthly_forms(tx: Connection, actor: Actor, names: Names, today: date) -> Iterator[DueRow]:
    """The reader's own unit's forms that were not submitted: that of this month, and those that are late; of a unit that owes any."""
    if not any(region.startswith(OWED_IN) for region in actor.own_scope_for(Action.READ_CASES).regions):
        return
    term = term_on("monthly-form", today)
    for month in forms_due(tx, actor.party, today):
        days_left = (month.due - today).days
        yield DueRow(
            kind="monthly", id=month.format(), title=month.format(), about=names.party(actor.party),
            href=f"/monthly/{actor.party}/{month.format()}", what=Text("报送月报", "submit the monthly form"), binds="authority", due=month.due,
            days_left=days_left, tentative=False, clause=f"{term.source}{term.clause}", standing=time_left(days_left),
            unit=_link(actor.party, names), when=_when(month.due, today),
        )  # fmt: skip


def _of_measures(
    tx: Connection, actor: Actor, parties: frozenset[str], names: Names, today: date, calendar: Calendar
) -> Iterator[DueRow]:
    """Measures that were not ended: a registration until it lapses, a sealing or seizure until a decision."""
    table = books.hold
    of_us = (table.c.by.in_(sorted(parties)), table.c.ended_on.is_(None), table.c.type != "recall")
    codes = sorted(set(tx.execute(select(table.c.batch).where(*of_us)).scalars()))  # hold_by_authority
    rows = {row.code: row for row in batch_rows(tx, codes, actor.scope_for(Action.READ_BATCH))}
    for code, book in books.read_books(tx, codes).items():
        for hold in hold_rows([each for each in book.holds if each.by in parties], names, today, calendar):
            if not hold.in_force or hold.ends is None or code not in rows:
                continue
            yield DueRow(
                kind="measure", id=f"{code}/{hold.number}", title=hold.number, about=f"{rows[code].designation} {rows[code].lot}",
                href=f"/batches/{code}#holds", what=Text(f"{hold.title.zh}到期", f"{hold.title.en}: ends"), binds="authority",
                due=hold.ends, days_left=hold.days_left, tentative=hold.tentative, clause="市场监督管理行政处罚程序规定第三十五、三十八条",
                standing=time_left(hold.days_left), unit=_link(hold.by, names), when=_when(hold.ends, today),
            )  # fmt: skip


def _link(id_: str, names: Names) -> PartyLink:
    return PartyLink(id_, names.party(id_))


def _mine(
    tx: Connection, actor: Actor, some: Sequence[KnownLead | KnownCase], names_key: bytes | None
) -> frozenset[str]:
    """The ids of those in which the reader is named, or of which its account has entered something."""
    of_event = {
        event: known.id for known in some for event in (known.event, *(step.event for step in known.steps))
    }
    named: set[str] = set()
    if names_key is not None and spelled(actor.name):
        named = {event for event, _ in disclosures.named(tx, names_key, actor.name)}
    entered = {
        id_
        for id_, row in store.read_rows_by_id(tx, list(of_event)).items()
        if read_recorded(row).account == actor.account
    }
    return frozenset(of_event[event] for event in (named | entered) & of_event.keys())


def due_this_week(tx: Connection, actor: Actor, today: date) -> tuple[int, int]:
    """How many open terms of leads, cases, replies, samples and tasks of the reader's authority are overdue, and how many end this week: those that bind
    the authority itself."""
    if not actor.reach(Action.READ_CASES):
        return 0, 0
    rows = [
        row
        for row in what_is_due(tx, actor, today=today).rows
        if row.binds == "authority" and row.kind != "measure"
    ]
    return sum(row.when == "overdue" for row in rows), sum(row.when == "this-week" for row in rows)
