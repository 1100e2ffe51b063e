"""What a result of supervision is worth on the page of its batch, among what is due, and to whom its sample is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

import drafts_for_tests as some
from cabletrace.alerts import register as alerts
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.errors import InputError
from cabletrace.model.monthly import Month
from cabletrace.model.values import party_id
from cabletrace.queries.alerts import alert_rows
from cabletrace.queries.batch import batch_page
from cabletrace.queries.due import what_is_due
from cabletrace.queries.monthly import monthly_form
from cabletrace.queries.public import Cards, check_code
from cabletrace.queries.reports import IN_DOUBT, NOT_FINAL, QUICK
from cabletrace.queries.risk import risk_list
from cabletrace.queries.samples import sample_page, sampled_above, samples
from drafts_for_tests import LABORATORY, MAKER, OTHER_MAKER, REGULATOR
from house_for_tests import House, open_house, signed_in

OFFICER = signed_in(REGULATOR, Role.REGULATOR, "411600")
TESTER = signed_in(LABORATORY, Role.LABORATORY)
OF_THE_MAKER = signed_in(MAKER, Role.MANUFACTURER)
SAMPLED = some.sampling(unit=3, reserve_mm=2_000)
EVENT = SAMPLED["draft"]["id"]
TODAY = date(2026, 5, 26)
CARDS = Cards()


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("samples")) as house:
        with begin_write(house.engine) as tx:
            alerts.metadata.create_all(tx)
        house.happened(some.production(), by=OF_THE_MAKER)
        house.happened(SAMPLED, some.sample_step(EVENT), by=OFFICER)
        tested = some.report(type="supervision", number="JC-1", unit=3, on="2026-05-06")
        house.happened(tested, some.sample_step(EVENT, "reported", on="2026-05-06"), by=TESTER)
        yield house


def counts(house: House, up_to: int | None = None) -> dict[str, str]:
    with house.reading() as tx:
        page = batch_page(tx, OF_THE_MAKER, house.code(MAKER), today=TODAY, up_to=up_to)
    assert page is not None
    return {each.number: "" if each.counts is None else each.counts.en for each in page.reports}


def due(house: House) -> list[tuple[str, str, str]]:
    with house.reading() as tx:
        rows = what_is_due(tx, OFFICER, today=TODAY).rows
    return [(row.kind, row.binds, row.what.en) for row in rows]


def failing(house: House) -> tuple[bool, bool]:
    """Whether anything is known of the maker's supervision tests by which it is classed, and whether it speaks against it."""
    with house.reading() as tx:
        (row,) = risk_list(tx, OFFICER, today=TODAY).rows
    tests = next(item for item in row.items if item.name == "tests")
    return tests.measure is not None, tests.points > 0


def test_a_result_says_whether_it_counts_and_what_is_due_of_it(house: House) -> None:
    assert counts(house) == {"JC-1": NOT_FINAL.en}
    assert due(house) == [("sample", "authority", "serve the result of the test")]
    assert failing(house) == (False, False)
    before = house.size - 1
    house.happened(some.sample_step(EVENT, "served", on="2026-05-20", to=MAKER, side="maker"), by=OFFICER)
    assert due(house) == [("sample", "party", "object or ask for a retest after the result came")]
    house.happened(some.sample_step(EVENT, "waived", on="2026-05-21"), by=OF_THE_MAKER)
    house.happened(some.sample_step(EVENT, "final", on="2026-05-21"), by=OFFICER)

    assert counts(house) == {"JC-1": "the result of supervision is final"}
    assert failing(house) == (True, True)
    assert counts(house, up_to=before) == {"JC-1": NOT_FINAL.en}
    assert due(house) == [
        ("sample", "authority", "return the sample after the term to object"),
        ("sample", "authority", "publish the result or say why not"),
    ]


def told(house: House) -> list[tuple[str, str, str]]:
    """What anybody is told of supervision who types the code of the batch."""
    with house.reading() as tx:
        answer = check_code(tx, house.code(MAKER), {}, today=TODAY, cards=CARDS)
    assert answer.facts is not None
    assert answer.outcome == "issued"
    assert "监督抽检" in answer.facts.unpublished.zh
    return [
        (test.number, test.standing.word.zh, str(test.on))
        for test in answer.facts.tests
        if test.type in ("supervision", "retest")
    ]


def queue(house: House) -> list[str]:
    with house.reading() as tx:
        return [row.number for row in samples(tx, OFFICER, today=TODAY, chosen="unpublished").rows]


