"""Counts of facets over batches that were found, as one asker may see them.

Open facets are columns of the batch; of guarded ones the rows whose audience the asker belongs to are counted, each
batch once for each value. One statement for all open facets, one for each pair.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..db.driver import packed, run, unpacked
from .audience import Ways
from .circumstances import holders
from .facets import OF_REGIONS, PAIRS, Chosen, Facet, fits
from .tables import COLUMNS

#: Values of one facet in an answer: those that most batches have, of months the latest.
MOST_COUNTED = 20
_MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the hits have each value; what is chosen of this very facet is left out of account.

    ``approximate``: more batches were found than are counted, or time ran out: the numbers are those of the newest.
    Of regions the provinces, and what lies directly in a chosen one. ``cut``: there are more values than these.
    """

    facet: Facet
    values: tuple[tuple[str, int], ...]
    approximate: bool
    cut: bool


def count(
    tx: Connection, seqs: Sequence[int], facets: Collection[Facet], chosen: Chosen, asked: Ways
) -> dict[Facet, Counter[str]]:
    """Value -> batches, for each of these facets over these batches."""
    found: dict[Facet, Counter[str]] = {}
    columns = [facet for facet in COLUMNS if facet in facets]
    if columns:
        values = ", ".join(f"json_group_array(of_{facet.slug})" for facet in columns)
        row = run(
            tx,
            f"SELECT {values} FROM batch WHERE seq IN (SELECT value FROM json_each(?))",  # noqa: S608 (constants)
            (packed(seqs),),
        ).fetchone()
        for facet, held in zip(columns, row or (), strict=True):
            found[facet] = _counted(facet, Counter(unpacked(held)), chosen)
    for n, pair in enumerate(PAIRS):
        if wanted := [facet for facet in pair if facet in facets]:
            found |= _count_pair(tx, n, seqs, wanted, chosen, asked)
    return found


def _counted(facet: Facet, counter: Counter[str], chosen: Chosen) -> Counter[str]:
    counted: Counter[str] = Counter()
    for value, n in counter.items():
        for each in levels(facet, value, chosen):
            counted[each] += n
    return counted


def _count_pair(
    tx: Connection, pair: int, seqs: Sequence[int], wanted: Iterable[Facet], chosen: Chosen, asked: Ways
) -> dict[Facet, Counter[str]]:
    batches = holders(tx, pair, seqs, asked)
    first, second = PAIRS[pair]
    found = {}
    for facet in wanted:
        place = 0 if facet is first else 1
        beside = second if facet is first else first
        by_value: dict[str, set[int]] = defaultdict(set)
        for values, there in batches.items():
            if beside not in chosen or fits(beside, values[1 - place], chosen[beside]):
                for each in levels(facet, values[place], chosen):
                    by_value[each] |= there
        found[facet] = Counter({value: len(there) for value, there in by_value.items()})
    return found


def levels(facet: Facet, value: str, chosen: Chosen) -> list[str]:
    """The values under which one is counted: of a region its province, and itself level by level down to below what is
    chosen."""
    if not value:
        return []
    if facet not in OF_REGIONS:
        return [value]
    opened = chosen.get(facet, ())
    return [
        value[:end]
        for end in (2, 4, 6)
        if len(value) >= end and (end == 2 or any(each.startswith(value[: end - 2]) for each in opened))
    ]


def shown(facet: Facet, counter: Counter[str], chosen: Chosen, *, approximate: bool) -> Counted:
    """The values to show: the greatest, or the latest; what is chosen stays among them, found or not."""
    if facet in OF_REGIONS:
        ordered = sorted(counter.items())
        most = len(ordered)
    elif facet is Facet.MONTH:
        ordered = sorted(counter.items(), reverse=True)
        most = _MOST_MONTHS
    else:
        ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        most = MOST_COUNTED
    kept = ordered[:most]
    there = {value for value, _ in kept}
    missing = [
        (value, counter[value]) for value in chosen.get(facet, ()) if value not in there and ".." not in value
    ]
    return Counted(facet, (*kept, *missing), approximate, len(ordered) > most)
