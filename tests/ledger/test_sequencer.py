"""The sequencer by itself, with proposals that are no more than words: order, answers, races, refusals to write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from cabletrace.clock import format_instant
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write, disk_is_full
from cabletrace.errors import Broken
from cabletrace.ledger import sequencer as sequencer_module
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from cabletrace.ledger.entry import decode_entry, entry_hash
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.room import Bounds, Full
from cabletrace.ledger.sequencer import (
    Answer,
    Append,
    Earlier,
    Outcome,
    Position,
    Receipt,
    Sequencer,
)
from cabletrace.ledger.standing import Stopped
from cabletrace.ledger.store import Head, Identity, Row
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.ledger.verify import Verifier
from chain_for_tests import SIGNER, payload_of
from damage_for_tests import corrupt_what_is_written, damage
from world_for_tests import NOON

#: No test waits longer than this for an answer.
PATIENCE = 20


def admit(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
    """A word is refused if it says so, is the first receipt again if it was said before, and else an event."""
    said = store.read_rows_by_id(tx, words)
    new: dict[str, int] = {}
    outcomes: list[Outcome[str]] = []
    for word in words:
        if word.startswith("refuse"):
            outcomes.append(Answer(f"no {word}"))
        elif word in new or word in said:
            outcomes.append(Earlier(new[word] if word in new else said[word].seq))
        else:
            seq = position.size + len(new)
            new[word] = seq
            outcomes.append(Append(word, payload_of(seq, at=position.at).replace(_id(seq), word.encode())))
    return outcomes


def _id(seq: int) -> bytes:
    return b"00000000-0000-0000-0000-%012x" % seq


@dataclass
class Ticking:
    """A clock that is set by the test."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def goes(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)


@dataclass
class Desk:
    """A ledger file with as many sequencers over it as a test opens."""

    path: Path
    clock: Ticking = field(default_factory=Ticking)
    engine: Engine = field(init=False)
    opened: list[Sequencer[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = open_database(self.path)
        chosen = Identity(
            origin=SIGNER.name, public_host="trace.example", verifier_key=SIGNER.verifier_key.format()
        )
        with begin_write(self.engine) as tx:
            store.create(tx, chosen, sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), SIGNER))

    def open(
        self, admit: Callable[..., Any] = admit, signer: NoteSigner = SIGNER, **choices: Any
    ) -> Sequencer[str, str]:
        opened: Sequencer[str, str] = Sequencer(self.engine, signer, self.clock, admit, **choices)
        opened.start()
        self.opened.append(opened)
        return opened

    def close(self) -> None:
        for each in self.opened:
            each.stop()
        self.engine.dispose()

    @property
    def rows(self) -> list[Row]:
        with begin_read(self.engine) as tx:
            return list(store.read_rows(tx))

    @property
    def head(self) -> Head:
        with begin_read(self.engine) as tx:
            return store.read_head(tx)

    def faults(self) -> list[Any]:
        with begin_read(self.engine) as tx:
            head = store.read_bare_head(tx)
            assert head is not None
            verifier = Verifier(
                store.read_identity(tx), head, lambda level, index: store.read_stored_tile(tx, level, index)
            )
            return [
                *verifier.faults(store.read_rows(tx)),
                *verifier.extra_tiles(store.read_tile_places(tx)),
            ]

    def tamper(self, *statements: str) -> None:
        damage(self.path, *statements)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "ledger.db")
    yield desk
    desk.close()


#: Room for a group, not for a megabyte.
PAGES_LEFT = 50


def pages_of(tx: Connection) -> int:
    return int(tx.exec_driver_sql("PRAGMA page_count").scalar_one())


def tell(sequencer: Sequencer[str, str], *words: str) -> list[Receipt | str]:
    return [future.result(PATIENCE) for future in sequencer.propose(words)]


def receipts(answers: Sequence[Receipt | str]) -> list[Receipt]:
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    return [answer for answer in answers if isinstance(answer, Receipt)]


# --- order and answers


def test_proposals_become_entries_in_their_order_under_one_signed_checkpoint(desk):
    words = [f"w{n}" for n in range(300)]

    told = receipts(tell(desk.open(), *words))

    assert [receipt.seq for receipt in told] == list(range(300))
    assert [row.event_id for row in desk.rows] == words
    assert [receipt.entry_hash for receipt in told] == [entry_hash(row.entry) for row in desk.rows]
    assert {receipt.recorded_at for receipt in told} == {format_instant(NOON)}
    assert open_checkpoint(told[0].checkpoint, SIGNER.verifier_key).size == 300
    assert desk.faults() == []


