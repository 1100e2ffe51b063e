"""Pages over HTTP: one file for each page, with its routes and how its reading becomes its view."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from sqlalchemy import Engine

from ...http.attaching import Attaching
from ...http.evidencing import EvidenceTaking
from ...http.importing import Importing
from ...http.printing import LabelPrinting
from ...intake.record import Intake
from ...ledger.standing import Standing
from ...scans.clients import Clients
from ...scans.recorder import Recorder
from ...search.index import SearchIndex
from ..assets import Assets
from ..checking import Checking
from . import (
    accounts,
    alert_entry,
    alerts,
    api,
    batch,
    case_entry,
    cases,
    columns,
    correct,
    desk,
    development,
    discipline,
    due,
    due_certificates,
    entry,
    events,
    evidence,
    files,
    goods,
    grants,
    imported,
    imports,
    inspections,
    invitations,
    keys,
    labels,
    language,
    ledger,
    listings,
    monthly,
    moving,
    ordering,
    orders,
    password,
    persons,
    produce,
    programmes,
    public,
    register,
    request_entry,
    requests,
    reservations,
    risk,
    samples,
    sampling_plans,
    search,
    sessions,
    sign_in,
    signing_keys,
    stock,
    submit,
    trace,
    units,
)
from .errors import make_error_page
from .public import make_public_page
from .submit import make_receipt_page
from .visit import Pages

__all__ = ["Pages", "make_error_page", "make_public_page", "make_receipt_page", "make_routers"]


def make_routers(
    pages: Pages,
    *,
    assets: Assets,
    code_keys: Mapping[int, bytes],
    names_key: bytes,
    public_host: str,
    index: SearchIndex,
    intake: Intake,
    importing: Importing,
    attaching: Attaching,
    scans: Engine,
    recorder: Recorder,
    clients: Clients,
    printing: LabelPrinting,
    evidence_taking: EvidenceTaking,
    checking: Checking,
    standing: Callable[[], Standing],
    development_pages: bool,
) -> tuple[APIRouter, ...]:
    """All pages and their files; `make_error_page`, `make_public_page` and `make_receipt_page` print what other routes
    answer."""
    return (
        files.make_router(assets),
        language.make_router(),
        sign_in.make_router(pages),
        desk.make_router(pages, importing),
        search.make_router(pages, index),
        produce.make_router(pages, intake),  # before the batches, whose pages take whatever follows
        batch.make_router(pages, code_keys, public_host),
        labels.make_router(pages, code_keys, public_host, printing),
        evidence.make_router(pages, evidence_taking),
        reservations.make_router(pages, intake),
        moving.make_router(pages, intake, code_keys),
        stock.make_router(pages),
        orders.make_router(pages),
        ordering.make_router(pages, intake, attaching),
        due_certificates.make_router(pages),
        entry.make_router(
            pages, intake, attaching, code_keys
        ),  # before the register, whose pages take whatever follows
        correct.make_router(pages, intake, attaching),
        request_entry.make_router(
            pages, intake, attaching
        ),  # these two before the cases, whose pages take whatever follows
        requests.make_router(pages),
        programmes.make_router(pages, intake, attaching),
        listings.make_router(pages, intake, attaching),
        discipline.make_router(pages, intake, attaching),
        case_entry.make_router(
            pages, intake, attaching
        ),  # before the cases, whose pages take whatever follows
        cases.make_router(pages),
        due.make_router(pages, names_key),
        submit.make_router(pages, intake, attaching, code_keys),
        goods.make_router(pages),
        trace.make_router(pages, index),  # before the register, whose product pages take whatever follows
        register.make_router(pages),
        persons.make_router(pages, names_key),
        events.make_router(pages, intake),
        alerts.make_router(pages),
        alert_entry.make_router(pages, intake, attaching),
        inspections.make_router(pages),
        risk.make_router(pages),
        sampling_plans.make_router(pages, intake),
        monthly.make_router(pages, intake),
        samples.make_router(pages, intake, attaching),
        imports.make_router(pages, importing, checking),
        columns.make_router(pages, importing, checking),
        imported.make_router(pages, importing),
        ledger.make_router(pages, standing),
        public.make_router(pages, code_keys, scans, recorder, clients),
        invitations.make_router(pages),  # before the accounts, whose forms take whatever follows
        accounts.make_router(pages),
        sessions.make_router(pages),
        keys.make_router(pages),
        signing_keys.make_router(pages, intake),
        grants.make_router(pages, intake),
        units.make_router(pages, intake),
        password.make_router(pages),
        api.make_router(pages),
        *((development.make_router(pages),) if development_pages else ()),
    )
