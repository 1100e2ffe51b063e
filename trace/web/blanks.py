"""Blanks of a form: how each value of a draft is typed by a person, and how what was typed is read back.

Every way is a pair of inverses, `Way.show` and `Way.read`. A blank stands under the JSON pointer of its value in
the draft (without the first slash), so that what a rule finds at ``/body/units`` stands beside the field of that
name. What a person leaves as it was shown keeps its value to the last digit, and members of a draft for which the
form has no blank stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..codes.region_names import region_named
from ..codes.regions import full_name
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Problem, Text, shown
from ..model.indicators import INDICATORS
from ..model.quantities import (
    kilograms_to_g,
    measured,
    metres_to_mm,
    show_kilograms,
    show_metres,
    show_yuan,
    yuan_to_fen,
)
from ..model.values import business_id, party_id
from .directory import Directory

Options = tuple[tuple[str, Text], ...]
#: How a blank looks: one line, several, a list to choose from, a few large choices, boxes to tick, one box, a day.
#: ``code`` and ``codes``: a line into which a label can be scanned, several one after another.
Look = Literal["line", "code", "codes", "prose", "choose", "pick", "ticks", "tick", "day"]
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a value is typed. ``options`` are those to choose from, of a line those that are proposed; ``inputmode`` says
    which keys a phone shows."""

    show: Callable[[Any, Directory], str]
    read: Callable[[str, Directory], Any]
    look: Look = "line"
    options: Callable[[Directory], Options] = lambda _: ()
    inputmode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One value to fill in, at a pointer of the draft without its first slash."""

    at: str
    label: Text
    way: Way
    hint: Text | None = None
    example: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row that is there whatever is typed, called by its ``label``; ``fixed``: what it has beside what is typed."""

    label: Text
    fixed: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Several values of one form, a row for each; ``spare`` rows stand empty below, and more can be had if it ``grows``.

    ``fixed``: what every row has. ``named``: these rows and no others, each of them to be filled in.
    """

    at: str
    label: Text
    blanks: tuple[Blank, ...]
    spare: int = 2
    grows: bool = False
    hint: Text | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[NamedRow, ...] = ()


Part = Blank | Rows

#: More rows are not shown.
_MOST_ROWS = 300
#: So many come at once where more are asked for, and so many are typed by hand at most: what a form may hold is bounded.
_MORE_ROWS, _MOST_TYPED_ROWS = 5, 100


# --- ways ---------------------------------------------------------------------------------------------


def _same(value: Any, _: Directory) -> str:
    return str(value)


def _plain(show: Callable[[Any], str], read: Callable[[str], Any], **more: Any) -> Way:
    return Way(show=lambda value, _: show(value), read=lambda text, _: read(text), **more)


def _whole_number(text: str) -> int:
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise InputError.of("wrong-quantity", "请填整数", "a whole number is wanted", came=text)
    return int(digits)


def _show_units(ranges: Iterable[Sequence[int]]) -> str:
    return format_units([UnitRange(first, last) for first, last in ranges])


def _lines(text: str) -> list[str]:
    return [line for line in (each.strip() for each in text.splitlines()) if line]


WORDS = _plain(str, str)
CODE = _plain(str, str, look="code")
PROSE = _plain(str, lambda text: text, look="prose")
NUMBER = _plain(str, str)
METRES = _plain(show_metres, metres_to_mm, inputmode="decimal")
KILOGRAMS = _plain(show_kilograms, kilograms_to_g, inputmode="decimal")
YUAN = _plain(show_yuan, yuan_to_fen, inputmode="decimal")
MEASURED = _plain(str, measured, inputmode="decimal")
WHOLE = _plain(str, _whole_number, inputmode="numeric")
UNITS = Way(
    show=lambda ranges, _: _show_units(ranges), read=lambda text, known: known.units(text), look="codes"
)
UNIT = Way(show=_same, read=lambda text, known: known.unit(text), look="code", inputmode="numeric")
DAY = _plain(str, str, look="day")
LINES = _plain("\n".join, _lines, look="prose")
TICK = _plain(lambda value: "yes" if value else "", lambda text: text == "yes", look="tick")
REGION = _plain(full_name, region_named)
PARTY = Way(show=lambda ref, known: known.shown(ref), read=lambda text, known: known.party(text))
PARTIES = Way(
    show=lambda refs, known: "\n".join(map(known.shown, refs)),
    read=lambda text, known: list(dict.fromkeys(map(known.party, _lines(text)))),
    look="prose",
)


INDICATOR = Way(
    show=_same,
    read=lambda text, _: text,
    options=lambda _: tuple((each.title.zh, each.title) for each in INDICATORS),
)


def choose(options: Mapping[str, Text]) -> Way:
    """One of a fixed vocabulary."""
    listed = tuple(options.items())
    return Way(
        show=_same, read=lambda text, _: _one_of(options, text), look="choose", options=lambda _: listed
    )


def _one_of(options: Mapping[str, Text], chosen: str) -> str:
    if chosen not in options:
        raise InputError.of(
            "wrong-input",
            "没有这个选项",
            "there is no such choice",
            came=chosen,
            remedy=Text(
                f"可选：{'、'.join(each.zh for each in options.values())}",
                f"choose one of: {', '.join(each.en for each in options.values())}",
            ),
        )
    return chosen


def pick(options: Mapping[str, Text]) -> Way:
    """One of a few, each large enough for a thumb."""
    return replace(choose(options), look="pick")


def tick_some(options: Mapping[str, Text]) -> Way:
    """Any of a fixed vocabulary."""
    listed = tuple(options.items())
    return Way(
        show=lambda chosen, _: ",".join(chosen),
        read=lambda text, _: [_one_of(options, each) for each in text.split(",")],
        look="ticks",
        options=lambda _: listed,
    )


def _project_options(known: Directory) -> Options:
    return tuple((id_, Text(name, name)) for id_, (_, name) in known.projects.items())


def _project(text: str, known: Directory) -> dict[str, str]:
    if text not in known.projects:
        raise InputError.of("unknown-reference", "请选择一个项目", "choose a project", came=text)
    project, _ = known.projects[text]
    return {"keeper": project.keeper, "number": project.number}


def _show_project(ref: Mapping[str, str], known: Directory) -> str:
    return known.project(business_id("project", party_id(ref["keeper"]), ref["number"]))


PROJECT = Way(show=_show_project, read=_project, look="choose", options=_project_options)
PROJECTS = Way(
    show=lambda refs, known: ",".join(filter(None, (_show_project(ref, known) for ref in refs))),
    read=lambda text, known: [_project(each, known) for each in text.split(",")],
    look="ticks",
    options=_project_options,
)


# --- from a draft to what is shown -------------------------------------------------------------------


def typed_of(parts: Iterable[Part], draft: Mapping[str, Any], known: Directory) -> dict[str, str]:
    """What stands in each blank when a draft is shown in the form."""
    typed: dict[str, str] = {}
    for blank in blanks_of(parts, lambda rows: len(_at(draft, rows.at) or ())):
        value = _at(draft, blank.at)
        typed[blank.at] = "" if value is None else blank.way.show(value, known)
    return typed


def blanks_of(parts: Iterable[Part], count: Callable[[Rows], int]) -> Iterator[Blank]:
    """Every blank, those of rows once for each of ``count`` rows."""
    for part in parts:
        if isinstance(part, Blank):
            yield part
            continue
        for n in range(count(part)):
            yield from row_of(part, n)


def row_of(rows: Rows, n: int) -> tuple[Blank, ...]:
    """The blanks of one row, at their places in the draft."""
    return tuple(replace(blank, at=f"{rows.at}/{n}/{blank.at}") for blank in rows.blanks)


def row_count(rows: Rows, typed: Typed) -> int:
    """How many rows to show: those with something in them and the spare ones, and no fewer than there were. Of persons in one
    role, where ``spare`` is how many are wanted, one more than are named."""
    if rows.named:
        return len(rows.named)
    prefix = f"{rows.at}/"
    there, filled = 0, 0
    for name, text in typed.items():
        number = name.removeprefix(prefix).partition("/")[0]
        if name.startswith(prefix) and number.isascii() and number.isdigit():
            there = max(there, int(number[:9]) + 1)
            filled = max(filled, int(number[:9]) + 1) if text.strip() else filled
    wanted = max(rows.spare, filled + 1) if rows.fixed else filled + rows.spare
    return min(_MOST_ROWS, max(there, wanted))


def with_more_rows(parts: Iterable[Part], typed: Typed, at: str) -> dict[str, str]:
    """What was typed, with some more empty rows at this place: how rows are added where no script runs."""
    more = dict(typed)
    for rows in parts:
        if isinstance(rows, Rows) and rows.at == at and rows.grows:
            there = row_count(rows, typed)
            last = max(there, min(there + _MORE_ROWS, _MOST_TYPED_ROWS)) - 1
            more.setdefault(f"{at}/{last}/{rows.blanks[0].at}", "")
    return more


# --- from what was typed to a draft ------------------------------------------------------------------


def read_typed(
    parts: Sequence[Part], typed: Typed, before: Mapping[str, Any], known: Directory
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The draft that was meant: ``before`` with what was typed in its blanks, and everything that is wrong with it.

    An emptied blank takes its member out of the draft; a row without anything in it is none.
    """
    draft = deepcopy(dict(before))
    problems: list[Problem] = []
    for part in parts:
        if isinstance(part, Blank):
            value = _read(part, typed, before, known, problems)
            _put(draft, part.at, value)
        else:
            _put(draft, part.at, _read_rows(part, typed, before, known, problems))
    return draft, tuple(problems)


