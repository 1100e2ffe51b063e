"""What is known of a sample: where it was taken, by whom, and the steps since. How it stands, and whether its result counts, is their fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Text
from .case_path import Move, state_after
from .sample_path import (
    BESIDE_THE_WAY,
    COUNTS,
    CUSTODY_MOVES,
    FINAL,
    PUBLISHED,
    SAMPLE_MOVES,
    SAMPLED,
    SEALED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSampleStep:
    """One recorded step. ``on_paper``: a step of the laboratory or of a party that the authority entered. ``to``: the id of whom it went
    to, "" where only a name is known."""

    event: str
    seq: int
    step: str
    on: date
    speaker: str
    on_paper: bool
    to: str = ""
    to_name: str = ""
    side: str = ""
    seal: str = ""
    ground: str = ""
    number: str = ""
    result: str = ""
    kept_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSample:
    """A sample by the event of its sampling. ``authority``: for whom it was taken, ``speaker`` who took it; ``holder`` had the goods, ""
    where nobody is on record; ``maker`` of the batch, "" of uncoded goods. ``samplers``: how many are named as such."""

    event: str
    seq: int
    number: str
    type: str
    level: str
    authority: str
    speaker: str
    samplers: int
    region: str
    sites: str
    sampled_on: date
    batch: str
    goods: str
    unit: int
    maker: str
    product: str
    holder: str
    seal: str
    length_mm: int
    reserve_mm: int
    steps: tuple[KnownSampleStep, ...] = ()

    @property
    def begin(self) -> str:
        return SEALED if self.seal else SAMPLED

    @property
    def moves(self) -> tuple[Move, ...]:
        """The steps that such a sample can have: only a supervision sample has a result that is served."""
        return SAMPLE_MOVES if self.type == "supervision" else CUSTODY_MOVES

    @property
    def state(self) -> str:
        return state_after(SAMPLE_MOVES, self.begin, [step.step for step in self.steps])

    @property
    def last_on(self) -> date:
        """The day of the last step on its way."""
        return max(
            (step.on for step in self.steps if step.step not in BESIDE_THE_WAY), default=self.sampled_on
        )

    @property
    def result(self) -> str:
        """``pass`` or ``fail`` by the newest report on it, "" before there is one."""
        return next((step.result for step in reversed(self.steps) if step.result), "")

    @property
    def is_not_the_makers(self) -> bool:
        """Whether the authority found that the goods are not the nominal maker's: then the result says nothing of him."""
        return self.last("not-the-makers") is not None

    @property
    def laboratory(self) -> str:
        """The id of who has the sample, or its reserve, to test: whom it was handed to last, who has received it."""
        for step in reversed(self.steps):
            if step.step in ("handed-over", "retest"):
                return step.to
            if step.step == "received" and not step.on_paper:
                return step.speaker
        return ""

    @property
    def told(self) -> frozenset[str]:
        """The ids of those who were asked or to whom the result was served."""
        return frozenset(step.to for step in self.steps if step.step in ("asked", "served")) - {""}

    @property
    def parties(self) -> frozenset[str]:
        """The ids of all that take part in it."""
        named = {self.authority, self.speaker, self.holder, *(step.to for step in self.steps)}
        return frozenset({*named, *(step.speaker for step in self.steps)} - {""})

    @property
    def whom(self) -> frozenset[str]:
        """Who may know of it: what `involvement.sees` asks."""
        return frozenset({*(f"p:{party}" for party in self.parties), *self.where})

    @property
    def where(self) -> frozenset[str]:
        """Whose jurisdiction it was taken in, and the authority itself: to these the whole way is open."""
        sites = (f"s:{site}" for site in self.sites.split())
        return frozenset({f"p:{self.authority}", f"r:{self.region or '-'}", *sites})

    def last(self, *steps: str) -> KnownSampleStep | None:
        """The newest of its steps of these names."""
        return next((step for step in reversed(self.steps) if step.step in steps), None)


def is_final(sample: KnownSample) -> bool:
    """Whether the result of a supervision sample counts: the one place that is asked (publication, scores, the public)."""
    return sample.type == "supervision" and sample.state in FINAL


def awaits_publication(sample: KnownSample) -> bool:
    """Whether a result counts and is not published, nor said not to be; one whose publication was withdrawn waits again."""
    return is_final(sample) and sample.state == COUNTS


def is_public(sample: KnownSample) -> bool:
    """Whether anybody may be told a result as one of the maker's goods: the authority has published it (产品质量法 第二十四条), has not withdrawn that,
    and has not found that they are another's."""
    return is_final(sample) and sample.state == PUBLISHED and not sample.is_not_the_makers


def reports_of(sample: KnownSample) -> frozenset[str]:
    """Numbers of the reports on a sample and its reserve."""
    return frozenset(step.number for step in sample.steps if step.step in ("reported", "retested"))


#: The highest first.
LEVELS = ("nation", "province", "city", "county")


def is_above(level: str, other: str) -> bool:
    """Whether a level of sampling stands above another one; one that is not said stands above none."""
    return level in LEVELS and other in LEVELS and LEVELS.index(level) < LEVELS.index(other)


#: What whoever reads the result is told of how it came about.
REMARKS: Mapping[str, Text] = {
    "too-few-samplers": Text("登记的抽样人员少于两名", "fewer than two samplers are named"),
    "not-sealed": Text("没有封样记录", "no seal is on record"),
    "seal-broken": Text("交接时封条破损或没有封条", "the seal was broken or missing when it changed hands"),
    "no-custody": Text("没有检验机构的收样记录", "no receipt by the laboratory is on record"),
    "sampler-tests": Text("抽样和检验是同一单位（抽检应分离）", "the same body sampled and tested (these are to be kept apart)"),
    "no-reserve": Text("没有备样", "there is no reserve sample"),
    "maker-denies": Text("标称生产者否认是其产品", "the nominal maker denies that the goods are its own"),
    "same-laboratory": Text("复检在原检验机构进行", "the retest was made by the laboratory of the first test"),
}  # fmt: skip


def remarks_on(sample: KnownSample) -> tuple[str, ...]:
    """Names of the remarks on a supervision sample, in the order of `REMARKS`. None of them refuses anything: what they are worth, who
    decides on an objection says. Two samplers, sampling apart from testing, seals: Order 18, recalled."""
    return tuple(_remarks(sample)) if sample.type == "supervision" else ()


def _remarks(sample: KnownSample) -> Iterator[str]:
    steps = sample.steps
    if sample.samplers < 2:
        yield "too-few-samplers"
    if not sample.seal and sample.last("sealed") is None:
        yield "not-sealed"
    if any(step.seal in ("broken", "none") for step in steps):
        yield "seal-broken"
    reported = sample.last("reported")
    if reported is not None and sample.last("received") is None:
        yield "no-custody"
    if sample.speaker in _testers(steps):
        yield "sampler-tests"
    if not sample.reserve_mm:
        yield "no-reserve"
    answer = sample.last("confirmed", "denied")
    if answer is not None and answer.step == "denied":
        yield "maker-denies"
    first, again = sample.last("handed-over"), sample.last("retest")
    if again is not None and first is not None and again.to and again.to == first.to:
        yield "same-laboratory"


def _testers(steps: Iterable[KnownSampleStep]) -> Iterator[str]:
    """Who tests: whoever receives and tests it by its own account, and a laboratory to which it was handed."""
    for step in steps:
        if step.step in ("received", "testing", "reported") and not step.on_paper:
            yield step.speaker
        elif step.step == "handed-over":
            yield step.to
