"""The one clock: where "now" comes from, and how instants are written and shown.

Instants are aware UTC with millisecond precision inside the house, RFC 3339 with ``Z`` on the wire, and
Asia/Shanghai for people. Nothing else in the package asks the operating system for the time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

Clock = Callable[[], datetime]

#: China has one time zone without daylight saving since 1992; a fixed offset needs no zone data.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def system_clock() -> datetime:
    """The operating system's time, cut to milliseconds, aware UTC."""
    return cut_to_milliseconds(datetime.now(UTC))


def cut_to_milliseconds(instant: datetime) -> datetime:
    """Drop what the ledger does not write; never rounds up, so nothing lies in the future by rounding."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def format_instant(instant: datetime) -> str:
    """``2026-05-02T00:30:00.123Z``: UTC with always three fractional digits, so that text sorts as time."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone reached the wire format")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


@lru_cache(maxsize=1_000)  # all events of a group have one
def parse_instant(text: str) -> datetime:
    """Inverse of `format_instant`: exactly that spelling, nothing more forgiving. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is not UTC or format_instant(instant) != text:
        raise ValueError(f"not an instant in the ledger's spelling: {text!r}")
    return instant


def shanghai_date(instant: datetime) -> date:
    """The civil day on which certificates, measures and deadlines are judged."""
    return instant.astimezone(SHANGHAI).date()


def show_instant(instant: datetime) -> str:
    """``2026-05-02 08:30`` in Asia/Shanghai, for people."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
