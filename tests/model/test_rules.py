"""Rules: each one of every kind passes what is right, and finds what it is there for.

`GOOD` says one right thing of each kind; `WRONG` spoils it for one rule at a time. `MEETS` is compared with
`RULES_OF`, so a rule that is added to a kind without its case fails here, and one that is taken out too.
"""

import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.clock import format_instant
from cabletrace.errors import Problem
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.claim import Weight
from cabletrace.model.draws import tree_size
from cabletrace.model.kinds import KINDS
from cabletrace.model.rules import RULES, RULES_OF
from cabletrace.model.rules_of_corrections import AFTER_MOVEMENT
from cabletrace.model.rules_of_keys import SIGNED
from cabletrace.model.rules_of_speaking import FUTURE_TOLERANCE
from cabletrace.model.scope import EVERYWHERE, Scope
from cabletrace.model.state import UNEXPLAINED, KnownDocument
from cabletrace.model.values import party_id
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    NOBODY,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    batch_of,
)
from world_for_tests import NOON, World, reserved_code, world_with_a_batch

# Events of the world below that others speak of.
WENT = some.dispatch(to=SITE, region="411627", units=[(1, 2)])
SENT = some.dispatch(units=[(4, 4)])
SEEN_TWICE = some.receipt(batch_of(lot="L8"), units=[(1, 1)], on="2026-04-11")
ACCEPTED = some.acceptance(by=[{"role": "witness", "name": "甲某"}, {"role": "acceptor", "name": "乙某"}])
FORGOTTEN = some.acceptance(by=[{"role": "witness", "name": "丙某"}])
NOTICED = some.notice()
INSPECTED = some.inspection(
    {"party": MAKER}, defects=[{"text": "没有进货查验记录", "due": "2026-05-09"}, {"text": "标识不清"}]
)
DEFECT_CLOSED = some.rectification(INSPECTED["draft"]["id"], 2, "closed")
PLANNED, VISITED = some.visit_plan(), some.visit_plan(number="飞检-2")
#: Samples of drum 1: one that was handed over, and one whose result was served on 5 May.
SAMPLED, SERVED = some.sampling(length_mm=None), some.sampling(length_mm=None)
TO_DRAW, DRAWN = some.sampling_plan(), some.sampling_plan(number="抽查-2")
HINTED = some.hint(unit=1, against=MAKER)
SUSPECTED = some.alert()
LOOKED_INTO = some.alert(unit=2)
OTHER_AUTHORITY = "00000000-0000-4000-8000-0000000000f1"
#: A certification body, and the number of a certificate of the maker's that it has suspended.
CERTIFIER = "00000000-0000-4000-8000-0000000000f2"
SUSPENDED = "2020010105123456"
FAR_AWAY = Scope(regions=("610100",))
#: Codes that the maker reserved: the first is lot LR's, with labels printed for its drums 1 and 2; the second has expired.
OURS = [reserved_code(n) for n in range(3)]
ANOTHERS = reserved_code(4)
RESERVED_ONE = some.production("LR", code=OURS[0])
#: Leads of the regulator's: one just received, one being checked and extended, one with an own number.
LEAD, CHECKED = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
#: Its cases: of one the party has its notice, one waits for its review.
CASE, UNREVIEWED = "00000000-0000-4000-8000-0000000000a3", "00000000-0000-4000-8000-0000000000a4"
#: One of which the party is not known, has its notice nevertheless.
NOBODYS = "00000000-0000-4000-8000-0000000000b4"
#: What was begun so long ago that its terms are over.
OLD_LEAD, OLD_CASE = "00000000-0000-4000-8000-0000000000a8", "00000000-0000-4000-8000-0000000000a9"
FILED_CASE = cases.case(CASE, "案1")
ENDED_INVESTIGATION = cases.case_step(CASE, "investigation-closed")
#: Requests of that case: one just issued, one received whose extension was told. The branch is a unit of the regulator's.
REQUEST, RECEIVED = "00000000-0000-4000-8000-0000000000a5", "00000000-0000-4000-8000-0000000000a6"
BRANCH = "00000000-0000-4000-8000-0000000000a7"
#: A programme of the regulator's, whose task is its own.
PROGRAMME = "00000000-0000-4000-8000-0000000000b1"
LISTING = "00000000-0000-4000-8000-0000000000b2"
CLUE = "00000000-0000-4000-8000-0000000000b5"
UNHEARD = some.dispatch(units=[(3, 3)])
HELD = batch_of(lot="L7")
#: Keys of the maker: one that it uses, one that it revoked.
KEY = "00000000-0000-4000-8000-0000000000c1"
OLD_KEY = "00000000-0000-4000-8000-0000000000c2"


@pytest.fixture
def world(told: bytes) -> World:
    """As it stands when everything below has happened, for one test to add to."""
    world: World = pickle.loads(told)  # noqa: S301 - our own bytes
    return world


