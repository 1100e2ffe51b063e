"""The forms of goods that are sent or come: to whom or from whom, under which paper. The goods stand in a list of codes."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Text
from ..queries.partners import Partner
from ..queries.scanned import Scanned, ScannedBatch
from .blanks import NUMBER, PARTY, PROJECT, PROSE, REGION, WORDS, Blank, Typed, Way
from .form_parts import ORDER_NUMBER, Form, body
from .views import Field


def known_partners(partners: Iterable[Partner]) -> Way:
    """A party, of which those that were dealt with before are proposed."""
    listed = tuple((partner.name, Text(partner.name, partner.name)) for partner in partners)
    return Way(show=PARTY.show, read=PARTY.read, options=lambda _: listed)


def dispatch_form(partners: Iterable[Partner]) -> Form:
    """``partners``: those that were sent to before are proposed."""
    return Form(
        title=Text("扫码发货", "Dispatch by codes"),
        intro=Text(
            "一盘一盘扫，或贴入一串码。扫到的当场告诉您是什么、能不能发。",
            "Scan drum by drum, or paste a list. Each code is answered at once: what it is, and whether it may go.",
        ),
        parts=(
            body(
                "to", "发给谁", "To", known_partners(partners), required=True,
                hint=Text("登记的全名，或统一社会信用代码；没有登记的，两样一起写，如「城东五金 91…」。", "Full name as registered, or credit code; both together where it is not registered."),
            ),
            body(
                "region", "送到哪里", "To where", REGION,
                hint=Text("不填就是上次送去的地方，或对方登记的地址。", "Left out: where it went last time, or the receiver's own seat."),
                example="川汇区",
            ),
            body("delivery_note", "发货单号", "Delivery note", NUMBER, example="FH-2605-017"),
            ORDER_NUMBER,
            body("carrier", "承运", "Carrier", WORDS),
        ),
        asks=True,
        button=Text("记录发货", "Record the dispatch"),
    )  # fmt: skip


def receipt_form(partners: Iterable[Partner]) -> Form:
    """``partners``: those that sent before are proposed."""
    return Form(
        title=Text("扫码收货", "Receive by codes"),
        intro=Text(
            "收到什么就扫什么，账上没有的也照实记录。",
            "Scan what came. What the books do not have on its way is recorded as well, as it was seen.",
        ),
        parts=(
            body(
                "sender", "谁发来的", "From", known_partners(partners),
                hint=Text("不填就是在途货物的发货方。", "Left out: whoever sent what is on its way to you."),
            ),
            body("delivery_note", "发货单号", "Delivery note", NUMBER),
            body("project", "直接到项目", "Straight to a project", PROJECT),
            Blank(
                at="place/region", label=Text("收到哪里", "Received where"), way=REGION,
                hint=Text("不填就是本单位登记的地址。", "Left out: your own seat."), example="川汇区",
            ),
            body("differences", "差异", "Differences", PROSE),
        ),
        button=Text("记录收货", "Record the receipt"),
    )  # fmt: skip


def measured_of(batch: ScannedBatch) -> str:
    """The name of the field for what the drums of a batch of the list measured."""
    return f"measured/{batch.code}"


def measured_field(name: str, lot: str, typed: Typed) -> Field:
    return Field(
        name=name,
        label=Text(f"{lot}：实测长度", f"{lot}: measured lengths"),
        look="line",
        value=typed.get(name, ""),
        hint=Text(
            "量过的盘才填，盘号 × 米数。账上米数不变，差异双方都看得到；没有发货记录的盘按您量的记账，没量的按标签。",
            "Only drums that were measured, number × metres. The books stay as they are; both parties see the difference. A drum without a dispatch is booked as you measured it, else as its label says.",
        ),
        example="12 × 498; 13 × 499.5",
        is_optional=True,
    )


def measured_fields(scan: Scanned, typed: Typed) -> tuple[Field, ...]:
    """One for each batch of the list: numbers of drums are a batch's own."""
    return tuple(measured_field(measured_of(batch), batch.lot, typed) for batch in scan.batches)
