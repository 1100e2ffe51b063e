"""Options that many commands share, in one shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..app.folder import Folder
from ..app.installation import Installation, open_installation
from ..app.settings import Settings
from ..errors import InputError, Text
from .console import say

# The None stands inside: of ``Data | None`` Typer would see neither the help nor the default.
Data = Annotated[
    Path | None,
    typer.Option("--data", help="data folder 数据目录 (CABLETRACE_DATA)", show_default="data"),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="PostgreSQL for it, such as postgresql://user@host/name 数据库 (CABLETRACE_DATABASE)",
        show_default="files in the folder",
    ),
]
Owner = Annotated[
    str | None,
    typer.Option(
        "--owner",
        help="whose the ledger in that database shall be, so that the service can only add to it 账本的所有者 "
        "(postgresql://dba@host/name?role=owner)",
        show_default="who serves",
    ),
]
Search = Annotated[
    str | None,
    typer.Option(
        "--search",
        help="Elasticsearch for it, such as https://user:password@host:9200 检索引擎 (CABLETRACE_SEARCH)",
        show_default="embedded",
    ),
]
Once = Annotated[
    bool,
    typer.Option("--once", help="change nothing where it is there already 已建立时不作改动"),
]
Json = Annotated[bool, typer.Option("--json", help="result as JSON on standard output 结果输出为 JSON")]


def folder(data: Path | None) -> Folder:
    """The data folder of the option, else of ``CABLETRACE_DATA``, else ``data``."""
    return Folder(Settings().data if data is None else data)


def database_asked_for(address: str | None) -> str:
    """The database of the option, else of ``CABLETRACE_DATABASE``; empty for files."""
    return Settings().database if address is None else address


def search_asked_for(address: str | None) -> str:
    """The search engine of the option, else of ``CABLETRACE_SEARCH``; empty for the embedded one."""
    return Settings().search if address is None else address


@contextmanager
def opened(data: Path | None) -> Iterator[Installation]:
    """The installation in the data folder; what was found when it was opened is said first."""
    with open_installation(folder(data)) as house:
        for notice in house.notices:
            say(notice.zh, notice.en)
        yield house


def must_be_new(file: Path) -> None:
    """Raises InputError ``already-exists`` where there is such a file: nothing is overwritten."""
    if file.exists():
        raise InputError.of(
            "already-exists",
            "文件已经存在",
            "this file is there already",
            came=str(file),
            where="FILE",
            remedy=Text("另选一个文件名", "choose another name"),
        )
