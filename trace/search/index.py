"""What every search engine offers, and what its answers are made of: the embedded one and Elasticsearch give the same.

Who asks knows this protocol and no engine. Tokens, scopes, filters and orders have been compiled by the same code for all of
them; one contract suite asks them the same questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ..errors import Broken
from ..ledger.follow import Cursor
from ..model.scope import Scope
from .counting import Counted
from .documents import Document
from .facets import NOTHING_CHOSEN, Chosen, Facet
from .held import DeadLetter, Held, Sum
from .order import Place, Sort
from .reasons import Match
from .suggestions import Suggestion
from .tokens import Query

#: Hits are counted up to here; a page says "10,000+", and facets are counted over the newest of them.
COUNT_CAP = 10_001
#: After this long a search answers with what it has.
PATIENCE_SECONDS = 0.5

NOTHING_GRANTED = Scope()


@dataclass(frozen=True, slots=True)
class Hit:
    """One batch by its canonical code. Without words there are no matches."""

    code: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of an answer.

    ``total`` counts the whole answer, at most `COUNT_CAP`; when ``partial``, time ran out: rows, total and counts
    are what was found until then. ``facets`` are those that were asked for, in their order. ``current_to`` is the
    ledger index up to which the answer is true, -1 for an empty index; ``after`` asks for the next page, None on the
    last.
    """

    rows: tuple[Hit, ...]
    total: int
    partial: bool
    facets: tuple[Counted, ...] = ()
    current_to: int
    after: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an index stands, as far as was noted: the ledger index that it ``reached`` (-1: none, or no index yet), batches that its server would not take,
    how often what has gone wrong with that (status of HTTP, or ``connection``), and when all of it was last verified."""

    reached: int
    dead_letters: int = 0
    troubles: Mapping[str, int] = field(default_factory=dict)
    verified_at: datetime | None = None


class Away(Exception):
    """The engine cannot be asked just now: its server does not answer, has too much to do, or has no index of this version.
    Nothing else waits for it; ``status`` is the server's, or ``connection``."""

    def __init__(self, status: str, reason: str):
        super().__init__(f"search engine: {status}: {reason}")
        self.status = status


class Lost(Broken):
    """Where an index was noted there is none, or none was made yet: whoever follows the ledger begins one."""


class Searchable(Protocol):
    """What can be asked for batches."""

    def search(
        self,
        query: Query,
        scope: Scope,
        *,
        granted: Scope = NOTHING_GRANTED,
        chosen: Chosen = NOTHING_CHOSEN,
        sort: Sort = Sort.NEWEST,
        counted: Collection[Facet] = (),
        limit: int = 20,
        after: Place | None = None,
    ) -> Hits:
        """The batches in whose documents every word is found, among the documents that ``scope`` may see, and that
        have one of the ``chosen`` values of each facet; and how many of them have which values of ``counted`` ones.

        ``granted`` adds batches of which the label alone speaks: words are found on it and filters ask for what stands there
        (`facets.OF_LABELS`); any other filter leaves them out, and no count is of them. ``after`` is the ``after`` of the
        page before.
        """


class SearchIndex(Searchable, Protocol):
    """An index of the ledger's batches. Methods that look into it raise `Broken` for one of another version, but for `search` and
    `suggest`, which raise `Away`, as every method does whose server does not answer."""

    @property
    def rest_seconds(self) -> float:
        """How long its follower rests after a page that was not full, so that a busy ledger is followed in few larger pages: what
        a page costs here, beside how long what is recorded may wait to be found."""

    def cursor(self) -> Cursor:
        """How far the ledger has been read. Raises `Lost` where there is nothing that could have read it."""

    def standing(self) -> Standing:
        """What was noted of it, without a look at the index itself: it answers while a server is away."""

    def answers(self) -> bool:
        """Whether it can be searched just now."""

    def begin(self) -> None:
        """Make an empty index where there is none; one that is there stays as it is."""

    def apply(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Write the documents of whole batches, each with all of its movements, and then the cursor that they reach.

        Doing it again changes nothing; an older version or an older cursor does not replace a newer one. Raises `Broken` for
        a movement of an unknown batch, and when the same index comes with another hash.
        """

    def start_over(self) -> None:
        """Forget everything: an empty index of this version, to be filled from the ledger's first entry."""

    def at_one_moment(self) -> AbstractContextManager[Searchable]:
        """The index as it is now, for the pages of one answer: whatever is written meanwhile is not in it. Only for answers that
        are read to their end at once: until then the engine keeps what it would throw away."""

    def suggest(self, typed: str, scope: Scope, *, limit: int = 8) -> list[Suggestion]:
        """Names and designations that hold what is typed, out of documents that ``scope`` may see."""

    def would_hold(self, documents: Iterable[Document]) -> list[Held]:
        """What it holds of each batch once these documents of whole batches are written."""

    def sums(self) -> Mapping[int, Sum]:
        """What it holds of every range in which there is anything (`held`)."""

    def held_in(self, first: int) -> list[Held]:
        """What it holds of each batch of the range that begins there, read whole."""

    def held(self, codes: Collection[str]) -> list[Held]:
        """What it holds of these batches, read whole; nothing of those that it does not have."""

    def mend(self, documents: Iterable[Document], gone: Collection[str]) -> None:
        """Take out the batches of these codes, and write documents of whole batches. The cursor stays where it is."""

    def note_verified(self, at: datetime) -> None:
        """All of it was compared with the ledger at this time, and nothing is left that differs."""

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """The batches that it would not take, in the state in which it would not."""
