"""State: the book of a batch keeps its runs in normal form, whatever is replaced in it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import Broken
from cabletrace.model.state import (
    Account,
    Admission,
    Book,
    CertificatePeriod,
    KnownBatch,
    KnownParty,
    Run,
    UnitLength,
    status_on,
)

HERE, THERE = Account("held", "a", "411603"), Account("held", "b", "411602")
UNITS = 12


def run(first: int, last: int, account: Account = HERE, mm: int = 100, **more: object) -> Run:
    return Run(first=first, last=last, account=account, length_mm=mm)._replace(**more)  # type: ignore[arg-type]


def unit_by_unit(book: Book) -> dict[int, Run]:
    return {n: run_.clipped(n, n) for run_ in book.runs for n in range(run_.first, run_.last + 1)}


def assert_normal(book: Book) -> None:
    for before, after in zip(book.runs, book.runs[1:], strict=False):
        assert before.last < after.first
        assert not before.joins(after)
    assert all(each.first <= each.last for each in book.runs)


changes = st.tuples(
    st.integers(1, UNITS),
    st.integers(1, UNITS),
    st.sampled_from([HERE, THERE]),
    st.sampled_from([0, 50, 100]),  # 0: nothing is left
    st.sampled_from([(), (("a", "b"),)]),
)


@given(st.lists(changes, max_size=15))
def test_replacing_parts_is_the_same_as_changing_single_units(
    steps: list[tuple[int, int, Account, int, tuple[tuple[str, str], ...]]],
) -> None:
    book = Book.opened([run(1, UNITS)])
    units = unit_by_unit(book)

    for one, other, account, mm, legs in steps:
        asked = (min(one, other), max(one, other))
        for part in list(book.parts([asked])):
            after = part._replace(account=account, length_mm=mm, missing_legs=legs) if mm else None
            book.replace(part, after)
            for n in range(part.first, part.last + 1):
                if after is None:
                    del units[n]
                else:
                    units[n] = after.clipped(n, n)

        assert unit_by_unit(book) == units
        assert_normal(book)


@given(st.lists(st.tuples(st.integers(1, UNITS), st.integers(1, UNITS)), max_size=3))
def test_parts_are_exactly_the_units_asked_for_that_the_book_has(asked: list[tuple[int, int]]) -> None:
    book = Book.opened([run(1, 3), run(5, 8, THERE), run(9, 9, THERE, 50)])

    parts = list(book.parts(asked))

    named = [n for part in parts for n in range(part.first, part.last + 1)]
    assert named == [n for first, last in asked for n in range(first, last + 1) if n in unit_by_unit(book)]


def test_a_part_that_the_book_does_not_have_stops_everything() -> None:
    book = Book.opened([run(1, 4)])

    for part in (run(1, 4, THERE), run(4, 5), run(5, 5), run(2, 3, mm=99)):
        with pytest.raises(Broken, match="no run"):
            book.replace(part, None)

    assert book.runs == [run(1, 4)]


def test_a_new_book_joins_groups_that_are_one_run() -> None:
    book = Book.opened([run(1, 2), run(3, 4), run(5, 5, mm=50), run(7, 8, mm=50)])

    assert book.runs == [run(1, 4), run(5, 5, mm=50), run(7, 8, mm=50)]


@pytest.mark.parametrize(
    "following",
    [
        run(6, 6),
        run(4, 5),
        run(5, 6, THERE),
        run(5, 6, mm=99),
        run(5, 6, missing_legs=(("a", "b"),)),
    ],
    ids=["a gap", "an overlap", "another place", "another length", "a missing leg"],
)
def test_runs_join_only_where_nothing_would_be_lost(following: Run) -> None:
    assert run(1, 4).joins(run(5, 6))
    assert not run(1, 4).joins(following)


def test_a_copy_of_a_book_does_not_feel_what_happens_to_the_book() -> None:
    book = Book.opened([run(1, 4)])
    copy = book.copy()

    book.replace(run(2, 2), None)
    book.loose[HERE] = 5
    book.admissions.append(an_opinion("admit", 1))

    assert copy == Book.opened([run(1, 4)])


def an_opinion(opinion: str, day: int, seq: int = 0, first: int = 1, last: int = 4) -> Admission:
    return Admission(
        first=first, last=last, project="p", opinion=opinion, on=date(2026, 4, day), seq=seq
    )  # fmt: skip


def test_the_newest_opinion_counts_and_of_two_on_one_day_the_later_entry() -> None:
    book = Book(
        admissions=[an_opinion("admit", 10, 1), an_opinion("reject", 12, 3), an_opinion("await-test", 12, 2)]
    )

    by_day = [book.opinion_on(1, "p", date(2026, 4, day)) for day in (9, 10, 11, 12)]

    assert by_day == [None, "admit", "admit", "reject"]
    assert book.opinion_on(5, "p", date(2026, 4, 12)) is None
    assert book.opinion_on(1, "another", date(2026, 4, 12)) is None


def test_the_later_entry_about_a_certificate_wins_on_the_days_that_it_covers() -> None:
    def period(status: str, first: date, last: date) -> CertificatePeriod:
        return CertificatePeriod(
            holder="h", number="n", type="licence", status=status, valid_from=first, valid_to=last
        )

    periods = (
        period("valid", date(2023, 1, 1), date(2027, 12, 31)),
        period("suspended", date(2026, 5, 1), date(2026, 5, 31)),
    )

    days = (date(2022, 12, 31), date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 1), date(2028, 1, 1))
    assert [status_on(periods, day) for day in days] == [
        "not-yet-valid",
        "valid",
        "suspended",
        "valid",
        "expired",
    ]
    assert status_on((), days[0]) == "unknown"


def test_a_batch_knows_the_registered_length_of_each_of_its_units() -> None:
    batch = KnownBatch(
        code="c",
        maker="m",
        lot="l",
        product="p",
        designation="BV 2.5",
        certificate=None,
        produced_on=date(2026, 4, 1),
        length_mm=700,
        units=(UnitLength(first=1, last=2, length_mm=100), UnitLength(first=5, last=5, length_mm=500)),
    )

    assert [batch.length_of(n) for n in (0, 1, 2, 3, 5, 6)] == [None, 100, 100, None, 500, None]


def test_a_role_counts_only_once_the_party_is_confirmed() -> None:
    named = KnownParty(id="p", name="某局", roles=("regulator",), named_by="somebody")

    assert not named.acts_as(frozenset({"regulator"}))
    assert replace(named, named_by=None).acts_as(frozenset({"regulator", "operator"}))
    assert not replace(named, named_by=None).acts_as(frozenset({"operator"}))
