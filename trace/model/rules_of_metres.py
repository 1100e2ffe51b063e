"""Rules of arithmetic: metres that are moved must be there, and what is seen is compared with what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .designation import parse_designation, same_cable
from .involvement import knows, knows_metres
from .named import body_has_unit, length_registered_mm, missing_units, ranges_named, taken_mm, units_of
from .quantities import deviates, show_metres
from .reach import in_hand, is_missing_leg, known_batch, may_dispatch, may_send, seized_from, was_seized
from .state import Account, Book, KnownBatch, Run
from .values import party_id


def _lot_already_used(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    lot = draft.subject.batch.lot
    if lot is None or claim.state.lots[claim.speaker, lot] is None:
        return None
    return Finding(
        "/subject/batch/lot",
        lot,
        Text("这个批号已经登记过", "this lot number is in use already"),
        Text("换一个批号；改错请作更正", "use another lot number; a mistake is answered by a correction"),
    )


def _units_do_not_add_up(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    body = draft.body
    sum_mm = sum(g.length_mm * (g.last - g.first + 1) for g in body.units) + (body.loose_mm or 0)
    if sum_mm == body.length_mm:
        return None
    return Finding(
        "/body/length_mm",
        show_metres(body.length_mm),
        Text(
            f"各盘合计 {show_metres(sum_mm)} m，与总长度 {show_metres(body.length_mm)} m 不符",
            f"the units add up to {show_metres(sum_mm)} m, not to the total of {show_metres(body.length_mm)} m",
        ),
        Text("核对盘数、每盘长度与总长度", "check the number of units, their length and the total"),
    )


def _unit_numbers_overlap(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    before = 0
    for n, group in enumerate(draft.body.units):
        if not before < group.first <= group.last:
            return Finding(
                f"/body/units/{n}",
                f"{group.first}-{group.last}",
                Text("盘号应递增且不重叠", "unit numbers ascend and do not overlap"),
            )
        before = group.last
    return None


def _designation_contradicts_product(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    product = claim.state.products[claim.speaker, draft.body.product]
    if product is None or draft.body.designation is None:
        return None
    try:
        printed = parse_designation(draft.body.designation)
    except InputError:
        return None  # named by the rule for that
    if same_cable(printed, product.designation):
        return None
    return Finding(
        "/body/designation",
        draft.body.designation,
        Text(
            f"与产品 {product.number} 登记的 {product.designation.normalised} 不符",
            f"product {product.number} is registered as {product.designation.normalised}",
        ),
        Text("核对产品编号与型号规格", "check the product number and the designation"),
    )


def _before_production(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.occurred_on is None or draft.occurred_on >= known[0].produced_on:
        return None
    produced_on = known[0].produced_on
    return Finding(
        "/occurred_at",
        str(draft.occurred_on),
        Text(f"早于生产日期 {produced_on}", f"this lies before the day of production, {produced_on}"),
        Text("核对日期", "check the date"),
    )


def _not_held(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    batch, book = known
    body, speaker = draft.body, claim.speaker
    units = ranges_named(draft)
    if not units:
        may_take = may_dispatch if draft.kind in ("dispatch", "return") else in_hand
        return _pool_too_small(book, speaker, body.length_mm or 0, may_take)
    receiver = party_id(body.to) if draft.kind in ("dispatch", "return") else None
    # Drums that were seized from him he may have moved all the same: a rule of permission (`goods-held`) answers that.
    seized = seized_from(book, speaker, draft.occurred_on)

    def has(part: Run) -> bool:
        if part.length_mm > 0 and was_seized(part, seized):
            return True
        if receiver is None:
            return part.length_mm > 0 and in_hand(part.account, speaker)
        return may_send(part, speaker) or is_missing_leg(part, speaker, receiver)

    for first, last in units:
        expected = first
        for part in book.parts(((first, last),)):
            if part.first != expected or not has(part):
                break
            expected = part.last + 1
        if expected <= last:
            if missing_units(batch, first, last):
                return None  # named by the rule for that
            return Finding(
                "/body/unit" if body_has_unit(draft) else "/body/units",
                format_units([UnitRange(first, last)]),
                Text(
                    f"{expected} 号盘（卷）已不在{_HAND[draft.kind].zh}手中",
                    f"unit {expected} is no longer with the {_HAND[draft.kind].en}",
                ),
                Text("核对盘号；已发出的不能再发", "check the units; what has left cannot leave again")
                if receiver is not None
                else Text("核对盘号与现在的持有方", "check the unit and who has it now"),
            )
    return None


_HAND: Mapping[str, Text] = {
    "dispatch": Text("发货方", "sender"),
    "return": Text("退货方", "sender"),
    "split": Text("分切方", "party that cuts it"),
    "sale": Text("销售方", "seller"),
    "disposal": Text("处置方", "party that disposes of it"),
}


def _pool_too_small(
    book: Book, speaker: str, wanted_mm: int, may_take: Callable[[Account, str], bool]
) -> Finding | None:
    held_mm = sum(mm for account, mm in book.loose.items() if may_take(account, speaker))
    if wanted_mm <= held_mm:
        return None
    return Finding(
        "/body/length_mm",
        show_metres(wanted_mm),
        Text(
            f"需要 {show_metres(wanted_mm)} m，散装余量只有 {show_metres(held_mm)} m",
            f"{show_metres(wanted_mm)} m are wanted, but only {show_metres(held_mm)} m are left loose",
        ),
        Text("写明盘号，或核对长度", "name the units, or check the length"),
    )


def _length_contradicts_units(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    units, length_mm = draft.body.units, draft.body.length_mm
    if known is None or not units or length_mm is None:
        return None
    batch, book = known
    # The label says what was registered; a drum that was cut from holds what is left.
    registered_mm = length_registered_mm(batch, units)
    left_mm = sum(part.length_mm * part.count for part in book.parts(units))
    if length_mm in (registered_mm, left_mm):
        return None
    return Finding(
        "/body/length_mm",
        show_metres(length_mm),
        Text(
            f"所列盘号合计 {show_metres(registered_mm)} m，与 {show_metres(length_mm)} m 不符",
            f"these units add up to {show_metres(registered_mm)} m, not to {show_metres(length_mm)} m",
        ),
        Text("核对盘号与长度", "check the units and the length"),
    )


def _more_than_is_left(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    batch, book = known
    unit = draft.body.unit
    wanted_mm = taken_mm(draft)
    removed = draft.kind == "use" and draft.body.removed
    if removed:
        there = list(book.laid_at(unit or 0, draft.body.project.id))
    elif unit is None:
        if draft.kind != "use":
            return None  # whole units have what they have; a loose length is asked for by the rule for that
        there = [
            (account, mm)
            for account, mm in book.loose.items()
            if account.state == "project" and account.project == draft.body.project.id
        ]
    elif batch.length_of(unit) is None:
        return None  # named by the rule for that
    else:
        there = [(part.account, part.length_mm) for part in book.parts(((unit, unit),))]
    left_mm = sum(mm for _, mm in there)
    if wanted_mm <= left_mm:
        return None
    wanted, left = show_metres(wanted_mm), show_metres(left_mm)
    if not knows_metres(claim, batch.code, (account for account, _ in there)):
        words = Text("超过余量", "that is more than is left")
    elif removed:
        words = Text(
            f"要拆除 {wanted} m，该项目只敷设了 {left} m",
            f"{wanted} m are removed, but only {left} m were laid there",
        )
    else:
        words = Text(
            f"需要 {wanted} m，余量只有 {left} m", f"{wanted} m are taken, but only {left} m are left"
        )
    return Finding("/body/length_mm", wanted, words, Text("核对盘号与长度", "check the unit and the length"))


def _piece_number_taken(claim: Claim, draft: drafts.SplitDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    seen: set[int] = set()
    for n, piece in enumerate(draft.body.pieces):
        if piece.unit in seen or known[0].length_of(piece.unit) is not None:
            return Finding(
                f"/body/pieces/{n}/unit",
                str(piece.unit),
                Text(f"盘号 {piece.unit} 已有", f"there is a unit {piece.unit} already"),
                Text(
                    f"本批已有盘号 {units_of(known[0])}，分切段另取新号",
                    f"this batch has the units {units_of(known[0])}; a piece takes a new number",
                ),
            )
        seen.add(piece.unit)
    return None


def _nothing_to_receive(claim: Claim, draft: drafts.ReceiptDraft) -> Finding | None:
    """Nothing is left of all that is named, and the batch does not concern the receiver: whom it does may hand in late what
    it received before. The words tell nothing of whoever used it."""
    known = known_batch(draft.subject.batch, claim.state)
    units = draft.body.units
    if known is None or not units or knows(claim, known[0].code):
        return None
    if any(part.length_mm for part in known[1].parts(units)):
        return None
    if any(missing_units(known[0], first, last) for first, last in units):
        return None  # named by the rule for that
    return Finding(
        "/body/units",
        format_units([UnitRange(first, last) for first, last in units]),
        Text("这个盘号下没有可收的货", "there is nothing to receive under this number"),
        Text("核对盘号", "check the number of the unit"),
    )


def _receipt_without_dispatch(claim: Claim, draft: drafts.ReceiptDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    book = known[1]
    if not draft.body.units:
        on_the_way_mm = sum(
            mm for a, mm in book.loose.items() if a.state == "transit" and a.party == claim.speaker
        )
        if (draft.body.length_mm or 0) <= on_the_way_mm:
            return None
        return _not_dispatched("/body/length_mm", show_metres(draft.body.length_mm or 0))
    for first, last in draft.body.units:
        expected = first
        for part in book.parts(((first, last),)):
            if part.first != expected or part.account.party != claim.speaker:
                break
            expected = part.last + 1
        if expected <= last:
            return _not_dispatched("/body/units", str(expected))
    return None


def _not_dispatched(where: str, came: str) -> Finding:
    return Finding(
        where,
        came,
        Text("没有发往收货方的发货记录", "no dispatch to this receiver is on record"),
        Text("请发货方补录发货", "let the sender record the dispatch"),
    )


def _received_length_deviates(claim: Claim, draft: drafts.ReceiptDraft) -> Finding | None:
    """All drums together, or one that was measured: against what is registered, and what the books have left on them, where
    that may be told. The mark itself would tell it otherwise."""
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    for n, measured in enumerate(draft.body.measurements):
        if known[0].length_of(measured.unit) is None:
            continue
        expected_mm = _expected_mm(claim, known, ((measured.unit, measured.unit),))
        if all(deviates(measured.length_mm, mm) for mm in expected_mm):
            return _measured_otherwise(n, measured.unit, measured.length_mm, expected_mm[0])
    units, length_mm = draft.body.units, draft.body.length_mm
    if not units or length_mm is None:
        return None
    expected_mm = _expected_mm(claim, known, units)
    if not all(deviates(length_mm, mm) for mm in expected_mm):
        return None
    told_mm = show_metres(expected_mm[0])
    return Finding(
        "/body/length_mm",
        show_metres(length_mm),
        Text(
            f"收货 {show_metres(length_mm)} m，账上这些盘共 {told_mm} m",
            f"{show_metres(length_mm)} m were received, the books have {told_mm} m on these units",
        ),
    )


def _expected_mm(
    claim: Claim, known: tuple[KnownBatch, Book], units: tuple[tuple[int, int], ...]
) -> tuple[int, ...]:
    """The metres of these units that an answer may rest on: what the books have left on them, where the speaker may know
    that, and what their labels say."""
    batch, book = known
    registered_mm = length_registered_mm(batch, units)
    parts = list(book.parts(units))
    if not knows_metres(claim, batch.code, (part.account for part in parts)):
        return (registered_mm,)
    return sum(part.length_mm * part.count for part in parts), registered_mm


def _measured_otherwise(n: int, unit: int, measured_mm: int, expected_mm: int) -> Finding:
    measured, expected = show_metres(measured_mm), show_metres(expected_mm)
    return Finding(
        f"/body/measurements/{n}",
        measured,
        Text(
            f"{unit} 号盘实测 {measured} m，账上 {expected} m",
            f"unit {unit} measured {measured} m, the books have {expected} m",
        ),
        Text(
            "重新量一次；确实短少的，与供方按发货单核对",
            "measure again; if it is short, settle it with the supplier by the delivery note",
        ),
    )


def _length_deviates(claim: Claim, draft: Any) -> Finding | None:
    if draft.kind == "receipt":
        return _received_length_deviates(claim, draft)
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    for n, measured in enumerate(draft.body.measurements):
        registered_mm = known[0].length_of(measured.unit)
        if registered_mm is None:
            continue
        if deviates(measured.length_mm, registered_mm):
            return Finding(
                f"/body/measurements/{n}",
                show_metres(measured.length_mm),
                Text(
                    f"{measured.unit} 号盘实测 {show_metres(measured.length_mm)} m，登记 {show_metres(registered_mm)} m",
                    f"unit {measured.unit} measured {show_metres(measured.length_mm)} m, "
                    f"registered with {show_metres(registered_mm)} m",
                ),
            )
    return None


def _used_elsewhere(claim: Claim, draft: drafts.UseDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.unit is None or draft.body.removed:
        return None
    for part in known[1].parts(((draft.body.unit, draft.body.unit),)):
        if part.account.state != "project" or part.account.project != draft.body.project.id:
            return Finding(
                "/body/unit",
                str(draft.body.unit),
                Text("账上这一盘不在该项目", "the books do not have this unit at the project"),
                Text("补录收货", "record the receipt"),
            )
    return None


def _removed_by_another(claim: Claim, draft: drafts.UseDraft) -> Finding | None:
    known, project = (
        known_batch(draft.subject.batch, claim.state),
        claim.state.projects[draft.body.project.id],
    )
    if known is None or project is None or not draft.body.removed:
        return None
    laid_by = {account.party for account, _ in known[1].laid_at(draft.body.unit or 0, project.id)}
    if claim.speaker in {*laid_by, project.keeper, project.owner, project.contractor}:
        return None
    return Finding(
        "/body/project",
        draft.body.project.number,
        Text(
            "拆除方既不是敷设方，也不参与该项目",
            "whoever removes it neither laid it nor takes part in the project",
        ),
        Text("请项目参与方确认", "let a party of the project confirm it"),
    )


LOT_USED = Rule(
    "lot-already-used", Weight.ARITHMETIC,
    Text("批号重复", "lot number used already"),
    Text("同一企业批号唯一", "a maker's lot numbers are unique"),
    _lot_already_used,
)  # fmt: skip
ADD_UP = Rule(
    "units-do-not-add-up", Weight.ARITHMETIC,
    Text("盘长合计与总长不符", "units do not add up"),
    Text("各盘长度之和等于总长度", "the lengths of the units add up to the total"),
    _units_do_not_add_up,
)  # fmt: skip
OVERLAP = Rule(
    "unit-numbers-overlap", Weight.ARITHMETIC,
    Text("盘号重叠", "unit numbers overlap"),
    Text("同一批内盘号唯一", "unit numbers are unique in a batch"),
    _unit_numbers_overlap,
)  # fmt: skip
CONTRADICTS = Rule(
    "designation-contradicts-product", Weight.ARITHMETIC,
    Text("型号规格与产品不符", "designation contradicts the product"),
    Text("批次的型号规格即产品登记的型号规格", "a batch has its product's designation"),
    _designation_contradicts_product,
)  # fmt: skip
BEFORE_PRODUCTION = Rule(
    "before-production", Weight.ARITHMETIC,
    Text("早于生产日期", "before production"),
    Text("生产之前不能发货、使用", "nothing leaves or is used before it was made"),
    _before_production,
)  # fmt: skip
SEEN_BEFORE_PRODUCTION = Rule(
    "seen-before-production", Weight.OBSERVATION,
    Text("早于登记的生产日期", "seen before its day of production"),
    Text("所见早于登记的生产日期", "what was seen lies before the registered day of production"),
    _before_production,
)  # fmt: skip
NOT_HELD = Rule(
    "not-held", Weight.ARITHMETIC,
    Text("货不在手中", "not held"),
    Text("只能发出账上在手的货物", "only what the books have with the sender can be sent"),
    _not_held,
)  # fmt: skip
LENGTH_CONTRADICTS = Rule(
    "length-contradicts-units", Weight.ARITHMETIC,
    Text("长度与盘号不符", "length contradicts the units"),
    Text("整盘发货时长度为各盘之和", "whole units have the length they were registered with"),
    _length_contradicts_units,
)  # fmt: skip
LEFT = Rule(
    "more-than-is-left", Weight.ARITHMETIC,
    Text("超过余量", "more than is left"),
    Text("用去的不能多于余下的", "no more can be taken than is left"),
    _more_than_is_left,
)  # fmt: skip
NOTHING_TO_RECEIVE = Rule(
    "nothing-to-receive", Weight.ARITHMETIC,
    Text("没有可收的货", "nothing to receive"),
    Text("已全部使用、出售、报废的盘不能再收", "units of which nothing is left cannot be received"),
    _nothing_to_receive,
)  # fmt: skip
RECEIPT = Rule(
    "receipt-without-dispatch", Weight.OBSERVATION,
    Text("收货无对应发货", "receipt without a dispatch"),
    Text("收货应有对应的发货", "a receipt should have its dispatch"),
    _receipt_without_dispatch,
)  # fmt: skip
DEVIATES = Rule(
    "length-deviates", Weight.OBSERVATION,
    Text("实测长度偏差", "measured length deviates"),
    Text("实测与登记相差超过 1%", "measured and registered length differ by more than 1 %"),
    _length_deviates,
)  # fmt: skip
ELSEWHERE = Rule(
    "used-elsewhere", Weight.OBSERVATION,
    Text("账上不在该项目", "not at the project by the books"),
    Text("使用的货物应先收到该项目", "what is used should have been received at the project"),
    _used_elsewhere,
)  # fmt: skip
REMOVED_BY_ANOTHER = Rule(
    "removed-by-another", Weight.OBSERVATION,
    Text("由他人拆除", "removed by another"),
    Text("拆除应由敷设方或项目参与方记录", "removal is recorded by who laid it, or by a party of the project"),
    _removed_by_another,
)  # fmt: skip
PIECE = Rule(
    "piece-number-taken", Weight.ARITHMETIC,
    Text("分切段盘号重复", "number of a piece is taken"),
    Text("分切段取新盘号，同一批内唯一", "pieces take new numbers, unique in their batch"),
    _piece_number_taken,
)  # fmt: skip
