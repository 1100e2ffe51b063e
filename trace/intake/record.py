"""The one write path: an envelope comes in, a receipt or a refusal goes out.

API, pages, imports and command line all record through `Intake`. Steps of one envelope: read strictly,
validate, ask whether this actor may say such things at all, commit personal fields, check the signature, propose;
the answer comes after the sequencer's commit.

A signature is checked here, away from the committer, under the public key that is registered at this moment. Whether
that key may sign for the speaker the rules say, at the entry's time.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
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
from ..ledger.standing import OutcomeUnknown, Standing
from ..ledger.store import read_head, read_identity
from ..model.admission import Admitted, Refusal, refusal
from ..model.drafts import Draft, KeyDraft
from ..model.postings import Posting
from ..model.rules_of_keys import WRONG, wrong_signature
from ..model.scope import EVERYWHERE
from ..model.signature import Signature, parse_signature
from ..model.values import party_id
from ..registry import register
from . import investigators
from .admit import Proposal, RecordedEarlier, enact, judge, wanted_by
from .overlay import FindBlob, Overlay, no_blob
from .personal_fields import read_said
from .turns import Turns

#: An envelope holds one event of at most 60,000 bytes, in any spelling.
MAX_ENVELOPE_BYTES = 200_000
#: Public keys of signers that are kept in memory; beyond, the cache starts anew.
MAX_KEPT_KEYS = 10_000
#: Room for what the server adds to a draft on the ledger.
MAX_DRAFT_BYTES = 52_000
#: So often long work asks again for what had no definite answer. Not for ever: what it brings may be the cause.
REPEATS = 2


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The verdict on a proposal that was not recorded, and the postings that it would make."""

    verdict: Admitted | Refusal
    postings: tuple[Posting, ...]


class Committer(Protocol):
    """What commits proposals: a `Sequencer` in this process, or one in a process of its own. Nobody can tell."""

    def standing(self) -> Standing: ...

    def propose(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]: ...

    def propose_patiently(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]: ...

    def on_append(self, follower: Callable[[int], None]) -> None: ...


