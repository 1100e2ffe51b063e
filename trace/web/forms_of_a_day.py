"""The forms of a maker's day: a batch that was made, and a product that is made for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import InputError, Problem, Text
from ..model.designation import parse_designation, same_cable
from ..model.state import UnitLength
from ..model.unit_lengths import format_unit_lengths, parse_unit_lengths
from ..queries.certificates import CERTIFICATES
from ..queries.making import Making
from .blanks import DAY, KILOGRAMS, LINES, MEASURED, NUMBER, WHOLE, WORDS, Blank, Options, Rows, Way
from .directory import Directory
from .form_parts import MATERIALS, Form, body, inner, only, persons_as

LOT = "subject/batch/lot"
INSPECTOR = persons_as("inspector", "质检员", "Inspector")
#: Under these names a product that is made for the first time is typed beside the batch.
NEW = "new"


def _show_lengths(groups: Any, _: Directory) -> str:
    return format_unit_lengths(
        UnitLength(first=group["first"], last=group["last"], length_mm=group["length_mm"]) for group in groups
    )


def _lengths(text: str, _: Directory) -> list[dict[str, int]]:
    return [
        {"first": group.first, "last": group.last, "length_mm": group.length_mm}
        for group in parse_unit_lengths(text)
    ]


UNIT_LENGTHS = Way(show=_show_lengths, read=_lengths)


def own_product(making: Making, text: str) -> str:
    """The number of the product that was meant by its number, or by its designation in any spelling.

    Raises InputError where it is none of the maker's, or more than one.
    """
    typed = text.strip()
    if any(product.number == typed for product in making.products):
        return typed
    try:
        meant = parse_designation(typed)
    except InputError:
        found = [each.number for each in making.products if typed in (each.designation, each.name)]
    else:
        found = [
            each.number
            for each in making.products
            if same_cable(parse_designation(each.designation), meant) or each.designation == typed
        ]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = "、".join(found[:5])
        raise InputError.of(
            "wrong-input",
            f"有几个产品是这个型号：{numbers}",
            f"several products have this designation: {numbers}",
            came=text,
            remedy=Text("请填产品编号", "give the number of the product"),
        )
    raise InputError.of(
        "unknown-reference",
        "本单位没有登记过这个产品",
        "no product of yours has this number or designation",
        came=text,
        remedy=Text("从列表中选，或在下面登记新产品", "choose one of the list, or register it below"),
    )


def made_form(making: Making) -> Form:
    """The form of a batch that was made; proposals are what this maker has typed before."""
    products = tuple(
        (each.number, Text(f"{each.designation} {each.name}", f"{each.designation} {each.name}"))
        for each in making.products
    )
    product = Way(
        show=lambda value, _: str(value),
        read=lambda text, _: own_product(making, text),
        options=lambda _: products,
    )
    return Form(
        title=Text("登记一批", "Register a batch"),
        intro=Text(
            "刚做好的一批电缆。编号、日期都已按上一批填好，改了再记录也可以。",
            "A batch that was just made. Number and day stand as they follow from the last one; change what differs.",
        ),
        parts=(
            body(
                "product", "产品", "Product", product, required=True,
                hint=Text("编号或型号规格，从列表中选。", "Its number or designation; choose from the list."),
            ),
            Blank(at=LOT, label=Text("批号", "Lot"), way=NUMBER, required=True),
            body(
                "units", "各盘和每盘米数", "Drums, and metres on each", UNIT_LENGTHS, required=True,
                hint=Text("盘号 × 米数，几组用分号隔开。", "Numbers × metres; a semicolon between groups."),
                example="1-20 × 500; 21 × 320",
            ),
            body("line", "生产线", "Line", _remembered(making.lines)),
            body("shift", "班次", "Shift", _remembered(making.shifts)),
            replace(
                INSPECTOR, spare=0, blanks=(Blank(at="name", label=Text("姓名", "Name"), way=_remembered(making.inspectors)),)
            ),
            Rows(
                at="body/materials", label=Text("投料", "Material that went in"), spare=2,
                hint=Text(
                    "铜、电缆料的批号和称重，可不填；填了就与理论用量比对。",
                    "Lot and weight of copper and compound, if you like; they are compared with what such cable needs.",
                ),
                blanks=(
                    inner("material", "材料", "Material", only(MATERIALS, "copper", "compound", "aluminium", "aluminium-alloy")),
                    inner("lot", "批号", "Lot", NUMBER),
                    inner("mass_g", "质量（千克）", "Mass (kg)", KILOGRAMS),
                ),
            ),
        ),
        asks=True,
    )  # fmt: skip


def _remembered(values: tuple[str, ...]) -> Way:
    listed: Options = tuple((value, Text(value, value)) for value in values)
    return Way(show=WORDS.show, read=WORDS.read, options=lambda _: listed)


def _new(at: str, zh: str, en: str, way: Way, *, required: bool = False, example: str = "") -> Blank:
    return Blank(at=f"{NEW}/{at}", label=Text(zh, en), way=way, required=required, example=example)


NEW_PRODUCT = Form(
    title=Text("产品不在列表里？登记新产品", "Not in the list? Register a new product"),
    intro=Text(
        "登记之后回到这一批，已经填的都还在。证书没有登记过的，一并填有效期。",
        "Afterwards this batch goes on, with all that was typed. Of a certificate that is not registered, give its days too.",
    ),
    parts=(
        _new("number", "产品编号", "Product number", NUMBER, required=True, example="P-YJV-435"),
        _new("name", "名称", "Name", WORDS, required=True, example="电力电缆"),
        _new("designation", "型号规格", "Designation", WORDS, required=True, example="YJV 0.6/1kV 4×35"),
        _new("standard", "执行标准", "Standard", WORDS, example="GB/T 12706.1-2020"),
        _new("certificate", "证书编号", "Certificate", NUMBER, example="（豫）XK06-001-00917"),
        _new("type", "证书种类", "Kind of certificate", only(CERTIFICATES, "licence", "ccc")),
        _new("valid_from", "有效期起", "Valid from", DAY),
        _new("valid_to", "有效期止", "Valid to", DAY),
        _new("issuer", "发证机构", "Issued by", WORDS, example="示例认证中心"),
        _new("types", "证书的型号范围", "Types it covers", LINES, example="YJV\nYJV22"),
        _new("voltages", "证书的电压范围", "Voltages it covers", LINES, example="0.6/1kV"),
        _new("least_area_mm2", "截面起（mm²）", "Areas from (mm²)", MEASURED, example="1.5"),
        _new("largest_area_mm2", "截面止（mm²）", "Areas to (mm²)", MEASURED, example="240"),
        _new("most_cores", "最多芯数", "Most cores", WHOLE, example="5"),
        _new(
            "factories",
            "生产地（6 位地区代码，一行一个）",
            "Factories in (six-digit codes, one a line)",
            LINES,
            example="411603",
        ),
    ),
    button=Text("登记新产品", "Register the product"),
)


_SCOPE = ("types", "voltages", "least_area_mm2", "largest_area_mm2", "most_cores", "factories")


def drafts_of_product(
    new: Mapping[str, Any], maker: str, ids: tuple[str, str], issuer: str | None = None
) -> list[dict[str, Any]]:
    """The certificate, where its days were given, and the product of a maker, as drafts with these ids. ``issuer``: the id of
    the organisation whose name was typed as the issuer's, where it is registered.

    Raises InputError for a certificate that is given in part.
    """
    drafts: list[dict[str, Any]] = []
    scope = {name: new[name] for name in _SCOPE if name in new}
    days = {name: new[name] for name in ("valid_from", "valid_to") if name in new}
    if days:
        missing = [name for name in ("certificate", "type", "valid_from", "valid_to") if name not in new]
        if missing:
            raise InputError(
                *(
                    Problem(
                        "wrong-input",
                        Text("证书要写全：编号、种类、起止日期", "a certificate has a number, a kind and two days"),
                        where=f"/{NEW}/{name}",
                    )
                    for name in missing
                )
            )  # fmt: skip
        drafts.append(
            {
                "id": ids[0],
                "kind": "certificate",
                "subject": {"certificate": {"holder": maker, "number": new["certificate"]}},
                "body": {
                    "type": new["type"],
                    "validity": days,
                    **({"scope": scope} if scope else {}),
                    **_issued(new.get("issuer"), issuer),
                },
            }
        )
    named = {name: new[name] for name in ("name", "designation", "standard", "certificate") if name in new}
    drafts.append(
        {
            "id": ids[1],
            "kind": "product",
            "subject": {"product": {"maker": maker, "number": new["number"]}},
            "body": named,
        }
    )
    return drafts


def _issued(typed: str | None, issuer: str | None) -> dict[str, str]:
    """An organisation of the register, or a name in words."""
    if issuer is not None:
        return {"issued_by": issuer}
    return {} if typed is None else {"issuer": typed}
