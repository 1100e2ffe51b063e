"""Papers by their numbers: orders, notices, delivery notes, reports and records of events, as far as the reader may open them.

A number that is none and one that is not the reader's are answered the same way: nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..intake.recorded import as_they_stand, read_recorded
from ..ledger import store
from ..registry import register
from ..search.documents import Field
from ..search.tokens import Group, condense
from .events import event_page
from .names import names_of
from .registry import open_project
from .search import Found
from .timeline import read_stream_whole
from .visibility import reading

#: Numbers of papers that a movement of a batch names; its order is found among the orders.
_OF_MOVEMENTS = {
    each.slug: each
    for each in (
        Field.DELIVERY_NOTE,
        Field.ACCEPTANCE,
        Field.SUPERVISION,
        Field.SAMPLING,
        Field.SEAL,
        Field.USE,
    )
}


NOTICE = Text("通报", "notice")
ORDER = Text("订单", "order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A number, what it is the number of, and the event that says so; ``lot`` is that of its batch."""

    what: Text
    number: str
    lot: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedOrder:
    """An order of the reader's own party, by its number."""

    number: str
    partner_name: str


def begins_alike(number: str, typed: str) -> bool:
    """Whether a number is this or begins with it, in any spelling."""
    wanted = condense(Group.CODE, typed)
    return bool(wanted) and condense(Group.CODE, number).startswith(wanted)


def papers_among(tx: Connection, actor: Actor, found: Sequence[Found], typed: str) -> Iterator[Paper]:
    """The papers by whose numbers batches were found. Cost: of each that is taken, one event, and of a report the tests of its
    batch."""
    for hit in found:
        for match in hit.matches:
            if not begins_alike(match.text, typed):
                continue
            if match.field == Field.REPORT.slug:
                papers = list(_reports(tx, hit.batch.code, hit.batch.lot, match.text))
            elif match.field in _OF_MOVEMENTS and match.event_id:
                what = _OF_MOVEMENTS[match.field].label
                papers = [Paper(what=what, number=match.text, lot=hit.batch.lot, event_id=match.event_id)]
            else:
                continue
            yield from (each for each in papers if event_page(tx, actor, each.event_id) is not None)


def _reports(tx: Connection, code: str, lot: str, number: str) -> Iterator[Paper]:
    for event in as_they_stand(read_stream_whole(tx, f"batch:{code}", kinds=("testing",))):
        if event.draft.body.report == number:
            yield Paper(what=Field.REPORT.label, number=number, lot=lot, event_id=event.event_id)


def orders_numbered(tx: Connection, actor: Actor, typed: str) -> Iterator[NumberedOrder]:
    """The own orders whose number is this or begins with it, the newest first."""
    reading(actor, Action.READ_ORDERS)
    table = register.order
    own = or_(table.c.supplier == actor.party, table.c.buyer == actor.party)
    rows = tx.execute(select(table).where(own).order_by(table.c.seq.desc())).all()
    for row in rows if actor.party else ():
        if begins_alike(row.number, typed):
            partner = row.buyer if row.supplier == actor.party else row.supplier
            yield NumberedOrder(number=row.number, partner_name=names_of(tx, [partner]).party(partner))


def orders_of_projects(tx: Connection, actor: Actor, typed: str) -> Iterator[Paper]:
    """Orders of others whose record is open to the actor, mostly because they name a project of its own or in its
    jurisdiction, and whose number is this or begins with it, the newest first. Cost: one look at every order; each that is taken,
    an event."""
    scope, table = reading(actor, Action.READ_BATCH), register.order
    of_project = table.outerjoin(register.project, table.c.project == register.project.c.id)
    rows = tx.execute(
        select(table.c.number, table.c.seq)
        .select_from(of_project)
        .where(open_project(scope), _perhaps_begins(table.c.number, typed))
        .where(table.c.supplier != actor.party, table.c.buyer != actor.party)
        .order_by(table.c.seq.desc())
    )
    for row in rows.all():
        if not begins_alike(row.number, typed):
            continue
        first = next(read_recorded(each).event_id for each in store.read_rows_at(tx, [row.seq]))
        for id_ in (first, *register.newest_versions(tx, [first]).values()):
            if event_page(tx, actor, id_) is not None:
                yield Paper(what=ORDER, number=row.number, lot="", event_id=id_)
                break


def _perhaps_begins(number: ColumnElement[str], typed: str) -> ColumnElement[bool]:
    """What every number meets that begins like this, but one in full width: its letters and digits stand in it, in their order.
    O and 0, I, L and 1 are the same (`condense`), so these are not asked for."""
    letters = (each for each in condense(Group.CODE, typed) if each not in "01")
    return number.ilike(f"%{'%'.join(letters)}%")


def notices_numbered(tx: Connection, actor: Actor, typed: str) -> Iterator[Paper]:
    """The notices from or to the own party whose number is this or begins with it, the newest first. Cost: those in its
    stream."""
    reading(actor, Action.READ_BATCH)
    if not actor.party:
        return
    for event in reversed(as_they_stand(read_stream_whole(tx, f"party:{actor.party}", kinds=("notice",)))):
        number = event.draft.body.number
        if begins_alike(number, typed) and event_page(tx, actor, event.event_id) is not None:
            yield Paper(what=NOTICE, number=number, lot="", event_id=event.event_id)


def event_of(tx: Connection, actor: Actor, typed: str) -> Paper | None:
    """The event of an id, as it stands on the receipt of its recording, in any spelling; None where it is not open."""
    try:
        id_ = str(UUID(typed))
    except ValueError:
        return None
    found = event_page(tx, actor, id_)
    if found is None:
        return None
    return Paper(what=found.happening.title, number=id_, lot="", event_id=id_)
