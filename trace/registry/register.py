"""The register 备案库: parties, certificates, products, projects, orders and reserved codes as the ledger has them.

A projection: intake writes it with the events that state its facts, and it is rebuilt from them. `load` fills
a `State` for the rules; the other functions answer readers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence, Set
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
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
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from ..db.columns import Integer
from ..db.several import chunks, delete_rows, replace_rows
from ..model.admission import Wanted
from ..model.certificate_scope import CertificateScope
from ..model.designation import parse_designation
from ..model.postings import Fact, Withdrawn
from ..model.printed import PrintedRun
from ..model.state import (
    CertificatePeriod,
    KnownAlias,
    KnownCalendar,
    KnownErasure,
    KnownEvent,
    KnownGoods,
    KnownKey,
    KnownOrder,
    KnownParty,
    KnownPrinted,
    KnownProduct,
    KnownProject,
    KnownReserved,
    KnownSubmission,
    KnownSuspicion,
    KnownUnit,
    OrderedLine,
    State,
)
from ..model.units import those_below
from ..model.working_days import Calendar

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

party = Table(
    "party",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String, nullable=False, index=True),
    Column("roles", JSON, nullable=False),
    Column("uscc", String(18), index=True),
    Column("cma", String(12), index=True),
    Column("region", String(6)),
    Column("address", String),
    Column("named_by", String(36)),
    Column("namers", String, nullable=False, comment="ids of all who merely named it, a space around each"),
    Column("parent", String(36), index=True, comment="the authority that it is a unit of"),
    Column("unit", JSON(none_as_null=True), comment="what it was given to look after"),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
certificate = Table(
    "certificate",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("type", String, nullable=False),
    Column("status", String, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("covers", JSON, nullable=False),
    Column("scope", JSON(none_as_null=True), comment="which cables it covers"),
    Column("issued_by", String(36), index=True, comment="whom this entry names as its issuer"),
    Column("issuer", String, comment="the name of an issuer that is not registered"),
    Column("said_by", String(36), nullable=False, comment="whose statement it is"),
    Index("certificate_by_holder", "holder", "number"),
    info=_PROJECTION,
)
product = Table(
    "product",
    metadata,
    Column("maker", String(36), primary_key=True),
    Column("number", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("designation", String, nullable=False, comment="as printed"),
    Column("standard", String),
    Column("certificate", String),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
project = Table(
    "project",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("keeper", String(36), nullable=False),
    Column("number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("region", String(6), nullable=False),
    Column("owner", String(36)),
    Column("contractor", String(36)),
    Column("supervisor", String(36)),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
order = Table(
    "order_",  # "order" is a word of SQL
    metadata,
    Column("keeper", String(36), primary_key=True),
    Column("filed", String, primary_key=True, comment="the number as it is found: in capitals"),
    Column("number", String, nullable=False),
    Column("supplier", String(36), nullable=False),
    Column("buyer", String(36), nullable=False),
    Column("project", String(36)),
    Column("lines", JSON, nullable=False, comment="designation as written, and price in fen a metre"),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
signing_key = Table(
    "signing_key",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(36), nullable=False, index=True),
    Column("public_key", String(44), nullable=False, index=True, comment="base64 of an Ed25519 public key"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
goods = Table(
    "goods",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("marks", String, nullable=False),
    Column("nominal_maker", String),
    Column("designation", String),
    Column("quantity", String),
    Column("length_mm", Integer),
    Column("holder", String(36)),
    Column("region", String(6)),
    Column("batch", String(10), comment="what they turned out to be of"),
    Column("party", String(36), comment="who turned out to have made them"),
    Column(
        "sites", String, nullable=False, comment="ids of the places and the project where they were found"
    ),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
alias = Table(
    "alias",
    metadata,
    Column("scheme", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("thing", String, nullable=False, index=True, comment="batch:…, goods:… or party:…"),
    Column("unit", Integer),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
reserved_code = Table(
    "reserved_code",
    metadata,
    Column("code", String(10), primary_key=True),
    Column("maker", String(36), nullable=False),
    Column("units", Integer, nullable=False, comment="blank labels are printed for units 1 to so many"),
    Column("valid_to", Date, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("used", Boolean, nullable=False, comment="a production has named it"),
    Column("seq", Integer, nullable=False),
    Index("reserved_code_by_maker", "maker", "used", "valid_to"),
    info=_PROJECTION,
)
printed = Table(
    "printed",
    metadata,
    Column("code", String(10), primary_key=True, comment="of a batch, or reserved for one"),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("labels", Integer, nullable=False, comment="of each unit, all times together"),
    Column("last_on", Date, nullable=False),
    Column("seq", Integer, nullable=False, comment="of the event that says so"),
    info=_PROJECTION,
)
submission = Table(
    "submission",
    metadata,
    Column("event", String(36), primary_key=True),
    Column("number", String(12), nullable=False, unique=True, comment="receipt number"),
    Column("kind", String, nullable=False),
    Column("region", String(6)),
    Column("action", String, comment="the last thing that was done about it"),
    Column("answered_by", String(36)),
    Column("sites", String, nullable=False, comment="ids of the places where it happened"),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)
suspicion = Table(
    "suspicion",
    metadata,
    Column("event", String(36), primary_key=True, comment="an alert from checks of codes"),
    Column("batch", String(10), nullable=False),
    Column("maker", String(36), nullable=False),
    Column("unit", Integer),
    Column("rule", String, nullable=False),
    Column("raised_at", String(24), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("result", String, comment="what an authority found: confirmed or dismissed"),
    Column("finding", String(36), comment="the event that says so"),
    Column("found_by", String(36)),
    Column("found_on", Date),
    Column("found_region", String(6)),
    Index("suspicion_by_batch", "batch"),
    Index("suspicion_by_seq", "seq"),
    Index("suspicion_by_time", "raised_at"),
    info=_PROJECTION,
)
version = Table(
    "version",
    metadata,
    Column("event", String(36), primary_key=True, comment="an event that was corrected"),
    Column("newest", String(36), nullable=False, comment="its last correction"),
    Column("void", Boolean, nullable=False),
    info=_PROJECTION,
)
erasure = Table(
    "erasure",
    metadata,
    Column("event", String(36), primary_key=True, comment="whose personal data were erased"),
    Column("pointer", String, primary_key=True, comment="JSON pointer from the draft"),
    Column("ground", String, nullable=False),
    Column("seq", Integer, nullable=False, comment="of the event that says so"),
    info=_PROJECTION,
)

calendar = Table(
    "calendar",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("notice", String, nullable=False, comment="number of the State Council's notice"),
    Column("off", JSON, nullable=False, comment="weekdays that are off"),
    Column("worked", JSON, nullable=False, comment="weekends that are worked"),
    Column("seq", Integer, nullable=False),
    info=_PROJECTION,
)

seat = Table(
    "seat",
    metadata,
    Column("thing", String(44), primary_key=True, comment="party:<id> or project:<id>"),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="from which on it was there"),
    Column("region", String(6), nullable=False),
    info=_PROJECTION,
)


# --- for the rules ------------------------------------------------------------------------------------


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put what is wanted and not yet known into the state; what does not exist becomes None."""
    _load_parties(tx, wanted.parties, state.parties)
    for id_, found in _by_key(tx, project, "id", wanted.projects - state.projects.keys()).items():
        state.projects[id_] = None if found is None else _project_in(found)
    for key, found in _by_pair(
        tx, product, "maker", "number", wanted.products - state.products.keys()
    ).items():
        state.products[key] = None if found is None else _product_in(found)
    for key, found in _by_pair(tx, order, "keeper", "filed", wanted.orders - state.orders.keys()).items():
        state.orders[key] = None if found is None else _order_in(found)
    # A product is judged together with its certificate, whose number only the product knows.
    of_products = {
        (known.maker, known.certificate)
        for key in wanted.products
        if (known := state.products[key]) is not None and known.certificate is not None
    }
    of_laboratories = {
        (id_, laboratory.cma)
        for id_ in wanted.laboratories
        if (laboratory := state.parties.get(id_)) is not None and laboratory.cma is not None
    }
    missing = (wanted.certificates | of_products | of_laboratories) - state.certificates.keys()
    state.certificates.update(certificates(tx, missing))
    for id_, found in _by_key(tx, signing_key, "id", wanted.keys - state.keys.keys()).items():
        state.keys[id_] = None if found is None else KnownKey(**found._mapping)
    by_bytes = _by_key(tx, signing_key, "public_key", wanted.public_keys - state.public_keys.keys())
    for public_key, found in by_bytes.items():
        state.public_keys[public_key] = None if found is None else KnownKey(**found._mapping)
    for id_, found in _by_key(tx, goods, "id", wanted.goods - state.goods.keys()).items():
        state.goods[id_] = None if found is None else KnownGoods(**found._mapping)
    for pair, found in _by_pair(tx, alias, "scheme", "code", wanted.aliases - state.aliases.keys()).items():
        state.aliases[pair] = None if found is None else KnownAlias(**found._mapping)
    for code, found in _by_key(tx, reserved_code, "code", wanted.reserved - state.reserved.keys()).items():
        state.reserved[code] = None if found is None else KnownReserved(**found._mapping)
    for maker in wanted.outstanding - state.outstanding.keys():
        state.outstanding[maker] = outstanding(tx, maker)
    missing_years = wanted.years - state.calendars.keys()
    if missing_years:
        noticed = {each.year: each for each in calendars(tx)}
        state.calendars.update({year: noticed.get(year) for year in missing_years})
    state.printed.update(printed_runs(tx, wanted.printed - state.printed.keys()))


