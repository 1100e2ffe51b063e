"""The parts that drafts of several kinds share, and how one thing refers to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from ..errors import InputError
from .values import (
    MAX_INTEGER,
    STRICT,
    Code,
    Day,
    Id,
    Length,
    Measured,
    Name,
    Number,
    PartyRef,
    PersonalName,
    Prose,
    RegionCode,
    Sha256,
    business_id,
    party_id,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it happened. Coordinates are decimal degrees (WGS 84) as text."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
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
        "reviewer",
        "other",
    ]
    name: PersonalName


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An attachment, named by the SHA-256 of its bytes."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    sha256: Sha256
    name: Name
    media_type: Annotated[
        str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+$")
    ]
    size: Annotated[int, Field(ge=0, le=MAX_INTEGER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """A period of whole days in Asia/Shanghai, both ends included."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    valid_from: Day
    valid_to: Day


def _days_in_order(period: Validity) -> Validity:
    if period.valid_from > period.valid_to:
        raise InputError.of(
            "wrong-date",
            "有效期止早于有效期起",
            "the end of validity lies before its beginning",
            came=f"{period.valid_from} – {period.valid_to}",
        )
    return period


Period = Annotated[Validity, AfterValidator(_days_in_order)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A place inside a region that has a name and no code: a market, a street, a development zone."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    region: RegionCode
    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """That a party is a unit of an authority, and what the parent gave it to look after.

    A ``department`` 科室 has all that its parent has. A ``branch`` 分局 or ``post`` 派出机构 (市场监管所) has whole
    ``regions`` of its parent's, and there the parties that it ``supervises``, ``places`` by their names (`model.sites`) and
    ``projects``, on the days of ``validity``.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    parent: PartyRef
    type: Literal["department", "branch", "post"]
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=100)] = ()
    supervises: Annotated[tuple[PartyRef, ...], Field(max_length=100)] = ()
    places: Annotated[tuple[NamedPlace, ...], Field(max_length=100)] = ()
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=100)] = ()
    validity: Period | None = None


def _given_for_a_time(unit: Unit) -> Unit:
    own = [name for name in ("regions", "supervises", "places", "projects") if getattr(unit, name)]
    if unit.type == "department" and own:
        raise InputError.of(
            "wrong-input",
            "科室的管辖与上级相同，不另写地区、监管对象、地点和项目",
            "a department has all that its parent has: no regions, parties, places or projects of its own",
            where=f"/{own[0]}",
        )
    if unit.type != "department" and unit.validity is None:
        raise InputError.of(
            "wrong-input",
            "请写明管辖的起止日期",
            "say from when to when it looks after that",
            where="/validity",
        )
    return unit


PartOf = Annotated[Unit, AfterValidator(_given_for_a_time)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What may be read: batches by their codes, uncoded goods by their ids, projects, and what concerns these regions or
    parties."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batches: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    goods: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=100)] = ()
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=100)] = ()
    parties: Annotated[tuple[PartyRef, ...], Field(max_length=100)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Uncoded goods 无码货物 as they were found: what is printed on them, whose they are said to be."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    marks: Prose
    nominal_maker: Name | None = None
    designation: Name | None = None
    quantity: Name | None = None
    length_mm: Length | None = None
    holder: PartyRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRef:
    """A certificate by holder and number: a number alone can be claimed by anybody."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    holder: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRef:
    """A product by its maker and the maker's own number for it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    maker: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRef:
    """A project by the party that keeps its record and that party's number for it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    keeper: PartyRef
    number: Number

    @property
    def id(self) -> str:
        return business_id("project", party_id(self.keeper), self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRef:
    """An order by the party that keeps it and its number there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    keeper: PartyRef
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRef:
    """Who lets whom."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    grantor: PartyRef
    grantee: PartyRef


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    code: Code | None = None
    maker: PartyRef | None = None
    lot: Number | None = None


NamedBatch = Annotated[BatchRef, AfterValidator(_named_once)]
