"""What a trace can begin with, of all that is called as somebody typed: each with the address of its trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import quote

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..flow import books, journal
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.quantities import show_metres
from ..queries.batch import batches_of_lot
from ..queries.openness import thing_about
from ..queries.rows import batch_rows, newest_batches
from ..queries.search import Found
from ..queries.submissions import submission_page
from ..queries.traced_metres import told_what_went_in
from .also import COMPANY, GOODS, PROJECT, SUBMISSION, also_called
from .views_of_searching import Also

_BATCH, _UNIT, _MATERIAL = (
    Text("批次", "batch"),
    Text("盘（卷）", "drum or coil"),
    Text("原料批号", "lot of raw material"),
)
_MADE = Text("单位：生产的全部产品去了哪里", "party: where all that it made went")
_HAS = Text("单位：手里的货从哪里来", "party: where what it has came from")


def beginnings(
    tx: Connection, actor: Actor, typed: str, hits: Sequence[Found], *, today: date
) -> tuple[Also, ...]:
    """Everything that is called so and that the actor may trace; ``hits`` are the batches that were found by the words."""
    called = also_called(tx, actor, typed, hits, today=today)
    # A paper whose number was typed comes before the batches that were found by it.
    papers = [each for also in called for each in _of_papers(tx, actor, also)]
    # A whole lot number is looked up, so that it is found while the search is away, and however short it is.
    lots = batch_rows(tx, batches_of_lot(tx, actor, typed.strip()), actor.scope_for(Action.READ_BATCH))
    found = {hit.batch.code for hit in hits}
    hits = [*(Found(batch=row, matches=()) for row in lots if row.code not in found), *hits]
    return (
        *papers,
        *(each for hit in hits for each in _of_hit(hit)),
        *(each for also in called for each in _of_things(tx, actor, also)),
        *_of_material(tx, actor, typed.strip()),
    )


def _of_hit(hit: Found) -> Iterator[Also]:
    batch = hit.batch
    told = "" if batch.length_mm is None else f"{show_metres(batch.length_mm)} m"
    beside = " · ".join(filter(None, (batch.lot, batch.maker_name, told)))
    if hit.unit is not None:
        yield Also(
            _UNIT, f"{batch.designation} · {hit.unit}", beside, f"/batches/{batch.code}/trace?unit={hit.unit}"
        )
    yield Also(_BATCH, batch.designation, beside, f"/batches/{batch.code}/trace")


def _of_things(tx: Connection, actor: Actor, also: Also) -> Iterator[Also]:
    scope = actor.scope_for(Action.READ_TRACE)
    if also.what == COMPANY:
        party = also.href.removeprefix("/parties/")
        if newest_batches(tx, scope, books.batch.c.maker == party, limit=1):
            yield Also(_MADE, also.name, also.beside, f"{also.href}/trace")
        if journal.involving(tx, f"p:{party}", books.open_to(scope)):
            yield Also(_HAS, also.name, also.beside, f"{also.href}/trace?direction=up")
    elif also.what in (PROJECT, GOODS):
        yield Also(also.what, also.name, also.beside, f"{also.href}/trace")
    elif "/certificates/" in also.href:
        number = also.name
        holder = also.href.removeprefix("/parties/").partition("/")[0]
        of = (books.batch.c.maker == holder) & (books.batch.c.certificate == number)
        if newest_batches(tx, scope, of, limit=1):
            yield Also(also.what, also.name, also.beside, f"{also.href}/trace")


def _of_papers(tx: Connection, actor: Actor, also: Also) -> Iterator[Also]:
    """Events that are about something: reports, records of movements, complaints."""
    event = also.href.removeprefix("/events/") if also.href.startswith("/events/") else ""
    if also.what == SUBMISSION:
        page = submission_page(tx, actor, also.href.rpartition("/")[2])
        event = "" if page is None else page.event_id
    row = store.read_rows_by_id(tx, [event]).get(event) if event else None
    if row is not None and thing_about(tx, read_recorded(row)) is not None:
        yield Also(also.what, also.name, also.beside, f"/events/{event}/trace")


def _of_material(tx: Connection, actor: Actor, typed: str) -> Iterator[Also]:
    if typed and told_what_went_in(tx, actor, typed):
        yield Also(_MATERIAL, typed, "", f"/trace?material={quote(typed, safe='')}")
