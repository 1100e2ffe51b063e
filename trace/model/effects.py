"""What an accepted event changes: registry facts, and postings between the accounts of a batch.

`effects_of` is a pure function of the event and of the state before it. It never judges: the same function
runs when an event is accepted and when the projections are rebuilt from the ledger years later, so what it
does may depend on nothing but those two. The effects of each kind stand in the files `effects_on_register`,
`effects_on_metres` and `effects_of_measures`; here is their table, and corrections, which walk a history again.

Produced = held + in transit + at project + used + sampled + seized + sold + scrapped + unexplained, after any
sequence of events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import Broken
from . import drafts
from .applying import apply_effects
from .case_corrections import OF_WAYS, corrected_facts
from .drafts import Draft
from .effects_of_alerts import of_alert, of_alert_finding, reopened
from .effects_of_cases import of_alert_step, of_case, of_case_step, of_lead, of_lead_step
from .effects_of_discipline import of_discipline, of_discipline_step
from .effects_of_inspecting import (
    of_credit_class,
    of_inspection,
    of_rectification,
    of_sampling_draw,
    of_sampling_plan,
    of_self_check,
    of_visit_plan,
)
from .effects_of_listings import of_listing, of_listing_step
from .effects_of_measures import of_measure, of_recall
from .effects_of_programmes import of_own_word, of_programme, of_programme_step
from .effects_of_requests import of_request, of_request_step
from .effects_of_samples import of_sample_step, sample_in
from .effects_on_labels import of_labelling, of_reservation
from .effects_on_metres import (
    of_acceptance,
    of_dispatch,
    of_disposal,
    of_production,
    of_receipt,
    of_sale,
    of_sampling,
    of_split,
    of_supervision,
    of_use,
)
from .effects_on_register import (
    about_goods,
    event_spoken_of,
    of_alias,
    of_calendar,
    of_certificate,
    of_confirmation,
    of_erasure,
    of_grant,
    of_key,
    of_monthly_form,
    of_notice_reply,
    of_order,
    of_party,
    of_product,
    of_project,
    of_read,
    of_statement,
    of_submission,
)
from .postings import Effects, Fact, Statement, Withdrawable, Withdrawn
from .programmes import KnownCheck
from .replay import History
from .samples import KnownSample
from .state import KnownBatch, KnownEvent, KnownOrder, State


def effects_of(said: Statement, state: State) -> Effects:
    """What the accepted statement changes. Raises `Broken` where it names what the state does not know."""
    return _EFFECTS[said.draft.kind](said, said.draft, state)


#: Kinds that the books of a batch follow from: the history that a correction walks again.
BOOKED = frozenset({
    "production", "dispatch", "receipt", "supervision", "use", "sampling", "split", "return", "disposal", "sale",
    "measure", "recall",
})  # fmt: skip


def right_version(original: Draft, correction: drafts.CorrectionDraft) -> Draft:
    """The event as a correction says that it should have been: a draft of the event's own kind and id."""
    return replace(
        original,
        body=correction.body.right,
        occurred_at=correction.occurred_at,
        precision=correction.precision,
        place=correction.place,
        by=correction.by,
        documents=correction.documents,
    )


def corrected(known: KnownEvent, correction: drafts.CorrectionDraft, state: State) -> Statement | None:
    """What the speaker should have said, at the event's own index; None where it is voided."""
    void = correction.body.void
    if void and known.kind != "production":
        return None
    batch = state.batches.get(known.batch)
    return Statement(
        draft=known.original if void else right_version(known.original, correction),
        speaker=known.speaker,
        seq=known.seq,
        batch=known.batch,
        key_version=1 if batch is None else batch.key_version,
        region=known.region,
        void=void,
    )


def history_of(known: KnownEvent, state: State) -> History | None:
    """The history of an event's batch; None for events that no books follow from."""
    if known.kind not in BOOKED or not known.batch:
        return None
    return History(
        code=known.batch,
        said=state.histories[known.batch],
        state=state,
        effects_of=effects_of,
        apply=apply_effects,
    )


def _correction(said: Statement, draft: drafts.CorrectionDraft, state: State) -> Effects:
    known = event_spoken_of(draft.subject.event, state)
    right, history = corrected(known, draft, state), history_of(known, state)
    version = replace(known, newest=draft.id, said=None if right is None or right.void else right.draft)
    if known.kind in OF_WAYS:
        return Effects(facts=(*corrected_facts(known, right, state), version), code=known.batch)
    if history is None:
        return _register_corrected(known, version, right, state)
    again = history.with_right(known.seq, right)
    before, now = state.batches[known.batch], again.batch
    if before is None or now is None:
        raise Broken(f"an accepted correction leaves the history of batch {known.batch} without its metres")
    batch = _as_registered(before, now)
    gone, facts = _sampling_corrected(known, right, history, state)
    return Effects(
        facts=(*facts, version),
        withdrawn=gone,
        code=known.batch,
        rebatched=None if batch == before else batch,
        rebooked=again.book,
        further=again.compensation,
    )


