"""Verification checks every organisation's signature again, with the key as it stood on the ledger at that entry."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.app.verify import verify_ledger
from cabletrace.app.verify_blobs import Note
from cabletrace.auth.policy import Role
from cabletrace.intake import admit, record
from cabletrace.ledger.faults import Fault
from cabletrace.model.admission import Admitted
from damage_for_tests import damage
from drafts_for_tests import DEALER, MAKER, OPERATOR, Envelope, signed
from house_for_tests import House, open_house, signed_in

KEY = "00000000-0000-4000-8000-0000000000c1"
NEW_KEY = "00000000-0000-4000-8000-0000000000c2"
DEALERS_KEY = "00000000-0000-4000-8000-0000000000c3"
UNKNOWN = "00000000-0000-4000-8000-0000000000c4"
MAKERS = signed_in(MAKER, Role.MANUFACTURER)
DEALERS = signed_in(DEALER, Role.DISTRIBUTOR)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A maker and a dealer who have registered keys."""
    with open_house(tmp_path) as house:
        house.happened(some.key(id_=KEY), by=MAKERS)
        house.happened(some.key(DEALER, id_=DEALERS_KEY), by=DEALERS)
        yield house


def faults(folder: Path, **choices: Any) -> list[Fault]:
    return list(verify_ledger(folder, also=(), **choices))


def made(lot: str) -> Envelope:
    return signed(some.production(lot), KEY)


def places(folder: Path, **choices: Any) -> list[tuple[str, tuple[Any, ...], str]]:
    return [(each.table, each.key, each.column) for each in faults(folder, **choices)]


def test_what_was_signed_by_keys_that_came_and_went_is_clean_whole_and_in_parts(
    house: House, tmp_path: Path
) -> None:
    house.happened(made("L1"), signed(some.key(id_=NEW_KEY), KEY), by=MAKERS)
    house.happened(signed(some.key(id_=KEY, revoked=True), KEY), by=MAKERS)
    house.happened(signed(some.production("L2"), NEW_KEY), some.production("L3"), by=MAKERS)

    assert faults(tmp_path, with_projections=True) == []
    for first in range(1, house.size):
        assert faults(tmp_path, first=first) == []


# --- a writer that changes something and makes everything else fit it ----------------------------------
#
# The chain, the tree and the checkpoint follow from what is written, so only the signature tells.


