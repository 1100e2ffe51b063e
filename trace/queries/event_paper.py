"""The paper of an event, for print and wet signatures: 现场检查笔录, 抽样单, 结果告知书, 财物清单; of any other kind a plain record.

It says what the event says, in the words of its pages, and leaves room for what is written by hand. It is made for who may read the
event's payload, with the names of persons as far as the reader may know them (`queries.persons`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from ..clock import SHANGHAI
from ..codes.qr import page_url
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..flow import books
from ..inspecting import samples
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.checklists import checklist_called
from ..model.deadlines import term_on
from ..model.quantities import show_metres
from ..model.sample_path import SIDES
from ..model.values import party_id
from ..papers.paper import Block, Field, Fields, Heading, Paper, Paragraph, Room, Seal, Signatures, Table
from .events import EventPage
from .names import names_of
from .reports import VERDICTS
from .wording import INSPECTIONS, LEVELS, MEASURES, RESULTS, SAMPLINGS

#: As the checklist of a form says it.
_RESULT = {"pass": "符合", "fail": "不符合", "not-applicable": "不适用"}


def paper_of(tx: Connection, page: EventPage) -> Paper:
    """``page`` is the event as the reader may see it, its payload open to him. Cost: a handful of look-ups."""
    happening = page.happening
    draft: Any = read_recorded(store.read_rows_by_id(tx, [happening.event_id])[happening.event_id]).draft
    host = store.read_identity(tx).public_host
    title, make = _PAPERS.get(_sort(draft), ("账本记录单", _record))
    day = (happening.occurred_at or page.recorded_at).astimezone(SHANGHAI).date()
    return Paper(
        title=title,
        authority=happening.who,
        number=getattr(draft.body, "number", None) or "",
        blocks=[
            Fields([*_when_and_where(page, draft), *_about(tx, page, draft)]),
            *make(tx, page, draft),
            Seal(happening.who, f"{day.year} 年 {day.month} 月 {day.day} 日"),
        ],
        url=page_url(host, f"events/{happening.event_id}"),
        foot=f"账本第 {happening.index} 条　{happening.event_id}",
        made_at=page.recorded_at,
    )


def _sort(draft: Any) -> str:
    """The kind of an event; of a step of a sample by which its result is told, that step."""
    kind: str = draft.kind
    return "served" if kind == "sample-step" and draft.body.step == "served" else kind


def _when_and_where(page: EventPage, draft: Any) -> Iterable[list[Field]]:
    at = page.happening.occurred_at
    said = (
        ""
        if at is None
        else at.astimezone(SHANGHAI).strftime("%Y-%m-%d" if page.happening.by_day else "%Y-%m-%d %H:%M")
    )
    where = "" if page.happening.place is None else page.happening.place.zh
    yield [("时间", said), ("地点", where)]
    named = "、".join(each.value for each in page.persons if each.value is not None)
    if draft.by:
        yield [("人员", named)]


def _about(tx: Connection, page: EventPage, draft: Any) -> Iterable[list[Field]]:
    """What it is about: a batch with its maker, uncoded goods by what is printed on them, a party or a project by name."""
    if page.batch is not None and (batch := books.batches(tx, [page.batch]).get(page.batch)) is not None:
        yield [("型号规格", batch.designation), ("批号", batch.lot)]
        yield [
            ("生产企业", names_of(tx, [batch.maker]).party(batch.maker)),
            ("追溯码", BatchCode(batch.code[:-1]).printed),
        ]
        return
    subject, goods = draft.subject, getattr(draft.body, "goods", None)
    if goods is not None:
        yield [("货物标识", goods.marks)]
        yield [("标称生产者", goods.nominal_maker or ""), ("数量", goods.quantity or "")]
    if getattr(subject, "party", None) is not None:
        id_ = party_id(subject.party)
        party = names_of(tx, [id_]).parties.get(id_)
        if party is not None:
            yield [("单位名称", party.name)]
            yield [("信用代码", party.uscc or ""), ("地址", party.address or "")]
    if getattr(subject, "project", None) is not None:
        yield [("项目", names_of(tx, (), [subject.project.id]).project(subject.project.id))]


# --- of each kind ---------------------------------------------------------------------------------------


def _inspection(_tx: Connection, _page: EventPage, draft: Any) -> Iterable[Block]:
    body = draft.body
    yield Fields(
        [[("检查类型", INSPECTIONS[body.type].zh), ("结论", RESULTS[body.result].zh)], *_units(body)]
    )
    form = None if body.form is None else checklist_called(body.form)
    if body.checklist:
        yield Heading("检查表" if form is None else f"{form.title.zh}（{body.form}）")
        rows = [
            (each.code or "", each.item, _RESULT[each.result], each.note or "") for each in body.checklist
        ]
        yield Table(("编号", "检查项", "结果", "说明"), (10, 50, 14, 26), rows)
    yield Heading("检查情况")
    yield Paragraph(body.findings) if body.findings else Room(4)
    if body.defects:
        yield Heading("发现的问题")
        found = [
            (str(n), each.text, _day(each.due or body.due)) for n, each in enumerate(body.defects, start=1)
        ]
        yield Table(("序号", "问题", "整改期限"), (10, 66, 24), found, frozenset({0}))
    if body.rectification:
        yield Paragraph(f"改正要求：{body.rectification}")
    yield Paragraph("以上笔录已经当事人核对，与实际情况一致。")
    yield Signatures(
        (
            "被检查单位（签名或盖章）",
            "检查人员（签名、执法证号）",
            "检查人员（签名、执法证号）",
            "见证人（签名）",
        )
    )


def _sampling(tx: Connection, _page: EventPage, draft: Any) -> Iterable[Block]:
    body = draft.body
    authority = (
        ""
        if body.authority is None
        else names_of(tx, [party_id(body.authority)]).party(party_id(body.authority))
    )
    yield Fields(
        [
            [
                ("抽样类型", SAMPLINGS[body.type].zh),
                ("抽查级别", LEVELS[body.level].zh if body.level else ""),
            ],
            [("抽查方案", body.plan or ""), ("委托部门", authority)],
            [
                ("抽样基数", _metres(body.lot_size_mm)),
                ("盘（卷）号", "" if body.unit is None else str(body.unit)),
            ],
            [("样品长度", _metres(body.length_mm)), ("备样长度", _metres(body.reserve_mm))],
            [("封样编号", body.seal or ""), ("备样封存地点", "")],
            [("标准", ""), ("商标", "")],
        ]
    )
    yield Heading("备注")
    yield Room(2)
    yield Paragraph(
        "受检单位对抽样过程、样品真实性确认无误；样品与备样已当场封样。对检验结论有异议的，应当自收到结论之日起 15 日内书面提出。"
    )
    yield Signatures(
        (
            "受检单位（签名、盖章）",
            "标称生产者（签名、盖章）",
            "抽样人员（签名）",
            "抽样人员（签名）",
            "收样人员（签名）",
        )
    )


def _served(tx: Connection, _page: EventPage, draft: Any) -> Iterable[Block]:
    """The notice of a result 结果告知书 to the seller or the nominal maker, as the sample stood when it was told: what came later changes no
    paper that was handed over. Whoever is told of the first result can object; what an objection came to cannot be objected to again."""
    body, sample = draft.body, samples.samples(tx, [draft.subject.event]).get(draft.subject.event)
    if sample is None:  # the sampling was voided since
        return
    then = [step for step in sample.steps if step.seq < _page.happening.index]
    found = next((step for step in reversed(then) if step.result), None)
    decided = any(step.step in ("retested", "dismissed", "not-the-makers") for step in then)
    to = None if body.to is None else party_id(body.to)
    ids = {
        sample.authority,
        sample.maker,
        *(() if found is None else (found.speaker,)),
        *(() if to is None else (to,)),
    }
    names = names_of(tx, ids - {""})
    yield Fields(
        [
            [("送达", body.to_name or "" if to is None else names.party(to)), ("身份", SIDES[body.side].zh if body.side else "")],
            [("抽样单号", sample.number), ("抽样日期", str(sample.sampled_on))],
            [("产品", sample.product), ("标称生产者", names.party(sample.maker) if sample.maker else "")],
            [("检验报告编号", "" if found is None else found.number), ("检验结果", "" if found is None else VERDICTS[found.result].zh)],
        ]
    )  # fmt: skip
    if found is not None and not found.on_paper:
        yield Fields([[("检验机构", names.party(found.speaker))]])
    yield Heading("告知")
    yield Paragraph("依法对上述产品进行监督抽查，现将检验结果告知你单位。")
    if decided:
        yield Paragraph("本结果是异议处理、复检之后的结果。复检结论为最终结论。")
    else:
        term = term_on("sampling-objection", draft.occurred_on)
        yield Paragraph(
            f"对检验结果有异议的，可以自收到检验结果之日起 {term.amount} 日内，向{names.party(sample.authority)}或者其上级市场监督管理部门"
            f"书面提出并申请复检（《{term.source}》{term.clause}）。标称生产者认为不是其产品的，请一并书面说明。"
        )
    yield Heading("备注")
    yield Room(2)
    yield Signatures(("收件人（签名、盖章）", "收到日期", "送达人员（签名）", "送达人员（签名）"))


def _measure(tx: Connection, _page: EventPage, draft: Any) -> Iterable[Block]:
    body = draft.body
    against = (
        "" if body.against is None else names_of(tx, [party_id(body.against)]).party(party_id(body.against))
    )
    yield Fields(
        [
            [("措施", MEASURES[body.action].zh), ("当事人", against)],
            [("法律依据", body.legal_basis or "")],
            [("理由", body.reason or "")],
        ]
    )
    yield Heading("财物清单")
    rows = [
        (str(n), f"{_numbers([each])} 号盘（卷）", f"{each[1] - each[0] + 1} 盘", "")
        for n, each in enumerate(body.units, start=1)
    ]
    if body.length_mm is not None:
        rows.append((str(len(rows) + 1), "散装", _metres(body.length_mm), ""))
    rows += [(str(n), "", "", "") for n in range(len(rows) + 1, max(len(rows), 5) + 1)]
    yield Table(("序号", "名称、编号", "数量", "备注"), (10, 44, 20, 26), rows, frozenset({0}))
    yield Signatures(
        ("当事人（签名或盖章）", "执法人员（签名、执法证号）", "执法人员（签名、执法证号）", "保管人（签名）")
    )


def _record(_tx: Connection, page: EventPage, _draft: Any) -> Iterable[Block]:
    yield Heading(page.happening.title.zh)
    yield Paragraph(page.happening.what.zh)
    if page.happening.documents:
        rows = [(each.name, each.sha256) for each in page.happening.documents]
        yield Table(("附件", "SHA-256"), (40, 60), rows)
    yield Room(2)


_PAPERS: Mapping[str, tuple[str, Callable[[Connection, EventPage, Any], Iterable[Block]]]] = {
    "inspection": ("现场检查笔录", _inspection),
    "sampling": ("抽样单", _sampling),
    "served": ("监督抽查结果告知书", _served),
    "measure": ("财物清单", _measure),
}


def _units(body: Any) -> list[list[Field]]:
    return [[("涉及的盘（卷）", _numbers(body.units))]] if body.units else []


def _numbers(units: Iterable[Any]) -> str:
    return format_units([UnitRange(first, last) for first, last in units])


def _metres(length_mm: int | None) -> str:
    return "" if length_mm is None else f"{show_metres(length_mm)} 米"


def _day(day: Any) -> str:
    return "" if day is None else str(day)
