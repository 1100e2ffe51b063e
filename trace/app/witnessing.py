"""Both sides of witnessing, wired: the ledger that asks (`cosigning`), and a witness in a folder of its own.

A witness belongs on another machine, under another hand than the ledger's. Its folder holds ``witness.db`` and
``keys/witness.seed``, and nothing of ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..clock import Clock, system_clock
from ..db.database import begin_migration, open_database
from ..db.engine import begin_read, begin_write, open_sqlite
from ..db.migration import Lineage, migrate, stamp, to_run
from ..errors import InputError, Text
from ..ledger.asking import Ask, post
from ..ledger.cosignature import Cosigner
from ..ledger.cosigning import PERIOD_SECONDS, Cosigning
from ..ledger.note import NoteError, VerifierKey
from ..witness import memory
from ..witness.memory import Memory
from .folder import Folder
from .installation import SEED_BYTES, Installation, make_desk, write_secret

#: What a witness remembers. Its file is its own, so it comes to this version when it is opened.
WITNESS = Lineage.of("witness")

# --- the ledger's side --------------------------------------------------------------------------------


@contextmanager
def cosigning(
    installation: Installation, *, period_seconds: float = PERIOD_SECONDS, ask: Ask = post
) -> Iterator[Cosigning]:
    """Ask the witnesses of this ledger, round after round, until the block ends."""
    rounds = Cosigning(
        installation.ledger, installation.desk, installation.clock, ask, period_seconds=period_seconds
    )
    rounds.start()
    try:
        yield rounds
    finally:
        rounds.stop()


def ask_witnesses(folder: Folder, *, clock: Clock = system_clock, ask: Ask = post) -> None:
    """Ask every witness once, and wait for what they answer; a service may run meanwhile."""
    ledger, desk = open_database(folder.ledger), open_database(folder.desk)
    try:
        make_desk(desk)
        Cosigning(ledger, desk, clock, ask).ask_all()
    finally:
        ledger.dispose()
        desk.dispose()


# --- a witness ----------------------------------------------------------------------------------------


def create_witness(folder: Path, name: str) -> VerifierKey:
    """Make a witness: its key and its empty memory. Raises InputError where there is one, or for a wrong name."""
    if is_witness(folder):
        raise InputError.of(
            "already-exists",
            f"{folder} 里已经有见证人",
            f"there is a witness in {folder} already",
            came=str(folder),
        )
    try:
        Cosigner.from_seed(name, bytes(SEED_BYTES))
    except NoteError as error:
        raise InputError.of(
            "wrong-input", "见证人名称不能含空白或加号", str(error), came=name, where="--name"
        ) from None
    seed = folder / "keys" / "witness.seed"
    seed.parent.mkdir(parents=True, exist_ok=True)
    write_secret(seed, secrets.token_bytes(SEED_BYTES))
    cosigner = Cosigner.from_seed(name, seed.read_bytes())
    # The memory comes last: a folder is a witness once it has one, and a killed `init` can be repeated.
    half_made = _database(folder).with_suffix(".new")
    half_made.unlink(missing_ok=True)
    engine = open_sqlite(half_made)
    with begin_write(engine) as tx:
        memory.create(tx, cosigner.verifier_key)
        stamp(tx, WITNESS)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    half_made.replace(_database(folder))
    return cosigner.verifier_key


@contextmanager
def open_witness(folder: Path, *, clock: Clock = system_clock) -> Iterator[Memory]:
    """A witness over its folder, brought to this version. Raises InputError where there is none, or where a newer version has
    written it; `Broken` for another key's memory."""
    if not is_witness(folder):
        raise InputError.of(
            "not-found",
            f"{folder} 不是见证人目录",
            f"{folder} is no folder of a witness",
            remedy=Text("先运行 cabletrace witness init", "run cabletrace witness init first"),
        )
    engine = open_sqlite(_database(folder))
    try:
        with begin_read(engine) as tx:
            name, lacks = memory.name_of(tx), to_run(tx, WITNESS)
        if lacks:
            with begin_migration(_database(folder)) as tx:
                migrate(tx, WITNESS)
        seed = (folder / "keys" / "witness.seed").read_bytes()
        yield Memory(engine, Cosigner.from_seed(name, seed), clock)
    finally:
        engine.dispose()


def is_witness(folder: Path) -> bool:
    return _database(folder).exists()


def _database(folder: Path) -> Path:
    return folder / "witness.db"
