"""The public card: what anybody may know of a code, for ``GET /c/{code}``; never a buyer, price or project.

Six outcomes are kept apart: *mistyped* (the check character says so), *not issued here* (no such batch, no
such unit, or a MAC that we did not make), *reserved* (issued to a maker as a blank label, and nothing is registered
under it yet), *issued* (a label can be copied, so that is all it says), *recalled*, and *copied*: issued, and an
authority has confirmed that copies of this drum's label are about. What people state about places is no answer: that
is for the authorities to look into, and until one has confirmed it nothing of it is told (docs/public-answer.md).

Which test results are shown (design §2.7: what is final, and nobody is called guilty by software):

* a result is shown as 合格 only where the report itself says so, none of its values is declared failed, and
  none lies beyond a limit; that of the maker's own test is called the maker's own;
* reports of supervision, quick tests and retests are the authority's to publish, also when they are good:
  were only the good ones shown, their absence would accuse. What is told of supervision is what the authority has
  published of a sample (`samples.is_public`): passed or failed, with report and day, until it withdraws that;
* of everything else the card says who publishes results, in the same words of every batch: were it said only where there
  are such records, it would tell of a sampling whose result is not final.

Holds by construction no party but the maker, the laboratories of shown results, and the authorities of published ones. How often a code was
checked comes from the stream of code checks (`with_checks`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Any, Literal

from sqlalchemy import Connection, String, bindparam, cast, func, select

from ..clock import shanghai_date
from ..codes.regions import coarse_region, full_name
from ..codes.trace_code import BATCH_BODY, UNIT_LENGTH, BatchCode, UnitCode, code_in, folded, mac_matches
from ..db.prepared import Prepared
from ..errors import Broken, InputError, Problem, Text
from ..flow import books
from ..inspecting.samples import samples_of_batch
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..lately import Lately
from ..ledger import store
from ..model.drafts import AlertDraft
from ..model.samples import KnownSample, is_public
from ..model.state import CertificatePeriod, KnownAlias, KnownBatch, KnownSuspicion
from ..registry import register
from ..scans.stream import Count
from .answers import Standing
from .certificates import CertificateCard, certificate_card
from .names import Names, names_of
from .reports import BEYOND, TYPES, Report, reports_in
from .timeline import read_stream_whole

Outcome = Literal["issued", "recalled", "copied", "reserved", "not-issued", "mistyped"]

#: What people are to do with recalled goods.
REMEDIES: Mapping[str, Text] = {
    "return": Text("停止使用，退回购买处", "stop using it and return it to where it was bought"),
    "replace": Text("停止使用，免费更换", "stop using it; it is replaced free of charge"),
    "refund": Text("停止使用，退货退款", "stop using it; the price is refunded"),
    "repair": Text("停止使用，等候维修", "stop using it until it is repaired"),
    "destroy": Text("停止使用，按说明销毁", "stop using it and destroy it as instructed"),
    "stop-use": Text("立即停止使用", "stop using it at once"),
    "other": Text("停止使用，按说明处理", "stop using it and follow the instructions"),
}

UNPUBLISHED = Text(
    "监督抽检等其他检验，不论有无，结果以主管部门公布为准",
    "of other tests, such as supervision, whether there are any or none, the authority publishes the results",
)
CANNOT_KNOW: tuple[Text, ...] = (
    Text(
        "标签是否被复制或贴到了别的货上：真码可以被复制",
        "whether the label was copied or moved to other goods: a true code can be cloned",
    ),
    Text("没有检测过的那些米是什么质量", "the quality of the metres that nobody tested"),
    Text(
        "企业填写的内容是否属实；平台只保证填过的内容没有被改过",
        "whether what the maker entered is true; the platform only guarantees that it was not changed since",
    ),
)
ONLY_THE_BATCH = Text(
    "您手里这一盘的情况：这是整批的码，不是单盘的码",
    "anything about your drum alone: this is the code of the batch",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTest:
    """A result that is shown. ``by`` is the maker or a laboratory, of supervision the authority, "" where it is none of these.

    ``same_unit``: whether the sample came from the unit that is asked about; None for the code of a batch.
    """

    type: str
    title: Text
    by: str
    on: date | None
    number: str
    standing: Standing
    sampled_unit: int | None
    same_unit: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRecall:
    """A recall under way: what to do, and of which units; none means the whole batch."""

    number: str
    since: date | None
    reason: str
    remedy: Text
    instructions: str
    ordered: bool
    units: tuple[tuple[int, int], ...]

    def covers(self, unit: int | None) -> bool:
        """Whether it is about a unit; the code of a batch is told of every recall."""
        return unit is None or not self.units or any(first <= unit <= last for first, last in self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSight:
    """That people stated to have goods with this code before them: the prefecture and the first day."""

    region: str
    region_name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCopy:
    """That an authority has confirmed copies of a unit's label: the day, the region where one was found, and the places that
    do not fit in which the code was seen before."""

    unit: int
    on: date
    region: str
    region_name: str
    seen: tuple[PublicSight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCard:
    """What the public may know of a batch; the same for everybody until its history grows."""

    batch: KnownBatch
    tests: tuple[PublicTest, ...]
    recalls: tuple[PublicRecall, ...] = ()
    copies: tuple[PublicCopy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """The answer about an issued code. ``length_mm`` is the unit's registered length, or the whole batch's."""

    is_unit: bool
    unit: int | None
    maker: str
    product: str
    designation: str
    standard: str | None
    lot: str
    produced_on: date
    length_mm: int
    certificate: CertificateCard | None
    recalls: tuple[PublicRecall, ...]
    tests: tuple[PublicTest, ...]
    unpublished: Text
    cannot_know: tuple[Text, ...]
    copy: PublicCopy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChecks:
    """How often this code was checked, this time included, and since when; ``first_region`` where it was said."""

    times: int
    first_on: date
    first_region: str | None
    first_region_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """``code`` as it is printed; as it was typed where it was typed wrong, and then with what is wrong.

    ``alias``: it is no code of this platform but one that was registered for the same goods. ``checks``: of an issued
    code.
    """

    outcome: Outcome
    code: str
    facts: PublicFacts | None = None
    problems: tuple[Problem, ...] = ()
    alias: bool = False
    checks: PublicChecks | None = None


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer about an issued code, with all that may change it: what stood of its batch, and the day."""

    batch: str
    rows: Sequence[tuple[Any, ...]]
    today: date
    answer: PublicAnswer


