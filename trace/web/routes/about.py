"""What a form is about, as the visitor may see it: a batch, uncoded goods, a party, a project, a certificate, or an event to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from ...auth.policy import Action, Reach, Role
from ...codes.trace_code import BatchCode, UnitCode, batch_code_in, code_in
from ...errors import InputError, Text
from ...http.failures import not_found
from ...intake.recorded import read_recorded
from ...ledger.store import read_rows_by_id
from ...queries.alerts import alert_rows
from ...queries.batch import BatchPage as Reading
from ...queries.batch import batch_page
from ...queries.events import event_page
from ...queries.goods import goods_page
from ...queries.inspections import defects_of
from ...queries.public import check_code, goods_named
from ...queries.registry import certificate_page, party_page, project_page
from ...queries.submissions import submission_page
from ...queries.unit import NOT_ISSUED
from ...registry import register
from ..blanks import Typed
from ..recordable import OF_NEW_GOODS, Thing
from .visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a form is about. ``href`` is its page, where the reader is led when it was recorded; ``back`` where it is led
    if it is not, where that is another one. ``code`` as printed; ``said``: the unit that the address named, or the text
    that is answered; ``begun``: members of the body that stand before anything is typed."""

    thing: Thing | None
    subject: Mapping[str, Any]
    href: str
    name: str
    line: Text
    back: str = ""
    code: str = ""
    said: str = ""
    batch: Reading | None = None
    region: str = ""
    begun: Mapping[str, Any] = field(default_factory=dict)


#: Finds what a form is about, as the visitor may see it; what came back may name it.
Find = Callable[[Visit, Typed], About]


def of_batch(visit: Visit, kind: str, code: str, today: date, keys: Mapping[int, bytes]) -> About:
    """A batch that is open to the visitor; for a report, also one whose label the visitor has (`_by_label`)."""
    found = batch_page(visit.tx, visit.actor, code, today=today)
    if found is None:
        by_label = _by_label(visit, code, today, keys) if kind in BY_LABEL else None
        if by_label is None:
            raise not_found("此批次", "this batch", code)
        return by_label
    asked = code_in(code)
    if isinstance(asked, UnitCode) and goods_named(visit.tx, code, keys) is None:
        raise InputError.of("wrong-trace-code", NOT_ISSUED.word.zh, NOT_ISSUED.word.en, came=asked.printed)
    unit = asked.unit if isinstance(asked, UnitCode) else None
    return About(
        thing="batch",
        subject={"batch": {"code": found.code}},
        href=f"/batches/{found.code}",
        name=found.designation,
        line=Text(f"批号 {found.lot} · {found.maker_name}", f"lot {found.lot} · {found.maker_name}"),
        code=found.printed,
        batch=found,
        said="" if unit is None else str(unit),
    )


#: Kinds that somebody records whom nothing has concerned in the batch so far: a laboratory gets a sample, not goods.
BY_LABEL = frozenset({"testing"})


def _by_label(visit: Visit, code: str, today: date, keys: Mapping[int, bytes]) -> About | None:
    """A batch that is not open to the visitor, as anybody reads it who checks the code of its label."""
    label = check_code(visit.tx, code, keys, today=today)
    if label.facts is None or label.alias:
        return None
    facts, batch = label.facts, batch_code_in(code)
    return About(
        thing="batch",
        subject={"batch": {"code": batch.canonical}},
        href=f"/batches/{batch.canonical}",
        name=facts.designation,
        line=Text(f"批号 {facts.lot} · {facts.maker}", f"lot {facts.lot} · {facts.maker}"),
        code=batch.printed,
        back=f"/c/{batch.canonical}",
        said="" if facts.unit is None else str(facts.unit),
    )


def of_new_goods(kind: str, goods: str) -> About:
    if kind not in OF_NEW_GOODS:
        raise not_found("此类表单", "this form", kind)
    return About(
        thing="goods",
        subject={"goods": goods},
        href="/goods",
        name="",
        line=Text("没有追溯码的货物", "goods without a trace code"),
    )


def of_goods(visit: Visit, goods: str) -> About:
    found = goods_page(visit.tx, visit.actor, goods)
    if found is None:
        raise not_found("此货物", "these goods", goods)
    row = found.goods
    return About(
        thing="goods",
        subject={"goods": row.id},
        href=f"/goods/{row.id}",
        name=row.marks,
        line=Text(f"无码货物 · {row.region_name.zh}", f"uncoded goods · {row.region_name.en}"),
        region=row.region,
    )


