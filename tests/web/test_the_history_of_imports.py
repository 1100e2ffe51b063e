"""What an organisation has imported: seen by colleagues, in numbers by the operator, by nobody else; mended, looked up."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from cabletrace.auth.sessions import form_token
from importing_for_tests import BAD, GOOD, PAGE, finished, open_page, send, upload
from service_for_tests import ACCOUNTS, Service
from typing_for_tests import text_of


def imported(service: Service, *rows: str, name: str = "发货.csv") -> str:
    """The page of the maker's import of these rows, once it is over."""
    here = upload(service, "maker", *rows, name=name).headers["location"]
    job: str = send(service, "maker", f"{here}/commit").headers["location"]
    finished(service, "maker", job)
    return job


def brought(service: Service, who: str, name: str, data: bytes) -> Any:
    form = {"form_token": form_token(service.tokens[who])}
    return service.ask(who, "POST", "/import", data=form, files={"file": (name, data)}, headers=PAGE)


def test_an_import_is_found_again_with_its_report_and_what_it_added(fresh: Service) -> None:
    job = imported(fresh, GOOD, BAD)

    listed = open_page(fresh, "maker", "/import/history").text
    page = open_page(fresh, "maker", job).text

    assert f'href="{job}"' in listed
    assert "示例 maker" in listed
    assert "SHA-256" in page
    assert "FH-9001" in page  # the event
    assert "「9」" in page  # the bad row's value
    assert f'href="{job}/bad-rows.xlsx"' in page


def test_the_history_is_narrowed_by_outcome_and_by_words(fresh: Service) -> None:
    whole, partly = imported(fresh, GOOD, name="全.csv"), imported(fresh, GOOD, BAD, name="缺.csv")

    def listed(query: str) -> set[str]:
        text = open_page(fresh, "maker", f"/import/history?{query}").text
        return {job for job in (whole, partly) if f'href="{job}"' in text}

    assert listed("") == {whole, partly}
    assert listed("outcome=complete") == {whole}
    assert listed("outcome=bad-rows") == {partly}
    assert listed("q=%E7%BC%BA") == {partly}
    assert listed("q=%E7%BC%BA&outcome=complete") == set()


def test_others_see_nothing_and_the_operator_only_numbers(fresh: Service) -> None:
    job = imported(fresh, GOOD, BAD)
    others = [who for who in ACCOUNTS if who not in ("maker", "operator")]

    pages = {who: open_page(fresh, who, job) for who in others}
    lists = {who: open_page(fresh, who, "/import/history").text for who in others}
    seen = open_page(fresh, "operator", job)
    listed = open_page(fresh, "operator", "/import/history").text

    assert {page.status_code for page in pages.values()} <= {403, 404}
    assert all(job not in text for text in lists.values())
    assert job in listed
    assert "只显示数目，不显示文件内容" in seen.text
    assert "FH-9001" not in seen.text
    assert "「9」" not in seen.text
    for file in ("rows.xlsx", "bad-rows.xlsx"):
        assert open_page(fresh, "operator", f"{job}/{file}").status_code == 404


def test_figures_of_a_file_that_repeats_a_row_add_up_to_its_rows(fresh: Service) -> None:
    others = (BAD, BAD.replace("FH-9002", "FH-9003"), BAD.replace("FH-9002", "FH-9004"))
    here = upload(fresh, "maker", GOOD, *others, GOOD).headers["location"]

    seen = text_of(open_page(fresh, "maker", here))
    job = send(fresh, "maker", f"{here}/commit").headers["location"]
    done = text_of(finished(fresh, "maker", job))
    listed = text_of(open_page(fresh, "maker", "/import/history"))
    api = fresh.ask("maker", "GET", "/api/v1/imports").json()["rows"][0]

    assert "1 行可以写入，3 行不能写入" in seen
    assert "1 行与本文件前面的行重复" in seen
    assert "以前已写入" not in seen
    for page in (seen, done):
        assert "第 6 行与第 2 行重复" in page
    assert "写入 1 · 带标记 0 · 未写入 3 · 原已有 0 · 文件内重复 1" in done
    assert "1 0 3 0 1" in listed
    assert (api["good"], api["bad"], api["known"], api["repeated"]) == (1, 3, 0, 1)


def test_bad_rows_are_taken_away_mended_and_brought_in_again(fresh: Service) -> None:
    job = imported(fresh, BAD)
    taken = open_page(fresh, "maker", f"{job}/bad-rows.xlsx")
    book = load_workbook(BytesIO(taken.content))
    sheet = book["发货"]
    headings = [cell.value for cell in sheet[1]]
    (row,) = sheet.iter_rows(min_row=2)
    assert "盘号：" in str(row[headings.index("原因 Reason")].value)
    row[headings.index("盘号")].value = "3"
    saved = BytesIO()
    book.save(saved)

    here = brought(fresh, "maker", "改.xlsx", saved.getvalue()).headers["location"]

    assert "1 行可以写入" in (page := open_page(fresh, "maker", here).text)
    assert "原因 Reason" not in page  # neither asked about nor named as unused


def test_what_rows_were_read_as_is_shown_before_they_are_recorded(fresh: Service) -> None:
    here = upload(fresh, "maker", GOOD.replace("周口市例示五金经营部", "太康县新铺子")).headers["location"]

    page = open_page(fresh, "maker", here).text

    assert "读成了什么" in page
    assert "№ 3" in page
    assert "将新增：发货 1（250 m）" in page


def test_a_file_that_was_imported_before_is_said_to_be_known(fresh: Service) -> None:
    job = imported(fresh, GOOD)

    here = upload(fresh, "maker", GOOD, name="换了名字.csv").headers["location"]
    foreign = upload(fresh, "maker B", GOOD).headers.get("location", "")

    page = open_page(fresh, "maker", here).text
    assert "导入过" in page
    assert f'href="{job}"' in page
    if foreign:
        assert "导入过" not in open_page(fresh, "maker B", foreign).text
