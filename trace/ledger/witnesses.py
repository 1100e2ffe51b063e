"""The witnesses of this ledger as its desk keeps them: whom to ask, what each has cosigned, what it said last.

Three operational tables of desk.db, which stands apart from the ledger, so that a ledger.db that was set back finds
here what it had signed before: `witness` (whom to ask), `cosignature` (one row for each witness and hour, the newest
of that hour, with the checkpoint that it is for) and `kept_checkpoint` (the newest checkpoint of our own that was
seen). A cosignature proves itself; nothing else here is evidence. Functions take the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer
from ..errors import InputError, Text
from .checkpoint import parse_checkpoint
from .cosignature import with_cosignatures
from .note import Signature, VerifierKey, unopened_text
from .typed_key import witness_key

metadata = MetaData()

witness = Table(
    "witness",
    metadata,
    Column("name", String, primary_key=True),
    Column("verifier_key", String, nullable=False),
    Column("url", String, nullable=False, comment="submission prefix: add-checkpoint stands below it"),
    Column("added_at", String(24), nullable=False),
    Column("asked_at", String(24), comment="when it last answered, or should have"),
    Column(
        "trouble", String, nullable=False, comment="why the last question brought nothing; empty if it did"
    ),
    Column("contradiction", String, comment="set-back or forked, until it cosigns again"),
    Column("their_size", Integer, comment="of the contradiction"),
    Column("our_size", Integer, comment="of the contradiction"),
    Column("contradicted_at", String(24)),
    info={"kind": "operational"},
)
cosignature = Table(
    "cosignature",
    metadata,
    Column("verifier_key", String, primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False, comment="since 1970, of the answer"),
    Column("size", Integer, nullable=False, index=True),
    Column("made_at", Integer, nullable=False, comment="POSIX seconds, as the witness says"),
    Column("checkpoint", LargeBinary, nullable=False, comment="as we signed it"),
    Column("line", String, nullable=False, comment="the witness's signature line"),
    info={"kind": "operational"},
)
kept_checkpoint = Table(
    "kept_checkpoint",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("verifier_key", String, nullable=False, comment="of the ledger"),
    Column("checkpoint", LargeBinary, nullable=False),
    info={"kind": "operational"},
)

_SECONDS_OF_AN_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Witness:
    """Whom to ask: its key, of type 0x04, whose name is its own; and the URL below which it takes checkpoints."""

    key: VerifierKey
    url: str

    @property
    def name(self) -> str:
        return self.key.name


@dataclass(frozen=True, slots=True)
class Contradiction:
    """That a witness holds a tree of this ledger that ours of ``our_size`` entries does not contain.

    ``set-back``: a larger one than ours; ``forked``: one that ours does not begin with. Either our history was
    changed, or the witness is wrong: only its newest checkpoint, which our key has signed, can tell.
    """

    kind: Literal["set-back", "forked"]
    their_size: int
    our_size: int

    @property
    def text(self) -> Text:
        if self.kind == "set-back":
            return Text(
                f"见证人已会签 {self.their_size} 条，本账本只有 {self.our_size} 条：账本可能被回退或截短",
                f"it has cosigned {self.their_size} entries, this ledger has {self.our_size}: "
                "the ledger may have been set back or cut",
            )
        return Text(
            f"见证人已会签 {self.their_size} 条，本账本的 {self.our_size} 条不是从它们接续的：历史可能被改写",
            f"it has cosigned {self.their_size} entries, which are not the first of our {self.our_size}: "
            "history may have been rewritten",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """What stands in one row: ``checkpoint`` is the note as the ledger signed it, ``line`` the witness's own."""

    key: VerifierKey
    size: int
    made_at: datetime
    checkpoint: bytes
    line: str

    @property
    def note(self) -> bytes:
        """The checkpoint with this cosignature below it, as anybody may keep it."""
        return with_cosignatures(self.checkpoint, [self.line])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with one witness. ``trouble``: why the last question brought no cosignature, in English."""

    witness: Witness
    asked_at: datetime | None
    trouble: str
    contradiction: Contradiction | None
    contradicted_at: datetime | None
    newest: Cosignature | None


# --- whom to ask --------------------------------------------------------------------------------------


def add(tx: Connection, verifier_key: str, url: str, now: datetime) -> Witness:
    """Ask this witness from now on. Raises InputError for a wrong key or address and for a name that is taken."""
    added = _checked(verifier_key, url)
    if tx.execute(select(witness.c.name).where(witness.c.name == added.name)).one_or_none() is not None:
        raise InputError.of(
            "already-exists",
            "已有这个名称的见证人",
            "there is a witness of this name already",
            came=added.name,
            remedy=Text("先移除它", "remove it first"),
        )
    tx.execute(
        insert(witness).values(
            name=added.name,
            verifier_key=verifier_key,
            url=added.url,
            added_at=format_instant(now),
            trouble="",
        )
    )
    return added


def remove(tx: Connection, name: str) -> None:
    """Ask it no more; what it has cosigned stays. Raises InputError where there is none of this name."""
    if tx.execute(delete(witness).where(witness.c.name == name)).rowcount == 0:
        raise InputError.of("not-found", "没有这个见证人", "there is no such witness", came=name)


def _checked(verifier_key: str, url: str) -> Witness:
    key = witness_key(verifier_key)
    parts = urlsplit(url)
    plain = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    if not plain or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        raise InputError.of(
            "wrong-input",
            "见证人地址应为 http:// 或 https:// 开头的网址",
            "the address of a witness begins with http:// or https:// and has neither user nor query",
            came=url,
        )
    return Witness(key, url.rstrip("/"))


def standings(tx: Connection) -> list[Standing]:
    """All witnesses that are asked, by name."""
    rows = tx.execute(select(witness).order_by(witness.c.name)).all()
    return [_standing(row, _newest(tx, row.verifier_key)) for row in rows]


def _standing(row: Row[Any], newest: Cosignature | None) -> Standing:
    contradiction = None
    if row.contradiction is not None:
        contradiction = Contradiction(row.contradiction, row.their_size, row.our_size)
    return Standing(
        witness=Witness(VerifierKey.parse(row.verifier_key), row.url),
        asked_at=None if row.asked_at is None else parse_instant(row.asked_at),
        trouble=row.trouble,
        contradiction=contradiction,
        contradicted_at=None if row.contradicted_at is None else parse_instant(row.contradicted_at),
        newest=newest,
    )


# --- what they said -----------------------------------------------------------------------------------


def note_cosigned(
    tx: Connection, asked: Witness, checkpoint: bytes, cosigned: Signature, now: datetime
) -> None:
    """Keep a cosignature that was checked. What this witness cosigned earlier in the same hour goes."""
    assert cosigned.made_at is not None, "a cosignature carries a time"
    hour = int(now.timestamp()) // _SECONDS_OF_AN_HOUR
    verifier_key = asked.key.format()
    tx.execute(
        delete(cosignature).where(cosignature.c.verifier_key == verifier_key, cosignature.c.hour == hour)
    )
    tx.execute(
        insert(cosignature).values(
            verifier_key=verifier_key,
            hour=hour,
            size=parse_checkpoint(unopened_text(checkpoint)).size,
            made_at=cosigned.made_at,
            checkpoint=checkpoint,
            line=cosigned.line,
        )
    )
    _note(
        tx, asked, asked_at=now, trouble="", contradiction=None, their_size=None, our_size=None,
        contradicted_at=None,
    )  # fmt: skip


def note_trouble(tx: Connection, asked: Witness, why: str, now: datetime) -> None:
    """That a question brought nothing. A contradiction, if one stands, goes on standing."""
    _note(tx, asked, asked_at=now, trouble=why)


def note_contradiction(tx: Connection, asked: Witness, found: Contradiction, now: datetime) -> None:
    """That the witness holds another history; it stands until this witness cosigns again."""
    _note(
        tx, asked, asked_at=now, trouble=found.text.en, contradiction=found.kind, their_size=found.their_size,
        our_size=found.our_size, contradicted_at=format_instant(now),
    )  # fmt: skip


def _note(tx: Connection, asked: Witness, *, asked_at: datetime, **said: str | int | None) -> None:
    tx.execute(
        update(witness)
        .where(witness.c.name == asked.name, witness.c.verifier_key == asked.key.format())
        .values(asked_at=format_instant(asked_at), **said)
    )


def _newest(tx: Connection, verifier_key: str) -> Cosignature | None:
    row = tx.execute(
        select(cosignature)
        .where(cosignature.c.verifier_key == verifier_key)
        .order_by(cosignature.c.size.desc(), cosignature.c.hour.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _cosignature(row)


def _cosignature(row: Row[Any]) -> Cosignature:
    return Cosignature(
        key=VerifierKey.parse(row.verifier_key),
        size=row.size,
        made_at=datetime.fromtimestamp(min(row.made_at, _LAST_SECOND), UTC),
        checkpoint=row.checkpoint,
        line=row.line,
    )


#: The end of the year 9999: a witness may say any time up to 2^63.
_LAST_SECOND = 253_402_300_799


def cosignatures(tx: Connection) -> Iterator[Cosignature]:
    """All that is kept, the smallest tree first, also by witnesses that are asked no more."""
    order = (cosignature.c.size, cosignature.c.hour, cosignature.c.verifier_key)
    for row in tx.execute(select(cosignature).order_by(*order)):
        yield _cosignature(row)


def newest_of_each(tx: Connection) -> Iterator[Cosignature]:
    """The largest tree that each key has cosigned, also of witnesses that are asked no more."""
    for verifier_key in tx.execute(select(cosignature.c.verifier_key).distinct()).scalars().all():
        newest = _newest(tx, verifier_key)
        if newest is not None:
            yield newest


def newest_cosigned(tx: Connection) -> bytes | None:
    """The largest checkpoint that a witness of ours has cosigned, with all their lines for it; None before any."""
    ours = select(witness.c.verifier_key)
    row = tx.execute(
        select(cosignature.c.checkpoint)
        .where(cosignature.c.verifier_key.in_(ours))
        .order_by(cosignature.c.size.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else cosigned(tx, row.checkpoint)


def cosigned(tx: Connection, checkpoint: bytes) -> bytes:
    """This checkpoint of ours with the lines that our witnesses have given for exactly it."""
    size = parse_checkpoint(unopened_text(checkpoint)).size
    lines = tx.execute(
        select(cosignature.c.line)
        .join(witness, witness.c.verifier_key == cosignature.c.verifier_key)
        .where(cosignature.c.size == size, cosignature.c.checkpoint == checkpoint)
        .order_by(witness.c.name, cosignature.c.hour.desc())
    ).scalars()
    return with_cosignatures(checkpoint, _first_of_each(lines))


def _first_of_each(lines: Iterable[str]) -> Iterator[str]:
    """One line of each key: the newest."""
    seen = set()
    for line in lines:
        name = line.split(" ")[1]
        if name not in seen:
            seen.add(name)
            yield line


# --- our own ------------------------------------------------------------------------------------------


def keep(tx: Connection, checkpoint: bytes, verifier_key: str) -> None:
    """Remember this checkpoint of ours unless a larger one is remembered."""
    size = parse_checkpoint(unopened_text(checkpoint)).size
    known = tx.execute(select(kept_checkpoint.c.size)).scalar_one_or_none()
    if known is None:
        tx.execute(
            insert(kept_checkpoint).values(id=1, size=size, verifier_key=verifier_key, checkpoint=checkpoint)
        )
    elif known < size:
        tx.execute(update(kept_checkpoint).values(size=size, checkpoint=checkpoint))


def kept(tx: Connection) -> tuple[bytes, str] | None:
    """The remembered checkpoint and the verifier key of the ledger that signed it."""
    row = tx.execute(select(kept_checkpoint.c.checkpoint, kept_checkpoint.c.verifier_key)).one_or_none()
    return None if row is None else (row.checkpoint, row.verifier_key)
