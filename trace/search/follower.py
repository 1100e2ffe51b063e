"""The follower: brings the search index to what the ledger says, page by page (`ledger.follow`).

Batches are written whole, in the state they have when the page is read, so several events of one batch in a
page cost one document, and reading a page twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..ledger.follow import POLL_SECONDS, Cursor, FollowerThread, read_on
from .documents import Document
from .index import Lost, SearchIndex


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry of the ledger, as far as search is concerned: the canonical codes of batches it touches."""

    seq: int
    entry_hash: bytes
    batches: tuple[str, ...]

    def place(self) -> Cursor:
        return Cursor(self.seq, self.entry_hash)


#: Entries from an index on, in order and without gaps, at most so many.
ReadFrom = Callable[[int, int], Sequence[Accepted]]
#: All documents of the given batches, in their newest state.
Project = Callable[[frozenset[str]], Iterable[Document]]

#: Entries at once: an engine's commit, or its refresh, is paid once for all of them.
PAGE = 4_000


def follow_page(index: SearchIndex, read_from: ReadFrom, project: Project, *, page: int = PAGE) -> int:
    """Bring the index one page further; returns how many entries it read, 0 when it is up to date.

    Where there is no index one is begun. Raises `Broken` when the ledger does not continue where the index stopped, and `Away`
    where its server does not answer.
    """
    try:
        cursor = index.cursor()
    except Lost:
        index.begin()
        cursor = index.cursor()
    entries = read_on(cursor, read_from, Accepted.place, page, reader="the index")
    if not entries:
        return 0
    touched = frozenset(batch for entry in entries for batch in entry.batches)
    index.apply(project(touched) if touched else (), entries[-1].place())
    return len(entries)


class Follower(FollowerThread):
    """Keeps the index after the ledger until it is stopped."""

    def __init__(
        self,
        index: SearchIndex,
        read_from: ReadFrom,
        project: Project,
        *,
        page: int = PAGE,
        poll_seconds: float = POLL_SECONDS,
    ):
        super().__init__(
            "search",
            lambda: follow_page(index, read_from, project, page=page),
            lambda: index.standing().reached,
            page=page,
            rest_seconds=min(poll_seconds, index.rest_seconds),
            poll_seconds=poll_seconds,
        )
