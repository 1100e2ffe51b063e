"""Forms: signing in and out, keys, the language; and what is refused. Accounts have a file of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from cabletrace.app.server import make_app
from cabletrace.auth.accounts import set_password
from cabletrace.auth.sessions import form_token
from cabletrace.auth.sign_in import begin_attempt
from cabletrace.db.engine import begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.web.routes.visit import own_path
from passwords_for_tests import cheap_passwords
from service_for_tests import Service, Told, service_in
from world_for_tests import NOON

PASSWORD = "Kabel-und-Rolle-7"
PAGE = {"Accept": "text/html"}


def with_password(service: Service, account: str = "maker") -> Service:
    stored = cheap_passwords().enrol(PASSWORD, name=account)
    with begin_write(service.house.desk) as tx:
        set_password(tx, service.accounts[account].id, stored, NOON)
    return service


@pytest.fixture(scope="module")
def doorstep(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """A service where people only sign in: the maker's password is known."""
    with service_in(tmp_path_factory.mktemp("doorstep") / "data", told) as running:
        yield with_password(running)


@pytest.fixture
def maker(doorstep: Service) -> Service:
    doorstep.client.cookies.clear()
    doorstep.client.base_url = "http://testserver"
    return doorstep


def sign_in(service: Service, password: str = PASSWORD, account: str = "maker", **more: Any) -> Any:
    headers = {**PAGE, **more.pop("headers", {})}
    form = {"account": account, "password": password, **more}
    return service.client.post("/sign-in", data=form, headers=headers)


def send(service: Service, who: str, path: str, **form: Any) -> Any:
    """A form as the page of this account sends it."""
    token = service.tokens[who]
    return service.ask(who, "POST", path, data={"form_token": form_token(token), **form}, headers=PAGE)


def open_page(service: Service, who: str, path: str, **more: Any) -> Any:
    return service.ask(who, "GET", path, headers=PAGE, **more)


# --- signing in ---------------------------------------------------------------------------------------


def test_signing_in_leads_onward_with_a_guarded_cookie(maker: Service) -> None:
    answer = sign_in(maker, onward="/alerts?rule=copper-short")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/alerts?rule=copper-short"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert maker.client.get("/", headers=PAGE).text.count("示例 maker") >= 1


def test_over_tls_the_cookie_is_kept_to_it(maker: Service) -> None:
    maker.client.base_url = "https://testserver"

    assert "Secure" in sign_in(maker).headers["set-cookie"]


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "x",
        "/a\nb",
        "javascript:x",
    ],
)
def test_nobody_is_led_to_another_site(service: Service, onward: str) -> None:
    assert own_path(onward) == "/"
    assert service.client.get("/language/en", params={"onward": onward}).headers["location"] == "/"


def test_a_page_of_our_own_is_led_back_to() -> None:
    assert own_path("/alerts?rule=copper-short#top") == "/alerts?rule=copper-short#top"


def test_a_wrong_password_keeps_the_name_and_forgets_the_password(maker: Service) -> None:
    answer = sign_in(maker, "wrong-password-1")

    assert answer.status_code == 401
    assert 'value="maker"' in answer.text
    assert "wrong-password-1" not in answer.text
    assert "账号或密码不对" in answer.text
    assert "set-cookie" not in answer.headers


def test_guessing_is_stopped_with_words(fresh: Service) -> None:
    with_password(fresh)
    for n in range(10):
        sign_in(fresh, f"guess-number-{n}")
    answer = sign_in(fresh)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 60
    assert "登录失败次数过多" in answer.text


