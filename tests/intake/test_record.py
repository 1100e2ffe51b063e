"""Recording: one write path, where the same thing said twice is one event and a refusal leaves no trace."""

import asyncio
import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.blobs.store import Blob
from cabletrace.clock import format_instant
from cabletrace.errors import InputError
from cabletrace.intake.admit import Admission
from cabletrace.intake.rebuild import METADATA
from cabletrace.intake.record import MAX_DRAFT_BYTES, prepare, prepared_or_refused, read_envelope
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger.payload import decode_payload, payload_digest
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_row, read_rows, read_stream
from cabletrace.model.admission import Refusal
from cabletrace.model.values import party_id
from cabletrace.personal import disclosures
from cabletrace.personal.commitment import is_commitment, opens
from drafts_for_tests import (
    DEALER,
    MAKER,
    OPERATOR,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    batch_of,
)
from house_for_tests import House, at_the_machine, signed_in
from world_for_tests import NOON

EVERYTHING = (*METADATA, disclosures.metadata)
NAME = "质检员示例某"


def made(**members: Any) -> Envelope:
    return some.production(loose_mm=100_000, entered_for=MAKER, **members)


def with_a_name(envelope: Envelope, name: str = NAME) -> Envelope:
    envelope["draft"]["by"] = [{"role": "inspector", "name": name}]
    return envelope


def refused(answer: Receipt | Refusal) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


def codes(answer: Receipt | Refusal) -> set[str]:
    return {problem.code for problem in refused(answer).problems}


# --- the same thing said twice ------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("named", [True, False], ids=["with a committed name", "without names"])
def test_the_same_draft_again_gives_the_first_receipt(house: House, together: bool, named: bool) -> None:
    envelope = with_a_name(made()) if named else made()

    if together:
        first, again = house.happened(envelope, deepcopy(envelope))
    else:
        (first,), (again,) = house.happened(envelope), house.happened(deepcopy(envelope))

    assert again == first
    assert house.size == len(some.the_cast()) + 1


def test_a_receipt_given_again_lies_under_the_newest_checkpoint(house: House) -> None:
    envelope = made()
    (first,) = house.happened(envelope)
    house.happened(made(lot="L2"))

    (again,) = house.happened(envelope)

    assert (again.event_id, again.seq, again.entry_hash) == (first.event_id, first.seq, first.entry_hash)
    assert b"\n13\n" in again.checkpoint


@pytest.mark.parametrize("together", [True, False])
def test_the_same_id_with_another_content_is_refused(house: House, together: bool) -> None:
    envelope = made()
    other = deepcopy(envelope)
    other["draft"]["body"]["line"] = "2 号线"

    if together:
        first, second = house.record(envelope, other)
    else:
        (first,), (second,) = house.record(envelope), house.record(other)

    assert isinstance(first, Receipt)
    assert (codes(second), refused(second).status) == ({"same-id-other-content"}, 409)


@pytest.mark.parametrize("together", [True, False])
def test_the_same_draft_with_another_name_is_another_content(house: House, together: bool) -> None:
    envelope = with_a_name(made())
    other = with_a_name(deepcopy(envelope), "另一示例某")

    if together:
        _, second = house.record(envelope, other)
    else:
        house.happened(envelope)
        (second,) = house.record(other)

    assert codes(second) == {"same-id-other-content"}


def test_a_refused_draft_may_come_again_once_its_ground_is_gone(house: House) -> None:
    early = some.dispatch(units=[(1, 1)], entered_for=MAKER)

    first, _, second = house.record(early, made(), deepcopy(early))

    assert codes(first) == {"batch-unknown"}
    assert isinstance(second, Receipt)


# --- order inside a group -----------------------------------------------------------------------------


def test_a_later_draft_of_a_group_sees_the_earlier_ones(house: House) -> None:
    answers = house.record(
        made(),
        some.dispatch(units=[(1, 2)], entered_for=MAKER),
        some.dispatch(units=[(2, 3)], entered_for=MAKER),
        some.receipt(units=[(1, 2)], entered_for=DEALER),
    )

    assert [isinstance(answer, Receipt) for answer in answers] == [True, True, False, True]
    assert codes(answers[2]) == {"not-held"}
    with house.reading() as tx:
        row = read_row(tx, house.size - 1)
    assert row is not None
    assert read_recorded(row).marks == ()


