"""What is known: the state that rules may look at and that accepted events change.

It is filled beforehand (``intake.load``) and never fetches. A value of None says "looked up, not there"; a
missing key is a mistake of ours. One `State` serves a whole group of drafts: an accepted event is applied at
once, so that a later draft of the group sees it; a refused one changes nothing.

Lengths are integer millimetres throughout.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ..errors import Broken
from .certificate_scope import CertificateScope
from .designation import Designation
from .discipline import KnownDiscipline
from .inspecting import KnownDefect, KnownSamplingPlan, KnownVisit
from .investigation import KnownAlertStep, KnownCase, KnownLead
from .listings import KnownListing
from .printed import PrintedRun
from .programmes import KnownProgramme
from .requests import KnownRequest
from .samples import KnownSample
from .sites import place_id
from .things import batch_thing, goods_thing, project_thing
from .values import filed
from .working_days import Calendar, Exceptions

# --- registry -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownParty:
    """A party 参与方. ``named_by`` is the party that merely named it last, ``namers`` are all that did; None and none once it
    registered itself."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    uscc: str | None = None
    cma: str | None = None
    region: str | None = None
    address: str | None = None
    named_by: str | None = None
    namers: frozenset[str] = frozenset()
    part_of: KnownUnit | None = None
    seq: int = 0

    def acts_as(self, roles: frozenset[str]) -> bool:
        """Whether it is known to have one of these roles: what others merely say of it does not count."""
        return self.named_by is None and not roles.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUnit:
    """Of which authority a party is a unit, of which type, and what it was given to look after on which days (None: on
    all). ``places`` are regions with names, ``projects`` ids."""

    parent: str
    type: str
    regions: tuple[str, ...] = ()
    supervises: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    projects: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def sites(self) -> frozenset[str]:
        """The places and projects that it looks after, by their ids (`model.sites`)."""
        return frozenset({*self.projects, *(place_id(region, name) for region, name in self.places)})

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePeriod:
    """One period, both days included, in which a certificate had a status. Later entries win. ``issued_by``: the id of whom
    this entry names as its issuer, ``issuer`` a name in words, ``said_by`` whose statement it is."""

    holder: str
    number: str
    type: str
    status: str
    valid_from: date
    valid_to: date
    seq: int = 0
    covers: tuple[str, ...] = ()
    scope: CertificateScope | None = None
    issued_by: str | None = None
    issuer: str | None = None
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProduct:
    maker: str
    number: str
    name: str
    designation: Designation
    standard: str | None = None
    certificate: str | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProject:
    id: str
    keeper: str
    number: str
    name: str
    region: str
    owner: str | None = None
    contractor: str | None = None
    supervisor: str | None = None
    seq: int = 0

    @property
    def whom(self) -> frozenset[str]:
        """Itself, where it lies and who takes part in it: what `involvement.sees` asks."""
        parties = (self.keeper, self.owner, self.contractor, self.supervisor)
        where = {project_thing(self.id), f"r:{self.region}", f"s:{self.id}"}
        return frozenset({*where, *(f"p:{party}" for party in parties if party)})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGrant:
    """The grantee may enter events of these kinds for the grantor (代录), and read these batches, goods and projects and
    what concerns these regions and parties as far as the grantor does, on these days. ``event``: the id of the grant."""

    grantor: str
    grantee: str
    kinds: tuple[str, ...]
    valid_from: date
    valid_to: date
    seq: int = 0
    event: str = ""
    batches: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    ground: str = ""
    case: str = ""

    @property
    def things(self) -> tuple[str, ...]:
        """What is named one by one (`model.things`)."""
        return (
            *map(batch_thing, self.batches),
            *map(goods_thing, self.goods),
            *map(project_thing, self.projects),
        )

    @property
    def is_of_reading(self) -> bool:
        return bool(self.things or self.regions or self.parties)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReading:
    """That ``reader`` has read a thing (`model.things`) on a day under a grant 跨区查阅."""

    thing: str
    reader: str
    grantor: str
    grant: str
    day: date
    seq: int = 0


