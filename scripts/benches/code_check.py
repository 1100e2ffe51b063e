"""Public code check over HTTP as JSON, beside a GET that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from measuring import house
from measuring.load import Answered, Plan, client, drive, request
from measuring.rounds import begin, interleaved, ratio, show, show_ratio, waits
from measuring.service import serving, settle
from sqlalchemy import select

from cabletrace.app.installation import open_installation
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.flow import books

CLIENTS = 64
LIVES = 200
REQUESTS = 60
ROUNDS = 7
AIM = 0.5


def main() -> None:
    begin(
        f"{CLIENTS} keep-alive connections from a process of their own; {CLIENTS * REQUESTS:,} requests a round for "
        f"random drums of {LIVES} batches, each by another phone, so that every check is recorded and counted; {ROUNDS} rounds, "
        "routes taking turns; nobody is signed in"
    )
    with house.folder() as folder:
        with open_installation(folder) as installation:
            house.fill(installation, LIVES)
            key = installation.code_keys[1]
            with begin_read(installation.ledger) as tx:
                batches = [BatchCode(code[:-1]) for code in tx.execute(select(books.batch.c.code)).scalars()]
        codes = [unit_code(batch, unit, key).printed for batch in batches for unit in range(1, 21)]
        dice = Random(1)
        paths: dict[str, Callable[[], str]] = {
            "no-op GET": lambda: "/bench/asked",
            "code check": lambda: f"/c/{dice.choice(codes)}",
        }
        answered: dict[str, list[Answered]] = {name: [] for name in paths}
        with serving(folder) as address, client() as process:

            def go(name: str) -> float:
                plan: Plan = [
                    [
                        request(
                            "GET",
                            paths[name](),
                            {"Accept": "application/json", "User-Agent": f"phone {dice.getrandbits(64)}"},
                        )
                        for _ in range(REQUESTS)
                    ]
                    for _ in range(CLIENTS)
                ]
                settle(address)
                answered[name].append(process.submit(drive, address, plan, 200).result())
                return answered[name][-1].per_second

            for name in paths:
                go(name)  # warm
                answered[name].clear()
            taken = interleaved({name: partial(go, name) for name in paths}, ROUNDS)
    for name, figure in taken.items():
        show(name, figure, f"/s   {waits(answered[name])}")
    show_ratio("code check / no-op", ratio(taken["code check"], taken["no-op GET"]), AIM)


if __name__ == "__main__":
    main()
