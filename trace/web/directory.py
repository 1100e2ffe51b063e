"""The directory of a form: who or which drum is meant by the name, number or code that a person types, and how a party is
shown again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import ALPHABET, UNIT_LENGTH, folded
from ..codes.unit_ranges import UnitRange, parse_units
from ..codes.uscc import is_uscc
from ..errors import InputError, Text
from ..model.state import KnownParty, KnownProject
from ..model.typed_party import check_called, parse_typed_party
from ..model.values import business_id, party_id
from ..queries.registry import projects as projects_open
from ..queries.unit import NOT_ISSUED
from ..registry import register


@dataclass(frozen=True, slots=True)
class Introduced:
    """A party that a form names for the first time."""

    name: str
    uscc: str | None = None


#: The batch and the drum that a code names; None for one that was not issued here. Raises InputError for a typing error.
Named = Callable[[str], tuple[str, int | None] | None]

#: Enough for a list to choose from; whoever has more types the number into a file.
_MOST_PROJECTS = 200


@dataclass(slots=True)
class Directory:
    """Parties by what is typed; projects to choose from.

    ``reader``: who fills the form in (None: nobody, for pictures). Parties that it may not know (`Actor.may_know`) are as unknown
    here as those of which nobody heard. ``introduces``: whether a name that nobody has registered, alone or with a credit code,
    stands for a new party named by the reader's own; ``introduced`` are those that were named so, by id. ``batch``: the code of the batch that the form is
    about; its drums are also meant by their own codes, if there is something to look them up with (``named``).
    """

    tx: Connection | None
    reader: Actor | None
    introduces: bool = False
    introduced: dict[str, Introduced] = field(default_factory=dict)
    projects: dict[str, tuple[KnownProject, str]] = field(default_factory=dict)
    batch: str = ""
    named: Named | None = None

    @classmethod
    def of(cls, tx: Connection, actor: Actor, *, introduces: bool = False) -> Directory:
        """For what this actor fills in: the projects are those that it may see."""
        sees_projects = bool(actor.reach(Action.READ_PROJECT))
        rows = projects_open(tx, actor, limit=_MOST_PROJECTS).rows if sees_projects else ()
        known = register.projects(tx, [row.id for row in rows])
        return cls(tx, actor, introduces, projects={row.id: (known[row.id], row.name) for row in rows})

    @classmethod
    def empty(cls) -> Directory:
        """One in which nobody stands: for pictures of forms."""
        return cls(None, None)

    @property
    def own(self) -> str:
        return "" if self.reader is None else self.reader.party

    def party(self, typed: str) -> str:
        """The id of the party that was meant by a credit code, an id, a whole name, or a name and a credit code. Raises InputError."""
        text = typed.strip()
        if self._known(text) is not None:
            return text
        called = self._by_name(text)
        if called is not None:
            return called  # whatever it looks like: what a form shows it must read again
        meant = parse_typed_party(text)
        return self._called(text, typed) if meant.uscc is None else self._coded(meant.name, meant.uscc, typed)

    def _coded(self, name: str, uscc: str, typed: str) -> str:
        """A credit code decides who is meant; the name must be that party's, or is for one that is not known yet."""
        id_ = party_id(uscc)
        known = self._known(id_)
        if known is not None:
            check_called(known, name, self.own)
            return id_
        if not name:
            raise _no_party(typed, named=False)
        if not self.introduces:
            raise _no_party(typed, named=True)
        self.introduced[id_] = Introduced(name, uscc)
        return id_

    def registered(self, typed: str) -> str | None:
        """The id of the one that registered itself under this credit code or name; None where nobody did, or several."""
        text = typed.strip()
        if is_uscc(text.upper()):
            known = self._known(party_id(text.upper()))
            return None if known is None or known.named_by is not None else known.id
        found = [party.id for party in self._all_called(text) if party.named_by is None]
        return found[0] if len(found) == 1 else None

    def shown(self, ref: str) -> str:
        """A party as it is typed: by its name where that says who is meant, else by its number."""
        id_ = party_id(ref)
        known = self._known(id_)
        if known is None:
            return self.introduced[id_].name if id_ in self.introduced else ref
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
        self.introduced[made] = Introduced(name)
        return made

    def project(self, id_: str) -> str:
        """A project that was recorded, as one to choose from, also where the reader's list of them ends before it."""
        if id_ not in self.projects and self.tx is not None:
            for project in register.projects(self.tx, [id_]).values():
                self.projects[project.id] = project, project.name
        return id_ if id_ in self.projects else ""

    def units(self, typed: str) -> list[list[int]]:
        """The drums that were meant by number, range, code, or what a scanner reads from a label: ``1-40, 55``.

        Raises InputError for what is no drum, and for a code that is another batch's or was not issued here.
        """
        words = _WORDS.findall(typed)
        codes = [word for word in words if self.named is not None and _is_code(word)]
        if not codes:
            return [[each.first, each.last] for each in parse_units(typed)]
        numbers = [UnitRange(unit, unit) for unit in map(self._drum_coded, codes)]
        rest = " ".join(word for word in words if word not in codes)
        # A label that was scanned twice, or that lies in a range, names the same drum once more.
        return [
            [each.first, each.last] for each in _together([*numbers, *(parse_units(rest) if rest else ())])
        ]

    def unit(self, typed: str) -> int:
        """The one drum that was meant, likewise. Raises InputError."""
        ranges = self.units(typed)
        if len(ranges) != 1 or ranges[0][0] != ranges[0][1]:
            raise InputError.of(
                "wrong-unit-range", "请只填一个盘号", "one number of a drum or coil is wanted", came=typed
            )
        return ranges[0][0]

    def _drum_coded(self, code: str) -> int:
        assert self.named is not None
        found = self.named(code)
        if found is None:
            raise InputError.of("wrong-trace-code", NOT_ISSUED.word.zh, NOT_ISSUED.word.en, came=code)
        batch, unit = found
        if batch != self.batch:
            raise InputError.of(
                "wrong-trace-code",
                "这个码是另一批货的",
                "this code is of another batch",
                came=code,
                remedy=Text("请到那一批的页面上记录", "record it on the page of that batch"),
            )
        if unit is None:
            raise InputError.of(
                "wrong-trace-code",
                "这是整批的码，不是单盘的码",
                "this is the code of the batch, not of a drum",
                came=code,
                remedy=Text("请填盘号，或扫盘上的标签", "give the number of the drum, or scan its own label"),
            )
        return unit

    def _known(self, id_: str) -> KnownParty | None:
        """The party with this id, if the reader may know it."""
        known = None if self.tx is None else register.parties(self.tx, [id_]).get(id_)
        return known if known is not None and self._may_know(known) else None

    def _may_know(self, party: KnownParty) -> bool:
        return self.reader is None or self.reader.may_know(party)

    def _all_called(self, name: str) -> list[KnownParty]:
        """Those of this name that registered themselves or that the reader's own party named. Whom another one merely
        named does not count: any other answer would tell that somebody deals with him."""
        called = [] if self.tx is None else register.parties_by_name(self.tx, name)
        return [party for party in called if party.named_by is None or self.own in party.namers]

    def _by_name(self, name: str) -> str | None:
        """The only registered party of this name, else the one that the reader's own party named so."""
        called = self._all_called(name)
        registered = [party for party in called if party.named_by is None]
        mine = [party for party in called if party.named_by is not None]
        for found in (registered, mine):
            if len(found) == 1:
                return found[0].id
        return None