def compacted(parts: Iterable[Part], typed: Typed) -> dict[str, str]:
    """What was typed, with the empty rows moved to the end: rows stand then where the draft has them."""
    moved = dict(typed)
    for rows in (part for part in parts if isinstance(part, Rows) and not part.named):
        texts = [
            {blank.at: typed.get(f"{rows.at}/{n}/{blank.at}", "") for blank in rows.blanks}
            for n in range(row_count(rows, typed))
        ]
        filled = [row for row in texts if any(text.strip() for text in row.values())]
        for n in range(len(texts)):
            for blank in rows.blanks:
                moved[f"{rows.at}/{n}/{blank.at}"] = filled[n][blank.at] if n < len(filled) else ""
    return moved


def _read_rows(
    rows: Rows, typed: Typed, before: Mapping[str, Any], known: Directory, problems: list[Problem]
) -> list[dict[str, Any]] | None:
    found = []
    for n in range(row_count(rows, typed)):
        blanks = row_of(rows, n)
        if not rows.named and not any(typed.get(blank.at, "").strip() for blank in blanks):
            continue
        row: dict[str, Any] = {**rows.fixed, **(rows.named[n].fixed if rows.named else {})}
        for blank, inner in zip(blanks, rows.blanks, strict=True):
            _put(row, inner.at, _read(blank, typed, before, known, problems))
        found.append(row)
    return found or None


