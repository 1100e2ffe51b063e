"""风险等级: the makers of the reader's jurisdiction by class, with what each score rests on, and who is due for which visit.

For market regulators alone, and for makers registered in their own jurisdiction: not for the maker, not for another authority. What an authority
knows differs (its cases are its own), so the class of a maker is that of who reads it. The official credit class 企业信用风险分类 stands beside it as it was
recorded, by whichever authority, and is no part of the score. Cost: the stream of the own authority, the makers' batches with their
samples, the streams of those that failed, and the alerts about these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from ..alerts import register as alerts_register
from ..auth.actor import Actor
from ..auth.policy import Action
from ..clock import shanghai_date
from ..errors import Text
from ..flow import books, journal
from ..inspecting import register as inspecting
from ..inspecting import samples as sampled
from ..intake.recorded import as_they_stand
from ..investigation import register as investigation
from ..model.copper_quarter import copper_by_quarter
from ..model.investigation import KnownCase
from ..model.judgement import EXACT, Grade
from ..model.quantities import show_percent
from ..model.risk import (
    ITEMS,
    VETOES,
    Contribution,
    ItemName,
    Result,
    Risk,
    RiskClass,
    classes_on,
    failure_rate,
    grave_failures,
    next_visit,
    risk_of,
    vetoes_on,
    withdrawals,
)
from ..model.samples import is_final
from ..model.scope import Scope
from ..model.state import CertificatePeriod, KnownBatch, KnownParty
from ..model.values import party_id
from ..registry import register
from .answers import Standing
from .names import names_of, region_name
from .registry import PartyLink
from .reports import SERVED, Report, reports_in
from .timeline import read_stream_whole
from .visibility import reading
from .wording import CREDIT_CLASSES

CLASSES: Mapping[RiskClass, Standing] = {
    "A": Standing("fine", Text("A 低风险", "A, low")),
    "B": Standing("fine", Text("B 一般风险", "B, moderate")),
    "C": Standing("attention", Text("C 较高风险", "C, raised")),
    "D": Standing("stop", Text("D 高风险", "D, high")),
}
#: What is done with the makers of a class.
VISITS: Mapping[RiskClass, Text] = {
    "A": Text("每年随机抽取", "drawn at random, yearly"),
    "B": Text("每年检查一次", "one visit a year"),
    "C": Text("每半年检查，每季抽样", "a visit each half-year, a sample each quarter"),
    "D": Text("每季突击检查，各单元抽样", "unannounced each quarter, every unit sampled"),
}
_NOT_VALID = ("certificate-not-valid-at-production", "outside-certificate-scope")
_SHARES: frozenset[ItemName] = frozenset({"tests", "copper", "certificates"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskItem:
    """What one item takes away from 100: ``points`` of its ``weight``; ``measure`` in words, None where nothing is known."""

    name: str
    title: Text
    weight: int
    points: Decimal
    measure: Text | None
    certainty: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskVeto:
    """Why a maker is in D whatever its score: what it is, ``says`` of which record, and by which rule."""

    name: str
    title: Text
    says: Text
    certainty: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialClass:
    """An official credit class, as of the day ``on``, with where ``by`` read it; ``number`` of that paper, "" where it has none.
    ``event``: its record, "" where that is not open to the reader."""

    letter: str
    title: Text
    on: date
    source: str
    number: str
    by: PartyLink
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """A maker with its class. ``known_weight`` of 100 rests on something. ``last_visit``: by the reader's authority, None where none is on
    record; ``due``: the next; ``visit``: what is done with its class. ``version``: from when the weights hold. ``official``: the credit class
    of the newest day, None where none was recorded; ``official_before``: the older ones, the newest first."""

    maker: PartyLink
    region: str
    region_name: Text
    letter: RiskClass
    standing: Standing
    score: Decimal
    known_weight: int
    items: tuple[RiskItem, ...]
    vetoes: tuple[RiskVeto, ...]
    version: date
    last_visit: date | None
    due: date
    is_due: bool
    visit: Text
    official: OfficialClass | None = None
    official_before: tuple[OfficialClass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskList:
    """The makers that are due first; ``counts`` of each class, of all of them. ``source`` of the classes."""

    rows: tuple[RiskRow, ...]
    counts: Mapping[str, int]
    source: str


def risk_list(tx: Connection, actor: Actor, *, today: date, letter: str = "", maker: str = "") -> RiskList:
    """Those of one class, or one maker, if that is named."""
    scope = reading(actor, Action.READ_CASES)
    makers = [each for each in register.all_parties(tx) if _is_maker_within(scope, each)]
    if maker:
        makers = [each for each in makers if each.id == maker]
    facts = _Facts.of(tx, actor, makers, today) if makers else None
    rows = (
        [] if facts is None else [row for each in makers if (row := facts.row(tx, each, today)) is not None]
    )
    rows.sort(key=lambda row: (row.due, row.score, row.maker.name))
    return RiskList(
        rows=tuple(row for row in rows if letter in ("", row.letter)),
        counts={of: sum(row.letter == of for row in rows) for of in CLASSES},
        source=next((each.source for each in classes_on(today)), ""),
    )


def _is_maker_within(scope: Scope, party: KnownParty) -> bool:
    return "manufacturer" in party.roles and party.region is not None and scope.sees_region(party.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is read once for all makers: their batches, results of supervision tests, cases, visits and certificates, by maker."""

    batches: Mapping[str, list[KnownBatch]]
    results: Mapping[str, list[Result]]
    cases: Mapping[str, list[KnownCase]]
    visits: Mapping[str, date]
    not_valid: Mapping[str, int]
    confirmed: Mapping[str, int]
    certificates: Mapping[str, list[CertificatePeriod]]
    official: Mapping[str, list[OfficialClass]]

    @staticmethod
    def of(tx: Connection, actor: Actor, makers: Iterable[KnownParty], today: date) -> _Facts:
        ids = sorted(each.id for each in makers)
        since, own = today - timedelta(days=365), actor.scope_for(Action.READ_CASES).parties
        batches: dict[str, list[KnownBatch]] = defaultdict(list)
        for batch in journal.chosen(tx, books.batch.c.maker.in_(ids)):
            batches[batch.maker].append(batch)
        return _Facts(
            batches=batches,
            results=_results(tx, {batch.code: batch for some in batches.values() for batch in some}),
            cases=_cases(tx, own),
            visits=_visits(tx, own),
            not_valid=_raised(tx, actor, batches, _NOT_VALID, since),
            confirmed={
                each: sum(
                    s.result == "confirmed"
                    for s in register.suspicions_since(tx, since.isoformat(), maker=each)
                )
                for each in ids
            },
            certificates=register.certificates_held(tx, ids),
            official=_official(tx, actor, ids),
        )

    def row(self, tx: Connection, maker: KnownParty, today: date) -> RiskRow | None:
        results = self.results.get(maker.id, [])
        cases = self.cases.get(maker.id, [])
        vetoes = _vetoes(results, cases, self.certificates.get(maker.id, []), today)
        risk = risk_of(self._measures(maker.id, results, cases, today), [each.name for each in vetoes], today)
        if risk is None:
            return None
        official = self.official.get(maker.id, [])
        last = self.visits.get(maker.id)
        due = next_visit(risk.letter, last, today)
        return RiskRow(
            maker=PartyLink(maker.id, names_of(tx, [maker.id]).party(maker.id)),
            region=maker.region or "",
            region_name=region_name(maker.region or ""),
            letter=risk.letter,
            standing=_standing(risk),
            score=risk.score,
            known_weight=risk.known_weight,
            items=_items(risk),
            vetoes=vetoes,
            version=risk.version,
            last_visit=last,
            due=due,
            is_due=due <= today,
            visit=VISITS[risk.letter],
            official=official[0] if official else None,
            official_before=tuple(official[1:]),
        )

    def _measures(
        self, maker: str, results: list[Result], cases: list[KnownCase], today: date
    ) -> dict[ItemName, Decimal | None]:
        made = self.batches.get(maker, [])
        lately = [batch for batch in made if (today - batch.produced_on).days <= 365]
        ratios = [each.ratio for each in copper_by_quarter(lately) if each.ratio is not None]
        penalties = sum(_is_penalty_since(each, today - timedelta(days=3 * 365)) for each in cases)
        return {
            "tests": failure_rate(results, today),
            "copper": min(ratios, default=None),
            "cases": Decimal(penalties),
            "certificates": EXACT.divide(Decimal(self.not_valid.get(maker, 0)), Decimal(len(lately)))
            if lately
            else None,
            "checks": Decimal(self.confirmed.get(maker, 0)),
            "price": None,
        }


