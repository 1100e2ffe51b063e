"""The page 证书到期: the own certificates that are about to end or hold no more, and those of the goods in stock."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...clock import shanghai_date
from ...queries.due_certificates import due_certificates
from ..views import DueCertificatesPage
from .visit import Pages, page_router


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/certificates/due")
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            found = due_certificates(visit.tx, visit.actor, today=shanghai_date(pages.door.clock()))
            return pages.show(DueCertificatesPage(frame=visit.frame, due=found))

    return router
