"""What follows the ledger while the service runs: the alerts and the search index.

`following` runs them in this process. A service runs them in one of their own (`following_apart`): they take
as much of a processor as recording and answering together, so they yield to these, and catch up when it is
quiet. An index that lies behind says so with every answer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine

from ..alerts.follower import AlertFollower
from ..alerts.rules import AcceptedEvent
from ..clock import system_clock
from ..intake.recorded import original_of, read_recorded
from ..ledger.store import Row
from ..queries.accepted import accepted_in
from ..queries.documents import LedgerFeed
from ..search.follower import Follower
from ..search.index import SearchIndex
from .folder import Folder
from .indexing import opened_beside
from .installation import Installation
from .process import keep_what_is_loaded, log_as_a_service
from .start_up import look_at_index

#: How far the process of the followers stands back. Not to the end: it holds the write lock of the ledger at times.
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class Followers:
    """The running followers; each knows how far it has come."""

    alerts: AlertFollower
    search: Follower

    @property
    def go_on(self) -> bool:
        """Whether neither has ended by itself."""
        return self.alerts.broken is None and self.search.broken is None


@contextmanager
def following(ledger: Engine, index: SearchIndex) -> Iterator[Followers]:
    """Keep alerts and index after the ledger until the block ends. Raises `Broken` for an index to rebuild."""
    feed = LedgerFeed(ledger)
    followers = Followers(
        alerts=AlertFollower(ledger, read_accepted),
        search=Follower(index, feed.read_from, feed.project),
    )
    with ExitStack() as running:
        for follower in (followers.alerts, followers.search):
            follower.start()
            running.callback(follower.stop)
        yield followers


@contextmanager
def following_apart(installation: Installation) -> Iterator[int]:
    """The same in a process of its own, whose id it gives; each commit wakes the index there."""
    command = [sys.executable, "-P", "-m", __name__, str(installation.folder.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603 - our own program
        assert process.stdin is not None
        line = process.stdin.fileno()
        os.set_blocking(line, False)

        def wake(_size: int) -> None:
            with suppress(OSError):  # full: it is awake; closed: it is gone, and what lies behind shows
                os.write(line, b".")

        installation.committer.on_append(wake)
        yield process.pid
    # Leaving the block closes the line, which ends the process after the page at hand, and waits for it.


@contextmanager
def following_of(folder: Folder) -> Iterator[Followers]:
    """The followers of a folder whose ledger somebody else opens and writes. Raises InputError where it is none."""
    log = structlog.get_logger("cabletrace.follow")
    with opened_beside(folder) as (ledger, index):
        for notice in look_at_index(ledger, index):
            log.warning("found before following", zh=notice.zh, en=notice.en)
        with following(ledger, index) as followers:
            yield followers


def main(root: str) -> None:
    """What runs there, for as long as the line is open. Signals are for the service."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    os.nice(_NICENESS)
    log_as_a_service(system_clock)
    with following_of(Folder(Path(root))) as followers:
        keep_what_is_loaded()
        # Alerts poll: they write to the ledger's own file. The index does not, and may run close behind.
        while os.read(sys.stdin.fileno(), 4096):
            followers.search.wake()


def read_accepted(tx: Connection, row: Row) -> AcceptedEvent:
    """A stored event as the alert rules look at it."""
    event = read_recorded(row)
    return accepted_in(event, original_of(tx, event))


if __name__ == "__main__":
    main(*sys.argv[1:])
