"""The register of transfers to the organ of discipline 行纪衔接, and which accounts may know of each.

A projection: intake writes it with the events, and it is rebuilt from them. Every reading goes by ``account``: whoever is not named finds
nothing, with the same statements as where there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, Index, MetaData, Row, String, Table, insert, select

from ..db.columns import Integer
from ..db.several import chunks, delete_rows, replace_rows, replace_steps, row_of, steps_of
from ..model.admission import Wanted
from ..model.discipline import KnownDiscipline, KnownDisciplineStep
from ..model.postings import Fact, Withdrawn
from ..model.state import State

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

discipline = Table(
    "discipline",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="whose it is"),
    Column("account", String(36), nullable=False, comment="who drew it up"),
    Column("number", String, nullable=False),
    Column("ground", String, nullable=False),
    Column("organ", String, nullable=False, comment="to which it goes"),
    Column("facts", String, nullable=False),
    Column("unit", String, nullable=False, comment="of the official"),
    Column("post", String, nullable=False),
    Column("signer", String(36), nullable=False, comment="account of the head who signs"),
    Column("first_handlers", JSON, nullable=False, comment="accounts, as it was drawn up"),
    Column("on", Date, nullable=False),
    Column("case", String(36), nullable=False, comment="in which it was found"),
    info=_PROJECTION,
)
step = Table(
    "discipline_step",
    metadata,
    Column("of", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("event", String(36), nullable=False),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("account", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("text", String, nullable=False),
    Column("handlers", JSON(none_as_null=True)),
    info=_PROJECTION,
)
named = Table(
    "discipline_named",
    metadata,
    Column("of", String(36), primary_key=True),
    Column("account", String(36), primary_key=True, comment="that may know of it now"),
    Index("discipline_named_by_account", "account"),
    info=_PROJECTION,
)


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put those that are wanted and not yet known into the state; what is not there becomes None."""
    missing = wanted.discipline - state.discipline.keys()
    if missing:
        state.discipline.update(dict.fromkeys(missing) | _read(tx, missing))


def authorities(state: State, wanted: Wanted) -> set[str]:
    """Whose the wanted ones are: with those above them a step is judged together."""
    known = (state.discipline[id_] for id_ in wanted.discipline)
    return {each.authority for each in known if each is not None}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the transfers of accepted events; of several about the same one the last stands."""
    newest = {fact.id: fact for fact in facts if isinstance(fact, KnownDiscipline)}
    if not newest:
        return
    replace_rows(tx, discipline, ("id",), map(_row, newest.values()))
    steps = ({"of": known.id, **_step_row(each)} for known in newest.values() for each in known.steps)
    replace_steps(tx, step, newest, steps)
    delete_rows(tx, named, named.c.of, newest)
    who = [{"of": known.id, "account": each} for known in newest.values() for each in sorted(known.named)]
    tx.execute(insert(named), who)


def known_to(tx: Connection, account: str, ids: Iterable[str] | None = None) -> dict[str, KnownDiscipline]:
    """Those in which the account is named, of these ids or of all; by id, the newest first."""
    whose = select(named.c.of).where(named.c.account == account)
    if ids is not None:
        whose = whose.where(named.c.of.in_(sorted(ids)))
    found = _read(tx, list(tx.execute(whose).scalars()))
    return dict(sorted(found.items(), key=lambda each: -each[1].seq))


def _read(tx: Connection, ids: Iterable[str]) -> dict[str, KnownDiscipline]:
    of = chunks(ids)
    rows = [row for some in of for row in tx.execute(select(discipline).where(discipline.c.id.in_(some)))]
    steps = steps_of(tx, step, [row.id for row in rows], _step_in)
    return {row.id: _in(row, steps.get(row.id, ())) for row in rows}


def _row(known: KnownDiscipline) -> dict[str, Any]:
    return {**row_of(known, without=("steps",)), "first_handlers": list(known.first_handlers)}


def _in(row: Row[Any], steps: tuple[KnownDisciplineStep, ...]) -> KnownDiscipline:
    said = {**row._mapping, "first_handlers": tuple(row.first_handlers)}
    return KnownDiscipline(**said, steps=steps)


def _step_row(known: KnownDisciplineStep) -> dict[str, Any]:
    return {**row_of(known), "handlers": None if known.handlers is None else list(known.handlers)}


def _step_in(*, handlers: list[str] | None, **said: Any) -> KnownDisciplineStep:
    return KnownDisciplineStep(**said, handlers=None if handlers is None else tuple(handlers))
