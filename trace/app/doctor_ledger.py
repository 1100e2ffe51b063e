"""The part of an examination that reads the database files: each is opened for reading only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from ..alerts import register as alert_register
from ..blobs import named
from ..blobs.store import BlobStore
from ..clock import Clock, parse_instant, show_instant
from ..db.database import database_exists, open_database
from ..db.engine import begin_read, open_sqlite
from ..errors import Broken, InputError, Text
from ..intake.rebuild import projections
from ..intake.recorded import read_recorded
from ..ledger import store, witnesses
from ..ledger.checkpoint import open_checkpoint
from ..ledger.entry import decode_entry
from ..ledger.follow import NOTHING_READ, Cursor
from ..ledger.kept import check_past
from ..ledger.note import NoteError, NoteSigner, VerifierKey
from ..ledger.sequencer import MAX_CLOCK_BEHIND
from ..ledger.store import BEFORE_ALL_TIME, Head, Identity
from ..personal import disclosures
from ..registry.seat import authorities_without_a_region
from ..search import elastic_place
from ..search.elastic_server import parse_address
from ..search.tables import read_cursor
from .findings import Finding, command, fine
from .folder import Folder
from .installation import DESK_METADATA, said_host
from .migrating import DESK, LINEAGES, Behind, behind, how_to_migrate
from .schema import ALL_METADATA, is_of_this_version, lacking, listed
from .searching import ADDRESS, engine_apart, open_index
from .start_up import USUAL_LAG, desk_made_anew, look_at_desk, stands_on

#: What a damaged file raises; the last three by cells that hold what they never should.
UNREADABLE = (SQLAlchemyError, Broken, OSError, ValueError, TypeError, LookupError)
#: Witnesses are asked every few seconds; after so long something keeps them from answering.
_OLDEST_COSIGNATURE = timedelta(hours=1)
#: So many attachments are looked for; and so many of the missing are named.
_SAMPLE, _NAMED_AT_MOST = 2_000, 5


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What the looks go by."""

    folder: Folder
    engine: Engine
    tx: Connection
    identity: Identity
    head: Head
    now: datetime

    def remedy(self, zh: str, en: str, words: str) -> Text:
        """What to do, ending in a command about this folder."""
        line = command(words, self.folder.root)
        return Text(f"{zh}{line}", f"{en}{line}")


def look_at_ledger(folder: Folder, clock: Clock) -> Iterator[Finding]:
    """Raises what `UNREADABLE` names where a file cannot be read to the end."""
    with ExitStack() as opened:
        engine = _open(opened, folder.ledger)
        tx = opened.enter_context(begin_read(engine))
        desk = _open_desk(opened, folder)
        try:
            earlier = behind(folder, [each for each in LINEAGES if each != DESK or isinstance(desk, Engine)])
        except InputError as newer:
            yield _of_a_newer_version(newer)
            return
        lacks = _lacks(tx, None if isinstance(desk, Finding) else desk, earlier)
        if lacks.own:
            yield _tables_missing(folder, lacks)
            return
        ledger = _Ledger(folder, engine, tx, store.read_identity(tx), store.read_head(tx), clock())
        yield fine("ledger", f"{ledger.head.size:,} 条", f"{ledger.head.size:,} entries")
        yield _tables_missing(folder, lacks)
        yield _signing_key(ledger)
        yield _checkpoint(ledger)
        yield _host(ledger)
        yield _clock(ledger)
        yield from _desk(ledger, desk, complete=not lacks.desk)
        if not lacks.derived:
            yield _alerts(ledger)
        yield _index(ledger)
        if not lacks.derived:
            yield _attachments(ledger)
            yield _authorities(ledger)


def _open(opened: ExitStack, path: Path) -> Engine:
    engine = open_database(path, read_only=True)
    opened.callback(engine.dispose)
    return engine


def _open_index(opened: ExitStack, path: Path) -> Engine:
    engine = open_sqlite(path, read_only=True)
    opened.callback(engine.dispose)
    return engine


# --- tables -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lacks:
    """Tables that are missing or lack columns: of the ledger itself, of what follows from it, and of the desk. What follows from
    the ledger may also be of another version, with all its columns; ``of_an_earlier_version`` names what is to be migrated."""

    own: str
    derived: str
    desk: str
    of_another_version: bool
    of_an_earlier_version: str


