"""Codes that were scanned, typed or pasted one after another, and what each of them means to whoever sends or receives.

One code a line: of a drum, or of a batch, alone for all its drums that can be meant, or with their numbers behind it
(``7K3QF-9TWZP 1-20``). What cannot be meant is kept out, by name and with its reason. Nothing is told of goods that are
not open to the reader but what stands on their label, and that only to who has read it: a drum's own code has check
characters that cannot be guessed, as in the public answer; a number that is typed behind a batch's code proves nothing.
Drums of such a batch that were typed so stay on the list as they were typed, whether there are such or not: the rules of
the receipt answer for them. So do pieces of an open batch that others cut (docs/decisions/0019): without their own code
they are no units of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..codes.unit_ranges import UnitRange, format_units, parse_units
from ..errors import InputError, Text, shown
from ..flow import books
from ..model.holding import HOLDS, in_force
from ..model.involvement import sees
from ..model.reach import seized_from, was_seized
from ..model.state import Account, Book, Hold, KnownBatch, Run, UnitLength
from ..model.working_days import Calendar
from ..registry.register import calendar_known
from .answers import Standing
from .names import names_of, region_name
from .public import goods_named
from .unit import NOT_ISSUED
from .visibility import Sight, sight_of

Purpose = Literal["dispatch", "receipt"]

#: More is not read: what stands behind is kept out and said.
MOST_LINES = 2_000
_WORDS = re.compile(r"[^\s,;，；、]+")
_NUMBERS = re.compile(r"[0-9]{1,9}(?:[-~–～至][0-9]{1,9})?")
#: A batch code and a drum's number have fewer characters than this and the next are many more.
_LONGEST_LINE = 300

FREE = Standing("fine", Text("可以发", "may go"))
COMING = Standing("fine", Text("在途，发给本单位", "on its way to you"))
UNSENT = Standing("attention", Text("没有发货记录，收货会带上标记", "no dispatch is recorded: the receipt will carry a mark"))  # fmt: skip
MISSING_LEG = Standing(
    "attention", Text("对方已先登记收货，补录发货", "received already: the dispatch is caught up on")
)
UNREAD = Standing(
    "attention",
    Text(
        "没有发货记录；只凭盘号不显示长度，请扫盘码核对",
        "no dispatch is recorded; a number alone tells no length: scan the code of the drum",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """What was typed and is not taken, and why. ``again``: it is on the list already, so that nothing is missing."""

    typed: str
    why: Text
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedUnits:
    """Drums ``first`` to ``last`` with ``length_mm`` on each, None where it is not told: where they are, and whether they
    may go."""

    first: int
    last: int
    length_mm: int | None
    where: Text
    standing: Standing

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedBatch:
    """The drums of one batch on the list. ``lines`` put them on a list again; ``is_open``: whether the reader may open the
    page of the batch."""

    code: str
    printed: str
    lot: str
    designation: str
    maker_name: str
    rows: tuple[ScannedUnits, ...]
    lines: tuple[str, ...]
    is_open: bool

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        return tuple((row.first, row.last) for row in self.rows)

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def length_mm(self) -> int | None:
        """None where the length of any drum is not told."""
        return _sum(None if row.length_mm is None else row.count * row.length_mm for row in self.rows)


@dataclass(frozen=True, slots=True)
class Scanned:
    """The whole list: by batch in the order in which they were scanned first, and what was kept out."""

    batches: tuple[ScannedBatch, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()

    @property
    def missed(self) -> tuple[KeptOut, ...]:
        """What was kept out and stands nowhere else on the list."""
        return tuple(each for each in self.kept_out if not each.again)

    @property
    def count(self) -> int:
        return sum(batch.count for batch in self.batches)

    @property
    def length_mm(self) -> int | None:
        return _sum(batch.length_mm for batch in self.batches)


def _sum(lengths_mm: Iterable[int | None]) -> int | None:
    told = list(lengths_mm)
    known = [each for each in told if each is not None]
    return sum(known) if len(known) == len(told) else None


def scanned(
    tx: Connection, actor: Actor, text: str, *, purpose: Purpose, keys: Mapping[int, bytes], today: date
) -> Scanned:
    """What the lines of a list mean to the actor, who sends or receives them. Cost: one look-up a line, one book a batch."""
    actor.require(Action.RECORD_DISPATCH if purpose == "dispatch" else Action.RECORD_RECEIPT)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reading = _Reading(tx, keys)
    for line in lines[:MOST_LINES]:
        reading.read(line)
    for line in lines[MOST_LINES:]:
        reading.keep_out(line, f"一次最多 {MOST_LINES} 行", f"at most {MOST_LINES} lines at once")
    meant = reading.wanted
    whom = books.involved_in(tx, list(meant))
    read, names = books.read_books(tx, list(meant)), names_of(tx, {b.maker for b in reading.known.values()})
    scope = actor.scope_for(Action.READ_BATCH)
    went, calendar = books.edges_by_batch(tx, list(meant)), calendar_known(tx)
    projects = names_of(
        tx, (), {at.project for moved in went.values() for edge in moved for at in edge[:2]}
    ).projects
    batches = []
    for code, asked in meant.items():
        batch = reading.known[code]
        known = sight_of(scope, went[code], projects, code) if sees(scope, whom[code]) else None
        untold = _pieces_of_others(tx, batch, known)
        sight = _Sight(actor, batch, read[code], today, calendar, known, purpose, untold)
        taken = _taken(sight, asked, reading)
        rows = tuple(_joined(_rows(sight, taken)))
        if rows:
            printed = BatchCode(code[:-1]).printed
            batches.append(
                ScannedBatch(
                    code=code,
                    printed=printed,
                    lot=batch.lot,
                    designation=batch.designation,
                    maker_name=names.party(batch.maker),
                    rows=rows,
                    lines=_lines(printed, taken),
                    is_open=known is not None,
                )
            )
    return Scanned(tuple(batches), tuple(reading.kept_out))


def _pieces_of_others(tx: Connection, batch: KnownBatch, known: Sight | None) -> frozenset[UnitLength]:
    """The pieces of an open batch that never lay at an account that the reader knows: others cut them and hold them."""
    if known is None or not batch.pieces:
        return frozenset()
    moved = [
        posting
        for _, posting in books.read_postings(tx, batch.code)
        if any(_is_told(known, account) for account in (posting.source, posting.target))
    ]
    return frozenset(
        piece for piece in batch.pieces if not any(each.first <= piece.first <= each.last for each in moved)
    )


def _is_told(known: Sight, account: Account) -> bool:
    """Whether the reader may know what stands at this account."""
    return bool(account.party) and known.of(account).state == account.state


# --- from a line to drums -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """Drums as they were named, with the words for them. ``by_label``: by the drum's own code, which stands on its label."""

    units: UnitRange
    words: str
    by_label: bool = False


