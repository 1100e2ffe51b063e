"""What the rules find in checks comes to the ledger once, in bounds, and whatever is killed on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

import drafts_for_tests as some
from cabletrace.app import suspecting as module
from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.app.suspecting import LOOKED_AT, MOST_AN_HOUR, MOST_OF_A_MAKER, Suspecting
from cabletrace.codes.trace_code import BATCH_BODY, UNIT_LENGTH, BatchCode, unit_code
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.flow import books
from cabletrace.intake.record import prepare
from cabletrace.intake.recorded import Recorded, read_recorded
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head, read_rows
from cabletrace.model.values import party_id
from cabletrace.queries.suspected import SILENT_AFTER_ALERT, SILENT_AFTER_DISMISSAL
from cabletrace.scans import judging, stream
from cabletrace.scans.stream import Crowd, Scan
from drafts_for_tests import MAKER, OTHER_MAKER, PROJECT, REGULATOR, SITE, Envelope
from processes_for_tests import fork
from world_for_tests import NOON

ZHOUKOU, GUANGZHOU = "411600", "440100"


@dataclass
class Stage:
    """An installation whose clock the test moves, with checks as the test says."""

    house: Installation
    now: list[datetime]

    def code(self, unit: int, lot: str = "L1", maker: str = MAKER) -> str:
        return unit_code(BatchCode(self.batch(lot, maker)[:-1]), unit, self.house.code_keys[1]).canonical

    def batch(self, lot: str = "L1", maker: str = MAKER) -> str:
        with begin_read(self.house.ledger) as tx:
            return dict(books.codes_of_lots(tx, [lot])[lot])[party_id(maker)]

    def happened(self, *envelopes: Envelope) -> None:
        actor = self.house.at_the_machine()
        for answer in self.house.intake.record_now([prepare(each, actor) for each in envelopes]):
            assert isinstance(answer, Receipt), answer

    def checked(self, scans: Iterable[Scan]) -> None:
        with begin_write(self.house.scans) as tx:
            stream.write(tx, list(scans), 1)

    def stated_apart(self, code: str, *, hours_ago: float = 1) -> None:
        at = self.now[0] - timedelta(hours=hours_ago)
        self.checked(
            Scan(code, "place", at, f"{phone:_<16}", region)
            for phone, region in (("a", ZHOUKOU), ("b", ZHOUKOU), ("c", GUANGZHOU), ("d", GUANGZHOU))
        )

    def forged(self, count: int, *, lot: str = "L1", maker: str = MAKER) -> list[str]:
        batch = BatchCode(self.batch(lot, maker)[:-1])
        return [unit_code(batch, n, b"another key" * 3).canonical for n in range(1, count + 1)]

    def round(self) -> int:
        with capture_logs():
            return Suspecting(self.house).round()

    def alerts(self) -> list[Any]:
        """The bodies of all alerts on the ledger, in order."""
        return [event.draft.body for event in self.events("alert")]

    def events(self, kind: str) -> list[Recorded]:
        with begin_read(self.house.ledger) as tx:
            return [event for row in read_rows(tx) if (event := read_recorded(row)).draft.kind == kind]

    def later(self, time: timedelta) -> None:
        self.now[0] += time


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    create(made, origin="trace.example/ledger", public_host="trace.example", clock=lambda: NOON)
    return made


@pytest.fixture
def stage(folder: Folder) -> Iterator[Stage]:
    """Lots L1 of one maker and J1 of another, four drums each; drum 2 of L1 went to a site and was used up in April."""
    now = [NOON]
    with open_installation(folder, clock=lambda: now[0]) as house:
        stage = Stage(house, now)
        stage.happened(
            *some.the_cast(),
            some.project(entered_for=SITE),
            some.production(entered_for=MAKER),
            some.product(OTHER_MAKER, certificate=None, entered_for=OTHER_MAKER),
            some.production("J1", maker=OTHER_MAKER, entered_for=OTHER_MAKER),
            some.dispatch(units=[(2, 2)], to=SITE, region="411627", entered_for=MAKER),
            some.receipt(units=[(2, 2)], sender=MAKER, project=PROJECT, entered_for=SITE),
            some.use(unit=2, length_mm=250_000, on="2026-04-20", entered_for=SITE),
        )
        yield stage


def test_places_that_do_not_fit_become_one_alert_with_facts_and_without_anybody_who_checked(
    stage: Stage,
) -> None:
    stage.stated_apart(stage.code(1))

    entered = [stage.round(), stage.round()]

    assert entered == [1, 0]
    (event,) = stage.events("alert")
    body: Any = event.draft.body
    assert (body.rule, body.version, body.unit, event.batch) == ("places-apart", 2, 1, stage.batch())
    assert [(seen.region, seen.phones) for seen in body.seen] == [(ZHOUKOU, 2), (GUANGZHOU, 2)]
    assert {seen.first for seen in body.seen} == {"2026-06-30T11:00:00+08:00"}
    assert {ZHOUKOU, GUANGZHOU, "411603"} <= set(body.regions)
    assert event.actor == event.speaker == stage.house.operator
    with begin_read(stage.house.ledger) as tx:
        payload = list(read_rows(tx))[-1].payload
    assert not [phone for phone in "abcd" if f"{phone:_<16}".encode() in payload]


def test_statements_that_fit_are_judged_and_forgotten_and_nothing_comes_to_the_ledger(stage: Stage) -> None:
    stage.checked(Scan(stage.code(1), "place", NOON, f"{phone:_<16}", ZHOUKOU) for phone in ("a", "b", "c"))

    assert stage.round() == 0
    with begin_read(stage.house.scans) as tx:
        assert judging.waiting(tx, 10) == []
    assert stage.alerts() == []


def test_a_drum_that_was_used_up_and_turns_up_far_away_becomes_an_alert_with_the_day(stage: Stage) -> None:
    far_and_late = [Scan(stage.code(2), "place", NOON, f"{phone:_<16}", GUANGZHOU) for phone in "ab"]
    not_used_up = [Scan(stage.code(3), "place", NOON, f"{phone:_<16}", GUANGZHOU) for phone in "ab"]
    stage.checked([*far_and_late, *not_used_up])

    stage.round()

    (body,) = stage.alerts()
    assert (body.rule, body.unit, body.since) == ("checked-after-use", 2, "2026-04-20T00:00:00+08:00")
    assert "411627" in body.regions


def test_a_drum_of_which_a_household_bought_the_rest_may_be_anywhere(stage: Stage) -> None:
    stage.happened(some.sale(units=[(3, 3)], on="2026-04-20", entered_for=MAKER))
    stage.checked(Scan(stage.code(3), "place", NOON, f"{phone:_<16}", GUANGZHOU) for phone in "ab")

    assert stage.round() == 0


def test_a_burst_of_false_codes_becomes_one_alert_about_the_product_whatever_batch_they_name(
    stage: Stage,
) -> None:
    stage.happened(some.production("L2", entered_for=MAKER))
    codes = [*stage.forged(12), *stage.forged(11, lot="L2")]
    stage.checked(Scan(code, "not-issued", NOON, "a" * 16) for code in codes)

    entered = [stage.round()]
    stage.checked(Scan(code, "not-issued", NOON, "b" * 16) for code in stage.forged(40, lot="L2"))
    entered.append(stage.round())

    assert entered == [1, 0]
    (body,) = stage.alerts()
    assert (body.rule, body.unit, body.codes, body.mistyped) == ("false-codes", None, 23, 0)
    assert stage.events("alert")[0].batch == stage.batch()


def test_the_same_false_code_over_and_over_is_one_and_those_of_yesterday_do_not_count(stage: Stage) -> None:
    stage.checked(Scan(code, "not-issued", NOON, f"{n:0>16}") for n in range(9) for code in stage.forged(5))
    stage.checked(Scan(code, "not-issued", NOON - timedelta(hours=25), "a" * 16) for code in stage.forged(60))

    assert stage.round() == 0


def test_codes_that_begin_like_no_batch_are_nobodys(stage: Stage) -> None:
    strange = [unit_code(BatchCode("ZZZZZZZZZ"), n, b"another key" * 3).canonical for n in range(1, 60)]
    stage.checked(Scan(code, "not-issued", NOON, "a" * 16) for code in strange)

    assert stage.round() == 0


def crowd_before(code: str, region: str, at: datetime, *, days: int, phones: int) -> list[Scan]:
    """So many phones behind different addresses a day, the last of these days being that of ``at``."""
    return [
        Scan(code, "place", on, f"{on.toordinal() % 10_000:04}{phone:04}{'b' * 8}", region)
        for on in (at - timedelta(days=day) for day in range(days))
        for phone in range(phones)
    ]


def test_copies_of_one_drum_in_one_city_become_an_alert_once(stage: Stage) -> None:
    stage.checked(crowd_before(stage.code(1), ZHOUKOU, NOON, days=5, phones=10))
    stage.checked(crowd_before(stage.code(3), ZHOUKOU, NOON, days=5, phones=9))
    stage.checked(crowd_before(stage.code(4), ZHOUKOU, NOON, days=4, phones=40))

    entered = [stage.round()]
    stage.checked(crowd_before(stage.code(1), ZHOUKOU, NOON + timedelta(minutes=1), days=5, phones=40))
    entered.append(stage.round())

    assert entered == [1, 0]
    (body,) = stage.alerts()
    assert (body.rule, body.unit, body.since) == ("crowd-in-one-place", 1, None)
    assert [(seen.region, seen.phones) for seen in body.seen] == [(ZHOUKOU, 50)]
    assert "411603" in body.regions


def test_after_an_alert_about_a_crowd_only_days_that_came_since_count(stage: Stage) -> None:
    code = stage.code(1)
    stage.checked(crowd_before(code, ZHOUKOU, NOON, days=5, phones=10))
    stage.round()

    stage.later(SILENT_AFTER_ALERT)
    stage.checked(crowd_before(code, ZHOUKOU, stage.now[0], days=4, phones=10))
    four = stage.round()
    stage.checked(crowd_before(code, ZHOUKOU, stage.now[0] - timedelta(days=4), days=1, phones=10))

    assert (four, stage.round()) == (0, 1)


def test_a_drum_that_was_used_up_and_is_sold_on_in_the_same_city_becomes_an_alert(stage: Stage) -> None:
    stage.checked(crowd_before(stage.code(2), ZHOUKOU, NOON, days=3, phones=3))
    stage.checked(crowd_before(stage.code(1), ZHOUKOU, NOON, days=3, phones=3))  # of which all is left

    stage.round()

    (body,) = stage.alerts()
    assert (body.rule, body.unit, body.since) == ("crowd-after-use", 2, "2026-04-20T00:00:00+08:00")


def test_an_address_counts_once_a_day_and_not_at_all_where_it_states_several_places(stage: Stage) -> None:
    midnight = datetime(2026, 6, 29, 16, tzinfo=UTC)  # in Asia/Shanghai
    code = stage.code(1)
    stage.checked(
        [
            Scan(code, "place", midnight - timedelta(minutes=1), "a" * 16, ZHOUKOU),
            Scan(code, "place", midnight, "b" * 16, ZHOUKOU),
            Scan(code, "place", midnight + timedelta(hours=3), f"{'b' * 8}{'x' * 8}", ZHOUKOU),
            Scan(code, "place", midnight + timedelta(hours=1), "c" * 16, ZHOUKOU),
            Scan(code, "place", midnight, "d" * 16, ZHOUKOU),
            Scan(code, "place", midnight, f"{'d' * 8}{'x' * 8}", GUANGZHOU),
            Scan(code, "issued", midnight, "e" * 16),
            Scan(stage.code(3), "place", midnight, "f" * 16, ZHOUKOU),
        ]
    )
    stage.checked(Scan(code, "place", midnight, f"{'g' * 8}{n:08}", ZHOUKOU) for n in range(3_000))

    with begin_read(stage.house.scans) as tx:
        found = stream.crowds_of(tx, code, midnight - timedelta(hours=1))
        later = stream.crowds_of(tx, code, midnight + timedelta(hours=1))

    assert found == [
        Crowd(
            ZHOUKOU, date(2026, 6, 29), 1, midnight - timedelta(minutes=1), midnight - timedelta(minutes=1)
        ),
        Crowd(ZHOUKOU, date(2026, 6, 30), 3, midnight, midnight + timedelta(hours=3)),
    ]
    assert [(each.day, each.phones) for each in later] == [(date(2026, 6, 30), 2)]


def met_in(region: str, codes: Iterable[str], at: datetime) -> list[Scan]:
    """Phones behind different addresses, each of which says that it has goods with one of these codes before it."""
    return [Scan(code, "false-place", at, f"{n:_<16}", region) for n, code in enumerate(codes)]


def test_goods_with_forged_labels_in_a_market_become_one_alert_to_the_regulator_of_the_place(
    stage: Stage,
) -> None:
    """Whatever makers they imitate; again only after the rule has been silent, and elsewhere at once."""
    codes = [*stage.forged(5), *stage.forged(4, lot="J1", maker=OTHER_MAKER)]
    stage.checked(met_in(GUANGZHOU, codes, NOON))

    entered = [stage.round()]
    stage.checked(met_in(GUANGZHOU, codes, NOON))
    entered.append(stage.round())
    stage.checked(met_in(ZHOUKOU, codes, NOON))
    entered.append(stage.round())

    assert entered == [1, 0, 1]
    body, elsewhere = stage.alerts()
    assert (body.rule, body.unit, body.codes, body.mistyped) == ("false-codes-here", None, 9, 0)
    assert [(seen.region, seen.phones) for seen in body.seen] == [(GUANGZHOU, 9)]
    assert body.regions[0] == GUANGZHOU
    assert stage.events("alert")[0].batch == stage.batch()
    assert elsewhere.seen[0].region == ZHOUKOU

    stage.later(SILENT_AFTER_ALERT)
    stage.checked(met_in(GUANGZHOU, codes, stage.now[0]))
    assert stage.round() == 1
    assert len({event.event_id for event in stage.events("alert")}) == 3


def test_a_phone_less_a_day_too_many_or_codes_that_imitate_nobody_are_no_market(stage: Stage) -> None:
    strange = [unit_code(BatchCode("ZZZZZZZZZ"), n, b"another key" * 3).canonical for n in range(1, 30)]
    stage.checked(met_in(GUANGZHOU, stage.forged(7), NOON))
    stage.checked(met_in(ZHOUKOU, stage.forged(7), NOON))
    stage.checked(
        [Scan(stage.forged(8)[-1], "false-place", NOON - timedelta(days=7, hours=1), "x" * 16, ZHOUKOU)]
    )
    stage.checked(met_in("410100", strange, NOON))

    assert stage.round() == 0


def test_one_address_that_states_very_many_false_codes_pushes_no_other_out(stage: Stage) -> None:
    forged = stage.forged(20)
    stage.checked(met_in(GUANGZHOU, forged[:8], NOON - timedelta(hours=2)))
    flood = (Scan(forged[n % 20], "false-place", NOON, f"{'f' * 8}{n:08}", GUANGZHOU) for n in range(5_000))
    stage.checked(flood)

    with begin_read(stage.house.scans) as tx:
        looked_at = judging.false_places_in(tx, GUANGZHOU, NOON - timedelta(days=7))

    assert len(looked_at) == 8 + judging.STATEMENTS_OF_AN_ADDRESS
    assert stage.round() == 1


@pytest.mark.sqlite(
    "PostgreSQL chooses an index by what stands in a table, which is nothing here; its plan has other words"
)
def test_places_of_false_codes_are_found_by_their_index(stage: Stage) -> None:
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, ___: Any, *____: Any) -> None:
        asked.append(statement)

    event.listen(stage.house.scans, "before_cursor_execute", note)
    with begin_read(stage.house.scans) as tx:
        judging.false_places_in(tx, GUANGZHOU, NOON)
        plan = tx.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {asked[-1]}", (GUANGZHOU, "", 1, 1, 1, 1, 1)[: asked[-1].count("?")]
        )

        assert "scan_of_false_place" in str(plan.all())


def test_the_same_rule_is_silent_about_a_code_for_its_time_and_then_counts_only_what_is_new(
    stage: Stage,
) -> None:
    code = stage.code(1)
    stage.stated_apart(code)
    stage.round()

    stage.later(SILENT_AFTER_ALERT - timedelta(hours=1))
    stage.stated_apart(code, hours_ago=0)
    silent = stage.round()
    stage.later(timedelta(hours=1))
    stage.checked([Scan(code, "place", stage.now[0], "e" * 16, ZHOUKOU)])
    again = stage.round()

    assert (silent, again) == (0, 1)
    assert len({event.event_id for event in stage.events("alert")}) == 2


def test_a_dismissal_silences_the_rule_for_that_code_and_no_other(stage: Stage) -> None:
    stage.stated_apart(stage.code(1))
    stage.round()
    (raised,) = stage.events("alert")
    stage.happened(
        some.finding(raised.event_id, "dismissed", place={}, on="2026-06-30", entered_for=REGULATOR)
    )

    entered = []
    for wait in (SILENT_AFTER_ALERT + timedelta(days=1), SILENT_AFTER_DISMISSAL):
        stage.later(wait)
        for unit in (1, 3):
            stage.stated_apart(stage.code(unit))
        stage.round()
        entered.append([body.unit for body in stage.alerts()][1:])

    assert entered == [[3], [3, 1, 3]]


def test_a_stream_of_forged_checks_fills_no_ledger_and_hides_no_other_makers_suspicion(stage: Stage) -> None:
    """A flood over a hundred drums of one maker, and one drum of another behind it."""
    stage.happened(some.production("L9", units=[(1, 100, 1_000)], entered_for=MAKER))
    for unit in range(1, 101):
        stage.stated_apart(stage.code(unit, "L9"))
    stage.stated_apart(stage.code(1, "J1", OTHER_MAKER))

    rounds = [stage.round() for _ in range(101 // LOOKED_AT + 2)]
    makers = [body.maker for body in stage.alerts()]
    stage.later(timedelta(hours=1, seconds=1))
    next_hour = stage.round()

    assert sum(rounds) == MOST_OF_A_MAKER + 1
    assert makers.count(party_id(MAKER)) == MOST_OF_A_MAKER
    assert makers.count(party_id(OTHER_MAKER)) == 1
    assert next_hour == MOST_OF_A_MAKER


def test_no_hour_has_more_alerts_than_the_most_of_all_makers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_OF_A_MAKER", 1_000)
    stage.happened(some.production("L9", units=[(1, 40, 1_000)], entered_for=MAKER))
    for unit in range(1, 41):
        stage.stated_apart(stage.code(unit, "L9"))

    assert [stage.round(), stage.round()] == [MOST_AN_HOUR, 0]


def test_what_cannot_be_recorded_now_keeps_its_turn(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.stated_apart(stage.code(1))

    def full(*_: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(type(stage.house.intake), "record_patiently", full)
        with pytest.raises(OSError, match="no room"):
            stage.round()

    assert stage.round() == 1


def test_a_code_that_cannot_be_judged_keeps_no_other_waiting(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = stage.code(1), stage.code(3)
    stage.stated_apart(broken)
    stage.stated_apart(sound)
    judge = module.suspected_of_drum

    def judged(tx: Any, code: str, *rest: Any) -> Any:
        if code == broken:
            raise RuntimeError("a key is missing")
        return judge(tx, code, *rest)

    with monkeypatch.context() as without_key:
        without_key.setattr(module, "suspected_of_drum", judged)
        first = stage.round()
    then = stage.round()

    assert (first, then) == (1, 1)
    assert [body.unit for body in stage.alerts()] == [3, 1]


def test_numbers_of_checks_that_begin_anew_are_followed_from_the_beginning(stage: Stage) -> None:
    stage.checked(Scan(stage.code(1), "issued", NOON, "a" * 16) for _ in range(9))
    stage.stated_apart(stage.code(1))
    stage.round()
    with begin_write(stage.house.scans) as tx:
        tx.execute(stream.scan.delete())

    stage.stated_apart(stage.code(3))

    assert stage.round() == 1


def test_a_code_is_as_long_for_the_checks_as_for_those_who_read_codes() -> None:
    assert (judging.UNIT_LENGTH, judging.BATCH_BODY) == (UNIT_LENGTH, BATCH_BODY)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("killed_after", ["queue_new", "record", "judged"])
def test_whatever_is_killed_on_the_way_is_entered_once(folder: Folder, killed_after: str) -> None:
    with open_installation(folder) as house:
        stage = Stage(house, [house.clock()])
        stage.happened(*some.the_cast(), some.production(entered_for=MAKER))
        stage.stated_apart(stage.code(1))

    def work(*_: object) -> None:
        with open_installation(folder) as house:
            die_after(killed_after)
            Suspecting(house).round()

    process = fork(work)
    assert process.end() == -signal.SIGKILL

    with open_installation(folder) as house:
        stage = Stage(house, [house.clock()])
        stage.round()
        assert len(stage.alerts()) == 1
        with begin_read(house.scans) as tx:
            assert judging.waiting(tx, 10) == []


def die_after(step: str) -> None:
    """Let this process be killed as soon as a round has done this step, and committed or not."""

    def dying(does: Any) -> Any:
        def done(*given: Any) -> None:
            does(*given)
            os.kill(os.getpid(), signal.SIGKILL)

        return done

    if step == "record":
        Suspecting._enter = dying(Suspecting._enter)  # type: ignore[method-assign]
    else:
        setattr(judging, step, dying(getattr(judging, step)))


def test_the_thread_judges_by_itself_until_it_is_stopped(stage: Stage) -> None:
    stage.stated_apart(stage.code(1))
    with begin_read(stage.house.ledger) as tx:
        size = read_head(tx).size
    rounds = Suspecting(stage.house, every_seconds=0.01)
    with capture_logs():
        rounds.start()
        for _ in range(500):
            rounds._stopping.wait(0.02)
            if stage.alerts():
                break
        rounds.stop()

    with begin_read(stage.house.ledger) as tx:
        assert read_head(tx).size == size + 1
