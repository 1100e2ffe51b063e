"""What one cell means: a function for each meaning, from a stored value to the house's own type.

Spreadsheets lie in known ways: every number is a float, dates are text in five spellings, Excel turns ``1-7`` into
the 7th of January and cuts numbers after 15 digits. What is certain is taken, what is lost is refused with the
words that mend it. Every function raises InputError without a place (the caller knows sheet, row and column).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeVar

from ..codes.regions import Region, region
from ..codes.unit_ranges import UnitRange, parse_units
from ..codes.uscc import parse_uscc
from ..errors import InputError, Text, shown
from ..model.quantities import decimal_of, kilograms_to_g, measured, metres_to_mm, yuan_to_fen
from ..model.typed_party import TypedParty, parse_typed_party
from .grid import Cell, is_blank

T = TypeVar("T")

#: Excel keeps 15 significant digits of a number and writes zeros after them.
_EXACT_DIGITS = 15
_LARGEST_WHOLE = 2**53 - 1


def optional(read: Callable[[Cell], T], cell: Cell) -> T | None:
    """None for an empty cell, else what ``read`` makes of it."""
    return None if cell.is_empty else read(cell)


def text_of(cell: Cell) -> str | None:
    """The text without blanks at its ends, line breaks as one blank, None where there is none.

    A number gives its digits (``411603.0`` is ``411603``), unless Excel has already cut them. A date is refused:
    where text is wanted, it is Excel's reading of something like ``1-7``.
    """
    value = _value(cell)
    if value is None:
        return None
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, date):
        raise _became_a_date(value, "wrong-input")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and not value.is_integer():
        return format(decimal_of(value), "f")
    if len(str(abs(int(value)))) > _EXACT_DIGITS:
        raise InputError.of(
            "wrong-input",
            f"编号存成了数字，Excel 只保留 {_EXACT_DIGITS} 位，后面的数字已经丢失",
            f"the number was stored as a quantity: Excel keeps {_EXACT_DIGITS} digits, the rest is lost",
            came=_came(value),
            remedy=Text(
                "请把该列设为「文本」格式后重新填写。", "Set the column's format to Text and type it again."
            ),
        )
    return str(int(value))


def required_text(cell: Cell) -> str:
    text = text_of(cell)
    if not text:
        raise _missing()
    return text


#: The full-width forms of ASCII, and nothing else that compatibility folding would change (①, ², ㎡).
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def half_width(text: str) -> str:
    """``ＨＺ２６０４２１－０００`` is ``HZ260421-000``."""
    return text.translate(_HALF_WIDTH)


_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))", re.ASCII
)
#: A number that was formatted as a date by mistake lies in 1900; a slip in the year lies anywhere.
_YEARS = range(1950, 2200)
#: Excel counts days from here, having kept a 29 February 1900. A number counts as a day from 1990 to 2099 only.
_DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = range((date(1990, 1, 1) - _DAY_ZERO).days, (date(2100, 1, 1) - _DAY_ZERO).days)
_DAY_NUMBER = re.compile("[0-9]{5}")
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?$")


def date_of(cell: Cell) -> date:
    """A day, from an Excel date or from text such as ``2026-04-21``, ``2026/4/21``, ``2026.04.21``,
    ``2026年4月21日``, ``20260421``, full width or with a time of midnight behind it; or from the number of the day
    (46133), which is what Excel shows and exports once the cell has lost its format. In the few workbooks that
    count from 1904 such a bare number would be read four years early.

    Year, month, day in this order only. Raises InputError ``wrong-date`` also for a time of day, which would be
    lost, and for a year before 1950 or after 2199.
    """
    value = _value(cell)
    if value is None:
        raise _missing("wrong-date")
    day = _stored_date(value) if isinstance(value, date) else _written_date(value)
    if day.year not in _YEARS:
        raise _wrong_date(value, f"年份不合理：{day.year}", f"an unlikely year: {day.year}")
    return day


def _stored_date(value: date) -> date:
    if not isinstance(value, datetime):
        return value
    if value.time() != time.min:
        raise _wrong_date(
            value,
            f"只要日期，不要时刻：{value:%H:%M}",
            f"only a date is wanted, without the time {value:%H:%M}",
        )
    return value.date()


def _written_date(value: str | int | float) -> date:
    text = _MIDNIGHT.sub("", _folded(value)) if isinstance(value, str) else _came(value)
    text = "".join(text.split())
    if _DAY_NUMBER.fullmatch(text) and int(text) in _DAY_NUMBERS:
        return _DAY_ZERO + timedelta(days=int(text))
    match = _DATE.fullmatch(text)
    if match is None:
        if isinstance(value, str):
            raise _wrong_date(value, "不是认识的日期写法", "not a spelling of a date that is known")
        raise _wrong_date(
            value,
            "是数字，不是日期",
            "a number, not a date",
            Text(
                "若这是 Excel 的日期序号，请把单元格格式改为「日期」。",
                "If this is Excel's number of a day, set the cell's format to Date.",
            ),
        )
    year, month, day = (int(group) for group in match.groups() if group and group.isdigit())
    try:
        return date(year, month, day)
    except ValueError:
        raise _wrong_date(
            value,
            f"没有 {year} 年 {month} 月 {day} 日这一天",
            f"there is no day {year:04d}-{month:02d}-{day:02d}",
            Text("请核对后改正。", "Check and correct it."),
        ) from None


def whole_number_of(cell: Cell) -> int:
    """A whole number of either sign: ``1.0`` from a spreadsheet is 1, ``"1,000"`` is 1000; ``1.5`` is refused."""
    number = _converted(decimal_of, cell)
    if number != number.to_integral_value():
        raise _wrong_quantity(cell, "应为整数", "a whole number is wanted")
    if abs(number) > _LARGEST_WHOLE:
        raise _wrong_quantity(cell, "数字过大", "the number is too large")
    return int(number)


def metres_of(cell: Cell, unit: str = "m") -> int:
    """Metres as millimetres, never negative. ``500 m`` and ``0.5千米`` are 500 too; ``unit`` is the column's."""
    return _converted(partial(metres_to_mm, unit=unit), cell)


