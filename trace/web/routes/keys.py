"""API keys of the signed-in account: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from ...auth.accounts import find_account
from ...auth.actor import Actor
from ...auth.api_keys import ApiKey, issue_api_key, list_api_keys, revoke_api_key
from ...auth.policy import ACTIONS, NEVER_BY_KEY, Action, Role, may
from ...clock import SHANGHAI, shanghai_date
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem, Text
from ...http.problems import status_of
from ...queries.answers import Standing
from ..views import Frame, KeyRow, KeysPage
from . import once
from .visit import Pages, page_router, see_other

_USUAL_LIFE = timedelta(days=90)


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    def show(
        request: Request, typed: Mapping[str, str], chosen: frozenset[str], problems: tuple[Problem, ...] = ()
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.CREATE_KEYS)
            with begin_read(pages.door.desk) as tx:
                keys = list_api_keys(tx, visit.actor.account)
            page = replace(
                keys_page(visit.frame, keys, visit.actor.role, pages.door.clock(), once.handed_over(request)),
                typed=typed,
                chosen=chosen,
                problems=problems,
            )
        answer = pages.show(page, status_of(problems) if problems else 200)
        if page.fresh_key:
            once.forget(answer, request, "/keys")
        return answer

    @router.get("/keys")
    def keys(request: Request) -> Response:
        until = shanghai_date(pages.door.clock() + _USUAL_LIFE)
        return show(request, {"expires_at": until.isoformat()}, frozenset())

    @router.post("/keys")
    def create(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        label: Annotated[str, Form()] = "",
        expires_at: Annotated[str, Form()] = "",
        actions: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.CREATE_KEYS)
        chosen = frozenset(actions or ()) & {action.value for action in Action}
        try:
            text = _issue(pages, actor, label, chosen, expires_at)
        except InputError as error:
            return show(request, {"label": label, "expires_at": expires_at}, chosen, error.problems)
        answer = see_other("/keys")
        once.hand_over(answer, request, "/keys", label.strip(), text)
        return answer

    @router.post("/keys/{key_id}/revoke")
    def revoke(request: Request, key_id: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.CREATE_KEYS)
        with begin_write(pages.door.desk) as tx:
            revoke_api_key(tx, actor.account, key_id, pages.door.clock())
        return see_other("/keys")

    return router


def keys_page(
    frame: Frame, keys: tuple[ApiKey, ...], role: Role, now: datetime, fresh: tuple[str, str]
) -> KeysPage:
    """``fresh``: label and text of a key that was just made, empty for none."""
    offered = [a for a in ACTIONS if may(role, a) and a not in NEVER_BY_KEY]
    return KeysPage(
        frame=frame,
        keys=tuple(_row(key, now) for key in keys),
        actions=tuple((action.value, ACTIONS[action]) for action in offered),
        fresh_label=fresh[0],
        fresh_key=fresh[1],
    )


def _row(key: ApiKey, now: datetime) -> KeyRow:
    standing = _standing(key, now)
    return KeyRow(
        prefix=f"ct_{key.prefix}",
        label=key.label,
        actions=tuple(ACTIONS[action] for action in ACTIONS if action in key.actions),
        created_at=key.created_at,
        last_used_at=key.last_used,
        expires_on=shanghai_date(key.expires_at),
        standing=standing,
        revoke_href=f"/keys/{key.id}/revoke" if standing.state == "fine" else "",
    )


def _standing(key: ApiKey, now: datetime) -> Standing:
    if key.revoked_at is not None:
        return Standing("stop", Text("已吊销", "Revoked"))
    if key.expires_at <= now:
        return Standing("unknown", Text("已过期", "Expired"))
    return Standing("fine", Text("有效", "Valid"))


def _issue(pages: Pages, actor: Actor, label: str, actions: frozenset[str], expires_on: str) -> str:
    """The text of a new key. It lives to the end of the last day, Asia/Shanghai."""
    expires_at = datetime.combine(_day(expires_on), time(23, 59, 59), SHANGHAI)
    with begin_write(pages.door.desk) as tx:
        account = find_account(tx, actor.account)
        if account is None:
            raise InputError.of("not-found", "没有这个账号", "there is no such account")
        issued = issue_api_key(
            tx,
            account,
            label=label,
            actions=frozenset(map(Action, actions)),
            expires_at=expires_at,
            now=pages.door.clock(),
        )
    return issued.text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.of(
            "wrong-date",
            "请填写到期日，例如 2026-12-31",
            "give the last day, such as 2026-12-31",
            came=text,
            where="/expires_at",
        ) from None
