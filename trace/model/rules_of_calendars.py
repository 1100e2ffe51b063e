"""A rule about the days off of a year: they are such as a notice of the State Council can set."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .working_days import is_plain_working_day


def _odd_days(claim: Claim, draft: drafts.CalendarDraft) -> Finding | None:
    year, body = draft.subject.year, draft.body
    for name, days, plain in (("off", body.off, True), ("worked", body.worked, False)):
        for n, day in enumerate(days):
            if day.year != year:
                said = Text(f"不在 {year} 年", f"this does not lie in {year}")
            elif is_plain_working_day(day) is not plain:
                said = (
                    Text("周末本来就休息，不必列为放假", "a weekend is off anyway")
                    if plain
                    else Text("工作日本来就上班，不必列为调休", "a weekday is worked anyway")
                )
            else:
                continue
            return Finding(
                f"/body/{name}/{n}", day.isoformat(), said, Text("核对通知原文", "check the notice")
            )
    return None


ODD_DAYS = Rule(
    "odd-days-off", Weight.INPUT,
    Text("放假安排不合理", "odd days off"),
    Text("放假的是平日，调休上班的是周末（国务院办公厅关于部分节假日安排的通知）", "weekdays are off and weekends are worked, by the yearly notice"),
    _odd_days,
)  # fmt: skip