def _read(
    blank: Blank, typed: Typed, before: Mapping[str, Any], known: Directory, problems: list[Problem]
) -> Any:
    text = typed.get(blank.at, "").replace("\r\n", "\n").strip()
    value = _at(before, blank.at)
    if value is not None and text == blank.way.show(value, known).strip():
        return value
    if not text:
        if blank.required:
            problems.append(_missing(blank))
        return None
    try:
        return blank.way.read(text, known)
    except InputError as error:
        problems += [
            replace(problem, where=f"/{blank.at}", came=problem.came or shown(text))
            for problem in error.problems
        ]
        return None


def _missing(blank: Blank) -> Problem:
    verb = "选择" if blank.way.look in ("choose", "pick", "ticks") else "填写"
    label = blank.label
    return Problem(
        "wrong-input",
        Text(f"请{verb}「{label.zh}」", f"“{label.en}” is wanted"),
        where=f"/{blank.at}",
    )


def _at(draft: Any, pointer: str) -> Any:
    value = draft
    for step in pointer.split("/"):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def _put(draft: dict[str, Any], pointer: str, value: Any) -> None:
    """Set a member, or take it out where there is no value; an object without members goes too."""
    step, _, rest = pointer.partition("/")
    if rest:
        inner = dict(draft.get(step) or {})
        _put(inner, rest, value)
        value = inner or None
    if value is None:
        draft.pop(step, None)
    else:
        draft[step] = value


def placed(problems: Iterable[Problem], shown_at: Iterable[str]) -> tuple[Problem, ...]:
    """Problems beside the fields that are there: of what stands in none of them, on top only.

    What is wrong with the right version of a correction stands at the member of the event's own body.
    """
    there = {f"/{name}" for name in shown_at}
    return tuple(replace(problem, where=_nearest(problem.where, there)) for problem in problems)


def _nearest(where: str, there: set[str]) -> str:
    place = where.replace("/body/right", "/body", 1)
    while place and place not in there:
        place = place.rpartition("/")[0]
    return place
