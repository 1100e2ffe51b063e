"""Admission of a group: the function that the sequencer calls, where cables meet the ledger.

For every group, inside the sequencer's transaction: load what all its drafts want in bulk, judge one by one
(a later draft sees the earlier ones), build the payloads, write projections and disclosures once.

What was loaded is kept for the next group, as long as the ledger stands exactly where this group left it;
after a lost race, a failure or another writer it is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from ..clock import parse_instant
from ..codes.receipt_number import mint_receipt_number
from ..codes.trace_code import mint_batch_code
from ..errors import Broken, Problem, Text
from ..ledger.payload import Payload, decode_payload, encode_payload, payload_digest
from ..ledger.sequencer import Answer, Append, Earlier, Outcome, Position
from ..ledger.store import (
    Row,
    StreamPlace,
    read_identity,
    read_last_of_stream,
    read_rows_by_id,
    read_stream_heads,
    write_stream_places,
)
from ..model.admission import Admitted, Refusal, Wanted, all_wanted, decide, looks_back
from ..model.claim import Claim
from ..model.drafts import (
    CorrectionDraft,
    Draft,
    ErasureDraft,
    LabellingDraft,
    ProductionDraft,
    ReservationDraft,
    StatementDraft,
)
from ..model.postings import Statement
from ..model.reach import code_of
from ..model.scope import Scope
from ..model.signature import Signature
from ..model.streams import investigation_of, parties_left_out, stated_stream, streams_of
from ..model.values import party_id
from ..personal import disclosures
from ..personal.disclosures import Disclosure
from ..registry import register
from . import draws, investigators
from .overlay import FindBlob, Overlay, no_blob
from .personal_fields import says_the_same

#: Batches, and heads of streams, kept in memory between groups; beyond, the cache starts anew.
MAX_KEPT_BATCHES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One envelope on its way to the committer, with all chance that it needs: a retry gives the same bytes.

    ``clear`` is the draft as it was sent, ``stored`` the same with personal fields committed; both canonical. Of a
    signed draft the two are the same bytes, which the ``signature`` covers; the door has checked it under the public
    key that was registered then.
    """

    draft: Draft
    clear: bytes
    stored: bytes
    opened: tuple[Disclosure, ...]
    actor: str
    account: str
    enters_for_anybody: bool
    jurisdiction: Scope
    salt: str
    seed: bytes
    signature: Signature | None = None

    @property
    def speaker(self) -> str:
        return self.actor if self.draft.entered_for is None else party_id(self.draft.entered_for)

    @property
    def names(self) -> tuple[str, ...]:
        """Its responsible persons in clear, in their order, also where a client committed to them itself."""
        opened = {each.pointer: each.value for each in self.opened}
        return tuple(opened.get(f"/by/{n}/name", person.name) for n, person in enumerate(self.draft.by))

    @property
    def size_bytes(self) -> int:
        """What it weighs while it waits: most of it are the draft's bytes."""
        return len(self.clear) + len(self.stored) + sum(len(each.value) for each in self.opened)


SAME_ID_OTHER_CONTENT = Refusal(
    (
        Problem(
            "same-id-other-content",
            Text("这个编号已经记录过，内容不同", "this id was recorded before, with other content"),
            where="/id",
            remedy=Text(
                "改错请作更正；新事项请用新编号",
                "answer a mistake by a correction; use a new id for a new event",
            ),
        ),
    ),
    409,
)


RECORDED_UNSIGNED = Refusal(
    (
        Problem(
            "recorded-unsigned",
            Text("这条事件已入账，当时没有签名", "this event was recorded before, without a signature"),
            where="/signature",
            remedy=Text(
                "账本不改；不带签名再发一次可取得原回执",
                "the ledger does not change; send it without the signature for its receipt",
            ),
        ),
    ),
    409,
)


