"""Drafts: what a client says has happened, one frozen dataclass for each kind of event.

These classes are the wire model, the rule model and the OpenAPI schema at once; pydantic validates them at
the edge in strict mode. A draft is never changed after it was accepted, so every field added here must be
optional, and none may change its meaning (docs/decisions/0003-drafts-last.md).

Units are in the names: ``length_mm`` and ``mass_g`` are integers, measured values are decimal strings as
they were reported. Units of a batch (drums, coils) are named by inclusive ranges ``[[1, 40], [55, 55]]``,
sorted and disjoint. Parties are named by id or by 统一社会信用代码; both spell the same party (`party_id`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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


def usual_key_id(public_key: str) -> str:
    """The id under which a signing key is registered when nobody chose another: it follows from the public key."""
    return business_id("key", public_key)


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
        "inspector",
        "operator",
        "acceptor",
        "engineer",
        "witness",
        "sampler",
        "tester",
        "keeper",
        "officer",
        "other",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Uncoded goods 无码货物 as they were found: what is printed on them, whose they are said to be."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    marks: Prose
    nominal_maker: Name | None = None
    designation: Name | None = None
    quantity: Name | None = None
    length_mm: Length | None = None
    holder: PartyRef | None = None


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


def _one_thing(subject: Subject) -> Subject:
    named = [
        name
        for name in ("batch", "goods", "party", "project", "region")
        if getattr(subject, name) is not None
    ]
    if len(named) != 1:
        raise InputError.of(
            "wrong-input",
            "事项对象应写且只写一个：批次、无码货物、参与方、项目或地区",
            "a subject is exactly one thing: a batch, goods, a party, a project or a region",
            came=", ".join(named),
        )
    return subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an act is about, where that may be several sorts of thing; exactly one is named.

    ``goods``: uncoded goods by an id that whoever records them first chooses.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    batch: Annotated[BatchRef, AfterValidator(_named_once)] | None = None
    goods: Id | None = None
    party: PartyRef | None = None
    project: ProjectRef | None = None
    region: RegionCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubject:
    """An event on the ledger; ``kind`` is what it is an event of."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    event: Id
    kind: Kind


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
    """备案：证书. One event for each period of validity or change of status.

    Of a laboratory's accreditation (资质认定, ``cma``) ``covers`` lists the indicators that it may report.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    type: Literal["ccc", "licence", "cma"]
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
    """备案：签名公钥. Base64 of the 32 bytes of an Ed25519 public key; ``revoked`` takes it back from then on."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    algorithm: Literal["ed25519"]
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    validity: Annotated[Validity, AfterValidator(_days_in_order)]
    owner: PartyRef
    revoked: bool = False


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
    """抽样. A length is cut from wherever the unit is; a seal without a length cuts nothing.

    ``seal`` binds the sample and its reserve, not the stock that they were cut from. Uncoded goods have no unit.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    unit: UnitNumber
    length_mm: Length
    first_mark_mm: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """分切: pieces with numbers of their own are cut off a unit; what is neither piece nor scrap stays on it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    unit: UnitNumber
    pieces: Annotated[tuple[Piece, ...], Field(min_length=1, max_length=200)]
    scrap_mm: Length | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """退货: the holder sends goods back. Either units, or a loose length; ``region`` is where they go."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    buyer: Literal["household", "business", "unknown"]
    units: Units = ()
    unit: UnitNumber | None = None
    length_mm: Length | None = None
    number: Number | None = None
    price_fen_per_metre: Price | None = None


# --- what authorities and the public say ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line of a checklist 检查表."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    item: Name
    result: Literal["pass", "fail", "not-applicable"]
    note: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """检查: what officers found at a party, of goods, or at a project; ``due`` is the day to put it right by."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    type: Literal["routine", "unannounced", "complaint", "recheck", "site", "other"]
    number: Number
    result: Literal["no-problem", "rectify", "case"]
    checklist: Annotated[tuple[CheckItem, ...], Field(max_length=200)] = ()
    findings: Prose | None = None
    rectification: Prose | None = None
    due: date | None = None
    units: Units = ()
    goods: Goods | None = None


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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    number: Number
    recipients: Annotated[tuple[PartyRef, ...], Field(min_length=1, max_length=200)]
    text: Prose
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=200)] = ()
    units: Units = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReply:
    """处置反馈: what was done about a notice, a complaint or a report."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    action: Literal[
        "none-found", "under-watch", "use-stopped", "replaced", "removed", "returned",
        "accepted", "not-accepted", "mediated", "transferred", "closed", "other",
    ]  # fmt: skip
    text: Prose
    number: Number | None = None
    length_mm: Length | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """Who complains or reports: personal data, on the ledger as salted commitments only."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_spelling)]
    phone: Annotated[str, StringConstraints(min_length=5, max_length=60), AfterValidator(_one_spelling)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """投诉: a consumer's own dispute, to be mediated; it needs a name and a phone number."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    text: Prose
    complainant: Complainant | None = None
    unit: UnitNumber | None = None
    against: PartyRef | None = None
    against_name: Name | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """确认: a regulator confirms a party that others merely named, or a maker says whether goods are its own."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    result: Literal["confirmed", "denied"]
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """同一标识: another code for the subject, or what it turned out to be. Exactly one of the three.

    ``code`` with its ``scheme``; ``party``, for a party without a credit code that is known by now; ``batch``, for
    uncoded goods whose batch is known by now.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    scheme: Literal["gs1", "ecode", "national", "maker", "legacy"] | None = None
    code: Number | None = None
    party: PartyRef | None = None
    batch: Annotated[BatchRef, AfterValidator(_named_once)] | None = None
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

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    reason: Prose
    of: Id | None = None
    void: bool = False
    right: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """删敏: the clear text of personal data of an event is destroyed; the commitments on the ledger stay."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    pointers: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=60, pattern=r"^(/[a-z0-9]+)+$")], ...],
        Field(min_length=1, max_length=50),
    ]
    ground: Literal["consent-withdrawn", "purpose-achieved", "unlawful", "court", "other"]
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """跨区查阅: an officer looked at another region's records: how often on a day, in which case, on what ground."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    day: date
    ground: Prose
    case: Number | None = None
    times: Annotated[int, Field(ge=1, le=MAX_INTEGER)] = 1


# --- drafts -------------------------------------------------------------------------------------------

Kind = Literal[
    "party", "certificate", "product", "project", "key", "grant", "order", "production", "testing",
    "dispatch", "receipt", "acceptance", "supervision", "use", "sampling", "split", "return", "disposal", "sale",
    "inspection", "measure", "recall", "notice", "notice-reply", "complaint", "report", "confirmation", "alias",
    "correction", "erasure", "read",
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


def _about(*allowed: str) -> Callable[[EventSubject], EventSubject]:
    """Of which kinds the event may be that a draft is about."""

    def check(subject: EventSubject) -> EventSubject:
        if subject.kind not in allowed:
            raise InputError.of(
                "wrong-input",
                f"此类事件针对：{'、'.join(KINDS[kind].zh for kind in allowed)}",
                f"this kind of event is about: {', '.join(KINDS[kind].en for kind in allowed)}",
                came=subject.kind,
                where="/kind",
            )
        return subject

    return check


def _only(*allowed: str) -> AfterValidator:
    """Which sorts of thing a kind may be about."""

    def check(subject: Subject) -> Subject:
        named = next(name for name in _THINGS if getattr(subject, name) is not None)
        if named not in allowed:
            raise InputError.of(
                "wrong-input",
                f"此类事件的对象应为：{'、'.join(_THINGS[name].zh for name in allowed)}",
                f"this kind of event is about: {', '.join(_THINGS[name].en for name in allowed)}",
                came=_THINGS[named].zh,
            )
        return subject

    return AfterValidator(check)


_THINGS: Mapping[str, Text] = {
    "batch": Text("批次", "a batch"),
    "goods": Text("无码货物", "uncoded goods"),
    "party": Text("参与方", "a party"),
    "project": Text("项目", "a project"),
    "region": Text("地区", "a region"),
}

_OneThing = Annotated[Subject, AfterValidator(_one_thing)]
GoodsSubject = Annotated[_OneThing, _only("batch", "goods")]
GoodsOrPartySubject = Annotated[_OneThing, _only("batch", "goods", "party")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDraft(Draft):
    """What somebody did or saw, at a time, about one of several sorts of thing."""

    occurred_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionDraft(BatchDraft):
    kind: Literal["production"]
    body: Production


@dataclass(frozen=True, slots=True, kw_only=True)
class TestingDraft(ActDraft):
    __test__: ClassVar[bool] = False
    kind: Literal["testing"]
    subject: GoodsSubject
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
class SamplingDraft(ActDraft):
    kind: Literal["sampling"]
    subject: GoodsSubject
    body: Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitDraft(BatchDraft):
    kind: Literal["split"]
    body: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft(BatchDraft):
    kind: Literal["return"]
    body: Return


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDraft(BatchDraft):
    kind: Literal["disposal"]
    body: Disposal


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDraft(BatchDraft):
    kind: Literal["sale"]
    body: Sale


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionDraft(ActDraft):
    kind: Literal["inspection"]
    subject: Annotated[_OneThing, _only("batch", "goods", "party", "project")]
    body: Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDraft(ActDraft):
    kind: Literal["measure"]
    subject: GoodsSubject
    body: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDraft(BatchDraft):
    kind: Literal["recall"]
    body: Recall


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft(ActDraft):
    kind: Literal["notice"]
    subject: GoodsOrPartySubject
    body: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReplyDraft(ActDraft):
    kind: Literal["notice-reply"]
    subject: Annotated[EventSubject, AfterValidator(_about("notice", "complaint", "report"))]
    body: NoticeReply


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintDraft(ActDraft):
    kind: Literal["complaint"]
    subject: GoodsOrPartySubject
    body: Complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft(ActDraft):
    kind: Literal["report"]
    subject: GoodsOrPartySubject
    body: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDraft(Draft):
    kind: Literal["confirmation"]
    subject: Annotated[_OneThing, _only("party", "goods")]
    body: Confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasDraft(Draft):
    kind: Literal["alias"]
    subject: GoodsOrPartySubject
    body: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDraft(Draft):
    kind: Literal["correction"]
    subject: EventSubject
    body: Correction


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDraft(Draft):
    kind: Literal["erasure"]
    subject: EventSubject
    body: Erasure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDraft(Draft):
    kind: Literal["read"]
    subject: Annotated[_OneThing, _only("batch", "party", "project", "region")]
    body: Read


def _right_version(draft: Draft) -> Draft:
    """A correction with its ``right`` read as the body of the kind that it corrects."""
    if not isinstance(draft, CorrectionDraft):
        return draft
    kind, body = draft.subject.kind, draft.body
    if kind not in CORRECTABLE:
        raise InputError.of(
            "wrong-input",
            f"「{KINDS[kind].zh}」不能更正",
            f"an event of the kind {KINDS[kind].en} cannot be corrected",
            came=kind,
            where="/subject/kind",
            remedy=Text("另行登记正确的内容", "record what is right anew"),
        )
    if body.void == (body.right is not None):
        raise InputError.of(
            "wrong-input",
            "更正应给出完整的正确内容 right，或写明作废 void，二者取一",
            "a correction brings the complete right body, or says void: one of the two",
            where="/body/right",
        )
    if body.void:
        return draft
    if draft.occurred_at is None and kind not in _TIMELESS:
        raise InputError.of(
            "wrong-input",
            "更正应写明事件实际发生的时间",
            "a correction says when the event really happened",
            where="/occurred_at",
        )
    try:
        right = _body_adapter(kind).validate_json(json.dumps(body.right))
    except ValidationError as error:
        raise InputError(*_problems_of(error)).at("/body/right") from None
    return replace(draft, body=replace(body, right=right))


AnyDraft = Annotated[
    PartyDraft | CertificateDraft | ProductDraft | ProjectDraft | KeyDraft | GrantDraft | OrderDraft
    | ProductionDraft | TestingDraft | DispatchDraft | ReceiptDraft | AcceptanceDraft | SupervisionDraft
    | UseDraft | SamplingDraft | SplitDraft | ReturnDraft | DisposalDraft | SaleDraft | InspectionDraft
    | MeasureDraft | RecallDraft | NoticeDraft | NoticeReplyDraft | ComplaintDraft | ReportDraft
    | ConfirmationDraft | AliasDraft | CorrectionDraft | ErasureDraft | ReadDraft,
    Field(discriminator="kind"),
    AfterValidator(_whole_day),
    AfterValidator(_right_version),
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
    "split": Text("分切", "split"),
    "return": Text("退货", "return"),
    "disposal": Text("报废", "disposal"),
    "sale": Text("零售", "sale"),
    "inspection": Text("检查", "inspection"),
    "measure": Text("强制措施", "measure"),
    "recall": Text("召回", "recall"),
    "notice": Text("通报", "notice"),
    "notice-reply": Text("处置反馈", "reply"),
    "complaint": Text("投诉", "complaint"),
    "report": Text("举报", "report"),
    "confirmation": Text("确认", "confirmation"),
    "alias": Text("同一标识", "alias"),
    "correction": Text("更正", "correction"),
    "erasure": Text("删敏", "erasure"),
    "read": Text("跨区查阅", "read across regions"),
}

#: The body of each kind that can be corrected.
_BODIES: Mapping[str, type] = {
    "certificate": Certificate,
    "grant": Grant,
    "order": Order,
    "production": Production,
    "testing": Testing,
    "dispatch": Dispatch,
    "receipt": Receipt,
    "acceptance": Acceptance,
    "supervision": Supervision,
    "use": Use,
    "sampling": Sampling,
    "split": Split,
    "return": Return,
    "disposal": Disposal,
    "sale": Sale,
    "inspection": Inspection,
    "measure": Measure,
    "recall": Recall,
    "notice": Notice,
}
#: Kinds whose events a correction may answer. The others are answered by a new event: a name, a key that was
#: revoked, a code that means something else, what a member of the public says, and what was done about it, of which
#: the last word stands.
CORRECTABLE = frozenset(_BODIES)
#: Registry facts, which need not have happened at a time.
_TIMELESS = frozenset({"certificate", "grant", "order"})


@cache
def _body_adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_BODIES[kind])


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
