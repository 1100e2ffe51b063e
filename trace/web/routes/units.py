"""Units 内设机构和派出机构 of an authority: its tree, and the form by which it registers, changes and ends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Connection

from ...auth.actor import Actor
from ...auth.policy import Action, Role
from ...clock import shanghai_date
from ...codes.region_names import region_named
from ...db.engine import begin_read
from ...errors import InputError, Problem, Text
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...ledger.sequencer import Receipt
from ...model.state import KnownParty
from ...queries.grants import UNIT_TYPES, above, region_row, units_of
from ...queries.names import names_of, region_name
from ...registry import register
from ...registry.seat import draft_of_seat, has_a_seat
from ..directory import Directory
from ..projects_typed import project_shown, projects_named
from ..several import at_fields, lines_in, read_each, words_in
from ..views import UnitsPage
from .twice import heard
from .visit import Pages, page_router, see_other

#: The fields of the form, called as the members of the draft that they become.
FIELDS = frozenset(
    {
        "name", "type", "parent", "regions", "supervises", "places", "projects", "valid_from", "valid_to", "address",
    }
)  # fmt: skip

Typed = Annotated[str, Form()]
Id = Annotated[str, Query(max_length=36)]


@dataclass(frozen=True, slots=True)
class _Tree:
    """Whose units are shown, and whether one is being changed."""

    authority: str
    changing: KnownParty | None = None


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    def show(
        request: Request,
        of: str,
        unit: str,
        typed: Mapping[str, str] | None = None,
        confirming: Text | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.MANAGE_UNITS)
            tree = _tree(visit.tx, visit.actor, of, unit)
            units = units_of(visit.tx, visit.actor, tree.authority, today=today)
            of_whom = register.parties(visit.tx, [tree.authority]).get(tree.authority)
            name = "" if of_whom is None else of_whom.name
            known = Directory(visit.tx, visit.actor)
            if typed is None:
                typed = (
                    _as_it_is(visit.tx, tree.changing, known)
                    if tree.changing
                    else _blank(tree.authority, today)
                )
        own = ((tree.authority, Text(name, name)),) if name else ()
        below = tuple((each.id, Text(each.name, each.name)) for each in units if each.id != typed.get("unit"))
        page = UnitsPage(
            frame=visit.frame,
            authority=tree.authority,
            authority_name=name,
            units=units,
            seat=None if of_whom is None or not has_a_seat(of_whom) else region_row(of_whom.region or ""),
            parents=own + below,
            types=tuple(UNIT_TYPES.items()),
            typed=typed,
            changing="" if tree.changing is None else tree.changing.name,
            confirming=confirming,
            problems=problems,
        )
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/units")
    def units(request: Request, of: Id = "", unit: Id = "") -> Response:
        return show(request, of, unit)

    @router.post("/units")
    def change(
        request: Request,
        form_token: Typed = "",
        of: Typed = "",
        unit: Typed = "",
        name: Typed = "",
        type: Typed = "",
        parent: Typed = "",
        regions: Typed = "",
        supervises: Typed = "",
        places: Typed = "",
        projects: Typed = "",
        valid_from: Typed = "",
        valid_to: Typed = "",
        address: Typed = "",
        confirmed: Typed = "",
    ) -> Response:
        """Sent once, the answer says what it would mean; sent on from there it is recorded."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.MANAGE_UNITS)
        typed = {
            "unit": unit or str(uuid4()), "of": of, "name": name, "type": type, "parent": parent, "regions": regions,
            "supervises": supervises, "places": places, "projects": projects, "valid_from": valid_from, "valid_to": valid_to, "address": address,
        }  # fmt: skip
        try:
            with begin_read(pages.ledger) as tx:
                is_known = bool(register.parties(tx, [typed["unit"]]))
                proposal = prepare({"draft": _draft(tx, typed, actor)}, actor)
                meaning = _in_words(tx, proposal.draft.body)
        except InputError as error:
            return show(request, of, unit, typed, problems=at_fields(error.problems, FIELDS))
        changing = typed["unit"] if is_known else ""
        answer = heard(intake, proposal, FIELDS, confirmed=bool(confirmed))
        if isinstance(answer, Receipt):
            return see_other(f"/units?of={of}" if of else "/units")
        return show(request, of, changing, typed, confirming=None if answer else meaning, problems=answer)

    @router.post("/units/seat")
    def seat(request: Request, form_token: Typed = "", of: Typed = "", region: Typed = "") -> Response:
        """Registers in which region the authority is."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.MANAGE_UNITS)
        blank = _blank(of or actor.party, shanghai_date(pages.door.clock()))
        try:
            with begin_read(pages.ledger) as tx:
                tree = _tree(tx, actor, of, "")
                known = register.parties(tx, [tree.authority])[tree.authority]
            draft = draft_of_seat(known, region)
        except InputError as error:
            problems = tuple(replace(each, where="/region", choices=()) for each in error.problems)
            return show(request, of, "", {**blank, "region": region}, problems=problems)
        (answer,) = intake.record_now([prepare({"draft": draft}, actor)])
        if not isinstance(answer, Receipt):
            problems = tuple(replace(each, where="/region") for each in answer.problems)
            return show(request, of, "", {**blank, "region": region}, problems=problems)
        return see_other(f"/units?of={of}" if of else "/units")

    return router


def _tree(tx: Connection, actor: Actor, of: str, unit: str) -> _Tree:
    """The tree that is asked for: of a unit that of the topmost above it. Raises InputError ``not-found`` for one that is not
    the actor's."""
    asked = unit or of or actor.party
    line = above(tx, asked)
    ids = {asked, *(each.id for each in line)}
    if actor.role is not Role.OPERATOR and actor.party not in ids:
        raise not_found("此机构", "this unit", asked)
    known = register.parties(tx, [asked]).get(asked)
    if known is None:
        raise not_found("此机构", "this unit", asked)
    if not unit:
        return _Tree(asked)
    own = actor.party if actor.role is not Role.OPERATOR else line[0].id if line else asked
    return _Tree(of or own, known if known.part_of is not None else None)


