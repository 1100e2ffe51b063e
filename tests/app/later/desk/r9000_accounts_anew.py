"""For tests: what a later version might do to the desk: a table to which others refer is changed."""

import os
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from cabletrace.db.migration import Lineage

revision = "9000"
down_revision = Lineage.of("desk").revisions[-1]


def upgrade() -> None:
    with op.batch_alter_table(
        "account", recreate="auto" if op.get_bind().dialect.name == "postgresql" else "always"
    ) as account:
        account.add_column(sa.Column("title", sa.String, nullable=False, server_default=""))
        account.alter_column("display_name", type_=sa.String(200))
    if half := os.environ.get("CABLETRACE_TEST_HALF"):
        Path(half).touch()
        while Path(half).exists():
            time.sleep(0.01)
    op.create_index("account_by_title", "account", ["title"])
