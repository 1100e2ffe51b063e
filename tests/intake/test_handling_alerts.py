"""What authorities do about alerts, through real intake: a rebuild makes the same, and each authority's word counts for itself."""

from __future__ import annotations

from pathlib import Path

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.investigation import alerts
from cabletrace.model.admission import Refusal
from cabletrace.model.values import party_id
from drafts_for_tests import OPERATOR, REGULATOR
from house_for_tests import House, rebuilt

BRANCH, OTHER = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000f1"
REGULATOR_ID = party_id(REGULATOR)
ABOUT = (0, "copper-short")


def test_an_alert_is_handled_by_each_authority_for_itself(house: House, tmp_path: Path) -> None:
    house.happened(
        some.party(BRANCH, "周口市示例市场监督管理局示范分局", "regulator", part_of=some.unit(parent=REGULATOR, regions=["411602"]), entered_for=REGULATOR),
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
        cases.alert_step(0, "assigned", to=BRANCH, entered_for=REGULATOR),
        cases.alert_step(0, entered_for=BRANCH),
        cases.alert_step(0, "assigned", by=cases.persons("officer", "执法 丙"), entered_for=OTHER),
    )  # fmt: skip
    house.restart()

    again, beside, later = house.record(
        cases.alert_step(0, entered_for=REGULATOR),
        cases.alert_step(0, entered_for=OTHER),
        cases.alert_step(10_000, entered_for=OTHER),
    )

    assert isinstance(again, Refusal)
    assert [problem.code for problem in again.problems] == ["handled-already"]
    assert not isinstance(beside, Refusal)
    assert isinstance(later, Refusal)
    assert [problem.code for problem in later.problems] == ["no-such-alert"]
    with house.reading() as tx:
        stand = {who: alerts.newest_of(tx, [who], [0])[ABOUT].step for who in (REGULATOR_ID, BRANCH, OTHER)}
        dismissed = {tuple(row) for row in tx.execute(alerts.standing_at([BRANCH], ["dismissed"]))}
        own = alerts.newest_of(tx, ["00000000-0000-4000-8000-0000000000f9"], [0])
    assert stand == {REGULATOR_ID: "assigned", BRANCH: "dismissed", OTHER: "dismissed"}
    assert dismissed == {ABOUT}
    assert own == {}
    dump = house.dump(kind="projection")
    assert len(dump["alert_step"]) == 4
    assert rebuilt(house, tmp_path) == dump
