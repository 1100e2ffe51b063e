"""What forms are made of: their shape, the words that only they say, and the blanks that several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Text
from ..model.kinds import KINDS
from .blanks import (
    METRES,
    NUMBER,
    PARTY,
    PROJECT,
    PROSE,
    REGION,
    UNIT,
    UNITS,
    WHOLE,
    WORDS,
    YUAN,
    Blank,
    Part,
    Rows,
    Way,
    choose,
)

RECORD = Text("记录", "Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """``asks``: whether the page acts now, so that what needs leave is asked for first (design §2.5)."""

    title: Text
    intro: Text
    parts: tuple[Part, ...]
    asks: bool = False
    button: Text = RECORD


def of_kind(kind: str, intro: Text, *parts: Part, asks: bool = False) -> Form:
    """The form of a kind, called as the kind is."""
    return Form(title=KINDS[kind], intro=intro, parts=parts, asks=asks)


def only(words: Mapping[str, Text], *keys: str) -> Way:
    return choose({key: words[key] for key in keys})


def body(at: str, zh: str, en: str, way: Way, *, required: bool = False, **more: object) -> Blank:
    return Blank(at=f"body/{at}", label=Text(zh, en), way=way, required=required, **more)  # type: ignore[arg-type]


def inner(at: str, zh: str, en: str, way: Way, *, required: bool = False) -> Blank:
    return Blank(at=at, label=Text(zh, en), way=way, required=required)


# --- words that only forms say ------------------------------------------------------------------------

REMEDIES: Mapping[str, Text] = {
    "return": Text("退回", "return"),
    "replace": Text("更换", "replace"),
    "refund": Text("退款", "refund"),
    "repair": Text("维修", "repair"),
    "destroy": Text("销毁", "destroy"),
    "stop-use": Text("停止使用", "stop using"),
    "other": Text("其他", "another"),
}
PHASES: Mapping[str, Text] = {"begin": Text("开始召回", "begin"), "end": Text("结束召回", "end")}
ACCEPTED: Mapping[str, Text] = {"accept": Text("接收", "accept"), "reject": Text("拒收", "reject")}
PAPERS: Mapping[str, Text] = {
    "complete": Text("齐全", "complete"),
    "incomplete": Text("不齐", "incomplete"),
    "none": Text("没有", "none"),
}
MATERIALS: Mapping[str, Text] = {
    "copper": Text("铜", "copper"),
    "aluminium": Text("铝", "aluminium"),
    "aluminium-alloy": Text("铝合金", "aluminium alloy"),
    "compound": Text("电缆料", "compound"),
    "other": Text("其他", "other"),
}
CHECKED: Mapping[str, Text] = {
    "pass": Text("符合", "meets it"),
    "fail": Text("不符合", "fails"),
    "not-applicable": Text("不适用", "not applicable"),
}
CONFIRMED: Mapping[str, Text] = {"confirmed": Text("确认", "confirm"), "denied": Text("否认", "deny")}
SCHEMES: Mapping[str, Text] = {
    "gs1": Text("GS1 商品条码", "GS1"),
    "ecode": Text("Ecode", "Ecode"),
    "national": Text("国家平台", "national platform"),
    "maker": Text("企业自有编码", "the maker's own"),
    "legacy": Text("旧系统编码", "of an earlier system"),
}
ROLES_OF_PERSONS: Mapping[str, Text] = {
    "officer": Text("执法人员", "officer"),
    "reviewer": Text("审核人员", "reviewer"),
    "sampler": Text("抽样人员", "sampler"),
    "operator": Text("经办人", "operator"),
    "keeper": Text("保管人", "keeper"),
    "inspector": Text("质检员", "inspector"),
    "tester": Text("检测员", "tester"),
    "acceptor": Text("验收人", "acceptor"),
    "engineer": Text("监理工程师", "engineer"),
    "witness": Text("见证人", "witness"),
    "other": Text("其他", "other"),
}

# --- blanks that several kinds share ------------------------------------------------------------------

AS_PRINTED = Text(
    "照盘上的号填，可填多段；也可以扫标签，或填标签上的码。",
    "As printed on the drums, several ranges if need be; or scan their labels, or type the codes.",
)
OR_A_CODE = Text("盘号，或标签上的码。", "The number, or the code on the label.")
DRUMS = body("units", "盘（卷）号", "Drums or coils", UNITS, hint=AS_PRINTED, example="1-40, 55")
LOOSE = body(
    "length_mm", "散装长度（米）", "Loose length (m)", METRES,
    hint=Text("没有盘号的货才填。", "Only for goods on no drum."), example="120.5",
)  # fmt: skip
PART_OF = body(
    "unit", "从哪一盘截取", "Cut from unit", UNIT,
    hint=Text("只卖、只报废一盘中的一段时填，并填长度。", "For a part of one drum; give the length too."), example="12",
)  # fmt: skip
PART_LENGTH = body(
    "length_mm", "长度（米）", "Length (m)", METRES,
    hint=Text("整盘不用填；截取一段或散装时填。", "Not for whole drums; for a part of one or a loose length."), example="35",
)  # fmt: skip
BACK_TO = body(
    "to", "退给谁", "Back to", PARTY, required=True,
    hint=Text("登记的全名，或统一社会信用代码；没有登记的，两样一起写，如「城东五金 91…」。", "Full name as registered, or credit code; both together where it is not registered."),
)  # fmt: skip
TO_WHERE = body(
    "region", "送到哪里", "To where", REGION, required=True,
    hint=Text("写到县、区，或填 6 位代码。", "Down to the county, or six digits."), example="川汇区",
)  # fmt: skip
DELIVERY_NOTE = body("delivery_note", "单号", "Delivery note", NUMBER, example="2605-003")
ORDER_NUMBER = body(
    "order", "订单号", "Order", NUMBER,
    hint=Text("这次发货是为哪份订单发的；不写就按双方和型号核对。", "Which order it fulfils; left out, it is matched by the two parties and the cable."),
    example="DD-2605-008",
)  # fmt: skip
PRICE = body(
    "price_fen_per_metre", "单价（元/米）", "Price (yuan per metre)", YUAN,
    hint=Text("不公开，只有本单位和监管部门看得到。", "Not public: only yours and the regulator's to see."), example="18.50",
)  # fmt: skip
AT_PROJECT = body("project", "项目", "Project", PROJECT, required=True)
PLACE: tuple[Part, ...] = (
    Blank(
        at="place/region", label=Text("地区", "Region"), way=REGION,
        hint=Text("事情发生的县、区。", "The county where it happened."), example="川汇区",
    ),
    Blank(at="place/name", label=Text("地点", "Place"), way=WORDS, example="建材市场 B 区 12 号"),
)  # fmt: skip
PERSONS = Rows(
    at="by", label=Text("责任人", "Responsible persons"), spare=1,
    hint=Text("姓名不写进公开账本，只留凭证。", "Names are not written to the public ledger, only a commitment to them."),
    blanks=(inner("role", "身份", "As", choose(ROLES_OF_PERSONS)), inner("name", "姓名", "Name", WORDS)),
)  # fmt: skip


def persons_as(role: str, zh: str, en: str, *, spare: int = 1) -> Rows:
    return Rows(
        at="by", label=Text(zh, en), spare=spare, fixed={"role": role}, hint=PERSONS.hint,
        blanks=(inner("name", "姓名", "Name", WORDS),),
    )  # fmt: skip


GOODS: tuple[Part, ...] = (
    body(
        "goods/marks", "货物上的标识", "What is printed on them", PROSE, required=True,
        hint=Text("照抄护套、标签、包装上的字；没有字就写没有。", "As on sheath, label and packing; if nothing, say so."),
        example="YJV 3×95 0.6/1kV，无厂名",
    ),
    body("goods/nominal_maker", "标称生产者", "Nominal maker", WORDS, example="示例电缆厂"),
    body("goods/designation", "标称型号规格", "Nominal designation", WORDS, example="YJV 0.6/1kV 3×95"),
    body("goods/quantity", "数量", "Quantity", WORDS, example="17 卷"),
    body("goods/length_mm", "长度（米）", "Length (m)", METRES, example="1,700"),
    body("goods/holder", "在谁手里", "Who has them", PARTY),
)  # fmt: skip

MEASURE_NUMBER = body(
    "number", "文书号", "Number of the document", NUMBER, required=True, example="周市监封〔2026〕12号"
)
AGAINST = body(
    "against", "当事人", "Party concerned", PARTY,
    hint=Text("登记的全名或信用代码；没有登记的写全名。", "Full name or credit code; of somebody unregistered, the full name."),
)  # fmt: skip
BASIS = body("legal_basis", "法律依据", "Legal ground", PROSE, example="产品质量法第十八条第一款第四项")
REASON = body("reason", "理由", "Reason", PROSE)
DAYS = body(
    "days",
    "天数",
    "Days",
    WHOLE,
    hint=Text("延长或检测期间才填。", "For an extension or a test only."),
    example="30",
)
MEASURED_LENGTHS = Rows(
    at="body/measurements", label=Text("实测长度", "Measured lengths"), spare=1, grows=True,
    hint=Text("量过的盘才填。账上米数不变，差异双方都看得到。", "Only drums that were measured. The books stay as they are; both parties see the difference."),
    blanks=(
        inner("unit", "盘号", "Unit", UNIT, required=True),
        inner("length_mm", "实测（米）", "Measured (m)", METRES, required=True),
    ),
)  # fmt: skip
ABOUT_MEASURE = body("of", "针对哪一份文书", "About the measure", NUMBER, example="周市监封〔2026〕12号")
OFFICERS = persons_as("officer", "执法人员（两名）", "Officers (two)", spare=2)
TOTALS = Rows(
    at="body/units", label=Text("各盘", "Units"), spare=1,
    blanks=(
        inner("first", "从（盘号）", "From unit", UNIT, required=True),
        inner("last", "到（盘号）", "To unit", UNIT, required=True),
        inner("length_mm", "每盘（米）", "Each (m)", METRES, required=True),
        inner("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
    ),
)  # fmt: skip
