"""Tiles: the tree's hashes cut into files of 256, and the growing edge that fills them.

C2SP tlog-tiles. A tile of level L lists hashes of complete subtrees of 256^L leaves; a full one carries 256,
never changes again, and its own root is one hash of the level above. A partial one is never hashed upwards.
An entry bundle holds the entries under one tile of level 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import chain

from .tree import HASH_BYTES, Frontier, ReadSubtree

#: Hashes in a full tile, and log2 of it: the levels of the tree that one tile spans.
WIDTH = 256
HEIGHT = 8
MAX_LEVEL = 63
#: An entry's length stands before it in two bytes.
MAX_ENTRY_BYTES = 0xFFFF

ReadTile = Callable[[int, int, int], bytes]

# --- names


@dataclass(frozen=True, slots=True)
class Tile:
    """The ``width`` hashes of the ``index``-th tile of a level."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL:
            raise ValueError(f"a tile stands on a level from 0 to {MAX_LEVEL}, not {self.level}")
        _wants_place(self.index, self.width)

    @property
    def path(self) -> str:
        """``tile/1/x001/x234/067.p/17``, below the log's prefix."""
        return f"tile/{self.level}/{_format_index(self.index, self.width)}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The ``width`` entries under the ``index``-th tile of level 0."""

    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        _wants_place(self.index, self.width)

    @property
    def path(self) -> str:
        return f"tile/entries/{_format_index(self.index, self.width)}"


_PATH = re.compile(r"tile/(entries|\d{1,2})/((?:x\d{3}/){0,6}\d{3})(?:\.p/(\d{1,3}))?", re.ASCII)


def parse_tile_path(path: str) -> Tile | Bundle:
    """Inverse of ``path``; exactly that spelling. Raises ValueError."""
    shape = _PATH.fullmatch(path)
    if shape is None:
        raise ValueError(f"not the path of a tile: {path[:80]!r}")
    level, digits, partial = shape.groups()
    index = int(re.sub(r"\D", "", digits))
    width = WIDTH if partial is None else int(partial)
    named = Bundle(index, width) if level == "entries" else Tile(int(level), index, width)
    if named.path != path:
        raise ValueError(f"the path of this tile is spelled {named.path!r}, not {path!r}")
    return named


def _format_index(index: int, width: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups)) + (f".p/{width}" if width < WIDTH else "")


def _wants_place(index: int, width: int) -> None:
    if index < 0:
        raise ValueError(f"tiles are counted from 0, not {index}")
    if not 1 <= width <= WIDTH:
        raise ValueError(f"a tile is 1 to {WIDTH} wide, not {width}")


# --- which tiles a tree has


def partial_width(size: int, level: int) -> int:
    """Hashes in the unfinished tile of a level; 0 where the level has none."""
    return (size >> HEIGHT * level) % WIDTH


def width_at(size: int, level: int, index: int) -> int:
    """How wide tile ``index`` of a level is in a tree of ``size`` leaves; 0 where there is none."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree of ``size`` leaves, level by level, each level from the left."""
    level = 0
    while size >> HEIGHT * level:
        full = size >> HEIGHT * (level + 1)
        yield from (Tile(level, index) for index in range(full))
        if width := partial_width(size, level):
            yield Tile(level, full, width)
        level += 1


