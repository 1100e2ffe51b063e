"""Samples as readers see them: their way, and how their results stand.

A sample is open to its authority, to those in whose jurisdiction it was taken, and to whoever takes part in it: who had the goods, the laboratory,
the nominal maker from the moment when he is asked or told. The authorities see the whole way; each other reader the steps that it took or
that name it, and what the result is once it was told. That others object, and what, is not theirs to know; that the result is not final is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import InputError, Text, shown
from ..inspecting import samples as register
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..ledger import store
from ..model.deadlines import deadlines_of_sample, term_on
from ..model.involvement import sees
from ..model.sample_path import (
    FINAL,
    GROUNDS,
    OF_LABORATORY,
    OF_PARTY,
    OF_SAMPLER,
    SAMPLE_STATES,
    SAMPLE_STEPS,
    SEALS,
    SIDES,
    WITHOUT_RESULT,
)
from ..model.samples import (
    REMARKS,
    KnownSample,
    KnownSampleStep,
    awaits_publication,
    is_above,
    is_final,
    remarks_on,
)
from ..model.working_days import months_later
from ..registry.register import calendar_known, newest_versions
from .answers import Listed, Standing, State, cut
from .cases import DeadlineRow, Next, deadline_rows
from .names import Names, names_of, region_name
from .registry import PartyLink
from .reports import VERDICTS
from .timeline import Attachment
from .visibility import reading
from .wording import LEVELS, SAMPLINGS

#: What may be asked for: samples without a result yet, results that do not count yet, those that do, of these the queue of what is to be published, and those
#: of which none comes.
FILTERS: Mapping[str, Text] = {
    "open": Text("未生效", "not final"),
    "testing": Text("送检和检验中", "on the way and being tested"),
    "told": Text("已出报告，未生效", "reported, not final"),
    "final": Text("已生效", "final"),
    "unpublished": Text("已生效，待公布", "final, to be published"),
    "ended": Text("不采用或拒收", "set aside or refused"),
    "all": Text("全部", "all"),
}
_BEFORE_A_REPORT = frozenset({"sampled", "sealed", "handed-over", "received", "testing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """One sample, by the event of its sampling. ``batch`` its code and ``printed`` in groups, "" for uncoded goods (``goods`` their id);
    ``result`` None before it is told to the reader; ``due`` the next term that is open."""

    event: str
    number: str
    type: str
    type_name: Text
    level: str
    level_name: Text | None
    authority: PartyLink
    batch: str
    printed: str
    goods: str
    unit: int | None
    product: str
    region: str
    region_name: Text
    sampled_on: date
    state: str
    standing: Standing
    result: Text | None
    is_final: bool
    due: DeadlineRow | None
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStepRow:
    """One step. ``event`` is "" where the reader sees the step and not its event; ``on_paper``: ``by`` entered what another side did."""

    event: str
    step: str
    name: Text
    on: date
    by: PartyLink
    on_paper: bool
    to: str
    words: tuple[Text, ...]
    number: str
    text: str
    documents: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """One sample. ``remarks`` are told with the result. ``next`` are the steps that the reader may record, ``from_paper`` those of the other
    sides that its authority enters."""

    row: SampleRow
    holder: PartyLink | None
    sampler: PartyLink
    maker: PartyLink | None
    length_mm: int
    reserve_mm: int
    lot_size_mm: int | None
    seal: str
    samplers: int
    kept_at: str
    not_the_makers: bool
    remarks: tuple[Text, ...]
    deadlines: tuple[DeadlineRow, ...]
    steps: tuple[SampleStepRow, ...]
    next: tuple[Next, ...]
    from_paper: tuple[Next, ...]


def samples(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    chosen: str = "open",
    limit: int = 50,
    after: str | None = None,
) -> Listed[SampleRow]:
    """The newest first. Cost: all rows of the register that the actor's party takes part in; of an authority all rows."""
    if chosen not in FILTERS:
        raise InputError.of(
            "wrong-input",
            f"没有「{shown(chosen)}」这种状态",
            f"there is no state {shown(chosen)!r}",
            came=chosen,
            where="state",
        )
    scope = reading(actor, Action.READ_SAMPLES)
    conditions = (
        () if scope.everything or scope.regions or scope.parts else (register.takes_part(actor.party),)
    )
    found = (each for each in register.samples_where(tx, *conditions) if sees(scope, each.whom))
    wanted = [each for each in found if _is_chosen(each, chosen) and (after is None or _place(each) < after)]
    page = cut(wanted[: limit + 1], limit, _place)
    return Listed(_rows(tx, actor, page.rows, today), page.after)


