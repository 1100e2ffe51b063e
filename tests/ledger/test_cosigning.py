"""The ledger's side of witnessing: what is asked, what is believed, and that nobody who misbehaves delays anybody."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import Broken, InputError
from cabletrace.ledger import store, witnesses
from cabletrace.ledger.add_checkpoint import SIZE_MEDIA_TYPE, decode_request
from cabletrace.ledger.asking import MAX_ANSWER_BYTES, Answered, Unreachable, post
from cabletrace.ledger.checkpoint import Checkpoint, format_checkpoint, open_checkpoint, sign_checkpoint
from cabletrace.ledger.cosignature import Cosigner, open_cosigned
from cabletrace.ledger.cosigning import AGAIN, LONGEST_PAUSE_SECONDS, Cosigning, Refused, is_due, offer
from cabletrace.ledger.kept import check_past, remember
from cabletrace.ledger.note import NoteSigner, Signature
from cabletrace.ledger.sequencer import Append, Position, Sequencer
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.ledger.witnesses import Contradiction, Standing, Witness
from cabletrace.witness import memory
from cabletrace.witness.judgement import Refusal
from cabletrace.witness.memory import Memory
from chain_for_tests import payload_of
from copies_for_tests import copy_database, put_in_place
from damage_for_tests import damage
from witness_for_tests import LOG, Growing, Ticking, noise

TREE = Growing()
COSIGNER = Cosigner.from_seed("witness.example/w1", b"\x09" * 32)
OTHER = Cosigner.from_seed("witness.example/w2", b"\x0a" * 32)
WHOM = Witness(COSIGNER.verifier_key, "http://witness.example")
NOW = Ticking().now
SIZE = 7


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


# --- one exchange


def line_over(text: str, by: Cosigner = COSIGNER, made_at: float = NOW.timestamp()) -> bytes:
    return by.cosign(text, int(made_at)).encode()


def text_of(size: int = SIZE, tree: Growing = TREE) -> str:
    return format_checkpoint(open_checkpoint(tree.checkpoint(size), LOG.verifier_key))


def says(size: object) -> Answered:
    return Answered(409, SIZE_MEDIA_TYPE, f"{size}\n".encode())


GOOD = Answered(200, "text/plain", line_over(text_of()))


def offered(*answers: Answered, held: int = 0) -> tuple[Signature | Contradiction | Refused, list[int]]:
    """What comes of an offer of 7 entries to a witness that answers this, and the old sizes it was asked with."""
    waiting, asked = list(answers), []

    def ask(url: str, body: bytes) -> Answered:
        assert url == "http://witness.example/add-checkpoint"
        request = decode_request(body)
        assert request.checkpoint == TREE.checkpoint(SIZE)
        assert request.proof == TREE.proof(request.old_size, SIZE)
        asked.append(request.old_size)
        return waiting.pop(0)

    def prove(old: int) -> Sequence[bytes]:
        return TREE.proof(old, SIZE)

    came = offer(TREE.checkpoint(SIZE), WHOM, held, prove=prove, ask=ask, now=NOW)
    assert not waiting
    return came, asked


@pytest.mark.parametrize(
    ("answers", "held", "asked"),
    [
        ([GOOD], 0, [0]),
        ([GOOD], 5, [5]),
        ([GOOD], 7, [7]),
        ([says(5), GOOD], 0, [0, 5]),
        ([says(5), GOOD], 3, [3, 5]),
        ([says(3), GOOD], 5, [5, 3]),  # it has lost its memory, and says so
        ([says(7), GOOD], 0, [0, 7]),
        ([says(0), GOOD], 5, [5, 0]),
    ],
)
def test_a_witness_is_asked_from_what_it_holds(answers: list[Answered], held: int, asked: list[int]) -> None:
    came, sizes = offered(*answers, held=held)

    assert isinstance(came, Signature)
    assert (came.key, came.line.encode()) == (COSIGNER.verifier_key, GOOD.body)
    assert sizes == asked


@pytest.mark.parametrize(
    ("answers", "held", "found"),
    [
        ([says(8)], 0, Contradiction("set-back", 8, 7)),
        ([says(5), says(9)], 0, Contradiction("set-back", 9, 7)),
        ([], 8, Contradiction("set-back", 8, 7)),
        ([Answered(422, "text/plain", b"no")], 5, Contradiction("forked", 5, 7)),
        ([says(5), Answered(422, "text/plain", b"no")], 0, Contradiction("forked", 5, 7)),
        ([says(7)], 7, Contradiction("forked", 7, 7)),
        ([Answered(409, "text/plain", b"")], 7, Contradiction("forked", 7, 7)),
        ([says(7), says(7)], 0, Contradiction("forked", 7, 7)),
    ],
)
def test_another_history_is_told_from_every_other_trouble(
    answers: list[Answered], held: int, found: Contradiction
) -> None:
    came, _ = offered(*answers, held=held)

    assert came == found
    assert all(str(size) in came.text.zh and str(size) in came.text.en for size in (found.their_size,))


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ([Answered(404, "text/plain", b"not followed\n")], "404: not followed"),
        ([Answered(403, "text/plain", b"")], "403"),
        ([Answered(302, "text/plain", b"")], "302"),
        ([Answered(500, "text/html", b"\x00<b>")], "500"),
        ([Answered(201, "text/plain", GOOD.body)], "201"),
        ([Answered(409, "text/plain", b"5\n")], "409"),
        ([says("05")], "409"),
        ([says(-1)], "409"),
        ([Answered(409, SIZE_MEDIA_TYPE, "٥\n".encode())], "409"),
        ([says(0)], "409"),
        ([says(5), says(3)], "another size each time"),
        ([Answered(200, "text/plain", b"")], "bad cosignature"),
        ([Answered(200, "text/plain", line_over(text_of(), OTHER))], "not signed by"),
        ([Answered(200, "text/plain", line_over(text_of(6)))], "is wrong"),
        ([Answered(200, "text/plain", line_over(text_of(tree=Growing("other"))))], "is wrong"),
        ([Answered(200, "text/plain", line_over(text_of(), made_at=NOW.timestamp() + 301))], "yet to come"),
        ([Answered(200, "text/plain", b"x" * 9_000)], "bad cosignature"),
    ],
)
def test_what_is_worth_nothing_is_refused_and_named(answers: list[Answered], named: str) -> None:
    came, _ = offered(*answers)

    assert isinstance(came, Refused)
    assert named in came.why
    assert came.why.isprintable()


# --- over the wire


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A peer that takes connections and treats each as it likes; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends = threading.Event()

    def serve() -> None:
        while not ends.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=treat, args=(peer,), daemon=True).start()

    def treat(peer: socket.socket) -> None:
        with peer:
            try:
                answer(peer)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ends.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def drip(text: bytes) -> Callable[[socket.socket], None]:
    """One byte at a time, each long before a limit for a single read is over."""

    def treat(peer: socket.socket) -> None:
        peer.recv(65_536)
        for at in range(len(text)):
            peer.sendall(text[at : at + 1])
            time.sleep(0.05)

    return treat


def say(text: bytes) -> Callable[[socket.socket], None]:
    def treat(peer: socket.socket) -> None:
        peer.recv(65_536)
        peer.sendall(text)

    return treat


def silent(peer: socket.socket) -> None:
    while peer.recv(65_536):
        pass


@pytest.mark.parametrize(
    "treat",
    [
        silent,
        drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 600),
        drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"z" * 600),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n" + b"z" * 600),
    ],
    ids=["says nothing", "drips a header", "drips a body", "drips a body of a known length"],
)
def test_whoever_takes_too_long_is_left_in_time(treat: Callable[[socket.socket], None]) -> None:
    with answering(treat) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="no whole answer"):
            post(url, b"body", timeout_seconds=0.5)
        took = time.monotonic() - began

    assert took < 10  # all of the drip would take thirty seconds


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    def flood(peer: socket.socket) -> None:
        peer.recv(65_536)
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            peer.sendall(b"x" * 65_536)

    with answering(flood) as url, pytest.raises(Unreachable, match=str(MAX_ANSWER_BYTES)):
        post(url, b"body", timeout_seconds=20)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    hops = []

    def redirect(peer: socket.socket) -> None:
        hops.append(peer.recv(65_536))
        peer.sendall(b"HTTP/1.1 307 Away\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    with answering(redirect) as url:
        assert post(f"{url}/w1/add-checkpoint", b"body", timeout_seconds=20).status == 307

    assert len(hops) == 1
    assert hops[0].startswith(b"POST /w1/add-checkpoint HTTP/1.1\r\n")


@pytest.mark.parametrize("text", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_what_is_no_whole_answer_is_none(text: bytes) -> None:
    with answering(say(text)) as url, pytest.raises(Unreachable):
        post(url, b"body", timeout_seconds=20)


def test_a_witness_that_is_down_is_unreachable() -> None:
    with answering(silent) as url:
        pass  # it was there, and is no more

    with pytest.raises(Unreachable, match="refused"):
        post(url, b"body", timeout_seconds=20)


# --- whom to ask, and when


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "desk.db")
    with begin_write(engine) as tx:
        witnesses.metadata.create_all(tx)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("", "http://witness.example"),
        (LOG.verifier_key.format(), "http://witness.example"),
        (COSIGNER.verifier_key.format(), "witness.example"),
        (COSIGNER.verifier_key.format(), "ftp://witness.example"),
        (COSIGNER.verifier_key.format(), "http://"),
        (COSIGNER.verifier_key.format(), "http://a:b@witness.example"),
        (COSIGNER.verifier_key.format(), "http://witness.example/?x=1"),
        (COSIGNER.verifier_key.format(), "http://witness.example/\nx"),
    ],
)
def test_a_wrong_key_or_address_is_not_added(desk: Engine, key: str, url: str) -> None:
    with pytest.raises(InputError), begin_write(desk) as tx:
        witnesses.add(tx, key, url, NOW)


def test_a_witness_is_added_once_and_removed_once(desk: Engine) -> None:
    with begin_write(desk) as tx:
        added = witnesses.add(tx, COSIGNER.verifier_key.format(), "https://witness.example/w1/", NOW)
        with pytest.raises(InputError, match="already"):
            witnesses.add(tx, COSIGNER.verifier_key.format(), "https://witness.example/w1", NOW)
        assert [each.witness for each in witnesses.standings(tx)] == [added]
        assert added.url == "https://witness.example/w1"
        witnesses.remove(tx, added.name)
        assert witnesses.standings(tx) == []
        with pytest.raises(InputError, match="no such"):
            witnesses.remove(tx, added.name)


def cosigned_by(tx: Any, size: int, at: Any, whom: Witness = WHOM, by: Cosigner = COSIGNER) -> None:
    made = Signature(whom.key, by_bytes(by, size, at), int(at.timestamp()))
    witnesses.note_cosigned(tx, whom, TREE.checkpoint(size), made, at)


def by_bytes(by: Cosigner, size: int, at: Any) -> bytes:
    return base64.b64decode(by.cosign(text_of(size), int(at.timestamp())).split(" ")[2])[4:]


def test_of_each_hour_the_newest_cosignature_is_kept(desk: Engine) -> None:
    with begin_write(desk) as tx:
        witnesses.add(tx, COSIGNER.verifier_key.format(), "http://witness.example", NOW)
        for size, minutes in [(1, 0), (2, 10), (3, 70), (4, 80), (5, 140)]:
            cosigned_by(tx, size, NOW + timedelta(minutes=minutes))

        assert [each.size for each in witnesses.cosignatures(tx)] == [2, 4, 5]
        (standing,) = witnesses.standings(tx)
        assert standing.newest is not None
        assert standing.newest.size == 5


def test_the_newest_cosigned_checkpoint_carries_every_line_for_exactly_it(desk: Engine) -> None:
    other = Witness(OTHER.verifier_key, "http://other.example")
    with begin_write(desk) as tx:
        assert witnesses.newest_cosigned(tx) is None
        for each in (WHOM, other):
            witnesses.add(tx, each.key.format(), each.url, NOW)
        cosigned_by(tx, 5, NOW)
        cosigned_by(tx, 5, NOW, other, OTHER)
        both = witnesses.newest_cosigned(tx)
        cosigned_by(tx, 7, NOW + timedelta(hours=1))
        one = witnesses.newest_cosigned(tx)
        exact = witnesses.cosigned(tx, TREE.checkpoint(5))
        none = witnesses.cosigned(tx, TREE.checkpoint(6))
        witnesses.remove(tx, WHOM.name)
        left = witnesses.newest_cosigned(tx)

    keys = [COSIGNER.verifier_key, OTHER.verifier_key]

    def who(note: bytes | None) -> tuple[int, list[str]]:
        assert note is not None
        opened = open_cosigned(note, LOG.verifier_key, keys)
        return opened.checkpoint.size, [each.key.name for each in opened.cosignatures]

    assert who(both) == who(exact) == (5, [WHOM.name, other.name])
    assert who(one) == (7, [WHOM.name])
    assert none == TREE.checkpoint(6)
    assert who(left) == (5, [other.name])


def standing(size: int | None, ago: timedelta = timedelta()) -> Standing:
    newest = None
    if size is not None:
        newest = witnesses.Cosignature(key=WHOM.key, size=size, made_at=NOW - ago, checkpoint=b"", line="")
    return Standing(
        witness=WHOM, asked_at=NOW, trouble="", contradiction=None, contradicted_at=None, newest=newest
    )


def test_a_witness_is_due_when_there_is_something_new_or_it_was_silent_for_long() -> None:
    assert is_due(standing(None), 7, NOW)
    assert is_due(standing(6), 7, NOW)
    assert not is_due(standing(7), 7, NOW)
    assert is_due(standing(7, AGAIN), 7, NOW)


# --- rounds over a real ledger


class World:
    """A ledger that grows, its desk, and witnesses with real memories that are asked without a network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Ticking()
        self.ledger = open_database(folder / "ledger.db")
        chosen = store.Identity(
            origin=LOG.name, public_host="trace.example", verifier_key=LOG.verifier_key.format()
        )
        with begin_write(self.ledger) as tx:
            store.create(tx, chosen, sign_checkpoint(Checkpoint(LOG.name, 0, EMPTY_ROOT), LOG))
        self.desk = open_database(folder / "desk.db")
        with begin_write(self.desk) as tx:
            witnesses.metadata.create_all(tx)
        self.memories: dict[str, Memory] = {}
        #: What a witness does instead of answering.
        self.instead: dict[str, Callable[[bytes], Answered]] = {}
        self.cosigning = Cosigning(self.ledger, self.desk, self.clock, self.ask, period_seconds=0.05)

    def hire(self, cosigner: Cosigner) -> Memory:
        engine = open_database(self.folder / f"{cosigner.name.rpartition('/')[2]}.db")
        with begin_write(engine) as tx:
            memory.create(tx, cosigner.verifier_key)
        made = Memory(engine, cosigner, self.clock)
        made.follow(LOG.verifier_key.format())
        url = f"http://{cosigner.name}"
        self.memories[url] = made
        with begin_write(self.desk) as tx:
            witnesses.add(tx, cosigner.verifier_key.format(), url, self.clock())
        return made

    def ask(self, url: str, body: bytes) -> Answered:
        prefix = url.removesuffix("/add-checkpoint")
        if prefix in self.instead:
            return self.instead[prefix](body)
        answer = self.memories[prefix].add(decode_request(body))
        if isinstance(answer, Refusal):
            return Answered(answer.status, answer.media_type.partition(";")[0], answer.body.encode())
        return Answered(200, "text/plain", answer.encode())

    def grow(self, count: int, word: str = "event") -> None:
        def admit(tx: object, position: Position, words: Sequence[int]) -> list[Append]:
            return [
                Append(f"{word} {seq}", payload_of(seq, at=position.at, assigned={"word": word}))
                for seq in range(position.size, position.size + len(words))
            ]

        sequencer: Sequencer[int, str] = Sequencer(self.ledger, LOG, self.clock, admit)
        sequencer.start()
        for future in sequencer.propose(range(count)):
            future.result(30)
        sequencer.stop()

    def standings(self) -> dict[str, Standing]:
        with begin_read(self.desk) as tx:
            return {each.witness.name: each for each in witnesses.standings(tx)}

    def sizes(self) -> dict[str, int | None]:
        return {
            name: None if each.newest is None else each.newest.size for name, each in self.standings().items()
        }

    def check_past(self) -> None:
        with begin_read(self.ledger) as tx, begin_read(self.desk) as desk:
            check_past(tx, desk)

    def set_back_to(self, copy: Path) -> None:
        """Put an older ledger.db in its place, as a careless or a cunning administrator would."""
        self.ledger.dispose()
        put_in_place(copy, self.folder / "ledger.db")

    def copy(self, name: str) -> Path:
        into = self.folder / name
        copy_database(self.folder / "ledger.db", into)
        return into

    def close(self) -> None:
        self.cosigning.stop()
        self.ledger.dispose()
        self.desk.dispose()
        for each in self.memories.values():
            each._engine.dispose()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_every_witness_cosigns_the_same_checkpoint_round_after_round(world: World) -> None:
    world.hire(COSIGNER)
    world.hire(OTHER)
    for count, size in [(3, 3), (300, 303)]:
        world.grow(count)
        world.cosigning.ask_all()
        assert world.sizes() == {WHOM.name: size, OTHER.name: size}

    with begin_read(world.desk) as tx:
        note = witnesses.newest_cosigned(tx)
    assert note is not None
    opened = open_cosigned(note, LOG.verifier_key, [COSIGNER.verifier_key, OTHER.verifier_key])
    assert (opened.checkpoint.size, len(opened.cosignatures)) == (303, 2)


