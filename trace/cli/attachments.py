"""Commands about attachments: ``sweep``."""

from __future__ import annotations

import typer

from ..app.installation import must_be_of_this_version
from ..app.migrating import must_be_migrated
from ..blobs.store import BlobStore
from ..blobs.sweep import sweep as sweep_blobs
from ..clock import system_clock
from ..db.database import open_database
from .console import print_json, say
from .options import Data, Json, folder


def add_to(app: typer.Typer) -> None:
    app.command("sweep")(sweep)


def sweep(data: Data = None, json: Json = False) -> None:
    """Remove uploads that no event has named in seven days, of the public in one; a running service does so when it starts 清除未用的附件."""
    where = folder(data)
    where.must_be_installation()
    must_be_migrated(where)
    desk, ledger = open_database(where.desk), open_database(where.ledger)
    try:
        must_be_of_this_version(
            where, ledger
        )  # which uploads are named stands in a table that follows from the ledger
        swept = sweep_blobs(BlobStore(where.blobs), desk=desk, ledger=ledger, now=system_clock())
    finally:
        for engine in (desk, ledger):
            engine.dispose()
    if json:
        print_json({"files": swept.files, "beginnings": swept.beginnings})
    else:
        say(
            f"清除了 {swept.files:,} 个未用的附件、{swept.beginnings:,} 个没有传完的",
            f"removed {swept.files:,} unused attachments and {swept.beginnings:,} that never arrived whole",
        )
