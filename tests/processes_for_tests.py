"""Recording processes, forked from the tests' own, which has everything imported: to be killed, traced, starved.

They report over a pipe what was acknowledged to them, after it was: what is reported must be found on the ledger.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from cabletrace.app.verify import verify_ledger
from cabletrace.clock import system_clock
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read
from cabletrace.intake.admit import Admission
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger import store
from cabletrace.ledger.entry import entry_hash
from cabletrace.ledger.sequencer import Receipt, Sequencer
from drafts_for_tests import MAKER, Envelope, batch_of, dispatch, production
from house_for_tests import NAMES_KEY, SIGNER, at_the_machine

#: No process is waited for longer than this, on a machine however slow.
PATIENCE_SECONDS = 120


def a_group(lot: str, dispatches: int = 3) -> list[Envelope]:
    """One production with a person, and so many dispatches of its drums."""
    by = [{"role": "inspector", "name": "质检员甲"}]
    return [
        production(lot, units=[(1, 40, 250_000)], by=by, entered_for=MAKER),
        *(
            dispatch(batch_of(lot=lot), units=[(n, n)], note=f"FH-{n}", entered_for=MAKER)
            for n in range(1, dispatches + 1)
        ),
    ]


class Recorder:
    """The write path over a ledger's file, in the process that makes it."""

    def __init__(self, folder: Path) -> None:
        self.engine: Engine = open_database(folder / "ledger.db")
        self.sequencer = Sequencer(self.engine, SIGNER, system_clock, Admission(names_key=NAMES_KEY))
        self.sequencer.start()  # the check of the edge: a ledger that was damaged would end the process here
        self._intake = Intake(self.engine, system_clock, self.sequencer)

    def record(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Receipts of all of them. Raises what the sequencer raises."""
        told = self._intake.record_now([prepare(envelope, at_the_machine()) for envelope in envelopes])
        receipts = [answer for answer in told if isinstance(answer, Receipt)]
        assert len(receipts) == len(told), told
        return receipts

    def close(self) -> None:
        self.sequencer.stop()
        self.engine.dispose()


@dataclass(frozen=True)
class Forked:
    """A forked process: what it reports can be read, and it can be told to go on."""

    pid: int
    _reports: int
    _orders: int

    def hear(self) -> Any:
        """Its next report; None when it has ended."""
        if not select.select([self._reports], [], [], PATIENCE_SECONDS)[0]:
            self.kill()
            raise AssertionError("it reports nothing")
        length = os.read(self._reports, 4)
        if len(length) < 4:
            return None
        data, size = b"", int.from_bytes(length)
        while len(data) < size:
            part = os.read(self._reports, size - len(data))
            if not part:
                return None
            data += part
        return pickle.loads(data)  # noqa: S301 - our own child

    def hear_all(self) -> list[Any]:
        return list(iter(self.hear, None))

    def go_on(self) -> None:
        os.write(self._orders, b"\n")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for its end; the exit code, or minus the signal."""
        _, status = os.waitpid(self.pid, 0)
        os.close(self._reports)
        os.close(self._orders)
        return os.waitstatus_to_exitcode(status)


Report = Callable[[Any], None]
Wait = Callable[[], None]


def fork(work: Callable[[Report, Wait], None]) -> Forked:
    """Run ``work(report, wait)`` in a process of its own; it ends with 0, or with 1 where ``work`` raises."""
    reports, report_to = os.pipe()
    orders_from, orders = os.pipe()
    pid = os.fork()
    if pid:
        os.close(report_to)
        os.close(orders_from)
        return Forked(pid, reports, orders)
    code = 1
    try:
        os.close(reports)
        os.close(orders)

        def report(what: Any) -> None:
            data = pickle.dumps(what)
            os.write(report_to, len(data).to_bytes(4) + data)  # below PIPE_BUF: whole or not at all

        work(report, lambda: os.read(orders_from, 1) and None)
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def acknowledged(receipts: Sequence[Receipt]) -> dict[int, bytes]:
    """What a process reports: the hash of each entry that was acknowledged, by its index."""
    return {receipt.seq: receipt.entry_hash for receipt in receipts}


def stored(folder: Path) -> dict[int, bytes]:
    """The same of what stands on the ledger."""
    engine = open_database(folder / "ledger.db", read_only=True)
    with begin_read(engine) as tx:
        entries = {row.seq: entry_hash(row.entry) for row in store.read_rows(tx)}
    engine.dispose()
    return entries


def faults(folder: Path) -> list[Any]:
    return list(verify_ledger(folder, with_projections=True, also=()))
