"""Journeys through the demo in a real browser, each as one of its people makes it; pictures are kept to be looked at."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page
from pypdfium2 import PdfDocument

from browser_for_tests import DESK, PHONE, low_targets, picture, serving
from cabletrace.app.demo import MAKER, PASSWORD, load_demo
from cabletrace.app.followers import following
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.auth.passwords import Passwords
from cabletrace.codes.trace_code import BatchCode
from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head
from cabletrace.model.values import business_id

pytestmark = pytest.mark.full

FILES = Path(__file__).parents[1] / "data"

Start = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str]]:
    """The demo, served on a free port; with the address under which a browser reaches it."""
    folder = Folder(tmp_path_factory.mktemp("demo") / "data")
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        reached_at = f"127.0.0.1:{listener.getsockname()[1]}"
        create(folder, origin="demo.example/ledger", public_host=reached_at)
        with open_installation(folder) as opened, serving(opened, listener):
            list(load_demo(opened, Passwords(), lambda *_: None))
            with following(opened.ledger, opened.index) as followers:
                with begin_read(opened.ledger) as tx:
                    size = read_head(tx).size
                assert followers.search.wait_until(size - 1, 60)
                assert followers.alerts.wait_until(size - 1, 60)
            yield opened, f"http://{reached_at}"


@pytest.fixture
def start(browser: Browser, house: tuple[Installation, str]) -> Iterator[Start]:
    """Opens the first page: as a visitor, or signed in. Nothing may be blocked or be too wide on the way."""
    _, address = house
    complaints: list[str] = []
    contexts = []

    def begin(who: str = "", width: int = DESK, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale=language,
            base_url=address,
            has_touch=width == PHONE,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if "Security" in said.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        if who:
            page.goto("/sign-in")
            page.fill("[name=account]", who)
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
        return page

    yield begin
    for context in contexts:
        context.close()
    assert complaints == []


def find(page: Page, words: str) -> None:
    page.goto("/search")
    page.fill("main .finder input", words)
    page.click("main .finder button")


def code_of(house: Installation, lot: str) -> str:
    with begin_read(house.ledger) as tx:
        ((_, code),) = books.codes_of_lots(tx, [lot])[lot]
    return code


def table(page: Page, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, the foot included."""
    card = page.locator("section.card").filter(has=page.locator(f"h2:text-is('{heading}')"))
    return [row.locator("th, td").all_inner_texts() for row in card.locator("tbody tr, tfoot tr").all()]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_maker_follows_a_batch_from_its_desk_to_the_label(
    start: Start, house: tuple[Installation, str], width: int
) -> None:
    page = start("maker", width)
    picture(page, "maker-desk")

    find(page, "HZ260402-012")
    picture(page, "maker-search")
    page.locator(".hits h3 a").first.click()
    picture(page, "maker-batch")
    if width == PHONE:
        assert low_targets(page) == []
    kinds = {text.split("\n")[0] for text in page.locator(".timeline h3").all_inner_texts()}
    where = table(page, "每一米在哪里")
    regions = table(page, "按地区")
    assert {"生产", "检测", "发货"} <= kinds
    assert where[-1][0] == "合计"
    assert where[-1][2] == "100"
    assert regions[-1][-1] == where[-1][1]

    page.locator(".actions a", has_text="查看流向").click()
    picture(page, "maker-trace")
    assert table(page, "按地区")[-1][-1] == where[-1][1]

    page.go_back()
    page.locator(".actions a", has_text="打印标签").click()
    picture(page, "maker-labels")
    drawn = page.locator(".labels-grid svg").first.get_attribute("aria-label")
    assert drawn is not None
    address = drawn.removeprefix("二维码：")
    assert address.startswith(house[1])
    page.goto(address)
    assert page.locator("h1").inner_text() == "本平台签发，目前没有召回"
    picture(page, "maker-public")


