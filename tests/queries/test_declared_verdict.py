"""What a report declares, where it writes a conclusion and where it only judges its values."""

from __future__ import annotations

import pytest

from cabletrace.model.bodies import Testing, TestItem
from cabletrace.model.values import Verdict
from cabletrace.queries.reports import declared_verdict


@pytest.mark.parametrize(
    ("conclusion", "items", "expected"),
    [
        ("pass", ["fail"], "pass"),
        ("fail", ["pass"], "fail"),
        ("none", ["pass", "pass"], "pass"),
        ("none", ["pass", "none"], "none"),
        ("none", ["pass", "fail"], "fail"),
        ("none", ["none"], "none"),
    ],
)
def test_the_conclusion_goes_first_and_the_values_stand_in_for_it(
    conclusion: Verdict, items: list[Verdict], expected: Verdict
) -> None:
    body = Testing(
        type="factory",
        report="R1",
        conclusion=conclusion,
        items=tuple(
            TestItem(indicator="导体电阻", value="7.2", unit="Ω/km", declared=each) for each in items
        ),
    )

    assert declared_verdict(body) == expected
