"""How long after its receipt a new batch is found by its lot, over HTTP, embedded and in Elasticsearch, alone and in a stream of others."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

from measuring import house
from measuring.load import Address
from measuring.rounds import begin, percentile
from measuring.service import serving, settle

from cabletrace.app.installation import open_installation
from cabletrace.app.searching import use_engine
from cabletrace.auth.api_keys import issue_api_key
from cabletrace.auth.policy import Action
from cabletrace.db.engine import begin_write

sys.path.append(str(Path(__file__).parents[2] / "tests"))  # the server comes from where the tests have it
_tests: Any = import_module("elasticsearch_for_tests")

BATCHES = 200
#: Events of others a second: the days of a province (1.6), and a busy minute of it.
STREAMS = (0, 2, 20)
AIMS_MS = {"embedded": 300, "Elasticsearch": 1_500}
#: The poll costs some milliseconds of the same two cores, so it is not sent all the time.
_PAUSE_SECONDS = 0.005
_LONGEST_SECONDS = 60.0


def main() -> None:
    begin(
        f"{BATCHES} batches recorded one after another at random moments, each asked for by its lot from its receipt on, every "
        f"{_PAUSE_SECONDS * 1000:.0f} ms, until it is found; beside it a stream of other new batches"
    )
    for name in AIMS_MS:
        with (
            _tests.elasticsearch(to_be_measured=True) if name == "Elasticsearch" else nullcontext() as server
        ):
            measure(name, server)


def measure(name: str, server: Any) -> None:
    with house.folder() as folder:
        if server is not None:
            use_engine(folder.root, f"http://{_tests.USER}:{server.password}@127.0.0.1:{server.port}")
        with open_installation(folder) as installation:
            house.fill(installation, 50)
            key = _key(installation)
        with serving(folder) as address:
            settle(address)
            for stream in STREAMS:
                with _others(address, key, stream):
                    waited = [_until_found(address, key) for _ in range(BATCHES)]
                show(name, stream, waited)


def show(name: str, stream: int, waited: list[float]) -> None:
    p50, p99, worst = percentile(waited, 0.5), percentile(waited, 0.99), max(waited)
    aim = AIMS_MS[name]
    print(
        f"{name:<14} beside {stream:>2}/s: found after p50 {p50:6.0f}, p99 {p99:6.0f}, at most {worst:6.0f} ms; aim p99 {aim:,} ms: "
        f"{'reached' if p99 <= aim else 'MISSED'}",
        flush=True,
    )


def _until_found(address: Address, key: str) -> float:
    """Milliseconds from the receipt to the first answer that has it."""
    sleep(Random().uniform(0.0, 0.4))
    line, lot = HTTPConnection(*address), f"S{uuid4().hex[:12]}"
    _record(line, key, lot)
    received = perf_counter()
    while perf_counter() < received + _LONGEST_SECONDS:
        line.request("GET", f"/api/v1/search?q={lot}", headers={"Authorization": f"Bearer {key}"})
        answer = json.loads(line.getresponse().read())
        if answer["total"]:
            line.close()
            return (perf_counter() - received) * 1000
        sleep(_PAUSE_SECONDS)
    raise SystemExit(f"{lot} was not found after {_LONGEST_SECONDS:.0f} s: {answer}")


@contextmanager
def _others(address: Address, key: str, per_second: int) -> Iterator[None]:
    """So many other batches a second, meanwhile."""
    ended = threading.Event()

    def go_on() -> None:
        line = HTTPConnection(*address)
        while not ended.wait(1 / per_second):
            _record(line, key, f"S{uuid4().hex[:12]}")

    thread = threading.Thread(target=go_on)
    if per_second:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if per_second:
            thread.join()


def _record(line: HTTPConnection, key: str, lot: str) -> None:
    draft = house.life(lot)[0].draft
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    line.request("POST", "/api/v1/events", json.dumps({"draft": draft}), headers)
    answer = line.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise SystemExit(f"not recorded: {answer.status} {said.decode()}")


def _key(installation: Any) -> str:
    """The maker's: it records production and searches."""
    account, now = house.accounts(installation)[house.MAKER], installation.clock()
    actions = {Action.RECORD_PRODUCTION, Action.READ_SEARCH}
    with begin_write(installation.desk) as tx:
        return issue_api_key(
            tx, account, label="bench", actions=actions, expires_at=now + timedelta(days=1), now=now
        ).text


if __name__ == "__main__":
    main()
