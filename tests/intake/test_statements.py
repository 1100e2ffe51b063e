"""A statement of evidence taken names the newest event of the batch's history, and nobody but who made it learns of it."""

from __future__ import annotations

from pathlib import Path

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.ledger import store
from cabletrace.ledger.payload import decode_payload, payload_digest
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from drafts_for_tests import DEALER, MAKER, REGULATOR
from house_for_tests import House, rebuilt, signed_in

COUNTY = signed_in(REGULATOR, Role.REGULATOR, "411603")
CITY = signed_in(REGULATOR, Role.REGULATOR, "411600")


def _sold_to_the_next_county(house: House) -> None:
    house.happened(
        some.production(entered_for=MAKER),
        some.dispatch(units=[(1, 1)], length_mm=250_000, to=DEALER, region="411602", entered_for=MAKER),
    )


def test_a_statement_names_the_newest_event_of_the_whole_history(house: House) -> None:
    _sold_to_the_next_county(house)

    (stated,) = house.record(some.statement(), by=CITY)

    assert isinstance(stated, Receipt)
    with house.reading() as tx:
        row = store.read_row(tx, stated.seq)
        newest = store.read_row(tx, stated.seq - 1)
        assert row is not None
        assert newest is not None
        server = decode_payload(row.payload).server
        assert server["assigned"] == {
            "batch": house.code(MAKER),
            "head": {"n": 1, "digest": payload_digest(newest.payload).hex()},
        }


def test_it_counts_what_came_before_it_in_the_same_group(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))

    *_, stated = house.record(
        some.measure("seal", "封9", units=[(2, 2)], on="2026-05-02"), some.statement(), by=CITY
    )

    assert isinstance(stated, Receipt)
    with house.reading() as tx:
        row = store.read_row(tx, stated.seq)
        assert row is not None
        assert decode_payload(row.payload).server["assigned"]["head"]["n"] == 1


def test_the_batchs_own_stream_says_nothing_of_it(house: House) -> None:
    _sold_to_the_next_county(house)

    (stated,) = house.record(some.statement(), by=CITY)

    assert isinstance(stated, Receipt)
    with house.reading() as tx:
        row = store.read_row(tx, stated.seq)
        assert row is not None
        names = [link["name"] for link in decode_payload(row.payload).server["streams"]]
        assert names == [f"prepared:{REGULATOR}"]


def test_who_sees_a_part_of_the_batch_is_not_told_how_many_events_it_has(house: House) -> None:
    _sold_to_the_next_county(house)

    refused, part = house.record(
        some.statement(), some.statement(taken={"count": 1, "digest": "0" * 64}), by=COUNTY
    )

    assert isinstance(refused, Refusal)
    assert [problem.code for problem in refused.problems] == ["not-whole-within"]
    assert isinstance(part, Receipt)
    with house.reading() as tx:
        row = store.read_row(tx, part.seq)
        assert row is not None
        assert decode_payload(row.payload).server["assigned"] == {"batch": house.code(MAKER)}


def test_a_rebuild_passes_over_it(house: House, tmp_path: Path) -> None:
    _sold_to_the_next_county(house)
    before = house.dump(kind="projection")

    house.record(some.statement(case="案1"), by=CITY)

    after = house.dump(kind="projection")
    assert {table for table in after if after[table] != before[table]} == {"stream_event"}
    assert rebuilt(house, tmp_path) == after