@dataclass(slots=True)
class _Asked:
    """What was named of a batch: its drums, or the whole of it."""

    named: list[_Named] = field(default_factory=list)
    whole: str = ""


@dataclass(slots=True)
class _Reading:
    tx: Connection
    keys: Mapping[int, bytes]
    wanted: dict[str, _Asked] = field(default_factory=dict)
    known: dict[str, KnownBatch] = field(default_factory=dict)
    kept_out: list[KeptOut] = field(default_factory=list)

    def keep_out(self, typed: str, zh: str, en: str, *, again: bool = False) -> None:
        self.kept_out.append(KeptOut(typed=shown(typed), why=Text(zh, en), again=again))

    def read(self, line: str) -> None:
        """One line: a code in any spelling, else words of which each is a code or numbers behind one."""
        if len(line) > _LONGEST_LINE:
            self.keep_out(line, "一行太长", "the line is too long")
            return
        words = _WORDS.findall(line)
        if len(words) == 1 or (not _has_numbers(words) and self._is_one_code(line)):
            self._code(line.strip(",;，；、 "), [])
            return
        at = 0
        while at < len(words):
            behind = at + 1
            while behind < len(words) and _NUMBERS.fullmatch(words[behind]):
                behind += 1
            self._code(words[at], words[at + 1 : behind])
            at = behind

    def _is_one_code(self, line: str) -> bool:
        """Whether a line with spaces in it is one code, as some are printed."""
        try:
            return goods_named(self.tx, line, self.keys) is not None
        except InputError:
            return False

    def _code(self, code: str, numbers: list[str]) -> None:
        try:
            named = goods_named(self.tx, code, self.keys)
            ranges = parse_units(" ".join(numbers)) if numbers else ()
        except InputError as error:
            problem = error.problems[0]
            self.keep_out(" ".join((code, *numbers)), problem.detail.zh, problem.detail.en)
            return
        if named is None:
            self.keep_out(code, NOT_ISSUED.word.zh, NOT_ISSUED.word.en)
            return
        batch, unit = named
        if batch not in self.known:
            self.known |= books.batches(self.tx, [batch])
        asked = self.wanted.setdefault(batch, _Asked())
        if unit is not None:
            asked.named.append(_Named(UnitRange(unit, unit), code, by_label=True))
            for each in ranges:  # numbers behind a drum's own code have nothing to belong to
                self.keep_out(
                    f"{code} {each.first}",
                    "盘号要写在批次码后面，不能写在盘码后面",
                    "numbers stand behind the code of a batch, not of a drum",
                )
        elif ranges:
            asked.named += [_Named(each, f"{code} {each.first}-{each.last}") for each in ranges]
        elif asked.whole:
            self.keep_out(
                code, "重复：这一批已经在清单里", "again: this batch is on the list already", again=True
            )
        else:
            asked.whole = code