class OrderedLine(NamedTuple):
    """One line of an order as a dispatch is compared with it: the cable as written, and its price where one was agreed."""

    designation: str
    price_fen_per_metre: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """An order 订单. ``lines`` are those of its newest version."""

    keeper: str
    number: str
    supplier: str
    buyer: str
    project: str | None = None
    lines: tuple[OrderedLine, ...] = ()
    seq: int = 0

    @property
    def filed(self) -> str:
        return filed(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """An organisation's signing key 签名公钥: 32 bytes in base64, good on these days unless revoked."""

    id: str
    owner: str
    public_key: str
    valid_from: date
    valid_to: date
    revoked: bool = False
    seq: int = 0

    def is_good_on(self, day: date) -> bool:
        return not self.revoked and self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGoods:
    """Uncoded goods 无码货物 as they were first described, and the batch they turned out to be of. ``sites``: ids of the places
    and the project where they were found, with spaces between."""

    id: str
    marks: str
    nominal_maker: str | None = None
    designation: str | None = None
    quantity: str | None = None
    length_mm: int | None = None
    holder: str | None = None
    region: str | None = None
    batch: str | None = None
    party: str | None = None
    sites: str = ""
    seq: int = 0

    @property
    def whom(self) -> frozenset[str]:
        """Themselves, where they were found, who has them and who made them: what `involvement.sees` asks."""
        parties = {f"p:{party}" for party in (self.holder, self.party) if party}
        where = {f"s:{site}" for site in self.sites.split()} | (
            {f"r:{self.region}"} if self.region else set()
        )
        return frozenset({goods_thing(self.id), *parties, *where})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlias:
    """Another code for a batch, or a party without a credit code and who it turned out to be.

    ``thing`` is ``batch:<code>``, ``goods:<id>`` or ``party:<id>``; ``unit`` where the code is one drum's.
    """

    scheme: str
    code: str
    thing: str
    unit: int | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubmission:
    """A complaint 投诉 or report 举报 under its receipt number, with the last thing that was done about it. ``sites``: ids of
    the places where it happened, with spaces between."""

    number: str
    event: str
    kind: str
    region: str | None
    action: str | None = None
    answered_by: str | None = None
    sites: str = ""
    seq: int = 0

    @property
    def whom(self) -> frozenset[str]:
        """Where it happened: what `involvement.sees` asks."""
        return frozenset({f"r:{self.region or '-'}", *(f"s:{site}" for site in self.sites.split())})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSuspicion:
    """An alert from checks of codes, with what an authority found out about it, if one has.

    ``unit`` is None where it is about codes that were never issued. ``raised_at`` as `clock.format_instant` has it.
    ``result``: confirmed or dismissed, ``finding`` the id of the event that says so, ``found_region`` the place it names.
    """

    event: str
    batch: str
    maker: str
    unit: int | None
    rule: str
    raised_at: str
    seq: int
    result: str | None = None
    finding: str | None = None
    found_by: str | None = None
    found_on: date | None = None
    found_region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCalendar:
    """The days off of a year by its notice, and the weekends that are worked."""

    year: int
    notice: str
    off: tuple[date, ...]
    worked: tuple[date, ...]
    seq: int = 0

    @property
    def exceptions(self) -> Exceptions:
        return {**dict.fromkeys(self.off, False), **dict.fromkeys(self.worked, True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """An event on the ledger that others speak of, with its newest version.

    ``original`` is the draft as it was first said, ``said`` what it says now: that, or its right version once it
    was corrected; None when it was voided. ``newest`` is the id that the next correction must name: its own, or
    its last correction's.
    """

    id: str
    kind: str
    speaker: str
    seq: int
    original: Any
    said: Any
    newest: str
    batch: str = ""
    #: Where its right version has its metres: as parties and projects were registered at its place.
    region: str = ""
    #: Whom it concerns (`involvement`), as it was first said.
    whom: frozenset[str] = frozenset()
    #: Where its personal data were erased, as JSON pointers.
    erased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownErasure:
    """That the clear text of a personal field of an event was destroyed 删敏, and on what ground."""

    event: str
    pointer: str
    ground: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """An attachment that was uploaded: its media type as its own bytes say, and its size in bytes."""

    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReserved:
    """A batch code that was reserved 预留 for a maker, ``units`` the most that blank labels are printed for.

    ``used``: a production has named it; then `KnownBatch` says the rest.
    """

    code: str
    maker: str
    units: int
    valid_to: date
    key_version: int
    used: bool = False
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPrinted:
    """Which labels of a batch, or of a reserved code, were printed: ascending, and nothing of units without any."""

    code: str
    runs: tuple[PrintedRun, ...]


def scope_on(periods: Sequence[CertificatePeriod], day: date) -> CertificateScope | None:
    """What a certificate covered on one day, by the entry that says its status then; None where nobody said."""
    covering = [p for p in periods if p.valid_from <= day <= p.valid_to]
    return covering[-1].scope if covering else None


def issuer_of(periods: Iterable[CertificatePeriod]) -> str | None:
    """Who issued a certificate, by the newest entry that names somebody; None where none does."""
    return next((p.issued_by for p in reversed(tuple(periods)) if p.issued_by is not None), None)


def status_on(periods: Sequence[CertificatePeriod], day: date) -> str:
    """``valid``, ``suspended`` … or ``expired``/``not-yet-valid``/``unknown`` for a certificate on one day."""
    covering = [p for p in periods if p.valid_from <= day <= p.valid_to]
    if covering:
        return covering[-1].status
    if not periods:
        return "unknown"
    return "not-yet-valid" if all(day < p.valid_from for p in periods) else "expired"


# --- batches and books --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLength:
    """Units ``first`` to ``last`` were registered with ``length_mm`` each."""

    first: int
    last: int
    length_mm: int


class MaterialIn(NamedTuple):
    """A lot of raw material that went into a batch; ``lot`` "" where it has no number, ``mass_g`` None where it was not weighed."""

    material: str
    lot: str
    mass_g: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBatch:
    """A batch 批次 as it was registered; this does not change when its product is registered anew.

    ``designation`` as printed at registration of the product, ``certificate`` the number under which it was
    made (None when the product named none).
    """

    code: str
    maker: str
    lot: str
    product: str
    designation: str
    certificate: str | None
    produced_on: date
    length_mm: int
    units: tuple[UnitLength, ...]
    key_version: int = 1
    seq: int = 0
    #: Units that were cut off others since: ascending, and none of them among ``units``.
    pieces: tuple[UnitLength, ...] = ()
    copper_g: int | None = None
    materials: tuple[MaterialIn, ...] = ()

    def length_of(self, unit: int) -> int | None:
        """The registered length of one unit, or None when the batch has no such unit."""
        for group in self.all_units:
            if group.first <= unit <= group.last:
                return group.length_mm
        return None

    @property
    def all_units(self) -> tuple[UnitLength, ...]:
        """Every unit that there is or was, ascending: as produced, and cut off since."""
        if not self.pieces:
            return self.units
        return tuple(sorted((*self.units, *self.pieces), key=lambda group: group.first))


class Account(NamedTuple):
    """Where metres are: one side of a posting.

    ``state``: produced (the source), held, transit, project, used, sampled, seized, sold, scrapped, unexplained (with a
    party: what it has to explain, see `unexplained_at`). ``party`` id of the holder (of the receiver while in transit, of the authority while seized), ``region`` GB/T
    2260 code (destination while in transit), ``project`` id. Empty text where there is none.
    """

    state: str
    party: str = ""
    region: str = ""
    project: str = ""


PRODUCED = Account("produced")
UNEXPLAINED = Account("unexplained")


def unexplained_at(account: Account) -> Account:
    """Where the metres stand by which a drum that was seen without a dispatch differs from what the books had on it: with the
    party that had it by the books, which alone, with the authorities, is told of them. May be negative. No book keeps them,
    since nothing is ever taken from there."""
    return Account("unexplained", account.party, account.region)


#: Between two units of one batch: what a split takes off one it gives to others, so here nothing ever stays.
CUT = Account("cut")
#: States out of which no metre goes back onto a unit by a movement of its own.
GONE = frozenset({"produced", "used", "sampled", "sold", "scrapped", "cut"})


class Run(NamedTuple):
    """Units ``first`` to ``last`` of a batch, all at one account, with ``length_mm`` left on each.

    ``missing_legs``: (sender, receiver) of every movement that an observation implied and nobody reported;
    a later dispatch by that sender to that receiver is the missing leg and moves nothing. They stay with the
    units when these move on, and when these are used up (``length_mm`` is 0 then), so that an honest holder behind
    a sloppy sender is not in the sender's way.
    A tuple, since every movement cuts, compares and hashes a handful of them.
    """

    first: int
    last: int
    account: Account
    length_mm: int
    missing_legs: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:  # type: ignore[override]  # of units; nobody counts the fields of a run
        return self.last - self.first + 1

    def clipped(self, first: int, last: int) -> Run:
        if first <= self.first and self.last <= last:
            return self
        return Run(
            max(first, self.first), min(last, self.last), self.account, self.length_mm, self.missing_legs
        )

    def joins(self, following: Run) -> bool:
        """Whether the following run merely continues this one."""
        return (
            self.last + 1 == following.first
            and self.length_mm == following.length_mm
            and self.account == following.account
            and self.missing_legs == following.missing_legs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A supervisor's opinion 监理意见 on units for a project, given on a day."""

    first: int
    last: int
    project: str
    opinion: str
    on: date
    seq: int = 0


class Hold(NamedTuple):
    """Why units may not be moved: a legal measure 强制措施 or a recall 召回, on a stretch of units.

    ``type``: register, seal, seize, confiscate, recall. ``number`` of the document, ``by`` whose it is. Units 0–0
    are a loose length. ``origin`` is the account that seized metres came from (they return there), and
    ``length_mm`` how many of a loose length. ``from_day`` the day it was taken, ``more_days`` by which it was
    extended and ``test_days`` that do not count; ``ended_on`` the day of the decision that ended it.
    """

    type: str
    number: str
    by: str
    first: int
    last: int
    from_day: date
    seq: int
    origin: Account | None = None
    length_mm: int = 0
    more_days: int = 0
    test_days: int = 0
    ended_on: date | None = None


@dataclass(slots=True)
class Book:
    """Where every metre of one batch is: runs of whole units, loose lengths, and what nobody can explain.

    Runs are sorted, never overlap, and neighbours that could be one run are one run, so the same history
    always gives the same rows.
    """

    runs: list[Run] = field(default_factory=list)
    loose: dict[Account, int] = field(default_factory=dict)
    admissions: list[Admission] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    #: What was laid of each unit (0: of loose lengths), in mm, and has not been removed again.
    laid: dict[tuple[int, Account], int] = field(default_factory=dict)

    @classmethod
    def opened(cls, runs: Iterable[Run]) -> Book:
        """The book of a new batch, with these ascending runs in normal form."""
        return cls(runs=_joined(runs))

    def parts(self, ranges: Iterable[tuple[int, int]]) -> Iterator[Run]:
        """The runs, clipped, that lie within the ranges of units, in order. Cost: log n + what is found."""
        for first, last in ranges:
            at = bisect_left(self.runs, first, key=lambda run: run.last)
            while at < len(self.runs) and self.runs[at].first <= last:
                yield self.runs[at].clipped(first, last)
                at += 1

    def replace(self, part: Run, after: Run | None) -> None:
        """Put ``after`` (the same units, or None when nothing is left of them) where ``part`` is now."""
        at = bisect_right(self.runs, part.first, key=lambda run: run.first) - 1
        whole = self.runs[at] if at >= 0 else None
        if whole is None or whole.clipped(part.first, part.last) != part:
            raise Broken(f"the book has no run {part}")
        pieces = [
            *([whole._replace(last=part.first - 1)] if whole.first < part.first else []),
            *([after] if after is not None else []),
            *([whole._replace(first=part.last + 1)] if part.last < whole.last else []),
        ]
        left = self.runs[at - 1 : at] if at else []
        right = self.runs[at + 1 : at + 2]
        self.runs[at - len(left) : at + 1 + len(right)] = _joined([*left, *pieces, *right])

    def opinion_on(self, unit: int, project: str, day: date) -> str | None:
        """The supervisor's newest opinion on a unit for a project that had been given by that day."""
        opinions = [
            a for a in self.admissions if a.first <= unit <= a.last and a.project == project and a.on <= day
        ]
        return max(opinions, key=lambda a: (a.on, a.seq)).opinion if opinions else None

    def copy(self) -> Book:
        return Book(
            list(self.runs), dict(self.loose), list(self.admissions), list(self.holds), dict(self.laid)
        )

    def lay(self, unit: int, account: Account, length_mm: int) -> None:
        """So much more of a unit is laid at an account; less, where the length is negative."""
        left = self.laid.get((unit, account), 0) + length_mm
        if left:
            self.laid[unit, account] = left
        else:
            self.laid.pop((unit, account), None)

    def laid_at(self, unit: int, project: str) -> list[tuple[Account, int]]:
        """What is laid of a unit in a project, by whom, in a fixed order."""
        return sorted((a, mm) for (of, a), mm in self.laid.items() if of == unit and a.project == project)

    def insert(self, runs: Iterable[Run]) -> None:
        """Add runs of units that the book does not have yet."""
        self.runs = _joined(sorted((*self.runs, *runs)))


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].joins(run):
            joined[-1] = joined[-1]._replace(last=run.last)
        else:
            joined.append(run)
    return joined


# --- the whole ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class State:
    """Everything looked up for a group of drafts, as their accepted predecessors left it."""

    parties: MutableMapping[str, KnownParty | None] = field(default_factory=dict)
    certificates: MutableMapping[tuple[str, str], tuple[CertificatePeriod, ...]] = field(default_factory=dict)
    products: MutableMapping[tuple[str, str], KnownProduct | None] = field(default_factory=dict)
    projects: MutableMapping[str, KnownProject | None] = field(default_factory=dict)
    grants: MutableMapping[tuple[str, str], tuple[KnownGrant, ...]] = field(default_factory=dict)
    orders: MutableMapping[tuple[str, str], KnownOrder | None] = field(default_factory=dict)
    lots: MutableMapping[tuple[str, str], str | None] = field(default_factory=dict)
    batches: MutableMapping[str, KnownBatch | None] = field(default_factory=dict)
    documents: MutableMapping[str, KnownDocument | None] = field(default_factory=dict)
    books: MutableMapping[str, Book] = field(default_factory=dict)
    #: Whom a batch concerns (`involvement`), of every batch in ``books``.
    involved: MutableMapping[str, frozenset[str]] = field(default_factory=dict)
    keys: MutableMapping[str, KnownKey | None] = field(default_factory=dict)
    #: The same by their bytes: a public key is registered once.
    public_keys: MutableMapping[str, KnownKey | None] = field(default_factory=dict)
    goods: MutableMapping[str, KnownGoods | None] = field(default_factory=dict)
    aliases: MutableMapping[tuple[str, str], KnownAlias | None] = field(default_factory=dict)
    reserved: MutableMapping[str, KnownReserved | None] = field(default_factory=dict)
    #: Of each maker, how many reserved codes no production has named yet, by the last day on which one may.
    outstanding: MutableMapping[str, Mapping[date, int]] = field(default_factory=dict)
    printed: MutableMapping[str, tuple[PrintedRun, ...]] = field(default_factory=dict)
    submissions: MutableMapping[str, KnownSubmission | None] = field(default_factory=dict)
    suspicions: MutableMapping[str, KnownSuspicion | None] = field(default_factory=dict)
    #: What authorities did about alerts, in order, by the index of the event and the rule.
    alert_steps: MutableMapping[tuple[int, str], tuple[KnownAlertStep, ...]] = field(default_factory=dict)
    leads: MutableMapping[str, KnownLead | None] = field(default_factory=dict)
    cases: MutableMapping[str, KnownCase | None] = field(default_factory=dict)
    requests: MutableMapping[str, KnownRequest | None] = field(default_factory=dict)
    #: Samples by the event of their sampling.
    samples: MutableMapping[str, KnownSample | None] = field(default_factory=dict)
    #: What an authority has under a number of its own: (authority, ``lead``, ``case``, ``request``, ``programme`` or ``listing``, number) -> id.
    case_numbers: MutableMapping[tuple[str, str, str], str | None] = field(default_factory=dict)
    #: Who has investigated a case, by name as it is compared: looked up where a step is judged, and kept nowhere.
    investigators: MutableMapping[str, frozenset[str]] = field(default_factory=dict)
    #: The days off of years whose notice is on the ledger.
    calendars: MutableMapping[int, KnownCalendar | None] = field(default_factory=dict)
    events: MutableMapping[str, KnownEvent | None] = field(default_factory=dict)
    #: The problems of inspections that are spoken of, by the inspection's event and their number in it.
    defects: MutableMapping[tuple[str, int], KnownDefect | None] = field(default_factory=dict)
    visits: MutableMapping[str, KnownVisit | None] = field(default_factory=dict)
    sampling_plans: MutableMapping[str, KnownSamplingPlan | None] = field(default_factory=dict)
    programmes: MutableMapping[str, KnownProgramme | None] = field(default_factory=dict)
    listings: MutableMapping[str, KnownListing | None] = field(default_factory=dict)
    discipline: MutableMapping[str, KnownDiscipline | None] = field(default_factory=dict)
    #: Roots of the ledger's tree, hexadecimal, by its size: looked up where a draw is judged.
    roots: MutableMapping[int, str] = field(default_factory=dict)
    #: What was said of a batch, in order and in its newest version: only of batches where a correction needs it.
    histories: MutableMapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            {year: known.exceptions for year, known in self.calendars.items() if known is not None}
        )

    def seat(self, thing: str) -> str:
        """The region in which a party or project (``party:…``, ``project:…``) is registered, or empty text."""
        what, _, id_ = thing.partition(":")
        known = self.parties[id_] if what == "party" else self.projects[id_]
        return "" if known is None else known.region or ""
