"""The monthly form 月报: what its nine rows count, as pure functions over what happened.

The form is versioned data (``monthly_form.csv``): each cell with its row, unit, way of counting and definition, which pages and files
print beside the number. A period is a range of days in Asia/Shanghai, the days on which things happened as their papers say, whenever
they were recorded. Over a longer period, and over several units, the same maker still counts once: what was counted is added up,
never the numbers.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple

from ..errors import InputError, Text, shown
from .deadlines import term_on
from .investigation import KnownCase
from .packaged import packaged

#: Distinct things, events, or amounts of money of distinct things.
How = Literal["things", "events", "fen"]


class Month(NamedTuple):
    """A month of the calendar; ``format`` and ``parse`` are inverse."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Of ``2026-06``. Raises InputError."""
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text, re.ASCII):
            raise InputError.of(
                "wrong-input",
                f"「{shown(text)}」不是月份",
                f"{shown(text)!r} is not a month",
                came=text,
                where="month",
                remedy=Text("写作 2026-06", "written as 2026-06"),
            )
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    def format(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def due(self) -> date:
        """By which day its form is to be submitted: the 30th, and in February its last day. No day off moves it."""
        return min(self.last, self.first + timedelta(term_on("monthly-form", self.first).amount - 1))

    @property
    def after(self) -> Month:
        return Month.of(self.last + timedelta(1))

    @property
    def before(self) -> Month:
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)


#: Where the form is owed: the notice binds the authorities of 周口 (周市监办〔2021〕120号). Others may keep it, and nobody waits for theirs.
OWED_IN = "4116"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of the form. ``row``: 1 to 9, None for what is told beside the form. ``source`` as far as it is not ours."""

    key: str
    row: int | None
    unit: Text
    how: How
    title: Text
    definition: Text
    source: str
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of the form, named by the month since which it is used."""

    id: str
    effective_from: date
    cells: tuple[Cell, ...]

    def cell(self, key: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.key == key), None)


class Happened(NamedTuple):
    """One thing that a cell counts: the event by which it is known, its ledger index, its day, and the thing (a party, a batch, goods, a
    case). ``fen`` of amounts; None where nobody has determined it. ``unit``: whose work it is; what is of two units stands there twice."""

    event: str
    seq: int
    on: date
    thing: str
    fen: int | None = None
    unit: str = ""


#: What each cell counts, by its key; of any period.
Facts = Mapping[str, Sequence[Happened]]


class Figure(NamedTuple):
    """What a cell says. ``value`` is None where all of it is unknown; ``unknown``: of how many things the amount is missing."""

    value: int | None
    unknown: int = 0


@cache
def forms() -> tuple[Form, ...]:
    """Every version, the earliest first."""
    found: dict[tuple[date, str], list[Cell]] = {}
    for row in packaged("monthly_form.csv"):
        cell = Cell(
            key=row["key"],
            row=int(row["row"]) if row["row"] else None,
            unit=Text(row["unit_zh"], row["unit_en"]),
            how=row["how"],  # type: ignore[arg-type]
            title=Text(row["title_zh"], row["title_en"]),
            definition=Text(row["definition_zh"], row["definition_en"]),
            source=row["source"],
            certainty=row["certainty"],
        )
        found.setdefault((date.fromisoformat(row["effective_from"]), row["form"]), []).append(cell)
    return tuple(
        Form(id=id_, effective_from=since, cells=tuple(cells))
        for (since, id_), cells in sorted(found.items())
    )


def form_of(month: Month) -> Form:
    """The version for a month; for one before the first, the first: what is brought in from history has a form too."""
    return next((each for each in reversed(forms()) if each.effective_from <= month.last), forms()[0])


def form_called(id_: str) -> Form | None:
    return next((each for each in forms() if each.id == id_), None)


# --- counting -------------------------------------------------------------------------------------------


def within(happened: Iterable[Happened], first: date, last: date) -> tuple[Happened, ...]:
    """What happened from one day to another, both included, in the order of the ledger."""
    return tuple(sorted(each for each in happened if first <= each.on <= last))


