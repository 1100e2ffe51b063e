"""What a person sees before recording: metres are metres, parties have names, sums are those of what is new."""

from collections.abc import Callable

from cabletrace.auth.policy import Role
from imports_for_tests import DATA, FILES, MAKER, House, workbook_of

AfterFiles = Callable[[int], House]


def test_kilometres_are_shown_as_the_metres_that_they_are(house_after: AfterFiles) -> None:
    house = house_after(1)
    data = workbook_of(
        {"批次": [["批号", "产品编号", "生产日期", "总长度(km)", "盘数"], ["L1", "CP-1", "2026-10-01", 1.5, 3]],
         "产品": [["产品编号", "型号规格"], ["CP-1", "BV 2.5"]]}
    )  # fmt: skip

    found = house.try_out(data, actor=house.session(MAKER, Role.MANUFACTURER)).preview

    product, batch = sorted(found.rows, key=lambda row: row.sheet)
    assert (product.kind, product.thing) == ("product", "CP-1")
    assert (batch.kind, batch.thing, batch.length_mm, batch.day) == (
        "production",
        "L1",
        1_500_000,
        "2026-10-01",
    )
    assert batch.goods == "№ 1-3"
    assert found.length_mm == {"production": 1_500_000}


def test_the_first_good_rows_of_each_sheet_are_shown_with_the_names_of_parties(
    house_after: AfterFiles,
) -> None:
    house = house_after(1)
    report = house.try_out((DATA / FILES[1]).read_bytes(), FILES[1])

    rows = report.preview.rows

    assert len(rows) == 3
    assert {row.kind for row in rows} == {"dispatch"}
    assert all(row.party and "-" not in row.party for row in rows)  # a name, no id
    assert report.preview.new_party_count == report.added["party"]
    assert {row.party for row in rows} <= set(report.preview.new_parties)


def test_what_is_on_the_ledger_already_is_in_no_sum(house_after: AfterFiles) -> None:
    house = house_after(1)
    data = (DATA / FILES[1]).read_bytes()
    foreseen = house.try_out(data, FILES[1])
    recorded = house.bring(data, FILES[1])

    again = house.try_out(data, FILES[1])

    assert foreseen.preview == recorded.preview
    assert foreseen.preview.length_mm["dispatch"] > 0
    assert (again.preview.length_mm, again.preview.new_parties) == ({}, ())
    assert again.preview.rows
