"""Whole files through a real intake: what goes in, what stays out, what adds nothing, what can be killed."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import true

from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Action, Role
from cabletrace.codes.trace_code import BatchCode
from cabletrace.db.engine import begin_read
from cabletrace.errors import InputError
from cabletrace.flow import books
from cabletrace.imports import run
from cabletrace.imports.run import Report, WhoseLots, commit
from cabletrace.model.values import party_id
from cabletrace.registry import register
from copies_for_tests import copy_folder
from drafts_for_tests import uscc_of
from imports_for_tests import CONTRACTOR, DATA, FILES, MAKER, House, opened_house, tables_of, workbook_of

AfterFiles = Callable[[int], House]

TRUTH = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
GOOD = {
    "factory-register.xlsx": {"产品": 8, "批次": 121, "出厂检测": 456},
    "shipments.csv": {"shipments.csv": 162},
    "site-record.xlsx": {"项目": 2, "订单": 9, "到货验收": 99, "监理": 98, "敷设使用": 54},
    "lab-results.csv": {"lab-results.csv": 36},
}
#: As the README of the files lists them, with a word that must stand in one of the reasons.
BAD = {
    "产品": {10: "型号规格", 11: "16 位"},
    "批次": {
        122: "没有 2026 年 2 月 30 日", 123: "不能为负", 124: "产品编号", 125: "不符", 126: "颠倒", 127: "为空", 128: "将来",
        130: "第 130 行与第 129 行", 131: "内容不同", 132: "不是一个数",
    },
    "出厂检测": {458: "批次", 459: "9999", 460: "不是一个数", 461: "计量单位"},
    "shipments.csv": {
        164: "校验码", 165: "行政区划代码", 166: "批次", 167: "9999", 168: "已不在", 169: "早于生产日期", 170: "不符", 171: "为空",
    },
    "项目": {4: "行政区划代码"},
    "到货验收": {101: "项目", 102: "9999", 103: "不能为负"},
    "监理": {100: "同意进场"},
    "敷设使用": {56: "余量"},
    "lab-results.csv": {38: "批次", 39: "余量", 40: "监督抽查"},
}  # fmt: skip
MARKED = [
    ("批次", 129, "certificate-not-valid-at-production"),
    ("到货验收", 21, "length-deviates"),
    ("到货验收", 52, "length-deviates"),
    ("到货验收", 59, "length-deviates"),
    ("到货验收", 100, "receipt-without-dispatch"),
    ("敷设使用", 5, "use-before-admission"),
    ("敷设使用", 20, "use-before-admission"),
    ("敷设使用", 32, "use-before-admission"),
]


def check_against_the_readme(name: str, report: Report) -> None:
    sheets = GOOD[name]
    assert report.good == sheets
    reasons: dict[str, dict[int, str]] = {}
    for each in report.bad:
        of_row = reasons.setdefault(each.sheet, {})
        of_row[each.row] = of_row.get(each.row, "") + each.reason.zh
        assert each.remedy.zh
        assert each.column
    assert {sheet: set(rows) for sheet, rows in reasons.items()} == {
        s: set(BAD[s]) for s in sheets if s in BAD
    }
    assert {
        (sheet, row, word): reasons[sheet][row]
        for sheet in sheets
        for row, word in BAD.get(sheet, {}).items()
        if word not in reasons[sheet][row]
    } == {}
    assert [(m.sheet, m.row, m.mark) for m in report.marked] == [m for m in MARKED if m[0] in sheets]


def whereabouts(house: House) -> tuple[dict[str, Counter[tuple[str, str]]], dict[str, Counter[str]]]:
    """Metres by lot and (state, region), and by region and state."""
    lots: dict[str, Counter[tuple[str, str]]] = {}
    regions: dict[str, Counter[str]] = {}
    with begin_read(house.installation.ledger) as tx:
        balances = books.balances(tx, true())
        known = books.batches(tx, {each.batch for each in balances})
    for each in balances:
        state, region, metres = each.account.state, each.account.region, each.length_mm // 1000
        lots.setdefault(known[each.batch].lot, Counter())[state, region] += metres
        regions.setdefault(region, Counter())[state] += metres
    return lots, regions


def true_whereabouts() -> tuple[dict[str, Counter[tuple[str, str]]], dict[str, Counter[str]]]:
    lots = {
        lot: Counter({(each["state"], each["region"]): each["metres"] for each in known["where"]})
        for lot, known in TRUTH["by_lot"].items()
    }
    return lots, {region: Counter(states) for region, states in TRUTH["by_region"].items()}


# ---- the four files


def test_the_four_files_go_in_as_their_readme_says_and_every_metre_is_where_it_should_be(
    house: House,
) -> None:
    for name in FILES:
        data = (DATA / name).read_bytes()
        foreseen = house.try_out(data, name)
        before = house.size()

        report = house.bring(data, name)

        check_against_the_readme(name, foreseen)
        check_against_the_readme(name, report)
        assert report.to_json()["added"] == foreseen.to_json()["added"]
        assert house.size() == before + sum(report.added.values())
        assert report.up_to == house.size() - 1
    assert whereabouts(house) == true_whereabouts()


def test_a_dry_run_writes_nothing(still: House) -> None:
    before = still.size()

    still.try_out((DATA / FILES[0]).read_bytes(), FILES[0])

    assert still.size() == before


def test_a_second_import_adds_nothing_whoever_brings_it_in(filled: House) -> None:
    before = filled.size()
    maker, contractor = filled.session(MAKER, Role.MANUFACTURER), filled.session(CONTRACTOR, Role.CONTRACTOR)

    for name, actor in zip(FILES, (maker, maker, contractor, filled.machine), strict=True):
        report = filled.bring_file(name, actor)

        check_against_the_readme(name, report)
        assert report.added == {}
        assert [sheet.known for sheet in report.sheets] == [sheet.good for sheet in report.sheets]
    assert filled.size() == before


def test_marks_stand_in_the_same_columns_when_a_file_is_read_again(house_after: AfterFiles) -> None:
    house = house_after(2)

    first = house.bring_file(FILES[2])
    again = house.bring_file(FILES[2])

    assert {each.column for each in first.marked} == {"实测长度(m)", "盘号"}
    assert [(m.sheet, m.row, m.column, m.value, m.mark) for m in again.marked] == [
        (m.sheet, m.row, m.column, m.value, m.mark) for m in first.marked
    ]


def test_a_file_that_is_brought_in_again_adds_nothing_though_its_maker_has_moved(
    house_after: AfterFiles,
) -> None:
    house = house_after(1)
    body = {"name": "禾泽", "roles": ["manufacturer"], "region": "410105", "uscc": "914116034J1417770M"}
    house.happened("party", {"party": MAKER}, body, MAKER)

    again = house.bring_file(FILES[0])

    assert again.added == {}
    check_against_the_readme(FILES[0], again)


def test_a_laboratory_that_registers_itself_later_adds_nothing_to_its_old_file(
    house_after: AfterFiles,
) -> None:
    house = house_after(4)
    lab = house.party("周口市例证检验检测中心", "laboratory", cma="231612110099")
    authority = house.party("市局", "regulator", region="411600")
    house.grant(authority, lab, "sampling")

    again = house.bring_file(FILES[3], house.session(lab, Role.LABORATORY))

    assert again.added == {}
    check_against_the_readme(FILES[3], again)


# ---- the same key, other content


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "factory-register.xlsx",
            [
                ("产品", 2, "产品名称", "别的电缆", [2]),
                ("产品", 3, "有效期止", "2027-05-31", [3]),
                ("批次", 3, "生产线", "9号线", [3]),
                ("批次", 4, "质检员", "质检9号", [4]),
                ("出厂检测", 4, "实测值", "13.5", [4, 5]),
            ],
        ),
        (
            "shipments.csv",
            [("shipments", 2, "收货地区代码", "411603", [2]), ("shipments", 4, "盘号", "2", [4])],
        ),
        (
            "site-record.xlsx",
            [
                ("项目", 2, "监理单位", "另一家监理", [2]),
                ("订单", 2, "数量(m)", 1601, [2]),
                ("到货验收", 2, "实测长度(m)", 249, [2]),
                ("到货验收", 3, "验收人", "别人", [3]),
                ("监理", 3, "意见", "不同意进场", [3]),
                ("敷设使用", 2, "回路", "9AL9", [2]),
            ],
        ),
        ("lab-results.csv", [("lab-results", 4, "实测值", "3.2", [4, 5])]),
    ],
)
def test_the_same_key_with_other_content_is_a_bad_row(
    filled: House, name: str, changes: list[tuple[str, int, str, Any, list[int]]]
) -> None:
    tables = tables_of(name)
    wanted = {(sheet, row) for sheet in tables for row in BAD.get(sheet, BAD.get(name, {}))}
    for sheet, row, heading, value, fallen in changes:
        tables[sheet][row - 1][tables[sheet][0].index(heading)] = value
        wanted |= {(sheet, each) for each in fallen}
    before = filled.size()

    report = filled.bring(workbook_of(tables))

    assert {(each.sheet, each.row) for each in report.bad} == wanted
    codes = {(each.sheet, each.row): each.code for each in report.bad}
    changed = [codes[sheet, row] for sheet, row, heading, *_ in changes if heading != "盘号"]
    assert set(changed) == {"same-id-other-content"}
    assert filled.size() == before


# ---- killed, and run again


@pytest.mark.parametrize("after", [1, 3])
def test_an_import_that_was_killed_goes_on_where_it_stopped(
    house_after: AfterFiles, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(run, "_CHUNK", 50)
    house = house_after(2)
    data = (DATA / FILES[2]).read_bytes()
    half = house.read(data, FILES[2])
    size = house.size()
    foreseen = run.dry_run(half, house.installation.intake, house.machine).added
    calls = 0

    def die(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commit(half, house.installation.intake, house.machine, die)
    stopped_at = house.size()
    ended = commit(house.read(data, FILES[2]), house.installation.intake, house.machine, since=size)
    whole = house.size()
    report = house.bring(data, FILES[2])
    house.bring_file(FILES[3])

    # All of it is told as recorded by this import, also what was recorded before it died; the parties that it named are known by then.
    assert sum(sheet.known for sheet in ended.sheets) == 0
    assert ended.added == {kind: count for kind, count in foreseen.items() if kind != "party"}
    assert (ended.recorded[0][0] < stopped_at, ended.recorded[-1][-1]) == (True, whole - 1)
    assert sum(sheet.known for sheet in report.sheets) > 0
    assert whole > stopped_at
    check_against_the_readme(FILES[2], report)
    assert whereabouts(house) == true_whereabouts()


def test_an_import_killed_between_the_events_of_a_row_is_completed(house_after: AfterFiles) -> None:
    house = house_after(2)
    understood = house.read((DATA / FILES[2]).read_bytes(), FILES[2])
    halved = [
        group
        if group.said[-1].draft["kind"] != "acceptance"
        else type(group)(lines=group.lines, said=group.said[:-1])
        for group in understood.groups
    ]
    commit(
        type(understood)(**{**_members(understood), "groups": tuple(halved)}),
        house.installation.intake,
        house.machine,
    )

    report = house.bring_file(FILES[2])
    house.bring_file(FILES[3])

    assert report.added == {"acceptance": 99}
    assert whereabouts(house) == true_whereabouts()


def _members(understood: run.Understood) -> dict[str, Any]:
    return {name: getattr(understood, name) for name in understood.__dataclass_fields__}


def test_progress_counts_the_rows_that_go_in(house: House) -> None:
    told: list[tuple[int, int]] = []
    understood = house.read((DATA / FILES[0]).read_bytes(), FILES[0])

    commit(understood, house.installation.intake, house.machine, lambda done, of: told.append((done, of)))

    assert told[0] == (0, 585)
    assert told[-1] == (585, 585)
    assert told == sorted(told)


# ---- files of the same shape

OTHER_MAKER = uscc_of("370112", "MA1TEXT1")
OTHER_CONTRACTOR = uscc_of("340102", "MA1TEXT9")

Change = Callable[[str], str]


def disguised(name: str, change: Change) -> bytes:
    """The file of another maker and another site: other names, lots and numbers, columns and sheets turned round,
    headings called otherwise."""
    tables: dict[str, list[list[Any]]] = {}
    for sheet, rows in reversed(tables_of(name).items()):
        headings = [_OTHER_HEADINGS.get(heading, heading) for heading in rows[0]]
        body = [[change(cell) if isinstance(cell, str) else cell for cell in row] for row in rows[1:]]
        tables["表 " + change(sheet)] = [line[::-1] for line in [headings, *body]]
    return workbook_of(tables)


_OTHER_HEADINGS = {
    "批号": "生产批号", "盘号": "卷号", "总长度(m)": "总长/米", "每盘长度(m)": "单盘长度(米)", "产品编号": "产品代码",
    "检测项目": "检验项目", "实测值": "检测值", "收货单位": "客户名称", "发货单号": "送货单号", "项目编号": "工程编号",
    "结论": "验收结论", "意见": "监理意见", "资质认定编号": "CMA编号", "取样长度(m)": "抽样长度(m)", "备用": "备用",
}  # fmt: skip


def other_company(text: str) -> str:
    for old, new in (
        ("914116034J1417770M", OTHER_MAKER),
        ("91411627JW786907XQ", OTHER_CONTRACTOR),
        ("周口市禾泽示范电缆有限公司", "济南假想电缆有限公司"),
        ("太康县模拟示范建设工程有限公司", "合肥假想建设有限公司"),
        ("周口市例示工程监理有限公司", "合肥假想监理有限公司"),
        ("231612110099", "241512110001"),
        ("HZ-NO-SUCH", "NO-LOT"),
    ):
        text = text.replace(old, new)
    return re.sub(r"^(HZ|FH|YS|JL|SY|XM|DD|ZJ|CY)(?=.*\d)", r"Q\1", text)


def test_files_of_another_maker_site_and_laboratory_give_the_same_counts(house: House) -> None:
    for name in FILES:
        report = house.bring(disguised(name, other_company), "file.xlsx")

        assert sorted(report.good.values()) == sorted(GOOD[name].values())
        assert len({(each.sheet, each.row) for each in report.bad}) == sum(
            len(BAD.get(s, {})) for s in GOOD[name]
        )
        assert Counter(each.mark for each in report.marked) == Counter(
            mark for s, _, mark in MARKED if s in GOOD[name]
        )
    lots, regions = whereabouts(house)
    wanted_lots, wanted = true_whereabouts()
    assert lots.keys() == {"Q" + lot for lot in wanted_lots}
    assert regions["370112"] == {"held": wanted["411603"]["held"]}
    assert regions["411627"] == wanted["411627"]


def test_all_tables_in_one_workbook_in_any_order_are_recorded_in_the_order_of_things(house: House) -> None:
    tables = {sheet: rows for name in reversed(FILES) for sheet, rows in reversed(tables_of(name).items())}

    report = house.bring(workbook_of(tables))

    assert sum(report.good.values()) == sum(rows for sheets in GOOD.values() for rows in sheets.values())
    assert whereabouts(house) == true_whereabouts()


# ---- whose lots


def same_lots(text: str) -> str:
    return text.replace("914116034J1417770M", OTHER_MAKER).replace(
        "周口市禾泽示范电缆有限公司", "济南假想电缆有限公司"
    )


@pytest.fixture(scope="module")
def two_makers(stages: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two makers with the same lot numbers; the first has sent its goods. The tests add nothing."""
    folder = tmp_path_factory.mktemp("two") / "data"
    copy_folder(stages(1), folder)
    with opened_house(folder) as house:
        house.bring(disguised(FILES[0], same_lots), "other.xlsx")
        house.bring((DATA / FILES[1]).read_bytes(), FILES[1], answer=MAKER)
        yield house


