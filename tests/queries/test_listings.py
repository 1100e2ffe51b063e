"""Listed supervision: read by who listed it, by the unit that is responsible and by nobody else; overdue until it is lifted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.model.admission import Refusal
from cabletrace.queries.due import what_is_due
from cabletrace.queries.events import event_page
from cabletrace.queries.listings import listing_list, listing_page, superiors
from cabletrace.registry.units import sight_of
from drafts_for_tests import MAKER, OPERATOR, REGULATOR
from house_for_tests import House, open_house, rebuilt, signed_in

LISTED = "00000000-0000-4000-8000-0000000000b2"
BRANCH, SECOND = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000c2"
FAR = "00000000-0000-4000-8000-0000000000f4"
LISTING = campaigns.listing(LISTED, unit=SECOND, entered_for=REGULATOR)
TODAY = date(2026, 5, 26)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("listings")) as house:
        house.happened(
            some.party(FAR, "西安市示例市场监督管理局", "regulator", region="610100", entered_for=OPERATOR),
            *(
                some.party(id_, name, "regulator", part_of=some.unit(regions=[region]), entered_for=REGULATOR)
                for id_, name, region in ((BRANCH, "分局", "411603"), (SECOND, "二分局", "411602"))
            ),
            LISTING,
            campaigns.listing_step(LISTED, entered_for=SECOND),
            campaigns.listing_step(LISTED, "escalated", to=REGULATOR, entered_for=SECOND),
        )
        yield house


def officer(house: House, party: str) -> Actor:
    actor = signed_in(party, Role.REGULATOR)
    with house.reading() as tx:
        return replace(actor, scope=sight_of(tx, party, TODAY))


def test_who_listed_it_and_who_is_responsible_see_it_overdue_and_nobody_else_sees_it(house: House) -> None:
    city, branch, second, far = (officer(house, party) for party in (REGULATOR, BRANCH, SECOND, FAR))
    event = LISTING["draft"]["id"]
    with house.reading() as tx:
        (row,) = listing_list(tx, second, today=TODAY)
        of_city = listing_page(tx, city, LISTED, today=TODAY)
        of_second = listing_page(tx, second, LISTED, today=TODAY)
        due = [
            (each.kind, each.when, each.unit.id)
            for each in what_is_due(tx, city, today=TODAY).rows
            if each.kind == "listing"
        ]
        assert superiors(tx, second).keys() == {REGULATOR}
        assert event_page(tx, second, event) is not None
        for stranger in (branch, far):
            assert listing_list(tx, stranger, today=TODAY) == ()
            assert listing_page(tx, stranger, LISTED, today=TODAY) is None
            assert event_page(tx, stranger, event) is None
        maker = signed_in(MAKER, Role.MANUFACTURER)
        assert event_page(tx, maker, event) is None
        with pytest.raises(InputError):
            listing_list(tx, maker, today=TODAY)
    assert (row.standing.state, row.days_left, row.place) == ("stop", -6, "五一路建材市场")
    assert of_city is not None
    assert of_second is not None
    assert [step.step for step in of_city.steps] == ["progress", "escalated"]
    assert of_city.next == ("progress", "extended", "lifted")
    assert of_second.next == ("progress", "escalated")
    assert due == [("listing", "overdue", SECOND)]


def test_only_who_listed_it_lifts_it_and_then_it_is_over(tmp_path: Path, house: House) -> None:
    refused = []
    for step in (
        campaigns.listing_step(LISTED, "lifted", entered_for=SECOND),
        campaigns.listing_step(LISTED, entered_for=BRANCH),
        campaigns.listing(None, "督9", place={"region": "610100"}, entered_for=REGULATOR),
    ):
        (answer,) = house.record(step)
        assert isinstance(answer, Refusal)
        refused += [each.code for each in answer.problems]
    house.happened(campaigns.listing_step(LISTED, "extended", due="2026-07-01", entered_for=REGULATOR))
    with house.reading() as tx:
        (put_off,) = listing_list(tx, officer(house, REGULATOR), today=TODAY)
    house.happened(campaigns.listing_step(LISTED, "lifted", text="已整改", entered_for=REGULATOR))
    (after,) = house.record(campaigns.listing_step(LISTED, entered_for=SECOND))

    assert refused == ["listing-step-wrong", "listing-unknown", "listing-misplaced"]
    assert put_off.days_left == 36
    assert isinstance(after, Refusal)
    with house.reading() as tx:
        (row,) = listing_list(tx, officer(house, REGULATOR), today=TODAY)
        left = what_is_due(tx, officer(house, REGULATOR), today=TODAY).rows
        assert [row.kind for row in left if row.kind != "monthly"] == []
    assert (row.standing.state, row.lifted_on) == ("fine", date(2026, 5, 10))
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")