def counted(how: How, happened: Iterable[Happened]) -> Figure:
    """The number of a cell over what it counts; the order makes no difference."""
    if how == "events":
        return Figure(len({each.event for each in happened}))
    if how == "things":
        return Figure(len({each.thing for each in happened}))
    amounts = {each.thing: each.fen for each in sorted(happened, key=lambda each: each.seq)}
    known = [fen for fen in amounts.values() if fen is not None]
    unknown = len(amounts) - len(known)
    return Figure(None if unknown and not known else sum(known), unknown)


def of_unit(facts: Facts, unit: str) -> Facts:
    """What is the work of one unit alone."""
    return {key: [each for each in happened if each.unit == unit] for key, happened in facts.items()}


def figures(form: Form, facts: Facts, first: date, last: date) -> dict[str, Figure]:
    """Every number of the form for a period."""
    return {cell.key: counted(cell.how, within(facts.get(cell.key, ()), first, last)) for cell in form.cells}


# --- what counts where ------------------------------------------------------------------------------------


def row_of_inspection(party: str, roles: Iterable[str], checklist: str | None) -> str:
    """In which cell an inspection counts: by the list that it answered, else by what its party is registered as."""
    used = (checklist or "").partition("/")[0]
    if party and used in _BY_CHECKLIST:
        return _BY_CHECKLIST[used]
    return next((key for role, key in _BY_ROLE if party and role in roles), "elsewhere")


_BY_CHECKLIST: Mapping[str, str] = {"maker": "makers", "distributor": "dealers"}
_BY_ROLE = (("manufacturer", "makers"), ("distributor", "dealers"))


class SampleReport(NamedTuple):
    """A report on a batch or goods that were sampled. ``sampling``: the number of the sampling that it names, "" for none. ``conclusion``:
    of the whole, else what its verdicts on each value come to."""

    event: str
    seq: int
    on: date
    thing: str
    is_retest: bool
    sampling: str
    conclusion: str


def failed_among(samplings: Mapping[str, Iterable[str]], tests: Iterable[SampleReport]) -> list[Happened]:
    """The failing reports that count: of each thing that was sampled the first one, on its day, unless a later retest was passed.

    ``samplings``: the numbers of its samplings, by the thing. A report that names the sampling of somebody else is somebody else's.
    """
    own = _own(samplings, tests)
    found: dict[str, Happened] = {}
    for test in own:
        if test.conclusion == "fail":
            found.setdefault(test.thing, Happened(test.event, test.seq, test.on, test.thing))
        elif test.is_retest and test.conclusion == "pass":
            found.pop(test.thing, None)
    return list(found.values())


def without_conclusion(
    samplings: Mapping[str, Iterable[str]], tests: Iterable[SampleReport]
) -> list[Happened]:
    """The reports on what was sampled that say neither passed nor failed."""
    own = _own(samplings, tests)
    return [
        Happened(each.event, each.seq, each.on, each.thing)
        for each in own
        if each.conclusion not in ("pass", "fail")
    ]


def _own(samplings: Mapping[str, Iterable[str]], tests: Iterable[SampleReport]) -> list[SampleReport]:
    numbers = {thing: frozenset(some) for thing, some in samplings.items()}
    return sorted(
        (each for each in tests if each.thing in numbers and each.sampling in {"", *numbers[each.thing]}),
        key=lambda each: (each.on, each.seq),
    )


def of_case(case: KnownCase) -> dict[str, Happened]:
    """What a case adds to the cells of whoever filed it: that it was filed, the value of its goods, its penalty, and that this was paid."""
    filed = Happened(case.event, case.seq, case.filed_on, case.id, unit=case.authority)
    found = {case.category: filed, "goods-value": filed._replace(fen=case.value_fen)}
    decision, executed = case.decision, case.last("executed")
    if decision is not None and case.penalised_fen is not None:
        amount = case.penalised_fen
        found["penalised"] = Happened(
            decision.event, decision.seq, decision.on, case.id, amount, case.authority
        )
        if executed is not None:
            found["collected"] = Happened(
                executed.event, executed.seq, executed.on, case.id, amount, case.authority
            )
    return found


# --- shown ------------------------------------------------------------------------------------------------

#: 万元 in fen.
_WAN_FEN = 1_000_000


def show_wan(fen: int) -> str:
    """An amount in 万元, exactly and without zeros at the end."""
    whole, rest = divmod(fen, _WAN_FEN)
    return f"{whole:,}.{rest:06}".rstrip("0").rstrip(".")
