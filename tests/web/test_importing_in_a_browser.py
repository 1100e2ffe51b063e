"""Importing in a real browser: the four files, a table with odd headings, a pasted one; on a phone and in an office."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser_for_tests import DESK, PHONE, low_targets, picture, serving
from cabletrace.auth.accounts import create_account
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import start_session
from cabletrace.db.engine import begin_write
from cabletrace.http.door import SESSION_COOKIE
from cabletrace.model.values import business_id
from imports_for_tests import CONTRACTOR, DATA, FILES, MAKER, NOW, House, new_house, opened_house

pytestmark = pytest.mark.full

LABORATORY = business_id("party-cma", "231612110099")
WHO = {
    "maker": (MAKER, Role.MANUFACTURER, "王丽"),
    "site": (CONTRACTOR, Role.CONTRACTOR, "李工"),
    "laboratory": (LABORATORY, Role.LABORATORY, "赵检"),
}
ODD = "周口禾泽电缆十月发货明细\n单据,炉批,轴,缆长(km),发往,去向码,哪天,经手\n" + "\n".join(
    f"FH-X{n},HZ260302-0{n:02d},{n},0.5,太康县某工地,411627,2026/10/{n:02d},小李" for n in range(1, 9)
)
PASTED = "批号\t产品编号\t型号规格\t生产日期\t总长度(千米)\nP-1\tCP-1\tBV 2.5\t2026-10-01\t1.5\nP-2\tCP-1\tBV 2.5\t2026-02-30\t2"


class Desk:
    """A served house with accounts, and pages of theirs."""

    def __init__(self, house: House, browser: Browser, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._browser = browser
        self._tokens: dict[str, str] = {}
        with begin_write(house.installation.desk) as tx:
            for name, (party, role, shown) in WHO.items():
                account = create_account(
                    tx,
                    name=name,
                    password=StoredPassword("no password opens this"),
                    party=party,
                    role=role,
                    display_name=shown,
                    region=None,
                    now=NOW,
                )
                self._tokens[name] = start_session(tx, account.id, NOW).text

    def page(self, who: str, width: int) -> Page:
        context = self._browser.new_context(
            viewport={"width": width, "height": 844}, has_touch=width == PHONE, locale="zh-CN"
        )
        context.add_cookies([{"name": SESSION_COOKIE, "value": self._tokens[who], "url": self.address}])
        page = context.new_page()
        page.goto(f"{self.address}/import")
        return page


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("importing") / "data"
    new_house(folder)
    listener = socket.create_server(("127.0.0.1", 0))
    with opened_house(folder) as house, serving(house.installation, listener):
        yield Desk(house, browser, listener.getsockname()[1])


def look(page: Page, name: str) -> None:
    """The page fits, and what is hit with a finger is large enough on a phone."""
    picture(page, name)
    width = page.viewport_size["width"] if page.viewport_size else DESK
    if width == PHONE and not page.locator(".summary").count():
        assert low_targets(page) == []


def drop(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("#field-file", [{"name": name, "mimeType": "", "buffer": content}])
    page.locator("form[data-drop] button").click()
    page.wait_for_url("**/import/checks/**")


def both(desk: Desk, who: str, checked: str, name: str) -> None:
    """Look at one address on a phone and in an office."""
    for width in (PHONE, DESK):
        page = desk.page(who, width)
        page.goto(checked)
        look(page, name)
        page.context.close()


def test_the_four_files_are_checked_recorded_and_found_again(desk: Desk) -> None:
    for n, (file, who) in enumerate(zip(FILES, ("maker", "maker", "site", "laboratory"), strict=True)):
        page = desk.page(who, DESK)
        drop(page, file, (DATA / file).read_bytes())
        both(desk, who, page.url, f"import-{n}-checked")
        page.locator("form[action$='/commit'] button").first.click()
        page.wait_for_url("**/import/jobs/**")
        page.locator(".answer .sentence").wait_for(timeout=120_000)
        both(desk, who, page.url, f"import-{n}-done")
        page.context.close()
    both(desk, "maker", f"{desk.address}/import/history", "import-history")
    both(desk, "maker", f"{desk.address}/import", "import-choose")


def test_odd_headings_are_explained_once(desk: Desk) -> None:
    page = desk.page("maker", PHONE)
    drop(page, "十月.csv", ODD.encode("gb18030"))
    look(page, "columns-kind")
    page.select_option("#field-kind", "shipments")
    page.locator("main form[method=get] button").first.click()
    page.wait_for_url("**kind=shipments")
    both(desk, "maker", page.url, "columns-asked")
    said = ("note", "lot", "units", "length:m", "buyer", "region", "date")
    for n, value in enumerate(said):
        page.select_option(f"#field-column-{n}", value)
    page.locator("form.card.stack-of button").click()
    page.locator(".summary").wait_for()
    look(page, "columns-wrong")
    page.select_option("#field-column-3", "length:km")
    page.locator("form.card.stack-of button").click()
    page.locator("text=读懂了什么").wait_for()
    both(desk, "maker", page.url, "columns-used")
    both(desk, "maker", f"{desk.address}/import/columns", "columns-list")
    page.context.close()


def test_a_table_is_pasted(desk: Desk) -> None:
    page = desk.page("maker", PHONE)
    page.locator("summary", has_text="粘贴表格").click()
    page.fill("#field-pasted", "只有一句话")
    page.locator("form[action='/import/paste'] button").click()
    page.locator(".summary").wait_for()
    look(page, "pasted-wrong")
    assert page.input_value("#field-pasted") == "只有一句话"
    page.fill("#field-pasted", PASTED)
    page.locator("form[action='/import/paste'] button").click()
    page.wait_for_url("**/import/checks/**")
    both(desk, "maker", page.url, "pasted-checked")
    page.context.close()
