"""Alerts for those who must act, under the asker's scope, with the words of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, not_

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
from .alert_row import AlertFinding, AlertRow
from .answers import Listed, Standing, State, cut
from .explained import explained
from .handling import HANDLINGS, Handling, handlings, standing_as
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
    "order-other-cable": Text(
        "核对实物、发货记录和合同：合同改了的请双方更正订单，发错的退回或换货。",
        "Compare goods, dispatch and contract. If the contract was changed let the two correct the order; goods sent by mistake go back.",
    ),
    "price-below-order": Text(
        "问清降价的原因，看结算和货；低价不等于不合格，可安排检测。",
        "Ask why it was cheaper, and look at the bill and the goods. A low price is no failure; the goods may be tested.",
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


def alert_rows(
    tx: Connection,
    actor: Actor,
    *,
    rule: str | None = None,
    batches: Iterable[str] | None = None,
    maker: str | None = None,
    state: str | None = None,
    up_to: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Listed[AlertRow]:
    """Alerts that are open to the actor, the newest event first. Raises InputError ``bad-request`` for a cursor.

    ``batches`` are at most some hundred codes; ``state`` is one of `HANDLINGS`. With ``up_to`` those of later events are left out.
    """
    scope = reading(actor, Action.READ_ALERTS)
    place = None if after is None else _place(after)
    if up_to is not None:
        # The list runs backwards: it begins behind everything that the next event could have raised.
        behind_next = (up_to + 1, LARGEST)
        place = behind_next if place is None else min(place, behind_next)
    found = register.alerts(
        tx,
        scope,
        rule=rule,
        batches=batches,
        maker=maker,
        also=_once(actor, state, up_to),
        after=place,
        limit=limit + 1,
    )
    from_checks = register_of_facts.suspicions_at(
        tx, {alert.seq for alert in found if alert.rule in CHECK_RULES}
    )
    names = names_of(tx, {alert.maker for alert in found} | {s.found_by or "" for s in from_checks.values()})
    own = _own(tx, actor, found)
    to_find = own if actor.reach(Action.RECORD_ALERT_FINDING) >= Reach.JURISDICTION else frozenset()
    results = {seq: each.result or "" for seq, each in from_checks.items()}
    handled = handlings(tx, actor, found, results)
    rows = explained(tx, scope, [_row(alert, names.party(alert.maker)) for alert in found], up_to)
    return cut(
        [
            _handled(
                _with_finding(row, from_checks.get(row.index), to_find, scope, names),
                handled.get((row.index, row.rule)),
                may_step=row.index in own and bool(actor.reach(Action.RECORD_ALERT_STEP)),
            )
            for row in rows
        ],
        limit,
        lambda r: f"{r.index}.{r.n}",
    )


def alert_at(tx: Connection, actor: Actor, index: int, rule: str) -> AlertRow | None:
    """The first alert of a rule about the event at an index, if it is open to the actor."""
    if rule not in RULES or index >= LARGEST:
        return None
    rows = alert_rows(tx, actor, rule=rule, up_to=index, limit=1).rows
    return rows[0] if rows and rows[0].index == index else None


def alert_counts(tx: Connection, actor: Actor, *, state: str | None = None) -> dict[str, int]:
    """Rule -> how many of its alerts are open to the actor, of those that stand so (`HANDLINGS`) if one is named; rules without any
    are left out."""
    return register.counts(tx, reading(actor, Action.READ_ALERTS), also=_once(actor, state))


def _once(actor: Actor, state: str | None, up_to: int | None = None) -> ColumnElement[bool]:
    """Of two alerts that say the same, the one that says more; of those that stand so, if a state is named."""
    once = not_(register.is_said_again(up_to))
    return once if state is None else and_(once, standing_as(actor, state))


def handling_counts(tx: Connection, actor: Actor, *, rule: str | None = None) -> dict[str, int]:
    """How many alerts, of one rule if it is named, stand so with the reader's authority; nothing for whoever handles none."""
    if not actor.reach(Action.READ_CASES):
        return {}
    found = {state: alert_counts(tx, actor, state=state) for state in HANDLINGS}
    return {state: of.get(rule, 0) if rule else sum(of.values()) for state, of in found.items()}


def _handled(row: AlertRow, handling: Handling | None, *, may_step: bool) -> AlertRow:
    """The row with how it stands with the reader's authority; whoever dismisses an alert from checks records what was found instead."""
    if handling is None:
        return row
    steps = tuple(step for step in handling.may_be if may_step and not (row.event and step == "dismissed"))
    row = replace(row, handling=handling, may_handle=steps)
    if handling.state == "dismissed" and row.finding is None:
        return replace(row, standing=_FOUND["dismissed"], next_step=None)
    return row


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


def _own(tx: Connection, actor: Actor, found: Sequence[Alert]) -> frozenset[int]:
    """The events among those of these alerts that concern the actor's own jurisdiction, if it has anything to record about them: those
    that another authority lets it read do not."""
    reach = max(actor.reach(Action.RECORD_ALERT_FINDING), actor.reach(Action.RECORD_ALERT_STEP))
    if reach < Reach.JURISDICTION or not found:
        return frozenset()
    batches = {alert.batch for alert in found}
    own = actor.own_scope_for(Action.READ_ALERTS)
    return frozenset(alert.seq for alert in register.alerts(tx, own, batches=batches))


def _with_finding(
    row: AlertRow, suspicion: KnownSuspicion | None, to_find: frozenset[int], scope: Scope, names: Names
) -> AlertRow:
    """The row of an alert from checks with what became of it; ``to_find``: those about which the reader may find out."""
    if suspicion is None:
        return row
    if suspicion.result is None or suspicion.found_on is None:
        return replace(row, event=suspicion.event if row.index in to_find else "")
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
