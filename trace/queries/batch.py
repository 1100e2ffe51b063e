"""The batch page: what a person must know first, where every metre is, tests with their limits, the history.

All of it under the asker's scope (`visibility`), and as of any ledger index; only the state of the
certificate "today" depends on the day on which it is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import batch_code_in
from ..errors import Text
from ..flow import books
from ..inspecting.samples import samples_of_batch
from ..intake.recorded import Recorded
from ..model.designation import parse_designation
from ..model.drafts import SplitDraft
from ..model.postings import moved_by
from ..model.rules import RULES
from ..model.rules_of_permission import OPINION
from ..model.state import KnownBatch
from ..model.streams import readings_stream
from ..model.things import batch_thing
from ..registry import register
from .alert_row import AlertRow
from .alerts import alert_rows
from .answers import WORST_FIRST, Answer, AsOf, State, as_of
from .certificates import CertificateCard, certificate_card
from .holds import HoldRow, hold_rows
from .reports import BEYOND, DECLARED_FAIL, FINAL_RESULT, Report, reports_in, with_what_counts
from .timeline import (
    Happening,
    happenings,
    history_of,
    mark_of,
    names_for,
    newest_among,
    read_stream_whole,
    seen,
    seen_as_they_stand,
)
from .unexplained import UnexplainedRow, in_words, told_apart, unexplained_rows
from .visibility import balances_of, is_told, open_batch, reading, readings_known_to, sight_of, speaker_to
from .whereabouts import RegionRow, UnitRow, WhereRow, by_region, by_state, unit_rows, where_rows
from .wording import joined, units_text

#: More than a batch page can show; the list of alerts goes on from there.
_MOST_ALERTS = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that bears on whether these goods may be used."""

    state: State
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """One batch. ``code`` canonical, ``printed`` in groups; ``designation`` as printed, ``normalised`` as read.

    ``holdings`` (state -> mm), ``where`` and ``regions`` each add up to ``length_mm``. ``unexplained`` says drum by drum what
    is to be explained. ``units`` are those with
    metres left, ``unit_count`` all that were made and the pieces of which the reader is told. ``holds`` are measures and recalls, those that have ended too. ``events`` are in ledger order; ``as_of``
    says up to which entry all of this is true.
    """

    code: str
    printed: str
    lot: str
    maker: str
    maker_name: str
    maker_uscc: str | None
    product: str
    product_name: str
    designation: str
    normalised: str
    standard: str | None
    produced_on: date
    length_mm: int
    unit_count: int
    answer: Answer
    findings: tuple[Finding, ...]
    certificate: CertificateCard | None
    holdings: Mapping[str, int]
    where: tuple[WhereRow, ...]
    regions: tuple[RegionRow, ...]
    units: tuple[UnitRow, ...]
    unexplained: tuple[UnexplainedRow, ...]
    reports: tuple[Report, ...]
    alerts: tuple[AlertRow, ...]
    events: tuple[Happening, ...]
    as_of: AsOf
    holds: tuple[HoldRow, ...] = ()


def batch_page(
    tx: Connection, actor: Actor, code: str, *, today: date, up_to: int | None = None
) -> BatchPage | None:
    """The page of the batch that a code (of the batch or of one of its units, in any spelling) names.

    None for a batch that does not exist, did not yet at ``up_to``, or is not open to the actor. Raises
    InputError ``wrong-trace-code``. Cost: the batch's whole history, about 0.2 ms an event.
    """
    scope = reading(actor, Action.READ_BATCH)
    named = batch_code_in(code)
    batch = open_batch(tx, scope, named.canonical)
    stands = as_of(tx, up_to)
    if batch is None or stands is None or batch.seq > stands.index:
        return None
    numbered = books.read_postings(tx, batch.code, up_to)
    postings = [posting for _, posting in numbered]
    moved = moved_by(postings)
    balances = balances_of(moved)
    history = history_of(tx, batch.code, numbered, up_to)
    accounts = {account for source, target, _ in moved for account in (source, target)}
    kept = books.read_books(tx, [batch.code])[batch.code].holds
    parties = {a.party for a in accounts} | {batch.maker} | {hold.by for hold in kept}
    reads = read_stream_whole(tx, readings_stream(batch_thing(batch.code)), up_to)
    names = names_for(tx, (*history.events, *reads), parties, {a.project for a in accounts})
    sight = sight_of(scope, moved, names.projects, batch.code)
    visible = [each for each in seen(scope, history, names) if is_told(actor, each[0])]
    unexplained = unexplained_rows(postings, sight, names)
    rows = told_apart(where_rows(balances, sight, names), unexplained)
    units = unit_rows(postings, sight, names)
    product = register.products(tx, [(batch.maker, batch.product)])[batch.maker, batch.product]
    maker = names.parties[batch.maker]
    designation = parse_designation(batch.designation)
    certificate = certificate_of(tx, batch, today, up_to)
    standing = seen_as_they_stand(scope, history, names)
    reports = with_what_counts(
        reports_in(
            [(event, speaker_to(scope, event, whom, names)) for event, whom in standing], batch, names
        ),
        samples_of_batch(tx, batch.code, up_to),
    )
    alerts = _alerts(tx, actor, batch.code, up_to)
    shown = {event.seq for event, _ in visible}
    pieces = _pieces_told(batch, units, standing)
    hidden = {group.first for group in batch.pieces} - pieces
    holds = hold_rows(
        [hold for hold in kept if hold.seq in shown and hold.first not in hidden],
        names,
        today,
        register.calendar_known(tx),
    )
    findings = (
        *_about_holds(holds),
        *findings_of([event for event, _ in standing], reports, certificate, unexplained, alerts),
    )
    return BatchPage(
        code=batch.code,
        printed=named.printed,
        lot=batch.lot,
        maker=batch.maker,
        maker_name=maker.name,
        maker_uscc=maker.uscc,
        product=batch.product,
        product_name=product.name,
        designation=batch.designation,
        normalised=designation.normalised,
        standard=product.standard,
        produced_on=batch.produced_on,
        length_mm=batch.length_mm,
        unit_count=sum(group.last - group.first + 1 for group in batch.units) + len(pieces),
        answer=answer_of(findings, len(reports)),
        findings=findings,
        certificate=certificate,
        holdings=by_state(rows),
        where=rows,
        regions=by_region(rows),
        units=units,
        unexplained=unexplained,
        reports=reports,
        alerts=alerts,
        events=happenings(
            tx,
            actor,
            sorted((*visible, *readings_known_to(actor, reads)), key=lambda each: each[0].seq),
            names,
            newest_among(history.corrections(), [event for event, _ in visible]),
        ),
        as_of=stands,
        holds=holds,
    )


