"""The letter of a request to another authority, and a reminder, as papers for print and the seal; with the slip that comes back.

Everything stands here as the request's own events say it (`queries.requests`), so that who issued it and who received it print the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from ..codes.qr import page_url
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.quantities import show_metres
from ..papers.paper import Block, Fields, Heading, Paper, Paragraph, Room, Seal, Signatures, Table
from .requests import Letter, RequestPage, RequestStepRow

_OPENING = {
    "assist": "我局办理的案件涉及贵局辖区，根据{basis}，请协助调查下列事项，并于收到本函之日起十五个工作日内函复；需要延期的，请在期限届满前告知。",
    "order": "现将下列线索交由你单位核查，依据：{basis}。请自收到之日起十五个工作日内核查并报告结果。",
    "transfer": "我局发现的下列线索不属于我局管辖，依据{basis}，现移送你单位处理，请签收并函告处理结果。",
}


def letter_of(tx: Connection, page: RequestPage) -> Paper:
    """``page`` is the request as the reader may see it."""
    row, letter = page.row, page.letter
    recorded = read_recorded(store.read_rows_by_id(tx, [page.event])[page.event])
    return Paper(
        title=row.type_name.zh,
        authority=row.authority.name,
        number=row.number,
        blocks=[*_said(page), *_seal(row.authority.name, row.issued_on), *_slip(row.type, row.number)],
        url=_url(tx, row.id),
        foot=_foot(row.index, letter),
        made_at=recorded.recorded_at,
    )


def reminder_of(tx: Connection, page: RequestPage, event: str) -> Paper | None:
    """The reminder that an event of the request sent; None for an event that is none."""
    step = next((step for step in page.steps if step.event == event and step.step == "reminded"), None)
    if step is None:
        return None
    row = page.row
    recorded = read_recorded(store.read_rows_by_id(tx, [event])[event])
    return Paper(
        title="催办函",
        authority=row.authority.name,
        number=step.number,
        blocks=[*_reminding(page, step), *_seal(row.authority.name, step.on)],
        url=_url(tx, row.id),
        foot=_foot(recorded.seq, page.letter),
        made_at=recorded.recorded_at,
    )


def _url(tx: Connection, id_: str) -> str:
    return page_url(store.read_identity(tx).public_host, f"requests/{id_}")


def _foot(index: int, letter: Letter) -> str:
    scope = "" if letter.frozen_at is None else f"　范围截至账本第 {letter.frozen_at} 条"
    return f"账本第 {index} 条{scope}"


def _said(page: RequestPage) -> Iterable[Block]:
    row, letter = page.row, page.letter
    yield Paragraph(f"{row.to.name}：", is_indented=False)
    yield Paragraph(_OPENING[row.type].format(basis=letter.legal_basis))
    if letter.case_number:
        yield Fields([[("案号", letter.case_number), ("立案日期", _day(letter.case_filed_on))]])
    yield Heading("基本情况")
    yield Paragraph(letter.facts)
    if letter.reason:
        yield Heading("移送理由")
        yield Paragraph(letter.reason)
    about = [
        [(name, "；".join(said))]
        for name, said in (
            ("涉及单位", (*letter.parties, *letter.names)),
            ("涉及项目", letter.projects),
            ("无码货物", letter.goods),
        )
        if said
    ]
    yield Fields([[("涉及地区", row.region_name.zh)], *about])
    if letter.batches:
        yield Heading("涉及的批次")
        yield Table(
            ("追溯码", "产品", "盘（卷）号", "涉及长度（米）"),
            (20, 42, 18, 20),
            [
                (
                    each.printed,
                    each.name,
                    each.units or "全部",
                    "" if each.length_mm is None else show_metres(each.length_mm),
                )
                for each in letter.batches
            ],
            frozenset({3}),
        )
    questions = [text.zh for text in letter.questions]
    questions += [letter.more_questions] if letter.more_questions else []
    yield from _numbered("请查明", questions)
    yield from _numbered("请提供的证据材料", letter.evidence)
    yield from _numbered("随函移送的原件", letter.originals)
    if letter.documents:
        yield Heading("附件")
        yield Table(("名称", "SHA-256"), (34, 66), [(each.name, each.sha256) for each in letter.documents])
    yield Fields([[("联系人", "、".join(letter.contacts))], [("执法证号、电话", "")]])


def _numbered(title: str, said: Iterable[str]) -> Iterable[Block]:
    lines = [f"{n}. {text}" for n, text in enumerate(said, start=1)]
    if lines:
        yield Heading(title)
        yield Paragraph("\n".join(lines))


def _seal(authority: str, on: date) -> Iterable[Block]:
    yield Seal(authority, _day(on))


def _slip(type_: str, number: str) -> Iterable[Block]:
    """What comes back: the receipt, and of a letter that is answered the form of the answer."""
    yield Heading("送达回执")
    yield Fields([[("来函文号", number), ("收到日期", "")]])
    yield Signatures(("收件人（签名）", "收件机关（印章）"))
    if type_ == "transfer":
        return
    yield Heading("复函")
    yield Fields([[("复函文号", ""), ("针对来函", number)], [("是否属于本辖区", ""), ("是否延期及期限", "")]])
    yield Paragraph("查明的情况：", is_indented=False)
    yield Room(4)
    yield Paragraph("证据材料清单：", is_indented=False)
    yield Room(3)
    yield Signatures(("调查人员（签名）", "调查人员（签名）", "复函机关（印章）"))


def _reminding(page: RequestPage, step: RequestStepRow) -> Iterable[Block]:
    row = page.row
    yield Paragraph(f"{row.to.name}：", is_indented=False)
    received = "" if row.due is None else f"，贵单位于 {_day(row.due.begun)}收到"
    due = "" if row.due is None or row.due.due is None else f"，应于 {_day(row.due.due)}前办结"
    late = "，现已逾期" if row.due is not None and row.due.due is not None and row.due.due < step.on else ""
    yield Paragraph(
        f"我局于 {_day(row.issued_on)}发出《{row.type_name.zh}》（{row.number}）{received}{due}{late}。至今未收到复函，请尽快办理并函复。"
    )
    if step.text:
        yield Paragraph(step.text)
    if step.copy_to:
        yield Paragraph(f"抄送：{step.copy_to}", is_indented=False)
    yield Paragraph(f"联系人：{'、'.join(page.letter.contacts)}", is_indented=False)


def _day(on: date | None) -> str:
    return "" if on is None else f"{on.year} 年 {on.month} 月 {on.day} 日"