def test_a_maker_brings_in_a_file_again_and_nothing_is_added(start: Start) -> None:
    page = start("maker")
    page.goto("/import")
    page.set_input_files("#field-file", FILES / "factory-register.xlsx")
    page.click("form[data-drop] button")
    page.wait_for_url("**/import/checks/*")
    picture(page, "import-checked")

    assert page.locator(".answer .sentence").inner_text().startswith("没有新的行")
    reason = page.locator(".choices a").nth(1)
    count = int(reason.locator("small").inner_text())
    reason.click()
    assert page.locator("#trouble tbody tr").count() == count


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_home_regulator_goes_from_an_alert_to_every_metre(start: Start, width: int) -> None:
    page = start("zhoukou", width)
    picture(page, "regulator-desk")
    page.goto("/alerts")
    picture(page, "regulator-alerts")

    page.locator(".facet a", has_text="用铜量却不足").click()
    page.locator(".alerts h3 a").first.click()
    picture(page, "regulator-batch")
    assert page.locator(".alerts li").count() >= 1
    produced = table(page, "每一米在哪里")[-1][1]

    page.locator(".actions a", has_text="查看流向").click()
    picture(page, "regulator-trace")
    assert table(page, "按地区")[-1][-1] == produced

    page.goto("/parties?q=禾泽")
    page.locator(".entries h3 a").first.click()
    picture(page, "regulator-maker")
    page.locator("a", has_text="全部产品的流向").click()
    picture(page, "regulator-maker-trace")
    assert table(page, "按地区")[-1][-1] == "348,500"


def test_an_officer_of_another_city_finds_only_what_came_there(
    start: Start, house: tuple[Installation, str]
) -> None:
    installation, _ = house
    page = start("fuyang")
    picture(page, "foreign-desk")
    lot = "HZ260402-012"  # went to a project in 太康县
    find(page, lot)
    picture(page, "foreign-nothing")
    assert page.locator(".hits li").count() == 0
    answer = page.goto(f"/batches/{code_of(installation, lot)}")
    assert answer is not None
    assert answer.status == 404

    find(page, "颍州区")
    assert page.locator(".hits li").count() > 0
    page.locator(".hits h3 a").first.click()
    picture(page, "foreign-batch")
    holders = {row[0].split("\n")[0] for row in table(page, "在谁手里")}
    assert "其他单位" in holders or len(holders) == 1
    for buyer in ("太康县模拟示范建设工程有限公司", "示范医院", "示范中学"):
        assert buyer not in page.content()


def test_a_consumer_checks_a_code_on_a_phone(start: Start, house: tuple[Installation, str]) -> None:
    code = code_of(house[0], "HZ260402-012")
    page = start(width=PHONE)
    picture(page, "consumer-ask")

    page.fill("#field-code", code.lower())
    page.click("main button[type=submit]")
    assert page.locator("h1").inner_text() == "本平台签发，目前没有召回"
    picture(page, "consumer-issued")
    assert "太康" not in page.content()

    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page.fill("#field-code", wrong)
    page.click("main button[type=submit]")
    assert page.locator("h1").inner_text() == "输入有误"
    picture(page, "consumer-mistyped")

    page.locator(".tongue", has_text="English").click()
    assert page.locator("h1").inner_text() == "Typed wrong"