class Cards:
    """Cards of batches and answers about codes that were asked for lately: a card is good until the batch's stream grows,
    an answer until anything that `_HOT` reads is another, and for its day.

    Bounded; safe for several threads; holds nothing that the ledger does not. For one installation with its code keys.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._cards: Lately[str, tuple[int, PublicCard]] = Lately(most)
        self._answers: Lately[str, _Answered] = Lately(most)
        self._lock = Lock()

    def find(self, code: str, events: int) -> PublicCard | None:
        """The card of a batch with so many events."""
        with self._lock:
            kept = self._cards.find(code)
        return kept[1] if kept is not None and kept[0] == events else None

    def keep(self, code: str, events: int, card: PublicCard) -> None:
        with self._lock:
            self._cards.keep(code, (events, card))

    def answer(self, tx: Connection, text: str, today: date) -> PublicAnswer | None:
        """What was answered to this text, if it would be answered again. One look-up."""
        with self._lock:
            kept = self._answers.find(text)
        if kept is None or kept.today != today or _standing(tx, kept.batch) != kept.rows:
            return None
        return kept.answer

    def keep_answer(self, text: str, found: _LookedUp, today: date, answer: PublicAnswer) -> None:
        """Only of a text about as long as a code: one of any length may hold a code."""
        if len(text) > _LONGEST_ALIAS:
            return
        with self._lock:
            self._answers.keep(text, _Answered(found.card.batch.code, found.rows, today, answer))


def check_code(
    tx: Connection, text: str, keys: Mapping[int, bytes], *, today: date, cards: Cards | None = None
) -> PublicAnswer:
    """Answer a code as people type, paste or scan it. ``keys``: code keys by version.

    A code that is not ours may be registered for goods of here (`alias_of`). Cost with a kept card or answer: one indexed
    look-up; of what was not issued, one more. Raises `Broken` if the key of an issued batch is missing.
    """
    known = None if cards is None else cards.answer(tx, text, today)
    if known is not None:
        return known
    try:
        code = code_in(text)
    except InputError as error:
        return _called(tx, text, today, cards) or PublicAnswer(
            outcome="mistyped", code=text.strip()[:40], problems=error.problems
        )
    batch, unit = (code.batch.canonical, code.unit) if isinstance(code, UnitCode) else (code.canonical, None)
    found = _looked_up(tx, batch, cards)
    if found is None:
        outcome: Outcome = "reserved" if _is_reserved(tx, code, keys) else "not-issued"
        return _called(tx, text, today, cards) or PublicAnswer(outcome=outcome, code=code.printed)
    if isinstance(code, UnitCode) and not _issued(code, found.card.batch, keys):
        return PublicAnswer(outcome="not-issued", code=code.printed)
    facts = _facts(found, unit, today)
    answer = PublicAnswer(outcome=_outcome(facts), code=code.printed, facts=facts)
    if cards is not None:
        cards.keep_answer(text, found, today, answer)
    return answer


def _outcome(facts: PublicFacts) -> Outcome:
    if facts.recalls:
        return "recalled"
    return "issued" if facts.copy is None else "copied"


def counted_as(answer: PublicAnswer) -> str:
    """The one spelling under which the checks of an issued code are counted."""
    return answer.code if answer.alias else answer.code.replace("-", "")


def with_checks(answer: PublicAnswer, count: Count) -> PublicAnswer:
    """The answer about an issued code with how often it was checked."""
    assert answer.facts is not None, "checks are counted of what was issued"
    checks = PublicChecks(
        times=count.times,
        first_on=shanghai_date(count.first_at),
        first_region=count.first_region,
        first_region_name=None if count.first_region is None else full_name(count.first_region),
    )
    return replace(answer, checks=checks)


def _is_reserved(tx: Connection, code: BatchCode | UnitCode, keys: Mapping[int, bytes]) -> bool:
    """Whether a blank label with this code may have been printed. Whose it is, is nobody's business yet."""
    batch, unit = (code.batch, code.unit) if isinstance(code, UnitCode) else (code, 1)
    reserved = register.reserved_codes(tx, [batch.canonical]).get(batch.canonical)
    if reserved is None or unit > reserved.units:
        return False
    if reserved.key_version not in keys:
        raise Broken(
            f"code {reserved.code} was reserved under code key {reserved.key_version}, which is not here"
        )
    return not isinstance(code, UnitCode) or mac_matches(code, keys[reserved.key_version])