# --- entry bundles


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Up to 256 entries, each behind its length as a big-endian uint16. Raises ValueError."""
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    for number, entry in enumerate(entries):
        if len(entry) > MAX_ENTRY_BYTES:
            raise ValueError(
                f"entry {number} of the bundle has {len(entry)} bytes, more than {MAX_ENTRY_BYTES}"
            )
    return b"".join(chain.from_iterable((len(entry).to_bytes(2), entry) for entry in entries))


def decode_bundle(data: bytes) -> list[bytes]:
    """Inverse of `encode_bundle`. Raises ValueError for a torn or overfull bundle."""
    entries: list[bytes] = []
    start = 0
    while start < len(data):
        begin = start + 2
        end = begin + int.from_bytes(data[start:begin])
        if begin > len(data) or end > len(data):
            raise ValueError(f"entry {len(entries)} of the bundle is torn: {len(data)} bytes end inside it")
        entries.append(data[begin:end])
        start = end
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    return entries


# --- the growing edge


#: A tile just completed: level, index, its 256 hashes in 8,192 bytes, and its root, a hash of the level above.
FullTile = tuple[int, int, bytes, bytes]


@dataclass(slots=True)
class Edge:
    """The right edge of a growing tiled tree: for each level the hashes of its unfinished tile.

    ``pending[L]`` lists fewer than 256 hashes of level L; everything to their left stands in full tiles.
    `append` changes the edge in place: work on a `copy` where a group may still be thrown away.
    """

    size: int = 0
    pending: list[list[bytes]] = field(default_factory=list)
    # The same hashes as compact subtrees. When a tile is full, its frontier has one hash left: the tile's root.
    _frontiers: list[Frontier] = field(default_factory=list)

    @classmethod
    def load(cls, size: int, pending_by_level: Sequence[Sequence[bytes]]) -> Edge:
        """The edge of a tree of ``size`` leaves from its stored partial tiles, level 0 first.

        An empty level is an empty list; levels above the last with hashes may be left out. Raises ValueError
        where a level does not hold as many hashes as the size demands.
        """
        levels = (size.bit_length() + HEIGHT - 1) // HEIGHT
        edge = cls(size)
        for level in range(max(levels, len(pending_by_level))):
            hashes = list(pending_by_level[level]) if level < len(pending_by_level) else []
            wanted = partial_width(size, level)
            if len(hashes) != wanted or any(len(each) != HASH_BYTES for each in hashes):
                raise ValueError(
                    f"level {level} of a tree of {size} leaves has {wanted} pending hashes "
                    f"of {HASH_BYTES} bytes, not {[len(each) for each in hashes]}"
                )
            frontier = Frontier()
            for each in hashes:
                frontier.append(each)
            edge.pending.append(hashes)
            edge._frontiers.append(frontier)
        return edge

    def append(self, leaf_hashes: Sequence[bytes]) -> list[FullTile]:
        """Add leaf hashes; returns the tiles that they completed, a tile before the one above it."""
        completed: list[FullTile] = []
        start = 0
        while start < len(leaf_hashes):
            room = WIDTH - (len(self.pending[0]) if self.pending else 0)
            some = leaf_hashes[start : start + room]
            start += len(some)
            self.size += len(some)
            self._add(0, some, completed)
        return completed

    def _add(self, level: int, hashes: Sequence[bytes], completed: list[FullTile]) -> None:
        """Put hashes, no more than there is room for, into the unfinished tile of a level."""
        if level == len(self.pending):
            self.pending.append([])
            self._frontiers.append(Frontier())
        pending, frontier = self.pending[level], self._frontiers[level]
        pending.extend(hashes)
        for each in hashes:
            frontier.append(each)
        if len(pending) == WIDTH:
            (root,) = frontier.hashes
            index = (self.size >> HEIGHT * (level + 1)) - 1
            completed.append((level, index, b"".join(pending), root))
            self.pending[level], self._frontiers[level] = [], Frontier()
            self._add(level + 1, [root], completed)

    def root(self) -> bytes:
        """The root of the tree as it stands; a few dozen nodes are hashed."""
        largest_first = [each for frontier in reversed(self._frontiers) for each in frontier.hashes]
        return Frontier(self.size, largest_first).root()

    def copy(self) -> Edge:
        return Edge(
            self.size,
            [list(hashes) for hashes in self.pending],
            [frontier.copy() for frontier in self._frontiers],
        )


# --- hashes out of tiles


@lru_cache(
    maxsize=256
)  # 6 MB: all tiles but those of level 0 for millions of entries, and the newest of these
def subtrees_over(hashes: bytes) -> tuple[bytes, ...]:
    """All complete subtrees over the hashes of a tile, level by level: in row L those of 2^L hashes each.

    A pure function of the hashes, so that nothing that is kept can be out of date.
    """
    rows = [hashes]
    while len(rows[-1]) >= 2 * HASH_BYTES:
        row = rows[-1]
        starts = range(0, len(row) - HASH_BYTES, 2 * HASH_BYTES)
        rows.append(b"".join([sha256(b"\x01" + row[at : at + 2 * HASH_BYTES]).digest() for at in starts]))
    return tuple(rows)


def subtree_hash_reader(read_tile: ReadTile, size: int) -> ReadSubtree:
    """A ``read(level, index)`` for the proofs of `tree`, over the tiles of a tree of ``size`` leaves.

    ``read_tile(level, index, width)`` answers exactly ``width`` hashes; each tile is asked for once in the
    life of this reader. Raises ValueError for a tile of another length or a subtree that is not complete.
    """
    kept: dict[tuple[int, int], bytes] = {}

    def tile(level: int, index: int) -> bytes:
        if (level, index) not in kept:
            width = width_at(size, level, index)
            hashes = read_tile(level, index, width)
            if len(hashes) != width * HASH_BYTES:
                raise ValueError(
                    f"tile {index} of level {level} has {len(hashes)} bytes, not {width * HASH_BYTES}"
                )
            kept[level, index] = hashes
        return kept[level, index]

    def read(level: int, index: int) -> bytes:
        if not 0 <= index < size >> level:
            raise ValueError(f"a tree of {size} leaves has no complete subtree {index} of level {level}")
        tile_level, within = divmod(level, HEIGHT)
        tile_index, at = divmod(index, WIDTH >> within)
        row = subtrees_over(tile(tile_level, tile_index))[within]
        return row[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    return read
