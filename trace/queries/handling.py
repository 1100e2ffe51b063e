"""What the reader's own authority did about alerts: given to a unit, dismissed, a lead made of it, or nothing yet.

An authority's handling is its own, as leads and cases are (`visibility`): to whoever an alert is about, and to other authorities, it
stands as nobody had touched it. Only what was found out about an alert from checks is told to all who see the alert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select, tuple_

from ..alerts.register import alert
from ..alerts.rules import Alert
from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..investigation import alerts as steps_register
from ..investigation import register as investigation
from ..ledger import store
from ..model.investigation import KnownAlertStep
from ..registry.register import suspicion
from .names import names_of
from .registry import PartyLink

#: How an alert stands with the reader's authority.
HANDLINGS: Mapping[str, Text] = {
    "new": Text("待处理", "new"),
    "assigned": Text("已交办", "assigned"),
    "lead": Text("已转线索", "made a lead"),
    "confirmed": Text("已确认", "confirmed"),
    "dismissed": Text("已排除", "dismissed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How an alert stands with the reader's authority, one of `HANDLINGS`. Of the newest step: by whom, when, ``to`` which unit and why;
    ``event`` is that step, "" where there is none. ``lead``: the id of the lead that came of it, with its number."""

    state: str
    word: Text
    on: date | None = None
    by: PartyLink | None = None
    to: PartyLink | None = None
    text: str = ""
    event: str = ""
    lead: str = ""
    lead_number: str = ""

    @property
    def may_be(self) -> tuple[str, ...]:
        """The steps that could come next; a lead goes on by itself, and what was found out has its own correction."""
        if self.state == "dismissed" and self.event:
            return ("reopened",)
        return ("assigned", "dismissed") if self.state in ("new", "assigned") else ()


def handlings(
    tx: Connection, actor: Actor, found: Iterable[Alert], results: Mapping[int, str]
) -> dict[tuple[int, str], Handling]:
    """(index, rule) -> how it stands, of these alerts; nothing for whoever handles none. ``results``: of findings, by index."""
    if not actor.reach(Action.READ_CASES):
        return {}
    parties = actor.scope_for(Action.READ_CASES).parties
    about = {(each.seq, each.rule) for each in found}
    newest = steps_register.newest_of(tx, parties, {index for index, _ in about}) if about else {}
    leads = _leads_of(tx, parties, {index for index, _ in about})
    names = names_of(tx, {id_ for each in newest.values() for id_ in (each.authority, each.to)} - {""})
    return {
        key: _handling(newest.get(key), leads.get(key), results.get(key[0], ""), names.party) for key in about
    }


def _handling(
    step: KnownAlertStep | None, lead: tuple[str, str] | None, result: str, name: Callable[[str], str]
) -> Handling:
    of_step = {"assigned": "assigned", "dismissed": "dismissed"}.get("" if step is None else step.step, "new")
    state = result or ("lead" if lead else of_step)
    lead_id, number = lead or ("", "")
    return Handling(
        state=state,
        word=HANDLINGS[state],
        on=None if step is None else step.on,
        by=None if step is None else PartyLink(step.authority, name(step.authority)),
        to=PartyLink(step.to, name(step.to)) if step is not None and step.to else None,
        text="" if step is None else step.text,
        event="" if step is None else step.event,
        lead=lead_id,
        lead_number=number,
    )


def _leads_of(
    tx: Connection, parties: frozenset[str], indexes: Iterable[int]
) -> dict[tuple[int, str], tuple[str, str]]:
    """(index, rule) -> the newest lead of these parties that came of that alert: id and number."""
    lead, entry = investigation.lead, store.entry
    rows = tx.execute(
        select(entry.c.seq, lead.c.rule, lead.c.id, lead.c.number)
        .join(entry, entry.c.event_id == lead.c.origin)
        .where(entry.c.seq.in_(sorted(indexes)), lead.c.rule != "", investigation.lead_is_of(parties))
        .order_by(lead.c.seq)
    )
    return {(row.seq, row.rule): (row.id, row.number) for row in rows}


def standing_as(actor: Actor, state: str) -> ColumnElement[bool]:
    """The condition on `alert` that it stands so with the reader's authority; to whoever handles none all are new but those about
    which something was found out."""
    parties = actor.scope_for(Action.READ_CASES).parties if actor.reach(Action.READ_CASES) else frozenset()
    key, lead, entry = tuple_(alert.c.seq, alert.c.rule), investigation.lead, store.entry
    made = (
        select(entry.c.seq, lead.c.rule)
        .join(entry, entry.c.event_id == lead.c.origin)
        .where(lead.c.rule != "", investigation.lead_is_of(parties))
    )
    confirmed, excluded = (
        alert.c.seq.in_(select(suspicion.c.seq).where(suspicion.c.result == result))
        for result in ("confirmed", "dismissed")
    )
    is_lead = key.in_(made)
    given = key.in_(steps_register.standing_at(parties, ("assigned",)))
    dismissed = key.in_(steps_register.standing_at(parties, ("dismissed",)))
    found_out = or_(confirmed, excluded)
    match state:
        case "confirmed":
            return confirmed
        case "dismissed":
            return or_(excluded, and_(dismissed, not_(is_lead), not_(confirmed)))
        case "lead":
            return and_(is_lead, not_(found_out))
        case "assigned":
            return and_(given, not_(is_lead), not_(found_out))
    return not_(or_(found_out, is_lead, given, dismissed))