def worth(house: House) -> set[str]:
    """What stands beside the alerts about reports."""
    catch_up(house.engine, read_accepted)
    with house.reading() as tx:
        rows = alert_rows(tx, OF_THE_MAKER).rows
    return {"" if row.counts is None else row.counts.en for row in rows if row.report}


def test_nobody_is_told_before_a_result_is_final_and_published(house: House) -> None:
    retested = some.report(type="retest", number="FJ-1", unit=3, value="0.250", on="2026-05-12")
    served = some.sample_step(EVENT, "served", on="2026-05-07", to=MAKER, side="maker")
    ways = (
        (OFFICER, served),
        (OF_THE_MAKER, some.sample_step(EVENT, "objected", on="2026-05-08")),
        (OFFICER, some.sample_step(EVENT, "retest", on="2026-05-09", to=LABORATORY, to_name=None)),
        (TESTER, retested),
        (TESTER, some.sample_step(EVENT, "retested", on="2026-05-12", result="fail")),
        (OFFICER, some.sample_step(EVENT, "final", on="2026-05-13")),
    )
    for who, said in ways:
        assert (told(house), queue(house)) == ([], [])
        house.happened(said, by=who)
        if who is TESTER:
            assert worth(house) == {NOT_FINAL.en}
    assert (told(house), queue(house)) == ([], ["CY-1"])
    assert worth(house) == {"the result of supervision is final"}

    published = some.sample_step(EVENT, "published", on="2026-05-20")
    house.happened(published, by=OFFICER)
    assert (told(house), queue(house)) == ([("FJ-1", "监督抽查不合格", "2026-05-12")], [])
    assert not any("publish" in what for _, _, what in due(house))
    house.happened(some.correction(published, None), by=OFFICER)
    assert (told(house), queue(house)) == ([], ["CY-1"])
    house.happened(some.sample_step(EVENT, "not-published", on="2026-05-21"), by=OFFICER)
    assert (told(house), queue(house)) == ([], [])
    house.happened(some.sample_step(EVENT, "published", on="2026-05-22"), by=OFFICER)
    assert [number for number, _, _ in told(house)] == ["FJ-1"]
    house.happened(some.sample_step(EVENT, "withdrawn", on="2026-05-23"), by=OFFICER)
    assert (told(house), queue(house)) == ([], ["CY-1"])


def test_what_is_not_the_makers_says_nothing_of_it(house: House) -> None:
    house.happened(some.sample_step(EVENT, "served", on="2026-05-07", to=MAKER, side="maker"), by=OFFICER)
    house.happened(
        some.sample_step(EVENT, "objected", on="2026-05-08", ground="authenticity"), by=OF_THE_MAKER
    )
    house.happened(
        some.sample_step(EVENT, "not-the-makers", on="2026-05-09"),
        some.sample_step(EVENT, "final", on="2026-05-09"),
        by=OFFICER,
    )

    assert failing(house) == (False, False)
    house.happened(some.sample_step(EVENT, "published", on="2026-05-10"), by=OFFICER)
    assert told(house) == []


def test_once_the_term_is_over_the_authority_is_to_say_so(house: House) -> None:
    house.happened(some.sample_step(EVENT, "served", on="2026-05-07", to=MAKER, side="maker"), by=OFFICER)

    assert due(house) == [("sample", "authority", "the term to object is over: declare the result final")]


def test_a_sample_is_open_to_who_takes_part_and_each_sees_its_own_steps(house: House) -> None:
    others = [
        signed_in(OTHER_MAKER, Role.MANUFACTURER),
        signed_in(some.DEALER, Role.DISTRIBUTOR),
        signed_in(REGULATOR, Role.REGULATOR, "370100"),
    ]
    with house.reading() as tx:
        seen = [sample_page(tx, who, EVENT, today=TODAY) for who in (OFFICER, TESTER, OF_THE_MAKER)]
        lists = [samples(tx, who, today=TODAY).rows for who in (OFFICER, TESTER, OF_THE_MAKER, *others[:2])]
        assert [sample_page(tx, who, EVENT, today=TODAY) for who in others[:2]] == [None, None]
        with pytest.raises(InputError):
            sample_page(tx, signed_in(some.DEALER, Role.CLERK), EVENT, today=TODAY)

    officer, tester, maker = seen
    assert officer is not None
    assert tester is not None
    assert maker is not None  # it had the goods
    assert [[step.step for step in each.steps] for each in (officer, tester, maker)] == [
        ["handed-over", "reported"],
        ["handed-over", "reported"],
        [],
    ]
    assert [None if each.row.result is None else each.row.result.en for each in (officer, tester, maker)] == [
        "failed", "failed", None,
    ]  # fmt: skip
    assert (bool(officer.remarks), maker.remarks) == (True, ())
    assert [len(rows) for rows in lists] == [1, 1, 1, 0, 0]
    assert {each.step for each in tester.next} == set()
    assert {"served", "asked", "kept"} <= {each.step for each in officer.next}


