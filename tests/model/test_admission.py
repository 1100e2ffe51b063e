"""Admission: a judgement names everything it found, changes nothing, and looks only at what was wanted."""

from copy import deepcopy

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal, all_wanted
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, NOBODY, OTHER_MAKER, PROJECT, SITE, SUPERVISOR, batch_of
from world_for_tests import World, draft_of, world_with_a_batch


def codes(verdict: Admitted | Refusal) -> list[str]:
    assert isinstance(verdict, Refusal)
    return [problem.code for problem in verdict.problems]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    world = world_with_a_batch()
    many = some.dispatch(units=[(2, 6)], length_mm=5, to=NOBODY, on="2026-03-02")

    verdict = world.hear(many, by=MAKER)

    assert codes(verdict) == [
        "unknown-party",
        "unit-not-in-batch",
        "before-production",
        "length-contradicts-units",
    ]


@pytest.mark.parametrize(
    ("envelope", "by", "status"),
    [
        (some.dispatch(units=[(9, 9)], entered_for=MAKER), DEALER, 422),
        (some.dispatch(units=[(1, 1)], length_mm=1, entered_for=MAKER), DEALER, 403),
        (some.dispatch(units=[(1, 1)], length_mm=1), MAKER, 409),
        (some.production("L2", on="2023-01-01", ask=True), MAKER, 409),
    ],
    ids=["input before authority", "authority before arithmetic", "arithmetic", "permission"],
)
def test_a_refusal_has_the_status_of_what_comes_first(envelope: some.Envelope, by: str, status: int) -> None:
    verdict = world_with_a_batch().hear(envelope, by=by)

    assert isinstance(verdict, Refusal)
    assert verdict.status == status


def test_a_refusal_for_arithmetic_also_names_what_would_have_needed_leave() -> None:
    world = world_with_a_batch()
    spoiled = some.production("L2", on="2023-01-01", length_mm=5, ask=True)

    assert codes(world.hear(spoiled, by=MAKER)) == [
        "units-do-not-add-up",
        "certificate-not-valid-at-production",
    ]


def test_marks_are_sorted_and_each_stands_once() -> None:
    world = world_with_a_batch()
    world.happened(some.receipt(units=[(1, 2)], project=PROJECT), by=SITE)

    verdict = world.hear(
        some.acceptance(units=[(1, 2)], measured=[(1, 1_000), (2, 1_000)], on="2026-03-31"), by=SITE
    )

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("length-deviates", "seen-before-production")


@pytest.mark.parametrize(
    ("envelope", "by"),
    [
        (some.dispatch(units=[(1, 9)]), MAKER),
        (some.dispatch(units=[(1, 1)]), OTHER_MAKER),
        (some.use(length_mm=999_999), SITE),
        (some.production("L1"), MAKER),
        (some.receipt(batch_of(lot="L404"), units=[(1, 1)]), DEALER),
        (some.product(designation="铁丝"), MAKER),
    ],
)
def test_a_refused_draft_changes_nothing(envelope: some.Envelope, by: str) -> None:
    world = world_with_a_batch()
    before = deepcopy((world.state.books, world.state.products, world.seq, world.postings))

    verdict = world.hear(envelope, by=by)

    assert isinstance(verdict, Refusal)
    assert (world.state.books, world.state.products, world.seq, world.postings) == before


@pytest.mark.parametrize(
    "envelope",
    [
        some.party(DEALER, "周口市例示五金经营部"),
        some.certificate(),
        some.product(),
        some.project(owner=DEALER),
        some.key(),
        some.grant(MAKER, DEALER, "receipt"),
        some.order(project=PROJECT),
        some.production(designation=some.DESIGNATION),
        some.report(),
        some.dispatch(units=[(1, 1)]),
        some.receipt(units=[(1, 1)], project=PROJECT),
        some.acceptance(),
        some.supervision(),
        some.use(),
        some.sampling(authority=DEALER),
        some.split(),
        some.returned(units=[(1, 1)]),
        some.disposal(units=[(1, 1)]),
        some.sale(unit=1, length_mm=5),
        some.inspection({"project": PROJECT}, goods={"marks": "无", "holder": DEALER}),
        some.measure("release", of="封1", against=DEALER),
        some.recall(),
        some.notice(),
        some.notice_reply(NOBODY),
        some.complaint(against=DEALER),
        some.hint({"goods": some.GOODS}),
        some.confirmation({"goods": some.GOODS}),
        some.alias({"goods": some.GOODS}, batch=batch_of()["batch"]),
        some.alias(code="KC-1"),
        some.correction(some.dispatch(units=[(1, 1)]), some.dispatch(units=[(1, 1)], to=DEALER)),
        some.erasure(NOBODY, "acceptance", "/by/0/name"),
        some.read({"project": PROJECT}),
    ],
    ids=lambda envelope: envelope["draft"]["kind"],
)
def test_what_is_wanted_is_all_that_judging_looks_at(envelope: some.Envelope) -> None:
    nothing_registered = World()

    envelope["draft"]["entered_for"] = MAKER
    verdict = nothing_registered.hear(envelope, by=DEALER)  # looking further would be a KeyError

    assert "no-grant-to-enter" in codes(verdict)


def test_a_grant_is_wanted_with_those_given_before_it() -> None:
    draft = draft_of(some.grant(SUPERVISOR, SITE, "supervision"))

    wanted = all_wanted([(draft, party_id(SUPERVISOR), party_id(SUPERVISOR))])

    assert (party_id(SUPERVISOR), party_id(SITE)) in wanted.grants


def test_a_product_is_wanted_with_its_certificate_for_a_production_that_may_follow() -> None:
    draft = draft_of(some.product())

    wanted = all_wanted([(draft, party_id(MAKER), party_id(MAKER))])

    assert (party_id(MAKER), some.LICENCE) in wanted.certificates
