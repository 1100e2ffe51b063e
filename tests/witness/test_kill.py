"""A witness that is killed again and again never cosigns two histories, and never forgets what it has answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest

from cabletrace.app.witnessing import create_witness, open_witness
from cabletrace.ledger.add_checkpoint import SIZE_MEDIA_TYPE, parse_size
from cabletrace.ledger.asking import Unreachable, post
from witness_for_tests import LOG, Growing

PROGRAM = Path(sys.executable).with_name("cabletrace")
TREES = {"one": Growing(), "other": Growing("another", after=(Growing(), 3))}
KILLS = 8


class Liar(threading.Thread):
    """A ledger with two histories under one key, which offers both, in turns, from whatever the witness holds."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address = address
        self.cosigned: list[tuple[str, int]] = []

    def run(self) -> None:
        held = 0
        try:
            for turn in range(100_000):
                name = ("one", "other")[turn % 2]
                size = max(held, 3) + 1
                body = TREES[name].request(held, size)
                answer = post(f"{self._address}/add-checkpoint", body, timeout_seconds=20)
                if answer.status == 200:
                    self.cosigned.append((name, size))
                    held = size
                elif answer.media_type == SIZE_MEDIA_TYPE:
                    held = parse_size(answer.body.decode())
        except Unreachable:
            return  # it was killed


@pytest.mark.full
def test_killed_at_any_moment_it_has_cosigned_one_history_and_holds_the_end_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    create_witness(folder, "witness.example/w1")
    with open_witness(folder) as memory:
        memory.follow(LOG.verifier_key.format())
    dice = Random(7)
    cosigned: list[tuple[str, int]] = []

    for _ in range(KILLS):
        process = subprocess.Popen(
            [PROGRAM, "witness", "serve", "--folder", folder, "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("ready ").strip()
        liar = Liar(address)
        liar.start()
        time.sleep(dice.uniform(0.05, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        liar.join(30)
        cosigned += liar.cosigned
        with open_witness(folder) as memory:
            (ledger,) = memory.followed()
        held = 0 if ledger.held is None else ledger.held.size
        assert held >= max((size for _, size in cosigned), default=0)

    sizes = [size for _, size in cosigned]
    assert len(sizes) > KILLS
    assert sizes == sorted(set(sizes))
    assert len({name for name, _ in cosigned}) == 1