def _lacks(tx: Connection, desk: Engine | None, earlier: Iterable[Behind]) -> _Lacks:
    derived = projections(ALL_METADATA)
    own = [table for table in _tables((*ALL_METADATA, disclosures.metadata)) if table not in derived]
    of_desk = ""
    if desk is not None:
        with begin_read(desk) as desk_tx:
            of_desk = listed(lacking(desk_tx, _tables(DESK_METADATA)))
    return _Lacks(
        own=listed(lacking(tx, own)),
        derived=listed(lacking(tx, derived)),
        desk=of_desk,
        of_another_version=not is_of_this_version(tx),
        of_an_earlier_version=", ".join(each.lineage.name for each in earlier),
    )


def _tables(metadata: Iterable[MetaData]) -> list[Table]:
    return [table for each in metadata for table in each.sorted_tables]


def _of_a_newer_version(newer: InputError) -> Finding:
    (problem,) = newer.problems
    return Finding(
        "schema",
        "fault",
        problem.detail,
        Text("本版本或较早版本的表", "tables of this version or of an earlier one"),
        problem.remedy,
    )


def _tables_missing(folder: Folder, lacks: _Lacks) -> Finding:
    """The gravest of what is missing decides what to do first."""
    missing = ", ".join(filter(None, (lacks.own, lacks.derived, lacks.desk)))
    is_to_rebuild = bool(lacks.derived or lacks.of_another_version)
    if not missing and not is_to_rebuild and not lacks.of_an_earlier_version:
        return fine("schema", "齐全", "all there")
    if lacks.of_an_earlier_version:
        came = Text(
            f"由较早版本写成：{lacks.of_an_earlier_version}",
            f"of an earlier version: {lacks.of_an_earlier_version}",
        )
    elif missing:
        came = Text(f"缺少表或列：{missing}", f"tables or columns are missing: {missing}")
    else:
        came = Text(
            "由账本得出的各表由另一版本的程序建立",
            "the tables that follow from the ledger were made by another version",
        )
    if lacks.of_an_earlier_version or (is_to_rebuild and not lacks.own):
        remedy = how_to_migrate(folder)
    else:
        remedy = _sound_copy(folder)
    wanted = Text("本版本所需的全部表", "every table that this version wants")
    return Finding("schema", "fault", came, wanted, remedy)


def _sound_copy(folder: Folder) -> Text:
    line = command("verify", folder.root)
    return Text(
        f"停止服务，放回最近的完好备份，再运行 {line}",
        f"stop the service, bring back the newest sound copy, then run {line}",
    )


# --- the ledger itself --------------------------------------------------------------------------------


def _signing_key(ledger: _Ledger) -> Finding:
    wanted = ledger.identity.verifier_key
    try:
        seed = ledger.folder.seed.read_bytes()
        came = NoteSigner.from_seed(ledger.identity.origin, seed).verifier_key.format()
    except (OSError, ValueError) as error:
        came = str(error)
    if came == wanted:
        return fine("signing-key", wanted, wanted)
    path = ledger.folder.seed
    return Finding(
        "signing-key",
        "fault",
        Text(f"密钥文件给出的是 {came}", f"the key file gives {came}"),
        Text(wanted, wanted),
        Text(
            f"从备份放回属于此账本的 {path}", f"bring back from a copy the {path} that belongs to this ledger"
        ),
    )


def _checkpoint(ledger: _Ledger) -> Finding:
    """The same as the committer asks when it starts: the newest signature, and what was signed."""
    head, tx = ledger.head, ledger.tx
    try:
        signed = open_checkpoint(head.checkpoint, VerifierKey.parse(ledger.identity.verifier_key))
        if (signed.size, signed.root) != (head.size, head.root):
            raise Broken(f"the checkpoint is over {signed.size} entries, the head over {head.size}")
        last = store.read_row(tx, head.size - 1) if head.size else None
        edge = store.load_edge(tx, head.size)
        store.check_edge(head, edge, None if last is None else last.entry, ledger.identity.origin)
    except (NoteError, Broken, LookupError, ValueError) as error:
        return Finding(
            "checkpoint",
            "fault",
            Text(f"账本与其签名不符：{error}", f"the ledger is not what was signed: {error}"),
            Text("签名所覆盖的条目", "the entries under the signature"),
            _sound_copy(ledger.folder),
        )
    return fine(
        "checkpoint", f"{head.size:,} 条的签名有效", f"the signature over {head.size:,} entries holds"
    )


def _host(ledger: _Ledger) -> Finding:
    first = store.read_row(ledger.tx, 0)
    said = None if first is None else said_host(read_recorded(first).draft)
    host = ledger.identity.public_host
    if said in (None, host):
        return fine("host", host, host)
    return Finding(
        "host",
        "fault",
        Text(f"标签将指向 {host}", f"labels would lead to {host}"),
        Text(f"首条事件所写的 {said}", f"{said}, as the first event says"),
        _sound_copy(ledger.folder),
    )


