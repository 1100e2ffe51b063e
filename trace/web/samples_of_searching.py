"""Invented pages of the search: hits, what else is called so, codes that were typed wrong; development and tests only."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Problem, Text
from ..http.failures import SEARCH_AWAY
from ..queries.papers import ORDER
from ..search.documents import Field
from .also import CERTIFICATE, COMPANY, GOODS, PROJECT, RECEIPT, SUBMISSION, typed_wrong
from .samples_in_common import AS_OF, LONG, frame, some_batches
from .views import Choice, Page, Pager
from .views_of_searching import Also, Filter, Hit, SavedRow, SearchPage, Why
from .words import Language

#: The last character is not that of its check.
_MISTYPED = "7K3QF9TWZ0"


def _filters() -> tuple[Filter, ...]:
    """Open, folded, cut and as a period."""
    types = tuple(Choice(Text(name, name), "#", name == "YJV", n) for name, n in (("YJV", 812), ("BV", 96)))
    makers = tuple(Choice(Text(f"示范线缆{n}厂", f"示范线缆{n}厂"), "#", False, 40 - n) for n in range(12))
    months = tuple(Choice(Text(f"2026-0{n}", f"2026-0{n}"), "#", False, n) for n in (5, 4, 3))
    return (
        Filter(text=Text("型号", "type"), choices=types),
        Filter(text=Text("生产企业", "maker"), choices=makers[:6], more=makers[6:], cut=True),
        Filter(text=Text("生产月份", "month of production"), choices=months, is_period=True),
    )


def _also() -> tuple[Also, ...]:
    """One of each kind, with the longest names that there are."""
    event = "6f4c1f2e-6a4b-4d0e-9a55-3c6f2f5d7a10"
    return (
        Also(COMPANY, LONG, "91411602MA1TEXT12X", "#"),
        Also(PROJECT, "示范小区配电工程（二期）", "XM-2026-001", "#"),
        Also(CERTIFICATE, "（豫）XK06-001-00917", LONG, "#"),
        Also(GOODS, "YJV 3×95 无厂名，盘上只有一张手写的纸条", LONG, "#"),
        Also(ORDER, "DD-2026-0417", LONG, "#"),
        Also(Field.DELIVERY_NOTE.label, "FH-2026-0417-000012", "HZ260302-010", "#"),
        Also(Field.REPORT.label, "JC-2026-0417", "HZ260302-010", "#"),
        Also(Text("发货", "Dispatch"), event, "", "#"),
        Also(RECEIPT, "7J0V-XW90-HYTX", "", "#"),
        Also(SUBMISSION, "7J0V-XW90-HYTX", "", "#"),
    )


def samples_of_searching(language: Language) -> dict[str, Page]:
    rows = some_batches()
    search = frame(language, "/search")
    hits = (
        Hit(
            batch=rows[0],
            href="/batches/7K3QF9TWZP",
            why=(
                Why(Text("型号规格", "designation"), "YJV-0.6/1kV ", "4×35", "+1×16"),
                Why(Text("批号", "lot")),
            ),
        ),
        Hit(batch=rows[1], href="/batches/M2C8D41VHA", unit=12),
    )
    sizes = tuple(Choice(Text(str(n), str(n)), f"?limit={n}", n == 20) for n in (20, 50, 100))
    pager = Pager(
        first=221,
        last=240,
        total=10_001,
        total_is_capped=True,
        first_href="?first",
        previous_href="?before",
        next_href="?after",
        sizes=sizes,
    )
    full = SearchPage(
        frame=search,
        query="YJV 4×35",
        is_asked=True,
        hits=hits,
        pager=pager,
        partial=True,
        current_to=AS_OF,
        filters=_filters(),
        are_approximate=True,
        chips=(Choice(Text("型号：YJV", "type: YJV"), "#", True),),
        sorts=(
            Choice(Text("最相符", "best match"), "#", True),
            Choice(Text("最近生产", "latest production"), "#"),
        ),
        without_period=(("q", "YJV 4×35"), ("type", "YJV")),
        beside_words=(("type", "YJV"),),
        address="q=YJV&type=YJV",
        sheet_href="#",
        sheet_rows=500,
    )
    period = Problem(
        "bad-request",
        Text(
            "应为 1980-01 至 2099-12 之间的月份，如 2026-03",
            "a month from 1980-01 to 2099-12 is wanted, such as 2026-03",
        ),
        where="/since",
        came="2026",
    )
    size = Problem(
        "bad-request",
        Text("每页条数应为 20、50、100 之一", "one of 20, 50, 100 hits on a page is wanted"),
        where="limit",
        came="7",
    )
    return {
        "search-full": full,
        "search-also": replace(full, query="2026", also=_also(), partial=False),
        "search-also-only": SearchPage(
            frame=search, query="DD-2026-0417", is_asked=True, current_to=AS_OF, also=_also()[4:5]
        ),
        "search-last-page": replace(
            full, partial=False, pager=replace(pager, next_href="", total=240, total_is_capped=False)
        ),
        "search-typed-wrong": SearchPage(
            frame=search,
            query=_MISTYPED,
            is_asked=True,
            current_to=AS_OF,
            typed_wrong=typed_wrong(_MISTYPED),
        ),
        "search-wrong-period": SearchPage(
            frame=search, query="YJV", since="2026", problems=(period,), without_period=(("q", "YJV"),)
        ),
        "search-wrong-size": SearchPage(frame=search, query="YJV", problems=(size,)),
        "search-nothing": SearchPage(frame=search, query="YJV 4*3S", is_asked=True, current_to=AS_OF),
        "search-away": SearchPage(frame=search, query="2026", away=SEARCH_AWAY, also=_also()),
        "search-unasked": SearchPage(frame=search, saved=(SavedRow("YJV 本月 this month", "#", "#"),)),
        "search-wrong": SearchPage(
            frame=search,
            query="！！",
            problems=(Problem("wrong-input", Text("没有可以查找的字", "Nothing to look for"), came="！！"),),
        ),
    }