def _load_parties(tx: Connection, ids: Set[str], known: MutableMapping[str, KnownParty | None]) -> None:
    """Parties by id, with all that stand above them: a unit is judged together with these."""
    missing = ids - known.keys()
    while missing:
        for id_, found in _by_key(tx, party, "id", missing).items():
            known[id_] = None if found is None else _party_in(found)
        units = (each.part_of for id_ in missing if (each := known[id_]) is not None)
        missing = {unit.parent for unit in units if unit is not None} - known.keys()


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the facts of accepted events, in their order; of several about the same thing the last one stands."""
    replace_rows(tx, party, ("id",), [_party_row(f) for f in facts if isinstance(f, KnownParty)])
    replace_rows(
        tx, product, ("maker", "number"), [_product_row(f) for f in facts if isinstance(f, KnownProduct)]
    )
    replace_rows(tx, project, ("id",), [_row(f, project) for f in facts if isinstance(f, KnownProject)])
    replace_rows(tx, signing_key, ("id",), [_row(f, signing_key) for f in facts if isinstance(f, KnownKey)])
    replace_rows(tx, goods, ("id",), [_row(f, goods) for f in facts if isinstance(f, KnownGoods)])
    replace_rows(tx, alias, ("scheme", "code"), [_row(f, alias) for f in facts if isinstance(f, KnownAlias)])
    replace_rows(
        tx, submission, ("event",), [_row(f, submission) for f in facts if isinstance(f, KnownSubmission)]
    )
    replace_rows(
        tx, suspicion, ("event",), [_row(f, suspicion) for f in facts if isinstance(f, KnownSuspicion)]
    )
    replace_rows(
        tx, reserved_code, ("code",), [_row(f, reserved_code) for f in facts if isinstance(f, KnownReserved)]
    )
    _write_printed(tx, [f for f in facts if isinstance(f, KnownPrinted)])
    replace_rows(tx, version, ("event",), [_version_row(f) for f in facts if isinstance(f, KnownEvent)])
    replace_rows(tx, calendar, ("year",), [_calendar_row(f) for f in facts if isinstance(f, KnownCalendar)])
    erased = [_row(f, erasure) for f in facts if isinstance(f, KnownErasure)]
    if erased:
        tx.execute(insert(erasure), erased)
    seats = [_seat_row(fact) for fact in facts if isinstance(fact, KnownParty | KnownProject)]
    if seats:
        tx.execute(insert(seat), seats)
    _write_orders(tx, facts)
    _write_certificates(tx, facts)


def _seat_row(fact: KnownParty | KnownProject) -> dict[str, Any]:
    thing = f"{'party' if isinstance(fact, KnownParty) else 'project'}:{fact.id}"
    return {"thing": thing, "seq": fact.seq, "region": fact.region or ""}


def _write_printed(tx: Connection, facts: Sequence[KnownPrinted]) -> None:
    newest = {fact.code: fact.runs for fact in facts}
    delete_rows(tx, printed, printed.c.code, newest)
    if newest:
        tx.execute(
            insert(printed),
            [{"code": code, **run._asdict()} for code, runs in newest.items() for run in runs],
        )


def _write_orders(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    newest: dict[tuple[str, str], KnownOrder | None] = {}
    for fact in facts:
        said = fact.fact if isinstance(fact, Withdrawn) else fact
        if isinstance(said, KnownOrder):
            newest[said.keeper, said.filed] = None if isinstance(fact, Withdrawn) else said
    for keeper, filed in (key for key, found in newest.items() if found is None):
        tx.execute(delete(order).where(order.c.keeper == keeper, order.c.filed == filed))
    replace_rows(tx, order, ("keeper", "filed"), [_row(f, order) for f in newest.values() if f is not None])


def _write_certificates(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    newest: dict[int, CertificatePeriod | None] = {}
    corrected = set()
    for fact in facts:
        said = fact.fact if isinstance(fact, Withdrawn) else fact
        if isinstance(said, CertificatePeriod):
            newest[said.seq] = None if isinstance(fact, Withdrawn) else said
            if isinstance(fact, Withdrawn):
                corrected.add(said.seq)
    if corrected:
        tx.execute(delete(certificate).where(certificate.c.seq.in_(corrected)))
    rows = [
        {
            **_row(f, certificate),
            "covers": list(f.covers),
            "scope": None if f.scope is None else asdict(f.scope),
        }
        for f in newest.values()
        if f is not None
    ]
    if rows:
        tx.execute(insert(certificate), rows)


# --- for readers --------------------------------------------------------------------------------------


def parties(tx: Connection, ids: Iterable[str]) -> dict[str, KnownParty]:
    """The parties among these ids that exist."""
    found = _by_key(tx, party, "id", set(ids))
    return {id_: _party_in(row) for id_, row in found.items() if row is not None}


def with_those_above(tx: Connection, ids: Iterable[str]) -> dict[str, KnownParty | None]:
    """Parties by id and the authorities that they are units of, up to the topmost; None for who is not registered."""
    found: dict[str, KnownParty | None] = {}
    _load_parties(tx, set(ids), found)
    return found


def units_below(tx: Connection, authority: str) -> list[KnownParty]:
    """`those_below` an authority, each level by its last registration."""

    def units_of(above: Collection[str]) -> Iterable[KnownParty]:
        rows = tx.execute(select(party).where(party.c.parent.in_(sorted(above))).order_by(party.c.seq))
        return map(_party_in, rows)

    return those_below(authority, units_of)


def departments_of(tx: Connection, authorities: Iterable[str]) -> set[str]:
    """The departments 科室 of these authorities, and theirs: they speak in their name to units (`model.units.head_of`)."""
    found: set[str] = set()
    above = set(authorities)
    while above:
        rows = tx.execute(select(party).where(party.c.parent.in_(sorted(above))))
        below = {
            each.id
            for each in map(_party_in, rows)
            if each.part_of is not None and each.part_of.type == "department"
        }
        above = below - found
        found |= below
    return found


def party_by_number(tx: Connection, *, uscc: str | None = None, cma: str | None = None) -> list[KnownParty]:
    """Parties with this unified social credit code or CMA number."""
    condition = party.c.uscc == uscc if uscc is not None else party.c.cma == cma
    return [_party_in(row) for row in tx.execute(select(party).where(condition).order_by(party.c.seq))]


def parties_by_name(tx: Connection, name: str) -> list[KnownParty]:
    """Parties of exactly this name, the earliest registered first."""
    return [
        _party_in(row) for row in tx.execute(select(party).where(party.c.name == name).order_by(party.c.seq))
    ]


def all_parties(tx: Connection) -> list[KnownParty]:
    return [_party_in(row) for row in tx.execute(select(party).order_by(party.c.seq))]


def certificates(
    tx: Connection, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[CertificatePeriod, ...]]:
    """Periods of each (holder, number), oldest entry first; an unknown certificate has an empty tuple."""
    wanted = set(keys)
    found: dict[tuple[str, str], list[CertificatePeriod]] = {key: [] for key in wanted}
    for chunk in chunks(wanted):
        rows = tx.execute(
            select(certificate)
            .where(tuple_(certificate.c.holder, certificate.c.number).in_(chunk))  # certificate_by_holder
            .order_by(certificate.c.seq)
        )
        for row in rows:
            found[row.holder, row.number].append(_certificate_in(row))
    return {key: tuple(periods) for key, periods in found.items()}


def certificates_of(tx: Connection, holder: str) -> list[CertificatePeriod]:
    return certificates_held(tx, [holder]).get(holder, [])


def certificates_held(tx: Connection, holders: Iterable[str]) -> dict[str, list[CertificatePeriod]]:
    """The entries of each of these holders that has any, the oldest first."""
    found: dict[str, list[CertificatePeriod]] = {}
    for some in chunks(holders):
        held = certificate.c.holder.in_(some)
        for row in tx.execute(select(certificate).where(held).order_by(certificate.c.seq)):
            found.setdefault(row.holder, []).append(_certificate_in(row))
    return found


def products(tx: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], KnownProduct]:
    """Products by (maker, number)."""
    found = _by_pair(tx, product, "maker", "number", set(keys))
    return {key: _product_in(row) for key, row in found.items() if row is not None}


def products_of(tx: Connection, maker: str) -> list[KnownProduct]:
    rows = tx.execute(select(product).where(product.c.maker == maker).order_by(product.c.number))
    return [_product_in(row) for row in rows]


def projects(tx: Connection, ids: Iterable[str]) -> dict[str, KnownProject]:
    found = _by_key(tx, project, "id", set(ids))
    return {id_: _project_in(row) for id_, row in found.items() if row is not None}


def all_projects(tx: Connection) -> list[KnownProject]:
    return [_project_in(row) for row in tx.execute(select(project).order_by(project.c.seq))]


def submission_by_number(tx: Connection, number: str) -> KnownSubmission | None:
    """The complaint or report with this receipt number."""
    row = tx.execute(select(submission).where(submission.c.number == number)).one_or_none()
    return None if row is None else KnownSubmission(**row._mapping)


def submissions(tx: Connection, events: Iterable[str]) -> dict[str, KnownSubmission]:
    """Complaints and reports among these events."""
    return _known(KnownSubmission, tx, submission, "event", events)


def suspicions(tx: Connection, events: Iterable[str]) -> dict[str, KnownSuspicion]:
    """Alerts from checks of codes among these events."""
    return _known(KnownSuspicion, tx, suspicion, "event", events)


def suspicions_of(tx: Connection, batch: str) -> list[KnownSuspicion]:
    """The alerts from checks about a batch, the first one first."""
    rows = tx.execute(
        select(suspicion).where(suspicion.c.batch == batch).order_by(suspicion.c.seq)  # suspicion_by_batch
    )
    return [KnownSuspicion(**row._mapping) for row in rows]


def suspicions_at(tx: Connection, indexes: Iterable[int]) -> dict[int, KnownSuspicion]:
    """The alerts from checks among the events with these ledger indexes, at most some hundred."""
    rows = tx.execute(select(suspicion).where(suspicion.c.seq.in_(sorted(indexes))))  # suspicion_by_seq
    return {row.seq: KnownSuspicion(**row._mapping) for row in rows}


def suspicions_since(tx: Connection, instant: str, *, maker: str | None = None) -> list[KnownSuspicion]:
    """The alerts from checks that were raised at an instant (`clock.format_instant`) or after it, the first one first; of
    one maker's goods, if it is named."""
    statement = select(suspicion).where(suspicion.c.raised_at >= instant)  # suspicion_by_time
    if maker is not None:
        statement = statement.where(suspicion.c.maker == maker)
    return [KnownSuspicion(**row._mapping) for row in tx.execute(statement.order_by(suspicion.c.seq))]


