"""How far an invented city has come: ``city.json`` beside its ledger, so that one that was killed goes on.

``plan`` is a digest of what begins the city. Another version of the generator may tell another story, which cannot go
on in the middle of this one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import orjson

from ...errors import InputError, Text
from ..folder import Folder
from .blocks import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """``blocks`` are whole; -1 where not even the register is."""

    size: str
    seed: int
    plan: str
    blocks: int = -1

    def reached(self, blocks: int) -> Begun:
        return replace(self, blocks=blocks)


def beginning_of(city: City) -> Begun:
    """Nothing of this city yet."""
    told = [draft for _, draft in city.registrations()] + [each.draft for each in city.block(0).said]
    return Begun(size=city.size.name, seed=city.seed, plan=sha256(orjson.dumps(told)).hexdigest())


def read_begun(folder: Folder) -> Begun | None:
    """What was begun in this folder, if anything."""
    path = _path(folder)
    return Begun(**orjson.loads(path.read_bytes())) if path.exists() else None


def keep(folder: Folder, begun: Begun) -> None:
    half = _path(folder).with_suffix(".half")
    half.write_bytes(orjson.dumps(asdict(begun)))
    half.replace(_path(folder))


def to_go_on(folder: Folder, wanted: Begun, *, whole: int, said: int) -> Begun:
    """From where to go on: what is there of the wanted city in a ledger of ``said`` events; of ``whole`` blocks nothing
    is left to do. Raises InputError where the ledger holds anything else.
    """
    found = read_begun(folder)
    if found is None:
        if said <= 1:
            return wanted
        raise _taken(folder, Text(f"账本已有 {said:,} 条记录", f"the ledger holds {said:,} events already"))
    if (found.size, found.seed) != (wanted.size, wanted.seed):
        raise _taken(
            folder,
            Text(
                f"此处已有另一座虚构城市（{found.size}，种子 {found.seed}）",
                f"another invented city is here already ({found.size}, seed {found.seed})",
            ),
        )
    if found.blocks < whole and found.plan != wanted.plan:
        raise _taken(
            folder,
            Text(
                "这座虚构城市是用另一个版本开始的，不能接着做",
                "this invented city was begun by another version and cannot go on",
            ),
        )
    return found


def _taken(folder: Folder, detail: Text) -> InputError:
    return InputError.of(
        "already-exists",
        detail.zh,
        detail.en,
        came=str(folder.root),
        where="--data",
        remedy=Text("另选一个数据目录：--data DIR", "choose another data folder: --data DIR"),
    )


def _path(folder: Folder) -> Path:
    return folder.root / "city.json"
