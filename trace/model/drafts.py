"""Drafts: what a client says has happened, one frozen dataclass for each kind of event.

These classes are the wire model, the rule model and the OpenAPI schema at once; pydantic validates them at
the edge in strict mode. A draft is never changed after it was accepted, so every field added here must be
optional, and none may change its meaning (docs/decisions/0003-drafts-last.md).

Units are in the names: ``length_mm`` and ``mass_g`` are integers, measured values are decimal strings as
they were reported. Units of a batch (drums, coils) are named by inclusive ranges ``[[1, 40], [55, 55]]``,
sorted and disjoint. Parties are named by id or by 统一社会信用代码; both spell the same party (`party_id`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID, uuid5

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from ..clock import SHANGHAI
from ..codes.regions import region
from ..codes.trace_code import BatchCode, parse_code
from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Problem, Text, shown

_STRICT = ConfigDict(extra="forbid", strict=True)

#: Namespace of the ids that follow from what a thing is called in business (RFC 9562 §5.5).
BUSINESS_KEYS = UUID("6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10")

MAX_UNIT = 32**4 - 1
MAX_INTEGER = 2**53 - 1


# --- values ------------------------------------------------------------------------------------------


def _one_spelling(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise InputError.of(
            "wrong-input",
            "首尾不应有空白，也不应含控制字符",
            "no space at either end, no control characters",
            came=text,
        )
    return text


@lru_cache(maxsize=100_000)  # the same few parties in draft after draft, and the check digits cost
def _party_ref(text: str) -> str:
    if _UUID.fullmatch(text):
        return text
    if parse_uscc(text) != text:
        raise InputError.of(
            "wrong-uscc",
            f"统一社会信用代码请写作 {parse_uscc(text)}",
            f"write the code as {parse_uscc(text)}",
            came=text,
        )
    return text


def _region_code(code: str) -> str:
    return region(code).code


def _batch_code(text: str) -> str:
    code = parse_code(text)
    if not isinstance(code, BatchCode) or code.canonical != text:
        raise InputError.of(
            "wrong-trace-code",
            "此处应为 10 位批次追溯码，不带连字符",
            "a batch code of 10 characters without hyphens is wanted here",
            came=text,
        )
    return text


def _instant(text: str) -> str:
    if not _RFC3339.fullmatch(text):
        raise InputError.of(
            "wrong-date",
            "时间应为 RFC 3339 格式并带时区，例如 2026-05-02T08:30:00+08:00",
            "a time is RFC 3339 with an offset, such as 2026-05-02T08:30:00+08:00",
            came=text,
        )
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or not 1950 <= instant.year < 2200:
        raise InputError.of("wrong-date", "这个时间不存在", "there is no such time", came=text)
    return text


def _day(came: object) -> object:
    if not isinstance(came, str) or not _DAY.fullmatch(came):  # pydantic takes digits for seconds since 1970
        wanted = _WANTED["date_parsing"]
        raise InputError.of("wrong-date", wanted.zh, wanted.en, came=came)
    return came


def _ranges(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    before = 0
    for first, last in ranges:
        if not before < first <= last <= MAX_UNIT:
            raise InputError.of(
                "wrong-unit-range",
                f"盘号范围应从 1 到 {MAX_UNIT}，递增且不重叠",
                f"ranges of units run from 1 to {MAX_UNIT}, ascending and without overlap",
                came=[first, last],
            )
        before = last
    return ranges


def _whole_day(draft: Draft) -> Draft:
    if draft.precision == "day" and not (draft.occurred_at or "").endswith("T00:00:00+08:00"):
        raise InputError.of(
            "wrong-date",
            "只精确到日的时间应写作当日零时，例如 2026-05-02T00:00:00+08:00",
            "a time that is exact to the day is the day's beginning, such as 2026-05-02T00:00:00+08:00",
            came=draft.occurred_at or "",
            where="/occurred_at",
        )
    return draft


def _days_in_order(period: Validity) -> Validity:
    if period.valid_from > period.valid_to:
        raise InputError.of(
            "wrong-date",
            "有效期止早于有效期起",
            "the end of validity lies before its beginning",
            came=f"{period.valid_from} – {period.valid_to}",
        )
    return period


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Id = Annotated[str, StringConstraints(pattern=f"^{_UUID.pattern}$")]
PartyRef = Annotated[str, StringConstraints(min_length=18, max_length=36), AfterValidator(_party_ref)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_spelling)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_one_spelling)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
RegionCode = Annotated[str, AfterValidator(_region_code)]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Measured = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,8})?$")]
Length = Annotated[int, Field(gt=0, le=MAX_INTEGER)]
Mass = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Price = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
UnitNumber = Annotated[int, Field(ge=1, le=MAX_UNIT)]
Units = Annotated[tuple[tuple[UnitNumber, UnitNumber], ...], Field(max_length=1000), AfterValidator(_ranges)]
Instant = Annotated[str, StringConstraints(max_length=40), AfterValidator(_instant)]
Day = Annotated[date, Strict(False), BeforeValidator(_day)]
Verdict = Literal["pass", "fail", "none"]


@lru_cache(maxsize=100_000)  # every rule asks, several times a draft
def party_id(ref: str) -> str:
    """The id of the party that ``ref`` names: an id stays, a USCC gives the id that follows from it."""
    return str(uuid5(BUSINESS_KEYS, f"party:{ref}")) if is_uscc(ref) else ref


@lru_cache(maxsize=100_000)  # a draft's project is asked for by rules, effects and streams
def business_id(kind: str, *key: str) -> str:
    """The id of something known by its business key, such as a project by its keeper and number."""
    return str(uuid5(BUSINESS_KEYS, "\x1f".join((kind, *key))))


# --- parts that several kinds share -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it happened. Coordinates are decimal degrees (WGS 84) as text."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    region: RegionCode
    name: Name | None = None
    type: (
        Literal[
            "factory", "warehouse", "shop", "market", "rural-market", "site", "laboratory", "office", "other"
        ]
        | None
    ) = None
    longitude: Measured | None = None
    latitude: Measured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A responsible person 责任人 (质量终身责任): personal data, on the ledger as a salted commitment only."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    role: Literal[
        "inspector", "operator", "acceptor", "engineer", "witness", "sampler", "tester", "keeper", "other"
    ]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_spelling)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An attachment, named by the SHA-256 of its bytes."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    sha256: Sha256
    name: Name
    media_type: Annotated[
        str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+$")
    ]
    size: Annotated[int, Field(ge=0, le=MAX_INTEGER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """A period of whole days in Asia/Shanghai, both ends included."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    valid_from: Day
    valid_to: Day


