"""The register over HTTP: parties, products, certificates and projects, as lists and one by one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.contract import needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries import registry
from ..queries.answers import Listed
from ..queries.registry import (
    CertificatePage,
    CertificateRow,
    PartyPage,
    PartyRow,
    ProductPage,
    ProductRow,
    ProjectPage,
    ProjectRow,
)

T = TypeVar("T")

Words = Annotated[str, Query(max_length=100, description="名称或编号的一部分 part of a name or number")]
Of = Annotated[str | None, Query(max_length=36, description="编号或统一社会信用代码 id or USCC")]


Ref = Annotated[str, Path(description="单位编号或统一社会信用代码 id or USCC of the party")]
Number = Annotated[str, Path(description="产品编号或证书编号 number of the product or certificate")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("registry 备案", "/api/v1")
    facts, of_projects = needs(Action.READ_REGISTRY), needs(Action.READ_PROJECT)

    def listed(request: Request, page: Listed[T]) -> Response:
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/parties", summary="企业与单位 parties", response_model=Listed[PartyRow], openapi_extra=facts
    )
    def parties(request: Request, q: Words = "", limit: Limit = 50, after: After = None) -> Response:
        """By name; ``q`` is a part of the name, or a whole USCC or CMA number."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            return listed(request, registry.parties(tx, actor, text=q, limit=limit, after=after))

    @router.get("/parties/{party}", summary="单位 a party", response_model=PartyPage, openapi_extra=facts)
    def party(request: Request, party: Ref) -> Response:
        """By id or 统一社会信用代码, with what it registered and what of its goods the asker may see."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            return _found(
                registry.party_page(tx, actor, party, today=_today(door)), "此单位", "this party", party
            )

    @router.get("/products", summary="产品 products", response_model=Listed[ProductRow], openapi_extra=facts)
    def products(
        request: Request, maker: Of = None, q: Words = "", limit: Limit = 50, after: After = None
    ) -> Response:
        """By maker and number, with how the certificate stands today."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            return listed(
                request,
                registry.products(
                    tx, actor, today=_today(door), maker=maker, text=q, limit=limit, after=after
                ),
            )

    @router.get(
        "/products/{maker}/{number:path}",
        summary="一种产品 a product",
        response_model=ProductPage,
        openapi_extra=facts,
    )
    def product(request: Request, maker: Ref, number: Number) -> Response:
        """By its maker (id or USCC) and the maker's number for it."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            page = registry.product_page(tx, actor, maker, number, today=_today(door))
        return _found(page, "此产品", "this product", number)

    @router.get(
        "/certificates",
        summary="证书 certificates",
        response_model=Listed[CertificateRow],
        openapi_extra=facts,
    )
    def certificates(
        request: Request,
        holder: Of = None,
        issuer: Of = None,
        q: Words = "",
        limit: Limit = 50,
        after: After = None,
    ) -> Response:
        """By holder and number, as they stand today; of one ``issuer``, those that it is registered to have issued."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            return listed(
                request,
                registry.certificates(
                    tx,
                    actor,
                    today=_today(door),
                    holder=holder,
                    issuer=issuer,
                    text=q,
                    limit=limit,
                    after=after,
                ),
            )

    @router.get(
        "/certificates/{holder}/{number:path}",
        summary="一张证书 a certificate",
        response_model=CertificatePage,
        openapi_extra=facts,
    )
    def certificate(request: Request, holder: Ref, number: Number) -> Response:
        """By its holder (id or USCC) and number: a number alone can be claimed by anybody."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            page = registry.certificate_page(tx, actor, holder, number, today=_today(door))
        return _found(page, "此证书", "this certificate", number)

    @router.get(
        "/projects", summary="项目 projects", response_model=Listed[ProjectRow], openapi_extra=of_projects
    )
    def projects(request: Request, q: Words = "", limit: Limit = 50, after: After = None) -> Response:
        """Those in which the asker takes part, or that lie in its jurisdiction."""
        actor = door.allowed(request, Action.READ_PROJECT)
        with begin_read(ledger) as tx:
            return listed(request, registry.projects(tx, actor, text=q, limit=limit, after=after))

    @router.get(
        "/projects/{project}",
        summary="一个项目 a project",
        response_model=ProjectPage,
        openapi_extra=of_projects,
    )
    def project(
        request: Request, project: Annotated[str, Path(description="项目编号 id of the project")]
    ) -> Response:
        """With every batch that came to it."""
        actor = door.allowed(request, Action.READ_PROJECT)
        with begin_read(ledger) as tx:
            return _found(registry.project_page(tx, actor, project), "此项目", "this project", project)

    return router


def _today(door: Door) -> date:
    return shanghai_date(door.clock())


def _found(page: object | None, zh: str, en: str, came: str) -> Response:
    if page is None:
        raise not_found(zh, en, came)
    return json_response(page)
