"""风险等级 A–D of a maker: a score of 100 with what takes away from it, by weights and thresholds that are versioned data.

Pure. Each item has a measure, the measure at which nothing is taken away and that at which all of its weight is (``risk_items.csv``), between
them in proportion. An item about which nothing is known takes nothing away and is shown as unknown: what is missing never lowers a class, and never
without a word. Some facts put a maker into D whatever its score (`VETOES`, each for as long as ``risk_vetoes.csv`` says). The classes and how often they are visited stand in
``risk_classes.csv``. This is an aid to decide whom to visit, no verdict; the official credit class is another thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from ..errors import Text
from .judgement import EXACT
from .packaged import in_force, packaged
from .state import CertificatePeriod
from .working_days import months_later

ItemName = Literal["tests", "copper", "cases", "certificates", "checks", "price"]
RiskClass = Literal["A", "B", "C", "D"]

ITEMS: Mapping[ItemName, Text] = {
    "tests": Text("监督抽查结果", "results of supervision tests"),
    "copper": Text("用铜平衡", "copper by quarter"),
    "cases": Text("行政处罚", "penalties"),
    "certificates": Text("证书状况", "certificates"),
    "checks": Text("查验预警", "alerts from checks"),
    "price": Text("价格", "prices"),
}
VETOES: Mapping[str, Text] = {
    "police": Text("案件已移送公安机关", "a case was transferred to the police"),
    "revoked": Text("许可证或 CCC 证书被撤销", "a licence or CCC certificate was withdrawn"),
    "grave-failures": Text("24 个月内监督抽查两次 I 级不合格", "two failures of grade I in supervision tests within 24 months"),
}  # fmt: skip

#: Of a failed and a passed test by its age in years: up to one, two, three, and older (decay of a comparable A–D system).
_WEIGHTS_BY_AGE = (Decimal("1"), Decimal("0.6"), Decimal("0.3"), Decimal("0.15"))
#: Ten tests of the prior, of which 7 in 100 fail.
_PRIOR_FAILED, _PRIOR_TESTS = Decimal("0.7"), Decimal(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The final result of a supervision sample of one batch (`samples.is_final`), on the day of its report; ``grave``: beyond a limit by grade I."""

    on: date
    failed: bool
    grave: bool = False


