"""What hits are filtered and counted by: the facets, what is chosen of them, and both as tokens.

Two sorts. *Open* facets are facts about the batch, for everybody who may find it: maker, the parts of the designation,
where and when it was made, how its tests stand. *Guarded* facets come in pairs that belong together (metres of one state
in one region; an alert of one severity by one rule), each with an audience of its own, and a pair is met by one and the
same of them: "seized" and "太康县" chosen together mean metres seized there. A filter or a count of a guarded facet sees
only what the asker's scope does: of a batch made at home he learns neither where else its metres lie nor what was
noticed about its buyers.

As tokens both become keyword fields of any engine, and a filter "one of these words, and one of those". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from hashlib import blake2b

from ..errors import InputError, Text, shown
from .audience import ANYBODY, Audience, Ways, is_of_batches

STATES = ("held", "transit", "project", "used", "sampled", "seized", "sold", "scrapped", "unexplained")
VERDICTS = ("failed", "beyond", "passed", "open", "untested")
SEVERITIES = ("high", "medium", "low")
FAMILIES = ("wiring", "flexible", "power", "control", "aerial", "rubber", "mineral", "bare")
METALS = ("copper", "aluminium", "aluminium-alloy")

#: More values of one facet, or a longer one, is no choice that a person makes.
MOST_VALUES = 20
_LONGEST_VALUE = 60
_REGION = re.compile(r"(?:[0-9]{2}){1,3}")
_AREA = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_FIRST_YEAR, _LAST_YEAR = 1980, 2099

#: The two ends of a period of months, as a form has them, and what stands between them in one value.
SINCE, UNTIL = "since", "until"
RANGE = ".."

#: Stands for the audience of what whoever finds the batch may know.
OPEN = "a"
_READER = "reader"


class Facet(Enum):
    """What a filter may be about: slug, as it stands in addresses, and name for people."""

    REGION = ("region", Text("现在地区", "where it is"))
    STATE = ("state", Text("状态", "state"))
    SEVERITY = ("severity", Text("预警级别", "severity of alerts"))
    ALERT = ("alert", Text("预警", "alerts"))
    VERDICT = ("verdict", Text("检测", "tests"))
    FAMILY = ("family", Text("产品类别", "kind of product"))
    TYPE = ("type", Text("型号", "type"))
    FIRE = ("fire", Text("燃烧特性", "fire class"))
    METAL = ("metal", Text("导体", "conductor"))
    VOLTAGE = ("voltage", Text("额定电压", "rated voltage"))
    CORES = ("cores", Text("芯数", "cores"))
    AREA = ("area", Text("主线芯截面 mm²", "area of the main cores, mm²"))
    NEUTRAL = ("neutral", Text("中性线截面 mm²", "area of the neutral, mm²"))
    MAKER = ("maker", Text("生产企业", "maker"))
    MADE = ("made", Text("产地", "where it was made"))
    MONTH = ("month", Text("生产月份", "month of production"))

    __hash__ = object.__hash__  # each is one object, and the hash of its name is made in Python

    def __init__(self, slug: str, label: Text):
        self.slug = slug
        self.label = label


#: Facets that come in pairs with audiences of their own.
PAIRS: tuple[tuple[Facet, Facet], ...] = ((Facet.STATE, Facet.REGION), (Facet.SEVERITY, Facet.ALERT))
GUARDED: Mapping[Facet, int] = {facet: n for n, pair in enumerate(PAIRS) for facet in pair}
#: Facets whose values are regions, from two digits on: a choice holds whatever lies in it.
OF_REGIONS = frozenset({Facet.REGION, Facet.MADE})
#: What stands on the label of a batch; only these filter what was only granted (`documents.LABEL_FIELDS`).
OF_LABELS = frozenset(
    {
        Facet.FAMILY,
        Facet.TYPE,
        Facet.FIRE,
        Facet.METAL,
        Facet.VOLTAGE,
        Facet.CORES,
        Facet.AREA,
        Facet.NEUTRAL,
        Facet.MAKER,
        Facet.MONTH,
    }
)
_KNOWN: Mapping[Facet, tuple[str, ...]] = {
    Facet.STATE: STATES,
    Facet.VERDICT: VERDICTS,
    Facet.SEVERITY: SEVERITIES,
    Facet.FAMILY: FAMILIES,
    Facet.METAL: METALS,
}

#: The values chosen of each facet; a facet without any is not in it.
Chosen = Mapping[Facet, tuple[str, ...]]
NOTHING_CHOSEN: Chosen = {}


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One member of a pair of guarded facets: metres in a state and region, or an alert by severity and rule.

    ``audience`` None: whoever may find the batch. ``pair`` is the place in `PAIRS`.
    """

    pair: int
    first: str
    second: str
    audience: Audience | None


