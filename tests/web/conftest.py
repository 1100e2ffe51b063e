"""One service for all page tests that only read, a fresh one for those that write, and a browser to look with."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from structlog.testing import capture_logs

from service_for_tests import Service, Told, service_in, told_in


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_in(tmp_path_factory.mktemp("told") / "data")


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("pages") / "data", told) as running:
        yield running


@pytest.fixture(autouse=True)
def _without_cookies(request: pytest.FixtureRequest) -> None:
    """A test begins without the cookies that an earlier one was given."""
    if "service" in request.fixturenames:
        request.getfixturevalue("service").client.cookies.clear()


@pytest.fixture
def fresh(tmp_path: Path, told: Told) -> Iterator[Service]:
    with service_in(tmp_path / "data", told) as running:
        yield running


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("the full form of the tests needs Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
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