def failure_rate(results: Sequence[Result], today: date) -> Decimal | None:
    """How many tests of such a maker fail, from its own and from what is usual; None where it has none."""
    if not results:
        return None
    failed, tests = _PRIOR_FAILED, _PRIOR_TESTS
    for each in results:
        years = max(0, (today - each.on).days - 1) // 365
        weight = _WEIGHTS_BY_AGE[min(years, len(_WEIGHTS_BY_AGE) - 1)]
        failed, tests = failed + weight * each.failed, tests + weight
    return EXACT.divide(failed, tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class VetoRule:
    """For how many ``months`` such a fact puts a maker into D (0: as long as it stands)."""

    code: str
    months: int
    certainty: str
    source: str
    effective_from: date


def vetoes_on(day: date) -> dict[str, VetoRule]:
    """The version of each veto in force on a day; one that is not among them puts nobody into D."""
    rules = (
        VetoRule(
            code=row["veto"],
            months=int(row["months"]),
            certainty=row["certainty"],
            source=row["source"],
            effective_from=date.fromisoformat(row["effective_from"]),
        )
        for row in packaged("risk_vetoes.csv")
    )
    return in_force(rules, day)


def grave_failures(results: Sequence[Result], today: date, months: int = 24) -> int:
    """How many of them failed by grade I within so many months."""
    return sum(each.grave and months_later(each.on, months) >= today for each in results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That a licence or CCC certificate was withdrawn 撤销, since a day."""

    number: str
    since: date


def withdrawals(periods: Iterable[CertificatePeriod], today: date, months: int) -> list[Withdrawal]:
    """Those of one holder that were withdrawn, no more than so many months ago. Of each certificate the newest entry that has begun
    counts, so one that was withdrawn by mistake and put right is none."""
    standing: dict[str, CertificatePeriod] = {}
    for each in periods:  # in the order of the ledger
        if each.valid_from <= today and each.type in ("ccc", "licence"):
            standing[each.number] = each
    return [
        Withdrawal(number=number, since=each.valid_from)
        for number, each in sorted(standing.items())
        if each.status == "withdrawn" and months_later(each.valid_from, months) >= today
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one item takes away: its ``measure`` (None: nothing is known) and the points of its ``weight``."""

    item: ItemName
    weight: int
    measure: Decimal | None
    points: Decimal
    certainty: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A score with its class; ``vetoes`` put it into D. ``version``: the day from which the weights hold. ``known_weight`` of 100: how much of the
    score rests on anything."""

    score: Decimal
    letter: RiskClass
    contributions: tuple[Contribution, ...]
    vetoes: tuple[str, ...]
    version: date

    @property
    def known_weight(self) -> int:
        return sum(each.weight for each in self.contributions if each.measure is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule:
    """From which score a class begins, and every how many months it is visited and sampled (0: not for itself)."""

    letter: RiskClass
    from_score: int
    visit_months: int
    sample_months: int
    certainty: str
    source: str


def risk_of(measures: Mapping[ItemName, Decimal | None], vetoes: Sequence[str], today: date) -> Risk | None:
    """The risk of a maker from these measures; what is not among them is unknown. None before the first weights."""
    version = next((day for day in _versions() if day <= today), None)
    if version is None:
        return None
    found = tuple(_contribution(row, measures.get(row["item"])) for row in _items(version))  # type: ignore[call-overload]
    score = 100 - sum((each.points for each in found), Decimal(0))
    letter: RiskClass = (
        "D" if vetoes else next(each.letter for each in classes_on(today) if score >= each.from_score)
    )
    return Risk(score=score, letter=letter, contributions=found, vetoes=tuple(vetoes), version=version)


def _contribution(row: Mapping[str, Any], measure: Decimal | None) -> Contribution:
    weight, zero_at, full_at = int(row["weight"]), Decimal(row["zero_at"]), Decimal(row["full_at"])
    share = Decimal(0)
    if measure is not None:
        share = min(Decimal(1), max(Decimal(0), EXACT.divide(measure - zero_at, full_at - zero_at)))
    return Contribution(
        item=row["item"], weight=weight, measure=measure, points=(weight * share).quantize(Decimal("0.1")),
        certainty=row["certainty"], source=row["source"],
    )  # fmt: skip


def classes_on(day: date) -> tuple[ClassRule, ...]:
    """The classes in force on a day, the best first."""
    rows = [row for row in packaged("risk_classes.csv") if date.fromisoformat(row["effective_from"]) <= day]
    newest = max((row["effective_from"] for row in rows), default="")
    found = (
        ClassRule(
            letter=row["class"],  # type: ignore[arg-type]
            from_score=int(row["from_score"]),
            visit_months=int(row["visit_months"]),
            sample_months=int(row["sample_months"]),
            certainty=row["certainty"],
            source=row["source"],
        )
        for row in rows
        if row["effective_from"] == newest
    )
    return tuple(sorted(found, key=lambda each: -each.from_score))


def next_visit(letter: RiskClass, last: date | None, today: date) -> date:
    """When the next visit of a maker of a class is due: at once where none is on record."""
    rule = next(each for each in classes_on(today) if each.letter == letter)
    return today if last is None else months_later(last, rule.visit_months)


@cache
def _versions() -> tuple[date, ...]:
    return tuple(
        sorted(
            {date.fromisoformat(row["effective_from"]) for row in packaged("risk_items.csv")}, reverse=True
        )
    )


def _items(version: date) -> list[dict[str, str]]:
    return [row for row in packaged("risk_items.csv") if date.fromisoformat(row["effective_from"]) == version]
