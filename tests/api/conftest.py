"""One service for all tests of this folder that only read, and a fresh one for those that write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service_for_tests import Service, service_in, the_story
from structlog.testing import capture_logs


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Shared: what is recorded here must be refused or harmless."""
    with service_in(tmp_path_factory.mktemp("api") / "data", the_story()) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", the_story()) as running:
        yield running


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines
