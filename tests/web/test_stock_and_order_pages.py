"""The pages 库存 and 订单, the workbook, and the same over the programs' interface: one reading, for its own party alone."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from drafts_for_tests import DEALER, MAKER, batch_of, dispatch, order, product, production
from service_for_tests import Service, Told, service_in
from typing_for_tests import opened, text_of


def test_the_stock_page_lists_what_is_there_by_place_and_what_is_under_way_apart(service: Service) -> None:
    maker, site = opened(service, "maker", "/stock"), opened(service, "site", "/stock")

    assert "河南省周口市淮阳区" in text_of(maker)
    assert "250 m" in text_of(maker)
    assert f'href="/batches/{service.code["L1"]}"' in maker
    assert "示范小区配电工程" in text_of(site)
    assert "没有符合条件的库存" in text_of(opened(service, "maker", "/stock?q=BV"))


def test_the_stock_page_has_a_sum_for_each_cable_of_a_place(
    told: Told, tmp_path_factory: pytest.TempPathFactory
) -> None:
    further = (
        product(number="P2", designation="BV 2.5", entered_for=MAKER),
        production("M1", [(1, 9, 100_000)], product="P2", designation="BV 2.5平方", entered_for=MAKER),
        production("M2", [(1, 2, 50_000)], product="P2", designation="BV 1×2.5", entered_for=MAKER),
    )
    with service_in(tmp_path_factory.mktemp("stock") / "data", told, *further) as running:
        page = opened(running, "maker", "/stock")

    assert re.findall(r"<summary><span><strong>(BV[^<]*)</strong>([^<]*)", page) == [
        ("BV 1×2.5", " · 2 批 · 11 盘（卷） · 1,000 m")
    ]


def test_the_workbook_has_the_metres_of_the_page(service: Service) -> None:
    answer = service.ask("maker", "GET", "/stock.xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    heading = rows[0]

    assert answer.headers["content-disposition"] == 'attachment; filename="stock-20260630.xlsx"'
    total = sum(row[heading.index("合计（m）")] for row in rows[1:])
    assert total * 1000 == service.ask("maker", "GET", "/api/v1/stock").json()["total_mm"]
    assert {row[heading.index("批号")] for row in rows[1:]} == {"L1"}


@pytest.mark.parametrize("path", ["/api/v1/stock", "/api/v1/orders"])
def test_programs_read_what_is_theirs_and_nothing_of_others(service: Service, path: str) -> None:
    own = service.ask("dealer", "GET", path)
    foreign = service.ask("shop B", "GET", path).text

    assert own.status_code == 200
    assert "周口" not in foreign
    assert "济南" not in own.text


def test_the_orders_page_shows_open_metres_and_prices_to_both_parties_only(
    told: Told, tmp_path_factory: pytest.TempPathFactory
) -> None:
    further = order(DEALER, "DD-7", buyer=DEALER, supplier=MAKER, entered_for=DEALER)
    with service_in(tmp_path_factory.mktemp("orders") / "data", told, further) as running:
        for who in ("maker", "dealer"):
            said = text_of(opened(running, who, "/orders"))
            assert "DD-7" in said
            assert "已收完" in said
            assert "315.00" in said
        assert "DD-7" not in opened(running, "site", "/orders")
        assert "没有对应订单的发货" in text_of(opened(running, "site", "/orders"))


def test_the_orders_page_says_what_is_late_and_by_what_a_delivery_was_matched(
    told: Told, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lot = batch_of(lot="M1")
    further = (
        order(DEALER, "DD-6", buyer=DEALER, entered_for=DEALER),  # takes what came without a number
        order(DEALER, "DD-7", buyer=DEALER, due="2026-05-20", entered_for=DEALER),
        order(DEALER, "DD-8", buyer=DEALER, designation="YJV 4×35", due="2026-12-31", entered_for=DEALER),
        production("M1", [(1, 2, 100_000)], entered_for=MAKER),
        dispatch(lot, units=[(1, 1)], order="DD-7", entered_for=MAKER),
        dispatch(lot, units=[(2, 2)], order="DD-404", entered_for=MAKER),
    )
    with service_in(tmp_path_factory.mktemp("orders") / "data", told, *further) as running:
        whole, late = (text_of(opened(running, "maker", f"/orders{query}")) for query in ("", "?state=late"))
        api = running.ask("maker", "GET", "/api/v1/orders?late=true").json()

        page = running.ask("maker", "GET", "/api/v1/orders?limit=2")
        further_on = running.ask("maker", "GET", page.headers["link"].split(">")[0].removeprefix("<")).json()
        by_word = text_of(opened(running, "maker", "/orders?q=DD-7"))

    assert [row["number"] for row in page.json()["rows"]] == ["DD-8", "DD-7"]
    assert [row["number"] for row in further_on["rows"]] == ["DD-6"]
    assert "DD-7" in by_word
    assert "DD-6" not in by_word
    assert "YJV-0.6/1kV 3×95+1×50 · 订货 500 · 已发 100 · 已收 0 m" in late
    assert "按双方和型号核对" in whole
    assert "按订单号 100 m" in late
    assert "逾期未发 400 m" in late
    assert "逾期在途 100 m" in late
    assert "写的是订单 DD-404" in whole
    assert "2026-05-20" in late
    assert "DD-8" in whole
    assert "DD-8" not in late
    assert [row["number"] for row in api["rows"]] == ["DD-7"]
    assert api["rows"][0]["lines"][0]["due"] == "2026-05-20"


def test_deliveries_without_an_order_are_counted_and_paged_like_orders(
    told: Told, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lot = batch_of(lot="M1")
    further = (
        production("M1", [(1, 22, 100_000)], entered_for=MAKER),
        *(dispatch(lot, units=[(n, n)], order=f"DD-{n:02}", entered_for=MAKER) for n in range(1, 23)),
    )
    with service_in(tmp_path_factory.mktemp("orders") / "data", told, *further) as running:
        pages = ["/orders"]
        seen = set[str]()
        for at in ("#unordered", 'rel="next"'):
            page = opened(running, "maker", pages[-1])
            seen |= set(re.findall(r"写的是订单 (DD-\d\d)", page))
            pattern = (
                r'href="(/orders\?state=unordered)"' if at == "#unordered" else r'href="([^"]+)" rel="next"'
            )
            pages.append(re.findall(pattern, page)[-1].replace("&amp;", "&"))
        last = opened(running, "maker", pages[-1])
        seen |= set(re.findall(r"写的是订单 (DD-\d\d)", last))

        total = running.ask("maker", "GET", "/api/v1/orders").json()["unordered_total"]
        api = running.ask("maker", "GET", "/api/v1/orders?unordered=true&limit=20")
        rest = running.ask("maker", "GET", api.headers["link"].split(">")[0].removeprefix("<")).json()

    assert seen == {f"DD-{n:02}" for n in range(1, 23)}
    assert f"{total} 行" in text_of(last)
    assert (len(api.json()["unordered"]), len(rest["unordered"])) == (20, total - 20)
    assert (rest["rows"], rest["after"]) == ([], None)


def test_a_dispatch_form_takes_the_number_of_its_order(service: Service) -> None:
    assert 'name="body/order"' in opened(service, "maker", "/send")
    assert 'name="body/order"' in opened(service, "maker", f"/batches/{service.code['L1']}/record/dispatch")