def seat_at(tx: Connection, thing: str, before: int) -> str:
    """The region in which a party or a project (``party:…``, ``project:…``) stood in the register just before an index;
    empty text where it named none, or was not registered yet."""
    statement = (
        select(seat.c.region)
        .where(seat.c.thing == thing, seat.c.seq < before)
        .order_by(seat.c.seq.desc())
        .limit(1)
    )
    return tx.execute(statement).scalar() or ""


def newest_versions(tx: Connection, events: Iterable[str]) -> dict[str, str]:
    """The id of the last correction of each of these events that was corrected."""
    found = _by_key(tx, version, "event", set(events))
    return {id_: row.newest for id_, row in found.items() if row is not None}


def erasures(tx: Connection, events: Iterable[str]) -> dict[str, dict[str, KnownErasure]]:
    """What was erased of these events, by event and JSON pointer."""
    found: dict[str, dict[str, KnownErasure]] = {}
    for chunk in chunks(set(events)):
        for row in tx.execute(select(erasure).where(erasure.c.event.in_(chunk))):
            found.setdefault(row.event, {})[row.pointer] = KnownErasure(**row._mapping)
    return found


def things_called(tx: Connection, code: str) -> list[KnownAlias]:
    """What another code stands for, whatever its scheme."""
    rows = tx.execute(select(alias).where(alias.c.code == code, alias.c.scheme != "party"))
    return [KnownAlias(**row._mapping) for row in rows]


