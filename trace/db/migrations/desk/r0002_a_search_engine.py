"""Where an Elasticsearch is, how far it has come, and what it would not take."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table
from sqlalchemy import Integer as _Integer

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0002"
down_revision = "0001"

Integer = _Integer().with_variant(BigInteger(), "postgresql")
metadata = MetaData()
Table(
    "elastic_place",
    metadata,
    Column("name", String, primary_key=True),
    Column("index_name", String, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_entry_hash", LargeBinary, nullable=False),
    Column("verified_at", String),
)
Table(
    "elastic_trouble",
    metadata,
    Column("name", String, primary_key=True),
    Column("status", String, primary_key=True),
    Column("times", Integer, nullable=False),
)
Table(
    "elastic_dead_letter",
    metadata,
    Column("name", String, primary_key=True),
    Column("batch", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("reason", String, nullable=False),
)


def upgrade() -> None:
    make_what_is_missing(metadata)  # made at a start before there were revisions
