"""Personal fields of a draft: clear text is replaced by commitments, or a client's commitments are opened.

Where they stand, `model.persons` knows. What the ledger keeps of them is a salted commitment; clear text and salt
go to the erasable table of disclosures, whoever committed: an event does not show whether the server did or a
client, which must where it signs the draft.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ..errors import InputError, Problem, Text, shown
from ..ledger import canonical
from ..ledger.payload import parse_salt
from ..model.drafts import Draft, parse_draft
from ..model.persons import PersonalField, names_somebody, persons_in
from ..personal.commitment import commit, is_commitment, opens
from ..personal.disclosures import Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A draft as it was said and as it is stored, both canonical, and what its commitments open to.

    ``draft`` is read from ``clear``. Without persons both are the same bytes.
    """

    draft: Draft
    clear: bytes
    stored: bytes
    opened: tuple[Disclosure, ...]


def read_said(sent: bytes, disclosed: Any, salt_for: Callable[[str], bytes]) -> Said:
    """Read a canonical draft whose personal fields are all clear, or all commitments that ``disclosed`` opens.

    ``disclosed`` is what stood in the envelope: ``[{"at", "salt", "value"}, …]``, or nothing. ``salt_for(pointer)``
    gives 16 bytes where the server commits. Raises InputError with every fault, none of which repeats a name.
    """
    draft = _parse(sent)
    fields = tuple(persons_in(draft))
    if disclosed in (None, []) and not any(is_commitment(field.value) for field in fields):
        stored, opened = commit_personal_fields(sent, draft, salt_for)
        return Said(draft=draft, clear=sent, stored=stored, opened=opened)
    return _opened(sent, draft, fields, _read_disclosed(disclosed))


def commit_personal_fields(
    clear: bytes, draft: Draft, salt_for: Callable[[str], bytes]
) -> tuple[bytes, tuple[Disclosure, ...]]:
    """The draft with its personal fields committed, and what the commitments open to.

    ``clear`` is canonical and what ``draft`` was read from. Without persons it comes back as the same bytes.
    """
    opened = tuple(
        Disclosure(draft.id, field.pointer, salt_for(field.pointer), field.value)
        for field in persons_in(draft)
    )
    if not opened:
        return clear, ()
    committed = {each.pointer: commit(each.salt, each.pointer, each.value) for each in opened}
    return _with_values(clear, committed), opened


def says_the_same(
    stored: bytes, clear: bytes, draft: Draft, salts: Mapping[str, bytes], erased: Collection[str]
) -> bool:
    """Whether a draft that is said again is what was stored: committed fields by committing anew with their salts.

    What was erased can be compared with nothing any more, and the rest decides. So the same draft sent again gets
    its first receipt also after an erasure, and the answer tells nobody who guesses whether he guessed the name.
    """
    kept: Any = orjson.loads(stored)
    committed: dict[str, str] = {}
    for field in persons_in(draft):
        if field.pointer in salts:
            committed[field.pointer] = commit(salts[field.pointer], field.pointer, field.value)
        elif field.pointer in erased and (before := _value_at(kept, field.pointer)) is not None:
            committed[field.pointer] = before
        else:
            return False
    return stored == (_with_values(clear, committed) if committed else clear)


# --- what a client has committed itself ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Disclosed:
    """One member of an envelope's disclosures, at its place there."""

    n: int
    at: str
    salt: bytes
    value: str


def _read_disclosed(came: Any) -> list[_Disclosed]:
    if not isinstance(came, list | type(None)):
        raise InputError.of(
            "wrong-disclosure",
            "disclosures 应为数组",
            "disclosures are an array",
            where="/disclosures",
        )
    read: list[_Disclosed] = []
    problems: list[Problem] = []
    for n, member in enumerate(came or ()):
        try:
            if member.keys() != {"at", "salt", "value"}:
                raise TypeError
            read.append(
                _Disclosed(n, _text(member["at"]), parse_salt(member["salt"]), _text(member["value"]))
            )
        except (AttributeError, TypeError, ValueError):
            problems.append(
                _problem(
                    n,
                    Text(
                        "应为含 at（JSON 指针）、salt（16 字节，base64url 无填充）、value（文字）的对象",
                        "at (a JSON pointer), salt (16 bytes, base64url without padding) and value (text) are wanted",
                    ),
                )
            )
    if problems:
        raise InputError(*problems)
    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _opened(
    sent: bytes, draft: Draft, fields: Collection[PersonalField], disclosed: Collection[_Disclosed]
) -> Said:
    """What a client says whose draft came with commitments, with the clear text put back and read as the field is."""
    problems = [*_unopened(fields, disclosed), *_wrongly_opened(fields, disclosed)]
    if problems:
        raise InputError(*problems)
    clear = _with_values(sent, {each.at: each.value for each in disclosed})
    try:
        said = _parse(clear)
    except InputError as error:
        places = {each.at: f"/disclosures/{each.n}/value" for each in disclosed}
        raise InputError(
            *(
                Problem(p.code, p.detail, places.get(p.where, p.where), p.came, p.remedy)
                for p in error.problems
            )
        ) from None
    opened = tuple(
        Disclosure(draft.id, each.at, each.salt, each.value) for each in sorted(disclosed, key=lambda d: d.at)
    )
    return Said(draft=said, clear=clear, stored=sent, opened=opened)


