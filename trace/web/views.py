"""What each page is given: one frozen dataclass for each template, of plain values only.

A page never computes an answer and never fetches: routes fill these, mostly with what queries answered, and
templates print them. Lengths are integer millimetres, instants aware, days civil days of Asia/Shanghai, codes
as printed. A `Text` is a sentence in both languages; a plain ``str`` is a name or number that no one translates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from ..errors import Problem, Text
from ..model.parts import Document
from ..model.state import UnitLength
from ..queries import events, registry
from ..queries.alert_row import AlertRow
from ..queries.answers import AsOf, Standing, State
from ..queries.certificates import CertificateCard
from ..queries.copper import CopperRow
from ..queries.desk import OnItsWay
from ..queries.due_certificates import DueCertificate
from ..queries.ending import Ending
from ..queries.goods import GoodsPage as GoodsReading
from ..queries.grants import AuthorityUnit, Grants, ReadingRow, Region
from ..queries.holds import HeldGoods, HoldRow
from ..queries.making import OwnProduct
from ..queries.notices import OpenNotice, Told
from ..queries.orders import OrderRow, Unordered
from ..queries.persons import Deed
from ..queries.public import Outcome, PublicChecks, PublicFacts
from ..queries.rows import BatchRow
from ..queries.scanned import Scanned
from ..queries.signing_keys import SigningKey
from ..queries.stock import StockRow
from ..queries.submissions import SubmissionPage as SubmissionReading
from ..queries.submissions import SubmissionState
from ..queries.under_way import Delivery
from ..queries.unexplained import UnexplainedRow
from ..queries.unit import UnitCard
from ..queries.versions import Change
from ..queries.whereabouts import RegionRow, UnitRow, WhereRow
from .words import Language, Where

# --- shared parts ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go; ``icon`` names a symbol, only the main navigation shows it."""

    href: str
    text: Text
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in."""

    name: str
    organisation: str
    role: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds every page. ``form_token`` guards forms; ``as_of`` is absent on an empty ledger.

    ``path`` is the current path without its query; ``language_href`` is the same page in the other language. Of a later page of a
    list, ``first_href`` and ``previous_href`` lead back.
    """

    language: Language
    path: str
    language_href: str
    version: str
    as_of: AsOf | None = None
    account: Account | None = None
    navigation: tuple[Link, ...] = ()
    menu: tuple[Link, ...] = ()
    form_token: str = ""
    first_href: str = ""
    previous_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Every page: the template that prints it and the frame around it."""

    template: ClassVar[str]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Answer:
    """The top of a page: one sentence, its reason, and up to when it is true."""

    state: State
    sentence: Text
    reason: Text
    as_of: AsOf | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter or an order: the address with it chosen (or, when chosen, without it)."""

    text: Text
    href: str
    chosen: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values."""

    text: Text
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Where in a list: counted from 1. ``total_is_capped``: there are at least ``total``; None is not counted. ``sizes``: how many
    rows a page may have."""

    first: int
    last: int
    total: int | None = None
    total_is_capped: bool = False
    first_href: str = ""
    previous_href: str = ""
    next_href: str = ""
    sizes: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """Metres in one account of the books. Only ``unexplained`` may be negative, and comes twice where it is more and less."""

    where: Where
    length_mm: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule's remark on a recorded event."""

    rule: str
    text: Text
    state: State = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that an event names, by its hash; a picture can be shown in place."""

    sha256: str
    name: str
    href: str
    size_bytes: int
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a timeline. ``correction`` is the event that replaces it, or voids it, where it is shown; ``is_struck`` also
    where it is not and what the event says holds no longer; ``correct_href`` where this reader may correct it. ``signed_with``: id of the key with which who said it signed it, and where that key is shown.

    ``persons`` are names that were disclosed to this reader, with their part in it; ``documents`` what it may open.
    """

    index: int
    kind: str
    what: Text
    at: datetime | None
    by_day: bool = False
    who: str = ""
    entered_by: str = ""
    signed_with: str = ""
    key_href: str = ""
    place: Text | None = None
    persons: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    href: str = ""
    documents: tuple[Attachment, ...] = ()
    proof_href: str = ""
    correction: Event | None = None
    is_struck: bool = False
    correct_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestItem:
    """One measured value as reported beside its limit; ``note`` says under what it was measured.

    ``standing`` follows from the limit; ``declared`` is what the report itself says of this value, if it does.
    """

    indicator: Text
    core: str
    value: str
    unit: str
    limit: str
    source: Text | None
    standing: Standing
    note: Text | None = None
    declared: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """A test report. ``standing`` follows from the values; ``declared`` is what the report itself says; ``counts`` whether it counts in law."""

    number: str
    kind: Text
    laboratory: str
    tested_on: date | None
    unit: Text | None
    standing: Standing
    declared: Standing
    items: tuple[TestItem, ...] = ()
    counts: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Work under way, counted in whatever ``unit`` says; ``seconds_left`` when it can be told."""

    title: Text
    unit: Text
    done: int
    total: int
    seconds_left: int | None
    href: str


# --- pages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    template: ClassVar[str] = "sign_in.html"
    account: str = ""
    onward: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing on the desk that waits for this account."""

    standing: Standing
    text: Text
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage(Page):
    """``work``: what this account does every day. ``warned``: whether it is shown alerts at all; ``imports``: whether it
    brings files in.

    ``held``: measures of the own authority to decide about; ``notices`` wait for an answer of the own party; ``ending``: the
    first of the own units and grants that end soon.
    ``password_changed_at``: only where that was lately, so that the owner is warned if it was somebody else. ``rights``: what this
    account may do, told where it has met nothing yet.
    """

    template: ClassVar[str] = "desk.html"
    work: tuple[Link, ...] = ()
    attention: tuple[Attention, ...] = ()
    jobs: tuple[Progress, ...] = ()
    on_their_way: tuple[OnItsWay, ...] = ()
    recent: tuple[BatchRow, ...] = ()
    newest: tuple[Event, ...] = ()
    alerts: tuple[AlertRow, ...] = ()
    warned: bool = False
    imports: bool = False
    held: tuple[HeldGoods, ...] = ()
    notices: tuple[OpenNotice, ...] = ()
    ending: tuple[Ending, ...] = ()
    password_changed_at: datetime | None = None
    rights: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A measure or recall on a batch, with what this account may decide about it."""

    hold: HoldRow
    further: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(Page):
    """``public_url`` is what the QR says. ``findings`` are all things that the answer rests on.

    ``unit`` is the drum or coil that was asked for, None where the whole batch was. ``orders`` are the two ways
    to read the timeline; ``now_href`` leads back from an earlier state of the books. ``record`` are the forms that this
    account may fill in about these goods; ``holds`` the measures and recalls on them.
    """

    template: ClassVar[str] = "batch.html"
    code: str
    lot: str
    designation: str
    product: str
    product_href: str
    standard: str
    maker: str
    maker_href: str
    produced_on: date | None
    produced_mm: int
    unit_count: int
    answer: Answer
    public_url: str
    unit: UnitCard | None = None
    findings: tuple[Standing, ...] = ()
    now_href: str = ""
    actions: tuple[Link, ...] = ()
    holdings: tuple[Holding, ...] = ()
    where: tuple[WhereRow, ...] = ()
    regions: tuple[RegionRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    unexplained: tuple[UnexplainedRow, ...] = ()
    certificate: CertificateCard | None = None
    tests: tuple[TestReport, ...] = ()
    alerts: tuple[AlertRow, ...] = ()
    events: tuple[Event, ...] = ()
    orders: tuple[Choice, ...] = ()
    event_filter: Text | None = None
    event_filter_off: str = ""
    trace_href: str = ""
    unit_at: str = "?unit="
    record: tuple[Choice, ...] = ()
    holds: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node of a trace: a party at a place. ``stays`` are the metres that did not go on; ``off_platform``: it keeps no records
    here."""

    key: str
    name: Text
    role: Text
    region: Text
    stays: tuple[Holding, ...] = ()
    href: str = ""
    off_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """An edge of a trace: metres that went from one place to another; ``off_platform``: one of the two keeps no records here."""

    source: str
    target: str
    length_mm: int
    word: Text
    off_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage(Page):
    """``batch`` as printed, "" where it is about none; ``erase_href`` where this reader may have a name erased,
    ``labels_href`` where it may print the labels of what this event made; ``told`` of the reader's own notice."""

    template: ClassVar[str] = "event.html"
    found: events.EventPage
    event: Event
    batch: str = ""
    lead_href: str = ""
    sample_href: str = ""
    erase_href: str = ""
    labels_href: str = ""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage(Page):
    """``fields``: JSON pointer and words of each personal field that can be erased; ``locked``: those that cannot."""

    template: ClassVar[str] = "erase.html"
    event: Event
    back_href: str
    fields: tuple[tuple[str, Text], ...] = ()
    locked: tuple[Text, ...] = ()
    grounds: tuple[tuple[str, Text], ...] = ()
    confirmation: tuple[tuple[str, Text], ...] = (
        ("yes", Text("我知道删除后不可恢复", "I know that this cannot be undone")),
    )
    chosen: frozenset[str] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsPage(Page):
    """``name`` empty: nobody was asked for yet."""

    template: ClassVar[str] = "persons.html"
    name: str = ""
    deeds: tuple[Deed, ...] = ()
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A cosigner and the newest size it has cosigned, with how long ago that was; None when it has not yet.

    ``contradiction``: that it holds another history; ``silent``: the last question to it brought nothing.
    """

    name: str
    size: int | None
    at: datetime | None
    age: Text | None = None
    contradiction: Text | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An entry of the ledger with where to fetch what proves it; ``event_id`` where the event itself was asked for."""

    index: int
    at: datetime
    entry_hash: str
    proof_href: str
    entry_href: str
    event_id: str = ""
    payload_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(Page):
    """``checkpoint`` is the signed note verbatim; None on a ledger without entries. ``answer``: up to where nobody can
    rewrite history unseen. ``hindered``: why nothing can be recorded just now."""

    template: ClassVar[str] = "ledger.html"
    answer: Answer
    origin: str
    vkey: str
    size: int
    root: str
    checkpoint: str | None
    hindered: Answer | None = None
    witnesses: tuple[Witness, ...] = ()
    query: str = ""
    proven: Proven | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage(Page):
    """``outcome``: no code asked yet, issued here, recalled, stated in places that do not fit, reserved for a batch to
    come, well-formed but not issued here, or typed wrong.

    ``facts`` hold no buyer, no price and no project by construction. ``alias``: the code is one of another platform
    that was registered for these goods. ``onward``: where an account that is signed in may go on from here.
    ``stated``: the place that the reader has just said, by name; ``place`` and ``place_problems``: one that was not
    understood, and why. ``asks_where``: of a code that was never issued too it may be said where goods with it are.
    """

    template: ClassVar[str] = "public.html"
    outcome: Literal["ask"] | Outcome
    code: str = ""
    facts: PublicFacts | None = None
    problems: tuple[Problem, ...] = ()
    alias: bool = False
    checks: PublicChecks | None = None
    stated: str = ""
    place: str = ""
    place_problems: tuple[Problem, ...] = ()
    asks_where: bool = False
    onward: tuple[Link, ...] = ()