def test_a_file_whose_lots_two_makers_have_is_asked_once(two_makers: House) -> None:
    with pytest.raises(WhoseLots) as asked:
        two_makers.read((DATA / FILES[1]).read_bytes(), FILES[1])

    assert {party.id for party in asked.value.candidates} == {MAKER, party_id(OTHER_MAKER)}
    assert asked.value.code == "whose-lots"
    assert "--as" in str(asked.value.problems[0].remedy)


@pytest.mark.parametrize("answer", [OTHER_MAKER, "济南假想电缆有限公司", party_id(OTHER_MAKER)])
def test_the_answer_is_a_code_a_name_or_an_id_and_decides_whose_lots_are_meant(
    two_makers: House, answer: str
) -> None:
    data = (DATA / FILES[1]).read_bytes()

    report = two_makers.try_out(data, FILES[1], answer=answer)
    dispatches = two_makers.said(data, "dispatch", name=FILES[1], answer=answer)

    check_against_the_readme(FILES[1], report)
    assert {each["subject"]["batch"]["maker"] for each in dispatches} == {party_id(OTHER_MAKER)}


def test_a_site_is_not_asked_for_lots_that_were_sent_to_it_or_that_it_ordered(two_makers: House) -> None:
    report = two_makers.try_out((DATA / FILES[2]).read_bytes(), FILES[2])

    check_against_the_readme(FILES[2], report)


