"""Spreadsheets over HTTP: rehearsed without a trace, recorded by a job that survives reload and restart."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from cabletrace.app.server import make_app
from cabletrace.db.engine import begin_write
from cabletrace.http.importing import KIND, Importing
from cabletrace.imports.templates import TEMPLATES
from cabletrace.jobs import desk
from drafts_for_tests import MAKER
from service_for_tests import Service
from world_for_tests import NOON

PRODUCTS = f"""企业名称,统一社会信用代码,产品编号,产品名称,型号规格,执行标准,认证类型,证书编号,有效期起,有效期止
周口市示例电缆有限公司,{MAKER},CP-1,电力电缆,YJV 0.6/1kV 3×95+1×50,GB/T 12706.1-2020,生产许可证,（豫）XK06-001-00917,2023-04-20,2028-04-19
周口市示例电缆有限公司,{MAKER},CP-2,电力电缆,不是型号,GB/T 12706.1-2020,生产许可证,（豫）XK06-001-00917,2023-04-20,2028-04-19
"""
FILE = PRODUCTS.encode()
CSV = {"Content-Type": "text/csv", "X-File-Name": quote("产品登记.csv")}


def outcome_of(writing: Service, location: str, who: str = "maker") -> Any:
    until = monotonic() + 10
    while monotonic() < until:
        job = writing.ask(who, "GET", location).json()
        if job["state"] in ("done", "failed"):
            return job
        sleep(0.02)
    raise AssertionError(f"still {job['state']}")


def nothing_is_left_in(folder: Path) -> bool:
    """Whether a folder is empty, at the latest in a moment: a file outlives its job by so much."""
    until = monotonic() + 5
    while any(folder.iterdir()) and monotonic() < until:
        sleep(0.01)
    return not any(folder.iterdir())


def test_a_rehearsal_names_every_bad_row_and_writes_nothing(writing: Service) -> None:
    size, begun = writing.size, writing.ask("maker", "GET", "/api/v1/imports").json()["rows"]

    answer = writing.ask("maker", "POST", "/api/v1/imports?dry_run=true", content=FILE, headers=CSV)

    (bad,) = answer.json()["bad"]
    assert answer.status_code == 200
    assert list(answer.json()["good"].values()) == [1]
    assert (bad["row"], bad["column"], bad["value"]) == (3, "型号规格", "不是型号")
    assert bad["reason"]
    assert bad["remedy"]
    assert writing.size == size
    assert writing.ask("maker", "GET", "/api/v1/imports").json()["rows"] == begun


def test_an_import_goes_on_beside_the_request_and_a_second_one_adds_nothing(writing: Service) -> None:
    size = writing.size
    begun = writing.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)

    first = outcome_of(writing, begun.headers["Location"])
    after = writing.size
    again = writing.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)
    second = outcome_of(writing, again.headers["Location"])

    assert begun.status_code == 202
    assert (first["state"], first["done"], first["total"], first["file"]) == ("done", 1, 1, "产品登记.csv")
    assert first["report"]["added"]["product"] == 1
    assert after > size
    assert (second["report"]["added"], writing.size) == ({}, after)
    assert nothing_is_left_in(writing.house.folder.jobs)


def test_a_file_name_without_end_is_refused(writing: Service) -> None:
    headers = {**CSV, "X-File-Name": quote("长" * 300)}

    answers = [
        writing.ask("maker", "POST", f"/api/v1/imports?dry_run={rehearse}", content=FILE, headers=headers)
        for rehearse in ("true", "false")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "上限是 200 个" in answers[0].text


def test_a_form_with_a_file_is_taken_as_well(writing: Service) -> None:
    answer = writing.ask(
        "maker", "POST", "/api/v1/imports?dry_run=true", files={"file": ("产品登记.csv", FILE, "text/csv")}
    )

    assert list(answer.json()["good"]) == ["产品登记"] or list(answer.json()["good"].values()) == [1]


def test_an_import_is_nobody_elses(writing: Service) -> None:
    begun = writing.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)

    asked = {
        who: writing.ask(who, "GET", begun.headers["Location"]).status_code for who in ("maker B", "operator")
    }

    assert asked == {"maker B": 404, "operator": 404}
    assert writing.ask("operator", "GET", "/api/v1/imports").json()["rows"] == []


def test_a_file_of_another_party_is_refused_before_anything_begins(writing: Service) -> None:
    answer = writing.ask("dealer", "POST", "/api/v1/imports", content=FILE, headers=CSV)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert writing.ask("dealer", "GET", "/api/v1/imports").json()["rows"] == []


def test_an_import_that_died_with_its_process_is_done_by_the_next_one(fresh: Service) -> None:
    idle = TestClient(make_app(fresh.house))  # never started, so it works no jobs
    fresh.client.__exit__(None, None, None)  # the worker ends with its app
    begun = idle.post("/api/v1/imports", content=FILE, headers={**fresh.cookies("maker"), **CSV})
    with begin_write(fresh.house.desk) as tx:
        taken = desk.take(tx, [KIND], NOON)  # as the worker that died had
    assert taken is not None

    with TestClient(make_app(fresh.house)) as fresh.client:
        job = outcome_of(fresh, begun.headers["Location"])

    assert job["state"] == "done"
    assert job["report"]["added"]["product"] == 1


def test_nobody_starts_imports_without_end(fresh: Service) -> None:
    fresh.client.__exit__(None, None, None)
    idle = TestClient(make_app(fresh.house))

    statuses = [
        idle.post("/api/v1/imports", content=FILE, headers={**fresh.cookies("maker"), **CSV}).status_code
        for _ in range(6)
    ]

    assert statuses == [202] * 5 + [429]
    fresh.client.__enter__()


def test_files_that_nothing_waits_for_are_swept_and_those_of_waiting_jobs_are_kept(fresh: Service) -> None:
    fresh.client.__exit__(None, None, None)
    idle = TestClient(make_app(fresh.house))
    begun = idle.post("/api/v1/imports", content=FILE, headers={**fresh.cookies("maker"), **CSV}).json()
    waiting = fresh.house.folder.jobs / f"{begun['id']}.upload"
    left, young = fresh.house.folder.jobs / "left.upload", fresh.house.folder.jobs / "young.upload"
    for file in (left, young):
        file.write_bytes(b"x")
    for file, hours in ((waiting, 30), (left, 2), (young, 0)):
        at = (NOON - timedelta(hours=hours)).timestamp()
        os.utime(file, (at, at))

    Importing(
        ledger=fresh.house.ledger,
        desk=fresh.house.desk,
        intake=fresh.house.intake,
        clock=fresh.house.clock,
        folder=fresh.house.folder.jobs,
    ).sweep()

    assert (waiting.exists(), left.exists(), young.exists()) == (True, False, True)
    fresh.client.__enter__()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_downloaded_and_taken_back(name: str, writing: Service) -> None:
    size = writing.size

    answer = writing.ask("maker", "GET", f"/api/v1/imports/templates/{name}")
    back = writing.ask(
        "maker",
        "POST",
        "/api/v1/imports?dry_run=true",
        content=answer.content,
        headers={"Content-Type": answer.headers["Content-Type"], "X-File-Name": f"{name}.xlsx"},
    )

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cabletrace-{name}.xlsx"'
    assert back.status_code == 200
    assert (back.json()["bad"], back.json()["added"]) == ([], {})
    assert list(back.json()["examples"].values()) == [1] * len(TEMPLATES[name].kinds)
    assert writing.size == size


def test_a_template_that_does_not_exist_is_not_found(writing: Service) -> None:
    answer = writing.ask("maker", "GET", "/api/v1/imports/templates/Maker")

    assert answer.status_code == 404
    assert "Maker" in answer.text


def test_a_template_is_for_those_who_import(writing: Service) -> None:
    assert writing.ask("anybody", "GET", "/api/v1/imports/templates/maker").status_code == 401
