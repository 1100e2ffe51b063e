"""Drafts: what a client says has happened, one frozen dataclass for each kind of event.

These classes are the wire model, the rule model and the OpenAPI schema at once; pydantic validates them at
the edge in strict mode. A draft is never changed after it was accepted, so every field added here must be
optional, and none may change its meaning (docs/decisions/0003-drafts-last.md).

Their parts stand beside them: single values in `values`, what a draft is about in `subjects`, what it says in `bodies`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, ValidationInfo

from ..clock import SHANGHAI
from ..errors import InputError, Text
from .bodies import (
    Acceptance,
    Alert,
    AlertFinding,
    Alias,
    Calendar,
    Certificate,
    Complaint,
    Confirmation,
    Correction,
    Dispatch,
    Disposal,
    Erasure,
    Grant,
    Inspection,
    Key,
    Labelling,
    Measure,
    Notice,
    Order,
    Party,
    Product,
    Production,
    Project,
    Read,
    Recall,
    Receipt,
    Reply,
    Report,
    Reservation,
    Return,
    Sale,
    Sampling,
    Split,
    Statement,
    Supervision,
    Testing,
    Use,
    something_granted,
    whole_or_taken,
)
from .bodies_of_cases import AlertStep, CaseFiled, CaseStep, Lead, LeadStep
from .bodies_of_discipline import Discipline, DisciplineStep
from .bodies_of_inspecting import CreditClass, Rectification, TechnicalHelp, VisitPlan
from .bodies_of_listings import Listing, ListingStep
from .bodies_of_monthly import MonthlyFormSaid
from .bodies_of_programmes import Programme, ProgrammeStep
from .bodies_of_requests import AuthorityRequest, AuthorityRequestStep
from .bodies_of_sampling import SampleStep, SamplingDraw, SamplingPlan
from .bodies_of_self_checks import Commitment, SelfCheck
from .draft_problems import problems_of
from .kinds import KINDS
from .parts import Document, Person, Place
from .subjects import (
    AlertSubject,
    BatchSubject,
    CaseSubject,
    CertificateSubject,
    DisciplineSubject,
    EventSubject,
    GoodsOrPartySubject,
    GoodsSubject,
    GrantSubject,
    KeySubject,
    LeadSubject,
    ListingSubject,
    MonthSubject,
    OneHistory,
    OneThing,
    OrderSubject,
    PartySubject,
    ProductSubject,
    ProgrammeSubject,
    ProjectSubject,
    RequestSubject,
    YearSubject,
    about,
    by_its_code,
    only,
)
from .values import RECORDED, STRICT, Id, Instant, PartyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What every kind has. Subclasses add ``kind``, ``subject`` and ``body``.

    ``entered_for``: the party whose statement this is, when another party enters it (代录). ``ask``: true says
    "may I?", false "it has happened". ``occurred_at``: RFC 3339 with offset; with precision ``day`` it is the
    day's beginning in Asia/Shanghai.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
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
    body: Annotated[Grant, AfterValidator(something_granted)]


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
class ActDraft(Draft):
    """What somebody did or saw, at a time, about one of several sorts of thing."""

    occurred_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionDraft(BatchDraft):
    kind: Literal["production"]
    body: Production


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationDraft(ActDraft):
    kind: Literal["reservation"]
    subject: PartySubject
    body: Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class LabellingDraft(BatchDraft):
    """Its batch may be one to come, under a code that is reserved."""

    kind: Literal["labelling"]
    subject: Annotated[BatchSubject, AfterValidator(by_its_code)]
    body: Labelling


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
    subject: Annotated[OneThing, only("batch", "goods", "party", "project")]
    body: Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlanDraft(ActDraft):
    kind: Literal["visit-plan"]
    subject: Annotated[OneThing, only("party", "project", "region")]
    body: VisitPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPlanDraft(ActDraft):
    kind: Literal["sampling-plan"]
    subject: Annotated[OneThing, only("region")]
    body: SamplingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingDrawDraft(ActDraft):
    kind: Literal["sampling-draw"]
    subject: Annotated[EventSubject, AfterValidator(about("sampling-plan"))]
    body: SamplingDraw


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStepDraft(ActDraft):
    kind: Literal["sample-step"]
    subject: Annotated[EventSubject, AfterValidator(about("sampling"))]
    body: SampleStep


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDraft(ActDraft):
    kind: Literal["rectification"]
    subject: Annotated[EventSubject, AfterValidator(about("inspection", "self-check"))]
    body: Rectification


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalHelpDraft(ActDraft):
    kind: Literal["technical-help"]
    subject: Annotated[OneThing, only("party")]
    body: TechnicalHelp


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditClassDraft(ActDraft):
    kind: Literal["credit-class"]
    subject: Annotated[OneThing, only("party")]
    body: CreditClass


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
    subject: Annotated[EventSubject, AfterValidator(about("notice", "complaint", "report"))]
    body: Reply


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
class AlertDraft(BatchDraft):
    kind: Literal["alert"]
    body: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFindingDraft(ActDraft):
    kind: Literal["alert-finding"]
    subject: Annotated[EventSubject, AfterValidator(about("alert"))]
    body: AlertFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStepDraft(ActDraft):
    kind: Literal["alert-step"]
    subject: AlertSubject
    body: AlertStep


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDraft(Draft):
    kind: Literal["calendar"]
    subject: YearSubject
    body: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDraft(ActDraft):
    kind: Literal["lead"]
    subject: LeadSubject
    body: Lead


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStepDraft(ActDraft):
    kind: Literal["lead-step"]
    subject: LeadSubject
    body: LeadStep


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft(ActDraft):
    kind: Literal["case"]
    subject: CaseSubject
    body: CaseFiled


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStepDraft(ActDraft):
    kind: Literal["case-step"]
    subject: CaseSubject
    body: CaseStep


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFormDraft(ActDraft):
    """It is never corrected: a later one of the same month is its next version."""

    kind: Literal["monthly-form"]
    subject: MonthSubject
    body: MonthlyFormSaid


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft(ActDraft):
    kind: Literal["request"]
    subject: RequestSubject
    body: AuthorityRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStepDraft(ActDraft):
    kind: Literal["request-step"]
    subject: RequestSubject
    body: AuthorityRequestStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDraft(ActDraft):
    kind: Literal["programme"]
    subject: ProgrammeSubject
    body: Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeStepDraft(ActDraft):
    kind: Literal["programme-step"]
    subject: ProgrammeSubject
    body: ProgrammeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckDraft(ActDraft):
    kind: Literal["self-check"]
    subject: Annotated[OneThing, only("party")]
    body: SelfCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDraft(ActDraft):
    kind: Literal["commitment"]
    subject: Annotated[OneThing, only("party")]
    body: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft(ActDraft):
    kind: Literal["listing"]
    subject: ListingSubject
    body: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingStepDraft(ActDraft):
    kind: Literal["listing-step"]
    subject: ListingSubject
    body: ListingStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineDraft(ActDraft):
    kind: Literal["discipline"]
    subject: DisciplineSubject
    body: Discipline


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineStepDraft(ActDraft):
    kind: Literal["discipline-step"]
    subject: DisciplineSubject
    body: DisciplineStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDraft(Draft):
    kind: Literal["confirmation"]
    subject: Annotated[OneThing, only("party", "goods")]
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
    subject: Annotated[OneThing, only("batch", "goods", "party", "project", "region")]
    body: Read


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDraft(Draft):
    kind: Literal["statement"]
    subject: OneHistory
    body: Annotated[Statement, AfterValidator(whole_or_taken)]


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


def _right_version(draft: Draft, info: ValidationInfo) -> Draft:
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
        right = _body_adapter(kind).validate_json(json.dumps(body.right), context=info.context)
    except ValidationError as error:
        raise InputError(*problems_of(error)).at("/body/right") from None
    return replace(draft, body=replace(body, right=right))


AnyDraft = Annotated[
    PartyDraft | CertificateDraft | ProductDraft | ProjectDraft | KeyDraft | GrantDraft | OrderDraft
    | ReservationDraft | ProductionDraft | LabellingDraft | TestingDraft | DispatchDraft | ReceiptDraft | AcceptanceDraft | SupervisionDraft
    | UseDraft | SamplingDraft | SplitDraft | ReturnDraft | DisposalDraft | SaleDraft | InspectionDraft
    | MeasureDraft | RecallDraft | NoticeDraft | NoticeReplyDraft | ComplaintDraft | ReportDraft
    | VisitPlanDraft | RectificationDraft | SamplingPlanDraft | SamplingDrawDraft | SampleStepDraft | TechnicalHelpDraft | CreditClassDraft | MonthlyFormDraft
    | AlertDraft | AlertFindingDraft | AlertStepDraft | LeadDraft | LeadStepDraft | CaseDraft | CaseStepDraft | RequestDraft | RequestStepDraft
    | ProgrammeDraft | ProgrammeStepDraft | SelfCheckDraft | CommitmentDraft
    | ListingDraft | ListingStepDraft | DisciplineDraft | DisciplineStepDraft | ConfirmationDraft | AliasDraft | CorrectionDraft | ErasureDraft | ReadDraft
    | StatementDraft | CalendarDraft,
    Field(discriminator="kind"),
    AfterValidator(_whole_day),
    AfterValidator(_right_version),
]  # fmt: skip


#: The body of each kind that can be corrected.
_BODIES: Mapping[str, type] = {
    "certificate": Certificate,
    "grant": Annotated[Grant, AfterValidator(something_granted)],  # type: ignore[dict-item]
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
    "technical-help": TechnicalHelp,
    "credit-class": CreditClass,
    "measure": Measure,
    "recall": Recall,
    "notice": Notice,
    "alert-finding": AlertFinding,
    "lead": Lead,
    "lead-step": LeadStep,
    "case": CaseFiled,
    "case-step": CaseStep,
    "request": AuthorityRequest,
    "request-step": AuthorityRequestStep,
    "sample-step": SampleStep,
    "programme": Programme,
    "programme-step": ProgrammeStep,
    "self-check": SelfCheck,
    "commitment": Commitment,
}
#: Kinds whose events a correction may answer. The others are answered by a new event: a name, a key that was
#: revoked, codes that were given out, labels that were printed, a code that means something else, what a member of the
#: public says, and what was done about it or about an alert, of which the last word stands; an alert by what was found out about it.
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


def parse_draft(data: bytes, *, recorded: bool = False) -> Draft:
    """Read canonical JSON bytes as a draft, one that is said now or one that was ``recorded`` before. Raises InputError with
    every problem found, located by pointer."""
    try:
        draft: Draft = draft_adapter().validator.validate_json(data, context=RECORDED if recorded else None)
    except ValidationError as error:
        raise InputError(*problems_of(error)) from None
    return draft
