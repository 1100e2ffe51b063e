"""The way of a request to another authority: which step follows where, to whom each type goes, and by when it is answered."""

from datetime import date

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.deadlines import deadline_of_request
from cabletrace.model.request_path import REQUEST_MOVES, REQUEST_STATES, REQUEST_STEPS
from cabletrace.model.requests import KnownRequest
from cabletrace.model.state import KnownDocument
from cabletrace.model.working_days import Calendar
from drafts_for_tests import REGULATOR
from world_for_tests import World, world_with_a_batch

CASE, REQUEST = "00000000-0000-4000-8000-0000000000a3", "00000000-0000-4000-8000-0000000000a5"
OTHER, BRANCH = "00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000a7"
THIRD = "00000000-0000-4000-8000-0000000000f3"
OPEN = {"replied", "returned", "reminded", "withdrawn"}
#: The table once more, so that no row of it can be changed unseen.
FROM = {
    "issued": {"received", *OPEN},
    "received": {"accepted", "extended", *OPEN},
    "accepted": {"extended", *OPEN},
    "replied": {"evaluated"},
    "returned": set[str](),
    "withdrawn": set[str](),
    "evaluated": set[str](),
}
WAYS: dict[str, tuple[str, ...]] = {
    "issued": (),
    "received": ("received",),
    "accepted": ("received", "accepted"),
    "replied": ("replied",),
    "returned": ("returned",),
    "withdrawn": ("withdrawn",),
    "evaluated": ("replied", "evaluated"),
}


@pytest.fixture
def world() -> World:
    world = world_with_a_batch()
    world.happened(
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100"),
        some.party(THIRD, "西安市示例市场监督管理局", "regulator", region="610100"),
    )
    world.happened(
        some.party(BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"])),
        cases.case(CASE, "案1"),
        by=REGULATOR,
    )
    world.state.documents[cases.SCAN["sha256"]] = KnownDocument("application/pdf", 10)
    return world


def step(world: World, name: str, *, by: str = REGULATOR, **members: object) -> Admitted | Refusal:
    said = {**cases.SAID_OF_REQUESTS.get(name, {}), "documents": [cases.SCAN], **members}
    return world.hear(cases.request_step(REQUEST, name, **said), by=by)


def issued(world: World, *steps: str, **members: object) -> None:
    world.happened(cases.request(REQUEST, case=CASE, **{"to": OTHER, **members}), by=REGULATOR)
    for name in steps:
        assert isinstance(step(world, name), Admitted), name


def known(world: World) -> KnownRequest:
    found = world.state.requests[REQUEST]
    assert found is not None
    return found


def codes(verdict: Admitted | Refusal) -> set[str]:
    return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()


@pytest.mark.parametrize("state", FROM)
def test_each_step_of_the_table_is_taken_and_each_other_refused_with_what_could_come_next(
    world: World, state: str
) -> None:
    issued(world, *WAYS[state])
    before = known(world)
    assert before.state == state

    taken = set()
    for name in REQUEST_STEPS:
        world.state.requests[REQUEST] = before
        verdict = step(world, name)
        if isinstance(verdict, Admitted):
            taken.add(name)
        else:
            assert codes(verdict) == {"request-out-of-order"}
            assert REQUEST_STATES[state].zh in verdict.problems[0].detail.zh

    assert taken == FROM[state]
    assert {move.step for move in REQUEST_MOVES} == set(REQUEST_STEPS)


def test_each_type_goes_to_whom_the_law_sends_it(world: World) -> None:
    reason = {"reason": "违法行为发生地不在本辖区"}

    def verdict(**members: object) -> set[str]:
        return codes(world.hear(cases.request(None, case=CASE, **members), by=REGULATOR))

    assert verdict(type_="assist", to=BRANCH) == {"request-type-wrong"}
    assert verdict(type_="order", to=OTHER) == {"request-type-wrong"}
    assert verdict(type_="transfer", to=OTHER) == {"request-type-wrong"}
    assert verdict(type_="assist", to=OTHER, **reason) == {"request-type-wrong"}
    assert verdict(type_="assist", to=OTHER, number="函1") == set()
    assert verdict(type_="order", to=BRANCH, number="函2") == set()
    assert verdict(type_="transfer", to=OTHER, number="函3", **reason) == set()


def test_no_letter_of_assistance_is_sent_of_a_lead(world: World) -> None:
    lead = "00000000-0000-4000-8000-0000000000a1"
    world.happened(cases.lead(lead), by=REGULATOR)

    assert codes(world.hear(cases.request(None, lead=lead, to=OTHER), by=REGULATOR)) == {"request-type-wrong"}
    transfer = cases.request(None, lead=lead, to=OTHER, type_="transfer", reason="不在本辖区")
    assert codes(world.hear(transfer, by=REGULATOR)) == set()


def test_a_case_is_named_only_by_the_authority_whose_it_is(world: World) -> None:
    assert codes(world.hear(cases.request(None, case=CASE), by=OTHER)) == {"request-of-nothing"}


def test_the_receiver_takes_its_own_steps_and_who_issued_it_enters_them_from_paper(world: World) -> None:
    issued(world)
    assert codes(step(world, "received", by=OTHER)) == set()
    assert codes(step(world, "accepted")) == set()
    assert codes(step(world, "replied", by=OTHER, documents=[])) == set()

    assert [each.on_paper for each in known(world).steps] == [False, True, False]


@pytest.mark.parametrize("name", ["reminded", "withdrawn"])
def test_the_receiver_does_not_take_the_steps_of_who_issued_it(world: World, name: str) -> None:
    issued(world, type_="order", to=BRANCH)

    assert codes(step(world, name, by=BRANCH)) == {"step-of-the-other-side"}
    assert codes(step(world, name)) == set()


def test_to_a_third_authority_there_is_no_such_request(world: World) -> None:
    issued(world)

    assert codes(step(world, "received", by=THIRD)) == {"request-unknown"}


def test_a_reply_that_is_entered_from_paper_has_its_scan(world: World) -> None:
    issued(world, to=None, to_name="某县市场监督管理局")

    assert codes(step(world, "replied", documents=[])) == {"reply-without-paper"}
    assert codes(step(world, "replied")) == set()


def test_the_term_begins_with_receipt_and_runs_for_fifteen_working_days(world: World) -> None:
    issued(world)
    assert deadline_of_request(known(world), Calendar()) is None

    step(world, "received", on="2026-05-14")

    term = deadline_of_request(known(world), Calendar())
    assert term is not None
    assert (term.term.code, term.due) == ("assistance-reply", date(2026, 6, 4))
    assert not term.is_overdue(date(2026, 6, 4))
    assert term.is_overdue(date(2026, 6, 5))


@pytest.mark.parametrize(
    ("told", "due"), [("2026-06-04", date(2026, 6, 20)), ("2026-06-05", date(2026, 6, 4))]
)
def test_an_extension_moves_the_term_only_if_it_was_told_before_its_end(
    world: World, told: str, due: date
) -> None:
    issued(world)
    step(world, "received", on="2026-05-14")

    assert codes(step(world, "extended", on=told)) == set()

    term = deadline_of_request(known(world), Calendar())
    assert term is not None
    assert term.due == due


def test_a_reply_ends_the_term(world: World) -> None:
    issued(world)
    step(world, "received", on="2026-05-14")
    step(world, "replied", on="2026-06-01")

    term = deadline_of_request(known(world), Calendar())
    assert term is not None
    assert term.met_on == date(2026, 6, 1)
