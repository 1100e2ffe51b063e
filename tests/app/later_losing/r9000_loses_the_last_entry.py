"""For tests: a revision that must not pass, on SQLite."""

from alembic import op

from cabletrace.db.migration import Lineage

revision = "9000"
down_revision = Lineage.of("ledger").revisions[-1]


def upgrade() -> None:
    with op.batch_alter_table("entry", recreate="always"):
        pass  # which leaves no triggers
    op.execute("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
