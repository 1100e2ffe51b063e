"""Rules about legal measures and recalls, and about goods that are held."""

from __future__ import annotations

from typing import Any

from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .effects_of_measures import ends_recall
from .holding import HOLDS, LONGEST_EXTENSION_DAYS, in_force
from .involvement import knows
from .quantities import show_metres
from .reach import CUSTODY, in_hand, known_batch
from .rules_of_speaking import AUTHORITIES, acts_as
from .state import Book, Hold


def _goods_held(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.occurred_on is None or getattr(draft.body, "removed", False):
        return None  # what is laid is on no drum that could be held
    for hold in known[1].holds:
        if not in_force(hold, draft.occurred_on, claim.state.calendar) or hold.by == claim.speaker:
            continue  # whoever holds goods may act on them
        if hold.type == "recall" and draft.kind in _REMEDIES:
            continue
        if hold.type == "recall" and draft.kind == "receipt" and claim.speaker == known[0].maker:
            continue  # they come back to where they are to be returned
        held = _touched(hold, draft, known[1], claim.speaker)
        if held is not None and not knows(claim, known[0].code):
            return Finding(
                "/body/units" if held else "/body/length_mm",
                held,
                Text("这些货物现在不得动用", "these goods must not be moved now"),
                Text(
                    "请联系供货方或当地市场监管部门", "ask who supplies them, or the market regulator there"
                ),
            )
        if held is not None:
            what = HOLDS[hold.type]
            return Finding(
                "/body/units" if held else "/body/length_mm",
                held,
                Text(
                    f"{f'{held} 号盘（卷）' if held else '散装货物'}正被{what.zh}（{hold.number}）",
                    f"{f'units {held} are' if held else 'the loose goods are'} {what.en} ({hold.number})",
                ),
                Text("召回货物应退回或销毁", "recalled goods are to be returned or destroyed")
                if hold.type == "recall"
                else Text(
                    "货物留在原处；由作出措施的机关解除后再动",
                    "leave the goods where they are until the authority that holds them releases them",
                ),
            )
    return None


#: What a recall asks for.
_REMEDIES = frozenset({"return", "disposal"})


def _touched(hold: Hold, draft: Any, book: Book, speaker: str) -> str | None:
    """The held units that a draft moves, as text; empty text for a loose length, None for nothing."""
    body = draft.body
    unit = getattr(body, "unit", None)
    ranges = ((unit, unit),) if unit is not None else body.units if hasattr(body, "units") else ()
    if not ranges:
        return "" if not hold.first and _reaches_what_is_held(hold, draft, book, speaker) else None
    both = [
        UnitRange(max(first, hold.first), min(last, hold.last))
        for first, last in ranges
        if max(first, hold.first, 1) <= min(last, hold.last)
    ]
    return format_units(both) if both else None


def _reaches_what_is_held(hold: Hold, draft: Any, book: Book, speaker: str) -> bool:
    """Whether a loose length cannot be had without touching what a hold keeps of the speaker's."""
    if hold.type in CUSTODY:
        return False  # the authority has those metres, and nobody else's are held
    if hold.origin is None:
        return True  # all loose metres, whoever has them
    if hold.origin.party != speaker:
        return False
    there_mm = sum(mm for account, mm in book.loose.items() if in_hand(account, speaker))
    return bool(draft.body.length_mm > there_mm - hold.length_mm)


def _measure_incomplete(claim: Claim, draft: drafts.MeasureDraft) -> Finding | None:
    body = draft.body
    missing: tuple[str, Text] | None = None
    if body.action in ("extend", "test", "release") and body.of is None:
        missing = "/body/of", Text("所针对措施的文书号", "the number of the measure that it is about")
    elif body.action in ("extend", "test") and body.days is None:
        missing = "/body/days", Text("天数", "the number of days")
    elif body.length_mm is not None and (body.units or body.of is not None):
        return Finding(
            "/body/length_mm",
            show_metres(body.length_mm),
            Text(
                "散装长度不与盘号、所针对的措施同写",
                "a loose length stands alone: without units, and without a measure that it is about",
            ),
            Text("分作两次措施", "take two measures"),
        )
    if missing is None:
        return None
    return Finding(
        missing[0], "", Text(f"还应写明{missing[1].zh}", f"{missing[1].en} is to be given as well")
    )


def _meant(claim: Claim, draft: drafts.MeasureDraft) -> list[Hold] | None:
    """The holds of the measure that a draft names; None where it names none, or no batch.

    What was seized is released, not sealed: a registration or a seal takes the place of these two alone.
    """
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.of is None:
        return None
    in_place = ("register", "seal")
    sorts = in_place if draft.body.action in in_place else (*in_place, "seize", "confiscate")
    return [
        hold
        for hold in known[1].holds
        if hold.type in sorts and hold.by == claim.speaker and hold.number == draft.body.of
    ]


def _measure_unknown(claim: Claim, draft: drafts.MeasureDraft) -> Finding | None:
    meant = _meant(claim, draft)
    if meant is None or meant:
        return None
    return Finding(
        "/body/of",
        draft.body.of or "",
        Text(
            "本机关没有对这个批次作出过该文书号的措施",
            "this authority took no measure of that number on this batch",
        ),
        Text("核对文书号", "check the number"),
    )


def _measure_ended(claim: Claim, draft: drafts.MeasureDraft) -> Finding | None:
    meant, on = _meant(claim, draft), draft.occurred_on
    if not meant or on is None or any(hold.ended_on is None for hold in meant):
        return None
    ended = max(hold.ended_on for hold in meant if hold.ended_on is not None)
    return Finding(
        "/body/of",
        draft.body.of or "",
        Text(f"该措施已于 {ended} 结束", f"this measure ended on {ended}"),
        Text("另行作出措施", "take a measure anew"),
    )


def _measure_number_taken(claim: Claim, draft: drafts.MeasureDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.action not in ("register", "seal", "seize", "confiscate"):
        return None
    if all(
        h.type == "recall" or (h.by, h.number) != (claim.speaker, draft.body.number) for h in known[1].holds
    ):
        return None
    return Finding(
        "/body/number",
        draft.body.number,
        Text("本机关已用过这个文书号", "this authority has used this number already"),
        Text("核对文书号", "check the number"),
    )


def _extension_too_long(claim: Claim, draft: drafts.MeasureDraft) -> Finding | None:
    meant, body = _meant(claim, draft), draft.body
    if not meant or body.action not in ("extend", "test") or body.days is None:
        return None
    if any(hold.type not in ("seal", "seize") for hold in meant):
        reason = Text(
            "只有查封、扣押可以延长或扣除检测时间", "only sealing and seizure can be extended or tested in"
        )
    elif body.action == "test":
        return None
    elif any(hold.more_days for hold in meant):
        reason = Text("该措施已经延长过一次", "this measure was extended once already")
    elif body.days > LONGEST_EXTENSION_DAYS:
        reason = Text(
            f"延长不得超过 {LONGEST_EXTENSION_DAYS} 日", f"at most {LONGEST_EXTENSION_DAYS} days are added"
        )
    else:
        return None
    return Finding(
        "/body/days", str(body.days), reason, Text("期限届满应作出处理决定", "decide when the term ends")
    )


def _recalls_anothers(claim: Claim, draft: drafts.RecallDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or known[0].maker == claim.speaker or acts_as(claim, AUTHORITIES):
        return None
    return Finding(
        "/subject/batch",
        known[0].lot,
        Text(
            "只能由生产企业召回自己的批次，或由监管部门责令",
            "a batch is recalled by its maker or an authority",
        ),
        Text("请告知生产企业，或向市场监管部门举报", "tell the maker, or report it to the market regulator"),
    )


def _recall_unknown(claim: Claim, draft: drafts.RecallDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.phase == "begin":
        return None
    ended = ends_recall(known[1], draft.body.number, claim.speaker)
    if ended and (ended[0].by == claim.speaker or acts_as(claim, AUTHORITIES)):
        return None
    return Finding(
        "/body/number",
        draft.body.number,
        Text(
            "没有本单位可以结束的该编号召回",
            "no recall of this number is under way that is this party's to end",
        ),
        Text(
            "核对召回编号；责令召回由作出决定的机关结束",
            "check the number; what an authority ordered, it ends",
        ),
    )


HELD = Rule(
    "goods-held", Weight.PERMISSION,
    Text("货物被查封、扣押或召回", "goods are held or recalled"),
    Text("被登记保存、查封、扣押的货物不得动用（行政强制法第二十四、二十六条）；召回的货物不得再销售使用",
         "goods under a legal measure stay where they are (行政强制法 arts. 24, 26); recalled goods are not sold or used"),
    _goods_held,
)  # fmt: skip
SEEN_HELD = Rule(
    "seen-while-held", Weight.OBSERVATION,
    Text("收到被查封、扣押或召回的货物", "received while held or recalled"),
    Text("被采取措施或召回的货物出现在别处", "goods under a measure or a recall were seen elsewhere"),
    _goods_held,
)  # fmt: skip
MEASURE_COMPLETE = Rule(
    "measure-incomplete", Weight.INPUT,
    Text("措施要素不全", "measure is incomplete"),
    Text("延长、检测期间与解除须写明所针对的措施", "extending, testing and releasing name the measure that they are about"),
    _measure_incomplete,
)  # fmt: skip
MEASURE_UNKNOWN = Rule(
    "measure-unknown", Weight.INPUT,
    Text("没有该措施", "no such measure"),
    Text("只能处理本机关作出的措施", "an authority deals with its own measures"),
    _measure_unknown,
)  # fmt: skip
MEASURE_ENDED = Rule(
    "measure-ended", Weight.ARITHMETIC,
    Text("措施已经结束", "measure has ended"),
    Text("已经解除或转为其他措施的不能再处理", "what was ended cannot be dealt with again"),
    _measure_ended,
)  # fmt: skip
MEASURE_NUMBER = Rule(
    "measure-number-taken", Weight.ARITHMETIC,
    Text("文书号重复", "number used already"),
    Text("同一机关文书号唯一", "an authority's numbers are unique"),
    _measure_number_taken,
)  # fmt: skip
EXTENSION = Rule(
    "extension-too-long", Weight.ARITHMETIC,
    Text("延长超出期限", "extension beyond the term"),
    Text("查封、扣押不超过三十日，经批准可延长一次，不超过三十日（行政强制法第二十五条）",
         "sealing and seizure run 30 days and are extended once by at most 30 (行政强制法 art. 25)"),
    _extension_too_long,
)  # fmt: skip
RECALLS_ANOTHERS = Rule(
    "recalls-anothers", Weight.AUTHORITY,
    Text("召回他人的批次", "recalls another maker's batch"),
    Text("召回由生产者实施或由监管部门责令（消费品召回管理暂行规定）",
         "a recall is the producer's, or ordered by an authority (消费品召回管理暂行规定)"),
    _recalls_anothers,
)  # fmt: skip
RECALL_UNKNOWN = Rule(
    "recall-unknown", Weight.INPUT,
    Text("没有该召回", "no such recall"),
    Text("结束召回须写明正在进行的召回", "ending a recall names one that is under way"),
    _recall_unknown,
)  # fmt: skip
