"""What a cable is called: fire prefix, type, rated voltage, cores (型号规格), read from any usual spelling.

    designation := [fire '-'] type ['-' voltage] ' ' cores        ZC-YJV22-0.6/1kV 4×120+1×70
    cores       := group {'+' group} ;  group := [count '×'] area ['/' steel]

The printed string is evidence and is kept; beside it stands the parsed one, which has one spelling. Nothing
is guessed: a text with two readings is refused and so is everything that only looks like a cable (DN100).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..errors import InputError, Text
from .cable_types import CableType, Family, Metal, cable_type

__all__ = [
    "CoreGroup",
    "Designation",
    "Metal",
    "normalised",
    "parse_designation",
    "parse_designation_parts",
    "rated_voltage",
    "same_cable",
    "unusual_neutral",
    "written_otherwise",
]

_LONGEST = 120
_MOST_CORES = 100
#: Three phases, neutral and earth; six with the earth of a motor cable divided in three.
_MOST_POWER_CORES = 6

#: Nominal areas, mm²: the series of GB/T 3956, and below it the fine wires of JB/T 8734.
AREAS = (
    "0.12", "0.2", "0.3", "0.4", "0.5", "0.75", "1", "1.5", "2.5", "4", "6", "10", "16", "25", "35", "50",
    "70", "95", "120", "150", "185", "240", "300", "400", "500", "630", "800", "1000", "1200", "1400",
    "1600", "1800", "2000", "2500",
)  # fmt: skip

#: Rated voltages U0/U, or U alone where the trade gives only that.
VOLTAGES = (
    "100/100V", "300/300V", "300/500V", "450/750V", "0.6/1kV", "0.66/1.14kV", "1.8/3kV", "3.6/6kV", "6/6kV",
    "6/10kV", "8.7/10kV", "8.7/15kV", "12/20kV", "18/20kV", "18/30kV", "21/35kV", "26/35kV", "48/66kV",
    "64/110kV", "127/220kV", "290/500kV", "500V", "750V", "1kV", "3kV", "6kV", "10kV", "15kV", "20kV",
    "35kV",
)  # fmt: skip

#: Reduced neutral for each main core (practice of the trade in GB/T 12706.1 cables): a warning, never a refusal.
_USUAL_NEUTRAL = {
    "4": "2.5", "6": "4", "10": "6", "16": "10", "25": "16", "35": "16", "50": "25", "70": "35", "95": "50",
    "120": "70", "150": "70", "185": "95", "240": "120", "300": "150",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoreGroup:
    """So many cores of one nominal area, mm² as a plain decimal string; ``steel`` is the area of the steel
    core in a bare conductor (LGJ-240/30)."""

    count: int
    area: str
    steel: str = ""

    def __str__(self) -> str:
        return f"{self.count}×{self.area}" + (f"/{self.steel}" if self.steel else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """One cable by name. Build it with `parse_designation`, which keeps what it promises:

    ``fire`` in the codes of GB/T 19666-2019 (`WDZBN`, or ''), ``type`` as the standards spell it, ``voltage``
    one of `VOLTAGES` or '' if unstated, ``cores`` by falling area: main cores first, then neutral and earth.
    """

    printed: str
    fire: str
    type: str
    voltage: str
    cores: tuple[CoreGroup, ...]

    def __str__(self) -> str:
        return self.normalised

    @property
    def normalised(self) -> str:
        """The one spelling, with nothing added: `ZC-YJV22-0.6/1kV 4×120+1×70`."""
        return _spelling(self.fire, self.type, self.voltage, self.cores)

    @property
    def key(self) -> str:
        """Equal for equal cables: as `normalised`, with 60227 IEC 01(BV) as BV and `rated_voltage`."""
        return _spelling(self.fire, self.cable_type.trade, self.rated_voltage, self.cores)

    @property
    def rated_voltage(self) -> str:
        """The voltage, filled in where the type has only one; '' if neither print nor type tells."""
        voltage = self.voltage or self.cable_type.default_voltage(Decimal(self.cores[0].area))
        return _U0_ADDED.get(voltage, voltage)

    @property
    def cable_type(self) -> CableType:
        found = cable_type(self.type)
        if found is None:
            raise ValueError(f"a designation was built by hand with the unknown type {self.type!r}")
        return found

    @property
    def metal(self) -> Metal:
        return self.cable_type.metal

    @property
    def conductor_class(self) -> int | None:
        """Class of the main conductor, GB/T 3956: 1, 2, 5 or 6; None where that standard does not rule."""
        return self.cable_type.conductor_class(Decimal(self.cores[0].area))


#: U = 1 kV occurs with one U0 only, so `1kV` (JKLYJ) and `0.6/1kV` are the same rating.
_U0_ADDED = {"1kV": "0.6/1kV"}


def _spelling(fire: str, type_: str, voltage: str, cores: tuple[CoreGroup, ...]) -> str:
    name = "-".join(part for part in (fire, type_, voltage) if part)
    return f"{name} {'+'.join(map(str, cores))}"


def normalised(printed: str) -> str:
    """The one spelling of what was printed; what cannot be read stays as it is."""
    try:
        return parse_designation(printed).normalised
    except InputError:
        return printed


def written_otherwise(designation: Designation) -> str:
    """What was printed, where it has other letters or figures than the one spelling of it; "" where it differs in signs, widths,
    order or capitals alone."""
    printed, normalised = (
        Counter(c for c in _fold(text).upper() if c.isalnum())
        for text in (designation.printed, designation.normalised)
    )
    return "" if printed == normalised else designation.printed


def same_cable(one: Designation, other: Designation) -> bool:
    """Whether two designations can mean the same cable. One that is silent on the voltage contradicts none,
    so this is weaker than equal keys and not transitive."""
    alike = (one.fire, one.cable_type.trade, one.cores) == (other.fire, other.cable_type.trade, other.cores)
    silent = "" in (one.rated_voltage, other.rated_voltage)
    return alike and (silent or one.rated_voltage == other.rated_voltage)


def is_same(ordered: str, printed: str) -> bool:
    """Whether an order's designation and a batch's mean the same cable, however they are spelled; what is no designation is
    compared letter by letter."""
    try:
        return same_cable(parse_designation(ordered), parse_designation(printed))
    except InputError:
        return ordered.strip() == printed.strip()


@lru_cache(maxsize=4096)  # a sheet of ten thousand rows names a dozen cables
def parse_designation(text: str) -> Designation:
    """Read a designation printed in one piece, in any of the usual spellings.

    Raises InputError `not-a-cable`: no known type, no cores, an area outside the series, an unknown voltage,
    two different voltages, or two possible readings.
    """
    printed = text.strip()
    if len(printed) > _LONGEST:
        raise _refusal(printed, "型号规格过长", "the designation is too long")
    body, voltage = _take_voltage(_fold(printed), printed)
    readings = sorted(set(_readings(body)), key=str)
    if not readings:
        raise _unreadable(printed, body)
    if len(readings) > 1:
        meant = [_spelling(fire, type_, voltage, cores) for fire, type_, cores in readings]
        raise _refusal(
            printed,
            f"有不止一种读法：{'、'.join(meant)}",
            f"it can be read in more than one way: {', '.join(meant)}",
        )
    fire, type_, cores = readings[0]
    found = Designation(printed=printed, fire=fire, type=type_, voltage=voltage, cores=cores)
    _check_cores(found)
    return found


def parse_designation_parts(type: str, spec: str, voltage: str = "") -> Designation:
    """Read a designation kept in columns 型号, 规格, 电压等级; ``printed`` joins them in the usual order.

    A voltage may stand in several columns if it is the same. Raises InputError as `parse_designation`.
    """
    return parse_designation(" ".join(part.strip() for part in (type, voltage, spec) if part.strip()))


def unusual_neutral(designation: Designation) -> Text | None:
    """A remark on a reduced core of an area the trade does not pair with the main one; None if all is usual.

    Only power cables with three or four main cores: elsewhere smaller cores are not neutrals.
    """
    if designation.cable_type.family is not Family.POWER or len(designation.cores) < 2:
        return None
    main, neutral = designation.cores[0], designation.cores[1]
    usual = _USUAL_NEUTRAL.get(main.area)
    if main.count not in (3, 4) or neutral.count > 2 or usual in (None, neutral.area):
        return None
    return Text(
        f"主线芯 {main.area} mm² 通常配 {usual} mm² 的中性线芯，这里是 {neutral.area} mm²，请核对",
        f"a main core of {main.area} mm² usually comes with a neutral of {usual} mm², here it is {neutral.area} mm²; please check",
    )


# ---- one spelling out of many ----

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_", "-"))
_TIMES = str.maketrans(dict.fromkeys("*∗⁎✕✖╳⨉⨯хХ", "×"))
_UNIT = re.compile(r"(?<=[0-9]) ?(?:MM\^?2|平方毫米|平方|SQ\.? ?MM|SQ)(?![A-Z])")


def _fold(printed: str) -> str:
    """Half width, capitals, one kind of dash and multiplication sign, no units behind areas.

    NFKC turns mm² into mm2. An X is a multiplication sign between digits only: BX and YJV3X95 differ.
    """
    text = unicodedata.normalize("NFKC", printed).upper().translate(_DASHES).translate(_TIMES)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?<=[0-9]) ?芯 ?×? ?(?=[0-9])", "×", text)
    text = re.sub(r"(?<=[0-9]) ?[×X] ?(?=[0-9])", "×", text)
    text = _UNIT.sub("", text)
    text = re.sub(r" ?\+ ?", "+", text)
    return re.sub(r" ?-[ -]*", "-", text).strip(" -")


# ---- voltage ----

_VOLTAGE = re.compile(
    r"(?<![0-9./×+])(?P<u0>[0-9]+(?:\.[0-9]+)?) ?(?P<unit0>K?V)?"
    r"(?: ?/ ?(?P<u>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>K?V)?)?(?![A-Z.])"
)


def _volts(voltage: str) -> tuple[Decimal, ...]:
    number, unit = (voltage[:-2], 1000) if voltage.endswith("kV") else (voltage[:-1], 1)
    return tuple(Decimal(part) * unit for part in number.split("/"))


_BY_VOLTS = {_volts(voltage): voltage for voltage in VOLTAGES}


def rated_voltage(text: str) -> str:
    """A rated voltage that stands alone, in its one spelling and with its U0; what is none comes back as it is."""
    try:
        found = _take_voltage(_fold(text), text)
    except InputError:
        return text.strip()
    return _U0_ADDED.get(found[1], found[1]) if found[1] and not found[0] else text.strip()


def _take_voltage(text: str, printed: str) -> tuple[str, str]:
    """The text without its rated voltage, and the voltage ('' if none stands there).

    A pair without unit counts only if it is a rated voltage, so that LGJ-240/30 keeps its areas.
    """
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        unit = match["unit"] or match["unit0"]
        if unit is None and match["u"] is None:
            return match[0]
        numbers = [Decimal(number) for number in (match["u0"], match["u"]) if number]
        bare_volts = unit is None and numbers[-1] >= 100
        scale = 1 if unit == "V" or bare_volts else 1000
        voltage = _BY_VOLTS.get(tuple(number * scale for number in numbers))
        if voltage is None and unit is None:
            return match[0]
        if voltage is None:
            raise _refusal(
                printed, f"“{match[0]}”不是电缆的额定电压", f"{match[0]} is no rated voltage of cables"
            )
        found.add(voltage)
        return " "

    rest = re.sub(r"\( *\)", " ", _VOLTAGE.sub(take, text))
    if len(found) > 1:
        both = " / ".join(sorted(found))
        raise _refusal(printed, f"出现了两个额定电压：{both}", f"two rated voltages stand in it: {both}")
    return rest.strip(" -"), "".join(found)


# ---- type and cores ----

_GROUP = r"(?:[0-9]{1,3}×)?[0-9]{1,4}(?:\.[0-9]{1,2})?(?:/[0-9]{1,3})?"
_CORES = re.compile(rf"{_GROUP}(?:\+{_GROUP}){{0,3}}")
_Reading = tuple[str, str, tuple[CoreGroup, ...]]


def _readings(body: str) -> Iterator[_Reading]:
    """Every way to divide the text into fire prefix, known type and cores; separators are optional."""
    for cut in range(1, len(body)):
        spec = body[cut:].strip(" -")
        if _CORES.fullmatch(spec):
            for fire, type_ in _heads(body[:cut].strip(" -")):
                yield fire, type_, _cores(spec)


def _heads(head: str) -> Iterator[tuple[str, str]]:
    """Every way to divide a head into fire prefix and known type."""
    if plain := cable_type(head):
        yield "", plain.name
    for cut in range(1, len(head)):
        fire = _fire(head[:cut])
        behind = cable_type(head[cut:].lstrip(" -"))
        if fire and behind:
            yield fire, behind.name


def _cores(spec: str) -> tuple[CoreGroup, ...]:
    """Groups by falling area, equal areas together: 1×50+3×95 and 3×95+1×50 are one cable."""
    counts: dict[tuple[Decimal, str], int] = {}
    for group in spec.split("+"):
        count, _, area = group.rpartition("×")
        area, _, steel = area.partition("/")
        at = (Decimal(area), steel)
        counts[at] = counts.get(at, 0) + int(count or 1)
    ordered = sorted(counts.items(), key=lambda item: item[0][0], reverse=True)
    return tuple(CoreGroup(count, _plain(area), steel) for (area, steel), count in ordered)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _check_cores(found: Designation) -> None:
    bare = found.cable_type.family is Family.BARE
    most = _MOST_POWER_CORES if found.cable_type.family is Family.POWER else 1 if bare else _MOST_CORES
    counts = [group.count for group in found.cores]
    if min(counts) < 1 or sum(counts) > most:
        raise _refusal(
            found.printed, f"{found.type} 的芯数应为 1 到 {most}", f"{found.type} has 1 to {most} cores"
        )
    for group in found.cores:
        if (group.steel and not bare) or (not bare and group.area not in AREAS) or Decimal(group.area) == 0:
            area = str(group).partition("×")[2]
            raise _refusal(
                found.printed,
                f"{area} mm² 不是标称截面",
                f"{area} mm² is not a nominal area",
                remedy=Text("标称截面见 GB/T 3956，如 1.5、2.5、4、6、10", "nominal areas: see GB/T 3956, such as 1.5, 2.5, 4, 6, 10"),
            )  # fmt: skip


# ---- fire prefix, GB/T 19666-2019 ----

#: Smoke and toxicity, flame, fire. Old practice: ZR is Z of class C, NH is N (kept as printed beside).
_FIRE_ATOM = re.compile(r"(?P<smoke>WDU?)|(?P<flame>ZR?[A-D]?)|(?P<fire>NH|NJ|NS|N)|(?P<other>[WDU])|[- ]")


def _fire(prefix: str) -> str:
    """The prefix in the standard's order (`NH-ZC` is `ZCN`), or '' if it is no fire prefix."""
    parts: dict[str, str] = {}
    at = 0
    while at < len(prefix):
        atom = _FIRE_ATOM.match(prefix, at)
        if atom is None:
            return ""
        at = atom.end()
        if atom.lastgroup is None:
            continue
        kind = "smoke" if atom.lastgroup == "other" else atom.lastgroup
        if kind in parts:
            return ""
        parts[kind] = atom[0]
    flame, fire = parts.get("flame", ""), parts.get("fire", "")
    if not flame and not fire:
        return ""
    flame = "ZC" if flame == "ZR" else flame.replace("R", "")
    return parts.get("smoke", "") + flame + fire.replace("H", "")


