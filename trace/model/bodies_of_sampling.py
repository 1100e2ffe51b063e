"""What is said of sampling plans 抽查方案, of what was drawn from them, and of samples on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

from .bodies_of_cases import ServedBy
from .values import STRICT, Name, Number, PartyRef, Prose, Sha256

#: Candidates of one plan: an event has at most 60,000 bytes.
MOST_CANDIDATES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPlan:
    """抽查方案: of which ``candidates`` so many are drawn, and ``substitutes`` in case one is closed or has none of the product.

    ``seed_hash`` commits the authority to its seed before the draw, ``candidates_hash`` freezes the list (`draws`). A candidate is one text,
    such as a credit code or a name, by which it is told apart. ``entrusted``: the body that samples for the authority.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    level: Literal["nation", "province", "city", "county"]
    products: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    candidates: Annotated[tuple[Number, ...], Field(min_length=1, max_length=MOST_CANDIDATES)]
    candidates_hash: Sha256
    count: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)]
    substitutes: Annotated[int, Field(ge=0, le=MOST_CANDIDATES)] = 0
    seed_hash: Sha256
    entrusted: PartyRef | None = None
    reason: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingDraw:
    """随机抽取: the seed is opened, and everything follows from it, the root and the list (`draws.drawn`)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    seed: Annotated[str, StringConstraints(min_length=16, max_length=200, pattern=r"^[!-~]+$")]
    root: Sha256
    drawn: Annotated[tuple[Number, ...], Field(min_length=1, max_length=MOST_CANDIDATES)]
    substitutes: Annotated[tuple[Number, ...], Field(max_length=MOST_CANDIDATES)] = ()


SampleStepName = Literal[
    "sealed", "handed-over", "received", "refused", "testing", "reported", "kept", "returned", "asked", "confirmed", "denied", "served", "objected",
    "waived", "dismissed", "not-the-makers", "upheld", "retest", "retested", "final", "published", "not-published",
    "withdrawn",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStep:
    """样品流转与结果: one step on the way of a sample (`sample_path`), by its authority, the laboratory, the seller or the nominal maker.

    ``authority``: whose sample it is. ``to`` is registered, ``to_name`` names one that is not; ``side``: in which capacity it is told.
    Of an answer that is entered from paper they say whose it is. ``seal``: how it was when the sample changed hands; ``number``: of the seal, the report or the paper; ``ground`` of an objection.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: SampleStepName
    authority: PartyRef
    to: PartyRef | None = None
    to_name: Name | None = None
    side: Literal["seller", "maker"] | None = None
    served_by: ServedBy | None = None
    seal: Literal["whole", "broken", "none"] | None = None
    number: Number | None = None
    result: Literal["pass", "fail"] | None = None
    ground: Literal["authenticity", "sampling", "result"] | None = None
    kept_at: Name | None = None
    text: Prose | None = None
