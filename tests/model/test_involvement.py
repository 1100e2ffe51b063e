"""Involvement: whom an event concerns, and who therefore sees it."""

from types import SimpleNamespace

import pytest

import drafts_for_tests as some
from cabletrace.model.involvement import (
    involved,
    knows_party,
    left_behind,
    regions_reached,
    sees,
    states_a_fact,
)
from cabletrace.model.kinds import KINDS
from cabletrace.model.postings import Posting
from cabletrace.model.scope import EVERYWHERE, Part, Scope
from cabletrace.model.sites import place_id
from cabletrace.model.state import PRODUCED, Account, KnownParty, KnownProject
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, OPERATOR, PROJECT, PROJECT_ID, REGULATOR, SITE, SUPERVISOR
from world_for_tests import draft_of

OWNER = "00000000-0000-4000-8000-00000000000e"
THE_PROJECT = KnownProject(
    id=PROJECT_ID,
    keeper=party_id(SITE),
    number="XM-1",
    name="示范小区配电工程",
    region="411627",
    owner=OWNER,
    supervisor=SUPERVISOR,
)


def posting(source: Account, target: Account) -> Posting:
    return Posting(batch="c", first=1, last=1, source=source, target=target, length_mm=1)


def test_a_dispatch_concerns_both_ends_and_both_regions() -> None:
    draft = draft_of(some.dispatch(units=[(1, 1)]))
    moved = posting(
        Account("held", party_id(MAKER), "411603"), Account("transit", party_id(DEALER), "411602")
    )

    whom = involved(draft, party_id(MAKER), [moved], [])

    assert whom == {f"p:{party_id(MAKER)}", f"p:{party_id(DEALER)}", "r:411603", "r:411602"}


def test_an_observation_concerns_the_one_from_whom_the_books_took_the_goods() -> None:
    draft = draft_of(some.receipt(units=[(1, 1)]))
    seen = posting(Account("held", party_id(MAKER), "411603"), Account("held", party_id(DEALER), "411602"))

    whom = involved(draft, party_id(DEALER), [seen], [])

    assert f"p:{party_id(MAKER)}" in whom
    assert "r:411603" in whom


def test_what_happens_at_a_project_concerns_all_who_take_part_in_it() -> None:
    draft = draft_of(some.acceptance())

    whom = involved(draft, party_id(SITE), [], [THE_PROJECT, None])

    assert whom == {
        f"p:{party_id(SITE)}",
        f"p:{OWNER}",
        f"p:{SUPERVISOR}",
        "r:411627",
        f"s:{THE_PROJECT.id}",
    }


def test_what_happens_at_a_place_with_a_name_concerns_that_place() -> None:
    draft = draft_of(some.receipt(units=[(1, 1)], place={"region": "411602", "name": "五一路建材市场 12 号"}))

    whom = involved(draft, party_id(DEALER), [], [])

    assert f"s:{place_id('411602', '五一路建材市场')}" in whom
    assert f"s:{place_id('411603', '五一路建材市场')}" not in whom


def test_a_return_concerns_the_region_that_it_goes_to() -> None:
    whom = involved(draft_of(some.returned(units=[(1, 1)])), party_id(DEALER), [], [])

    assert whom == {f"p:{party_id(DEALER)}", f"p:{party_id(MAKER)}", "r:411603"}


@pytest.mark.parametrize("envelope", [some.complaint(against=DEALER), some.hint(against=DEALER)])
def test_who_is_complained_of_does_not_see_the_complaint(envelope: some.Envelope) -> None:
    whom = involved(draft_of(envelope), "", [], [])

    assert whom == {"r:411602"}


def test_a_measure_concerns_whom_it_is_against_and_from_whom_the_goods_were_taken() -> None:
    taken = posting(Account("held", party_id(SITE), "411627"), Account("seized", REGULATOR, "411627"))

    whom = involved(draft_of(some.measure("seize", against=DEALER)), REGULATOR, [taken], [])

    assert whom == {f"p:{REGULATOR}", f"p:{party_id(DEALER)}", f"p:{party_id(SITE)}", "r:411627"}