def kilograms_of(cell: Cell, unit: str = "kg") -> int:
    """Kilograms as grams, never negative; as `metres_of`."""
    return _converted(partial(kilograms_to_g, unit=unit), cell)


def yuan_of(cell: Cell) -> int:
    """Yuan as fen, never negative."""
    return _converted(yuan_to_fen, cell)


def measured_of(cell: Cell) -> str:
    """A measured value as a decimal string, its digits as reported: ``7.14``, from text also ``7.140``."""
    return _converted(measured, cell)


_CELSIUS = re.compile(r"(?:°?[Cc]|摄氏度|度)$")


def celsius_of(cell: Cell) -> str:
    """A temperature as a decimal string; ``20℃`` is 20."""
    value = _value(cell)
    return measured_of(Cell(_CELSIUS.sub("", _folded(value))) if isinstance(value, str) else cell)


#: What a spreadsheet's drum 14 becomes in a CSV file of some programs.
_WHOLE_FLOAT = re.compile(r"^([0-9]+)\.0+$")


def units_of(cell: Cell) -> tuple[UnitRange, ...]:
    """Drums: ``1-40, 55``, or a number alone (``14.0`` is drum 14)."""
    value = _value(cell)
    if value is None:
        raise _missing("wrong-unit-range")
    if isinstance(value, date):
        raise _became_a_date(value, "wrong-unit-range")
    if isinstance(value, str):
        return parse_units(_WHOLE_FLOAT.sub(r"\1", _clean(value)))
    try:
        return parse_units(str(whole_number_of(cell)))
    except InputError:
        raise InputError.of(
            "wrong-unit-range",
            "盘号应为正整数或范围",
            "units are whole numbers from 1, or a range",
            came=_came(value),
            remedy=Text("请按「1-40, 55」的格式填写。", "Write them like 1-40, 55."),
        ) from None


def uscc_of(cell: Cell) -> str:
    """A unified social credit code, both check characters verified."""
    return parse_uscc(required_text(cell))


def party_of(cell: Cell) -> TypedParty:
    """A party's name, its credit code, or both."""
    return parse_typed_party(required_text(cell))


