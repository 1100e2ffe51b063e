"""The tables of this package in desk.db: accounts, invitations, sessions, API keys, and attempts to sign in.

They are operational: no evidence, never rebuilt from the ledger. Nothing in them lets its reader in: a
password stands as its argon2 hash, session tokens, links and keys as SHA-256 of 256 random bits. A column that came
later has a default in the database, so that it can be added to a table that is there (`app.schema`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer

desk_metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as `format_instant` writes it: text that sorts as time in every database."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else format_instant(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else parse_instant(value)


account = Table(
    "account",
    desk_metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False, unique=True, comment="for signing in; one spelling"),
    Column("password_hash", Text, nullable=False),
    Column("party", String(36), nullable=False, comment="id of the organisation on the ledger"),
    Column("role", String(20), nullable=False),
    Column("region", String(6), comment="a regulator's jurisdiction, GB/T 2260; 000000 the nation"),
    Column("display_name", String(100), nullable=False),
    Column("language", String(2), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("administers", Boolean, nullable=False, server_default=false(), comment="manages its colleagues"),
    Column("last_seen", Instant, comment="in a session, to about a minute"),
    Column("password_changed_at", Instant, comment="absent while the first one is in use"),
    info={"kind": "operational"},
)

invitation = Table(
    "invitation",
    desk_metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("party", String(36), nullable=False, comment="whose account it makes"),
    Column("role", String(20), nullable=False),
    Column("region", String(6)),
    Column("display_name", String(100), nullable=False),
    Column("administers", Boolean, nullable=False),
    Column("account", ForeignKey(account.c.id), comment="whose password it renews; absent for a new account"),
    Column("invited_by", String(36), nullable=False, comment="account; that of the command line has no row"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("withdrawn_at", Instant),
    info={"kind": "operational"},
)

session = Table(
    "session",
    desk_metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey(account.c.id), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("last_seen", Instant, nullable=False),
    Column("device", String(40), nullable=False, server_default="", comment="browser and system, coarsely"),
    Column("network", String(45), nullable=False, server_default="", comment="first part of the address"),
    info={"kind": "operational"},
)

api_key = Table(
    "api_key",
    desk_metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey(account.c.id), nullable=False, index=True),
    Column("prefix", String(8), nullable=False, unique=True, comment="shown, to tell keys apart"),
    Column("secret_hash", String(64), nullable=False),
    Column("label", String(100), nullable=False),
    Column("actions", JSON, nullable=False, comment="sorted names of actions"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_used", Instant, comment="to about a minute"),
    info={"kind": "operational"},
)

sign_in_attempt = Table(
    "sign_in_attempt",
    desk_metadata,
    Column("id", Integer, primary_key=True),
    Column("name_hash", String(64), nullable=False, comment="people type passwords into this field"),
    Column("client", String(64), nullable=False, comment="network address; erased with the row"),
    Column("at", Instant, nullable=False, index=True),
    Index("sign_in_attempt_by_name", "name_hash", "at"),
    Index("sign_in_attempt_by_client", "client", "at"),
    info={"kind": "operational"},
)
