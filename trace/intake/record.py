"""The one write path: an envelope comes in, a receipt or a refusal goes out.

API, pages, imports and command line all record through `Intake`. Steps of one envelope: read strictly,
validate, ask whether this actor may say such things at all, commit personal fields, propose; the answer
comes after the sequencer's commit.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Reach, recording
from ..clock import Clock
from ..db.engine import begin_read
from ..errors import ANSWERS, InputError, Text
from ..ledger import canonical
from ..ledger.payload import SALT_BYTES, format_salt
from ..ledger.sequencer import Answer, Earlier, Receipt, Sequencer
from ..ledger.store import read_head
from ..model.admission import Admitted, Refusal, all_wanted
from ..model.drafts import Draft, parse_draft
from .admit import Proposal, RecordedEarlier, enact, judge
from .overlay import Overlay
from .personal_fields import commit_personal_fields

#: An envelope holds one event of at most 60,000 bytes, in any spelling.
MAX_ENVELOPE_BYTES = 200_000
#: Room for what the server adds to a draft on the ledger.
MAX_DRAFT_BYTES = 52_000


class Intake:
    """Records envelopes through a started `Sequencer`."""

    def __init__(self, engine: Engine, clock: Clock, sequencer: Sequencer[Proposal, Refusal]) -> None:
        self._engine = engine
        self._clock = clock
        self._sequencer = sequencer

    async def record(self, prepared: Proposal) -> Receipt | Refusal:
        """Record one prepared envelope; returns after the commit that decided it."""
        (future,) = self._sequencer.propose([prepared])
        return await asyncio.wrap_future(future)

    async def record_many(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """Record in order; a refusal, also one from the door, stops no other."""
        futures = iter(self._sequencer.propose([p for p in prepared if isinstance(p, Proposal)]))
        return [p if isinstance(p, Refusal) else await asyncio.wrap_future(next(futures)) for p in prepared]

    def record_now(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """The same for callers that may wait: imports, command line, plain routes."""
        futures = iter(self._sequencer.propose([p for p in prepared if isinstance(p, Proposal)]))
        return [p if isinstance(p, Refusal) else next(futures).result() for p in prepared]

    def rehearse(
        self, groups: Sequence[Sequence[Proposal]], *, chunk: int = 500
    ) -> Iterator[Sequence[Admitted | Refusal | Earlier]]:
        """What would become of each group of proposals, in order, if they were recorded now.

        The same overlay as a real admission, without a commit and without the write lock. A group stands or
        falls as one: if one of its proposals is refused, none of them changes what later groups meet.
        """
        with begin_read(self._engine) as tx:
            overlay = Overlay(seq=read_head(tx).size)
            heard_at = self._clock()
            for start in range(0, len(groups), chunk):
                some = groups[start : start + chunk]
                flat = [proposal for group in some for proposal in group]
                overlay.load(tx, all_wanted((p.draft, p.speaker, p.actor) for p in flat))
                earlier = RecordedEarlier(tx, flat)
                for group in some:
                    yield _rehearse_group(overlay, group, heard_at, earlier)


def _rehearse_group(
    overlay: Overlay, group: Sequence[Proposal], heard_at: datetime, earlier: RecordedEarlier
) -> Sequence[Admitted | Refusal | Earlier]:
    verdicts: list[Admitted | Refusal | Earlier] = []
    for proposal in group:
        before = earlier.find(proposal)
        if before is None:
            verdicts.append(judge(overlay, proposal, heard_at))
        else:
            verdicts.append(before.value if isinstance(before, Answer) else before)
    if not any(isinstance(verdict, Refusal) for verdict in verdicts):
        for proposal, verdict in zip(group, verdicts, strict=True):
            if isinstance(verdict, Admitted):
                earlier.remember(proposal, overlay.seq)
                enact(overlay, proposal, key_version=0)
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
    return Proposal(
        draft=draft,
        clear=clear,
        stored=stored,
        opened=opened,
        actor=actor.party,
        account=actor.account,
        enters_for_anybody=actor.via == "cli" or actor.reach(recording(draft.kind)) is Reach.EVERYTHING,
        salt=format_salt(secrets.token_bytes(SALT_BYTES)),
        seed=secrets.token_bytes(SALT_BYTES),
    )


def prepared_or_refused(envelope: dict[str, Any], actor: Actor) -> Proposal | Refusal:
    """`prepare`, with what is wrong as a value, for callers that go on with other envelopes."""
    try:
        return prepare(envelope, actor)
    except InputError as error:
        return Refusal(error.problems, ANSWERS[error.code].status if error.code in ANSWERS else 422)


def _require(draft: Draft, actor: Actor) -> None:
    """Whether this role may say such a thing, and in this place. Whose pen it may hold, the rules ask."""
    if actor.via == "cli":
        return  # whoever works at the machine itself enters for others, and every event says so
    reach = actor.require(recording(draft.kind))
    if (
        reach is Reach.JURISDICTION
        and draft.place is not None
        and not actor.scope.sees_region(draft.place.region)
    ):
        raise InputError.of(
            "not-allowed",
            "该地区不在本单位辖区内",
            "this region is outside the jurisdiction of the account",
            came=draft.place.region,
            where="/place/region",
        )
    if draft.entered_for is None and reach is Reach.GRANTED:
        raise InputError.of(
            "not-allowed",
            "此类事件只能凭授权代其他单位录入",
            "this kind of event can only be entered for another party that granted it",
            where="/entered_for",
        )
