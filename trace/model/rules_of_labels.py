"""Rules about codes and labels: which codes may be reserved, which a production may name, what may be printed again."""

from __future__ import annotations

from datetime import date, timedelta

from ..clock import shanghai_date
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .printed import printed_among

#: Codes of one maker that wait for a production: some months of a large factory.
MOST_OUTSTANDING = 5_000
#: Label paper that is older was forgotten.
LONGEST_TERM = timedelta(days=2 * 366)


def _term(claim: Claim, draft: drafts.ReservationDraft) -> Finding | None:
    today, last = shanghai_date(claim.heard_at), draft.body.valid_to
    if today <= last <= today + LONGEST_TERM:
        return None
    return Finding(
        "/body/valid_to",
        last.isoformat(),
        Text(
            f"有效期应在 {today} 到 {today + LONGEST_TERM} 之间",
            f"the last day lies between {today} and {today + LONGEST_TERM}",
        ),
    )


def _too_many_reserved(claim: Claim, draft: drafts.ReservationDraft) -> Finding | None:
    waiting = _waiting(claim, shanghai_date(claim.heard_at))
    if waiting + draft.body.count <= MOST_OUTSTANDING:
        return None
    left = max(0, MOST_OUTSTANDING - waiting)
    return Finding(
        "/body/count",
        str(draft.body.count),
        Text(
            f"已有 {waiting:,} 个预留码未使用，最多 {MOST_OUTSTANDING:,} 个，还可预留 {left:,} 个",
            f"{waiting:,} reserved codes are not used yet of at most {MOST_OUTSTANDING:,}: {left:,} more may be reserved",
        ),
        Text("先登记已贴预留标签的批次", "register the batches whose blank labels are in use first"),
    )


def _waiting(claim: Claim, today: date) -> int:
    return sum(count for last, count in claim.state.outstanding[claim.speaker].items() if last >= today)


