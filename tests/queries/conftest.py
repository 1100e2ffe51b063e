"""One small ledger, made through real intake and read by every test of this folder.

Lot L1 of the maker: drums 1–4 of 250 m and 100 m loose. Drums 1–2 go to the dealer, who keeps 1 and sends 2
on to the site, where 60 m of it are used; drum 4 is on its way to a shop in 阜阳; from drum 3 a regulator cuts
3 m, and the supervision test fails. Lot L2: one drum, seen at the site though nobody sent it. Lot J1 is
another maker's, in 济南, and concerns nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write, open_sqlite
from cabletrace.intake.admit import Admission
from cabletrace.intake.rebuild import METADATA
from cabletrace.intake.record import Intake, prepare
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.sequencer import Receipt, Sequencer
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.personal import disclosures
from cabletrace.queries.documents import LedgerFeed
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.follower import follow_page
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    acceptance,
    batch_of,
    dispatch,
    order,
    party,
    product,
    production,
    receipt,
    report,
    sampling,
    supervision,
    the_cast,
    uscc_of,
    use,
)

NOW = datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
TODAY = date(2026, 5, 2)
SHOP = uscc_of("341202", "MA1TEXT7")
STRANGER = uscc_of("411602", "MA1TEXT8")
OWNER = uscc_of("411602", "MA1TEXT9")
SIGNER = NoteSigner.from_seed("trace.example/ledger", b"\1" * 32)
CODE_KEY = b"k" * 32
PRICE_FEN = 31_577
PERSONS = {"inspector": "质检员甲某", "keeper": "库管员乙某", "engineer": "监理工程师丙某"}


@dataclass(frozen=True)
class Ledger:
    """The engine, and the index of each event by what the story calls it."""

    engine: Engine
    index: dict[str, int]
    event: dict[str, str]
    code: dict[str, str]


def by(role: str) -> list[dict[str, str]]:
    return [{"role": role, "name": PERSONS[role]}]


def priced(envelope: Envelope) -> Envelope:
    envelope["draft"]["body"]["price_fen_per_metre"] = PRICE_FEN
    return envelope


def typed(envelope: Envelope, **body: Any) -> Envelope:
    envelope["draft"]["body"].update(body)
    return envelope


def the_story() -> dict[str, Envelope]:
    """Events in order, by name."""
    l2 = batch_of(lot="L2")
    story = {f"cast-{n}": envelope for n, envelope in enumerate(the_cast())}
    story |= {
        "shop": party(
            SHOP, "阜阳市示例线缆门市部", "distributor", region="341202", uscc=SHOP, entered_for=MAKER
        ),
        "owner": party(
            OWNER, "周口市示例供电公司", "owner", region="411602", uscc=OWNER, entered_for=OPERATOR
        ),
        "stranger": party(
            STRANGER, "川汇区无关经营部", "distributor", region="411602", uscc=STRANGER, entered_for=OPERATOR
        ),
        "other-product": product(OTHER_MAKER, certificate=None, entered_for=OTHER_MAKER),
        "order": order(project=PROJECT, entered_for=SITE),
        "production": production(loose_mm=100_000, by=by("inspector"), entered_for=MAKER),
        "factory-test": report(unit=1, entered_for=MAKER),
        "dispatch-1": priced(dispatch(units=[(1, 2)], note="FH-1001", by=by("keeper"), entered_for=MAKER)),
        "receipt-1": receipt(
            units=[(1, 2)], place={"region": "411602", "name": "川汇2号库"}, entered_for=DEALER
        ),
        "dispatch-2": priced(
            dispatch(
                to=SITE, region="411627", units=[(2, 2)], note="FH-2002", on="2026-04-13", entered_for=DEALER
            )
        ),
        "receipt-2": receipt(
            units=[(2, 2)], sender=DEALER, project=PROJECT, on="2026-04-15", entered_for=SITE
        ),
        "acceptance": acceptance(units=[(2, 2)], on="2026-04-16", entered_for=SITE),
        "supervision": supervision(
            units=[(2, 2)], by=by("engineer"), on="2026-04-17", entered_for=SUPERVISOR
        ),
        "use": use(unit=2, on="2026-04-20", entered_for=SITE),
        "dispatch-3": dispatch(to=SHOP, region="341202", units=[(4, 4)], note="FH-1003", entered_for=MAKER),
        "sampling": sampling(unit=3, authority=REGULATOR, entered_for=REGULATOR),
        "supervision-test": typed(
            report(number="ZJ-1", unit=3, value="0.250", on="2026-04-25", entered_for=LABORATORY),
            type="supervision",
            conclusion="fail",
        ),
        "owner-test": typed(
            report(number="WT-1", unit=None, on="2026-04-26", entered_for=OWNER), type="commissioned"
        ),
        "lab-test": typed(
            report(number="WT-2", unit=2, on="2026-04-27", entered_for=LABORATORY), type="commissioned"
        ),
        "production-2": production(lot="L2", units=[(1, 1, 500_000)], entered_for=MAKER),
        "receipt-unsent": receipt(l2, units=[(1, 1)], project=PROJECT, entered_for=SITE),
        "production-j": production(lot="J1", maker=OTHER_MAKER, entered_for=OTHER_MAKER),
    }
    return story


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    made = make_ledger(tmp_path_factory.mktemp("queries") / "ledger.db", the_story())
    yield made
    made.engine.dispose()


def make_ledger(file: Path, story: dict[str, Envelope]) -> Ledger:
    engine = open_database(file)
    chosen = store.Identity(
        origin=SIGNER.name, public_host="trace.example", verifier_key=SIGNER.verifier_key.format()
    )
    with begin_write(engine) as tx:
        store.create(tx, chosen, sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), SIGNER))
        for each in (*METADATA, disclosures.metadata, alert_register.metadata):
            each.create_all(tx)
    sequencer = Sequencer(engine, SIGNER, lambda: NOW, Admission())
    sequencer.start()
    intake = Intake(engine, lambda: NOW, sequencer)
    at_the_machine = Actor(
        account=str(uuid4()),
        party=OPERATOR,
        role=Role.OPERATOR,
        scope=Scope(everything=True),
        name="运维",
        via="cli",
    )
    answers = intake.record_now([prepare(envelope, at_the_machine) for envelope in story.values()])
    sequencer.stop()
    catch_up(engine, read_accepted)
    index: dict[str, int] = {}
    for name, answer in zip(story, answers, strict=True):
        assert isinstance(answer, Receipt), (name, answer)
        index[name] = answer.seq
    with begin_read(engine) as tx:
        rows = {row.seq: read_recorded(row) for row in store.read_rows(tx)}
    code = {
        rows[seq].draft.subject.batch.lot: rows[seq].assigned["batch"]
        for name, seq in index.items()
        if rows[seq].draft.kind == "production"
    }
    return Ledger(engine, index, {name: rows[seq].event_id for name, seq in index.items()}, code)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[[dict[str, Envelope]], Connection]]:
    """Opens a ledger of the same story with more behind it."""
    with ExitStack() as open_:

        def tell(further: dict[str, Envelope]) -> Connection:
            made = make_ledger(tmp_path / "more.db", the_story() | further)
            open_.callback(made.engine.dispose)
            return open_.enter_context(begin_read(made.engine))

        yield tell


@pytest.fixture
def tx(ledger: Ledger) -> Iterator[Connection]:
    with begin_read(ledger.engine) as tx:
        yield tx


def actor(role: Role, ref: str, *regions: str, via: Literal["session", "cli"] = "session") -> Actor:
    """Somebody of this party, for a regulator with these regions."""
    party = party_id(ref)
    return Actor(
        account=str(uuid4()),
        party=party,
        role=role,
        scope=Scope(parties=frozenset({party}), regions=regions),
        name="某人",
        via=via,
    )


@pytest.fixture(scope="session")
def who() -> Callable[[str], Actor]:
    """Actors by what the tests call them."""
    nobody = "00000000-0000-4000-8000-0000000000ee"
    cast = {
        "operator": actor(Role.OPERATOR, OPERATOR),
        "maker": actor(Role.MANUFACTURER, MAKER),
        "other maker": actor(Role.MANUFACTURER, OTHER_MAKER),
        "dealer": actor(Role.DISTRIBUTOR, DEALER),
        "shop": actor(Role.DISTRIBUTOR, SHOP),
        "stranger": actor(Role.DISTRIBUTOR, STRANGER),
        "site": actor(Role.CONTRACTOR, SITE),
        "supervisor": actor(Role.SUPERVISOR, SUPERVISOR),
        "laboratory": actor(Role.LABORATORY, LABORATORY),
        "officer of the prefecture": actor(Role.REGULATOR, REGULATOR, "411600"),
        "officer of the county": actor(Role.REGULATOR, nobody, "411627"),
        "officer of Fuyang": actor(Role.REGULATOR, nobody, "341200"),
        "officer of Jinan": actor(Role.REGULATOR, nobody, "370100"),
        "anybody": Actor.anonymous(),
    }
    return cast.__getitem__


@pytest.fixture(scope="module")
def index(ledger: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIndex]:
    file: Path = tmp_path_factory.mktemp("index") / "index.db"
    engine = open_sqlite(file)
    made, feed = EmbeddedIndex(engine, patience_seconds=60), LedgerFeed(ledger.engine)
    while follow_page(made, feed.read_from, feed.project, page=10):
        pass
    yield made
    engine.dispose()
