"""Rules about an authority's own units: who registers them, where they stand, and that none gets more than its parent has."""

from __future__ import annotations

from collections.abc import Iterator

from ..clock import shanghai_date
from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .rules_of_speaking import acts_as
from .sites import place_id
from .units import (
    DEEPEST,
    HAVE_A_JURISDICTION,
    REGISTER_THE_REGION,
    jurisdiction_of,
    lacks_a_region,
    those_above,
)
from .values import party_id


def _by_another(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    """The parent says so, or an authority above it, or the operator; never the unit itself."""
    unit = draft.body.part_of
    if unit is None or acts_as(claim, frozenset({"operator"})):
        return None
    id_, parent = party_id(draft.subject.party), party_id(unit.parent)
    before = claim.state.parties[id_]
    if claim.speaker != parent and claim.speaker not in those_above(parent, claim.state.parties):
        return Finding(
            "/body/part_of/parent",
            unit.parent,
            Text("内设机构和派出机构由其上级登记", "a unit is registered by the authority above it"),
            Text("请上级单位或运维登记", "let the parent authority or the operator register it"),
        )
    # Who is above sees all that a unit says: nobody makes a unit of an authority, or of anybody else, that was there before.
    if before is not None and claim.speaker not in those_above(id_, claim.state.parties):
        return Finding(
            "/subject/party",
            draft.subject.party,
            Text(
                "这个单位已经登记，不是本单位的机构",
                "this party was registered before, and is no unit of yours",
            ),
            Text("确属本单位的，请运维登记", "if it is one, let the operator register it"),
        )
    return None


def _misplaced(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    unit = draft.body.part_of
    if unit is None:
        return None
    id_, parent = party_id(draft.subject.party), party_id(unit.parent)
    known = claim.state.parties[parent]
    if HAVE_A_JURISDICTION.isdisjoint(draft.body.roles):
        return Finding(
            "/body/roles",
            ", ".join(draft.body.roles),
            Text("监管部门的机构也是监管部门", "a unit of an authority is an authority too"),
            Text("身份 roles 应含 regulator 或 department", "give regulator or department as a role"),
        )
    if known is None:
        what = Text("上级单位还没有登记", "the parent is not registered")
    elif not known.acts_as(HAVE_A_JURISDICTION):
        what = Text("上级不是监管部门", "the parent is no authority")
    elif id_ in (line := [parent, *those_above(parent, claim.state.parties)]):
        what = Text("一个机构不能是自己的上级", "a unit cannot stand above itself")
    elif len(line) >= DEEPEST:
        what = Text(f"层级超过 {DEEPEST} 级", f"more than {DEEPEST} levels")
    else:
        return None
    return Finding("/body/part_of/parent", unit.parent, what)


def _wider(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    unit = draft.body.part_of
    if unit is None:
        return None
    parent = party_id(unit.parent)
    above = jurisdiction_of(parent, claim.state.parties, shanghai_date(claim.heard_at))
    for where, came, whom in _given(claim, draft):
        if lacks_a_region(parent, claim.state.parties):
            return Finding(
                where,
                came,
                Text(
                    "上级单位登记时没有写所在地区，还没有可以划定的范围",
                    "the parent authority is registered without a region and has nothing yet to give",
                ),
                REGISTER_THE_REGION,
            )
        if whom is None:
            return Finding(where, came, Text("尚未登记", "this is not registered"))
        if not sees(above, whom):
            return Finding(
                where,
                came,
                Text("超出上级单位的辖区", "this lies outside the parent's jurisdiction"),
                Text(
                    "只划定上级自己管辖的地区、单位、地点和项目",
                    "give only regions, parties, places and projects that are the parent's own",
                ),
            )
    return None


def _given(claim: Claim, draft: drafts.PartyDraft) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    unit = draft.body.part_of
    assert unit is not None
    for n, region in enumerate(unit.regions):
        yield f"/body/part_of/regions/{n}", region, frozenset({f"r:{region}"})
    for n, ref in enumerate(unit.supervises):
        party = claim.state.parties[party_id(ref)]
        whom = None if party is None else frozenset({f"p:{party.id}", f"r:{party.region or ''}"})
        yield f"/body/part_of/supervises/{n}", ref, whom
    for n, place in enumerate(unit.places):
        whom = frozenset({f"r:{place.region}", f"s:{place_id(place.region, place.name)}"})
        yield f"/body/part_of/places/{n}", f"{place.region} {place.name}", whom
    for n, named in enumerate(unit.projects):
        project = claim.state.projects[named.id]
        yield f"/body/part_of/projects/{n}", named.number, None if project is None else project.whom


UNIT_OF_ANOTHER = Rule(
    "unit-of-another", Weight.AUTHORITY,
    Text("登记他人的机构", "registers another's unit"),
    Text("机构由其上级单位或运维登记", "a unit is registered by its parent authority or the operator"),
    _by_another,
)  # fmt: skip
UNIT_MISPLACED = Rule(
    "unit-misplaced", Weight.INPUT,
    Text("机构的上级不当", "a unit without a right parent"),
    Text("机构属于一个已登记的监管部门，层级不成环", "a unit belongs to a registered authority, and no tree goes round"),
    _misplaced,
)  # fmt: skip
WIDER_THAN_PARENT = Rule(
    "wider-than-parent", Weight.AUTHORITY,
    Text("超出上级辖区", "wider than the parent"),
    Text("机构的管辖不超过其上级", "a unit has no more than its parent"),
    _wider,
)  # fmt: skip
