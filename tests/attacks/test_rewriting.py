"""An administrator with the key and the database rewrites history: nothing inside betrays him, everybody outside does.

Whatever he does is written anew and signed anew by `forger_for_tests`, to the last row, and the desk is cleared of what
was signed before. So `verify` by itself is clean each time; that it is shows how far our own promises reach, and must be
so that the tests below mean something. One checkpoint that anybody kept, or one witness, convicts him, and two tell
between which sizes.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cabletrace.clock import format_instant, parse_instant
from cabletrace.errors import Broken
from cabletrace.ledger.faults import Fault
from copies_for_tests import put_in_place
from drafts_for_tests import LABORATORY, batch_of, report
from fixtures_ledger import story_of
from forger_for_tests import Event

from .conftest import WITNESSES, Attacked

PROGRAM = Path(sys.executable).with_name("cabletrace")
#: What is attacked happened in this hour.
HOUR = 1
LOT = f"L{HOUR}"


def find(events: list[Event], kind: str, lot: str = LOT) -> int:
    """The index of a lot's first event of a kind."""

    def is_it(event: Event) -> bool:
        batch = event["draft"]["subject"].get("batch", {})
        return bool(event["draft"]["kind"] == kind and batch.get("lot") == lot)

    return next(seq for seq, event in enumerate(events) if is_it(event))


# --- what he does: each changes the events and returns the index of the first that is not as it was


def rewrites_a_measured_value(events: list[Event]) -> int:
    """The resistance that failed the batch becomes one that passes."""
    at = find(events, "testing")
    events[at]["draft"]["body"]["items"][0]["value"] = "0.190"
    events[at]["server"]["marks"] = []
    return at


def deletes_a_test_report(events: list[Event]) -> int:
    at = find(events, "testing")
    del events[at]
    return at


def puts_the_dispatch_before_the_test(events: list[Event]) -> int:
    """Two change places, and keep the times of those places."""
    at = find(events, "testing")
    assert events[at + 1]["draft"]["kind"] == "dispatch"
    one, other = events[at], events[at + 1]
    one["recorded_at"], other["recorded_at"] = other["recorded_at"], one["recorded_at"]
    events[at : at + 2] = [other, one]
    return at


def inserts_a_better_report_in_the_past(events: list[Event]) -> int:
    at = find(events, "testing") + 1
    better = deepcopy(events[at - 1])
    better["draft"] = report(batch_of(lot=LOT), number="JC-new", value="0.185", entered_for=LABORATORY)[
        "draft"
    ]
    events.insert(at, better)
    return at


def dates_everything_back_by_half_an_hour(events: list[Event]) -> int:
    """From the second hour on: late records become records in time."""
    at = find(events, "production")
    for event in events[at:]:
        earlier = parse_instant(event["recorded_at"]) - timedelta(minutes=30)
        event["recorded_at"] = format_instant(earlier)
    return at


def changes_a_salt(events: list[Event]) -> int:
    """The least that can be changed: not one word is another."""
    at = find(events, "use")
    events[at]["salt"] = "A" * 22
    return at


ATTACKS: list[Callable[[list[Event]], int]] = [
    rewrites_a_measured_value,
    deletes_a_test_report,
    puts_the_dispatch_before_the_test,
    inserts_a_better_report_in_the_past,
    dates_everything_back_by_half_an_hour,
    changes_a_salt,
]


#: Those that the quick form leaves out: they are found by what finds the others.
LEFT_OUT = ATTACKS[2:4] + ATTACKS[5:]


def chosen() -> Iterator[Any]:
    for attack in ATTACKS:
        marks = [pytest.mark.full] if attack in LEFT_OUT else []
        yield pytest.param(attack, marks=marks, id=attack.__name__)


@pytest.fixture(params=chosen())
def changed(request: pytest.FixtureRequest, attacked: Attacked) -> int:
    """The index of the first event that is another one, after the forger has done his work."""
    events = attacked.forger.read()
    before = deepcopy(events)
    first: int = request.param(events)
    assert events[:first] == before[:first]
    assert events[first] != before[first]
    attacked.forger.write(events)
    attacked.forger.forget_what_was_signed()
    return first


def rewritten(faults: list[Fault]) -> tuple[int, int]:
    """Between which two sizes a report says that history was rewritten: one fault says so, in both languages."""
    (said,) = [each for each in faults if each.table == "kept checkpoint" and each.column == "root"]
    sizes = re.search(r"rewritten between sizes (\d+) and (\d+)", said.text.en)
    chinese = re.search(r"历史在 (\d+) 条与 (\d+) 条之间被改写", said.text.zh)
    assert sizes is not None
    assert chinese is not None
    assert sizes.groups() == chinese.groups()
    return int(sizes[1]), int(sizes[2])


# --- the honest forger is one: what he is given back unchanged, he writes byte for byte


def test_the_forger_writes_what_an_honest_ledger_would_have(attacked: Attacked) -> None:
    before = attacked.checkpoint

    attacked.forger.write(attacked.forger.read())

    assert attacked.checkpoint == before
    assert attacked.verify(with_projections=True) == []
    assert attacked.round() == []


# --- alone, the ledger cannot tell


def test_by_itself_a_ledger_that_was_rewritten_and_signed_anew_is_clean(
    attacked: Attacked, changed: int
) -> None:
    assert attacked.verify(with_projections=True) == []

    attacked.live("afterwards")  # and it serves on

    assert attacked.verify(with_projections=True) == []


