"""``migrate``: an installation of an earlier version becomes one of this version; a start of the service does the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from ..app.folder import Folder
from ..app.migrating import Behind, behind, migrate_installation
from ..app.rebuild import rebuild_projections, to_rebuild
from ..errors import Text
from .console import DONE, FAULTS, print_json, say, told_progress
from .options import Data, Json, folder

#: Tells people or the log what goes on.
Tell = Callable[[Sequence[Text]], None]


def add_to(app: typer.Typer) -> None:
    app.command("migrate")(migrate)


def migrate(
    data: Data = None,
    check: Annotated[
        bool, typer.Option("--check", help="only say what is behind (exit 1 if anything) 只检查，不改动")
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            help="whose the ledger in PostgreSQL is, where that is not who serves 账本所有者的地址 "
            "(postgresql://dba@host/name?role=owner)",
            show_default="who serves",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Bring a data folder of an earlier version up to this one; one waits for another 升级数据."""
    where = folder(data)
    where.must_be_installation()
    if check:
        lacks, why = behind(where), to_rebuild(where)
        if json:
            print_json({"behind": _members(lacks), "rebuild": why is not None})
        else:
            _say_all(
                [*(_lacking(each) for each in lacks), *([why] if why else [])]
                or [Text("已是本版本", "all is of this version")]
            )
        raise SystemExit(FAULTS if lacks or why is not None else DONE)
    done, events = bring_up_to_date(where, (lambda _: None) if json else _say_all, owner=owner or "")
    if json:
        print_json({"migrated": _members(done), "rebuilt_events": events})
    else:
        say("已是本版本", "all is of this version")


def bring_up_to_date(where: Folder, tell: Tell, *, owner: str = "") -> tuple[list[Behind], int | None]:
    """Run the revisions that are to be run, then rebuild what another version has made of the ledger, minutes for millions of
    events; which revisions, and of how many events it was rebuilt if it was."""
    tell([_lacking(each) for each in behind(where)])
    done = migrate_installation(where, owner=owner)
    tell(
        [
            Text(
                f"{each.lineage.name} 已升级到第 {each.revisions[-1]} 版",
                f"{each.lineage.name} was brought to {each.revisions[-1]}",
            )
            for each in done
        ]
    )
    why = to_rebuild(where)
    if why is None:
        return done, None
    tell(
        [
            Text(
                f"{why.zh}；先由账本重建，请稍候",
                f"{why.en}; they are rebuilt from the ledger first, please wait",
            )
        ]
    )
    with told_progress(Text("重建", "rebuilding"), lambda said: tell([said])) as progress:
        count = rebuild_projections(where, progress)
    tell([Text(f"已由 {count:,} 条事件重建", f"rebuilt from {count:,} events")])
    return done, count


def _lacking(each: Behind) -> Text:
    revisions = ", ".join(each.revisions)
    return Text(
        f"{each.lineage.name} 的表由较早版本写成，缺少：{revisions}",
        f"the tables of {each.lineage.name} are of an earlier version and lack {revisions}",
    )


def _say_all(said: Sequence[Text]) -> None:
    for each in said:
        say(each.zh, each.en)


def _members(found: Sequence[Behind]) -> list[dict[str, object]]:
    return [{"tables": each.lineage.name, "revisions": list(each.revisions)} for each in found]
