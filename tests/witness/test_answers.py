"""What a witness answers: every row of the protocol, over its real routes and its real file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cabletrace.app.witnessing import create_witness, open_witness
from cabletrace.db.engine import open_sqlite
from cabletrace.errors import Broken, InputError
from cabletrace.ledger.add_checkpoint import AddCheckpoint, decode_request, encode_request
from cabletrace.ledger.checkpoint import open_checkpoint
from cabletrace.ledger.cosignature import Cosigner, open_cosignature, open_cosigned
from cabletrace.ledger.note import NoteSigner
from cabletrace.witness.judgement import Refusal
from cabletrace.witness.memory import MAX_EVIDENCE, Memory
from cabletrace.witness.server import make_witness_app
from witness_for_tests import LOG, Growing, Ticking, noise

TREE = Growing()
FORK = Growing("another", after=(TREE, 3))
ORIGIN = LOG.name


class Witness:
    """A witness that runs, with its memory and its clock."""

    def __init__(self, folder: Path, memory: Memory, clock: Ticking) -> None:
        self.folder, self.memory, self.clock = folder, memory, clock
        self.client = TestClient(make_witness_app(memory, clock), raise_server_exceptions=False)

    def post(self, body: bytes) -> tuple[int, str, str]:
        answer = self.client.post("/add-checkpoint", content=body)
        return answer.status_code, answer.headers["content-type"], answer.text

    def cosigns(self, old: int, size: int, tree: Growing = TREE) -> int:
        """The time of the cosignature, which was checked."""
        status, _, lines = self.post(tree.request(old, size))
        assert status == 200, lines
        made = open_cosignature(tree.checkpoint(size), lines.encode(), self.memory.verifier_key)
        assert made.made_at is not None
        return made.made_at

    @property
    def holds(self) -> tuple[int | None, str | None]:
        (log,) = self.client.get("/logs").json()["logs"]
        return log["size"], log["root"]


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    folder, clock = tmp_path / "witness", Ticking()
    create_witness(folder, "witness.example/w1")
    with open_witness(folder, clock=clock) as memory:
        memory.follow(LOG.verifier_key.format())
        yield Witness(folder, memory, clock)


def test_a_first_checkpoint_and_each_that_continues_it_are_cosigned(witness: Witness) -> None:
    for old, size in [(0, 3), (3, 3), (3, 7), (7, 8), (8, 300)]:
        witness.clock.goes(60)
        assert witness.cosigns(old, size) == int(witness.clock.now.timestamp())

    assert witness.holds[0] == 300


def test_the_empty_tree_is_cosigned_and_anything_continues_it(witness: Witness) -> None:
    witness.cosigns(0, 0)
    assert witness.holds[0] == 0
    witness.cosigns(0, 5)


def bent(old: int, size: int, bend: Callable[[AddCheckpoint], AddCheckpoint]) -> bytes:
    return encode_request(bend(decode_request(TREE.request(old, size))))


def with_proof(*proof: bytes) -> Callable[[AddCheckpoint], AddCheckpoint]:
    return lambda request: AddCheckpoint(request.old_size, proof, request.checkpoint)


STRANGER = NoteSigner.from_seed("stranger.example", b"\x07" * 32)
NAMESAKE = NoteSigner.from_seed(ORIGIN, b"\x08" * 32)


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        (b"", 400, None),
        (b"old 5\n\n", 400, None),
        (b"old five\n\n" + TREE.checkpoint(7), 400, None),
        (TREE.request(5, 7).replace(b"\n7\n", b"\n07\n"), 400, None),
        (Growing(signer=STRANGER).request(0, 7), 404, None),
        (Growing(signer=NAMESAKE).request(5, 7), 403, None),
        (TREE.request(5, 7).replace(b"\n7\n", b"\n8\n"), 403, None),
        (bent(5, 7, lambda r: AddCheckpoint(9, (), r.checkpoint)), 400, None),
        (TREE.request(0, 7), 409, "5\n"),
        (TREE.request(3, 7), 409, "5\n"),
        (TREE.request(6, 7), 409, "5\n"),
        (TREE.request(4, 4), 409, "5\n"),
        (FORK.request(5, 5), 409, "5\n"),
        (FORK.request(5, 7), 422, None),
        (bent(5, 7, with_proof()), 422, None),
        (bent(5, 7, with_proof(*TREE.proof(5, 7), noise(1))), 422, None),
        (bent(5, 7, with_proof(*TREE.proof(5, 7)[:-1])), 422, None),
        (bent(5, 7, with_proof(noise(1), *TREE.proof(5, 7)[1:])), 422, None),
        (bent(5, 5, with_proof(noise(1))), 422, None),
    ],
)
def test_everything_else_is_refused_with_its_own_status(
    witness: Witness, body: bytes, status: int, answer: str | None
) -> None:
    witness.cosigns(0, 5)
    held = witness.holds

    answered, media_type, text = witness.post(body)

    assert answered == status, text
    if answer is None:
        assert media_type == "text/plain; charset=utf-8"
        assert "—" not in text
    else:
        assert (media_type, text) == ("text/x.tlog.size", answer)
    assert witness.holds == held


def test_a_proof_from_the_empty_tree_is_none(witness: Witness) -> None:
    assert witness.post(bent(0, 7, with_proof(noise(1))))[0] == 422
    assert witness.holds == (None, None)


def test_a_body_that_is_too_long_is_not_read_to_its_end(witness: Witness) -> None:
    assert witness.post(b"x" * 1_100_000)[0] == 413


def test_a_ledger_that_is_left_is_not_cosigned_and_cannot_begin_anew_when_it_comes_back(
    witness: Witness,
) -> None:
    witness.cosigns(0, 5)

    witness.memory.leave(ORIGIN)
    while_away = witness.post(TREE.request(5, 7))[0]
    witness.memory.follow(LOG.verifier_key.format())

    assert while_away == 404
    assert witness.post(FORK.request(0, 7))[0] == 409
    witness.cosigns(5, 7)


def test_only_a_ledgers_key_is_followed_and_each_origin_once(witness: Witness) -> None:
    for text in (NAMESAKE.verifier_key.format(), LOG.verifier_key.format()):
        with pytest.raises(InputError, match="followed already"):
            witness.memory.follow(text)
    for text in ("", "words", witness.memory.verifier_key.format()):
        with pytest.raises(InputError):
            witness.memory.follow(text)
    with pytest.raises(InputError, match="not followed"):
        witness.memory.leave("nobody.example")


# --- what it shows and remembers


def test_anybody_may_fetch_what_it_holds_and_keep_it(witness: Witness) -> None:
    witness.cosigns(0, 5)

    note = witness.client.get(f"/checkpoint/{ORIGIN}").content
    page = witness.client.get("/")

    opened = open_cosigned(note, LOG.verifier_key, [witness.memory.verifier_key])
    assert (opened.checkpoint.size, len(opened.cosignatures)) == (5, 1)
    assert witness.client.get("/vkey").text == f"{witness.memory.verifier_key.format()}\n"
    assert ORIGIN in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert witness.client.get("/checkpoint/nobody.example").status_code == 404


def test_it_keeps_what_the_ledger_itself_has_signed_against_itself(witness: Witness, log: list[Any]) -> None:
    witness.cosigns(0, 5)

    witness.post(FORK.request(5, 5))
    witness.post(FORK.request(5, 7))
    witness.post(Growing(signer=NAMESAKE).request(5, 7))  # anybody could have sent that

    kept = witness.client.get(f"/evidence/{ORIGIN}").json()
    (log_state,) = witness.client.get("/logs").json()["logs"]
    assert log_state["contradictions"] == 2
    assert [each["accuses"] for each in kept] == [
        "two roots for one size",
        "no proof that 7 entries begin with the 5 cosigned",
    ]
    one = open_checkpoint(kept[0]["held"].encode(), LOG.verifier_key)
    other = open_checkpoint(decode_request(kept[0]["request"].encode()).checkpoint, LOG.verifier_key)
    assert one.size == other.size
    assert one.root != other.root
    assert sum(line["log_level"] == "critical" for line in log) == 2
    for _ in range(2 * MAX_EVIDENCE):
        witness.memory.add(decode_request(FORK.request(5, 5)))
    assert witness.memory.followed()[0].contradictions == MAX_EVIDENCE


def test_after_a_restart_it_holds_what_it_held(witness: Witness) -> None:
    witness.cosigns(0, 5)

    with open_witness(witness.folder, clock=witness.clock) as memory:
        again = Witness(witness.folder, memory, witness.clock)
        assert again.post(FORK.request(0, 7)) == (409, "text/x.tlog.size", "5\n")
        again.cosigns(5, 7)


def test_a_memory_under_another_key_is_refused(witness: Witness) -> None:
    engine = open_sqlite(witness.folder / "witness.db")

    with pytest.raises(Broken, match="belongs to"):
        Memory(engine, Cosigner.from_seed("witness.example/w1", b"\x01" * 32), witness.clock)
    engine.dispose()


def test_a_witness_is_made_once(witness: Witness, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="already"):
        create_witness(witness.folder, "other.example")
    with pytest.raises(InputError, match="space"):
        create_witness(tmp_path / "other", "two words")
    with pytest.raises(InputError, match="no folder"), open_witness(tmp_path / "nowhere"):
        pass


# --- time


def test_time_stands_still_rather_than_going_back(witness: Witness) -> None:
    first = witness.cosigns(0, 5)
    witness.clock.goes(-3)

    assert witness.cosigns(5, 7) == first


def test_with_a_clock_far_behind_nothing_is_cosigned(witness: Witness, log: list[Any]) -> None:
    witness.cosigns(0, 5)
    witness.clock.goes(-60)

    status, _, words = witness.post(TREE.request(5, 7))

    assert status == 503
    assert "set the clock right" in words
    assert witness.holds[0] == 5
    assert any(line["log_level"] == "critical" for line in log)


# --- two at once


def test_of_two_forks_at_the_same_moment_one_is_cosigned_and_the_other_is_judged_by_it(
    witness: Witness,
) -> None:
    seed = (witness.folder / "keys" / "witness.seed").read_bytes()
    engines = [open_sqlite(witness.folder / "witness.db") for _ in range(2)]
    entered, others = threading.Event(), threading.Event()

    def hold_up() -> None:
        entered.set()
        others.wait(0.5)  # the other request is on its way meanwhile

    slow, fast = (
        Memory(engine, Cosigner.from_seed("witness.example/w1", seed), witness.clock, between=between)
        for engine, between in zip(engines, [hold_up, lambda: None], strict=True)
    )
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slow.add, decode_request(TREE.request(0, 7)))
        assert entered.wait(10)
        second = threads.submit(fast.add, decode_request(FORK.request(0, 8)))
        answers = [first.result(20), second.result(20)]
    for engine in engines:
        engine.dispose()

    assert isinstance(answers[0], str)
    assert isinstance(answers[1], Refusal)
    assert (answers[1].status, answers[1].body) == (409, "7\n")


def test_many_requests_at_once_leave_one_history(witness: Witness) -> None:
    requests = [decode_request(tree.request(0, size)) for size in range(4, 12) for tree in (TREE, FORK)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(witness.memory.add, requests))

    assert sum(isinstance(answer, str) for answer in answers) == 1