def test_a_correction_concerns_whom_its_right_version_names() -> None:
    right = some.receipt(units=[(1, 1)], sender=MAKER, project=PROJECT, place={"region": "411681"})

    whom = involved(
        draft_of(some.correction(some.receipt(units=[(2, 2)]), right)), party_id(SITE), [], [THE_PROJECT]
    )

    assert whom == {
        f"p:{party_id(SITE)}",
        f"p:{party_id(MAKER)}",
        f"p:{OWNER}",
        f"p:{SUPERVISOR}",
        "r:411627",
        "r:411681",
        f"s:{THE_PROJECT.id}",
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_production_tests_and_recalls_are_facts_about_the_goods_and_so_are_corrections_of_them(
    kind: str,
) -> None:
    is_fact = kind in ("production", "testing", "recall")

    itself = SimpleNamespace(kind=kind, subject=SimpleNamespace(kind=""))
    corrected = SimpleNamespace(kind="correction", subject=SimpleNamespace(kind=kind))

    assert states_a_fact(itself) == states_a_fact(corrected) == is_fact


def test_what_is_entered_for_another_concerns_the_clerk_too() -> None:
    draft = draft_of(some.report(entered_for=MAKER, place={"region": "411603"}))

    whom = involved(draft, OPERATOR, [], [])

    assert whom == {f"p:{OPERATOR}", f"p:{party_id(MAKER)}", "r:411603"}


def test_a_dispatch_that_moves_nothing_still_concerns_the_region_it_went_to() -> None:
    draft = draft_of(some.dispatch(units=[(1, 1)]))

    assert "r:411602" in involved(draft, party_id(MAKER), [], [])


def test_accounts_without_a_party_or_region_concern_nobody() -> None:
    draft = draft_of(some.report())

    whom = involved(draft, party_id(MAKER), [posting(PRODUCED, Account("held"))], [])

    assert whom == {f"p:{party_id(MAKER)}"}


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (Scope(everything=True), True),
        (Scope(), False),
        (Scope(parties=frozenset({party_id(DEALER)})), True),
        (Scope(parties=frozenset({REGULATOR})), False),
        (Scope(regions=("411602",)), True),
        (Scope(regions=("411600",)), True),
        (Scope(regions=("41",)), True),
        (Scope(regions=("411603",)), False),
        (Scope(regions=("37",)), False),
    ],
)
def test_a_scope_sees_what_concerns_one_of_its_parties_or_regions(scope: Scope, reached: bool) -> None:
    whom = [f"p:{party_id(DEALER)}", "r:411602"]

    assert sees(scope, whom) is reached


# --- what leaves a region ------------------------------------------------------------------------------

AT_THE_MAKER, AT_THE_DEALER = (
    Account("held", party_id(MAKER), "411603"),
    Account("held", party_id(DEALER), "411602"),
)
TO_THE_DEALER = AT_THE_DEALER._replace(state="transit")


@pytest.mark.parametrize(
    "envelope", [some.dispatch(units=[(1, 1)]), some.returned(units=[(1, 1)], region="411602")]
)
def test_what_is_sent_reaches_where_it_goes_and_not_where_it_left(envelope: some.Envelope) -> None:
    envelope["draft"]["place"] = {"region": "411603"}

    assert regions_reached(draft_of(envelope), [posting(AT_THE_MAKER, TO_THE_DEALER)], []) == {"411602"}


