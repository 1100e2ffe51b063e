"""Names for people: of parties, projects and regions, looked up once for a whole reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection

from ..codes.regions import full_name
from ..errors import Text
from ..model.state import KnownParty, KnownProject
from ..model.units import HAVE_A_JURISDICTION, those_above
from ..registry import register

UNKNOWN = Text("未知", "unknown")
#: Where metres of others are is known, and not the reader's to know.
NOT_TOLD = Text("地区未告知", "region not told")


@lru_cache(maxsize=4096)  # a table of a maker asks for the same few hundred again and again
def region_name(code: str) -> Text:
    """``河南省周口市淮阳区`` in both languages, for places have no official English names; "" is 未知."""
    if not code:
        return UNKNOWN
    name = full_name(code)
    return Text(name, name)


@dataclass(frozen=True, slots=True)
class Names:
    """The parties and projects that a reading speaks of."""

    parties: Mapping[str, KnownParty]
    projects: Mapping[str, KnownProject]
    #: What was said before: a trace asks for the same party at each of its places and states.
    _said: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)

    def party(self, id_: str) -> str:
        """The party's name, of a unit behind its authority's; its id where nobody has registered it; "" for nobody."""
        return self.said_of(id_).zh

    def said_of(self, id_: str) -> Text:
        """The same for people, in both languages: a name is one in each."""
        said = self._said.get(id_)
        if said is None:
            name = self._called(id_)
            said = self._said[id_] = Text(name, name)
        return said

    def _called(self, id_: str) -> str:
        known = self.parties.get(id_)
        if known is None:
            return id_
        line = [id_, *those_above(id_, self.parties)] if known.acts_as(HAVE_A_JURISDICTION) else [id_]
        authority = self.parties.get(line[-1])
        if authority is None or known.name.startswith(authority.name):
            return known.name
        return f"{authority.name} · {known.name}"

    def project(self, id_: str) -> str:
        known = self.projects.get(id_)
        return id_ if known is None else known.name


def names_of(tx: Connection, parties: Iterable[str], projects: Iterable[str] = ()) -> Names:
    known = register.with_those_above(tx, {id_ for id_ in parties if id_})
    return Names(
        {id_: party for id_, party in known.items() if party is not None},
        register.projects(tx, {id_ for id_ in projects if id_}),
    )
