"""Rebuild of an installation: one transaction, which readers and killed processes see wholly or not at all."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import Folder, create, open_installation
from cabletrace.app.process import collecting_seldom
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.schema import ALL_METADATA
from cabletrace.app.verify import verify_ledger
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake import rebuild as module
from cabletrace.intake.rebuild import projections
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.scope import Scope
from drafts_for_tests import (
    MAKER,
    PRODUCT,
    Envelope,
    batch_of,
    correction,
    product,
    production,
    report,
    the_cast,
)
from house_for_tests import rows_of

Tables = dict[str, list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An installation with batches, and with reports that gave rise to alerts, one of which was corrected."""
    made = Folder(tmp_path / "data")
    create(made, origin="trace.example/ledger", public_host="trace.example")
    with open_installation(made) as house:
        said = [*the_cast(), *(production(lot, entered_for=MAKER) for lot in ("L1", "L2", "L3"))]
        for lot in ("L1", "L2", "L3"):
            beyond = report(batch_of(lot=lot), number=f"JC-{lot}", value="0.250", entered_for=MAKER)
            said.append(beyond)
        said.append(correction(beyond, report(value="0.260", number="JC-L3"), entered_for=MAKER))
        answers = house.intake.record_now([prepare(envelope, house.at_the_machine()) for envelope in said])
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        catch_up(house.ledger, read_accepted)
    return made


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK", 3)


def rows(folder: Folder) -> Tables:
    engine = open_database(folder.ledger, read_only=True)
    try:
        with begin_read(engine) as tx:
            return {table.name: rows_of(tx, table) for table in projections(ALL_METADATA)}
    finally:
        engine.dispose()


def spoil(folder: Folder) -> None:
    engine = open_database(folder.ledger)
    with begin_write(engine) as tx:
        for table in projections(ALL_METADATA):
            if table.name in ("posting", "alert", "stream_event"):
                tx.execute(table.delete())
    engine.dispose()


def test_a_rebuild_brings_back_every_row_alerts_with_what_was_withdrawn(folder: Folder) -> None:
    live = rows(folder)
    spoil(folder)
    assert rows(folder) != live

    count = rebuild_projections(folder, lambda *_: None)

    assert rows(folder) == live
    assert count > 10
    engine = open_database(folder.ledger, read_only=True)
    with begin_read(engine) as tx:
        withdrawn = tx.execute(select(alert_register.alert.c.withdrawn_by)).scalars().all()
    engine.dispose()
    assert sorted(seq is None for seq in withdrawn) == [False, True, True, True]


def test_alerts_that_nobody_had_followed_yet_are_raised_once_and_stand_followed(folder: Folder) -> None:
    """As after an import with the service stopped: what comes after must not raise them a second time."""
    live = rows(folder)
    engine = open_database(folder.ledger)
    with begin_write(engine) as tx:
        alert_register.start_over(tx)
    engine.dispose()

    rebuild_projections(folder, lambda *_: None)

    assert list(verify_ledger(folder.root, with_projections=True)) == []
    engine = open_database(folder.ledger)
    assert catch_up(engine, read_accepted) == 0
    engine.dispose()
    assert rows(folder) == live


@pytest.mark.parametrize("by_event", [True, False])
@pytest.mark.parametrize("first", [PRODUCT, "P-THIN"])
def test_alerts_go_by_what_a_batch_is_known_to_be_by_now_whenever_that_was_said(
    folder: Folder, first: str, by_event: bool
) -> None:
    """0.250 Ω/km is too much for 95 mm² of copper, and fine for 50 mm²."""
    other = "P-THIN" if first == PRODUCT else PRODUCT
    made = production("L9", product=first, entered_for=MAKER)
    said = [
        product(MAKER, "P-THIN", "YJV-0.6/1kV 3×50+1×25", entered_for=MAKER),
        made,
        report(batch_of(lot="L9"), number="JC-9", value="0.250", entered_for=MAKER),
        report(batch_of(lot="L9"), number="JC-10", value="0.900", entered_for=MAKER),
    ]
    right = correction(made, production("L9", product=other), entered_for=MAKER)
    with open_installation(folder) as house:
        for envelope in (*said, right):
            house.intake.record_now([prepare(envelope, house.at_the_machine())])
            if by_event:
                catch_up(house.ledger, read_accepted)
        catch_up(house.ledger, read_accepted)
        with begin_read(house.ledger) as tx:
            found = alert_register.alerts(tx, Scope(everything=True))
    live = rows(folder)

    rebuild_projections(folder, lambda *_: None)

    reports = {alert.report for alert in found if alert.lot == "L9"}
    assert reports == ({"JC-10"} if other == "P-THIN" else {"JC-9", "JC-10"})
    assert rows(folder) == live