def _pieces_told(
    batch: KnownBatch, units: Sequence[UnitRow], events: Sequence[tuple[Recorded, frozenset[str]]]
) -> frozenset[int]:
    """The pieces that the reader sees, or the cutting of them: who cuts what is not everybody's to know."""
    cut = {
        piece.unit
        for event, _ in events
        if event.draft.kind == "split"
        for piece in cast(SplitDraft, event.draft).body.pieces
    }
    return frozenset(
        group.first
        for group in batch.pieces
        if group.first in cut or any(row.first <= group.first <= row.last for row in units)
    )


def _alerts(tx: Connection, actor: Actor, code: str, up_to: int | None) -> tuple[AlertRow, ...]:
    if not actor.reach(Action.READ_ALERTS):
        return ()  # an API key may be limited to reading batches
    return alert_rows(tx, actor, batches=[code], up_to=up_to, limit=_MOST_ALERTS).rows


def batches_of_lot(tx: Connection, actor: Actor, lot: str, maker: str = "") -> tuple[str, ...]:
    """Codes of the batches with this lot number that the actor may see, of one maker (its id) if named."""
    scope = reading(actor, Action.READ_BATCH)
    return tuple(code for of, code in books.codes_of_lots(tx, [lot], scope)[lot] if maker in ("", of))


def certificate_of(
    tx: Connection, batch: KnownBatch, today: date, up_to: int | None
) -> CertificateCard | None:
    """The certificate under which the batch was made, as registered by then; None when its product named none."""
    if batch.certificate is None:
        return None
    key = (batch.maker, batch.certificate)
    periods = [p for p in register.certificates(tx, [key])[key] if up_to is None or p.seq <= up_to]
    return certificate_card(
        batch.certificate, batch.maker, periods, batch.produced_on, today, batch.designation
    )


# --- what must be known first -------------------------------------------------------------------------


def findings_of(
    events: Sequence[Recorded],
    reports: Sequence[Report],
    certificate: CertificateCard | None,
    unexplained: Sequence[UnexplainedRow],
    alerts: Sequence[AlertRow],
) -> tuple[Finding, ...]:
    """Everything that bears on use, the worst first. Says what was found, never whose fault it is."""
    found = [
        *_about_tests(reports),
        *_about_opinions(events),
        *(said_of_certificate := _about_certificate(certificate)),
        *_about_marks(events, without=_SAID_BY_CERTIFICATE if said_of_certificate else ""),
    ]
    # What alerts say beyond marks and reports, which have spoken already.
    found += [
        Finding("attention", alert.title)
        for alert in alerts
        if alert.report is None and alert.rule not in RULES and not _is_dismissed(alert)
    ]
    found += [Finding("attention", text) for text in in_words(unexplained)]
    return tuple(sorted(found, key=lambda finding: WORST_FIRST.index(finding.state)))


def _is_dismissed(alert: AlertRow) -> bool:
    return alert.finding is not None and alert.finding.result == "dismissed"


