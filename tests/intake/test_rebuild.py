"""Rebuild: dropped and built again from the ledger, the projections are the same to the cell."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select, update

import drafts_for_tests as some
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import Broken
from cabletrace.flow import books
from cabletrace.intake import rebuild as module
from cabletrace.intake.overlay import Overlay
from cabletrace.intake.rebuild import METADATA, projections, rebuild, replace_rows
from cabletrace.intake.recorded import Recorded
from cabletrace.ledger import store
from cabletrace.model.values import party_id
from damage_for_tests import unguarded
from drafts_for_tests import MAKER
from house_for_tests import House, rebuilt


@pytest.mark.parametrize("seed", range(4))
def test_a_rebuild_gives_the_projections_as_they_were(house: House, tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    for _ in range(5):
        house.record(*some.a_muddle(chance, chance.randint(1, 30)))

    again = rebuilt(house, tmp_path)

    live = house.dump(kind="projection")
    assert again == live
    assert {name for name, rows in live.items() if rows} >= {
        "party",
        "batch",
        "run",
        "posting",
        "involvement",
    }


def test_it_does_not_matter_where_a_rebuild_draws_breath(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record(*some.a_muddle(Random(7), 60))
    monkeypatch.setattr(module, "_CHUNK", 7)

    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_a_rebuild_applies_and_never_judges(house: House, tmp_path: Path) -> None:
    """What would be refused or marked today was accepted then: a licence that came later changes nothing."""
    house.happened(some.production("L0", on="2020-01-01", entered_for=MAKER))
    house.happened(some.certificate(valid_from="2019-01-01", valid_to="2021-01-01", entered_for=MAKER))

    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_batches_that_are_no_longer_kept_are_read_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record(*some.a_muddle(Random(11), 60))
    loaded: list[int] = []
    monkeypatch.setattr(module, "_CHUNK", 7)
    monkeypatch.setattr(module, "_MAX_KEPT_BATCHES", 1)
    monkeypatch.setattr(module, "Overlay", lambda seq=0: loaded.append(seq) or Overlay(seq))

    assert rebuilt(house, tmp_path) == house.dump(kind="projection")
    assert len(loaded) > 2


@pytest.mark.parametrize("damage", [lambda payload: payload.replace(b"YJV", b"YJY"), lambda _: b"{}"])
def test_a_payload_that_its_entry_does_not_name_is_not_applied(
    house: House, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    with unguarded(house.engine) as tx:
        row = next(row for row in store.read_rows(tx) if b"YJV" in row.payload)
        tx.execute(
            update(store.entry).where(store.entry.c.seq == row.seq).values(payload=damage(row.payload))
        )

    with pytest.raises(Broken, match=rf"entry {row.seq} .* run `cabletrace verify`"):
        rebuilt(house, tmp_path)


def test_others_are_told_of_every_event_in_order_after_it_was_applied(house: House, tmp_path: Path) -> None:
    house.happened(some.production(entered_for=MAKER), some.dispatch(units=[(1, 1)], entered_for=MAKER))
    told: list[Recorded] = []
    done: list[int] = []
    booked: list[set[int]] = []

    def follow(
        tx: Connection, _ledger: Connection, events: Sequence[tuple[Recorded, Recorded | None]]
    ) -> None:
        told.extend(event for event, _ in events)
        booked.append(set(tx.execute(select(books.posting.c.seq)).scalars()))

    engine = open_database(tmp_path / "rebuilt.db")
    with begin_write(engine) as tx:
        for each in METADATA:
            each.create_all(tx)
        with house.reading() as ledger:
            rebuild(ledger, tx, follow, done.append)
    engine.dispose()

    assert [event.seq for event in told] == list(range(house.size))
    assert (told[-1].draft.kind, told[-1].speaker) == ("dispatch", party_id(MAKER))
    assert done == [house.size]
    assert booked == [{event.seq for event in told[-2:]}]


def test_replaced_rows_are_those_of_the_source(house: House, tmp_path: Path) -> None:
    house.record(*some.a_muddle(Random(9), 40))
    before = house.dump(kind="projection")
    engine = open_database(tmp_path / "rebuilt.db")
    with begin_write(engine) as tx:
        for each in METADATA:
            each.create_all(tx)
        with house.reading() as ledger:
            rebuild(ledger, tx)
    spoil(house)
    assert house.dump(kind="projection") != before

    with begin_read(engine) as source, begin_write(house.engine) as target:
        replace_rows(source, target, projections())
    engine.dispose()

    assert house.dump(kind="projection") == before


def spoil(house: House) -> None:
    with begin_write(house.engine) as tx:
        for table in projections():
            if table.name in ("posting", "party", "stream_event"):
                tx.execute(table.delete())
