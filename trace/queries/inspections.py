"""Supervision work as readers see it: problems that inspections and self-checks found 排查台账, and the own authority's planned visits.

A problem is open to whoever was inspected, the authority that found it, and those in whose jurisdiction it lies. A planned visit is
its authority's own (`visibility`). Nothing is judged here: a day that has passed is a day that has passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..errors import InputError, Text, shown
from ..inspecting import register as inspecting
from ..model.checklists import Checklist, checklist_on
from ..model.inspecting import DONE, KnownDefect, KnownVisit
from ..model.involvement import sees
from ..registry import register
from .answers import Listed, Standing, cut
from .names import Names, names_of, region_name
from .registry import PartyLink
from .visibility import reading
from .wording import INSPECTIONS

#: How a problem stands, in words.
STATES: Mapping[str, Text] = {
    "open": Text("待整改", "to be put right"),
    "reported": Text("已整改，待复查", "said to be put right, to be re-checked"),
    "closed": Text("已销号", "closed"),
    "case": Text("转立案核查", "investigated"),
}
#: What may be asked for beside a state: whatever is not done, and what of it is past its day.
NOT_DONE, OVERDUE = "not-done", "overdue"
FILTERS: Mapping[str, Text] = {
    NOT_DONE: Text("未销号", "not closed"),
    OVERDUE: Text("已逾期", "overdue"),
    **STATES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRow:
    """One problem. ``n`` counts it in its inspection (``event``, of the paper ``number``) or self-check (``kind``; the party found it itself); ``last`` is the event of its last step, ""
    while there was none; ``days_left`` until its day, below zero when that has passed, None without a day and when it is done.
    ``may_step``: the reader may record what became of it."""

    event: str
    kind: str
    n: int
    number: str
    text: str
    item: str
    party: PartyLink | None
    region: str
    region_name: Text
    authority: PartyLink
    found_on: date
    due: date | None
    days_left: int | None
    state: str
    standing: Standing
    changed_on: date | None
    last: str
    may_step: bool

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectCounts:
    """How many there are by each filter, of all that the reader may see."""

    of: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A planned visit; ``index`` is that of the ledger from which on it was planned. ``inspection``: the event by which it took place."""

    event: str
    number: str
    type: str
    type_name: Text
    opens_on: date
    closes_on: date
    party: PartyLink | None
    project: str
    project_name: str
    region: str
    region_name: Text
    inspection: str
    index: int


