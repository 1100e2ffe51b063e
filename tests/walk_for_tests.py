"""A naive walk over single drums: what the books of a batch must say, found by another road.

It knows nothing of runs, postings or compensation. It keeps one record for every drum, every drawn metre and every
hold on every drum; and all that was said, so that a correction is nothing but the list with the right version in its
place, walked again from the beginning. Parties are ids, lengths millimetres, drafts the objects that clients send.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cabletrace.model.state import UNEXPLAINED, Account
from cabletrace.model.values import business_id, party_id

#: Every number that a drum or a piece has here; measures on a whole batch are on all of them.
NUMBERS = range(1, 31)
AUTHORITIES = ("00000000-0000-4000-8000-00000000000d", "00000000-0000-4000-8000-0000000000f1")
#: What an actor says of its own doing: not taken back once the metres have moved on.
CLAIMS = ("production", "dispatch", "return", "split", "use", "sale", "disposal")


class Impossible(Exception):
    """There is no such drum, or not so many metres, or it is not this party's to say."""


@dataclass
class Drum:
    at: Account
    left_mm: int
    legs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """One hold on one drum, or (unit 0) on a loose length."""

    type: str
    number: str
    by: str
    day: date
    unit: int
    act: int
    origin: Account | None = None
    mm: int = 0
    more_days: int = 0
    test_days: int = 0
    ended: date | None = None


