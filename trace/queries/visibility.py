"""What a reader may see of a batch: whether it is open at all, which events, whose accounts, whose names.

* *The batch* is open to everybody whom one of its events concerns (`model.involvement`); otherwise it does
  not exist for the reader.
* *Events*: those that concern the reader, and facts about the goods themselves (`BATCH_FACTS`); an authority
  that traces goods also every printing of their labels (`FOR_AUTHORITIES`).
  A fact that does not concern the reader is told without its place and without who entered it, and names
  whose statement it is only if that is a maker or a laboratory: a test may be recorded by a buyer.
* *Accounts*: the reader's own; those in a regulator's jurisdiction; those at a project in which the reader
  takes part; and what is on its way to a party and region to which metres went out of an account that the reader
  knows by one of the first two: who has sent goods may know whether they arrived. What became of them there, an
  organisation is not told, nor what is on its way where others send that batch too, since the books keep it together;
  a regulator is told both, because it must know to whom its own makers and dealers sent. One step only, and not which
  project they went to.
* *Everybody else's* metres are folded into 其他单位, without party and project. Of a batch that is open to it, an
  authority is told their region and state, because it must know whom to ask; an organisation neither, nor drum by
  drum. Sums are never withheld: they equal the length produced, whoever asks.
* *A department* looks after its building sites and traces nothing (`Scope.inward`): of a batch it is told the accounts in its
  jurisdiction and the events that happen there or bring goods there, whole. Of goods that leave it, that they are elsewhere: the event
  that sends them away is not its to see, since that names the buyer. Printings of labels are none of its business.
* *In lists* (hits, desk, register) and in traces over all batches of a maker or a product, which are many batches at once, an authority too is told the states only of what
  is its own by these rules, and the rest as one length; filters and counts of a search tell the same
  (`Sight.state_in_lists`, `queries.documents`).
* *Names of responsible persons*: in an organisation's own events, and for a regulator with jurisdiction over the
  event. *Who complains or reports*: for such a regulator alone.
* *Payloads* (prices stand in them, and the numbers of the event in its streams, which count what others said of a batch or
  a party): who says the event, who entered it, and authorities that it concerns. Whom it merely names is told what it
  says in words, and gets entry and proof. Stream numbers are told nowhere else.
* *What another authority has granted* (`auth.grants`): a batch, goods or a project as far as that authority sees it, once
  the reading stands on the ledger; never the names of responsible persons nor of who complains.
* *An alert from checks, and what an authority found out about it*: only those of them who may see alerts at all. A
  department, which is told of goods on its building sites, is told of no suspicion.
* *Leads, cases and planned visits* (`model.involvement.PREPARED`): the authority whose they are, its units and those above it, and nobody else:
  neither whom they name, nor other authorities of the region, nor the operator and the auditor, who see everything that has an
  effect outside the authority. A unit that was given a lead reads all of it, and the case that was filed of it (`openness`). Of the record of
  an official credit class all market regulators of the region are told what it says beside the own class (`queries.risk`), and not the record.
* *A clue about an official* (`FOR_NAMED_ACCOUNTS`): the accounts that it names, and nobody else of the same authority or above it.
* *A request to another authority*: besides, that authority, those above it, and nothing of the case but what the letter says; neither reads the
  payloads of the other, in which the numbers of their streams stand.
* *A special campaign*: besides, the units that its authority commands, without its payload. *What a unit reports of it* is told upwards only.
* *A correction* concerns whom its right version names, not whoever was named by mistake: he is told that it was a
  mistake, and not to whom goods really went. Who sees an event and not its correction is told that there is one, without
  its id and index (`openness`).
* *Attachments*: whoever may see the event; the operator only those of its own events and of the register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books
from ..intake.recorded import Recorded
from ..model.drafts import CorrectionDraft
from ..model.involvement import (
    FOR_NAMED_ACCOUNTS,
    PREPARED,
    comes_with_its_batch,
    involved,
    kind_said,
    left_behind,
    projects_of,
    regions_reached,
    sees,
    states_a_fact,
)
from ..model.postings import Posting
from ..model.scope import Scope
from ..model.state import Account, KnownBatch, KnownProject
from ..model.things import batch_thing, goods_thing, project_thing, sort_and_id, thing_of
from ..registry import register
from .names import Names

Edge = tuple[Account, Account, int]

#: The state of metres of which the reader is told that they are somebody else's, and no more.
ELSEWHERE = "elsewhere"


def reading(actor: Actor, action: Action) -> Scope:
    """What this reading may show to the actor. Raises InputError ``not-signed-in`` or ``not-allowed``."""
    actor.require(action)
    return actor.scope_for(action)


def open_batch(tx: Connection, scope: Scope, code: str) -> KnownBatch | None:
    """The batch if it exists and is open to the scope: the same look-ups in every case."""
    whom = whom_of_batches(tx, [code])[code]
    batch = books.batches(tx, [code]).get(code)
    return batch if sees(scope, whom) else None


def whom_of_batches(tx: Connection, codes: Sequence[str]) -> dict[str, frozenset[str]]:
    """Everybody whom each of these batches concerns, with the batch itself (`model.involvement.sees`)."""
    return {code: _with(whom, batch_thing(code)) for code, whom in books.involved_in(tx, codes).items()}


def whom_of_things(tx: Connection, things: Iterable[str]) -> dict[str, frozenset[str]]:
    """Everybody whom each of these (`model.things`) concerns, with itself; what there is not concerns nobody."""
    of_sort: dict[str, set[str]] = {"batch": set(), "goods": set(), "project": set()}
    for sort, id_ in map(sort_and_id, things):
        of_sort[sort].add(id_)
    found = {batch_thing(code): whom for code, whom in whom_of_batches(tx, sorted(of_sort["batch"])).items()}
    found |= {goods_thing(id_): g.whom for id_, g in register.goods_known(tx, of_sort["goods"]).items()}
    return found | {
        project_thing(id_): p.whom for id_, p in register.projects(tx, of_sort["project"]).items()
    }


def _with(whom: Iterable[str], thing: str | None) -> frozenset[str]:
    return frozenset(whom) if thing is None else frozenset((*whom, thing))


# --- accounts -----------------------------------------------------------------------------------------


class Position(NamedTuple):
    """An account as a reader may know it; ``others``: folded together, without party and project."""

    state: str
    region: str
    party: str = ""
    project: str = ""
    others: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """Which accounts a reader may know. ``sent_to``: (party, region) that got metres out of accounts of its own or of its
    jurisdiction; of an organisation, to which it alone sent. ``batch``: the code of the batch whose accounts they are,
    where it is one."""

    scope: Scope
    sent_to: frozenset[tuple[str, str]]
    projects: frozenset[str]
    batch: str | None = None

    def of(self, account: Account) -> Position:
        state, party, region, project = account
        if not party or self._is_own(account):
            return Position(state, region, party, project)
        is_sent = (party, region) in self.sent_to
        if _follows_goods(self.scope) and self.batch is not None:
            return Position(state, region, party) if is_sent else Position(state, region, others=True)
        if is_sent and state == "transit":
            return Position(state, region, party)
        return Position(ELSEWHERE, "", others=True)

    def state_in_lists(self, account: Account) -> str:
        """The state of metres as every reader may know it of many batches at once: of its own, of what it sent and is on
        its way, and of what nobody has."""
        state, party, region, _ = account
        is_sent = state == "transit" and (party, region) in self.sent_to
        return state if not party or is_sent or self._is_own(account) else ELSEWHERE

    def _is_own(self, account: Account) -> bool:
        if self.scope.everything:
            return True  # without asking of each account who it is
        return sees(self.scope, _whom_of(account, self.batch)) or account.project in self.projects


def _follows_goods(scope: Scope) -> bool:
    """Whether it is that of an authority which may trace goods."""
    return bool(scope.regions or scope.parts) and not scope.inward


def _whom_of(account: Account, batch: str | None) -> frozenset[str]:
    return _of_batch((f"p:{account.party}", f"r:{account.region}"), batch)


def _of_batch(whom: Iterable[str], batch: str | None) -> frozenset[str]:
    return _with(whom, None if batch is None else batch_thing(batch))


def sight_of(
    scope: Scope, moved: Iterable[Edge], projects: Mapping[str, KnownProject], batch: str | None = None
) -> Sight:
    """A scope's sight over the books in which these metres moved; ``projects`` those of their accounts."""
    sent_to: set[tuple[str, str]] = set()
    by_others: set[tuple[str, str]] = set()
    known: dict[Account, bool] = {}
    for source, target, _ in moved:
        is_known = known.get(source)
        if is_known is None:
            is_known = bool(source.party) and (scope.everything or sees(scope, _whom_of(source, batch)))
            known[source] = is_known
        if is_known:
            sent_to.add((target.party, target.region))
        elif target.state == "transit":
            by_others.add((target.party, target.region))
    return Sight(
        scope,
        frozenset(() if scope.inward else sent_to if _follows_goods(scope) else sent_to - by_others),
        frozenset(id_ for id_, project in projects.items() if takes_part(scope, project, batch)),
        batch,
    )


