"""What a witness remembers, in one SQLite file: the ledgers it follows, of each the newest checkpoint it has cosigned.

Checking a request and remembering what it brought is one write transaction, which takes the file's lock before it
reads: of two requests at the same moment, also to two processes, the second is judged by what the first has left.
The cosignature leaves after the commit; one that was made before a commit that never came leaves nobody's hands.

Besides stand the requests that a ledger's own key has signed and that contradict what it had signed before: evidence
against it, the first few of each ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from ..clock import Clock, format_instant
from ..db.engine import begin_read, begin_write
from ..errors import Broken, InputError, Text
from ..ledger.add_checkpoint import AddCheckpoint, encode_request
from ..ledger.checkpoint import Checkpoint, format_checkpoint, open_checkpoint
from ..ledger.cosignature import Cosigner, with_cosignatures
from ..ledger.note import VerifierKey
from ..ledger.sequencer import MAX_CLOCK_BEHIND
from ..ledger.typed_key import ledger_key
from .judgement import Refusal, judge, origin_of, unknown

#: So many contradictions of one ledger are kept: one convicts, and nobody shall fill the disk with more.
MAX_EVIDENCE = 20

metadata = MetaData()

identity = Table(
    "identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("verifier_key", String, nullable=False),
)
followed = Table(
    "followed",
    metadata,
    Column("origin", String, primary_key=True),
    Column("verifier_key", String, nullable=False),
    Column("followed_at", String(24), nullable=False),
    Column("left_at", String(24), comment="nothing is cosigned since; what was is never forgotten"),
    Column("made_at", Integer, comment="POSIX seconds of the newest cosignature; absent before the first"),
    Column("note", LargeBinary, comment="the newest checkpoint, cosigned"),
)
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", ForeignKey(followed.c.origin), nullable=False, index=True),
    Column("at", String(24), nullable=False),
    Column("accuses", String, nullable=False),
    Column("held", LargeBinary, nullable=False, comment="what was cosigned, as a note"),
    Column("request", LargeBinary, nullable=False, comment="what then came, signed by the same key"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A ledger that is followed: the newest checkpoint that was cosigned for it, and when; None before the first.

    ``note`` is that checkpoint with the ledger's signature and ours, as anybody may keep it.
    """

    key: VerifierKey
    held: Checkpoint | None
    made_at: datetime | None
    note: bytes | None
    contradictions: int

    @property
    def origin(self) -> str:
        return self.key.name


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a ledger's key has signed against what it had signed before: both as they came."""

    at: str
    accuses: str
    held: bytes
    request: bytes


def create(tx: Connection, verifier_key: VerifierKey) -> None:
    """Make the memory of a new witness."""
    metadata.create_all(tx)
    tx.execute(insert(identity).values(id=1, verifier_key=verifier_key.format()))


def name_of(tx: Connection) -> str:
    """The name of the witness whose memory this is. Raises `Broken` where it is nobody's."""
    verifier_key = tx.execute(select(identity.c.verifier_key)).scalar_one_or_none()
    if verifier_key is None:
        raise Broken("this memory belongs to no witness: it was never initialised")
    return VerifierKey.parse(verifier_key).name


