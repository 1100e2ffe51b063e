"""A visit: who asks for a page, in which language, and the frame that surrounds the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from sqlalchemy import Connection, Engine

from ...auth.actor import Actor
from ...auth.devices import Whence, whence
from ...auth.policy import ROLES
from ...auth.sessions import form_token
from ...db.engine import begin_read
from ...errors import InputError, Text
from ...http.door import SESSION_COOKIE, Door, client_of, language_of
from ...http.forms import each_once
from ...http.paging import around
from ...queries.answers import AsOf, as_of
from ...queries.names import names_of
from ..navigation import menu, navigation
from ..rendering import render
from ..views import Account, Frame, Page
from ..words import Language

#: What a person types fits in far less; who takes files says a larger limit.
LARGEST_FORM_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page: the ledger as one snapshot, who asks, and the frame to put around the answer."""

    tx: Connection
    actor: Actor
    frame: Frame
    request: Request

    def next_href(self, after: object | None) -> str:
        """The next page of the list that was asked for, "" on the last; ``after`` is its cursor."""
        return around(self.request, after).next


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What every page needs: the door, the ledger to read, the templates to print."""

    door: Door
    ledger: Engine
    environment: Environment
    version: str

    @contextmanager
    def visit(self, request: Request) -> Iterator[Visit]:
        """Open a snapshot of the ledger for the one who asks. Raises InputError for a key that opens nothing."""
        actor = self.door.actor(request)
        with begin_read(self.ledger) as tx:
            organisation = names_of(tx, [actor.party]).party(actor.party)
            frame = frame_of(request, actor, self.version, organisation, as_of(tx))
            yield Visit(tx, actor, frame, request)

    def form_actor(self, request: Request, token: str) -> Actor:
        """Who sent this form. Raises InputError ``wrong-form-token`` for one that is not ours."""
        actor = self.door.actor(request)
        self.door.check_form(request, token)
        return actor

    def show(self, page: Page, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """The page as an answer; no cache keeps what was made for one reader."""
        return HTMLResponse(
            render(self.environment, page), status, {"Cache-Control": "no-store", **(headers or {})}
        )


def frame_of(
    request: Request, actor: Actor, version: str, organisation: str = "", up_to: AsOf | None = None
) -> Frame:
    """The frame of a page for this reader; ``organisation`` is the name of the reader's party."""
    language = cast(Language, language_of(request, actor))
    token = request.cookies.get(SESSION_COOKIE, "")
    path, query = request.url.path, request.url.query
    pages = around(request, None)
    here = path if not query or request.method != "GET" else f"{path}?{query}"
    return Frame(
        language=language,
        path=path,
        language_href=f"/language/{'zh' if language == 'en' else 'en'}?onward={quote(here, safe='')}",
        version=version,
        as_of=up_to,
        account=Account(actor.name, organisation, ROLES[actor.role]) if actor.party else None,
        navigation=navigation(actor.role),
        menu=menu(actor.role, administers=actor.administers) if actor.party else (),
        form_token=form_token(token) if token else "",
        first_href=pages.first,
        previous_href=pages.previous,
    )


def page_router(max_body_size: int = LARGEST_FORM_BYTES) -> APIRouter:
    """The routes of one page, whose forms bring each field once; who takes files lets larger forms through."""
    return APIRouter(include_in_schema=False, max_body_size=max_body_size, dependencies=[Depends(each_once)])


def see_other(path: str) -> RedirectResponse:
    """Where to look after a form was taken: a reload of that page sends nothing again."""
    return RedirectResponse(path, 303)


def own_path(onward: str) -> str:
    """A path of this site, or ``/``: nobody is sent elsewhere by an address that merely looks like ours."""
    looks_like_a_path = onward.startswith("/") and not onward.startswith("//")
    return onward if looks_like_a_path and onward.isprintable() and "\\" not in onward else "/"


def is_https(request: Request) -> bool:
    """Whether the browser came by TLS; behind a proxy the server has put its word into the scheme."""
    return request.url.scheme == "https"


def whence_of(request: Request) -> Whence:
    """What a session keeps of where it was begun."""
    return whence(request.headers.get("user-agent", ""), client_of(request))


def check_origin(request: Request) -> None:
    """Refuse a form that another site made this browser send, where no session's token can guard it."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise InputError.of(
            "wrong-form-token",
            "这个表单不是从本站页面发出的",
            "this form did not come from one of our pages",
            remedy=Text("请在本站的页面上填写", "fill it in on our own page"),
        )
