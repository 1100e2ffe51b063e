"""The forms of special campaigns: the programme with its phases and tasks, and what units report of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Text
from ..model.kinds import KINDS
from ..model.programmes import ABOUT, OF_A_TASK, PROGRAMME_STEPS
from .blanks import (
    DAY,
    LINES,
    NUMBER,
    PARTIES,
    PARTY,
    PROSE,
    WHOLE,
    WORDS,
    Blank,
    Part,
    Rows,
    choose,
    tick_some,
)
from .form_parts import Form, body, inner

ASKED: Mapping[str, Text] = {kind: KINDS[kind] for kind in ("self-check", "commitment")}
NEW_PROGRAMME = Form(
    title=Text("部署专项行动", "Run a programme"),
    intro=Text(
        "本机关、所属机构和上级看得到；企业和其他地区看不到。内容有变的，更正这一项。",
        "Your authority, its units and those above see it; no organisation and no other region does. Where it changes, correct it.",
    ),
    parts=(
        body("number", "文号", "Number", NUMBER, required=True, example="周市监办〔2026〕20号"),
        body("name", "名称", "Name", WORDS, required=True, example="电线电缆质量安全专项行动"),
        body("basis", "依据的文件", "Documents that it rests on", LINES, hint=Text("一行一份。", "One a line.")),
        Rows(
            at="body/phases", label=Text("阶段", "Phases"), spare=3, grows=True,
            hint=Text("可以重叠。", "They may overlap."),
            blanks=(
                inner("name", "名称", "Name", WORDS, required=True),
                inner("opens_on", "第一天", "First day", DAY, required=True),
                inner("closes_on", "最后一天", "Last day", DAY, required=True),
            ),
        ),
        Rows(
            at="body/tasks", label=Text("任务", "Tasks"), spare=3, grows=True,
            hint=Text("编号如 1、2a，更正时不要改。没有写完成日的，到阶段最后一天。", "Codes such as 1 or 2a stay when it is corrected. Without a day of its own a task is due when its phase ends."),
            blanks=(
                inner("code", "编号", "Code", NUMBER, required=True),
                inner("text", "任务", "Task", PROSE, required=True),
                inner("units", "承担机构（一行一个）", "Units that have it (one a line)", PARTIES, required=True),
                inner("phase", "第几阶段", "Which phase", WHOLE),
                inner("about", "对象", "About whom", choose(ABOUT)),
                inner("due", "完成日", "By the day", DAY),
                inner("asks", "要求企业办理（企业看得到）", "Asked of those whom it is about (they are told)", tick_some(ASKED)),
            ),
        ),
        body("summary_due", "总结报送日", "Day of the summary", DAY),
        body("text", "要求", "In words", PROSE),
    ),
)  # fmt: skip

_FOR = body(
    "unit", "代哪个机构录入", "For which unit", PARTY,
    hint=Text("本机构自己的报告不填。", "Left empty for your own."),
)  # fmt: skip
_FIGURES = Rows(
    at="body/figures", label=Text("数据", "Figures"), spare=2, grows=True,
    blanks=(
        inner("name", "项目", "What", WORDS, required=True),
        inner("value", "数", "Number", WORDS, required=True),
        inner("unit", "单位", "Unit", WORDS),
    ),
)  # fmt: skip


def form_of_report(
    step: str,
    *,
    tasks: Mapping[str, Text] | None = None,
    matters: Mapping[str, Mapping[str, Text]] | None = None,
) -> Form | None:
    """The form of a report; None for what is none. ``tasks`` by their codes, ``matters`` the cases and leads to choose from, by their ids."""
    if step not in PROGRAMME_STEPS:
        return None
    parts: list[Part] = []
    if step in OF_A_TASK:
        parts.append(body("task", "任务", "Task", choose(tasks or {}), required=True))
    if step == "major-case":
        chosen = matters or {}
        parts += [
            body("case", "案件", "Case", choose(chosen.get("case", {}))),
            body(
                "lead", "线索（没有立案的）", "Lead (where no case is filed)", choose(chosen.get("lead", {}))
            ),
        ]
    if step != "ended":
        parts.append(_FOR)
    parts.append(_text(step))
    if step not in ("major-case", "ended"):
        parts.append(_FIGURES)
    return Form(title=PROGRAMME_STEPS[step], intro=_INTROS.get(step, _INTRO), parts=tuple(parts))


def _text(step: str) -> Blank:
    label = Text("总结", "Summary in words") if step == "summary" else Text("说明", "In words")
    return body("text", label.zh, label.en, PROSE, required=True)


_INTRO = Text(
    "本机构、上级和部署的机关看得到；同级的其他机构看不到。",
    "Your unit, those above it and whoever issued the programme see it; other units of your level do not.",
)
_INTROS: Mapping[str, Text] = {
    "summary": Text(
        "数据按账本现在的情况填好，可以改；报送时连同账本序号固定。",
        "The figures are those of the ledger as it is now, and may be changed; they are frozen with its index.",
    ),
}


def form_to_correct_programme(kind: str, said: Mapping[str, Any]) -> Form | None:
    """The form in which what was said of a programme is corrected; None for other kinds. A report stays of its task or matter."""
    if kind == "programme":
        return NEW_PROGRAMME
    if kind != "programme-step":
        return None
    form = form_of_report(said["step"])
    assert form is not None, "every step on record is one of the table"
    kept = ("body/task", "body/case", "body/lead")
    return Form(
        title=form.title, intro=form.intro, parts=tuple(part for part in form.parts if part.at not in kept)
    )
