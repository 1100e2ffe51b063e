"""Search documents out of the ledger's tables: what the search follower asks for.

A `BatchDocument` is made of the registration and of facts about the goods (`BATCH_FACTS`); every other event
of the batch is a `MovementDocument` with the parties and regions that it concerns, so that nobody finds a
batch by a word of an event that he may not see. Names of persons are in neither. Where the metres are and what was
noticed goes along with the batch, each with an audience of its own (`circumstances`). All of it follows from the ledger
alone: alerts are found anew by their rules, so that the index waits for no other follower.

Known weakness: a party or product that is registered anew under another name is found by the new one only
after the next event of the batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from ..alerts.rules import RULES, alerts_of
from ..db.engine import begin_read
from ..flow import books
from ..intake.recorded import Recorded
from ..ledger import store
from ..ledger.entry import entry_hash
from ..ledger.follow import NOTHING_READ, Cursor
from ..ledger.payload import decode_payload
from ..model.designation import Designation, parse_designation
from ..model.involvement import BATCH_FACTS, projects_of, states_a_fact
from ..model.named import parties_named
from ..model.postings import Posting
from ..model.state import Account, KnownBatch, KnownParty, KnownProject
from ..model.values import party_id
from ..registry import register
from ..search.audience import Audience
from ..search.documents import BatchDocument, Document, Field, MovementDocument
from ..search.facets import PAIRS, Circumstance, Facet
from ..search.follower import Accepted
from .accepted import accepted_in
from .names import Names, region_name
from .reports import BEYOND, reports_in
from .timeline import History, history_of, names_for
from .visibility import balances_of, concerned


class LedgerFeed:
    """What a search index is made of and compared with, out of ledger.db (`search.verifying.Ledger`)."""

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

    def registered(self, first: int, end: int) -> frozenset[str]:
        """The batches whose production is an entry from ``first`` to before ``end``."""
        with begin_read(self._engine) as tx:
            return frozenset(books.registered(tx, first, end))

    def head(self) -> Cursor:
        """The newest entry."""
        with begin_read(self._engine) as tx:
            last = store.read_row(tx, store.read_head(tx).size - 1)
            return NOTHING_READ if last is None else Cursor(last.seq, entry_hash(last.entry))


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
    designation = parse_designation(batch.designation)
    born = history.events[0]
    return BatchDocument(
        code=batch.code,
        seq=batch.seq,
        version=history.events[-1].seq,
        lot=batch.lot,
        maker_party=batch.maker,
        maker_id=_number_of(maker),
        maker=maker.name,
        product_name=product_name,
        designation=batch.designation,
        normalised=designation.normalised,
        parts=tuple(_parts(designation)),
        certificates=() if batch.certificate is None else (batch.certificate,),
        standard=standard or "",
        made_in=tuple(_places(born, history.postings.get(batch.seq, ()))),
        made="" if born.draft.place is None else born.draft.place.region,
        produced_on=batch.produced_on,
        reports=tuple(e.draft.body.report for e in history.standing if e.draft.kind == "testing"),
        verdict=_verdict(history, batch, names),
        circumstances=(*_holdings(history, names.projects), *_alerts(history, batch, names)),
        parties=_ids(involved, "p:"),
        regions=_ids(involved, "r:"),
        sites=_ids(involved, "s:"),
    )


def _parts(designation: Designation) -> Iterator[tuple[Facet, str]]:
    """What a designation is made of. A reduced core is a neutral or earth; the steel of a bare conductor is neither."""
    main, *reduced = designation.cores
    yield Facet.FAMILY, designation.cable_type.family.value
    yield Facet.TYPE, designation.cable_type.trade
    yield Facet.FIRE, designation.fire
    yield Facet.METAL, designation.metal.value
    yield Facet.VOLTAGE, designation.rated_voltage
    yield Facet.CORES, "+".join(str(group.count) for group in designation.cores)
    yield Facet.AREA, main.area
    if reduced:
        yield Facet.NEUTRAL, reduced[0].area


def _verdict(history: History, batch: KnownBatch, names: Names) -> str:
    """How the reports stand that were not taken back: the worst decides, as on the page of the batch."""
    tests = [(event, event.speaker) for event in history.standing if event.draft.kind == "testing"]
    reports = reports_in(tests, batch, names)
    if any(report.declared == "fail" for report in reports):
        return "failed"
    if any(reading.standing == BEYOND for report in reports for reading in report.readings):
        return "beyond"
    if any(report.declared == "pass" for report in reports):
        return "passed"
    return "open" if reports else "untested"


def _holdings(history: History, projects: Mapping[str, KnownProject | None]) -> Iterator[Circumstance]:
    """Where its metres are now, each for those whose own account or jurisdiction it is, or who take part in the project
    there; what is on its way also for who sent it, if nobody else did: as in every list of batches (`Sight.state_in_lists`).
    Metres that nobody has are no secret of anybody's."""
    postings = [each for some in history.postings.values() for each in some]
    senders = _senders(postings)
    pair = PAIRS.index((Facet.STATE, Facet.REGION))
    for account in balances_of((each.source, each.target, each.length_mm) for each in postings):
        sent_by = senders.get(account, ()) if account.state == "transit" else ()
        project = projects.get(account.project)
        alone = {sender.party for sender in sent_by}
        whose = {account.party, *(alone if len(alone) == 1 else ())}
        where, left = {account.region}, {sender.region for sender in sent_by}
        if project is not None:
            whose |= {
                each
                for each in (project.keeper, project.owner, project.contractor, project.supervisor)
                if each
            }
            where.add(project.region)
        sites = frozenset({account.project} - {""})
        audience = Audience(
            frozenset(whose - {""}), frozenset(where - {""}), sites, left=frozenset(left - {""})
        )
        yield Circumstance(pair, account.state, account.region, audience if account.party else None)


