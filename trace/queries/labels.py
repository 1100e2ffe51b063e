"""The labels of a batch's drums and coils, for its maker alone, with everything that stands on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..codes.unit_ranges import UnitRange
from ..errors import InputError, Text
from ..labels.label import Label
from .names import names_of
from .unit_codes import coded, unit_codes


def labels_of(
    tx: Connection,
    actor: Actor,
    code: str,
    *,
    keys: Mapping[int, bytes],
    public_host: str,
    units: Sequence[UnitRange],
    most: int,
    is_preview: bool = False,
) -> tuple[Label, ...] | None:
    """As `unit_codes`, all at once; blank ones of a reserved code. Raises InputError ``too-large`` besides, where there are
    more than ``most``."""
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
    known = coded(tx, actor, code)
    assert known is not None
    batch = known.batch
    if batch is None:
        return tuple(
            Label(url=row.url, printed=row.printed, unit=row.unit, is_preview=is_preview)
            for row in issued.rows
        )
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
            is_preview=is_preview,
        )
        for row in issued.rows
    )
