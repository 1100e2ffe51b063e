"""Bulk append in process: lives of lots through `prepare` and `record_now`, every rule, unsigned, durable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter, process_time
from uuid import uuid4

from measuring import house as measuring_house
from measuring.rounds import Spread, begin, share_of, show, show_ratio

from cabletrace.app.installation import Installation, open_installation
from cabletrace.app.process import keep_what_is_loaded
from cabletrace.auth.actor import Actor
from cabletrace.intake.record import prepare

ROUNDS = 5
LIVES = 200
#: Envelopes in one call, as an import or a request of many events has them.
CHUNK = 1_000
AIM = 5_000


def main() -> None:
    begin(
        f"{LIVES * 30:,} events of {LIVES} lots a round, prepared and recorded in chunks of {CHUNK:,}; "
        "end to end = validate, permit, commit persons, judge, chain, sign, fsync"
    )
    whole, committing, working, sizes = [], [], [], []
    with measuring_house.folder() as folder, open_installation(folder) as house:
        actors = measuring_house.actors(house)
        keep_what_is_loaded()  # as a service does
        for _ in range(ROUNDS + 1):  # the first one warms
            said = [each for _ in range(LIVES) for each in measuring_house.life(f"L{uuid4().hex[:12]}")]
            before, worked = folder.ledger.stat().st_size, process_time()
            taken, recording = _record(house, actors, said)
            whole.append(len(said) / taken)
            committing.append(len(said) / recording)
            working.append(len(said) / (process_time() - worked))
            sizes.append((folder.ledger.stat().st_size - before) / len(said))
    show("bulk append, end to end", end_to_end := Spread(tuple(whole[1:])), "events/s")
    show("bulk append, commit side alone", Spread(tuple(committing[1:])), "events/s")
    show("bulk append, by processor time", Spread(tuple(working[1:])), "events/s of one core")
    show("ledger, projections and indexes", Spread(tuple(sizes[1:])), "bytes/event")
    show_ratio("end to end / aim", share_of(end_to_end, AIM), 1.0)


def _record(
    house: Installation, actors: Mapping[str, Actor], said: Sequence[measuring_house.Said]
) -> tuple[float, float]:
    """Seconds for everything, and for waiting for the committer."""
    started, waiting = perf_counter(), 0.0
    for first in range(0, len(said), CHUNK):
        some = said[first : first + CHUNK]
        prepared = [prepare({"draft": each.draft}, actors[each.speaker]) for each in some]
        asked = perf_counter()
        answers = house.intake.record_now(prepared)
        waiting += perf_counter() - asked
        measuring_house.take(answers)
    return perf_counter() - started, waiting


if __name__ == "__main__":
    main()
