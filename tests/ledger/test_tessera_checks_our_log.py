"""Tessera, another implementation of these logs, derives our tiles again and proves entries from them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cabletrace.ledger import tiles
from go_for_tests import build, new_go

from .test_go_checks_our_log import ORIGIN, published

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

SOURCE = Path(__file__).parents[1] / "go" / "tessera"


@pytest.fixture(scope="module")
def tessera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(new_go(), SOURCE, tmp_path_factory.mktemp("tessera") / "tessera")


def run(program: Path, log: Path) -> subprocess.CompletedProcess[str]:
    command = [program, "-vkey", log / "vkey", log]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600, 66_000])
def test_tessera_finds_our_log_right_and_proves_entries_from_our_tiles(
    tessera: Path, tmp_path: Path, size: int
) -> None:
    said = run(tessera, published(tmp_path, size))

    assert said.returncode == 0, said.stderr
    assert f"fsck: {size} entries of {ORIGIN}" in said.stdout
    assert f"inclusion: {min(size, 768)} entries proved" in said.stdout


def test_tessera_sees_one_bit_turned_in_any_tile_bundle_or_checkpoint(tessera: Path, tmp_path: Path) -> None:
    log = published(tmp_path, 600)
    files = [log / "checkpoint", *sorted(path for path in (log / "tile").rglob("*") if path.is_file())]
    assert len(files) == 1 + len(list(tiles.tiles_of(600))) + 3

    for path in files:
        data = path.read_bytes()
        for at in {0, len(data) // 2, len(data) - 2}:
            path.write_bytes(bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]]))
            said = run(tessera, log)
            assert said.returncode == 1, f"{path.name}, byte {at}: {said.stdout}"
            assert "FAULT" in said.stderr
        path.write_bytes(data)
    assert run(tessera, log).returncode == 0


@pytest.mark.parametrize("lost", ["checkpoint", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_tessera_misses_a_file_that_is_lost(tessera: Path, tmp_path: Path, lost: str) -> None:
    log = published(tmp_path, 600)
    (log / lost).unlink()

    assert run(tessera, log).returncode == 1
