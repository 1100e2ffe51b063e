"""What people have said of headings that are not understood: which kind of table it is, and what its columns are.

Said once of a set of headings, it holds for every file with the same ones. It adds to what `columns` knows and never
overrides it: a heading that is understood by itself keeps its meaning, and whoever says otherwise is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from ..errors import InputError, Problem, Text, shown
from .columns import (
    KINDS,
    Field,
    Layout,
    SaidBy,
    TableKind,
    behind,
    fold,
    in_other_units,
    is_a_measure,
    is_read_in,
    match,
    meant_by,
    missing_of,
    own,
    recognise,
)
from .grid import Value, is_blank
from .workbook import Sheet

#: The kind of a table that is to be left out.
LEFT_OUT = ""
#: Of a column that is not understood so many values are shown to whoever is asked what it is.
SAMPLES = 3
_LONGEST_SAMPLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What was said of a table with these headings. ``kind`` is the name of a kind, or `LEFT_OUT`.

    ``columns`` goes from heading to the choice made for it (`choices`); headings that are to be ignored are not in it.
    """

    headings: tuple[str, ...]
    kind: str
    columns: Mapping[str, str]
    said: SaidBy

    @property
    def key(self) -> str:
        return key_of(self.headings)


#: What an organisation has said, by `key_of` the headings.
Mappings = Mapping[str, ColumnMapping]
NONE: Mappings = MappingProxyType({})


