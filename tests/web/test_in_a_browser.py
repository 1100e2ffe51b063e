"""Pages in a real browser under the real content security policy: nothing blocked, nothing too wide."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from cabletrace.web.assets import PREFIX, STATIC
from cabletrace.web.rendering import CONTENT_SECURITY_POLICY, make_environment, render
from cabletrace.web.samples import samples

pytestmark = pytest.mark.full

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json"}
NAMES = [f"{name}.{language}" for language in ("zh", "en") for name in samples("zh")]
DESK = {"width": 1440, "height": 844}
OPENAPI = b'{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}'


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    environment = make_environment()
    pages = {
        f"/{name}.{page.frame.language}": render(environment, page).encode()
        for language in ("zh", "en")
        for name, page in samples(language).items()
    }

    pages["/import/jobs/3f"] = pages["/import-done.zh"]

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = STATIC / path.removeprefix(PREFIX)
            if path == "/openapi.json":
                self.answer(OPENAPI, "application/json")
            elif path.startswith(PREFIX) and file.is_file():
                self.answer(file.read_bytes(), TYPES.get(file.suffix, "text/plain"))
            elif path in pages:
                self.answer(pages[path], "text/html; charset=utf-8")
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            """Uploads: a file that says so is refused with a page, any other is taken."""
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if b"refuse me" in content:
                self.answer(pages["/import-refused.zh"], "text/html; charset=utf-8", 422)
            else:
                self.send_response(303)
                self.send_header("Location", "/import-checked.zh")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def answer(self, content: bytes, media_type: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: what goes wrong shows in the browser."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """One phone for all pages, as people have it: a visitor of its own for each would cost more than the page."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="module")
def screen(phone: BrowserContext) -> tuple[Page, list[str]]:
    """One page of it that goes from address to address, with what was complained of since somebody cleared that."""
    return _watched(phone)


def _watched(visitor: Browser | BrowserContext, **size: Any) -> tuple[Page, list[str]]:
    page = visitor.new_page(**size)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def _opened(visitor: Browser | BrowserContext, address: str, **size: Any) -> tuple[Page, list[str]]:
    page, complaints = _watched(visitor, **size)
    page.goto(address)
    return page, complaints


