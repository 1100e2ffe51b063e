"""Verification of a whole installation: the ledger's bytes, what they mean, and what was derived from them.

In this order, all in one read transaction over ``ledger.db``, which is opened for reading only:

1. the file itself (SQLite's own check of pages and indexes);
2. identity, head, entries, streams and tiles (`ledger.verify`), and with each sound payload its meaning: it
   reads as a draft, stands in the streams and names the batch that follow from it, its signature, if it has one,
   was made with a key that its speaker had registered by then, and its personal fields are commitments that the
   disclosures open; the first event also says the public host;
3. what erasures have destroyed and what is gone without one; disclosures that belong to nothing;
4. every attachment that an event names, read again from ``blobs/``; what nobody names is noted, and is no fault;
5. on request every projection, rebuilt beside and compared cell by cell.

A part of the ledger (``first``, ``last``) is verified against its edges: what lies before is trusted, and
only 2 is done, and 4 for the attachments of that part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    cast,
    event,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import NullType

from ..alerts import register as alert_register
from ..blobs.store import BlobStore
from ..clock import parse_instant, shanghai_date
from ..codes.receipt_number import parse_receipt_number
from ..codes.trace_code import BatchCode, parse_code
from ..db.database import database_exists, open_database
from ..db.engine import begin_read, begin_write, cannot_be_written, open_sqlite
from ..errors import Broken, InputError, Text
from ..intake.rebuild import METADATA, Following, projections, rebuild
from ..intake.recorded import Recorded, read_recorded
from ..ledger import canonical, store, witnesses
from ..ledger.cosignature import Cosigned, open_cosigned
from ..ledger.entry import decode_entry, entry_hash
from ..ledger.faults import Cell, Fault, fault
from ..ledger.follow import NOTHING_READ, Cursor
from ..ledger.note import NoteError, VerifierKey
from ..ledger.payload import decode_payload, payload_digest
from ..ledger.store import Identity, Row
from ..ledger.verify import End, Kept, Start, Verifier
from ..model.admission import looks_back
from ..model.drafts import (
    CorrectionDraft,
    Draft,
    ErasureDraft,
    KeyDraft,
    LabellingDraft,
    ProductionDraft,
    ReservationDraft,
    StatementDraft,
    parse_draft,
)
from ..model.effects_on_register import key_said
from ..model.parts import BatchRef
from ..model.persons import is_responsible, persons_in
from ..model.signature import verifies
from ..model.state import KnownKey
from ..model.streams import investigation_of, parties_left_out, stated_stream, streams_of
from ..model.values import party_id
from ..personal import disclosures
from ..personal.commitment import is_commitment, opens
from ..personal.disclosures import Disclosure
from ..personal.names import look_up_of
from ..queries.timeline import read_stream_whole
from .folder import Folder
from .installation import said_host
from .process import collecting_seldom
from .rebuild import note_alerts
from .verify_blobs import NamedBlobs, Note

#: (stage, done, of how many): ``file``, ``entries``, ``disclosures``, ``blobs``, ``projections``.
Progress = Callable[[str, int, int], None]

_STEP = 1000
#: So many signatures go to another thread at once, and so many such parcels may be on their way.
_AT_ONCE, _AHEAD = 200, 8


@dataclass(frozen=True, slots=True)
class Followed:
    """Projections that a follower keeps: the tables, what writes them, and how far it has come."""

    metadata: MetaData
    following: Following
    cursor: Callable[[Connection], Cursor]


ALERTS = Followed(alert_register.metadata, note_alerts, alert_register.read_cursor)


def _unheard(stage: str, done: int, of: int) -> None:
    pass


def _unread(note: Note) -> None:
    pass


#: Below every index: a row with a negative one is to be found too.
_BEFORE_ALL = -(2**63)


def verify_ledger(
    data_folder: Path,
    *,
    since: Sequence[bytes] = (),
    by: Sequence[VerifierKey] = (),
    first: int = 0,
    last: int | None = None,
    with_projections: bool = False,
    progress: Progress = _unheard,
    also: Sequence[Followed] = (ALERTS,),
    note: Callable[[Note], None] = _unread,
) -> Generator[Fault, None, End | None]:
    """Every fault of the ledger in this folder, as it is found; returns what was arrived at.

    ``since``: signed checkpoints kept from earlier, by anybody; with ``by``, one of these witnesses must have cosigned
    each. The closer together they are, the narrower are the sizes between which a rewriting is placed. Checkpoints
    that the desk keeps are compared besides. ``first`` and ``last`` (included) choose a part. ``note`` is told what
    may interest and is no fault. Nothing is
    written; a service may run meanwhile. Raises InputError for a part that is none, FileNotFoundError without
    a ledger. A file that cannot be read to the end is a fault.
    """
    if first < 0 or (last is not None and last < first):
        raise InputError.of(
            "bad-request",
            f"没有从 {first} 到 {last} 的条目",
            f"there are no entries from {first} to {last}",
            came=f"{first}–{last}",
            where="first",
        )
    if with_projections and (first or last is not None):
        raise InputError.of(
            "bad-request",
            "投影只能与整个账本比对",
            "projections can only be compared with the whole ledger",
            where="projections",
            remedy=Text("去掉起止序号，或不比对投影", "leave out first and last, or the projections"),
        )
    engine = open_database(data_folder / "ledger.db", read_only=True)
    _read_any_text(engine)
    key_file = Folder(data_folder).names_key  # a copy of the ledger alone comes without
    names_key = key_file.read_bytes() if key_file.exists() else None
    try:
        with begin_read(engine) as tx:
            earlier = Earlier(tuple(since), tuple(by), data_folder / "desk.db")
            blobs = NamedBlobs(BlobStore(data_folder / "blobs"))
            end = yield from _verify(
                tx, names_key, earlier, first, last, with_projections, progress, also, blobs, note
            )
            if first == 0 and last is None and end is not None:
                for each in blobs.unnamed():
                    note(each)
            return end
    except SQLAlchemyError as error:
        # What a process that was killed left in the WAL can only be read where an index of it can be made.
        remedy = (
            Text("；若旁边有 ledger.db-wal 而此处不能写入，请将两者复制到可写处再校验",
                 "; where ledger.db-wal lies beside it and nothing can be written, copy both to where one can and verify "
                 "the copy") if cannot_be_written(error) else Text("", "")
        )  # fmt: skip
        yield fault("file", (), "", "a readable database", str(error.__cause__ or error),
                    f"数据库无法读到底：{error.__cause__ or error}{remedy.zh}",
                    f"the database cannot be read to the end: {error.__cause__ or error}{remedy.en}")  # fmt: skip
        return None
    finally:
        engine.dispose()


def _verify(
    tx: Connection,
    names_key: bytes | None,
    earlier: Earlier,
    first: int,
    last: int | None,
    with_projections: bool,
    progress: Progress,
    also: Sequence[Followed],
    blobs: NamedBlobs,
    note: Callable[[Note], None],
) -> Generator[Fault, None, End | None]:
    whole = first == 0 and last is None
    if whole:
        progress("file", 0, 1)
        yield from _check_file(tx)
        progress("file", 1, 1)
    head = store.read_bare_head(tx)
    try:
        identity = store.read_identity(tx)
    except Broken as error:
        yield fault("identity", (), "", "one row", "nothing", "账本没有身份", str(error))
        return None
    if head is None:
        yield fault("head", (), "", "one row", "nothing", "账本没有账本头", "the ledger has no head")
        return None
    total = head.size if type(head.size) is int else 0
    start: Start | None = None
    for where, came in (("first", first), ("last", 0 if last is None else last + 1)):
        if came > total:
            raise InputError.of("bad-request", f"账本只有 {total} 条", f"the ledger has {total} entries",
                                came=first if where == "first" else last, where=where)  # fmt: skip
    if first:
        edge = _start_at(tx, first)
        if isinstance(edge, Fault):
            yield edge
            return None
        start = edge
    kept, doubts = _open_kept(earlier, identity)
    yield from doubts
    meaning = _Meaning(tx, identity, blobs, first)
    verifier = Verifier(
        identity, head, lambda level, index: store.read_stored_tile(tx, level, index),
        start=start, last=last, since=earlier.since, kept=kept, judge=meaning,
    )  # fmt: skip
    rows = store.read_rows(tx, first or _BEFORE_ALL, None if last is None else last - first + 2)
    counted = _counted(rows, progress, first, total if last is None else last + 1)
    with meaning.keys:
        for found in chain(verifier.faults(counted), meaning.keys.finish()):
            # What a faulty row said is not known to those after it.
            meaning.complete = meaning.keys.complete = False
            yield found
    for each in meaning.keys.without_proof:
        note(each)
    yield from meaning.disclosed.finish()
    yield from meaning.disclosed.settle(() if last is None else store.read_rows(tx, last + 1))
    if whole:
        yield from verifier.extra_tiles(store.read_tile_places(tx))
        yield from meaning.disclosed.orphans(progress, names_key)
    yield from blobs.faults(progress)
    if whole and with_projections:
        yield from _check_projections(tx, meaning.complete, total, progress, also)
    return verifier.end


# --- what was signed before ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of earlier: checkpoints that somebody kept, who must have cosigned them, and the desk's file."""

    since: tuple[bytes, ...]
    by: tuple[VerifierKey, ...]
    desk: Path


