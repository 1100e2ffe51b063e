"""Rules about where an authority's word reaches: what it says about others lies in its jurisdiction 辖区.

The ledger is asked where an event, a batch, goods or a party is, and an authority's own involvement does not count. An
act on the spot (officers have the goods before them) names its place, and the policy asks that this be the authority's
own (`auth.policy`); it reaches what they have before them, so it says which units or how many metres.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..clock import shanghai_date
from ..errors import Text
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees, sites_of
from .named import parties_named
from .reach import known_batch
from .rules_of_speaking import AUTHORITIES, acts_as
from .scope import Scope
from .state import GONE, Account, Book
from .things import batch_thing
from .units import jurisdiction_of
from .values import party_id


def _elsewhere(claim: Claim, draft: Any) -> Finding | None:
    if claim.jurisdiction.everything or not _is_bound(claim):
        return None
    regions = jurisdiction_of_speaker(claim)
    if draft.kind == "measure" and _is_of_everything(draft):
        return _reaches_too_far(claim, draft, regions)
    if draft.kind in _ON_THE_SPOT and draft.place is not None and _is_on_the_spot(draft, regions):
        return None
    if draft.kind == "party" and (moved := _seat_moved(claim, draft, regions)) is not None:
        return moved
    whom = _concerned(claim, draft)
    if whom is None or sees(regions, whom):
        return None
    return Finding(
        "/subject",
        "",
        Text("所涉地区不在本单位辖区", "the regions that it concerns lie outside your jurisdiction"),
        Text(
            "请所涉地区的监管部门作出，或请共同的上级处理；在现场的请写明地点",
            "ask the authority of a region that it concerns, or the superior of both; on the spot, say where",
        ),
    )


def _is_bound(claim: Claim) -> bool:
    """Whether an authority speaks; an account with a jurisdiction keeps to it also where its party gives up its office."""
    own = claim.speaker == claim.actor and bool(claim.jurisdiction.regions or claim.jurisdiction.parts)
    return own or acts_as(claim, AUTHORITIES)


def jurisdiction_of_speaker(claim: Claim) -> Scope:
    """That of the account; where another enters it for the authority (代录), the one on the ledger: the authority's seat, or
    what a unit was given."""
    if claim.speaker == claim.actor:
        return Scope(regions=claim.jurisdiction.regions, parts=claim.jurisdiction.parts)
    return jurisdiction_of(claim.speaker, claim.state.parties, shanghai_date(claim.heard_at))


def _is_on_the_spot(draft: Any, regions: Scope) -> bool:
    """Whether the place is in the jurisdiction; of a unit without a region, whether the place or the project is its own, or a
    party that it supervises is named there."""
    return sees(regions, _there(draft))


def _there(draft: Any) -> frozenset[str]:
    """Where an act happens, and whom it names there."""
    named = (f"p:{party_id(ref)}" for _, ref in parties_named(draft))
    return frozenset({f"r:{draft.place.region}", *named, *(f"s:{site}" for site in sites_of(draft))})


def _seat_moved(claim: Claim, draft: Any, regions: Scope) -> Finding | None:
    """An authority's seat says how far its word reaches: no authority registers one outside its own jurisdiction."""
    seat = draft.body.region
    known = claim.state.parties[party_id(draft.subject.party)]
    is_authority = "regulator" in draft.body.roles or (known is not None and known.acts_as(AUTHORITIES))
    if (
        seat is None
        or not is_authority
        or sees(regions, {f"r:{seat}"})
        or (known is not None and known.region == seat)
    ):
        return None
    return Finding(
        "/body/region",
        seat,
        Text("监管部门的所在地区超出了本单位辖区", "an authority's seat outside your jurisdiction"),
        Text("请共同的上级或运维登记", "let the superior of both, or the operator, register it"),
    )


#: What officers do where the goods are.
_ON_THE_SPOT = frozenset({"measure", "inspection", "sampling", "testing", "disposal"})


def _is_of_everything(draft: Any) -> bool:
    body = draft.body
    return draft.subject.batch is not None and not body.units and body.length_mm is None and body.of is None


