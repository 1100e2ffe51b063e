"""A world in memory: drafts are judged and applied as intake does it, without a database.

`World.hear` looks up exactly what `all_wanted` names, so a rule that looks at anything else fails loudly.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from cabletrace.codes.receipt_number import mint_receipt_number
from cabletrace.codes.trace_code import mint_batch_code
from cabletrace.intake import investigators
from cabletrace.intake.lookback import (
    brought_to,
    in_newest_version,
    region_of_right,
    registered,
    with_correction,
)
from cabletrace.ledger import canonical
from cabletrace.model.admission import Admitted, Refusal, Wanted, all_wanted, decide, looks_back
from cabletrace.model.applying import apply_effects
from cabletrace.model.claim import Claim
from cabletrace.model.drafts import CorrectionDraft, Draft, parse_draft
from cabletrace.model.effects import effects_of, right_version
from cabletrace.model.involvement import involved, projects_of
from cabletrace.model.postings import Posting, Statement
from cabletrace.model.scope import EVERYWHERE, Scope
from cabletrace.model.signature import parse_signature
from cabletrace.model.state import CUT, PRODUCED, Account, KnownEvent, State
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER, OPERATOR, ORIGIN, Envelope, production, the_cast

NOON = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)


def account_of(party: str) -> str:
    """The account by which a party enters, here and in `house_for_tests`."""
    return str(uuid5(UUID(int=0), f"account of {party}"))


def draft_of(envelope: Envelope) -> Draft:
    return parse_draft(canonical.encode(envelope["draft"]))


@dataclass
class World:
    state: State = field(default_factory=State)
    #: Index of the next event.
    seq: int = 0
    postings: list[tuple[int, Posting]] = field(default_factory=list)
    #: Every accepted statement, with the batch that it is about.
    said: list[Statement] = field(default_factory=list)

    def hear(
        self,
        envelope: Envelope,
        *,
        by: str = OPERATOR,
        anybody: bool = False,
        jurisdiction: Scope = EVERYWHERE,
        at: datetime = NOON,
    ) -> Admitted | Refusal:
        """What becomes of the envelope when party ``by`` enters it; if it is admitted, it has happened."""
        draft, actor = draft_of(envelope), party_id(by)
        speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
        signature = parse_signature(envelope["signature"]) if "signature" in envelope else None
        wanted = all_wanted([(draft, speaker, actor)])
        if signature is not None:
            wanted.keys.add(signature.key)
        self.look_up(wanted)
        self.look_back(draft, actor)
        verdict = decide(
            Claim(
                draft=draft,
                speaker=speaker,
                actor=actor,
                enters_for_anybody=anybody,
                heard_at=at,
                jurisdiction=jurisdiction,
                state=self.state,
                signature=signature,
                covered=canonical.encode(envelope["draft"]),
                origin=ORIGIN,
                seq=self.seq,
                account=account_of(by),
            )
        )
        if isinstance(verdict, Admitted):
            said = Statement(
                draft=draft,
                speaker=speaker,
                seq=self.seq,
                batch=self._minted(draft),
                receipt=self._receipt(draft),
                codes=self._reserved(draft),
                account=account_of(by),
            )
            effects = effects_of(said, self.state)
            apply_effects(effects, self.state)
            postings = list(effects.postings())
            self.postings += [(self.seq, posting) for posting in postings]
            region = brought_to(said, postings, self.state.seat)
            self.said.append(said._replace(batch=effects.code, region=region))
            if effects.code:
                known = self.state.involved.get(effects.code, frozenset())
                self.state.involved[effects.code] = known | self._whom(draft, actor, self.seq)
            investigators.add(draft, [person.name for person in draft.by], self.state)
            self.seq += 1
        return verdict

    def _whom(self, draft: Draft, actor: str, seq: int) -> frozenset[str]:
        postings = [posting for at, posting in self.postings if at == seq]
        return involved(draft, actor, postings, [self.state.projects[ref.id] for ref in projects_of(draft)])

    def happened(self, *envelopes: Envelope, by: str = OPERATOR) -> None:
        """Record what the test takes for granted."""
        for envelope in envelopes:
            verdict = self.hear(envelope, by=by, anybody=True)
            assert isinstance(verdict, Admitted), verdict

    def look_up(self, wanted: Wanted) -> None:
        names = (
            "parties",
            "products",
            "projects",
            "orders",
            "lots",
            "batches",
            "keys",
            "goods",
            "aliases",
            "documents",
            "public_keys",
            "reserved",
            "leads",
            "cases",
            "requests",
            "case_numbers",
            "defects",
            "visits",
            "sampling_plans",
            "samples",
            "programmes",
            "listings",
            "discipline",
        )
        for year in wanted.years:
            self.state.calendars.setdefault(year, None)
        for name in names:
            known: Any = getattr(self.state, name)
            for key in getattr(wanted, name):
                known.setdefault(key, None)
        for name in ("certificates", "grants", "alert_steps"):
            known = getattr(self.state, name)
            for key in getattr(wanted, name):
                known.setdefault(key, ())
        for maker in wanted.outstanding:
            self.state.outstanding.setdefault(maker, {})
        for code in wanted.printed:
            self.state.printed.setdefault(code, ())
        for maker, number in wanted.products:  # as registry.load does
            product = self.state.products[maker, number]
            if product is not None and product.certificate is not None:
                self.state.certificates.setdefault((maker, product.certificate), ())
        for id_ in wanted.laboratories:
            laboratory = self.state.parties[id_]
            if laboratory is not None and laboratory.cma is not None:
                self.state.certificates.setdefault((id_, laboratory.cma), ())

    def look_back(self, draft: Draft, actor: str) -> None:
        """Look up the event that a draft speaks of and what correcting it needs, as `Overlay.look_back` does."""
        event_id = looks_back(draft)
        if event_id is None:
            return
        known = self.state.events[event_id] = self._known(event_id)
        self.state.submissions.setdefault(event_id, None)
        if not isinstance(draft, CorrectionDraft) or known is None or draft.subject.kind != known.kind:
            return
        about = (said for said in self.said if said.batch == known.batch)
        history = in_newest_version(about, known.batch, self.seat_at) if known.batch else ()
        spoken = [(said.draft, said.speaker, said.speaker) for said in history]
        spoken.append((known.original, known.speaker, actor))
        if not draft.body.void:
            right = right_version(known.original, draft)
            spoken.append((right, known.speaker, actor))
            placed = Statement(draft=right, speaker=known.speaker, seq=known.seq)
            region = region_of_right(placed, self.seq, self.seat_at)
            self.state.events[event_id] = replace(known, region=region)
        self.look_up(all_wanted(spoken))
        self.state.histories[known.batch] = history

    def seat_at(self, before: int, thing: str) -> str:
        """Where a party or project was registered just before an index."""
        seats = [registered(said, thing) for said in self.said if said.seq < before]
        return next((region for region in reversed(seats) if region is not None), "")

    def _known(self, event_id: str) -> KnownEvent | None:
        known: KnownEvent | None = None
        for said in self.said:
            draft: Any = said.draft
            if draft.id == event_id:
                known = KnownEvent(
                    id=event_id,
                    kind=draft.kind,
                    speaker=said.speaker,
                    seq=said.seq,
                    original=draft,
                    said=draft,
                    newest=event_id,
                    batch=said.batch,
                    whom=self._whom(draft, said.speaker, said.seq),
                )
            elif draft.kind == "correction" and draft.subject.event == event_id:
                assert known is not None
                known = with_correction(known, draft)
            elif draft.kind == "erasure" and draft.subject.event == event_id:
                assert known is not None
                known = replace(known, erased=known.erased | set(draft.body.pointers))
        return known

    def code(self, maker: str, lot: str = "L1") -> str:
        found = self.state.lots[party_id(maker), lot]
        assert found is not None
        return found

    def balances(self, code: str) -> dict[Account, int]:
        """What the postings of a batch add up to at each account but the source, zeros left out.

        What was cut into pieces must come out as pieces again.
        """
        sums: Counter[Account] = Counter()
        for _, posting in self.postings:
            if posting.batch == code:
                sums[posting.source] -= posting.length_mm
                sums[posting.target] += posting.length_mm
        assert sums[CUT] == 0
        return {account: mm for account, mm in sums.items() if mm and account != PRODUCED}

    def _minted(self, draft: Draft) -> str:
        if draft.kind == "labelling":
            return str(draft.subject.batch.code)
        if draft.kind != "production":
            return ""
        if draft.body.code is not None:
            return str(draft.body.code)
        return mint_batch_code((self.seq + 1).to_bytes).canonical

    def _reserved(self, draft: Draft) -> tuple[str, ...]:
        if draft.kind != "reservation":
            return ()
        before = len([code for code, known in self.state.reserved.items() if known is not None])
        return tuple(reserved_code(before + n) for n in range(draft.body.count))

    def _receipt(self, draft: Draft) -> str:
        if draft.kind not in ("complaint", "report"):
            return ""
        return mint_receipt_number((self.seq + 1).to_bytes)


def reserved_code(n: int) -> str:
    """The ``n``-th code that is ever reserved in a world, from 0."""
    return mint_batch_code((10_000 + n).to_bytes).canonical


def world_with_a_batch() -> World:
    """The cast, and lot L1 of the maker: drums 1–4 of 250 m and 100 m without a drum, all at the maker's."""
    world = World()
    world.happened(*the_cast())
    world.happened(production(loose_mm=100_000, entered_for=MAKER))
    return world
