"""The invented city: it is the same every time, it goes on where it was cut short, and the house finds what was planted."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.city.begun import beginning_of, keep, read_begun
from cabletrace.app.city.blocks import city_of
from cabletrace.app.city.build import build_city, truth_path
from cabletrace.app.city.life import FAULTS
from cabletrace.app.city.sizes import SIZES
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.passwords import Passwords
from cabletrace.db.engine import begin_read
from cabletrace.errors import InputError
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger.store import read_head, read_rows
from cabletrace.model.scope import Scope
from cabletrace.queries.flow_of_lots import flow_of_lots
from cabletrace.registry import register

VILLAGE = SIZES["village"]
PROGRAM = Path(sys.executable).with_name("cabletrace")
Where = dict[tuple[str, str], int]


def made(folder: Path) -> Folder:
    where = Folder(folder)
    create(where, origin="demo.example/ledger", public_host="demo.example")
    return where


def build(house: Installation, progress: Any = lambda *_: None, seed: int = 1) -> None:
    build_city(house, Passwords(), VILLAGE, seed, progress)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with open_installation(made(tmp_path_factory.mktemp("city") / "data")) as house:
        build(house)
        catch_up(house.ledger, read_accepted)
        yield house


@pytest.fixture(scope="module")
def truth(village: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(truth_path(village.folder).read_bytes())
    return found


def books_of(house: Installation) -> dict[tuple[str, str], Where]:
    """Where every lot's metres are by the house's own answer."""
    with begin_read(house.ledger) as tx:
        flow = flow_of_lots(tx, house.at_the_machine())
    return {(lot.maker, lot.lot): {(state, at): mm for state, at, mm in lot.where} for lot in flow}


def size_of(house: Installation) -> int:
    with begin_read(house.ledger) as tx:
        return read_head(tx).size


def told(rows: list[dict[str, Any]]) -> Where:
    return {(row["state"], row["region"]): row["length_mm"] for row in rows}


# --- the pure part ------------------------------------------------------------------------------------


def drafts_of(seed: int) -> list[dict[str, Any]]:
    city = city_of(VILLAGE, seed)
    said = [draft for _, draft in city.registrations()]
    return said + [each.draft for block in city.blocks() for each in block.said]


def test_the_same_seed_tells_the_same_and_another_seed_something_else() -> None:
    assert drafts_of(1) == drafts_of(1)
    assert not {each["id"] for each in drafts_of(1)} & {each["id"] for each in drafts_of(2)}


def test_a_block_needs_none_before_it() -> None:
    *_, last = city_of(VILLAGE, 1).blocks()

    assert city_of(VILLAGE, 1).block(last.number) == last


def test_every_draft_has_an_id_of_its_own_that_follows_from_what_it_is() -> None:
    ids = [each["id"] for each in drafts_of(1)]

    assert len(set(ids)) == len(ids)
    assert {UUID(id_).version for id_ in ids} == {5}


@pytest.mark.parametrize("size", SIZES)
def test_nobody_in_it_exists(size: str) -> None:
    everybody = city_of(SIZES[size], 1).cast.everybody()

    assert all(re.search("示范|例示|模拟|虚构", each.name) for each in everybody)
    assert len({each.name for each in everybody}) == len({each.id for each in everybody}) == len(everybody)


def test_no_number_in_it_could_be_a_telephones() -> None:
    text = json.dumps(drafts_of(1), ensure_ascii=False)

    assert re.findall(r"(?<![0-9A-Za-z-])1[3-9][0-9]{9}(?![0-9a-z])", text) == []


def test_what_is_told_of_a_lot_adds_up_to_what_was_made() -> None:
    city = city_of(VILLAGE, 1)

    for block in city.blocks():
        made_mm = [
            each.draft["body"]["length_mm"] for each in block.said if each.draft["kind"] == "production"
        ]
        assert [sum(where.values()) for where in block.where] == made_mm
        assert all(mm > 0 for where in block.where for mm in where.values())


# --- in the house -------------------------------------------------------------------------------------


def test_every_fault_is_planted(truth: dict[str, Any]) -> None:
    assert {each["fault"] for each in truth["planted"]} == FAULTS.keys()


def test_the_planted_alerts_are_raised_and_no_other(village: Installation, truth: dict[str, Any]) -> None:
    planted = Counter(
        (alert["rule"], each["lot"], alert.get("unit"))
        for each in truth["planted"]
        for alert in each["alerts"]
    )

    with begin_read(village.ledger) as tx:
        raised = Counter((a.rule, a.lot, a.unit) for a in alert_register.alerts(tx, Scope(everything=True)))

    assert raised == planted


def test_every_metre_of_a_bad_lot_is_where_the_truth_has_it(
    village: Installation, truth: dict[str, Any]
) -> None:
    books = books_of(village)

    for each in truth["planted"]:
        assert books[each["maker"], each["lot"]] == told(each["where"]), each["fault"]
    missing = [each["missing_mm"] for each in truth["planted"] if each["fault"] == "hole"]
    assert missing
    assert all(missing)


def test_all_metres_by_region_are_those_of_the_truth(village: Installation, truth: dict[str, Any]) -> None:
    books = books_of(village)
    total: Counter[tuple[str, str]] = Counter()
    for where in books.values():
        total.update(where)

    assert len(books) == truth["lots"]
    assert total == told(truth["where"])


def test_goods_without_a_code_and_a_workshop_without_a_credit_code_are_on_record(
    village: Installation, truth: dict[str, Any]
) -> None:
    workshops = [each["workshop"] for each in truth["uncoded"]]

    with begin_read(village.ledger) as tx:
        known = register.parties(tx, workshops)

    assert workshops
    assert set(known) == set(workshops)
    assert all(party.uscc is None for party in known.values())


def test_its_ledger_is_clean_and_its_projections_follow_from_it(village: Installation) -> None:
    assert list(verify_ledger(village.folder.root, with_projections=True)) == []


@pytest.mark.full
def test_another_building_of_it_has_the_same_books(village: Installation, tmp_path: Path) -> None:
    with open_installation(made(tmp_path / "again")) as again:
        build(again)

        assert size_of(again) == size_of(village)
        assert books_of(again) == books_of(village)


class Stopped(Exception):
    pass


def test_one_that_was_stopped_anywhere_goes_on_and_says_nothing_twice(
    village: Installation, tmp_path: Path
) -> None:
    def stop_at(block: int) -> Any:
        def progress(done: int, _of: int) -> None:
            if done == block:
                raise Stopped

        return progress

    with open_installation(made(tmp_path / "data")) as house:
        with pytest.raises(Stopped):
            build(house, stop_at(0))
        with pytest.raises(Stopped):
            build(house, stop_at(3))
        # As if it had died just before it could note the third block.
        keep(house.folder, beginning_of(city_of(VILLAGE, 1)).reached(2))
        build(house)

        assert size_of(house) == size_of(village)
        assert books_of(house) == books_of(village)
        assert truth_path(house.folder).read_bytes() == truth_path(village.folder).read_bytes()


@pytest.mark.full
def test_one_that_was_killed_goes_on(village: Installation, tmp_path: Path) -> None:
    words = [PROGRAM, "demo", "--size", "village", "--data", tmp_path / "data", "--json"]
    first = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = tmp_path / "data" / "city.json"
    while first.poll() is None and not (kept.exists() and json.loads(kept.read_bytes())["blocks"] >= 1):
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not truth_path(Folder(tmp_path / "data")).exists(), "it was faster than the kill"

    second = subprocess.run(words, capture_output=True, check=True)

    assert json.loads(second.stdout)["events"] == size_of(village)


def test_a_ledger_that_holds_anything_else_takes_no_city(tmp_path: Path, village: Installation) -> None:
    with pytest.raises(InputError, match="another invented city"):
        build(village, seed=2)
    with open_installation(made(tmp_path / "data")) as house:
        build(house)
        (house.folder.root / "city.json").unlink()
        before = size_of(house)
        with pytest.raises(InputError, match="events already"):
            build(house)
        assert size_of(house) == before


def test_a_city_of_another_version_does_not_go_on_but_stays_where_it_is_whole(tmp_path: Path) -> None:
    with open_installation(made(tmp_path / "data")) as house:
        build(house)
        begun = read_begun(house.folder)
        assert begun is not None
        older = replace(begun, plan="0" * 64)
        before = size_of(house)

        keep(house.folder, older)
        build(house)
        keep(house.folder, older.reached(5))
        with pytest.raises(InputError, match="another version"):
            build(house)

        assert size_of(house) == before


def test_whoever_keeps_files_brings_them_in_under_the_own_account(village: Installation) -> None:
    city = city_of(VILLAGE, 1)
    drafted = {each.draft["id"] for block in city.blocks() for each in block.said}
    keeping = {maker.id for maker in city.cast.makers if maker.keeps_files}

    with begin_read(village.ledger) as tx:
        recorded = [read_recorded(row) for row in read_rows(tx)]

    made_by = {
        maker.id: [e for e in recorded if e.actor == maker.id and e.draft.kind == "production"]
        for maker in city.cast.makers
    }
    assert keeping
    for maker, productions in made_by.items():
        assert len(productions) == VILLAGE.months * VILLAGE.lots
        assert all((each.draft.id in drafted) is (maker not in keeping) for each in productions)