def wanted_by(proposals: Iterable[Proposal]) -> Wanted:
    """What judging these proposals needs, for one bulk load."""
    proposals = list(proposals)
    wanted = all_wanted((p.draft, p.speaker, p.actor) for p in proposals)
    wanted.keys |= {p.signature.key for p in proposals if p.signature is not None}
    return wanted


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that was admitted as event ``seq``, with what the server assigned to it."""

    proposal: Proposal
    admitted: Admitted
    assigned: Mapping[str, Any]


class Admission:
    """The ``admit`` of the house's sequencer. ``find_blob`` looks for the attachments that drafts name."""

    def __init__(
        self, find_blob: FindBlob = no_blob, *, key_version: int = 1, names_key: bytes | None = None
    ) -> None:
        """``names_key``: under which responsible persons can be looked up; without it they cannot."""
        self._find_blob = find_blob
        self._key_version = key_version
        self._names_key = names_key
        #: How many places were erased; grows inside a transaction, whatever becomes of that.
        self.erased = 0
        self._kept = Overlay()
        self._kept_at: tuple[int, bytes] | None = None
        self._streams: dict[str, StreamPlace] = {}

    def __call__(
        self, tx: Connection, position: Position, proposals: Sequence[Proposal]
    ) -> list[Outcome[Refusal]]:
        overlay = self._overlay_at(tx, position)
        self._kept_at = None  # until this group has been admitted whole, nothing may be reused
        overlay.load(tx, wanted_by(proposals))
        earlier = RecordedEarlier(tx, proposals)
        heard_at = parse_instant(position.at)
        heard = [self._hear(tx, overlay, heard_at, proposal, earlier) for proposal in proposals]
        accepted = [each for each in heard if isinstance(each, Accepted)]
        if not accepted:
            self._keep(overlay, position.size, position.last_event)
            return [each for each in heard if not isinstance(each, Accepted)]
        payloads = _payloads(tx, position, accepted, self._streams)
        overlay.write(tx)
        disclosures.write(
            tx, [opened for each in accepted for opened in each.proposal.opened], self._names_key
        )
        self._erase(tx, accepted)
        self._keep(overlay, position.size + len(payloads), payload_digest(payloads[-1]))
        payload = iter(payloads)
        return [
            Append(each.proposal.draft.id, next(payload)) if isinstance(each, Accepted) else each
            for each in heard
        ]

    def _erase(self, tx: Connection, accepted: Sequence[Accepted]) -> None:
        """What erasures of this group name is destroyed with it, also what the group itself has brought."""
        drafts = [each.proposal.draft for each in accepted]
        places = [
            (draft.subject.event, pointer)
            for draft in drafts
            if isinstance(draft, ErasureDraft)
            for pointer in draft.body.pointers
        ]
        disclosures.erase(tx, places)
        self.erased += len(places)

    def _overlay_at(self, tx: Connection, position: Position) -> Overlay:
        if self._kept_at == (position.size, position.last_event):
            return self._kept
        self._streams = {}
        return Overlay(seq=position.size, origin=read_identity(tx).origin, find_blob=self._find_blob)

    def _keep(self, overlay: Overlay, size: int, last_event: bytes) -> None:
        if max(len(overlay.state.batches), len(self._streams)) <= MAX_KEPT_BATCHES:
            self._kept, self._kept_at = overlay, (size, last_event)

    def _hear(
        self,
        tx: Connection,
        overlay: Overlay,
        heard_at: datetime,
        proposal: Proposal,
        earlier: RecordedEarlier,
    ) -> Accepted | Earlier | Answer[Refusal]:
        before = earlier.find(proposal)
        if before is not None:
            return before
        overlay.look_back(proposal.draft, proposal.actor, rows=tx, projections=tx)
        investigators.look_up(tx, proposal.draft, overlay.state)
        draws.look_up(tx, proposal.draft, overlay.state)
        verdict = judge(overlay, proposal, heard_at)
        if isinstance(verdict, Refusal):
            return Answer(verdict)
        investigators.add(proposal.draft, proposal.names, overlay.state)
        earlier.remember(proposal, overlay.seq)
        return Accepted(proposal, verdict, enact(overlay, proposal, self._key_version))


def judge(overlay: Overlay, proposal: Proposal, heard_at: datetime) -> Admitted | Refusal:
    """The verdict of the rules on a proposal, as the state is now."""
    return decide(
        Claim(
            draft=proposal.draft,
            speaker=proposal.speaker,
            actor=proposal.actor,
            enters_for_anybody=proposal.enters_for_anybody,
            heard_at=heard_at,
            jurisdiction=proposal.jurisdiction,
            state=overlay.state,
            signature=proposal.signature,
            covered=proposal.stored,
            origin=overlay.origin,
            names=proposal.names,
            seq=overlay.seq,
            account=proposal.account,
        )
    )


