"""The lists of packages are exact, hold no address, agree with each other, and bring no licence we cannot pass on."""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
LISTS = ("setup", "runtime", "dev")

#: One entry as scripts/lock writes it: a name, one version, perhaps a condition, at least one hash.
ENTRY = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<condition>[^\\]+?))? \\(?P<hashes>.+)", re.DOTALL
)
HASHES = re.compile(r"(\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+\n?")

#: Distributions whose metadata do not say, and what their licence file says.
SAID_ELSEWHERE = {"pysqlite3": "zlib", "axe-playwright-python": "MIT"}


def entries(name: str) -> dict[str, tuple[str, str | None]]:
    """Every package of a list with its version and condition. Raises where a line is anything else."""
    found = {}
    for text in re.split(r"\n(?=\S)", (REQUIREMENTS / f"{name}.txt").read_text(encoding="ascii")):
        entry = ENTRY.fullmatch(text)
        assert entry, f"not a pinned package with hashes: {text[:80]!r}"
        assert HASHES.fullmatch(entry["hashes"]), f"not only hashes: {text[:80]!r}"
        found[entry["name"]] = (entry["version"], entry["condition"])
    return found


def licence(package: Distribution) -> str:
    """What a distribution's metadata say of its licence, in any of the three places for it."""
    said = package.metadata
    classifiers = [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    first_line = (said.get("License") or "").partition("\n")[0]
    return " / ".join(filter(None, [said.get("License-Expression"), first_line, *classifiers]))


def forbids_passing_on(said: str) -> bool:
    """GPL and AGPL in every spelling, where no other licence is offered; the Lesser GPL is another thing."""
    spelt = re.sub(r"LGPL|Lesser (General Public|GPL)|Library General Public", "", said, flags=re.IGNORECASE)
    strict = re.search(r"GPL|General Public|Affero", spelt, flags=re.IGNORECASE)
    return bool(strict) and " OR " not in said


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_exact_versions_with_hashes_and_nothing_else(name: str) -> None:
    pinned = entries(name)

    assert pinned


@pytest.mark.parametrize("name", ["setup", "runtime"])
def test_what_is_run_is_what_is_tested(name: str) -> None:
    everything = entries("dev")

    assert entries(name).items() <= everything.items()


@pytest.mark.parametrize("name", LISTS)
def test_every_package_that_is_asked_for_is_locked(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8")

    asked = {match.lower() for match in re.findall(r"^([A-Za-z0-9-]+)", text, flags=re.MULTILINE)} - {"-r"}

    assert asked <= entries(name).keys()


def test_no_installed_package_is_under_the_gpl() -> None:
    others = [package for package in distributions() if package.name != "cabletrace"]
    said = {package.name: licence(package) or SAID_ELSEWHERE.get(package.name, "") for package in others}

    assert [name for name, words in said.items() if not words] == []
    assert {name: words for name, words in said.items() if forbids_passing_on(words)} == {}


@pytest.mark.parametrize(
    ("said", "forbidden"),
    [
        ("AGPL-3.0-only", True),
        ("GPLv2", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("LGPL-3.0-or-later", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", False),
        ("MPL-2.0", False),
    ],
)
def test_licences_are_told_apart(said: str, forbidden: bool) -> None:
    assert forbids_passing_on(said) is forbidden