def _reaches_too_far(claim: Claim, draft: Any, regions: Scope) -> Finding | None:
    """A measure on all that there is of a batch, or all that a party has of it: all of that is to be there."""
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    against = None if draft.body.against is None else party_id(draft.body.against)
    accounts = [a for a in _with_metres(known[1]) if against in (None, a.party)]
    if accounts and all(sees(regions, {f"p:{a.party}", f"r:{a.region}"}) for a in accounts):
        return None
    return Finding(
        "/body/units",
        "",
        Text(
            "这批货物不全在本单位辖区内",
            "not all of these goods are in your jurisdiction",
        ),
        Text("写明在本辖区内的盘号或长度", "name the units, or the length, that are there"),
    )


def _with_metres(book: Book) -> Iterator[Account]:
    """Where something of a batch is that could be held."""
    for run in book.runs:
        if run.length_mm and run.account.state not in GONE:
            yield run.account
    for account, mm in book.loose.items():
        if mm > 0 and account.party:
            yield account


def _concerned(claim: Claim, draft: Any) -> frozenset[str] | None:
    """Whom the subject concerns; None where that is unknown, which other rules name, or asks for no jurisdiction."""
    subject, state = draft.subject, claim.state
    if hasattr(subject, "event"):
        known = state.events[subject.event]
        if known is None or known.speaker == claim.speaker:
            return None
        if draft.kind == "notice-reply" and _was_asked(claim, known.original):
            return None
        return known.whom | _seat(claim, known.speaker)
    match draft.kind:
        case "party":
            id_ = party_id(subject.party)
            known_party = state.parties[id_]
            there = None if known_party is None else known_party.region
            return _at(there or draft.body.region, id_)
        case "certificate":
            return _seat(claim, party_id(subject.certificate.holder)) or None
        case "statement" if subject.batch is None:  # of a case or lead: whose that is, another rule asks
            return None
        case "key":
            owner = party_id(draft.body.owner)
            return None if owner == claim.speaker else _seat(claim, owner) or None
    if subject.batch is not None:
        batch = known_batch(subject.batch, state)
        if batch is None:
            return None
        code = batch[
            0
        ].code  # with the thing itself: parts of a scope that are of single things reach only it
        return state.involved[code] | {batch_thing(code)}
    if subject.goods is not None:
        goods = state.goods[subject.goods]
        if goods is None:  # described here for the first time
            return None if draft.place is None else _there(draft)
        return goods.whom if goods.region else None
    if subject.party is not None:
        return _seat(claim, party_id(subject.party)) or None
    project = None if subject.project is None else state.projects[subject.project.id]
    return None if project is None else project.whom


def _was_asked(claim: Claim, original: Any) -> bool:
    """Whether the event was a notice to the speaker, which it may answer wherever it came from."""
    return original.kind == "notice" and claim.speaker in {party_id(ref) for ref in original.body.recipients}


def _seat(claim: Claim, id_: str) -> frozenset[str]:
    """A party, and where it is registered."""
    party = claim.state.parties.get(id_)
    return frozenset() if party is None else _at(party.region, id_) or frozenset()


def _at(region: str | None, *parties: str | None) -> frozenset[str] | None:
    """A region and who is there, as a unit's part of it asks; None where no region is known."""
    return None if not region else frozenset({f"r:{region}", *(f"p:{party}" for party in parties if party)})


def _of_another_authority(claim: Claim, draft: Any) -> Finding | None:
    """What another authority has said it alone corrects: to void a seal is to lift it."""
    known = claim.state.events[draft.subject.event]
    if known is None or known.speaker == claim.speaker or claim.jurisdiction.everything:
        return None
    other = claim.state.parties.get(known.speaker)
    if other is None or not other.acts_as(AUTHORITIES):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("这是另一监管部门的记录，由其自己更正", "another authority said this, and corrects it itself"),
        Text("请作出该记录的部门更正", "ask that authority to correct it"),
    )


OUTSIDE_JURISDICTION = Rule(
    "outside-jurisdiction", Weight.AUTHORITY,
    Text("超出辖区", "outside the jurisdiction"),
    Text("市场监管部门管辖本辖区内的事（市场监督管理行政处罚程序规定第八条）",
         "a market regulator deals with what lies in its own region (市场监督管理行政处罚程序规定 art. 8)"),
    _elsewhere,
)  # fmt: skip
ANOTHER_AUTHORITY = Rule(
    "another-authoritys", Weight.AUTHORITY,
    Text("更正其他部门的记录", "corrects another authority's statement"),
    Text("行政机关的决定由作出机关更正或撤销", "an authority's decision is corrected or withdrawn by itself"),
    _of_another_authority,
)  # fmt: skip
