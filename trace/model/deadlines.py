"""Terms in law: how long an authority has for each step of a lead, a case or a sample, and by which day.

``deadlines.csv`` has them, a row for each version: the amount (wd 工作日, d plain days, m months, y years, md a day of the month, or its last where that comes before), by how much it can be
extended, clause, source, how certain the house is of it (``seen``: read in the source), from which day on it holds. A term is
judged by the version in force on the day on which it begins.

Day 0 does not count (市场监督管理行政处罚程序规定 第八十条); a term in plain days that would end on a day off ends on the next
working day. Days on which the clock stands still (tests, suspensions, hearings, the police) do not count. An end that falls
into a year whose days off are not known is tentative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ..errors import Text
from .investigation import KnownCase, KnownLead, KnownStep
from .packaged import packaged
from .requests import KnownRequest, KnownRequestStep
from .sample_path import FINAL
from .samples import KnownSample, KnownSampleStep
from .working_days import Calendar, months_later

_ONE_DAY = timedelta(days=1)
_MONTHS: Mapping[str, int] = {"m": 1, "y": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row of the table. ``more``: by how much it can be extended once, 0 for not at all."""

    code: str
    of: str
    amount: int
    unit: str
    more: int
    clause: str
    source: str
    certainty: str
    effective_from: date
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A term that has begun on a day. ``due``: its last day, None while the clock stands still; ``met_on`` when it was kept, or
    the step came that ends it. ``tentative``: the days off of that year are not known."""

    term: Term
    begun: date
    due: date | None
    tentative: bool
    extended: bool
    met_on: date | None

    @property
    def is_open(self) -> bool:
        return self.met_on is None

    def is_overdue(self, today: date) -> bool:
        """Whether nothing has ended it and its last day is over. Of whom it binds, `Term.of` tells."""
        return self.is_open and self.due is not None and self.due < today


@cache
def terms() -> Mapping[str, tuple[Term, ...]]:
    """Every version of each term by its code, the earliest first."""
    found: dict[str, list[Term]] = {}
    for row in packaged("deadlines.csv"):
        term = Term(
            code=row["code"],
            of=row["of"],
            amount=int(row["amount"]),
            unit=row["unit"],
            more=int(row["more"]),
            clause=row["clause"],
            source=row["source"],
            certainty=row["certainty"],
            effective_from=date.fromisoformat(row["effective_from"]),
            title=Text(row["title_zh"], row["title_en"]),
        )
        found.setdefault(term.code, []).append(term)
    return {code: tuple(sorted(some, key=lambda each: each.effective_from)) for code, some in found.items()}


def term_on(code: str, day: date) -> Term:
    """The version in force on a day; before the first one, the first: what is brought in from history has terms too."""
    versions = terms()[code]
    return next((each for each in reversed(versions) if each.effective_from <= day), versions[0])


@dataclass(frozen=True, slots=True)
class Stop:
    """The clock stands still from the day after ``begun`` to ``ended``, that day too; not yet ended: None."""

    begun: date
    ended: date | None

    def holds(self, day: date) -> bool:
        return self.begun < day and (self.ended is None or day <= self.ended)


def last_day(
    begun: date, amount: int, unit: str, calendar: Calendar, stops: Sequence[Stop] = ()
) -> date | None:
    """The last day of a term; None where the clock stands still before it has run out, and nobody knows until when."""
    if unit in _MONTHS:
        return calendar.or_later(months_later(begun, amount * _MONTHS[unit]))
    day, left = begun, amount
    while left:
        day += _ONE_DAY
        if any(stop.holds(day) for stop in stops):
            if any(stop.ended is None and stop.holds(day) for stop in stops):
                return None
            continue
        left -= calendar.is_working_day(day) if unit == "wd" else 1
    return day if unit == "wd" else calendar.or_later(day)


# --- of a lead, of a case -------------------------------------------------------------------------------


def deadlines_of_lead(lead: KnownLead, calendar: Calendar) -> tuple[Deadline, ...]:
    """The one term of a lead: to check it and to decide."""
    ended = next(
        (s.on for s in lead.steps if s.step in ("filed", "not-filed", "transferred-out", "merged")), None
    )
    stops = _stops(lead.steps, {"testing": ("tested",)})
    found = _deadline("lead-check", lead.received_on, stops, ended, calendar)
    if any(step.step == "extended" and _is_in_time(step, found) for step in lead.steps):
        found = _deadline("lead-check", lead.received_on, stops, ended, calendar, extended=True)
    return (found,)


#: What stops the clock of a case (第六十四条第二款), and what lets it go on.
_STOPS_OF_CASES: Mapping[str, tuple[str, ...]] = {
    "testing": ("tested",),
    "suspended": ("resumed",),
    "hearing": ("hearing-ended",),
    "transferred-police": ("police-returned",),
}
_ENDS_A_CASE = ("decision", "terminated", "transferred-other")


def deadlines_of_case(case: KnownCase, calendar: Calendar) -> tuple[Deadline, ...]:
    """Every term of a case that has begun, in the order in which they began."""
    found = [
        _of_the_decision(case, calendar),
        *_of_reviews(case, calendar),
        *_of_what_follows(case, calendar),
    ]
    return tuple(sorted(found, key=lambda each: (each.begun, each.term.code)))


def _of_the_decision(case: KnownCase, calendar: Calendar) -> Deadline:
    ended = next((step.on for step in case.steps if step.step in _ENDS_A_CASE), None)
    stops = _stops(case.steps, _STOPS_OF_CASES)
    found = _deadline("case-decision", case.filed_on, stops, ended, calendar)
    for step in case.steps:
        if step.step != "extended" or not _is_in_time(step, found):
            continue
        if step.until is not None and found.due is not None:
            found = _dated(found, step.until)
        else:
            found = _deadline("case-decision", case.filed_on, stops, ended, calendar, extended=True)
    return found


def _is_in_time(extended: KnownStep, term: Deadline) -> bool:
    """Whether an extension came before the term was over; one that came later is on record, and moves nothing."""
    return term.due is None or extended.on <= term.due


def _dated(found: Deadline, until: date) -> Deadline:
    """With a last day that was set, where nothing has come of the clock since."""
    return Deadline(
        term=found.term,
        begun=found.begun,
        due=until,
        tentative=False,
        extended=True,
        met_on=found.met_on,
    )


def _of_reviews(case: KnownCase, calendar: Calendar) -> Iterator[Deadline]:
    for n, step in enumerate(case.steps):
        after = case.steps[n + 1 :]
        if step.step == "review":
            yield _begun_by(step, "case-review", after, ("notice-served", "back", "decision"), calendar)
        elif step.step == "notice-served":
            yield _begun_by(
                step, "case-statement", after, ("statement", "hearing", "decision", "back"), calendar
            )


def _of_what_follows(case: KnownCase, calendar: Calendar) -> Iterator[Deadline]:
    for n, step in enumerate(case.steps):
        after = case.steps[n + 1 :]
        match step.step:
            case "decision":
                yield _begun_by(step, "case-serve", after, ("served",), calendar)
                if step.outcome == "penalty":
                    yield _begun_by(step, "case-publish", after, ("published", "not-published"), calendar)
            case "served" if case.penalised_fen:
                paid = _begun_by(step, "case-pay", after, ("executing", "executed", "closed"), calendar)
                yield paid
                if paid.due is not None and not (paid.met_on and paid.met_on <= paid.due):
                    yield _deadline("case-enforce", paid.due, (), paid.met_on, calendar)
            case "served" if case.decision is not None and case.decision.outcome != "penalty":
                yield _begun_by(step, "case-close", after, ("closed",), calendar)
            case "executed" | "terminated" | "transferred-other":
                yield _begun_by(step, "case-close", after, ("closed",), calendar)
            case "published":
                code = "publication-ends-soon" if case.is_criticism_alone else "publication-ends"
                yield _begun_by(step, code, after, ("publication-ended", "withdrawn"), calendar)
            case "transferred-police":
                yield _begun_by(step, "crime-police-answer", after, ("police-returned", "closed"), calendar)
            case "police-returned":
                whatever = tuple(each.step for each in after)
                yield _begun_by(step, "crime-reconsider", after, whatever, calendar)


_REPLIES: Mapping[str, str] = {
    "assist": "assistance-reply",
    "order": "order-reply",
    "transfer": "transfer-reply",
}


def deadline_of_request(request: KnownRequest, calendar: Calendar) -> Deadline | None:
    """By when it is to be replied to, from the day of its receipt; None before. An extension moves it that was told in time."""
    received, extended = request.last("received"), request.last("extended")
    if received is None:
        return None
    ended = request.last("replied", "returned", "withdrawn")
    found = _deadline(_REPLIES[request.type], received.on, (), None if ended is None else ended.on, calendar)
    if extended is None or extended.until is None or _is_late(extended, found):
        return found
    return _dated(found, extended.until)


def _is_late(extended: KnownRequestStep, term: Deadline) -> bool:
    """Whether an extension was told when the term was over (第四十五条): it is on record, and moves nothing."""
    return term.due is not None and extended.on > term.due


def deadlines_of_sample(sample: KnownSample, calendar: Calendar) -> tuple[Deadline, ...]:
    """Of a supervision sample: to serve its result, the terms to object of those who were told, to return the sample and to publish the result.
    Where a publication was withdrawn the result waits anew, from that day."""
    if sample.type != "supervision":
        return ()
    found = []
    reported, served = sample.last("reported"), _first(sample, "served")
    if reported is not None:
        found.append(_deadline("sampling-notify", reported.on, (), _on(served), calendar))
    ended = _first(sample, "final", "upheld")
    found += [
        _deadline("sampling-objection", step.on, (), _answered_on(sample, step) or _on(ended), calendar)
        for step in _served(sample)
    ]
    if sample.state in FINAL and ended is not None:
        found.append(_deadline("sampling-return", ended.on, (), _on(sample.last("returned")), calendar))
        waits = sample.last("withdrawn") or ended
        decided = (step for step in sample.steps if step.step in ("published", "not-published"))
        published = next((step for step in decided if step.seq > waits.seq), None)
        found.append(_deadline("sampling-publish", waits.on, (), _on(published), calendar))
    return tuple(found)


def objections_end(sample: KnownSample, calendar: Calendar) -> date | None:
    """The last day on which somebody who was told of the result may object; None where nobody can any more, since all waived."""
    open_terms = [
        _deadline("sampling-objection", step.on, (), None, calendar).due
        for step in _served(sample)
        if _answered_on(sample, step) is None
    ]
    return max((due for due in open_terms if due is not None), default=None)


def _served(sample: KnownSample) -> list[KnownSampleStep]:
    """The services that begin a term: those of the first result, not of what a retest came to."""
    decided = _first(sample, "retested", "dismissed", "not-the-makers")
    return [s for s in sample.steps if s.step == "served" and (decided is None or s.seq < decided.seq)]


def _answered_on(sample: KnownSample, served: KnownSampleStep) -> date | None:
    """The day on which whoever was served waived or objected; of one who is known by a name alone the authority enters it by that name."""
    answers = (s for s in sample.steps if s.step in ("waived", "objected") and s.seq > served.seq)
    return next((s.on for s in answers if _answers(s, served)), None)


def _answers(answer: KnownSampleStep, served: KnownSampleStep) -> bool:
    if answer.on_paper:
        return (answer.to, answer.to_name) == (served.to, served.to_name)
    return answer.speaker == served.to


def _first(sample: KnownSample, *steps: str) -> KnownSampleStep | None:
    return next((step for step in sample.steps if step.step in steps), None)


def _on(step: KnownSampleStep | None) -> date | None:
    return None if step is None else step.on


def _begun_by(
    step: KnownStep, code: str, after: Iterable[KnownStep], ends: tuple[str, ...], calendar: Calendar
) -> Deadline:
    ended = next((each.on for each in after if each.step in ends), None)
    return _deadline(code, step.on, (), ended, calendar)


def _deadline(
    code: str,
    begun: date,
    stops: Sequence[Stop],
    met_on: date | None,
    calendar: Calendar,
    *,
    extended: bool = False,
) -> Deadline:
    term = term_on(code, begun)
    due = last_day(begun, term.amount + (term.more if extended else 0), term.unit, calendar, stops)
    return Deadline(
        term=term,
        begun=begun,
        due=due,
        tentative=due is not None and calendar.is_tentative(due),
        extended=extended,
        met_on=met_on,
    )


def _stops(steps: Sequence[KnownStep], pairs: Mapping[str, tuple[str, ...]]) -> tuple[Stop, ...]:
    found = []
    for n, step in enumerate(steps):
        if step.step in pairs:
            ends = pairs[step.step]
            found.append(Stop(step.on, next((s.on for s in steps[n + 1 :] if s.step in ends), None)))
    return tuple(found)