def takes_part(scope: Scope, project: KnownProject, batch: str | None = None) -> bool:
    """Whether a project is the scope's own: kept, owned, built or supervised by it, or in its jurisdiction."""
    return sees(scope, _of_batch(project.whom, batch))


def balances_of(moved: Iterable[Edge]) -> dict[Account, int]:
    """What is left at every account, in mm, after these movements; the source of all metres is left out."""
    return {
        account: mm for account, mm in sorted(sums_at(moved).items()) if mm and account.state != "produced"
    }


def sums_at(moved: Iterable[Edge]) -> dict[Account, int]:
    """What came to every account less what went, in mm, in any order; below zero at the source of all metres."""
    left: dict[Account, int] = defaultdict(int)
    for source, target, length_mm in moved:
        left[source] -= length_mm
        left[target] += length_mm
    return left


# --- events -------------------------------------------------------------------------------------------


def concerned(
    event: Recorded, postings: Sequence[Posting], projects: Mapping[str, KnownProject]
) -> frozenset[str]:
    """``p:``, ``r:`` and ``s:`` of everybody whom the event concerns, ``o:`` of the regions that goods merely leave, and the
    thing that its draft is about."""
    if kind_said(event.draft) in PREPARED:
        return involved(event.draft, event.actor, (), ())
    projects_there = [projects.get(ref.id) for ref in projects_of(event.draft)]
    whom = involved(event.draft, event.actor, postings, projects_there)
    if isinstance(event.draft, CorrectionDraft) and event.draft.body.right is not None:
        named = involved(event.draft, event.actor, (), projects_there)
        whom = named | {who for who in whom if who.startswith("r:")}
    reached = regions_reached(event.draft, postings, projects_there)
    return _with(
        (left_behind(who[2:]) if who.startswith("r:") and who[2:] not in reached else who for who in whom),
        thing_of(event.draft, event.batch),
    )


