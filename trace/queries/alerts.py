"""Alerts for those who must act, under the asker's scope, with the words of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from ..alerts import register
from ..alerts.rules import RULES, SEVERITIES, Alert, Severity
from ..alerts.rules_of_checks import CHECK_RULES
from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..codes.trace_code import BatchCode
from ..errors import InputError, Text, shown
from ..model.quantities import LARGEST
from ..model.scope import Scope
from ..model.state import KnownSuspicion
from ..registry import register as register_of_facts
from .answers import Listed, Standing, State, cut
from .names import Names, names_of, region_name
from .visibility import reading

_PLACE = re.compile(r"([0-9]{1,15})\.([0-9]{1,9})")
_STATES: dict[Severity, State] = {
    Severity.HIGH: "stop",
    Severity.MEDIUM: "attention",
    Severity.LOW: "attention",
}


#: What whoever is concerned can do about an alert, by its rule.
NEXT: Mapping[str, Text] = {
    "copper-short": Text(
        "核对称重记录和投料批号；写错的更正生产记录，没有写错的先送检，再决定是否发货。",
        "Check the weighing and the lots of copper. Correct the production if it was written wrong; otherwise have it "
        "tested before anything is sent.",
    ),
    "certificate-not-valid-at-production": Text(
        "核对生产日期和证书；当时已有有效证书的补登记证书，没有的停止销售并联系发证机构。",
        "Check the day and the certificate. Register one that was valid then; if there was none, stop selling and ask "
        "the issuer.",
    ),
    "outside-certificate-scope": Text(
        "核对产品用的是哪张证书；范围已扩大的补登记，确实不在范围内的停止销售并联系发证机构。",
        "Check which certificate the product is made under. Register a scope that was widened; if it lies outside, stop "
        "selling and ask the issuer.",
    ),
    "declared-verdict-contradicts-values": Text(
        "请检测机构核对数值和判定；写错的由它更正报告。核清之前不要凭此报告放行。",
        "Ask the laboratory to check values and verdict, and to correct the report. Let nothing pass on it until then.",
    ),
    "test-beyond-limit": Text(
        "暂停发这一批；复检同批其他盘，确认后退回、报废或召回。",
        "Hold the batch back; have other drums of it tested, then return, scrap or recall.",
    ),
    "report-against-copper": Text(
        "核对称重记录和检测原始记录，请另一家机构复检同批的盘；写错的由各自更正。",
        "Check the weighing and the laboratory's own records, and have drums of the batch tested elsewhere. Whoever wrote "
        "it wrong corrects it.",
    ),
    "use-before-admission": Text(
        "停止敷设，请监理工程师补看并签署意见。",
        "Stop laying, and let the supervising engineer look and sign.",
    ),
    "receipt-without-dispatch": Text(
        "请发货方补录发货；不是它发的，核对货从哪里来。",
        "Let the sender catch up on the dispatch; if it sent nothing, find out where the goods came from.",
    ),
    "length-deviates": Text(
        "重新量一次；确实短少的，与供方按发货单核对并更正长度。",
        "Measure again; if it is short, settle it with the supplier by the delivery note and correct the length.",
    ),
    "goods-held": Text(
        "停止移动，联系作出措施的机关；已经发出的追回。",
        "Stop moving them and ask the authority that holds them; get back what was sent.",
    ),
    "seen-while-held": Text(
        "把货留在原处，告知作出措施的机关。",
        "Leave the goods where they are and tell the authority that holds them.",
    ),
    "outside-accreditation": Text(
        "请有相应资质的机构重新检测。", "Have it tested again by a laboratory that is accredited for it."
    ),
    "places-apart": Text(
        "到查验地核对实物：厂名、型号、米标和标签是否与登记一致；再记录核查结论。结论之前不对外公布。",
        "Look at the goods at those places: do maker, designation, length marks and label agree with what is registered? Then "
        "record what you found. Nothing is published before.",
    ),
    "checked-after-use": Text(
        "核对使用登记和空盘去向，再到查验地看实物；登记有误的请登记方更正，再记录核查结论。",
        "Check the record of use and where the empty drum went, and look at the goods; if the record is wrong, have it "
        "corrected. Then record what you found.",
    ),
    "many-regions": Text(
        "与这一盘实际去向对照，向查验地了解有几张相同的标签，再记录核查结论。",
        "Compare with where the drum went, ask at the places how many labels of this code there are, and record what you found.",
    ),
    "crowd-in-one-place": Text(
        "到当地看有几盘货贴着这个码；只是展示、培训的，写明并排除。查明后记录核查结论，结论之前不对外公布。",
        "Look there how many drums carry this code; if it was only shown, at a fair or a training, say so and dismiss it. Record what "
        "you found; nothing is published before.",
    ),
    "crowd-after-use": Text(
        "核对使用登记和空盘去向，再到当地市场、门店看贴着这个码的货；登记有误的请登记方更正，再记录核查结论。",
        "Check the record of use and where the empty drum went, and look in the shops there for goods with this code; if the record is "
        "wrong, have it corrected. Then record what you found.",
    ),
    "false-codes": Text(
        "了解假码印在什么货上、从哪里买来；查明后记录核查结论。生产企业可核对自己的标签有没有印错。",
        "Find out on which goods the false codes are and where they were bought, then record what you found. The maker may "
        "check whether its own labels were misprinted.",
    ),
    "false-codes-here": Text(
        "到当地市场、门店看贴着这些码的货：从哪里来、谁贴的标签；查明后记录核查结论。",
        "Look in the markets and shops there at the goods with these codes: where they come from and who put the labels on; then "
        "record what you found.",
    ),
    "correction-after-movement": Text(
        "与已经收到这些货的单位核对数量。",
        "Settle the metres with those to whom the goods have gone meanwhile.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFinding:
    """What an authority found out about an alert from checks. ``by_name`` and ``event`` are told to authorities only."""

    result: str
    on: date
    region_name: Text | None
    by_name: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert: number ``n`` of the event at ``index``. It states what was recorded, and is no verdict; ``next_step`` is what
    can be done about it. ``event``: the id of an alert from checks that waits for a finding of the reader's, else "".
    """

    index: int
    n: int
    rule: str
    title: Text
    explanation: Text
    detail: Text
    standing: Standing
    batch: str
    printed: str
    lot: str
    maker: str
    maker_name: str
    unit: int | None
    report: str | None
    recorded_at: datetime
    next_step: Text | None = None
    finding: AlertFinding | None = None
    event: str = ""