def test_the_service_as_it_is_served_keeps_passwords_at_full_cost(fresh: Service) -> None:
    with_password(fresh)

    with TestClient(make_app(fresh.house), follow_redirects=False) as fresh.client:
        answer = sign_in(fresh)

    assert answer.status_code == 303
    with begin_write(fresh.house.desk) as tx:
        kept = begin_attempt(tx, name="maker", client="", now=NOON).password
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_a_sign_in_from_another_site_is_refused(maker: Service, headers: dict[str, str]) -> None:
    answer = sign_in(maker, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session(fresh: Service) -> None:
    answer = send(fresh, "maker", "/sign-out")

    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert open_page(fresh, "maker", "/alerts").headers["location"] == "/sign-in?onward=%2Falerts"


# --- what is refused ----------------------------------------------------------------------------------

FORMS = (
    ("maker", "/sign-out"),
    ("maker", "/keys"),
    ("maker", "/keys/x/revoke"),
    ("maker", "/password"),
    ("operator", "/accounts/x"),
    ("operator", "/accounts/x/reset"),
    ("operator", "/accounts/x/deactivate"),
    ("operator", "/invitations"),
    ("operator", "/invitations/x/withdraw"),
    ("maker", "/sessions/x/end"),
    ("maker", "/sessions/end-others"),
    ("maker", "/import/checks/x"),
    ("maker", "/import/checks/x/commit"),
)


@pytest.mark.parametrize(("who", "path"), FORMS)
def test_a_form_that_another_page_made_is_refused(service: Service, who: str, path: str) -> None:
    answer = service.ask(who, "POST", path, data={"form_token": "forged"}, headers=PAGE)

    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_who_was_signed_out_over_a_form_is_led_back_to_it(service: Service) -> None:
    form = {"form_token": "x", "label": "x"}

    answer = service.client.post(
        "/keys", data=form, headers={**PAGE, "referer": "http://testserver/keys?lang=zh"}
    )

    assert answer.status_code == 401
    assert 'href="/sign-in?onward=%2Fkeys%3Flang%3Dzh">登录</a>' in answer.text
    assert "刚才什么都没有保存" in answer.text


@pytest.mark.parametrize(("_", "path"), FORMS[1:])
def test_a_form_without_a_session_does_nothing(service: Service, _: str, path: str) -> None:
    answer = service.client.post(path, data={"form_token": "x"}, headers=PAGE)

    assert answer.status_code in (401, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/batches/",
        "/batches/%00",
        "/batches/7K3QF-9TWZA",
        "/batches/%F0%9F%98%80",
        "/batches/" + "9" * 3000,
        "/batches/x?up_to=-1",
        "/batches/x?up_to=99999999999999999999",
        "/batches/x?order=sideways",
        "/parties/%2e%2e",
        "/parties/none",
        "/parties/91410000000000000X",
        "/parties/none/trace",
        "/parties/none/products/a%2Fb/trace",
        "/parties/none/certificates/%ff",
        "/projects/' OR 1=1",
        "/search?q=%00%ff%ed%a0%80",
        "/search?q=" + "长" * 400,
        "/search?q=x&after=1&shown=99999999999",
        "/search?q=%22*%20OR%20NEAR(",
        "/alerts?after=nonsense",
        "/alerts?rule=nonsense",
        "/ledger?q=99999999999999999999999999",
        "/ledger?q=%00",
        "/ledger/proofs/-1",
        "/ledger/entries/999999999999999999999",
        "/import/checks/..%2f..%2fkeys",
        "/import/jobs/%00",
        "/language/fr",
        "/static/../views.py",
        "/static/%2e%2e/views.py",
        "/static/",
        "/c/" + "x" * 3000,
        "/accounts/x/explode",
    ],
)
def test_rubbish_is_answered_with_a_page(service: Service, path: str) -> None:
    for who in ("maker", "operator"):
        answer = open_page(service, who, path)

        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        if answer.status_code in (404, 405, 422):
            assert answer.text.lstrip().startswith("<!doctype html>")


def test_a_form_that_nobody_typed_is_not_read(service: Service) -> None:
    flood = b"account=maker&password=" + b"x" * 1_000_000

    def pieces() -> Iterator[bytes]:
        yield flood

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (flood, pieces()):
        page = service.client.post("/sign-in", content=body, headers={**form, **PAGE})

        assert page.status_code == 413
        assert "发来的内容超过此地址的上限" in page.text
        assert page.headers["content-security-policy"]
    program = service.client.post("/sign-in", content=flood, headers=form)
    assert (program.status_code, program.json()["code"]) == (413, "too-large")


