"""Labels come to stand where the paper has them, one after the other, and nothing is printed beside the paper."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError, Text
from cabletrace.labels.print_run import MOST_LABELS, PrintRun, parse_print_run
from cabletrace.labels.sheet import SHEETS, Sheet, places

KEYS = st.sampled_from(sorted(SHEETS))


def faults(**typed: str) -> set[str]:
    with pytest.raises(InputError) as refused:
        parse_print_run(**typed)
    return {problem.where for problem in refused.value.problems}


@pytest.mark.parametrize("key", SHEETS)
def test_no_two_labels_share_a_spot_and_none_leaves_the_paper(key: str) -> None:
    sheet = SHEETS[key]

    cells = [sheet.cell(position) for position in range(1, sheet.labels + 1)]

    assert all(sheet.paper.holds(cell) for cell in cells)
    assert not any(one.overlaps(other) for one, other in combinations(cells, 2))
    assert all(cell.holds(cell.within(sheet.edge_cmm)) for cell in cells)


def test_positions_run_along_the_rows() -> None:
    sheet = SHEETS["a4-3x8"]

    at = [(cell.x_cmm, cell.y_cmm) for cell in map(sheet.cell, (1, 2, 3, 4, 24))]

    assert at == [(0, 50), (7000, 50), (14000, 50), (0, 3750), (14000, 25950)]


def test_office_printers_reach_everything_that_is_printed_on_a4() -> None:
    for key, sheet in SHEETS.items():
        if key.startswith("a4"):
            first = sheet.cell(1).within(sheet.edge_cmm)
            assert min(first.x_cmm, first.y_cmm) >= 450, key


def test_a_grid_that_leaves_its_paper_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="leave the paper"):
        Sheet(
            name=Text("", "x"),
            width_cmm=100,
            height_cmm=100,
            label_width_cmm=60,
            label_height_cmm=50,
            columns=2,
        )


@given(KEYS, st.integers(0, 60), st.integers(1, 4), st.data())
def test_every_copy_of_every_label_gets_a_place_of_its_own(
    key: str, labels: int, copies: int, data: st.DataObject
) -> None:
    sheet = SHEETS[key]
    start = data.draw(st.integers(1, sheet.labels))

    placed = list(places(sheet, labels, start=start, copies=copies))

    assert [place.label for place in placed] == [n for n in range(labels) for _ in range(copies)]
    assert len({(place.page, place.cell) for place in placed}) == len(placed)
    if placed:
        assert (placed[0].page, placed[0].cell) == (0, sheet.cell(start))
        assert placed[-1].page == (start - 2 + len(placed)) // sheet.labels


@given(KEYS, st.booleans(), st.booleans())
def test_the_furthest_offset_leaves_all_print_on_the_paper(key: str, is_left: bool, is_up: bool) -> None:
    sheet = SHEETS[key]
    right, down = sheet.furthest_cmm

    move = (-right if is_left else right), (-down if is_up else down)

    for position in range(1, sheet.labels + 1):
        assert sheet.paper.holds(sheet.cell(position).within(sheet.edge_cmm).moved(*move))


def test_what_is_not_typed_is_the_usual() -> None:
    assert parse_print_run() == PrintRun(sheet=SHEETS["a4-3x8"])


def test_what_is_typed_is_read_in_millimetres() -> None:
    run = parse_print_run(sheet="a4-2x7", start="14", copies="２", right="-0.75", down="＋1.5")

    assert run == PrintRun(sheet=SHEETS["a4-2x7"], start=14, copies=2, right_cmm=-75, down_cmm=150)


@pytest.mark.parametrize(
    ("where", "typed"),
    [
        ("sheet", "a4-9x9"), ("start", "0"), ("start", "25"), ("start", "1.5"), ("start", "first"),
        ("copies", "0"), ("copies", "21"), ("copies", "-1"),
        ("right", "4.51"), ("right", "-4.51"), ("right", "0.005"), ("down", "6"), ("down", "1e3"), ("down", "NaN"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_where_it_was_typed(where: str, typed: str) -> None:
    assert faults(**{where: typed}) == {where}


def test_every_fault_is_told_at_once() -> None:
    assert faults(sheet="x", start="x", copies="x", right="x", down="x") == {
        "sheet",
        "start",
        "copies",
        "right",
        "down",
    }


def test_a_roll_has_no_other_position_than_the_first() -> None:
    assert faults(sheet="roll-60x40", start="2") == {"start"}


def test_one_file_holds_so_many_labels_with_their_copies_and_no_more() -> None:
    assert parse_print_run().most_labels == MOST_LABELS
    assert parse_print_run(copies="3").most_labels * 3 <= MOST_LABELS
