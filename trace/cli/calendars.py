"""Commands about the days off of a year: ``calendar load``, ``calendar list``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from ..db.engine import begin_read
from ..errors import InputError, Text, shown
from ..intake.record import prepare
from ..ledger.sequencer import Receipt
from ..registry import register
from .console import print_json, say
from .options import Data, Json, opened

_COLUMNS = ("day", "working")
_LARGEST_BYTES = 100_000


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="放假安排 · the days off of a year, by the State Council's notice", no_args_is_help=True
    )
    group.command("load")(load)
    group.command("list")(listed)
    app.add_typer(group, name="calendar")


def load(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with day and working: 0 off, 1 worked 日期与是否上班", exists=True, dir_okay=False
        ),
    ],
    notice: Annotated[str, typer.Option(help="number of the notice 通知文号")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Put the days off of one year onto the ledger 登记一年的放假安排; the newest of a year holds."""
    with opened(data) as house:
        year, body = _read(file)
        draft = {
            "id": str(uuid4()),
            "kind": "calendar",
            "subject": {"year": year},
            "body": {"notice": notice, **body},
        }
        (answer,) = house.intake.record_now([prepare({"draft": draft}, house.at_the_machine())])
        if not isinstance(answer, Receipt):
            raise InputError(*answer.problems)
    off, worked = len(body["off"]), len(body["worked"])
    if json:
        print_json({"year": year, "off": off, "worked": worked, "index": answer.seq})
    else:
        say(
            f"已登记 {year} 年放假安排：平日放假 {off} 天，周末上班 {worked} 天",
            f"the days off of {year} are on the ledger: {off} weekdays off, {worked} weekend days worked",
        )


def listed(data: Data = None, json: Json = False) -> None:
    """The years whose notice is on the ledger 已登记的年份."""
    with opened(data) as house, begin_read(house.ledger) as tx:
        known = register.calendars(tx)
    if json:
        print_json([{"year": each.year, "notice": each.notice, "index": each.seq} for each in known])
        return
    for each in known:
        say(f"{each.year} 年：{each.notice}", f"{each.year}: {each.notice}")
    if not known:
        say(
            "账本上没有登记放假安排，只有随程序带的年份",
            "no notice is on the ledger; only packaged years are known",
        )


def _read(file: Path) -> tuple[int, dict[str, Any]]:
    """The year of a file and its days. Raises InputError for what is no such table."""
    if file.stat().st_size > _LARGEST_BYTES:
        raise _wrong(Text("文件太大", "the file is too large"), file.name)
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError:
        raise _wrong(Text("文件不是 UTF-8 编码", "the file is not UTF-8"), file.name) from None
    if not rows or not set(_COLUMNS) <= set(rows[0]):
        raise _wrong(Text("应有 day 和 working 两列", "the columns day and working are wanted"), file.name)
    for n, row in enumerate(rows, start=2):
        if row["working"] not in ("0", "1"):
            said = Text(f"第 {n} 行：working 应为 0 或 1", f"row {n}: working is 0 or 1")
            raise _wrong(said, str(row["working"]))
    years = sorted({str(row["day"])[:4] for row in rows})
    if len(years) != 1 or not years[0].isdigit():
        raise _wrong(Text("一个文件只能是一年的安排", "a file is of one year"), ", ".join(years))
    days = {value: [row["day"] for row in rows if row["working"] == value] for value in ("0", "1")}
    return int(years[0]), {"off": days["0"], "worked": days["1"]}


def _wrong(said: Text, came: str) -> InputError:
    return InputError.of("wrong-input", said.zh, said.en, came=shown(came), where="FILE")
