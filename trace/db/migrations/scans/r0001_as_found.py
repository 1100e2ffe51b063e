"""The code checks; places of false codes, with their index, and what waits to be judged came later."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, MetaData, String, Table, text
from sqlalchemy import Integer as _Integer

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0001"
down_revision = None

Integer = _Integer().with_variant(BigInteger(), "postgresql")
metadata = MetaData()
Table(
    "scan",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("code", String(80), nullable=False, comment="canonical, or an alias as it is registered"),
    Column("outcome", String, nullable=False),
    Column("at", String(24), nullable=False),
    Column("region", String(6), comment="prefecture, where somebody said it"),
    Column("client", String(16), nullable=False, comment="salted hash, of no meaning after its day"),
    Index("scan_by_code", "code", "n"),
    Index("scan_by_time", "at"),
    Index(
        "scan_of_false_place",
        "region",
        "n",
        sqlite_where=text("outcome = 'false-place'"),
        postgresql_where=text("outcome = 'false-place'"),
    ),
)
Table(
    "checked_code",
    metadata,
    Column("code", String(80), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", String(24), nullable=False),
    Column("first_client", String(16), nullable=False),
    Column("first_region", String(6)),
    Column("written_in", Integer, nullable=False, comment="number of the group that wrote it last"),
    sqlite_with_rowid=False,
)
Table(
    "to_judge",
    metadata,
    Column(
        "code",
        String(80),
        primary_key=True,
        comment="where a place was stated, or a batch named by false codes, or the region where such were stated",
    ),
    Column("is_false", Boolean, primary_key=True),
    Column("turn", Integer, nullable=False),
    Index("to_judge_by_turn", "turn"),
    sqlite_with_rowid=False,
)
Table(
    "judged_up_to",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("n", Integer, nullable=False, comment="the last check that was looked at"),
    Column("turn", Integer, nullable=False, comment="the last that was given"),
)


def upgrade() -> None:
    make_what_is_missing(metadata)
