"""The public log as it is published: its state and key, the checkpoint, tiles and entry bundles by path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..clock import parse_instant
from ..ledger import store
from ..ledger.tiles import WIDTH, Bundle, encode_bundle, parse_tile_path, width_at


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """``root`` 32 raw bytes; ``checkpoint`` the signed note verbatim; ``at`` None before the first entry."""

    origin: str
    public_host: str
    vkey: str
    size: int
    root: bytes
    at: datetime | None
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Published:
    """Bytes under a path of the log; ``is_full``: they never change again and may be kept for ever."""

    data: bytes
    is_full: bool


def ledger_state(tx: Connection) -> LedgerState:
    chosen, head = store.read_identity(tx), store.read_head(tx)
    return LedgerState(
        origin=chosen.origin,
        public_host=chosen.public_host,
        vkey=chosen.verifier_key,
        size=head.size,
        root=head.root,
        at=parse_instant(head.at) if head.size else None,
        checkpoint=head.checkpoint,
    )


def published(tx: Connection, path: str) -> Published | None:
    """The tile or bundle under ``tile/…`` (C2SP tlog-tiles); None for a wrong path or beyond the log.

    A partial tile stays answerable at every width that was ever published, also when it is full by now.
    """
    try:
        named = parse_tile_path(path)
    except ValueError:
        return None
    level = 0 if isinstance(named, Bundle) else named.level
    if named.width > width_at(store.read_head(tx).size, level, named.index):
        return None
    if isinstance(named, Bundle):
        data = encode_bundle(store.read_entries(tx, named.index * WIDTH, named.width))
    else:
        data = store.read_tile_hashes(tx, level, named.index, named.width)
    return Published(data, named.width == WIDTH)
