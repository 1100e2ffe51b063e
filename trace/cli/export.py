"""``export``: the ledger as files, for an auditor or a static web server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..db.database import open_database
from ..ledger.export import export_ledger
from .console import print_json, progress, say
from .options import Data, Json, folder


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    into: Annotated[Path, typer.Argument(metavar="FOLDER", help="new folder 新目录", file_okay=False)],
    data: Data = None,
    payloads: Annotated[
        bool,
        typer.Option("--payloads", help="also what the events say: trade secrets 连同事件内容（含商业秘密）"),
    ] = False,
    json: Json = False,
) -> None:
    """Write the ledger as files that prove themselves; one that was killed goes on 导出账本."""
    where = folder(data)
    where.must_be_installation()
    ledger = open_database(where.ledger, read_only=True)
    try:
        with progress("导出 exporting") as bar:
            exported = export_ledger(ledger, into, payloads=payloads, progress=bar)
    finally:
        ledger.dispose()
    if json:
        print_json(exported.members())
        return
    say(
        f"已导出 {exported.size:,} 条到 {into}，共 {exported.file_count:,} 个文件、{exported.byte_count:,} 字节",
        f"exported {exported.size:,} entries to {into}: {exported.file_count:,} files, {exported.byte_count:,} bytes",
    )
