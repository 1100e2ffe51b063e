"""A statement of evidence taken names the newest event of the batch's history, and nobody but who made it learns of it."""

from __future__ import annotations

from pathlib import Path

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.ledger import store
from cabletrace.ledger.payload import decode_payload, payload_digest
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from drafts_for_tests import DEALER, MAKER, REGULATOR
from house_for_tests import House, rebuilt, signed_in

LEAD, CASE = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"
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


def test_as_of_an_earlier_checkpoint_it_names_what_was_the_newest_then(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    size = house.size
    house.happened(
        some.dispatch(units=[(1, 1)], length_mm=250_000, to=DEALER, region="411602", entered_for=MAKER)
    )

    *_, stated, of_the_group, too_early, too_late = house.record(
        some.measure("seal", "封9", units=[(2, 2)], on="2026-05-02"),
        some.statement(as_of=size),
        some.statement(as_of=size + 2),
        some.statement(as_of=size - 1),
        some.statement(as_of=size + 9),
        by=CITY,
    )

    for answer in (too_early, too_late):
        assert isinstance(answer, Refusal)
        assert [problem.code for problem in answer.problems] == ["before-it-began"]
    with house.reading() as tx:
        for answer, n in ((stated, 0), (of_the_group, 2)):
            assert isinstance(answer, Receipt)
            row, newest = store.read_row(tx, answer.seq), store.read_row(tx, size - 1 + n)
            assert row is not None
            assert newest is not None
            head = decode_payload(row.payload).server["assigned"]["head"]
            assert head == {"n": n, "digest": payload_digest(newest.payload).hex()}


def test_of_a_case_and_its_lead_it_names_the_newest_and_a_correction_counts(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    about = cases.matter(batches=[house.code(MAKER)])
    begun = [
        cases.lead(LEAD, about=about),
        cases.lead_step(LEAD),
        cases.case(CASE, leads=[LEAD], about=about),
    ]
    step = cases.case_step(CASE, "investigate")
    for each in (*begun, step, corrected := some.correction(step, step)):
        each["draft"]["entered_for"] = REGULATOR
    house.happened(*begun, step, corrected)

    of_case, of_lead, foreign = house.record(
        some.statement({"case": CASE}),
        some.statement({"lead": LEAD}),
        some.statement({"case": LEAD}),
        by=CITY,
    )

    assert isinstance(foreign, Refusal)
    assert [problem.code for problem in foreign.problems] == ["evidence-of-no-case"]
    with house.reading() as tx:
        for answer, n in ((of_case, 2), (of_lead, 1)):
            assert isinstance(answer, Receipt)
            row = store.read_row(tx, answer.seq)
            assert row is not None
            assert decode_payload(row.payload).server["assigned"]["head"]["n"] == n


def test_a_rebuild_passes_over_it(house: House, tmp_path: Path) -> None:
    _sold_to_the_next_county(house)
    before = house.dump(kind="projection")

    house.record(some.statement(case="案1"), by=CITY)

    after = house.dump(kind="projection")
    assert {table for table in after if after[table] != before[table]} == {"stream_event"}
    assert rebuilt(house, tmp_path) == after