def rewriting(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the committer write payloads of signed drafts otherwise than they came."""
    real = admit.encode_payload

    def encode(**members: Any) -> bytes:
        if members["signature"] is not None:
            change(members)
        return real(**members)

    monkeypatch.setattr(admit, "encode_payload", encode)


def without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admit, "decide", lambda _claim: Admitted(()))
    monkeypatch.setattr(record, "_with_checked_signature", lambda proposal, _keys: proposal)


def _other_draft(members: dict[str, Any]) -> None:
    members["draft"] = members["draft"].replace(b'"lot":"L1"', b'"lot":"L9"')


def _other_value(members: dict[str, Any]) -> None:
    value = bytearray(base64.b64decode(members["signature"]["value"]))
    value[3] ^= 1
    members["signature"]["value"] = base64.b64encode(value).decode()


def _no_base64(members: dict[str, Any]) -> None:
    members["signature"]["value"] = "none"


@pytest.mark.parametrize("change", [_other_draft, _other_value, _no_base64])
def test_a_draft_or_a_signature_that_was_rewritten_with_all_that_follows_is_found(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None]
) -> None:
    rewriting(monkeypatch, change)
    (receipt,) = house.happened(made("L1"), by=MAKERS)
    house.happened(made("L2") if change is not _other_draft else some.production("L2"), by=MAKERS)

    found = faults(tmp_path)

    assert (found[0].table, found[0].key, found[0].column) == ("entry", (receipt.seq,), "payload")
    assert "signature does not fit" in found[0].text.en
    assert KEY in found[0].expected


@pytest.mark.parametrize(
    ("key", "words"),
    [(UNKNOWN, "not registered by then"), (DEALERS_KEY, "not signed with a key of its speaker")],
)
def test_a_signature_by_a_key_that_is_none_or_anothers_is_found(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, words: str
) -> None:
    without_rules(monkeypatch)
    (receipt,) = house.happened(signed(some.production("L1"), key), by=MAKERS)

    (fault,) = faults(tmp_path)

    assert fault.key == (receipt.seq,)
    assert words in fault.text.en


def test_what_was_signed_after_the_key_was_revoked_or_had_run_out_is_found(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.happened(some.key(id_=KEY, revoked=True), some.key(id_=NEW_KEY, valid_to="2026-06-30"), by=MAKERS)
    without_rules(monkeypatch)
    house.happened(some.key(id_=UNKNOWN, valid_from="2026-07-01"), by=MAKERS)
    size = house.size
    house.happened(made("L1"), signed(some.production("L2"), UNKNOWN), by=MAKERS)

    found = faults(tmp_path)

    assert [fault.key for fault in found] == [(size,), (size + 1,)]
    assert all("not valid on that day, or revoked" in fault.text.en for fault in found)


def test_a_key_that_was_exchanged_in_the_ledger_leaves_signatures_that_do_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as house:
        theirs = some.key(id_=KEY, holder=UNKNOWN)
        house.happened(theirs, by=MAKERS)
        without_rules(monkeypatch)
        (receipt,) = house.happened(made("L1"), by=MAKERS)

    (fault,) = faults(tmp_path)

    assert (fault.key, "signature does not fit" in fault.text.en) == ((receipt.seq,), True)


@pytest.mark.parametrize(
    "way", ["registered by the operator", "exchanged under its id", "back from revocation"]
)
def test_a_key_event_that_no_admission_would_have_let_in_is_found_and_not_believed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    house.happened(some.key(id_=NEW_KEY), some.key(id_=NEW_KEY, revoked=True), by=MAKERS)
    without_rules(monkeypatch)
    envelope, actor = {
        "registered by the operator": (some.key(id_=UNKNOWN), signed_in(OPERATOR, Role.OPERATOR)),
        "exchanged under its id": (some.key(id_=KEY, holder=UNKNOWN), MAKERS),
        "back from revocation": (some.key(id_=NEW_KEY), MAKERS),
    }[way]
    (receipt,) = house.happened(envelope, by=actor)

    assert places(tmp_path) == [("entry", (receipt.seq,), "payload")]


def test_a_proof_of_possession_that_does_not_fit_is_found_and_its_key_not_believed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_rules(monkeypatch)
    (receipt,) = house.happened(some.key(id_=NEW_KEY, public_key=some.public_key(UNKNOWN)), by=MAKERS)

    (fault,) = faults(tmp_path)

    assert (fault.key, "proof of possession does not fit" in fault.text.en) == ((receipt.seq,), True)


def test_a_key_from_before_there_were_proofs_is_named_and_is_no_fault(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        without_rules(before)
        old = some.key(id_=NEW_KEY)
        del old["draft"]["body"]["possession"]
        (receipt,) = house.happened(old, by=MAKERS)
    house.happened(
        signed(some.production("L1"), NEW_KEY),
        signed(some.key(id_=NEW_KEY, revoked=True), NEW_KEY),
        by=MAKERS,
    )
    notes: list[Note] = []

    assert faults(tmp_path, with_projections=True, note=notes.append) == []
    assert [(note.table, note.key) for note in notes] == [("entry", str(receipt.seq))]
    assert "without proof of possession" in notes[0].text.en


def test_a_wrong_signature_is_found_in_a_part_too(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.happened(made("L1"), by=MAKERS)
    first = house.size
    rewriting(monkeypatch, _other_value)
    house.happened(made("L2"), by=MAKERS)

    assert places(tmp_path, first=first) == [("entry", (first,), "payload")]
    assert places(tmp_path, last=first - 1) == []


# --- one cell is changed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (
            'UPDATE entry SET payload = swapped(payload, \'"lot":"L1"\', \'"lot":"L9"\') WHERE seq = :signed',
            ("entry", "signed", "payload"),
        ),
        (
            'UPDATE entry SET payload = swapped(payload, \'"value":"\', \'"value":"A\') WHERE seq = :signed',
            ("entry", "signed", "payload"),
        ),
        (
            'UPDATE entry SET payload = swapped(payload, \'"public_key":"\', \'"public_key":"A\') '
            "WHERE seq = :key",
            ("entry", "key", "payload"),
        ),
    ],
)
def test_a_changed_cell_is_one_fault_where_it_was_changed(
    house: House, tmp_path: Path, statement: str, place: tuple[str, str, str]
) -> None:
    key = house.size - 2
    (receipt,) = house.happened(made("L1"), by=MAKERS)
    house.happened(made("L2"), by=MAKERS)
    house.stop()

    tamper(tmp_path, statement, {"signed": receipt.seq, "key": key})

    where = {"signed": receipt.seq, "key": key}[place[1]]
    assert places(tmp_path) == [(place[0], (where,), place[2])]


@pytest.mark.parametrize(
    "change",
    ["public_key = 'x' || substr(public_key, 2)", "revoked = NOT revoked", "valid_to = '2030-01-01'"],
)
def test_a_changed_row_of_the_keys_is_found_with_the_projections(
    house: House, tmp_path: Path, change: str
) -> None:
    house.stop()

    tamper(tmp_path, f"UPDATE signing_key SET {change} WHERE id = :key", {"key": KEY})  # noqa: S608

    assert places(tmp_path, with_projections=True) == [
        ("signing_key", (KEY,), change.split(" ", maxsplit=1)[0])
    ]


def tamper(folder: Path, statement: str, values: dict[str, Any]) -> None:
    damage(folder / "ledger.db", statement, **values)
