"""Rounds: what is compared takes turns, so that a noisy minute falls on all of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .load import Answered
from .machine import describe


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over several rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{_figure(self.median):>10}  ({_figure(min(self.values))} – {_figure(max(self.values))})"


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


def share_of(figure: Spread, aim: float) -> Spread:
    return Spread(tuple(value / aim for value in figure.values))


def waits(rounds: Sequence[Answered]) -> str:
    """How long requests waited, over all rounds."""
    seconds = [each for one in rounds for each in one.seconds]
    return f"p50 {percentile(seconds, 0.5) * 1000:.1f} ms, p99 {percentile(seconds, 0.99) * 1000:.1f} ms"


def show(name: str, figure: Spread, unit: str) -> None:
    print(f"{name:<44}{figure} {unit}", flush=True)


def show_ratio(name: str, figure: Spread, aim: float) -> None:
    show(name, figure, f"  aim ≥ {aim:g}: {'reached' if figure.median >= aim else 'missed'}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
