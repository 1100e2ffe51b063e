"""Every GET route of pages and API × a department × a batch whose drums went on to a buyer outside its jurisdiction: it is told
what happened inside and what came in, and nothing of what lies outside; its market regulator is told both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts

from cabletrace.model.values import party_id
from cabletrace.search.facets import Facet
from drafts_for_tests import (
    DEALER,
    LICENCE,
    MAKER,
    OTHER_MAKER,
    PRODUCT,
    REGULATOR,
    SITE,
    Envelope,
    correction,
    dispatch,
    labelling,
    party,
    receipt,
    returned,
    split,
    uscc_of,
)
from files_for_tests import name_of
from service_for_tests import FILE, GOODS, SHOP_B, Service, Told, project_id, service_in

#: Merely named by the maker: no register lists it for everybody.
FOREIGN = uscc_of("341202", "MA1TEXTF")
ABROAD = {"region": "341202", "name": "颍州秘仓"}
#: Name, numbers, place, papers and metres of the buyer outside, as pages and JSON write them.
SECRETS = (
    "外地电缆商行", FOREIGN, "341202", "颍州秘仓", "WF-77", "WF-78", "WF-79",
    "249123", "249.123", "50321", "50.321",
)  # fmt: skip


def beyond(code: str) -> dict[str, Envelope]:
    """Drum 3 was said to go to the dealer and went to the buyer outside, and so did drum 1 of the dealer; there they were
    measured and cut. One piece went on to a shop in 济南, and from there to the site inside; another came back."""
    wrong = dispatch(units=[(3, 3)], note="FH-3", entered_for=MAKER)
    right = dispatch(to=FOREIGN, region="341202", units=[(3, 3)], note="WF-77")
    abroad = {"place": ABROAD, "entered_for": FOREIGN}
    return {
        "named": party(FOREIGN, "阜阳市外地电缆商行", "distributor", region="341202", uscc=FOREIGN, entered_for=MAKER),
        "said wrongly": wrong,
        "put right": correction(wrong, right, entered_for=MAKER),
        "sold on": dispatch(to=FOREIGN, region="341202", units=[(1, 1)], note="WF-78", on="2026-04-14", entered_for=DEALER),
        "arrived": receipt(units=[(3, 3)], sender=MAKER, measured=[(3, 249_123)], on="2026-04-16", **abroad),
        "arrived too": receipt(units=[(1, 1)], sender=DEALER, on="2026-04-16", **abroad),
        "cut": split(unit=3, pieces=[(31, 100_123), (32, 50_321)], on="2026-04-17", **abroad),
        "sent on": dispatch(to=SHOP_B, region="370112", units=[(31, 31)], note="WF-79", on="2026-04-18", **abroad),
        "in the shop": receipt(units=[(31, 31)], sender=FOREIGN, place={"region": "370112"}, on="2026-04-19", entered_for=SHOP_B),
        "into the region": dispatch(to=SITE, region="411627", units=[(31, 31)], note="LH-88", on="2026-04-20", entered_for=SHOP_B),
        "labels": labelling(code, units=[(3, 3)], entered_for=MAKER),
        "sent back": returned(units=[(4, 4)], to=OTHER_MAKER, region="370112", on="2026-04-25", entered_for=SITE),
    }  # fmt: skip


#: Of these a department is told; of all the others that there is no such event.
INSIDE = {"said wrongly", "into the region"}


@pytest.fixture(scope="module")
def story(told: Told) -> dict[str, Envelope]:
    return beyond(told.code["L1"])


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, told: Told, story: dict[str, Envelope]
) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("department") / "data", told, *story.values()) as running:
        yield running


def addresses(service: Service, story: dict[str, Envelope]) -> list[str]:
    """Every GET route, with everything in place of a name that such a thing could be called; a name that is not known here
    fails, so that a new route is thought of."""
    events = [each["draft"]["id"] for each in story.values()]
    values: dict[str, list[str]] = {
        "code": [service.code["L1"]],
        "event": [*service.event.values(), *events],
        "unit": ["1", "3", "31"],
        "party": [MAKER, DEALER, SITE, SHOP_B, FOREIGN],
        "maker": [MAKER, FOREIGN],
        "holder": [MAKER, FOREIGN],
        "number": [PRODUCT, LICENCE, service.receipt],
        "project": [project_id(SITE, "XM-1")],
        "goods": [GOODS],
        "kind": ["receipt", "notice", "report"],
        "sha256": [name_of(FILE["A"])],
        "account_id": [service.accounts["department"].id],
        "language": ["zh"],
        "path": ["0/000.p/1"],
        "index": ["3"],
        **{name: ["1"] for name in ("job", "key", "id_", "n", "name", "token")},
        # What authorities prepare: it is told of none of it (queries/test_cases, test_requests).
        **{
            name: ["1"]
            for name in (
                "lead",
                "case",
                "step",
                "request_id",
                "reminder",
                "programme",
                "summary",
                "listing",
                "discipline",
                "rule",
            )
        },
        "authority": [party_id(REGULATOR)],
        "month": ["2026-05"],
        "cell": ["sampled"],
        "sampling": [service.event["production"]],
    }
    found = []
    for context in iter_route_contexts(service.client.app.routes):  # type: ignore[attr-defined]
        if "GET" not in (getattr(context.original_route, "methods", None) or ()):
            continue
        pieces = context.path_format.replace(":path", "").split("{")
        names = [piece.partition("}")[0] for piece in pieces[1:]]
        for chosen in product(*(values[name] for name in names)):
            path = pieces[0]
            for value, piece in zip(chosen, pieces[1:], strict=True):
                path += quote(value, safe="/") + piece.partition("}")[2]
            found.append(path)
    return found


def asking_more(service: Service) -> list[str]:
    """Lists and pages with parameters that show more, or another moment."""
    code = service.code["L1"]
    return [
        *(
            f"/batches/{code}?where={state}&order=old"
            for state in ("held", "transit", "elsewhere", "project")
        ),
        *(f"/batches/{code}?up_to={index}" for index in range(service.size)),
        *(f"/api/v1/batches/{code}?up_to={index}" for index in range(service.size)),
        f"/api/v1/batches/{code}/events?limit=100",
        "/api/v1/batches?lot=L1",
        "/api/v1/search?counts=all",
        "/api/v1/search?q=YJV&counts=all",
        "/search?q=YJV",
        "/search.xlsx?q=YJV",
        f"/api/v1/trace?batch={code}",
        f"/api/v1/trace?maker={MAKER}",
    ]


def answer(service: Service, who: str, path: str) -> Any:
    service.client.cookies.clear()
    accept = "application/json" if path.startswith(("/api/", "/c/")) else "text/html"
    return service.ask(who, "GET", path, headers={"Accept": accept})


def told_of(service: Service, who: str, paths: list[str]) -> set[tuple[str, str]]:
    """Which secret stands in which answer, beside the address itself, which a page repeats."""
    found = set()
    for path in paths:
        got = answer(service, who, path)
        assert got.status_code < 500, (path, got.text)
        text = got.text.replace(FOREIGN, "") if FOREIGN in path else got.text
        found |= {(path, secret) for secret in SECRETS if _stands_in(text, secret)}
    return found


def _stands_in(text: str, secret: str) -> bool:
    """Digits only by themselves: any few of them stand in some hash."""
    return secret in text and bool(re.search(rf"(?<![0-9a-z]){re.escape(secret)}(?![0-9a-z])", text))


def test_no_route_tells_a_department_of_the_buyer_outside(house: Service, story: dict[str, Envelope]) -> None:
    assert told_of(house, "department", [*addresses(house, story), *asking_more(house)]) == set()


def test_its_market_regulator_is_told_of_him_on_these_same_routes(
    house: Service, story: dict[str, Envelope]
) -> None:
    """Or the test above would look for words that nobody is told. Papers are left out: it is told of them all, and the words of
    a PDF are packed."""
    code = house.code["L1"]
    routes = [path for path in addresses(house, story) if not path.endswith("/paper")]
    told = told_of(house, "regulator", [*routes, f"/batches/{code}?order=old"])

    assert {secret for _, secret in told} >= {"外地电缆商行", "341202", "WF-77", "WF-78"}
    assert {path for path, _ in told} >= {
        f"/batches/{code}", f"/api/v1/batches/{code}", f"/api/v1/batches/{code}/events", f"/api/v1/batches/{code}/flow",
        f"/events/{story['sold on']['draft']['id']}",
    }  # fmt: skip


def test_a_department_opens_the_events_inside_and_no_other(
    house: Service, story: dict[str, Envelope]
) -> None:
    statuses = {
        name: {
            answer(house, "department", f"{before}/events/{each['draft']['id']}").status_code
            for before in ("", "/api/v1")
        }
        for name, each in story.items()
    }

    assert {name for name, found in statuses.items() if found == {200}} == INSIDE
    assert {name for name, found in statuses.items() if found == {404}} == story.keys() - INSIDE


@pytest.mark.parametrize(("who", "is_told"), [("department", False), ("dealer", False), ("maker", True)])
def test_who_saw_what_was_wrong_is_told_that_it_was_corrected_and_only_its_readers_of_what_it_says_now(
    house: Service, story: dict[str, Envelope], who: str, is_told: bool
) -> None:
    wrong, right = (story[name]["draft"]["id"] for name in ("said wrongly", "put right"))
    pages = [f"/batches/{house.code['L1']}?order=old", f"/events/{wrong}"]
    event = answer(house, who, f"/api/v1/events/{wrong}")
    events = answer(house, who, f"/api/v1/batches/{house.code['L1']}/events?limit=100")

    told = [answer(house, who, page).text for page in pages]

    assert [right in text for text in (*told, event.text)] == [is_told] * 3
    assert (right in events.text) == is_told
    assert ["已更正，更正后的内容不向您显示" in text for text in told] == [not is_told] * 2
    assert "看最新的更正" in told[1] if is_told else "看最新的更正" not in told[1]
    (line,) = (each for each in events.json()["rows"] if each["event_id"] == wrong)
    for happening in (line, event.json()["happening"]):
        assert happening["is_corrected"]
        assert (happening["corrected_by"] is not None) == is_told
    assert event.json()["corrected_by"] == (right if is_told else None)
    if not is_told:
        assert re.search(r"<del>[^<]*FH-3", told[0])


def test_it_is_told_its_own_metres_and_drums_and_the_rest_as_one_length(house: Service) -> None:
    batch = answer(house, "department", f"/api/v1/batches/{house.code['L1']}").json()

    told = {(row["state"], row["region"]): row["length_mm"] for row in batch["where"]}
    assert told.pop(("elsewhere", "")) == sum(told.values()) * -1 + batch["length_mm"]
    assert told.keys() == {("transit", "411627"), ("project", "411627"), ("used", "411627")}
    assert {(row["first"], row["last"]) for row in batch["units"]} == {(2, 2), (31, 31)}


def test_what_comes_in_is_told_whole_and_what_goes_out_not_at_all(house: Service) -> None:
    events = answer(house, "department", f"/api/v1/batches/{house.code['L1']}/events?limit=100").json()

    lines = [event["what"]["zh"] for event in events["rows"]]
    assert any("LH-88" in line for line in lines)
    assert [line for line in lines if "发往" in line and "周口" not in line] == []


@pytest.mark.parametrize(
    "typed", ["外地电缆", FOREIGN, "颍州秘仓", "WF-77", "WF-78", "WF-79", "安徽省阜阳市", "FH-3"]
)
def test_no_word_of_what_went_out_finds_the_batch(house: Service, typed: str) -> None:
    def hits(who: str) -> int:
        return int(answer(house, who, f"/api/v1/search?q={quote(typed)}").json()["total"])

    suggested = answer(house, "department", f"/api/v1/search/suggestions?q={quote(typed)}").json()
    page = answer(house, "department", f"/search?q={quote(typed)}").text

    assert hits("regulator") == (0 if typed in ("颍州秘仓", "WF-79") else 1)
    assert hits("department") == (1 if typed == "FH-3" else 0)
    assert "L1</span>" not in page or typed == "FH-3"
    assert typed == "FH-3" or suggested == []


def test_filters_and_counts_know_no_place_outside(house: Service) -> None:
    def provinces(who: str) -> set[str]:
        (counted,) = answer(house, who, f"/api/v1/search?counts={Facet.REGION.slug}").json()["facets"]
        return {each["value"] for each in counted["values"]}

    def there(who: str) -> int:
        return int(answer(house, who, "/api/v1/search?state=transit&region=37").json()["total"])

    assert provinces("regulator") == {"37", "41"}
    assert provinces("department") == {"41"}
    assert (there("regulator"), there("department")) == (1, 0)
