"""Made once, by whoever starts first: what is there is kept, another one is refused, and one that is gone is not made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.once import create_once, create_witness_once
from cabletrace.app.witnessing import open_witness
from cabletrace.errors import Broken, InputError

SAID = {"origin": "trace.example/ledger", "public_host": "trace.example"}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")

    assert create_once(folder, **SAID) is True
    assert create_once(folder, origin=None, public_host=None) is False  # any will do
    before = files(folder.root)
    assert create_once(folder, **SAID) is False

    assert files(folder.root) == before


def test_one_that_was_made_by_hand_is_kept(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    create(folder, **SAID)

    assert create_once(folder, **SAID) is False

    with open_installation(folder) as house:
        assert (folder.root / "keys" / "ledger.vkey").read_text() == f"{house.identity.verifier_key}\n"


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"origin": "other.example/ledger"}, "--origin"),
        ({"public_host": "other.example"}, "--host"),
        ({"database": "postgresql://somebody@nowhere.example/other"}, "--database"),
    ],
)
def test_another_one_than_was_asked_for_is_refused(tmp_path: Path, other: dict[str, str], where: str) -> None:
    folder = Folder(tmp_path / "data")
    create_once(folder, **SAID)
    before = files(folder.root)

    with pytest.raises(InputError) as refused:
        create_once(folder, **(SAID | other))

    assert refused.value.problems[0].where == where
    assert files(folder.root) == before


def test_a_ledger_that_is_gone_is_not_made_anew_under_the_same_key(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    create_once(folder, **SAID)
    for file in folder.root.glob("*.db"):
        file.unlink()

    with pytest.raises(Broken, match="a second history"):
        create_once(folder, **SAID)
    assert not folder.is_installation


def test_a_witness_is_made_once_and_keeps_its_name(tmp_path: Path) -> None:
    key = create_witness_once(tmp_path / "witness", "witness.example/association")

    assert create_witness_once(tmp_path / "witness", "witness.example/association") == key
    with pytest.raises(InputError, match="never becomes other"):
        create_witness_once(tmp_path / "witness", "other.example")
    with open_witness(tmp_path / "witness") as memory:
        assert memory.verifier_key == key
