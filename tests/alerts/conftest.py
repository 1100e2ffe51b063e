"""A ledger in a folder with the tests' cast, written through the real intake, and its alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, insert

from cabletrace.alerts import register
from cabletrace.alerts.follower import catch_up
from cabletrace.alerts.rules import AcceptedEvent, Alert
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake.admit import Admission
from cabletrace.intake.rebuild import METADATA
from cabletrace.intake.record import Intake, prepare
from cabletrace.intake.recorded import Recorded, read_recorded
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.sequencer import Receipt, Sequencer
from cabletrace.ledger.store import Row
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.model.scope import Scope
from cabletrace.personal import disclosures
from damage_for_tests import unguarded
from drafts_for_tests import OPERATOR, Envelope, the_cast
from world_for_tests import NOON

EVERYTHING = Scope(everything=True)


def as_seen(event: Recorded) -> AcceptedEvent:
    """What the composition root hands to the alerts."""
    return AcceptedEvent(
        seq=event.seq,
        recorded_at=event.recorded_at,
        draft=event.draft,
        speaker=event.speaker,
        actor=event.actor,
        marks=event.marks,
        batch=event.batch,
    )


def read_event(_: Connection, row: Row) -> AcceptedEvent:
    return as_seen(read_recorded(row))


@dataclass
class Ledger:
    engine: Engine
    intake: Intake
    size: int = 0
    operator: Actor = field(
        default_factory=lambda: Actor(
            account=str(uuid4()), party=OPERATOR, role=Role.OPERATOR, scope=Scope(), name="", via="cli"
        )
    )

    def record(self, *envelopes: Envelope) -> list[int]:
        """Indexes of the events; every one must be accepted."""
        answers = self.intake.record_now([prepare(each, self.operator) for each in envelopes])
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        self.size += len(answers)
        return list(range(self.size - len(answers), self.size))

    def catch_up(self) -> int:
        return catch_up(self.engine, read_event)

    def alerts(self, scope: Scope = EVERYTHING, **chosen: object) -> list[Alert]:
        with begin_read(self.engine) as tx:
            return register.alerts(tx, scope, **chosen)  # type: ignore[arg-type]

    def names(self, scope: Scope = EVERYTHING, **chosen: object) -> list[str]:
        return [alert.rule for alert in self.alerts(scope, **chosen)]

    def dump(self) -> list[tuple[object, ...]]:
        with begin_read(self.engine) as tx:
            return rows_of(tx)


def rows_of(tx: Connection) -> list[tuple[object, ...]]:
    """Every row of the projections, sorted."""
    return [
        tuple(row)
        for table in (register.alert, register.alert_concern)
        for row in tx.execute(table.select().order_by(*table.primary_key))
    ]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    """Makes ledgers, each of the same cast; all are closed in the end."""
    closing: list[Callable[[], object]] = []

    def make(name: str = "ledger.db", beginning: Iterable[Envelope] | None = None) -> Ledger:
        engine = open_database(tmp_path / name)
        signer = NoteSigner.from_seed("trace.example/ledger", b"\x01" * 32)
        with begin_write(engine) as tx:
            identity = store.Identity(
                origin=signer.name, public_host="trace.example", verifier_key=signer.verifier_key.format()
            )
            store.create(tx, identity, sign_checkpoint(Checkpoint(signer.name, 0, EMPTY_ROOT), signer))
            for metadata in (*METADATA, disclosures.metadata, register.metadata):
                metadata.create_all(tx)
        sequencer = Sequencer(engine, signer, lambda: NOON, Admission())
        sequencer.start()
        closing.extend((engine.dispose, sequencer.stop))
        ledger = Ledger(engine, Intake(engine, lambda: NOON, sequencer))
        ledger.record(*(the_cast() if beginning is None else beginning))
        return ledger

    yield make
    for close in reversed(closing):
        close()


@pytest.fixture
def ledger(made: Callable[..., Ledger]) -> Ledger:
    return made()


def forget(engine: Engine) -> None:
    with begin_write(engine) as tx:
        register.start_over(tx)


def put(engine: Engine, rows: Iterable[Row]) -> None:
    """Write rows of a ledger past everything that guards it."""
    with unguarded(engine) as tx:
        tx.execute(store.entry.delete())
        tx.execute(insert(store.entry), [row._asdict() for row in rows])