def test_an_error_page_says_the_request_id_in_both_languages(service: Service) -> None:
    for language, title in (("zh", "没有找到"), ("en", "Not found")):
        answer = service.client.get("/nowhere", headers={**PAGE, "Accept-Language": language})

        assert answer.status_code == 404
        assert title in answer.text
        assert answer.headers["x-request-id"] in answer.text


# --- language -----------------------------------------------------------------------------------------


def test_the_language_is_remembered_and_leads_back(fresh: Service) -> None:
    page = fresh.client.get("/c?x=1", headers=PAGE)
    switch = re.search(r'class="tongue" href="(/language/[^"]+)"', page.text)
    assert switch is not None

    answer = fresh.client.get(switch[1].replace("&amp;", "&"), headers=PAGE)

    assert answer.headers["location"] == "/c?x=1"
    assert "Check a trace code" in fresh.client.get("/c", headers=PAGE).text


# --- keys ---------------------------------------------------------------------------------------------

KEY = re.compile(r"ct_[0-9a-f]{8}_[0-9a-f]{64}")


def test_a_key_is_shown_once_works_and_can_be_revoked(fresh: Service) -> None:
    made = send(
        fresh,
        "maker",
        "/keys",
        label="产线 MES",
        expires_at="2026-08-31",
        actions=["read:batch", "read:alerts"],
    )
    assert made.status_code == 303
    once = made.headers["set-cookie"].partition(";")[0]
    assert "HttpOnly" in made.headers["set-cookie"]
    cookies = {"Cookie": f"{fresh.cookies('maker')['Cookie']}; {once}"}

    shown = fresh.client.get("/keys", headers={**PAGE, **cookies})
    text = KEY.search(shown.text)
    assert text is not None
    assert "Max-Age=0" in shown.headers["set-cookie"]
    fresh.client.cookies.clear()
    assert KEY.search(open_page(fresh, "maker", "/keys").text) is None
    by_key = {"Authorization": f"Bearer {text[0]}"}
    path = f"/api/v1/batches/{fresh.code['L1']}"
    assert fresh.client.get(path, headers=by_key).status_code == 200

    revoke = re.search(r'action="(/keys/[^"]+/revoke)"', shown.text)
    assert revoke is not None
    assert send(fresh, "dealer", revoke[1]).status_code == 404
    assert send(fresh, "maker", revoke[1]).status_code == 303
    assert "已吊销" in open_page(fresh, "maker", "/keys").text


def test_a_key_with_mistakes_is_not_made_and_keeps_what_was_typed(fresh: Service) -> None:
    wrong_day = send(fresh, "maker", "/keys", label="产线 MES", expires_at="nonsense", actions=["read:batch"])
    nothing_chosen = send(fresh, "maker", "/keys", label="", expires_at="2026-08-31")

    assert wrong_day.status_code == 422
    assert 'value="产线 MES"' in wrong_day.text
    assert re.search(r'value="read:batch" checked', wrong_day.text)
    assert "至少选择一项权限" in nothing_chosen.text
    assert "还没有密钥" in open_page(fresh, "maker", "/keys").text


# --- files --------------------------------------------------------------------------------------------


def test_files_of_a_current_page_may_be_kept_for_ever(service: Service) -> None:
    page = service.client.get("/c", headers=PAGE).text
    style = re.search(r'href="(/static/app.css\?v=[0-9a-f]+)"', page)
    assert style is not None

    kept = service.client.get(style[1])
    stale = service.client.get("/static/app.css?v=000000000000")
    again = service.client.get("/static/app.css", headers={"If-None-Match": kept.headers["etag"]})

    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in kept.headers["cache-control"]
    assert stale.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


def test_pages_run_nothing_from_elsewhere_and_are_kept_by_no_cache(service: Service) -> None:
    answer = open_page(service, "maker", "/")

    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
