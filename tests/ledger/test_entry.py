"""Entries: one spelling, chained."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.clock import format_instant
from cabletrace.ledger.entry import (
    Entry,
    check_instant,
    decode_entry,
    encode_entry,
    entry_hash,
    first_prev,
    names_event,
)

hashes = st.binary(min_size=32, max_size=32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(0, 10**14).map(lambda ms: format_instant(EPOCH + timedelta(milliseconds=ms)))
entries = st.builds(Entry, at=instants, event=hashes, prev=hashes, seq=st.integers(0, 2**53 - 1))

SAMPLE = Entry(at="2026-05-02T00:30:00.123Z", event=bytes(32), prev=b"\xff" * 32, seq=0)
SAMPLE_BYTES = (
    b'{"at":"2026-05-02T00:30:00.123Z","event":"'
    + b"00" * 32
    + b'","prev":"'
    + b"ff" * 32
    + b'","seq":0,"v":1}'
)


def test_the_bytes_of_an_entry_are_these():
    assert encode_entry(SAMPLE) == SAMPLE_BYTES


@given(entries, hashes)
def test_an_entry_names_its_own_event_and_no_other(entry, other):
    data = encode_entry(entry)

    assert names_event(data, entry.event)
    assert names_event(data, other) == (other == entry.event)
    assert not names_event(b"", other)


@given(entries)
def test_an_entry_is_canonical_json_and_reads_back(entry):
    data = encode_entry(entry)

    assert decode_entry(data) == entry
    assert rfc8785.dumps(json.loads(data)) == data


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'"seq":0', b'"seq":00'),
        (b'"seq":0', b'"seq":-1'),
        (b'"seq":0', b'"seq":9007199254740992'),
        (b'"v":1', b'"v":2'),
        (b"ff", b"FF"),
        (b".123Z", b".12Z"),
        (b".123Z", b".123+00:00"),
        (b"2026-05-02", b"2026-02-30"),
        (b"T00:30", b"T24:00"),
        (b"00:123Z", b"60:123Z"),
        (b'{"at"', b'{ "at"'),
        (b'"v":1}', b'"v":1}\n'),
        (b'"v":1}', b'"v":1,"x":1}'),
    ],
)
def test_a_second_spelling_is_refused(written, instead):
    data = SAMPLE_BYTES.replace(written, instead) if written in SAMPLE_BYTES else SAMPLE_BYTES + instead
    with pytest.raises(ValueError, match=r"entry|instant|month|day"):
        decode_entry(data)


@pytest.mark.parametrize("field", [{"event": b"short"}, {"prev": b""}, {"seq": -1}, {"at": "2026-05-02"}])
def test_what_could_not_be_read_back_is_not_written(field):
    with pytest.raises(ValueError, match=r"entry|instant"):
        encode_entry(Entry(**({"at": SAMPLE.at, "event": bytes(32), "prev": bytes(32), "seq": 0} | field)))


def test_the_chain_begins_at_the_origin_and_goes_on_over_whole_entries():
    assert first_prev("ledger.example/cables") == sha256(b"ledger.example/cables").digest()
    assert entry_hash(SAMPLE_BYTES) == sha256(SAMPLE_BYTES).digest()


@given(instants)
def test_an_instant_of_the_clock_is_an_instant_of_the_ledger(instant):
    check_instant(instant)
