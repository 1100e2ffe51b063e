"""Jobs as they are kept: one row of desk.db for each piece of long work, until somebody has read its outcome.

Operational, no evidence. A job waits, runs, and is done or has failed; what it needs besides (an uploaded file)
stands in a folder under its id. Functions take the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Index,
    MetaData,
    Row,
    Select,
    String,
    Table,
    insert,
    select,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer

State = Literal["waiting", "running", "done", "failed"]

metadata = MetaData()

job = Table(
    "job",
    metadata,
    Column("number", Integer, primary_key=True, comment="order of arrival"),
    Column("id", String(36), nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("account", String(36), nullable=False, comment="who asked for it"),
    Column("wanted", JSON, nullable=False, comment="what exactly, in the words of its kind"),
    Column("state", String, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False, comment="0 while it is not known"),
    Column("outcome", JSON, comment="what came of it, once it is done or has failed"),
    Column("created_at", String(24), nullable=False),
    Column("started_at", String(24)),
    Column("finished_at", String(24)),
    Index("job_by_state", "state", "number"),
    Index("job_by_account", "account", "number"),
    info={"kind": "operational"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work. ``done`` of ``total`` (0 where that is not known yet) is its progress."""

    id: str
    kind: str
    account: str
    wanted: Mapping[str, Any]
    state: State
    done: int
    total: int
    outcome: Mapping[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def create(
    tx: Connection,
    *,
    kind: str,
    account: str,
    wanted: Mapping[str, Any],
    now: datetime,
    id_: str | None = None,
) -> Job:
    """A waiting job. ``id_`` is given where something was put down under it before."""
    id_ = id_ or str(uuid4())
    tx.execute(
        insert(job).values(
            id=id_,
            kind=kind,
            account=account,
            wanted=dict(wanted),
            state="waiting",
            done=0,
            total=0,
            created_at=format_instant(now),
        )
    )
    created = find(tx, id_, account)
    assert created is not None
    return created


def note(
    tx: Connection,
    *,
    kind: str,
    account: str,
    wanted: Mapping[str, Any],
    state: Literal["done", "failed"],
    outcome: Mapping[str, Any],
    began: datetime,
    now: datetime,
) -> str:
    """Keep a job that was done at the machine and is over; its id. No worker ever takes it."""
    id_ = str(uuid4())
    tx.execute(
        insert(job).values(
            id=id_,
            kind=kind,
            account=account,
            wanted=dict(wanted),
            state=state,
            done=0,
            total=0,
            outcome=dict(outcome),
            created_at=format_instant(began),
            started_at=format_instant(began),
            finished_at=format_instant(now),
        )
    )
    return id_


def find(tx: Connection, id_: str, account: str) -> Job | None:
    """A job of this account."""
    row = tx.execute(select(job).where(job.c.id == id_, job.c.account == account)).one_or_none()
    return None if row is None else _job_in(row)


def read(tx: Connection, id_: str) -> Job | None:
    """A job of anybody's: whoever asks has found out that it may be seen."""
    row = tx.execute(select(job).where(job.c.id == id_)).one_or_none()
    return None if row is None else _job_in(row)


def newest(tx: Connection, account: str, kind: str, limit: int = 20) -> list[Job]:
    """The account's jobs of a kind, the newest first."""
    rows = tx.execute(
        select(job)
        .where(job.c.account == account, job.c.kind == kind)
        .order_by(job.c.number.desc())  # job_by_account
        .limit(limit)
    )
    return [_job_in(row) for row in rows]


def unfinished(tx: Connection, account: str, kind: str) -> int:
    """How many jobs of a kind this account has waiting or running."""
    rows = tx.execute(
        select(job.c.id).where(
            job.c.account == account, job.c.kind == kind, job.c.state.in_(("waiting", "running"))
        )
    )
    return len(rows.all())


def unfinished_ids(tx: Connection) -> set[str]:
    """Ids of all jobs that wait or run."""
    return set(tx.execute(select(job.c.id).where(job.c.state.in_(("waiting", "running")))).scalars())


# --- for the worker -----------------------------------------------------------------------------------


def something_waits(tx: Connection, kinds: Collection[str]) -> bool:
    return tx.execute(_waiting(kinds)).first() is not None


def take(tx: Connection, kinds: Collection[str], now: datetime) -> Job | None:
    """The job of these kinds that has waited longest, now running; None where nothing waits.

    A kind that only a newer version knows waits for that version.
    """
    row = tx.execute(_waiting(kinds)).one_or_none()
    if row is None:
        return None
    tx.execute(update(job).where(job.c.id == row.id).values(state="running", started_at=format_instant(now)))
    return find(tx, row.id, row.account)


def _waiting(kinds: Collection[str]) -> Select[Any]:
    return (
        select(job)
        .where(job.c.state == "waiting", job.c.kind.in_(sorted(kinds)))
        .order_by(job.c.number)  # job_by_state
        .limit(1)
    )


def put_back(tx: Connection) -> int:
    """Let everything wait again that was running when the process died; returns how many there were."""
    return tx.execute(update(job).where(job.c.state == "running").values(state="waiting")).rowcount


def let_wait(tx: Connection, id_: str) -> None:
    """Let one job wait again that could not be done now."""
    tx.execute(update(job).where(job.c.id == id_, job.c.state == "running").values(state="waiting"))


def advance(tx: Connection, id_: str, done: int, total: int) -> None:
    tx.execute(update(job).where(job.c.id == id_).values(done=done, total=total))


def finish(
    tx: Connection, id_: str, state: Literal["done", "failed"], outcome: Mapping[str, Any], now: datetime
) -> None:
    """The first outcome stands: of two services one may have done again what the other was doing."""
    tx.execute(
        update(job)
        .where(job.c.id == id_, job.c.state.in_(("waiting", "running")))
        .values(state=state, outcome=dict(outcome), finished_at=format_instant(now))
    )


def _job_in(row: Row[Any]) -> Job:
    values = dict(row._mapping)
    del values["number"]
    for name in ("created_at", "started_at", "finished_at"):
        values[name] = None if values[name] is None else parse_instant(values[name])
    return Job(**values)