def party_turned_out(tx: Connection, id_: str, up_to: int | None = None) -> str | None:
    """The id of the party that another one turned out to be; up to an index, where that was last said by then."""
    statement = select(alias.c.thing).where(alias.c.scheme == "party", alias.c.code == id_)
    if up_to is not None:
        statement = statement.where(alias.c.seq <= up_to)
    thing = tx.execute(statement).scalar()
    return None if thing is None else str(thing).removeprefix("party:")


def calendar_known(tx: Connection) -> Calendar:
    """The days off as far as they are known: of years whose notice is on the ledger, and packaged ones."""
    return Calendar({each.year: each.exceptions for each in calendars(tx)})


def calendars(tx: Connection) -> list[KnownCalendar]:
    """The years whose notice is on the ledger, ascending."""
    return [
        KnownCalendar(
            year=row.year,
            notice=row.notice,
            off=tuple(map(date.fromisoformat, row.off)),
            worked=tuple(map(date.fromisoformat, row.worked)),
            seq=row.seq,
        )
        for row in tx.execute(select(calendar).order_by(calendar.c.year))
    ]


def _calendar_row(fact: KnownCalendar) -> dict[str, Any]:
    days = {name: [day.isoformat() for day in getattr(fact, name)] for name in ("off", "worked")}
    return {**_row(fact, calendar), **days}