def defects(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    chosen: str = "",
    party: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Listed[DefectRow]:
    """Those that are due first; what has no day behind these. ``chosen``: one of `FILTERS`, "" for all. Cost: all rows of the register."""
    if chosen and chosen not in FILTERS:
        raise InputError.of(
            "wrong-input",
            f"没有「{shown(chosen)}」这种状态",
            f"there is no state {shown(chosen)!r}",
            came=chosen,
            where="state",
        )
    known = [
        each
        for each in _open_defects(tx, actor)
        if _is_chosen(each, chosen, today) and party in (None, each.party)
    ]
    known = sorted((each for each in known if after is None or _place(each) > after), key=_place)
    page = cut(known[: limit + 1], limit, _place)
    names = names_of(tx, {id_ for each in page.rows for id_ in (each.party, each.authority)})
    return Listed(tuple(_row(each, actor, names, today) for each in page.rows), page.after)


def defect_counts(tx: Connection, actor: Actor, *, today: date) -> DefectCounts:
    known = _open_defects(tx, actor)
    return DefectCounts(
        of={chosen: sum(_is_chosen(each, chosen, today) for each in known) for chosen in FILTERS}
    )


def overdue_defects(tx: Connection, actor: Actor, *, today: date) -> int:
    """How many problems are past their day that the actor is to do something about: none for who only reads."""
    if not actor.reach(Action.RECORD_RECTIFICATION) or not actor.reach(Action.READ_DEFECTS):
        return 0
    return sum(_is_chosen(each, OVERDUE, today) for each in _open_defects(tx, actor))


def defects_of(tx: Connection, actor: Actor, inspection: str, *, today: date) -> tuple[DefectRow, ...]:
    """The problems of one inspection that are open to the actor."""
    if not actor.reach(Action.READ_DEFECTS):
        return ()
    scope = reading(actor, Action.READ_DEFECTS)
    known = [each for each in inspecting.defects_of(tx, inspection) if sees(scope, each.whom)]
    names = names_of(tx, {id_ for each in known for id_ in (each.party, each.authority)})
    return tuple(_row(each, actor, names, today) for each in known)


def visits(tx: Connection, actor: Actor) -> tuple[VisitRow, ...]:
    """The own authority's, those to come first."""
    scope = reading(actor, Action.READ_CASES)
    known = [each for each in inspecting.visits(tx) if scope.sees_party(each.authority)]
    names = names_of(tx, {each.party for each in known}, {each.project for each in known})
    rows = (_visit(each, names) for each in known)
    return tuple(sorted(rows, key=lambda row: (bool(row.inspection), row.opens_on, row.index)))


def checklist_for(tx: Connection, visit: KnownVisit, today: date) -> str:
    """The version of the list that a visit most likely needs; "" where nothing tells."""
    checklist = checklist_on("site", today) if visit.project else checklist_of(tx, visit.party, today)
    return "" if checklist is None else checklist.id


def checklist_of(tx: Connection, party: str, today: date) -> Checklist | None:
    """The list of what a party is: of a maker that of makers; None where nothing tells."""
    known = register.parties(tx, [party]).get(party) if party else None
    roles = () if known is None else known.roles
    return checklist_on(next((of for role, of in _LIST_OF if role in roles), ""), today)


_LIST_OF = (
    ("manufacturer", "maker"),
    ("distributor", "distributor"),
    ("contractor", "site"),
    ("owner", "site"),
)


def _open_defects(tx: Connection, actor: Actor) -> list[KnownDefect]:
    scope = reading(actor, Action.READ_DEFECTS)
    return [each for each in inspecting.defects(tx) if sees(scope, each.whom)]


def _is_chosen(known: KnownDefect, chosen: str, today: date) -> bool:
    if chosen == NOT_DONE:
        return known.state not in DONE
    if chosen == OVERDUE:
        return known.state not in DONE and known.due is not None and known.due < today
    return chosen in ("", known.state)


def _place(known: KnownDefect) -> str:
    """Where it stands in the list: a text that sorts as the list does, and serves as its cursor."""
    due = "9999-99-99" if known.due is None else known.due.isoformat()
    return f"{due}.{known.seq:016d}.{known.n:03d}"


def _row(known: KnownDefect, actor: Actor, names: Names, today: date) -> DefectRow:
    is_done = known.state in DONE
    days_left = None if is_done or known.due is None else (known.due - today).days
    return DefectRow(
        event=known.event,
        kind=known.kind,
        n=known.n,
        number=known.number,
        text=known.text,
        item=known.item,
        party=PartyLink(known.party, names.party(known.party)) if known.party else None,
        region=known.region,
        region_name=region_name(known.region),
        authority=PartyLink(known.authority, names.party(known.authority)),
        found_on=known.found_on,
        due=known.due,
        days_left=days_left,
        state=known.state,
        standing=_standing(known.state, days_left),
        changed_on=known.changed_on,
        last=known.last,
        may_step=not is_done and _may_step(actor, known),
    )


def _standing(state: str, days_left: int | None) -> Standing:
    if days_left is not None and days_left < 0:
        word = STATES[state]
        return Standing(
            "stop", Text(f"{word.zh}，逾期 {-days_left} 天", f"{word.en}, {-days_left} days late")
        )
    return Standing("fine" if state == "closed" else "attention", STATES[state])


def _may_step(actor: Actor, known: KnownDefect) -> bool:
    reach = actor.reach(Action.RECORD_RECTIFICATION)
    return reach >= Reach.JURISDICTION or (reach >= Reach.OWN and actor.party == known.party)


def _visit(known: KnownVisit, names: Names) -> VisitRow:
    return VisitRow(
        event=known.event,
        number=known.number,
        type=known.type,
        type_name=INSPECTIONS[known.type],
        opens_on=known.opens_on,
        closes_on=known.closes_on,
        party=PartyLink(known.party, names.party(known.party)) if known.party else None,
        project=known.project,
        project_name=names.project(known.project) if known.project else "",
        region=known.region,
        region_name=region_name(known.region),
        inspection=known.inspection,
        index=known.seq,
    )
