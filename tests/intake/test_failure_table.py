"""The failure table of one append: each step fails, before or after it has taken effect, and the ledger is none the worse.

Real SQLite under the real intake; only the one step is wrapped. Whatever fails, one of two things follows. Either the
ledger goes on: whoever waited is told, the next group is recorded, and whoever asks again with the same id is told what
became of it. Or it stops loudly, and a new process finds a sound ledger. In both cases nothing that was acknowledged
is lost, nothing stands there twice, and `verify` finds no fault in rows, tiles or projections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from cabletrace.app.verify import verify_ledger
from cabletrace.db.engine import sqlite_module
from cabletrace.intake.admit import Admission
from cabletrace.intake.record import prepare
from cabletrace.ledger import sequencer as sequencer_module
from cabletrace.ledger.entry import entry_hash
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.standing import Stopped
from cabletrace.ledger.store import read_rows
from drafts_for_tests import MAKER, Envelope, batch_of, dispatch, production
from house_for_tests import NAMES_KEY, House, at_the_machine, open_house

PATIENCE = 30
Patch = pytest.MonkeyPatch


class Failing:
    """Wraps one step so that it fails once, when it is armed."""

    def __init__(self, error: Callable[[], Exception], *, takes_effect: bool) -> None:
        self._error = error
        self._takes_effect = takes_effect
        self.armed = False
        self.has_failed = False

    def call(self, real: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if not self.armed or self.has_failed:
            return real(*arguments, **named)
        self.has_failed = True
        if self._takes_effect:
            real(*arguments, **named)
        raise self._error()

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **named: self.call(real, *arguments, **named)


# --- the steps, in their order: each puts the failure in its place


def begin(failing: Failing, house: House, patch: Patch) -> None:
    real = sequencer_module.begin_write

    @contextmanager
    def begun(engine: Any) -> Iterator[Any]:
        with real(engine) as tx:
            if failing.armed and not failing.has_failed:
                failing.call(lambda: None)
            yield tx

    def not_begun(engine: Any) -> AbstractContextManager[Any]:
        failing.call(lambda: None)
        return real(engine)

    patch.setattr(sequencer_module, "begin_write", begun if failing._takes_effect else not_begun)


def of_the_sequencer(name: str) -> Callable[[Failing, House, Patch], None]:
    def put(failing: Failing, house: House, patch: Patch) -> None:
        patch.setattr(sequencer_module, name, failing.around(getattr(sequencer_module, name)))

    return put


def admit(failing: Failing, house: House, patch: Patch) -> None:
    admission = Admission(house.blobs.find, names_key=NAMES_KEY)
    house.restart(failing.around(admission))


def commit(failing: Failing, house: House, patch: Patch) -> None:
    # What SQLAlchemy calls for COMMIT; the failure is the driver's own, and is wrapped as one of its errors.
    def committed(connection: Any) -> None:
        failing.call(real, connection)

    dialect: Any = house.engine.dialect
    real = dialect.do_commit
    patch.setattr(dialect, "do_commit", committed)


def follow(failing: Failing, house: House, patch: Patch) -> None:
    assert house.sequencer is not None
    house.sequencer.on_append(failing.around(lambda _size: None))


def answer(failing: Failing, house: House, patch: Patch) -> None:
    assert house.sequencer is not None
    house.sequencer.after_each_group(failing.around(lambda: None))


STEPS = {
    "begin": begin,
    "read the head": of_the_sequencer("read_head"),
    "admit": admit,
    "write the rows": of_the_sequencer("write_rows"),
    "read them back": of_the_sequencer("read_back"),
    "write the tiles": of_the_sequencer("write_tiles"),
    "sign": of_the_sequencer("sign_checkpoint"),
    "swap the head": of_the_sequencer("replace_head"),
    "commit": commit,
    "tell who follows": follow,
    "answer": answer,
}


def of_sqlite(words: str) -> Callable[[], Exception]:
    """As the driver raises it and SQLAlchemy hands it on."""
    return lambda: OperationalError("a statement", {}, sqlite_module().OperationalError(words))


ERRORS: dict[str, Callable[[], Exception]] = {
    "a disk that fails": of_sqlite("disk I/O error"),
    "a disk that is full": of_sqlite("database or disk is full"),
    "a lock that is held": of_sqlite("database is locked"),
    "what nobody foresaw": lambda: ZeroDivisionError("nobody foresaw it"),
    "no memory": MemoryError,
}


def of_driver(name: str) -> Callable[[], Exception]:
    """The same below SQLAlchemy, which wraps it by itself."""
    error = ERRORS[name]()
    return (lambda: error.orig) if isinstance(error, OperationalError) else ERRORS[name]  # type: ignore[return-value]


# --- the table


def envelopes(lot: str) -> list[Envelope]:
    by = [{"role": "inspector", "name": "质检员甲"}]
    return [
        production(lot, by=by, entered_for=MAKER),
        dispatch(batch_of(lot=lot), units=[(1, 1)], note=f"FH-{lot}", entered_for=MAKER),
    ]


def propose(house: House, some: list[Envelope]) -> list[Future[Any]]:
    assert house.sequencer is not None
    return house.sequencer.propose([prepare(each, at_the_machine()) for each in some])


def outcome(future: Future[Any]) -> Any:
    try:
        return future.result(PATIENCE)
    except TimeoutError:
        pytest.fail("whoever waits is never answered")
    except (Exception, MemoryError) as error:
        return error


@pytest.mark.parametrize("takes_effect", [False, True], ids=["has no effect", "has its effect"])
@pytest.mark.parametrize(
    "error", ["a disk that fails", *(pytest.param(each, marks=pytest.mark.full) for each in list(ERRORS)[1:])]
)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_step_fails_and_nothing_acknowledged_is_lost(
    tmp_path: Path, monkeypatch: Patch, step: str, error: str, takes_effect: bool
) -> None:
    with open_house(tmp_path) as house:
        failing = Failing(of_driver(error) if step == "commit" else ERRORS[error], takes_effect=takes_effect)
        STEPS[step](failing, house, monkeypatch)
        assert house.sequencer is not None
        acknowledged = house.happened(*envelopes("before"))
        first, again = envelopes("first"), envelopes("again")

        failing.armed = True
        told = [outcome(future) for future in propose(house, first)]
        assert failing.has_failed
        acknowledged += [each for each in told if isinstance(each, Receipt)]

        try:  # progress …
            told_then = [outcome(future) for future in propose(house, again)]
        except Stopped as stopped:  # … or a loud stop
            told_then = [stopped]
        if any(isinstance(each, Stopped) for each in told_then):
            assert house.sequencer.stopped_because
            house.sequencer.stop()
            monkeypatch.undo()
            house.restart()
        else:
            assert all(isinstance(each, Receipt) for each in told_then)
            acknowledged += told_then

        # Whoever was not told asks again with the same ids and learns what became of it, once.
        asked_again = house.happened(*first, *again)
        with house.reading() as tx:
            stored = {row.seq: (row.event_id, entry_hash(row.entry)) for row in read_rows(tx)}
        ids = [event_id for event_id, _ in stored.values()]

    for receipt in (*acknowledged, *asked_again):
        assert stored[receipt.seq] == (receipt.event_id, receipt.entry_hash)
    assert len(set(ids)) == len(ids)
    assert sorted(stored) == list(range(len(stored)))
    assert {each["draft"]["id"] for each in (*first, *again)} <= set(ids)
    assert list(verify_ledger(tmp_path, with_projections=True, also=())) == []