def region_of(cell: Cell, on: date | None = None) -> Region:
    """A region by its code; with ``on`` it must have been in use on that day. ``411603.0`` is 411603."""
    return region(_folded(required_text(cell)), on)


def choice_of(cell: Cell, choices: Mapping[str, T]) -> T:
    """One of a few words: ``choices`` maps every accepted spelling to its value. Case, width and blanks are free."""
    text = required_text(cell)
    spelling = _spelling(text)
    for accepted, value in choices.items():
        if _spelling(accepted) == spelling:
            return value
    wanted = "、".join(choices)
    raise InputError.of(
        "wrong-input",
        f"不是可以填写的内容，应为：{wanted}",
        f"not one of the words that are known; wanted: {', '.join(choices)}",
        came=text,
        remedy=Text("请从上述内容中选一个。", "Choose one of these."),
    )


# ---- what they share ----------------------------------------------------------------------------------------


def _value(cell: Cell) -> str | int | float | date | None:
    """The stored value, None where only blanks stand; raises for a cell in trouble."""
    if cell.trouble is not None:
        raise InputError.of("wrong-input", cell.trouble.zh, cell.trouble.en)
    return None if is_blank(cell.value) else cell.value


def _clean(text: str) -> str:
    """Runs of blanks and line breaks as one blank, no invisible characters; control characters are refused."""
    cleaned = " ".join(text.split())
    if not cleaned.isprintable():
        cleaned = "".join(c for c in cleaned if unicodedata.category(c) != "Cf").strip()
        if any(unicodedata.category(c) == "Cc" for c in cleaned):
            raise InputError.of(
                "wrong-input",
                "含有控制字符",
                "there are control characters in it",
                came=text,
                remedy=Text("请删去后重新填写。", "Delete the cell and type it again."),
            )
    return cleaned


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", _clean(text))


def _spelling(text: str) -> str:
    return "".join(_folded(text).split()).casefold()


def _quantity_value(cell: Cell) -> str | int | float:
    value = _value(cell)
    if value is None:
        raise _missing("wrong-quantity")
    if isinstance(value, bool | date):
        raise _wrong_quantity(
            cell,
            "应为数字",
            "a number is wanted",
            Text(
                "请把单元格格式改为「常规」或「数值」后重填。",
                "Set the cell's format to General and type it again.",
            ),
        )
    return _clean(value) if isinstance(value, str) else value


def _converted(convert: Callable[[str | int | float], T], cell: Cell) -> T:
    """What ``convert`` makes of the number in the cell; its errors get a remedy where they have none."""
    try:
        return convert(_quantity_value(cell))
    except InputError as failure:
        if any(problem.remedy is None for problem in failure.problems):
            check = Text("请核对原始单据后改正。", "Compare with the paper record and correct it.")
            raise InputError(*(replace(p, remedy=p.remedy or check) for p in failure.problems)) from None
        raise


def _came(value: object) -> str:
    """As a person sees it: ``14``, not ``14.0``; a date without ``datetime.date``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_EXACT_DIGITS:
        return str(int(value))
    return shown(str(value))


def _missing(code: str = "wrong-input") -> InputError:
    return InputError.of(
        code,
        "此格为空，必须填写",
        "the cell is empty but must be filled in",
        remedy=Text("请补填。", "Fill it in."),
    )


def _became_a_date(value: date, code: str) -> InputError:
    was = f"{value.month}-{value.day}"
    return InputError.of(
        code,
        f"单元格里是日期；填写的可能是「{was}」，被 Excel 改成了日期",
        f"the cell holds a date; it may have been {was} before Excel took it for one",
        came=_came(value),
        remedy=Text(
            "请把该列设为「文本」格式后重新填写。", "Set the column's format to Text and type it again."
        ),
    )


def _wrong_date(value: object, zh: str, en: str, remedy: Text | None = None) -> InputError:
    usual = Text("请按 2026-04-21 的格式填写。", "Write it like 2026-04-21.")
    return InputError.of("wrong-date", zh, en, came=_came(value), remedy=remedy or usual)


def _wrong_quantity(cell: Cell, zh: str, en: str, remedy: Text | None = None) -> InputError:
    return InputError.of("wrong-quantity", zh, en, came=_came(cell.value), remedy=remedy)
