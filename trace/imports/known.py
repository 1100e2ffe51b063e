"""What the ledger knows of the parties, lots and projects that a file mentions: read once, before its rows are.

The functions that turn rows into drafts get this value and look at nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..auth import grants
from ..auth.actor import Actor
from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Text
from ..flow import books
from ..model.parts import ProjectRef
from ..model.state import KnownParty, KnownProject
from ..model.values import party_id
from ..registry import register
from .cells import date_of
from .columns import BATCHES, FACTORY_TESTS, LABORATORY_RESULTS, PRODUCTS, PROJECTS
from .rows import Line, Table

#: Where a table names a party: the field of its name and that of its credit code.
PARTY_FIELDS = (
    ("maker", "maker_uscc"),
    ("buyer", "buyer_uscc"),
    ("sender", "sender_uscc"),
    ("owner", "owner_uscc"),
    ("contractor", "contractor_uscc"),
    ("supervisor", "supervisor_uscc"),
    ("supplier", "supplier_uscc"),
    ("laboratory", ""),
    ("issuer", ""),
)

#: What to do about a maker that the ledger does not know: its products say who it is, and nothing else can.
REGISTER_FIRST = Text(
    "请先导入写明生产企业及其统一社会信用代码的产品表（可与本表在同一文件），或先由该企业登记。",
    "First import a table of products that names the maker and its unified social credit code (it may be in the "
    "same file), or let the maker register.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``lots`` goes from lot number to the makers that have registered it, ``concerned`` from (maker, lot) to the
    parties that the batch concerns, for lots of several makers only. ``projects`` by id; ``authorities`` by day:
    who lets the one that enters this file enter samplings."""

    parties: Mapping[str, KnownParty]
    by_name: Mapping[str, Sequence[KnownParty]]
    by_cma: Mapping[str, Sequence[KnownParty]]
    lots: Mapping[str, Sequence[str]]
    concerned: Mapping[tuple[str, str], frozenset[str]]
    projects: Mapping[str, KnownProject]
    manufacturers: Sequence[KnownParty]
    authorities: Mapping[date, Sequence[KnownParty]]

    def project(self, keeper: str, number: str) -> KnownProject | None:
        return self.projects.get(ProjectRef(keeper=keeper, number=number).id)


def party_meant(tx: Connection, text: str, actor: Actor) -> KnownParty:
    """The party that a person means by a credit code, an id, a CMA number or a whole name, among those that the actor may know.

    Raises InputError ``unknown-reference`` where there is none or where several have that name.
    """
    wanted = text.strip()
    if is_uscc(wanted):
        found = list(register.parties(tx, [party_id(parse_uscc(wanted))]).values())
    elif re.fullmatch(r"\d{12}", wanted):
        found = register.party_by_number(tx, cma=wanted)
    else:
        found = list(register.parties(tx, [wanted]).values()) or register.parties_by_name(tx, wanted)
    found = [party for party in found if actor.may_know(party)]
    if not is_uscc(wanted):
        found = _registered(found) or found
    if len(found) == 1:
        return found[0]
    several = len(found) > 1
    raise InputError.of(
        "unknown-reference",
        "有几个同名单位" if several else "没有登记这个单位",
        "several parties have this name" if several else "no such party is registered",
        came=text,
        remedy=Text("请写统一社会信用代码或单位编号。", "Give its unified social credit code, or its id.")
        if several or not is_uscc(wanted)
        else REGISTER_FIRST,
    )


def load_known(tx: Connection, tables: Sequence[Table], actor: Actor, answer: KnownParty | None) -> Known:
    """Everything that turning these tables into drafts may ask for."""
    lines = [line for table in tables for line in table.lines()]
    parties = _parties_mentioned(tx, lines)
    if answer is not None:
        parties[answer.id] = answer
    parties |= register.parties(tx, {actor.party} - parties.keys())
    by_cma = {cma: register.party_by_number(tx, cma=cma) for cma in _texts(lines, "cma") if cma.isascii()}
    for found in by_cma.values():
        parties |= {party.id: party for party in found}
    projects = _projects_mentioned(tx, tables, lines, {actor.party, *parties})
    lots = _lots_mentioned(tx, tables)
    others = {id_ for makers in lots.values() for id_, _ in makers}
    for project in projects.values():
        others |= {id_ for id_ in (project.keeper, project.owner, project.supervisor) if id_ is not None}
    parties |= register.parties(tx, others - parties.keys())
    by_name: dict[str, list[KnownParty]] = {}
    for party in sorted(parties.values(), key=lambda party: party.seq):
        by_name.setdefault(party.name, []).append(party)
    return Known(
        parties=parties,
        by_name=by_name,
        by_cma=by_cma,
        lots={lot: tuple(maker for maker, _ in makers) for lot, makers in lots.items()},
        concerned=_concerned(tx, lots),
        projects=projects,
        manufacturers=_manufacturers(tx, tables),
        authorities=_authorities(tx, lines, actor, by_cma),
    )