def test_an_empty_ledger_asks_nobody(world: World) -> None:
    world.hire(COSIGNER)

    world.cosigning.ask_all()

    assert world.standings()[WHOM.name].asked_at is None


def test_a_witness_that_was_away_is_answered_by_a_proof_from_what_it_holds(world: World) -> None:
    world.hire(COSIGNER)
    world.grow(3)
    world.cosigning.ask_all()
    with begin_write(world.desk) as tx:  # the desk has forgotten it
        tx.execute(witnesses.cosignature.delete())
    world.grow(5)

    world.cosigning.ask_all()

    assert world.sizes() == {WHOM.name: 8}


def test_one_that_hangs_or_lies_delays_neither_the_ledger_nor_the_others(world: World) -> None:
    world.hire(COSIGNER)
    world.hire(OTHER)
    released = threading.Event()

    def hang(_: bytes) -> Answered:
        released.wait(30)
        raise Unreachable("no whole answer within 1 s")

    world.instead["http://witness.example/w1"] = hang
    world.cosigning.start()
    for size in (1, 2):
        world.grow(1)
        assert waited_for(lambda size=size: world.sizes()[OTHER.name] == size)  # type: ignore[misc]
    released.set()
    assert waited_for(lambda: world.standings()[WHOM.name].trouble != "")

    assert world.standings()[WHOM.name].trouble == "no whole answer within 1 s"
    assert world.standings()[WHOM.name].newest is None