def test_a_whole_register_may_come_in_one_group(house: House) -> None:
    """The certificate of a product that is new in the group was looked up with the product."""
    answers = house.record(
        some.product(number="P77", certificate="（豫）XK06-001-00999", entered_for=MAKER),
        some.production("L77", product="P77", entered_for=MAKER),
    )

    assert [type(answer) for answer in answers] == [Receipt, Receipt]
    with house.reading() as tx:
        row = read_row(tx, house.size - 1)
    assert row is not None
    assert read_recorded(row).marks == ("certificate-not-valid-at-production",)


def test_a_new_grant_does_not_make_the_house_forget_an_older_one(house: House) -> None:
    house.happened(some.grant(SUPERVISOR, SITE, "supervision", entered_for=SUPERVISOR), made())
    house.restart()
    house.happened(some.grant(SUPERVISOR, SITE, "acceptance", entered_for=SUPERVISOR))

    (answer,) = house.record(some.supervision(entered_for=SUPERVISOR), by=signed_in(SITE, Role.CONTRACTOR))

    assert isinstance(answer, Receipt)


# --- nothing is left of a refusal ---------------------------------------------------------------------


def test_a_refused_draft_leaves_no_trace(house: House) -> None:
    house.happened(made())
    before = house.dump(EVERYTHING)

    answers = house.record(
        with_a_name(some.dispatch(units=[(9, 9)], entered_for=MAKER)),
        with_a_name(some.production("L2", length_mm=5, entered_for=MAKER)),
        with_a_name(some.production("L3", on="2023-01-01", ask=True, entered_for=MAKER)),
        with_a_name(some.use(length_mm=999_999, entered_for=SITE)),
    )

    assert all(isinstance(answer, Refusal) for answer in answers)
    assert house.dump(EVERYTHING) == before


def test_a_refusal_stops_no_other(house: House) -> None:
    answers = house.record(
        made(), {"draft": {"kind": "nonsense"}}, some.dispatch(units=[(1, 1)], entered_for=MAKER)
    )

    assert [type(answer) for answer in answers] == [Receipt, Refusal, Receipt]


# --- names --------------------------------------------------------------------------------------------


def test_a_name_never_stands_in_the_ledger_in_clear(tmp_path: Path, house: House) -> None:
    (receipt,) = house.happened(with_a_name(made()))

    with house.reading() as tx:
        tables = set(inspect(tx).get_table_names())
        cells = [
            cell
            for table in tables - {"disclosure"}
            for row in tx.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            for cell in row
        ]
    assert {"entry", "stream_event", "run"} < tables
    spellings = (NAME.encode(), json.dumps(NAME)[1:-1].encode(), NAME.encode("gb18030"))
    for cell in cells:
        data = cell if isinstance(cell, bytes) else str(cell).encode()
        assert not any(spelling in data for spelling in spellings)
    with house.reading() as tx:
        ((opened,),) = disclosures.read(tx, [receipt.event_id]).values()
    assert opened.value == NAME


def test_the_commitment_on_the_ledger_opens_to_the_disclosed_name_at_its_place_only(house: House) -> None:
    (receipt,) = house.happened(with_a_name(made()))

    with house.reading() as tx:
        row = read_row(tx, receipt.seq)
        ((opened,),) = disclosures.read(tx, [receipt.event_id]).values()
    assert row is not None
    committed = json.loads(decode_payload(row.payload).draft)["by"][0]["name"]
    assert is_commitment(committed)
    assert opens(committed, opened.salt, "/by/0/name", NAME)
    assert not opens(committed, opened.salt, "/by/1/name", NAME)


def test_two_events_of_one_person_do_not_show_that_it_is_one_person(house: House) -> None:
    house.happened(with_a_name(made()), with_a_name(made(lot="L2")))

    with house.reading() as tx:
        rows = list(read_rows(tx, house.size - 2))
    one, other = (json.loads(decode_payload(row.payload).draft)["by"][0]["name"] for row in rows)
    assert one != other


def test_a_client_cannot_pass_a_commitment_off_as_a_name(house: House) -> None:
    (answer,) = house.record(with_a_name(made(), "#" + "A" * 43))

    assert codes(answer) == {"wrong-disclosure"}
    assert refused(answer).problems[0].where == "/by/0/name"


