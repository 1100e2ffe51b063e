"""The description of the API for people to read and try, drawn with local assets."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ..views import ApiPage
from .visit import Pages, page_router


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/docs")
    def describe(request: Request) -> Response:
        with pages.visit(request) as visit:
            return pages.show(ApiPage(frame=visit.frame))

    return router
