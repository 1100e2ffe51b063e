"""The index that was followed holds what the ledger's own projection says, batch by batch."""

from __future__ import annotations

from typing import Any

from cabletrace.queries.documents import LedgerFeed
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.verifying import verify


def test_the_index_holds_what_the_ledger_says(ledger: Any, index: EmbeddedIndex) -> None:
    found = verify(index, LedgerFeed(ledger.engine), deep=True)

    assert found.is_sound
    assert found.batches >= 3
    assert (found.ranges_differing, found.on_the_way) == (0, 0)
    assert found.up_to == LedgerFeed(ledger.engine).head()


def test_batches_are_found_by_the_entry_that_made_them(ledger: Any, index: EmbeddedIndex) -> None:
    feed = LedgerFeed(ledger.engine)
    size = feed.head().seq + 1

    everything = feed.registered(0, size)

    assert everything
    made = [{*feed.registered(n, n + 1)} for n in range(size)]
    assert set.union(*made) == everything
    assert sum(map(len, made)) == len(everything)
    assert {held.code: held.seq for held in index.held(everything)} == {
        code: seq for seq, codes in enumerate(made) for code in codes
    }
