"""API keys over HTTP: the own account's, made by somebody who has signed in; a key makes no keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ConfigDict, Field, TypeAdapter

from ..auth.accounts import find_account
from ..auth.actor import Actor
from ..auth.api_keys import ApiKey, IssuedKey, issue_api_key, list_api_keys, revoke_api_key
from ..auth.policy import Action
from ..db.engine import begin_read, begin_write
from ..http.contract import needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.sent import read_sent, sends
from ..http.wire import json_response
from ..model.values import Instant
from ..queries.answers import Listed

_MAX_BODY_BYTES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedKey:
    """What a new key is for, what it may do, and until when it works (at most 366 days)."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    label: Annotated[str, Field(max_length=100, description="用途 what it is for")]
    actions: Annotated[list[Action], Field(max_length=100, description="权限 what it may do")]
    expires_at: Annotated[
        Instant,
        Field(description="有效期止 RFC 3339 with an offset", json_schema_extra={"format": "date-time"}),
    ]


_WANTED = TypeAdapter(WantedKey)


def make_router(door: Door) -> APIRouter:
    router = api_router("keys 密钥", "/api/v1/keys")

    @router.get(
        "",
        summary="本账号的密钥 the own keys",
        response_model=Listed[ApiKey],
        openapi_extra=needs(Action.CREATE_KEYS),
    )
    def keys(request: Request) -> Response:
        """The newest first, dead ones too; the texts are not kept anywhere."""
        actor = door.allowed(request, Action.CREATE_KEYS)
        with begin_read(door.desk) as tx:
            return json_response(Listed(list_api_keys(tx, actor.account), None))

    @router.post(
        "",
        status_code=201,
        summary="新建密钥 make a key",
        response_model=IssuedKey,
        openapi_extra=needs(Action.CREATE_KEYS, **sends("WantedKey")),
    )
    async def create(request: Request) -> Response:
        """The text of the key is in this answer and never again."""
        actor = door.allowed_to_change(request, Action.CREATE_KEYS)
        wanted = await read_sent(request, _WANTED, _MAX_BODY_BYTES)
        return json_response(await run_in_threadpool(_issue, door, actor, wanted), 201)

    @router.delete(
        "/{key}",
        status_code=204,
        response_class=Response,
        summary="撤销密钥 revoke a key",
        openapi_extra=needs(Action.CREATE_KEYS),
    )
    def revoke(request: Request, key: Annotated[str, Path(description="密钥编号 id of the key")]) -> Response:
        """Ends it everywhere within some seconds; doing it again changes nothing."""
        actor = door.allowed_to_change(request, Action.CREATE_KEYS)
        with begin_write(door.desk) as tx:
            revoke_api_key(tx, actor.account, key, door.clock())
        return Response(status_code=204)

    return router


def schemas() -> dict[str, Any]:
    """The schema of what is sent, for the description."""
    schema = _WANTED.json_schema(ref_template="#/components/schemas/WantedKey.{model}")
    parts = {f"WantedKey.{name}": part for name, part in schema.pop("$defs").items()}
    return {**parts, "WantedKey": schema}


def _issue(door: Door, actor: Actor, wanted: WantedKey) -> IssuedKey:
    with begin_write(door.desk) as tx:
        account = find_account(tx, actor.account)
        if account is None:
            raise not_found("此账号", "this account", actor.account)
        return issue_api_key(
            tx,
            account,
            label=wanted.label,
            actions=frozenset(wanted.actions),
            expires_at=datetime.fromisoformat(wanted.expires_at),
            now=door.clock(),
        )
