"""The whole cluster as its operators run it: every part of it is killed in turn while files are imported and clients record, and in
the end nothing that was acknowledged is lost, the books are those of an installation in files, and everything is found."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from cabletrace.app.demo import FILES, IMPORTS, MAKER, register_demo
from cabletrace.app.folder import Folder
from cabletrace.app.indexing import verify_index
from cabletrace.app.installation import create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.accounts import account_named
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.policy import NEVER_BY_KEY, Action, may
from cabletrace.clock import system_clock
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.flow import books
from cabletrace.imports.run import commit, understand
from cabletrace.queries.flow_of_lots import flow_json, flow_of_lots
from cluster_for_tests import Cluster, cluster
from drafts_for_tests import product
from passwords_for_tests import cheap_passwords
from processes_for_tests import stored

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

PATIENCE_SECONDS = 120.0
#: So much is acknowledged while a part is away, and again once it is back.
GOES_ON = 5


def waited_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def flow_in(folder: Folder) -> dict[str, Any]:
    """Where every metre of every lot is."""
    with open_installation(folder) as house, begin_read(house.ledger) as tx:
        return flow_json(flow_of_lots(tx, house.at_the_machine()))


@pytest.fixture(scope="module")
def in_files(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """An installation in files that took the same four files, undisturbed."""
    folder = Folder(tmp_path_factory.mktemp("files") / "data")
    create(folder, origin="trace.example/ledger", public_host="trace.example")
    with open_installation(folder) as house:
        register_demo(house, cheap_passwords())
        for name, file in IMPORTS:
            with begin_read(house.desk) as desk, begin_read(house.ledger) as tx:
                account = account_named(desk, name)
                assert account is not None
                actor = account.acting("session")
                understood = understand(tx, (FILES / file).read_bytes(), file, actor)
            commit(understood, house.intake, actor, lambda *_: None)
    return folder


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), demo=False) as made:
        yield made


@pytest.fixture(scope="module")
def keys(running: Cluster) -> dict[str, str]:
    """Of those who bring files in, and may do whatever their accounts may."""
    with open_installation(running.folder) as house:
        register_demo(house, cheap_passwords())
        with begin_write(house.desk) as tx:
            issued = {}
            for name in {name for name, _ in IMPORTS}:
                account = account_named(tx, name)
                assert account is not None
                now = system_clock()
                actions = {action for action in Action if may(account.role, action)} - NEVER_BY_KEY
                expires = now + timedelta(days=1)
                issued[name] = issue_api_key(
                    tx, account, label="cluster", actions=actions, expires_at=expires, now=now
                ).text
    return issued


class Caller:
    """Asks the services of a cluster by turns, and the next one where one is away."""

    def __init__(self, running: Cluster, key: str) -> None:
        self._addresses = [urlsplit(address).netloc for address in running.addresses]
        self._headers = {"Authorization": f"Bearer {key}"}
        self._turn = count()

    def once(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of one request. Raises where nobody answers."""
        address = self._addresses[next(self._turn) % len(self._addresses)]
        connection = HTTPConnection(address, timeout=60)
        try:
            connection.request("GET" if body is None else "POST", path, body, {**self._headers, **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> Any:
        """The answer, after as many tries as it takes: the same request again is the same request."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, said = self.once(path, body, **headers)
                if status < 300:
                    return said
                assert status >= 500 or status == 429, (status, said)
            except (OSError, HTTPException, ValueError) as error:
                said = repr(error)
            assert time.monotonic() < deadline, said
            time.sleep(0.2)


class Clients:
    """Record products until the block ends, each under an id of its own, and keep what was acknowledged."""

    def __init__(self, running: Cluster, key: str) -> None:
        self._callers = [Caller(running, key) for _ in range(2)]
        self._ending = threading.Event()
        self.acknowledged: dict[int, bytes] = {}
        self.failures: list[BaseException] = []

    @contextmanager
    def recording(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._record, args=(number, caller))
            for number, caller in enumerate(self._callers)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ending.set()
            for thread in threads:
                thread.join()

    def _record(self, number: int, caller: Caller) -> None:
        try:
            for n in count():
                if self._ending.is_set():
                    return
                body = json.dumps(product(MAKER, f"K{number}-{n}", certificate=None)).encode()
                receipt = caller.ask("/api/v1/events", body, **{"Content-Type": "application/json"})
                self.acknowledged[receipt["index"]] = bytes.fromhex(receipt["entry_hash"])
                time.sleep(0.1)
        except BaseException as error:
            self.failures.append(error)

    def go_on(self) -> None:
        """Wait until more is acknowledged."""
        before = len(self.acknowledged)
        waited_for(
            lambda: bool(self.failures) or len(self.acknowledged) >= before + GOES_ON,
            "nothing is acknowledged",
        )
        assert self.failures == []


def bring(caller: Caller, file: str) -> str:
    """Begin the import of a file; where to ask after it."""
    kind = "text/csv" if file.endswith(".csv") else "application/octet-stream"
    said = caller.ask(
        "/api/v1/imports", (FILES / file).read_bytes(), **{"Content-Type": kind, "X-File-Name": file}
    )
    return str(said["id"])


def brought(caller: Caller, file: str, job: str) -> None:
    """Wait until everything of a file is in; one that failed, since the database was away, is sent again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (said := caller.ask(f"/api/v1/imports/{job}"))["state"] != "done":
        assert time.monotonic() < deadline, said
        if said["state"] == "failed":
            job = bring(caller, file)
        time.sleep(0.2)


def test_every_part_is_killed_in_turn_and_nothing_is_lost(
    running: Cluster, keys: dict[str, str], in_files: Folder, tmp_path: Path
) -> None:
    # given a cluster that clients record to
    callers = {name: Caller(running, key) for name, key in keys.items()}
    clients = Clients(running, keys["maker"])
    service, database, search = running.services[0], running.database, running.search
    killed: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (service.kill, service.start),
        (running.indexer.kill, running.indexer.start),
        (search.kill, search.start),
        (lambda: database.stop("immediate"), database.start),
    ]
    with clients.recording():
        clients.go_on()

        # when one part after the other is killed while a file is imported, and comes back
        for (name, file), (kill, start) in zip(IMPORTS, killed, strict=True):
            job = bring(callers[name], file)
            kill()
            if kill is not killed[-1][0]:  # without its database nothing is acknowledged by anybody
                clients.go_on()
            start()
            clients.go_on()
            brought(callers[name], file, job)
        running.witness.kill()
        clients.go_on()
        running.witness.start()
        clients.go_on()
    assert clients.failures == []

    # then everything that was acknowledged is there, as it was acknowledged
    entries = stored(running.folder.root)
    assert clients.acknowledged.items() <= entries.items()
    assert sorted(entries) == list(range(len(entries)))

    # and the index and the witness come to the end of the ledger
    maker = callers["maker"]
    waited_for(lambda: settled(maker, len(entries)), f"not settled: {maker.ask('/readyz')}")

    # and every metre is where it is in an installation that nothing happened to, and nothing is at fault
    assert flow_in(running.folder) == flow_in(in_files)
    assert list(verify_ledger(running.folder.root, with_projections=True)) == []

    # and the index is what the ledger says, with every lot and no other, each found by its number
    assert verify_index(running.folder, system_clock, lambda *_: None, deep=True, repair=False).is_sound
    lots = lots_of(in_files)
    assert len(lots) > 100
    assert sorted(found(maker, "禾泽")) == lots
    for lot in lots[::10]:
        assert lot in found(maker, f"禾泽 {lot}")


def settled(caller: Caller, size: int) -> bool:
    said = caller.ask("/readyz")
    return (
        not any(part["behind"] for part in said["parts"])
        and not said["degraded"]
        and said["cosigned"] == size
    )


def lots_of(folder: Folder) -> list[str]:
    with closing(open_database(folder.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        return sorted(row["lot"] for row in tx.execute(books.batch.select()).mappings())


def found(caller: Caller, words: str) -> list[str]:
    """The lots that a search finds, on all of its pages. Words beside a number go to the server of the search engine."""
    lots: list[str] = []
    after = ""
    while True:
        said = caller.ask(f"/api/v1/search?q={quote(words)}&limit=200{after}")
        if said["partial"]:  # time was up, on a busy machine
            continue
        lots += [row["batch"]["lot"] for row in said["rows"]]
        if said["after"] is None:
            return lots
        after = f"&after={quote(said['after'])}"
