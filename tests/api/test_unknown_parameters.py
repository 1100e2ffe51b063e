"""A parameter that an address does not have is refused all over the programs' interface, and nowhere where people open links."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from cabletrace.http.parameters import only_known
from service_for_tests import Service

from .test_every_route_and_role import address, operations

#: Links on labels and in messages, and what machines ask who watch over the service.
TOLERANT = {"/c/{code}", "/r/{number}", "/healthz", "/readyz", "/metrics"}


def test_every_operation_refuses_a_parameter_that_it_does_not_describe(service: Service) -> None:
    asked = [each for each in operations(service) if each[1] not in TOLERANT]
    assert len(asked) > 50

    for method, path, _ in asked:
        whole = address(service, path, "A")
        joined = f"{whole}{'&' if '?' in whole else '?'}"
        for who in ("anybody", "operator"):
            answer = service.ask(who, method, f"{joined}utm_source=x&lang=en")
            assert answer.status_code == 400, (method, path, who, answer.status_code)
            (problem,) = answer.json()["problems"]
            assert (problem["code"], problem["where"]) == ("bad-request", "utm_source")
            assert problem["detail"]["zh"] == "没有名为 utm_source 的参数"


def test_every_operation_takes_each_parameter_that_it_describes(service: Service) -> None:
    for method, path, operation in operations(service):
        named = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"} | {"lang"}
        whole = address(service, path, "A").partition("?")[0]
        for name in sorted(named):
            answer = service.ask("anybody", method, f"{whole}?{name}=x")
            refused = answer.json()["problems"] if answer.status_code == 400 else []
            assert not any("没有名为" in each["detail"]["zh"] for each in refused), (method, path, name)


def test_what_messengers_and_trackers_add_to_a_link_does_no_harm(service: Service) -> None:
    added = "?from=singlemessage&isappinstalled=0&utm_source=qr&scene=1&code=x&lang=en"
    code, receipt = service.code["L1"], service.receipt

    for path in (f"/c/{code}", f"/r/{receipt}"):
        for accept in ("text/html", "application/json"):
            plain, more = (
                service.client.get(path + query, headers={"Accept": accept}) for query in ("?lang=en", added)
            )
            assert plain.status_code == more.status_code == 200
            assert plain.headers["content-type"] == more.headers["content-type"]
            if accept == "application/json" and path.startswith("/r/"):
                assert plain.json() == more.json()
    for path in ("/healthz", "/readyz"):
        assert service.client.get(f"{path}?probe=1").status_code == service.client.get(path).status_code


def test_the_description_says_so(service: Service) -> None:
    assert "没有列出的参数一律拒绝" in service.client.get("/openapi.json").json()["info"]["description"]


@pytest.mark.parametrize("path", sorted(TOLERANT))
def test_the_tolerant_ones_are_those_named_here(service: Service, path: str) -> None:
    (route,) = [
        each for each in service.client.app.routes if isinstance(each, APIRoute) and each.path == path
    ]

    assert only_known not in [each.call for each in route.dependant.dependencies]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/api/v1/search?q=a&q=b", "q"),
        ("/api/v1/search?limit=1&limit=2", "limit"),
        ("/api/v1/search?since=2026-03&since=2026-04", "since"),
        ("/api/v1/alerts?limit=1&limit=1", "limit"),
    ],
)
def test_a_parameter_of_one_value_is_refused_when_it_comes_twice(
    service: Service, path: str, where: str
) -> None:
    answer = service.ask("maker", "GET", path)

    assert answer.status_code == 400
    assert [each["where"] for each in answer.json()["problems"]] == [where]
    assert "给了不止一次" in answer.json()["problems"][0]["detail"]["zh"]


def test_a_filter_may_still_come_several_times(service: Service) -> None:
    answer = service.ask("maker", "GET", "/api/v1/search?counts=area&counts=month&area=4&area=95")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("since=2026-03&month=2026-04", "since"),
        ("until=2026-03&month=2026-04", "until"),
        ("area=abc", "area"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/search/hits.xlsx"])
def test_a_filter_that_would_be_passed_over_is_refused(
    service: Service, path: str, query: str, where: str
) -> None:
    answer = service.ask("maker", "GET", f"{path}?{query}")

    assert answer.status_code == 400
    assert [each["where"] for each in answer.json()["problems"]] == [where]
