"""A certification body speaks of what it issued itself, and its word about that stands above the holder's."""

from __future__ import annotations

from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.state import issuer_of, status_on
from cabletrace.model.values import party_id
from drafts_for_tests import LICENCE, MAKER, REGULATOR
from world_for_tests import NOON, World, world_with_a_batch

BODY, OTHER_BODY = (f"00000000-0000-4000-8000-0000000000f{n}" for n in (2, 3))
NUMBER = "2020010105123456"
KEY = (party_id(MAKER), NUMBER)
TODAY = NOON.date()


def ccc(**said: Any) -> some.Envelope:
    return some.certificate(number=NUMBER, type="ccc", **said)


@pytest.fixture
def world() -> World:
    """Two certification bodies; the maker's certificate names the first as its issuer."""
    world = world_with_a_batch()
    world.happened(some.party(BODY, "示例认证中心", "certifier", region="110105"))
    world.happened(some.party(OTHER_BODY, "例示认证有限公司", "certifier", region="310115"))
    world.happened(ccc(issued_by=BODY), by=MAKER)
    return world


def refused(verdict: Admitted | Refusal) -> set[str]:
    return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()


def standing(world: World) -> str:
    return status_on(world.state.certificates[KEY], TODAY)


def test_an_event_of_before_that_names_no_issuer_or_one_in_words_is_read_as_ever(world: World) -> None:
    world.happened(some.certificate(number="A-1", issuer="某认证机构"), by=MAKER)
    (in_words,) = world.state.certificates[party_id(MAKER), "A-1"]
    (unsaid,) = world.state.certificates[party_id(MAKER), LICENCE]

    assert (in_words.issuer, in_words.issued_by) == ("某认证机构", None)
    assert (unsaid.issuer, unsaid.issued_by) == (None, None)


def test_whoever_is_named_as_issuer_must_be_registered(world: World) -> None:
    assert refused(world.hear(ccc(issued_by=some.NOBODY), by=MAKER)) == {"unknown-party"}


def test_its_issuer_suspends_resumes_and_withdraws_a_certificate(world: World) -> None:
    for status in ("suspended", "valid", "withdrawn", "cancelled"):
        verdict = world.hear(ccc(status=status), by=BODY)

        assert verdict == Admitted(()), status
        assert standing(world) == status


@pytest.mark.parametrize("said", [{}, {"issued_by": OTHER_BODY}])
def test_another_body_says_nothing_of_it(world: World, said: dict[str, str]) -> None:
    verdict = world.hear(ccc(status="withdrawn", **said), by=OTHER_BODY)

    assert refused(verdict) == {"not-its-certificate"}
    assert "示例认证中心" in str(verdict)
    assert standing(world) == "valid"


def test_nobody_takes_a_certificate_over_whose_issuer_is_not_said_or_said_in_words(world: World) -> None:
    world.happened(some.certificate(number="A-1", issuer="某认证机构"), by=MAKER)

    for number in ("A-1", LICENCE):
        verdict = world.hear(some.certificate(number=number, issued_by=BODY), by=BODY)
        assert refused(verdict) == {"not-its-certificate"}, number


def test_a_body_registers_a_new_certificate_as_its_own_and_as_nobody_elses(world: World) -> None:
    def new(**said: Any) -> Admitted | Refusal:
        return world.hear(some.certificate(number="B-7", type="ccc", **said), by=BODY)

    assert refused(new()) == {"not-its-certificate"}
    assert refused(new(issued_by=OTHER_BODY)) == {"not-its-certificate"}
    assert new(issued_by=BODY) == Admitted(())


def test_a_holder_does_not_lift_what_its_issuer_or_an_authority_has_said(world: World) -> None:
    for who in (BODY, REGULATOR):
        assert world.hear(ccc(status="suspended"), by=who) == Admitted(())

        assert refused(world.hear(ccc(), by=MAKER)) == {"against-its-issuer"}
        assert standing(world) == "suspended"
        assert world.hear(ccc(), by=who) == Admitted(())
        assert world.hear(ccc(), by=MAKER) == Admitted(())


def test_a_holder_may_say_that_its_certificate_holds_on_days_of_which_nobody_said_otherwise(
    world: World,
) -> None:
    world.happened(ccc(status="suspended", valid_from="2026-06-01"), by=BODY)
    world.happened(some.certificate(number="C-1"), by=MAKER)

    before = ccc(valid_from="2023-04-20", valid_to="2026-05-31")
    renewed = ccc(valid_from="2028-04-20", valid_to="2033-04-19")

    assert world.hear(before, by=MAKER) == Admitted(())
    assert world.hear(renewed, by=MAKER) == Admitted(())
    assert world.hear(ccc(status="cancelled"), by=MAKER) == Admitted(())


def test_a_holder_names_another_issuer_only_until_the_issuer_has_spoken(world: World) -> None:
    assert world.hear(ccc(issued_by=OTHER_BODY), by=MAKER) == Admitted(())
    assert world.hear(ccc(issued_by=BODY), by=MAKER) == Admitted(())
    world.happened(ccc(issued_by=BODY), by=BODY)

    assert refused(world.hear(ccc(issued_by=OTHER_BODY), by=MAKER)) == {"against-its-issuer"}
    assert issuer_of(world.state.certificates[KEY]) == BODY


def test_a_body_corrects_what_it_said_of_its_own_certificate_and_a_holder_gets_round_nothing_so(
    world: World,
) -> None:
    registered, suspended = ccc(issued_by=BODY), ccc(status="suspended", issued_by=BODY)
    world.happened(registered, by=MAKER)
    world.happened(suspended, by=BODY)

    def correct(of: some.Envelope, right: some.Envelope, by: str) -> Admitted | Refusal:
        return world.hear(some.correction(of, right), by=by)

    assert refused(correct(registered, ccc(issued_by=OTHER_BODY), MAKER)) == {"against-its-issuer"}
    assert correct(suspended, ccc(status="withdrawn", issued_by=BODY), BODY) == Admitted(())
    assert standing(world) == "withdrawn"
