"""Durable append over HTTP, 64 clients, each event answered with a signed checkpoint over it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from uuid import uuid4

import orjson
from measuring import house
from measuring.load import Address, Answered, Plan, client, drive, request
from measuring.rounds import Spread, begin, interleaved, percentile, ratio, show, show_ratio, waits
from measuring.service import serving, settle

from cabletrace.app.committer import open_committer_process
from cabletrace.app.folder import Folder
from cabletrace.app.installation import OpenCommitter, open_installation, open_sequencer

CLIENTS = 64
ROUNDS = 5
#: Lives of lots that each client plays in a round, one event after the other.
LIVES = 1
AIM, AIM_P99_MS = 0.4, 40

COMMITTERS: Mapping[str, OpenCommitter] = {
    "a process of its own, as `cabletrace serve` has it": open_committer_process,
    "a thread of the service": open_sequencer,
}
ROUTES = {
    "no-op: authenticated, parsed": "/bench/heard",
    "no-op: also validated and permitted": "/bench/understood",
    "append: durable, signed checkpoint": "/api/v1/events",
}


def main() -> None:
    begin(
        f"{CLIENTS} keep-alive connections from a process of their own, each playing lives of lots of 30 events in "
        f"order; {CLIENTS * LIVES * 30:,} requests a round, {ROUNDS} rounds, routes taking turns; the followers of the "
        "ledger run beside the service, as they do in earnest"
    )
    with house.folder() as folder:
        keys = _keys(folder)
        for where, committer in COMMITTERS.items():
            with serving(folder, committer) as address, client() as process:
                print(f"committer: {where}")
                _measure(address, process, keys)


def _measure(address: Address, process: ProcessPoolExecutor, keys: Mapping[str, str]) -> None:
    answered: dict[str, list[Answered]] = {name: [] for name in ROUTES}

    def go(name: str) -> float:
        settle(address)
        came = process.submit(drive, address, _plan(ROUTES[name], keys), 201).result()
        answered[name].append(came)
        return came.per_second

    for name in ROUTES:
        go(name)  # warm: caches, pools, first pages
        answered[name].clear()
    rates = interleaved({name: partial(go, name) for name in ROUTES}, ROUNDS)
    for name, rate in rates.items():
        show(name, rate, f"/s   {waits(answered[name])}")
    heard, understood, append = rates.values()
    show_ratio("append / no-op", ratio(append, heard), AIM)
    show_ratio("append / no-op, also validated", ratio(append, understood), AIM)
    p99 = Spread(
        tuple(
            percentile(each.seconds, 0.99) * 1000 for each in answered["append: durable, signed checkpoint"]
        )
    )
    show(f"append p99, aim ≤ {AIM_P99_MS} ms", p99, "ms")


def _plan(path: str, keys: Mapping[str, str]) -> Plan:
    headers = {party: {"Authorization": f"Bearer {key}"} for party, key in keys.items()}
    return [
        [
            request("POST", path, headers[said.speaker], orjson.dumps({"draft": said.draft}))
            for _ in range(LIVES)
            for said in house.life(f"L{uuid4().hex[:12]}")
        ]
        for _ in range(CLIENTS)
    ]


def _keys(folder: Folder) -> dict[str, str]:
    with open_installation(folder) as installation:
        return house.keys(installation)


if __name__ == "__main__":
    main()
