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
from cabletrace.auth.accounts import create_account
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.sessions import form_token, start_session
from cabletrace.db.engine import begin_write
from cabletrace.http.door import FORM_TOKEN_HEADER, SESSION_COOKIE
from cabletrace.http.importing import KIND, Importing
from cabletrace.imports import remembered
from cabletrace.imports.columns import SaidBy
from cabletrace.imports.mapping import mapping_said
from cabletrace.imports.templates import TEMPLATES
from cabletrace.jobs import desk
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER
from service_for_tests import ACCOUNTS, Service
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
    """Whether a folder holds nothing but rows to be mended, at the latest in a moment: a file outlives its job by so
    much."""
    until = monotonic() + 5
    while (left := [file for file in folder.iterdir() if file.suffix != ".rows"]) and monotonic() < until:
        sleep(0.01)
    return not left


def importing_of(service: Service, days: int = 0) -> Importing:
    """The service's own imports, so many days later."""
    house = service.house
    return Importing(
        ledger=house.ledger,
        desk=house.desk,
        intake=house.intake,
        clock=lambda: NOON + timedelta(days=days),
        folder=house.folder.jobs,
    )


def hired(service: Service, colleague_of: str) -> dict[str, str]:
    """The headers of another account of the same organisation."""
    known = service.accounts[colleague_of]
    with begin_write(service.house.desk) as tx:
        account = create_account(
            tx,
            name="colleague",
            password=StoredPassword("no password opens this"),
            party=known.party,
            role=known.role,
            display_name="同事",
            region=known.region,
            now=NOON,
        )
        token = start_session(tx, account.id, NOON).text
    return {"Cookie": f"{SESSION_COOKIE}={token}", FORM_TOKEN_HEADER: form_token(token)}


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
    assert second["same_file"] is None  # said when it is asked for
    assert again.json()["same_file"] == first["id"]
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


def test_an_import_is_its_organisations_and_the_operator_sees_its_numbers_only(writing: Service) -> None:
    begun = writing.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)
    own = outcome_of(writing, begun.headers["Location"])
    others = [who for who in ACCOUNTS if who not in ("maker", "operator")]

    asked = {who: writing.ask(who, "GET", begun.headers["Location"]) for who in (*others, "operator")}
    listed = {
        who: writing.ask(who, "GET", "/api/v1/imports?limit=200").json().get("rows", []) for who in asked
    }
    rows = {
        who: writing.ask(who, "GET", f"{begun.headers['Location']}/bad-rows") for who in (*others, "operator")
    }

    assert own["report"]["bad"]
    assert {asked[who].status_code for who in others} == {403, 404}
    assert all(own["id"] not in {row["id"] for row in listed[who]} for who in others)
    assert (asked["operator"].json()["report"], asked["operator"].json()["problems"]) == (None, [])
    (line,) = [row for row in listed["operator"] if row["id"] == own["id"]]
    assert (line["file"], line["by"], line["bad"], line["state"]) == ("产品登记.csv", "示例 maker", 1, "done")
    assert "不是型号" not in asked["operator"].text + str(listed["operator"])
    assert {answer.status_code for answer in rows.values()} == {403, 404}


def test_colleagues_who_may_import_see_each_others_imports_whole(fresh: Service) -> None:
    colleague = hired(fresh, "maker")
    begun = fresh.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)
    own = outcome_of(fresh, begun.headers["Location"])

    seen = fresh.client.get(begun.headers["Location"], headers=colleague)
    listed = fresh.client.get("/api/v1/imports", headers=colleague).json()["rows"]
    rows = fresh.client.get(f"{begun.headers['Location']}/bad-rows", headers=colleague)

    assert seen.json()["report"] == own["report"]
    assert [row["by"] for row in listed] == ["示例 maker"]
    assert rows.status_code == 200


def test_the_history_is_narrowed_and_paged(fresh: Service) -> None:
    for n in range(3):
        headers = {**CSV, "X-File-Name": quote(f"第{n}份.csv")}
        begun = fresh.ask("maker", "POST", "/api/v1/imports", content=FILE + b"\n" * n, headers=headers)
        outcome_of(fresh, begun.headers["Location"])

    first = fresh.ask("maker", "GET", "/api/v1/imports?limit=2")
    second = fresh.ask("maker", "GET", first.links["next"]["url"])
    named = fresh.ask("maker", "GET", f"/api/v1/imports?q={quote('第1份')}").json()["rows"]
    hashed = fresh.ask("maker", "GET", f"/api/v1/imports?q={named[0]['sha256'][:10]}").json()["rows"]
    counts = {
        outcome: len(fresh.ask("maker", "GET", f"/api/v1/imports?outcome={outcome}").json()["rows"])
        for outcome in ("complete", "bad-rows", "under-way", "failed")
    }

    files = [row["file"] for answer in (first, second) for row in answer.json()["rows"]]
    assert files == ["第2份.csv", "第1份.csv", "第0份.csv"]
    assert "next" not in second.links
    assert [row["file"] for row in named] == ["第1份.csv"]
    assert hashed == named
    assert counts == {"complete": 0, "bad-rows": 3, "under-way": 0, "failed": 0}
    assert fresh.ask("maker", "GET", "/api/v1/imports?outcome=forged").status_code == 422
    assert fresh.ask("maker", "GET", "/api/v1/imports?q=%25").json()["rows"] == []


