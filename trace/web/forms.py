"""The forms of the house: which blanks each kind of event has when a person enters or corrects it by hand.

A table of words and ways; how a blank is read stands in `blanks`, what is done with the draft in the routes. Values
of fixed vocabularies have their words where readings have them, so that a form and a timeline say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Text
from ..model.kinds import KINDS
from ..model.rules_of_permission import CERTIFICATE_STATUS, OPINION
from ..queries.certificates import CERTIFICATES
from ..queries.reports import TYPES, VERDICTS
from ..queries.wording import (
    BUYERS,
    INSPECTIONS,
    MEASURES,
    REASONS,
    REPLIES,
    RESULTS,
    SAMPLINGS,
)
from .blanks import (
    DAY,
    KILOGRAMS,
    LINES,
    MEASURED,
    METRES,
    NUMBER,
    PARTIES,
    PARTY,
    PROJECT,
    PROJECTS,
    PROSE,
    REGION,
    TICK,
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
    tick_some,
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


def _only(words: Mapping[str, Text], *keys: str) -> Way:
    return choose({key: words[key] for key in keys})


def _body(at: str, zh: str, en: str, way: Way, *, required: bool = False, **more: object) -> Blank:
    return Blank(at=f"body/{at}", label=Text(zh, en), way=way, required=required, **more)  # type: ignore[arg-type]


def _inner(at: str, zh: str, en: str, way: Way, *, required: bool = False) -> Blank:
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
WANTS: Mapping[str, Text] = {
    "refund": Text("退货退款", "money back"),
    "replacement": Text("更换", "a replacement"),
    "repair": Text("维修", "repair"),
    "compensation": Text("赔偿", "compensation"),
    "other": Text("其他", "something else"),
}
LEVELS: Mapping[str, Text] = {
    "nation": Text("国家", "nation"),
    "province": Text("省", "province"),
    "city": Text("市", "city"),
    "county": Text("县（区）", "county"),
}
_PHASES = {"begin": Text("开始召回", "begin"), "end": Text("结束召回", "end")}
_ACCEPTED = {"accept": Text("接收", "accept"), "reject": Text("拒收", "reject")}
_PAPERS = {
    "complete": Text("齐全", "complete"),
    "incomplete": Text("不齐", "incomplete"),
    "none": Text("没有", "none"),
}
_MATERIALS = {
    "copper": Text("铜", "copper"),
    "aluminium": Text("铝", "aluminium"),
    "aluminium-alloy": Text("铝合金", "aluminium alloy"),
    "compound": Text("电缆料", "compound"),
    "other": Text("其他", "other"),
}
_CHECKED = {
    "pass": Text("符合", "meets it"),
    "fail": Text("不符合", "fails"),
    "not-applicable": Text("不适用", "not applicable"),
}
_CONFIRMED = {"confirmed": Text("确认", "confirm"), "denied": Text("否认", "deny")}
SCHEMES: Mapping[str, Text] = {
    "gs1": Text("GS1 商品条码", "GS1"),
    "ecode": Text("Ecode", "Ecode"),
    "national": Text("国家平台", "national platform"),
    "maker": Text("企业自有编码", "the maker's own"),
    "legacy": Text("旧系统编码", "of an earlier system"),
}
ROLES_OF_PERSONS: Mapping[str, Text] = {
    "officer": Text("执法人员", "officer"),
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

_UNITS_HINT = Text("可填多段。", "Several ranges may be given.")
_UNITS = _body("units", "盘（卷）号", "Drums or coils", UNITS, hint=_UNITS_HINT, example="1-40, 55")
_LOOSE = _body(
    "length_mm", "散装长度（米）", "Loose length (m)", METRES,
    hint=Text("没有盘号的货才填。", "Only for goods on no drum."), example="120.5",
)  # fmt: skip
_PART_OF = _body(
    "unit", "从哪一盘截取", "Cut from unit", UNIT,
    hint=Text("只卖、只报废一盘中的一段时填，并填长度。", "For a part of one drum; give the length too."), example="12",
)  # fmt: skip
_PART_LENGTH = _body(
    "length_mm", "长度（米）", "Length (m)", METRES,
    hint=Text("整盘不用填；截取一段或散装时填。", "Not for whole drums; for a part of one or a loose length."), example="35",
)  # fmt: skip
_TO = _body(
    "to", "退给谁", "Back to", PARTY, required=True,
    hint=Text("登记的全名，或统一社会信用代码。", "Full name as registered, or credit code."),
)  # fmt: skip
_REGION = _body(
    "region", "送到哪里", "To where", REGION, required=True,
    hint=Text("写到县、区，或填 6 位代码。", "Down to the county, or six digits."), example="川汇区",
)  # fmt: skip
_NOTE = _body("delivery_note", "单号", "Delivery note", NUMBER, example="TH-2605-003")
_YUAN = _body(
    "price_fen_per_metre", "单价（元/米）", "Price (yuan per metre)", YUAN,
    hint=Text("不公开，只有本单位和监管部门看得到。", "Not public: only yours and the regulator's to see."), example="18.50",
)  # fmt: skip
_AT_PROJECT = _body("project", "项目", "Project", PROJECT, required=True)
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
    blanks=(_inner("role", "身份", "As", choose(ROLES_OF_PERSONS)), _inner("name", "姓名", "Name", WORDS)),
)  # fmt: skip


def _persons(role: str, zh: str, en: str) -> Rows:
    return Rows(
        at="by", label=Text(zh, en), spare=2, fixed={"role": role}, hint=PERSONS.hint,
        blanks=(_inner("name", "姓名", "Name", WORDS),),
    )  # fmt: skip


GOODS: tuple[Part, ...] = (
    _body(
        "goods/marks", "货物上的标识", "What is printed on them", PROSE, required=True,
        hint=Text("照抄护套、标签、包装上的字；没有字就写没有。", "As on sheath, label and packing; if nothing, say so."),
        example="YJV 3×95 0.6/1kV，无厂名",
    ),
    _body("goods/nominal_maker", "标称生产者", "Nominal maker", WORDS, example="示例电缆厂"),
    _body("goods/designation", "标称型号规格", "Nominal designation", WORDS, example="YJV 0.6/1kV 3×95"),
    _body("goods/quantity", "数量", "Quantity", WORDS, example="17 卷"),
    _body("goods/length_mm", "长度（米）", "Length (m)", METRES, example="1,700"),
    _body("goods/holder", "在谁手里", "Who has them", PARTY),
)  # fmt: skip

_MEASURE_NUMBER = _body(
    "number", "文书号", "Number of the document", NUMBER, required=True, example="周市监封〔2026〕12号"
)
_AGAINST = _body(
    "against", "当事人", "Party concerned", PARTY,
    hint=Text("登记的全名或信用代码；没有登记的写全名。", "Full name or credit code; of somebody unregistered, the full name."),
)  # fmt: skip
_BASIS = _body("legal_basis", "法律依据", "Legal ground", PROSE, example="产品质量法第十八条第一款第四项")
_REASON = _body("reason", "理由", "Reason", PROSE)
_DAYS = _body(
    "days",
    "天数",
    "Days",
    WHOLE,
    hint=Text("延长或检测期间才填。", "For an extension or a test only."),
    example="30",
)
_OF = _body("of", "针对哪一份文书", "About the measure", NUMBER, example="周市监封〔2026〕12号")
_OFFICERS = _persons("officer", "执法人员（两名）", "Officers (two)")
_TOTALS = Rows(
    at="body/units", label=Text("各盘", "Units"), spare=1,
    blanks=(
        _inner("first", "从（盘号）", "From unit", UNIT, required=True),
        _inner("last", "到（盘号）", "To unit", UNIT, required=True),
        _inner("length_mm", "每盘（米）", "Each (m)", METRES, required=True),
        _inner("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
    ),
)  # fmt: skip


def _form(kind: str, intro: Text, *parts: Part, asks: bool = False) -> Form:
    return Form(title=KINDS[kind], intro=intro, parts=parts, asks=asks)


_AS_IT_WAS = Text("按实际情况写。", "As it really was.")

#: Every kind that a person enters by hand or corrects.
FORMS: Mapping[str, Form] = {
    # --- by hand
    "split": _form(
        "split",
        Text(
            "把一盘截成几段：每段取一个本批没有用过的新盘号。余下的仍在原盘上。",
            "A drum is cut into pieces: each takes a number that is new in the batch. The rest stays on the drum.",
        ),
        _body("unit", "从哪一盘分切", "Unit to be cut", UNIT, required=True, example="12"),
        Rows(
            at="body/pieces", label=Text("切下的各段", "Pieces"), spare=3,
            blanks=(
                _inner("unit", "新盘号", "New number", UNIT, required=True),
                _inner("length_mm", "长度（米）", "Length (m)", METRES, required=True),
                _inner("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
            ),
        ),
        _body("scrap_mm", "损耗（米）", "Scrap (m)", METRES, example="0.5"),
        _body("number", "分切单号", "Number", NUMBER),
        asks=True,
    ),
    "return": _form(
        "return",
        Text(
            "把手里的货退回去。对方收货之前，账上记为在途。",
            "Goods in hand go back. Until the other side receives them the books have them in transit.",
        ),
        _UNITS, _LOOSE, _TO, _REGION,
        _body("reason", "原因", "Reason", _only(REASONS, "recall", "quality", "surplus", "wrong-goods", "other"), required=True),
        _NOTE,
        _body("note", "说明", "Note", PROSE),
        asks=True,
    ),
    "sale": _form(
        "sale",
        Text(
            "卖给不在本平台记账的买方。不写买方姓名：从此这些米数离开本平台的记录。",
            "To a buyer who keeps no books here. The buyer is not named; the metres leave these records.",
        ),
        _UNITS, _PART_OF, _PART_LENGTH,
        _body("buyer", "卖给", "Sold to", choose(BUYERS), required=True),
        _YUAN,
        _body("number", "销售单号", "Number", NUMBER),
        asks=True,
    ),
    "disposal": _form(
        "disposal",
        Text("不再使用、已经或就要销毁的货。", "Goods that are no longer used and are or will be destroyed."),
        _UNITS, _PART_OF, _PART_LENGTH,
        _body("reason", "原因", "Reason", _only(REASONS, "recall", "quality", "damage", "offcut", "decision", "other"), required=True),
        _body("number", "报废单号", "Number", NUMBER),
        _body("note", "说明", "Note", PROSE),
        asks=True,
    ),
    "dispatch": _form(
        "dispatch",
        Text("发出手里的货。对方收货之前，账上记为在途。", "Goods in hand are sent. Until they are received the books have them in transit."),
        _UNITS, _LOOSE,
        _body("to", "发给谁", "To", PARTY, required=True, hint=_TO.hint),
        _REGION, _NOTE,
        _body("carrier", "承运", "Carrier", WORDS),
        _YUAN,
        asks=True,
    ),
    "receipt": _form(
        "receipt",
        Text("收到什么就写什么，与发货单不符的写在差异里。", "What came, as it came; what differs from the note goes under differences."),
        _UNITS, _LOOSE,
        _body("sender", "谁发来的", "From", PARTY, hint=_TO.hint),
        _body("project", "直接到项目", "Straight to a project", PROJECT),
        _body("delivery_note", "发货单号", "Delivery note", NUMBER),
        _body("differences", "差异", "Differences", PROSE),
    ),
    "use": _form(
        "use",
        Text("哪一段用到了哪个回路。", "Which metres lie in which circuit."),
        _AT_PROJECT,
        _body("unit", "哪一盘", "Unit", UNIT, example="12"),
        _body("length_mm", "长度（米）", "Length (m)", METRES, required=True, example="60"),
        _body("circuit", "回路、部位", "Circuit or place", WORDS, example="3 号楼配电干线"),
        _body("number", "使用单号", "Number", NUMBER, required=True),
        _body("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
        asks=True,
    ),
    "inspection": _form(
        "inspection",
        Text("检查时看到的情况。", "What was seen on inspection."),
        _body("type", "检查类型", "Type", choose(INSPECTIONS), required=True),
        _body("number", "检查记录编号", "Number", NUMBER, required=True, example="周市监检〔2026〕31号"),
        _body("units", "涉及的盘（卷）", "Drums or coils", UNITS, example="1-4"),
        Rows(
            at="body/checklist", label=Text("检查表", "Checklist"), spare=2,
            blanks=(
                _inner("item", "检查项", "Item", WORDS, required=True),
                _inner("result", "结果", "Result", choose(_CHECKED), required=True),
                _inner("note", "说明", "Note", WORDS),
            ),
        ),
        _body("findings", "发现的问题", "Findings", PROSE),
        _body("result", "结论", "Result", choose(RESULTS), required=True),
        _body("rectification", "改正要求", "To be put right", PROSE),
        _body("due", "改正期限", "By the day", DAY),
        _persons("officer", "检查人员（两名）", "Officers (two)"),
        *PLACE,
    ),
    "sampling": _form(
        "sampling",
        Text(
            "样品和备样从货里截走，封条只封样品，不封其余存货。",
            "The sample and its reserve are cut off; the seal binds the sample, not the stock that is left.",
        ),
        _body("type", "抽样类型", "Type", choose(SAMPLINGS), required=True),
        _body("number", "抽样单号", "Number", NUMBER, required=True, example="CY-2605-017"),
        _body("unit", "从哪一盘抽", "Unit", UNIT, example="12"),
        _body("length_mm", "样品长度（米）", "Sample (m)", METRES, example="3"),
        _body("reserve_mm", "备样长度（米）", "Reserve (m)", METRES, example="3"),
        _body("seal", "封样编号", "Seal", NUMBER),
        _body("lot_size_mm", "抽样基数（米）", "Lot size (m)", METRES),
        _body("level", "抽查级别", "Level", choose(LEVELS)),
        _body("plan", "抽查方案", "Plan", WORDS),
        _body("authority", "委托的部门", "Commissioning authority", PARTY),
        _persons("sampler", "抽样人员（两名）", "Samplers (two)"),
        *PLACE,
    ),
    "measure": _form(
        "measure",
        Text(
            "三种措施分开：先行登记保存 7 个工作日，到期自动失效；查封、扣押 30 日，可延长一次，须作出决定才结束。扣押、没收后货物由本机关保管。",
            "Three measures kept apart: registration lapses after 7 working days; sealing and seizure run 30 days, extended once, and end by a decision. Seized and confiscated goods are in this authority's custody.",
        ),
        _body("action", "措施", "Measure", choose(MEASURES), required=True),
        _MEASURE_NUMBER, _OF, _UNITS, _LOOSE, _AGAINST, _DAYS, _BASIS, _REASON, _OFFICERS, *PLACE,
    ),
    "recall": _form(
        "recall",
        Text(
            "召回一开始，查码的公众就会看到召回和处理办法。不写盘号就是整批召回。",
            "From its beginning everybody who checks a code is told of the recall. Without units it is the whole batch.",
        ),
        _body("phase", "阶段", "Phase", choose(_PHASES), required=True),
        _body("number", "召回编号", "Number", NUMBER, required=True, example="ZH-2026-01"),
        _UNITS,
        _body("reason", "原因", "Reason", PROSE, required=True),
        _body("remedy", "处理办法", "Remedy", choose(REMEDIES), required=True),
        _body("instructions", "请持有人怎么做", "What holders are to do", PROSE, example="停止使用，拨打销售单上的电话办理退货"),
        _body("ordered", "由主管部门责令", "Ordered by an authority", TICK),
    ),
    "notice": _form(
        "notice",
        Text("告诉有关单位它们应当知道的事；收到的单位在自己的工作台上看到，并在那里反馈。", "Tells parties what they must know; they see it on their desk and answer there."),
        _body("number", "文号", "Number", NUMBER, required=True, example="周市监函〔2026〕8号"),
        _body("recipients", "发给", "Recipients", PARTIES, required=True, hint=Text("一行一个：登记的全名或信用代码。", "One a line: full name as registered, or credit code.")),
        _body("text", "内容", "Text", PROSE, required=True),
        _UNITS,
        _body("projects", "涉及的项目", "Projects concerned", PROJECTS),
    ),
    "notice-reply": _form(
        "notice-reply",
        Text("写明做了什么。", "What was done."),
        _body("action", "处置", "What was done", choose(REPLIES), required=True),
        _body("text", "说明", "In words", PROSE, required=True),
        _body("length_mm", "涉及长度（米）", "Metres concerned", METRES),
        _body("number", "文号", "Number", NUMBER),
    ),
    "confirmation": _form(
        "confirmation",
        Text("核实之后确认或否认。", "Confirmed or denied after it was looked into."),
        _body("result", "结论", "Result", choose(_CONFIRMED), required=True),
        _body("text", "依据", "Ground", PROSE),
    ),
    # --- corrected only
    "certificate": _form(
        "certificate", _AS_IT_WAS,
        _body("type", "种类", "Kind", choose(CERTIFICATES), required=True),
        _body("validity/valid_from", "有效期起", "Valid from", DAY, required=True),
        _body("validity/valid_to", "有效期止", "Valid to", DAY, required=True),
        _body("status", "状态", "State", choose(CERTIFICATE_STATUS), required=True),
        _body("issuer", "发证机构", "Issuer", WORDS),
        _body("covers", "能力范围", "Covers", LINES, hint=Text("一行一项。", "One a line.")),
    ),
    "grant": _form(
        "grant", _AS_IT_WAS,
        _body("kinds", "可代录的事项", "May enter", tick_some(KINDS), required=True),
        _body("validity/valid_from", "有效期起", "Valid from", DAY, required=True),
        _body("validity/valid_to", "有效期止", "Valid to", DAY, required=True),
    ),
    "order": _form(
        "order", _AS_IT_WAS,
        _body("supplier", "供方", "Supplier", PARTY, required=True),
        _body("buyer", "需方", "Buyer", PARTY, required=True),
        Rows(
            at="body/items", label=Text("订货明细", "Items"), spare=1,
            blanks=(
                _inner("designation", "型号规格", "Designation", WORDS, required=True),
                _inner("length_mm", "长度（米）", "Length (m)", METRES, required=True),
                _inner("price_fen_per_metre", "单价（元/米）", "Price (yuan per metre)", YUAN),
            ),
        ),
        _body("project", "项目", "Project", PROJECT),
    ),
    "production": _form(
        "production", _AS_IT_WAS,
        _body("product", "产品编号", "Product", NUMBER, required=True),
        _body("length_mm", "总长度（米）", "Total length (m)", METRES, required=True),
        _TOTALS,
        _body("loose_mm", "散装（米）", "Loose (m)", METRES),
        _body("designation", "型号规格", "Designation", WORDS),
        _body("line", "生产线", "Line", WORDS),
        _body("shift", "班次", "Shift", WORDS),
        Rows(
            at="body/materials", label=Text("原材料", "Material"), spare=1,
            blanks=(
                _inner("material", "材料", "Material", choose(_MATERIALS), required=True),
                _inner("lot", "批号", "Lot", NUMBER),
                _inner("mass_g", "质量（千克）", "Mass (kg)", KILOGRAMS),
            ),
        ),
    ),
    "testing": _form(
        "testing", _AS_IT_WAS,
        _body("type", "检测类型", "Type", choose(TYPES), required=True),
        _body("report", "报告编号", "Report", NUMBER, required=True),
        _body("sampled_unit", "样品取自哪一盘", "Unit sampled", UNIT),
        _body("sampling", "抽样单号", "Sampling", NUMBER),
        _body("cma", "CMA 证书号", "CMA number", NUMBER),
        Rows(
            at="body/items", label=Text("检测值", "Values"), spare=1,
            blanks=(
                _inner("indicator", "指标", "Indicator", WORDS, required=True),
                _inner("core", "线芯", "Core", WORDS),
                _inner("value", "实测值", "Value", MEASURED, required=True),
                _inner("unit", "单位", "Unit", WORDS, required=True),
                _inner("temperature_celsius", "温度（℃）", "At (°C)", MEASURED),
                _inner("method", "方法", "Method", WORDS),
                _inner("declared", "报告判定", "By the report", choose(VERDICTS)),
            ),
        ),
        _body("conclusion", "报告结论", "Conclusion", choose(VERDICTS)),
    ),
    "acceptance": _form(
        "acceptance", _AS_IT_WAS,
        _AT_PROJECT,
        _body("number", "验收单号", "Number", NUMBER, required=True),
        _body("units", "盘（卷）号", "Drums or coils", UNITS, required=True, example="1-4"),
        _body("result", "结果", "Result", choose(_ACCEPTED), required=True),
        _body("delivery_note", "发货单号", "Delivery note", NUMBER),
        Rows(
            at="body/measurements", label=Text("实测长度", "Measured lengths"), spare=1,
            blanks=(
                _inner("unit", "盘号", "Unit", UNIT, required=True),
                _inner("length_mm", "实测（米）", "Measured (m)", METRES, required=True),
            ),
        ),
        _body("papers", "随货文件", "Papers", choose(_PAPERS)),
        _body("appearance", "外观", "Appearance", WORDS),
    ),
    "supervision": _form(
        "supervision", _AS_IT_WAS,
        _AT_PROJECT,
        _body("number", "监理单号", "Number", NUMBER, required=True),
        _body("units", "盘（卷）号", "Drums or coils", UNITS, required=True, example="1-4"),
        _body("opinion", "监理意见", "Opinion", choose(OPINION), required=True),
        _body("seal", "封样编号", "Seal", NUMBER),
    ),
}  # fmt: skip

#: A measure that is new, and what is decided about one that was taken.
NEW_MEASURE = Form(
    title=FORMS["measure"].title,
    intro=FORMS["measure"].intro,
    parts=(
        _body("action", "措施", "Measure", _only(MEASURES, "register", "seal", "seize", "confiscate"), required=True),
        _MEASURE_NUMBER, _UNITS, _LOOSE, _AGAINST, _BASIS, _REASON, _OFFICERS, *PLACE,
    ),
)  # fmt: skip
FURTHER_MEASURE = Form(
    title=Text("处理已有的措施", "Deal with a measure"),
    intro=Text(
        "延长、检测期间要写天数；解除、没收可以只写其中几盘，不写就是全部。",
        "An extension and a test say how many days; release and confiscation may name some units, else it is all of them.",
    ),
    parts=(
        _body("action", "怎么处理", "What is done", _only(MEASURES, "extend", "test", "release", "seize", "confiscate"), required=True),
        _body("of", "针对哪一份文书", "About the measure", NUMBER, required=True),
        _MEASURE_NUMBER, _DAYS, _UNITS, _BASIS, _REASON, _OFFICERS, *PLACE,
    ),
)  # fmt: skip
END_OF_RECALL = Form(
    title=Text("结束召回", "End a recall"),
    intro=Text("结束之后，查码的公众不再看到这次召回。", "Once it has ended, whoever checks a code is no longer told of it."),
    parts=(
        _body("number", "召回编号", "Number", NUMBER, required=True),
        _body("reason", "为什么结束", "Why it ends", PROSE, required=True, example="已召回 96%，其余已核实报废"),
    ),
)  # fmt: skip

#: 同一标识, by what it is said of.
ALIASES: Mapping[str, Form] = {
    "batch": Form(
        title=Text("登记另一编码", "Register another code"),
        intro=Text("同一批货、同一盘货在别处的编码。登记后，查这个编码也能查到这里。", "The code of the same goods elsewhere. Once registered, it is found here too."),
        parts=(
            _body("scheme", "编码体系", "Scheme", choose(SCHEMES), required=True),
            _body("code", "编码", "Code", NUMBER, required=True, example="6901234567892"),
            _body("unit", "只指某一盘", "Of one unit only", UNIT),
            _body("ground", "依据", "Ground", PROSE),
        ),
    ),
    "goods": Form(
        title=Text("认定是谁的货", "Say whose goods they are"),
        intro=Text("查实之后写：是哪个批次，或真正的生产者是谁，二者取一。", "Once it is known: which batch they are of, or who really made them; one of the two."),
        parts=(
            _body("batch/code", "批次追溯码", "Batch code", NUMBER),
            _body("party", "真正的生产者", "Real maker", PARTY),
            _body("ground", "依据", "Ground", PROSE),
        ),
    ),
    "party": Form(
        title=Text("认定真实身份", "Say who it is"),
        intro=Text("这个单位后来查明是谁。", "Who this party turned out to be."),
        parts=(
            _body("party", "就是", "It is", PARTY, required=True),
            _body("ground", "依据", "Ground", PROSE),
        ),
    ),
}  # fmt: skip

# --- the public -------------------------------------------------------------------------------------------

_SUBMISSION: tuple[Part, ...] = (
    _body("text", "发生了什么", "What happened", PROSE, required=True, hint=Text("什么时候、在哪里、买了什么、有什么问题。", "When, where, what was bought, what is wrong.")),
    Blank(
        at="place/region", label=Text("在哪个县、区", "In which county"), way=REGION, required=True,
        hint=Text("买的地方或用的地方，由当地受理。", "Where it was bought or used: it is taken up there."), example="周口市川汇区",
    ),
    Blank(at="place/name", label=Text("具体地点", "Exact place"), way=WORDS, example="五一路建材市场 12 号"),
    _body("against_name", "商家或厂家的名称", "Name of the seller or maker", WORDS),
)  # fmt: skip


def _complainant(*, required: bool) -> tuple[Blank, ...]:
    """Name and phone number: both or none."""
    return (
        _body("complainant/name", "您的姓名", "Your name", WORDS, required=required),
        _body("complainant/phone", "联系电话", "Phone number", WORDS, required=required),
    )


#: Of a complaint and of a report, without what says which goods it is about.
SUBMISSIONS: Mapping[str, Form] = {
    "complaint": Form(
        title=KINDS["complaint"],
        intro=Text(
            "您买的东西有问题，想退、想换、想要赔偿：由市场监管部门调解。要留姓名和电话，否则没法调解。",
            "What you bought is faulty and you want it settled: the market regulator mediates. A name and a phone number are needed for that.",
        ),
        parts=(_SUBMISSION[0], _body("wants", "您想要", "What you want", choose(WANTS), required=True), *_SUBMISSION[1:], *_complainant(required=True)),
        button=Text("提交投诉", "Send the complaint"),
    ),
    "report": Form(
        title=KINDS["report"],
        intro=Text(
            "您知道有人造假、卖假：由市场监管部门核查。可以不留姓名；留了电话，才能问您细节、告诉您结果。",
            "You know of false goods being made or sold: the market regulator looks into it. No name is needed; with a phone number you can be asked and told.",
        ),
        parts=(*_SUBMISSION, *_complainant(required=False)),
        button=Text("提交举报", "Send the report"),
    ),
}  # fmt: skip
