"""What persons disclosed; the key by which names are looked up came later."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0001"
down_revision = None

metadata = MetaData()
Table(
    "disclosure",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("pointer", String, primary_key=True, comment="JSON pointer from the draft, such as /by/0/name"),
    Column("salt", LargeBinary, nullable=False),
    Column("value", String, nullable=False),
    Column("look_up", LargeBinary, index=True, comment="keyed hash of a responsible person's name"),
)


def upgrade() -> None:
    make_what_is_missing(metadata)
