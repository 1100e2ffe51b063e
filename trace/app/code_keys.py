"""The keys of drum codes of an installation, by version. One that is made while the service runs is read when a batch names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import Broken
from .folder import Folder


class CodeKeys(Mapping[int, bytes]):
    """Version -> key; the version of a batch stands on the ledger. Raises KeyError for one that the folder does not hold."""

    def __init__(self, folder: Folder):
        """Raises `Broken` for a folder without any."""
        self._folder = folder
        self._keys = {
            int(path.stem.removeprefix("codes-")): path.read_bytes()
            for path in sorted(folder.seed.parent.glob("codes-*.key"))
        }
        if not self._keys:
            raise Broken(f"{folder.seed.parent} holds no code key: trace codes cannot be checked")

    def __getitem__(self, version: int) -> bytes:
        if version not in self._keys:
            try:
                self._keys[version] = self._folder.code_key(version).read_bytes()
            except FileNotFoundError:
                raise KeyError(version) from None
        return self._keys[version]

    def __iter__(self) -> Iterator[int]:
        return iter(tuple(self._keys))

    def __len__(self) -> int:
        return len(self._keys)
