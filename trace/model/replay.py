"""Replay: what the books of a batch would be, had one statement been another one from the beginning.

A correction compensates: nothing on the ledger changes, and nothing is posted at an old index. The batch's history
is walked once as it was said and once with the right version in its place; the difference of all postings, drum by
drum, is what the correction posts at its own index. So after any number of corrections the journal adds up to the
history in its newest version, and each earlier index still says what was believed then.

Nobody is judged anew: later statements stand. Where one of them no longer does what it did, the metres had moved on
(`Replayed.moved_on`), and the rules decide what follows from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import Broken
from .drafts import party_id
from .postings import Effects, Posting, Statement, unit_balances
from .state import Account, Book, KnownBatch, State

EffectsOf = Callable[[Statement, State], Effects]
Apply = Callable[[Effects, State], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A batch after its history with the right version in place.

    ``before`` is the state in which the right version is to be judged; ``moved_on`` the first later statement that
    moves other metres than it did, ``broken`` the first that finds too few. ``reproduced``: the history as it was
    said leads to the book as it stands; if not, nothing may be posted.
    """

    before: State
    reproduced: bool
    batch: KnownBatch | None
    book: Book
    compensation: tuple[Posting, ...]
    moved_on: Statement | None
    broken: Statement | None


def replay(
    history: Sequence[Statement],
    seq: int,
    right: Statement | None,
    state: State,
    effects_of: EffectsOf,
    apply: Apply,
) -> Replayed:
    """Walk the history as it was said, and with ``right`` (None: left out) in place of statement ``seq``.

    ``history`` in the order of the ledger, beginning with the production; if it does not hold ``seq`` yet (a
    voided one that is brought back) the right version takes that place. Cost: two walks.
    """
    was: dict[int, tuple[Posting, ...]] = {}
    code = history[0].batch
    as_said = _walked(history, _scratch(history, state), effects_of, apply, was)
    others = [said for said in history if said.seq != seq]
    at = sum(said.seq < seq for said in others)
    now = [*others[:at], *([] if right is None else [right]), *others[at:]]
    before = _walked(others[:at], _scratch(history, state), effects_of, apply, {})
    judged_in = _as_of(code, before, state)
    posted: dict[int, tuple[Posting, ...]] = {}
    broken: Statement | None = None
    try:
        after = _walked(now, _scratch(history, state), effects_of, apply, posted)
    except _TooFew as trouble:
        broken, after = trouble.said, before
    moved_on = next(
        (said for said in others[at:] if broken is None and _differ(posted[said.seq], was[said.seq])), None
    )
    return Replayed(
        before=judged_in,
        reproduced=as_said.books[code] == state.books[code],
        batch=after.batches.get(code),
        book=after.books.get(code, Book()),
        compensation=() if broken is not None else tuple(difference(code, was.values(), posted.values())),
        moved_on=moved_on,
        broken=broken,
    )


class _TooFew(Exception):
    def __init__(self, said: Statement) -> None:
        super().__init__(said.seq)
        self.said = said


def _scratch(history: Sequence[Statement], state: State) -> State:
    """The state as it is for everything but this batch, of which nothing is known yet."""
    return replace(
        state,
        batches=dict.fromkeys(said.batch for said in history),
        books={},
        lots={},
        goods=dict(state.goods),
    )


def _as_of(code: str, walked: State, state: State) -> State:
    """The whole state, with this batch as it was at that place of its history."""
    batch = walked.batches[code]
    lot: dict[tuple[str, str], str | None] = {}
    if batch is not None:
        lot[batch.maker, batch.lot] = code
    elif (known := state.batches[code]) is not None:
        lot[known.maker, known.lot] = None  # its production is what is being corrected
    book = walked.books[code].copy() if code in walked.books else Book()
    return replace(
        state,
        batches={**state.batches, code: batch},
        books={**state.books, code: book},
        lots={**state.lots, **lot},
    )


def _walked(
    history: Iterable[Statement],
    scratch: State,
    effects_of: EffectsOf,
    apply: Apply,
    posted: dict[int, tuple[Posting, ...]],
) -> State:
    for said in history:
        _name(scratch, said)
        try:
            effects = effects_of(said, scratch)
            apply(effects, scratch)
        except Broken as trouble:
            raise _TooFew(said) from trouble
        posted[said.seq] = tuple(effects.postings())
    return scratch


def _name(scratch: State, said: Statement) -> None:
    """A batch is named by its code or by maker and lot; here both are this one batch."""
    ref: Any = getattr(said.draft.subject, "batch", None)
    if ref is not None and ref.lot is not None and said.draft.kind != "production":
        scratch.lots[party_id(ref.maker), ref.lot] = said.batch


def _differ(now: Sequence[Posting], was: Sequence[Posting]) -> bool:
    return any(True for _ in difference("", [was], [now]))


def difference(
    code: str, was: Iterable[Sequence[Posting]], now: Iterable[Sequence[Posting]]
) -> Iterator[Posting]:
    """The postings that lead from one history's balances to another's, unit by unit, in a fixed order."""
    undone = (_reversed(posting) for postings in was for posting in postings)
    done = (posting for postings in now for posting in postings)
    pending: list[Posting] = []
    for first, last, left in unit_balances((*undone, *done)):
        pending += _paired(code, first, last, left)
    yield from _joined(pending)


def _reversed(posting: Posting) -> Posting:
    return posting._replace(source=posting.target, target=posting.source)


def _paired(code: str, first: int, last: int, left: dict[Account, int]) -> Iterator[Posting]:
    """Postings from what is too much to what is too little; both sides add up to the same."""
    sources = sorted((account, -mm) for account, mm in left.items() if mm < 0)
    targets = sorted((account, mm) for account, mm in left.items() if mm > 0)
    while sources and targets:
        (source, have), (target, want) = sources[0], targets[0]
        mm = min(have, want)
        yield Posting(code, first, last, source, target, mm * (last - first + 1))
        sources[0], targets[0] = (source, have - mm), (target, want - mm)
        sources, targets = sources[have == mm :], targets[want == mm :]


def _joined(pending: list[Posting]) -> Iterator[Posting]:
    """Neighbouring stretches that move alike as one."""
    last: Posting | None = None
    for posting in sorted(pending, key=lambda p: (p.source, p.target, p.first)):
        if (
            last is not None
            and (last.source, last.target, last.last + 1) == (posting.source, posting.target, posting.first)
            and posting.first
            and last.first
            and last.length_mm * (posting.last - posting.first + 1)
            == posting.length_mm * (last.last - last.first + 1)
        ):
            last = last._replace(last=posting.last, length_mm=last.length_mm + posting.length_mm)
            continue
        if last is not None:
            yield last
        last = posting
    if last is not None:
        yield last
