"""Grants 代录: found by pair and by who may enter, on the days they name."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cabletrace.auth.grants import entered_for, load, metadata, remove, write
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.model.state import KnownGrant

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)


def a_grant(
    grantor: str, grantee: str, *kinds: str, seq: int, valid_from: date = FIRST, valid_to: date = LAST
) -> KnownGrant:
    return KnownGrant(
        grantor=grantor, grantee=grantee, kinds=kinds, valid_from=valid_from, valid_to=valid_to, seq=seq
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "ledger.db")
    with begin_write(engine) as tx:
        metadata.create_all(tx)
    yield engine
    engine.dispose()


def test_grants_come_back_by_pair_in_order_and_a_pair_without_any_is_empty(ledger: Engine) -> None:
    early = a_grant("supervisor", "site", "supervision", seq=3)
    late = a_grant("supervisor", "site", "receipt", "sampling", seq=9)
    other = a_grant("authority", "lab", "sampling", seq=5)

    with begin_write(ledger) as tx:
        write(tx, [late, other, early])
    with begin_read(ledger) as tx:
        loaded = load(tx, [("supervisor", "site"), ("site", "supervisor"), ("authority", "lab")])

    assert loaded == {
        ("supervisor", "site"): (early, late),
        ("site", "supervisor"): (),
        ("authority", "lab"): (other,),
    }


def test_asking_for_no_pairs_or_writing_nothing_asks_nothing(ledger: Engine) -> None:
    with begin_write(ledger) as tx:
        write(tx, [])

        assert load(tx, []) == {}


def test_a_corrected_grant_replaces_the_one_of_its_index_and_a_voided_one_goes(ledger: Engine) -> None:
    with begin_write(ledger) as tx:
        write(tx, [a_grant("a", "b", "use", seq=1), a_grant("a", "b", "receipt", seq=2)])
        shorter = a_grant("a", "b", "use", seq=1, valid_to=FIRST)
        write(tx, [shorter])
        remove(tx, [2])

        assert load(tx, [("a", "b")]) == {("a", "b"): (shorter,)}


@pytest.mark.parametrize(
    ("on", "open_"),
    [(date(2026, 3, 31), False), (FIRST, True), (LAST, True), (date(2026, 7, 1), False)],
)
def test_a_grant_holds_on_both_its_days_and_between(ledger: Engine, on: date, open_: bool) -> None:
    with begin_write(ledger) as tx:
        write(tx, [a_grant("supervisor", "site", "supervision", seq=1)])

        assert ("supervisor" in entered_for(tx, "site", "supervision", on)) == open_


def test_a_grant_holds_for_its_kinds_and_its_grantee_alone(ledger: Engine) -> None:
    with begin_write(ledger) as tx:
        write(
            tx,
            [
                a_grant("supervisor", "site", "supervision", seq=1),
                a_grant("owner", "site", "supervision", "use", seq=2),
            ],
        )

        assert entered_for(tx, "site", "supervision", FIRST) == {"supervisor", "owner"}
        assert entered_for(tx, "site", "use", FIRST) == {"owner"}
        assert entered_for(tx, "supervisor", "supervision", FIRST) == frozenset()


def test_the_right_to_grant_and_to_register_keys_cannot_be_lent(ledger: Engine) -> None:
    with begin_write(ledger) as tx:
        write(tx, [a_grant("maker", "agent", "grant", "key", "production", seq=1)])

        assert entered_for(tx, "agent", "production", FIRST) == {"maker"}
        assert entered_for(tx, "agent", "grant", FIRST) == frozenset()
        assert entered_for(tx, "agent", "key", FIRST) == frozenset()


@pytest.mark.sqlite("PostgreSQL chooses an index by what stands in a table, which is nothing here")
def test_loading_a_group_uses_the_index(ledger: Engine) -> None:
    statement = (
        "EXPLAIN QUERY PLAN SELECT * FROM grant_ WHERE (grantor, grantee) IN (VALUES ('a', 'b'), ('c', 'd'))"
    )

    with begin_read(ledger) as tx:
        plan = " ".join(str(row) for row in tx.exec_driver_sql(statement))

    assert "grant_by_grantee" in plan
