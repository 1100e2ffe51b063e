"""The forms of listed supervision 挂牌督办: what is listed, and each step."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text
from ..model.listings import LISTING_STEPS
from .blanks import DAY, NUMBER, PARTY, PROSE, WORDS, Part, choose
from .form_parts import PLACE, Form, body

NEW_LISTING = Form(
    title=Text("挂牌督办", "List for supervision"),
    intro=Text(
        "挂牌的地区、市场写在地区和地点，单位写在下面。本机关、责任机构和它们的上级看得到，其他人看不到。",
        "An area or a market goes into region and place, a party below. Your authority, the unit responsible and those above see it, nobody else does.",
    ),
    parts=(
        body("number", "文号", "Number", NUMBER, required=True, example="周市监督〔2026〕1号"),
        body("name", "挂牌名称", "What is listed", WORDS, required=True, example="五一路建材市场电线电缆"),
        *PLACE,
        body("party", "单位", "Party", PARTY, hint=Text("登记的全名或信用代码。不会通知对方。", "Full name as registered, or credit code. It is not told.")),
        body("reason", "理由", "Reason", PROSE, required=True),
        body("unit", "责任机构", "Responsible unit", PARTY, required=True),
        body("due", "整改期限", "By the day", DAY, required=True),
    ),
)  # fmt: skip


def form_of_listing_step(step: str, superiors: Mapping[str, str] | None = None) -> Form | None:
    """The form of a step; None for what is none. ``superiors``: to whom it can be reported, by id."""
    if step not in LISTING_STEPS:
        return None
    label = Text("结果", "Result") if step == "lifted" else Text("说明", "In words")
    parts: list[Part] = [body("text", label.zh, label.en, PROSE, required=True)]
    if step == "extended":
        parts.append(body("due", "新的期限", "New day", DAY, required=True))
    if step == "escalated":
        options = {id_: Text(name, name) for id_, name in (superiors or {}).items()}
        parts.append(body("to", "上报给", "To the superior", choose(options), required=True))
    intro = Text(
        "挂牌的机关、责任机构和它们的上级看得到。",
        "Whoever listed it, the unit responsible and those above see it.",
    )
    return Form(title=LISTING_STEPS[step], intro=intro, parts=tuple(parts))
