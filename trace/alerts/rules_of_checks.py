"""What checks of codes give reason to look at: pure rules over what people said of where they had goods before them, and
over codes that were never issued.

A label can be copied, and a place can be made up: nothing here says that goods are false, or that anybody did anything.
What a rule finds are coarse places, hours and numbers, for an authority that is concerned to look into.

Only a place counts that somebody stated with the goods before him, never that of an address: a link to the page that is
passed on is opened anywhere. Phones behind one address count as one (`scans.clients`), so a village does not contradict
itself, and whoever wants to denounce a rival needs many lines and not many browsers. One that states several
places counts for none of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Literal

from ..clock import shanghai_date
from ..codes.regions import coarse_region, distance_km
from ..codes.trace_code import BATCH_BODY, code_in
from ..errors import InputError, Text
from ..model.bodies import CheckRule
from ..scans.clients import network_of
from ..scans.stream import Crowd, Scan

#: The rules as they stand: an alert says by which version it was found.
VERSION = 2


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number on which a rule turns, and why it is that one."""

    value: int
    unit: str
    why: str


#: All of them; docs/public-answer.md holds the same table.
THRESHOLDS: Mapping[str, Threshold] = {
    "apart": Threshold(300, "km", "neighbouring prefectures are large, and centres are not where people stand"),
    "lorry": Threshold(100, "km/h", "a drum goes by lorry; no way is faster on average, loading left aside"),
    "phones": Threshold(2, "phones at a place", "one person's slip of the thumb, or one rival's, is not enough"),
    "window": Threshold(30, "days", "statements further apart do not speak of one journey"),
    "after-use": Threshold(30, "days", "use is often recorded before the last metre is laid and the drum is gone"),
    "away": Threshold(100, "km", "an empty drum is thrown away, or used again, near the site"),
    "regions": Threshold(5, "prefectures", "works, dealer, shop and site are four: an honest drum sees no more in a month"),
    "forged": Threshold(20, "codes in 24 h", "a wrong MAC under a right check character is no slip of the finger"),
    "mistyped": Threshold(100, "codes in 24 h", "whoever types a page of codes gets some wrong; nobody a hundred"),
    "crowd": Threshold(10, "phones a day", "who handles a drum and who buys from it are some four a day that would say so"),
    "crowd-days": Threshold(5, "days", "a visit, a fair or a tender lasts a day or a few; copies are sold for weeks"),
    "crowd-after-use": Threshold(3, "phones a day", "an empty drum is looked at by one, and by few who would say so"),
    "days-after-use": Threshold(3, "days", "an inspection of a site is one day with several phones"),
    "false-here": Threshold(8, "phones in 7 days", "slips that pass the check character are stated less than once a week in the busiest prefecture"),
    "same-slip": Threshold(2, "phones with one code", "a slip of the finger is nobody else's; a code that two have is on a label"),
}  # fmt: skip

LEAST_KM = THRESHOLDS["apart"].value
FASTEST_KM_AN_HOUR = THRESHOLDS["lorry"].value
PHONES_AT_A_PLACE = THRESHOLDS["phones"].value
WINDOW = timedelta(days=THRESHOLDS["window"].value)
AFTER_USE = timedelta(days=THRESHOLDS["after-use"].value)
AWAY_KM = THRESHOLDS["away"].value
MOST_REGIONS = THRESHOLDS["regions"].value
FORGED = THRESHOLDS["forged"].value
MISTYPED = THRESHOLDS["mistyped"].value
CROWD, CROWD_DAYS = THRESHOLDS["crowd"].value, THRESHOLDS["crowd-days"].value
CROWD_AFTER_USE, DAYS_AFTER_USE = THRESHOLDS["crowd-after-use"].value, THRESHOLDS["days-after-use"].value
PHONES_WITH_FALSE = THRESHOLDS["false-here"].value
SAME_SLIP = THRESHOLDS["same-slip"].value
#: In which so many false codes are many, and so many phones that state one place for such.
OF_FALSE_CODES, OF_FALSE_PLACES = timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class About:
    """A rule over checks as people read of it. ``severity`` as `rules.Severity` spells it."""

    severity: Literal["high", "medium", "low"]
    title: Text
    explanation: Text


