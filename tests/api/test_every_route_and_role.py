"""Every route × every role × own and foreign things: what the policy says is what the doors do. What was lent has a table of
its own, `test_every_route_and_what_is_lent`."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from cabletrace.auth.policy import Action, Role, may
from cabletrace.http.contract import ACTION, RECORDING
from cabletrace.model.values import party_id
from cabletrace.search.facets import Facet
from drafts_for_tests import LICENCE, MAKER, NOBODY, OTHER_MAKER, PRODUCT, REGULATOR, SITE
from files_for_tests import name_of
from service_for_tests import (
    ACCOUNTS,
    CASE,
    FILE,
    GOODS,
    LEAD,
    LICENCE_B,
    LISTING,
    PROGRAMME,
    REGULATOR_B,
    REQUEST,
    SITE_B,
    Service,
    project_id,
)

METHODS = ("get", "post", "put", "delete", "patch")
WORLD_B = {"maker B", "shop B", "site B", "regulator B"}
#: Readings of things that belong to somebody: of others' they are not found.
SCOPED = {
    Action.READ_BATCH,
    Action.READ_TRACE,
    Action.READ_PROJECT,
    Action.READ_PAYLOAD,
    Action.READ_BLOB,
    Action.PRINT_LABELS,
    Action.READ_CASES,
}
#: Who may read the payload of the productions: those whom the event itself concerns.
CONCERNED = {"maker", "regulator", "maker B", "regulator B"}

#: Whose goods came to the project without their taking part in it.
NOT_AT_THE_PROJECT = {"maker", "dealer", "laboratory", "maker B", "shop B", "key user"}
#: Who sees the uncoded goods of world A; world B has none.
AT_THE_GOODS = {"operator", "regulator", "department", "auditor"}
#: Of world A, whom no batch of it concerns.
STRANGERS = {"key user", "certifier", "association", "clerk"}
#: Who sees both worlds.
EVERYWHERE = {Role.OPERATOR, Role.AUDITOR}

Operation = tuple[str, str, dict[str, Any]]


def operations(service: Service) -> list[Operation]:
    paths = service.client.get("/openapi.json").json()["paths"]
    return [
        (method.upper(), path, operation)
        for path, by_method in paths.items()
        for method, operation in by_method.items()
        if method in METHODS
    ]


def address(service: Service, path: str, world: str) -> str:
    """The address of a thing of world A or B."""
    is_a = world == "A"
    lot = "L1" if is_a else "J1"
    names = {
        "{code}": lambda: service.code[lot],
        "{event}": lambda: service.event["production" if is_a else "production B"],
        "{unit}": lambda: "1",
        "{party}": lambda: MAKER if is_a else OTHER_MAKER,
        "{maker}": lambda: MAKER if is_a else OTHER_MAKER,
        "{holder}": lambda: MAKER if is_a else OTHER_MAKER,
        "{number}": lambda: number(service, path, is_a=is_a),
        "{project}": lambda: project_id(SITE, "XM-1") if is_a else project_id(SITE_B, "XM-B"),
        "{goods}": lambda: GOODS if is_a else NOBODY,
        "{lead}": lambda: LEAD if is_a else NOBODY,
        "{case}": lambda: CASE if is_a else NOBODY,
        "{request_id}": lambda: REQUEST if is_a else NOBODY,
        "{listing}": lambda: LISTING if is_a else NOBODY,
        "{programme}": lambda: PROGRAMME if is_a else NOBODY,
        "{reminder}": lambda: service.event["reminder"],
        "{authority}": lambda: party_id(REGULATOR) if is_a else REGULATOR_B,
        "{month}": lambda: "2026-04",
        "{sampling}": lambda: NOBODY,  # of one: web/test_samples_on_pages
        "{job}": lambda: "00000000-0000-4000-8000-000000000000",
        "{key}": lambda: "00000000-0000-4000-8000-000000000000",
        "{search}": lambda: "00000000-0000-4000-8000-000000000000",
        "{name}": lambda: "maker",
        "{path}": lambda: "0/000.p/1",
        "{sha256}": lambda: name_of(FILE[world]),
    }
    whole = path.replace(":path", "")
    for name, value in names.items():
        if name in whole:
            whole = whole.replace(name, value())
    queries = {
        "/api/v1/batches": f"?lot={lot}",
        "/api/v1/trace": f"?batch={service.code[lot]}",
        "/api/v1/programmes/{programme}/coverage": f"?unit={REGULATOR}",
        "/api/v1/persons": "?name=%E7%94%B2",
        "/api/v1/monthly/{authority}/{month}/events": "?cell=sampled",
        **{f"/api/v1/batches/{{code}}/{name}": f"?printing={NOBODY}" for name in ("codes.csv", "codes.xlsx")},
    }
    return whole + queries.get(path, "")


def number(service: Service, path: str, *, is_a: bool) -> str:
    """A certificate's, a product's, or that of a receipt."""
    if path.startswith("/r/"):
        return service.receipt
    return (LICENCE if is_a else LICENCE_B) if "certificates" in path else PRODUCT


def wanted(who: str, role: Role, method: str, path: str, action: str, *, own: bool) -> set[int]:
    """The statuses that are right for this one at this door."""
    if action == "":
        return {200}
    if action == RECORDING:
        return {401} if role is Role.PUBLIC else {415}  # let in, and nothing came
    asked = Action(action)
    reach = may(role, asked)
    if not reach:
        return {401} if role is Role.PUBLIC else {403}
    if method in ("POST", "PUT"):
        return {415}
    if asked is Action.READ_BLOB and (role in (Role.OPERATOR, Role.DEPARTMENT) or who in STRANGERS):
        return {404}  # prices may stand there
    if (
        any(name in path for name in ("{job}", "{key}", "{search}", "{sampling}"))
        or path == "/ledger/cosigned"
    ):
        return {404}  # there is none
    if path.endswith(("/codes.csv", "/codes.xlsx")):
        return {404}  # nothing was printed
    if asked is Action.READ_PAYLOAD and (own or role is Role.OPERATOR):
        return {404} if who in STRANGERS else {200} if who in CONCERNED else {403}
    if "{project}" in path and who in NOT_AT_THE_PROJECT:
        return {404}
    if (
        "{lead}" in path
        or "{case}" in path
        or "{request_id}" in path
        or "{programme}" in path
        or "{listing}" in path
    ):
        return {200} if own and who == "regulator" else {404}
    if path == "/api/v1/risk/{party}":
        return {200} if own else {404}
    if "{authority}" in path:
        return {200} if own and role is Role.REGULATOR else {404}
    if "{goods}" in path:
        return {200} if own and who in AT_THE_GOODS else {404}
    names_one_thing = "{" in path or path == "/api/v1/trace"
    strange = who in STRANGERS and "{project}" not in path
    if asked in SCOPED and names_one_thing and (strange or not own) and role not in EVERYWHERE:
        return {404}
    return {200}


def test_every_route_declares_an_action_of_the_policy(service: Service) -> None:
    actions = {*Action, RECORDING, ""}

    undeclared = [
        (method, path) for method, path, each in operations(service) if each.get(ACTION) not in actions
    ]

    assert undeclared == []


def test_only_pages_are_missing_in_the_description(service: Service) -> None:
    described = {path for _, path, _ in operations(service)}

    hidden = {
        (context.path, context.endpoint.__module__)
        for context in iter_route_contexts(service.client.app.routes)  # type: ignore[attr-defined]
        if context.path_format not in described
    }

    assert {path for path, module in hidden if not module.startswith("cabletrace.web.")} == set()


@pytest.mark.parametrize("who", ["anybody", *ACCOUNTS])
def test_each_role_is_let_in_where_the_policy_says_so_and_nowhere_else(service: Service, who: str) -> None:
    role = Role.PUBLIC if who == "anybody" else ACCOUNTS[who][1]
    size = service.size

    wrong = []
    for method, path, operation in operations(service):
        for world in ("A", "B") if operation[ACTION] in SCOPED else ("A",):
            own = (who in WORLD_B) == (world == "B")
            answer = service.ask(who, method, address(service, path, world))
            right = wanted(who, role, method, path, operation[ACTION], own=own)
            if answer.status_code not in right:
                wrong.append((method, path, world, answer.status_code, right, answer.text[:200]))

    assert wrong == []
    assert service.size == size


@pytest.mark.parametrize("who", ["maker", "dealer", "site", "owner", "supervisor", "laboratory", "regulator"])
def test_lists_hold_nothing_of_the_other_world(service: Service, who: str) -> None:
    listed = [
        "/api/v1/search?q=" + service.code["J1"],
        "/api/v1/search?q=J1",
        "/api/v1/search",
        "/api/v1/search?counts=all",
        "/api/v1/search/suggestions?q=%E6%B5%8E",
        "/api/v1/search/suggestions?q=XM-",
        "/api/v1/projects",
        "/api/v1/alerts",
        "/api/v1/batches?lot=J1",
        "/api/v1/trace?maker=" + MAKER,
    ]

    answers = {path: service.ask(who, "GET", path) for path in listed}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(listed, 200)
    told = "".join(answer.text for answer in answers.values())
    assert [name for name in (service.code["J1"], "济南", "3701", "XM-B") if name in told] == []


#: The right that a filter takes beside that of searching.
ASKS_FOR_MORE = {Facet.SEVERITY: Action.READ_ALERTS, Facet.ALERT: Action.READ_ALERTS}
A_VALUE = {
    Facet.SEVERITY: "high", Facet.VERDICT: "passed", Facet.STATE: "held", Facet.REGION: "41",
    Facet.MADE: "41", Facet.MONTH: "2026-03", Facet.FAMILY: "power", Facet.METAL: "copper", Facet.AREA: "95", Facet.NEUTRAL: "50",
}  # fmt: skip


@pytest.mark.parametrize("who", ACCOUNTS)
def test_each_role_filters_and_counts_by_what_it_may_know(service: Service, who: str) -> None:
    """Every filter × every role, over HTTP and on the page, against the policy."""
    role = ACCOUNTS[who][1]
    searches = bool(may(role, Action.READ_SEARCH))
    open_ = {facet for facet in Facet if searches and may(role, ASKS_FOR_MORE.get(facet, Action.READ_SEARCH))}

    counted = service.ask(who, "GET", "/api/v1/search?counts=all")
    page = service.ask(who, "GET", "/search?sort=newest", headers={"Accept": "text/html"})

    assert {each["facet"] for each in counted.json().get("facets", ())} == {facet.slug for facet in open_}
    assert page.status_code == (200 if searches else 403)
    for facet in Facet:
        asked = f"{facet.slug}={A_VALUE.get(facet, 'x')}"
        answers = [
            service.ask(who, "GET", f"/api/v1/search?{asked}"),
            service.ask(who, "GET", f"/api/v1/search?counts={facet.slug}"),
            service.ask(who, "GET", f"/search?{asked}", headers={"Accept": "text/html"}),
            service.ask(who, "GET", f"/search.xlsx?{asked}"),
        ]
        assert {each.status_code for each in answers} == {200 if facet in open_ else 403}, facet
        if searches and facet not in open_:
            assert all("查看预警" in each.text for each in answers[:3])
            assert f"{facet.slug}=" not in page.text


def test_nobody_traces_another_makers_goods(service: Service) -> None:
    theirs = f"/api/v1/trace?maker={OTHER_MAKER}"

    answers = {who: service.ask(who, "GET", theirs).status_code for who in ("maker", "regulator", "operator")}

    assert answers == {"maker": 404, "regulator": 404, "operator": 200}


def test_what_is_absent_and_what_is_foreign_get_the_same_answer(service: Service) -> None:
    foreign = service.ask("maker", "GET", f"/api/v1/batches/{service.code['J1']}")
    absent = service.ask("maker", "GET", "/api/v1/batches/0000000000")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["detail"] == absent.json()["detail"]
    assert foreign.json().keys() == absent.json().keys()


def test_a_key_does_what_it_was_given_and_no_more(writing: Service) -> None:
    made = writing.ask(
        "maker",
        "POST",
        "/api/v1/keys",
        json={"label": "查询", "actions": ["read:search"], "expires_at": "2026-07-30T00:00:00+08:00"},
    )
    key = {"Authorization": f"Bearer {made.json()['text']}"}

    assert writing.client.get("/api/v1/search?q=L1", headers=key).status_code == 200
    refused = writing.client.get(f"/api/v1/batches/{writing.code['L1']}", headers=key)

    assert refused.status_code == 403
    assert "API 密钥" in refused.json()["detail"]


def test_a_wrong_key_is_refused_even_where_nobody_needs_one(service: Service) -> None:
    answer = service.client.get("/ledger/checkpoint", headers={"Authorization": "Bearer ct_0_0"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
