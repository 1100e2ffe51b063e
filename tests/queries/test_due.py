"""What is due: the terms of an authority's leads, cases, measures and requests, by when and by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.queries.answers import time_left
from cabletrace.queries.due import Whose, due_this_week, sunday_of, what_is_due
from drafts_for_tests import MAKER, OPERATOR, REGULATOR
from house_for_tests import NAMES_KEY, House, open_house, signed_in

LEAD, CASE, STOPPED, THEIRS, ASKED = (f"00000000-0000-4000-8000-0000000000a{n}" for n in range(1, 6))
BRANCH = "00000000-0000-4000-8000-0000000000c1"
OTHER = "00000000-0000-4000-8000-0000000000f1"
OWN = signed_in(REGULATOR, Role.REGULATOR, "411600")
#: A Tuesday; the lead that was received on the 6th of May is due that day.
TODAY = date(2026, 5, 26)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("due")) as house:
        house.happened(
            some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
            some.party(
                BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
            ),
            some.production(entered_for=MAKER),
            cases.lead(LEAD, entered_for=REGULATOR),
            cases.case(CASE, entered_for=REGULATOR),
            cases.lead(STOPPED, "线索2", entered_for=BRANCH),
            cases.lead_step(STOPPED, "checking", entered_for=BRANCH),
            cases.lead_step(STOPPED, "testing", entered_for=BRANCH),
            some.measure(
                "seal",
                "封1",
                units=[(1, 1)],
                on="2026-04-01",
                place={"region": "411603"},
                entered_for=REGULATOR,
            ),
            cases.case(THEIRS, "济市监立〔2026〕1号", entered_for=OTHER),
            cases.request(ASKED, case=THEIRS, to=REGULATOR, region="411600", entered_for=OTHER),
            cases.request_step(ASKED, "received", entered_for=REGULATOR),
        )
        yield house


def test_each_term_stands_under_its_time_the_most_urgent_first(house: House) -> None:
    with house.reading() as tx:
        found = what_is_due(tx, OWN, today=TODAY)

    said = [(row.kind, row.title, row.when) for row in found.rows]
    assert said == [
        ("measure", "封1", "overdue"),
        ("lead", "线索1", "this-week"),
        ("request", "周市监协〔2026〕1号", "later"),
        ("case", "周市监立〔2026〕1号", "later"),
    ]
    assert found.counts == {"overdue": 1, "this-week": 1, "later": 2}
    assert found.week_ends == date(2026, 5, 31)
    assert {row.title: row.binds for row in found.rows}["周市监协〔2026〕1号"] == "authority"


def test_a_day_later_what_was_due_is_overdue(house: House) -> None:
    with house.reading() as tx:
        found = what_is_due(tx, OWN, today=date(2026, 5, 27))
        counted = due_this_week(tx, OWN, date(2026, 5, 27))

    assert {row.title for row in found.rows if row.when == "overdue"} == {"封1", "线索1"}
    assert counted == (1, 0)  # of leads and cases


def test_the_own_units_monthly_form_is_due_on_its_day_and_late_after_it(house: House) -> None:
    """The ledger begins in June 2026; nobody has submitted anything."""

    def forms(today: date, whose: Whose = "all") -> list[tuple[str, str | None, str, str]]:
        with house.reading() as tx:
            rows = what_is_due(tx, OWN, today=today, whose=whose).rows
        return [
            (row.title, row.due and row.due.isoformat(), row.when, row.standing.state)
            for row in rows
            if row.kind == "monthly"
        ]

    june = ("2026-06", "2026-06-30")
    assert forms(date(2026, 6, 1)) == [(*june, "later", "unknown")]
    assert forms(date(2026, 6, 29)) == [(*june, "this-week", "attention")]
    assert forms(date(2026, 7, 1), "unit") == [
        (*june, "overdue", "stop"),
        ("2026-07", "2026-07-30", "later", "unknown"),
    ]
    assert forms(date(2026, 7, 1), "me") == []
    assert forms(date(2027, 2, 3))[-1] == ("2027-02", "2027-02-28", "later", "unknown")
    assert len(forms(date(2028, 1, 3))) == 12


@pytest.mark.parametrize(
    ("days_left", "state"),
    [(None, "unknown"), (-1, "stop"), (0, "attention"), (7, "attention"), (8, "unknown")],
)
def test_colours_follow_the_days_that_are_left(days_left: int | None, state: str) -> None:
    assert time_left(days_left).state == state


def test_every_row_of_what_is_due_has_the_colour_of_its_days(house: House) -> None:
    with house.reading() as tx:
        rows = what_is_due(tx, OWN, today=date(2026, 7, 1)).rows

    assert {row.kind for row in rows} >= {"lead", "case", "measure", "request", "monthly"}
    assert [row.standing for row in rows] == [time_left(row.days_left) for row in rows]


def test_a_unit_is_told_its_own_and_its_authority_both(house: House) -> None:
    branch = signed_in(BRANCH, Role.REGULATOR, "411603")
    with house.reading() as tx:
        of_unit = what_is_due(tx, branch, today=TODAY, whose="unit").rows
        tree = replace(OWN, scope=replace(OWN.scope, parties=frozenset({REGULATOR, BRANCH})))
        of_all = {row.title for row in what_is_due(tx, tree, today=TODAY).rows}
        own_unit = {row.title for row in what_is_due(tx, tree, today=TODAY, whose="unit").rows}

    assert [(row.title, row.when, row.due) for row in of_unit] == [("线索2", "stopped", None)]
    assert "线索2" in of_all
    assert "线索2" not in own_unit


def test_mine_are_those_that_name_me(house: House) -> None:
    me = replace(OWN, name=cases.OFFICERS[0], account="00000000-0000-4000-8000-00000000abcd")
    with house.reading() as tx:
        named = what_is_due(tx, me, today=TODAY, whose="me", names_key=NAMES_KEY).rows
        nobody = what_is_due(tx, replace(me, name="路人"), today=TODAY, whose="me", names_key=NAMES_KEY).rows

    assert [row.title for row in named] == ["周市监立〔2026〕1号"]
    assert nobody == ()


def test_another_authority_is_told_only_what_it_waits_for_itself(house: House) -> None:
    with house.reading() as tx:
        rows = what_is_due(tx, signed_in(OTHER, Role.REGULATOR, "370100"), today=TODAY).rows

    assert [(row.kind, row.binds) for row in rows] == [("request", "other"), ("case", "authority")]


@pytest.mark.parametrize(("day", "end"), [("2026-05-25", "2026-05-31"), ("2026-05-31", "2026-05-31")])
def test_a_week_ends_on_its_sunday(day: str, end: str) -> None:
    assert sunday_of(date.fromisoformat(day)) == date.fromisoformat(end)
