"""Grants, units and readings come out of a rebuild as they were written, whatever became of them."""

from __future__ import annotations

from pathlib import Path

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import store
from cabletrace.ledger.sequencer import Receipt
from drafts_for_tests import MAKER, OPERATOR, REGULATOR
from house_for_tests import House, rebuilt, signed_in

BRANCH = "00000000-0000-4000-8000-0000000000c1"
OTHER = "00000000-0000-4000-8000-0000000000f1"


def test_a_rebuild_gives_the_same_grants_units_and_readings(house: House, tmp_path: Path) -> None:
    house.happened(
        some.production(entered_for=MAKER),
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
        some.party(BRANCH, "分局", "regulator", part_of=some.unit(supervises=[MAKER]), entered_for=REGULATOR),
    )
    reads = {"batches": [house.code(MAKER)]}
    given = [some.grant(REGULATOR, OTHER, reads=reads, entered_for=REGULATOR) for _ in range(3)]
    pen = some.grant(REGULATOR, BRANCH, "inspection", reads={"regions": ["411603"]}, entered_for=REGULATOR)
    house.happened(*given, pen)
    officer = signed_in(OTHER, Role.REGULATOR, "370100")
    house.happened(some.read(grantor=REGULATOR, grant=given[0]["draft"]["id"]), by=officer)
    shorter = some.grant(REGULATOR, OTHER, reads=reads, valid_to="2026-06-29")
    house.happened(
        some.correction(given[0], shorter, entered_for=REGULATOR),
        some.correction(given[1], entered_for=REGULATOR),
        some.party(BRANCH, "分局", "regulator", address="新址", entered_for=BRANCH),
    )

    dump = house.dump(kind="projection")

    assert len(dump["grant_"]) == 3
    assert len(dump["reading"]) == 1
    assert any("分局" in row and "新址" in row and REGULATOR in row for row in dump["party"])
    assert rebuilt(house, tmp_path) == dump


def test_a_reading_has_a_stream_of_its_own_beside_the_batchs(house: House) -> None:
    house.happened(
        some.production(entered_for=MAKER),
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
    )
    code = house.code(MAKER)
    given = some.grant(REGULATOR, OTHER, reads={"batches": [code]}, entered_for=REGULATOR)
    house.happened(given)
    officer = signed_in(OTHER, Role.REGULATOR, "370100")

    (read,) = house.record(some.read(grantor=REGULATOR, grant=given["draft"]["id"]), by=officer)

    assert isinstance(read, Receipt)
    with house.reading() as tx:
        (row,) = store.read_stream(tx, f"reads:{code}")
        assert read_recorded(row).seq == read.seq
        assert [each.seq for each in store.read_stream(tx, f"batch:{code}")] == [read.seq - 3]
