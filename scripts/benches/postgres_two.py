"""Durable append over HTTP in PostgreSQL: 32 clients at two services over one ledger, beside the same 32 at one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import uuid4

import orjson
from measuring import house
from measuring.database import durable_database
from measuring.load import Address, Answered, Plan, client, drive_at, request
from measuring.machine import processor_seconds_of_children
from measuring.rounds import Spread, begin, interleaved, ratio, show, waits
from measuring.service import serving, settle

from cabletrace.app.folder import Folder
from cabletrace.app.installation import open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_read
from cabletrace.ledger import store

CLIENTS = 32
ROUNDS = 5
EVENTS = CLIENTS * 30


def main() -> None:
    begin(
        f"{CLIENTS} keep-alive connections from a process of their own, each playing the life of a lot, 30 events in order, with "
        f"API keys; {EVENTS:,} requests a round, {ROUNDS} rounds, at one service and at both in turn; both run all the time, each "
        "with its own committer, the followers of the ledger beside the first; at the end every entry is verified and counted"
    )
    with durable_database() as database, house.folder(database.address) as folder:
        with open_installation(folder) as installation:
            keys = house.keys(installation)
        began = _size(folder)
        with serving(folder) as first, serving(folder, follows=False) as second, client() as process:
            answered: dict[str, list[Answered]] = {"at one service": [], "at two services": []}
            used: dict[str, list[float]] = {name: [] for name in answered}
            in_server: dict[str, list[float]] = {name: [] for name in answered}

            def go(name: str, addresses: Sequence[Address]) -> float:
                settle(first)
                before = processor_seconds_of_children(), database.processor_seconds()
                came = process.submit(drive_at, addresses, _plan(keys), 201).result()
                used[name].append((processor_seconds_of_children() - before[0]) / EVENTS * 1e6)
                in_server[name].append((database.processor_seconds() - before[1]) / EVENTS * 1e6)
                answered[name].append(came)
                return came.per_second

            ways = {"at one service": [first], "at two services": [first, second]}
            for name, addresses in ways.items():
                go(name, addresses)  # warm
            for each in (answered, used, in_server):
                for values in each.values():
                    values.clear()
            rates = interleaved(
                {name: partial(go, name, addresses) for name, addresses in ways.items()}, ROUNDS
            )
            settle(first)
        _count(folder, began, (ROUNDS + 1) * 2 * EVENTS)
    for name, rate in rates.items():
        show(name, rate, f"/s   {waits(answered[name])}")
        show("  processor, ours with the client", Spread(tuple(used[name])), "µs/event")
        show("  processor, PostgreSQL", Spread(tuple(in_server[name])), "µs/event")
    show("two services / one", ratio(rates["at two services"], rates["at one service"]), "")


def _plan(keys: Mapping[str, str]) -> Plan:
    headers = {party: {"Authorization": f"Bearer {key}"} for party, key in keys.items()}
    return [
        [
            request("POST", "/api/v1/events", headers[said.speaker], orjson.dumps({"draft": said.draft}))
            for said in house.life(f"L{uuid4().hex[:12]}")
        ]
        for _ in range(CLIENTS)
    ]


def _count(folder: Folder, began: int, recorded: int) -> None:
    """Whatever is missing, twice there or out of the chain ends the bench."""
    size = _size(folder)
    if size != began + recorded:
        raise SystemExit(f"{recorded:,} events were acknowledged, the ledger grew by {size - began:,}")
    for fault in verify_ledger(folder.root):
        raise SystemExit(f"not clean: {fault}")
    print(f"{recorded:,} events acknowledged, as many recorded, one chain: verified")


def _size(folder: Folder) -> int:
    with closing(open_database(folder.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        return store.read_head(tx).size


if __name__ == "__main__":
    main()
