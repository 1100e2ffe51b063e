"""Who has imported what: one line for each import of an organisation, kept in desk.db for two years.

Operational, no evidence: what was recorded stands on the ledger. A line holds the file's name, hash and counts, none
of its content; that stands in the report of the job. Functions take the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

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
    delete,
    insert,
    select,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer
from ..jobs.desk import State
from ..jobs.desk import job as _job
from .report import Report

#: After so long a line is forgotten, with the report of its job.
KEPT_FOR = timedelta(days=730)

#: What a list may be narrowed to.
Outcome = Literal["", "under-way", "complete", "bad-rows", "failed"]

metadata = MetaData()

_history = Table(
    "import_history",
    metadata,
    Column("number", Integer, primary_key=True, comment="order of arrival"),
    Column("job", String(36), nullable=False, unique=True),
    Column("party", String(36), nullable=False, comment="the organisation whose account imported"),
    Column("account", String(36), nullable=False),
    Column("by", String, nullable=False, comment="name of the account then"),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column(
        "reading", String(64), nullable=False, comment="hash of what was said of the file and its headings"
    ),
    Column("good", Integer, comment="rows that are in, those known before included; null until it is done"),
    Column("marked", Integer),
    Column("bad", Integer),
    Column("known", Integer),
    Column(
        "repeated", Integer, comment="rows that say what a row above says; null before there was such a count"
    ),
    Column("added", JSON, comment="events by kind"),
    Column("created_at", String(24), nullable=False),
    Index("import_history_by_party", "party", "number"),
    Index("import_history_by_file", "party", "sha256"),
    info={"kind": "operational"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEntry:
    """One import. ``good`` with those ``known`` before, ``bad`` and ``repeated`` are all rows. Counts of rows are None, and ``added`` is empty, until it is done."""

    number: int
    id: str
    party: str
    account: str
    by: str
    file: str
    sha256: str
    size_bytes: int
    state: State
    good: int | None
    marked: int | None
    bad: int | None
    known: int | None
    repeated: int | None
    added: Mapping[str, int]
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_complete(self) -> bool:
        """Whether every row of the file is on the ledger, so that the same file again adds nothing."""
        return self.state == "done" and self.bad == 0


def begin(
    tx: Connection,
    *,
    job: str,
    party: str,
    account: str,
    by: str,
    file: str,
    sha256: str,
    size_bytes: int,
    reading: str,
    now: datetime,
) -> None:
    """Write the line of an import whose job waits."""
    tx.execute(
        insert(_history).values(
            job=job,
            party=party,
            account=account,
            by=by,
            file=file,
            sha256=sha256,
            size_bytes=size_bytes,
            reading=reading,
            created_at=format_instant(now),
        )
    )


def conclude(tx: Connection, job: str, report: Report) -> None:
    """Add the counts of what came of it."""
    sheets = [
        sheet for sheet in report.sheets if sheet.layout.kind is not None or sheet.layout.nearest is not None
    ]
    tx.execute(
        update(_history)
        .where(_history.c.job == job)
        .values(
            good=sum(sheet.good for sheet in sheets),
            marked=sum(sheet.marked for sheet in sheets),
            bad=sum(sheet.bad for sheet in sheets),
            known=sum(sheet.known for sheet in sheets),
            repeated=sum(sheet.repeated for sheet in sheets),
            added=dict(report.added),
        )
    )


def entries(
    tx: Connection,
    party: str | None,
    *,
    text: str = "",
    outcome: Outcome = "",
    limit: int = 50,
    before: int | None = None,
) -> list[ImportEntry]:
    """An organisation's imports, everybody's where ``party`` is None, the newest first; ``text`` is a part of the
    file's name, of who imported it, or of the hash."""
    wanted = _entries().order_by(_history.c.number.desc()).limit(limit)  # import_history_by_party
    if party is not None:
        wanted = wanted.where(_history.c.party == party)
    if before is not None:
        wanted = wanted.where(_history.c.number < before)
    if text:
        columns = (_history.c.file, _history.c.by, _history.c.sha256)
        wanted = wanted.where(
            columns[0].icontains(text, autoescape=True)
            | columns[1].icontains(text, autoescape=True)
            | columns[2].startswith(text.lower(), autoescape=True)
        )
    if outcome == "under-way":
        wanted = wanted.where(_job.c.state.in_(("waiting", "running")))
    elif outcome == "failed":
        wanted = wanted.where(_job.c.state == "failed")
    elif outcome:
        bad = _history.c.bad == 0 if outcome == "complete" else _history.c.bad > 0
        wanted = wanted.where(_job.c.state == "done", bad)
    return [_entry_in(row) for row in tx.execute(wanted)]


def entry(tx: Connection, job: str) -> ImportEntry | None:
    row = tx.execute(_entries().where(_history.c.job == job)).one_or_none()
    return None if row is None else _entry_in(row)


def same(tx: Connection, party: str, sha256: str, reading: str | None = None) -> ImportEntry | None:
    """The organisation's newest import of these bytes, with ``reading`` of one in which they meant the same."""
    wanted = _entries().where(
        _history.c.party == party, _history.c.sha256 == sha256
    )  # import_history_by_file
    if reading is not None:
        wanted = wanted.where(_history.c.reading == reading)
    row = tx.execute(wanted.order_by(_history.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _entry_in(row)


def forget_before(tx: Connection, instant: datetime) -> None:
    """Forget imports that were over before then, with their jobs."""
    old = format_instant(instant)
    over = select(_history.c.job).join(_job, _job.c.id == _history.c.job).where(_job.c.finished_at < old)
    ids = list(tx.execute(over).scalars())
    for id_ in ids:
        tx.execute(delete(_job).where(_job.c.id == id_))
        tx.execute(delete(_history).where(_history.c.job == id_))


def _entries() -> Select[Any]:
    return select(_history, _job.c.state, _job.c.finished_at).join(_job, _job.c.id == _history.c.job)


def _entry_in(row: Row[Any]) -> ImportEntry:
    return ImportEntry(
        number=row.number,
        id=row.job,
        party=row.party,
        account=row.account,
        by=row.by,
        file=row.file,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        state=row.state,
        good=row.good,
        marked=row.marked,
        bad=row.bad,
        known=row.known,
        repeated=row.repeated,
        added=row.added or {},
        created_at=parse_instant(row.created_at),
        finished_at=None if row.finished_at is None else parse_instant(row.finished_at),
    )
