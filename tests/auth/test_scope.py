"""Scopes: what is seen follows from parties and region prefixes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.involvement import made_under, sees
from cabletrace.model.scope import Scope

CODES = st.text("12", min_size=6, max_size=6)  # few digits, so that prefixes often meet
PREFIXES = st.sampled_from((0, 2, 4, 6)).flatmap(
    lambda length: st.text("12", min_size=length, max_size=length)
)
SCOPES = st.builds(
    Scope,
    everything=st.booleans(),
    parties=st.frozensets(st.sampled_from("abcd"), max_size=3),
    regions=st.lists(PREFIXES, max_size=4).map(tuple),
    certificates=st.frozensets(st.tuples(st.sampled_from("abcd"), st.sampled_from("12")), max_size=2),
)


@given(SCOPES, SCOPES, st.sampled_from("abcd"), CODES)
def test_a_union_sees_what_either_sees_and_no_more(a: Scope, b: Scope, party: str, code: str) -> None:
    both = a | b

    assert both.sees_party(party) == (a.sees_party(party) or b.sees_party(party))
    assert both.sees_region(code) == (a.sees_region(code) or b.sees_region(code))
    under = made_under("a", "1")
    assert sees(both, {under}) == (sees(a, {under}) or sees(b, {under}))
    assert both.covers(a)
    assert both.nothing == (a.nothing and b.nothing)


@given(st.lists(PREFIXES, max_size=5), CODES)
def test_what_is_seen_is_exactly_what_lies_under_a_prefix(prefixes: list[str], code: str) -> None:
    scope = Scope(regions=tuple(prefixes))

    assert scope.sees_region(code) == any(code.startswith(prefix) for prefix in prefixes)
    assert scope == Scope(regions=tuple(reversed(prefixes)))


@pytest.mark.parametrize(
    ("written", "kept", "seen", "unseen"),
    [
        ("411603", ("411603",), "411603", "411602"),
        ("411600", ("4116",), "411603", "410105"),
        ("410000", ("41",), "419001", "420102"),
        ("419000", ("4190",), "419001", "411603"),
        ("441900", ("4419",), "441900", "442000"),
    ],
)
def test_a_full_code_of_an_upper_level_means_all_below_it(
    written: str, kept: tuple[str, ...], seen: str, unseen: str
) -> None:
    scope = Scope(regions=(written,))

    assert scope.regions == kept
    assert scope.sees_region(seen)
    assert not scope.sees_region(unseen)


def test_the_nation_sees_every_region_but_is_no_party_to_anything() -> None:
    for nation in (Scope(regions=("",)), Scope(regions=("000000",))):
        assert nation.sees_region("411603")
        assert not nation.sees_party("a")
        assert not nation.nothing


def test_nothing_sees_nothing() -> None:
    assert Scope().nothing
    assert not Scope().sees_party("")
    assert not Scope().sees_region("")
    assert not Scope().sees_region("411603")


def test_equal_reach_is_an_equal_value() -> None:
    assert Scope(regions=("411603", "4116", "41")) == Scope(regions=("410000",))
    assert Scope(everything=True, parties=frozenset("a"), regions=("41",)) == Scope(everything=True)
    assert hash(Scope(regions=("41", "42"))) == hash(Scope(regions=("42", "41")))


@pytest.mark.parametrize("wrong", ["4", "41160", "4116031", "周口", "4116%", "４１", " 41"])
def test_what_is_not_a_region_is_no_jurisdiction(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a region code"):
        Scope(regions=(wrong,))
