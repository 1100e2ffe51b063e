"""A forger: an administrator with the signing key and the database, who writes a ledger anew without one loose end.

Rows, chain, streams, tree, tiles, head, signature, projections and cursors all follow from the events as he would
have them, made by the house's own encoders: nothing inside of the ledger can contradict him.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from cabletrace.alerts import register as alert_register
from cabletrace.app.folder import Folder
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.ledger import canonical, store, witnesses
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.entry import Entry, encode_entry, entry_hash, first_prev
from cabletrace.ledger.follow import Cursor
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.payload import encode_payload, payload_digest
from cabletrace.ledger.store import Head, Row
from cabletrace.ledger.tiles import Edge
from cabletrace.ledger.tree import leaf_hash
from cabletrace.model.drafts import parse_draft
from cabletrace.model.streams import streams_of
from cabletrace.personal import disclosures
from damage_for_tests import guard_again, unguarded

#: An event as it stands in a payload; what binds it to its neighbours is written anew.
Event = dict[str, Any]


@dataclass
class Forger:
    """Over the closed data folder of an installation."""

    folder: Folder

    def read(self) -> list[Event]:
        """The events, to be changed at will."""
        with self._ledger() as tx:
            return [orjson.loads(row.payload) for row in store.read_rows(tx)]

    def write(self, events: Sequence[Event]) -> None:
        """Make it so that exactly these events were ever recorded, in this order, under the key that lies there."""
        with closing(open_database(self.folder.ledger)) as engine, unguarded(engine) as tx:
            origin = store.read_identity(tx).origin
            signer = NoteSigner.from_seed(origin, self.folder.seed.read_bytes())
            tx.execute(store.identity.update().values(verifier_key=signer.verifier_key.format()))
            tx.execute(store.entry.delete())
            tx.execute(store.tile.delete())
            rows = _chained(events, origin)
            store.write_rows(tx, rows)
            edge = Edge()
            store.write_tiles(tx, edge.append([leaf_hash(row.entry) for row in rows]))
            checkpoint = sign_checkpoint(Checkpoint(origin, edge.size, edge.root()), signer)
            old = store.read_bare_head(tx)
            assert old is not None
            last = entry_hash(rows[-1].entry)
            new = Head(
                size=len(rows),
                at=events[-1]["recorded_at"],
                last_entry=last,
                last_event=b"",
                root=edge.root(),
                checkpoint=checkpoint,
            )
            assert store.replace_head(tx, old, new)
            alert_register.write_cursor(tx, Cursor(len(rows) - 1, last))
            opened = disclosures.disclosure
            tx.execute(opened.delete().where(opened.c.event_id.not_in(select(store.entry.c.event_id))))
            guard_again(tx)
        rebuild_projections(self.folder, lambda _done, _of: None)

    def forget_what_was_signed(self) -> None:
        """Clear the desk of every checkpoint and cosignature, so that the service starts undisturbed."""
        desk = open_database(self.folder.desk)
        with begin_write(desk) as tx:
            tx.execute(witnesses.cosignature.delete())
            tx.execute(witnesses.kept_checkpoint.delete())
        desk.dispose()

    @contextmanager
    def _ledger(self) -> Iterator[Connection]:
        with closing(open_database(self.folder.ledger)) as engine, begin_read(engine) as tx:
            yield tx


def _chained(events: Sequence[Event], origin: str) -> list[Row]:
    """The rows that an honest ledger would have written for these events."""
    rows: list[Row] = []
    newest: dict[str, tuple[int, str]] = {}
    prev = first_prev(origin)
    for seq, event in enumerate(events):
        draft, server = canonical.encode(event["draft"]), event["server"]
        names = streams_of(parse_draft(draft), server["actor"]["party"], server["assigned"])
        payload = encode_payload(
            draft=draft,
            recorded_at=event["recorded_at"],
            salt=event["salt"],
            server={**server, "streams": [_link(name, newest.get(name)) for name in names]},
            signature=event.get("signature"),
        )
        digest = payload_digest(payload)
        for name in names:
            newest[name] = (newest[name][0] + 1 if name in newest else 0, digest.hex())
        entry = encode_entry(Entry(at=event["recorded_at"], event=digest, prev=prev, seq=seq))
        rows.append(Row(seq, event["draft"]["id"], payload, entry))
        prev = entry_hash(entry)
    return rows


def _link(name: str, newest: tuple[int, str] | None) -> dict[str, Any]:
    return {"n": 0, "name": name} if newest is None else {"n": newest[0] + 1, "name": name, "prev": newest[1]}
