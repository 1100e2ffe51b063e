"""Signed events: checked at the door, judged at the entry's time, kept beside the draft, and never half believed."""

from __future__ import annotations

import asyncio
import base64
import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_write
from cabletrace.errors import InputError
from cabletrace.intake.admit import Admission, Proposal
from cabletrace.intake.personal_fields import read_said
from cabletrace.intake.rebuild import projections, rebuild
from cabletrace.intake.record import prepare, prepared_or_refused
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import canonical
from cabletrace.ledger.payload import decode_payload, format_salt
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_row
from cabletrace.model.admission import Refusal
from cabletrace.model.signature import verifies
from cabletrace.personal import disclosures
from cabletrace.registry import register
from drafts_for_tests import DEALER, MAKER, OPERATOR, Envelope, public_key, signed
from house_for_tests import House, rows_of, signed_in

KEY = "00000000-0000-4000-8000-0000000000c1"
NAME = "检验员示例某"
MAKERS = signed_in(MAKER, Role.MANUFACTURER)
BY_API_KEY = replace(MAKERS, via="api-key")


@pytest.fixture
def house(house: House) -> House:
    """The maker has registered its key."""
    house.happened(some.key(id_=KEY), by=MAKERS)
    return house


def made(lot: str = "L1", **members: object) -> Envelope:
    return some.production(lot, **members)


def codes(answer: Receipt | Refusal) -> set[str]:
    assert isinstance(answer, Refusal), answer
    return {problem.code for problem in answer.problems}


def spoiled(envelope: Envelope, **members: str) -> Envelope:
    return {**envelope, "signature": {**envelope["signature"], **members}}


# --- what stands on the ledger ------------------------------------------------------------------------


def test_a_signature_stands_beside_the_drafts_canonical_bytes_and_fits_them(house: House) -> None:
    envelope = signed(made(), KEY)

    (receipt,) = house.happened(envelope, by=MAKERS)

    with house.reading() as tx:
        row = read_row(tx, receipt.seq)
    assert row is not None
    payload = decode_payload(row.payload)
    assert payload.draft == canonical.encode(envelope["draft"])
    assert payload.signature == envelope["signature"]
    assert verifies(public_key(KEY), envelope["signature"]["value"], payload.draft)
    assert read_recorded(row).signed_with == KEY


def test_another_spelling_of_the_same_json_is_the_same_draft_and_its_signature_fits(house: House) -> None:
    """What is signed are the canonical bytes, however the envelope travels."""
    envelope = signed(made(), KEY)
    travelled = json.loads(
        json.dumps({**envelope, "draft": dict(reversed(envelope["draft"].items()))}, indent=2)
    )

    assert isinstance(house.record(travelled, by=MAKERS)[0], Receipt)


def test_whoever_signed_another_spelling_is_shown_the_right_one(house: House) -> None:
    envelope = made()
    pretty = json.dumps(envelope["draft"], indent=1).encode()
    value = base64.b64encode(some.private_key(KEY).sign(pretty)).decode()

    (answer,) = house.record({**envelope, "signature": {"key": KEY, "value": value}}, by=MAKERS)

    assert isinstance(answer, Refusal)
    (problem,) = answer.problems
    assert (problem.code, problem.where, answer.status) == ("signature-wrong", "/signature/value", 422)
    assert problem.remedy is not None
    assert canonical.encode(envelope["draft"]).decode() in problem.remedy.en


def test_a_signed_draft_is_never_changed_so_names_in_clear_are_refused(house: House) -> None:
    envelope = signed(made(by=[{"role": "inspector", "name": "质检员示例某"}]), KEY)

    with pytest.raises(InputError) as refused:
        prepare(envelope, MAKERS)

    assert refused.value.problems[0].where == "/by/0/name"


def test_names_that_the_signer_committed_are_kept_beside_and_may_be_erased_under_a_signature_that_still_fits(
    house: House,
) -> None:
    envelope = committed_and_signed(made(by=[{"role": "keeper", "name": NAME}]))
    (receipt,) = house.happened(envelope, by=MAKERS)
    event = envelope["draft"]["id"]
    with house.reading() as tx:
        (disclosed,) = disclosures.read(tx, [event])[event]

    house.happened(some.erasure(event, "production", "/by/0/name", ground="consent-withdrawn"), by=MAKERS)

    with house.reading() as tx:
        row, left = read_row(tx, receipt.seq), disclosures.read(tx, [event])
    assert disclosed.value == NAME
    assert left == {}
    assert row is not None
    payload = decode_payload(row.payload)
    assert verifies(public_key(KEY), envelope["signature"]["value"], payload.draft)
    assert NAME.encode() not in row.payload