def _blank(authority: str, today: date) -> dict[str, str]:
    """From today to the end of the year after next: a unit that is made late in a year does not end with it."""
    return {"parent": authority, "valid_from": f"{today}", "valid_to": f"{today.year + 2}-12-31"}


def _as_it_is(tx: Connection, known: KnownParty, directory: Directory) -> dict[str, str]:
    """A unit as it would be typed."""
    unit = known.part_of
    assert unit is not None
    return {
        "unit": known.id,
        "name": known.name,
        "type": unit.type,
        "parent": unit.parent,
        "regions": " ".join(unit.regions),
        "supervises": "\n".join(map(directory.shown, unit.supervises)),
        "places": "\n".join(f"{region} {name}" for region, name in unit.places),
        "projects": "\n".join(project_shown(each) for each in register.projects(tx, unit.projects).values()),
        "valid_from": "" if unit.valid_from is None else unit.valid_from.isoformat(),
        "valid_to": "" if unit.valid_to is None else unit.valid_to.isoformat(),
        "address": known.address or "",
    }


def _draft(tx: Connection, typed: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """The draft that a filled form says: the party as it is, and of whom it is a unit. Raises InputError at the field that
    nobody can read."""
    known = Directory(tx, actor)
    asked: dict[str, list[Any]] = {
        "regions": read_each("regions", region_named, words_in(typed["regions"])),
        "supervises": read_each("supervises", known.party, lines_in(typed["supervises"])),
        "places": [_place(each) for each in read_each("places", _one_place, lines_in(typed["places"]))],
        "projects": projects_named(tx, actor, typed["projects"]),
    }
    unit = {
        "parent": typed["parent"],
        "type": typed["type"],
        "validity": {"valid_from": typed["valid_from"], "valid_to": typed["valid_to"]},
        **{name: values for name, values in asked.items() if values},
    }
    address = typed["address"].strip()
    return {
        "id": str(uuid4()),
        "kind": "party",
        "subject": {"party": typed["unit"]},
        "body": {
            "name": typed["name"].strip(),
            "roles": ["regulator"],
            "part_of": unit,
            **({"address": address} if address else {}),
        },
    }


def _one_place(line: str) -> str:
    """A region by name or code, and what a place there is called. Raises InputError."""
    region, _, name = line.partition(" ")
    if not name.strip():
        raise InputError.of(
            "wrong-input",
            "请先写所在地区，空一格，再写地点名称",
            "give the region, a space, and what the place is called",
            came=line,
            remedy=Text("例如：411602 五一路建材市场", "for instance: 411602 五一路建材市场"),
        )
    return f"{region_named(region)} {name.strip()}"


def _place(line: str) -> dict[str, str]:
    region, _, name = line.partition(" ")
    return {"region": region, "name": name}


def _in_words(tx: Connection, body: Any) -> Text:
    """What a registration of a unit means, in one sentence."""
    unit = body.part_of
    names = names_of(tx, (unit.parent, *unit.supervises))
    said = [region_name(code) for code in unit.regions]
    said += [
        Text(f"{where.zh} {each.name}", f"{each.name} in {where.en}")
        for each in unit.places
        for where in [region_name(each.region)]
    ]
    said += [Text(name, name) for name in map(names.party, unit.supervises)]
    said += [Text(f"项目 {ref.number}", f"project {ref.number}") for ref in unit.projects]
    parent, kind = names.party(unit.parent), UNIT_TYPES[unit.type]
    what = Text("、".join(each.zh for each in said), ", ".join(each.en for each in said))
    if unit.type == "department":
        what = Text("与上级相同的范围", "all that its parent has")
    elif not said:
        what = Text("暂不划定范围", "nothing yet")
    days = Text(
        f"自 {unit.validity.valid_from} 至 {unit.validity.valid_to}",
        f"from {unit.validity.valid_from} until {unit.validity.valid_to}",
    )
    return Text(
        f"「{body.name}」是{parent}的{kind.zh}，{days.zh}，管辖：{what.zh}",
        f"“{body.name}” is a {kind.en} of {parent} and looks after, {days.en}: {what.en}",
    )
