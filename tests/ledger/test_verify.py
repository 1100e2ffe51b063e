"""Verification finds every change of what is stored, says where it is, and makes no noise around it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.entry import Entry, decode_entry, encode_entry, entry_hash, format_entry
from cabletrace.ledger.faults import Fault, show_cell
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.payload import payload_digest
from cabletrace.ledger.store import Row
from cabletrace.ledger.tiles import Edge
from cabletrace.ledger.tree import EMPTY_ROOT, leaf_hash
from cabletrace.ledger.verify import Start
from chain_for_tests import SIGNER, Chain, a_chain, chain_of, flipped, make_payloads, payload_of, time_of

SIZE = 300  # one full tile and a part of another
PAYLOADS = make_payloads(SIZE)
MEMBERS = st.sampled_from(
    ["draft", "id", "recorded_at", "salt", "server", "streams", "name", "n", "prev", "v"]
)
#: In the first row, at both sides of the end of a full tile, where only the next entry testifies, in the last.
TELLING = (0, 1, 100, 255, 256, 257, SIZE - 2, SIZE - 1)


@pytest.fixture
def chain() -> Chain:
    return chain_of(PAYLOADS)


def places(found: list[Fault]) -> list[tuple[str, tuple[object, ...], str]]:
    return [(each.table, each.key, each.column) for each in found]


# --- nothing is wrong


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600])
def test_an_untouched_ledger_has_no_fault_and_ends_at_its_head(size):
    chain = a_chain(size)

    found, end = chain.verify()

    assert found == []
    assert (end.size, end.at, end.last_entry, end.root) == (
        size,
        chain.head.at,
        chain.head.last_entry,
        chain.head.root,
    )


def test_every_fault_says_in_both_languages_what_was_expected_and_what_was_found(chain):
    chain.change(7, event_id="somebody else")

    (fault,) = chain.faults()

    assert fault.expected == "00000000-0000-0000-0000-000000000007"
    assert fault.found == "somebody else"
    assert fault.text.zh
    assert fault.text.en


# --- one cell


@pytest.mark.parametrize("seq", TELLING)
@pytest.mark.parametrize("column", ["event_id", "payload", "entry"])
def test_a_changed_cell_is_one_fault_in_its_place(chain, seq, column):
    cell = getattr(chain.rows[seq], column)
    chain.change(seq, **{column: flipped(cell, 77) if isinstance(cell, bytes) else f"f{cell[1:]}"})

    assert chain.places() == [("entry", (seq,), column)]


@given(st.integers(0, SIZE - 1), st.sampled_from(["payload", "entry"]), st.integers(0, 60_000))
def test_any_flipped_bit_is_one_fault_in_its_place(seq, column, bit):
    chain = chain_of(PAYLOADS)
    chain.change(seq, **{column: flipped(getattr(chain.rows[seq], column), bit)})

    assert chain.places() == [("entry", (seq,), column)]


@pytest.mark.parametrize("seq", TELLING)
def test_a_row_under_another_index_is_named_by_the_one_that_is_its_own(chain, seq):
    chain.change(seq, seq=seq + 512)

    assert chain.places() == [("entry", (seq,), "seq")]


@pytest.mark.parametrize(
    "other", [None, 7, "text", b"", b"{}", b"[]", b'{"server":7,"draft":[]}', b"\xff" * 900]
)
@pytest.mark.parametrize("column", ["payload", "entry", "event_id"])
@pytest.mark.parametrize("seq", [0, 100, SIZE - 1])
def test_a_cell_that_holds_something_else_altogether_is_a_fault_and_no_crash(chain, seq, column, other):
    chain.change(seq, **{column: other})

    assert chain.places() == [("entry", (seq,), column)]


@given(
    st.integers(0, SIZE - 1),
    st.one_of(st.binary(max_size=300), st.text(max_size=50), st.none(), st.integers()),
    st.one_of(st.binary(max_size=300), st.text(max_size=50), st.none(), st.integers()),
)
def test_whatever_stands_in_a_row_is_named_there_and_nowhere_else(seq, payload, entry):
    chain = chain_of(PAYLOADS)
    chain.change(seq, payload=payload, entry=entry)

    assert {key for _, key, _ in chain.places()} == {(seq,)}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda some: st.lists(some) | st.dictionaries(MEMBERS, some),
    )
)
def test_a_payload_of_any_json_that_was_chained_well_is_a_fault_and_no_crash(value):
    chain = chain_of(PAYLOADS[:8])
    payload = orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _fits_orjson(value) else b"null"
    last = decode_entry(chain.rows[7].entry)
    entry = format_entry(last.at, payload_digest(payload).hex(), last.prev.hex(), 7)

    chain.rows[7] = Row(7, "x", payload, entry)
    chain.change_head(last_entry=entry_hash(entry))

    assert ("entry", (7,), "payload") in chain.places()


def _fits_orjson(value: object) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


def test_a_time_that_is_none_is_a_fault_even_if_entry_and_payload_agree_on_it():
    payloads = make_payloads(3)
    payloads[2] = payloads[2].replace(time_of(2).encode(), b"2026-13-99T99:99:99.999Z")
    chain = chain_of(payloads[:2])
    entry = format_entry(
        "2026-13-99T99:99:99.999Z", payload_digest(payloads[2]).hex(), chain.head.last_entry.hex(), 2
    )
    chain.rows.append(Row(2, str(UUID(int=2)), payloads[2], entry))
    chain.change_head(size=3, checkpoint=b"")

    assert ("entry", (2,), "entry") in chain.places()


def test_several_changes_are_several_faults_in_order(chain):
    chain.change(10, payload=flipped(chain.rows[10].payload, 99))
    chain.change(11, entry=flipped(chain.rows[11].entry, 99))
    chain.change(280, event_id="x")

    assert chain.places() == [
        ("entry", (10,), "payload"),
        ("entry", (11,), "entry"),
        ("entry", (280,), "event_id"),
    ]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (3, 200), (270, 271), (270, 299), (254, 256)])
@pytest.mark.parametrize("column", ["event_id", "payload", "entry"])
def test_two_cells_that_changed_places_are_two_faults(chain, one, other, column):
    here, there = getattr(chain.rows[one], column), getattr(chain.rows[other], column)
    chain.change(one, **{column: there})
    chain.change(other, **{column: here})

    assert chain.places() == [("entry", (one,), column), ("entry", (other,), column)]


# --- whole rows


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 4), (3, 200), (270, 271), (270, 299)])
def test_two_rows_that_changed_places_are_both_named(chain, one, other):
    rows = chain.rows
    rows[one], rows[other] = rows[other]._replace(seq=one), rows[one]._replace(seq=other)

    assert {key for _, key, _ in chain.places()} == {(one,), (other,)}


@pytest.mark.parametrize("seq", [0, 1, 100, 255, 256, 298])
def test_a_missing_row_is_named_once(chain, seq):
    del chain.rows[seq]

    assert chain.places() == [("entry", (seq,), "")]


def test_missing_rows_in_a_stretch_are_one_fault_that_counts_them(chain):
    del chain.rows[100:140]

    (fault,) = chain.faults()

    assert fault.key == (100,)
    assert fault.expected == "entries 100 to 139"


def test_a_cut_tail_is_found(chain):
    del chain.rows[290:]

    assert chain.places() == [("entry", (290,), "")]


def test_a_ledger_cut_to_an_older_state_is_whole_in_itself_but_not_for_who_kept_a_checkpoint(chain):
    older = chain_of(PAYLOADS[:280])
    older.tiles = dict(chain.tiles)

    assert older.places() == []
    assert older.places(since=[chain.head.checkpoint]) == [("head", (), "size")]


def test_a_row_too_many_is_named(chain):
    longer = chain_of(make_payloads(SIZE + 1))

    chain.rows.append(longer.rows[-1])
    chain.rows.insert(0, chain.rows[5]._replace(seq=-1))
    chain.rows.insert(51, chain.rows[51])

    assert chain.places() == [("entry", (-1,), ""), ("entry", (50,), ""), ("entry", (SIZE,), "")]


@pytest.mark.parametrize("seq", [*TELLING, 290])
def test_a_row_rewritten_so_that_it_agrees_with_itself_is_betrayed_by_the_next(chain, seq):
    forged = payload_of(seq, streams=streams_in(chain.rows[seq]), marks=["forged"])
    before = decode_entry(chain.rows[seq].entry)
    entry = encode_entry(Entry(at=before.at, event=payload_digest(forged), prev=before.prev, seq=seq))

    chain.change(seq, payload=forged, entry=entry)

    assert chain.places() == [("entry", (seq,), "entry")]


def test_history_written_anew_and_chained_again_does_not_fit_the_signed_root(chain):
    forged = rewritten(290)
    forged.head = forged.head.__class__(
        size=SIZE,
        at=forged.head.at,
        last_entry=forged.head.last_entry,
        last_event=forged.head.last_event,
        root=chain.head.root,
        checkpoint=chain.head.checkpoint,
    )

    assert ("head", (), "root") in forged.places()


def test_history_rewritten_by_whoever_has_the_key_is_found_only_with_a_checkpoint_kept_outside(chain):
    forged = rewritten(100)

    assert forged.places() == []
    assert forged.places(since=[chain.head.checkpoint]) == [("kept checkpoint", (SIZE,), "root")]


def streams_in(row: Row) -> list[dict[str, object]]:
    return orjson.loads(row.payload)["server"]["streams"]


def rewritten(seq: int) -> Chain:
    """The ledger as it would be if event ``seq`` had been another, everything after it chained anew."""
    payloads = list(PAYLOADS)
    newest = {}
    for n, payload in enumerate(payloads):
        links = streams_in(Row(n, "", payload, b""))
        for link in links:
            if link["name"] in newest:
                link["prev"] = newest[link["name"]]
        payloads[n] = payload_of(n, streams=links, marks=["forged"] if n == seq else [])
        for link in links:
            newest[link["name"]] = payload_digest(payloads[n]).hex()
    return chain_of(payloads)


# --- what a writer must not write


def test_a_payload_that_is_not_in_its_one_form_is_a_fault_although_it_is_chained_well():
    payloads = make_payloads(20)
    wrong = {
        5: payloads[5].replace(b'"v":1}', b'"v":2}'),
        6: payloads[6].replace(b'"marks":[]', b'"marks":[ ]'),
        7: payloads[7].replace(b'"assigned":{}', b'"assigned":{"weight":1.5}'),
        8: payloads[8].replace(b'"assigned":{}', b'"assigned":{"weight":null}'),
        9: payloads[9].replace(b'"assigned":{}', b'"assigned":[]'),
        10: payloads[10].replace(b'"marks":[]', b'"marks":[],"more":1'),
        11: payloads[11].replace(b'"salt":"AAAA', b'"salt":"++++'),
        12: payloads[12].replace(b'"account":"a"', b'"account":1'),
    }
    for seq, payload in wrong.items():
        assert payload != payloads[seq]
        payloads[seq] = payload

    found = chain_of(relinked(payloads)).places()

    assert found == [("entry", (seq,), "payload") for seq in wrong]


def relinked(payloads: list[bytes]) -> list[bytes]:
    """The same payloads with the digests of their predecessors put right, byte by byte."""
    replaced: dict[bytes, bytes] = {}
    before = make_payloads(len(payloads))
    again = []
    for was, payload in zip(before, payloads, strict=True):
        now = payload
        for old, new in replaced.items():
            now = now.replace(old, new)
        replaced[payload_digest(was).hex().encode()] = payload_digest(now).hex().encode()
        again.append(now)
    return again


def test_time_that_goes_back_is_a_fault():
    payloads = make_payloads(10)
    payloads[6] = payloads[6].replace(time_of(6).encode(), time_of(0).encode())

    assert ("entry", (6,), "payload") in chain_of(relinked(payloads)).places()


@pytest.mark.parametrize(
    "links",
    [
        [{"n": 7, "name": "all", "prev": "ab" * 32}],
        [{"n": 9, "name": "all", "prev": payload_digest(PAYLOADS[7]).hex()}],
        [{"n": 0, "name": "all"}],
        [{"n": 1, "name": "never seen", "prev": "ab" * 32}],
    ],
    ids=["another predecessor", "an ordinal left out", "a second beginning", "a beginning that is none"],
)
def test_an_event_in_the_wrong_place_of_its_stream_is_a_fault(links):
    payloads = [*PAYLOADS[:8], payload_of(8, streams=links)]

    assert chain_of(payloads).places() == [("entry", (8,), "payload")]


def test_an_altered_event_makes_no_noise_in_its_streams(chain):
    other_stream = chain.rows[20].payload.replace(b'"name":"all"', b'"name":"alm"')
    chain.change(20, payload=other_stream)

    assert chain.places() == [("entry", (20,), "payload")]


# --- tiles, head, identity


@pytest.mark.parametrize("bit", [0, 8 * 32 * 100 + 3, 8 * 8192 - 1])
def test_a_changed_hash_of_a_tile_is_one_fault(chain, bit):
    hashes, root = chain.tiles[0, 0]
    chain.tiles[0, 0] = flipped(hashes, bit), root

    (fault,) = chain.faults()

    assert (fault.table, fault.key, fault.column) == ("tile", (0, 0), "hashes")
    assert f"hash {bit // 8 // 32} " in fault.text.en


@pytest.mark.parametrize("cell", [b"", b"short", None, "text", 7])
def test_a_tile_that_holds_something_else_is_a_fault_and_no_crash(chain, cell):
    chain.tiles[0, 0] = (cell, cell)

    assert chain.places() == [("tile", (0, 0), "hashes"), ("tile", (0, 0), "root")]


def test_missing_and_extra_tiles_are_named(chain):
    tile = chain.tiles.pop((0, 0))
    chain.tiles[0, 1] = tile
    chain.tiles[1, 0] = tile
    chain.tiles[99, 0] = tile

    assert chain.places() == [
        ("tile", (0, 0), ""),
        ("tile", (0, 1), ""),
        ("tile", (1, 0), ""),
        ("tile", (99, 0), ""),
    ]


def test_a_tile_and_the_entry_under_it_are_told_apart(chain):
    hashes, root = chain.tiles[0, 0]
    chain.tiles[0, 0] = flipped(hashes, 8 * 32 * 9), root
    chain.change(9, event_id="x")

    assert chain.places() == [("entry", (9,), "event_id"), ("tile", (0, 0), "hashes")]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("size", SIZE - 1),
        ("size", SIZE + 1),
        ("size", "many"),
        ("at", "2026-06-30T04:00:00.000Z"),
        ("at", None),
        ("last_entry", bytes(32)),
        ("last_entry", "text"),
        ("root", bytes(32)),
        ("root", None),
        ("checkpoint", b"no note"),
        ("checkpoint", None),
    ],
)
def test_a_changed_column_of_the_head_is_one_fault(chain, column, cell):
    chain.change_head(**{column: cell})

    assert chain.places() == [("head", (), column)]


@given(st.integers(0, 8 * 150))
def test_any_flipped_bit_of_the_checkpoint_is_a_fault_of_the_checkpoint(bit):
    chain = chain_of(PAYLOADS[:3])
    chain.change_head(checkpoint=flipped(chain.head.checkpoint, bit))

    assert chain.places() == [("head", (), "checkpoint")]


def test_an_older_checkpoint_in_the_place_of_the_newest_is_a_fault_of_the_checkpoint(chain):
    chain.change_head(checkpoint=chain_of(PAYLOADS[:40]).head.checkpoint)

    assert chain.places() == [("head", (), "checkpoint")]


@pytest.mark.parametrize("size", [0, 3])
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("origin", "other.example/ledger"),
        ("origin", None),
        ("verifier_key", "no key"),
        ("verifier_key", None),
    ],
)
def test_a_changed_column_of_the_identity_is_one_fault(size, column, cell):
    chain = a_chain(size)
    chain.change_identity(**{column: cell})

    assert chain.places() == [("identity", (), column)]


def test_a_ledger_that_took_the_name_of_another_is_betrayed_by_its_first_entry(chain):
    other = NoteSigner.from_seed("other.example/ledger", b"\2" * 32)
    chain.change_identity(origin=other.name, verifier_key=other.verifier_key.format())
    chain.change_head(checkpoint=sign_checkpoint(Checkpoint(other.name, SIZE, chain.head.root), other))

    assert chain.places() == [("identity", (), "origin")]


# --- a kept checkpoint


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, SIZE])
def test_a_kept_checkpoint_of_this_ledger_fits(chain, size):
    kept = chain_of(PAYLOADS[:size]).head.checkpoint

    assert chain.places(since=[kept]) == []


@pytest.mark.parametrize("size", [1, 256, 270])
def test_a_kept_checkpoint_of_another_history_says_up_to_where_it_differs(chain, size):
    kept = sign_checkpoint(Checkpoint(SIGNER.name, size, bytes(32)), SIGNER)

    assert chain.places(since=[kept]) == [("kept checkpoint", (size,), "root")]


def test_of_several_kept_checkpoints_the_nearest_two_place_a_rewriting(chain):
    ours = [chain_of(PAYLOADS[:size]).head.checkpoint for size in (10, 100, 200)]
    theirs = [sign_checkpoint(Checkpoint(SIGNER.name, size, bytes(32)), SIGNER) for size in (200, 250)]

    (fault,) = chain.faults(since=[theirs[1], ours[0], ours[1]])
    (of_one_size,) = chain.faults(since=[*theirs, *ours])

    assert "between sizes 100 and 250" in fault.text.en
    assert "between sizes 100 and 200" in of_one_size.text.en


def test_a_kept_checkpoint_that_the_ledger_never_signed_proves_nothing_and_is_named(chain):
    stranger = NoteSigner.from_seed(SIGNER.name, b"\3" * 32)

    for kept in (b"rubbish", sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), stranger)):
        assert chain.places(since=[kept]) == [("kept checkpoint", (), "")]


# --- a part


def from_here(chain: Chain, seq: int) -> Start:
    edge = Edge()
    edge.append([leaf_hash(row.entry) for row in chain.rows[:seq]])
    return Start(seq=seq, edge=edge, last_entry=entry_hash(chain.rows[seq - 1].entry), at=time_of(seq - 1))


@pytest.mark.parametrize("seq", [1, 255, 256, 257, SIZE - 1, SIZE])
def test_the_rest_of_a_ledger_is_verified_from_its_edge_up_to_the_signed_root(chain, seq):
    found, end = chain.verify(chain.rows[seq:], start=from_here(chain, seq))

    assert found == []
    assert end.root == chain.head.root


def test_a_part_ends_where_it_is_told_to_and_says_nothing_of_the_rest(chain):
    chain.change(60, payload=flipped(chain.rows[60].payload, 9))
    chain.change(70, payload=flipped(chain.rows[70].payload, 9))
    chain.change(80, payload=flipped(chain.rows[80].payload, 9))
    start = from_here(chain, 65)

    found, end = chain.verify(chain.rows[65:77], start=start, last=75)

    assert places(found) == [("entry", (70,), "payload")]
    assert end.size == 76


def test_the_last_entry_of_a_part_is_held_against_the_next(chain):
    forged = payload_of(280, streams=streams_in(chain.rows[280]), marks=["forged"])
    before = decode_entry(chain.rows[280].entry)
    entry = encode_entry(Entry(at=before.at, event=payload_digest(forged), prev=before.prev, seq=280))
    chain.change(280, payload=forged, entry=entry)

    found, _ = chain.verify(chain.rows[:282], last=280)

    assert places(found) == [("entry", (280,), "entry")]


def test_an_edge_that_is_not_the_true_one_shows_at_the_signed_root(chain):
    start = from_here(chain, 290)
    wrong = Edge()
    wrong.append([leaf_hash(b"%d" % n) for n in range(290)])

    found, _ = chain.verify(
        chain.rows[290:], start=Start(seq=290, edge=wrong, last_entry=start.last_entry, at=start.at)
    )

    assert ("head", (), "root") in places(found)


def test_a_kept_checkpoint_from_before_the_part_is_refused_for_it_would_prove_nothing(chain):
    kept = chain_of(PAYLOADS[:40]).head.checkpoint

    with pytest.raises(InputError) as refused:
        chain.verify(chain.rows[41:], start=from_here(chain, 41), since=[kept])

    assert refused.value.code == "bad-request"
    assert chain.verify(chain.rows[40:], start=from_here(chain, 40), since=[kept])[0] == []


# --- the meaning of payloads


def test_whoever_judges_the_meaning_is_asked_once_about_each_sound_payload_and_in_order(chain):
    asked = []

    def judge(seq: int, payload: object) -> Iterator[Fault]:
        asked.append(seq)
        return iter(())

    chain.change(9, payload=flipped(chain.rows[9].payload, 4))
    chain.change(11, event_id="x")
    chain.faults(judge=judge)

    assert asked == [seq for seq in range(SIZE) if seq != 9]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(None, "NULL"), (b"plain", "plain"), (b"\xff\x00", "ff00"), (7, "7"), ("字\n", "字\ufffd")],
)
def test_a_cell_is_shown_on_one_line(cell, shown):
    assert show_cell(cell) == shown
    assert len(show_cell("x" * 1000)) == 240


# --- everything


@pytest.mark.full
@pytest.mark.parametrize("seq", [*range(8), *range(248, 264), *range(SIZE - 16, SIZE)])
def test_of_every_bit_of_forty_events_no_flip_is_missed(seq):
    """Only the rows about the change are gone through, from the state before it: 200,000 flips in a minute."""
    chain = chain_of(PAYLOADS)
    start = None if seq == 0 else from_here(chain, seq)
    row, witness = chain.rows[seq], chain.rows[seq + 1 : seq + 2]
    missed = []

    for column, changed in every_flip(row):
        found, _ = chain.verify([changed, *witness], start=start, last=seq)
        if places(found) != [("entry", (seq,), column)]:
            missed.append((column, changed, found))

    assert missed == []


def every_flip(row: Row) -> Iterator[tuple[str, Row]]:
    for bit in range(63):
        yield "seq", row._replace(seq=row.seq ^ 1 << bit)
    for column in ("event_id", "payload", "entry"):
        cell = getattr(row, column)
        data = cell.encode() if isinstance(cell, str) else cell
        for bit in range(8 * len(data)):
            turned = flipped(data, bit)
            other = turned.decode(errors="surrogateescape") if isinstance(cell, str) else turned
            yield column, row._replace(**{column: other})


@pytest.mark.full
def test_a_tile_of_the_second_level_is_checked_too():
    chain = a_chain(65_536 + 10)
    hashes, root = chain.tiles[1, 0]

    for damaged, column in (((flipped(hashes, 9), root), "hashes"), ((hashes, bytes(32)), "root")):
        chain.tiles[1, 0] = damaged
        assert chain.places() == [("tile", (1, 0), column)]
    chain.tiles[1, 0] = hashes, root

    assert chain.places() == []
    assert sorted(itertools.islice((key for key in chain.tiles if key[0] == 1), 2)) == [(1, 0)]
