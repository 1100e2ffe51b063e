"""The follower: the index becomes what the ledger says, through kills, repeats and trouble."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cabletrace.db.engine import begin_read, open_sqlite
from cabletrace.errors import Broken
from cabletrace.ledger.follow import NOTHING_READ
from cabletrace.model.scope import Scope
from cabletrace.search.documents import BatchDocument
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.follower import Accepted, Follower, follow_page
from cabletrace.search.tokens import query_terms

from .conftest import Market, make_market

EVERYTHING = Scope(everything=True)


def follow_to_the_end(index: EmbeddedIndex, market: Market, page: int = 50) -> list[int]:
    """Entries read by each page."""
    read = []
    while step := follow_page(index, market.read_from, market.project, page=page):
        read.append(step)
    return read


def dump(path: Path) -> list[object]:
    """Every row of the index, tokens included."""
    engine = open_sqlite(path)
    with begin_read(engine) as tx:
        for table in ("word", "trait"):
            tx.exec_driver_sql(
                f"CREATE VIRTUAL TABLE temp.of_{table} USING fts5vocab (main, {table}, instance)"
            )
        rows: list[object] = []
        # Numbers that are given in the order of arrival stand there as what they mean.
        circumstances = (
            "(SELECT seq, pair, first, second, tokens FROM circumstance LEFT JOIN audience ON id = audience)"
        )
        mentions = (
            "(SELECT token, field, text, documents FROM mention JOIN term ON term.id = term"
            " JOIN reader ON reader.id = reader)"
        )
        shelves = (
            "(SELECT token, beginning, field, text FROM shelf JOIN term ON term.id = term"
            " JOIN reader ON reader.id = reader)"
        )
        tables = ("cursor", "batch", "document", "temp.of_word", "temp.of_trait")
        for table in (*tables, circumstances, mentions, shelves):
            rows += sorted(map(tuple, tx.exec_driver_sql(f"SELECT * FROM {table}")), key=repr)  # noqa: S608 (constants)
    engine.dispose()
    return rows


def test_the_ledger_is_read_page_by_page_to_its_end(open_index, market):
    index = open_index()

    read = follow_to_the_end(index, market, page=100)

    assert sum(read) == len(market.documents)
    assert set(read[:-1]) == {100}
    last = len(market.documents) - 1
    assert index.cursor().seq == last
    assert index.cursor().entry_hash == market.read_from(last, 1)[0].entry_hash
    assert index.search(query_terms(""), EVERYTHING).total == 300


def test_an_empty_ledger_leaves_the_index_at_its_beginning(open_index):
    index = open_index()

    assert follow_to_the_end(index, Market(())) == []
    assert index.cursor() == NOTHING_READ


@pytest.mark.parametrize("page", [1, 7, 1000])
def test_the_size_of_a_page_does_not_matter(open_index, tmp_path, page):
    market = make_market(20)

    follow_to_the_end(open_index("one.db"), market, page=page)
    follow_to_the_end(open_index("other.db"), market, page=13)

    assert dump(tmp_path / "one.db") == dump(tmp_path / "other.db")


def test_several_events_of_one_batch_in_a_page_ask_for_it_once(open_index, market):
    asked: list[frozenset[str]] = []

    def project(batches: frozenset[str]):
        asked.append(batches)
        return market.project(batches)

    follow_page(open_index(), market.read_from, project, page=1000)

    (batches,) = asked
    assert len(batches) == 300


def test_entries_that_touch_no_batch_move_the_cursor_only(open_index):
    index = open_index()

    def nothing_to_project(batches: frozenset[str]):
        raise AssertionError("nobody asked for this")

    read = follow_page(
        index, lambda seq, limit: [Accepted(n, b"h", ()) for n in range(seq, 3)], nothing_to_project
    )

    assert read == 3
    assert index.cursor().seq == 2


def test_another_ledger_is_not_followed(open_index, market):
    # given: an index that has read part of a ledger
    index = open_index()
    follow_page(index, market.read_from, market.project, page=40)

    # when: a ledger that was restored from a backup goes on differently, or is shorter
    def restored(seq: int, limit: int) -> list[Accepted]:
        return [replace(entry, entry_hash=b"other") for entry in market.read_from(seq, limit)]

    # then
    for ledger in (restored, lambda seq, limit: []):
        with pytest.raises(Broken, match="rebuild the index"):
            follow_page(index, ledger, market.project)
    assert index.cursor().seq == 39


def test_a_gap_in_the_ledger_is_an_invariant_broken(open_index, market):
    index = open_index()

    with pytest.raises(Broken, match="gap"):
        follow_page(index, lambda seq, limit: market.read_from(seq, limit)[::2], market.project)

    assert index.cursor() == NOTHING_READ


FOLLOW_AND_TELL = """
import sys
from pathlib import Path
sys.path.append("..")  # builders that are shared with other tests
from conftest import make_market
from cabletrace.db.engine import open_sqlite
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.follower import follow_page

