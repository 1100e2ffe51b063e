"""Payloads: frozen bytes, one spelling, the draft untouched inside them."""

import base64
import json
import runpy
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.ledger import canonical
from cabletrace.ledger.payload import (
    MAX_BYTES,
    decode_payload,
    encode_payload,
    format_salt,
    parse_salt,
    payload_digest,
    split_payload,
)
from cabletrace.personal.commitment import opens

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
NAMES = sorted(path.name for path in GOLDEN.glob("*.payload"))

AT = "2026-05-02T00:30:00.123Z"
SALT = format_salt(bytes(16))
SERVER = {
    "actor": {"party": "p-1", "account": "0196a000-0000-7000-8000-00000000000a"},
    "assigned": {"batch": "0123456789"},
    "marks": ["recorded-late"],
    "streams": [{"n": 0, "name": "batch:012345678"}, {"n": 1, "name": "party:p-1", "prev": "ab" * 32}],
}
DRAFT = canonical.encode({"id": "1", "kind": "split", "body": {"note": "分切", "draft": {"recorded_at": 1}}})


def payload(**other: object) -> bytes:
    return encode_payload(**({"draft": DRAFT, "recorded_at": AT, "salt": SALT, "server": SERVER} | other))


# --- golden files


def test_the_golden_files_are_what_is_written_today():
    written = runpy.run_path(str(HERE / "make_golden.py"))["golden"]()

    assert {path.name for path in GOLDEN.iterdir()} == {*written, "README.md"}
    for name, data in written.items():
        assert (GOLDEN / name).read_bytes() == data, name


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_payload_is_read_and_written_again(name):
    data = (GOLDEN / name).read_bytes()

    read = decode_payload(data)

    assert rfc8785.dumps(json.loads(data)) == data
    assert json.loads(read.draft) == json.loads(data)["draft"]
    again = encode_payload(
        draft=read.draft,
        recorded_at=read.recorded_at,
        salt=read.salt,
        server=read.server,
        signature=read.signature,
    )
    assert again == data
    digest = json.loads((GOLDEN / "digests.json").read_bytes())[name.removesuffix(".payload")]
    assert payload_digest(data).hex() == sha256(data).hexdigest() == digest


def test_the_signature_of_the_golden_payload_covers_the_bytes_of_its_draft():
    key = runpy.run_path(str(HERE / "make_golden.py"))["ORGANISATION"].public_key()
    signed = decode_payload((GOLDEN / "signed.payload").read_bytes())
    bare = decode_payload((GOLDEN / "several-streams.payload").read_bytes())

    key.verify(base64.b64decode(signed.signature["value"]), signed.draft)

    assert signed.draft == bare.draft
    assert bare.signature is None


def test_an_erasure_leaves_the_payload_alone_and_its_commitment_shut():
    draft = json.loads(decode_payload((GOLDEN / "personal.payload").read_bytes()).draft)
    on_ledger = {"/by/0/name": draft["by"][0]["name"]}
    on_ledger["/body/complainant/phone"] = draft["body"]["complainant"]["phone"]

    def opened(listing: str) -> set[str]:
        said = json.loads((GOLDEN / listing).read_bytes())
        return {
            one["at"]
            for one in said
            if opens(on_ledger[one["at"]], parse_salt(one["salt"]), one["at"], one["value"])
        }

    assert opened("personal.disclosures.json") == set(on_ledger)
    assert opened("personal.disclosures-after.json") == {"/by/0/name"}
    erasure = json.loads(decode_payload((GOLDEN / "erasure.payload").read_bytes()).draft)
    assert erasure["body"]["commitments"] == [on_ledger["/body/complainant/phone"]]


# --- writing and reading


def test_the_members_of_a_payload_stand_in_this_order():
    signed = payload(signature={"key": "k-1", "value": "AA=="})

    head, tail = signed.split(DRAFT)
    assert head == b'{"draft":'
    assert tail.startswith(
        b',"recorded_at":"2026-05-02T00:30:00.123Z","salt":"AAAAAAAAAAAAAAAAAAAAAA","server":{"actor":'
    )
    assert tail.endswith(b',"signature":{"key":"k-1","value":"AA=="},"v":1}')


@given(st.dictionaries(st.sampled_from("abc"), st.text(max_size=5).filter(str.isascii) | st.integers(0, 9)))
def test_the_draft_comes_out_as_it_went_in(document):
    draft = canonical.encode(document)

    read = decode_payload(payload(draft=draft))

    assert (read.draft, read.recorded_at, read.salt, read.server, read.v) == (draft, AT, SALT, SERVER, 1)


#: A draft that holds all that stands behind a draft, as members and as text.
LIKE_A_PAYLOAD = {
    "body": {"it": {}, "recorded_at": AT, "salt": SALT, "server": {"actor": SERVER["actor"]}},
    "note": payload().decode(),
}


