"""How another index takes the place of the one that serves, in one step, while readers read and the follower writes.

Three roles, each with two aliases and a row in `elastic_place`: what serves, what is being filled to take its place (``next``),
and what served before (``kept``). The step itself is one call that moves all aliases at once; the rows follow. Whoever is
killed before it leaves the old index serving, and what he had begun goes when somebody begins again; after it the new
one serves, and whoever next asks how far the index has come brings the rows after (`finish`).

Nothing is lost on the way, because a place is written only for the index that it was read of (`elastic_place.write_place`),
and because no index takes over that has not come at least as far: with the row held still, so that the follower cannot pass
it meanwhile. A page that he had begun is then read again, or goes on behind one that the new index has too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from sqlalchemy import Connection

from ..ledger.follow import Cursor
from . import elastic_place
from .elastic_schema import meta, template


class Role(StrEnum):
    """What an index is there for, as it stands in its aliases."""

    SERVES = ""
    NEXT = ".next"
    KEPT = ".kept"


@dataclass(frozen=True, slots=True)
class Names:
    """The aliases of one role of the index of a name; that to read by names its row, too."""

    name: str
    role: Role = Role.SERVES

    @property
    def read(self) -> str:
        return f"{self.name}{self.role}"

    @property
    def write(self) -> str:
        return f"{self.read}.write"

    @property
    def both(self) -> tuple[str, str]:
        return self.read, self.write

    @property
    def prefix(self) -> str:
        """The beginning of the names of all indices of this version."""
        return f"{self.name}.{'.'.join(map(str, meta().values()))}."

    def of(self, role: Role) -> Names:
        return Names(self.name, role)


def behind(client: Elasticsearch, alias: str) -> dict[str, Any]:
    """The index that an alias leads to, with what it says of itself; nothing where it leads nowhere."""
    try:
        there = client.indices.get_mapping(index=alias).body
    except NotFoundError:
        return {}
    return {each: said["mappings"].get("_meta") for each, said in there.items()}


def start_over(client: Elasticsearch, tx: Connection, names: Names) -> None:
    """A new and empty index in this role. Where it is to serve, every other one goes; otherwise what serves and what is kept is
    spared."""
    rows = [elastic_place.read_place(tx, names.of(role).read) for role in (Role.SERVES, Role.KEPT)]
    spared = {row[0] for row in rows if row} | behind(client, names.of(Role.SERVES).write).keys()
    index_name = f"{names.prefix}{secrets.token_hex(4)}"
    indices = client.indices
    indices.put_index_template(name=names.name, **template(f"{names.name}.*"))
    indices.create(index=index_name)
    old = [each for each in indices.get(index=f"{names.name}.*").body if each != index_name]
    if names.role is not Role.SERVES:
        old = [each for each in old if each not in spared]
    away = [{"remove_index": {"index": each}} for each in old]
    indices.update_aliases(actions=[*away, *_added(index_name, names)])
    for role in (Role.NEXT, Role.KEPT) if names.role is Role.SERVES else ():
        elastic_place.forget(tx, names.of(role).read)
    elastic_place.begin_anew(tx, names.read, index_name)


def swap(client: Elasticsearch, tx: Connection, serving: Names, other: Names) -> bool:
    """What stands in the other role serves, and what served is kept; what was kept before goes, if it is neither.

    False where the other has not come as far as the one that serves: it must follow on, and be offered again.
    """
    finish(client, tx, serving)
    now = elastic_place.read_place(tx, serving.read, held_still=True)
    then = elastic_place.read_place(tx, other.read)
    if then is None or not has_come_as_far(then[1], now):
        return False
    kept = serving.of(Role.KEPT)
    old, older = (behind(client, names.write).keys() for names in (serving, kept))
    gone = [{"remove_index": {"index": each}} for each in older if each not in (then[0], *old)]
    # Before this call the old index serves, after it the new one: what follows can be done by anybody.
    client.indices.update_aliases(
        actions=[
            *gone,
            *(each for name in old for each in _moved(name, serving, kept)),
            *_moved(then[0], other, serving),
        ]
    )
    _bring_rows_after(tx, serving, other.role)
    return True


def has_come_as_far(cursor: Cursor, serves: tuple[str, Cursor] | None) -> bool:
    """Whether an index that came to this place misses nothing that the one that serves has read."""
    return serves is None or cursor.seq >= serves[1].seq


def finish(client: Elasticsearch, tx: Connection, serving: Names) -> None:
    """Bring the rows after, where somebody was killed behind the step. Only what has taken over stands behind these aliases."""
    if serving.role is not Role.SERVES:
        return
    found = behind(client, serving.write).keys()
    for role in (Role.NEXT, Role.KEPT):
        place = elastic_place.read_place(tx, serving.of(role).read)
        if place is not None and found == {place[0]}:
            _bring_rows_after(tx, serving, role)


def _bring_rows_after(tx: Connection, serving: Names, role: Role) -> None:
    """The row of this role serves, and that which served is kept."""
    kept, aside = serving.of(Role.KEPT), f"{serving.name}.aside"
    elastic_place.rename(tx, serving.of(role).read, aside)
    elastic_place.forget(tx, kept.read)
    elastic_place.rename(tx, serving.read, kept.read)
    elastic_place.rename(tx, aside, serving.read)


def _added(index_name: str, names: Names) -> list[Mapping[str, Any]]:
    return [{"add": {"index": index_name, "alias": alias}} for alias in names.both]


def _moved(index_name: str, names: Names, others: Names) -> list[Mapping[str, Any]]:
    away = [{"remove": {"index": index_name, "alias": alias}} for alias in names.both]
    return [*away, *_added(index_name, others)]
