"""Everything of the desk; much of it came one by one, and was added at a start."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy import Integer as _Integer

from cabletrace.db.migrations.found import make_what_is_missing

revision = "0001"
down_revision = None

Integer = _Integer().with_variant(BigInteger(), "postgresql")
metadata = MetaData()
Table(
    "account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False, unique=True, comment="for signing in; one spelling"),
    Column("password_hash", Text, nullable=False),
    Column("party", String(36), nullable=False, comment="id of the organisation on the ledger"),
    Column("role", String(20), nullable=False),
    Column("region", String(6), comment="a regulator's jurisdiction, GB/T 2260; 000000 the nation"),
    Column("display_name", String(100), nullable=False),
    Column("language", String(2), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("administers", Boolean, nullable=False, server_default=false(), comment="manages its colleagues"),
    Column("last_seen", String(24), comment="in a session, to about a minute"),
    Column("password_changed_at", String(24), comment="absent while the first one is in use"),
)
Table(
    "invitation",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("party", String(36), nullable=False, comment="whose account it makes"),
    Column("role", String(20), nullable=False),
    Column("region", String(6)),
    Column("display_name", String(100), nullable=False),
    Column("administers", Boolean, nullable=False),
    Column("account", ForeignKey("account.id"), comment="whose password it renews; absent for a new account"),
    Column("invited_by", String(36), nullable=False, comment="account; that of the command line has no row"),
    Column("created_at", String(24), nullable=False),
    Column("expires_at", String(24), nullable=False),
    Column("used_at", String(24)),
    Column("withdrawn_at", String(24)),
)
Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", String(24), nullable=False),
    Column("expires_at", String(24), nullable=False, index=True),
    Column("last_seen", String(24), nullable=False),
    Column("device", String(40), nullable=False, server_default="", comment="browser and system, coarsely"),
    Column("network", String(45), nullable=False, server_default="", comment="first part of the address"),
)
Table(
    "api_key",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey("account.id"), nullable=False, index=True),
    Column("prefix", String(8), nullable=False, unique=True, comment="shown, to tell keys apart"),
    Column("secret_hash", String(64), nullable=False),
    Column("label", String(100), nullable=False),
    Column("actions", JSON, nullable=False, comment="sorted names of actions"),
    Column("created_at", String(24), nullable=False),
    Column("expires_at", String(24), nullable=False),
    Column("revoked_at", String(24)),
    Column("last_used", String(24), comment="to about a minute"),
)
Table(
    "sign_in_attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_hash", String(64), nullable=False, comment="people type passwords into this field"),
    Column("client", String(64), nullable=False, comment="network address; erased with the row"),
    Column("at", String(24), nullable=False, index=True),
    Index("sign_in_attempt_by_name", "name_hash", "at"),
    Index("sign_in_attempt_by_client", "client", "at"),
)
Table(
    "job",
    metadata,
    Column("number", Integer, primary_key=True, comment="order of arrival"),
    Column("id", String(36), nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("account", String(36), nullable=False, comment="who asked for it"),
    Column("wanted", JSON, nullable=False, comment="what exactly, in the words of its kind"),
    Column("state", String, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False, comment="0 while it is not known"),
    Column("outcome", JSON, comment="what came of it, once it is done or has failed"),
    Column("created_at", String(24), nullable=False),
    Column("started_at", String(24)),
    Column("finished_at", String(24)),
    Index("job_by_state", "state", "number"),
    Index("job_by_account", "account", "number"),
)
Table(
    "upload",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("account", String(36), primary_key=True, comment="who brought it and may look at it"),
    Column("media_type", String(100), nullable=False, comment="as its bytes say"),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("at", String(24), nullable=False, index=True, comment="when it was brought last"),
)
Table(
    "witness",
    metadata,
    Column("name", String, primary_key=True),
    Column("verifier_key", String, nullable=False),
    Column("url", String, nullable=False, comment="submission prefix: add-checkpoint stands below it"),
    Column("added_at", String(24), nullable=False),
    Column("asked_at", String(24), comment="when it last answered, or should have"),
    Column(
        "trouble", String, nullable=False, comment="why the last question brought nothing; empty if it did"
    ),
    Column("contradiction", String, comment="set-back or forked, until it cosigns again"),
    Column("their_size", Integer, comment="of the contradiction"),
    Column("our_size", Integer, comment="of the contradiction"),
    Column("contradicted_at", String(24)),
)
Table(
    "cosignature",
    metadata,
    Column("verifier_key", String, primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False, comment="since 1970, of the answer"),
    Column("size", Integer, nullable=False, index=True),
    Column("made_at", Integer, nullable=False, comment="POSIX seconds, as the witness says"),
    Column("checkpoint", LargeBinary, nullable=False, comment="as we signed it"),
    Column("line", String, nullable=False, comment="the witness's signature line"),
)
Table(
    "kept_checkpoint",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("verifier_key", String, nullable=False, comment="of the ledger"),
    Column("checkpoint", LargeBinary, nullable=False),
)
Table(
    "print_setting",
    metadata,
    Column("account", String(36), primary_key=True),
    Column("sheet", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("right_cmm", Integer, nullable=False),
    Column("down_cmm", Integer, nullable=False),
)
Table(
    "column_mapping",
    metadata,
    Column("party", String(36), primary_key=True, comment="the organisation that it holds for"),
    Column("key", String(64), primary_key=True, comment="the set of headings, imports.mapping.key_of"),
    Column("headings", JSON, nullable=False),
    Column("kind", String, nullable=False, comment="kind of table; empty: to be left out"),
    Column("columns", JSON, nullable=False, comment="heading -> field, with the unit of its numbers"),
    Column("said_by", String, nullable=False, comment="name of the account"),
    Column("said_at", String(24), nullable=False),
)
Table(
    "import_history",
    metadata,
    Column("number", Integer, primary_key=True, comment="order of arrival"),
    Column("job", String(36), nullable=False, unique=True),
    Column("party", String(36), nullable=False, comment="the organisation whose account imported"),
    Column("account", String(36), nullable=False),
    Column("by", String, nullable=False, comment="name of the account then"),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column(
        "reading", String(64), nullable=False, comment="hash of what was said of the file and its headings"
    ),
    Column("good", Integer, comment="rows that are in, those known before included; null until it is done"),
    Column("marked", Integer),
    Column("bad", Integer),
    Column("known", Integer),
    Column(
        "repeated", Integer, comment="rows that say what a row above says; null before there was such a count"
    ),
    Column("added", JSON, comment="events by kind"),
    Column("created_at", String(24), nullable=False),
    Index("import_history_by_party", "party", "number"),
    Index("import_history_by_file", "party", "sha256"),
)
Table(
    "saved_search",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(36), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False, comment="words, filters and order as the query of an address"),
    Column("saved_at", String(24), nullable=False),
)


def upgrade() -> None:
    make_what_is_missing(metadata)
