"""The monthly form on its pages: read, submitted, told what changed since, and taken away as a workbook and a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import drafts_for_tests as some
from cabletrace.imports.grid import Limits
from cabletrace.imports.xlsx import read_xlsx
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER, REGULATOR
from html_for_tests import Reader
from service_for_tests import Service, Told, service_in

PAGE = {"Accept": "text/html"}
BRANCH = "00000000-0000-4000-8000-0000000000d9"
FORM = f"/monthly/{party_id(REGULATOR)}/2026-04"


@pytest.fixture
def service(told: Told, tmp_path: Path) -> Iterator[Service]:
    helped = some.technical_help(entered_for=REGULATOR)
    inspected = some.inspection({"party": MAKER}, number="JD-7", entered_for=REGULATOR)
    branch = some.party(
        BRANCH, "示范区分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
    )
    again = some.inspection({"party": MAKER}, number="JD-8", entered_for=BRANCH)
    with service_in(tmp_path / "data", told, helped, inspected, branch, again) as served:
        yield served


def page(service: Service, path: str) -> str:
    answer = service.ask("regulator", "GET", path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def hidden(html: str) -> dict[str, str]:
    return {
        control.attributes["name"]: control.attributes.get("value") or ""
        for control in Reader(html).all("input")
        if control.attributes.get("type") == "hidden"
    }


def test_a_form_is_read_submitted_and_told_what_changed_since(service: Service) -> None:
    before = page(service, FORM)
    assert "检查生产企业" in before
    assert "还没有报送，应于" in before
    assert "同一家只计一次" in before
    assert "讲解 GB/T 3956" in page(service, f"{FORM}/help-visits")

    typed = {**hidden(before), "text": "首次报送"}
    for _ in range(2):  # sent twice, it is one
        answer = service.ask("regulator", "POST", FORM, data=typed, headers=PAGE)
        assert answer.status_code == 303, answer.text
    after = page(service, FORM)
    assert "首次报送" in after
    assert "没有变化" in after
    assert "第 2 版" not in after
    assert "按时报送" in page(service, "/monthly?month=2026-04") or "迟" in page(
        service, "/monthly?month=2026-04"
    )

    later = some.technical_help(number="帮扶-2", on="2026-04-26")
    assert service.ask("regulator", "POST", "/api/v1/events", json=later).status_code == 201
    changed = service.ask("regulator", "GET", f"/api/v1{FORM}").json()["differences"]
    assert [(row["key"], row["said"]["value"], row["now"]["value"]) for row in changed] == [
        ("help-visits", 1, 2), ("help-visits", 1, 2),
    ]  # fmt: skip
    assert "没有变化" not in page(service, FORM)


def test_each_number_of_a_unit_opens_its_own_events(service: Service) -> None:
    form = page(service, FORM)
    links = re.findall(rf'{FORM}/makers\?[^"]*unit={BRANCH}', form)
    assert len(links) == 2, "of the month, and cumulative"

    behind = page(service, links[0].replace("&amp;", "&"))

    assert "示范区分局" in behind
    assert "JD-8" in behind
    assert "JD-7" not in behind
    assert (
        service.ask("regulator", "GET", f"{FORM}/makers?unit={party_id(MAKER)}", headers=PAGE).status_code
        == 404
    )
    told = service.ask("regulator", "GET", f"/api/v1{FORM}").json()
    assert [unit["unit"]["id"] for unit in told["form"]["by_unit"]] == [party_id(REGULATOR), BRANCH]
    asked = f"/api/v1{FORM}/events?cell=makers&unit={BRANCH}"
    assert len(service.ask("regulator", "GET", asked).json()) == 1


def test_what_is_wrong_is_told_and_what_was_typed_stays(service: Service) -> None:
    typed = {**hidden(page(service, FORM)), "id": "no id", "text": "首次报送"}

    answer = service.ask("regulator", "POST", FORM, data=typed, headers=PAGE)

    assert answer.status_code == 422
    assert "首次报送" in answer.text
    for path, status in (
        ("/monthly/x/2026-04", 404),
        (f"{FORM}/no-cell", 404),
        ("/monthly?month=2026-13", 422),
    ):
        assert service.ask("regulator", "GET", path, headers=PAGE).status_code == status, path


def test_the_workbook_is_laid_out_as_the_form_is(service: Service) -> None:
    made = service.ask("regulator", "GET", f"{FORM}/form.xlsx", headers=PAGE).content
    (grid, units), _ = read_xlsx(made, "form.xlsx", Limits())
    rows = [[str(cell or "") for cell in row] for _, row in grid.rows]

    assert rows[1][0].startswith("填报单位名称：周口市示例市场监督管理局")
    assert rows[1][3].startswith("日期：")
    assert [(row[0].removesuffix(".0"), row[2]) for row in rows[3:14]] == [
        ("1", "家"), ("2", "户"), ("3", "批次"), ("3", "批次"), ("4", "家"), ("4", "次"),
        ("5", "起"), ("6", "起"), ("7", "起"), ("8", "万元"), ("9", "万元"),
    ]  # fmt: skip
    assert rows[3][3].removesuffix(".0") == "1"
    of_units = [[str(cell or "").removesuffix(".0") for cell in row[:2]] for _, row in units.rows]
    assert of_units[:5] == [
        ["本月", "1 检查生产企业（家）"], ["周口市示例市场监督管理局", "1"], ["周口市示例市场监督管理局 · 示范区分局", "1"], ["减：几个单位都计的", "1"], ["合计", "1"],
    ]  # fmt: skip
    paper = service.ask("regulator", "GET", f"{FORM}/form.pdf", headers=PAGE).content
    assert paper.startswith(b"%PDF-")