def aliases_of(tx: Connection, thing: str) -> list[KnownAlias]:
    """The other codes of ``batch:<code>``, ``goods:<id>`` or ``party:<id>``."""
    rows = tx.execute(select(alias).where(alias.c.thing == thing).order_by(alias.c.seq))
    return [KnownAlias(**row._mapping) for row in rows]


def goods_known(tx: Connection, ids: Iterable[str]) -> dict[str, KnownGoods]:
    """Uncoded goods among these ids that somebody has described."""
    return _known(KnownGoods, tx, goods, "id", ids)


def reserved_codes(tx: Connection, codes: Iterable[str]) -> dict[str, KnownReserved]:
    """Those of these batch codes that were reserved."""
    return _known(KnownReserved, tx, reserved_code, "code", codes)


def reserved_for(
    tx: Connection, maker: str, *, waiting_on: date | None = None, after: str = "", limit: int = 1000
) -> list[KnownReserved]:
    """A maker's reserved codes in the order of their text, from behind ``after``; those only that a production may still
    name on a day, if one is given."""
    statement = select(reserved_code).where(reserved_code.c.maker == maker, reserved_code.c.code > after)
    if waiting_on is not None:
        statement = statement.where(
            reserved_code.c.used == false(), reserved_code.c.valid_to >= waiting_on
        )  # reserved_code_by_maker
    rows = tx.execute(statement.order_by(reserved_code.c.code).limit(limit))
    return [KnownReserved(**row._mapping) for row in rows]


