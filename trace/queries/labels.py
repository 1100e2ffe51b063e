"""The labels of a batch's drums and coils, for its maker alone, with everything that stands on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..codes.trace_code import batch_code_in
from ..codes.unit_ranges import UnitRange
from ..errors import InputError, Text
from ..flow import books
from ..labels.label import Label
from .names import names_of
from .unit_codes import unit_codes


def labels_of(
    tx: Connection,
    actor: Actor,
    code: str,
    *,
    keys: Mapping[int, bytes],
    public_host: str,
    units: Sequence[UnitRange],
    most: int,
) -> tuple[Label, ...] | None:
    """As `unit_codes`, all at once: raises InputError ``too-large`` besides, where there are more than ``most``."""
    issued = unit_codes(tx, actor, code, keys=keys, public_host=public_host, units=units, limit=most)
    if issued is None:
        return None
    if issued.after is not None:
        raise InputError.of(
            "too-large",
            f"一个文件最多 {most:,} 盘（卷）",
            f"one file holds at most {most:,} units",
            where="units",
            remedy=Text("请分几次，每次写一段盘号", "take them in parts, one range of units at a time"),
        )
    canonical = batch_code_in(code).canonical
    batch = books.batches(tx, [canonical])[canonical]
    maker = names_of(tx, [batch.maker]).party(batch.maker)
    return tuple(
        Label(
            url=row.url,
            printed=row.printed,
            maker=maker,
            designation=batch.designation,
            lot=batch.lot,
            unit=row.unit,
            length_mm=row.length_mm,
            produced_on=batch.produced_on,
        )
        for row in issued.rows
    )
