"""What is searched for, as one value that is read from a request and kept as an address: words, filters, order, page size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import category
from urllib.parse import parse_qs, urlencode

from ..errors import InputError, Text, shown
from .facets import SINCE, UNTIL, Chosen, Facet, read_chosen
from .order import Sort, description

#: Hits on a page of the page 查询, the usual number first.
SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class Asking:
    """Words, filters and order, and how many hits stand on a page."""

    text: str = ""
    chosen: Chosen = field(default_factory=dict)
    sort: Sort = Sort.BEST
    limit: int = SIZES[0]

    def pairs(self) -> list[tuple[str, str]]:
        """As the pairs of an address, without what is usual."""
        words = [("q", self.text)] if self.text else []
        filters = [(facet.slug, value) for facet in Facet for value in self.chosen.get(facet, ())]
        order = [("sort", self.sort.value)] if self.sort is not Sort.BEST else []
        size = [("limit", str(self.limit))] if self.limit != SIZES[0] else []
        return [*words, *filters, *order, *size]

    @property
    def description(self) -> str:
        """What cursors belong to: a page may go on in another size."""
        return description(self.text, self.chosen, self.sort)

    @property
    def address(self) -> str:
        return urlencode(self.pairs())

    def choosing(self, facet: Facet, values: Sequence[str]) -> Asking:
        """The same with these values of one filter, and no others of it."""
        chosen = {each: known for each, known in self.chosen.items() if each is not facet}
        return replace(self, chosen={**chosen, **({facet: tuple(values)} if values else {})})


def read_asking(text: str, filters: Mapping[str, Sequence[str]], sort: Sort, size: str = "") -> Asking:
    """What a request asks for. Raises InputError ``bad-request``."""
    return Asking(text.strip(), read_chosen(filters), sort, read_size(size))


def read_size(text: str) -> int:
    """One of `SIZES`, the usual one for an empty text. Raises InputError ``bad-request`` for another number of hits."""
    for size in SIZES:
        if text in (str(size), ""):
            return size
    raise InputError.of(
        "bad-request",
        f"每页条数应为 {'、'.join(map(str, SIZES))} 之一",
        f"one of {', '.join(map(str, SIZES))} hits on a page is wanted",
        came=shown(text),
        where="limit",
        remedy=Text(f"省略 limit 时每页 {SIZES[0]} 条", f"without limit there are {SIZES[0]}"),
    )


#: What takes one value, and all that an address can say of a search.
_SINGLE = ("q", "sort", "limit", SINCE, UNTIL)
_NAMES = frozenset({*_SINGLE, *(facet.slug for facet in Facet)})


def _check_named(named: Mapping[str, Sequence[str]]) -> None:
    """Raises InputError for what the search refuses: another parameter, one value too many, words that nobody can type."""
    unknown = next((name for name in named if name not in _NAMES), None)
    if unknown is not None:
        raise InputError.of(
            "bad-request", "查询没有这个参数", "the search has no such parameter", came=unknown
        )
    repeated = next((name for name in _SINGLE if len(named.get(name, ())) > 1), None)
    if repeated is not None:
        raise InputError.of(
            "bad-request",
            f"参数 {repeated} 给了不止一次",
            f"the parameter {repeated} came more than once",
            came=", ".join(named[repeated]),
        )
    text = named.get("q", [""])[0]
    if any(category(each) == "Cc" for each in text.strip()):
        raise InputError.of("bad-request", "不应含控制字符", "no control characters", came=text)


def asking_in(address: str) -> Asking:
    """The search that an address describes. Raises InputError ``bad-request`` for one that describes none."""
    try:
        named = parse_qs(address, strict_parsing=bool(address), max_num_fields=200)
        _check_named(named)
        sort = Sort(named.get("sort", [Sort.BEST.value])[0])
        return read_asking(named.get("q", [""])[0], named, sort, named.get("limit", [""])[0])
    except InputError as error:
        raise InputError(*(replace(each, where="/address") for each in error.problems)) from None
    except ValueError:
        raise InputError.of(
            "bad-request",
            "要保存的不是一次查询",
            "what is to be saved is no search",
            came=address,
            where="/address",
        ) from None
