"""The worker: a thread that does the waiting jobs, one after the other, and writes down how far it is.

One worker works one desk.db; over PostgreSQL each service has one. A job that was running when any of these started, or whose
database went away, is done again from its beginning, so the work of every kind must be harmless to repeat.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, Engine

from ..clock import Clock
from ..db.engine import begin_read, begin_write
from ..db.postgres import is_away
from ..errors import InputError, Problem
from . import desk
from .desk import Job

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Work:
    """How jobs of one kind are done. ``do`` returns the outcome, as JSON; an `InputError` makes the job a failed one,
    in its words. ``put_away`` is called once the job is over and clears what it needed."""

    do: Callable[[Job, Progress], Mapping[str, Any]]
    put_away: Callable[[Job], None]


POLL_SECONDS = 0.3
#: Progress is written down at most this often: it shares a file with sessions.
_SAY_EVERY_SECONDS = 0.25


class Worker:
    """Does jobs of these kinds until it is stopped; what is running then is done again by the next one."""

    def __init__(
        self, engine: Engine, clock: Clock, works: Mapping[str, Work], *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._works = works
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._log = structlog.get_logger("cabletrace.jobs")

    def start(self) -> None:
        with begin_write(self._engine) as tx:
            again = desk.put_back(tx)
        if again:
            self._log.info("jobs are done again", count=again)
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand: the running job is left as it is and goes on at the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self._work_one()
            except Exception as trouble:  # the desk cannot be written: the thread must outlive that
                self._log.error("jobs cannot be worked", exc_info=trouble)
                worked = False
            if not worked:
                self._stopping.wait(self._poll_seconds)

    def _work_one(self) -> bool:
        with begin_read(self._engine) as tx:
            if not desk.something_waits(tx, self._works):
                return False
        with begin_write(self._engine) as tx:
            job = desk.take(tx, self._works, self._clock())
        if job is None:
            return False
        work = self._works[job.kind]
        state: Literal["done", "failed"] = "failed"
        try:
            outcome = work.do(job, self._progress_of(job))
            state = "done"
        except _Stopping:
            return False
        except InputError as error:
            outcome = {"problems": [problem_members(each) for each in error.problems]}
        except Exception as trouble:
            if is_away(trouble):
                self._log.warning("a job waits for the database", job=job.id, kind=job.kind)
                self._write(lambda tx: desk.let_wait(tx, job.id))
                return False
            self._log.error("a job failed", job=job.id, kind=job.kind, exc_info=trouble)
            outcome = {"problems": [problem_members(_UNFORESEEN)]}
        if not self._write(lambda tx: desk.finish(tx, job.id, state, outcome, self._clock())):
            return False
        work.put_away(job)
        self._log.info("job", job=job.id, kind=job.kind, state=state)
        return True

    def _write(self, write: Callable[[Connection], None]) -> bool:
        """As often as it takes, until the worker is stopped; whether it is written. A job that kept no outcome would be under way
        for ever."""
        while True:
            try:
                with begin_write(self._engine) as tx:
                    write(tx)
                return True
            except Exception as trouble:
                self._log.warning("will try again", reason=repr(trouble))
            if self._stopping.wait(self._poll_seconds):
                return False

    def _progress_of(self, job: Job) -> Progress:
        said_at = -_SAY_EVERY_SECONDS

        def progress(done: int, total: int) -> None:
            nonlocal said_at
            if self._stopping.is_set():
                raise _Stopping
            if done < total and monotonic() - said_at < _SAY_EVERY_SECONDS:
                return
            said_at = monotonic()
            with begin_write(self._engine) as tx:
                desk.advance(tx, job.id, done, total)

        return progress


class _Stopping(BaseException):
    """The process ends in the middle of a job; no work may swallow that."""


def problem_members(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept with a failed job."""
    members: dict[str, Any] = {
        "code": problem.code,
        "detail": {"zh": problem.detail.zh, "en": problem.detail.en},
        "where": problem.where,
        "came": problem.came,
    }
    if problem.remedy is not None:
        members["remedy"] = {"zh": problem.remedy.zh, "en": problem.remedy.en}
    return members


_UNFORESEEN = InputError.of("internal", "内部错误，已记录", "an internal error, which was recorded").problems[
    0
]
