"""The rules over checks: what counts as places too far apart for one drum, and what does not."""

from __future__ import annotations

from datetime import timedelta

from cabletrace.alerts.rules_of_checks import places_apart
from cabletrace.scans.stream import Apart, Scan
from world_for_tests import NOON

ZHOUKOU, GUANGZHOU, SHANGQIU = "411600", "440100", "411400"


def stated(*places: tuple[str, str, float]) -> list[Scan]:
    """(phone, region, hours after noon) of each."""
    return [
        Scan("C", "place", NOON + timedelta(hours=hours), phone, region) for phone, region, hours in places
    ]


def test_two_phones_in_each_of_two_places_too_far_apart_for_the_time_between_are_found() -> None:
    found = places_apart(
        stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0.5), ("c", GUANGZHOU, 2), ("d", GUANGZHOU, 3))
    )

    assert found == Apart(ZHOUKOU, GUANGZHOU, 150, NOON + timedelta(hours=3))


def test_one_phone_alone_says_nothing_about_a_place_however_often_it_says_it() -> None:
    once = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0.5), ("c", GUANGZHOU, 2), ("c", GUANGZHOU, 3))

    assert places_apart(once) is None
    assert places_apart(once, phones=1) is not None


def test_a_phone_that_is_said_to_have_been_in_both_places_counts_for_neither() -> None:
    places = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("a", GUANGZHOU, 1), ("b", GUANGZHOU, 1))

    assert places_apart(places) is None


def test_a_drum_that_had_time_to_travel_fits() -> None:
    day_after = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("c", GUANGZHOU, 24), ("d", GUANGZHOU, 24))

    assert places_apart(day_after) is None


def test_neighbouring_prefectures_are_not_apart() -> None:
    near = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("c", SHANGQIU, 0.1), ("d", SHANGQIU, 0.1))

    assert places_apart(near) is None


def test_what_was_found_is_the_newest() -> None:
    places = stated(
        ("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("c", GUANGZHOU, 1), ("d", GUANGZHOU, 1),
        ("e", ZHOUKOU, 100), ("f", ZHOUKOU, 100), ("g", GUANGZHOU, 101), ("h", GUANGZHOU, 101),
    )  # fmt: skip

    found = places_apart(places)

    assert found is not None
    assert found.at == NOON + timedelta(hours=101)