# --- subjects -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    party: PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRef:
    """A certificate by holder and number: a number alone can be claimed by anybody."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    holder: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    certificate: CertificateRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRef:
    """A product by its maker and the maker's own number for it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    maker: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    product: ProductRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRef:
    """A project by the party that keeps its record and that party's number for it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    keeper: PartyRef
    number: Number

    @property
    def id(self) -> str:
        return business_id("project", party_id(self.keeper), self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    project: ProjectRef


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRef:
    """An order by the party that keeps it and its number there."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    keeper: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    order: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRef:
    """Who lets whom."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    grantor: PartyRef
    grantee: PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    grant: GrantRef


def _named_once(ref: BatchRef) -> BatchRef:
    if (ref.code is None) == (ref.lot is None) or (ref.lot is None) != (ref.maker is None):
        raise InputError.of(
            "wrong-input",
            "批次应写追溯码 code，或同时写生产企业 maker 与批号 lot",
            "name a batch by its code, or by maker and lot together",
        )
    return ref


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRef:
    """A batch by its trace code, or by maker and lot number."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    code: Annotated[str, AfterValidator(_batch_code)] | None = None
    maker: PartyRef | None = None
    lot: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSubject:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    batch: Annotated[BatchRef, AfterValidator(_named_once)]


# --- bodies -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """备案：参与方. Whoever another party merely names is unconfirmed until it registers itself."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    roles: Annotated[tuple[PartyRole, ...], Field(max_length=12)] = ()
    uscc: Annotated[str, AfterValidator(parse_uscc)] | None = None
    cma: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    region: RegionCode | None = None
    address: Name | None = None


