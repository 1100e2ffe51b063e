"""Signing keys on pages: registered by their owner, revoked also by an authority, named beside what they signed."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import pytest

from cabletrace.auth.sessions import form_token
from cabletrace.ledger import canonical
from cabletrace.model.possession import possession_statement, prove_possession
from cabletrace.model.values import party_id, usual_key_id
from drafts_for_tests import DEALER, MAKER, NOBODY, ORIGIN, dispatch, private_key, public_key
from service_for_tests import Service

PAGE = {"Accept": "text/html"}
PEM = f"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{public_key('a key of openssl')}\n-----END PUBLIC KEY-----\n"


def send(service: Service, who: str, path: str, **form: Any) -> Any:
    """A form as the page of this account sends it."""
    form_of_page = {"form_token": form_token(service.tokens[who]), **form}
    return service.ask(who, "POST", path, data=form_of_page, headers=PAGE)


def open_page(service: Service, who: str, path: str) -> Any:
    return service.ask(who, "GET", path, headers=PAGE)


def offer(service: Service, who: str, text: str, **more: str) -> Any:
    until = {"valid_from": "2026-06-30", "valid_to": "2027-06-30", **more}
    return send(service, who, "/signing-keys", public_key=text, **until)


def register(service: Service, who: str, text: str, holder: str = "", **more: str) -> tuple[Any, Any]:
    """Offer a key, do what the answer says, and send the form again with the proof; the same once more."""
    asked = offer(service, who, text, **more)
    said = re.search(r"--key FILE (\S+) (\S+) ([0-9a-f-]{36})", asked.text)
    assert said is not None, asked.text
    origin, owner, event = said.groups()
    key = usual_key_id(public_key(holder or who))
    statement = possession_statement(origin=origin, owner=owner, key=key, event=event)
    proof = f" {prove_possession(private_key(holder or who), statement)}\n"
    first, again = (offer(service, who, text, possession=proof, **more) for _ in range(2))
    return first, again


def test_a_signing_key_is_registered_shown_and_revoked_for_good(fresh: Service) -> None:
    key = usual_key_id(public_key("maker"))
    made, again = register(fresh, "maker", public_key("maker"))
    size = fresh.size

    listed = open_page(fresh, "maker", "/signing-keys").text
    assert (made.status_code, again.status_code) == (303, 303)
    assert (key in listed, public_key("maker") in listed, "有效" in listed) == (True, True, True)

    revoked = send(fresh, "maker", f"/signing-keys/{key}/revoke")
    assert (revoked.status_code, revoked.headers["location"]) == (303, "/signing-keys")
    assert fresh.size == size + 1, "the form sent twice is one event"
    assert f"/signing-keys/{key}/revoke" not in (listed := open_page(fresh, "maker", "/signing-keys").text)
    assert "已吊销" in listed
    assert register(fresh, "maker", public_key("maker"), valid_to="2027-07-01")[0].status_code == 409


def test_a_key_whose_possession_is_not_proved_is_not_registered_and_the_page_says_what_to_run(
    fresh: Service,
) -> None:
    size = fresh.size

    unproved = offer(fresh, "maker", public_key("maker"))
    by_another, _ = register(fresh, "maker", public_key("maker"), "somebody else")

    assert (unproved.status_code, by_another.status_code, fresh.size) == (422, 422, size)
    assert 'href="#field-possession"' in unproved.text
    assert f"cabletrace prove-key --key FILE {ORIGIN} {party_id(MAKER)}" in unproved.text
    assert "持有证明不符" in by_another.text


def test_a_public_key_may_be_pasted_as_openssl_writes_it(fresh: Service) -> None:
    assert register(fresh, "maker", PEM, "a key of openssl")[0].status_code == 303
    assert public_key("a key of openssl") in open_page(fresh, "maker", "/signing-keys").text


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 43 + "=", "不是公钥"])
def test_what_is_no_public_key_is_said_at_its_field(service: Service, text: str) -> None:
    answer = offer(service, "dealer", text)

    assert answer.status_code == 422
    assert 'href="#field-public_key"' in answer.text
    assert "还没有登记公钥" in answer.text


def test_an_authority_revokes_the_key_of_a_lost_account_from_the_party_page(fresh: Service) -> None:
    key, where = usual_key_id(public_key("maker")), f"/parties/{party_id(MAKER)}"
    register(fresh, "maker", public_key("maker"))

    shown = {who: open_page(fresh, who, where).text for who in ("regulator", "operator", "dealer", "maker")}
    refused = send(fresh, "dealer", f"/signing-keys/{key}/revoke")
    revoked = send(fresh, "regulator", f"/signing-keys/{key}/revoke")

    action = f'action="/signing-keys/{key}/revoke"'
    assert {who for who, text in shown.items() if action in text} == {"regulator", "operator", "maker"}
    assert all(public_key("maker") in text for text in shown.values())
    assert refused.status_code == 403
    assert (revoked.status_code, revoked.headers["location"]) == (303, where)
    assert "已吊销" in open_page(fresh, "dealer", where).text
    assert send(fresh, "regulator", f"/signing-keys/{NOBODY}/revoke").status_code == 404


def test_the_timeline_says_with_which_key_an_event_was_signed(fresh: Service) -> None:
    key = usual_key_id(public_key("maker"))
    register(fresh, "maker", public_key("maker"))
    envelope = dispatch(units=[(3, 3)], to=DEALER)
    value = b64encode(private_key("maker").sign(canonical.encode(envelope["draft"]))).decode()
    envelope["signature"] = {"key": key, "value": value}

    recorded = fresh.ask("maker", "POST", "/api/v1/events", json=envelope)

    assert recorded.status_code == 201
    page = open_page(fresh, "maker", f"/batches/{fresh.code['L1']}").text
    assert f'href="/parties/{party_id(MAKER)}#key-{key}"' in page
    event = fresh.ask("dealer", "GET", f"/api/v1/events/{envelope['draft']['id']}").json()
    assert event["happening"]["signed_with"] == key
