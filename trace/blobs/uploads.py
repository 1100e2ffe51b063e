"""Who brought which attachment, until it is used or given up: an operational table of desk.db.

A row is a promise for `KEPT_FOR` (`KEPT_FOR_THE_PUBLIC`): its account may look at the file, and the file stays although no event names it
yet. It is written *before* the file gets its final name, so that there is never a file that nobody answers for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    MetaData,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer

#: An upload that no event has named by then is given up.
KEPT_FOR = timedelta(days=7)
#: So long without an account (`Upload.account` is ""): until a form that was refused has been put right.
KEPT_FOR_THE_PUBLIC = timedelta(days=1)

metadata = MetaData()

upload = Table(
    "upload",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("account", String(36), primary_key=True, comment="who brought it and may look at it"),
    Column("media_type", String(100), nullable=False, comment="as its bytes say"),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("at", String(24), nullable=False, index=True, comment="when it was brought last"),
    info={"kind": "operational"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An attachment that an account has brought; ``at`` when it did so last."""

    sha256: str
    account: str
    media_type: str
    size: int
    at: datetime


def note(tx: Connection, brought: Upload) -> None:
    """Write down that an account has brought a file; a second time only moves its time."""
    values = {"media_type": brought.media_type, "size": brought.size, "at": format_instant(brought.at)}
    again = tx.execute(
        update(upload)
        .where(upload.c.sha256 == brought.sha256, upload.c.account == brought.account)
        .values(**values)
    )
    if not again.rowcount:
        tx.execute(insert(upload).values(sha256=brought.sha256, account=brought.account, **values))


def find(tx: Connection, sha256: str, account: str) -> Upload | None:
    """What this account has brought under this hash."""
    row = tx.execute(
        select(upload).where(upload.c.sha256 == sha256, upload.c.account == account)
    ).one_or_none()
    return None if row is None else Upload(**{**row._mapping, "at": parse_instant(row.at)})


def sizes_of(tx: Connection, account: str) -> dict[str, int]:
    """Everything that an account has brought of late: bytes by hash."""
    rows = tx.execute(select(upload.c.sha256, upload.c.size).where(upload.c.account == account))
    return {row.sha256: row.size for row in rows}


def given_up(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Hashes that nobody has brought so lately that they are still promised, some of them."""
    newer = upload.alias()
    statement = (
        select(upload.c.sha256)
        .where(
            upload.c.at < format_instant(now - KEPT_FOR_THE_PUBLIC),  # upload.at is indexed
            ~_is_promised(upload, now),
            ~select(newer).where(newer.c.sha256 == upload.c.sha256, _is_promised(newer, now)).exists(),
        )
        .distinct()
        .limit(limit)
    )
    return list(tx.execute(statement).scalars())


def _is_promised(rows: FromClause, now: datetime) -> ColumnElement[bool]:
    by_account, by_the_public = (format_instant(now - kept) for kept in (KEPT_FOR, KEPT_FOR_THE_PUBLIC))
    return or_(rows.c.at >= by_the_public, and_(rows.c.at >= by_account, rows.c.account != ""))


def forget(tx: Connection, hashes: Sequence[str]) -> None:
    tx.execute(delete(upload).where(upload.c.sha256.in_(hashes)))