def test_a_laboratory_is_asked_and_answered(two_makers: House) -> None:
    data = (DATA / FILES[3]).read_bytes()

    with pytest.raises(WhoseLots):
        two_makers.read(data, FILES[3])

    check_against_the_readme(FILES[3], two_makers.try_out(data, FILES[3], answer=MAKER))


def test_batches_without_their_maker_are_asked_for(house_after: AfterFiles) -> None:
    house = house_after(1)
    table = tables_of(FILES[0])["批次"]
    data = workbook_of({"批次": [table[0], ["N1", *table[1][1:]], ["N2", *table[2][1:]]]})

    with pytest.raises(WhoseLots) as asked:
        house.read(data)
    report = house.bring(data, answer=MAKER)

    assert [party.id for party in asked.value.candidates] == [MAKER]
    assert report.added == {"production": 2}


def test_a_maker_that_nobody_knows_must_be_made_known_first(house: House) -> None:
    tables = tables_of(FILES[0])
    stating = [tables["产品"][0].index(column) for column in ("生产企业", "统一社会信用代码")]
    silent = [[cell for n, cell in enumerate(row) if n not in stating] for row in tables["产品"]]

    with pytest.raises(WhoseLots) as asked:
        house.read(workbook_of({**tables, "产品": silent}))
    with pytest.raises(InputError, match="no such party") as refused:
        house.read(workbook_of({**tables, "产品": silent}), answer="914116034J1417770M")
    followed = house.bring(workbook_of(tables))

    assert asked.value.candidates == ()
    assert asked.value.problems[0].remedy == refused.value.problems[0].remedy
    assert "产品表" in str(refused.value.problems[0].remedy)
    assert followed.good == GOOD[FILES[0]]


