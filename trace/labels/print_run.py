"""What somebody asks to be printed: which paper, from which position on, how often, moved by how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..errors import InputError, Problem, Text, shown
from ..model.quantities import decimal_of
from .sheet import MM, SHEETS, Sheet

#: Labels in one file, copies counted: some three seconds of one processor, and 2 MB.
MOST_LABELS = 2_000
MOST_COPIES = 20
USUAL = next(iter(SHEETS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRun:
    """``start`` counts from 1. Offsets go to the right and down, for a printer that prints too far left or up."""

    sheet: Sheet
    start: int = 1
    copies: int = 1
    right_cmm: int = 0
    down_cmm: int = 0

    @property
    def most_labels(self) -> int:
        """So many different ones fit into one file."""
        return MOST_LABELS // self.copies


def parse_print_run(
    *, sheet: str = "", start: str = "", copies: str = "", right: str = "", down: str = ""
) -> PrintRun:
    """From what was typed, "" for the usual. Raises InputError ``wrong-input`` with every problem, each ``where`` the
    name of its parameter."""
    problems: list[Problem] = []
    paper = SHEETS.get(sheet or USUAL)
    if paper is None:
        problems.append(
            _wrong(
                "sheet",
                sheet,
                f"标签纸应为 {'、'.join(SHEETS)} 之一",
                f"the paper is one of {', '.join(SHEETS)}",
            )
        )
        paper = SHEETS[USUAL]
    right_most, down_most = paper.furthest_cmm
    run = PrintRun(
        sheet=paper,
        start=_count("start", start, paper.labels, problems),
        copies=_count("copies", copies, MOST_COPIES, problems),
        right_cmm=_offset("right", right, right_most, problems),
        down_cmm=_offset("down", down, down_most, problems),
    )
    if problems:
        raise InputError(*problems)
    return run


def _count(where: str, typed: str, most: int, problems: list[Problem]) -> int:
    number = _number(typed, Decimal(1))
    if number is None or number != int(number) or not 1 <= number <= most:
        problems.append(
            _wrong(where, typed, f"应为 1 到 {most} 的整数", f"a whole number from 1 to {most} is wanted")
        )
        return 1
    return int(number)


def _offset(where: str, typed: str, most_cmm: int, problems: list[Problem]) -> int:
    number = _number(typed, Decimal(0))
    most = Decimal(most_cmm) / MM
    if number is None or abs(number) > most or number * MM != int(number * MM):
        problems.append(
            _wrong(
                where,
                typed,
                f"应为 -{most} 到 {most} 毫米，最多两位小数",
                f"from -{most} to {most} mm with at most two decimals is wanted",
            )
        )
        return 0
    return int(number * MM)


def _number(typed: str, usual: Decimal) -> Decimal | None:
    if not typed.strip():
        return usual
    try:
        return decimal_of(typed)
    except InputError:
        return None


def _wrong(where: str, typed: str, zh: str, en: str) -> Problem:
    return Problem("wrong-input", Text(zh, en), where=where, came=shown(typed))
