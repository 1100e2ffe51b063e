"""Alerts for those who must act, under the asker's scope, with the words of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..alerts import register
from ..alerts.rules import RULES, SEVERITIES, Alert, Severity
from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import InputError, Text, shown
from ..model.quantities import LARGEST
from .answers import Listed, Standing, State, cut
from .names import names_of
from .visibility import reading

_PLACE = re.compile(r"([0-9]{1,15})\.([0-9]{1,9})")
_STATES: dict[Severity, State] = {
    Severity.HIGH: "stop",
    Severity.MEDIUM: "attention",
    Severity.LOW: "attention",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert: number ``n`` of the event at ``index``. It states what was recorded, and is no verdict."""

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
    names = names_of(tx, {alert.maker for alert in found})
    return cut(
        [_row(alert, names.party(alert.maker)) for alert in found], limit, lambda r: f"{r.index}.{r.n}"
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
    )


def _place(after: str) -> tuple[int, int]:
    shape = _PLACE.fullmatch(after)
    if shape is None:
        raise InputError.of(
            "bad-request", "翻页标记有误", "not a cursor of this list", came=shown(after), where="after"
        )
    return int(shape[1]), int(shape[2])