@dataclass
class Walk:
    """One batch, drum by drum. ``gone``: what left each drum (0: a loose length) for good."""

    homes: dict[str, str]
    made: bool = False
    maker: str = ""
    length_mm: int = 0
    registered: dict[int, int] = field(default_factory=dict)
    drums: dict[int, Drum] = field(default_factory=dict)
    loose: Counter[Account] = field(default_factory=Counter)
    gone: Counter[tuple[int, Account]] = field(default_factory=Counter)
    #: (unit, project, opinion, day)
    opinions: list[tuple[int, str, str, date]] = field(default_factory=list)
    holds: list[Kept] = field(default_factory=list)
    acts: int = 0

    # --- what there is

    def metres(self) -> Counter[tuple[int, Account]]:
        """Where the metres of every drum are, and the loose ones (0)."""
        found = Counter(self.gone)
        for account, mm in self.loose.items():
            found[0, account] += mm
        for number, drum in self.drums.items():
            found[number, drum.at] += drum.left_mm
        return Counter({place: mm for place, mm in found.items() if mm})

    def balances(self) -> dict[Account, int]:
        sums: Counter[Account] = Counter()
        for (_, account), mm in self.metres().items():
            sums[account] += mm
        return {account: mm for account, mm in sums.items() if mm}

    # --- one statement

    def step(self, who: str, draft: dict[str, Any] | None, *, judged: bool) -> None:
        """Do what was said. ``judged``: as a new statement; else it happened, whoever had the goods.

        None: a production that never was. Raises `Impossible`; then this walk is spoilt.
        """
        self.acts += 1
        if draft is None:
            self.made, self.maker = True, who
            return
        kind, body = draft["kind"], draft["body"]
        if kind != "production":
            if not self.made:
                raise Impossible("no such batch")
            named = set(numbers(body.get("units", []))) | ({body["unit"]} if "unit" in body else set())
            if not named <= self.registered.keys():
                raise Impossible("no such drum")
        getattr(self, "_" + kind)(who, draft, body, judged)

    def _production(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        if self.made:
            raise Impossible("the lot number is taken")
        self.made, self.maker, self.length_mm = True, who, body["length_mm"]
        for group in body["units"]:
            for number in range(group["first"], group["last"] + 1):
                self.registered[number] = group["length_mm"]
                self.drums[number] = Drum(self._home(who, draft), group["length_mm"])
        self.loose[self._home(who, draft)] += body.get("loose_mm", 0)

    def _dispatch(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        target, leg = Account("transit", party_id(body["to"]), body["region"]), (who, party_id(body["to"]))
        if not body["units"]:
            self._draw(body["length_mm"], target, lambda account: is_own(account, who))
            return
        for number in numbers(body["units"]):
            drum = self.drums.get(number, Drum(target, 0))
            mine = drum.left_mm > 0 and is_own(drum.at, who)
            if leg in drum.legs and not mine:
                drum.legs.remove(leg)
                self._drop_if_empty(number)
                continue
            if not drum.left_mm or (
                judged and not mine and not self._seized_from(who, number, day_of(draft))
            ):
                raise Impossible("not with the sender")
            drum.at = target

    _return = _dispatch

    def _receipt(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        target = self._home(who, draft)
        if "project" in body:
            target = Account(
                "project", who, self.homes[party_id(body["project"]["keeper"])], project_id(body)
            )
        for number in numbers(body["units"]):
            drum = self.drums.get(number)
            if drum is None or not drum.left_mm or drum.at == target:
                continue
            if drum.at.party != who:
                drum.legs.append((drum.at.party, who))
                said_mm = self._said(number, body)
                whose = Account("unexplained", drum.at.party, drum.at.region)
                self.gone[number, whose] += drum.left_mm - said_mm
                drum.left_mm = said_mm
            drum.at = target
        if not body["units"]:
            if judged and body["length_mm"] > self.length_mm:
                raise Impossible("more than was ever made")
            self._draw(
                body["length_mm"],
                target,
                lambda account: account.state == "transit" and account.party == who,
                rest=UNEXPLAINED,
            )

    def _said(self, number: int, body: Any) -> int:
        """The metres that a receiver says are on a drum that nobody sent to him."""
        label_mm = self.registered[number]
        said = [each["length_mm"] for each in body.get("measurements", []) if each["unit"] == number]
        if not said and numbers(body["units"]) == [number] and len(body["units"]) == 1:
            said = [body.get("length_mm", label_mm)]
        return label_mm if not said or said[0] * 100 >= label_mm * 99 else int(said[0])

    def _supervision(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        for number in numbers(body["units"]):
            self.opinions.append((number, project_id(body), body["opinion"], day_of(draft)))

    def _use(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        project = project_id(body)
        target = Account("used", who, self.homes[party_id(body["project"]["keeper"])], project)
        if body.get("removed"):
            self._take_out(body.get("unit", 0), project, target._replace(state="scrapped"), body["length_mm"])
        elif "unit" in body:
            self._cut(body["unit"], target, body["length_mm"])
        else:
            self._draw(body["length_mm"], target, lambda a: a.state == "project" and a.project == project)

    def _take_out(self, number: int, project: str, target: Account, mm: int) -> None:
        for at in sorted(account for of, account in self.gone if of == number):
            if (at.state, at.project) == ("used", project):
                taken = min(mm, self.gone[number, at])
                self.gone[number, at] -= taken
                self.gone[number, target] += taken
                mm -= taken
        if mm:
            raise Impossible("more than was laid")

    def _sampling(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        at = self._left(body["unit"]).at
        target = Account("sampled", who, region_of(draft) or at.region, at.project)
        self._cut(body["unit"], target, body["length_mm"] + body.get("reserve_mm", 0))

    def _split(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        drum = self._left(body["unit"])
        if (
            judged
            and not is_in_hand(drum.at, who)
            and not self._seized_from(who, body["unit"], day_of(draft))
        ):
            raise Impossible("not with whoever cuts it")
        for piece in body["pieces"]:
            number = piece["unit"]
            if number in self.registered:
                raise Impossible("there is such a drum already")
            if piece["length_mm"] > drum.left_mm:
                raise Impossible("more than there is")
            drum.left_mm -= piece["length_mm"]
            self.registered[number] = piece["length_mm"]
            self.drums[number] = Drum(drum.at, piece["length_mm"], list(drum.legs))
            self.opinions += [(number, *rest) for unit, *rest in self.opinions if unit == body["unit"]]  # type: ignore[misc]
            there = {kept.act for kept in self.holds if kept.unit == number}
            self.holds += [
                replace(kept, unit=number)
                for kept in self.holds
                if kept.unit == body["unit"] and kept.ended is None and kept.act not in there
            ]
        scrapped = drum.at._replace(state="scrapped")
        if "scrap_mm" in body:
            self._cut(body["unit"], scrapped, body["scrap_mm"])
        self._drop_if_empty(body["unit"])

    def _sale(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        self._leave("sold", who, draft, body, judged)

    def _disposal(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        self._leave("scrapped", who, draft, body, judged)

    def _leave(self, state: str, who: str, draft: Any, body: Any, judged: bool) -> None:
        for number in [body["unit"]] if "unit" in body else numbers(body["units"]):
            drum = self._left(number)
            if judged and not is_in_hand(drum.at, who) and not self._seized_from(who, number, day_of(draft)):
                raise Impossible("not in the hands of the speaker")
            target = Account(state, who, drum.at.region, drum.at.project)
            self._cut(number, target, body["length_mm"] if "unit" in body else drum.left_mm)
        if not body["units"] and "unit" not in body:
            self._draw(
                body["length_mm"],
                lambda account: Account(state, who, account.region, account.project),
                lambda account: is_in_hand(account, who),
            )

    def _recall(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        if judged and who != self.maker and who not in AUTHORITIES:
            raise Impossible("another maker's batch")
        if body["phase"] == "begin":
            units = numbers(body["units"]) or [0, *NUMBERS]
            self.holds += [
                Kept("recall", body["number"], who, day_of(draft), number, self.acts) for number in units
            ]
            return
        of_number = [
            kept
            for kept in self.holds
            if (kept.type, kept.number, kept.ended) == ("recall", body["number"], None)
        ]
        ending = [kept for kept in of_number if kept.by == who] or of_number
        if judged and not (ending and (ending[0].by == who or who in AUTHORITIES)):
            raise Impossible("no recall to end")
        self._end(ending, day_of(draft))

    def _measure(self, who: str, draft: Any, body: Any, judged: bool) -> None:
        if judged:
            self._judge_measure(who, body)
        units = numbers(body["units"])
        meant = [
            kept
            for kept in self.holds
            if "of" in body
            and (kept.number, kept.by, kept.ended) == (body["of"], who, None)
            and kept.type != "recall"
            and (not units or kept.unit in units)
        ]
        match body["action"]:
            case "extend" | "test":
                more = "more_days" if body["action"] == "extend" else "test_days"
                self.holds = [
                    replace(kept, **{more: getattr(kept, more) + body["days"]}) if kept in meant else kept
                    for kept in self.holds
                ]
            case "release":
                self._release(who, meant, day_of(draft))
            case "register" | "seal":
                self._take(who, draft, body, meant, moved=False)
            case _:
                self._take(who, draft, body, meant, moved=True)

    def _judge_measure(self, who: str, body: Any) -> None:
        own = [kept for kept in self.holds if kept.by == who and kept.type != "recall"]
        if body["action"] not in ("extend", "test", "release") and body["number"] in {k.number for k in own}:
            raise Impossible("the number is taken")
        if body.get("length_mm", 0) > self.length_mm:
            raise Impossible("more than was ever made")
        if "of" not in body:
            return
        named = [kept for kept in own if kept.number == body["of"]]
        if body["action"] in ("register", "seal"):
            named = [kept for kept in named if kept.type in ("register", "seal")]
        if not named or all(kept.ended for kept in named):
            raise Impossible("no such measure, or it has ended")
        if body["action"] in ("extend", "test"):
            if any(kept.type not in ("seal", "seize") for kept in named):
                raise Impossible("it has no term to extend")
            if body["action"] == "extend" and (body["days"] > 30 or any(kept.more_days for kept in named)):
                raise Impossible("longer than the law allows")

    def _take(self, who: str, draft: Any, body: Any, meant: list[Kept], *, moved: bool) -> None:
        against = party_id(body["against"]) if "against" in body else None
        everything = not body["units"] and "length_mm" not in body and "of" not in body
        units = numbers(body["units"])
        if not units and everything:
            there = {n for n, drum in self.drums.items() if drum.left_mm and drum.at.party == against}
            units = [n for n in NUMBERS if against is None or n in there]
        elif not units:
            units = sorted({kept.unit for kept in meant if kept.unit})

        def reaches(account: Account) -> bool:
            return account.state not in ("seized", "unexplained") and against in (None, account.party)

        def custody(account: Account) -> Account:
            return Account("seized", who, region_of(draft) or account.region, account.project)

        pools = [(a, mm) for a, mm in sorted(self.loose.items()) if mm > 0 and reaches(a)]
        kept_loose = [kept for kept in meant if not kept.unit]
        in_custody = [kept for kept in kept_loose if kept.type in ("seize", "confiscate")]
        in_place = [kept for kept in kept_loose if kept not in in_custody]
        loose: list[tuple[Account | None, int]] = []
        if "length_mm" in body:
            loose = list(self._planned(body["length_mm"], reaches, UNEXPLAINED))
        elif everything:
            loose = list(pools) if moved or against is not None else [(None, 0)]
        elif not moved:
            loose = [(kept.origin, kept.mm) for kept in kept_loose]
        elif any(kept.origin is None for kept in in_place):
            loose = list(pools)
        else:
            first = {kept.origin for kept in in_place}
            loose = list(
                self._planned(sum(k.mm for k in in_place), reaches, UNEXPLAINED, lambda a: a in first)
            )

        new: list[Kept] = []
        for number in units:
            origin = None
            if moved:
                drum = self.drums.get(number)
                if drum is None or not drum.left_mm:
                    continue
                origin = drum.at
                if is_in_custody(drum.at, who):
                    holding = [k for k in self._custody(who) if k.unit == number]
                    origin = max(holding, key=lambda k: k.act).origin if holding else origin
                else:
                    drum.at = custody(drum.at)
            new.append(Kept(body["action"], body["number"], who, day_of(draft), number, self.acts, origin))
        if moved:
            new += [
                replace(
                    k,
                    type=body["action"],
                    number=body["number"],
                    day=day_of(draft),
                    act=self.acts,
                    more_days=0,
                    test_days=0,
                )
                for k in in_custody
            ]
        for place, mm in loose:
            if moved:
                assert place is not None
                self._move_loose(place, custody(place), mm)
            new.append(Kept(body["action"], body["number"], who, day_of(draft), 0, self.acts, place, mm))
        self._end(meant, day_of(draft))
        self.holds += new

    def _release(self, who: str, meant: list[Kept], on: date) -> None:
        self._end(meant, on)
        still = {kept.unit for kept in self._custody(who)}
        for kept in meant:
            if kept.type not in ("seize", "confiscate"):
                continue
            assert kept.origin is not None
            if kept.unit:
                drum = self.drums.get(kept.unit)
                if (
                    drum is not None
                    and drum.left_mm
                    and is_in_custody(drum.at, who)
                    and kept.unit not in still
                ):
                    drum.at = kept.origin
                    still.add(kept.unit)
                continue
            there_mm = sum(mm for account, mm in self.loose.items() if is_in_custody(account, who))
            beside = (kept.origin.region, kept.origin.project)
            for account, mm in list(
                self._planned(
                    min(kept.mm, there_mm),
                    lambda a: is_in_custody(a, who),
                    None,
                    lambda a, beside=beside: (a.region, a.project) == beside,
                )
            ):
                self._move_loose(account, kept.origin, mm)

    def _custody(self, who: str) -> list[Kept]:
        return [
            k for k in self.holds if k.by == who and k.type in ("seize", "confiscate") and k.ended is None
        ]

    def _end(self, ending: list[Kept], on: date) -> None:
        self.holds = [replace(kept, ended=on) if kept in ending else kept for kept in self.holds]

    def _taken_from(self, who: str, day: date) -> list[Kept]:
        """What authorities have in custody that was this holder's: he can lay hands on it all the same."""
        return [
            k
            for k in self.holds
            if k.type in ("seize", "confiscate")
            and k.origin is not None
            and k.origin.party == who
            and k.day <= day
            and k.ended is None
        ]

    def _seized_from(self, who: str, number: int, day: date) -> bool:
        at = self.drums[number].at
        return any(k.unit == number and is_in_custody(at, k.by) for k in self._taken_from(who, day))

    # --- metres

    def _home(self, who: str, draft: Any) -> Account:
        return Account("held", who, region_of(draft) or self.homes[who])

    def _left(self, number: int) -> Drum:
        if number not in self.drums or not self.drums[number].left_mm:
            raise Impossible("nothing is left of it")
        return self.drums[number]

    def _cut(self, number: int, target: Account, mm: int) -> None:
        drum = self._left(number)
        if drum.left_mm < mm:
            raise Impossible("more than is left")
        drum.left_mm -= mm
        self.gone[number, target] += mm
        self._drop_if_empty(number)

    def _drop_if_empty(self, number: int) -> None:
        """A drum that was used up is remembered only until every leg of its way was reported."""
        drum = self.drums.get(number)
        if drum is not None and not drum.left_mm and not drum.legs:
            del self.drums[number]

    def _planned(
        self,
        wanted_mm: int,
        may_take: Callable[[Account], bool],
        rest: Account | None,
        first: Callable[[Account], bool] = lambda _: False,
    ) -> Iterable[tuple[Account, int]]:
        """From which pools, in their order, so many loose metres come."""
        for account in sorted(self.loose, key=lambda a: (not first(a), a)):
            taken = min(wanted_mm, max(0, self.loose[account])) if may_take(account) else 0
            if taken:
                wanted_mm -= taken
                yield account, taken
        if wanted_mm and rest is None:
            raise Impossible("more than lies loose")
        if wanted_mm and rest is not None:
            yield rest, wanted_mm

    def _draw(
        self,
        wanted_mm: int,
        target: Account | Callable[[Account], Account],
        may_take: Callable[[Account], bool],
        rest: Account | None = None,
    ) -> None:
        for account, mm in list(self._planned(wanted_mm, may_take, rest)):
            self._move_loose(account, target(account) if callable(target) else target, mm)

    def _move_loose(self, source: Account, target: Account, mm: int) -> None:
        self.loose[source] -= mm
        if target.state in ("used", "sold", "scrapped"):
            self.gone[0, target] += mm
        else:
            self.loose[target] += mm


@dataclass
class Saying:
    """One accepted statement in its newest version; ``draft`` is None once it was voided."""

    id: str
    who: str
    kind: str
    draft: dict[str, Any] | None
    newest: str


class Told:
    """What was said of one batch, and where that leaves its metres."""

    def __init__(self, homes: dict[str, str]) -> None:
        self.homes = homes
        self.sayings: list[Saying] = []
        self.walk = Walk(homes)

    def hear(self, draft: dict[str, Any]) -> bool:
        """Whether it can be so; if it can, it is."""
        who = party_id(draft["entered_for"])
        try:
            if draft["kind"] == "correction":
                self._correct(who, draft)
            else:
                after = deepcopy(self.walk)
                after.step(who, draft, judged=True)
                self.walk = after
                self.sayings.append(Saying(draft["id"], who, draft["kind"], draft, draft["id"]))
        except Impossible:
            return False
        return True

    def _correct(self, who: str, correction: dict[str, Any]) -> None:
        root, body = correction["subject"]["event"], correction["body"]
        at = next((n for n, saying in enumerate(self.sayings) if saying.id == root), None)
        if at is None:
            raise Impossible("no such event")
        was = self.sayings[at]
        if was.newest != body.get("of", root):
            raise Impossible("there is a newer version")
        if who != was.who and who not in AUTHORITIES:
            raise Impossible("another's statement")
        right = None
        if not body.get("void"):
            right = {
                "kind": was.kind,
                **{name: correction[name] for name in ("occurred_at", "place") if name in correction},
            }
            right["body"] = body["right"]
            before, _ = self._walked(self.sayings[:at])
            before.step(was.who, right, judged=True)
        now = replace(was, draft=right, newest=correction["id"])
        sayings = [*self.sayings[:at], now, *self.sayings[at + 1 :]]
        after, moved = self._walked(sayings)
        _, moved_before = self._walked(self.sayings)
        if who == was.who and was.kind in CLAIMS and moved[at + 1 :] != moved_before[at + 1 :]:
            raise Impossible("the metres have moved on")
        self.sayings, self.walk = sayings, after

    def _walked(self, sayings: list[Saying]) -> tuple[Walk, list[dict[tuple[int, Account], int]]]:
        """The walk over all that was said, and what each statement changed."""
        walk = Walk(self.homes)
        moved: list[dict[tuple[int, Account], int]] = []
        for saying in sayings:
            before = walk.metres()
            if saying.draft is not None or saying.kind == "production":
                walk.step(saying.who, saying.draft, judged=False)
            after = walk.metres()
            moved.append({p: after[p] - before[p] for p in before | after if after[p] != before[p]})
        return walk, moved


def numbers(ranges: Iterable[Iterable[int]]) -> list[int]:
    return [number for first, last in ranges for number in range(first, last + 1)]


def project_id(body: Any) -> str:
    ref = body["project"]
    return business_id("project", party_id(ref["keeper"]), ref["number"])


def day_of(draft: Any) -> date:
    return date.fromisoformat(draft["occurred_at"][:10])


def region_of(draft: Any) -> str | None:
    region: str | None = draft.get("place", {}).get("region")
    return region


def is_own(account: Account, who: str) -> bool:
    return account.party == who and account.state in ("held", "project")


def is_in_custody(account: Account, who: str) -> bool:
    return account.party == who and account.state == "seized"


def is_in_hand(account: Account, who: str) -> bool:
    return is_own(account, who) or is_in_custody(account, who)
