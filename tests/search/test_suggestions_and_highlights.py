"""Suggestions against a look at every document, and the piece of a text that is shown as the word."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from cabletrace.ledger.follow import Cursor
from cabletrace.model.scope import Scope
from cabletrace.search.documents import BatchDocument, MovementDocument, fields_of
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.highlight import mark
from cabletrace.search.index import SearchIndex
from cabletrace.search.suggestions import KEPT
from cabletrace.search.tokens import Group, condense, query_terms

from .asking import SCOPES, ask, some_of
from .brute_force import is_visible, plain
from .conftest import Market


def holds_words(group: Group, typed: str, text: str) -> bool:
    """Whether each word stands in a text, numbers of a specification whole and the last one as a beginning."""
    words = typed.split()
    if group is not Group.SPEC:
        return all(condense(group, word) in condense(group, text) for word in words)
    pieces = [each for word in words for each in re.findall(r"[a-z一-鿿]+|[0-9][0-9.x]*", spec_line(word))]
    numbers = re.findall(r"[0-9][0-9.x+]*", spec_line(text))
    return all(
        piece in spec_line(text)
        if piece.isalpha()
        else any(
            n.startswith(piece) and (piece is pieces[-1] or not n[len(piece) :][:1].isdigit())
            for number in numbers
            for n in (number, *number.replace("+", "x").split("x")[1:])
        )
        for piece in pieces
    )


def spec_line(text: str) -> str:
    return re.sub(r"mm2|平方", "", plain(text).replace("2.50", "2.5")).translate(str.maketrans("×*", "xx"))


def names_with(market: Market, typed: str, scope: Scope) -> set[str]:
    """Every kept name that holds what was typed, or all of its words, in a document that the scope sees."""
    found = set()
    for document in market.documents:
        if is_visible(document, scope):
            printed = document.designation if isinstance(document, BatchDocument) else ""
            for field, text in fields_of(document):
                wanted = condense(field.group, typed)
                if (
                    field in KEPT
                    and wanted
                    and (wanted in condense(field.group, text) or holds_words(field.group, typed, text))
                ):
                    found.add(text if text != printed else document.normalised)  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize("questions", [30, pytest.param(120, marks=pytest.mark.full)])
def test_suggestions_are_the_names_in_documents_that_the_asker_may_see(
    any_index: SearchIndex, market: Market, questions: int
) -> None:
    choose, some = random.Random(3), 0

    for _ in range(questions):
        typed = choose.choice(
            [
                *("示例", "禾泽", "yjv", "YJV 3x95", "太康示范", "XM", "GB/T 50", "2号", "92", "没有"),
                *(
                    "YJV22 4",
                    "YJV 9",
                    "YJV 4x",
                    "BV2",
                    "BV 4",
                    "太康 工程",
                    "GB/T 12706",
                    "禾泽 部",
                    "YJV 电",
                ),
            ]
        )
        scope = choose.choice((*SCOPES, Scope(regions=("3412",)) | some_of(market)))

        suggested = {each.text for each in any_index.suggest(typed, scope, limit=50)}

        assert suggested == names_with(market, typed, scope), (typed, scope)
        some += bool(suggested)

    assert some > questions / 3


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("YJV22 4", ["ZC-YJV22-0.6/1kV 4×120+1×70"]),
        ("YJV 95", ["YJV-0.6/1kV 3×95+1×50"]),
        ("yjv 3x", ["YJV-0.6/1kV 3×95+1×50"]),
        ("YJV 3×9", ["YJV-0.6/1kV 3×95+1×50"]),
        ("BV2", ["BV-450/750V 1×2.5"]),
        ("太康 建设", ["太康县模拟示范建设工程有限公司"]),
    ],
)
def test_what_is_typed_is_completed_word_by_word(
    any_index: SearchIndex, typed: str, texts: list[str]
) -> None:
    assert [each.text for each in any_index.suggest(typed, SCOPES[0])] == texts


def test_a_name_goes_with_the_last_document_that_holds_it(index: EmbeddedIndex, market: Market) -> None:
    everything, typed = SCOPES[0], "太康示范中学"
    assert [each.text for each in index.suggest(typed, everything)] == ["太康示范中学A区扩建"]

    changed = [
        replace(each, project="", project_code="", version=each.version + 10_000)
        for each in market.documents
        if isinstance(each, MovementDocument)
    ]
    index.apply(changed, Cursor(20_000, b"z" * 32))

    assert index.suggest(typed, everything) == []


@pytest.mark.parametrize(
    ("typed", "group", "text", "piece"),
    [
        ("3x95", Group.SPEC, "YJV 0.6/1kV 3×95+1×50", "3×95"),
        ("yjv22", Group.SPEC, "ZC-YJV22-0.6/1kV 4×120", "YJV22"),
        ("4", Group.SPEC, "BV-450/750V 1×4", "4"),
        ("fh1001", Group.CODE, "FH-1001", "FH-1001"),
        ("1OO1", Group.CODE, "FH-1001", "1001"),
        ("阜阳线缆", Group.TEXT, "例示（阜阳）线缆厂", "阜阳）线缆"),
        ("abb", Group.TEXT, "西安示例电工ABB有限公司", "ABB"),
    ],
)
def test_the_piece_that_is_marked_is_the_word_as_it_is_printed(
    typed: str, group: Group, text: str, piece: str
) -> None:
    (word,) = query_terms(typed).words

    span = mark(word, group, text)

    assert span is not None
    assert text[slice(*span)] == piece


def test_what_does_not_stand_there_is_not_marked() -> None:
    (word,) = query_terms("450").words

    assert mark(word, Group.SPEC, "BV-1450/750V 1×4") is None
    assert mark(word, Group.TEXT, "没有") is None
    assert mark(word, Group.TEXT, "450" * 200) is None


def test_every_piece_is_the_shortest_in_which_the_word_stands(index: EmbeddedIndex, market: Market) -> None:
    choose, marked = random.Random(9), 0

    for _ in range(150):
        typed = " ".join(each.typed for each in ask(choose, market))
        for hit in index.search(query_terms(typed), SCOPES[0], limit=5).rows:
            for match in hit.matches:
                group, wanted = match.field.group, condense(match.field.group, match.word.text)
                span = mark(match.word, group, match.text)
                if span is not None:
                    begin, end = span
                    assert wanted in condense(group, match.text[begin:end])
                    assert wanted not in condense(group, match.text[begin + 1 : end])
                    assert wanted not in condense(group, match.text[begin : end - 1])
                    marked += 1

    assert marked > 150
