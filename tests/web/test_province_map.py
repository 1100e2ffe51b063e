"""The map of provinces: every part of the country once, and the metres of the table by region."""

from __future__ import annotations

from cabletrace.codes.regions import codes_in_use
from cabletrace.errors import Text
from cabletrace.queries.whereabouts import RegionRow
from cabletrace.web.province_map import HEIGHT, SHADES, WIDTH, tiles


def row(region: str, **by: int) -> RegionRow:
    return RegionRow(region, Text(region, region), by)


def test_every_province_is_on_the_map_once_and_none_upon_another() -> None:
    found = tiles([])

    assert {f"{tile.code}0000" for tile in found} == {
        code for code in codes_in_use() if code.endswith("0000")
    }
    assert len({(tile.column, tile.row) for tile in found}) == len(found)
    assert all(0 <= tile.column < WIDTH and 0 <= tile.row < HEIGHT for tile in found)
    assert {tile.shade for tile in found} == {0}


def test_the_counties_of_a_province_are_summed_and_the_most_is_the_darkest() -> None:
    found = {
        tile.code: tile
        for tile in tiles(
            [row("411603", held=600), row("411627", used=200), row("341202", transit=90), row("", held=5)]
        )
    }

    assert (found["41"].length_mm, found["41"].shade) == (800, SHADES)
    assert (found["34"].length_mm, found["34"].shade) == (90, 1)
    assert sum(tile.length_mm for tile in found.values()) == 890  # of an unknown region nothing is drawn


def test_shades_grow_with_metres() -> None:
    shades = [
        next(t.shade for t in tiles([row("110101", held=800), row("310101", held=mm)]) if t.code == "31")
        for mm in (1, 101, 201, 401)
    ]

    assert shades == [1, 2, 3, 4]
