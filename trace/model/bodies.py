"""What each kind of event says beyond time and place: one frozen dataclass a kind, as it stands in the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from ..codes.uscc import parse_uscc
from ..errors import InputError
from .bodies_of_inspecting import MOST_DEFECTS, Defect
from .certificate_scope import Scope
from .kinds import Kind
from .parts import Goods, NamedBatch, PartOf, Period, ProjectRef, Reads
from .possession import possession_statement, proves_possession
from .values import (
    MAX_INTEGER,
    STRICT,
    Code,
    Day,
    Id,
    Instant,
    Length,
    Mass,
    Measured,
    Name,
    Number,
    PartyRef,
    PersonalName,
    Phone,
    Price,
    Prose,
    RegionCode,
    UnitNumber,
    Units,
    Verdict,
    of_what_is_said,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """备案：参与方. Whoever another party merely names is unconfirmed until it registers itself.

    ``part_of`` makes it a unit of an authority; left out, it stays what it was.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Name
    roles: Annotated[tuple[PartyRole, ...], Field(max_length=12)] = ()
    uscc: Annotated[str, AfterValidator(parse_uscc)] | None = None
    cma: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    region: RegionCode | None = None
    address: Name | None = None
    part_of: PartOf | None = None


PartyRole = Literal[
    "manufacturer", "distributor", "contractor", "owner", "supervisor", "laboratory", "regulator",
    "department", "key-user", "certifier", "association", "clerk", "witness", "auditor", "operator",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """备案：证书. One event for each period of validity or change of status.

    Of a laboratory's accreditation (资质认定, ``cma``) ``covers`` lists the indicators that it may report; of a product's
    certificate ``scope`` says which cables. Who issued it is an organisation of the register (``issued_by``; left out, it stays
    whom an earlier event named) or, where there is none, a name in words (``issuer``).
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    type: Literal["ccc", "licence", "cma"]
    validity: Period
    status: Literal["valid", "suspended", "withdrawn", "cancelled"] = "valid"
    issuer: Name | None = None
    issued_by: PartyRef | None = None
    covers: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """备案：产品. ``designation`` as printed; it must be a cable (domain: 型号规格)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Name
    designation: Name
    standard: Name | None = None
    certificate: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """备案：项目."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Name
    region: RegionCode
    owner: PartyRef | None = None
    contractor: PartyRef | None = None
    supervisor: PartyRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """备案：签名公钥. Base64 of the 32 bytes of an Ed25519 public key; ``revoked`` takes it back from then on.

    ``possession``: a signature by this key over the statement of `possession`, 64 bytes in base64. Keys registered before
    there was such a thing have none.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    algorithm: Literal["ed25519"]
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    validity: Period
    owner: PartyRef
    revoked: bool = False
    possession: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")] | None = None

    def has_proof(self, *, origin: str, key: str, event: str) -> bool:
        """Whether the proof of possession is there and fits this ledger, key and event."""
        if self.possession is None:
            return False
        try:
            statement = possession_statement(origin=origin, owner=self.owner, key=key, event=event)
        except ValueError:  # a ledger whose name was changed to what no ledger is called
            return False
        return proves_possession(self.public_key, self.possession, statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """备案：授权. The grantee may enter events of these ``kinds`` for the grantor (代录), and may read what one authority
    lets another read (``reads``), each as far as the grantor has it itself; of reading the ``ground`` is said, or the
    number of the ``case``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    kinds: Annotated[tuple[Kind, ...], Field(max_length=40)] = ()
    validity: Period
    reads: Reads | None = None
    ground: Prose | None = None
    case: Number | None = None


def something_granted(grant: Grant) -> Grant:
    """Raises InputError for a grant of nothing, and for one of reading without a ground."""
    reads = grant.reads
    if not grant.kinds and reads is None:
        raise InputError.of(
            "wrong-input",
            "请写明授权代录的事件类型 kinds，或授权查阅的内容 reads",
            "a grant names kinds of event to enter, or what may be read",
            where="/kinds",
        )
    if reads == Reads():
        raise InputError.of(
            "wrong-input",
            "请写明授权查阅的批次、无码货物、项目、地区或单位",
            "name the batches, goods, projects, regions or parties that may be read",
            where="/reads",
        )
    if reads is not None and grant.ground is None and grant.case is None:
        raise InputError.of(
            "wrong-input",
            "授权查阅应写明依据 ground，或案号 case",
            "a grant of reading says its ground, or the number of its case",
            where="/ground",
        )
    return grant


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """One line of an order. The price is restricted: only those whom the order concerns see it (`involvement`).

    ``due`` 交货期: the last day on which it was to be delivered, where one was agreed.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    designation: Name
    length_mm: Length
    price_fen_per_metre: Price | None = None
    due: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """合同/订单/供货单: what was ordered, to be compared with what came."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    supplier: PartyRef
    buyer: PartyRef
    items: Annotated[tuple[OrderItem, ...], Field(min_length=1, max_length=200)]
    project: ProjectRef | None = None


#: Batch codes in one reservation: its event holds them all.
MOST_RESERVED = 1_000
#: Of each label in one printing.
MOST_COPIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """预留码: batch codes for productions to come, minted by the server. Blank labels of each may be printed for the
    ``units`` 1 to so many; a production that began until ``valid_to`` may name one and gets exactly it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    count: Annotated[int, Field(ge=1, le=MOST_RESERVED)]
    units: UnitNumber
    valid_to: Day
    note: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitGroup:
    """Drums or coils of one length, numbered from ``first`` to ``last``; marks are on the printed scale."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    first: UnitNumber
    last: UnitNumber
    length_mm: Length
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLot:
    """A lot of raw material that went in; ``mass_g`` grams, where it was weighed."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    material: Literal["copper", "aluminium", "aluminium-alloy", "compound", "other"]
    lot: Number | None = None
    mass_g: Mass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """生产. ``length_mm`` is the whole batch: its units together with ``loose_mm``, metres on no drum of their own.

    ``code``: one that was reserved for it (`Reservation`); without, a new one is minted.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    product: Number
    length_mm: Length
    units: Annotated[tuple[UnitGroup, ...], Field(max_length=1000)] = ()
    loose_mm: Length | None = None
    designation: Name | None = None
    line: Name | None = None
    shift: Name | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    materials: Annotated[tuple[MaterialLot, ...], Field(max_length=100)] = ()
    code: Code | None = None

    @property
    def copper_g(self) -> int | None:
        """Grams of copper that went in; None if none was named, or a lot of it was not weighed."""
        masses = [lot.mass_g for lot in self.materials if lot.material == "copper"]
        weighed = [mass for mass in masses if mass is not None]
        return sum(weighed) if masses and len(weighed) == len(masses) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """打印标签: the maker had labels of these units printed, ``copies`` of each. ``reason``: why of units that have had
    some before; ``other`` is told in ``note``. ``output``: what was handed out, labels or a list of codes."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    units: Annotated[Units, Field(min_length=1)]
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1
    output: Literal["labels", "codes"] = "labels"
    reason: Literal["damaged", "lost", "misprint", "other"] | None = None
    note: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestItem:
    """One measured value as reported, with the verdict that the laboratory declared. ``uncertainty``: of the value, in its unit."""

    __test__: ClassVar[bool] = False  # pytest would collect it by its name
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    indicator: Name
    value: Measured
    unit: Name
    core: Name | None = None
    method: Name | None = None
    temperature_celsius: Measured | None = None
    declared: Verdict = "none"
    uncertainty: Measured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """检测: one report about one batch; ``sampled_unit`` the drum or coil that the sample came from, ``instrument`` of a quick test."""

    __test__: ClassVar[bool] = False
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    type: Literal["factory", "commissioned", "witnessed", "supervision", "quick", "retest"]
    report: Number
    items: Annotated[tuple[TestItem, ...], Field(min_length=1, max_length=300)]
    sampled_unit: UnitNumber | None = None
    sampling: Number | None = None
    cma: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    conclusion: Verdict = "none"
    instrument: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """发货. Either units, or a loose length; ``region`` is where the goods go.

    ``order``: the number of the order that it fulfils, as the sender or the receiver keeps it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    to: PartyRef
    region: RegionCode
    units: Units = ()
    length_mm: Length | None = None
    delivery_note: Number | None = None
    carrier: Name | None = None
    price_fen_per_metre: Price | None = None
    order: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The length of one unit as somebody measured it: evidence, not a posting."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    unit: UnitNumber
    length_mm: Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """收货: an observation. With ``project`` the goods came to a site, else to the receiver's store.

    ``measurements``: drums as the receiver measured them (docs/decisions/0017).
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    sender: PartyRef | None = None
    units: Units = ()
    length_mm: Length | None = None
    delivery_note: Number | None = None
    project: ProjectRef | None = None
    differences: Prose | None = None
    measurements: Annotated[tuple[Measurement, ...], Field(max_length=1000)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """验收 at the site."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    project: ProjectRef
    number: Number
    units: Units
    result: Literal["accept", "reject"]
    delivery_note: Number | None = None
    measurements: Annotated[tuple[Measurement, ...], Field(max_length=1000)] = ()
    papers: Literal["complete", "incomplete", "none"] | None = None
    appearance: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """监理: the engineer's opinion; nothing is laid before it is ``admit`` (建设工程质量管理条例 第三十七条)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    project: ProjectRef
    number: Number
    units: Units
    opinion: Literal["admit", "reject", "await-test"]
    seal: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """使用: metres laid into a circuit of a project; or, ``removed``, taken out of it again 拆除 and scrapped there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    project: ProjectRef
    number: Number
    length_mm: Length
    unit: UnitNumber | None = None
    circuit: Name | None = None
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """抽样. A length is cut from wherever the unit is; a seal without a length cuts nothing.

    ``seal`` binds the sample and its reserve, not the stock that they were cut from. Uncoded goods have no unit.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    type: Literal["witnessed", "supervision", "commissioned", "other"]
    number: Number
    unit: UnitNumber | None = None
    length_mm: Length | None = None
    reserve_mm: Length | None = None
    seal: Number | None = None
    lot_size_mm: Length | None = None
    plan: Name | None = None
    level: Literal["nation", "province", "city", "county"] | None = None
    authority: PartyRef | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a drum was cut into: a new unit number, its length, and where its printed marks begin."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    unit: UnitNumber
    length_mm: Length
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """分切: pieces with numbers of their own are cut off a unit; what is neither piece nor scrap stays on it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    unit: UnitNumber
    pieces: Annotated[tuple[Piece, ...], Field(min_length=1, max_length=200)]
    scrap_mm: Length | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """退货: the holder sends goods back. Either units, or a loose length; ``region`` is where they go."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    to: PartyRef
    region: RegionCode
    reason: Literal["recall", "quality", "surplus", "wrong-goods", "other"]
    units: Units = ()
    length_mm: Length | None = None
    delivery_note: Number | None = None
    note: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """报废. Whole ``units``, or ``length_mm`` of one ``unit``, or a loose length."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    reason: Literal["recall", "quality", "damage", "offcut", "decision", "other"]
    units: Units = ()
    unit: UnitNumber | None = None
    length_mm: Length | None = None
    number: Number | None = None
    note: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """零售: to somebody who keeps no books here; the metres leave the chain, and the hole has a name.

    Whole ``units``, or ``length_mm`` of one ``unit``, or a loose length. A buyer is never named.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    buyer: Literal["household", "business", "unknown"]
    units: Units = ()
    unit: UnitNumber | None = None
    length_mm: Length | None = None
    number: Number | None = None
    price_fen_per_metre: Price | None = None


# --- what authorities and the public say ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line of a checklist 检查表; ``code``: of the item in the list that the inspection names."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    item: Name
    result: Literal["pass", "fail", "not-applicable"]
    note: Prose | None = None
    code: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """检查: what officers found at a party, of goods, or at a project; ``due`` is the day to put it right by.

    ``form``: the version of the checklist that ``checklist`` answers (`checklists`). ``defects`` are followed up one by one.
    ``plan``: the event by which the visit was planned.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    type: Literal["routine", "unannounced", "complaint", "recheck", "site", "other"]
    number: Number
    result: Literal["no-problem", "rectify", "case"]
    checklist: Annotated[tuple[CheckItem, ...], Field(max_length=200)] = ()
    findings: Prose | None = None
    rectification: Prose | None = None
    due: date | None = None
    units: Units = ()
    goods: Goods | None = None
    form: Number | None = None
    defects: Annotated[tuple[Defect, ...], Field(max_length=MOST_DEFECTS)] = ()
    plan: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """行政强制措施: three laws kept apart (市场监督管理行政处罚程序规定 第三十三至四十二条).

    ``register`` 先行登记保存 lapses by itself after 7 working days; ``seal`` 查封 and ``seize`` 扣押 run 30 days, once
    extended (``extend``) by at most 30, without the days of a test (``test``), and end by a decision: ``release``
    解除 or ``confiscate`` 没收. Custody and metres move on ``seize`` and ``confiscate``.

    It is of the ``units`` named, of a loose ``length_mm``, or of the whole batch: of all that is with the party
    ``against``, if one is named. ``extend``, ``test`` and ``release`` name the measure that they are about by its
    number (``of``); the others may, and then take its place.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    action: Literal["register", "seal", "seize", "extend", "test", "release", "confiscate"]
    number: Number
    of: Number | None = None
    against: PartyRef | None = None
    units: Units = ()
    length_mm: Length | None = None
    days: Annotated[int, Field(ge=1, le=365)] | None = None
    legal_basis: Prose | None = None
    reason: Prose | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """召回 of units, or of the whole batch where none are named; ``ordered`` by an authority (责令召回) or not."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    phase: Literal["begin", "end"] = "begin"
    reason: Prose
    remedy: Literal["return", "replace", "refund", "repair", "destroy", "stop-use", "other"]
    units: Units = ()
    ordered: bool = False
    instructions: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """通报: an authority tells parties, and the projects of theirs that it concerns, what they must know."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    recipients: Annotated[tuple[PartyRef, ...], Field(min_length=1, max_length=200)]
    text: Prose
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=200)] = ()
    units: Units = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReply:
    """处置反馈: what was done about a notice, a complaint or a report."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    action: Literal[
        "none-found", "under-watch", "use-stopped", "replaced", "removed", "returned",
        "accepted", "not-accepted", "mediated", "transferred", "closed", "other",
    ]  # fmt: skip
    text: Prose
    number: Number | None = None
    length_mm: Length | None = None


def _none_or_metres(reply: NoticeReply) -> NoticeReply:
    if reply.action == "none-found" and reply.length_mm is not None:
        raise InputError.of(
            "wrong-input",
            "未发现涉及货物，就没有涉及的长度",
            "where no such goods were found there are no metres of them",
            came=reply.length_mm,
            where="/length_mm",
        )
    return reply


Reply = Annotated[NoticeReply, of_what_is_said(_none_or_metres)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """Who complains or reports: personal data, on the ledger as salted commitments only."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: PersonalName
    phone: Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """投诉: a consumer's own dispute, to be mediated; it needs a name and a phone number."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    text: Prose
    complainant: Complainant
    wants: Literal["refund", "replacement", "repair", "compensation", "other"]
    unit: UnitNumber | None = None
    against: PartyRef | None = None
    against_name: Name | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """举报: anybody's hint at an offence, to be looked into; it may be anonymous."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    text: Prose
    complainant: Complainant | None = None
    unit: UnitNumber | None = None
    against: PartyRef | None = None
    against_name: Name | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlace:
    """A coarse region in which ``phones`` said that they had the goods before them, from hour to hour."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    region: RegionCode
    first: Instant
    last: Instant
    phones: Annotated[int, Field(ge=1, le=MAX_INTEGER)]


#: Rules over the checks of codes, by which the machine alone says that something may be wrong.
CheckRule = Literal[
    "places-apart",
    "checked-after-use",
    "many-regions",
    "crowd-in-one-place",
    "crowd-after-use",
    "false-codes",
    "false-codes-here",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """预警 from the checks of codes, which are no facts of the ledger: what one rule, in this version, has found.

    ``unit`` where it is about one drum, under whose code people said to have goods before them at the places ``seen``;
    else ``codes`` counts different codes that were never issued: of the maker's product, or such as people said to have on
    goods before them at the one place ``seen``. ``regions``: those of the maker,
    of whoever has or had the goods, and of the places. Nobody who checked is in it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    rule: CheckRule
    version: Annotated[int, Field(ge=1, le=1000)]
    maker: PartyRef
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=100)] = ()
    unit: UnitNumber | None = None
    seen: Annotated[tuple[SeenPlace, ...], Field(max_length=50)] = ()
    codes: Annotated[int, Field(ge=1, le=MAX_INTEGER)] | None = None
    mistyped: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
    since: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFinding:
    """预警核查: what an authority found out about an alert, and where (the draft's place)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    result: Literal["confirmed", "dismissed"]
    text: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """确认: a regulator confirms a party that others merely named, or a maker says whether goods are its own."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    result: Literal["confirmed", "denied"]
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """同一标识: another code for the subject, or what it turned out to be. Exactly one of the three.

    ``code`` with its ``scheme``; ``party``, for a party without a credit code that is known by now; ``batch``, for
    uncoded goods whose batch is known by now.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    scheme: Literal["gs1", "ecode", "national", "maker", "legacy"] | None = None
    code: Number | None = None
    party: PartyRef | None = None
    batch: NamedBatch | None = None
    unit: UnitNumber | None = None
    ground: Prose | None = None


# --- what is said about events --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """更正: the event's complete right version, or that it should never have been said (``void``).

    ``of``: the newest version, if the event was corrected before: the id of its last correction. ``right`` is the
    body of the event's own kind. The correction's time, place, persons and documents are those of
    the right version too; kind, subject and id of the event stay.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    reason: Prose
    of: Id | None = None
    void: bool = False
    right: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """删敏: the clear text of personal data of an event is destroyed; the commitments on the ledger stay."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    pointers: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=60, pattern=r"^(/[a-z0-9]+)+$")], ...],
        Field(min_length=1, max_length=50),
    ]
    ground: Literal["consent-withdrawn", "purpose-achieved", "unlawful", "court", "other"]
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """跨区查阅: an officer looked at another region's records on a day, however often, on what ground, in which case.

    ``grant`` is the id of the event by which ``grantor`` let it be read. The service writes it before the answer leaves.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    day: date
    ground: Prose
    case: Number | None = None
    grantor: PartyRef | None = None
    grant: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many events were taken, and the SHA-256 over their digests in the order of the ledger."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    count: Annotated[int, Field(ge=1, le=1_000_000)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """取证声明: an authority takes evidence of a batch, or of a case or lead of its own; on what ground 案由, in which case.

    ``whole``: the whole history is taken, and the server puts beside the draft which event was the last of it
    (``server.assigned.head``), so that one left out of what was taken shows. Where only what is open to the authority is
    taken, ``taken`` says what that was. ``as_of``: the size of an earlier checkpoint, if what is taken is the history as the
    ledger of that size had it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    ground: Prose
    case: Number | None = None
    whole: bool = False
    taken: Taken | None = None
    as_of: Annotated[int | None, Field(ge=1, le=MAX_INTEGER)] = None


def whole_or_taken(statement: Statement) -> Statement:
    """Raises InputError unless it says one of the two."""
    if statement.whole == (statement.taken is not None):
        raise InputError.of(
            "wrong-input",
            "取证声明应写明提取全部历史 whole，或提取了哪些事件 taken，二者取一",
            "a statement says that the whole history is taken, or which events were: one of the two",
            where="/whole",
        )
    return statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """放假安排: what the State Council's notice for a year changes about the plain week. The newest for a year holds."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    notice: Number
    off: Annotated[tuple[Day, ...], Field(min_length=1, max_length=60)]
    worked: Annotated[tuple[Day, ...], Field(max_length=60)] = ()
