"""The search engine for many millions of batches: Elasticsearch over our own tokens, with the answers of the embedded one.

One index behind two aliases, one to read and one to write by, so that another can take its place in one step
(`elastic_changing`); how far it has come is kept in SQL (`elastic_place`). A batch is one document with its movements nested in it (`elastic_schema`), so everything
that is asked of it is one query (`elastic_questions`), whose counts and pages are exact and stop at the same caps.

What is written is refreshed before the cursor says so: up to `current_to` everything is found. The account needs the rights
to manage and write indices and templates of this name, or, to search only, to read them. After a server that did not answer
the next searches are told so at once, for a moment: threads that wait for it would be missing where nothing is searched. Weak
spots, known: suggestions read the names of all documents that the asker may see; a batch is sent anew, with all its movements,
whenever one of them is recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from time import monotonic
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError
from sqlalchemy import Connection, Engine

from ..db.engine import begin_read, begin_write
from ..errors import Broken, InputError, Text
from ..ledger.follow import NOTHING_READ, Cursor
from ..model.scope import Scope
from . import elastic_changing, elastic_held, elastic_place
from .audience import label_ways, scope_tokens
from .documents import BatchDocument, Document, Field
from .elastic_changing import Names, Role
from .elastic_counts import Counts, is_partial
from .elastic_questions import (
    all_of,
    called_exactly,
    documents_open_to,
    filters,
    found_by,
    in_order,
    is_scored,
    matching,
    names_with,
    place_of,
)
from .elastic_reasons import READ, reasons_in
from .elastic_schema import (
    BETWEEN,
    held_in_source,
    json_of,
    meta,
    source_of,
    version_of,
    whole_batches,
)
from .elastic_server import NAME
from .elastic_writing import Overloaded, Refused, Sent, write, write_anew
from .facets import NOTHING_CHOSEN, OF_LABELS, Chosen, Facet
from .held import DeadLetter, Held, Sum
from .index import (
    COUNT_CAP,
    NOTHING_GRANTED,
    PATIENCE_SECONDS,
    Away,
    Hit,
    Hits,
    Lost,
    Searchable,
    Standing,
)
from .order import Place, Sort
from .suggestions import KEPT, KEPT_GROUPS, LOOKED_UP, MOST_OF_A_WORD, MOST_ON_A_SHELF, Suggestion
from .suggestions import in_order as names_in_order
from .tokens import Group, Query, condense, goes_on, words_so_far

#: How long a search may wait for an answer, beyond the patience that the server itself is told of.
_SEARCH_SECONDS = 5.0
#: How long an answer is not waited for again after there was none.
_PAUSE_SECONDS = 2.0
_UNREACHED = "connection"


class ElasticIndex:
    """The index of this name on a server. Any number of readers and, at a time, one writer; two would only waste work."""

    #: A refresh makes a segment of its own, and a refresh a page is what it costs.
    rest_seconds = 0.25

    def __init__(
        self,
        client: Elasticsearch,
        engine: Engine,
        *,
        name: str = NAME,
        patience_seconds: float = PATIENCE_SECONDS,
    ):
        """Takes the database in which places are kept (`elastic_place.metadata`); asks the server nothing yet. Raises ValueError
        for a name with a dot: what stands behind one belongs to the name before it, and goes with it."""
        if "." in name:
            raise ValueError(f"a name without a dot is wanted for a search index, not {name!r}")
        self._client = client
        self._engine = engine
        self._names = Names(name)
        self._patience = f"{round(patience_seconds * 1000)}ms"
        self._still: tuple[dict[str, str], int] | None = None
        self._searching = client.options(request_timeout=patience_seconds + _SEARCH_SECONDS)
        self._away: Away | None = None
        self._asked_again_at = 0.0

    def cursor(self) -> Cursor:
        """How far the ledger has been read. Raises `Lost` where nothing stands behind the name, `Broken` for an index of another
        version, and for one that is not the one of which this was noted."""
        with self._counting():
            return self._settled()[1]

    def _settled(self) -> tuple[str, Cursor]:
        """The index behind the aliases, and how far it has come. Where that is not what was noted, another index may just be
        taking over: that is waited for, or ended for whoever was killed."""
        try:
            with begin_read(self._engine) as tx:
                return self._behind(tx)
        except Broken:
            with begin_write(self._engine) as tx:
                with _answered():
                    elastic_changing.finish(self._client, tx, self._names)
                return self._behind(tx)

    def _behind(self, tx: Connection) -> tuple[str, Cursor]:
        place = self._place(tx)
        with _answered():
            found = elastic_changing.behind(self._client, self._names.write)
        if found != {place[0]: meta()}:
            raise (Broken if found else Lost)(
                f"search index: {self._names.write} leads to {found or 'nothing'}, but {place[0]} with {meta()} was "
                "noted: rebuild the index"
            )
        return place

    def standing(self) -> Standing:
        """As `SearchIndex.standing`."""
        with begin_read(self._engine) as tx:
            try:
                reached = self._place(tx)[1].seq
            except Lost:
                reached = NOTHING_READ.seq
            return Standing(
                reached=reached,
                dead_letters=len(elastic_place.read_letters(tx, self._names.read)),
                troubles=elastic_place.read_troubles(tx, self._names.name),
                verified_at=elastic_place.read_verified_at(tx, self._names.read),
            )

    def answers(self) -> bool:
        """As `SearchIndex.answers`."""
        try:
            self._current_to()
            self._ask({"size": 0, "query": {"match_none": {}}})
        except (Away, Broken):
            return False
        return True

    def begin(self) -> None:
        """As `SearchIndex.begin`. Whoever comes at the same time waits, and finds it done."""
        with self._counting(), begin_write(self._engine) as tx:
            try:
                self._behind(tx)
            except Lost:
                self._start_over(tx)

    def apply(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Write the documents of whole batches, and when they can be found the cursor that they reach.

        Doing it again changes nothing; an older version or an older cursor does not replace a newer one. A document that the
        server will never take becomes a dead letter, and the cursor goes on. Raises `Broken` for a movement of an unknown
        batch, and when the same index comes with another hash; `Away` also where the server takes nothing for long.
        """
        with self._counting():
            index_name, known = self._settled()
        if cursor.seq == known.seq and cursor.entry_hash != known.entry_hash:
            raise Broken(f"search index: entry {cursor.seq} came with two different hashes")
        batches = list(whole_batches(documents))
        sent = (_sent(batch, together) for batch, together in batches)
        with self._counting() as troubles, _answered():
            refused = write(self._client, self._names.write, sent, trouble=troubles)
            if batches:
                self._client.indices.refresh(index=self._names.write)
        with begin_write(self._engine) as tx:
            self._note(tx, (batch.code for batch, _ in batches), refused)
            elastic_place.write_place(tx, self._names.read, index_name, cursor)

    def start_over(self) -> None:
        """Forget everything: an empty index of this version, to be filled from the ledger's first entry."""
        with begin_write(self._engine) as tx:
            self._start_over(tx)

    def _start_over(self, tx: Connection) -> None:
        with _answered():
            elastic_changing.start_over(self._client, tx, self._names)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """The batches that the server would not take, in the state in which it would not."""
        with begin_read(self._engine) as tx:
            return elastic_place.read_letters(tx, self._names.read)

    # --- comparing with the ledger

    def would_hold(self, documents: Iterable[Document]) -> list[Held]:
        """As `SearchIndex.would_hold`."""
        return [
            held_in_source(batch.code, version_of(together), source_of(batch, together))
            for batch, together in whole_batches(documents)
        ]

    def sums(self) -> Mapping[int, Sum]:
        """As `SearchIndex.sums`, by what documents say of themselves: only read whole (`held_in`) is one found that is not
        what it says."""
        with _answered():
            return elastic_held.sums(self._client, self._names.read)

    def held_in(self, first: int) -> list[Held]:
        """As `SearchIndex.held_in`."""
        with _answered():
            return list(elastic_held.held_in(self._client, self._names.read, first))

    def held(self, codes: Collection[str]) -> list[Held]:
        """As `SearchIndex.held`."""
        with _answered():
            return list(elastic_held.held(self._client, self._names.read, sorted(codes)))

    def mend(self, documents: Iterable[Document], gone: Collection[str]) -> None:
        """As `SearchIndex.mend`. What must go is deleted, which happens nowhere else (0026)."""
        self.cursor()
        sent = [_sent(batch, together) for batch, together in whole_batches(documents)]
        with self._counting() as troubles, _answered():
            refused = write_anew(self._client, self._names.write, sorted(gone), sent, trouble=troubles)
            self._client.indices.refresh(index=self._names.write)
        with begin_write(self._engine) as tx:
            self._note(tx, (each.id for each in sent), refused)

    def note_verified(self, at: datetime) -> None:
        """As `SearchIndex.note_verified`."""
        with begin_write(self._engine) as tx:
            elastic_place.write_verified_at(tx, self._names.read, at)

    def _note(self, tx: Connection, sent: Iterable[str], refused: Iterable[Refused]) -> None:
        letters = {each.id: DeadLetter(each.id, each.version, each.reason) for each in refused}
        taken = [code for code in sent if code not in letters]
        elastic_place.write_letters(tx, self._names.read, letters, taken)

    # --- another index in its place

    def begin_another(self) -> ElasticIndex:
        """An empty index of this version beside this one, which goes on to serve; whatever was begun and not finished goes."""
        another = self._beside(Role.NEXT)
        another.start_over()
        return another

    def kept(self) -> ElasticIndex:
        """The index that served before this one. Raises InputError ``not-found`` where there is none of this version."""
        another = self._beside(Role.KEPT)
        with begin_read(self._engine) as tx:
            place = elastic_place.read_place(tx, another._names.read)
        if place is None or not place[0].startswith(self._names.prefix):
            raise InputError.of(
                "not-found",
                "没有保留本版本的旧索引",
                "no index of this version was kept",
                came=None if place is None else place[0],
                remedy=Text("请重建索引", "rebuild the index"),
            )
        return another

    def give_way_to(self, other: ElasticIndex) -> bool:
        """The other one serves from now on, and this one is kept. False, with nothing changed, where it has not come as far."""
        with begin_write(self._engine) as tx, _answered():
            return elastic_changing.swap(self._client, tx, self._names, other._names)

    def _beside(self, role: Role) -> ElasticIndex:
        other = copy(self)
        other._names = Names(self._names.name, role)
        return other

    # --- questions

    @contextmanager
    def at_one_moment(self) -> Iterator[Searchable]:
        """As `SearchIndex.at_one_moment`: a point in time of the server, which is closed again."""
        current_to = self._current_to()  # before it is opened: what comes meanwhile is more than is promised
        with _answered(), elastic_held.at_one_moment(self._searching, self._names.read) as pit:
            still = copy(self)
            still._still = pit, current_to
            yield still

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
        """As `SearchIndex.search`."""
        current_to = self._current_to()  # before it is asked: what comes meanwhile is more than is promised
        told = scope_tokens(scope)
        asked = told if scope.everything else told + label_ways(granted)
        if not asked:
            return Hits(rows=(), total=0, partial=False, current_to=current_to, after=None)
        shown_to = asked if OF_LABELS.issuperset(chosen) else told
        counts = Counts(query, told, chosen, counted)
        # Hits and counts are one question, but where the hits are of more than is counted.
        at_once = bool(counted) and shown_to == told
        wanted = filters(chosen, told)
        # A facet does not filter itself: then the hits are filtered behind the counts.
        behind = wanted if at_once and any(facet in chosen for facet in counted) else []
        body: dict[str, Any] = {
            "query": matching(
                [*found_by(query, shown_to), *([] if behind else wanted)],
                called_exactly(query, asked) if is_scored(sort, query) else None,
            ),
            "size": limit + 1,
            "_source": list(READ) if query.words else False,
            "track_total_hits": COUNT_CAP,
            **in_order(sort, query, after),
        }
        if behind:
            body["post_filter"] = all_of(behind)
        if at_once:
            body["aggs"] = counts.aggregations()
        answer = self._ask(body)
        found = answer["hits"]["hits"]
        facets, cut_short = counts.read(self._ask, answer if at_once else None)
        partial = is_partial(answer) or cut_short
        page = found[:limit]
        onward = page and (len(found) > limit or partial)
        return Hits(
            rows=tuple(Hit(hit["_id"], reasons_in(hit.get("_source", {}), query, shown_to)) for hit in page),
            total=max(min(answer["hits"]["total"]["value"], COUNT_CAP), len(found)),
            partial=partial,
            facets=facets,
            current_to=current_to,
            after=place_of(sort, query, page[-1]["sort"]) if onward else None,
        )

    def suggest(self, typed: str, scope: Scope, *, limit: int = 8) -> list[Suggestion]:
        """As `SearchIndex.suggest`."""
        self._current_to()
        told = scope_tokens(scope)
        asked = {}
        for group in KEPT_GROUPS:
            fields = [field.name for field in KEPT if field.group is group]
            whole, words = condense(group, typed), words_so_far(group, typed)
            looked_up = [(whole, MOST_ON_A_SHELF)] if whole else []
            looked_up += [(max(words, key=len), MOST_OF_A_WORD)] if whole and len(words) > 1 else []
            for condensed, most in looked_up:
                include = names_with(condensed[:LOOKED_UP], fields)
                asked[f"{group}.{most}"] = {
                    "terms": {"field": "documents.names", "include": include, "size": most}
                }
        if not told or not asked:
            return []
        open_ones = {"filter": documents_open_to(told), "aggs": asked}
        answer = self._ask(
            {"size": 0, "aggs": {"all": {"nested": {"path": "documents"}, "aggs": {"told": open_ones}}}}
        )
        found: dict[tuple[str, str], int] = {}
        for name in asked:
            for bucket in answer["aggregations"]["all"]["told"][name]["buckets"]:
                field, condensed, text = bucket["key"].split(BETWEEN, 2)
                if _is_meant(Field[field].group, typed, condensed, text):
                    found[field, text] = bucket["doc_count"]
        return names_in_order(found, typed, limit)

    def _place(self, tx: Connection) -> tuple[str, Cursor]:
        place = elastic_place.read_place(tx, self._names.read)
        if place is None:
            raise Lost(f"search index: none was noted under {self._names.read}: rebuild the index")
        if not place[0].startswith(self._names.prefix):
            raise Broken(
                f"search index: {place[0]} was noted, but this program reads {self._names.prefix}*: rebuild the index"
            )
        return place

    @contextmanager
    def _counting(self) -> Iterator[Counter[str]]:
        """Keep how often what went wrong while the block follows the ledger: what it counts, and what ends it. Around a
        transaction, not inside: it is kept although that one comes to nothing."""
        troubles: Counter[str] = Counter()
        try:
            yield troubles
        except Away as away:
            troubles[away.status] += 1
            raise
        finally:
            if troubles:
                with begin_write(self._engine) as tx:
                    elastic_place.add_troubles(tx, self._names.name, troubles)

    def _current_to(self) -> int:
        if self._still is not None:
            return self._still[1]
        try:
            with begin_read(self._engine) as tx:
                return self._place(tx)[1].seq
        except Broken as broken:
            raise Away("version", str(broken)) from None

    def _ask(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises `Away`, at once where one was raised a moment ago because nobody answered."""
        if self._away is not None and monotonic() < self._asked_again_at:
            raise Away(self._away.status, str(self._away))
        try:
            with _answered():
                answer = self._search({"timeout": self._patience, **body})
        except Away as away:
            if away.status == _UNREACHED:
                self._away, self._asked_again_at = away, monotonic() + _PAUSE_SECONDS
            raise
        self._away = None
        return answer

    def _search(self, body: dict[str, Any]) -> Mapping[str, Any]:
        if self._still is None:
            answer = self._searching.search(index=self._names.read, body=body)
        else:
            pit = self._still[0]
            answer = self._searching.search(body={"pit": pit, **body})
            pit["id"] = answer["pit_id"]
        found: Mapping[str, Any] = answer.body
        return found


def _sent(batch: BatchDocument, together: Sequence[Document]) -> Sent:
    return Sent(batch.code, version_of(together), json_of(batch, together))


@contextmanager
def _answered() -> Iterator[None]:
    """Whatever is not our own mistake is trouble of the server: `Away`. What was asked wrongly is raised as it came."""
    try:
        yield
    except BadRequestError:
        raise
    except ApiError as error:
        raise Away(f"{error.status_code}", str(error)) from error
    except TransportError as error:
        raise Away(_UNREACHED, str(error)) from error
    except Overloaded as error:
        raise Away("overloaded", str(error)) from error


def _is_meant(group: Group, typed: str, condensed: str, text: str) -> bool:
    words = words_so_far(group, typed)
    return condense(group, typed) in condensed or (len(words) > 1 and goes_on(group, words, text))
