"""Pace: how often one network address may send what anybody may send, in this process.

Gentle, for a whole village may stand behind one address; it keeps a script from filling the ledger, not a person from
speaking. Kept in memory: several processes each count for themselves, and a new start forgets.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from ..errors import Text, TooManyRequests

#: So many addresses are remembered; the oldest are forgotten first.
_MOST_CLIENTS = 10_000


class TooOften(TooManyRequests):
    """One network address sent more than the pace allows."""

    def __init__(self, retry_after_seconds: int):
        minutes = ceil(retry_after_seconds / 60)
        super().__init__(
            retry_after_seconds,
            Text("这个网络刚才提交了很多次", "this network has sent many of these just now"),
            remedy=Text(
                f"请在 {minutes} 分钟后再提交，您填的内容还在；也可拨打 12315",
                f"send it again in {minutes} min: what you wrote is still here; or call 12315",
            ),
        )


@dataclass(slots=True)
class Pace:
    """At most ``most`` in each ``window`` from one client. Safe for several threads."""

    most: int = 20
    window: timedelta = timedelta(hours=1)
    _sent: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def step(self, client: str, now: datetime, count: int = 1) -> None:
        """Count so many, or none of them. Raises `TooOften` where there would be more than the pace allows."""
        with self._lock:
            sent = self._sent.pop(client, None) or deque()
            while sent and sent[0] <= now - self.window:
                sent.popleft()
            self._sent[client] = sent  # the newest last
            over = len(sent) + count - self.most
            if over > 0:  # so many of the oldest must have passed
                oldest = sent[min(over, len(sent)) - 1] if sent else now
                raise TooOften(max(1, ceil((oldest + self.window - now).total_seconds())))
            sent.extend([now] * count)
            while len(self._sent) > _MOST_CLIENTS:
                del self._sent[next(iter(self._sent))]
