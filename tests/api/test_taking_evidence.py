"""Evidence over HTTP: a package of what is open to the officer, under another authority's grant too, and the verifiers alone."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import drafts_for_tests as some
from cabletrace.auth import grants
from cabletrace.db.engine import begin_read
from cabletrace.evidence import verify
from cases_for_tests import case, matter
from drafts_for_tests import REGULATOR
from service_for_tests import CASE, REGULATOR_B, Service, Told, service_in

WANTED: dict[str, Any] = {
    "ground": "涉嫌销售不合格电缆",
    "place": "周口市市场监督管理局",
    "officers": [{"name": "执法员乙", "certificate": "豫P-001"}, {"name": "执法员丙"}],
}
INSPECTOR = "质检员甲某"


def take(service: Service, who: str = "regulator", batch: str = "L1", **changed: Any) -> Any:
    path = f"/api/v1/evidence/batches/{service.code[batch]}"
    return service.ask(who, "POST", path, json=WANTED | changed)


def files_in(answer: Any) -> dict[str, bytes]:
    with ZipFile(BytesIO(answer.content)) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_an_officer_gets_a_package_that_passes(writing: Service) -> None:
    size = writing.size

    answer = take(writing)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="evidence-')
    assert verify.Check(files_in(answer)).run().faults == []
    assert INSPECTOR.encode() in answer.content
    assert writing.size == size + 1


def test_the_other_worlds_officer_finds_no_such_batch(writing: Service) -> None:
    size = writing.size

    for who, batch in (("regulator B", "L1"), ("regulator", "J1")):
        assert take(writing, who, batch).status_code == 404
    assert writing.size == size


def test_under_a_grant_the_reading_and_the_taking_are_recorded_and_no_name_is_given(
    told: Told, tmp_path: Path
) -> None:
    granted = some.grant(REGULATOR, REGULATOR_B, reads={"batches": [told.code["L1"]]}, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, granted) as lent:
        size = lent.size

        answer = take(lent, "regulator B")

        assert answer.status_code == 200, answer.text
        assert lent.size == size + 2
        with begin_read(lent.house.ledger) as tx:
            assert len(grants.readings(tx, grants.reading.c.seq >= 0, limit=10)) == 1
    assert verify.Check(files_in(answer)).run().faults == []
    assert INSPECTOR.encode() not in answer.content


OF_L1 = "00000000-0000-4000-8000-0000000000a9"


def test_of_a_case_the_histories_of_its_batches_and_its_own_events_are_taken(
    told: Told, tmp_path: Path
) -> None:
    about = matter(batches=[told.code["L1"]])
    filed = case(OF_L1, "周市监立〔2026〕9号", about=about, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, filed) as service:
        page = service.ask("regulator", "GET", f"/cases/{OF_L1}", headers={"Accept": "text/html"}).text
        form = service.ask(
            "regulator", "GET", f"/cases/{OF_L1}/evidence", headers={"Accept": "text/html"}
        ).text
        answer = service.ask("regulator", "POST", f"/api/v1/evidence/cases/{OF_L1}", json=WANTED)
        events = service.ask("regulator", "GET", f"/api/v1/cases/{OF_L1}").json()["events"]

    assert f"/cases/{OF_L1}/evidence" in page
    assert 'value="周市监立〔2026〕9号"' in form
    assert answer.status_code == 200, answer.text
    files = files_in(answer)
    assert verify.Check(files).run().faults == []
    contents = json.loads(files[verify.CONTENTS])
    assert contents["about"] == {"batches": [told.code["L1"]], "case": "周市监立〔2026〕9号"}
    assert {each["index"] for each in events} <= {each["index"] for each in contents["events"]}
    assert filed["draft"]["id"] in {each["id"] for each in contents["events"]}
    assert [each["name"] for each in contents["streams"]] == [f"batch:{told.code['L1']}", f"case:{OF_L1}"]
    assert contents["streams"][1]["whole"]
    left_out = contents["streams"][1]["events"].pop()
    contents["events"] = [each for each in contents["events"] if each["index"] != left_out]
    left = {name: content for name, content in files.items() if f"/{left_out:08d}/" not in name}
    shown = verify.Check({**left, verify.CONTENTS: json.dumps(contents).encode()}).run().faults
    assert any(fault.startswith(f"stream case:{OF_L1}: 账本声明共 1 条，包内 0 条") for fault in shown), shown


def test_a_case_without_a_batch_is_no_basis_of_a_package(writing: Service) -> None:
    assert writing.ask("regulator", "POST", f"/api/v1/evidence/cases/{CASE}", json=WANTED).status_code == 404


@pytest.mark.parametrize("who", ["maker", "regulator B", "auditor", "operator"])
def test_a_case_is_nobodys_but_its_authoritys(writing: Service, who: str) -> None:
    size = writing.size

    assert writing.ask(who, "POST", f"/api/v1/evidence/cases/{CASE}", json=WANTED).status_code in (403, 404)
    assert writing.size == size


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"officers": [{"name": "甲"}]}, "officers"),
        ({"ground": ""}, "ground"),
        ({"earlier": "no checkpoint"}, "earlier"),
    ],
)
def test_what_is_wrong_is_said_where_and_nothing_is_stated(
    writing: Service, changed: dict[str, Any], where: str
) -> None:
    size = writing.size

    answer = take(writing, **changed)

    assert answer.status_code == 422
    assert [problem["where"] for problem in answer.json()["problems"]] == [where]
    assert writing.size == size


def test_nobody_but_who_states_it_learns_of_the_taking(writing: Service) -> None:
    id_ = "0197a3d0-0000-7000-8000-0000000000aa"
    assert take(writing, id=id_).status_code == 200

    for who in ("maker", "dealer", "laboratory", "department", "clerk", "regulator B"):
        assert writing.ask(who, "GET", f"/api/v1/events/{id_}").status_code in (403, 404), who
    for who in ("maker", "dealer", "site"):
        told = writing.ask(who, "GET", f"/api/v1/batches/{writing.code['L1']}/events").text
        assert id_ not in told
    assert writing.ask("regulator", "GET", f"/api/v1/events/{id_}").status_code == 200


@pytest.mark.parametrize("name", ["verify.py", "verify.html"])
def test_a_verifier_is_to_be_had_apart_from_a_package(service: Service, name: str) -> None:
    answer = service.client.get(f"/api/v1/evidence/{name}")

    assert answer.status_code == 200
    assert verify.__file__ is not None
    assert answer.content == (Path(verify.__file__).parent / name).read_bytes()
