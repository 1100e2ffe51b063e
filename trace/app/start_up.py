"""What a start finds beside the ledger: a desk of another age, an index or alerts that were made of another ledger.

The files of an installation are copied and brought back by people, and not always together. What follows from
the ledger is thrown away and made anew; what does not is told, for nobody but its operator can bring it back. A ledger
that is itself older than what was signed is not opened at all (`ledger.kept`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from ..alerts import register as alert_register
from ..clock import parse_instant, show_instant
from ..db.engine import begin_read, begin_write
from ..errors import Broken, Text
from ..ledger import store, witnesses
from ..ledger.checkpoint import parse_checkpoint
from ..ledger.entry import decode_entry, entry_hash
from ..ledger.follow import NOTHING_READ, Cursor
from ..ledger.note import unopened_text
from ..scans import stream
from ..search.index import Away, Lost, SearchIndex
from .migrating import SCANS, make_new

#: A process that is killed has not told the desk of its last entries; it tells it every few seconds while it serves.
USUAL_LAG = timedelta(minutes=10)


def desk_made_anew() -> Text:
    """Said where a ledger was there already, but no desk."""
    return Text(
        "找不到 desk.db，已新建空的：账号、密钥、任务和以前签名的记录都不在其中；有备份请停机后放回",
        "desk.db was missing and was made anew, empty: accounts, keys, jobs and what was signed before are not in it; "
        "if there is a copy, stop the service and bring it back",
    )


def make_scans(scans: Engine, path: Path) -> Iterator[Text]:
    """Make the tables of the code checks that are not there. A file that cannot be read is put aside, and counting
    begins anew: it is no evidence, and nobody shall be without an answer because of it. One that is merely in use, or on
    a full disk, stays where it is: raises what the database said."""
    try:
        with begin_write(scans) as tx:
            make_new(tx, SCANS, [stream.metadata])
            stream.metadata.create_all(tx)  # also what somebody has dropped
        return
    except OperationalError:
        raise
    except DBAPIError:
        scans.dispose()
        for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            if each.exists():
                each.replace(each.with_name(f"{each.name}.damaged"))
    with begin_write(scans) as tx:
        make_new(tx, SCANS, [stream.metadata])
    yield Text(
        f"{path.name} 无法读取，已改名为 {path.name}.damaged 并新建：查验次数从头计起",
        f"{path.name} could not be read, was renamed {path.name}.damaged and made anew: checks are counted from the start",
    )


def look_at_desk(ledger: Engine, desk: Engine) -> Iterator[Text]:
    """Whether the desk is older than the ledger: what was revoked there meanwhile may be in force again."""
    with begin_read(ledger) as tx, begin_read(desk) as desk_tx:
        kept = witnesses.kept(desk_tx)
        if kept is None:
            return
        known = parse_checkpoint(unopened_text(kept[0])).size
        head = store.read_head(tx)
        unknown = store.read_row(tx, known) if known < head.size else None
        if unknown is None:
            return
        since = parse_instant(decode_entry(unknown.entry).at)
    if parse_instant(head.at) - since > USUAL_LAG:
        yield Text(
            f"desk.db 比账本旧：它只知道前 {known:,} 条，账本有 {head.size:,} 条，自 {show_instant(since)} 起。"
            "若放回的是旧备份，此后的账号、密钥及其吊销都不在其中，请核对；若上次是被强行终止，可不理会",
            f"desk.db is older than the ledger: it knows the first {known:,} of {head.size:,} entries, those since "
            f"{show_instant(since)} are new to it. If an older copy was brought back, accounts, keys and their revocations "
            "since then are missing: check them. If the last process was killed, pay no heed",
        )


def look_at_index(ledger: Engine, index: SearchIndex) -> Iterator[Text]:
    """Empty an index that was made of another ledger or by another version; it fills itself again when followed. One whose server
    does not answer is left as it is."""
    try:
        cursor = (
            index.cursor()
        )  # before the ledger is looked at: whoever follows it may be ahead of an older look
        with begin_read(ledger) as tx:
            if stands_on(tx, cursor):
                return
        why = Text("所依据的账本与现在的不同", "it was made of another ledger than this one")
    except Away as away:
        yield Text(
            f"检索引擎现在不能使用，恢复后会自动补上：{away}",
            f"the search engine cannot be used now; once it is back the index catches up by itself: {away}",
        )
        return
    except Lost:
        why = Text("还没有索引", "there was none")
    except Broken as broken:
        why = Text("版本不同", str(broken))
    index.start_over()
    yield Text(
        f"检索索引已清空，正在重新建立：{why.zh}；建好之前，检索结果不全",
        f"the search index was emptied and is made anew: {why.en}; until then searches do not find everything",
    )


def look_at_alerts(ledger: Engine) -> Iterator[Text]:
    """Empty alerts whose cursor stands on no entry of this ledger; their follower makes them anew."""
    with begin_read(ledger) as tx:
        if stands_on(tx, alert_register.read_cursor(tx)):
            return
    with begin_write(ledger) as tx:
        if not stands_on(tx, alert_register.read_cursor(tx)):
            alert_register.start_over(tx)
    yield Text(
        "预警已清空，正在由账本重新得出：其进度指向另一账本；请用 cabletrace verify --projections 校验",
        "the alerts were emptied and are made anew from the ledger: their cursor stood on another one; "
        "run cabletrace verify --projections",
    )


def stands_on(tx: Connection, cursor: Cursor) -> bool:
    """Whether a follower that has read up to here has read this ledger."""
    if cursor == NOTHING_READ:
        return True
    row = store.read_row(tx, cursor.seq) if type(cursor.seq) is int else None
    return row is not None and entry_hash(row.entry) == cursor.entry_hash