def answer_of(findings: Sequence[Finding], reports: int) -> Answer:
    """One sentence for all findings: that of the worst, with the first reason and how many more there are."""
    if not findings:
        return Answer(
            "fine",
            Text(
                "您可见的记录中没有需要注意的事项", "Nothing in the records that you may see needs attention"
            ),
            Text(
                f"生产当日证书有效，{reports} 份检测报告未见超出限值",
                f"The certificate was valid at production; {reports} test reports show nothing beyond a limit",
            ),
        )
    worst, more = findings[0], len(findings) - 1
    sentence = {
        "stop": Text("先停止使用，待核实", "Stop: not to be used before this is cleared up"),
        "attention": Text("有需要注意的事项", "Something needs attention"),
        "unknown": Text("情况不全，不能判断", "Too little is known to say"),
    }[worst.state]
    also = Text(f"另有 {more} 项", f"and {more} more") if more else None
    return Answer(worst.state, sentence, joined(worst.text, also))


def _about_tests(reports: Sequence[Report]) -> list[Finding]:
    if not reports:
        return [Finding("unknown", Text("还没有检测报告", "there is no test report yet"))]
    found = []
    for report in reports:
        standing = report.standing
        if standing in (BEYOND, DECLARED_FAIL):
            found.append(
                Finding(
                    standing.state,
                    Text(
                        f"检测报告 {report.number}：{standing.word.zh}{_in_law(report).zh}",
                        f"test report {report.number}: {standing.word.en}{_in_law(report).en}",
                    ),
                )
            )
    return found


def _in_law(report: Report) -> Text:
    """What is to be said beside a failing that nothing may be decided on yet."""
    if report.counts in (None, FINAL_RESULT):
        return Text("", "")
    assert report.counts is not None
    return Text(f"（{report.counts.zh}）", f" ({report.counts.en})")


def _about_holds(holds: Sequence[HoldRow]) -> list[Finding]:
    """Measures and recalls in force: nothing bears more on whether goods may be moved or used."""
    return [
        Finding(
            "stop",
            Text(
                f"{hold.what.zh}{hold.title.zh}（{hold.number}）",
                f"{hold.what.en} {'is' if hold.is_whole else 'are'} {hold.title.en} ({hold.number})",
            ),
        )
        for hold in holds
        if hold.in_force
    ]


def _about_opinions(events: Sequence[Recorded]) -> list[Finding]:
    found = []
    for first, last, opinion in _standing_opinions(events):
        if opinion == "admit":
            continue
        units, words = units_text(((first, last),)), OPINION[opinion]
        assert units is not None
        found.append(
            Finding(
                "stop" if opinion == "reject" else "attention",
                Text(f"{units.zh}：监理意见「{words.zh}」", f"{units.en}: the supervisor says {words.en}"),
            )
        )
    return found


def _standing_opinions(events: Sequence[Recorded]) -> list[tuple[int, int, str]]:
    """(first unit, last unit, opinion) as the supervisors' newest words have it, project by project."""
    standing: list[tuple[str, int, int, str]] = []
    spoken = [event for event in events if event.draft.kind == "supervision"]
    for event in sorted(spoken, key=lambda event: (event.draft.occurred_on or date.min, event.seq)):
        body = event.draft.body
        for first, last in body.units:
            kept: list[tuple[str, int, int, str]] = []
            for project, since, until, opinion in standing:
                if project != body.project.id or until < first or last < since:
                    kept.append((project, since, until, opinion))
                    continue
                if since < first:
                    kept.append((project, since, first - 1, opinion))
                if last < until:
                    kept.append((project, last + 1, until, opinion))
            standing = [*kept, (body.project.id, first, last, body.opinion)]
    return sorted((first, last, opinion) for _, first, last, opinion in standing)


def _about_certificate(certificate: CertificateCard | None) -> list[Finding]:
    if certificate is None:
        return [Finding("unknown", Text("没有登记证书", "no certificate is registered"))]
    then, now = certificate.at_production, certificate.today
    assert then is not None, "a batch has a day of production"
    if then.state != "fine":
        return [
            Finding(
                "unknown" if then.state == "unknown" else "attention",
                Text(
                    f"生产当日证书 {certificate.number} 状态为「{then.word.zh}」",
                    f"certificate {certificate.number} was {then.word.en} on the day of production",
                ),
            )
        ]
    if now.state == "stop" or now.word.en == "suspended":
        return [
            Finding(
                "attention",
                Text(
                    f"证书 {certificate.number} 生产当日有效，现为「{now.word.zh}」",
                    f"certificate {certificate.number} was valid at production and is {now.word.en} now",
                ),
            )
        ]
    return []


#: The mark that says the same as a finding about the certificate, in fewer words.
_SAID_BY_CERTIFICATE = "certificate-not-valid-at-production"


def _about_marks(events: Sequence[Recorded], without: str) -> list[Finding]:
    counts = Counter(rule for event in events for rule in event.marks if rule != without)
    return [
        Finding(
            "attention",
            Text(
                f"{mark_of(rule).title.zh}（{count} 次）",
                f"{mark_of(rule).title.en} ({count} {'times' if count > 1 else 'time'})",
            ),
        )
        for rule, count in sorted(counts.items())
    ]
