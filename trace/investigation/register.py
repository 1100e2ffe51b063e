"""The register of leads 线索 and cases 案件: how each began and its steps, as the ledger has them.

A projection: intake writes it with the events, and it is rebuilt from them. ``state`` is the fold of the steps, kept for
lists alone; whoever reads one folds anew. Whose they are, and who may see them, stands in ``authority`` and ``assigned``:
nothing else here is shown to anybody (`queries.cases`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    MetaData,
    Row,
    String,
    Table,
    false,
    or_,
    select,
)

from ..db.columns import Integer
from ..db.several import chunks, id_of_number, replace_rows, replace_steps, row_of, steps_of
from ..model.admission import Wanted
from ..model.investigation import BatchMeant, KnownCase, KnownLead, KnownMatter, KnownStep
from ..model.postings import Fact, Withdrawn
from ..model.state import State

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

lead = Table(
    "lead",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="whose it is"),
    Column("number", String, nullable=False),
    Column("source", String, nullable=False),
    Column("text", String, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("matter", JSON, nullable=False),
    Column("origin", String(36), nullable=False, comment="the event that it came from"),
    Column("rule", String, nullable=False, comment="of the alert that it came from"),
    Column("case", String(36), nullable=False, comment="that was filed of it"),
    Column("state", String, nullable=False),
    Column("assigned", String(36), nullable=False, comment="the unit that has it"),
    Index("lead_by_authority", "authority", "seq"),
    Index("lead_by_unit", "assigned", "seq"),
    Index("lead_by_origin", "origin"),
    info=_PROJECTION,
)
case = Table(
    "case_",  # "case" is a word of SQL
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="whose it is"),
    Column("number", String, nullable=False),
    Column("category", String, nullable=False, comment="row of the monthly form: one a case"),
    Column("text", String, nullable=False),
    Column("legal_basis", String, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("matter", JSON, nullable=False),
    Column("frozen_at", Integer, nullable=False, comment="ledger index at which its scope was traced"),
    Column("leads", JSON, nullable=False),
    Column("goods_value_fen", Integer, comment="as filed; empty where nobody knows it"),
    Column("state", String, nullable=False),
    Column("decided_on", Date),
    Column("publication", String, nullable=False, comment="how that of its penalty stands"),
    Index("case_by_authority", "authority", "seq"),
    info=_PROJECTION,
)
step = Table(
    "case_step",
    metadata,
    Column("of", String(36), primary_key=True, comment="lead or case"),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("event", String(36), nullable=False),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("speaker", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("until", Date),
    Column("outcome", String, nullable=False),
    Column("penalties", JSON, nullable=False),
    Column("fine_fen", Integer),
    Column("confiscated_fen", Integer),
    Column("goods_value_fen", Integer),
    Column("to", String(36), nullable=False),
    Column("into", String(36), nullable=False),
    Column("matter", JSON(none_as_null=True)),
    Column("frozen_at", Integer),
    info=_PROJECTION,
)
_ASIDE = frozenset({"steps", "matter", "leads", "penalties"})


# --- for the rules ------------------------------------------------------------------------------------


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put the leads and cases that are wanted and not yet known into the state; what is not there becomes None."""
    missing_leads = wanted.leads - state.leads.keys()
    if missing_leads:
        state.leads.update(dict.fromkeys(missing_leads) | leads(tx, missing_leads))
    missing_cases = wanted.cases - state.cases.keys()
    if missing_cases:
        state.cases.update(dict.fromkeys(missing_cases) | cases(tx, missing_cases))
    tables = {"lead": lead, "case": case}
    for authority, sort, number in wanted.case_numbers - state.case_numbers.keys():
        if sort not in tables:
            continue
        state.case_numbers[authority, sort, number] = id_of_number(tx, tables[sort], authority, number)


