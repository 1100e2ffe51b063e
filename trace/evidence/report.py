"""The readable report: the events of a package in words, for people; what counts is the data beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..clock import SHANGHAI
from ..papers.paper import Fields, Heading, Paper, Paragraph, Table

#: Some forty pages; who has more to read reads the data.
_MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedEvent:
    """One event in words. ``who``, ``where`` and ``persons`` are "" where they are not open to who took it."""

    index: int
    kind: str
    what: str
    occurred_at: datetime | None
    by_day: bool
    recorded_at: datetime
    who: str
    where: str
    persons: str
    marks: str
    is_corrected: bool
    is_about_unit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """``about``: what it is about, as label and text; ``extent``: which events these are; ``digest``: of the list of the data."""

    authority: str
    about: Sequence[tuple[str, str]]
    extent: str
    events: Sequence[ReportedEvent]
    digest: str
    made_at: datetime
    url: str


def report_paper(said: Reported) -> Paper:
    shown = said.events[:_MOST_ROWS]
    more = len(said.events) - len(shown)
    return Paper(
        title="证据包可读报告",
        authority=said.authority,
        blocks=(
            Fields([[each] for each in said.about]),
            Paragraph(said.extent),
            Paragraph(
                "本报告由证据包数据生成，供阅读；以 data/ 中的数据和核验结果为准。带 * 的与所指盘（卷）有关。时间为北京时间。"
            ),
            Heading("事件"),
            Table(
                ("序号", "事项", "内容", "陈述单位、地点、人员", "发生／入账"),
                (9, 13, 36, 24, 18),
                [_row(each) for each in shown],
            ),
            *((Paragraph(f"另有 {more:,} 条事件，见 data/events。", is_indented=False),) if more else ()),
        ),
        url=said.url,
        foot=f"提取内容校验值 {said.digest[:16]}…",
        made_at=said.made_at,
    )


def _row(event: ReportedEvent) -> tuple[str, str, str, str, str]:
    what = event.what
    if event.marks:
        what += f"；标记：{event.marks}"
    if event.is_corrected:
        what += "（此后已更正）"
    occurred = _shown(event.occurred_at, by_day=event.by_day) if event.occurred_at else ""
    return (
        f"{event.index}{'*' if event.is_about_unit else ''}",
        event.kind,
        what,
        "；".join(part for part in (event.who, event.where, event.persons) if part),
        "；".join(part for part in (occurred, _shown(event.recorded_at)) if part),
    )


def _shown(at: datetime, *, by_day: bool = False) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d}" if by_day else f"{local:%Y-%m-%d %H:%M}"
