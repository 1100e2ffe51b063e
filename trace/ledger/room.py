"""Room for what waits to be recorded: so many proposals and so many bytes, so that a flood ends no process."""

from __future__ import annotations

from dataclasses import dataclass

#: Some seconds of work for the committer, whatever comes: whoever is told later would have given up by then.
MOST_WAITING = 20_000
#: As they were sent; in memory, with all that belongs to a proposal, several times that.
MOST_WAITING_BYTES = 64_000_000


class Full(RuntimeError):
    """There is no room for these proposals now; none of them was taken. The same again a little later is safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many proposals, and how many bytes of them, may wait for their answers at a time."""

    proposals: int = MOST_WAITING
    size_bytes: int = MOST_WAITING_BYTES


class Room:
    """Counts what waits, those that are being recorded at this moment included.

    Whoever owns it guards it with his own lock: to ask and to take must be one step.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.proposals = 0
        self.size_bytes = 0
        #: Proposals that found no room, since the start.
        self.turned_away = 0

    def holds(self, proposals: int, size_bytes: int) -> bool:
        """Whether so much more has room. An empty room takes anything: one request is bounded at the door."""
        return not self.proposals or (
            self.proposals + proposals <= self._bounds.proposals
            and self.size_bytes + size_bytes <= self._bounds.size_bytes
        )

    def take(self, proposals: int, size_bytes: int) -> None:
        """Raises `Full` where there is no room for all of it."""
        if not self.holds(proposals, size_bytes):
            self.turned_away += proposals
            raise Full(
                f"{self.proposals} proposals of {self.size_bytes} bytes wait already, {proposals} of {size_bytes} came"
            )
        self.proposals += proposals
        self.size_bytes += size_bytes

    def leave(self, proposals: int, size_bytes: int) -> None:
        """So much was answered."""
        self.proposals -= proposals
        self.size_bytes -= size_bytes

    def empty(self) -> None:
        """Everything was answered."""
        self.proposals = self.size_bytes = 0