def outstanding(tx: Connection, maker: str) -> dict[date, int]:
    """How many of a maker's reserved codes no production has named, by the last day on which one may."""
    statement = (
        select(reserved_code.c.valid_to, func.count())
        .where(reserved_code.c.maker == maker, reserved_code.c.used == false())  # reserved_code_by_maker
        .group_by(reserved_code.c.valid_to)
    )
    return {row.valid_to: row[1] for row in tx.execute(statement)}


def printed_runs(tx: Connection, codes: Iterable[str]) -> dict[str, tuple[PrintedRun, ...]]:
    """Of each of these codes, which labels were printed: nothing where none were."""
    found: dict[str, list[PrintedRun]] = {code: [] for code in codes}
    for chunk in chunks(found):
        rows = tx.execute(
            select(printed).where(printed.c.code.in_(chunk)).order_by(printed.c.code, printed.c.first)
        )
        for row in rows:
            found[row.code].append(
                PrintedRun(row.first, row.last, row.times, row.labels, row.last_on, row.seq)
            )
    return {code: tuple(runs) for code, runs in found.items()}


def keys_of(tx: Connection, owner: str) -> list[KnownKey]:
    """Every signing key that was registered for a party, the earliest first."""
    rows = tx.execute(select(signing_key).where(signing_key.c.owner == owner).order_by(signing_key.c.seq))
    return [KnownKey(**row._mapping) for row in rows]