def _standing(risk: Risk) -> Standing:
    """Its class; a good one that rests on too little says so and is not green."""
    said = CLASSES[risk.letter]
    if said.state != "fine" or risk.known_weight >= _ENOUGH:
        return said
    return Standing("unknown", Text(f"{said.word.zh}（依据不足）", f"{said.word.en}, resting on little"))


#: So much of 100 a good class rests on before it is shown as good (a choice of the house).
_ENOUGH = 50


def _vetoes(
    results: list[Result], cases: list[KnownCase], periods: list[CertificatePeriod], today: date
) -> tuple[RiskVeto, ...]:
    rules = vetoes_on(today)
    said: dict[str, Text] = {}
    at_the_police = [each.number for each in cases if each.state == "transferred-police"]
    if at_the_police:
        said["police"] = Text("、".join(at_the_police), ", ".join(at_the_police))
    if "revoked" in rules and (gone := withdrawals(periods, today, rules["revoked"].months)):
        said["revoked"] = Text(
            "、".join(f"{each.number}，{each.since} 起" for each in gone),
            ", ".join(f"{each.number} since {each.since}" for each in gone),
        )
    if "grave-failures" in rules:
        count = grave_failures(results, today, rules["grave-failures"].months)
        if count >= 2:
            said["grave-failures"] = Text(f"{count} 次", f"{count} times")
    return tuple(
        RiskVeto(
            name=name,
            title=VETOES[name],
            says=says,
            certainty=rules[name].certainty,
            source=rules[name].source,
        )
        for name, says in said.items()
        if name in rules
    )


