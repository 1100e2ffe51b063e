"""Lot numbers 批号: the next one in a maker's own pattern. Only a proposal, which a person may write over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from datetime import date

_DIGITS = re.compile(r"[0-9]+")
#: How makers write a day in a lot number, the longest first.
_DAYS = ("%Y%m%d", "%Y-%m-%d", "%y%m%d")
#: So many are tried before nothing is proposed.
_MOST = 1_000


def next_lot(newest: str, made_on: date, today: date, taken: Container[str]) -> str:
    """The lot after ``newest``: ``HZ260402-012`` → ``HZ260402-013``, on a later day ``HZ260403-001``.

    Where the number holds the day on which it was made, today's stands there, and what is counted behind it begins
    anew. The last figures are counted, with as many places as they have; "" where there is nothing to count, or all of
    it is ``taken``.
    """
    prefix, counted = _of_today(newest, made_on, today)
    last = next(iter(reversed(list(_DIGITS.finditer(counted)))), None)
    if last is None:
        return ""
    number, places = int(last[0]), len(last[0])
    for _ in range(_MOST):
        number += 1
        proposed = f"{prefix}{counted[: last.start()]}{number:0{places}d}{counted[last.end() :]}"
        if proposed not in taken:
            return proposed
    return ""


def newest_usual(lots: Sequence[str]) -> int:
    """Where the newest lot stands that is no odd one out, of ``lots`` from the newest on: another one is built like it, of
    letters and figures in the same order. 0 where no two are alike."""
    built = [_DIGITS.sub("0", lot) for lot in lots]
    times = Counter(built)
    return next((n for n, shape in enumerate(built) if times[shape] > 1), 0)


def _of_today(newest: str, made_on: date, today: date) -> tuple[str, str]:
    """What stays, with today in the place of the day; and what is counted behind it."""
    for pattern in _DAYS:
        head, day, tail = newest.partition(made_on.strftime(pattern))
        if day and _DIGITS.search(tail):
            if made_on == today:
                return head + day, tail
            return head + today.strftime(pattern), _DIGITS.sub(lambda found: "0" * len(found[0]), tail)
    return "", newest
