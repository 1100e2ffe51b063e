"""The tables of scans.db: each check of a code, one row for each code that was ever checked, and what waits to be judged.

A file of its own: checks come in crowds and are written all the time, and neither a session (desk.db) nor an event
(ledger.db) shall wait for that lock, nor a check for theirs. It may be lost: it is no evidence, and counting begins anew.

Nothing personal: a place is a prefecture (in municipalities a district), and only where somebody said it; a client
is the hash of `scans.clients`. Single checks are deleted after `KEPT`; of a code only its count stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite takes the same

from ..clock import format_instant, parse_instant
from ..db.columns import Integer
from ..db.prepared import Prepared
from ..db.text import day_of, first_of

#: ``place`` is no check of its own: it says where one was made, and ``false-place`` where one of a code was that was never
#: issued. ``mistyped`` is kept only of what begins like a batch.
Outcome = Literal["issued", "reserved", "not-issued", "mistyped", "place", "false-place"]

#: So long a single check is kept.
KEPT = timedelta(days=180)
#: So many of a code's newest statements are looked at when it is judged whether they fit.
LOOKED_AT = 200

metadata = MetaData()

scan = Table(
    "scan",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("code", String(80), nullable=False, comment="canonical, or an alias as it is registered"),
    Column("outcome", String, nullable=False),
    Column("at", String(24), nullable=False),
    Column("region", String(6), comment="prefecture, where somebody said it"),
    Column("client", String(16), nullable=False, comment="salted hash, of no meaning after its day"),
    Index("scan_by_code", "code", "n"),
    Index("scan_by_time", "at"),
    Index(
        "scan_of_false_place",
        "region",
        "n",
        sqlite_where=text("outcome = 'false-place'"),
        postgresql_where=text("outcome = 'false-place'"),
    ),
    info={"kind": "operational"},
)
checked_code = Table(
    "checked_code",
    metadata,
    Column("code", String(80), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", String(24), nullable=False),
    Column("first_client", String(16), nullable=False),
    Column("first_region", String(6)),
    Column("written_in", Integer, nullable=False, comment="number of the group that wrote it last"),
    sqlite_with_rowid=False,
    info={"kind": "operational"},
)


to_judge = Table(
    "to_judge",
    metadata,
    Column(
        "code",
        String(80),
        primary_key=True,
        comment="where a place was stated, or a batch named by false codes, or the region where such were stated",
    ),
    Column("is_false", Boolean, primary_key=True),
    Column("turn", Integer, nullable=False),
    Index("to_judge_by_turn", "turn"),
    sqlite_with_rowid=False,
    info={"kind": "operational"},
)
judged_up_to = Table(
    "judged_up_to",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("n", Integer, nullable=False, comment="the last check that was looked at"),
    Column("turn", Integer, nullable=False, comment="the last that was given"),
    info={"kind": "cursor"},
)


@dataclass(frozen=True, slots=True)
class Scan:
    """One check, or what somebody said about where one was made."""

    code: str
    outcome: Outcome
    at: datetime
    client: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How often a code was checked and since when; ``first_region`` where who checked it first said so."""

    times: int
    first_at: datetime
    first_region: str | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Phones behind different addresses that stated one coarse place for one code on one day."""

    region: str
    day: date
    phones: int
    first: datetime
    last: datetime


def newest_at(tx: Connection) -> datetime | None:
    """When a code was checked last; None where none was."""
    at = tx.execute(select(scan.c.at).order_by(scan.c.n.desc()).limit(1)).scalar()
    return None if at is None else parse_instant(at)


def write(tx: Connection, scans: Sequence[Scan], group: int) -> None:
    """Write a group of checks, and count them."""
    if not scans:
        return
    tx.execute(insert(scan), [_row(each) for each in scans])
    checks: dict[str, list[Scan]] = defaultdict(list)
    for each in scans:
        if each.outcome == "issued":
            checks[each.code].append(each)
    if checks:
        tx.execute(
            _COUNTED,
            [
                {
                    "code": code,
                    "times": len(of_code),
                    "first_at": format_instant(of_code[0].at),
                    "first_client": of_code[0].client,
                    "written_in": group,
                }
                for code, of_code in checks.items()
            ],
        )
    places = [each for each in scans if each.outcome == "place"]
    for each in places:
        tx.execute(_FIRST_PLACE, {"of": each.code, "by": each.client, "there": each.region})


def places_of(tx: Connection, code: str) -> list[Scan]:
    """What people said about where they had this code before them, oldest first."""
    # scan_by_code
    newest = (
        select(scan)
        .where(scan.c.code == code, scan.c.outcome == "place")
        .order_by(scan.c.n.desc())
        .limit(LOOKED_AT)
    )
    return [
        Scan(row.code, row.outcome, parse_instant(row.at), row.client, row.region)
        for row in reversed(tx.execute(newest).all())
    ]


def crowds_of(tx: Connection, code: str, since: datetime) -> list[Crowd]:
    """By coarse place and day (Asia/Shanghai), how many phones behind different addresses stated since to have this code before
    them, the earliest day first; those that stated several places on a day are left out.

    Counted in the database: of each address and place one row, of no more than `MOST_COUNTED`, the newest.
    """
    address = first_of(scan.c.client, _OF_ADDRESS).label("address")  # of one day, as `clients` makes it
    # scan_by_code
    said = (
        select(address, scan.c.region, func.min(scan.c.at).label("first"), func.max(scan.c.at).label("last"))
        .where(scan.c.code == code, scan.c.outcome == "place", scan.c.at >= format_instant(since))
        .group_by(address, scan.c.region)
        .order_by(func.max(scan.c.n).desc())
        .limit(MOST_COUNTED)
        .cte("said")
    )
    several = select(said.c.address).group_by(said.c.address).having(func.count() > 1)
    day = day_of(said.c.first).label("day")
    statement = (
        select(
            said.c.region,
            day,
            func.count().label("phones"),
            func.min(said.c.first).label("first"),
            func.max(said.c.last).label("last"),
        )
        .where(said.c.address.not_in(several))
        .group_by(said.c.region, day)
        .order_by(day, said.c.region)
    )
    return [
        Crowd(
            row.region,
            date.fromisoformat(row.day),
            row.phones,
            parse_instant(row.first),
            parse_instant(row.last),
        )
        for row in tx.execute(statement)
    ]


#: So many addresses with a place are counted for one code; more than a crowd has.
MOST_COUNTED = 20_000
#: Of a client so much is its address's (`clients.network_of`).
_OF_ADDRESS = 8


def read_count(tx: Connection, code: str) -> tuple[Count, int] | None:
    """What is known of a code, and the number of the group that wrote it; one look-up by key."""
    row = _COUNT.run(tx, code=code).fetchone()
    if row is None:
        return None
    times, first_at, first_region, group = row
    return Count(times, parse_instant(first_at), first_region), group


def forget(tx: Connection, now: datetime) -> int:
    """Delete the single checks that are older than `KEPT`, at most some thousands at once; how many these were."""
    # scan_by_time
    old = select(scan.c.n).where(scan.c.at < format_instant(now - KEPT)).limit(_AT_ONCE)
    return tx.execute(delete(scan).where(scan.c.n.in_(old))).rowcount


_AT_ONCE = 5_000


def _row(each: Scan) -> dict[str, str | None]:
    return {
        "code": each.code,
        "outcome": each.outcome,
        "at": format_instant(each.at),
        "region": each.region,
        "client": each.client,
    }


_NEW = upsert(checked_code)
_COUNTED = _NEW.on_conflict_do_update(
    index_elements=[checked_code.c.code],
    set_={"times": checked_code.c.times + _NEW.excluded.times, "written_in": _NEW.excluded.written_in},
)
_FIRST_PLACE = (
    update(checked_code)
    .where(
        checked_code.c.code == bindparam("of"),
        checked_code.c.first_client == bindparam("by"),
        checked_code.c.first_region.is_(None),
    )
    .values(first_region=bindparam("there"))
)
_COUNT = Prepared(
    select(
        checked_code.c.times,
        checked_code.c.first_at,
        checked_code.c.first_region,
        checked_code.c.written_in,
    ).where(checked_code.c.code == bindparam("code"))
)