# --- the door -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("envelope", "where", "code"),
    [
        ({}, "/draft", "wrong-input"),
        ({"draft": []}, "/draft", "wrong-input"),
        ({"draft": {}, "note": 1}, "/note", "wrong-input"),
        ({"draft": {}, "signature": {}}, "/signature", "wrong-input"),
        ({"draft": made()["draft"], "disclosures": {}}, "/disclosures", "wrong-disclosure"),
        ({"draft": {"id": None}}, "/id", "wrong-input"),
    ],
)
def test_an_envelope_is_a_draft_and_nothing_unknown_beside_it(
    envelope: dict[str, Any], where: str, code: str
) -> None:
    with pytest.raises(InputError) as raised:
        prepare(envelope, at_the_machine())

    assert (raised.value.problems[0].where, raised.value.code) == (where, code)


def test_a_draft_that_is_too_large_is_told_its_size_and_the_limit(house: House) -> None:
    long = [{"sha256": "0" * 64, "name": "报" * 190, "media_type": "image/jpeg", "size": 1}] * 50
    wide = [{"material": "copper", "lot": "铜" * 70, "mass_g": 1}] * 100

    large = made(documents=long)
    large["draft"]["body"]["materials"] = wide
    (answer,) = house.record(large)

    assert (codes(answer), refused(answer).status) == ({"too-large"}, 413)
    assert f"{MAX_DRAFT_BYTES:,}" in refused(answer).problems[0].detail.zh


def test_the_largest_draft_that_is_taken_fits_on_the_ledger_with_all_its_names(house: House) -> None:
    """Commitments may be longer than the names: the ledger must still have room for them."""
    large = made(documents=[], by=[{"role": "inspector", "name": "甲"} for _ in range(20)])
    size = len(json.dumps(large["draft"], ensure_ascii=False, separators=(",", ":")).encode())
    for left in range(50):
        missing = MAX_DRAFT_BYTES - size - 120 * (left + 1)
        name = "x" * max(1, min(200, missing))
        large["draft"]["documents"].append(
            {"sha256": "0" * 64, "name": name, "media_type": "a/" + "b" * 90, "size": 2**53 - 1}
        )
    large["draft"]["body"]["materials"] = [
        {"material": "compound", "lot": "料" * 80, "mass_g": 2**53 - 1} for _ in range(88)
    ]
    size = len(json.dumps(large["draft"], ensure_ascii=False, separators=(",", ":")).encode())
    assert MAX_DRAFT_BYTES * 0.9 < size <= MAX_DRAFT_BYTES, size

    house.restart(Admission(lambda sha256: Blob(sha256, "a/" + "b" * 90, 2**53 - 1)))

    (answer,) = house.record(large)

    assert isinstance(answer, Receipt)


