"""One service for all tests of this folder that only read, one for those that write, a fresh one for the rough."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service_for_tests import Service, service_in, the_story


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Shared: what is recorded here must be refused or harmless."""
    with service_in(tmp_path_factory.mktemp("api") / "data", the_story()) as running:
        yield running


@pytest.fixture(scope="package")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Shared by tests that record: each counts from what it finds."""
    with service_in(tmp_path_factory.mktemp("api") / "data", the_story()) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    """One that may be stopped and broken."""
    with service_in(tmp_path / "data", the_story()) as running:
        yield running


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines
