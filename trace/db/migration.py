"""Tables that nothing can make anew, from one version of the program to the next: revisions of Alembic, forwards only.

A `Lineage` is the tables that are migrated together: one database, one owner, one transaction. Its revisions are the files
``rNNNN_….py`` of its folder in that order; a table ``<name>_version`` beside them says which was run last. New tables are made by
their metadata and stamped with the newest revision (a test compares both ways). What follows from the ledger has no revisions:
it is rebuilt (`app.rebuild`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)

from ..errors import Broken, InputError, Text

HOME = Path(__file__).with_name("migrations")
#: PostgreSQL: how long a migration waits for a table that somebody reads; everybody else waits behind it meanwhile.
LOCK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Lineage:
    """``folders`` hold its revisions."""

    name: str
    folders: tuple[Path, ...]

    @classmethod
    def of(cls, name: str) -> Lineage:
        return cls(name, (HOME / name,))

    @property
    def revisions(self) -> tuple[str, ...]:
        """The ids of its revisions, the oldest first."""
        files = (file for folder in self.folders for file in folder.glob("r[0-9][0-9][0-9][0-9]_*.py"))
        return tuple(sorted(file.stem[1:5] for file in files))

    @property
    def version_table(self) -> str:
        return f"{self.name}_version"


def version_of(tx: Connection, lineage: Lineage) -> str | None:
    """The revision that was run last; None in an empty database, and in one made before there were revisions."""
    if not inspect(tx).has_table(lineage.version_table):
        return None
    return tx.execute(select(_version_table(lineage).c.version_num)).scalar_one_or_none()


def to_run(tx: Connection, lineage: Lineage) -> tuple[str, ...]:
    """The revisions that are still to be run. Raises InputError for tables of a newer version: there is no way back."""
    version, known = version_of(tx, lineage), lineage.revisions
    if version is None:
        return known
    if version not in known:
        raise InputError.of(
            "stopped",
            f"数据由更新版本的程序写成（{lineage.name} 第 {version} 版），本程序只认到第 {known[-1]} 版；数据库不能降级",
            f"the data were written by a newer version of the program ({lineage.name} {version}; this one knows up to "
            f"{known[-1]}); there is no way back for a database",
            remedy=Text(
                "装回较新的程序；一定要用旧程序，就停止服务并恢复升级前的备份，此后的记录会丢失（见 docs/operations.md）",
                "install the newer program again; to go back to the older one all the same, stop the service and bring back the "
                "copy made before the update: what was recorded since is lost (docs/operations.md)",
            ),
        )
    return known[known.index(version) + 1 :]


def stamp(tx: Connection, lineage: Lineage) -> None:
    """Say of tables that were made just now that they are of the newest revision."""
    table = _version_table(lineage)
    table.create(tx, checkfirst=True)
    tx.execute(table.delete())
    tx.execute(insert(table).values(version_num=lineage.revisions[-1]))


def migrate(tx: Connection, lineage: Lineage) -> tuple[str, ...]:
    """Run what is to be run, in the transaction of `db.database.begin_migration`; which revisions that was. Raises InputError as
    `to_run` does."""
    wanted = to_run(tx, lineage)
    if wanted:
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        _run(tx, lineage)
        if (now := version_of(tx, lineage)) != wanted[-1]:
            raise Broken(f"{lineage.name} is at {now} after its migration, not at {wanted[-1]}")
    return wanted


def _run(tx: Connection, lineage: Lineage) -> None:
    from alembic.operations import Operations  # with all it brings half a second, and wanted once a version
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

    revisions = ScriptDirectory(str(HOME), version_locations=[str(folder) for folder in lineage.folders])

    def steps(now: Sequence[str], _: MigrationContext) -> list[RevisionStep]:
        return revisions._upgrade_revs("head", now)  # type: ignore[arg-type]

    context = MigrationContext.configure(
        tx,
        # The transaction is ours, and DDL is a part of it in SQLite too: `engine` begins it explicitly.
        opts={"fn": steps, "version_table": lineage.version_table, "transactional_ddl": True},
    )
    with Operations.context(context):
        context.run_migrations()


def _version_table(lineage: Lineage) -> Table:
    """As Alembic makes it."""
    return Table(
        lineage.version_table,
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{lineage.version_table}_pkc"),
    )
