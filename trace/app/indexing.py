"""Comparing the search index of an installation with its ledger, and making it anew: beside a service, or without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, cast

from sqlalchemy import Engine

from ..clock import Clock
from ..db.database import closing, open_database
from ..errors import Broken, InputError, Text
from ..queries.documents import LedgerFeed
from ..search.embedded import EmbeddedIndex
from ..search.index import Away, SearchIndex
from ..search.rebuilding import NotTheLedger, rebuild, rebuild_embedded, roll_back
from ..search.verifying import Verified, verify
from .folder import Folder
from .installation import make_desk, must_be_of_this_version
from .migrating import must_be_migrated
from .process import collecting_seldom
from .searching import open_index

if TYPE_CHECKING:
    from ..search.elastic import ElasticIndex  # the other one of `open_index`, whose client is slow to import

Progress = Callable[[int, int], None]


def verify_index(folder: Folder, clock: Clock, progress: Progress, *, deep: bool, repair: bool) -> Verified:
    """Compare all of the index with the ledger; raises InputError where there is none that can be compared."""
    with opened_beside(folder) as (ledger, index), _words_for_trouble(), collecting_seldom():
        found = verify(index, LedgerFeed(ledger), deep=deep, repair=repair, progress=progress)
        _note(index, found, clock)
        return found


def rebuild_index(folder: Folder, clock: Clock, progress: Progress) -> Verified:
    """Make the index anew while the old one serves. Raises `NotTheLedger`, and the old one of Elasticsearch serves on, where the new
    one differs."""
    with opened_beside(folder) as (ledger, index), _words_for_trouble(), collecting_seldom():
        if isinstance(index, EmbeddedIndex):
            return rebuild_embedded(index, LedgerFeed(ledger), progress=progress)
        found = rebuild(cast("ElasticIndex", index), LedgerFeed(ledger), progress=progress)
        _note(index, found, clock)
        return found


def roll_back_index(folder: Folder, clock: Clock) -> Verified:
    """The index of Elasticsearch that served before the last rebuild serves again."""
    with opened_beside(folder) as (ledger, index), _words_for_trouble(), collecting_seldom():
        if isinstance(index, EmbeddedIndex):
            raise InputError.of(
                "not-found",
                "内置检索不保留旧索引",
                "the embedded index keeps no older one",
                remedy=Text("请用 cabletrace rebuild-index 重建", "make it anew: cabletrace rebuild-index"),
            )
        found = roll_back(cast("ElasticIndex", index), LedgerFeed(ledger))
        _note(index, found, clock)
        return found


def _note(index: SearchIndex, found: Verified, clock: Clock) -> None:
    if found.is_sound:
        index.note_verified(clock())


@contextmanager
def opened_beside(folder: Folder) -> Iterator[tuple[Engine, SearchIndex]]:
    """The ledger of a folder and its index, for whoever works beside those who serve. Raises InputError where the folder is none,
    or of another version."""
    folder.must_be_installation()
    must_be_migrated(folder)
    with ExitStack() as opened:
        ledger, desk = (
            opened.enter_context(closing(open_database(path))) for path in (folder.ledger, folder.desk)
        )
        must_be_of_this_version(folder, ledger)
        make_desk(desk)
        yield ledger, opened.enter_context(open_index(folder.index, desk))


@contextmanager
def _words_for_trouble() -> Iterator[None]:
    try:
        yield
    except NotTheLedger:
        raise
    except (Away, Broken) as error:
        raise InputError.of(
            "search-away",
            f"检索索引现在不能使用：{error}",
            f"the search index cannot be used now: {error}",
            remedy=Text(
                "检索服务恢复后再做一次；索引属于其他版本或已丢失时：cabletrace rebuild-index",
                "do it again once the server is back; for an index that is lost or of another version: "
                "cabletrace rebuild-index",
            ),
        ) from None
