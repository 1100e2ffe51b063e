"""The thread that follows a ledger: it rests between pages, and nobody who waits for it waits for the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cabletrace.ledger.follow import FollowerThread

LONG = 600.0


class Growing:
    """A ledger of which a follower has read ``read`` of ``size`` entries; ``stepped`` counts its pages."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.read = 0
        self.stepped = threading.Semaphore(0)

    def step(self) -> int:
        done = min(3, self.size - self.read)
        self.read += done
        self.stepped.release()
        return done

    def followed(self) -> FollowerThread:
        return FollowerThread(
            "test", self.step, lambda: self.read - 1, page=3, rest_seconds=LONG, poll_seconds=LONG
        )


def _and_stop(follower: FollowerThread, then: Callable[[], None]) -> None:
    follower.start()
    try:
        then()
    finally:
        follower.stop()


def test_somebody_who_waits_ends_the_rest_after_a_page() -> None:
    # given: a follower that rests, since its last page was not full
    ledger = Growing(size=4)
    follower = ledger.followed()

    def then() -> None:
        for _page in range(2):
            assert ledger.stepped.acquire(timeout=20)
        ledger.size = 5

        assert follower.wait_until(4, timeout=20)

    _and_stop(follower, then)


def test_waking_does_not_end_the_rest() -> None:
    ledger = Growing(size=2)
    follower = ledger.followed()

    def then() -> None:
        assert ledger.stepped.acquire(timeout=20)
        ledger.size = 4
        follower.wake()

        assert not ledger.stepped.acquire(timeout=0.2)

    _and_stop(follower, then)


def test_a_resting_follower_can_be_stopped() -> None:
    ledger = Growing(size=2)
    follower = ledger.followed()
    follower.start()
    assert ledger.stepped.acquire(timeout=20)

    stopping = threading.Thread(target=follower.stop)
    stopping.start()
    stopping.join(timeout=20)

    assert not stopping.is_alive()
