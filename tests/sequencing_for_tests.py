"""Sequencers over a ledger in a folder, in this process or in others: words are numbers of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from cabletrace.clock import system_clock
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.sequencer import Append, Earlier, Outcome, Position, Receipt, Sequencer
from cabletrace.ledger.store import Identity
from cabletrace.ledger.tree import EMPTY_ROOT
from chain_for_tests import SIGNER, payload_of

WRITERS, EACH = 3, 60
Word = int


def admit(tx: Connection, position: Position, words: Sequence[Word]) -> list[Outcome[str]]:
    """A word is the number of its event; one that is there already is an earlier one."""
    ids = [str(UUID(int=word)) for word in words]
    there = store.read_seqs_by_id(tx, ids)
    outcomes: list[Outcome[str]] = []
    seq = position.size
    for word, id_ in zip(words, ids, strict=True):
        if id_ in there:
            outcomes.append(Earlier(there[id_]))
            continue
        outcomes.append(Append(id_, payload_of(word, at=position.at)))
        there[id_] = seq
        seq += 1
    return outcomes


def make_ledger(folder: Path) -> Engine:
    engine = open_database(folder / "ledger.db")
    chosen = Identity(
        origin=SIGNER.name, public_host="trace.example", verifier_key=SIGNER.verifier_key.format()
    )
    with begin_write(engine) as tx:
        store.create(tx, chosen, sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), SIGNER))
    return engine


@contextmanager
def writing(engine: Engine, admit: Callable[..., Any] = admit) -> Iterator[Sequencer[Word, str]]:
    sequencer: Sequencer[Word, str] = Sequencer(engine, SIGNER, system_clock, admit)
    sequencer.start()
    try:
        yield sequencer
    finally:
        sequencer.stop()


def write_many(folder: Path, first: int, start: Any, answers: Any) -> None:
    """A process of its own: every word one proposal, as clients come."""
    with closing(open_database(folder / "ledger.db")) as engine, writing(engine) as sequencer:
        start.wait(60)
        futures: list[Future[Receipt | str]] = []
        for word in range(first, first + EACH):
            futures += sequencer.propose([word])
        answers.put([(word, future.result(60).seq) for word, future in enumerate(futures, first)])  # type: ignore[union-attr]