def of_party(visit: Visit, party: str, today: date) -> About:
    found = party_page(visit.tx, visit.actor, party, today=today)
    if found is None:
        raise not_found("此单位", "this party", party)
    row = found.party
    return About(
        thing="party",
        subject={"party": row.id},
        href=f"/parties/{row.id}",
        name=row.name,
        line=row.region_name,
        region=row.region,
    )


def of_project(visit: Visit, project: str) -> About:
    found = project_page(visit.tx, visit.actor, project)
    if found is None:
        raise not_found("此项目", "this project", project)
    row = found.project
    return About(
        thing="project",
        subject={"project": {"keeper": row.keeper.id, "number": row.number}},
        href=f"/projects/{row.id}",
        name=row.name,
        line=row.region_name,
        region=row.region,
    )


def of_new_certificate(visit: Visit) -> About:
    """A certificate that the visitor's organisation issued and nobody has registered."""
    return About(
        thing="certificate",
        subject={},
        href=f"/certificates?issuer={visit.actor.party}",
        name="",
        line=Text("新证书", "a new certificate"),
        begun=_issued(visit),
    )


def of_certificate(visit: Visit, holder: str, number: str, today: date) -> About:
    """A certificate whose status changes from today on; what it covers, and until when, stays as it was."""
    found = certificate_page(visit.tx, visit.actor, holder, number, today=today)
    if found is None:
        raise not_found("此证书", "this certificate", number)
    card, newest = found.certificate.card, found.periods[-1]
    until = max(card.valid_to or newest.valid_to, today)
    scope = {} if card.scope is None else _members(asdict(card.scope))
    return About(
        thing="certificate",
        subject={"certificate": {"holder": card.holder, "number": card.number}},
        href=f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}",
        name=card.number,
        line=Text(found.certificate.holder_name, found.certificate.holder_name),
        begun={
            "type": newest.type,
            "validity": {"valid_from": today.isoformat(), "valid_to": until.isoformat()},
            **_members({"covers": newest.covers, "scope": scope}),
            **_issued(visit),
        },
    )


def _issued(visit: Visit) -> dict[str, str]:
    return {"issued_by": visit.actor.party} if visit.actor.role is Role.CERTIFIER else {}


def _members(said: Mapping[str, Any]) -> dict[str, Any]:
    """Those of which something is said, as a draft has them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}


def of_alert(visit: Visit, event: str) -> About:
    """An alert from checks, on which an authority records what it found out."""
    page = event_page(visit.tx, visit.actor, event)
    if page is None or page.happening.kind != "alert" or page.batch is None:
        raise not_found("此预警", "this alert", event)
    index, alerts = page.happening.index, alert_rows(visit.tx, visit.actor, batches=[page.batch]).rows
    facts = next((alert.detail for alert in alerts if alert.index == index), None)
    return About(
        thing=None,
        subject={"event": event, "kind": "alert"},
        href=f"/batches/{page.batch}",
        name=BatchCode(page.batch[:-1]).printed,
        line=page.happening.what,
        said="" if facts is None else facts.zh if visit.frame.language == "zh" else facts.en,
    )


def of_defect(visit: Visit, event: str, n: str, today: date) -> About:
    """A problem that an inspection found, of which the visitor records what became."""
    rows = defects_of(visit.tx, visit.actor, event, today=today)
    row = next((each for each in rows if str(each.n) == n and each.may_step), None)
    if row is None:
        raise not_found("此问题", "this problem", n)
    begun = {"defect": row.n, "authority": row.authority.id}
    if row.party is not None:
        begun["party"] = row.party.id
    if visit.actor.reach(Action.RECORD_RECTIFICATION) < Reach.JURISDICTION:
        begun["step"] = "reported"
    return About(
        thing=None,
        subject={"event": event, "kind": row.kind},
        href="/inspections",
        name=row.number or row.text[:60],
        line=row.standing.word,
        said=row.text,
        region=row.region,
        begun=begun,
    )


def of_event(visit: Visit, event: str) -> About:
    """A notice that is answered, or a complaint or report."""
    page = event_page(visit.tx, visit.actor, event)
    if page is None or page.happening.kind not in ("notice", "complaint", "report"):
        raise not_found("此事件", "this event", event)
    kind = page.happening.kind
    body: Any = read_recorded(read_rows_by_id(visit.tx, [event])[event]).draft.body
    href = "/"
    if kind != "notice":
        number = register.submissions(visit.tx, [event])[event].number
        if submission_page(visit.tx, visit.actor, number) is None:
            raise not_found("此事件", "this event", event)
        href = f"/submissions/{number}"
    return About(
        thing=None,
        subject={"event": event, "kind": kind},
        href=href,
        name=f"{page.happening.who} {getattr(body, 'number', '')}".strip(),
        line=page.happening.title,
        said=body.text,
    )
