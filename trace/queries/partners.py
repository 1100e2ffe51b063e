"""To whom a party sends and from whom it gets: remembered from its own newest events, to be proposed in forms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.values import party_id
from ..registry import register
from .visibility import reading

#: So many of the newest events of its stream are read.
_LOOK_BACK = 200


@dataclass(frozen=True, slots=True)
class Partner:
    """A party that goods went to, or came from, so often; ``region`` is where they went last."""

    id: str
    name: str
    region: str
    times: int


def partners(tx: Connection, actor: Actor, *, senders: bool) -> tuple[Partner, ...]:
    """The actor's partners, the most frequent first: those that send to it, or those that it sends to."""
    reading(actor, Action.READ_BATCH)
    stream = f"party:{actor.party}"
    head = store.read_stream_heads(tx, [stream]).get(stream)
    if not actor.party or head is None:
        return ()
    times: Counter[str] = Counter()
    regions: dict[str, str] = {}
    for row in store.read_stream(tx, stream, first=max(0, head.n + 1 - _LOOK_BACK)):
        event = read_recorded(row)
        body: Any = event.draft.body
        if event.draft.kind != "dispatch":
            continue
        to = party_id(body.to)
        who = event.speaker if senders else to
        if (to == actor.party) if senders else (event.speaker == actor.party):
            times[who] += 1
            regions[who] = body.region
    known = register.parties(tx, times)
    return tuple(
        Partner(id_, known[id_].name, regions[id_], n) for id_, n in times.most_common() if id_ in known
    )
