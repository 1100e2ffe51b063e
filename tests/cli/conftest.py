"""Commands run in the process of the tests here: where their log lines go must not outlive a test's captured output."""

import pytest


@pytest.fixture(autouse=True)
def no_log_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of services of their own process; loggers would keep writing to a stream that is closed by then."""
    monkeypatch.setattr("cabletrace.app.process.begin_log_lines", lambda *_: None)
