"""The page that asks what shall be traced: whatever somebody has at hand leads to a trace."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from cabletrace.model.values import party_id
from drafts_for_tests import LICENCE, MAKER, SITE
from html_for_tests import Reader
from service_for_tests import Service, project_id


def asked(service: Service, who: str, typed: str) -> tuple[int, list[str]]:
    """The status, and the traces that are offered, or the one that is led to."""
    answer = service.ask(
        who,
        "GET",
        f"/trace?q={quote(typed, safe='')}",
        headers={"Accept": "text/html"},
        follow_redirects=False,
    )
    if answer.status_code == 303:
        return 303, [answer.headers["location"]]
    offered = [a.attributes.get("href") or "" for a in Reader(answer.text).all("a")]
    return answer.status_code, [
        href for href in offered if re.search(r"/trace(\?|$)", href) and href != "/trace"
    ]


@pytest.mark.parametrize(
    "what", ["code", "lot", "company", "credit code", "certificate", "report", "project", "event"]
)
def test_whatever_is_typed_leads_to_a_trace_that_opens(service: Service, what: str) -> None:
    code, project = service.code["L1"], project_id(SITE, "XM-1")
    typed, expected = {
        "code": (code, f"/batches/{code}/trace"),
        "lot": ("L1", f"/batches/{code}/trace"),
        "company": ("周口市示例电缆", f"/parties/{party_id(MAKER)}/trace"),
        "credit code": (MAKER, f"/parties/{party_id(MAKER)}/trace?direction=up"),
        "certificate": (LICENCE, f"/parties/{party_id(MAKER)}/certificates/{quote(LICENCE, safe='')}/trace"),
        "report": ("JC-1", f"/events/{service.event['test']}/trace"),
        "project": ("XM-1", f"/projects/{project}/trace"),
        "event": (service.event["production"], f"/events/{service.event['production']}/trace"),
    }[what]

    status, traces = asked(service, "regulator", typed)

    assert status in (200, 303)
    assert expected in traces
    for href in traces:
        assert service.ask("regulator", "GET", href, headers={"Accept": "text/html"}).status_code == 200, href


def test_the_code_of_a_drum_leads_to_the_drum(service: Service) -> None:
    label = service.ask("maker", "GET", f"/api/v1/batches/{service.code['L1']}/codes?units=2").json()["rows"][
        0
    ]

    _, traces = asked(service, "regulator", label["code"])

    assert f"/batches/{service.code['L1']}/trace?unit=2" in traces


@pytest.mark.parametrize("typed", ["J1", "XM-B", "没有这个"])
def test_of_others_and_of_nothing_nothing_is_offered(service: Service, typed: str) -> None:
    assert asked(service, "regulator", typed) == (200, [])


def test_the_moments_of_a_trace_are_days_on_which_the_reader_saw_it_change(service: Service) -> None:
    code = service.code["L1"]
    page = service.ask("regulator", "GET", f"/batches/{code}/trace", headers={"Accept": "text/html"}).text

    moments = [int(n) for n in re.findall(r'data-moment="(\d+)"', page)]
    assert moments == sorted(moments)
    assert moments
    for index in moments:
        answer = service.ask(
            "regulator", "GET", f"/batches/{code}/trace?up_to={index}", headers={"Accept": "text/html"}
        )
        assert answer.status_code == 200
