"""The risk class of a maker: what takes away how much, what is unknown takes nothing, and what puts a maker into D."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.risk import (
    ITEMS,
    Result,
    classes_on,
    failure_rate,
    grave_failures,
    next_visit,
    risk_of,
    vetoes_on,
    withdrawals,
)
from cabletrace.model.state import CertificatePeriod

TODAY = date(2026, 5, 2)
WORST = {
    "tests": Decimal("0.5"),
    "copper": Decimal("0.9"),
    "cases": Decimal(3),
    "certificates": Decimal(1),
    "checks": Decimal(9),
}
measures = st.one_of(st.none(), st.decimals(min_value=0, max_value=20, places=3))


def test_nothing_known_takes_nothing_away_and_says_so() -> None:
    risk = risk_of({}, (), TODAY)

    assert risk is not None
    assert (risk.score, risk.letter, risk.known_weight) == (100, "A", 0)
    assert all(each.measure is None and each.source for each in risk.contributions)


def test_the_weights_make_a_hundred_of_which_prices_are_not_reckoned() -> None:
    worst = risk_of(WORST, (), TODAY)  # type: ignore[arg-type]

    assert worst is not None
    assert sum(each.weight for each in worst.contributions) == 100
    assert {each.item for each in worst.contributions} == set(ITEMS)
    assert (worst.score, worst.letter, worst.known_weight) == (10, "D", 90)


@given(st.fixed_dictionaries(dict.fromkeys(ITEMS, measures)))
def test_a_score_is_a_hundred_without_what_each_item_takes(found: dict[str, Decimal | None]) -> None:
    risk = risk_of(found, (), TODAY)  # type: ignore[arg-type]

    assert risk is not None
    assert risk.score == 100 - sum(each.points for each in risk.contributions)
    assert all(0 <= each.points <= each.weight for each in risk.contributions)
    assert all(each.points == 0 for each in risk.contributions if each.measure is None)


@pytest.mark.parametrize(
    ("copper", "certificates", "score", "letter"),
    [("1.02", "0", 100, "A"), ("0.995", "0", 90, "A"), ("0.97", "0", 80, "B"), ("0.97", "0.05", 75, "B"), ("0.5", "1", 70, "B")],
)  # fmt: skip
def test_between_two_measures_it_is_in_proportion(
    copper: str, certificates: str, score: int, letter: str
) -> None:
    risk = risk_of({"copper": Decimal(copper), "certificates": Decimal(certificates)}, (), TODAY)

    assert risk is not None
    assert (risk.score, risk.letter) == (score, letter)


def test_a_veto_puts_a_maker_into_d_and_leaves_its_score() -> None:
    risk = risk_of({}, ("police",), TODAY)

    assert risk is not None
    assert (risk.score, risk.letter, risk.vetoes) == (100, "D", ("police",))


def test_a_withdrawn_licence_counts_for_three_years_unless_it_was_put_right() -> None:
    assert vetoes_on(date(2025, 12, 31)) == {}
    months = vetoes_on(TODAY)["revoked"].months

    def period(status: str, since: date, *, number: str = "XK1", type: str = "licence") -> CertificatePeriod:
        return CertificatePeriod(
            holder="h", number=number, type=type, status=status, valid_from=since, valid_to=since + timedelta(days=30)
        )  # fmt: skip

    recent, long_ago = date(2024, 5, 2), date(2023, 5, 1)
    (gone,) = withdrawals([period("valid", long_ago), period("withdrawn", recent)], TODAY, months)
    assert (gone.number, gone.since) == ("XK1", recent)
    for none in (
        [period("withdrawn", long_ago)],
        [period("withdrawn", recent), period("valid", recent)],
        [period("withdrawn", TODAY + timedelta(days=1))],
        [period("cancelled", recent), period("suspended", recent, number="XK2")],
        [period("withdrawn", recent, type="cma")],
    ):
        assert withdrawals(none, TODAY, months) == []


def test_tests_count_less_with_age_and_beside_what_is_usual() -> None:
    new, old = (Result(on=TODAY - timedelta(days=days), failed=True, grave=True) for days in (10, 1_500))

    assert failure_rate([], TODAY) is None
    rates = [failure_rate(some, TODAY) for some in ([new], [old], [Result(on=TODAY, failed=False)] * 90)]
    assert [rate and round(rate, 4) for rate in rates] == [
        Decimal("0.1545"),
        Decimal("0.0837"),
        Decimal("0.0070"),
    ]
    assert grave_failures([new, old], TODAY) == 1


def test_visits_follow_from_the_class() -> None:
    last = date(2025, 11, 30)

    assert [each.letter for each in classes_on(TODAY)] == ["A", "B", "C", "D"]
    assert [next_visit(each.letter, last, TODAY) for each in classes_on(TODAY)] == [
        date(2026, 11, 30), date(2026, 11, 30), date(2026, 5, 30), date(2026, 2, 28),
    ]  # fmt: skip
    assert next_visit("A", None, TODAY) == TODAY
    assert risk_of({}, (), date(2025, 12, 31)) is None
