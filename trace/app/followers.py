"""What follows the ledger while the service runs: the alerts and the search index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ..alerts.follower import AlertFollower
from ..alerts.rules import AcceptedEvent
from ..intake.recorded import Recorded, read_recorded
from ..ledger.store import Row
from ..queries.documents import LedgerFeed
from ..search.follower import Follower
from .installation import Installation


@dataclass(frozen=True, slots=True)
class Followers:
    """The running followers; each knows how far it has come."""

    alerts: AlertFollower
    search: Follower


@contextmanager
def following(installation: Installation) -> Iterator[Followers]:
    """Keep alerts and index after the ledger until the block ends. Raises `Broken` for an index to rebuild."""
    feed = LedgerFeed(installation.ledger)
    followers = Followers(
        alerts=AlertFollower(installation.ledger, read_accepted),
        search=Follower(installation.index, feed.read_from, feed.project),
    )
    with ExitStack() as running:
        for follower in (followers.alerts, followers.search):
            follower.start()
            running.callback(follower.stop)
        # Alerts poll: they write to the ledger's own file. The index does not, and may run close behind.
        installation.committer.on_append(lambda _size: followers.search.wake())
        yield followers


def read_accepted(row: Row) -> AcceptedEvent:
    """A stored event as the alert rules look at it."""
    return accepted_in(read_recorded(row))


def accepted_in(event: Recorded) -> AcceptedEvent:
    return AcceptedEvent(
        seq=event.seq,
        recorded_at=event.recorded_at,
        draft=event.draft,
        speaker=event.speaker,
        actor=event.actor,
        marks=event.marks,
        batch=event.batch,
    )
