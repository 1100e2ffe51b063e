"""The region in which an authority is registered 所在地区: how far it reaches, and with that what it may give and grant."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from ..codes.region_names import region_named
from ..errors import InputError, Text
from ..model.state import KnownParty
from ..model.units import HAVE_A_JURISDICTION
from . import register


def authorities_without_a_region(tx: Connection) -> list[KnownParty]:
    """Registered authorities that are no unit of another and have no region: their accounts act, but they give and grant
    nothing. The earliest registered first."""
    table = register.party
    statement = (
        select(table.c.id)
        .where(table.c.region.is_(None), table.c.parent.is_(None), table.c.named_by.is_(None))
        .order_by(table.c.seq)
    )
    ids = list(tx.execute(statement).scalars())
    known = register.parties(tx, ids)
    return [known[id_] for id_ in ids if has_a_seat(known[id_])]


def has_a_seat(known: KnownParty) -> bool:
    """Whether a party's region is a jurisdiction: that of an authority which is no unit of another."""
    return known.acts_as(HAVE_A_JURISDICTION) and known.part_of is None


def draft_of_seat(known: KnownParty, region: str) -> dict[str, Any]:
    """The registration of an authority as it is, with another region, by name or code. Raises InputError for what is no region,
    and for a party that has none to reach."""
    if not has_a_seat(known):
        raise InputError.of(
            "wrong-input",
            "所在地区即辖区，只为没有上级的监管部门登记",
            "a region that is a jurisdiction is registered of authorities that are no unit of another",
            came=known.name,
            where="/party",
            remedy=Text(
                "机构的管辖范围由其上级在「内设机构和派出机构」页面划定",
                "what a unit looks after, its parent gives it",
            ),
        )
    members = {"uscc": known.uscc, "cma": known.cma, "address": known.address}
    return {
        "id": str(uuid4()),
        "kind": "party",
        "subject": {"party": known.id},
        "body": {
            "name": known.name,
            "roles": list(known.roles),
            "region": region_named(region),
            **{name: value for name, value in members.items() if value is not None},
        },
    }
