"""The register of alerts: which there are, whom they concern, and how far the ledger was read for them.

`alert` and `alert_concern` are projections, made of accepted events by the rules; `alert_cursor` says up to
where. What a corrected event gave rise to is withdrawn and no longer shown; its right version may raise its own. An alert about the goods is open to everybody to whom its batch is; one about what somebody did with
them (a use, a receipt, an acceptance) only to those whom that event concerns, as the event itself is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Index,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer
from ..errors import Text
from ..flow.books import batch, named_in, open_to
from ..ledger.follow import NOTHING_READ, Cursor
from ..model.scope import Scope
from ..model.things import ids_among
from ..registry.register import project
from .rules import ABOUT_GOODS, Alert, Severity

metadata = MetaData()
_PROJECTION = {"kind": "projection"}

alert = Table(
    "alert",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("rule", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("batch", String(10), nullable=False),
    Column("lot", String, nullable=False),
    Column("maker", String(36), nullable=False),
    Column("unit", Integer),
    Column("report", String),
    Column("party", String(36), nullable=False, comment="whose statement it comes from"),
    Column("project", String(36)),
    Column("detail_zh", String, nullable=False),
    Column("detail_en", String, nullable=False),
    Column("recorded_at", String(24), nullable=False),
    Column("about", Integer, nullable=False, comment="index of the event that is stated, perhaps anew"),
    Column("withdrawn_by", Integer, comment="index of the correction that took it back"),
    Index("alert_by_about", "about"),
    Index("alert_by_rule", "rule", "seq"),
    Index("alert_by_batch", "batch", "seq"),
    Index("alert_by_maker", "maker", "seq"),
    info=_PROJECTION,
)
alert_concern = Table(
    "alert_concern",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event"),
    Column("who", String(38), primary_key=True, comment="p:<party id>, r:<region> or s:<site id>"),
    info=_PROJECTION,
)
alert_cursor = Table(
    "alert_cursor",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("last_seq", Integer, nullable=False),
    Column("last_entry_hash", LargeBinary, nullable=False),
    info={"kind": "cursor"},
)


@dataclass(frozen=True, slots=True)
class Raised:
    """The alerts of one event, at least one, and ``p:<party>`` and ``r:<region>`` of those whom the event
    concerns, save by its project: who takes part in that is looked up when somebody reads."""

    alerts: tuple[Alert, ...]
    concerns: frozenset[str]


# --- for the follower ---------------------------------------------------------------------------------


def write(
    tx: Connection,
    raised: Iterable[Raised],
    corrected: Iterable[tuple[int, int]],
    *,
    between: tuple[int, int],
    batch: str | None = None,
) -> None:
    """Put these alerts in the place of all those of the events ``between`` two indexes (of one ``batch`` alone, if it is
    named): doing it again changes nothing. ``corrected`` are (index of an event, index of its correction): what it gave
    rise to is withdrawn."""
    of_batch = true() if batch is None else alert.c.batch == batch
    gone = select(alert.c.seq).where(alert.c.seq.between(*between), of_batch)
    tx.execute(delete(alert_concern).where(alert_concern.c.seq.in_(gone)))
    tx.execute(delete(alert).where(alert.c.seq.between(*between), of_batch))
    since = (alert.c.withdrawn_by.between(*between), of_batch)
    tx.execute(update(alert).where(*since).values(withdrawn_by=None))
    some = list(raised)
    alerts = [_row(each) for one in some for each in one.alerts]
    concerns = [{"seq": one.alerts[0].seq, "who": who} for one in some for who in sorted(one.concerns)]
    if alerts:
        tx.execute(insert(alert), alerts)
    if concerns:
        tx.execute(insert(alert_concern), concerns)
    for about, correction in corrected:
        before = (alert.c.about == about, alert.c.seq < correction, alert.c.withdrawn_by.is_(None))
        tx.execute(update(alert).where(*before).values(withdrawn_by=correction))


def read_cursor(tx: Connection) -> Cursor:
    """How far the ledger has been read: alerts are current up to that event."""
    row = tx.execute(select(alert_cursor)).one_or_none()
    return NOTHING_READ if row is None else Cursor(row.last_seq, row.last_entry_hash)


def write_cursor(tx: Connection, cursor: Cursor) -> None:
    tx.execute(delete(alert_cursor))
    tx.execute(insert(alert_cursor).values(id=1, last_seq=cursor.seq, last_entry_hash=cursor.entry_hash))


def start_over(tx: Connection) -> None:
    """Forget every alert, so that the follower makes them anew from the first event: after a change of the
    rules or of the tables of limits, and where the ledger was replaced."""
    for table in (alert, alert_concern, alert_cursor):
        tx.execute(delete(table))


# --- for readers --------------------------------------------------------------------------------------


def alerts(
    tx: Connection,
    scope: Scope,
    *,
    rule: str | None = None,
    batches: Iterable[str] | None = None,
    maker: str | None = None,
    also: ColumnElement[bool] | None = None,
    after: tuple[int, int] | None = None,
    limit: int | None = None,
) -> list[Alert]:
    """The alerts that are open to the scope, the newest event first.

    ``batches`` are at most some hundred codes; ``also`` is a further condition on `alert`; ``after`` is the (seq, n) of the last
    one on the page before.
    """
    # Walks the primary key backwards, or one of the three indexes where a filter names its first column.
    statement = (
        select(alert)
        .join(batch, batch.c.code == alert.c.batch)
        .where(*_chosen(scope, rule, batches, maker, also))
        .order_by(alert.c.seq.desc(), alert.c.n)
        .limit(limit)
    )
    if after is not None:
        seq, n = after
        statement = statement.where(or_(alert.c.seq < seq, and_(alert.c.seq == seq, alert.c.n > n)))
    return [_alert_in(row) for row in tx.execute(statement)]


def counts(
    tx: Connection,
    scope: Scope,
    *,
    batches: Iterable[str] | None = None,
    maker: str | None = None,
    also: ColumnElement[bool] | None = None,
) -> dict[str, int]:
    """How many alerts of each rule are open to the scope; rules that have none are left out."""
    statement = (
        select(alert.c.rule, func.count())
        .join(batch, batch.c.code == alert.c.batch)
        .where(*_chosen(scope, None, batches, maker, also))
        .group_by(alert.c.rule)
        .order_by(alert.c.rule)
    )
    return dict(tx.execute(statement).all())


def _chosen(
    scope: Scope,
    rule: str | None,
    batches: Iterable[str] | None,
    maker: str | None,
    also: ColumnElement[bool] | None,
) -> list[ColumnElement[bool]]:
    conditions = [open_to(scope), _concerns(scope), alert.c.withdrawn_by.is_(None)]
    if also is not None:
        conditions.append(also)
    if rule is not None:
        conditions.append(alert.c.rule == rule)
    if batches is not None:
        conditions.append(alert.c.batch.in_(sorted(batches)))
    if maker is not None:
        conditions.append(alert.c.maker == maker)
    return conditions


def _concerns(scope: Scope) -> ColumnElement[bool]:
    """That the scope may know of the event, given that the batch is open to it."""
    return or_(alert.c.rule.in_(ABOUT_GOODS), *_ways(scope))


def _ways(scope: Scope) -> Iterator[ColumnElement[bool]]:
    """The ways in which the event of an alert concerns a scope: `model.involvement.sees`, compiled."""
    if scope.everything:
        yield true()
        return
    for part in scope.parts:
        limits = [or_(false(), *_ways(part.within))]
        if part.of is not None:
            limits.append(or_(false(), *_ways(part.of)))
        if part.things:
            limits.append(alert.c.batch.in_(ids_among("batch", part.things)))
        yield and_(*limits)
    parties = sorted(scope.parties)
    # Ranges instead of LIKE: they use the index whatever the collation.
    concerned = select(alert_concern.c.who).where(
        alert_concern.c.seq == alert.c.seq,
        or_(
            alert_concern.c.who.in_(named_in(scope)),
            *(alert_concern.c.who.between(f"r:{prefix}", f"r:{prefix}\uffff") for prefix in scope.regions),
        ),
    )
    takes_part = select(project.c.id).where(
        project.c.id == alert.c.project,
        or_(
            project.c.id.in_(sorted(scope.sites)),
            *(project.c[role].in_(parties) for role in ("keeper", "owner", "contractor", "supervisor")),
            *(project.c.region.between(prefix, f"{prefix}\uffff") for prefix in scope.regions),
        ),
    )
    yield concerned.exists()
    yield takes_part.exists()


def is_said_again(until: int | None = None) -> ColumnElement[bool]:
    """The condition on `alert` that another one, up to an index, says the same and more: of a batch short of copper, that a report passed it all the same. Both are about the
    goods, so whoever sees the one sees the other."""
    again = alert.alias("again")
    more = [
        again.c.batch == alert.c.batch,
        again.c.rule == "report-against-copper",
        again.c.withdrawn_by.is_(None),
    ]
    if until is not None:
        more.append(again.c.seq <= until)
    return and_(alert.c.rule == "copper-short", select(again.c.seq).where(*more).exists())  # alert_by_batch


# --- rows ---------------------------------------------------------------------------------------------


def _row(one: Alert) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "n": one.n,
        "rule": one.rule,
        "severity": one.severity.value,
        "batch": one.batch,
        "lot": one.lot,
        "maker": one.maker,
        "unit": one.unit,
        "report": one.report,
        "party": one.party,
        "project": one.project,
        "detail_zh": one.detail.zh,
        "detail_en": one.detail.en,
        "recorded_at": format_instant(one.recorded_at),
        "about": one.about,
        "withdrawn_by": None,
    }


def _alert_in(row: Row[Any]) -> Alert:
    values = dict(row._mapping)
    del values["withdrawn_by"]  # those who read see none that was
    return Alert(
        **values
        | {
            "severity": Severity(values["severity"]),
            "detail": Text(values.pop("detail_zh"), values.pop("detail_en")),
            "recorded_at": parse_instant(values["recorded_at"]),
        }
    )
