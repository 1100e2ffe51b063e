"""Persons: the personal fields of one event, and everything that somebody answers for by name.

Names are never searched for in general: a responsible person is found by the whole name, by regulators of where it
happened and by the organisation whose people they are. Who complains or reports is found by nobody, and is told on
the page of the event alone, to regulators of where it happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action, Reach, recording
from ..codes.trace_code import BatchCode
from ..errors import InputError, Text
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.involvement import projects_of
from ..model.persons import OF_A_CLUE, is_responsible, persons_in
from ..personal import disclosures
from ..personal.names import spelled
from ..registry import register
from .answers import Listed, cut
from .names import Names
from .openness import corrected_since, indexes_of
from .timeline import Happening, happenings, names_for, with_whom
from .visibility import is_told, may_read_complainant, may_read_names, names_open_to, reading

ROLES: Mapping[str, Text] = {
    "inspector": Text("检验员", "inspector"),
    "operator": Text("操作人", "operator"),
    "acceptor": Text("验收人", "acceptor"),
    "engineer": Text("监理工程师", "supervising engineer"),
    "witness": Text("见证人", "witness"),
    "sampler": Text("抽样人", "sampler"),
    "tester": Text("检测人", "tester"),
    "keeper": Text("保管人", "keeper"),
    "officer": Text("执法人员", "officer"),
    "reviewer": Text("审核人员", "reviewer"),
    "other": Text("经办人", "person in charge"),
}
_COMPLAINANT: Mapping[str, Text] = {
    "name": Text("投诉（举报）人姓名", "name of who complains or reports"),
    "phone": Text("投诉（举报）人电话", "phone number of who complains or reports"),
}
_OFFICIAL = Text("被反映人", "the official")
#: Why personal data are erased (个人信息保护法 第四十七条).
GROUNDS: Mapping[str, Text] = {
    "consent-withdrawn": Text("本人撤回同意", "consent was withdrawn"),
    "purpose-achieved": Text(
        "处理目的已实现或不再必要", "the purpose is achieved, or they are needed no longer"
    ),
    "unlawful": Text("违法或违约处理", "they were processed unlawfully"),
    "court": Text("裁判或行政决定要求", "a court or an authority orders it"),
    "other": Text("法律、行政法规规定的其他情形", "another case that the law provides for"),
}

#: So many events of a name are looked at together.
_CHUNK = 200


# --- of one event -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Erased:
    """That a value was erased: index of the event that says so, and on what ground."""

    index: int
    ground: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalValue:
    """A personal field of an event. ``value`` is None where it is not shown to the reader, or erased.

    ``locked``: kept by law, whoever asks for its erasure.
    """

    pointer: str
    label: Text
    value: str | None
    locked: bool
    erased: Erased | None

    @property
    def is_erasable(self) -> bool:
        return not self.locked and self.erased is None


def personal_values(
    tx: Connection, actor: Actor, event: Recorded, whom: frozenset[str]
) -> tuple[PersonalValue, ...]:
    """The personal fields of an event that is open to the actor, each with its value if he may know it."""
    fields = tuple(persons_in(event.draft))
    if not fields:
        return ()
    named = {True: may_read_names(actor, event, whom), False: may_read_complainant(actor, whom)}
    opened = {d.pointer: d.value for d in disclosures.read(tx, [event.event_id]).get(event.event_id, ())}
    erased = register.erasures(tx, [event.event_id]).get(event.event_id, {})
    return tuple(
        PersonalValue(
            pointer=field.pointer,
            label=_OFFICIAL
            if field.role == OF_A_CLUE
            else _COMPLAINANT[field.pointer.rpartition("/")[2]]
            if field.role is None
            else ROLES[field.role],
            value=opened.get(field.pointer)
            if field.role == OF_A_CLUE or named[is_responsible(field.pointer)]
            else None,  # to whom a clue is open, the official is named too
            locked=field.is_locked,
            erased=None
            if (said := erased.get(field.pointer)) is None
            else Erased(said.seq, GROUNDS[said.ground]),
        )
        for field in fields
    )


def may_erase(actor: Actor, event: Recorded) -> bool:
    """Whether the actor's erasure of personal data of this event would not be refused as somebody else's."""
    reach = actor.reach(recording("erasure"))
    return reach >= Reach.JURISDICTION or (reach is Reach.OWN and actor.party == event.speaker)


# --- by name ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectName:
    """A project by id, with its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody of this name answers for: an event, the part in it, the batch and the projects.

    ``corrected``: the event was corrected since.
    """

    name: str
    role: str
    part: Text
    happening: Happening
    batch: str | None
    printed: str
    lot: str
    projects: tuple[ProjectName, ...]
    corrected: bool

    @property
    def index(self) -> int:
        return self.happening.index


def deeds_of(
    tx: Connection,
    actor: Actor,
    names_key: bytes,
    name: str,
    *,
    limit: int = 50,
    after: int | None = None,
) -> Listed[Deed]:
    """Everything that a person of this whole name answers for, as far as the actor may know it, the newest first.

    Several people may have one name: the answer is what stands under the name. ``after`` is the index that the page
    before ended with. Cost: one look-up, and the events of that name until a page is full.
    """
    scope = reading(actor, Action.READ_PERSONS)
    if not spelled(name):
        raise InputError.of("wrong-input", "请输入完整姓名", "give the whole name", where="name")
    pointers: dict[str, list[str]] = {}
    for event_id, pointer in disclosures.named(tx, names_key, name):
        pointers.setdefault(event_id, []).append(pointer)
    seqs = sorted(store.read_seqs_by_id(tx, pointers).values(), reverse=True)
    left = [seq for seq in seqs if after is None or seq < after]
    deeds: list[Deed] = []
    for start in range(0, len(left), _CHUNK):
        events = [read_recorded(row) for row in store.read_rows_at(tx, left[start : start + _CHUNK])]
        names = names_for(tx, events)
        seen = [
            (event, whom)
            for event, whom in reversed(with_whom(tx, events, names))
            if names_open_to(scope, event, whom) and is_told(actor, event)
        ]
        deeds += _deeds(tx, actor, seen, names, pointers)
        if len(deeds) > limit:
            break
    return cut(deeds[: limit + 1], limit, lambda deed: str(deed.index))


def _deeds(
    tx: Connection,
    actor: Actor,
    seen: list[tuple[Recorded, frozenset[str]]],
    names: Names,
    pointers: Mapping[str, list[str]],
) -> Iterator[Deed]:
    """One for each event: who has two parts in it is said to have both."""
    opened = disclosures.read(tx, [event.event_id for event, _ in seen])
    batches = books.batches(tx, {event.batch for event, _ in seen if event.batch is not None})
    since = corrected_since(tx, actor, [event for event, _ in seen])
    told = happenings(tx, actor, seen, names, indexes_of(since))
    for (event, _), happening in zip(seen, told, strict=True):
        values = {each.pointer: each.value for each in opened.get(event.event_id, ())}
        parts = [field for field in persons_in(event.draft) if field.pointer in pointers[event.event_id]]
        batch = None if event.batch is None else batches.get(event.batch)
        yield Deed(
            name="、".join(dict.fromkeys(values[part.pointer] for part in parts)),
            role=parts[0].role or "other",
            part=_together([ROLES[part.role or "other"] for part in parts]),
            happening=happening,
            batch=event.batch,
            printed="" if batch is None else BatchCode(batch.code[:-1]).printed,
            lot="" if batch is None else batch.lot,
            projects=tuple(ProjectName(ref.id, names.project(ref.id)) for ref in projects_of(event.draft)),
            corrected=happening.is_corrected,
        )


def _together(words: list[Text]) -> Text:
    once = list(dict.fromkeys(words))
    return Text("、".join(word.zh for word in once), ", ".join(word.en for word in once))
