"""The door: what every request passes, whether it came for JSON or for a page.

Who is asking (session cookie or API key), in which language, whether a form is really ours, and how the body
is read: bounded, before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from hashlib import sha256

from fastapi import Request
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.api_keys import KeyInUse, KnownKeys, find_api_key, mark_used
from ..auth.passwords import Passwords
from ..auth.policy import SEES_BY_THE_LEDGER, Action
from ..auth.sessions import check_form_token, mark_seen, session_id, session_of
from ..clock import Clock
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from .allowance import Allowances, Cost

SESSION_COOKIE = "cabletrace_session"
LANGUAGE_COOKIE = "cabletrace_language"
#: Where a route's cost stands in its operation.
ALLOWANCE = "x-allowance"
#: How a script of our own pages sends the session's form token.
FORM_TOKEN_HEADER = "x-form-token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Door:
    """What is needed to know who is asking; one for each process, made by the app."""

    desk: Engine
    clock: Clock
    passwords: Passwords
    known_keys: KnownKeys
    #: What the ledger adds to the account of whoever is in `SEES_BY_THE_LEDGER`.
    standing: Callable[[Request, Actor], Actor]
    allowances: Allowances = field(default_factory=Allowances)

    def actor(self, request: Request) -> Actor:
        """Who is asking. A wrong or expired API key is an error; an expired session is nobody.

        Found once for each request, which is when the cost that the route declares is taken. Raises InputError
        ``not-signed-in`` for a key that opens nothing, `UsedUp`.
        """
        known = actor_known(request)
        if known is None:
            # For the log line, should it be turned away below.
            known = request.state.actor = self._find(request, self.clock())
            declared = (getattr(request.scope.get("route"), "openapi_extra", None) or {}).get(ALLOWANCE)
            if declared is not None:
                self.take(request, known, Cost(declared))
            if known.role in SEES_BY_THE_LEDGER:
                known = request.state.actor = self.standing(request, known)
        return known

    def take(self, request: Request, actor: Actor, cost: Cost, count: int = 1) -> None:
        """Take from the allowance of this session or key; a route that declares a cost has taken one already.

        What visitors send is bounded where they send it. Raises `UsedUp`.
        """
        if actor.account:
            self.allowances.take(cost, _asker(request, actor), self.clock(), count)

    def allowed(self, request: Request, action: Action) -> Actor:
        """Who is asking, if they may. Raises InputError ``not-signed-in`` or ``not-allowed``."""
        actor = self.actor(request)
        actor.require(action)
        return actor

    def signed_in(self, request: Request) -> Actor:
        """Who is asking, if it is anybody. Raises InputError ``not-signed-in``."""
        actor = self.actor(request)
        if not actor.account:
            raise InputError.of("not-signed-in", "此操作需要先登录", "sign in first for that")
        return actor

    def allowed_to_change(self, request: Request, action: Action) -> Actor:
        """The same for what changes something: a browser must prove that one of our pages asks."""
        actor = self.allowed(request, action)
        self.check_script(request, actor)
        return actor

    def _find(self, request: Request, now: datetime) -> Actor:
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return self._by_key(authorization, now)
        token = request.cookies.get(SESSION_COOKIE)
        if token is None:
            return Actor.anonymous()
        with begin_read(self.desk) as tx:
            session = session_of(tx, token, now)
        if session is None:
            return Actor.anonymous()
        if session.wants_mark(now):
            with begin_write(self.desk) as tx:
                mark_seen(tx, token, now)
        return session.actor

    def _by_key(self, authorization: str, now: datetime) -> Actor:
        scheme, _, text = authorization.partition(" ")
        actor = None
        if scheme.lower() == "bearer":
            actor = self.known_keys.actor(text.strip(), now, lambda key: self._look_up(key, now))
        if actor is None:
            raise InputError.of(
                "not-signed-in",
                "API 密钥无效、已过期或已撤销",
                "this API key is unknown, expired or revoked",
                remedy=Text("使用 Authorization: Bearer ct_…", "send Authorization: Bearer ct_…"),
            )
        return actor

    def _look_up(self, key: str, now: datetime) -> KeyInUse | None:
        with begin_read(self.desk) as tx:
            found = find_api_key(tx, key, now)
        if found is not None and found.wants_mark(now):
            with begin_write(self.desk) as tx:
                mark_used(tx, found.id, now)
        return found

    def check_form(self, request: Request, came: str) -> None:
        """Refuse a form or script that another site made this browser send. Keys need no such proof."""
        token = request.cookies.get(SESSION_COOKIE)
        if token is not None:
            check_form_token(token, came)

    def check_script(self, request: Request, actor: Actor) -> None:
        """The same proof for what a script sends: the token stands in a header."""
        if actor.via == "session":
            self.check_form(request, request.headers.get(FORM_TOKEN_HEADER, ""))


def _asker(request: Request, actor: Actor) -> str:
    """What a session or a key is called among the allowances: part of a digest, which opens nothing."""
    if actor.via == "session":
        return session_id(request.cookies.get(SESSION_COOKIE, ""))
    return sha256(request.headers["authorization"].partition(" ")[2].strip().encode()).hexdigest()[:32]


def actor_known(request: Request) -> Actor | None:
    """Who is asking, where the door has been asked already."""
    known: Actor | None = getattr(request.state, "actor", None)
    return known


def language_of(request: Request, actor: Actor) -> str:
    """``zh`` unless English was chosen: by ``?lang=``, by cookie, by the account, or by the browser's own order."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in ("zh", "en"):
        return asked
    if actor.party:
        return actor.language
    accepted = request.headers.get("accept-language", "").lower()
    return "en" if accepted.startswith("en") else "zh"


