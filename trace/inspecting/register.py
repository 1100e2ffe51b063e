"""The register of supervision work: planned visits 检查计划, the problems that inspections found 排查台账, official credit classes 信用风险分类.

Of every inspection 检查 its number is kept, which its authority gives once.

A projection: intake writes it with the events that state its facts, and it is rebuilt from them. Who may see which row is asked by
its readers (`queries.inspections`): a row says whom it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    tuple_,
)

from ..db.columns import Integer
from ..db.several import chunks, replace_rows, row_of, settle_rows
from ..model.admission import Wanted
from ..model.inspecting import KnownCreditClass, KnownDefect, KnownInspection, KnownSamplingPlan, KnownVisit
from ..model.postings import Fact, Withdrawn
from ..model.state import State

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

defect = Table(
    "defect",
    metadata,
    Column("event", String(36), primary_key=True, comment="the inspection that found it"),
    Column("n", Integer, primary_key=True, autoincrement=False, comment="its number in that inspection"),
    Column("number", String, nullable=False, comment="of the inspection's paper"),
    Column("authority", String(36), nullable=False),
    Column("party", String(36), nullable=False, comment="that was inspected; empty where nobody is named"),
    Column("region", String(6), nullable=False),
    Column("sites", String, nullable=False, comment="ids of the places where it was found"),
    Column("found_on", Date, nullable=False),
    Column("text", String, nullable=False),
    Column("item", String, nullable=False, comment="of the checklist"),
    Column("due", Date),
    Column("state", String, nullable=False),
    Column("last", String(36), nullable=False, comment="the event of its last step"),
    Column("changed_on", Date),
    Column("seq", Integer, nullable=False),
    Index("defect_by_party", "party"),
    Index("defect_by_region", "region"),
    Index("defect_by_authority", "authority"),
    info=_PROJECTION,
)
inspection = Table(
    "inspection",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("authority", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("inspection_by_number", "authority", "number"),
    info=_PROJECTION,
)
visit = Table(
    "visit",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("authority", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("type", String, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("party", String(36), nullable=False),
    Column("project", String(36), nullable=False),
    Column("region", String(6), nullable=False),
    Column("inspection", String(36), nullable=False, comment="by which it took place; empty until then"),
    Column("seq", Integer, nullable=False),
    Index("visit_by_authority", "authority"),
    info=_PROJECTION,
)
credit_class = Table(
    "credit_class",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("authority", String(36), nullable=False, comment="who recorded it"),
    Column("party", String(36), nullable=False),
    Column("letter", String(1), nullable=False),
    Column("on", Date, nullable=False, comment="the day of which it is"),
    Column("source", String, nullable=False, comment="where it was read"),
    Column("number", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("credit_class_by_party", "party"),
    info=_PROJECTION,
)

sampling_plan = Table(
    "sampling_plan",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("authority", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("level", String, nullable=False),
    Column("products", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("count", Integer, nullable=False),
    Column("substitutes", Integer, nullable=False),
    Column("seed_hash", String(64), nullable=False),
    Column("entrusted", String(36), nullable=False),
    Column("draw", String(36), nullable=False, comment="the event of the draw; empty until then"),
    Column("seed", String, nullable=False),
    Column("root", String(64), nullable=False),
    Column("drawn", JSON, nullable=False, comment="with the substitutes behind"),
    Column("seq", Integer, nullable=False),
    Index("sampling_plan_by_authority", "authority"),
    info=_PROJECTION,
)


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put what is wanted and not yet known into the state; what does not exist becomes None."""
    missing = sorted(wanted.defects - state.defects.keys())
    state.defects.update(dict.fromkeys(missing))
    for keys in chunks(missing):
        for row in tx.execute(select(defect).where(tuple_(defect.c.event, defect.c.n).in_(keys))):
            state.defects[row.event, row.n] = KnownDefect(**row._mapping)
    visits = sorted(wanted.visits - state.visits.keys())
    state.visits.update(dict.fromkeys(visits))
    for ids in chunks(visits):
        for row in tx.execute(select(visit).where(visit.c.event.in_(ids))):
            state.visits[row.event] = KnownVisit(**row._mapping)

    for authority, sort, number in wanted.case_numbers - state.case_numbers.keys():
        if sort == "inspection":
            state.case_numbers[authority, sort, number] = _first_of_number(tx, authority, number)
    plans = sorted(wanted.sampling_plans - state.sampling_plans.keys())
    state.sampling_plans.update(dict.fromkeys(plans))
    for ids in chunks(plans):
        for row in tx.execute(select(sampling_plan).where(sampling_plan.c.event.in_(ids))):
            state.sampling_plans[row.event] = _plan_in(row)


