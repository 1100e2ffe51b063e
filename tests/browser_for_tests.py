"""A served installation and what is looked at in a browser: pictures, and whether a finger can hit what is there."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from cabletrace.app.installation import Installation
from cabletrace.app.server import make_app

PICTURES = Path(__file__).parent / ".artifacts"
DESK, PHONE = 1440, 390


@contextmanager
def chromium() -> Iterator[Browser]:
    """The real browser; a test that wants it fails where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("the full form of the tests needs Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@contextmanager
def serving(house: Installation, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(make_app(house), log_config=None, access_log=False))
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
    thread.start()
    while not server.started:
        sleep(0.05)
    yield
    server.should_exit = True
    thread.join()


def picture(page: Page, name: str) -> None:
    """Keep what is seen; it must fit the screen."""
    PICTURES.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else DESK
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def low_targets(page: Page) -> list[str]:
    """What a finger must hit and is lower than 44 px; the parts of the bar have the table under them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main a[href], main button, main summary, .bottom a, .doors a, .top a")]
        .filter((e) => !e.closest("svg, [aria-hidden]") && e.checkVisibility() && e.getBoundingClientRect().height < 44)
        .map((e) => e.textContent.trim())"""
    )
    return found