def _clock(ledger: _Ledger) -> Finding:
    now = show_instant(ledger.now)
    at = ledger.head.at
    if at == BEFORE_ALL_TIME or ledger.now >= parse_instant(at):
        return fine("clock", now, now)
    last = show_instant(parse_instant(at))
    refused = ledger.now + MAX_CLOCK_BEHIND < parse_instant(at)
    return Finding(
        "clock",
        "fault" if refused else "warning",
        Text(f"现在是 {now}，账本最后一条是 {last}", f"it says {now}; the last entry is of {last}"),
        Text("不早于账本最后一条", "not before the last entry"),
        Text(
            "校准系统时间：sudo timedatectl set-ntp true",
            "set the clock right: sudo timedatectl set-ntp true",
        ),
    )


# --- the desk, and what was signed --------------------------------------------------------------------


def _open_desk(opened: ExitStack, folder: Folder) -> Engine | Finding:
    """The desk to be read, or what is wrong with its file."""
    path = folder.desk
    wanted = Text("账号、密钥和以前签名的记录", "accounts, keys and what was signed before")
    if not database_exists(path):
        remedy = Text(
            f"停机后从备份放回；没有备份则下次启动新建空的：{desk_made_anew().zh}",
            f"stop the service and bring it back from a copy; without one the next start makes an empty one: "
            f"{desk_made_anew().en}",
        )
        return Finding("desk", "fault", Text(f"没有 {path}", f"there is no {path}"), wanted, remedy)
    desk = _open(opened, path)
    try:
        with begin_read(desk) as tx:
            inspect(tx).get_table_names()
    except SQLAlchemyError as error:
        why = getattr(error, "orig", None) or error
        came = Text(f"{path} 不能读取：{why}", f"{path} cannot be read: {why}")
        remedy = Text("停机后从备份放回 desk.db", "stop the service and bring desk.db back from a copy")
        return Finding("desk", "fault", came, wanted, remedy)
    return desk


def _desk(ledger: _Ledger, desk: Engine | Finding, *, complete: bool) -> Iterator[Finding]:
    """``complete``: all its tables are there. Of one from before there were witnesses nothing more is asked."""
    if isinstance(desk, Finding):
        yield desk
        return
    if not complete:
        return
    told = list(look_at_desk(ledger.engine, desk))
    yield from (
        Finding(
            "desk",
            "warning",
            said,
            Text("与账本一样新", "as new as the ledger"),
            Text(
                "停止服务，放回最新的 desk.db；没有更新的，就逐个核对账号与接口密钥是否应当停用",
                "stop the service and bring back the newest desk.db; if there is none, check which accounts and API keys "
                "should have been revoked",
            ),
        )
        for said in told
    )
    if not told:
        yield fine("desk", "与账本一致", "as new as the ledger")
    with begin_read(desk) as tx:
        yield _history(ledger, tx)
        yield from _witnesses(ledger, witnesses.standings(tx))


def _history(ledger: _Ledger, desk: Connection) -> Finding:
    try:
        check_past(ledger.tx, desk)
    except Broken as error:
        return Finding(
            "history",
            "fault",
            Text(f"不是以前签名的账本：{error}", str(error)),
            Text("接续以前签名的全部条目", "all entries that were signed before, and what continues them"),
            _sound_copy(ledger.folder),
        )
    return fine("history", "接续以前的签名", "it continues what was signed")


def _witnesses(ledger: _Ledger, asked: list[witnesses.Standing]) -> Iterator[Finding]:
    names = ", ".join(each.witness.name for each in asked)
    if not asked:
        yield Finding(
            "witnesses",
            "warning",
            Text("还没有见证人", "none"),
            Text("至少一家别的单位", "at least one, of another organisation"),
            ledger.remedy("请别的单位见证后运行 ", "ask another organisation, then ", "cosigner add KEY URL"),
        )
        return
    against = [each for each in asked if each.contradiction is not None]
    for each in against:
        assert each.contradiction is not None, "chosen so"
        said = each.contradiction.text
        yield Finding(
            "witnesses",
            "fault",
            Text(f"{each.witness.name}：{said.zh}", f"{each.witness.name}: {said.en}"),
            Text("与见证人相同的历史", "the history that the witness knows"),
            ledger.remedy(
                "取其 /checkpoint 存为 FILE，运行 ",
                "keep what its /checkpoint answers as FILE, then ",
                "verify --since FILE --witness KEY",
            ),
        )
    if not against:
        yield fine("witnesses", names, names)
    yield _cosigned(ledger, asked)


