"""Tiles: their names, which a tree has, the edge that fills them, and proofs read out of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabletrace.ledger import tiles, tree
from cabletrace.ledger.tiles import Bundle, Edge, Tile

LEAVES = [tree.leaf_hash(b"leaf %d" % number) for number in range(70_000)]


def stored(leaves: list[bytes]) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    """The edge and all tiles, full and partial, of a tree with these leaves."""
    edge = Edge()
    held = {(level, index): hashes for level, index, hashes, _ in edge.append(leaves)}
    for level, pending in enumerate(edge.pending):
        if pending:
            held[level, edge.size >> 8 * (level + 1)] = b"".join(pending)
    return edge, held


# --- names


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(63, 999, 1), "tile/63/999.p/1"),
        (Tile(1, 1_000, 255), "tile/1/x001/000.p/255"),
        (Tile(2, 1_234_067), "tile/2/x001/x234/067"),
        (Bundle(1_234_067, 17), "tile/entries/x001/x234/067.p/17"),
        (Bundle(0), "tile/entries/000"),
    ],
)
def test_the_path_of_a_tile_is_this(tile, path):
    assert tile.path == path
    assert tiles.parse_tile_path(path) == tile


places = st.tuples(st.integers(0, 10**12), st.integers(1, 256))


@given(
    places.map(lambda place: Bundle(*place))
    | st.builds(Tile, st.integers(0, 63), st.integers(0, 10**20), st.integers(1, 256))
)
def test_a_path_reads_back(tile):
    assert tiles.parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "/tile/0/000",
        "tile/0/000/", "tile/0/x000/000", "tile/0/x000/001", "tile/0/001/000", "tile/0/x001", "tile/0/000.p/0",
        "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p", "tile/data/000", "tile/8/0/000", "tile/0/000\n",
        "tile/0/٠٠٠", "tile/0/" + "x001/" * 1_000 + "000",
    ],
)  # fmt: skip
def test_a_second_spelling_of_a_path_is_refused(path):
    with pytest.raises(ValueError, match="tile"):
        tiles.parse_tile_path(path)


@pytest.mark.parametrize("place", [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_is_refused(place):
    with pytest.raises(ValueError, match="tile"):
        Tile(*place)


# --- which tiles there are


def test_seventy_thousand_leaves_have_the_tiles_of_the_specification():
    here = list(tiles.tiles_of(70_000))

    assert [tile for tile in here if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert sum(tile.width == 256 for tile in here) == 273 + 1
    assert [tiles.partial_width(70_000, level) for level in range(4)] == [112, 17, 1, 0]


def test_there_are_no_empty_tiles():
    assert list(tiles.tiles_of(0)) == []
    assert list(tiles.tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]


@given(st.integers(0, 200_000), st.integers(0, 3), st.integers(0, 1_000))
def test_the_width_of_a_tile_agrees_with_the_list(size, level, index):
    assert tiles.width_at(size, level, index) == sum(
        tile.width for tile in tiles.tiles_of(size) if (tile.level, tile.index) == (level, index)
    )


# --- entry bundles


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_reads_back(entries):
    assert tiles.decode_bundle(tiles.encode_bundle(entries)) == entries


def test_the_bytes_of_a_bundle_are_lengths_and_entries():
    assert (
        tiles.encode_bundle([b"ab", b"", b"c" * 256])
        == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x00" + b"c" * 256
    )


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(65_536)]])
def test_a_bundle_that_cannot_be_is_refused(entries):
    with pytest.raises(ValueError, match="bundle"):
        tiles.encode_bundle(entries)


def test_a_bundle_torn_at_any_byte_is_refused_or_shorter():
    entries = [b"first", b"second", b"third"]
    data = tiles.encode_bundle(entries)
    whole = [0, 7, 15, 22]

    for end in range(1, len(data)):
        if end in whole:
            assert tiles.decode_bundle(data[:end]) == entries[: whole.index(end)]
        else:
            with pytest.raises(ValueError, match="torn"):
                tiles.decode_bundle(data[:end])
    for overfull in (b"", b"\0\0" * 257):
        with pytest.raises(ValueError, match="1 to 256"):
            tiles.decode_bundle(overfull)


# --- the edge


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_the_edge_has_the_root_of_the_tree_and_fills_the_tiles_of_the_specification(size):
    edge, held = stored(LEAVES[:size])

    assert edge.size == size
    assert edge.root() == tree.root_of(LEAVES[:size])
    wanted = {(tile.level, tile.index): tile.width for tile in tiles.tiles_of(size)}
    assert {place: len(hashes) // 32 for place, hashes in held.items()} == wanted


def test_a_full_tile_lists_leaf_hashes_or_the_roots_of_the_tiles_below():
    edge = Edge()
    full = edge.append(LEAVES[:65_536])

    roots = {(level, index): root for level, index, _, root in full}
    for level, index, hashes, root in full:
        below = LEAVES[index * 256 :][:256] if level == 0 else [roots[0, n] for n in range(256)]
        assert hashes == b"".join(below)
        assert root == tree.root_of(below)
    assert edge.pending == [[], [], [roots[1, 0]]]
    assert [place[:2] for place in full[-2:]] == [(0, 255), (1, 0)]


@given(st.lists(st.integers(0, 700), max_size=6))
def test_leaves_in_groups_of_any_size_make_the_same_edge(groups):
    grouped, at_once = Edge(), Edge()
    completed = []
    for width in groups:
        completed += grouped.append(LEAVES[grouped.size : grouped.size + width])

    assert completed == at_once.append(LEAVES[: sum(groups)])
    assert grouped == at_once


@given(st.integers(0, 1_500), st.integers(0, 600))
def test_an_edge_loaded_from_its_partial_tiles_grows_on_alike(size, more):
    kept = Edge()
    kept.append(LEAVES[:size])

    loaded = Edge.load(kept.size, kept.pending)

    assert loaded.append(LEAVES[size : size + more]) == kept.append(LEAVES[size : size + more])
    assert loaded.root() == kept.root() == tree.root_of(LEAVES[: size + more])


@pytest.mark.parametrize(
    ("size", "pending"),
    [
        (1, []), (0, [LEAVES[:1]]), (256, [[], []]), (257, [LEAVES[:1]]), (3, [LEAVES[:2]]), (1, [[b"short"]]),
        (1, [LEAVES[:1], LEAVES[:1]]),
    ],
)  # fmt: skip
def test_an_edge_that_does_not_fit_its_size_is_refused(size, pending):
    with pytest.raises(ValueError, match="pending hashes"):
        Edge.load(size, pending)


def test_a_group_thrown_away_leaves_no_trace():
    edge, _ = stored(LEAVES[:300])
    before = edge.root()

    edge.copy().append(LEAVES[300:900])

    assert (edge.size, edge.root()) == (300, before)
    assert Edge.load(edge.size, edge.pending) == edge


# --- proofs out of tiles


@settings(max_examples=30, deadline=None)  # tens of thousands of leaves are hashed for each
@given(st.integers(1, 70_000), st.data())
def test_proofs_read_out_of_tiles_hold(size, data):
    edge, held = stored(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    read = tiles.subtree_hash_reader(lambda level, index, _: held[level, index], size)

    inclusion = tree.inclusion_proof(index, size, read)
    consistency = tree.consistency_proof(old, size, read)

    tree.check_inclusion(LEAVES[index], index, size, inclusion, edge.root())
    tree.check_consistency(old, size, tree.root_of(LEAVES[:old]), edge.root(), consistency)


def test_a_proof_asks_for_each_tile_once_and_with_its_width():
    _, held = stored(LEAVES)
    asked = []

    def read_tile(level: int, index: int, width: int) -> bytes:
        asked.append((level, index, width))
        return held[level, index]

    tree.inclusion_proof(5, len(LEAVES), tiles.subtree_hash_reader(read_tile, len(LEAVES)))

    assert sorted(asked) == [(0, 0, 256), (0, 273, 112), (1, 0, 256), (1, 1, 17)]


@given(st.integers(1, 256))
def test_the_subtrees_over_a_tile_are_those_of_the_tree(width):
    rows = tiles.subtrees_over(b"".join(LEAVES[:width]))

    assert len(rows) == width.bit_length()
    for level, row in enumerate(rows):
        wanted = [tree.root_of(LEAVES[n << level : (n + 1) << level]) for n in range(width >> level)]
        assert row == b"".join(wanted)


def test_what_is_kept_of_one_tile_is_not_taken_for_another():
    """Two logs may have a tile in the same place, and a tile that grows has more subtrees than before."""
    for leaves in (LEAVES[:8], LEAVES[8:16], LEAVES[:16], LEAVES[:8]):
        read = tiles.subtree_hash_reader(lambda *_, held=leaves: b"".join(held), len(leaves))
        assert read(3, 0) == tree.root_of(leaves[:8])


def test_a_torn_tile_or_a_subtree_beyond_the_tree_is_refused():
    read = tiles.subtree_hash_reader(lambda level, index, width: bytes(32 * width - 1), 300)

    with pytest.raises(ValueError, match="has 8191 bytes, not 8192"):
        read(3, 0)
    for level, index in [(0, 300), (8, 1), (9, 0), (0, -1)]:
        with pytest.raises(ValueError, match="no complete subtree"):
            read(level, index)
