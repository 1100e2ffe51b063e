"""Evidence as of an earlier checkpoint: what was on the ledger then and nothing later, proved to be the beginning of today's ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cabletrace.db.engine import begin_read
from cabletrace.errors import InputError
from cabletrace.evidence import verify
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.queries.evidence import kept_checkpoints
from evidence_for_tests import (
    CITY,
    COUNTY,
    Bench,
    bench_in,
    faults_of,
    files_in,
    run_verifier,
    says,
    sealed_anew,
    unpacked,
    with_flipped,
)
from house_for_tests import SIGNER


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    with bench_in(tmp_path_factory.mktemp("then")) as bench:
        yield bench  # type: ignore[misc]


def taken(bench: Bench, folder: Path, **changed: object) -> dict[str, bytes]:
    archive = folder / "package.zip"
    archive.write_bytes(bench.package(**changed))  # type: ignore[arg-type]
    return files_in(archive)


def contents(files: dict[str, bytes]) -> dict[str, object]:
    return dict(json.loads(files[verify.CONTENTS]))


def test_the_checkpoints_that_a_witness_has_cosigned_can_be_chosen(then: Bench) -> None:
    with then.house.reading() as tx, begin_read(then.desk) as desk:
        assert [each.size for each in kept_checkpoints(tx, desk)] == [14]


@pytest.mark.parametrize(("size", "count"), [(13, 2), (14, 3)])
def test_it_holds_the_whole_history_of_then_and_both_proofs(
    then: Bench, tmp_path: Path, size: int, count: int
) -> None:
    files = taken(then, tmp_path, as_of=size, earlier=then.kept)

    (stream,) = contents(files)["streams"]  # type: ignore[misc]
    assert stream["whole"]
    assert len(stream["events"]) == count
    assert all(index < size for index in stream["events"])
    checked = run_verifier(unpacked(files, tmp_path / "unpacked"))
    assert checked.returncode == 0, checked.stdout
    assert f"只取截至 {size} 条的历史" in checked.stdout
    assert f"第 0 至 {count - 1} 条齐全" in checked.stdout


def test_what_is_open_to_another_officer_is_that_of_then_too(then: Bench, tmp_path: Path) -> None:
    files = taken(then, tmp_path, by=COUNTY, as_of=14)

    (stream,) = contents(files)["streams"]  # type: ignore[misc]
    assert not stream["whole"]
    assert all(index < 14 for index in stream["events"])
    assert faults_of(files) == []


def test_another_checkpoint_in_its_place_a_later_event_or_one_less_shows(then: Bench, tmp_path: Path) -> None:
    files = taken(then, tmp_path, as_of=14, earlier=then.kept)
    folder = "data/as-of"
    exchanged = {
        name: files[name.replace(folder, "data/earlier")] if name.startswith(folder) else content
        for name, content in files.items()
    }
    table = contents(files)
    table["streams"][0]["events"].pop()  # type: ignore[index]

    for changed in (exchanged, {**files, verify.CONTENTS: json.dumps(table).encode()}):
        assert any(fault.startswith("stream batch:") for fault in faults_of(sealed_anew(changed)))
    for name in (f"{folder}/checkpoint", f"{folder}/consistency"):
        flipped = with_flipped(files, name, len(files[name]) // 2, 0)
        assert says(faults_of(flipped), name)
        assert faults_of(sealed_anew(flipped))


def test_a_checkpoint_that_nobody_kept_or_from_before_the_batch_is_refused_before_anything_is_stated(
    then: Bench,
) -> None:
    size = then.house.size
    with then.house.reading() as tx:
        root = store.load_edge(tx, 5).root()
    early = sign_checkpoint(Checkpoint(SIGNER.name, 5, root), SIGNER).decode()

    for earlier, as_of in (("", 5), (early, 6), (early, 5)):
        with pytest.raises(InputError) as caught:
            then.package(CITY, as_of=as_of, earlier=earlier)
        assert [problem.where for problem in caught.value.problems] == ["as_of"]
    assert then.house.size == size
