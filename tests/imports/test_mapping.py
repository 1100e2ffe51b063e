"""What the rows of small tables say: their drafts, the columns their troubles come from, whom they mean."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from cabletrace.auth.policy import Role
from cabletrace.imports.mending import mending_workbook
from cabletrace.model.values import business_id, party_id
from drafts_for_tests import DEALER, uscc_of
from imports_for_tests import CONTRACTOR, MAKER, House, workbook_of

PRODUCTS: list[list[Any]] = [
    ["产品编号", "产品名称", "型号", "规格", "电压等级", "认证类型", "证书编号", "有效期起", "有效期止", "生产企业", "统一社会信用代码"],
    ["P05", "电力电缆", "YJV", "3×95+1×50", "0.6/1kV", "生产许可证", "（豫）XK06-001-00917", "2023-04-20", "2028-04-19", "禾泽", "914116034J1417770M"],
    ["P08", "架空电缆", "JKLYJ", "1×70", "1kV", "生产许可证", "(豫)XK06-001-00917", "2023-04-20", "2028-04-19", "禾泽", "914116034J1417770M"],
]  # fmt: skip
BATCHES: list[list[Any]] = [
    ["批号", "产品编号", "型号规格", "生产日期", "总长度(m)", "盘数", "每盘长度(m)", "盘号起", "盘号止", "铜材批号", "用铜量(kg)", "质检员"],
    ["L1", "P05", "YJV 0.6/1kV 3x95+1x50", "2026-03-02", 1000, 4, 250, 1, 4, "CU1", 312.2, "质检1号"],
    ["L2", "P08", "JKLYJ 1kV 1×70", "2026-03-02", 1000, 4, 250, 1, 4, "AL1", 0, None],
]  # fmt: skip
REGISTER = {"产品": PRODUCTS, "批次": BATCHES}
PROJECTS: list[list[Any]] = [
    ["项目编号", "项目名称", "项目地区代码", "建设单位", "施工单位", "施工单位统一社会信用代码", "监理单位"],
    ["XM-01", "医院", "411627", "示范医院", "模拟建设", "91411627JW786907XQ", "例示监理"],
]
TESTS = [
    "报告编号",
    "批号",
    "盘号",
    "检测项目",
    "线芯",
    "实测值",
    "单位",
    "环境温度(℃)",
    "判定",
    "检测日期",
    "检测员",
]
LAB = [
    "报告编号",
    "资质认定编号",
    "检验类别",
    "抽样单号",
    "批号",
    "盘号",
    "取样长度(m)",
    "抽样地区代码",
    "检测项目",
    "实测值",
    "单位",
    "检验日期",
]


def replaced(table: list[list[Any]], row: int, **cells: Any) -> list[list[Any]]:
    """The table with some cells of one row changed, by their heading."""
    changed = [list(line) for line in table]
    for heading, value in cells.items():
        column = next(n for n, each in enumerate(table[0]) if each.startswith(heading))
        changed[row][column] = value
    return changed


def body(draft: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = draft["body"]
    return found


# ---- a maker's tables


def test_a_product_registers_its_maker_its_certificate_and_itself(still: House) -> None:
    register = workbook_of(REGISTER)

    assert still.said(register, "party")[0] == {
        "id": still.said(register, "party")[0]["id"],
        "kind": "party",
        "subject": {"party": "914116034J1417770M"},
        "body": {"name": "禾泽", "roles": ["manufacturer"], "uscc": "914116034J1417770M", "region": "411603"},
    }
    first, second = still.said(register, "certificate")
    assert first == second
    assert first["subject"]["certificate"] == {"holder": MAKER, "number": "（豫）XK06-001-00917"}
    assert body(first) == {
        "type": "licence",
        "validity": {"valid_from": "2023-04-20", "valid_to": "2028-04-19"},
    }
    assert body(still.said(register, "product")[0]) == {
        "name": "电力电缆",
        "designation": "YJV 0.6/1kV 3×95+1×50",
        "certificate": "（豫）XK06-001-00917",
    }


def test_a_batch_says_its_drums_its_place_and_the_metal_that_its_designation_names(still: House) -> None:
    copper, aluminium = still.said(workbook_of(REGISTER), "production")

    assert body(copper)["length_mm"] == 1_000_000
    assert body(copper)["units"] == [{"first": 1, "last": 4, "length_mm": 250_000}]
    assert body(copper)["materials"] == [{"material": "copper", "lot": "CU1", "mass_g": 312_200}]
    assert body(aluminium)["materials"] == [{"material": "aluminium", "lot": "AL1"}]
    assert copper["by"] == [{"role": "inspector", "name": "质检1号"}]
    assert copper["place"] == {"region": "411603", "type": "factory"}
    assert (copper["occurred_at"], copper["precision"]) == ("2026-03-02T00:00:00+08:00", "day")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"盘号起": None, "盘号止": None}, {"length_mm": 1_000_000, "units": [[1, 4, 250_000]]}),
        ({"盘号起": 5, "盘号止": None}, {"length_mm": 1_000_000, "units": [[5, 8, 250_000]]}),
        ({"盘号起": None, "盘号止": 10}, {"length_mm": 1_000_000, "units": [[7, 10, 250_000]]}),
        ({"盘数": None}, {"length_mm": 1_000_000, "units": [[1, 4, 250_000]]}),
        ({"每盘长度": None}, {"length_mm": 1_000_000, "units": [[1, 4, 250_000]]}),
        ({"总长度": None}, {"length_mm": 1_000_000, "units": [[1, 4, 250_000]]}),
        ({"盘数": None, "每盘长度": None, "盘号起": None, "盘号止": None}, {"length_mm": 1_000_000, "loose_mm": 1_000_000}),
    ],
)  # fmt: skip
def test_what_a_batch_leaves_out_follows_from_the_rest(
    still: House, cells: dict[str, Any], expected: dict[str, Any]
) -> None:
    register = workbook_of({**REGISTER, "批次": replaced(BATCHES, 1, **cells)})

    said = body(still.said(register, "production")[0])

    units = [[each["first"], each["last"], each["length_mm"]] for each in said.get("units", [])]
    assert {
        "length_mm": said["length_mm"],
        **({"units": units} if units else {"loose_mm": said["loose_mm"]}),
    } == expected


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"盘数": 5}, "盘数"),
        ({"盘数": 0}, "盘数"),
        ({"盘数": 2.5}, "盘数"),
        ({"盘号起": 9, "盘号止": 2}, "盘号止"),
        ({"盘号起": 1, "盘号止": None, "盘数": None}, "盘号止"),
        ({"每盘长度": None, "总长度": 1000.001}, "每盘长度(m)"),
        ({"每盘长度": 0}, "每盘长度(m)"),
        ({"总长度": -1}, "总长度(m)"),
        ({"总长度": 1001}, "总长度(m)"),
        ({"批号": None}, "批号"),
        ({"生产日期": "2026-02-30"}, "生产日期"),
        ({"生产日期": "2027-01-01"}, "生产日期"),
        ({"型号规格": "BV 450/750V 2.5"}, "型号规格"),
        ({"型号规格": "DN100"}, "型号规格"),
        ({"用铜量": "许多"}, "用铜量(kg)"),
        ({"产品编号": "P99"}, "产品编号"),
    ],
)
def test_a_bad_batch_is_named_with_its_column_and_what_to_do(
    still: House, cells: dict[str, Any], column: str
) -> None:
    register = workbook_of({**REGISTER, "批次": replaced(BATCHES, 1, **cells)})

    (bad, *_) = found = still.try_out(register).bad

    assert {(each.sheet, each.row, each.column) for each in found} == {("批次", 2, column)}
    assert all((bad.reason.zh, bad.reason.en, bad.remedy.zh, bad.remedy.en))
    assert still.try_out(register).good == {"产品": 2, "批次": 1}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"型号": "DN100"}, "型号"),
        ({"型号": None}, "型号"),
        ({"证书编号": "20210101054"}, "证书编号"),
        ({"认证类型": "CCC"}, "证书编号"),
        ({"认证类型": "口头"}, "认证类型"),
        ({"有效期止": None}, "有效期止"),
        ({"有效期止": "2020-01-01"}, "有效期止"),
        ({"统一社会信用代码": "914116034J1417770X"}, "统一社会信用代码"),
        ({"产品编号": None}, "产品编号"),
    ],
)
def test_a_bad_product_is_named_with_its_column(still: House, cells: dict[str, Any], column: str) -> None:
    report = still.try_out(workbook_of({"产品": replaced(PRODUCTS, 1, **cells)}))

    assert {(each.row, each.column) for each in report.bad} == {(2, column)}
    assert report.good == {"产品": 1}


def test_a_row_is_told_everything_that_is_wrong_with_its_cells(still: House) -> None:
    register = workbook_of({**REGISTER, "批次": replaced(BATCHES, 1, 批号=None, 生产日期="昨天", 用铜量=-1)})

    found = {each.column for each in still.try_out(register).bad}

    assert found == {"批号", "生产日期", "用铜量(kg)"}


# ---- reports


def test_rows_of_a_report_are_one_testing_and_a_bad_row_does_not_take_the_others_along(still: House) -> None:
    tests: list[list[Any]] = [
        TESTS,
        ["R1", "L1", 1, "导体电阻", "主线芯", 0.19, "Ω/km", 25, "合格", "2026-03-03", "检1"],
        ["R1", "L1", 1, "导体电阻", "主线芯", "0.19左右", "Ω/km", 25, "合格", "2026-03-03", "检1"],
        ["R1", "L1", 1, "绝缘平均厚度", None, "1.10", "mm", 25, "不合格", "2026/3/3", "检2"],
        ["R1", "L1", 1, "导体电阻", None, 0.2, "kg", 25, "合格", "2026-03-03", None],
    ]
    data = workbook_of({**REGISTER, "出厂检测": tests})

    (testing,) = still.said(data, "testing")
    report = still.try_out(data)

    assert body(testing)["items"] == [
        {"indicator": "导体电阻", "core": "主线芯", "value": "0.19", "unit": "Ω/km", "temperature_celsius": "25", "declared": "pass"},
        {"indicator": "绝缘平均厚度", "value": "1.10", "unit": "mm", "temperature_celsius": "25", "declared": "fail"},
    ]  # fmt: skip
    assert testing["by"] == [{"role": "tester", "name": "检1"}, {"role": "tester", "name": "检2"}]
    assert {(each.row, each.column) for each in report.bad} == {(3, "实测值"), (5, "单位")}
    assert report.good["出厂检测"] == 2


def test_a_row_that_contradicts_its_report_is_bad_and_empty_cells_of_merged_heads_are_filled(
    still: House,
) -> None:
    row = ["R1", "L1", 1, "导体电阻", None, 0.19, "Ω/km", None, None, "2026-03-03", None]
    tests: list[list[Any]] = [TESTS, row, [*row[:2], None, *row[3:]], ["R1", "L2", *row[2:]]]

    report = still.try_out(workbook_of({**REGISTER, "出厂检测": tests}))

    assert [(each.row, each.column, each.value) for each in report.bad] == [(4, "批号", "L2")]


def test_all_rows_of_a_report_fall_with_its_head(still: House) -> None:
    row = ["R1", "L1", 99, "导体电阻", None, 0.19, "Ω/km", None, None, "2026-03-03", None]

    report = still.try_out(workbook_of({**REGISTER, "出厂检测": [TESTS, row, row]}))

    assert [(each.row, each.column, each.code) for each in report.bad] == [
        (2, "盘号", "unit-not-in-batch"),
        (3, "盘号", "unit-not-in-batch"),
    ]


def lab_row(**cells: Any) -> list[Any]:
    row = [
        "ZJ1",
        "231612110099",
        "监督抽查",
        "CY1",
        "L1",
        1,
        10,
        "411603",
        "导体电阻",
        0.19,
        "Ω/km",
        "2026-05-01",
    ]
    for heading, value in cells.items():
        row[LAB.index(heading)] = value
    return row


def test_a_laboratory_is_the_party_of_its_cma_number_and_cuts_the_sample_once(house: House) -> None:
    house.bring(workbook_of(REGISTER))
    data = workbook_of({"结果": [LAB, lab_row(), lab_row(检测项目="绝缘平均厚度", 实测值=1.1, 单位="mm")]})

    (sampling,), (testing,) = house.said(data, "sampling"), house.said(data, "testing")
    report = house.bring(data)

    assert body(house.said(workbook_of({"结果": [LAB, lab_row()]}), "testing")[0])["cma"] == "231612110099"
    assert body(sampling) == {"type": "supervision", "number": "CY1", "unit": 1, "length_mm": 10_000}
    assert sampling["place"] == {"region": "411603"}
    assert len(body(testing)["items"]) == 2
    assert report.added == {"party": 1, "sampling": 1, "testing": 1}


def test_the_nearest_authority_that_lets_the_laboratory_enter_it_is_the_one_that_sampled(
    house: House,
) -> None:
    house.bring(workbook_of(REGISTER))
    lab = house.party("例证", "laboratory", cma="231612110099")
    province = house.party("省局", "regulator", region="410000")
    city = house.party("市局", "regulator", region="411600")
    elsewhere = house.party("外地", "regulator", region="341200")
    silent = house.party("区局", "regulator", region="411603")
    for authority in (province, city, elsewhere):
        house.grant(authority, lab, "sampling")
    actor = house.session(lab, Role.LABORATORY)

    understood = house.read(workbook_of({"结果": [LAB, lab_row()]}), actor=actor)
    witnessed = house.read(workbook_of({"结果": [LAB, lab_row(检验类别="见证取样")]}), actor=actor)

    sampling = next(s for g in understood.groups for s in g.said if s.draft["kind"] == "sampling")
    assert (sampling.speaker, sampling.draft["body"]["authority"]) == (city, city)
    assert silent != city
    of_witness = next(s for g in witnessed.groups for s in g.said if s.draft["kind"] == "sampling")
    assert of_witness.speaker == lab
    assert "authority" not in of_witness.draft["body"]


# ---- a site's tables


def test_rows_of_one_order_number_are_the_items_of_one_order(still: House) -> None:
    orders: list[list[Any]] = [
        ["订单号", "项目编号", "型号规格", "数量(m)", "供货单位", "交货日期"],
        ["DD1", "XM-01", "BV 450/750V 4", 3000, "禾泽", "2026.5.20"],
        ["DD1", "XM-01", "YJV 0.6/1kV 3×95+1×50", 750.5, "禾泽", None],
        ["DD2", "XM-01", "钢管", 1, "禾泽", None],
    ]
    data = workbook_of({"项目": PROJECTS, "订单": orders})

    first, _ = still.said(data, "order")
    report = still.try_out(data)

    assert [each["length_mm"] for each in body(first)["items"]] == [3_000_000, 750_500]
    assert [each.get("due") for each in body(first)["items"]] == ["2026-05-20", None]
    assert [(each.row, each.column, each.code) for each in report.bad] == [(4, "型号规格", "not-a-cable")]


def test_an_item_that_the_rules_refuse_is_named_at_its_own_row_and_its_order_falls_with_it(
    still: House,
) -> None:
    orders: list[list[Any]] = [
        ["订单号", "型号规格", "数量(m)", "供货单位"],
        ["DD1", "BV 450/750V 4", 3000, "禾泽"],
        ["DD1", "钢管", 1, "禾泽"],
    ]

    beside, own = still.try_out(workbook_of({"项目": PROJECTS, "订单": orders})).bad

    assert (own.row, own.value) == (3, "钢管")
    assert beside.row == 2
    assert "第 3 行有误" in beside.reason.zh


def test_an_order_whose_number_was_entered_by_hand_is_a_bad_row_and_the_same_file_again_is_none(
    house: House,
) -> None:
    headings = ["订单号", "项目编号", "型号规格", "数量(m)", "供货单位"]
    own, clear = (["DD1", "XM-01", "BV 2.5", 700, "禾泽"], ["DD2", "XM-01", "BV 2.5", 700, "禾泽"])
    supplier = house.party("禾泽", "manufacturer")
    house.bring(workbook_of({"项目": PROJECTS}))
    items = [{"designation": "BV 450/750V 2.5", "length_mm": 300_000}]
    house.happened(
        "order",
        {"order": {"keeper": CONTRACTOR, "number": "DD1"}},
        {"supplier": supplier, "buyer": CONTRACTOR, "items": items},
        CONTRACTOR,
    )
    data = workbook_of({"项目": PROJECTS, "订单": [headings, own, clear]})

    tried, once, again = house.try_out(data), house.bring(data), house.bring(data)

    for report in (tried, once, again):
        assert [(each.row, each.column, each.code) for each in report.bad] == [
            (2, "订单号", "order-number-taken")
        ]
    assert (once.added, again.added) == ({"order": 1}, {})
    handed = load_workbook(BytesIO(mending_workbook(data, "表.xlsx", once, "zh")))["订单"]
    assert "这个订单号本单位已经登记过" in "".join(str(cell.value) for row in handed for cell in row)


def test_a_line_that_is_due_before_its_order_is_named_at_its_cell(still: House) -> None:
    orders: list[list[Any]] = [
        ["订单号", "型号规格", "数量(m)", "供货单位", "签订日期", "交货日期"],
        ["DD1", "BV 2.5", 700, "禾泽", "2026-03-02", "2026-03-02"],
        ["DD1", "BV 4", 700, "禾泽", "2026-03-02", "2026-03-01"],
    ]

    report = still.try_out(workbook_of({"项目": PROJECTS, "订单": orders}))

    assert (3, "交货日期", "due-before-ordered") in [
        (each.row, each.column, each.code) for each in report.bad
    ]


def orders_of(buyer: str, *rows: list[Any]) -> bytes:
    return workbook_of({"订单": [["订单号", "供方", buyer, "型号规格", "长度(m)"], *rows]})


@pytest.mark.parametrize(
    "buyer", ["需方", "买方", "采购方", "采购单位", "需方单位", "购货单位", "订货单位", "客户名称"]
)
def test_a_seller_imports_the_orders_that_it_took(house: House, buyer: str) -> None:
    maker, dealer = house.party("禾泽", "manufacturer", MAKER), house.party("城东五金", "distributor")
    seller = house.session(MAKER, Role.MANUFACTURER)
    data = orders_of(
        buyer, ["XS-1", "禾泽", "城东五金", "BV 2.5", 700], ["XS-2", "", "城东五金", "BV 2.5", 7]
    )

    said = house.said(data, "order", actor=seller)
    report = house.bring(data, actor=seller)

    assert [draft["subject"]["order"]["keeper"] for draft in said] == [maker, maker]
    assert [(body(each)["supplier"], body(each)["buyer"]) for each in said] == [(maker, dealer)] * 2
    assert (report.bad, report.added) == ((), {"order": 2})


def test_a_buyer_that_is_named_in_the_table_of_the_buyer_is_the_buyer(house: House) -> None:
    maker, dealer = house.party("禾泽", "manufacturer", MAKER), house.party("城东五金", "distributor")
    buyer = house.session(dealer, Role.DISTRIBUTOR)
    data = orders_of("需方", ["CG-1", "禾泽", "城东五金", "BV 2.5", 700], ["CG-2", "禾泽", "", "BV 2.5", 7])

    said = house.said(data, "order", actor=buyer)

    assert [draft["subject"]["order"]["keeper"] for draft in said] == [dealer, dealer]
    assert [(body(each)["supplier"], body(each)["buyer"]) for each in said] == [(maker, dealer)] * 2


def test_rows_of_orders_that_are_somebody_elses_with_oneself_or_of_one_side_only_are_bad(
    house: House,
) -> None:
    house.party("禾泽", "manufacturer", MAKER)
    seller = house.session(MAKER, Role.MANUFACTURER)
    rows = (["甲厂", "城东五金"], ["禾泽", "禾泽"], ["禾泽", ""])
    data = orders_of("需方", *([f"XS-{n}", *sides, "BV 2.5", 700] for n, sides in enumerate(rows)))

    others, own, one_sided = house.try_out(data, actor=seller).bad

    assert (others.row, others.column, others.code) == (2, "需方", "wrong-input")
    assert "供方、需方都不是「禾泽」" in others.reason.zh
    assert (own.row, own.column, own.code) == (3, "需方", "order-with-oneself")
    assert (one_sided.row, one_sided.column, one_sided.value) == (4, "需方", "")


def test_a_name_and_a_code_in_one_cell_are_read_as_in_a_form(house: House) -> None:
    house.party("禾泽", "manufacturer", MAKER)
    house.party("城东五金", "distributor", party_id(DEALER), uscc=DEALER)
    seller = house.session(MAKER, Role.MANUFACTURER)
    unknown, cut_short = uscc_of("341202", "MA1TEXTF"), DEALER[:-1]
    cells = [
        f"城东 五金（{DEALER}）", f"颍州五金，{unknown}", f"假名五金 {DEALER}", "错码五金 91411602MA4EYE7130",
        f"城东五金 {cut_short}",
    ]  # fmt: skip
    data = orders_of("需方", *([f"XS-{n}", "禾泽", cell, "BV 2.5", 700] for n, cell in enumerate(cells)))

    said = house.said(data, "order", actor=seller)
    parties = house.said(data, "party", actor=seller)
    report = house.bring(data, actor=seller)

    assert [body(each)["buyer"] for each in said] == [party_id(DEALER), party_id(unknown)]
    assert [(body(each)["name"], body(each)["uscc"]) for each in parties] == [("颍州五金", unknown)]
    assert [(each.row, each.column) for each in report.bad] == [(4, "需方"), (5, "需方"), (6, "需方")]
    told = [each.reason.zh for each in report.bad]
    assert told[0] == "这个代码是「城东五金」的"
    assert "第 18 位校验码不符" in told[1]
    assert "现为 17 位" in told[2]


def test_two_codes_of_one_party_that_differ_are_a_bad_row(house: House) -> None:
    house.party("禾泽", "manufacturer", MAKER)
    headings = ["订单号", "供方", "需方", "需方统一社会信用代码", "型号规格", "长度(m)"]
    rows = [[f"XS-{n}", "禾泽", f"颍州五金 {uscc_of('341202', 'MA1TEXTF')}", code, "BV 2.5", 700]
            for n, code in enumerate([DEALER, uscc_of("341202", "MA1TEXTF")])]  # fmt: skip

    report = house.try_out(
        workbook_of({"订单": [headings, *rows]}), actor=house.session(MAKER, Role.MANUFACTURER)
    )

    assert [(each.row, each.column) for each in report.bad] == [(2, "需方")]
    assert "这里的代码与代码列的不同" in report.bad[0].reason.zh


def test_a_maker_is_found_by_the_code_behind_its_name(house: House) -> None:
    house.party("禾泽", "manufacturer", MAKER)
    headings = ["发货单号", "批号", "盘号", "收货单位", "收货地区代码", "发货日期", "生产企业"]
    row = ["FH-1", "L1", "1", "城东五金", "411602", "2026-04-01"]
    own = house.session(MAKER, Role.MANUFACTURER)

    by_code, wrong = (
        house.read(workbook_of({"发货": [headings, [*row, f"别家电缆 {code}"]]}), actor=own)
        for code in (DEALER, DEALER[:-1])
    )

    (dispatch,) = (s.draft for g in by_code.groups for s in g.said if s.draft["kind"] == "dispatch")
    assert dispatch["subject"]["batch"]["maker"] == party_id(DEALER)
    assert [s for g in wrong.groups for s in g.said] == []


def test_who_is_only_named_becomes_a_party_named_by_the_speaker(house: House) -> None:
    data = workbook_of({"项目": PROJECTS})

    house.bring(data)
    (project,) = house.said(data, "project")
    known = house.read(data)

    assert body(project)["supervisor"] == business_id("party-name", CONTRACTOR, "例示监理")
    assert [s.draft["kind"] for g in known.groups for s in g.said] == ["project"]


def test_the_only_registered_party_of_a_name_is_meant(house: House) -> None:
    supervisor = house.party("例示监理", "supervisor")
    for _ in range(2):
        house.party("示范医院", "owner")

    (project,) = house.said(workbook_of({"项目": PROJECTS}), "project")

    assert body(project)["supervisor"] == supervisor
    assert body(project)["owner"] == business_id("party-name", CONTRACTOR, "示范医院")


def test_a_party_keeps_the_id_under_which_it_was_named_first(house: House) -> None:
    data = workbook_of({"项目": PROJECTS})
    house.bring(data)
    house.party("例示监理", "supervisor")

    again = house.bring(data)

    assert (again.added, again.bad) == ({}, ())


def site(sheet: str, headings: list[Any], *rows: list[Any]) -> bytes:
    return workbook_of({**REGISTER, "项目": PROJECTS, sheet: [headings, *rows]})


ACCEPTANCES = [
    "验收单号",
    "项目编号",
    "发货单号",
    "批号",
    "盘号",
    "实测长度(m)",
    "合格证",
    "结论",
    "验收日期",
    "验收人",
]


def test_a_row_of_acceptance_is_a_receipt_and_an_acceptance(still: House) -> None:
    data = site(
        "到货验收", ACCEPTANCES, ["YS1", "XM-01", "FH1", "L1", "2", 249, "缺", "合格", "2026-03-09", "材料员"]
    )

    (receipt,), (acceptance,) = still.said(data, "receipt"), still.said(data, "acceptance")

    project = {"keeper": CONTRACTOR, "number": "XM-01"}
    assert body(receipt) == {"units": [[2, 2]], "delivery_note": "FH1", "project": project}
    assert body(acceptance)["measurements"] == [{"unit": 2, "length_mm": 249_000}]
    assert (body(acceptance)["papers"], body(acceptance)["result"]) == ("none", "accept")
    assert receipt["place"] == acceptance["place"] == {"region": "411627", "type": "site"}


def test_several_drums_cannot_share_one_measured_length(still: House) -> None:
    data = site(
        "到货验收", ACCEPTANCES, ["YS1", "XM-01", "FH1", "L1", "1-2", 250, "齐全", "合格", "2026-03-09", None]
    )

    assert [(each.row, each.column) for each in still.try_out(data).bad] == [(2, "实测长度(m)")]


def test_drums_under_one_acceptance_number_are_told_apart(house: House) -> None:
    rows = [["YS1", "XM-01", "FH1", "L1", unit, 250, "齐全", "合格", "2026-03-09", None] for unit in (1, 2)]

    report = house.bring(site("到货验收", ACCEPTANCES, *rows))

    assert report.bad == ()
    assert report.added["acceptance"] == 2


OPINIONS = ["监理单号", "项目编号", "批号", "盘号", "意见", "监理工程师", "日期"]


def test_an_opinion_is_the_supervisors_word_entered_by_the_site(still: House) -> None:
    understood = still.read(
        site("监理", OPINIONS, ["JL1", "XM-01", "L1", 1, "同意进场", "监理1号", "2026-03-10"])
    )

    said = understood.groups[-1].said[-1]

    assert said.speaker == business_id("party-name", CONTRACTOR, "例示监理")
    assert said.draft["by"] == [{"role": "engineer", "name": "监理1号"}]


def test_an_opinion_needs_a_project_that_has_a_supervisor(still: House) -> None:
    data = workbook_of(
        {
            **REGISTER,
            "项目": replaced(PROJECTS, 1, 监理单位=None),
            "监理": [
                OPINIONS,
                ["JL1", "XM-01", "L1", 1, "同意进场", None, "2026-03-10"],
                ["JL2", "XM-02", "L1", 1, "同意进场", None, "2026-03-10"],
            ],
        }
    )

    found = [(each.row, each.column, each.code) for each in still.try_out(data).bad]

    assert found == [(2, "项目编号", "wrong-input"), (3, "项目编号", "project-unknown")]


def test_each_contractor_of_a_file_speaks_of_the_goods_of_its_own_projects(still: House) -> None:
    other = uscc_of("340102", "MA1TEXT9")
    projects = [*PROJECTS, ["XM-02", "中学", "411627", "示范中学", "另一家", other, "例示监理"]]
    rows = [[f"YS{n}", f"XM-0{n}", "FH1", "L1", n, 250, "齐全", "合格", "2026-03-09", None] for n in (1, 2)]

    understood = still.read(workbook_of({**REGISTER, "项目": projects, "到货验收": [ACCEPTANCES, *rows]}))

    first, second = (group.said[-1] for group in understood.groups[-2:])
    assert (first.speaker, second.speaker) == (CONTRACTOR, party_id(other))
    assert second.draft["body"]["project"] == {"keeper": party_id(other), "number": "XM-02"}


def test_a_region_that_was_renumbered_is_brought_up_to_date(still: House) -> None:
    (project,) = still.said(workbook_of({"项目": replaced(PROJECTS, 1, 项目地区代码="412727")}), "project")

    assert body(project)["region"] == "411603"


def test_a_code_typed_in_full_width_is_the_same_code(house: House) -> None:
    batches = [*replaced(BATCHES, 1, 批号="Ｌ１", 产品编号="Ｐ０５"), ["L1", "P05", *BATCHES[2][2:]]]
    tests = [
        TESTS,
        ["ＪＣ－１", "L1", 1, "导体电阻", None, 0.1, "Ω/km", 20, "合格", "2026-03-03", None],
        ["JC-1", "Ｌ１", 1, "导体电阻", None, 0.2, "Ω/km", 20, "合格", "2026-03-03", None],
    ]

    report = house.bring(workbook_of({"产品": PRODUCTS, "批次": batches, "出厂检测": tests}))

    assert report.added["testing"] == 1
    assert [(each.sheet, each.row, each.value, each.code) for each in report.bad] == [
        ("批次", 4, "L1", "same-id-other-content"),
    ]


SHIPMENTS = ["发货单号", "批号", "盘号", "收货单位", "收货单位统一社会信用代码", "收货地区代码", "发货日期"]


def test_a_buyer_whose_code_is_left_out_once_is_the_buyer_of_that_name(house: House) -> None:
    buyer = uscc_of("411602", "MA1TEXT9")
    rows = [["FH1", "L1", 1, "示范建材", buyer, "411602", "2026-03-05"]]
    bare = [["FH2", "L1", 2, "示范建材", None, "411602", "2026-03-05"]]
    later = [["FH3", "L1", 3, "示范建材", None, "411602", "2026-03-06"]]
    house.bring(workbook_of(REGISTER))

    one_file = house.said(workbook_of({"发货": [SHIPMENTS, *rows, *bare]}), "dispatch")
    house.bring(workbook_of({"发货": [SHIPMENTS, *rows, *bare]}))
    (another_file,) = house.said(workbook_of({"发货": [SHIPMENTS, *later]}), "dispatch")
    again = house.bring(workbook_of({"发货": [SHIPMENTS, *bare]}))

    assert {body(each)["to"] for each in (*one_file, another_file)} == {party_id(buyer)}
    assert (again.added, again.bad) == ({}, ())


def test_a_shipment_names_its_order_and_one_that_nobody_knows_is_marked_at_its_column(house: House) -> None:
    buyer = uscc_of("411602", "MA1TEXT9")
    row = ["FH1", "L1", 1, "示范建材", buyer, "411602", "2026-03-05", "DD-404"]
    house.bring(workbook_of(REGISTER))
    data = workbook_of({"发货": [[*SHIPMENTS, "合同编号"], row]})

    (sent,) = house.said(data, "dispatch")
    report = house.bring(data)

    assert body(sent)["order"] == "DD-404"
    assert report.added["dispatch"] == 1
    assert [(each.column, each.value, each.mark) for each in report.marked] == [
        ("合同编号", "DD-404", "order-unknown")
    ]


RECEIPTS = ["发货单号", "批号", "盘号", "实测长度(m)", "发货单位", "收货日期", "差异"]


def test_a_row_of_goods_that_came_is_a_receipt_by_the_party_whose_file_it_is(house: House) -> None:
    buyer = uscc_of("411602", "MA1TEXT9")
    house.bring(workbook_of(REGISTER))
    sent = ["FH1", "L1", "1-2", "示范建材", buyer, "411602", "2026-03-05"]
    house.bring(workbook_of({"发货": [SHIPMENTS, sent]}))
    headings = [*RECEIPTS, "收货单位", "收货单位统一社会信用代码"]
    rows = [
        ["FH1", "L1", "1", 1, None, "2026.3.7", "短少", "示范建材", buyer],
        ["FH1", "L1", "2", None, None, "2026.3.7", None, "示范建材", buyer],
        ["FH1", "L1", "1-2", 5, None, "2026.3.7", None, "示范建材", buyer],
    ]
    data = workbook_of({"收货": [headings, *rows]})

    first, second = house.said(data, "receipt")
    report = house.bring(data)

    assert body(first) == {
        "units": [[1, 1]],
        "delivery_note": "FH1",
        "differences": "短少",
        "measurements": [{"unit": 1, "length_mm": 1_000}],
    }
    assert "measurements" not in body(second)
    assert report.added["receipt"] == 2
    assert [(each.row, each.column, each.mark) for each in report.marked] == [
        (2, "实测长度(m)", "length-deviates")
    ]
    assert [(each.row, each.column) for each in report.bad] == [(4, "实测长度(m)")]


def test_what_a_certificate_covers_stands_in_the_row_of_its_product(still: House) -> None:
    headings = [*PRODUCTS[0], "证书型号范围", "证书电压范围", "证书截面范围"]
    good, wrong = (
        [*PRODUCTS[1], "YJV、YJV22", "0.6/1kV", "1.5～240mm²"],
        [*PRODUCTS[1], None, None, "240-1.5"],
    )

    (said,) = still.said(workbook_of({"产品": [headings, good]}), "certificate")
    report = still.try_out(workbook_of({"产品": [headings, wrong]}))

    assert body(said)["scope"] == {
        "types": ["YJV", "YJV22"],
        "voltages": ["0.6/1kV"],
        "least_area_mm2": "1.5",
        "largest_area_mm2": "240",
    }
    assert [(each.column, each.value) for each in report.bad] == [("证书截面范围", "240-1.5")]


@pytest.mark.parametrize(
    ("cores", "factories", "scope"),
    [
        (5, "411603", {"most_cores": 5, "factories": ["411603"]}),
        ("1-5芯", "周口市淮阳区、410100", {"most_cores": 5, "factories": ["411603", "410100"]}),
        ("≤ 5", None, {"most_cores": 5}),
        (None, "太康县", {"factories": ["411627"]}),
    ],
)
def test_cores_and_factories_of_a_certificate_are_read_as_people_write_them(
    still: House, cores: object, factories: object, scope: dict[str, object]
) -> None:
    headings, row = [*PRODUCTS[0], "证书芯数范围", "证书生产地"], [*PRODUCTS[1], cores, factories]

    (said,) = still.said(workbook_of({"产品": [headings, row]}), "certificate")

    assert body(said)["scope"] == scope


@pytest.mark.parametrize(
    ("cores", "factories", "column", "told"),
    [
        ("很多", None, "证书芯数范围", "5 或 1-5"),
        ("2-5", None, "证书芯数范围", "5 或 1-5"),
        (0, None, "证书芯数范围", "5 或 1-5"),
        (101, None, "证书芯数范围", "不超过 100"),
        (None, "411603、火星县", "证书生产地", "火星县"),
        (None, "999999", "证书生产地", "999999"),
    ],
)
def test_a_scope_that_cannot_be_read_is_told_at_its_own_cell_and_nothing_of_the_row_goes_in(
    still: House, cores: object, factories: object, column: str, told: str
) -> None:
    headings, row = [*PRODUCTS[0], "证书芯数范围", "证书生产地"], [*PRODUCTS[1], cores, factories]

    report = still.try_out(workbook_of({"产品": [headings, row]}))

    assert [each.column for each in report.bad] == [column]
    assert told in f"{report.bad[0].reason.zh} {report.bad[0].value}"
    assert report.bad[0].reason.en
    assert not report.added


def test_the_issuer_is_an_organisation_where_one_of_this_name_registered_itself_and_else_a_name(
    house: House,
) -> None:
    body_id = house.party("示例认证中心", "certifier")
    headings = [*PRODUCTS[0], "发证机构"]

    def issuer(name: str | None) -> dict[str, object]:
        (said,) = house.said(workbook_of({"产品": [headings, [*PRODUCTS[1], name]]}), "certificate")
        return {key: value for key, value in body(said).items() if key in ("issued_by", "issuer")}

    assert issuer("示例认证中心") == {"issued_by": body_id}
    assert issuer("某某认证有限公司") == {"issuer": "某某认证有限公司"}
    assert issuer(None) == {}
