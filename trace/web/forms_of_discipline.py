"""The forms of clues about officials 行纪衔接: a new one, and each step. Whoever can be named is proposed by the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..errors import Text
from ..model.discipline import DISCIPLINE_STEPS, OUTCOMES, grounds_on
from .blanks import NUMBER, PROSE, WORDS, Part, choose, tick_some
from .form_parts import Form, body

_WHO_KNOWS = Text(
    "只有登记人、指定的经办人和审批人知道有这条线索；本单位其他人、上级和运维都看不到。",
    "Only who draws it up, who is named to handle it and who signs know that it is there; nobody else of your authority, above it or at the operator does.",
)


def form_of_discipline(colleagues: Mapping[str, Text], today: date) -> Form:
    """A new one. ``colleagues``: accounts that can be named, by id."""
    grounds = {code: each.title for code, each in grounds_on(today).items()}
    return Form(
        title=Text("移送行纪线索", "Transfer a clue about an official"),
        intro=_WHO_KNOWS,
        parts=(
            body("number", "线索编号", "Number", NUMBER, required=True, example="周市监纪线〔2026〕1号"),
            body("official/name", "被反映人", "The official", WORDS, required=True, hint=Text("姓名只给知悉此线索的人看，账本上只有承诺值。不知道姓名的写「不详」。", "The name is shown to who may know of the clue; the ledger has a commitment only. Where it is not known, write 不详.")),
            body("official/unit", "所在单位", "Where he works", WORDS, required=True),
            body("official/post", "职务", "Post", WORDS),
            body("ground", "情形", "Ground", choose(grounds), required=True),
            body("facts", "线索内容", "What was found", PROSE, required=True),
            body("organ", "移送给", "To which organ", WORDS, required=True, example="周口市监察委员会"),
            body("signer", "审批人", "Who signs", choose(colleagues), required=True, hint=Text("本单位或上级单位的负责人，不能是登记人自己。", "A head of your authority or of one above it, another one than you.")),
            body("handlers", "经办人", "Who handles it", tick_some(colleagues)),
        ),
    )  # fmt: skip


def form_of_discipline_step(step: str, colleagues: Mapping[str, Text]) -> Form | None:
    """The form of a step; None for what is none."""
    if step not in DISCIPLINE_STEPS:
        return None
    number = body("number", "文号", "Number", NUMBER, required=step == "transferred")
    text = body("text", "说明", "In words", PROSE, required=step in ("refused", "dropped", "answered"))
    parts: Mapping[str, tuple[Part, ...]] = {
        "approved": (body("number", "移送函文号", "Number of the letter", NUMBER), text),
        "transferred": (number, text),
        "answered": (
            body("outcome", "结果", "Outcome", choose(OUTCOMES), required=True),
            body("number", "来文文号", "Number of its paper", NUMBER),
            text,
        ),
        "handlers": (
            body("handlers", "经办人", "Who handles it", tick_some(colleagues), hint=Text("勾选的人知悉，没有勾选的从此看不到。", "Those ticked know of it, the others no longer do.")),
            body("text", "原因", "Why", PROSE, required=True),
        ),
    }  # fmt: skip
    return Form(title=DISCIPLINE_STEPS[step], intro=_WHO_KNOWS, parts=parts.get(step, (text,)))
