"""An alert from checks on the ledger, what an authority finds out about it, and what becomes of it when that was wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.intake.record import prepare
from cabletrace.model.admission import Refusal
from cabletrace.model.state import KnownSuspicion
from cabletrace.registry import register
from drafts_for_tests import MAKER, OPERATOR, REGULATOR, Envelope
from house_for_tests import House, rebuilt, signed_in

RAISED = some.alert(unit=2)
FOUND = some.finding(RAISED["draft"]["id"])


@pytest.fixture
def batch(house: House) -> House:
    """The cast's batch, with an alert about its drum 2."""
    house.happened(*CHAIN, RAISED)
    return house


CHAIN = (
    some.certificate(entered_for=MAKER),
    some.product(entered_for=MAKER),
    some.production(entered_for=MAKER),
)


def standing(house: House) -> KnownSuspicion:
    with house.reading() as tx:
        (known,) = register.suspicions_of(tx, house.code(MAKER))
    return known


def of_regulator(envelope: Envelope) -> Envelope:
    return {"draft": envelope["draft"] | {"entered_for": REGULATOR}}


def test_an_alert_waits_for_a_finding_and_stands_with_its_result(batch: House) -> None:
    before = standing(batch)
    batch.happened(of_regulator(FOUND))
    after = standing(batch)

    assert (before.unit, before.rule, before.result) == (2, "places-apart", None)
    assert (after.result, after.found_by, after.found_region) == ("confirmed", REGULATOR, "411602")
    assert after.finding == FOUND["draft"]["id"]


def test_a_second_finding_is_refused_and_a_correction_of_the_first_changes_it(batch: House) -> None:
    batch.happened(of_regulator(FOUND))

    (again,) = batch.record(of_regulator(some.finding(RAISED["draft"]["id"], "dismissed")))
    right = some.finding(RAISED["draft"]["id"], "dismissed", place={})
    batch.happened(of_regulator(some.correction(FOUND, right, on="2026-04-28")))

    assert isinstance(again, Refusal)
    assert again.problems[0].code == "found-already"
    assert (standing(batch).result, standing(batch).found_region) == ("dismissed", None)


def test_a_finding_that_is_voided_opens_the_alert_again_and_cannot_come_back_over_a_newer_one(
    batch: House,
) -> None:
    batch.happened(of_regulator(FOUND))
    void = of_regulator(some.correction(FOUND, None))
    batch.happened(void)
    opened = standing(batch)
    newer = of_regulator(some.finding(RAISED["draft"]["id"], "dismissed"))
    batch.happened(newer)

    (back,) = batch.record(
        of_regulator(some.correction(FOUND, FOUND, newest=void["draft"]["id"], on="2026-04-28"))
    )

    assert (opened.result, opened.finding, opened.found_by, opened.found_on) == (None, None, None, None)
    assert isinstance(back, Refusal)
    assert [problem.code for problem in back.problems] == ["found-already"]
    assert standing(batch).finding == newer["draft"]["id"]


def test_a_correction_that_confirms_without_a_place_is_refused_like_a_finding(batch: House) -> None:
    batch.happened(of_regulator(some.finding(RAISED["draft"]["id"], "dismissed", place={})))
    first = standing(batch).finding
    assert first is not None
    of = {"draft": {"id": first, "kind": "alert-finding"}}

    (answer,) = batch.record(
        of_regulator(some.correction(of, some.finding(RAISED["draft"]["id"], place={}), on="2026-04-28"))
    )

    assert isinstance(answer, Refusal)
    assert [problem.code for problem in answer.problems] == ["found-nowhere"]


@pytest.mark.parametrize(("region", "is_let"), [("411600", True), ("440100", True), ("610100", False)])
def test_an_authority_finds_out_about_what_concerns_its_region_the_makers_or_that_of_a_check(
    batch: House, region: str, is_let: bool
) -> None:
    """The maker sits in 周口; people stated 周口 and 广州; nothing of it is in 西安."""
    officer = signed_in(REGULATOR, Role.REGULATOR, region)

    (answer,) = batch.record(some.finding(RAISED["draft"]["id"], "dismissed", place={}), by=officer)

    assert isinstance(answer, Refusal) is not is_let
    if isinstance(answer, Refusal):
        assert [problem.code for problem in answer.problems] == ["outside-jurisdiction"]


@pytest.mark.parametrize(
    ("party", "role"),
    [(MAKER, Role.MANUFACTURER), (some.DEALER, Role.DISTRIBUTOR), (OPERATOR, Role.OPERATOR)],
)
def test_nobody_enters_an_alert_over_http_and_only_an_authority_a_finding(party: str, role: Role) -> None:
    for envelope in (some.alert(), FOUND):
        with pytest.raises(InputError) as raised:
            prepare(envelope, signed_in(party, role))
        assert raised.value.problems[0].code == "not-allowed"
    with pytest.raises(InputError):
        prepare(some.alert(), signed_in(REGULATOR, Role.REGULATOR, "411600"))


def test_a_rebuild_leads_to_the_same_rows_after_findings_corrections_and_voids(
    batch: House, tmp_path: Path
) -> None:
    other = some.alert(unit=3, rule="many-regions")
    batch.happened(other, of_regulator(FOUND))
    void = of_regulator(some.correction(FOUND, None))
    gone = some.finding(other["draft"]["id"], "dismissed", place={})
    batch.happened(void, of_regulator(gone))
    right = some.finding(other["draft"]["id"])
    batch.happened(of_regulator(some.correction(gone, right, on="2026-04-29")))

    dump = batch.dump(kind="projection")

    assert rebuilt(batch, tmp_path) == dump
    assert len(dump["suspicion"]) == 2
