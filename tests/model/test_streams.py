"""Streams: which histories an event belongs to follows from its draft and what was assigned, alone."""

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.codes.trace_code import BatchCode
from cabletrace.model.kinds import KINDS
from cabletrace.model.streams import streams_of
from cabletrace.model.values import business_id, party_id
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    OPERATOR,
    PROJECT,
    PROJECT_ID,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
)
from world_for_tests import draft_of

CODE = BatchCode("23456789A").canonical
BATCH = f"batch:{CODE}"
GOODS = f"goods:{some.GOODS}"
EVENT = "00000000-0000-4000-8000-0000000000ee"
#: Nobody is told by a gap in a stream that an authority prepares something: neither whom it names, nor who reads its other events.
OF_LEAD = {f"lead:{EVENT}", f"prepared:{REGULATOR}"}
OF_REQUEST = {f"request:{EVENT}", f"prepared:{REGULATOR}"}
OF_CASE = {f"case:{EVENT}", f"prepared:{REGULATOR}"}
PROJECT_STREAM = f"project:{PROJECT_ID}"


def party(who: str) -> str:
    return f"party:{party_id(who)}"


EXPECTED: list[tuple[Envelope, str, set[str]]] = [
    (some.party(DEALER, "周口市例示五金经营部"), MAKER, {party(DEALER), party(MAKER)}),
    (
        some.certificate(),
        REGULATOR,
        {party(REGULATOR), party(MAKER), f"certificate:{business_id('certificate', party_id(MAKER), some.LICENCE)}"},
    ),
    (
        some.product(),
        MAKER,
        {party(MAKER), f"product:{business_id('product', party_id(MAKER), some.PRODUCT)}"},
    ),
    (some.project(supervisor=SUPERVISOR), SITE, {party(SITE), party(SUPERVISOR), PROJECT_STREAM}),
    (some.key(), MAKER, {party(MAKER)}),
    (some.grant(SITE, DEALER, "receipt"), SITE, {party(SITE), party(DEALER)}),
    (some.order(project=PROJECT), SITE, {party(SITE), party(MAKER), PROJECT_STREAM}),
    (some.production(), MAKER, {party(MAKER), BATCH}),
    (some.report(), LABORATORY, {party(LABORATORY), BATCH}),
    (some.dispatch(units=[(1, 1)]), MAKER, {party(MAKER), party(DEALER), BATCH}),
    (
        some.receipt(units=[(1, 1)], sender=MAKER, project=PROJECT),
        SITE,
        {party(MAKER), party(SITE), BATCH, PROJECT_STREAM},
    ),
    (some.acceptance(), SITE, {party(SITE), BATCH, PROJECT_STREAM}),
    (some.supervision(), SUPERVISOR, {party(SUPERVISOR), BATCH, PROJECT_STREAM}),
    (some.use(), SITE, {party(SITE), BATCH, PROJECT_STREAM}),
    (some.sampling(authority=REGULATOR), LABORATORY, {party(LABORATORY), party(REGULATOR), BATCH}),
    (some.reservation(), MAKER, {party(MAKER)}),
    (some.labelling(CODE), MAKER, {party(MAKER), BATCH}),
    (some.split(), DEALER, {party(DEALER), BATCH}),
    (some.returned(units=[(1, 1)]), DEALER, {party(DEALER), party(MAKER), BATCH}),
    (some.disposal(units=[(1, 1)]), DEALER, {party(DEALER), BATCH}),
    (some.sale(units=[(1, 1)]), DEALER, {party(DEALER), BATCH}),
    (some.inspection({"project": PROJECT}), REGULATOR, {party(REGULATOR), PROJECT_STREAM}),
    (some.inspection({"goods": some.GOODS}, goods=some.MARKS), REGULATOR, {party(REGULATOR), GOODS}),
    (some.technical_help(), REGULATOR, {party(REGULATOR), party(MAKER)}),
    (some.credit_class(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.monthly_form(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.visit_plan(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.visit_plan({"project": PROJECT}), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.sampling_plan(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.sampling_draw(EVENT), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.sample_step(EVENT), LABORATORY, {party(LABORATORY), party(REGULATOR), BATCH}),
    (some.rectification(EVENT), MAKER, {party(MAKER), party(REGULATOR), BATCH}),
    (some.measure(against=DEALER), REGULATOR, {party(REGULATOR), party(DEALER), BATCH}),
    (some.recall(), MAKER, {party(MAKER), BATCH}),
    (some.notice(recipients=[SITE]), REGULATOR, {party(REGULATOR), party(SITE), BATCH, PROJECT_STREAM}),
    (some.notice_reply(EVENT), SITE, {party(SITE), BATCH}),
    (some.complaint({"party": DEALER}, place={"region": "411602"}), REGULATOR, {party(REGULATOR), party(DEALER)}),
    (some.hint(against=DEALER), "", {party(DEALER), BATCH}),
    (some.alert(), OPERATOR, {party(OPERATOR), party(MAKER), BATCH}),
    (some.finding(EVENT), REGULATOR, {party(REGULATOR), BATCH}),
    (cases.alert_step(), REGULATOR, {f"prepared:{REGULATOR}"}),
    (some.calendar(), OPERATOR, {party(OPERATOR)}),
    (cases.lead(EVENT, about=cases.matter(batches=[CODE], parties=[MAKER], projects=[PROJECT])), REGULATOR, OF_LEAD),
    (cases.lead_step(EVENT, "transferred-out", to=DEALER, text="移送"), REGULATOR, OF_LEAD),
    (cases.case(EVENT, about=cases.matter(batches=[CODE], goods=[some.GOODS])), REGULATOR, OF_CASE),
    (cases.case_step(EVENT, "transferred-police", to=DEALER), REGULATOR, OF_CASE),
    (cases.request(EVENT, to=DEALER, case=EVENT, about=cases.matter(batches=[CODE])), REGULATOR, OF_REQUEST),
    (cases.request_step(EVENT, "received"), REGULATOR, OF_REQUEST),
    (campaigns.self_check(), MAKER, {f"party:{party_id(MAKER)}"}),
    (campaigns.commitment(), MAKER, {f"party:{party_id(MAKER)}"}),
    (campaigns.listing(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (campaigns.listing_step(EVENT), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (cases.discipline(EVENT), REGULATOR, {f"discipline:{EVENT}"}),
    (cases.discipline_step(EVENT, "approved"), REGULATOR, {f"discipline:{EVENT}"}),
    (campaigns.programme(), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (campaigns.report(EVENT), REGULATOR, {f"prepared:{party_id(REGULATOR)}"}),
    (some.erasure(EVENT, "case", "/by/0/name"), REGULATOR, {f"prepared:{REGULATOR}"}),
    (some.confirmation(), REGULATOR, {party(REGULATOR), party(DEALER)}),
    (some.alias(code="KC-1"), MAKER, {party(MAKER), BATCH}),
    (
        some.correction(
            some.receipt(units=[(1, 1)]), some.receipt(units=[(2, 2)], sender=MAKER, project=PROJECT)
        ),
        SITE,
        {party(SITE), party(MAKER), BATCH, PROJECT_STREAM},
    ),
    (some.erasure(EVENT, "acceptance", "/by/0/name"), SITE, {party(SITE), BATCH}),
    (some.read({"region": "411602"}), REGULATOR, {party(REGULATOR)}),
    (some.statement(), REGULATOR, {f"prepared:{REGULATOR}"}),
]  # fmt: skip


def assigned(envelope: Envelope) -> dict[str, str]:
    """As the server assigns: the batch that a draft names, or that the event is about of which it speaks."""
    return {"batch": CODE} if {"batch", "event"} & envelope["draft"]["subject"].keys() else {}


@pytest.mark.parametrize(
    ("envelope", "actor", "streams"), EXPECTED, ids=[each[0]["draft"]["kind"] for each in EXPECTED]
)
def test_every_kind_belongs_to_the_streams_of_all_that_it_names(
    envelope: Envelope, actor: str, streams: set[str]
) -> None:
    named = streams_of(draft_of(envelope), party_id(actor) if actor else "", assigned(envelope))

    assert named == sorted(streams)


def test_every_kind_stands_in_the_list_above() -> None:
    assert {envelope["draft"]["kind"] for envelope, _, _ in EXPECTED} == set(KINDS)


def test_what_is_entered_for_a_party_stands_in_that_partys_stream_and_not_in_the_clerks() -> None:
    envelope = some.dispatch(units=[(1, 1)], entered_for=MAKER)

    named = streams_of(draft_of(envelope), OPERATOR, assigned(envelope))

    assert named == sorted({party(MAKER), party(DEALER), BATCH})


def test_both_spellings_of_a_party_and_of_a_batch_give_one_stream() -> None:
    by_code = some.dispatch({"batch": {"code": "0123456789"}}, units=[(1, 1)], to=party_id(DEALER))
    by_lot = some.dispatch(units=[(1, 1)])

    one = streams_of(draft_of(by_code), party_id(MAKER), {"batch": CODE})
    other = streams_of(draft_of(by_lot), party_id(MAKER), {"batch": CODE})

    assert one == other
