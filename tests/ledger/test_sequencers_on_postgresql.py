"""Several sequencers over one ledger in PostgreSQL: one chain whatever happens to turns, connections and the server."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.ledger import sequencer as sequencer_module
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.sequencer import Outcome, Position, Receipt, Sequencer
from cabletrace.ledger.standing import Stopped
from cabletrace.ledger.verify import Verifier
from chain_for_tests import SIGNER
from postgres_for_tests import Server, postgres
from sequencing_for_tests import EACH, WRITERS, Word, admit, make_ledger, write_many, writing

pytestmark = pytest.mark.full


@pytest.fixture
def engine(postgresql: Server, tmp_path: Path) -> Iterator[Engine]:
    postgresql.lay_address(tmp_path)
    engine = make_ledger(tmp_path)
    yield engine
    engine.dispose()


def told(sequencer: Sequencer[Word, str], *words: Word) -> list[Receipt | str]:
    return [future.result(30) for future in sequencer.propose(words)]


def size(engine: Engine) -> int:
    with begin_read(engine) as tx:
        return store.read_head(tx).size


def faults(engine: Engine) -> list[Any]:
    with begin_read(engine) as tx:
        head = store.read_bare_head(tx)
        assert head is not None
        verifier = Verifier(store.read_identity(tx), head, lambda *at: store.read_stored_tile(tx, *at))
        return [*verifier.faults(store.read_rows(tx)), *verifier.extra_tiles(store.read_tile_places(tx))]


def take_no_turns(engine: Engine) -> None:
    """As in an engine that knows no advisory locks: whoever writes begins at once."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _skip(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> Any:
        return ("SELECT %s", (0,)) if "pg_advisory_xact_lock" in statement else (statement, values)


# --- many writers