def goods_named(tx: Connection, text: str, keys: Mapping[int, bytes]) -> tuple[str, int | None] | None:
    """The batch, and the drum or coil, that a code names which was issued here or registered for goods of here.

    None for a code that was not; raises InputError ``wrong-trace-code`` for one that is typed wrong.
    """
    alias = alias_of(tx, text)
    called = None if alias is None else (alias.thing.removeprefix("batch:"), alias.unit)
    try:
        code = code_in(text)
    except InputError:
        if called is None:
            raise
        return called
    batch = code.batch.canonical if isinstance(code, UnitCode) else code.canonical
    known = books.batches(tx, [batch]).get(batch)
    if known is None or (isinstance(code, UnitCode) and not _issued(code, known, keys)):
        return called
    return batch, code.unit if isinstance(code, UnitCode) else None


def misspelt(tx: Connection, text: str) -> str | None:
    """What was typed wrong in the one spelling of codes, if it is as long as a drum's and begins like a batch that was issued
    here; of anything else that people may type nothing is kept."""
    try:
        body, rest = folded(text)[:BATCH_BODY], folded(text)[BATCH_BODY:]
        batch = BatchCode(body).canonical
    except ValueError:
        return None
    if len(body + rest) != UNIT_LENGTH or not rest.isascii() or not rest.isalnum():
        return None
    return body + rest if batch in books.batches(tx, [batch]) else None


def false_drum(tx: Connection, answer: PublicAnswer) -> str | None:
    """The code under which it is kept where goods with a false label are: as long as a drum's, and beginning like a batch that
    was issued here; None for every other answer."""
    return misspelt(tx, answer.code) if answer.outcome in ("not-issued", "mistyped") else None


def alias_of(tx: Connection, text: str) -> KnownAlias | None:
    """The goods that another platform's or the maker's own code stands for, if it was registered for one thing only."""
    if not 1 <= len(text.strip()) <= _LONGEST_ALIAS:
        return None
    things = [each for each in register.things_called(tx, text.strip()) if each.thing.startswith("batch:")]
    return things[0] if len({(each.thing, each.unit) for each in things}) == 1 else None


#: As long as a number in a draft may be.
_LONGEST_ALIAS = 80


