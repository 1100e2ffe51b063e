"""The letter with which a clue about an official goes to the organ of discipline, for print and the seal, with the receipt that comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..intake.recorded import read_recorded
from ..ledger import store
from ..papers.paper import Block, Fields, Heading, Paper, Paragraph, Seal, Signatures
from .discipline import DisciplinePage

#: The steps since which there is a letter, the newest first.
_SENT = ("transferred", "approved")


def clue_letter_of(tx: Connection, page: DisciplinePage) -> Paper | None:
    """None before it was approved, and where it never was."""
    signed = {step.step: step for step in page.steps}
    step = next((signed[name] for name in _SENT if name in signed), None)
    if step is None:
        return None
    number = next((signed[name].number for name in _SENT if name in signed and signed[name].number), "")
    recorded = read_recorded(store.read_rows_by_id(tx, [step.event])[step.event])
    return Paper(
        title="问题线索移送函",
        authority=page.authority.name,
        number=number,
        blocks=[*_said(page), Seal(page.authority.name, _day(step.on)), *_slip(number)],
        url=page_url(store.read_identity(tx).public_host, f"discipline/{page.row.id}"),
        foot=f"账本第 {recorded.seq} 条　限指定人员知悉",
        made_at=recorded.recorded_at,
    )


def _said(page: DisciplinePage) -> Iterable[Block]:
    yield Paragraph(f"{page.row.organ}：", is_indented=False)
    yield Paragraph(
        f"我局在工作中发现公职人员的下列问题线索（{page.row.ground.zh}），依据{page.basis}，现移送你单位处理。线索由我局登记，是否成立由你单位认定。"
    )
    yield Fields(
        [
            [("被反映人", page.official), ("职务", page.post)],
            [("所在单位", page.unit)],
            [("线索编号", page.row.number)],
            *([[("有关案件", page.case[1])]] if page.case is not None else []),
        ]
    )
    yield Heading("线索内容")
    yield Paragraph(page.facts)
    yield Fields([[("随函材料", "")], [("联系人", ""), ("电话", "")]])


def _slip(number: str) -> Iterable[Block]:
    yield Heading("回执")
    yield Fields([[("来函文号", number), ("收到日期", "")]])
    yield Signatures(("收件人（签名）", "收件机关（印章）"))


def _day(on: date) -> str:
    return f"{on.year} 年 {on.month} 月 {on.day} 日"