@pytest.mark.parametrize(
    "draft", [{}, {"note": 'x},"recorded_at":"'}, LIKE_A_PAYLOAD, {"it": LIKE_A_PAYLOAD}]
)
@pytest.mark.parametrize("signature", [None, {"key": "k-1", "value": "AA=="}])
@pytest.mark.parametrize("assigned", [{}, {"batch": LIKE_A_PAYLOAD}])
def test_a_payload_is_split_as_it_is_read(draft, signature, assigned):
    data = payload(
        draft=canonical.encode(draft), signature=signature, server={**SERVER, "assigned": assigned}
    )

    assert split_payload(data) == decode_payload(data)
    assert decode_payload(data).draft == canonical.encode(draft)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_payload_is_split_as_it_is_read(name):
    data = (GOLDEN / name).read_bytes()

    assert split_payload(data) == decode_payload(data)


@pytest.mark.parametrize(
    "data",
    [payload().replace(b'"v":1', b'"v":2'), payload()[:-1], b" " + payload(), DRAFT, b"{}"],
)
def test_what_cannot_be_split_is_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011 - any wording will do
        split_payload(data)


def test_a_draft_as_deep_as_the_door_allows_is_read_back():
    draft = b'{"a":' * 32 + b"1" + b"}" * 32
    assert canonical.is_canonical(draft)
    assert decode_payload(payload(draft=draft)).draft == draft


def test_the_cap_is_inclusive_and_names_the_way_out():
    room = MAX_BYTES - len(payload(draft=b'{"a":""}'))

    assert len(payload(draft=b'{"a":"%b"}' % (b"x" * room))) == MAX_BYTES
    with pytest.raises(InputError) as refused:
        payload(draft=b'{"a":"%b"}' % (b"x" * (room + 1)))
    assert refused.value.code == "too-large"
    assert refused.value.problems[0].remedy is not None


def test_a_payload_with_any_bit_turned_has_another_digest():
    data = payload()
    digests = {
        payload_digest(bytes([*data[:at], data[at] ^ 1 << bit, *data[at + 1 :]]))
        for at in range(len(data))
        for bit in range(8)
    }
    assert payload_digest(data) not in digests
    assert len(digests) == 8 * len(data)


@pytest.mark.parametrize(
    ("written", "instead", "where"),
    [
        (b'"v":1', b'"v":2', "/v"),
        (b'"v":1', b'"v":true', "/v"),
        (b'{"draft":', b'{ "draft":', "canonical"),
        (b'"v":1}', b'"v":1}\n', "canonical"),
        (b'"v":1}', b'"v":1,"w":1}', "members"),
        (b'"salt":"AAAAAAAAAAAAAAAAAAAAAA",', b"", "members"),
        (b"AAAAAAAAAAAAAAAAAAAAAA", b"AAAAAAAAAAAAAAAAAAAAAB", "salt"),
        (b"AAAAAAAAAAAAAAAAAAAAAA", b"AAAAAAAAAAAAAAAAAAAAAA==", "salt"),
        (b"AAAAAAAAAAAAAAAAAAAAAA", b"AAAAAAAAAAAAAAAAAAAAA", "salt"),
        (b"AAAAAAAAAAAAAAAAAAAAAA", b"AAAAAAAAAA!AAAAAAAAAAA", "salt"),
        (b'"2026-05-02T00:30:00.123Z"', b'"2026-05-02T00:30:00Z"', "instant"),
        (b'"2026-05-02T00:30:00.123Z"', b"1", "/recorded_at"),
        (DRAFT, b'"draft"', "/draft"),
        (DRAFT, b'{"b":1,"a":1}', "canonical"),
        (DRAFT, b'{"a":1.5}', "integers"),
        (b'"party":"p-1"', b'"party":1', "/server/actor"),
        (b'"party":"p-1"', b'"person":"p-1"', "/server/actor"),
        (b'"assigned":{"batch":"0123456789"}', b'"assigned":[]', "/server/assigned"),
        (b'["recorded-late"]', b"[1]", "/server/marks"),
        (b'"marks":["recorded-late"],', b"", "/server"),
        (b'"n":0', b'"n":2', "/server/streams"),
        (b'"n":0', b'"n":-1', "/server/streams"),
        (b'"n":1', b'"n":0', "/server/streams"),
        (b'"n":1', b'"n":true', "/server/streams"),
        (b"abab", b"ABab", "/server/streams"),
        (b"party:p-1", b"batch:012345678", "sorted"),
        (b"party:p-1", b"a", "sorted"),
        (b',"v":1}', b',"signature":{"key":"k"},"v":1}', "/signature"),
        (b',"v":1}', b',"signature":{"key":"k","value":1},"v":1}', "/signature/value"),
        (b',"v":1}', b',"signature":null,"v":1}', "null"),
    ],
)
def test_what_is_not_a_payload_is_refused_and_located(written, instead, where):
    data = payload()
    assert data.count(written) >= 1

    with pytest.raises(ValueError, match=where):
        decode_payload(data.replace(written, instead))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"1", b"\xff", b"[" * 5_000, b" " * (MAX_BYTES + 1)])
def test_noise_is_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011 - any wording will do
        decode_payload(data)


@given(st.binary(min_size=16, max_size=16))
def test_a_salt_reads_back(salt):
    assert parse_salt(format_salt(salt)) == salt
    assert len(format_salt(salt)) == 22


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_has_128_bits(salt):
    with pytest.raises(ValueError, match="16 bytes"):
        format_salt(salt)
