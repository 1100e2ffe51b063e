"""The register: lists of parties, products, certificates and projects, and a page for each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import and_

from ...auth.actor import Actor
from ...auth.policy import ROLES, Action, Reach, Role
from ...clock import shanghai_date
from ...errors import Text
from ...flow import books, journal
from ...http.failures import not_found
from ...http.paging import After
from ...model.rules_of_keys import MAY_REVOKE
from ...model.state import CertificatePeriod
from ...queries import registry
from ...queries.answers import Listed
from ...queries.certificates import standing_on
from ...queries.copper import copper_of
from ...queries.grants import above, units_of
from ...queries.rows import newest_batches
from ...queries.visibility import takes_part
from ...registry import register
from ..forms_of_certificates import NEW_CERTIFICATE, STATUS_OF_CERTIFICATE
from ..recordable import comes_for, comes_for_at_project, recordable
from ..views import (
    CertificatePage,
    Choice,
    Entry,
    Frame,
    PartyPage,
    Period,
    ProductPage,
    ProjectPage,
    RegisterPage,
)
from .grants import lend_href
from .visit import Pages, Visit, page_router

_LISTS = (
    (Action.READ_REGISTRY, "/parties", Text("单位", "Parties")),
    (Action.READ_REGISTRY, "/products", Text("产品", "Products")),
    (Action.READ_REGISTRY, "/certificates", Text("证书", "Certificates")),
    (Action.READ_PROJECT, "/projects", Text("项目", "Projects")),
    (Action.READ_BATCH, "/goods", Text("无码货物", "Uncoded goods")),
)

Words = Annotated[str, Query(max_length=100)]
Of = Annotated[str, Query(max_length=36)]


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/parties")
    def parties(request: Request, q: Words = "", after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = registry.parties(visit.tx, visit.actor, text=q.strip(), after=after)
        return pages.show(register_page(visit, q, Listed(tuple(map(_party, found.rows)), found.after)))

    @router.get("/products")
    def products(request: Request, q: Words = "", after: After = None) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = registry.products(visit.tx, visit.actor, today=today, text=q.strip(), after=after)
        return pages.show(register_page(visit, q, Listed(tuple(map(_product, found.rows)), found.after)))

    @router.get("/certificates")
    def certificates(request: Request, q: Words = "", issuer: Of = "", after: After = None) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = registry.certificates(
                visit.tx, visit.actor, today=today, issuer=issuer or None, text=q.strip(), after=after
            )
        entries = Listed(tuple(map(_certificate, found.rows)), found.after)
        record = (ADD_CERTIFICATE,) if visit.actor.role is Role.CERTIFIER else ()
        return pages.show(register_page(visit, q, entries, record))

    @router.get("/projects")
    def projects(request: Request, q: Words = "", after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = registry.projects(visit.tx, visit.actor, text=q.strip(), after=after)
        return pages.show(register_page(visit, q, Listed(tuple(map(_project, found.rows)), found.after)))

    @router.get("/parties/{party}")
    def party(request: Request, party: str) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = registry.party_page(visit.tx, visit.actor, party, today=today)
            if found is None:
                raise not_found("此单位", "this party", party)
            can_trace = bool(visit.actor.reach(Action.READ_TRACE)) and bool(found.batches)
            has_href = (
                f"/parties/{found.party.id}/trace?direction=up" if _has_goods(visit, found.party.id) else ""
            )
            confirmed = found.party.confirmed
            record = recordable(visit.actor, "party", f"/parties/{found.party.id}", is_confirmed=confirmed)
            units = units_of(visit.tx, visit.actor, found.party.id, today=today)
            line = above(visit.tx, found.party.id)
            copper = copper_of(visit.tx, visit.actor, found.party.id)
        page = party_page(
            visit.frame,
            found,
            can_trace=can_trace,
            may_revoke=_may_revoke(visit.actor, found),
            record=record,
        )
        return pages.show(replace(page, units=units, above=line, has_href=has_href, copper=copper))

    @router.get("/parties/{party}/products/{number:path}")
    def product(request: Request, party: str, number: str) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = registry.product_page(visit.tx, visit.actor, party, number, today=today)
            if found is None:
                raise not_found("此产品", "this product", number)
            can_trace = bool(visit.actor.reach(Action.READ_TRACE)) and bool(found.batches)
        here = f"/parties/{party}/products/{quote(number, safe='')}"
        trace_href = f"{here}/trace" if can_trace else ""
        return pages.show(ProductPage(frame=visit.frame, found=found, trace_href=trace_href))

    @router.get("/parties/{party}/certificates/{number:path}")
    def certificate(request: Request, party: str, number: str) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = registry.certificate_page(visit.tx, visit.actor, party, number, today=today)
            if found is None:
                raise not_found("此证书", "this certificate", number)
            holder = register.parties(visit.tx, [found.certificate.card.holder]).values()
            seat = next((each.region for each in holder), None)
            trace_href = _trace_of_certificate(visit, found)
        page = certificate_page(visit.frame, found, _to_record(visit.actor, found, seat or ""))
        return pages.show(replace(page, trace_href=trace_href))

    @router.get("/projects/{project}")
    def project(request: Request, project: str) -> Response:
        with pages.visit(request) as visit:
            found = registry.project_page(visit.tx, visit.actor, project)
            if found is None:
                raise not_found("此项目", "this project", project)
            is_own = takes_part(
                visit.actor.own_scope_for(Action.READ_TRACE), register.projects(visit.tx, [project])[project]
            )
        lend = lend_href(visit.actor, "projects", project)
        trace_href = f"/projects/{project}/trace" if is_own else ""
        here = f"/projects/{project}"
        return pages.show(
            ProjectPage(
                frame=visit.frame,
                found=found,
                lend_href=lend,
                trace_href=trace_href,
                actions=comes_for_at_project(visit.actor, project, is_own=is_own),
                goods_actions={
                    row.batch.code: comes_for(visit.actor, row.batch.code, row.by.keys())
                    for row in found.goods
                },
                record=recordable(visit.actor, "project", here) if is_own else (),
            )
        )

    return router


# --- lists --------------------------------------------------------------------------------------------


def register_page(
    visit: Visit, query: str, entries: Listed[Entry], record: tuple[Choice, ...] = ()
) -> RegisterPage:
    """``record``: forms that add to this list."""
    frame, reach = visit.frame, visit.actor.reach
    return RegisterPage(
        frame=frame,
        title=Text("登记簿", "Register"),
        lists=tuple(Choice(text, href, href == frame.path) for action, href, text in _LISTS if reach(action)),
        action=frame.path,
        query=query,
        entries=entries.rows,
        next_href=visit.next_href(entries.after),
        record=record,
    )


#: Said of what another authority lets be read: to open it is a reading.
UNDER_A_GRANT = Text("凭授权可查阅，打开即留痕", "open to you under a grant; opening it is recorded")
NO_USCC = Text("没有统一社会信用代码", "without a credit code")


def _party(row: registry.PartyRow) -> Entry:
    facts = [*map(role_text, row.roles), row.region_name]
    if row.uscc or row.cma:
        facts.append(_same(row.uscc or f"CMA {row.cma}"))
    else:
        facts.append(NO_USCC)
    if not row.confirmed:
        facts.append(Text(f"未确认，由{row.named_by}写出", f"unconfirmed, named by {row.named_by}"))
    return Entry(title=row.name, href=f"/parties/{row.id}", facts=tuple(facts))


def _product(row: registry.ProductRow) -> Entry:
    return Entry(
        title=row.designation,
        href=f"/parties/{row.maker}/products/{quote(row.number, safe='')}",
        facts=tuple(map(_same, (row.name, row.number, row.maker_name))),
    )


def _certificate(row: registry.CertificateRow) -> Entry:
    card = row.card
    return Entry(
        title=card.number,
        href=f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}",
        facts=(
            *(() if card.kind is None else (card.kind,)),
            _same(row.holder_name),
            *((_issued_by(row.issuer_name),) if row.issuer_name else ()),
        ),
        standing=card.today,
    )


def _issued_by(name: str) -> Text:
    return Text(f"{name}颁发", f"issued by {name}")


def _project(row: registry.ProjectRow) -> Entry:
    return Entry(
        title=row.name,
        href=f"/projects/{row.id}",
        facts=(
            _same(row.number),
            row.region_name,
            *(_same(party.name) for party in (row.contractor, row.owner) if party is not None),
            *((UNDER_A_GRANT,) if row.granted else ()),
        ),
    )


def _same(text: str) -> Text:
    return Text(text, text)


def role_text(role: str) -> Text:
    """The word for a party's role; a role that no account can have is said as it was registered."""
    return next((text for known, text in ROLES.items() if known == role), _same(role))


