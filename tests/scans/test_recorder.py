"""Checks are taken in memory, counted at once, and written in groups; nothing of it holds an answer up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select
from structlog.testing import capture_logs

from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write, open_look_up
from cabletrace.scans import stream
from cabletrace.scans.clients import Clients, network_of
from cabletrace.scans.recorder import AGAIN, Recorder
from cabletrace.scans.stream import KEPT, Count, Scan
from world_for_tests import NOON

MINUTE = timedelta(minutes=1)


@dataclass
class Stream:
    """An open scans.db with a recorder whose thread does not run: the test says when it writes."""

    engine: Engine
    now: datetime = NOON
    look_up: Connection = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        with begin_write(self.engine) as tx:
            stream.metadata.create_all(tx)
        self.look_up = open_look_up(self.engine)
        self.restart()

    def restart(self, **more: int) -> None:
        self.now += MINUTE
        self.recorder = Recorder(self.engine, lambda: self.now, **more)

    def check(self, phone: str, code: str = "C", **more: object) -> bool:
        return self.recorder.check(Scan(code, "issued", self.now, phone, **more))  # type: ignore[arg-type]

    def count(self, code: str = "C") -> Count:
        found = self.recorder.count(self.look_up, code, self.now)
        assert found is not None
        return found

    def rows(self) -> int:
        with begin_read(self.engine) as tx:
            return tx.scalar(select(func.count()).select_from(stream.scan)) or 0


@pytest.fixture
def scans(tmp_path: Path) -> Iterator[Stream]:
    engine = open_database(tmp_path / "scans.db")
    yield Stream(engine)
    engine.dispose()


def test_each_check_counts_at_once_whether_it_was_written_or_not(scans: Stream) -> None:
    seen = []

    for n, phone in enumerate("abcd"):
        scans.check(phone)
        seen.append(scans.count().times)
        if n == 1:
            scans.recorder.write()
            seen.append(scans.count().times)

    assert seen == [1, 2, 2, 3, 4]


def test_a_count_goes_on_after_a_restart_and_keeps_its_first_day(scans: Stream) -> None:
    scans.check("a")
    scans.recorder.write()
    scans.now += timedelta(days=40)
    scans.restart()

    scans.check("b")

    assert scans.count() == Count(2, NOON + MINUTE)


def test_a_group_that_was_just_committed_is_not_counted_twice(
    scans: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its commit and the moment in which the memory lets go of it, a reader sees both."""
    seen = []
    write = stream.write

    def write_and_look(tx: Connection, *rest: object) -> None:
        write(tx, *rest)  # type: ignore[arg-type]
        seen.append(scans.count().times)
        tx.commit()
        seen.append(scans.count().times)

    monkeypatch.setattr(stream, "write", write_and_look)
    scans.check("a")
    with capture_logs():
        scans.recorder.write()

    assert seen == [1, 1]


def test_a_page_that_is_loaded_again_is_no_further_check_until_half_an_hour_has_passed(scans: Stream) -> None:
    first = scans.check("a")
    scans.now += AGAIN - MINUTE
    again = scans.check("a")
    another, elsewhere = scans.check("b"), scans.check("a", "D")
    scans.now += MINUTE
    later = scans.check("a")

    assert (first, again, another, elsewhere, later) == (True, False, True, True, True)
    assert scans.count().times == 3


def test_a_full_queue_drops_and_counts_what_it_drops_and_still_answers(scans: Stream) -> None:
    scans.restart(most_waiting=2)

    taken = [scans.check(phone) for phone in "abcd"]
    count = scans.count().times
    scans.recorder.write()

    assert taken == [True] * 4
    assert (count, scans.rows(), scans.recorder.dropped) == (2, 2, 2)


def test_what_cannot_be_written_is_dropped_counted_and_logged_and_the_next_group_is_written(
    scans: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patched, capture_logs() as log:
        patched.setattr(stream, "write", full)
        scans.check("a")
        scans.recorder.write()
    scans.check("b")
    scans.recorder.write()

    assert [(line["log_level"], line["count"]) for line in log] == [("warning", 1)]
    assert (scans.rows(), scans.recorder.dropped) == (1, 1)


def test_a_file_that_cannot_be_read_leaves_the_count_unknown_and_says_so(scans: Stream) -> None:
    with begin_write(scans.engine) as tx:
        stream.checked_code.drop(tx)

    with capture_logs() as log:
        found = scans.recorder.count(scans.look_up, "C", scans.now)

    assert found is None
    assert [line["event"] for line in log] == ["checks cannot be counted"]


def test_stopping_writes_what_waits(scans: Stream) -> None:
    recorder = Recorder(scans.engine, lambda: scans.now, every_seconds=60)
    recorder.start()
    recorder.check(Scan("C", "issued", scans.now, "a"))

    recorder.stop()

    assert (scans.rows(), recorder.waiting) == (1, 0)


def test_a_recorder_that_was_stopped_can_be_started_again(scans: Stream) -> None:
    recorder = Recorder(scans.engine, lambda: scans.now, every_seconds=60)
    for phone in "ab":
        recorder.start()
        recorder.check(Scan("C", "issued", scans.now, phone))
        recorder.stop()

    assert scans.rows() == 2


@pytest.mark.parametrize("outcome", ["not-issued", "reserved"])
def test_a_false_or_blank_code_is_kept_as_a_check_and_never_counted_as_a_known_code(
    scans: Stream, outcome: stream.Outcome
) -> None:
    scans.recorder.check(Scan("F", outcome, scans.now, "a"))
    scans.recorder.write()

    with begin_read(scans.engine) as tx:
        assert stream.read_count(tx, "F") is None
    assert scans.rows() == 1


def test_the_first_place_is_what_the_phone_that_checked_first_says_of_it(scans: Stream) -> None:
    scans.check("a")
    for phone, region in (("b", "440100"), ("a", "411600"), ("a", "110105")):
        scans.recorder.check(Scan("C", "place", scans.now, phone, region))
        scans.recorder.write()

    assert scans.count() == Count(1, scans.now, "411600")


def test_single_checks_are_deleted_after_their_time_and_the_count_stays(scans: Stream) -> None:
    scans.check("a")
    scans.recorder.write()
    with begin_write(scans.engine) as tx:
        early = stream.forget(tx, scans.now + KEPT)
        due = stream.forget(tx, scans.now + KEPT + MINUTE)

    assert (early, due, scans.rows()) == (0, 1, 0)
    assert scans.count().times == 1


def test_a_client_is_told_from_another_within_a_day_and_not_known_again_on_the_next() -> None:
    clients = Clients()
    late = NOON + timedelta(hours=20)

    today = [clients.hash_of(*each, NOON) for each in (("1.2.3.4", "A"), ("1.2.3.4", "B"), ("1.2.3.5", "A"))]
    again = clients.hash_of("1.2.3.4", "A", NOON)
    tomorrow = clients.hash_of("1.2.3.4", "A", late)

    assert len(set(today)) == 3
    assert [network_of(each) == network_of(today[0]) for each in today] == [True, True, False]
    assert again == today[0]
    assert tomorrow not in today
    assert Clients().hash_of("1.2.3.4", "A", NOON) != today[0]
