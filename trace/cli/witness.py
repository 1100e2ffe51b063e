"""``witness``: a witness of other people's ledgers; ``cosigner``: the witnesses whom our own ledger asks.

The two belong on two machines, under two hands: a witness that the operator of the ledger keeps proves nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from ..app.folder import Folder
from ..app.installation import make_desk
from ..app.migrating import must_be_migrated
from ..app.once import create_witness_once
from ..app.process import log_as_a_service
from ..app.settings import Settings
from ..app.witnessing import ask_witnesses, create_witness, open_witness
from ..clock import format_instant, system_clock
from ..db.database import open_database
from ..db.engine import begin_read, begin_write
from ..ledger import witnesses
from ..ledger.witnesses import Standing
from ..witness.memory import Followed
from ..witness.server import make_witness_app
from .console import FAULTS, people, print_json, say
from .listening import Announcing, listen
from .options import Data, Json, Once, folder

Place = Annotated[Path, typer.Option("--folder", help="folder of the witness 见证人目录")]
_PLACE = Path("witness")


def add_to(app: typer.Typer) -> None:
    witness = typer.Typer(
        help="见证人：会签别人的账本 be a witness of other people's ledgers", no_args_is_help=True
    )
    witness.command("init")(init)
    witness.command("follow")(follow)
    witness.command("leave")(leave)
    witness.command("show")(show)
    witness.command("serve")(serve)
    app.add_typer(witness, name="witness")
    cosigner = typer.Typer(help="本账本请谁会签 the witnesses whom this ledger asks", no_args_is_help=True)
    cosigner.command("add")(add)
    cosigner.command("list")(list_)
    cosigner.command("remove")(remove)
    cosigner.command("ask")(ask)
    app.add_typer(cosigner, name="cosigner")


# --- a witness ----------------------------------------------------------------------------------------


def init(
    name: Annotated[str, typer.Option(help="name of the witness, never changed 见证人名称")],
    place: Place = _PLACE,
    once: Once = False,
    json: Json = False,
) -> None:
    """Make a witness with its key; prints its verifier key 建立见证人."""
    key = (create_witness_once if once else create_witness)(place, name).format()
    if json:
        print_json({"verifier_key": key})
    else:
        print(key)


def follow(
    verifier_key: Annotated[str, typer.Argument(help="of the ledger, as /ledger/vkey answers 账本公钥")],
    place: Place = _PLACE,
) -> None:
    """Cosign for this ledger from now on 开始见证一个账本."""
    with open_witness(place) as memory:
        key = memory.follow(verifier_key)
    say(f"开始见证 {key.name}", f"following {key.name}")


def leave(
    origin: Annotated[str, typer.Argument(help="name of the ledger 账本名称")], place: Place = _PLACE
) -> None:
    """Cosign no more for this ledger; what was cosigned is kept 停止见证一个账本."""
    with open_witness(place) as memory:
        memory.leave(origin)
    say(f"不再见证 {origin}", f"following {origin} no more")


def show(place: Place = _PLACE, json: Json = False) -> None:
    """What this witness holds 已会签到哪里."""
    with open_witness(place) as memory:
        held, key = memory.followed(), memory.verifier_key
    if json:
        print_json({"verifier_key": key.format(), "logs": [_held(each) for each in held]})
        return
    people.print(key.format())
    for each in held:
        size = 0 if each.held is None else each.held.size
        say(f"{each.origin}：已会签 {size:,} 条", f"{each.origin}: {size:,} entries cosigned")
        if each.contradictions:
            say(
                f"✗ 曾提交 {each.contradictions} 份与已会签历史矛盾的检查点",
                f"✗ has sent {each.contradictions} checkpoints that contradict what was cosigned",
            )


def serve(
    place: Place = _PLACE,
    port: Annotated[int, typer.Option(help="port, 0 for a free one 端口", min=0, max=65535)] = 8100,
) -> None:
    """Take checkpoints and cosign them 启动见证服务."""
    log_as_a_service(system_clock)
    bind = Settings().bind
    with open_witness(place) as memory:
        listener = listen(bind, port)
        config = uvicorn.Config(
            make_witness_app(memory, system_clock),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        Announcing(config, f"http://{bind}:{listener.getsockname()[1]}").run(sockets=[listener])


def _held(each: Followed) -> dict[str, Any]:
    return {
        "origin": each.origin,
        "size": None if each.held is None else each.held.size,
        "cosigned_at": None if each.made_at is None else format_instant(each.made_at),
        "contradictions": each.contradictions,
    }


# --- whom our ledger asks -----------------------------------------------------------------------------


def add(
    verifier_key: Annotated[str, typer.Argument(help="of the witness, as its /vkey answers 见证人公钥")],
    url: Annotated[str, typer.Argument(help="below which it takes checkpoints 见证人地址")],
    data: Data = None,
) -> None:
    """Ask this witness from now on, also in a service that runs 增加见证人."""
    desk = open_database(_installed(data).desk)
    make_desk(desk)
    with begin_write(desk) as tx:
        added = witnesses.add(tx, verifier_key, url, system_clock())
    say(f"将请 {added.name} 会签", f"{added.name} will be asked to cosign")


def remove(
    name: Annotated[str, typer.Argument(help="name of the witness 见证人名称")], data: Data = None
) -> None:
    """Ask it no more; what it has cosigned is kept 移除见证人."""
    desk = open_database(_installed(data).desk)
    make_desk(desk)
    with begin_write(desk) as tx:
        witnesses.remove(tx, name)
    say(f"不再请 {name} 会签", f"{name} will not be asked any more")


def ask(data: Data = None, json: Json = False) -> None:
    """Ask every witness now, wait, and list what came (exit 1 where one contradicts this ledger) 立即请求会签."""
    ask_witnesses(_installed(data))
    list_(data, json)


def list_(data: Data = None, json: Json = False) -> None:
    """The witnesses and what each has cosigned (exit 1 where one contradicts this ledger) 列出见证人."""
    desk = open_database(_installed(data).desk)
    make_desk(desk)
    with begin_read(desk) as tx:
        asked = witnesses.standings(tx)
    if json:
        print_json([_members(each) for each in asked])
    elif not asked:
        say("还没有见证人", "no witness yet")
    for each in [] if json else asked:
        size = 0 if each.newest is None else each.newest.size
        people.print(f"{each.witness.name}  {each.witness.url}")
        say(f"  已会签 {size:,} 条", f"  {size:,} entries cosigned")
        if each.contradiction is not None:
            say(f"  ✗ {each.contradiction.text.zh}", f"  ✗ {each.contradiction.text.en}")
        elif each.trouble:
            people.print(f"  {each.trouble}", style="dim")
    if any(each.contradiction is not None for each in asked):
        raise SystemExit(FAULTS)


def _members(each: Standing) -> dict[str, Any]:
    newest, said = each.newest, each.contradiction
    return {
        "name": each.witness.name,
        "verifier_key": each.witness.key.format(),
        "url": each.witness.url,
        "size": None if newest is None else newest.size,
        "cosigned_at": None if newest is None else format_instant(newest.made_at),
        "asked_at": None if each.asked_at is None else format_instant(each.asked_at),
        "trouble": each.trouble,
        "contradiction": None
        if said is None
        else {"kind": said.kind, "their_size": said.their_size, "our_size": said.our_size},
    }


def _installed(data: Path | None) -> Folder:
    where = folder(data)
    where.must_be_installation()
    must_be_migrated(where)
    return where