def _open_kept(earlier: Earlier, identity: Identity) -> tuple[list[Kept], list[Fault]]:
    """The kept checkpoints that open, and what is wrong with the others.

    Those that somebody kept are judged again by the verifier, which knows whether they reach far enough.
    """
    try:
        log = VerifierKey.parse(identity.verifier_key)
    except (NoteError, ValueError, TypeError, AttributeError):
        return [], []  # a fault of its own
    kept: list[Kept] = []
    faults: list[Fault] = []
    names = ", ".join(key.format() for key in earlier.by)
    for note in earlier.since if earlier.by else ():
        try:
            opened = open_cosigned(note, log, earlier.by)
        except NoteError as error:
            faults.append(_not_cosigned(note, names, str(error)))
        else:
            if opened.cosignatures:
                kept.append(Kept(opened.checkpoint, _names(opened)))
            else:
                faults.append(_not_cosigned(note, names, "no line of theirs"))
    for found in _kept_at_the_desk(earlier.desk, log):
        if isinstance(found, Kept):
            kept.append(found)
        else:
            faults.append(found)
    return kept, faults


def _kept_at_the_desk(desk: Path, log: VerifierKey) -> Iterator[Kept | Fault]:
    if not database_exists(desk):
        return
    engine = open_database(desk, read_only=True)
    try:
        with begin_read(engine) as tx:
            if not inspect(tx).has_table(witnesses.cosignature.name):
                return  # made before there were witnesses
            remembered = witnesses.kept(tx)
            if remembered is not None:
                yield _opened("kept_checkpoint", (), remembered[0], log, ())
            for each in witnesses.cosignatures(tx):
                yield _opened("cosignature", (each.key.name, each.size), each.note, log, (each.key,))
    finally:
        engine.dispose()