def _cosigned(ledger: _Ledger, asked: list[witnesses.Standing]) -> Finding:
    """How far, and how old the newest one is where entries came since."""
    size = ledger.head.size
    newest = max(
        (each.newest for each in asked if each.newest is not None), key=lambda each: each.size, default=None
    )
    behind = size - (0 if newest is None else newest.size)
    when = Text("从未会签", "never") if newest is None else Text(*(2 * (show_instant(newest.made_at),)))
    if newest is not None and (behind <= 0 or ledger.now - newest.made_at <= _OLDEST_COSIGNATURE):
        return fine(
            "cosigned",
            f"前 {newest.size:,} 条，{when.zh}",
            f"the first {newest.size:,} entries, {when.en}",
        )
    why = "; ".join(f"{each.witness.name}: {each.trouble}" for each in asked if each.trouble)
    return Finding(
        "cosigned",
        "warning",
        Text(
            f"最近一次 {when.zh}，此后 {behind:,} 条没有会签{'：' if why else ''}{why}",
            f"the newest: {when.en}; {behind:,} entries have none{': ' if why else ''}{why}",
        ),
        Text(
            f"{_OLDEST_COSIGNATURE.seconds // 60} 分钟内",
            f"within {_OLDEST_COSIGNATURE.seconds // 60} minutes",
        ),
        ledger.remedy("立即请求会签：", "ask them now: ", "cosigner ask"),
    )


# --- what follows the ledger --------------------------------------------------------------------------


def _alerts(ledger: _Ledger) -> Finding:
    cursor = alert_register.read_cursor(ledger.tx)
    if not stands_on(ledger.tx, cursor):
        return _of_another_ledger("alerts", ledger)
    return _lag("alerts", cursor, ledger, ledger.remedy("立即赶上：", "catch up now: ", "alerts"))


def _index(ledger: _Ledger) -> Finding:
    """It follows only while the service runs, and is made by its first start."""
    start = ledger.remedy("启动服务：", "start the service: ", "serve")
    if (line := engine_apart(ledger.folder.root)) is not None:
        return _index_apart(ledger, line, start)
    try:
        with ExitStack() as opened, begin_read(_open_index(opened, ledger.folder.index)) as tx:
            cursor = read_cursor(tx)
    except (FileNotFoundError, SQLAlchemyError, Broken) as error:
        why = getattr(error, "orig", None) or error
        path = ledger.folder.index
        return Finding(
            "index",
            "warning",
            Text(f"不能用：{why}", f"of no use: {why}")
            if path.exists()
            else Text(f"还没有 {path}", f"there is no {path} yet"),
            Text("本版本的索引", "an index of this version"),
            Text(f"会自动重建；{start.zh}", f"it is made anew by itself; {start.en}"),
        )
    if not stands_on(ledger.tx, cursor):
        return _of_another_ledger("index", ledger)
    return _lag("index", cursor, ledger, start)


def _index_apart(ledger: _Ledger, line: str, start: Text) -> Finding:
    """The index of a server: whether that answers, how far it has come, and what it would not take. Nothing is noted of the look."""
    try:
        with ExitStack() as opened:
            name = parse_address(line).name
            desk = _open(opened, ledger.folder.desk)
            index = opened.enter_context(open_index(ledger.folder.index, desk))
            with begin_read(desk) as tx:
                place = elastic_place.read_place(tx, name)
            answers, refused = index.answers(), index.standing().dead_letters
    except (InputError, *UNREADABLE) as error:
        return Finding(
            "index",
            "warning",
            Text(f"不能用：{error}", f"of no use: {error}"),
            Text("可用的检索引擎地址", "the address of a search engine that can be used"),
            ledger.remedy("改正地址：", "set it right: ", "search-engine ADDRESS"),
        )
    if not answers:
        return Finding(
            "index",
            "warning",
            Text(
                "检索引擎没有应答，或其中没有本版本的索引",
                "the search engine does not answer, or has no index of this version",
            ),
            Text("能够查询", "can be searched"),
            Text(
                f"检查该服务器和 {ledger.folder.root / ADDRESS}；恢复后索引会自动补上；{start.zh}",
                f"look at that server, and at {ledger.folder.root / ADDRESS}; once it answers the index catches up by itself; {start.en}",
            ),
        )
    cursor = NOTHING_READ if place is None else place[1]
    if not stands_on(ledger.tx, cursor):
        return _of_another_ledger("index", ledger)
    if refused:
        return Finding(
            "index",
            "warning",
            Text(f"检索引擎拒收 {refused:,} 个批次", f"the search engine refused {refused:,} batches"),
            Text("全部收下", "all taken"),
            ledger.remedy("查看并修复：", "see and mend them: ", "verify-index --repair"),
        )
    return _lag("index", cursor, ledger, start)