def _place(known: KnownSample) -> str:
    return f"{known.seq:016d}"


def _is_chosen(known: KnownSample, chosen: str) -> bool:
    state = known.state
    of = {
        "testing": state in _BEFORE_A_REPORT,
        "told": state not in _BEFORE_A_REPORT | FINAL | WITHOUT_RESULT,
        "final": state in FINAL,
        "unpublished": awaits_publication(known),
        "ended": state in WITHOUT_RESULT,
        "open": state not in FINAL | WITHOUT_RESULT,
    }
    return of.get(chosen, True)


def sample_of(tx: Connection, actor: Actor, event: str) -> KnownSample | None:
    """The sample of a sampling, if it is open to the actor."""
    scope = reading(actor, Action.READ_SAMPLES)
    known = register.samples(tx, [event]).get(event)
    return known if known is not None and sees(scope, known.whom) else None


def sample_page(tx: Connection, actor: Actor, event: str, *, today: date) -> SamplePage | None:
    """One sample; None where it is not open to the actor."""
    known = sample_of(tx, actor, event)
    if known is None:
        return None
    (row,) = _rows(tx, actor, [known], today)
    names = names_of(tx, known.parties | {known.maker} - {""})
    whole = _sees_all(actor, known)
    kept = known.last("kept")
    possible, from_paper = next_steps(actor, known)
    (sampling,) = _events(tx, [event])
    return SamplePage(
        row=row,
        holder=_link(known.holder, names),
        sampler=PartyLink(known.speaker, names.party(known.speaker)),
        maker=_link(known.maker, names) if whole or known.maker in (actor.party, known.holder) else None,
        length_mm=known.length_mm,
        reserve_mm=known.reserve_mm,
        lot_size_mm=sampling.draft.body.lot_size_mm,
        seal=known.seal or (sealed.number if (sealed := known.last("sealed")) else ""),
        samplers=known.samplers,
        kept_at=kept.kept_at if whole and kept is not None else "",
        not_the_makers=known.is_not_the_makers,
        remarks=tuple(REMARKS[name] for name in remarks_on(known)) if _is_told(actor, known) else (),
        deadlines=_terms(tx, actor, known, today),
        steps=_steps(tx, actor, known, names),
        next=possible,
        from_paper=from_paper,
    )


def next_steps(actor: Actor, known: KnownSample) -> tuple[tuple[Next, ...], tuple[Next, ...]]:
    """The steps that the actor may record of a sample, and those of the other sides that it may enter from paper."""
    if not actor.reach(Action.RECORD_SAMPLE_STEP):
        return (), ()
    state = known.state
    moves = {move.step: move for move in known.moves if state in move.states}
    rows = {step: Next(step, SAMPLE_STEPS[step], move.clause) for step, move in moves.items()}
    others = OF_LABORATORY | OF_PARTY
    if known.authority in reading(actor, Action.READ_SAMPLES).parties:
        return (
            tuple(row for step, row in rows.items() if step not in others),
            tuple(row for step, row in rows.items() if step in others),
        )
    own: set[str] = set()
    if actor.party == known.laboratory:
        own |= OF_LABORATORY
    if actor.party in known.told:
        own |= OF_PARTY
    if actor.party == known.speaker:
        own |= OF_SAMPLER
    return tuple(row for step, row in rows.items() if step in own), ()


def sampled_above(
    tx: Connection, actor: Actor, *, maker: str, product: str, level: str, on: date
) -> tuple[bool, KnownSample | None]:
    """Whether a higher level has sampled this product of a maker within half a year before a day, with a final result that it conforms
    (产品质量法 第十五条); and the sample, if it is open to the actor."""
    since = months_later(on, -term_on("sampling-bar", on).amount)
    table = register.sample
    of = (table.c.maker == maker, table.c.sampled_on >= since, table.c.sampled_on <= on)  # sample_by_maker
    found = [
        each
        for each in register.samples_where(tx, *of)
        if is_final(each)
        and each.result == "pass"
        and each.product == product
        and is_above(each.level, level)
    ]
    scope = reading(actor, Action.READ_SAMPLES)
    return bool(found), next((each for each in found if sees(scope, each.whom)), None)


