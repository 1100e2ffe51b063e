"""Which table a sheet is: recognised by its columns, whatever it is called and however they are ordered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.imports.columns import BATCHES, KINDS, LABORATORY_RESULTS, SHIPMENTS, TableKind, recognise
from cabletrace.imports.workbook import normal_heading


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_table_is_recognised_in_any_order_of_columns_under_any_of_their_names(
    kind: TableKind, data: st.DataObject
) -> None:
    fields = data.draw(st.permutations(kind.fields))
    headings = [normal_heading(data.draw(st.sampled_from(field.headings))) for field in fields]

    layout = recognise(headings, "Sheet1")

    assert layout.kind is kind
    assert set(layout.headings) == {field.name for field in kind.fields}
    assert layout.ignored == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_needed_columns_suffice(kind: TableKind) -> None:
    headings = [kind.title_of(need[0]).zh for need in kind.needs]

    layout = recognise(headings, kind.sheet_names[0])

    assert layout.kind is kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_heading_means_two_things_in_one_table(kind: TableKind) -> None:
    for field in kind.fields:
        others = [each.title.zh for each in kind.fields if each is not field]
        for heading in field.headings:
            layout = recognise([*others, heading], kind.sheet_names[0])

            assert layout.headings[field.name] == heading
            assert len(layout.headings) == len(kind.fields)


@pytest.mark.parametrize(
    "heading",
    ["长度", "长度(m)", "长度(米)", "长度/m", "长度[m]", "发货长度(M)", "数量(米)", "长度(km)", "长度/千米"],
)
def test_a_heading_may_carry_its_unit(heading: str) -> None:
    layout = recognise(["发货单号", "批号", heading, "收货单位", "收货地区代码", "发货日期"], "发货")

    assert layout.kind is SHIPMENTS
    assert layout.headings["length"] == heading


@pytest.mark.parametrize("heading", ["长度(mm)", "长度/cm", "长度(英尺)"])
def test_a_heading_in_another_unit_is_not_taken_for_metres(heading: str) -> None:
    layout = recognise(["发货单号", "批号", heading, "收货单位", "收货地区代码", "发货日期"], "发货")

    assert layout.kind is None
    assert layout.nearest is SHIPMENTS
    assert [[field.name for field in need] for need in layout.missing] == [["units", "length"]]


@pytest.mark.parametrize("heading", ["总长度(cm)", "总长/mm", "总长度(必填)"])
def test_a_column_in_another_unit_refuses_the_sheet_though_it_could_do_without(heading: str) -> None:
    layout = recognise(["批号", "产品编号", "生产日期", "每盘长度(m)", heading], "批次")

    assert (layout.kind, layout.nearest) == (None, BATCHES)
    assert layout.missing == ()
    assert [(name, field.name) for name, field in layout.other_units.items()] == [(heading, "total")]


@pytest.mark.parametrize("heading", ["总长(cm)", "天气(km)"])
def test_another_unit_is_no_matter_beside_the_wanted_one_or_of_an_unknown_column(heading: str) -> None:
    layout = recognise(["批号", "产品编号", "生产日期", "总长度(m)", heading], "批次")

    assert layout.kind is BATCHES
    assert layout.ignored == (heading,)


def test_a_number_of_drums_is_no_length_in_another_unit() -> None:
    layout = recognise(["批号", "盘号", "数量(盘)", "收货单位", "收货地区代码", "发货日期"], "发货")

    assert layout.kind is SHIPMENTS
    assert layout.ignored == ("数量(盘)",)


def test_a_remark_behind_a_heading_is_no_unit() -> None:
    layout = recognise(["批号(必填)", "产品编号", "生产日期(年-月-日)", "总长度(m)"], "批次")

    assert layout.headings["lot"] == "批号(必填)"
    assert layout.headings["date"] == "生产日期(年-月-日)"


def test_columns_that_nobody_asked_for_are_named() -> None:
    layout = recognise(["批号", "产品编号", "生产日期", "总长度(m)", "天气", "备注"], "批次")

    assert layout.ignored == ("天气", "备注")


def test_of_two_columns_of_one_meaning_the_usual_one_is_read() -> None:
    layout = recognise(["批次号", "批号", "产品编号", "生产日期", "总长度(m)"], "批次")

    assert layout.headings["lot"] == "批号"
    assert layout.ignored == ("批次号",)


def test_a_laboratory_that_forgot_its_number_is_not_taken_for_a_factory() -> None:
    complete = [
        LABORATORY_RESULTS.title_of(name).zh for name in ("report", "inspection", "sampling", "lot", "units")
    ]
    complete += ["取样长度(m)", "抽样地区代码", "检测项目", "实测值", "单位", "检验日期"]

    layout = recognise(complete, "Sheet1")

    assert layout.kind is None
    assert layout.nearest is LABORATORY_RESULTS
    assert [need[0].title.zh for need in layout.missing] == ["资质认定编号"]


@pytest.mark.parametrize("headings", [["说明"], ["填表说明", "联系人", "电话"], ["[A]", "[B]"], []])
def test_notes_are_no_table(headings: list[str]) -> None:
    layout = recognise(headings, "说明")

    assert (layout.kind, layout.nearest, layout.missing) == (None, None, ())