#: Registry facts that everybody who is signed in may look up.
REGISTRY_FACTS = frozenset({"certificate", "product"})


def sees_event(scope: Scope, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether an event of a batch that is open to the scope is."""
    return comes_with_its_batch(event.draft, scope) or sees(scope, whom)


#: Kinds of which only those are told who may see alerts.
SUSPICIONS = frozenset({"alert", "alert-finding"})


def is_told(actor: Actor, event: Recorded) -> bool:
    """Whether an event that concerns the actor is of a kind that it may be told of at all."""
    kind = kind_said(event.draft)
    if kind in FOR_NAMED_ACCOUNTS:
        return (
            False  # no list of many things tells of it: who is named asks for it alone (`openness.is_open`)
        )
    if kind in PREPARED:
        return bool(actor.reach(Action.READ_CASES))
    return kind not in SUSPICIONS or bool(actor.reach(Action.READ_ALERTS))


#: Whose tests may be named to everybody who may see the batch.
_TESTERS = frozenset({"manufacturer", "laboratory"})


def speaker_to(scope: Scope, event: Recorded, whom: frozenset[str], names: Names) -> str:
    """The party whose statement the event is, "" where the reader may not know it."""
    speaker = names.parties.get(event.speaker)
    named = sees(scope, whom) or (speaker is not None and speaker.acts_as(_TESTERS))
    return event.speaker if named else ""


def readings_known_to(actor: Actor, reads: Iterable[Recorded]) -> list[tuple[Recorded, frozenset[str]]]:
    """Who has read a thing under a grant, as far as it is the actor's to know: its own readings and those that it has
    granted, not what another officer reads under the same grant."""
    scope = actor.own_scope_for(Action.READ_BATCH)
    concern = ((event, concerned(event, (), {})) for event in reads)
    return [(event, whom) for event, whom in concern if sees(scope, whom)]


def may_read_payload(actor: Actor, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether the stored bytes of an event that the actor may see are open to it: its own, and as an authority."""
    return names_open_to(actor.scope_for(Action.READ_PAYLOAD), event, whom)


def may_read_documents(actor: Actor, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether the attachments of an event that the actor may see are open to it too: to the operator they are not,
    unless it is its own event or one of the register, and a key can leave them out."""
    scope = actor.scope_for(Action.READ_BLOB)
    if sees(scope, whom):
        return True
    if event.draft.kind in REGISTRY_FACTS:
        return bool(actor.reach(Action.READ_BLOB))
    return states_a_fact(event.draft) and scope == actor.scope_for(Action.READ_BATCH)


def may_read_names(actor: Actor, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether the responsible persons of an event may be named to the actor."""
    return names_open_to(actor.own_scope_for(Action.READ_PAYLOAD), event, whom)


def names_open_to(scope: Scope, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether a scope reaches the names of those who are responsible in an event: its own people, those of its
    jurisdiction. To take part in what others say is not enough."""
    return scope.sees_party(event.speaker) or scope.sees_party(event.actor) or sees(_regions_of(scope), whom)


def may_read_complainant(actor: Actor, whom: frozenset[str]) -> bool:
    """Whether who complains or reports may be named to the actor: to the regulators of where it happened, to nobody
    else, not even to an organisation whose own report it is."""
    return sees(_regions_of(actor.own_scope_for(Action.READ_PAYLOAD)), whom)


def _regions_of(scope: Scope) -> Scope:
    """A scope without what is its own."""
    return replace(scope, parties=frozenset(), sites=frozenset(), certificates=frozenset())
