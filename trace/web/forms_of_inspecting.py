"""The forms of supervision work: an inspection along a checklist, a planned visit, and what became of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import Text
from ..model.checklists import Checklist, checklist_called
from ..queries.wording import CREDIT_CLASSES, INSPECTIONS, RESULTS, STEPS, TOPICS
from .blanks import DAY, NUMBER, PROSE, REGION, UNITS, WORDS, Blank, NamedRow, Rows, choose, pick
from .form_parts import CHECKED, OFFICERS, PLACE, Form, body, inner, of_kind, persons_as

_CHECKLIST = Rows(
    at="body/checklist", label=Text("检查表", "Checklist"), spare=2, grows=True,
    blanks=(
        inner("item", "检查项", "Item", WORDS, required=True),
        inner("result", "结果", "Result", choose(CHECKED), required=True),
        inner("note", "说明", "Note", WORDS),
    ),
)  # fmt: skip
INSPECTION = of_kind(
    "inspection",
    Text("检查时看到的情况。", "What was seen on inspection."),
    body("type", "检查类型", "Type", choose(INSPECTIONS), required=True),
    body("number", "检查记录编号", "Number", NUMBER, required=True, example="周市监检〔2026〕31号"),
    body("units", "涉及的盘（卷）", "Drums or coils", UNITS, example="1-4"),
    _CHECKLIST,
    body("findings", "检查情况", "What was seen", PROSE),
    Rows(
        at="body/defects", label=Text("发现的问题", "Problems found"), spare=2, grows=True,
        hint=Text("一行一个，逐项进入排查台账，跟踪到销号。", "One a line: each is followed up until it is closed."),
        blanks=(
            inner("text", "问题", "Problem", WORDS, required=True),
            inner("due", "整改期限", "By the day", DAY),
        ),
    ),
    body("result", "结论", "Result", choose(RESULTS), required=True),
    body("rectification", "改正要求", "To be put right", PROSE),
    body("due", "改正期限", "By the day", DAY, hint=Text("没有单独写期限的问题按此日期。", "For problems without a day of their own.")),
    persons_as("officer", "检查人员（两名）", "Officers (two)", spare=2),
    *PLACE,
)  # fmt: skip
VISIT_PLAN = of_kind(
    "visit-plan",
    Text(
        "事先计划的检查。只有本机关看得到：对方在账本、列表、搜索里都看不到它。检查开始后，从计划里打开检查表登记。",
        "A visit that is planned beforehand. Your authority alone sees it; whom it is about finds it nowhere. When the visit begins, record "
        "it from the plan.",
    ),
    body("number", "计划编号", "Number", NUMBER, required=True, example="周市监飞检〔2026〕3号"),
    body("type", "检查类型", "Type", choose(INSPECTIONS), required=True),
    body("opens_on", "开始日", "From the day", DAY, required=True),
    body("closes_on", "结束日", "To the day", DAY, required=True),
    body("reason", "事由", "Reason", PROSE),
    OFFICERS,
    Blank(at="place/region", label=Text("地区", "Region"), way=REGION, example="川汇区"),
)  # fmt: skip
TECHNICAL_HELP = of_kind(
    "technical-help",
    Text(
        "一次上门的免费帮扶，记入月报第 4 行：同一家几次，家数计一，次数逐次计。",
        "One visit of help, free of charge. It counts in row 4 of the monthly form: an enterprise once, each visit by itself.",
    ),
    body("number", "记录编号", "Number", NUMBER, required=True, example="周市监帮〔2026〕3号"),
    body("topic", "内容", "Topic", choose(TOPICS), required=True),
    body("text", "说明", "In words", PROSE),
    OFFICERS,
    *PLACE,
)
CREDIT_CLASS = of_kind(
    "credit-class",
    Text(
        "照官方的企业信用风险分类抄录，日期写分类的日子。列在本平台自己的风险等级旁边，不参加计算；只有所在地区的市场监管部门看得到。",
        "The official class as it was given, with the day of the classification. It stands beside the platform’s own risk class and is no part of "
        "it; the market regulators of the party’s region alone see it.",
    ),
    body("letter", "类别", "Class", pick(CREDIT_CLASSES), required=True),
    body("source", "来源", "Source", WORDS, required=True, example="省企业信用风险分类管理系统，2026 年第一次分类"),
    body("number", "文号或批次", "Number of the paper or batch", NUMBER),
)  # fmt: skip
_RECTIFICATION = of_kind(
    "rectification",
    Text("写明做了什么，附整改后的照片或单据。", "Say what was done, with photos or papers of it."),
    body("step", "进展", "What became of it", pick(STEPS), required=True),
    body("text", "说明", "In words", PROSE, required=True),
    body(
        "due",
        "新的期限",
        "New day",
        DAY,
        hint=Text("复查不合格、延期时填。", "Where it is not fixed, or put off."),
    ),
    *PLACE,
)
RECTIFICATION = _RECTIFICATION
#: Of whoever was inspected, who reports and closes nothing.
RECTIFICATION_REPORTED = replace(
    _RECTIFICATION,
    parts=tuple(part for part in _RECTIFICATION.parts if part.at not in ("body/step", "body/due")),
)


def along(form: Form, items: Iterable[tuple[str, str, str]]) -> Form:
    """The form of an inspection with a row for each item: code, what is recorded of it, and what else is shown with it."""
    rows = tuple(
        NamedRow(Text(f"{code} {said}", f"{code} {shown or said}"), {"code": code, "item": said})
        for code, said, shown in items
    )
    blanks = (
        inner("result", "结果", "Result", pick(CHECKED), required=True),
        inner("note", "说明", "Note", WORDS),
    )
    named = replace(_CHECKLIST, blanks=blanks, named=rows, spare=0, grows=False)
    return replace(form, parts=tuple(named if part.at == named.at else part for part in form.parts))


def along_list(form: Form, checklist: Checklist) -> Form:
    return along(form, ((item.code, item.text.zh, item.text.en) for item in checklist.items))


def along_answers(form: Form, body: Mapping[str, Any]) -> Form:
    """The form of an inspection that is corrected: of what it answered, item by item."""
    answered: Sequence[Mapping[str, Any]] = body.get("checklist") or ()
    if not answered or any(not each.get("code") for each in answered):
        return form
    known = checklist_called(body.get("form") or "")
    items = []
    for each in answered:
        item = None if known is None else known.item(each["code"])
        items.append((each["code"], each["item"], each["item"] if item is None else item.text.en))
    return along(form, items)
