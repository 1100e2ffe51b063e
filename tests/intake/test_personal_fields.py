"""Personal fields: every name in a draft is committed at its place, and nothing else is touched."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

import drafts_for_tests as some
from cabletrace.errors import InputError
from cabletrace.intake.personal_fields import commit_personal_fields
from cabletrace.ledger import canonical
from cabletrace.personal.commitment import SALT_BYTES, is_commitment, opens

SALT = bytes(range(SALT_BYTES))
names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12).map(
    lambda name: normalize("NFC", name)
)


@given(st.lists(names, max_size=4))
def test_every_name_is_committed_and_opens_again(people: list[str]) -> None:
    draft = some.production(by=[{"role": "inspector", "name": name} for name in people])["draft"]
    clear = canonical.encode(draft)

    stored, opened = commit_personal_fields(clear, draft["id"], lambda _: SALT)

    committed = canonical.parse(stored)
    assert [each.value for each in opened] == people
    assert [each.pointer for each in opened] == [f"/by/{n}/name" for n in range(len(people))]
    for each, person in zip(opened, committed["by"], strict=True):
        assert opens(person["name"], each.salt, each.pointer, each.value)
    assert {**committed, "by": draft["by"]} == draft


def test_a_draft_without_persons_stays_the_same_bytes() -> None:
    clear = canonical.encode(some.production(line='"by":')["draft"])

    assert commit_personal_fields(clear, "id", lambda _: SALT) == (clear, ())


def test_each_place_asks_for_a_salt_of_its_own() -> None:
    draft = some.production(by=[{"role": "keeper", "name": "甲"}, {"role": "tester", "name": "甲"}])["draft"]
    asked: list[str] = []

    def salt_for(pointer: str) -> bytes:
        asked.append(pointer)
        return SALT

    stored, _ = commit_personal_fields(canonical.encode(draft), draft["id"], salt_for)

    one, other = (person["name"] for person in canonical.parse(stored)["by"])
    assert asked == ["/by/0/name", "/by/1/name"]
    assert is_commitment(one)
    assert one != other  # the pointer is part of what is committed


def test_what_is_committed_already_is_refused_at_its_place() -> None:
    draft = some.production(by=[{"role": "keeper", "name": "#" + "A" * 43}])["draft"]

    with pytest.raises(InputError) as raised:
        commit_personal_fields(canonical.encode(draft), draft["id"], lambda _: SALT)

    assert raised.value.problems[0].where == "/by/0/name"
