"""``cabletrace doctor``: whatever is broken is named, with what mends it; a healthy installation is all well."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import uvicorn

from cabletrace.app import doctor
from cabletrace.app.doctor import examine
from cabletrace.app.findings import TITLES, Finding
from cabletrace.app.installation import Folder, create
from cabletrace.app.rebuild import rebuild_projections, to_rebuild
from cabletrace.app.searching import use_engine
from cabletrace.app.server import make_app
from cabletrace.cli.console import DONE, FAULTS
from cabletrace.cli.main import app
from cabletrace.db.engine import begin_write
from cabletrace.errors import InputError
from cabletrace.scans import stream
from copies_for_tests import remove_database
from damage_for_tests import damage

from .conftest import WITNESSES, Attacked
from .test_rewriting import rewrites_a_measured_value
from .test_start_up import bring_back, copies, follow

Break = Callable[[Attacked, pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else lies on this machine's disk."""
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**40))


@pytest.fixture
def healthy(attacked: Attacked) -> Attacked:
    """As a service leaves it: what follows the ledger has read it all."""
    with attacked.opened() as house:
        follow(house)
    return attacked


def findings(attacked: Attacked, port: int = 0) -> list[Finding]:
    return list(examine(attacked.folder, bind="127.0.0.1", port=port, clock=attacked.clock))


def found(attacked: Attacked, port: int = 0) -> dict[str, Finding]:
    return {each.name: each for each in findings(attacked, port)}


