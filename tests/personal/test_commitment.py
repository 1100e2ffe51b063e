"""Commitments: opened by exactly the salt, place and value they were made with."""

import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.personal.commitment import commit, is_commitment, opens

SALT = bytes(range(16))
salts = st.binary(min_size=16, max_size=16)
pointers = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(
    lambda text: "/" + text
)
values = st.text(st.characters(codec="utf-8"), max_size=20)


def test_the_bytes_of_a_commitment_are_these():
    digest = sha256(SALT + b"/by/0/name" + b"\x00" + "示例".encode()).digest()
    made = commit(SALT, "/by/0/name", "示例")
    assert made == "#" + base64.urlsafe_b64encode(digest).decode()[:43]
    assert made == "#VEFlq_BKEBVuwqc-Ep_7VxgXstfqIg9IXXmb9_HUaTE"


@given(salts, pointers, values)
def test_a_commitment_opens_with_what_it_was_made_of(salt, pointer, value):
    made = commit(salt, pointer, value)
    assert opens(made, salt, pointer, value)
    assert is_commitment(made)


@pytest.mark.parametrize(
    ("salt", "pointer", "value"),
    [
        (bytes(16), "/by/0/name", "示例"),
        (SALT, "/by/1/name", "示例"),
        (SALT, "/by/0/name", "示"),
        (SALT, "/by/0/nam", "e\0示例"),
    ],
)
def test_a_commitment_opens_with_nothing_else(salt, pointer, value):
    assert not opens(commit(SALT, "/by/0/name", "示例"), salt, pointer, value)


def test_the_same_value_twice_shows_no_sameness():
    assert commit(SALT, "/by/0/name", "示例") != commit(bytes(16), "/by/0/name", "示例")


@pytest.mark.parametrize(
    ("salt", "pointer"), [(b"short", "/a"), (bytes(17), "/a"), (SALT, "/a\0b"), (SALT, "name")]
)
def test_a_salt_of_another_length_or_an_ambiguous_place_is_refused(salt, pointer):
    with pytest.raises(ValueError, match=r"salt|pointer"):
        commit(salt, pointer, "value")


@pytest.mark.parametrize(
    "text", ["", "#", "张三", "#" + "A" * 42, "#" + "A" * 44, "#" + "A" * 42 + "B", "A" * 43]
)
def test_other_text_is_no_commitment(text):
    assert not is_commitment(text)
    assert not opens(text, SALT, "/by/0/name", "示例")
