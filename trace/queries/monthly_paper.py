"""The monthly form as a paper for print and the seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..ledger import store
from ..model.monthly import show_wan
from ..papers.paper import Block, Heading, Paper, Paragraph, Seal, Table
from .monthly import FormRow, MonthlyForm, Told, UnitCell


def monthly_paper(tx: Connection, form: MonthlyForm) -> Paper:
    """As the form was counted: the same index gives the same bytes."""
    counted = "" if form.as_of is None else f"统计截至账本第 {form.as_of.index} 条"
    rows = [row for row in form.rows if row.row is not None]
    host = store.read_identity(tx).public_host
    return Paper(
        title="电线电缆质量整治情况月报表",
        authority=form.unit.name,
        number=form.month,
        blocks=[
            Table(
                heads=("序号", "内容", "单位", "本月", "累计"),
                shares=(8, 36, 12, 22, 22),
                rows=[
                    (str(row.row), row.title.zh, row.unit.zh, _said(row, row.month), _said(row, row.cumulative))
                    for row in rows
                ],
                figures=frozenset({3, 4}),
            ),
            Paragraph(f"累计自 {form.since} 起。{counted}。", is_indented=False),
            *_by_unit(form),
            *(Paragraph(f"{row.row} {row.title.zh}：{row.definition.zh}", is_indented=False) for row in rows),
            Seal(form.unit.name, "　　年　　月　　日"),
        ],
        url=page_url(host, f"monthly/{form.unit.id}/{form.month}"),
        foot=counted or "月报",
        made_at=datetime(2000, 1, 1, tzinfo=UTC) if form.as_of is None else form.as_of.at,
    )  # fmt: skip


def _by_unit(form: MonthlyForm) -> list[Block]:
    """What each unit did itself, of the month and cumulative; nothing where there is but one."""
    if not form.by_unit:
        return []
    kept = [n for n, row in enumerate(form.rows) if row.row is not None]
    heads = ("单位", *(f"{form.rows[n].row} {form.rows[n].title.zh}" for n in kept))
    lines: list[tuple[str, Sequence[FormRow | UnitCell]]] = [
        *((each.unit.name, each.cells) for each in form.by_unit),
        ("减：几个单位都计的", form.repeated),
        ("合计", form.rows),
    ]
    return [
        block
        for title, is_cumulative in (("各单位本月", False), ("各单位累计", True))
        for block in (
            Heading(title),
            Table(
                heads=heads,
                shares=(100 - 7 * len(kept), *(7 for _ in kept)),
                rows=[
                    (name, *(_said(form.rows[n], cells[n].cumulative if is_cumulative else cells[n].month) for n in kept))
                    for name, cells in lines
                ],
                figures=frozenset(range(1, len(heads))),
            ),
        )
    ]  # fmt: skip


def _said(row: FormRow, told: Told) -> str:
    if told.value is None:
        return f"不详（{told.unknown} 起）"
    said = show_wan(told.value) if row.how == "fen" else str(told.value)
    return f"{said}，另 {told.unknown} 起不详" if told.unknown else said
