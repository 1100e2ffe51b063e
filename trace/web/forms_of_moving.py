"""The forms of goods that are sent or come: to whom or from whom, under which paper. The goods stand in a list of codes."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Text
from ..queries.partners import Partner
from .blanks import NUMBER, PARTY, PROJECT, PROSE, REGION, WORDS, Blank, Way
from .form_parts import ORDER_NUMBER, Form, body


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
                hint=Text("登记的全名，或统一社会信用代码。", "Full name as registered, or credit code."),
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
            body("sender", "谁发来的", "From", known_partners(partners)),
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
