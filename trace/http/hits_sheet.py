"""What a search found as a workbook: a line for each batch, and a sheet that says what was asked and whether all is there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date
from io import BytesIO

import xlsxwriter
from fastapi import Response
from sqlalchemy import Connection

from ..auth.actor import Actor
from ..errors import Text
from ..queries.facet_words import STATE_WORDS
from ..queries.search import Found, SearchResult, chosen_words, search
from ..search.asking import Asking
from ..search.index import Away, Searchable, SearchIndex
from ..search.order import SORTS, Sort
from .download import XLSX, download

#: Batches in one workbook; what is more says so.
MOST_ROWS = 2_000
_PAGE = 500

_HEADINGS = (
    (Text("追溯码", "code"), 14),
    (Text("批号", "lot"), 18),
    (Text("型号规格", "designation"), 30),
    (Text("产品", "product"), 28),
    (Text("生产企业", "maker"), 32),
    (Text("生产日期", "produced on"), 12),
    (Text("长度（m）", "length (m)"), 12),
    *((Text(f"{word.zh}（m）", f"{word.en.lower()} (m)"), 11) for word in STATE_WORDS.values()),
    (Text("找到于", "found in"), 40),
)
_FIRST_LENGTH = 6


def hits_download(
    tx: Connection, actor: Actor, index: SearchIndex, asking: Asking, *, language: str, today: date
) -> Response:
    """What the actor finds, as a file to be saved. Raises InputError as `queries.search.search` does."""
    with ExitStack() as opened:
        asked: Searchable = index
        with suppress(Away):  # then the ledger answers what it can
            asked = opened.enter_context(index.at_one_moment())
        found = _pages(tx, actor, asked, asking)
    return download(hits_sheet(asking, found, language), f"search-{today:%Y%m%d}.xlsx", XLSX)


def _pages(tx: Connection, actor: Actor, index: Searchable, asking: Asking) -> SearchResult:
    """All that fits into one workbook, page by page: of one moment, so that no hit comes twice or is passed over."""

    def page_behind(after: str | None, room: int) -> SearchResult:
        return search(
            tx,
            actor,
            index,
            asking.text,
            chosen=asking.chosen,
            sort=asking.sort,
            counted=tuple(asking.chosen) if after is None else (),  # for their names
            limit=min(_PAGE, room),
            after=after,
        )

    first = page = page_behind(None, MOST_ROWS)
    rows, partial = list(page.rows), page.partial
    while page.after is not None and len(rows) < MOST_ROWS:
        page = page_behind(page.after, MOST_ROWS - len(rows))
        rows += page.rows
        partial = partial or page.partial
    return replace(first, rows=tuple(rows), partial=partial, after=page.after)


def hits_sheet(asking: Asking, found: SearchResult, language: str) -> bytes:
    """An XLSX file. Everything that is no length is written as text: what came may look like a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    heading = book.add_format({"bold": True})
    sheet = book.add_worksheet(Text("批次", "batches").in_language(language))
    for column, (text, width) in enumerate(_HEADINGS):
        sheet.write_string(0, column, text.in_language(language), heading)
        sheet.set_column(column, column, width)
    for at, each in enumerate(found.rows, start=1):
        for column, word in enumerate(_words(each)):
            sheet.write_string(at, column, word)
        told = each.batch.length_mm  # of what was only granted there is nothing to write
        lengths = [] if told is None else [told, *_by_state(each.batch.holdings)]
        for column, length_mm in enumerate(lengths, start=_FIRST_LENGTH):
            if length_mm is not None:
                sheet.write_number(at, column, length_mm / 1000)
        sheet.write_string(at, len(_HEADINGS) - 1, _why(each, language))
    sheet.freeze_panes(1, 0)
    about = book.add_worksheet(Text("说明", "about").in_language(language))
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 60)
    for at, (name, said) in enumerate(_about(asking, found)):
        about.write_string(at, 0, name.in_language(language), heading)
        about.write_string(at, 1, said.in_language(language))
    book.close()
    return out.getvalue()


def _by_state(holdings: Mapping[str, int]) -> list[int | None]:
    """Metres by state; a state of which nothing is told, while metres are elsewhere, may hold some: None, and no 0."""
    other = None if holdings.get("elsewhere") else 0
    return [holdings.get(where, other) for where in STATE_WORDS]


def _words(found: Found) -> tuple[str, ...]:
    batch = found.batch
    return (
        batch.printed,
        batch.lot,
        batch.designation,
        batch.product,
        batch.maker_name,
        batch.produced_on.isoformat(),
    )


def _why(found: Found, language: str) -> str:
    reasons = (f"{match.label.in_language(language)} {match.text}".strip() for match in found.matches)
    return "; ".join(dict.fromkeys(reasons))


def _about(asking: Asking, found: SearchResult) -> list[tuple[Text, Text]]:
    is_whole = found.after is None and not found.partial
    rows = len(found.rows)
    order = SORTS[Sort.NEWEST if asking.sort is Sort.BEST and not asking.text else asking.sort]
    up_to = "" if found.current_to is None else str(found.current_to.index)
    return [
        (Text("检索词", "words"), Text(asking.text, asking.text)),
        *((Text("筛选", "filter"), text) for _, _, text in chosen_words(asking.chosen, found)),
        (Text("次序", "order"), order),
        (Text("截至账本序号", "true up to ledger index"), Text(up_to, up_to)),
        (
            Text("是否完整", "whole"),
            Text(f"全部 {rows} 个批次", f"all {rows} batches")
            if is_whole
            else Text(
                f"不完整：只有前 {rows} 个批次，一个文件至多 {MOST_ROWS} 个；请再加筛选",
                f"cut: only the first {rows} batches, at most {MOST_ROWS} in one file; choose more filters",
            ),
        ),
    ]
