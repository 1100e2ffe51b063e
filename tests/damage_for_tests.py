"""Damage to a database past everything that guards it, said once and done in the words of either engine.

A statement is SQL that both read, with three words of bytes that each is taught here: ``zeros(32)`` are bytes of nothing,
``octets('00ff')`` are these, and ``swapped(payload, '2026', '2027')`` are bytes in which one text stands for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, text

from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.ledger import store

_POSTGRESQL_WORDS = {
    "zeros(count int)": "decode(repeat('00', count), 'hex')",
    "octets(digits text)": "decode(digits, 'hex')",
    "swapped(bytes bytea, was text, becomes text)": (
        "decode(replace(encode(bytes, 'hex'), encode(convert_to(was, 'UTF8'), 'hex'), "
        "encode(convert_to(becomes, 'UTF8'), 'hex')), 'hex')"
    ),
}


def damage(path: Path, *statements: str, **values: Any) -> None:
    """Change a database as an administrator could: what guards it falls first, and stays away. Each statement has something
    to change."""
    is_file = path.exists()  # such as the search index, wherever the other databases are
    with closing(open_sqlite(path) if is_file else open_database(path)) as engine, unguarded(engine) as tx:
        for statement in statements:
            assert tx.execute(text(statement), values).rowcount != 0, statement


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """Write where nothing refuses it any more: the triggers are gone, and in PostgreSQL the index that keeps two entries from
    following the same one."""
    with begin_write(engine) as tx:
        if tx.dialect.name == "sqlite":
            for name in (
                tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            ):
                tx.exec_driver_sql(f"DROP TRIGGER {name}")
            with _words_of_sqlite(tx):
                yield tx
        else:
            guards = tx.exec_driver_sql(
                "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            ).all()
            for name, table in guards:
                tx.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            tx.exec_driver_sql("DROP INDEX IF EXISTS entry_follows_one")
            with _words_of_postgresql(tx):
                yield tx


def guard_again(tx: Connection) -> None:
    """Put back what refuses changes of the ledger."""
    for statement in store.append_only_triggers(tx.dialect.name):
        tx.execute(text(statement))


def corrupt_what_is_written(path: Path) -> None:
    """From now on the database gives back another payload than was written."""
    with closing(open_database(path)) as engine, unguarded(engine) as tx:
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql(
                "CREATE TRIGGER flip AFTER INSERT ON entry BEGIN UPDATE entry "
                "SET payload = CAST(replace(payload, 'draft', 'graft') AS BLOB) WHERE seq = NEW.seq; END"
            )
        else:
            tx.exec_driver_sql(
                "CREATE FUNCTION flip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.payload := convert_to("
                "replace(convert_from(NEW.payload, 'UTF8'), 'draft', 'graft'), 'UTF8'); RETURN NEW; END $$"
            )
            tx.exec_driver_sql(
                "CREATE TRIGGER flip BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION flip()"
            )


@contextmanager
def refusing(engine: Engine, table: Table, words: str) -> Iterator[None]:
    """While the block lasts the database refuses rows of this table, with these words."""
    with begin_write(engine) as tx:
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql(
                f"CREATE TRIGGER refusing BEFORE INSERT ON {table.name} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        else:
            tx.exec_driver_sql(
                "CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
            )
            tx.exec_driver_sql(
                f"CREATE TRIGGER refusing BEFORE INSERT ON {table.name} FOR EACH ROW EXECUTE FUNCTION refusing()"
            )
    yield
    with begin_write(engine) as tx:
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql("DROP TRIGGER refusing")
        else:
            tx.exec_driver_sql("DROP FUNCTION refusing() CASCADE")


@contextmanager
def _words_of_sqlite(tx: Connection) -> Iterator[None]:
    raw = tx.connection.driver_connection
    assert raw is not None
    words = {
        "zeros": (1, bytes),
        "octets": (1, bytes.fromhex),
        "swapped": (3, lambda data, was, becomes: data.replace(was.encode(), becomes.encode())),
    }
    for name, (arity, does) in words.items():
        raw.create_function(name, arity, does)
    yield
    for name, (arity, _) in words.items():
        raw.create_function(name, arity, None)


@contextmanager
def _words_of_postgresql(tx: Connection) -> Iterator[None]:
    for word, does in _POSTGRESQL_WORDS.items():
        tx.exec_driver_sql(f"CREATE FUNCTION {word} RETURNS bytea LANGUAGE sql AS $$ SELECT {does} $$")
    yield
    for word in _POSTGRESQL_WORDS:
        tx.exec_driver_sql(f"DROP FUNCTION {word}")
