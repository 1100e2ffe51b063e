"""``export``: the ledger as files, for an auditor or a static web server; ``import-ledger``: such files as an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..app import moving
from ..app.verify import verify_ledger
from ..db.database import open_database
from ..ledger.export import export_ledger
from .console import FAULTS, print_json, progress, say
from .options import Data, Database, Json, Owner, database_asked_for, folder


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)
    app.command("import-ledger")(import_ledger)


def export(
    into: Annotated[Path, typer.Argument(metavar="FOLDER", help="new folder 新目录", file_okay=False)],
    data: Data = None,
    payloads: Annotated[
        bool,
        typer.Option("--payloads", help="also what the events say: trade secrets 连同事件内容（含商业秘密）"),
    ] = False,
    persons: Annotated[
        bool,
        typer.Option("--persons", help="also what persons disclosed: personal data 连同个人信息"),
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
        disclosed = moving.export_disclosures(ledger, into) if persons else None
    finally:
        ledger.dispose()
    if json:
        print_json({**exported.members(), **({} if disclosed is None else {"disclosures": disclosed})})
        return
    say(
        f"已导出 {exported.size:,} 条到 {into}，共 {exported.file_count:,} 个文件、{exported.byte_count:,} 字节",
        f"exported {exported.size:,} entries to {into}: {exported.file_count:,} files, {exported.byte_count:,} bytes",
    )


def import_ledger(
    export: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="an export with payloads 带事件内容的导出", exists=True, file_okay=False
        ),
    ],
    data: Data = None,
    database: Database = None,
    owner: Owner = None,
    json: Json = False,
) -> None:
    """Make an installation of an exported ledger, beside its keys, and verify it 导入账本."""
    where = folder(data)
    with progress("导入 importing") as bar:
        size = moving.import_ledger(
            export, where, bar, database=database_asked_for(database), owner=owner or ""
        )
    faults = list(verify_ledger(where.root, with_projections=True))
    for fault in faults:
        say(fault.text.zh, fault.text.en)
    if json:
        print_json({"folder": str(where.root), "size": size, "faults": len(faults)})
    elif not faults:
        say(
            f"已将 {size:,} 条导入 {where.root}，校验无误；账号需另行建立",
            f"brought {size:,} entries into {where.root}, and they verify; accounts are to be made anew",
        )
    if faults:
        raise typer.Exit(FAULTS)