#: Codes hold hyphens but no spaces, ranges may hold both; what stands between two of them does not matter.
_WORDS = re.compile(r"[^\s,;，；、]+")
#: So long is no number and no range of numbers.
_SHORTEST_CODE = 10


def _is_code(word: str) -> bool:
    """Whether a word is meant as a code: the address on a label, or characters of which some are no digits."""
    text = folded(word)
    return "/c/" in word or (
        len(text) >= _SHORTEST_CODE
        and set(text) <= set(ALPHABET)
        and (not text.isdigit() or len(text) == UNIT_LENGTH)
    )


def _together(ranges: list[UnitRange]) -> list[UnitRange]:
    """Ranges in ascending order, those that meet or overlap as one."""
    joined: list[UnitRange] = []
    for each in sorted(ranges):
        if joined and each.first <= joined[-1].last + 1:
            joined[-1] = UnitRange(joined[-1].first, max(joined[-1].last, each.last))
        else:
            joined.append(each)
    return joined


def _no_party(came: str, *, named: bool) -> InputError:
    if not named:
        return InputError.of(
            "unknown-reference",
            "没有登记过这个单位",
            "no such party is registered",
            came=came,
            remedy=Text(
                "检查信用代码；没有登记的单位，写全名，或全名加空格再加信用代码",
                "check the credit code; of somebody who is not registered give the full name, or that, a space and the code",
            ),
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