def _barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds serious or critical, by these rules or by all of them; the vendored viewer of the API apart.

    It is brought into a page once, and hands over nothing but what it finds wrong.
    """
    asked = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(
        "async (asked) => (await axe.run({exclude: [['#api']]}, asked)).violations", asked
    )
    return [
        f"{found['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for found in violations
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_a_phone_the_policy_blocks_nothing_and_nobody_is_shut_out(
    screen: tuple[Page, list[str]], address: str, name: str
) -> None:
    page, complaints = screen
    page.emulate_media(color_scheme="light")
    complaints.clear()
    page.goto(f"{address}/{name}")

    too_wide = page.evaluate("document.documentElement.scrollWidth") > 390
    said = list(complaints)  # axe sets styles of its own, which the policy blocks
    barriers = _barriers(page)
    page.emulate_media(color_scheme="dark")
    in_the_dark = _barriers(page, "color-contrast")

    assert said == []
    assert not too_wide
    assert barriers == []
    assert in_the_dark == []


def test_numbers_in_tables_are_large_enough_for_a_finger(
    screen: tuple[Page, list[str]], address: str
) -> None:
    page, _ = screen
    for name in ("programme.zh", "monthly-form-full.zh"):
        page.goto(f"{address}/{name}")
        heights = page.evaluate(
            "[...document.querySelectorAll('td.number a')].map(link => link.getBoundingClientRect().height)"
        )

        assert heights, name
        assert min(heights) >= 44, name


def test_what_shuts_people_out_is_found_by_light_and_by_dark(
    screen: tuple[Page, list[str]], address: str
) -> None:
    page, _ = screen
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/desk-full.zh")
    page.locator("main").evaluate("(e) => e.append(document.createElement('input'))")
    page.locator("h1 label").evaluate("(e) => { e.style.color = '#000' }")

    barriers = _barriers(page)
    page.emulate_media(color_scheme="dark")
    in_the_dark = _barriers(page, "color-contrast")

    assert [said.partition(":")[0] for said in barriers] == ["label"]
    assert [said.partition(":")[0] for said in in_the_dark] == ["color-contrast"]


def test_the_table_filter_narrows_rows_and_says_when_none_is_left(browser: Browser, address: str) -> None:
    page, _ = _opened(browser, f"{address}/import-checked.zh", viewport=DESK)

    page.fill("#narrow", "2026-02-30")
    left = page.locator("#trouble tbody tr:visible").count()
    page.fill("#narrow", "没有这样的行")
    none = page.locator("[data-none-of=trouble]").is_visible()
    page.close()

    assert left == 1
    assert none


@pytest.mark.parametrize(
    ("name", "repeated", "wanted"),
    [
        ("receive", "#arrivals form", "#field-code"),
        ("labels-to-print", "form tbody tr", "form .actions button"),
        ("labels", ".labels-grid li", "main button >> nth=0"),
    ],
)
def test_what_is_to_be_done_is_in_sight_however_long_the_list(
    phone: BrowserContext, address: str, name: str, repeated: str, wanted: str
) -> None:
    page, _ = _opened(phone, f"{address}/{name}.zh")

    page.locator(repeated).first.evaluate(
        "(e) => { for (let n = 0; n < 60; n++) e.after(e.cloneNode(true)) }"
    )
    box = page.locator(wanted).bounding_box()
    doors = page.locator(".doors").bounding_box()
    page.close()

    assert box is not None
    assert doors is not None
    assert box["y"] + box["height"] <= doors["y"]


def test_what_is_ticked_is_counted_beside_the_print_button(phone: BrowserContext, address: str) -> None:
    page, _ = _opened(phone, f"{address}/labels-to-print.zh")
    row, counted = page.locator("form tbody tr"), page.locator(".ticked")

    def width() -> float:
        return float(counted.evaluate("(e) => e.getBoundingClientRect().width"))

    row.first.evaluate("(e) => { for (let n = 0; n < 11; n++) e.after(e.cloneNode(true)) }")
    twelve = width()
    row.first.locator("input").set_checked(False)
    eleven = width()
    page.locator(":checked").evaluate_all("(them) => them.forEach((e) => { e.checked = false })")
    none = width()
    page.close()

    assert twelve == eleven == pytest.approx(2 * none, abs=1)


def test_the_numbers_of_a_card_stand_under_one_another(phone: BrowserContext, address: str) -> None:
    page, _ = _opened(phone, f"{address}/orders-full.zh")

    page.locator("details.more").first.evaluate("(e) => e.open = true")
    left = (
        page.locator("tr")
        .nth(1)
        .locator("td.number")
        .evaluate_all(
            """(cells) => cells.map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return Math.round(range.getClientRects()[0].left);
        })"""
        )
    )
    page.close()

    assert len(left) > 2
    assert len(set(left)) == 1


def test_leaving_with_unsaved_work_asks(browser: Browser, address: str) -> None:
    page, _ = _opened(browser, f"{address}/invitations-full.zh", viewport=DESK)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.locator("#field-display_name").press_sequentially("李")
    page.goto(f"{address}/desk-full.zh")
    page.close()

    assert asked == ["beforeunload"]


def test_a_code_is_copied_as_printed(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/public-issued.zh")

    page.locator(".answer [data-copy]").click()
    page.wait_for_function("document.querySelector('.answer [data-copy] span').textContent === '已复制'")
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()

    assert copied == "7K3Q-F9TW-000C-M4XN-8R2E"


def test_an_import_under_way_turns_into_its_result_without_a_reload(browser: Browser, address: str) -> None:
    page, _ = _opened(browser, f"{address}/import-running.zh", viewport=DESK)

    page.get_by_text("已写入账本").wait_for(timeout=8_000)
    still_working = page.locator("progress").count()
    page.close()

    assert still_working == 0


def test_a_dropped_file_is_sent_and_leads_to_what_was_understood(browser: Browser, address: str) -> None:
    page, _ = _opened(browser, f"{address}/import-choose.zh", viewport=DESK)
    file = {"name": "登记表.csv", "mimeType": "text/csv", "buffer": "批号\n1\n".encode()}

    page.set_input_files("#field-file", [file])
    listed = page.locator(".drop li").inner_text()
    page.click("form[data-drop] button")
    page.wait_for_url("**/import-checked.zh")
    page.close()

    assert listed.startswith("登记表.csv")


def test_a_refused_file_says_why_on_the_same_page(browser: Browser, address: str) -> None:
    page, _ = _opened(browser, f"{address}/import-choose.zh", viewport=DESK)
    file = {"name": "旧登记表.xls", "mimeType": "application/vnd.ms-excel", "buffer": b"refuse me"}

    page.set_input_files("#field-file", [file])
    page.click("form[data-drop] button")
    page.locator(".summary").wait_for()
    focused = page.evaluate("document.activeElement.className")
    better = {"name": "登记表.csv", "mimeType": "text/csv", "buffer": "批号\n1\n".encode()}
    page.set_input_files("#field-file", [better])
    listed = page.locator(".drop li").inner_text()
    page.close()

    assert focused == "summary"
    assert listed.startswith("登记表.csv")


OFFERS = [
    {
        "text": "YJV-0.6/1kV 3×95+1×50",
        "field": "designation",
        "label": {"zh": "型号规格", "en": "designation"},
    },
    {
        "text": "YJV22-8.7/15kV 3×240",
        "field": "designation",
        "label": {"zh": "型号规格", "en": "designation"},
    },
]


def test_suggestions_are_walked_by_keys_taken_by_enter_and_put_away_by_escape(
    browser: Browser, address: str
) -> None:
    page, complaints = _opened(browser, f"{address}/search-unasked.zh", viewport=DESK)
    page.route("**/api/v1/search/suggestions?*", lambda route: route.fulfill(json=OFFERS))
    box, offers = page.locator("#first-find"), page.locator("[role=option]")

    box.press_sequentially("yjv")
    offers.nth(1).wait_for()
    box.press("ArrowDown")
    box.press("ArrowDown")
    pointed = box.get_attribute("aria-activedescendant")
    chosen = page.locator("[role=option][aria-selected=true]").get_attribute("id")
    box.press("Escape")
    put_away = (page.locator("[role=listbox]").first.is_visible(), box.get_attribute("aria-expanded"))
    box.press_sequentially(" ")
    offers.first.wait_for()
    box.press("ArrowDown")
    with page.expect_request("**/search?q=*") as asked:
        box.press("Enter")
    page.close()

    assert pointed == chosen is not None
    assert put_away == (False, "false")
    assert "YJV-0.6" in asked.value.url
    assert [said for said in complaints if "404" not in said] == []


def test_filters_are_folded_on_a_phone_and_stand_open_beside_the_hits(
    browser: Browser, phone: BrowserContext, address: str
) -> None:
    small, _ = _opened(phone, f"{address}/search-full.zh")
    wide, _ = _opened(browser, f"{address}/search-full.zh", viewport=DESK)

    folded = small.locator(".facet").first.is_visible()
    small.locator(".filters > summary").click()
    unfolded = small.locator(".facet").first.is_visible()
    beside = wide.locator(".facet").first.is_visible()
    small.close()
    wide.close()

    assert (folded, unfolded, beside) == (False, True, True)
