"""What is to be explained of a batch: by how much what was received differs from what the books had, drum by drum.

More and less are told apart and never set off against each other, neither between drums nor on one drum that differed twice:
a claim of too much would vanish behind shortages. Loose lengths have one balance, since a release gives seized metres back to
where they came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..model.postings import Posting, unit_balances
from ..model.quantities import show_metres
from ..model.state import UNEXPLAINED
from .names import Names, region_name
from .visibility import Sight
from .whereabouts import STATES, WhereRow, holder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UnexplainedRow:
    """Units ``first`` to ``last`` of a batch (0–0: a loose length), of each of which ``length_mm`` are to be explained: negative where
    more was received than the books had, positive where less. ``party`` had them by the books, as in `WhereRow`."""

    batch: str
    first: int
    last: int
    length_mm: int
    what: Text
    region: str
    region_name: Text
    party: str
    holder: Text
    others: bool

    @property
    def total_mm(self) -> int:
        return self.length_mm * (self.last - self.first + 1)


def unexplained_rows(postings: Iterable[Posting], sight: Sight, names: Names) -> tuple[UnexplainedRow, ...]:
    """What the reader may know of it, by batch and unit; together as many metres as the account `unexplained` has."""
    kept: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for posting in postings:
        if UNEXPLAINED.state in (posting.source.state, posting.target.state):
            kept[posting.batch, _direction(posting)].append(posting)
    rows = []
    for (batch, _), some in kept.items():
        for first, last, balances in unit_balances(some):
            for account, length_mm in balances.items():
                at = sight.of(account)
                if account.state == at.state == UNEXPLAINED.state:
                    rows.append(
                        UnexplainedRow(
                            batch=batch,
                            first=first,
                            last=last,
                            length_mm=length_mm,
                            what=difference(length_mm * (last - first + 1), is_loose=not first),
                            region=at.region,
                            region_name=region_name(at.region),
                            party=at.party,
                            holder=holder_of(at, names),
                            others=at.others,
                        )
                    )
    return tuple(sorted(rows, key=lambda row: (row.batch, row.first, row.last, row.length_mm)))


def _direction(posting: Posting) -> str:
    if not posting.first:
        return "loose"
    came_from = posting.target if posting.undoes else posting.source
    return "more" if came_from.state == UNEXPLAINED.state else "less"


def difference(length_mm: int, *, is_loose: bool) -> Text:
    """``收货方报的比账上多 60 m``: what metres that are to be explained mean."""
    metres = show_metres(abs(length_mm))
    zh, en = ("多", "more") if length_mm < 0 else ("少", "less")
    if is_loose:
        return Text(
            f"收到或查扣的散装比账上{zh} {metres} m",
            f"loose lengths received or seized are {metres} m {en} than the books had",
        )
    return Text(
        f"收货方报的比账上{zh} {metres} m", f"the receiver reports {metres} m {en} than the books had"
    )


def in_words(rows: Sequence[UnexplainedRow]) -> tuple[Text, ...]:
    """What more came and what less, of drums and of loose lengths, a sentence each. The drums are named where all are of one
    batch."""
    is_of_one_batch = len({row.batch for row in rows}) == 1
    sorts: dict[tuple[bool, bool], list[UnexplainedRow]] = defaultdict(list)
    for row in rows:
        sorts[not row.first, row.length_mm > 0].append(row)
    sentences = []
    for (is_loose, _), some in sorted(sorts.items()):
        said = difference(sum(row.total_mm for row in some), is_loose=is_loose)
        if is_of_one_batch and not is_loose:
            units = format_units([UnitRange(row.first, row.last) for row in some])
            word = "drum" if units.isdigit() else "drums"
            said = Text(f"{said.zh}（{units} 号盘）", f"{said.en} ({word} {units})")
        sentences.append(said)
    return tuple(sentences)


def told_apart(rows: Sequence[WhereRow], unexplained: Sequence[UnexplainedRow]) -> tuple[WhereRow, ...]:
    """The rows with what more came and what less in rows of their own; their sum is the same."""
    sums: dict[tuple[str, str, bool, bool], list[UnexplainedRow]] = defaultdict(list)
    for row in unexplained:
        sums[row.region, row.party, row.others, row.length_mm > 0].append(row)
    apart = [
        WhereRow(
            state=UNEXPLAINED.state,
            region=some[0].region,
            region_name=some[0].region_name,
            party=some[0].party,
            holder=some[0].holder,
            project="",
            project_name="",
            others=some[0].others,
            length_mm=sum(row.total_mm for row in some),
        )
        for _, some in sorted(sums.items())
    ]
    kept = [row for row in rows if row.state != UNEXPLAINED.state]
    return tuple(sorted((*kept, *apart), key=lambda row: STATES.index(row.state)))


def lengths_apart(
    holdings: Mapping[str, int], unexplained: Sequence[UnexplainedRow]
) -> tuple[tuple[str, int], ...]:
    """(state, mm) of holdings in reading order, with what less came and what more (negative) a length each."""
    less = sum(row.total_mm for row in unexplained if row.length_mm > 0)
    more = sum(row.total_mm for row in unexplained if row.length_mm < 0)
    kept = [(state, mm) for state, mm in holdings.items() if state != UNEXPLAINED.state]
    apart = [(UNEXPLAINED.state, mm) for mm in (less, more) if mm]
    return tuple(sorted((*kept, *apart), key=lambda each: STATES.index(each[0])))
