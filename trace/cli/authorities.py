"""Commands about authorities: ``seat``."""

from __future__ import annotations

from typing import Annotated

import typer

from ..codes.regions import full_name
from ..db.engine import begin_read
from ..errors import InputError
from ..intake.record import prepare
from ..ledger.sequencer import Receipt
from ..model.values import party_id
from ..registry import register
from ..registry.seat import draft_of_seat
from .console import print_json, say
from .options import Data, Json, opened


def add_to(app: typer.Typer) -> None:
    app.command("seat")(seat)


def seat(
    party: Annotated[str, typer.Argument(help="authority: id or 统一社会信用代码 监管部门")],
    region: Annotated[str, typer.Argument(help="its region, six digits or a name 所在地区")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Register in which region an authority is, which says how far it reaches 登记监管部门的所在地区."""
    with opened(data) as house:
        id_ = party_id(party)
        with begin_read(house.ledger) as tx:
            known = register.parties(tx, [id_]).get(id_)
        if known is None:
            raise InputError.of(
                "unknown-reference",
                "没有登记这个单位",
                "this party is not registered",
                came=party,
                where="PARTY",
            )
        draft = draft_of_seat(known, region)
        (answer,) = house.intake.record_now([prepare({"draft": draft}, house.at_the_machine())])
        if not isinstance(answer, Receipt):
            raise InputError(*answer.problems)
    code = draft["body"]["region"]
    if json:
        print_json({"party": id_, "region": code, "index": answer.seq})
    else:
        name = full_name(code)
        say(
            f"{known.name} 的所在地区已登记为{name}（{code}）",
            f"{known.name} is registered in {name} ({code})",
        )