def _unopened(fields: Collection[PersonalField], disclosed: Collection[_Disclosed]) -> Iterator[Problem]:
    """Fields that are clear beside commitments, and commitments that nothing opens."""
    there = {each.at for each in disclosed}
    mixed = any(is_commitment(field.value) for field in fields)
    for field in fields:
        if not is_commitment(field.value) and mixed:
            yield Problem(
                "wrong-disclosure",
                Text(
                    "此处是明文，而另有个人信息已作承诺",
                    "clear text, while other personal data are committed",
                ),
                where=field.pointer,
                remedy=Text(
                    "个人信息要么全部承诺并附披露，要么全部明文、由服务器承诺",
                    "commit to all of them and send the disclosures, or send all in clear and let the server commit",
                ),
            )
        elif field.pointer not in there and mixed:
            yield Problem(
                "wrong-disclosure",
                Text("这个承诺没有对应的披露", "nothing in the disclosures opens this commitment"),
                where=field.pointer,
                came=field.value,
                remedy=Text("在 disclosures 中给出其盐与明文", "give its salt and value in disclosures"),
            )


def _wrongly_opened(
    fields: Collection[PersonalField], disclosed: Collection[_Disclosed]
) -> Iterator[Problem]:
    """Disclosures of what is not there, or that open it not, or twice."""
    committed = {field.pointer: field.value for field in fields if is_commitment(field.value)}
    seen: set[str] = set()
    for each in disclosed:
        if each.at not in committed:
            there = "、".join(committed)
            yield _problem(
                each.n,
                Text("此处没有承诺", "there is no commitment at this place"),
                f"/disclosures/{each.n}/at",
                each.at,
                Text(
                    f"有承诺的位置：{there or '无'}",
                    f"commitments stand at: {', '.join(committed) or 'nowhere'}",
                ),
            )
        elif each.at in seen:
            yield _problem(
                each.n,
                Text("此处已披露一次", "this place is disclosed twice"),
                f"/disclosures/{each.n}/at",
                each.at,
            )
        elif not opens(committed[each.at], each.salt, each.at, each.value):
            yield _problem(
                each.n,
                Text("盐与明文打不开草稿中的承诺", "salt and value do not open the commitment in the draft"),
                came=committed[each.at],
                remedy=Text(
                    '承诺是 "#" + base64url(SHA-256(盐 ‖ JSON 指针 ‖ 0x00 ‖ UTF-8 明文))',
                    'a commitment is "#" + base64url(SHA-256(salt ‖ JSON pointer ‖ 0x00 ‖ UTF-8 value))',
                ),
            )
        seen.add(each.at)


def _problem(n: int, detail: Text, where: str = "", came: str = "", remedy: Text | None = None) -> Problem:
    return Problem("wrong-disclosure", detail, where or f"/disclosures/{n}", shown(came), remedy)


# --- documents ----------------------------------------------------------------------------------------


def _parse(data: bytes) -> Draft:
    """`parse_draft`, with faults that do not repeat what may be somebody's name or number."""
    try:
        return parse_draft(data)
    except InputError as error:
        raise InputError(*map(_discreet, error.problems)) from None


def _discreet(problem: Problem) -> Problem:
    if not names_somebody(problem.where):
        return problem
    return Problem(problem.code, problem.detail, problem.where, remedy=problem.remedy)


def _with_values(data: bytes, values: Mapping[str, str]) -> bytes:
    """A canonical draft with other text at these places, all of which are there."""
    document = orjson.loads(data)
    for pointer, value in values.items():
        holder, member = _place(document, pointer)
        holder[member] = value
    return canonical.encode(document)


def _value_at(document: Any, pointer: str) -> str | None:
    """The text at this place; None where there is none."""
    try:
        holder, member = _place(document, pointer)
        value = holder[member]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return value if isinstance(value, str) else None


def _place(document: Any, pointer: str) -> tuple[Any, str]:
    """What holds the text at this JSON pointer, and its name there: personal fields are members of objects."""
    *way, member = pointer[1:].split("/")
    for step in way:
        document = document[int(step) if isinstance(document, list) else step]
    return document, member
