"""Erasure: clear text and salt are destroyed with the event that says so, and every proof stays."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write, empty_wal
from cabletrace.intake.rebuild import projections, rebuild
from cabletrace.ledger import store
from cabletrace.ledger.entry import decode_entry
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.proof_file import check_proof_file
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from cabletrace.personal import disclosures
from cabletrace.queries.events import proof_of_index
from cabletrace.registry import register
from drafts_for_tests import LABORATORY, MAKER, REGULATOR, Envelope
from house_for_tests import NAMES_KEY, SIGNER, House, open_house, signed_in

KEEPER, INSPECTOR = "库管员示例某", "质检员示例某"
PEOPLE = [{"role": "inspector", "name": INSPECTOR}, {"role": "keeper", "name": KEEPER}]
CALLER, PHONE = "投诉人示例某", "000-1234-5678"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def made(**members: Any) -> Envelope:
    return some.production(by=deepcopy(PEOPLE), entered_for=MAKER, **members)


def complaint(**members: Any) -> Envelope:
    body = {
        "text": "买来的线发烫",
        "complainant": {"name": CALLER, "phone": PHONE},
        "wants": "refund",
        "against": MAKER,
    }
    return some.envelope(
        "complaint", {"party": MAKER}, body, on="2026-05-01", place={"region": "411603"}, **members
    )


def erasure(of: Envelope, *pointers: str, ground: str = "consent-withdrawn", **members: Any) -> Envelope:
    subject = {"event": of["draft"]["id"], "kind": of["draft"]["kind"]}
    return some.envelope("erasure", subject, {"pointers": list(pointers), "ground": ground}, **members)


def said(house: House, of: Envelope) -> dict[str, str]:
    """What is still disclosed of an event, by place."""
    id_ = of["draft"]["id"]
    with house.reading() as tx:
        return {each.pointer: each.value for each in disclosures.read(tx, [id_]).get(id_, [])}


def refused(answer: object) -> set[str]:
    assert isinstance(answer, Refusal), answer
    return {problem.code for problem in answer.problems}


# --- what is destroyed --------------------------------------------------------------------------------


def test_what_is_erased_is_gone_and_the_rest_is_there(house: House) -> None:
    event = made()
    house.happened(event)

    house.happened(erasure(event, "/by/1/name", entered_for=MAKER))

    assert said(house, event) == {"/by/0/name": INSPECTOR}
    with house.reading() as tx:
        (known,) = register.erasures(tx, [event["draft"]["id"]])[event["draft"]["id"]].values()
        assert (known.pointer, known.ground, known.seq) == ("/by/1/name", "consent-withdrawn", house.size - 1)
        assert disclosures.named(tx, NAMES_KEY, KEEPER) == []
        assert disclosures.named(tx, NAMES_KEY, INSPECTOR) == [(event["draft"]["id"], "/by/0/name")]


@pytest.mark.sqlite("it is about the file itself")
def test_no_byte_of_an_erased_name_is_left_in_any_file(house: House, tmp_path: Path) -> None:
    events = [made(lot=f"L{n}") for n in range(2, 30)]
    for n, event in enumerate(events):
        event["draft"]["by"][1]["name"] = f"{KEEPER}{n:03}"
    house.happened(*events, complaint())
    assert empty_wal(house.engine)
    files = [tmp_path / name for name in ("ledger.db", "ledger.db-wal")]
    assert KEEPER.encode() in files[0].read_bytes()  # else this would prove nothing

    house.happened(*(erasure(event, "/by/1/name", entered_for=MAKER) for event in events))
    in_the_log = KEEPER.encode() in files[1].read_bytes() + files[0].read_bytes()
    assert empty_wal(house.engine)

    assert in_the_log
    assert [file.name for file in files if KEEPER.encode() in file.read_bytes()] == []
    assert INSPECTOR.encode() in files[0].read_bytes()


def test_what_comes_and_is_erased_in_one_group_is_gone_too(house: House, tmp_path: Path) -> None:
    event = made()

    first, second = house.record(event, erasure(event, "/by/1/name", entered_for=MAKER))

    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert said(house, event) == {"/by/0/name": INSPECTOR}


@pytest.mark.sqlite("it is about the file itself")
def test_name_and_phone_of_who_complained_are_erased(house: House, tmp_path: Path) -> None:
    event = complaint()
    house.happened(event)
    assert said(house, event) == {"/body/complainant/name": CALLER, "/body/complainant/phone": PHONE}

    pointers = ["/body/complainant/name", "/body/complainant/phone"]
    house.happened(erasure(event, *pointers, ground="purpose-achieved", entered_for=REGULATOR))
    assert empty_wal(house.engine)

    assert said(house, event) == {}
    left = (tmp_path / "ledger.db").read_bytes()
    assert CALLER.encode() not in left
    assert PHONE.encode() not in left


@pytest.mark.sqlite("it is about the file itself")
def test_a_log_that_somebody_reads_is_not_emptied_and_nobody_waits_for_it(house: House) -> None:
    house.happened(made())

    with house.reading() as tx:
        store.read_head(tx)
        house.happened(made(lot="L2"))
        while_read = empty_wal(house.engine)

    assert not while_read
    assert empty_wal(house.engine)


# --- proofs -------------------------------------------------------------------------------------------


def test_every_byte_and_every_proof_is_the_same_before_and_after(house: House) -> None:
    event = made()
    (receipt,) = house.happened(event)
    with house.reading() as tx:
        before = store.read_row(tx, receipt.seq)
        proof_before = proof_of_index(tx, receipt.seq)

    house.happened(erasure(event, "/by/1/name", entered_for=MAKER))

    key = VerifierKey.parse(SIGNER.verifier_key.format())
    with house.reading() as tx:
        row = store.read_row(tx, receipt.seq)
        after = proof_of_index(tx, receipt.seq)
    assert row == before is not None
    assert decode_entry(row.entry).event == sha256(row.payload).digest()
    for data in (proof_before, after):
        assert data is not None
        assert check_proof_file(data, entry=row.entry, vkey=key)[0] == receipt.seq


def test_a_rebuild_gives_the_same_register_of_erasures_and_brings_no_name_back(house: House) -> None:
    event = made()
    house.happened(event, erasure(event, "/by/1/name", entered_for=MAKER))
    live = house.dump(kind="projection")

    with begin_write(house.engine) as tx:
        for table in projections():
            tx.execute(table.delete())
        rebuild(tx, tx)

    assert house.dump(kind="projection") == live
    assert live["erasure"] != []
    assert said(house, event) == {"/by/0/name": INSPECTOR}


# --- who, what ----------------------------------------------------------------------------------------


def test_a_statutory_responsible_person_is_locked(house: House) -> None:
    event = made()
    house.happened(event)

    (answer,) = house.record(erasure(event, "/by/1/name", "/by/0/name", entered_for=MAKER))

    assert refused(answer) == {"person-locked"}
    assert isinstance(answer, Refusal)
    assert answer.problems[0].where == "/body/pointers/1"
    assert said(house, event) == {"/by/0/name": INSPECTOR, "/by/1/name": KEEPER}


@pytest.mark.parametrize("role", ["inspector", "acceptor", "engineer", "tester", "officer"])
def test_whoever_answers_for_quality_for_life_is_locked(house: House, role: str) -> None:
    event = made()
    event["draft"]["by"] = [{"role": role, "name": INSPECTOR}]
    house.happened(event)

    (answer,) = house.record(erasure(event, "/by/0/name", entered_for=MAKER))

    assert refused(answer) == {"person-locked"}


def test_what_was_erased_is_not_erased_again(house: House) -> None:
    event = made()
    house.happened(event)
    once, again = (erasure(event, "/by/1/name", entered_for=MAKER) for _ in range(2))

    together = house.record(once, again)
    (later,) = house.record(erasure(event, "/by/1/name", entered_for=MAKER))

    assert isinstance(together[0], Receipt)
    assert refused(together[1]) == refused(later) == {"already-erased"}


def test_a_place_that_is_named_twice_is_erased_once(house: House) -> None:
    event = made()
    house.happened(event, erasure(event, "/by/1/name", "/by/1/name", entered_for=MAKER))

    assert said(house, event) == {"/by/0/name": INSPECTOR}


def test_only_personal_data_are_erased(house: House) -> None:
    event = made()
    house.happened(event)

    (answer,) = house.record(erasure(event, "/body/product", entered_for=MAKER))

    assert refused(answer) == {"nothing-to-erase"}


def test_others_do_not_erase_and_authorities_do(house: House) -> None:
    event = made()
    house.happened(event)

    (laboratory,) = house.record(erasure(event, "/by/1/name"), by=signed_in(LABORATORY, Role.LABORATORY))
    (regulator,) = house.record(erasure(event, "/by/1/name"), by=signed_in(REGULATOR, Role.REGULATOR, "4116"))

    assert refused(laboratory) == {"erases-anothers"}
    assert isinstance(regulator, Receipt)


def test_the_persons_of_a_correction_are_its_own(house: House) -> None:
    event = some.dispatch(units=[(1, 1)], by=[{"role": "keeper", "name": KEEPER}], entered_for=MAKER)
    house.happened(made(), event)
    right = {**event["draft"]["body"], "delivery_note": "FH-9"}
    correction = some.envelope(
        "correction",
        {"event": event["draft"]["id"], "kind": "dispatch"},
        {"reason": "单号录错", "right": right},
        on="2026-04-10",
        by=[{"role": "keeper", "name": f"另一{KEEPER}"}],
        entered_for=MAKER,
    )
    house.happened(correction)

    house.happened(erasure(correction, "/by/0/name", entered_for=MAKER))

    assert said(house, correction) == {}
    assert said(house, event) == {"/by/0/name": KEEPER}


def test_an_authority_answers_a_complaint_about_a_batch_that_nobody_has_in_memory(house: House) -> None:
    house.happened(made())
    event = some.envelope(
        "complaint", some.batch_of(), complaint()["draft"]["body"], on="2026-05-01",
        place={"region": "411603"}, entered_for=REGULATOR,
    )  # fmt: skip
    house.happened(event)
    house.restart()
    subject = {"event": event["draft"]["id"], "kind": "complaint"}
    done = {"action": "accepted", "text": "已受理"}

    (answer,) = house.record(
        some.envelope("notice-reply", subject, done, on="2026-05-02", entered_for=REGULATOR)
    )

    assert isinstance(answer, Receipt)


# --- said again ---------------------------------------------------------------------------------------


def test_the_same_draft_after_an_erasure_gets_its_first_receipt_and_nothing_comes_back(house: House) -> None:
    event = made()
    (first,) = house.happened(event)
    house.happened(erasure(event, "/by/1/name", entered_for=MAKER))
    size = house.size

    (again,) = house.happened(deepcopy(event))

    assert (again.seq, again.entry_hash) == (first.seq, first.entry_hash)
    assert house.size == size
    assert said(house, event) == {"/by/0/name": INSPECTOR}


def test_after_an_erasure_nobody_learns_by_guessing_which_name_it_was(house: House) -> None:
    """The erased name can be compared with nothing, so any other gets the same answer."""
    event, guess = made(), made()
    guess["draft"] = {**deepcopy(event["draft"]), "by": [PEOPLE[0], {"role": "keeper", "name": "猜一个"}]}
    (first,) = house.happened(event)
    (before,) = house.record(guess)
    house.happened(erasure(event, "/by/1/name", entered_for=MAKER))

    (after,) = house.record(guess)

    assert refused(before) == {"same-id-other-content"}
    assert isinstance(after, Receipt)
    assert after.seq == first.seq
    assert said(house, event) == {"/by/0/name": INSPECTOR}


@pytest.mark.parametrize("change", ["role", "a name that is there", "one person more", "the rest"])
def test_after_an_erasure_everything_else_still_has_to_be_the_same(house: House, change: str) -> None:
    event = made()
    house.happened(event, erasure(event, "/by/1/name", entered_for=MAKER))
    other = deepcopy(event)
    people = other["draft"]["by"]
    match change:
        case "role":
            people[1]["role"] = "witness"
        case "a name that is there":
            people[0]["name"] = KEEPER
        case "one person more":
            people.append({"role": "keeper", "name": KEEPER})
        case "the rest":
            other["draft"]["body"]["line"] = "2 号线"

    (answer,) = house.record(other)

    assert refused(answer) == {"same-id-other-content"}


def test_a_name_that_is_gone_without_an_erasure_is_not_taken_for_erased(house: House) -> None:
    event = made()
    house.happened(event)
    with begin_write(house.engine) as tx:
        disclosures.erase(tx, [(event["draft"]["id"], "/by/1/name")])

    (answer,) = house.record(deepcopy(event))

    assert refused(answer) == {"same-id-other-content"}