# --- whoever kept a checkpoint can


def test_one_checkpoint_that_anybody_kept_convicts(attacked: Attacked, changed: int) -> None:
    attacked.live("afterwards")  # so that it is not shorter than it was
    before, after = attacked.sizes[HOUR - 1 : HOUR + 1]
    assert before <= changed < after

    for size, kept in zip(attacked.sizes, attacked.kept, strict=True):
        if size <= changed:
            assert attacked.verify([kept]) == []
        else:
            assert rewritten(attacked.verify([kept])) == (0, size)


def test_several_kept_checkpoints_tell_between_which_two_sizes(attacked: Attacked, changed: int) -> None:
    faults = attacked.verify(attacked.kept)

    before, after = rewritten(faults)
    assert (before, after) == (attacked.sizes[HOUR - 1], attacked.sizes[HOUR])
    assert before <= changed < after


def test_the_witness_convicts_with_what_it_holds_and_cosigns_no_more(
    attacked: Attacked, changed: int
) -> None:
    attacked.live("afterwards")
    note, key = attacked.held()

    faults = attacked.verify([note], by=[key])
    before = rewritten(faults)
    against = attacked.round()

    assert before == (0, attacked.sizes[-1])
    assert WITNESSES[0] in faults[0].text.en
    assert against == list(WITNESSES)
    assert attacked.held()[0] == note


def test_the_desk_that_was_not_cleared_stops_the_service_and_tells_the_hour(
    attacked: Attacked, lived: Attacked, changed: int
) -> None:
    put_in_place(lived.folder.desk, attacked.folder.desk)

    with pytest.raises(Broken, match=r"has (signed|cosigned)"), attacked.opened():
        pass
    faults = attacked.verify()

    assert rewritten(faults) == (attacked.sizes[HOUR - 1], attacked.sizes[HOUR])


# --- two histories from one size


def test_a_fork_is_clean_on_both_sides_and_convicted_by_either_checkpoint(
    attacked: Attacked, lived: Attacked
) -> None:
    fork_at = attacked.sizes[HOUR]
    one_side = lived.checkpoint
    attacked.forger.write(attacked.forger.read()[:fork_at])
    attacked.forger.forget_what_was_signed()

    attacked.live("other-1", "other-2", "other-3")

    other_side = attacked.checkpoint
    assert attacked.verify() == []
    assert lived.verify() == []
    assert attacked.verify(attacked.kept[: HOUR + 1]) == []  # up to the fork they are one
    assert rewritten(attacked.verify(attacked.kept)) == (fork_at, attacked.sizes[HOUR + 1])
    assert rewritten(attacked.verify([attacked.kept[HOUR], one_side])) == (fork_at, attacked.sizes[-1])
    assert [each.table for each in lived.verify([other_side])] == ["head"]  # theirs is the longer one
    assert attacked.round() == list(WITNESSES)


def test_two_histories_shown_to_two_witnesses_are_found_when_these_compare(attacked: Attacked) -> None:
    """Each witness sees one side only and is content; what one holds convicts the side that the other was shown."""
    first, second = WITNESSES
    other = attacked.copied("other")

    attacked.live("for-the-first")
    other.live("for-the-second")
    assert attacked.round(away=[second]) == other.round(away=[first]) == []
    fork = attacked.sizes[-1], attacked.sizes[-1] + len(list(story_of("")))

    for side, own, foreign in ((attacked, first, second), (other, second, first)):
        note, key = side.held(own)
        assert side.verify([note], by=[key]) == []
        note, key = side.held(foreign)
        faults = side.verify([note], by=[key])
        assert rewritten(faults) == fork
        assert side.round() == [foreign]


# --- another key


def test_a_ledger_under_a_new_key_is_another_ledger(attacked: Attacked) -> None:
    """Everything is signed anew by a new key under the old name."""
    events = attacked.forger.read()
    rewrites_a_measured_value(events)
    attacked.folder.seed.write_bytes(b"\7" * 32)
    attacked.forger.write(events)
    attacked.forger.forget_what_was_signed()

    (fault,) = attacked.verify([attacked.kept[0]])

    assert attacked.verify() == []
    assert "not one of this ledger" in fault.text.en
    assert attacked.round() == []  # the witnesses do not know this key
    assert attacked.held()[0].startswith(attacked.kept[-1].partition(b"\n\n")[0])


# --- as people do it


@pytest.mark.full
def test_at_the_command_line_a_kept_file_convicts(attacked: Attacked, tmp_path: Path) -> None:
    events = attacked.forger.read()
    rewrites_a_measured_value(events)
    attacked.forger.write(events)
    attacked.forger.forget_what_was_signed()
    since: list[str | Path] = []
    for n, kept in enumerate(attacked.kept):
        (tmp_path / f"{n}.checkpoint").write_bytes(kept)
        since += ["--since", tmp_path / f"{n}.checkpoint"]

    alone = subprocess.run(
        [PROGRAM, "verify", "--projections", "--data", attacked.folder.root],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    convicted = subprocess.run(
        [PROGRAM, "verify", "--data", attacked.folder.root, *since],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (alone.returncode, convicted.returncode) == (0, 1)
    assert f"between sizes {attacked.sizes[0]} and {attacked.sizes[1]}" in convicted.stderr
