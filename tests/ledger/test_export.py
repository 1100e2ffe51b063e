"""The ledger as files: what stands in them, how an export goes on, and what it does not believe."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cabletrace.db.engine import begin_read
from cabletrace.errors import Broken, InputError
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import open_checkpoint
from cabletrace.ledger.export import Exported, export_ledger, payload_path
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.tiles import Bundle, decode_bundle, tiles_of
from cabletrace.ledger.tree import leaf_hash, root_of
from damage_for_tests import damage
from drafts_for_tests import DEALER, party
from house_for_tests import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A ledger of more entries than two bundles hold."""
    (tmp_path / "house").mkdir()
    with open_house(tmp_path / "house") as opened:
        grow(opened, 600 - opened.size)
        yield opened


def grow(house: House, count: int) -> None:
    house.happened(*(party(DEALER, f"五金店 {n}", "distributor") for n in range(count)))


def exported(house: House, folder: Path, *, payloads: bool = True) -> Exported:
    return export_ledger(house.engine, folder, payloads=payloads, progress=lambda *_: None)


class Stopped(Exception):
    pass


def cut_short(house: House, folder: Path) -> None:
    """An export that dies when it has written two bundles."""

    def progress(done: int, of: int) -> None:
        if done >= 512:
            raise Stopped

    with pytest.raises(Stopped):
        export_ledger(house.engine, folder, payloads=True, progress=progress)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_export_is_the_ledger_byte_for_byte(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    exported(house, folder)

    with house.reading() as tx:
        rows = list(store.read_rows(tx))
        tiles = {
            each.path: store.read_tile_hashes(tx, each.level, each.index, each.width)
            for each in tiles_of(600)
        }
    bundles = [Bundle(0), Bundle(1), Bundle(2, 88)]
    files = files_in(folder)
    assert [e for b in bundles for e in decode_bundle(files[b.path])] == [row.entry for row in rows]
    assert [p for b in bundles for p in decode_bundle(files[payload_path(b)])] == [
        row.payload for row in rows
    ]
    assert {path: files[path] for path in tiles} == tiles
    checkpoint = open_checkpoint(files["checkpoint"], VerifierKey.parse(files["vkey"].decode().strip()))
    assert (checkpoint.size, checkpoint.root) == (600, root_of(leaf_hash(row.entry) for row in rows))


def test_the_manifest_says_what_it_is_and_the_sums_fit_every_file(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    said = exported(house, folder)

    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {**manifest, **said.members()} == manifest
    assert said.size == 600
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    named = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert named == files_in(folder).keys() - {"SHA256SUMS", "manifest.json"}
    assert said.file_count == len(named)


def test_without_payloads_nothing_of_what_was_said_is_in_it(house: House, tmp_path: Path) -> None:
    exported(house, tmp_path / "out", payloads=False)

    assert not (tmp_path / "out" / "payload").exists()
    assert not any("五金店".encode() in data for data in files_in(tmp_path / "out").values())


def test_an_export_that_was_killed_goes_on_to_the_size_it_began_with(house: House, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "out"
    exported(house, whole)
    cut_short(house, folder)
    assert not (folder / "manifest.json").exists()
    grow(house, 50)

    said = exported(house, folder)

    assert said.size == 600
    assert files_in(folder) == files_in(whole)


@pytest.mark.parametrize("path", [Bundle(0).path, payload_path(Bundle(0)), "tile/0/001"])
def test_a_file_that_was_altered_meanwhile_is_named(house: House, tmp_path: Path, path: str) -> None:
    folder = tmp_path / "out"
    cut_short(house, folder)
    file = folder / path
    with house.reading() as tx:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(store.read_tile_hashes(tx, 0, 1, 256))
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)

    with pytest.raises(InputError) as refused:
        exported(house, folder)

    assert refused.value.problems[0].came == path
    assert not (folder / "manifest.json").exists()


def test_an_export_of_a_ledger_that_does_not_hold_together_is_none(house: House, tmp_path: Path) -> None:
    damage(
        tmp_path / "house" / "ledger.db",
        "UPDATE entry SET payload = swapped(payload, '}', '} ') WHERE seq = 300",
    )

    with pytest.raises(Broken, match="payload/001"):
        exported(house, tmp_path / "out")

    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_folder_that_holds_anything_else_is_left_as_it_is(house: House, tmp_path: Path) -> None:
    full, other = tmp_path / "full", tmp_path / "other"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    exported(house, other)

    for folder in (full, other):
        before = files_in(folder)
        with pytest.raises(InputError):
            exported(house, folder)
        assert files_in(folder) == before


def test_the_beginning_of_another_ledgers_export_is_not_continued(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    cut_short(house, folder)
    shutil.copytree(folder, tmp_path / "twin")
    (tmp_path / "new").mkdir()

    with open_house(tmp_path / "new") as another:
        grow(another, 700)
        with pytest.raises(InputError) as refused:
            exported(another, folder)

    assert "not one of this ledger" in str(refused.value)
    assert files_in(folder) == files_in(tmp_path / "twin")


def test_a_new_ledger_can_be_exported_too(tmp_path: Path) -> None:
    with open_house(tmp_path, cast=False) as empty:
        said = exported(empty, tmp_path / "out")
        with begin_read(empty.engine) as tx:
            assert (tmp_path / "out" / "checkpoint").read_bytes() == store.read_checkpoint(tx)

    assert (said.size, said.file_count) == (0, 2)
