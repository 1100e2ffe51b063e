"""Search over 200,000 batches: each kind of question through the engine, beside the same asked of SQLite by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from time import perf_counter
from typing import Any

from measuring import house
from measuring.rounds import begin, percentile

from cabletrace.db.engine import begin_read, open_sqlite
from cabletrace.ledger.follow import Cursor
from cabletrace.model.designation import parse_designation
from cabletrace.model.scope import Scope
from cabletrace.search.audience import Audience, scope_tokens
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument
from cabletrace.search.embedded import COUNT_CAP, EmbeddedIndex
from cabletrace.search.expressions import expression, one_way
from cabletrace.search.facets import Chosen, Circumstance, Facet, wanted_traits
from cabletrace.search.order import Place, Sort
from cabletrace.search.tokens import query_terms

BATCHES = int(os.environ.get("CABLETRACE_BENCH_BATCHES", "200000"))
ASKED = 150
PAGE = 1_000
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

Ask = Callable[[str], object]


def main() -> None:
    begin(
        f"an index of {BATCHES:,} invented batches, each with a movement, metres and, of one in ten, an alert; {ASKED} "
        "questions of each kind, by clock; raw = page, total and counts by statements written by hand over the same tables"
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
        for name, words, ask, raw in kinds(index, engine):
            tell(name, times(ask, words), times(raw, words))
        tell("suggestions, county", times(lambda w: index.suggest(w, COUNTY), words_of("two")), None)
        engine.dispose()


def times(ask: Ask, words: list[str]) -> list[float]:
    taken = []
    for word in words:
        started = perf_counter()
        ask(word)
        taken.append((perf_counter() - started) * 1000)
    return taken


def tell(name: str, engine: list[float], raw: list[float] | None) -> None:
    p50, p99 = (percentile(engine, share) for share in (0.5, 0.99))
    line = f"{name:<34} p50 {p50:8.1f}  p99 {p99:8.1f} ms"
    if raw is not None:
        aim = 1.5 * percentile(raw, 0.99) + 5
        line += f"; raw {percentile(raw, 0.5):8.1f}  {percentile(raw, 0.99):8.1f}; aim {aim:8.1f}"
        line += "  reached" if p99 <= aim else "  MISSED"
    print(line, flush=True)


def kinds(index: EmbeddedIndex, engine: Any) -> Iterator[tuple[str, list[str], Ask, Ask]]:
    """Name, words, through the engine, by hand."""
    for name, kind in (
        ("two characters", "two"),
        ("four characters", "four"),
        ("code", "code"),
        ("designation", "spec"),
    ):
        for who, scope in (("everything", EVERYTHING), ("county", COUNTY)):
            yield f"{name}, {who}", words_of(kind), _asking(index, scope), _by_hand(engine, scope)
    yield (
        "four characters, counts, county",
        words_of("four"),
        _asking(index, COUNTY, counted=COUNTED),
        _by_hand(engine, COUNTY, counted=COUNTED),
    )
    chosen: Chosen = {Facet.TYPE: ("YJV",), Facet.STATE: ("held",)}
    yield (
        "two filters, counts, county",
        [""] * ASKED,
        _asking(index, COUNTY, chosen=chosen),
        _by_hand(engine, COUNTY, chosen=chosen),
    )
    yield (
        "everything by maker",
        [""] * 30,
        _asking(index, EVERYTHING, sort=Sort.MAKER),
        _by_hand(engine, EVERYTHING, order="by_maker"),
    )
    deep = Place("", BATCHES)
    yield (
        "from half-way down, everything",
        ["电缆"] * ASKED,
        _asking(index, EVERYTHING, after=deep),
        _by_hand(engine, EVERYTHING, below=BATCHES),
    )


def _asking(index: EmbeddedIndex, scope: Scope, **more: Any) -> Ask:
    return lambda word: index.search(query_terms(word), scope, **more)


def _by_hand(
    engine: Any,
    scope: Scope,
    *,
    chosen: Chosen | None = None,
    counted: tuple[Facet, ...] = (),
    order: str = "",
    below: int = 2**40,
) -> Ask:
    asked = scope_tokens(scope)
    wanted = " AND ".join(f"({one_way(each)})" for each in wanted_traits(chosen or {}, asked))
    columns = ", ".join(f"of_{facet.slug}" for facet in counted)

    def ask(word: str) -> None:
        parts = []
        for each in query_terms(word).words:
            phrases = [*each.phrases, *(phrase for part in each.parts for phrase in part.phrases)]
            parts.append(f"({expression(phrases, asked)})")
        match = " AND ".join(parts) or one_way(asked)
        hits = "SELECT DISTINCT rowid >> 20 AS seq FROM word WHERE word MATCH ?"
        filters = " AND rowid >> 20 IN (SELECT rowid FROM trait WHERE trait MATCH ?)" if wanted else ""
        values = (match, wanted) if wanted else (match,)
        with begin_read(engine) as tx:
            if order:
                tx.exec_driver_sql(
                    f"SELECT seq FROM batch WHERE seq IN ({hits}) ORDER BY {order}, seq DESC LIMIT 21",  # noqa: S608
                    values,
                ).fetchall()
            else:
                tx.exec_driver_sql(
                    f"{hits}{filters} AND rowid < {below << 20} ORDER BY rowid DESC LIMIT 21",
                    values,
                ).fetchall()
            found = f"{hits}{filters} ORDER BY rowid DESC LIMIT {COUNT_CAP}"
            tx.exec_driver_sql(f"SELECT count(*) FROM ({found})", values).scalar()  # noqa: S608
            if counted:
                rows = f"SELECT {columns}, count(*) FROM batch WHERE seq IN ({found}) GROUP BY {columns}"  # noqa: S608
                tx.exec_driver_sql(rows, values).fetchall()

    return ask


def words_of(kind: str) -> list[str]:
    choose = Random(5)
    made = {
        "two": lambda: _piece(choose, 2),
        "four": lambda: _piece(choose, 4),
        "code": lambda: f"FH{choose.randrange(10**5):05d}",
        "spec": lambda: _type_and_cores(choose.choice(CABLES)),
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
