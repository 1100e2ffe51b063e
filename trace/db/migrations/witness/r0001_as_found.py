"""What a witness remembers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0001"
down_revision = None

metadata = MetaData()
Table(
    "identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("verifier_key", String, nullable=False),
)
Table(
    "followed",
    metadata,
    Column("origin", String, primary_key=True),
    Column("verifier_key", String, nullable=False),
    Column("followed_at", String(24), nullable=False),
    Column("left_at", String(24), comment="nothing is cosigned since; what was is never forgotten"),
    Column("made_at", Integer, comment="POSIX seconds of the newest cosignature; absent before the first"),
    Column("note", LargeBinary, comment="the newest checkpoint, cosigned"),
)
Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", ForeignKey("followed.origin"), nullable=False, index=True),
    Column("at", String(24), nullable=False),
    Column("accuses", String, nullable=False),
    Column("held", LargeBinary, nullable=False, comment="what was cosigned, as a note"),
    Column("request", LargeBinary, nullable=False, comment="what then came, signed by the same key"),
)


def upgrade() -> None:
    make_what_is_missing(metadata)
