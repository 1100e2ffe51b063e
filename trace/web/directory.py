"""The directory of a form: who is meant by the name or number that a person types, and how that is shown again."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Text
from ..model.state import KnownParty, KnownProject
from ..model.values import business_id, party_id
from ..queries.registry import projects as projects_open
from ..registry import register

#: Enough for a list to choose from; whoever has more types the number into a file.
_MOST_PROJECTS = 200


@dataclass(slots=True)
class Directory:
    """Parties by what is typed; projects to choose from.

    ``introduces``: whether a name that nobody has registered stands for a new party, named by ``own`` and without a
    credit code; ``introduced`` are those that were named so, by id.
    """

    tx: Connection | None
    own: str
    introduces: bool = False
    introduced: dict[str, str] = field(default_factory=dict)
    projects: dict[str, tuple[KnownProject, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Connection, actor: Actor, *, introduces: bool = False) -> Directory:
        """For what this actor fills in: the projects are those that it may see."""
        rows = projects_open(tx, actor, limit=_MOST_PROJECTS).rows if actor.party else ()
        known = register.projects(tx, [row.id for row in rows])
        return cls(tx, actor.party, introduces, projects={row.id: (known[row.id], row.name) for row in rows})

    @classmethod
    def empty(cls) -> Directory:
        """One in which nobody stands: for pictures of forms."""
        return cls(None, "")

    def party(self, typed: str) -> str:
        """The id of the party that was meant by a credit code, an id or a whole name. Raises InputError."""
        text = typed.strip()
        known = self._known
        if is_uscc(text.upper()) or (len(text) == _USCC_LENGTH and text.isascii()):
            found = party_id(parse_uscc(text))
            if known(found) is not None:
                return found
            raise _no_party(typed, named=False)
        if known(text) is not None:
            return text
        return self._called(text, typed)

    def shown(self, ref: str) -> str:
        """A party as it is typed: by its name where that says who is meant, else by its number."""
        id_ = party_id(ref)
        known = self._known(id_)
        if known is None:
            return self.introduced.get(id_, ref)
        return known.name if self._by_name(known.name) == id_ else known.uscc or id_

    def _called(self, name: str, typed: str) -> str:
        id_ = self._by_name(name)
        if id_ is not None:
            return id_
        if self._all_called(name):
            raise InputError.of(
                "wrong-input",
                "有几个单位都叫这个名称",
                "several parties have this name",
                came=typed,
                remedy=Text("请填统一社会信用代码", "give the credit code"),
            )
        if not self.introduces:
            raise _no_party(typed, named=True)
        made = business_id("party-name", self.own, name)
        self.introduced[made] = name
        return made

    def project(self, id_: str) -> str:
        """A project that was recorded, as one to choose from, also where the reader's list of them ends before it."""
        if id_ not in self.projects and self.tx is not None:
            for project in register.projects(self.tx, [id_]).values():
                self.projects[project.id] = project, project.name
        return id_ if id_ in self.projects else ""

    def _known(self, id_: str) -> KnownParty | None:
        return None if self.tx is None else register.parties(self.tx, [id_]).get(id_)

    def _all_called(self, name: str) -> list[KnownParty]:
        return [] if self.tx is None else register.parties_by_name(self.tx, name)

    def _by_name(self, name: str) -> str | None:
        """The only registered party of this name, else the one that the reader's own party named so."""
        called = self._all_called(name)
        registered = [party for party in called if party.named_by is None]
        mine: list[KnownParty] = [party for party in called if party.named_by == self.own]
        for found in (registered, mine):
            if len(found) == 1:
                return found[0].id
        return None


_USCC_LENGTH = 18


def _no_party(came: str, *, named: bool) -> InputError:
    if not named:
        return InputError.of(
            "unknown-reference",
            "没有登记过这个单位",
            "no such party is registered",
            came=came,
            remedy=Text("检查信用代码，或写单位全名", "check the credit code, or give the full name"),
        )
    return InputError.of(
        UNREGISTERED,
        "没有登记过叫这个名称的单位或个人",
        "nobody of this name is registered",
        came=came,
        remedy=Text(
            "请按登记的全名或信用代码填写；确实没有登记的，勾选页末的「按此名称记下」",
            "give the full name or credit code as registered; of somebody who is not, tick “Note it under this name”",
        ),
    )


#: The code of the problem that a form answers by offering to note a new party.
UNREGISTERED = "unknown-reference"
