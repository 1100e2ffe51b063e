"""Traces over HTTP: what an address may begin with, and the same trace as JSON, as a workbook and as a network."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from cabletrace.errors import InputError
from cabletrace.http.trace_graphml import NAMESPACE
from cabletrace.http.tracing import named_by, subject_in, trace_href
from cabletrace.queries.starting_points import (
    AtProject,
    HeldBy,
    OfBatch,
    OfCertificate,
    OfEvent,
    OfGoods,
    OfMaker,
    OfMaterial,
    OfProduct,
    OfUnit,
    OfUnits,
    Subject,
)
from drafts_for_tests import LICENCE, MAKER, PRODUCT, SITE
from service_for_tests import Service, project_id

CODE = "7K3QF9TWZP"
STARTS: tuple[Subject, ...] = (
    OfMaker("m"),
    OfProduct("m", "P/1"),
    OfCertificate("m", "（豫）XK06-001"),
    OfMaterial("T2 & 3"),
    OfGoods("g"),
    OfEvent("e"),
    AtProject("p"),
    HeldBy("h"),
    HeldBy("h", "411602"),
)


@pytest.mark.parametrize("subject", STARTS)
def test_an_address_names_what_is_traced_and_is_read_again(subject: Subject) -> None:
    assert subject_in(named_by(subject)) == subject


def test_a_batch_and_a_drum_are_named_by_their_code(service: Service) -> None:
    code = service.code["L1"]

    for subject in (OfBatch(code), OfUnit(code, 2), OfUnits(code, ((1, 2), (4, 4)))):
        assert subject_in(named_by(subject)) == subject


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"unit": 1},
        {"product": "P"},
        {"maker": "m", "batch": "b"},
        {"region": "411602"},
        {"goods": "g", "event": "e"},
    ],
)
def test_none_and_several_starting_points_are_refused(asked: dict[str, str | int]) -> None:
    with pytest.raises(InputError) as refused:
        subject_in(asked)

    assert refused.value.problems[0].code == "wrong-input"


def addresses(service: Service) -> list[str]:
    code, project = service.code["L1"], project_id(SITE, "XM-1")
    return [
        f"batch={code}", f"batch={code}&unit=1", f"batch={code}&unit=2&direction=both", f"maker={MAKER}",
        f"maker={MAKER}&product={PRODUCT}", f"maker={MAKER}&certificate={LICENCE}", f"project={project}",
        f"holder={MAKER}", f"event={service.event['production']}",
    ]  # fmt: skip


def test_a_workbook_has_the_numbers_of_the_answer(service: Service) -> None:
    for query in addresses(service):
        found = service.ask("regulator", "GET", f"/api/v1/trace?{query}").json()

        answer = service.ask("regulator", "GET", f"/api/v1/trace?{query}&as=xlsx&lang=en")

        assert answer.status_code == 200, query
        book = load_workbook(BytesIO(answer.content), read_only=True)
        assert book.sheetnames == ["regions", "places", "legs", "projects", "stops", "batches", "about"]
        sheets = {name: list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames}
        metres = {name: [row[-1] for row in rows] for name, rows in sheets.items()}
        assert metres["regions"] == [sum(row["by"].values()) / 1000 for row in found["regions"]]
        assert metres["legs"] == [leg["length_mm"] / 1000 for leg in found["legs"]]
        assert metres["stops"] == [stop["length_mm"] / 1000 for stop in found["stops"]]
        assert metres["batches"] == [each["traced_mm"] / 1000 for each in found["batches"]]
        assert metres["projects"] == [each["used_mm"] / 1000 for each in found["projects"]]
        assert len(sheets["places"]) == len(found["nodes"])
        assert (
            sum(sum(cell for cell in row[4:] if cell) for row in sheets["places"]) * 1000
            == found["produced_mm"]
        )
        assert metres["about"] == [
            str(found["as_of"]["index"]),
            sheets["about"][1][1],
            found["produced_mm"] / 1000,
        ]


def test_a_network_has_a_node_for_each_place_and_an_edge_for_each_leg(service: Service) -> None:
    for query in addresses(service):
        found = service.ask("regulator", "GET", f"/api/v1/trace?{query}").json()

        answer = service.ask("regulator", "GET", f"/api/v1/trace?{query}&as=graphml")

        assert answer.headers["content-type"] == "application/graphml+xml"
        root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
        graph = root.find(f"{{{NAMESPACE}}}graph")
        assert graph is not None
        nodes, edges = (graph.findall(f"{{{NAMESPACE}}}{name}") for name in ("node", "edge"))
        assert len(nodes) == len(found["nodes"])
        assert [length(edge) for edge in edges] == [leg["length_mm"] for leg in found["legs"]]
        ids = {node.get("id") for node in nodes}
        assert all({edge.get("source"), edge.get("target")} <= ids for edge in edges)
        keys = {key.get("id") for key in root.findall(f"{{{NAMESPACE}}}key")}
        assert {data.get("key") for data in root.iter(f"{{{NAMESPACE}}}data")} <= keys


def length(edge: ElementTree.Element) -> int:
    return next(int(data.text or "") for data in edge if data.get("key") == "length")


def test_the_page_offers_what_programs_get(service: Service) -> None:
    code = service.code["L1"]
    page = service.ask(
        "regulator", "GET", f"/batches/{code}/trace?up_to=60", headers={"Accept": "text/html"}
    ).text

    for form in ("xlsx", "graphml", "json"):
        href = trace_href(OfBatch(code), "down", 60, form)
        assert href.replace("&", "&amp;") in page
        assert service.ask("regulator", "GET", href).status_code == 200


def test_a_trace_of_an_earlier_moment_is_what_it_was_then(service: Service) -> None:
    code = service.code["L1"]
    now = service.ask("regulator", "GET", f"/api/v1/trace?batch={code}").json()
    made_at = service.ask("regulator", "GET", f"/api/v1/batches/{code}").json()["events"][0]["index"]

    then = service.ask("regulator", "GET", f"/api/v1/trace?batch={code}&up_to={made_at}").json()

    assert then["as_of"]["index"] < now["as_of"]["index"]
    assert then["produced_mm"] == now["produced_mm"]
    assert then["legs"] == []
    assert then["holdings"] == {"held": now["produced_mm"]}


def test_a_direction_that_cannot_be_gone_is_refused(service: Service) -> None:
    answer = service.ask(
        "regulator", "GET", f"/api/v1/trace?project={project_id(SITE, 'XM-1')}&direction=down"
    )

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] == "direction"
