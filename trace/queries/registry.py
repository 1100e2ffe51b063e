"""The register for readers: parties, products, certificates and projects, as lists and one by one.

Everybody who is signed in may look up registered parties, products and certificates. A party that another one
merely *named* (a buyer that a maker wrote down) is not such a fact: to list it would publish the namer's
customers. It is shown to its namers, to itself, to authorities of its region and to the operator, to nobody else.
Projects are shown to those who take part in them and to regulators of their region.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Column, ColumnElement, Connection, and_, false, func, or_, select, true, tuple_

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import InputError, Text, shown
from ..flow import books
from ..ledger import store
from ..ledger.payload import decode_payload
from ..model.scope import Scope
from ..model.state import CertificatePeriod, KnownParty, KnownProduct, KnownProject, issuer_of
from ..model.things import ids_among
from ..model.values import business_id, party_id
from ..registry import register
from .answers import Listed, Standing, cut
from .certificates import CertificateCard, certificate_card
from .names import Names, names_of, region_name
from .rows import BatchRow, batch_rows, newest_batches
from .signing_keys import SigningKey, signing_keys_of
from .visibility import reading, takes_part

_SEPARATOR = "/"  # of the two parts of a cursor; an id never holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A party. ``named_by`` is the name of the party that merely named it, "" for one that registered."""

    id: str
    name: str
    roles: tuple[str, ...]
    uscc: str | None
    cma: str | None
    region: str
    region_name: Text
    address: str | None
    confirmed: bool
    named_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product with the number of its certificate and how that stands today (None: none was named)."""

    maker: str
    maker_name: str
    number: str
    name: str
    designation: str
    normalised: str
    standard: str | None
    certificate: str | None
    today: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A certificate with its holder's name and that of whom it says it was issued by, "" where it says nothing."""

    holder_name: str
    issuer_name: str
    card: CertificateCard


