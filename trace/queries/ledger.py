"""The public log as it is published: its state and key, checkpoints and who cosigned them, tiles and bundles by path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..clock import parse_instant
from ..errors import Text
from ..ledger import store, witnesses
from ..ledger.tiles import WIDTH, Bundle, encode_bundle, parse_tile_path, width_at
from .answers import Answer

#: Witnesses are asked every few minutes even of a ledger that rests: a newest cosignature this old says that they are not.
STALE = timedelta(hours=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessState:
    """How far a witness has cosigned, and when it said so; both None before the first time.

    ``contradiction``: that it holds another history than this ledger, until it cosigns again. ``silent``: its last
    question brought no cosignature.
    """

    name: str
    size: int | None
    at: datetime | None
    contradiction: Text | None
    silent: bool


def witness_states(desk: Connection) -> list[WitnessState]:
    """Of every witness that is asked, by name."""
    return [
        WitnessState(
            name=each.witness.name,
            size=None if each.newest is None else each.newest.size,
            at=None if each.newest is None else each.newest.made_at,
            contradiction=None if each.contradiction is None else each.contradiction.text,
            silent=bool(each.trouble),
        )
        for each in witnesses.standings(desk)
    ]


def rewriting_is_seen(states: Sequence[WitnessState], size: int, now: datetime) -> Answer:
    """Up to where nobody can rewrite the history of a ledger of ``size`` entries unseen: the newest cosigned size."""
    accusing = [each.name for each in states if each.contradiction is not None]
    newest = max((each for each in states if each.size), key=lambda each: each.size or 0, default=None)
    if accusing:
        who = ", ".join(accusing)
        return Answer(
            "stop",
            Text(
                f"见证人 {who} 所存的历史与本账本不同",
                f"Another history than this ledger's is held by the witness {who}",
            ),
            Text(
                "账本可能被回退或改写，也可能是见证人有误。请向见证人要来它会签的检查点，用 cabletrace verify --since 核对。",
                "The ledger may have been set back or rewritten, or the witness is wrong. Ask it for the checkpoint that "
                "it has cosigned and check with cabletrace verify --since.",
            ),
        )
    if newest is None or newest.size is None or newest.at is None:
        return Answer(
            "unknown",
            Text("还没有见证人会签", "No witness has cosigned yet"),
            Text(
                "此前的历史只由本平台自己的签名担保。",
                "Until then history rests on the platform's own signature alone.",
            ),
        )
    left = size - newest.size
    old = newest.at + STALE < now
    return Answer(
        "attention" if old else "fine",
        Text(
            f"序号 {newest.size - 1:,} 及以前，谁也不能悄悄改写",
            f"Up to index {newest.size - 1:,} nobody can rewrite history unseen",
        ),
        Text(
            f"见证人已会签前 {newest.size:,} 条；其后有 {left:,} 条尚未会签。"
            + ("已有一小时以上没有新的会签。" if old else ""),
            f"Witnesses have cosigned the first {newest.size:,} entries; after them {left:,} are not cosigned yet."
            + (" Nothing was cosigned for more than an hour." if old else ""),
        ),
    )


def newest_checkpoint(tx: Connection, desk: Connection) -> bytes:
    """The checkpoint over all that is on the ledger, with the cosignatures that there are for exactly it."""
    return witnesses.cosigned(desk, store.read_checkpoint(tx))


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
