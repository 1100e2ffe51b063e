"""The service as a user starts it: one command, the demo, a line that says it is ready, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cabletrace.app.demo import ACCOUNTS, PASSWORD, load_demo
from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.migrating import LINEAGES, behind
from cabletrace.db.engine import sqlite_module
from go_for_tests import build, new_go
from passwords_for_tests import cheap_passwords
from postgres_for_tests import Server
from release_for_tests import restore

PROGRAM = Path(sys.executable).with_name("cabletrace")
GO_CHECKER = Path(__file__).parents[1] / "go"


class Service:
    """A served demo in a process of its own."""

    def __init__(self, data: Path, *more: str) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, "serve", *(more or ["--demo"]), "--port", "0", "--data", data],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert self._process.stdout is not None
        self.address = next(
            line.removeprefix("ready ").strip() for line in self._process.stdout if line.startswith("ready ")
        )

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:  # noqa: S310 - our own service
            content: bytes = answer.read()
            return content

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """The exit code and what was said to people."""
        self._process.send_signal(how)
        _, said = self._process.communicate()  # one that never ends is ended by pytest's own limit
        return self._process.returncode, said


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "data"
    create(Folder(folder), origin="demo.example/ledger", public_host="demo.example")
    with open_installation(Folder(folder)) as house:
        list(load_demo(house, cheap_passwords(), lambda *_: None))
    return folder


@pytest.fixture(scope="module")
def service(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Running for all tests that only ask, over a demo of its own."""
    running = Service(Path(shutil.copytree(demo, tmp_path_factory.mktemp("asked") / "data")))
    yield running
    running.end(signal.SIGKILL)


def test_it_says_when_it_serves_and_who_may_sign_in(demo: Path) -> None:
    service = Service(demo)

    ready = json.loads(service.get("/readyz"))
    code, said = service.end(signal.SIGTERM)

    assert ready["ready"] is True
    assert code == 0
    assert all(account.name in said and account.task.zh in said for account in ACCOUNTS)
    assert PASSWORD in said


def test_a_start_over_tables_of_another_version_first_derives_them_anew_and_says_so(
    demo: Path, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(demo, tmp_path / "data"))
    connection = sqlite_module().connect(older / "ledger.db")
    (wanted,) = connection.execute("SELECT count(*) FROM posting").fetchone()
    with connection:
        connection.execute("ALTER TABLE batch DROP COLUMN certificate")
        connection.execute("ALTER TABLE party ADD COLUMN nickname TEXT NOT NULL DEFAULT ''")
        connection.execute("UPDATE projections_made SET version = '0-earlier'")
        connection.execute("DELETE FROM posting")
    connection.close()

    service = Service(older)
    ready = json.loads(service.get("/readyz"))
    code, said = service.end(signal.SIGTERM)

    assert ready["ready"] is True
    assert code == 0
    assert "batch (certificate)" in said
    assert "rebuilt from" in said
    assert "rebuilding" in said  # how far it is, while it goes on
    connection = sqlite_module().connect(older / "ledger.db")
    assert connection.execute("SELECT count(*) FROM posting").fetchone() == (wanted,)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(party)")}
    connection.close()
    assert "nickname" not in columns


def test_a_start_over_files_of_an_earlier_release_migrates_them_and_says_so(tmp_path: Path) -> None:
    folder = restore("before-revisions", tmp_path / "data")

    service = Service(folder.root, "--seed", "1")
    ready = json.loads(service.get("/readyz"))
    code, said = service.end(signal.SIGTERM)

    assert ready["ready"] is True
    assert code == 0
    for each in LINEAGES:
        assert (
            f"the tables of {each.name} are of an earlier version and lack {', '.join(each.revisions)}"
            in said
        )
        assert f"{each.name} was brought to {each.revisions[-1]}" in said
    assert behind(folder) == []


@pytest.mark.full
def test_a_start_over_postgresql_refuses_data_of_an_earlier_release_unless_told_to_migrate(
    postgresql: Server, tmp_path: Path
) -> None:
    folder = restore("before-revisions", tmp_path / "data", postgresql)
    line = [PROGRAM, "serve", "--port", "0", "--data", folder.root]

    refused = subprocess.run(line, capture_output=True, text=True, check=False)

    assert refused.returncode == 3
    assert "须先升级" in refused.stderr
    assert f"cabletrace migrate --data {folder.root}" in refused.stderr
    assert len(behind(folder)) == 4
    service = Service(folder.root, "--migrate")
    assert json.loads(service.get("/readyz"))["ready"] is True
    service.end(signal.SIGTERM)
    assert behind(folder) == []


@pytest.mark.full
def test_a_second_start_adds_nothing_also_after_a_kill(demo: Path) -> None:
    first = Service(demo)
    before = first.get("/ledger/checkpoint")
    first.end(signal.SIGKILL)

    second = Service(demo)
    after = second.get("/ledger/checkpoint")
    second.end(signal.SIGTERM)

    assert before == after


def test_a_taken_port_is_refused_in_words(service: Service, tmp_path: Path) -> None:
    port = service.address.rpartition(":")[2]

    refused = subprocess.run(
        [PROGRAM, "serve", "--port", port, "--data", tmp_path / "other"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 2
    assert "无法使用" in refused.stderr
    assert "--port" in refused.stderr


@pytest.mark.full
def test_independent_tools_accept_what_is_served(service: Service, tmp_path: Path) -> None:
    go = shutil.which("go")
    assert go is not None, "needs Go: apt-get install golang-go, or https://go.dev/dl"
    first_event = json.loads(service.get("/ledger/tile/entries/000.p/1")[2:])
    checkpoint = service.get("/ledger/checkpoint").decode()

    checked = subprocess.run(
        [go, "run", "./checklog", f"{service.address}/ledger"],
        cwd=GO_CHECKER,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert first_event["seq"] == 0
    assert checked.returncode == 0, checked.stderr
    assert checkpoint.splitlines()[1] in checked.stdout


@pytest.mark.full
@pytest.mark.timeout(600)
def test_tessera_reads_the_served_log_over_http(service: Service, tmp_path: Path) -> None:
    program = build(new_go(), GO_CHECKER / "tessera", tmp_path / "tessera")
    (tmp_path / "vkey").write_bytes(service.get("/ledger/vkey"))
    size = service.get("/ledger/checkpoint").decode().splitlines()[1]

    checked = subprocess.run(
        [program, "-vkey", tmp_path / "vkey", f"{service.address}/ledger"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert checked.returncode == 0, checked.stderr
    assert f"fsck: {size} entries" in checked.stdout
