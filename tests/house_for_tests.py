"""A real ledger in one file, with its sequencer and intake: what tests of intake and of its readers need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, select

from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.blobs.store import BlobStore
from cabletrace.clock import Clock
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.flow import books
from cabletrace.intake.admit import Admission, Proposal
from cabletrace.intake.rebuild import METADATA, projections, rebuild
from cabletrace.intake.record import Intake, prepared_or_refused
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.payload import decode_payload
from cabletrace.ledger.sequencer import Admit, Receipt, Sequencer
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.model.admission import Refusal
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.personal import disclosures
from drafts_for_tests import OPERATOR, Envelope, the_cast
from world_for_tests import NOON, account_of

SIGNER = NoteSigner.from_seed("trace.example/ledger", b"\1" * 32)
NAMES_KEY = b"n" * 32


def at_the_machine() -> Actor:
    """The operator at the command line, who enters for anybody."""
    return _actor(OPERATOR, Role.OPERATOR, Scope(everything=True), "cli")


def signed_in(party: str, role: Role, *regions: str) -> Actor:
    """An account of this party, with its jurisdiction if it has one."""
    return _actor(party, role, Scope(parties=frozenset({party_id(party)}), regions=regions), "session")


def _actor(party: str, role: Role, scope: Scope, via: str) -> Actor:
    return Actor(account=account_of(party), party=party_id(party), role=role, scope=scope, name="", via=via)  # type: ignore[arg-type]


class House:
    """A ledger that is running. Its file may be opened anew by `restart`, as after the machine was off."""

    def __init__(self, engine: Engine, clock: Clock, blobs: BlobStore) -> None:
        self.engine = engine
        self.blobs = blobs
        self._clock = clock
        self.sequencer: Sequencer[Proposal, Refusal] | None = None
        self.restart()

    def restart(self, admission: Admit[Proposal, Refusal] | None = None) -> None:
        """Begin with nothing in memory (and with this admission, if one is given)."""
        self.stop()
        self.sequencer = Sequencer(
            self.engine,
            SIGNER,
            self._clock,
            admission or Admission(self.blobs.find, names_key=NAMES_KEY),
        )
        self.sequencer.start()
        self.intake = Intake(self.engine, self._clock, self.sequencer, self.blobs.find)

    def stop(self) -> None:
        if self.sequencer is not None:
            self.sequencer.stop()

    def record(self, *envelopes: Envelope, by: Actor | None = None) -> list[Receipt | Refusal]:
        """Record in order; by default at the machine."""
        actor = by or at_the_machine()
        return self.intake.record_now([prepared_or_refused(each, actor) for each in envelopes])

    def happened(self, *envelopes: Envelope, by: Actor | None = None) -> list[Receipt]:
        """Record what the test takes for granted."""
        answers = self.record(*envelopes, by=by)
        receipts = [answer for answer in answers if isinstance(answer, Receipt)]
        assert len(receipts) == len(envelopes), [a for a in answers if isinstance(a, Refusal)]
        return receipts

    def record_assigned(self, envelope: Envelope) -> dict[str, Any]:
        """Record it, and say what the server has assigned to it: codes, a batch."""
        self.happened(envelope)
        id_ = envelope["draft"]["id"]
        with self.reading() as tx:
            payload = decode_payload(store.read_rows_by_id(tx, [id_])[id_].payload)
        return dict(payload.server["assigned"])

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with begin_read(self.engine) as tx:
            yield tx

    @property
    def size(self) -> int:
        with self.reading() as tx:
            return store.read_head(tx).size

    def dump(self, metadata: Sequence[MetaData] = METADATA, *, kind: str = "") -> dict[str, list[str]]:
        """Every table as sorted rows, or those of one kind (``projection``)."""
        tables = [t for each in metadata for t in each.sorted_tables if kind in ("", t.info["kind"])]
        with self.reading() as tx:
            return {table.name: rows_of(tx, table) for table in tables}

    def code(self, maker: str, lot: str = "L1") -> str:
        """The code of a maker's lot."""
        with self.reading() as tx:
            return dict(books.codes_of_lots(tx, [lot])[lot])[party_id(maker)]


def rebuilt(house: House, folder: Path) -> dict[str, list[str]]:
    """Dumps of the projections, built in a new database from the ledger's rows alone."""
    with closing(open_database(folder / "rebuilt.db")) as engine, begin_write(engine) as tx:
        for each in METADATA:
            each.create_all(tx)
        with house.reading() as ledger:
            assert rebuild(ledger, tx) == house.size
        return {table.name: rows_of(tx, table) for table in projections()}


def rows_of(tx: Connection, table: Table) -> list[str]:
    return sorted(repr(tuple(row)) for row in tx.execute(select(table)))


def lay_names_key(folder: Path) -> None:
    """The key of names where an installation keeps it."""
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "names.key").write_bytes(NAMES_KEY)


@contextmanager
def open_house(folder: Path, *, clock: Clock = lambda: NOON, cast: bool = True) -> Iterator[House]:
    """A new ledger in a folder, running; with the cast registered unless told otherwise."""
    lay_names_key(folder)
    engine = open_database(folder / "ledger.db")
    with begin_write(engine) as tx:
        chosen = store.Identity(
            origin=SIGNER.name, public_host="trace.example", verifier_key=SIGNER.verifier_key.format()
        )
        store.create(tx, chosen, sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), SIGNER))
        for each in (*METADATA, disclosures.metadata):
            each.create_all(tx)
    house = House(engine, clock, BlobStore(folder / "blobs"))
    try:
        if cast:
            house.happened(*the_cast())
        yield house
    finally:
        house.stop()
        engine.dispose()