def _code_not_reserved(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    code = draft.body.code
    if code is None:
        return None
    reserved = claim.state.reserved[code]
    if reserved is not None and reserved.maker == claim.speaker:
        return None
    return Finding(
        "/body/code",
        _printed(code),
        Text("本单位没有预留过这个追溯码", "this code was not reserved by this maker"),
        Text("核对追溯码；不写则由平台签发", "check the code; without one the platform issues a new one"),
    )


def _code_used(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    code = draft.body.code
    batch = None if code is None else claim.state.batches[code]
    if code is None or batch is None or batch.maker != claim.speaker:
        return None  # another maker's code was not reserved by this one
    return Finding(
        "/body/code",
        _printed(code),
        Text(f"这个预留码已用于批号 {batch.lot}", f"this reserved code is that of lot {batch.lot}"),
        Text("每个码只用于一批，请换一个", "a code is one batch's: take another"),
    )


def _code_expired(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    code, day = draft.body.code, draft.occurred_on
    reserved = None if code is None else claim.state.reserved[code]
    if code is None or reserved is None or day is None or reserved.maker != claim.speaker:
        return None
    if day <= reserved.valid_to:
        return None
    return Finding(
        "/body/code",
        _printed(code),
        Text(f"这个预留码只到 {reserved.valid_to} 有效", f"this code was reserved until {reserved.valid_to}"),
        Text("换一个预留码，销毁旧标签", "take another, and destroy the old labels"),
    )


def _printed(code: str) -> str:
    return BatchCode(code[:-1]).printed


def _label_of_nothing(claim: Claim, draft: drafts.LabellingDraft) -> Finding | None:
    code = _code_of(draft)
    if claim.state.batches[code] is not None or claim.state.reserved[code] is not None:
        return None
    return Finding(
        "/subject/batch",
        code,
        Text("没有登记也没有预留这个追溯码", "this code is neither registered nor reserved"),
        Text("核对追溯码", "check the code"),
    )


def _labels_anothers(claim: Claim, draft: drafts.LabellingDraft) -> Finding | None:
    code = _code_of(draft)
    known = claim.state.batches[code] or claim.state.reserved[code]
    if known is None or known.maker == claim.speaker:
        return None
    return Finding(
        "/subject/batch",
        code,
        Text("标签只由生产企业打印", "labels are printed by the maker alone"),
    )


def _unit_beyond_reservation(claim: Claim, draft: drafts.LabellingDraft) -> Finding | None:
    code = _code_of(draft)
    reserved = claim.state.reserved[code]
    if claim.state.batches[code] is not None or reserved is None:
        return None
    beyond = [last for _, last in draft.body.units if last > reserved.units]
    if not beyond:
        return None
    return Finding(
        "/body/units",
        _units(draft.body.units),
        Text(f"预留时写明只到 {reserved.units} 号盘", f"it was reserved for the units 1 to {reserved.units}"),
    )


def _reprint_without_reason(claim: Claim, draft: drafts.LabellingDraft) -> Finding | None:
    body = draft.body
    if body.reason == "other" and not (body.note or "").strip():
        return Finding(
            "/body/note",
            "",
            Text("原因选“其他”时须用文字说明", "another reason is told in words"),
        )
    again = printed_among(claim.state.printed[_code_of(draft)], body.units)
    if not again or body.reason is not None:
        return None
    return Finding(
        "/body/reason",
        "",
        Text(
            f"{_units(again)} 号盘的标签已经打印过",
            f"labels of the units {_units(again)} were printed before",
        ),
        Text(
            "选择补打原因：破损、丢失、打错或其他；或只打印没打印过的",
            "say why they are printed again: damaged, lost, misprint or other; or print only what was not printed",
        ),
    )


def _code_of(draft: drafts.LabellingDraft) -> str:
    assert draft.subject.batch.code is not None, "labels are named by a code"
    return draft.subject.batch.code


#: People read the first stretches; the rest is counted in the books.
_STRETCHES_SAID = 10


def _units(ranges: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> str:
    said = format_units([UnitRange(first, last) for first, last in ranges[:_STRETCHES_SAID]])
    return said if len(ranges) <= _STRETCHES_SAID else f"{said} …"


TERM = Rule(
    "reservation-term", Weight.INPUT,
    Text("预留期限有误", "term of the reservation is wrong"),
    Text("预留码有期限，过期的空白标签不再登记", "reserved codes have a term; old blank labels are not registered"),
    _term,
)  # fmt: skip
TOO_MANY_RESERVED = Rule(
    "too-many-reserved", Weight.ARITHMETIC,
    Text("预留过多", "too many codes reserved"),
    Text("未使用的预留码有上限", "codes that nobody has used yet are bounded"),
    _too_many_reserved,
)  # fmt: skip
CODE_NOT_RESERVED = Rule(
    "code-not-reserved", Weight.INPUT,
    Text("不是本单位的预留码", "not a code reserved by this maker"),
    Text("生产只能使用本单位预留的追溯码", "a production names a code that its own maker has reserved"),
    _code_not_reserved,
)  # fmt: skip
CODE_USED = Rule(
    "code-already-used", Weight.ARITHMETIC,
    Text("预留码已使用", "reserved code is used"),
    Text("一码一批，永不重用", "a code is one batch's, for ever"),
    _code_used,
)  # fmt: skip
CODE_EXPIRED = Rule(
    "code-expired", Weight.ARITHMETIC,
    Text("预留码已过期", "reserved code has expired"),
    Text("按生产日期看，预留码须在有效期内", "on the day of production the reservation must still stand"),
    _code_expired,
)  # fmt: skip
LABEL_OF_NOTHING = Rule(
    "label-of-nothing", Weight.INPUT,
    Text("追溯码未登记", "code is not registered"),
    Text("标签须属于已登记的批次或已预留的码", "labels are of a registered batch or of a reserved code"),
    _label_of_nothing,
)  # fmt: skip
LABELS_ANOTHERS = Rule(
    "labels-anothers", Weight.AUTHORITY,
    Text("不是本单位的批次", "another maker's batch"),
    Text("标签只由生产企业打印", "labels are printed by the maker alone"),
    _labels_anothers,
)  # fmt: skip
UNIT_BEYOND_RESERVATION = Rule(
    "unit-beyond-reservation", Weight.INPUT,
    Text("盘号超出预留", "unit beyond the reservation"),
    Text("空白标签只打到预留的盘号", "blank labels end where the reservation does"),
    _unit_beyond_reservation,
)  # fmt: skip
REPRINT_WITHOUT_REASON = Rule(
    "reprint-without-reason", Weight.ARITHMETIC,
    Text("补打未写原因", "printed again without a reason"),
    Text("同一盘再次打印标签须写明原因", "a label that is printed again says why"),
    _reprint_without_reason,
)  # fmt: skip
