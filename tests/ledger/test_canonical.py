"""Canonical JSON: the same bytes as an independent RFC 8785 encoder, and a door that lets nothing else in."""

import json
import random
import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.ledger import canonical

LIMIT = 100_000

names = st.text(st.characters(max_codepoint=0x7F), max_size=6)
texts = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
integers = st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER)
documents = st.dictionaries(
    names,
    st.recursive(
        texts | integers | st.booleans(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)
#: Anything a JSON library of Python can hold, restriction or not.
wild = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=6)
    | st.sampled_from(
        ["e\u0301", "\u212b", "\n\u0303", '"\u0338', "\ud800", "ｅ", "中\u0301", "null", "1.5e3"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b:", "中", "é:", "n", 'q"', "\\"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def inside_restriction(value: object) -> bool:
    """The restriction of formats §1, said again as plainly as possible."""
    match value:
        case bool():
            return True
        case int():
            return abs(value) <= 2**53 - 1
        case str():
            lone = any(0xD800 <= ord(character) <= 0xDFFF for character in value)
            return not lone and unicodedata.normalize("NFC", value) == value
        case list():
            return all(map(inside_restriction, value))
        case dict():
            return all(name.isascii() and inside_restriction(member) for name, member in value.items())
    return False


def nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def pairs_have_no_repetition(text: bytes) -> bool:
    repeated = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        repeated.append(len({name for name, _ in pairs}) != len(pairs))
        return dict(pairs)

    json.loads(text, object_pairs_hook=look)
    return not any(repeated)


# --- encode


@given(documents)
def test_a_document_inside_the_restriction_has_the_bytes_of_rfc_8785(document):
    assert canonical.encode(document) == rfc8785.dumps(document)


def test_thousands_of_random_documents_have_the_bytes_of_rfc_8785():
    dice = random.Random(8785)
    alphabet = '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\u20ac\ufb33\uffff\U0001f600中文电缆éaZ09 :,{}[]'

    def value(levels: int) -> object:
        match dice.randrange(6 if levels else 3):
            case 0:
                return "".join(dice.choices(alphabet, k=dice.randrange(9)))
            case 1:
                return dice.choice([0, 1, -1, 2**53 - 1, 1 - 2**53, dice.randrange(-(10**15), 10**15)])
            case 2:
                return dice.random() < 0.5
            case 3:
                return [value(levels - 1) for _ in range(dice.randrange(4))]
            case _:
                return {
                    f"{dice.choice(alphabet[:13])}{n}": value(levels - 1) for n in range(dice.randrange(5))
                }

    compared = 0
    for _ in range(5_000):
        document = value(4)
        if inside_restriction(document):  # U+FB33 decomposes under NFC: most documents do not hold it
            assert canonical.encode(document) == rfc8785.dumps(document)
            compared += 1
    assert compared > 3_000


@given(wild)
def test_what_lies_outside_the_restriction_is_refused_and_nothing_else(value):
    if inside_restriction(value):
        assert canonical.encode(value) == rfc8785.dumps(value)
    else:
        with pytest.raises(InputError) as refused:
            canonical.encode(value)
        assert refused.value.code == "wrong-input"


@pytest.mark.parametrize(
    ("value", "where", "words"),
    [
        ({"a": [1, {"b": 7.14}]}, "/a/1/b", "integers"),
        ({"a": 2**53}, "/a", "beyond"),
        ({"a": 10**6000}, "/a", "beyond"),
        ({"a": float("nan")}, "/a", "integers"),
        ({"a/b": {"c~d": None}}, "/a~1b/c~0d", "null"),
        ({"batch": {"长度": 1}}, "/batch", "ASCII"),
        ({"a": ["e\u0301"]}, "/a/0", "NFC"),
        ({"a": "\ud800"}, "/a", "surrogate"),
    ],
)
def test_a_refusal_says_where_and_what_in_both_languages(value, where, words):
    with pytest.raises(InputError) as refused:
        canonical.encode(value)

    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("wrong-input", where)
    assert words in problem.detail.en
    assert problem.detail.zh
    assert problem.came


def test_every_fault_of_a_document_is_named_up_to_a_bound():
    with pytest.raises(InputError) as refused:
        canonical.encode({"a": 1.5, "b": None, "c": [None] * 100})

    assert [problem.where for problem in refused.value.problems][:3] == ["/a", "/b", "/c/0"]
    assert len(refused.value.problems) == 20


def test_an_escape_before_a_combining_mark_raises_doubt_but_is_let_through():
    # The text "\ñ" of the encoding is not NFC, the string itself is.
    assert canonical.encode({"a": "\n\u0303"}) == b'{"a":"\\n\xcc\x83"}'


@pytest.mark.parametrize("value", [{"a": b"bytes"}, {1: "name"}, {"a": {1, 2}}])
def test_an_object_that_is_no_json_value_is_the_callers_mistake(value):
    with pytest.raises(TypeError):
        canonical.encode(value)


def test_nesting_ends_at_level_32():
    assert canonical.encode(nested(32)) == b"[" * 32 + b"]" * 32
    for levels in (33, 200, 2_000):
        with pytest.raises(InputError, match="deeper"):
            canonical.encode(nested(levels))


def test_many_brackets_side_by_side_or_in_a_string_are_no_nesting():
    document = {"flat": [[] for _ in range(100)], "text": "[" * 100}
    assert canonical.decode(canonical.encode(document), LIMIT) == document


# --- decode


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_reading_undoes_writing_in_any_spelling(document, escaped, indent):
    spelled = json.dumps(document, ensure_ascii=escaped, indent=indent).encode()

    assert canonical.decode(spelled, LIMIT) == document
    assert canonical.decode(canonical.encode(document), LIMIT) == document


pair_texts = st.recursive(
    st.sampled_from(["1", '"a"', '":"', '"\\":"', "[]", "true"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(st.sampled_from(['"a"', '"\\u0061"', '"b:"', '"\\\\"']), inner), max_size=3).map(
            lambda pairs: "{" + " ,".join(f"{name} :{member}" for name, member in pairs) + "}"
        )
    ),
    max_leaves=6,
).map(lambda text: f'{{"top":{text}}}'.encode())


@given(pair_texts)
def test_a_member_name_that_stands_twice_is_refused_and_nothing_else(text):
    if pairs_have_no_repetition(text):
        assert canonical.decode(text, LIMIT) == json.loads(text)
    else:
        with pytest.raises(InputError, match="twice"):
            canonical.decode(text, LIMIT)


def test_a_repeated_name_is_located():
    with pytest.raises(InputError) as refused:
        canonical.decode(b'{"body":{"units":[{"count":1,"count":100000}]}}', LIMIT)

    (problem,) = refused.value.problems
    assert (problem.code, problem.where, problem.came) == ("wrong-input", "/body/units/0/count", "count")


@pytest.mark.parametrize("hidden", [b"9" * 300, b"1.5", b"null", b"[" * 31 + b"]" * 31])
def test_a_repetition_is_found_whatever_it_hides(hidden):
    with pytest.raises(InputError, match="twice"):
        canonical.decode(b'{"a":%b,"a":1}' % hidden, LIMIT)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed-json"),
        (b"{", "malformed-json"),
        (b'{"a":1}x', "malformed-json"),
        (b'{"a":NaN}', "malformed-json"),
        (b'{"a":Infinity}', "malformed-json"),
        (b"{'a':1}", "malformed-json"),
        (b'{"a":"\xff"}', "malformed-json"),
        (b'{"a":"\xed\xa0\x80"}', "malformed-json"),
        (b'{"a":"\\ud800"}', "malformed-json"),
        (b'\xef\xbb\xbf{"a":1}', "malformed-json"),
        ('{"a":1}'.encode("utf-16"), "malformed-json"),
        (b'{"a":01}', "malformed-json"),
        (b'{"a":1.0}', "wrong-input"),
        (b'{"a":1e2}', "wrong-input"),
        (b'{"a":9007199254740992}', "wrong-input"),
        (b'{"a":18446744073709551616}', "wrong-input"),
        (b'{"a":null}', "wrong-input"),
        (b'{"a":"e\\u0301"}', "wrong-input"),
        (b'{"\\u4e2d":1}', "wrong-input"),
        (b"[]", "wrong-input"),
        (b'"a"', "wrong-input"),
        (b"[" * 33 + b"]" * 33, "wrong-input"),
        (b"[" * 50_000, "wrong-input"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "wrong-input"),
        (b'{"a":"' + b"x" * LIMIT + b'"}', "too-large"),
    ],
)
def test_the_door_refuses(data, code):
    with pytest.raises(InputError) as refused:
        canonical.decode(data, LIMIT)
    assert refused.value.code == code


def test_the_cap_counts_bytes_and_is_inclusive():
    data = '{"a":"电缆"}'.encode()

    assert canonical.decode(data, len(data)) == {"a": "电缆"}
    with pytest.raises(InputError, match="at most"):
        canonical.decode(data, len(data) - 1)


@given(st.binary(max_size=40) | wild.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_read_or_refused(data):
    try:
        value = canonical.decode(data, LIMIT)
    except InputError:
        return
    assert inside_restriction(value)


# --- is_canonical


@given(documents)
def test_there_is_one_spelling(document):
    data = canonical.encode(document)

    assert canonical.is_canonical(data)
    assert not canonical.is_canonical(data + b" ")
    assert not canonical.is_canonical(data.replace(b"{", b"{ ", 1))


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":"\\u4e2d"}',
        b'{"a":1.5}',
        b'{"a":null}',
        b'{"a":-0}',
        b"{",
        b"\xff",
    ],
)
def test_another_spelling_is_not_canonical(data):
    assert not canonical.is_canonical(data)
