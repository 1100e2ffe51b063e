"""What an address asks to be traced, and the address of what is traced: the same words in programs' and people's addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from ..codes.trace_code import batch_code_in
from ..codes.unit_ranges import UnitRange, format_units, parse_units
from ..errors import InputError
from ..queries.starting_points import (
    AtProject,
    Direction,
    HeldBy,
    OfBatch,
    OfCertificate,
    OfEvent,
    OfGoods,
    OfMaker,
    OfMaterial,
    OfProduct,
    OfUnit,
    OfUnits,
    Subject,
)

#: What names each starting point in an address, and how it is read from there.
_STARTS: tuple[tuple[frozenset[str], Callable[[Mapping[str, str]], Subject]], ...] = (
    (frozenset({"batch"}), lambda asked: OfBatch(_code(asked))),
    (frozenset({"batch", "unit"}), lambda asked: OfUnit(_code(asked), int(asked["unit"]))),
    (frozenset({"batch", "units"}), lambda asked: units_of(_code(asked), asked["units"])),
    (frozenset({"maker"}), lambda asked: OfMaker(asked["maker"])),
    (frozenset({"maker", "product"}), lambda asked: OfProduct(asked["maker"], asked["product"])),
    (frozenset({"maker", "certificate"}), lambda asked: OfCertificate(asked["maker"], asked["certificate"])),
    (frozenset({"material"}), lambda asked: OfMaterial(asked["material"])),
    (frozenset({"goods"}), lambda asked: OfGoods(asked["goods"])),
    (frozenset({"event"}), lambda asked: OfEvent(asked["event"])),
    (frozenset({"project"}), lambda asked: AtProject(asked["project"])),
    (frozenset({"holder"}), lambda asked: HeldBy(asked["holder"])),
    (frozenset({"holder", "region"}), lambda asked: HeldBy(asked["holder"], asked["region"])),
)


def subject_in(asked: Mapping[str, str | int | None]) -> Subject:
    """The starting point that is named by these, the rest of which is None. Raises InputError ``wrong-input`` where they name none
    or several, and for a code that is none."""
    given = {name: str(value) for name, value in asked.items() if value is not None}
    for names, read in _STARTS:
        if names == given.keys():
            return read(given)
    raise InputError.of(
        "wrong-input",
        "请只写一个起点：batch（可加 unit 或 units）、maker（可加 product 或 certificate）、material、goods、event、project 或 holder（可加 region）",
        "give one starting point: batch (with unit or units), maker (with product or certificate), material, goods, event, project or "
        "holder (with region)",
        where="batch",
    )


def named_by(subject: Subject) -> dict[str, str]:
    """Inverse of `subject_in`."""
    match subject:
        case OfBatch(code):
            return {"batch": code}
        case OfUnit(code, unit):
            return {"batch": code, "unit": str(unit)}
        case OfUnits(code, ranges):
            return {"batch": code, "units": written(ranges)}
        case OfMaker(maker):
            return {"maker": maker}
        case OfProduct(maker, number):
            return {"maker": maker, "product": number}
        case OfCertificate(holder, number):
            return {"maker": holder, "certificate": number}
        case OfMaterial(lot):
            return {"material": lot}
        case OfGoods(id_):
            return {"goods": id_}
        case OfEvent(id_):
            return {"event": id_}
        case AtProject(id_):
            return {"project": id_}
        case HeldBy(party, region):
            return {"holder": party, **({"region": region} if region else {})}


def units_of(code: str, units: str) -> OfUnits:
    """Some drums of a batch, typed as ``1-4, 7``. Raises InputError ``wrong-unit-range``."""
    return OfUnits(code, tuple((some.first, some.last) for some in parse_units(units)))


def written(ranges: tuple[tuple[int, int], ...]) -> str:
    """Inverse of how `units_of` reads them."""
    return format_units(UnitRange(first, last) for first, last in ranges)


def trace_href(subject: Subject, direction: Direction, up_to: int | None, form: str = "json") -> str:
    """Where programs, and whoever saves a file, find the same trace: ``form`` json, xlsx or graphml."""
    more = {"direction": direction, **({} if up_to is None else {"up_to": str(up_to)})}
    form_asked = {} if form == "json" else {"as": form}
    return f"/api/v1/trace?{urlencode({**named_by(subject), **more, **form_asked})}"


def _code(asked: Mapping[str, str]) -> str:
    return batch_code_in(asked["batch"]).canonical