def committed_and_signed(envelope: Envelope) -> Envelope:
    said = read_said(canonical.encode(envelope["draft"]), None, lambda _: bytes(16))
    opened = [
        {"at": each.pointer, "salt": format_salt(each.salt), "value": each.value} for each in said.opened
    ]
    return {**signed({"draft": json.loads(said.stored)}, KEY), "disclosures": opened}


# --- the door -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signature", "where"),
    [
        ("", "/signature"),
        (None, "/signature"),
        ({"key": KEY, "value": "not base64"}, "/signature/value"),
        ({"key": KEY, "value": base64.b64encode(bytes(63)).decode()}, "/signature/value"),
        ({"key": "K1", "value": base64.b64encode(bytes(64)).decode()}, "/signature/key"),
    ],
)
def test_rubbish_in_place_of_a_signature_is_wrong_input(signature: object, where: str) -> None:
    with pytest.raises(InputError) as refused:
        prepare({**made(), "signature": signature}, MAKERS)

    assert (refused.value.code, refused.value.problems[0].where) == ("wrong-input", where)


def test_a_signature_over_other_bytes_or_by_another_key_never_reaches_the_committer(house: House) -> None:
    signed_other = {**made(), "signature": signed(made("L2"), KEY)["signature"]}
    by_another = spoiled(signed(made(), str(uuid4())), key=KEY)
    seen: list[Proposal] = []
    house.intake._committer = _Spy(seen)  # type: ignore[assignment]

    answers = house.record(signed_other, by_another, by=MAKERS)

    assert [codes(answer) for answer in answers] == [{"signature-wrong"}] * 2
    assert seen == []


class _Spy:
    def __init__(self, seen: list[Proposal]) -> None:
        self._seen = seen

    def propose(self, proposals: list[Proposal]) -> list[object]:
        self._seen += proposals
        return []


@pytest.mark.parametrize("through", ["record", "record_many"])
def test_every_way_in_checks_signatures(house: House, through: str) -> None:
    good, bad = signed(made(), KEY), {**made("L2"), "signature": signed(made("L3"), KEY)["signature"]}

    async def go() -> list[Receipt | Refusal]:
        prepared = [prepared_or_refused(each, MAKERS) for each in (good, bad)]
        if through == "record_many":
            return await house.intake.record_many(prepared)
        return [await house.intake.record(each) for each in prepared if isinstance(each, Proposal)]

    first, second = asyncio.run(go())

    assert isinstance(first, Receipt)
    assert codes(second) == {"signature-wrong"}


# --- judged at the entry's time -----------------------------------------------------------------------


def test_a_key_may_be_registered_and_used_in_one_request(house: House) -> None:
    new = str(uuid4())

    answers = house.record(some.key(id_=new), signed(made(), new), by=MAKERS)
    wrong = house.record(
        some.key(id_=(newer := str(uuid4()))), spoiled(signed(made("L2"), KEY), key=newer), by=MAKERS
    )

    assert all(isinstance(answer, Receipt) for answer in answers)
    assert codes(wrong[1]) == {"signature-wrong"}  # found by the rule: the door could not know the key yet


def test_a_key_that_is_revoked_earlier_in_the_same_group_signs_nothing_more(house: House) -> None:
    before, revoked, after = house.record(
        signed(made(), KEY), some.key(id_=KEY, revoked=True), signed(made("L2"), KEY), by=MAKERS
    )

    assert isinstance(before, Receipt)
    assert isinstance(revoked, Receipt)
    assert codes(after) == {"signature-key-not-valid"}


def test_what_the_door_found_right_is_judged_again_with_the_key_as_it_is_at_the_entry(house: House) -> None:
    """Between door and entry the key is revoked."""
    (proposal,) = house.intake._checked([prepare(signed(made(), KEY), MAKERS)])
    assert isinstance(proposal, Proposal)
    assert proposal.signature is not None
    assert proposal.signature.checked_with == public_key(KEY)
    house.happened(some.key(id_=KEY, revoked=True), by=MAKERS)

    assert house.sequencer is not None
    (future,) = house.sequencer.propose([proposal])

    assert codes(future.result(10)) == {"signature-key-not-valid"}


def test_a_word_of_the_door_about_another_key_counts_for_nothing(house: House) -> None:
    """The rule compares the very public key; a proposal that was checked with another is checked again."""
    other = str(uuid4())
    proposal = prepare(spoiled(signed(made(), other), key=KEY), MAKERS)
    assert proposal.signature is not None
    vouched = replace(proposal, signature=proposal.signature.checked(public_key(other)))

    assert house.sequencer is not None
    (future,) = house.sequencer.propose([vouched])

    assert codes(future.result(10)) == {"signature-wrong"}


