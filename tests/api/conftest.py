"""One service for all tests of this folder that only read, one for those that write, a fresh one for the rough."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service_for_tests import Service, Told, service_in, told_in


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_in(tmp_path_factory.mktemp("told") / "data")


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """Shared: what is recorded here must be refused or harmless."""
    with service_in(tmp_path_factory.mktemp("api") / "data", told) as running:
        yield running


@pytest.fixture(scope="package")
def writing(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """Shared by tests that record: each counts from what it finds."""
    with service_in(tmp_path_factory.mktemp("api") / "data", told) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path, told: Told) -> Iterator[Service]:
    """One that may be stopped and broken."""
    with service_in(tmp_path / "data", told) as running:
        yield running


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines
