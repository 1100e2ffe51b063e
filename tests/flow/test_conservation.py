"""Conservation: whatever anybody says in whatever order, every metre is somewhere, and exactly once.

The judge and the books are compared, after each step, with a naive walk that knows nothing of runs: it keeps
one record for every single drum.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

import drafts_for_tests as some
from cabletrace.model.admission import Admitted
from cabletrace.model.drafts import party_id
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account
from drafts_for_tests import DEALER, MAKER, PROJECT, PROJECT_ID, REGULATOR, SITE, Envelope, batch_of
from world_for_tests import World, world_with_a_batch

LOTS = {"L1": 4, "L2": 3}
EACH_MM, LOOSE_MM = 250_000, 100_000
TRADERS = (MAKER, DEALER, SITE)
HOME = {MAKER: "411603", DEALER: "411602", SITE: "411627"}
AT_PROJECT = Account("project", party_id(SITE), "411627", PROJECT_ID)


def home(who: str) -> Account:
    return Account("held", party_id(who), HOME[who])


# --- the naive walk -----------------------------------------------------------------------------------


@dataclass
class Drum:
    at: Account
    left_mm: int
    legs: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Walk:
    """One batch, drum by drum; ``gone`` is what was used or sampled, ``loose`` what lies on no drum."""

    drums: dict[int, Drum]
    loose: Counter[Account] = field(default_factory=Counter)
    gone: Counter[Account] = field(default_factory=Counter)

    def balances(self) -> dict[Account, int]:
        sums = Counter(self.loose)
        sums.update(self.gone)
        for drum in self.drums.values():
            sums[drum.at] += drum.left_mm
        return {account: mm for account, mm in sums.items() if mm}

    def draw(self, wanted_mm: int, target: Account, *states: str, party: str = "", project: str = "") -> bool:
        """Move loose metres from the first pools that fit; False, and nothing moved, if they hold too little."""
        pools = [
            account
            for account in sorted(self.loose)
            if account.state in states
            and party in ("", account.party)
            and project in ("", account.project)
            and self.loose[account] > 0
        ]
        if sum(self.loose[account] for account in pools) < wanted_mm:
            return False
        for account in pools:
            taken = min(wanted_mm, self.loose[account])
            wanted_mm -= taken
            self.loose[account] -= taken
            self.loose[target] += taken
        return True

    def dispatch(self, sender: str, receiver: str, units: list[int], loose_mm: int) -> bool:
        target = Account("transit", party_id(receiver), HOME[receiver])
        if not units:
            return self.draw(loose_mm, target, "held", "project", party=party_id(sender))
        leg = (party_id(sender), party_id(receiver))
        drums = [self.drums[n] for n in units]
        own = [
            d.left_mm > 0 and d.at.party == party_id(sender) and d.at.state in ("held", "project")
            for d in drums
        ]
        if not all(mine or leg in d.legs for d, mine in zip(drums, own, strict=True)):
            return False
        for drum, mine in zip(drums, own, strict=True):
            if mine:
                drum.at = target
            else:
                drum.legs.remove(leg)
        return True

    def receive(self, receiver: str, to_project: bool, units: list[int], loose_mm: int) -> bool:
        target = AT_PROJECT if to_project else home(receiver)
        if to_project:
            target = target._replace(party=party_id(receiver))
        for drum in (self.drums[n] for n in units):
            if not drum.left_mm or drum.at == target:
                continue
            if drum.at.party != party_id(receiver):
                drum.legs.append((drum.at.party, party_id(receiver)))
            drum.at = target
        if not units:
            party = party_id(receiver)
            there = sum(mm for a, mm in self.loose.items() if a.state == "transit" and a.party == party)
            self.draw(min(there, loose_mm), target, "transit", party=party)
            self.loose[UNEXPLAINED] -= max(0, loose_mm - there)
            self.loose[target] += max(0, loose_mm - there)
        return True

    def cut(self, unit: int, target: Account, mm: int) -> bool:
        drum = self.drums[unit]
        if drum.left_mm < mm:
            return False
        drum.left_mm -= mm
        self.gone[target] += mm
        return True

    def use_loose(self, target: Account, mm: int) -> bool:
        before = self.loose.copy()
        if not self.draw(mm, target, "project", project=PROJECT_ID):
            return False
        self.gone[target] += self.loose.pop(target, 0)
        assert sum(before.values()) == sum(self.loose.values()) + mm
        return True


# --- what is said -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One statement: to the house an envelope by somebody, to the walk a step."""

    what: str
    lot: str
    who: str
    whom: str
    first: int
    last: int
    mm: int

    @property
    def units(self) -> list[int]:
        return [n for n in range(self.first, self.last + 1) if n <= LOTS[self.lot]]

    def envelope(self) -> Envelope:
        batch, ranges = batch_of(lot=self.lot), [(self.units[0], self.units[-1])]
        match self.what:
            case "dispatch":
                return some.dispatch(batch, to=self.whom, region=HOME[self.whom], units=ranges)
            case "dispatch-loose":
                return some.dispatch(batch, to=self.whom, region=HOME[self.whom], length_mm=self.mm)
            case "receipt":
                return some.receipt(batch, units=ranges)
            case "receipt-project":
                return some.receipt(batch, units=ranges, project=PROJECT)
            case "receipt-loose":
                return some.receipt(batch, length_mm=self.mm)
            case "receipt-loose-project":
                return some.receipt(batch, length_mm=self.mm, project=PROJECT)
            case "use":
                return some.use(batch, unit=self.units[0], length_mm=self.mm)
            case "use-loose":
                return some.use(batch, unit=None, length_mm=self.mm)
            case _:
                return some.sampling(batch, unit=self.units[0], length_mm=self.mm)

    def by(self) -> str:
        return REGULATOR if self.what == "sampling" else self.who

    def walk(self, walk: Walk) -> bool:
        used = Account("used", party_id(self.who), "411627", PROJECT_ID)
        match self.what:
            case "dispatch":
                return walk.dispatch(self.who, self.whom, self.units, 0)
            case "dispatch-loose":
                return walk.dispatch(self.who, self.whom, [], self.mm)
            case "receipt" | "receipt-project":
                return walk.receive(self.who, self.what == "receipt-project", self.units, 0)
            case "receipt-loose" | "receipt-loose-project":
                return walk.receive(self.who, self.what == "receipt-loose-project", [], self.mm)
            case "use":
                return walk.cut(self.units[0], used, self.mm)
            case "use-loose":
                return walk.use_loose(used, self.mm)
            case _:
                at = walk.drums[self.units[0]].at
                target = Account("sampled", party_id(REGULATOR), at.region, at.project)
                return walk.cut(self.units[0], target, self.mm)


