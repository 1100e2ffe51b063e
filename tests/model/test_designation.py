"""Cable designations: every usual spelling is one cable, and what only looks like a cable is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.designation import (
    AREAS,
    VOLTAGES,
    CoreGroup,
    Designation,
    Metal,
    parse_designation,
    parse_designation_parts,
    same_cable,
    unusual_neutral,
    written_otherwise,
)

# ---- examples a person can check ----


@pytest.mark.parametrize(
    ("printed", "normalised"),
    [
        ("YJV 0.6/1kV 3x95+1x50", "YJV-0.6/1kV 3×95+1×50"),
        ("YJV 0.6/1kV ３×９５＋１×５０", "YJV-0.6/1kV 3×95+1×50"),
        ("YJV-0.6/1kV-3×95+1×50", "YJV-0.6/1kV 3×95+1×50"),
        ("YJV 3×95+1×50 0.6/1kV", "YJV-0.6/1kV 3×95+1×50"),
        ("YJV 600/1000V 3×95mm²+1×50mm²", "YJV-0.6/1kV 3×95+1×50"),
        ("yjv—0.6/1KV 3 X 95 + 1 X 50 平方", "YJV-0.6/1kV 3×95+1×50"),
        ("YJV 0.6/1kV 1×50+3×95", "YJV-0.6/1kV 3×95+1×50"),
        ("WDZB-YJY-0.6/1kV 5*16", "WDZB-YJY-0.6/1kV 5×16"),
        ("WDZB-YJLV22-0.6/1kV 3×120+1×70", "WDZB-YJLV22-0.6/1kV 3×120+1×70"),
        ("ZC-YJV22 0.6/1kV 4×120+1×70mm2", "ZC-YJV22-0.6/1kV 4×120+1×70"),
        ("RVV 300/500V ３×１．５", "RVV-300/500V 3×1.5"),
        ("RVV 3芯1.5平方毫米", "RVV 3×1.5"),
        ("BV-2.5", "BV 1×2.5"),
        ("BV2.50㎟", "BV 1×2.5"),
        ("BX 4", "BX 1×4"),
        ("BV 450/750 4", "BV-450/750V 1×4"),
        ("YJV（0.6/1kV）3×95+1×50", "YJV-0.6/1kV 3×95+1×50"),
        ("60227 IEC 01(BV) 450/750V 2.5mm²", "60227 IEC 01(BV)-450/750V 1×2.5"),
        ("60227IEC01（BV）2.5", "60227 IEC 01(BV) 1×2.5"),
        ("60227 IEC 53 3×1.5", "60227 IEC 53(RVV) 3×1.5"),
        ("60245 IEC 66 3×25+1×10", "60245 IEC 66(YCW) 3×25+1×10"),
        ("ZR-KVVP-4×1.5", "ZC-KVVP 4×1.5"),
        ("KVVP2-22 4×1.5", "KVVP2-22 4×1.5"),
        ("JKLYJ/Q-10kV 1×240", "JKLYJ/Q-10kV 1×240"),
        ("JL/G1A-240/30", "JL/G1A 1×240/30"),
        ("BTTZ 750V 4×6", "BTTZ-750V 4×6"),
    ],
)
def test_each_spelling_of_a_cable_gets_the_one_spelling(printed: str, normalised: str) -> None:
    found = parse_designation(printed)

    assert found.normalised == normalised
    assert found.printed == printed


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("ZR", "ZC"),
        ("ZRC", "ZC"),
        ("ZRA", "ZA"),
        ("NH", "N"),
        ("NH-ZC", "ZCN"),
        ("ZC-NH", "ZCN"),
        ("WDZ", "WDZ"),
        ("WDZAN", "WDZAN"),
        ("WDZCNJ", "WDZCNJ"),
        ("WDUZBNS", "WDUZBNS"),
        ("WDZR", "WDZC"),
    ],
)
def test_fire_prefixes_of_old_practice_become_the_standards_codes(prefix: str, code: str) -> None:
    assert parse_designation(f"{prefix}-YJV 4×25").fire == code


@pytest.mark.parametrize("printed", ["ZC-YJV 4×25", "ZC YJV 4×25", "ZCYJV 4×25", "ZC - YJV4×25"])
def test_a_fire_prefix_needs_no_hyphen_where_only_one_reading_exists(printed: str) -> None:
    assert parse_designation(printed).normalised == "ZC-YJV 4×25"


@pytest.mark.parametrize(
    ("printed", "readings"),
    [
        ("ZRVV 3×1.5", ("Z-RVV 3×1.5", "ZC-VV 3×1.5")),
        ("KVVP27×1.5", ("KVVP 27×1.5", "KVVP2 7×1.5")),
    ],
)
def test_a_text_with_two_readings_is_refused_and_both_are_shown(
    printed: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as refused:
        parse_designation(printed)

    assert all(reading in refused.value.problems[0].detail.zh for reading in readings)


@pytest.mark.parametrize(
    "look_alike",
    ["DN100", "DN100 2寸", "IS80-65-160", "2寸", "YC90L-4", "Y132S-4", "XL-21", "SYV-75-5", "M8×30", "YJ 10",
     "HDPE 110", "VV22", "450/750V", "3×95+1×50", "电缆", "", "  ", "BV" * 80],
)  # fmt: skip
def test_what_only_looks_like_a_cable_is_refused(look_alike: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_designation(look_alike)

    assert refused.value.code == "not-a-cable"
    assert refused.value.problems[0].remedy is not None


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("YJV 0.6/1kV", "缺少芯数和标称截面"),
        ("YJV 220V 3×95", "“220V”不是电缆的额定电压"),
        ("YJV 0.6/1kV 8.7/15kV 3×95", "出现了两个额定电压：0.6/1kV / 8.7/15kV"),
        ("YJV 3×59", "59 mm² 不是标称截面"),
        ("YJV22×25", "YJV 的芯数应为 1 到 6"),
        ("RVV 0×1.5", "RVV 的芯数应为 1 到 100"),
        ("YJV 3×240/30", "240/30 mm² 不是标称截面"),
        ("RVV 3×1.5mm", "型号 RVV 之后的“3×1.5MM”不是芯数和标称截面"),
        ("60227 IEC 01(RV) 2.5", "型号 60227 IEC 01 之后的“(RV) 2.5”不是芯数和标称截面"),
    ],
)
def test_a_refusal_says_what_is_wrong(printed: str, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_designation(printed)

    assert refused.value.problems[0].detail.zh == reason


def test_columns_are_read_as_one_designation() -> None:
    whole = parse_designation("60227 IEC 01(BV) 450/750V 2.5")

    parts = parse_designation_parts("60227 IEC 01(BV)", " 2.5 ", "450/750V")
    twice = parse_designation_parts("60227 IEC 01(BV) 450/750V", "2.5", "450/750V")

    assert parts == whole
    assert twice.normalised == whole.normalised


# ---- sameness ----


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("60227 IEC 01(BV) 450/750V 2.5", "BV-2.5"),
        ("60227 IEC 05(BV) 0.75", "BV 300/500V 0.75"),
        ("60227 IEC 53(RVV) 300/500V 3×1.5", "RVV 3x1.5"),
        ("ZR-KVV 4×1.5", "ZC-KVV 450/750V 4*1.5"),
        ("JKLYJ 1kV 1×70", "JKLYJ-0.6/1kV 70"),
    ],
)
def test_names_of_the_same_cable_have_one_key(one: str, other: str) -> None:
    assert parse_designation(one).key == parse_designation(other).key
    assert same_cable(parse_designation(one), parse_designation(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BV 2.5", "BVR 2.5"),
        ("BV 2.5", "BV 4"),
        ("BV 450/750V 1", "BV 1"),
        ("YJV 0.6/1kV 3×95", "YJV 8.7/15kV 3×95"),
        ("YJV 4×25", "ZC-YJV 4×25"),
        ("YJV 3×95+1×50", "YJV 4×95"),
        ("YJV 4×25", "YJLV 4×25"),
        ("60227 IEC 52(RVV) 2×0.75", "60227 IEC 53(RVV) 2×0.75"),
    ],
)
def test_different_cables_are_told_apart(one: str, other: str) -> None:
    assert parse_designation(one).key != parse_designation(other).key
    assert not same_cable(parse_designation(one), parse_designation(other))


def test_silence_about_the_voltage_contradicts_no_voltage() -> None:
    unstated = parse_designation("YJV 3×95+1×50")

    assert same_cable(unstated, parse_designation("YJV 0.6/1kV 3×95+1×50"))
    assert same_cable(parse_designation("YJV 8.7/15kV 3×95+1×50"), unstated)


# ---- conductors ----


@pytest.mark.parametrize(
    ("printed", "metal", "conductor_class"),
    [
        ("BV 2.5", Metal.COPPER, 1),
        ("BV 16", Metal.COPPER, 2),
        ("BLV 10", Metal.ALUMINIUM, 1),
        ("BVR 6", Metal.COPPER, 2),
        ("BYJR 6", Metal.COPPER, 5),
        ("RVV 3×1.5", Metal.COPPER, 5),
        ("60227 IEC 02(RV) 1.5", Metal.COPPER, 5),
        ("YJV 4×25", Metal.COPPER, 2),
        ("YJLV22 4×25", Metal.ALUMINIUM, 2),
        ("YJLHV22 4×25", Metal.ALUMINIUM_ALLOY, 2),
        ("YJLW02-64/110kV 1×630", Metal.COPPER, 2),
        ("KVVRP 10×1", Metal.COPPER, 5),
        ("JKLYJ 1×70", Metal.ALUMINIUM, 2),
        ("JKTRYJ 1×70", Metal.COPPER, 2),
        ("JKYJ 1×70", Metal.COPPER, None),
        ("JKLHYJ 1×70", Metal.ALUMINIUM_ALLOY, None),
        ("YH 50", Metal.COPPER, 6),
        ("YCW 3×6", Metal.COPPER, 5),
        ("LGJ-240/30", Metal.ALUMINIUM, None),
        ("JLHA1-240", Metal.ALUMINIUM_ALLOY, None),
        ("TJ-50", Metal.COPPER, None),
    ],
)
def test_the_type_tells_metal_and_class(printed: str, metal: Metal, conductor_class: int | None) -> None:
    found = parse_designation(printed)

    assert (found.metal, found.conductor_class) == (metal, conductor_class)


@pytest.mark.parametrize(
    ("printed", "beside"),
    [
        ("YJV ３×９５＋１×５０", ""),
        ("yjv-3*95+1*50平方 0.6/1kV", ""),
        ("ZR-YJV 3×95+1×50", "ZR-YJV 3×95+1×50"),  # an older word for the fire class
        ("BV 2.5", "BV 2.5"),  # does not say how many cores
    ],
)
def test_what_was_printed_stands_beside_where_it_says_something_else(printed: str, beside: str) -> None:
    assert written_otherwise(parse_designation(printed)) == beside


def test_an_unusual_neutral_is_remarked_and_a_usual_one_is_not() -> None:
    remark = unusual_neutral(parse_designation("YJV 3×95+1×35"))

    assert remark is not None
    assert "50" in remark.zh
    assert "50" in remark.en
    for usual in (
        "YJV 3×95+1×50",
        "YJV 4×120+1×70",
        "YJV 3×95+2×50",
        "YJV 4×95",
        "KVV 4×4+1×1",
        "YJV 3×400+1×185",
    ):
        assert unusual_neutral(parse_designation(usual)) is None


# ---- laws ----

TYPES = ("BV", "BVR", "BVVB", "WDZ-BYJ", "RVV", "RVSP", "YJV", "YJLHV22", "VV32", "KVVP2", "KYJVP2-22", "JKLYJ/QB",
         "60227 IEC 01(BV)", "60245 IEC 66(YCW)", "BV-90")  # fmt: skip
FIRES = ("", "Z", "ZA", "ZC", "N", "ZCN", "WDZB", "WDZCNJ", "WDUZA", "ZBNS")


@st.composite
def designations(draw: st.DrawFn) -> Designation:
    """Anything the parser can answer, built without it."""
    type_, fire = draw(st.sampled_from(TYPES)), draw(st.sampled_from(FIRES))
    if type_.startswith("WDZ-"):
        fire, type_ = "WDZ", type_.removeprefix("WDZ-")
    areas = draw(st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True))
    cores = tuple(CoreGroup(draw(st.integers(1, 2)), area) for area in sorted(areas, key=float, reverse=True))
    voltage = draw(st.sampled_from(("", *VOLTAGES)))
    return Designation(printed="", fire=fire, type=type_, voltage=voltage, cores=cores)


@given(designations())
def test_reading_the_one_spelling_gives_the_designation_back(made: Designation) -> None:
    found = parse_designation(made.normalised)

    assert (found.fire, found.type, found.voltage, found.cores) == (
        made.fire,
        made.type,
        made.voltage,
        made.cores,
    )
    assert found.normalised == made.normalised


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Designation, str]:
    """A designation and one of the ways in which people write it."""
    made = draw(designations())
    times = draw(st.sampled_from("×xX*＊ｘ✕х"))
    unit = draw(st.sampled_from(("", "mm2", "mm²", " ㎟", "平方", " 平方毫米", "sqmm")))
    gap = draw(st.sampled_from((" ", "-", "  ", "　", " - ", "－")))
    plus = draw(st.sampled_from(("+", " + ", "＋")))
    cores = plus.join(f"{group.count}{times}{group.area}{unit}" for group in made.cores)
    text = gap.join(part for part in (made.fire, made.type, made.voltage, cores) if part)
    return made, draw(st.sampled_from((text, text.lower(), full_width(text))))


@given(spellings())
def test_signs_units_gaps_and_widths_do_not_change_the_cable(spelled: tuple[Designation, str]) -> None:
    made, text = spelled

    assert parse_designation(text).key == made.key


@given(st.text(max_size=60) | st.text("YJV0123456789/.×+- BRKWDZNH()IECk", max_size=40))
def test_any_text_is_read_or_refused_and_what_is_read_reads_again(text: str) -> None:
    try:
        found = parse_designation(text)
    except InputError:  # any other exception fails the test
        return

    assert parse_designation(found.normalised).key == found.key