# ---- refusals ----

_EXAMPLE = Text(
    "请写成“型号-电压 芯数×截面”，例如 ZC-YJV22-0.6/1kV 4×120+1×70 或 BV-450/750V 1×2.5",
    "write type-voltage cores×area, such as ZC-YJV22-0.6/1kV 4×120+1×70 or BV-450/750V 1×2.5",
)


def _refusal(printed: str, zh: str, en: str, *, remedy: Text = _EXAMPLE) -> InputError:
    return InputError.of("not-a-cable", zh, en, came=printed, remedy=remedy)


def _unreadable(printed: str, body: str) -> InputError:
    """Says which half is missing: known type without cores, cores without known type, or neither."""
    if not printed:
        return _refusal(printed, "型号规格没有填写", "the designation is empty")
    for cut in range(len(body), 0, -1):
        head, rest = body[:cut].strip(" -"), body[cut:]
        if rest[:1].isalpha() or next(_heads(head), None) is None:
            continue
        if not rest.strip(" -"):
            return _refusal(printed, "缺少芯数和标称截面", "the number of cores and their area are missing")
        return _refusal(
            printed,
            f"型号 {head} 之后的“{rest.strip(' -')}”不是芯数和标称截面",
            f"{rest.strip(' -')!r} behind the type {head} is not a number of cores and an area",
        )
    return _refusal(
        printed, "不是可识别的电线电缆型号规格", "it is not a cable designation that can be recognised"
    )