# --- pages --------------------------------------------------------------------------------------------


def _may_revoke(actor: Actor, found: registry.PartyPage) -> bool:
    """Whether the rules would let this reader take back the party's signing keys; they judge again."""
    own = actor.party == found.party.id
    return bool(actor.reach(Action.RECORD_KEY)) and (own or actor.role.value in MAY_REVOKE)


def party_page(
    frame: Frame,
    found: registry.PartyPage,
    *,
    can_trace: bool,
    may_revoke: bool = False,
    record: tuple[Choice, ...] = (),
) -> PartyPage:
    return PartyPage(
        frame=frame,
        found=found,
        roles=tuple(map(role_text, found.party.roles)),
        trace_href=f"/parties/{found.party.id}/trace" if can_trace else "",
        may_revoke=may_revoke,
        record=record,
    )


def _has_goods(visit: Visit, party: str) -> bool:
    """Whether a party had to do with goods of which the reader may trace some."""
    scope = visit.actor.scope_for(Action.READ_TRACE)
    return not scope.nothing and bool(journal.involving(visit.tx, f"p:{party}", books.open_to(scope)))


def _trace_of_certificate(visit: Visit, found: registry.CertificatePage) -> str:
    """Where the goods made under a certificate are traced, "" where the reader sees none."""
    card, scope = found.certificate.card, visit.actor.scope_for(Action.READ_TRACE)
    of = and_(books.batch.c.maker == card.holder, books.batch.c.certificate == card.number)
    if scope.nothing or not newest_batches(visit.tx, scope, of, limit=1):
        return ""
    return f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}/trace"


def certificate_page(
    frame: Frame, found: registry.CertificatePage, record: tuple[Choice, ...] = ()
) -> CertificatePage:
    periods = tuple(_period(each) for each in reversed(found.periods))
    return CertificatePage(frame=frame, found=found, periods=periods, record=record)


ADD_CERTIFICATE = Choice(NEW_CERTIFICATE.title, "/certificates/new")


def _to_record(actor: Actor, found: registry.CertificatePage, seat: str) -> tuple[Choice, ...]:
    """What whoever issued the certificate, or the regulator of its holder's ``seat``, finds to record of it; the rules judge
    again."""
    card, reach = found.certificate.card, actor.reach(Action.RECORD_CERTIFICATE)
    is_in_jurisdiction = reach is Reach.JURISDICTION and bool(seat) and actor.scope.sees_region(seat)
    if not reach or (card.issued_by != actor.party and not is_in_jurisdiction):
        return ()
    address = urlencode({"holder": card.holder, "certificate": card.number})
    return (Choice(STATUS_OF_CERTIFICATE.title, f"/certificates/record?{address}"),)


def _period(period: CertificatePeriod) -> Period:
    return Period(
        standing=standing_on((period,), period.valid_from),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
        index=period.seq,
    )
