"""Commands about the ledger itself: ``init``, ``verify``, ``rebuild``, ``keygen``."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ..app.installation import (
    USUAL_HOST,
    USUAL_ORIGIN,
    create,
    make_code_key,
)
from ..app.once import create_once
from ..app.rebuild import rebuild_projections
from ..app.verify import verify_ledger
from ..app.verify_blobs import Note
from ..db.database import closing, open_database
from ..db.engine import begin_read
from ..errors import InputError
from ..ledger.faults import Fault
from ..ledger.note import NoteSigner, is_key_name
from ..ledger.store import read_identity
from ..ledger.typed_key import witness_key
from ..ledger.verify import End
from ..model.values import usual_key_id
from .console import DONE, FAULTS, people, print_json, progress, say
from .options import (
    Data,
    Database,
    Json,
    Once,
    Owner,
    Search,
    database_asked_for,
    folder,
    search_asked_for,
)

#: What is no fault is told in full to programs only.
_MOST_NOTES = 10


def add_to(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("verify")(verify)
    app.command("rebuild")(rebuild)
    app.command("keygen")(keygen)
    app.command("code-key")(code_key)


def init(
    data: Data = None,
    origin: Annotated[
        str | None,
        typer.Option(help="name of the ledger, never changed 账本名称", show_default=USUAL_ORIGIN),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="public host printed in QR codes, never changed 对外域名", show_default=USUAL_HOST),
    ] = None,
    database: Database = None,
    owner: Owner = None,
    search: Search = None,
    once: Once = False,
    json: Json = False,
) -> None:
    """Make a data folder with keys and an empty ledger 初始化."""
    where = folder(data)
    database, search = database_asked_for(database), search_asked_for(search)
    is_new = True
    if once:
        is_new = create_once(
            where, origin=origin, public_host=host, database=database, owner=owner or "", search=search
        )
    else:
        create(
            where,
            origin=origin,
            public_host=host,
            database=database,
            owner=owner or "",
            search=search,
        )
    with closing(open_database(where.ledger, read_only=True)) as engine, begin_read(engine) as tx:
        made = read_identity(tx)
    if json:
        print_json(
            {
                "folder": str(where.root),
                "origin": made.origin,
                "public_host": made.public_host,
                "verifier_key": made.verifier_key,
            }
        )
    elif is_new:
        say(f"已在 {where.root} 建立账本 {made.origin}", f"made the ledger {made.origin} in {where.root}")
    else:
        say(
            f"{where.root} 里已经有账本 {made.origin}，未作改动",
            f"the ledger {made.origin} is in {where.root} already",
        )


def verify(
    data: Data = None,
    projections: Annotated[
        bool, typer.Option("--projections", help="rebuild all projections and compare 重建并比对")
    ] = False,
    since: Annotated[
        list[Path] | None,
        typer.Option(
            help="a checkpoint saved earlier; repeat 以前保存的检查点，可多次", exists=True, dir_okay=False
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(help="verifier key of a witness who must have cosigned it; repeat 须由其会签，可多次"),
    ] = None,
    first: Annotated[int, typer.Option(help="first entry of a range 起始序号", min=0)] = 0,
    last: Annotated[int | None, typer.Option(help="last entry of a range 终止序号", min=0)] = None,
    json: Json = False,
) -> None:
    """Derive everything again from stored bytes and report every fault 校验账本 (exit 0 clean, 1 faults)."""
    where = folder(data)
    where.must_be_installation()
    by = [witness_key(text) for text in witness or []]
    if by and not since:
        raise InputError.of(
            "wrong-input",
            "--witness 须与 --since 一起使用",
            "--witness says who must have cosigned the checkpoint of --since",
            where="--witness",
        )
    end: End | None = None
    faults: list[Fault] = []
    notes: list[Note] = []

    def found() -> Iterator[Fault]:
        nonlocal end
        end = yield from verify_ledger(
            where.root,
            since=[file.read_bytes() for file in since or []],
            by=by,
            first=first,
            last=last,
            with_projections=projections,
            progress=lambda _stage, done, of: bar(done, of),
            note=notes.append,
        )

    with progress("校验 verifying") as bar:
        faults.extend(found())
    witnessed = 0 if end is None else end.witnessed
    if json:
        print_json(
            {
                "clean": not faults,
                "witnessed": witnessed,
                "faults": [_members(fault) for fault in faults],
                "notes": [_note_members(note) for note in notes],
            }
        )
    else:
        for fault in faults:
            people.print(f"✗ {fault.table} {fault.key} {fault.column}: {fault.text.zh} {fault.text.en}")
            people.print(f"  应为 expected {fault.expected}\n  实为 found    {fault.found}", style="dim")
        for note in notes[:_MOST_NOTES]:
            people.print(f"· {note.table} {note.key}: {note.text.zh} {note.text.en}")
        if len(notes) > _MOST_NOTES:
            say(f"……共 {len(notes):,} 条，全部见 --json", f"… {len(notes):,} in all; --json tells every one")
        if faults:
            say(f"发现 {len(faults)} 处错误", f"{len(faults)} faults found")
        else:
            say("账本完好", "the ledger is clean")
        if witnessed:
            say(
                f"前 {witnessed:,} 条与见证人会签的相同",
                f"the first {witnessed:,} entries are those that a witness has cosigned",
            )
    raise SystemExit(FAULTS if faults else DONE)


def _note_members(note: Note) -> dict[str, Any]:
    return {"table": note.table, "key": note.key, "text": {"zh": note.text.zh, "en": note.text.en}}


def _members(fault: Fault) -> dict[str, Any]:
    return {
        "table": fault.table,
        "key": fault.key,
        "column": fault.column,
        "expected": fault.expected,
        "found": fault.found,
        "text": {"zh": fault.text.zh, "en": fault.text.en},
    }


def rebuild(data: Data = None, json: Json = False) -> None:
    """Drop all projections and build them again from the ledger 重建投影."""
    where = folder(data)
    with progress("重建 rebuilding") as bar:
        count = rebuild_projections(where, bar)
    if json:
        print_json({"events": count})
        return
    say(f"已由 {count:,} 条事件重建", f"rebuilt from {count:,} events")


def keygen(
    name: Annotated[str, typer.Argument(help="key name 密钥名称")],
    file: Annotated[Path, typer.Argument(help="where to write the seed 种子文件", dir_okay=False)],
    json: Json = False,
) -> None:
    """Make an Ed25519 key, its seed readable by you alone; says its public key 生成密钥."""
    if not is_key_name(name):
        raise InputError.of(
            "wrong-input",
            "密钥名称不能含空白或加号",
            "the name of a key holds neither spaces nor a plus sign",
            came=name,
            where="NAME",
        )
    signer = NoteSigner.from_seed(name, seed := secrets.token_bytes(32))
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError.of(
            "already-exists" if file.exists() else "wrong-input",
            f"无法新建文件：{error.strerror}",
            f"the file cannot be made: {error.strerror}",
            came=str(file),
            where="FILE",
        ) from None
    with os.fdopen(descriptor, "wb") as out:
        out.write(seed)
    public_key = base64.b64encode(signer.verifier_key.public_key).decode()
    key_id = usual_key_id(public_key)
    if json:
        print_json({"verifier_key": signer.verifier_key.format(), "key": key_id, "public_key": public_key})
        return
    say(f"私钥已写入 {file}，请勿交给任何人", f"the private key is in {file}; give it to nobody")
    say(f"公钥 {public_key}", f"public key {public_key}")
    say(f"公钥编号 {key_id}", f"id of the key {key_id}")


def code_key(data: Data = None, json: Json = False) -> None:
    """Make a new key for the codes of drums, for batches that are recorded after the next start 更换盘码密钥."""
    where = folder(data)
    version = make_code_key(where)
    if json:
        print_json({"version": version})
        return
    say(
        f"已生成第 {version} 版盘码密钥：服务重新启动后，新批次用它；以前的盘码照常可查，旧密钥不要删除",
        f"made code key {version}: from the next start new batches use it; codes that are there stay valid, and the old "
        "keys must be kept",
    )
    say(f"请把 {where.code_key(version)} 加入备份", f"add {where.code_key(version)} to your copies")
