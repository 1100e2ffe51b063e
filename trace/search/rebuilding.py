"""An index made anew while the old one is searched.

Of Elasticsearch another one takes the place of the one that serves: filled from the ledger, followed to its end, verified, and then
exchanged in one step (`elastic_changing`), while the follower writes to whichever serves. No index takes over that does not hold what the ledger says. Whoever is killed on the way leaves the one that serves, and the
next rebuild begins anew. It works also where this program cannot read the index that serves, because another version made
it: that one stays, for the program of that version, until the step.

The embedded index is made anew in one transaction: readers see the old rows until it ends, the follower waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from ..db.several import chunks
from ..errors import Broken
from ..ledger.follow import NOTHING_READ, Cursor
from .documents import Document
from .embedded import EmbeddedIndex
from .follower import follow_page
from .held import RANGE
from .verifying import Ledger, Progress, Verified, untold, verify

if TYPE_CHECKING:
    from .elastic import ElasticIndex

#: Batches that are projected and written together.
_AT_ONCE = 2_000
_NAMED_AT_MOST = 5


class NotTheLedger(Broken):
    """An index that was made anew, and still does not hold what the ledger says."""

    def __init__(self, found: Verified):
        said = [f"{each.kind} {each.code}" for each in found.left]
        more = f" and {len(said) - _NAMED_AT_MOST} more" if len(said) > _NAMED_AT_MOST else ""
        super().__init__(
            "search index: the new one does not hold what the ledger says "
            f"({', '.join(said[:_NAMED_AT_MOST])}{more}), so the old one serves on"
        )
        self.found = found


def rebuild(index: ElasticIndex, ledger: Ledger, *, progress: Progress = untold) -> Verified:
    """A new index takes over, and the old one is kept. Raises `NotTheLedger`, and nothing has changed, where the new one differs even
    after it was mended."""
    new = index.begin_another()
    head = ledger.head()
    for documents in _everything(ledger, head, progress):
        new.apply(documents, NOTHING_READ)
    # Every batch has been written in a state that is as new as this, or newer.
    new.apply((), head)
    return _take_over(index, new, ledger)


def roll_back(index: ElasticIndex, ledger: Ledger) -> Verified:
    """The index that served before takes over again, after it was brought to the ledger's end. Raises InputError ``not-found``
    where none of this version was kept, and `NotTheLedger` as `rebuild`."""
    return _take_over(index, index.kept(), ledger)


def rebuild_embedded(index: EmbeddedIndex, ledger: Ledger, *, progress: Progress = untold) -> Verified:
    """All of it written anew, and compared."""
    head = ledger.head()
    index.write_anew(chain.from_iterable(_everything(ledger, head, progress)), head)
    return verify(index, ledger)


def _everything(ledger: Ledger, head: Cursor, progress: Progress) -> Iterator[Iterable[Document]]:
    """The documents of every batch that is on the ledger up to its head, each once, some batches at a time."""
    size = head.seq + 1
    for first in range(0, size, RANGE):
        for codes in chunks(ledger.registered(first, min(first + RANGE, size)), _AT_ONCE):
            yield ledger.project(frozenset(codes))
        progress(min(first + RANGE, size), size)


def _take_over(index: ElasticIndex, new: ElasticIndex, ledger: Ledger) -> Verified:
    _follow(new, ledger)
    found = verify(new, ledger, repair=True)
    if not found.is_sound:
        raise NotTheLedger(found)
    while not index.give_way_to(new):
        _follow(new, ledger)
    return found


def _follow(new: ElasticIndex, ledger: Ledger) -> None:
    while follow_page(new, ledger.read_from, ledger.project):
        pass
