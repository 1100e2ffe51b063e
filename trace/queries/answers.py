"""Small values that several readings share: how a thing stands, up to which index, a page of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from sqlalchemy import Connection

from ..clock import parse_instant
from ..errors import InputError, Text, shown
from ..ledger import store
from ..ledger.entry import decode_entry

T = TypeVar("T")

#: fine 正常, attention 注意, stop 停止, unknown 未知.
State = Literal["fine", "attention", "stop", "unknown"]

#: The worst first: of several findings the worst decides.
WORST_FIRST: tuple[State, ...] = ("stop", "attention", "unknown", "fine")


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands, in its own word (有效, 暂停, 超出限值 …)."""

    state: State
    word: Text


#: So many days before its end a term is brought up.
SOON = 7


def time_left(days_left: int | None) -> Standing:
    """How an open term stands: over, today, within a week, or later; None: its clock stands still. One rule for all that is due."""
    if days_left is None:
        return Standing("unknown", Text("计时暂停", "the clock stands still"))
    if days_left < 0:
        return Standing(
            "stop", Text(f"逾期 {-days_left} 天", f"overdue by {-days_left} day{'s' * (days_left != -1)}")
        )
    if days_left == 0:
        return Standing("attention", Text("今天到期", "due today"))
    word = Text(f"还有 {days_left} 天", f"{days_left} day{'s' * (days_left != 1)} left")
    return Standing("attention" if days_left <= SOON else "unknown", word)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person must know first: one sentence and its reason."""

    state: State
    sentence: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class AsOf:
    """The ledger index up to which a reading is true, and that entry's time."""

    index: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page of a list; ``after`` asks for the next one, None on the last."""

    rows: tuple[T, ...]
    after: str | None


def index_in(after: str | None) -> int | None:
    """The ledger index that a cursor is, in lists that are ordered by it. Raises InputError ``bad-request``."""
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= _LONGEST_INDEX):
        raise InputError.of(
            "bad-request", "翻页标记有误", "not a cursor of this list", came=shown(after), where="after"
        )
    return int(after)


#: Digits of 2^53.
_LONGEST_INDEX = 16


def as_of(tx: Connection, up_to: int | None = None) -> AsOf | None:
    """Where the ledger stands, or stood after entry ``up_to``; None while it is empty."""
    newest = store.read_head(tx).size - 1
    index = newest if up_to is None else min(up_to, newest)
    entries = store.read_entries(tx, index, 1) if index >= 0 else []
    return AsOf(index, parse_instant(decode_entry(entries[0]).at)) if entries else None


def cut(rows: Sequence[T], limit: int, key: Callable[[T], str]) -> Listed[T]:
    """A page of ``limit`` rows out of one row more: the extra row only tells that there is a next page."""
    shown = tuple(rows[:limit])
    return Listed(shown, key(shown[-1]) if len(rows) > limit else None)
