"""Rounds: what is compared takes turns, so that a noisy minute falls on all of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .machine import describe


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.median:10,.0f}  ({min(self.values):,.0f} – {max(self.values):,.0f})"


def begin(method: str) -> None:
    """Say how it is measured and on what."""
    print(f"method: {method}\n{describe()}", flush=True)


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Spread]:
    """Each contender's figure in every round; the order turns, so that nobody always goes first."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(contenders[name]())
    return {name: Spread(tuple(values)) for name, values in taken.items()}


def ratio(of: Spread, to: Spread) -> Spread:
    """Round by round, so that a slow round is compared with its neighbour and not with a quiet one."""
    return Spread(tuple(a / b for a, b in zip(of.values, to.values, strict=True)))


def show(name: str, figure: Spread, unit: str) -> None:
    print(f"{name:<44}{figure} {unit}", flush=True)


def show_ratio(name: str, figure: Spread, aim: float) -> None:
    values = figure.values
    verdict = "reached" if figure.median >= aim else "missed"
    print(
        f"{name:<44}{figure.median:10.2f}  ({min(values):.2f} – {max(values):.2f}); aim ≥ {aim:g}: {verdict}",
        flush=True,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
