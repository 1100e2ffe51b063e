"""The form of each step of a sample, made of what the table of steps wants of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import Text
from ..model.case_path import Move
from ..model.sample_path import (
    GROUNDS,
    OF_LABORATORY,
    OF_PARTY,
    SAMPLE_MOVES,
    SAMPLE_STEPS,
    SEALS,
    SIDES,
)
from ..queries.case_words import SERVICES
from ..queries.reports import VERDICTS
from .blanks import NUMBER, PARTY, PROSE, WORDS, Blank, Part, choose, pick
from .form_parts import Form, body, persons_as

_NUMBERS: Mapping[str, Text] = {
    "sealed": Text("封条编号", "Number of the seal"),
    "reported": Text("报告编号", "Number of the report"),
    "retested": Text("复检报告编号", "Number of the report"),
}
_TO: Mapping[str, Text] = {
    "handed-over": Text("交给（检验机构）", "To which laboratory"),
    "retest": Text("复检机构", "Laboratory of the retest"),
    "served": Text("告知的单位", "To whom it is served"),
    "asked": Text("标称生产者", "Nominal maker"),
    "returned": Text("退给", "To whom"),
}
_TEXTS: Mapping[str, Text] = {
    "objected": Text("异议的内容和理由", "What is objected to, and why"),
    "denied": Text("理由（标识、包装、销售记录等）", "Why (marks, packing, records of sales)"),
    "refused": Text("拒收的理由", "Why it is refused"),
    "dismissed": Text("核查情况和理由", "What was found, and why"),
    "not-the-makers": Text("核查情况和理由", "What was found, and why"),
    "upheld": Text("核查情况和理由", "What was found, and why"),
    "not-published": Text("不公布的理由", "Why it is not published"),
    "withdrawn": Text("撤回的理由", "Why it is withdrawn"),
}
_RESULTS = {name: VERDICTS[name] for name in ("pass", "fail")}
_UNREGISTERED = Text("没有登记的单位名称", "Its name, if it is not registered")


def form_of_sample_step(step: str, *, on_paper: bool = False) -> Form | None:
    """The form of a step of a sample; None for what is none. ``on_paper``: what another side did is entered by the authority."""
    move = next((move for move in SAMPLE_MOVES if move.step == step), None)
    if move is None:
        return None
    intro = Text(
        f"依据：{move.clause}。日期按文书或交接单填写。", f"By {move.clause}. The day is that of the paper."
    )
    if on_paper and step in OF_LABORATORY | OF_PARTY:
        intro = Text(
            f"对方没有账号、用纸质材料办理的，由本机关录入：记录会写明由谁录入。异议、确认和放弃要附扫描件。{intro.zh}",
            f"What the other side did on paper: that you entered it is recorded. An answer has its scan. {intro.en}",
        )
    return Form(title=SAMPLE_STEPS[step], intro=intro, parts=_parts(move, on_paper=on_paper))


def _parts(move: Move, *, on_paper: bool) -> tuple[Part, ...]:
    wanted = [name for each in move.wants for name in each.split("|")]
    own_answer = move.step in OF_PARTY and not on_paper  # whose it is, who speaks says
    names = [
        name
        for name in dict.fromkeys((*wanted, *move.may, "number", "text"))
        if not (own_answer and name in ("to", "to_name"))
    ]
    members: dict[str, Blank] = {
        "to": Blank(
            at="body/to", label=_TO.get(move.step, Text("单位", "Party")), way=PARTY,
            hint=Text("登记的全名或信用代码；没有登记的写在下一栏。", "Full name or credit code; of one that is not registered give the name below."),
        ),
        "to_name": Blank(at="body/to_name", label=_UNREGISTERED, way=WORDS),
        "side": body("side", "以何身份告知", "In which capacity", pick(SIDES)),
        "served_by": body("served_by", "送达方式", "Way of service", choose(SERVICES)),
        "seal": body("seal", "交接时封条", "The seal when it changed hands", pick(SEALS)),
        "result": body("result", "结论", "Result", pick(_RESULTS)),
        "ground": body("ground", "异议类别", "What is objected to", pick(GROUNDS)),
        "kept_at": body("kept_at", "备样存放在", "Where the reserve is kept", WORDS, example="市局样品室"),
        "number": Blank(at="body/number", label=_NUMBERS.get(move.step, Text("文号", "Number of the paper")), way=NUMBER),
        "text": Blank(at="body/text", label=_TEXTS.get(move.step, Text("说明", "In words")), way=PROSE),
    }  # fmt: skip
    parts = [replace(members[name], required=name in move.wants) for name in names]
    if move.step in ("sealed", "handed-over", "received", "testing"):
        role = "tester" if move.step in OF_LABORATORY else "sampler"
        return (*parts, persons_as(role, "经手人", "Handled by", spare=1))
    return tuple(parts)


def form_to_correct_sample(kind: str, said: Mapping[str, Any]) -> Form | None:
    """The form in which a step of a sample is corrected; None for other kinds. The step stays what it was."""
    return form_of_sample_step(said["step"], on_paper="to" in said) if kind == "sample-step" else None
