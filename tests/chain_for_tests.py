"""A ledger made by the pure encoders alone, to be damaged: rows, tiles, head and identity as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from cabletrace.clock import format_instant
from cabletrace.ledger import canonical
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.entry import Entry, encode_entry, entry_hash, first_prev
from cabletrace.ledger.faults import Fault
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.payload import encode_payload, format_salt, payload_digest
from cabletrace.ledger.store import NO_EVENT, Head, Identity, Row
from cabletrace.ledger.tiles import Edge
from cabletrace.ledger.tree import leaf_hash
from cabletrace.ledger.verify import End, Verifier
from world_for_tests import NOON

SIGNER = NoteSigner.from_seed("trace.example/ledger", b"\1" * 32)

Place = tuple[str, tuple[Any, ...], str]


@dataclass
class Chain:
    """Change what you like, then ask for `faults`."""

    identity: Identity
    head: Head
    rows: list[Row] = field(default_factory=list)
    tiles: dict[tuple[int, int], tuple[bytes, bytes]] = field(default_factory=dict)

    def faults(self, rows: Iterable[Row] | None = None, **choices: Any) -> list[Fault]:
        found, _ = self.verify(rows, **choices)
        return found

    def verify(self, rows: Iterable[Row] | None = None, **choices: Any) -> tuple[list[Fault], End]:
        def read_tile(level: int, index: int) -> tuple[bytes, bytes] | None:
            return self.tiles.get((level, index))

        verifier = Verifier(self.identity, self.head, read_tile, **choices)
        found = list(verifier.faults(self.rows if rows is None else rows))
        return [*found, *verifier.extra_tiles(self.tiles)], verifier.end

    def places(self, **choices: Any) -> list[Place]:
        """(table, key, column) of each fault."""
        return [(each.table, each.key, each.column) for each in self.faults(**choices)]

    def change(self, seq: int, /, **cells: Any) -> None:
        """Put other cells into the row that now stands at this position."""
        self.rows[seq] = self.rows[seq]._replace(**cells)

    def change_head(self, **columns: Any) -> None:
        self.head = replace(self.head, **columns)

    def change_identity(self, **columns: Any) -> None:
        self.identity = replace(self.identity, **columns)


def payload_of(seq: int, *, streams: Sequence[Mapping[str, Any]] = (), at: str = "", **members: Any) -> bytes:
    """The payload of event ``seq`` in these chains."""
    draft = {"id": str(UUID(int=seq)), "kind": "note", "body": {"text": f"第 {seq} 条，1.5 倍"}}
    server = {"actor": {"account": "a", "party": "p"}, "assigned": {}, "marks": [], "streams": list(streams)}
    return encode_payload(
        draft=canonical.encode(draft),
        recorded_at=at or time_of(seq),
        salt=format_salt(seq.to_bytes(16)),
        server=server | members,
    )


def time_of(seq: int) -> str:
    """Three events share a time, as those of a group do."""
    return format_instant(NOON + timedelta(milliseconds=7 * (seq // 3)))


def names_of(seq: int) -> list[str]:
    """The streams of event ``seq``: one that all are in, and one of five."""
    return ["all", f"one of five: {seq % 5}"]


def make_payloads(size: int) -> list[bytes]:
    newest: dict[str, tuple[int, str]] = {}
    payloads = []
    for seq in range(size):
        links = []
        for name in names_of(seq):
            before = newest.get(name)
            links.append(
                {"n": 0, "name": name}
                if before is None
                else {"n": before[0] + 1, "name": name, "prev": before[1]}
            )
        payloads.append(payload_of(seq, streams=links))
        for link in links:
            newest[link["name"]] = (link["n"], payload_digest(payloads[-1]).hex())
    return payloads


def chain_of(payloads: Sequence[bytes], *, signer: NoteSigner = SIGNER) -> Chain:
    """The ledger over these payloads, as a writer without a fault would have written it."""
    prev, rows, at = first_prev(signer.name), [], ""
    for seq, payload in enumerate(payloads):
        at = payload.split(b'"recorded_at":"')[1][:24].decode()
        entry = encode_entry(Entry(at=at, event=payload_digest(payload), prev=prev, seq=seq))
        event_id = payload.split(b'"id":"')[1][:36].decode()
        rows.append(Row(seq, event_id, payload, entry))
        prev = entry_hash(entry)
    edge = Edge()
    tiles = {tile[:2]: tile[2:] for tile in edge.append([leaf_hash(row.entry) for row in rows])}
    root = edge.root()
    head = Head(
        size=len(rows),
        at=at,
        last_entry=prev,
        last_event=NO_EVENT,
        root=root,
        checkpoint=sign_checkpoint(Checkpoint(signer.name, len(rows), root), signer),
    )
    identity = Identity(
        origin=signer.name, public_host="trace.example", verifier_key=signer.verifier_key.format()
    )
    return Chain(identity, head, rows, tiles)


def a_chain(size: int) -> Chain:
    return chain_of(make_payloads(size))


def flipped(data: bytes, bit: int) -> bytes:
    """The same bytes with one bit turned."""
    at, within = divmod(bit % (8 * len(data)), 8)
    return data[:at] + bytes([data[at] ^ 1 << within]) + data[at + 1 :]
