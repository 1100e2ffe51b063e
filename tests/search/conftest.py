"""A small invented market: batches, their movements, and the ledger they come from."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from shutil import copyfile

import pytest
from elasticsearch import Elasticsearch
from sqlalchemy import Engine

from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.errors import Broken
from cabletrace.ledger.follow import NOTHING_READ, Cursor
from cabletrace.model.designation import parse_designation
from cabletrace.search import elastic, elastic_counts, elastic_place, embedded
from cabletrace.search.audience import Audience
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument
from cabletrace.search.elastic import ElasticIndex
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.facets import SEVERITIES, STATES, VERDICTS, Circumstance, Facet
from cabletrace.search.follower import Accepted
from cabletrace.search.index import SearchIndex
from elasticsearch_for_tests import USER, Server, elasticsearch

MAKERS = [
    ("91M1", "周口市禾泽示范电缆有限公司"),
    ("91M2", "例示（阜阳）线缆厂"),
    ("91M3", "西安示例电工ABB有限公司"),
]
BUYERS = [
    ("92B1", "川汇区示例五金经营部"),
    ("92B2", "太康县模拟示范建设工程有限公司"),
    ("92B3", "郸城例示建材城2号库"),
    ("92B4", "禾泽线缆经销部"),
]
#: The numbers that people know parties by, where they are not those that they are kept under here.
NUMBERS = {
    "91M2": "914116034J1417770M",
    "91M3": "0e95010d-3c0f-4e57-9a5e-2f9f3c1d7e11",
    "92B3": "5b2f9501-0e77-4b6a-8950-1110000016ab",
}
PROJECTS = [("XM-01", "太康示范医院迁建工程"), ("XM-02", "太康示范中学A区扩建"), ("XM-03", "2×660MW示范电厂")]
REGIONS = ["411603", "411627", "410105", "341202"]
PLACES = {
    "411603": "河南省周口市淮阳区",
    "411627": "河南省周口市太康县",
    "410105": "河南省郑州市金水区",
    "341202": "安徽省阜阳市颍州区",
}
#: Designation as printed, as normalised, and what it is made of: type, voltage, cores.
CABLES = [
    ("YJV 0.6/1kV 3X95+1X50", "YJV-0.6/1kV 3×95+1×50", ("yjv", "0.6/1", "3x95+1x50")),
    ("ZC-YJV22-0.6/1kV 4*120+1*70mm²", "ZC-YJV22-0.6/1kV 4×120+1×70", ("yjv22", "0.6/1", "4x120+1x70")),
    ("WDZB-YJY-0.6/1kV ５×１６", "WDZB-YJY-0.6/1kV 5×16", ("yjy", "0.6/1", "5x16")),
    ("BV 450/750V 2.5mm2", "BV-450/750V 1×2.5", ("bv", "450/750", "1x2.5")),
    ("BV 450/750V 4", "BV-450/750V 1×4", ("bv", "450/750", "1x4")),
    ("RVV 300/500V 3x1.5", "RVV-300/500V 3×1.5", ("rvv", "300/500", "3x1.5")),
    ("KVV 450/750V 7×2.50平方", "KVV-450/750V 7×2.5", ("kvv", "450/750", "7x2.5")),
]
RULES = ["copper-short", "use-before-admission", "length-deviates"]
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, eq=False)  # one market is itself: caches need not read it whole
class Market:
    """Documents in ledger order, one event each: productions and movements."""

    documents: tuple[Document, ...]

    def read_from(self, seq: int, limit: int) -> list[Accepted]:
        return [
            Accepted(n, sha256(str(n).encode()).digest(), (batch_of(self.documents[n]),))
            for n in range(seq, min(seq + limit, len(self.documents)))
        ]

    def project(self, batches: frozenset[str]) -> Iterable[Document]:
        return [document for document in self.documents if batch_of(document) in batches]

    def registered(self, first: int, end: int) -> frozenset[str]:
        made = (document for document in self.documents if isinstance(document, BatchDocument))
        return frozenset(document.code for document in made if first <= document.seq < end)

    def head(self) -> Cursor:
        last = len(self.documents) - 1
        return self.read_from(last, 1)[0].place() if self.documents else NOTHING_READ


class GrowingMarket:
    """A market that is written to while it is read: at any size it says what was so then."""

    def __init__(self, market: Market, size: int = 0):
        self._market = market
        self.size = size

    def read_from(self, seq: int, limit: int) -> list[Accepted]:
        return self._market.read_from(seq, min(limit, max(0, self.size - seq)))

    def project(self, batches: frozenset[str]) -> Iterable[Document]:
        size = self.size
        for each in self._market.project(batches):
            if isinstance(each, BatchDocument) and each.seq < size:
                yield replace(each, version=min(each.version, size - 1))
            elif isinstance(each, MovementDocument) and each.version < size:
                yield each

    def registered(self, first: int, end: int) -> frozenset[str]:
        return self._market.registered(first, min(end, self.size))

    def head(self) -> Cursor:
        return self.read_from(self.size - 1, 1)[0].place() if self.size else NOTHING_READ


def held_open(client: Elasticsearch) -> int:
    """How many points in time and scrolls the server keeps for somebody."""
    nodes = client.nodes.stats(metric="indices", index_metric="search")["nodes"].values()
    return sum(each["indices"]["search"]["open_contexts"] for each in nodes)


def batch_of(document: Document) -> str:
    return document.code if isinstance(document, BatchDocument) else document.batch


def make_market(batches: int, seed: int = 7) -> Market:
    choose = random.Random(seed)
    documents: list[Document] = []
    for n in range(batches):
        code = "".join(choose.choices(CODE_LETTERS, k=10))
        day = date(2026, 3, 1) + timedelta(days=choose.randrange(60))
        maker = choose.choice(MAKERS)
        printed, normalised, _ = choose.choice(CABLES)
        made_in = choose.choice(REGIONS)
        seq = len(documents)
        moves = [
            _movement(choose, n, turn, code, maker, seq + 1 + turn) for turn in range(choose.randrange(4))
        ]
        documents.append(
            BatchDocument(
                code=code,
                seq=seq,
                version=seq + len(moves),
                lot=f"HZ{day:%y%m%d}-{n:03d}",
                maker_party=maker[0],
                maker_id=NUMBERS.get(maker[0], maker[0]),
                maker=maker[1],
                product_name="额定电压0.6/1kV电缆" if "YJ" in printed else "聚氯乙烯绝缘电线",
                designation=printed,
                normalised=normalised,
                parts=parts_of(normalised),
                certificates=(f"20210101054{choose.randrange(10**5):05d}", "（豫）XK06-001-00917")[: n % 3],
                standard="GB/T 12706.1-2020" if "YJ" in printed else "GB/T 5023.3-2008",
                made_in=(PLACES[made_in],),
                made=made_in,
                produced_on=day,
                reports=tuple(f"HZ-JC-{n:03d}-{k}" for k in range(choose.randrange(3))),
                verdict=choose.choice(VERDICTS),
                circumstances=tuple(_circumstances(choose, moves)),
                parties=frozenset({maker[0]}).union(*(move.parties for move in moves)),
                regions=frozenset({made_in}).union(*(move.regions for move in moves)),
                sites=frozenset().union(*(move.sites for move in moves)),
            )
        )
        documents += moves
    return Market(tuple(documents))


def parts_of(designation: str) -> tuple[tuple[Facet, str], ...]:
    """What the feed of the ledger says of a designation."""
    cable = parse_designation(designation)
    main, *reduced = cable.cores
    return (
        (Facet.FAMILY, cable.cable_type.family.value),
        (Facet.TYPE, cable.cable_type.trade),
        (Facet.FIRE, cable.fire),
        (Facet.METAL, cable.metal.value),
        (Facet.VOLTAGE, cable.rated_voltage),
        (Facet.CORES, "+".join(str(group.count) for group in cable.cores)),
        (Facet.AREA, main.area),
        *((Facet.NEUTRAL, group.area) for group in reduced[:1]),
    )


def _circumstances(choose: random.Random, moves: list[MovementDocument]) -> Iterable[Circumstance]:
    """Metres at the parties of its movements, some that nobody has, and alerts about either."""
    for move in moves:
        audience = Audience(move.parties, move.regions, move.sites)
        (region,) = move.regions
        yield Circumstance(0, choose.choice(STATES[:-1]), region, audience)
        if choose.random() < 0.3:
            yield Circumstance(1, choose.choice(SEVERITIES), choose.choice(RULES), audience)
    if choose.random() < 0.2:
        yield Circumstance(0, "unexplained", "", None)
    if choose.random() < 0.2:
        yield Circumstance(1, choose.choice(SEVERITIES), choose.choice(RULES), None)


def _movement(
    choose: random.Random, n: int, turn: int, code: str, maker: tuple[str, str], version: int
) -> MovementDocument:
    buyer = choose.choice(BUYERS)
    region = choose.choice(REGIONS)
    project = choose.choice(PROJECTS) if choose.random() < 0.6 else ("", "")
    numbers = [(Field.DELIVERY_NOTE, f"FH{choose.randrange(10**6):06d}")]
    if project[0]:
        numbers += [
            (Field.ORDER, f"DD-{project[0]}-P{choose.randrange(9):02d}"),
            (Field.ACCEPTANCE, f"YS-{n:03d}-{turn}"),
        ]
    return MovementDocument(
        id=f"event-{n}-{turn}",
        batch=code,
        version=version,
        numbers=tuple(numbers),
        named=tuple((NUMBERS.get(id_, id_), name) for id_, name in (maker, buyer)),
        places=(PLACES[region],),
        project_code=project[0],
        project=project[1],
        void=choose.random() < 0.1,
        parties=frozenset({maker[0], buyer[0]}),
        regions=frozenset({region}),
        sites=frozenset({f"site-{(n + turn) % 4}"}) if n % 2 else frozenset(),
    )


@pytest.fixture(scope="session")
def market() -> Market:
    return make_market(300)


@pytest.fixture(scope="session")
def filled(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an index of the market; it is copied, since filling takes a second."""
    file: Path = tmp_path_factory.mktemp("filled") / "index.db"
    engine = open_sqlite(file)
    EmbeddedIndex(engine).apply(market.documents, Cursor(len(market.documents) - 1, b"\x01" * 32))
    engine.dispose()
    return file