def enact(overlay: Overlay, proposal: Proposal, key_version: int) -> dict[str, Any]:
    """Apply an admitted proposal to the overlay as its next event; returns what the server assigned."""
    draft, assigned = proposal.draft, dict[str, Any]()
    if draft.kind == "production":
        assigned = _code_of_production(overlay, proposal, key_version)
    elif isinstance(draft, ReservationDraft):
        assigned = {"codes": _mint(overlay, proposal, draft.body.count), "key_version": key_version}
    elif isinstance(draft, LabellingDraft):
        assigned = {"batch": draft.subject.batch.code}
    elif (about := _batch_of(draft, overlay)) is not None:
        assigned = {"batch": about}
    if isinstance(draft, CorrectionDraft) and (left_out := _left_out(draft, proposal.speaker, overlay)):
        assigned["parties"] = left_out
    if isinstance(draft, CorrectionDraft):
        assigned |= _investigation_of(draft, overlay)
    if draft.kind in ("complaint", "report"):
        assigned["receipt"] = mint_receipt_number(partial(_chance, proposal.seed, 0))
    said = Statement(
        draft=draft,
        speaker=proposal.speaker,
        seq=overlay.seq,
        batch=assigned.get("batch", ""),
        key_version=assigned.get("key_version", key_version),
        receipt=assigned.get("receipt", ""),
        codes=tuple(assigned.get("codes", ())),
        account=proposal.account,
    )
    overlay.apply(said, proposal.actor)
    return assigned


def _batch_of(draft: Draft, overlay: Overlay) -> str | None:
    """The code of the batch that a draft is about, itself or through the event that it speaks of."""
    event_id = looks_back(draft)
    if event_id is None:
        return code_of(getattr(draft.subject, "batch", None), overlay.state)
    known = overlay.state.events[event_id]
    return known.batch or None if known is not None else None


def _investigation_of(draft: CorrectionDraft, overlay: Overlay) -> dict[str, str]:
    known = overlay.state.events[draft.subject.event]
    assert known is not None, "admission refuses to correct an unknown event"
    return investigation_of(known.original)


def _left_out(draft: CorrectionDraft, speaker: str, overlay: Overlay) -> list[str]:
    known = overlay.state.events[draft.subject.event]
    assert known is not None, "admission refuses to correct an unknown event"
    versions = [version for version in (known.original, known.said) if version is not None]
    return parties_left_out(draft, speaker, known.speaker, versions)


def _chance(seed: bytes, attempt: int, count: int) -> bytes:
    return sha256(seed + attempt.to_bytes(2)).digest()[:count]


def _code_of_production(overlay: Overlay, proposal: Proposal, key_version: int) -> dict[str, Any]:
    """The code that it names, under the key of the labels that may be printed already; or a new one."""
    assert isinstance(proposal.draft, ProductionDraft)
    named = proposal.draft.body.code
    if named is None:
        return {"batch": _mint(overlay, proposal, 1)[0], "key_version": key_version}
    reserved = overlay.state.reserved[named]
    assert reserved is not None, "admission refuses a code that was not reserved"
    return {"batch": named, "key_version": reserved.key_version}


def _mint(overlay: Overlay, proposal: Proposal, count: int) -> list[str]:
    """New batch codes out of the proposal's own chance: the same again after a lost race."""
    state, minted = overlay.state, dict[str, None]()
    for attempt in range(1000 + count):
        code = mint_batch_code(partial(_chance, proposal.seed, attempt)).canonical
        if state.batches.get(code) is None and state.reserved.get(code) is None:
            minted[code] = None
        if len(minted) == count:
            return list(minted)
    raise Broken("a thousand minted codes in a row were taken: the source of chance is broken")


