"""The one write path: an envelope comes in, a receipt or a refusal goes out.

API, pages, imports and command line all record through `Intake`. Steps of one envelope: read strictly,
validate, ask whether this actor may say such things at all, commit personal fields, propose; the answer
comes after the sequencer's commit.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from ..auth.actor import Actor
from ..auth.policy import recording
from ..clock import Clock, format_instant, parse_instant
from ..db.engine import begin_read
from ..errors import ANSWERS, InputError, Text
from ..ledger import canonical
from ..ledger.payload import SALT_BYTES, format_salt
from ..ledger.sequencer import Answer, Earlier, Receipt
from ..ledger.store import read_head
from ..model.admission import Admitted, Refusal, all_wanted
from ..model.drafts import Draft, parse_draft, party_id
from ..model.postings import Posting
from .admit import Proposal, RecordedEarlier, enact, judge
from .overlay import FindBlob, Overlay, no_blob
from .personal_fields import commit_personal_fields
from .turns import Turns

#: An envelope holds one event of at most 60,000 bytes, in any spelling.
MAX_ENVELOPE_BYTES = 200_000
#: Room for what the server adds to a draft on the ledger.
MAX_DRAFT_BYTES = 52_000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The verdict on a proposal that was not recorded, and the postings that it would make."""

    verdict: Admitted | Refusal
    postings: tuple[Posting, ...]


class Committer(Protocol):
    """What commits proposals: a `Sequencer` in this process, or one in a process of its own. Nobody can tell."""

    @property
    def stopped_because(self) -> str: ...

    def propose(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]: ...

    def on_append(self, follower: Callable[[int], None]) -> None: ...


