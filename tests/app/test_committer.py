"""The committer in a process of its own: callers cannot tell, and whoever dies leaves nobody waiting."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from cabletrace.app.committer import CommitterProcess, open_committer_process
from cabletrace.app.crossing import packed, unpacked
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.policy import Role
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read
from cabletrace.errors import Broken
from cabletrace.flow import books
from cabletrace.intake.admit import SAME_ID_OTHER_CONTENT, Proposal
from cabletrace.intake.record import prepare
from cabletrace.ledger.checkpoint import open_checkpoint
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.payload import decode_payload
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.standing import Stopped
from cabletrace.ledger.store import read_head, read_row
from cabletrace.model.admission import Refusal
from damage_for_tests import damage, refusing
from drafts_for_tests import (
    MAKER,
    Envelope,
    batch_of,
    certificate,
    dispatch,
    key,
    party,
    product,
    production,
    signed,
)
from house_for_tests import signed_in

PATIENCE = 20.0
KEY = "00000000-0000-4000-8000-0000000000c1"
CAST = (
    party(MAKER, "周口市禾泽示范电缆有限公司", "manufacturer", region="411603", entered_for=MAKER),
    certificate(entered_for=MAKER),
    product(entered_for=MAKER),
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    create(made, origin="trace.example/ledger", public_host="trace.example")
    return made


@contextmanager
def opened(folder: Folder) -> Iterator[tuple[Installation, CommitterProcess]]:
    with open_installation(folder, open_committer=open_committer_process) as house:
        assert isinstance(house.committer, CommitterProcess)
        yield house, house.committer


def propose(house: Installation, *envelopes: Envelope) -> list[Future[Receipt | Refusal]]:
    return house.committer.propose([prepare(each, house.at_the_machine()) for each in envelopes])


def record(house: Installation, *envelopes: Envelope) -> list[Receipt | Refusal]:
    return [future.result(PATIENCE) for future in propose(house, *envelopes)]


def lot(name: str) -> Envelope:
    return production(name, units=[(1, 4, 250_000)], entered_for=MAKER)


def size_of(folder: Folder) -> int:
    ledger = open_database(folder.ledger)
    with begin_read(ledger) as tx:
        size = read_head(tx).size
    ledger.dispose()
    return size


def test_callers_cannot_tell_receipts_refusals_and_repetitions_come_in_order(folder: Folder) -> None:
    with opened(folder) as (house, _):
        made = lot("L1")
        too_much = dispatch(batch_of(lot="L1"), to=MAKER, units=[(1, 9)], entered_for=MAKER)
        other = {"draft": {**made["draft"], "body": {**made["draft"]["body"], "line": "3号线"}}}

        answers = record(house, *CAST, made, too_much, made, other)

    first, refused, again, changed = answers[3:]
    assert isinstance(first, Receipt)
    assert first.seq == 4  # after the operator and the cast
    assert isinstance(refused, Refusal)
    assert refused.problems[0].code == "unit-not-in-batch"
    assert again == first
    assert changed == SAME_ID_OTHER_CONTENT


def test_a_signature_crosses_to_the_other_process_and_is_judged_there(folder: Folder) -> None:
    makers, made = signed_in(MAKER, Role.MANUFACTURER), production("L1", units=[(1, 4, 250_000)])
    with opened(folder) as (house, _):
        record(house, *CAST)

        def go(*envelopes: Envelope) -> list[Receipt | Refusal]:
            return house.intake.record_now([prepare(each, makers) for each in envelopes])

        registered = go(key(id_=KEY))
        receipt, revoked, late = go(
            signed(made, KEY), key(id_=KEY, revoked=True), signed(made_again(made), KEY)
        )
        with begin_read(house.ledger) as tx:
            row = read_row(tx, receipt.seq) if isinstance(receipt, Receipt) else None

    assert isinstance(registered[0], Receipt)
    assert isinstance(revoked, Receipt)
    assert row is not None
    assert decode_payload(row.payload).signature == signed(made, KEY)["signature"]
    assert isinstance(late, Refusal)
    assert late.problems[0].code == "signature-key-not-valid"
    assert list(verify_ledger(folder.root, also=())) == []


def made_again(made: Envelope) -> Envelope:
    return {"draft": {**made["draft"], "id": KEY, "subject": batch_of(lot="L2")}}


def test_each_receipt_has_a_signed_checkpoint_over_it(folder: Folder) -> None:
    with opened(folder) as (house, _):
        receipts = record(house, *CAST, *(lot(f"L{n}") for n in range(700)))  # more than one group

    key = VerifierKey.parse(house.identity.verifier_key)
    for each in receipts:
        assert isinstance(each, Receipt)
        assert open_checkpoint(each.checkpoint, key).size > each.seq


def test_who_follows_hears_of_each_growth(folder: Folder) -> None:
    heard: list[int] = []
    with opened(folder) as (house, committer):
        committer.on_append(heard.append)

        record(house, *CAST)
        record(house, dispatch(batch_of(lot="nothing"), to=MAKER, units=[(1, 1)], entered_for=MAKER))

    assert heard == [4]


def test_what_was_proposed_before_the_end_is_answered_and_nothing_after_it_is_taken(folder: Folder) -> None:
    with opened(folder) as (house, committer):
        futures = propose(house, *CAST, *(lot(f"L{n}") for n in range(300)))

    assert all(isinstance(future.result(0), Receipt) for future in futures)
    assert committer.standing().stopped == ""
    with pytest.raises(Stopped, match="closing"):
        propose(house, lot("late"))


def test_a_repeated_proposal_after_a_kill_gets_its_first_receipt(folder: Folder) -> None:
    made = lot("L1")
    with opened(folder) as (house, committer):
        *_, first = record(house, *CAST, made)
        os.kill(committer.pid, signal.SIGKILL)

    with opened(folder) as (house, _):
        (again,) = record(house, made)

    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (again.seq, again.entry_hash, again.recorded_at) == (
        first.seq,
        first.entry_hash,
        first.recorded_at,
    )


def test_a_ledger_that_must_not_be_written_to_is_said_at_once(folder: Folder) -> None:
    damage(folder.ledger, "UPDATE head SET root = zeros(32)")

    with pytest.raises(Broken, match="root"), opened(folder):
        pass


def test_signals_to_the_whole_group_do_not_end_it_before_the_service_does(folder: Folder) -> None:
    with opened(folder) as (house, committer):
        for each in (signal.SIGINT, signal.SIGTERM):
            os.kill(committer.pid, each)

        assert len(record(house, *CAST)) == 3


def test_it_ends_when_the_service_is_killed_and_keeps_what_it_was_given(folder: Folder) -> None:
    program = (
        "import sys, time, json; from pathlib import Path\n"
        "from cabletrace.app.committer import open_committer_process\n"
        "from cabletrace.app.installation import Folder, open_installation\n"
        "from cabletrace.intake.record import prepare\n"
        "with open_installation(Folder(Path(sys.argv[1])), open_committer=open_committer_process) as house:\n"
        "    house.committer.propose([prepare(e, house.at_the_machine()) for e in json.loads(sys.argv[2])])\n"
        "    print(house.committer.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    service = subprocess.Popen(
        [sys.executable, "-c", program, folder.root, json.dumps(CAST)], stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    pid = int(service.stdout.readline())

    service.kill()
    service.communicate()

    assert _ended(pid)
    assert size_of(folder) == 4


def _ended(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text():
            return True  # ended, and nobody has taken note of it
        time.sleep(0.02)
    return False


def test_a_failure_there_is_told_here_and_the_next_group_goes_on(folder: Folder) -> None:
    ledger = open_database(folder.ledger)
    with opened(folder) as (house, committer):
        record(house, *CAST)
        with refusing(ledger, books.posting, "full"):
            (failed,) = propose(house, lot("L1"))

            assert "full" in str(failed.exception(PATIENCE))

        assert isinstance(record(house, lot("L1"))[0], Receipt)
        assert committer.standing().stopped == ""
    ledger.dispose()


def test_a_proposal_crosses_whole(folder: Folder) -> None:
    with open_installation(folder) as house:
        by = [{"role": "inspector", "name": "质检员甲"}]
        named: Proposal = prepare(production(by=by, entered_for=MAKER), house.at_the_machine())
        with_signature = prepare(signed(production(entered_for=MAKER), KEY), house.at_the_machine())

    for proposal in (named, with_signature):
        assert unpacked(packed(proposal)) == proposal
