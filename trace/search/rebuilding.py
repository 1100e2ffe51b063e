"""Another index of Elasticsearch in the place of the one that serves: filled from the ledger, followed to its end, verified, and then
exchanged in one step (`elastic_changing`), while searches go on and the follower writes to whichever serves.

No index takes over that does not hold what the ledger says. Whoever is killed on the way leaves the one that serves, and the
next rebuild begins anew. It works also where this program cannot read the index that serves, because another version made
it: that one stays, for the program of that version, until the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ..errors import Broken
from ..ledger.follow import NOTHING_READ
from .elastic import ElasticIndex
from .follower import follow_page
from .held import RANGE
from .verifying import Difference, Ledger, Progress, Verified, untold, verify

#: Batches that are projected and written together.
_AT_ONCE = 2_000
_NAMED_AT_MOST = 5


def rebuild(index: ElasticIndex, ledger: Ledger, *, progress: Progress = untold) -> Verified:
    """A new index takes over, and the old one is kept. Raises `Broken`, and nothing has changed, where it does not hold what
    the ledger says even after it was mended."""
    new = index.begin_another()
    head = ledger.head()
    for first in range(0, head.seq + 1, RANGE):
        for codes in _chunks(ledger.registered(first, first + RANGE)):
            new.apply(ledger.project(codes), NOTHING_READ)
        progress(min(first + RANGE, head.seq + 1), head.seq + 1)
    # Every batch has been written in a state that is as new as this, or newer.
    new.apply((), head)
    return _take_over(index, new, ledger)


def roll_back(index: ElasticIndex, ledger: Ledger) -> Verified:
    """The index that served before takes over again, after it was brought to the ledger's end. Raises InputError ``not-found``
    where none of this version was kept, and `Broken` as `rebuild`."""
    return _take_over(index, index.kept(), ledger)


def _take_over(index: ElasticIndex, new: ElasticIndex, ledger: Ledger) -> Verified:
    _follow(new, ledger)
    found = verify(new, ledger, repair=True)
    if not found.is_sound:
        raise Broken(
            f"search index: the new one does not hold what the ledger says ({_named(found.left)}), so the old one serves on"
        )
    while not index.give_way_to(new):
        _follow(new, ledger)
    return found


def _follow(new: ElasticIndex, ledger: Ledger) -> None:
    while follow_page(new, ledger.read_from, ledger.project):
        pass


def _named(differences: Iterable[Difference]) -> str:
    said = [f"{each.kind} {each.code}" for each in differences]
    return ", ".join(said[:_NAMED_AT_MOST]) + (
        f" and {len(said) - _NAMED_AT_MOST} more" if said[_NAMED_AT_MOST:] else ""
    )


def _chunks(codes: Iterable[str]) -> Iterator[frozenset[str]]:
    left = iter(sorted(codes))
    while some := frozenset(islice(left, _AT_ONCE)):
        yield some
