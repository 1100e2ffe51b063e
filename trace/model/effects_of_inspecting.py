"""What planned visits, inspections and what became of their findings leave in the register of supervision work."""

from __future__ import annotations

from dataclasses import replace

from . import drafts
from .effects_of_programmes import checks_by, of_own_word
from .effects_on_register import about_goods, event_spoken_of
from .inspecting import KnownCreditClass, KnownDefect, KnownInspection, KnownSamplingPlan, KnownVisit
from .involvement import sites_of
from .postings import Effects, Statement
from .state import State
from .values import business_id, party_id


def of_visit_plan(said: Statement, draft: drafts.VisitPlanDraft, state: State) -> Effects:
    party, project, region = _where(draft, state)
    fact = KnownVisit(
        event=draft.id,
        authority=said.speaker,
        number=draft.body.number,
        type=draft.body.type,
        opens_on=draft.body.opens_on,
        closes_on=draft.body.closes_on,
        party=party,
        project=project,
        region=region,
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def of_inspection(said: Statement, draft: drafts.InspectionDraft, state: State) -> Effects:
    """Its number, and the problems that it names. What was done about one since stays when the inspection is corrected."""
    about, body = about_goods(said, draft, state), draft.body
    party, project, region = _where(draft, state)
    found_on = draft.occurred_on
    assert found_on is not None, "an inspection says when it took place"
    numbered = KnownInspection(event=draft.id, authority=said.speaker, number=body.number, seq=said.seq)
    facts: list[KnownInspection | KnownDefect | KnownVisit] = [numbered]
    for n, each in enumerate(body.defects, start=1):
        known = KnownDefect(
            event=draft.id,
            n=n,
            number=body.number,
            authority=said.speaker,
            party=party,
            region=region,
            sites=" ".join(sorted(sites_of(draft))),
            found_on=found_on,
            text=each.text,
            item=each.item or "",
            due=each.due or body.due,
            seq=said.seq,
        )
        facts.append(_as_it_stands(known, state))
    planned = None if body.plan is None else state.visits.get(body.plan)
    if planned is not None:
        facts.append(replace(planned, inspection=draft.id))
    return about._replace(facts=(*about.facts, *facts, *checks_by(said, [party, project], region)))


def of_self_check(said: Statement, draft: drafts.SelfCheckDraft, state: State) -> Effects:
    """That it was made, and the problems that a party found at itself: followed until an authority closes them, as those of an
    inspection are. What is put right already waits for its re-check."""
    own = of_own_word(said, draft, state)
    ref, found_on = draft.subject.party, draft.occurred_on
    assert ref is not None, "it is about a party"
    assert found_on is not None, "a self-check says when it was made"
    region = draft.place.region if draft.place is not None else state.seat(f"party:{party_id(ref)}")
    found = (
        KnownDefect(
            event=draft.id,
            n=n,
            number="",
            authority=said.speaker,
            party=party_id(ref),
            region=region,
            sites=" ".join(sorted(sites_of(draft))),
            found_on=found_on,
            text=each.text,
            item=each.item or "",
            due=each.due,
            state="open" if each.put_right_on is None else "reported",
            changed_on=each.put_right_on,
            seq=said.seq,
        )
        for n, each in enumerate(draft.body.problems, start=1)
    )
    return own._replace(facts=(*own.facts, *(_as_it_stands(each, state) for each in found)))


def _as_it_stands(known: KnownDefect, state: State) -> KnownDefect:
    """A problem with what was done about it since, where what found it is corrected."""
    before = state.defects.get((known.event, known.n))
    if before is None or not before.last:
        return known
    return replace(known, state=before.state, last=before.last, changed_on=before.changed_on, due=before.due)


def of_rectification(said: Statement, draft: drafts.RectificationDraft, state: State) -> Effects:
    code, body = event_spoken_of(draft.subject.event, state).batch, draft.body
    before = state.defects[draft.subject.event, body.defect]
    assert before is not None, "an accepted step is about a problem that was found"
    state_now = {"reported": "reported", "closed": "closed", "case": "case"}.get(body.step, "open")
    after = replace(
        before, state=state_now, last=draft.id, changed_on=draft.occurred_on, due=body.due or before.due
    )  # fmt: skip
    return Effects(code=code, facts=(after,))


def of_credit_class(said: Statement, draft: drafts.CreditClassDraft, _: State) -> Effects:
    ref, on, body = draft.subject.party, draft.occurred_on, draft.body
    assert ref is not None, "it is about a party"
    assert on is not None, "a credit class says of which day it is"
    fact = KnownCreditClass(
        event=draft.id,
        authority=said.speaker,
        party=party_id(ref),
        letter=body.letter,
        on=on,
        source=body.source,
        number=body.number or "",
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def of_sampling_plan(said: Statement, draft: drafts.SamplingPlanDraft, _: State) -> Effects:
    body = draft.body
    fact = KnownSamplingPlan(
        event=draft.id,
        authority=said.speaker,
        number=body.number,
        level=body.level,
        products=body.products,
        candidates=body.candidates,
        count=body.count,
        substitutes=body.substitutes,
        seed_hash=body.seed_hash,
        entrusted="" if body.entrusted is None else party_id(body.entrusted),
        seq=said.seq,
    )
    return Effects(facts=(fact,))


def of_sampling_draw(_: Statement, draft: drafts.SamplingDrawDraft, state: State) -> Effects:
    before, body = state.sampling_plans[draft.subject.event], draft.body
    assert before is not None, "an accepted draw is from a plan"
    drawn = (*body.drawn, *body.substitutes)
    return Effects(facts=(replace(before, draw=draft.id, seed=body.seed, root=body.root, drawn=drawn),))


def _where(draft: drafts.VisitPlanDraft | drafts.InspectionDraft, state: State) -> tuple[str, str, str]:
    """The party or project that is visited, and the region: of the place, or where the party or project is registered."""
    subject, goods = draft.subject, getattr(draft.body, "goods", None)
    named = subject.party or (None if goods is None else goods.holder)
    party = "" if named is None else party_id(named)
    project = ""
    if subject.project is not None:
        project = business_id("project", party_id(subject.project.keeper), subject.project.number)
    if draft.place is not None:
        return party, project, draft.place.region
    if subject.region is not None:
        return party, project, subject.region
    things = [f"party:{party}"] * bool(party) + [f"project:{project}"] * bool(project)
    return party, project, next((seat for thing in things if (seat := state.seat(thing))), "")
