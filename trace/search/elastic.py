"""The search engine for many millions of batches: Elasticsearch over our own tokens, with the answers of the embedded one.

One index behind two aliases, one to read and one to write by, so that another can take its place in one step; how far it has
come is kept in SQL (`elastic_place`). A batch is one document with its movements nested in it (`elastic_schema`), so everything
that is asked of it is one query (`elastic_questions`), whose counts and pages are exact and stop at the same caps.

What is written is refreshed before the cursor says so: up to `current_to` everything is found. The account needs the rights
to manage and write indices and templates of this name, or, to search only, to read them. Weak spots, known: suggestions read the
names of all documents that the asker may see; a batch is sent anew, with all its movements, whenever one of them is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from sqlalchemy import Engine

from ..db.engine import begin_read, begin_write
from ..errors import Broken
from ..ledger.follow import Cursor
from ..model.scope import Scope
from . import elastic_place
from .audience import label_ways, scope_tokens
from .documents import Document, Field
from .elastic_counts import Counts, is_partial
from .elastic_place import DeadLetter
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
from .elastic_schema import BETWEEN, meta, source_of, template, version_of, whole_batches
from .elastic_writing import Sent, write
from .facets import NOTHING_CHOSEN, OF_LABELS, Chosen, Facet
from .index import COUNT_CAP, NOTHING_GRANTED, PATIENCE_SECONDS, Hit, Hits
from .order import Place, Sort
from .reasons import Match, match_in
from .suggestions import KEPT, LOOKED_UP, MOST_OF_A_WORD, MOST_ON_A_SHELF, Suggestion
from .suggestions import in_order as names_in_order
from .tokens import Group, Query, Word, condense, goes_on, words_so_far

#: The alias to read by, and the beginning of every other name.
NAME = "cable-batch"


class ElasticIndex:
    """The index of this name on a server. Any number of readers and, at a time, one writer; two would only waste work."""

    def __init__(
        self,
        client: Elasticsearch,
        engine: Engine,
        *,
        name: str = NAME,
        patience_seconds: float = PATIENCE_SECONDS,
    ):
        """Takes the database in which places are kept, and makes tables and index where there are none yet; of an index of
        another version they are left as they are, until somebody starts over. Raises ValueError for a name with a dot: what
        stands behind one belongs to the name before it, and goes with it."""
        if "." in name:
            raise ValueError(f"a name without a dot is wanted for a search index, not {name!r}")
        self._client = client
        self._engine = engine
        self._name = name
        self._write_name = f"{name}.write"
        self._patience = f"{round(patience_seconds * 1000)}ms"
        with begin_write(engine) as tx:
            elastic_place.make_tables(tx)
            is_there = elastic_place.read_place(tx, name) is not None
        if not is_there:
            self.start_over()

    def cursor(self) -> Cursor:
        """How far the ledger has been read. Raises `Broken` for an index of another version, and for one that is not the one
        of which this was noted."""
        index_name, cursor = self._place()
        try:
            there = self._client.indices.get_mapping(index=self._write_name).body
        except NotFoundError:
            there = {}
        found = {each: said["mappings"].get("_meta") for each, said in there.items()}
        if found != {index_name: meta()}:
            raise Broken(
                f"search index: {self._write_name} leads to {found or 'nothing'}, but {index_name} with {meta()} was "
                "noted: rebuild the index"
            )
        return cursor

    def apply(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Write the documents of whole batches, and when they can be found the cursor that they reach.

        Doing it again changes nothing; an older version or an older cursor does not replace a newer one. A document that the
        server will never take becomes a dead letter, and the cursor goes on. Raises `Broken` for a movement of an unknown
        batch, and when the same index comes with another hash; `Overloaded` where the server takes nothing for long.
        """
        index_name, _ = self._place()
        known = self.cursor()
        if cursor.seq == known.seq and cursor.entry_hash != known.entry_hash:
            raise Broken(f"search index: entry {cursor.seq} came with two different hashes")
        sent = [
            Sent(batch.code, version_of(together), source_of(batch, together))
            for batch, together in whole_batches(documents)
        ]
        refused = write(self._client, self._write_name, sent)
        if sent:
            self._client.indices.refresh(index=self._write_name)
        letters = {each.id: DeadLetter(each.id, each.version, each.reason) for each in refused}
        with begin_write(self._engine) as tx:
            taken = [each.id for each in sent if each.id not in letters]
            elastic_place.write_letters(tx, self._name, letters, taken)
            elastic_place.write_place(tx, self._name, index_name, cursor)

    def start_over(self) -> None:
        """Forget everything: an empty index of this version, to be filled from the ledger's first entry."""
        index_name = f"{self._prefix()}{secrets.token_hex(4)}"
        indices = self._client.indices
        indices.put_index_template(name=self._name, **template(f"{self._name}.*"))
        indices.create(index=index_name)
        old = [each for each in indices.get(index=f"{self._name}.*").body if each != index_name]
        aliases = (self._name, self._write_name)
        away = [{"remove_index": {"index": each}} for each in old]
        here = [{"add": {"index": index_name, "alias": alias}} for alias in aliases]
        indices.update_aliases(actions=[*away, *here])
        with begin_write(self._engine) as tx:
            elastic_place.begin_anew(tx, self._name, index_name)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """The batches that the server would not take, in the state in which it would not."""
        with begin_read(self._engine) as tx:
            return elastic_place.read_letters(tx, self._name)

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
        current_to = self._place()[1].seq  # before it is asked: what comes meanwhile is more than is promised
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
            "_source": False,
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
            rows=tuple(Hit(hit["_id"], tuple(_reasons(hit, query))) for hit in page),
            total=max(min(answer["hits"]["total"]["value"], COUNT_CAP), len(found)),
            partial=partial,
            facets=facets,
            current_to=current_to,
            after=place_of(sort, query, page[-1]["sort"]) if onward else None,
        )

    def suggest(self, typed: str, scope: Scope, *, limit: int = 8) -> list[Suggestion]:
        """As `SearchIndex.suggest`."""
        self._place()
        told = scope_tokens(scope)
        asked = {}
        for group in Group:
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

    def _place(self) -> tuple[str, Cursor]:
        with begin_read(self._engine) as tx:
            place = elastic_place.read_place(tx, self._name)
        if place is None or not place[0].startswith(self._prefix()):
            raise Broken(
                f"search index: {place[0] if place else 'none'} was noted, but this program reads {self._prefix()}*: "
                "rebuild the index"
            )
        return place

    def _prefix(self) -> str:
        """The beginning of the names of indices of this version."""
        return f"{self._name}.{'.'.join(map(str, meta().values()))}."

    def _ask(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer = self._client.search(index=self._name, body={"timeout": self._patience, **body})
        except NotFoundError:
            raise Broken(f"search index: {self._name} leads to no index: rebuild the index") from None
        found: Mapping[str, Any] = answer.body
        return found


def _is_meant(group: Group, typed: str, condensed: str, text: str) -> bool:
    words = words_so_far(group, typed)
    return condense(group, typed) in condensed or (len(words) > 1 and goes_on(group, words, text))


def _reasons(hit: Mapping[str, Any], query: Query) -> Iterator[Match]:
    for n, word in enumerate(query.words):
        yield from _of_word(hit, word, f"{n}")


def _of_word(hit: Mapping[str, Any], word: Word, name: str) -> Iterator[Match]:
    """Where the word stands; where it does not as a whole, its parts. The names are those of `elastic_questions`."""
    told = hit["inner_hits"].get(name) if word.phrases else None
    if told and told["hits"]["hits"]:
        (document,) = told["hits"]["hits"]
        source = document["_source"]
        fields = [each.split(BETWEEN, 1) for each in source["fields"]]
        event = source["event"]
        yield match_in(word, event or hit["_id"], event, ((field, text) for field, text in fields))
        return
    for n, part in enumerate(word.parts):
        yield from _of_word(hit, part, f"{name}.{n}")
