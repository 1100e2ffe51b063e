"""Search documents out of the ledger's tables: what the search follower asks for.

A `BatchDocument` is made of the registration and of facts about the goods (`BATCH_FACTS`); every other event
of the batch is a `MovementDocument` with the parties and regions that it concerns, so that nobody finds a
batch by a word of an event that he may not see. Names of persons are in neither.

Known weakness: a party or product that is registered anew under another name is found by the new one only
after the next event of the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from ..db.engine import begin_read
from ..flow import books
from ..intake.recorded import Recorded
from ..ledger import store
from ..ledger.entry import entry_hash
from ..ledger.payload import decode_payload
from ..model.designation import parse_designation
from ..model.involvement import projects_of, states_a_fact
from ..model.named import parties_named
from ..model.postings import Posting
from ..model.state import KnownBatch, KnownParty
from ..model.values import party_id
from ..registry import register
from ..search.documents import BatchDocument, Document, Field, MovementDocument
from ..search.follower import Accepted
from .names import Names, region_name
from .timeline import History, history_of, names_for
from .visibility import concerned


class LedgerFeed:
    """`read_from` and `project` of the search follower over ledger.db."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read_from(self, first: int, limit: int) -> Sequence[Accepted]:
        """Entries from an index on, with the batch that each one touches."""
        with begin_read(self._engine) as tx:
            return [
                Accepted(row.seq, entry_hash(row.entry), _batch_in(row.payload))
                for row in store.read_rows(tx, first, limit)
            ]

    def project(self, codes: frozenset[str]) -> list[Document]:
        """All documents of these batches in their newest state."""
        with begin_read(self._engine) as tx:
            return list(documents_of(tx, codes))


def _batch_in(payload: bytes) -> tuple[str, ...]:
    code = decode_payload(payload).server["assigned"].get("batch")
    return () if code is None else (code,)


def documents_of(tx: Connection, codes: frozenset[str]) -> Iterator[Document]:
    """The documents of those of these batches that are registered, each batch before its movements."""
    known = books.batches(tx, codes)
    products = register.products(tx, {(batch.maker, batch.product) for batch in known.values()})
    involved = books.involved_in(tx, sorted(known))
    for code in sorted(known):
        batch = known[code]
        postings = books.read_postings(tx, code)
        history = history_of(tx, code, postings, None)
        accounts = {each for _, p in postings for each in (p.source, p.target)}
        names = names_for(
            tx, history.events, {a.party for a in accounts} | {batch.maker}, {a.project for a in accounts}
        )
        product = products[batch.maker, batch.product]
        yield _batch_document(batch, product.name, product.standard, history, names, involved[code])
        for event in history.events:
            if not states_a_fact(event.draft):
                yield _movement(event, code, history.postings.get(event.seq, ()), names)


def _batch_document(
    batch: KnownBatch,
    product_name: str,
    standard: str | None,
    history: History,
    names: Names,
    involved: set[str],
) -> BatchDocument:
    maker = names.parties[batch.maker]
    return BatchDocument(
        code=batch.code,
        seq=batch.seq,
        version=history.events[-1].seq,
        lot=batch.lot,
        maker_id=_number_of(maker),
        maker=maker.name,
        product_name=product_name,
        designation=batch.designation,
        normalised=parse_designation(batch.designation).normalised,
        certificates=() if batch.certificate is None else (batch.certificate,),
        standard=standard or "",
        made_in=tuple(_places(history.events[0], history.postings.get(batch.seq, ()))),
        produced_on=batch.produced_on,
        reports=tuple(e.draft.body.report for e in history.standing if e.draft.kind == "testing"),
        parties=_ids(involved, "p:"),
        regions=_ids(involved, "r:"),
    )


def _movement(event: Recorded, code: str, postings: Sequence[Posting], names: Names) -> MovementDocument:
    draft = event.draft
    whom = concerned(event, postings, names.projects)
    project = next((names.projects.get(ref.id) for ref in projects_of(draft)), None)
    said = dict.fromkeys([event.speaker, *(party_id(party) for _, party in parties_named(draft))])
    return MovementDocument(
        id=event.event_id,
        batch=code,
        version=event.seq,
        numbers=tuple(_numbers(draft)),
        named=tuple((_number_of(party), party.name) for id_ in said if (party := names.parties.get(id_))),
        places=tuple(_places(event, postings)),
        project_code="" if project is None else project.number,
        project="" if project is None else project.name,
        parties=_ids(whom, "p:"),
        regions=_ids(whom, "r:"),
    )


def _numbers(draft: Any) -> Iterator[tuple[Field, str]]:
    """The numbers by which people look for an event."""
    own = {
        "acceptance": Field.ACCEPTANCE,
        "supervision": Field.SUPERVISION,
        "use": Field.USE,
        "sampling": Field.SAMPLING,
    }
    kind, body = draft.kind, draft.body
    if kind == "correction":
        if body.right is None:
            return
        kind, body = draft.subject.kind, body.right
    if kind in own:
        yield own[kind], body.number
    for member, field in (("delivery_note", Field.DELIVERY_NOTE), ("seal", Field.SEAL)):
        number = getattr(body, member, None)
        if number is not None:
            yield field, number


def _places(event: Recorded, postings: Sequence[Posting]) -> Iterator[str]:
    """Where it happened and where metres came to, by full names."""
    place = event.draft.place
    regions = [] if place is None else [place.region]
    regions += [posting.target.region for posting in postings]
    yield from (region_name(region).zh for region in dict.fromkeys(regions) if region)
    if place is not None and place.name is not None:
        yield place.name


def _number_of(party: KnownParty) -> str:
    """The number that people know a party by; its id where it has none."""
    return party.uscc or party.cma or party.id


def _ids(whom: Iterable[str], sort: str) -> frozenset[str]:
    """The parties (``p:``) or the regions (``r:``) among those whom something concerns."""
    return frozenset(who.removeprefix(sort) for who in whom if who.startswith(sort))
