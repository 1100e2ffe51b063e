"""What a draft is about: exactly one thing, of the sorts that its kind allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from ..errors import InputError, Text
from .kinds import KINDS, Kind
from .parts import CertificateRef, GrantRef, NamedBatch, OrderRef, ProductRef, ProjectRef
from .values import MAX_INTEGER, STRICT, Id, Name, PartyRef, RegionCode


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    party: PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    certificate: CertificateRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    product: ProductRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    project: ProjectRef


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    order: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    grant: GrantRef


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: NamedBatch


def by_its_code(subject: BatchSubject) -> BatchSubject:
    """Labels are of a code, whether or not a batch is registered under it yet."""
    if subject.batch.code is None:
        raise InputError.of(
            "wrong-input",
            "打印标签须写追溯码 code",
            "what labels are printed of is named by its code",
            came=subject.batch.lot or "",
            where="/batch",
        )
    return subject


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: NamedBatch | None = None
    goods: Id | None = None
    party: PartyRef | None = None
    project: ProjectRef | None = None
    region: RegionCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubject:
    """An event on the ledger; ``kind`` is what it is an event of."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    event: Id
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSubject:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    year: Annotated[int, Field(ge=2000, le=2199)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSubject:
    """A month, as ``2026-06``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    month: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSubject:
    """The alerts of one rule about one event, by its ledger index: whoever sees an alert is told these two."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    index: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    rule: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSubject:
    """A lead, by an id that whoever records it first chooses."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    lead: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubject:
    """A case, likewise."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    case: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubject:
    """A request to another authority, likewise."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    request: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSubject:
    """A special campaign 专项行动, likewise."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    programme: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSubject:
    """Listed supervision 挂牌督办, likewise."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    listing: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineSubject:
    """A clue about an official on its way to the organ of discipline 行纪衔接, likewise."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    discipline: Id


def about(*allowed: str) -> Callable[[EventSubject], EventSubject]:
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


def only(*allowed: str) -> AfterValidator:
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

OneThing = Annotated[Subject, AfterValidator(_one_thing)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySubject:
    """Whose history evidence is taken of: a batch, or a case or lead of the authority's own; exactly one is named."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: NamedBatch | None = None
    case: Id | None = None
    lead: Id | None = None


def _one_history(subject: HistorySubject) -> HistorySubject:
    named = [name for name in ("batch", "case", "lead") if getattr(subject, name) is not None]
    if len(named) != 1:
        raise InputError.of(
            "wrong-input",
            "取证声明应写且只写一个：批次、案件或线索",
            "a statement is about exactly one history: a batch, a case or a lead",
            came=", ".join(named),
        )
    return subject


OneHistory = Annotated[HistorySubject, AfterValidator(_one_history)]
GoodsSubject = Annotated[OneThing, only("batch", "goods")]
GoodsOrPartySubject = Annotated[OneThing, only("batch", "goods", "party")]