def _opened(
    table: str, key: tuple[Cell, ...], note: bytes, log: VerifierKey, by: tuple[VerifierKey, ...]
) -> Kept | Fault:
    try:
        opened = open_cosigned(note, log, by)
        if len(opened.cosignatures) != len(by):
            raise NoteError("the line is not the witness's")
    except NoteError as error:
        return fault(table, key, "checkpoint", f"signed by {log.format()}", note,
                     f"所存检查点或会签无效：{error}",
                     f"this is no checkpoint of this ledger, or not cosigned: {error}")  # fmt: skip
    return Kept(opened.checkpoint, _names(opened))


def _names(opened: Cosigned) -> tuple[str, ...]:
    return tuple(signature.key.name for signature in opened.cosignatures)


def _not_cosigned(since: bytes, names: str, why: str) -> Fault:
    return fault("kept checkpoint", (), "", f"cosigned by {names}", since,
                 f"所存检查点没有所要求的会签：{why}",
                 f"the kept checkpoint is not cosigned by whom it must be: {why}")  # fmt: skip


def _read_any_text(engine: Engine) -> None:
    """Let text that is no UTF-8 be read (and found wrong) instead of ending the verification. PostgreSQL stores none."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _forgive(connection: Any, _record: object) -> None:
        connection.text_factory = lambda data: data.decode(errors="surrogateescape")


def _check_file(tx: Connection) -> Iterator[Fault]:
    """Of SQLite's own file. A server's files are for its own tools (pg_amcheck, checksums); all rows are read in any case."""
    if tx.dialect.name != "sqlite":
        return
    for (said,) in tx.exec_driver_sql("PRAGMA integrity_check(100)"):
        if said != "ok":
            yield fault(
                "file", (), "", "ok", said, f"数据库文件已损坏：{said}", f"the file is damaged: {said}"
            )


def _start_at(tx: Connection, first: int) -> Start | Fault:
    """The edge before entry ``first``, from stored tiles and the entries that no full tile covers yet."""
    try:
        edge = store.load_edge(tx, first)
        before = store.read_row(tx, first - 1)
        if before is None:
            raise LookupError(f"entry {first - 1} is missing")
        at = decode_entry(before.entry).at
    except (LookupError, ValueError, TypeError) as error:
        return fault("entry", (first - 1,), "", "a sound edge", str(error),
                     f"无法从第 {first} 条开始：{error}", f"one cannot begin at {first}: {error}")  # fmt: skip
    return Start(seq=first, edge=edge, last_entry=entry_hash(before.entry), at=at)


def _counted(rows: Iterable[Row], progress: Progress, first: int, until: int) -> Iterator[Row]:
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % _STEP == 0:
            progress("entries", min(done, until - first), until - first)
    progress("entries", max(until - first, 0), max(until - first, 0))


# --- what payloads mean -------------------------------------------------------------------------------


class _Meaning:
    """Judges sound payloads in order; a `ledger.verify.Judge`.

    ``complete``: whether all productions before the event at hand were seen, so that a batch that none of them
    registered is a fault.
    """

    def __init__(self, tx: Connection, identity: Identity, blobs: NamedBlobs, first: int) -> None:
        self.complete = first == 0
        self.keys = _Keys(tx, identity.origin, first)
        self._tx = tx
        self._public_host = identity.public_host
        self._blobs = blobs
        self.disclosed = _Disclosed(tx)
        self._lots: dict[tuple[str, str], str] = {}
        self._codes: set[str] = set()
        #: Codes that were reserved and that no production has named yet: for whom, and of which key version.
        self._free: dict[str, tuple[str, Any]] = {}

    def __call__(self, seq: int, payload: Mapping[str, Any]) -> Iterator[Fault]:
        covered = canonical.encode(payload["draft"])
        try:
            draft = parse_draft(covered)
        except InputError as error:
            yield fault("entry", (seq,), "payload", "a draft", str(error),
                        f"内容不是本系统的事件：{error}", f"the payload is no event of ours: {error}")  # fmt: skip
            return
        if seq == 0 and (host := said_host(draft)) not in (None, self._public_host):
            yield fault("identity", (), "public_host", host, self._public_host,
                        "对外域名与第一条事件所述不符", "not the host that the first event gives")  # fmt: skip
        server = payload["server"]
        assigned = server["assigned"]
        actor = server["actor"]["party"]
        speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
        wanted = self._assigned(draft, speaker, assigned)
        if (wanted := {**wanted, **self._stated(seq, draft, wanted)}) != assigned:
            yield fault("entry", (seq,), "payload", wanted, assigned,
                        "系统所填与事件所述不符", "what the server assigned is not what the draft leads to")  # fmt: skip
        names = [link["name"] for link in server["streams"]]
        if (should := streams_of(draft, actor, assigned)) != names:
            yield fault("entry", (seq,), "payload", ", ".join(should), ", ".join(names),
                        "所属事件链不对", "these are not the streams that it belongs to")  # fmt: skip
        if "signature" in payload:
            yield from self.keys.check(seq, draft, covered, payload)
        if isinstance(draft, KeyDraft):
            yield from self.keys.follow(seq, draft, server["actor"]["party"])
        yield from self.disclosed.expect(seq, draft)
        yield from self._blobs.expect(seq, draft.documents)

    def _assigned(self, draft: Draft, speaker: str, assigned: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the server must have assigned, as far as it can be known."""
        number = assigned.get("receipt") if draft.kind in ("complaint", "report") else None
        if draft.kind in ("complaint", "report") and not _is_receipt_number(number):
            return {"receipt": "a receipt number"}
        receipt = {} if number is None else {"receipt": number}
        if isinstance(draft, ReservationDraft):
            return self._reserved(draft, speaker, assigned)
        ref: BatchRef | None = getattr(draft.subject, "batch", None)
        if ref is None:
            return {**self._of_event(draft, speaker, assigned), **receipt}
        if isinstance(draft, ProductionDraft):
            return self._registered(draft, speaker, assigned)
        code = ref.code
        if isinstance(draft, LabellingDraft) and code in self._free:
            return {"batch": code}
        if ref.maker is not None and ref.lot is not None:
            code = self._lots.get((party_id(ref.maker), ref.lot))
        if code is None or code not in self._codes:
            return {"batch": "a registered batch", **receipt} if self.complete else assigned
        return {"batch": code, **receipt}

    def _stated(self, seq: int, draft: Draft, assigned: Mapping[str, Any]) -> Mapping[str, Any]:
        """The newest event of a stream before this index, where a statement names it: as its own bytes say."""
        stream = stated_stream(draft, assigned)
        as_of = draft.body.as_of if isinstance(draft, StatementDraft) else None
        before = seq if as_of is None else min(seq, as_of)
        row = None if stream is None else store.read_last_of_stream(self._tx, stream, before=before)
        if row is None:
            return {}
        links = decode_payload(row.payload).server["streams"]
        n = next((link["n"] for link in links if link["name"] == stream), None)
        return {"head": {"digest": payload_digest(row.payload).hex(), "n": n}}

    def _of_event(self, draft: Draft, speaker: str, assigned: Mapping[str, Any]) -> Mapping[str, Any]:
        """The batch of the event that a draft speaks of, and whom a correction leaves out of it."""
        spoken_of = looks_back(draft)
        if spoken_of is None:
            return {}
        before = [spoken_of]
        if isinstance(draft, CorrectionDraft) and draft.body.of is not None:
            before.append(draft.body.of)
        rows = store.read_rows_by_id(self._tx, before)
        if spoken_of not in rows:
            return {}
        try:
            versions = [read_recorded(rows[id_]) for id_ in before if id_ in rows]
        except (InputError, ValueError, KeyError, TypeError, AttributeError):  # that row is a fault by itself
            return assigned
        wanted: dict[str, Any] = {} if versions[0].batch is None else {"batch": versions[0].batch}
        if isinstance(draft, CorrectionDraft):
            drafts = [version.draft for version in versions]
            if left_out := parties_left_out(draft, speaker, versions[0].speaker, drafts):
                wanted["parties"] = left_out
            if not assigned.keys().isdisjoint(investigation := investigation_of(versions[0].draft)):
                wanted |= investigation  # earlier versions of this program did not say so
        return wanted

    def _reserved(
        self, draft: ReservationDraft, speaker: str, assigned: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """A reservation mints so many codes that no other has."""
        codes = assigned.get("codes")
        version = assigned.get("key_version", 1)
        if type(codes) is not list or not all(type(code) is str and _is_batch_code(code) for code in codes):
            return {"codes": "batch codes", "key_version": version}
        new = set(codes) - self._codes - self._free.keys()
        if not len(new) == len(codes) == draft.body.count:
            return {"codes": f"{draft.body.count} codes of its own", "key_version": version}
        self._free.update(dict.fromkeys(codes, (speaker, version)))
        return {"codes": codes, "key_version": version}

    def _registered(
        self, draft: ProductionDraft, speaker: str, assigned: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """A production mints a code that no other has, or takes one that its maker reserved; its lot is new too."""
        code, named, ref = assigned.get("batch"), draft.body.code, draft.subject.batch
        lot = (party_id(ref.maker or ""), ref.lot or "")
        if type(code) is not str or code in self._codes or lot in self._lots:
            return {"batch": "a code of its own", "key_version": 1}
        version = assigned.get("key_version", 1)
        if named is not None:
            maker, version = self._free.pop(named, (speaker if not self.complete else "", version))
            if code != named or maker != speaker:
                return {"batch": "the reserved code that it names", "key_version": version}
        elif code in self._free:
            return {"batch": "a code that nobody reserved", "key_version": version}
        self._codes.add(code)
        self._lots[lot] = code
        return {"batch": code, "key_version": version}


def _is_batch_code(text: str) -> bool:
    try:
        code = parse_code(text)
    except InputError:
        return False
    return isinstance(code, BatchCode) and code.canonical == text


def _is_receipt_number(number: object) -> bool:
    try:
        return isinstance(number, str) and parse_receipt_number(number) == number
    except InputError:
        return False


class _Keys:
    """The signing keys as they stand at each entry, and every signature checked again with them.

    ``complete``: whether every key event before the one at hand could be read, so that an unknown key is a fault.
    The arithmetic, 0.1 ms a signature, is done on other threads, which need no interpreter for it; what they find is
    told some events later. Close it by leaving it as a context.
    """

    def __init__(self, tx: Connection, origin: Cell, first: int) -> None:
        self.complete = True
        #: Keys that were registered before proofs of possession were asked for: no fault, but worth knowing.
        self.without_proof: list[Note] = []
        self._origin = origin if isinstance(origin, str) else ""
        self._threads = ThreadPoolExecutor(thread_name_prefix="signatures")
        self._gathered: list[_Signed] = []
        self._asked_for: deque[Future[list[_Signed]]] = deque()
        self._tx = tx
        self._first = first
        self._known: dict[str, KnownKey] = {}
        self._asked: set[str] = set()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def follow(self, seq: int, draft: KeyDraft, actor: str) -> Iterator[Fault]:
        """Note what an event says of a key; what no admission would have let in is a fault and not believed."""
        said = key_said(draft, seq)
        if draft.body.possession is None and not said.revoked:
            self.without_proof.append(_without_proof(seq, said))
        known = self._find(said.id, said.owner)
        if known is not None and (
            known.revoked or (known.owner, known.public_key) != (said.owner, said.public_key)
        ):
            yield fault("entry", (seq,), "payload", "the same key, or none" if not known.revoked else "a revoked key",
                        said.public_key, "公钥在同一编号下被换或被恢复",
                        "a key was exchanged under its id, or came back after it was revoked")  # fmt: skip
        elif not said.revoked and actor != said.owner:
            yield fault("entry", (seq,), "payload", f"a key entered by its owner {said.owner}", actor,
                        "公钥不是由其所有单位登记的", "this key was not registered by its owner")  # fmt: skip
        elif draft.body.possession is not None and not draft.body.has_proof(
            origin=self._origin, key=said.id, event=draft.id
        ):
            yield fault("entry", (seq,), "payload", f"a proof by key {said.id} for this ledger and event",
                        draft.body.possession, "公钥的持有证明不符",
                        "the proof of possession does not fit: key, owner, event or ledger was changed")  # fmt: skip
        else:
            self._known[said.id] = said

    def check(self, seq: int, draft: Draft, covered: bytes, payload: Mapping[str, Any]) -> Iterator[Fault]:
        key, value = payload["signature"]["key"], payload["signature"]["value"]
        actor = payload["server"]["actor"]["party"]
        speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
        known = self._find(key, speaker)
        if known is None:
            if self.complete:
                yield fault("entry", (seq,), "payload", "a key that was registered before", key,
                            "签名所用公钥此前没有登记", "it is signed with a key that was not registered by then")  # fmt: skip
        elif known.owner != speaker:
            yield fault("entry", (seq,), "payload", f"a key of {speaker}", f"one of {known.owner}",
                        "签名不是陈述方的", "it is not signed with a key of its speaker")  # fmt: skip
        elif not known.is_good_on(day := shanghai_date(parse_instant(payload["recorded_at"]))):
            yield fault("entry", (seq,), "payload", f"a key good on {day}", key,
                        "签名所用公钥当日无效或已吊销",
                        "it is signed with a key that was not valid on that day, or revoked")  # fmt: skip
        else:
            self._gathered.append(_Signed(seq, known, value, covered))
            if len(self._gathered) >= _AT_ONCE:
                self._hand_over()
            while self._asked_for and (len(self._asked_for) > _AHEAD or self._asked_for[0].done()):
                yield from map(_wrong_signature, self._asked_for.popleft().result())

    def finish(self) -> Iterator[Fault]:
        """What was found of the signatures that are still waiting."""
        self._hand_over()
        while self._asked_for:
            yield from map(_wrong_signature, self._asked_for.popleft().result())

    def _hand_over(self) -> None:
        gathered, self._gathered = self._gathered, []
        self._asked_for.append(self._threads.submit(_that_do_not_fit, gathered))

    def _find(self, key: str, owner: str) -> KnownKey | None:
        """A key as it stands; those of a party from before the part that is verified are read when first asked for."""
        if self._first and owner not in self._asked:
            self._asked.add(owner)
            try:
                before = read_stream_whole(self._tx, f"party:{owner}", self._first - 1, ("key",))
            except (InputError, ValueError, KeyError, TypeError):  # a row of what is trusted here is damaged
                self.complete = False
                return None
            said = [key_said(each.draft, each.seq) for each in before if isinstance(each.draft, KeyDraft)]
            self._known |= {each.id: each for each in said if each.owner == owner}
        return self._known.get(key)


def _without_proof(seq: int, key: KnownKey) -> Note:
    return Note(
        table="entry",
        key=str(seq),
        text=Text(
            f"公钥 {key.id} 没有持有证明：登记时是否持有私钥，账本证明不了",
            f"key {key.id} is without proof of possession: the ledger does not show that whoever registered it held the "
            "private key",
        ),
    )


class _Signed(NamedTuple):
    """A signature to be checked: by which key, over what."""

    seq: int
    key: KnownKey
    value: str
    covered: bytes


def _that_do_not_fit(signed: Sequence[_Signed]) -> list[_Signed]:
    return [each for each in signed if not verifies(each.key.public_key, each.value, each.covered)]


def _wrong_signature(signed: _Signed) -> Fault:
    return fault("entry", (signed.seq,), "payload", f"a signature by key {signed.key.id} over the draft", signed.value,
                 "签名与内容不符：内容、签名或公钥被改",
                 "the signature does not fit: draft, signature or key was changed")  # fmt: skip


class _Disclosed:
    """Compares commitments on the ledger with the disclosures that must open them, some events at a time.

    An erasure comes after the event that it is about, so what does not open is only judged by `settle`.
    """

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._waiting: dict[str, dict[str, str]] = {}
        self._gone: set[tuple[str, str]] = set()
        self._erased: set[tuple[str, str]] = set()
        self._seen = 0

    def expect(self, seq: int, draft: Draft) -> Iterator[Fault]:
        commitments = {field.pointer: field.value for field in persons_in(draft)}
        for pointer, commitment in commitments.items():
            if not is_commitment(commitment):
                yield fault("entry", (seq,), "payload", f"a commitment at {pointer}", "clear text",
                            "个人信息以明文留在账本上",
                            "personal data stand on the ledger in clear")  # fmt: skip
        if commitments:
            self._waiting[draft.id] = commitments
        self._erased |= set(_erased_by(draft))
        if len(self._waiting) >= _STEP:
            yield from self.finish()

    def finish(self) -> Iterator[Fault]:
        """Compare what is still waiting."""
        found = disclosures.read(self._tx, self._waiting)
        for event_id, commitments in self._waiting.items():
            opened = {each.pointer: each for each in found.get(event_id, ())}
            self._seen += len(opened)
            self._gone |= {(event_id, pointer) for pointer in commitments.keys() - opened.keys()}
            yield from _compare_opened(event_id, commitments, opened)
        self._waiting = {}

    def settle(self, later: Iterable[Row]) -> Iterator[Fault]:
        """What is gone without an erasure, and what is there after one; ``later`` are the rows that were not verified,
        in which erasures may stand."""
        gone = self._gone - self._erased
        if gone:
            gone -= {place for row in later for place in _erased_in(row)}
        for event_id, pointer in sorted(gone):
            yield fault("disclosure", (event_id, pointer), "", "what opens the commitment", "nothing",
                        "明文不在了，而没有删敏事件",
                        "its clear text is gone, and no event says that it was erased")  # fmt: skip
        for event_id, some in disclosures.read(self._tx, {event_id for event_id, _ in self._erased}).items():
            for each in some:
                if (event_id, each.pointer) in self._erased:
                    yield fault("disclosure", (event_id, each.pointer), "value", "nothing", "clear text",
                                "账本说已删敏，而明文仍在",
                                "the ledger says that it was erased, and its clear text is there")  # fmt: skip

    def orphans(self, progress: Progress, names_key: bytes | None) -> Iterator[Fault]:
        """Disclosures of events that are not on the ledger, or that have nothing to disclose; and under the key of
        names, if it is at hand, those that nobody finds or that are found under another name."""
        total = disclosures.count(self._tx)
        if total != self._seen or names_key is not None:
            for done, (event_id, some) in enumerate(
                groupby(disclosures.read_all(self._tx), key=lambda row: row[0].event_id)
            ):
                if done % _STEP == 0:
                    progress("disclosures", min(done, total), total)
                rows = list(some)
                if total != self._seen:
                    yield from self._orphans_of(event_id, [each for each, _ in rows])
                if names_key is not None:
                    yield from _compare_look_ups(names_key, rows)
        progress("disclosures", total, total)

    def _orphans_of(self, event_id: str, opened: Sequence[Disclosure]) -> Iterator[Fault]:
        try:
            row = store.read_rows_by_id(self._tx, [event_id]).get(event_id)
        except (UnicodeEncodeError, TypeError):  # a damaged cell that is no text cannot be asked for
            row = None
        if row is not None and _names_persons(row):
            return  # compared already, or its payload is a fault by itself
        for each in opened:
            yield fault("disclosure", (each.event_id, each.pointer), "event_id", "an event with persons",
                        each.event_id, "所披露的事件不存在", "it belongs to no event that names persons")  # fmt: skip


def _erased_by(draft: Draft) -> Iterator[tuple[str, str]]:
    """Event and JSON pointer of everything that a draft erases."""
    if isinstance(draft, ErasureDraft):
        for pointer in draft.body.pointers:
            yield draft.subject.event, pointer


def _erased_in(row: Row) -> Iterator[tuple[str, str]]:
    may_erase = type(row.payload) is bytes and b'"kind":"erasure"' in row.payload  # canonical: one spelling
    draft = _draft_in(row) if may_erase else None
    if draft is not None:
        yield from _erased_by(draft)


def _names_persons(row: Row) -> bool:
    draft = _draft_in(row)
    return draft is None or any(True for _ in persons_in(draft))


def _draft_in(row: Row) -> Draft | None:
    """What a stored event says; None for one that is a fault by itself."""
    try:
        return parse_draft(decode_payload(row.payload).draft)
    except (InputError, ValueError, TypeError, AttributeError):
        return None


def _compare_opened(
    event_id: str, commitments: Mapping[str, str], opened: Mapping[str, Disclosure]
) -> Iterator[Fault]:
    for pointer, each in opened.items():
        commitment = commitments.get(pointer)
        if commitment is None:
            yield fault("disclosure", (event_id, pointer), "pointer", ", ".join(commitments), pointer,
                        "账本上此处没有承诺", "there is no commitment at this place of the event")  # fmt: skip
        elif not _opens(commitment, each):
            yield fault("disclosure", (event_id, pointer), "value", commitment, "something else",
                        "明文或盐被改：打不开账本上的承诺",
                        "value or salt was changed: the commitment on the ledger does not open")  # fmt: skip


def _compare_look_ups(names_key: bytes, rows: Iterable[tuple[Disclosure, bytes | None]]) -> Iterator[Fault]:
    for each, look_up in rows:
        try:
            right = look_up_of(names_key, each.value) if is_responsible(each.pointer) else None
        except (TypeError, AttributeError, UnicodeEncodeError):  # no text: a fault by itself
            continue
        if look_up != right:
            yield fault("disclosure", (each.event_id, each.pointer), "look_up", right, look_up,
                        "按姓名查不到，或会查到别人", "it is not found by its name, or by another one")  # fmt: skip


def _opens(commitment: str, opened: Disclosure) -> bool:
    try:
        return opens(commitment, opened.salt, opened.pointer, opened.value)
    except (ValueError, TypeError, AttributeError):  # cells that hold something else than they should
        return False


# --- what was derived ---------------------------------------------------------------------------------


def _check_projections(
    tx: Connection, sound: bool, total: int, progress: Progress, also: Sequence[Followed]
) -> Iterator[Fault]:
    """Rebuild every projection into a file of its own and compare."""
    if not sound:
        yield fault("projections", (), "", "a sound ledger", "faults",
                    "账本本身有误，投影未比对", "not compared: the ledger itself has faults")  # fmt: skip
        return
    tables = projections([*METADATA, *(kept.metadata for kept in also)])
    followed: list[tuple[Followed, int]] = []
    for kept in also:
        followed.append((kept, (yield from _check_cursor(tx, kept, total - 1))))

    def following(
        again: Connection, ledger: Connection, events: Sequence[tuple[Recorded, Recorded | None]]
    ) -> None:
        for kept, last in followed:
            if reached := [(event, original) for event, original in events if event.seq <= last]:
                kept.following(again, ledger, reached)

    with TemporaryDirectory() as folder:
        engine = open_sqlite(Path(folder) / "rebuilt.db")
        _read_any_text(engine)
        try:
            with begin_write(engine) as again:
                for table in tables:
                    table.create(again)
                with collecting_seldom():
                    rebuild(tx, again, following, lambda done: progress("projections", done, total))
                for table in tables:
                    yield from _compare_table(table, again, tx)
        except (Broken, ValueError, LookupError, AssertionError) as error:
            yield fault("projections", (), "", "a rebuild", repr(error),
                        f"投影无法重建：{error!r}", f"the projections cannot be rebuilt: {error!r}")  # fmt: skip
        finally:
            engine.dispose()


def _check_cursor(tx: Connection, kept: Followed, newest: int) -> Generator[Fault, None, int]:
    """A follower's cursor names an entry by index and hash, which must be one; returns how far it has read.

    Of two that differ a hash that stands on the ledger is believed, else an index that does, else neither: then
    it is taken to have read up to the ``newest`` entry, so that one wrong cell is one fault.
    """
    cursor = kept.cursor(tx)
    if cursor == NOTHING_READ:
        return cursor.seq
    row = store.read_row(tx, cursor.seq) if type(cursor.seq) is int else None
    if row is not None and entry_hash(row.entry) == cursor.entry_hash:
        return cursor.seq
    (table,) = (t for t in kept.metadata.sorted_tables if t.info.get("kind") == "cursor")
    for known in store.read_rows(tx):
        if entry_hash(known.entry) == cursor.entry_hash:
            yield fault(table.name, (1,), "last_seq", known.seq, cursor.seq,
                        "后续处理的进度与其散列不符", "this is not the index of the entry that was read last")  # fmt: skip
            return known.seq
    yield fault(table.name, (1,), "last_entry_hash", "an entry" if row is None else entry_hash(row.entry),
                cursor.entry_hash,
                "后续处理的进度指向另一账本", "the follower has read another ledger than this one")  # fmt: skip
    return newest if row is None else row.seq


def _compare_table(table: Table, rebuilt: Connection, stored: Connection) -> Iterator[Fault]:
    """Both sides in the order of the key, side by side."""
    names = [column.name for column in table.columns]
    key = [names.index(column.name) for column in table.primary_key]
    expected, found = _cells(table, rebuilt), _cells(table, stored)
    want, have = next(expected, None), next(found, None)
    while want is not None or have is not None:
        if have is None or (want is not None and _place(want, key) < _place(have, key)):
            assert want is not None, "one side has a row, or the loop would have ended"
            yield fault(table.name, tuple(want[n] for n in key), "", _shown(names, want), "nothing",
                        "缺一行", "this row is missing")  # fmt: skip
            want = next(expected, None)
        elif want is None or _place(have, key) < _place(want, key):
            yield fault(table.name, tuple(have[n] for n in key), "", "nothing", _shown(names, have),
                        "多一行", "this row follows from nothing on the ledger")  # fmt: skip
            have = next(found, None)
        else:
            for name, cell, other in zip(names, want, have, strict=True):
                if cell != other or type(cell) is not type(other):
                    yield fault(table.name, tuple(want[n] for n in key), name, cell, other,
                                "与账本推出的不符", "not what follows from the ledger")  # fmt: skip
            want, have = next(expected, None), next(found, None)


def _cells(table: Table, tx: Connection) -> Iterator[tuple[Cell, ...]]:
    """The rows as SQLite has them, unconverted, so that a cell of another type is seen as what it is. PostgreSQL lets no
    cell have another type than its column; its values come as SQLite would have stored them, documents as their text:
    a null inside of one is not a cell without any."""
    is_sqlite = tx.dialect.name == "sqlite"
    raw = (
        cast(column, String)
        if isinstance(column.type, JSON) and not is_sqlite
        else type_coerce(column, NullType())
        for column in table.columns
    )
    statement = select(*raw).order_by(*table.primary_key)
    with tx.execute(statement, execution_options={"stream_results": True, "yield_per": _STEP}) as rows:
        for row in rows:
            yield tuple(row) if is_sqlite else tuple(map(_as_sqlite_has_it, row))


def _as_sqlite_has_it(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _place(row: tuple[Cell, ...], key: Sequence[int]) -> list[tuple[int, Any]]:
    """Where SQLite sorts a row by its key: NULL, numbers, text by its bytes, blobs."""
    return [_rank(row[n]) for n in key]


def _rank(cell: Cell) -> tuple[int, Any]:
    if cell is None:
        return 0, 0
    if isinstance(cell, int | float):
        return 1, cell
    return (2, cell.encode(errors="surrogateescape")) if isinstance(cell, str) else (3, cell)


def _shown(names: Sequence[str], row: Sequence[Cell]) -> str:
    return ", ".join(f"{name} {cell}" for name, cell in zip(names, row, strict=True))
