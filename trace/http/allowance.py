"""Allowances: how much one session or one API key may ask for, in this process.

They bound what costs the service much: expensive readings and exports, and recording. A route declares its allowance
(``x-allowance``, `contract.costs`) and the door takes one from it for each request. Never by network address: a whole office
stands behind one. An allowance is full at first and refills steadily, so a burst is fine and an endless loop is not. Kept in
memory: several processes each count for themselves, and a new start forgets.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from threading import Lock

from ..errors import Text, TooManyRequests

#: For people far more than hands can do, for programs far more than a works needs; an endless loop meets them.
READS_PER_MINUTE = 1_200
EVENTS_PER_MINUTE = 120_000
#: So many sessions and keys are remembered; those that asked longest ago are forgotten first, and are full again.
_MOST_ASKERS = 10_000


class Cost(StrEnum):
    """What a route takes from: one for each request, of recording one for each event."""

    READING = "reading"
    RECORDING = "recording"


class UsedUp(TooManyRequests):
    """One session or key asked for more than its allowance."""

    def __init__(self, cost: Cost, per_minute: int, retry_after_seconds: int):
        what = {
            Cost.READING: Text("查询和导出", "reading and exporting"),
            Cost.RECORDING: Text("记录事件", "recording events"),
        }[cost]
        super().__init__(
            retry_after_seconds,
            Text(
                f"此登录或密钥{what.zh}过于频繁，上限为每分钟 {per_minute:,}",
                f"this session or key is {what.en} too often: {per_minute:,} a minute at most",
            ),
            remedy=Text(
                f"请在 {retry_after_seconds} 秒后再试；刚才什么都没有做",
                f"try again in {retry_after_seconds} s; nothing was done",
            ),
        )


@dataclass(slots=True)
class Allowance:
    """At most ``per_minute`` at once, and that many again every minute. Safe for several threads."""

    cost: Cost
    per_minute: int
    _used: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, asker: str, now: datetime, count: int = 1) -> None:
        """Take so much, or nothing. Raises `UsedUp` where less is left.

        Who asks for more than the whole allowance at once is let in when it is full: nobody is shut out for good.
        """
        with self._lock:
            used, since = self._used.pop(asker, (0.0, now))
            refilled = max(timedelta(0), now - since) / timedelta(minutes=1) * self.per_minute
            used = max(0.0, used - refilled)
            over = used + min(count, self.per_minute) - self.per_minute
            self._used[asker] = (used if over > 0 else used + count, now)  # the newest last
            while len(self._used) > _MOST_ASKERS:
                self._used.popitem(last=False)
        if over > 0:
            raise UsedUp(self.cost, self.per_minute, max(1, ceil(over / self.per_minute * 60)))


def _reading() -> Allowance:
    return Allowance(Cost.READING, READS_PER_MINUTE)


def _recording() -> Allowance:
    return Allowance(Cost.RECORDING, EVENTS_PER_MINUTE)


@dataclass(frozen=True, slots=True)
class Allowances:
    """What each session and each key has; one for each process, made by the app."""

    reading: Allowance = field(default_factory=_reading)
    recording: Allowance = field(default_factory=_recording)

    @classmethod
    def of(cls, *, reads_per_minute: int, events_per_minute: int) -> Allowances:
        return cls(Allowance(Cost.READING, reads_per_minute), Allowance(Cost.RECORDING, events_per_minute))

    def take(self, cost: Cost, asker: str, now: datetime, count: int = 1) -> None:
        """Raises `UsedUp`."""
        (self.reading if cost is Cost.READING else self.recording).take(asker, now, count)
