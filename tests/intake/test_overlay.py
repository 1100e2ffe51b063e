"""The overlay: what is kept in memory between groups is what the database would say."""

from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import DatabaseError

import drafts_for_tests as some
from cabletrace.flow import books
from cabletrace.intake.admit import MAX_KEPT_BATCHES, Admission, enact
from cabletrace.intake.overlay import Overlay
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Position, Receipt
from cabletrace.model.admission import Refusal, Wanted, all_wanted
from cabletrace.model.state import Book, State
from damage_for_tests import refusing
from drafts_for_tests import MAKER, Envelope
from house_for_tests import House, at_the_machine, open_house
from world_for_tests import NOON


class Forgetful(Admission):
    """Admission that begins every group with nothing in memory."""

    def _keep(self, *_: object) -> None:
        """Keeps nothing."""


def groups(seed: int) -> list[list[Envelope]]:
    chance = Random(seed)
    muddle = some.a_muddle(chance, 60)
    ends = sorted(chance.sample(range(1, 60), 14))
    return [muddle[start:end] for start, end in zip([0, *ends], [*ends, 60], strict=True)]


def verdict(answer: Receipt | Refusal) -> object:
    return answer if isinstance(answer, Refusal) else answer.seq


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_between_groups_decides_as_the_database_would(tmp_path: Path, seed: int) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with open_house(tmp_path / "a") as remembering, open_house(tmp_path / "b") as forgetful:
        forgetful.restart(Forgetful())

        for group in groups(seed):
            one, other = remembering.record(*group), forgetful.record(*group)
            assert [verdict(answer) for answer in one] == [verdict(answer) for answer in other]

        assert without_codes(remembering) == without_codes(forgetful)


def without_codes(house: House) -> dict[str, int]:
    """How many rows of each table there are: batch codes are chance, and all other rows name them."""
    return {name: len(rows) for name, rows in house.dump(kind="projection").items()}


@pytest.mark.parametrize("seed", range(4))
def test_the_state_in_memory_is_the_state_in_the_tables(tmp_path: Path, seed: int) -> None:
    admission = Admission()
    with open_house(tmp_path) as house:
        house.restart(admission)
        for group in groups(seed):
            house.record(*group)

            kept, fresh = admission._kept, Overlay()
            with house.reading() as tx:
                fresh.load(tx, wanted_by(kept.state))
            for name in ("parties", "products", "projects", "certificates", "grants", "orders", "lots"):
                known = getattr(fresh.state, name)
                assert {key: known[key] for key in getattr(kept.state, name)} == getattr(kept.state, name)
            assert fresh.state.batches == kept.state.batches
            assert {code: book_rows(book) for code, book in fresh.state.books.items()} == {
                code: book_rows(book) for code, book in kept.state.books.items()
            }
            assert fresh.state.involved == kept.state.involved


def book_rows(book: Book) -> tuple[object, ...]:
    return book.runs, sorted(book.loose.items()), book.admissions


def wanted_by(state: State) -> Wanted:
    return Wanted(
        parties=set(state.parties),
        certificates=set(state.certificates),
        products=set(state.products),
        projects=set(state.projects),
        grants=set(state.grants),
        orders=set(state.orders),
        lots=set(state.lots),
        batches=set(state.batches),
    )


def test_another_writer_between_two_groups_makes_the_memory_void(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.happened(some.production(entered_for=MAKER))
        mine = house.sequencer
        other = House(house.engine, lambda: NOON, house.blobs)
        other.happened(some.dispatch(units=[(1, 1)], entered_for=MAKER))
        other.stop()
        assert house.sequencer is mine

        (answer,) = house.record(some.dispatch(units=[(1, 1)], entered_for=MAKER))

        assert isinstance(answer, Refusal)
        assert [problem.code for problem in answer.problems] == ["not-held"]


def test_a_group_that_failed_leaves_nothing_in_memory(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.happened(some.production(entered_for=MAKER))
        sent = some.dispatch(units=[(1, 1)], entered_for=MAKER)
        with refusing(house.engine, books.posting, "full"), pytest.raises(DatabaseError, match="full"):
            house.record(sent)

        (answer,) = house.record(sent)

        assert isinstance(answer, Receipt)
        assert answer.seq == house.size - 1


def test_memory_is_given_up_when_it_holds_too_much(tmp_path: Path) -> None:
    admission, overlay = Admission(), Overlay()
    overlay.state.batches.update(dict.fromkeys(map(str, range(MAX_KEPT_BATCHES + 1))))

    admission._keep(overlay, 5, b"digest")

    with open_house(tmp_path) as house, house.reading() as tx:
        assert admission._overlay_at(tx, Position(size=5, at="", last_event=b"digest")) is not overlay


def test_a_branch_changes_nothing_until_it_is_adopted(tmp_path: Path) -> None:
    with open_house(tmp_path) as house, house.reading() as tx:
        made = prepare(some.production(entered_for=MAKER), at_the_machine())
        sent = prepare(some.dispatch(units=[(1, 1)], entered_for=MAKER), at_the_machine())
        base = Overlay(seq=house.size)
        base.load(tx, all_wanted((p.draft, p.speaker, p.actor) for p in (made, sent)))
        enact(base, made, 1)
        before = deepcopy(base)

        branch = base.branch()
        enact(branch, sent, 1)
        assert base == before
        base.adopt(branch)

        direct = before
        enact(direct, sent, 1)
        assert base == direct
