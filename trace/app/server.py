"""The service: routes and pages over one installation as an ASGI application, with the worker of its jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from jinja2 import Environment

from .. import __version__
from ..alerts import register as alert_register
from ..api import (
    alerts,
    batches,
    blobs,
    cases,
    check,
    description,
    events,
    evidence,
    goods,
    grants,
    health,
    imports,
    inspections,
    keys,
    labels,
    listings,
    log,
    metrics,
    monthly,
    persons,
    programmes,
    receipts,
    registry,
    requests,
    risk,
    samples,
    saved_searches,
    search,
    tracing,
    trade,
)
from ..auth.api_keys import KnownKeys
from ..auth.passwords import Passwords
from ..db.engine import begin_read
from ..http.across import Across
from ..http.allowance import Allowances
from ..http.attaching import Attaching
from ..http.contract import describe
from ..http.door import Door
from ..http.evidencing import EvidenceTaking
from ..http.failures import Failures
from ..http.frame import Frame
from ..http.importing import KIND, Importing
from ..http.printing import LabelPrinting
from ..jobs.worker import Worker
from ..scans.clients import Clients
from ..scans.recorder import Recorder
from ..web import routes as web
from ..web.assets import read_assets
from ..web.checking import Checking
from ..web.checks import Checks
from ..web.rendering import CONTENT_SECURITY_POLICY, make_environment
from ..web.routes import Pages, make_error_page, make_public_page, make_receipt_page
from .installation import Installation


def make_app(
    house: Installation,
    *,
    development: bool = False,
    passwords: Passwords | None = None,
    allowances: Allowances | None = None,
    environment: Environment | None = None,
) -> FastAPI:
    """Wire routes and pages to an opened installation.

    Passwords at full cost and the environment of the pages are made here; who makes many apps gives them.
    """
    passwords = passwords or Passwords()
    door = Door(
        desk=house.desk,
        clock=house.clock,
        passwords=passwords,
        known_keys=KnownKeys(),
        standing=Across(house.ledger, house.intake, house.clock).standing,
        allowances=allowances or Allowances(),
    )
    assets = read_assets()
    environment = environment or make_environment(assets)
    pages = Pages(door=door, ledger=house.ledger, environment=environment, version=__version__)
    failures = Failures(make_error_page(pages))
    importing = Importing(
        ledger=house.ledger,
        desk=house.desk,
        intake=house.intake,
        clock=house.clock,
        folder=house.folder.jobs,
    )

    printing = LabelPrinting(
        ledger=house.ledger,
        desk=house.desk,
        intake=house.intake,
        clock=house.clock,
        code_keys=house.code_keys,
        public_host=house.identity.public_host,
    )
    evidence_taking = EvidenceTaking(
        ledger=house.ledger,
        desk=house.desk,
        intake=house.intake,
        blobs=house.blobs,
        public_host=house.identity.public_host,
    )
    attaching = Attaching(blobs=house.blobs, desk=house.desk, ledger=house.ledger, clock=house.clock)

    recorder, clients = Recorder(house.scans, house.clock), Clients()

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncIterator[None]:
        importing.sweep()
        attaching.sweep()
        worker = Worker(house.desk, house.clock, {KIND: importing.work()})
        worker.start()
        recorder.start()
        try:
            yield
        finally:
            recorder.stop()
            worker.stop()

    app = FastAPI(
        title="cabletrace 电线电缆质量追溯",
        version=__version__,
        openapi_url=None,  # described by ourselves: contract.describe
        redirect_slashes=False,
        lifespan=working,
    )
    app.add_middleware(
        Frame, policy=CONTENT_SECURITY_POLICY, crashed=failures.crashed, too_large=failures.too_large
    )
    failures.install(app)

    public_host = house.identity.public_host
    parts = {
        "search": health.Kept(partial(_search_reached, house), house.index.answers),
        "alerts": health.Kept(partial(_alerts_reached, house)),
    }
    for router in (  # what is asked for most comes first: routes are tried in order
        events.make_router(door, house.ledger, house.intake),
        check.make_router(
            door, house.ledger, house.scans, house.code_keys, recorder, clients, make_public_page(pages)
        ),
        receipts.make_router(door, house.ledger, make_receipt_page(pages)),
        log.make_router(door, house.ledger),
        batches.make_router(door, house.ledger, house.code_keys, public_host),
        labels.make_router(door, house.ledger, house.code_keys, public_host, printing),
        tracing.make_router(door, house.ledger),
        search.make_router(door, house.ledger, house.index),
        saved_searches.make_router(door),
        registry.make_router(door, house.ledger),
        goods.make_router(door, house.ledger),
        grants.make_router(door, house.ledger),
        persons.make_router(door, house.ledger, house.names_key),
        alerts.make_router(door, house.ledger),
        cases.make_router(door, house.ledger, house.names_key),
        requests.make_router(door, house.ledger),
        inspections.make_router(door, house.ledger),
        monthly.make_router(door, house.ledger),
        samples.make_router(door, house.ledger),
        programmes.make_router(door, house.ledger),
        listings.make_router(door, house.ledger),
        risk.make_router(door, house.ledger),
        trade.make_router(door, house.ledger),
        imports.make_router(door, importing),
        blobs.make_router(door, house.ledger, house.blobs, attaching),
        evidence.make_router(door, evidence_taking),
        keys.make_router(door),
        health.make_router(house.ledger, house.desk, __version__, house.committer.standing, parts),
        metrics.make_router(door, house.ledger, house.committer.standing, parts, recorder, house.index),
        *web.make_routers(
            pages,
            assets=assets,
            code_keys=house.code_keys,
            names_key=house.names_key,
            public_host=public_host,
            index=house.index,
            intake=house.intake,
            importing=importing,
            attaching=attaching,
            scans=house.scans,
            recorder=recorder,
            clients=clients,
            printing=printing,
            evidence_taking=evidence_taking,
            checking=Checking(importing, Checks(house.folder.checks, house.clock), house.clock),
            standing=house.committer.standing,
            development_pages=development,
        ),
        description.make_router(
            lambda: describe(
                app,
                {
                    **events.schemas(),
                    **evidence.schemas(),
                    **imports.schemas(),
                    **keys.schemas(),
                    **labels.schemas(),
                    **saved_searches.schemas(),
                },
            )
        ),
    ):
        # As they are: a router that is included makes each of its routes, with all of its types, a second time.
        app.router.routes.extend(router.routes)
    return app


def _alerts_reached(house: Installation) -> int:
    with begin_read(house.ledger) as tx:
        return alert_register.read_cursor(tx).seq


def _search_reached(house: Installation) -> int:
    return house.index.standing().reached
