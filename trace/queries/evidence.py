"""What an authority may take of the ledger as evidence: the histories of batches and single events, as far as they are open to it.

Of a history that is whole every event stands in the package: of one whose content is not open to who takes it the public
entry alone. Otherwise what is not open is not there, and neither counted nor named (`visibility`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..blobs.store import BlobStore
from ..clock import parse_instant
from ..codes.trace_code import batch_code_in
from ..errors import Broken, InputError, Text
from ..evidence.report import ReportedEvent
from ..evidence.taken import Earlier, Opened, Taken, TakenEvent, TakenFile, TakenStream, digest_of_events
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store, witnesses
from ..ledger.checkpoint import open_checkpoint
from ..ledger.entry import decode_entry
from ..ledger.note import NoteError, VerifierKey
from ..ledger.store import Head, Row
from ..ledger.tiles import subtree_hash_reader
from ..ledger.tree import consistency_proof, inclusion_proof
from ..model.drafts import CorrectionDraft, ProductionDraft
from ..model.involvement import sees
from ..model.named import units_named
from ..model.parts import Document
from ..model.scope import Scope
from ..model.streams import case_stream, lead_stream
from ..model.things import batch_thing
from ..personal import disclosures
from ..registry import register
from .cases import case_of, officers_of
from .names import Names
from .openness import corrected_since, indexes_of, is_open
from .persons import ROLES, personal_values
from .timeline import Happening, happenings, names_for, with_whom
from .visibility import may_read_documents, may_read_payload, open_batch, reading, whom_of_batches

#: So much stands in one package; a history of more is taken in parts, by case.
MOST_EVENTS = 5_000
MOST_ATTACHED_BYTES = 500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A batch of which evidence may be taken; ``open_events``: the indexes of those that are open to who asks, with the digest
    over theirs as a statement names it. ``whole``: whether all that it concerns lies in his jurisdiction, so that the whole history is
    taken (the rule ``not-whole-within`` decides, and this says beforehand what it will)."""

    code: str
    printed: str
    lot: str
    designation: str
    maker: str
    whole: bool
    open_events: tuple[int, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement on the ledger: of the whole history that a stream is, or of these of its events."""

    stream: str
    statement: int
    part: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was taken, and the same in words. ``size`` and ``root`` are the checkpoint's."""

    taken: Taken
    size: int
    root: bytes
    reported: tuple[ReportedEvent, ...]


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """An earlier state of the ledger that a witness has cosigned: how many entries, and when the last of them was recorded."""

    size: int
    recorded_at: datetime


#: So many are offered, the newest first: one for each hour and witness is kept.
_MOST_OFFERED = 100


def kept_checkpoints(tx: Connection, desk: Connection) -> tuple[KeptCheckpoint, ...]:
    """The earlier checkpoints as of which evidence can be taken, the newest first."""
    size = store.read_head(tx).size
    sizes = sorted({each.size for each in witnesses.cosignatures(desk) if 0 < each.size < size}, reverse=True)
    rows = store.read_rows_at(tx, sorted(size - 1 for size in sizes[:_MOST_OFFERED]))
    return tuple(
        KeptCheckpoint(row.seq + 1, parse_instant(decode_entry(row.entry).at)) for row in reversed(rows)
    )


def checkpoint_of(desk: Connection, size: int, pasted: str, log: VerifierKey) -> str | None:
    """The checkpoint of so many entries: the one that was pasted, or one that a witness has cosigned; None where there is none."""
    for note in (
        f"{pasted.strip()}\n".encode(),
        *(e.note for e in witnesses.cosignatures(desk) if e.size == size),
    ):
        try:
            if open_checkpoint(note, log).size == size:
                return note.decode()
        except (NoteError, UnicodeDecodeError):
            continue  # of the pasted one `continued` says why
    return None


def batch_for_evidence(tx: Connection, actor: Actor, code: str, as_of: int | None = None) -> OpenBatch | None:
    """None for a batch that does not exist or is not open to the actor. ``as_of``: as a ledger of so many entries had it. Raises
    InputError ``wrong-trace-code``."""
    scope = reading(actor, Action.READ_BATCH)
    named = batch_code_in(code)
    batch = open_batch(tx, scope, named.canonical)
    if batch is None:
        return None
    seqs = _up_to(store.read_stream_seqs(tx, f"batch:{batch.code}"), as_of)
    rows = [row for row, _, _, open_ in _seen(tx, actor, seqs) if open_]
    maker = register.parties(tx, [batch.maker])[batch.maker]
    return OpenBatch(
        code=batch.code,
        printed=named.printed,
        lot=batch.lot,
        designation=batch.designation,
        maker=maker.name,
        whole=_lies_within(tx, actor, batch.code),
        open_events=tuple(row.seq for row in rows),
        digest=digest_of_events([decode_entry(row.entry).event for row in rows]),
    )


def _lies_within(tx: Connection, actor: Actor, code: str) -> bool:
    own = Scope(regions=actor.scope.regions, parts=(*actor.scope.parts, *actor.opened))
    regions = [who for who in whom_of_batches(tx, [code])[code] if who.startswith("r:")]
    return actor.scope.everything or all(sees(own, {region, batch_thing(code)}) for region in regions)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseForEvidence:
    """A case of the actor's own authority: the batches of its scope that are open, its id and those of its leads, the names of its
    officers, and how many events it has with its leads."""

    id: str
    number: str
    text: str
    officers: tuple[str, ...]
    batches: tuple[OpenBatch, ...]
    leads: tuple[str, ...]
    event_count: int


def case_for_evidence(
    tx: Connection, actor: Actor, case_id: str, as_of: int | None = None
) -> CaseForEvidence | None:
    """None for a case that does not exist, is not the actor's to read, or has no batch that is open to him. ``as_of``: what a
    ledger of so many entries had of it."""
    actor.require(Action.READ_CASES)
    case = case_of(tx, actor, case_id)
    if case is None:
        return None
    matter, _ = case.scope
    codes = dict.fromkeys(each.code for each in matter.batches)
    found = (batch_for_evidence(tx, actor, code, as_of) for code in codes)
    batches = tuple(each for each in found if each is not None and each.open_events)
    if not batches:
        return None  # a package is of at least one history
    histories = [(lead, _up_to(store.read_stream_seqs(tx, lead_stream(lead)), as_of)) for lead in case.leads]
    own = _up_to(store.read_stream_seqs(tx, case_stream(case_id)), as_of)
    return CaseForEvidence(
        id=case_id if own else "",
        number=case.number,
        text=case.text,
        officers=officers_of(tx, case),
        batches=batches,
        leads=tuple(lead for lead, seqs in histories if seqs),
        event_count=len(own) + sum(len(seqs) for _, seqs in histories),
    )


def collect(
    tx: Connection,
    desk: Connection,
    actor: Actor,
    blobs: BlobStore,
    stated: Sequence[Stated],
    *,
    events: Iterable[str] = (),
    about: Mapping[str, Any],
    unit: int | None = None,
    earlier: str = "",
    as_of: str = "",
    with_attachments: bool = True,
) -> Collected:
    """Everything of these histories, and of these single ``events`` by their ids what is open to the actor, under the newest
    checkpoint. ``unit``: whose events are marked in words. ``earlier``: a checkpoint that somebody kept. ``as_of``: the one as of
    which all is taken, where that is not the newest.

    Raises InputError ``too-large``, and ``wrong-input`` for an earlier checkpoint that is none of this ledger. Cost: about a
    millisecond an event.
    """
    head = store.read_head(tx)
    then = continued(tx, as_of) if as_of else None
    up_to = None if then is None else then.size
    streams = tuple(_stream(tx, each, up_to) for each in stated)
    seqs = {seq for stream in streams for seq in (*stream.events, stream.statement)}
    seqs |= set(_up_to(store.read_seqs_by_id(tx, events).values(), up_to))
    if len(seqs) > MOST_EVENTS:
        raise _too_large(
            f"{len(seqs):,} 条事件，上限 {MOST_EVENTS:,} 条", f"{len(seqs):,} events, at most {MOST_EVENTS:,}"
        )
    needed = {seq for stream in streams for seq in stream.events}
    seen = [each for each in _seen(tx, actor, sorted(seqs)) if each[3] or each[0].seq in needed]
    opened = [(event, whom) for _, event, whom, open_ in seen if open_]
    files = _files(actor, blobs, opened) if with_attachments else ()
    size = sum(each.size for each in files)
    if size > MOST_ATTACHED_BYTES:
        raise _too_large(
            f"附件共 {size:,} 字节，上限 {MOST_ATTACHED_BYTES:,} 字节",
            f"{size:,} bytes of attachments, at most {MOST_ATTACHED_BYTES:,}",
        )
    checkpoint = witnesses.cosigned(desk, head.checkpoint)
    newest = witnesses.newest_cosigned(desk)
    taken = Taken(
        about=about,
        checkpoint=checkpoint,
        verifier_key=store.read_identity(tx).verifier_key,
        witnesses=[each.witness.key.format() for each in witnesses.standings(desk)],
        keys=_keys(tx, [event for event, _ in opened]),
        events=[_taken(tx, actor, head, *each) for each in seen],
        streams=streams,
        cosigned=None if newest is None else continued(tx, newest.decode()),
        earlier=continued(tx, earlier) if earlier.strip() else None,
        as_of=then,
        attachments=files,
    )
    return Collected(taken=taken, size=head.size, root=head.root, reported=_in_words(tx, actor, opened, unit))


# --- events -------------------------------------------------------------------------------------------


def _seen(
    tx: Connection, actor: Actor, seqs: Sequence[int]
) -> list[tuple[Row, Recorded, frozenset[str], bool]]:
    """The events at these indexes with whom each concerns, and whether it is open to the actor."""
    rows = store.read_rows_at(tx, seqs)
    events = [read_recorded(row) for row in rows]
    whoms = with_whom(tx, events, names_for(tx, events))
    return [
        (row, event, whom, is_open(tx, actor, Action.READ_BATCH, event, whom))
        for row, (event, whom) in zip(rows, whoms, strict=True)
    ]


def _up_to(seqs: Iterable[int], as_of: int | None) -> list[int]:
    """Those below the size of a ledger."""
    return [seq for seq in seqs if as_of is None or seq < as_of]


def _stream(tx: Connection, stated: Stated, as_of: int | None) -> TakenStream:
    events = stated.part
    if events is None:
        seqs = _up_to(store.read_stream_seqs(tx, stated.stream), as_of)
        events = tuple(seq for seq in seqs if seq < stated.statement)
    return TakenStream(
        name=stated.stream, whole=stated.part is None, statement=stated.statement, events=events
    )


def _taken(
    tx: Connection,
    actor: Actor,
    head: Head,
    row: Row,
    event: Recorded,
    whom: frozenset[str],
    open_: bool,
) -> TakenEvent:
    read = subtree_hash_reader(partial(store.read_tile_hashes, tx), head.size)
    readable = open_ and may_read_payload(actor, event, whom)
    return TakenEvent(
        index=row.seq,
        event_id=row.event_id if open_ else "",
        entry=row.entry,
        payload=row.payload if readable else None,
        proof=tuple(inclusion_proof(row.seq, head.size, read)),
        opened=_opened(tx, actor, event, whom) if readable else (),
    )


def _opened(tx: Connection, actor: Actor, event: Recorded, whom: frozenset[str]) -> tuple[Opened, ...]:
    """Salt and clear text of the personal fields that the actor may know, and of no others."""
    known = {each.pointer for each in personal_values(tx, actor, event, whom) if each.value is not None}
    there = disclosures.read(tx, [event.event_id]).get(event.event_id, ()) if known else ()
    return tuple(
        Opened(each.pointer, each.salt, each.value)
        for each in sorted(there, key=lambda each: each.pointer)
        if each.pointer in known
    )


def _keys(tx: Connection, events: Sequence[Recorded]) -> dict[str, str]:
    ids = {event.signed_with for event in events if event.signed_with}
    return {id_: key.public_key for id_, key in sorted(register.signing_keys(tx, ids).items())}


def _files(
    actor: Actor, blobs: BlobStore, events: Sequence[tuple[Recorded, frozenset[str]]]
) -> tuple[TakenFile, ...]:
    """The attachments that the actor may open, each once. Raises `Broken` for one that was altered."""
    naming: dict[str, list[int]] = defaultdict(list)
    named: dict[str, Document] = {}
    for event, whom in events:
        if may_read_payload(actor, event, whom) and may_read_documents(actor, event, whom):
            for document in event.draft.documents:
                named.setdefault(document.sha256, document)
                naming[document.sha256].append(event.seq)
    files = []
    for sha256, document in sorted(named.items()):
        found, path = blobs.digest(sha256), blobs.path(sha256)
        if found is None or path is None:
            continue  # the verifiers say of how many there is only the hash
        if found != sha256:
            raise Broken(f"the stored attachment {sha256} was altered: its SHA-256 is now {found}")
        files.append(
            TakenFile(
                sha256=sha256,
                name=document.name,
                media_type=document.media_type,
                size=document.size,
                at=path,
                events=tuple(dict.fromkeys(naming[sha256])),
            )
        )
    return tuple(files)


# --- checkpoints --------------------------------------------------------------------------------------


def continued(tx: Connection, checkpoint: str) -> Earlier:
    """An earlier checkpoint of this ledger, with the proof that the newest continues it. Raises InputError ``wrong-input``."""
    head, key = store.read_head(tx), VerifierKey.parse(store.read_identity(tx).verifier_key)
    note = f"{checkpoint.strip()}\n".encode()
    try:
        old = open_checkpoint(note, key)
    except NoteError as error:
        raise InputError.of(
            "wrong-input",
            "这不是本账本签名的检查点",
            "this is no checkpoint that this ledger has signed",
            came=str(error),
            where="earlier",
            remedy=Text(
                "粘贴 /ledger/checkpoint 或见证人处所存检查点的全文",
                "paste the whole text of a kept checkpoint",
            ),
        ) from None
    held = 0 < old.size <= head.size and store.load_edge(tx, old.size).root() == old.root
    if not held:
        raise InputError.of(
            "wrong-input",
            f"此检查点由本账本签名，但本账本的前 {old.size:,} 条与它不符",
            f"this ledger has signed the checkpoint, but its first {old.size:,} entries are not those",
            where="earlier",
            remedy=Text(
                "账本可能被改写或回退：请保存此检查点，联系运维和见证人",
                "the ledger may have been rewritten or set back: keep it, and tell the operator and the witnesses",
            ),
        )
    read = subtree_hash_reader(partial(store.read_tile_hashes, tx), head.size)
    return Earlier(old.size, note, tuple(consistency_proof(old.size, head.size, read)))


# --- in words -----------------------------------------------------------------------------------------


def _in_words(
    tx: Connection, actor: Actor, events: Sequence[tuple[Recorded, frozenset[str]]], unit: int | None
) -> tuple[ReportedEvent, ...]:
    said = [event for event, _ in events]
    names: Names = names_for(tx, said)
    corrected = indexes_of(corrected_since(tx, actor, said))
    told = happenings(tx, actor, events, names, corrected)
    return tuple(
        _reported(happening, unit is not None and _names_unit(event, unit))
        for event, happening in zip(said, told, strict=True)
    )


def _reported(event: Happening, is_about_unit: bool) -> ReportedEvent:
    return ReportedEvent(
        index=event.index,
        kind=event.title.zh,
        what=event.what.zh,
        occurred_at=event.occurred_at,
        by_day=event.by_day,
        recorded_at=event.recorded_at,
        who=event.who if not event.entered_by else f"{event.who}（{event.entered_by} 代录）",
        where="" if event.place is None else event.place.zh,
        persons="、".join(
            f"{ROLES[each.role].zh if each.role in ROLES else each.role} {each.name}"
            for each in event.persons
        ),
        marks="、".join(mark.title.zh for mark in event.marks),
        is_corrected=event.is_corrected,
        is_about_unit=is_about_unit,
    )


def _names_unit(event: Recorded, unit: int) -> bool:
    draft = event.draft
    if isinstance(draft, CorrectionDraft | ProductionDraft):
        return False  # what is corrected is marked, and all drums were produced
    return any(first <= unit <= last for _, first, last in units_named(draft))


def _too_large(zh: str, en: str) -> InputError:
    return InputError.of(
        "too-large",
        f"证据包过大：{zh}",
        f"the package is too large: {en}",
        remedy=Text(
            "不带附件再取一次，附件可按散列另行下载",
            "take it without attachments; those can be had by their hashes",
        ),
    )
