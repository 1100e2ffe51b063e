"""``evidence``: an evidence package of a batch as a file, with the rights of an officer's account and in its name."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from ..app.installation import Installation
from ..auth.accounts import account_named
from ..auth.actor import Actor
from ..clock import shanghai_date
from ..codes.trace_code import LARGEST_UNIT
from ..db.engine import begin_read
from ..errors import InputError, Text
from ..evidence.record import Circumstances, Officer
from ..http.evidencing import EvidenceTaking, Wanted
from ..model.admission import Refusal
from ..registry.units import sight_of_account
from .console import print_json, say
from .options import Data, Json, must_be_new, opened


def add_to(app: typer.Typer) -> None:
    app.command("evidence")(evidence)


def evidence(
    code: Annotated[str, typer.Argument(help="batch code, or the code of one of its units 追溯码")],
    file: Annotated[Path, typer.Argument(help="new file, .zip 新文件", dir_okay=False)],
    account: Annotated[str, typer.Option(help="a market regulator's account, in whose name 以此账号的名义")],
    ground: Annotated[str, typer.Option(help="why 案由")],
    place: Annotated[str, typer.Option(help="where it is taken 提取地点")],
    officer: Annotated[
        list[str], typer.Option(help="two or more: NAME or NAME/CERTIFICATE 提取人员，姓名/执法证号")
    ],
    case: Annotated[str, typer.Option(help="number of the case 案号")] = "",
    method: Annotated[str, typer.Option(help="how it is taken 提取方法")] = "",
    holder: Annotated[str, typer.Option(help="who holds the data 持有人")] = "",
    present: Annotated[str, typer.Option("--present", help="who witnessed it 见证人")] = "",
    unit: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_UNIT, help="which drum is meant 盘号")
    ] = None,
    event: Annotated[
        list[str] | None, typer.Option(help="id of a single event to take too 其他事件编号")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(help="a checkpoint that was kept 较早保存的检查点", exists=True, dir_okay=False),
    ] = None,
    as_of: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="size of a cosigned checkpoint, or of --earlier: take what was on the ledger then 截至检查点的条数",
        ),
    ] = None,
    attachments: Annotated[bool, typer.Option(help="photos and papers 附件")] = True,
    data: Data = None,
    json: Json = False,
) -> None:
    """Take evidence of a batch as a package that is checked offline; it is stated on the ledger 提取证据包."""
    must_be_new(file)
    wanted = Wanted(
        id=str(uuid4()),
        batches=(code,),
        said=Circumstances(
            ground=ground,
            place=place,
            officers=[
                Officer(name.strip(), number.strip())
                for name, _, number in (each.partition("/") for each in officer)
            ],
            case=case,
            method=method,
            witness=present,
            holder=holder,
        ),
        unit=unit,
        events=tuple(event or ()),
        earlier="" if earlier is None else earlier.read_text(encoding="utf-8"),
        as_of=as_of,
        with_attachments=attachments,
    )
    with opened(data) as house:
        taking = EvidenceTaking(
            ledger=house.ledger,
            desk=house.desk,
            intake=house.intake,
            blobs=house.blobs,
            public_host=house.identity.public_host,
        )
        made = taking.take(_officer(house, account), wanted)
        if isinstance(made, Refusal):
            raise InputError(*made.problems)
        with made.file, file.open("xb") as out:
            shutil.copyfileobj(made.file, out)
    if json:
        print_json(
            {
                "file": str(file),
                "bytes": made.size,
                "sha256": made.packed.sha256,
                "content_sha256": made.packed.digest,
                "whole": made.whole,
            }
        )
        return
    extent = (
        Text("全部历史", "the whole history")
        if made.whole
        else Text("对该账号开放的部分", "what is open to it")
    )
    say(
        f"证据包（{extent.zh}）已写入 {file}；提取内容校验值 {made.packed.digest}",
        f"evidence package ({extent.en}) written to {file}; digest of what was taken: {made.packed.digest}",
    )


def _officer(house: Installation, name: str) -> Actor:
    """The account with its own rights, and not those of whoever works at the machine."""
    with begin_read(house.desk) as tx:
        found = account_named(tx, name)
    if found is None or not found.active:
        raise InputError.of(
            "not-found", "没有这个账号，或已停用", "there is no such account, or it is disabled", came=name, where="--account"
        )  # fmt: skip
    with begin_read(house.ledger) as tx:
        scope = sight_of_account(tx, found.party, found.region, shanghai_date(house.clock()))
    return replace(found.acting("session"), scope=scope)
