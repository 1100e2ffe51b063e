"""Commands about what is recorded: ``import``, ``flow``, ``alerts``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..alerts import register as alert_register
from ..alerts.follower import catch_up
from ..alerts.rules import Alert
from ..app.followers import read_accepted
from ..app.installation import open_installation
from ..db.engine import begin_read
from ..model.quantities import show_metres
from ..model.scope import Scope
from ..queries.trace import flow_json, flow_of_lots
from .console import people, print_json
from .options import Data, Json, folder


def add_to(app: typer.Typer) -> None:
    app.command("flow")(flow)
    app.command("alerts")(alerts)


def flow(
    data: Data | None = None,
    maker: Annotated[
        str, typer.Option(help="one maker: id or 统一社会信用代码; empty for all 生产企业")
    ] = "",
    json: Json = False,
) -> None:
    """Where every metre is, by lot and by region 每一米在哪里."""
    with open_installation(folder(data)) as house, begin_read(house.ledger) as tx:
        lots = flow_of_lots(tx, house.at_the_machine(), maker=maker or None)
    result = flow_json(lots)
    if json:
        print_json(result)
        return
    for lot, each in result["by_lot"].items():
        people.print(f"{lot}  {show_metres(each['produced_mm'])} m")
        for row in each["where"]:
            people.print(
                f"    {row['state']:<12}{row['region'] or '—':<8}{show_metres(row['length_mm']):>14} m"
            )


def alerts(data: Data | None = None, json: Json = False) -> None:
    """What the rules found 预警."""
    with open_installation(folder(data)) as house:
        catch_up(house.ledger, read_accepted)
        with begin_read(house.ledger) as tx:
            found = alert_register.alerts(tx, Scope(everything=True))
    if json:
        print_json([_members(alert) for alert in found])
        return
    for alert in found:
        where = " ".join(str(part) for part in (alert.lot, alert.unit, alert.report) if part is not None)
        people.print(f"{alert.rule}  {where}\n    {alert.detail.zh}\n    {alert.detail.en}")


def _members(alert: Alert) -> dict[str, Any]:
    members = {
        "rule": alert.rule,
        "lot": alert.lot,
        "unit": alert.unit,
        "report": alert.report,
        "batch": alert.batch,
        "maker": alert.maker,
        "index": alert.seq,
        "severity": alert.severity,
        "detail": {"zh": alert.detail.zh, "en": alert.detail.en},
    }
    return {name: value for name, value in members.items() if value is not None}