def signing_keys(tx: Connection, ids: Iterable[str]) -> dict[str, KnownKey]:
    """Signing keys by their id."""
    return _known(KnownKey, tx, signing_key, "id", ids)


# --- rows ---------------------------------------------------------------------------------------------

K = TypeVar("K", KnownSubmission, KnownSuspicion, KnownGoods, KnownKey, KnownReserved)


def _known(fact: type[K], tx: Connection, table: Table, column: str, keys: Iterable[str]) -> dict[str, K]:
    """Those of these keys that are known, for facts whose members are the columns of their table."""
    found = _by_key(tx, table, column, set(keys))
    return {key: fact(**row._mapping) for key, row in found.items() if row is not None}


def _by_key(tx: Connection, table: Table, column: str, keys: set[str]) -> dict[str, Row[Any] | None]:
    found: dict[str, Row[Any] | None] = dict.fromkeys(keys)
    for chunk in chunks(keys):
        for row in tx.execute(select(table).where(table.c[column].in_(chunk))).all():
            found[getattr(row, column)] = row
    return found


def _by_pair(
    tx: Connection, table: Table, first: str, second: str, keys: set[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any] | None]:
    found: dict[tuple[str, str], Row[Any] | None] = dict.fromkeys(keys)
    for chunk in chunks(keys):
        for row in tx.execute(select(table).where(tuple_(table.c[first], table.c[second]).in_(chunk))):
            found[row._mapping[first], row._mapping[second]] = row
    return found


def _row(fact: Any, table: Table) -> dict[str, Any]:
    return {column.name: getattr(fact, column.name) for column in table.columns}


def _party_row(fact: KnownParty) -> dict[str, Any]:
    own = {column.name for column in party.c} - {"roles", "namers", "parent", "unit"}
    unit = fact.part_of
    return {
        **{name: getattr(fact, name) for name in own},
        "roles": list(fact.roles),
        "namers": "".join(f" {namer} " for namer in sorted(fact.namers)),
        "parent": None if unit is None else unit.parent,
        "unit": None if unit is None else _unit_members(unit),
    }


