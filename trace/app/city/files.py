"""What some of the invented companies keep as spreadsheets: the same statements as rows, as people write them.

A factory's register (XLSX) and its shipments (CSV), a site's record (XLSX), a laboratory's results (CSV). What a file says
has other ids than a draft of the same would have: those of the import.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from .companies import Company
from .telling import Draft, Said
from .wares import Ware

Row = Sequence[object]
_PAPERS = {"complete": "齐全"}
_VERDICTS = {"pass": "合格", "fail": "不合格"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, by whom it is brought in."""

    keeper: Company
    name: str
    content: bytes


def register_file(
    maker: Company,
    name: str,
    wares: Iterable[tuple[Ware, str | None]],
    said: Sequence[Said],
    certifier: str = "",
) -> Kept:
    """产品, 批次, 出厂检测 of a maker; ``certifier``: the name of who issued its CCC certificates."""
    products: list[Row] = [("产品编号", "产品名称", "型号", "规格", "电压等级", "执行标准", "认证类型", "证书编号",
                            "有效期起", "有效期止", "发证机构", "生产企业", "统一社会信用代码")]  # fmt: skip
    for ware, number in wares:
        regime = {"ccc": "CCC", "licence": "生产许可证", None: None}[ware.certified]
        since, until = ("2023-01-01", "2025-02-28" if ware.standing == "expired" else "2027-12-31")
        dates = (since, until) if number else (None, None)
        products.append((ware.number, ware.name, ware.type, ware.spec, ware.voltage, ware.standard, regime, number,
                         *dates, certifier if ware.certified == "ccc" else None, maker.name, maker.uscc))  # fmt: skip
    batches: list[Row] = [("批号", "产品编号", "型号规格", "生产日期", "班次", "生产线", "总长度(m)", "盘数", "每盘长度(m)",
                           "盘号起", "盘号止", "铜材批号", "用铜量(kg)", "质检员")]  # fmt: skip
    tests: list[Row] = [
        (
            "报告编号",
            "批号",
            "盘号",
            "检测项目",
            "线芯",
            "实测值",
            "单位",
            "环境温度(°C)",
            "判定",
            "检测日期",
            "检测员",
        )
    ]
    for draft in (each.draft for each in said):
        body, lot = draft["body"], draft["subject"].get("batch", {}).get("lot")
        if draft["kind"] == "production":
            (group,), (copper,) = body["units"], body["materials"]
            batches.append((lot, body["product"], body["designation"], _day(draft), body["shift"], body["line"],
                            _metres(body["length_mm"]), group["last"], _metres(group["length_mm"]), group["first"],
                            group["last"], copper["lot"], copper["mass_g"] / 1000, _person(draft)))  # fmt: skip
        elif draft["kind"] == "testing":
            tests += [
                (body["report"], lot, body["sampled_unit"], item["indicator"], item.get("core"), item["value"], item["unit"],
                 item["temperature_celsius"], _VERDICTS[item["declared"]], _day(draft), _person(draft))
                for item in body["items"]
            ]  # fmt: skip
    return Kept(maker, f"{name}-登记.xlsx", _workbook({"产品": products, "批次": batches, "出厂检测": tests}))


def shipments_file(maker: Company, name: str, said: Sequence[Said], everybody: Mapping[str, Company]) -> Kept:
    """发货 of a maker."""
    rows: list[Row] = [
        (
            "发货单号",
            "批号",
            "盘号",
            "收货单位",
            "收货单位统一社会信用代码",
            "收货地区代码",
            "发货日期",
            "承运",
            "单价",
        )
    ]
    for draft in (each.draft for each in said):
        if draft["kind"] == "dispatch":
            body = draft["body"]
            buyer = everybody[body["to"]]
            rows.append((body["delivery_note"], draft["subject"]["batch"]["lot"], _units(body["units"]), buyer.name, buyer.uscc,
                         body["region"], _day(draft), body["carrier"], body["price_fen_per_metre"] / 100))  # fmt: skip
    return Kept(maker, f"{name}-发货.csv", _csv(rows))


