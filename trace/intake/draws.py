"""The root that a draw is made with, looked up where it is judged. A rebuild judges nothing and looks none up."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from ..ledger import store
from ..ledger.tiles import subtree_hash_reader
from ..ledger.tree import root_at
from ..model.drafts import Draft, SamplingDrawDraft
from ..model.draws import tree_size
from ..model.state import State


def root_behind(tx: Connection, plan_seq: int) -> str | None:
    """The root, hexadecimal, with which a plan recorded at this index is drawn; None while nothing follows it."""
    size, head = tree_size(plan_seq), store.read_head(tx)
    if size > head.size:
        return None
    return root_at(size, subtree_hash_reader(partial(store.read_tile_hashes, tx), head.size)).hex()


def look_up(tx: Connection, draft: Draft, state: State) -> None:
    """Put the root into the state that judging this draft needs, if it is there."""
    if not isinstance(draft, SamplingDrawDraft):
        return
    known = state.sampling_plans.get(draft.subject.event)
    if known is not None and (root := root_behind(tx, known.seq)) is not None:
        state.roots[tree_size(known.seq)] = root