def test_a_quick_test_is_no_verdict_and_speaks_only_beyond_its_uncertainty(house: House) -> None:
    in_doubt = some.report(type="quick", number="KJ-1", unit=3)
    in_doubt["draft"]["body"]["instrument"] = "直流电阻测试仪"
    item = in_doubt["draft"]["body"]["items"][0]
    item |= {"value": "0.200", "uncertainty": "0.010", "declared": "none"}
    beyond = some.report(type="quick", number="KJ-2", unit=3)
    beyond["draft"]["body"]["items"][0] |= {"value": "0.250", "uncertainty": "0.010", "declared": "none"}
    for each in (in_doubt, beyond):
        each["draft"]["body"]["conclusion"] = "none"
    house.happened(in_doubt, beyond, by=OFFICER)

    with house.reading() as tx:
        page = batch_page(tx, OF_THE_MAKER, house.code(MAKER), today=TODAY)
    assert page is not None
    quick = {each.number: each for each in page.reports if each.type == "quick"}
    assert {each.counts for each in quick.values()} == {QUICK}
    assert quick["KJ-1"].standing == IN_DOUBT
    assert quick["KJ-2"].standing.state == "stop"


def test_what_a_higher_level_found_conforming_bars_the_lower_for_half_a_year(house: House) -> None:
    of_province = some.sampling(unit=2, length_mm=None, on="2026-04-10")
    of_province["draft"]["body"] |= {"level": "province", "number": "S-1"}
    event = of_province["draft"]["id"]
    house.happened(of_province, some.sample_step(event, on="2026-04-11"), by=OFFICER)
    house.happened(some.sample_step(event, "reported", result="pass", on="2026-04-12"), by=TESTER)
    house.happened(some.sample_step(event, "served", on="2026-04-13", to=MAKER, side="maker"), by=OFFICER)
    house.happened(some.sample_step(event, "waived", on="2026-04-14"), by=OF_THE_MAKER)

    def found(level: str, on: date, product: str = some.DESIGNATION) -> tuple[bool, str]:
        with house.reading() as tx:
            there, known = sampled_above(
                tx, OFFICER, maker=party_id(MAKER), product=product, level=level, on=on
            )
            hidden = sampled_above(
                tx,
                signed_in(OTHER_MAKER, Role.MANUFACTURER),
                maker=party_id(MAKER),
                product=product,
                level=level,
                on=on,
            )
        assert hidden == (there, None)  # to whom the sample is not open it is not named
        return there, "" if known is None else known.number

    assert found("city", TODAY) == (False, "")  # not final yet
    house.happened(some.sample_step(event, "final", on="2026-04-14"), by=OFFICER)
    assert found("city", TODAY) == (True, "S-1")
    assert found("county", date(2026, 10, 10)) == (True, "S-1")
    assert found("county", date(2026, 10, 11)) == (False, "")
    assert found("province", TODAY) == (False, "")
    assert found("city", TODAY, "BV 450/750V 2.5") == (False, "")


def test_a_result_that_is_set_aside_fails_nothing_in_the_monthly_form(house: House) -> None:
    def in_may() -> dict[str, int | None]:
        with house.reading() as tx:
            form = monthly_form(tx, OFFICER, party_id(REGULATOR), Month(2026, 5))
        assert form is not None
        return {row.key: row.month.value for row in form.rows if row.key in ("failed", "no-conclusion")}

    failed = some.report(type="supervision", number="JC-2", unit=3, value="0.241", on="2026-05-07")
    failed["draft"]["body"]["conclusion"] = "fail"
    house.happened(failed, by=TESTER)
    assert in_may() == {"failed": 1, "no-conclusion": 0}
    house.happened(some.sample_step(EVENT, "served", on="2026-05-20", to=MAKER, side="maker"), by=OFFICER)
    house.happened(
        some.sample_step(EVENT, "objected", on="2026-05-21", ground="sampling", text="封条不完整"),
        by=OF_THE_MAKER,
    )
    assert in_may() == {"failed": 1, "no-conclusion": 0}
    house.happened(some.sample_step(EVENT, "upheld", on="2026-05-22", text="异议成立"), by=OFFICER)

    assert in_may() == {"failed": 0, "no-conclusion": 0}
