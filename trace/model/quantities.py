"""Numbers with a unit: from what people type and cells hold to the house's integers, and back to print.

Lengths are whole millimetres, masses whole grams, prices whole fen; a measured value stays the decimal string
that was reported. Nothing is rounded that a person would miss: 0.1 + 0.2 m of a spreadsheet is 300 mm, but
1.23456 m is refused, for whoever wrote it meant something that the books cannot hold.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from ..errors import InputError, Text

#: What a JSON reader in any language can hold exactly.
LARGEST = 2**53 - 1

_LONGEST = 40
_MOST_DECIMALS = 20
#: How far from a whole unit a cell may lie and still mean it: what binary floating point adds by itself.
_CELL_NOISE = Decimal("0.000001")

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:\.[0-9]*)?")
#: What the ledger keeps of a measured value, in front of the point and behind it.
_MEASURED_WHOLE, _MEASURED_DECIMALS = 12, 8
#: NFKC would read 10² as 102 and ½ as 1⁄2: such characters are no digits of a quantity.
_NOT_DIGITS = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")


def decimal_of(value: object) -> Decimal:
    """The exact number that a cell (str, int, float; nothing else is a number) or a text means.

    A float means its shortest decimal (repr), not its binary value. Text may be full width and may group
    thousands by comma or space where they belong; there is no exponent and no unit. Raises InputError
    `wrong-quantity`.
    """
    match value:
        case str():
            number = _decimal_of_text(value)
        case int() if not isinstance(value, bool):
            if abs(value) > LARGEST:  # before Decimal: a huge int is slow to convert and to print
                raise _out_of_bounds("…")
            number = Decimal(value)
        case float() if math.isfinite(value):
            number = Decimal(repr(value))
        case _:
            raise _not_a_number(value)
    exponent = number.as_tuple().exponent
    if abs(number) > LARGEST or not isinstance(exponent, int) or exponent < -_MOST_DECIMALS:
        raise _out_of_bounds(value)
    return number


def _decimal_of_text(value: str) -> Decimal:
    if len(value) > _LONGEST or any(unicodedata.decomposition(c).startswith(_NOT_DIGITS) for c in value):
        raise _not_a_number(value)
    text = unicodedata.normalize("NFKC", value).strip().replace("\u2212", "-")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if not _PLAIN.fullmatch(text):
        raise _not_a_number(value)
    return Decimal(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """A measure as people write it (``units``: how many of the smallest unit one is, longer words first) and the
    smallest unit the house keeps (``small``)."""

    name: Text
    units: Mapping[str, int]
    small: Text


_LENGTH = _Measure(
    name=Text("长度", "a length"),
    units={"千米": 1_000_000, "公里": 1_000_000, "km": 1_000_000, "米": 1000, "m": 1000},
    small=Text("毫米", "millimetres"),
)
_MASS = _Measure(
    name=Text("质量", "a mass"),
    units={"千克": 1000, "公斤": 1000, "kg": 1000, "吨": 1_000_000, "t": 1_000_000},
    small=Text("克", "grams"),
)
_MONEY = _Measure(name=Text("金额", "an amount"), units={"元": 100}, small=Text("分", "fen"))


def metres_to_mm(value: object, unit: str = "m") -> int:
    """Metres as typed, or as a cell holds them, in whole millimetres; `100 m`, `100米` and `0.1km` too. ``unit`` is
    that of a number without one.

    Raises InputError `wrong-quantity` if negative, finer than 1 mm or out of bounds.
    """
    return _whole(value, _LENGTH, unit)


def kilograms_to_g(value: object, unit: str = "kg") -> int:
    """Kilograms, or tonnes, in whole grams; as `metres_to_mm`."""
    return _whole(value, _MASS, unit)


def yuan_to_fen(value: object) -> int:
    """Yuan in whole fen, `¥` before or `元` behind; as `metres_to_mm`."""
    text = value.strip().removeprefix("¥").removeprefix("￥") if isinstance(value, str) else value
    return _whole(text, _MONEY, "元")


def _whole(value: object, measure: _Measure, unit: str) -> int:
    bare, unit = _without_unit(value, measure.units, unit)
    number = decimal_of(bare)
    name, small = measure.name, measure.small
    if number < 0:
        raise InputError.of(
            "wrong-quantity", f"{name.zh}不能为负数", f"{name.en} cannot be negative", came=value
        )
    with localcontext(prec=60):
        exact = number * measure.units[unit]
        whole = exact.to_integral_value(ROUND_HALF_EVEN)
        noise = abs(exact - whole)
    if noise > _CELL_NOISE:
        raise InputError.of(
            "wrong-quantity",
            f"{name.zh}以整{small.zh}计，不能更细",
            f"{name.en} is kept in whole {small.en}, not finer",
            came=value,
            remedy=Text(f"请按{small.zh}取整后再填", f"round it to whole {small.en} first"),
        )
    if whole > LARGEST:
        raise _out_of_bounds(value)
    return int(whole)


def _without_unit(value: object, units: Iterable[str], usual: str) -> tuple[object, str]:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return value, usual
    text = value.strip()
    for unit in units:
        if unicodedata.normalize("NFKC", text[-len(unit) :]).casefold() == unit:
            return text[: -len(unit)], unit
    return text, usual


def measured(value: object) -> str:
    """A measured value as the ledger keeps it: the digits as reported (`7.140` stays), in the one spelling
    without plus sign, grouping, leading zeros or exponent. A cell's 20.0 was typed as 20, and of its digits the
    first 15 count, as in the spreadsheet: 0.1 + 0.2 is 0.3.

    Raises InputError `wrong-quantity`: `7.2左右` and `<0.5` are words, not values; 13.01 / 3 has more digits than
    anybody measured.
    """
    number = decimal_of(value)
    if isinstance(value, float):
        number = Decimal(f"{value:.15g}")
        number = number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    text = f"{abs(number) if number == 0 else number:f}"
    whole, _, decimals = text.removeprefix("-").partition(".")
    if len(whole) > _MEASURED_WHOLE:
        raise _out_of_bounds(value)
    if len(decimals) > _MEASURED_DECIMALS:
        raise InputError.of(
            "wrong-quantity",
            f"小数最多 {_MEASURED_DECIMALS} 位，现有 {len(decimals)} 位",
            f"a measured value has at most {_MEASURED_DECIMALS} decimals, this has {len(decimals)}",
            came=value,
            remedy=Text("请填写报告上的数值", "write the value that the report prints"),
        )
    return text


#: A measured length within this share of another one is taken for the same.
LENGTH_TOLERANCE = (1, 100)


def deviates(measured_mm: int, expected_mm: int) -> bool:
    """Whether a measured length is another one than was expected, and not merely measured otherwise."""
    share, whole = LENGTH_TOLERANCE
    return abs(measured_mm - expected_mm) * whole > expected_mm * share


def show_metres(length_mm: int) -> str:
    """`1,234.5`: thousands grouped, at most three decimals, none for whole metres."""
    return _thousandths(length_mm)


def show_kilograms(mass_g: int) -> str:
    """As `show_metres`."""
    return _thousandths(mass_g)


def show_yuan(price_fen: int) -> str:
    """`1,234.50`: money keeps both decimals."""
    sign = "-" if price_fen < 0 else ""
    yuan, fen = divmod(abs(price_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


def show_percent(share: Decimal) -> str:
    """`3.5 %` for 0.035: at most two decimals, no trailing zeros."""
    hundredths = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return f"{hundredths} %"


def _thousandths(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 1000)
    decimals = f".{rest:03d}".rstrip("0").rstrip(".")
    return f"{sign}{whole:,}{decimals}"


def _not_a_number(value: object) -> InputError:
    return InputError.of(
        "wrong-quantity",
        "不是一个数",
        "not a number",
        came=value,
        remedy=Text("只填阿拉伯数字，例如 1234.5 或 1,234.5", "write digits only, such as 1234.5 or 1,234.5"),
    )


def _out_of_bounds(value: object) -> InputError:
    return InputError.of("wrong-quantity", "数值超出范围", "the number is out of bounds", came=value)