def key_of(headings: Iterable[str]) -> str:
    """The name of a set of headings: their order and spelling do not matter, nor do columns that the house adds."""
    folded = sorted({fold(heading) for heading in own(tuple(headings))})
    return sha256("\n".join(folded).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a column may be said to be: a field, and for a length or a mass the unit of its numbers.

    ``value`` is its name in forms and in what is kept: ``date``, ``length:km``.
    """

    value: str
    field: Field
    unit: str
    title: Text


_UNITS: Mapping[str, tuple[tuple[str, Text], ...]] = {
    "m": (("m", Text("米", "metres")), ("km", Text("千米", "kilometres"))),
    "kg": (("kg", Text("千克", "kilograms")), ("t", Text("吨", "tonnes"))),
    "元/m": (("", Text("元/米", "yuan a metre")),),
    "°C": (("", Text("摄氏度", "degrees Celsius")),),
}
_USUAL = {"米": "m", "千米": "km", "公里": "km", "千克": "kg", "公斤": "kg", "吨": "t"}


def choices(kind: TableKind) -> tuple[Choice, ...]:
    """What a column of such a table may be, in the table's own order."""
    return tuple(choice for each in kind.fields for choice in _choices_of(each))


def _choices_of(each: Field) -> Iterable[Choice]:
    if not each.unit:
        return (Choice(value=each.name, field=each, unit="", title=each.title),)
    return (
        Choice(
            value=f"{each.name}:{unit}" if unit else each.name,
            field=each,
            unit=unit,
            title=Text(f"{each.title.zh}（{called.zh}）", f"{each.title.en} in {called.en}"),
        )
        for unit, called in _UNITS[each.unit]
    )


def kind_named(name: str) -> TableKind | None:
    return next((kind for kind in KINDS if kind.name == name), None)


def is_understood(kind: TableKind, heading: str) -> bool:
    """Whether the heading has a meaning of its own in such a table, in a unit that is read."""
    meant = meant_by(kind, heading)
    return meant is not None and is_read_in(meant[1], meant[2])


# ---- what was said, in use ----------------------------------------------------------------------------------


def layout_of(sheet: Sheet, mappings: Mappings) -> Layout:
    """How a sheet is understood by itself, or with what was said of its headings."""
    mapping = mappings.get(key_of(sheet.headings))
    if mapping is None or (mapping.kind != LEFT_OUT and kind_named(mapping.kind) is None):
        return recognise(sheet.headings, sheet.name)  # a kind of an earlier version is asked for again
    return _as_said(own(sheet.headings), mapping)


def _as_said(headings: Sequence[str], mapping: ColumnMapping) -> Layout:
    kind = kind_named(mapping.kind)
    if kind is None:
        return Layout(kind=None, ignored=tuple(headings), said=mapping.said)
    found, units, overruled = match(kind, headings), {}, []
    offered = {choice.value: choice for choice in choices(kind)}
    said_of = {fold(heading): value for heading, value in mapping.columns.items()}
    for heading in headings:
        choice = offered.get(said_of.get(fold(heading), ""))
        if choice is None:
            continue
        if choice.field.name in found or is_understood(kind, heading):
            overruled.append(heading)
            continue
        found[choice.field.name] = heading
        if choice.unit:
            units[choice.field.name] = choice.unit
    missing = missing_of(kind, found)
    others = in_other_units(kind, headings, found)
    used = set(found.values())
    return Layout(
        kind=None if missing or others else kind,
        nearest=kind,
        headings=MappingProxyType(found),
        ignored=tuple(heading for heading in headings if heading not in used),
        missing=missing,
        other_units=MappingProxyType(others),
        said=mapping.said,
        units=MappingProxyType(units),
        overruled=tuple(overruled),
    )


# ---- what was said, when it is said -------------------------------------------------------------------------


def mapping_said(
    headings: Sequence[str], kind_name: str, columns: Mapping[str, str], said: SaidBy
) -> ColumnMapping:
    """What somebody says of these headings. ``columns`` goes from heading to the value of a choice, "" to ignore it.

    Raises InputError with everything that is wrong: a kind, a heading or a field that there is not, a heading that is
    understood by itself, two headings for one field, a unit that the heading contradicts, a field that is missing.
    ``where`` is ``/kind``, or ``/column-n`` with the number of the heading.
    """
    headings = own(headings)
    if kind_name == LEFT_OUT:
        return ColumnMapping(headings=headings, kind=LEFT_OUT, columns={}, said=said)
    kind = kind_named(kind_name)
    if kind is None:
        raise InputError.of(
            "wrong-input", "没有这种表", "there is no such kind of table", came=kind_name, where="/kind"
        )
    problems = [_no_such_heading(heading) for heading in columns if heading not in headings]
    offered = {choice.value: choice for choice in choices(kind)}
    taken = match(kind, headings)
    kept: dict[str, str] = {}
    for n, heading in enumerate(headings):
        value = columns.get(heading, "")
        if not value:
            continue
        choice = offered.get(value)
        problem = _unfit(kind, heading, choice, value, taken)
        if problem is not None:
            problems.append(problem.at(f"/column-{n}"))
        elif choice is not None:
            taken[choice.field.name] = heading
            kept[heading] = value
    others = in_other_units(kind, headings, taken)
    problems += [_in_another_unit(heading, each) for heading, each in others.items() if heading not in kept]
    if not problems:
        problems = [_lacking(kind, need) for need in missing_of(kind, taken)]
    if problems:
        raise InputError(*problems)
    return ColumnMapping(headings=headings, kind=kind.name, columns=kept, said=said)


def _no_such_heading(heading: str) -> Problem:
    detail = Text("表里没有这个列名", "the table has no such heading")
    return Problem("wrong-input", detail, where="/kind", came=shown(heading))


def _unfit(
    kind: TableKind, heading: str, choice: Choice | None, value: str, taken: Mapping[str, str]
) -> Problem | None:
    """Why this heading cannot be what was said; None where it can."""
    if choice is None:
        detail = Text(f"{kind.title.zh}表没有这一项", f"a table of {kind.title.en} has no such field")
        return Problem("wrong-input", detail, came=shown(value))
    if taken.get(choice.field.name) == heading:
        return None  # what it is by itself
    meant = meant_by(kind, heading)
    if meant is not None and is_read_in(meant[1], meant[2]):
        detail = Text(
            f"列名「{heading}」本来就认识，是「{meant[1].title.zh}」，不能另作他用",
            f"the heading {heading} is understood by itself as {meant[1].title.en} and cannot be anything else",
        )
        remedy = Text(
            "若不是这个意思，请在表里改列名。", "If it means something else, rename it in the table."
        )
        return Problem("wrong-input", detail, remedy=remedy)
    title, other = choice.field.title, taken.get(choice.field.name)
    if other is not None:
        detail = Text(
            f"「{other}」和「{heading}」两列都说是「{title.zh}」",
            f"{other} and {heading} are both said to be {title.en}",
        )
        remedy = Text("请只留一列，另一列选「不导入」。", "Keep one of them and ignore the other.")
        return Problem("wrong-input", detail, remedy=remedy)
    unit = behind(heading)
    if _contradicts(choice, unit):
        detail = Text(
            f"列名「{heading}」写的单位是 {unit}，不能按「{choice.title.zh}」读",
            f"the heading {heading} says {unit}; it cannot be read as {choice.title.en}",
        )
        remedy = Text(
            "请选单位相同的一项；没有时请把这一列换算后改列名。",
            "Choose the one with this unit; where there is none, convert the column and rename it.",
        )
        return Problem("wrong-input", detail, remedy=remedy)
    return None


def _contradicts(choice: Choice, unit: str) -> bool:
    if not choice.field.unit or not is_a_measure(unit):
        return False
    return not is_read_in(choice.field, unit) or choice.unit not in ("", _USUAL.get(unit, unit))


def _in_another_unit(heading: str, each: Field) -> Problem:
    """Whoever ignores such a column might take for the whole what is only a part."""
    detail = Text(
        f"列「{heading}」像是「{each.title.zh}」，单位却不能识别，应为 {each.unit}",
        f"the column {heading} looks like {each.title.en}, but its unit is not understood; {each.unit} is wanted",
    )
    remedy = Text(
        f"请把这一列换算成 {each.unit} 并改列名；与此无关的，请在表里改成别的列名。",
        f"Convert the column to {each.unit} and rename it; if it is something else, call it something else.",
    )
    return Problem("wrong-input", detail, where="/kind", remedy=remedy)


def _lacking(kind: TableKind, need: Sequence[Field]) -> Problem:
    detail = Text(
        f"{kind.title.zh}表必须有：{'或'.join(each.title.zh for each in need)}",
        f"a table of {kind.title.en} needs: {' or '.join(each.title.en for each in need)}",
    )
    remedy = Text(
        "请指出是哪一列；表里没有的，请先补上这一列。",
        "Say which column it is; add the column first where the table has none.",
    )
    return Problem("wrong-input", detail, where="/kind", remedy=remedy)


# ---- what is shown to whoever is asked ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSheet:
    """A sheet as it is shown to whoever may say what its columns are. ``samples`` are the first values of each column,
    by heading; ``kind`` is the name of the kind that it was taken for, or that it is nearest to, or ""."""

    name: str
    headings: tuple[str, ...]
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = ""
    is_understood: bool = False
    is_left_out: bool = False

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody should say what it is: it looks like a table, and nobody has said a word yet."""
        return (
            not self.is_understood and not self.is_left_out and len(self.headings) > 1 and bool(self.samples)
        )


def seen(sheet: Sheet, layout: Layout) -> SeenSheet:
    headings = own(sheet.headings)
    return SeenSheet(
        name=sheet.name,
        headings=headings,
        samples={heading: _samples(sheet, heading) for heading in headings} if sheet.rows else {},
        kind="" if layout.nearest is None else layout.nearest.name,
        is_understood=layout.kind is not None,
        is_left_out=layout.kind is None and layout.nearest is None and layout.said is not None,
    )


def _samples(sheet: Sheet, heading: str) -> tuple[str, ...]:
    found: list[str] = []
    for row in sheet.rows:
        value = row.cells[heading].value
        if not is_blank(value):
            found.append(shown(_as_seen(value), _LONGEST_SAMPLE))
            if len(found) == SAMPLES:
                break
    return tuple(found)


def _as_seen(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
