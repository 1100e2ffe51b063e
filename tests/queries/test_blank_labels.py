"""Codes that are reserved as the public sees them, and who sees that labels were printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import drafts_for_tests as some
from cabletrace.alerts import register as alert_register
from cabletrace.auth.policy import Role
from cabletrace.codes.trace_code import BatchCode, UnitCode, unit_code
from cabletrace.db.engine import begin_write
from cabletrace.queries.batch import batch_page
from cabletrace.queries.events import event_page
from cabletrace.queries.public import PublicAnswer, check_code
from drafts_for_tests import DEALER, MAKER, REGULATOR
from house_for_tests import House, open_house, signed_in

KEY = b"k" * 32
TODAY = date(2026, 6, 30)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        yield house


def check(house: House, text: str) -> PublicAnswer:
    with house.reading() as tx:
        return check_code(tx, text, {1: KEY}, today=TODAY)


def blank(code: str, unit: int, key: bytes = KEY) -> UnitCode:
    return unit_code(BatchCode(code[:-1]), unit, key)


def test_a_blank_label_is_called_neither_false_nor_somebodys_goods(house: House) -> None:
    (code,) = house.record_assigned(some.reservation(count=1, units=4, entered_for=MAKER))["codes"]

    for text in (code, blank(code, 4).printed, f"https://trace.example/c/{blank(code, 1).canonical}"):
        answer = check(house, text)
        assert (answer.outcome, answer.facts, answer.problems) == ("reserved", None, ())
    assert check(house, blank(code, 5).printed).outcome == "not-issued"
    assert check(house, blank(code, 1, b"x" * 32).printed).outcome == "not-issued"


def test_a_blank_label_leads_to_the_goods_once_they_are_registered(house: House) -> None:
    (code,) = house.record_assigned(some.reservation(count=1, units=9, entered_for=MAKER))["codes"]
    house.happened(some.production("L1", code=code, entered_for=MAKER))

    answer = check(house, blank(code, 4).printed)

    assert answer.outcome == "issued"
    assert answer.facts is not None
    assert (answer.facts.lot, answer.facts.unit) == ("L1", 4)
    assert check(house, blank(code, 5).printed).outcome == "not-issued"  # it was made with four drums


@pytest.mark.parametrize(
    ("party", "role", "regions", "sees"),
    [
        (MAKER, Role.MANUFACTURER, (), True),
        (REGULATOR, Role.REGULATOR, ("4116",), True),
        (DEALER, Role.DISTRIBUTOR, (), False),
    ],
)
def test_that_labels_were_printed_again_is_shown_to_the_maker_and_to_authorities_of_the_batch(
    house: House, party: str, role: Role, regions: tuple[str, ...], sees: bool
) -> None:
    house.happened(
        some.production("L1", entered_for=MAKER),
        some.dispatch(units=[(1, 2)], entered_for=MAKER),
        some.receipt(units=[(1, 2)], place={"region": "411602"}, entered_for=DEALER),
    )
    code = house.code(MAKER)
    again = some.labelling(code, [(2, 2)], reason="lost", copies=2, entered_for=MAKER)
    house.happened(some.labelling(code, entered_for=MAKER), again)
    actor = signed_in(party, role, *regions)

    with house.reading() as tx:
        page = batch_page(tx, actor, code, today=TODAY)
        one = event_page(tx, actor, again["draft"]["id"])

    assert page is not None
    told = [event.what.zh for event in page.events if event.kind == "labelling"]
    assert told == (
        ["打印标签，1-4 号盘（卷）", "补打标签，2 号盘（卷），每盘 2 份，标签丢失"] if sees else []
    )
    assert (one is not None) == sees
