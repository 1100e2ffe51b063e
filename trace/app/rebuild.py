"""Rebuild of an installation: every projection dropped and derived again from the ledger, in one transaction.

Readers see the old rows until it is done; a rebuild that fails or is killed changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from ..alerts import register as alert_register
from ..alerts.follower import raise_anew
from ..alerts.rules import AcceptedEvent
from ..db.database import closing, open_database
from ..db.engine import begin_read, begin_write
from ..errors import Text
from ..intake.rebuild import projections, rebuild
from ..intake.recorded import Recorded
from ..ledger.entry import entry_hash
from ..ledger.follow import Cursor
from ..ledger.store import read_head, read_row, read_rows_at
from ..queries.accepted import accepted_in
from .folder import Folder
from .followers import read_accepted
from .migrating import must_be_migrated
from .process import collecting_seldom
from .schema import ALL_METADATA, is_of_this_version, lacking, why_to_rebuild, write_version
from .searching import forget_index


def rebuild_projections(folder: Folder, progress: Callable[[int, int], None]) -> int:
    """Rebuild ledger.db's projections and empty the search index, which fills itself again when followed.

    Tables of another version, and those that it did not have, are made as this one wants them.
    Returns the number of events. Nothing else may write meanwhile: the ledger's write lock is held.
    Raises InputError where the folder is no installation, or must be migrated first.
    """
    folder.must_be_installation()
    must_be_migrated(folder)
    ledger = open_database(folder.ledger)
    with collecting_seldom(), begin_write(ledger) as tx:
        tables = projections(ALL_METADATA)
        changed = lacking(tx, tables) if is_of_this_version(tx) else tables
        for table in tables:
            if table in changed:
                table.drop(tx, checkfirst=True)
                table.create(tx)
            else:
                tx.execute(table.delete())
        count = derive(tx, progress)
    ledger.dispose()
    forget_index(folder.index, folder.desk)
    return count


def derive(tx: Connection, progress: Callable[[int, int], None]) -> int:
    """Fill the empty projections of a ledger with what follows from it, alerts with their cursor; the number of events."""
    size = read_head(tx).size
    count = rebuild(tx, tx, note_alerts, lambda done: progress(done, size))
    if (last := read_row(tx, size - 1)) is not None:
        alert_register.write_cursor(tx, Cursor(last.seq, entry_hash(last.entry)))
    write_version(tx)
    return count


def to_rebuild(folder: Folder) -> Text | None:
    """Why the projections of an installation must be rebuilt before it is opened; None where they need not be."""
    folder.must_be_installation()
    with closing(open_database(folder.ledger)) as ledger, begin_read(ledger) as tx:
        return why_to_rebuild(tx)


def note_alerts(
    tx: Connection, ledger: Connection, events: Sequence[tuple[Recorded, Recorded | None]]
) -> None:
    """Write the alerts of events in order, each with the one that it corrects, as the follower does while the service
    runs."""

    def read_at(seqs: Sequence[int]) -> list[AcceptedEvent]:
        return [read_accepted(ledger, row) for row in read_rows_at(ledger, seqs)]

    raise_anew(tx, [accepted_in(event, original) for event, original in events], read_at)