def _sampling_corrected(
    known: KnownEvent, right: Statement | None, history: History, state: State
) -> tuple[tuple[Withdrawn, ...], tuple[Fact, ...]]:
    """The sample, and whom it was taken of, before and after a sampling is corrected: all else that follows from it the books say."""
    if known.kind != "sampling":
        return (), ()
    checked_before, checked = _checks_corrected(known, right, history)
    sample = state.samples.get(known.id)
    if right is None:
        return checked_before if sample is None else (*checked_before, Withdrawn(sample)), ()
    if sample is None:  # it was voided before, and is taken after all: from whom, the books of then say
        taken = effects_of(right, history.before(known.seq)).facts
        return checked_before, (*checked, *(fact for fact in taken if isinstance(fact, KnownSample)))
    return checked_before, (*checked, sample_in(right, right.draft, state))


def _checks_corrected(
    known: KnownEvent, right: Statement | None, history: History
) -> tuple[tuple[Withdrawn, ...], tuple[KnownCheck, ...]]:
    """Whom a sampling was of, before and after it is corrected."""
    then = history.before(known.seq)

    def checked(said: Statement) -> tuple[KnownCheck, ...]:
        return tuple(fact for fact in effects_of(said, then).facts if isinstance(fact, KnownCheck))

    was = known.said
    before = () if was is None else checked(
        Statement(draft=was, speaker=known.speaker, seq=known.seq, batch=known.batch)
    )  # fmt: skip
    return tuple(map(Withdrawn, before)), () if right is None else checked(right)


def _as_registered(before: KnownBatch, now: KnownBatch) -> KnownBatch:
    """The batch after a correction. What it is does not change when its product has been registered anew since."""
    if now.product != before.product:
        return now
    return replace(now, designation=before.designation, certificate=before.certificate)


def _register_corrected(
    known: KnownEvent, version: KnownEvent, right: Statement | None, state: State
) -> Effects:
    """The facts of the right version in place of those of the event."""
    said_before = known.said
    gone: tuple[Withdrawn, ...] = ()
    if said_before is not None:
        was = effects_of(
            Statement(draft=said_before, speaker=known.speaker, seq=known.seq, batch=known.batch), state
        )
        gone = tuple(
            Withdrawn(fact)
            for fact in was.facts
            if isinstance(fact, Withdrawable) and not _is_superseded(fact, state)
        )
    now = reopened(known, state) if right is None else effects_of(right, state)
    facts = (fact for fact in now.facts if not _is_superseded(fact, state))
    return Effects(facts=(*facts, version), withdrawn=gone, code=known.batch)


def _is_superseded(fact: Fact, state: State) -> bool:
    """Whether the register has a newer word on the same thing, which an older one that was corrected leaves alone."""
    if not isinstance(fact, KnownOrder):
        return False
    standing = state.orders[fact.keeper, fact.filed]
    return standing is not None and standing.seq > fact.seq


_EFFECTS: Mapping[str, Callable[[Statement, Any, State], Effects]] = {
    "party": of_party,
    "certificate": of_certificate,
    "product": of_product,
    "project": of_project,
    "key": of_key,
    "grant": of_grant,
    "order": of_order,
    "reservation": of_reservation,
    "production": of_production,
    "labelling": of_labelling,
    "testing": about_goods,
    "dispatch": of_dispatch,
    "receipt": of_receipt,
    "acceptance": of_acceptance,
    "supervision": of_supervision,
    "use": of_use,
    "sampling": of_sampling,
    "split": of_split,
    "return": of_dispatch,
    "disposal": of_disposal,
    "sale": of_sale,
    "visit-plan": of_visit_plan,
    "inspection": of_inspection,
    "rectification": of_rectification,
    "sample-step": of_sample_step,
    "sampling-plan": of_sampling_plan,
    "sampling-draw": of_sampling_draw,
    "technical-help": about_goods,
    "credit-class": of_credit_class,
    "measure": of_measure,
    "recall": of_recall,
    "notice": about_goods,
    "notice-reply": of_notice_reply,
    "complaint": of_submission,
    "report": of_submission,
    "alert": of_alert,
    "alert-finding": of_alert_finding,
    "alert-step": of_alert_step,
    "lead": of_lead,
    "lead-step": of_lead_step,
    "case": of_case,
    "case-step": of_case_step,
    "request": of_request,
    "request-step": of_request_step,
    "monthly-form": of_monthly_form,
    "programme": of_programme,
    "programme-step": of_programme_step,
    "self-check": of_self_check,
    "commitment": of_own_word,
    "listing": of_listing,
    "listing-step": of_listing_step,
    "discipline": of_discipline,
    "discipline-step": of_discipline_step,
    "confirmation": of_confirmation,
    "alias": of_alias,
    "correction": _correction,
    "erasure": of_erasure,
    "read": of_read,
    "statement": of_statement,
    "calendar": of_calendar,
}