def read_chosen(asked: Mapping[str, Sequence[str]]) -> Chosen:
    """The filters of a request, by slug. Raises InputError ``bad-request`` for a value that a facet cannot have.

    Regions may be given with the zeros that stand for all of it; months as ``2026-03`` or ``2026-03..2026-05``, either
    end open. A period of ``since`` and ``until`` stands in place of any month.
    """
    period = _period_asked(asked)
    named = {**asked, Facet.MONTH.slug: [period]} if period else asked
    chosen = {}
    for facet in Facet:
        values = tuple(sorted({_value(facet, each) for each in named.get(facet.slug, ()) if each}))
        if len(values) > MOST_VALUES:
            raise InputError.of(
                "bad-request",
                f"“{facet.label.zh}”至多选 {MOST_VALUES} 项",
                f"at most {MOST_VALUES} values may be chosen of {facet.slug}",
                came=str(len(values)),
                where=facet.slug,
            )
        if values:
            chosen[facet] = values
    return chosen


def _value(facet: Facet, text: str) -> str:
    value = text.strip()
    if facet in OF_REGIONS:
        good = _REGION.fullmatch(value) is not None and not value.startswith("00")
        while good and value.endswith("00"):
            value = value[:-2]
    elif facet is Facet.MONTH:
        ends = value.split(RANGE)
        good = len(ends) <= 2 and any(ends)
        if good:
            _check_months(ends[0], ends[-1], where=(facet.slug, facet.slug))
    elif facet in _KNOWN:
        good = value in _KNOWN[facet]
    elif facet in (Facet.AREA, Facet.NEUTRAL):
        good = _AREA.fullmatch(value) is not None
    else:
        good = 0 < len(value) <= _LONGEST_VALUE
    if not good:
        raise InputError.of(
            "bad-request",
            f"“{facet.label.zh}”没有这个选项：{shown(text)}",
            f"{shown(text)!r} is no value of {facet.slug}",
            came=shown(text),
            where=facet.slug,
        )
    return value


def _period_asked(asked: Mapping[str, Sequence[str]]) -> str:
    since, until = (next(iter(asked.get(name, ())), "").strip() for name in (SINCE, UNTIL))
    _check_months(since, until, where=(SINCE, UNTIL))
    return f"{since}{RANGE}{until}" if since or until else ""


def _check_months(since: str, until: str, *, where: tuple[str, str]) -> None:
    """Raises InputError ``bad-request`` for an end that is no month of ours, and for one that lies before the other."""
    for end, place in zip((since, until), where, strict=True):
        if end and not (_MONTH.fullmatch(end) and _FIRST_YEAR <= int(end[:4]) <= _LAST_YEAR):
            raise InputError.of(
                "bad-request",
                f"应为 {_FIRST_YEAR}-01 至 {_LAST_YEAR}-12 之间的月份，如 2026-03",
                f"a month from {_FIRST_YEAR}-01 to {_LAST_YEAR}-12 is wanted, such as 2026-03",
                came=end,
                where=place,
            )
    if since and until and until < since:
        raise InputError.of(
            "bad-request",
            f"期间的终点 {until} 早于起点 {since}",
            f"the period ends with {until}, before it begins with {since}",
            came=f"{since}{RANGE}{until}",
            where=where[1],
            remedy=Text("请对调起止月份", "exchange the two months"),
        )