def contents(folder: Folder) -> dict[str, bytes]:
    """Every file but the index of a WAL, which readers make and keep."""
    return {
        str(path.relative_to(folder.root)): path.read_bytes()
        for path in sorted(folder.root.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_a_healthy_installation_is_all_well_and_everything_was_looked_at(healthy: Attacked) -> None:
    told = findings(healthy)

    assert [(each.name, each.level, each.wanted) for each in told] == [(name, "ok", None) for name in TITLES]
    assert all(each.came.zh and each.came.en for each in told)


def test_an_examination_changes_nothing(healthy: Attacked) -> None:
    for path in healthy.folder.root.glob("*.db-*"):
        path.unlink()  # closed in order: an empty log beside each
    before = contents(healthy.folder)

    findings(healthy)

    after = contents(healthy.folder)
    assert {name: data for name, data in after.items() if not name.endswith("-wal")} == before
    assert all(data == b"" for name, data in after.items() if name.endswith("-wal"))


# --- what is broken, what is said


def an_old_python(_: Attacked, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor.sys, "version_info", (3, 10, 4, "final", 0))


ABOUT_FILES = pytest.mark.sqlite("it is about the file itself")


def a_faulty_sqlite(_: Attacked, patch: pytest.MonkeyPatch) -> None:
    faulty = SimpleNamespace(sqlite_version="3.46.1", sqlite_version_info=(3, 46, 1))
    patch.setattr(doctor, "sqlite_module", lambda: faulty)


def no_folder(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    shutil.rmtree(attacked.folder.root)


def no_ledger_in_the_folder(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.ledger.unlink()


def another_user_runs_it(_: Attacked, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor.os, "geteuid", lambda: 54321)


def a_file_of_another_user(attacked: Attacked, patch: pytest.MonkeyPatch) -> None:
    whole, other = Path.stat, attacked.folder.desk

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        there = whole(self, follow_symlinks=follow_symlinks)
        return os.stat_result((*there[:4], 54321, *there[5:])) if self == other else there

    patch.setattr(Path, "stat", stat)


def a_folder_that_cannot_be_written(attacked: Attacked, patch: pytest.MonkeyPatch) -> None:
    real = os.access
    patch.setattr(doctor.os, "access", lambda path, mode: path != attacked.folder.root and real(path, mode))


def a_disk_with_little_room(_: Attacked, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=500 * 2**20))


def a_full_disk(_: Attacked, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**20))


def no_key_of_names(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.names_key.unlink()


def no_code_key(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.code_key(1).unlink()


def half_a_code_key(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.code_key(2).write_bytes(b"\7" * 16)
    attacked.folder.code_key(2).chmod(0o600)


def a_key_that_others_can_read(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.seed.chmod(0o640)


def no_database(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.ledger.write_bytes(b"no database at all, but some text " * 100)


def a_table_that_this_version_wants(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "DROP TABLE seat")


def a_column_that_this_version_wants(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "ALTER TABLE named_blob RENAME COLUMN seq TO index_of_event")


def tables_of_another_version(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE projections_made SET version = '0-earlier'")


def tables_of_a_version_that_said_nothing(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "DROP TABLE projections_made")


def a_table_of_the_ledger_itself(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "DROP TABLE tile")


def a_table_of_the_desk(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.desk, "DROP TABLE upload")


def a_desk_of_an_earlier_version(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.desk, "DROP TABLE upload", "DROP TABLE desk_version")


def a_desk_of_a_newer_version(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.desk, "UPDATE desk_version SET version_num = '9999'")


def another_signing_key(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.seed.write_bytes(b"\7" * 32)


def no_signing_key(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.folder.seed.unlink()


def a_checkpoint_that_nobody_signed(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE head SET checkpoint = checkpoint || octets('41')")


def an_entry_that_was_changed(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(
        attacked.folder.ledger,
        "UPDATE entry SET entry = swapped(entry, 'Z\"', 'z\"') WHERE seq = 0",
    )


def a_cell_that_holds_what_it_never_should(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE entry SET entry = 'text'")


def half_a_desk(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    no_desk(attacked, _)
    attacked.folder.desk.write_bytes(b"no database at all, but some text " * 100)


def a_tile_that_was_changed(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE head SET root = zeros(32)")


def another_host(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE identity SET public_host = 'evil.example'")


def a_clock_some_seconds_behind(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.clock.goes(-timedelta(hours=1).total_seconds() - 2)


def a_clock_a_day_behind(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.clock.goes(-timedelta(days=1).total_seconds())


def no_desk(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    remove_database(attacked.folder.desk)


def an_older_desk(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    copies(attacked.folder, attacked.root / "older", "desk.db")
    attacked.live("L9")
    attacked.clock.goes(3600)
    attacked.live("L10")
    bring_back(attacked.root / "older", attacked.folder)


def an_older_ledger(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    copies(attacked.folder, attacked.root / "older", "ledger.db")
    attacked.live("L9")
    bring_back(attacked.root / "older", attacked.folder)


def a_rewritten_ledger(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    events = attacked.forger.read()
    rewrites_a_measured_value(events)
    attacked.forger.write(events)


def no_witness(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.desk, "DELETE FROM witness")


def a_witness_of_another_history(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    copies(attacked.folder, attacked.root / "older", "ledger.db", "desk.db")
    attacked.live("L9")
    attacked.round()
    bring_back(attacked.root / "older", attacked.folder)
    assert attacked.round() == list(WITNESSES)


def witnesses_who_are_away(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    attacked.live("L9")
    attacked.clock.goes(60)
    attacked.round(away=WITNESSES)


def alerts_that_do_not_follow(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "DELETE FROM alert_cursor")


def alerts_of_another_ledger(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.ledger, "UPDATE alert_cursor SET last_entry_hash = zeros(32)")


def a_search_engine_that_is_away(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    use_engine(attacked.folder.root, "http://127.0.0.1:9")


def no_index(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    for path in attacked.folder.root.glob("index.db*"):
        path.unlink()


def an_index_that_does_not_follow(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    with attacked.opened() as house:
        house.index.start_over()


def an_index_of_another_version(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.index, "UPDATE cursor SET tokeniser_version = 0")


def an_index_of_another_ledger(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.index, "UPDATE cursor SET last_entry_hash = zeros(32)")


def an_attachment_that_is_gone(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    next(path for path in sorted(attacked.folder.blobs.glob("??/*")) if len(path.name) == 64).unlink()


def no_scans(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    remove_database(attacked.folder.scans)


def half_a_scans(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    no_scans(attacked, _)
    attacked.folder.scans.write_bytes(b"no database at all" * 400)


def scans_without_their_tables(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(attacked.folder.scans, "DROP TABLE checked_code")


def an_authority_without_a_region(attacked: Attacked, _: pytest.MonkeyPatch) -> None:
    damage(
        attacked.folder.ledger,
        "UPDATE party SET region = NULL, parent = NULL, roles = '[\"regulator\"]', named_by = NULL WHERE region > ''",
    )


@pytest.mark.parametrize(
    ("broken", "name", "level", "came", "remedy"),
    [
        (an_old_python, "python", "fault", "3.10.4", "./scripts/setup"),
        (a_faulty_sqlite, "sqlite", "fault", "3.46.1", "./scripts/setup"),
        (no_folder, "folder", "fault", "does not exist", "cabletrace init --data"),
        pytest.param(
            no_ledger_in_the_folder, "folder", "fault", "no ledger.db", "bring back a copy", marks=ABOUT_FILES
        ),
        (another_user_runs_it, "owner", "warning", "54321", "sudo -u"),
        pytest.param(a_file_of_another_user, "owner", "fault", "desk.db", "chown -R", marks=ABOUT_FILES),
        (a_folder_that_cannot_be_written, "writable", "fault", "data", "chmod -R u+rwX"),
        (a_disk_with_little_room, "room", "warning", "500 MB", "make room"),
        (a_full_disk, "room", "fault", "1 MB", "make room"),
        (no_key_of_names, "key-files", "fault", "names.key is missing", "back from a copy"),
        (no_code_key, "key-files", "fault", "codes-1.key is missing", "back from a copy"),
        (half_a_code_key, "key-files", "fault", "codes-2.key has 16 bytes", "back from a copy"),
        (a_key_that_others_can_read, "key-permissions", "fault", "ledger.seed (640)", "chmod 600"),
        pytest.param(
            no_database, "ledger", "fault", "not a database", "newest sound copy", marks=ABOUT_FILES
        ),
        (a_cell_that_holds_what_it_never_should, "ledger", "fault", "to the end", "newest sound copy"),
        (a_table_that_this_version_wants, "schema", "fault", "seat (", "cabletrace migrate --data"),
        (
            a_column_that_this_version_wants,
            "schema",
            "fault",
            "named_blob (seq)",
            "cabletrace migrate --data",
        ),
        (tables_of_another_version, "schema", "fault", "by another version", "cabletrace migrate --data"),
        (tables_of_a_version_that_said_nothing, "schema", "fault", "another version", "cabletrace migrate"),
        (a_table_of_the_ledger_itself, "schema", "fault", "tile (", "newest sound copy"),
        (a_table_of_the_desk, "schema", "fault", "upload (", "newest sound copy"),
        (
            a_desk_of_an_earlier_version,
            "schema",
            "fault",
            "of an earlier version: desk",
            "cabletrace migrate",
        ),
        (
            a_desk_of_a_newer_version,
            "schema",
            "fault",
            "newer version of the program",
            "made before the update",
        ),
        (another_signing_key, "signing-key", "fault", "trace.example/ledger+", "back from a copy"),
        (no_signing_key, "signing-key", "fault", "No such file", "back from a copy"),
        (a_checkpoint_that_nobody_signed, "checkpoint", "fault", "not what was signed", "cabletrace verify"),
        (an_entry_that_was_changed, "checkpoint", "fault", "not what was signed", "cabletrace verify"),
        (a_tile_that_was_changed, "checkpoint", "fault", "not what was signed", "cabletrace verify"),
        (another_host, "host", "fault", "evil.example", "newest sound copy"),
        (a_clock_some_seconds_behind, "clock", "warning", "the last entry is of", "timedatectl"),
        (a_clock_a_day_behind, "clock", "fault", "the last entry is of", "timedatectl"),
        pytest.param(half_a_desk, "desk", "fault", "cannot be read", "from a copy", marks=ABOUT_FILES),
        (no_desk, "desk", "fault", "there is no", "from a copy"),
        (an_older_desk, "desk", "warning", "desk.db is older than the ledger", "newest desk.db"),
        (an_older_ledger, "history", "fault", "set back to an older copy", "newest sound copy"),
        (a_rewritten_ledger, "history", "fault", "forked or rewritten", "cabletrace verify"),
        (no_witness, "witnesses", "warning", "none", "cabletrace cosigner add"),
        (a_witness_of_another_history, "witnesses", "fault", WITNESSES[0], "cabletrace verify --since"),
        (witnesses_who_are_away, "cosigned", "warning", "it is away", "cabletrace cosigner ask"),
        (alerts_that_do_not_follow, "alerts", "warning", "entries behind", "cabletrace alerts"),
        (alerts_of_another_ledger, "alerts", "warning", "another ledger", "cabletrace serve"),
        (no_index, "index", "warning", "there is no", "cabletrace serve"),
        (a_search_engine_that_is_away, "index", "warning", "does not answer", "search.address"),
        (an_index_that_does_not_follow, "index", "warning", "entries behind", "cabletrace serve"),
        (an_index_of_another_version, "index", "warning", "tokeniser", "cabletrace serve"),
        (an_index_of_another_ledger, "index", "warning", "another ledger", "cabletrace serve"),
        (an_attachment_that_is_gone, "attachments", "fault", "are missing: ", "from a copy"),
        (no_scans, "scans", "warning", "there is no scans.db", "cabletrace serve"),
        pytest.param(
            half_a_scans, "scans", "warning", "scans.db cannot be read", "cabletrace serve", marks=ABOUT_FILES
        ),
        (scans_without_their_tables, "scans", "warning", "tables are missing", "cabletrace serve"),
        (an_authority_without_a_region, "authorities", "warning", "without a region", "cabletrace seat"),
    ],
)
def test_what_is_broken_is_named_with_what_mends_it(
    healthy: Attacked,
    monkeypatch: pytest.MonkeyPatch,
    broken: Break,
    name: str,
    level: str,
    came: str,
    remedy: str,
) -> None:
    broken(healthy, monkeypatch)

    told = [each for each in findings(healthy) if each.name == name]

    assert told != []
    (said, *_) = told
    assert said.level == level
    assert came in said.came.en
    assert said.came.zh
    assert said.wanted is not None
    assert said.wanted.zh
    assert said.wanted.en
    assert said.remedy is not None
    assert remedy in said.remedy.en
    assert said.remedy.zh


def test_every_title_has_been_broken_but_those_that_only_inform() -> None:
    """So that nothing is looked at without a test that sees it fail."""
    (mark,) = [
        each
        for each in test_what_is_broken_is_named_with_what_mends_it.pytestmark  # type: ignore[attr-defined]
        if each.name == "parametrize"
    ]

    rows = [getattr(each, "values", each) for each in mark.args[1]]  # of those with a mark, and of plain ones

    assert {name for _, name, *_ in rows} == set(TITLES) - {"port", "copies"}


# --- what mends it does


def test_the_command_against_open_keys_closes_them(
    healthy: Attacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_key_that_others_can_read(healthy, monkeypatch)
    remedy = found(healthy)["key-permissions"].remedy
    assert remedy is not None

    subprocess.run(["/bin/sh", "-c", remedy.en], check=True)

    assert found(healthy)["key-permissions"].level == "ok"


@pytest.mark.parametrize(
    "broken",
    [
        a_table_that_this_version_wants,
        a_column_that_this_version_wants,
        tables_of_another_version,
        tables_of_a_version_that_said_nothing,
    ],
)
def test_tables_of_another_version_are_not_opened_before_a_rebuild_has_made_them_anew(
    healthy: Attacked, monkeypatch: pytest.MonkeyPatch, broken: Break
) -> None:
    broken(healthy, monkeypatch)

    with pytest.raises(InputError) as refused, healthy.opened():
        pass
    (problem,) = refused.value.problems
    assert problem.remedy is not None
    assert f"cabletrace migrate --data {healthy.folder.root}" in problem.remedy.en
    why = to_rebuild(healthy.folder)
    assert why is not None
    assert why.en in problem.detail.en

    rebuild_projections(healthy.folder, lambda _done, _of: None)

    assert found(healthy)["schema"].level == "ok"
    assert to_rebuild(healthy.folder) is None
    assert healthy.verify(with_projections=True) == []
    with healthy.opened():
        pass


@pytest.mark.parametrize("broken", [no_scans, half_a_scans, scans_without_their_tables])
def test_a_start_counts_checks_anew_where_their_file_is_gone_or_damaged(
    healthy: Attacked, monkeypatch: pytest.MonkeyPatch, broken: Break
) -> None:
    broken(healthy, monkeypatch)

    with healthy.opened():
        pass

    assert found(healthy)["scans"].level == "ok"


def test_the_newest_check_of_a_code_is_told(healthy: Attacked) -> None:
    assert "nothing was checked" in found(healthy)["scans"].came.en
    with healthy.opened() as house, begin_write(house.scans) as tx:
        checked = stream.Scan("7K3QF9TWZP", "issued", datetime(2026, 6, 30, 1, tzinfo=UTC), "c" * 16)
        stream.write(tx, [checked], 1)

    assert "2026-06-30 09:00" in found(healthy)["scans"].came.en


# --- what is no fault


def test_a_moment_behind_is_no_news(healthy: Attacked) -> None:
    """Between a commit and those who follow it there are always some seconds."""
    healthy.live("L9")
    healthy.clock.goes(60)

    told = found(healthy)

    assert told["index"].level == "ok"
    assert told["cosigned"].level == "warning"  # an hour has passed in this story since they were asked


def test_what_was_recorded_since_they_last_answered_may_wait_an_hour(healthy: Attacked) -> None:
    healthy.live("L9")
    assert healthy.round() == []
    healthy.live("L10")
    healthy.clock.goes(timedelta(minutes=59).total_seconds())
    assert found(healthy)["cosigned"].level == "ok"

    healthy.clock.goes(timedelta(minutes=2).total_seconds())
    assert found(healthy)["cosigned"].level == "warning"


# --- the address


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def test_a_port_that_somebody_else_holds_is_named(healthy: Attacked, taken: socket.socket) -> None:
    said = found(healthy, taken.getsockname()[1])["port"]

    assert said.level == "warning"
    assert "Address already in use" in said.came.en
    assert said.remedy is not None
    assert "--port N" in said.remedy.en


@contextmanager
def served(attacked: Attacked) -> Iterator[int]:
    """The service of this folder, at the port that this gives."""
    with attacked.opened() as house:
        config = uvicorn.Config(make_app(house), log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            serving = Thread(target=server.run, kwargs={"sockets": [listener]})
            serving.start()
            try:
                yield listener.getsockname()[1]
            finally:
                server.should_exit = True
                serving.join()


def test_the_port_of_the_service_itself_is_as_it_should_be(healthy: Attacked) -> None:
    with served(healthy) as port:
        told = found(healthy, port)

    assert told["port"].level == "ok"
    assert told["port"].came.en == f"the service runs at 127.0.0.1:{port}, and serves this ledger"
    assert {each.level for each in told.values()} == {"ok"}


@pytest.mark.parametrize("folder", ["other", "none"])
def test_a_service_of_another_ledger_is_named_and_is_not_taken_for_this_one(
    folder: str, healthy: Attacked, tmp_path: Path
) -> None:
    create(Folder(tmp_path / "other"), origin="other.example/ledger", public_host="other.example")
    with served(healthy) as port:
        told = examine(Folder(tmp_path / folder), bind="127.0.0.1", port=port, clock=healthy.clock)
        (said,) = (each for each in told if each.name == "port")

    assert said.level == "warning"
    assert "serves another ledger: " in said.came.en
    assert said.remedy is not None
    assert "--data" in said.remedy.en


def test_a_free_port_does_not_say_that_nothing_is_served_elsewhere(healthy: Attacked) -> None:
    said = found(healthy)["port"]

    assert said.level == "ok"
    assert "whether the service runs at another port is not seen from here" in said.came.en


# --- the command


def test_the_command_tells_programs_and_people_and_ends_with_a_code(
    healthy: Attacked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["doctor", "--data", str(healthy.folder.root), "--port", "0"]
    monkeypatch.setattr("cabletrace.cli.doctor.system_clock", healthy.clock)

    with pytest.raises(SystemExit) as well:
        app([*words, "--json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    a_key_that_others_can_read(healthy, monkeypatch)
    with pytest.raises(SystemExit) as ill:
        app(words, standalone_mode=False)
    shown = capsys.readouterr()
    with pytest.raises(SystemExit):
        app([*words, "--json"], standalone_mode=False)
    told_ill = json.loads(capsys.readouterr().out)

    assert (well.value.code, ill.value.code) == (DONE, FAULTS)
    assert told["healthy"] is True
    assert {each["level"] for each in told["findings"]} == {"ok"}
    assert shown.out == ""
    assert "✗ 密钥权限：别人也能读写：keys/ledger.seed (640)" in shown.err
    assert "→ chmod 600 " in shown.err
    assert "1 faults, 0 warnings" in shown.err
    (fault,) = [each for each in told_ill["findings"] if each["level"] == "fault"]
    assert told_ill["healthy"] is False
    assert fault["check"] == "key-permissions"
    assert set(fault) == {"check", "level", "title", "came", "wanted", "remedy"}
    assert fault["remedy"]["zh"] == f"chmod 600 {healthy.folder.seed}"


def test_warnings_are_no_failure_for_scripts(healthy: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    no_witness(healthy, monkeypatch)
    monkeypatch.setattr("cabletrace.cli.doctor.system_clock", healthy.clock)

    with pytest.raises(SystemExit) as ended:
        app(["doctor", "--data", str(healthy.folder.root), "--port", "0"], standalone_mode=False)

    assert ended.value.code == DONE
