"""In which order hits stand, and the places in it that pages are continued from.

Every order is one key and, where keys are equal, the newest batch first: so a place is a key and a batch, and a page
goes on behind it whatever was recorded meanwhile. The cursor that carries a place is opaque and belongs to one search:
that of another is refused, not misread. Pure.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from hashlib import blake2b

from ..errors import InputError, Text, shown
from .documents import BatchDocument
from .facets import Chosen, Facet


class Sort(StrEnum):
    """``best``: what is called exactly as was typed stands first, and each part newest first."""

    BEST = "best"
    NEWEST = "newest"
    PRODUCED = "produced"
    MAKER = "maker"
    CABLE = "cable"


SORTS: Mapping[Sort, Text] = {
    Sort.BEST: Text("最相符", "best match"),
    Sort.NEWEST: Text("最新登记", "newest record"),
    Sort.PRODUCED: Text("最近生产", "latest production"),
    Sort.MAKER: Text("生产企业", "maker"),
    Sort.CABLE: Text("型号、截面", "type and area"),
}

#: The columns of `batch` that keep the keys of the orders that have one.
KEY_COLUMNS: Mapping[Sort, str] = {
    Sort.PRODUCED: "by_produced",
    Sort.MAKER: "by_maker",
    Sort.CABLE: "by_cable",
}

#: Longer than any cursor that was given out.
LONGEST_CURSOR = 600
_DAYS = 9_999_999


@dataclass(frozen=True, slots=True)
class Place:
    """Behind this batch, whose key this is. ``key`` is "" in orders that need none, and "0" or "1" in ``best``."""

    key: str
    seq: int


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a page ended: its last place, and how many hits stood up to there."""

    place: Place
    passed: int


def sort_keys(document: BatchDocument) -> tuple[str, str, str]:
    """The keys of a batch, all of them rising: production (the latest first), maker, cable.

    Makers stand in the order of GB 18030, which is that of pinyin for the 3,755 commonest characters.
    """
    day = 0 if document.produced_on is None else document.produced_on.toordinal()
    maker = document.maker.encode("gb18030", "replace").hex()
    parts = dict(document.parts)
    area = _number(parts.get(Facet.AREA, ""))
    cable = (parts.get(Facet.TYPE, "~"), area, parts.get(Facet.CORES, ""), document.normalised)
    return f"{_DAYS - day:07d}", maker, "\t".join(cable)


def _number(text: str) -> str:
    try:
        return f"{Decimal(text):010.2f}"
    except InvalidOperation:
        return "~"


def format_cursor(bookmark: Bookmark, search: str) -> str:
    """``search`` says in any unambiguous words what was searched for."""
    place = bookmark.place
    said = [place.key, place.seq, bookmark.passed, _mark(search)]
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_cursor(text: str, search: str, *, where: str = "after") -> Bookmark:
    """Raises InputError ``bad-request``, at the parameter ``where``, for what was not given out for this search."""
    try:
        if len(text) > LONGEST_CURSOR or not text.isascii():
            raise ValueError(text)
        key, seq, passed, mark = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        bookmark = Bookmark(Place(key, seq), passed)
        numbers = all(type(number) is int and 0 <= number < 2**53 for number in (seq, passed))
        well_formed = isinstance(key, str) and numbers and mark == _mark(search)
        if not well_formed or format_cursor(bookmark, search) != text:
            raise ValueError(text)
    except (ValueError, TypeError, RecursionError):
        raise InputError.of(
            "bad-request",
            "翻页标记有误，或属于另一次查询",
            "not a cursor of this search",
            came=shown(text),
            where=where,
            remedy=Text("请从第一页重新开始", "begin again with the first page"),
        ) from None
    return bookmark


def check_way_back(cursors: Sequence[str], search: str) -> None:
    """That these are cursors of pages of this search, the first page's being empty. Raises InputError ``bad-request``."""
    for cursor in filter(None, cursors):
        parse_cursor(cursor, search, where="back")


def description(text: str, chosen: Chosen, sort: Sort) -> str:
    """What was searched for: the same for the same words, filters and order."""
    return json.dumps([text.strip(), sorted((facet.slug, values) for facet, values in chosen.items()), sort])


def _mark(search: str) -> str:
    return blake2b(search.encode(), digest_size=6).hexdigest()
