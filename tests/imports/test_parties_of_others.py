"""Two ledgers that differ only in whom another maker has named: a file is answered alike in both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_read
from cabletrace.errors import InputError
from cabletrace.imports.known import party_meant
from cabletrace.model.values import party_id
from drafts_for_tests import uscc_of
from imports_for_tests import MAKER, House, new_house, opened_house, workbook_of

RIVAL = party_id(uscc_of("370112", "MA1TEXT1"))
#: The rival's customer, by its credit code; and one without a code, with a CMA number.
THEIRS = uscc_of("341202", "MA1TEXTF")
BY_ID = "00000000-0000-4000-8000-0000000000f7"
CMA = "231612110077"
HEADINGS = ["发货单号", "批号", "盘号", "收货单位", "收货单位统一社会信用代码", "收货地区代码", "发货日期"]
PRODUCTS = [
    ["生产企业", "统一社会信用代码", "产品编号", "产品名称", "型号规格"],
    ["禾泽", "914116034J1417770M", "P1", "电力电缆", "YJV 0.6/1kV 3×95+1×50"],
]
BATCHES = [
    ["批号", "产品编号", "生产日期", "总长度(m)", "盘数", "每盘长度(m)"],
    ["L1", "P1", "2026-03-02", 1000, 4, 250],
]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[House, House]]:
    """The same twice; in the second the rival has named its customers."""
    with ExitStack() as open_ones:
        houses = []
        for name in ("without", "with"):
            new_house(tmp_path / name)
            house = open_ones.enter_context(opened_house(tmp_path / name))
            house.party("禾泽", "manufacturer", MAKER, uscc="914116034J1417770M", region="411603")
            house.party("别家电缆厂", "manufacturer", RIVAL, region="370112")
            house.bring(workbook_of({"产品": PRODUCTS, "批次": BATCHES}))
            houses.append(house)
        named = {"roles": ["distributor"], "region": "341200"}
        houses[1].happened("party", {"party": THEIRS}, {"name": "颍州五金", **named}, RIVAL)
        houses[1].happened("party", {"party": BY_ID}, {"name": "城南检测", **named, "cma": CMA}, RIVAL)
        yield houses[0], houses[1]


def shipment(buyer: str | None, code: str | None, region: str | None = "341202") -> bytes:
    return workbook_of({"发货": [HEADINGS, ["FH-1", "L1", "1", buyer, code, region, "2026-04-01"]]})


def answered(house: House, data: bytes, who: str = MAKER, **more: Any) -> Any:
    """All that is answered to a file before it is recorded, and what would be."""
    maker = house.session(who, Role.MANUFACTURER)
    try:
        understood = house.read(data, actor=maker, **more)
        report = house.try_out(data, actor=maker, **more)
    except InputError as error:
        return [asdict(problem) for problem in error.problems]
    drafts = [dict(said.draft) for group in understood.groups for said in group.said]
    return report.to_json(), asdict(report.preview), drafts


@pytest.mark.parametrize(
    ("buyer", "code"),
    [
        (None, THEIRS),
        ("颍州五金", THEIRS),
        ("另一个名称", THEIRS),
        ("颍州五金", None),
        ("城南检测", None),
    ],
)
@pytest.mark.parametrize("region", ["341202", None])
def test_a_buyer_whom_only_a_rival_has_named_is_answered_like_one_of_whom_nobody_heard(
    worlds: tuple[House, House], buyer: str | None, code: str | None, region: str | None
) -> None:
    without, with_ = (answered(house, shipment(buyer, code, region)) for house in worlds)

    assert with_ == without


@pytest.mark.parametrize("answer", [THEIRS, party_id(THEIRS), BY_ID, CMA, "颍州五金"])
def test_whose_file_it_is_cannot_be_answered_by_one_whom_only_a_rival_has_named(
    worlds: tuple[House, House], answer: str
) -> None:
    data = shipment("禾泽的买主", None)
    without, with_ = (answered(house, data, answer=answer) for house in worlds)

    assert with_ == without
    assert with_[0]["code"] == "unknown-reference"
    maker, rival = (worlds[1].session(who, Role.MANUFACTURER) for who in (MAKER, RIVAL))
    with begin_read(worlds[1].installation.ledger) as tx:
        for knows in (rival, worlds[1].machine):
            assert party_meant(tx, answer, knows).id in (party_id(THEIRS), BY_ID)
        with pytest.raises(InputError):
            party_meant(tx, answer, maker)


def test_a_file_that_speaks_for_one_whom_only_a_rival_has_named_is_refused_alike(
    worlds: tuple[House, House],
) -> None:
    headings = [*HEADINGS, "发货单位", "发货单位统一社会信用代码"]
    row = ["FH-1", "L1", "1", "买主", None, "341202", "2026-04-01", "颍州五金", THEIRS]
    without, with_ = (answered(house, workbook_of({"发货": [headings, row]})) for house in worlds)

    assert with_ == without


def test_both_name_the_same_code_and_each_goes_on_with_its_own(worlds: tuple[House, House]) -> None:
    """And so the rival, whose naming came first, is answered afterwards as it was before."""
    house = worlds[1]
    maker, rival = (house.session(who, Role.MANUFACTURER) for who in (MAKER, RIVAL))
    before = [party_of(house, who) for who in (maker, rival)]

    report = house.bring(shipment("我的买主", THEIRS), actor=maker)

    assert (before, report.bad) == ([None, party_id(THEIRS)], ())
    assert [party_of(house, who) for who in (maker, rival)] == [party_id(THEIRS)] * 2
    assert answered(house, shipment(None, THEIRS))[0]["bad"] == []


def party_of(house: House, who: Any) -> str | None:
    with begin_read(house.installation.ledger) as tx:
        try:
            return party_meant(tx, THEIRS, who).id
        except InputError:
            return None
