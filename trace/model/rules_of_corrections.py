"""Rules about what is said of other events: answers, corrections and erasures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import Text
from . import drafts
from .case_corrections import BEGINNINGS, OF_WAYS, before, corrected_facts, way_is_broken
from .claim import Claim, Finding, Rule, Weight
from .effects import corrected, history_of
from .involvement import FOR_NAMED_ACCOUNTS
from .kinds import KINDS
from .persons import persons_in
from .postings import Statement
from .quantities import show_metres
from .rules_of_jurisdiction import OUTSIDE_JURISDICTION
from .rules_of_speaking import AUTHORITIES, NO_GRANT, REGISTRARS, acts_as
from .state import KnownEvent
from .values import party_id


def _event_of(claim: Claim, draft: Any) -> KnownEvent | None:
    known = claim.state.events[draft.subject.event]
    return known if known is not None and known.kind == draft.subject.kind and _is_told(known) else None


def _is_told(known: KnownEvent) -> bool:
    """Whether an answer may say that the event is there: what only named accounts know of is neither corrected nor erased."""
    return known.kind not in FOR_NAMED_ACCOUNTS


def _event_unknown(claim: Claim, draft: Any) -> Finding | None:
    known = claim.state.events[draft.subject.event]
    if known is None or not _is_told(known):
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
    if known is None or known.said is None or acts_as(claim, AUTHORITIES):
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


def _more_than_the_batch(claim: Claim, draft: drafts.NoticeReplyDraft) -> Finding | None:
    """Of what was asked about there is no more than the batch has; what is more is other goods."""
    known, length_mm = _event_of(claim, draft), draft.body.length_mm
    batch = None if known is None else claim.state.batches.get(known.batch)
    if batch is None or length_mm is None or length_mm <= batch.length_mm:
        return None
    if any(rule.find(claim, draft) for rule in (NO_GRANT, OUTSIDE_JURISDICTION, NOT_ASKED)):
        return None  # whoever may not answer is not told how much there is
    return Finding(
        "/body/length_mm",
        f"{show_metres(length_mm)} m",
        Text("涉及长度超过这一批的总长度", "these are more metres than the batch has"),
        Text(
            f"这一批共 {show_metres(batch.length_mm)} m",
            f"the batch has {show_metres(batch.length_mm)} m",
        ),
    )


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
    if known is None or claim.speaker == known.speaker or acts_as(claim, AUTHORITIES):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("只能更正本单位记录的事件", "only whoever said it, or an authority, corrects it"),
        Text("请记录方更正，或向市场监管部门反映", "ask whoever said it, or tell the market regulator"),
    )


def _code_stays(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    """A label cannot be taken back: what a batch is called never changes."""
    known, code = _event_of(claim, draft), getattr(draft.body.right, "code", None)
    if known is None or known.kind != "production" or code in (None, known.batch):
        return None
    return Finding(
        "/body/right/code",
        code,
        Text("批次的追溯码不能更正", "the code of a batch cannot be corrected"),
        Text(
            "贴错了标签，请按本批的码补打", "where wrong labels were put on, print those of this batch again"
        ),
    )


def _beginning_stays(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    known = _event_of(claim, draft)
    if known is None or not draft.body.void:
        return None
    sample = claim.state.samples.get(known.id) if known.kind == "sampling" else None
    if sample is not None and sample.steps:
        return Finding(
            "/body/void",
            "",
            Text("样品已经流转，抽样不能作废", "the sample has gone on its way: the sampling is not voided"),
            Text("先作废其后的步骤，最后的先作废", "void its steps first, the last one first"),
        )
    if known.kind not in BEGINNINGS | {"programme"}:
        return None
    return Finding(
        "/body/void",
        "",
        Text(
            "线索、案件、协查函和专项行动不能作废，只能更正内容",
            "a lead, a case, a letter or a programme is put right, and not voided",
        ),
        Text(
            "误登的线索并入或不予立案，误立的案件终止或移送，误发的函件撤回，误部署的专项行动结束",
            "merge a lead or do not file it; terminate a case or transfer it; withdraw a letter; end a programme",
        ),
    )


def _breaks_the_way(claim: Claim, draft: drafts.CorrectionDraft) -> Finding | None:
    """What comes after in a lead or a case must be able to come after the right version too."""
    known = _event_of(claim, draft)
    if known is None or known.kind not in OF_WAYS or (draft.body.void and known.kind in BEGINNINGS):
        return None
    right = corrected(known, draft, claim.state)
    if (
        right is not None
        and known.kind == "case"
        and any(claim.state.leads[id_] is None for id_ in right.draft.body.leads)
    ):
        return None  # its own rule says so
    wrong = way_is_broken(corrected_facts(known, right, claim.state))
    if wrong is None or wrong.seq == known.seq:
        return None  # whether it can stand at its own place, the rules of its kind ask
    return Finding(
        "/subject/event",
        str(wrong.seq),
        Text(
            f"这样更正后，第 {wrong.seq} 条记录的步骤（{wrong.on}）接不上",
            f"after this correction the step of entry {wrong.seq} ({wrong.on}) could not follow",
        ),
        Text("先更正其后的步骤", "correct the later steps first"),
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
        state=before(known, claim.state)
        if known.kind in OF_WAYS
        else claim.state
        if history is None
        else history.before(known.seq),
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
    if known is None or claim.speaker == known.speaker or acts_as(claim, REGISTRARS):
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
MORE_THAN_THE_BATCH = Rule(
    "more-than-the-batch", Weight.INPUT,
    Text("超过整批长度", "more than the batch has"),
    Text("反馈所涉长度不可多于整批登记的长度", "an answer speaks of no more metres than the batch was registered with"),
    _more_than_the_batch,
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
CODE_STAYS = Rule(
    "code-stays", Weight.INPUT,
    Text("追溯码不能更正", "a code cannot be corrected"),
    Text("批次的追溯码已印在标签上，永不改变", "the code of a batch stands on labels and never changes"),
    _code_stays,
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
BEGINNING_STAYS = Rule(
    "beginning-stays", Weight.ARITHMETIC,
    Text("线索、案件不能作废", "a lead or a case cannot be voided"),
    Text("立案是其后各步骤的依据，只能更正", "what follows rests on the filing, which can only be put right"),
    _beginning_stays,
)  # fmt: skip
BREAKS_THE_WAY = Rule(
    "breaks-the-way", Weight.ARITHMETIC,
    Text("其后的步骤接不上", "later steps could not follow"),
    Text("更正后各步骤仍须依次成立", "after a correction all steps must still follow each other"),
    _breaks_the_way,
)  # fmt: skip
