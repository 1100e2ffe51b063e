"""Admission: which state a draft needs to be judged (`wanted`), and the judgement (`decide`).

`decide` runs every rule of the draft's kind and names all that it found, not only the first, so that a
person can mend everything at once. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Problem
from . import rules_of_corrections as corrections
from . import rules_of_keys
from .bodies_of_cases import Matter
from .bodies_of_requests import MatterAsked
from .claim import Claim, Finding, Rule, Weight
from .named import parties_named
from .parts import BatchRef, ProjectRef
from .rules import RULES_OF
from .subjects import EventSubject
from .values import filed, party_id


@dataclass(slots=True)
class Wanted:
    """Keys of everything that the rules of some drafts will look at."""

    parties: set[str] = field(default_factory=set)
    certificates: set[tuple[str, str]] = field(default_factory=set)
    products: set[tuple[str, str]] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)
    grants: set[tuple[str, str]] = field(default_factory=set)
    orders: set[tuple[str, str]] = field(default_factory=set)
    lots: set[tuple[str, str]] = field(default_factory=set)
    batches: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    public_keys: set[str] = field(default_factory=set)
    goods: set[str] = field(default_factory=set)
    aliases: set[tuple[str, str]] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)
    outstanding: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    laboratories: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    alert_steps: set[tuple[int, str]] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)
    samples: set[str] = field(default_factory=set)
    case_numbers: set[tuple[str, str, str]] = field(default_factory=set)
    defects: set[tuple[str, int]] = field(default_factory=set)
    visits: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    sampling_plans: set[str] = field(default_factory=set)
    programmes: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    discipline: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The draft becomes an event, with the names of the rules that marked it."""

    marks: tuple[str, ...]
    #: What the marking rules found, for those who preview an import.
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The draft is refused: nothing was written. ``status`` as HTTP would say it."""

    problems: tuple[Problem, ...]
    status: int


def want(wanted: Wanted, draft: Any, speaker: str, actor: str) -> None:
    """Add what judging this draft needs. What is said of another event also needs that event: `looks_back`."""
    wanted.parties |= {who for who in (speaker, actor) if who}
    wanted.parties |= {party_id(ref) for _, ref in parties_named(draft)}
    if speaker != actor:
        wanted.grants.add((speaker, actor))
    wanted.documents |= {document.sha256 for document in draft.documents}
    if draft.occurred_on is not None:  # in which terms may end that are judged on its day
        wanted.years |= {draft.occurred_on.year + n for n in (-1, 0, 1)}
    subject, body = draft.subject, draft.body
    more = _WANTED_BY.get(draft.kind)
    if more is not None:
        more(wanted, draft, speaker)
    if getattr(subject, "batch", None) is not None:
        _want_batch(wanted, subject.batch)
    if getattr(subject, "goods", None) is not None:
        wanted.goods.add(subject.goods)
    for ref in (getattr(subject, "project", None), getattr(body, "project", None), *_projects_of(body)):
        if ref is not None:
            wanted.projects.add(ref.id)


def _projects_of(body: Any) -> tuple[ProjectRef, ...]:
    found: tuple[ProjectRef, ...] = getattr(body, "projects", ())
    return found


def _of_party(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.parties.add(party_id(draft.subject.party))
    if draft.body.part_of is not None:
        wanted.parties |= set(map(party_id, draft.body.part_of.supervises))
        wanted.projects |= {ref.id for ref in draft.body.part_of.projects}


def _of_certificate(wanted: Wanted, draft: Any, _: str) -> None:
    ref = draft.subject.certificate
    wanted.certificates.add((party_id(ref.holder), ref.number))


def _of_product(wanted: Wanted, draft: Any, _: str) -> None:
    maker = party_id(draft.subject.product.maker)
    wanted.products.add((maker, draft.subject.product.number))
    if draft.body.certificate is not None:  # a production may follow in the same group
        wanted.certificates.add((maker, draft.body.certificate))


def _of_key(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.keys.add(draft.subject.key)
    wanted.public_keys.add(draft.body.public_key)


def _of_grant(wanted: Wanted, draft: Any, _: str) -> None:
    ref = draft.subject.grant  # else the new one would be taken for the only one
    wanted.grants.add((party_id(ref.grantor), party_id(ref.grantee)))
    if draft.body.reads is not None:
        wanted.batches |= set(draft.body.reads.batches)
        wanted.goods |= set(draft.body.reads.goods)
        wanted.projects |= {ref.id for ref in draft.body.reads.projects}
        wanted.parties |= set(map(party_id, draft.body.reads.parties))


def _of_read(wanted: Wanted, draft: Any, speaker: str) -> None:
    if draft.body.grantor is not None:
        wanted.grants.add((party_id(draft.body.grantor), speaker))


def _of_order(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.orders.add((party_id(draft.subject.order.keeper), filed(draft.subject.order.number)))


def _of_dispatch(wanted: Wanted, draft: Any, speaker: str) -> None:
    if draft.body.order is not None:  # as either of the two keeps it
        keepers = speaker, party_id(draft.body.to)
        wanted.orders |= {(keeper, filed(draft.body.order)) for keeper in keepers}


def _of_production(wanted: Wanted, draft: Any, speaker: str) -> None:
    ref, product = draft.subject.batch, draft.body.product
    wanted.products.add((speaker, product))
    if ref.maker is not None:
        wanted.products.add((party_id(ref.maker), product))
        wanted.lots.add((speaker, ref.lot))
    if draft.body.code is not None:
        wanted.reserved.add(draft.body.code)
        wanted.batches.add(draft.body.code)
        wanted.outstanding.add(speaker)


def _of_reservation(wanted: Wanted, _: Any, speaker: str) -> None:
    wanted.outstanding.add(speaker)


def _of_labelling(wanted: Wanted, draft: Any, _: str) -> None:
    code = draft.subject.batch.code
    wanted.reserved.add(code)
    wanted.printed.add(code)


def _of_testing(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.laboratories.add(speaker)
    if draft.body.cma is not None:
        wanted.certificates.add((speaker, draft.body.cma))


def _of_alias(wanted: Wanted, draft: Any, _: str) -> None:
    body = draft.body
    if body.code is not None and body.scheme is not None:
        wanted.aliases.add((body.scheme, body.code))
    if body.batch is not None:
        _want_batch(wanted, body.batch)


def _of_alert_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.alert_steps.add((draft.subject.index, draft.subject.rule))
    if draft.body.to is not None:
        wanted.parties.add(party_id(draft.body.to))


def _of_lead(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.leads.add(draft.subject.lead)
    wanted.case_numbers.add((speaker, "lead", draft.body.number))
    _want_matter(wanted, draft.body.matter)


def _of_lead_step(wanted: Wanted, draft: Any, _: str) -> None:
    body = draft.body
    wanted.leads |= {each for each in (draft.subject.lead, body.lead) if each is not None}
    if body.case is not None:
        wanted.cases.add(body.case)
    if body.to is not None:
        wanted.parties.add(party_id(body.to))


def _of_case(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.cases.add(draft.subject.case)
    wanted.leads |= set(draft.body.leads)
    wanted.case_numbers.add((speaker, "case", draft.body.number))
    _want_matter(wanted, draft.body.matter)


def _of_case_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.cases.add(draft.subject.case)
    if draft.body.matter is not None:
        _want_matter(wanted, draft.body.matter)
    if draft.body.to is not None:
        wanted.parties.add(party_id(draft.body.to))


def _of_request(wanted: Wanted, draft: Any, speaker: str) -> None:
    body = draft.body
    wanted.requests.add(draft.subject.request)
    wanted.cases |= {body.case} - {None}
    wanted.leads |= {body.lead} - {None}
    wanted.case_numbers.add((speaker, "request", body.number))
    if body.to is not None:
        wanted.parties.add(party_id(body.to))
    _want_matter(wanted, body.matter)


def _of_request_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.requests.add(draft.subject.request)


def _of_programme(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.programmes.add(draft.subject.programme)
    wanted.case_numbers.add((speaker, "programme", draft.body.number))
    wanted.parties |= {party_id(ref) for task in draft.body.tasks for ref in task.units}


def _of_programme_step(wanted: Wanted, draft: Any, _: str) -> None:
    body = draft.body
    wanted.programmes.add(draft.subject.programme)
    wanted.cases |= {body.case} - {None}
    wanted.leads |= {body.lead} - {None}
    if body.unit is not None:
        wanted.parties.add(party_id(body.unit))


def _of_listing(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.listings.add(draft.subject.listing)
    wanted.case_numbers.add((speaker, "listing", draft.body.number))
    wanted.parties |= {party_id(ref) for ref in (draft.body.unit, draft.body.party) if ref is not None}


def _of_listing_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.listings.add(draft.subject.listing)
    if draft.body.to is not None:
        wanted.parties.add(party_id(draft.body.to))


def _of_discipline(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.discipline.add(draft.subject.discipline)
    wanted.cases |= {draft.body.case} - {None}


def _of_discipline_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.discipline.add(draft.subject.discipline)


def _want_matter(wanted: Wanted, matter: Matter | MatterAsked) -> None:
    wanted.batches |= {each.code for each in matter.batches}
    wanted.goods |= set(matter.goods)
    wanted.parties |= set(map(party_id, matter.parties))
    wanted.projects |= {ref.id for ref in matter.projects}


def _of_inspection(wanted: Wanted, draft: Any, speaker: str) -> None:
    wanted.case_numbers.add((speaker, "inspection", draft.body.number))
    wanted.defects |= {(draft.id, n) for n, _ in enumerate(draft.body.defects, start=1)}
    if draft.body.plan is not None:
        wanted.visits.add(draft.body.plan)


def _of_self_check(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.defects |= {(draft.id, n) for n, _ in enumerate(draft.body.problems, start=1)}


def _of_sampling_draw(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.sampling_plans.add(draft.subject.event)


def _of_sampling(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.samples.add(draft.id)


def _of_sample_step(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.samples.add(draft.subject.event)


def _of_statement(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.cases |= {draft.subject.case} - {None}
    wanted.leads |= {draft.subject.lead} - {None}


def _of_rectification(wanted: Wanted, draft: Any, _: str) -> None:
    wanted.defects.add((draft.subject.event, draft.body.defect))


_WANTED_BY: Mapping[str, Callable[[Wanted, Any, str], None]] = {
    "party": _of_party,
    "certificate": _of_certificate,
    "product": _of_product,
    "key": _of_key,
    "grant": _of_grant,
    "order": _of_order,
    "reservation": _of_reservation,
    "production": _of_production,
    "labelling": _of_labelling,
    "dispatch": _of_dispatch,
    "testing": _of_testing,
    "alias": _of_alias,
    "read": _of_read,
    "alert-step": _of_alert_step,
    "lead": _of_lead,
    "lead-step": _of_lead_step,
    "case": _of_case,
    "case-step": _of_case_step,
    "inspection": _of_inspection,
    "self-check": _of_self_check,
    "rectification": _of_rectification,
    "request": _of_request,
    "request-step": _of_request_step,
    "sampling-draw": _of_sampling_draw,
    "sampling": _of_sampling,
    "sample-step": _of_sample_step,
    "listing": _of_listing,
    "listing-step": _of_listing_step,
    "discipline": _of_discipline,
    "discipline-step": _of_discipline_step,
    "programme": _of_programme,
    "programme-step": _of_programme_step,
    "statement": _of_statement,
}


def looks_back(draft: Any) -> str | None:
    """The id of the event that a draft speaks of, which must be looked up before it is judged."""
    return draft.subject.event if isinstance(draft.subject, EventSubject) else None


def _want_batch(wanted: Wanted, ref: BatchRef) -> None:
    if ref.code is not None:
        wanted.batches.add(ref.code)
    elif ref.maker is not None and ref.lot is not None:
        wanted.lots.add((party_id(ref.maker), ref.lot))


def decide(claim: Claim) -> Admitted | Refusal:
    """Judge a claim by every rule of its kind; a correction also by those of the kind that it corrects, and a signed
    draft by those about signatures."""
    found = list(_found(RULES_OF[claim.draft.kind], claim))
    if claim.signature is not None:
        found += _found(rules_of_keys.SIGNED, claim)
    if claim.draft.kind == "correction" and not _is_refused(found):
        found += _of_right_version(claim)
        if not _is_refused(found):
            found += _of_what_happened_since(claim)
    refused = [(rule, problem) for rule, problem, refuses in found if refuses]
    if refused:
        status = max(_ORDER.index(rule.weight) for rule, _ in refused)
        return Refusal(tuple(problem for _, problem in refused), _STATUS[status])
    marked = [problem for _, problem, _ in found]
    return Admitted(tuple(sorted({problem.code for problem in marked})), tuple(marked))


#: A rule, what it found in words, and whether that refuses the draft.
_Judged = tuple[Rule, Problem, bool]


def _found(rules: Iterable[Rule], claim: Claim) -> Iterator[_Judged]:
    for rule in rules:
        found = rule.find(claim, claim.draft) or []
        marks = rule.weight is Weight.OBSERVATION or (
            rule.weight is Weight.PERMISSION and not claim.draft.ask
        )
        for each in found if isinstance(found, list) else [found]:
            yield rule, _problem(rule, each), not marks
        if rule.ends and found:
            return


def _is_refused(found: Iterable[_Judged]) -> bool:
    return any(refuses for _, _, refuses in found)


def _of_right_version(claim: Claim) -> Iterator[_Judged]:
    """What the rules of its own kind find in the right version of an event, where it stands in history."""
    right = corrections.right_claim(claim)
    for rule, problem, refuses in _found(RULES_OF[right.draft.kind], right) if right is not None else ():
        where = problem.where
        if where.startswith("/body"):
            where = f"/body/right{where.removeprefix('/body')}"
        yield rule, replace(problem, where=where), refuses


def _of_what_happened_since(claim: Claim) -> Iterator[_Judged]:
    moved = corrections.after_movement(claim)
    if moved is not None:
        yield corrections.AFTER_MOVEMENT, _problem(corrections.AFTER_MOVEMENT, moved[0]), moved[1]


def refusal(rule: Rule, found: Finding) -> Refusal:
    """What follows from one finding of a rule that refuses."""
    return Refusal((_problem(rule, found),), rule.weight.status)


def _problem(rule: Rule, found: Finding) -> Problem:
    return Problem(rule.name, found.detail, where=found.where, came=found.came, remedy=found.remedy)


#: What cannot be understood is named before what is not allowed, and that before what does not add up.
_ORDER = (Weight.PERMISSION, Weight.ARITHMETIC, Weight.AUTHORITY, Weight.INPUT)
_STATUS = tuple(weight.status for weight in _ORDER)


def all_wanted(drafts: Iterable[tuple[Any, str, str]]) -> Wanted:
    """What judging all these (draft, speaker, actor) needs, for one bulk load."""
    wanted = Wanted()
    for draft, speaker, actor in drafts:
        want(wanted, draft, speaker, actor)
    return wanted