def _unit_members(unit: KnownUnit) -> dict[str, Any]:
    return {
        "type": unit.type,
        "regions": list(unit.regions),
        "supervises": list(unit.supervises),
        "places": [list(place) for place in unit.places],
        "projects": list(unit.projects),
        "valid_from": None if unit.valid_from is None else unit.valid_from.isoformat(),
        "valid_to": None if unit.valid_to is None else unit.valid_to.isoformat(),
    }


def _unit_in(parent: str | None, unit: Mapping[str, Any] | None) -> KnownUnit | None:
    if parent is None or unit is None:
        return None
    first, last = unit["valid_from"], unit["valid_to"]
    return KnownUnit(
        parent=parent,
        type=unit["type"],
        regions=tuple(unit["regions"]),
        supervises=tuple(unit["supervises"]),
        places=tuple((region, name) for region, name in unit["places"]),
        projects=tuple(unit["projects"]),
        valid_from=None if first is None else date.fromisoformat(first),
        valid_to=None if last is None else date.fromisoformat(last),
    )


def _product_row(fact: KnownProduct) -> dict[str, Any]:
    return {**_row(fact, product), "designation": fact.designation.printed}


def _version_row(fact: KnownEvent) -> dict[str, Any]:
    return {"event": fact.id, "newest": fact.newest, "void": fact.said is None}


def _party_in(row: Row[Any]) -> KnownParty:
    id_, name, roles, uscc, cma, region, address, named_by, namers, parent, unit, seq = tuple(row)
    return KnownParty(
        id=id_,
        name=name,
        roles=tuple(roles),
        uscc=uscc,
        cma=cma,
        region=region,
        address=address,
        named_by=named_by,
        namers=frozenset(namers.split()),
        part_of=_unit_in(parent, unit),
        seq=seq,
    )


def is_named_by(namers: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `party` that one of these has merely named it."""
    return or_(false(), *(party.c.namers.contains(f" {namer} ", autoescape=True) for namer in namers))


def _product_in(row: Row[Any]) -> KnownProduct:
    return KnownProduct(**{**row._mapping, "designation": parse_designation(row.designation)})


def _project_in(row: Row[Any]) -> KnownProject:
    return KnownProject(**row._mapping)


def was_issued_by(issuer: str) -> ColumnElement[bool]:
    """The condition on `certificate` that an entry is the newest one of its certificate to name an issuer, and names this
    one: `model.state.issuer_of`, compiled."""
    named = certificate.alias()
    newest = (
        select(func.max(named.c.seq))
        .where(
            named.c.holder == certificate.c.holder,  # certificate_by_holder
            named.c.number == certificate.c.number,
            named.c.issued_by.is_not(None),
        )
        .scalar_subquery()
    )
    return and_(certificate.c.issued_by == issuer, certificate.c.seq == newest)


def issued_by(tx: Connection, issuer: str) -> frozenset[tuple[str, str]]:
    """(holder, number) of every certificate that this organisation is registered to have issued."""
    rows = tx.execute(select(certificate.c.holder, certificate.c.number).where(was_issued_by(issuer)))
    return frozenset((row.holder, row.number) for row in rows)


def _order_in(row: Row[Any]) -> KnownOrder:
    said = {name: value for name, value in row._mapping.items() if name != "filed"}
    return KnownOrder(**{**said, "lines": tuple(OrderedLine(*line) for line in row.lines)})


def _certificate_in(row: Row[Any]) -> CertificatePeriod:
    scope = scope_in(row.scope)
    return CertificatePeriod(**{**row._mapping, "covers": tuple(row.covers), "scope": scope})


def scope_in(stored: Mapping[str, Any] | None) -> CertificateScope | None:
    """The scope of a certificate as its column has it."""
    if stored is None:
        return None
    members: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return CertificateScope(**members)