def _registered(parties: Iterable[KnownParty]) -> list[KnownParty]:
    """Those that speak for themselves, and are not merely named by others."""
    return [party for party in parties if party.named_by is None]


def _texts(lines: Iterable[Line], *fields: str) -> set[str]:
    return {
        text
        for line in lines
        for name in fields
        if name in line.table.headings
        if (text := line.glance(name))
    }


def _parties_mentioned(tx: Connection, lines: Sequence[Line]) -> dict[str, KnownParty]:
    codes = _texts(lines, *(uscc for _, uscc in PARTY_FIELDS if uscc))
    typed = {
        line.glance_party(name) for line in lines for name, _ in PARTY_FIELDS if name in line.table.headings
    }
    codes |= {each.uscc for each in typed if each.uscc is not None}
    found = register.parties(tx, {party_id(parse_uscc(code)) for code in codes if is_uscc(code)})
    for name in sorted({each.name for each in typed if each.name}):
        found |= {party.id: party for party in register.parties_by_name(tx, name)}
    return found


def _projects_mentioned(
    tx: Connection, tables: Sequence[Table], lines: Sequence[Line], keepers: Iterable[str]
) -> dict[str, KnownProject]:
    """Projects of these numbers: the parties' that the file mentions; anybody's where it lists no projects."""
    numbers = _texts(lines, "project")
    if not numbers:
        return {}
    if any(table.kind is PROJECTS for table in tables):
        ids = {
            ProjectRef(keeper=keeper, number=number).id for keeper in keepers if keeper for number in numbers
        }
        return register.projects(tx, ids)
    return {project.id: project for project in register.all_projects(tx) if project.number in numbers}


def _lots_mentioned(tx: Connection, tables: Sequence[Table]) -> dict[str, list[tuple[str, str]]]:
    """(maker, code) of the batches on the ledger by lot. A register of products says itself whose its lots are."""
    says_maker = any(table.kind is PRODUCTS for table in tables)
    asking = (
        line
        for table in tables
        if table.kind is not BATCHES and not (says_maker and table.kind is FACTORY_TESTS)
        for line in table.lines()
    )
    return books.codes_of_lots(tx, _texts(asking, "lot"))


def _concerned(
    tx: Connection, lots: Mapping[str, list[tuple[str, str]]]
) -> dict[tuple[str, str], frozenset[str]]:
    shared = {(maker, lot): code for lot, makers in lots.items() if len(makers) > 1 for maker, code in makers}
    involved = books.involved_in(tx, list(shared.values()))
    return {
        key: frozenset(who.removeprefix("p:") for who in involved[code] if who.startswith("p:"))
        for key, code in shared.items()
    }


def _manufacturers(tx: Connection, tables: Sequence[Table]) -> list[KnownParty]:
    """Who may be asked for: only where a file of batches leaves its maker out."""
    silent = any(table.kind is BATCHES and not _names_makers(table) for table in tables)
    if not silent or any(table.kind is PRODUCTS and _names_makers(table) for table in tables):
        return []
    return [party for party in register.all_parties(tx) if "manufacturer" in party.roles]


def _names_makers(table: Table) -> bool:
    return "maker" in table.headings or "maker_uscc" in table.headings


def _authorities(
    tx: Connection, lines: Sequence[Line], actor: Actor, by_cma: Mapping[str, Sequence[KnownParty]]
) -> dict[date, list[KnownParty]]:
    """Regulators that let the one who enters this (at the machine: the laboratory) enter samplings, by day."""
    sampled = [line for line in lines if line.table.kind is LABORATORY_RESULTS]
    pens = {actor.party} if actor.via != "cli" else {party.id for some in by_cma.values() for party in some}
    return {
        day: [
            party
            for party in register.parties(
                tx, {id_ for pen in pens for id_ in grants.entered_for(tx, pen, "sampling", day)}
            ).values()
            if "regulator" in party.roles and party.region is not None
        ]
        for day in sorted(set(_days(sampled)))
    }


def _days(lines: Iterable[Line]) -> Iterator[date]:
    for line in lines:
        try:
            yield date_of(line.cell("date"))
        except InputError:
            continue
