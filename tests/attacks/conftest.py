"""A ledger that has lived for four hours under the eyes of two witnesses, to be attacked.

Made once; each test works on a copy of the whole: data folder, keys, and the folders of the witnesses. After every hour
the witnesses were asked, and somebody who is none kept the checkpoint as it was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.app.witnessing import ask_witnesses, create_witness, open_witness
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake.record import prepare
from cabletrace.ledger import store, witnesses
from cabletrace.ledger.add_checkpoint import decode_request
from cabletrace.ledger.asking import Answered, Unreachable
from cabletrace.ledger.faults import Fault
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.sequencer import Receipt
from cabletrace.witness.judgement import Refusal
from copies_for_tests import copy_folder
from drafts_for_tests import PROJECT, SITE, Envelope, order, the_cast
from files_for_tests import pdf, put
from fixtures_ledger import story_of
from forger_for_tests import Forger
from witness_for_tests import Ticking

WITNESSES = ("witness.example/w1", "witness.example/w2")
HOURS = 4


@dataclass(frozen=True)
class Attacked:
    """``sizes`` and ``kept``: how many entries there were after each hour, and the checkpoint over them."""

    root: Path
    clock: Ticking
    sizes: list[int] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    data: str = "data"

    @property
    def folder(self) -> Folder:
        return Folder(self.root / self.data)

    def copied(self, data: str) -> Attacked:
        """The same installation a second time, beside it, in front of the same witnesses."""
        copy_folder(self.folder.root, self.root / data)
        return replace(self, data=data)

    @property
    def forger(self) -> Forger:
        return Forger(self.folder)

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        with open_installation(self.folder, clock=self.clock) as house:
            yield house

    def record(self, *envelopes: Envelope) -> None:
        """Through the service, as ever; the alerts follow."""
        with self.opened() as house:
            actor = house.at_the_machine()
            for answer in house.intake.record_now([prepare(each, actor) for each in envelopes]):
                assert isinstance(answer, Receipt), answer
            catch_up(house.ledger, read_accepted)

    def live(self, *lots: str) -> None:
        """Let these batches live their lives; what their papers say is uploaded first."""
        with self.opened() as house:
            for lot in lots:
                put(house.blobs, pdf(lot))
        self.record(*(envelope for lot in lots for envelope in story_of(lot)))

    def round(self, *, away: Sequence[str] = ()) -> list[str]:
        """Ask every witness for a cosignature; returns which of them say that they hold another history."""

        def ask(url: str, body: bytes) -> Answered:
            if any(name in url for name in away):
                raise Unreachable("it is away")
            return self._ask(url, body)

        ask_witnesses(self.folder, clock=self.clock, ask=ask)
        desk = open_database(self.folder.desk)
        with begin_read(desk) as tx:
            against = [each.witness.name for each in witnesses.standings(tx) if each.contradiction]
        desk.dispose()
        return against

    def _ask(self, url: str, body: bytes) -> Answered:
        name = url.removeprefix("http://").removesuffix("/add-checkpoint")
        with open_witness(self.root / name, clock=self.clock) as memory:
            answer = memory.add(decode_request(body))
        if isinstance(answer, Refusal):
            return Answered(answer.status, answer.media_type.partition(";")[0], answer.body.encode())
        return Answered(200, "text/plain", answer.encode())

    def held(self, name: str = WITNESSES[0]) -> tuple[bytes, VerifierKey]:
        """The checkpoint that a witness holds, as it gives it to anybody; and its key."""
        with open_witness(self.root / name, clock=self.clock) as memory:
            note = memory.followed()[0].note
            assert note is not None
            return note, memory.verifier_key

    @property
    def checkpoint(self) -> bytes:
        ledger = open_database(self.folder.ledger, read_only=True)
        with begin_read(ledger) as tx:
            checkpoint = store.read_checkpoint(tx)
        ledger.dispose()
        return checkpoint

    def verify(self, since: Sequence[bytes] = (), **choices: Any) -> list[Fault]:
        return list(verify_ledger(self.folder.root, since=since, **choices))


def _live(root: Path) -> Attacked:
    lived = Attacked(root, Ticking())
    create(lived.folder, origin="trace.example/ledger", public_host="trace.example", clock=lived.clock)
    with lived.opened() as house:
        log_key = house.identity.verifier_key
        for name in WITNESSES:
            create_witness(root / name, name)
            with open_witness(root / name, clock=lived.clock) as memory:
                memory.follow(log_key)
                with begin_write(house.desk) as tx:
                    witnesses.add(tx, memory.verifier_key.format(), f"http://{name}", lived.clock())
    lived.record(*the_cast(), order(project=PROJECT, entered_for=SITE))
    for hour in range(HOURS):
        lived.live(f"L{hour}")
        assert lived.round() == []
        lived.kept.append(lived.checkpoint)
        lived.sizes.append(int(lived.checkpoint.split(b"\n")[1]))
        lived.clock.goes(timedelta(hours=1).total_seconds())
    return lived


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    with capture_logs():
        return _live(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def attacked(lived: Attacked, tmp_path: Path) -> Attacked:
    copy_folder(lived.root, tmp_path / "copy")
    return replace(lived, root=tmp_path / "copy", clock=Ticking(lived.clock.now))


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged meanwhile, instead of printing it."""
    with capture_logs() as lines:
        yield lines
