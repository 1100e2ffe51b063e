"""What the rules find in the checks of codes, entered on the ledger by the machine: in the background, and never many.

A check is answered and written long before; nobody waits for this. Each round notes what new checks give reason to judge,
judges some of it, and records what is found through the one write path as the installation's own actor. A suspicion for
which there is no room now keeps its turn behind all others, and is judged again: a stream of forged checks fills no ledger,
and one maker's flood keeps no other's suspicion out.

What is killed at any place is judged again at the next start. It enters nothing twice: the register knows it already.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ..alerts.rules_of_checks import OF_FALSE_CODES, OF_FALSE_PLACES, WINDOW
from ..clock import format_instant
from ..db.engine import begin_read, begin_write
from ..intake.record import prepare
from ..ledger.sequencer import Receipt
from ..model.admission import Refusal
from ..model.state import KnownSuspicion
from ..queries.suspected import (
    Suspected,
    suspected_of_drum,
    suspected_of_false_codes,
    suspected_of_false_codes_here,
)
from ..registry import register
from ..scans import judging
from ..scans.judging import ToJudge
from ..scans.stream import crowds_of, places_of
from .installation import Installation

#: So many alerts from checks are entered in an hour: more than an authority can look into, and nothing to a ledger.
MOST_AN_HOUR = 20
#: Of one maker's goods; so that who floods one maker with forged checks hides nothing about the others.
MOST_OF_A_MAKER = 5
#: So much is judged in a round: of codes with very many statements some 0.2 s, and the rest of the service goes on between.
LOOKED_AT = 20
EVERY_SECONDS = 5.0
_HOUR = timedelta(hours=1)


class Suspecting:
    """Rounds over the checks of one installation, in a thread until it is stopped."""

    def __init__(self, house: Installation, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._house = house
        self._every_seconds = every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="suspecting", daemon=True)
        self._log = structlog.get_logger("cabletrace.suspecting")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being recorded, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def round(self) -> int:
        """Judge some of what waits; how many alerts were entered. Only this object's thread calls it, or a test."""
        house, now = self._house, self._house.clock()
        with begin_write(house.scans) as scans:
            judging.queue_new(scans)
            turns = judging.waiting(scans, LOOKED_AT)
        if not turns:
            return 0
        with begin_read(house.ledger) as tx:
            room = _Room.of(register.suspicions_since(tx, format_instant(now - _HOUR)))
        done: list[ToJudge] = []
        later: list[ToJudge] = []
        entered = 0
        for each in turns:
            found = self._judged(each, now)
            taken = [one for one in found or () if room.takes(one)]
            for one in taken:
                entered += self._enter(one, now)
            (later if found is None or len(taken) < len(found) else done).append(each)
        # The alerts stand on the ledger by now: whoever is killed here judges these codes again, and finds them silent.
        with begin_write(house.scans) as scans:
            judging.judged(scans, done)
            judging.put_back(scans, later)
        return entered

    def _judged(self, each: ToJudge, now: datetime) -> list[Suspected] | None:
        """What the rules find about one code; None where that cannot be told, which must not keep the others waiting."""
        try:
            return self._judge(each, now)
        except Exception as trouble:  # such as a code key that is missing
            self._log.warning(
                "a code was not judged", code=each.code[: judging.BATCH_BODY], reason=repr(trouble)
            )
            return None

    def _judge(self, each: ToJudge, now: datetime) -> list[Suspected]:
        house = self._house
        with begin_read(house.scans) as scans, begin_read(house.ledger) as tx:
            if each.is_of_region:
                stated = judging.false_places_in(scans, each.code, now - OF_FALSE_PLACES)
                return suspected_of_false_codes_here(tx, each.code, stated, now)
            if each.is_false:
                counted = judging.false_codes_since(scans, now - OF_FALSE_CODES)
                return suspected_of_false_codes(tx, each.code, counted, now)
            places, days = places_of(scans, each.code), crowds_of(scans, each.code, now - WINDOW)
            return suspected_of_drum(tx, each.code, places, days, house.code_keys, now)

    def _enter(self, one: Suspected, now: datetime) -> bool:
        proposal = prepare({"draft": one.draft(now)}, self._house.at_the_machine())
        (answer,) = self._house.intake.record_patiently([proposal])
        if isinstance(answer, Receipt):
            self._log.info("alert from checks", rule=one.rule, batch=one.batch, index=answer.seq)
            return True
        assert isinstance(answer, Refusal)  # such as: another process was faster
        self._log.warning("an alert from checks was refused", reason=answer.problems[0].code, batch=one.batch)
        return False

    def _run(self) -> None:
        while not self._stopping.wait(self._every_seconds):
            try:
                self.round()
            except (
                Exception
            ) as trouble:  # a full disk, a ledger that pauses: what waits is judged in a later round
                self._log.warning("checks were not judged", reason=repr(trouble))


@dataclass(slots=True)
class _Room:
    """How many alerts may still be entered in this hour."""

    left: int
    of_makers: Counter[str]

    @classmethod
    def of(cls, entered: Sequence[KnownSuspicion]) -> _Room:
        return cls(MOST_AN_HOUR - len(entered), Counter(each.maker for each in entered))

    def takes(self, one: Suspected) -> bool:
        if self.left <= 0 or self.of_makers[one.maker] >= MOST_OF_A_MAKER:
            return False
        self.left -= 1
        self.of_makers[one.maker] += 1
        return True


@contextmanager
def suspecting(house: Installation) -> Iterator[Suspecting]:
    """Judge the checks of codes, round after round, until the block ends."""
    rounds = Suspecting(house)
    rounds.start()
    try:
        yield rounds
    finally:
        rounds.stop()
