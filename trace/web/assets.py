"""Static files under addresses that name their content, so that a browser may keep them for ever.

``/static/app.css?v=3f9a…``: the answer to a versioned address is immutable. Vendored files carry their
version in the name, because a style sheet imports them without going through here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"


@dataclass(frozen=True, slots=True)
class Assets:
    """File name below `STATIC` to the first 12 hex digits of its SHA-256."""

    versions: Mapping[str, str]

    def url(self, name: str) -> str:
        """The versioned address. KeyError names a file that is not shipped: a fault of the template."""
        return f"{PREFIX}{name}?v={self.versions[name]}"


def read_assets(directory: Path = STATIC) -> Assets:
    """Hash every file once; called when the application is put together."""
    return Assets(
        {
            path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in sorted(directory.rglob("*"))
            if path.is_file()
        }
    )
