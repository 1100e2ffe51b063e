"""What keeps goods where they are: how long a legal measure or a recall is in force.

Three laws kept apart (市场监督管理行政处罚程序规定 第三十三至四十二条): 先行登记保存 lapses by itself after 7 working days;
查封 and 扣押 have 30 days, once extended by at most 30, without the days of a test, and end by a decision: once their
term has run out the goods must be released, but nobody may take it for done. A recall is in force until it is ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from ..errors import Text
from .state import Hold
from .working_days import Calendar

#: 先行登记保存: working days in which the authority must decide (第三十五条).
REGISTRATION_DAYS = 7
#: 查封、扣押: days, and by how many they may be extended once (行政强制法 第二十五条).
SEIZURE_DAYS = 30
LONGEST_EXTENSION_DAYS = 30

HOLDS: Mapping[str, Text] = {
    "register": Text("先行登记保存", "registered for preservation"),
    "seal": Text("查封", "sealed"),
    "seize": Text("扣押", "seized"),
    "confiscate": Text("没收", "confiscated"),
    "recall": Text("召回", "recalled"),
}


def term_ends(hold: Hold, calendar: Calendar) -> date | None:
    """The last day of a hold's term; None where it has none (a recall, a confiscation)."""
    if hold.type == "register":
        return calendar.after_working_days(hold.from_day, REGISTRATION_DAYS)
    if hold.type in ("seal", "seize"):
        return calendar.after_days(hold.from_day, SEIZURE_DAYS + hold.more_days + hold.test_days)
    return None


def in_force(hold: Hold, day: date, calendar: Calendar) -> bool:
    """Whether the hold keeps the goods on this day, the days on which it began and was ended included or not:
    what was ended in the morning may move in the afternoon."""
    if day < hold.from_day or (hold.ended_on is not None and hold.ended_on <= day):
        return False
    ends = term_ends(hold, calendar)
    return hold.type != "register" or ends is None or day <= ends


def is_overdue(hold: Hold, day: date, calendar: Calendar) -> bool:
    """Whether the term of a measure that only a decision ends has run out without one."""
    ends = term_ends(hold, calendar)
    return hold.ended_on is None and hold.type in ("seal", "seize") and ends is not None and ends < day


def days_left(hold: Hold, day: date, calendar: Calendar) -> int | None:
    """Plain days until the term ends; negative when it has; None without a term."""
    ends = term_ends(hold, calendar)
    return None if ends is None else (ends - day) // timedelta(days=1)