def _has_numbers(words: Sequence[str]) -> bool:
    return any(_NUMBERS.fullmatch(word) and len(word) != 4 for word in words)


# --- what they are to the reader ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sight:
    """One batch as this reader may know it. ``known`` is None of one that is not open to it; ``untold`` are the pieces of
    which it is told only by their own codes."""

    actor: Actor
    batch: KnownBatch
    book: Book
    today: date
    calendar: Calendar
    known: Sight | None
    purpose: Purpose
    untold: frozenset[UnitLength]

    def parts(self, wanted: UnitRange, by_label: bool) -> Iterator[Run]:
        """The registered ones among these drums as the books have them, also those of which they have nothing any more. Of
        a batch that is not open all that were typed: whether there are such is not told."""
        if self.known is None and not by_label:
            yield _gone(wanted.first, wanted.last)
            return
        for group in self.batch.all_units:
            if group in self.untold and not by_label:
                continue
            first, last = max(wanted.first, group.first), min(wanted.last, group.last)
            expected = first
            for part in self.book.parts([(first, last)]) if first <= last else ():
                if expected < part.first:
                    yield _gone(expected, part.first - 1)
                yield part
                expected = part.last + 1
            if expected <= last:
                yield _gone(expected, last)

    def tells(self, account: Account) -> bool:
        return self.known is not None and _is_told(self.known, account)

    def takes(self, part: Run) -> Standing | None:
        """How drums stand that can be meant; None for those that cannot."""
        account, me = part.account, self.actor.party
        mine = account.party == me
        caught_up = any(sender == me for sender, _ in part.missing_legs)
        if self.purpose == "receipt":
            if not mine:  # also where nothing is left: others' drums are not told apart
                return UNSENT
            return COMING if account.state == "transit" and part.length_mm else None
        if not part.length_mm and not caught_up:
            return None
        if mine and account.state in ("held", "project"):
            keeping = [hold for hold in self.book.holds if _keeps(hold, part, self.today, self.calendar)]
            others = next((hold for hold in keeping if hold.by != me), None)
            if others is not None:
                return Standing("stop", HOLDS[others.type])
            return _held_by_itself(keeping[0]) if keeping else FREE
        return MISSING_LEG if caught_up else None

    def why_not(self, part: Run) -> Text:
        account = part.account
        if not part.length_mm and self.tells(account):
            return Text("已经用完", "nothing is left of it")
        if self.purpose == "receipt":
            return Text("已经收过了", "received already")
        if account.party == self.actor.party and account.state == "transit":
            return Text("还在来本单位的路上，请先收货", "still on its way to you: receive it first")
        if was_seized(part, seized_from(self.book, self.actor.party, self.today)):
            return Text("已被查封、扣押", "it is seized")
        if account.state == "transit" and self.tells(account):
            return Text("已经发出，在途", "sent already, on its way")
        return Text("账上不在您手里", "the books do not have it in your hands")

    def where(self, account: Account) -> Text:
        if account.party == self.actor.party:
            name = region_name(account.region)
            states = {
                "held": Text("本单位库存", "in your stock"),
                "project": Text("在工地", "at a project"),
                "transit": Text("在途", "on its way"),
            }
            state = states.get(account.state, Text(account.state, account.state))
            return Text(f"{state.zh} · {name.zh}", f"{state.en} · {name.en}")
        return Text("其他单位", "another party") if self.known else Text("未知", "unknown")


def _gone(first: int, last: int) -> Run:
    """Drums that the books keep no more, because nothing is left of them; whose they were is not asked."""
    return Run(first=first, last=last, account=Account("used"), length_mm=0)


def _held_by_itself(hold: Hold) -> Standing:
    """Whoever holds goods may act on them."""
    what = HOLDS[hold.type]
    return Standing("attention", Text(f"{what.zh}（本单位）", f"{what.en} by yourself"))


def _keeps(hold: Hold, part: Run, today: date, calendar: Calendar) -> bool:
    return in_force(hold, today, calendar) and hold.first <= part.last and part.first <= hold.last


