"""The tables of the ledger, which have been the same from the beginning, and what guards them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, MetaData, String, Table
from sqlalchemy import Integer as _Integer

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0001"
down_revision = None

Integer = _Integer().with_variant(BigInteger(), "postgresql")
metadata = MetaData()
Table(
    "identity",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("origin", String, nullable=False),
    Column("public_host", String, nullable=False),
    Column("verifier_key", String, nullable=False),
)
Table(
    "entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String, nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
Table(
    "tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
)
Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("last_entry", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
)

#: SQLite: of each table its columns, and when a row would take another's place.
_COLUMNS = {
    "identity": ("id, origin, public_host, verifier_key", "(id = NEW.id)"),
    "entry": ("seq, event_id, payload, entry", "(seq = NEW.seq) OR (event_id = NEW.event_id)"),
    "tile": ("level, idx, hashes, root", "(level = NEW.level AND idx = NEW.idx)"),
}


def upgrade() -> None:
    make_what_is_missing(metadata)
    if op.get_context().dialect.name == "postgresql":
        _guard_in_postgresql()
    else:
        _guard_in_sqlite()


def _guard_in_sqlite() -> None:
    for name, (columns, same) in _COLUMNS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name}_no_{verb.lower()} BEFORE {verb} ON {name} {refuse}"
            )
        every = ", ".join(f"{name}.{column}" for column in columns.split(", "))
        taken = f"EXISTS (SELECT {every} FROM {name} WHERE {same})"  # noqa: S608 - names of our own tables
        op.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name}_no_replace BEFORE INSERT ON {name} WHEN {taken} {refuse}"
        )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for name in _COLUMNS:
        for trigger, when in (
            (f"{name}_no_change", f"UPDATE OR DELETE ON {name} FOR EACH ROW"),
            (f"{name}_no_truncate", f"TRUNCATE ON {name} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {when} EXECUTE FUNCTION refuse_change()")
            op.execute(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {trigger}")
    # The hash of the entry before stands at a fixed place of an entry.
    op.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS entry_follows_one ON entry (substring(entry FROM 117 FOR 64))"
    )