def test_what_has_not_happened_yet_is_refused_by_the_ledgers_clock(house: House) -> None:
    house.happened(made())
    soon = format_instant(NOON + timedelta(minutes=11))

    (answer,) = house.record(some.dispatch(units=[(1, 1)], on=None, occurred_at=soon, entered_for=MAKER))

    assert codes(answer) == {"in-the-future"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "malformed-json"),
        (b'{"draft":{"a":1,"a":2}}', "wrong-input"),
        (b'{"draft":{"a":1.5}}', "wrong-input"),
        (b'{"draft":{"a":null}}', "wrong-input"),
        (b"[]", "wrong-input"),
        (b'{"draft":"' + b"x" * 200_000 + b'"}', "too-large"),
    ],
)
def test_bytes_are_read_strictly_before_anything_else(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as raised:
        read_envelope(data)

    assert raised.value.code == code


# --- who may record what ------------------------------------------------------------------------------


def test_an_organisation_records_its_own_statements(house: House) -> None:
    maker = signed_in(MAKER, Role.MANUFACTURER)

    (answer,) = house.record(some.production(), by=maker)

    assert isinstance(answer, Receipt)
    assert answer.seq == len(some.the_cast())


@pytest.mark.parametrize(
    ("envelope", "party", "role", "code"),
    [
        (some.production(), DEALER, Role.DISTRIBUTOR, "not-allowed"),
        (some.dispatch(units=[(1, 1)], entered_for=MAKER), DEALER, Role.DISTRIBUTOR, "no-grant-to-enter"),
        (some.supervision(), SITE, Role.CONTRACTOR, "not-allowed"),
        (some.supervision(entered_for=SITE), SITE, Role.CONTRACTOR, "not-allowed"),
        (some.supervision(entered_for=SUPERVISOR), SITE, Role.CONTRACTOR, "no-grant-to-enter"),
        (some.grant(SITE, DEALER, "receipt", entered_for=SITE), DEALER, Role.DISTRIBUTOR, "not-allowed"),
        (some.key(MAKER, entered_for=MAKER), DEALER, Role.DISTRIBUTOR, "not-allowed"),
        (some.sampling(place={"region": "370112"}), REGULATOR, Role.REGULATOR, "not-allowed"),
        (some.dispatch(units=[(1, 1)]), OPERATOR, Role.OPERATOR, "not-allowed"),
    ],
    ids=[
        "not of its trade",
        "without a grant",
        "the site opines",
        "the site opines for itself",
        "the site opines for the supervisor",
        "a grant is not lent",
        "a key is not lent",
        "outside its jurisdiction",
        "the operator states no fact of trade",
    ],
)
def test_nobody_says_what_is_not_theirs_to_say(
    house: House, envelope: Envelope, party: str, role: Role, code: str
) -> None:
    house.happened(made())

    (answer,) = house.record(deepcopy(envelope), by=signed_in(party, role, "4116"))

    assert (codes(answer), refused(answer).status) == ({code}, 403)


@pytest.mark.parametrize(("region", "reaches"), [("4116", True), ("6101", False)])
def test_an_officer_corrects_what_concerns_the_region_of_the_account(
    house: House, region: str, reaches: bool
) -> None:
    sent = some.dispatch(units=[(3, 3)], entered_for=MAKER)
    house.happened(made(), sent)

    (answer,) = house.record(some.correction(sent), by=signed_in(REGULATOR, Role.REGULATOR, region))

    assert isinstance(answer, Receipt) is reaches
    assert reaches or codes(answer) == {"outside-jurisdiction"}


def test_nobody_who_is_not_signed_in_records_anything() -> None:
    answer = prepared_or_refused(some.production(), Actor.anonymous())

    assert isinstance(answer, Refusal)
    assert answer.status == 401


def test_what_is_entered_for_another_names_both(house: House) -> None:
    house.happened(made(), some.grant(SUPERVISOR, SITE, "supervision", entered_for=SUPERVISOR))
    site = signed_in(SITE, Role.CONTRACTOR)

    (receipt,) = house.happened(some.supervision(entered_for=SUPERVISOR), by=site)

    with house.reading() as tx:
        row = read_row(tx, receipt.seq)
    assert row is not None
    event = read_recorded(row)
    assert (event.actor, event.speaker, event.account) == (party_id(SITE), SUPERVISOR, site.account)
    assert event.marks == ()


# --- what an event carries ----------------------------------------------------------------------------


def test_a_production_is_answered_with_the_code_that_later_events_carry_too(house: House) -> None:
    made_, sent = house.happened(made(), some.dispatch(units=[(1, 1)], entered_for=MAKER))

    with house.reading() as tx:
        rows = [read_row(tx, seq) for seq in (made_.seq, sent.seq)]
    batches = {read_recorded(row).batch for row in rows if row is not None}
    assert batches == {house.code(MAKER)}


def test_the_streams_of_every_event_are_chains(house: House) -> None:
    house.happened(made(), some.dispatch(units=[(1, 3)], to=SITE, region="411627", entered_for=MAKER))
    house.happened(
        some.receipt(units=[(1, 2)], project=PROJECT, entered_for=SITE),
        some.supervision(units=[(1, 2)], entered_for=SUPERVISOR),
        some.use(entered_for=SITE),
    )
    house.happened(some.dispatch(batch_of(), units=[(4, 4)], entered_for=MAKER))

    heads: dict[str, tuple[int, str]] = {}
    with house.reading() as tx:
        for row in read_rows(tx):
            for link in decode_payload(row.payload).server["streams"]:
                n, digest = heads.get(link["name"], (-1, None))
                assert link["n"] == n + 1
                assert link.get("prev") == digest
                heads[link["name"]] = (link["n"], payload_digest(row.payload).hex())
        stream = f"batch:{house.code(MAKER)}"
        events = [read_recorded(row).draft.kind for row in read_stream(tx, stream)]
    assert events == ["production", "dispatch", "receipt", "supervision", "use", "dispatch"]
    assert heads[stream][0] == 5


def test_whoever_waits_asynchronously_gets_the_same_answers(house: House) -> None:
    actor = at_the_machine()
    batch = prepare(made(), actor)
    rest = [
        prepared_or_refused(each, actor)
        for each in (some.dispatch(units=[(1, 1)], entered_for=MAKER), {"draft": 5})
    ]

    async def record() -> list[Receipt | Refusal]:
        return [await house.intake.record(batch), *await house.intake.record_many(rest)]

    first, second, third = asyncio.run(record())

    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert codes(third) == {"wrong-input"}