def _taken(sight: _Sight, asked: _Asked, reading: _Reading) -> list[_Named]:
    """What can be meant, ascending; what cannot is kept out, and what is named twice. What a drum's own code says goes before
    a number that was typed for it, whichever came first."""
    taken: list[_Named] = []
    for named in sorted(asked.named, key=lambda each: not each.by_label):
        free = _without(named.units, (each.units for each in taken))
        if free != [named.units]:
            reading.keep_out(named.words, "重复：已经在清单里", "again: on the list already", again=True)
        for part in free:
            wanted = replace(named, units=part)
            taken += [replace(named, units=each) for each in _parts_taken(sight, wanted, reading.keep_out)]
    if asked.whole:
        rest = [
            UnitRange(part.first, part.last)
            for group in sight.batch.all_units
            for part in sight.book.parts([(group.first, group.last)])
            if _meant_by_whole(sight, part)
        ]
        more = [each for part in rest for each in _without(part, (each.units for each in taken))]
        if not more and not taken:
            reading.keep_out(asked.whole, *_NONE_OF[sight.purpose])
        taken += [_Named(each, asked.whole) for each in more]
    return sorted(taken, key=lambda each: each.units)


def _rows(sight: _Sight, taken: Iterable[_Named]) -> Iterator[ScannedUnits]:
    for named in taken:
        is_unread = sight.known is None and not named.by_label
        for part in sight.parts(named.units, named.by_label):
            standing = sight.takes(part)
            if standing is not None:
                yield ScannedUnits(
                    first=part.first,
                    last=part.last,
                    length_mm=None if is_unread else _length_mm(sight, part),
                    where=sight.where(part.account),
                    standing=UNREAD if is_unread else standing,
                )


def _lines(printed: str, taken: Iterable[_Named]) -> tuple[str, ...]:
    """The lines that name these drums again: those that were named by their label by the same code, the others by their
    numbers."""
    of_labels: list[str] = []
    numbers: list[UnitRange] = []
    for each in taken:
        if each.by_label:
            of_labels.append(each.words)
        elif numbers and numbers[-1].last + 1 == each.units.first:
            numbers[-1] = UnitRange(numbers[-1].first, each.units.last)
        else:
            numbers.append(each.units)
    return (*of_labels, *([f"{printed} {format_units(numbers)}"] if numbers else []))


def _joined(rows: Iterable[ScannedUnits]) -> Iterator[ScannedUnits]:
    """Neighbours of which the same is told as one: how the books divide what is others' is not told."""
    before: ScannedUnits | None = None
    for row in rows:
        if (
            before is not None
            and before.last + 1 == row.first
            and replace(row, first=before.first) == replace(before, last=row.last)
        ):
            before = replace(before, last=row.last)
            continue
        if before is not None:
            yield before
        before = row
    if before is not None:
        yield before


_NONE_OF = {
    "dispatch": ("本批没有在您手里的盘（卷）", "no drum of this batch is in your hands"),
    "receipt": ("本批没有发给您的盘（卷）；请扫每一盘的码", "no drum of this batch is on its way to you: scan each drum"),
}  # fmt: skip


def _meant_by_whole(sight: _Sight, part: Run) -> bool:
    """A batch's own code means what is certain: what is in hand, or what is on its way."""
    return sight.takes(part) not in (None, UNSENT, MISSING_LEG)


def _length_mm(sight: _Sight, part: Run) -> int:
    """What is left of goods that are the reader's; of others what their label says, since their rest is not his to know."""
    if part.account.party == sight.actor.party:
        return part.length_mm
    return sight.batch.length_of(part.first) or 0


def _parts_taken(
    sight: _Sight, named: _Named, keep_out: Callable[[str, str, str], None]
) -> Iterator[UnitRange]:
    there = 0
    kept_out: list[tuple[UnitRange, Text]] = []
    for part in sight.parts(named.units, named.by_label):
        there += part.count
        if sight.takes(part) is not None:
            yield UnitRange(part.first, part.last)
            continue
        why, first = sight.why_not(part), part.first
        if kept_out and kept_out[-1][1] == why and kept_out[-1][0].last + 1 == first:
            first = kept_out.pop()[0].first
        kept_out.append((UnitRange(first, part.last), why))
    for each, why in kept_out:
        units = _named(each.first, each.last)
        keep_out(named.words, f"{units.zh}{why.zh}", f"{units.en}: {why.en}")
    if there != named.units.count:
        keep_out(named.words, "本批没有登记这些盘号", "the batch has no such units")


def _named(first: int, last: int) -> Text:
    numbers = str(first) if first == last else f"{first}-{last}"
    return Text(f"{numbers} 号盘：", f"unit{'s' * (first != last)} {numbers}")


def _without(wanted: UnitRange, taken: Iterable[UnitRange]) -> list[UnitRange]:
    """The parts of a range that lie in none of these."""
    free = [wanted]
    for other in taken:
        free = [
            UnitRange(first, last)
            for each in free
            for first, last in (
                (each.first, min(each.last, other.first - 1)),
                (max(each.first, other.last + 1), each.last),
            )
            if first <= last
        ]
    return free