def test_a_passing_report_stands_against_the_copper_until_the_production_is_corrected(folder: Folder) -> None:
    """1,000 m of 3×95+1×50 need some 2,779 kg of copper."""
    short, right = production("L9", entered_for=MAKER), production("L9", entered_for=MAKER)
    for envelope, mass_g in ((short, 2_084_000), (right, 2_850_000)):
        envelope["draft"]["body"]["materials"] = [{"material": "copper", "mass_g": mass_g}]
    report_of_it = report(batch_of(lot="L9"), number="JC-9", value="0.190", entered_for=MAKER)

    def rules(*envelopes: Envelope) -> set[str]:
        with open_installation(folder) as house:
            for envelope in envelopes:
                house.intake.record_now([prepare(envelope, house.at_the_machine())])
            catch_up(house.ledger, read_accepted)
            with begin_read(house.ledger) as tx:
                found = alert_register.alerts(tx, Scope(everything=True))
        return {alert.rule for alert in found if alert.lot == "L9"}

    assert rules(short, report_of_it) == {"copper-short", "report-against-copper"}
    assert rules(correction(short, right, entered_for=MAKER)) == set()
    live = rows(folder)
    rebuild_projections(folder, lambda *_: None)
    assert rows(folder) == live


def test_readers_see_the_old_rows_until_a_rebuild_is_done(folder: Folder) -> None:
    live = rows(folder)
    spoil(folder)
    spoilt = rows(folder)
    seen: list[Tables] = []

    rebuild_projections(folder, lambda *_: seen.append(rows(folder)))

    assert len(seen) > 3
    assert all(each == spoilt for each in seen)
    assert rows(folder) == live


#: In a process that was not forked: this one may have threads, and a fork keeps what they hold locked for ever.
_STOPPED_AT_THE_THIRD = """
import os, signal, sys
from pathlib import Path
from cabletrace.app.folder import Folder
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.intake import rebuild

def progress(done, of):
    if done >= 9:
        {stopped}

rebuild._CHUNK = 3
rebuild_projections(Folder(Path(sys.argv[1])), progress)
"""
KILLED, FAILING = "os.kill(os.getpid(), signal.SIGKILL)", "raise RuntimeError('no more')"


@pytest.mark.parametrize(("stopped", "code"), [(KILLED, -signal.SIGKILL), (FAILING, 1)])
def test_a_rebuild_that_is_killed_or_fails_changes_nothing(folder: Folder, stopped: str, code: int) -> None:
    spoil(folder)
    spoilt = rows(folder)

    program = _STOPPED_AT_THE_THIRD.format(stopped=stopped)
    ended = subprocess.run(
        [sys.executable, "-c", program, folder.root], capture_output=True, text=True, check=False
    )

    assert ended.returncode == code, ended.stderr
    assert code < 0 or "no more" in ended.stderr
    assert rows(folder) == spoilt


def test_garbage_is_collected_as_before_when_a_long_work_is_done_or_has_failed() -> None:
    before = gc.get_threshold()

    with suppress(RuntimeError), collecting_seldom():
        seldom = gc.get_threshold()
        raise RuntimeError("no more")

    assert seldom > before
    assert gc.get_threshold() == before
