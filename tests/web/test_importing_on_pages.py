"""Importing on a page: checked, asked, recorded once, found again, and nobody else's."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from cabletrace.auth.sessions import form_token
from cabletrace.imports.templates import TEMPLATES
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, OTHER_MAKER, production
from importing_for_tests import BAD, GOOD, HEADINGS, PAGE, finished, open_page, send, upload
from service_for_tests import Service, Told, service_in

FORMULA = f"=1+1,L1,99,250,周口市例示五金经营部,{DEALER},411602,2026-02-30"
USES = "使用单号,项目编号,批号,盘号,长度(m),回路,日期"


def test_a_file_is_checked_recorded_and_adds_nothing_twice(fresh: Service) -> None:
    before = fresh.size
    checked = upload(fresh, "maker", GOOD, BAD)
    assert checked.status_code == 303
    here = checked.headers["location"]

    page = open_page(fresh, "maker", here).text
    assert "1 行可以写入，1 行不能" in page
    assert "发货.csv" in page
    assert fresh.size == before

    first, second = (send(fresh, "maker", f"{here}/commit") for _ in range(2))
    job = first.headers["location"]
    assert second.headers["location"] == job
    assert "已写入账本，1 行没有写入" in finished(fresh, "maker", job)
    assert fresh.size == before + 1
    assert open_page(fresh, "maker", here).headers["location"] == job
    assert job in open_page(fresh, "maker", "/import").text

    again = upload(fresh, "maker", GOOD, BAD).headers["location"]
    assert "没有新的行" in open_page(fresh, "maker", again).text


def test_bad_rows_are_filtered_by_reason_and_taken_away_as_a_workbook(fresh: Service) -> None:
    here = upload(fresh, "maker", GOOD, BAD, FORMULA).headers["location"]

    whole = open_page(fresh, "maker", here).text
    chosen = re.search(rf'href="({here}\?reason=wrong-date)"', whole)
    assert chosen is not None
    narrowed = open_page(fresh, "maker", chosen[1]).text
    answer = open_page(fresh, "maker", f"{here}/rows.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))

    assert "2026-02-30" in narrowed
    assert "「9」" in whole
    assert "「9」" not in narrowed
    assert rows[0] == ("结果", "表", "行", "列", "值", "原因", "办法")
    assert {row[0] for row in rows[1:]} == {"不写入"}
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_hidden_sheets_are_named_on_the_page(fresh: Service) -> None:
    book = Workbook()
    shown = book.active
    assert shown is not None
    for line in (HEADINGS, GOOD):
        shown.append(line.split(","))
    book.create_sheet("去年发货").sheet_state = "hidden"
    saved = BytesIO()
    book.save(saved)

    answer = fresh.ask(
        "maker",
        "POST",
        "/import",
        data={"form_token": form_token(fresh.tokens["maker"])},
        files={"file": ("发货.xlsx", saved.getvalue())},
        headers=PAGE,
    )
    page = open_page(fresh, "maker", answer.headers["location"]).text

    assert "隐藏的工作表没有读取" in page
    assert "去年发货" in page


def test_whose_lots_these_are_is_asked_once(tmp_path: Path, told: Told) -> None:
    """Two makers use the same lot number, and the site's list does not say whose it means."""
    two = [production("L7", maker=who, entered_for=who) for who in (MAKER, OTHER_MAKER)]
    with service_in(tmp_path / "data", told, *two) as service:
        used = "SY-9001,XM-1,L7,1,10,1AL1,2026-04-24"
        here = upload(service, "site", used, headings=USES, name="使用.csv").headers["location"]

        asked = open_page(service, "site", here).text
        nothing_said = send(service, "site", here)
        nonsense = send(service, "site", here, party="没有这家公司")
        answered = send(service, "site", here, party=party_id(MAKER))
        checked = open_page(service, "site", here).text

    assert "是哪个单位的？" in asked
    assert f'<option value="{party_id(OTHER_MAKER)}">' in asked
    assert f'action="{here}/commit"' not in asked
    assert nothing_said.status_code == 422
    assert nonsense.status_code == 422
    assert answered.headers["location"] == here
    assert "是哪个单位的？" not in checked
    assert f'action="{here}/commit"' in checked


def test_a_file_that_is_none_is_refused_on_the_same_page(service: Service) -> None:
    unreadable = service.ask(
        "maker",
        "POST",
        "/import",
        data={"form_token": form_token(service.tokens["maker"])},
        files={"file": ("x.xlsx", b"nonsense")},
        headers=PAGE,
    )
    missing = send(service, "maker", "/import")

    assert unreadable.status_code == 422
    assert "请先改正以下问题" in unreadable.text
    assert missing.status_code == 415
    assert upload(service, "maker", GOOD, token="forged").status_code == 403


def test_checks_and_jobs_are_nobody_elses(fresh: Service) -> None:
    here = upload(fresh, "maker", BAD).headers["location"]

    for who in ("dealer", "operator", "maker B"):
        assert open_page(fresh, who, here).status_code == 404
        assert open_page(fresh, who, f"{here}/rows.xlsx").status_code == 404
        assert send(fresh, who, f"{here}/commit").status_code == 404


def test_every_template_is_offered_where_a_file_is_chosen_and_its_example_is_passed_over(
    fresh: Service,
) -> None:
    page = open_page(fresh, "maker", "/import").text
    hrefs = re.findall(r'href="(/api/v1/imports/templates/[a-z]+)" download', page)
    assert hrefs == [f"/api/v1/imports/templates/{name}" for name in TEMPLATES]

    for href in hrefs:
        answer = fresh.ask("maker", "GET", href)
        form = {"form_token": form_token(fresh.tokens["maker"])}
        file = {"file": ("模板.xlsx", answer.content, answer.headers["content-type"])}
        here = fresh.ask("maker", "POST", "/import", data=form, files=file, headers=PAGE).headers["location"]

        checked = open_page(fresh, "maker", here).text
        tables = len(TEMPLATES[href.rpartition("/")[2]].kinds)
        assert "没有新的行" in checked
        assert f"{tables} 行是模板的示例，已跳过" in checked
