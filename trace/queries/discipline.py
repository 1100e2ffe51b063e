"""Transfers to the organ of discipline 行纪衔接 for the accounts that are named in them, and the signs that a case's own records show.

Everything here is asked by account (`investigation.discipline`). To anybody else, of the same authority too, there is none: not in lists,
by id, by its events or its files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..investigation import discipline
from ..investigation import register as investigation
from ..model.discipline import (
    DISCIPLINE_MOVES,
    DISCIPLINE_STATES,
    DISCIPLINE_STEPS,
    OF_THE_SIGNER,
    OUTCOMES,
    Ground,
    KnownDiscipline,
    grounds,
    grounds_on,
)
from ..model.investigation import KnownCase
from ..model.persons import OFFICIAL
from ..personal import disclosures
from .answers import Standing
from .cases import case_of, own_parties
from .crime import CrimeEstimate, crime_estimate
from .names import names_of
from .registry import PartyLink


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineRow:
    """One line of the list. ``ground`` in its words on the day on which it was drawn up."""

    id: str
    number: str
    ground: Text
    organ: str
    on: date
    state: str
    standing: Standing
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineStepRow:
    event: str
    step: str
    name: Text
    on: date
    account: str
    number: str
    outcome: Text | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplinePage:
    """One transfer. ``official``: the name, "" where it is not disclosed any more; ``account``, ``signer`` and ``handlers`` are accounts, which
    the page names; ``case``: id and number, where it was found in one. ``next``: the steps that the reader may record."""

    row: DisciplineRow
    event: str
    authority: PartyLink
    official: str
    unit: str
    post: str
    facts: str
    basis: str
    certainty: str
    account: str
    signer: str
    handlers: tuple[str, ...]
    case: tuple[str, str] | None
    steps: tuple[DisciplineStepRow, ...]
    next: tuple[str, ...]

    @property
    def accounts(self) -> frozenset[str]:
        """All that the page names."""
        return frozenset({self.account, self.signer, *self.handlers, *(step.account for step in self.steps)})


def discipline_list(tx: Connection, actor: Actor) -> tuple[DisciplineRow, ...]:
    """Those in which the actor's account is named, the newest first."""
    return tuple(map(_row, discipline_known(tx, actor).values()))


def discipline_known(
    tx: Connection, actor: Actor, ids: Iterable[str] | None = None
) -> Mapping[str, KnownDiscipline]:
    """Those of which the actor may know: named by account, and of the own tree of units. Raises InputError ``not-signed-in`` or ``not-allowed``."""
    own = own_parties(actor)
    found = discipline.known_to(tx, actor.account, ids)
    return {id_: each for id_, each in found.items() if each.authority in own}


def discipline_page(tx: Connection, actor: Actor, id_: str) -> DisciplinePage | None:
    """One of them; None where it is not the actor's to know."""
    known = discipline_known(tx, actor, [id_]).get(id_)
    if known is None:
        return None
    ground = _ground_of(known)
    opened = disclosures.read(tx, [known.event]).get(known.event, ())
    cases = investigation.cases(tx, [known.case]) if known.case else {}
    return DisciplinePage(
        row=_row(known),
        event=known.event,
        authority=PartyLink(known.authority, names_of(tx, {known.authority}).party(known.authority)),
        official=next((each.value for each in opened if each.pointer == OFFICIAL), ""),
        unit=known.unit,
        post=known.post,
        facts=known.facts,
        basis=f"《{ground.source}》{ground.clause}",
        certainty=ground.certainty,
        account=known.account,
        signer=known.signer,
        handlers=known.handlers,
        case=(known.case, cases[known.case].number) if known.case in cases else None,
        steps=tuple(
            DisciplineStepRow(
                event=each.event,
                step=each.step,
                name=DISCIPLINE_STEPS[each.step],
                on=each.on,
                account=each.account,
                number=each.number,
                outcome=OUTCOMES[each.outcome] if each.outcome else None,
                text=each.text,
            )
            for each in known.steps
        ),
        next=steps_for(known, actor.account) if actor.reach(Action.RECORD_DISCIPLINE_STEP) else (),
    )


def steps_for(known: KnownDiscipline, account: str) -> tuple[str, ...]:
    """The steps that this account could record next."""
    leads = account in (known.account, known.signer)
    return tuple(
        move.step
        for move in DISCIPLINE_MOVES
        if known.state in move.states
        and (move.step not in OF_THE_SIGNER or account == known.signer)
        and (move.step != "handlers" or leads)
    )


_STANDING = {"refused": "unknown", "dropped": "unknown", "answered": "fine"}


def _row(known: KnownDiscipline) -> DisciplineRow:
    state = known.state
    return DisciplineRow(
        id=known.id,
        number=known.number,
        ground=_ground_of(known).title,
        organ=known.organ,
        on=known.on,
        state=state,
        standing=standing_of(state),
        index=known.seq,
    )


def standing_of(state: str) -> Standing:
    return Standing(_STANDING.get(state, "attention"), DISCIPLINE_STATES[state])  # type: ignore[arg-type]


def _ground_of(known: KnownDiscipline) -> Ground:
    """As it was in force on its day; for one that is not any more, its first version."""
    in_force = grounds_on(known.on).get(known.ground)
    return in_force or next(each for each in grounds() if each.code == known.ground)


# --- signs in a case ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What the records of a case show of a ground: an estimate, to be judged by people. ``says``: what was compared."""

    title: Text
    basis: str
    standing: Standing
    says: Text


_SIGNS = {
    "shown": Standing("attention", Text("有迹象（估算，待认定）", "there are signs (estimate, to be judged)")),
    "unknown": Standing("unknown", Text("价格不全，不能判断（估算，待认定）", "prices are missing (estimate, to be judged)")),
    "none": Standing("unknown", Text("记录中没有迹象（估算，待认定）", "the records show no sign (estimate, to be judged)")),
}  # fmt: skip


def signs_of_case(tx: Connection, actor: Actor, id_: str, today: date) -> tuple[Sign, ...]:
    """The grounds that the records of a case can show, and whether they do; none for a case that is not the actor's to read."""
    case = case_of(tx, actor, id_)
    if case is None:
        return ()
    matter, frozen_at = case.scope
    crime = crime_estimate(tx, actor, matter, frozen_at, today)
    return tuple(
        _sign(each, case, crime)
        for each in grounds_on(today).values()
        if each.reckoned and each.code == "not-transferred"
    )


def _sign(ground: Ground, case: KnownCase, crime: CrimeEstimate | None) -> Sign:
    """Not transferred: a threshold of prosecution is reached by what is known, the case was decided, and nothing went to the police."""
    transferred = case.last("transferred-police") is not None
    if transferred or case.decision is None:
        kind = "none"
        says = (
            Text("已有移送公安的记录", "a transfer to the police is on record")
            if transferred
            else Text("案件尚未决定", "the case was not decided yet")
        )
    elif crime is None or crime.estimate == "unknown":
        kind = "unknown"
        says = Text("涉案金额算不出来，已作决定，没有移送公安的记录", "the amounts are not known; it was decided, and no transfer to the police is on record")  # fmt: skip
    elif crime.estimate == "reached":
        kind = "shown"
        says = Text("达到追诉标准，已作决定，没有移送公安的记录", "a threshold is reached; it was decided, and no transfer to the police is on record")  # fmt: skip
    else:
        kind = "none"
        says = Text("未达到追诉标准", "no threshold is reached")
    return Sign(
        title=ground.title, basis=f"《{ground.source}》{ground.clause}", standing=_SIGNS[kind], says=says
    )
