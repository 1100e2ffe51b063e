"""What an accepted event says about codes and labels: which codes wait for a batch, which labels were printed."""

from __future__ import annotations

from ..errors import Broken
from . import drafts
from .postings import Effects, Statement
from .printed import printed_again
from .state import KnownPrinted, KnownReserved, State
from .values import party_id


def of_reservation(said: Statement, draft: drafts.ReservationDraft, state: State) -> Effects:
    maker = party_id(draft.subject.party)
    return Effects(
        facts=tuple(
            KnownReserved(
                code=code,
                maker=maker,
                units=draft.body.units,
                valid_to=draft.body.valid_to,
                key_version=said.key_version,
                seq=said.seq,
            )
            for code in said.codes
        )
    )


def of_labelling(said: Statement, draft: drafts.LabellingDraft, state: State) -> Effects:
    body, code, day = draft.body, draft.subject.batch.code, draft.occurred_on
    assert code is not None
    assert day is not None
    is_registered = state.batches[code] is not None
    if not is_registered and state.reserved[code] is None:
        raise Broken(f"an accepted event prints labels of what is neither registered nor reserved: {code}")
    runs = printed_again(state.printed[code], body.units, copies=body.copies, on=day, seq=said.seq)
    return Effects(facts=(KnownPrinted(code=code, runs=runs),), code=code if is_registered else "")
