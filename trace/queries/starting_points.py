"""Where a trace can begin, which way it goes from there, and what a report or a complaint comes down to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..errors import InputError
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.drafts import CorrectionDraft
from ..model.things import sort_and_id
from .events import event_page
from .openness import thing_about


@dataclass(frozen=True, slots=True)
class OfBatch:
    """One batch, by its canonical code."""

    code: str


@dataclass(frozen=True, slots=True)
class OfUnit:
    """One drum or coil of a batch."""

    code: str
    unit: int


@dataclass(frozen=True, slots=True)
class OfUnits:
    """Some drums or coils of a batch together, by their numbers from first to last."""

    code: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class OfProduct:
    """All batches of one product; ``maker`` an id or a unified social credit code."""

    maker: str
    number: str


@dataclass(frozen=True, slots=True)
class OfMaker:
    """All batches of one maker; ``maker`` an id or a unified social credit code."""

    maker: str


@dataclass(frozen=True, slots=True)
class OfCertificate:
    """All batches made under a certificate; ``holder`` an id or a unified social credit code."""

    holder: str
    certificate: str


@dataclass(frozen=True, slots=True)
class OfMaterial:
    """All batches into which a lot of raw material went, by the number that its own maker gave it."""

    material_lot: str


@dataclass(frozen=True, slots=True)
class OfGoods:
    """Uncoded goods, by id."""

    goods: str


@dataclass(frozen=True, slots=True)
class OfEvent:
    """What an event is about: the batch of a test report, the drum that somebody complains of. By the event's id."""

    event: str


@dataclass(frozen=True, slots=True)
class AtProject:
    """What lies at a project, or was used there, by the project's id."""

    project: str


@dataclass(frozen=True, slots=True)
class HeldBy:
    """What a party has, or had when it was used or sold; in one region, if one is given. ``party`` an id or a credit code."""

    party: str
    region: str = ""


Start = (
    OfBatch
    | OfUnit
    | OfUnits
    | OfProduct
    | OfMaker
    | OfCertificate
    | OfMaterial
    | OfGoods
    | AtProject
    | HeldBy
)
Subject = Start | OfEvent

#: ``down`` where metres went, ``up`` where they came from, ``both`` the one behind the other.
Direction = Literal["down", "up", "both"]
DIRECTIONS: tuple[Direction, ...] = ("down", "up", "both")


def directions_of(start: Subject) -> tuple[Direction, ...]:
    """The ways that can be gone from here, the usual one first."""
    return ("up",) if isinstance(start, AtProject | HeldBy) else DIRECTIONS


def direction_from(start: Subject, asked: Direction | None) -> Direction:
    """The way that was asked for, else the usual one. Raises InputError ``wrong-input`` for one that cannot be gone."""
    possible = directions_of(start)
    if asked is None:
        return possible[0]
    if asked not in possible:
        raise InputError.of(
            "wrong-input",
            "从项目或持有单位只能向上追溯来源（up）；去向请从批次、盘、产品或企业开始",
            "from a project or a holder the trace goes up; to see where goods went, begin at a batch, a drum, a product or a maker",
            came=asked,
            where="direction",
        )
    return asked


def resolved(tx: Connection, actor: Actor, subject: Subject) -> Start | None:
    """What is traced; None for an event that is not open to the actor, or is about nothing that can be traced."""
    if not isinstance(subject, OfEvent):
        return subject
    if event_page(tx, actor, subject.event) is None:
        return None
    event = read_recorded(store.read_rows_by_id(tx, [subject.event])[subject.event])
    thing = thing_about(tx, event)
    if thing is None:
        return None
    sort, id_ = sort_and_id(thing)
    if sort == "batch":
        unit = _unit_of(event)
        return OfBatch(id_) if unit is None else OfUnit(id_, unit)
    return OfGoods(id_) if sort == "goods" else AtProject(id_)


def _unit_of(event: Recorded) -> int | None:
    """The drum that an event is about; a test of a sample speaks of the whole batch."""
    draft = event.draft
    said: Any = draft.body.right if isinstance(draft, CorrectionDraft) else draft.body
    unit: int | None = getattr(said, "unit", None)
    return unit
