"""A search engine of its own server that does not answer: codes and whole lot numbers are found, recording goes on, and the rest
says in words when to come again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cabletrace.db.engine import begin_write
from cabletrace.search import elastic_place, elastic_schema
from cabletrace.search.elastic_server import NAME
from drafts_for_tests import production
from service_for_tests import Service, Told, service_beside

from .test_health_and_description import figures

#: A port on which nobody listens.
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def away(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Its index had read seven entries, and something had gone wrong before."""
    with service_beside(tmp_path_factory.mktemp("away") / "data", told, NOBODY) as running:
        index_name = f"{NAME}.{'.'.join(map(str, elastic_schema.meta().values()))}.0"
        with begin_write(running.house.desk) as tx:
            elastic_place.begin_anew(tx, NAME, index_name)
            elastic_place.add_troubles(tx, NAME, {"429": 2})
            elastic_place.add_troubles(tx, NAME, {"429": 1, "connection": 4})
        yield running


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=电缆",
        "/api/v1/search?q=L1&maker=x",
        "/api/v1/search/suggestions?q=电缆",
        "/api/v1/search/hits.xlsx?q=电缆",
    ],
)
def test_words_are_answered_with_when_to_come_again(away: Service, path: str) -> None:
    answer = away.ask("maker", "GET", path)

    assert (answer.status_code, answer.json()["code"]) == (503, "search-away")
    assert answer.headers["Retry-After"]
    assert "追溯码和完整的批号" in answer.json()["problems"][0]["remedy"]["zh"]


def test_a_code_and_a_whole_lot_number_are_found_in_the_ledger_by_those_who_may(away: Service) -> None:
    by_code = away.ask("maker", "GET", f"/api/v1/search?q={away.code['L1']}").json()
    by_lot = away.ask("maker", "GET", "/api/v1/search?q=L1").json()

    assert [row["batch"]["code"] for row in by_code["rows"]] == [away.code["L1"]]
    assert [row["batch"]["code"] for row in by_lot["rows"]] == [away.code["L1"]]
    assert by_lot["partial"]
    assert away.ask("maker", "GET", "/api/v1/search/hits.xlsx?q=L1").status_code == 200
    for path in (f"/api/v1/search?q={away.code['L1']}", "/api/v1/search?q=L1"):
        assert away.ask("maker B", "GET", path).status_code == 503


def test_the_page_says_so_keeps_what_was_typed_and_shows_what_is_registered_under_the_name(
    away: Service,
) -> None:
    page = away.ask("regulator", "GET", "/search?q=周口市示例供电公司", headers={"Accept": "text/html"})
    lot = away.ask("maker", "GET", "/search?q=L1", headers={"Accept": "text/html"})

    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "检索暂时不能使用" in page.text
    assert 'value="周口市示例供电公司"' in page.text
    assert 'href="/parties/' in page.text
    assert lot.status_code == 200
    assert f'href="/batches/{away.code["L1"]}' in lot.text


def test_recording_goes_on_and_readiness_names_what_is_away(away: Service) -> None:
    recorded = away.ask("maker", "POST", "/api/v1/events", json=production("L77"))
    ready = away.client.get("/readyz")

    assert recorded.status_code == 201
    assert ready.status_code == 200
    assert ready.json()["degraded"]
    search = next(part for part in ready.json()["parts"] if part["name"] == "search")
    assert not search["answers"]
    assert search["behind"] == ready.json()["size"]


def test_whoever_watches_reads_how_far_it_is_behind_and_what_went_wrong(away: Service) -> None:
    read = figures(away.ask("operator", "GET", "/metrics").text)

    assert read["cabletrace_search_answers"] == 0
    assert read['cabletrace_search_troubles_total{status="429"}'] == 3
    assert read['cabletrace_search_troubles_total{status="connection"}'] == 4
    assert read['cabletrace_behind_entries{part="search"}'] == away.size
    assert 'cabletrace_behind_seconds{part="search"}' in read
    assert "cabletrace_search_verified_age_seconds" not in read
