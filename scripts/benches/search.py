"""Search: how fast the index is filled from the ledger, and how long a question takes."""

from __future__ import annotations

from time import perf_counter

from measuring import house
from measuring.rounds import begin, interleaved, percentile, show

from cabletrace.app.installation import Installation, open_installation
from cabletrace.auth.actor import Actor
from cabletrace.db.engine import begin_read
from cabletrace.queries.documents import LedgerFeed
from cabletrace.queries.search import search
from cabletrace.search.follower import follow_page

LIVES = 300
ROUNDS = 5
ASKED = 200
WORDS = ("YJV 3×95", "0.6/1kV", "太康县", "禾泽示范电缆", "FH-L", "模拟示范建设 YJV")


def main() -> None:
    begin(
        f"a ledger of {LIVES * 30:,} events of {LIVES} batches; the index emptied and filled again each round; "
        f"{ASKED} questions of {len(WORDS)} kinds by the maker, in process"
    )
    with house.folder() as folder, open_installation(folder) as installation:
        size = house.fill(installation, LIVES)
        asker = house.actors(installation)[house.MAKER]
        taken = interleaved(
            {
                "fill the index": lambda: _fill(installation, size),
                "a question, p50": lambda: percentile(_ask(installation, asker), 0.5),
                "a question, p99": lambda: percentile(_ask(installation, asker), 0.99),
            },
            ROUNDS,
        )
    for (name, figure), unit in zip(taken.items(), ("events/s", "ms", "ms"), strict=True):
        show(name, figure, unit)


def _fill(installation: Installation, size: int) -> float:
    feed = LedgerFeed(installation.ledger)
    installation.index.start_over()
    started = perf_counter()
    while follow_page(installation.index, feed.read_from, feed.project):
        pass
    return size / (perf_counter() - started)


def _ask(installation: Installation, asker: Actor) -> list[float]:
    """Milliseconds of each question."""
    taken = []
    for n in range(ASKED):
        started = perf_counter()
        with begin_read(installation.ledger) as tx:
            search(tx, asker, installation.index, WORDS[n % len(WORDS)])
        taken.append((perf_counter() - started) * 1000)
    return taken


if __name__ == "__main__":
    main()
