"""The tokeniser: a word is found exactly where it is a substring, and a specification in every spelling."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.search.tokens import (
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_WORDS,
    Group,
    condense,
    index_tokens,
    query_terms,
)

#: Text as it comes: Chinese, Latin, digits, full width, separators, and anything at all.
texts = st.text(alphabet="电缆有限公司远东ABYJVmmx×*+./-_ （）０５123459²平方", max_size=24) | st.text(
    max_size=12
)


def found(query: str, group: Group, text: str) -> bool:
    """Whether every word stands in the text, whole or in its parts."""

    def stands(word) -> bool:
        whole = word.found_in(group, text)
        return whole or (bool(word.parts) and all(stands(part) for part in word.parts))

    return all(stands(word) for word in query_terms(query).words)


def test_tokens_of_a_name_are_its_pairs_and_then_its_characters():
    assert index_tokens(Group.TEXT, "远东（电）缆") == (
        "t远东",
        "t东电",
        "t电缆",
        "e",
        "u远",
        "u东",
        "u电",
        "u缆",
    )


def test_tokens_of_a_code_are_its_triples_without_look_alikes():
    assert index_tokens(Group.CODE, "FH-O1l") == ("cfh0", "ch01", "c011", "e")


def test_tokens_of_an_id_are_its_beginnings_from_eight_characters_on():
    assert index_tokens(Group.ID, "5B2F9501-0e") == ("i5b2f9501", "i5b2f95010", "i5b2f95010e")
    assert index_tokens(Group.ID, "91M1") == ("i91m1",)


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("5b2f9501-0e77-4b6a-8950-1110000016ab", True),
        ("５B2F95O10E77", True),
        ("5b2f9501", True),
        ("5b2f950", False),
        ("950", False),
        ("1110000016ab", False),
        ("b2f95010e774b6a", False),
        ("5b2f9501-0e77-4b6a-8950-1110000016ab7", False),
    ],
)
def test_an_id_is_found_whole_or_by_a_long_beginning_and_never_by_its_middle(typed, stands):
    assert found(typed, Group.ID, "5b2f9501-0e77-4b6a-8950-1110000016ab") is stands


def test_tokens_of_a_specification_hold_its_numbers_whole():
    tokens = index_tokens(Group.SPEC, "YJV22-0.6/1kV 3×95+1×50 mm²")

    assert [token for token in tokens if token[0] == "n"] == ["n0.6", "n1", "n3", "n95", "n50"]
    assert "s3x9" in tokens
    assert "n22" not in tokens


@given(texts, st.sampled_from(Group))
def test_every_token_is_one_piece_with_the_letter_of_its_kind(text, group):
    letters = {Group.TEXT: "tue", Group.CODE: "ce", Group.ID: "i", Group.SPEC: "spne"}[group]

    for token in index_tokens(group, text):
        assert token[0] in letters
        assert re.fullmatch(r"[^\W_]([^\W_]|[.+])*", token), "an engine would split it or end a quotation"


@given(texts, st.integers(0, 24), st.integers(2, 8))
def test_any_piece_of_a_condensed_name_finds_it(text, start, length):
    piece = condense(Group.TEXT, text)[start : start + length]
    if piece:
        assert query_terms(piece).words[0].found_in(Group.TEXT, text)


@given(st.lists(texts, min_size=2, max_size=4), texts, st.sampled_from([Group.TEXT, Group.CODE]))
def test_a_word_is_found_exactly_where_it_is_a_substring_even_among_several_texts(fields, word, group):
    # given: the texts of one document one after the other, as an engine sees them
    line = " ".join(token for text in fields for token in index_tokens(group, text))
    wanted = condense(group, word)
    shortest = 1 if group is Group.TEXT else 3
    letters = "tu" if group is Group.TEXT else "c"

    # when: the word's phrases of this group are looked for among all of them
    try:
        words = query_terms(word.replace(" ", "").replace(",", "")).words
    except InputError:
        return
    if len(words) != 1 or condense(group, words[0].text) != wanted:
        return
    hit = any(
        f" {' '.join(phrase)} " in f" {line} " for phrase in words[0].phrases if phrase[0][0] in letters
    )

    # then: that is the same as looking for the substring
    assert hit == (len(wanted) >= shortest and any(wanted in condense(group, text) for text in fields))


@pytest.mark.parametrize(
    ("typed", "text", "stands"),
    [
        ("BV4", "BV-450/750V 1×4", True),
        ("BV4", "60227 IEC 01(BV) 450/750V 4", True),
        ("bv 4", "60227 IEC 01(BV) 450/750V 2.5", False),
        ("BV4", "60227 IEC 01(BV) 450/750V 2.5", False),
        ("YJV95", "YJV-0.6/1kV 3×95+1×50", True),
        ("YJV95", "YJV-0.6/1kV 4×120+1×70", False),
        ("ZR-BV10", "ZR-BV-450/750V 1×10", True),
        ("YJV22", "YJV22-0.6/1kV 4×120", True),
        ("YJV22", "YJV-0.6/1kV 22×1.5", False),
        ("yjv2", "YJV22-0.6/1kV 4×120", True),
        ("x95", "YJV-0.6/1kV 3×95+1×50", True),
    ],
)
def test_an_area_behind_a_type_is_a_number_and_not_the_beginning_of_the_voltage(typed, text, stands):
    assert found(typed, Group.SPEC, text) is stands


SAME_CABLE = [
    "ZR-YJV22-0.6/1kV 3×95+1×50",
    "zr-yjv22-0.6/1kv 3*95+1*50",
    "ZR－YJV22－０．６／１ｋV　３X９５＋１X５０",
    "ZR-YJV22 3x95+1x50",
    "3×95+1×50mm²",
    "3×95+1×50 mm2",
    "3 × 95 + 1 × 50 平方",
    "3x95平方毫米+1x50平方毫米",
    "3*95.0+1*50.00",
    "YJV22-3×95",
    "yjv22 3*95",
    "YJV22 3✕95",
    "0.6/1kV 1*50",
    "YJV22 95",
    "yjv22-0.6/1-3*95㎟",
]


@pytest.mark.parametrize("typed", SAME_CABLE)
def test_every_spelling_of_a_specification_finds_it(typed):
    assert found(typed, Group.SPEC, "ZR-YJV22-0.6/1kV 3×95+1×50")


@pytest.mark.parametrize(
    "typed", ["BV 4", "BV-4", "bv4平方", "BV 4mm²", "BV 4 平", "bv4mm2", "BV 1×4", "ＢＶ　４"]
)
def test_a_wire_is_found_by_type_and_area(typed):
    assert found(typed, Group.SPEC, "BV-450/750V 1×4")


@pytest.mark.parametrize(
    "typed", ["RVV300/500V3×1.5", "rvv300/500V 3*1.5mm²", "ＲＶＶ３００／５００ ３ｘ１．５"]
)
def test_a_voltage_behind_a_type_is_no_number_of_the_type(typed):
    assert found(typed, Group.SPEC, "RVV-300/500V 3×1.5")


def test_a_type_keeps_its_own_number_before_a_stroke():
    (word,) = query_terms("YJV22/0.6/1kV").words

    assert [part.text for part in word.parts] == ["yjv22", "0.6/1kv"]


@pytest.mark.parametrize("typed", ["BV 4", "BV-4", "BV4平方"])
def test_the_area_of_a_wire_is_a_whole_number(typed):
    assert not found(typed, Group.SPEC, "BV-450/750V 1×2.5")
    assert not found(typed, Group.SPEC, "BV-450/750V 1×16"), "the 4 of 450 is no area"


@pytest.mark.parametrize("typed", ["3*95+1*50", "RVV 3×15", "3x70", "YJV32"])
def test_another_specification_is_not_found(typed):
    assert not found(typed, Group.SPEC, "RVV-YJV22-300/500V 3×1.5")


@pytest.mark.parametrize("typed", ["禾泽YJV22", "泽yjv22-3*95", "YJV22禾泽"])
def test_what_is_written_without_spaces_is_also_looked_for_in_pieces(typed):
    (word,) = query_terms(typed).words

    pieces = {part.text for part in word.parts}

    assert len(pieces) == 2
    assert all(part.phrases for part in word.parts)


def test_the_pieces_of_a_number_are_not_looked_for_among_codes():
    (word,) = query_terms("HZ260301-111").words

    assert word.found_in(Group.CODE, "HZ260301-111")
    assert not any(part.found_in(Group.CODE, "HZ260301-222") for part in word.parts)


def test_square_metres_are_no_area_of_a_cable():
    assert found("5000平方米", Group.TEXT, "5000平方米厂房")


def test_words_are_parted_by_spaces_and_commas_and_asked_once():
    assert [word.text for word in query_terms(" 远东，YJV　远东、3 × 95 ").words] == ["远东", "yjv", "3x95"]


def test_an_empty_box_asks_for_everything():
    assert query_terms("  ").words == ()


@pytest.mark.parametrize(
    "typed",
    ["——", "？", "x" * (MAX_QUERY_CHARACTERS + 1), " ".join(f"w{n}" for n in range(MAX_QUERY_WORDS + 1))],
)
def test_a_text_that_cannot_be_asked_is_refused_in_both_languages(typed):
    with pytest.raises(InputError) as refused:
        query_terms(typed)

    (problem,) = refused.value.problems
    assert problem.code == "wrong-input"
    assert problem.detail.zh
    assert problem.detail.en
    assert problem.where == "q"


@given(st.text(max_size=MAX_QUERY_CHARACTERS + 5))
def test_anything_typed_is_a_query_or_a_refusal(text):
    try:
        words = query_terms(text).words
    except InputError:
        return
    assert all(word.text for word in words)
