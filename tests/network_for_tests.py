"""Random networks of trade in one batch, and the ways of its metres as a walk over single drums finds them: it knows neither
postings nor corrections, and keeps of every parcel each step that it made."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

import drafts_for_tests as some
from cabletrace.model.admission import Admitted
from cabletrace.model.postings import Posting
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER, PROJECT, REGULATOR, SITE, Envelope, batch_of
from walk_for_tests import Told, Walk
from world_for_tests import World

#: The maker, five dealers one behind the other, and the site: a drum may go all the way, leap over some, or come back.
DEALERS = tuple(f"00000000-0000-4000-8000-0000000000a{n}" for n in range(1, 6))
CHAIN = (MAKER, *DEALERS, SITE)
HOME = dict(
    zip(
        (*CHAIN, REGULATOR),
        ("411603", "411602", "410105", "341202", "370102", "320102", "411627", "411600"),
        strict=True,
    )
)

DEALERS_NAMED = tuple(
    some.party(each, f"经营部{n}", "distributor", region=HOME[each]) for n, each in enumerate(DEALERS)
)
BEGINNING = World()
BEGINNING.happened(*some.the_cast(), *DEALERS_NAMED)

#: (what, which drum, which party, which of the earlier sayings, mm)
acts = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "on",
                "on",
                "on",
                "on",
                "back",
                "split",
                "use",
                "sell",
                "sample",
                "unsent",
                "correct",
                "correct",
                "void",
            ]
        ),
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(0, 40),
        st.sampled_from([1, 1_000, 20_000, 60_000, 250_000]),
    ),
    min_size=8,
    max_size=40,
)


class Network:
    """One batch of four drums, of which everybody says what he likes."""

    def __init__(self) -> None:
        self.world = deepcopy(BEGINNING)
        self.told = Told({party_id(who): region for who, region in HOME.items()})
        self.said: dict[str, Envelope] = {}
        #: Everything that was said, and whether it could be so.
        self.heard: list[tuple[Envelope, bool]] = []
        self.is_corrected = False
        self.say(MAKER, some.production(units=[(1, 4, 250_000)], loose_mm=None))

    def say(self, who: str, envelope: Envelope) -> None:
        envelope["draft"]["entered_for"] = who
        verdict = self.world.hear(envelope, anybody=True)
        happened = self.told.hear(envelope["draft"])
        assert isinstance(verdict, Admitted) is happened, (verdict, envelope)
        self.said[envelope["draft"]["id"]] = envelope
        self.heard.append((envelope, happened))

    def act(self, what: str, drum: int, party: int, back: int, mm: int) -> None:
        if what in ("correct", "void"):
            self.correct(None if what == "void" else mm, party, back)
            return
        drums = sorted(self.told.walk.drums.items())
        if not drums:
            return
        unit, there = drums[drum % len(drums)]
        holders = [each for each in CHAIN if party_id(each) == there.at.party]
        who = holders[0] if holders else MAKER
        at = CHAIN.index(who)
        batch = batch_of()
        match what:
            case "on" | "back":
                whom = CHAIN[min(at + 1 + party % 2, 6)] if what == "on" else CHAIN[party % (at + 1)]
                send = some.dispatch if what == "on" else some.returned
                self.say(who, send(batch, to=whom, region=HOME[whom], units=[(unit, unit)]))
                if mm != 1:
                    self.receive(whom, unit)
            case "unsent":
                self.receive(CHAIN[party % 7], unit)
            case "split":
                free = [n for n in range(11, 31) if n not in self.told.walk.registered]
                pieces = [(number, mm) for number in free[: 1 + party % 2]]
                if pieces:
                    self.say(
                        who,
                        some.split(batch, unit=unit, pieces=pieces, scrap_mm=1_000 if party % 3 else None),
                    )
            case "use":
                self.say(SITE, some.use(batch, unit=unit, length_mm=mm))
            case "sell":
                self.say(who, some.sale(batch, unit=unit, length_mm=mm))
            case "sample":
                self.say(REGULATOR, some.sampling(batch, unit=unit, length_mm=mm))

    def receive(self, whom: str, unit: int) -> None:
        project = PROJECT if whom == SITE else None
        self.say(whom, some.receipt(batch_of(), units=[(unit, unit)], project=project))

    def correct(self, mm: int | None, party: int, back: int) -> None:
        """Nothing is corrected once a drum went round in a circle (`is_a_convention`)."""
        sayings = self.told.sayings[1:]
        if not sayings or self._has_circle():
            return
        self.is_corrected = True
        saying = sayings[-1 - back % len(sayings)]
        of = self.said[saying.id]
        right = None
        if mm is not None:
            right = deepcopy(of)
            body = right["draft"]["body"]
            if "to" in body:
                whom = CHAIN[party % 7]
                body["to"], body["region"] = whom, HOME[whom]
            if "length_mm" in body:
                body["length_mm"] = mm
            if "pieces" in body:
                body["pieces"] = body["pieces"][:1]
        newest = saying.newest if saying.newest != saying.id else None
        self.say(REGULATOR, some.correction(of, right, newest=newest))

    @property
    def is_a_convention(self) -> bool:
        """Whether a correction closed a circle, or tore one open: what becomes of that is a convention (docs/tracing.md), and the walk
        and the ways have each their own."""
        return self.is_corrected and self._has_circle()

    @property
    def is_mixed(self) -> bool:
        """Whether something was corrected where metres of a drum came that nobody had sent: which of its millimetres went on first, these or
        the others, is a convention too, and another one where a step stands behind what followed it."""
        return self.is_corrected and any(
            UNEXPLAINED.state in (posting.source.state, posting.target.state) for _, posting in self.journal
        )

    def _has_circle(self) -> bool:
        ways = (trail for parcels in walked(self.told).values() for _, trail in parcels if trail)
        been = ([trail[0][0], *(target for _, target in trail)] for trail in ways)
        return any(len(set(each)) < len(each) for each in been)

    # --- what is compared

    @property
    def journal(self) -> list[tuple[int, Posting]]:
        code = self.world.code(MAKER)
        return [(seq, posting) for seq, posting in self.world.postings if posting.batch == code]


Trail = tuple[tuple[Account, Account], ...]
#: So many millimetres with each step of their way.
Parcels = list[tuple[int, Trail]]


def taken_first(parcels: Parcels, mm: int) -> Parcels:
    """So many of what came first; what is not there at all has no way behind it."""
    taken: Parcels = []
    while mm:
        there, trail = parcels.pop(0) if parcels else (mm, ())
        part = min(mm, there)
        taken.append((part, trail))
        mm -= part
        if there > part:
            parcels.insert(0, (there - part, trail))
    return taken


def walked(told: Told) -> dict[tuple[int, Account], Parcels]:
    """Of every drum and account the metres there with their way: all that was said in its newest version, one saying after
    the other, and what changed by it."""
    walk = Walk(told.homes)
    parcels: dict[tuple[int, Account], Parcels] = defaultdict(list)
    for saying in told.sayings:
        before = walk.metres()
        if saying.draft is not None or saying.kind == "production":
            walk.step(saying.who, saying.draft, judged=False)
        after = walk.metres()
        changed = {place: after[place] - before[place] for place in {*before, *after}}
        lost = sorted(
            ((place, -mm) for place, mm in changed.items() if mm < 0),
            key=lambda each: (each[0][1].state == UNEXPLAINED.state, each),
        )
        pools: dict[int, Parcels] = defaultdict(list)
        for (unit, account), mm in lost:
            for part, trail in taken_first(parcels[unit, account], mm):
                pools[unit].append((part, (*trail, (account, PRODUCED))))  # its next step ends elsewhere
        of_a_cut = pools[lost[0][0][0]] if lost else []
        for (unit, account), mm in sorted((place, mm) for place, mm in changed.items() if mm > 0):
            if not lost:
                parcels[unit, account].append((mm, ((PRODUCED, account),)))
                continue
            for part, trail in taken_first(pools.get(unit, of_a_cut), mm):
                *way, (source, _) = trail
                step = () if source == account else ((source, account),)
                parcels[unit, account].append((part, (*way, *step)))
    return parcels


def summed(parcels: dict[tuple[int, Account], Parcels], wanted: Any) -> dict[Any, int]:
    legs: Counter[tuple[Account, Account]] = Counter()
    for (unit, account), some_parcels in parcels.items():
        if wanted(unit, account):
            for mm, trail in some_parcels:
                for leg in trail:
                    legs[leg] += mm
    return {leg: mm for leg, mm in legs.items() if mm}
