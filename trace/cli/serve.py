"""``serve``: the service on one address, with the demo if asked."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
import uvicorn

from ..app.committer import open_committer_process
from ..app.demo import ACCOUNTS, PASSWORD, load_demo
from ..app.followers import following_apart
from ..app.installation import Folder, Installation, create, open_installation
from ..app.process import begin_log_lines, keep_what_is_loaded
from ..app.server import make_app
from ..app.settings import Settings
from ..auth.passwords import Passwords
from ..clock import system_clock
from .console import people, progress, say
from .options import Data


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
) -> None:
    """Serve pages and API 启动服务."""
    settings = Settings()
    if not sys.stderr.isatty():  # a person at a terminal keeps the readable form
        begin_log_lines(sys.stderr.buffer, system_clock)
    where = Folder(settings.data if data is None else data)
    # The address comes first: a port that is taken must not cost a minute of loading.
    listener = _listen(settings.bind, settings.port if port is None else port)
    reached_at = f"{settings.bind}:{listener.getsockname()[1]}"
    address = f"http://{reached_at}"
    if demo and not where.is_installation:
        create(where, origin="demo.cabletrace.example/ledger", public_host=settings.public_host or reached_at)
    with ExitStack() as open_parts:
        house = open_parts.enter_context(open_installation(where, open_committer=open_committer_process))
        if demo:
            _load(house)
        open_parts.enter_context(following_apart(house))
        config = uvicorn.Config(
            make_app(house, development=settings.development),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        if demo:
            _introduce(address)
        keep_what_is_loaded()
        _Announcing(config, address).run(sockets=[listener])


class _Announcing(uvicorn.Server):
    """A server that says when it serves: scripts wait for exactly this line."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in order: the original lets the signal kill the process before the sequencer has stopped."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"ready {self._address}", flush=True)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        say(f"无法使用 {host}:{port}：{error.strerror}", f"cannot listen on {host}:{port}: {error.strerror}")
        say("→ 换一个端口：--port N", "→ choose another port: --port N")
        raise SystemExit(2) from None
    listener.set_inheritable(True)
    return listener


def _load(house: Installation) -> None:
    with progress("载入演示数据 loading the demo") as bar:
        loaded = list(load_demo(house, Passwords(), lambda _file, done, of: bar(done, of)))
    for each in loaded:
        good, bad = (sum(getattr(sheet, count) for sheet in each.report.sheets) for count in ("good", "bad"))
        marked = len(each.report.marked)
        say(
            f"{each.file}：{good} 行入账（{marked} 行带标记），{bad} 行有误未入账",
            f"{each.file}: {good} rows recorded ({marked} of them marked), {bad} bad rows left out",
        )


def _introduce(address: str) -> None:
    people.print()
    say(
        f"打开 {address}/sign-in ，演示账号（密码都是 {PASSWORD}）：",
        f"open {address}/sign-in ; demo accounts, all with the password {PASSWORD}:",
    )
    for account in ACCOUNTS:
        people.print(f"  {account.name:<11} {account.task.zh}  [dim]{account.task.en}[/dim]")
    say(
        f"公众查验：{address}/c/…（批次页面上有二维码）",
        f"public check: {address}/c/… (codes are on every batch page)",
    )
    say(f"接口文档：{address}/docs", f"API documentation: {address}/docs")