def test_one_that_brings_nothing_is_asked_less_and_less_often(world: World) -> None:
    world.hire(COSIGNER)
    world.grow(1)
    asked = []
    world.instead["http://witness.example/w1"] = lambda _: asked.append(1) or Answered(500, "", b"")  # type: ignore[func-returns-value]

    for _ in range(200):
        world.cosigning.round()
        world.cosigning._join(20)
        world.clock.goes(1)
    often = len(asked)
    world.clock.goes(LONGEST_PAUSE_SECONDS)
    world.cosigning.round()
    world.cosigning._join(20)

    assert 5 < often < 30
    assert len(asked) == often + 1


def waited_for(true: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 30
    while not true() and time.monotonic() < ends:
        time.sleep(0.02)
    return true()


@pytest.mark.parametrize(
    "bad",
    [
        lambda body: Answered(200, "text/plain", line_over(text_of(), OTHER)),
        lambda body: Answered(200, "text/plain", line_over("ledger.example/cables\n9\n")),
        lambda body: Answered(200, "text/plain", noise(1)),
    ],
)
def test_a_bad_cosignature_is_dropped_and_named(
    world: World, log: list[Any], bad: Callable[[bytes], Answered]
) -> None:
    world.hire(COSIGNER)
    world.grow(2)
    world.instead["http://witness.example/w1"] = bad

    world.cosigning.ask_all()

    assert world.sizes() == {WHOM.name: None}
    assert "bad cosignature" in world.standings()[WHOM.name].trouble
    assert any(line["log_level"] == "warning" and line["witness"] == WHOM.name for line in log)


def test_a_witness_that_holds_more_than_we_have_is_a_loud_alarm_until_it_cosigns_again(
    world: World, log: list[Any]
) -> None:
    world.hire(COSIGNER)
    world.grow(2)
    older = world.copy("older.db")
    world.grow(3)
    world.cosigning.ask_all()
    newer = world.copy("newer.db")

    world.set_back_to(older)
    world.cosigning.ask_all()
    alarmed = world.standings()[WHOM.name]
    world.instead["http://witness.example/w1"] = lambda _: Answered(500, "", b"")
    world.cosigning.ask_all()
    still = world.standings()[WHOM.name].contradiction
    del world.instead["http://witness.example/w1"]
    world.set_back_to(newer)
    world.cosigning.ask_all()

    assert alarmed.contradiction == still == Contradiction("set-back", 5, 2)
    assert any(line["log_level"] == "critical" and line["their_size"] == 5 for line in log)
    assert world.standings()[WHOM.name].contradiction is None


def test_a_ledger_rewritten_and_signed_again_is_convicted_by_its_witness(world: World) -> None:
    witness = world.hire(COSIGNER)
    world.grow(2)
    older = world.copy("older.db")
    world.grow(3)
    world.cosigning.ask_all()

    world.set_back_to(older)
    world.clock.goes(1)
    world.grow(6, "another event")
    world.cosigning.ask_all()

    assert world.standings()[WHOM.name].contradiction == Contradiction("forked", 5, 8)
    assert world.sizes() == {WHOM.name: 5}
    assert witness.followed()[0].contradictions == 1
    with pytest.raises(Broken, match=r"has cosigned 5 entries.* of the 8 that are here"):
        world.check_past()


def test_a_witness_that_saw_a_newer_checkpoint_meanwhile_contradicts_nothing(world: World) -> None:
    world.hire(COSIGNER)
    world.grow(2)

    def meanwhile(body: bytes) -> Answered:
        del world.instead["http://witness.example/w1"]
        world.grow(2)
        Cosigning(world.ledger, world.desk, world.clock, world.ask).ask_all()
        return world.ask("http://witness.example/w1/add-checkpoint", body)

    world.instead["http://witness.example/w1"] = meanwhile
    world.cosigning.ask_all()

    assert world.standings()[WHOM.name].contradiction is None
    assert world.sizes() == {WHOM.name: 4}


# --- at start-up


def test_a_ledger_that_continues_what_was_signed_is_let_in(world: World) -> None:
    world.check_past()
    world.hire(COSIGNER)
    world.grow(2)
    remember(world.ledger, world.desk)
    world.cosigning.ask_all()
    world.check_past()
    world.grow(300)
    world.check_past()


def test_a_set_back_ledger_is_found_by_our_own_memory_without_any_witness(world: World) -> None:
    world.grow(2)
    older = world.copy("older.db")
    world.grow(3)
    remember(world.ledger, world.desk)

    world.set_back_to(older)

    with pytest.raises(Broken, match=r"this service has signed 5 entries, and only 2 are here"):
        world.check_past()
    world.grow(9, "another event")
    with pytest.raises(Broken, match=r"signed 5 entries, and the first 5 of the 11 that are here are others"):
        world.check_past()
    with pytest.raises(Broken):
        remember(world.ledger, world.desk)  # a forgery does not take the place of what it contradicts
    with begin_read(world.desk) as tx:
        kept = witnesses.kept(tx)
    assert kept is not None
    assert open_checkpoint(kept[0], LOG.verifier_key).size == 5


def test_a_swapped_key_is_found(world: World) -> None:
    world.grow(2)
    remember(world.ledger, world.desk)
    swapped = NoteSigner.from_seed(LOG.name, b"\x77" * 32)
    key = swapped.verifier_key.format()
    damage(world.folder / "ledger.db", "UPDATE identity SET verifier_key = :key", key=key)

    with pytest.raises(Broken, match="the key was swapped"):
        world.check_past()


def test_a_cosignature_that_was_made_up_at_the_desk_stops_nothing_and_is_named(
    world: World, log: list[Any]
) -> None:
    world.hire(COSIGNER)
    world.grow(2)
    world.cosigning.ask_all()
    with begin_write(world.desk) as tx:
        tx.execute(witnesses.cosignature.update().values(checkpoint=TREE.checkpoint(9), size=9))

    world.check_past()

    assert any(line["event"] == "passed over" and WHOM.name in line["what"] for line in log)
