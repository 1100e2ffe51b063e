"""Invented pages of a maker's and a distributor's day; development and tests only. `samples` puts them among the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from ..auth.policy import Role
from ..errors import Problem, Text
from ..model.rules import RULES
from ..model.state import UnitLength
from ..queries.answers import Standing
from ..queries.making import Making, OwnProduct
from .directory import Directory
from .filled import fields_of
from .forms_of_a_day import NEW_PRODUCT, made_form
from .views import Frame, Page, ProducePage
from .words import Language

FrameOf = Callable[[Language, str, Role], Frame]

_VALID = Standing("fine", Text("有效", "Valid"))
_EXPIRED = Standing("attention", Text("过期", "Expired"))
_ID = str(UUID(int=7))
_LONG = "周口市川汇区黄淮平原示范新材料与特种电线电缆智能制造产业集群有限责任公司第三生产基地"


def samples_of_a_day(language: Language, frame: FrameOf) -> dict[str, Page]:
    return {**_producing(language, frame)}


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
            new_fields=fields_of(NEW_PRODUCT, typed, known)[2:],
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
