"""Bulk append in process: lives of lots through `prepare` and `record_now`, every rule, unsigned, durable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter, process_time
from uuid import uuid4

from measuring import house
from measuring.rounds import Spread, begin, share_of, show, show_ratio

from cabletrace.app.folder import Folder
from cabletrace.app.installation import open_installation
from cabletrace.app.process import keep_what_is_loaded
from cabletrace.auth.actor import Actor
from cabletrace.intake.record import Intake, prepare

ROUNDS = 5
LIVES = 200
#: Envelopes in one call, as an import or a request of many events has them.
CHUNK = 1_000
AIM = 5_000


def main() -> None:
    begin(
        f"{LIVES * 30:,} events of {LIVES} lots a round, prepared and recorded in chunks of {CHUNK:,}, {ROUNDS} rounds; "
        "end to end = validate, permit, commit persons, judge, chain, sign, fsync"
    )
    with house.folder() as folder, open_installation(folder) as installation:
        actors = house.actors(installation)
        keep_what_is_loaded()  # as a service does
        _record(installation.intake, actors, _lives(LIVES))  # warm
        before = _size(folder)
        whole, committing, working = zip(
            *(_record(installation.intake, actors, _lives(LIVES)) for _ in range(ROUNDS)), strict=True
        )
        growth = (_size(folder) - before) / (ROUNDS * LIVES * 30)
    show("bulk append, end to end", end_to_end := Spread(whole), "events/s")
    show("bulk append, commit side alone", Spread(committing), "events/s")
    show("bulk append, by processor time", Spread(working), "events/s of one core")
    show("ledger.db grows by", Spread((growth,)), "bytes/event")
    show_ratio("end to end / aim", share_of(end_to_end, AIM), 1.0)


def _lives(count: int) -> list[house.Said]:
    return [each for _ in range(count) for each in house.life(f"L{uuid4().hex[:12]}")]


def _size(folder: Folder) -> int:
    return folder.ledger.stat().st_size


def _record(
    intake: Intake, actors: Mapping[str, Actor], said: Sequence[house.Said]
) -> tuple[float, float, float]:
    """Events a second: end to end, while waiting for the committer, and of processor time."""
    started, worked, waiting = perf_counter(), process_time(), 0.0
    for first in range(0, len(said), CHUNK):
        some = said[first : first + CHUNK]
        prepared = [prepare({"draft": each.draft}, actors[each.speaker]) for each in some]
        asked = perf_counter()
        answers = intake.record_now(prepared)
        waiting += perf_counter() - asked
        house.take(answers)
    whole, working = perf_counter() - started, process_time() - worked
    return len(said) / whole, len(said) / waiting, len(said) / working


if __name__ == "__main__":
    main()
