"""``serve``: the service on one address, with the demo if asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from typing import Annotated

import structlog
import typer
import uvicorn

from ..app.committer import open_committer_process
from ..app.folder import Folder
from ..app.followers import following_apart
from ..app.installation import create, open_installation
from ..app.process import keep_what_is_loaded, log_as_a_service
from ..app.server import make_app
from ..app.settings import Settings
from ..app.suspecting import suspecting
from ..app.witnessing import cosigning
from ..clock import system_clock
from ..db.database import address_of
from ..errors import Text
from ..http.allowance import Allowances
from ..ledger.room import Bounds
from .console import say
from .demo import ORIGIN, CitySize, Seed, introduce, load
from .listening import Announcing, listen
from .options import Data
from .updating import bring_up_to_date


def add_to(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    data: Data = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="port, 0 for a free one 端口 (CABLETRACE_PORT)", show_default="8000", min=0, max=65535
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="make and load the demo first 载入演示数据")] = False,
    size: Annotated[
        CitySize | None,
        typer.Option(
            help="with --demo: an invented city of this size 虚构城市的规模", show_default="four files"
        ),
    ] = None,
    seed: Seed = 1,
    followers: Annotated[
        bool,
        typer.Option(
            help="keep alerts and search index up to date; without them run cabletrace follow beside it 跟随账本"
        ),
    ] = True,
    migrate: Annotated[
        bool,
        typer.Option(
            "--migrate",
            help="over PostgreSQL: first bring data of an earlier version up to this one, as over files 先升级数据",
        ),
    ] = False,
) -> None:
    """Serve pages and API 启动服务."""
    settings = Settings()
    log_as_a_service(system_clock)
    where = Folder(settings.data if data is None else data)
    # The address comes first: a port that is taken must not cost a minute of loading.
    listener = listen(settings.bind, settings.port if port is None else port)
    reached_at = f"{settings.bind}:{listener.getsockname()[1]}"
    address = f"http://{reached_at}"
    if demo and not where.is_installation:
        host = settings.public_host or reached_at
        create(where, origin=ORIGIN, public_host=host, database=settings.database, search=settings.search)
    with ExitStack() as open_parts:
        open_parts.enter_context(listener)
        if migrate or address_of(where.root) is None:
            bring_up_to_date(where, _tell)
        bounds = Bounds(proposals=settings.waiting_events, size_bytes=settings.waiting_bytes)
        house = open_parts.enter_context(
            open_installation(where, open_committer=partial(open_committer_process, bounds=bounds))
        )
        _tell(house.notices)
        if demo:
            load(house, size, seed)
        if followers:
            open_parts.enter_context(following_apart(house))
        open_parts.enter_context(cosigning(house, period_seconds=settings.cosign_seconds))
        open_parts.enter_context(suspecting(house))
        config = uvicorn.Config(
            make_app(
                house,
                development=settings.development,
                allowances=Allowances.of(
                    reads_per_minute=settings.reads_per_minute,
                    events_per_minute=settings.events_per_minute,
                ),
            ),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        if demo:
            introduce(address, house.folder)
        keep_what_is_loaded()
        Announcing(config, address).run(sockets=[listener])


def _tell(notices: Iterable[Text]) -> None:
    """To the terminal or, in the log of a service, as warnings."""
    log = structlog.get_logger("cabletrace.start")
    for notice in notices:
        if sys.stderr.isatty():
            say(notice.zh, notice.en)
        else:
            log.warning("found at start-up", zh=notice.zh, en=notice.en)
