"""Invented pages of a maker's and a distributor's day; development and tests only. `samples` puts them among the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from ..auth.policy import Role
from ..errors import Problem, Text
from ..model.against_order import OrderFinding
from ..model.rules import RULES
from ..model.state import UnitLength
from ..queries.answers import Standing
from ..queries.certificates import CertificateCard
from ..queries.due_certificates import DueCertificate
from ..queries.making import Making, OwnProduct
from ..queries.orders import OrderLine, OrderRow, PartnersOrder, Unordered
from ..queries.rows import BatchRow
from ..queries.scanned import COMING, FREE, UNREAD, UNSENT, KeptOut, Scanned, ScannedBatch, ScannedUnits
from ..queries.stock import StockRow, StockUnits
from ..queries.under_way import Delivery, Parcel
from .directory import Directory
from .doubts import entered_by
from .filled import fields_of
from .forms_of_a_day import NEW_PRODUCT, made_form
from .forms_of_moving import dispatch_form, measured_fields, receipt_form
from .forms_of_ordering import ORDER_NUMBER_AT, fields_of_an_order, order_form
from .views import (
    Arrival,
    CableOfStock,
    Choice,
    DueCertificatesPage,
    Field,
    Frame,
    Moved,
    MovingPage,
    OrdersPage,
    Page,
    PlaceOfStock,
    ProducePage,
    RecordPage,
    StockPage,
)
from .words import Language

FrameOf = Callable[[Language, str, Role], Frame]

_VALID = Standing("fine", Text("有效", "Valid"))
_EXPIRED = Standing("attention", Text("过期", "Expired"))
_ID = str(UUID(int=7))
_LONG = "周口市川汇区黄淮平原示范新材料与特种电线电缆智能制造产业集群有限责任公司第三生产基地"


def samples_of_a_day(language: Language, frame: FrameOf) -> dict[str, Page]:
    return {
        **_producing(language, frame),
        **_moving(language, frame),
        **_having(language, frame),
        **_ordering(language, frame),
    }


# --- registering a batch ----------------------------------------------------------------------------------


def _making() -> Making:
    return Making(
        products=(
            OwnProduct(
                number="P-YJV-435",
                name="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
                designation="WDZB1N-YJY23 0.6/1kV 4×185+1×95",
                normalised="WDZB1N-YJY23 0.6/1kV 4×185+1×95",
                certificate="（豫）XK06-001-00917",
                today=_VALID,
                times=31,
            ),
            OwnProduct(
                number="P-BV",
                name="电线",
                designation="BV 450/750V 1×2.5",
                normalised="BV 450/750V 1×2.5",
                certificate="2016010105987654",
                today=_EXPIRED,
                times=2,
            ),
        ),
        product="P-YJV-435",
        lot="HZ260628-013",
        lines=("3 号线", "5 号线"),
        shifts=("白班",),
        inspectors=("周某", "吴某"),
    )


def _producing(language: Language, frame: FrameOf) -> dict[str, Page]:
    making = _making()
    typed = {
        "body/product": "P-YJV-435",
        "subject/batch/lot": making.lot,
        "occurred_at": date(2026, 6, 28).isoformat(),
        "body/units": "1-20 × 500; 21 × 320",
        "body/line": "3 号线",
        "by/0/name": "周某",
    }
    known = Directory.empty()
    form = made_form(making)
    against = Problem(
        "certificate-not-valid-at-production",
        Text("证书 2016010105987654 在生产当日状态为「过期」", "certificate 2016010105987654 was expired on the day of production"),
        where="/occurred_at",
        came="2026-06-28",
        remedy=Text("登记有效证书后再生产", "register a valid certificate before producing"),
    )  # fmt: skip
    ground = {against.code: RULES[against.code].ground}

    def page(typed: dict[str, str], **more: object) -> ProducePage:
        return ProducePage(
            frame=frame(language, "/batches/new", Role.MANUFACTURER),
            action="/batches/new",
            intro=form.intro,
            fields=fields_of(form, typed, known),
            new_fields=tuple(
                each for each in fields_of(NEW_PRODUCT, typed, known)[2:] if isinstance(each, Field)
            ),
            new_title=NEW_PRODUCT.title,
            new_intro=NEW_PRODUCT.intro,
            new_button=NEW_PRODUCT.button,
            button=Text("记录这一批", "Record this batch"),
            hidden={"id": _ID},
            **more,  # type: ignore[arg-type]
        )

    groups = (
        UnitLength(first=1, last=20, length_mm=500_000),
        UnitLength(first=21, last=21, length_mm=320_000),
    )
    understood = {
        "groups": groups,
        "total_mm": 10_320_000,
        "drums": 21,
        "lot": making.lot,
        "product": making.products[0],
    }
    return {
        "produce-open": page(typed | {"body/units": ""}),
        "produce-checked": page(typed, checked=True, **understood),
        "produce-warned": page(
            typed,
            checked=True,
            problems=(against,),
            grounds=ground,
            remark=Text(
                "这是一盘，盘号 20。如果是 20 盘，请写 1-20 × 500",
                "this is one drum with the number 20; for 20 drums write 1-20 × 500",
            ),
            **understood,
        ),
        "produce-refused": page(typed, problems=(against,), grounds=ground, may_have_happened=True),
        "produce-first-product": page({}, is_new=True, registered=_LONG),
    }


# --- sending and receiving --------------------------------------------------------------------------------


def _on_the_list(standing: Standing) -> Scanned:
    here = Text("本单位库存 · 河南省周口市川汇区", "in your stock · 河南省周口市川汇区")
    held = Standing("stop", Text("查封", "sealed"))

    def units(first: int, last: int, length_mm: int, standing: Standing) -> ScannedUnits:
        return ScannedUnits(first=first, last=last, length_mm=length_mm, where=here, standing=standing)

    batch = ScannedBatch(
        code="7K3QF9TWZP",
        printed="7K3QF-9TWZP",
        lot="HZ260402-012",
        designation="WDZB1N-YJY23 0.6/1kV 4×185+1×95",
        maker_name=_LONG,
        rows=(units(1, 20, 500_000, standing), units(21, 21, 320_500, held)),
        lines=("7K3QF-9TWZP 1-21",),
        is_open=True,
    )
    unread = replace(units(1, 40, 0, UNREAD), length_mm=None, where=Text("未知", "unknown"))
    return Scanned(
        batches=(
            batch,
            replace(batch, code="M2C8D41VHA", lot="BV-9", designation="BV 450/750V 1×2.5"),
            *((replace(batch, code="M2C8D41VHB", lot="BV-10", rows=(unread,), is_open=False),) if standing is UNSENT else ()),
        ),
        kept_out=(
            KeptOut(typed="7K3Q-F9TW-000C-M4XN-8R2E", why=Text("重复：已经在清单里", "again: on the list already"), again=True),
            KeptOut(typed="7K3Q-F9TW-000C-M4XN-8R2F", why=Text("校验字符不对，可能有一位看错了", "the check character is wrong: one may be misread")),
        ),
    )  # fmt: skip


def _arrival() -> Arrival:
    row = BatchRow(
        code="7K3QF9TWZP",
        printed="7K3QF-9TWZP",
        lot="HZ260402-012",
        designation="WDZB1N-YJY23 0.6/1kV 4×185+1×95",
        product="电力电缆",
        maker=_ID,
        maker_name=_LONG,
        produced_on=date(2026, 4, 2),
        length_mm=10_320_000,
        holdings={"transit": 10_320_000},
        index=7,
    )
    delivery = Delivery(
        key="x",
        sender=_ID,
        sender_name=_LONG,
        receiver=_ID,
        receiver_name="周口市示例电缆经营部",
        note="FH-2606-017",
        order="DD-2606-008",
        carrier="豫 P·12345",
        sent_on=date(2026, 6, 27),
        region="411602",
        region_name=Text("河南省周口市川汇区", "河南省周口市川汇区"),
        parcels=(Parcel(batch=row, units=((1, 20), (22, 22)), units_mm=10_320_000, loose_mm=0),),
    )
    fields = (
        Field(name="5f/occurred_at", label=Text("收货日期", "Received on"), look="day", value="2026-06-28"),
        Field(name="5f/7K3QF9TWZP", label=Text("到货的盘", "Drums that came"), look="line", value="1-20, 22"),
    )
    return Arrival(delivery=delivery, fields=fields, id=_ID)


def _moving(language: Language, frame: FrameOf) -> dict[str, Page]:
    known = Directory.empty()
    to = {"body/to": "周口市示例电缆经营部", "occurred_at": "2026-06-28", "body/delivery_note": "FH-2606-018"}
    sending, receiving = dispatch_form(()), receipt_form(())
    held = Problem(
        "goods-held",
        Text("21 号盘（卷）正被查封（封-1）", "units 21 are sealed (封-1)"),
        where="/codes",
        came="21",
        remedy=Text("货物留在原处", "leave the goods where they are"),
    )
    not_there = Problem(
        "wrong-unit-range",
        Text("这些盘不在到货的盘里；到货的是 1-21", "these have not come; what came is 1-21"),
        where="/measured/7K3QF9TWZP",
        came="22",
        remedy=Text("核对实测的盘号", "check the drums that were measured"),
    )
    moved = Moved(
        code="7K3QF9TWZP",
        printed="7K3QF-9TWZP",
        lot="HZ260402-012",
        designation="YJV 4×35",
        units=((1, 20),),
        lines=("7K3QF-9TWZP 1-20",),
    )
    receipt = MovingPage(
        frame=frame(language, "/receive", Role.DISTRIBUTOR),
        title=receiving.title,
        action="/receive",
        intro=receiving.intro,
        fields=fields_of(receiving, {}, known),
        button=receiving.button,
        list=_on_the_list(COMING),
        receives=True,
    )
    return {
        "dispatch-open": MovingPage(
            frame=frame(language, "/send", Role.MANUFACTURER),
            title=sending.title,
            action="/send",
            intro=sending.intro,
            fields=fields_of(sending, {}, known),
            button=sending.button,
            list=Scanned(),
        ),
        "dispatch-partly": MovingPage(
            frame=frame(language, "/send", Role.MANUFACTURER),
            title=sending.title,
            action="/send",
            intro=sending.intro,
            fields=fields_of(sending, to, known),
            button=sending.button,
            codes="7K3QF-9TWZP 1-21",
            list=_on_the_list(FREE),
            moved=(
                replace(
                    moved,
                    href="/batches/7K3QF9TWZP#event-7",
                    marks=(Standing("attention", RULES["receipt-without-dispatch"].title),),
                ),
                replace(moved, problems=(held,)),
            ),
            problems=(held,),
            grounds={held.code: RULES[held.code].ground},
            may_have_happened=True,
            may_leave_out=True,
            may_introduce=True,
        ),
        "receive": replace(
            receipt,
            list=_on_the_list(UNSENT),
            arrivals=(_arrival(), replace(_arrival(), fields=())),
            measured=measured_fields(_on_the_list(UNSENT), {}),
        ),
        "receive-measured-wrong": replace(
            receipt,
            codes="7K3QF-9TWZP 1-21\nM2C8D-41VHA 1-21",
            list=_on_the_list(COMING),
            measured=measured_fields(_on_the_list(COMING), {"measured/7K3QF9TWZP": "22 × 498"}),
            problems=(not_there,),
        ),
        "receive-nothing": receipt,
    }


# --- stock and orders -------------------------------------------------------------------------------------


def _due() -> tuple[DueCertificate, ...]:
    card = CertificateCard(
        number="（豫）XK06-001-00917",
        holder=_ID,
        kind=Text("工业产品生产许可证", "production licence"),
        produced_on=None,
        at_production=None,
        today=_VALID,
        valid_from=date(2021, 7, 20),
        valid_to=date(2026, 7, 19),
    )
    own = DueCertificate(
        card=card,
        holder_name=_LONG,
        own=True,
        issued=False,
        days_left=21,
        products=("WDZB1N-YJY23 0.6/1kV 4×185+1×95", "YJV 0.6/1kV 4×35"),
        orders=("DD-2606-008",),
        stock_mm=1_234_500,
    )
    expired = replace(card, today=_EXPIRED)
    return (
        own,
        replace(own, days_left=80, products=(), orders=(), stock_mm=0),
        replace(own, own=False, days_left=None, card=expired),
        replace(own, own=False, issued=True, stock_mm=0, orders=()),
    )


def _having(language: Language, frame: FrameOf) -> dict[str, Page]:
    row = StockRow(
        region="411603",
        region_name=Text("河南省周口市淮阳区", "河南省周口市淮阳区"),
        state="held",
        project="",
        project_name="",
        code="7K3QF9TWZP",
        printed="7K3QF-9TWZP",
        lot="HZ260402-012",
        designation="WDZB1N-YJY23 0.6/1kV 4×185+1×95",
        maker=_ID,
        maker_name=_LONG,
        units=tuple(StockUnits(first=n, last=n, length_mm=500_000 - n) for n in range(1, 15)),
        loose_mm=120_500,
        held=(Standing("stop", Text("查封", "sealed")),),
    )
    line = OrderLine(
        designation="WDZB1N-YJY23-0.6/1kV 4×185+1×95",
        written="WDZBN-YJY23 0.6/1kV 4×185+1×95",
        ordered_mm=10_000_000,
        price_fen_per_metre=31_505,
        dispatched_mm=10_320_000,
        received_mm=500_000,
        came_first_mm=500_000,
        accepted_mm=None,
        used_mm=None,
        by_number_mm=320_000,
        shared=True,
        due=date(2026, 6, 20),
        is_due=True,
    )
    order = OrderRow(
        number="DD-2606-008",
        supplier=_ID,
        supplier_name=_LONG,
        buyer=_ID,
        buyer_name="周口市示例供电公司",
        project="",
        project_name="示范小区配电工程",
        sells=True,
        ordered_on=date(2026, 6, 1),
        lines=(
            line,
            replace(
                line, dispatched_mm=0, received_mm=0, came_first_mm=0, accepted_mm=0, used_mm=0, shared=False
            ),
        ),
        findings=(
            OrderFinding(
                what="other-cable",
                event=_ID,
                designation="BV 450/750V 1×2.5",
                length_mm=100_000,
                price_fen_per_metre=None,
            ),
            OrderFinding(
                what="cheaper",
                event=_ID,
                designation=line.designation,
                length_mm=320_000,
                price_fen_per_metre=21_000,
                agreed_fen_per_metre=31_505,
            ),
        ),
        index=12,
        event=_ID,
    )
    wrong = Unordered(
        supplier=_ID,
        supplier_name=_LONG,
        buyer=_ID,
        buyer_name="周口市示例供电公司",
        designation="BV 450/750V 1×2.5",
        dispatched_mm=100_000,
        received_mm=0,
        has_orders=True,
    )
    stock, orders = frame(language, "/stock", Role.DISTRIBUTOR), frame(language, "/orders", Role.MANUFACTURER)
    delivery = _arrival().delivery
    return {
        "stock-full": StockPage(
            frame=stock,
            query="4×185",
            places=(
                PlaceOfStock(
                    name=row.region_name,
                    cables=(
                        CableOfStock(designation=row.designation, rows=(row, replace(row, units=()))),
                        CableOfStock(designation="BV 450/750V 1×2.5", rows=(row,)),
                    ),
                ),
            ),
            total_mm=row.length_mm,
            coming=(delivery,),
            sent=(replace(delivery, note="", sent_on=None),),
            sheet_href="/stock.xlsx?q=4",
            current_to=stock.as_of,
        ),
        "stock-empty": StockPage(frame=stock),
        "certificates-due": DueCertificatesPage(frame=frame(language, "/certificates/due", Role.MANUFACTURER), due=_due()),
        "certificates-fine": DueCertificatesPage(frame=frame(language, "/certificates/due", Role.MANUFACTURER)),
        "orders-full": OrdersPage(
            frame=orders,
            orders=(order, replace(order, sells=False, ordered_on=None)),
            unordered=(wrong, replace(wrong, number="DD-2606-404")),
            unordered_total=31,
            unordered_mm=3_100_000,
            all_unordered_href="/orders?state=unordered",
            states=(
                Choice(text=Text("全部", "all"), href="/orders", chosen=True, count=41),
                Choice(text=Text("逾期", "late"), href="/orders?state=late", count=2),
            ),
            next_href="/orders?after=12",
            new_href="/orders/new",
        ),
        "orders-empty": OrdersPage(frame=orders),
        "orders-unordered": OrdersPage(
            frame=orders,
            unordered=(wrong, replace(wrong, number="DD-2606-404")),
            unordered_total=42,
            unordered_mm=4_200_000,
            of_unordered=True,
            is_narrowed=True,
            next_href="/orders?state=unordered&after=20",
        ),
        "orders-all-ordered": OrdersPage(frame=orders, of_unordered=True, is_narrowed=True),
        "orders-none-late": OrdersPage(frame=orders, is_narrowed=True, query="BV", kept=(("state", "late"),)),
    }  # fmt: skip


# --- an order that is entered ------------------------------------------------------------------------------


def _ordering(language: Language, frame: FrameOf) -> dict[str, Page]:
    form, known = order_form(()), Directory.empty()
    typed = {
        "side": "buys",
        "partner": _LONG,
        "subject/order/number": "DD-2606-008",
        "occurred_at": "2026-06-01",
        "body/items/0/designation": "WDZB1N-YJY23 0.6/1kV 4×185+1×95",
        "body/items/0/length_mm": "10,000",
        "body/items/0/price_fen_per_metre": "315.05",
        "body/items/0/due": "2026-07-20",
        "body/items/1/designation": "BV 450/750V 1×2.5",
        "body/items/1/length_mm": "五百",
    }
    empty = RecordPage(
        frame=frame(language, "/orders/new", Role.DISTRIBUTOR),
        title=form.title,
        intro=form.intro,
        about="",
        about_line=Text("订货与到货从这里开始对照", "what was ordered, to be compared with what comes"),
        about_href="/orders",
        action="/orders/new",
        fields=fields_of_an_order(form, {"occurred_at": "2026-06-28"}, known),
        button=form.button,
        hidden={"id": _ID},
        attaches=True,
    )
    wrong = (
        Problem(
            "unknown-reference",
            Text("没有登记过叫这个名称的单位或个人", "nobody of this name is registered"),
            where="/partner",
            came=_LONG,
        ),
        Problem(
            "wrong-quantity",
            Text("请填长度，如 120.5", "a length is wanted, such as 120.5"),
            where="/body/items/1/length_mm",
            came="五百",
        ),
    )
    fields = fields_of_an_order(form, typed, known)
    theirs = PartnersOrder(lines=2, ordered_mm=10_500_000)
    doubt = entered_by(_LONG, theirs, typed[ORDER_NUMBER_AT], f"/{ORDER_NUMBER_AT}")
    return {
        "order-entered": empty,
        "order-wrong": replace(empty, fields=fields, problems=wrong, may_introduce=True),
        "order-doubted": replace(empty, fields=fields, problems=(doubt.problem,), doubt=doubt),
    }
