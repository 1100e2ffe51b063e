"""Recording from an event loop: what comes in one turn of the loop goes to the committer in one piece.

Sixty requests that arrive together cost one hand-over, and their answers, which a group commit gives together,
one wake-up: crossing between threads or processes costs more than everything else that recording does here.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

#: So many are handed over at once, so that the committer need not wait for the end of a long turn.
ENOUGH = 16

P = TypeVar("P")
R = TypeVar("R")


class Turns(Generic[P, R]):
    """Gathers proposals made on one event loop. Call it on that loop only.

    ``propose`` is the committer's: it may raise, and answers its futures on another thread, each exactly once.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, propose: Callable[[Sequence[P]], list[Future[R]]]
    ) -> None:
        self.loop = loop
        self._propose = propose
        self._gathered: list[tuple[P, asyncio.Future[R]]] = []
        self._answered: deque[tuple[asyncio.Future[R], Future[R]]] = deque()
        self._woken = False

    def propose(self, proposal: P) -> asyncio.Future[R]:
        """A future of this loop, answered after the commit that decided the proposal."""
        waiter: asyncio.Future[R] = self.loop.create_future()
        if not self._gathered:
            self.loop.call_soon(self._hand_over)
        self._gathered.append((proposal, waiter))
        if len(self._gathered) == ENOUGH:
            self._hand_over()
        return waiter

    def propose_together(self, proposals: Sequence[P]) -> list[asyncio.Future[R]]:
        """The same for several of one request, all or none: a later one must not come in where an earlier one finds no
        room, for it would be judged without it."""
        self._hand_over()  # what came before goes before
        self._gathered = [(proposal, self.loop.create_future()) for proposal in proposals]
        waiters = [waiter for _, waiter in self._gathered]
        self._hand_over()
        return waiters

    def _hand_over(self) -> None:
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return  # enough came before the turn was over
        try:
            futures = self._propose([proposal for proposal, _ in gathered])
        except Exception as error:  # refused as a whole, such as by a committer that has stopped
            for _, waiter in gathered:
                if not waiter.done():
                    waiter.set_exception(error)
            return
        for (_, waiter), future in zip(gathered, futures, strict=True):
            future.add_done_callback(partial(self._note, waiter))

    def _note(self, waiter: asyncio.Future[R], done: Future[R]) -> None:
        """On the committer's thread. Whoever finds the loop not woken yet wakes it, so no answer is left lying."""
        self._answered.append((waiter, done))
        if not self._woken:
            self._woken = True
            self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # before looking: an answer that comes now wakes the loop again
        while self._answered:
            waiter, done = self._answered.popleft()
            if waiter.done():
                continue  # whoever asked has left
            error = done.exception()
            if error is None:
                waiter.set_result(done.result())
            else:
                waiter.set_exception(error)
