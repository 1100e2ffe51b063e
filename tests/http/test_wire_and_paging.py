"""How values go out as JSON, and how a list leads to its next page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.auth.policy import Role
from cabletrace.errors import Text
from cabletrace.http.door import accepts, media_type_of
from cabletrace.http.paging import MOST_BACK, around, links, next_link
from cabletrace.http.wire import WrittenLately, json_bytes


class Pair(NamedTuple):
    left: int
    right: Text


@dataclass(frozen=True, slots=True)
class Piece:
    length_mm: int
    name: Text

    @property
    def is_long(self) -> bool:
        return self.length_mm > 1_000


def test_what_was_written_lately_goes_out_as_if_it_were_written_now() -> None:
    written, pieces = WrittenLately(most=2), [Piece(number, Text("段", "piece")) for number in range(5)]

    for piece in (*pieces, *reversed(pieces), *pieces):
        assert json_bytes({"piece": written.of(piece)}) == json_bytes({"piece": piece})
    assert written.of(pieces[4]) is written.of(pieces[4])


def asked(path: str = "/", query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "path": path, "query_string": query.encode(), "headers": raw})


NAME = Text("盘", "drum")
BOTH = {"zh": "盘", "en": "drum"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 5, 2, 0, 30, tzinfo=UTC), "2026-05-02T00:30:00.000Z"),
        (datetime(2026, 5, 2, 8, 30, tzinfo=timezone(timedelta(hours=8))), "2026-05-02T00:30:00.000Z"),
        (date(2026, 5, 2), "2026-05-02"),
        (Decimal("7.140"), "7.140"),
        (b"\x00\xff", "00ff"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Role.MANUFACTURER, "manufacturer"),
        (Piece(1_500, NAME), {"length_mm": 1_500, "name": BOTH, "is_long": True}),
        (Pair(1, NAME), {"left": 1, "right": BOTH}),
        (MappingProxyType({"a": (1, 2)}), {"a": [1, 2]}),
        ({1: None}, {"1": None}),
    ],
)
def test_a_value_goes_out_in_one_spelling(value: Any, said: Any) -> None:
    assert json.loads(json_bytes(value)) == said


def test_what_nobody_taught_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(TypeError):
        json_bytes(object())


@given(
    q=st.text(st.characters(exclude_categories=["Cs"])),
    after=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_the_next_page_asks_the_same_with_another_cursor(q: str, after: str) -> None:

    request = asked("/api/v1/parties", urlencode([("q", q), ("after", "before"), ("limit", "3")]))

    link = next_link(request, after)["Link"]

    assert link.isascii()
    assert link.endswith('>; rel="next"')
    address = urlsplit(link[1:].partition(">; ")[0])
    assert address.path == "/api/v1/parties"
    assert parse_qsl(address.query, keep_blank_values=True) == [("q", q), ("limit", "3"), ("after", after)]


def test_the_last_page_leads_nowhere() -> None:
    assert next_link(asked(), None) == {}
    assert links(around(asked(), None)) == {}


def test_the_way_back_is_the_way_that_was_come() -> None:
    def opened(address: str, after: str) -> Any:
        path, _, query = address.partition("?")
        return around(asked(path, query), after)

    forth = [opened("/search?q=YJV", "c1")]
    for n in range(2, MOST_BACK + 4):
        forth.append(opened(forth[-1].next, f"c{n}"))
    addresses = ["/search?q=YJV", *(page.next for page in forth)]

    # every page leads to the one before, as far as an address remembers, and all but the first to the first
    assert (forth[0].first, forth[0].previous) == ("", "")
    assert [page.first for page in forth[1:]] == [addresses[0]] * (len(forth) - 1)
    for page, before in zip(forth[1 : MOST_BACK + 1], addresses, strict=False):
        assert page.previous == before
    back = forth[-1]
    cursors = []
    while back.previous:
        cursors.append(dict(parse_qsl(urlsplit(back.previous).query)).get("after", ""))
        back = opened(back.previous, "x")
    assert cursors == [f"c{n}" for n in range(len(forth) - 2, len(forth) - 2 - MOST_BACK, -1)]
    assert back.first == addresses[0]


def test_a_link_names_the_pages_around() -> None:
    said = links(around(asked("/api/v1/search", "q=a&back=&after=c1"), "c2"))["Link"]

    assert said == (
        '</api/v1/search?q=a&back=&back=c1&after=c2>; rel="next", '
        '</api/v1/search?q=a>; rel="prev", </api/v1/search?q=a>; rel="first"'
    )


@pytest.mark.parametrize(
    ("accept", "takes"),
    [
        ("", True),
        ("*/*", True),
        ("application/json", True),
        ("application/*;q=0.5, text/html", True),
        ("text/html, application/json;q=0.9", True),
        ("text/html", False),
        ("image/png, text/*", False),
    ],
)
def test_who_says_what_it_takes_is_believed(accept: str, takes: bool) -> None:
    assert accepts(asked(accept=accept) if accept else asked(), "application/json") is takes


def test_the_media_type_of_a_body_is_read_without_its_parameters() -> None:
    assert media_type_of(asked(content_type='Application/JSON ; charset="UTF-8"')) == (
        "application/json",
        "utf-8",
    )
    assert media_type_of(asked(content_type="text/csv")) == ("text/csv", "")
    assert media_type_of(asked()) == ("", "")
