"""Reading alerts: the newest first, filtered and paged, and never to whom they are not open."""

from __future__ import annotations

from typing import Any

import pytest

from cabletrace.alerts import register
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.model.scope import Part, Scope
from cabletrace.model.values import party_id
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    SITE,
    SUPERVISOR,
    acceptance,
    batch_of,
    certificate,
    dispatch,
    product,
    production,
    project,
    receipt,
    report,
    use,
)

from .conftest import EVERYTHING, Ledger


def of(*parties: str) -> Scope:
    return Scope(parties=frozenset(map(party_id, parties)))


def part(within: Scope, of: Scope) -> Scope:
    """What a unit sees of its parent's jurisdiction."""
    return Scope(parts=(Part(within, of),))


def within(*regions: str) -> Scope:
    return Scope(regions=regions)


def said_by(speaker: str, envelope: dict[str, Any]) -> dict[str, Any]:
    return {"draft": {**envelope["draft"], "entered_for": speaker}}


@pytest.fixture
def trade(ledger: Ledger) -> Ledger:
    """Two makers with a batch each. Of the first one's, drum 1 goes to a site and drum 2 to a dealer."""
    other = batch_of(OTHER_MAKER, "Q1")
    ledger.record(
        *(
            said_by(speaker, envelope)
            for speaker, envelope in (
                (OTHER_MAKER, certificate(OTHER_MAKER, "CCC-2")),
                (OTHER_MAKER, product(OTHER_MAKER, "P01", certificate="CCC-2")),
                (OTHER_MAKER, production("Q1", maker=OTHER_MAKER)),
                (MAKER, production()),
                (OTHER_MAKER, report(other, number="Q-1", value="0.21")),
                (MAKER, report(number="JC-1", value="0.21")),
                (MAKER, dispatch(to=SITE, region="411627", units=[(1, 1)])),
                (MAKER, dispatch(to=DEALER, region="411602", units=[(2, 2)])),
                (SITE, receipt(units=[(1, 1)], project=PROJECT)),
                (SITE, acceptance(units=[(1, 1)], measured=[(1, 240_000)])),
                (SITE, use(unit=1)),
                (DEALER, receipt(units=[(3, 3)])),
            )
        )
    )
    ledger.catch_up()
    return ledger


GOODS = "declared-verdict-contradicts-values"
RECEIPT, USE, LENGTH = "receipt-without-dispatch", "use-before-admission", "length-deviates"


def test_the_newest_come_first_with_what_is_needed_to_go_there(trade: Ledger) -> None:
    alerts = trade.alerts()

    assert [alert.rule for alert in alerts] == [RECEIPT, USE, LENGTH, GOODS, GOODS]
    assert [alert.lot for alert in alerts] == ["L1", "L1", "L1", "L1", "Q1"]
    assert [alert.report for alert in alerts] == [None, None, None, "JC-1", "Q-1"]


def test_filters_choose_and_counts_agree(trade: Ledger) -> None:
    (code,) = {alert.batch for alert in trade.alerts() if alert.lot == "Q1"}

    assert trade.names(rule=USE) == [USE]
    assert trade.names(maker=party_id(OTHER_MAKER)) == [GOODS]
    assert trade.names(batches=[code]) == [GOODS]
    assert trade.names(batches=[]) == []
    with begin_read(trade.engine) as tx:
        assert register.counts(tx, EVERYTHING) == {GOODS: 2, LENGTH: 1, RECEIPT: 1, USE: 1}
        assert register.counts(tx, EVERYTHING, maker=party_id(OTHER_MAKER)) == {GOODS: 1}
        assert register.counts(tx, of(DEALER)) == {GOODS: 1, RECEIPT: 1}


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_follow_each_other_without_gap_or_repetition(ledger: Ledger, limit: int) -> None:
    # given: an event with several alerts, so that a page may end in the midst of them
    ledger.record(
        said_by(MAKER, production()),
        *(
            said_by(SITE, acceptance(units=[(1, 4)], measured=[(n, 200_000) for n in range(1, 5)]))
            for _ in range(3)
        ),
    )
    ledger.catch_up()
    whole = ledger.alerts()

    # when
    pages: list[Any] = []
    after = None
    while page := ledger.alerts(after=after, limit=limit):
        pages += page
        after = (page[-1].seq, page[-1].n)

    # then
    assert pages == whole
    assert [alert.unit for alert in whole] == [1, 2, 3, 4] * 3


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (EVERYTHING, [RECEIPT, USE, LENGTH, GOODS, GOODS]),
        (Scope(), []),
        (of(MAKER), [RECEIPT, GOODS]),  # its drum arrived unsent; what the site does with its own is not told
        (of(OTHER_MAKER), [GOODS]),
        (of(SITE), [USE, LENGTH, GOODS]),
        (of(DEALER), [RECEIPT, GOODS]),
        (of(SUPERVISOR), [USE, LENGTH, GOODS]),  # by its project
        (of(LABORATORY), []),
        (of(OPERATOR), [RECEIPT, USE, LENGTH, GOODS, GOODS]),  # whose account entered everything
        (within("411603"), [RECEIPT, GOODS]),
        (within("411627"), [USE, LENGTH, GOODS]),
        (within("4116"), [RECEIPT, USE, LENGTH, GOODS]),
        (within("37"), [GOODS]),
        (within("61"), []),
        (part(within("4116"), of(SITE)), [USE, LENGTH, GOODS]),
        (part(within("37"), of(SITE)), []),
        (part(within("411603"), within("4116")), [RECEIPT, GOODS]),
    ],
)
def test_an_alert_is_open_to_whom_its_event_concerns(trade: Ledger, scope: Scope, seen: list[str]) -> None:
    assert trade.names(scope) == seen


def test_who_joins_a_project_later_sees_its_alerts(trade: Ledger) -> None:
    owner = of(LABORATORY)
    assert trade.names(owner) == []

    trade.record(project(owner=LABORATORY, contractor=SITE, entered_for=SITE))
    trade.record(said_by(SITE, acceptance(units=[(1, 1)], on="2026-04-25")))

    assert trade.names(owner) == [USE, LENGTH, GOODS]


def test_writing_again_replaces_what_stood_there(ledger: Ledger) -> None:
    ledger.record(said_by(MAKER, production()), said_by(MAKER, report(value="0.21")))
    ledger.catch_up()
    (alert,) = ledger.alerts()

    with begin_write(ledger.engine) as tx:
        register.write(tx, [], [], between=(alert.seq, alert.seq))

    assert ledger.alerts() == []
