"""Working days 工作日 of the mainland, and the ends of terms counted in them.

``working_days.csv`` holds what the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知) change about the
plain week: weekdays that are off, weekends that are worked. A later year is loaded as an event of the ledger (``calendar``),
which goes before what is packaged. For a year whose notice is not there yet the plain week stands in, and an end that falls in
it `is_tentative`.

Terms (市场监督管理行政处罚程序规定 第八十条): the day on which a term begins does not count; one in plain days that
would end on a day off ends on the next working day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from .packaged import packaged

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

#: What a notice changes about the plain week: whether these days are worked.
Exceptions = Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off as far as they are known. ``loaded``: years whose notice is on the ledger."""

    loaded: Mapping[int, Exceptions] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        return self._of(day.year).get(day, is_plain_working_day(day))

    def is_tentative(self, day: date) -> bool:
        """Whether the notice for this day's year is not known, so that what rests on it may still change."""
        return not self._of(day.year)

    def after_working_days(self, begin: date, count: int) -> date:
        """The last day of a term of ``count`` working days that began on ``begin``, which itself does not count."""
        day = begin
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def after_days(self, begin: date, count: int) -> date:
        """The last day of a term of ``count`` plain days that began on ``begin``; never a day off."""
        return self.or_later(begin + timedelta(days=count))

    def or_later(self, day: date) -> date:
        """The day itself if it is worked, else the next one that is."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def _of(self, year: int) -> Exceptions:
        found = self.loaded.get(year)
        return _packaged().get(year, {}) if found is None else found


def is_plain_working_day(day: date) -> bool:
    """Whether it is worked in a week without days off."""
    return day.weekday() < _SATURDAY


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or earlier; where that month has none, its last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


@cache
def _packaged() -> Mapping[int, Exceptions]:
    found: dict[int, dict[date, bool]] = {}
    for row in packaged("working_days.csv"):
        day = date.fromisoformat(row["day"])
        found.setdefault(day.year, {})[day] = row["working"] == "1"
    return found
