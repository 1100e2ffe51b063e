"""Samples through real intake: a rebuild knows the same, and a step is judged as the ledger stands after a restart."""

from __future__ import annotations

from pathlib import Path

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.inspecting import samples
from cabletrace.model.admission import Refusal
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, LABORATORY, MAKER, REGULATOR
from house_for_tests import House, rebuilt, signed_in

OFFICER = signed_in(REGULATOR, Role.REGULATOR, "411600")
TESTER = signed_in(LABORATORY, Role.LABORATORY)
OF_THE_MAKER = signed_in(MAKER, Role.MANUFACTURER)


def test_a_sample_goes_its_way_and_a_rebuild_knows_the_same(house: House, tmp_path: Path) -> None:
    sampling = some.sampling(unit=3, reserve_mm=2_000)
    event = sampling["draft"]["id"]
    house.happened(some.production(), by=OF_THE_MAKER)
    of_goods = some.sampling({"goods": some.GOODS}, unit=None, length_mm=None)
    of_goods["draft"]["body"]["goods"] = some.MARKS | {"holder": DEALER}
    house.happened(sampling, of_goods, by=OFFICER)
    house.happened(some.sample_step(event), by=OFFICER)
    house.restart()
    house.happened(some.sample_step(event, "received", on="2026-04-20"), by=TESTER)
    house.happened(some.sample_step(event, "asked", on="2026-04-19"), by=OFFICER)
    reported = some.sample_step(event, "reported", on="2026-05-06")
    house.happened(reported, by=TESTER)
    house.happened(some.sample_step(event, "served", on="2026-05-07", to=MAKER, side="maker"), by=OFFICER)
    house.restart()
    right = some.sample_step(event, "reported", on="2026-05-06", result="pass")
    house.happened(some.correction(reported, right), by=TESTER)
    longer = some.sampling(unit=3, length_mm=4_000, reserve_mm=2_000)
    house.happened(some.correction(sampling, longer), by=OFFICER)
    (refused,) = house.record(some.sample_step(event, "final", on="2026-05-08"), by=OFFICER)

    assert isinstance(refused, Refusal)
    assert [problem.code for problem in refused.problems] == ["not-yet-final"]
    with house.reading() as tx:
        known = samples.samples(tx, [event])[event]
        (other,) = samples.samples_where(tx, samples.takes_part(party_id(DEALER)))
        assert samples.samples_where(tx, samples.takes_part(party_id(some.SITE))) == []
    assert (known.state, known.result, known.length_mm, known.holder) == (
        "served",
        "pass",
        4_000,
        party_id(MAKER),
    )
    assert (other.goods, other.batch, other.state) == (some.GOODS, "", "sampled")
    dump = house.dump(kind="projection")
    assert (len(dump["sample"]), len(dump["sample_step"])) == (2, 5)
    assert rebuilt(house, tmp_path) == dump


def test_a_sampling_that_was_voided_leaves_no_sample(house: House, tmp_path: Path) -> None:
    sampling = some.sampling(unit=3)
    house.happened(some.production(), by=OF_THE_MAKER)
    house.happened(sampling, by=OFFICER)
    house.happened(some.correction(sampling, None), by=OFFICER)

    dump = house.dump(kind="projection")
    assert dump["sample"] == []
    assert rebuilt(house, tmp_path) == dump
    (refused,) = house.record(some.sample_step(sampling["draft"]["id"]), by=OFFICER)
    assert isinstance(refused, Refusal)
    assert [problem.code for problem in refused.problems] == ["sample-unknown"]


def test_a_sampling_that_was_voided_and_then_put_right_has_its_sample_again(
    house: House, tmp_path: Path
) -> None:
    sampling = some.sampling(unit=3)
    voided = some.correction(sampling, None)
    house.happened(some.production(), by=OF_THE_MAKER)
    house.happened(sampling, by=OFFICER)
    before = house.dump(kind="projection")["sample"]
    house.happened(voided, by=OFFICER)
    house.happened(some.correction(sampling, sampling, newest=voided["draft"]["id"]), by=OFFICER)

    dump = house.dump(kind="projection")
    assert dump["sample"] == before
    assert rebuilt(house, tmp_path) == dump
    house.happened(some.sample_step(sampling["draft"]["id"]), by=OFFICER)
