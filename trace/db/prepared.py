"""Statements that run with every group of the ledger: written in Core, compiled once, then the driver's.

Core's work for each execution costs several times what SQLite does for one row. Only for plain integers, text
and bytes, which no type of the table converts, and a list crosses as one parameter (`json_list`). Errors are wrapped as Core wraps them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ClauseElement, Connection, String, TableValuedAlias, bindparam, column
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from .text import without_nul

Value = int | str | bytes


class Prepared:
    """A statement with named parameters; ``statement`` is kept in Core until a connection names its dialect."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Mapping[str, Any], Sequence[str] | None]] = {}

    def run(self, tx: Connection, **values: Value) -> DBAPICursor:
        """Execute; the rows are the driver's tuples."""
        text, constants, order = self._for(tx.dialect)
        named = {**constants, **values}
        # PostgreSQL's answers in binary: as text a payload is twice as long, and is read byte by byte.
        cursor = tx.connection.cursor(**({"binary": True} if tx.dialect.name == "postgresql" else {}))
        try:
            cursor.execute(text, named if order is None else [named[name] for name in order])
        except tx.dialect.loaded_dbapi.Error as error:
            raise as_core_says(tx, text, error) from error
        return cursor

    def run_for_each(self, tx: Connection, rows: Sequence[Mapping[str, Value]]) -> None:
        """Execute once for each of these."""
        if not rows:
            return
        text, constants, order = self._for(tx.dialect)
        named = [{**constants, **row} for row in rows]
        try:
            tx.connection.cursor().executemany(
                text, named if order is None else [[row[name] for name in order] for row in named]
            )
        except tx.dialect.loaded_dbapi.Error as error:
            raise as_core_says(tx, text, error) from error

    def _for(self, dialect: Dialect) -> tuple[str, Mapping[str, Any], Sequence[str] | None]:
        if dialect.name not in self._compiled:
            compiled = self._statement.compile(dialect=dialect)
            assert isinstance(compiled, SQLCompiler)
            self._compiled[dialect.name] = compiled.string, compiled.params, compiled.positiontup
        return self._compiled[dialect.name]


class json_each(FunctionElement[str]):  # noqa: N801 - its name in SQL
    """The members of a JSON list of texts, one a row."""

    name = "json_each"
    inherit_cache = True


@compiles(json_each, "sqlite")
def _in_sqlite(each: json_each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each{compiler.process(each.clause_expr, **more)}"


@compiles(json_each, "postgresql")
def _in_postgresql(each: json_each, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(each.clause_expr, **more)} AS json))"


def json_list(name: str) -> TableValuedAlias:
    """The rows ``value`` of a list of texts that stands under ``name``, as `listed` writes it."""
    return json_each(bindparam(name, type_=String)).table_valued(column("value", String))


def listed(texts: Iterable[str]) -> str:
    """The texts, each once, as one parameter. What a damaged file holds instead of UTF-8 is looked for, in vain, and so is a
    NUL (`without_nul`)."""
    wanted = sorted({without_nul(text) for text in texts})
    try:
        return orjson.dumps(wanted).decode()
    except TypeError:
        return json.dumps(wanted)


def as_core_says(tx: Connection, statement: str, error: Exception) -> BaseException:
    """The driver's error as everybody else's `except` expects it. A connection that is lost is given up: a look-up then
    gets another one."""
    says = DBAPIError.instance(statement, None, error, tx.dialect.loaded_dbapi.Error, dialect=tx.dialect)
    if tx.dialect.is_disconnect(error, tx.connection.driver_connection, None):  # type: ignore[arg-type]
        tx.invalidate(error)
    return says