def test_an_answer_that_has_nothing_to_do_with_the_file_is_refused(house_after: AfterFiles) -> None:
    house = house_after(1)
    house.party("路人", "distributor")

    with pytest.raises(InputError, match="neither speaks for"):
        house.read((DATA / FILES[0]).read_bytes(), FILES[0], answer="路人")
    with pytest.raises(InputError, match="no such party"):
        house.read((DATA / FILES[0]).read_bytes(), FILES[0], answer="无此单位")


def test_a_file_of_unknown_lots_names_every_row(still: House) -> None:
    report = still.try_out((DATA / FILES[1]).read_bytes(), FILES[1])

    assert report.good == {"shipments.csv": 0}
    assert {each.code for each in report.bad} >= {"batch-unknown", "wrong-uscc", "unknown-region"}


# ---- who brings it in


def test_a_maker_brings_in_its_own_files_and_speaks_for_itself(house: House) -> None:
    house.party(
        "周口市禾泽示范电缆有限公司", "manufacturer", MAKER, uscc="914116034J1417770M", region="411603"
    )
    maker = house.session(MAKER, Role.MANUFACTURER)

    for name in FILES[:2]:
        check_against_the_readme(name, house.bring_file(name, maker))

    with begin_read(house.installation.ledger) as tx:
        named = {
            party.named_by
            for party in register.all_parties(tx)
            if party.id not in (MAKER, house.installation.operator)
        }
    assert named == {MAKER}


