"""Recording from an event loop: one hand-over for what comes together, and an answer for everybody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from cabletrace.intake.turns import ENOUGH, Turns


class Committer:
    """Notes what was handed over together, and answers when told to, on another thread."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.futures: list[Future[str]] = []

    def propose(self, proposals: Sequence[int]) -> list[Future[str]]:
        self.groups.append(list(proposals))
        futures: list[Future[str]] = [Future() for _ in proposals]
        self.futures += futures
        return futures

    def answer(self) -> None:
        def answering() -> None:
            for n, future in enumerate(self.futures):
                future.set_result(f"answer {n}")

        thread = threading.Thread(target=answering)
        thread.start()
        thread.join()


def test_what_comes_in_one_turn_is_handed_over_together_and_answered_in_order() -> None:
    async def go() -> list[str]:
        turns = Turns(asyncio.get_running_loop(), committer.propose)
        waiters = [turns.propose(n) for n in range(3)]
        await asyncio.sleep(0)
        waiters += [turns.propose(3)]
        await asyncio.sleep(0)
        committer.answer()
        return await asyncio.gather(*waiters)

    committer = Committer()

    answers = asyncio.run(go())

    assert committer.groups == [[0, 1, 2], [3]]
    assert answers == ["answer 0", "answer 1", "answer 2", "answer 3"]


def test_enough_are_handed_over_before_the_turn_ends() -> None:
    async def go() -> None:
        turns = Turns(asyncio.get_running_loop(), committer.propose)
        for n in range(ENOUGH + 1):
            turns.propose(n)
        at_once = [len(group) for group in committer.groups]
        await asyncio.sleep(0)
        assert at_once == [ENOUGH]
        assert [len(group) for group in committer.groups] == [ENOUGH, 1]

    committer = Committer()
    asyncio.run(go())


def test_the_proposals_of_one_request_are_handed_over_in_one_piece_after_what_came_before() -> None:
    async def go() -> list[str]:
        turns = Turns(asyncio.get_running_loop(), committer.propose)
        first = turns.propose(-1)
        waiters = turns.propose_together(range(3 * ENOUGH))
        committer.answer()
        return await asyncio.gather(first, *waiters)

    committer = Committer()

    answers = asyncio.run(go())

    assert committer.groups == [[-1], list(range(3 * ENOUGH))]
    assert answers == [f"answer {n}" for n in range(1 + 3 * ENOUGH)]


def test_a_committer_that_takes_nothing_is_heard_by_everybody() -> None:
    def refuse(_: Sequence[int]) -> list[Future[str]]:
        raise RuntimeError("stopped")

    async def go() -> list[BaseException | str]:
        turns = Turns(asyncio.get_running_loop(), refuse)
        return await asyncio.gather(turns.propose(1), turns.propose(2), return_exceptions=True)

    answers = asyncio.run(go())

    assert [str(answer) for answer in answers] == ["stopped", "stopped"]


def test_a_failed_group_is_heard_by_those_in_it() -> None:
    async def go() -> None:
        turns = Turns(asyncio.get_running_loop(), committer.propose)
        waiter = turns.propose(1)
        await asyncio.sleep(0)
        committer.futures[0].set_exception(ZeroDivisionError("in admission"))
        with pytest.raises(ZeroDivisionError, match="in admission"):
            await waiter

    committer = Committer()
    asyncio.run(go())


def test_who_has_left_keeps_nobody_from_his_answer() -> None:
    async def go() -> str:
        turns = Turns(asyncio.get_running_loop(), committer.propose)
        left, stays = turns.propose(0), turns.propose(1)
        await asyncio.sleep(0)
        left.cancel()
        committer.answer()
        return await stays

    committer = Committer()

    assert asyncio.run(go()) == "answer 1"