def test_many_who_propose_at_once_are_all_answered_and_the_chain_holds(desk):
    sequencer = desk.open(max_group=7)
    told: dict[str, Receipt | str] = {}

    def speak(who: int) -> None:
        for n in range(20):
            word = f"{who}-{n}"
            told[word] = tell(sequencer, word)[0]

    speakers = [threading.Thread(target=speak, args=(who,)) for who in range(8)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()

    assert {row.event_id: row.seq for row in desk.rows} == {
        word: receipt.seq for word, receipt in zip(told, receipts(list(told.values())), strict=True)
    }
    assert len(told) == 160
    assert desk.faults() == []


def test_an_answer_is_given_only_after_the_commit_and_covers_the_event(desk):
    sequencer, sizes = desk.open(), []
    futures = []

    for word in ("one", "two", "three"):
        futures += sequencer.propose([word])
        futures[-1].add_done_callback(lambda _: sizes.append(desk.head.size))
        futures[-1].result(PATIENCE)
    sequencer.stop()

    assert sizes == [1, 2, 3]
    told = [future.result() for future in futures]
    assert [open_checkpoint(each.checkpoint, SIGNER.verifier_key).size for each in told] == [1, 2, 3]


def test_a_refusal_stops_no_other_and_takes_no_index(desk):
    told = tell(desk.open(), "a", "refuse this", "b")

    assert told[1] == "no refuse this"
    assert [receipt.seq for receipt in receipts([told[0], told[2]])] == [0, 1]


def test_a_group_of_refusals_writes_nothing_and_everybody_is_told(desk):
    sequencer = desk.open()
    before = desk.head

    assert tell(sequencer, "refuse", "refuse too") == ["no refuse", "no refuse too"]

    assert desk.head == before


def test_the_same_proposal_again_is_answered_by_the_same_event(desk):
    sequencer = desk.open()

    first, twin = receipts(tell(sequencer, "word", "word"))
    later = receipts(tell(sequencer, "another", "word"))[1]

    assert first == twin
    assert (later.seq, later.entry_hash, later.recorded_at) == (
        first.seq,
        first.entry_hash,
        first.recorded_at,
    )
    assert len(desk.rows) == 2


def test_followers_hear_the_new_size_after_each_commit_and_nothing_after_a_refusal(desk):
    sequencer, heard = desk.open(), []
    sequencer.on_append(heard.append)

    for words in (["a", "b"], ["refuse"], ["c"]):
        tell(sequencer, *words)
    sequencer.stop()

    assert heard[-1] == 3
    assert heard == sorted(set(heard))


def test_stop_finishes_what_was_proposed_and_takes_no_more(desk):
    sequencer = desk.open(max_group=10)

    futures = sequencer.propose([f"w{n}" for n in range(100)])
    sequencer.stop()

    assert [future.result(0).seq for future in futures] == list(range(100))
    with pytest.raises(Stopped):
        sequencer.propose(["too late"])


# --- two writers


def held(desk: Desk, bounds: Bounds) -> tuple[Sequencer[str, str], threading.Event]:
    """A sequencer that has its first group in hand and does not go on before it is told to."""
    begun, go_on = threading.Event(), threading.Event()

    def waits(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        begun.set()
        assert go_on.wait(PATIENCE)
        return admit(tx, position, words)

    sequencer = desk.open(waits, bounds=bounds, weigh=len)
    sequencer.propose(["w0"])
    assert begun.wait(PATIENCE)
    return sequencer, go_on


@pytest.mark.parametrize("bounds", [Bounds(proposals=4), Bounds(size_bytes=4 * 2)])
def test_no_more_waits_than_there_is_room_for_and_what_finds_none_is_taken_not_even_in_part(
    desk: Desk, bounds: Bounds
) -> None:
    ids = [f"w{n}" for n in range(8)]
    sequencer, go_on = held(desk, bounds)  # the first is being recorded, and takes room too
    waiting = sequencer.propose(ids[1:3])

    with pytest.raises(Full, match="3 proposals of 6 bytes wait already, 2 of 4 came"):
        sequencer.propose(ids[3:5])
    waiting += sequencer.propose(ids[5:6])
    full = sequencer.standing()
    go_on.set()

    assert (full.waiting, full.waiting_bytes, full.turned_away) == (4, 4 * 2, 2)
    assert [each.seq for each in receipts([future.result(PATIENCE) for future in waiting])] == [1, 2, 3]
    assert [row.event_id for row in desk.rows] == [ids[0], ids[1], ids[2], ids[5]]
    sequencer.stop()
    assert (sequencer.standing().waiting, sequencer.standing().waiting_bytes) == (0, 0)


def test_whoever_may_wait_is_let_in_when_there_is_room_also_with_more_than_it_holds(desk: Desk) -> None:
    ids = [f"w{n}" for n in range(1, 21)]
    sequencer, go_on = held(desk, Bounds(proposals=4))
    told: list[Future[Any]] = []
    patient = threading.Thread(target=lambda: told.extend(sequencer.propose_patiently(ids)))
    patient.start()
    with pytest.raises(Full):
        sequencer.propose(ids)

    go_on.set()
    patient.join(PATIENCE)

    assert [each.seq for each in receipts([future.result(PATIENCE) for future in told])] == list(range(1, 21))


def test_whoever_waits_for_room_hears_that_the_sequencer_has_stopped(desk: Desk) -> None:
    sequencer, go_on = held(desk, Bounds(proposals=1))
    heard: list[str] = []

    def wait() -> None:
        try:
            sequencer.propose_patiently(["later"])
        except Stopped as stopped:
            heard.append(str(stopped))

    patient = threading.Thread(target=wait)
    patient.start()
    sequencer._give_up("a bit was flipped", [])
    patient.join(PATIENCE)
    go_on.set()

    assert heard == ["a bit was flipped"]


def test_two_writers_over_one_file_lose_races_but_no_event_and_never_fork_the_chain(desk):
    writers = [desk.open(max_group=3) for _ in range(2)]

    futures = [writer.propose([f"{n}-{k}" for k in range(60)]) for n, writer in enumerate(writers)]
    told = [future.result(PATIENCE) for some in futures for future in some]

    assert sorted(receipt.seq for receipt in receipts(told)) == list(range(120))
    assert desk.faults() == []


def test_a_writer_that_another_has_overtaken_goes_on_from_where_the_ledger_stands_now(desk):
    one, other = desk.open(), desk.open()

    words = [word for n in range(5) for word in (f"one {n}", f"other {n}")]
    for n, word in enumerate(words):
        assert receipts(tell(one if n % 2 == 0 else other, word))[0].seq == n

    assert [row.event_id for row in desk.rows] == words
    assert desk.faults() == []


def test_an_older_head_is_never_put_in_the_place_of_a_newer_one(desk):
    sequencer = desk.open()
    old = desk.head
    tell(sequencer, "a")

    with begin_write(desk.engine) as tx:
        assert not store.replace_head(tx, old, old)
        newer = store.read_head(tx)
        assert store.replace_head(tx, newer, newer)

    assert desk.head.size == 1


def test_without_the_compare_and_swap_two_writers_would_fork_the_chain(tmp_path):
    """What the guard is for: a database whose transactions do not lock, each writer with its own old head."""
    forked: list[list[Row]] = []
    for guarded in (False, True):
        desk = Desk(tmp_path / f"{guarded}.db")
        both = [desk.head, desk.head]  # two writers have read before either writes
        entries: list[Row] = []
        with begin_write(desk.engine) as tx:
            for who, old in enumerate(both):
                rows = desk.open()._chained(old, _position(old), [Append(f"w{who}", payload_of(0))])
                new = Head(
                    size=1,
                    at="",
                    last_entry=entry_hash(rows[0].entry),
                    last_event=b"",
                    root=b"",
                    checkpoint=b"",
                )
                if store.replace_head(tx, old, new) or not guarded:
                    entries += rows
            tx.rollback()
        desk.close()
        forked.append(entries)

    without, with_guard = forked
    assert len({decode_entry(row.entry).prev for row in without}) == 1 < len(without)
    assert len(with_guard) == 1


def _position(head: Head) -> Position:
    return Position(size=head.size, at=format_instant(NOON), last_event=head.last_event)


def test_a_lost_race_is_run_again_with_what_the_winner_left(desk, monkeypatch):
    seen: list[int] = []
    real, lost = store.replace_head, [False, False, True]

    def judged(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        seen.append(position.size)
        return admit(tx, position, words)

    monkeypatch.setattr(
        sequencer_module, "replace_head", lambda tx, old, new: lost.pop(0) and real(tx, old, new)
    )

    (receipt,) = receipts(tell(desk.open(judged), "word"))

    assert seen == [0, 0, 0]
    assert receipt.seq == 0
    assert desk.faults() == []


def test_races_lost_without_end_stop_the_sequencer_with_words(desk, monkeypatch):
    monkeypatch.setattr(sequencer_module, "replace_head", lambda *_: False)
    sequencer = desk.open()

    with pytest.raises(Stopped, match="lost the race"):
        tell(sequencer, "word")

    assert desk.rows == []


# --- the clock


def test_time_stands_still_rather_than_going_back(desk):
    sequencer = desk.open()
    for n, step in enumerate((0, 0, -4_000, 1_000, 5_000)):
        desk.clock.goes(step)
        tell(sequencer, f"one {n}", f"two {n}")

    times = [decode_entry(row.entry).at for row in desk.rows]

    assert times == [format_instant(NOON)] * 8 + [format_instant(NOON + timedelta(seconds=2))] * 2
    assert desk.head.at == times[-1]
    assert desk.faults() == []


def test_a_clock_far_behind_the_ledger_stops_the_sequencer_with_words(desk):
    sequencer = desk.open()
    tell(sequencer, "on time")
    desk.clock.goes(-6_000)

    with pytest.raises(Stopped, match="set the clock right"):
        tell(sequencer, "late")

    assert "clock" in sequencer.stopped_because
    with pytest.raises(Stopped, match="clock"):
        sequencer.propose(["later"])
    assert len(desk.rows) == 1


# --- failures on the way


def test_what_the_database_gives_back_is_compared_with_what_was_written_before_it_is_signed(desk):
    sequencer = desk.open()
    corrupt_what_is_written(desk.path)

    with pytest.raises(Stopped, match="other rows than were written"):
        tell(sequencer, "word")

    assert desk.head.size == 0


def test_a_failure_in_admission_is_told_to_everybody_in_the_group_and_the_next_group_goes_on(desk):
    def fails_once(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        if "fail" in words:
            raise ZeroDivisionError("in admission")
        return admit(tx, position, words)

    sequencer = desk.open(fails_once)
    futures = sequencer.propose(["a", "fail", "b"])

    for future in futures:
        with pytest.raises(ZeroDivisionError):
            future.result(PATIENCE)
    assert receipts(tell(sequencer, "c"))[0].seq == 0
    assert desk.faults() == []


@pytest.mark.sqlite("a full file is SQLite's; what a server says of its disk comes as any other failure")
def test_a_full_disk_is_told_to_who_waits_and_the_next_group_goes_on(desk):
    desk.tamper("CREATE TABLE elsewhere (some)")

    def fills_it_once(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        if "much" in words:
            tx.exec_driver_sql(f"PRAGMA max_page_count = {PAGES_LEFT + pages_of(tx)}")
            tx.exec_driver_sql("INSERT INTO elsewhere VALUES (zeroblob(1000000))")
        return admit(tx, position, words)

    sequencer = desk.open(fills_it_once)
    (answer,) = sequencer.propose(["much"])

    with pytest.raises(OperationalError) as full:
        answer.result(PATIENCE)
    assert disk_is_full(full.value)
    assert receipts(tell(sequencer, "c"))[0].seq == 0
    assert desk.faults() == []


def test_a_disk_that_fails_stops_the_sequencer_for_what_it_gives_back_cannot_be_trusted(desk):
    def fails(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    sequencer = desk.open(fails)

    with pytest.raises(Stopped, match="the disk has failed"):
        tell(sequencer, "a")
    with pytest.raises(Stopped, match="the disk has failed"):
        sequencer.propose(["b"])


def test_an_admission_that_forgets_somebody_stops_the_sequencer(desk):
    sequencer = desk.open(lambda tx, position, words: admit(tx, position, words)[1:])

    with pytest.raises(Stopped, match="1 outcomes for 2 proposals"):
        tell(sequencer, "a", "b")


def test_when_the_ledger_breaks_under_it_everybody_waiting_is_told_why(desk):
    begun, go_on = threading.Event(), threading.Event()

    def slow(tx: Connection, position: Position, words: Sequence[str]) -> list[Outcome[str]]:
        begun.set()
        assert go_on.wait(PATIENCE)
        raise Broken("an invariant does not hold")

    sequencer = desk.open(slow)
    first = sequencer.propose(["a"])
    assert begun.wait(PATIENCE)
    second = sequencer.propose(["b", "c"])
    go_on.set()

    for future in (*first, *second):
        with pytest.raises(Stopped, match="an invariant does not hold"):
            future.result(PATIENCE)


# --- the check at the start


def test_a_sound_ledger_is_taken_up_where_it_stands(desk):
    tell(desk.open(), *(f"w{n}" for n in range(257)))

    receipt = receipts(tell(desk.open(), "after"))[0]

    assert receipt.seq == 257
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE head SET root = zeros(32)", "the root of 300 entries"),
        ("UPDATE head SET last_entry = zeros(32)", "the last entry hashes to"),
        ("UPDATE head SET size = 299", "the root of 299 entries"),
        ("UPDATE head SET checkpoint = checkpoint || octets('78')", "no block of signature lines"),
        ("UPDATE entry SET entry = swapped(entry, '2026', '2027') WHERE seq = 299", "the root of"),
        (
            "UPDATE entry SET entry = swapped(entry, '2026', '2027') WHERE seq = 280",
            "the root of 300 entries",
        ),
        ("UPDATE tile SET root = zeros(32)", "the root of 300 entries"),
        ("DELETE FROM entry WHERE seq = 299", "entry 299 is missing"),
        ("DELETE FROM entry WHERE seq = 280", "43 hashes, not 44"),
        ("UPDATE entry SET entry = 'text' WHERE seq = 280", "damaged"),
        ("DELETE FROM tile", "0 hashes, not 1"),
        ("DELETE FROM identity", "never initialised"),
        ("UPDATE identity SET origin = 'other.example/ledger'", "its key signs as"),
    ],
)
def test_a_ledger_with_a_damaged_edge_is_not_written_to(desk, damage, words):
    tell(desk.open(), *(f"w{n}" for n in range(300)))
    desk.tamper(damage)

    with pytest.raises(Broken, match=words):
        desk.open()


def test_a_checkpoint_of_another_size_is_not_taken_for_the_head(desk):
    sequencer = desk.open()
    tell(sequencer, "a")
    older = desk.head.checkpoint
    tell(sequencer, "b")
    desk.tamper(f"UPDATE head SET checkpoint = octets('{older.hex()}')")  # noqa: S608

    with pytest.raises(Broken, match="over 1 entries, the head over 2"):
        desk.open()


def test_another_key_does_not_sign_this_ledger(desk):
    with pytest.raises(Broken, match="this ledger's key is"):
        desk.open(signer=NoteSigner.from_seed(SIGNER.name, b"\2" * 32))


# --- append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = '0'",
        "DELETE FROM entry",
        "UPDATE identity SET public_host = 'x'",
        "DELETE FROM identity",
        "UPDATE tile SET root = '0'",
        "DELETE FROM tile",
    ],
)
def test_written_rows_cannot_be_changed_by_accident(desk, statement):
    tell(desk.open(), *(f"w{n}" for n in range(300)))

    with pytest.raises(DBAPIError, match="is append-only"), begin_write(desk.engine) as tx:
        tx.exec_driver_sql(statement)

    assert desk.faults() == []


@pytest.mark.sqlite("INSERT OR REPLACE is SQLite's; TRUNCATE, which is PostgreSQL's, has tests of its own")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
        "REPLACE INTO entry SELECT 500, event_id, payload, entry FROM entry WHERE seq = 1",
        "INSERT INTO entry SELECT * FROM entry WHERE seq = 1 ON CONFLICT DO UPDATE SET payload = x'00'",
        "INSERT OR REPLACE INTO identity SELECT * FROM identity",
        "INSERT OR REPLACE INTO tile SELECT * FROM tile",
    ],
)
def test_written_rows_cannot_be_replaced_by_accident(desk, statement):
    tell(desk.open(), *(f"w{n}" for n in range(300)))

    with pytest.raises(IntegrityError), begin_write(desk.engine) as tx:
        tx.exec_driver_sql(statement)

    assert desk.faults() == []