def test_a_file_that_is_all_in_is_not_recorded_again_but_one_with_bad_rows_is(fresh: Service) -> None:
    whole = FILE.replace("不是型号".encode(), "YJV 0.6/1kV 3×70".encode())
    answers = []
    for data in (whole, whole, FILE, FILE):
        answers.append(fresh.ask("maker", "POST", "/api/v1/imports", content=data, headers=CSV))
        outcome_of(fresh, answers[-1].headers["Location"])
    ids = [answer.json()["id"] for answer in answers]

    foreseen = fresh.ask("maker", "POST", "/api/v1/imports?dry_run=true", content=whole, headers=CSV).json()

    assert [answer.status_code for answer in answers] == [202, 200, 202, 202]
    assert ids[0] == ids[1] == answers[1].json()["same_file"] == foreseen["same_file"]
    assert answers[1].json()["report"]["added"]["product"] == 2
    assert answers[2].json()["same_file"] is None
    assert ids[3] != ids[2] == answers[3].json()["same_file"]


def test_what_one_organisation_has_imported_is_not_told_to_another(fresh: Service) -> None:
    data = "产品编号,型号规格\nCP-8,BV 2.5".encode()
    begun = fresh.ask("maker", "POST", "/api/v1/imports", content=data, headers=CSV)
    outcome_of(fresh, begun.headers["Location"])

    foreseen = {
        who: fresh.ask(who, "POST", "/api/v1/imports?dry_run=true", content=data, headers=CSV).json()[
            "same_file"
        ]
        for who in ("maker", "maker B")
    }

    assert foreseen == {"maker": begun.json()["id"], "maker B": None}


def test_the_same_file_read_otherwise_is_another_import(fresh: Service) -> None:
    """What is said of its headings in between makes it say more than before."""
    lines = ["产品编号,型号规格,规矩", "CP-8,BV 2.5,GB/T 5023.3-2008"]
    data = "\n".join(lines).encode()
    first = fresh.ask("maker", "POST", "/api/v1/imports", content=data, headers=CSV)
    outcome_of(fresh, first.headers["Location"])
    mapping = mapping_said(
        ("产品编号", "型号规格", "规矩"), "products", {"规矩": "standard"}, SaidBy("王丽", NOON)
    )
    with begin_write(fresh.house.desk) as tx:
        remembered.remember(tx, party_id(MAKER), mapping)

    second = fresh.ask("maker", "POST", "/api/v1/imports", content=data, headers=CSV)

    assert second.status_code == 202
    assert second.json()["id"] != first.json()["id"] == second.json()["same_file"]


def test_rows_of_a_program_go_the_way_of_a_file(fresh: Service) -> None:
    rows = [{"产品编号": "CP-9", "型号规格": "BV 2.5"}, {"产品编号": 10, "型号规格": None}]

    foreseen = fresh.ask("maker", "POST", "/api/v1/imports?dry_run=true", json=rows)
    begun = fresh.ask("maker", "POST", "/api/v1/imports", json=rows)
    job = outcome_of(fresh, begun.headers["Location"])

    assert foreseen.json()["good"] == {"粘贴的表格": 1}
    assert foreseen.json()["preview"]["rows"][0]["thing"] == "CP-9"
    assert job["report"]["added"]["product"] == 1
    assert [bad["row"] for bad in job["report"]["bad"]] == [3]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"[1]",
        b"nonsense",
        b'[{"a":[1]}]',
        b'[{"a":true}]',
        b"[" * 5000,
        b'[{"a":"\\u0000"}]',
    ],
)
def test_rows_that_are_none_are_refused(service: Service, body: bytes) -> None:
    answer = service.ask(
        "maker", "POST", "/api/v1/imports", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in (400, 422)


def test_an_import_says_which_entries_of_the_ledger_it_made(fresh: Service) -> None:
    size = fresh.size

    begun = fresh.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)
    report = outcome_of(fresh, begun.headers["Location"])["report"]

    assert report["recorded"] == [[size, fresh.size - 1]]


def test_old_imports_are_forgotten_and_rows_to_be_mended_before_them(fresh: Service) -> None:
    begun = fresh.ask("maker", "POST", "/api/v1/imports", content=FILE, headers=CSV)
    outcome_of(fresh, begun.headers["Location"])
    rows = f"{begun.headers['Location']}/bad-rows"

    def swept(days: int) -> tuple[int, int]:
        importing_of(fresh, days).sweep()
        return tuple(
            fresh.ask("maker", "GET", path).status_code for path in (begun.headers["Location"], rows)
        )

    kept = fresh.house.folder.jobs / f"{begun.json()['id']}.rows"
    os.utime(kept, (NOON.timestamp(), NOON.timestamp()))
    assert swept(29) == (200, 200)
    assert swept(31) == (200, 404)
    assert swept(729) == (200, 404)
    assert swept(731) == (404, 404)
    assert fresh.ask("maker", "GET", "/api/v1/imports").json()["rows"] == []


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

    answers = [
        idle.post("/api/v1/imports", content=FILE + b"\n" * n, headers={**fresh.cookies("maker"), **CSV})
        for n in (0, 0, 1, 2, 3, 4, 5)
    ]

    assert [answer.status_code for answer in answers] == [202] * 6 + [429]
    assert answers[0].json()["id"] == answers[1].json()["id"]  # it waits already
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

    importing_of(fresh).sweep()

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
