"""The whole house with witnesses: what is published and shown, what is refused at start-up, what `verify` says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.migrating import migrate_installation
from cabletrace.app.server import make_app
from cabletrace.app.verify import verify_ledger
from cabletrace.app.witnessing import ask_witnesses, create_witness, open_witness
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_write
from cabletrace.errors import Broken
from cabletrace.intake.record import prepare
from cabletrace.ledger import witnesses
from cabletrace.ledger.add_checkpoint import decode_request
from cabletrace.ledger.asking import Answered, Unreachable
from cabletrace.ledger.cosignature import open_cosigned
from cabletrace.ledger.faults import Fault
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.verify import End
from cabletrace.witness.judgement import Refusal
from cabletrace.witness.memory import Memory
from copies_for_tests import copy_database, put_in_place, remove_database
from drafts_for_tests import party, uscc_of
from witness_for_tests import Ticking

PROGRAM = Path(sys.executable).with_name("cabletrace")
GO_CHECKER = Path(__file__).parents[1] / "go"
NAMES = ("witness.example/w1", "witness.example/w2")


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


def copy_of(folder: Folder, into: Path) -> Path:
    copy_database(folder.ledger, into)
    return into


class House:
    """An installation in a folder and two witnesses beside it, which are asked without a network."""

    def __init__(self, root: Path, closing: ExitStack) -> None:
        self.folder = Folder(root / "data")
        self.clock = Ticking()
        self.away: set[str] = set()
        create(self.folder, origin="trace.example/ledger", public_host="trace.example", clock=self.clock)
        self.memories: dict[str, Memory] = {}
        for name in NAMES:
            create_witness(root / name, name)
            self.memories[name] = closing.enter_context(open_witness(root / name, clock=self.clock))
        self.parties = 0

    def hire(self, key: VerifierKey, *names: str) -> None:
        desk = open_database(self.folder.desk)
        with begin_write(desk) as tx:
            for name in names or NAMES:
                self.memories[name].follow(key.format())
                witnesses.add(tx, self.memories[name].verifier_key.format(), f"http://{name}", self.clock())
        desk.dispose()

    def ask(self, url: str, body: bytes) -> Answered:
        name = url.removeprefix("http://").removesuffix("/add-checkpoint")
        if name in self.away:
            raise Unreachable("it is away")
        answer = self.memories[name].add(decode_request(body))
        if isinstance(answer, Refusal):
            return Answered(answer.status, answer.media_type.partition(";")[0], answer.body.encode())
        return Answered(200, "text/plain", answer.encode())

    def round(self) -> None:
        ask_witnesses(self.folder, clock=self.clock, ask=self.ask)

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        with open_installation(self.folder, clock=self.clock) as house:
            yield house

    def record(self, house: Installation, count: int = 1) -> None:
        for _ in range(count):
            self.parties += 1
            credit_code = uscc_of("411602", f"MA1W{self.parties:04}"[:8])
            envelope = party(
                credit_code, f"示例单位{self.parties}", "distributor", region="411602", uscc=credit_code,
                entered_for=house.operator,
            )  # fmt: skip
            (answer,) = house.intake.record_now([prepare(envelope, house.at_the_machine())])
            assert isinstance(answer, Receipt)

    def live(self, count: int) -> None:
        with self.opened() as house:
            self.record(house, count)

    def set_back_to(self, copy: Path) -> None:
        put_in_place(copy, self.folder.ledger)

    def forget_what_was_signed(self) -> None:
        """A cunning administrator clears the desk too."""
        desk = open_database(self.folder.desk)
        with begin_write(desk) as tx:
            tx.execute(witnesses.cosignature.delete())
            tx.execute(witnesses.kept_checkpoint.delete())
        desk.dispose()

    def verify(self, **choices: Any) -> tuple[list[Fault], End | None]:
        found: list[Fault] = []
        verification = verify_ledger(self.folder.root, **choices)
        while True:
            try:
                found.append(next(verification))
            except StopIteration as ended:
                return found, ended.value


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as closing:
        made = House(tmp_path, closing)
        with made.opened() as opened:
            key = VerifierKey.parse(opened.identity.verifier_key)
        made.hire(key)
        yield made


def keys(house: House) -> list[VerifierKey]:
    return [memory.verifier_key for memory in house.memories.values()]


def test_checkpoints_are_published_with_the_cosignatures_that_are_for_exactly_them(house: House) -> None:
    with house.opened() as opened, TestClient(make_app(opened)) as client:
        log_key = VerifierKey.parse(client.get("/ledger/vkey").text.strip())

        def who(path: str) -> tuple[int, list[str]]:
            answer = client.get(path)
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            cosigned = open_cosigned(answer.content, log_key, keys(house))
            return cosigned.checkpoint.size, [each.key.name for each in cosigned.cosignatures]

        before = client.get("/ledger/cosigned").status_code
        house.round()
        both = who("/ledger/checkpoint")
        house.record(opened)
        grown, cosigned = who("/ledger/checkpoint"), who("/ledger/cosigned")
        house.away.add(NAMES[1])
        house.round()
        one = who("/ledger/cosigned")

    assert before == 404
    assert both == cosigned == (1, list(NAMES))
    assert grown == (2, [])
    assert one == (2, [NAMES[0]])


def test_the_page_and_readiness_say_how_far_and_how_long_ago(house: House) -> None:
    with house.opened() as opened, TestClient(make_app(opened)) as client:
        unwitnessed = client.get("/ledger").text
        house.record(opened, 2)
        house.round()
        house.record(opened)
        house.away.add(NAMES[1])
        house.round()
        house.clock.goes(300)
        chinese, english = client.get("/ledger").text, client.get("/ledger?lang=en").text
        house.clock.goes(3600)
        stale = client.get("/ledger?lang=en").text
        ready = client.get("/readyz").json()

    assert "还没有见证人会签" in unwitnessed
    assert "序号 3 及以前，谁也不能悄悄改写" in chinese
    assert "5 分钟前" in chinese
    assert "Up to index 3 nobody can rewrite history unseen" in english
    assert "Did not cosign last time" in english
    assert "Nothing was cosigned for more than an hour" in stale
    assert (ready["ready"], ready["cosigned"], ready["contradicted_by"]) == (True, 4, [])


def test_a_witness_that_holds_another_history_is_shown_and_told_to_supervisors(
    house: House, tmp_path: Path
) -> None:
    older = copy_of(house.folder, tmp_path / "older.db")
    house.live(3)
    house.round()
    house.set_back_to(older)
    house.forget_what_was_signed()

    with house.opened() as opened, TestClient(make_app(opened)) as client:
        house.round()
        page = client.get("/ledger?lang=en").text
        ready = client.get("/readyz").json()

    assert "is held by the witness witness.example/w1, witness.example/w2" in page
    assert "it has cosigned 4 entries, this ledger has 1" in page
    assert (ready["ready"], ready["contradicted_by"]) == (True, list(NAMES))


@pytest.mark.parametrize("witnessed", [True, False])
def test_a_ledger_that_was_set_back_or_forked_is_not_written_to(
    house: House, tmp_path: Path, witnessed: bool
) -> None:
    older = copy_of(house.folder, tmp_path / "older.db")
    house.live(3)
    if witnessed:
        house.round()
        desk = open_database(house.folder.desk)
        with begin_write(desk) as tx:
            tx.execute(witnesses.kept_checkpoint.delete())
        desk.dispose()

    house.set_back_to(older)

    who = "the witness witness.example/w. has cosigned" if witnessed else "this service has signed"
    with pytest.raises(Broken, match=f"{who} 4 entries, and only 1 are here"), house.opened():
        pass
    kept = tmp_path / "kept.db"
    copy_database(house.folder.desk, kept)
    remove_database(house.folder.desk)
    house.clock.goes(1)
    house.live(5)  # without what the desk knew, a fork is made
    put_in_place(kept, house.folder.desk)
    with pytest.raises(Broken, match=f"{who} 4 entries, and the first 4 of the 6"), house.opened():
        pass


def test_an_installation_made_before_there_were_witnesses_opens(house: House) -> None:
    desk = open_database(house.folder.desk)
    with begin_write(desk) as tx:
        witnesses.metadata.drop_all(tx)
        tx.exec_driver_sql("DROP TABLE desk_version")
    desk.dispose()
    migrate_installation(house.folder)

    assert house.verify()[0] == []
    house.live(1)
    assert house.verify()[0] == []


# --- verify


def test_verify_says_how_far_history_is_witnessed(house: House, tmp_path: Path) -> None:
    house.live(2)
    house.round()
    house.live(2)

    found, end = house.verify()

    assert found == []
    assert end is not None
    assert (end.size, end.witnessed) == (5, 3)


def test_a_rewritten_history_is_placed_between_two_sizes(house: House, tmp_path: Path) -> None:
    for _ in range(2):
        house.live(2)
        house.round()
        house.clock.goes(3600)
    fork = copy_of(house.folder, tmp_path / "fork.db")
    house.live(3)
    house.round()
    kept = [memory.followed()[0].note for memory in house.memories.values()]
    copy_database(house.folder.desk, tmp_path / "kept.db")
    # The administrator goes back to 5 entries, forgets the rest, and writes and signs other ones.
    house.set_back_to(fork)
    house.forget_what_was_signed()
    house.live(6)
    clean, _ = house.verify()
    convicted, _ = house.verify(since=[kept[0]], by=keys(house))
    put_in_place(tmp_path / "kept.db", house.folder.desk)
    by_the_desk, _ = house.verify()

    assert clean == []
    assert [(each.table, each.key) for each in convicted] == [("kept checkpoint", (8,))]
    assert NAMES[0] in convicted[0].text.en
    assert [(each.table, each.key) for each in by_the_desk] == [("kept checkpoint", (8,))]
    assert "rewritten between sizes 5 and 8" in by_the_desk[0].text.en


def test_a_checkpoint_must_be_cosigned_by_whom_is_asked_for(house: House, tmp_path: Path) -> None:
    house.live(2)
    house.away.add(NAMES[1])
    house.round()
    note = house.memories[NAMES[0]].followed()[0].note
    assert note is not None
    first, second = keys(house)

    for since, by, faults in [
        (note, [first], 0),
        (note, [second, first], 0),
        (note, [second], 1),
        (note.partition(b"\xe2\x80\x94 witness")[0], [first], 1),
        (note[:-9] + b"AAAAAAA=\n", [first], 1),
        (note, [], 0),
    ]:
        found, end = house.verify(since=[since], by=by)
        assert [each.table for each in found] == ["kept checkpoint"] * faults, by
        assert end is not None
        assert end.witnessed == 3  # by what the desk keeps


def test_a_cosignature_that_was_changed_at_the_desk_is_a_fault(house: House) -> None:
    house.live(2)
    house.round()
    desk = open_database(house.folder.desk)
    with begin_write(desk) as tx:
        tx.execute(
            witnesses.cosignature.update()
            .values(made_at=0, line="— witness.example/w1 AAAAAAAA\n")
            .where(witnesses.cosignature.c.line.contains(NAMES[0]))
        )
    desk.dispose()

    found, end = house.verify()

    assert [(each.table, each.key) for each in found] == [("cosignature", (NAMES[0], 3))]
    assert end is not None
    assert end.witnessed == 3


# --- two processes and a network between them


class Process:
    """One of our programs that serves."""

    def __init__(self, *arguments: str | Path, **environment: str) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "NO_COLOR": "1", **environment},
        )
        assert self._process.stdout is not None
        self.address = next(
            line.removeprefix("ready ").strip() for line in self._process.stdout if line.startswith("ready ")
        )

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:  # noqa: S310 - our own service
            content: bytes = answer.read()
            return content

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(how)
        self._process.communicate(timeout=60)
        return self._process.returncode


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=120)


def waited_for(true: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 60
    while not true() and time.monotonic() < ends:
        time.sleep(0.1)
    return true()


@pytest.mark.full
def test_a_ledger_and_a_witness_as_their_operators_start_them(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "witness"
    assert command("init", "--data", data, "--origin", "trace.example/ledger").returncode == 0
    made = command("witness", "init", "--folder", folder, "--name", NAMES[0], "--json")
    witness_key = json.loads(made.stdout)["verifier_key"]
    ledger = Process("serve", "--data", data, "--port", "0", CABLETRACE_COSIGN_SECONDS="0.2")
    witness = Process("witness", "serve", "--folder", folder, "--port", "0")
    older = tmp_path / "older.db"
    copy_of(Folder(data), older)

    # They learn of each other while they run, and the ledger's first checkpoint is cosigned.
    assert witness.get("/vkey").decode().strip() == witness_key
    log_key = ledger.get("/ledger/vkey").decode().strip()
    assert command("witness", "follow", log_key, "--folder", folder).returncode == 0
    assert command("cosigner", "add", witness_key, witness.address, "--data", data).returncode == 0
    assert waited_for(lambda: json.loads(ledger.get("/readyz"))["cosigned"] == 1)

    # The witness is killed and comes back at another place; the ledger grows meanwhile.
    witness.end(signal.SIGKILL)
    added = command("user", "add", "somebody", "--role", "operator", "--data", data)
    assert added.returncode == 0
    with open_installation(Folder(data)) as house:
        envelope = party(
            uscc_of("411602", "MA1TEXT9"), "示例单位", "distributor", region="411602",
            uscc=uscc_of("411602", "MA1TEXT9"), entered_for=house.operator,
        )  # fmt: skip
        house.intake.record_now([prepare(envelope, house.at_the_machine())])
    witness = Process("witness", "serve", "--folder", folder, "--port", "0")
    command("cosigner", "remove", NAMES[0], "--data", data)
    assert command("cosigner", "add", witness_key, witness.address, "--data", data).returncode == 0
    assert waited_for(lambda: json.loads(ledger.get("/readyz"))["cosigned"] == 2)
    kept = tmp_path / "kept.checkpoint"
    kept.write_bytes(witness.get("/checkpoint/trace.example/ledger"))
    assert kept.read_bytes() == ledger.get("/ledger/cosigned") == ledger.get("/ledger/checkpoint")

    # Go reads what is published, cosignature included.
    vkey = tmp_path / "witness.vkey"
    vkey.write_text(witness_key)
    go = shutil.which("go")
    assert go is not None, "needs Go: apt-get install golang-go, or https://go.dev/dl"
    checked = subprocess.run(
        [go, "run", "./checklog", "-cosigner", vkey, f"{ledger.address}/ledger"],
        cwd=GO_CHECKER, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert f"cosigned by {NAMES[0]}" in checked.stdout

    # An older copy is brought back. The service refuses it; whoever kept the checkpoint can show it.
    assert ledger.end() == 0
    verified = command("verify", "--data", data, "--since", kept, "--witness", witness_key, "--json")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (data / name).unlink(missing_ok=True)
    shutil.copy(older, data / "ledger.db")
    refused = command("serve", "--data", data, "--port", "0")
    convicted = command("verify", "--data", data, "--since", kept, "--witness", witness_key, "--json")

    assert json.loads(verified.stdout) == {"clean": True, "witnessed": 2, "faults": [], "notes": []}
    assert refused.returncode == 3
    assert "2 entries, and only 1 are here" in refused.stderr
    assert convicted.returncode == 1
    assert "2 entries were signed, 1 are here" in convicted.stdout

    # With the desk cleared too, the service starts; the witness does not forget.
    (data / "desk.db").unlink()
    for name in ("desk.db-wal", "desk.db-shm"):
        (data / name).unlink(missing_ok=True)
    command("cosigner", "add", witness_key, witness.address, "--data", data)
    ledger = Process("serve", "--data", data, "--port", "0", CABLETRACE_COSIGN_SECONDS="0.2")
    assert waited_for(lambda: json.loads(ledger.get("/readyz"))["contradicted_by"] == [NAMES[0]])
    assert command("cosigner", "list", "--data", data).returncode == 1
    assert b"this ledger has 1" in ledger.get("/ledger?lang=en")
    assert ledger.end() == 0
    assert witness.end() == 0
