"""The summary of a special campaign 专项行动总结 as a paper for print and the seal, as its event says it."""

from __future__ import annotations

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..intake.recorded import read_recorded
from ..ledger import store
from ..papers.paper import Block, Fields, Heading, Paper, Paragraph, Seal, Table
from .programmes import ProgrammePage


def summary_of(tx: Connection, page: ProgrammePage, event: str) -> Paper | None:
    """The summary that an event of the programme submitted; None for an event that is none. ``page`` is as the reader may see it."""
    report = next((each for each in page.reports if each.event == event and each.step == "summary"), None)
    if report is None:
        return None
    row = page.row
    blocks: list[Block] = [
        Fields([[("专项行动", row.name)], [("文号", row.number), ("部署机关", row.authority.name)]]),
        Heading("阶段"),
        Table(
            ("阶段", "起止"),
            (50, 50),
            [(each.name, f"{each.opens_on} 至 {each.closes_on}") for each in row.phases],
        ),
        Heading("数据"),
        Table(
            ("项目", "数", "单位"),
            (60, 20, 20),
            [(each.name, each.value, each.unit) for each in report.figures],
            frozenset({1}),
        ),
        Heading("总结"),
        Paragraph(report.text),
        Seal(report.unit.name, f"{report.on.year} 年 {report.on.month} 月 {report.on.day} 日"),
    ]
    frozen = "" if report.frozen_at is None else f"　数据截至账本第 {report.frozen_at} 条"
    return Paper(
        title="专项行动总结",
        authority=report.unit.name,
        blocks=blocks,
        url=page_url(store.read_identity(tx).public_host, f"programmes/{row.id}"),
        foot=f"账本第 {report.index} 条{frozen}",
        made_at=read_recorded(store.read_rows_by_id(tx, [event])[event]).recorded_at,
    )
