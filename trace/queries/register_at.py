"""The register 备案库 as it was at an index of the ledger: who was registered then, as what, and whose unit.

The register keeps what was said last. Whoever was registered again since is read from its own stream, as the events up to the index
left it; a registration is never corrected, only said anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection

from ..model.drafts import PartyDraft
from ..model.effects_on_register import of_party
from ..model.state import KnownParty, State
from ..model.units import those_below
from ..model.values import party_id
from ..registry import register
from .timeline import read_stream_whole


def parties_at(tx: Connection, up_to: int | None = None) -> dict[str, KnownParty]:
    """Everybody who was registered or named up to an index, by id, the earliest last registered first; None for now.

    Cost: all parties, and the whole stream of each that was registered anew since.
    """
    now = {each.id: each for each in register.all_parties(tx)}
    if up_to is None:
        return now
    then = {
        id_: known if known.seq <= up_to else _as_it_was(tx, id_, now, up_to) for id_, known in now.items()
    }
    return {id_: known for id_, known in then.items() if known is not None}


def _as_it_was(
    tx: Connection, party: str, parties: Mapping[str, KnownParty], up_to: int
) -> KnownParty | None:
    state = State(parties={**parties, party: None})
    for event in read_stream_whole(tx, f"party:{party}", up_to, ("party",)):
        draft = event.draft
        if not isinstance(draft, PartyDraft) or party_id(draft.subject.party) != party:
            continue  # it registered somebody else
        for fact in of_party(event.statement(), draft, state).facts:
            assert isinstance(fact, KnownParty), "a registration leaves a party"
            state.parties[party] = fact
    return state.parties[party]


def sites_at(tx: Connection, up_to: int | None = None) -> dict[str, str]:
    """The projects that were registered up to an index, by id, each with its region; None for now."""
    now = {each.id: each for each in register.all_projects(tx)}
    if up_to is None:
        return {id_: known.region for id_, known in now.items()}
    then = {
        id_: known.region if known.seq <= up_to else register.seat_at(tx, f"project:{id_}", up_to + 1)
        for id_, known in now.items()
    }
    return {id_: region for id_, region in then.items() if region}


def units_in(parties: Mapping[str, KnownParty], authority: str) -> list[str]:
    """The ids of `those_below` an authority among these parties, each level by its last registration."""

    def units_of(above: Collection[str]) -> Iterable[KnownParty]:
        units = (
            each for each in parties.values() if each.part_of is not None and each.part_of.parent in above
        )
        return sorted(units, key=lambda each: each.seq)

    return [each.id for each in those_below(authority, units_of)]
