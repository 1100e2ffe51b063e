"""Signing keys 签名公钥 of the own organisation: registered and taken back; that of a lost account by an authority.

The private key never comes here: it is made and kept where the organisation signs.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from ...auth.actor import Actor
from ...auth.policy import Action
from ...clock import shanghai_date
from ...db.engine import begin_read
from ...errors import InputError, Problem
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...ledger.sequencer import Receipt
from ...model.state import KnownKey
from ...model.values import business_id, usual_key_id
from ...queries.signing_keys import signing_keys_of
from ...registry import register
from ..views import SigningKeysPage
from .visit import Pages, page_router, see_other

_USUAL_LIFE = timedelta(days=730)
#: What stands before the 32 bytes of a public key in the form that openssl writes (RFC 8410 §4, §10.1).
_SPKI = bytes.fromhex("302a300506032b6570032100")
_PEM_LINE = re.compile(r"-----(?:BEGIN|END) PUBLIC KEY-----")


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    def show(request: Request, typed: Mapping[str, str], problems: tuple[Problem, ...] = ()) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.RECORD_KEY)
            keys = signing_keys_of(visit.tx, visit.actor.party, today=today)
        page = SigningKeysPage(frame=visit.frame, keys=keys, typed=typed, problems=problems)
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/signing-keys")
    def keys(request: Request) -> Response:
        today = shanghai_date(pages.door.clock())
        return show(request, {"valid_from": today.isoformat(), "valid_to": (today + _USUAL_LIFE).isoformat()})

    @router.post("/signing-keys")
    def add(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        public_key: Annotated[str, Form()] = "",
        valid_from: Annotated[str, Form()] = "",
        valid_to: Annotated[str, Form()] = "",
        possession: Annotated[str, Form()] = "",
    ) -> Response:
        """Sent without the proof of possession, the answer says which command makes it; the event's id follows from the
        form, so that it is the same the next time."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.RECORD_KEY)
        typed = {
            "public_key": public_key,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "possession": possession,
        }
        read = read_public_key(public_key)
        id_ = usual_key_id(read)
        body = {
            "algorithm": "ed25519",
            "owner": actor.party,
            "public_key": read,
            "validity": {"valid_from": valid_from, "valid_to": valid_to},
        }
        if proof := "".join(possession.split()):
            body["possession"] = proof
        problems = _record(intake, actor, id_, body)
        return show(request, typed, problems) if problems else see_other("/signing-keys")

    @router.post("/signing-keys/{key_id}/revoke")
    def revoke(request: Request, key_id: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.RECORD_KEY)
        with begin_read(pages.ledger) as tx:
            known = register.signing_keys(tx, [key_id]).get(key_id)
        if known is None:
            raise not_found("此公钥", "this key", key_id)
        problems = _record(intake, actor, key_id, _revoked(known))
        if problems:
            raise InputError(*problems)
        return see_other("/signing-keys" if known.owner == actor.party else f"/parties/{known.owner}")

    return router


def read_public_key(text: str) -> str:
    """A public key as people paste it (base64 of 32 bytes, or openssl's PEM) in the ledger's spelling; what is
    neither comes back as it is, for the rules to judge."""
    pasted = "".join(_PEM_LINE.sub("", text).split())
    try:
        data = base64.b64decode(pasted, validate=True)
    except (binascii.Error, ValueError):
        return pasted
    return base64.b64encode(data.removeprefix(_SPKI)).decode()


def _revoked(known: KnownKey) -> dict[str, Any]:
    return {
        "algorithm": "ed25519",
        "owner": known.owner,
        "public_key": known.public_key,
        "validity": {"valid_from": known.valid_from.isoformat(), "valid_to": known.valid_to.isoformat()},
        "revoked": True,
    }


def _record(intake: Intake, actor: Actor, id_: str, body: dict[str, Any]) -> tuple[Problem, ...]:
    """Record what is said of a key; the same form sent twice is one event. Returns what is wrong with it."""
    said = (id_, actor.party, *map(str, body["validity"].values()), str(body.get("revoked", False)))
    draft = {"id": business_id("said of a key", *said), "kind": "key", "subject": {"key": id_}, "body": body}
    try:
        (answer,) = intake.record_now([prepare({"draft": draft}, actor)])
    except InputError as error:
        return _at_fields(error.problems)
    return () if isinstance(answer, Receipt) else _at_fields(answer.problems)


def _at_fields(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems at the fields of the form, which are called as the members of the body are."""
    return tuple(
        replace(problem, where=f"/{problem.where.rpartition('/')[2]}")
        if "/body/" in problem.where
        else problem
        for problem in problems
    )
