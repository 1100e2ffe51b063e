"""What lies in the data folder is not what was left there: noticed at start-up, with words, never served in silence."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import Folder, Installation
from cabletrace.db.database import closing, database_exists, open_database
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import Broken
from cabletrace.ledger import store
from cabletrace.model.scope import Scope
from cabletrace.queries.documents import LedgerFeed
from cabletrace.search.follower import follow_page
from cabletrace.search.tokens import query_terms
from copies_for_tests import DATABASES, copy_database, put_in_place, remove_database
from damage_for_tests import damage

from .conftest import HOURS, WITNESSES, Attacked
from .test_rewriting import rewrites_a_measured_value

PROGRAM = Path(sys.executable).with_name("cabletrace")


def copies(folder: Folder, into: Path, *names: str) -> None:
    """Copy database files as an operator does who has stopped the service."""
    into.mkdir()
    for name in names:
        copy_database(folder.root / name, into / name)


def bring_back(copy: Path, folder: Folder) -> None:
    for name in (*DATABASES, "index.db"):
        if (copy / name).exists() or (name in DATABASES and database_exists(copy / name)):
            put_in_place(copy / name, folder.root / name)


# --- not opened


def an_older_copy_of_the_ledger(attacked: Attacked) -> None:
    copies(attacked.folder, attacked.root / "older", "ledger.db")
    attacked.live("L9")
    bring_back(attacked.root / "older", attacked.folder)


def a_fork_of_the_ledger(attacked: Attacked) -> None:
    copies(attacked.folder, attacked.root / "desk", "desk.db")
    attacked.forger.write(attacked.forger.read()[:-1])
    attacked.forger.forget_what_was_signed()
    attacked.live("L9")
    bring_back(attacked.root / "desk", attacked.folder)


def a_rewritten_ledger(attacked: Attacked) -> None:
    events = attacked.forger.read()
    rewrites_a_measured_value(events)
    attacked.forger.write(events)


def another_key_file(attacked: Attacked) -> None:
    attacked.folder.seed.write_bytes(b"\7" * 32)


def no_key_file(attacked: Attacked) -> None:
    attacked.folder.seed.unlink()


def half_a_key_file(attacked: Attacked) -> None:
    attacked.folder.seed.write_bytes(b"\7" * 16)


def another_key_in_the_ledger_too(attacked: Attacked) -> None:
    another_key_file(attacked)
    attacked.forger.write(attacked.forger.read())


def an_earlier_head(attacked: Attacked) -> None:
    copies(attacked.folder, attacked.root / "older", "ledger.db")
    attacked.live("L9")
    with closing(open_database(attacked.root / "older" / "ledger.db")) as older, begin_read(older) as tx:
        head = tx.execute(store.head.select()).one()._asdict()
    with closing(open_database(attacked.folder.ledger)) as newer, begin_write(newer) as tx:
        tx.execute(store.head.update().values(head))


def a_clock_set_back(attacked: Attacked) -> None:
    attacked.clock.goes(-timedelta(days=1).total_seconds())


@pytest.mark.parametrize(
    ("done", "found", "to_do"),
    [
        (an_older_copy_of_the_ledger, r"signed \d+ entries, and only \d+ are here", "bring back the newest copy"),
        (a_fork_of_the_ledger, r"entries, and the first \d+ of the \d+ that are here are others", "cabletrace verify"),
        (a_rewritten_ledger, r"entries, and the first \d+ of the \d+ that are here are others", "cabletrace verify"),
        (another_key_file, "the key at hand signs as", "bring back the key file"),
        (no_key_file, "the signing key .* cannot be read", "bring it back from a copy"),
        (half_a_key_file, "the signing key .* cannot be read", "bring it back from a copy"),
        (another_key_in_the_ledger_too, "the key was swapped", "bring back the files that belong together"),
        (an_earlier_head, r"only \d+ are here|the head was changed", "bring back"),
        (a_clock_set_back, "the clock says", "set the clock right"),
    ],
)  # fmt: skip
def test_such_a_ledger_is_not_opened_and_it_is_said_what_was_found_and_what_to_do(
    attacked: Attacked, done: Callable[[Attacked], None], found: str, to_do: str
) -> None:
    done(attacked)

    with pytest.raises(Broken) as refused, attacked.opened():
        pass

    assert re.search(found, str(refused.value))
    assert to_do in str(refused.value)


def test_an_honest_start_finds_nothing(attacked: Attacked) -> None:
    attacked.live("L9")

    with attacked.opened() as house:
        assert house.notices == ()


def test_a_whole_folder_set_back_starts_and_the_witnesses_say_so_in_the_first_round(
    attacked: Attacked,
) -> None:
    """Nothing inside can tell: that is what witnesses are for."""
    copies(attacked.folder, attacked.root / "older", "ledger.db", "desk.db")
    attacked.live("L9")
    assert attacked.round() == []
    bring_back(attacked.root / "older", attacked.folder)

    with attacked.opened():
        against = attacked.round()

    assert against == list(WITNESSES)


# --- opened, and told


def notices(attacked: Attacked) -> list[str]:
    with attacked.opened() as house:
        assert all(notice.zh and notice.en for notice in house.notices)
        return [notice.en for notice in house.notices]


def test_a_desk_that_is_older_than_the_ledger_is_told_for_revocations_are_gone(attacked: Attacked) -> None:
    copies(attacked.folder, attacked.root / "older", "desk.db")
    attacked.live("L9")
    attacked.clock.goes(3600)
    attacked.live("L10")
    bring_back(attacked.root / "older", attacked.folder)

    (said,) = notices(attacked)

    assert f"it knows the first {attacked.sizes[-1]} of" in said
    assert "check them" in said
    assert notices(attacked) == []  # it was told; the desk knows again where the ledger stands


def test_a_desk_that_a_killed_process_left_some_seconds_behind_is_no_news(attacked: Attacked) -> None:
    copies(attacked.folder, attacked.root / "older", "desk.db")
    attacked.live("L9")
    bring_back(attacked.root / "older", attacked.folder)

    assert notices(attacked) == []


def test_a_desk_that_is_gone_is_told(attacked: Attacked) -> None:
    remove_database(attacked.folder.desk)

    (said,) = notices(attacked)

    assert "desk.db was missing" in said


def follow(house: Installation) -> None:
    """Bring the index to the ledger's end, as the service does."""
    feed = LedgerFeed(house.ledger)
    while follow_page(house.index, feed.read_from, feed.project):
        pass


