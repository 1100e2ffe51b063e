"""Special campaigns through real intake: a rebuild knows the same, and who was checked follows a correction."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.auth.policy import Role
from cabletrace.inspecting import programmes
from cabletrace.model.admission import Refusal
from cabletrace.model.values import party_id
from cases_for_tests import case
from drafts_for_tests import MAKER, OPERATOR, REGULATOR
from house_for_tests import House, rebuilt, signed_in

PROGRAMME, BRANCH = "00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000c1"
OTHER, CASE = "00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000a3"
OFFICER = signed_in(REGULATOR, Role.REGULATOR, "411600")
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def checked(house: House) -> set[tuple[str, str, str]]:
    with house.reading() as tx:
        return {(each.kind, each.party, str(each.on)) for each in programmes.checks_between(tx, *YEAR)}


def test_a_campaign_its_reports_and_their_corrections_are_rebuilt_the_same(
    house: House, tmp_path: Path
) -> None:
    issued = campaigns.programme(PROGRAMME, tasks=[campaigns.task("1", BRANCH)], entered_for=REGULATOR)
    house.happened(
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
        some.party(BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR),
        case(CASE, entered_for=REGULATOR),
        issued,
    )
    first = campaigns.report(PROGRAMME, entered_for=BRANCH)
    wrong = campaigns.report(PROGRAMME, "done", entered_for=BRANCH)
    house.happened(
        first,
        wrong,
        campaigns.report(PROGRAMME, "done", unit=BRANCH, entered_for=REGULATOR),
        campaigns.report(PROGRAMME, "major-case", case=CASE, entered_for=BRANCH),
        some.correction(wrong, right=None, entered_for=BRANCH),
    )
    longer = campaigns.programme(
        PROGRAMME,
        tasks=[campaigns.task("1", BRANCH, due="2026-07-31"), campaigns.task("2", REGULATOR)],
    )
    house.happened(some.correction(issued, right=longer, entered_for=REGULATOR))

    (void,) = house.record(some.correction(issued, right=None, newest=None, entered_for=REGULATOR))
    (stranger,) = house.record(campaigns.report(PROGRAMME, entered_for=OTHER))
    (again,) = house.record(campaigns.programme(None, entered_for=REGULATOR))

    assert isinstance(void, Refusal)
    assert isinstance(stranger, Refusal)
    assert [each.code for each in stranger.problems] == ["programme-unknown"]
    assert isinstance(again, Refusal)
    assert [each.code for each in again.problems] == ["programme-there"]
    with house.reading() as tx:
        known = programmes.programmes(tx, [PROGRAMME])[PROGRAMME]
        steps = programmes.steps_of(tx, [PROGRAMME])
    assert [(task.code, known.due_of(task)) for task in known.tasks] == [
        ("1", date(2026, 7, 31)),
        ("2", date(2026, 6, 30)),
    ]
    assert [(step.step, step.unit, step.speaker) for step in steps] == [
        ("reported", BRANCH, BRANCH),
        ("done", BRANCH, REGULATOR),
        ("major-case", BRANCH, BRANCH),
    ]
    dump = house.dump(kind="projection")
    assert (len(dump["programme"]), len(dump["programme_step"])) == (1, 3)
    assert rebuilt(house, tmp_path) == dump


def test_who_was_inspected_and_sampled_follows_the_right_version(house: House, tmp_path: Path) -> None:
    seen = some.inspection({"party": MAKER}, on="2026-05-06")
    house.happened(some.production(entered_for=MAKER))
    taken = some.sampling(on="2026-05-07")
    house.happened(seen, taken, by=OFFICER)
    maker = party_id(MAKER)
    assert checked(house) == {("inspection", maker, "2026-05-06"), ("sampling", maker, "2026-05-07")}

    house.happened(some.correction(taken, right=some.sampling(on="2026-05-08")), by=OFFICER)
    house.happened(some.correction(seen, right=None), by=OFFICER)

    assert checked(house) == {("sampling", maker, "2026-05-08")}
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")