class Memory:
    """One witness over its file. Several processes may open the same."""

    def __init__(
        self, engine: Engine, cosigner: Cosigner, clock: Clock, *, between: Callable[[], None] = lambda: None
    ) -> None:
        """``between`` is called after a request was judged and before it is remembered: tests wait there.

        Raises `Broken` where the file is the memory of another key.
        """
        self._engine = engine
        self._cosigner = cosigner
        self._clock = clock
        self._between = between
        with begin_read(engine) as tx:
            ours = tx.execute(select(identity.c.verifier_key)).scalar_one_or_none()
        if ours != cosigner.verifier_key.format():
            raise Broken(
                f"the key at hand is {cosigner.verifier_key.format()}, this memory belongs to {ours}: "
                "what one key has cosigned binds no other"
            )

    @property
    def verifier_key(self) -> VerifierKey:
        return self._cosigner.verifier_key

    # --- which ledgers

    def follow(self, verifier_key: str) -> VerifierKey:
        """Follow the ledger of this key from now on. Raises InputError for a wrong key or a ledger that is known."""
        key = ledger_key(verifier_key)
        with begin_write(self._engine) as tx:
            row = _row(tx, key.name)
            if row is None:
                tx.execute(
                    insert(followed).values(
                        origin=key.name,
                        verifier_key=verifier_key,
                        followed_at=format_instant(self._clock()),
                    )
                )
            elif row.left_at is not None and row.verifier_key == verifier_key:
                tx.execute(update(followed).where(followed.c.origin == key.name).values(left_at=None))
            else:
                raise _known(key.name)
        return key

    def leave(self, origin: str) -> None:
        """Cosign no more for this ledger. Raises InputError where it is not followed.

        What was cosigned is kept: forgetting it would let the ledger begin another history when it comes back.
        """
        with begin_write(self._engine) as tx:
            left = tx.execute(
                update(followed)
                .where(followed.c.origin == origin, followed.c.left_at.is_(None))
                .values(left_at=format_instant(self._clock()))
            )
            if left.rowcount == 0:
                raise InputError.of(
                    "not-found", "没有在见证这个账本", "this ledger is not followed", came=origin
                )

    def followed(self) -> list[Followed]:
        """All ledgers that are or were followed, by name."""
        with begin_read(self._engine) as tx:
            counted = select(evidence.c.origin, func.count().label("number")).group_by(evidence.c.origin)
            count: dict[str, int] = {row.origin: row.number for row in tx.execute(counted)}
            rows = tx.execute(select(followed).order_by(followed.c.origin)).all()
        return [_followed(row, count.get(row.origin, 0)) for row in rows]

    def evidence_against(self, origin: str) -> list[Evidence]:
        """What this ledger has sent that contradicts what was cosigned for it, in order."""
        columns = (evidence.c.at, evidence.c.accuses, evidence.c.held, evidence.c.request)
        with begin_read(self._engine) as tx:
            rows = tx.execute(select(*columns).where(evidence.c.origin == origin).order_by(evidence.c.id))
            return [Evidence(*row) for row in rows]

    # --- cosigning

    def add(self, request: AddCheckpoint) -> str | Refusal:
        """Our signature line for a checkpoint that continues what we hold, or why there is none.

        What is answered is true after the commit. Raises `Broken` where the clock is not to be trusted.
        """
        origin = origin_of(request)
        if isinstance(origin, Refusal):
            return origin
        with begin_write(self._engine) as tx:
            row = _row(tx, origin)
            if row is None or row.left_at is not None:
                return unknown(origin)
            before = _followed(row, 0)
            judged = judge(request, before.key, before.held)
            self._between()
            if isinstance(judged, Refusal):
                if judged.accuses:
                    self._keep_evidence(tx, before, judged, request)
                return judged
            made_at = self._time(row.made_at)
            line = self._cosigner.cosign(format_checkpoint(judged), made_at)
            tx.execute(
                update(followed)
                .where(followed.c.origin == origin)
                .values(made_at=made_at, note=with_cosignatures(request.checkpoint, [line]))
            )
        # The transaction is committed: whatever comes later is judged by this checkpoint.
        return line

    def _time(self, before: int | None) -> int:
        """Now in POSIX seconds, but never before the last cosignature for this ledger."""
        now = int(self._clock().timestamp())
        if before is not None and now + MAX_CLOCK_BEHIND.total_seconds() < before:
            raise Broken(
                f"the clock says {now}, but a cosignature was made at {before}: set the clock right first"
            )
        return now if before is None else max(now, before)

    def _keep_evidence(
        self, tx: Connection, before: Followed, judged: Refusal, request: AddCheckpoint
    ) -> None:
        mine = evidence.c.origin == before.origin
        if tx.execute(select(func.count()).select_from(evidence).where(mine)).scalar_one() < MAX_EVIDENCE:
            tx.execute(
                insert(evidence).values(
                    origin=before.origin,
                    at=format_instant(self._clock()),
                    accuses=judged.accuses,
                    held=before.note,
                    request=encode_request(request),
                )
            )


def _known(origin: str) -> InputError:
    return InputError.of(
        "already-exists",
        "已在见证这个账本",
        "this ledger is followed already",
        came=origin,
        remedy=Text(
            "账本换了公钥就是另一个账本：历史不能接续",
            "a ledger with another key is another ledger: its history cannot be continued",
        ),
    )


def _row(tx: Connection, origin: str) -> Row[Any] | None:
    return tx.execute(select(followed).where(followed.c.origin == origin)).one_or_none()


def _followed(row: Row[Any], contradictions: int) -> Followed:
    key = VerifierKey.parse(row.verifier_key)
    return Followed(
        key=key,
        held=None if row.note is None else open_checkpoint(row.note, key),
        made_at=None if row.made_at is None else datetime.fromtimestamp(row.made_at, UTC),
        note=row.note,
        contradictions=contradictions,
    )
