"""Text into search tokens: the one tokeniser that every search engine indexes and asks with.

An engine that splits text itself cuts Chinese into single characters or into words of its dictionary, and
loses part of a code or of a specification. So the splitting is done here, and an engine only has to store
tokens with their positions and find phrases of them.

A text is *condensed* (width, case and separators folded away) and cut into overlapping grams of one length.
Consecutive grams overlap, and every text ends with a mark, therefore

    a phrase of grams is found  <=>  the condensed word is a substring of the condensed text,

exactly, also when several texts of a document stand one after the other. A word shorter than a gram is a
token of its own kind, so engines need phrases only, no prefixes.

Ids are no words: any three digits stand somewhere in the middle of some id. An id is found by all of it, or by a beginning
that is long enough to mean it; each of these beginnings is one token.

=======  ======  ==============================================================================
letter   gram    for
=======  ======  ==============================================================================
``t u``  2, 1    text: companies, projects, products, places
``c``    3       codes: lots, reports, delivery notes, trace codes; O is 0, I and L are 1 (as printed)
``s p``  3, 2    specifications: ``3*95``, ``３×95 mm²`` and ``3X95平方`` are one
``i``    from 8  ids of organisations: beginnings of at least eight characters, and all of it
``n``    whole   numbers in a specification: in ``BV 4`` the 4 is an area, not a digit of 450/750V
``x``    whole   a text as a whole, so that what is called exactly so can stand before what contains it
=======  ======  ==============================================================================

The letter stands before each token, so that the groups never mix. Pure; changes only together with
`TOKENISER_VERSION`. Traditional characters are not folded into simplified ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ..errors import InputError, Text

#: Stored with every index; an index of another version is not asked but rebuilt.
TOKENISER_VERSION = 2

#: Bounds of one query: what people type is far below, and what is above is a burden or an attack.
MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 8


class Group(StrEnum):
    """How a field is read."""

    TEXT = "text"
    CODE = "code"
    ID = "id"
    SPEC = "spec"


#: Letter and length of the grams of each group, the longest first.
_GRAMS = {
    Group.TEXT: (("t", 2), ("u", 1)),
    Group.CODE: (("c", 3),),
    Group.SPEC: (("s", 3), ("p", 2)),
}
_ID_LETTER = "i"
#: A beginning of an id that means this one and no other: of a UUID the part in front of its first hyphen.
_SHORTEST_OF_AN_ID = 8
_NUMBER_LETTER = "n"
_END_OF_TEXT = "e"

_CJK = "〇一-鿿㐀-䶿豈-﫿\U00020000-\U000323af"
_NUMBER = r"\d+(?:\.\d+)?"

_CROSS_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s*[x×✕✖⨯*]\s*(?=\d)")
_PLUS_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s*\+\s*(?=\d)")
#: Square millimetres behind a number; not the 平方米 of a building.
_AREA = re.compile(
    rf"(?<=\d)\s*(?:mm\^?2(?!\d)|mm(?![a-z\d])|平方毫米|平方(?!米|公里|千米)|平(?![{_CJK}]))", re.ASCII
)
_AREA_MARK = "|"  # neither letter nor digit: it ends a number and then falls out
_DECIMALS = re.compile(r"(?<=\d)\.\d+", re.ASCII)
#: Numbers that stand alone or behind a cross; the 22 of YJV22 belongs to the type.
_NUMBERS_OF_SPEC = re.compile(rf"(?<![a-wyz\d.])({_NUMBER})(?![\d.])", re.ASCII)

_NUMBER_ENDS = r"(?![\d.])"
_LETTERS_OR_NUMBERS = re.compile(r"\d[\d.x+]*|[^\W\d]+")

_LOOK_ALIKES = str.maketrans("oil", "011")
_BETWEEN_WORDS = re.compile(r"[\s,;、]+")
_SCRIPTS = re.compile(rf"[{_CJK}]+|[^{_CJK}]+")
#: The whole areas in which cores are made (GB/T 3956), none of which is the armour of a type: BV4 is BV with 4 mm².
_AREAS_OF_CORES = "1|4|6|10|16|25|35|50|70|95|120|150|185|240|300|400|500|630|800|1000"
_PARTS_OF_SPEC = re.compile(
    rf"{_NUMBER}/{_NUMBER}(?:kv|v)?"  # voltage
    rf"|{_NUMBER}(?:x{_NUMBER})+\|?(?:\+{_NUMBER}(?:x{_NUMBER})*\|?)*"  # cores
    rf"|(?!x)[a-z]+(?=(?:{_AREAS_OF_CORES})(?![\da-z.+/|]))"  # type with an area behind it
    rf"|[a-z]+(?:\d+(?![\d.x|])(?!/{_NUMBER}(?![\d./])))?"  # type or fire prefix, with its own digits
    rf"|{_NUMBER}",  # area
    re.ASCII,
)


#: Names and designations come again and again: their tokens are made once in so many texts, and among them stand numbers that
#: come once.
_TEXTS_KEPT = 16_384

#: Tokens that must follow one another.
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query, as typed (folded): it is found when any of its phrases is.

    ``parts`` is the second way, for what people write without spaces (``禾泽YJV22-3×95``): it is also found
    when every part is, each wherever it likes.
    """

    text: str
    phrases: tuple[Phrase, ...]
    parts: tuple[Word, ...] = ()

    @property
    def whole(self) -> tuple[str, ...]:
        """The tokens of the texts that are this word and nothing more."""
        return tuple(token for group in Group if (token := whole_token(group, self.text)))

    def found_in(self, group: Group, text: str) -> bool:
        """Whether one of the phrases stands in a field: the law that engines must reproduce."""
        line = f" {token_lines(group, text)[1]} "
        return any(f" {' '.join(phrase)} " in line for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class Query:
    """Words that must all be found; without any, everything is wanted."""

    words: tuple[Word, ...]


@lru_cache(_TEXTS_KEPT)
def token_lines(group: Group, text: str) -> tuple[str, str]:
    """`whole_token` of a text, and its `index_tokens` with spaces between them."""
    condensed = condense(group, text)
    return _whole(group, condensed), " ".join(_tokens(group, text, condensed))


def index_tokens(group: Group, text: str) -> tuple[str, ...]:
    """The tokens under which a field is indexed, in their order; none for a text without letter or digit."""
    return _tokens(group, text, condense(group, text))


def _tokens(group: Group, text: str, condensed: str) -> tuple[str, ...]:
    if not condensed:
        return ()
    if group is Group.ID:
        shortest = min(_SHORTEST_OF_AN_ID, len(condensed))
        return tuple(_ID_LETTER + condensed[:end] for end in range(shortest, len(condensed) + 1))
    (letter, size), *shorter = _GRAMS[group]
    tokens = [*_grams(letter, size, condensed), _END_OF_TEXT]
    for letter, size in shorter:
        tokens += dict.fromkeys(_grams(letter, size, condensed))  # a set: no phrase is made of these
    if group is Group.SPEC:
        tokens += dict.fromkeys(
            _NUMBER_LETTER + number for number in _NUMBERS_OF_SPEC.findall(_fold_spec(text))
        )
    return tuple(tokens)


def whole_token(group: Group, text: str) -> str:
    """The token of a whole text, "" for one without letter or digit."""
    return _whole(group, condense(group, text))


def _whole(group: Group, condensed: str) -> str:
    letter = _ID_LETTER if group is Group.ID else _GRAMS[group][0][0]
    return f"x{letter}{condensed}" if condensed else ""


def query_terms(text: str) -> Query:
    """Read what was typed into the search box.

    Words are parted by spaces and commas and must all be found. An empty text asks for everything.
    Raises `InputError` (``wrong-input``) for a text that is too long or holds nothing to search for.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise InputError.of(
            "wrong-input",
            f"检索词过长：至多 {MAX_QUERY_CHARACTERS} 个字符",
            f"The search text is too long: at most {MAX_QUERY_CHARACTERS} characters",
            came=text,
            where="q",
        )
    typed = [part for part in _BETWEEN_WORDS.split(_close_gaps(_fold(text))) if condense(Group.TEXT, part)]
    if text.strip() and not typed:
        raise InputError.of(
            "wrong-input",
            "检索词中没有文字或数字",
            "The search text holds neither letters nor digits",
            came=text,
            where="q",
            remedy=Text(
                "请输入编号、企业、项目或规格型号", "Type a number, a company, a project or a specification"
            ),
        )
    distinct = tuple(dict.fromkeys(typed))
    if len(distinct) > MAX_QUERY_WORDS:
        raise InputError.of(
            "wrong-input",
            f"检索词过多：至多 {MAX_QUERY_WORDS} 个",
            f"Too many words: at most {MAX_QUERY_WORDS}",
            came=text,
            where="q",
        )
    return Query(tuple(_word(part) for part in distinct))


def words_so_far(group: Group, typed: str) -> tuple[str, ...]:
    """The condensed words of a text that is still being typed; of a specification letters and numbers by themselves."""
    split = [part for part in _BETWEEN_WORDS.split(_close_gaps(_fold(typed))) if condense(group, part)]
    if group is Group.SPEC:
        split = [piece for part in split for piece in _LETTERS_OR_NUMBERS.findall(_spec_line(part))]
    return tuple(dict.fromkeys(condense(group, part) for part in split))


def goes_on(group: Group, words: tuple[str, ...], text: str) -> bool:
    """Whether a text holds these words, the last of them as a beginning: a number in a specification begins or is one."""
    if group is not Group.SPEC:
        condensed = condense(group, text)
        return all(word in condensed for word in words)
    line = _spec_line(text)
    *whole, last = words
    return _stands(last, line, "") and all(_stands(word, line, _NUMBER_ENDS) for word in whole)


def _spec_line(text: str) -> str:
    return _fold_spec(text).replace(_AREA_MARK, "")


def _stands(word: str, line: str, ending: str) -> bool:
    if not word[0].isdigit():
        return word in line
    return re.search(rf"(?<![\d.]){re.escape(word)}{ending}", line, re.ASCII) is not None


def condense(group: Group, text: str) -> str:
    """A text without what people write in different ways. Equal results mean the same in that group."""
    if group is Group.SPEC:
        return "".join(c for c in _fold_spec(text) if c.isalnum() or c in ".+")
    folded = _fold(text)
    if group is Group.TEXT:
        folded = _CROSS_BETWEEN_DIGITS.sub("x", folded)
    condensed = folded if folded.isalnum() else "".join(filter(str.isalnum, folded))
    return condensed if group is Group.TEXT else condensed.translate(_LOOK_ALIKES)


def _fold(text: str) -> str:
    """One width and one case. Lower case may compose anew (İ), hence the second round."""
    if text.isascii():
        return text.lower()  # as most numbers are, and nothing composes
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def _fold_spec(text: str) -> str:
    """Crosses, areas and decimals in one spelling; separators still stand, since they end numbers."""
    folded = _AREA.sub(_AREA_MARK, _close_gaps(_fold(text)))
    return _DECIMALS.sub(lambda decimals: decimals[0].rstrip("0").rstrip("."), folded)


def _close_gaps(folded: str) -> str:
    """``3 × 95 + 1 × 50 mm2`` is one word."""
    crossed = _CROSS_BETWEEN_DIGITS.sub("x", folded)
    joined = _PLUS_BETWEEN_DIGITS.sub("+", crossed)
    return _AREA.sub(lambda area: area[0].lstrip(), joined)


def _word(text: str) -> Word:
    parts = _parts(text)
    # BV-4 must not be found as the beginning of BV-450/750V: where a part is a whole number, parts decide.
    in_parts_only = {Group.SPEC} if any(_is_number(part.text) for part in parts) else set()
    phrases = (_phrase(group, text) for group in Group if group not in in_parts_only)
    return Word(text.rstrip(_AREA_MARK), tuple(phrase for phrase in phrases if phrase), parts)


def _parts(text: str) -> tuple[Word, ...]:
    """What to look for piece by piece: Chinese and Latin apart, a specification by type, voltage and cores.

    A piece of a specification is looked for in specifications only: the pieces of a lot number would be
    found in half of the codes.
    """
    marked = _AREA.sub(_AREA_MARK, text)
    pieces = [piece for piece in _SCRIPTS.findall(marked) if condense(Group.TEXT, piece)]
    if len(pieces) > 1:
        return tuple(_word(piece) for piece in pieces)
    parts = _PARTS_OF_SPEC.findall(marked)
    if len(parts) < 2:
        return ()
    return tuple(
        Word(part.rstrip(_AREA_MARK), tuple(filter(None, [_phrase(Group.SPEC, part)])))
        for part in dict.fromkeys(parts)
    )


def _phrase(group: Group, text: str) -> Phrase | None:
    """What a word asks of one group; None where it is too short to ask for anything."""
    condensed = condense(group, text)
    if group is Group.ID:
        return (_ID_LETTER + condensed,) if condensed else None
    if group is Group.SPEC and _is_number(text):
        return (_NUMBER_LETTER + condensed,)
    for letter, size in _GRAMS[group]:
        if len(condensed) >= size:
            return tuple(_grams(letter, size, condensed))
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(_NUMBER, _fold_spec(text).strip(_AREA_MARK), re.ASCII) is not None


def _grams(letter: str, size: int, condensed: str) -> list[str]:
    return [letter + condensed[start : start + size] for start in range(len(condensed) - size + 1)]
