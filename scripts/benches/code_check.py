"""The public code check, ``GET /c/{code}`` as JSON, as a share of a GET that does nothing."""

from __future__ import annotations

from itertools import chain
from random import Random
from uuid import uuid4

from measuring import house
from measuring.load import Answered, Plan, client, drive, request
from measuring.rounds import begin, interleaved, percentile, ratio, show, show_ratio
from measuring.service import serving

from cabletrace.app.installation import Folder, open_installation
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.model.drafts import party_id

CLIENTS, EACH, LOTS, ROUNDS = 16, 250, 50, 7
AIM = 0.5


def main() -> None:
    begin(
        f"{CLIENTS} keep-alive connections, {CLIENTS * EACH:,} requests a round, codes of 1,000 drums of {LOTS} batches "
        f"in random order; {ROUNDS} rounds, routes taking turns"
    )
    with house.folder() as folder:
        codes = _codes(folder)
        answered: dict[str, list[Answered]] = {"no-op GET": [], "code check": []}
        with serving(folder) as address, client() as process:

            def go(name: str) -> float:
                plan = _plan(["/bench/asked"] if name == "no-op GET" else [f"/c/{code}" for code in codes])
                came = process.submit(drive, address, plan, 200).result()
                answered[name].append(came)
                return came.per_second

            for name, warming in answered.items():
                go(name)
                warming.clear()
            rates = interleaved({name: lambda name=name: go(name) for name in answered}, ROUNDS)  # type: ignore[misc]
        for name, rate in rates.items():
            seconds = list(chain.from_iterable(each.seconds for each in answered[name]))
            waits = (
                f"p50 {percentile(seconds, 0.5) * 1000:.1f} ms, p99 {percentile(seconds, 0.99) * 1000:.1f} ms"
            )
            show(name, rate, f"/s   {waits}")
        show_ratio("code check / no-op GET", ratio(rates["code check"], rates["no-op GET"]), AIM)


def _plan(paths: list[str]) -> Plan:
    chance = Random(1)
    headers = {"Accept": "application/json"}
    return [[request("GET", chance.choice(paths), headers) for _ in range(EACH)] for _ in range(CLIENTS)]


def _codes(folder: Folder) -> list[str]:
    """Codes of drums of new batches."""
    with open_installation(folder) as installation:
        house.record(installation, [said for _ in range(LOTS) for said in house.life(f"L{uuid4().hex[:12]}")])
        with begin_read(installation.ledger) as tx:
            batches = [BatchCode(code[:-1]) for code in books.codes_of_maker(tx, party_id(house.MAKER))]
        key = installation.code_keys[1]
        return [unit_code(batch, unit, key).canonical for batch in batches for unit in range(1, 21)]


if __name__ == "__main__":
    main()
