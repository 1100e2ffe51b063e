"""Which table a sheet is: the kinds of table that are understood, their columns, and how people call these.

A kind is recognised by its columns; the sheet's name only settles a tie. Nothing is guessed from values, and a
column that is not in this table is named as ignored. A heading may carry its unit: ``长度(m)``, ``长度/千米``; one
in a unit that is not read (``长度(cm)``) refuses the sheet, for its numbers would be read a hundredfold wrong, and
without them others would be taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType

from ..errors import Text


@dataclass(frozen=True, slots=True)
class Field:
    """What a column means. ``headings`` are all its spellings, the usual one first; ``unit`` a key of `_UNITS`."""

    name: str
    title: Text
    headings: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """A kind of table. Of each tuple in ``needs`` at least one field must be there."""

    name: str
    title: Text
    sheet_names: tuple[str, ...]
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]

    def title_of(self, name: str) -> Text:
        """What the field is called; the table's first column stands for what it has no column for."""
        return next((each.title for each in self.fields if each.name == name), self.fields[0].title)


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who said what the columns of a table are, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one sheet was understood. ``kind`` is None if not at all, and then ``nearest`` is what it might be.

    ``headings`` goes from field to heading; ``ignored`` are the headings nobody asked for; ``missing`` the
    needs that no column meets, each with its alternatives; ``other_units`` the headings whose numbers are in a unit
    that their field is not read in.

    ``said`` where somebody has said what the columns are (`mapping`): ``units`` then goes from field to the unit of the
    numbers in its column, where that was said too, and ``overruled`` are headings that are understood by themselves.
    """

    kind: TableKind | None
    nearest: TableKind | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: tuple[tuple[Field, ...], ...] = ()
    other_units: Mapping[str, Field] = field(default_factory=dict)
    said: SaidBy | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()


#: Columns that the house adds to rows it hands back to be mended; whoever brings them in again need not take them out.
ROW_NUMBER, REASON, REMEDY = "原行号 Row", "原因 Reason", "怎么改 Remedy"

#: Fields by which rows name things. What a Chinese keyboard types in full width is the same lot, report or note.
CODES = frozenset(
    {"lot", "product", "report", "number", "project", "note", "sampling", "seal", "material", "order"}
)

# ---- the words ----------------------------------------------------------------------------------------------


def _field(name: str, zh: str, en: str, also: str = "", unit: str = "") -> Field:
    return Field(name, Text(zh, en), (zh, en, *also.split()), unit)


_LOT = _field("lot", "批号", "lot", "批次号 生产批号 产品批号 电缆批号 批次编号 批次 lot_number batch_number")
_PRODUCT = _field(
    "product", "产品编号", "product", "产品代码 产品编码 产品代号 产品号 物料编码 物料号 product_number"
)
_DESIGNATION = _field(
    "designation",
    "型号规格",
    "designation",
    "规格型号 产品型号规格 电缆型号规格 型号及规格 型号、规格 型号/规格",
)
_TYPE = _field("type", "型号", "type", "产品型号 电缆型号")
_SPEC = _field(
    "spec", "规格", "specification", "产品规格 电缆规格 芯数及截面 芯数×截面 芯数x截面 芯数截面 标称截面 spec"
)
_VOLTAGE = _field("voltage", "电压等级", "voltage", "额定电压 电压 rated_voltage")
_MAKER = _field(
    "maker",
    "生产企业",
    "maker",
    "生产厂家 生产企业名称 生产厂家名称 制造商 制造商名称 生产单位 制造企业 生产厂 厂家 manufacturer",
)
_MAKER_USCC = _field("maker_uscc", "生产企业统一社会信用代码", "maker_uscc",
                     "生产企业信用代码 生产企业代码 制造商统一社会信用代码 生产厂家统一社会信用代码")  # fmt: skip
_OWN_USCC = _field("maker_uscc", "统一社会信用代码", "uscc", " ".join(
    ("信用代码 社会信用代码 统一信用代码 企业信用代码 企业统一社会信用代码 纳税人识别号", *_MAKER_USCC.headings)))  # fmt: skip
_UNITS_FIELD = _field("units", "盘号", "units", "盘号范围 卷号 盘卷号 轴号 盘号(卷号) 起止盘号 units drums")
_UNIT = _field("units", "盘号", "unit", "卷号 盘卷号 轴号 抽样盘号 样品盘号 盘号(卷号) drum")
_PROJECT = _field(
    "project", "项目编号", "project", "工程编号 项目代码 项目号 工程项目编号 项目编码 project_number"
)
_NOTE = _field("note", "发货单号", "delivery_note", "送货单号 出库单号 发货单编号 送货单编号 发货单 送货单")
_ORDER = _field(
    "order", "订单号", "order", "订单编号 合同号 合同编号 采购订单号 销售订单号 客户订单号 order_number"
)
_REPORT = _field(
    "report",
    "报告编号",
    "report",
    "检测报告编号 检验报告编号 报告号 检测报告号 检验报告号 试验报告编号 试验报告号 report_number",
)
_INDICATOR = _field(
    "indicator", "检测项目", "indicator", "检验项目 试验项目 项目 检测指标 检验项目名称 检测项目名称"
)
_CORE = _field("core", "线芯", "core", "芯线 线芯颜色 线芯名称 线芯号 芯别")
_VALUE = _field(
    "value", "实测值", "value", "检测值 测试值 检测结果 检验结果 实测结果 实测数据 测量值 结果 测得值"
)
_MEASURE = _field("measure", "单位", "unit_of_measure", "计量单位 测量单位 量纲 检测单位")
_TEMPERATURE = _field("temperature", "环境温度", "temperature", "温度 试验温度 测试温度 室温", "°C")
_VERDICT = _field("verdict", "判定", "verdict", "单项判定 单项结论 判定结果 判定结论 单项评定 是否合格 结论")
_METHOD = _field("method", "检测方法", "method", "试验方法 检验方法 检测依据 方法标准")
_TESTER = _field("tester", "检测员", "tester", "检验员 试验员 检测人 检验人 试验人")
_TEST_DATE = _field("date", "检测日期", "date", "检验日期 试验日期 报告日期 测试日期 日期")

_PARTIES_OF_LOT = (_MAKER, _MAKER_USCC)

PRODUCTS = TableKind(
    name="products",
    title=Text("产品", "products"),
    sheet_names=("产品", "产品目录", "产品清单", "products"),
    fields=(
        _PRODUCT,
        _field("name", "产品名称", "name", "名称 品名 产品 product_name"),
        _DESIGNATION, _TYPE, _SPEC, _VOLTAGE,
        _field("standard", "执行标准", "standard", "产品标准 标准 标准号 标准编号"),
        _field("certificate_type", "认证类型", "certificate_type", "证书类型 许可类型 认证方式 证书类别 认证种类"),
        _field("certificate", "证书编号", "certificate", "认证证书编号 证书号 许可证编号 许可证号 证书/许可证编号 CCC证书编号 CCC证书号 3C证书编号 认证编号"),
        _field("valid_from", "有效期起", "valid_from", "有效期开始 有效期(起) 发证日期 有效期自 证书有效期起 生效日期 有效起始日期"),
        _field("valid_to", "有效期止", "valid_to", "有效期结束 有效期(止) 有效期至 失效日期 证书有效期止 到期日期 截止日期 有效截止日期"),
        _field("scope_types", "证书型号范围", "certificate_types", "认证型号 许可型号 证书覆盖型号 认证型号范围 许可型号范围"),
        _field("scope_voltages", "证书电压范围", "certificate_voltages", "认证电压 许可电压 证书覆盖电压"),
        _field("scope_areas", "证书截面范围", "certificate_areas", "认证截面 许可截面 证书覆盖截面 认证规格范围 许可规格范围"),
        _field("scope_cores", "证书芯数范围", "certificate_cores", "认证芯数 许可芯数 证书覆盖芯数 最多芯数 证书最多芯数"),
        _field("scope_factories", "证书生产地", "certificate_factories", "认证生产地 许可生产地 生产厂所在地 认证工厂所在地 证书生产厂"),
        _field("issuer", "发证机构", "issuer", "认证机构 发证单位 颁证机构 发证机关 证书发证机构"),
        _MAKER, _OWN_USCC,
    ),
    needs=(("product",), ("designation", "type")),
)  # fmt: skip

BATCHES = TableKind(
    name="batches",
    title=Text("批次", "batches"),
    sheet_names=("批次", "生产批次", "生产记录", "生产台账", "batches"),
    fields=(
        _LOT, _PRODUCT, _DESIGNATION, _TYPE, _SPEC, _VOLTAGE,
        _field("date", "生产日期", "production_date", "生产时间 制造日期 完工日期 下线日期 日期"),
        _field("shift", "班次", "shift", "班组 班别"),
        _field("line", "生产线", "line", "产线 机台 线号 production_line"),
        _field("total", "总长度", "total_length", "总长 批次长度 生产长度 总米数 合计长度 产量", "m"),
        _field("count", "盘数", "number_of_drums", "卷数 盘卷数 轴数 数量(盘) 盘数量 件数"),
        _field("each", "每盘长度", "length_each", "单盘长度 每盘长 盘长 每卷长度 每盘米数 段长 每轴长度", "m"),
        _field("first", "盘号起", "first_drum", "起始盘号 盘号(起) 盘号自 首盘号 盘号开始 起盘号"),
        _field("last", "盘号止", "last_drum", "终止盘号 截止盘号 盘号(止) 盘号至 末盘号 结束盘号 盘号结束 止盘号"),
        _UNITS_FIELD,
        _field("code", "预留追溯码", "reserved_code", "预留码 空白标签追溯码"),
        _field("material", "铜材批号", "copper_lot", "导体材料批号 铜料批号 原材料批号 铜杆批号 铜材批次 原料批号 导体批号 铜杆批次"),
        _field("copper", "用铜量", "copper_mass", "铜用量 铜材用量 用铜 铜重 耗铜量", "kg"),
        _field("inspector", "质检员", "inspector", "检验员 质检 质检人 检验人 质量负责人"),
        _MAKER, _OWN_USCC,
    ),
    needs=(("lot",), ("product",), ("date",), ("total", "each")),
)  # fmt: skip

FACTORY_TESTS = TableKind(
    name="factory-tests",
    title=Text("出厂检测", "factory tests"),
    sheet_names=("出厂检测", "出厂检验", "出厂试验", "例行试验", "factory tests"),
    fields=(
        _REPORT, _LOT, _UNIT, _INDICATOR, _CORE, _VALUE, _MEASURE, _TEMPERATURE, _VERDICT, _METHOD, _TEST_DATE,
        _TESTER, _MAKER, _OWN_USCC,
    ),
    needs=(("report",), ("lot",), ("indicator",), ("value",), ("measure",), ("date",)),
)  # fmt: skip

SHIPMENTS = TableKind(
    name="shipments",
    title=Text("发货", "shipments"),
    sheet_names=("发货", "发货单", "发货记录", "发货台账", "出库", "shipments"),
    fields=(
        _NOTE, _ORDER, _LOT, _UNITS_FIELD,
        _field("length", "长度", "length", "发货长度 数量 米数 发货数量 出库长度", "m"),
        _field("buyer", "收货单位", "buyer", "客户 购货单位 客户名称 收货方 买方 收货单位名称 采购单位 consignee"),
        _field("buyer_uscc", "收货单位统一社会信用代码", "buyer_uscc",
               "收货单位信用代码 客户统一社会信用代码 购货单位统一社会信用代码 收货方统一社会信用代码 客户信用代码"),
        _field("region", "收货地区代码", "region", "收货地区 收货行政区划代码 目的地代码 收货地代码 收货地行政区划代码 目的地区代码 到货地区代码 地区代码 行政区划代码"),
        _field("date", "发货日期", "date", "出库日期 发货时间 送货日期 日期"),
        _field("carrier", "承运", "carrier", "承运人 承运单位 物流 物流公司 运输单位 承运商"),
        _field("price", "单价", "price", "含税单价 销售单价", "元/m"),
        _field("sender", "发货单位", "sender", "发货方 销售单位 供货单位 卖方"),
        _field("sender_uscc", "发货单位统一社会信用代码", "sender_uscc", "发货方统一社会信用代码 销售单位统一社会信用代码 供货单位统一社会信用代码"),
        *_PARTIES_OF_LOT,
    ),
    needs=(("lot",), ("units", "length"), ("buyer", "buyer_uscc"), ("region",), ("date",)),
)  # fmt: skip

RECEIPTS = TableKind(
    name="receipts",
    title=Text("收货", "receipts"),
    sheet_names=("收货", "收货单", "收货记录", "收货台账", "入库", "receipts"),
    fields=(
        _NOTE, _LOT, _UNITS_FIELD,
        _field("length", "长度", "length", "收货长度 数量 米数 收货数量 入库长度", "m"),
        _field("measured", "实测长度", "measured_length", "测量长度 复测长度 实量长度 实收长度 实测米数 量得长度", "m"),
        _field("sender", "发货单位", "sender", "发货方 供货单位 供应商 卖方"),
        _field("sender_uscc", "发货单位统一社会信用代码", "sender_uscc", "发货方统一社会信用代码 供货单位统一社会信用代码 供应商统一社会信用代码"),
        _field("receiver", "收货单位", "receiver", "收货方 收货单位名称"),
        _field("receiver_uscc", "收货单位统一社会信用代码", "receiver_uscc", "收货方统一社会信用代码 收货单位信用代码"),
        _field("date", "收货日期", "receipt_date", "入库日期 签收日期 收货时间 入库时间 到货日期"),
        _field("differences", "差异", "differences", "差异说明 收货差异 异常情况"),
        *_PARTIES_OF_LOT,
    ),
    needs=(("lot",), ("units", "length"), ("date",)),
)  # fmt: skip

PROJECTS = TableKind(
    name="projects",
    title=Text("项目", "projects"),
    sheet_names=("项目", "工程", "工程项目", "projects"),
    fields=(
        _PROJECT,
        _field("name", "项目名称", "name", "工程名称 工程项目名称 project_name"),
        _field("region", "项目地区代码", "region", "项目所在地代码 项目所在地区代码 工程地区代码 项目地区 行政区划代码 工程所在地代码 所在地区代码 地区代码 项目行政区划代码"),
        _field("owner", "建设单位", "owner", "业主 业主单位 使用单位 甲方"),
        _field("owner_uscc", "建设单位统一社会信用代码", "owner_uscc", "业主统一社会信用代码 使用单位统一社会信用代码"),
        _field("contractor", "施工单位", "contractor", "施工方 承包单位 总包单位 总承包单位 施工总承包单位 承建单位"),
        _field("contractor_uscc", "施工单位统一社会信用代码", "contractor_uscc",
               "施工单位信用代码 承包单位统一社会信用代码 施工方统一社会信用代码 总包单位统一社会信用代码 统一社会信用代码"),
        _field("supervisor", "监理单位", "supervisor", "监理公司 监理 监理方"),
        _field("supervisor_uscc", "监理单位统一社会信用代码", "supervisor_uscc", "监理公司统一社会信用代码 监理单位信用代码"),
    ),
    needs=(("project",), ("name",), ("region",)),
)  # fmt: skip

ORDERS = TableKind(
    name="orders",
    title=Text("订单", "orders"),
    sheet_names=("订单", "采购订单", "供货合同", "合同", "orders"),
    fields=(
        _field("number", "订单号", "order", "订单编号 合同号 合同编号 采购单号 采购订单号 供货单号 order_number"),
        _PROJECT, _DESIGNATION, _TYPE, _SPEC, _VOLTAGE,
        _field("length", "数量", "length", "长度 订货数量 采购数量 订购数量 米数 订货长度", "m"),
        _field("supplier", "供货单位", "supplier", "供应商 供货商 供货方 卖方 供方 供方单位 供方名称 销售方 销售单位 生产企业 生产厂家 厂家 供应商名称"),
        _field("supplier_uscc", "供货单位统一社会信用代码", "supplier_uscc", "供应商统一社会信用代码 供方统一社会信用代码 供货商统一社会信用代码"),
        _field("buyer", "需方", "buyer", "需方单位 需方名称 买方 买方单位 买方名称 采购方 采购单位 购货单位 购货方 购方 购买方 订货单位 订货方 客户 客户名称 客户单位"),
        _field("buyer_uscc", "需方统一社会信用代码", "buyer_uscc",
               "需方信用代码 买方统一社会信用代码 采购方统一社会信用代码 采购单位统一社会信用代码 购货单位统一社会信用代码 客户统一社会信用代码 客户信用代码"),
        _field("price", "单价", "price", "含税单价 采购单价", "元/m"),
        _field("date", "订货日期", "date", "下单日期 签订日期 订单日期 合同日期 日期"),
        _field("due", "交货期", "due", "交货日期 要求交货日期 要求到货日期 计划交货日期 供货期限 交付日期 到货期限 due_date"),
    ),
    needs=(("number",), ("designation", "type"), ("length",), ("supplier", "supplier_uscc", "buyer", "buyer_uscc")),
)  # fmt: skip

ACCEPTANCES = TableKind(
    name="acceptances",
    title=Text("到货验收", "acceptances"),
    sheet_names=("到货验收", "验收", "进场验收", "材料验收", "acceptances"),
    fields=(
        _field("number", "验收单号", "acceptance", "验收编号 验收单编号 进场验收单号 到货验收单号 验收记录编号"),
        _PROJECT, _NOTE, _LOT, _UNITS_FIELD,
        _field("measured", "实测长度", "measured_length", "测量长度 复测长度 实量长度 验收长度 实测米数 量得长度", "m"),
        _field("papers", "合格证", "papers", "合格证明 质量证明文件 合格证书 质证文件 质保资料 随货资料"),
        _field("appearance", "外观", "appearance", "外观检查 外观质量 外观情况"),
        _field("result", "结论", "result", "验收结论 验收结果 是否合格 结果 验收意见"),
        _field("date", "验收日期", "date", "到货日期 进场日期 验收时间 日期"),
        _field("acceptor", "验收人", "acceptor", "材料员 验收人员 签收人 经办人"),
        *_PARTIES_OF_LOT,
    ),
    needs=(("number",), ("project",), ("lot",), ("units",), ("result",), ("date",)),
)  # fmt: skip

OPINIONS = TableKind(
    name="opinions",
    title=Text("监理", "supervisor's opinions"),
    sheet_names=("监理", "监理意见", "监理记录", "进场报审", "supervision"),
    fields=(
        _field("number", "监理单号", "opinion_number", "监理编号 监理记录编号 报审单号 报审编号 监理意见编号"),
        _PROJECT, _LOT, _UNITS_FIELD,
        _field("seal", "封样号", "seal", "封样编号 见证取样封样号 样品封号 封签号"),
        _field("opinion", "意见", "opinion", "监理意见 审查意见 监理结论 签认意见"),
        _field("engineer", "监理工程师", "engineer", "监理人员 监理员 专业监理工程师 总监"),
        _field("date", "日期", "date", "监理日期 签认日期 签字日期 审查日期 签署日期"),
        *_PARTIES_OF_LOT,
    ),
    needs=(("number",), ("project",), ("lot",), ("units",), ("opinion",), ("date",)),
)  # fmt: skip

USES = TableKind(
    name="uses",
    title=Text("敷设使用", "uses"),
    sheet_names=("敷设使用", "使用", "敷设", "敷设记录", "uses"),
    fields=(
        _field("number", "使用单号", "use", "使用编号 敷设单号 敷设编号 领用单号 敷设记录编号 使用记录编号"),
        _PROJECT, _LOT, _UNIT,
        _field("length", "长度", "length", "使用长度 敷设长度 用量 领用长度 使用米数", "m"),
        _field("circuit", "回路", "circuit", "回路编号 回路号 回路名称 使用部位 敷设部位 部位 线路"),
        _field("date", "日期", "date", "使用日期 敷设日期 领用日期 施工日期"),
        *_PARTIES_OF_LOT,
    ),
    needs=(("number",), ("project",), ("lot",), ("length",), ("date",)),
)  # fmt: skip

LABORATORY_RESULTS = TableKind(
    name="laboratory-results",
    title=Text("检测结果", "laboratory results"),
    sheet_names=("检测结果", "检验结果", "检测数据", "laboratory results"),
    fields=(
        _REPORT,
        _field("cma", "资质认定编号", "cma", "CMA编号 CMA号 资质认定证书编号 资质证书编号 CMA证书编号 CMA资质认定编号 资质认定号 CMA"),
        _field("laboratory", "检验机构", "laboratory", "检测机构 检验检测机构 检测单位名称 检验机构名称 检测机构名称"),
        _field("inspection", "检验类别", "inspection", "检测类别 检验类型 检测类型 检验性质 检测性质 抽样类别"),
        _field("sampling", "抽样单号", "sampling", "抽样单编号 取样单号 样品编号 抽样编号 采样单号"),
        _LOT, _UNIT,
        _field("length", "取样长度", "sample_length", "抽样长度 样品长度 采样长度", "m"),
        _field("region", "抽样地区代码", "region", "抽样地区 抽样地代码 采样地区代码 取样地区代码 抽样地行政区划代码 抽样行政区划代码 地区代码 行政区划代码"),
        _INDICATOR, _CORE, _VALUE, _MEASURE, _TEMPERATURE, _VERDICT, _METHOD, _TEST_DATE, _TESTER, *_PARTIES_OF_LOT,
    ),
    needs=(("report",), ("cma",), ("inspection",), ("lot",), ("indicator",), ("value",), ("measure",), ("date",)),
)  # fmt: skip

#: Every kind, in the order in which their rows are recorded: what comes later may rest on what came before.
KINDS: tuple[TableKind, ...] = (
    PRODUCTS, BATCHES, FACTORY_TESTS, SHIPMENTS, RECEIPTS, PROJECTS, ORDERS, ACCEPTANCES, OPINIONS, USES,
    LABORATORY_RESULTS,
)  # fmt: skip


# ---- recognising --------------------------------------------------------------------------------------------

#: Units that may stand behind a heading, by the usual one of a field. Lengths and masses are read in each of them.
_UNITS: Mapping[str, frozenset[str]] = {
    "m": frozenset({"m", "米", "km", "千米", "公里"}),
    "kg": frozenset({"kg", "千克", "公斤", "t", "吨"}),
    "°C": frozenset({"°c", "c", "度", "摄氏度"}),
    "元/m": frozenset({"元", "元/m", "元/米"}),
}
_ANY_UNIT = "|".join(sorted(map(re.escape, {"cm", "mm", "g"}.union(*_UNITS.values()))))
#: What drums are counted in: ``数量(盘)`` is another thing than a length, not a length in another unit.
_COUNTED_IN = frozenset({"盘", "卷", "轴", "个", "件", "根"})
_WITH_UNIT = re.compile(rf"(.+?)(?:[(\[](.+)[)\]]|/({_ANY_UNIT}))")


def recognise(headings: Sequence[str], sheet_name: str) -> Layout:
    """Understand the headings of a sheet, normalised as `workbook.normal_heading` does.

    The kind that knows most of the columns is meant. If it lacks one that it needs, the sheet is not understood,
    even where a poorer kind would fit: a laboratory's results must not pass for a factory's. Neither is it where a
    field is there in another unit only.
    """
    headings = own(headings)
    spelling = fold(sheet_name)

    def fit(kind: TableKind) -> tuple[int, int, bool]:
        found = match(kind, headings)
        complete = not missing_of(kind, found)
        return len(found), complete, any(fold(name) in spelling for name in kind.sheet_names)

    kind = max(KINDS, key=fit)
    found = match(kind, headings)
    missing = missing_of(kind, found)
    other_units = in_other_units(kind, headings, found)
    if missing or other_units:
        if len(found) < 2:
            return Layout(kind=None, ignored=tuple(headings))
        return Layout(
            kind=None,
            nearest=kind,
            ignored=tuple(headings),
            missing=missing,
            other_units=MappingProxyType(other_units),
        )
    used = set(found.values())
    return Layout(
        kind=kind,
        nearest=kind,
        headings=MappingProxyType(found),
        ignored=tuple(heading for heading in headings if heading not in used),
    )


def match(kind: TableKind, headings: Sequence[str]) -> dict[str, str]:
    """Field -> heading, for the fields that have one. A usual heading is preferred to one called otherwise."""
    found: dict[str, tuple[int, str]] = {}
    for heading in headings:
        meant = meant_by(kind, heading)
        if meant is not None:
            rank, each, unit = meant
            if is_read_in(each, unit) and (each.name not in found or rank < found[each.name][0]):
                found[each.name] = (rank, heading)
    return {name: heading for name, (_, heading) in found.items()}


def in_other_units(kind: TableKind, headings: Sequence[str], found: Mapping[str, str]) -> dict[str, Field]:
    """Heading -> the field that stands in the sheet under no heading but such ones."""
    others: dict[str, Field] = {}
    for heading in headings:
        meant = meant_by(kind, heading)
        if meant is not None:
            _, each, unit = meant
            if each.name not in found and not is_read_in(each, unit) and unit not in _COUNTED_IN:
                others[heading] = each
    return others


def meant_by(kind: TableKind, heading: str) -> tuple[int, Field, str] | None:
    """How usual the heading is, the field it means, and what it adds to that: a unit, a remark or nothing."""
    spellings = _spellings(kind)
    whole = spellings.get(fold(heading))
    if whole is not None:
        return (*whole, "")
    parts = _WITH_UNIT.fullmatch(heading.strip())
    meant = None if parts is None else spellings.get(fold(parts[1]))
    return None if parts is None or meant is None else (*meant, fold(parts[2] or parts[3]))


def unit_behind(heading: str, usual: str) -> str:
    """The unit in which the bare numbers below a heading are."""
    unit = behind(heading)
    return unit if unit in _UNITS[usual] else usual


def behind(heading: str) -> str:
    """What stands in brackets or after a stroke behind a heading: a unit, a remark, or nothing."""
    parts = _WITH_UNIT.fullmatch(heading.strip())
    return "" if parts is None else fold(parts[2] or parts[3])


def is_a_measure(text: str) -> bool:
    """Whether this is a unit of anything, read here or not, or something that goods are counted in."""
    return text in _COUNTED_IN or re.fullmatch(_ANY_UNIT, text) is not None


def is_read_in(each: Field, unit: str) -> bool:
    """Behind a field that is no quantity stands a remark, whatever it says."""
    return not unit or not each.unit or unit in _UNITS[each.unit]


def missing_of(kind: TableKind, found: Mapping[str, str]) -> tuple[tuple[Field, ...], ...]:
    by_name = {each.name: each for each in kind.fields}
    return tuple(
        tuple(by_name[name] for name in need)
        for need in kind.needs
        if not any(name in found for name in need)
    )


@cache
def _spellings(kind: TableKind) -> Mapping[str, tuple[int, Field]]:
    """Folded heading -> how usual it is (0 most), and the field it means."""
    spellings: dict[str, tuple[int, Field]] = {}
    for each in kind.fields:
        for rank, heading in enumerate(each.headings):
            spellings.setdefault(fold(heading), (rank, each))
    return spellings


def own(headings: Sequence[str]) -> tuple[str, ...]:
    """The headings without those that the house has added itself."""
    return tuple(heading for heading in headings if fold(heading) not in _ADDED)


def fold(heading: str) -> str:
    """What is left of a heading where its spelling does not matter."""
    return re.sub(r"[\s_\-:]", "", heading).casefold()


_ADDED = frozenset(map(fold, (ROW_NUMBER, REASON, REMEDY)))
