"""Two services over one ledger in PostgreSQL, each with its own committer: one chain, and one goes on when the other is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from cabletrace.app.demo import MAKER, load_demo
from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.auth import sign_in
from cabletrace.auth.accounts import account_named
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.policy import Action
from cabletrace.clock import system_clock
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write
from drafts_for_tests import product
from passwords_for_tests import cheap_passwords
from postgres_for_tests import SHARED, Server

pytestmark = pytest.mark.full

PROGRAM = Path(sys.executable).with_name("cabletrace")
CLIENTS, EACH = 4, 15


@pytest.fixture(scope="module")
def folder(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    where = Folder(tmp_path_factory.mktemp("shared") / "data")
    create(
        where,
        origin="trace.example/ledger",
        public_host="trace.example",
        database=f"{postgresql.address(SHARED)}?prefix=two_",
    )
    return where


@pytest.fixture(scope="module")
def key(folder: Folder) -> str:
    """Of the demo's maker."""
    with open_installation(folder) as house:
        list(load_demo(house, cheap_passwords(), lambda *_: None))
        with begin_write(house.desk) as tx:
            account = account_named(tx, "maker")
            assert account is not None
            now = system_clock()
            issued = issue_api_key(
                tx,
                account,
                label="two services",
                actions={Action.RECORD_PRODUCT},
                expires_at=now + timedelta(days=1),
                now=now,
            )
    return issued.text


class Service:
    def __init__(self, folder: Folder, log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", "--data", folder.root],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = next(
            line.removeprefix("ready ").strip() for line in self._process.stdout if line.startswith("ready ")
        )

    def record(self, key: str, envelope: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - our own service
            f"{self.address}/api/v1/events",
            json.dumps(envelope).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            receipt: dict[str, Any] = json.load(answer)
            return receipt

    def end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.communicate()
        self._log.close()


@pytest.fixture
def services(folder: Folder, key: str, tmp_path: Path) -> Iterator[list[Service]]:
    running = [Service(folder, tmp_path / f"{n}.log") for n in range(2)]
    yield running
    for each in running:
        each.end(signal.SIGTERM)


def some(who: str, count: int) -> list[dict[str, Any]]:
    return [product(MAKER, f"{who}-{n}", certificate=None) for n in range(count)]


def test_both_record_at_once_to_one_chain_and_one_goes_on_when_the_other_is_killed(
    folder: Folder, key: str, services: list[Service]
) -> None:
    def client(number: int) -> list[dict[str, Any]]:
        service = services[number % 2]
        return [service.record(key, each) for each in some(f"C{number}", EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        receipts = [each for answered in pool.map(client, range(CLIENTS)) for each in answered]
    seqs = sorted(receipt["index"] for receipt in receipts)
    assert seqs == list(range(seqs[0], seqs[0] + CLIENTS * EACH))

    services[0].end(signal.SIGKILL)
    with pytest.raises(URLError):
        services[0].record(key, some("dead", 1)[0])
    more = [services[1].record(key, each) for each in some("after", 5)]

    assert [receipt["index"] for receipt in more] == list(range(seqs[-1] + 1, seqs[-1] + 6))
    assert list(verify_ledger(folder.root, with_projections=True)) == []
    services[0] = Service(folder, Path(services[0]._log.name))
    assert services[0].record(key, some("again", 1)[0])["index"] == seqs[-1] + 6


def test_the_same_event_sent_to_both_is_recorded_once(
    folder: Folder, key: str, services: list[Service]
) -> None:
    for envelope in some("twice", 5):
        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(service.record, key, envelope) for service in services]
        one, other = (answer.result() for answer in answers)

        assert (one["index"], one["entry_hash"]) == (other["index"], other["entry_hash"])


def test_failed_sign_ins_count_over_all_services(folder: Folder) -> None:
    """Each with connections of its own, by turns."""
    now = system_clock()
    with closing(open_database(folder.desk)) as one, closing(open_database(folder.desk)) as other:
        for number in range(sign_in.MAX_FAILURES):
            with begin_write((one, other)[number % 2]) as tx:
                sign_in.begin_attempt(tx, name="guessed-at", client="10.0.0.1", now=now)

        for desk in (one, other):
            with begin_write(desk) as tx, pytest.raises(sign_in.TooManyAttempts):
                sign_in.begin_attempt(tx, name="guessed-at", client="10.0.0.2", now=now)
            with begin_write(desk) as tx:
                sign_in.begin_attempt(tx, name="somebody-else", client="10.0.0.2", now=now)
