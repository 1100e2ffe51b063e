"""The forms of what makers and dealers record of themselves: a self-check along a checklist, and a quality commitment."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Text
from ..model.commitments import COMMITMENTS, all_commitments, newest_commitment
from .blanks import DAY, PROSE, WORDS, Rows, choose
from .form_parts import CHECKED, Form, body, inner, of_kind, persons_as

SELF_CHECK = of_kind(
    "self-check",
    Text(
        "逐项对照检查，发现的问题写明是否已整改。本单位和辖区的市场监管部门看得到，公众看不到。",
        "Item by item; of each problem say whether it is put right. Your organisation and the market regulators of its region see it, the public does not.",
    ),
    Rows(
        at="body/checklist", label=Text("检查表", "Checklist"), spare=2, grows=True,
        blanks=(
            inner("item", "检查项", "Item", WORDS, required=True),
            inner("result", "结果", "Result", choose(CHECKED), required=True),
            inner("note", "说明", "Note", WORDS),
        ),
    ),
    Rows(
        at="body/problems", label=Text("自己发现的问题", "Problems found"), spare=2, grows=True,
        hint=Text("一行一个，逐项进入排查台账，跟踪到销号。已整改的写整改日，没有的写期限。", "One a line: each is followed up until an authority closes it. Of what is put right give the day, of what is not the day by which."),
        blanks=(
            inner("text", "问题", "Problem", WORDS, required=True),
            inner("put_right_on", "整改日", "Put right on", DAY),
            inner("due", "期限", "By the day", DAY),
        ),
    ),
    body("findings", "自查情况", "What was seen", PROSE),
    persons_as("inspector", "自查人员", "Who checked"),
)  # fmt: skip
COMMITMENT = of_kind(
    "commitment",
    Text("选择承诺书。", "Choose the text."),
    body("form", "承诺书", "Text", choose({}), required=True),
    persons_as("other", "签署人（负责人）", "Signed by (who is responsible)"),
)


def signing(form: Form) -> Form:
    """The form of a commitment with the texts to choose from, and what the newest say."""
    texts = [newest_commitment(of) for of in COMMITMENTS]
    options = {
        each.id: Text(
            f"{COMMITMENTS[each.of].zh}（{each.since}）", f"{COMMITMENTS[each.of].en} ({each.since})"
        )
        for each in all_commitments()
    }
    zh = " ".join(f"{COMMITMENTS[each.of].zh}：{each.text.zh}" for each in texts)
    en = " ".join(f"{COMMITMENTS[each.of].en}: {each.text.en}" for each in texts)
    intro = Text(
        f"打印、签字、盖章后拍照或扫描，作为附件。{zh}",
        f"Print it, sign and seal it, and attach a photo or scan. {en}",
    )
    chosen = body("form", "承诺书", "Text", choose(options), required=True)
    return replace(form, intro=intro, parts=(chosen, *form.parts[1:]))
