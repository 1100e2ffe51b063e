"""Making an installation or a witness only where it is not there yet: for whoever starts everything by one command, again and again.

What is there stays as it is, if it is what was asked for. A folder that had a ledger and has none any more is refused: another
ledger under the same key and name would be a second history.
"""

from __future__ import annotations

from pathlib import Path

from ..db.database import address_of, closing, open_database
from ..db.engine import begin_read
from ..errors import Broken, InputError, Text
from ..ledger import store
from ..ledger.note import VerifierKey
from .folder import Folder
from .installation import create
from .witnessing import create_witness, is_witness, open_witness


def create_once(
    folder: Folder,
    *,
    origin: str | None,
    public_host: str | None,
    database: str = "",
    owner: str = "",
    search: str = "",
) -> bool:
    """`installation.create` where there is no ledger yet; whether one was made. Without an origin or host it gets the usual one, and
    any that is there already will do.

    Raises InputError where another one is there; `Broken` where one was made before and is gone.
    """
    mark = folder.seed.with_name("ledger.vkey")
    is_new = not folder.is_installation
    if is_new:
        if mark.exists():
            raise Broken(
                f"a ledger was made in {folder.root} before ({mark.read_text(encoding='utf-8').strip()}) and is not there "
                "any more: bring its copy back (docs/operations.md); a new one under the same key would be a second history"
            )
        create(folder, origin=origin, public_host=public_host, database=database, owner=owner, search=search)
    with closing(open_database(folder.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        there = store.read_identity(tx)
    _must_be("--origin", there.origin, origin)
    _must_be("--host", there.public_host, public_host)
    if database and (address_of(folder.root) or "") != database:
        raise InputError.of(
            "already-exists",
            f"{folder.root} 里的账本在另一个数据库",
            f"the ledger of {folder.root} is in another database",
            where="--database",
        )
    if not mark.exists():
        mark.write_text(f"{there.verifier_key}\n", encoding="utf-8")
    return is_new


def create_witness_once(folder: Path, name: str) -> VerifierKey:
    """`witnessing.create_witness` where there is none yet; its key. Raises InputError where another one is there."""
    if not is_witness(folder):
        return create_witness(folder, name)
    with open_witness(folder) as memory:
        key = memory.verifier_key
    _must_be("--name", key.name, name)
    return key


def _must_be(where: str, there: str, asked: str | None) -> None:
    if asked is not None and there != asked:
        raise InputError.of(
            "already-exists",
            f"已建立的是 {there}，不能改为 {asked}",
            f"what is there is {there}, and never becomes {asked}",
            came=asked,
            where=where,
            remedy=Text("改回原来的名称，或换一个目录", "ask for what is there, or take another folder"),
        )
