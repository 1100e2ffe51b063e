"""What was acknowledged survives: a process that records is killed at any moment, again and again.

The process is forked from one that has everything imported, so that a kill costs a fraction of a second.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from cabletrace.app.verify import verify_ledger
from cabletrace.clock import system_clock
from cabletrace.db.engine import begin_read, open_sqlite
from cabletrace.intake.admit import Admission
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger import store
from cabletrace.ledger.entry import entry_hash
from cabletrace.ledger.sequencer import Receipt, Sequencer
from drafts_for_tests import MAKER, batch_of, dispatch, production
from house_for_tests import SIGNER, at_the_machine, open_house

KILLS = 300
#: The longest that a process may live before it is killed.
LONGEST_LIFE_SECONDS = 0.15

#: What the recording process reports: index, and the entry's hash.
_ACKNOWLEDGED = struct.Struct(">q32s")


def record_until_killed(folder: Path, life: int, out: int) -> None:
    """Append for ever, in groups of 1 to 30, and report every receipt after it came. Never returns."""
    dice = Random(life)
    engine = open_sqlite(folder / "ledger.db")
    sequencer = Sequencer(engine, SIGNER, system_clock, Admission())
    sequencer.start()  # the check of the edge: a ledger that a kill has damaged would end the process here
    intake = Intake(engine, system_clock, sequencer)
    os.write(out, b"\n")
    lot = 0
    while True:
        lot += 1
        batch = batch_of(lot=f"{life}-{lot}")
        by = [{"role": "inspector", "name": "质检员甲"}]
        envelopes = [production(f"{life}-{lot}", units=[(1, 40, 250_000)], by=by, entered_for=MAKER)]
        envelopes += [
            dispatch(batch, units=[(n, n)], note=f"FH-{n}", entered_for=MAKER)
            for n in range(1, dice.randrange(1, 30))
        ]
        told = intake.record_now([prepare(envelope, at_the_machine()) for envelope in envelopes])
        receipts = [answer for answer in told if isinstance(answer, Receipt)]
        assert len(receipts) == len(told)
        os.write(out, b"".join(_ACKNOWLEDGED.pack(each.seq, each.entry_hash) for each in receipts))


@dataclass(frozen=True)
class Life:
    """How a process ended, and what it had acknowledged by then."""

    signal: int
    began: bool
    acknowledged: dict[int, bytes]


def live_and_be_killed(folder: Path, life: int, seconds: float) -> Life:
    """Fork a recording process, kill it after this time, and gather what it reported."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            record_until_killed(folder, life, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    began = bool(select.select([read_end], [], [], 30)[0]) and os.read(read_end, 1) == b"\n"
    # The pipe holds far more than is reported in so short a life: nobody waits for it to be read.
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(read_end, "rb") as reports:
        reported = reports.read()
    whole = len(reported) // _ACKNOWLEDGED.size * _ACKNOWLEDGED.size
    return Life(os.WTERMSIG(status), began, dict(_ACKNOWLEDGED.iter_unpack(reported[:whole])))


@pytest.mark.full
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_of_three_hundred_kills_none_loses_an_acknowledged_event(tmp_path):
    with open_house(tmp_path, clock=system_clock):
        pass
    dice = Random(7)
    acknowledged: dict[int, bytes] = {}

    for life in range(KILLS):
        ended = live_and_be_killed(tmp_path, life, dice.uniform(0, LONGEST_LIFE_SECONDS))
        assert (ended.began, ended.signal) == (True, signal.SIGKILL), "it did not start, or died by itself"
        assert not acknowledged.keys() & ended.acknowledged.keys(), "an index was given away twice"
        acknowledged |= ended.acknowledged

    engine = open_sqlite(tmp_path / "ledger.db", read_only=True)
    with begin_read(engine) as tx:
        stored = {row.seq: entry_hash(row.entry) for row in store.read_rows(tx)}
    engine.dispose()
    assert len(acknowledged) > KILLS, "too few were killed in the middle of something"
    assert acknowledged.items() <= stored.items()
    assert list(verify_ledger(tmp_path, with_projections=True, also=())) == []