def authorities(state: State, wanted: Wanted) -> set[str]:
    """Whose the wanted leads and cases are: with those above them a step is judged together."""
    known = (*(state.leads[id_] for id_ in wanted.leads), *(state.cases[id_] for id_ in wanted.cases))
    return {each.authority for each in known if each is not None}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the leads and cases of accepted events; of several about the same one the last stands."""
    newest: dict[str, KnownLead | KnownCase] = {
        fact.id: fact for fact in facts if isinstance(fact, KnownLead | KnownCase)
    }
    if not newest:
        return
    some_leads = [each for each in newest.values() if isinstance(each, KnownLead)]
    some_cases = [each for each in newest.values() if isinstance(each, KnownCase)]
    replace_rows(tx, lead, ("id",), map(_lead_row, some_leads))
    replace_rows(tx, case, ("id",), map(_case_row, some_cases))
    steps = (_step_row(id_, each) for id_, known in newest.items() for each in known.steps)
    replace_steps(tx, step, newest, steps)


# --- for readers --------------------------------------------------------------------------------------


def leads(tx: Connection, ids: Iterable[str]) -> dict[str, KnownLead]:
    """The leads among these ids."""
    rows = [row for some in chunks(ids) for row in tx.execute(select(lead).where(lead.c.id.in_(some)))]
    steps = steps_of(tx, step, [row.id for row in rows], _step_in)
    return {row.id: _lead_in(row, steps.get(row.id, ())) for row in rows}


def cases(tx: Connection, ids: Iterable[str]) -> dict[str, KnownCase]:
    """The cases among these ids."""
    rows = [row for some in chunks(ids) for row in tx.execute(select(case).where(case.c.id.in_(some)))]
    steps = steps_of(tx, step, [row.id for row in rows], _step_in)
    return {row.id: _case_in(row, steps.get(row.id, ())) for row in rows}


def leads_where(tx: Connection, *conditions: ColumnElement[bool], limit: int) -> list[KnownLead]:
    """The newest leads under these conditions on `lead`."""
    ids = newest_ids(tx, lead, *conditions, limit=limit)
    found = leads(tx, ids)
    return [found[id_] for id_ in ids]


def cases_where(tx: Connection, *conditions: ColumnElement[bool], limit: int) -> list[KnownCase]:
    """The newest cases under these conditions on `case`."""
    ids = newest_ids(tx, case, *conditions, limit=limit)
    found = cases(tx, ids)
    return [found[id_] for id_ in ids]


def newest_ids(tx: Connection, table: Table, *conditions: ColumnElement[bool], limit: int) -> list[str]:
    return list(
        tx.execute(select(table.c.id).where(*conditions).order_by(table.c.seq.desc()).limit(limit)).scalars()
    )


def lead_is_of(parties: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `lead` that it is one of these parties', or given to one."""
    some = sorted(parties)
    return or_(lead.c.authority.in_(some), lead.c.assigned.in_(some)) if some else false()


def case_is_of(parties: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `case` that it is one of these parties', or of a lead that was given to one."""
    some = sorted(parties)
    if not some:
        return false()
    given = select(lead.c.case).where(lead.c.assigned.in_(some), lead.c.case != "")
    return or_(case.c.authority.in_(some), case.c.id.in_(given))


def whose(tx: Connection, *, lead_id: str = "", case_id: str = "") -> frozenset[str]:
    """The ids of the parties whose a lead or a case is: of the authority, and of the unit that it was given to."""
    if lead_id:
        row = tx.execute(select(lead.c.authority, lead.c.assigned).where(lead.c.id == lead_id)).one_or_none()
        return frozenset() if row is None else frozenset({row.authority, row.assigned} - {""})
    own = tx.execute(select(case.c.authority).where(case.c.id == case_id)).scalars()
    given = tx.execute(select(lead.c.assigned).where(lead.c.case == case_id)).scalars()
    return frozenset({*own, *given} - {""})


# --- rows ---------------------------------------------------------------------------------------------


def _lead_row(known: KnownLead) -> dict[str, Any]:
    return {
        **row_of(known, without=_ASIDE),
        "matter": _matter_members(known.matter),
        "state": known.state,
        "assigned": known.assigned_to,
    }


def _case_row(known: KnownCase) -> dict[str, Any]:
    decision = known.decision
    return {
        **row_of(known, without=_ASIDE),
        "matter": _matter_members(known.matter),
        "leads": list(known.leads),
        "state": known.state,
        "decided_on": None if decision is None else decision.on,
        "publication": known.publication,
    }


def _step_row(of: str, known: KnownStep) -> dict[str, Any]:
    return {
        "of": of,
        **row_of(known, without=_ASIDE),
        "penalties": list(known.penalties),
        "matter": None if known.matter is None else _matter_members(known.matter),
    }


def _lead_in(row: Row[Any], steps: tuple[KnownStep, ...]) -> KnownLead:
    values = {name: value for name, value in row._mapping.items() if name not in ("state", "assigned")}
    return KnownLead(**{**values, "matter": _matter_in(row.matter), "steps": steps})


def _case_in(row: Row[Any], steps: tuple[KnownStep, ...]) -> KnownCase:
    values = {
        name: value
        for name, value in row._mapping.items()
        if name not in ("state", "decided_on", "publication")
    }
    return KnownCase(
        **{**values, "matter": _matter_in(row.matter), "leads": tuple(row.leads), "steps": steps}
    )


def _step_in(*, penalties: list[str], matter: Mapping[str, Any] | None, **said: Any) -> KnownStep:
    meant = None if matter is None else _matter_in(matter)
    return KnownStep(**said, penalties=tuple(penalties), matter=meant)


def _matter_members(matter: KnownMatter) -> dict[str, Any]:
    return {
        "batches": [[each.code, [list(pair) for pair in each.units], each.whole] for each in matter.batches],
        "goods": list(matter.goods),
        "parties": list(matter.parties),
        "projects": list(matter.projects),
        "names": list(matter.names),
    }


def _matter_in(stored: Mapping[str, Any]) -> KnownMatter:
    return KnownMatter(
        batches=tuple(
            BatchMeant(code, tuple((first, last) for first, last in units), *whole)
            for code, units, *whole in stored["batches"]  # older rows do not say the last
        ),
        goods=tuple(stored["goods"]),
        parties=tuple(stored["parties"]),
        projects=tuple(stored["projects"]),
        names=tuple(stored["names"]),
    )