def test_a_contractor_enters_the_opinions_only_with_the_supervisors_grant(house_after: AfterFiles) -> None:
    house = house_after(2)
    contractor = house.session(CONTRACTOR, Role.CONTRACTOR)
    supervisor = house.party("周口市例示工程监理有限公司", "supervisor")
    data = (DATA / FILES[2]).read_bytes()

    without = house.try_out(data, FILES[2], contractor)
    house.grant(supervisor, CONTRACTOR, "supervision")
    with_grant = house.bring(data, FILES[2], contractor)

    assert (without.good["监理"], without.good["到货验收"]) == (0, 99)
    assert {each.code for each in without.bad if each.sheet == "监理" and each.row != 100} == {
        "no-grant-to-enter"
    }
    check_against_the_readme(FILES[2], with_grant)


def test_a_supervisor_brings_in_its_own_opinions(house_after: AfterFiles) -> None:
    house = house_after(2)
    supervisor = house.party("周口市例示工程监理有限公司", "supervisor")
    tables = tables_of(FILES[2])
    opinions = tables.pop("监理")
    house.bring(workbook_of(tables))

    report = house.bring(workbook_of({"监理": opinions}), actor=house.session(supervisor, Role.SUPERVISOR))

    assert report.good == {"监理": 98}
    assert report.added == {"supervision": 98}


