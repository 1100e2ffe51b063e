"""The truth about an invented city: what was planted and must be found, kept beside it so that answers can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .blocks import Block
from .life import Planted
from .street import Uncoded


@dataclass(slots=True)
class Truth:
    """Grows block by block. ``where`` are millimetres of all lots by (state, region)."""

    planted: list[Planted] = field(default_factory=list)
    uncoded: list[Uncoded] = field(default_factory=list)
    where: Counter[tuple[str, str]] = field(default_factory=Counter)
    lots: int = 0

    def add(self, block: Block) -> None:
        self.planted += block.planted
        self.uncoded.append(block.uncoded)
        self.lots += len(block.where)
        for of_lot in block.where:
            self.where.update(of_lot)

    def members(self) -> dict[str, Any]:
        return {
            "lots": self.lots,
            "where": _where(self.where),
            "planted": [
                {
                    "maker": each.maker,
                    "lot": each.lot,
                    "fault": each.fault,
                    "produced_mm": each.produced_mm,
                    "where": _where(each.where),
                    "alerts": [
                        {"rule": alert.rule, **({} if alert.unit is None else {"unit": alert.unit})}
                        for alert in each.alerts
                    ],
                    **each.details,
                }
                for each in self.planted
            ],
            "uncoded": [
                {
                    "goods": each.goods,
                    "batch": dict(each.batch),
                    "region": each.region,
                    "workshop": each.workshop,
                }
                for each in self.uncoded
            ],
        }


def _where(sums: Any) -> list[dict[str, Any]]:
    return [{"state": state, "region": at, "length_mm": mm} for (state, at), mm in sorted(sums.items()) if mm]