def batches_found(house: Installation) -> int:
    return house.index.search(query_terms(""), Scope(everything=True)).total


def test_an_index_of_another_ledger_is_emptied_and_made_anew(attacked: Attacked) -> None:
    other = attacked.copied("other")
    other.live("elsewhere")
    with other.opened() as house:
        follow(house)
    attacked.live("L9", "L10")
    copies(other.folder, attacked.root / "foreign", "index.db")
    bring_back(attacked.root / "foreign", attacked.folder)

    with attacked.opened() as house:
        (said,) = house.notices
        before = batches_found(house)
        follow(house)
        after = batches_found(house)

    assert "the search index was emptied" in said.en
    assert (before, after) == (0, HOURS + 2)
    assert notices(attacked) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cursor SET tokeniser_version = 0",
        "UPDATE cursor SET last_seq = last_seq + 1000000",
        "UPDATE cursor SET last_entry_hash = zeros(32)",
    ],
)
def test_an_index_of_another_version_or_with_a_cursor_from_nowhere_is_made_anew(
    attacked: Attacked, statement: str
) -> None:
    with attacked.opened() as house:
        follow(house)
    damage(attacked.folder.index, statement)

    with attacked.opened() as house:
        (said,) = house.notices
        follow(house)
        assert batches_found(house) == HOURS

    assert "the search index was emptied" in said.en


def test_an_index_that_is_merely_older_catches_up_and_is_no_news(attacked: Attacked) -> None:
    with attacked.opened() as house:
        follow(house)
    attacked.live("L9")

    with attacked.opened() as house:
        assert house.notices == ()
        follow(house)
        assert batches_found(house) == HOURS + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alert_cursor SET last_entry_hash = zeros(32)",
        "UPDATE alert_cursor SET last_seq = 1000000",
        pytest.param(
            "UPDATE alert_cursor SET last_seq = 'many'",
            marks=pytest.mark.sqlite("a column of PostgreSQL holds nothing of another type"),
        ),
    ],
)
def test_alerts_whose_cursor_stands_on_no_entry_are_made_anew_from_the_ledger(
    attacked: Attacked, statement: str
) -> None:
    damage(attacked.folder.ledger, statement, "DELETE FROM alert WHERE seq = (SELECT min(seq) FROM alert)")
    assert attacked.verify(with_projections=True) != []

    with attacked.opened() as house:
        (said,) = house.notices
        catch_up(house.ledger, read_accepted)

    assert "the alerts were emptied" in said.en
    assert attacked.verify(with_projections=True) == []


# --- as people meet it


@pytest.mark.full
def test_the_service_and_the_command_line_say_it_and_end_with_a_code(attacked: Attacked) -> None:
    an_older_copy_of_the_ledger(attacked)

    def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([PROGRAM, *words, "--data", attacked.folder.root],
                              capture_output=True, text=True, check=False, timeout=120)  # fmt: skip

    for said in (command("serve", "--port", "0"), command("alerts")):
        assert said.returncode == 3
        assert "账本不可用" in said.stderr
        assert "bring back the newest copy" in said.stderr
        assert "Traceback" not in said.stderr
