"""A ledger that moves from one engine into another: byte for byte, proved, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.moving import DISCLOSURES, export_disclosures, import_ledger
from cabletrace.app.schema import ALL_METADATA
from cabletrace.app.verify import verify_ledger
from cabletrace.db.database import ADDRESS, closing, open_database
from cabletrace.db.engine import begin_read
from cabletrace.errors import InputError
from cabletrace.intake.rebuild import projections
from cabletrace.intake.record import prepare
from cabletrace.ledger import store
from cabletrace.ledger.export import MANIFEST, SUMS, export_ledger
from cabletrace.ledger.sequencer import Receipt
from cabletrace.personal import disclosures
from drafts_for_tests import DEALER, MAKER, batch_of, party, production, report, the_cast
from house_for_tests import rows_of
from postgres_for_tests import SHARED, Server

LEDGER_TABLES = (*store.APPEND_ONLY, store.head)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """More entries than two tiles hold, with batches and an alert."""
    folder = Folder(tmp_path_factory.mktemp("old") / "data")
    create(folder, origin="trace.example/ledger", public_host="trace.example")
    with open_installation(folder) as house:
        said = [
            *the_cast(),
            production("L1", entered_for=MAKER),
            report(batch_of(), number="JC-1", value="0.250", entered_for=MAKER),
            *(party(DEALER, f"示例五金店 {n}", "distributor") for n in range(600)),
        ]
        answers = house.intake.record_now([prepare(envelope, house.at_the_machine()) for envelope in said])
        assert all(isinstance(answer, Receipt) for answer in answers)
        catch_up(house.ledger, read_accepted)
    return folder


@pytest.fixture(scope="module")
def export(old: Folder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(old, tmp_path_factory.mktemp("export") / "files")


def exported(folder: Folder, into: Path, *, payloads: bool = True) -> Path:
    with closing(open_database(folder.ledger, read_only=True)) as engine:
        export_ledger(engine, into, payloads=payloads, progress=lambda *_: None)
    return into


@pytest.fixture
def new(old: Folder, tmp_path: Path) -> Folder:
    """Nothing but the keys."""
    shutil.copytree(old.root / "keys", tmp_path / "new" / "keys")
    return Folder(tmp_path / "new")


def brought(export: Path, folder: Folder, **where: str) -> int:
    return import_ledger(export, folder, lambda *_: None, **where)


def rows(folder: Folder) -> dict[str, list[str]]:
    """Of the ledger and of everything that follows from it."""
    tables = (*LEDGER_TABLES, *projections(ALL_METADATA), alert_register.alert_cursor)
    with closing(open_database(folder.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        return {table.name: rows_of(tx, table) for table in tables}


def test_everything_is_there_again_byte_for_byte_and_verifies(old: Folder, export: Path, new: Folder) -> None:
    size = brought(export, new)

    assert size > 512
    assert rows(new) == rows(old)
    assert list(verify_ledger(new.root, with_projections=True)) == []


def test_it_goes_on_in_its_own_name(old: Folder, export: Path, new: Folder) -> None:
    size = brought(export, new)

    with open_installation(new) as house:
        (receipt,) = house.intake.record_now(
            [prepare(party(DEALER, "示例新店", "distributor"), house.at_the_machine())]
        )
    assert isinstance(receipt, Receipt)
    assert receipt.seq == size
    assert list(verify_ledger(new.root, with_projections=True)) == []


def test_what_persons_disclosed_comes_with_it_and_names_are_found_again(tmp_path: Path) -> None:
    old, new = Folder(tmp_path / "old"), Folder(tmp_path / "new")
    create(old, origin="trace.example/ledger", public_host="trace.example")
    with open_installation(old) as house:
        said = [
            *the_cast(),
            production("L1", entered_for=MAKER, by=[{"role": "inspector", "name": "示例甲"}]),
        ]
        answers = house.intake.record_now([prepare(envelope, house.at_the_machine()) for envelope in said])
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        export = exported(old, tmp_path / "files")
        assert export_disclosures(house.ledger, export) == 1
    assert (export / DISCLOSURES).stat().st_mode & 0o777 == 0o600
    shutil.copytree(old.root / "keys", new.root / "keys")
    brought(export, new)

    assert list(verify_ledger(new.root, with_projections=True)) == []
    with closing(open_database(new.ledger)) as engine, begin_read(engine) as tx:
        assert len(disclosures.named(tx, new.names_key.read_bytes(), "示例甲")) == 1

    (export / DISCLOSURES).write_text("rubbish\n")
    again = Folder(tmp_path / "again")
    shutil.copytree(old.root / "keys", again.root / "keys")
    with pytest.raises(InputError, match="cannot be read"):
        brought(export, again)
    assert not again.is_installation


@pytest.mark.full
def test_from_files_into_postgresql_and_back_nothing_changes(
    old: Folder, export: Path, new: Folder, postgresql: Server, tmp_path: Path
) -> None:
    brought(export, new, database=f"{postgresql.address(SHARED)}?prefix=moved_")
    assert (new.root / ADDRESS).exists()
    assert list(verify_ledger(new.root, with_projections=True)) == []
    again = exported(new, tmp_path / "again")
    back = Folder(tmp_path / "back")
    shutil.copytree(old.root / "keys", back.root / "keys")
    brought(again, back)

    assert (again / SUMS).read_bytes() == (export / SUMS).read_bytes()
    assert rows(back) == rows(old)


# --- what is not believed


def files_of(export: Path) -> list[str]:
    return sorted(line.split("  ")[1] for line in (export / SUMS).read_text().splitlines())


def test_any_file_that_is_changed_or_gone_is_named_and_nothing_is_left(
    export: Path, new: Folder, tmp_path: Path
) -> None:
    for number, path in enumerate(files_of(export)):
        for change in ("flip", "remove"):
            damaged = tmp_path / f"{number}-{change}"
            shutil.copytree(export, damaged)
            file = damaged / path
            if change == "remove":
                file.unlink()
            else:
                data = bytearray(file.read_bytes())
                data[len(data) // 2] ^= 1
                file.write_bytes(data)
            with pytest.raises(InputError):
                brought(damaged, new)
            shutil.rmtree(damaged)
            assert not new.is_installation

    brought(export, new)
    assert new.is_installation


def test_an_export_without_payloads_is_not_enough(old: Folder, new: Folder, tmp_path: Path) -> None:
    bare = exported(old, tmp_path / "bare", payloads=False)

    with pytest.raises(InputError, match="without what the events say"):
        brought(bare, new)


def test_an_export_that_was_cut_short_is_none(export: Path, new: Folder, tmp_path: Path) -> None:
    shutil.copytree(export, tmp_path / "cut")
    (tmp_path / "cut" / MANIFEST).unlink()

    with pytest.raises(InputError, match="no whole export"):
        brought(tmp_path / "cut", new)


def test_without_its_keys_a_ledger_is_not_brought_in(export: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read") as refused:
        brought(export, Folder(tmp_path / "none"))
    assert "keys/" in refused.value.problems[0].remedy.en

    other = Folder(tmp_path / "other")
    create(other, origin="trace.example/ledger", public_host="trace.example")
    other.ledger.unlink()
    with pytest.raises(InputError, match="another ledger's"):
        brought(export, other)


def test_an_installation_is_never_written_over(old: Folder, export: Path) -> None:
    before = rows(old)

    with pytest.raises(InputError, match="there is a ledger"):
        brought(export, old)
    assert rows(old) == before


def test_what_a_killed_import_has_left_is_made_anew(export: Path, new: Folder) -> None:
    def die(done: int, total: int) -> None:
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_ledger(export, new, die)
    assert not new.is_installation

    brought(export, new)
    assert list(verify_ledger(new.root, with_projections=True)) == []