def test_what_is_observed_reaches_where_it_is_seen_and_not_from_where_the_books_took_it() -> None:
    seen = draft_of(some.receipt(units=[(1, 1)], place={"region": "411602"}))
    at_the_site = draft_of(some.receipt(units=[(1, 1)], project=PROJECT))
    moved = [posting(AT_THE_MAKER, AT_THE_DEALER)]

    assert regions_reached(seen, moved, []) == {"411602"}
    assert regions_reached(draft_of(some.receipt(units=[(1, 1)])), moved, []) == {"411602"}
    assert regions_reached(at_the_site, [], [THE_PROJECT, None]) == {"411627"}


def test_a_correction_reaches_where_its_right_version_is_and_not_where_metres_are_put_back() -> None:
    was = some.dispatch(units=[(1, 1)])
    right = draft_of(some.correction(was, some.dispatch(units=[(1, 1)], to=SITE, region="411627")))
    back = posting(TO_THE_DEALER, AT_THE_MAKER)._replace(undoes=True)

    assert regions_reached(right, [back, posting(AT_THE_MAKER, TO_THE_DEALER)], []) == {"411627"}


def test_a_correction_that_names_no_region_reaches_the_one_in_which_all_lies_that_it_moves() -> None:
    void = draft_of(some.correction(some.dispatch(units=[(1, 1)])))
    within = posting(TO_THE_DEALER, AT_THE_DEALER)

    assert regions_reached(void, [within], []) == {"411602"}
    assert regions_reached(void, [within, posting(TO_THE_DEALER, AT_THE_MAKER)], []) == set()


def test_a_party_a_project_and_an_alert_reach_the_regions_that_they_name() -> None:
    seen = draft_of(some.alert(some.batch_of()))

    assert regions_reached(draft_of(some.party(DEALER, "甲", region="411602")), [], []) == {"411602"}
    assert regions_reached(draft_of(some.project()), [], []) == {"411627"}
    assert {f"r:{region}" for region in regions_reached(seen, [], [])} <= involved(seen, OPERATOR, [], [])
    assert regions_reached(seen, [], [])


@pytest.mark.parametrize("inward", [False, True])
def test_who_traces_nothing_sees_what_comes_into_a_region_and_not_what_leaves_it(inward: bool) -> None:
    regions = Scope(regions=("41",))
    lent = Scope(parts=(Part(regions, regions),))
    own = Scope(parties=frozenset({party_id(DEALER)}))

    for scope in (regions, lent):
        seen = scope.inwards() if inward else scope
        assert sees(seen, {"r:411602"})
        assert sees(seen, {left_behind("411602")}) is not inward
    assert sees(own.inwards(), {f"p:{party_id(DEALER)}", left_behind("411602")})
    assert sees(EVERYWHERE.inwards(), {left_behind("411602")})


def test_a_reach_that_is_inward_stays_so_beside_another_and_covers_no_more_than_its_own_kind() -> None:
    regions = Scope(regions=("41",))

    assert (regions | regions.inwards()).inward
    assert not regions.inwards().covers(regions)
    assert regions.covers(regions.inwards())
    assert regions.inwards().covers(Scope(regions=("4116",)).inwards())


@pytest.mark.parametrize(
    ("scope", "may_know"),
    [
        (Scope(parties=frozenset({party_id(MAKER)})), True),
        (Scope(parties=frozenset({party_id(SITE)})), True),
        (Scope(parties=frozenset({party_id(DEALER)})), True),
        (Scope(regions=("4116",)), True),
        (EVERYWHERE, True),
        (Scope(parties=frozenset({REGULATOR})), False),
        (Scope(regions=("37",)), False),
        (Scope(), False),
    ],
)
def test_a_party_that_is_merely_named_is_known_to_itself_its_namers_and_its_region(
    scope: Scope, may_know: bool
) -> None:
    namers = frozenset({party_id(MAKER), party_id(SITE)})
    named = KnownParty(
        id=party_id(DEALER), name="甲", region="411602", named_by=party_id(SITE), namers=namers
    )

    assert knows_party(scope, named) is may_know
    assert knows_party(scope, KnownParty(id="p", name="乙"))
