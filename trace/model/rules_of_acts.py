"""Rules about holds, about what authorities and the public say, and about what is said of other events.

They stand beside `rules`, whose table says which kind meets which.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .drafts import Draft
from .effects import corrected, history_of
from .effects_of_measures import ends_recall
from .holding import HOLDS, LONGEST_EXTENSION_DAYS, in_force
from .indicators import parse_indicator
from .kinds import KINDS
from .persons import persons_in
from .postings import Statement
from .quantities import show_metres
from .reach import in_hand, known_batch
from .state import Book, Hold, KnownEvent, status_on
from .values import party_id

#: Whose word stands above what others said of the goods.
_AUTHORITIES = frozenset({"regulator"})
#: Who keeps the register in order: the operator too, who states no fact of trade.
_REGISTRARS = frozenset({"regulator", "operator"})


def _acts_as(claim: Claim, roles: frozenset[str]) -> bool:
    speaker = claim.state.parties.get(claim.speaker)
    return speaker is not None and speaker.acts_as(roles)


# --- holds --------------------------------------------------------------------------------------------


def _goods_held(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.occurred_on is None:
        return None
    for hold in known[1].holds:
        if not in_force(hold, draft.occurred_on) or hold.by == claim.speaker:
            continue  # whoever holds goods may act on them
        if hold.type == "recall" and draft.kind in _REMEDIES:
            continue
        if hold.type == "recall" and draft.kind == "receipt" and claim.speaker == known[0].maker:
            continue  # they come back to where they are to be returned
        held = _touched(hold, draft, known[1], claim.speaker)
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
    if hold.type in ("seize", "confiscate"):
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
    if known is None or known[0].maker == claim.speaker or _acts_as(claim, _AUTHORITIES):
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
    if ended and (ended[0].by == claim.speaker or _acts_as(claim, _AUTHORITIES)):
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


# --- what is named must be there ------------------------------------------------------------------------


def _goods_unknown(claim: Claim, draft: Any) -> Finding | None:
    goods = draft.subject.goods
    if (
        goods is None
        or getattr(draft.body, "goods", None) is not None
        or claim.state.goods[goods] is not None
    ):
        return None
    return Finding(
        "/subject/goods",
        goods,
        Text("还没有人描述过这批无码货物", "nobody has described these goods yet"),
        Text("首次记录时填写货物描述 goods", "describe them (goods) when they are first recorded"),
    )


def _subject_project_unknown(claim: Claim, draft: Any) -> Finding | None:
    ref = draft.subject.project
    if ref is None or claim.state.projects[ref.id] is not None:
        return None
    return _no_project("/subject/project", ref.number)


def _projects_unknown(claim: Claim, draft: drafts.NoticeDraft) -> Finding | None:
    for n, ref in enumerate(draft.body.projects):
        if claim.state.projects[ref.id] is None:
            return _no_project(f"/body/projects/{n}", ref.number)
    return None


def _no_project(where: str, number: str) -> Finding:
    return Finding(
        where,
        number,
        Text("没有登记这个项目", "no such project is registered"),
        Text("先登记项目，或改正项目编号", "register the project first, or correct its number"),
    )


def _no_unit_sampled(claim: Claim, draft: drafts.SamplingDraft) -> Finding | None:
    if draft.subject.batch is None or draft.body.unit is not None:
        return None
    return Finding("/body/unit", "", Text("须写明从哪一盘抽样", "the unit that was sampled must be named"))


def _place_missing(claim: Claim, draft: Draft) -> Finding | None:
    if draft.place is not None:
        return None
    return Finding(
        "/place",
        "",
        Text(
            "须写明事情发生的地区，以便当地受理",
            "say in which region it happened, so that it can be taken up there",
        ),
        Text("选择购买或使用的县区", "choose the county where it was bought or used"),
    )


def _event_of(claim: Claim, draft: Any) -> KnownEvent | None:
    known = claim.state.events[draft.subject.event]
    return known if known is not None and known.kind == draft.subject.kind else None


def _event_unknown(claim: Claim, draft: Any) -> Finding | None:
    known = claim.state.events[draft.subject.event]
    if known is None:
        reason = Text("账本上没有这个事件", "there is no such event on the ledger")
    elif known.kind != draft.subject.kind:
        reason = Text(
            f"这个事件是「{KINDS[known.kind].zh}」",
            f"that event is one of the kind {KINDS[known.kind].en}",
        )
    else:
        return None
    return Finding("/subject", draft.subject.event, reason, Text("核对事件编号", "check the id of the event"))


def _not_asked(claim: Claim, draft: drafts.NoticeReplyDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None or known.said is None or _acts_as(claim, _AUTHORITIES):
        return None
    if known.kind == "notice" and claim.speaker in {party_id(ref) for ref in known.said.body.recipients}:
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text(
            "只有被通报的单位可以反馈，投诉举报由受理部门答复",
            "a notice is answered by whom it was sent to, a complaint or report by the authority",
        ),
    )


# --- names ------------------------------------------------------------------------------------------------


def _confirms_anothers(claim: Claim, draft: drafts.ConfirmationDraft) -> Finding | None:
    if _acts_as(claim, _REGISTRARS):
        return None
    if draft.subject.goods is not None:
        goods = claim.state.goods[draft.subject.goods]
        if goods is not None and goods.party in (None, claim.speaker):
            return None
    return Finding(
        "/subject",
        "",
        Text(
            "参与方由市场监管部门确认；货物由标称生产者确认",
            "a party is confirmed by an authority, goods by the nominal maker",
        ),
    )


def _alias_incomplete(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    subject, body = draft.subject, draft.body
    named = [name for name in ("code", "party", "batch") if getattr(body, name) is not None]
    fits = {
        "code": (body.scheme is not None) and subject.batch is not None,
        "party": subject.batch is None,
        "batch": subject.goods is not None,
    }
    if len(named) == 1 and fits[named[0]] and (body.unit is None or named == ["code"]):
        return None
    return Finding(
        "/body",
        "",
        Text(
            "批次可写另一编码（code 与 scheme）；无码货物可写批次或真实生产者；无代码的参与方可写真实单位",
            "a batch takes another code with its scheme, goods a batch or their real maker, a party who it really is",
        ),
        Text("三者取一", "exactly one of them"),
    )


def _alias_batch_unknown(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    ref = draft.body.batch
    if ref is None or known_batch(ref, claim.state) is not None:
        return None
    return Finding(
        "/body/batch", ref.code or ref.lot or "", Text("没有登记这个批次", "no such batch is registered")
    )


def _alias_taken(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    body = draft.body
    if body.code is None or body.scheme is None:
        return None
    before = claim.state.aliases[body.scheme, body.code]
    known = known_batch(draft.subject.batch, claim.state)
    if (
        before is None
        or known is None
        or (before.thing, before.unit) == (f"batch:{known[0].code}", body.unit)
    ):
        return None
    return Finding(
        "/body/code",
        body.code,
        Text("这个编码已经指向别的货物", "this code stands for something else already"),
        Text("核对编码；同一编码只指一物", "check the code: one code is one thing"),
    )


def _names_anothers(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    if _acts_as(claim, _REGISTRARS):
        return None
    known = known_batch(draft.subject.batch, claim.state)
    if known is not None and known[0].maker == claim.speaker:
        return None
    if draft.subject.batch is not None and known is None:
        return None  # named by the rule for that
    return Finding(
        "/subject",
        "",
        Text("编码由批次的生产企业登记，货物与参与方的真实身份由监管部门登记",
             "codes are registered by the batch's maker; what goods and parties really are, by an authority"),
    )  # fmt: skip


# --- what is said of events ----------------------------------------------------------------------------------


def _not_the_newest(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None or known.newest == (draft.body.of or known.id):
        return None
    return Finding(
        "/body/of",
        draft.body.of or draft.subject.event,
        Text(
            f"该事件的最新版本是 {known.newest}",
            f"the newest version of this event is {known.newest}",
        ),
        Text("查看最新版本后再更正，并在 of 写明它", "look at the newest version and name it in of"),
    )


def _corrects_anothers(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None or claim.speaker == known.speaker or _acts_as(claim, _AUTHORITIES):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("只能更正本单位记录的事件", "only whoever said it, or an authority, corrects it"),
        Text("请记录方更正，或向市场监管部门反映", "ask whoever said it, or tell the market regulator"),
    )


def right_claim(claim: Claim) -> Claim | None:
    """What a correction says in place of its event, as a claim of the event's own kind in the state of its place in
    history; None for a void. The event must be known, and its history lead to the books."""
    draft = claim.draft
    assert isinstance(draft, drafts.CorrectionDraft)
    known = claim.state.events[draft.subject.event]
    assert known is not None
    right, history = corrected(known, draft, claim.state), history_of(known, claim.state)
    if right is None or right.void:
        return None
    return replace(
        claim,
        draft=replace(right.draft, ask=draft.ask),
        speaker=known.speaker,
        enters_for_anybody=True,  # whether this may be corrected was asked of the correction
        state=claim.state if history is None else history.before(known.seq),
    )


#: An actor's own claims: where the metres have moved on since, they are no longer his to take back.
_CLAIMS = frozenset({"production", "dispatch", "return", "split", "use", "sale", "disposal"})


def after_movement(claim: Claim) -> tuple[Finding, bool] | None:
    """What has become of the metres since, and whether that refuses the correction, whose right version is right.

    An own claim is refused then, and so is whatever would leave a later statement without its metres. What
    somebody else corrects, or an observation, is recorded and marked: it is about what was seen.
    """
    draft = claim.draft
    assert isinstance(draft, drafts.CorrectionDraft)
    known = claim.state.events[draft.subject.event]
    assert known is not None
    history = history_of(known, claim.state)
    if history is None:
        return None
    again = history.with_right(known.seq, corrected(known, draft, claim.state))
    later = again.broken or again.moved_on
    if later is None:
        return None
    own = claim.speaker == known.speaker and known.kind in _CLAIMS
    return _moved(later), own or again.broken is not None


def _moved(later: Statement) -> Finding:
    kind = KINDS[later.draft.kind]
    return Finding(
        "/subject/event",
        str(later.seq),
        Text(
            f"这些货物此后已经移动：第 {later.seq} 条「{kind.zh}」以原记录为准",
            f"the metres have moved on since: entry {later.seq}, {kind.en}, rests on what is to be corrected",
        ),
        Text("先更正其后的记录", "correct the later records first"),
    )


def _not_reproduced(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    known = _event_of(claim, draft)
    history = None if known is None else history_of(known, claim.state)
    if history is None or history.leads_to_the_books():
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text(
            "登记信息此后变更，旧账无法照原样重算，不能直接更正",
            "what is registered has changed since, and the history does not lead to today's books again",
        ),
        Text("以退货、报废等新事件调整", "adjust by new events, such as a return or a disposal"),
    )


def _erases_anothers(claim: Claim, draft: drafts.ErasureDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None or claim.speaker == known.speaker or _acts_as(claim, _REGISTRARS):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text(
            "只能删除本单位记录中的个人信息",
            "only whoever recorded personal data, or an authority, erases them",
        ),
    )


def _nothing_to_erase(claim: Claim, draft: drafts.ErasureDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None:
        return None
    there = {field.pointer for field in persons_in(known.original)}
    for n, pointer in enumerate(draft.body.pointers):
        if pointer not in there:
            return Finding(
                f"/body/pointers/{n}",
                pointer,
                Text("该事件此处没有个人信息", "there are no personal data at this place of the event"),
                Text(f"有个人信息的位置：{'、'.join(sorted(there)) or '无'}",
                     f"personal data stand at: {', '.join(sorted(there)) or 'nowhere'}"),
            )  # fmt: skip
    return None


def _already_erased(claim: Claim, draft: drafts.ErasureDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None:
        return None
    for n, pointer in enumerate(draft.body.pointers):
        if pointer in known.erased:
            return Finding(
                f"/body/pointers/{n}",
                pointer,
                Text("此处的个人信息已经删除", "the personal data at this place were erased before"),
                Text("去掉此处", "leave this place out"),
            )
    return None


def _person_locked(claim: Claim, draft: drafts.ErasureDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None:
        return None
    locked = {field.pointer for field in persons_in(known.original) if field.is_locked}
    for n, pointer in enumerate(draft.body.pointers):
        if pointer in locked:
            return Finding(
                f"/body/pointers/{n}",
                pointer,
                Text(
                    "法定质量责任人的姓名不删除，只限制查看",
                    "a statutory responsible person is locked, not erased",
                ),
                Text("此姓名只对依法有权者可见", "the name is shown only to those whom the law lets see it"),
            )
    return None


# --- laboratories ---------------------------------------------------------------------------------------------


def _outside_accreditation(claim: Claim, draft: drafts.TestingDraft) -> Finding | None:
    """Judged only where the accreditation is on record: what is not registered is not known to be missing."""
    laboratory = claim.state.parties.get(claim.speaker)
    if laboratory is None or draft.body.type == "factory" or draft.occurred_on is None:
        return None
    number = draft.body.cma or laboratory.cma
    periods = claim.state.certificates.get((claim.speaker, number or ""), ())
    if number is None or not periods:
        return None
    status = status_on(periods, draft.occurred_on)
    if status != "valid":
        return Finding(
            "/body/cma",
            number,
            Text(f"检测机构资质 {number} 当日状态为「{_STATUS[status].zh}」",
                 f"accreditation {number} was {_STATUS[status].en} on that day"),
            Text("由资质有效的机构检测", "let an accredited laboratory test it"),
        )  # fmt: skip
    covering = [p for p in periods if p.valid_from <= draft.occurred_on <= p.valid_to][-1]
    covered = {_indicator(name) for name in covering.covers}
    for n, item in enumerate(draft.body.items):
        if covered and _indicator(item.indicator) not in covered:
            return Finding(
                f"/body/items/{n}/indicator",
                item.indicator,
                Text(
                    f"资质 {number} 的能力范围不含该项目",
                    f"accreditation {number} does not cover this indicator",
                ),
                Text("由有相应能力的机构检测", "let a laboratory that is accredited for it test it"),
            )
    return None


_STATUS = {
    "suspended": Text("暂停", "suspended"),
    "withdrawn": Text("撤销", "withdrawn"),
    "cancelled": Text("注销", "cancelled"),
    "expired": Text("过期", "expired"),
    "not-yet-valid": Text("尚未生效", "not yet valid"),
    "unknown": Text("未登记", "not registered"),
}


def _indicator(name: str) -> str:
    try:
        return parse_indicator(name).name
    except InputError:
        return name


# --- the rules --------------------------------------------------------------------------------------------------

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
GOODS_UNKNOWN = Rule(
    "goods-unknown", Weight.INPUT,
    Text("货物未描述", "goods not described"),
    Text("无码货物须先描述", "uncoded goods are described before anything else is said of them"),
    _goods_unknown,
)  # fmt: skip
SUBJECT_PROJECT = Rule(
    "subject-project-unknown", Weight.INPUT,
    Text("项目未登记", "unknown project"),
    Text("所针对的项目须已登记", "the project that it is about must be registered"),
    _subject_project_unknown,
)  # fmt: skip
PROJECTS_UNKNOWN = Rule(
    "projects-unknown", Weight.INPUT,
    Text("项目未登记", "unknown project"),
    Text("通报所涉项目须已登记", "projects that a notice concerns must be registered"),
    _projects_unknown,
)  # fmt: skip
NO_UNIT_SAMPLED = Rule(
    "no-unit-sampled", Weight.INPUT,
    Text("未写抽样盘号", "sampled unit missing"),
    Text("从批次抽样须写明盘号", "a sample of a batch comes from one of its units"),
    _no_unit_sampled,
)  # fmt: skip
PLACE_MISSING = Rule(
    "place-missing", Weight.INPUT,
    Text("未写地区", "region missing"),
    Text("投诉举报由发生地受理", "complaints and reports are taken up where it happened"),
    _place_missing,
)  # fmt: skip
EVENT_UNKNOWN = Rule(
    "event-unknown", Weight.INPUT,
    Text("没有该事件", "no such event"),
    Text("所针对的事件须在账本上", "the event that it is about must be on the ledger"),
    _event_unknown,
)  # fmt: skip
NOT_ASKED = Rule(
    "not-asked", Weight.AUTHORITY,
    Text("不是反馈对象", "was not asked"),
    Text("通报由接收单位反馈", "a notice is answered by its recipients"),
    _not_asked,
)  # fmt: skip
CONFIRMS_ANOTHERS = Rule(
    "confirms-anothers", Weight.AUTHORITY,
    Text("无权确认", "may not confirm this"),
    Text("参与方由监管部门确认", "parties are confirmed by an authority"),
    _confirms_anothers,
)  # fmt: skip
ALIAS_COMPLETE = Rule(
    "alias-incomplete", Weight.INPUT,
    Text("同一标识写法有误", "alias is not clear"),
    Text("同一标识须写明且只写明一种", "an alias says exactly one thing"),
    _alias_incomplete,
)  # fmt: skip
ALIAS_BATCH = Rule(
    "alias-batch-unknown", Weight.INPUT,
    Text("批次未登记", "unknown batch"),
    Text("所指批次须已登记", "the batch that goods are said to be of must be registered"),
    _alias_batch_unknown,
)  # fmt: skip
ALIAS_TAKEN = Rule(
    "alias-taken", Weight.ARITHMETIC,
    Text("编码已有所指", "code is taken"),
    Text("同一编码只指一物", "one code is one thing"),
    _alias_taken,
)  # fmt: skip
NAMES_ANOTHERS = Rule(
    "names-anothers", Weight.AUTHORITY,
    Text("无权登记此标识", "may not register this alias"),
    Text("编码由生产企业登记，身份由监管部门登记", "codes are the maker's, identities an authority's to register"),
    _names_anothers,
)  # fmt: skip
NEWEST_VERSION = Rule(
    "already-corrected", Weight.ARITHMETIC,
    Text("已有更新的版本", "corrected already"),
    Text("只能更正最新版本", "only the newest version can be corrected"),
    _not_the_newest,
)  # fmt: skip
CORRECTS_ANOTHERS = Rule(
    "corrects-anothers", Weight.AUTHORITY,
    Text("更正他人的记录", "corrects another's statement"),
    Text("更正由记录方或监管部门作出", "a statement is corrected by whoever made it, or by an authority"),
    _corrects_anothers,
)  # fmt: skip
NOT_REPRODUCED = Rule(
    "history-changed", Weight.ARITHMETIC,
    Text("旧账无法重算", "history cannot be walked again"),
    Text("更正以原账为基础", "a correction starts from the books as they were"),
    _not_reproduced,
)  # fmt: skip
AFTER_MOVEMENT = Rule(
    "correction-after-movement", Weight.ARITHMETIC,
    Text("货物移动之后的更正", "correction after the metres moved on"),
    Text("货物移动之后，自己的记录不能再改；他人所见照录并提示",
         "once the metres have moved on an own claim stands; what others saw is recorded and marked"),
    lambda _claim, _draft: None,  # judged by `admission.decide`, which has the history
)  # fmt: skip
ERASES_ANOTHERS = Rule(
    "erases-anothers", Weight.AUTHORITY,
    Text("删除他人的记录", "erases another's record"),
    Text("个人信息由记录方或监管部门删除", "personal data are erased by whoever recorded them, or by an authority"),
    _erases_anothers,
)  # fmt: skip
NOTHING_TO_ERASE = Rule(
    "nothing-to-erase", Weight.INPUT,
    Text("此处没有个人信息", "nothing to erase"),
    Text("只删除个人信息", "only personal data are erased"),
    _nothing_to_erase,
)  # fmt: skip
ALREADY_ERASED = Rule(
    "already-erased", Weight.ARITHMETIC,
    Text("个人信息已删除", "erased already"),
    Text("已删除的不能再删除", "what was erased is gone"),
    _already_erased,
)  # fmt: skip
PERSON_LOCKED = Rule(
    "person-locked", Weight.ARITHMETIC,
    Text("法定责任人不删除", "statutory person is locked"),
    Text("质量终身责任，依法留存（个人信息保护法第四十七条第二款；建设工程质量管理条例第七十七条）",
         "kept by law, since responsibility for quality lasts for life (个人信息保护法 art. 47, 建设工程质量管理条例 art. 77)"),
    _person_locked,
)  # fmt: skip
ACCREDITATION = Rule(
    "outside-accreditation", Weight.PERMISSION,
    Text("超出检测资质", "outside the accreditation"),
    Text("检验检测机构在资质认定的能力范围内出具报告（检验检测机构资质认定管理办法）",
         "a laboratory reports within its accreditation (检验检测机构资质认定管理办法)"),
    _outside_accreditation,
)  # fmt: skip
