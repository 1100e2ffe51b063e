"""Conservation: whatever anybody says in whatever order, every metre is somewhere, and exactly once.

A state machine lets several parties say everything that touches the books, right or wrong, and correct it again and
again. After each step the judge and the books are compared with a naive walk over single drums
(`walk_for_tests`); at the end the whole is recorded again through the real intake and rebuilt from the ledger.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import drafts_for_tests as some
from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.app.verify import verify_ledger
from cabletrace.db.engine import begin_write
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Admitted
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, PROJECT, REGULATOR, SITE, SUPERVISOR, Envelope, batch_of
from house_for_tests import open_house, rebuilt
from walk_for_tests import NUMBERS, Saying, Told, is_in_hand, is_own
from world_for_tests import World

LOTS = ("L1", "L2", "L3")
TRADERS = (MAKER, DEALER, SITE)
#: A second authority.
COUNTY = "00000000-0000-4000-8000-0000000000f1"
HOME = {MAKER: "411603", DEALER: "411602", SITE: "411627", REGULATOR: "411600", COUNTY: "411602"}
AUTHORITIES = st.sampled_from([REGULATOR, REGULATOR, COUNTY])
GONE = ("used", "sampled", "sold", "scrapped")

BEGINNING = World()
THE_COUNTY = some.party(COUNTY, "周口市川汇区示例市场监督管理局", "regulator", region="411602")
BEGINNING.happened(*some.the_cast(), THE_COUNTY)

#: The third is made later, or never.
lots = st.sampled_from(["L1", "L1", "L1", "L2", "L2", "L3"])
traders = st.sampled_from(TRADERS)
#: Chooses among what is there at the time.
picks = st.integers(0, 59)
#: Most speak of what they have; some of what others have, or of what there is not.
hands = st.sampled_from(["send", "sell", "send loose"])
honest = st.sampled_from([True, True, True, False])
amounts = st.sampled_from([1, 40_000, 100_000, 125_000, 250_000])
speakers = st.sampled_from(["own", "own", "own", "authority", "authority", "another"])
places = st.sampled_from([None, None, {"region": "411600"}])
#: (drums of a length each, loose metres)
layouts = st.sampled_from(
    [
        ([(1, 4, 250_000)], 100_000),
        ([(1, 3, 250_000)], None),
        ([(1, 2, 250_000), (3, 5, 125_000)], 250_000),
        ([(2, 2, 40_000)], 1),
    ]
)


def ranges_of(numbers: list[int]) -> list[tuple[int, int]]:
    """Inclusive ranges, ascending, of these numbers."""
    joined: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if joined and joined[-1][1] + 1 == number:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return joined


def is_to_be_explained(account: Account) -> bool:
    """By whoever had a drum that somebody else received; the book keeps nothing of that."""
    return account.state == "unexplained" and account != UNEXPLAINED


def is_at_project(account: Account, who: str) -> bool:
    return account.party == who and account.state == "project"


class Books(RuleBasedStateMachine):
    """Everybody says what he likes; the house and the naive walk hear it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = deepcopy(BEGINNING)
        homes = {party_id(who): region for who, region in HOME.items()}
        self.told = {lot: Told(homes) for lot in LOTS}
        #: Everything that was said, and whether it could be so.
        self.said: list[tuple[Envelope, bool]] = []

    def say(self, lot: str, who: str, envelope: Envelope) -> None:
        envelope["draft"]["entered_for"] = who
        before = deepcopy(self.world.state.books)

        verdict = self.world.hear(envelope, anybody=True)
        happened = self.told[lot].hear(envelope["draft"])

        assert isinstance(verdict, Admitted) is happened, (happened, verdict, envelope)
        if not happened:
            assert self.world.state.books == before
        self.said.append((envelope, happened))

    def speaker(
        self,
        lot: str,
        who: str,
        honestly: bool,
        pick: int,
        in_hand: Callable[[Account, str], bool] = is_in_hand,
    ) -> tuple[str, list[tuple[int, int]]]:
        """Who speaks of which drums: if honestly, whoever has some in hand of those; else ``who``, of any."""
        drums = sorted(self.told[lot].walk.drums.items())
        had = [(n, each) for each in HOME for n, drum in drums if in_hand(drum.at, party_id(each))]
        if honestly and had:
            who = had[pick % len(had)][1]
            known = [n for n, each in had if each == who]
        else:
            known = [n for n, _ in drums] or [1 + pick % 5]
        start = pick % len(known)
        return who, ranges_of(known[start : start + 1 + pick // 20])

    # --- the life of a batch

    @initialize(one=layouts, other=layouts)
    def begin(self, one: Any, other: Any) -> None:
        self.produce("L1", one)
        self.produce("L2", other)

    @rule(lot=st.sampled_from(["L3", "L3", "L1"]), layout=layouts)
    def produce(self, lot: str, layout: Any) -> None:
        drums, loose_mm = layout
        self.say(lot, MAKER, some.production(lot, drums, loose_mm=loose_mm))

    @rule(lot=lots, who=traders, whom=traders, honestly=honest, pick=picks)
    def dispatch(self, lot: str, who: str, whom: str, honestly: bool, pick: int) -> None:
        who, units = self.speaker(lot, who, honestly, pick, is_own)
        self.say(lot, who, some.dispatch(batch_of(lot=lot), to=whom, region=HOME[whom], units=units))

    @rule(lot=lots, who=traders, whom=traders, honestly=honest, pick=picks)
    def send_back(self, lot: str, who: str, whom: str, honestly: bool, pick: int) -> None:
        who, units = self.speaker(lot, who, honestly, pick, is_own)
        self.say(lot, who, some.returned(batch_of(lot=lot), to=whom, region=HOME[whom], units=units))

    @rule(lot=lots, who=traders, whom=traders, mm=amounts)
    def dispatch_loose(self, lot: str, who: str, whom: str, mm: int) -> None:
        self.say(lot, who, some.dispatch(batch_of(lot=lot), to=whom, region=HOME[whom], length_mm=mm))

    @rule(lot=lots, who=traders, honestly=honest, pick=picks, mm=amounts, act=hands)
    def lay_hands_on_what_was_seized(
        self, lot: str, who: str, honestly: bool, pick: int, mm: int, act: str
    ) -> None:
        """By whom it was seized from, or by another; on a day before the seizure it would have been his own."""
        whom, units = self.speaker(lot, who, True, pick, is_own)
        batch, to = batch_of(lot=lot), {"to": SITE, "region": HOME[SITE]}
        if act == "send loose":
            self.seize(lot, length_mm=mm, against=whom)
        else:
            self.seize(lot, units=units)
        who, day = whom if honestly else who, "2026-05-20" if honestly or pick % 2 else "2026-04-20"
        match act:
            case "send":
                self.say(lot, who, some.dispatch(batch, units=units, on=day, **to))
            case "sell":
                self.say(lot, who, some.sale(batch, units=units, on=day))
            case _:
                self.say(lot, who, some.dispatch(batch, length_mm=mm, on=day, **to))

    def seize(self, lot: str, **named: Any) -> None:
        self.say(
            lot, REGULATOR, some.measure("seize", f"扣〔2026〕{len(self.said)}号", batch_of(lot=lot), **named)
        )

    @rule(
        lot=lots,
        who=traders,
        honestly=honest,
        pick=picks,
        at_project=st.booleans(),
        place=places,
        measured_mm=st.sampled_from([None, None, 1, 39_700, 100_000, 248_000, 251_000]),
    )
    def receive(
        self,
        lot: str,
        who: str,
        honestly: bool,
        pick: int,
        at_project: bool,
        place: dict[str, str] | None,
        measured_mm: int | None,
    ) -> None:
        """Also what nobody sent, and what somebody else has by the books, with other lengths than these have."""
        project = PROJECT if at_project else None
        members = some.given(place=None if at_project else place)
        drums = sorted(self.told[lot].walk.drums.items())
        sent = [n for n, drum in drums if (drum.at.state, drum.at.party) == ("transit", party_id(who))]
        units = ranges_of(sent) if sent and honestly else self.speaker(lot, who, False, pick)[1]
        measured = [] if measured_mm is None else [(units[0][0], measured_mm)]
        self.say(
            lot,
            who,
            some.receipt(batch_of(lot=lot), units=units, project=project, measured=measured, **members),
        )

    @rule(lot=lots, who=traders, mm=amounts, at_project=st.booleans())
    def receive_loose(self, lot: str, who: str, mm: int, at_project: bool) -> None:
        project = PROJECT if at_project else None
        self.say(lot, who, some.receipt(batch_of(lot=lot), length_mm=mm, project=project))

    @rule(lot=lots, pick=picks, opinion=st.sampled_from(["admit", "reject"]))
    def supervise(self, lot: str, pick: int, opinion: str) -> None:
        _, units = self.speaker(lot, SITE, False, pick)
        self.say(lot, SUPERVISOR, some.supervision(batch_of(lot=lot), units=units, opinion=opinion))

    @rule(lot=lots, honestly=honest, pick=picks, mm=amounts)
    def use(self, lot: str, honestly: bool, pick: int, mm: int) -> None:
        _, units = self.speaker(lot, SITE, honestly, pick, is_at_project)
        self.say(lot, SITE, some.use(batch_of(lot=lot), unit=units[0][0], length_mm=mm))

    @rule(lot=lots, pick=picks, mm=amounts, loose=st.booleans(), honestly=honest)
    def remove(self, lot: str, pick: int, mm: int, loose: bool, honestly: bool) -> None:
        laid = sorted(
            (unit, left)
            for (unit, at), left in self.told[lot].walk.gone.items()
            if at.state == "used" and left and bool(unit) is not loose
        )
        unit = laid[pick % len(laid)][0] if laid else 1 + pick % 5
        mm = min(mm, laid[pick % len(laid)][1]) if laid and honestly else mm
        self.say(lot, SITE, some.use(batch_of(lot=lot), unit=unit or None, length_mm=mm, removed=True))

    @rule(lot=lots, mm=amounts)
    def use_loose(self, lot: str, mm: int) -> None:
        self.say(lot, SITE, some.use(batch_of(lot=lot), unit=None, length_mm=mm))

    @rule(lot=lots, pick=picks, mm=amounts, reserve_mm=st.sampled_from([None, 1_000]), place=places)
    def sample(
        self, lot: str, pick: int, mm: int, reserve_mm: int | None, place: dict[str, str] | None
    ) -> None:
        unit = self.speaker(lot, MAKER, False, pick)[1][0][0]
        members = some.given(place=place)
        self.say(
            lot,
            REGULATOR,
            some.sampling(batch_of(lot=lot), unit=unit, length_mm=mm, reserve_mm=reserve_mm, **members),
        )

    @rule(
        lot=lots,
        who=st.sampled_from([*TRADERS, REGULATOR, COUNTY]),
        honestly=honest,
        pick=picks,
        count=st.integers(1, 2),
        mm=amounts,
        scrap_mm=st.sampled_from([None, 1_000]),
    )
    def split(
        self,
        lot: str,
        who: str,
        honestly: bool,
        pick: int,
        count: int,
        mm: int,
        scrap_mm: int | None,
    ) -> None:
        who, units = self.speaker(lot, who, honestly, pick)
        free = [n for n in NUMBERS if (n > 10 and n not in self.told[lot].walk.registered) or not honestly]
        pieces = [(number, mm) for number in (free[pick % 3], free[3])[:count]]
        self.say(lot, who, some.split(batch_of(lot=lot), unit=units[0][0], pieces=pieces, scrap_mm=scrap_mm))

    @rule(
        lot=lots,
        who=st.sampled_from([*TRADERS, REGULATOR, COUNTY]),
        honestly=honest,
        pick=picks,
        sold=st.booleans(),
        of=st.sampled_from(["whole", "part", "loose"]),
        mm=amounts,
    )
    def take_out(self, lot: str, who: str, honestly: bool, pick: int, sold: bool, of: str, mm: int) -> None:
        who, units = self.speaker(lot, who, honestly, pick)
        named: dict[str, Any] = {
            "whole": {"units": units},
            "part": {"unit": units[0][0], "length_mm": mm},
            "loose": {"length_mm": mm},
        }[of]
        builder = some.sale if sold else some.disposal
        self.say(lot, who, builder(batch_of(lot=lot), **named))

    # --- authorities

    @rule(
        lot=lots,
        action=st.sampled_from(["register", "seal", "seize", "seize", "confiscate"]),
        of=st.sampled_from(["units", "units", "length", "before", "before units", "all", "all of one"]),
        whom=traders,
        pick=picks,
        mm=amounts,
        place=places,
        authority=AUTHORITIES,
    )
    def take_measure(
        self,
        authority: str,
        lot: str,
        action: str,
        of: str,
        whom: str,
        pick: int,
        mm: int,
        place: dict[str, str] | None,
    ) -> None:
        whom, units = self.speaker(lot, whom, True, pick)
        named: dict[str, Any] = {
            "units": {"units": units},
            "length": {"length_mm": mm, **({"against": whom} if pick % 2 else {})},
            "before": {"of": self.a_measure(lot, pick)},
            "before units": {"of": self.a_measure(lot, pick), "units": units},
            "all": {},
            "all of one": {"against": whom},
        }[of]
        number = f"措〔2026〕{len(self.said) if pick else 1}号"
        members = some.given(place=place)
        self.say(lot, authority, some.measure(action, number, batch_of(lot=lot), **named, **members))

    @rule(
        lot=lots,
        action=st.sampled_from(["release", "release", "extend", "test"]),
        in_part=st.booleans(),
        pick=picks,
        days=st.sampled_from([10, 30, 31]),
        authority=AUTHORITIES,
    )
    def deal_with_a_measure(
        self, authority: str, lot: str, action: str, in_part: bool, pick: int, days: int
    ) -> None:
        of = self.a_measure(lot, pick)
        held = [kept.unit for kept in self.told[lot].walk.holds if kept.number == of and kept.unit]
        named: dict[str, Any] = {"of": of}
        if in_part and held and action == "release":
            named["units"] = [(held[pick % len(held)],) * 2]
        if action != "release":
            named["days"] = days
        on = "2026-04-30"
        self.say(lot, authority, some.measure(action, "决定", batch_of(lot=lot), on=on, **named))

    def a_measure(self, lot: str, pick: int) -> str:
        """The number of one that is in force, or at times of one that has ended, or of none."""
        holds = [kept for kept in self.told[lot].walk.holds if kept.type != "recall"]
        numbers = sorted({kept.number for kept in holds if kept.ended is None or pick % 7 == 0})
        return numbers[-1 - pick % len(numbers)] if numbers else "没有这份文书"

    @rule(
        lot=lots,
        who=st.sampled_from([MAKER, REGULATOR, COUNTY, DEALER]),
        phase=st.sampled_from(["begin", "end"]),
        whole=st.booleans(),
        pick=picks,
    )
    def recall(self, lot: str, who: str, phase: str, whole: bool, pick: int) -> None:
        units = [] if whole else self.speaker(lot, who, False, pick)[1]
        number = f"ZH-{pick % 2}"
        self.say(lot, who, some.recall(batch_of(lot=lot), number=number, phase=phase, units=units))

    # --- corrections

    @rule(
        lot=lots,
        by=speakers,
        back=st.integers(0, 7),
        current=honest,
        layout=layouts,
        whom=traders,
        pick=picks,
        mm=amounts,
    )
    def set_right(
        self, lot: str, by: str, back: int, current: bool, layout: Any, whom: str, pick: int, mm: int
    ) -> None:
        """One of the last things said of a lot, or the first; also what was corrected or voided before."""
        saying = self.one_said(lot, back)
        if saying is not None:
            of = self.original(saying)
            self.correct(lot, by, saying, self.mended(of, layout, whom, pick, mm), current)

    @rule(lot=lots, by=speakers, back=st.integers(0, 7), current=honest)
    def void(self, lot: str, by: str, back: int, current: bool) -> None:
        saying = self.one_said(lot, back)
        if saying is not None:
            self.correct(lot, by, saying, None, current)

    @rule(lot=lots, by=speakers, back=st.integers(0, 7))
    def bring_back(self, lot: str, by: str, back: int) -> None:
        """What was voided is said again as it was."""
        saying = self.one_said(lot, back)
        if saying is not None and saying.draft is None:
            self.correct(lot, by, saying, self.original(saying), True)

    def one_said(self, lot: str, back: int) -> Saying | None:
        sayings = self.told[lot].sayings
        if back < 7:
            sayings = [saying for saying in sayings if saying.kind != "production"]
        return sayings[max(0, len(sayings) - 1 - back)] if sayings else None

    def original(self, saying: Saying) -> Envelope:
        return next(each for each, _ in self.said if each["draft"]["id"] == saying.id)

    def correct(self, lot: str, by: str, saying: Saying, right: Envelope | None, current: bool) -> None:
        """``current``: it names the newest version, as it must."""
        of = self.original(saying)
        newest = saying.newest if saying.newest != saying.id else None
        who = {"own": of["draft"]["entered_for"], "authority": REGULATOR, "another": DEALER}[by]
        self.say(lot, who, some.correction(of, right, newest=newest if current else some.NOBODY))

    def mended(self, of: Envelope, layout: Any, whom: str, pick: int, mm: int) -> Envelope:
        """What might have been said in its place."""
        right = deepcopy(of)
        body = right["draft"]["body"]
        if right["draft"]["kind"] == "production":
            drums, loose_mm = layout
            body.clear()
            body |= some.production("L1", drums, loose_mm=loose_mm)["draft"]["body"]
            return right
        if body.get("units"):
            first = body["units"][0][0]
            body["units"] = [[[first, first], [1, 2], [2, 2], [3, 3], [1, 3], [11, 11]][pick % 6]]
        if "length_mm" in body:
            body["length_mm"] = mm
        if "unit" in body and pick % 3:
            body["unit"] = 1 + pick % 4
        if "to" in body and pick % 2:
            body["to"], body["region"] = whom, HOME[whom]
        if "pieces" in body:
            body["pieces"] = [{"unit": 11 + (pick + n) % 4, "length_mm": mm} for n in range(1 + pick % 2)]
        if "days" in body:
            body["days"] = 15
        if "opinion" in body:
            body["opinion"] = "await-test"
        return right

    # --- what must hold

    @invariant()
    def every_metre_is_somewhere(self) -> None:
        for lot, told in self.told.items():
            if told.walk.made:
                assert_same(self.world, self.world.code(MAKER, lot), told)


def assert_same(world: World, code: str, told: Told) -> None:
    walk = told.walk
    book, batch = world.state.books[code], world.state.batches[code]
    assert batch is not None

    # The journal, the book and the walk say the same, and all of it was produced.
    balances = world.balances(code)
    assert balances == walk.balances()
    assert sum(balances.values()) == batch.length_mm == walk.length_mm
    assert all(mm > 0 for account, mm in balances.items() if account.state != "unexplained")
    in_the_book = Counter(book.loose)
    for run in book.runs:
        in_the_book[run.account] += run.length_mm * run.count
    assert {a: mm for a, mm in in_the_book.items() if mm} == {
        a: mm for a, mm in balances.items() if a.state not in GONE and not is_to_be_explained(a)
    }

    # Drum by drum.
    registered = {n: g.length_mm for g in batch.all_units for n in range(g.first, g.last + 1)}
    assert registered == walk.registered
    drums = {n: run for run in book.runs for n in range(run.first, run.last + 1)}
    assert drums.keys() == walk.drums.keys()
    for n, run in drums.items():
        assert (run.account, run.length_mm) == (walk.drums[n].at, walk.drums[n].left_mm)
        assert list(run.missing_legs) == walk.drums[n].legs
    assert unit_by_unit(world, code) == walk.metres()

    # What was said of every drum, and what keeps it.
    opinions = Counter(
        (n, each.project, each.opinion, each.on)
        for each in book.admissions
        for n in range(each.first, each.last + 1)
    )
    assert opinions == Counter(walk.opinions)
    assert Counter(
        (h.type, h.number, h.by, n, h.from_day, h.origin, h.length_mm, h.more_days, h.test_days, h.ended_on)
        for h in book.holds
        for n in range(h.first, min(h.last, NUMBERS[-1]) + 1)
    ) == Counter(
        (k.type, k.number, k.by, k.unit, k.day, k.origin, k.mm, k.more_days, k.test_days, k.ended)
        for k in walk.holds
    )

    # Normal form: ascending, disjoint, never two runs that could be one.
    for run, following in zip(book.runs, book.runs[1:], strict=False):
        assert run.last < following.first
        assert not run.joins(following)


def unit_by_unit(world: World, code: str) -> Counter[Any]:
    """Where the metres of every drum are, by the journal alone."""
    sums: Counter[Any] = Counter()
    for _, posting in world.postings:
        if posting.batch != code:
            continue
        assert posting.length_mm > 0
        assert posting.source != posting.target
        assert (posting.first == 0) == (posting.last == 0)
        each_mm, rest_mm = divmod(posting.length_mm, posting.last - posting.first + 1)
        assert rest_mm == 0
        for n in range(posting.first, posting.last + 1):
            sums[n, posting.source] -= each_mm
            sums[n, posting.target] += each_mm
    return Counter({(n, a): mm for (n, a), mm in sums.items() if mm and a != PRODUCED and a.state != "cut"})


class BooksOfTheHouse(Books):
    """The same; and in the end all of it once more through the real intake, a few envelopes at a time."""

    def teardown(self) -> None:
        with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
            with begin_write(house.engine) as tx:
                alert_register.metadata.create_all(tx)
            house.happened(THE_COUNTY)
            answers = []
            for n in range(0, len(self.said), 3):
                answers += house.record(*(envelope for envelope, _ in self.said[n : n + 3]))
                if n % 4 == 0:
                    house.restart()
            assert [isinstance(answer, Receipt) for answer in answers] == [so for _, so in self.said]

            assert rebuilt(house, Path(folder)) == house.dump(kind="projection")
            catch_up(house.engine, read_accepted)
            house.stop()
            assert list(verify_ledger(Path(folder), with_projections=True)) == []


def test_the_books_are_those_of_a_walk_over_single_drums() -> None:
    run_state_machine_as_test(Books, settings=settings(stateful_step_count=30))


def test_the_books_of_the_house_are_built_again_from_its_ledger() -> None:
    examples = max(4, settings().max_examples // 10)
    run_state_machine_as_test(
        BooksOfTheHouse, settings=settings(max_examples=examples, stateful_step_count=30)
    )