def test_keys_are_known_again_after_a_restart_and_a_rebuild(house: House, tmp_path: Path) -> None:
    house.happened(signed(made(), KEY), some.key(id_=str(uuid4())), by=MAKERS)
    house.restart(Admission())
    house.happened(signed(made("L2"), KEY), some.key(id_=KEY, revoked=True), by=MAKERS)

    rebuilt = open_database(tmp_path / "rebuilt.db")
    with begin_write(rebuilt) as tx, house.reading() as ledger:
        for table in projections():
            table.create(tx)
        rebuild(ledger, tx)
        again = rows_of(tx, register.signing_key)
    rebuilt.dispose()

    assert again == house.dump()["signing_key"]
    assert len(again) == 2


# --- who registers ------------------------------------------------------------------------------------


def test_the_first_key_is_registered_by_a_person_and_the_next_under_its_signature(house: House) -> None:
    dealers = signed_in(DEALER, Role.DISTRIBUTOR)
    first, second = str(uuid4()), str(uuid4())

    by_program = prepared_or_refused(some.key(DEALER, first), replace(dealers, via="api-key"))
    (by_person,) = house.record(some.key(DEALER, first), by=dealers)
    (next_one,) = house.record(signed(some.key(DEALER, second), first), by=replace(dealers, via="api-key"))
    (revoked,) = house.record(some.key(DEALER, first, revoked=True), by=replace(dealers, via="api-key"))

    assert codes(by_program) == {"not-allowed"}  # type: ignore[arg-type]
    assert isinstance(by_person, Receipt)
    assert isinstance(next_one, Receipt)
    assert isinstance(revoked, Receipt)


def test_a_program_with_an_api_key_cannot_lengthen_a_key_without_a_signature(house: House) -> None:
    longer = some.key(id_=KEY, valid_to="2029-12-31")

    assert codes(house.record(longer, by=BY_API_KEY)[0]) == {"not-allowed"}
    assert isinstance(house.record(signed(longer, KEY), by=BY_API_KEY)[0], Receipt)


def test_nobody_at_the_machine_registers_a_key_for_an_organisation(house: House) -> None:
    (answer,) = house.record(some.key(entered_for=MAKER))

    assert codes(answer) == {"key-entered-by-another"}


def test_the_operator_takes_back_the_key_of_a_lost_account(house: House) -> None:
    operator: Actor = signed_in(OPERATOR, Role.OPERATOR)

    (answer,) = house.record(some.key(id_=KEY, revoked=True), by=operator)

    assert isinstance(answer, Receipt)
    assert codes(house.record(signed(made(), KEY), by=MAKERS)[0]) == {"signature-key-not-valid"}


# --- the same thing said twice ------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
def test_a_signed_draft_again_gives_the_first_receipt_with_and_without_its_signature(
    house: House, together: bool
) -> None:
    envelope = signed(made(), KEY)
    bare = {"draft": deepcopy(envelope["draft"])}

    if together:
        first, again, unsigned = house.record(envelope, deepcopy(envelope), bare, by=MAKERS)
    else:
        (first,), (again,), (unsigned,) = (
            house.record(each, by=MAKERS) for each in (envelope, envelope, bare)
        )

    assert isinstance(first, Receipt)
    assert again == unsigned == first or (again.seq, unsigned.seq) == (first.seq, first.seq)  # type: ignore[union-attr]


@pytest.mark.parametrize("together", [True, False])
def test_nobody_is_told_that_a_signature_was_recorded_which_was_not(house: House, together: bool) -> None:
    bare = made()
    envelope = signed(deepcopy(bare), KEY)

    if together:
        first, later = house.record(bare, envelope, by=MAKERS)
    else:
        (first,), (later,) = house.record(bare, by=MAKERS), house.record(envelope, by=MAKERS)

    assert isinstance(first, Receipt)
    assert codes(later) == {"recorded-unsigned"}


def test_a_retry_after_the_key_was_rotated_gives_the_first_receipt(house: House) -> None:
    envelope = made()
    (first,) = house.happened(signed(envelope, KEY), by=MAKERS)
    house.happened(some.key(id_=(new := str(uuid4()))), some.key(id_=KEY, revoked=True), by=MAKERS)

    (old_signature,) = house.record(signed(envelope, KEY), by=MAKERS)
    (new_signature,) = house.record(signed(envelope, new), by=MAKERS)

    assert isinstance(old_signature, Receipt)
    assert isinstance(new_signature, Receipt)
    assert old_signature.seq == new_signature.seq == first.seq
