"""An installation of an earlier version becomes one of this version: revisions for what nothing can make anew, each lineage in one
transaction, then a rebuild of what follows from the ledger.

Killed at any moment, every lineage is either as it was or as it should be, and the same command goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from ..db.database import address_of, begin_migration, closing, database_exists, make_for, open_database
from ..db.engine import begin_read
from ..db.migration import Lineage, migrate, stamp, to_run
from ..errors import InputError, Text
from ..ledger import store
from .findings import command
from .folder import Folder

LEDGER, DISCLOSURES, DESK, SCANS = map(Lineage.of, ("ledger", "disclosures", "desk", "scans"))
LINEAGES = (LEDGER, DISCLOSURES, DESK, SCANS)


@dataclass(frozen=True, slots=True)
class Behind:
    """A lineage with the revisions that it lacks; ``owner`` whose it is, where that is not who serves."""

    lineage: Lineage
    revisions: tuple[str, ...]
    owner: str = ""


def make_new(tx: Connection, lineage: Lineage, metadata: Iterable[MetaData]) -> None:
    """Make the tables of a database that has none yet."""
    if inspect(tx).get_table_names():
        return
    for tables in metadata:
        tables.create_all(tx)
    stamp(tx, lineage)


def behind(folder: Folder, lineages: Iterable[Lineage] = LINEAGES) -> list[Behind]:
    """What of an installation is of an earlier version; what is not there, or empty, is made anew at a start. Raises InputError
    where something is of a newer version."""
    found: list[Behind] = []
    for lineage in lineages:
        path = database_of(folder, lineage)
        if database_exists(path):
            with closing(open_database(path, read_only=True)) as engine:
                found += _behind(engine, lineage)
    return found


def _behind(engine: Engine, lineage: Lineage) -> Iterator[Behind]:
    try:
        with begin_read(engine) as tx:
            if inspect(tx).get_table_names() and (lacks := to_run(tx, lineage)):
                yield Behind(lineage, lacks, _owner(tx) if lineage.name == LEDGER.name else "")
    except OperationalError:
        raise
    except DBAPIError:
        if (
            lineage.name != SCANS.name
        ):  # a file of checks that cannot be read is put aside (`start_up.make_scans`)
            raise


def database_of(folder: Folder, lineage: Lineage) -> Path:
    return {DESK.name: folder.desk, SCANS.name: folder.scans}.get(lineage.name, folder.ledger)


def migrate_installation(
    folder: Folder, *, owner: str = "", lineages: Iterable[Lineage] = LINEAGES
) -> list[Behind]:
    """Run the revisions that are to be run; which those were. ``owner`` is the address of whose the ledger is, where that is
    not who serves (`create`). Raises InputError where it is wanted or has no place, and where a table is in use for too long."""
    folder.must_be_installation()
    if owner and address_of(folder.root) is None:
        raise InputError.of(
            "wrong-input",
            "只有放在 PostgreSQL 里的账本才有另外的所有者",
            "only a ledger in PostgreSQL has an owner apart",
            where="owner",
        )
    done = []
    for each in behind(folder, lineages):
        if each.owner and not owner:
            raise InputError.of(
                "not-allowed",
                f"账本属于数据库角色 {each.owner}，服务无权更改它的表",
                f"the ledger belongs to the role {each.owner}; who serves cannot change its tables",
                where="owner",
                remedy=Text(
                    f"用所有者的地址再运行一次：{command('migrate', folder.root)} --owner …",
                    f"run it with the owner's address: {command('migrate', folder.root)} --owner …",
                ),
            )
        with _words_for_tables_in_use(), _begin(folder, each, owner) as (tx, role):
            # Somebody else may have done it while this one waited for its turn.
            if revisions := migrate(tx, each.lineage):
                if each.lineage.name == LEDGER.name:
                    _guard(tx, role)
                done.append(Behind(each.lineage, revisions))
    return done


@contextmanager
def _begin(folder: Folder, each: Behind, owner: str) -> Iterator[tuple[Connection, str]]:
    """The transaction, and the role that serves where the owner is another."""
    path = database_of(folder, each.lineage)
    if each.owner:
        with make_for(path, owner) as (tx, role):
            yield tx, role
    else:
        with begin_migration(path) as tx:
            yield tx, ""


def _guard(tx: Connection, role: str) -> None:
    """The triggers stand again, also on a table that was replaced; the role that serves may do what it might; and the ledger
    is still the one that was signed. Raises `Broken` where it is not."""
    for statement in store.append_only_triggers(tx.dialect.name):
        tx.execute(text(statement))
    if role:
        grant_to_service(tx, role)
    head = store.read_head(tx)
    last = store.read_row(tx, head.size - 1) if head.size else None
    edge = store.load_edge(tx, head.size)
    store.check_edge(head, edge, None if last is None else last.entry, store.read_identity(tx).origin)


def grant_to_service(tx: Connection, role: str) -> None:
    """What a role may do with a ledger that is not its own, and that it may see of which revision that is."""
    store.grant_appending(tx, role)
    quoted = tx.dialect.identifier_preparer.quote_identifier(role)
    tx.exec_driver_sql(f"GRANT SELECT ON {LEDGER.version_table} TO {quoted}")


def _owner(tx: Connection) -> str:
    """Whose the ledger is, where that is somebody as whom this connection may not act."""
    if tx.dialect.name != "postgresql":
        return ""
    owner = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('entry') AND NOT pg_has_role(relowner, 'USAGE')"
    return str(tx.execute(text(owner)).scalar() or "")


@contextmanager
def _words_for_tables_in_use() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        raise InputError.of(
            "stopped",
            "有程序正在使用这些表，升级没有进行，什么也没有改动",
            "somebody is using these tables; nothing was migrated and nothing was changed",
            remedy=Text("先停止所有服务，再运行一次", "stop every service first, then run it again"),
        ) from error


def must_be_migrated(folder: Folder) -> None:
    """Nobody works with tables of an earlier version. Raises InputError, also for those of a newer one."""
    if not (lacks := behind(folder)):
        return
    names = ", ".join(each.lineage.name for each in lacks)
    raise InputError.of(
        "stopped",
        f"数据由较早版本的程序写成，须先升级：{names}",
        f"the data were written by an earlier version of the program and must be migrated first: {names}",
        remedy=how_to_migrate(folder),
    )


def how_to_migrate(folder: Folder) -> Text:
    line = command("migrate", folder.root)
    return Text(
        f"备份后停止服务，运行 {line}；数据在文件里时，启动服务（cabletrace serve）也会自动升级，在 PostgreSQL 里时须加 --migrate",
        f"make a copy, stop the service, then {line}; a start of the service (cabletrace serve) does it by itself, over "
        "PostgreSQL only with --migrate",
    )
