"""``doctor``: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..app.doctor import examine
from ..app.findings import Finding
from ..app.settings import Settings
from ..clock import system_clock
from ..errors import Text
from .console import DONE, FAULTS, people, print_json, say
from .options import Data, Json, folder

_SIGNS = {"ok": "✓", "warning": "!", "fault": "✗"}


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    data: Data = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="port to look at 要查看的端口 (CABLETRACE_PORT)", show_default="8000", min=0, max=65535
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Say what is wrong and how to mend it; changes nothing 检查安装 (exit 0 no fault, 1 faults)."""
    settings = Settings()
    port = settings.port if port is None else port
    found = list(examine(folder(data), bind=settings.bind, port=port, clock=system_clock))
    if json:
        print_json({"healthy": not _of("fault", found), "findings": [_members(each) for each in found]})
    else:
        for each in found:
            _tell(each)
        _sum_up(found)
    raise SystemExit(FAULTS if _of("fault", found) else DONE)


def _of(level: str, found: Sequence[Finding]) -> int:
    return sum(each.level == level for each in found)


def _tell(each: Finding) -> None:
    sign, title = _SIGNS[each.level], each.title
    people.print(f"{sign} {title.zh}：{each.came.zh}", markup=False)
    people.print(f"  {title.en}: {each.came.en}", style="dim", markup=False)
    if each.wanted is not None:
        people.print(f"  应为：{each.wanted.zh}", markup=False)
        people.print(f"  wanted: {each.wanted.en}", style="dim", markup=False)
    if each.remedy is not None:
        people.print(f"  → {each.remedy.zh}", markup=False)
        if each.remedy.en != each.remedy.zh:
            people.print(f"  → {each.remedy.en}", style="dim", markup=False)


def _sum_up(found: Sequence[Finding]) -> None:
    faults, warnings = _of("fault", found), _of("warning", found)
    if faults or warnings:
        say(f"{faults} 处错误，{warnings} 处提醒", f"{faults} faults, {warnings} warnings")
    else:
        say("一切正常", "all is well")


def _members(each: Finding) -> dict[str, Any]:
    return {
        "check": each.name,
        "level": each.level,
        "title": _both(each.title),
        "came": _both(each.came),
        "wanted": _both(each.wanted),
        "remedy": _both(each.remedy),
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