KINDS = (
    "dispatch", "dispatch", "dispatch-loose", "receipt", "receipt-project", "receipt-loose",
    "receipt-loose-project", "use", "use-loose", "sampling",
)  # fmt: skip
statements = st.builds(
    lambda what, lot, who, whom, ends, mm: Said(what, lot, who, whom, min(ends), max(ends), mm),
    st.sampled_from(KINDS),
    st.sampled_from(sorted(LOTS)),
    st.sampled_from(TRADERS),
    st.sampled_from(TRADERS),
    st.tuples(st.integers(1, 3), st.integers(1, 4)),
    st.sampled_from([1, 40_000, 100_000, 125_000, 250_000]),
)

BEGINNING = world_with_a_batch()
BEGINNING.happened(some.production("L2", [(1, 3, EACH_MM)]), by=MAKER)


def the_walks() -> dict[str, Walk]:
    walks = {
        lot: Walk({n: Drum(home(MAKER), EACH_MM) for n in range(1, count + 1)}) for lot, count in LOTS.items()
    }
    walks["L1"].loose[home(MAKER)] = LOOSE_MM
    return walks


@given(st.lists(statements, max_size=20))
def test_the_books_are_those_of_a_walk_over_single_drums(sayings: list[Said]) -> None:
    world, walks = deepcopy(BEGINNING), the_walks()

    for said in sayings:
        before = deepcopy(world.state.books)
        verdict = world.hear(said.envelope(), by=said.by())
        happened = said.walk(walks[said.lot])

        assert isinstance(verdict, Admitted) is happened, (said, verdict)
        if not happened:
            assert world.state.books == before
        for lot, walk in walks.items():
            assert_same(world, world.code(MAKER, lot), walk)


def assert_same(world: World, code: str, walk: Walk) -> None:
    book, batch = world.state.books[code], world.state.batches[code]
    assert batch is not None

    # The journal, the book and the walk say the same, and all of it was produced.
    balances = world.balances(code)
    assert balances == walk.balances()
    assert sum(balances.values()) == batch.length_mm
    assert all(mm > 0 for account, mm in balances.items() if account != UNEXPLAINED)
    in_the_book = Counter(book.loose)
    for run in book.runs:
        in_the_book[run.account] += run.length_mm * run.count
    assert {a: mm for a, mm in in_the_book.items() if mm} == {
        a: mm for a, mm in balances.items() if a.state not in ("used", "sampled")
    }

    # Drum by drum.
    drums = {n: run for run in book.runs for n in range(run.first, run.last + 1)}
    assert drums.keys() == {n for n, drum in walk.drums.items() if drum.left_mm or drum.legs}
    for n, run in drums.items():
        assert (run.account, run.length_mm) == (walk.drums[n].at, walk.drums[n].left_mm)
        assert list(run.missing_legs) == walk.drums[n].legs

    # Normal form: ascending, disjoint, never two runs that could be one.
    for run, following in zip(book.runs, book.runs[1:], strict=False):
        assert run.last < following.first
        assert not run.joins(following)


@given(st.lists(statements, max_size=20))
def test_every_posting_leaves_an_account_for_another_with_a_positive_length(sayings: list[Said]) -> None:
    world = deepcopy(BEGINNING)

    for said in sayings:
        world.hear(said.envelope(), by=said.by())

    for _, posting in world.postings:
        assert posting.length_mm > 0
        assert posting.source != posting.target
        assert posting.target != PRODUCED
        assert (posting.first == 0) == (posting.last == 0)
