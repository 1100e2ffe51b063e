"""The rules over checks, on both sides of each threshold, and against a naive reading of their own words."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cabletrace.alerts.rules_of_checks import (
    AFTER_USE,
    CHECK_RULES,
    CROWD,
    CROWD_AFTER_USE,
    CROWD_DAYS,
    DAYS_AFTER_USE,
    FORGED,
    MISTYPED,
    MOST_REGIONS,
    PHONES_WITH_FALSE,
    THRESHOLDS,
    WINDOW,
    FalseCodes,
    FalseHere,
    Seen,
    Spent,
    checked_after_use,
    crowd_after_use,
    crowd_in_one_place,
    false_codes,
    false_codes_here,
    many_regions,
    places_apart,
)
from cabletrace.clock import shanghai_date
from cabletrace.codes.regions import distance_km
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.scans.stream import Crowd, Scan
from world_for_tests import NOON

ZHOUKOU, GUANGZHOU, SHANGQIU, ZHENGZHOU, WUHAN, HARBIN = (
    "411600",
    "440100",
    "411400",
    "410100",
    "420100",
    "230100",
)
DOCS = Path(__file__).parents[2] / "docs" / "public-answer.md"


def stated(*places: tuple[str, str, float]) -> list[Scan]:
    """(network and phone, such as ``a`` or ``a/1``, region, hours after noon) of each."""
    return [
        Scan("C", "place", NOON + timedelta(hours=hours), client(phone), region)
        for phone, region, hours in places
    ]


def client(phone: str) -> str:
    """As `Clients.hash_of` spells it: half of the network, half of the phone."""
    network, _, browser = phone.partition("/")
    return f"{network:_<8}{browser or network:_<8}"


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


# --- places that do not fit -----------------------------------------------------------------------------

TWO_AND_TWO = (("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0.5), ("c", GUANGZHOU, 2), ("d", GUANGZHOU, 3))


def test_two_phones_in_each_of_two_places_too_far_apart_for_the_time_between_are_found() -> None:
    found = places_apart(stated(*TWO_AND_TWO))

    assert found == (Seen(ZHOUKOU, at(0), at(0.5), 2), Seen(GUANGZHOU, at(2), at(3), 2))


def test_one_phone_alone_says_nothing_about_a_place_however_often_it_says_it() -> None:
    once = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0.5), ("c", GUANGZHOU, 2), ("c", GUANGZHOU, 3))

    assert places_apart(once) == ()


def test_a_village_behind_one_address_is_one_phone() -> None:
    village = stated(
        ("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), *((f"v/{n}", GUANGZHOU, 1 + n / 100) for n in range(40))
    )

    assert places_apart(village) == ()


def test_a_phone_that_is_said_to_have_been_in_both_places_counts_for_neither() -> None:
    places = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("a", GUANGZHOU, 1), ("b", GUANGZHOU, 1))

    assert places_apart(places) == ()


def test_a_drum_that_had_just_the_time_to_travel_fits_and_one_that_lacked_a_minute_does_not() -> None:
    km = distance_km(ZHOUKOU, GUANGZHOU)
    assert km is not None
    needed = km / 100

    in_time = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("c", GUANGZHOU, needed), ("d", GUANGZHOU, needed))
    too_soon = stated(
        ("a", ZHOUKOU, 0),
        ("b", ZHOUKOU, 0),
        ("c", GUANGZHOU, needed - 1 / 60),
        ("d", GUANGZHOU, needed - 1 / 60),
    )

    assert places_apart(in_time) == ()
    assert len(places_apart(too_soon)) == 2


def test_neighbouring_prefectures_are_not_apart() -> None:
    near = stated(("a", ZHOUKOU, 0), ("b", ZHOUKOU, 0), ("c", SHANGQIU, 0.1), ("d", SHANGQIU, 0.1))

    assert places_apart(near) == ()


def test_of_several_pairs_the_one_with_the_newest_statement_is_told() -> None:
    places = stated(*TWO_AND_TWO, ("e", HARBIN, 5), ("f", HARBIN, 6))

    found = places_apart(places)

    assert [seen.region for seen in found] in ([ZHOUKOU, HARBIN], [GUANGZHOU, HARBIN])


def test_statements_of_another_month_are_not_held_against_new_ones() -> None:
    hours = WINDOW.total_seconds() / 3600
    old = stated(*TWO_AND_TWO, ("e", ZHOUKOU, 3 + hours), ("f", ZHOUKOU, 3.1 + hours))

    assert places_apart(old) == ()
    assert places_apart(old[:-2]) != ()


# --- checked after use ----------------------------------------------------------------------------------

USED = Spent(shanghai_date(NOON), frozenset({"411627", "411603"}))  # at a site and by a maker of 周口
LATE = AFTER_USE.days * 24


def test_a_drum_that_was_used_up_a_month_ago_and_is_seen_far_away_by_two_phones_is_found() -> None:
    found = checked_after_use(stated(("a", GUANGZHOU, LATE), ("b", GUANGZHOU, LATE + 5)), USED)

    assert found == (Seen(GUANGZHOU, at(LATE), at(LATE + 5), 2),)


@pytest.mark.parametrize(
    "places",
    [
        (("a", GUANGZHOU, LATE),),
        (("a/1", GUANGZHOU, LATE), ("a/2", GUANGZHOU, LATE)),
        (("a", GUANGZHOU, LATE - 24), ("b", GUANGZHOU, LATE - 24)),
        (("a", ZHOUKOU, LATE), ("b", ZHOUKOU, LATE)),
        (("a", GUANGZHOU, LATE), ("b", WUHAN, LATE)),
        (("a", GUANGZHOU, LATE), ("b", GUANGZHOU, LATE), ("b", WUHAN, LATE)),
    ],
    ids=["one phone", "one address", "too early", "where it was used", "two places", "a phone in two places"],
)
def test_less_than_that_says_nothing_about_a_drum_that_was_used_up(
    places: Sequence[tuple[str, str, float]],
) -> None:
    assert checked_after_use(stated(*places), USED) == ()


def test_a_drum_of_which_something_is_left_may_be_anywhere() -> None:
    assert checked_after_use(stated(("a", GUANGZHOU, LATE), ("b", GUANGZHOU, LATE)), None) == ()


def test_a_neighbouring_prefecture_is_away_only_from_the_distance_of_the_rule_on() -> None:
    near = distance_km(ZHOUKOU, SHANGQIU)
    far = distance_km(ZHOUKOU, ZHENGZHOU)
    assert near is not None
    assert far is not None
    threshold = THRESHOLDS["away"].value

    found = [
        bool(checked_after_use(stated(("a", there, LATE), ("b", there, LATE)), USED))
        for there in (SHANGQIU, ZHENGZHOU)
    ]

    assert found == [near >= threshold, far >= threshold]


# --- many regions ---------------------------------------------------------------------------------------

SEVERAL = (ZHOUKOU, GUANGZHOU, SHANGQIU, ZHENGZHOU, WUHAN, HARBIN)


def test_a_phone_in_each_of_so_many_prefectures_is_found_and_one_prefecture_less_is_an_honest_way() -> None:
    days = stated(*((f"p{n}", region, 100 * n) for n, region in enumerate(SEVERAL[:MOST_REGIONS])))

    assert [seen.region for seen in many_regions(days)] == sorted(SEVERAL[:MOST_REGIONS])
    assert many_regions(days[:-1]) == ()


def test_one_traveller_who_states_every_place_is_nobody() -> None:
    travels = stated(*(("t", region, 100 * n) for n, region in enumerate(SEVERAL)))

    assert many_regions(travels) == ()


def test_prefectures_of_another_month_do_not_count() -> None:
    days = WINDOW.days * 24
    spread = stated(*((f"p{n}", region, n * days / 4) for n, region in enumerate(SEVERAL[:MOST_REGIONS])))
    too_wide = stated(
        *((f"p{n}", region, n * (days / 4 + 1)) for n, region in enumerate(SEVERAL[:MOST_REGIONS]))
    )

    assert many_regions(spread) != ()
    assert many_regions(too_wide) == ()


# --- false codes ----------------------------------------------------------------------------------------


def test_forged_and_mistyped_codes_of_a_product_are_added_up_and_told_of_the_batch_with_most() -> None:
    found = false_codes([FalseCodes("B1", FORGED - 5, 3), FalseCodes("B2", 5, 0)])

    assert found == FalseCodes("B1", FORGED, 3)


@pytest.mark.parametrize(
    ("forged", "mistyped", "is_found"),
    [(FORGED - 1, MISTYPED - 1, False), (FORGED, 0, True), (0, MISTYPED, True), (0, 0, False)],
)
def test_false_codes_are_many_from_either_threshold_on(forged: int, mistyped: int, is_found: bool) -> None:
    assert (false_codes([FalseCodes("B", forged, mistyped)]) is not None) is is_found


def test_no_codes_at_all_are_not_many() -> None:
    assert false_codes([]) is None


# --- a stream, read naively -----------------------------------------------------------------------------


def stream(chance: random.Random) -> list[Scan]:
    """Statements of some weeks, from few networks in few places, so that they meet and contradict one another."""
    count, hours = chance.randint(0, 25), chance.choice((5, 40, 900))
    said = sorted(
        (
            chance.uniform(0, hours),
            f"{chance.choice('abcdefghij')}/{chance.choice('12')}",
            chance.choice(SEVERAL),
        )
        for _ in range(count)
    )
    return stated(*((phone, region, at_hour) for at_hour, phone, region in said))


def network(scan: Scan) -> str:
    return scan.client[:8]


def in_window(places: Sequence[Scan]) -> list[Scan]:
    return [each for each in places if places[-1].at - each.at <= timedelta(days=30)]


def naive_pairs(places: Sequence[Scan]) -> set[frozenset[str]]:
    """The pairs of places with two phones each, each of them contradicted by somebody, and none of them in both."""
    lately = in_window(places)
    found = set()
    for one in SEVERAL:
        for other in SEVERAL:
            km = distance_km(one, other) or 0
            if one == other or km < 300:
                continue
            against = [
                (a, b)
                for a in lately
                for b in lately
                if a.region == one and b.region == other and network(a) != network(b)
                and abs((a.at - b.at).total_seconds()) / 3600 * 100 < km
            ]  # fmt: skip
            here, there = {network(a) for a, _ in against}, {network(b) for _, b in against}
            if len(here - there) >= 2 and len(there - here) >= 2:
                found.add(frozenset((one, other)))
    return found


def naive_regions(places: Iterable[Scan]) -> dict[str, set[str]]:
    """The phones of each place that said nothing of any other."""
    some = list(places)
    return {
        region: lone
        for region in SEVERAL
        if (
            lone := {
                network(each)
                for each in some
                if each.region == region
                and all(other.region == region for other in some if network(other) == network(each))
            }
        )
    }


def test_in_generated_streams_the_rules_find_what_a_naive_reading_finds() -> None:
    chance = random.Random(7)
    found = dict.fromkeys(CHECK_RULES, 0)
    for _ in range(3_000):
        places = stream(chance)
        apart, many = places_apart(places), many_regions(places)
        spent = Spent(date(2026, 6, 20), frozenset({"411627"}))
        late = [each for each in in_window(places) if (shanghai_date(each.at) - spent.since).days >= 30]
        pairs = naive_pairs(places) if places else set()
        lone = naive_regions(in_window(places)) if places else {}
        far = {
            region
            for region, phones in naive_regions(late).items()
            if len(phones) >= 2 and (distance_km(region, ZHOUKOU) or 0) >= 100
        }

        assert (frozenset(seen.region for seen in apart) in pairs) if pairs else apart == ()
        assert {seen.region for seen in many} == (set(lone) if len(lone) >= 5 else set())
        assert {seen.region: seen.phones for seen in many} == (
            {r: len(p) for r, p in lone.items()} if many else {}
        )
        assert {seen.region for seen in checked_after_use(places, spent)} == far
        found["places-apart"] += bool(apart)
        found["many-regions"] += bool(many)
        found["checked-after-use"] += bool(far)
    assert min(found[rule] for rule in ("places-apart", "many-regions", "checked-after-use")) > 50


# --- crowds ---------------------------------------------------------------------------------------------


def days(count: int, phones: int, region: str = ZHOUKOU, first: int = 0) -> list[Crowd]:
    """So many days, each with so many phones in one place; ``first``: how many days after noon's the first is."""
    return [
        Crowd(
            region,
            shanghai_date(NOON) + timedelta(days=first + n),
            phones,
            at(24 * (first + n)),
            at(24 * (first + n) + 2),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("counted", "is_found"),
    [
        (days(CROWD_DAYS, CROWD), True),
        (days(CROWD_DAYS, CROWD - 1), False),
        (days(CROWD_DAYS - 1, CROWD), False),
        (days(CROWD_DAYS - 1, CROWD * 20), False),  # a fair
        (days(30, CROWD - 1), False),
        ([*days(CROWD_DAYS - 1, CROWD), *days(CROWD_DAYS - 1, CROWD, GUANGZHOU)], False),
        ([*days(CROWD_DAYS - 1, CROWD), *days(1, CROWD, first=20)], True),
    ],
)
def test_one_drum_before_so_many_people_on_so_many_days_in_one_place_is_found(
    counted: list[Crowd], is_found: bool
) -> None:
    assert bool(crowd_in_one_place(counted)) == is_found


def test_a_crowd_is_told_with_the_phones_of_its_days_and_no_others() -> None:
    counted = [*days(CROWD_DAYS, CROWD), *days(1, CROWD - 1, first=CROWD_DAYS)]

    assert crowd_in_one_place(counted) == (
        Seen(ZHOUKOU, at(0), at(24 * (CROWD_DAYS - 1) + 2), CROWD * CROWD_DAYS),
    )


@pytest.mark.parametrize(
    ("counted", "is_found"),
    [
        (days(DAYS_AFTER_USE, CROWD_AFTER_USE, first=AFTER_USE.days), True),
        (days(DAYS_AFTER_USE, CROWD_AFTER_USE - 1, first=AFTER_USE.days), False),
        (days(DAYS_AFTER_USE - 1, CROWD_AFTER_USE, first=AFTER_USE.days), False),
        (days(DAYS_AFTER_USE, CROWD_AFTER_USE, first=AFTER_USE.days - 1), False),  # a day too early
        (days(DAYS_AFTER_USE, CROWD_AFTER_USE, GUANGZHOU, first=AFTER_USE.days), False),  # the other rule's
    ],
)
def test_a_drum_that_was_used_up_and_is_still_before_people_in_the_same_city_is_found(
    counted: list[Crowd], is_found: bool
) -> None:
    assert bool(crowd_after_use(counted, USED)) == is_found


def test_of_a_drum_of_which_something_is_left_no_crowd_after_use_is_told() -> None:
    assert crowd_after_use(days(9, 9, first=40), None) == ()


# --- goods with false codes in one place ------------------------------------------------------------------

#: Beginning like one batch: drums with a right check character, and such with a wrong one.
FALSE = [unit_code(BatchCode("7K3QF9TWZ"), n, b"another key" * 3).canonical for n in range(1, 31)]
WRONG = [code[:-1] + ("A" if code[-1] != "A" else "B") for code in FALSE]


def met(*codes: tuple[str, str, float]) -> list[Scan]:
    """(network and phone, code, hours after noon) of each, in 周口."""
    return [Scan(code, "false-place", at(hours), client(phone), ZHOUKOU) for phone, code, hours in codes]


def crowd(count: int, code: str | None = None) -> list[tuple[str, str, float]]:
    """So many phones, each with a forged code of its own, or all with this one."""
    return [(f"p{n}", code or FALSE[n], n * 10) for n in range(count)]


@pytest.mark.parametrize(
    ("stated", "is_found"),
    [
        (crowd(PHONES_WITH_FALSE), True),
        (crowd(PHONES_WITH_FALSE - 1), False),
        (crowd(PHONES_WITH_FALSE, FALSE[0]), True),  # one forged label on many drums
        (crowd(PHONES_WITH_FALSE - 1, FALSE[0]), False),
        (crowd(PHONES_WITH_FALSE, WRONG[0]), True),  # a wrong check character that so many have is on a label
        ([(phone, WRONG[n], hours) for n, (phone, _, hours) in enumerate(crowd(30))], False),  # slips
        ([(f"v/{n}", FALSE[n], n) for n in range(30)], False),  # one address
    ],
)
def test_goods_with_false_codes_in_one_place_are_found_by_the_phones_that_met_them(
    stated: list[tuple[str, str, float]], is_found: bool
) -> None:
    assert (false_codes_here(met(*stated)) is not None) == is_found


def test_a_wrong_code_counts_from_the_second_phone_on_and_what_is_found_is_told_in_numbers() -> None:
    forged = crowd(PHONES_WITH_FALSE - 2)
    twice = [("x", WRONG[0], 90), ("y", WRONG[0], 95)]

    assert false_codes_here(met(*forged, *twice)) == FalseHere(
        Seen(ZHOUKOU, at(0), at(95), PHONES_WITH_FALSE), PHONES_WITH_FALSE - 2, 1, "7K3QF9TWZ"
    )
    assert false_codes_here(met(*forged, ("x", WRONG[0], 90), ("y", WRONG[1], 95))) is None


# --- the table ------------------------------------------------------------------------------------------


def test_the_page_about_the_public_answer_holds_every_threshold_with_its_number() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert [
        name for name, each in THRESHOLDS.items() if f"| `{name}` | {each.value} {each.unit} |" not in text
    ] == []
    assert [name for name in CHECK_RULES if f"`{name}`" not in text] == []


def test_every_rule_is_explained_in_both_languages_and_calls_nobody_anything() -> None:
    for about in CHECK_RULES.values():
        assert about.explanation.zh
        assert about.explanation.en
        assert not any(word in about.explanation.zh for word in ("假冒", "造假", "违法", "嫌疑"))
