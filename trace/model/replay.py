"""Replay: what the books of a batch would be, had one statement been another one from the beginning.

A correction compensates: nothing on the ledger changes, and nothing is posted at an old index. The batch's history
is walked once as it was said and once with the right version in its place; of each statement that moves other metres
then, the correction takes its old postings back and posts its new ones, at its own index. So after any number of corrections the journal adds up to the
history in its newest version, and each earlier index still says what was believed then.

Nobody is judged anew: later statements stand. Where one of them no longer does what it did, the metres had moved on
(`Replayed.moved_on`), and the rules decide what follows from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import Broken
from .postings import Effects, Posting, Statement, unit_balances
from .state import Book, KnownBatch, State
from .values import party_id

EffectsOf = Callable[[Statement, State], Effects]
Apply = Callable[[Effects, State], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A batch after its history with the right version in place.

    ``moved_on`` is the first later statement that moves other metres than it did, ``broken`` the first that finds too
    few, or units that there are none of: then nothing may be posted.
    """

    batch: KnownBatch | None
    book: Book
    compensation: tuple[Posting, ...]
    moved_on: Statement | None
    broken: Statement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was said of a batch, in the order of the ledger and in its newest version, and how to walk it.

    What was voided is left out; only of a production its batch stays, with no metres (`Statement.void`).
    """

    code: str
    said: Sequence[Statement]
    state: State
    effects_of: EffectsOf
    apply: Apply

    def leads_to_the_books(self) -> bool:
        """Whether walking it leads to the book as it stands; if not, no correction may start from it."""
        try:
            return self._walk(self.said, {}).books.get(self.code) == self.state.books.get(self.code)
        except _TooFew:
            return False

    def before(self, seq: int) -> State:
        """The state in which statement ``seq`` was judged: the whole state, with this batch as it was then."""
        walked = self._walk([said for said in self.said if said.seq < seq], {})
        batch = walked.batches[self.code]
        lot: dict[tuple[str, str], str | None] = {}
        if batch is not None:
            lot[batch.maker, batch.lot] = self.code
        elif (known := self.state.batches[self.code]) is not None:
            lot[known.maker, known.lot] = None  # its production is what is being corrected
        book = walked.books.get(self.code, Book())
        return replace(
            self.state,
            batches={**self.state.batches, self.code: batch},
            books={**self.state.books, self.code: book},
            lots={**self.state.lots, **lot},
        )

    def with_right(self, seq: int, right: Statement | None) -> Replayed:
        """The batch after its history with ``right`` (None: nothing) in place of statement ``seq``.

        If ``seq`` is not in it (a voided one that is brought back) the right version takes that place.
        """
        earlier = [said for said in self.said if said.seq < seq]
        later = [said for said in self.said if said.seq > seq]
        was: dict[int, tuple[Posting, ...]] = {}
        posted: dict[int, tuple[Posting, ...]] = {}
        self._walk(self.said, was)
        try:
            after = self._walk([*earlier, *([] if right is None else [right]), *later], posted)
        except _TooFew as trouble:
            return Replayed(batch=None, book=Book(), compensation=(), moved_on=None, broken=trouble.said)
        return Replayed(
            batch=after.batches[self.code],
            book=after.books.get(self.code, Book()),
            compensation=tuple(taken_back_and_anew(was, posted)),
            moved_on=next((said for said in later if _differ(posted[said.seq], was[said.seq])), None),
            broken=None,
        )

    def _walk(self, statements: Iterable[Statement], posted: dict[int, tuple[Posting, ...]]) -> State:
        """The state as it is for everything but this batch, and of this batch what the statements lead to."""
        scratch = replace(
            self.state, batches={self.code: None}, books={}, lots={}, samples={**self.state.samples}
        )
        for said in statements:
            _name(scratch, said)
            try:
                effects = self.effects_of(said, scratch)
                self.apply(effects, scratch)
            except Broken as trouble:
                raise _TooFew(said) from trouble
            posted[said.seq] = tuple(effects.postings())
        return scratch


class _TooFew(Exception):
    def __init__(self, said: Statement) -> None:
        super().__init__(said.seq)
        self.said = said


def _name(scratch: State, said: Statement) -> None:
    """A batch is named by its code or by maker and lot; here both are this one batch."""
    ref: Any = getattr(said.draft.subject, "batch", None)
    if ref is not None and ref.lot is not None and said.draft.kind != "production":
        scratch.lots[party_id(ref.maker), ref.lot] = said.batch


def _differ(now: Sequence[Posting], was: Sequence[Posting]) -> bool:
    """Whether the postings of a statement move other metres than they did, unit by unit."""
    return any(left for _, _, left in unit_balances((*_undone(was), *now)))


def taken_back_and_anew(
    was: Mapping[int, Sequence[Posting]], now: Mapping[int, Sequence[Posting]]
) -> Iterator[Posting]:
    """Of every statement that moves other metres than it did: its old postings the other way round, and its new ones."""
    for seq in sorted(was.keys() | now.keys()):
        before, after = was.get(seq, ()), now.get(seq, ())
        if _differ(after, before):
            yield from _undone(before)
            yield from after


def _undone(postings: Sequence[Posting]) -> Iterator[Posting]:
    """The postings the other way round, the last first."""
    return (
        posting._replace(source=posting.target, target=posting.source, undoes=True)
        for posting in reversed(postings)
    )
