"""One drum or coil of a batch: where it is, what the supervisors said of it, and what was noticed about it.

Cut from the page of its batch, so that it never tells more than that page does, and is true as of the same
index: opinions and marks are those of events that the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ..codes.trace_code import UnitCode, mac_matches
from ..errors import Broken, Text
from ..flow import books
from ..intake.recorded import as_they_stand
from ..model.rules_of_permission import OPINION
from ..model.state import Admission
from .answers import Standing, State
from .batch import BatchPage
from .holds import HoldRow
from .names import names_of
from .timeline import read_stream_whole
from .whereabouts import UnitRow

NO_SUCH_UNIT = Standing(
    "unknown", Text("本批没有登记这一盘（卷）", "no such unit is registered in this batch")
)
NOT_ISSUED = Standing(
    "stop",
    Text(
        "此盘码不是本系统签发的，请勿凭此标签收货",
        "this code was not issued here: do not accept goods on this label",
    ),
)
NO_OPINION = Standing("unknown", Text("还没有监理意见", "no opinion yet"))
_STATES: Mapping[str, State] = {"admit": "fine", "reject": "stop", "await-test": "attention"}


@dataclass(frozen=True, slots=True)
class UnitOpinion:
    """The newest opinion on the unit for one project; ``on`` is None where there is none yet."""

    project_name: str
    standing: Standing
    on: date | None


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut: off which unit, into which new ones, by which event."""

    unit: int
    pieces: tuple[int, ...]
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCard:
    """One unit. ``printed`` is its own code where that was given. ``refused`` says why there is nothing more.

    ``places`` are where its metres are, none where nothing is left. ``remarks``: alerts and marks, each once.
    ``origin``: what it was cut off, where it is a piece; ``cuts``: what was cut off it. ``holds`` are those in force.
    """

    unit: int
    printed: str = ""
    refused: Standing | None = None
    registered_mm: int = 0
    places: tuple[UnitRow, ...] = ()
    opinions: tuple[UnitOpinion, ...] = ()
    remarks: tuple[Standing, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    origin: Cut | None = None
    cuts: tuple[Cut, ...] = ()


def unit_card(tx: Connection, page: BatchPage, asked: UnitCode | int, keys: Mapping[int, bytes]) -> UnitCard:
    """What the page of its batch tells of a unit, named by its code or only by its number. A piece that others cut and hold is
    told of only to who knows its code, and of that what stands on its label.

    ``keys``: code keys by version. Raises `Broken` if the key of the batch is missing.
    """
    batch = books.batches(tx, [page.code])[page.code]
    unit, printed = (asked.unit, asked.printed) if isinstance(asked, UnitCode) else (asked, "")
    if isinstance(asked, UnitCode):
        if batch.key_version not in keys:
            raise Broken(
                f"batch {batch.code} was issued under code key {batch.key_version}, which is not here"
            )
        if not mac_matches(asked, keys[batch.key_version]):
            return UnitCard(unit=unit, printed=printed, refused=NOT_ISSUED)
    registered_mm = batch.length_of(unit)
    if registered_mm is None:
        return UnitCard(unit=unit, printed=printed, refused=NO_SUCH_UNIT)
    shown = {event.index for event in page.events}
    cuts = _cuts(tx, page, shown) if batch.pieces else ()
    places = tuple(row for row in page.units if row.first <= unit <= row.last)
    origin = next((cut for cut in cuts if unit in cut.pieces), None)
    is_piece = any(group.first <= unit <= group.last for group in batch.pieces)
    if is_piece and not (printed or places or origin):
        return UnitCard(unit=unit, printed=printed, refused=NO_SUCH_UNIT)
    given = [
        opinion
        for opinion in books.read_books(tx, [page.code])[page.code].admissions
        if opinion.first <= unit <= opinion.last and opinion.seq in shown
    ]
    moves = books.read_postings(tx, page.code, page.as_of.index)
    touched = {seq for seq, posting in moves if posting.first <= unit <= posting.last}
    return UnitCard(
        unit=unit,
        printed=printed,
        registered_mm=registered_mm,
        places=places,
        opinions=_opinions(tx, given, places),
        remarks=_remarks(page, unit, touched | {opinion.seq for opinion in given}),
        holds=tuple(hold for hold in page.holds if hold.in_force and hold.covers(unit)),
        origin=origin,
        cuts=tuple(cut for cut in cuts if cut.unit == unit),
    )


def _cuts(tx: Connection, page: BatchPage, shown: set[int]) -> tuple[Cut, ...]:
    """The cuts of a batch, as they stand after corrections, of events that the page shows."""
    events = as_they_stand(read_stream_whole(tx, f"batch:{page.code}", page.as_of.index, ("split",)))
    bodies: list[tuple[int, Any]] = [(event.seq, event.draft.body) for event in events if event.seq in shown]
    return tuple(Cut(body.unit, tuple(sorted(p.unit for p in body.pieces)), seq) for seq, body in bodies)


def _opinions(
    tx: Connection, given: Iterable[Admission], places: Iterable[UnitRow]
) -> tuple[UnitOpinion, ...]:
    """The newest opinion for each project, and a gap for the project where the unit is and nobody has spoken."""
    newest = {each.project: each for each in sorted(given, key=lambda each: (each.on, each.seq))}
    names = names_of(tx, (), newest)
    said = [
        UnitOpinion(names.project(id_), Standing(_STATES[each.opinion], OPINION[each.opinion]), each.on)
        for id_, each in newest.items()
    ]
    silent = dict.fromkeys(row.project_name for row in places if row.project_name)
    spoken = {each.project_name for each in said}
    return (*said, *(UnitOpinion(name, NO_OPINION, None) for name in silent if name not in spoken))


def _remarks(page: BatchPage, unit: int, events: set[int]) -> tuple[Standing, ...]:
    """Alerts on the unit or on an event that touched it, and marks of such events that no alert repeats."""
    alerts = [
        alert for alert in page.alerts if alert.unit == unit or (alert.unit is None and alert.index in events)
    ]
    found = {alert.rule: Standing(alert.standing.state, alert.title) for alert in alerts}
    told = {(alert.index, alert.rule) for alert in page.alerts}  # an alert knows which unit its mark is about
    for event in page.events:
        for mark in event.marks:
            if event.index in events and (event.index, mark.rule) not in told:
                found.setdefault(mark.rule, Standing("attention", mark.title))
    return tuple(found.values())
