"""The public card: three outcomes, what is final, and nothing of trade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, select

from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.errors import Broken
from cabletrace.flow import books
from cabletrace.ledger import store
from cabletrace.queries.public import Cards, PublicAnswer, check_code
from cabletrace.registry import register
from drafts_for_tests import MAKER, certificate

TODAY = date(2026, 5, 2)
KEY = b"k" * 32
KEYS = {1: KEY}


@pytest.fixture
def check(tx: Connection) -> Callable[..., PublicAnswer]:
    def check(text: str, **more: Any) -> PublicAnswer:
        return check_code(tx, text, KEYS, **{"today": TODAY, **more})

    return check


Check = Callable[..., Any]


def unit(ledger: Any, number: int, key: bytes = KEY) -> str:
    return unit_code(BatchCode(ledger.code["L1"][:9]), number, key).printed


def test_an_issued_batch_code_shows_what_was_made_and_when(check: Check, ledger: Any) -> None:
    answer = check(ledger.code["L1"])

    assert (answer.outcome, answer.facts.is_unit, answer.facts.length_mm) == ("issued", False, 1_100_000)
    assert answer.facts.maker == "周口市示例电缆有限公司"
    assert answer.facts.designation == "YJV 0.6/1kV 3×95+1×50"
    assert answer.facts.certificate.at_production.word.zh == "有效"
    assert all(test.same_unit is None for test in answer.facts.tests)


def test_that_a_cable_lies_outside_the_scope_of_its_certificate_is_no_public_answer(
    told: Callable[..., Connection],
) -> None:
    tx = told({"scope": certificate(scope={"largest_area_mm2": "70"}, entered_for=MAKER)})
    code = tx.execute(select(books.batch.c.code).where(books.batch.c.lot == "L1")).scalar_one()

    card = check_code(tx, code, KEYS, today=TODAY).facts.certificate

    assert (card.at_production.word.zh, card.outside) == ("有效", None)


def test_an_issued_unit_code_shows_its_own_length_also_from_a_label(check: Check, ledger: Any) -> None:
    printed = unit(ledger, 1)

    answer = check(f"https://elsewhere.example/c/{printed.lower()}")

    assert (answer.outcome, answer.code) == ("issued", printed)
    assert (answer.facts.unit, answer.facts.length_mm) == (1, 250_000)


def test_a_wrong_check_character_is_typed_wrong_and_a_wrong_mac_is_not_issued(
    check: Check, ledger: Any
) -> None:
    code = ledger.code["L1"]
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")

    assert check(mistyped).outcome == "mistyped"
    assert check(mistyped).problems[0].code == "wrong-trace-code"
    assert check(unit(ledger, 1, b"x" * 32)).outcome == "not-issued"
    assert check(unit(ledger, 99)).outcome == "not-issued"
    assert check(BatchCode("000000000").canonical).outcome == "not-issued"
    assert check(unit(ledger, 1, b"x" * 32)).facts is None


def test_a_missing_code_key_is_our_own_trouble_and_not_the_labels(tx: Connection, ledger: Any) -> None:
    with pytest.raises(Broken, match="code key 1"):
        check_code(tx, unit(ledger, 1), {}, today=TODAY)


def test_only_results_that_may_stand_are_shown_and_the_rest_is_the_authoritys(
    check: Check, ledger: Any
) -> None:
    facts = check(unit(ledger, 2)).facts

    shown = {test.number: (test.by, test.standing.word.zh, test.same_unit) for test in facts.tests}
    assert shown == {
        "JC-1": ("周口市示例电缆有限公司", "自检合格", False),
        "WT-1": ("", "报告合格", False),  # its buyer had it made: not named
        "WT-2": ("周口市示例检测中心", "报告合格", True),
    }
    # In the same words of a batch with a result that is not final, and of one without.
    assert "以主管部门公布为准" in facts.unpublished.zh
    assert check(ledger.code["L2"]).facts.unpublished == facts.unpublished
    assert "ZJ-1" not in repr(asdict(facts))


@pytest.mark.parametrize(
    "secret",
    [
        "五金经营部", "示例建设工程", "监理", "门市部", "供电公司", "市场监督管理局",  # buyers and others
        "411602", "411627", "341202", "太康", "川汇", "阜阳", "示范小区", "XM-1",  # where it was sold to
        "31577", "315.77", "FH-1001", "FH-2002", "DD-1",  # trade
        "质检员甲某", "库管员乙某", "丙某",  # persons
        "ZJ-1", "不合格", "超出", "CY-1", "抽样",  # what is not final
    ],
)  # fmt: skip
def test_the_public_card_tells_nothing_of_trade_persons_or_pending_matters(
    check: Check, ledger: Any, secret: str
) -> None:
    for text in (ledger.code["L1"], *(unit(ledger, number) for number in (1, 2, 3, 4)), ledger.code["L2"]):
        answer = check(text)

        assert answer.outcome == "issued"
        assert secret not in repr(asdict(answer))


def test_the_certificate_is_shown_at_production_and_today(check: Check, ledger: Any) -> None:
    later = check(ledger.code["L1"], today=date(2029, 1, 1)).facts.certificate

    assert (later.at_production.word.zh, later.today.word.zh) == ("有效", "过期")


@pytest.mark.sqlite("its driver is asked for every statement")
@pytest.mark.parametrize("other", [0, 1])
def test_a_kept_card_or_answer_costs_one_look_up_and_says_the_same(
    tx: Connection, ledger: Any, other: int
) -> None:
    """Of another drum the card is kept; of the same one the whole answer."""
    cards, statements = Cards(), list[str]()

    first = check_code(tx, unit(ledger, 1), KEYS, today=TODAY)
    check_code(tx, unit(ledger, 1 + other), KEYS, today=TODAY, cards=cards)

    driver = tx.connection.driver_connection
    assert driver is not None
    driver.set_trace_callback(statements.append)
    assert check_code(tx, unit(ledger, 1), KEYS, today=TODAY, cards=cards) == first
    driver.set_trace_callback(None)
    assert len(statements) == 1


def test_a_kept_card_is_dropped_when_the_batch_has_grown_or_room_is_short(check: Check, ledger: Any) -> None:
    cards = Cards(most=1)
    check(ledger.code["L1"], cards=cards)
    events = next(events for events in range(100) if cards.find(ledger.code["L1"], events) is not None)

    assert cards.find(ledger.code["L1"], events + 1) is None
    check(ledger.code["L2"], cards=cards)
    assert cards.find(ledger.code["L1"], events) is None


def test_a_kept_answer_is_given_for_its_day_only(check: Check, ledger: Any) -> None:
    cards = Cards()

    for today, word in ((TODAY, "有效"), (date(2029, 1, 1), "过期"), (TODAY, "有效")):
        assert check(unit(ledger, 1), cards=cards, today=today).facts.certificate.today.word.zh == word


@pytest.mark.sqlite("what reads in PostgreSQL cannot write, also not what is taken back")
@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (register.party.update().values(name="改了名的电缆有限公司"), "改了名的电缆有限公司"),
        (register.certificate.update().values(status="suspended"), "暂停"),
        (store.stream_event.delete().where(store.stream_event.c.n > 0), None),
    ],
    ids=["name of the maker", "standing of its certificate", "length of its stream"],
)
def test_a_kept_answer_is_not_given_once_what_it_stands_on_is_another(
    tx: Connection, ledger: Any, change: Executable, shown: str | None
) -> None:
    cards, printed = Cards(), unit(ledger, 1)
    before = check_code(tx, printed, KEYS, today=TODAY, cards=cards)
    assert cards.answer(tx, printed, TODAY) is before

    tx.execute(change)

    assert cards.answer(tx, printed, TODAY) is None
    after = check_code(tx, printed, KEYS, today=TODAY, cards=cards)
    tx.rollback()  # the ledger is everybody's
    assert shown is None or shown in repr(after)


def test_no_answer_is_kept_to_a_text_of_any_length_around_a_code(
    tx: Connection, check: Check, ledger: Any
) -> None:
    cards, long = Cards(), f"https://{'a' * 80}.example/c/{unit(ledger, 1)}"

    assert check(long, cards=cards).outcome == "issued"
    assert cards.answer(tx, long, TODAY) is None
