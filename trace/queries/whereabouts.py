"""Where every metre of some books is, as one reader may know it: rows, sums by state and region, units.

All of it follows from movements between accounts, so it holds as of any index; sums equal the length produced
for every reader, since what is not shown is folded together and never left out (`visibility`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import Text
from ..model.postings import Posting, unit_balances
from ..model.state import GONE, Account
from .names import NOT_TOLD, UNKNOWN, Names, region_name
from .visibility import ELSEWHERE, Position, Sight

#: The states of the books in the order in which people read them (design §6); last what the reader is not told.
STATES = (
    "held",
    "transit",
    "project",
    "used",
    "sampled",
    "seized",
    "sold",
    "scrapped",
    "unexplained",
    ELSEWHERE,
)
OTHERS = Text("其他单位", "other parties")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereRow:
    """Metres at one account. ``others``: of parties that the reader may not know, together.

    ``party`` and ``project`` are ids, ``holder`` and ``project_name`` their names; "" for none or not shown.
    Only ``unexplained`` may be negative, and has two rows of one account where more came of some drums and less of others.
    """

    state: str
    region: str
    region_name: Text
    party: str
    holder: Text
    project: str
    project_name: str
    others: bool
    length_mm: int


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One line of the table region × state; region "" is unknown or not shown."""

    region: str
    name: Text
    by: Mapping[str, int]

    @property
    def total_mm(self) -> int:
        return sum(self.by.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """Units ``first`` to ``last``, all at one account, with ``length_mm`` left on each; ``party`` is the holder's id,
    "" where it is not shown."""

    first: int
    last: int
    length_mm: int
    state: str
    region: str
    region_name: Text
    holder: Text
    project_name: str
    others: bool
    party: str = ""

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def where_rows(balances: Mapping[Account, int], sight: Sight, names: Names) -> tuple[WhereRow, ...]:
    """The balances as a reader sees them, by state and region; nobody's metres twice, none left out."""
    folded: dict[Position, int] = defaultdict(int)
    for account, length_mm in balances.items():
        folded[sight.of(account)] += length_mm
    return rows_at(folded, names)


def rows_at(lengths_mm: Mapping[Position, int], names: Names) -> tuple[WhereRow, ...]:
    """What lies at each position, by state and region; positions without metres left out."""
    return tuple(
        WhereRow(
            state=at.state,
            region=at.region,
            region_name=NOT_TOLD if at.state == ELSEWHERE else region_name(at.region),
            party=at.party,
            holder=holder_of(at, names),
            project=at.project,
            project_name=names.project(at.project),
            others=at.others,
            length_mm=length_mm,
        )
        for at, length_mm in sorted(lengths_mm.items(), key=lambda item: _reading_order(item[0]))
        if length_mm
    )


def by_state(rows: Iterable[WhereRow]) -> dict[str, int]:
    """State -> mm, in reading order, states without metres left out."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.state] += row.length_mm
    return {state: sums[state] for state in STATES if sums.get(state)}


def by_region(rows: Iterable[WhereRow]) -> tuple[RegionRow, ...]:
    """The table region × state, by region code, the unknown last."""
    regions: dict[str, list[WhereRow]] = defaultdict(list)
    for row in rows:
        regions[row.region].append(row)
    return tuple(
        RegionRow(region, _name_of(region, regions[region]), by_state(regions[region]))
        for region in sorted(regions, key=lambda code: (not code, code))
    )


def _name_of(region: str, rows: Iterable[WhereRow]) -> Text:
    """The region's name; of the line without one, whether it is unknown or not told, or each of some metres."""
    said = dict.fromkeys(row.region_name for row in rows)
    return (
        region_name(region)
        if region
        else Text("、".join(each.zh for each in said), ", ".join(each.en for each in said))
    )


def unit_rows(postings: Sequence[Posting], sight: Sight, names: Names) -> tuple[UnitRow, ...]:
    """Every unit that still has metres in accounts that the reader may know, in ranges that it cannot tell apart."""
    rows: list[UnitRow] = []
    for piece in pieces_after(postings):
        at = sight.of(piece.account)
        if at.state == ELSEWHERE:
            continue
        row = UnitRow(
            first=piece.first,
            last=piece.last,
            length_mm=piece.length_mm,
            state=at.state,
            region=at.region,
            region_name=region_name(at.region),
            holder=holder_of(at, names),
            project_name=names.project(at.project),
            others=at.others,
            party=at.party,
        )
        if (
            rows
            and rows[-1].last + 1 == row.first
            and replace(rows[-1], first=row.first, last=row.last) == row
        ):
            rows[-1] = replace(rows[-1], last=row.last)
        else:
            rows.append(row)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of a batch at one account, with so many millimetres left on each."""

    first: int
    last: int
    account: Account
    length_mm: int


def pieces_after(postings: Sequence[Posting]) -> list[Piece]:
    """Where the units are after all postings of their batch so far, in order: what each has at an account out of
    which it can still move."""
    pieces = []
    for first, last, balances in unit_balances(postings):
        if first:
            pieces += [
                Piece(first, last, account, mm)
                for account, mm in balances.items()
                if mm > 0 and account.state not in GONE and account.state != "unexplained"
            ]
    return pieces


def holder_of(at: Position, names: Names) -> Text:
    """Who has what is there, as far as the reader may know."""
    if at.others:
        return OTHERS
    return names.said_of(at.party) if at.party else UNKNOWN


def _reading_order(at: Position) -> tuple[int, bool, str, bool, str, str]:
    return STATES.index(at.state), not at.region, at.region, at.others, at.party, at.project
