"""For tests: what a later version might do to the ledger's tables. In SQLite the whole table is replaced."""

import os
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from cabletrace.db.migration import Lineage

revision = "9000"
down_revision = Lineage.of("ledger").revisions[-1]


def upgrade() -> None:
    op.create_table("note_of_later", sa.Column("n", sa.Integer, primary_key=True))
    with op.batch_alter_table(
        "entry", recreate="auto" if op.get_bind().dialect.name == "postgresql" else "always"
    ) as entry:
        entry.add_column(sa.Column("remark", sa.String))
    if half := os.environ.get("CABLETRACE_TEST_HALF"):
        Path(half).touch()
        while Path(half).exists():
            time.sleep(0.01)
    op.execute("INSERT INTO note_of_later VALUES (1)")
