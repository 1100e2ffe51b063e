"""Rebuild of an installation: every projection dropped and derived again from the ledger, in one transaction.

Readers see the old rows until it is done; a rebuild that fails or is killed changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from ..alerts import register as alert_register
from ..alerts.follower import raise_anew
from ..alerts.rules import AcceptedEvent
from ..db.engine import begin_write, open_sqlite
from ..intake.rebuild import METADATA, projections, rebuild
from ..intake.recorded import Recorded
from ..ledger.store import read_head, read_rows_at
from ..queries.accepted import accepted_in
from ..search.embedded import EmbeddedIndex
from .followers import read_accepted
from .installation import Folder
from .process import collecting_seldom
from .schema import lacking

#: Everything in ledger.db that follows from the ledger.
ALL_METADATA = (*METADATA, alert_register.metadata)


def rebuild_projections(folder: Folder, progress: Callable[[int, int], None]) -> int:
    """Rebuild ledger.db's projections and empty the search index, which fills itself again when followed.

    Tables of an earlier version, and those that it did not have, are made as this one wants them.
    Returns the number of events. Nothing else may write meanwhile: the ledger's write lock is held.
    Raises InputError where the folder is no installation.
    """
    folder.must_be_installation()
    ledger = open_sqlite(folder.ledger)
    with collecting_seldom(), begin_write(ledger) as tx:
        size = read_head(tx).size
        tables = projections(ALL_METADATA)
        changed = lacking(tx, tables)  # made by an earlier version, or not there at all
        for table in tables:
            if table in changed:
                table.drop(tx, checkfirst=True)
                table.create(tx)
            else:
                tx.execute(table.delete())
        count = rebuild(tx, tx, note_alerts, lambda done: progress(done, size))
    ledger.dispose()
    index = open_sqlite(folder.index)
    EmbeddedIndex(index).start_over()
    index.dispose()
    return count


def note_alerts(
    tx: Connection, ledger: Connection, events: Sequence[tuple[Recorded, Recorded | None]]
) -> None:
    """Write the alerts of events in order, each with the one that it corrects, as the follower does while the service
    runs."""

    def read_at(seqs: Sequence[int]) -> list[AcceptedEvent]:
        return [read_accepted(ledger, row) for row in read_rows_at(ledger, seqs)]

    raise_anew(tx, [accepted_in(event, original) for event, original in events], read_at)
