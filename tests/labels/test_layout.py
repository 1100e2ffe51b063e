"""On every label of every paper, whatever the names: nothing leaves its place, and the code stands there whole."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.labels.drawn import draw
from cabletrace.labels.label import Label
from cabletrace.labels.layout import PREVIEW, Layout, lay_out
from cabletrace.labels.sheet import SHEETS, Box
from cabletrace.lettering.font import font
from labels_for_tests import LONG_NAME, label

NAMES = st.text(st.sampled_from("电缆有限公司（集团）某某省，AaWw1 0.6/1kV-×·&,."), min_size=1, max_size=200)


def laid(said: Label, key: str) -> Layout:
    return lay_out(said, SHEETS[key].inside, font().advance)


def said_on(layout: Layout) -> str:
    """All text without the blanks at which lines may break."""
    return re.sub(r"\s", "", "".join(line.text for line in layout.lines))


def stays_inside(layout: Layout, inside: Box) -> bool:
    boxes = [layout.qr, *(line.box(font().advance) for line in layout.lines)]
    return all(inside.holds(box) for box in boxes) and not any(
        a.overlaps(b) for a, b in combinations(boxes, 2)
    )


@given(
    key=st.sampled_from(sorted(SHEETS)), maker=NAMES, designation=NAMES, lot=NAMES,
    unit=st.integers(1, 1_048_575), length_mm=st.integers(1, 10**9),
)  # fmt: skip
def test_nothing_leaves_its_place_and_nothing_overlaps(key: str, **said: object) -> None:
    of = label(**said)  # type: ignore[arg-type]

    layout = laid(of, key)

    assert stays_inside(layout, SHEETS[key].inside)
    assert of.printed in said_on(layout)
    assert f"第{of.unit}盘（卷）" in said_on(layout)


@pytest.mark.parametrize("key", SHEETS)
def test_an_ordinary_label_is_cut_nowhere(key: str) -> None:
    layout = laid(label(), key)

    words = (
        "ZC-YJV220.6/1kV4×120+1×70",
        "第37盘（卷）500m",
        "批号L20260501-01",
        "生产日期2026-05-01",
        "周口市示例电缆有限公司",
    )
    assert said_on(layout) == "".join(words) + label().printed


def code_lines(layout: Layout, printed: str) -> list[str]:
    """The last lines, which are the code."""
    lines: list[str] = []
    for line in reversed(layout.lines):
        lines.insert(0, line.text)
        if "".join(lines) == printed:
            break
    return lines


@pytest.mark.parametrize("key", SHEETS)
def test_codes_of_one_sheet_break_alike_and_behind_a_group(key: str) -> None:
    narrow, wide = "7Q0M-1ZK4-1111-1111-1111", "7Q0M-1ZK4-WWWW-WWWW-WWWW"
    mixed = [
        f"7Q0M-1ZK4-{group}-W1W1-1WW{n}" for n, group in enumerate(("W111", "11WW", "KAHB", "31YQ", "MMMM"))
    ]
    breaks = set()
    for unit, printed in enumerate((narrow, wide, *mixed), start=5):
        lines = code_lines(laid(label(printed=printed, unit=unit), key), printed)
        assert all(line.endswith("-") for line in lines[:-1])
        breaks.add(tuple(len(line) for line in lines))

    assert len(breaks) == 1


def test_the_figures_of_the_font_are_equally_wide() -> None:
    assert len({font().advance(figure) for figure in "0123456789"}) == 1


@pytest.mark.parametrize("key", SHEETS)
def test_modules_are_wide_enough_for_a_phone(key: str) -> None:
    drawn = draw(label(), SHEETS[key], font())

    assert drawn.qr.width_cmm / drawn.modules_across >= 33  # 0.33 mm


def test_an_address_whose_modules_would_be_too_small_is_refused_for_this_paper() -> None:
    far = label(url="https://" + "a" * 200 + ".example/c/" + "0" * 20)

    drawn = draw(far, SHEETS["roll-100x70"], font())
    with pytest.raises(InputError) as refused:
        draw(far, SHEETS["roll-40x30"], font())

    assert drawn.qr.width_cmm / drawn.modules_across >= 26
    assert refused.value.problems[0].where == "sheet"


def test_text_is_as_large_as_it_can_be_and_shrinks_for_a_long_name() -> None:
    short, long = laid(label(), "roll-70x50"), laid(label(maker=LONG_NAME), "roll-70x50")

    assert max(line.size_cmm for line in short.lines) > max(line.size_cmm for line in long.lines)
    assert "…" not in said_on(long)
    assert re.sub(r"\s", "", LONG_NAME) in said_on(long)


def test_only_where_the_smallest_is_too_large_a_name_is_cut_and_it_says_so() -> None:
    layout = laid(label(maker=LONG_NAME * 2, lot="7" * 80), "roll-40x30")

    assert min(line.size_cmm for line in layout.lines) == 160
    assert "…" in said_on(layout)
    assert said_on(layout).endswith(label().printed)


def test_lines_break_where_one_breaks_them() -> None:
    layout = laid(
        label(maker="示例（中国）电缆，有限公司" * 3, designation="WDZ-BYJ 450/750V 1×2.5"), "roll-40x30"
    )

    texts = [line.text for line in layout.lines]
    assert not [text for text in texts if text[0] in "，）"]
    assert not [text for text in texts if text[-1] in "（ "]
    assert "450/750V" in " ".join(texts)


def test_a_code_breaks_behind_a_hyphen() -> None:
    texts = [line.text for line in laid(label(), "roll-40x30").lines]

    first = next(at for at, text in enumerate(texts) if label().printed.startswith(text))
    assert texts[first].endswith("-")
    assert "".join(texts[first:]) == label().printed


def test_characters_that_nobody_sees_are_left_out() -> None:
    layout = laid(label(maker="示例\u200b电\n缆\u202e厂"), "roll-70x50")

    assert "示例电缆厂" in said_on(layout)


def test_a_higher_label_has_its_code_on_top() -> None:
    layout = laid(label(), "roll-40x60")

    assert min(line.box(font().advance).y_cmm for line in layout.lines) > layout.qr.bottom_cmm


def test_a_label_too_small_for_the_code_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no text"):
        lay_out(label(), Box(0, 0, 1500, 800), font().advance)


@pytest.mark.parametrize("key", SHEETS)
def test_a_preview_says_so_on_every_paper_and_can_be_scanned(key: str) -> None:
    preview = label(37, is_preview=True, maker=LONG_NAME)

    said = said_on(draw(preview, SHEETS[key], font()).layout)

    assert PREVIEW.replace(" ", "") in said
    assert preview.printed in said
