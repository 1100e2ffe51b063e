"""Commands about the search index: ``verify-index``, ``rebuild-index``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..app.indexing import rebuild_index, roll_back_index
from ..app.indexing import verify_index as compare
from ..clock import system_clock
from ..errors import Text
from ..search.rebuilding import NotTheLedger
from ..search.verifying import Difference, Kind, Verified
from .console import DONE, FAULTS, people, print_json, progress, say
from .options import Data, Json, folder

_KINDS = {
    Kind.MISSING: Text("缺少", "missing"),
    Kind.FOREIGN: Text("账本中没有", "not on the ledger"),
    Kind.DIFFERENT: Text("内容不同", "different"),
}
#: What people are told by name; programs are told all.
_MOST_NAMED = 20


def add_to(app: typer.Typer) -> None:
    app.command("verify-index")(verify_index)
    app.command("rebuild-index")(rebuild_index_)


def verify_index(
    data: Data = None,
    deep: Annotated[bool, typer.Option("--deep", help="read every batch whole 逐批读出全部内容比对")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="write what the ledger says where it differs 以账本为准修复")
    ] = False,
    json: Json = False,
) -> None:
    """Compare the search index with the ledger, also beside the service 核对检索索引 (exit 0 as the ledger says, 1 differs)."""
    where = folder(data)
    with progress("核对 comparing") as bar:
        found = compare(where, system_clock, bar, deep=deep, repair=repair)
    _tell(found, json=json)
    raise SystemExit(DONE if found.is_sound else FAULTS)


def rebuild_index_(
    data: Data = None,
    rollback: Annotated[
        bool,
        typer.Option(
            "--rollback", help="let the index serve again that did before (Elasticsearch) 换回上一个索引"
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Make the search index anew while the old one serves, verify it, then exchange them 重建检索索引."""
    where = folder(data)
    try:
        if rollback:
            found = roll_back_index(where, system_clock)
        else:
            with progress("重建 rebuilding") as bar:
                found = rebuild_index(where, system_clock, bar)
    except NotTheLedger as refused:
        found = refused.found
    _tell(found, json=json)
    if not json:
        if found.is_sound:
            say("新索引已启用", "the new index serves")
        else:
            say(
                "新索引与账本不符，未启用", "the new index is not what the ledger says: the old one serves on"
            )
    raise SystemExit(DONE if found.is_sound else FAULTS)


def _tell(found: Verified, *, json: bool) -> None:
    if json:
        print_json(
            {
                "sound": found.is_sound,
                "up_to": found.up_to.seq,
                "batches": found.batches,
                "ranges_differing": found.ranges_differing,
                "differences": [_members(each) for each in found.differences],
                "left": [each.code for each in found.left],
                "on_the_way": found.on_the_way,
                "dead_letters": [
                    {"batch": each.batch, "version": each.version, "reason": each.reason}
                    for each in found.dead_letters
                ],
            }
        )
        return
    left = {each.code for each in found.left}
    for each in found.differences[:_MOST_NAMED]:
        word = _KINDS[each.kind]
        mended = "" if each.code in left else " 已修复 mended"
        people.print(f"✗ {each.code} {word.zh} {word.en}{mended}")
    if (more := len(found.differences) - _MOST_NAMED) > 0:
        say(f"……另有 {more:,} 个（--json 全部列出）", f"and {more:,} more (--json names all)")
    for letter in found.dead_letters[:_MOST_NAMED]:
        people.print(f"✗ {letter.batch} 检索引擎拒收 refused by the engine: {letter.reason}")
    if found.on_the_way:
        say(f"{found.on_the_way:,} 个批次尚在途中", f"{found.on_the_way:,} batches are on their way")
    say(
        f"截至第 {found.up_to.seq} 条，核对了 {found.batches:,} 个批次，不同 {len(found.differences):,} 个",
        f"up to entry {found.up_to.seq} compared {found.batches:,} batches, {len(found.differences):,} differ",
    )


def _members(difference: Difference) -> dict[str, Any]:
    def version(held: Any) -> int | None:
        return None if held is None else held.version

    return {
        "batch": difference.code,
        "kind": difference.kind.value,
        "version": {"wanted": version(difference.wanted), "found": version(difference.found)},
    }
