"""What is searched for, as one value that is read from a request and kept as an address: words, filters, order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode

from ..errors import InputError
from .facets import Chosen, Facet, read_chosen
from .order import Sort


@dataclass(frozen=True, slots=True)
class Asking:
    """Words, filters and order."""

    text: str = ""
    chosen: Chosen = field(default_factory=dict)
    sort: Sort = Sort.BEST

    def pairs(self) -> list[tuple[str, str]]:
        """As the pairs of an address, without what is usual."""
        words = [("q", self.text)] if self.text else []
        filters = [(facet.slug, value) for facet in Facet for value in self.chosen.get(facet, ())]
        order = [("sort", self.sort.value)] if self.sort is not Sort.BEST else []
        return [*words, *filters, *order]

    @property
    def address(self) -> str:
        return urlencode(self.pairs())

    def choosing(self, facet: Facet, values: Sequence[str]) -> Asking:
        """The same with these values of one filter, and no others of it."""
        chosen = {each: known for each, known in self.chosen.items() if each is not facet}
        return replace(self, chosen={**chosen, **({facet: tuple(values)} if values else {})})


def read_asking(text: str, filters: Mapping[str, Sequence[str]], sort: Sort) -> Asking:
    """What a request asks for. Raises InputError ``bad-request``."""
    return Asking(text.strip(), read_chosen(filters), sort)


def asking_in(address: str) -> Asking:
    """The search that an address describes. Raises InputError ``bad-request`` for one that describes none."""
    try:
        named = parse_qs(address, strict_parsing=bool(address), max_num_fields=200)
        return read_asking(named.get("q", [""])[0], named, Sort(named.get("sort", [Sort.BEST.value])[0]))
    except ValueError:
        raise InputError.of(
            "bad-request",
            "要保存的不是一次查询",
            "what is to be saved is no search",
            came=address,
            where="/address",
        ) from None