class Intake:
    """Records envelopes through a started `Committer`; ``find_blob`` is what rehearsals ask for attachments."""

    def __init__(
        self, engine: Engine, clock: Clock, committer: Committer, find_blob: FindBlob = no_blob
    ) -> None:
        self._engine = engine
        self._find_blob = find_blob
        self._clock = clock
        self._committer = committer
        self._turns: Turns[Proposal, Receipt | Refusal] | None = None

    async def record(self, prepared: Proposal) -> Receipt | Refusal:
        """Record one prepared envelope; returns after the commit that decided it."""
        return await self._on_this_loop().propose(prepared)

    async def record_many(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """Record in order; a refusal, also one from the door, stops no other."""
        turns = self._on_this_loop()
        asked = [p if isinstance(p, Refusal) else turns.propose(p) for p in prepared]
        return [each if isinstance(each, Refusal) else await each for each in asked]

    def _on_this_loop(self) -> Turns[Proposal, Receipt | Refusal]:
        loop = asyncio.get_running_loop()
        if self._turns is None or self._turns.loop is not loop:
            self._turns = Turns(loop, self._committer.propose)
        return self._turns

    def record_now(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """The same for callers that may wait: imports, command line, plain routes."""
        futures = iter(self._committer.propose([p for p in prepared if isinstance(p, Proposal)]))
        return [p if isinstance(p, Refusal) else next(futures).result() for p in prepared]

    def rehearse(
        self, groups: Sequence[Sequence[Proposal]], *, chunk: int = 500
    ) -> Iterator[Sequence[Admitted | Refusal | Earlier]]:
        """What would become of each group of proposals, in order, if they were recorded now.

        The same overlay as a real admission, without a commit and without the write lock. A proposal sees the
        earlier ones of its group, but the group stands or falls as one: if one of them is refused, none changes
        what later groups meet.
        """
        with begin_read(self._engine) as tx:
            overlay, heard_at = self._as_it_stands(tx)
            earlier = RecordedEarlier(tx, [proposal for group in groups for proposal in group])
            for start in range(0, len(groups), chunk):
                some = groups[start : start + chunk]
                overlay.load(tx, all_wanted((p.draft, p.speaker, p.actor) for group in some for p in group))
                for group in some:
                    yield _rehearse_group(tx, overlay, group, heard_at, earlier)

    def foresee(self, proposal: Proposal) -> Foreseen:
        """What would become of one proposal, and which metres it would move, if it were recorded now."""
        with begin_read(self._engine) as tx:
            overlay, heard_at = self._as_it_stands(tx)
            overlay.load(tx, all_wanted([(proposal.draft, proposal.speaker, proposal.actor)]))
            overlay.look_back(proposal.draft, proposal.actor, rows=tx, projections=tx)
            verdict = judge(overlay, proposal, heard_at)
            if isinstance(verdict, Admitted):
                enact(overlay, proposal, key_version=0)
            return Foreseen(verdict, overlay.posted())

    def _as_it_stands(self, tx: Connection) -> tuple[Overlay, datetime]:
        """An overlay on the ledger as it is, and when the sequencer would hear a proposal."""
        head = read_head(tx)
        overlay = Overlay(seq=head.size, find_blob=self._find_blob)
        return overlay, parse_instant(max(format_instant(self._clock()), head.at))


def _rehearse_group(
    tx: Connection, overlay: Overlay, group: Sequence[Proposal], heard_at: datetime, earlier: RecordedEarlier
) -> Sequence[Admitted | Refusal | Earlier]:
    trial = overlay.branch()
    verdicts: list[Admitted | Refusal | Earlier] = []
    for proposal in group:
        before = earlier.find(proposal)
        if before is not None:
            verdicts.append(before.value if isinstance(before, Answer) else before)
            continue
        trial.look_back(proposal.draft, proposal.actor, rows=tx, projections=tx)
        verdict = judge(trial, proposal, heard_at)
        if isinstance(verdict, Admitted):
            earlier.remember(proposal, trial.seq)
            enact(trial, proposal, key_version=0)
        verdicts.append(verdict)
    if any(isinstance(verdict, Refusal) for verdict in verdicts):
        earlier.forget(group, overlay.seq)
    else:
        overlay.adopt(trial)
    return verdicts


def read_envelope(data: bytes) -> dict[str, Any]:
    """Read an envelope's bytes strictly. Raises InputError (400, 413, 422)."""
    return canonical.decode(data, MAX_ENVELOPE_BYTES)


def prepare(envelope: dict[str, Any], actor: Actor) -> Proposal:
    """Make a proposal of an envelope: validated, permitted, personal fields committed.

    Raises InputError with every problem that can be known without looking at the ledger.
    """
    unknown = sorted(envelope.keys() - {"draft", "signature", "disclosures"})
    if unknown or not isinstance(envelope.get("draft"), dict):
        raise InputError.of(
            "wrong-input",
            "信封应含 draft（对象），此外只可有 signature 与 disclosures",
            "an envelope holds a draft (an object) and at most a signature and disclosures beside it",
            came=unknown[0] if unknown else envelope.get("draft", ""),
            where=f"/{unknown[0]}" if unknown else "/draft",
        )
    for member in ("signature", "disclosures"):
        if member in envelope:
            raise InputError.of(
                "not-yet",
                "尚不接受客户端签名与客户端承诺的个人信息",
                "signatures and commitments made by the client are not accepted yet",
                where=f"/{member}",
                remedy=Text("去掉此项，由服务器承诺姓名", "leave it out; the server commits the names"),
            )
    clear = canonical.encode(envelope["draft"])
    if len(clear) > MAX_DRAFT_BYTES:
        raise InputError.of(
            "too-large",
            f"事件内容 {len(clear):,} 字节，上限 {MAX_DRAFT_BYTES:,} 字节",
            f"the event has {len(clear):,} bytes, the limit is {MAX_DRAFT_BYTES:,}",
            where="/draft",
            remedy=Text("大件材料请作为附件上传", "send large material as an attachment"),
        )
    draft = parse_draft(clear)
    _require(draft, actor)
    stored, opened = commit_personal_fields(clear, draft.id, lambda _: secrets.token_bytes(SALT_BYTES))
    chance = secrets.token_bytes(2 * SALT_BYTES)  # at once: each asking is a call of the system
    return Proposal(
        draft=draft,
        clear=clear,
        stored=stored,
        opened=opened,
        actor=actor.party,
        account=actor.account,
        enters_for_anybody=actor.via == "cli" or actor.enters_for_anybody(draft.kind),
        salt=format_salt(chance[:SALT_BYTES]),
        seed=chance[SALT_BYTES:],
    )


def prepared_or_refused(envelope: dict[str, Any], actor: Actor) -> Proposal | Refusal:
    """`prepare`, with what is wrong as a value, for callers that go on with other envelopes."""
    try:
        return prepare(envelope, actor)
    except InputError as error:
        return Refusal(error.problems, ANSWERS[error.code].status if error.code in ANSWERS else 422)


def _require(draft: Draft, actor: Actor) -> None:
    """Whether the policy lets this actor say such a thing, there. Whose pen it may hold, the rules ask."""
    if actor.via == "cli":
        return  # whoever works at the machine itself enters for others, and every event says so
    actor.require(recording(draft.kind))
    speaker = actor.party if draft.entered_for is None else party_id(draft.entered_for)
    region = None if draft.place is None else draft.place.region
    if not actor.may_record(draft.kind, speaker=speaker, region=region):
        raise InputError.of(
            "not-allowed",
            "此类事件只能凭授权代其他单位录入，或地区不在本单位辖区内",
            "this kind of event is entered for a party that granted it, and inside the account's jurisdiction",
            came=draft.entered_for or region or "",
            where="/entered_for" if draft.entered_for is not None or region is None else "/place/region",
        )