def client_of(request: Request) -> str:
    """The network address that attempts are counted by."""
    return request.client.host if request.client else ""


def wants_page(request: Request) -> bool:
    """Whether a person's browser is asking rather than a program."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.url.path.startswith("/api/")


def accepts(request: Request, media_type: str) -> bool:
    """Whether the asker takes this media type; one that says nothing takes everything."""
    ranges = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    wanted = {media_type, media_type.partition("/")[0] + "/*", "*/*"}
    return not any(ranges) or any(each in wanted for each in ranges)


def media_type_of(request: Request) -> tuple[str, str]:
    """Media type and charset of the body, in lower case; "" where they are not said."""
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    return request.headers.get("content-type", "").partition(";")[0].strip().lower(), (
        said.get_content_charset() or ""
    )


def require_json(request: Request) -> None:
    """Refuse a body that is not said to be JSON in UTF-8: a form on a foreign page cannot send that."""
    if request.headers.get("content-type") == "application/json":
        return  # as nearly everybody writes it: taking a header apart costs more than reading a body
    media_type, charset = media_type_of(request)
    if media_type != "application/json" or charset not in ("", "utf-8"):
        raise InputError.of(
            "wrong-media-type",
            "请求体应为 UTF-8 编码的 JSON",
            "the body must be JSON in UTF-8",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
            remedy=Text("使用 Content-Type: application/json", "send Content-Type: application/json"),
        )


async def read_body(request: Request, limit: int) -> bytes:
    """The body, read only as far as allowed: a declared or an actual excess ends the reading.

    A packed body is refused: nothing here unpacks, and what it would grow to cannot be bounded by its length.
    """
    packed = request.headers.get("content-encoding", "")
    if packed.strip().lower() not in ("", "identity"):
        raise InputError.of(
            "wrong-media-type",
            "请求体不应压缩",
            "the body must not be compressed",
            came=packed,
            where="Content-Encoding",
            remedy=Text("去掉 Content-Encoding，发送原文", "send it as it is, without Content-Encoding"),
        )
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise too_large(limit)
        parts.append(part)
    return b"".join(parts)


def too_large(limit: int) -> InputError:
    return InputError.of(
        "too-large", f"内容超过上限 {limit:,} 字节", f"the body exceeds the limit of {limit:,} bytes"
    )
