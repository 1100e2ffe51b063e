"""Verification of attachments: what is missing or altered is named, what nobody names is only noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.verify import verify_ledger
from cabletrace.app.verify_blobs import Note
from cabletrace.cli.main import app
from cabletrace.ledger.faults import Fault
from files_for_tests import document_of, name_of, pdf, put
from service_for_tests import FILE, Service, service_in, the_story


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", the_story()) as running:
        yield running


def faults_of(service: Service, **options: Any) -> list[Fault]:
    return list(verify_ledger(service.house.folder.root, **options))


def place_of(service: Service, data: bytes) -> Path:
    path = service.house.blobs.path(name_of(data))
    assert path is not None
    path.chmod(0o600)
    return path


def index_of(service: Service, event: str) -> int:
    index: int = service.ask("maker B", "GET", f"/api/v1/events/{service.event[event]}").json()["index"]
    return index


def test_attachments_that_are_whole_are_clean_and_told_as_progress(service: Service) -> None:
    told: list[tuple[str, int, int]] = []

    faults = faults_of(service, progress=lambda stage, done, of: told.append((stage, done, of)))

    assert faults == []
    assert [each for each in told if each[0] == "blobs"] == [
        ("blobs", 0, 2),
        ("blobs", 1, 2),
        ("blobs", 2, 2),
    ]


def test_a_missing_file_is_named_by_its_event_with_what_was_expected(service: Service) -> None:
    place_of(service, FILE["B"]).unlink()

    (found,) = faults_of(service)

    assert (found.table, found.key, found.column) == (
        "blob",
        (index_of(service, "production B"), "济南.jpg"),
        "sha256",
    )
    assert (found.expected, found.found) == (name_of(FILE["B"]), "nothing")


@pytest.mark.parametrize("how", ["one bit", "cut off", "longer", "empty", "another file"])
def test_an_altered_file_is_named_with_the_hash_that_it_has_now(service: Service, how: str) -> None:
    data = FILE["B"]
    altered = {
        "one bit": data[:700] + bytes([data[700] ^ 1]) + data[701:],
        "cut off": data[:-1],
        "longer": data + b"\0",
        "empty": b"",
        "another file": FILE["A"],
    }[how]
    place_of(service, data).write_bytes(altered)

    (found,) = faults_of(service)

    assert found.key == (index_of(service, "production B"), "济南.jpg")
    assert (found.expected, found.found) == (name_of(data), name_of(altered))


def test_a_file_that_cannot_be_read_is_a_fault_and_no_crash(service: Service) -> None:
    path = place_of(service, FILE["B"])
    path.unlink()
    path.mkdir()

    (found,) = faults_of(service)

    assert (found.table, found.expected) == ("blob", name_of(FILE["B"]))


def test_a_part_of_the_ledger_is_verified_with_its_own_attachments_only(service: Service) -> None:
    place_of(service, FILE["B"]).unlink()
    index = index_of(service, "production B")

    assert len(faults_of(service, first=index, last=index)) == 1
    assert faults_of(service, last=index - 1) == []


def test_what_no_event_names_is_noted_and_is_no_fault(service: Service) -> None:
    put(service.house.blobs, pdf("waits for its event"))
    (service.house.folder.blobs / "notes.txt").write_text("left behind")
    notes: list[Note] = []

    faults = faults_of(service, note=notes.append)

    assert faults == []
    assert {note.key for note in notes} == {name_of(pdf("waits for its event")), "notes.txt"}


def test_a_folder_that_is_gone_is_told_as_what_is_missing(service: Service) -> None:
    service.house.folder.blobs.rename(service.house.folder.root / "elsewhere")

    assert {found.expected for found in faults_of(service)} == {name_of(data) for data in FILE.values()}


def test_the_command_names_faults_for_programs_and_notes_are_no_fault(service: Service) -> None:
    """The service goes on meanwhile: verification only reads."""
    put(service.house.blobs, pdf())
    command = ["verify", "--json", "--data", str(service.house.folder.root)]
    clean = CliRunner().invoke(app, command)
    place_of(service, FILE["A"]).unlink()
    faulty = CliRunner().invoke(app, command)

    assert (clean.exit_code, faulty.exit_code) == (0, 1)
    assert [note["key"] for note in orjson.loads(clean.stdout)["notes"]] == [name_of(pdf())]
    (found,) = orjson.loads(faulty.stdout)["faults"]
    assert (found["table"], found["expected"], found["found"]) == ("blob", name_of(FILE["A"]), "nothing")


def test_a_rebuild_touches_no_attachment(service: Service) -> None:
    before = {path: path.stat().st_mtime_ns for path in service.house.folder.blobs.rglob("*")}

    rebuild_projections(service.house.folder, lambda done, of: None)

    assert {path: path.stat().st_mtime_ns for path in service.house.folder.blobs.rglob("*")} == before
    assert service.ask("maker", "GET", f"/api/v1/blobs/{name_of(FILE['A'])}").status_code == 200
    assert document_of(FILE["A"])["size"] == len(FILE["A"])


def test_the_sweep_is_a_command_too(service: Service) -> None:
    swept = CliRunner().invoke(app, ["sweep", "--json", "--data", str(service.house.folder.root)])

    assert swept.exit_code == 0, swept.output
    assert orjson.loads(swept.stdout) == {"files": 0, "beginnings": 0}
