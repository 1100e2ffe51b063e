"""A search that reads every document, written without the tokeniser, without tokens of traits and without SQL."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from cabletrace.model.involvement import made_under, sees
from cabletrace.model.scope import Scope
from cabletrace.search.audience import Audience
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument, fields_of
from cabletrace.search.facets import PAIRS, Circumstance, Facet
from cabletrace.search.order import Sort
from cabletrace.search.tokens import Group

from .conftest import Market, batch_of

#: What an officer may look for of a batch that was only granted to him.
ON_THE_LABEL = {"batch-code", "lot", "designation", "maker", "maker-id", "product", "produced-on"}
BESIDE_THE_LABEL = {"region", "state", "severity", "alert", "verdict", "made"}

NOTHING = Scope()


@dataclass(frozen=True)
class Asked:
    """One word: how it is typed, and the pieces of a specification in which it may also be found."""

    typed: str
    pieces: tuple[str, ...] = ()
    pieces_only: bool = False


# --- words


@cache
def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@cache
def spec(text: str) -> str:
    text = re.sub(r"[×✕*]", "x", plain(text))
    text = re.sub(r"(?<=\d)\s*(mm2|平方)", "", text)
    text = text.replace("2.50", "2.5")
    return "".join(c for c in text if c.isalnum() or c in ".+")


@cache
def letters_of(group: Group, text: str) -> str:
    if group is Group.SPEC:
        return spec(text)
    letters = "".join(filter(str.isalnum, re.sub(r"(?<=\d)[×✕*](?=\d)", "x", plain(text))))
    return letters if group is Group.TEXT else letters.translate(str.maketrans("oil", "011"))


@cache
def stands_in(word: str, group: Group, text: str) -> bool:
    if group is Group.SPEC:
        if re.fullmatch(r"[\d.]+", plain(word)):
            return plain(word) in re.split(
                r"[^\d.]+", re.sub(r"[a-wyz]\d+", "", plain(text).replace("2.50", "2.5"))
            )
        return len(spec(word)) >= 2 and spec(word) in spec(text)
    shortest = 3 if group is Group.CODE else 1
    wanted = letters_of(group, word)
    if group is Group.ID:
        return bool(wanted) and (
            letters_of(group, text) == wanted
            or (len(wanted) >= 8 and letters_of(group, text).startswith(wanted))
        )
    return len(wanted) >= shortest and wanted in letters_of(group, text)


def holds(fields: list[tuple[Field, str]], word: Asked) -> bool:
    whole = not word.pieces_only and any(stands_in(word.typed, field.group, text) for field, text in fields)
    specs = [text for field, text in fields if field.group is Group.SPEC]
    return whole or (
        bool(word.pieces)
        and all(any(stands_in(piece, Group.SPEC, text) for text in specs) for piece in word.pieces)
    )


def is_called_so(fields: list[tuple[Field, str]], word: Asked) -> bool:
    """Whether one of the texts is the word and nothing more."""
    return any(letters_of(field.group, word.typed) == letters_of(field.group, text) for field, text in fields)


# --- scope


def concerns(scope: Scope, batch: str, open_to: Document | Audience) -> bool:
    whom = {f"p:{each}" for each in open_to.parties} | {f"r:{each}" for each in open_to.regions}
    whom |= {f"s:{each}" for each in open_to.sites}
    if isinstance(open_to, BatchDocument):
        whom |= {made_under(open_to.maker_party, number) for number in open_to.certificates}
    return sees(scope, whom | {f"batch:{batch}"})


def is_visible(document: Document, scope: Scope) -> bool:
    if isinstance(document, MovementDocument) and document.void:
        return False
    return concerns(scope, batch_of(document), document)


@cache
def visible_fields(
    market: Market, scope: Scope, granted: Scope = NOTHING
) -> dict[str, list[tuple[Field, str]]]:
    """What may be looked for of each batch, in ledger order; batches of which nothing is seen are left out."""
    visible: dict[str, list[tuple[Field, str]]] = {}
    for document in market.documents:
        if is_visible(document, scope):
            visible.setdefault(batch_of(document), []).extend(fields_of(document))
        elif isinstance(document, BatchDocument) and is_visible(document, granted):
            label = [each for each in fields_of(document) if each[0].slug in ON_THE_LABEL]
            visible.setdefault(document.code, []).extend(label)
    return visible


@cache
def batch_documents(market: Market) -> dict[str, BatchDocument]:
    return {each.code: each for each in market.documents if isinstance(each, BatchDocument)}


def circumstances(batch: BatchDocument, scope: Scope, pair: int) -> list[Circumstance]:
    """Those of a batch that a scope may know of."""
    return [
        each
        for each in batch.circumstances
        if each.pair == pair and (each.audience is None or concerns(scope, batch.code, each.audience))
    ]


# --- filters and counts


def value_of(batch: BatchDocument, facet: Facet) -> str:
    """The value of an open facet."""
    if facet is Facet.MAKER:
        return batch.maker_party
    if facet is Facet.MADE:
        return batch.made
    if facet is Facet.MONTH:
        return str(batch.produced_on)[:7] if batch.produced_on else ""
    if facet is Facet.VERDICT:
        return batch.verdict
    return dict(batch.parts).get(facet, "")


def is_chosen(facet: Facet, value: str, wanted: tuple[str, ...]) -> bool:
    if facet in (Facet.REGION, Facet.MADE):
        return any(value.startswith(each) for each in wanted)
    if facet is Facet.MONTH:
        ends = [each.split("..") if ".." in each else [each, each] for each in wanted]
        return any((since or "0") <= value <= (until or "9") for since, until in ends)
    return value in wanted


def is_left(batch: BatchDocument, scope: Scope, chosen: dict[Facet, tuple[str, ...]]) -> bool:
    """Whether a batch passes all filters; of a pair both must be met by the same member."""
    for facet, wanted in chosen.items():
        if not any(facet in pair for pair in PAIRS) and not is_chosen(facet, value_of(batch, facet), wanted):
            return False
    for n, (first, second) in enumerate(PAIRS):
        if (first in chosen or second in chosen) and not any(
            (first not in chosen or is_chosen(first, each.first, chosen[first]))
            and (second not in chosen or is_chosen(second, each.second, chosen[second]))
            for each in circumstances(batch, scope, n)
        ):
            return False
    return True


def find(
    market: Market,
    asked: list[Asked],
    scope: Scope,
    chosen: dict[Facet, tuple[str, ...]] | None = None,
    granted: Scope = NOTHING,
) -> list[str]:
    """Codes of the batches that hold every word in documents the asker may see, or on labels of what was granted to him,
    newest first."""
    batches = batch_documents(market)
    if any(facet.slug in BESIDE_THE_LABEL for facet in chosen or {}):
        granted = NOTHING
    return [
        code
        for code, fields in visible_fields(market, scope, granted).items()
        if all(holds(fields, word) for word in asked) and is_left(batches[code], scope, chosen or {})
    ][::-1]


def counts(
    market: Market, asked: list[Asked], scope: Scope, chosen: dict[Facet, tuple[str, ...]], facet: Facet
) -> Counter[str]:
    """Value -> how many batches have it, among those that pass all filters but that of the facet itself; of regions also
    what they lie in."""
    others = {each: values for each, values in chosen.items() if each is not facet}
    counter: Counter[str] = Counter()
    for code in find(market, asked, scope, others):
        batch = batch_documents(market)[code]
        values = {value_of(batch, facet)}
        for n, (first, second) in enumerate(PAIRS):
            if facet in (first, second):
                values = {
                    (each.first if facet is first else each.second)
                    for each in circumstances(batch, scope, n)
                    if (first is facet or first not in chosen or is_chosen(first, each.first, chosen[first]))
                    and (
                        second is facet
                        or second not in chosen
                        or is_chosen(second, each.second, chosen[second])
                    )
                }
        if facet in (Facet.REGION, Facet.MADE):
            values = {value[:end] for value in values for end in (2, 4, 6)}
        counter.update(value for value in values if value)
    return counter


def in_order(
    market: Market, found: list[str], asked: list[Asked], scope: Scope, sort: Sort, granted: Scope = NOTHING
) -> list[str]:
    """Codes that were found newest first, in the order that was asked for."""
    batches = batch_documents(market)
    visible = visible_fields(market, scope, granted)

    def key(code: str) -> object:
        batch = batches[code]
        parts = dict(batch.parts)
        match sort:
            case Sort.NEWEST:
                return 0
            case Sort.BEST:
                return not (asked and any(is_called_so(visible[code], word) for word in asked))
            case Sort.PRODUCED:
                return -(batch.produced_on.toordinal() if batch.produced_on else 0)
            case Sort.MAKER:
                return batch.maker.encode("gb18030")
            case Sort.CABLE:
                return (
                    parts[Facet.TYPE],
                    float(parts[Facet.AREA]),
                    parts.get(Facet.CORES, ""),
                    batch.normalised,
                )

    return sorted(found, key=key)  # type: ignore[arg-type]
