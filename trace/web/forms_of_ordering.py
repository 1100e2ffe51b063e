"""The form of an order that is entered by hand: the reader's own party sells or buys, and the partner is the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import Text
from ..queries.partners import Partner
from .blanks import DAY, METRES, NUMBER, PROJECT, WORDS, YUAN, Blank, Rows, Typed, pick
from .directory import Directory
from .filled import AT, ON, fields_of
from .form_parts import Form, body, inner
from .forms_of_moving import known_partners
from .views import Field, FieldRows

#: Where what is typed stands that is no member of the draft: whether the own party sells or buys, and who the other one is.
SIDE, PARTNER = "side", "partner"
ORDER_NUMBER_AT = "subject/order/number"
ITEMS = "body/items"

_SIDES: Mapping[str, Text] = {
    "sells": Text("本单位是供方（卖出）", "we supply (sell)"),
    "buys": Text("本单位是需方（买进）", "we buy"),
}


#: What is ordered in one line.
LINE_OF_AN_ORDER = (
    inner("designation", "型号规格", "Designation", WORDS, required=True),
    inner("length_mm", "长度（米）", "Length (m)", METRES, required=True),
    inner("price_fen_per_metre", "单价（元/米）", "Price (yuan per metre)", YUAN),
    inner("due", "交货期", "Due", DAY),
)


def order_form(partners: Iterable[Partner]) -> Form:
    """``partners``: those that were dealt with before are proposed."""
    return Form(
        title=Text("登记订单", "Enter an order"),
        intro=Text(
            "合同、订单、供货单都可以，一行一个型号。双方有一方登记一次即可，对方也看得到，单价也一样；写明项目的，参与项目的单位和项目所在地的监管部门能打开这条记录，别的单位看不到。发货、到货会自动与它对照。",
            "A contract or an order, one cable a line. One of the two parties enters it once; the other sees it too, prices as well, "
            "and of one that names a project, its parties and the authority there can open the record; no other organisation can. What is sent and received is compared with it by itself.",
        ),
        parts=(
            Blank(at=SIDE, label=Text("买卖关系", "Which side"), way=pick(_SIDES), required=True),
            Blank(
                at=PARTNER, label=Text("对方", "The other party"), way=known_partners(partners), required=True,
                hint=Text("登记的全名，或统一社会信用代码。", "Full name as registered, or credit code."),
            ),
            Blank(
                at=ORDER_NUMBER_AT, label=Text("订单号", "Number"), way=NUMBER, required=True, example="DD-2605-008",
                hint=Text("合同或订单上的编号；发货单上写它就按它核对。", "As on the paper; a dispatch that names it is counted for it."),
            ),
            Rows(
                at=ITEMS, label=Text("订货明细", "What was ordered"), spare=3, grows=True,
                hint=Text(
                    "型号规格怎么写都可以；单价、交货期可不填。",
                    "The designation in any spelling; price and due day if you like.",
                ),
                blanks=LINE_OF_AN_ORDER,
            ),
            body("project", "项目", "Project", PROJECT),
        ),
        button=Text("登记订单", "Enter the order"),
    )  # fmt: skip


def before_an_order(keeper: str) -> dict[str, Any]:
    """The draft before anything is typed."""
    return {"kind": "order", "subject": {"order": {"keeper": keeper}}}


def with_both_parties(read: Mapping[str, Any], own: str) -> dict[str, Any]:
    """The draft that was typed, with the own party as supplier or buyer and the partner as the other."""
    draft = {name: value for name, value in read.items() if name not in (SIDE, PARTNER)}
    parties = (own, read[PARTNER]) if read[SIDE] == "sells" else (read[PARTNER], own)
    return {**draft, "body": {**draft["body"], "supplier": parties[0], "buyer": parties[1]}}


def fields_of_an_order(form: Form, typed: Typed, known: Directory) -> tuple[Field | FieldRows, ...]:
    """The fields as they are shown: who and which paper first; the day may be left out, and has no time."""
    fields = [_as_of_an_order(each) for each in fields_of(form, typed, known) if each.name != AT]
    return tuple(sorted(fields, key=lambda each: _PLACES.get(each.name, len(_PLACES))))


_PLACES = {SIDE: 0, PARTNER: 1, ORDER_NUMBER_AT: 2, ON: 3}


def _as_of_an_order(field: Field | FieldRows) -> Field | FieldRows:
    if isinstance(field, FieldRows) or field.name != ON:
        return field
    return replace(field, label=Text("订货日期", "Ordered on"), required=False, is_optional=True)
