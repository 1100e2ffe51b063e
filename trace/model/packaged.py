"""Tables that lie beside the code, as rows by the headings of their columns."""

from __future__ import annotations

import csv
from importlib import resources


def packaged(name: str) -> list[dict[str, str]]:
    """The rows of a table of this package."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
