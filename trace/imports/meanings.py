"""What stands in each column and how it is written, for whoever fills in a table: the words of the templates.

`columns` says which columns there are, this says it of every one of them; where the reader knows a closed list of
words or names, the list is the reader's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from ..errors import Text
from ..model.indicators import INDICATORS
from .columns import (
    ACCEPTANCES,
    LABORATORY_RESULTS,
    OPINIONS,
    ORDERS,
    PRODUCTS,
    PROJECTS,
    USES,
    Field,
    TableKind,
)
from .maker_tables import CERTIFICATE_WORDS
from .reports import INSPECTION_WORDS, VERDICT_WORDS
from .rows import Words
from .site_tables import OPINION_WORDS, PAPERS_WORDS, RESULT_WORDS


@dataclass(frozen=True, slots=True)
class Meaning:
    """``holds`` says what its cells are to a spreadsheet: a code that is ``text`` keeps its zeros and its dashes.

    ``choices`` are the usual words of a closed list; the reader takes other spellings of them too.
    """

    text: Text
    holds: Literal["text", "number", "day"] = "text"
    choices: tuple[str, ...] = ()


def meaning_of(kind: TableKind, field: Field) -> Meaning:
    """How this column of this table is filled in."""
    return MEANINGS_HERE.get((kind.name, field.name)) or MEANINGS[field.name]


def _text(zh: str, en: str) -> Meaning:
    return Meaning(Text(zh, en))


def _number(zh: str, en: str) -> Meaning:
    return Meaning(Text(zh, en), holds="number")


def _day(zh: str, en: str) -> Meaning:
    return Meaning(Text(zh, en), holds="day")


def _chosen(words: Words[Any] | Sequence[str], zh: str, en: str) -> Meaning:
    return Meaning(Text(zh, en), choices=tuple(words.usual if isinstance(words, Words) else words))


def _party(zh: str, en: str) -> Meaning:
    return _text(f"{zh}的全称，与营业执照一致。", f"Full name of the {en}, as on its licence.")


def _uscc(zh: str, en: str) -> Meaning:
    return _text(
        f"{zh}的 18 位统一社会信用代码；有代码就以代码为准。",
        f"The {en}'s unified social credit code, 18 characters; where there is one, it decides who is meant.",
    )


#: By field. In which table a field stands does not matter, but for those of `MEANINGS_HERE`.
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "lot": _text(
            "生产企业的批号，与盘上标签一致；各表同一批写法相同。",
            "The maker's lot number as on the drum's label, spelled alike in all tables.",
        ),
        "product": _text("生产企业自己的产品编号。", "The maker's own number of the product."),
        "designation": _text(
            "型号、电压、规格写在一起，如 YJV 0.6/1kV 3×95+1×50。填了此列，型号、规格、电压等级不用再填。",
            "Type, voltage and cross-sections together, such as YJV 0.6/1kV 3×95+1×50; then the three columns of "
            "its parts stay empty.",
        ),
        "type": _text(
            "分开填写时用，如 YJV。", "Where the designation is written in three parts, such as YJV."
        ),
        "spec": _text("分开填写时用，如 3×95+1×50。", "The part with the cross-sections, such as 3×95+1×50."),
        "voltage": _text("分开填写时用，如 0.6/1kV。", "The part with the voltage, such as 0.6/1kV."),
        "standard": _text(
            "执行的标准号，如 GB/T 12706.1-2020。",
            "The standard it is made to, such as GB/T 12706.1-2020.",
        ),
        "certificate_type": _chosen(
            CERTIFICATE_WORDS,
            "强制性产品认证，或工业产品生产许可证。",
            "Compulsory certification (CCC), or a production licence.",
        ),
        "certificate": _text(
            "CCC 为 16 位数字，生产许可证形如（豫）XK06-001-00917。",
            "16 digits for CCC; a licence looks like （豫）XK06-001-00917.",
        ),
        "valid_from": _day("证书有效期的第一天。", "First day on which the certificate is valid."),
        "valid_to": _day("证书有效期的最后一天。", "Last day on which the certificate is valid."),
        "scope_types": _text(
            "证书覆盖的型号，用顿号隔开：YJV、YJV22。同一证书各行写法相同。",
            "Types that the certificate covers, such as YJV、YJV22; alike in all rows of one certificate.",
        ),
        "scope_voltages": _text(
            "证书覆盖的电压，用顿号隔开。", "Rated voltages that it covers, set apart by 、."
        ),
        "scope_areas": _text(
            "证书覆盖的截面，如 1.5-240，单位 mm²。", "Areas that it covers in mm², such as 1.5-240."
        ),
        "scope_cores": _text(
            "证书覆盖的最多芯数，如 5，或写作 1-5。",
            "The most cores that it covers, such as 5, also written 1-5.",
        ),
        "scope_factories": _text(
            "证书覆盖的生产地，写到县、区，或填 6 位地区代码，用顿号隔开。",
            "Where its factories are, down to the county or as six-digit codes, set apart by 、.",
        ),
        "issuer": _text(
            "颁发证书的机构全称；在平台登记过的认证机构据此看得到按此证书生产的批次。",
            "Full name of who issued the certificate; a certification body that is registered here finds its batches by it.",
        ),
        "maker": _party("生产企业", "maker"),
        "maker_uscc": _uscc("生产企业", "maker"),
        "date": _day("这件事发生的日期。", "The day on which it happened."),
        "shift": _text("生产班次。", "The shift that made it."),
        "line": _text("生产线或机台。", "The production line or machine."),
        "total": _number(
            "整批的总长度，单位米。与每盘长度至少填一项。",
            "Length of the whole lot in metres; this or the length of a drum is needed.",
        ),
        "count": _number("整批共几盘（卷）。", "How many drums (coils) the lot has."),
        "each": _number("每盘（卷）的长度，单位米。", "Length of each drum (coil) in metres."),
        "first": _number(
            "第一盘的号码；盘号已填时不用填。",
            "Number of the first drum; not needed where the drums are given.",
        ),
        "last": _number(
            "最后一盘的号码；盘号已填时不用填。",
            "Number of the last drum; not needed where the drums are given.",
        ),
        "units": _text(
            "盘（卷）号，可以是范围：1-40, 55。", "Numbers of the drums (coils), or ranges: 1-40, 55."
        ),
        "code": _text(
            "空白标签上的追溯码；没有预留就不填，由平台签发。",
            "The code on the blank labels; left empty where none was reserved, and the platform issues one.",
        ),
        "material": _text("所用铜材的批号。", "Lot number of the copper that went in."),
        "copper": _number("整批用铜的质量，单位千克。", "Mass of copper in the lot, in kilograms."),
        "inspector": _text("负责质检的人的姓名。", "Name of the person who inspected it."),
        "report": _text(
            "报告编号。一份报告有几项结果就写几行，编号、批号、日期各行相同。",
            "Number of the report. One row for each result; rows of one report have the same number, lot and date.",
        ),
        "indicator": _chosen(
            [indicator.title.zh for indicator in INDICATORS],
            "测的是什么，从列表中选；对应的单位见“可选内容”。",
            "What was measured; choose from the list. The sheet of choices has the units of each.",
        ),
        "core": _text(
            "哪一根线芯：颜色或编号；不分线芯的不填。", "Which core: its colour or number, if any."
        ),
        "value": _text(
            "实测的数值，照报告抄写，位数不变。",
            "The measured value, a number with the digits of the report.",
        ),
        "measure": _chosen(
            list(dict.fromkeys(unit.symbol for one in INDICATORS for unit in one.units)),
            "实测值的单位，须与检测项目相符；无单位的项目写 /。",
            "The value's unit of measure, one that fits the indicator; / where it has none.",
        ),
        "temperature": _number(
            "测量时的温度，单位摄氏度。", "Temperature when measured, in degrees Celsius."
        ),
        "verdict": _chosen(VERDICT_WORDS, "报告对这一项的判定。", "What the report says of this one result."),
        "method": _text("检测方法标准，如 GB/T 3048.4。", "The standard of the method, such as GB/T 3048.4."),
        "tester": _text("检测人的姓名。", "Name of the person who measured."),
        "order": _text(
            "这次发货是为哪份订单（合同）发的；不填就按双方和型号规格核对。",
            "The order or contract that it fulfils; left empty, it is matched by the two parties and the cable.",
        ),
        "due": _day("这一项最晚哪天交货。", "Last day on which this item was to be delivered."),
        "note": _text("发货单（送货单）号。", "Number of the delivery note."),
        "length": _number("长度，单位米。", "Length in metres."),
        "buyer": _party("收货单位", "buyer"),
        "buyer_uscc": _uscc("收货单位", "buyer"),
        "region": _text(
            "6 位行政区划代码，如 411627（太康县）。",
            "Six-digit code of the region, such as 411627 (Taikang county).",
        ),
        "carrier": _text("承运的单位或车牌。", "Who carried it, or the truck's plate."),
        "price": _number(
            "每米的含税单价，单位元；可不填。", "Price of a metre with tax, in yuan; may stay empty."
        ),
        "sender": _text(
            "发货的不是生产企业（如经销商）时填写其全称。",
            "Full name of the sender where that is not the maker, such as a dealer.",
        ),
        "sender_uscc": _uscc("发货单位", "sender"),
        "project": _text(
            "工程项目的编号，须在“项目”表中或已登记。",
            "Number of the project, which stands in the table of projects or is registered.",
        ),
        "owner": _party("建设单位", "owner"),
        "owner_uscc": _uscc("建设单位", "owner"),
        "contractor": _party("施工单位", "contractor"),
        "contractor_uscc": _uscc("施工单位", "contractor"),
        "supervisor": _party("监理单位", "supervisor"),
        "supervisor_uscc": _uscc("监理单位", "supervisor"),
        "supplier": _party("供货单位", "supplier"),
        "supplier_uscc": _uscc("供货单位", "supplier"),
        "receiver": _text(
            "收货的不是导入文件的单位时填写其全称。",
            "Full name of the receiver where that is not the party whose file it is.",
        ),
        "receiver_uscc": _uscc("收货单位", "receiver"),
        "differences": _text("与发货单不符之处。", "What differs from the delivery note."),
        "measured": _number(
            "到货时量得的长度，单位米；只在一行只有一盘时填。",
            "Length measured on arrival, in metres; only in a row of one single drum.",
        ),
        "papers": _chosen(PAPERS_WORDS, "合格证等质量证明文件。", "Whether its papers are complete."),
        "appearance": _text("外观检查的情况。", "What it looks like."),
        "result": _chosen(RESULT_WORDS, "验收结论。", "Accepted or not."),
        "acceptor": _text("验收人的姓名。", "Name of the person who accepted it."),
        "seal": _text("见证取样的封样号。", "Number of the seal on the witnessed sample."),
        "opinion": _chosen(OPINION_WORDS, "监理的意见。", "The supervisor's opinion."),
        "engineer": _text("签字的监理工程师的姓名。", "Name of the supervising engineer who signed."),
        "circuit": _text("敷设在哪个回路、哪个部位。", "The circuit, or the place where it was laid."),
        "cma": _text(
            "检验机构的资质认定（CMA）编号，12 位数字。",
            "The laboratory's accreditation (CMA), 12 digits.",
        ),
        "laboratory": _party("检验机构", "laboratory"),
        "inspection": _chosen(INSPECTION_WORDS, "这次检验是哪一类。", "The kind of inspection."),
        "sampling": _text("抽样单或取样单的编号。", "Number of the record of sampling."),
    }
)

#: By kind of table and field.
MEANINGS_HERE: Mapping[tuple[str, str], Meaning] = MappingProxyType(
    {
        (PRODUCTS.name, "name"): _text(
            "产品的名称，如 固定布线用无护套电缆；不填则用型号规格。",
            "What the product is called; its designation, if left empty.",
        ),
        (PROJECTS.name, "name"): _text("工程项目的全称。", "Full name of the project."),
        (ORDERS.name, "number"): _text(
            "订单或合同的编号；一份订单有几种电缆就写几行。",
            "Number of the order or contract; one row for each cable of the order.",
        ),
        (ORDERS.name, "buyer"): _text(
            "需方（买方）的全称；本单位是需方的不用填。",
            "Full name of the buyer; not needed where that is the party whose file it is.",
        ),
        (ORDERS.name, "buyer_uscc"): _uscc("需方", "buyer"),
        (ACCEPTANCES.name, "number"): _text(
            "验收单的编号，不与以前的重复。", "Number of this acceptance, not used before."
        ),
        (OPINIONS.name, "number"): _text(
            "监理单的编号，不与以前的重复。", "Number of this opinion, not used before."
        ),
        (USES.name, "number"): _text(
            "使用单（敷设单）的编号，不与以前的重复。", "Number of this record of use, not used before."
        ),
        (USES.name, "units"): _text("哪一盘（卷）；一行一盘。", "Which drum (coil); one in a row."),
        (LABORATORY_RESULTS.name, "units"): _text(
            "样品取自哪一盘（卷）。", "The drum (coil) that was sampled."
        ),
        (LABORATORY_RESULTS.name, "length"): _number(
            "取样截下的长度，单位米；填了就要写盘号。",
            "Length cut off for the sample, in metres; then its drum is needed.",
        ),
    }
)
