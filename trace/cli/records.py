"""Commands about what is recorded: ``import``, ``columns``, ``flow``, ``alerts``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ..alerts import register as alert_register
from ..alerts.follower import catch_up
from ..alerts.rules import Alert
from ..app.followers import read_accepted
from ..app.installation import Installation
from ..app.process import collecting_seldom
from ..auth.actor import Actor
from ..clock import format_instant, show_instant
from ..db.engine import begin_read
from ..errors import InputError
from ..http.importing import Importing, Upload
from ..imports import remembered
from ..imports.known import party_meant
from ..imports.mapping import ColumnMapping
from ..imports.run import Report, Understood, WhoseLots, commit, understand
from ..imports.run import dry_run as rehearse
from ..model.quantities import show_metres
from ..model.scope import Scope
from ..model.values import party_id
from ..queries.flow_of_lots import flow_json, flow_of_lots
from ..registry import register
from .console import people, print_json, progress, say
from .options import Data, Json, opened


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_file)
    app.command("columns")(columns)
    app.command("flow")(flow)
    app.command("alerts")(alerts)


def import_file(
    file: Annotated[Path, typer.Argument(help="XLSX or CSV 表格文件", exists=True, dir_okay=False)],
    data: Data = None,
    speaker: Annotated[
        str, typer.Option("--as", help="whose file, or whose lots, where the file does not say 单位")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only say what would become of it 试运行")
    ] = False,
    json: Json = False,
) -> None:
    """Bring a spreadsheet onto the ledger; bad rows are named and stop no good ones 导入表格."""
    with opened(data) as house, collecting_seldom():
        actor = house.at_the_machine()
        began = house.clock()
        read = _read(house, file, actor, speaker)
        if dry_run:
            report = rehearse(read.understood, house.intake, actor)
        else:
            with progress(f"导入 importing {file.name}") as bar:
                report = commit(read.understood, house.intake, actor, bar)
            mapped = read.understood.mapped
            importing(house).note(
                actor, read.upload, party=read.party, mapped=mapped, report=report, began=began
            )
    if json:
        print_json(report.to_json())
    else:
        _tell(report)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was understood, and whose it is: the party that was named, else the operator."""

    upload: Upload
    understood: Understood
    party: str


def importing(house: Installation) -> Importing:
    """The imports of the installation, as the service has them."""
    return Importing(
        ledger=house.ledger, desk=house.desk, intake=house.intake, clock=house.clock, folder=house.folder.jobs
    )


def _read(house: Installation, file: Path, actor: Actor, speaker: str) -> _Read:
    content = file.read_bytes()
    while True:
        try:
            with begin_read(house.ledger) as tx, begin_read(house.desk) as desk:
                party = party_meant(tx, speaker, actor).id if speaker else actor.party
                mappings = remembered.of_party(desk, party)
                understood = understand(
                    tx, content, file.name, actor, answer=speaker or None, mappings=mappings
                )
            return _Read(Upload(file.name, content, speaker), understood, party)
        except WhoseLots as question:
            if speaker or not sys.stdin.isatty():
                raise
            speaker = _ask(question)


def _ask(question: WhoseLots) -> str:
    """Ask once whose the lots are."""
    (problem,) = question.problems
    say(problem.detail.zh, problem.detail.en)
    for number, party in enumerate(question.candidates, start=1):
        people.print(f"  {number}. {party.name}  {party.uscc or party.id}")
    answer = typer.prompt("单位 party", err=True).strip()
    if answer.isdecimal() and 1 <= int(answer) <= len(question.candidates):
        return question.candidates[int(answer) - 1].id
    return str(answer)


def columns(
    party: Annotated[str, typer.Argument(help="organisation: id, 统一社会信用代码 or whole name 单位")],
    data: Data = None,
    json: Json = False,
) -> None:
    """What an organisation has said of headings, by which its files are read 记住的列名."""
    with opened(data) as house, begin_read(house.ledger) as tx, begin_read(house.desk) as desk:
        meant = party_meant(tx, party, house.at_the_machine())
        said = list(remembered.of_party(desk, meant.id).values())
    if json:
        print_json([_mapping_members(each) for each in said])
        return
    if not said:
        say("还没有说明过列名", "nothing has been said of headings")
    for each in said:
        people.print(f"{' · '.join(each.headings)}  →  {each.kind or '不读 left out'}")
        for heading, meaning in each.columns.items():
            people.print(f"    {heading} = {meaning}")
        people.print(f"    {each.said.name} {show_instant(each.said.at)}", style="dim")


def _mapping_members(mapping: ColumnMapping) -> dict[str, Any]:
    return {
        "headings": list(mapping.headings),
        "kind": mapping.kind,
        "columns": dict(mapping.columns),
        "by": mapping.said.name,
        "at": format_instant(mapping.said.at),
    }


def _tell(report: Report) -> None:
    for sheet in report.sheets:
        if sheet.layout.kind is None:
            say(f"{sheet.name}：未识别的表", f"{sheet.name}: not understood")
            continue
        if sheet.layout.said is not None:
            when = show_instant(sheet.layout.said.at)
            say(
                f"{sheet.name}：各列按 {sheet.layout.said.name} {when} 的说明读取",
                f"{sheet.name}: columns understood as {sheet.layout.said.name} said on {when}",
            )
        say(
            f"{sheet.name}：{sheet.good} 行正确（其中 {sheet.known} 行以前已入账），{sheet.bad} 行有误，{sheet.repeated} 行重复",
            f"{sheet.name}: {sheet.good} good rows ({sheet.known} recorded before), {sheet.bad} bad, "
            f"{sheet.repeated} repeated",
        )
    if report.hidden:
        say(
            f"隐藏的工作表没有读取：{'、'.join(report.hidden)}",
            f"hidden sheets were not read: {', '.join(report.hidden)}",
        )
    for bad in report.bad:
        people.print(
            f"✗ {bad.sheet} {bad.row} {bad.column} 「{bad.value}」 {bad.reason.zh} → {bad.remedy.zh}"
        )
        people.print(f"  {bad.reason.en} → {bad.remedy.en}", style="dim")
    for repeated in report.repeated:
        people.print(f"= {repeated.sheet} {repeated.row}: {repeated.reason.zh}")
        people.print(f"  {repeated.reason.en}", style="dim")
    for marked in report.marked:
        people.print(f"! {marked.sheet} {marked.row} {marked.mark}: {marked.reason.zh}")
        people.print(f"  {marked.reason.en}", style="dim")


def flow(
    data: Data = None,
    maker: Annotated[
        str, typer.Option(help="one maker: id or 统一社会信用代码; empty for all 生产企业")
    ] = "",
    json: Json = False,
) -> None:
    """Where every metre is, by lot and by region 每一米在哪里."""
    with opened(data) as house, begin_read(house.ledger) as tx:
        if maker and not register.parties(tx, [party_id(maker)]):
            raise InputError.of(
                "unknown-reference",
                "没有登记这个单位",
                "this party is not registered",
                came=maker,
                where="--maker",
            )
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


def alerts(data: Data = None, json: Json = False) -> None:
    """What the rules found 预警."""
    with opened(data) as house:
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
