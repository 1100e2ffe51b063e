"""One service for all page tests that only read, a fresh one for those that write, and a browser to look with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from structlog.testing import capture_logs

from browser_for_tests import chromium
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
    with chromium() as running:
        yield running
