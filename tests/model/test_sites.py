"""Places by their name: which names are the same place, and at which places an event is."""

from __future__ import annotations

import pytest

from cabletrace.model.sites import place_id, places_at

MARKET = "五一路建材市场"


@pytest.mark.parametrize(
    "written",
    [
        MARKET,
        "五一路建材市场 12 号",
        "五一路建材市场12号",
        "五一路 建材市场",  # written apart
        "五一路建材市场（B区）东门",
        "五一路建材市场Ａ１２",
        "五一路建材市场，2 号门 3 排 4 档 5 铺 6 架 7 层",
    ],
)
def test_an_event_is_at_the_place_that_its_name_begins_with(written: str) -> None:
    assert place_id("411602", MARKET) in places_at("411602", written)


@pytest.mark.parametrize(
    "written", ["五一路建材市场南路 3 号", "五一路", "老五一路建材市场", "12 号", "", None]
)
def test_part_of_a_word_a_shorter_name_and_no_name_are_another_place(written: str | None) -> None:
    assert place_id("411602", MARKET) not in places_at("411602", written)


def test_the_same_name_in_another_region_is_another_place() -> None:
    assert places_at("411602", MARKET).isdisjoint(places_at("411603", MARKET))


def test_width_case_and_spaces_do_not_matter() -> None:
    assert place_id("411602", "Ａ区 东新市场") == place_id("411602", "a区东新市场")


def test_a_long_name_is_at_few_places_and_always_at_the_whole_one() -> None:
    written = " ".join(f"第{n}号{n}" for n in range(40))

    assert len(places_at("411602", written)) == 6
    assert place_id("411602", written) in places_at("411602", written)