@dataclass(frozen=True, slots=True)
class PartyLink:
    """A party by id, with its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A project with those who take part in it. ``granted``: found under another authority's grant and not read yet, so that
    of those only its keeper is told."""

    id: str
    number: str
    name: str
    region: str
    region_name: Text
    keeper: PartyLink
    owner: PartyLink | None
    contractor: PartyLink | None
    supervisor: PartyLink | None
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPage:
    """``batches``: the newest of this maker that are open to the reader; ``projects`` likewise. ``signing_keys``: every
    one that it ever registered, the newest first. ``is_really``: who the party turned out to be, where an authority has
    said so."""

    party: PartyRow
    products: tuple[ProductRow, ...]
    certificates: tuple[CertificateCard, ...]
    projects: tuple[ProjectRow, ...]
    batches: tuple[BatchRow, ...]
    signing_keys: tuple[SigningKey, ...] = ()
    is_really: PartyLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    product: ProductRow
    certificate: CertificateCard | None
    batches: tuple[BatchRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage:
    """``periods`` as they were entered, the oldest entry first; later entries win."""

    certificate: CertificateRow
    periods: tuple[CertificatePeriod, ...]
    products: tuple[ProductRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsAtProject:
    """Metres of one batch at a project, by state."""

    batch: BatchRow
    by: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    project: ProjectRow
    goods: tuple[GoodsAtProject, ...]


# --- parties ------------------------------------------------------------------------------------------


def parties(
    tx: Connection, actor: Actor, *, text: str = "", limit: int = 50, after: str | None = None
) -> Listed[PartyRow]:
    """Parties by name; ``text`` is a part of the name, or a whole USCC or CMA number."""
    reading(actor, Action.READ_REGISTRY)
    table = register.party
    conditions = [_may_know(actor)]
    if text:
        conditions.append(
            or_(table.c.name.icontains(text, autoescape=True), table.c.uscc == text, table.c.cma == text)
        )
    if after is not None:
        name, id_ = _cursor(after)
        conditions.append(tuple_(table.c.name, table.c.id) > tuple_(name, id_))
    statement = select(table.c.id).where(*conditions).order_by(table.c.name, table.c.id).limit(limit + 1)
    ids = list(tx.execute(statement).scalars())
    known = register.parties(tx, ids)
    rows = _party_rows(tx, actor, [known[id_] for id_ in ids])
    return cut(rows, limit, lambda row: f"{row.id}{_SEPARATOR}{row.name}")


def party_page(tx: Connection, actor: Actor, ref: str, *, today: date) -> PartyPage | None:
    """A party by id or USCC; None where it is not known to the actor."""
    reading(actor, Action.READ_REGISTRY)
    id_ = party_id(ref)
    visible = tx.execute(
        select(register.party.c.id).where(register.party.c.id == id_, _may_know(actor))
    ).scalar()
    if visible is None:
        return None
    (row,) = _party_rows(tx, actor, [register.parties(tx, [id_])[id_]])
    periods = _by_number(register.certificates_of(tx, id_))
    scope = actor.scope_for(Action.READ_BATCH)
    return PartyPage(
        party=row,
        products=_product_rows(tx, register.products_of(tx, id_), today),
        certificates=tuple(certificate_card(n, id_, periods[n], None, today) for n in sorted(periods)),
        projects=_project_rows(
            tx,
            actor.scope_for(Action.READ_PROJECT),
            [project for project in _projects_of(tx, id_) if _sees_project(actor, project)],
        ),
        batches=newest_batches(tx, scope, books.batch.c.maker == id_),
        signing_keys=signing_keys_of(tx, id_, today=today),
        is_really=_is_really(tx, id_),
    )


def _is_really(tx: Connection, id_: str) -> PartyLink | None:
    known = register.party_turned_out(tx, id_)
    return None if known is None else _link(known, names_of(tx, [known]))


def _may_know(actor: Actor) -> ColumnElement[bool]:
    """The condition on `party` that it registered itself, or that the actor may know of its being named
    (`model.involvement.knows_party`)."""
    scope, table = actor.scope_for(Action.READ_BATCH), register.party
    if scope.everything:
        return true()
    own = sorted(scope.parties)
    return or_(
        table.c.named_by.is_(None),
        register.is_named_by(own),
        table.c.id.in_(own),
        lies_in(scope, table.c.region),
    )


def _party_rows(tx: Connection, actor: Actor, found: list[KnownParty]) -> tuple[PartyRow, ...]:
    scope = actor.scope_for(Action.READ_BATCH)
    namer = {party.id: _namer_told(scope, party) for party in found}
    namers = names_of(tx, set(namer.values()) - {""})
    return tuple(
        PartyRow(
            id=party.id,
            name=party.name,
            roles=party.roles,
            uscc=party.uscc,
            cma=party.cma,
            region=party.region or "",
            region_name=region_name(party.region or ""),
            address=party.address,
            confirmed=party.named_by is None,
            named_by=namers.party(namer[party.id]),
        )
        for party in found
    )


def _namer_told(scope: Scope, party: KnownParty) -> str:
    """Who has merely named a party, as far as the scope may know: its own naming before anybody else's."""
    own = sorted(namer for namer in party.namers if namer in scope.parties)
    return own[0] if own else party.named_by or ""


def unconfirmed(tx: Connection, actor: Actor) -> int:
    """How many parties that are merely named the actor may know, its own naming left out."""
    scope, table = reading(actor, Action.READ_BATCH), register.party
    where = true() if scope.everything else lies_in(scope, table.c.region)
    statement = select(func.count()).select_from(table).where(table.c.named_by.is_not(None), where)
    count: int = tx.execute(statement).scalar_one()
    return count


# --- products and certificates ------------------------------------------------------------------------


def products(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    maker: str | None = None,
    text: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Listed[ProductRow]:
    """Products by maker and number; ``text`` is a part of the name, of the designation or of the number."""
    reading(actor, Action.READ_REGISTRY)
    table = register.product
    conditions: list[ColumnElement[bool]] = [true() if maker is None else table.c.maker == party_id(maker)]
    if text:
        conditions.append(
            or_(
                *(
                    table.c[column].icontains(text, autoescape=True)
                    for column in ("name", "designation", "number")
                )
            )
        )
    keys = _keys(tx, table.c.maker, table.c.number, conditions, limit, after)
    known = register.products(tx, keys)
    rows = _product_rows(tx, [known[key] for key in keys], today)
    return cut(rows, limit, lambda row: f"{row.maker}{_SEPARATOR}{row.number}")


def product_page(tx: Connection, actor: Actor, maker: str, number: str, *, today: date) -> ProductPage | None:
    """A product by its maker (id or USCC) and the maker's number for it."""
    reading(actor, Action.READ_REGISTRY)
    key = (party_id(maker), number)
    known = register.products(tx, [key]).get(key)
    if known is None:
        return None
    (row,) = _product_rows(tx, [known], today)
    of = and_(books.batch.c.maker == known.maker, books.batch.c.product == number)
    certificate = None
    if known.certificate is not None:
        held = (known.maker, known.certificate)
        certificate = certificate_card(
            known.certificate,
            known.maker,
            register.certificates(tx, [held])[held],
            None,
            today,
            known.designation.printed,
        )
    return ProductPage(
        product=row,
        certificate=certificate,
        batches=newest_batches(tx, actor.scope_for(Action.READ_BATCH), of),
    )


def _product_rows(tx: Connection, found: list[KnownProduct], today: date) -> tuple[ProductRow, ...]:
    names = names_of(tx, {product.maker for product in found})
    periods = register.certificates(
        tx, {(product.maker, product.certificate) for product in found if product.certificate is not None}
    )
    return tuple(
        ProductRow(
            maker=product.maker,
            maker_name=names.party(product.maker),
            number=product.number,
            name=product.name,
            designation=product.designation.printed,
            normalised=product.designation.normalised,
            standard=product.standard,
            certificate=product.certificate,
            today=None
            if product.certificate is None
            else certificate_card(
                product.certificate, product.maker, periods[product.maker, product.certificate], None, today
            ).today,
        )
        for product in found
    )


def certificates(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    holder: str | None = None,
    issuer: str | None = None,
    text: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Listed[CertificateRow]:
    """Certificates by holder and number; ``text`` is a part of the number, ``issuer`` an organisation that issued them."""
    reading(actor, Action.READ_REGISTRY)
    table = register.certificate
    conditions: list[ColumnElement[bool]] = [true() if holder is None else table.c.holder == party_id(holder)]
    if text:
        conditions.append(table.c.number.icontains(text, autoescape=True))
    if issuer is not None:
        conditions.append(register.was_issued_by(party_id(issuer)))
    keys = _keys(tx, table.c.holder, table.c.number, conditions, limit, after)
    periods = register.certificates(tx, keys)
    names = _names_on(tx, keys, periods)
    rows = [_certificate_row(key, periods[key], names, today) for key in keys]
    return cut(rows, limit, lambda row: f"{row.card.holder}{_SEPARATOR}{row.card.number}")


def certificate_page(
    tx: Connection, actor: Actor, holder: str, number: str, *, today: date
) -> CertificatePage | None:
    """A certificate by its holder (id or USCC) and number, with what is made under it."""
    reading(actor, Action.READ_REGISTRY)
    key = (party_id(holder), number)
    periods = register.certificates(tx, [key])[key]
    if not periods:
        return None
    made = [product for product in register.products_of(tx, key[0]) if product.certificate == number]
    return CertificatePage(
        certificate=_certificate_row(key, periods, _names_on(tx, [key], {key: periods}), today),
        periods=periods,
        products=_product_rows(tx, made, today),
    )


def _names_on(
    tx: Connection,
    keys: Iterable[tuple[str, str]],
    periods: Mapping[tuple[str, str], tuple[CertificatePeriod, ...]],
) -> Names:
    """The names of the holders and issuers of these certificates."""
    issuers = {issuer for key in keys if (issuer := issuer_of(periods[key])) is not None}
    return names_of(tx, {holder for holder, _ in keys} | issuers)


def _certificate_row(
    key: tuple[str, str], periods: tuple[CertificatePeriod, ...], names: Names, today: date
) -> CertificateRow:
    holder, number = key
    card = certificate_card(number, holder, periods, None, today)
    issuer = card.issuer or "" if card.issued_by is None else names.party(card.issued_by)
    return CertificateRow(holder_name=names.party(holder), issuer_name=issuer, card=card)


def _by_number(periods: Iterable[CertificatePeriod]) -> dict[str, list[CertificatePeriod]]:
    of: dict[str, list[CertificatePeriod]] = defaultdict(list)
    for period in periods:
        of[period.number].append(period)
    return of


# --- projects -----------------------------------------------------------------------------------------


def projects(
    tx: Connection, actor: Actor, *, text: str = "", limit: int = 50, after: str | None = None
) -> Listed[ProjectRow]:
    """Projects by keeper and number; ``text`` is a part of the name or of the number, by which those that were granted are
    found too."""
    scope, table = reading(actor, Action.READ_PROJECT), register.project
    granted = actor.granted_scope_for(Action.READ_PROJECT) if text else Scope()
    conditions = [open_project(scope | granted)]
    if text:
        conditions.append(
            or_(table.c.name.icontains(text, autoescape=True), table.c.number.contains(text, autoescape=True))
        )
    keys = _keys(tx, table.c.keeper, table.c.number, conditions, limit, after)
    found = register.projects(tx, [business_id("project", *key) for key in keys])
    in_order = sorted(found.values(), key=lambda project: (project.keeper, project.number))
    return cut(
        _project_rows(tx, scope, in_order), limit, lambda row: f"{row.keeper.id}{_SEPARATOR}{row.number}"
    )


def project_page(tx: Connection, actor: Actor, id_: str) -> ProjectPage | None:
    """A project with every batch that came to it; None where it is not open to the actor."""
    reading(actor, Action.READ_PROJECT)
    project = register.projects(tx, [id_]).get(id_)
    if project is None or not _sees_project(actor, project):
        return None
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    codes = sorted(_batches_at(tx, id_))
    for start in range(0, len(codes), 400):
        for balance in books.balances(tx, books.batch.c.code.in_(codes[start : start + 400])):
            if balance.account.project == id_:
                sums[balance.batch][balance.account.state] += balance.length_mm
    (row,) = _project_rows(tx, actor.scope_for(Action.READ_PROJECT), [project])
    goods = batch_rows(tx, sorted(sums), actor.scope_for(Action.READ_BATCH))
    return ProjectPage(
        project=row, goods=tuple(GoodsAtProject(batch=each, by=dict(sums[each.code])) for each in goods)
    )


def _batches_at(tx: Connection, project: str) -> set[str]:
    """Codes of the batches that an event of the project is about."""
    codes, done = set(), 0
    while rows := store.read_stream(tx, f"project:{project}", first=done):
        done += len(rows)
        assigned = (decode_payload(row.payload).server["assigned"] for row in rows)
        codes |= {each["batch"] for each in assigned if "batch" in each}
    return codes


def _projects_of(tx: Connection, party: str) -> Iterator[KnownProject]:
    table = register.project
    roles = (table.c.keeper, table.c.owner, table.c.contractor, table.c.supervisor)
    ids = tx.execute(select(table.c.id).where(or_(*(role == party for role in roles)))).scalars()
    yield from sorted(register.projects(tx, list(ids)).values(), key=lambda project: project.number)


def _sees_project(actor: Actor, project: KnownProject) -> bool:
    scope = actor.scope_for(Action.READ_PROJECT)
    return not scope.nothing and takes_part(scope, project)


def open_project(scope: Scope) -> ColumnElement[bool]:
    """`visibility.takes_part` as a condition on `project`."""
    if scope.everything:
        return true()
    table, own = register.project, sorted(scope.parties)
    roles = (table.c.keeper, table.c.owner, table.c.contractor, table.c.supervisor)
    parts = (
        and_(
            open_project(part.within),
            true() if part.of is None else open_project(part.of),
            table.c.id.in_(ids_among("project", part.things)) if part.things else true(),
        )
        for part in scope.parts
    )
    sites = table.c.id.in_(sorted(scope.sites))
    return or_(lies_in(scope, table.c.region), sites, *(role.in_(own) for role in roles), *parts)


def _project_rows(tx: Connection, scope: Scope, found: list[KnownProject]) -> tuple[ProjectRow, ...]:
    """What the scope does not see was found under a grant: who takes part in it is not told yet."""
    names = names_of(
        tx,
        {
            party
            for project in found
            for party in (project.keeper, project.owner, project.contractor, project.supervisor)
            if party is not None
        },
    )

    def row(project: KnownProject) -> ProjectRow:
        whole = ProjectRow(
            id=project.id,
            number=project.number,
            name=project.name,
            region=project.region,
            region_name=region_name(project.region),
            keeper=PartyLink(project.keeper, names.party(project.keeper)),
            owner=_link(project.owner, names),
            contractor=_link(project.contractor, names),
            supervisor=_link(project.supervisor, names),
        )
        if takes_part(scope, project):
            return whole
        return replace(whole, owner=None, contractor=None, supervisor=None, granted=True)

    return tuple(map(row, found))


def _link(party: str | None, names: Names) -> PartyLink | None:
    return None if party is None else PartyLink(party, names.party(party))


# --- paging -------------------------------------------------------------------------------------------


def _keys(
    tx: Connection,
    first: Column[str],
    second: Column[str],
    conditions: list[ColumnElement[bool]],
    limit: int,
    after: str | None,
) -> list[tuple[str, str]]:
    """One more key than a page holds, in order, from behind a cursor."""
    if after is not None:
        number, owner = _cursor(after)
        conditions = [*conditions, tuple_(first, second) > tuple_(owner, number)]
    statement = select(first, second).where(*conditions).distinct().order_by(first, second).limit(limit + 1)
    return [(row[0], row[1]) for row in tx.execute(statement)]


def _cursor(after: str) -> tuple[str, str]:
    """The second and the first part of a cursor. Raises InputError ``bad-request``."""
    id_, separator, rest = after.partition(_SEPARATOR)
    if not separator:
        raise InputError.of(
            "bad-request", "翻页标记有误", "not a cursor of this list", came=shown(after), where="after"
        )
    return rest, id_


def lies_in(scope: Scope, region: Column[str]) -> ColumnElement[bool]:
    """The condition that a region's code lies in the jurisdiction."""
    # A range instead of LIKE: the same whatever the collation, and open to an index.
    return or_(false(), *(region.between(prefix, f"{prefix}\uffff") for prefix in scope.regions))


def is_at(scope: Scope, sites: Column[str]) -> ColumnElement[bool]:
    """The condition that one of these sites, ids with spaces between, is the scope's."""
    # Ids are of one length: none stands inside another.
    return or_(false(), *(sites.contains(site) for site in sorted(scope.sites)))
