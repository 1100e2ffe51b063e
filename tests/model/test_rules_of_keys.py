"""Rules of keys and signatures: who may register and take back a key, and which signature is whose, when."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import uuid4

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.rules_of_keys import SIGNED
from drafts_for_tests import DEALER, MAKER, OPERATOR, OTHER_MAKER, REGULATOR, Envelope, signed
from world_for_tests import NOON, World, world_with_a_batch

KEY = "00000000-0000-4000-8000-0000000000c1"


@pytest.fixture
def world() -> World:
    """The maker has registered its key."""
    world = world_with_a_batch()
    world.happened(some.key(id_=KEY), by=MAKER)
    return world


def found(verdict: Admitted | Refusal) -> tuple[set[str], int]:
    assert isinstance(verdict, Refusal), verdict
    return {problem.code for problem in verdict.problems}, verdict.status


def made(lot: str = "L2", **members: object) -> Envelope:
    return some.production(lot, **members)


# --- keys ---------------------------------------------------------------------------------------------


def test_a_new_key_beside_the_old_one_is_how_keys_are_rotated(world: World) -> None:
    new = str(uuid4())

    assert isinstance(world.hear(signed(some.key(id_=new), KEY), by=MAKER), Admitted)
    assert isinstance(world.hear(some.key(id_=KEY, revoked=True), by=MAKER), Admitted)
    assert isinstance(world.hear(signed(made(), new), by=MAKER), Admitted)


@pytest.mark.parametrize("authority", [REGULATOR, OPERATOR])
def test_an_authority_takes_back_a_key_whose_owner_cannot(world: World, authority: str) -> None:
    taken_back = world.hear(some.key(id_=KEY, revoked=True), by=authority)

    assert isinstance(taken_back, Admitted)
    assert found(world.hear(signed(made(), KEY), by=MAKER)) == ({"signature-key-not-valid"}, 403)


@pytest.mark.parametrize("stranger", [DEALER, OTHER_MAKER])
def test_nobody_else_takes_back_a_key(world: World, stranger: str) -> None:
    assert found(world.hear(some.key(id_=KEY, revoked=True), by=stranger)) == ({"speaks-for-another"}, 403)


@pytest.mark.parametrize("authority", [REGULATOR, OPERATOR])
def test_no_authority_registers_a_key_for_another_party(world: World, authority: str) -> None:
    verdict = world.hear(some.key(), by=authority, anybody=True)
    entered = world.hear(some.key(entered_for=MAKER), by=authority, anybody=True)

    assert found(verdict) == ({"speaks-for-another", "key-entered-by-another"}, 403)
    assert found(entered) == ({"key-entered-by-another"}, 403)


def test_what_is_revoked_stays_revoked(world: World) -> None:
    world.happened(some.key(id_=KEY, revoked=True), by=MAKER)

    assert found(world.hear(some.key(id_=KEY), by=MAKER)) == ({"key-revoked"}, 409)
    assert found(world.hear(some.key(id_=KEY, revoked=True), by=MAKER)) == ({"key-revoked"}, 409)


def test_under_its_id_a_key_never_becomes_another(world: World) -> None:
    other_bytes = some.key(id_=KEY, holder=str(uuid4()))
    other_owner = some.key(DEALER, id_=KEY)

    assert found(world.hear(other_bytes, by=MAKER)) == ({"key-taken"}, 409)
    assert found(world.hear(other_owner, by=DEALER)) == ({"key-taken"}, 409)


def test_nobody_registers_the_public_key_of_another_as_its_own(world: World) -> None:
    verdict = world.hear(some.key(DEALER, holder=KEY), by=DEALER)

    assert found(verdict) == ({"key-taken"}, 409)


def test_the_owner_may_change_until_when_its_key_is_good(world: World) -> None:
    assert isinstance(world.hear(some.key(id_=KEY, valid_to="2027-12-31"), by=MAKER), Admitted)
    assert found(world.hear(some.key(id_=KEY, valid_to="2026-06-29"), by=MAKER)) == ({"key-over"}, 422)


def test_a_key_is_registered_only_with_a_proof_that_its_private_key_is_held(world: World) -> None:
    without = some.key()
    del without["draft"]["body"]["possession"]
    by_another = some.key(public_key=some.public_key("another's"))

    assert found(world.hear(without, by=MAKER)) == ({"key-not-possessed"}, 422)
    assert found(world.hear(by_another, by=MAKER)) == ({"key-not-possessed"}, 422)
    assert isinstance(world.hear(some.key(), by=MAKER), Admitted)


@pytest.mark.parametrize("part", ["event", "key", "owner"])
def test_a_proof_is_good_for_one_event_one_key_and_one_owner(world: World, part: str) -> None:
    made = some.key(id_="00000000-0000-4000-8000-0000000000c7")
    draft = made["draft"]
    other = str(uuid4())
    if part == "event":
        draft["id"] = other
    elif part == "key":
        draft["subject"]["key"] = other
    else:
        draft["body"]["owner"] = DEALER

    assert found(world.hear(made, by=DEALER if part == "owner" else MAKER)) == ({"key-not-possessed"}, 422)


def test_a_proof_for_another_ledger_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(some, "ORIGIN", "another.example/ledger")

    assert found(world.hear(some.key(), by=MAKER)) == ({"key-not-possessed"}, 422)


def test_the_words_of_the_refusal_are_the_command_that_makes_the_proof(world: World) -> None:
    without = some.key(id_=KEY)
    del without["draft"]["body"]["possession"]

    refused = world.hear(without, by=MAKER)

    assert isinstance(refused, Refusal)
    remedy = refused.problems[0].remedy
    assert remedy is not None
    command = f"prove-key --key FILE --key-id {KEY} {some.ORIGIN} {MAKER} {without['draft']['id']}"
    assert command in remedy.zh
    assert command in remedy.en


# --- signatures ---------------------------------------------------------------------------------------


def test_a_signature_by_the_speakers_key_is_admitted_without_a_mark(world: World) -> None:
    assert world.hear(signed(made(), KEY), by=MAKER) == Admitted(())


def test_a_statement_that_another_enters_is_signed_by_whose_it_is(world: World) -> None:
    world.happened(some.grant(MAKER, DEALER, "production"), by=MAKER)
    world.happened(some.key(DEALER, id_=(dealers := str(uuid4()))), by=DEALER)
    for_the_maker = made(entered_for=MAKER)

    by_who_enters = world.hear(signed(for_the_maker, dealers), by=DEALER)
    by_the_speaker = world.hear(signed(for_the_maker, KEY), by=DEALER)

    assert found(by_who_enters) == ({"signature-of-another"}, 403)
    assert by_the_speaker == Admitted(())


def test_a_signature_lends_nobody_the_right_to_enter(world: World) -> None:
    verdict = world.hear(signed(made(entered_for=MAKER), KEY), by=DEALER)

    assert found(verdict) == ({"no-grant-to-enter"}, 403)


def test_a_draft_that_somebody_signed_is_nobody_elses_to_send_as_its_own(world: World) -> None:
    stolen = signed(some.receipt(units=[(1, 1)]), KEY)

    assert found(world.hear(stolen, by=DEALER)) == ({"signature-of-another"}, 403)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "good"),
    [
        ("2026-06-30", "2026-06-30", True),
        ("2026-07-01", "2026-12-31", False),
        ("2026-01-01", "2026-06-30", True),
    ],
)
def test_a_key_is_judged_on_the_day_of_the_entry(
    world: World, valid_from: str, valid_to: str, good: bool
) -> None:
    world.happened(some.key(id_=(key := str(uuid4())), valid_from=valid_from, valid_to=valid_to), by=MAKER)

    today = world.hear(signed(made(on="2026-04-01"), key), by=MAKER)
    tomorrow = world.hear(signed(made("L3", on="2026-04-01"), key), by=MAKER, at=NOON + timedelta(days=1))

    assert isinstance(today, Admitted) is good
    assert isinstance(tomorrow, Admitted) is (valid_to > "2026-06-30")
    for verdict in (today, tomorrow):
        assert isinstance(verdict, Admitted) or found(verdict) == ({"signature-key-not-valid"}, 403)


def test_a_key_that_nobody_registered_signs_nothing(world: World) -> None:
    assert found(world.hear(signed(made(), str(uuid4())), by=MAKER)) == ({"signature-key-unknown"}, 422)


def test_a_signature_by_one_key_does_not_pass_for_one_by_another_of_the_same_party(world: World) -> None:
    world.happened(some.key(id_=(other := str(uuid4()))), by=MAKER)
    envelope = signed(made(), KEY)
    envelope["signature"]["key"] = other

    assert found(world.hear(envelope, by=MAKER)) == ({"signature-wrong"}, 422)


def test_a_wrong_signature_is_shown_the_bytes_that_it_must_cover(world: World) -> None:
    envelope = made()
    envelope["signature"] = {"key": KEY, "value": base64.b64encode(bytes(64)).decode()}

    verdict = world.hear(envelope, by=MAKER)

    assert isinstance(verdict, Refusal)
    (problem,) = verdict.problems
    assert (problem.code, problem.where) == ("signature-wrong", "/signature/value")
    assert problem.remedy is not None
    assert '{"body":{"length_mm":1000000,"product":"P01"' in problem.remedy.en


def test_every_rule_of_signatures_has_its_words() -> None:
    assert [rule.name for rule in SIGNED] == [
        "signature-key-unknown",
        "signature-of-another",
        "signature-key-not-valid",
        "signature-wrong",
    ]
    for rule in SIGNED:
        assert rule.title.zh
        assert rule.ground.en
