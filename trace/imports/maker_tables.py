"""A maker's tables: products with their certificates, batches, shipments (factory tests are `reports`)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ..codes.certificate_number import CertificateKind, parse_certificate_number
from ..codes.region_names import region_named
from ..codes.trace_code import batch_code_in
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import InputError, Text
from ..model.designation import parse_designation
from .cells import (
    date_of,
    optional,
    required_text,
    units_of,
    uscc_of,
    whole_number_of,
    yuan_of,
)
from .designations import designation_as_printed, designation_field
from .grid import Cell
from .rows import (
    Line,
    Reading,
    RowGroup,
    Said,
    Words,
    as_ranges,
    event_id,
    first_of,
    given,
    on_day,
    person,
)
from .whose import Whose

CERTIFICATE_WORDS = Words(
    usual={"CCC": CertificateKind.CCC, "生产许可证": CertificateKind.LICENCE},
    also={
        "3C": CertificateKind.CCC,
        "CCC认证": CertificateKind.CCC,
        "强制性产品认证": CertificateKind.CCC,
        "强制性认证": CertificateKind.CCC,
        "工业产品生产许可证": CertificateKind.LICENCE,
        "许可证": CertificateKind.LICENCE,
    },
)

_CHECK = Text("请核对后改正。", "Check and correct it.")


def maker_speaking(reading: Reading, whose: Whose) -> str:
    """The maker that says this row: the row's own, else the file's."""
    line = reading.line
    if line.names_nobody("maker"):
        return whose.maker
    return whose.cast.themselves(reading, "maker", "maker_uscc", "manufacturer") or whose.maker


# ---- products -----------------------------------------------------------------------------------------------


def product(reading: Reading, whose: Whose) -> RowGroup | None:
    """A product, and the certificate under which it is made where its period is given."""
    maker = maker_speaking(reading, whose)
    number = reading.text("product")
    designation = designation_as_printed(reading, needed=True)
    name = reading.note("name")
    standard = reading.note("standard")
    certificate = _certificate(reading, whose, maker)
    if reading.troubles or number is None:
        return None
    said = [*whose.cast.introductions(maker)]
    if certificate is not None and "validity" in certificate["body"]:
        said.append(
            Said(
                draft=certificate,
                speaker=maker,
                fields={
                    "": "certificate",
                    "/body/validity": "valid_to",
                    "/body/type": "certificate_type",
                    "/body/scope/types": "scope_types",
                    "/body/scope/voltages": "scope_voltages",
                    "/body/scope/most_cores": "scope_cores",
                    "/body/scope/factories": "scope_factories",
                    "/body/scope": "scope_areas",
                    "/body/issued_by": "issuer",
                    "/body/issuer": "issuer",
                },
            )
        )
    said.append(
        Said(
            draft={
                "id": event_id(maker, "product", number),
                "kind": "product",
                "subject": {"product": {"maker": maker, "number": number}},
                "body": given(
                    name=name or designation,
                    designation=designation,
                    standard=standard,
                    certificate=None
                    if certificate is None
                    else certificate["subject"]["certificate"]["number"],
                ),
            },
            speaker=maker,
            fields={
                "": "product",
                "/body/name": "name",
                "/body/designation": designation_field(reading.line),
                "/body/standard": "standard",
                "/body/certificate": "certificate",
                "/subject/product/maker": "maker_uscc",
            },
        )
    )
    return RowGroup(lines=(reading.line,), said=tuple(said))


def _certificate(reading: Reading, whose: Whose, maker: str) -> dict[str, Any] | None:
    """The draft of the certificate; without validity where the row has none. A period needs both its days."""
    line = reading.line
    if line.cell("certificate").is_empty:
        return None
    kind = reading.may("certificate_type", CERTIFICATE_WORDS.read)
    scope, issuer = _scope(reading), reading.note("issuer")
    registered = None if issuer is None else whose.cast.registered(issuer)
    number = reading.need("certificate", lambda cell: parse_certificate_number(required_text(cell), kind))
    if line.cell("valid_from").is_empty and line.cell("valid_to").is_empty:
        validity: dict[str, str] = {}
    else:
        valid_from, valid_to = reading.day("valid_from", date_of), reading.day("valid_to", date_of)
        if valid_from is None or valid_to is None:
            return None
        validity = {"valid_from": str(valid_from), "valid_to": str(valid_to)}
    if number is None:
        return None
    type_, text = number
    return {
        "id": event_id(maker, "certificate", text, validity.get("valid_from", "")),
        "kind": "certificate",
        "subject": {"certificate": {"holder": maker, "number": text}},
        "body": given(
            type=type_.value,
            validity=validity,
            scope=scope,
            issued_by=registered,
            issuer=issuer if registered is None else None,
        ),
    }


_CORES = re.compile(r"(?:≤|不超过|最多|1\s*芯?\s*[-–—~～至])?\s*0*([0-9]{1,3})\s*芯?", re.ASCII)
#: The most that a scope can name (`model.certificate_scope`).
_MOST_CORES = 100
_NAMES_BETWEEN = re.compile(r"[、，,;；\s]+")
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_AREAS = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:mm²|mm2)?\s*[-–—~～至]\s*([0-9]+(?:\.[0-9]+)?)\s*(?:mm²|mm2)?\s*"
)


def _scope(reading: Reading) -> dict[str, Any]:
    """What the certificate covers, as far as the row says so."""
    types, voltages = reading.note("scope_types"), reading.note("scope_voltages")
    areas, most_cores = reading.may("scope_areas", _areas), reading.may("scope_cores", _most_cores)
    factories = reading.may("scope_factories", _regions)
    return given(
        types=[each for each in _BETWEEN.split(types or "") if each],
        voltages=[each for each in re.split(r"[、，,;；\s]+", voltages or "") if each],
        least_area_mm2=None if areas is None else areas[0],
        largest_area_mm2=None if areas is None else areas[1],
        most_cores=most_cores,
        factories=factories,
    )


def _most_cores(cell: Cell) -> int:
    """``5``, ``1-5`` or ``≤5``, also with 芯 behind it: a certificate is registered with the most cores that it covers."""
    text = required_text(cell)
    shape = _CORES.fullmatch(text)
    if shape is None or not 1 <= int(shape[1]) <= _MOST_CORES:
        raise InputError.of(
            "wrong-input",
            f"芯数范围应写作 5 或 1-5，不超过 {_MOST_CORES}",
            f"a range of cores is written 5 or 1-5, and ends at {_MOST_CORES} at most",
            came=text,
            remedy=_CHECK,
        )
    return int(shape[1])


def _regions(cell: Cell) -> list[str]:
    """Codes of regions in use today, each typed as six digits or by its name."""
    return [region_named(each) for each in _NAMES_BETWEEN.split(required_text(cell)) if each]


def _areas(cell: Cell) -> tuple[str, str]:
    text = required_text(cell)
    shape = _AREAS.fullmatch(text)
    if shape is None or Decimal(shape[1]) > Decimal(shape[2]):
        raise InputError.of(
            "wrong-input",
            "截面范围应写作 1.5-240",
            "a range of areas is written 1.5-240",
            came=text,
            remedy=_CHECK,
        )
    return shape[1], shape[2]


# ---- batches ------------------------------------------------------------------------------------------------


def batch(reading: Reading, whose: Whose) -> RowGroup | None:
    """A production: its metres, drums and material."""
    line = reading.line
    maker = maker_speaking(reading, whose)
    lot = reading.text("lot")
    number = reading.text("product")
    day = reading.day("date", date_of)
    designation = designation_as_printed(reading, needed=False)
    lengths = _lengths(reading)
    materials = _materials(reading, designation)
    inspector = reading.note("inspector")
    code = reading.may("code", _batch_code)
    shift, production_line = reading.note("shift"), reading.note("line")
    if reading.troubles or lot is None or lengths is None:
        return None
    draft = {
        "id": event_id(maker, "production", lot),
        "kind": "production",
        "subject": {"batch": {"maker": maker, "lot": lot}},
        **on_day(day),
        **given(place=_factory(whose, maker, line), by=person("inspector", inspector)),
        "body": given(
            product=number,
            designation=designation,
            shift=shift,
            line=production_line,
            materials=materials,
            code=code,
            **lengths,
        ),
    }
    fields = {
        "": "lot",
        "/body/product": "product",
        "/body/designation": designation_field(line),
        "/occurred_at": "date",
        "/body/length_mm": "total" if "total" in line.table.headings else "each",
        "/body/units": "units" if line.cell("first").is_empty else "first",
        "/body/shift": "shift",
        "/body/line": "line",
        "/body/code": "code",
        "/body/materials": "material",
        "/by": "inspector",
    }
    said = Said(draft=draft, speaker=maker, fields=fields, derived=("place",))
    return RowGroup(lines=(line,), said=(*whose.cast.introductions(maker), said))


def _batch_code(cell: Cell) -> str:
    """A code as it stands on a blank label: of the batch, or of one of its units."""
    return batch_code_in(required_text(cell)).canonical


def _factory(whose: Whose, maker: str, line: Line) -> dict[str, str]:
    region = whose.cast.home(maker, _uscc(line))
    return {} if region is None else {"region": region, "type": "factory"}


def _uscc(line: Line) -> str | None:
    try:
        return optional(uscc_of, line.cell("maker_uscc"))
    except InputError:
        return None


def _lengths(reading: Reading) -> dict[str, Any] | None:
    """``length_mm``, and ``units`` or ``loose_mm``, from the total, the number of drums, their length, their range.

    What is missing follows from the others; whether metres add up is judged by the rules.
    """
    line = reading.line
    before = len(reading.troubles)
    total_mm = None if line.cell("total").is_empty else reading.length("total")
    each_mm = None if line.cell("each").is_empty else reading.length("each")
    count = reading.may("count", _positive)
    units = _drums(reading, count)
    if len(reading.troubles) > before:
        return None
    if units is None:
        if total_mm is None:
            reading.length("total")
            return None
        return {"length_mm": total_mm, "loose_mm": total_mm}
    drums = sum(each.count for each in units)
    if count is not None and drums != count:
        reading.refuse(
            "count",
            f"盘号 {format_units(units)} 共 {drums} 盘，盘数却写 {count}",
            f"the units {format_units(units)} are {drums}, but their number is given as {count}",
            Text("请核对盘数与盘号。", "Check the number of drums and their range."),
        )
        return None
    if each_mm is None:
        if total_mm is None or total_mm % drums:
            reading.refuse(
                "each",
                f"缺少每盘长度，总长也不能平均分到 {drums} 盘" if total_mm else "缺少总长度或每盘长度",
                f"the length of a drum is missing, and the total does not divide by {drums}",
                Text("请补填每盘长度。", "Enter the length of each drum."),
                code="wrong-quantity",
            )
            return None
        each_mm = total_mm // drums
    return {
        "length_mm": each_mm * drums if total_mm is None else total_mm,
        "units": [{"first": each.first, "last": each.last, "length_mm": each_mm} for each in units],
    }


def _drums(reading: Reading, count: int | None) -> tuple[UnitRange, ...] | None:
    """The drums of the batch; None where nothing is said of drums."""
    line = reading.line
    if not line.cell("units").is_empty:
        return reading.need("units", units_of)
    first, last = reading.may("first", _positive), reading.may("last", _positive)
    if first is None and last is None:
        return None if count is None else _range(reading, "count", 1, count)
    if first is None or last is None:
        if count is None:
            reading.need("last" if last is None else "first", whole_number_of)
            return None
        first = last - count + 1 if first is None and last is not None else first or 1
        last = first + count - 1
    return _range(reading, "last", first, last)


def _range(reading: Reading, name: str, first: int, last: int) -> tuple[UnitRange, ...] | None:
    try:
        return (UnitRange(first, last),)
    except ValueError:
        reading.refuse(
            name,
            f"盘号范围颠倒或超出：{first}-{last}",
            f"the range of units runs backwards or too far: {first}-{last}",
            Text("请核对盘号起止。", "Check the first and the last unit."),
            code="wrong-unit-range",
        )
        return None


def _positive(cell: Cell) -> int:
    number = whole_number_of(cell)
    if number < 1:
        raise InputError.of(
            "wrong-quantity",
            "应为大于 0 的整数",
            "a whole number greater than 0 is wanted",
            came=str(cell.value),
            remedy=_CHECK,
        )
    return number


def _materials(reading: Reading, designation: str | None) -> list[dict[str, Any]]:
    """The lot of metal that went in. The column says copper; the designation says whether it is."""
    lot = reading.note("material")
    mass_g = reading.mass("copper")
    if lot is None and not mass_g:
        return []
    metal = "copper"
    if designation is not None and not mass_g:
        try:
            metal = parse_designation(designation).metal.value
        except InputError:
            metal = "other"  # the rules name it
    return [given(material=metal, lot=lot, mass_g=mass_g if metal == "copper" else None)]


# ---- shipments ----------------------------------------------------------------------------------------------


def shipment(reading: Reading, whose: Whose) -> RowGroup | None:
    """A dispatch of one lot, by the maker of the lots unless the row names another sender."""
    line = reading.line
    sender = whose.maker
    if not line.names_nobody("sender"):
        sender = whose.cast.themselves(reading, "sender", "sender_uscc", "distributor") or sender
    lot = reading.text("lot")
    maker = whose.maker_of(reading, sender)
    units = reading.may("units", units_of)
    length_mm = reading.length("length") if units is None or not line.cell("length").is_empty else None
    buyer = whose.cast.named(reading, "buyer", "buyer_uscc", by=sender)
    region = reading.region("region")
    day = reading.day("date", date_of)
    note, order, carrier = reading.note("note"), reading.note("order"), reading.note("carrier")
    price = reading.may("price", yuan_of)
    if reading.troubles or lot is None:
        return None
    home = whose.cast.home(sender)
    draft = {
        "id": event_id(sender, "dispatch", note or f"{day} {buyer}", lot, first_of(units)),
        "kind": "dispatch",
        "subject": {"batch": {"maker": maker, "lot": lot}},
        **on_day(day),
        **given(place=given(region=home)),
        "body": given(
            to=buyer,
            region=region,
            units=as_ranges(units or ()),
            length_mm=length_mm,
            delivery_note=note,
            carrier=carrier,
            price_fen_per_metre=price,
            order=order,
        ),
    }
    fields = {
        "": "note" if note else "lot",
        "/subject/batch": "lot",
        "/body/units": "units",
        "/body/length_mm": "length",
        "/body/to": "buyer",
        "/body/region": "region",
        "/body/delivery_note": "note",
        "/body/carrier": "carrier",
        "/body/price_fen_per_metre": "price",
        "/body/order": "order",
        "/body": "units",
        "/occurred_at": "date",
    }
    said = Said(draft=draft, speaker=sender, fields=fields, derived=("place",))
    return RowGroup(lines=(line,), said=(*whose.cast.introductions(sender, buyer), said))
