"""What keeps after the ledger: ``follow``, and ``search-engine``, which says what it is searched with."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from ..app.followers import following_of
from ..app.process import log_as_a_service
from ..app.searching import EMBEDDED, engine_apart, use_engine
from ..clock import system_clock
from ..search.elastic_server import parse_address
from .console import print_json, say
from .options import Data, Json, folder

_PULSE_SECONDS = 1.0


def add_to(app: typer.Typer) -> None:
    app.command("follow")(follow)
    app.command("search-engine")(search_engine)


def follow(
    data: Data = None,
    pulse: Annotated[
        Path | None,
        typer.Option(
            help="a file that is touched while both go on, for whoever watches the process 心跳文件",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Keep alerts and search index after the ledger, beside services that do not 跟随账本，更新预警和检索索引."""
    log_as_a_service(system_clock)
    asked_to_end = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: asked_to_end.set())
    with following_of(folder(data)) as followers:
        print("following", flush=True)
        while not asked_to_end.wait(_PULSE_SECONDS):
            if pulse is not None and followers.go_on:
                pulse.touch()


def search_engine(
    engine: Annotated[
        str | None,
        typer.Argument(
            help=f"address of an Elasticsearch, or {EMBEDDED} Elasticsearch 地址，或 {EMBEDDED}",
            show_default="only say which it is",
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say or choose what is searched with; a choice holds from the next start 检索引擎."""
    where = folder(data)
    where.must_be_installation()
    if engine is not None:
        use_engine(where.root, engine)
    line = engine_apart(where.root)
    address = None if line is None else parse_address(line)
    if json:
        print_json(
            {"engine": EMBEDDED}
            if address is None
            else {"engine": "elasticsearch", "hosts": list(address.hosts), "index": address.name}
        )
    elif address is None:
        say("使用内置检索", "the embedded index is searched")
    else:
        at = ", ".join(address.hosts)
        say(
            f"使用 {at} 上的 Elasticsearch，索引 {address.name}",
            f"Elasticsearch at {at}, index {address.name}",
        )
    if engine is not None and not json and address is not None and not address.answers():
        say(
            "这台服务器现在没有应答，或不接受这一身份：服务照常运行，只是暂时不能检索",
            "that server does not answer just now, or does not let in who asks: the service runs all the same, and cannot be "
            "searched until it does",
        )
    if engine is not None and not json:
        say(
            "重新启动服务后生效，索引由账本自动建立",
            "it holds from the next start; the index is made from the ledger by itself",
        )
