"""One running ledger for each test, with the cast registered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from house_for_tests import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house
