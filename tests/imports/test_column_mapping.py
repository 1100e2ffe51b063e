"""What people say of headings: it adds to what is known, overrides nothing, and is refused where it cannot be."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cabletrace.auth.policy import Role
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError
from cabletrace.imports import remembered
from cabletrace.imports.columns import BATCHES, KINDS, REASON, REMEDY, ROW_NUMBER, SHIPMENTS, SaidBy
from cabletrace.imports.mapping import (
    LEFT_OUT,
    NONE,
    ColumnMapping,
    Mappings,
    choices,
    key_of,
    layout_of,
    mapping_said,
)
from cabletrace.imports.run import NoTable
from cabletrace.imports.workbook import Sheet
from imports_for_tests import MAKER, House, workbook_of

SAID = SaidBy("王丽", datetime(2026, 11, 2, 1, 0, tzinfo=UTC))
ODD = ("单据", "炉批", "轴", "缆长", "发往", "去向码", "哪天", "备注")
MEANT = {
    "炉批": "lot",
    "轴": "units",
    "缆长": "length:km",
    "发往": "buyer",
    "去向码": "region",
    "哪天": "date",
}


def said(
    columns: Mapping[str, str], headings: tuple[str, ...] = ODD, kind: str = SHIPMENTS.name
) -> ColumnMapping:
    return mapping_said(headings, kind, columns, SAID)


def refused(
    columns: Mapping[str, str], headings: tuple[str, ...] = ODD, kind: str = SHIPMENTS.name
) -> dict[str, str]:
    """Where -> why."""
    with pytest.raises(InputError) as caught:
        said(columns, headings, kind)
    return {problem.where: problem.detail.zh for problem in caught.value.problems}


def by_key(*some: ColumnMapping) -> Mappings:
    return {each.key: each for each in some}


def sheet(*headings: str) -> Sheet:
    return Sheet("随便", headings, ())


def test_a_table_with_odd_headings_is_what_was_said_in_any_order_of_its_columns() -> None:
    mappings = by_key(said(MEANT))

    layouts = [layout_of(sheet(*some), mappings) for some in (ODD, tuple(reversed(ODD)))]

    for layout in layouts:
        assert layout.kind is SHIPMENTS
        assert layout.headings == {name.partition(":")[0]: heading for heading, name in MEANT.items()}
        assert layout.units == {"length": "km"}
        assert set(layout.ignored) == {"单据", "备注"}
        assert layout.said == SAID
    assert layout_of(sheet(*ODD), NONE).kind is None


def test_another_set_of_headings_is_another_table() -> None:
    mappings = by_key(said(MEANT))

    assert layout_of(sheet(*ODD[:-1]), mappings).kind is None
    assert layout_of(sheet(*ODD, "又一列"), mappings).kind is None


def test_columns_that_the_house_adds_to_rows_make_no_other_table() -> None:
    mended = (*ODD, ROW_NUMBER, REASON, REMEDY)

    layout = layout_of(sheet(*mended), by_key(said(MEANT)))

    assert layout.kind is SHIPMENTS
    assert not {ROW_NUMBER, REASON, REMEDY} & set(layout.ignored)


def test_what_is_understood_by_itself_is_not_given_another_meaning() -> None:
    headings = ("批号", "盘号", "收货单位", "收货地区代码", "发货日期", "到了没有")

    (why,) = refused({"批号": "note"}, headings).values()

    assert "本来就认识，是「批号」" in why


def test_a_heading_that_has_become_known_since_keeps_its_meaning_and_is_named() -> None:
    """A mapping that was made by an earlier version, which knew fewer headings."""
    kept = ColumnMapping(
        headings=("批号", "盘号", "客户", "收货地区代码", "发货日期"),
        kind=SHIPMENTS.name,
        columns={"客户": "carrier", "发货日期": "note"},
        said=SAID,
    )

    layout = layout_of(sheet(*kept.headings), by_key(kept))

    assert layout.headings["buyer"] == "客户"
    assert layout.headings["date"] == "发货日期"
    assert set(layout.overruled) == {"客户", "发货日期"}


def test_two_headings_for_one_field_are_refused_by_name() -> None:
    (both,) = refused({**MEANT, "备注": "lot"}).values()
    known = refused({"编号": "lot"}, ("批号", "编号", "盘号", "收货单位", "收货地区代码", "发货日期"))

    assert "「炉批」和「备注」两列都说是「批号」" in both
    assert "「批号」和「编号」两列都说是「批号」" in known["/column-1"]


def test_what_is_still_missing_is_named() -> None:
    few = {name: value for name, value in MEANT.items() if name not in ("发往", "哪天")}

    with pytest.raises(InputError) as caught:
        said(few)

    needed = [problem.detail.zh for problem in caught.value.problems]
    assert needed == [
        "发货表必须有：收货单位或收货单位统一社会信用代码",
        "发货表必须有：发货日期",
    ]


@pytest.mark.parametrize(
    ("heading", "choice", "fits"),
    [
        ("缆长(km)", "length:km", True),
        ("缆长(千米)", "length:km", True),
        ("缆长(km)", "length:m", False),
        ("缆长(米)", "length:m", True),
        ("缆长(米)", "length:km", False),
        ("缆长(cm)", "length:m", False),
        ("缆长(盘)", "length:m", False),
        ("缆长(实发)", "length:m", True),
    ],
)
def test_a_unit_in_a_heading_is_believed(heading: str, choice: str, fits: bool) -> None:
    headings = tuple(heading if each == "缆长" else each for each in ODD)
    columns = {**{name: value for name, value in MEANT.items() if name != "缆长"}, heading: choice}

    if fits:
        assert said(columns, headings).columns[heading] == choice
    else:
        assert "不能按" in refused(columns, headings)["/column-3"]


def test_a_length_in_a_unit_that_is_not_read_cannot_be_ignored() -> None:
    """What is left would be taken for the whole."""
    headings = ("批号", "盘号", "长度(cm)", "收货单位", "收货地区代码", "哪天")

    assert "单位却不能识别" in refused({"哪天": "date"}, headings)["/kind"]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({**MEANT, "备注": "forged"}, SHIPMENTS.name),
        ({**MEANT, "备注": "length:mile"}, SHIPMENTS.name),
        ({**MEANT, "没有的列": "note"}, SHIPMENTS.name),
        (MEANT, "no-such-kind"),
        ({**MEANT, "备注": "shift"}, SHIPMENTS.name),  # of another kind of table
    ],
)
def test_fields_headings_and_kinds_that_there_are_not_are_refused(columns: dict[str, str], kind: str) -> None:
    assert refused(columns, kind=kind)


def test_every_choice_is_told_apart_and_every_field_can_be_chosen() -> None:
    for kind in KINDS:
        offered = choices(kind)
        assert len({each.value for each in offered}) == len(offered)
        assert {each.field.name for each in offered} == {each.name for each in kind.fields}
        assert len({each.title for each in offered}) == len(offered)


def test_a_table_that_is_to_be_left_out_is_not_asked_for_again() -> None:
    layout = layout_of(sheet(*ODD), by_key(said({}, kind=LEFT_OUT)))

    assert layout.kind is None
    assert layout.said == SAID


def test_a_kind_of_table_that_there_is_no_longer_is_asked_for_again() -> None:
    gone = ColumnMapping(headings=ODD, kind="gone", columns=MEANT, said=SAID)

    assert layout_of(sheet(*ODD), by_key(gone)).said is None


# ---- whole files


def batches(*lengths: float) -> bytes:
    rows = [[f"M{n}", "CP-1", "YJV 0.6/1kV 3×95+1×50", "2026-10-01", each] for n, each in enumerate(lengths)]
    return workbook_of({"台账": [["炉号", "料号", "名目", "何日", "共长"], *rows]})


WORDS = {"炉号": "lot", "料号": "product", "名目": "designation", "何日": "date"}


@pytest.mark.parametrize(("unit", "length_mm"), [("m", 1_500), ("km", 1_500_000)])
def test_a_number_is_read_in_the_unit_that_was_said(still: House, unit: str, length_mm: int) -> None:
    mapping = said({**WORDS, "共长": f"total:{unit}"}, ("炉号", "料号", "名目", "何日", "共长"), BATCHES.name)

    (draft,) = still.said(
        batches(1.5), "production", actor=still.session(MAKER, Role.MANUFACTURER), mappings=by_key(mapping)
    )

    assert draft["body"]["length_mm"] == length_mm


def test_without_a_word_the_sheets_are_handed_back_to_be_asked_for(still: House) -> None:
    with pytest.raises(NoTable) as caught:
        still.read(batches(1.5, 2.5, 3.0, 4.0), actor=still.session(MAKER, Role.MANUFACTURER))

    (asked,) = caught.value.sheets
    assert asked.is_asked_for
    assert asked.samples["共长"] == ("1.5", "2.5", "3")
    assert "说明各列是什么" in str([problem.remedy for problem in caught.value.problems])


# ---- what is remembered


def test_what_is_remembered_is_each_organisations_own_and_said_again_replaces_it(tmp_path: Path) -> None:
    desk = open_database(tmp_path / "desk.db")
    first, second = said(MEANT), said({**MEANT, "备注": "carrier"})
    with begin_write(desk) as tx:
        remembered.metadata.create_all(tx)
        remembered.remember(tx, "a", first)
        remembered.remember(tx, "a", second)
        remembered.remember(tx, "b", first)

    with begin_write(desk) as tx:
        assert remembered.of_party(tx, "a") == {second.key: second}
        assert not remembered.forget(tx, "c", first.key)
        assert remembered.forget(tx, "a", first.key)
    with begin_read(desk) as tx:
        assert remembered.of_party(tx, "a") == {}
        assert remembered.of_party(tx, "b") == {key_of(reversed(ODD)): first}


def test_nobody_says_things_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    desk = open_database(tmp_path / "desk.db")
    some = [said({}, (f"列{n}", "又一列"), LEFT_OUT) for n in range(3)]
    with begin_write(desk) as tx:
        remembered.metadata.create_all(tx)
        for each in some[:2]:
            remembered.remember(tx, "a", each)
        remembered.remember(tx, "a", some[1])  # nothing new

    with begin_write(desk) as tx, pytest.raises(InputError, match="no room for more"):
        remembered.remember(tx, "a", some[2])
