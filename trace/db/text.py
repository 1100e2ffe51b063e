"""Text in statements that every engine reads alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def first_of(text: ColumnElement[str], length: int) -> ColumnElement[str]:
    """The first so many characters. The numbers stand in the statement: PostgreSQL's substr takes none of 64 bits, and groups by no
    expression in which a parameter stands."""
    return func.substr(text, literal_column("1"), literal_column(str(length)))


def without_nul(text: str) -> str:
    """PostgreSQL takes no NUL in a text: the sign for it stands instead, in what is stored and in what is looked for."""
    return text.replace("\0", "\u2400")


class day_of(FunctionElement[str]):  # noqa: N801 - as functions are called in SQL
    """The day in Asia/Shanghai, as 2026-06-30, of an instant as `clock.format_instant` writes it."""

    name = "day_of"
    type = String()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _in_sqlite(day: day_of, compiler: SQLCompiler, **more: Any) -> str:
    return f"date({compiler.process(day.clauses, **more)}, '+8 hours')"


@compiles(day_of, "postgresql")
def _in_postgresql(day: day_of, compiler: SQLCompiler, **more: Any) -> str:
    instant = f"CAST({compiler.process(day.clauses, **more)} AS timestamptz)"
    return f"to_char({instant} AT TIME ZONE 'UTC' + INTERVAL '8 hours', 'YYYY-MM-DD')"
