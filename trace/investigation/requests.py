"""The register of requests to other authorities 协查请求: to whom each went and its steps, as the ledger has them.

A projection: intake writes it with the events, and it is rebuilt from them. What a letter says stands in its event alone. Who may see a
request stands in ``authority``, ``to``, ``case`` and ``lead``: nothing else here is shown to anybody (`queries.requests`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    false,
    or_,
    select,
)

from ..db.columns import Integer
from ..db.several import chunks, id_of_number, replace_rows, replace_steps, row_of, steps_of
from ..model.admission import Wanted
from ..model.postings import Fact, Withdrawn
from ..model.requests import KnownRequest, KnownRequestStep
from ..model.state import State
from . import register

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

request = Table(
    "request",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="who issued it"),
    Column("type", String, nullable=False),
    Column("number", String, nullable=False),
    Column("to", String(36), nullable=False, comment="the party to which it went, if it is registered"),
    Column("to_name", String, nullable=False),
    Column("case", String(36), nullable=False),
    Column("lead", String(36), nullable=False),
    Column("region", String(6), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("state", String, nullable=False),
    Index("request_by_authority", "authority", "seq"),
    Index("request_by_receiver", "to", "seq"),
    Index("request_by_case", "case"),
    Index("request_by_lead", "lead"),
    info=_PROJECTION,
)
step = Table(
    "request_step",
    metadata,
    Column("of", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("event", String(36), nullable=False),
    Column("step", String, nullable=False),
    Column("on", Date, nullable=False),
    Column("speaker", String(36), nullable=False),
    Column("on_paper", Boolean, nullable=False),
    Column("number", String, nullable=False),
    Column("until", Date),
    Column("outcome", String, nullable=False),
    info=_PROJECTION,
)


# --- for the rules ------------------------------------------------------------------------------------


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put the requests that are wanted and not yet known into the state; what is not there becomes None."""
    missing = wanted.requests - state.requests.keys()
    if missing:
        state.requests.update(dict.fromkeys(missing) | requests(tx, missing))
    for authority, sort, number in wanted.case_numbers - state.case_numbers.keys():
        if sort == "request":
            state.case_numbers[authority, sort, number] = id_of_number(tx, request, authority, number)


def parties_of(state: State, wanted: Wanted) -> set[str]:
    """Who sent and who received the wanted requests: with those above them a step is judged together."""
    known = (state.requests[id_] for id_ in wanted.requests)
    return {party for each in known if each is not None for party in (each.authority, each.to)} - {""}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the requests of accepted events; of several about the same one the last stands."""
    newest = {fact.id: fact for fact in facts if isinstance(fact, KnownRequest)}
    rows = ({**row_of(each, without={"steps"}), "state": each.state} for each in newest.values())
    replace_rows(tx, request, ("id",), rows)
    steps = ({"of": id_, **row_of(each)} for id_, known in newest.items() for each in known.steps)
    replace_steps(tx, step, newest, steps)


# --- for readers --------------------------------------------------------------------------------------


def requests(tx: Connection, ids: Iterable[str]) -> dict[str, KnownRequest]:
    """The requests among these ids."""
    rows = [row for some in chunks(ids) for row in tx.execute(select(request).where(request.c.id.in_(some)))]
    steps = steps_of(tx, step, [row.id for row in rows], KnownRequestStep)
    return {row.id: _known(row, steps.get(row.id, ())) for row in rows}


def requests_where(tx: Connection, *conditions: ColumnElement[bool], limit: int) -> list[KnownRequest]:
    """The newest requests under these conditions on `request`."""
    ids = register.newest_ids(tx, request, *conditions, limit=limit)
    found = requests(tx, ids)
    return [found[id_] for id_ in ids]


def is_sent_by(parties: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `request` that one of these parties issued it, or that it is of a case or lead of theirs."""
    some = sorted(parties)
    if not some:
        return false()
    cases = select(register.case.c.id).where(register.case_is_of(some))
    leads = select(register.lead.c.id).where(register.lead_is_of(some))
    return or_(request.c.authority.in_(some), request.c.case.in_(cases), request.c.lead.in_(leads))


def is_received_by(parties: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `request` that it went to one of these parties."""
    some = sorted(parties)
    return request.c.to.in_(some) if some else false()


def whose(tx: Connection, id_: str) -> frozenset[str]:
    """The ids of the parties who may see a request: who issued it, whose the case or lead is, and to whom it went."""
    row = tx.execute(select(request).where(request.c.id == id_)).one_or_none()
    if row is None:
        return frozenset()
    of_case = register.whose(tx, case_id=row.case) if row.case else frozenset()
    of_lead = register.whose(tx, lead_id=row.lead) if row.lead else frozenset()
    return frozenset({row.authority, row.to} - {""}) | of_case | of_lead


# --- rows ---------------------------------------------------------------------------------------------


def _known(row: Row[Any], steps: tuple[KnownRequestStep, ...]) -> KnownRequest:
    values = {name: value for name, value in row._mapping.items() if name != "state"}
    return KnownRequest(**values, steps=steps)
