"""The page that takes evidence: what the record says is asked for, what was typed stays, the package comes as a file."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from cabletrace.auth.sessions import form_token
from cabletrace.evidence import verify
from service_for_tests import Service

PAGE = {"Accept": "text/html"}
FIELDS = {
    "ground": "涉嫌销售不合格电缆",
    "case": "周市监案〔2026〕7号",
    "place": "周口市市场监督管理局",
    "officer1": "执法员乙",
    "certificate1": "豫P-001",
    "officer2": "执法员丙",
    "attachments": "yes",
}


def here(service: Service) -> str:
    return f"/batches/{service.code['L1']}/evidence"


def opened(service: Service, query: str = "") -> str:
    answer = service.ask("regulator", "GET", here(service) + query, headers=PAGE)
    assert answer.status_code == 200
    return str(answer.text)


def send(service: Service, **changed: str) -> Any:
    (id_,) = re.findall(r'name="id" value="([0-9a-f-]{36})"', opened(service))
    form = {"form_token": form_token(service.tokens["regulator"]), "id": id_, **FIELDS, **changed}
    return service.ask("regulator", "POST", here(service), data=form, headers=PAGE)


def test_the_batch_leads_an_officer_to_the_form_and_nobody_else(fresh: Service) -> None:
    code = fresh.code["L1"]

    pages = {
        who: fresh.ask(who, "GET", f"/batches/{code}", headers=PAGE).text
        for who in ("regulator", "maker", "dealer", "department", "auditor")
    }

    assert {who for who, page in pages.items() if f"/batches/{code}/evidence" in page} == {"regulator"}


def test_the_form_says_what_one_gets_and_that_it_is_recorded(fresh: Service) -> None:
    page = opened(fresh, "?unit=2")

    assert "只有本单位看得到" in page
    assert 'name="unit" type="text" value="2"' in page
    assert 'value="yes" checked' in page


def test_a_filled_form_brings_the_package(fresh: Service) -> None:
    size = fresh.size

    answer = send(fresh, unit="2")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as packed:
        files = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    assert verify.Check(files).run().faults == []
    about = json.loads(files[verify.CONTENTS])["about"]
    assert about == {"batches": [fresh.code["L1"]], "unit": 2, "case": FIELDS["case"]}
    assert fresh.size == size + 1


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(fresh: Service) -> None:
    size = fresh.size

    for changed, field in (
        ({"officer2": ""}, "officer1"),
        ({"place": " "}, "place"),
        ({"unit": "three"}, "unit"),
        ({"earlier": "no checkpoint"}, "earlier"),
        ({"ground": "x" * 3_000}, "ground"),
    ):
        answer = send(fresh, **changed)

        assert answer.status_code == 422, changed
        assert f'href="#field-{field}"' in answer.text, changed
        assert FIELDS["officer1"] in answer.text
        assert 'value="yes" checked' in answer.text
    assert fresh.size == size


def test_a_form_of_another_site_takes_nothing(fresh: Service) -> None:
    size = fresh.size

    assert send(fresh, form_token="another site's").status_code == 403
    assert fresh.size == size
