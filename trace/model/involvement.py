"""Whom an event concerns: the parties and regions that may see it.

Two readings rest on this one pure function: a batch is open to everybody whom one of its events concerns, and
of its events each reader sees those that concern him and those that are facts about the goods themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .claim import Claim
from .named import parties_named
from .parts import ProjectRef
from .postings import Posting
from .scope import Part, Scope
from .sites import places_at
from .state import Account, KnownParty, KnownProject
from .subjects import EventSubject
from .values import party_id

#: Kinds that are facts about the batch itself: whoever may see the batch may see these.
BATCH_FACTS = frozenset({"production", "testing", "recall"})

#: Kinds that whoever they are against does not see: who complains must not be found out by whom it is about, and whose
#: goods an authority looks into is not told of it.
CONFIDENTIAL = frozenset({"complaint", "report", "read", "statement"})

#: Kinds by which an authority prepares what it may do: they concern nobody but itself, neither whom they name nor the authorities
#: of where it is, until it tells them by an act of another kind. A request is also open to the authority to which it went, a programme
#: to the units that its authority commands (`queries.openness`).
PREPARED = frozenset(
    {
        "alert-step",
        "lead",
        "lead-step",
        "case",
        "case-step",
        "request",
        "request-step",
        "visit-plan",
        "credit-class",
        "sampling-plan",
        "sampling-draw",
        "monthly-form",
        "programme",
        "programme-step",
        "listing",
        "listing-step",
        "discipline",
        "discipline-step",
    }
)
#: Of these kinds that nobody may know of but the accounts that they name (`discipline.KnownDiscipline.named`): not the rest of the authority.
FOR_NAMED_ACCOUNTS = frozenset({"discipline", "discipline-step"})

#: Kinds that authorities see of every batch that is open to them, and of organisations only those whom they concern: who
#: finds two labels of one drum must learn when labels were printed again, and why.
FOR_AUTHORITIES = frozenset({"labelling"})


def kind_said(draft: Any) -> str:
    """The kind of an event; of what is said about another event, the kind of that one."""
    kind: str = draft.subject.kind if isinstance(draft.subject, EventSubject) else draft.kind
    return kind


def states_a_fact(draft: Any) -> bool:
    """Whether it is a fact about the batch itself, or corrects one."""
    return (draft.subject.kind if draft.kind == "correction" else draft.kind) in BATCH_FACTS


def comes_with_its_batch(draft: Any, scope: Scope) -> bool:
    """Whether a scope to which a batch is open sees this event of it, also where it concerns others."""
    of_authority = scope.everything or bool(scope.regions or scope.parts)
    return states_a_fact(draft) or (draft.kind in FOR_AUTHORITIES and of_authority and not scope.inward)


def projects_of(draft: Any) -> list[ProjectRef]:
    """The projects that an event is about; of a correction, those of its right version."""
    said = draft.body.right if draft.kind == "correction" and draft.body.right is not None else draft.body
    named = (getattr(draft.subject, "project", None), getattr(said, "project", None))
    return [ref for ref in (*named, *getattr(said, "projects", ())) if ref is not None]


def involved(
    draft: Any, actor: str, postings: Iterable[Posting], projects: Iterable[KnownProject | None]
) -> frozenset[str]:
    """``p:<party id>`` and ``r:<region>`` for everybody concerned: who says, enters, sends, receives or holds
    it, who takes part in its project, and every region where it happens or metres come from or go to; of a party or
    project that is registered, itself and its region; of a reading, who has granted it; of an alert from checks, the
    maker and the regions that it names, and not who has the goods: a suspicion is not theirs to know. ``s:<id>`` for the
    sites where it happens: places by their name, and projects."""
    speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
    parties = {speaker, actor}
    if kind_said(draft) in PREPARED:
        return frozenset(f"p:{party}" for party in parties if party)
    if draft.kind not in CONFIDENTIAL:
        parties |= {party_id(ref) for _, ref in parties_named(draft)}
    if draft.kind == "read" and draft.body.grantor is not None:
        parties.add(party_id(draft.body.grantor))
    regions = {draft.place.region} if draft.place is not None else set()
    if draft.kind in ("dispatch", "return"):
        regions.add(draft.body.region)
    elif draft.kind in ("party", "project"):
        regions.add(draft.body.region or "")
    elif draft.kind == "alert":
        regions |= {*draft.body.regions, *(place.region for place in draft.body.seen)}
    if draft.kind == "party":
        parties.add(party_id(draft.subject.party))
    for posting in postings:
        for account in (posting.source, posting.target):
            parties.add(account.party)
            regions.add(account.region)
    for project in projects:
        if project is not None:
            parties |= {
                project.keeper,
                project.owner or "",
                project.contractor or "",
                project.supervisor or "",
            }
            regions.add(project.region)
    return frozenset(
        {f"p:{party}" for party in parties if party}
        | {f"r:{region}" for region in regions if region}
        | {f"s:{site}" for site in sites_of(draft)}
    )


def regions_reached(
    draft: Any, postings: Iterable[Posting], projects: Iterable[KnownProject | None]
) -> frozenset[str]:
    """Of the regions that an event concerns those in which it happens, or into which its goods come: not those that they
    merely leave. Of a correction, what its right version says; where that names no region, the one in which all lies that
    it moves, if that is one."""
    is_correction = draft.kind == "correction"
    kind = draft.subject.kind if is_correction else draft.kind
    said = draft.body.right if is_correction else draft.body
    regions = {project.region for project in projects if project is not None}
    if kind in ("dispatch", "return"):
        regions |= {said.region} if said is not None else set()
    elif draft.place is not None:
        regions.add(draft.place.region)
    if kind in ("party", "project") and said is not None:
        regions.add(said.region or "")
    elif kind == "alert" and said is not None:
        regions |= {*said.regions, *(place.region for place in said.seen)}
    if not is_correction:
        regions |= {posting.target.region for posting in postings}
    elif not regions:
        moved = {a.region for posting in postings for a in (posting.source, posting.target) if a.region}
        regions = moved if len(moved) == 1 else regions
    return frozenset(regions - {""})


def left_behind(region: str) -> str:
    """``o:<region>``: a region that an event concerns only because goods leave it."""
    return f"o:{region}"


def sites_of(draft: Any) -> frozenset[str]:
    """Where an event happens, by the ids of places and projects (`model.sites`)."""
    place = draft.place
    named = frozenset() if place is None else places_at(place.region, place.name)
    return named | {ref.id for ref in projects_of(draft)}


def sees(scope: Scope, whom: Collection[str]) -> bool:
    """Whether a scope reaches anybody of ``whom``: ``p:`` parties, ``r:`` regions, ``o:`` those that goods leave (`left_behind`),
    ``s:`` sites and ``c:`` the certificate of a batch (`made_under`); where a thing (`model.things`) stands among them it is
    about that, and parts of a scope that are of single things reach it."""
    return (
        scope.everything
        or any(_is_met(scope, who) for who in whom)
        or any(_reaches(part, whom) for part in scope.parts)
    )


def _is_met(scope: Scope, who: str) -> bool:
    match who[:2]:
        case "p:":
            return scope.sees_party(who[2:])
        case "r:":
            return scope.sees_region(who[2:])
        case "o:":
            return not scope.inward and scope.sees_region(who[2:])
        case "s:":
            return who[2:] in scope.sites
        case "c:":
            return certificate_in(who) in scope.certificates
    return False  # a thing, which only parts of a scope name


def made_under(holder: str, number: str) -> str:
    """``c:<holder>/<number>``: whom the certificate of a batch makes it open to is not written down with the batch, since who
    issued it may be said later."""
    return f"c:{holder}/{number}"


def certificate_in(who: str) -> tuple[str, str]:
    """The holder and the number in what `made_under` says."""
    holder, _, number = who.removeprefix("c:").partition("/")
    return holder, number


def _reaches(part: Part, whom: Collection[str]) -> bool:
    return (
        (not part.things or any(thing in whom for thing in part.things))
        and (part.of is None or sees(part.of, whom))
        and sees(part.within, whom)
    )


def knows_party(scope: Scope, party: KnownParty) -> bool:
    """Whether a scope may be told that a party is on record: that it speaks for itself, is the scope's own or named by it, or
    lies in its regions. To any other question the answer is that of a party of which nobody heard: whom another one merely
    names is his customer, or his supplier."""
    return (
        party.named_by is None
        or scope.sees_party(party.id)
        or not scope.parties.isdisjoint(party.namers)
        or (party.region is not None and scope.sees_region(party.region))
    )


def knows(claim: Claim, batch: str) -> bool:
    """Whether a batch is open to who enters a claim, so that a refusal may say what keeps it where it is."""
    return sees(claim.jurisdiction, claim.state.involved.get(batch, frozenset()))


def knows_metres(claim: Claim, batch: str, accounts: Iterable[Account]) -> bool:
    """Whether an answer to a claim may say what the books have at these accounts of a batch: to an authority, of a batch
    that is open to it; to an organisation, of what is its own or at a project of the claim in which it takes part."""
    scope = claim.jurisdiction
    if scope.everything or scope.regions or scope.parts:
        return knows(claim, batch)
    projects = [claim.state.projects.get(ref.id) for ref in projects_of(claim.draft)]
    own = {project.id for project in projects if project is not None and sees(scope, project.whom)}
    return all(
        account.party == claim.speaker or scope.sees_party(account.party) or account.project in own
        for account in accounts
    )
