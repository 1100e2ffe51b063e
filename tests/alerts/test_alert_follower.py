"""The follower of the alerts over a real ledger: nothing missed, nothing twice, and made anew the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cabletrace.alerts import follower, register
from cabletrace.alerts.follower import AlertFollower, catch_up, follow_page, raise_anew
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import Broken
from cabletrace.intake import rebuild
from cabletrace.ledger.follow import NOTHING_READ
from cabletrace.ledger.store import read_rows
from cabletrace.model.values import party_id
from drafts_for_tests import (
    GOODS,
    LABORATORY,
    MAKER,
    MARKS,
    PROJECT,
    REGULATOR,
    SITE,
    acceptance,
    dispatch,
    inspection,
    production,
    project,
    receipt,
    report,
    use,
)

from .conftest import Ledger, as_seen, forget, put, read_event, rows_of

DRUMS = [(1, 4, 250_000)]


def a_life() -> list[dict[str, Any]]:
    """One batch that gives rise to an alert of every rule but one, and much that gives rise to none."""
    too_early = production(on="2023-01-01", units=DRUMS)
    too_early["draft"]["body"]["materials"] = [{"material": "copper", "mass_g": 2_000_000}]
    return [
        {"draft": {**envelope["draft"], "entered_for": speaker}}
        for speaker, envelope in (
            (MAKER, too_early),
            (MAKER, report(value="0.190")),
            (MAKER, report(number="JC-2", value="0.21")),
            (MAKER, dispatch(to=SITE, region="411627", units=[(1, 2)])),
            (SITE, receipt(units=[(1, 1)], project=PROJECT)),
            (SITE, receipt(units=[(3, 3)], project=PROJECT)),
            (SITE, acceptance(units=[(1, 1)], measured=[(1, 240_000)])),
            (SITE, use(unit=1)),
        )
    ]


def read_none(_seqs: Any) -> list[Any]:
    raise AssertionError("no production is corrected here")


FOUND = [
    ("use-before-admission", 1),
    ("length-deviates", 1),
    ("receipt-without-dispatch", 3),
    ("declared-verdict-contradicts-values", 1),
    ("report-against-copper", 1),
    ("copper-short", None),
    ("certificate-not-valid-at-production", None),
]


def test_alerts_follow_from_what_was_recorded(ledger: Ledger) -> None:
    ledger.record(*a_life())

    assert ledger.catch_up() == ledger.size
    assert [(alert.rule, alert.unit) for alert in ledger.alerts()] == FOUND
    (alert,) = ledger.alerts(rule="declared-verdict-contradicts-values")
    assert (alert.lot, alert.report, alert.party) == ("L1", "JC-2", party_id(MAKER))


def test_a_report_on_goods_without_a_code_stops_nobody(ledger: Ledger) -> None:
    goods = inspection({"goods": GOODS}, goods=MARKS, place={"region": "411602"}, entered_for=REGULATOR)
    of_goods = report(
        {"goods": GOODS},
        unit=None,
        value="9.9",
        type="quick",
        place={"region": "411602"},
        entered_for=REGULATOR,
    )
    ledger.record(goods, of_goods, *a_life())

    ledger.catch_up()

    assert [(alert.rule, alert.unit) for alert in ledger.alerts()] == FOUND


def test_catching_up_again_changes_nothing(ledger: Ledger) -> None:
    ledger.record(*a_life())
    ledger.catch_up()
    before = ledger.dump()

    assert ledger.catch_up() == 0
    assert ledger.dump() == before


@pytest.mark.parametrize("page", [1, 3, 1000])
def test_the_size_of_a_page_does_not_matter(ledger: Ledger, page: int) -> None:
    ledger.record(*a_life())
    ledger.catch_up()
    before = ledger.dump()
    forget(ledger.engine)
    assert ledger.dump() == []

    assert catch_up(ledger.engine, read_event, page=page) == ledger.size

    assert ledger.dump() == before


def test_a_page_is_written_whole_with_its_cursor_or_not_at_all(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a follower that dies between writing its alerts and its cursor
    ledger.record(*a_life())

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(register, "write_cursor", killed)
        with pytest.raises(KeyboardInterrupt):
            ledger.catch_up()

    # then: nothing was written, and the next one misses nothing
    assert ledger.dump() == []
    ledger.catch_up()
    assert [(alert.rule, alert.unit) for alert in ledger.alerts()] == FOUND


def test_of_two_followers_the_slower_one_gives_way(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    # given: while one follower looks at its page, another one does all of them
    ledger.record(*a_life())
    looked = follower.raised

    def overtaken(*args: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(follower, "raised", looked)
            ledger.catch_up()
        return looked(*args)

    # when
    with monkeypatch.context() as patched:
        patched.setattr(follower, "raised", overtaken)
        follow_page(ledger.engine, read_event, page=3)

    # then: its cursor does not go back, and no alert stands twice
    with begin_read(ledger.engine) as tx:
        assert register.read_cursor(tx).seq == ledger.size - 1
    assert [(alert.rule, alert.unit) for alert in ledger.alerts()] == FOUND


def test_a_rebuild_gives_the_same_rows(ledger: Ledger, tmp_path: Path) -> None:
    # given: alerts, and a project that was registered anew since
    ledger.record(*a_life())
    ledger.catch_up()
    ledger.record(project(owner=LABORATORY, contractor=SITE, entered_for=SITE))

    # when
    fresh = open_database(tmp_path / "fresh.db")
    with begin_read(ledger.engine) as source, begin_write(fresh) as target:
        for metadata in (*rebuild.METADATA, register.metadata):
            metadata.create_all(target)
        rebuild.rebuild(
            source,
            target,
            lambda tx, ledger, events: raise_anew(tx, [as_seen(event) for event, _ in events], read_none),
        )
        rebuilt = rows_of(target)
    fresh.dispose()

    # then
    assert rebuilt == ledger.dump()
    assert rebuilt
    projections = {table.name for table in rebuild.projections([register.metadata])}
    assert projections == {"alert", "alert_concern"}  # the cursor is none


def test_a_rebuild_before_the_follower_has_come_so_far_does_no_harm(ledger: Ledger) -> None:
    # given: rows of a rebuild up to the end, and a cursor that stands at the beginning
    ledger.record(*a_life())
    with begin_read(ledger.engine) as source:
        rows = list(read_rows(source))
    with begin_write(ledger.engine) as tx:
        raise_anew(tx, [read_event(tx, row) for row in rows], read_none)
        assert register.read_cursor(tx) == NOTHING_READ
    before = ledger.dump()

    ledger.catch_up()

    assert ledger.dump() == before


def test_another_ledger_is_not_followed(made: Callable[..., Ledger]) -> None:
    # given: alerts up to the end, in a ledger that was then restored and went on differently
    ledger, other = made(), made("other.db")
    ledger.record(*a_life())
    ledger.catch_up()
    other.record(production("L9", entered_for=MAKER))
    with begin_read(other.engine) as source:
        put(ledger.engine, list(read_rows(source)))
    before = ledger.dump()

    # when / then
    with pytest.raises(Broken, match="rebuild the alerts"):
        ledger.catch_up()
    assert ledger.dump() == before


def test_an_entry_that_cannot_be_read_stops_the_follower(ledger: Ledger) -> None:
    with begin_read(ledger.engine) as source:
        rows = list(read_rows(source))
    put(ledger.engine, [*rows[:-1], rows[-1]._replace(payload=b"{}")])

    with pytest.raises(Broken, match=f"entry {rows[-1].seq} cannot be read"):
        ledger.catch_up()


def test_a_thread_keeps_the_alerts_after_the_ledger(ledger: Ledger) -> None:
    thread = AlertFollower(ledger.engine, read_event, page=3, poll_seconds=60)
    thread.start()
    try:
        ledger.record(*a_life())

        assert thread.wait_until(ledger.size - 1, timeout=20)
        assert thread.reached == ledger.size - 1
        assert [(alert.rule, alert.unit) for alert in ledger.alerts()] == FOUND
    finally:
        thread.stop()


def test_following_event_by_event_gives_the_same_as_all_at_the_end(ledger: Ledger) -> None:
    for envelope in a_life():
        ledger.record(envelope)
        ledger.catch_up()
    step_by_step = ledger.dump()

    forget(ledger.engine)
    ledger.catch_up()

    assert ledger.dump() == step_by_step
