"""The embedded search engine: SQLite FTS5 over our own tokens, in a database file of its own.

Its own file, because the ledger must never wait for the index. The tables are a projection (`tables`): they may be
thrown away at any moment and are filled again from the ledger. A search is a walk (`walks`) down the batches in which
every word is found and every filter met, newest first; it stops as soon as its page is full and hits are counted.

Weak spots, known: broad words that rarely meet are walked until time is up (``partial``), and the engine
looks at the time only between steps of its own. At millions of batches a real search server is needed.
Looking up a whole trace code is not done here but in the ledger's tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine

from ..db.driver import packed, run, value_of
from ..db.engine import begin_read, begin_write
from ..errors import Broken
from ..ledger.follow import Cursor
from ..model.scope import Scope
from . import tables_held
from .audience import EVERYBODYS, Ways, label_ways, scope_tokens
from .circumstances import meeting, rows_decide
from .counting import Counted, count, shown
from .descent import Kept, Walk, all_of, listed, numbers, those, without
from .documents import Document, batch_of
from .facets import GUARDED, NOTHING_CHOSEN, OF_LABELS, Chosen, Facet, wanted_traits
from .held import DeadLetter, Held, Sum, sums_of
from .index import COUNT_CAP, NOTHING_GRANTED, PATIENCE_SECONDS, Hit, Hits, Searchable, Standing
from .order import KEY_COLUMNS, Place, Sort
from .reasons import reasons
from .suggestions import Suggestion, look_up
from .tables import (
    drop_tables,
    is_of_this_version,
    make_tables,
    read_cursor,
    take_out,
    write_cursor,
    write_documents,
)
from .tokens import Query
from .walks import SMALLEST_PAGE, OutOfTime, ReadPage, walk_of, walk_of_whole, within

#: Batches looked at together where a great answer is read in the order of a key.
_LARGEST_STEP = 1024
#: A batch has few documents: a look at one needs few rows.
_ROWS_OF_A_LOOK = 4
#: Documents that are written together where everything is.
_DOCUMENTS_AT_ONCE = 5_000


class EmbeddedIndex:
    """The index in one SQLite file. Any number of readers, in any process, beside one writer."""

    #: A page is one short commit to a file of its own.
    rest_seconds = 0.1

    def __init__(self, engine: Engine, *, patience_seconds: float = PATIENCE_SECONDS):
        """Takes the engine of a file of its own and makes the tables where they are missing; of an index of another
        version they are left as they are, until somebody starts over."""
        self._engine = engine
        self._patience_seconds = patience_seconds
        self._still: Connection | None = None
        with begin_write(engine) as tx:
            if is_of_this_version(tx):
                make_tables(tx)

    def cursor(self) -> Cursor:
        """How far the ledger has been read. Raises `Broken` for an index of another version."""
        with begin_read(self._engine) as tx:
            return read_cursor(tx)

    def standing(self) -> Standing:
        """As `SearchIndex.standing`."""
        return Standing(reached=self.cursor().seq)

    def answers(self) -> bool:
        """As `SearchIndex.answers`: there is no server that could be away."""
        return True

    def begin(self) -> None:
        """As `SearchIndex.begin`: opening it has made it."""

    def apply(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Write documents and the cursor that they reach, in one transaction.

        Doing it again changes nothing; an older version or an older cursor does not replace a newer one.
        Batches may stand behind their movements. Raises `Broken` for a movement of an unknown batch, for a
        batch with two productions, and when the same index comes with another hash.
        """
        with begin_write(self._engine) as tx:
            known = read_cursor(tx)
            if cursor.seq == known.seq and cursor.entry_hash != known.entry_hash:
                raise Broken(f"search index: entry {cursor.seq} came with two different hashes")
            write_documents(tx, documents)
            if cursor.seq > known.seq:
                write_cursor(tx, cursor)

    def start_over(self) -> None:
        """Forget everything: an empty index of this version, to be filled from the ledger's first entry."""
        with begin_write(self._engine) as tx:
            drop_tables(tx)
            make_tables(tx)

    def write_anew(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Forget everything and write these instead, in one transaction: until it ends what was there is searched, and whoever
        wants to write waits."""
        waiting = iter(documents)
        with begin_write(self._engine) as tx:
            drop_tables(tx)
            make_tables(tx)
            while some := list(islice(waiting, _DOCUMENTS_AT_ONCE)):
                write_documents(tx, some)
            write_cursor(tx, cursor)

    # --- comparing with the ledger

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """None: this engine takes everything."""
        return ()

    def would_hold(self, documents: Iterable[Document]) -> list[Held]:
        """As `SearchIndex.would_hold`."""
        return list(tables_held.of_documents(documents))

    def sums(self) -> Mapping[int, Sum]:
        """As `SearchIndex.sums`, of the rows as they are. What stands in the full-text tables themselves is not read: beside them
        is kept what was put in."""
        with begin_read(self._engine) as tx:
            return sums_of(tables_held.everything(tx))

    def held_in(self, first: int) -> list[Held]:
        """As `SearchIndex.held_in`."""
        with begin_read(self._engine) as tx:
            return list(tables_held.in_range(tx, first))

    def held(self, codes: Collection[str]) -> list[Held]:
        """As `SearchIndex.held`."""
        with begin_read(self._engine) as tx:
            return list(tables_held.of_codes(tx, codes))

    def mend(self, documents: Iterable[Document], gone: Collection[str]) -> None:
        """As `SearchIndex.mend`, in one transaction."""
        with begin_write(self._engine) as tx:
            read_cursor(tx)
            written = list(documents)
            take_out(tx, {*gone, *map(batch_of, written)})
            write_documents(tx, written)

    def note_verified(self, at: datetime) -> None:
        """Nobody asks this engine when that was: it is compared in a moment."""

    # --- questions

    @contextmanager
    def at_one_moment(self) -> Iterator[Searchable]:
        """As `SearchIndex.at_one_moment`: one transaction, which keeps the write-ahead log from being emptied."""
        with begin_read(self._engine) as tx:
            read_cursor(tx)
            still = copy(self)
            still._still = tx
            yield still

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._still is not None:
            yield self._still
        else:
            with begin_read(self._engine) as tx:
                yield tx

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
        page before. Raises `Broken` for an index of another version.
        """
        told = scope_tokens(scope)
        asked = told if scope.everything else told + label_ways(granted)
        with self._reading() as tx:
            current_to = read_cursor(tx).seq
            found = _Search(tx, query, asked, told, chosen)
            if asked:
                try:
                    with within(tx, self._patience_seconds) as read_page:
                        found.run(read_page, sort, limit + 1, after, counted)
                except OutOfTime:
                    found.partial = True
            page = found.page[:limit]
            onward = page and (len(found.page) > limit or found.partial)
            return Hits(
                rows=_hits(tx, [place.seq for place in page], query, asked),
                total=found.total,
                partial=found.partial,
                facets=tuple(found.counts(counted)),
                current_to=current_to,
                after=page[-1] if onward else None,
            )

    def suggest(self, typed: str, scope: Scope, *, limit: int = 8) -> list[Suggestion]:
        """Names and designations that hold what is typed, out of documents that ``scope`` may see."""
        with begin_read(self._engine) as tx:
            read_cursor(tx)
            return look_up(tx, typed, scope_tokens(scope), limit)


class _Search:
    """One search while it runs: what it finds is kept as it comes, so that it can be shown when time is up."""

    def __init__(self, tx: Connection, query: Query, asked: Ways, told: Ways, chosen: Chosen):
        self._tx = tx
        self._query = query
        self._asked = asked
        self._told = told
        self._chosen = chosen
        self._found: Kept | None = None
        self._counted: dict[Facet, Counted] = {}
        self.page: list[Place] = []
        self.partial = False

    @property
    def total(self) -> int:
        found = 0 if self._found is None else min(len(self._found.numbers), COUNT_CAP)
        return max(found, len(self.page))

    def counts(self, facets: Iterable[Facet]) -> Iterator[Counted]:
        """Those that there was time for."""
        for facet in facets:
            if (counted := self._counted.get(facet)) is not None:
                yield replace(counted, approximate=counted.approximate or self.partial)

    def run(
        self, read_page: ReadPage, sort: Sort, wanted: int, after: Place | None, facets: Collection[Facet]
    ) -> None:
        """The page first where that is possible, then the total, then the counts: the most useful comes first."""
        newest = value_of(self._tx, "SELECT max(seq) FROM batch")
        if newest is None:
            return
        self._found = found = Kept(self._walk(read_page), newest)
        if sort in KEY_COLUMNS:
            self._read_by_key(read_page, KEY_COLUMNS[sort], found.read(COUNT_CAP), wanted, after)
        elif sort is Sort.BEST and self._query.words:
            self._read_best(read_page, found, newest, wanted, after)
        elif after is None:
            self._take(Place("", seq) for seq in islice(numbers(found, newest), wanted))
        else:
            rest = numbers(self._walk(read_page), after.seq - 1)
            self._take(Place("", seq) for seq in islice(rest, wanted))
        counted = found.read(COUNT_CAP)
        if self._asked != self._told and facets:
            counted = Kept(self._walk(read_page, self._told), newest).read(COUNT_CAP)
        self._count(read_page, counted, newest, facets)

    def _walk(
        self,
        read_page: ReadPage,
        asked: Ways | None = None,
        *,
        but: Facet | None = None,
        smallest: int = SMALLEST_PAGE,
    ) -> Walk:
        """The batches that are found by ``asked`` (None: all that is open to the asker), without the filter ``but``."""
        chosen = {facet: values for facet, values in self._chosen.items() if facet is not but}
        if asked is None:
            asked = self._asked if OF_LABELS.issuperset(chosen) else self._told
        if not asked:
            return listed(())
        traits = wanted_traits(chosen, self._told)
        walk = walk_of(read_page, self._query, traits, asked, smallest=smallest)
        if rows_decide(self._told) and not GUARDED.keys().isdisjoint(chosen):
            return those(walk, lambda seqs: meeting(self._tx, seqs, chosen, self._told))
        return walk

    def _take(self, places: Iterable[Place]) -> None:
        for place in places:
            self.page.append(place)  # one by one: what is found when time runs out is kept

    # --- orders

    def _read_best(
        self, read_page: ReadPage, found: Walk, newest: int, wanted: int, after: Place | None
    ) -> None:
        """What is called exactly so, then the rest."""
        whole = walk_of_whole(read_page, self._query, self._asked)
        start = newest if after is None else after.seq - 1
        if after is None or after.key == "0":
            both = all_of([whole, self._walk(read_page)])
            self._take(Place("0", seq) for seq in islice(numbers(both, start), wanted))
            start = newest
        rest = without(found if start == newest else self._walk(read_page), whole)
        self._take(Place("1", seq) for seq in islice(numbers(rest, start), wanted - len(self.page)))

    def _read_by_key(
        self, read_page: ReadPage, column: str, found: list[int], wanted: int, after: Place | None
    ) -> None:
        """All that was found in the order of a key; where that is more than is counted, the order is read instead, and
        each batch of it looked up: among so many a page is full soon."""
        behind = after or Place("", 2**53)
        if len(found) < COUNT_CAP:
            rows = run(
                self._tx,
                f"SELECT {column}, seq FROM batch WHERE seq IN (SELECT value FROM json_each(?))"  # noqa: S608 (constants)
                f" AND ({column} > ? OR ({column} = ? AND seq < ?)) ORDER BY {column}, seq DESC LIMIT ?",
                (packed(found), behind.key, behind.key, behind.seq, wanted),
            )
            self._take(Place(*row) for row in rows.fetchall())
            return
        step = 2 * wanted  # that is enough where at least every second batch is found
        while len(self.page) < wanted:
            places = self._behind(column, behind, step)
            if not places:
                return
            members = self._members(read_page, [place.seq for place in places])
            held = [place for place in places if place.seq in members]
            self._take(held[: wanted - len(self.page)])
            behind, step = places[-1], min(step * 4, max(step, _LARGEST_STEP))

    def _behind(self, column: str, place: Place, step: int) -> list[Place]:
        """The next batches in the order of a key, found or not: those of the same key, then those of the next ones."""
        # Two statements, each one range of the index on the key and the batch: a disjunction would sort all of it.
        alike = run(
            self._tx,
            f"SELECT {column}, seq FROM batch WHERE {column} = ? AND seq < ? ORDER BY seq DESC LIMIT ?",  # noqa: S608
            (place.key, place.seq, step),
        ).fetchall()
        next_ones = run(
            self._tx,
            f"SELECT {column}, seq FROM batch WHERE {column} > ? ORDER BY {column}, seq DESC LIMIT ?",  # noqa: S608
            (place.key, step - len(alike)),
        ).fetchall()
        return [Place(*row) for row in (*alike, *next_ones)]

    def _members(self, read_page: ReadPage, seqs: list[int]) -> set[int]:
        if self._asked == EVERYBODYS and not self._query.words and not self._chosen:
            return set(seqs)
        looked_up = sorted(seqs, reverse=True)
        walk = all_of([listed(looked_up), self._walk(read_page, smallest=_ROWS_OF_A_LOOK)])
        return set(numbers(walk, looked_up[0]))

    # --- counts

    def _count(self, read_page: ReadPage, found: list[int], newest: int, facets: Collection[Facet]) -> None:
        """All facets of which nothing is chosen over what was found; each other one over what is found without it."""
        self._count_over(found, [facet for facet in facets if facet not in self._chosen])
        for facet in facets:
            if facet in self._chosen:
                more = Kept(self._walk(read_page, self._told, but=facet), newest)
                self._count_over(more.read(COUNT_CAP), [facet])

    def _count_over(self, seqs: list[int], facets: Collection[Facet]) -> None:
        found = count(self._tx, seqs, facets, self._chosen, self._told)
        for facet in facets:
            is_capped = len(seqs) >= COUNT_CAP
            self._counted[facet] = shown(facet, found[facet], self._chosen, approximate=is_capped)


def _hits(tx: Connection, seqs: Sequence[int], query: Query, asked: Ways) -> tuple[Hit, ...]:
    rows = run(
        tx, "SELECT seq, code FROM batch WHERE seq IN (SELECT value FROM json_each(?))", (packed(seqs),)
    )
    codes = dict(rows.fetchall())
    matches = reasons(tx, seqs, query, asked)
    return tuple(Hit(codes[seq], matches[seq]) for seq in seqs)
