"""The list of problems that inspections found, and who learns of a planned visit: its authority alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Action
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.values import party_id
from cabletrace.queries.desk import desk
from cabletrace.queries.events import event_page, events_at
from cabletrace.queries.inspections import defect_counts, defects, visits
from drafts_for_tests import DEALER, MAKER, OPERATOR, PROJECT, REGULATOR, SITE, Envelope

Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]
TODAY = date(2026, 5, 10)

FOUND = some.inspection(
    {"party": MAKER},
    defects=[
        {"text": "没有进货查验记录", "due": "2026-05-09"},
        {"text": "标识不清", "due": "2026-05-10"},
        {"text": "无期限的问题"},
    ],
    entered_for=REGULATOR,
)
AT_THE_SITE = some.inspection(
    {"party": SITE},
    number="JD-3",
    defects=[{"text": "未见证取样", "due": "2026-06-01"}],
    entered_for=REGULATOR,
)
CLOSED = some.rectification(FOUND["draft"]["id"], 2, "closed", entered_for=REGULATOR)
STORY = {"found": FOUND, "site": AT_THE_SITE, "closed": CLOSED}


def test_problems_stand_by_their_days_and_say_whose_day_has_passed(told: Told, who: Who) -> None:
    rows = defects(told(STORY), who("officer of the prefecture"), today=TODAY).rows

    assert [(row.text, row.days_left, row.state) for row in rows] == [
        ("没有进货查验记录", -1, "open"),
        ("标识不清", None, "closed"),
        ("未见证取样", 22, "open"),
        ("无期限的问题", None, "open"),
    ]
    assert [row.is_overdue for row in rows] == [True, False, False, False]
    assert rows[0].standing.word.zh == "待整改，逾期 1 天"
    assert [row.may_step for row in rows] == [True, False, True, True]


def test_a_page_goes_on_where_the_one_before_ended(told: Told, who: Who) -> None:
    tx, officer = told(STORY), who("officer of the prefecture")

    first = defects(tx, officer, today=TODAY, limit=3)
    second = defects(tx, officer, today=TODAY, limit=3, after=first.after)

    assert [row.text for row in (*first.rows, *second.rows)] == [
        "没有进货查验记录", "标识不清", "未见证取样", "无期限的问题",
    ]  # fmt: skip
    assert second.after is None


def test_whoever_was_inspected_sees_its_own_and_reports_it(told: Told, who: Who) -> None:
    tx = told(STORY)

    own = defects(tx, who("maker"), today=TODAY, chosen="not-done")
    others = [
        defects(tx, who(name), today=TODAY).rows for name in ("other maker", "dealer", "officer of Jinan")
    ]

    assert [row.text for row in own.rows] == ["没有进货查验记录", "无期限的问题"]
    assert all(row.may_step for row in own.rows)
    assert others == [(), (), ()]
    assert defect_counts(tx, who("site"), today=TODAY).of["not-done"] == 1
    with pytest.raises(InputError) as refused:
        defects(tx, who("laboratory"), today=TODAY)
    assert refused.value.code == "not-allowed"


def test_a_state_that_there_is_not_is_named(told: Told, who: Who) -> None:
    with pytest.raises(InputError, match="there is no state 'gone'"):
        defects(told(STORY), who("maker"), today=TODAY, chosen="gone")


# --- planned visits -----------------------------------------------------------------------------------

PLANS = {
    "plan": some.visit_plan(entered_for=REGULATOR),
    "at the project": some.visit_plan({"project": PROJECT}, number="飞检-2", entered_for=REGULATOR),
    "in the market": some.visit_plan({"region": "411602"}, number="飞检-3", entered_for=REGULATOR),
}
#: Whoever is not the authority: those whom a plan names, those who see everything else there, and authorities beside it.
OTHERS = (
    "maker", "site", "dealer", "supervisor", "operator", "other maker", "officer of the county", "officer of Jinan", "laboratory",
)  # fmt: skip


def test_the_authority_sees_its_plans(told: Told, who: Who) -> None:
    tx, officer = told(PLANS), who("officer of the prefecture")

    rows = visits(tx, officer)

    assert [row.number for row in rows] == ["飞检-1", "飞检-2", "飞检-3"]
    assert rows[0].party is not None
    assert rows[0].party.id == party_id(MAKER)
    page = event_page(tx, officer, PLANS["plan"]["draft"]["id"])
    assert page is not None
    assert page.happening.what.zh == "突击检查，2026-05-10 至 2026-05-20，计划 飞检-1"


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_learns_that_there_is_a_plan(told: Told, who: Who, name: str) -> None:
    tx, reader = told(PLANS), who(name)
    size = store.read_head(tx).size
    indexes = [
        row.seq for row in store.read_rows_by_id(tx, [e["draft"]["id"] for e in PLANS.values()]).values()
    ]

    assert all(event_page(tx, reader, envelope["draft"]["id"]) is None for envelope in PLANS.values())
    assert {each.index for each in events_at(tx, reader, range(size))}.isdisjoint(indexes)
    assert {each.index for each in desk(tx, reader, today=TODAY, limit=200).newest}.isdisjoint(indexes)
    if reader.reach(Action.READ_CASES):
        assert visits(tx, reader) == ()
    else:
        with pytest.raises(InputError):
            visits(tx, reader)


@pytest.mark.parametrize("ref", [MAKER, SITE, DEALER, OPERATOR, REGULATOR])
def test_no_stream_that_others_read_has_a_gap_where_a_plan_was_recorded(
    tx: Connection, told: Told, ref: str
) -> None:
    before = store.read_stream_heads(tx, [f"party:{party_id(ref)}"])

    after = store.read_stream_heads(told(PLANS), [f"party:{party_id(ref)}"])

    assert before

    assert {name: head.n for name, head in after.items()} == {name: head.n for name, head in before.items()}
