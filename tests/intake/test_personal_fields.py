"""Personal fields: every name in a draft is committed at its place, and nothing else is touched."""

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

import drafts_for_tests as some
from cabletrace.intake.personal_fields import commit_personal_fields
from cabletrace.ledger import canonical
from cabletrace.model.drafts import parse_draft
from cabletrace.personal.commitment import SALT_BYTES, is_commitment, opens

SALT = bytes(range(SALT_BYTES))
names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12).map(
    lambda name: normalize("NFC", name)
)


@given(st.lists(names, max_size=4))
def test_every_name_is_committed_and_opens_again(people: list[str]) -> None:
    draft = some.production(by=[{"role": "inspector", "name": name} for name in people])["draft"]
    clear = canonical.encode(draft)

    stored, opened = commit_personal_fields(clear, parse_draft(clear), lambda _: SALT)

    committed = canonical.parse(stored)
    assert [each.value for each in opened] == people
    assert [each.pointer for each in opened] == [f"/by/{n}/name" for n in range(len(people))]
    for each, person in zip(opened, committed["by"], strict=True):
        assert opens(person["name"], each.salt, each.pointer, each.value)
    assert {**committed, "by": draft["by"]} == draft


def test_a_draft_without_persons_stays_the_same_bytes() -> None:
    draft = some.production()["draft"]
    draft["body"]["line"] = '"by":'
    clear = canonical.encode(draft)

    assert commit_personal_fields(clear, parse_draft(clear), lambda _: SALT) == (clear, ())


def test_each_place_asks_for_a_salt_of_its_own() -> None:
    draft = some.production(by=[{"role": "keeper", "name": "甲"}, {"role": "tester", "name": "甲"}])["draft"]
    asked: list[str] = []

    def salt_for(pointer: str) -> bytes:
        asked.append(pointer)
        return SALT

    clear = canonical.encode(draft)
    stored, _ = commit_personal_fields(clear, parse_draft(clear), salt_for)

    one, other = (person["name"] for person in canonical.parse(stored)["by"])
    assert asked == ["/by/0/name", "/by/1/name"]
    assert is_commitment(one)
    assert one != other  # the pointer is part of what is committed