@pytest.fixture
def index(open_index, filled, tmp_path):
    copyfile(filled, tmp_path / "index.db")
    return open_index()


@pytest.fixture
def open_index(tmp_path: Path) -> Iterable[Callable[..., EmbeddedIndex]]:
    """Opens an index file by name, as often as wanted; all are closed in the end."""
    engines = []

    def open_(name: str = "index.db", patience_seconds: float = 60) -> EmbeddedIndex:
        engines.append(open_sqlite(tmp_path / name))
        return EmbeddedIndex(engines[-1], patience_seconds=patience_seconds)

    yield open_
    for engine in engines:
        engine.dispose()


# --- the second engine


@pytest.fixture(scope="session")
def elastic_server() -> Iterable[Server]:
    """A real server, started for the first test that asks for it."""
    with elasticsearch() as server:
        yield server


@pytest.fixture(scope="session")
def elastic_client(elastic_server: Server) -> Iterable[Elasticsearch]:
    with Elasticsearch(
        elastic_server.address, basic_auth=(USER, elastic_server.password), request_timeout=60
    ) as client:
        yield client


def begun(client: Elasticsearch, engine: Engine, name: str, patience_seconds: float = 60) -> ElasticIndex:
    """An index in Elasticsearch, made where there is none; one of another version is left as it is."""
    with begin_write(engine) as tx:
        elastic_place.metadata.create_all(tx)
    index = ElasticIndex(client, engine, name=name, patience_seconds=patience_seconds)
    with suppress(Broken):
        index.begin()
    return index


