"""Every rule that a draft meets, one pure function each, and the table that says which kind meets which.

Here stand the rules about who speaks, what is named, and where the metres are; those about holds, acts of
authorities and corrections stand in `rules_of_acts`. What a rule may answer, and how much it weighs: `claim`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ..clock import SHANGHAI, shanghai_date
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Text
from . import drafts
from . import rules_of_acts as acts
from . import rules_of_keys as keys
from .claim import Claim, Finding, Rule, Weight
from .designation import parse_designation, same_cable
from .drafts import Draft
from .indicators import check_unit, parse_indicator
from .parts import BatchRef
from .quantities import show_metres
from .reach import in_hand, is_missing_leg, known_batch, may_dispatch, may_send
from .state import Account, Book, KnownBatch, Run, status_on
from .subjects import Subject
from .values import party_id

#: A unit whose measured length differs by more than this share from the registered one is marked.
LENGTH_TOLERANCE = (1, 100)
#: Clocks of people and machines differ; what lies further ahead than this has not happened.
FUTURE_TOLERANCE = timedelta(minutes=10)


# --- who may say it -----------------------------------------------------------------------------------


def _no_grant_to_enter(claim: Claim, draft: Draft) -> Finding | None:
    if claim.speaker == claim.actor or claim.enters_for_anybody:
        return None
    today = shanghai_date(claim.heard_at)
    for grant in claim.state.grants[claim.speaker, claim.actor]:
        if draft.kind in grant.kinds and grant.valid_from <= today <= grant.valid_to:
            return None
    return Finding(
        "/entered_for",
        draft.entered_for or "",
        Text(
            f"没有代「{_party_name(claim, claim.speaker)}」录入此类事件的授权",
            f"there is no grant to enter this kind of event for {_party_name(claim, claim.speaker)}",
        ),
        Text("请对方先登记代录授权", "let the other party register a grant first"),
    )


def _speaks_for_another(claim: Claim, draft: Any) -> Finding | None:
    owner = party_id(_OWNER[draft.kind](draft))
    speaker = claim.state.parties[claim.speaker]
    if claim.speaker == owner:
        return None
    if draft.kind == "certificate" and speaker is not None and speaker.acts_as(_MAY_CERTIFY):
        return None
    if (
        draft.kind == "key"
        and draft.body.revoked
        and speaker is not None
        and speaker.acts_as(keys.MAY_REVOKE)
    ):
        return None
    return Finding(
        "/subject",
        _party_name(claim, owner),
        Text("只能登记本单位的事项", "only an organisation itself may register this"),
        Text("请由该单位登记，或取得其代录授权", "let that organisation register it, or obtain its grant"),
    )


#: Roles that may state what became of somebody else's certificate.
_MAY_CERTIFY = frozenset({"regulator", "certifier", "operator"})

_OWNER: Mapping[str, Callable[[Any], str]] = {
    "product": lambda d: d.subject.product.maker,
    "project": lambda d: d.subject.project.keeper,
    "order": lambda d: d.subject.order.keeper,
    "grant": lambda d: d.subject.grant.grantor,
    "key": lambda d: d.body.owner,
    "certificate": lambda d: d.subject.certificate.holder,
    "production": lambda d: d.subject.batch.maker or "",
}


# --- what is named must be there ----------------------------------------------------------------------


def _unknown_party(claim: Claim, draft: Draft) -> Finding | None:
    speaker = (
        [("/entered_for" if draft.entered_for is not None else "", claim.speaker)] if claim.speaker else []
    )
    for where, ref in speaker + parties_named(draft):
        if claim.state.parties[party_id(ref)] is None:
            return Finding(
                where,
                ref,
                Text("该单位尚未登记", "this party is not registered"),
                Text("先登记该单位", "register the party first"),
            )
    return None


def _office_taken(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    id_ = party_id(draft.subject.party)
    if claim.enters_for_anybody or claim.speaker != id_:
        return None  # what others say of a party gives it no office, unless they hold one themselves
    before = claim.state.parties[id_]
    held = before.roles if before is not None and before.named_by is None else ()
    taken = sorted(_MAY_CERTIFY.intersection(draft.body.roles).difference(held))
    if not taken:
        return None
    return Finding(
        "/body/roles",
        ", ".join(taken),
        Text("监管、认证、运维身份不能自行登记", "nobody makes itself a regulator, certifier or operator"),
        Text("请由市场监管部门或运维登记", "let a market regulator or the operator register it"),
    )


def _party_id_mismatch(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    uscc = draft.body.uscc
    if uscc is None or party_id(uscc) == party_id(draft.subject.party):
        return None
    return Finding(
        "/body/uscc",
        uscc,
        Text(
            "有统一社会信用代码的单位，编号须由该代码得出",
            "the id of a party with a unified social credit code follows from that code",
        ),
        Text("subject.party 直接写统一社会信用代码", "write the code itself as subject.party"),
    )


def _not_a_cable(claim: Claim, draft: Any) -> Finding | None:
    for where, printed in _designations(draft):
        try:
            parse_designation(printed)
        except InputError as error:
            problem = error.problems[0]
            return Finding(where, printed, problem.detail, problem.remedy)
    return None


def _designations(draft: Any) -> list[tuple[str, str]]:
    if draft.kind == "product":
        return [("/body/designation", draft.body.designation)]
    if draft.kind == "order":
        return [(f"/body/items/{n}/designation", item.designation) for n, item in enumerate(draft.body.items)]
    return [("/body/designation", draft.body.designation)] if draft.body.designation is not None else []


def _in_the_future(claim: Claim, draft: Draft) -> Finding | None:
    occurred = draft.occurred
    if occurred is None or occurred <= claim.heard_at + FUTURE_TOLERANCE:
        return None
    return Finding(
        "/occurred_at",
        draft.occurred_at or "",
        Text(
            f"发生时间在将来（现在是 {claim.heard_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}）",
            f"this lies in the future (now it is {claim.heard_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M})",
        ),
        Text("核对日期；尚未发生的事不能登记", "check the date; what has not happened cannot be recorded"),
    )


def _document_missing(claim: Claim, draft: Draft) -> Finding | None:
    for n, document in enumerate(draft.documents):
        stored = claim.state.documents[document.sha256]
        if stored is None:
            return Finding(
                f"/documents/{n}/sha256",
                document.sha256,
                Text(
                    f"附件「{document.name}」没有上传",
                    f"the attachment “{document.name}” was not uploaded",
                ),
                Text(
                    "先把文件上传到 /api/v1/blobs/ 加上它的 SHA-256，再登记",
                    "upload the file to /api/v1/blobs/ and its SHA-256 first, then record",
                ),
            )
        if stored.size != document.size:
            return Finding(
                f"/documents/{n}/size",
                str(document.size),
                Text(
                    f"附件「{document.name}」上传的是 {stored.size:,} 字节",
                    f"of the attachment “{document.name}”, {stored.size:,} bytes were uploaded",
                ),
            )
        if stored.media_type != document.media_type:
            return Finding(
                f"/documents/{n}/media_type",
                document.media_type,
                Text(
                    f"附件「{document.name}」上传的是 {stored.media_type}",
                    f"the attachment “{document.name}” was uploaded as {stored.media_type}",
                ),
            )
    return None


def _product_unknown(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    if claim.state.products[claim.speaker, draft.body.product] is not None:
        return None
    return Finding(
        "/body/product",
        draft.body.product,
        Text("没有登记这个产品编号", "no product is registered under this number"),
        Text("先登记产品，或改正产品编号", "register the product first, or correct its number"),
    )


def _lot_without_maker(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    if draft.subject.batch.lot is not None:
        return None
    return Finding(
        "/subject/batch",
        draft.subject.batch.code or "",
        Text(
            "登记生产时批次须写生产企业与批号，追溯码由平台签发",
            "a production names its batch by maker and lot; the code is issued by the platform",
        ),
    )


def _batch_unknown(claim: Claim, draft: Any) -> Finding | None:
    ref: BatchRef | None = draft.subject.batch
    if ref is None or known_batch(ref, claim.state) is not None:
        return None
    return Finding(
        "/subject/batch",
        ref.code or ref.lot or "",
        Text("没有登记这个批次", "no such batch is registered"),
        Text(
            "核对批号；没有登记的货物请按无码货物记录",
            "check the lot number; what is not registered is recorded as uncoded goods",
        ),
    )


def _unit_not_in_batch(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    batch, _ = known
    for where, first, last in _units(draft):
        missing = _missing_units(batch, first, last)
        if missing:
            return Finding(
                where,
                missing,
                Text(
                    f"批次 {batch.lot} 没有 {missing} 号盘（卷）", f"batch {batch.lot} has no unit {missing}"
                ),
                Text(f"本批盘号为 {_units_of(batch)}", f"this batch has the units {_units_of(batch)}"),
            )
    return None


def _project_unknown(claim: Claim, draft: Any) -> Finding | None:
    ref = draft.body.project
    if ref is None or claim.state.projects[ref.id] is not None:
        return None
    return Finding(
        "/body/project",
        ref.number,
        Text("没有登记这个项目", "no such project is registered"),
        Text("先登记项目，或改正项目编号", "register the project first, or correct its number"),
    )


def _units_or_length(claim: Claim, draft: Any) -> Finding | None:
    if draft.body.units or draft.body.length_mm is not None:
        return None
    return Finding(
        "/body",
        "",
        Text("须写明盘号，或散装长度", "units or a loose length must be named"),
        Text("填写盘号 units 或长度 length_mm", "give units or length_mm"),
    )


def _no_units(claim: Claim, draft: Any) -> Finding | None:
    if draft.body.units:
        return None
    return Finding("/body/units", "", Text("须写明盘号", "units must be named"))


def _longer_than_registered(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.length_mm is None:
        return None
    batch, _ = known
    units, length_mm = draft.body.units, draft.body.length_mm
    registered_mm = _registered_mm(batch, units) if units else batch.length_mm
    if length_mm <= registered_mm:
        return None
    return Finding(
        "/body/length_mm",
        show_metres(length_mm),
        Text(
            f"写了 {show_metres(length_mm)} m，{'所列盘号' if units else '整批'}只登记了 {show_metres(registered_mm)} m",
            f"{show_metres(length_mm)} m are named, {'these units' if units else 'the whole batch'} "
            f"were registered with {show_metres(registered_mm)} m",
        ),
        Text(
            "核对盘号与长度；多出的货物请按无码货物记录",
            "check the units and the length; what is more is uncoded goods",
        ),
    )


def _indicator_misfit(claim: Claim, draft: drafts.TestingDraft) -> Finding | None:
    for n, item in enumerate(draft.body.items):
        try:
            check_unit(parse_indicator(item.indicator), item.unit)
        except InputError as error:
            problem = error.problems[0]
            return Finding(f"/body/items/{n}", problem.came, problem.detail, problem.remedy)
    return None


# --- arithmetic ---------------------------------------------------------------------------------------


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
    units = _ranges(draft)
    if not units:
        may_take = may_dispatch if draft.kind in ("dispatch", "return") else in_hand
        return _pool_too_small(book, speaker, body.length_mm or 0, may_take)
    receiver = party_id(body.to) if draft.kind in ("dispatch", "return") else None

    def has(part: Run) -> bool:
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
            if _missing_units(batch, first, last):
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


def body_has_unit(draft: Any) -> bool:
    """Whether a draft names one single unit, out of which a length is taken."""
    return getattr(draft.body, "unit", None) is not None


def _ranges(draft: Any) -> tuple[tuple[int, int], ...]:
    """The units that a draft moves, whole or in part; none for a loose length."""
    if body_has_unit(draft):
        return ((draft.body.unit, draft.body.unit),)
    ranges: tuple[tuple[int, int], ...] = getattr(draft.body, "units", ())
    return ranges


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
    registered_mm = _registered_mm(batch, units)
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


def _registered_mm(batch: KnownBatch, units: tuple[tuple[int, int], ...]) -> int:
    return sum(
        group.length_mm * max(0, min(last, group.last) - max(first, group.first) + 1)
        for group in batch.all_units
        for first, last in units
    )


def _more_than_is_left(claim: Claim, draft: Any) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return None
    batch, book = known
    unit = draft.body.unit
    wanted_mm = _taken_mm(draft)
    if unit is None:
        if draft.kind != "use":
            return None  # whole units have what they have; a loose length is asked for by the rule for that
        left_mm = sum(
            mm
            for account, mm in book.loose.items()
            if account.state == "project" and account.project == draft.body.project.id
        )
    elif batch.length_of(unit) is None:
        return None  # named by the rule for that
    else:
        left_mm = sum(part.length_mm for part in book.parts(((unit, unit),)))
    if wanted_mm <= left_mm:
        return None
    return Finding(
        "/body/length_mm",
        show_metres(wanted_mm),
        Text(
            f"需要 {show_metres(wanted_mm)} m，余量只有 {show_metres(left_mm)} m",
            f"{show_metres(wanted_mm)} m are taken, but only {show_metres(left_mm)} m are left",
        ),
        Text("核对盘号与长度", "check the unit and the length"),
    )


def _taken_mm(draft: Any) -> int:
    """What a draft takes off one unit."""
    body = draft.body
    if draft.kind == "split":
        return int(sum(piece.length_mm for piece in body.pieces) + (body.scrap_mm or 0))
    return int(body.length_mm or 0) + int(getattr(body, "reserve_mm", None) or 0)


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
                    f"本批已有盘号 {_units_of(known[0])}，分切段另取新号",
                    f"this batch has the units {_units_of(known[0])}; a piece takes a new number",
                ),
            )
        seen.add(piece.unit)
    return None


def _what_leaves(claim: Claim, draft: Any) -> Finding | None:
    body = draft.body
    sorts = (bool(body.units), body.unit is not None, body.length_mm is not None)
    if sorts in ((True, False, False), (False, True, True), (False, False, True)):
        return None
    return Finding(
        "/body",
        "",
        Text(
            "须写整盘盘号 units，或一盘 unit 与长度 length_mm，或散装长度 length_mm",
            "whole units, or one unit and a length, or a loose length: one of these",
        ),
        Text("三种写法取其一", "choose one of the three"),
    )


# --- permission ---------------------------------------------------------------------------------------


def _certificate_not_valid_at_production(claim: Claim, draft: drafts.ProductionDraft) -> Finding | None:
    product = claim.state.products[claim.speaker, draft.body.product]
    if product is None or draft.occurred_on is None:
        return None
    number = product.certificate
    status = "unknown"
    if number is not None:
        status = status_on(claim.state.certificates[claim.speaker, number], draft.occurred_on)
    if status == "valid":
        return None
    return Finding(
        "/occurred_at",
        str(draft.occurred_on),
        Text(
            f"证书 {number or '（未登记）'} 在生产当日状态为「{CERTIFICATE_STATUS[status].zh}」",
            f"certificate {number or '(none registered)'} was {CERTIFICATE_STATUS[status].en} on the day of production",
        ),
        Text("登记有效证书后再生产", "register a valid certificate before producing"),
    )


def _use_before_admission(claim: Claim, draft: drafts.UseDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or draft.body.unit is None or draft.occurred_on is None:
        return None
    opinion = known[1].opinion_on(draft.body.unit, draft.body.project.id, draft.occurred_on)
    if opinion == "admit":
        return None
    return Finding(
        "/body/unit",
        str(draft.body.unit),
        Text(
            "监理尚未签认，不得使用" if opinion is None else f"监理意见为「{OPINION[opinion].zh}」，不得使用",
            "the supervisor has not admitted this unit"
            if opinion is None
            else f"the supervisor's opinion is: {OPINION[opinion].en}",
        ),
        Text("请监理工程师先签认", "let the supervising engineer sign first"),
    )


# --- observations -------------------------------------------------------------------------------------


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
    known = known_batch(draft.subject.batch, claim.state)
    units, length_mm = draft.body.units, draft.body.length_mm
    if known is None or not units or length_mm is None:
        return None
    left_mm = sum(part.length_mm * part.count for part in known[1].parts(units))
    if not _deviates(length_mm, left_mm) or not _deviates(length_mm, _registered_mm(known[0], units)):
        return None
    return Finding(
        "/body/length_mm",
        show_metres(length_mm),
        Text(
            f"收货 {show_metres(length_mm)} m，账上这些盘余 {show_metres(left_mm)} m",
            f"{show_metres(length_mm)} m were received, the books have {show_metres(left_mm)} m on these units",
        ),
    )


def _deviates(measured_mm: int, expected_mm: int) -> bool:
    share, whole = LENGTH_TOLERANCE
    return abs(measured_mm - expected_mm) * whole > expected_mm * share


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
        if _deviates(measured.length_mm, registered_mm):
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
    if known is None or draft.body.unit is None:
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


# --- helpers of the words -----------------------------------------------------------------------------

OPINION: Mapping[str, Text] = {
    "admit": Text("同意进场", "admit"),
    "reject": Text("不同意进场", "reject"),
    "await-test": Text("待检", "await test"),
}

CERTIFICATE_STATUS: Mapping[str, Text] = {
    "valid": Text("有效", "valid"),
    "suspended": Text("暂停", "suspended"),
    "withdrawn": Text("撤销", "withdrawn"),
    "cancelled": Text("注销", "cancelled"),
    "expired": Text("过期", "expired"),
    "not-yet-valid": Text("尚未生效", "not yet valid"),
    "unknown": Text("未登记", "not registered"),
}


def _party_name(claim: Claim, id_: str) -> str:
    party = claim.state.parties.get(id_)
    return party.name if party is not None else id_


def _missing_units(batch: KnownBatch, first: int, last: int) -> str:
    """The first stretch of ``first``–``last`` that the batch does not have, or empty text."""
    missing = first
    for group in batch.all_units:
        if group.first <= missing <= group.last:
            missing = group.last + 1
    if missing > last:
        return ""
    following = min((g.first for g in batch.all_units if g.first > missing), default=last + 1)
    return format_units([UnitRange(missing, min(last, following - 1))])


def _units_of(batch: KnownBatch) -> str:
    return format_units([UnitRange(g.first, g.last) for g in batch.all_units]) or "—"


def _units(draft: Any) -> list[tuple[str, int, int]]:
    body = draft.body
    if draft.kind == "testing":
        return (
            []
            if body.sampled_unit is None
            else [("/body/sampled_unit", body.sampled_unit, body.sampled_unit)]
        )
    named = [("/body/units", first, last) for first, last in getattr(body, "units", ())]
    if body_has_unit(draft):
        named.append(("/body/unit", body.unit, body.unit))
    if draft.kind == "acceptance":
        named += [("/body/measurements", m.unit, m.unit) for m in body.measurements]
    return named


def parties_named(draft: Any) -> list[tuple[str, str]]:
    """Every party that a draft names besides its speaker, with the pointer to it. What must be registered."""
    body, kind = draft.body, draft.kind
    if kind == "correction":
        if body.right is None:
            return []
        return [(f"/body/right{where}", ref) for where, ref in _named_in(draft.subject.kind, body.right)]
    return [(f"/subject{where}", ref) for where, ref in _named_as_subject(draft)] + [
        (f"/body{where}", ref) for where, ref in _named_in(kind, body)
    ]


def _named_as_subject(draft: Any) -> list[tuple[str, str]]:
    subject, kind = draft.subject, draft.kind
    named: list[tuple[str, str | None]] = []
    if kind == "certificate":
        named = [("/certificate/holder", subject.certificate.holder)]
    elif kind == "product":
        named = [("/product/maker", subject.product.maker)]
    elif kind == "project":
        named = [("/project/keeper", subject.project.keeper)]
    elif kind == "grant":
        named = [("/grant/grantor", subject.grant.grantor), ("/grant/grantee", subject.grant.grantee)]
    elif kind == "production":
        named = [("/batch/maker", subject.batch.maker)]
    elif isinstance(subject, Subject):
        named = [("/party", subject.party)]
    return [(where, ref) for where, ref in named if ref is not None]


def _named_in(kind: str, body: Any) -> list[tuple[str, str]]:
    members = _PARTY_MEMBERS.get(kind, ())
    named = [(f"/{member}", getattr(body, member)) for member in members]
    if kind == "notice":
        named = [(f"/recipients/{n}", ref) for n, ref in enumerate(body.recipients)]
    goods = getattr(body, "goods", None)
    if goods is not None:
        named.append(("/goods/holder", goods.holder))
    return [(where, ref) for where, ref in named if ref is not None]


_PARTY_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "project": ("owner", "contractor", "supervisor"),
    "key": ("owner",),
    "order": ("supplier", "buyer"),
    "dispatch": ("to",),
    "return": ("to",),
    "receipt": ("sender",),
    "sampling": ("authority",),
    "measure": ("against",),
    "complaint": ("against",),
    "report": ("against",),
    "alias": ("party",),
}


# --- the table ----------------------------------------------------------------------------------------

_NO_GRANT = Rule(
    "no-grant-to-enter", Weight.AUTHORITY,
    Text("没有代录授权", "no grant to enter for another"),
    Text("代他人录入须有其登记的授权", "entering for another party needs its registered grant"),
    _no_grant_to_enter,
)  # fmt: skip
_SPEAKS_FOR_ANOTHER = Rule(
    "speaks-for-another", Weight.AUTHORITY,
    Text("代他人登记", "speaks for another"),
    Text("备案与生产由本单位负责", "an organisation registers its own facts"),
    _speaks_for_another,
)  # fmt: skip
_UNKNOWN_PARTY = Rule(
    "unknown-party", Weight.INPUT,
    Text("单位未登记", "unknown party"),
    Text("事件所列单位须先登记", "parties named by an event must be registered"),
    _unknown_party,
)  # fmt: skip
_OFFICE = Rule(
    "office-taken", Weight.AUTHORITY,
    Text("自行登记监管身份", "takes an office for itself"),
    Text("监管、认证、运维身份由市场监管部门或运维登记", "offices are registered by a market regulator or the operator"),
    _office_taken,
)  # fmt: skip
_PARTY_ID = Rule(
    "party-id-mismatch", Weight.INPUT,
    Text("单位编号不符", "party id does not fit its code"),
    Text("同一信用代码只对应一个单位", "one credit code is one party"),
    _party_id_mismatch,
)  # fmt: skip
_NOT_A_CABLE = Rule(
    "not-a-cable", Weight.INPUT,
    Text("不是电线电缆型号规格", "not a cable designation"),
    Text("只登记电线电缆", "only cables are registered here"),
    _not_a_cable,
)  # fmt: skip
_FUTURE = Rule(
    "in-the-future", Weight.INPUT,
    Text("发生时间在将来", "time lies in the future"),
    Text("只记录已经发生的事", "only what has happened is recorded"),
    _in_the_future,
)  # fmt: skip
_DOCUMENT_MISSING = Rule(
    "document-missing", Weight.INPUT,
    Text("附件未上传或不符", "attachment missing or other than uploaded"),
    Text("事件所列附件须先上传，大小与类型一致", "what an event attaches must have been uploaded, with that size and type"),
    _document_missing,
)  # fmt: skip
_PRODUCT_UNKNOWN = Rule(
    "product-unknown", Weight.INPUT,
    Text("产品未登记", "unknown product"),
    Text("生产的产品须先登记", "what is produced must be a registered product"),
    _product_unknown,
)  # fmt: skip
_LOT_WITHOUT_MAKER = Rule(
    "lot-without-maker", Weight.INPUT,
    Text("未写批号", "lot missing"),
    Text("追溯码由平台签发", "codes are issued by the platform"),
    _lot_without_maker,
)  # fmt: skip
_BATCH_UNKNOWN = Rule(
    "batch-unknown", Weight.INPUT,
    Text("批次未登记", "unknown batch"),
    Text("事件所属批次须已登记", "the batch of an event must be registered"),
    _batch_unknown,
)  # fmt: skip
_UNIT_NOT_IN_BATCH = Rule(
    "unit-not-in-batch", Weight.INPUT,
    Text("盘号不在批内", "unit not in the batch"),
    Text("盘号须为该批登记的盘（卷）", "units must be those registered with the batch"),
    _unit_not_in_batch,
)  # fmt: skip
_PROJECT_UNKNOWN = Rule(
    "project-unknown", Weight.INPUT,
    Text("项目未登记", "unknown project"),
    Text("事件所属项目须已登记", "the project of an event must be registered"),
    _project_unknown,
)  # fmt: skip
_UNITS_OR_LENGTH = Rule(
    "units-or-length", Weight.INPUT,
    Text("未写数量", "no quantity"),
    Text("收发货须写盘号或长度", "dispatches and receipts name units or a length"),
    _units_or_length,
)  # fmt: skip
_NO_UNITS = Rule(
    "no-units", Weight.INPUT,
    Text("未写盘号", "no units"),
    Text("验收与监理须写盘号", "acceptance and supervision name units"),
    _no_units,
)  # fmt: skip
_LONGER_THAN_REGISTERED = Rule(
    "longer-than-registered", Weight.INPUT,
    Text("超过登记长度", "longer than registered"),
    Text("所见不可多于登记长度", "what was seen cannot exceed what was registered"),
    _longer_than_registered,
)  # fmt: skip
_INDICATOR = Rule(
    "indicator-misfit", Weight.INPUT,
    Text("检测项目或单位有误", "indicator or unit does not fit"),
    Text("实测值须用该项目的计量单位", "a value is given in a unit of its indicator"),
    _indicator_misfit,
)  # fmt: skip
_LOT_USED = Rule(
    "lot-already-used", Weight.ARITHMETIC,
    Text("批号重复", "lot number used already"),
    Text("同一企业批号唯一", "a maker's lot numbers are unique"),
    _lot_already_used,
)  # fmt: skip
_ADD_UP = Rule(
    "units-do-not-add-up", Weight.ARITHMETIC,
    Text("盘长合计与总长不符", "units do not add up"),
    Text("各盘长度之和等于总长度", "the lengths of the units add up to the total"),
    _units_do_not_add_up,
)  # fmt: skip
_OVERLAP = Rule(
    "unit-numbers-overlap", Weight.ARITHMETIC,
    Text("盘号重叠", "unit numbers overlap"),
    Text("同一批内盘号唯一", "unit numbers are unique in a batch"),
    _unit_numbers_overlap,
)  # fmt: skip
_CONTRADICTS = Rule(
    "designation-contradicts-product", Weight.ARITHMETIC,
    Text("型号规格与产品不符", "designation contradicts the product"),
    Text("批次的型号规格即产品登记的型号规格", "a batch has its product's designation"),
    _designation_contradicts_product,
)  # fmt: skip
_BEFORE_PRODUCTION = Rule(
    "before-production", Weight.ARITHMETIC,
    Text("早于生产日期", "before production"),
    Text("生产之前不能发货、使用", "nothing leaves or is used before it was made"),
    _before_production,
)  # fmt: skip
_SEEN_BEFORE_PRODUCTION = Rule(
    "seen-before-production", Weight.OBSERVATION,
    Text("早于登记的生产日期", "seen before its day of production"),
    Text("所见早于登记的生产日期", "what was seen lies before the registered day of production"),
    _before_production,
)  # fmt: skip
_NOT_HELD = Rule(
    "not-held", Weight.ARITHMETIC,
    Text("货不在手中", "not held"),
    Text("只能发出账上在手的货物", "only what the books have with the sender can be sent"),
    _not_held,
)  # fmt: skip
_LENGTH_CONTRADICTS = Rule(
    "length-contradicts-units", Weight.ARITHMETIC,
    Text("长度与盘号不符", "length contradicts the units"),
    Text("整盘发货时长度为各盘之和", "whole units have the length they were registered with"),
    _length_contradicts_units,
)  # fmt: skip
_LEFT = Rule(
    "more-than-is-left", Weight.ARITHMETIC,
    Text("超过余量", "more than is left"),
    Text("用去的不能多于余下的", "no more can be taken than is left"),
    _more_than_is_left,
)  # fmt: skip
_CERTIFICATE = Rule(
    "certificate-not-valid-at-production", Weight.PERMISSION,
    Text("生产当日证书无效", "certificate not valid at production"),
    Text("列入目录的产品须凭有效证书生产（工业产品生产许可证管理条例；强制性产品认证管理规定）",
         "listed products are made under a valid licence or certificate"),
    _certificate_not_valid_at_production,
)  # fmt: skip
_ADMISSION = Rule(
    "use-before-admission", Weight.PERMISSION,
    Text("未经监理签认即使用", "used before admission"),
    Text("未经监理工程师签字不得使用（建设工程质量管理条例第三十七条）",
         "nothing is used before the supervising engineer has signed (建设工程质量管理条例 art. 37)"),
    _use_before_admission,
)  # fmt: skip
_RECEIPT = Rule(
    "receipt-without-dispatch", Weight.OBSERVATION,
    Text("收货无对应发货", "receipt without a dispatch"),
    Text("收货应有对应的发货", "a receipt should have its dispatch"),
    _receipt_without_dispatch,
)  # fmt: skip
_DEVIATES = Rule(
    "length-deviates", Weight.OBSERVATION,
    Text("实测长度偏差", "measured length deviates"),
    Text("实测与登记相差超过 1%", "measured and registered length differ by more than 1 %"),
    _length_deviates,
)  # fmt: skip
_ELSEWHERE = Rule(
    "used-elsewhere", Weight.OBSERVATION,
    Text("账上不在该项目", "not at the project by the books"),
    Text("使用的货物应先收到该项目", "what is used should have been received at the project"),
    _used_elsewhere,
)  # fmt: skip

_PIECE = Rule(
    "piece-number-taken", Weight.ARITHMETIC,
    Text("分切段盘号重复", "number of a piece is taken"),
    Text("分切段取新盘号，同一批内唯一", "pieces take new numbers, unique in their batch"),
    _piece_number_taken,
)  # fmt: skip
_WHAT_LEAVES = Rule(
    "what-leaves", Weight.INPUT,
    Text("数量写法有误", "quantity is not clear"),
    Text("零售与报废须写明整盘、一盘中的一段，或散装长度", "sales and disposals name whole units, a part of one, or a loose length"),
    _what_leaves,
)  # fmt: skip

#: Rules of a kind's own, in the order in which they are named to people.
_OF_KIND: Mapping[str, tuple[Rule, ...]] = {
    "party": (_PARTY_ID, _NO_GRANT, _OFFICE, _FUTURE),
    "certificate": (_UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _FUTURE),
    "product": (_UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _NOT_A_CABLE, _FUTURE),
    "project": (_UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _FUTURE),
    "key": (
        _UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, keys.ENTERED_BY_ANOTHER, _FUTURE, keys.UNUSABLE, keys.TAKEN,
        keys.REVOKED_FOR_GOOD, keys.REVOKES_NOTHING, keys.OVER_ALREADY,
    ),
    "grant": (_UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _FUTURE),
    "order": (_UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _NOT_A_CABLE, _PROJECT_UNKNOWN, _FUTURE),
    "production": (
        _LOT_WITHOUT_MAKER, _UNKNOWN_PARTY, _NO_GRANT, _SPEAKS_FOR_ANOTHER, _FUTURE, _PRODUCT_UNKNOWN,
        _NOT_A_CABLE, _LOT_USED, _ADD_UP, _OVERLAP, _CONTRADICTS, _CERTIFICATE,
    ),
    "testing": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNIT_NOT_IN_BATCH, _INDICATOR,
        acts.ACCREDITATION, _SEEN_BEFORE_PRODUCTION,
    ),
    "dispatch": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNITS_OR_LENGTH, _UNIT_NOT_IN_BATCH,
        _BEFORE_PRODUCTION, _NOT_HELD, _LENGTH_CONTRADICTS, acts.HELD,
    ),
    "receipt": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _PROJECT_UNKNOWN, _FUTURE, _UNITS_OR_LENGTH,
        _UNIT_NOT_IN_BATCH, _LONGER_THAN_REGISTERED, _SEEN_BEFORE_PRODUCTION, _RECEIPT, _DEVIATES,
        acts.SEEN_HELD,
    ),
    "acceptance": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _PROJECT_UNKNOWN, _FUTURE, _NO_UNITS, _UNIT_NOT_IN_BATCH,
        _SEEN_BEFORE_PRODUCTION, _DEVIATES,
    ),
    "supervision": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _PROJECT_UNKNOWN, _FUTURE, _NO_UNITS, _UNIT_NOT_IN_BATCH,
        _SEEN_BEFORE_PRODUCTION,
    ),
    "use": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _PROJECT_UNKNOWN, _FUTURE, _UNIT_NOT_IN_BATCH, _BEFORE_PRODUCTION, _LEFT,
        acts.HELD, _ADMISSION, _ELSEWHERE,
    ),
    "sampling": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, acts.NO_UNIT_SAMPLED, _UNIT_NOT_IN_BATCH,
        _LEFT, _SEEN_BEFORE_PRODUCTION,
    ),
    "split": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNIT_NOT_IN_BATCH, _BEFORE_PRODUCTION, _NOT_HELD,
        _PIECE, _LEFT, acts.HELD,
    ),
    "return": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNITS_OR_LENGTH, _UNIT_NOT_IN_BATCH,
        _BEFORE_PRODUCTION, _NOT_HELD, _LENGTH_CONTRADICTS, acts.HELD,
    ),
    "disposal": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _WHAT_LEAVES, _UNIT_NOT_IN_BATCH, _BEFORE_PRODUCTION,
        _NOT_HELD, _LEFT, acts.HELD,
    ),
    "sale": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _WHAT_LEAVES, _UNIT_NOT_IN_BATCH, _BEFORE_PRODUCTION,
        _NOT_HELD, _LEFT, acts.HELD,
    ),
    "inspection": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, acts.SUBJECT_PROJECT, _FUTURE, _UNIT_NOT_IN_BATCH,
    ),
    "measure": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNIT_NOT_IN_BATCH,
        _LONGER_THAN_REGISTERED, acts.MEASURE_COMPLETE,
        acts.MEASURE_UNKNOWN, acts.MEASURE_ENDED, acts.MEASURE_NUMBER, acts.EXTENSION,
    ),
    "recall": (
        _BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, _UNIT_NOT_IN_BATCH, acts.RECALLS_ANOTHERS, acts.RECALL_UNKNOWN,
    ),
    "notice": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, acts.PROJECTS_UNKNOWN, _FUTURE, _UNIT_NOT_IN_BATCH,
    ),
    "notice-reply": (acts.EVENT_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, acts.NOT_ASKED),
    "complaint": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, acts.PLACE_MISSING, _FUTURE, _UNIT_NOT_IN_BATCH,
    ),
    "report": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, acts.PLACE_MISSING, _FUTURE, _UNIT_NOT_IN_BATCH,
    ),
    "confirmation": (_UNKNOWN_PARTY, acts.GOODS_UNKNOWN, _NO_GRANT, acts.CONFIRMS_ANOTHERS, _FUTURE),
    "alias": (
        _BATCH_UNKNOWN, acts.GOODS_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, acts.ALIAS_COMPLETE, acts.ALIAS_BATCH, acts.ALIAS_TAKEN,
        acts.NAMES_ANOTHERS, _FUTURE,
    ),
    "correction": (
        acts.EVENT_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, acts.NEWEST_VERSION, acts.CORRECTS_ANOTHERS,
        acts.NOT_REPRODUCED,
    ),
    "erasure": (
        acts.EVENT_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, acts.ERASES_ANOTHERS, acts.NOTHING_TO_ERASE,
        acts.ALREADY_ERASED, acts.PERSON_LOCKED,
    ),
    "read": (_BATCH_UNKNOWN, _UNKNOWN_PARTY, _NO_GRANT, _FUTURE, acts.SUBJECT_PROJECT),
}  # fmt: skip

#: Which rules a kind meets: its own, and what holds for every draft.
RULES_OF: Mapping[str, tuple[Rule, ...]] = {kind: (*own, _DOCUMENT_MISSING) for kind, own in _OF_KIND.items()}

#: Every rule by its name.
RULES: Mapping[str, Rule] = {
    rule.name: rule for rules in (*RULES_OF.values(), (acts.AFTER_MOVEMENT,), keys.SIGNED) for rule in rules
}
