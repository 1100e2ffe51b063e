"""Which streams an event belongs to: the histories of a batch, a party, a project inside the one ledger.

A pure function of the draft and of what the server assigned, so that `verify` derives the names again from
stored bytes alone. Versioned: events of schema version 1 follow `streams_of`; if the law changes, the old
one stays beside the new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .involvement import PREPARED, kind_said, projects_of
from .named import parties_named
from .subjects import CaseSubject, DisciplineSubject, HistorySubject, LeadSubject, RequestSubject
from .things import thing_of
from .values import business_id, party_id


def streams_of(draft: Any, actor: str, assigned: Mapping[str, Any]) -> list[str]:
    """Names of the streams of an accepted event, sorted, each once.

    ``actor`` is the party whose account entered it; ``assigned`` is ``server.assigned`` of the payload, which
    holds the code of every batch event's batch, also where the draft named it by maker and lot, and for a correction
    the parties that it does not name and the corrected event does (`parties_left_out`).
    """
    speaker = actor if draft.entered_for is None else party_id(draft.entered_for)
    if draft.kind == "read":
        return _of_reading(draft, speaker, assigned)
    if draft.kind == "statement":
        return [_prepared_stream(speaker)]
    if kind_said(draft) in PREPARED:
        return _prepared(draft, speaker, assigned)
    parties = {speaker, *(party_id(ref) for _, ref in parties_named(draft))}
    names = {f"party:{party}" for party in parties if party}  # the public is no party
    subject = draft.subject
    if draft.kind == "party":
        names.add(f"party:{party_id(subject.party)}")
    elif draft.kind == "product":
        names.add(
            f"product:{business_id('product', party_id(subject.product.maker), subject.product.number)}"
        )
    elif draft.kind == "certificate":
        holder = party_id(subject.certificate.holder)
        names.add(f"certificate:{business_id('certificate', holder, subject.certificate.number)}")
    elif draft.kind == "project":
        names.add(f"project:{subject.project.id}")
    names |= {f"party:{party}" for party in assigned.get("parties", ())}
    if "batch" in assigned:
        names.add(f"batch:{assigned['batch']}")
    if getattr(subject, "goods", None) is not None:
        names.add(f"goods:{subject.goods}")
    names |= {f"project:{project.id}" for project in projects_of(draft)}
    return sorted(names)


def _of_reading(draft: Any, speaker: str, assigned: Mapping[str, Any]) -> list[str]:
    """Who reads and who granted it; and of a batch, goods or a project a stream of the readings apart: in its own the maker
    would see from a gap in the numbers that somebody looks into it."""
    names = {f"party:{speaker}"}
    if draft.body.grantor is not None:
        names.add(f"party:{party_id(draft.body.grantor)}")
    thing = thing_of(draft, assigned.get("batch"))
    if thing is not None:
        names.add(readings_stream(thing))
    return sorted(names)


def stated_stream(draft: Any, assigned: Mapping[str, Any]) -> str | None:
    """The stream whose newest event a statement names, if it names one."""
    if draft.kind != "statement" or not draft.body.whole:
        return None
    return history_stream(draft.subject, assigned)


def history_stream(subject: HistorySubject, assigned: Mapping[str, Any]) -> str:
    """The history that a statement is about."""
    if subject.case is not None:
        return case_stream(subject.case)
    return f"batch:{assigned['batch']}" if subject.lead is None else lead_stream(subject.lead)


def _prepared(draft: Any, speaker: str, assigned: Mapping[str, Any]) -> list[str]:
    """The lead, case or request alone, and the stream of all that the authority prepares. A correction stands beside what it
    corrects of a lead or case, which the server names (`investigation_of`)."""
    names, subject = [_prepared_stream(speaker)], draft.subject
    if isinstance(
        subject, DisciplineSubject
    ):  # colleagues read payloads of the other one, and would see the gap
        return [discipline_stream(subject.discipline)]
    names += [case_stream(assigned["case"])] if "case" in assigned else []
    names += [lead_stream(assigned["lead"])] if "lead" in assigned else []
    if isinstance(subject, LeadSubject):
        names.append(lead_stream(subject.lead))
    elif isinstance(subject, CaseSubject):
        names.append(case_stream(subject.case))
    elif isinstance(subject, RequestSubject):
        names.append(request_stream(subject.request))
    return sorted(names)


def _prepared_stream(authority: str) -> str:
    """What an authority prepares, apart from its other stream and from those of whom it is about: in these a gap in the numbers would
    tell whoever reads an event of them that there is something."""
    return f"prepared:{authority}"


def investigation_of(draft: Any) -> dict[str, str]:
    """The case or lead that an event is of, as the server names it beside what corrects the event."""
    subject = draft.subject
    if isinstance(subject, CaseSubject):
        return {"case": subject.case}
    return {"lead": subject.lead} if isinstance(subject, LeadSubject) else {}


def lead_stream(lead: str) -> str:
    return f"lead:{lead}"


def case_stream(case: str) -> str:
    return f"case:{case}"


def request_stream(request: str) -> str:
    return f"request:{request}"


def discipline_stream(discipline: str) -> str:
    return f"discipline:{discipline}"


def readings_stream(thing: str) -> str:
    """The stream of who read a thing under a grant; a batch's is called by its code alone."""
    return f"reads:{thing.removeprefix('batch:')}"


def parties_left_out(correction: Any, speaker: str, said_by: str, versions: Iterable[Any]) -> list[str]:
    """Parties that a correction neither comes from nor names, but that the corrected event does: who said it, and whom
    its ``versions`` name (drafts: the event, and the correction before this one). It reaches their streams too, so that
    none of these ends with what was wrong."""
    named = {party_id(ref) for version in versions for _, ref in parties_named(version)}
    there = {speaker, *(party_id(ref) for _, ref in parties_named(correction))}
    return sorted((named | {said_by}) - there)
