"""How hard the property tests try, by the form of the tests that scripts/test names (quick, full or nightly), and where the
databases of the tests are: files of SQLite, or with CABLETRACE_TEST_DATABASE=postgresql a real PostgreSQL.

There one server serves all processes of the run. What is about SQLite alone is marked so and left out; how many tests that
are, and why, is said at the end. Nothing else is shared here: a fixture lives beside the tests that use it.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from cabletrace.db import database
from postgres_for_tests import Server, postgres

for form, examples in {"again": 10, "quick": 40, "full": 300, "nightly": 3000}.items():
    # No deadline: a time limit on a single example fails on a busy machine and finds no fault of ours.
    settings.register_profile(form, max_examples=examples, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CABLETRACE_TESTS", "quick"))

# Rarely: by Python's own measure, 700 objects, a fifth of the processor's time went into looking for what nobody holds.
gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """What is there before the first test stays until the last, and is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A real server: that of the run, or one started for the first test that asks for it."""
    shared = getattr(pytestconfig, "workerinput", {}).get("postgresql")
    if shared is not None:
        yield Server.from_words(shared)
    else:
        with postgres() as server:
            yield server


if os.environ.get("CABLETRACE_TEST_DATABASE") == "postgresql":
    _running = pytest.StashKey[ExitStack]()
    _words = pytest.StashKey[dict[str, Any]]()
    _alone = pytest.StashKey[Counter[str]]()

    def pytest_configure(config: pytest.Config) -> None:
        config.stash[_alone] = Counter()
        config.stash[_running] = ExitStack()
        if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
            config.stash[_words] = config.stash[_running].enter_context(postgres()).in_words()

    def pytest_unconfigure(config: pytest.Config) -> None:
        config.stash[_running].close()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(node: Any) -> None:
        node.workerinput["postgresql"] = node.config.stash[_words]

    def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
        about_sqlite = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about_sqlite)
        items[:] = [item for item in items if item not in about_sqlite]
        marks = [item.get_closest_marker("sqlite") for item in about_sqlite]
        config.stash[_alone].update(mark.args[0] for mark in marks if mark)

    def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK  # those that were asked for may be about SQLite alone
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["sqlite_alone"] = dict(session.config.stash[_alone])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(node: Any) -> None:
        # Every process has collected all of them.
        node.config.stash[_alone] = Counter(getattr(node, "workeroutput", {}).get("sqlite_alone"))

    def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
        alone = config.stash[_alone]
        if alone:
            terminalreporter.section(f"{alone.total()} tests are about SQLite alone, and ran on it")
        for why, count in alone.most_common():
            terminalreporter.line(f"{count:>5}  {why}")

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
