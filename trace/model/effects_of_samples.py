"""What samplings and what becomes of the samples leave in the register: where each was taken, and its steps; how it stands is their fold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..errors import Broken
from . import drafts
from .involvement import sites_of
from .postings import Effects, Statement
from .sample_path import OF_LABORATORY, OF_PARTY
from .samples import KnownSample, KnownSampleStep
from .state import State
from .units import top_of
from .values import party_id


def sample_in(
    said: Statement, draft: Any, state: State, *, holder: str = "", region: str = ""
) -> KnownSample:
    """The sample that a sampling takes from ``holder`` in ``region``, where that is known. What became of it since stays when the sampling is
    corrected, and so does who had the goods."""
    body, before = draft.body, state.samples.get(draft.id)
    code, goods = said.batch, body.goods
    batch = state.batches.get(code) if code else None
    described = None if draft.subject.goods is None else state.goods.get(draft.subject.goods)
    if goods is not None and goods.holder is not None:
        holder = party_id(goods.holder)
    elif not holder:
        holder = (before.holder if before is not None else "") or (
            "" if described is None else described.holder or ""
        )
    named = goods.designation if goods is not None else None if described is None else described.designation
    return KnownSample(
        event=draft.id,
        seq=said.seq,
        number=body.number,
        type=body.type,
        level=body.level or "",
        authority=said.speaker if body.authority is None else party_id(body.authority),
        speaker=said.speaker,
        samplers=sum(person.role in _SAMPLERS for person in draft.by),
        region=draft.place.region
        if draft.place is not None
        else region or ("" if before is None else before.region),
        sites=" ".join(sorted(sites_of(draft))),
        sampled_on=_day(draft),
        batch=code,
        goods=draft.subject.goods or "",
        unit=body.unit or 0,
        maker="" if batch is None else batch.maker,
        product=(named or "") if batch is None else batch.designation,
        holder=holder,
        seal=body.seal or "",
        length_mm=body.length_mm or 0,
        reserve_mm=body.reserve_mm or 0,
        steps=() if before is None else before.steps,
    )


#: In which roles of an event those stand who took the sample.
_SAMPLERS = frozenset({"sampler", "officer"})


def of_sample_step(said: Statement, draft: drafts.SampleStepDraft, state: State) -> Effects:
    before = state.samples[draft.subject.event]
    if before is None:
        raise Broken(f"an accepted step is of sample {draft.subject.event}, which is not in the register")
    step = sample_step_in(said, before, state)
    return Effects(facts=(replace(before, steps=(*before.steps, step)),), code=before.batch)


def sample_step_in(said: Statement, of: KnownSample, state: State) -> KnownSampleStep:
    draft: Any = said.draft
    body = draft.body
    return KnownSampleStep(
        event=draft.id,
        seq=said.seq,
        step=body.step,
        on=_day(draft),
        speaker=said.speaker,
        on_paper=body.step in OF_LABORATORY | OF_PARTY and is_of_authority(said.speaker, of, state),
        to="" if body.to is None else party_id(body.to),
        to_name=body.to_name or "",
        side=body.side or "",
        seal=body.seal or "",
        ground=body.ground or "",
        number=body.number or "",
        result=body.result or "",
        kept_at=body.kept_at or "",
    )


def is_of_authority(speaker: str, sample: KnownSample, state: State) -> bool:
    """Whether a party is the authority whose sample it is, or of its tree of units."""
    return top_of(speaker, state.parties) == top_of(sample.authority, state.parties)


def _day(draft: Any) -> date:
    on: date | None = draft.occurred_on
    assert on is not None, "who samples says when"
    return on
