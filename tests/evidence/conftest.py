"""One ledger and one package for all tests that only look; who records takes a ledger of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_for_tests import Bench, bench_in, files_in


@pytest.fixture(scope="package")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("bench")) as running:
        yield running


@pytest.fixture(scope="package")
def delivered(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the whole history, with an earlier checkpoint, as a ZIP."""
    archive = tmp_path_factory.mktemp("delivered") / "evidence.zip"
    archive.write_bytes(bench.package(earlier=bench.kept))
    return archive


@pytest.fixture(scope="package")
def files(delivered: Path) -> dict[str, bytes]:
    return files_in(delivered)
