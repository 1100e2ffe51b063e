"""The register of samples 样品: where each was taken, and what has become of it, as the ledger has them.

A projection: intake writes it with the events, and it is rebuilt from them. Who may see which sample and which of its steps is asked by
its readers (`queries.samples`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
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
from ..db.several import chunks, replace_steps, row_of, settle_rows, steps_of
from ..model.admission import Wanted
from ..model.postings import Fact, Withdrawn
from ..model.samples import KnownSample, KnownSampleStep
from ..model.state import State

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

sample = Table(
    "sample",
    metadata,
    Column("event", String(36), primary_key=True, comment="the sampling"),
    Column("seq", Integer, nullable=False),
    Column("number", String, nullable=False),
    Column("type", String, nullable=False),
    Column("level", String, nullable=False),
    Column("authority", String(36), nullable=False, comment="for whom it was taken"),
    Column("speaker", String(36), nullable=False, comment="who took it"),
    Column("samplers", Integer, nullable=False, comment="how many are named"),
    Column("region", String(6), nullable=False),
    Column("sites", String, nullable=False, comment="ids of the places where it was taken"),
    Column("sampled_on", Date, nullable=False),
    Column("batch", String, nullable=False),
    Column("goods", String(36), nullable=False),
    Column("unit", Integer, nullable=False),
    Column("maker", String(36), nullable=False),
    Column("product", String, nullable=False),
    Column("holder", String(36), nullable=False, comment="who had the goods"),
    Column("seal", String, nullable=False),
    Column("length_mm", Integer, nullable=False),
    Column("reserve_mm", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("whom", String, nullable=False, comment="ids of all that take part, with blanks around each"),
    Index("sample_by_batch", "batch"),
    Index("sample_by_goods", "goods"),
    Index("sample_by_maker", "maker", "sampled_on"),
    info=_PROJECTION,
)
step = Table(
    "sample_step",
    metadata,
    Column("of", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("event", String(36), nullable=False),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("speaker", String(36), nullable=False),
    Column("on_paper", Boolean, nullable=False),
    Column("to", String(36), nullable=False),
    Column("to_name", String, nullable=False),
    Column("side", String, nullable=False),
    Column("seal", String, nullable=False),
    Column("ground", String, nullable=False),
    Column("number", String, nullable=False),
    Column("result", String, nullable=False),
    Column("kept_at", String, nullable=False),
    info=_PROJECTION,
)


# --- for the rules ------------------------------------------------------------------------------------


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put the samples that are wanted and not yet known into the state; what is not there becomes None."""
    missing = wanted.samples - state.samples.keys()
    if missing:
        state.samples.update(dict.fromkeys(missing) | samples(tx, missing))


def parties_of(state: State, wanted: Wanted) -> set[str]:
    """Whose the wanted samples are: with those above them a step is judged together."""
    known = (state.samples[event] for event in wanted.samples)
    return {each.authority for each in known if each is not None}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the samples of accepted events; of several about the same one the last stands."""
    newest: dict[str, KnownSample | None] = {}
    for each in facts:
        match each:
            case KnownSample():
                newest[each.event] = each
            case Withdrawn(fact=KnownSample() as gone):
                newest[gone.event] = None
    rows = {(event,): None if known is None else _row(known) for event, known in newest.items()}
    settle_rows(tx, sample, ("event",), rows)
    standing = [each for each in newest.values() if each is not None]
    steps = ({"of": known.event, **row_of(each)} for known in standing for each in known.steps)
    replace_steps(tx, step, newest, steps)


# --- for readers --------------------------------------------------------------------------------------


def samples(tx: Connection, events: Iterable[str]) -> dict[str, KnownSample]:
    """The samples among these events."""
    rows = [
        row for some in chunks(events) for row in tx.execute(select(sample).where(sample.c.event.in_(some)))
    ]
    steps = steps_of(tx, step, [row.event for row in rows], KnownSampleStep)
    return {row.event: _known(row, steps.get(row.event, ())) for row in rows}


def samples_where(
    tx: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[KnownSample]:
    """The newest samples under these conditions on `sample`."""
    of = select(sample.c.event).where(*conditions).order_by(sample.c.seq.desc()).limit(limit)
    events = list(tx.execute(of).scalars())
    found = samples(tx, events)
    return [found[event] for event in events]


def samples_of_batch(tx: Connection, code: str, up_to: int | None = None) -> list[KnownSample]:
    """The samples of a batch, the newest first, as they stood at a ledger index."""
    found = samples_where(tx, sample.c.batch == code)  # sample_by_batch
    if up_to is None:
        return found
    return [
        replace(each, steps=tuple(step for step in each.steps if step.seq <= up_to))
        for each in found
        if each.seq <= up_to
    ]


def samples_of_batches(tx: Connection, codes: Iterable[str]) -> list[KnownSample]:
    """The samples of these batches; cost: `sample_by_batch`."""
    events: list[str] = []
    for some in chunks(codes):
        events += tx.execute(select(sample.c.event).where(sample.c.batch.in_(some))).scalars()
    return list(samples(tx, events).values())


def takes_part(party: str) -> ColumnElement[bool]:
    """The condition on `sample` that a party takes part in it."""
    return sample.c.whom.contains(f" {party} ", autoescape=True)


# --- rows ---------------------------------------------------------------------------------------------


def _row(known: KnownSample) -> dict[str, Any]:
    whom = f" {' '.join(sorted(known.parties))} "
    return {**row_of(known, without={"steps"}), "state": known.state, "whom": whom}


def _known(row: Row[Any], steps: tuple[KnownSampleStep, ...]) -> KnownSample:
    values = {name: value for name, value in row._mapping.items() if name not in ("state", "whom")}
    return KnownSample(**values, steps=steps)