def _is_penalty_since(case: KnownCase, since: date) -> bool:
    decision = case.decision
    return decision is not None and decision.outcome == "penalty" and decision.on >= since


def _results(tx: Connection, batches: Mapping[str, KnownBatch]) -> dict[str, list[Result]]:
    """The final results of supervision samples of these batches, by maker: a sample fails once, however many values do. What was found not to be
    the maker's says nothing of it."""
    of = sampled.samples_of_batches(tx, batches)
    final = [each for each in of if is_final(each) and each.result and not each.is_not_the_makers]
    reports = {
        code: _reports(tx, batches[code]) for code in sorted({e.batch for e in final if e.result == "fail"})
    }
    found: dict[str, list[Result]] = defaultdict(list)
    for each in sorted(final, key=lambda each: each.seq):
        reported = each.last("retested", "reported")
        assert reported is not None, "a result is that of a report"
        failed = each.result == "fail"
        grave = failed and any(
            reading.grade is Grade.I
            for report in reports[each.batch]
            if report.number == reported.number
            for reading in report.readings
        )
        found[each.maker].append(Result(on=reported.on, failed=failed, grave=grave))
    return found


def _reports(tx: Connection, batch: KnownBatch) -> tuple[Report, ...]:
    events = as_they_stand(read_stream_whole(tx, f"batch:{batch.code}", kinds=("testing",)))
    return tuple(
        report
        for report in reports_in([(event, "") for event in events], batch, names_of(tx, ()))
        if report.type in SERVED
    )


def _official(tx: Connection, actor: Actor, makers: Iterable[str]) -> dict[str, list[OfficialClass]]:
    """The official classes of these makers, whoever recorded them, the newest first."""
    scope, known = reading(actor, Action.READ_CASES), inspecting.credit_classes(tx, makers)
    names = names_of(tx, sorted({each.authority for some in known.values() for each in some}))
    return {
        maker: [
            OfficialClass(
                letter=each.letter,
                title=CREDIT_CLASSES[each.letter],
                on=each.on,
                source=each.source,
                number=each.number,
                by=PartyLink(each.authority, names.party(each.authority)),
                event=each.event if scope.sees_party(each.authority) else "",
            )
            for each in some
        ]
        for maker, some in known.items()
    }


def _cases(tx: Connection, own: frozenset[str]) -> dict[str, list[KnownCase]]:
    """The reader's cases by the parties that they are about."""
    found: dict[str, list[KnownCase]] = defaultdict(list)
    for case in investigation.cases_where(tx, investigation.case_is_of(own), limit=_MOST_CASES):
        for party in case.matter.parties:
            found[party].append(case)
    return found


#: More than an authority files in three years.
_MOST_CASES = 5_000


def _visits(tx: Connection, own: Iterable[str]) -> dict[str, date]:
    """The newest inspection of each party by the reader's authority."""
    found: dict[str, date] = {}
    for authority in sorted(own):
        for event in as_they_stand(read_stream_whole(tx, f"party:{authority}", kinds=("inspection",))):
            subject = getattr(event.draft.subject, "party", None)
            if subject is None or event.draft.occurred is None or event.speaker not in own:
                continue
            party, on = party_id(subject), shanghai_date(event.draft.occurred)
            found[party] = max(on, found.get(party, on))
    return found


def _raised(
    tx: Connection, actor: Actor, makers: Iterable[str], rules: Iterable[str], since: date
) -> dict[str, int]:
    """How many batches of each maker have an alert by one of these rules, of those produced since a day."""
    scope, found = actor.own_scope_for(Action.READ_ALERTS), {}
    for maker in makers:
        codes = {
            each.batch
            for rule in rules
            for each in alerts_register.alerts(tx, scope, rule=rule, maker=maker)
            if shanghai_date(each.recorded_at) >= since
        }
        found[maker] = len(codes)
    return found


def _items(risk: Risk) -> tuple[RiskItem, ...]:
    return tuple(
        RiskItem(
            name=each.item,
            title=ITEMS[each.item],
            weight=each.weight,
            points=each.points,
            measure=_in_words(each),
            certainty=each.certainty,
            source=each.source,
        )
        for each in risk.contributions
    )


def _in_words(of: Contribution) -> Text | None:
    if of.measure is None:
        return None
    if of.item in _SHARES:
        share = show_percent(of.measure)
        return {
            "tests": Text(f"不合格率估计 {share}", f"{share} estimated to fail"),
            "copper": Text(f"最低一季 {share}", f"{share} in the worst quarter"),
        }.get(of.item, Text(f"{share} 的批次", f"{share} of the batches"))
    return Text(f"{of.measure} 起", f"{of.measure}")
