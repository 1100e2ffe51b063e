"""Options that many commands share, in one shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..app.installation import Folder, Installation, open_installation
from ..app.settings import Settings
from .console import say

# The None stands inside: of ``Data | None`` Typer would see neither the help nor the default.
Data = Annotated[
    Path | None,
    typer.Option("--data", help="data folder 数据目录 (CABLETRACE_DATA)", show_default="data"),
]
Json = Annotated[bool, typer.Option("--json", help="result as JSON on standard output 结果输出为 JSON")]


def folder(data: Path | None) -> Folder:
    """The data folder of the option, else of ``CABLETRACE_DATA``, else ``data``."""
    return Folder(Settings().data if data is None else data)


@contextmanager
def opened(data: Path | None) -> Iterator[Installation]:
    """The installation in the data folder; what was found when it was opened is said first."""
    with open_installation(folder(data)) as house:
        for notice in house.notices:
            say(notice.zh, notice.en)
        yield house