def _first_of_number(tx: Connection, authority: str, number: str) -> str | None:
    """Ledgers of before may have several of one number."""
    same = (inspection.c.authority == authority, inspection.c.number == number)
    statement = select(inspection.c.event).where(*same).order_by(inspection.c.seq).limit(1)
    return tx.execute(statement).scalar_one_or_none()


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the facts of accepted events, in their order; of several about the same thing the last one stands."""
    defects: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    classes: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    numbers: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    for each in facts:
        match each:
            case KnownDefect():
                defects[each.event, each.n] = row_of(each)
            case Withdrawn(fact=KnownDefect() as gone):
                defects[gone.event, gone.n] = None
            case KnownCreditClass():
                classes[each.event,] = row_of(each)
            case Withdrawn(fact=KnownCreditClass() as no_more):
                classes[no_more.event,] = None
            case KnownInspection():
                numbers[each.event,] = row_of(each)
            case Withdrawn(fact=KnownInspection() as unsaid):
                numbers[unsaid.event,] = None
    settle_rows(tx, defect, ("event", "n"), defects)
    settle_rows(tx, credit_class, ("event",), classes)
    settle_rows(tx, inspection, ("event",), numbers)
    replace_rows(tx, visit, ("event",), (row_of(each) for each in facts if isinstance(each, KnownVisit)))
    plans = (_plan_row(each) for each in facts if isinstance(each, KnownSamplingPlan))
    replace_rows(tx, sampling_plan, ("event",), plans)


# --- for readers --------------------------------------------------------------------------------------


def defects(tx: Connection) -> list[KnownDefect]:
    """All of them, those that are due first."""
    rows = tx.execute(select(defect).order_by(defect.c.due, defect.c.seq, defect.c.n))
    return [KnownDefect(**row._mapping) for row in rows]


def defects_of(tx: Connection, inspection: str) -> list[KnownDefect]:
    rows = tx.execute(select(defect).where(defect.c.event == inspection).order_by(defect.c.n))
    return [KnownDefect(**row._mapping) for row in rows]


def visits(tx: Connection) -> list[KnownVisit]:
    """All of them, the earliest first."""
    return [
        KnownVisit(**row._mapping)
        for row in tx.execute(select(visit).order_by(visit.c.opens_on, visit.c.seq))
    ]


def credit_classes(tx: Connection, parties: Iterable[str]) -> dict[str, list[KnownCreditClass]]:
    """The official classes of each of these parties that has any, that of the newest day first; of one day the last that was recorded."""
    found: dict[str, list[KnownCreditClass]] = {}
    for some in chunks(parties):
        of = credit_class.c.party.in_(some)
        order = credit_class.c.on.desc(), credit_class.c.seq.desc()
        for row in tx.execute(select(credit_class).where(of).order_by(*order)):
            found.setdefault(row.party, []).append(KnownCreditClass(**row._mapping))
    return found


def sampling_plans(tx: Connection, authorities: Iterable[str]) -> list[KnownSamplingPlan]:
    """Those of these authorities, the newest first."""
    of = sampling_plan.c.authority.in_(sorted(authorities))
    rows = tx.execute(select(sampling_plan).where(of).order_by(sampling_plan.c.seq.desc()))
    return [_plan_in(row) for row in rows]


def _plan_in(row: Row[Any]) -> KnownSamplingPlan:
    lists = {name: tuple(row._mapping[name]) for name in _LISTS}
    return KnownSamplingPlan(**{**row._mapping, **lists})


def _plan_row(plan: KnownSamplingPlan) -> dict[str, Any]:
    return {**row_of(plan), **{name: list(getattr(plan, name)) for name in _LISTS}}


_LISTS = ("products", "candidates", "drawn")