CHECK_RULES: Mapping[CheckRule, About] = {
    "places-apart": About(
        "high",
        Text("几处查验对不上", "checked in places that do not fit"),
        Text(
            f"30 日内，两处相距 {LEAST_KM} 公里以上，前后相隔的时间短于货车（平均每小时 {FASTEST_KM_AN_HOUR} 公里）所需，且每处都有至少 "
            f"{PHONES_AT_A_PLACE} 部不同网络的手机说货在面前。标签可能被复制，地点也可能说错或故意说错。",
            f"Within 30 days, two places {LEAST_KM} km or more apart in less time than a lorry needs at {FASTEST_KM_AN_HOUR} km/h, "
            f"each stated by {PHONES_AT_A_PLACE} phones or more behind different addresses. The label may have been copied; "
            "places may also be stated wrongly, or on purpose.",
        ),
    ),
    "checked-after-use": About(
        "high",
        Text("用完之后又被查验", "checked after it was used up"),
        Text(
            f"账上这一盘已全部使用或报废；过了 {AFTER_USE.days} 日，在距使用地和生产企业都在 {AWAY_KM} 公里以上的同一处，有至少 "
            f"{PHONES_AT_A_PLACE} 部不同网络的手机说货在面前。可能是旧标签被重新使用，也可能是使用登记有误。",
            f"By the books the whole drum was used or scrapped; {AFTER_USE.days} days later or more, at one place {AWAY_KM} km or more "
            f"from where that was and from the maker, {PHONES_AT_A_PLACE} phones or more behind different addresses stated to have "
            "it before them. The label may be in use again; the use may also be recorded wrongly.",
        ),
    ),
    "many-regions": About(
        "medium",
        Text("许多地区查到同一个码", "one code in many regions"),
        Text(
            f"30 日内，至少 {MOST_REGIONS} 个市（直辖市为区）各有手机说这一盘在面前，每部手机只说过一处。可能有多张相同的标签。",
            f"Within 30 days, phones in {MOST_REGIONS} prefectures or more (in municipalities districts) stated to have this drum "
            "before them, each phone in one place only. There may be several labels of one code.",
        ),
    ),
    "crowd-in-one-place": About(
        "medium",
        Text("一地许多人查到同一盘", "one drum before very many people in one place"),
        Text(
            f"30 日内，同一个市（直辖市为区）有至少 {CROWD_DAYS} 天，每天至少 {CROWD} 部不同网络的手机说这一盘在面前。一盘货不会有这么多人经手、"
            "购买；当地可能有许多张相同的标签，也可能只是展示、培训。",
            f"Within 30 days, on {CROWD_DAYS} days or more, each time {CROWD} phones or more behind different addresses stated one prefecture "
            "(in municipalities a district) for this drum. No single drum is handled or bought from by so many: there may be many labels "
            "of one code about; it may also have been shown, at a fair or in a training.",
        ),
    ),
    "crowd-after-use": About(
        "high",
        Text("用完之后仍有许多人查到", "before many people after it was used up"),
        Text(
            f"账上这一盘已全部使用或报废；过了 {AFTER_USE.days} 日，在使用地或生产企业附近（{AWAY_KM} 公里以内）的同一处，有至少 {DAYS_AFTER_USE} 天，"
            f"每天至少 {CROWD_AFTER_USE} 部不同网络的手机说货在面前。可能是同一个码的复制品，也可能是使用登记有误。",
            f"By the books the whole drum was used or scrapped; {AFTER_USE.days} days later or more, at one place within {AWAY_KM} km of "
            f"where that was or of the maker, on {DAYS_AFTER_USE} days or more {CROWD_AFTER_USE} phones or more behind different addresses stated "
            "to have it before them. There may be copies of the code; the use may also be recorded wrongly.",
        ),
    ),
    "false-codes": About(
        "medium",
        Text("短时间出现许多假码", "many false codes in a short time"),
        Text(
            f"24 小时内，以该企业同一产品的批次码开头、但本平台没有签发的盘码，有 {FORGED} 个以上校验字符正确，或 {MISTYPED} 个以上校验字符不符。"
            "可能有人在编造或试探追溯码；企业自己不一定与此有关。",
            f"Within 24 hours, codes of drums that begin like this maker's batches of one product and were never issued: {FORGED} or "
            f"more with a right check character, or {MISTYPED} or more with a wrong one. Somebody may be making codes up or "
            "trying them out; the maker need have nothing to do with it.",
        ),
    ),
    "false-codes-here": About(
        "high",
        Text("一地有许多假码的货", "goods with false codes in one place"),
        Text(
            f"{OF_FALSE_PLACES.days} 日内，同一个市（直辖市为区）有至少 {PHONES_WITH_FALSE} 部不同网络的手机说面前的货上印着没有签发过的盘码，"
            f"码以本平台签发的批次码开头。校验字符不符的，{SAME_SLIP} 部手机说的是同一个码才算。当地可能有贴假标签的货；所仿的生产企业不一定与此有关。",
            f"Within {OF_FALSE_PLACES.days} days, {PHONES_WITH_FALSE} phones or more behind different addresses stated in one prefecture "
            "(in municipalities a district) to have goods before them with codes of drums that were never issued and begin like batches that "
            f"were. A code with a wrong check character counts if {SAME_SLIP} phones stated the same. There may be goods with forged "
            "labels about; the maker whose batches they imitate need have nothing to do with it.",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A coarse place, from when to when, and how many phones behind different addresses said so."""

    region: str
    first: datetime
    last: datetime
    phones: int


@dataclass(frozen=True, slots=True)
class Spent:
    """That nothing is left of a drum since a day; ``around`` are the regions where it may be seen all the same: those in
    which it was used or scrapped, and its maker's."""

    since: date
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class FalseCodes:
    """How many different codes that were never issued begin like a batch: with a right check character, and a wrong one."""

    batch: str
    forged: int
    mistyped: int


@dataclass(frozen=True, slots=True)
class FalseHere:
    """Where people stated to have goods with false codes before them: different ones with a right check character, and with
    a wrong one; ``body`` of the batch's code with which most of these statements begin."""

    seen: Seen
    forged: int
    mistyped: int
    body: str


def places_apart(places: Sequence[Scan]) -> tuple[Seen, ...]:
    """The two places, those with the newest statement, too far apart for one drum in the time between; none where all fit.

    ``places`` are statements about one code, oldest first. A statement counts where one by another phone contradicts it.
    Cost: for each pair of regions, the product of their statements at worst; whoever calls bounds it.
    """
    found: list[tuple[Seen, Seen]] = []
    by_region = _by_region(_lately(places))
    for one, other in combinations(sorted(by_region), 2):
        km = distance_km(one, other)
        if km is None or km < LEAST_KM:
            continue
        needed = timedelta(hours=km / FASTEST_KM_AN_HOUR)
        at_one = _contradicted(by_region[one], by_region[other], needed)
        at_other = _contradicted(by_region[other], by_region[one], needed)
        both = _phones(at_one) & _phones(at_other)
        at_one, at_other = _without(at_one, both), _without(at_other, both)
        if min(len(_phones(at_one)), len(_phones(at_other))) >= PHONES_AT_A_PLACE:
            found.append((_seen(one, at_one), _seen(other, at_other)))
    if not found:
        return ()
    newest = max(found, key=lambda pair: max(seen.last for seen in pair))
    return tuple(sorted(newest, key=lambda seen: (seen.first, seen.region)))


def checked_after_use(places: Sequence[Scan], spent: Spent | None) -> tuple[Seen, ...]:
    """The places, far from where it may be, in which people stated to have a drum before them of which nothing is left."""
    if spent is None:
        return ()
    late = [each for each in _lately(places) if shanghai_date(each.at - AFTER_USE) >= spent.since]
    alone = _without(late, _in_several(late))
    return tuple(
        _seen(region, there)
        for region, there in sorted(_by_region(alone).items())
        if len(_phones(there)) >= PHONES_AT_A_PLACE and _is_away(region, spent.around)
    )


def many_regions(places: Sequence[Scan]) -> tuple[Seen, ...]:
    """The places in which people stated to have one drum before them, where they are too many for an honest one."""
    lately = _lately(places)
    by_region = _by_region(_without(lately, _in_several(lately)))
    if len(by_region) < MOST_REGIONS:
        return ()
    return tuple(_seen(region, there) for region, there in sorted(by_region.items()))


def crowd_in_one_place(days: Sequence[Crowd]) -> tuple[Seen, ...]:
    """The places in which more people had one drum before them, day after day, than a drum has handlers and buyers; ``days``
    are those of `WINDOW`."""
    return _crowded(days, phones=CROWD, on_days=CROWD_DAYS)


def crowd_after_use(days: Sequence[Crowd], spent: Spent | None) -> tuple[Seen, ...]:
    """The places near those where it may be in which, day after day, several people had a drum before them of which nothing
    is left. Of places far away two phones are enough: `checked_after_use`."""
    if spent is None:
        return ()
    near = [
        each
        for each in days
        if each.day - AFTER_USE >= spent.since and not _is_away(each.region, spent.around)
    ]
    return _crowded(near, phones=CROWD_AFTER_USE, on_days=DAYS_AFTER_USE)


def _crowded(days: Iterable[Crowd], *, phones: int, on_days: int) -> tuple[Seen, ...]:
    """The places that had so many phones a day on so many days, with all phones of those days."""
    crowds: dict[str, list[Crowd]] = defaultdict(list)
    for each in days:
        if each.phones >= phones:
            crowds[each.region].append(each)
    return tuple(
        Seen(
            region,
            min(each.first for each in there),
            max(each.last for each in there),
            sum(each.phones for each in there),
        )
        for region, there in sorted(crowds.items())
        if len(there) >= on_days
    )


def false_codes(of_product: Iterable[FalseCodes]) -> FalseCodes | None:
    """The false codes under one maker's product within the time of the rule, where they are many: under the batch that most
    of them name, with all that the product has."""
    some = list(of_product)
    forged, mistyped = sum(each.forged for each in some), sum(each.mistyped for each in some)
    if forged < FORGED and mistyped < MISTYPED:
        return None
    most = max(some, key=lambda each: (each.forged + each.mistyped, each.batch))
    return FalseCodes(most.batch, forged, mistyped)


def false_codes_here(stated: Sequence[Scan]) -> FalseHere | None:
    """What people stated of goods with false codes in one region within the time of the rule, where they are many; ``stated``
    are drums' codes that begin like batches. Phones count, not codes: one forged label may be on a hundred drums."""
    by_code: dict[str, list[Scan]] = defaultdict(list)
    for each in stated:
        by_code[each.code].append(each)
    forged = {code for code in by_code if _is_well_formed(code)}
    mistyped = {code for code in by_code.keys() - forged if len(_phones(by_code[code])) >= SAME_SLIP}
    there = [each for each in stated if each.code in forged or each.code in mistyped]
    if len(_phones(there)) < PHONES_WITH_FALSE:
        return None
    bodies = Counter(each.code[:BATCH_BODY] for each in there)
    most = max(bodies, key=lambda body: (bodies[body], body))
    return FalseHere(_seen(there[0].region or "", there), len(forged), len(mistyped), most)


def _is_well_formed(code: str) -> bool:
    """Whether the check character of a code is right."""
    try:
        code_in(code)
    except InputError:
        return False
    return True


def _lately(places: Sequence[Scan]) -> list[Scan]:
    """The statements of the time before the newest one that the rules look at together."""
    return [each for each in places if each.region is not None and places[-1].at - each.at <= WINDOW]


def _by_region(places: Iterable[Scan]) -> dict[str, list[Scan]]:
    found: dict[str, list[Scan]] = defaultdict(list)
    for each in places:
        found[each.region or ""].append(each)
    return found


def _contradicted(here: Iterable[Scan], there: Sequence[Scan], needed: timedelta) -> list[Scan]:
    """The statements of one region that no lorry could have come from, or gone to, one of the other by another phone."""
    return [
        each
        for each in here
        if any(
            abs(each.at - other.at) < needed and network_of(each.client) != network_of(other.client)
            for other in there
        )
    ]


def _phones(places: Iterable[Scan]) -> set[str]:
    return {network_of(each.client) for each in places}


def _without(places: Iterable[Scan], phones: set[str]) -> list[Scan]:
    return [each for each in places if network_of(each.client) not in phones]


def _in_several(places: Iterable[Scan]) -> set[str]:
    """The phones that stated more than one place."""
    said: dict[str, set[str | None]] = defaultdict(set)
    for each in places:
        said[network_of(each.client)].add(each.region)
    return {phone for phone, regions in said.items() if len(regions) > 1}


def _is_away(region: str, around: Iterable[str]) -> bool:
    """Whether a place is far from all of these; one whose distance nobody knows is not."""
    distances = [
        0 if region == coarse_region(each) else distance_km(region, coarse_region(each)) for each in around
    ]
    return all(km is not None and km >= AWAY_KM for km in distances)


def _seen(region: str, there: Sequence[Scan]) -> Seen:
    at = [each.at for each in there]
    return Seen(region, min(at), max(at), len(_phones(there)))
