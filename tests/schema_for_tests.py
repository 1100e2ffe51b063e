"""What a database holds besides its rows, as the database itself tells it, to be compared; and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, select, text

from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_read

_IN_POSTGRESQL = (
    """SELECT 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'""",
    """SELECT 'constraint', c.relname, o.conname, pg_get_constraintdef(o.oid)
       FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid WHERE c.relnamespace = current_schema()::regnamespace""",
    """SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()""",
    """SELECT 'trigger', c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal""",
    """SELECT 'function', '', proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace""",
)


def schema_of(path: Path, tables: Iterable[str]) -> list[tuple[str, ...]]:
    """Columns, keys, checks, indexes, comments and triggers of these tables."""
    with closing(open_database(path, read_only=True)) as engine, begin_read(engine) as tx:
        if engine.dialect.name == "sqlite":
            rows = tx.execute(text("SELECT type, tbl_name, name, sql FROM sqlite_schema")).all()
            here = "nowhere"
        else:
            rows = [row for each in _IN_POSTGRESQL for row in tx.execute(text(each))]
            here = tx.execute(text("SELECT current_schema()")).scalar_one()
    qualified = re.compile(rf'"?{re.escape(here)}"?\.')
    wanted = {*tables, ""}
    return sorted(
        tuple(qualified.sub("", re.sub(r"\s+", " ", str(cell))) for cell in row)
        for row in rows
        if row[1] in wanted
    )


def rows_in(path: Path, metadata: Iterable[MetaData]) -> dict[str, list[str]]:
    """Every row of these tables, by table; none of one that came later than this database."""
    with closing(open_database(path, read_only=True)) as engine, begin_read(engine) as tx:
        there = set(inspect(tx).get_table_names())
        tables = [table for each in metadata for table in each.sorted_tables]
        return {table.name: _rows(tx, table) if table.name in there else [] for table in tables}


def _rows(tx: Connection, table: object) -> list[str]:
    return sorted(repr(tuple(row)) for row in tx.execute(select(table)))  # type: ignore[call-overload]
