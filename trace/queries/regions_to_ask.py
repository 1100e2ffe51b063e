"""Which regions a case has to ask: where its metres were when its scope was frozen, and where they were made; and whom, by which letter.

A proposal: an order to the own unit that looks after a region, a letter of assistance from a filed penalty case to others, else the
transfer of the lead. Within the own jurisdiction, where no unit has the region, nobody is to be asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.regions import is_within
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..flow import books
from ..flow.ways import as_it_stands, descent, units_among, with_pieces
from ..model.case_path import CASE_ENDED
from ..model.investigation import BatchMeant, KnownCase, KnownMatter
from ..model.named import length_registered_mm
from ..model.postings import moved_by
from ..model.rules_of_speaking import AUTHORITIES
from ..model.state import KnownBatch
from ..registry import register as registry
from .cases import case_of, in_scope, own_parties, printed_units, trace_of_scope
from .names import Names, names_of, region_name
from .registry import PartyLink
from .requests import BatchOfLetter, RequestRow, request_list
from .traced_metres import narrowed
from .visibility import open_batch, reading, sight_of
from .whereabouts import unit_rows

#: So many requests of one case are looked at.
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionToAsk:
    """One region. ``length_mm``: what lay there; ``makers``: who made some of the batches there; ``batches`` with the drums that lay there,
    "" where none can be named; ``type`` and ``to`` are proposed, "" and None where nobody is to be asked or no authority of it is registered."""

    region: str
    name: Text
    length_mm: int
    makers: tuple[str, ...]
    batches: tuple[BatchOfLetter, ...]
    requests: tuple[RequestRow, ...]
    type: Literal["order", "assist", "transfer", ""]
    to: PartyLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionsToAsk:
    """All of them, those without a request first. ``closed``: batches whose metres are not open to the reader, as printed."""

    case: str
    number: str
    frozen_at: int
    rows: tuple[RegionToAsk, ...]
    closed: tuple[str, ...]


def regions_to_ask(tx: Connection, actor: Actor, case: str, *, today: date) -> RegionsToAsk | None:
    """For a case that the actor may read, else None. Cost: a trace of each batch of its scope, and one pass over all parties."""
    known = case_of(tx, actor, case)
    if known is None:
        return None
    matter, frozen_at = known.scope
    by_region: dict[str, list[BatchOfLetter]] = defaultdict(list)
    makers: dict[str, set[str]] = defaultdict(set)
    closed = []
    batches = books.batches(tx, [each.code for each in matter.batches])
    names = names_of(tx, {batch.maker for batch in batches.values()})
    for each in in_scope(matter):
        trace = trace_of_scope(tx, actor, each, frozen_at)
        printed = BatchCode(each.code[:-1]).printed
        if trace is None:
            closed.append(printed)
            continue
        batch = batches[each.code]
        said = {"code": each.code, "printed": printed, "name": _name(batch, names)}
        units = _units_by_region(tx, actor, each, frozen_at)
        for row in trace.regions:
            if row.region and row.total_mm:
                there = units.get(row.region, "")
                by_region[row.region].append(BatchOfLetter(**said, units=there, length_mm=row.total_mm))
        made_in = (names.parties[batch.maker].region or "") if batch.maker in names.parties else ""
        if made_in:
            makers[made_in].add(names.party(batch.maker))
            if all(batch.code != each.code for batch in by_region[made_in]):
                by_region[made_in].append(
                    BatchOfLetter(**said, units=printed_units(each.scope), length_mm=None)
                )
    sent = request_list(tx, actor, today=today, case=case, limit=_MOST).rows
    whom = _Receivers(tx, actor)
    rows = []
    for region, lay_there in by_region.items():
        to = whom.of(region)
        rows.append(
            RegionToAsk(
                region=region,
                name=region_name(region),
                length_mm=sum(each.length_mm or 0 for each in lay_there),
                makers=tuple(sorted(makers[region])),
                batches=tuple(lay_there),
                requests=tuple(each for each in sent if is_within(region, each.region)),
                type=_proposed(known, to is not None and whom.is_own(to), whom.is_here(region)),
                to=None if to is None else PartyLink(to, names_of(tx, [to]).party(to)),
            )
        )
    rows.sort(key=lambda row: (bool(row.requests), row.type == "", -row.length_mm, row.region))
    return RegionsToAsk(
        case=case, number=known.number, frozen_at=frozen_at, rows=tuple(rows), closed=tuple(closed)
    )


def batches_to_name(tx: Connection, actor: Actor, matter: KnownMatter) -> tuple[BatchOfLetter, ...]:
    """The batches of a matter as a letter to anybody names them; by their codes alone where they are not open to the actor."""
    scope = reading(actor, Action.READ_BATCH)
    known = [open_batch(tx, scope, each.code) for each in matter.batches]
    names = names_of(tx, {batch.maker for batch in known if batch is not None})
    return tuple(
        BatchOfLetter(
            code=each.code,
            printed=BatchCode(each.code[:-1]).printed,
            units=printed_units(each.scope),
            name="" if batch is None else _name(batch, names),
            length_mm=None if batch is None or not each.scope else length_registered_mm(batch, each.scope),
        )
        for each, batch in zip(matter.batches, known, strict=True)
    )


def _name(batch: KnownBatch, names: Names) -> str:
    return f"{batch.designation} {batch.lot} {names.party(batch.maker)}"[:200]


def _units_by_region(tx: Connection, actor: Actor, meant: BatchMeant, up_to: int) -> dict[str, str]:
    """The drums of a batch that are in the scope and had metres left, by the region in which they were, as the actor may know."""
    postings = [posting for _, posting in books.read_postings(tx, meant.code, up_to)]
    moved = moved_by(postings)
    accounts = {account for source, target, _ in moved for account in (source, target)}
    names = names_of(tx, {each.party for each in accounts}, {each.project for each in accounts})
    sight = sight_of(reading(actor, Action.READ_TRACE), moved, names.projects, meant.code)
    if meant.scope:
        standing = as_it_stands([(0, posting) for posting in postings])
        units = with_pieces(units_among(standing, meant.scope), descent(standing))
        postings = [each for posting in postings for each in narrowed(posting, units)]
    there: dict[str, set[UnitRange]] = defaultdict(set)
    for row in unit_rows(postings, sight, names):
        there[row.region].add(UnitRange(row.first, row.last))
    return {region: format_units(sorted(units)) for region, units in there.items()}


def _proposed(case: KnownCase, is_own: bool, is_here: bool) -> Literal["order", "assist", "transfer", ""]:
    if is_own:
        return "order"
    if is_here:
        return ""
    return "transfer" if case.state in CASE_ENDED else "assist"


class _Receivers:
    """Whom to ask of a region, as the actor stands to it."""

    def __init__(self, tx: Connection, actor: Actor):
        self._scope = actor.scope
        below = registry.units_below(tx, actor.party)
        self._below = {each.id for each in below}
        self._units = [each for each in below if each.part_of is not None and each.part_of.regions]
        own = own_parties(actor)
        self._others = [
            each
            for each in registry.all_parties(tx)
            if each.part_of is None and each.region and each.id not in own and each.acts_as(AUTHORITIES)
        ]

    def of(self, region: str) -> str | None:
        """The own unit that has the region, else the registered authority nearest to it; within the own jurisdiction nobody else."""
        own = _nearest(
            region, ((each.id, each.part_of.regions if each.part_of else ()) for each in self._units)
        )
        if own is not None or self.is_here(region):
            return own
        return _nearest(region, ((each.id, (each.region or "",)) for each in self._others))

    def is_own(self, party: str) -> bool:
        return party in self._below

    def is_here(self, region: str) -> bool:
        return self._scope.sees_region(region)


def _nearest(region: str, some: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """Of those whose regions have this one the one with the smallest."""
    having = [
        (len(each.rstrip("0")), id_) for id_, regions in some for each in regions if is_within(region, each)
    ]
    return max(having)[1] if having else None
