"""An installation: one data folder, made once by `create`, opened by `open_installation`.

``ledger.db`` (ledger, projections, disclosures), ``desk.db`` (accounts, sessions, keys, jobs), ``index.db`` (search),
``scans.db`` (checks of codes), ``blobs/``, ``jobs/`` and ``checks/`` (files being imported), ``keys/`` (the ledger's
signing seed, the code keys, the key of names). Four database files because neither a session nor a search nor a check
may wait for the ledger's write lock, and checks come in crowds.

This is the composition root: the only place that names an engine and wires the parts by hand.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine

from ..alerts import register as alert_register
from ..auth.actor import Actor
from ..auth.policy import Role
from ..auth.tables import desk_metadata
from ..blobs import uploads
from ..blobs.store import BlobStore
from ..clock import Clock, system_clock
from ..codes.qr import is_host
from ..db.database import (
    ADDRESS,
    address_of,
    closing,
    database_exists,
    delete_database,
    fold,
    make_for,
    open_database,
    rename_database,
)
from ..db.engine import begin_read, begin_write
from ..db.migration import stamp
from ..db.postgres import Schema
from ..errors import Broken, InputError, Text
from ..imports import history, remembered
from ..intake.admit import Admission, Proposal
from ..intake.rebuild import METADATA as INTAKE_METADATA
from ..intake.record import Committer, Intake, prepare
from ..intake.recorded import Recorded, read_recorded
from ..jobs import desk as job_desk
from ..labels import remembered as print_settings
from ..ledger import store, witnesses
from ..ledger.checkpoint import Checkpoint, sign_checkpoint
from ..ledger.kept import check_past, remember
from ..ledger.note import NoteSigner, is_key_name
from ..ledger.room import Bounds
from ..ledger.sequencer import Receipt, Sequencer
from ..ledger.store import Identity
from ..ledger.tree import EMPTY_ROOT
from ..model.admission import Refusal
from ..model.drafts import Draft, PartyDraft
from ..model.scope import Scope
from ..model.values import business_id
from ..personal import disclosures, names
from ..search import elastic_place, saved
from ..search.elastic_server import parse_address
from ..search.index import SearchIndex
from .code_keys import CodeKeys
from .folder import Folder
from .migrating import DESK, DISCLOSURES, LEDGER, grant_to_service, how_to_migrate, make_new, must_be_migrated
from .schema import why_to_rebuild, write_version
from .searching import engine_apart, open_index, use_engine
from .start_up import desk_made_anew, look_at_alerts, look_at_desk, look_at_index, make_scans
from .wiping import wiping

#: The tables of desk.db.
DESK_METADATA = (
    desk_metadata,
    job_desk.metadata,
    uploads.metadata,
    witnesses.metadata,
    print_settings.metadata,
    remembered.metadata,
    history.metadata,
    saved.metadata,
    elastic_place.metadata,
)
#: Of an installation to try: what is not named otherwise.
USUAL_ORIGIN, USUAL_HOST = "cabletrace.example/ledger", "cabletrace.example"
SEED_BYTES = 32
CODE_KEY_BYTES = 32
#: The account under which the command line acts; it has no password and cannot sign in.
CLI_ACCOUNT = business_id("account", "command line")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An opened installation: its engines, keys and running parts."""

    folder: Folder
    clock: Clock
    ledger: Engine
    desk: Engine
    identity: Identity
    code_keys: Mapping[int, bytes]
    names_key: bytes
    committer: Committer
    intake: Intake
    blobs: BlobStore
    index: SearchIndex
    scans: Engine
    operator: str
    #: What was found beside the ledger when it was opened, for the operator to know.
    notices: tuple[Text, ...] = ()

    def at_the_machine(self) -> Actor:
        """Whoever works at the machine itself: enters for others, and every such event says so."""
        return Actor(
            account=CLI_ACCOUNT,
            party=self.operator,
            role=Role.OPERATOR,
            scope=Scope(everything=True),
            name="cabletrace",
            via="cli",
        )


