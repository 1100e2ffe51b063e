"""Long work beside requests: done once and in order, told how far it is, found again after a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Timer
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError
from cabletrace.jobs import desk as jobs
from cabletrace.jobs.desk import Job
from cabletrace.jobs.worker import Progress, Work, Worker

NOW = datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
Do = Callable[[Job, Progress], Mapping[str, Any]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "desk.db")
    with begin_write(engine) as tx:
        jobs.metadata.create_all(tx)
    with capture_logs():
        yield engine
    engine.dispose()


@contextmanager
def working(desk: Engine, do: Do, put_away: Callable[[Job], None] = lambda _: None) -> Iterator[None]:
    worker = Worker(desk, lambda: NOW, {"sum": Work(do, put_away)}, poll_seconds=0.01)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def ask(desk: Engine, wanted: Mapping[str, Any], account: str = "wang", kind: str = "sum") -> Job:
    with begin_write(desk) as tx:
        return jobs.create(tx, kind=kind, account=account, wanted=wanted, now=NOW)


def look(desk: Engine, job: Job) -> Job:
    with begin_read(desk) as tx:
        found = jobs.find(tx, job.id, job.account)
    assert found is not None
    return found


def until_over(desk: Engine, job: Job) -> Job:
    end = monotonic() + 5
    while monotonic() < end:
        if (found := look(desk, job)).is_over:
            return found
        sleep(0.005)
    raise AssertionError("the job is not over")


def add(job: Job, progress: Progress) -> dict[str, Any]:
    for done, _ in enumerate(job.wanted["of"], start=1):
        progress(done, len(job.wanted["of"]))
    return {"sum": sum(job.wanted["of"])}


def test_a_job_is_done_and_its_outcome_kept_for_whoever_asked(desk: Engine) -> None:
    job = ask(desk, {"of": [1, 2, 3]})

    with working(desk, add):
        over = until_over(desk, job)

    assert (over.state, over.outcome, over.done, over.total) == ("done", {"sum": 6}, 3, 3)
    assert over.finished_at == NOW
    with begin_read(desk) as tx:
        assert jobs.find(tx, job.id, "somebody else") is None
        assert [each.id for each in jobs.newest(tx, "wang", "sum")] == [job.id]


def test_jobs_are_done_in_the_order_in_which_they_came(desk: Engine) -> None:
    order: list[int] = []
    some = [ask(desk, {"n": n}) for n in range(5)]

    def note(job: Job, _: Progress) -> dict[str, Any]:
        order.append(job.wanted["n"])
        return {}

    with working(desk, note):
        for job in some:
            until_over(desk, job)

    assert order == [0, 1, 2, 3, 4]


def test_wrong_input_fails_a_job_in_its_own_words_and_the_next_is_done(desk: Engine) -> None:
    wrong, right = ask(desk, {"of": None}), ask(desk, {"of": [1]})

    def strict(job: Job, progress: Progress) -> Mapping[str, Any]:
        if job.wanted["of"] is None:
            raise InputError.of("wrong-input", "没有数", "no numbers", came="nothing")
        return add(job, progress)

    with working(desk, strict):
        failed, done = until_over(desk, wrong), until_over(desk, right)

    assert failed.state == "failed"
    assert failed.outcome is not None
    assert failed.outcome["problems"][0]["detail"] == {"zh": "没有数", "en": "no numbers"}
    assert done.state == "done"


def test_an_unforeseen_error_fails_a_job_without_telling_what_it_was(desk: Engine) -> None:
    job = ask(desk, {})

    def broken(_: Job, __: Progress) -> dict[str, Any]:
        raise RuntimeError("a secret of the machine")

    with working(desk, broken):
        failed = until_over(desk, job)

    assert failed.state == "failed"
    assert "secret" not in str(failed.outcome)


def test_what_a_job_needed_is_put_away_once_it_is_over_however_it_ended(desk: Engine) -> None:
    put_away: list[tuple[str, bool]] = []
    some = [ask(desk, {"of": [1]}), ask(desk, {})]

    with working(desk, add, lambda job: put_away.append((job.id, look(desk, job).is_over))):
        for job in some:
            until_over(desk, job)
        sleep(0.05)

    assert put_away == [(job.id, True) for job in some]


def test_a_job_that_was_running_when_the_process_died_is_done_again(desk: Engine) -> None:
    job = ask(desk, {"of": [1, 2]})
    with begin_write(desk) as tx:
        jobs.take(tx, ["sum"], NOW)
    assert look(desk, job).state == "running"

    with working(desk, add):
        over = until_over(desk, job)

    assert over.outcome == {"sum": 3}


def test_a_worker_that_is_stopped_leaves_its_job_to_the_next_one(desk: Engine) -> None:
    job, begun, runs = ask(desk, {}), Event(), []

    def slow(_: Job, progress: Progress) -> dict[str, Any]:
        runs.append(1)
        if len(runs) > 1:
            return {"run": len(runs)}
        begun.set()
        for done in range(100_000):
            progress(done, 100_000)
            sleep(0.001)
        raise AssertionError("nobody stopped it")

    with working(desk, slow):
        assert begun.wait(5)
    assert look(desk, job).state == "running"

    with working(desk, slow):
        over = until_over(desk, job)

    assert over.outcome == {"run": 2}


def test_a_job_of_an_unknown_kind_does_not_block_the_others(desk: Engine) -> None:
    strange, known = ask(desk, {}, kind="of a newer version"), ask(desk, {"of": [1]})

    with working(desk, add):
        done = until_over(desk, known)

    assert done.state == "done"
    assert look(desk, strange).state == "waiting"


def test_an_outcome_that_cannot_be_kept_is_kept_once_the_desk_is_there_again(desk: Engine) -> None:
    def rename(old: str, new: str) -> None:
        with begin_write(desk) as tx:
            tx.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def work(job: Job, progress: Progress) -> dict[str, Any]:
        rename("job", "job_away")
        Timer(0.2, rename, ("job_away", "job")).start()
        return {"sum": 1}

    job = ask(desk, {})
    with working(desk, work):
        sleep(0.5)

        assert until_over(desk, job).outcome == {"sum": 1}


def test_a_job_whose_database_went_away_is_done_again_and_has_not_failed(desk: Engine) -> None:
    done: list[str] = []

    def work(job: Job, progress: Progress) -> dict[str, Any]:
        done.append(job.id)
        if len(done) == 1:
            raise OperationalError("SELECT 1", {}, psycopg.OperationalError("the server is gone"))
        return {"sum": 1}

    job = ask(desk, {})
    with working(desk, work):
        over = until_over(desk, job)

    assert (over.state, done) == ("done", [job.id, job.id])


def test_the_first_outcome_of_a_job_that_two_services_did_stands(desk: Engine) -> None:
    job = ask(desk, {})
    for state, outcome in (("done", {"sum": 1}), ("failed", {"problems": []})):
        with begin_write(desk) as tx:
            jobs.finish(tx, job.id, state, outcome, NOW)

    assert (look(desk, job).state, look(desk, job).outcome) == ("done", {"sum": 1})
