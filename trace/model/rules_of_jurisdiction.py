"""Rules about where an authority's word reaches: what it says about others lies in its jurisdiction 辖区.

An authority's act on the spot names its place, and the policy asks that the place be its own (`auth.policy`). What it
says from its desk, about an event, a batch or a party, is about something that stands on the ledger already: here the
ledger is asked where that is.
"""

from __future__ import annotations

from typing import Any

from ..errors import Text
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .reach import known_batch
from .rules_of_speaking import AUTHORITIES, acts_as
from .values import party_id


def _elsewhere(claim: Claim, draft: Any) -> Finding | None:
    if claim.jurisdiction.everything or not acts_as(claim, AUTHORITIES):
        return None
    place = draft.place
    if _acts_on_the_spot(draft) and place is not None and claim.jurisdiction.sees_region(place.region):
        return None
    whom = _concerned(claim, draft)
    if whom is None or sees(claim.jurisdiction, whom):
        return None
    return Finding(
        "/subject",
        "",
        Text("所涉地区不在本单位辖区", "the regions that it concerns lie outside your jurisdiction"),
        Text(
            "请所涉地区的监管部门作出，或请共同的上级处理",
            "ask the authority of a region that it concerns, or the superior of both",
        ),
    )


def _acts_on_the_spot(draft: Any) -> bool:
    """Whether it is an act on goods that the officers have before them: a measure that says which."""
    return bool(
        draft.kind == "measure"
        and (draft.body.units or draft.body.length_mm or draft.body.of or draft.body.against)
    )


def _concerned(claim: Claim, draft: Any) -> frozenset[str] | None:
    """Whom the subject concerns; None where that is unknown, which other rules name, or asks for no jurisdiction."""
    subject, state = draft.subject, claim.state
    if hasattr(subject, "event"):
        known = state.events[subject.event]
        if known is None or known.speaker == claim.speaker or _was_asked(claim, known.original):
            return None
        return known.whom | _seat(claim, known.speaker)
    if subject.batch is not None:
        batch = known_batch(subject.batch, state)
        return None if batch is None else state.involved[batch[0].code]
    if subject.goods is not None:
        goods = state.goods[subject.goods]
        return None if goods is None or goods.region is None else frozenset({f"r:{goods.region}"})
    return _seat(claim, party_id(subject.party)) or None


def _was_asked(claim: Claim, original: Any) -> bool:
    """Whether the event was a notice to the speaker, which it may answer wherever it came from."""
    return original.kind == "notice" and claim.speaker in {party_id(ref) for ref in original.body.recipients}


def _seat(claim: Claim, id_: str) -> frozenset[str]:
    """Where a party is registered."""
    party = claim.state.parties.get(id_)
    return frozenset() if party is None or party.region is None else frozenset({f"r:{party.region}"})


OUTSIDE_JURISDICTION = Rule(
    "outside-jurisdiction", Weight.AUTHORITY,
    Text("超出辖区", "outside the jurisdiction"),
    Text("市场监管部门管辖本辖区内的事（市场监督管理行政处罚程序规定第八条）",
         "a market regulator deals with what lies in its own region (市场监督管理行政处罚程序规定 art. 8)"),
    _elsewhere,
)  # fmt: skip