def _senders(postings: Iterable[Posting]) -> dict[Account, list[Account]]:
    """Account -> the accounts that metres came to it from, and were not taken back."""
    came: dict[tuple[Account, Account], int] = defaultdict(int)
    for each in postings:
        if each.undoes:
            came[each.target, each.source] -= each.length_mm
        else:
            came[each.source, each.target] += each.length_mm
    senders: dict[Account, list[Account]] = defaultdict(list)
    for (source, target), length_mm in came.items():
        if length_mm > 0:
            senders[target].append(source)
    return senders


def _alerts(history: History, batch: KnownBatch, names: Names) -> Iterator[Circumstance]:
    """What the rules find in its events and no correction took back: what is about the goods for whoever finds the
    batch, everything else for those whom the event concerns. A suspicion from checks stands in no index: its list is
    that of the alerts."""
    originals = {event.event_id: event for event in history.events}
    accepted = [
        (event, accepted_in(event, originals.get(getattr(event.draft.subject, "event", ""))))
        for event in history.events
    ]
    corrected = {each.about: each.seq for _, each in accepted if each.corrects}
    pair = PAIRS.index((Facet.SEVERITY, Facet.ALERT))
    found: dict[tuple[str, str, Audience | None], None] = {}
    for event, each in accepted:
        for alert in () if event.draft.kind == "alert" else alerts_of(each, batch):
            if corrected.get(alert.about, -1) <= alert.seq:
                audience = None if RULES[alert.rule].kind in BATCH_FACTS else _audience(event, history, names)
                found[alert.severity.value, alert.rule, audience] = None
    yield from (Circumstance(pair, *each) for each in found)


def _audience(event: Recorded, history: History, names: Names) -> Audience:
    whom = concerned(event, history.postings.get(event.seq, ()), names.projects)
    return Audience(_ids(whom, "p:"), _ids(whom, "r:"), _ids(whom, "s:"), left=_ids(whom, "o:"))


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
        sites=_ids(whom, "s:"),
        left=_ids(whom, "o:"),
    )


#: Members that are numbers, in whichever kind of event they stand.
_OF_ANY_KIND = (("delivery_note", Field.DELIVERY_NOTE), ("order", Field.ORDER), ("seal", Field.SEAL))


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
    for member, field in _OF_ANY_KIND:
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
    """The parties (``p:``), the regions (``r:``), those that goods left (``o:``) or the sites (``s:``) among those whom
    something concerns."""
    return frozenset(who.removeprefix(sort) for who in whom if who.startswith(sort))
