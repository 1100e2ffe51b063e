"""A whole installation that is searched with a real Elasticsearch: followed, searched, without it, and with it again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch

from cabletrace.app.demo import MAKER, load_demo
from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.searching import ADDRESS, open_index
from cabletrace.auth.accounts import account_named
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.policy import Action
from cabletrace.clock import system_clock
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write
from drafts_for_tests import product, production
from elasticsearch_for_tests import USER, Server, elasticsearch
from passwords_for_tests import cheap_passwords

pytestmark = pytest.mark.full

PROGRAM = Path(sys.executable).with_name("cabletrace")
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Its own: it falls silent at times."""
    with elasticsearch() as running:
        yield running


@pytest.fixture(scope="module")
def folder(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The four files, recorded; nobody has followed them yet."""
    where = Folder(tmp_path_factory.mktemp("elastic") / "data")
    secret = where.root.with_name("password")
    secret.write_text(server.password, encoding="utf-8")
    create(
        where,
        origin="trace.example/ledger",
        public_host="trace.example",
        search=f"http://{USER}@127.0.0.1:{server.port}/whole?password_file={secret}",
    )
    with open_installation(where) as house:
        list(load_demo(house, cheap_passwords(), lambda *_: None))
    return where


@pytest.fixture(scope="module")
def key(folder: Folder) -> str:
    with open_installation(folder) as house, begin_write(house.desk) as tx:
        account = account_named(tx, "maker")
        assert account is not None
        now = system_clock()
        actions = {Action.READ_SEARCH, Action.RECORD_PRODUCT, Action.RECORD_PRODUCTION}
        expires = now + timedelta(days=1)
        return issue_api_key(tx, account, label="search", actions=actions, expires_at=expires, now=now).text


class Service:
    """The programs, as they are started by hand."""

    def __init__(self, folder: Folder, key: str, log: Path, *words: str):
        self._key = key
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--port", "0", "--data", folder.root, *words],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        ready = next(line for line in self._process.stdout if line.startswith("ready "))
        self._port = int(ready.strip().rpartition(":")[2])

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request(
                "GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def record_batch(self, lot: str) -> tuple[int, Any]:
        """Status and answer of a production under a product of its own."""
        status, answer = self.ask("/api/v1/events", product(MAKER, lot, certificate=None))
        assert status == 201, answer
        return self.ask("/api/v1/events", production(lot, maker=MAKER, product=lot))

    def found(self, words: str) -> int:
        """How many batches, -1 while it cannot be searched."""
        status, answer = self.ask(f"/api/v1/search?q={quote(words)}")
        return int(answer["total"]) if status == 200 else -1

    def behind(self) -> int:
        parts = self.ask("/readyz")[1]["parts"]
        return int(next(part["behind"] for part in parts if part["name"] == "search"))

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate()


def waited_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def service(folder: Folder, key: str, tmp_path: Path) -> Iterator[Service]:
    with ExitStack() as running:
        one = Service(folder, key, tmp_path / "log")
        running.callback(one.end)
        assert waited_for(lambda: one.behind() == 0)
        yield one


def test_what_was_recorded_is_found_and_the_address_is_for_its_owner_alone(
    service: Service, folder: Folder
) -> None:
    assert service.found("BV") > 10
    assert service.found("示范电缆") > 10
    assert not service.ask("/readyz")[1]["degraded"]
    assert not folder.index.exists()
    assert (folder.root / ADDRESS).stat().st_mode & 0o777 == 0o600


def test_a_second_start_goes_on_where_the_first_one_stopped(service: Service) -> None:
    assert "found before following" not in service.log()


def test_a_server_that_falls_silent_stops_no_recording_and_what_came_meanwhile_is_found_later(
    service: Service, server: Server
) -> None:
    before = service.found("电缆")
    server.fall_silent()
    try:
        assert service.found("电缆") == -1
        began = time.monotonic()
        assert [service.found("电缆") for _ in range(5)] == [-1] * 5
        quickly = time.monotonic() - began
        recorded, receipt = service.record_batch("SILENT-1")
        by_lot = service.found("SILENT-1")
        ready = service.ask("/readyz")[1]
    finally:
        server.speak_again()

    assert (recorded, by_lot) == (201, 1), receipt
    assert ready["ready"]
    assert ready["degraded"]
    assert quickly < 10  # not five times as long as one waits for an answer
    assert waited_for(lambda: service.found("SILENT") == 1)
    assert waited_for(lambda: service.found("电缆") > before)
    assert not service.ask("/readyz")[1]["degraded"]


def test_an_index_that_somebody_deletes_is_made_anew_while_the_service_runs(
    service: Service, server: Server
) -> None:
    before = service.found("电缆")
    with Elasticsearch(server.address, basic_auth=(USER, server.password)) as client:
        for each in client.indices.get(index="whole.*").body:
            client.indices.delete(index=each)

    assert waited_for(lambda: service.found("电缆") == before)


def test_who_follows_may_be_a_process_apart(folder: Folder, key: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        one = Service(folder, key, tmp_path / "log", "--no-followers")
        running.callback(one.end)
        status, answer = one.record_batch("APART-1")
        assert status == 201, answer
        time.sleep(2)
        assert one.behind() == 2
        follower = subprocess.Popen(
            [PROGRAM, "follow", "--data", folder.root], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

        assert waited_for(lambda: one.found("APART") == 1)
        assert one.behind() == 0
        follower.send_signal(signal.SIGTERM)
        follower.communicate()
        assert follower.returncode == 0


def test_an_index_is_compared_rebuilt_and_brought_back_beside_the_service(
    service: Service, server: Server, folder: Folder
) -> None:
    def command(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [PROGRAM, *words, "--data", folder.root, "--json"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    before = service.found("电缆")
    with Elasticsearch(server.address, basic_auth=(USER, server.password)) as client:
        (old,) = client.indices.get_alias(name="whole").body

        assert command("rebuild-index")["sound"]

        (new,) = client.indices.get_alias(name="whole").body
        assert new != old
        assert service.found("电缆") == before
        assert service.record_batch("REBUILT-1")[0] == 201
        assert waited_for(lambda: service.found("REBUILT") == 1)
        assert command("verify-index", "--deep")["differences"] == []

        assert command("rebuild-index", "--rollback")["sound"]

        assert client.indices.get_alias(name="whole").body.keys() == {old}
        assert service.found("REBUILT") == 1
        assert service.record_batch("REBUILT-2")[0] == 201
        assert waited_for(lambda: service.found("REBUILT") == 2)
    with closing(open_database(folder.desk)) as desk, open_index(folder.index, desk) as index:
        assert index.standing().verified_at is not None
