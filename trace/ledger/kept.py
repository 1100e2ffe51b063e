"""What was signed before, held against the ledger of today, before anything more is written to it.

A ledger that has fewer entries than were once signed, or others, was set back to an older copy, cut, or forked. To
write on would make two histories under one name. The root over any earlier size follows from the stored tiles, so
this costs a few tiles for each checkpoint and nothing grows with the ledger.
"""

from __future__ import annotations

import structlog
from sqlalchemy import Connection, Engine

from ..db.engine import begin_read, begin_write
from ..errors import Broken
from . import store, witnesses
from .checkpoint import Checkpoint, open_checkpoint
from .cosignature import open_cosigned
from .note import NoteError, VerifierKey


def check_past(ledger: Connection, desk: Connection) -> None:
    """Raise `Broken` where the desk knows of a signed checkpoint that this ledger does not contain.

    A cosignature that does not open proves nothing and is passed over, named in the log.
    """
    log = VerifierKey.parse(store.read_identity(ledger).verifier_key)
    kept = witnesses.kept(desk)
    if kept is not None:
        note, verifier_key = kept
        if verifier_key != log.format():
            raise Broken(
                f"the key of this ledger is {log.format()}, but its checkpoints were signed by {verifier_key}: "
                "the key was swapped, or ledger.db and desk.db are of two installations; bring back the files that "
                "belong together"
            )
        try:
            _compare(ledger, open_checkpoint(note, log), "this service has signed")
        except NoteError as error:
            _pass_over("kept checkpoint", error)
    for cosignature in witnesses.newest_of_each(desk):
        try:
            cosigned = open_cosigned(cosignature.note, log, [cosignature.key])
        except NoteError as error:
            _pass_over(f"cosignature of {cosignature.key.name}", error)
            continue
        _compare(ledger, cosigned.checkpoint, f"the witness {cosignature.key.name} has cosigned")


def remember(ledger: Engine, desk: Engine) -> None:
    """Let the desk know up to where the ledger is signed. Raises `Broken` where it was signed otherwise before.

    What is remembered is replaced only by what continues it: evidence is not overwritten by a forgery.
    """
    with begin_read(ledger) as tx:
        newest, log = store.read_checkpoint(tx), store.read_identity(tx).verifier_key
        with begin_read(desk) as desk_tx:
            kept = witnesses.kept(desk_tx)
            if kept == (newest, log):
                return
            check_past(tx, desk_tx)
    with begin_write(desk) as desk_tx:
        witnesses.keep(desk_tx, newest, log)


def difference(ledger: Connection, earlier: Checkpoint) -> str:
    """In what this ledger differs from one that continues a checkpoint signed earlier; empty if it does."""
    size = store.read_head(ledger).size
    if earlier.size > size:
        return (
            f"{earlier.size} entries, and only {size} are here: it was set back to an older copy or cut; "
            "bring back the newest copy"
        )
    try:
        root = store.load_edge(ledger, earlier.size).root()
    except (ValueError, LookupError, TypeError) as error:  # cells that hold what they never should
        raise Broken(f"the stored ledger is damaged, run `verify`: {error}") from error
    if root != earlier.root:
        return (
            f"{earlier.size} entries, and the first {earlier.size} of the {size} that are here are others: it was "
            "forked or rewritten; find out where by `cabletrace verify`"
        )
    return ""


def _compare(ledger: Connection, earlier: Checkpoint, who: str) -> None:
    if differs := difference(ledger, earlier):
        raise Broken(f"the ledger is not the one of which {who} {differs}")


def _pass_over(what: str, error: NoteError) -> None:
    structlog.get_logger("cabletrace.kept").warning("passed over", what=what, reason=str(error))
