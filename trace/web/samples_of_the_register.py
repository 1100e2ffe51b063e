"""Invented pages of the register: parties, products, certificates, projects; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..auth.policy import ROLES, Role
from ..errors import Text
from ..queries import registry
from ..queries.copper import BALANCES, CopperOfBatchRow, CopperRow
from .samples_in_common import (
    CODE,
    FINE,
    LONG,
    MAKER,
    RECORDABLE,
    a_certificate,
    frame,
    in_both_languages,
    some_batches,
    some_signing_keys,
)
from .views import (
    CertificatePage,
    Choice,
    Entry,
    Link,
    Page,
    PartyPage,
    Period,
    ProductPage,
    ProjectPage,
    RegisterPage,
)
from .words import Language

_REGISTER = Text("登记簿", "Register")


def samples_of_the_register(language: Language) -> dict[str, Page]:
    at = frame(language, "/parties")
    party = registry.PartyRow(
        id="0f",
        name=LONG,
        roles=("manufacturer",),
        uscc="914116034J1417770M",
        cma=None,
        region="411603",
        region_name=in_both_languages("河南省周口市淮阳区"),
        address="示范大道 1 号",
        confirmed=True,
        named_by="",
    )
    product = registry.ProductRow(
        maker="0f",
        maker_name=LONG,
        number="HZ-01",
        name="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        designation="YJV-0.6/1kV 4×35+1×16",
        normalised="YJV 0.6/1 kV 4×35+1×16",
        standard="GB/T 12706.1-2020",
        certificate="2021010105416062",
        today=FINE,
    )
    card = replace(a_certificate(), at_production=None, produced_on=None)
    project = registry.ProjectRow(
        id="x",
        number="XM-1",
        name="太康县示范路安置小区配电工程",
        region="411627",
        region_name=in_both_languages("河南省周口市太康县"),
        keeper=registry.PartyLink("1f", "太康县模拟示范建设工程有限公司"),
        owner=registry.PartyLink("2f", "太康县示例城建有限公司"),
        contractor=registry.PartyLink("1f", "太康县模拟示范建设工程有限公司"),
        supervisor=None,
    )
    full = registry.PartyPage(
        party=party,
        products=(product,),
        certificates=(card,),
        projects=(project,),
        batches=some_batches(),
        signing_keys=some_signing_keys(),
    )
    bare = registry.PartyPage(
        party=replace(party, roles=(), uscc=None, address=None, region="", confirmed=False, named_by=MAKER),
        products=(),
        certificates=(),
        projects=(),
        batches=(),
    )
    lists = (
        Choice(Text("单位", "Parties"), "/parties", True),
        Choice(Text("产品", "Products"), "/products"),
    )
    return {
        "register-full": RegisterPage(
            frame=at,
            title=_REGISTER,
            record=RECORDABLE,
            lists=lists,
            action="/parties",
            query="示范",
            entries=(
                Entry(title=LONG, href="/parties/0f", facts=(ROLES[Role.MANUFACTURER], party.region_name)),
                Entry(
                    title="2021010105416062", href="#", facts=(in_both_languages(MAKER),), standing=card.today
                ),
            ),
            next_href="?after=x",
        ),
        "register-empty": RegisterPage(frame=at, title=_REGISTER, lists=lists, action="/parties"),
        "party-full": PartyPage(
            frame=at,
            found=full,
            roles=(ROLES[Role.MANUFACTURER],),
            trace_href="/parties/0f/trace",
            may_revoke=True,
            copper=some_copper(),
        ),
        "party-bare": PartyPage(
            frame=at,
            found=replace(bare, is_really=registry.PartyLink("0f", LONG)),
            record=RECORDABLE[:2],
        ),
        "product": ProductPage(
            frame=at,
            found=registry.ProductPage(product=product, certificate=card, batches=some_batches()),
            trace_href="/parties/0f/products/1/trace",
        ),
        "product-bare": ProductPage(
            frame=at,
            found=registry.ProductPage(
                product=replace(product, standard=None, certificate=None, today=None),
                certificate=None,
                batches=(),
            ),
        ),
        "certificate": CertificatePage(
            frame=at,
            found=registry.CertificatePage(
                certificate=registry.CertificateRow(holder_name=LONG, issuer_name=LONG, card=card),
                periods=(),
                products=(product,),
            ),
            periods=(
                Period(
                    standing=card.today,
                    valid_from=date(2026, 4, 1),
                    valid_to=date(2026, 11, 30),
                    index=47_001,
                ),
                Period(standing=FINE, valid_from=date(2021, 12, 1), valid_to=date(2026, 11, 30), index=12),
            ),
            record=RECORDABLE[:1],
        ),
        "project": ProjectPage(
            frame=at,
            found=registry.ProjectPage(
                project=project,
                goods=(
                    registry.GoodsAtProject(
                        batch=some_batches()[0], by={"project": 1_400_000, "used": 2_730_500}
                    ),
                ),
            ),
            actions=(Link("/receive", Text("收货", "receipt")),),
            goods_actions={
                some_batches()[0].code: (
                    Link("/x", Text("验收", "acceptance")),
                    Link("/y", Text("使用", "use")),
                )
            },
            record=RECORDABLE[:1],
        ),
        "project-bare": ProjectPage(frame=at, found=registry.ProjectPage(project=project, goods=())),
    }


def some_copper() -> tuple[CopperRow, ...]:
    """A quarter in which copper is short, and one in which nothing was weighed."""
    short = CopperOfBatchRow(
        code="7K3QF9TWZP", printed=CODE, lot="HZ260301-111", designation="YJV-0.6/1kV 4×35+1×16", produced_on=date(2026, 3, 1),
        length_mm=8_000_000, copper_g=8_912_000, needed_g=9_420_000,
    )  # fmt: skip
    bare = replace(short, code="M2C8D41VHA", lot="HZ251102-003", copper_g=None, needed_g=None)
    quarter = CopperRow(
        year=2026, quarter=1, ratio=Decimal("0.946"), standing=BALANCES["alarm"], copper_g=8_912_000, needed_g=9_420_000, compared=1,
        unweighed=2, not_compared=1, certainty="recalled", source="house rule", batches=(short, replace(bare, needed_g=310_000)),
    )  # fmt: skip
    return (
        quarter,
        replace(
            quarter,
            year=2025,
            quarter=4,
            ratio=None,
            standing=BALANCES["unknown"],
            compared=0,
            not_compared=1,
            unweighed=0,
            batches=(bare,),
        ),
    )
