"""What was found in a file, for the pages that show it: its rows in trouble, its sheets, what was understood of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from ..errors import Problem, Text
from ..http.problems import title_of
from ..imports.columns import Layout
from ..imports.run import Report
from ..model.kinds import KINDS
from .views import Choice, Pager
from .views_of_imports import Added, Column, ImportFile, ImportPage, ImportRow, Sheet

_ROWS_ON_A_PAGE = 50
#: By this name rows that repeat another are filtered.
REPEATED = "row-repeated"

#: Where to look at what was added, by kind of event; kinds without a list of their own have none.
_SHOWN_AT = {
    "party": "/parties",
    "product": "/products",
    "certificate": "/certificates",
    "project": "/projects",
}


def with_findings(page: ImportPage, here: str, report: Report, reason: str, first: int) -> ImportPage:
    """The page with the rows in trouble, those of one reason where it is given, from the ``first`` on."""
    rows = rows_of(report)
    chosen = [row for row in rows if reason in ("", row.problem.code)]
    some = chosen[first : first + _ROWS_ON_A_PAGE]
    return replace(
        page,
        rows=tuple(some),
        rows_pager=_rows_pager(here, reason, first, len(some), len(chosen)),
        reasons=_reasons(here, rows, reason),
        rows_href=f"{here}/rows.xlsx" if rows else "",
        preview=report.preview,
        added=added_of(report.added),
    )


def added_of(added: Mapping[str, int]) -> tuple[Added, ...]:
    """How many events of each kind were added, or would be."""
    return tuple(
        Added(kind=kind, text=KINDS[kind], count=count, href=_SHOWN_AT.get(kind, ""))
        for kind, count in added.items()
    )


def rows_of(report: Report) -> tuple[ImportRow, ...]:
    """Every finding, the bad rows first, then those that repeat another, each part in the order of the file."""
    bad = [
        ImportRow(bad=True, sheet=each.sheet, number=each.row, column=each.column, problem=each.problem)
        for each in report.bad
    ]
    marked = [
        ImportRow(
            bad=False,
            sheet=each.sheet,
            number=each.row,
            column=each.column,
            problem=Problem(each.mark, each.reason, where=each.column, came=each.value),
        )
        for each in report.marked
    ]
    repeated = [
        ImportRow(
            bad=False,
            sheet=each.sheet,
            number=each.row,
            column="",
            problem=Problem(REPEATED, each.reason),
        )
        for each in report.repeated
    ]
    return (*bad, *repeated, *marked)


def file_of(
    report: Report | None, name: str, size_bytes: int | None, encoding: str, explained_at: str
) -> ImportFile:
    """How a file was understood; ``explained_at`` is where it can be said what the columns of a sheet are, if anywhere."""
    sheets = () if report is None else report.sheets
    return ImportFile(
        name=name,
        size_bytes=size_bytes,
        encoding=encoding,
        sheets=tuple(
            Sheet(
                name=sheet.name,
                meaning=None if sheet.layout.kind is None else sheet.layout.kind.title,
                columns=(
                    *(
                        Column(heading=heading, meaning=_meaning(sheet.layout, field))
                        for field, heading in sheet.layout.headings.items()
                        if sheet.layout.kind is not None
                    ),
                    *(Column(heading=heading, meaning=None) for heading in sheet.layout.ignored),
                ),
                good=sheet.good,
                marked=sheet.marked,
                bad=sheet.bad,
                known=sheet.known,
                repeated=sheet.repeated,
                examples=sheet.examples,
                said=None if sheet.layout.said is None else (sheet.layout.said.name, sheet.layout.said.at),
                overruled=sheet.layout.overruled,
                explain_href=f"{explained_at}/{n}"
                if explained_at and (sheet.layout.ignored or sheet.layout.said)
                else "",
            )
            for n, sheet in enumerate(sheets)
        ),
        hidden=() if report is None else report.hidden,
    )


def _meaning(layout: Layout, field: str) -> Text:
    """What a column was taken for, with the unit where somebody has said it."""
    assert layout.kind is not None, "only what was understood has columns"
    title, unit = layout.kind.title_of(field), layout.units.get(field)
    return title if unit is None else Text(f"{title.zh}（{unit}）", f"{title.en} ({unit})")


def _reasons(here: str, rows: Sequence[ImportRow], chosen: str) -> tuple[Choice, ...]:
    """Filters by the code of what was found; none where there is only one."""
    counts = Counter(row.problem.code for row in rows)
    every = Choice(Text("全部", "All"), here, not chosen, len(rows))
    some = [
        Choice(_title(code), f"{here}?{urlencode({'reason': code})}", code == chosen, count)
        for code, count in counts.most_common()
    ]
    return (every, *some) if len(some) > 1 else ()


def _title(code: str) -> Text:
    return Text("文件内重复", "repeated in the file") if code == REPEATED else title_of(code)


def _rows_pager(here: str, reason: str, first: int, shown: int, total: int) -> Pager | None:
    def at(start: int) -> str:
        said = {name: value for name, value in (("reason", reason), ("first", start)) if value}
        return f"{here}?{urlencode(said)}" if said else here

    if total <= _ROWS_ON_A_PAGE:
        return None
    return Pager(
        first=first + 1,
        last=first + shown,
        total=total,
        previous_href=at(max(0, first - _ROWS_ON_A_PAGE)) if first else "",
        next_href=at(first + _ROWS_ON_A_PAGE) if first + shown < total else "",
    )
