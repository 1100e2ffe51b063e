"""A world in memory: drafts are judged and applied as intake does it, without a database.

`World.hear` looks up exactly what `all_wanted` names, so a rule that looks at anything else fails loudly.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cabletrace.codes.trace_code import mint_batch_code
from cabletrace.ledger import canonical
from cabletrace.model.admission import Admitted, Refusal, Wanted, all_wanted, decide
from cabletrace.model.drafts import Draft, parse_draft, party_id
from cabletrace.model.effects import apply_effects, effects_of
from cabletrace.model.postings import Posting, Statement
from cabletrace.model.rules import Claim
from cabletrace.model.state import PRODUCED, Account, State
from drafts_for_tests import MAKER, OPERATOR, Envelope, production, the_cast

NOON = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)


def draft_of(envelope: Envelope) -> Draft:
    return parse_draft(canonical.encode(envelope["draft"]))


@dataclass
class World:
    state: State = field(default_factory=State)
    #: Index of the next event.
    seq: int = 0
    postings: list[tuple[int, Posting]] = field(default_factory=list)

    def hear(
        self, envelope: Envelope, *, by: str = OPERATOR, anybody: bool = False, at: datetime = NOON
    ) -> Admitted | Refusal:
        """What becomes of the envelope when party ``by`` enters it; if it is admitted, it has happened."""
        draft, actor = draft_of(envelope), party_id(by)
        speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
        self.look_up(all_wanted([(draft, speaker, actor)]))
        verdict = decide(
            Claim(
                draft=draft,
                speaker=speaker,
                actor=actor,
                enters_for_anybody=anybody,
                heard_at=at,
                state=self.state,
            )
        )
        if isinstance(verdict, Admitted):
            said = Statement(draft=draft, speaker=speaker, seq=self.seq, batch=self._minted(draft))
            effects = effects_of(said, self.state)
            apply_effects(effects, self.state)
            self.postings += [(self.seq, posting) for posting in effects.postings()]
            self.seq += 1
        return verdict

    def happened(self, *envelopes: Envelope, by: str = OPERATOR) -> None:
        """Record what the test takes for granted."""
        for envelope in envelopes:
            verdict = self.hear(envelope, by=by, anybody=True)
            assert isinstance(verdict, Admitted), verdict

    def look_up(self, wanted: Wanted) -> None:
        for name in ("parties", "products", "projects", "orders", "lots", "batches", "documents"):
            known: Any = getattr(self.state, name)
            for key in getattr(wanted, name):
                known.setdefault(key, None)
        for name in ("certificates", "grants"):
            known = getattr(self.state, name)
            for key in getattr(wanted, name):
                known.setdefault(key, ())
        for maker, number in wanted.products:  # as registry.load does
            product = self.state.products[maker, number]
            if product is not None and product.certificate is not None:
                self.state.certificates.setdefault((maker, product.certificate), ())

    def code(self, maker: str, lot: str = "L1") -> str:
        found = self.state.lots[party_id(maker), lot]
        assert found is not None
        return found

    def balances(self, code: str) -> dict[Account, int]:
        """What the postings of a batch add up to at each account but the source, zeros left out."""
        sums: Counter[Account] = Counter()
        for _, posting in self.postings:
            if posting.batch == code:
                sums[posting.source] -= posting.length_mm
                sums[posting.target] += posting.length_mm
        return {account: mm for account, mm in sums.items() if mm and account != PRODUCED}

    def _minted(self, draft: Draft) -> str:
        if draft.kind != "production":
            return ""
        return mint_batch_code((self.seq + 1).to_bytes).canonical


def world_with_a_batch() -> World:
    """The cast, and lot L1 of the maker: drums 1–4 of 250 m and 100 m without a drum, all at the maker's."""
    world = World()
    world.happened(*the_cast())
    world.happened(production(loose_mm=100_000, entered_for=MAKER))
    return world
