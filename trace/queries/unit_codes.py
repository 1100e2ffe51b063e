"""The trace codes of a batch's drums and coils, for its maker alone: whoever has them can print labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.qr import trace_url
from ..codes.trace_code import batch_code_in, unit_code
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Broken, InputError, Text
from ..flow import books
from ..model.state import KnownBatch
from .answers import Listed, cut
from .visibility import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledUnit:
    """One drum or coil: its code as it is stored and as it is printed, and the address in its QR code."""

    unit: int
    code: str
    printed: str
    url: str
    length_mm: int


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

    None for a batch that is not the actor's own. Raises InputError ``wrong-trace-code``, and ``wrong-unit-range``
    for units that the batch does not have. Cost: one HMAC a unit, none for those that are not shown.
    """
    scope = reading(actor, Action.PRINT_LABELS)
    named = batch_code_in(code)
    batch = books.batches(tx, [named.canonical]).get(named.canonical)
    if batch is None or not scope.sees_party(batch.maker):
        return None
    if batch.key_version not in keys:
        raise Broken(f"batch {batch.code} was issued under code key {batch.key_version}, which is not here")
    wanted = units or [UnitRange(group.first, group.last) for group in batch.all_units]
    _require_registered(batch, wanted)
    rows = []
    for unit in islice(_numbers(wanted, after), limit + 1):
        issued = unit_code(named, unit, keys[batch.key_version])
        length_mm = batch.length_of(unit)
        assert length_mm is not None, "units that were asked for are registered"
        rows.append(
            LabelledUnit(
                unit=unit,
                code=issued.canonical,
                printed=issued.printed,
                url=trace_url(public_host, issued),
                length_mm=length_mm,
            )
        )
    return cut(rows, limit, lambda row: str(row.unit))


def _numbers(ranges: Sequence[UnitRange], after: int) -> Iterator[int]:
    for each in ranges:
        yield from range(max(each.first, after + 1), each.last + 1)


def _require_registered(batch: KnownBatch, wanted: Sequence[UnitRange]) -> None:
    """Refuse a range that holds any number which no unit of the batch has."""
    for each in wanted:
        inside = sum(
            max(0, min(each.last, group.last) - max(each.first, group.first) + 1) for group in batch.all_units
        )
        if inside != each.count:
            has = format_units([UnitRange(group.first, group.last) for group in batch.all_units])
            raise InputError.of(
                "wrong-unit-range",
                f"本批登记的盘（卷）号为 {has}",
                f"the units registered of this batch are {has}",
                came=format_units([each]),
                where="units",
                remedy=Text("只写登记过的盘号", "name registered units only"),
            )