@pytest.fixture
def open_elastic(elastic_client: Elasticsearch, tmp_path: Path) -> Iterable[Callable[..., ElasticIndex]]:
    """Opens an index by name, as often as wanted; nothing is left of them in the end."""
    engines, mine = [], f"test-{token_hex(6)}"

    def open_(name: str = "index", patience_seconds: float = 60) -> ElasticIndex:
        engines.append(open_sqlite(tmp_path / "elastic.db"))
        return begun(elastic_client, engines[-1], f"{mine}-{name}", patience_seconds)

    yield open_
    for engine in engines:
        engine.dispose()
    for index in elastic_client.indices.get(index=f"{mine}-*").body:
        elastic_client.indices.delete(index=index)
    elastic_client.indices.delete_index_template(name=f"{mine}-*")


@pytest.fixture(scope="session")
def filled_elastic(
    market: Market, elastic_client: Elasticsearch, tmp_path_factory: pytest.TempPathFactory
) -> Iterable[ElasticIndex]:
    """An index of the market that tests only read."""
    engine = open_sqlite(tmp_path_factory.mktemp("filled") / "elastic.db")
    index = begun(elastic_client, engine, "filled")
    index.apply(market.documents, Cursor(len(market.documents) - 1, b"\x01" * 32))
    yield index
    engine.dispose()


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.full)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: what a test asks of `any_index` or `open_any` holds for both."""
    name: str = request.param
    return name


@pytest.fixture
def any_index(engine: str, request: pytest.FixtureRequest) -> SearchIndex:
    """An index of the market, only to be read."""
    index: SearchIndex = request.getfixturevalue("index" if engine == "embedded" else "filled_elastic")
    return index


@pytest.fixture
def open_any(engine: str, request: pytest.FixtureRequest) -> Callable[..., SearchIndex]:
    open_: Callable[..., SearchIndex] = request.getfixturevalue(
        "open_index" if engine == "embedded" else "open_elastic"
    )
    return open_


@pytest.fixture
def cap_counts(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets hits be counted up to here, in both engines."""

    def cap(count: int) -> None:
        for module in (embedded, elastic, elastic_counts):
            monkeypatch.setattr(module, "COUNT_CAP", count)

    return cap