def create(
    folder: Folder,
    *,
    origin: str | None,
    public_host: str | None,
    database: str = "",
    owner: str = "",
    search: str = "",
    clock: Clock = system_clock,
) -> None:
    """Make a new installation: keys, tables, the empty ledger, and the operator as its first event.

    Origin and public host never change afterwards; None for the usual ones. ``database`` is the address of a PostgreSQL database, for all but the
    embedded index; without it everything lies in files. ``owner`` is the address of somebody else of that server, whose the ledger
    shall be: the service can then add to it and not change it. ``search`` is the address of an Elasticsearch
    (`search.elastic_server`); without it the embedded index is used. Raises InputError where there is one already, and, before
    anything is made, where the origin cannot be a key name, the host cannot stand in an address, or ``search`` is none.
    """
    origin = USUAL_ORIGIN if origin is None else origin
    public_host = USUAL_HOST if public_host is None else public_host
    if not is_key_name(origin):
        raise InputError.of(
            "wrong-input",
            "账本名称不能含空白或加号",
            "the origin of a ledger holds neither spaces nor a plus sign",
            came=origin,
            where="origin",
            remedy=Text("例如 trace.example.cn/ledger", "such as trace.example.cn/ledger"),
        )
    if not is_host(public_host):
        raise InputError.of(
            "wrong-input",
            "对外域名只写域名（可带端口），不带 http:// 和路径",
            "the public host is a host name, perhaps with a port: no http://, no path",
            came=public_host,
            where="host",
            remedy=Text("例如 trace.example.cn", "such as trace.example.cn"),
        )
    if search:
        parse_address(search)
    take_place(folder, database, owner)
    if search:
        use_engine(folder.root, search)
    folder.seed.parent.mkdir(parents=True, exist_ok=True)
    folder.blobs.mkdir(exist_ok=True)
    write_secret(folder.seed, secrets.token_bytes(SEED_BYTES))
    write_secret(folder.code_key(1), secrets.token_bytes(CODE_KEY_BYTES))
    write_secret(folder.names_key, secrets.token_bytes(names.KEY_BYTES))
    signer = NoteSigner.from_seed(origin, folder.seed.read_bytes())
    with new_ledger(folder, signer, public_host, owner) as ledger:
        _record_operator(ledger, signer, public_host, clock)


def take_place(folder: Folder, database: str, owner: str) -> None:
    """Before anything is made: where the databases shall be. Raises InputError where there is an installation already."""
    if database and not folder.ledger.exists():
        _lay_address(folder, database)
    if folder.is_installation:
        raise InputError.of(
            "already-exists",
            f"{folder.root} 里已经有账本",
            f"there is a ledger in {folder.root} already",
            came=str(folder.root),
        )
    if owner and address_of(folder.root) is None:
        raise InputError.of(
            "wrong-input",
            "只有放在 PostgreSQL 里的账本才有另外的所有者",
            "only a ledger in PostgreSQL has an owner apart",
            where="owner",
            remedy=Text(
                "同时给出 --database，或去掉 --owner", "give --database as well, or leave --owner out"
            ),
        )


@contextmanager
def new_ledger(folder: Folder, signer: NoteSigner, public_host: str, owner: str) -> Iterator[Engine]:
    """The desk, and an empty ledger to be filled inside the block. It comes last: a folder is an installation once its ledger
    has its name, and what was killed before can be repeated."""
    if owner:
        for path in (folder.desk, folder.scans):
            with make_for(path, owner):
                pass
    with closing(open_database(folder.desk)) as desk:
        make_desk(desk)
    half_made = folder.ledger.with_stem("ledger-new")
    delete_database(half_made, owner)
    if owner:
        with make_for(half_made, owner) as (tx, role):
            _make_ledger(tx, signer, public_host)
            grant_to_service(tx, role)
    with closing(open_database(half_made)) as ledger:
        with begin_write(ledger) as tx:
            if not owner:
                _make_ledger(tx, signer, public_host)
            _make_projections(tx)
        yield ledger
        fold(ledger)
    rename_database(half_made, folder.ledger, owner)


