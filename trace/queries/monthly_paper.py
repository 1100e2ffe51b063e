"""The monthly form as a paper for print and the seal."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..ledger import store
from ..model.monthly import show_wan
from ..papers.paper import Paper, Paragraph, Seal, Table
from .monthly import FormRow, MonthlyForm, Told


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
            *(Paragraph(f"{row.row} {row.title.zh}：{row.definition.zh}", is_indented=False) for row in rows),
            Seal(form.unit.name, "　　年　　月　　日"),
        ],
        url=page_url(host, f"monthly/{form.unit.id}/{form.month}"),
        foot=counted or "月报",
        made_at=datetime(2000, 1, 1, tzinfo=UTC) if form.as_of is None else form.as_of.at,
    )  # fmt: skip


def _said(row: FormRow, told: Told) -> str:
    if told.value is None:
        return f"不详（{told.unknown} 起）"
    said = show_wan(told.value) if row.how == "fen" else str(told.value)
    return f"{said}，另 {told.unknown} 起不详" if told.unknown else said
