"""The trace codes of a batch's drums and coils, for its maker alone: whoever has them can print labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.qr import trace_url
from ..codes.trace_code import BatchCode, batch_code_in, unit_code
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Broken, InputError, Text
from ..flow import books
from ..model.state import KnownBatch
from ..registry import register
from .answers import Listed, cut
from .visibility import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledUnit:
    """One drum or coil: its code as it is stored and as it is printed, and the address in its QR code.

    ``length_mm`` is unknown under a code that is only reserved.
    """

    unit: int
    code: str
    printed: str
    url: str
    length_mm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What a maker may print labels of: a batch of its own, or (``batch`` None) a code that it has reserved.

    ``units``: those that there are, or that it was reserved for.
    """

    code: BatchCode
    key_version: int
    units: tuple[UnitRange, ...]
    batch: KnownBatch | None


def coded(tx: Connection, actor: Actor, code: str) -> Coded | None:
    """The actor's own batch or reserved code of this name; None for everything else. Raises InputError
    ``wrong-trace-code``."""
    scope = reading(actor, Action.PRINT_LABELS)
    named = batch_code_in(code)
    batch = books.batches(tx, [named.canonical]).get(named.canonical)
    if batch is not None:
        if not scope.sees_party(batch.maker):
            return None
        units = tuple(UnitRange(group.first, group.last) for group in batch.all_units)
        return Coded(code=named, key_version=batch.key_version, units=units, batch=batch)
    reserved = register.reserved_codes(tx, [named.canonical]).get(named.canonical)
    if reserved is None or not scope.sees_party(reserved.maker):
        return None
    return Coded(
        code=named, key_version=reserved.key_version, units=(UnitRange(1, reserved.units),), batch=None
    )


def unit_codes(
    tx: Connection,
    actor: Actor,
    code: str,
    *,
    keys: Mapping[int, bytes],
    public_host: str,
    units: Sequence[UnitRange] = (),
    limit: int = 50,
    after: int = 0,
) -> Listed[LabelledUnit] | None:
    """Codes of these units of a batch (of all, if none are named), from behind unit ``after``, in order.

    None for a batch or reserved code that is not the actor's own. Raises InputError ``wrong-trace-code``, and ``wrong-unit-range``
    for units that the batch does not have. Cost: one HMAC a unit, none for those that are not shown.
    """
    known = coded(tx, actor, code)
    if known is None:
        return None
    if known.key_version not in keys:
        raise Broken(
            f"{known.code.canonical} was issued under code key {known.key_version}, which is not here"
        )
    wanted = units or known.units
    require_units(known, wanted)
    rows = []
    for unit in islice(_numbers(wanted, after), limit + 1):
        issued = unit_code(known.code, unit, keys[known.key_version])
        rows.append(
            LabelledUnit(
                unit=unit,
                code=issued.canonical,
                printed=issued.printed,
                url=trace_url(public_host, issued),
                length_mm=None if known.batch is None else known.batch.length_of(unit),
            )
        )
    return cut(rows, limit, lambda row: str(row.unit))


def _numbers(ranges: Sequence[UnitRange], after: int) -> Iterator[int]:
    for each in ranges:
        yield from range(max(each.first, after + 1), each.last + 1)


def require_units(known: Coded, wanted: Sequence[UnitRange]) -> None:
    """Refuse a range that holds any number which no unit has."""
    for each in wanted:
        inside = sum(
            max(0, min(each.last, group.last) - max(each.first, group.first) + 1) for group in known.units
        )
        if inside != each.count:
            has = format_units(known.units)
            raise InputError.of(
                "wrong-unit-range",
                f"本批登记的盘（卷）号为 {has}",
                f"the units registered of this batch are {has}",
                came=format_units([each]),
                where="units",
                remedy=Text("只写登记过的盘号", "name registered units only"),
            )
