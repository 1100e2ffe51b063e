"""The register of special campaigns 专项行动, of what units reported, and of who was inspected or sampled when.

A projection: intake writes it with the events, and it is rebuilt from them. What a report says in words stands in its event alone.
Who may see which row is asked by its readers (`queries.programmes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Index,
    MetaData,
    Row,
    String,
    Table,
    select,
)

from ..db.columns import Integer
from ..db.several import chunks, id_of_number, replace_rows, row_of, settle_rows
from ..model.admission import Wanted
from ..model.bodies_of_programmes import Phase, Task
from ..model.postings import Fact, Withdrawn
from ..model.programmes import KnownCheck, KnownProgramme, KnownProgrammeStep
from ..model.state import State

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

programme = Table(
    "programme",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="who issued it"),
    Column("number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("basis", JSON, nullable=False),
    Column("phases", JSON, nullable=False),
    Column("tasks", JSON, nullable=False),
    Column("summary_due", Date),
    Column("text", String, nullable=False),
    Index("programme_by_authority", "authority", "seq"),
    info=_PROJECTION,
)
step = Table(
    "programme_step",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("programme", String(36), nullable=False),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("speaker", String(36), nullable=False, comment="who entered it"),
    Column("unit", String(36), nullable=False, comment="whose report it is"),
    Column("task", String, nullable=False),
    Column("case", String(36), nullable=False),
    Column("lead", String(36), nullable=False),
    Column("frozen_at", Integer),
    Index("programme_step_by_programme", "programme", "seq"),
    info=_PROJECTION,
)
check = Table(
    "party_checked",
    metadata,
    Column("event", String(36), primary_key=True),
    Column(
        "party",
        String(36),
        primary_key=True,
        comment="that was inspected, or whose goods were sampled; or a project",
    ),
    Column("kind", String, nullable=False),
    Column("authority", String(36), nullable=False),
    Column("region", String(6), nullable=False),
    Column("on", Date, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("party_checked_by_day", "on"),
    Index("party_checked_by_party", "party"),
    info=_PROJECTION,
)


# --- for the rules ------------------------------------------------------------------------------------


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put the programmes that are wanted and not yet known into the state; what is not there becomes None."""
    missing = wanted.programmes - state.programmes.keys()
    if missing:
        state.programmes.update(dict.fromkeys(missing) | programmes(tx, missing))
    for authority, sort, number in wanted.case_numbers - state.case_numbers.keys():
        if sort == "programme":
            state.case_numbers[authority, sort, number] = id_of_number(tx, programme, authority, number)


def authorities(state: State, wanted: Wanted) -> set[str]:
    """Who issued the wanted programmes: with those above them a report is judged together."""
    known = (state.programmes[id_] for id_ in wanted.programmes)
    return {each.authority for each in known if each is not None}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the facts of accepted events, in their order; of several about the same thing the last one stands."""
    replace_rows(tx, programme, ("id",), (_row(each) for each in facts if isinstance(each, KnownProgramme)))
    steps: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    checks: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    for each in facts:
        match each:
            case KnownProgrammeStep():
                steps[each.event,] = row_of(each)
            case Withdrawn(fact=KnownProgrammeStep() as gone):
                steps[gone.event,] = None
            case KnownCheck():
                checks[each.event, each.party] = row_of(each)
            case Withdrawn(fact=KnownCheck() as none):
                checks[none.event, none.party] = None
    settle_rows(tx, step, ("event",), steps)
    settle_rows(tx, check, ("event", "party"), checks)


# --- for readers --------------------------------------------------------------------------------------


def programmes(tx: Connection, ids: Iterable[str]) -> dict[str, KnownProgramme]:
    """The programmes among these ids."""
    found: dict[str, KnownProgramme] = {}
    for some in chunks(ids):
        rows = tx.execute(select(programme).where(programme.c.id.in_(some)))
        found |= {row.id: _programme_in(row) for row in rows}
    return found


def all_programmes(tx: Connection) -> list[KnownProgramme]:
    """The newest first. A city has a few dozen of them."""
    rows = tx.execute(select(programme).order_by(programme.c.seq.desc()))
    return [_programme_in(row) for row in rows]


def programmes_of(tx: Connection, authorities: Iterable[str]) -> list[KnownProgramme]:
    """Those that these authorities issued, the newest first."""
    found: list[KnownProgramme] = []
    for some in chunks(authorities):
        found += map(_programme_in, tx.execute(select(programme).where(programme.c.authority.in_(some))))
    return sorted(found, key=lambda each: -each.seq)


def steps_of(tx: Connection, ids: Iterable[str]) -> list[KnownProgrammeStep]:
    """Everything that was reported of these programmes, in order."""
    found: list[KnownProgrammeStep] = []
    for some in chunks(ids):
        rows = tx.execute(select(step).where(step.c.programme.in_(some)).order_by(step.c.seq))
        found += (KnownProgrammeStep(**row._mapping) for row in rows)
    return found


def checks_between(tx: Connection, since: date, until: date) -> list[KnownCheck]:
    """Who was checked on these days, both included, in order."""
    of = check.c.on.between(since, until)
    return [KnownCheck(**row._mapping) for row in tx.execute(select(check).where(of).order_by(check.c.seq))]


def checks_of(tx: Connection, party: str) -> list[KnownCheck]:
    """Everything by which a party was checked, or has checked itself, the newest first."""
    rows = tx.execute(select(check).where(check.c.party == party).order_by(check.c.seq.desc()))
    return [KnownCheck(**row._mapping) for row in rows]


# --- rows ---------------------------------------------------------------------------------------------


def _row(known: KnownProgramme) -> dict[str, Any]:
    return {
        **row_of(known),
        "basis": list(known.basis),
        "phases": [_as_json(asdict(each)) for each in known.phases],
        "tasks": [_as_json(asdict(each)) for each in known.tasks],
    }


def _as_json(said: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in said.items()
    }


def _programme_in(row: Row[Any]) -> KnownProgramme:
    values = dict(row._mapping)
    phases = tuple(
        Phase(name=each["name"], opens_on=_day(each["opens_on"]), closes_on=_day(each["closes_on"]))
        for each in values["phases"]
    )
    tasks = tuple(
        Task(**{**each, "units": tuple(each["units"]), "asks": tuple(each.get("asks", ())), "due": None if each["due"] is None else _day(each["due"])})
        for each in values["tasks"]
    )  # fmt: skip
    return KnownProgramme(**{**values, "basis": tuple(values["basis"]), "phases": phases, "tasks": tasks})


_day = date.fromisoformat