def _lay_address(folder: Folder, address: str) -> None:
    """Say where the databases of a new installation are, once the database has answered."""
    here = address_of(folder.root)
    if here is not None:
        if here != address:
            raise InputError.of(
                "already-exists",
                f"{folder.root / ADDRESS} 已写明另一个数据库",
                f"{folder.root / ADDRESS} names another database",
                where="database",
                remedy=Text(
                    "换一个数据目录；确认那里没有账本后也可以删除这个文件",
                    "take another data folder, or remove that file once you know that no ledger is there",
                ),
            )
        return
    with closing(Schema.at(address, folder.ledger).open()) as engine, begin_read(engine):
        pass
    folder.root.mkdir(parents=True, exist_ok=True)
    write_secret(folder.root / ADDRESS, f"{address}\n".encode())


def make_desk(desk: Engine) -> None:
    """Make the tables of a desk that has none yet."""
    with begin_write(desk) as tx:
        make_new(tx, DESK, DESK_METADATA)


def _make_ledger(tx: Connection, signer: NoteSigner, public_host: str) -> None:
    chosen = Identity(origin=signer.name, public_host=public_host, verifier_key=signer.verifier_key.format())
    store.create(tx, chosen, sign_checkpoint(Checkpoint(signer.name, 0, EMPTY_ROOT), signer))
    stamp(tx, LEDGER)


def _make_projections(tx: Connection) -> None:
    for metadata in (*INTAKE_METADATA, alert_register.metadata, disclosures.metadata):
        metadata.create_all(tx)
    stamp(tx, DISCLOSURES)
    write_version(tx)


def _record_operator(ledger: Engine, signer: NoteSigner, public_host: str, clock: Clock) -> None:
    """The first event names the operator 运维: whoever enters something at the machine must be somebody.

    Its address is the public host, of which no other byte on the ledger would speak: whoever could change that
    alone would lead every label printed from then on to a place of his own.
    """
    operator = str(uuid4())
    actor = Actor(account=CLI_ACCOUNT, party=operator, role=Role.OPERATOR, scope=Scope(), name="", via="cli")
    draft = {
        "id": str(uuid4()),
        "kind": "party",
        "subject": {"party": operator},
        "body": {"name": "平台运维", "roles": ["operator"], "address": public_host},
    }
    sequencer = Sequencer(ledger, signer, clock, Admission())
    sequencer.start()
    (answer,) = Intake(ledger, clock, sequencer).record_now([prepare({"draft": draft}, actor)])
    sequencer.stop()
    if not isinstance(answer, Receipt):
        raise Broken(f"a new ledger refused its operator: {answer}")


@contextmanager
def open_sequencer(
    folder: Folder,
    ledger: Engine,
    clock: Clock,
    *,
    bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
) -> Iterator[Sequencer[Proposal, Refusal]]:
    """The committer of an opened ledger in this process; it runs until the block ends.

    Raises `Broken` where the ledger must not be written to, or is not the one that was signed before.
    """
    desk = open_database(folder.desk)
    try:
        with begin_read(ledger) as tx, begin_read(desk) as desk_tx:
            identity = store.read_identity(tx)
            check_past(tx, desk_tx)
        admission = Admission(
            BlobStore(folder.blobs).find, key_version=max(CodeKeys(folder)), names_key=_names_key(folder)
        )
        signer = _signer(folder, identity.origin)
        sequencer = Sequencer(ledger, signer, clock, admission, bounds=bounds, weigh=attrgetter("size_bytes"))
        with wiping(ledger) as wipe:
            sequencer.after_each_group(lambda: wipe(admission.erased))
            sequencer.start()
            try:
                yield sequencer
            finally:
                sequencer.stop()
        if not sequencer.stopped_because:
            remember(ledger, desk)
    finally:
        desk.dispose()


