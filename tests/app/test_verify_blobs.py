"""Verification of attachments: what is missing or altered is named, what nobody names is only noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from cabletrace.app.installation import Installation
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.verify import verify_ledger
from cabletrace.app.verify_blobs import Note
from cabletrace.cli.main import app
from cabletrace.db.engine import begin_read
from cabletrace.ledger import store
from cabletrace.ledger.faults import Fault
from files_for_tests import document_of, name_of, pdf, put
from service_for_tests import FILE, Told, copied, service_in, told_in


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_in(tmp_path_factory.mktemp("told") / "data")


@pytest.fixture
def house(tmp_path: Path, told: Told) -> Iterator[Installation]:
    with copied(told, tmp_path / "data") as (running, _):
        yield running


def faults_of(house: Installation, **options: Any) -> list[Fault]:
    return list(verify_ledger(house.folder.root, **options))


def place_of(house: Installation, data: bytes) -> Path:
    path = house.blobs.path(name_of(data))
    assert path is not None
    path.chmod(0o600)
    return path


def index_of(house: Installation, event: str) -> int:
    with begin_read(house.ledger) as tx:
        return next(row.seq for row in store.read_rows(tx) if row.event_id == event)


def test_attachments_that_are_whole_are_clean_and_told_as_progress(house: Installation) -> None:
    told: list[tuple[str, int, int]] = []

    faults = faults_of(house, progress=lambda stage, done, of: told.append((stage, done, of)))

    assert faults == []
    assert [each for each in told if each[0] == "blobs"] == [
        ("blobs", 0, 2),
        ("blobs", 1, 2),
        ("blobs", 2, 2),
    ]


def test_a_missing_file_is_named_by_its_event_with_what_was_expected(house: Installation, told: Told) -> None:
    place_of(house, FILE["B"]).unlink()

    (found,) = faults_of(house)

    assert (found.table, found.key, found.column) == (
        "blob",
        (index_of(house, told.event["production B"]), "济南.jpg"),
        "sha256",
    )
    assert (found.expected, found.found) == (name_of(FILE["B"]), "nothing")


@pytest.mark.parametrize("how", ["one bit", "cut off", "longer", "empty", "another file"])
def test_an_altered_file_is_named_with_the_hash_that_it_has_now(
    house: Installation, told: Told, how: str
) -> None:
    data = FILE["B"]
    altered = {
        "one bit": data[:700] + bytes([data[700] ^ 1]) + data[701:],
        "cut off": data[:-1],
        "longer": data + b"\0",
        "empty": b"",
        "another file": FILE["A"],
    }[how]
    place_of(house, data).write_bytes(altered)

    (found,) = faults_of(house)

    assert found.key == (index_of(house, told.event["production B"]), "济南.jpg")
    assert (found.expected, found.found) == (name_of(data), name_of(altered))


def test_a_file_that_cannot_be_read_is_a_fault_and_no_crash(house: Installation) -> None:
    path = place_of(house, FILE["B"])
    path.unlink()
    path.mkdir()

    (found,) = faults_of(house)

    assert (found.table, found.expected) == ("blob", name_of(FILE["B"]))


def test_a_part_of_the_ledger_is_verified_with_its_own_attachments_only(
    house: Installation, told: Told
) -> None:
    place_of(house, FILE["B"]).unlink()
    index = index_of(house, told.event["production B"])

    assert len(faults_of(house, first=index, last=index)) == 1
    assert faults_of(house, last=index - 1) == []


def test_what_no_event_names_is_noted_and_is_no_fault(house: Installation) -> None:
    put(house.blobs, pdf("waits for its event"))
    (house.folder.blobs / "notes.txt").write_text("left behind")
    notes: list[Note] = []

    faults = faults_of(house, note=notes.append)

    assert faults == []
    assert {note.key for note in notes} == {name_of(pdf("waits for its event")), "notes.txt"}


def test_a_folder_that_is_gone_is_told_as_what_is_missing(house: Installation) -> None:
    house.folder.blobs.rename(house.folder.root / "elsewhere")

    assert {found.expected for found in faults_of(house)} == {name_of(data) for data in FILE.values()}


def test_the_command_names_faults_for_programs_and_notes_are_no_fault(house: Installation) -> None:
    """The service goes on meanwhile: verification only reads."""
    put(house.blobs, pdf())
    command = ["verify", "--json", "--data", str(house.folder.root)]
    clean = CliRunner().invoke(app, command)
    place_of(house, FILE["A"]).unlink()
    faulty = CliRunner().invoke(app, command)

    assert (clean.exit_code, faulty.exit_code) == (0, 1)
    assert [note["key"] for note in orjson.loads(clean.stdout)["notes"]] == [name_of(pdf())]
    (found,) = orjson.loads(faulty.stdout)["faults"]
    assert (found["table"], found["expected"], found["found"]) == ("blob", name_of(FILE["A"]), "nothing")


def test_a_rebuild_touches_no_attachment(tmp_path: Path, told: Told) -> None:
    with service_in(tmp_path / "data", told) as service:
        folder = service.house.folder
        before = {path: path.stat().st_mtime_ns for path in folder.blobs.rglob("*")}

        rebuild_projections(folder, lambda done, of: None)

        assert {path: path.stat().st_mtime_ns for path in folder.blobs.rglob("*")} == before
        assert service.ask("maker", "GET", f"/api/v1/blobs/{name_of(FILE['A'])}").status_code == 200
    assert document_of(FILE["A"])["size"] == len(FILE["A"])


def test_the_sweep_is_a_command_too(house: Installation) -> None:
    swept = CliRunner().invoke(app, ["sweep", "--json", "--data", str(house.folder.root)])

    assert swept.exit_code == 0, swept.output
    assert orjson.loads(swept.stdout) == {"files": 0, "beginnings": 0}