#: A batch as the maker's workbook has it, of a product and certificate that are on record.
_ROW = {
    "批号": "", "产品编号": "P02", "型号规格": "BV 450/750V 4", "生产日期": "2026-11-20",
    "总长度(m)": 300, "盘数": 3, "每盘长度(m)": 100, "盘号起": 1, "盘号止": 3,
}  # fmt: skip


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_makers_workbook_becomes_printed_labels(start: Start, tmp_path: Path, width: int) -> None:
    lot = f"HZ261120-9{width}"
    book = Workbook()
    assert book.active is not None
    book.active.title = "批次"
    book.active.append(list(_ROW))
    book.active.append(list((_ROW | {"批号": lot}).values()))
    book.save(tmp_path / "十一月.xlsx")

    page = start("maker", width)
    page.goto("/import")
    page.set_input_files("#field-file", tmp_path / "十一月.xlsx")
    page.locator("form[data-drop] button").click()
    page.wait_for_url("**/import/checks/**")
    assert "300" in page.inner_text("main")
    picture(page, "workbook-checked")
    page.locator("form[action$='/commit'] button").first.click()
    page.locator(".answer .sentence").wait_for(timeout=60_000)
    picture(page, "workbook-recorded")

    page.locator(".actions a", has_text="打印标签").click()
    picture(page, "workbook-to-print")
    here = (
        page.locator(".card tr", has_text=lot).locator("a[href*='/labels']").first.get_attribute("href") or ""
    )
    page.goto(here)
    assert page.locator(".labels-grid svg").count() == 3
    picture(page, "workbook-labels")
    if width == PHONE:
        assert low_targets(page) == []
    page.click("button:has-text('打印（PDF）')")
    page.locator("a[href*='/labels/file']").first.wait_for()
    picture(page, "workbook-printed")
    file = page.request.get(page.locator("a[href*='/labels/file']").first.get_attribute("href") or "")
    page.goto(here.partition("/labels")[0])
    assert page.locator(".timeline h3", has_text="打印标签").count() == 1

    pdf = PdfDocument(file.body())
    assert pdf[0].get_textpage().get_text_bounded().count(lot) == 3


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_consumer_is_told_apart_what_is_fine_mistyped_foreign_and_recalled(
    start: Start, house: tuple[Installation, str], width: int
) -> None:
    installation, _ = house
    fine, recalled = code_of(installation, "HZ260402-012"), code_of(installation, "HZ260302-010")
    recall = {
        "id": business_id("recall", str(width)), "kind": "recall", "subject": {"batch": {"code": recalled}},
        "occurred_at": "2026-11-21T10:00:00+08:00", "entered_for": MAKER,
        "body": {"number": f"ZH-{width}", "phase": "begin", "reason": "绝缘厚度不足", "remedy": "return"},
    }  # fmt: skip
    (answer,) = installation.intake.record_now([prepare({"draft": recall}, installation.at_the_machine())])
    assert isinstance(answer, Receipt)
    mistyped = fine[:-1] + ("0" if fine[-1] != "0" else "1")
    foreign = BatchCode("ABCDEFGHJ").printed
    page = start(width=width)

    said = {}
    for name, code in (("fine", fine), ("mistyped", mistyped), ("foreign", foreign), ("recalled", recalled)):
        page.goto(f"/c/{code}")
        said[name] = page.locator("h1").inner_text()
        picture(page, f"consumer-{name}")
        assert page.locator("a[href^='/report']").count(), name
        for kept in ("太康", "预警", "查封"):
            assert kept not in page.inner_text("main"), (name, kept)

    assert said == {
        "fine": "本平台签发，目前没有召回",
        "mistyped": "输入有误",
        "foreign": "不是本平台签发",
        "recalled": "本批货物正在召回，请停止使用",
    }


@pytest.mark.parametrize("who", ["supervisor", "site", "owner"])
def test_people_of_a_project_see_what_lies_in_it(start: Start, who: str) -> None:
    page = start(who, PHONE)
    picture(page, f"{who}-desk")
    page.goto("/projects")
    page.get_by_role("link", name=re.compile("太康示范(中学扩建|医院迁建)工程")).first.click()
    picture(page, f"{who}-project")
    assert page.locator("section.card tbody tr").count() > 0

    page.locator("section.card tbody a").first.click()
    picture(page, f"{who}-batch")
    assert "在工地" in page.content() or "已使用" in page.content()


def test_the_operator_invites_somebody_and_makes_a_key(start: Start) -> None:
    page = start("operator")
    page.goto("/invitations")
    page.fill("#field-display_name", "王丽")
    page.fill("#field-party", "周口市例证检验检测中心")
    page.select_option("#field-role", "laboratory")
    page.click("form[data-guard] button[type=submit]")
    picture(page, "operator-invitations")
    assert page.locator(".secret span").first.inner_text()
    page.reload()
    assert page.locator(".secret").count() == 0

    page.goto("/keys")
    page.fill("#field-label", "核对程序")
    page.check("[name=actions][value='read:ledger']")
    page.click("form[data-guard] button[type=submit]")
    picture(page, "operator-keys")
    assert re.fullmatch(r"ct_[0-9a-f]{8}_[0-9a-f]{64}", page.locator(".secret span").first.inner_text())


def test_pages_work_without_scripts(browser: Browser, house: tuple[Installation, str]) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=house[1], locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in?onward=/import")
    page.fill("[name=account]", "maker")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.set_input_files("#field-file", FILES / "shipments.csv")
    page.click("form[data-drop] button")
    said = page.locator(".answer .sentence").inner_text()
    context.close()

    assert said.startswith("没有新的行")