def fits(facet: Facet, value: str, wanted: Iterable[str]) -> bool:
    """Whether one of the chosen values holds a value: the law that the tokens must reproduce."""
    if facet in OF_REGIONS:
        return value.startswith(tuple(wanted))
    if facet is Facet.MONTH:
        return any(_lies_in(value, each) for each in wanted)
    return value in wanted


def _lies_in(month: str, asked: str) -> bool:
    since, dots, until = asked.partition(RANGE)
    if not dots:
        return month == asked
    return since <= month and (not until or month <= until)


# --- as tokens ----------------------------------------------------------------------------------------


def trait_tokens(
    open_values: Iterable[tuple[Facet, str]],
    circumstances: Iterable[tuple[int, str, str, Sequence[str]]],
    readers: Iterable[str],
) -> list[str]:
    """Everything that filters ask of one batch, each token once and in one order.

    ``circumstances``: pair, first, second and the tokens of the audience, none of what whoever finds the batch may know.
    ``readers``: the tokens of everybody who may find one of its documents.
    """
    tokens = {_token(facet.slug, each) for facet, value in open_values for each in held_by(facet, value)}
    for pair, one, other, audience in circumstances:
        first, second = PAIRS[pair]
        seconds = held_by(second, other)
        said = [(one, ""), *(("", value) for value in seconds), *((one, value) for value in seconds)]
        tokens |= {_token(_short(who), first.slug, *each) for who in audience or [OPEN] for each in said}
    tokens |= {_token(_READER, _short(who)) for who in readers}
    return sorted(tokens)


def wanted_reader(asked: Ways) -> Ways:
    """The tokens that a batch must meet to be found at all by a scope of which every way has one limit."""
    return tuple((tuple(_token(_READER, _short(who)) for who in limit),) for (limit,) in asked)


def wanted_traits(chosen: Chosen, asked: Ways) -> list[Ways]:
    """The tokens that a batch must meet one way of each; ``asked`` are those of the asker's scope. Of a scope that limits
    twice they may find too much (`circumstances`)."""
    wanted: list[Ways] = [
        ((tuple(_token(facet.slug, each) for value in values for each in _asked_of(facet, value)),),)
        for facet, values in chosen.items()
        if facet not in GUARDED
    ]
    for first, second in PAIRS:
        pairs = [(f, s) for f in chosen.get(first, ("",)) for s in chosen.get(second, ("",))]
        if pairs != [("", "")]:
            whoms = [
                ((OPEN,),),
                *([limit for limit in limits if not is_of_batches(limit)] for limits in asked),
            ]
            wanted.append(
                tuple(
                    tuple(
                        tuple(_token(_short(who), first.slug, *pair) for who in limit for pair in pairs)
                        for limit in limits
                    )
                    for limits in whoms
                )
            )
    return wanted


def held_by(facet: Facet, value: str) -> list[str]:
    """Everything that may be chosen to find a value."""
    if facet in OF_REGIONS:
        return [value[:end] for end in (2, 4, 6) if len(value) >= end]
    if facet is Facet.MONTH:
        return [value[:4], value]
    return [value]


def _asked_of(facet: Facet, value: str) -> Iterator[str]:
    since, dots, until = value.partition(RANGE)
    if facet is not Facet.MONTH or not dots:
        yield value
        return
    since, until = since or f"{_FIRST_YEAR}-01", until or f"{_LAST_YEAR}-12"
    for year in range(max(int(since[:4]), _FIRST_YEAR), min(int(until[:4]), _LAST_YEAR) + 1):
        months = [f"{year}-{month:02d}" for month in range(1, 13)]
        inside = [month for month in months if since <= month <= until]
        yield from (str(year),) if len(inside) == 12 else inside


@lru_cache(16_384)
def _token(*parts: str) -> str:
    """Letters and digits, with dots between the parts: no engine splits it, and no value forges another part."""
    return ".".join(
        part if part.isascii() and part.isalnum() else f"0x{part.encode().hex()}" for part in parts
    )


@lru_cache(4096)
def _short(who: str) -> str:
    """Tokens of audiences stand before every value: a digest keeps the index small."""
    return who if who in (ANYBODY, OPEN) else blake2b(who.encode(), digest_size=10).hexdigest()
