"""One service for all page tests that only read, and a fresh one for those that write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service_for_tests import Service, service_in, the_story


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("pages") / "data", the_story()) as running:
        yield running


@pytest.fixture(autouse=True)
def _without_cookies(request: pytest.FixtureRequest) -> None:
    """A test begins without the cookies that an earlier one was given."""
    if "service" in request.fixturenames:
        request.getfixturevalue("service").client.cookies.clear()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", the_story()) as running:
        yield running


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines
