"""What an event says, in one line and both languages; pure, one function for each kind.

A line names units, metres, numbers and parties. It never holds a price, nor the name of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..codes.certificate_number import CertificateKind
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..intake.recorded import Recorded
from ..model.drafts import KINDS, party_id
from ..model.quantities import show_metres
from ..model.rules import CERTIFICATE_STATUS, OPINION
from .names import Names, region_name
from .reports import TYPES, VERDICTS, declared_verdict

_SAMPLINGS: Mapping[str, Text] = {
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
    )


def _receipt(body: Any, _: Any, names: Names) -> Text:
    sender = None if body.sender is None else names.party(party_id(body.sender))
    return joined(
        Text("收货", "received") if sender is None else Text(f"收自{sender}", f"received from {sender}"),
        units_text(body.units),
        _metres(body.length_mm),
        _at(body, names),
        _numbered("发货单", "delivery note", body.delivery_note),
        None if body.differences is None else Text("有差异说明", "with differences"),
    )


def _acceptance(body: Any, _: Any, names: Names) -> Text:
    result = Text("验收接收", "accepted") if body.result == "accept" else Text("验收拒收", "rejected")
    measured = len(body.measurements)
    return joined(
        result,
        _at(body, names),
        units_text(body.units),
        _numbered("验收单", "acceptance", body.number),
        Text(f"实测 {measured} 盘", f"{measured} measured") if measured else None,
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
        Text(f"使用 {show_metres(body.length_mm)} m", f"{show_metres(body.length_mm)} m used"),
        _unit(body.unit),
        _at(body, names),
        _numbered("回路", "circuit", body.circuit),
        _numbered("使用单", "number", body.number),
    )


def _sampling(body: Any, _: Any, __: Names) -> Text:
    cut_mm = (body.length_mm or 0) + (body.reserve_mm or 0)
    return joined(
        _SAMPLINGS[body.type],
        _unit(body.unit),
        Text(f"取样 {show_metres(cut_mm)} m", f"{show_metres(cut_mm)} m cut") if cut_mm else None,
        _numbered("抽样单", "number", body.number),
        _numbered("封样", "seal", body.seal),
    )


def _party(body: Any, _: Any, __: Names) -> Text:
    return _same(body.name)


def _certificate(body: Any, subject: Any, _: Names) -> Text:
    kind, status = CertificateKind(body.type).text, CERTIFICATE_STATUS[body.status]
    period = f"{body.validity.valid_from} – {body.validity.valid_to}"
    return joined(
        Text(f"{kind.zh} {subject.certificate.number}", f"{kind.en} {subject.certificate.number}"),
        status,
        _same(period),
    )


def _product(body: Any, subject: Any, _: Names) -> Text:
    return joined(_same(subject.product.number), _same(body.name), _same(body.designation))


def _project(body: Any, subject: Any, _: Names) -> Text:
    return joined(_same(subject.project.number), _same(body.name), region_name(body.region))


def _key(body: Any, _: Any, __: Names) -> Text:
    period = f"{body.validity.valid_from} – {body.validity.valid_to}"
    return Text(f"签名公钥，{period}", f"signing key, {period}")


def _grant(body: Any, subject: Any, names: Names) -> Text:
    grantor, grantee = (names.party(party_id(ref)) for ref in (subject.grant.grantor, subject.grant.grantee))
    return Text(
        f"{grantor}授权{grantee}代录：{'、'.join(KINDS[kind].zh for kind in body.kinds)}",
        f"{grantor} lets {grantee} enter: {', '.join(KINDS[kind].en for kind in body.kinds)}",
    )


def _order(body: Any, subject: Any, names: Names) -> Text:
    supplier, buyer = names.party(party_id(body.supplier)), names.party(party_id(body.buyer))
    total_mm = sum(item.length_mm for item in body.items)
    return joined(
        Text(f"订单 {subject.order.number}", f"order {subject.order.number}"),
        Text(f"{buyer}向{supplier}订货", f"{buyer} orders from {supplier}"),
        Text(
            f"{len(body.items)} 项，共 {show_metres(total_mm)} m",
            f"{len(body.items)} items of {show_metres(total_mm)} m",
        ),
        _at(body, names),
    )


_LINES: Mapping[str, Callable[[Any, Any, Names], Text]] = {
    "party": _party,
    "certificate": _certificate,
    "product": _product,
    "project": _project,
    "key": _key,
    "grant": _grant,
    "order": _order,
    "production": _production,
    "testing": _testing,
    "dispatch": _dispatch,
    "receipt": _receipt,
    "acceptance": _acceptance,
    "supervision": _supervision,
    "use": _use,
    "sampling": _sampling,
}