def site_file(contractor: Company, name: str, said: Sequence[Said], everybody: Mapping[str, Company]) -> Kept:
    """到货验收, 监理, 敷设使用 of a contractor. A row of an acceptance says that the drums came as well."""
    arrived: list[Row] = [("验收单号", "项目编号", "发货单号", "批号", "盘号", "实测长度(m)", "合格证", "外观", "结论", "验收日期", "验收人",
                           "生产企业统一社会信用代码")]  # fmt: skip
    opinions: list[Row] = [
        ("监理单号", "项目编号", "批号", "盘号", "意见", "监理工程师", "日期", "生产企业统一社会信用代码")
    ]
    uses: list[Row] = [
        ("使用单号", "项目编号", "批号", "盘号", "长度(m)", "回路", "日期", "生产企业统一社会信用代码")
    ]
    for draft in (each.draft for each in said):
        body, batch = draft["body"], draft["subject"]["batch"]
        project, maker, day = body["project"]["number"], everybody[batch["maker"]].uscc, _day(draft)
        if draft["kind"] == "acceptance":
            measured = {each["unit"]: _metres(each["length_mm"]) for each in body["measurements"]}
            ((_, last),) = body["units"]
            rest = [[max(measured) + 1, last]] if max(measured) < last else []
            for units, metres in (
                *(([[u, u]], mm) for u, mm in measured.items()),
                *((each, None) for each in [rest] if each),
            ):
                arrived.append((body["number"], project, body["delivery_note"], batch["lot"], _units(units), metres,
                                _PAPERS[body["papers"]], body["appearance"], "合格", day, _person(draft), maker))  # fmt: skip
        elif draft["kind"] == "supervision":
            opinions.append(
                (
                    body["number"],
                    project,
                    batch["lot"],
                    _units(body["units"]),
                    "同意进场",
                    _person(draft),
                    day,
                    maker,
                )
            )
        elif draft["kind"] == "use":
            uses.append(
                (
                    body["number"],
                    project,
                    batch["lot"],
                    body["unit"],
                    _metres(body["length_mm"]),
                    body["circuit"],
                    day,
                    maker,
                )
            )
    return Kept(
        contractor, f"{name}-现场.xlsx", _workbook({"到货验收": arrived, "监理": opinions, "敷设使用": uses})
    )


def laboratory_file(
    laboratory: Company, name: str, said: Sequence[Said], everybody: Mapping[str, Company]
) -> Kept:
    """检测结果 of a laboratory, with the samplings that authorities let it enter."""
    rows: list[Row] = [("报告编号", "资质认定编号", "检验类别", "抽样单号", "批号", "盘号", "取样长度(m)", "抽样地区代码", "检测项目",
                        "线芯", "实测值", "单位", "环境温度(°C)", "判定", "检验日期", "检测员", "生产企业统一社会信用代码")]  # fmt: skip
    samplings = {
        each.draft["body"]["number"]: each.draft for each in said if each.draft["kind"] == "sampling"
    }
    for draft in (each.draft for each in said):
        if draft["kind"] == "testing":
            body, batch = draft["body"], draft["subject"]["batch"]
            sampling = samplings[body["sampling"]]
            rows += [
                (body["report"], body["cma"], "监督抽查", body["sampling"], batch["lot"], body["sampled_unit"],
                 _metres(sampling["body"]["length_mm"]), sampling["place"]["region"], item["indicator"], item.get("core"),
                 item["value"], item["unit"], item["temperature_celsius"], _VERDICTS[item["declared"]], _day(draft),
                 _person(draft), everybody[batch["maker"]].uscc)
                for item in body["items"]
            ]  # fmt: skip
    return Kept(laboratory, f"{name}-检测.csv", _csv(rows))


# --- cells --------------------------------------------------------------------------------------------


def _day(draft: Draft) -> str:
    return str(draft["occurred_at"][:10])


def _metres(length_mm: int) -> float:
    return length_mm / 1000


def _person(draft: Draft) -> str:
    return str(draft["by"][0]["name"])


def _units(ranges: Sequence[Sequence[int]]) -> str:
    return "、".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            if len(rows) == 1:
                continue
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(sheet, n, column, value)
    return saved.getvalue()


def _write(sheet: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)


def _csv(rows: Sequence[Row]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in rows]
    )
    return out.getvalue().encode("utf-8-sig")
