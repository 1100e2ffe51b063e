"""What pages draw and print: the metre bar, the flow picture, QR codes, numbers and times."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cabletrace.auth.policy import Action, Role, may
from cabletrace.errors import Text
from cabletrace.web.flow_picture import balances, flow
from cabletrace.web.metre_bar import bar
from cabletrace.web.navigation import menu, navigation
from cabletrace.web.qr import qr
from cabletrace.web.rendering import day, file_size, instant, make_environment, metres
from cabletrace.web.views import Holding, Leg, Place
from cabletrace.web.words import KINDS, WHERES, kind_of

HOLDINGS = st.lists(
    st.builds(Holding, st.sampled_from(list(WHERES)), st.integers(-10, 10**9)),
    max_size=9,
    unique_by=lambda holding: holding.where,
)


@given(HOLDINGS)
def test_the_bar_is_filled_from_end_to_end(holdings: list[Holding]) -> None:
    parts = bar(holdings)

    assert [part.where for part in parts] == [
        where for where in WHERES for h in holdings if h.where == where and h.length_mm > 0
    ]
    assert sum(part.width for part in parts) == pytest.approx(100 if parts else 0, abs=0.01)
    for one, other in pairwise(parts):
        assert one.start + one.width == pytest.approx(other.start, abs=0.01)


def test_one_metre_in_a_million_can_still_be_seen() -> None:
    parts = bar([Holding("held", 1_000_000_000), Holding("unexplained", 1_000)])

    assert parts[1].width > 1


def _place(key: str, *stays: Holding) -> Place:
    return Place(key=key, name=Text(key, key), role=Text("", ""), region=Text("", ""), stays=stays)


def _leg(source: str, target: str, length_mm: int) -> Leg:
    return Leg(source=source, target=target, length_mm=length_mm, word=Text("发货", "Dispatch"))


def test_the_picture_runs_from_left_to_right() -> None:
    places = [_place("maker"), _place("trader"), _place("site", Holding("used", 900))]
    legs = [_leg("maker", "trader", 600), _leg("trader", "site", 600), _leg("maker", "site", 300)]

    picture = flow(places, legs)

    x = {box.place.key: box.x for box in picture.boxes}
    assert x["maker"] < x["trader"] < x["site"]
    assert {ribbon.length_mm for ribbon in picture.ribbons} == {600, 300}
    assert (picture.undrawn_places, picture.undrawn_legs) == (0, 0)


def test_a_return_is_left_to_the_table_and_said_so() -> None:
    places = [_place("maker"), _place("trader")]
    legs = [_leg("maker", "trader", 600), _leg("trader", "maker", 100)]

    picture = flow(places, legs)

    assert len(picture.ribbons) == 1
    assert picture.undrawn_legs == 1
    assert [(b.arrived_mm, b.left_mm) for b in balances(places, legs)] == [(100, 600), (600, 100)]


def test_of_many_places_the_largest_are_drawn() -> None:
    shops = [_place(f"shop-{n}", Holding("held", n)) for n in range(1, 101)]
    legs = [_leg("maker", f"shop-{n}", n) for n in range(1, 101)]

    picture = flow([_place("maker"), *shops], legs)

    drawn = {box.place.key for box in picture.boxes}
    assert {"maker", "shop-100"} <= drawn
    assert "shop-1" not in drawn
    assert picture.undrawn_places == 101 - len(drawn)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 10**6)), max_size=20))
def test_no_trace_however_tangled_breaks_the_picture(edges: list[tuple[int, int, int]]) -> None:
    places = [_place(str(n), Holding("unexplained", -n)) for n in range(7)]
    legs = [_leg(str(source), str(target), mm) for source, target, mm in edges]

    picture = flow(places, legs)

    pairs = {(leg.source, leg.target) for leg in legs}
    assert len(picture.ribbons) + picture.undrawn_legs == len(pairs)
    assert all(box.y >= 0 and box.y + box.height <= picture.height for box in picture.boxes)


def test_an_empty_trace_draws_nothing() -> None:
    assert flow([], []).boxes == ()


def test_the_qr_on_the_page_reads_back_as_its_address() -> None:
    address = "https://trace.example/c/7K3QF-9TWZP"
    drawn = qr(address)

    image = Image.new("L", (drawn.size * 8, drawn.size * 8), 255)
    pen = ImageDraw.Draw(image)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn.path):
        pen.rectangle(
            (int(x) * 8, int(y) * 8, (int(x) + int(run)) * 8 - 1, int(y) * 8 + 7),
            fill=0,
        )

    assert [found.text for found in zxingcpp.read_barcodes(image)] == [address]


@pytest.mark.parametrize(
    ("length_mm", "said"),
    [
        (0, "0"),
        (1, "0.001"),
        (1_234_500, "1,234.5"),
        (-750, "−0.75"),
        (348_500_000, "348,500"),
        (10**15 + 1, "1,000,000,000,000.001"),
    ],
)
def test_metres_have_at_most_three_decimals_and_no_trailing_zeros(length_mm: int, said: str) -> None:
    assert metres(length_mm) == said


def test_times_are_shown_in_shanghai() -> None:
    late = datetime(2026, 5, 1, 16, 30, tzinfo=UTC)

    assert instant(late) == "2026-05-02 00:30"
    assert day(late) == "2026-05-02"
    assert day(date(2026, 5, 1)) == "2026-05-01"


def test_sizes_are_those_of_file_managers() -> None:
    assert [file_size(n) for n in (1, 182_400, 2_400_000)] == ["1 kB", "182 kB", "2.4 MB"]


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (5, "不到 1 分钟", "less than a minute"),
        (60, "约 1 分钟", "about 1 minute"),
        (95, "约 2 分钟", "about 2 minutes"),
    ],
)
def test_a_remaining_time_is_never_more_exact_than_it_is_known(seconds: int, zh: str, en: str) -> None:
    template = make_environment().from_string("{{ seconds|wait }}")

    assert template.render(seconds=seconds, language="zh") == zh
    assert template.render(seconds=seconds, language="en") == en


def test_a_kind_newer_than_the_table_reads_as_its_name() -> None:
    assert kind_of("dispatch") is KINDS["dispatch"]
    assert kind_of("case.filed") is KINDS["case"]
    assert kind_of("teleport").text.zh == "teleport"


def test_a_phone_never_shows_more_than_six_doors() -> None:
    assert all(2 <= len(navigation(role)) <= 6 for role in Role)


def test_nobody_is_shown_a_door_that_the_policy_shuts() -> None:
    assert {link.href for link in navigation(Role.PUBLIC)} == {"/c", "/ledger"}
    assert "/accounts" in {link.href for link in menu(Role.OPERATOR)}
    for role in Role:
        hrefs = {link.href for link in (*navigation(role), *menu(role))}
        assert ("/projects" in hrefs) == bool(may(role, Action.READ_PROJECT)), role
        assert ("/parties" in hrefs) == bool(may(role, Action.READ_REGISTRY)), role
        assert "/ledger" in hrefs, role
        assert ("/import" in hrefs) == bool(may(role, Action.IMPORT)), role
        assert ("/alerts" in hrefs) == bool(may(role, Action.READ_ALERTS)), role
        assert ("/accounts" in hrefs) == bool(may(role, Action.READ_ACCOUNTS)), role
        assert ("/invitations" in hrefs) == bool(may(role, Action.MANAGE_ACCOUNTS)), role
    assert "/invitations" in {link.href for link in menu(Role.MANUFACTURER, administers=True)}
