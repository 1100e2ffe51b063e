"""The summary of a special campaign 专项行动总结 as a paper for print and the seal, as its event says it."""

from __future__ import annotations

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..intake.recorded import read_recorded
from ..ledger import store
from ..papers.paper import Block, Fields, Heading, Paper, Paragraph, Seal, Table
from .programmes import (
    OF_MATTERS,
    WHAT,
    CoverageRow,
    MattersRow,
    ProgrammePage,
    ReportRow,
    name_of_number,
)


def report_of(page: ProgrammePage, event: str) -> ReportRow | None:
    """The summary that an event of the programme submitted; None for an event that is none."""
    return next((each for each in page.reports if each.event == event and each.step == "summary"), None)


def summary_of(
    tx: Connection, page: ProgrammePage, event: str, counted: ProgrammePage | None = None
) -> Paper | None:
    """The summary that an event of the programme submitted; None for an event that is none. ``page`` is as the reader may see it;
    ``counted``: the same over all days, of the summary's unit and as of its index, for the numbers unit by unit."""
    report = report_of(page, event)
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
        *(() if counted is None else _by_unit(counted)),
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


def _by_unit(counted: ProgrammePage) -> list[Block]:
    """What each unit has without those below it, as the ledger had it then; nothing where there is but one."""
    if not counted.by_unit:
        return []
    return [
        Heading("各机构的覆盖"),
        Table(
            ("机构", "对象", *(name.zh for name in WHAT.values())),
            (28, 12, *(10 for _ in WHAT)),
            [
                (
                    _whose(row),
                    row.of_name.zh,
                    *(str(getattr(row, what)) if name_of_number(row.of, what) else "—" for what in WHAT),
                )
                for row in counted.by_unit
            ],
            frozenset(range(2, 2 + len(WHAT))),
        ),
        Heading("各机构的问题与案件"),
        Table(
            ("机构", *(name.zh for name in OF_MATTERS.values())),
            (40, *(20 for _ in OF_MATTERS)),
            [(_whose(row), *(str(getattr(row, what)) for what in OF_MATTERS)) for row in counted.matters],
            frozenset(range(1, 1 + len(OF_MATTERS))),
        ),
        Paragraph("各机构的数字不含下属机构；减去几个机构都有的，就是合计。", is_indented=False),
    ]


def _whose(row: CoverageRow | MattersRow) -> str:
    return {"repeated": "减：几个机构都有的", "whole": f"合计：{row.unit.name}"}.get(row.part, row.unit.name)
