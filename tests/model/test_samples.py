"""The way of a sample: what may follow on what, when a result is final, and what is remarked of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.deadlines import deadlines_of_sample, objections_end
from cabletrace.model.sample_path import SAMPLE_MOVES, SAMPLE_STATES, SAMPLE_STEPS
from cabletrace.model.samples import KnownSample, awaits_publication, is_final, remarks_on
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, LABORATORY, MAKER, REGULATOR
from world_for_tests import world_with_a_batch

SCAN = {"sha256": "ab" * 32, "name": "异议书.pdf", "media_type": "application/pdf", "size": 10}
TWO = [{"role": "sampler", "name": "抽样甲"}, {"role": "sampler", "name": "抽样乙"}]


class Story:
    """A sample of a world, and its steps one after the other."""

    def __init__(self, **members: Any) -> None:
        self.world = world_with_a_batch()
        sampling = some.sampling(unit=3, reserve_mm=2_000, by=TWO, **members)
        sampling["draft"]["body"]["seal"] = "封-1"
        self.world.happened(sampling, by=REGULATOR)
        self.event = sampling["draft"]["id"]

    def step(self, step: str, on: str, by: str = REGULATOR, **said: Any) -> set[str]:
        """The rules by which the step was refused; none where it was recorded."""
        verdict = self.world.hear(some.sample_step(self.event, step, on=on, **said), by=by)
        return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()

    def tested(self, result: str = "fail") -> None:
        assert not self.step("handed-over", "2026-04-19")
        assert not self.step("received", "2026-04-20", by=LABORATORY)
        assert not self.step("testing", "2026-04-21", by=LABORATORY)
        assert not self.step("reported", "2026-05-06", by=LABORATORY, result=result)

    @property
    def sample(self) -> KnownSample:
        known = self.world.state.samples[self.event]
        assert known is not None
        return known


def test_every_step_has_its_words_and_every_state_is_reached() -> None:
    assert {move.step for move in SAMPLE_MOVES} == set(SAMPLE_STEPS)
    named = {state for move in SAMPLE_MOVES for state in (*move.states, move.to)} - {""}
    assert named == set(SAMPLE_STATES)
    assert {move.to for move in SAMPLE_MOVES} - {""} == named - {"sampled"}


def test_a_result_is_final_when_nobody_can_object_any_more() -> None:
    story = Story()
    story.tested()
    assert story.step("final", "2026-05-07") == {"sample-out-of-order"}
    assert not story.step("served", "2026-05-07")
    assert not story.step("served", "2026-05-08", to=MAKER, side="maker")

    # Fifteen days from the later service: until 23 May, a Saturday, so until Monday the 25th.
    assert objections_end(story.sample, story.world.state.calendar) == date(2026, 5, 25)
    assert story.step("final", "2026-05-25") == {"not-yet-final"}
    assert not is_final(story.sample)
    assert not story.step("final", "2026-05-26")
    assert is_final(story.sample)
    assert (story.sample.result, remarks_on(story.sample)) == ("fail", ())
    assert awaits_publication(story.sample)
    assert not story.step("published", "2026-05-27")
    assert is_final(story.sample)
    assert not awaits_publication(story.sample)
    assert not story.step("withdrawn", "2026-05-27", text="报告编号写错")
    assert awaits_publication(story.sample)
    due = {each.term.code: each for each in deadlines_of_sample(story.sample, story.world.state.calendar)}
    assert (due["sampling-publish"].begun, due["sampling-publish"].met_on) == (date(2026, 5, 27), None)
    assert not story.step("published", "2026-05-28")
    assert not awaits_publication(story.sample)
    assert story.step("objected", "2026-05-28", by=DEALER) == {"sample-out-of-order"}


def test_where_all_waive_the_term_need_not_run_out() -> None:
    story = Story()
    story.tested("pass")
    assert not story.step("served", "2026-05-07")
    assert not story.step("served", "2026-05-07", to=None, to_name="乙电缆厂", side="maker")
    story.world.state.documents[SCAN["sha256"]] = None
    assert not story.step("waived", "2026-05-08", by=DEALER)
    assert story.step("final", "2026-05-08") == {"not-yet-final"}
    assert "objection-without-paper" in story.step("waived", "2026-05-08")  # whose answer it is was not said
    assert "objection-without-paper" in story.step("waived", "2026-05-08", to_name="乙电缆厂")


def test_an_objection_leads_to_a_retest_whose_result_takes_the_place_of_the_first() -> None:
    story = Story()
    story.tested("fail")
    assert not story.step("served", "2026-05-07")
    assert not story.step("served", "2026-05-07", to=MAKER, side="maker")
    assert story.step("objected", "2026-05-08", by=LABORATORY) == {"sample-step-of-another"}
    assert not story.step("objected", "2026-05-08", by=MAKER)
    assert story.step("final", "2026-06-20") == {"sample-out-of-order"}
    assert not story.step("retest", "2026-05-10", to=LABORATORY, to_name=None)
    assert not story.step("retested", "2026-05-20", by=LABORATORY)
    assert story.sample.result == "pass"
    assert not story.step("served", "2026-05-21", to=MAKER, side="maker")
    assert not story.step("final", "2026-05-21")
    assert remarks_on(story.sample) == ("same-laboratory",)


def test_goods_that_are_not_the_makers_say_nothing_of_him() -> None:
    story = Story()
    assert not story.step("asked", "2026-04-19")
    assert not story.step("denied", "2026-04-20", by=MAKER)
    assert remarks_on(story.sample) == ("maker-denies",)
    story.tested()
    assert not story.step("served", "2026-05-07", to=MAKER, side="maker")
    assert not story.step("objected", "2026-05-08", by=MAKER, ground="authenticity")
    assert not story.step("not-the-makers", "2026-05-15")
    assert not story.step("final", "2026-05-15")
    assert story.sample.is_not_the_makers
    assert story.sample.result == "fail"


def test_what_was_amiss_is_remarked_and_refuses_nothing() -> None:
    story = Story()
    bare = some.sampling(unit=3)
    story.world.happened(bare, by=LABORATORY)  # who samples, and tests as well
    story.event = bare["draft"]["id"]
    assert not story.step("handed-over", "2026-04-19", by=LABORATORY, seal="broken", authority=LABORATORY)
    assert not story.step("reported", "2026-05-06", by=LABORATORY, authority=LABORATORY)

    assert remarks_on(story.sample) == (
        "too-few-samplers", "not-sealed", "seal-broken", "no-custody", "sampler-tests", "no-reserve",
    )  # fmt: skip


def test_a_sample_of_another_test_has_a_way_and_no_result_that_is_served() -> None:
    story = Story()
    witnessed = some.sampling(unit=3)
    witnessed["draft"]["body"]["type"] = "witnessed"
    story.world.happened(witnessed, by=REGULATOR)
    story.event = witnessed["draft"]["id"]
    story.tested("pass")

    assert story.step("served", "2026-05-07") == {"sample-out-of-order"}
    assert remarks_on(story.sample) == ()
    assert not is_final(story.sample)
    assert deadlines_of_sample(story.sample, story.world.state.calendar) == ()


def test_a_step_is_corrected_and_the_way_walked_again() -> None:
    story = Story()
    story.tested("fail")
    reported = next(said for said in story.world.said if getattr(said.draft.body, "step", "") == "reported")
    wrong = some.sample_step(story.event, "reported", on="2026-05-06")
    wrong["draft"]["id"] = reported.draft.id
    right = some.sample_step(story.event, "reported", on="2026-05-06", result="pass", number="JC-2")
    correction = some.correction(wrong, right)
    assert isinstance(story.world.hear(correction, by=LABORATORY), Admitted)
    assert (story.sample.result, story.sample.last("reported").number) == ("pass", "JC-2")  # type: ignore[union-attr]

    assert not story.step("served", "2026-05-07")
    void = some.correction(wrong, None)
    void["draft"]["body"]["of"] = correction["draft"]["id"]
    refused = story.world.hear(void, by=LABORATORY)
    assert isinstance(refused, Refusal)
    assert {problem.code for problem in refused.problems} == {"breaks-the-way"}


def test_a_sampling_whose_sample_went_on_its_way_is_put_right_and_not_voided() -> None:
    story = Story()
    sampling = next(said for said in story.world.said if said.draft.id == story.event)
    envelope = some.sampling(unit=3, reserve_mm=2_000)
    envelope["draft"]["id"] = sampling.draft.id
    assert not story.step("handed-over", "2026-04-19")

    refused = story.world.hear(some.correction(envelope, None), by=REGULATOR)
    assert isinstance(refused, Refusal)
    assert {problem.code for problem in refused.problems} == {"beginning-stays"}
    longer = some.sampling(unit=3, length_mm=4_000, reserve_mm=2_000)
    assert isinstance(story.world.hear(some.correction(envelope, longer), by=REGULATOR), Admitted)
    assert (story.sample.length_mm, story.sample.state) == (4_000, "handed-over")
    assert story.sample.holder == party_id(MAKER)