# --- rows ---------------------------------------------------------------------------------------------


def _rows(
    tx: Connection, actor: Actor, some: tuple[KnownSample, ...] | list[KnownSample], today: date
) -> tuple[SampleRow, ...]:
    names = names_of(tx, {each.authority for each in some})
    return tuple(
        SampleRow(
            event=each.event,
            number=each.number,
            type=each.type,
            type_name=SAMPLINGS[each.type],
            level=each.level,
            level_name=LEVELS[each.level] if each.level else None,
            authority=PartyLink(each.authority, names.party(each.authority)),
            batch=each.batch,
            printed=BatchCode(each.batch[:-1]).printed if each.batch else "",
            goods=each.goods,
            unit=each.unit or None,
            product=each.product,
            region=each.region,
            region_name=region_name(each.region),
            sampled_on=each.sampled_on,
            state=each.state,
            standing=standing_of(each),
            result=VERDICTS[each.result] if each.result and _is_told(actor, each) else None,
            is_final=is_final(each),
            due=next((row for row in _terms(tx, actor, each, today) if row.met_on is None), None),
            index=each.seq,
        )
        for each in some
    )


def standing_of(known: KnownSample) -> Standing:
    state = known.state
    colour: State = "fine" if state in FINAL else "unknown" if state in WITHOUT_RESULT else "attention"
    return Standing(colour, SAMPLE_STATES[state])


def _sees_all(actor: Actor, known: KnownSample) -> bool:
    return sees(reading(actor, Action.READ_SAMPLES), known.where)


def _is_told(actor: Actor, known: KnownSample) -> bool:
    """Whether the result was told to the reader: the authorities, the laboratory that found it, and those to whom it was served."""
    if _sees_all(actor, known):
        return True
    return any(
        (step.step == "served" and step.to == actor.party)
        or (step.step in ("reported", "retested") and step.speaker == actor.party)
        for step in known.steps
    )


def _terms(tx: Connection, actor: Actor, known: KnownSample, today: date) -> tuple[DeadlineRow, ...]:
    """The authority's terms, and those of all that were told, are its own; whoever was told sees that it may object."""
    rows = deadline_rows(deadlines_of_sample(known, calendar_known(tx)), today)
    if _sees_all(actor, known):
        return rows
    return (
        tuple(row for row in rows if row.code == "sampling-objection")[:1]
        if actor.party in known.told
        else ()
    )


def _steps(tx: Connection, actor: Actor, known: KnownSample, names: Names) -> tuple[SampleStepRow, ...]:
    scope, whole = reading(actor, Action.READ_SAMPLES), _sees_all(actor, known)
    said = {event.event_id: event for event in _events(tx, [step.event for step in known.steps])}
    rows = []
    for step in known.steps:
        is_its = sees(scope, {f"p:{each}" for each in (step.speaker, step.to, known.authority) if each})
        if not whole and actor.party not in (step.speaker, step.to):
            continue
        event = said[step.event]
        rows.append(
            SampleStepRow(
                event=step.event if is_its else "",
                step=step.step,
                name=SAMPLE_STEPS[step.step],
                on=step.on,
                by=PartyLink(step.speaker, names.party(step.speaker)),
                on_paper=step.on_paper,
                to=names.party(step.to) if step.to else step.to_name,
                words=tuple(_words(step)),
                number=step.number,
                text=event.draft.body.text or "",
                documents=tuple(
                    Attachment(each.sha256, each.name, each.media_type, each.size)
                    for each in event.draft.documents
                )
                if is_its
                else (),
            )
        )
    return tuple(rows)


def _words(step: KnownSampleStep) -> list[Text]:
    said = [
        SIDES.get(step.side),
        SEALS.get(step.seal),
        VERDICTS[step.result] if step.result else None,
        GROUNDS.get(step.ground),
        Text(step.kept_at, step.kept_at) if step.kept_at else None,
    ]
    return [each for each in said if each is not None]


def _events(tx: Connection, ids: list[str]) -> list[Recorded]:
    """Events in their newest versions."""
    newest = newest_versions(tx, ids)
    rows = store.read_rows_by_id(tx, [*ids, *newest.values()]).values()
    return as_they_stand(sorted(map(read_recorded, rows), key=lambda event: event.seq))


def _link(party: str, names: Names) -> PartyLink | None:
    return PartyLink(party, names.party(party)) if party else None