@pytest.fixture(scope="module")
def told() -> bytes:
    """Drums 1–2 stand at the project, 3 at the maker, 4 is on its way to the dealer; 1–3 are admitted.

    Of lot L7 drum 1 is sealed at the maker's, 2 recalled, 3 sealed at the project, 4 sealed and on its way to the
    dealer. Lot L8 went to the dealer, and its book is not what its history leads to. Lot LR has a reserved code.
    """
    world = world_with_a_batch()
    world.state.documents[campaigns.SIGNED["sha256"]] = KnownDocument("application/pdf", 4)
    world.happened(WENT, by=MAKER)
    world.happened(some.order(DEALER, "DD-9", buyer=DEALER), by=DEALER)
    world.happened(some.order(DEALER, "DD-OTHER", buyer=DEALER, designation="YJV 0.6/1kV 4×35"), by=DEALER)
    world.happened(some.receipt(units=[(1, 2)], sender=MAKER, project=PROJECT), by=SITE)
    world.happened(some.supervision(units=[(1, 3)]), by=SUPERVISOR)
    world.happened(SENT, by=MAKER)
    world.happened(ACCEPTED, FORGOTTEN, by=SITE)
    world.happened(some.erasure(FORGOTTEN["draft"]["id"], "acceptance", "/by/0/name"), by=SITE)
    world.happened(NOTICED, some.inspection({"goods": some.GOODS}, goods=some.MARKS), by=REGULATOR)
    visited = some.inspection({"party": MAKER}, number="JD-2", plan=VISITED["draft"]["id"])
    world.happened(INSPECTED, DEFECT_CLOSED, PLANNED, VISITED, visited, by=REGULATOR)
    world.happened(TO_DRAW, DRAWN, by=REGULATOR)
    for plan in (TO_DRAW, DRAWN):
        known = world.state.sampling_plans[plan["draft"]["id"]]
        assert known is not None
        world.state.roots[tree_size(known.seq)] = "ab" * 32
    world.happened(some.sampling_draw(DRAWN["draft"]["id"]), by=REGULATOR)
    world.happened(SAMPLED, SERVED, by=REGULATOR)
    for sampling in (SAMPLED, SERVED):
        world.happened(some.sample_step(sampling["draft"]["id"]), by=REGULATOR)
    world.happened(some.sample_step(SERVED["draft"]["id"], "reported", on="2026-05-04"), by=LABORATORY)
    world.happened(some.sample_step(SERVED["draft"]["id"], "served", on="2026-05-05"), by=REGULATOR)
    world.happened(HINTED, by=DEALER)
    world.happened(SUSPECTED, LOOKED_INTO)
    world.happened(some.finding(LOOKED_INTO["draft"]["id"], "dismissed"), by=REGULATOR)
    world.happened(some.party(OTHER_AUTHORITY, "西安市示例市场监督管理局", "regulator", region="610100"))
    world.happened(some.use(unit=2, length_mm=10_000), by=SITE)
    world.happened(some.certificate(LABORATORY, some.CMA, type="cma", covers=["绝缘厚度"]), by=LABORATORY)
    world.happened(
        some.production("L7"),
        some.dispatch(HELD, to=SITE, region="411627", units=[(3, 3)]),
        some.alias(HELD, code="KC-7"),
        by=MAKER,
    )
    world.happened(some.receipt(HELD, units=[(3, 3)], project=PROJECT), by=SITE)
    world.happened(some.supervision(HELD, units=[(3, 3)]), by=SUPERVISOR)
    world.happened(
        some.measure("seal", "封0", HELD, units=[(2, 2)], on="2026-04-09"),
        some.measure("release", "解0", HELD, of="封0", on="2026-04-09"),
        some.measure("seal", "封1", HELD, units=[(1, 1), (3, 4)], on="2026-04-10"),
        by=REGULATOR,
    )
    world.happened(
        some.recall(HELD, units=[(2, 2)], on="2026-04-10"), some.dispatch(HELD, units=[(4, 4)]), by=MAKER
    )
    eighth = batch_of(lot="L8")
    world.happened(some.production("L8"), some.dispatch(eighth, units=[(1, 1)]), by=MAKER)
    world.happened(SEEN_TWICE, some.receipt(eighth, units=[(1, 1)]), by=DEALER)
    world.state.books[world.code(MAKER, "L8")].loose[UNEXPLAINED] = -1
    world.happened(
        some.certificate(number="C-35", scope={"largest_area_mm2": "35"}),
        some.product(number="P-OUT", certificate="C-35"),
        by=MAKER,
    )
    world.happened(some.party(CERTIFIER, "示例认证中心", "certifier", region="110105"))
    suspended = some.certificate(number=SUSPENDED, type="ccc", issued_by=CERTIFIER, status="suspended")
    world.happened(suspended, by=CERTIFIER)
    world.happened(some.reservation(count=1), by=MAKER)
    in_may = NOON - timedelta(days=40)
    world.hear(some.reservation(count=1, valid_to="2026-06-29"), by=MAKER, at=in_may)
    world.happened(some.reservation(count=2), by=MAKER)
    world.happened(some.reservation(OTHER_MAKER, 1), by=OTHER_MAKER)
    world.state.outstanding[party_id(MAKER)] = {date(2026, 12, 31): 4_002}
    world.happened(RESERVED_ONE, some.labelling(OURS[0], [(1, 2)]), by=MAKER)
    world.happened(
        cases.alert_step(0),
        cases.lead(LEAD, "线索1"),
        cases.lead(CHECKED, "线索2"),
        cases.lead_step(CHECKED, "checking"),
        cases.lead_step(CHECKED, "extended", text="案情复杂"),
        FILED_CASE,
        cases.lead(OLD_LEAD, "线索3", on="2026-03-02"),
        cases.case(OLD_CASE, "案3", on="2026-01-05"),
        cases.case(UNREVIEWED, "案2"),
        *(
            cases.case_step(id_, step, **cases.SAID_OF_CASES.get(step, {}))
            for id_ in (CASE, UNREVIEWED)
            for step in ("investigate", "extended")
        ),
        cases.case(NOBODYS, "案4", about=cases.matter(parties=[], projects=[PROJECT])),
        *(
            cases.case_step(NOBODYS, step, **cases.SAID_OF_CASES.get(step, {}))
            for step in ("investigate", "investigation-closed", "review", "notice-served")
        ),
        ENDED_INVESTIGATION,
        cases.case_step(UNREVIEWED, "investigation-closed"),
        cases.case_step(CASE, "review"),
        cases.case_step(CASE, "notice-served"),
        some.party(BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"])),
        cases.request(REQUEST, "函1", to=OTHER_AUTHORITY, case=CASE),
        cases.request(RECEIVED, "函2", to=OTHER_AUTHORITY, case=CASE),
        campaigns.programme(PROGRAMME, "专1"),
        campaigns.listing(LISTING, "督1"),
        cases.discipline(CLUE),
        cases.request_step(RECEIVED, "received"),
        cases.request_step(RECEIVED, "extended", **cases.SAID_OF_REQUESTS["extended"]),
        by=REGULATOR,
    )
    world.happened(some.key(id_=KEY), some.key(id_=OLD_KEY), some.key(id_=OLD_KEY, revoked=True), by=MAKER)
    world.happened(some.production("L9"), some.sale(SOLD, units=[(1, 1)]), by=MAKER)
    return pickle.dumps(world)


def by_default(builder: Callable[..., Envelope], *first: Any, **default: Any) -> Callable[..., Envelope]:
    return lambda **members: builder(*first, **{**default, **members})


def a_grant(grantor: str = SITE, **members: Any) -> Envelope:
    return some.grant(grantor, DEALER, "receipt", **members)


def an_erasure(pointer: str = "/by/0/name", event: str = ACCEPTED["draft"]["id"], **members: Any) -> Envelope:
    return some.erasure(event, "acceptance", pointer, **members)


def a_step_of_a_case(of: str = CASE, step: str = "decision", **members: Any) -> Envelope:
    said = cases.SAID_OF_CASES["decision"] if step == "decision" else {}
    return cases.case_step(of, step, **{"on": "2026-05-21", **said, **members})


#: Who says it, and how it is made; what is given to the maker takes the place of what stands here.
GOOD: dict[str, tuple[str, Callable[..., Envelope]]] = {
    "party": (DEALER, by_default(some.party, DEALER, "周口市例示五金经营部", "distributor", uscc=DEALER)),
    "certificate": (MAKER, some.certificate),
    "product": (MAKER, some.product),
    "project": (SITE, some.project),
    "key": (MAKER, some.key),
    "grant": (SITE, a_grant),
    "order": (SITE, by_default(some.order, project=PROJECT)),
    "reservation": (MAKER, some.reservation),
    "labelling": (MAKER, by_default(some.labelling, code=OURS[0], units=[(3, 4)])),
    "production": (MAKER, by_default(some.production, lot="L2", designation=some.DESIGNATION)),
    "testing": (MAKER, some.report),
    "dispatch": (MAKER, by_default(some.dispatch, units=[(3, 3)], length_mm=250_000, order="DD-9")),
    "receipt": (DEALER, by_default(some.receipt, units=[(4, 4)], length_mm=250_000)),
    "acceptance": (SITE, by_default(some.acceptance, measured=[(1, 249_000)])),
    "supervision": (SUPERVISOR, some.supervision),
    "use": (SITE, some.use),
    "sampling": (LABORATORY, by_default(some.sampling, authority=REGULATOR)),
    "split": (MAKER, by_default(some.split, unit=3)),
    "return": (SITE, by_default(some.returned, units=[(2, 2)], length_mm=250_000)),
    "disposal": (MAKER, by_default(some.disposal, units=[(3, 3)])),
    "sale": (MAKER, by_default(some.sale, units=[(3, 3)])),
    "inspection": (REGULATOR, by_default(some.inspection, units=[(1, 2)])),
    "visit-plan": (REGULATOR, some.visit_plan),
    "technical-help": (REGULATOR, some.technical_help),
    "credit-class": (REGULATOR, some.credit_class),
    "monthly-form": (REGULATOR, some.monthly_form),
    "sampling-plan": (REGULATOR, some.sampling_plan),
    "sampling-draw": (REGULATOR, by_default(some.sampling_draw, event=TO_DRAW["draft"]["id"])),
    "sample-step": (REGULATOR, by_default(some.sample_step, event=SAMPLED["draft"]["id"])),
    "rectification": (MAKER, by_default(some.rectification, event=INSPECTED["draft"]["id"])),
    "measure": (
        REGULATOR,
        by_default(some.measure, action="extend", number="延1", subject=HELD, of="封1", days=30),
    ),
    "recall": (MAKER, by_default(some.recall, units=[(1, 2)])),
    "notice": (REGULATOR, by_default(some.notice, units=[(1, 2)])),
    "notice-reply": (SITE, by_default(some.notice_reply, event=NOTICED["draft"]["id"])),
    "complaint": (REGULATOR, by_default(some.complaint, unit=1, against=DEALER)),
    "report": (DEALER, by_default(some.hint, unit=1, against=MAKER)),
    "alert": (OPERATOR, some.alert),
    "alert-finding": (REGULATOR, by_default(some.finding, event=SUSPECTED["draft"]["id"])),
    "alert-step": (REGULATOR, by_default(cases.alert_step, index=1)),
    "calendar": (OPERATOR, some.calendar),
    "lead": (REGULATOR, by_default(cases.lead, number="线索9")),
    "lead-step": (REGULATOR, by_default(cases.lead_step, of=LEAD)),
    "case": (REGULATOR, by_default(cases.case, number="案9", leads=[CHECKED])),
    "case-step": (REGULATOR, a_step_of_a_case),
    "request": (REGULATOR, by_default(cases.request, number="函9", to=OTHER_AUTHORITY, case=CASE)),
    "request-step": (REGULATOR, by_default(cases.request_step, of=REQUEST, step="received")),
    "programme": (REGULATOR, campaigns.programme),
    "programme-step": (REGULATOR, by_default(campaigns.report, of=PROGRAMME)),
    "listing": (REGULATOR, campaigns.listing),
    "listing-step": (REGULATOR, by_default(campaigns.listing_step, of=LISTING)),
    "discipline": (REGULATOR, cases.discipline),
    "discipline-step": (REGULATOR, by_default(cases.discipline_step, of=CLUE, step="dropped", text="重复")),
    "self-check": (MAKER, campaigns.self_check),
    "commitment": (MAKER, campaigns.commitment),
    "confirmation": (REGULATOR, some.confirmation),
    "alias": (MAKER, by_default(some.alias, code="KC-1")),
    "correction": (MAKER, by_default(some.correction, of=SENT, right=some.dispatch(units=[(3, 4)]))),
    "erasure": (SITE, an_erasure),
    "read": (REGULATOR, some.read),
    "statement": (REGULATOR, some.statement),
}


@dataclass
class Wrong:
    """What is changed in the good envelope, and who enters it (default: whoever entered the good one)."""

    changed: dict[str, Any]
    by: str | None = None
    anybody: bool = False
    #: Whether ``by`` says so itself, and not for whoever said the good one.
    itself: bool = False
    jurisdiction: Scope = EVERYWHERE


#: Nothing is left of its drum 1.
SOLD = batch_of(lot="L9")
TO_THE_OTHER_MAKER = Scope(parties=frozenset({party_id(OTHER_MAKER)}))
TOO_LATE = format_instant(NOON + FUTURE_TOLERANCE + timedelta(seconds=1))
UNKNOWN_PROJECT = {"keeper": SITE, "number": "XM-404"}
NOT_A_CABLE = "镀锌铁丝网 3mm"
NOT_UPLOADED = {"sha256": "0" * 64, "name": "照片.jpg", "media_type": "image/jpeg", "size": 1}

#: By rule alone, or by kind and rule where it depends on the kind.
WRONG: dict[str | tuple[str, str], Wrong] = {
    "no-grant-to-enter": Wrong({}, by=OTHER_MAKER),
    "unknown-party": Wrong({"entered_for": NOBODY}, by=OPERATOR, anybody=True),
    "in-the-future": Wrong({"on": None, "occurred_at": TOO_LATE}),
    "batch-unknown": Wrong({"subject": batch_of(lot="L404")}),
    "project-unknown": Wrong({"project": UNKNOWN_PROJECT}),
    "unit-not-in-batch": Wrong({"unit": 5}),
    "goods-unknown": Wrong({"subject": {"goods": NOBODY}}),
    "subject-project-unknown": Wrong({"subject": {"project": UNKNOWN_PROJECT}}),
    "place-missing": Wrong({"place": {}}),
    "units-or-length": Wrong({"units": (), "length_mm": None}),
    "no-units": Wrong({"units": ()}),
    "seen-before-production": Wrong({"on": "2026-03-31"}),
    "before-production": Wrong({"on": "2026-03-31"}),
    "more-than-is-left": Wrong({"units": (), "unit": 3, "length_mm": 250_001}),
    "not-held": Wrong({"units": [(1, 1)]}),
    "what-leaves": Wrong({"length_mm": 250_000}),
    "goods-held": Wrong({"subject": HELD, "units": [(1, 1)]}),
    "event-unknown": Wrong({"event": NOBODY}),
    "not-a-cable": Wrong({"designation": NOT_A_CABLE}),
    "document-missing": Wrong({"documents": [NOT_UPLOADED]}),
    ("party", "party-id-mismatch"): Wrong({"uscc": OTHER_MAKER}),
    ("party", "office-taken"): Wrong({"uscc": None, "roles": ["distributor", "regulator"]}),
    ("certificate", "speaks-for-another"): Wrong({"holder": OTHER_MAKER}),
    ("certificate", "not-its-certificate"): Wrong({}, by=CERTIFIER, itself=True),
    ("certificate", "against-its-issuer"): Wrong({"number": SUSPENDED}),
    ("product", "speaks-for-another"): Wrong({"maker": OTHER_MAKER}),
    ("project", "speaks-for-another"): Wrong({"keeper": DEALER}),
    ("key", "speaks-for-another"): Wrong({"owner": DEALER}),
    ("key", "key-entered-by-another"): Wrong({"entered_for": MAKER}, by=OPERATOR, anybody=True),
    ("key", "key-unusable"): Wrong({"public_key": "A" * 43 + "="}),
    ("key", "key-taken"): Wrong({"id_": KEY, "holder": OLD_KEY}),
    ("key", "key-revoked"): Wrong({"id_": OLD_KEY}),
    ("key", "key-unknown"): Wrong({"revoked": True}),
    ("key", "key-not-possessed"): Wrong({"public_key": some.public_key("another's")}),
    ("key", "key-over"): Wrong({"valid_to": "2026-06-29"}),
    ("grant", "speaks-for-another"): Wrong({"grantor": OTHER_MAKER}),
    ("grant", "reading-between-authorities"): Wrong({"reads": {"regions": ["411627"]}}),
    ("grant", "grants-more-than-it-has"): Wrong({"reads": {"regions": ["610100"]}}),
    ("read", "reading-not-granted"): Wrong({"grantor": OTHER_AUTHORITY, "grant": NOBODY}),
    "evidence-of-no-case": Wrong({"subject": {"case": NOBODY}}),
    "before-it-began": Wrong({"as_of": 1}),
    "not-whole-within": Wrong({}, by=REGULATOR, itself=True, jurisdiction=Scope(regions=("411603",))),
    ("party", "unit-of-another"): Wrong({"part_of": some.unit()}),
    ("party", "unit-misplaced"): Wrong({"part_of": some.unit(MAKER)}),  # who is no authority itself
    ("party", "wider-than-parent"): Wrong({"part_of": some.unit(regions=["610100"])}),
    ("order", "speaks-for-another"): Wrong({"keeper": DEALER}),
    ("order", "order-with-oneself"): Wrong({"supplier": SITE}),
    ("order", "order-number-taken"): Wrong({"keeper": DEALER, "number": "DD-9"}, by=DEALER, itself=True),
    ("order", "due-before-ordered"): Wrong({"on": "2026-03-02", "due": "2026-03-01"}),
    ("production", "speaks-for-another"): Wrong({"maker": OTHER_MAKER}),
    ("production", "lot-without-maker"): Wrong({"subject": "code"}),
    ("production", "product-unknown"): Wrong({"product": "P99"}),
    ("production", "lot-already-used"): Wrong({"lot": "L1"}),
    ("production", "units-do-not-add-up"): Wrong({"length_mm": 1_000_001}),
    ("production", "unit-numbers-overlap"): Wrong({"units": [(1, 2, 9), (2, 3, 9)]}),
    ("production", "designation-contradicts-product"): Wrong({"designation": "YJV 0.6/1kV 3×70+1×35"}),
    ("production", "certificate-not-valid-at-production"): Wrong({"on": "2023-04-19"}),
    ("production", "outside-certificate-scope"): Wrong({"product": "P-OUT", "designation": None}),
    ("production", "code-not-reserved"): Wrong({"code": ANOTHERS}),
    ("production", "code-already-used"): Wrong({"code": OURS[0]}),
    ("production", "code-expired"): Wrong({"code": OURS[1], "on": "2026-06-30"}),
    ("reservation", "speaks-for-another"): Wrong({"maker": OTHER_MAKER}),
    ("reservation", "reservation-term"): Wrong({"valid_to": "2026-06-29"}),
    ("reservation", "too-many-reserved"): Wrong({"count": 1_000}),
    "label-of-nothing": Wrong({"code": reserved_code(99_999)}),
    ("labelling", "unit-not-in-batch"): Wrong({"units": [(4, 5)]}),
    "labels-anothers": Wrong({"code": ANOTHERS}),
    "unit-beyond-reservation": Wrong({"code": OURS[2], "units": [(40, 41)]}),
    "reprint-without-reason": Wrong({"units": [(2, 3)]}),
    ("testing", "indicator-misfit"): Wrong({"item_unit": "MPa"}),
    ("dispatch", "unit-not-in-batch"): Wrong({"units": [(3, 3), (5, 6)], "length_mm": None}),
    ("testing", "outside-accreditation"): Wrong({"type": "commissioned"}, by=LABORATORY, itself=True),
    "length-contradicts-units": Wrong({"length_mm": 249_999}),
    ("dispatch", "order-unknown"): Wrong({"order": "DD-404"}),
    ("dispatch", "order-other-cable"): Wrong({"order": "DD-OTHER"}),
    ("dispatch", "price-below-order"): Wrong({"price_fen_per_metre": 31_499}),
    ("receipt", "unit-not-in-batch"): Wrong({"units": [(4, 5)], "length_mm": None}),
    ("receipt", "longer-than-registered"): Wrong({"length_mm": 250_001}),
    "nothing-to-receive": Wrong(
        {"subject": SOLD, "units": [(1, 1)], "length_mm": None},
        by=OTHER_MAKER,
        itself=True,
        jurisdiction=TO_THE_OTHER_MAKER,
    ),
    ("receipt", "receipt-without-dispatch"): Wrong({"units": [(3, 3)]}),
    ("receipt", "length-deviates"): Wrong({"length_mm": 247_499}),
    ("acceptance", "unit-not-in-batch"): Wrong({"measured": [(7, 1)]}),
    ("acceptance", "length-deviates"): Wrong({"measured": [(1, 252_501)]}),
    ("supervision", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    "removed-by-another": Wrong({"removed": True, "unit": 2, "length_mm": 10_000}, by=DEALER, itself=True),
    "another-authoritys": Wrong(
        {"of": NOTICED, "right": None}, by=OTHER_AUTHORITY, itself=True, jurisdiction=FAR_AWAY
    ),
    ("use", "use-before-admission"): Wrong({"on": "2026-04-13"}),
    ("use", "used-elsewhere"): Wrong({"unit": 3}),
    ("use", "more-than-is-left"): Wrong({"length_mm": 250_001}),
    ("use", "goods-held"): Wrong({"subject": HELD, "unit": 3}),
    ("sampling", "more-than-is-left"): Wrong({"length_mm": 250_001}),
    ("sampling", "no-unit-sampled"): Wrong({"unit": None}),
    ("receipt", "seen-while-held"): Wrong({"subject": HELD}),
    ("split", "not-held"): Wrong({"unit": 1}),
    ("split", "goods-held"): Wrong({"subject": HELD, "unit": 1}),
    ("split", "piece-number-taken"): Wrong({"pieces": [(11, 1_000), (2, 1_000)]}),
    ("split", "more-than-is-left"): Wrong({"pieces": [(11, 250_000)], "scrap_mm": 1}),
    ("return", "unit-not-in-batch"): Wrong({"units": [(2, 2), (5, 5)], "length_mm": None}),
    ("return", "not-held"): Wrong({"units": [(3, 3)]}),
    ("return", "goods-held"): Wrong({"subject": HELD, "units": [(3, 3)]}),
    ("disposal", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("sale", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("inspection", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("inspection", "inspection-number-taken"): Wrong({"number": "JD-2"}),
    ("inspection", "plan-unknown"): Wrong({"plan": VISITED["draft"]["id"]}),
    ("inspection", "checklist-unknown"): Wrong({"form": "maker/2001-01-01"}),
    ("inspection", "checklist-incomplete"): Wrong(
        {"form": "maker/2023-05-05", "checklist": [{"item": "营业执照", "result": "pass", "code": "M01"}]}
    ),
    ("visit-plan", "plan-ends-before"): Wrong({"closes_on": "2026-05-09"}),
    ("monthly-form", "not-the-form"): Wrong({"figures": [{"key": "makers", "month": 1}]}),
    ("monthly-form", "odd-period"): Wrong({"since": "2026-06-02"}),
    ("monthly-form", "counted-beyond-the-ledger"): Wrong({"counted_at": 10_000}),
    ("sampling-plan", "candidates-wrong"): Wrong({"candidates_hash": "0" * 64}),
    ("sampling-draw", "nothing-to-draw"): Wrong({"event": DRAWN["draft"]["id"]}),
    ("sampling-draw", "seed-not-committed"): Wrong({"seed": "another-seed-of-the-same-length"}),
    ("sampling-draw", "root-of-another-tree"): Wrong({"root": "cd" * 32}),
    ("sampling-draw", "draw-not-reproduced"): Wrong({"drawn": ["甲电缆厂", "乙电缆厂", "丙电缆厂"]}),
    ("sampling-draw", "outside-jurisdiction"): Wrong(
        {}, by=OTHER_AUTHORITY, itself=True, jurisdiction=FAR_AWAY
    ),
    ("sample-step", "sample-unknown"): Wrong({}, by=OTHER_MAKER, itself=True),
    ("sample-step", "sample-out-of-order"): Wrong({"step": "final"}),
    ("sample-step", "sample-step-of-another"): Wrong({"step": "sealed"}, by=LABORATORY, itself=True),
    ("sample-step", "before-the-last-step"): Wrong({"on": "2026-04-18"}),
    ("sample-step", "step-incomplete"): Wrong({"seal": None}),
    ("sample-step", "objection-without-paper"): Wrong(
        {"event": SERVED["draft"]["id"], "step": "objected", "on": "2026-05-06", "to": DEALER}
    ),
    ("sample-step", "not-yet-final"): Wrong(
        {"event": SERVED["draft"]["id"], "step": "final", "on": "2026-05-20"}
    ),
    ("rectification", "defect-unknown"): Wrong({"defect": 3}),
    ("rectification", "rechecks-as-a-party"): Wrong({"step": "closed"}),
    ("rectification", "defect-done"): Wrong({"defect": 2}),
    ("rectification", "no-new-day"): Wrong({"step": "extended"}, by=REGULATOR, itself=True),
    ("notice", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("notice", "projects-unknown"): Wrong({"projects": [PROJECT, UNKNOWN_PROJECT]}),
    ("recall", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("recall", "recalls-anothers"): Wrong({}, by=DEALER, itself=True),
    ("recall", "recall-unknown"): Wrong({"phase": "end", "number": "ZH-404"}),
    ("measure", "unit-not-in-batch"): Wrong({"units": [(5, 5)]}),
    ("measure", "longer-than-registered"): Wrong({"action": "seal", "of": None, "length_mm": 1_000_001}),
    ("measure", "measure-incomplete"): Wrong({"of": None}),
    ("measure", "measure-unknown"): Wrong({"of": "封404"}),
    ("measure", "measure-ended"): Wrong({"of": "封0"}),
    ("measure", "measure-number-taken"): Wrong({"action": "seal", "number": "封1", "of": None}),
    ("measure", "extension-too-long"): Wrong({"days": 31}),
    ("notice-reply", "more-than-the-batch"): Wrong({"length_mm": 1_100_001}),
    ("notice-reply", "not-asked"): Wrong({}, by=DEALER, itself=True),
    ("alert-finding", "found-nowhere"): Wrong({"place": {}}),
    ("alert-finding", "found-already"): Wrong({"event": LOOKED_INTO["draft"]["id"]}),
    ("alert-finding", "event-unknown"): Wrong({"event": NOBODY}),
    "no-such-alert": Wrong({"index": 10_000}),
    "handled-already": Wrong({"index": 0}),
    "handled-without-reason": Wrong({"step": "assigned"}),
    ("alert-step", "given-to-nobody"): Wrong({"step": "assigned", "to": OTHER_AUTHORITY}),
    "odd-days-off": Wrong({"off": ["2027-01-02"]}),
    "leads-without-office": Wrong({}, by=MAKER, itself=True),
    ("lead", "lead-or-case-there"): Wrong({"id_": LEAD}),
    ("case", "lead-or-case-there"): Wrong({"id_": CASE}),
    ("lead", "case-number-taken"): Wrong({"number": "线索1"}),
    ("case", "case-number-taken"): Wrong({"number": "案1"}),
    "matter-unknown": Wrong({"about": cases.matter(parties=[NOBODY])}),
    ("case-step", "matter-unknown"): Wrong({"step": "scope", "matter": cases.matter(parties=[NOBODY])}),
    "lead-unknown": Wrong({"of": NOBODY}),
    "case-unknown": Wrong({"of": NOBODY}),
    "lead-out-of-order": Wrong({"step": "tested"}),
    "case-out-of-order": Wrong({"step": "closed"}),
    "leads-not-ready": Wrong({"leads": [LEAD]}),
    "before-the-last-step": Wrong({"on": "2026-05-05"}),
    ("lead-step", "step-incomplete"): Wrong({"step": "extended"}),
    ("case-step", "step-incomplete"): Wrong({"outcome": None}),
    ("case", "beyond-the-ledger"): Wrong({"frozen_at": 10_000}),
    ("case-step", "beyond-the-ledger"): Wrong({"step": "scope", "frozen_at": 10_000}),
    "decision-contradicts": Wrong({"penalties": None}),
    "penalty-against-nobody": Wrong({"of": NOBODYS}),
    ("lead-step", "extended-already"): Wrong({"of": CHECKED, "step": "extended", "text": "再延"}),
    ("case-step", "extended-already"): Wrong({"step": "extended", "text": "再延"}),
    ("lead-step", "extended-late"): Wrong({"of": OLD_LEAD, "step": "extended", "text": "案情复杂"}),
    ("case-step", "extended-late"): Wrong({"of": OLD_CASE, "step": "extended", "text": "案情复杂"}),
    "decided-before-the-party-spoke": Wrong({"on": "2026-05-20"}),
    "publication-out-of-order": Wrong({"step": "published", "text": "公示"}),
    ("case", "too-few-officers"): Wrong({"officers": ["执法甲", "执 法 甲"]}),
    ("case-step", "too-few-officers"): Wrong({"step": "review", "by": cases.persons("officer", "审核丙")}),
    "reviews-own-case": Wrong(
        {"of": UNREVIEWED, "step": "review", "by": cases.persons("reviewer", "执法 乙")}
    ),
    ("lead-step", "given-to-nobody"): Wrong({"step": "assigned", "to": OTHER_AUTHORITY}),
    ("case-step", "given-to-nobody"): Wrong({"step": "transferred-police", "to": NOBODY, "number": "移1"}),
    "request-there": Wrong({"id_": REQUEST}),
    ("request", "case-number-taken"): Wrong({"number": "函1"}),
    "request-of-nothing": Wrong({"case": NOBODY, "type_": "transfer", "reason": "不属本机关管辖"}),
    "request-to-nobody": Wrong({"to": DEALER}),
    "request-type-wrong": Wrong({"type_": "order"}),
    "nothing-asked": Wrong({"questions": []}),
    ("request", "beyond-the-ledger"): Wrong({"frozen_at": 10_000}),
    "too-few-contacts": Wrong({"officers": ["执法甲", "执 法 甲"]}),
    "request-unknown": Wrong({"of": NOBODY}),
    "request-out-of-order": Wrong({"step": "evaluated", "outcome": "sufficient"}),
    "step-of-the-other-side": Wrong({"step": "reminded", "number": "催1"}, by=OTHER_AUTHORITY, itself=True),
    ("request-step", "before-the-last-step"): Wrong({"on": "2026-05-05"}),
    ("request-step", "step-incomplete"): Wrong({"step": "withdrawn"}),
    "request-extended-already": Wrong(
        {"of": RECEIVED, "step": "extended", **cases.SAID_OF_REQUESTS["extended"]}
    ),
    "reply-without-paper": Wrong({"step": "replied", "text": "查无此货"}),
    "programme-there": Wrong({"number": "专1"}),
    ("self-check", "speaks-for-another"): Wrong({}, by=DEALER, itself=True),
    ("commitment", "speaks-for-another"): Wrong({}, by=DEALER, itself=True),
    ("inspection", "term-before-its-day"): Wrong({"defects": [{"text": "台账不全", "due": "2020-04-24"}]}),
    ("rectification", "term-before-its-day"): Wrong({"step": "extended", "due": "2020-05-01"}),
    ("case-step", "term-before-its-day"): Wrong(
        {"step": "extended", "text": "案情复杂", "until": "2020-08-20"}
    ),
    ("request-step", "term-before-its-day"): Wrong(
        {"step": "extended", "text": "核查", "until": "2020-06-20"}
    ),
    ("listing", "term-before-its-day"): Wrong({"due": "2020-05-20"}),
    ("listing-step", "term-before-its-day"): Wrong({"step": "extended", "due": "2020-05-20"}),
    "listing-there": Wrong({"number": "督1"}),
    "discipline-there": Wrong({"id_": CLUE}),
    "discipline-wrong": Wrong({"ground": "none"}),
    "discipline-unknown": Wrong({}, by=OTHER_AUTHORITY, itself=True),
    "discipline-step-wrong": Wrong({"step": "received"}),
    "entered-for-another": Wrong({}, by=OPERATOR, anybody=True),
    ("discipline-step", "step-incomplete"): Wrong({"outcome": "closed"}),
    "listing-misplaced": Wrong({"unit": OTHER_AUTHORITY}),
    "listing-unknown": Wrong({}, by=OTHER_AUTHORITY, itself=True),
    "listing-step-wrong": Wrong({"step": "extended"}),
    "commitment-unknown": Wrong({"form": "maker/1999-01-01"}),
    "commitment-not-signed": Wrong({"by": []}),
    "self-check-empty": Wrong({"checklist": [], "problems": []}),
    ("self-check", "checklist-unknown"): Wrong({"form": "maker/1999-01-01"}),
    ("self-check", "checklist-incomplete"): Wrong(
        {"form": "maker/2023-05-05", "checklist": [{"code": "M01", "item": "证书有效", "result": "pass"}]}
    ),
    "programme-inconsistent": Wrong({"tasks": [campaigns.task(), campaigns.task()]}),
    "task-given-away": Wrong({"tasks": [campaigns.task("1", OTHER_AUTHORITY)]}),
    "programme-unknown": Wrong({}, by=OTHER_AUTHORITY, itself=True),
    "report-incomplete": Wrong({"task": "9"}),
    "reports-for-another-unit": Wrong({}, by=BRANCH, itself=True),
    ("programme-step", "beyond-the-ledger"): Wrong({"step": "summary", "frozen_at": 10_000}),
    ("confirmation", "confirms-anothers"): Wrong({}, by=MAKER, itself=True),
    ("alias", "alias-incomplete"): Wrong({"party": DEALER}),
    ("alias", "alias-batch-unknown"): Wrong(
        {"subject": {"goods": some.GOODS}, "code": None, "batch": batch_of(lot="L404")["batch"]}
    ),
    ("alias", "alias-taken"): Wrong({"code": "KC-7"}),
    ("alias", "names-anothers"): Wrong({}, by=DEALER, itself=True),
    ("correction", "event-unknown"): Wrong({"of": UNHEARD}),
    ("correction", "already-corrected"): Wrong({"newest": NOBODY}),
    ("correction", "corrects-anothers"): Wrong({}, by=DEALER, itself=True),
    ("correction", "history-changed"): Wrong({"of": SEEN_TWICE, "right": None}, by=DEALER, itself=True),
    ("correction", "code-stays"): Wrong(
        {"of": RESERVED_ONE, "right": some.production(lot="LR", code=OURS[2])}
    ),
    "beginning-stays": Wrong({"of": FILED_CASE, "right": None}, by=REGULATOR, itself=True),
    "breaks-the-way": Wrong({"of": ENDED_INVESTIGATION, "right": None}, by=REGULATOR, itself=True),
    ("correction", "correction-after-movement"): Wrong({"of": WENT, "right": None}),
    ("rectification", "outside-jurisdiction"): Wrong(
        {}, by=OTHER_AUTHORITY, itself=True, jurisdiction=FAR_AWAY
    ),
    "outside-jurisdiction": Wrong({}, by=REGULATOR, itself=True, jurisdiction=FAR_AWAY),
    ("notice-reply", "outside-jurisdiction"): Wrong(
        {"event": HINTED["draft"]["id"], "kind": "report"}, by=REGULATOR, itself=True, jurisdiction=FAR_AWAY
    ),
    ("erasure", "event-unknown"): Wrong({"event": NOBODY}),
    ("erasure", "erases-anothers"): Wrong({}, by=DEALER, itself=True),
    ("erasure", "nothing-to-erase"): Wrong({"pointer": "/by/2/name"}),
    ("erasure", "already-erased"): Wrong({"event": FORGOTTEN["draft"]["id"]}),
    ("erasure", "person-locked"): Wrong({"pointer": "/by/1/name"}),
}
#: What signed drafts meet, whatever their kind: see `test_rules_of_keys`.
OF_SIGNATURES = {rule.name for rule in SIGNED}
#: Which kinds meet a rule, written once more so that none can be taken out of a row unseen.
EVERY_KIND = frozenset(KINDS)
REGISTRY = frozenset(
    {
        "reservation",
        "certificate",
        "product",
        "project",
        "key",
        "grant",
        "order",
        "production",
        "self-check",
        "commitment",
    }
)
#: What is said of goods, so of a batch or (the first seven cannot be) of uncoded goods.
OF_A_BATCH = frozenset({
    "dispatch", "receipt", "acceptance", "supervision", "use", "split", "return", "disposal", "sale", "recall",
    "testing", "sampling", "inspection", "measure", "notice", "complaint", "report", "alert",
})  # fmt: skip
MOVES_OWN = frozenset({"dispatch", "split", "return", "disposal", "sale"})
OF_GOODS = frozenset({"testing", "sampling", "inspection", "measure", "notice", "complaint", "report"})
MEETS: dict[str, frozenset[str] | set[str]] = {
    "no-grant-to-enter": EVERY_KIND,
    "in-the-future": EVERY_KIND,
    "document-missing": EVERY_KIND,
    "unknown-party": EVERY_KIND - {"party"},
    "speaks-for-another": REGISTRY,
    "batch-unknown": OF_A_BATCH | {"alias", "read", "statement"},
    "unit-not-in-batch": OF_A_BATCH | {"labelling"},
    "goods-unknown": OF_GOODS | {"confirmation", "alias"},
    "seen-before-production": {"testing", "receipt", "acceptance", "supervision", "sampling"},
    "before-production": MOVES_OWN | {"use"},
    "project-unknown": {"order", "receipt", "acceptance", "supervision", "use"},
    "subject-project-unknown": {"inspection", "visit-plan", "read"},
    "inspection-number-taken": {"inspection"},
    "plan-unknown": {"inspection"},
    "self-check-empty": {"self-check"},
    "checklist-unknown": {"inspection", "self-check"},
    "checklist-incomplete": {"inspection", "self-check"},
    "commitment-unknown": {"commitment"},
    "commitment-not-signed": {"commitment"},
    "plan-ends-before": {"visit-plan"},
    "not-the-form": {"monthly-form"},
    "odd-period": {"monthly-form"},
    "counted-beyond-the-ledger": {"monthly-form"},
    "candidates-wrong": {"sampling-plan"},
    "nothing-to-draw": {"sampling-draw"},
    "seed-not-committed": {"sampling-draw"},
    "root-of-another-tree": {"sampling-draw"},
    "draw-not-reproduced": {"sampling-draw"},
    "sample-unknown": {"sample-step"},
    "sample-out-of-order": {"sample-step"},
    "sample-step-of-another": {"sample-step"},
    "objection-without-paper": {"sample-step"},
    "not-yet-final": {"sample-step"},
    "defect-unknown": {"rectification"},
    "rechecks-as-a-party": {"rectification"},
    "defect-done": {"rectification"},
    "no-new-day": {"rectification"},
    "projects-unknown": {"notice"},
    "units-or-length": {"dispatch", "receipt", "return"},
    "what-leaves": {"disposal", "sale"},
    "no-units": {"acceptance", "supervision"},
    "more-than-is-left": {"use", "sampling", "split", "disposal", "sale"},
    "not-a-cable": {"product", "order", "production"},
    "length-deviates": {"receipt", "acceptance"},
    "not-its-certificate": {"certificate"},
    "against-its-issuer": {"certificate"},
    "party-id-mismatch": {"party"},
    "office-taken": {"party"},
    "unit-of-another": {"party"},
    "unit-misplaced": {"party"},
    "wider-than-parent": {"party"},
    "reading-between-authorities": {"grant"},
    "grants-more-than-it-has": {"grant"},
    "reading-not-granted": {"read"},
    "evidence-of-no-case": {"statement"},
    "before-it-began": {"statement"},
    "not-whole-within": {"statement"},
    "key-entered-by-another": {"key"},
    "key-unusable": {"key"},
    "key-taken": {"key"},
    "key-revoked": {"key"},
    "key-unknown": {"key"},
    "key-over": {"key"},
    "key-not-possessed": {"key"},
    "reservation-term": {"reservation"},
    "too-many-reserved": {"reservation"},
    "code-not-reserved": {"production"},
    "code-already-used": {"production"},
    "code-expired": {"production"},
    "code-stays": {"correction"},
    "label-of-nothing": {"labelling"},
    "labels-anothers": {"labelling"},
    "unit-beyond-reservation": {"labelling"},
    "reprint-without-reason": {"labelling"},
    "lot-without-maker": {"production"},
    "product-unknown": {"production"},
    "lot-already-used": {"production"},
    "units-do-not-add-up": {"production"},
    "unit-numbers-overlap": {"production"},
    "designation-contradicts-product": {"production"},
    "certificate-not-valid-at-production": {"production"},
    "outside-certificate-scope": {"production"},
    "indicator-misfit": {"testing"},
    "outside-accreditation": {"testing"},
    "not-held": MOVES_OWN,
    "goods-held": MOVES_OWN | {"use"},
    "seen-while-held": {"receipt"},
    "length-contradicts-units": {"dispatch", "return"},
    "order-with-oneself": {"order"},
    "order-number-taken": {"order"},
    "due-before-ordered": {"order"},
    "order-unknown": {"dispatch"},
    "order-other-cable": {"dispatch"},
    "price-below-order": {"dispatch"},
    "longer-than-registered": {"receipt", "measure"},
    "nothing-to-receive": {"receipt"},
    "receipt-without-dispatch": {"receipt"},
    "use-before-admission": {"use"},
    "used-elsewhere": {"use"},
    "no-unit-sampled": {"sampling"},
    "piece-number-taken": {"split"},
    "measure-incomplete": {"measure"},
    "measure-unknown": {"measure"},
    "measure-ended": {"measure"},
    "measure-number-taken": {"measure"},
    "extension-too-long": {"measure"},
    "recalls-anothers": {"recall"},
    "recall-unknown": {"recall"},
    "place-missing": {"complaint", "report"},
    "outside-jurisdiction": {
        "measure",
        "recall",
        "notice-reply",
        "visit-plan",
        "technical-help",
        "credit-class",
        "sampling-draw",
        "rectification",
        "alert-finding",
        "confirmation",
        "alias",
        "correction",
        "erasure",
        "party",
        "certificate",
        "key",
        "testing",
        "sampling",
        "inspection",
        "notice",
        "disposal",
        "statement",
    },
    "another-authoritys": {"correction"},
    "removed-by-another": {"use"},
    "event-unknown": {
        "notice-reply",
        "rectification",
        "sampling-draw",
        "alert-finding",
        "correction",
        "erasure",
    },
    "found-nowhere": {"alert-finding"},
    "found-already": {"alert-finding"},
    "no-such-alert": {"alert-step"},
    "handled-already": {"alert-step"},
    "handled-without-reason": {"alert-step"},
    "odd-days-off": {"calendar"},
    "leads-without-office": {
        "alert-step",
        "lead",
        "lead-step",
        "case",
        "case-step",
        "request",
        "request-step",
        "monthly-form",
        "programme",
        "listing",
        "listing-step",
        "programme-step",
        "discipline",
        "discipline-step",
        "credit-class",
    },
    "lead-or-case-there": {"lead", "case"},
    "case-number-taken": {"lead", "case", "request"},
    "matter-unknown": {"lead", "case", "case-step", "request"},
    "lead-unknown": {"lead-step"},
    "case-unknown": {"case-step"},
    "lead-out-of-order": {"lead-step"},
    "case-out-of-order": {"case-step"},
    "leads-not-ready": {"case"},
    "before-the-last-step": {"lead-step", "case", "case-step", "request-step", "sample-step"},
    "step-incomplete": {"lead-step", "case-step", "request-step", "sample-step", "discipline-step"},
    "beyond-the-ledger": {"case", "case-step", "request", "programme-step"},
    "request-there": {"request"},
    "request-of-nothing": {"request"},
    "request-to-nobody": {"request"},
    "request-type-wrong": {"request"},
    "nothing-asked": {"request"},
    "too-few-contacts": {"request"},
    "request-unknown": {"request-step"},
    "request-out-of-order": {"request-step"},
    "step-of-the-other-side": {"request-step"},
    "request-extended-already": {"request-step"},
    "reply-without-paper": {"request-step"},
    "term-before-its-day": {
        "inspection",
        "rectification",
        "case-step",
        "request-step",
        "listing",
        "listing-step",
    },
    "listing-there": {"listing"},
    "discipline-there": {"discipline"},
    "discipline-wrong": {"discipline"},
    "discipline-unknown": {"discipline-step"},
    "discipline-step-wrong": {"discipline-step"},
    "entered-for-another": {"discipline", "discipline-step"},
    "listing-misplaced": {"listing"},
    "listing-unknown": {"listing-step"},
    "listing-step-wrong": {"listing-step"},
    "programme-there": {"programme"},
    "programme-inconsistent": {"programme"},
    "task-given-away": {"programme"},
    "programme-unknown": {"programme-step"},
    "report-incomplete": {"programme-step"},
    "reports-for-another-unit": {"programme-step"},
    "decision-contradicts": {"case-step"},
    "penalty-against-nobody": {"case-step"},
    "extended-already": {"lead-step", "case-step"},
    "extended-late": {"lead-step", "case-step"},
    "decided-before-the-party-spoke": {"case-step"},
    "publication-out-of-order": {"case-step"},
    "too-few-officers": {"case", "case-step"},
    "reviews-own-case": {"case-step"},
    "given-to-nobody": {"alert-step", "lead-step", "case-step"},
    "not-asked": {"notice-reply"},
    "more-than-the-batch": {"notice-reply"},
    "confirms-anothers": {"confirmation"},
    "alias-incomplete": {"alias"},
    "alias-batch-unknown": {"alias"},
    "alias-taken": {"alias"},
    "names-anothers": {"alias"},
    "already-corrected": {"correction"},
    "corrects-anothers": {"correction"},
    "history-changed": {"correction"},
    "beginning-stays": {"correction"},
    "breaks-the-way": {"correction"},
    "erases-anothers": {"erasure"},
    "nothing-to-erase": {"erasure"},
    "already-erased": {"erasure"},
    "person-locked": {"erasure"},
    #: Judged last of all, when the right version has been found right.
    "correction-after-movement": {"correction"},
}
PAIRS = [(kind, rule) for rule, kinds in MEETS.items() for kind in sorted(kinds)]


def wrong(world: World, kind: str, rule: str, **members: Any) -> tuple[Envelope, dict[str, Any]]:
    """The envelope spoiled for a rule, who enters it, whether for anybody, and how far its word reaches."""
    speaker, good = GOOD[kind]
    case = WRONG.get((kind, rule)) or WRONG[rule]
    changed = case.changed | members
    if case.by is not None and not case.itself and "entered_for" not in changed:
        changed["entered_for"] = speaker
    special = {name: changed.pop(name) for name in ("roles", "item_unit") if name in changed}
    by_code = kind == "production" and changed.pop("subject", None) == "code"
    envelope = good(**changed)
    draft = envelope["draft"]
    if "roles" in special:
        draft["body"]["roles"] = special["roles"]
    if "item_unit" in special:
        draft["body"]["items"][0]["unit"] = special["item_unit"]
    if by_code:
        draft["subject"] = {"batch": {"code": world.code(MAKER)}}
    if "occurred_at" in changed:
        draft.pop("precision", None)
    return envelope, {"by": case.by or speaker, "anybody": case.anybody, "jurisdiction": case.jurisdiction}


def names(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


def test_every_kind_meets_exactly_the_rules_that_are_tested_here() -> None:
    in_the_table = [(kind, rule.name) for kind, rules in RULES_OF.items() for rule in rules]
    in_the_table.append(("correction", AFTER_MOVEMENT.name))

    assert set(RULES_OF) == set(KINDS) == set(GOOD)
    assert sorted(in_the_table) == sorted(PAIRS)
    assert {name for _, name in PAIRS} == set(RULES) - OF_SIGNATURES


def test_no_rule_is_without_a_case_and_no_case_without_a_rule() -> None:
    cases = {key if isinstance(key, str) else key[1] for key in WRONG}

    assert cases == set(RULES) - OF_SIGNATURES
    assert {key for key in WRONG if isinstance(key, tuple)} <= set(PAIRS)


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("ask", [False, True])
def test_what_is_right_is_admitted_without_a_mark(world: World, kind: str, ask: bool) -> None:
    speaker, good = GOOD[kind]

    verdict = world.hear(good(ask=ask), by=speaker)

    assert verdict == Admitted(())


@pytest.mark.parametrize(("kind", "rule"), PAIRS)
def test_every_rule_of_every_kind_finds_what_it_is_there_for_and_tells_it_with_its_place(
    world: World, kind: str, rule: str
) -> None:
    envelope, how = wrong(world, kind, rule)

    verdict = world.hear(envelope, **how)

    match RULES[rule].weight:
        case Weight.INPUT | Weight.AUTHORITY | Weight.ARITHMETIC:
            assert isinstance(verdict, Refusal), verdict
            assert rule in names(verdict.problems)
        case Weight.PERMISSION | Weight.OBSERVATION:
            assert isinstance(verdict, Admitted), verdict
            assert verdict.marks == (rule,)
            assert names(verdict.findings) == {rule}
    found = verdict.problems if isinstance(verdict, Refusal) else verdict.findings
    (problem,) = (each for each in found if each.code == rule)
    for text in (problem.detail, problem.remedy or problem.detail, RULES[rule].title, RULES[rule].ground):
        assert re.search(r"[一-鿿]{2}", text.zh)
        assert re.search(r"[a-z]{2}", text.en)
        assert "None" not in text.zh + text.en
    assert problem.where.startswith("/")
    assert points_into(envelope["draft"], problem.where)


def points_into(draft: Any, pointer: str) -> bool:
    """Whether the pointer leads to a member, or to the place in an object where one is missing."""
    *path, last = pointer.split("/")[1:]
    for step in path:
        draft = draft[int(step)] if isinstance(draft, list) else draft[step]
    return isinstance(draft, dict) or int(last) < len(draft)


@pytest.mark.parametrize(
    ("kind", "rule"), [pair for pair in PAIRS if RULES[pair[1]].weight is Weight.PERMISSION]
)
def test_what_needs_leave_is_refused_to_whoever_asks(world: World, kind: str, rule: str) -> None:
    envelope, how = wrong(world, kind, rule, ask=True)

    verdict = world.hear(envelope, **how)

    assert isinstance(verdict, Refusal)
    assert (names(verdict.problems), verdict.status) == ({rule}, 409)


@pytest.mark.parametrize(
    ("kind", "rule"), [pair for pair in PAIRS if RULES[pair[1]].weight is Weight.OBSERVATION]
)
def test_what_somebody_saw_is_never_refused_even_to_whoever_asks(world: World, kind: str, rule: str) -> None:
    envelope, how = wrong(world, kind, rule, ask=True)

    verdict = world.hear(envelope, **how)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == (rule,)


# --- attachments --------------------------------------------------------------------------------------

UPLOADED = KnownDocument("image/jpeg", 2_000)


def with_document(**said: Any) -> Envelope:
    document = {"sha256": "a" * 64, "name": "货到现场.jpg", "media_type": "image/jpeg", "size": 2_000} | said
    return some.receipt(units=[(4, 4)], documents=[document])


def test_what_was_uploaded_may_be_attached(world: World) -> None:
    world.state.documents["a" * 64] = UPLOADED

    assert world.hear(with_document(), by=DEALER) == Admitted(())


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"sha256": "b" * 64}, "/documents/0/sha256"),
        ({"size": 2_001}, "/documents/0/size"),
        ({"media_type": "application/pdf"}, "/documents/0/media_type"),
    ],
)
@pytest.mark.parametrize("ask", [False, True])
def test_what_is_attached_must_be_what_was_uploaded(
    world: World, said: dict[str, Any], where: str, ask: bool
) -> None:
    """An observation is never refused for what it says, but the proof it names must be there."""
    world.state.documents["a" * 64] = UPLOADED
    envelope = with_document(**said)
    envelope["draft"]["ask"] = ask

    verdict = world.hear(envelope, by=DEALER)

    assert isinstance(verdict, Refusal)
    assert (names(verdict.problems), verdict.status) == ({"document-missing"}, 422)
    assert verdict.problems[0].where == where
    assert "货到现场.jpg" in verdict.problems[0].detail.zh


# --- who may say it -----------------------------------------------------------------------------------


def test_a_grant_lets_another_party_enter_and_leaves_no_mark(world: World) -> None:
    world.happened(some.grant(SUPERVISOR, SITE, "supervision", "testing"), by=SUPERVISOR)

    verdict = world.hear(some.supervision(entered_for=SUPERVISOR), by=SITE)

    assert verdict == Admitted(())


@pytest.mark.parametrize(
    ("grantor", "grantee", "kinds", "valid_from", "valid_to"),
    [
        (SUPERVISOR, SITE, ("testing",), "2026-01-01", "2026-12-31"),
        (SUPERVISOR, DEALER, ("supervision",), "2026-01-01", "2026-12-31"),
        (LABORATORY, SITE, ("supervision",), "2026-01-01", "2026-12-31"),
        (SUPERVISOR, SITE, ("supervision",), "2026-01-01", "2026-06-29"),
        (SUPERVISOR, SITE, ("supervision",), "2026-07-01", "2026-12-31"),
    ],
    ids=["other kind", "other grantee", "other grantor", "expired", "not yet"],
)
def test_a_grant_covers_what_it_names_on_the_days_it_names(
    world: World, grantor: str, grantee: str, kinds: tuple[str, ...], valid_from: str, valid_to: str
) -> None:
    world.happened(some.grant(grantor, grantee, *kinds, valid_from=valid_from, valid_to=valid_to), by=grantor)

    verdict = world.hear(some.supervision(entered_for=SUPERVISOR), by=SITE)

    assert isinstance(verdict, Refusal)
    assert (names(verdict.problems), verdict.status) == ({"no-grant-to-enter"}, 403)


def test_a_grant_is_judged_on_the_day_of_the_entry_not_of_the_event(world: World) -> None:
    world.happened(
        some.grant(SUPERVISOR, SITE, "supervision", valid_from="2026-06-30", valid_to="2026-06-30"),
        by=SUPERVISOR,
    )

    verdict = world.hear(some.supervision(on="2026-04-14", entered_for=SUPERVISOR), by=SITE)

    assert isinstance(verdict, Admitted)


def test_only_who_holds_an_office_states_what_became_of_a_certificate(world: World) -> None:
    withdrawn = some.certificate(status="withdrawn")

    by_regulator = world.hear(withdrawn, by=REGULATOR)
    by_rival = world.hear(some.certificate(status="withdrawn"), by=OTHER_MAKER)

    assert isinstance(by_regulator, Admitted)
    assert isinstance(by_rival, Refusal)


def test_an_office_that_others_merely_ascribe_to_a_party_gives_it_no_power(world: World) -> None:
    world.happened(some.party(NOBODY, "自称某局", "regulator"), by=DEALER)

    about_another = world.hear(some.certificate(status="withdrawn"), by=NOBODY)
    about_itself = world.hear(some.party(NOBODY, "自称某局", "regulator"), by=NOBODY)

    assert isinstance(about_another, Refusal)
    assert isinstance(about_itself, Refusal)
    assert names(about_itself.problems) == {"office-taken"}


@pytest.mark.parametrize("office", ["department", "clerk", "auditor", "certifier"])
def test_nobody_gives_itself_an_office_that_others_act_on(world: World, office: str) -> None:
    refused = world.hear(some.party(NOBODY, "自称某局", office), by=NOBODY)
    taken = world.hear(some.party(NOBODY, "某协会", "association"), by=NOBODY)

    assert isinstance(refused, Refusal)
    assert names(refused.problems) == {"office-taken"}
    assert not isinstance(taken, Refusal)


def test_who_holds_an_office_may_bring_its_own_entry_up_to_date(world: World) -> None:
    moved = some.party(REGULATOR, "周口市示例市场监督管理局", "regulator", region="411602")

    assert isinstance(world.hear(moved, by=REGULATOR), Admitted)


@pytest.mark.parametrize(
    ("kind", "changed", "where"),
    [
        ("certificate", {"holder": NOBODY}, "/subject/certificate/holder"),
        ("product", {"maker": NOBODY}, "/subject/product/maker"),
        ("project", {"keeper": NOBODY}, "/subject/project/keeper"),
        ("project", {"owner": NOBODY}, "/body/owner"),
        ("project", {"contractor": NOBODY}, "/body/contractor"),
        ("project", {"supervisor": NOBODY}, "/body/supervisor"),
        ("key", {"owner": NOBODY}, "/body/owner"),
        ("grant", {"grantor": NOBODY}, "/subject/grant/grantor"),
        ("order", {"supplier": NOBODY}, "/body/supplier"),
        ("order", {"buyer": NOBODY}, "/body/buyer"),
        ("production", {"maker": NOBODY}, "/subject/batch/maker"),
        ("dispatch", {"to": NOBODY}, "/body/to"),
        ("receipt", {"sender": NOBODY}, "/body/sender"),
        ("sampling", {"authority": NOBODY}, "/body/authority"),
        ("return", {"to": NOBODY}, "/body/to"),
        ("inspection", {"subject": {"party": NOBODY}}, "/subject/party"),
        ("inspection", {"goods": {"marks": "无", "holder": NOBODY}}, "/body/goods/holder"),
        ("measure", {"against": NOBODY}, "/body/against"),
        ("notice", {"recipients": [SITE, NOBODY]}, "/body/recipients/1"),
        ("complaint", {"against": NOBODY}, "/body/against"),
        ("report", {"against": NOBODY}, "/body/against"),
        ("confirmation", {"subject": {"party": NOBODY}}, "/subject/party"),
        ("alias", {"party": NOBODY}, "/body/party"),
        ("correction", {"right": some.dispatch(units=[(4, 4)], to=NOBODY)}, "/body/right/to"),
        ("read", {"subject": {"party": NOBODY}}, "/subject/party"),
    ],
)
def test_every_party_that_is_named_must_be_registered(
    world: World, kind: str, changed: dict[str, str], where: str
) -> None:
    speaker, good = GOOD[kind]

    verdict = world.hear(good(**changed), by=speaker)

    assert isinstance(verdict, Refusal)
    assert ("unknown-party", where) in {(p.code, p.where) for p in verdict.problems}


# --- arithmetic ---------------------------------------------------------------------------------------


def test_what_has_left_cannot_leave_again(world: World) -> None:
    first = world.hear(some.dispatch(units=[(3, 3)]), by=MAKER)
    again = world.hear(some.dispatch(units=[(3, 3)]), by=MAKER)

    assert isinstance(first, Admitted)
    assert isinstance(again, Refusal)
    assert names(again.problems) == {"not-held"}


def test_goods_on_their_way_are_not_yet_the_receivers_to_send(world: World) -> None:
    verdict = world.hear(some.dispatch(units=[(4, 4)], to=SITE), by=DEALER)

    assert isinstance(verdict, Refusal)
    assert names(verdict.problems) == {"not-held"}


def test_a_drum_that_was_cut_from_is_sent_with_what_is_left_on_it(world: World) -> None:
    world.happened(some.sampling(unit=3, length_mm=3_000), by=REGULATOR)

    verdict = world.hear(some.dispatch(units=[(3, 3)], length_mm=247_000), by=MAKER)

    assert verdict == Admitted(())


def test_a_length_without_a_drum_comes_from_what_is_loose(world: World) -> None:
    all_of_it = world.hear(some.dispatch(length_mm=100_000), by=MAKER)
    one_more = world.hear(some.dispatch(length_mm=1), by=MAKER)

    assert isinstance(all_of_it, Admitted)
    assert isinstance(one_more, Refusal)
    assert names(one_more.problems) == {"not-held"}


def test_a_sample_takes_its_reserve_with_it(world: World) -> None:
    verdict = world.hear(some.sampling(unit=1, length_mm=200_000, reserve_mm=50_001), by=LABORATORY)

    assert isinstance(verdict, Refusal)
    assert names(verdict.problems) == {"more-than-is-left"}


def test_two_uses_cannot_take_more_than_the_drum_has(world: World) -> None:
    first = world.hear(some.use(length_mm=249_999), by=SITE)
    second = world.hear(some.use(length_mm=2), by=SITE)

    assert isinstance(first, Admitted)
    assert isinstance(second, Refusal)


def test_a_lot_number_belongs_to_its_maker(world: World) -> None:
    world.happened(
        some.product(OTHER_MAKER, certificate=None),
        some.production("L1", maker=OTHER_MAKER),
        by=OTHER_MAKER,
    )

    assert world.code(OTHER_MAKER) != world.code(MAKER)


# --- permission and observation -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "marked"),
    [("2023-04-19", True), ("2023-04-20", False), ("2026-05-31", False), ("2026-06-01", True)],
    ids=["day before", "first day", "last day before suspension", "first day of suspension"],
)
def test_a_certificate_is_judged_on_the_day_of_production(world: World, day: str, marked: bool) -> None:
    world.happened(some.certificate(valid_from="2026-06-01", status="suspended"), by=REGULATOR)

    verdict = world.hear(some.production("L-day", on=day), by=MAKER)

    assert isinstance(verdict, Admitted)
    assert bool(verdict.marks) is marked


@pytest.mark.parametrize("opinion", ["reject", "await-test"])
def test_a_later_opinion_takes_the_place_of_an_earlier_one(world: World, opinion: str) -> None:
    world.happened(some.supervision(units=[(2, 2)], opinion=opinion, on="2026-04-16"), by=SUPERVISOR)

    before = world.hear(some.use(unit=2, on="2026-04-15"), by=SITE)
    after = world.hear(some.use(unit=2, on="2026-04-16"), by=SITE)
    neighbour = world.hear(some.use(unit=1, on="2026-04-16"), by=SITE)

    assert before == neighbour == Admitted(())
    assert isinstance(after, Admitted)
    assert after.marks == ("use-before-admission",)


@pytest.mark.parametrize(("measured_mm", "marked"), [(247_500, False), (247_499, True), (252_500, False)])
def test_a_measured_length_may_differ_by_one_percent(world: World, measured_mm: int, marked: bool) -> None:
    verdict = world.hear(some.acceptance(measured=[(1, measured_mm)]), by=SITE)

    assert isinstance(verdict, Admitted)
    assert bool(verdict.marks) is marked


@pytest.mark.parametrize("keeper", [MAKER, DEALER])
def test_an_order_is_named_as_either_of_its_parties_keeps_it(world: World, keeper: str) -> None:
    world.happened(some.order(keeper, "DD-8", buyer=DEALER), by=keeper)

    assert world.hear(some.dispatch(units=[(3, 3)], order="DD-8"), by=MAKER) == Admitted(())


@pytest.mark.parametrize("between", [{"supplier": DEALER, "buyer": SITE}, {"supplier": MAKER, "buyer": SITE}])
def test_an_order_between_others_is_not_the_one_that_is_meant(world: World, between: dict[str, str]) -> None:
    world.happened(some.order(DEALER, "DD-8", **between), by=DEALER)

    verdict = world.hear(some.dispatch(units=[(3, 3)], order="DD-8"), by=MAKER)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("order-unknown",)


def test_an_order_is_corrected_under_its_own_number(world: World) -> None:
    first = some.order(DEALER, "DD-8", buyer=DEALER)
    world.happened(first, by=DEALER)

    again = world.hear(some.order(DEALER, "DD-8", buyer=DEALER, length_mm=1), by=DEALER)
    right = some.order(DEALER, "DD-8", buyer=DEALER, length_mm=2)
    corrected = world.hear(some.correction(first, right), by=DEALER)

    assert isinstance(again, Refusal)
    assert (names(again.problems), again.status) == ({"order-number-taken"}, 409)
    assert corrected == Admitted(())


def test_capitals_make_no_second_number_of_an_order(world: World) -> None:
    first = some.order(DEALER, "DD-8", buyer=DEALER)
    world.happened(first, by=DEALER)

    again = world.hear(some.order(DEALER, "dd-8", buyer=DEALER), by=DEALER)
    sent = world.hear(some.dispatch(units=[(3, 3)], order="Dd-8"), by=MAKER)

    assert isinstance(again, Refusal)
    assert names(again.problems) == {"order-number-taken"}
    assert "DD-8" in again.problems[0].detail.zh
    assert sent == Admitted(())


def test_an_order_that_was_voided_does_not_come_back_over_another_of_its_number(world: World) -> None:
    first, second = (some.order(DEALER, "DD-8", buyer=DEALER, length_mm=mm) for mm in (1, 2))
    world.happened(first, by=DEALER)
    void = some.correction(first, None)
    world.happened(void, second, by=DEALER)

    back = world.hear(some.correction(first, first, newest=void["draft"]["id"]), by=DEALER)

    assert isinstance(back, Refusal)
    assert names(back.problems) == {"order-number-taken"}


@pytest.mark.parametrize("said", [{}, {"entered_for": DEALER}])
def test_nobody_else_is_told_which_order_numbers_a_party_has(world: World, said: dict[str, Any]) -> None:
    taken, free = (
        world.hear(some.order(DEALER, number, buyer=DEALER, **said), by=OTHER_MAKER)
        for number in ("DD-9", "DD-404")
    )

    assert isinstance(taken, Refusal)
    assert isinstance(free, Refusal)
    assert names(taken.problems) == names(free.problems) != {"order-number-taken"}


@pytest.mark.parametrize("on", ["2026-03-01", None])
def test_an_order_may_be_due_on_its_own_day_and_need_not_have_one(world: World, on: str | None) -> None:
    assert world.hear(some.order(SITE, "DD-8", on=on, due="2026-03-01"), by=SITE) == Admitted(())


def test_a_correction_does_not_make_an_order_due_before_its_day(world: World) -> None:
    first = some.order(SITE, "DD-8", on="2026-03-02", due="2026-03-02")
    world.happened(first, by=SITE)

    verdict = world.hear(some.correction(first, some.order(SITE, on="2026-03-02", due="2026-03-01")), by=SITE)

    assert isinstance(verdict, Refusal)
    assert [each.where for each in verdict.problems] == ["/body/right/items/0/due"]


def test_an_answer_may_speak_of_the_whole_batch_and_tells_its_length_to_nobody_else(world: World) -> None:
    whole, more = (some.notice_reply(NOTICED["draft"]["id"], length_mm=mm) for mm in (1_100_000, 1_100_001))

    stranger = world.hear(more, by=DEALER)

    assert isinstance(stranger, Refusal)
    assert names(stranger.problems) == {"not-asked"}
    assert world.hear(whole, by=SITE) == Admitted(())


@pytest.mark.parametrize(("measured_mm", "marked"), [(247_500, False), (247_499, True), (252_501, True)])
def test_a_drum_that_was_measured_on_receipt_may_differ_by_one_percent(
    world: World, measured_mm: int, marked: bool
) -> None:
    verdict = world.hear(some.receipt(units=[(4, 4)], measured=[(4, measured_mm)]), by=DEALER)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == (("length-deviates",) if marked else ())


def test_a_drum_that_was_cut_may_measure_what_is_left_on_it(world: World) -> None:
    world.happened(some.split(unit=3, pieces=[(11, 50_000)]), by=MAKER)
    world.happened(some.dispatch(units=[(3, 3)]), by=MAKER)

    left = world.hear(some.receipt(units=[(3, 3)], measured=[(3, 199_000)]), by=DEALER)
    short = world.hear(some.receipt(units=[(3, 3)], measured=[(3, 190_000)]), by=DEALER)

    assert left == Admitted(())
    assert isinstance(short, Admitted)
    assert short.marks == ("length-deviates",)


def test_only_units_of_the_batch_are_measured(world: World) -> None:
    verdict = world.hear(some.receipt(units=[(4, 4)], measured=[(5, 250_000)]), by=DEALER)

    assert isinstance(verdict, Refusal)
    assert names(verdict.problems) == {"unit-not-in-batch"}


def test_goods_that_came_short_are_received_as_they_came(world: World) -> None:
    verdict = world.hear(some.receipt(units=[(4, 4)], length_mm=100_000), by=DEALER)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("length-deviates",)


def test_goods_seen_once_more_where_they_are_leave_no_mark(world: World) -> None:
    again = some.receipt(units=[(1, 2)], sender=MAKER, project=PROJECT)

    assert world.hear(again, by=SITE) == Admitted(())


def test_a_stranger_receives_nothing_of_a_drum_of_which_nothing_is_left_and_whom_the_batch_concerns_is_late(
    world: World,
) -> None:
    def received(*units: tuple[int, int], jurisdiction: Scope = TO_THE_OTHER_MAKER) -> Admitted | Refusal:
        seen = some.receipt(SOLD, units=list(units), sender=None)
        return world.hear(seen, by=OTHER_MAKER, jurisdiction=jurisdiction)

    refused = received((1, 1))
    assert isinstance(refused, Refusal)
    (problem,) = refused.problems
    assert problem.code == "nothing-to-receive"
    assert problem.detail.en == "there is nothing to receive under this number"
    for seen in (received((1, 2)), received((1, 1), jurisdiction=EVERYWHERE)):
        assert isinstance(seen, Admitted)
        assert seen.marks == ("receipt-without-dispatch",)


def test_more_loose_metres_than_were_sent_are_received_and_marked(world: World) -> None:
    world.happened(some.dispatch(length_mm=30_000), by=MAKER)

    sent = world.hear(some.receipt(length_mm=30_000), by=DEALER)
    more = world.hear(some.receipt(length_mm=1), by=DEALER)

    assert sent == Admitted(())
    assert isinstance(more, Admitted)
    assert more.marks == ("receipt-without-dispatch",)


def test_nothing_lies_in_the_future_within_the_error_of_a_clock(world: World) -> None:
    just = format_instant(NOON + FUTURE_TOLERANCE)

    verdict = world.hear(some.receipt(units=[(4, 4)], on=None, occurred_at=just), by=DEALER)

    assert verdict == Admitted(())


def test_the_party_that_is_spoken_for_is_named_in_the_refusal(world: World) -> None:
    verdict = world.hear(some.use(entered_for=SITE), by=DEALER)

    assert isinstance(verdict, Refusal)
    (problem,) = verdict.problems
    name = world.state.parties[party_id(SITE)]
    assert name is not None
    assert name.name in problem.detail.zh
    assert name.name in problem.detail.en