def _of_another_ledger(name: str, ledger: _Ledger) -> Finding:
    return Finding(
        name,
        "warning",
        Text("由另一账本得出", "made of another ledger"),
        Text("由此账本得出", "made of this ledger"),
        ledger.remedy("启动服务，会自动重建：", "start the service, it is then made anew: ", "serve"),
    )


def _lag(name: str, cursor: Cursor, ledger: _Ledger, remedy: Text) -> Finding:
    """Some seconds behind are usual; how long the first unread entry has waited tells whether it goes on at all."""
    unread = ledger.head.size - 1 - cursor.seq
    first = store.read_row(ledger.tx, cursor.seq + 1) if unread > 0 else None
    waited = timedelta() if first is None else ledger.now - parse_instant(decode_entry(first.entry).at)
    if waited <= USUAL_LAG:
        return fine(name, f"已读 {cursor.seq + 1:,} 条", f"{cursor.seq + 1:,} entries read")
    minutes = waited // timedelta(minutes=1)
    return Finding(
        name,
        "warning",
        Text(
            f"落后 {unread:,} 条，最早的已等 {minutes:,} 分钟",
            f"{unread:,} entries behind, the first of them for {minutes:,} minutes",
        ),
        Text("与账本一致", "as far as the ledger"),
        remedy,
    )


def _attachments(ledger: _Ledger) -> Finding:
    """Whether named files are there: a sample by chance, another one each time, all where there are few. Whether they are
    unaltered only ``verify`` reads."""
    hashes = _sample(ledger.tx, secrets.token_hex(32))
    blobs = BlobStore(ledger.folder.blobs)
    gone = [sha256 for sha256 in hashes if blobs.find(sha256) is None]
    if not gone:
        return fine(
            "attachments", f"查了 {len(hashes):,} 个，都在", f"looked for {len(hashes):,}, all are there"
        )
    listed = ", ".join(gone[:_NAMED_AT_MOST]) + (" …" if len(gone) > _NAMED_AT_MOST else "")
    return Finding(
        "attachments",
        "fault",
        Text(
            f"查了 {len(hashes):,} 个，缺 {len(gone):,} 个：{listed}",
            f"of {len(hashes):,} looked for {len(gone):,} are missing: {listed}",
        ),
        Text("事件所列的每个文件", "every file that an event names"),
        Text(
            f"从备份把缺的文件放回 {ledger.folder.blobs}",
            f"bring the missing files back from a copy into {ledger.folder.blobs}",
        ),
    )


def _authorities(ledger: _Ledger) -> Finding:
    """An authority that was registered without a region reads by its accounts' regions, and gives and grants nothing."""
    without = authorities_without_a_region(ledger.tx)
    if not without:
        return fine("authorities", "都已登记", "all are registered")
    names = [f"{each.name} ({each.uscc or each.id})" for each in without]
    listed = ", ".join(names[:_NAMED_AT_MOST]) + (" …" if len(names) > _NAMED_AT_MOST else "")
    line = command(f"seat {without[0].uscc or without[0].id} REGION", ledger.folder.root)
    return Finding(
        "authorities",
        "warning",
        Text(
            f"登记时没有写所在地区，因此不能授权查阅、不能划定机构：{listed}",
            f"registered without a region, so that they grant no reading and give their units nothing: {listed}",
        ),
        Text("每个没有上级的监管部门都有所在地区", "a region of every authority that is no unit of another"),
        Text(
            f"在「内设机构和派出机构」页面登记，或运行 {line}",
            f"register it on the page of units, or by {line}",
        ),
    )


def _sample(tx: Connection, start: str) -> list[str]:
    """Hashes from this one on, round the end: their order is chance already, and the primary key gives it."""
    column = named.named_blob.c.sha256
    above = select(column).distinct().where(column >= start).order_by(column).limit(_SAMPLE)
    below = select(column).distinct().where(column < start).order_by(column).limit(_SAMPLE)
    return [*tx.execute(above).scalars(), *tx.execute(below).scalars()][:_SAMPLE]