market = make_market(60)
index = EmbeddedIndex(open_sqlite(Path(sys.argv[1])))
while follow_page(index, market.read_from, market.project, page=5):
    print("page", flush=True)
"""


@pytest.mark.parametrize("pages_before", [1, 9])
def test_a_follower_that_is_killed_goes_on_where_it_stopped(open_index, tmp_path, pages_before):
    # given: a follower in a process of its own, killed without warning after some pages
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOW_AND_TELL, str(tmp_path / "killed.db")],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
    ) as process:
        for _ in range(pages_before):
            assert process.stdout.readline() == b"page\n"
        process.kill()

    # when: another one goes on
    index = open_index("killed.db")
    reached = index.cursor().seq
    assert reached >= 5 * pages_before - 1
    follow_to_the_end(index, make_market(60), page=5)

    # then: the index is the one that an undisturbed follower makes
    follow_to_the_end(open_index("undisturbed.db"), make_market(60), page=5)
    assert dump(tmp_path / "killed.db") == dump(tmp_path / "undisturbed.db")


class GrowingLedger:
    """A ledger that is written to while it is followed."""

    def __init__(self, market: Market):
        self._market = market
        self.size = 0

    def read_from(self, seq: int, limit: int) -> list[Accepted]:
        return self._market.read_from(seq, min(limit, max(0, self.size - seq)))


@pytest.fixture
def followed(open_index, market):
    """A growing ledger and a running follower that polls so rarely that only waking helps."""
    ledger = GrowingLedger(market)
    follower = Follower(open_index(), ledger.read_from, market.project, page=20, poll_seconds=60)
    follower.start()
    yield ledger, follower
    follower.stop()


def test_a_reader_can_wait_for_its_own_write(followed, open_index, market):
    ledger, follower = followed
    assert not follower.wait_until(0, timeout=0.05)

    ledger.size = 75

    assert follower.wait_until(74, timeout=20)
    assert follower.reached == 74
    newest = [document for document in market.documents[:75] if isinstance(document, BatchDocument)][-1]
    assert open_index().search(query_terms(newest.lot), EVERYTHING).rows[0].code == newest.code


def test_a_follower_polls_when_nobody_wakes_it(open_index, market):
    ledger = GrowingLedger(market)
    index = open_index()
    follower = Follower(index, ledger.read_from, market.project, poll_seconds=0.01)
    follower.start()
    try:
        ledger.size = 10
        deadline = time.monotonic() + 20
        while follower.reached < 9 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert follower.reached == 9
    finally:
        follower.stop()


def test_a_stopped_follower_has_ended_and_keeps_nobody_waiting(open_index, market):
    running = set(threading.enumerate())  # a service of other tests may have a follower of its own
    follower = Follower(open_index(), GrowingLedger(market).read_from, market.project, poll_seconds=60)
    follower.start()

    waiter = threading.Thread(target=follower.wait_until, args=(5, 60))
    waiter.start()
    follower.stop()
    waiter.join(timeout=20)

    assert set(threading.enumerate()) <= running


def test_trouble_that_passes_is_tried_again(open_index, market):
    troubles = [OSError("disk full"), OSError("disk full")]

    def project(batches: frozenset[str]):
        if troubles:
            raise troubles.pop()
        return market.project(batches)

    follower = Follower(open_index(), market.read_from, project, poll_seconds=0.01)
    follower.start()
    try:
        assert follower.wait_until(len(market.documents) - 1, timeout=20)
        assert follower.broken is None
    finally:
        follower.stop()


def test_a_broken_invariant_ends_the_follower_and_tells_who_waits(open_index, market):
    follower = Follower(open_index(), lambda seq, limit: market.read_from(seq + 1, limit), market.project)
    follower.start()
    try:
        with pytest.raises(Broken, match="gap"):
            follower.wait_until(0, timeout=20)
        assert follower.broken is not None
    finally:
        follower.stop()


def test_searching_goes_on_while_the_follower_writes(open_index, market):
    writer, reader = open_index(), open_index()
    seen = []

    for _ in range(8):
        follow_page(writer, market.read_from, market.project, page=25)
        hits = reader.search(query_terms(""), EVERYTHING)
        seen.append((hits.current_to, hits.total))

    assert [current_to for current_to, _ in seen] == [25 * n - 1 for n in range(1, 9)]
    assert seen == sorted(seen)
