"""Search over 200,000 batches: each kind of question through the engine, beside the same asked of SQLite by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from time import perf_counter, process_time
from typing import Any

from measuring import house
from measuring.rounds import begin, percentile
from measuring.search_by_hand import Answer, ByHand

from cabletrace.db.engine import open_sqlite
from cabletrace.ledger.follow import Cursor
from cabletrace.model.designation import parse_designation
from cabletrace.model.scope import Scope
from cabletrace.search.audience import Audience
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.facets import Chosen, Circumstance, Facet
from cabletrace.search.index import Hits
from cabletrace.search.order import Place, Sort
from cabletrace.search.tokens import query_terms

BATCHES = int(os.environ.get("CABLETRACE_BENCH_BATCHES", "200000"))
ASKED = 150
PAGE = 5_000
MAKERS, BUYERS = 300, 1_500
PLACES = ("周口市淮阳区", "周口市太康县", "郑州市金水区", "阜阳市颍州区")
REGIONS = ("411603", "411627", "410105", "341202")
CABLES = (
    "YJV 0.6/1kV 3×95+1×50", "YJV 0.6/1kV 4×35", "YJV 8.7/15kV 3×95", "YJV22 0.6/1kV 4×120+1×70", "YJY 0.6/1kV 5×16",
    "VV 0.6/1kV 4×35", "VV22 0.6/1kV 3×240", "BV 450/750V 1×2.5", "BV 450/750V 1×4", "RVV 300/500V 3×1.5",
    "KVV 450/750V 7×2.5",
)  # fmt: skip
#: Filters that are counted.
COUNTED = (Facet.TYPE, Facet.VERDICT, Facet.AREA, Facet.MONTH)
COUNTY = Scope(regions=("411627",))
EVERYTHING = Scope(everything=True)

Ask = Callable[[str], Any]


def main() -> None:
    begin(
        f"an index of {BATCHES:,} invented batches, each with a movement, metres and, of one in ten, an alert; {ASKED} "
        "questions of each kind, by the clock and in brackets by processor time; by hand = the same answer (page with codes "
        "and the documents that hold the words, total, counts) by statements written for it over the same tables; the two "
        "take turns, and who goes first turns too"
    )
    with house.folder() as folder:
        engine = open_sqlite(folder.root / "wide.db")
        index = EmbeddedIndex(engine, patience_seconds=30)
        started = perf_counter()
        documents = invented()
        while page := list(islice(documents, 2 * PAGE)):
            index.apply(page, Cursor(page[-1].version, b"h" * 32))
        seconds = perf_counter() - started
        size = (folder.root / "wide.db").stat().st_size
        print(
            f"filled in {seconds:.0f} s ({BATCHES / seconds:,.0f} batches/s); {size / 1e6:.0f} MB", flush=True
        )
        for kind in kinds(index, engine):
            tell(kind)
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question: through the engine, and by hand where that is another way."""

    name: str
    words: list[str]
    ask: Ask
    by_hand: Ask | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of each question."""

    clock: list[float]
    processor: list[float]

    def time(self, ask: Ask, word: str) -> None:
        started, before = perf_counter(), process_time()
        ask(word)
        self.clock.append((perf_counter() - started) * 1000)
        self.processor.append((process_time() - before) * 1000)

    def __str__(self) -> str:
        p50, p99 = ((percentile(self.clock, n), percentile(self.processor, n)) for n in (0.5, 0.99))
        return f"p50 {p50[0]:6.1f} ({p50[1]:6.1f})  p99 {p99[0]:6.1f} ({p99[1]:6.1f}) ms"


def tell(kind: Kind) -> None:
    if kind.by_hand:
        for word in kind.words[:5]:
            agree(kind.ask(word), kind.by_hand(word))
    engine, hand = Taken([], []), Taken([], [])
    for n, word in enumerate(kind.words):
        turns = [(engine, kind.ask), *([(hand, kind.by_hand)] if kind.by_hand else [])]
        for taken, ask in turns if n % 2 else turns[::-1]:
            taken.time(ask, word)
    line = f"{kind.name:<44} {engine}"
    if kind.by_hand:
        line += f"; by hand {hand}; {_verdict(engine.clock, hand.clock)}"
        line += f" ({_verdict(engine.processor, hand.processor)})"
    print(line, flush=True)


def agree(hits: Hits, by_hand: Answer) -> None:
    """What is compared must be the same answer. The code of a batch of this bench is half of its seq."""
    page, total, counts = by_hand
    assert [2 * int(row.code) for row in hits.rows] == page[: len(hits.rows)], "other batches by hand"
    assert hits.total == total, f"{hits.total} batches, by hand {total}"
    for counted in hits.facets:
        assert all(counts[counted.facet].get(value, 0) == n for value, n in counted.values), counted.facet


def _verdict(engine: list[float], hand: list[float]) -> str:
    aim = 1.5 * percentile(hand, 0.99) + 5
    share = percentile(engine, 0.99) / aim
    return f"{share:.2f} of the aim, {'reached' if share <= 1 else 'MISSED'}"


def kinds(index: EmbeddedIndex, engine: Any) -> Iterator[Kind]:
    def kind(name: str, words: str, scope: Scope, **asked: Any) -> Kind:
        by_hand = ByHand(
            engine, scope, **{"chosen": {}, "counted": (), "sort": Sort.NEWEST, "after": None} | asked
        )
        return Kind(
            name,
            words_of(words),
            lambda word: index.search(query_terms(word), scope, **asked),
            by_hand.ask,
        )

    for name, words in (
        ("two characters", "two"),
        ("four characters", "four"),
        ("code", "code"),
        ("designation", "spec"),
    ):
        for who, scope in (("everything", EVERYTHING), ("county", COUNTY)):
            yield kind(f"{name}, {who}", words, scope)
    yield kind("a maker's name, best match, everything", "maker", EVERYTHING, sort=Sort.BEST)
    yield kind("four characters, best match, county", "four", COUNTY, sort=Sort.BEST)
    yield kind("four characters, four counts, county", "four", COUNTY, counted=COUNTED)
    yield kind("four characters, state counted, county", "four", COUNTY, counted=(Facet.STATE,))
    chosen: Chosen = {Facet.TYPE: ("YJV",), Facet.STATE: ("held",)}
    yield kind("two filters, county", "none", COUNTY, chosen=chosen)
    yield kind("two filters, four counts, county", "none", COUNTY, chosen=chosen, counted=COUNTED)
    yield kind("everything by maker", "none", EVERYTHING, sort=Sort.MAKER)
    yield kind("all of the county by maker", "none", COUNTY, sort=Sort.MAKER)
    deep = Place("", BATCHES)
    yield kind("one word from half-way down, everything", "common", EVERYTHING, after=deep)
    yield Kind("suggestions, county", words_of("two"), lambda word: index.suggest(word, COUNTY), None)


def words_of(kind: str) -> list[str]:
    choose = Random(5)
    made: dict[str, Callable[[], str]] = {
        "two": lambda: _piece(choose, 2),
        "four": lambda: _piece(choose, 4),
        "code": lambda: f"FH{choose.randrange(10**5):05d}",
        "spec": lambda: _type_and_cores(choose.choice(CABLES)),
        "maker": lambda: _maker(choose.randrange(MAKERS)),
        "common": lambda: "电缆",
        "none": lambda: "",
    }
    return [made[kind]() for _ in range(ASKED)]


def _type_and_cores(cable: str) -> str:
    type_, _, cores = cable.split()
    return f"{type_} {cores}"


def _piece(choose: Random, length: int) -> str:
    name = choose.choice((_maker(choose.randrange(MAKERS)), _buyer(choose.randrange(BUYERS)), *PLACES))
    start = choose.randrange(len(name) - length + 1)
    return name[start : start + length]


_LETTERS = "东西南北远宝胜上江华泰恒通达信中天亨汉缆金龙银河新星光明"


def _name(n: int) -> str:
    return "".join(_LETTERS[n // len(_LETTERS) ** place % len(_LETTERS)] for place in range(3))


def _maker(n: int) -> str:
    return f"周口市{_name(n * 37)}电缆有限公司"


def _buyer(n: int) -> str:
    return f"{PLACES[n % 4]}{_name(n * 53)}电气经营部"


def invented() -> Iterator[Document]:
    """Batch and movement by turns; the same each time."""
    choose = Random(7)
    for n in range(BATCHES):
        maker, buyer, place = choose.randrange(MAKERS), choose.randrange(BUYERS), choose.randrange(4)
        printed = choose.choice(CABLES)
        cable = parse_designation(printed)
        main_, *reduced = cable.cores
        whom = Audience(frozenset({f"buyer-{buyer}"}), frozenset({REGIONS[place]}))
        code, region = f"{n:010d}", REGIONS[maker % 2]
        alerts = (Circumstance(1, "medium", "receipt-late", whom),) if choose.random() < 0.1 else ()
        yield BatchDocument(
            code=code,
            seq=2 * n,
            version=2 * n,
            lot=f"HZ26{n:06d}",
            maker_party=f"maker-{maker}",
            maker_id=f"91411600MA{maker:08d}",
            maker=_maker(maker),
            product_name="交联聚乙烯绝缘电力电缆",
            designation=printed,
            normalised=cable.normalised,
            parts=(
                (Facet.FAMILY, cable.cable_type.family.value),
                (Facet.TYPE, cable.cable_type.trade),
                (Facet.METAL, cable.metal.value),
                (Facet.VOLTAGE, cable.rated_voltage),
                (Facet.CORES, "+".join(str(group.count) for group in cable.cores)),
                (Facet.AREA, main_.area),
                *((Facet.NEUTRAL, group.area) for group in reduced[:1]),
            ),
            made=region,
            produced_on=date(2024, 1, 1) + timedelta(days=choose.randrange(700)),
            verdict=choose.choice(("passed", "untested", "failed")),
            circumstances=(
                Circumstance(0, choose.choice(("held", "used", "transit")), REGIONS[place], whom),
                *alerts,
            ),
            parties=frozenset({f"maker-{maker}", f"buyer-{buyer}"}),
            regions=frozenset({region, REGIONS[place]}),
        )
        yield MovementDocument(
            id=f"event-{n}",
            batch=code,
            version=2 * n + 1,
            numbers=((Field.DELIVERY_NOTE, f"FH{choose.randrange(10**5):05d}"),),
            named=((f"91411600MA{maker:08d}", _maker(maker)), (f"buyer-{buyer}", _buyer(buyer))),
            places=(PLACES[place],),
            parties=frozenset({f"maker-{maker}", f"buyer-{buyer}"}),
            regions=frozenset({REGIONS[place]}),
        )


if __name__ == "__main__":
    main()
