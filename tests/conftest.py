"""How hard the property tests try, by the form of the tests that scripts/test names (quick, full or nightly), and where the
databases of the tests are: files of SQLite, or with CABLETRACE_TEST_DATABASE=postgresql a real PostgreSQL.

Nothing else is shared here: a fixture lives beside the tests that use it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from cabletrace.db import database
from postgres_for_tests import Server, postgres

for form, examples in {"quick": 40, "full": 300, "nightly": 3000}.items():
    # No deadline: a time limit on a single example fails on a busy machine and finds no fault of ours.
    settings.register_profile(form, max_examples=examples, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CABLETRACE_TESTS", "quick"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real server, started for the first test that asks for it."""
    with postgres() as server:
        yield server


if os.environ.get("CABLETRACE_TEST_DATABASE") == "postgresql":

    @pytest.fixture(scope="session", autouse=True)
    def everything_in_postgresql(postgresql: Server) -> Iterator[None]:
        """Every folder in which a test makes its first database gets one in PostgreSQL."""
        stored = database.address_of
        with pytest.MonkeyPatch.context() as patch:

            def address_of(folder: Path) -> str | None:
                if stored(folder) is None and folder.is_dir() and not any(folder.glob("*.db")):
                    postgresql.lay_address(folder)
                return stored(folder)

            patch.setattr(database, "address_of", address_of)
            yield