PartyRole = Literal[
    "manufacturer", "distributor", "contractor", "owner", "supervisor", "laboratory", "regulator",
    "department", "certifier", "association", "operator",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """备案：证书. One event for each period of validity or change of status."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    type: Literal["ccc", "licence"]
    validity: Annotated[Validity, AfterValidator(_days_in_order)]
    status: Literal["valid", "suspended", "withdrawn", "cancelled"] = "valid"
    issuer: Name | None = None
    covers: Annotated[tuple[Name, ...], Field(max_length=200)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """备案：产品. ``designation`` as printed; it must be a cable (domain: 型号规格)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    designation: Name
    standard: Name | None = None
    certificate: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """备案：项目."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    region: RegionCode
    owner: PartyRef | None = None
    contractor: PartyRef | None = None
    supervisor: PartyRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """备案：签名公钥. Base64 of the 32 bytes of an Ed25519 public key."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    algorithm: Literal["ed25519"]
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    validity: Annotated[Validity, AfterValidator(_days_in_order)]
    owner: PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """备案：授权（代录）. The grantee may enter events of these kinds for the grantor."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=40)]
    validity: Annotated[Validity, AfterValidator(_days_in_order)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """One line of an order. The price is restricted: only its parties and the regulator see it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    designation: Name
    length_mm: Length
    price_fen_per_metre: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """合同/订单/供货单: what was ordered, to be compared with what came."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    supplier: PartyRef
    buyer: PartyRef
    items: Annotated[tuple[OrderItem, ...], Field(min_length=1, max_length=200)]
    project: ProjectRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitGroup:
    """Drums or coils of one length, numbered from ``first`` to ``last``; marks are on the printed scale."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    first: UnitNumber
    last: UnitNumber
    length_mm: Length
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLot:
    """A lot of raw material that went in; ``mass_g`` grams, where it was weighed."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    material: Literal["copper", "aluminium", "aluminium-alloy", "compound", "other"]
    lot: Number | None = None
    mass_g: Mass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """生产. ``length_mm`` is the whole batch: its units together with ``loose_mm``, metres on no drum of their own."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TestItem:
    """One measured value as reported, with the verdict that the laboratory declared."""

    __test__: ClassVar[bool] = False  # pytest would collect it by its name
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    indicator: Name
    value: Measured
    unit: Name
    core: Name | None = None
    method: Name | None = None
    temperature_celsius: Measured | None = None
    declared: Verdict = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """检测: one report about one batch; ``sampled_unit`` the drum or coil that the sample came from."""

    __test__: ClassVar[bool] = False
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    type: Literal["factory", "commissioned", "witnessed", "supervision", "quick", "retest"]
    report: Number
    items: Annotated[tuple[TestItem, ...], Field(min_length=1, max_length=300)]
    sampled_unit: UnitNumber | None = None
    sampling: Number | None = None
    cma: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    conclusion: Verdict = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """发货. Either units, or a loose length; ``region`` is where the goods go."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    to: PartyRef
    region: RegionCode
    units: Units = ()
    length_mm: Length | None = None
    delivery_note: Number | None = None
    carrier: Name | None = None
    price_fen_per_metre: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """收货: an observation. With ``project`` the goods came to a site, else to the receiver's store."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    sender: PartyRef | None = None
    units: Units = ()
    length_mm: Length | None = None
    delivery_note: Number | None = None
    project: ProjectRef | None = None
    differences: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The length of one unit as somebody measured it: evidence, not a posting."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    unit: UnitNumber
    length_mm: Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """验收 at the site."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    project: ProjectRef
    number: Number
    units: Units
    opinion: Literal["admit", "reject", "await-test"]
    seal: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """使用: metres laid into a circuit of a project."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    project: ProjectRef
    number: Number
    length_mm: Length
    unit: UnitNumber | None = None
    circuit: Name | None = None
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """抽样. A length is cut from wherever the unit is; a seal without a length cuts nothing."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    type: Literal["witnessed", "supervision", "commissioned", "other"]
    number: Number
    unit: UnitNumber
    length_mm: Length | None = None
    reserve_mm: Length | None = None
    seal: Number | None = None
    lot_size_mm: Length | None = None
    plan: Name | None = None
    level: Literal["nation", "province", "city", "county"] | None = None
    authority: PartyRef | None = None


# --- drafts -------------------------------------------------------------------------------------------

Kind = Literal[
    "party", "certificate", "product", "project", "key", "grant", "order", "production", "testing",
    "dispatch", "receipt", "acceptance", "supervision", "use", "sampling",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What every kind has. Subclasses add ``kind``, ``subject`` and ``body``.

    ``entered_for``: the party whose statement this is, when another party enters it (代录). ``ask``: true says
    "may I?", false "it has happened". ``occurred_at``: RFC 3339 with offset; with precision ``day`` it is the
    day's beginning in Asia/Shanghai.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Id
    kind: str
    subject: Any
    body: Any
    occurred_at: Instant | None = None
    precision: Literal["day"] | None = None
    place: Place | None = None
    by: Annotated[tuple[Person, ...], Field(max_length=20)] = ()
    ask: bool = False
    entered_for: PartyRef | None = None
    documents: Annotated[tuple[Document, ...], Field(max_length=50)] = ()

    @property
    def occurred(self) -> datetime | None:
        return None if self.occurred_at is None else datetime.fromisoformat(self.occurred_at)

    @property
    def occurred_on(self) -> date | None:
        """The civil day in Asia/Shanghai on which certificates and measures are judged."""
        return None if self.occurred_at is None else _day_of(self.occurred_at)


@lru_cache(maxsize=10_000)  # several rules ask, and drafts come by the day
def _day_of(instant: str) -> date:
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDraft(Draft):
    kind: Literal["party"]
    subject: PartySubject
    body: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDraft(Draft):
    kind: Literal["certificate"]
    subject: CertificateSubject
    body: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft(Draft):
    kind: Literal["product"]
    subject: ProductSubject
    body: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDraft(Draft):
    kind: Literal["project"]
    subject: ProjectSubject
    body: Project


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDraft(Draft):
    kind: Literal["key"]
    subject: KeySubject
    body: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDraft(Draft):
    kind: Literal["grant"]
    subject: GrantSubject
    body: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft(Draft):
    kind: Literal["order"]
    subject: OrderSubject
    body: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDraft(Draft):
    """A draft about a batch: these need to say when it happened."""

    subject: BatchSubject
    occurred_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionDraft(BatchDraft):
    kind: Literal["production"]
    body: Production


@dataclass(frozen=True, slots=True, kw_only=True)
class TestingDraft(BatchDraft):
    __test__: ClassVar[bool] = False
    kind: Literal["testing"]
    body: Testing


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchDraft(BatchDraft):
    kind: Literal["dispatch"]
    body: Dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDraft(BatchDraft):
    kind: Literal["receipt"]
    body: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceDraft(BatchDraft):
    kind: Literal["acceptance"]
    body: Acceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionDraft(BatchDraft):
    kind: Literal["supervision"]
    body: Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDraft(BatchDraft):
    kind: Literal["use"]
    body: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingDraft(BatchDraft):
    kind: Literal["sampling"]
    body: Sampling


AnyDraft = Annotated[
    PartyDraft | CertificateDraft | ProductDraft | ProjectDraft | KeyDraft | GrantDraft | OrderDraft
    | ProductionDraft | TestingDraft | DispatchDraft | ReceiptDraft | AcceptanceDraft | SupervisionDraft
    | UseDraft | SamplingDraft,
    Field(discriminator="kind"),
    AfterValidator(_whole_day),
]  # fmt: skip

#: Kinds of event with their Chinese names, in the order in which a batch usually meets them.
KINDS: Mapping[str, Text] = {
    "party": Text("参与方备案", "party"),
    "certificate": Text("证书备案", "certificate"),
    "product": Text("产品备案", "product"),
    "project": Text("项目备案", "project"),
    "key": Text("公钥备案", "key"),
    "grant": Text("授权", "grant"),
    "order": Text("订单", "order"),
    "production": Text("生产", "production"),
    "testing": Text("检测", "testing"),
    "dispatch": Text("发货", "dispatch"),
    "receipt": Text("收货", "receipt"),
    "acceptance": Text("验收", "acceptance"),
    "supervision": Text("监理", "supervision"),
    "use": Text("使用", "use"),
    "sampling": Text("抽样", "sampling"),
}


@cache
def draft_adapter() -> TypeAdapter[Any]:
    """The validator of all kinds; built once, on first use."""
    return TypeAdapter(AnyDraft)


def parse_draft(data: bytes) -> Draft:
    """Read canonical JSON bytes as a draft. Raises InputError with every problem found, located by pointer."""
    try:
        draft: Draft = draft_adapter().validate_json(data)
    except ValidationError as error:
        raise InputError(*_problems_of(error)) from None
    return draft


#: What pydantic found, in our words; the braces are filled from its context.
_WANTED: Mapping[str, Text] = {
    "missing": Text("缺少必填项", "this member is required"),
    "unexpected_keyword_argument": Text("没有这个字段", "there is no such member"),
    "union_tag_not_found": Text("缺少事件类型 kind", "the member kind is required"),
    "string_type": Text("应为文字", "text is wanted"),
    "int_type": Text("应为整数", "an integer is wanted"),
    "bool_type": Text("应为 true 或 false", "true or false is wanted"),
    "tuple_type": Text("应为数组", "an array is wanted"),
    "dataclass_type": Text("应为对象", "an object is wanted"),
    "dict_type": Text("应为对象", "an object is wanted"),
    "string_too_short": Text("至少应有 {min_length} 个字符", "at least {min_length} characters are wanted"),
    "string_too_long": Text("最多 {max_length} 个字符", "at most {max_length} characters are taken"),
    "string_pattern_mismatch": Text("写法不符，应为 {pattern}", "the form {pattern} is wanted"),
    "too_short": Text("至少应有 {min_length} 项", "at least {min_length} items are wanted"),
    "too_long": Text("最多 {max_length} 项", "at most {max_length} items are taken"),
    "greater_than": Text("应大于 {gt}", "more than {gt} is wanted"),
    "greater_than_equal": Text("不应小于 {ge}", "at least {ge} is wanted"),
    "less_than_equal": Text("不应大于 {le}", "at most {le} is taken"),
    "literal_error": Text("应为下列之一：{expected}", "one of these is wanted: {expected}"),
    "date_parsing": Text("应为日期，例如 2026-05-02", "a date is wanted, such as 2026-05-02"),
    "date_from_datetime_parsing": Text("应为日期，例如 2026-05-02", "a date is wanted, such as 2026-05-02"),
}


def _problems_of(error: ValidationError) -> list[Problem]:
    problems: list[Problem] = []
    errors = error.errors(include_url=False)
    for found in errors:
        if found["type"] == "too_short" and any(
            other["loc"][: len(found["loc"])] == found["loc"] and other is not found for other in errors
        ):
            continue  # pydantic does not count items that are wrong themselves
        place = found["loc"][1:] if found["loc"] and found["loc"][0] in KINDS else found["loc"]
        where = "".join(f"/{_pointer_token(step)}" for step in place)
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, InputError):
            problems.extend(cause.at(where).problems)
        elif found["type"] == "union_tag_invalid":
            kind = found["ctx"]["tag"]
            detail = Text(f"没有「{shown(kind)}」这种事件", f"there is no kind of event {shown(kind)!r}")
            problems.append(Problem("unknown-kind", detail, where="/kind", came=shown(kind)))
        else:
            came = "" if found["type"] in ("missing", "union_tag_not_found") else shown(found["input"])
            code = "wrong-date" if found["type"].startswith("date_") else "wrong-input"
            problems.append(
                Problem(code, _wanted(found["type"], found.get("ctx", {})), where=where, came=came)
            )
    return problems


def _wanted(type_: str, context: Mapping[str, Any]) -> Text:
    wanted = _WANTED.get(type_, Text("不符合要求", "this is not what is wanted"))
    listed = str(context.get("expected", "")).replace(" or ", ", ")
    return Text(
        wanted.zh.format_map({**context, "expected": listed.replace(", ", "、")}),
        wanted.en.format_map({**context, "expected": listed}),
    )


def _pointer_token(step: str | int) -> str:
    """A member name as a JSON pointer writes it (RFC 6901 §3); a name from outside may be long and strange."""
    return shown(str(step)).replace("~", "~0").replace("/", "~1")
