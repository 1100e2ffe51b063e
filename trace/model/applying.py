"""Changing the state as an accepted event did."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, assert_never

from .discipline import KnownDiscipline
from .inspecting import KnownCreditClass, KnownDefect, KnownInspection, KnownSamplingPlan, KnownVisit
from .investigation import KnownAlertStep, KnownCase, KnownLead
from .listings import KnownListing
from .postings import Effects, Fact, Withdrawable
from .programmes import KnownCheck, KnownProgramme, KnownProgrammeStep
from .requests import KnownRequest
from .samples import KnownSample
from .state import (
    GONE,
    Account,
    Book,
    CertificatePeriod,
    KnownAlias,
    KnownCalendar,
    KnownErasure,
    KnownEvent,
    KnownGoods,
    KnownGrant,
    KnownKey,
    KnownOrder,
    KnownParty,
    KnownPrinted,
    KnownProduct,
    KnownProject,
    KnownReading,
    KnownReserved,
    KnownSubmission,
    KnownSuspicion,
    State,
)

_Dated = TypeVar("_Dated", CertificatePeriod, KnownGrant)


def apply_effects(effects: Effects, state: State) -> None:
    """Change the state as the event did."""
    for gone in effects.withdrawn:
        _withdraw(gone.fact, state)
    for fact in effects.facts:
        _apply_fact(fact, state)
    if effects.batch is not None:
        batch = effects.batch
        state.lots[batch.maker, batch.lot] = batch.code
        state.batches[batch.code] = batch
        state.books[batch.code] = Book.opened(m.after for m in effects.moves if m.after is not None)
    else:
        for move in effects.moves:
            state.books[effects.code].replace(move.part, move.after)
    if effects.rebatched is not None:
        before, batch = state.batches[effects.code], effects.rebatched
        if before is not None:
            state.lots[before.maker, before.lot] = None
        state.lots[batch.maker, batch.lot] = batch.code
        state.batches[batch.code] = batch
    if effects.rebooked is not None:
        state.books[effects.code] = effects.rebooked.copy()
    if effects.code:
        book = state.books[effects.code]
        book.insert(effects.opened)
        for posting in effects.loose:
            add_loose(book, posting.source, -posting.length_mm)
            add_loose(book, posting.target, posting.length_mm)
        for unit, account, length_mm in effects.laid:
            book.lay(unit, account, length_mm)
        if effects.admissions:
            book.admissions = sorted((*book.admissions, *effects.admissions), key=lambda a: (a.seq, a.first))
        if effects.holds is not None:
            book.holds = list(effects.holds)


def add_loose(book: Book, account: Account, length_mm: int) -> None:
    if account.state in GONE:
        return  # no loose length is ever taken from there again
    left = book.loose.get(account, 0) + length_mm
    if left:
        book.loose[account] = left
    else:
        book.loose.pop(account, None)


def _apply_fact(fact: Fact, state: State) -> None:
    match fact:
        case KnownParty():
            state.parties[fact.id] = fact
        case CertificatePeriod():
            key = (fact.holder, fact.number)
            state.certificates[key] = _with(state.certificates.get(key, ()), fact)
        case KnownProduct():
            state.products[fact.maker, fact.number] = fact
        case KnownProject():
            state.projects[fact.id] = fact
        case KnownGrant():
            pair = (fact.grantor, fact.grantee)
            state.grants[pair] = _with(state.grants.get(pair, ()), fact)
        case KnownOrder():
            state.orders[fact.keeper, fact.filed] = fact
        case KnownKey():
            state.keys[fact.id] = state.public_keys[fact.public_key] = fact
        case KnownGoods():
            state.goods[fact.id] = fact
        case KnownAlias():
            state.aliases[fact.scheme, fact.code] = fact
        case KnownReserved():
            _reserve(fact, state)
        case KnownPrinted():
            state.printed[fact.code] = fact.runs
        case KnownSubmission():
            state.submissions[fact.event] = fact
        case KnownSuspicion():
            state.suspicions[fact.event] = fact
        case KnownAlertStep():
            about = (fact.index, fact.rule)
            state.alert_steps[about] = (*state.alert_steps.get(about, ()), fact)
        case KnownCalendar():
            state.calendars[fact.year] = fact
        case KnownLead():
            _let_go("lead", state.leads.get(fact.id), fact, state)
            state.leads[fact.id] = fact
            state.case_numbers[fact.authority, "lead", fact.number] = fact.id
        case KnownCase():
            _let_go("case", state.cases.get(fact.id), fact, state)
            state.cases[fact.id] = fact
            state.case_numbers[fact.authority, "case", fact.number] = fact.id
        case KnownDefect():
            state.defects[fact.event, fact.n] = fact
        case KnownInspection():
            # Of two that are on record from before numbers were unique the first one has it.
            number = (fact.authority, "inspection", fact.number)
            if state.case_numbers.get(number) is None:
                state.case_numbers[number] = fact.event
        case KnownSamplingPlan():
            state.sampling_plans[fact.event] = fact
        case KnownVisit():
            state.visits[fact.event] = fact
        case KnownRequest():
            state.requests[fact.id] = fact
            state.case_numbers[fact.authority, "request", fact.number] = fact.id
        case KnownSample():
            state.samples[fact.event] = fact
        case KnownProgramme():
            state.programmes[fact.id] = fact
            state.case_numbers[fact.authority, "programme", fact.number] = fact.id
        case KnownProgrammeStep() | KnownCheck() | KnownCreditClass():
            pass  # no rule asks what was reported, who was checked, nor which class somebody has
        case KnownListing():
            state.listings[fact.id] = fact
            state.case_numbers[fact.authority, "listing", fact.number] = fact.id
        case KnownDiscipline():
            state.discipline[fact.id] = fact
        case KnownEvent():
            state.events[fact.id] = fact
        case KnownErasure():
            known = state.events[fact.event]
            if known is not None:
                state.events[fact.event] = replace(known, erased=known.erased | {fact.pointer})
        case KnownReading():
            pass  # no rule asks who has read what
        case _:
            assert_never(fact)


def _let_go(
    sort: str, before: KnownLead | KnownCase | None, now: KnownLead | KnownCase, state: State
) -> None:
    """A number that was corrected is free again."""
    if before is not None and before.number != now.number:
        state.case_numbers[before.authority, sort, before.number] = None


def _reserve(fact: KnownReserved, state: State) -> None:
    """Count it among its maker's codes that wait for a production, or no longer: once, whoever walks history again."""
    before = state.reserved.get(fact.code)
    waited = before is not None and not before.used
    more = int(not fact.used) - int(waited)
    if more:
        standing = state.outstanding[fact.maker]
        state.outstanding[fact.maker] = {**standing, fact.valid_to: standing.get(fact.valid_to, 0) + more}
    state.reserved[fact.code] = fact


def _with(facts: tuple[_Dated, ...], fact: _Dated) -> tuple[_Dated, ...]:
    """The facts with this one, in place of what the same event said before it was corrected."""
    kept = [each for each in facts if each.seq != fact.seq]
    kept.append(fact)
    return tuple(sorted(kept, key=lambda each: each.seq))


def _withdraw(fact: Withdrawable, state: State) -> None:
    match fact:
        case CertificatePeriod():
            key = (fact.holder, fact.number)
            state.certificates[key] = tuple(p for p in state.certificates.get(key, ()) if p.seq != fact.seq)
        case KnownGrant():
            pair = (fact.grantor, fact.grantee)
            state.grants[pair] = tuple(g for g in state.grants.get(pair, ()) if g.seq != fact.seq)
        case KnownOrder():
            state.orders[fact.keeper, fact.filed] = None
        case KnownDefect():
            state.defects[fact.event, fact.n] = None
        case KnownInspection():
            number = (fact.authority, "inspection", fact.number)
            if state.case_numbers.get(number) == fact.event:
                state.case_numbers[number] = None
        case KnownSample():
            state.samples[fact.event] = None
        case KnownProgrammeStep() | KnownCheck() | KnownCreditClass():
            pass
        case _:
            assert_never(fact)
