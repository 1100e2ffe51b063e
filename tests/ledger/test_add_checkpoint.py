"""The request to a witness has one spelling, and so has the size that it answers."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger.add_checkpoint import (
    AddCheckpoint,
    RequestError,
    decode_request,
    encode_request,
    format_size,
    parse_size,
)

#: The example of C2SP tlog-witness, word for word.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()


def test_the_example_of_the_standard_reads_and_is_written_the_same():
    request = decode_request(EXAMPLE)

    assert request.old_size == 20_852_014
    assert [base64.b64encode(each).decode()[:8] for each in request.proof] == [
        "PlRNCrwH",
        "jrJZDmY8",
        "5+pKlUdi",
        "/6WVhPs2",
    ]
    assert request.checkpoint == EXAMPLE.partition(b"\n\n")[2]
    assert encode_request(request) == EXAMPLE


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=99),
)
def test_decoding_undoes_encoding(old_size, proof, checkpoint):
    request = AddCheckpoint(old_size, tuple(proof), checkpoint)

    assert decode_request(encode_request(request)) == request


@pytest.mark.parametrize(
    "bend",
    [
        lambda body: b"",
        lambda body: body.replace(b"old 20852014", b"old 020852014"),
        lambda body: body.replace(b"old 20852014", b"old +20852014"),
        lambda body: body.replace(b"old 20852014", b"old -1"),
        lambda body: body.replace(b"old 20852014", b"old 9223372036854775808"),
        lambda body: body.replace(b"old 20852014", "old ٧".encode()),
        lambda body: body.replace(b"old ", b"old  "),
        lambda body: body.replace(b"old ", b""),
        lambda body: body.replace(b"old ", b"new "),
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.replace(b"=\n\n", b"=\n", 1),
        lambda body: body.replace(b"kaw=", b"kax="),
        lambda body: body.replace(b"kaw=", b"kaw"),
        lambda body: body.replace(b"PlRN", b"PlRN PlRN"),
        lambda body: body.replace(b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", b"AAAA"),
        lambda body: body.replace(b"\n", b"\n" + (b"A" * 43 + b"=\n") * 60, 1),
        lambda body: body + b"x" * 1_010_000,
    ],
)
def test_a_second_spelling_is_refused(bend):
    with pytest.raises(RequestError):
        decode_request(bend(EXAMPLE))


@given(st.integers(0, 2**63 - 1))
def test_a_size_reads_back(size):
    assert parse_size(format_size(size)) == size


@pytest.mark.parametrize(
    "text", ["", "7", "07\n", "7\n\n", " 7\n", "7 \n", "-1\n", "x\n", f"{2**63}\n", "٧\n"]
)
def test_a_size_has_one_spelling(text):
    with pytest.raises(RequestError):
        parse_size(text)
