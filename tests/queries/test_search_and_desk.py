"""Search over documents made of the ledger, the desk, the register: found by whom it may be, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.alerts.rules import RULES
from cabletrace.auth.actor import Actor
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.engine import open_sqlite
from cabletrace.errors import InputError
from cabletrace.queries import registry
from cabletrace.queries.alerts import NEXT, alert_counts, alert_rows
from cabletrace.queries.desk import desk
from cabletrace.queries.documents import documents_of
from cabletrace.queries.search import search
from cabletrace.search.embedded import EmbeddedIndex
from drafts_for_tests import LICENCE, MAKER, PRODUCT, PROJECT_ID

TODAY = date(2026, 5, 2)
Who = Callable[[str], Actor]


# --- search -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reader", "lots"),
    [
        ("YJV 3×95", "operator", {"L1", "L2", "J1"}),
        ("YJV 3*95+1*50", "maker", {"L1", "L2"}),
        ("示例电缆", "shop", {"L1"}),
        ("FH-1001", "maker", {"L1"}),
        ("FH-1001", "dealer", {"L1"}),
        ("FH-1001", "site", set()),
        ("FH-2002", "site", {"L1"}),
        ("FH-2002", "maker", set()),
        ("太康县示例建设", "maker", {"L2"}),  # the unsent receipt took L2 out of the maker's stock
        ("五金经营部", "officer of Fuyang", set()),
        ("阜阳市示例线缆门市部", "officer of Fuyang", {"L1"}),
        ("示范小区配电工程", "supervisor", {"L1", "L2"}),
        ("示范小区配电工程", "dealer", {"L1"}),  # the site's receipt names the dealer as its sender
        ("示范小区配电工程", "shop", set()),
        (MAKER, "site", {"L1", "L2"}),
        ("ZJ-1", "laboratory", {"L1"}),
        ("YJV", "stranger", set()),
        ("L1", "other maker", set()),
        (LICENCE, "officer of the prefecture", {"L1", "L2"}),
        ("质检员甲某", "maker", set()),
        ("库管员乙某", "operator", set()),
    ],
)
def test_words_find_what_the_reader_may_see(
    tx: Connection, index: EmbeddedIndex, who: Who, text: str, reader: str, lots: set[str]
) -> None:
    result = search(tx, who(reader), index, text)

    assert {found.batch.lot for found in result.rows} == lots
    assert result.total == len(lots)


def test_a_hit_is_dressed_from_the_ledger_and_says_why(
    tx: Connection, ledger: Any, index: EmbeddedIndex, who: Who
) -> None:
    result = search(tx, who("maker"), index, "FH-1001")

    (found,) = result.rows
    assert (found.batch.lot, found.batch.maker_name) == ("L1", "周口市示例电缆有限公司")
    assert sum(found.batch.holdings.values()) == found.batch.length_mm == 1_100_000
    assert [(match.label.zh, match.event_id) for match in found.matches] == [
        ("发货单号", ledger.event["dispatch-1"])
    ]
    assert result.current_to is not None
    assert result.current_to.index == ledger.index["production-j"]


def test_a_whole_code_is_answered_by_the_ledger_even_before_the_index_knows_it(
    tx: Connection, ledger: Any, tmp_path: Path, who: Who
) -> None:
    engine = open_sqlite(tmp_path / "empty.db")
    empty = EmbeddedIndex(engine)
    code = BatchCode(ledger.code["L1"][:9])
    label = f"https://trace.example/c/{unit_code(code, 3, b'k' * 32).canonical}"

    (by_batch,) = search(tx, who("dealer"), empty, code.printed).rows
    (by_unit,) = search(tx, who("dealer"), empty, label).rows

    assert (by_batch.batch.code, by_batch.unit) == (ledger.code["L1"], None)
    assert (by_unit.batch.code, by_unit.unit) == (ledger.code["L1"], 3)
    assert search(tx, who("stranger"), empty, code.printed).rows == ()
    engine.dispose()


def test_a_batch_document_names_nobody_but_the_maker(tx: Connection, ledger: Any) -> None:
    batch, *movements = documents_of(tx, frozenset({ledger.code["L1"]}))

    words = {key: value for key, value in asdict(batch).items() if key not in ("parties", "regions")}
    assert "五金" not in repr(words)
    assert "太康" not in repr(words)
    assert "FH-" not in repr(words)
    assert len(movements) == 9
    assert all(movement.version > batch.seq for movement in movements)  # type: ignore[union-attr]


# --- desk and alerts ----------------------------------------------------------------------------------


def test_a_shop_finds_on_its_desk_what_is_on_its_way(tx: Connection, ledger: Any, who: Who) -> None:
    seen = desk(tx, who("shop"), today=TODAY)

    (coming,) = seen.on_their_way
    assert (coming.batch.lot, coming.units, coming.length_mm) == ("L1", ((4, 4),), 250_000)
    assert [row.lot for row in seen.recent] == ["L1"]
    assert [event.index for event in seen.newest] == [ledger.index["dispatch-3"], ledger.index["shop"]]
    assert seen.unconfirmed is None


def test_a_maker_is_reminded_of_a_certificate_that_ends_soon(tx: Connection, who: Who) -> None:
    soon = desk(tx, who("maker"), today=date(2028, 3, 1))
    later = desk(tx, who("maker"), today=TODAY)

    assert soon.due_certificates == 1
    assert later.due_certificates == 0


def test_the_desk_of_a_jurisdiction_counts_unconfirmed_parties_and_shows_its_events(
    tx: Connection, ledger: Any, who: Who
) -> None:
    names = {index: name for name, index in ledger.index.items()}

    fuyang = desk(tx, who("officer of Fuyang"), today=TODAY)

    assert fuyang.unconfirmed == 1
    seen = {names[event.index] for event in fuyang.newest}
    assert "dispatch-3" in seen
    assert seen.isdisjoint({"dispatch-1", "dispatch-2", "receipt-1", "receipt-2", "sampling", "use", "order"})


@pytest.mark.parametrize("reader", ["stranger", "officer of Jinan", "other maker"])
def test_counts_and_newest_events_do_not_leak_foreign_batches(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    seen = desk(tx, who(reader), today=TODAY)

    assert seen.on_their_way == ()
    assert "L1" not in {row.lot for row in seen.recent}
    assert {alert.lot for alert in seen.alerts} <= {"J1"}
    assert sum(seen.alert_counts.values()) == len(seen.alerts)
    assert "FH-" not in repr(asdict(seen))


def test_alerts_come_with_their_words_and_only_to_whom_they_are_open(tx: Connection, who: Who) -> None:
    operator = alert_counts(tx, who("operator"))
    seen = alert_rows(tx, who("site"), rule="receipt-without-dispatch")

    assert operator["receipt-without-dispatch"] == 1
    assert [(row.lot, row.maker_name) for row in seen.rows] == [("L2", "周口市示例电缆有限公司")]
    assert "receipt-without-dispatch" not in alert_counts(tx, who("shop"))
    with pytest.raises(InputError):
        alert_rows(tx, who("operator"), after="not a place")


def test_alerts_are_paged_without_gap_and_cut_to_an_index(tx: Connection, ledger: Any, who: Who) -> None:
    whole = alert_rows(tx, who("operator"), limit=50).rows
    pages, after = [], None
    while True:
        page = alert_rows(tx, who("operator"), limit=1, after=after)
        pages += page.rows
        after = page.after
        if after is None:
            break

    assert tuple(pages) == whole
    assert len(whole) > 1
    early = alert_rows(tx, who("operator"), up_to=ledger.index["supervision-test"]).rows
    assert early == tuple(row for row in whole if row.index <= ledger.index["supervision-test"])
    assert 0 < len(early) < len(whole)


# --- register -----------------------------------------------------------------------------------------


def test_a_party_that_was_merely_named_is_known_to_its_namer_and_its_regulator(
    tx: Connection, who: Who
) -> None:
    def names(reader: str) -> set[str]:
        return {row.name for row in registry.parties(tx, who(reader)).rows}

    shop = "阜阳市示例线缆门市部"
    assert all(shop in names(reader) for reader in ("maker", "shop", "officer of Fuyang", "operator"))
    assert all(shop not in names(reader) for reader in ("dealer", "other maker", "officer of Jinan"))
    assert "周口市示例电缆有限公司" in names("other maker")
    assert registry.party_page(tx, who("other maker"), _shop_id(tx, who), today=TODAY) is None


def _shop_id(tx: Connection, who: Who) -> str:
    (row,) = registry.parties(tx, who("operator"), text="阜阳").rows
    assert (row.confirmed, row.named_by) == (False, "周口市示例电缆有限公司")
    return row.id


def test_a_maker_page_shows_batches_that_are_open_to_the_reader(tx: Connection, who: Who) -> None:
    def lots(reader: str) -> list[str]:
        page = registry.party_page(tx, who(reader), MAKER, today=TODAY)
        assert page is not None
        return [row.lot for row in page.batches]

    assert lots("maker") == ["L2", "L1"]
    assert lots("shop") == ["L1"]
    assert lots("other maker") == []


def test_lists_are_paged_without_gap_or_repetition(tx: Connection, who: Who) -> None:
    def walk(read: Callable[..., Any]) -> list[Any]:
        rows, after = [], None
        while True:
            page = read(limit=2, after=after)
            rows += page.rows
            after = page.after
            if after is None:
                return rows

    operator = who("operator")
    for read in (
        lambda **paging: registry.parties(tx, operator, **paging),
        lambda **paging: registry.products(tx, operator, today=TODAY, **paging),
        lambda **paging: registry.certificates(tx, operator, today=TODAY, **paging),
        lambda **paging: registry.projects(tx, operator, **paging),
    ):
        assert tuple(walk(read)) == read(limit=1000, after=None).rows
        with pytest.raises(InputError):
            read(limit=2, after="nonsense")


def test_products_and_certificates_are_open_to_all_who_are_signed_in(tx: Connection, who: Who) -> None:
    product = registry.product_page(tx, who("stranger"), MAKER, PRODUCT, today=TODAY)
    certificate = registry.certificate_page(tx, who("stranger"), MAKER, LICENCE, today=date(2030, 1, 1))

    assert product is not None
    assert product.certificate is not None
    assert product.certificate.today.word.zh == "有效"
    assert product.batches == ()
    assert certificate is not None
    assert certificate.certificate.card.today.word.zh == "过期"
    assert [row.number for row in certificate.products] == [PRODUCT]
    assert registry.product_page(tx, who("stranger"), MAKER, "P99", today=TODAY) is None
    with pytest.raises(InputError):
        registry.products(tx, who("anybody"), today=TODAY)


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        ("site", True),
        ("supervisor", True),
        ("officer of the county", True),
        ("maker", False),
        ("dealer", False),
        ("officer of Fuyang", False),
    ],
)
def test_a_project_is_open_to_those_who_take_part_in_it(
    tx: Connection, who: Who, reader: str, sees: bool
) -> None:
    page = registry.project_page(tx, who(reader), PROJECT_ID)

    assert (page is not None) is sees
    assert bool(registry.projects(tx, who(reader)).rows) is sees
    if page is not None:
        assert {goods.batch.lot: dict(goods.by) for goods in page.goods} == {
            "L1": {"project": 190_000, "used": 60_000},
            "L2": {"project": 500_000},
        }


def test_every_alert_says_what_to_do_next(tx: Connection, who: Who) -> None:
    assert NEXT.keys() == RULES.keys()
    for row in alert_rows(tx, who("officer of the prefecture")).rows:
        assert row.next_step == NEXT[row.rule]


@pytest.mark.parametrize("typed", ["yjv", "YJV", "Yjv"])
def test_lists_find_letters_in_either_case(tx: Connection, who: Who, typed: str) -> None:
    """As SQLite's LIKE does by itself, and PostgreSQL's does not."""
    found = registry.products(tx, who("maker"), today=TODAY, text=typed).rows
    assert any("YJV" in row.designation for row in found), typed
