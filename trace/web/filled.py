"""A form as it is shown and as it comes back: its fields with what stands in them, the day and time, the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from ..clock import SHANGHAI
from ..errors import InputError, Problem, Text
from ..imports.parties import home_of_code
from ..imports.rows import event_id
from ..model.claim import Weight
from ..model.rules import RULES
from .blanks import Blank, Part, Typed, compacted, placed, read_typed, row_count, row_of, typed_of
from .directory import UNREGISTERED, Directory
from .form_parts import Form
from .views import Field, FieldRows

ON, AT = "occurred_at", "time"
#: Other fields of every form, beside those of its draft.
INTRODUCES, HAPPENED, MORE = "introduces", "happened", "more"

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, tidied; the draft that was meant; and everything that is wrong with it."""

    typed: dict[str, str]
    draft: dict[str, Any]
    problems: tuple[Problem, ...]


def opened(form: Form, draft: Mapping[str, Any], known: Directory, now: datetime | None) -> dict[str, str]:
    """What stands in a form when it is first shown with a draft; the day is that of ``now`` where it has none."""
    typed = typed_of(form.parts, draft, known)
    typed["id"] = str(uuid4())
    typed[ON], typed[AT] = show_time(draft.get("occurred_at"), draft.get("precision"))
    if not typed[ON] and now is not None:
        typed[ON] = now.astimezone(SHANGHAI).date().isoformat()
    return typed


def read_form(
    form: Form, came: Typed, before: Mapping[str, Any], known: Directory, *, timeless: bool = False
) -> Read:
    """The draft of a form that came back. ``timeless``: it need not say when."""
    typed = compacted(form.parts, came)
    draft, problems = read_typed(form.parts, typed, before, known)
    when, wrong = _read_time(typed, before, timeless=timeless)
    for name in ("occurred_at", "precision"):
        draft.pop(name, None)
    return Read(typed, {**draft, **when}, (*wrong, *problems))


def fields_of(form: Form, typed: Typed, known: Directory) -> tuple[Field | FieldRows, ...]:
    """The fields as they are shown, the day and time first."""
    return (
        Field(name=ON, label=Text("日期", "Day"), look="day", value=typed.get(ON, ""), required=True),
        Field(
            name=AT,
            label=Text("时间", "Time"),
            look="time",
            value=typed.get(AT, ""),
            hint=Text("北京时间。", "Asia/Shanghai."),
            is_optional=True,
        ),
        *(_shown(part, typed, known) for part in form.parts),
    )


def _shown(part: Part, typed: Typed, known: Directory) -> Field | FieldRows:
    if isinstance(part, Blank):
        return _field(part, typed, known)
    rows = tuple(
        tuple(_field(blank, typed, known, in_row=True) for blank in row_of(part, n))
        for n in range(row_count(part, typed))
    )
    titles = tuple(each.label for each in part.named)
    return FieldRows(
        name=part.at, label=part.label, hint=part.hint, rows=rows, grows=part.grows, titles=titles
    )


def _field(blank: Blank, typed: Typed, known: Directory, *, in_row: bool = False) -> Field:
    value = typed.get(blank.at, "")
    return Field(
        name=blank.at,
        label=blank.label,
        look=blank.way.look,
        value=value,
        hint=blank.hint,
        example=blank.example,
        required=blank.required and not in_row,  # a spare row stays empty
        is_optional=not blank.required and not in_row and blank.way.look != "tick",
        inputmode=blank.way.inputmode,
        options=blank.way.options(known),
        chosen=frozenset(value.split(",")) if blank.way.look in ("ticks", "tick") else frozenset(),
    )


def names_of_fields(fields: Iterable[Field | FieldRows]) -> set[str]:
    """The names beside which a problem can stand."""
    names: set[str] = set()
    for each in fields:
        names.add(each.name)
        if isinstance(each, FieldRows):
            names |= {inner.name for row in each.rows for inner in row}
    return names


# --- when ---------------------------------------------------------------------------------------------