# --- what people enter by hand ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form with what stands in it. ``look`` says how it is typed, ``chosen`` which boxes are ticked;
    ``options`` of a line are proposals.

    ``is_optional``: it says that it may be left out; fields of rows, which may be left out whole, do not.
    """

    name: str
    label: Text
    look: Literal["line", "code", "codes", "prose", "choose", "pick", "ticks", "tick", "day", "time"]
    value: str = ""
    hint: Text | None = None
    example: str = ""
    required: bool = False
    is_optional: bool = False
    inputmode: str = ""
    options: tuple[tuple[str, Text], ...] = ()
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRows:
    """Several rows of fields under one legend; ``name`` is where a problem with the rows as a whole stands.

    ``grows``: more of them may be asked for. ``titles``: what each row is about, where they are not alike.
    """

    name: str
    label: Text
    hint: Text | None
    rows: tuple[tuple[Field, ...], ...]
    grows: bool = False
    titles: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What speaks against recording what was typed, and may be meant nevertheless: then ``meant`` is ticked. ``there`` leads
    to what stands already."""

    problem: Problem
    meant: Text
    there: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(Page):
    """A form to fill in. ``hidden`` goes along unseen; ``grounds`` are those of the rules that refused, by their name.

    ``may_have_happened``: what was refused needs leave and may be recorded as a fact; ``may_introduce``: a name was
    typed that nobody has registered, and may be noted as a new party. ``doubt``: what stands already, to be told from what is
    typed by a tick; ``is_meant``: it is ticked.
    """

    action: str
    intro: Text
    fields: tuple[Field | FieldRows, ...]
    button: Text
    hidden: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    grounds: Mapping[str, Text] = field(default_factory=dict)
    may_have_happened: bool = False
    may_introduce: bool = False
    introduces: bool = False
    doubt: Doubt | None = None
    is_meant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducePage(FormPage):
    """A batch that was just made. What was understood of it: ``product``, ``groups`` of drums with their total.

    ``new_fields``: a product that is made for the first time, unfolded where ``is_new``; ``registered`` is the one that
    just was. ``checked``: what stands against it was asked for and is no refusal.
    """

    template: ClassVar[str] = "produce.html"
    new_fields: tuple[Field, ...]
    new_title: Text
    new_intro: Text
    new_button: Text
    is_new: bool = False
    registered: str = ""
    checked: bool = False
    product: OwnProduct | None = None
    groups: tuple[UnitLength, ...] = ()
    total_mm: int = 0
    drums: int = 0
    remark: Text | None = None
    lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of a part of a list: ``index`` and ``href`` where it was recorded, with what ``marks``; ``problems`` where it
    was refused; ``lines`` put it on a list again."""

    code: str
    printed: str
    lot: str
    designation: str
    units: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]
    loose_mm: int = 0
    index: int | None = None
    href: str = ""
    marks: tuple[Standing, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A delivery that is under way to the reader; ``fields`` say what of each batch has come, all of it at first."""

    delivery: Delivery
    fields: tuple[Field, ...]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingPage(FormPage):
    """Goods are sent, or received, by a list of codes. ``list`` is what it means; ``moved`` what was just recorded or refused.

    ``arrivals``: what is under way to the reader, to be confirmed without scanning. ``measured``: of each batch on the list,
    what its drums measured. ``may_leave_out``: codes that cannot be meant stand on the list, and the rest may be recorded
    without them.
    """

    template: ClassVar[str] = "moving.html"
    title: Text
    codes: str = ""
    list: Scanned
    moved: tuple[Moved, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    measured: tuple[Field, ...] = ()
    receives: bool = False
    may_leave_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CableOfStock:
    """What lies of one cable at one place, however it was spelled on its batches."""

    designation: str
    rows: tuple[StockRow, ...]

    @property
    def length_mm(self) -> int:
        return sum(row.length_mm for row in self.rows)

    @property
    def drums(self) -> int:
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfStock:
    """What lies at one place."""

    name: Text
    cables: tuple[CableOfStock, ...]

    @property
    def length_mm(self) -> int:
        return sum(cable.length_mm for cable in self.cables)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPage(Page):
    """The reader's own stock, and apart from it what is under way to and from it. ``is_short``: all of it may stand unfolded."""

    template: ClassVar[str] = "stock.html"
    query: str = ""
    places: tuple[PlaceOfStock, ...] = ()
    is_short: bool = False
    total_mm: int = 0
    coming: tuple[Delivery, ...] = ()
    sent: tuple[Delivery, ...] = ()
    sheet_href: str = ""
    current_to: AsOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage(Page):
    """A page of the reader's orders, and what was delivered without one. ``states`` narrow them, with their counts;
    ``is_narrowed``: by one of these, or by a word. ``kept`` goes along with another word. ``new_href``: the form of another
    order, for who may enter one. ``unordered`` is some of the ``unordered_total`` lines; all of them stand on pages of their
    own, of which this is one where ``of_unordered``."""

    template: ClassVar[str] = "orders.html"
    query: str = ""
    states: tuple[Choice, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    is_narrowed: bool = False
    orders: tuple[OrderRow, ...] = ()
    unordered: tuple[Unordered, ...] = ()
    unordered_total: int = 0
    unordered_mm: int = 0
    all_unordered_href: str = ""
    of_unordered: bool = False
    next_href: str = ""
    new_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCertificatesPage(Page):
    """Certificates that end soon or hold no more: the reader's own, and those of the goods in its stock."""

    template: ClassVar[str] = "due_certificates.html"
    due: tuple[DueCertificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """Drums or coils that may be meant, and the address of the form with them filled in."""

    row: UnitRow
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(FormPage):
    """Something is entered about goods, a party, a project, or in answer to an event.

    ``about`` names the subject, ``about_line`` says more of it, ``said`` is what is answered. ``units`` are the drums and
    coils that may be meant, with what is left on each; ``loose`` what the reader has of it in all. ``in_hand``: only goods
    in the reader's own hands can be meant. ``variants``: other forms for the same. ``attaches``: photos and papers may be added; ``attached`` has come already.
    """

    template: ClassVar[str] = "record.html"
    title: Text
    about: str
    about_line: Text
    about_href: str
    code: str = ""
    said: str = ""
    units: tuple[UnitChoice, ...] = ()
    loose: tuple[WhereRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    in_hand: bool = False
    attaches: bool = False
    attached: tuple[Document, ...] = ()
    variants: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of an event as it was recorded, and as it is to be; lines where there are several things."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPage(FormPage):
    """An event is corrected: first its newest version to change, then (``checked``) what will follow, to be confirmed.

    ``event`` is what was recorded, as the timeline tells it. ``changes``: where metres will be other than they are.
    ``recorded``: the attachments of the newest version, of which the ``dropped`` ones are left out, by their hashes;
    ``attaches`` and ``attached`` as of `RecordPage`.
    """

    template: ClassVar[str] = "correct.html"
    event: Event
    back: Link
    checked: bool = False
    is_void: bool = False
    was_void: bool = False
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    marks: tuple[Text, ...] = ()
    recorded: tuple[Attachment, ...] = ()
    dropped: frozenset[str] = frozenset()
    attaches: bool = False
    attached: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsPage(Page):
    """Uncoded goods; ``record`` as on the page of a batch. ``lend_href``: where an authority lets another read them."""

    template: ClassVar[str] = "goods.html"
    found: GoodsReading
    events: tuple[Event, ...] = ()
    record: tuple[Choice, ...] = ()
    lend_href: str = ""


# --- the public speaks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """Complaint or report: the difference in plain words, and the way to each. ``code``: the goods it is about."""

    template: ClassVar[str] = "report.html"
    code: str = ""
    complaint_href: str = ""
    report_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPage(FormPage):
    """A complaint or a report is written; ``other`` leads to the other one of the two. ``kept``: the photos that an
    earlier try has brought, each with its token. ``again``: some came and could not be kept, and must be chosen again."""

    template: ClassVar[str] = "submit.html"
    title: Text
    other: Link | None
    again: bool = False
    kept: tuple[tuple[str, Document], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage(Page):
    """A receipt number and how it stands; without ``state`` it is asked for. ``fresh``: it was given just now."""

    template: ClassVar[str] = "receipt.html"
    state: SubmissionState | None = None
    fresh: bool = False
    typed: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPage(Page):
    """A complaint or report as its authority reads it, with its photos; ``reply_href`` where it may be answered."""

    template: ClassVar[str] = "submission.html"
    found: SubmissionReading
    photos: tuple[Attachment, ...] = ()
    wants: Text | None = None
    lead_href: str = ""
    reply_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage(Page):
    """``facets`` choose one rule and how they are handled; ``explanation`` is that of the rule; ``chosen``: whether anything is."""

    template: ClassVar[str] = "alerts.html"
    alerts: tuple[AlertRow, ...] = ()
    facets: tuple[Facet, ...] = ()
    explanation: Text | None = None
    chosen: bool = False
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list of the register."""

    title: str
    href: str
    facts: tuple[Text, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage(Page):
    """One of the lists of the register; ``lists`` are all of them, ``record`` the forms that add to this one.

    Without ``action`` there is nothing to search in it by.
    """

    template: ClassVar[str] = "register.html"
    title: Text
    lists: tuple[Choice, ...]
    action: str
    query: str = ""
    entries: tuple[Entry, ...] = ()
    next_href: str = ""
    record: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPage(Page):
    """``roles`` in words; ``trace_href`` where the party makes goods, ``has_href`` where it has some, to see from where they came;
    ``may_revoke`` its signing keys."""

    template: ClassVar[str] = "party.html"
    found: registry.PartyPage
    roles: tuple[Text, ...] = ()
    trace_href: str = ""
    has_href: str = ""
    may_revoke: bool = False
    record: tuple[Choice, ...] = ()
    units: tuple[AuthorityUnit, ...] = ()
    above: tuple[registry.PartyLink, ...] = ()
    copper: tuple[CopperRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage(Page):
    template: ClassVar[str] = "product.html"
    found: registry.ProductPage
    trace_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A certificate's status on the days of a period, both included."""

    standing: Standing
    valid_from: date
    valid_to: date
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage(Page):
    """``periods``: the newest entry first; where two overlap, the newer one holds. ``trace_href`` where batches were made
    under it."""

    template: ClassVar[str] = "certificate.html"
    found: registry.CertificatePage
    periods: tuple[Period, ...] = ()
    record: tuple[Choice, ...] = ()
    trace_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage(Page):
    """A project; ``lend_href``: where an authority lets another read it, ``trace_href`` where its own readers see from where its
    cable came. ``actions`` are what its reader came for, ``goods_actions`` the same at each batch, by its code; ``record`` the forms
    that this account may fill in about the project."""

    template: ClassVar[str] = "project.html"
    found: registry.ProjectPage
    lend_href: str = ""
    trace_href: str = ""
    actions: tuple[Link, ...] = ()
    goods_actions: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    record: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    template: ClassVar[str] = "error.html"
    status: int
    title: Text
    problems: tuple[Problem, ...]
    back: Link
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    template: ClassVar[str] = "password.html"
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """An API key by its public beginning."""

    prefix: str
    label: str
    actions: tuple[Text, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_on: date
    standing: Standing
    revoke_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPage(Page):
    """``fresh_key`` is the whole secret, shown on this one answer only. ``actions``: value and word of the choices."""

    template: ClassVar[str] = "keys.html"
    keys: tuple[KeyRow, ...] = ()
    actions: tuple[tuple[str, Text], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    fresh_label: str = ""
    fresh_key: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeysPage(Page):
    """The keys of the reader's own organisation, and the form that registers one. ``example``: a public key, of the
    test vectors of RFC 8032 §7.1."""

    template: ClassVar[str] = "signing_keys.html"
    keys: tuple[SigningKey, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    example: str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsPage(Page):
    """Grants given and received, and the form for a new one. ``reads``: whether the organisation is an authority, which may
    let another read; ``lacks_region``: that it has nothing to let read until its region is registered. ``confirming``: what
    is about to be granted, in a sentence, once the form was found sound."""

    template: ClassVar[str] = "grants.html"
    found: Grants
    own: str = ""
    reads: bool = False
    lacks_region: bool = False
    kinds: tuple[tuple[str, Text], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    confirming: Text | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPage(Page):
    """The tree of an authority's units, and the form that adds or changes one (``changing``: its name). ``seat``: the region
    in which the authority is registered, with an empty code where it is in none; None of a unit, which has none of its own."""

    template: ClassVar[str] = "units.html"
    authority: str = ""
    authority_name: str = ""
    units: tuple[AuthorityUnit, ...] = ()
    seat: Region | None = None
    parents: tuple[tuple[str, Text], ...] = ()
    types: tuple[tuple[str, Text], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    changing: str = ""
    confirming: Text | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsPage(Page):
    """Who read across regions; ``officers``: names of accounts by id, as far as they are the house's."""

    template: ClassVar[str] = "reads.html"
    rows: tuple[ReadingRow, ...] = ()
    officers: Mapping[str, str] = field(default_factory=dict)
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage(Page):
    """The interactive description of the API, drawn from ``openapi_href`` with local assets."""

    template: ClassVar[str] = "api.html"
    openapi_href: str = "/openapi.json"