def _signer(folder: Folder, origin: str) -> NoteSigner:
    try:
        return NoteSigner.from_seed(origin, folder.seed.read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(
            f"the signing key {folder.seed} cannot be read ({error}): bring it back from a copy; without it nothing "
            "more can be recorded under this ledger's name"
        ) from error


#: Makes the committer of an installation, for as long as a block lasts.
OpenCommitter = Callable[[Folder, Engine, Clock], AbstractContextManager[Committer]]


@contextmanager
def open_installation(
    folder: Folder, *, clock: Clock = system_clock, open_committer: OpenCommitter = open_sequencer
) -> Iterator[Installation]:
    """Open an installation for reading and writing; its committer runs until the block ends.

    What follows from the ledger and was made of another one is made anew. Raises InputError where the folder is none, or its
    tables are not of this version; `Broken` where the ledger must not be written to.
    """
    folder.must_be_installation()
    must_be_migrated(folder)
    notices = [] if database_exists(folder.desk) else [desk_made_anew()]
    with ExitStack() as opened:
        ledger, desk, scans = (open_database(path) for path in (folder.ledger, folder.desk, folder.scans))
        for engine in (ledger, desk, scans):
            opened.callback(engine.dispose)
        must_be_of_this_version(folder, ledger)
        notices += make_scans(scans, folder.scans)
        make_desk(desk)
        with begin_read(ledger) as tx:
            identity = store.read_identity(tx)
            first = _first_event(tx)
        if (host := said_host(first.draft)) not in (None, identity.public_host):
            raise Broken(f"labels would lead to {identity.public_host}, the ledger's first event says {host}")
        committer = opened.enter_context(open_committer(folder, ledger, clock))
        blobs = BlobStore(folder.blobs)
        index = opened.enter_context(open_index(folder.index, desk))
        notices += [*look_at_desk(ledger, desk), *look_at_alerts(ledger)]
        if engine_apart(folder.root) is None:  # at a server whoever follows the ledger does
            notices += look_at_index(ledger, index)
        yield Installation(
            folder=folder,
            clock=clock,
            ledger=ledger,
            desk=desk,
            identity=identity,
            code_keys=CodeKeys(folder),
            names_key=_names_key(folder),
            committer=committer,
            intake=Intake(ledger, clock, committer, blobs.find),
            blobs=blobs,
            index=index,
            scans=scans,
            operator=first.actor,
            notices=tuple(notices),
        )


def must_be_of_this_version(folder: Folder, ledger: Engine) -> None:
    """Nothing reads tables that it does not know: that would fail on some page, at some time. Raises InputError."""
    with begin_read(ledger) as tx:
        why = why_to_rebuild(tx)
    if why is not None:
        raise InputError.of(
            "stopped",
            f"数据目录由另一版本的程序建立：{why.zh}",
            f"the data folder was made by another version: {why.en}",
            remedy=how_to_migrate(folder),
        )


def _first_event(tx: Connection) -> Recorded:
    """What was said first: `create` let the operator name itself."""
    first = store.read_row(tx, 0)
    if first is None:
        raise Broken("this ledger has no first event, which names its operator")
    return read_recorded(first)


def said_host(first: Draft) -> str | None:
    """The public host that the first event of a ledger gives; None in ledgers made before it did."""
    return first.body.address if isinstance(first, PartyDraft) else None


def _names_key(folder: Folder) -> bytes:
    if not folder.names_key.exists():
        raise Broken(f"{folder.names_key} is missing: nobody who is recorded now could be looked up")
    return folder.names_key.read_bytes()


def make_code_key(folder: Folder) -> int:
    """A new key for the codes of drums; which version it is. Codes that are there keep theirs; a committer that is opened from now
    on gives the new one to every batch, and whoever serves already reads it when he meets it. Raises InputError where the folder is no installation."""
    folder.must_be_installation()
    version = max(CodeKeys(folder)) + 1
    write_secret(folder.code_key(version), secrets.token_bytes(CODE_KEY_BYTES))
    return version


def write_secret(path: Path, secret: bytes) -> None:
    """Readable by the owner only, from its first byte on; never over one that is there."""
    if path.exists():
        return  # of an init that was killed before it made the ledger
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
