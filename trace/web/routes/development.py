"""Every component with its states, for people who build pages; only where development is switched on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ..samples import components
from .visit import Pages, page_router


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/dev/components")
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            return pages.show(components(visit.frame.language))

    return router
