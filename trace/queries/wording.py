"""What an event says, in one line and both languages; pure, one function for each kind.

A line names units, metres, numbers and parties. It never holds a price, nor the name of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..alerts.rules_of_checks import CHECK_RULES
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..intake.recorded import Recorded
from ..model.bodies import Measurement
from ..model.case_path import CASE_STEPS, LEAD_STEPS
from ..model.commitments import COMMITMENTS, commitment_called
from ..model.discipline import DISCIPLINE_STEPS, grounds
from ..model.discipline import OUTCOMES as DISCIPLINE_OUTCOMES
from ..model.holding import HOLDS
from ..model.kinds import KINDS
from ..model.listings import LISTING_STEPS
from ..model.programmes import PROGRAMME_STEPS
from ..model.quantities import show_metres
from ..model.request_path import REQUEST_STEPS, REQUEST_TYPES
from ..model.rules_of_permission import CERTIFICATE_STATUS, OPINION
from ..model.sample_path import GROUNDS, SAMPLE_STEPS, SEALS, SIDES
from ..model.subjects import CertificateSubject, GrantSubject, OrderSubject
from ..model.values import party_id
from .case_words import (
    ALERT_STEPS,
    CATEGORIES,
    LEAD_REASONS,
    OUTCOMES,
    PENALTIES,
    SERVICES,
    SOURCES,
    SUSPENSIONS,
)
from .certificates import CERTIFICATES
from .names import Names, region_name
from .reports import TYPES, VERDICTS, declared_verdict
from .request_words import REPLY_OUTCOMES

SAMPLINGS: Mapping[str, Text] = {
    "witnessed": Text("见证取样", "witnessed sampling"),
    "supervision": Text("监督抽样", "supervision sampling"),
    "commissioned": Text("委托抽样", "commissioned sampling"),
    "other": Text("其他抽样", "other sampling"),
}


def line_of(event: Recorded, names: Names) -> Text:
    """The event in one line."""
    return _LINES[event.draft.kind](event.draft.body, event.draft.subject, names)


def joined(*parts: Text | None) -> Text:
    """Parts of a line, without those that are missing."""
    there = [part for part in parts if part is not None]
    return Text("，".join(part.zh for part in there), ", ".join(part.en for part in there))


def units_text(ranges: tuple[tuple[int, int], ...]) -> Text | None:
    """``1-40, 55 号盘（卷）``; None for none."""
    if not ranges:
        return None
    text = format_units([UnitRange(first, last) for first, last in ranges])
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return Text(f"{text} 号盘（卷）", f"unit {text}" if single else f"units {text}")


def _metres(length_mm: int | None) -> Text | None:
    return None if length_mm is None else _same(f"{show_metres(length_mm)} m")


def _numbered(zh: str, en: str, number: str | None) -> Text | None:
    return None if number is None else Text(f"{zh} {number}", f"{en} {number}")


def _same(text: str) -> Text:
    return Text(text, text)


def _at(body: Any, names: Names) -> Text | None:
    return None if body.project is None else _same(names.project(body.project.id))


def _unit(number: int | None) -> Text | None:
    return None if number is None else units_text(((number, number),))


def _production(body: Any, _: Any, __: Names) -> Text:
    count = sum(group.last - group.first + 1 for group in body.units)
    return joined(
        Text(f"生产 {show_metres(body.length_mm)} m", f"{show_metres(body.length_mm)} m produced"),
        Text(f"{count} 盘（卷）", f"{count} units") if count else None,
        _numbered("散装", "loose:", None if body.loose_mm is None else f"{show_metres(body.loose_mm)} m"),
    )


def _reservation(body: Any, _: Any, __: Names) -> Text:
    return joined(
        Text(f"预留 {body.count} 个追溯码", f"{body.count} codes reserved"),
        Text(f"每码至 {body.units} 号盘", f"units 1 to {body.units} of each"),
        Text(f"有效期至 {body.valid_to}", f"until {body.valid_to}"),
        None if body.note is None else _same(body.note),
    )


REPRINTS: Mapping[str, Text] = {
    "damaged": Text("标签破损", "label damaged"),
    "lost": Text("标签丢失", "label lost"),
    "misprint": Text("打印有误", "misprint"),
    "other": Text("其他原因", "another reason"),
}


PRINTED: Mapping[str, Text] = {
    "labels": Text("打印标签", "labels printed"),
    "codes": Text("取出追溯码清单自行打印", "list of codes taken for printing"),
}
PRINTED_AGAIN: Mapping[str, Text] = {
    "labels": Text("补打标签", "labels printed again"),
    "codes": Text("再次取出追溯码清单", "list of codes taken again"),
}


def _labelling(body: Any, _: Any, __: Names) -> Text:
    return joined(
        PRINTED[body.output] if body.reason is None else PRINTED_AGAIN[body.output],
        units_text(body.units),
        None if body.copies == 1 else Text(f"每盘 {body.copies} 份", f"{body.copies} copies of each"),
        None if body.reason is None else REPRINTS[body.reason],
        None if body.note is None else _same(body.note),
    )


def _testing(body: Any, _: Any, __: Names) -> Text:
    verdict = VERDICTS[declared_verdict(body)]
    return joined(
        Text(f"{TYPES[body.type].zh}报告 {body.report}", f"{TYPES[body.type].en}, report {body.report}"),
        _unit(body.sampled_unit),
        Text(f"{len(body.items)} 个检测值", f"{len(body.items)} values"),
        Text(f"报告结论：{verdict.zh}", f"the report says: {verdict.en}"),
    )


def _dispatch(body: Any, _: Any, names: Names) -> Text:
    to, where = names.party(party_id(body.to)), region_name(body.region)
    return joined(
        Text(f"发往{to}（{where.zh}）", f"to {to} ({where.en})"),
        units_text(body.units),
        _metres(body.length_mm),
        _numbered("发货单", "delivery note", body.delivery_note),
        _numbered("订单", "order", body.order),
    )


def _receipt(body: Any, _: Any, names: Names) -> Text:
    sender = None if body.sender is None else names.party(party_id(body.sender))
    return joined(
        Text("收货", "received") if sender is None else Text(f"收自{sender}", f"received from {sender}"),
        units_text(body.units),
        _metres(body.length_mm),
        _at(body, names),
        _numbered("发货单", "delivery note", body.delivery_note),
        _measured(body.measurements),
        None if body.differences is None else Text("有差异说明", "with differences"),
    )


def _acceptance(body: Any, _: Any, names: Names) -> Text:
    result = Text("验收接收", "accepted") if body.result == "accept" else Text("验收拒收", "rejected")
    return joined(
        result,
        _at(body, names),
        units_text(body.units),
        _numbered("验收单", "acceptance", body.number),
        _measured(body.measurements),
    )


#: Drums that a line names with what they measured; the event's own page has them all.
_MEASURED_SHOWN = 3


def _measured(measurements: Sequence[Measurement]) -> Text | None:
    if not measurements:
        return None
    each = [(one.unit, show_metres(one.length_mm)) for one in measurements[:_MEASURED_SHOWN]]
    more = len(measurements) - len(each)
    zh = "、".join(f"{unit} 号 {metres} m" for unit, metres in each)
    en = ", ".join(f"unit {unit} {metres} m" for unit, metres in each)
    return Text(
        f"实测 {zh}{f' 等 {len(measurements)} 盘' if more else ''}",
        f"measured: {en}{f' and {more} more' if more else ''}",
    )


def _supervision(body: Any, _: Any, names: Names) -> Text:
    opinion = OPINION[body.opinion]
    return joined(
        Text(f"监理意见：{opinion.zh}", f"the supervisor's opinion: {opinion.en}"),
        _at(body, names),
        units_text(body.units),
        _numbered("监理单", "number", body.number),
        _numbered("封样", "seal", body.seal),
    )


def _use(body: Any, _: Any, names: Names) -> Text:
    return joined(
        Text(
            f"{'拆除' if body.removed else '使用'} {show_metres(body.length_mm)} m",
            f"{show_metres(body.length_mm)} m {'removed and scrapped' if body.removed else 'used'}",
        ),
        _unit(body.unit),
        _at(body, names),
        _numbered("回路", "circuit", body.circuit),
        _numbered("使用单", "number", body.number),
    )


def _sampling(body: Any, _: Any, __: Names) -> Text:
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    return joined(
        SAMPLINGS[body.type],
        _unit(body.unit),
        Text(f"取样 {show_metres(cut_mm)} m", f"{show_metres(cut_mm)} m cut") if cut_mm else None,
        _numbered("抽样单", "number", body.number),
        _numbered("封样", "seal", body.seal),
    )


def _party(body: Any, _: Any, __: Names) -> Text:
    return _same(body.name)


def _certificate(body: Any, subject: Any, names: Names) -> Text:
    kind, status = CERTIFICATES[body.type], CERTIFICATE_STATUS[body.status]
    period = f"{body.validity.valid_from} – {body.validity.valid_to}"
    number = f" {subject.certificate.number}" if isinstance(subject, CertificateSubject) else ""
    return joined(
        Text(f"{kind.zh}{number}", f"{kind.en}{number}"),
        status,
        _same(period),
        _issued_by(body, names),
    )


def _issued_by(body: Any, names: Names) -> Text | None:
    issuer = body.issuer if body.issued_by is None else names.party(party_id(body.issued_by))
    return None if issuer is None else Text(f"{issuer}颁发", f"issued by {issuer}")


def _product(body: Any, subject: Any, _: Names) -> Text:
    return joined(_same(subject.product.number), _same(body.name), _same(body.designation))


def _project(body: Any, subject: Any, _: Names) -> Text:
    return joined(_same(subject.project.number), _same(body.name), region_name(body.region))


def _key(body: Any, _: Any, __: Names) -> Text:
    period = f"{body.validity.valid_from} – {body.validity.valid_to}"
    return Text(f"签名公钥，{period}", f"signing key, {period}")


def grant_line(body: Any, subject: Any, names: Names) -> Text:
    """What a grant says; of the right version in a correction, which names no parties, without these."""
    zh, en = (
        "、".join(KINDS[kind].zh for kind in body.kinds),
        ", ".join(KINDS[kind].en for kind in body.kinds),
    )
    enter = Text(f"代录：{zh}", f"enter: {en}") if body.kinds else None
    what = joined(enter, _reads(body.reads, names))
    until = Text(f"至 {body.validity.valid_to}", f"until {body.validity.valid_to}")
    if not isinstance(subject, GrantSubject):
        return joined(Text(f"可{what.zh}", f"may {what.en}"), until)
    grantor, grantee = (names.party(party_id(ref)) for ref in (subject.grant.grantor, subject.grant.grantee))
    return joined(Text(f"{grantor}授权{grantee}{what.zh}", f"{grantor} lets {grantee} {what.en}"), until)


def _reads(reads: Any, names: Names) -> Text | None:
    """What may be read, in words; None for nothing."""
    if reads is None:
        return None
    codes = [BatchCode(code[:-1]).printed for code in reads.batches]
    goods = [Text(f"无码货物 {id_[:8]}", f"uncoded goods {id_[:8]}") for id_ in reads.goods]
    projects = [Text(f"项目 {ref.number}", f"project {ref.number}") for ref in reads.projects]
    places = [region_name(region) for region in reads.regions]
    parties = [names.party(party_id(ref)) for ref in reads.parties]
    said = [Text(each, each) for each in (*codes, *parties)] + goods + projects + places
    return Text(f"查阅：{'、'.join(t.zh for t in said)}", f"read: {', '.join(t.en for t in said)}")


def _order(body: Any, subject: Any, names: Names) -> Text:
    supplier, buyer = names.party(party_id(body.supplier)), names.party(party_id(body.buyer))
    total_mm = sum(item.length_mm for item in body.items)
    return joined(
        _numbered("订单", "order", subject.order.number if isinstance(subject, OrderSubject) else None),
        Text(f"{buyer}向{supplier}订货", f"{buyer} orders from {supplier}"),
        Text(
            f"{len(body.items)} 项，共 {show_metres(total_mm)} m",
            f"{len(body.items)} items of {show_metres(total_mm)} m",
        ),
        _due(item.due for item in body.items),
        _at(body, names),
    )


def _due(days: Iterable[date | None]) -> Text | None:
    agreed = sorted({day for day in days if day is not None})
    if not agreed:
        return None
    span = str(agreed[0]) if len(agreed) == 1 else f"{agreed[0]} – {agreed[-1]}"
    return Text(f"交货期 {span}", f"due {span}")


REASONS: Mapping[str, Text] = {
    "recall": Text("召回退回", "recalled"),
    "quality": Text("质量问题", "quality"),
    "surplus": Text("余料", "surplus"),
    "wrong-goods": Text("发错货", "wrong goods"),
    "damage": Text("损坏", "damage"),
    "offcut": Text("短头料", "offcut"),
    "decision": Text("依处理决定", "by decision"),
    "other": Text("其他原因", "another reason"),
}
BUYERS: Mapping[str, Text] = {
    "household": Text("售给家庭", "sold to a household"),
    "business": Text("售给单位", "sold to a business"),
    "unknown": Text("售给不详的买方", "sold to an unknown buyer"),
}
LEVELS: Mapping[str, Text] = {
    "nation": Text("国家", "nation"),
    "province": Text("省", "province"),
    "city": Text("市", "city"),
    "county": Text("县（区）", "county"),
}
INSPECTIONS: Mapping[str, Text] = {
    "routine": Text("日常检查", "routine inspection"),
    "unannounced": Text("突击检查", "unannounced inspection"),
    "complaint": Text("投诉举报核查", "inspection after a complaint"),
    "recheck": Text("复查", "re-check"),
    "site": Text("现场检查", "inspection of a site"),
    "other": Text("其他检查", "another inspection"),
}
TOPICS: Mapping[str, Text] = {
    "standard": Text("标准宣贯", "standards explained"),
    "process": Text("工艺与原材料", "process and materials"),
    "testing": Text("检验检测", "testing"),
    "certification": Text("许可与认证", "licences and certification"),
    "management": Text("质量管理", "quality management"),
    "other": Text("其他帮扶", "other help"),
}
CREDIT_CLASSES: Mapping[str, Text] = {
    "A": Text("A 类，信用风险低", "class A, low credit risk"),
    "B": Text("B 类，信用风险一般", "class B, moderate credit risk"),
    "C": Text("C 类，信用风险较高", "class C, raised credit risk"),
    "D": Text("D 类，信用风险高", "class D, high credit risk"),
}
RESULTS: Mapping[str, Text] = {
    "no-problem": Text("未发现问题", "no problem found"),
    "rectify": Text("责令改正", "to be put right"),
    "case": Text("转立案核查", "to be investigated"),
}
#: What becomes of a problem that an inspection found.
STEPS: Mapping[str, Text] = {
    "reported": Text("已整改，待复查", "put right, to be re-checked"),
    "closed": Text("复查合格，销号", "re-checked and closed"),
    "not-fixed": Text("复查不合格", "not fixed"),
    "extended": Text("延期", "put off"),
    "case": Text("转立案核查", "to be investigated"),
}
MEASURES: Mapping[str, Text] = {
    **{name: HOLDS[name] for name in ("register", "seal", "seize", "confiscate")},
    "extend": Text("延长期限", "extended"),
    "test": Text("检测期间不计入", "days of a test do not count"),
    "release": Text("解除措施", "released"),
}
REPLIES: Mapping[str, Text] = {
    "none-found": Text("未发现涉及货物", "no such goods found"),
    "under-watch": Text("继续观察", "under watch"),
    "use-stopped": Text("已停止使用", "use stopped"),
    "replaced": Text("已更换", "replaced"),
    "removed": Text("已拆除", "removed"),
    "returned": Text("已退回", "returned"),
    "accepted": Text("已受理", "taken up"),
    "not-accepted": Text("不予受理", "not taken up"),
    "mediated": Text("已调解", "mediated"),
    "transferred": Text("已转有关部门", "transferred"),
    "closed": Text("已办结", "closed"),
    "other": Text("其他处置", "dealt with otherwise"),
}


def _split(body: Any, _: Any, __: Names) -> Text:
    cut_mm = sum(piece.length_mm for piece in body.pieces)
    pieces = units_text(tuple((piece.unit, piece.unit) for piece in body.pieces))
    assert pieces is not None
    return joined(
        Text(
            f"{body.unit} 号盘分切出 {show_metres(cut_mm)} m",
            f"{show_metres(cut_mm)} m cut off unit {body.unit}",
        ),
        Text(f"成为 {pieces.zh}", f"now {pieces.en}"),
        _numbered("损耗", "scrap:", None if body.scrap_mm is None else f"{show_metres(body.scrap_mm)} m"),
    )


def _return(body: Any, _: Any, names: Names) -> Text:
    to = names.party(party_id(body.to))
    return joined(
        Text(f"退回{to}（{region_name(body.region).zh}）", f"back to {to} ({region_name(body.region).en})"),
        units_text(body.units),
        _metres(body.length_mm),
        REASONS[body.reason],
        _numbered("退货单", "delivery note", body.delivery_note),
    )


def _disposal(body: Any, _: Any, __: Names) -> Text:
    return joined(
        Text("报废", "scrapped"), units_text(body.units), _unit(body.unit), _metres(body.length_mm),
        REASONS[body.reason], _numbered("报废单", "number", body.number),
    )  # fmt: skip


def _sale(body: Any, _: Any, __: Names) -> Text:
    return joined(
        BUYERS[body.buyer], units_text(body.units), _unit(body.unit), _metres(body.length_mm),
        _numbered("销售单", "number", body.number),
    )  # fmt: skip


def _inspection(body: Any, _: Any, __: Names) -> Text:
    failed = sum(item.result == "fail" for item in body.checklist)
    return joined(
        INSPECTIONS[body.type],
        RESULTS[body.result],
        Text(f"{failed} 项不符合", f"{failed} items failed") if failed else None,
        Text(f"{len(body.defects)} 个问题", f"{len(body.defects)} problems") if body.defects else None,
        units_text(body.units),
        _numbered("检查记录", "number", body.number),
    )


def _technical_help(body: Any, _: Any, __: Names) -> Text:
    return joined(
        TOPICS[body.topic],
        None if body.text is None else _same(body.text),
        _numbered("记录", "number", body.number),
    )


def _credit_class(body: Any, _: Any, __: Names) -> Text:
    return joined(
        CREDIT_CLASSES[body.letter],
        _same(body.source),
        _numbered("编号", "number", body.number),
    )


def _monthly_form(body: Any, _: Any, __: Names) -> Text:
    return Text(f"统计截至账本第 {body.counted_at} 条", f"counted as of entry {body.counted_at}")


def _visit_plan(body: Any, _: Any, __: Names) -> Text:
    return joined(
        INSPECTIONS[body.type],
        Text(f"{body.opens_on} 至 {body.closes_on}", f"{body.opens_on} to {body.closes_on}"),
        _numbered("计划", "number", body.number),
    )


def _sampling_plan(body: Any, _: Any, __: Names) -> Text:
    return joined(
        LEVELS[body.level],
        _same("、".join(body.products)),
        Text(f"{len(body.candidates)} 家中抽 {body.count} 家", f"{body.count} of {len(body.candidates)}"),
        _numbered("方案", "number", body.number),
    )


def _sampling_draw(body: Any, _: Any, __: Names) -> Text:
    substitutes = "、".join(body.substitutes)
    return joined(
        Text(f"抽中 {'、'.join(body.drawn)}", f"drawn: {', '.join(body.drawn)}"),
        Text(f"候补 {substitutes}", f"substitutes: {substitutes}") if substitutes else None,
    )


def _sample_step(body: Any, _: Any, names: Names) -> Text:
    to = body.to_name if body.to is None else names.party(party_id(body.to))
    return joined(
        SAMPLE_STEPS[body.step],
        None if to is None else _same(to),
        None if body.side is None else SIDES[body.side],
        None if body.seal is None else SEALS[body.seal],
        None if body.result is None else VERDICTS[body.result],
        None if body.ground is None else GROUNDS[body.ground],
        None if body.kept_at is None else _same(body.kept_at),
        None if body.text is None else _same(body.text),
        _numbered("编号", "number", body.number),
    )


def _rectification(body: Any, _: Any, __: Names) -> Text:
    return joined(
        Text(f"第 {body.defect} 项问题", f"problem {body.defect}"),
        STEPS[body.step],
        None if body.due is None else Text(f"期限 {body.due}", f"by {body.due}"),
        _same(body.text),
    )


def _measure(body: Any, _: Any, names: Names) -> Text:
    against = None if body.against is None else names.party(party_id(body.against))
    return joined(
        MEASURES[body.action],
        units_text(body.units),
        _metres(body.length_mm),
        None if body.days is None else Text(f"{body.days} 日", f"{body.days} days"),
        None if against is None else Text(f"当事人{against}", f"at {against}"),
        _numbered("文书号", "number", body.number),
        _numbered("针对", "about", body.of),
    )


def _recall(body: Any, _: Any, __: Names) -> Text:
    begins = Text("责令召回", "recall ordered") if body.ordered else Text("召回", "recall")
    return joined(
        begins if body.phase == "begin" else Text("召回结束", "recall ended"),
        units_text(body.units) or Text("整批", "the whole batch"),
        _same(body.reason),
        _numbered("召回编号", "number", body.number),
    )


def _notice(body: Any, _: Any, names: Names) -> Text:
    to = "、".join(names.party(party_id(ref)) for ref in body.recipients)
    return joined(
        Text(f"通报{to}", f"notice to {to}"), units_text(body.units), _numbered("文号", "number", body.number)
    )


def _notice_reply(body: Any, _: Any, __: Names) -> Text:
    return joined(REPLIES[body.action], _metres(body.length_mm), _same(body.text))


def _complaint(body: Any, _: Any, __: Names) -> Text:
    return joined(Text("收到投诉", "complaint received"), _unit(body.unit))


def _report(body: Any, _: Any, __: Names) -> Text:
    return joined(Text("收到举报", "report received"), _unit(body.unit))


FOUND: Mapping[str, Text] = {
    "confirmed": Text("确认有复制品或假码", "copies or false codes confirmed"),
    "dismissed": Text("排除", "dismissed"),
}


def _alert(body: Any, _: Any, __: Names) -> Text:
    return joined(
        CHECK_RULES[body.rule].title,
        _unit(body.unit),
        Text(f"{len(body.seen)} 处", f"{len(body.seen)} places") if body.seen else None,
        Text(f"{body.codes} 个假码", f"{body.codes} false codes") if body.codes else None,
        Text(f"{body.mistyped} 个错码", f"{body.mistyped} wrong codes") if body.mistyped else None,
    )


def _alert_finding(body: Any, _: Any, __: Names) -> Text:
    return joined(FOUND[body.result], _same(body.text))


def _alert_step(body: Any, subject: Any, names: Names) -> Text:
    return joined(
        ALERT_STEPS[body.step],
        None if body.to is None else Text(names.party(party_id(body.to)), names.party(party_id(body.to))),
        None if body.text is None else _same(body.text),
        Text(f"预警序号 {subject.index}", f"alert of entry {subject.index}"),
    )


def _calendar(body: Any, subject: Any, _: Names) -> Text:
    return joined(
        Text(f"{subject.year} 年放假安排", f"days off of {subject.year}"),
        Text(f"平日放假 {len(body.off)} 天，周末上班 {len(body.worked)} 天", f"{len(body.off)} weekdays off, {len(body.worked)} weekend days worked"),
        _numbered("通知", "notice", body.notice),
    )  # fmt: skip


def _lead(body: Any, _: Any, __: Names) -> Text:
    return joined(SOURCES[body.source], _same(body.text), _numbered("线索编号", "number", body.number))


def _lead_step(body: Any, _: Any, names: Names) -> Text:
    return joined(LEAD_STEPS[body.step], *_of_step(body, LEAD_REASONS, names))


def _case(body: Any, _: Any, __: Names) -> Text:
    return joined(CATEGORIES[body.category], _same(body.text), _numbered("案号", "number", body.number))


def _case_step(body: Any, _: Any, names: Names) -> Text:
    outcome = None if body.outcome is None else OUTCOMES[body.outcome]
    penalties = [PENALTIES[each] for each in body.penalties]
    served = None if body.served_by is None else SERVICES[body.served_by]
    until = None if body.until is None else Text(f"延长到 {body.until}", f"until {body.until}")
    return joined(
        CASE_STEPS[body.step], outcome, *penalties, served, until, *_of_step(body, SUSPENSIONS, names)
    )


def _of_step(body: Any, reasons: Mapping[str, Text], names: Names) -> tuple[Text | None, ...]:
    to = body.to_name if body.to is None else names.party(party_id(body.to))
    return (
        None if body.reason is None else reasons[body.reason],
        None if to is None else Text(f"给{to}", f"to {to}"),
        None if body.text is None else _same(body.text),
        _numbered("文号", "number", body.number),
    )


def _programme(body: Any, _: Any, __: Names) -> Text:
    return joined(
        _same(body.name),
        Text(f"{len(body.phases)} 个阶段，{len(body.tasks)} 项任务", f"{len(body.phases)} phases, {len(body.tasks)} tasks"),
        _numbered("文号", "number", body.number),
    )  # fmt: skip


def _programme_step(body: Any, _: Any, names: Names) -> Text:
    unit = None if body.unit is None else names.party(party_id(body.unit))
    return joined(
        PROGRAMME_STEPS[body.step],
        None if body.task is None else Text(f"任务 {body.task}", f"task {body.task}"),
        None if unit is None else Text(f"代{unit}", f"for {unit}"),
        _same(body.text),
    )


def _self_check(body: Any, _: Any, __: Names) -> Text:
    failed = sum(item.result == "fail" for item in body.checklist)
    open_ = sum(each.put_right_on is None for each in body.problems)
    return joined(
        Text(f"{len(body.checklist)} 项", f"{len(body.checklist)} items") if body.checklist else None,
        Text(f"{failed} 项不符合", f"{failed} items failed") if failed else None,
        Text(f"{len(body.problems)} 个问题，{open_} 个未整改", f"{len(body.problems)} problems, {open_} not put right") if body.problems else None,
        None if body.findings is None else _same(body.findings),
    )  # fmt: skip


def _commitment(body: Any, _: Any, __: Names) -> Text:
    text = commitment_called(body.form)
    return joined(
        None if text is None else COMMITMENTS[text.of],
        Text(f"版本 {body.form}", f"version {body.form}"),
    )


def _listing(body: Any, _: Any, names: Names) -> Text:
    unit = names.party(party_id(body.unit))
    return joined(
        _same(body.name),
        Text(f"责任机构{unit}", f"responsible: {unit}"),
        Text(f"期限 {body.due}", f"by {body.due}"),
        _same(body.reason),
        _numbered("文号", "number", body.number),
    )


def _listing_step(body: Any, _: Any, names: Names) -> Text:
    to = None if body.to is None else names.party(party_id(body.to))
    return joined(
        LISTING_STEPS[body.step],
        None if body.due is None else Text(f"期限 {body.due}", f"by {body.due}"),
        None if to is None else Text(f"给{to}", f"to {to}"),
        _same(body.text),
    )


def _discipline(body: Any, _: Any, __: Names) -> Text:
    return joined(
        next(each.title for each in grounds() if each.code == body.ground),
        Text(f"移送{body.organ}", f"to {body.organ}"),
        _numbered("编号", "number", body.number),
    )


def _discipline_step(body: Any, _: Any, __: Names) -> Text:
    return joined(
        DISCIPLINE_STEPS[body.step],
        None if body.outcome is None else DISCIPLINE_OUTCOMES[body.outcome],
        None if body.text is None else _same(body.text),
        _numbered("文号", "number", body.number),
    )


def _request(body: Any, _: Any, names: Names) -> Text:
    to = body.to_name if body.to is None else names.party(party_id(body.to))
    return joined(
        REQUEST_TYPES[body.type],
        Text(f"发给{to}", f"to {to}"),
        region_name(body.region),
        _numbered("文号", "number", body.number),
    )


def _request_step(body: Any, _: Any, __: Names) -> Text:
    return joined(
        REQUEST_STEPS[body.step],
        None if body.outcome is None else REPLY_OUTCOMES[body.outcome],
        None if body.until is None else Text(f"延长到 {body.until}", f"until {body.until}"),
        None if body.text is None else _same(body.text),
        None
        if body.copy_to_name is None
        else Text(f"抄送{body.copy_to_name}", f"copy to {body.copy_to_name}"),
        _numbered("文号", "number", body.number),
    )


def _confirmation(body: Any, _: Any, __: Names) -> Text:
    return Text("确认", "confirmed") if body.result == "confirmed" else Text("否认", "denied")


def _alias(body: Any, _: Any, names: Names) -> Text:
    if body.code is not None:
        return joined(Text(f"又名 {body.code}", f"also called {body.code}"), _unit(body.unit))
    if body.party is not None:
        who = names.party(party_id(body.party))
        return Text(f"即{who}", f"is {who}")
    ref = body.batch
    which = ref.code or ref.lot
    return Text(f"即批次 {which}", f"is of batch {which}")


def _correction(body: Any, subject: Any, names: Names) -> Text:
    kind = KINDS[subject.kind]
    if body.void:
        return joined(Text(f"原「{kind.zh}」作废", f"the {kind.en} is void"), _same(body.reason))
    right = _LINES[subject.kind](body.right, subject, names)
    return joined(Text(f"更正为：{right.zh}", f"should be: {right.en}"), _same(body.reason))


def _erasure(body: Any, _: Any, __: Names) -> Text:
    count = len(body.pointers)
    return Text(f"删除 {count} 处个人信息", f"personal data erased at {count} places")


def _read(body: Any, _: Any, names: Names) -> Text:
    grantor = None if body.grantor is None else names.party(party_id(body.grantor))
    return joined(
        Text(f"{body.day} 跨区查阅", f"read across regions on {body.day}"),
        None if grantor is None else Text(f"经{grantor}授权", f"granted by {grantor}"),
        Text(f"依据：{body.ground}", f"ground: {body.ground}"),
        _numbered("案号", "case", body.case),
    )


def _statement(body: Any, _: Any, __: Names) -> Text:
    return joined(
        Text("提取证据", "evidence taken"),
        Text("全部历史", "the whole history") if body.whole else None,
        Text(f"案由：{body.ground}", f"ground: {body.ground}"),
        _numbered("案号", "case", body.case),
    )


_LINES: Mapping[str, Callable[[Any, Any, Names], Text]] = {
    "party": _party,
    "certificate": _certificate,
    "product": _product,
    "project": _project,
    "key": _key,
    "grant": grant_line,
    "order": _order,
    "reservation": _reservation,
    "production": _production,
    "labelling": _labelling,
    "testing": _testing,
    "dispatch": _dispatch,
    "receipt": _receipt,
    "acceptance": _acceptance,
    "supervision": _supervision,
    "use": _use,
    "sampling": _sampling,
    "split": _split,
    "return": _return,
    "disposal": _disposal,
    "sale": _sale,
    "inspection": _inspection,
    "visit-plan": _visit_plan,
    "monthly-form": _monthly_form,
    "technical-help": _technical_help,
    "credit-class": _credit_class,
    "rectification": _rectification,
    "sampling-plan": _sampling_plan,
    "sampling-draw": _sampling_draw,
    "sample-step": _sample_step,
    "measure": _measure,
    "recall": _recall,
    "notice": _notice,
    "notice-reply": _notice_reply,
    "complaint": _complaint,
    "report": _report,
    "alert": _alert,
    "alert-finding": _alert_finding,
    "alert-step": _alert_step,
    "calendar": _calendar,
    "lead": _lead,
    "lead-step": _lead_step,
    "case": _case,
    "case-step": _case_step,
    "request": _request,
    "request-step": _request_step,
    "programme": _programme,
    "programme-step": _programme_step,
    "self-check": _self_check,
    "commitment": _commitment,
    "listing": _listing,
    "listing-step": _listing_step,
    "discipline": _discipline,
    "discipline-step": _discipline_step,
    "confirmation": _confirmation,
    "alias": _alias,
    "correction": _correction,
    "erasure": _erasure,
    "read": _read,
    "statement": _statement,
}
