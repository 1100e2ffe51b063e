"""A trace of 10,000 edges, and one over all of a maker's 2,000 batches with 200,000 postings, beside the same sums by hand-written SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from time import perf_counter, process_time
from typing import Any

from measuring import house
from measuring.rounds import begin, interleaved, ratio, show
from sqlalchemy import Connection, insert

from cabletrace.app.installation import Installation, open_installation
from cabletrace.app.process import keep_what_is_loaded
from cabletrace.codes.trace_code import mint_batch_code
from cabletrace.db.driver import run
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.flow import books
from cabletrace.model.state import Account
from cabletrace.model.values import business_id
from cabletrace.queries.starting_points import OfBatch, OfMaker
from cabletrace.queries.trace import Trace, traced
from cabletrace.registry import register

ROUNDS = 7
BATCHES, POSTINGS = 2_000, 200_000
EDGES, AIM_EDGES_SECONDS, AIM_MAKER_SECONDS, AIM_BY_HAND = 10_000, 0.2, 2.0, 2.0
REGIONS = ("411603", "411627", "410105", "341202", "370102", "320102", "110105", "440306")
DEALERS = [business_id("party", "bench", f"dealer {n}") for n in range(EDGES // 4)]
WIDE = business_id("party", "bench", "maker of one batch")
MADE, SENT_MM = Account("produced"), 1_000


def main() -> None:
    begin(
        f"one batch whose metres went over {EDGES:,} different edges, and a maker with {BATCHES:,} batches and {POSTINGS:,} postings; the "
        "journal is written as intake writes it, without the events; asked by the operator, by the clock and by processor time; by "
        f"hand = the same sums with batches and names, rows fetched and no answer made of them; {ROUNDS} rounds, taking turns"
    )
    with house.folder() as folder, open_installation(folder) as installation:
        one = write(installation)
        keep_what_is_loaded()  # as the service does
        tell(installation, one)


def write(installation: Installation) -> str:
    """Invented journals; the code of the one batch with many edges."""
    codes = [mint_batch_code(n.to_bytes).canonical for n in range(1, BATCHES + 2)]
    one, many = codes[0], codes[1:]
    with begin_write(installation.ledger) as tx:
        tx.execute(
            insert(register.party), [_party(WIDE, 0), *(_party(id_, n) for n, id_ in enumerate(DEALERS))]
        )
        tx.execute(
            insert(books.batch),
            [_batch(one, WIDE, 0), *(_batch(code, house.MAKER, n) for n, code in enumerate(many))],
        )
        tx.execute(insert(books.posting), list(_postings(one, WIDE, DEALERS)))
        each = POSTINGS // BATCHES // 4
        for n, code in enumerate(many):
            some = [DEALERS[(n * 7 + k * 31) % 500] for k in range(each)]
            tx.execute(insert(books.posting), list(_postings(code, house.MAKER, some)))
    return one


def _party(id_: str, n: int) -> dict[str, Any]:
    said = {
        "id": id_,
        "name": f"示例经营部{n}",
        "roles": ["distributor"],
        "region": REGIONS[n % 8],
        "namers": "",
        "seq": 1,
    }
    return {
        **said,
        "uscc": None,
        "cma": None,
        "address": None,
        "named_by": None,
        "parent": None,
        "unit": None,
    }


def _batch(code: str, maker: str, n: int) -> dict[str, Any]:
    said = {"code": code, "maker": maker, "lot": f"L{n}", "product": "P01", "designation": "YJV 0.6/1kV 4×35"}
    day = date(2026, 3, 1)
    return {
        **said,
        "certificate": None,
        "produced_on": day,
        "length_mm": 1,
        "copper_g": None,
        "key_version": 1,
        "seq": 1,
    }


def _postings(code: str, maker: str, dealers: list[str]) -> Iterator[dict[str, Any]]:
    """Made, sent to each dealer, received there, and half of it sold."""
    factory = Account("held", maker, REGIONS[0])
    moves = [(MADE, factory, SENT_MM * len(dealers))]
    for n, dealer in enumerate(dealers):
        region = REGIONS[n % 8]
        transit, held, sold = (Account(state, dealer, region) for state in ("transit", "held", "sold"))
        moves += [(factory, transit, SENT_MM), (transit, held, SENT_MM), (held, sold, SENT_MM // 2)]
        moves += [(held, Account("scrapped", dealer, region), 1)]
    for seq, (source, target, mm) in enumerate(moves, start=1):
        row = {"batch": code, "seq": seq, "n": 0, "first": 0, "last": 0, "length_mm": mm, "undoes": False}
        row |= {f"from_{name}": value for name, value in source._asdict().items()}
        yield row | {f"to_{name}": value for name, value in target._asdict().items()}


def tell(installation: Installation, one: str) -> None:
    with begin_read(installation.ledger) as tx:
        actor = installation.at_the_machine()
        asks: dict[str, Callable[[], Any]] = {
            "edges": lambda: traced(tx, actor, OfBatch(one)),
            "maker": lambda: traced(tx, actor, OfMaker(house.MAKER)),
            "by hand": lambda: by_hand(tx, house.MAKER),
        }
        agree(asks["maker"](), asks["by hand"](), asks["edges"]())
        for name, clock in (("clock", perf_counter), ("processor", process_time)):
            taken = interleaved({what: partial(seconds, ask, clock) for what, ask in asks.items()}, ROUNDS)
            show(f"{EDGES:,} edges, {name}", taken["edges"], f"s  aim ≤ {AIM_EDGES_SECONDS:g}")
            show(f"all of a maker, {name}", taken["maker"], f"s  aim ≤ {AIM_MAKER_SECONDS:g}")
            show(f"the same sums by hand, {name}", taken["by hand"], "s")
            show("  ratio", ratio(taken["maker"], taken["by hand"]), f"  aim ≤ {AIM_BY_HAND:g}")


def seconds(ask: Callable[[], Any], clock: Callable[[], float]) -> float:
    began = clock()
    ask()
    return clock() - began


ByHand = tuple[Sequence[Any], Sequence[Any], Sequence[Any], Sequence[Any]]


def by_hand(tx: Connection, maker: str) -> ByHand:
    """Edges with the newest event of each, what was made of each batch and where, the batches, the names of all parties."""
    of = "batch IN (SELECT code FROM batch WHERE maker = ?)"
    sides = "from_state, from_party, from_region, from_project, to_state, to_party, to_region, to_project"
    edges = run(
        tx,
        f"SELECT {sides}, sum(CASE WHEN undoes THEN -length_mm ELSE length_mm END), max(seq) FROM posting"
        f" WHERE {of} AND from_state <> 'cut' AND to_state <> 'cut' GROUP BY {sides}",
        (maker,),
    ).fetchall()
    made = run(
        tx,
        f"SELECT batch, to_region, sum(length_mm) FROM posting WHERE {of} AND from_state = 'produced' GROUP BY batch, to_region",
        (maker,),
    ).fetchall()
    known = run(tx, "SELECT * FROM batch WHERE maker = ? ORDER BY lot", (maker,)).fetchall()
    ids = sorted({row[1] for row in edges} | {row[5] for row in edges})
    names = run(
        tx, f"SELECT id, name FROM party WHERE id IN ({', '.join('?' * len(ids))})", tuple(ids)
    ).fetchall()
    return edges, made, known, names


def agree(found: Trace | None, hand: ByHand, wide: Trace | None) -> None:
    """What is compared must be the same answer."""
    edges, made, known, _ = hand
    assert found is not None
    assert wide is not None
    assert found.produced_mm == sum(row[2] for row in made)
    assert [each.code for each in found.batches] == [row[0] for row in known]
    went = sum(row[8] for row in edges if row[0] != "produced" and (row[1], row[2]) != (row[5], row[6]))
    assert sum(leg.length_mm for leg in found.legs) == went
    assert len(wide.nodes) == len(DEALERS) + 1


if __name__ == "__main__":
    main()
