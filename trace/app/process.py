"""What a process settles about itself: how it speaks, what it keeps, how often it looks for garbage."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import orjson
import structlog
from structlog.typing import EventDict

from ..clock import Clock, format_instant

#: So many objects more than are gone, instead of 700, before the youngest are walked.
_SELDOM = 50_000


def log_as_a_service(clock: Clock) -> None:
    """Log lines for programs to standard error; a person at a terminal keeps the readable form."""
    if not sys.stderr.isatty():
        begin_log_lines(sys.stderr.buffer, clock)


def begin_log_lines(to: BinaryIO, clock: Clock) -> None:
    """Send every logger's lines of level info and above to a binary stream: one JSON object a line, time in ``at``.

    A line is written about every request: in this form it costs a third of what structlog's default does.
    """

    def at(_logger: object, _method: str, line: EventDict) -> EventDict:
        return {"at": format_instant(clock()), **line}

    structlog.configure(
        processors=[
            at,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(orjson.dumps, default=str),
        ],
        logger_factory=structlog.BytesLoggerFactory(to),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def keep_what_is_loaded() -> None:
    """Tell the garbage collector that what has been loaded stays, and to look for garbage seldom; call it when everything is.

    Otherwise every full collection walks all of it, and all requests wait meanwhile: 60 ms were measured. What a group of
    events holds while it is judged and written is no garbage either, and would be walked again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage in cycles seldom until the block ends: for long work of one piece, which makes none.

    What it holds for a while, thousands of events, is otherwise walked again and again: a seventh of a rebuild.
    """
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
