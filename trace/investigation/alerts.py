"""The register of what authorities did about alerts 预警办理, as the ledger has it.

A projection: intake writes it with the events, and it is rebuilt from them. The alerts themselves are made by their follower
(`alerts.register`) and stand apart: a step names one by the index of its event and its rule. Who may see a step stands in
``authority``, ``top`` and ``to`` (`is_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    MetaData,
    Select,
    String,
    Table,
    false,
    func,
    or_,
    select,
    tuple_,
)

from ..db.columns import Integer
from ..db.several import chunks, replace_rows, row_of
from ..model.admission import Wanted
from ..model.investigation import KnownAlertStep
from ..model.postings import Fact, Withdrawn
from ..model.state import State

metadata = MetaData()

step = Table(
    "alert_step",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("event", String(36), nullable=False),
    Column("index", Integer, nullable=False, comment="of the event that the alert is about"),
    Column("rule", String, nullable=False),
    Column("authority", String(36), nullable=False),
    Column("top", String(36), nullable=False, comment="the topmost authority of its tree"),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("to", String(36), nullable=False, comment="the unit that it was given to"),
    Column("text", String, nullable=False),
    Index("alert_step_by_alert", "index", "rule"),
    Index("alert_step_by_event", "event"),
    Index("alert_step_by_authority", "authority"),
    Index("alert_step_by_unit", "to"),
    info={"kind": "projection"},
)


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put what was done about the wanted alerts into the state; nothing where nobody did."""
    missing = sorted(wanted.alert_steps - state.alert_steps.keys())
    found: dict[tuple[int, str], list[KnownAlertStep]] = defaultdict(list)
    for some in chunks(missing):
        for known in _steps(tx, tuple_(step.c.index, step.c.rule).in_(some)):
            found[known.index, known.rule].append(known)
    state.alert_steps.update({about: tuple(found[about]) for about in missing})


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the steps of accepted events."""
    replace_rows(tx, step, ("seq",), (row_of(each) for each in facts if isinstance(each, KnownAlertStep)))


# --- for readers --------------------------------------------------------------------------------------


def is_of(parties: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `step` that it is one of these parties', or one of an alert that was given to one of them."""
    some = sorted(parties)
    if not some:
        return false()
    given = select(step.c.index, step.c.rule, step.c.top).where(step.c.to.in_(some))
    return or_(step.c.authority.in_(some), tuple_(step.c.index, step.c.rule, step.c.top).in_(given))


def standing_at(parties: Iterable[str], steps: Iterable[str]) -> Select[tuple[int, str]]:
    """(index, rule) of the alerts whose newest step of these parties is one of ``steps``."""
    newest = select(func.max(step.c.seq)).where(is_of(parties)).group_by(step.c.index, step.c.rule)
    return select(step.c.index, step.c.rule).where(step.c.seq.in_(newest), step.c.step.in_(sorted(steps)))


def newest_of(
    tx: Connection, parties: Iterable[str], indexes: Iterable[int]
) -> dict[tuple[int, str], KnownAlertStep]:
    """The newest step of these parties about each alert of these events; ``indexes`` are at most some hundred."""
    of = (is_of(parties), step.c.index.in_(sorted(set(indexes))))
    return {(known.index, known.rule): known for known in _steps(tx, *of)}


def whose(tx: Connection, event: str) -> frozenset[str]:
    """The ids of the parties who may see a step besides its authority: the units to which that alert was given."""
    row = tx.execute(select(step).where(step.c.event == event)).one_or_none()
    if row is None:
        return frozenset()
    same = (step.c.index == row.index, step.c.rule == row.rule, step.c.top == row.top)
    return frozenset({row.authority, *tx.execute(select(step.c.to).where(*same)).scalars()} - {""})


def _steps(tx: Connection, *conditions: ColumnElement[bool]) -> list[KnownAlertStep]:
    """In the order of the ledger."""
    rows = tx.execute(select(step).where(*conditions).order_by(step.c.seq))
    return [KnownAlertStep(**row._mapping) for row in rows]
