"""What the checks give reason to judge, and in which turn: noted from the stream, kept until it was judged.

Nothing of it is worth more than the checks themselves: what is killed between judging and forgetting is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    delete,
    distinct,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite takes the same

from ..clock import format_instant, parse_instant
from ..db.text import first_of
from .stream import Scan, judged_up_to, scan, to_judge

#: A drum's code is so long, and begins with so many characters of its batch's (`codes.trace_code`, which stands above).
UNIT_LENGTH, BATCH_BODY = 20, 9
#: So is the code of a region.
REGION_LENGTH = 6
#: So many checks are noted at once.
AT_ONCE = 5_000
#: Under so many batches false codes are counted, those with the most of them.
BATCHES_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A code under which a place was stated; or (``is_false``) the body of a batch's code, under which false codes came, or
    the coarse region in which people stated to have goods with such before them."""

    code: str
    is_false: bool

    @property
    def is_of_region(self) -> bool:
        return self.is_false and len(self.code) == REGION_LENGTH


def queue_new(tx: Connection) -> int:
    """Note what the checks since the last time give reason to judge, some thousands at most; how many checks these were.

    What waits already keeps its turn. The mark moves in the same transaction, so that none is left out or noted twice.
    """
    seen, last_turn = _judged(tx)
    newest = tx.scalar(select(func.max(scan.c.n))) or 0
    if newest < seen:  # all that there were are deleted, and numbers begin anew
        seen = 0
    of_interest = (
        select(scan.c.n, scan.c.code, scan.c.outcome, scan.c.region)
        .where(scan.c.n > seen, scan.c.n <= newest, scan.c.outcome.in_(_OF_INTEREST))
        .order_by(scan.c.n)
        .limit(AT_ONCE)
    )
    rows = tx.execute(of_interest).all()
    reached = rows[-1].n if len(rows) == AT_ONCE else newest
    if reached == seen:
        return 0
    noted = dict.fromkeys(each for row in rows if (each := _to_judge(row)) is not None)
    for turn, each in enumerate(noted, start=last_turn + 1):
        tx.execute(_QUEUED, {"code": each.code, "is_false": each.is_false, "turn": turn})
    _mark(tx, reached, last_turn + len(noted))
    return len(rows)


_OF_INTEREST = ("place", "not-issued", "mistyped", "false-place")


def waiting(tx: Connection, limit: int) -> list[ToJudge]:
    """What waits to be judged, those whose turn it is first."""
    rows = tx.execute(select(to_judge).order_by(to_judge.c.turn).limit(limit))  # to_judge_by_turn
    return [ToJudge(row.code, row.is_false) for row in rows]


def judged(tx: Connection, done: Iterable[ToJudge]) -> None:
    """Forget what was judged: it comes again with its next check."""
    for each in done:
        tx.execute(delete(to_judge).where(*_is(each)))


def put_back(tx: Connection, later: Iterable[ToJudge]) -> None:
    """Let these wait behind all others."""
    some = list(later)
    seen, last_turn = _judged(tx)
    for turn, each in enumerate(some, start=last_turn + 1):
        tx.execute(update(to_judge).where(*_is(each)).values(turn=turn))
    _mark(tx, seen, last_turn + len(some))


def false_codes_since(tx: Connection, since: datetime) -> list[tuple[str, int, int]]:
    """(body of a batch's code, different codes with a right check character, and with a wrong one) of the drums' codes that
    were checked since and never issued, the most first."""
    body = first_of(scan.c.code, BATCH_BODY).label("body")
    forged, mistyped = (
        func.count(distinct(case((scan.c.outcome == outcome, scan.c.code))))
        for outcome in ("not-issued", "mistyped")
    )
    # scan_by_time
    statement = (
        select(body, forged.label("forged"), mistyped.label("mistyped"))
        .where(
            scan.c.at >= format_instant(since),
            scan.c.outcome.in_(("not-issued", "mistyped")),
            func.length(scan.c.code) == UNIT_LENGTH,
        )
        .group_by(body)
        .order_by((forged + mistyped).desc(), body)
        .limit(BATCHES_LOOKED_AT)
    )
    return [(row.body, row.forged, row.mistyped) for row in tx.execute(statement)]


def false_places_in(tx: Connection, region: str, since: datetime) -> list[Scan]:
    """What people stated since of goods with false codes in a region, oldest first: the newest of each address, so that one
    that states very many pushes no other out, and of no more than `ADDRESSES_LOOKED_AT` of them."""
    address = first_of(scan.c.client, _OF_ADDRESS)
    nth = func.row_number().over(partition_by=address, order_by=scan.c.n.desc())
    # scan_of_false_place
    of_region = (
        select(scan, nth.label("nth"))
        .where(
            scan.c.region == region,
            scan.c.outcome == literal_column("'false-place'"),  # as the index says it
            scan.c.at >= format_instant(since),
        )
        .subquery()
    )
    newest = (
        select(of_region)
        .where(of_region.c.nth <= STATEMENTS_OF_AN_ADDRESS)
        .order_by(of_region.c.n.desc())
        .limit(ADDRESSES_LOOKED_AT * STATEMENTS_OF_AN_ADDRESS)
    )
    return [
        Scan(row.code, row.outcome, parse_instant(row.at), row.client, row.region)
        for row in reversed(tx.execute(newest).all())
    ]


#: Of one address so many statements about false codes, and of so many addresses, are looked at.
STATEMENTS_OF_AN_ADDRESS, ADDRESSES_LOOKED_AT = 10, 100
#: Of a client so much is its address's (`clients.network_of`).
_OF_ADDRESS = 8


def _to_judge(row: Any) -> ToJudge | None:
    if row.outcome == "place":
        return ToJudge(row.code, False)
    if row.outcome == "false-place":
        return ToJudge(row.region, True)
    if row.outcome in ("not-issued", "mistyped") and len(row.code) == UNIT_LENGTH:
        return ToJudge(row.code[:BATCH_BODY], True)
    return None


def _judged(tx: Connection) -> tuple[int, int]:
    row = tx.execute(select(judged_up_to)).one_or_none()
    return (0, 0) if row is None else (row.n, row.turn)


def _mark(tx: Connection, n: int, turn: int) -> None:
    tx.execute(delete(judged_up_to))
    tx.execute(insert(judged_up_to).values(id=1, n=n, turn=turn))


def _is(each: ToJudge) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return to_judge.c.code == each.code, to_judge.c.is_false == each.is_false


_QUEUED = upsert(to_judge).on_conflict_do_nothing()
