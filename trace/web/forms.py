"""The forms of the house: which blanks each kind of event has when a person enters or corrects it by hand.

A table of words and ways; how a blank is read stands in `blanks`, what is done with the draft in the routes. Values
of fixed vocabularies have their words where readings have them, so that a form and a timeline say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import Text
from ..model.kinds import KINDS
from ..model.rules_of_permission import CERTIFICATE_STATUS, OPINION
from ..queries.certificates import CERTIFICATES
from ..queries.reports import TYPES, VERDICTS
from ..queries.wording import (
    BUYERS,
    FOUND,
    LEVELS,
    MEASURES,
    REASONS,
    REPLIES,
    SAMPLINGS,
)
from .blanks import (
    DAY,
    INDICATOR,
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
    TICK,
    UNIT,
    WORDS,
    Blank,
    Rows,
    choose,
    pick,
    tick_some,
)
from .form_parts import (
    ABOUT_MEASURE,
    ACCEPTED,
    AGAINST,
    AT_PROJECT,
    BACK_TO,
    BASIS,
    CONFIRMED,
    DAYS,
    DELIVERY_NOTE,
    DRUMS,
    LOOSE,
    MATERIALS,
    MEASURE_NUMBER,
    MEASURED_LENGTHS,
    OFFICERS,
    OR_A_CODE,
    ORDER_NUMBER,
    PAPERS,
    PART_LENGTH,
    PART_OF,
    PHASES,
    PLACE,
    PRICE,
    REASON,
    REMEDIES,
    SCHEMES,
    TO_WHERE,
    TOTALS,
    Form,
    body,
    inner,
    of_kind,
    only,
    persons_as,
)
from .forms_of_certificates import COVERED
from .forms_of_inspecting import CREDIT_CLASS, INSPECTION, RECTIFICATION, TECHNICAL_HELP, VISIT_PLAN
from .forms_of_ordering import LINE_OF_AN_ORDER
from .forms_of_self_checks import COMMITMENT, SELF_CHECK

_AS_IT_WAS = Text("按实际情况写。", "As it really was.")

#: Every kind that a person enters by hand or corrects.
FORMS: Mapping[str, Form] = {
    # --- by hand
    "split": of_kind(
        "split",
        Text(
            "把一盘截成几段：每段取一个本批没有用过的新盘号。余下的仍在原盘上。",
            "A drum is cut into pieces: each takes a number that is new in the batch. The rest stays on the drum.",
        ),
        body("unit", "从哪一盘分切", "Unit to be cut", UNIT, required=True, example="12"),
        Rows(
            at="body/pieces", label=Text("切下的各段", "Pieces"), spare=3, grows=True,
            blanks=(
                inner("unit", "新盘号", "New number", UNIT, required=True),
                inner("length_mm", "长度（米）", "Length (m)", METRES, required=True),
                inner("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
            ),
        ),
        body("scrap_mm", "损耗（米）", "Scrap (m)", METRES, example="0.5"),
        body("number", "分切单号", "Number", NUMBER),
        asks=True,
    ),
    "return": of_kind(
        "return",
        Text(
            "把手里的货退回去。对方收货之前，账上记为在途。",
            "Goods in hand go back. Until the other side receives them the books have them in transit.",
        ),
        DRUMS, LOOSE, BACK_TO, TO_WHERE,
        body("reason", "原因", "Reason", only(REASONS, "recall", "quality", "surplus", "wrong-goods", "other"), required=True),
        DELIVERY_NOTE,
        body("note", "说明", "Note", PROSE),
        asks=True,
    ),
    "sale": of_kind(
        "sale",
        Text(
            "卖给不在本平台记账的买方。不写买方姓名：从此这些米数离开本平台的记录。",
            "To a buyer who keeps no books here. The buyer is not named; the metres leave these records.",
        ),
        DRUMS, PART_OF, PART_LENGTH,
        body("buyer", "卖给", "Sold to", choose(BUYERS), required=True),
        PRICE,
        body("number", "销售单号", "Number", NUMBER),
        asks=True,
    ),
    "disposal": of_kind(
        "disposal",
        Text("不再使用、已经或就要销毁的货。", "Goods that are no longer used and are or will be destroyed."),
        DRUMS, PART_OF, PART_LENGTH,
        body("reason", "原因", "Reason", only(REASONS, "recall", "quality", "damage", "offcut", "decision", "other"), required=True),
        body("number", "报废单号", "Number", NUMBER),
        body("note", "说明", "Note", PROSE),
        asks=True,
    ),
    "dispatch": of_kind(
        "dispatch",
        Text("发出手里的货。对方收货之前，账上记为在途。", "Goods in hand are sent. Until they are received the books have them in transit."),
        DRUMS, LOOSE,
        body("to", "发给谁", "To", PARTY, required=True, hint=BACK_TO.hint),
        TO_WHERE, DELIVERY_NOTE, ORDER_NUMBER,
        body("carrier", "承运", "Carrier", WORDS),
        PRICE,
        asks=True,
    ),
    "receipt": of_kind(
        "receipt",
        Text(
            "收到什么就写什么，与发货单不符的写在差异里。没有发货记录的盘按您量的长度记账，没量的按标签。",
            "What came, as it came; what differs from the note goes under differences. A drum without a dispatch is booked as you measured it, else as its label says.",
        ),
        DRUMS, LOOSE,
        body("sender", "谁发来的", "From", PARTY, hint=BACK_TO.hint),
        body("project", "直接到项目", "Straight to a project", PROJECT),
        body("delivery_note", "发货单号", "Delivery note", NUMBER),
        MEASURED_LENGTHS,
        body("differences", "差异", "Differences", PROSE),
    ),
    "use": of_kind(
        "use",
        Text("哪一段用到了哪个回路。", "Which metres lie in which circuit."),
        AT_PROJECT,
        body("unit", "哪一盘", "Unit", UNIT, example="12"),
        body("length_mm", "长度（米）", "Length (m)", METRES, required=True, example="60"),
        body("circuit", "回路、部位", "Circuit or place", WORDS, example="3 号楼配电干线"),
        body("number", "使用单号", "Number", NUMBER, required=True),
        body("first_mark_mm", "起始米标（米）", "First mark (m)", METRES),
        body("removed", "是拆除：从该处拆下，不再使用", "Removed: taken out of there again", TICK),
        asks=True,
    ),
    "inspection": INSPECTION,
    "visit-plan": VISIT_PLAN,
    "technical-help": TECHNICAL_HELP,
    "credit-class": CREDIT_CLASS,
    "self-check": SELF_CHECK,
    "commitment": COMMITMENT,
    "rectification": RECTIFICATION,
    "sampling": of_kind(
        "sampling",
        Text(
            "样品和备样从货里截走，封条只封样品，不封其余存货。",
            "The sample and its reserve are cut off; the seal binds the sample, not the stock that is left.",
        ),
        body("type", "抽样类型", "Type", choose(SAMPLINGS), required=True),
        body("number", "抽样单号", "Number", NUMBER, required=True, example="CY-2605-017"),
        body("unit", "从哪一盘抽", "Unit", UNIT, example="12"),
        body("length_mm", "样品长度（米）", "Sample (m)", METRES, example="3"),
        body("reserve_mm", "备样长度（米）", "Reserve (m)", METRES, example="3"),
        body("seal", "封样编号", "Seal", NUMBER),
        body("lot_size_mm", "抽样基数（米）", "Lot size (m)", METRES),
        body("level", "抽查级别", "Level", choose(LEVELS)),
        body("plan", "抽查方案", "Plan", WORDS),
        body("authority", "委托的部门", "Commissioning authority", PARTY),
        persons_as("sampler", "抽样人员（两名）", "Samplers (two)", spare=2),
        *PLACE,
    ),
    "measure": of_kind(
        "measure",
        Text(
            "三种措施分开：先行登记保存 7 个工作日，到期自动失效；查封、扣押 30 日，可延长一次，须作出决定才结束。扣押、没收后货物由本机关保管。",
            "Three measures kept apart: registration lapses after 7 working days; sealing and seizure run 30 days, extended once, and end by a decision. Seized and confiscated goods are in this authority's custody.",
        ),
        body("action", "措施", "Measure", choose(MEASURES), required=True),
        MEASURE_NUMBER, ABOUT_MEASURE, DRUMS, LOOSE, AGAINST, DAYS, BASIS, REASON, OFFICERS, *PLACE,
    ),
    "recall": of_kind(
        "recall",
        Text(
            "召回一开始，查码的公众就会看到召回和处理办法。不写盘号就是整批召回。",
            "From its beginning everybody who checks a code is told of the recall. Without units it is the whole batch.",
        ),
        body("phase", "阶段", "Phase", choose(PHASES), required=True),
        body("number", "召回编号", "Number", NUMBER, required=True, example="ZH-2026-01"),
        DRUMS,
        body("reason", "原因", "Reason", PROSE, required=True),
        body("remedy", "处理办法", "Remedy", choose(REMEDIES), required=True),
        body("instructions", "请持有人怎么做", "What holders are to do", PROSE, example="停止使用，拨打销售单上的电话办理退货"),
        body("ordered", "由主管部门责令", "Ordered by an authority", TICK),
    ),
    "notice": of_kind(
        "notice",
        Text("告诉有关单位它们应当知道的事；收到的单位在自己的工作台上看到，并在那里反馈。", "Tells parties what they must know; they see it on their desk and answer there."),
        body("number", "文号", "Number", NUMBER, required=True, example="周市监函〔2026〕8号"),
        body("recipients", "发给", "Recipients", PARTIES, required=True, hint=Text("一行一个：登记的全名或信用代码。", "One a line: full name as registered, or credit code.")),
        body("text", "内容", "Text", PROSE, required=True),
        DRUMS,
        body("projects", "涉及的项目", "Projects concerned", PROJECTS),
    ),
    "notice-reply": of_kind(
        "notice-reply",
        Text("写明做了什么。", "What was done."),
        body("action", "处置", "What was done", choose(REPLIES), required=True),
        body("text", "说明", "In words", PROSE, required=True),
        body("length_mm", "涉及长度（米）", "Metres concerned", METRES),
        body("number", "文号", "Number", NUMBER),
    ),
    "alert-finding": of_kind(
        "alert-finding",
        Text(
            "看过实物再下结论。确认后，公众查这个码时会看到「已确认有复制」、日期和地区（到市），看不到说明；排除后，同一规则半年内不再就这个码提醒。",
            "Look at the goods first. Once confirmed, whoever checks this code reads that copies are confirmed, the day and the "
            "region (the city), and not what you write; once dismissed, the same rule is silent about this code for half a year.",
        ),
        body("result", "结论", "Result", choose(FOUND), required=True),
        body("text", "查到了什么，或为什么排除", "What was found, or why it is dismissed", PROSE, required=True),
        *PLACE,
        OFFICERS,
    ),
    "confirmation": of_kind(
        "confirmation",
        Text("核实之后确认或否认。", "Confirmed or denied after it was looked into."),
        body("result", "结论", "Result", choose(CONFIRMED), required=True),
        body("text", "依据", "Ground", PROSE),
    ),
    # --- corrected only
    "certificate": of_kind(
        "certificate", _AS_IT_WAS,
        body("type", "种类", "Kind", choose(CERTIFICATES), required=True),
        body("validity/valid_from", "有效期起", "Valid from", DAY, required=True),
        body("validity/valid_to", "有效期止", "Valid to", DAY, required=True),
        body("status", "状态", "State", choose(CERTIFICATE_STATUS), required=True),
        body("issued_by", "发证机构", "Issuer", PARTY, hint=Text("在平台登记的机构；没有登记的写在下一栏。", "An organisation of the register; of any other give the name below.")),
        body("issuer", "发证机构名称", "Name of the issuer", WORDS),
        body("covers", "能力范围", "Covers", LINES, hint=Text("一行一项。", "One a line.")),
        *COVERED,
    ),
    "grant": of_kind(
        "grant", _AS_IT_WAS,
        body("kinds", "可代录的事项", "May enter", tick_some(KINDS), required=True),
        body("validity/valid_from", "有效期起", "Valid from", DAY, required=True),
        body("validity/valid_to", "有效期止", "Valid to", DAY, required=True),
    ),
    "order": of_kind(
        "order", _AS_IT_WAS,
        body("supplier", "供方", "Supplier", PARTY, required=True),
        body("buyer", "需方", "Buyer", PARTY, required=True),
        Rows(
            at="body/items", label=Text("订货明细", "Items"), spare=1,
            blanks=LINE_OF_AN_ORDER,
        ),
        body("project", "项目", "Project", PROJECT),
    ),
    "production": of_kind(
        "production", _AS_IT_WAS,
        body("product", "产品编号", "Product", NUMBER, required=True),
        body("length_mm", "总长度（米）", "Total length (m)", METRES, required=True),
        TOTALS,
        body("loose_mm", "散装（米）", "Loose (m)", METRES),
        body("designation", "型号规格", "Designation", WORDS),
        body("line", "生产线", "Line", WORDS),
        body("shift", "班次", "Shift", WORDS),
        Rows(
            at="body/materials", label=Text("原材料", "Material"), spare=1,
            blanks=(
                inner("material", "材料", "Material", choose(MATERIALS), required=True),
                inner("lot", "批号", "Lot", NUMBER),
                inner("mass_g", "质量（千克）", "Mass (kg)", KILOGRAMS),
            ),
        ),
    ),
    # --- the test report, and what is said at a gate
    "testing": of_kind(
        "testing",
        Text(
            "照报告抄：一行一个检测值，用报告上的单位。国标里有限值的，记录后就显示在旁边。",
            "As the report has it: one value a line, in the report's own unit. Where a standard sets a limit, it stands beside the value once this is recorded.",
        ),
        body("type", "检测类型", "Type", choose(TYPES), required=True),
        body("report", "报告编号", "Report", NUMBER, required=True, example="WT-2605-0412"),
        body("sampled_unit", "样品取自哪一盘", "Unit sampled", UNIT, hint=OR_A_CODE, example="12"),
        body("sampling", "抽样单号", "Sampling", NUMBER),
        body("cma", "CMA 证书号", "CMA number", NUMBER, hint=Text("12 位数字；没有资质认定的不填。", "12 digits; none without accreditation.")),
        Rows(
            at="body/items", label=Text("检测值", "Values"), spare=3, grows=True,
            blanks=(
                inner("indicator", "指标", "Indicator", INDICATOR, required=True),
                inner("value", "实测值", "Value", MEASURED, required=True),
                inner("unit", "单位", "Unit", WORDS, required=True),
                inner("core", "线芯", "Core", WORDS),
                inner("method", "方法", "Method", WORDS),
                inner("temperature_celsius", "温度（℃）", "At (°C)", MEASURED),
                inner("uncertainty", "不确定度 U", "Uncertainty U", MEASURED),
                inner("declared", "报告判定", "By the report", choose(VERDICTS)),
            ),
        ),
        body("instrument", "快速检测的仪器", "Instrument of a quick test", WORDS, hint=Text("快速检测不作为判定合格与否的依据。", "A quick test is no verdict in law.")),
        body("conclusion", "报告结论", "Conclusion", pick(VERDICTS)),
        persons_as("tester", "检测员", "Tester"),
    ),
    "acceptance": of_kind(
        "acceptance",
        Text("到货时看到什么就写什么；拒收也要写。", "What was seen when the goods came; a rejection is written down too."),
        replace(DRUMS, required=True),
        body("result", "结果", "Result", pick(ACCEPTED), required=True),
        AT_PROJECT,
        body("number", "验收单号", "Number", NUMBER, required=True, example="YS-2605-008"),
        body("papers", "随货文件", "Papers", choose(PAPERS)),
        body("appearance", "外观", "Appearance", WORDS, example="护套完好，标识清楚"),
        body("delivery_note", "发货单号", "Delivery note", NUMBER),
        MEASURED_LENGTHS,
        persons_as("acceptor", "验收人", "Accepted by"),
    ),
    "supervision": of_kind(
        "supervision",
        Text(
            "未经监理工程师同意，电缆不得用于工程（建设工程质量管理条例第三十七条）。",
            "Without the engineer's consent no cable is laid (建设工程质量管理条例 art. 37).",
        ),
        replace(DRUMS, required=True),
        body("opinion", "监理意见", "Opinion", pick(OPINION), required=True),
        AT_PROJECT,
        body("number", "监理单号", "Number", NUMBER, required=True, example="JL-2605-011"),
        body("seal", "封样编号", "Seal", NUMBER),
        persons_as("engineer", "监理工程师", "Engineer"),
    ),
}  # fmt: skip

#: A reply to a notice; to take a matter up, to mediate and to close it answers complaints.
REPLY_TO_NOTICE = replace(
    FORMS["notice-reply"],
    parts=tuple(
        replace(part, way=only(REPLIES, "none-found", "under-watch", "use-stopped", "replaced", "removed", "returned", "other"))
        if isinstance(part, Blank) and part.at == "body/action" else part
        for part in FORMS["notice-reply"].parts
    ),
)  # fmt: skip
#: A measure that is new, and what is decided about one that was taken.
NEW_MEASURE = Form(
    title=FORMS["measure"].title,
    intro=FORMS["measure"].intro,
    parts=(
        body("action", "措施", "Measure", only(MEASURES, "register", "seal", "seize", "confiscate"), required=True),
        MEASURE_NUMBER, DRUMS, LOOSE, AGAINST, BASIS, REASON, OFFICERS, *PLACE,
    ),
)  # fmt: skip
FURTHER_MEASURE = Form(
    title=Text("处理已有的措施", "Deal with a measure"),
    intro=Text(
        "延长、检测期间要写天数；解除、没收可以只写其中几盘，不写就是全部。",
        "An extension and a test say how many days; release and confiscation may name some units, else it is all of them.",
    ),
    parts=(
        body("action", "怎么处理", "What is done", only(MEASURES, "extend", "test", "release", "seize", "confiscate"), required=True),
        body("of", "针对哪一份文书", "About the measure", NUMBER, required=True),
        MEASURE_NUMBER, DAYS, DRUMS, BASIS, REASON, OFFICERS, *PLACE,
    ),
)  # fmt: skip
END_OF_RECALL = Form(
    title=Text("结束召回", "End a recall"),
    intro=Text("结束之后，查码的公众不再看到这次召回。", "Once it has ended, whoever checks a code is no longer told of it."),
    parts=(
        body("number", "召回编号", "Number", NUMBER, required=True),
        body("reason", "为什么结束", "Why it ends", PROSE, required=True, example="已召回 96%，其余已核实报废"),
    ),
)  # fmt: skip

#: 同一标识, by what it is said of.
ALIASES: Mapping[str, Form] = {
    "batch": Form(
        title=Text("登记另一编码", "Register another code"),
        intro=Text("同一批货、同一盘货在别处的编码。登记后，查这个编码也能查到这里。", "The code of the same goods elsewhere. Once registered, it is found here too."),
        parts=(
            body("scheme", "编码体系", "Scheme", choose(SCHEMES), required=True),
            body("code", "编码", "Code", NUMBER, required=True, example="6901234567892"),
            body("unit", "只指某一盘", "Of one unit only", UNIT),
            body("ground", "依据", "Ground", PROSE),
        ),
    ),
    "goods": Form(
        title=Text("认定是谁的货", "Say whose goods they are"),
        intro=Text("查实之后写：是哪个批次，或真正的生产者是谁，二者取一。", "Once it is known: which batch they are of, or who really made them; one of the two."),
        parts=(
            body("batch/code", "批次追溯码", "Batch code", NUMBER),
            body("party", "真正的生产者", "Real maker", PARTY),
            body("ground", "依据", "Ground", PROSE),
        ),
    ),
    "party": Form(
        title=Text("认定真实身份", "Say who it is"),
        intro=Text("这个单位后来查明是谁。", "Who this party turned out to be."),
        parts=(
            body("party", "就是", "It is", PARTY, required=True),
            body("ground", "依据", "Ground", PROSE),
        ),
    ),
}  # fmt: skip