def show_time(occurred_at: str | None, precision: str | None) -> tuple[str, str]:
    """Day and time of Asia/Shanghai as they are typed; the time is "" where only the day is known."""
    if occurred_at is None:
        return "", ""
    at = datetime.fromisoformat(occurred_at).astimezone(SHANGHAI)
    if precision == "day":
        return at.date().isoformat(), ""
    return at.date().isoformat(), at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _read_time(
    typed: Typed, before: Mapping[str, Any], *, timeless: bool
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    day, time = typed.get(ON, "").strip(), typed.get(AT, "").strip()
    shown = show_time(before.get("occurred_at"), before.get("precision"))
    if (day, time) == shown:
        kept = {name: before[name] for name in ("occurred_at", "precision") if name in before}
        if kept or timeless:
            return kept, ()
    if not day:
        if timeless:
            return {}, ()
        return {}, (Problem("wrong-date", Text("请填写日期", "give the day"), where=f"/{ON}"),)
    if not _DAY.fullmatch(day):
        return {}, (_wrong_time(Text("日期应为 2026-05-02 这样", "a day is written 2026-05-02"), ON, day),)
    if not time:
        return {"occurred_at": f"{day}T00:00:00+08:00", "precision": "day"}, ()
    if not _TIME.fullmatch(time):
        return {}, (_wrong_time(Text("时间应为 08:30 这样", "a time is written 08:30"), AT, time),)
    return {"occurred_at": f"{day}T{time if len(time) == len('00:00:00') else f'{time}:00'}+08:00"}, ()


def _wrong_time(said: Text, where: str, came: str) -> Problem:
    return Problem("wrong-date", said, where=f"/{where}", came=came[:40])


# --- what a refusal looks like ------------------------------------------------------------------------


def needs_leave(problems: Sequence[Problem]) -> bool:
    """Whether all that stands against it needs leave: the person may say then that it has happened."""
    return bool(problems) and all(
        problem.code in RULES and RULES[problem.code].weight is Weight.PERMISSION for problem in problems
    )


def grounds_of(problems: Iterable[Problem]) -> dict[str, Text]:
    """What each rule that refused rests on, by its name."""
    return {problem.code: RULES[problem.code].ground for problem in problems if problem.code in RULES}


def is_unregistered(problems: Iterable[Problem]) -> bool:
    """Whether a party was named that nobody has registered."""
    return any(problem.code == UNREGISTERED and not problem.came.isascii() for problem in problems)


def beside(
    problems: Sequence[Problem], fields: Iterable[Field | FieldRows], *more: str
) -> tuple[Problem, ...]:
    """Problems beside the fields of the form that they are about, also those named by ``more``; each once."""
    return tuple(dict.fromkeys(placed(problems, {*names_of_fields(fields), *more})))


def naming_fields(problems: Iterable[Problem], fields: Iterable[Field | FieldRows]) -> tuple[Problem, ...]:
    """Problems that say which field they are about, for whoever reads them above the form."""
    labels = {f"/{each.name}": each.label for each in fields}
    return tuple(_named(problem, labels.get(problem.where)) for problem in problems)


def _named(problem: Problem, label: Text | None) -> Problem:
    said = problem.detail
    if label is None or label.zh in said.zh:
        return problem
    return replace(problem, detail=Text(f"「{label.zh}」：{said.zh}", f"“{label.en}”: {said.en}"))


def introductions(known: Directory) -> list[dict[str, Any]]:
    """The envelopes that note the parties which a form names for the first time."""
    return [
        {
            "draft": {
                "id": event_id(known.own, "party", id_),
                "kind": "party",
                "subject": {"party": each.uscc or id_},
                "body": {"name": each.name, **({} if each.uscc is None else _of_code(each.uscc))},
            }
        }
        for id_, each in known.introduced.items()
    ]


def _of_code(uscc: str) -> dict[str, str]:
    region = home_of_code(uscc)
    return {"uscc": uscc} if region is None else {"uscc": uscc, "region": region}


def located(error: InputError) -> tuple[Problem, ...]:
    """The problems of a draft that could not be read, at their pointers."""
    return tuple(replace(problem, where=problem.where.removeprefix("/draft")) for problem in error.problems)
