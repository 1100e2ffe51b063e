"""The button that reads a code with the camera: hidden where nothing decodes, asks on a touch alone, types like a scanner.

The browser of the tests has neither camera nor decoder: both are stood in for, each with the methods that the browsers'
own have.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from socket import socket

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_for_tests import PHONE, picture, serving
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.http.door import SESSION_COOKIE
from service_for_tests import Service

pytestmark = pytest.mark.full

#: A camera that a person allows or not, and a decoder that finds one text in what it sees.
STAND_INS = """([text, allowed]) => {
  window.asked = 0;
  navigator.mediaDevices.getUserMedia = async () => {
    window.asked += 1;
    if (!allowed) throw new DOMException("refused", "NotAllowedError");
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1280, 720];
    canvas.getContext("2d").fillRect(0, 0, 1280, 720);
    return (window.film = canvas.captureStream(10));
  };
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return text ? [{ rawValue: text }] : []; }
  };
}"""

Opening = Callable[..., Page]


@pytest.fixture
def opening(browser: Browser, service: Service) -> Iterator[Opening]:
    """Opens a page on a phone that has a camera with a decoder, signed in if somebody is named."""
    contexts = []
    with closing(socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with serving(service.house, listener):

            def opened(
                path: str, text: str = "", who: str = "", allowed: bool = True, decodes: bool = True
            ) -> Page:
                context = browser.new_context(
                    viewport={"width": PHONE, "height": 844}, locale="zh-CN", base_url=address, has_touch=True
                )
                contexts.append(context)
                if who:
                    context.add_cookies(
                        [{"name": SESSION_COOKIE, "value": service.tokens[who], "url": address}]
                    )
                if decodes:
                    context.add_init_script(f"({STAND_INS})({json.dumps([text, allowed])})")
                page = context.new_page()
                page.goto(path)
                return page

            yield opened
            for context in contexts:
                context.close()


def label_of(service: Service, unit: int) -> tuple[str, str]:
    """What the label of a drum of L1 says to a camera, and the code that is printed on it."""
    code = unit_code(BatchCode(service.code["L1"][:-1]), unit, service.house.code_keys[1])
    return f"https://trace.example/c/{code.canonical}", code.printed


def test_a_label_that_the_camera_reads_is_checked_at_once(opening: Opening, service: Service) -> None:
    text, printed = label_of(service, 3)
    page = opening("/c", text)
    asked_before = page.evaluate("window.asked")

    page.click("[data-scan]")
    page.wait_for_url("**/c/*")

    assert asked_before == 0
    assert printed in page.inner_text(".answer")
    picture(page, "checked-by-camera")


def test_the_camera_is_let_go_when_a_code_was_read(opening: Opening, service: Service) -> None:
    page = opening("/report/report", label_of(service, 3)[0])

    page.click("[data-scan=field-code]")
    expect(page.locator("#field-code")).to_have_value(label_of(service, 3)[0])
    page.locator("dialog").wait_for(state="detached")

    assert page.evaluate("window.film.getTracks().map((each) => each.readyState)") == ["ended"]


def test_a_scanned_drum_goes_into_the_list_of_what_is_sent(opening: Opening, service: Service) -> None:
    text, _ = label_of(service, 3)
    page = opening("/send", text, "maker")

    for _ in range(2):
        page.click("[data-scan=field-code]")
        page.locator("dialog").wait_for(state="detached")

    expect(page.locator("[data-codes]")).to_have_value(f"{text}\n{text}")
    assert page.input_value("#field-code") == ""
    picture(page, "sending-by-camera")


def test_a_label_that_is_scanned_at_the_search_box_is_searched_for(
    opening: Opening, service: Service
) -> None:
    text, _ = label_of(service, 3)
    page = opening("/", text, "maker")

    page.click("[data-scan=first-find]")
    page.wait_for_url(lambda url: not url.endswith("/"))

    assert service.code["L1"] in page.url or "q=" in page.url
    expect(page.locator("main")).to_contain_text("L1")
    picture(page, "searched-by-camera")


def test_a_camera_that_is_refused_leaves_a_sentence_and_the_field(opening: Opening) -> None:
    page = opening("/c", "never read", allowed=False)

    page.click("[data-scan]")
    page.get_by_text("相机没有打开").wait_for()

    assert page.evaluate("document.activeElement.id") == "field-code"
    assert page.locator("[data-scan]").is_enabled()
    picture(page, "camera-refused")


def test_who_closes_the_camera_is_back_at_the_field_with_nothing_in_it(opening: Opening) -> None:
    page = opening("/c")

    page.click("[data-scan]")
    video = page.locator("dialog video")
    video.wait_for()
    picture(page, "camera-open")
    seen = video.evaluate("(it) => [it.videoWidth, it.getBoundingClientRect().right]")
    page.click("dialog button")
    page.locator("dialog").wait_for(state="detached")

    assert seen[0] == 1280
    assert seen[1] <= PHONE
    assert page.input_value("#field-code") == ""
    assert page.evaluate("window.film.getTracks()[0].readyState") == "ended"


def test_where_nothing_decodes_there_is_no_button(opening: Opening) -> None:
    page = opening("/c", decodes=False)
    page.wait_for_load_state("networkidle")

    assert page.locator("[data-scan]").is_hidden()
