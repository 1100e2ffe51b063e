"""Rules about the things that a draft names: batches, units, projects, products and goods must be there."""

from __future__ import annotations

from typing import Any

from ..errors import InputError, Text
from . import drafts
from .against_order import agreed_price, lines_meant
from .claim import Claim, Finding, Rule, Weight
from .designation import parse_designation
from .drafts import Draft
from .indicators import check_unit, parse_indicator
from .named import designations_named, length_registered_mm, missing_units, units_named, units_of
from .parts import BatchRef
from .quantities import show_metres
from .reach import known_batch
from .state import KnownOrder, OrderedLine
from .values import filed, party_id


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


def _not_a_cable(claim: Claim, draft: Any) -> Finding | None:
    for where, printed in designations_named(draft):
        try:
            parse_designation(printed)
        except InputError as error:
            problem = error.problems[0]
            return Finding(where, printed, problem.detail, problem.remedy)
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
    for where, first, last in units_named(draft):
        missing = missing_units(batch, first, last)
        if missing:
            return Finding(
                where,
                missing,
                Text(
                    f"批次 {batch.lot} 没有 {missing} 号盘（卷）", f"batch {batch.lot} has no unit {missing}"
                ),
                Text(f"本批盘号为 {units_of(batch)}", f"this batch has the units {units_of(batch)}"),
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


def _order_unknown(claim: Claim, draft: drafts.DispatchDraft) -> Finding | None:
    number = draft.body.order
    if number is None or _orders_named(claim, draft):
        return None
    return Finding(
        "/body/order",
        number,
        Text("双方之间没有登记过这个订单号", "no order of this number between the two is on record"),
        Text(
            "核对订单号，或补登记订单；补登后订单页自会对上",
            "check the number, or record the order: the page of orders finds it then",
        ),
    )


def _orders_named(claim: Claim, draft: drafts.DispatchDraft) -> list[KnownOrder]:
    """The orders between the two under the number that a dispatch names: as either keeps it, or each a version of its own."""
    number, receiver = draft.body.order, party_id(draft.body.to)
    if number is None:
        return []
    known = [claim.state.orders[keeper, filed(number)] for keeper in sorted({claim.speaker, receiver})]
    return [
        order
        for order in known
        if order is not None and (order.supplier, order.buyer) == (claim.speaker, receiver)
    ]


def _meant(claim: Claim, draft: drafts.DispatchDraft) -> list[OrderedLine]:
    """The lines of those orders that mean the cable of the batch."""
    known = known_batch(draft.subject.batch, claim.state)
    if known is None:
        return []
    lines = [line for order in _orders_named(claim, draft) for line in order.lines]
    return lines_meant(lines, known[0].designation)


def _order_other_cable(claim: Claim, draft: drafts.DispatchDraft) -> Finding | None:
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or not _orders_named(claim, draft) or _meant(claim, draft):
        return None
    return Finding(
        "/body/order",
        draft.body.order or "",
        Text(
            f"发的是 {known[0].designation}，这个订单里没有这个型号规格",
            f"{known[0].designation} is sent, and the order has no such cable",
        ),
        Text(
            "核对发的货和订单号；合同改了的，请更正订单",
            "check the goods and the number; if the contract was changed, correct the order",
        ),
    )


def _price_below_order(claim: Claim, draft: drafts.DispatchDraft) -> Finding | None:
    """Which price was agreed is not said: the two parties have it on their page of orders, and others need not know."""
    price = draft.body.price_fen_per_metre
    agreed = agreed_price(_meant(claim, draft))
    if price is None or agreed is None or price >= agreed:
        return None
    return Finding(
        "/body/price_fen_per_metre",
        str(price),
        Text("发货单价低于订单上这个型号规格的单价", "the price is below that of the order for this cable"),
        Text(
            "核对单价；合同改了的，请更正订单",
            "check the price; if the contract was changed, correct the order",
        ),
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
    registered_mm = length_registered_mm(batch, units) if units else batch.length_mm
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
        member = "indicator"
        try:
            indicator = parse_indicator(item.indicator)
            member = "unit"
            check_unit(indicator, item.unit)
        except InputError as error:
            problem = error.problems[0]
            return Finding(f"/body/items/{n}/{member}", problem.came, problem.detail, problem.remedy)
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


NOT_A_CABLE = Rule(
    "not-a-cable", Weight.INPUT,
    Text("不是电线电缆型号规格", "not a cable designation"),
    Text("只登记电线电缆", "only cables are registered here"),
    _not_a_cable,
)  # fmt: skip
PRODUCT_UNKNOWN = Rule(
    "product-unknown", Weight.INPUT,
    Text("产品未登记", "unknown product"),
    Text("生产的产品须先登记", "what is produced must be a registered product"),
    _product_unknown,
)  # fmt: skip
LOT_WITHOUT_MAKER = Rule(
    "lot-without-maker", Weight.INPUT,
    Text("未写批号", "lot missing"),
    Text("追溯码由平台签发", "codes are issued by the platform"),
    _lot_without_maker,
)  # fmt: skip
BATCH_UNKNOWN = Rule(
    "batch-unknown", Weight.INPUT,
    Text("批次未登记", "unknown batch"),
    Text("事件所属批次须已登记", "the batch of an event must be registered"),
    _batch_unknown,
)  # fmt: skip
UNIT_NOT_IN_BATCH = Rule(
    "unit-not-in-batch", Weight.INPUT,
    Text("盘号不在批内", "unit not in the batch"),
    Text("盘号须为该批登记的盘（卷）", "units must be those registered with the batch"),
    _unit_not_in_batch,
)  # fmt: skip
PROJECT_UNKNOWN = Rule(
    "project-unknown", Weight.INPUT,
    Text("项目未登记", "unknown project"),
    Text("事件所属项目须已登记", "the project of an event must be registered"),
    _project_unknown,
)  # fmt: skip
UNITS_OR_LENGTH = Rule(
    "units-or-length", Weight.INPUT,
    Text("未写数量", "no quantity"),
    Text("收发货须写盘号或长度", "dispatches and receipts name units or a length"),
    _units_or_length,
)  # fmt: skip
ORDER_UNKNOWN = Rule(
    "order-unknown", Weight.OBSERVATION,
    Text("订单号没有登记", "order not on record"),
    Text("发货单上的订单号应是双方之间登记过的订单", "the order that a dispatch names should be on record between the two"),
    _order_unknown,
)  # fmt: skip
ORDER_OTHER_CABLE = Rule(
    "order-other-cable", Weight.OBSERVATION,
    Text("与订单的型号规格不符", "another cable than ordered"),
    Text(
        "发货单写了订单号：该批登记的型号规格，与登记发货时双方在案订单的各行相比；没有一行是这个型号规格。写法不同不算。",
        "A dispatch names an order: the cable of the batch, against the lines of that order as it stood when the dispatch was "
        "recorded: no line means this cable, however it is spelled.",
    ),
    _order_other_cable,
)  # fmt: skip
PRICE_BELOW_ORDER = Rule(
    "price-below-order", Weight.OBSERVATION,
    Text("发货单价低于订单", "price below that of the order"),
    Text(
        "发货单写了订单号和单价：与登记发货时该订单同型号规格各行的最低单价相比。有一行没有单价的不比。约定的单价只有双方看得到。",
        "A dispatch names an order and a price: against the lowest price of the order's lines for this cable when the dispatch was "
        "recorded; not where a line has none. The agreed price is seen by the two parties alone.",
    ),
    _price_below_order,
)  # fmt: skip
NO_UNITS = Rule(
    "no-units", Weight.INPUT,
    Text("未写盘号", "no units"),
    Text("验收与监理须写盘号", "acceptance and supervision name units"),
    _no_units,
)  # fmt: skip
LONGER_THAN_REGISTERED = Rule(
    "longer-than-registered", Weight.INPUT,
    Text("超过登记长度", "longer than registered"),
    Text("所见不可多于登记长度", "what was seen cannot exceed what was registered"),
    _longer_than_registered,
)  # fmt: skip
INDICATOR = Rule(
    "indicator-misfit", Weight.INPUT,
    Text("检测项目或单位有误", "indicator or unit does not fit"),
    Text("实测值须用该项目的计量单位", "a value is given in a unit of its indicator"),
    _indicator_misfit,
)  # fmt: skip
WHAT_LEAVES = Rule(
    "what-leaves", Weight.INPUT,
    Text("数量写法有误", "quantity is not clear"),
    Text("零售与报废须写明整盘、一盘中的一段，或散装长度", "sales and disposals name whole units, a part of one, or a loose length"),
    _what_leaves,
)  # fmt: skip
