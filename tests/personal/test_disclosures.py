"""Disclosures: what commitments open to, beside the ledger and erasable."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write, empty_wal
from cabletrace.personal.commitment import SALT_BYTES
from cabletrace.personal.disclosures import (
    Disclosure,
    count,
    disclosure,
    erase,
    metadata,
    named,
    read,
    read_all,
    write,
)
from cabletrace.personal.names import LOOK_UP_BYTES, look_up_of, spelled

SALT = bytes(range(SALT_BYTES))
KEY = b"k" * 32


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "ledger.db")
    with begin_write(engine) as tx:
        metadata.create_all(tx)
    yield engine
    engine.dispose()


def test_what_is_written_is_read_back_by_event(engine: Engine) -> None:
    written = [
        Disclosure("e1", "/by/0/name", SALT, "甲"),
        Disclosure("e1", "/by/1/name", SALT[::-1], "乙"),
        Disclosure("e2", "/by/0/name", SALT, "丙"),
    ]
    with begin_write(engine) as tx:
        write(tx, written)
        write(tx, [])

    with begin_read(engine) as tx:
        found = read(tx, ["e1", "e2", "e3", "e1"])

    assert found == {"e1": written[:2], "e2": written[2:]}


def test_what_was_erased_is_not_found_again(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲"), Disclosure("e1", "/by/1/name", SALT, "乙")])

    with begin_write(engine) as tx:
        erase(tx, [("e1", "/by/0/name"), ("e1", "/by/7/name"), ("e9", "/by/0/name")])

    with begin_read(engine) as tx:
        assert [each.value for each in read(tx, ["e1"])["e1"]] == ["乙"]
        assert [each.value for each, _ in read_all(tx)] == ["乙"]
        assert count(tx) == 1


def test_erasing_leaves_nothing_of_value_salt_and_look_up(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲 b")], KEY)
        erase(tx, [("e1", "/by/0/name")])

    with begin_read(engine) as tx:
        (row,) = tx.execute(select(disclosure))
    assert (row.salt, row.value, row.look_up) == (bytes(16), " " * 5, bytes(LOOK_UP_BYTES))


@pytest.mark.sqlite("it reads the bytes of SQLite's own file; those of a server's are read in test_postgres")
@pytest.mark.parametrize("seed", range(6))
def test_no_byte_of_what_was_erased_stays_in_the_file_whatever_came_and_went(
    engine: Engine, tmp_path: Path, seed: int
) -> None:
    """Rows that are deleted, not blanked, leave copies on pages that SQLite moved them from."""
    chance = Random(seed)
    there: dict[tuple[str, str], str] = {}
    gone: list[str] = []
    for _ in range(20 * seed + 1):
        new = [
            Disclosure(
                str(UUID(int=chance.getrandbits(128))),
                chance.choice(["/by/0/name", "/body/complainant/name"]),
                chance.randbytes(SALT_BYTES),
                f"NAME-{chance.getrandbits(128):032x}" + "示" * chance.choice([0, 0, 7, 60]),
            )
            for _ in range(chance.randrange(30))
        ]
        with begin_write(engine) as tx:
            write(tx, new, KEY)
            there |= {(each.event_id, each.pointer): each.value for each in new}
            places = chance.sample(sorted(there), min(len(there), chance.randrange(25)))
            erase(tx, places)
        gone += [there.pop(place) for place in places]
    assert empty_wal(engine)

    data = (tmp_path / "ledger.db").read_bytes()

    assert [value for value in gone if value[:37].encode() in data] == []
    assert [value for value in there.values() if data.count(value[:37].encode()) != 1] == []


def test_one_place_of_an_event_opens_to_one_value(engine: Engine) -> None:
    with pytest.raises(IntegrityError), begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲"), Disclosure("e1", "/by/0/name", SALT, "乙")])


def test_any_number_of_events_is_looked_up(engine: Engine) -> None:
    ids = [f"e{n}" for n in range(1_100)]
    with begin_write(engine) as tx:
        write(tx, [Disclosure(id_, "/by/0/name", SALT, id_) for id_ in ids])

    with begin_read(engine) as tx:
        found = read(tx, ids)

    assert {id_: each.value for id_, (each,) in found.items()} == dict(zip(ids, ids, strict=True))


def test_the_table_is_no_projection_so_that_no_rebuild_empties_it() -> None:
    assert disclosure.info["kind"] == "disclosure"


# --- by name ------------------------------------------------------------------------------------------


def test_a_responsible_person_is_found_by_name_until_it_is_erased(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure(id_, "/by/0/name", SALT, "甲示例") for id_ in ("e1", "e2")], KEY)
        write(tx, [Disclosure("e3", "/by/0/name", SALT, "乙示例")], KEY)

    with begin_write(engine) as tx:
        before = sorted(named(tx, KEY, "甲示例"))
        erase(tx, [("e1", "/by/0/name")])
        after = named(tx, KEY, "甲示例")

    assert before == [("e1", "/by/0/name"), ("e2", "/by/0/name")]
    assert after == [("e2", "/by/0/name")]


def test_who_complains_is_found_by_nobody(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/body/complainant/name", SALT, "甲示例")], KEY)

        assert named(tx, KEY, "甲示例") == []


def test_under_another_key_nobody_is_found(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲示例")], KEY)
        write(tx, [Disclosure("e2", "/by/0/name", SALT, "甲示例")])

        assert named(tx, b"o" * 32, "甲示例") == []
        assert named(tx, KEY, "甲示例") == [("e1", "/by/0/name")]


@pytest.mark.parametrize(
    "typed", ["阿凡提·示例", "阿凡提•示例", "阿凡提示例", " 阿凡提 · 示例 ", "阿凡提\u3000示例"]
)
def test_a_name_is_found_in_every_usual_spelling(typed: str) -> None:
    assert look_up_of(KEY, typed) == look_up_of(KEY, "阿凡提·示例")


def test_full_width_and_capital_letters_are_the_same_name_and_other_letters_are_not() -> None:
    assert spelled("ＷＡＮＧ Ｌｉ") == spelled("wang li") == "wangli"
    assert look_up_of(KEY, "王莉") != look_up_of(KEY, "王丽")
