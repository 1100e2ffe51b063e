"""Postings: the words in which an event says what it changes.

Double entry: a posting moves a length from one account to another, so each event adds up to zero by its form.
A move says the same of single units, since the books keep them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .discipline import KnownDiscipline
from .drafts import Draft
from .inspecting import KnownCreditClass, KnownDefect, KnownInspection, KnownSamplingPlan, KnownVisit
from .investigation import KnownAlertStep, KnownCase, KnownLead
from .listings import KnownListing
from .programmes import KnownCheck, KnownProgramme, KnownProgrammeStep
from .requests import KnownRequest
from .samples import KnownSample
from .state import (
    PRODUCED,
    Account,
    Admission,
    Book,
    CertificatePeriod,
    Hold,
    KnownAlias,
    KnownBatch,
    KnownCalendar,
    KnownErasure,
    KnownEvent,
    KnownGoods,
    KnownGrant,
    KnownKey,
    KnownOrder,
    KnownParty,
    KnownPrinted,
    KnownProduct,
    KnownProject,
    KnownReading,
    KnownReserved,
    KnownSubmission,
    KnownSuspicion,
    Run,
)

#: What an event says about the register.
Fact = (
    KnownParty | CertificatePeriod | KnownProduct | KnownProject | KnownGrant | KnownOrder | KnownKey | KnownGoods
    | KnownAlias | KnownSubmission | KnownEvent | KnownErasure | KnownReading
    | KnownReserved | KnownPrinted | KnownSuspicion | KnownAlertStep | KnownLead | KnownCase | KnownRequest | KnownSample
    | KnownDefect | KnownInspection | KnownVisit | KnownSamplingPlan | KnownProgramme | KnownProgrammeStep | KnownCheck
    | KnownListing | KnownDiscipline | KnownCreditClass
    | KnownCalendar
)  # fmt: skip
#: Those of them that stand no longer once what said them is corrected.
Withdrawable = (
    CertificatePeriod | KnownGrant | KnownOrder | KnownDefect | KnownInspection | KnownSample | KnownProgrammeStep | KnownCheck
    | KnownCreditClass
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A fact that stands in the register no longer: what said it was corrected."""

    fact: Withdrawable


class Statement(NamedTuple):
    """A draft with its speaker: who says so (by name of the draft, or for whom it was entered).

    ``batch``: the code minted for a production; ``key_version``: of the key its unit codes are made with; ``codes``: those
    minted for a reservation; ``receipt``: the number given to a complaint or report. ``region``: where the books had it, when a history is
    walked again; what a party or project has registered since then does not move old metres. ``void``: a production
    that never was; its code was issued and is never issued again, and stands for no metre. ``account``: by which it was entered.
    A tuple, as `Effects` is, since every event makes two of them.
    """

    draft: Draft
    speaker: str
    seq: int = 0
    batch: str = ""
    key_version: int = 1
    receipt: str = ""
    codes: tuple[str, ...] = ()
    region: str = ""
    void: bool = False
    account: str = ""


class Posting(NamedTuple):
    """``length_mm`` (positive) went from one account to another; units 0–0 are a loose length.

    ``undoes``: nothing went; a posting the other way round is taken back by a correction.
    """

    batch: str
    first: int
    last: int
    source: Account
    target: Account
    length_mm: int
    undoes: bool = False


class Move(NamedTuple):
    """A part of a run, what becomes of these units, and where ``length_mm`` of each of them goes."""

    part: Run
    after: Run | None
    target: Account
    length_mm: int


class Effects(NamedTuple):
    """Everything that one event changes.

    ``facts`` come to stand in the register, ``withdrawn`` stand there no longer. ``batch``: a batch that is new,
    with ``moves`` its units; ``rebatched``: what a known one has become. ``opened``: runs of units that there were
    none of (pieces). ``holds``: all holds of the batch from now on, where they change. ``laid``: of which unit (0: of a
    loose length) more, or less, is laid where. ``rebooked``: the whole book after a correction. ``further``: postings that the books have by other members than ``moves`` and ``loose``.
    """

    facts: tuple[Fact, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    batch: KnownBatch | None = None
    rebatched: KnownBatch | None = None
    code: str = ""
    moves: tuple[Move, ...] = ()
    loose: tuple[Posting, ...] = ()
    opened: tuple[Run, ...] = ()
    admissions: tuple[Admission, ...] = ()
    holds: tuple[Hold, ...] | None = None
    laid: tuple[tuple[int, Account, int], ...] = ()
    rebooked: Book | None = None
    further: tuple[Posting, ...] = ()

    def postings(self) -> Iterator[Posting]:
        """The event's postings, in a fixed order."""
        if self.batch is not None:
            for group in self.batch.units:
                yield Posting(
                    batch=self.code,
                    first=group.first,
                    last=group.last,
                    source=PRODUCED,
                    target=self.moves[0].target,
                    length_mm=group.length_mm * (group.last - group.first + 1),
                )
        else:
            for move in self.moves:
                if move.length_mm and move.part.account != move.target:
                    yield Posting(
                        batch=self.code,
                        first=move.part.first,
                        last=move.part.last,
                        source=move.part.account,
                        target=move.target,
                        length_mm=move.length_mm * move.part.count,
                    )
        yield from self.loose
        yield from self.further


def moved_by(postings: Iterable[Posting]) -> list[tuple[Account, Account, int]]:
    """(source, target, mm) of what really went from account to account: what was taken back never went."""
    moved: dict[tuple[Account, Account], int] = defaultdict(int)
    for posting in postings:
        if posting.undoes:
            moved[posting.target, posting.source] -= posting.length_mm
        else:
            moved[posting.source, posting.target] += posting.length_mm
    return [(source, target, mm) for (source, target), mm in sorted(moved.items()) if mm]


def unit_balances(postings: Iterable[Posting]) -> Iterator[tuple[int, int, dict[Account, int]]]:
    """(first, last, account -> mm on each unit) of what postings add up to, unit by unit, ascending; 0–0 first, for
    loose lengths. The source of all metres has a negative balance; zeros are left out.

    Cost: n log n in the postings, and the accounts of a unit for each stretch.
    """
    loose: dict[Account, int] = defaultdict(int)
    changes: dict[int, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    for posting in postings:
        each_mm = posting.length_mm // (posting.last - posting.first + 1)
        for account, mm in ((posting.source, -each_mm), (posting.target, each_mm)):
            if not posting.first:
                loose[account] += mm
                continue
            changes[posting.first][account] += mm
            changes[posting.last + 1][account] -= mm
    yield 0, 0, {account: mm for account, mm in sorted(loose.items()) if mm}
    edges = sorted(changes)
    standing: dict[Account, int] = {}
    for first, following in pairwise(edges):
        for account, mm in changes[first].items():
            left = standing.pop(account, 0) + mm
            if left:
                standing[account] = left
        if standing:
            yield first, following - 1, dict(sorted(standing.items()))