def test_a_laboratory_brings_in_its_own_results(house_after: AfterFiles) -> None:
    house = house_after(3)
    lab = house.party("例证", "laboratory", cma="231612110099")

    report = house.bring_file(FILES[3], house.session(lab, Role.LABORATORY))

    check_against_the_readme(FILES[3], report)
    assert report.added == {"sampling": 18, "testing": 18}
    assert whereabouts(house) == true_whereabouts()


@pytest.mark.parametrize("role", [Role.MANUFACTURER, Role.CONTRACTOR, Role.LABORATORY, Role.REGULATOR])
def test_nobody_brings_in_the_file_of_another_without_its_grant(house: House, role: Role) -> None:
    other = house.session(house.party("另一家", role.value), role)

    with pytest.raises(InputError) as refused:
        house.read((DATA / FILES[0]).read_bytes(), FILES[0], other)

    assert refused.value.code == "not-allowed"
    assert len(refused.value.problems) == 1


def test_a_file_that_is_not_for_this_role_is_refused_for_that_reason(house_after: AfterFiles) -> None:
    house = house_after(1)
    lab = house.session(house.party("例证", "laboratory"), Role.LABORATORY)

    with pytest.raises(InputError) as refused:
        house.read((DATA / FILES[1]).read_bytes(), FILES[1], lab)
    with pytest.raises(InputError, match="API key does not cover"):
        house.read(
            (DATA / FILES[1]).read_bytes(),
            FILES[1],
            replace(lab, role=Role.MANUFACTURER, actions=frozenset({Action.IMPORT})),
        )

    (problem,) = refused.value.problems
    assert problem.code == "not-allowed"
    assert problem.detail.zh == "「检测机构」账号不能录入：发货"


def test_a_grant_opens_what_it_names(house_after: AfterFiles) -> None:
    house = house_after(1)
    agent = house.party("代办", "distributor")
    actor = house.session(agent, Role.DISTRIBUTOR)
    data = (DATA / FILES[1]).read_bytes()

    with pytest.raises(InputError, match="for which this account cannot enter"):
        house.read(data, FILES[1], actor, answer=MAKER)
    house.grant(MAKER, agent, "dispatch", "party")

    check_against_the_readme(FILES[1], house.bring(data, FILES[1], actor, answer=MAKER))


