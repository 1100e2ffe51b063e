"""What the checks of a code give reason to enter on the ledger as an alert 预警: the rules over checks with what the books
say of the goods, and with what was entered about them before.

The same rule speaks of the same code once in `SILENT_AFTER_ALERT`, and after a dismissal not for `SILENT_AFTER_DISMISSAL`;
then only what was checked since counts. The id of an alert follows from its code, its rule and how many there were
before it: whoever is killed and judges again, or judges beside another, enters nothing twice.

Whom it concerns stands in it: its maker, and the regions of the maker, of those who have or had the goods, and of the
places. Who checked is nowhere in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from ..alerts.rules_of_checks import (
    VERSION,
    FalseCodes,
    Seen,
    Spent,
    checked_after_use,
    crowd_after_use,
    crowd_in_one_place,
    false_codes,
    false_codes_here,
    many_regions,
    places_apart,
)
from ..clock import SHANGHAI, format_instant, parse_instant, shanghai_date
from ..codes.trace_code import BATCH_BODY, BatchCode
from ..flow import books
from ..intake.recorded import read_recorded
from ..ledger.store import read_rows_at
from ..model.bodies import CheckRule
from ..model.postings import Posting
from ..model.state import GONE, KnownBatch, KnownSuspicion
from ..model.values import business_id
from ..registry import register
from ..scans.stream import Crowd, Scan
from .public import goods_named

#: The same rule speaks of the same code once in this time.
SILENT_AFTER_ALERT = timedelta(days=30)
#: An authority that has looked is not asked again about the same for so long.
SILENT_AFTER_DISMISSAL = timedelta(days=180)
#: As many regions as a draft may name.
_MOST_REGIONS = 100
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """What is to be entered. ``before``: how many alerts there were by this rule about the same: the drum, the batch, or what
    ``about`` names, the region of goods with false codes."""

    rule: CheckRule
    batch: str
    maker: str
    unit: int | None
    regions: tuple[str, ...]
    before: int
    seen: tuple[Seen, ...] = ()
    codes: int | None = None
    mistyped: int | None = None
    since: date | None = None
    about: str = ""

    def draft(self, now: datetime) -> dict[str, Any]:
        """The alert as a draft; its id is the same for whoever finds this."""
        body = {
            "rule": self.rule,
            "version": VERSION,
            "maker": self.maker,
            "regions": list(self.regions),
            "unit": self.unit,
            "seen": [
                {
                    "region": each.region,
                    "first": _hour(each.first),
                    "last": _hour(each.last),
                    "phones": each.phones,
                }
                for each in self.seen
            ],
            "codes": self.codes,
            "mistyped": self.mistyped,
            "since": None
            if self.since is None
            else datetime.combine(self.since, time(), SHANGHAI).isoformat(),
        }
        return {
            "id": _id_of(self.about or self.batch, self.unit, self.rule, self.before),
            "kind": "alert",
            "subject": {"batch": {"code": self.batch}},
            "occurred_at": format_instant(now),
            "body": {name: value for name, value in body.items() if value not in (None, [])},
        }


def _id_of(about: str, unit: int | None, rule: CheckRule, before: int) -> str:
    return business_id("alert", about, str(unit or 0), rule, str(before))


def suspected_of_drum(
    tx: Connection,
    code: str,
    places: Sequence[Scan],
    days: Sequence[Crowd],
    keys: Mapping[int, bytes],
    now: datetime,
) -> list[Suspected]:
    """What the rules find in what people stated under one code, oldest first, and in how many did so on the ``days`` of
    `WINDOW`; nothing for a code that is no drum's.

    Cost: the postings of the drum's batch.
    """
    named = goods_named(tx, code, keys)
    if named is None or named[1] is None:
        return []
    batch, unit = books.batches(tx, [named[0]])[named[0]], named[1]
    earlier = [each for each in register.suspicions_of(tx, batch.code) if each.unit == unit]
    numbered = [(seq, p) for seq, p in books.read_postings(tx, batch.code) if p.first <= unit <= p.last]
    seat = _seat(tx, batch.maker)
    spent = _spent(tx, [(seq, p) for seq, p in numbered], seat)
    rules: Mapping[CheckRule, Callable[[datetime], tuple[Seen, ...]]] = {
        "places-apart": lambda since: places_apart(_after(places, since)),
        "checked-after-use": lambda since: checked_after_use(_after(places, since), spent),
        "many-regions": lambda since: many_regions(_after(places, since)),
        "crowd-in-one-place": lambda since: crowd_in_one_place(_begun_after(days, since)),
        "crowd-after-use": lambda since: crowd_after_use(_begun_after(days, since), spent),
    }
    been = {account.region for _, p in numbered for account in (p.source, p.target)}
    found = []
    for rule, find in rules.items():
        spoken = [each for each in earlier if each.rule == rule]
        since = counts_since(spoken, now)
        seen = () if since is None else find(since)
        if not seen:
            continue
        suspected = Suspected(
            rule=rule,
            batch=batch.code,
            maker=batch.maker,
            unit=unit,
            regions=_regions(seat, been, [each.region for each in seen]),
            before=len(spoken),
            seen=seen[:50],
            since=spent.since if rule in _AFTER_USE and spent is not None else None,
        )
        found.append(suspected)
    return found


#: Whose alerts say since when nothing is left.
_AFTER_USE = frozenset({"checked-after-use", "crowd-after-use"})


def _after(places: Sequence[Scan], since: datetime) -> list[Scan]:
    return [each for each in places if each.at > since]


def _begun_after(days: Sequence[Crowd], since: datetime) -> list[Crowd]:
    """A day on which some were counted before is left out whole."""
    return [each for each in days if each.first > since]


def suspected_of_false_codes(
    tx: Connection, body: str, counted: Iterable[tuple[str, int, int]], now: datetime
) -> list[Suspected]:
    """What the rule finds in false codes under the product to which a batch belongs; ``body`` of its code.

    ``counted``: (body of a batch's code, forged, mistyped) within the time of the rule.
    """
    codes = {
        each: BatchCode(each).canonical for each in {body, *(row[0] for row in counted)} if _is_body(each)
    }
    known = books.batches(tx, codes.values())
    this = known.get(codes.get(body, ""))
    if this is None:
        return []
    of_product = [
        FalseCodes(codes[each], forged, mistyped)
        for each, forged, mistyped in counted
        if (batch := known.get(codes.get(each, ""))) is not None and _product(batch) == _product(this)
    ]
    found = false_codes(of_product)
    if found is None:
        return []
    recent = format_instant(now - SILENT_AFTER_ALERT - SILENT_AFTER_DISMISSAL)
    theirs_lately = register.suspicions_since(tx, recent, maker=this.maker)
    spoken = [each for each in theirs_lately if each.rule == "false-codes"]
    theirs = books.batches(tx, {each.batch for each in spoken})
    spoken = [each for each in spoken if _product(theirs[each.batch]) == _product(this)]
    if counts_since(spoken, now) is None:
        return []
    there = books.read_books(tx, [found.batch])[found.batch]
    holders = [*(run.account.region for run in there.runs), *(account.region for account in there.loose)]
    about = [each for each in register.suspicions_of(tx, found.batch) if each.rule == "false-codes"]
    return [
        Suspected(
            rule="false-codes",
            batch=found.batch,
            maker=this.maker,
            unit=None,
            regions=_regions(_seat(tx, this.maker), holders, ()),
            before=len(about),
            codes=found.forged or None,
            mistyped=found.mistyped,
        )
    ]


def suspected_of_false_codes_here(
    tx: Connection, region: str, stated: Sequence[Scan], now: datetime
) -> list[Suspected]:
    """What the rule finds in what people stated of goods with false codes in one coarse region, within the time of the rule.
    It stands under the batch that most of these codes begin like."""
    bodies = {each.code[:BATCH_BODY] for each in stated}
    codes = {body: BatchCode(body).canonical for body in bodies if _is_body(body)}
    known = books.batches(tx, codes.values())
    spoken = _spoken_of(tx, region)
    since = counts_since(spoken, now)
    if since is None:
        return []
    found = false_codes_here(
        [each for each in stated if each.at > since and codes.get(each.code[:BATCH_BODY], "") in known]
    )
    if found is None:
        return []
    batch = known[codes[found.body]]
    return [
        Suspected(
            rule="false-codes-here",
            batch=batch.code,
            maker=batch.maker,
            unit=None,
            regions=_regions(_seat(tx, batch.maker), (), [region]),
            before=len(spoken),
            seen=(found.seen,),
            codes=found.forged or None,
            mistyped=found.mistyped,
            about=region,
        )
    ]


def _spoken_of(tx: Connection, region: str) -> list[KnownSuspicion]:
    """The alerts about goods with false codes in a region, the first one first: each is known by its number."""
    spoken: list[KnownSuspicion] = []
    while True:
        id_ = _id_of(region, None, "false-codes-here", len(spoken))
        known = register.suspicions(tx, [id_]).get(id_)
        if known is None:
            return spoken
        spoken.append(known)


def counts_since(spoken: Sequence[KnownSuspicion], now: datetime) -> datetime | None:
    """From when on checks count, after what the same rule has said about the same before; None while it is silent."""
    if not spoken:
        return _EVER
    last = spoken[-1]
    raised_at = parse_instant(last.raised_at)
    since, silent = raised_at, raised_at + SILENT_AFTER_ALERT
    if last.result == "dismissed" and last.found_on is not None:
        since = datetime.combine(last.found_on, time(), SHANGHAI) + timedelta(days=1)
        silent = since + SILENT_AFTER_DISMISSAL
    return None if now < silent else since


def _is_body(text: str) -> bool:
    try:
        BatchCode(text)
    except ValueError:
        return False
    return True


def _product(batch: KnownBatch) -> tuple[str, str]:
    return batch.maker, batch.product


def _seat(tx: Connection, maker: str) -> str:
    return register.parties(tx, [maker])[maker].region or ""


def _regions(seat: str, been: Iterable[str], seen: Iterable[str]) -> tuple[str, ...]:
    """The places first, then the maker's: a drum that went through more hands than a draft can name loses some of these."""
    ordered = dict.fromkeys(each for each in (*seen, seat, *sorted(been)) if each)
    return tuple(list(ordered)[:_MOST_REGIONS])


def _spent(tx: Connection, numbered: Sequence[tuple[int, Posting]], seat: str) -> Spent | None:
    """Where and since when one drum is used up or scrapped, by the postings that touch it; None where something is left of
    it, or went to a buyer, who may have it anywhere."""
    left: dict[Any, int] = defaultdict(int)
    for _, p in numbered:
        each_mm = p.length_mm // (p.last - p.first + 1)
        left[p.source] -= each_mm
        left[p.target] += each_mm
    there = {account for account, mm in left.items() if mm > 0}
    ended = {account for account in there if account.state in ("used", "scrapped")}
    if not ended or any(account.state not in GONE or account.state == "sold" for account in there):
        return None
    last = [seq for seq, p in numbered if p.target in ended or p.source in ended]
    days = [_day(read_recorded(row)) for row in read_rows_at(tx, sorted(set(last)))]
    return Spent(max(days), frozenset(each for each in (seat, *(a.region for a in ended)) if each))


def _day(event: Any) -> date:
    occurred: date | None = event.draft.occurred_on
    return occurred or shanghai_date(event.recorded_at)


def _hour(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0).isoformat()
