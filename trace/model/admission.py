"""Admission: which state a draft needs to be judged (`wanted`), and the judgement (`decide`).

`decide` runs every rule of the draft's kind and names all that it found, not only the first, so that a
person can mend everything at once. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..errors import Problem
from .drafts import BatchRef, party_id
from .rules import RULES_OF, Claim, Weight, parties_named


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
    documents: set[str] = field(default_factory=set)


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
    """Add what judging this draft needs."""
    wanted.parties |= {speaker, actor, *(party_id(ref) for _, ref in parties_named(draft))}
    if speaker != actor:
        wanted.grants.add((speaker, actor))
    wanted.documents |= {document.sha256 for document in draft.documents}
    kind, subject, body = draft.kind, draft.subject, draft.body
    if kind == "party":
        wanted.parties.add(party_id(subject.party))
    elif kind == "certificate":
        wanted.certificates.add((party_id(subject.certificate.holder), subject.certificate.number))
    elif kind == "product":
        maker = party_id(subject.product.maker)
        wanted.products.add((maker, subject.product.number))
        if body.certificate is not None:  # a production may follow in the same group
            wanted.certificates.add((maker, body.certificate))
    elif kind == "project":
        wanted.projects.add(subject.project.id)
    elif kind == "grant":  # else the new one would be taken for the only one
        wanted.grants.add((party_id(subject.grant.grantor), party_id(subject.grant.grantee)))
    elif kind == "order":
        wanted.orders.add((party_id(subject.order.keeper), subject.order.number))
    elif kind == "production":
        wanted.products.add((speaker, body.product))
        if subject.batch.maker is not None:
            wanted.products.add((party_id(subject.batch.maker), body.product))
            wanted.lots.add((speaker, subject.batch.lot))
    if hasattr(subject, "batch"):
        _want_batch(wanted, subject.batch)
    if getattr(body, "project", None) is not None:
        wanted.projects.add(body.project.id)


def _want_batch(wanted: Wanted, ref: BatchRef) -> None:
    if ref.code is not None:
        wanted.batches.add(ref.code)
    elif ref.maker is not None and ref.lot is not None:
        wanted.lots.add((party_id(ref.maker), ref.lot))


def decide(claim: Claim) -> Admitted | Refusal:
    """Judge a claim by every rule of its kind."""
    refused: list[Problem] = []
    marked: list[Problem] = []
    status = 0
    for rule in RULES_OF[claim.draft.kind]:
        found = rule.find(claim, claim.draft)
        if found is None:
            continue
        problem = Problem(rule.name, found.detail, where=found.where, came=found.came, remedy=found.remedy)
        if rule.weight is Weight.OBSERVATION or (rule.weight is Weight.PERMISSION and not claim.draft.ask):
            marked.append(problem)
        else:
            refused.append(problem)
            status = max(status, _precedence(rule.weight))
    if refused:
        return Refusal(tuple(refused), _STATUS[status])
    return Admitted(tuple(sorted({problem.code for problem in marked})), tuple(marked))


def _precedence(weight: Weight) -> int:
    return _ORDER.index(weight)


#: What cannot be understood is named before what is not allowed, and that before what does not add up.
_ORDER = (Weight.PERMISSION, Weight.ARITHMETIC, Weight.AUTHORITY, Weight.INPUT)
_STATUS = tuple(weight.status for weight in _ORDER)


def all_wanted(drafts: Iterable[tuple[Any, str, str]]) -> Wanted:
    """What judging all these (draft, speaker, actor) needs, for one bulk load."""
    wanted = Wanted()
    for draft, speaker, actor in drafts:
        want(wanted, draft, speaker, actor)
    return wanted
