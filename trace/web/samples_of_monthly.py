"""Invented pages of the monthly form; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..errors import Problem, Text
from ..model.monthly import Month, form_of
from ..queries.answers import Standing
from ..queries.monthly import (
    FormRow,
    MonthlyForm,
    MonthlyPage,
    Submission,
    Told,
    UnitCells,
    UnitMonth,
    cells_of,
    differences,
    repeated_in,
)
from ..queries.registry import PartyLink
from .samples_in_common import AS_OF, AT, LONG, frame
from .views import Choice, Page
from .views_of_monthly import MonthlyEventsPage, MonthlyFormPage, MonthlyUnitsPage
from .words import Language

_EVENT = "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e91"
_US, _BRANCH = PartyLink("0d", "模拟市市场监督管理局"), PartyLink("0e", LONG)
_MAY = Month(2026, 5)


def samples_of_monthly(language: Language) -> dict[str, Page]:
    at = frame(language, "/monthly")
    months = (
        Choice(Text("上个月", "The month before"), "/monthly?month=2026-04"),
        Choice(Text("本月", "This month"), "/monthly?month=2026-05", True),
    )
    units = MonthlyUnitsPage(frame=at, month="2026-05", months=months, rows=_units())
    empty = MonthlyFormPage(
        frame=at,
        found=MonthlyPage(form=_form(0), due=_MAY.due, submissions=(), differences=()),
        may_submit=True,
        id=_EVENT,
        at="2026-05-28T01:00:00Z",
    )
    form = _form(31)
    full = replace(
        empty,
        found=MonthlyPage(
            form=form, due=_MAY.due, submissions=_submissions(), differences=differences(form, _submissions()[0])
        ),
    )  # fmt: skip
    wrong = Problem(
        "wrong-input", Text("说明太长", "the remark is too long"), where="/text", came="", remedy=None
    )
    return {
        "monthly-units": units,
        "monthly-form-full": full,
        "monthly-form-empty": empty,
        "monthly-form-wrong": replace(full, problems=(wrong,), text="重报：补录两次检查"),
        "monthly-form-of-a-unit": replace(full, may_submit=False, query="?up_to=48101"),
        "monthly-events-none": MonthlyEventsPage(
            frame=at,
            unit="0d",
            month="2026-05",
            title=form.rows[0].title,
            definition=form.rows[0].definition,
            back="/monthly/0d/2026-05",
            of=(
                Choice(Text("本月", "The month"), "/monthly/0d/2026-05/makers", True),
                Choice(Text("累计", "Cumulative"), "/monthly/0d/2026-05/makers?since=2026-01-01"),
            ),
            events=(),
        ),
    }


def _form(n: int) -> MonthlyForm:
    rows = []
    for cell in form_of(_MAY).cells:
        month, whole = Told(n, 0), Told(n * 4, 0)
        if cell.how == "fen":
            month, whole = Told(None if n else 0, 2 if n else 0), Told(n * 1_234_567, 1 if n else 0)
        rows.append(
            FormRow(
                key=cell.key, row=cell.row, title=cell.title, unit=cell.unit, how=cell.how, definition=cell.definition,
                month=month, cumulative=whole,
            )
        )  # fmt: skip
    by_unit = tuple(UnitCells(unit=unit, cells=cells_of(rows)) for unit in (_US, _BRANCH))
    return MonthlyForm(
        unit=_US, units=(_US, _BRANCH), month="2026-05", first=_MAY.first, last=_MAY.last, since=date(2026, 1, 1),
        form=form_of(_MAY).id, as_of=AS_OF, rows=tuple(rows),
        by_unit=by_unit, repeated=repeated_in(rows, by_unit),
    )  # fmt: skip


def _submissions() -> tuple[Submission, ...]:
    form = _form(29)
    second = Submission(
        version=2, event=_EVENT, index=48_100, recorded_at=AT, on_time=False, form=form.form, since=form.since, counted_at=48_099,
        figures={row.key: (row.month, row.cumulative) for row in form.rows}, text="补录两次检查",
    )  # fmt: skip
    return second, replace(second, version=1, index=47_000, counted_at=46_999, on_time=True, text="")


def _units() -> tuple[UnitMonth, ...]:
    first = _submissions()[1]
    on_time = UnitMonth(
        unit=_US, month="2026-05", due=_MAY.due, submitted=first, versions=2,
        standing=Standing("fine", Text("2026-05-29 按时报送", "submitted on time, 2026-05-29")), kept=4, wanted=4,
    )  # fmt: skip
    overdue = replace(
        on_time, unit=_BRANCH, submitted=None, versions=0, kept=3,
        standing=Standing("stop", Text("未报送，逾期 2 天", "not submitted, 2 days overdue")),
    )  # fmt: skip
    return on_time, overdue