class Intake:
    """Records envelopes through a started `Committer`; ``find_blob`` is what rehearsals ask for attachments.

    Where nothing can be recorded, recording raises `Full`, `Paused`, `OutcomeUnknown` or `Stopped`; the same again under
    the same ids is safe after each of them.
    """

    def __init__(
        self, engine: Engine, clock: Clock, committer: Committer, find_blob: FindBlob = no_blob
    ) -> None:
        self._engine = engine
        self._find_blob = find_blob
        self._clock = clock
        self._committer = committer
        self._turns: Turns[Proposal, Receipt | Refusal] | None = None
        #: Public keys by id, as far as they were asked for: they never change.
        self._public_keys: dict[str, str] = {}

    async def record(self, prepared: Proposal) -> Receipt | Refusal:
        """Record one prepared envelope; returns after the commit that decided it."""
        if prepared.signature is not None:
            if prepared.signature.key in self._public_keys:
                (checked,) = self._checked([prepared])  # 0.1 ms: less than the way to a thread and back
            else:
                (checked,) = await asyncio.to_thread(self._checked, [prepared])
            if isinstance(checked, Refusal):
                return checked
            prepared = checked
        return await self._on_this_loop().propose(prepared)

    async def record_many(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """Record in order; a refusal, also one from the door, stops no other."""
        if any(_signature_of(each) is not None for each in prepared):
            prepared = await asyncio.to_thread(self._checked, prepared)
        asked = self._on_this_loop().propose_together(_proposals(prepared))
        answers = iter(await asyncio.gather(*asked))
        return [each if isinstance(each, Refusal) else next(answers) for each in prepared]

    def _on_this_loop(self) -> Turns[Proposal, Receipt | Refusal]:
        loop = asyncio.get_running_loop()
        if self._turns is None or self._turns.loop is not loop:
            self._turns = Turns(loop, self._committer.propose)
        return self._turns

    def record_now(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """The same for callers with a thread of their own: command line, plain routes."""
        prepared = self._checked(prepared)
        return _in_their_places(prepared, self._committer.propose(_proposals(prepared)))

    def record_patiently(self, prepared: Sequence[Proposal | Refusal]) -> list[Receipt | Refusal]:
        """The same for long work, which waits where others are sent away: until there is room, and until a committer that
        has died was started anew; then what had no definite answer is asked again, and recorded once."""
        prepared = self._checked(prepared)
        for _ in range(REPEATS):
            with suppress(OutcomeUnknown):
                return _in_their_places(prepared, self._committer.propose_patiently(_proposals(prepared)))
        return _in_their_places(prepared, self._committer.propose_patiently(_proposals(prepared)))

    def _checked(self, prepared: Sequence[Proposal | Refusal]) -> list[Proposal | Refusal]:
        """The same with every signature checked under the key that is registered now, and wrong ones refused.

        One whose key is not registered yet is left to the rules: it may be registered a moment before, in the same
        request.
        """
        ids = {signature.key for each in prepared if (signature := _signature_of(each)) is not None}
        if not ids:
            return list(prepared)
        if len(self._public_keys) > MAX_KEPT_KEYS:
            self._public_keys = {}
        unknown = ids - self._public_keys.keys()
        if unknown:
            with begin_read(self._engine) as tx:
                found = register.signing_keys(tx, unknown)
            self._public_keys |= {id_: key.public_key for id_, key in found.items()}
        return [_with_checked_signature(each, self._public_keys) for each in prepared]

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
                overlay.load(tx, wanted_by(p for group in some for p in group))
                for group in some:
                    yield _rehearse_group(tx, overlay, group, heard_at, earlier)

    def foresee(self, proposal: Proposal) -> Foreseen:
        """What would become of one proposal, and which metres it would move, if it were recorded now."""
        with begin_read(self._engine) as tx:
            overlay, heard_at = self._as_it_stands(tx)
            overlay.load(tx, wanted_by([proposal]))
            overlay.look_back(proposal.draft, proposal.actor, rows=tx, projections=tx)
            verdict = judge(overlay, proposal, heard_at)
            if isinstance(verdict, Admitted):
                enact(overlay, proposal, key_version=0)
            return Foreseen(verdict, overlay.posted())

    def _as_it_stands(self, tx: Connection) -> tuple[Overlay, datetime]:
        """An overlay on the ledger as it is, and when the sequencer would hear a proposal."""
        head = read_head(tx)
        overlay = Overlay(seq=head.size, origin=read_identity(tx).origin, find_blob=self._find_blob)
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
        investigators.look_up(tx, proposal.draft, trial.state)
        verdict = judge(trial, proposal, heard_at)
        if isinstance(verdict, Admitted):
            investigators.add(proposal.draft, proposal.names, trial.state)
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
    """Make a proposal of an envelope: validated, permitted, personal fields committed or opened.

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
    signature = parse_signature(envelope["signature"]) if "signature" in envelope else None
    sent = canonical.encode(envelope["draft"])
    if len(sent) > MAX_DRAFT_BYTES:
        raise InputError.of(
            "too-large",
            f"事件内容 {len(sent):,} 字节，上限 {MAX_DRAFT_BYTES:,} 字节",
            f"the event has {len(sent):,} bytes, the limit is {MAX_DRAFT_BYTES:,}",
            where="/draft",
            remedy=Text("大件材料请作为附件上传", "send large material as an attachment"),
        )
    said = read_said(sent, envelope.get("disclosures"), lambda _: secrets.token_bytes(SALT_BYTES))
    _require(said.draft, actor, signed=signature is not None)
    if signature is not None and said.stored != sent:
        raise InputError.of(
            "wrong-input",
            "签名的事件须由客户端自己承诺个人信息，并在 disclosures 中附上明文与盐",
            "a signed draft holds commitments where persons stand; their clear text and salts go into disclosures",
            where=said.opened[0].pointer if said.opened else "/draft",
            remedy=Text(
                "用 cabletrace sign 签名即可；格式见 docs/signing.md",
                "sign with cabletrace sign, or see docs/signing.md",
            ),
        )
    unlimited = actor.via == "cli" or actor.enters_for_anybody(said.draft.kind)
    chance = secrets.token_bytes(2 * SALT_BYTES)  # at once: each asking is a call of the system
    return Proposal(
        draft=said.draft,
        clear=said.clear,
        stored=said.stored,
        opened=said.opened,
        actor=actor.party,
        account=actor.account,
        enters_for_anybody=unlimited,
        jurisdiction=EVERYWHERE if unlimited else actor.scope,
        salt=format_salt(chance[:SALT_BYTES]),
        seed=chance[SALT_BYTES:],
        signature=signature,
    )


def _proposals(prepared: Sequence[Proposal | Refusal]) -> list[Proposal]:
    return [each for each in prepared if isinstance(each, Proposal)]


def _in_their_places(
    prepared: Sequence[Proposal | Refusal], futures: Sequence[Future[Receipt | Refusal]]
) -> list[Receipt | Refusal]:
    """Waits for all of them, and puts the answers where the proposals stood."""
    answers = iter(futures)
    return [each if isinstance(each, Refusal) else next(answers).result() for each in prepared]


def _signature_of(each: Proposal | Refusal) -> Signature | None:
    return each.signature if isinstance(each, Proposal) else None


def _with_checked_signature(proposal: Proposal | Refusal, keys: Mapping[str, str]) -> Proposal | Refusal:
    signature = _signature_of(proposal)
    key = None if signature is None else keys.get(signature.key)
    if isinstance(proposal, Refusal) or signature is None or key is None:
        return proposal
    if not signature.is_right(key, proposal.stored):
        return refusal(WRONG, wrong_signature(signature.value, proposal.stored))
    return replace(proposal, signature=signature.checked(key))


def prepared_or_refused(envelope: dict[str, Any], actor: Actor) -> Proposal | Refusal:
    """`prepare`, with what is wrong as a value, for callers that go on with other envelopes."""
    try:
        return prepare(envelope, actor)
    except InputError as error:
        return Refusal(error.problems, ANSWERS[error.code].status if error.code in ANSWERS else 422)


def _require(draft: Draft, actor: Actor, *, signed: bool) -> None:
    """Whether the policy lets this actor say such a thing, there. Whose pen it may hold, the rules ask."""
    if actor.via == "cli":
        return  # whoever works at the machine itself enters for others, and every event says so
    actor.require(recording(draft.kind))
    if isinstance(draft, KeyDraft) and not (draft.body.revoked or signed) and actor.via == "api-key":
        raise InputError.of(
            "not-allowed",
            "用 API 密钥登记公钥须以该单位另一把有效公钥签名",
            "with an API key a signing key is registered only under a signature by another valid key of that party",
            where="/kind",
            remedy=Text("请登录后登记第一把公钥", "register the first key signed in as a person"),
        )
    speaker = actor.party if draft.entered_for is None else party_id(draft.entered_for)
    # A correction carries the place of what it corrects; where that is, a rule asks (`outside-jurisdiction`).
    region = None if draft.place is None or draft.kind == "correction" else draft.place.region
    if not actor.may_record(draft.kind, speaker=speaker, region=region):
        raise InputError.of(
            "not-allowed",
            "此类事件只能凭授权代其他单位录入，或地区不在本单位辖区内",
            "this kind of event is entered for a party that granted it, and inside the account's jurisdiction",
            came=draft.entered_for or region or "",
            where="/entered_for" if draft.entered_for is not None or region is None else "/place/region",
        )