def test_without_turns_and_guards_two_writers_fork_the_chain(engine: Engine) -> None:
    """What the head's compare-and-swap and the keys are there against."""
    take_no_turns(engine)
    with begin_write(engine) as tx:
        tx.execute(text("ALTER TABLE entry DROP CONSTRAINT entry_pkey"))
        tx.execute(text("DROP INDEX entry_follows_one"))
    both_have_read = threading.Barrier(2)

    def append(word: Word) -> None:
        with begin_write(engine) as tx:
            head = store.read_head(tx)
            both_have_read.wait(10)
            tx.execute(
                text("INSERT INTO entry VALUES (:seq, :id, '\\x00', decode(:prev, 'escape'))"),
                {"seq": head.size, "id": str(word), "prev": f"follows {head.last_entry.hex()}"},
            )
            tx.execute(text("UPDATE head SET size = :size"), {"size": head.size + 1})

    writers = [threading.Thread(target=append, args=(word,)) for word in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with begin_read(engine) as tx:
        entries = tx.execute(text("SELECT seq, entry FROM entry")).all()
        counted = tx.execute(text("SELECT size FROM head")).scalar_one()
    assert len(entries) == 2
    assert len({tuple(each) for each in entries}) == 1  # both follow the same entry, under the same index
    assert counted == 1


def test_several_processes_append_at_once_to_one_chain(engine: Engine, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(WRITERS), spawn.Queue()
    processes = [
        spawn.Process(target=write_many, args=(tmp_path, 1000 * n, start, answers)) for n in range(WRITERS)
    ]
    for process in processes:
        process.start()
    seqs = dict(pair for _ in processes for pair in answers.get(timeout=120))
    for process in processes:
        process.join()

    assert faults(engine) == []
    assert sorted(seqs.values()) == list(range(WRITERS * EACH))
    with begin_read(engine) as tx:
        for row in store.read_rows(tx):
            assert seqs[UUID(row.event_id).int] == row.seq


def test_where_no_turns_are_taken_the_head_and_the_keys_keep_one_chain(
    engine: Engine, tmp_path: Path
) -> None:
    """Compare-and-swap, unique keys, and another attempt: what holds in every engine."""
    engines = [engine, *(open_database(tmp_path / "ledger.db") for _ in range(WRITERS - 1))]
    receipts: list[Receipt | str] = []

    def write(number: int) -> None:
        with writing(engines[number]) as sequencer:
            for word in range(20):
                receipts.extend(told(sequencer, 1000 * number + word))

    for each in engines:
        take_no_turns(each)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert faults(engine) == []
    assert sorted(receipt.seq for receipt in receipts if isinstance(receipt, Receipt)) == list(
        range(20 * WRITERS)
    )
    for each in engines[1:]:
        each.dispose()


# --- connections and servers


def test_a_connection_that_is_lost_before_the_commit_leaves_nothing_and_the_next_group_goes_on(
    engine: Engine,
) -> None:
    def dies_once(tx: Connection, position: Position, words: Sequence[Word]) -> list[Outcome[str]]:
        if 1 in words:
            tx.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return admit(tx, position, words)

    with writing(engine, dies_once) as sequencer:
        (lost,) = sequencer.propose([1])
        with pytest.raises(DBAPIError):
            lost.result(30)

        assert isinstance(told(sequencer, 2)[0], Receipt)
    assert size(engine) == 1
    assert faults(engine) == []


def test_a_commit_whose_answer_is_lost_is_found_when_the_event_comes_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked is told that it failed; the ledger was read again, and has it; nothing is there twice."""
    commits = engine.dialect.do_commit
    lost = threading.Event()

    def commit_and_lose(connection: Any) -> None:
        commits(connection)
        if not lost.is_set():
            lost.set()
            connection.driver_connection.close()
            raise engine.dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    with writing(engine) as sequencer:
        told(sequencer, 1)
        monkeypatch.setattr(engine.dialect, "do_commit", commit_and_lose)
        (unknown,) = sequencer.propose([2])
        with pytest.raises(DBAPIError, match="closed the connection"):
            unknown.result(30)

        again, other = told(sequencer, 2, 3)
    assert isinstance(again, Receipt)
    assert isinstance(other, Receipt)
    assert (again.seq, other.seq, size(engine)) == (1, 2, 3)
    assert faults(engine) == []


def test_a_server_that_is_restarted_is_waited_for(tmp_path: Path) -> None:
    with postgres(is_durable=True) as server:
        server.lay_address(tmp_path)
        engine = make_ledger(tmp_path)
        with writing(engine) as sequencer:
            told(sequencer, 1)
            server.stop("immediate")
            (waiting,) = sequencer.propose([2])
            server.start()
            with pytest.raises(DBAPIError):
                waiting.result(60)

            (receipt,) = told(sequencer, 2)
        assert isinstance(receipt, Receipt)
        assert receipt.seq == 1
        assert faults(engine) == []
        engine.dispose()


def test_a_server_that_does_not_come_back_stops_the_sequencer_which_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer_module, "AWAY_SECONDS", 0.1)
    with postgres() as server:
        server.lay_address(tmp_path)
        engine = make_ledger(tmp_path)
        with writing(engine) as sequencer:
            server.stop("immediate")
            (waiting,) = sequencer.propose([2])
            with pytest.raises(Stopped, match="could not be read"):
                waiting.result(60)
            with pytest.raises(Stopped):
                sequencer.propose([3])
        engine.dispose()
        server.start()


@pytest.mark.parametrize("goes_on", [False, True], ids=["older", "older and written to since"])
def test_a_database_that_fell_back_to_an_older_state_is_not_signed_again(
    engine: Engine, tmp_path: Path, goes_on: bool
) -> None:
    """As after a fail-over to a stand-by that lagged: what was acknowledged is not there, and another history must not be."""
    with writing(engine) as sequencer:
        told(sequencer, *range(300))
        set_back(engine, to=299)
        if goes_on:
            other = open_database(tmp_path / "ledger.db")
            with writing(other) as elsewhere:
                told(elsewhere, 1001, 1002)
            other.dispose()
        before = size(engine)

        (refused,) = sequencer.propose([2000])
        with pytest.raises(Stopped, match="fell back to an older state"):
            refused.result(30)
    assert size(engine) == before


def set_back(engine: Engine, to: int) -> None:
    """Bring back the state with so many entries, which is sound in itself."""
    with begin_write(engine) as tx:
        for table in store.APPEND_ONLY:
            tx.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        last = store.read_row(tx, to - 1)
        assert last is not None
        tx.execute(text("DELETE FROM entry WHERE seq >= :size"), {"size": to})
        edge = store.load_edge(tx, to)
        signed = sign_checkpoint(Checkpoint(SIGNER.name, to, edge.root()), SIGNER)
        tx.execute(
            store.head.update().values(
                size=to, last_entry=store.entry_hash(last.entry), root=edge.root(), checkpoint=signed
            )
        )


# --- append-only


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = '\\x00'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "INSERT INTO entry SELECT * FROM entry WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET payload = '\\x00'",
        "UPDATE identity SET public_host = 'x'",
        "TRUNCATE identity",
        "UPDATE tile SET root = '\\x00'",
        "DELETE FROM tile",
        "TRUNCATE tile",
    ],
)
def test_written_rows_are_not_changed_by_accident_not_even_by_a_replica(
    engine: Engine, statement: str, role: str
) -> None:
    with writing(engine) as sequencer:
        told(sequencer, *range(300))

    with begin_write(engine) as tx:
        tx.exec_driver_sql(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(DBAPIError, match="append-only"):
            tx.exec_driver_sql(statement)
        tx.rollback()

    assert faults(engine) == []


def test_two_entries_cannot_follow_the_same_one(engine: Engine) -> None:
    with writing(engine) as sequencer:
        told(sequencer, 1, 2)

    with pytest.raises(DBAPIError, match="entry_follows_one"), begin_write(engine) as tx:
        tx.exec_driver_sql("INSERT INTO entry SELECT 7, 'another', payload, entry FROM entry WHERE seq = 1")
