"""Working days 工作日 of the mainland, and the ends of terms counted in them.

``working_days.csv`` holds what the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知) change about the
plain week: weekdays that are off, weekends that are worked. For a year whose notice is not there yet the plain week
stands in, and an end that falls in it `is_tentative`.

Terms (市场监督管理行政处罚程序规定 第八十条): the day on which a term begins does not count; one in plain days that
would end on a day off ends on the next working day.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    return _exceptions().get(day, day.weekday() < _SATURDAY)


def is_tentative(day: date) -> bool:
    """Whether the notice for this day's year is not known, so that what rests on it may still change."""
    return day.year not in {each.year for each in _exceptions()}


def after_working_days(begin: date, count: int) -> date:
    """The last day of a term of ``count`` working days that began on ``begin``, which itself does not count."""
    day = begin
    while count:
        day += _ONE_DAY
        count -= is_working_day(day)
    return day


def after_days(begin: date, count: int) -> date:
    """The last day of a term of ``count`` plain days that began on ``begin``; never a day off."""
    day = begin + timedelta(days=count)
    while not is_working_day(day):
        day += _ONE_DAY
    return day


@cache
def _exceptions() -> Mapping[date, bool]:
    text = resources.files(__package__).joinpath("working_days.csv").read_text(encoding="utf-8")
    return {
        date.fromisoformat(row["day"]): row["working"] == "1" for row in csv.DictReader(text.splitlines())
    }