def _called(tx: Connection, text: str, today: date, cards: Cards | None) -> PublicAnswer | None:
    """The answer about the goods that an alias stands for."""
    alias = alias_of(tx, text)
    if alias is None:
        return None
    found = _looked_up(tx, alias.thing.removeprefix("batch:"), cards)
    if found is None or (alias.unit is not None and found.card.batch.length_of(alias.unit) is None):
        return None
    facts = _facts(found, alias.unit, today)
    return PublicAnswer(outcome=_outcome(facts), code=alias.code, facts=facts, alias=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookedUp:
    """A batch with what may have changed since its card was made, and the rows that say so."""

    card: PublicCard
    rows: Sequence[tuple[Any, ...]]
    maker: str
    product: str
    standard: str | None
    periods: tuple[CertificatePeriod, ...]


def _looked_up(tx: Connection, batch: str, cards: Cards | None) -> _LookedUp | None:
    rows = _standing(tx, batch)
    if not rows:
        return None
    maker, product, standard, events = rows[0][:4]
    card = None if cards is None else cards.find(batch, events)
    if card is None:
        card = read_card(tx, batch)
        if cards is not None:
            cards.keep(batch, events, card)
    periods = tuple(_period(*row[4:]) for row in rows if row[4] is not None)
    return _LookedUp(card=card, rows=rows, maker=maker, product=product, standard=standard, periods=periods)


def _standing(tx: Connection, batch: str) -> Sequence[tuple[Any, ...]]:
    return _HOT.run(tx, code=batch, stream=f"batch:{batch}").fetchall()


#: Everything about a batch that may change without an event of its own, in one look-up by primary keys and
#: certificate_by_holder: a row for each period of its certificate, or one row without.
_HOT = Prepared(
    select(
        register.party.c.name.label("maker"),
        register.product.c.name.label("product"),
        register.product.c.standard,
        select(func.max(store.stream_event.c.n))
        .where(store.stream_event.c.stream == bindparam("stream"))
        .scalar_subquery()
        .label("events"),
        register.certificate.c.holder,
        register.certificate.c.number,
        register.certificate.c.type,
        register.certificate.c.status,
        cast(register.certificate.c.valid_from, String),
        cast(register.certificate.c.valid_to, String),
        register.certificate.c.seq,
        cast(register.certificate.c.scope, String),
    )
    .select_from(books.batch)
    .join(register.party, register.party.c.id == books.batch.c.maker)
    .join(
        register.product,
        (register.product.c.maker == books.batch.c.maker)
        & (register.product.c.number == books.batch.c.product),
    )
    .outerjoin(
        register.certificate,
        (register.certificate.c.holder == books.batch.c.maker)
        & (register.certificate.c.number == books.batch.c.certificate),
    )
    .where(books.batch.c.code == bindparam("code"))
    .order_by(register.certificate.c.seq)
)


def _period(
    holder: str,
    number: str,
    type_: str,
    status: str,
    valid_from: str,
    valid_to: str,
    seq: int,
    scope: str | None,
) -> CertificatePeriod:
    return CertificatePeriod(
        holder=holder,
        number=number,
        type=type_,
        status=status,
        valid_from=date.fromisoformat(valid_from),
        valid_to=date.fromisoformat(valid_to),
        seq=seq,
        scope=None if scope is None else register.scope_in(json.loads(scope)),
    )


def read_card(tx: Connection, code: str) -> PublicCard:
    """The card of a registered batch, from its history."""
    batch = books.batches(tx, [code])[code]
    events = as_they_stand(read_stream_whole(tx, f"batch:{code}", kinds=("testing", "recall")))
    names = names_of(tx, {event.speaker for event in events})
    reports = reports_in([(event, event.speaker) for event in events], batch, names)
    shown = tuple(_public(report, batch, names) for report in reports if may_be_shown(report))
    published = tuple(_published(tx, [each for each in samples_of_batch(tx, code) if is_public(each)]))
    return PublicCard(
        batch=batch,
        tests=(*published, *shown),
        recalls=tuple(_recalls(events)),
        copies=tuple(_copies(tx, register.suspicions_of(tx, code))),
    )


def _copies(tx: Connection, suspicions: Iterable[KnownSuspicion]) -> Iterator[PublicCopy]:
    """What was confirmed of single units, the newest first. That codes were made up says nothing of an issued one."""
    confirmed = [each for each in suspicions if each.result == "confirmed" and each.unit is not None]
    alerts = store.read_rows_by_id(tx, [each.event for each in confirmed])
    for each in sorted(confirmed, key=lambda each: (each.found_on or date.min, each.seq), reverse=True):
        assert each.unit is not None
        assert each.found_on is not None
        assert each.found_region is not None, "who confirms says where"
        region = coarse_region(each.found_region)
        yield PublicCopy(
            unit=each.unit,
            on=each.found_on,
            region=region,
            region_name=full_name(region),
            seen=tuple(_sights(read_recorded(alerts[each.event]))),
        )


def _sights(alert: Recorded) -> Iterator[PublicSight]:
    assert isinstance(alert.draft, AlertDraft), "a suspicion is an alert"
    for seen in alert.draft.body.seen:
        on = shanghai_date(datetime.fromisoformat(seen.first))
        yield PublicSight(region=seen.region, region_name=full_name(seen.region), on=on)


def _recalls(events: Iterable[Recorded]) -> Iterator[PublicRecall]:
    """The recalls that are under way, in their order."""
    begun: dict[str, PublicRecall] = {}
    for event in events:
        draft: Any = event.draft
        if draft.kind != "recall":
            continue
        if draft.body.phase == "end":
            begun.pop(draft.body.number, None)
            continue
        begun[draft.body.number] = PublicRecall(
            number=draft.body.number,
            since=draft.occurred_on,
            reason=draft.body.reason,
            remedy=REMEDIES[draft.body.remedy],
            instructions=draft.body.instructions or "",
            ordered=draft.body.ordered,
            units=draft.body.units,
        )
    yield from begun.values()


#: Whose results are the authority's to publish.
_FOR_THE_AUTHORITY = frozenset({"supervision", "quick", "retest"})


def may_be_shown(report: Report) -> bool:
    """Whether a result may stand on the public card; the rule is written at the head of this file."""
    return (
        report.type not in _FOR_THE_AUTHORITY
        and report.declared == "pass"
        and all(reading.declared != "fail" and reading.standing != BEYOND for reading in report.readings)
    )


def _public(report: Report, batch: KnownBatch, names: Names) -> PublicTest:
    party = names.parties.get(report.party)
    own = report.party == batch.maker
    is_laboratory = party is not None and party.acts_as(_LABORATORY)
    return PublicTest(
        type=report.type,
        title=TYPES[report.type],
        # A buyer may have a report recorded in its own name; it is not named here.
        by=report.laboratory if own or is_laboratory else "",
        on=report.tested_on,
        number=report.number,
        standing=Standing("fine", _word(report.type, own)),
        sampled_unit=report.sampled_unit,
    )


def _published(tx: Connection, samples: Sequence[KnownSample]) -> Iterator[PublicTest]:
    """What authorities have published of samples of a batch, the newest first."""
    names = names_of(tx, {each.authority for each in samples})
    for sample in samples:
        report = sample.last("retested", "reported")
        assert report is not None, "a result is that of a report"
        yield PublicTest(
            type=sample.type,
            title=TYPES["supervision"],
            by=names.party(sample.authority),
            on=report.on,
            number=report.number,
            standing=_PASSED if report.result == "pass" else _FAILED,
            sampled_unit=sample.unit or None,
        )


_PASSED = Standing("fine", Text("监督抽查合格", "passed the supervision test"))
_FAILED = Standing("stop", Text("监督抽查不合格", "failed the supervision test"))
_LABORATORY = frozenset({"laboratory"})


def _word(type_: str, own: bool) -> Text:
    """合格, with who says so."""
    if not own:
        return Text("报告合格", "passed by the report")
    if type_ == "factory":
        return Text("自检合格", "passed by the maker's own test")
    return Text("企业提交的报告合格", "passed by a report that the maker submitted")


def _issued(code: UnitCode, batch: KnownBatch, keys: Mapping[int, bytes]) -> bool:
    if batch.key_version not in keys:
        raise Broken(f"batch {batch.code} was issued under code key {batch.key_version}, which is not here")
    return mac_matches(code, keys[batch.key_version]) and batch.length_of(code.unit) is not None


def _facts(found: _LookedUp, unit: int | None, today: date) -> PublicFacts:
    card, batch = found.card, found.card.batch
    length_mm = batch.length_mm if unit is None else batch.length_of(unit)
    assert length_mm is not None, "a unit that was issued has a registered length"
    return PublicFacts(
        is_unit=unit is not None,
        unit=unit,
        maker=found.maker,
        product=found.product,
        designation=batch.designation,
        standard=found.standard,
        lot=batch.lot,
        produced_on=batch.produced_on,
        length_mm=length_mm,
        certificate=None
        if batch.certificate is None
        # Without the designation: that it lies outside the scope is a computed comparison, and an alert, not final.
        else certificate_card(batch.certificate, "", found.periods, batch.produced_on, today),
        recalls=tuple(recall for recall in card.recalls if recall.covers(unit)),
        tests=card.tests if unit is None else tuple(_about_unit(test, unit) for test in card.tests),
        unpublished=UNPUBLISHED,
        cannot_know=CANNOT_KNOW if unit is not None else (ONLY_THE_BATCH, *CANNOT_KNOW),
        copy=None if unit is None else next((each for each in card.copies if each.unit == unit), None),
    )


def _about_unit(test: PublicTest, unit: int) -> PublicTest:
    return replace(test, same_unit=test.sampled_unit == unit)