def test_an_anonymous_visitor_imports_nothing(still: House) -> None:
    with pytest.raises(InputError, match="sign in"):
        still.read((DATA / FILES[0]).read_bytes(), FILES[0], Actor.anonymous())


# ---- what is not understood


def test_a_sheet_that_lacks_a_column_is_named_and_the_others_go_on(house: House) -> None:
    tables = tables_of(FILES[0])
    column = tables["出厂检测"][0].index("单位")
    tables["出厂检测"] = [[*row[:column], *row[column + 1 :]] for row in tables["出厂检测"]]
    tables["说明"] = [["填表说明"], ["请逐行填写"]]

    report = house.bring(workbook_of(tables))

    assert report.good == {"产品": 8, "批次": 121}
    (missing,) = [each for each in report.bad if each.sheet == "出厂检测"]
    assert (missing.row, missing.column) == (1, "单位")
    assert report.to_json()["not_understood"] == ["出厂检测", "说明"]


def test_a_column_in_kilometres_or_tonnes_says_the_same_as_one_in_metres_or_kilograms(house: House) -> None:
    metres = tables_of(FILES[0])
    house.bring(workbook_of(metres))
    wanted = {"总长度(m)": "总长度(km)", "用铜量(kg)": "用铜量/吨"}
    thousandths = {name: metres["批次"][0].index(name) for name in wanted}
    batches = [[wanted.get(heading, heading) for heading in metres["批次"][0]]]
    for row in metres["批次"][1:]:
        converted = list(row)
        for column in thousandths.values():
            number = re.sub("[ ,]", "", str(row[column]))
            if re.fullmatch(r"[0-9.]+", number):
                converted[column] = float(number) / 1000
        batches.append(converted)

    again = house.bring(workbook_of({**metres, "批次": batches}))

    assert again.added == {}
    assert again.good["批次"] == 121


def test_a_sheet_with_a_length_in_centimetres_is_refused_and_says_which_unit_is_wanted(still: House) -> None:
    tables = tables_of(FILES[0])
    tables["批次"][0] = [heading.replace("总长度(m)", "总长度(cm)") for heading in tables["批次"][0]]

    report = still.try_out(workbook_of(tables))
    with pytest.raises(InputError, match="the unit of the column") as refused:
        still.read(workbook_of({"批次": tables["批次"]}))

    (unit,) = [each for each in report.bad if each.sheet == "批次"]
    assert "批次" not in report.good
    assert (unit.row, unit.column) == (1, "总长度(cm)")
    assert "应为 m" in unit.reason.zh
    assert "总长度(m)" in unit.remedy.zh
    assert [problem.remedy for problem in refused.value.problems] == [unit.remedy]


def hiding(name: str, tables: dict[str, list[list[Any]]]) -> bytes:
    """A workbook of these sheets, one of them hidden."""
    book = load_workbook(BytesIO(workbook_of(tables)))
    book[name].sheet_state = "hidden"
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_hidden_sheets_are_named_in_the_report_and_where_nothing_else_is_left(still: House) -> None:
    tables = tables_of(FILES[0])

    report = still.try_out(hiding("批次", tables))
    with pytest.raises(InputError, match="Hidden sheets are not read: 批次"):
        still.read(hiding("批次", {"说明": [["填表说明"], ["请逐行填写"]], "批次": tables["批次"]}))

    assert report.to_json()["hidden"] == ["批次"]
    assert report.good["出厂检测"] == 0


def test_a_file_without_any_table_is_refused_with_what_could_be_imported(still: House) -> None:
    with pytest.raises(InputError, match="no table in it was recognised") as refused:
        still.read(workbook_of({"说明": [["填表说明", "联系人"], ["请逐行填写", "某人"]]}))

    remedy = refused.value.problems[0].remedy
    assert remedy is not None
    assert "出厂检测" in remedy.zh