def alert_rows(
    tx: Connection,
    actor: Actor,
    *,
    rule: str | None = None,
    batches: Iterable[str] | None = None,
    maker: str | None = None,
    up_to: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Listed[AlertRow]:
    """Alerts that are open to the actor, the newest event first. Raises InputError ``bad-request`` for a cursor.

    ``batches`` are at most some hundred codes. With ``up_to`` those of later events are left out.
    """
    scope = reading(actor, Action.READ_ALERTS)
    place = None if after is None else _place(after)
    if up_to is not None:
        # The list runs backwards: it begins behind everything that the next event could have raised.
        behind_next = (up_to + 1, LARGEST)
        place = behind_next if place is None else min(place, behind_next)
    found = register.alerts(tx, scope, rule=rule, batches=batches, maker=maker, after=place, limit=limit + 1)
    from_checks = register_of_facts.suspicions_at(
        tx, {alert.seq for alert in found if alert.rule in CHECK_RULES}
    )
    names = names_of(tx, {alert.maker for alert in found} | {s.found_by or "" for s in from_checks.values()})
    rows = [_row(alert, names.party(alert.maker)) for alert in found]
    own = _to_find_out_about(tx, actor, found) if from_checks else frozenset()
    return cut(
        [_with_finding(row, from_checks.get(row.index), own, scope, names) for row in rows],
        limit,
        lambda r: f"{r.index}.{r.n}",
    )


def alert_counts(tx: Connection, actor: Actor) -> dict[str, int]:
    """Rule -> how many of its alerts are open to the actor; rules without any are left out."""
    return register.counts(tx, reading(actor, Action.READ_ALERTS))


def _row(alert: Alert, maker_name: str) -> AlertRow:
    rule = RULES[alert.rule]
    return AlertRow(
        index=alert.seq,
        n=alert.n,
        rule=alert.rule,
        title=rule.title,
        explanation=rule.explanation,
        detail=alert.detail,
        standing=Standing(_STATES[alert.severity], SEVERITIES[alert.severity]),
        batch=alert.batch,
        printed=BatchCode(alert.batch[:-1]).printed,
        lot=alert.lot,
        maker=alert.maker,
        maker_name=maker_name,
        unit=alert.unit,
        report=alert.report,
        recorded_at=alert.recorded_at,
        next_step=NEXT[alert.rule],
    )


def _to_find_out_about(tx: Connection, actor: Actor, found: Iterable[Alert]) -> frozenset[int]:
    """The events among those of these alerts that concern the actor's own jurisdiction, if it has a finding to record."""
    if actor.reach(Action.RECORD_ALERT_FINDING) < Reach.JURISDICTION:
        return frozenset()
    batches = {alert.batch for alert in found}
    own = actor.own_scope_for(Action.READ_ALERTS)
    return frozenset(alert.seq for alert in register.alerts(tx, own, batches=batches))


def _with_finding(
    row: AlertRow, suspicion: KnownSuspicion | None, own: frozenset[int], scope: Scope, names: Names
) -> AlertRow:
    """The row of an alert from checks with what became of it; ``own``: those about which the reader may find out."""
    if suspicion is None:
        return row
    if suspicion.result is None or suspicion.found_on is None:
        return replace(row, event=suspicion.event if row.index in own else "")
    of_authority = scope.everything or bool(scope.regions or scope.parts)
    finding = AlertFinding(
        result=suspicion.result,
        on=suspicion.found_on,
        region_name=None if suspicion.found_region is None else region_name(suspicion.found_region),
        by_name=names.party(suspicion.found_by or "") if of_authority else "",
        event=suspicion.finding or "" if of_authority else "",
    )
    return replace(row, finding=finding, standing=_FOUND[suspicion.result], next_step=None)


#: How an alert stands once an authority has looked.
_FOUND: Mapping[str, Standing] = {
    "confirmed": Standing("stop", Text("已确认", "confirmed")),
    "dismissed": Standing("fine", Text("已排除", "dismissed")),
}


def _place(after: str) -> tuple[int, int]:
    shape = _PLACE.fullmatch(after)
    if shape is None:
        raise InputError.of(
            "bad-request", "翻页标记有误", "not a cursor of this list", came=shown(after), where="after"
        )
    return int(shape[1]), int(shape[2])