class RecordedEarlier:
    """Events recorded before under the ids of a group, on the ledger or in the group itself."""

    def __init__(self, tx: Connection, proposals: Sequence[Proposal]) -> None:
        self._rows = read_rows_by_id(tx, [p.draft.id for p in proposals])
        self._disclosed = disclosures.read(tx, self._rows)
        self._erased = register.erasures(tx, self._rows)
        self._new: dict[str, tuple[int, Proposal]] = {}

    def find(self, proposal: Proposal) -> Earlier | Answer[Refusal] | None:
        """Drafts are compared, so whoever asks again without its signature hears the first receipt; but nobody is
        told that a signature was recorded which was not."""
        id_ = proposal.draft.id
        if id_ in self._new:
            seq, first = self._new[id_]
            return _earlier(seq, proposal, first.clear == proposal.clear, first.signature is not None)
        row = self._rows.get(id_)
        if row is None:
            return None
        payload = decode_payload(row.payload)
        return _earlier(row.seq, proposal, self._same(row, payload, proposal), payload.signature is not None)

    def remember(self, proposal: Proposal, seq: int) -> None:
        self._new[proposal.draft.id] = (seq, proposal)

    def forget(self, group: Sequence[Proposal], seq: int) -> None:
        """Drop what was remembered of a group, from this index on: it fell."""
        for id_ in {proposal.draft.id for proposal in group} & self._new.keys():
            if self._new[id_][0] >= seq:
                del self._new[id_]

    def _same(self, row: Row, payload: Payload, proposal: Proposal) -> bool:
        """Drafts are compared, never payloads."""
        stored = payload.draft
        salts = {each.pointer: each.salt for each in self._disclosed.get(row.event_id, ())}
        erased = self._erased.get(row.event_id, {}).keys()
        return stored == proposal.stored or says_the_same(
            stored, proposal.clear, proposal.draft, salts, erased
        )


def _earlier(seq: int, proposal: Proposal, same: bool, signed: bool) -> Earlier | Answer[Refusal]:
    if not same:
        return Answer(SAME_ID_OTHER_CONTENT)
    return Answer(RECORDED_UNSIGNED) if proposal.signature is not None and not signed else Earlier(seq)


def _payloads(
    tx: Connection, position: Position, accepted: Sequence[Accepted], heads: dict[str, StreamPlace]
) -> list[bytes]:
    """The payloads of a group in order, each linked to its predecessors in its streams.

    ``heads`` are the newest places of streams as far as they are known; here they are looked up and moved on.
    """
    named = [streams_of(a.proposal.draft, a.proposal.actor, a.assigned) for a in accepted]
    stated = [stated_stream(a.proposal.draft, a.assigned) for a in accepted]
    unknown = {name for name in (*chain.from_iterable(named), *stated) if name is not None} - heads.keys()
    if unknown:
        heads.update(read_stream_heads(tx, unknown))
    payloads: list[bytes] = []
    places: list[StreamPlace] = []
    for seq, (each, names, stream) in enumerate(zip(accepted, named, stated, strict=True), position.size):
        proposal = each.proposal
        befores = [(name, heads.get(name)) for name in names]
        payload = encode_payload(
            draft=proposal.stored,
            recorded_at=position.at,
            salt=proposal.salt,
            server={
                "actor": {"account": proposal.account, "party": proposal.actor},
                "assigned": {**each.assigned, **_stated(tx, proposal.draft, stream, heads, places)},
                "marks": list(each.admitted.marks),
                "streams": [_link(name, before) for name, before in befores],
            },
            signature=None if proposal.signature is None else proposal.signature.members(),
        )
        digest = payload_digest(payload)
        for name, before in befores:
            heads[name] = StreamPlace(name, 0 if before is None else before.n + 1, seq, digest)
            places.append(heads[name])
        payloads.append(payload)
    write_stream_places(tx, places)
    return payloads


def _stated(
    tx: Connection,
    draft: Draft,
    stream: str | None,
    heads: Mapping[str, StreamPlace],
    places: Sequence[StreamPlace],
) -> dict[str, Any]:
    """The newest event of a stream, as a statement names it; ``places``: what this group has added so far."""
    if stream is None or not isinstance(draft, StatementDraft):
        return {}
    newest, as_of = heads[stream], draft.body.as_of
    if as_of is not None and newest.seq >= as_of:
        newest = _newest_before(tx, stream, as_of, places)
    return {"head": {"digest": newest.digest.hex(), "n": newest.n}}


def _newest_before(tx: Connection, stream: str, as_of: int, places: Sequence[StreamPlace]) -> StreamPlace:
    fresh = [place for place in places if place.stream == stream and place.seq < as_of]
    if fresh:
        return fresh[-1]
    row = read_last_of_stream(tx, stream, before=as_of)
    assert row is not None, "admission refuses what is taken from before it began"
    n = next(link["n"] for link in decode_payload(row.payload).server["streams"] if link["name"] == stream)
    return StreamPlace(stream, n, row.seq, payload_digest(row.payload))


def _link(name: str, before: StreamPlace | None) -> dict[str, Any]:
    """How a payload stands in a stream: its ordinal, and the digest of the stream's previous payload."""
    if before is None:
        return {"n": 0, "name": name}
    return {"n": before.n + 1, "name": name, "prev": before.digest.hex()}