def test_columns_that_are_not_used_are_named(still: House) -> None:
    tables = tables_of(FILES[0])
    tables["批次"] = [[*row, "晴" if n else "天气"] for n, row in enumerate(tables["批次"])]

    report = still.try_out(workbook_of(tables))

    assert report.to_json()["ignored"] == {"批次": ["天气"]}


# ---- anything in the cells

STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**16),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    # The library that writes the file takes these for formulas, and puts what no XML may hold into them as it is.
    st.text(max_size=300).filter(lambda text: text.isprintable() or not text.startswith(("=", "{="))),
    st.sampled_from(
        [
            "1-2-3",
            "9-2",
            "0",
            "合格",
            "411603",
            "91411602LC31706696",
            "YJV",
            "HZ260302-003",
            "XM-01",
            "2026-02-29",
            "a" * 300,
        ]
    ),
)


@cache
def first_rows() -> dict[str, list[list[Any]]]:
    return {sheet: rows[:5] for name in FILES for sheet, rows in tables_of(name).items()}


@given(data=st.data())
def test_whatever_stands_in_the_cells_every_row_is_good_or_named(filled: House, data: st.DataObject) -> None:
    tables = {sheet: [list(row) for row in rows] for sheet, rows in first_rows().items()}
    for _ in range(data.draw(st.integers(1, 12))):
        rows = tables[data.draw(st.sampled_from(sorted(tables)))]
        row = data.draw(st.integers(1, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[0]) - 1))] = data.draw(STRANGE)

    try:
        report = filled.try_out(workbook_of(tables), answer="914116034J1417770M")
    except InputError as refused:
        assert refused.code in ("wrong-input", "whose-lots")  # noqa: PT017 - the file may have become somebody else's
        return

    named = {(each.sheet, each.row) for each in report.bad}
    assert sum(report.good.values()) + len(named) == sum(sheet.rows for sheet in report.sheets)
    assert all(each.reason.zh and each.remedy.zh and each.column for each in report.bad)
    json.dumps(report.to_json())


# ---- the answer as JSON


def test_the_report_as_json_names_each_bad_row_once_with_all_its_reasons(house_after: AfterFiles) -> None:
    house = house_after(1)

    answer = house.try_out((DATA / FILES[1]).read_bytes(), FILES[1]).to_json()

    rows = [(each["sheet"], each["row"]) for each in answer["bad"]]
    assert rows == [("shipments.csv", row) for row in BAD["shipments.csv"]]
    early = answer["bad"][5]
    reasons = {early["reason"], *(each["reason"] for each in early["also"])}
    assert "早于生产日期 2026-03-02" in reasons
    assert len(reasons) > 1
    assert {"sheet", "row", "column", "value", "reason", "remedy"} <= early.keys()
    assert json.loads(json.dumps(answer)) == answer


def test_a_register_names_the_codes_that_were_reserved_for_its_batches(house: House) -> None:
    tables = tables_of("factory-register.xlsx")
    house.bring(workbook_of({"产品": tables["产品"]}))
    body = {"count": 1, "units": 40, "valid_to": "2026-12-31"}
    house.happened("reservation", {"party": MAKER}, body, MAKER, occurred_at="2026-01-02T00:00:00+08:00")
    with begin_read(house.installation.ledger) as tx:
        (reserved,) = register.reserved_for(tx, MAKER)
    heading, first, second, *_ = tables["批次"]
    batches = [
        [*heading, "预留追溯码"],
        [*first, BatchCode(reserved.code[:-1]).printed],
        [*second, "00000-00001"],
    ]

    report = house.bring(workbook_of({"批次": batches}), answer=MAKER)

    assert report.added["production"] == 1
    (trouble,) = report.bad
    assert (trouble.column, trouble.code) == ("预留追溯码", "wrong-trace-code")
    with begin_read(house.installation.ledger) as tx:
        assert books.batches(tx, [reserved.code])[reserved.code].maker == MAKER
