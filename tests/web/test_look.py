"""The style sheet keeps what it promises: contrast, sizes, layers; icons exist; vendored files are as published."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from cabletrace.web.assets import STATIC, read_assets
from cabletrace.web.rendering import TEMPLATES
from cabletrace.web.words import KINDS, STATES, WHERES

CSS = (STATIC / "app.css").read_text(encoding="utf-8")
PLAIN = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")


def _tokens() -> dict[str, dict[str, str]]:
    light, dark = PLAIN.split("@media (prefers-color-scheme: dark)", 1)
    light_tokens = dict(COLOUR.findall(light))
    return {"light": light_tokens, "dark": light_tokens | dict(COLOUR.findall(dark.split("[data-theme]")[0]))}


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3: (L1 + 0.05) / (L2 + 0.05)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_ON_GROUND = [
    *((text, ground) for text in ("ink", "ink-soft", "accent") for ground in ("canvas", "surface", "sunken")),
    ("accent-ink", "accent"),
    ("accent", "accent-wash"),
    ("ink", "accent-wash"),
    ("bar-ink", "bar"),
    *((state, ground) for state in STATES for ground in (f"{state}-wash", "surface", "canvas")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_every_ground(scheme: str, text: str, ground: str) -> None:
    tokens = _tokens()[scheme]

    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mark", ["line-strong", *(w for w in WHERES if w != "transit")])
def test_borders_of_fields_and_parts_of_the_bar_stand_out(scheme: str, mark: str) -> None:
    # WCAG 2.2, 1.4.11. "transit" is light on purpose and carries a hatch.
    tokens = _tokens()[scheme]

    assert contrast(tokens[mark], tokens["surface"]) >= 3


def test_the_contrast_formula_gives_the_two_known_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_the_style_sheet_stays_small_and_layered() -> None:
    assert len(CSS.encode()) < 30_000
    assert CSS.count("@layer reset, tokens, base, frame, parts, pages, print;") == 1
    assert PLAIN.count("{") == PLAIN.count("}")


def test_no_text_is_smaller_than_13_pixels() -> None:
    sizes = re.findall(r"(?:font-size|--small):\s*([\d.]+)(px|rem|em|pt)", PLAIN)

    pixels = {"px": 1, "rem": 16, "em": 15, "pt": 96 / 72}
    assert len(sizes) > 20
    for number, unit in sizes:
        assert float(number) * pixels[unit] >= 13, (number, unit)


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    named = {kind.icon for kind in KINDS.values()} | {f"state-{state}" for state in STATES} | {"event"}
    for template in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'icon\("([\w-]+)"\)', template.read_text(encoding="utf-8")))

    assert named <= drawn
    assert "style=" not in (STATIC / "icons.svg").read_text(encoding="utf-8")


def test_every_account_of_the_books_has_its_colour() -> None:
    for where in WHERES:
        assert f".at-{where} {{ fill: var(--{where}); }}" in PLAIN


def test_vendored_files_are_what_the_manifest_says() -> None:
    vendor = STATIC / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))

    assert {row["file"] for row in manifest} == {p.name for p in vendor.iterdir()} - {"manifest.json"}
    for row in manifest:
        assert hashlib.sha256((vendor / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
    for name in {row["name"] for row in manifest}:
        assert any("LICENSE" in row["file"] for row in manifest if row["name"] == name), name


def test_an_address_changes_with_the_content(tmp_path) -> None:
    (tmp_path / "a.css").write_text("one")
    before = read_assets(tmp_path).url("a.css")
    (tmp_path / "a.css").write_text("two")

    assert before.startswith("/static/a.css?v=")
    assert read_assets(tmp_path).url("a.css") != before


def test_a_file_that_is_not_shipped_has_no_address(tmp_path) -> None:
    with pytest.raises(KeyError):
        read_assets(tmp_path).url("gone.css")
