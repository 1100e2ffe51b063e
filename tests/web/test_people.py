"""Letting people in and out: invitations, accounts and sessions on pages, and what a forged form does not get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from cabletrace.auth.accounts import (
    Account,
    account_named,
    create_account,
    find_account,
    list_accounts,
    set_active,
    set_administers,
)
from cabletrace.auth.invitations import list_invitations
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import form_token, session_of
from cabletrace.auth.sign_in import MAX_FAILURES, begin_attempt
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.http.parameters import takes_several
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER, OTHER_MAKER
from passwords_for_tests import cheap_passwords
from service_for_tests import Service, Told, service_in
from typing_for_tests import text_of
from world_for_tests import NOON

PASSWORD = "Kabel-und-Rolle-7"
PAGE = {"Accept": "text/html"}
WANTED = {"display_name": "王丽", "party": MAKER, "role": "manufacturer", "region": ""}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """A service in which the accounts maker and regulator administer their organisations."""
    with service_in(tmp_path_factory.mktemp("people") / "data", told) as running:
        with begin_write(running.house.desk) as tx:
            for who in ("maker", "regulator"):
                set_administers(tx, running.accounts[who].id, True)
        yield running


def send(service: Service, who: str, path: str, **form: Any) -> Any:
    """A form as the page of this account sends it."""
    service.client.cookies.clear()
    data = {"form_token": form_token(service.tokens[who]), **form}
    return service.ask(who, "POST", path, data=data, headers=PAGE)


def look(service: Service, who: str, path: str) -> Any:
    service.client.cookies.clear()
    return service.ask(who, "GET", path, headers=PAGE)


def link(service: Service, who: str, made: Any) -> str:
    """The path of the link that the page shows after the form that made it, once."""
    assert made.headers["location"] == "/invitations", made.text
    once = made.headers["set-cookie"].partition(";")[0]
    headers = {**PAGE, "Cookie": f"{service.cookies(who)['Cookie']}; {once}"}
    shown = service.client.get("/invitations", headers=headers).text
    found = re.search(r'class="secret"><span>http://testserver(/join/[^<]+)</span>', shown)
    assert found is not None
    assert "平台不发邮件和短信" in shown
    assert found[1] not in look(service, who, "/invitations").text
    service.client.cookies.clear()
    return found[1]


def come_in(service: Service, path: str, name: str = "wang-li", **form: str) -> Any:
    service.client.cookies.clear()
    data = {"name": name, "password": PASSWORD, "again": PASSWORD, **form}
    return service.client.post(path, data=data, headers=PAGE)


def named(service: Service, name: str) -> Account | None:
    with begin_read(service.house.desk) as tx:
        return account_named(tx, name)


def again(service: Service, who: str) -> Account:
    with begin_read(service.house.desk) as tx:
        found = find_account(tx, service.accounts[who].id)
    assert found is not None
    return found


def sign_in(service: Service, name: str, password: str = PASSWORD) -> Any:
    service.client.cookies.clear()
    return service.client.post("/sign-in", data={"account": name, "password": password}, headers=PAGE)


# --- invitations ----------------------------------------------------------------------------------------


def test_an_invited_person_chooses_a_name_and_a_password_and_is_signed_in(house: Service) -> None:
    path = link(house, "operator", send(house, "operator", "/invitations", **WANTED))

    asked = house.client.get(path, headers=PAGE)
    answer = come_in(house, path)

    assert "王丽" in asked.text
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["set-cookie"]
    with begin_read(house.house.desk) as tx:
        session = session_of(tx, answer.cookies[SESSION_COOKIE], NOON)
    assert session is not None
    assert (session.actor.party, session.actor.role) == (party_id(MAKER), Role.MANUFACTURER)
    assert sign_in(house, "Wang-Li").status_code == 303
    assert come_in(house, path, "somebody-else").status_code == 404
    assert house.client.get(path, headers=PAGE).status_code == 404
    assert "已使用" in look(house, "operator", "/invitations").text


def test_what_is_wrong_on_the_way_in_is_said_and_uses_nothing_up(house: Service) -> None:
    path = link(house, "operator", send(house, "operator", "/invitations", **WANTED))

    wrong = {
        "differ": come_in(house, path, again="x"),
        "weak": come_in(house, path, password="1234567890", again="1234567890"),
        "taken": come_in(house, path, "maker"),
        "elsewhere": house.client.post(path, data={}, headers={**PAGE, "Sec-Fetch-Site": "cross-site"}),
    }

    assert {name: answer.status_code for name, answer in wrong.items()} == {
        "differ": 422,
        "weak": 422,
        "taken": 409,
        "elsewhere": 403,
    }
    assert 'value="wang-li"' in wrong["weak"].text
    assert come_in(house, path).status_code == 303


def test_a_link_that_was_withdrawn_opens_nothing(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **WANTED))
    button = re.search(r'action="(/invitations/[^"]+/withdraw)"', look(house, "maker", "/invitations").text)
    assert button is not None

    assert send(house, "maker B", button[1]).status_code == 403
    assert send(house, "regulator", button[1]).status_code == 404
    assert send(house, "maker", button[1]).status_code == 303

    assert come_in(house, path).status_code == 404
    assert named(house, "wang-li") is None


def test_a_link_of_somebody_who_was_made_inactive_opens_nothing(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **WANTED))

    send(house, "operator", f"/accounts/{house.accounts['maker'].id}/deactivate")

    assert come_in(house, path).status_code == 404
    assert "邀请人已停用" in look(house, "operator", "/invitations").text


def test_coming_in_ends_the_session_that_this_browser_had(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **WANTED))
    house.client.cookies.clear()

    data = {"name": "wang-li", "password": PASSWORD, "again": PASSWORD}
    house.client.post(path, data=data, headers={**PAGE, "Cookie": house.cookies("dealer")["Cookie"]})

    assert look(house, "dealer", "/sessions").status_code == 303


def test_an_invitation_with_mistakes_is_not_made(house: Service) -> None:
    unknown = send(house, "operator", "/invitations", **{**WANTED, "party": "没有这家公司", "role": ""})
    no_region = send(house, "operator", "/invitations", **{**WANTED, "role": "regulator", "region": "999999"})

    assert unknown.status_code == no_region.status_code == 422
    assert "没有登记过这个单位" in unknown.text
    assert "请选择角色" in unknown.text
    assert 'value="王丽"' in unknown.text
    assert "已发出的链接" in unknown.text
    assert "还没有发出过链接" in unknown.text


def test_the_organisation_may_be_given_by_its_whole_name(house: Service) -> None:
    name = re.search(r"<h1>([^<]+)</h1>", look(house, "maker", f"/parties/{MAKER}").text)
    assert name is not None

    assert send(house, "operator", "/invitations", **{**WANTED, "party": name[1]}).status_code == 303


# --- what a forged form does not get ----------------------------------------------------------------------


def test_an_administrator_invites_to_its_own_organisation_whatever_the_form_says(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **{**WANTED, "party": OTHER_MAKER}))

    come_in(house, path, party=OTHER_MAKER, role="operator", region="000000", administers="yes")

    made = named(house, "wang-li")
    assert made is not None
    assert (made.party, made.role, made.region) == (party_id(MAKER), Role.MANUFACTURER, None)
    assert not made.administers
    assert 'name="party"' not in look(house, "maker", "/invitations").text


@pytest.mark.parametrize(
    ("who", "forged"),
    [
        ("maker", {"role": "operator"}),
        ("maker", {"role": "regulator", "region": "411600"}),
        ("maker", {"role": "laboratory"}),
        ("maker", {"role": "public"}),
        ("maker", {"region": "411600"}),
        ("regulator", {"role": "operator"}),
        ("regulator", {"role": "regulator", "region": "000000"}),
        ("regulator", {"role": "regulator", "region": "410000"}),
        ("regulator", {"role": "regulator", "region": "370100"}),
    ],
)
def test_no_forged_field_makes_an_invitation_wider_than_the_organisation(
    house: Service, who: str, forged: dict[str, str]
) -> None:
    answer = send(house, who, "/invitations", **{**WANTED, **forged})

    assert answer.status_code in (403, 422), answer.text
    with begin_read(house.house.desk) as tx:
        assert list_invitations(tx, house.house.at_the_machine()) == ()


def test_no_form_of_an_account_changes_more_than_it_shows(house: Service) -> None:
    colleague = _colleague(house)

    forged = {"role": "operator", "party": OTHER_MAKER, "region": "000000", "administers": "yes"}
    path = f"/accounts/{colleague.id}"
    answer = send(house, "maker", path, display_name="质检", language="en", name="root", **forged)

    assert answer.status_code == 303
    changed = named(house, "colleague")
    assert changed is not None
    assert (changed.display_name, changed.language) == ("质检", "en")
    assert (changed.role, changed.party, changed.region) == (colleague.role, colleague.party, None)
    assert not changed.administers


def test_of_another_organisation_an_administrator_finds_nobody(house: Service) -> None:
    theirs = house.accounts["maker B"].id

    assert look(house, "maker", f"/accounts/{theirs}").status_code == 404
    for done in ("", "/deactivate", "/appoint", "/dismiss", "/unlock", "/end-sessions", "/reset"):
        answer = send(house, "maker", f"/accounts/{theirs}{done}", display_name="x", language="zh")
        absent = send(house, "maker", f"/accounts/x{done}", display_name="x", language="zh")
        assert answer.status_code == absent.status_code == 404, done
    assert again(house, "maker B").active
    listed = look(house, "maker", "/accounts").text
    assert f"/accounts/{house.accounts['maker'].id}" in listed
    assert theirs not in listed


def test_who_administers_nothing_is_let_to_none_of_it(house: Service) -> None:
    own = house.accounts["dealer"].id
    for done in ("", "/deactivate", "/appoint", "/dismiss", "/unlock", "/end-sessions", "/reset"):
        answer = send(house, "dealer", f"/accounts/{own}{done}", display_name="x", language="zh")
        assert answer.status_code == 403, done
    assert send(house, "dealer", "/invitations", **WANTED).status_code == 403
    assert look(house, "dealer", "/invitations").status_code == 403
    assert look(house, "dealer", "/accounts").status_code == 403
    assert "/accounts" not in look(house, "dealer", "/").text
    assert "/invitations" in look(house, "maker", "/").text


# --- accounts ---------------------------------------------------------------------------------------------


def _colleague(service: Service) -> Account:
    with begin_write(service.house.desk) as tx:
        return create_account(
            tx,
            name="colleague",
            password=cheap_passwords().enrol(PASSWORD, name="colleague"),
            party=party_id(MAKER),
            role=Role.MANUFACTURER,
            display_name="同事",
            now=NOON,
        )


def test_accounts_are_found_by_words_and_by_state(house: Service) -> None:
    with begin_write(house.house.desk) as tx:
        set_active(tx, house.accounts["dealer"].id, False)

    def listed(query: str) -> set[str]:
        text = look(house, "operator", f"/accounts{query}").text
        with begin_read(house.house.desk) as tx:
            return {account.name for account in list_accounts(tx) if f"/accounts/{account.id}" in text}

    assert listed("?state=inactive") == {"dealer"}
    assert listed("?state=administers") == {"maker", "regulator"}
    assert listed("?q=MAKER") == {"maker", "maker-b"}
    assert listed("?q=maker&state=administers") == {"maker"}
    assert listed("?q=nobody+at+all") == set()
    assert "没有符合条件的账号" in look(house, "operator", "/accounts?q=nobody").text


def test_who_was_invited_and_has_not_come_stands_among_the_accounts_until_the_link_is_used_or_dead(
    house: Service,
) -> None:
    """Seen by whoever manages the links; a link for a forgotten password is of an account that is there."""
    path = link(house, "operator", send(house, "operator", "/invitations", **WANTED))
    of_another = {**WANTED, "display_name": "赵强", "party": OTHER_MAKER}
    send(house, "operator", "/invitations", **of_another)
    send(house, "operator", f"/accounts/{house.accounts['dealer'].id}/reset")

    def invited(who: str, query: str = "?state=invited") -> list[str]:
        text = look(house, who, f"/accounts{query}").text
        return re.findall(r'<span><a href="/invitations">([^<]+)</a>', text)

    assert sorted(invited("operator")) == ["王丽", "赵强"]
    assert invited("maker") == ["王丽"]
    assert invited("maker", "?q=王丽") == invited("maker", "") == ["王丽"]
    assert invited("maker", "?state=active") == invited("maker", "?state=administers") == []
    assert invited("auditor", "") == []
    assert "链接有效至" in look(house, "maker", "/accounts?state=invited").text

    come_in(house, path)
    assert invited("maker") == []
    assert "wang-li" in look(house, "maker", "/accounts?state=active").text

    withdrawn = re.search(r"/invitations/([0-9a-f-]+)/withdraw", look(house, "operator", "/invitations").text)
    assert withdrawn is not None
    for dead in re.findall(
        r"/invitations/([0-9a-f-]+)/withdraw", look(house, "operator", "/invitations").text
    ):
        send(house, "operator", f"/invitations/{dead}/withdraw")
    assert invited("operator") == []


def test_a_colleague_leaves_and_comes_back(house: Service) -> None:
    colleague = _colleague(house)
    page = look(house, "maker", f"/accounts/{colleague.id}").text
    assert f"/accounts/{colleague.id}/deactivate" in page

    for done, active in (("deactivate", False), ("activate", True)):
        answer = send(house, "maker", f"/accounts/{colleague.id}/{done}")
        assert answer.headers["location"] == f"/accounts/{colleague.id}"
        found = named(house, "colleague")
        assert found is not None
        assert found.active is active


def test_nobody_switches_itself_off(house: Service) -> None:
    for who in ("operator", "maker"):
        own = house.accounts[who].id
        assert send(house, who, f"/accounts/{own}/deactivate").status_code == 403
        assert f"/accounts/{own}/deactivate" not in look(house, who, f"/accounts/{own}").text


def test_the_last_administrator_stays_until_another_is_appointed(house: Service) -> None:
    own, colleague = house.accounts["maker"].id, _colleague(house)

    alone = send(house, "maker", f"/accounts/{own}/dismiss")
    send(house, "maker", f"/accounts/{colleague.id}/appoint")
    done = send(house, "maker", f"/accounts/{own}/dismiss")

    assert alone.status_code == 403
    assert "只剩您一位管理员" in alone.text
    assert done.headers["location"] == "/"
    assert not again(house, "maker").administers
    assert look(house, "maker", "/accounts").status_code == 403


def test_a_lock_out_is_shown_and_lifted_by_who_manages_the_account(house: Service) -> None:
    colleague = _colleague(house)
    path = f"/accounts/{colleague.id}"
    assert "登录已锁定" not in look(house, "maker", path).text
    with begin_write(house.house.desk) as tx:
        for _ in range(MAX_FAILURES):
            begin_attempt(tx, name="colleague", client="192.0.2.1", now=NOON)

    assert sign_in(house, "colleague").status_code == 429
    assert "登录已锁定" in look(house, "maker", path).text
    listed = [
        look(house, "maker", f"/accounts{query}").text for query in ("?state=locked", "?state=active&q=maker")
    ]
    assert [path in page for page in listed] == [True, False]
    assert "登录已锁定" in text_of(listed[0])
    assert f'/accounts/{house.accounts["maker"].id}"' not in listed[0]
    assert send(house, "maker", f"{path}/unlock").status_code == 303

    assert path not in look(house, "maker", "/accounts?state=locked").text
    assert "登录已锁定" not in look(house, "maker", path).text
    assert sign_in(house, "colleague").status_code == 303


def test_a_forgotten_password_is_chosen_anew_by_its_owner(house: Service) -> None:
    account = house.accounts["dealer"]
    path = link(house, "operator", send(house, "operator", f"/accounts/{account.id}/reset"))
    assert 'value="dealer" readonly' in house.client.get(path, headers=PAGE).text
    assert look(house, "dealer", "/sessions").status_code == 200

    assert come_in(house, path, "somebody-else").status_code == 303

    assert look(house, "dealer", "/sessions").status_code == 303
    signed_in = sign_in(house, "dealer")
    assert signed_in.status_code == 303
    headers = {**PAGE, "Cookie": f"{SESSION_COOKIE}={signed_in.cookies[SESSION_COOKIE]}"}
    house.client.cookies.clear()
    assert "您的密码在" in house.client.get("/", headers=headers).text
    assert come_in(house, path).status_code == 404


def test_a_password_is_changed_by_its_owner_who_knows_the_old_one(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **WANTED))
    token = come_in(house, path).cookies[SESSION_COOKIE]
    new = "Trommel-und-Rolle-8"
    form = {"form_token": form_token(token), "current": PASSWORD, "password": new, "again": new}

    def change(**changed: str) -> Any:
        headers = {**PAGE, "Cookie": f"{SESSION_COOKIE}={token}"}
        house.client.cookies.clear()
        return house.client.post("/password", data={**form, **changed}, headers=headers)

    assert change(again="x").status_code == 422
    assert change(current="x").status_code == 401
    assert change().headers["location"] == "/sign-in"
    assert sign_in(house, "wang-li").status_code == 401
    assert sign_in(house, "wang-li", new).status_code == 303


# --- sessions ----------------------------------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(house: Service) -> None:
    path = link(house, "maker", send(house, "maker", "/invitations", **WANTED))
    this = come_in(house, path).cookies[SESSION_COOKIE]
    house.client.cookies.clear()
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1", **PAGE}
    data = {"account": "wang-li", "password": PASSWORD}
    with TestClient(house.client.app, client=("203.0.113.77", 50000), follow_redirects=False) as elsewhere:
        that = elsewhere.post("/sign-in", data=data, headers=phone).cookies[SESSION_COOKIE]

    def ask(method: str, where: str, token: str) -> Any:
        house.client.cookies.clear()
        headers = {**PAGE, "Cookie": f"{SESSION_COOKIE}={token}"}
        form = {"form_token": form_token(token)} if method == "POST" else None
        return house.client.request(method, where, data=form, headers=headers)

    page = ask("GET", "/sessions", this).text
    assert "Safari · iPhone" in page
    assert "203.0.113.0/24" in page
    assert "203.0.113.77" not in page
    assert page.count("本机，正在使用") == 1
    (ends,) = re.findall(r'action="(/sessions/[0-9a-f]+/end)"', page)
    assert send(house, "dealer", ends).status_code == 404
    assert ask("POST", ends, this).status_code == 303
    assert ask("GET", "/sessions", that).status_code == 303

    other = sign_in(house, "wang-li").cookies[SESSION_COOKIE]
    assert ask("POST", "/sessions/end-others", this).status_code == 303
    assert ask("GET", "/sessions", other).status_code == 303
    assert ask("GET", "/sessions", this).status_code == 200


def test_sessions_are_for_people_and_not_for_keys(house: Service) -> None:
    expires = {"label": "x", "actions": ["read:ledger"], "expires_at": "2026-07-01T00:00:00Z"}
    key = house.ask("maker", "POST", "/api/v1/keys", json=expires).json()["text"]

    answer = house.client.get("/sessions", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401


# --- fields that come twice ----------------------------------------------------------------------------


def single_fields(service: Service) -> list[tuple[str, str]]:
    """Every page that declares the fields of its form one by one, with each of them that takes one value."""
    app: Any = service.client.app
    return [
        (route.path, field.alias)
        for route in app.routes
        if isinstance(route, APIRoute) and not route.include_in_schema
        for field in route.dependant.body_params
        if not takes_several(field.field_info.annotation)
    ]


def test_a_field_that_comes_twice_is_refused_by_name_on_every_page(service: Service) -> None:
    found = single_fields(service)

    assert {"/accounts/{account_id}", "/keys", "/invitations", "/grants", "/sign-in"} <= {
        path for path, _ in found
    }
    for path, name in found:
        answer = send(service, "maker", re.sub(r"\{\w+\}", "x", path), **{name: ["a", "b"]})
        assert (answer.status_code, f"表单的项目 {name} 发来了两次" in text_of(answer)) == (400, True), (
            path,
            name,
        )
