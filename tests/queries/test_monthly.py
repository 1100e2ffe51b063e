"""The monthly form of an authority and its branch, counted from what the ledger has; nobody else's to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.monthly import Month
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.queries.events import event_page
from cabletrace.queries.monthly import (
    MonthlyForm,
    MonthlyPage,
    Told,
    UnitMonth,
    monthly_events,
    monthly_form,
    monthly_page,
    said_of,
    unit_months,
)
from drafts_for_tests import DEALER, LABORATORY, MAKER, OPERATOR, REGULATOR, SITE, Envelope
from house_for_tests import House, open_house, signed_in

BRANCH, OTHER, WORKSHOP, LATE = (f"00000000-0000-4000-8000-0000000000{n}" for n in ("c1", "f1", "e7", "c3"))
CASE, COUNTERFEIT = (f"00000000-0000-4000-8000-0000000000a{n}" for n in (3, 4))
APRIL, MAY, JUNE = (Month(2026, n) for n in (4, 5, 6))


def authority(who: str, *parties: str) -> Actor:
    own = frozenset(party_id(each) for each in (who, *parties))
    actor = signed_in(who, Role.REGULATOR, "411600")
    return Actor(
        account=actor.account, party=actor.party, role=actor.role, name="", via="session",
        scope=Scope(parties=own, regions=("411600",)),
    )  # fmt: skip


OFFICE, OF_BRANCH = authority(REGULATOR, BRANCH), authority(BRANCH)


def failed_report() -> Envelope:
    report = some.report(type="supervision", number="JC-7", on="2026-06-03", entered_for=LABORATORY)
    report["draft"]["body"] |= {"conclusion": "fail", "sampling": "CY-1"}
    return report


FAILED = failed_report()


def steps_to_a_penalty(of: str) -> list[Envelope]:
    said = {"entered_for": BRANCH, "on": "2026-05-20"}
    return [
        cases.case_step(of, "investigate", **said),
        cases.case_step(of, "investigation-closed", **said),
        cases.case_step(of, "review", **said),
        cases.case_step(of, "notice-served", number="告1", **said),
        cases.case_step(
            of, "decision", number="罚1", outcome="penalty", penalties=["fine"], fine_fen=3_000_000, confiscated_fen=40_000,
            entered_for=BRANCH, on="2026-06-02",
        ),
    ]  # fmt: skip


INSPECTED_AGAIN = some.inspection({"party": DEALER}, number="JD-4", on="2026-05-31", entered_for=BRANCH)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("monthly")) as house:
        house.happened(
            some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
            some.party(
                BRANCH, "开发区分局", "regulator", part_of=some.unit(regions=["411600"]), entered_for=REGULATOR
            ),
            some.party(WORKSHOP, "某作坊", entered_for=REGULATOR),
            some.production(entered_for=MAKER),
            some.inspection({"party": MAKER}, number="JD-0", on="2026-04-10", entered_for=REGULATOR),
            some.inspection({"party": MAKER}, number="JD-1", on="2026-05-11", entered_for=REGULATOR),
            some.inspection({"party": MAKER}, number="JD-2", on="2026-05-11", entered_for=BRANCH),
            some.inspection({"party": WORKSHOP}, number="JD-3", on="2026-05-12", entered_for=BRANCH),
            INSPECTED_AGAIN,
            some.inspection({"party": SITE}, number="JD-5", on="2026-05-13", entered_for=BRANCH),
            some.sampling(authority=BRANCH, on="2026-05-20", entered_for=LABORATORY),
            some.technical_help(on="2026-05-14", entered_for=BRANCH),
            some.technical_help(number="帮扶-2", on="2026-05-15", entered_for=REGULATOR),
            cases.case(CASE, entered_for=REGULATOR),
            cases.case(
                COUNTERFEIT, "案2", category="counterfeit", goods_value_fen=1_234_500, on="2026-05-16", entered_for=BRANCH
            ),
        )  # fmt: skip
        house.happened(some.alias({"party": WORKSHOP}, party=MAKER, entered_for=REGULATOR))
        house.happened(FAILED, *steps_to_a_penalty(COUNTERFEIT))
        yield house


def form(
    house: House, unit: str, month: Month, *, by: Actor = OFFICE, up_to: int | None = None
) -> MonthlyForm:
    with house.reading() as tx:
        found = monthly_form(tx, by, party_id(unit), month, up_to=up_to)
    assert found is not None
    return found


def numbers(found: MonthlyForm) -> dict[str, tuple[int | None, int | None]]:
    return {row.key: (row.month.value, row.cumulative.value) for row in found.rows}


def test_an_office_and_its_branch_count_a_maker_of_both_once(house: House) -> None:
    may = form(house, REGULATOR, MAY)

    assert numbers(may) == {
        "makers": (1, 1), "dealers": (1, 1), "sampled": (1, 1), "failed": (0, 0), "helped": (1, 1), "help-visits": (2, 2),
        "counterfeit": (1, 1), "unlicensed": (0, 0), "quality": (1, 1), "goods-value": (1_234_500, 1_234_500),
        "penalised": (0, 0), "collected": (0, 0), "elsewhere": (1, 1), "no-conclusion": (0, 0),
    }  # fmt: skip
    assert {row.key: row.month.unknown for row in may.rows if row.month.unknown} == {"goods-value": 1}
    assert [unit.id for unit in may.units] == [party_id(REGULATOR), BRANCH]
    assert (may.first, may.last, may.since) == (date(2026, 5, 1), date(2026, 5, 31), date(2026, 1, 1))


def test_a_unit_has_a_form_of_its_own(house: House) -> None:
    may = numbers(form(house, BRANCH, MAY, by=OF_BRANCH))

    assert {key: month for key, (month, _) in may.items() if month} == {
        "makers": 1, "dealers": 1, "sampled": 1, "helped": 1, "help-visits": 1, "counterfeit": 1,
        "goods-value": 1_234_500, "elsewhere": 1,
    }  # fmt: skip


def test_the_numbers_of_the_units_add_up_to_the_form_and_each_leads_to_its_own_events(house: House) -> None:
    for month in (APRIL, MAY, JUNE):
        found = form(house, REGULATOR, month)
        own = [unit.cells for unit in found.by_unit]
        assert [unit.unit.id for unit in found.by_unit] == [party_id(REGULATOR), BRANCH]
        for row, repeated, *parts in zip(found.rows, found.repeated, *own, strict=True):
            for whole, less, told in (
                (row.month, repeated.month, [part.month for part in parts]),
                (row.cumulative, repeated.cumulative, [part.cumulative for part in parts]),
            ):
                assert sum(each.value or 0 for each in told) - (less.value or 0) == (whole.value or 0), (
                    row.key
                )
                assert sum(each.unknown for each in told) - less.unknown == whole.unknown, row.key

    may, june = form(house, REGULATOR, MAY), form(house, REGULATOR, JUNE)
    told = [{cell.key: cell.month.value for cell in unit.cells} for unit in may.by_unit]
    assert [(each["makers"], each["dealers"], each["sampled"], each["help-visits"]) for each in told] == [
        (1, 0, 0, 1), (1, 1, 1, 1),
    ]  # fmt: skip
    assert {cell.key: cell.month.value for cell in may.repeated if cell.month.value} == {
        "makers": 1,
        "helped": 1,
    }
    assert [{cell.key: cell.month.value for cell in unit.cells}["failed"] for unit in june.by_unit] == [0, 1]
    with house.reading() as tx:
        behind = monthly_events(tx, OFFICE, party_id(REGULATOR), MAY, "makers", of=BRANCH)
        assert monthly_events(tx, OFFICE, party_id(REGULATOR), MAY, "makers", of=OTHER) is None
        alone = monthly_form(tx, OF_BRANCH, BRANCH, MAY)
    assert behind is not None
    assert {each.party for each in behind} == {BRANCH}
    assert alone is not None
    assert (alone.by_unit, alone.repeated) == ((), ())


def test_a_sample_of_may_fails_in_june_and_a_penalty_counts_when_it_is_decided(house: House) -> None:
    june = numbers(form(house, REGULATOR, JUNE))

    assert (june["sampled"], june["failed"]) == ((0, 1), (1, 1))
    assert (june["penalised"], june["collected"]) == ((3_040_000, 3_040_000), (0, 0))
    assert june["makers"] == (0, 1)


def test_a_report_with_verdicts_on_its_values_alone_failed_as_well(house: House) -> None:
    right = failed_report()
    del right["draft"]["body"]["conclusion"]
    for item in right["draft"]["body"]["items"]:
        item["declared"] = "fail"
    house.happened(some.correction(FAILED, right, entered_for=LABORATORY))

    june = numbers(form(house, REGULATOR, JUNE))

    assert (june["failed"], june["no-conclusion"]) == ((1, 1), (0, 0))


def test_the_form_is_told_as_the_ledger_was_at_an_index_and_as_it_was_corrected_since(house: House) -> None:
    with house.reading() as tx:
        before = store.read_head(tx).size - 1
    right = some.inspection({"party": DEALER}, number="JD-4", on="2026-06-01", entered_for=BRANCH)
    house.happened(some.correction(INSPECTED_AGAIN, right, entered_for=BRANCH))

    assert numbers(form(house, REGULATOR, MAY))["dealers"] == (0, 0)
    assert numbers(form(house, REGULATOR, JUNE))["dealers"] == (1, 1)
    assert numbers(form(house, REGULATOR, MAY, up_to=before))["dealers"] == (1, 1)
    assert numbers(form(house, REGULATOR, MAY, up_to=before))["makers"] == (1, 1)


def test_each_number_leads_to_its_events(house: House) -> None:
    def behind(month: Month, key: str, since: date | None = None) -> list[tuple[str, str]]:
        with house.reading() as tx:
            found = monthly_events(tx, OFFICE, party_id(REGULATOR), month, key, since=since)
        assert found is not None
        return [(each.kind, str(each.occurred_at)[:10]) for each in found]

    year = date(2026, 1, 1)
    assert [kind for kind, _ in behind(MAY, "makers")] == ["inspection"] * 3
    assert [kind for kind, _ in behind(MAY, "makers", year)] == ["inspection"] * 4
    assert [kind for kind, _ in behind(MAY, "help-visits")] == ["technical-help"] * 2
    assert [kind for kind, _ in behind(JUNE, "failed")] == ["testing"]
    assert [kind for kind, _ in behind(JUNE, "penalised")] == ["case-step"]
    assert [kind for kind, _ in behind(MAY, "goods-value")] == ["case", "case"]
    assert behind(APRIL, "quality") == []
    with house.reading() as tx:
        assert monthly_events(tx, OFFICE, party_id(REGULATOR), MAY, "nothing-such") is None


def test_cumulative_numbers_may_begin_on_another_day_but_not_within_the_month(house: House) -> None:
    with house.reading() as tx:
        found = monthly_form(tx, OFFICE, party_id(REGULATOR), JUNE, since=date(2026, 6, 1))
        assert found is not None
        assert numbers(found)["makers"] == (0, 0)
        with pytest.raises(InputError):
            monthly_form(tx, OFFICE, party_id(REGULATOR), JUNE, since=date(2026, 6, 2))


def test_a_unit_and_a_role_registered_later_change_no_form_of_an_earlier_index(house: House) -> None:
    with house.reading() as tx:
        before = store.read_head(tx).size - 1
    late = some.party(
        LATE, "后设分局", "regulator", part_of=some.unit(regions=["411600"]), entered_for=REGULATOR
    )
    inspected = some.inspection({"party": SITE}, number="JD-8", on="2026-04-20", entered_for=LATE)
    then = form(house, REGULATOR, APRIL)
    dealing = some.party(SITE, "示范工地", "distributor", region="411627", entered_for=OPERATOR)
    house.happened(late)
    house.happened(inspected, dealing)

    now, frozen = form(house, REGULATOR, APRIL), form(house, REGULATOR, APRIL, up_to=before)

    assert [unit.id for unit in now.units] == [party_id(REGULATOR), BRANCH, LATE]
    assert numbers(now)["dealers"] == (1, 1)
    assert (frozen.units, frozen.rows, frozen.by_unit) == (then.units, then.rows, then.by_unit)
    with house.reading() as tx:
        assert (
            monthly_events(tx, OFFICE, party_id(REGULATOR), APRIL, "dealers", of=LATE, up_to=before) is None
        )


#: Nobody of these may learn what a unit counts, or that it counts anything.
STRANGERS: dict[str, Callable[[], Actor]] = {
    "the branch, of its parent": lambda: OF_BRANCH,
    "another region's authority": lambda: signed_in(OTHER, Role.REGULATOR, "370100"),
    "an authority of the same region": lambda: signed_in(OTHER, Role.REGULATOR, "411600"),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_another_authority_is_told_of_no_form(house: House, who: str) -> None:
    with house.reading() as tx:
        assert monthly_form(tx, STRANGERS[who](), party_id(REGULATOR), MAY) is None
        assert monthly_events(tx, STRANGERS[who](), party_id(REGULATOR), MAY, "makers") is None


@pytest.mark.parametrize(
    "role", [Role.MANUFACTURER, Role.OPERATOR, Role.AUDITOR, Role.DEPARTMENT, Role.PUBLIC]
)
def test_who_reads_no_cases_reads_no_form(house: House, role: Role) -> None:
    actor = Actor.anonymous() if role is Role.PUBLIC else signed_in(MAKER, role)
    with house.reading() as tx, pytest.raises(InputError):
        monthly_form(tx, actor, party_id(REGULATOR), MAY)


# --- submitted --------------------------------------------------------------------------------------------


def submitted(house: House, month: Month, *, by: Actor = OFFICE, on: str = "2026-06-30") -> Envelope:
    found = form(house, REGULATOR, month, by=by)
    return some.envelope(
        "monthly-form", {"month": month.format()}, said_of(found), on=on, entered_for=REGULATOR
    )


def page(house: House, month: Month, *, up_to: int | None = None) -> MonthlyPage:
    with house.reading() as tx:
        found = monthly_page(tx, OFFICE, party_id(REGULATOR), month, up_to=up_to)
    assert found is not None
    return found


def test_what_was_submitted_stays_and_what_came_since_is_told_as_a_difference(house: House) -> None:
    first = submitted(house, JUNE)
    house.happened(first)
    assert page(house, JUNE).differences == ()
    helped = some.technical_help({"party": DEALER}, number="帮扶-9", on="2026-06-30", entered_for=BRANCH)
    house.happened(helped)

    now = page(house, JUNE)

    told = {(each.key, each.is_cumulative): (each.said.value, each.now.value) for each in now.differences}
    assert told == {
        ("helped", False): (0, 1), ("help-visits", False): (0, 1), ("helped", True): (1, 2), ("help-visits", True): (2, 3),
    }  # fmt: skip
    (said,) = now.submissions
    assert page(house, JUNE, up_to=said.counted_at).differences == ()
    assert (said.version, said.on_time, said.event) == (1, True, first["draft"]["id"])
    house.happened(submitted(house, JUNE))
    again = page(house, JUNE)
    assert [each.version for each in again.submissions] == [2, 1]
    assert again.differences == ()
    assert again.submissions[1].figures == said.figures
    assert again.submissions[0].figures["goods-value"] == (Told(0, 0), Told(1_234_500, 1))


def test_a_form_is_on_time_until_the_thirtieth_and_a_february_until_it_ends(house: House) -> None:
    house.happened(submitted(house, MAY))
    today = date(2026, 6, 30)

    def rows(month: Month, actor: Actor = OFFICE) -> dict[str, UnitMonth]:
        with house.reading() as tx:
            return {each.unit.name: each for each in unit_months(tx, actor, month, today=today)}

    assert (Month(2026, 2).due, Month(2028, 2).due) == (date(2026, 2, 28), date(2028, 2, 29))
    assert (MAY.due, APRIL.due) == (date(2026, 5, 30), date(2026, 4, 30))
    may, june = rows(MAY), rows(JUNE)
    office, branch = may
    assert may[office].standing.word.zh == "2026-06-30 报送，迟 31 天"
    assert may[branch].standing.word.zh == "未报送，逾期 31 天"
    assert june[office].standing.word.zh == "2026-06-30 按时报送"
    assert june[branch].standing.word.zh == "2026-06-30 前报送"
    assert rows(MAY, OF_BRANCH).keys() == {branch}
    assert (june[office].versions, june[office].wanted) == (2, 0)  # this ledger began in June


@pytest.mark.parametrize("who", [*STRANGERS, "the maker", "the operator"])
def test_nobody_else_is_told_that_a_form_was_submitted(house: House, who: str) -> None:
    others = {
        "the maker": lambda: signed_in(MAKER, Role.MANUFACTURER),
        "the operator": lambda: signed_in(OPERATOR, Role.OPERATOR),
    }
    actor = (STRANGERS | others)[who]()
    with house.reading() as tx:
        events = [row.event_id for row in store.read_stream(tx, f"prepared:{party_id(REGULATOR)}")]
        assert events
        assert all(event_page(tx, actor, event) is None for event in events)
