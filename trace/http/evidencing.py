"""Taking evidence: what is taken is stated on the ledger first, and only then handed out. Page, interface and command line
share this.

The whole history of a batch is stated where all of it lies in the authority's jurisdiction (the rule ``not-whole-within`` decides);
else the events that are open to it. Whoever has the package can then see that none was left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID, uuid5

from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Action
from ..blobs.store import BlobStore
from ..db.engine import begin_read
from ..errors import InputError, Problem, Text
from ..evidence.package import Package, Packed, pack
from ..evidence.record import Circumstances
from ..intake.record import Intake, prepare
from ..intake.recorded import read_recorded
from ..ledger import store
from ..ledger.sequencer import Receipt
from ..model.admission import Refusal
from ..model.rules_of_statements import NOT_WHOLE_WITHIN
from ..model.scope import Scope
from ..queries.evidence import (
    CaseForEvidence,
    Collected,
    OpenBatch,
    Stated,
    batch_for_evidence,
    case_for_evidence,
    collect,
    continued,
)
from ..queries.names import names_of
from .failures import not_found

#: 市场监督管理行政处罚程序规定 第二十二条: not fewer than two officers.
LEAST_OFFICERS, MOST_OFFICERS = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be taken: the histories of batches by their codes, and single events by their ids, such as those of a case.
    ``unit``: which is meant of the batch; the whole batch is taken, and its events are marked. ``id``: of the first statement;
    the same again is stated once."""

    id: str
    batches: Sequence[str]
    said: Circumstances
    unit: int | None = None
    events: Sequence[str] = ()
    earlier: str = ""
    with_attachments: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A finished package, open at its beginning; whoever gets it closes the file."""

    name: str
    file: IO[bytes]
    size: int
    packed: Packed
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTaking:
    """Holds nothing but where things are."""

    ledger: Engine
    desk: Engine
    intake: Intake
    blobs: BlobStore
    public_host: str

    def case(self, actor: Actor, case_id: str) -> CaseForEvidence:
        """What is taken of a case. Raises InputError ``not-found``, also where no batch of it is open to the actor."""
        actor.require(Action.RECORD_STATEMENT)
        with begin_read(self.ledger) as tx:
            found = case_for_evidence(tx, actor, case_id)
        if found is None:
            raise not_found(
                "此案件，或其中对您开放的批次", "this case, or a batch of it that is open to you,", case_id
            )
        return found

    def take(self, actor: Actor, wanted: Wanted) -> Made | Refusal:
        """State what is taken, and pack it. Raises InputError ``not-found`` for a batch that is not open to the actor,
        ``wrong-input``, ``too-large``."""
        actor.require(Action.RECORD_STATEMENT)
        _wants_officers(wanted.said)
        with begin_read(self.ledger) as tx:
            if wanted.earlier.strip():
                continued(tx, wanted.earlier)  # before anything is stated
        stated: list[Stated] = []
        for n, code in enumerate(wanted.batches):
            answer = self._state(actor, wanted, code, _numbered(wanted.id, n))
            if isinstance(answer, Refusal):
                return answer
            stated.append(answer)
        with begin_read(self.ledger) as tx, begin_read(self.desk) as desk:
            found = collect(
                tx,
                desk,
                actor,
                self.blobs,
                stated,
                events=wanted.events,
                about=_about(stated, wanted),
                unit=wanted.unit,
                earlier=wanted.earlier,
                with_attachments=wanted.with_attachments,
            )
            row = store.read_row(tx, stated[0].statement)
            assert row is not None, "it was recorded a moment ago"
            statement = read_recorded(row)
            batches = [self._found(actor, each.batch) for each in stated]
            authority = names_of(tx, [statement.speaker]).party(statement.speaker)
            platform = store.read_identity(tx).origin
        whole = all(each.part is None for each in stated)
        package = Package(
            name=f"evidence-{stated[0].batch}-{statement.seq}",
            taken=found.taken,
            size=found.size,
            root=found.root,
            statement=statement.seq,
            made_at=statement.recorded_at,
            authority=authority,
            platform=platform,
            subject=_subject(batches, wanted),
            extent=_extent(found, whole),
            reported=found.reported,
            circumstances=wanted.said,
            url=f"https://{self.public_host}/events/{statement.event_id}",
        )
        return _packed(package, whole)

    def _state(self, actor: Actor, wanted: Wanted, code: str, id_: str) -> Stated | Refusal:
        found = self._found(actor, code)
        body: dict[str, Any] = {"ground": wanted.said.ground}
        if wanted.said.case:
            body["case"] = wanted.said.case
        draft = {
            "id": id_,
            "kind": "statement",
            "subject": {"batch": {"code": found.code}},
            "by": [{"role": "officer", "name": each.name} for each in wanted.said.officers],
            "body": {**body, "whole": True},
        }
        answer = self._record(actor, draft)
        if isinstance(answer, Receipt):
            return Stated(found.code, answer.seq, None)
        if {problem.code for problem in answer.problems} != {NOT_WHOLE_WITHIN.name}:
            return answer
        taken = {"count": len(found.open_events), "digest": found.digest}
        answer = self._record(actor, {**draft, "body": {**body, "taken": taken}})
        return answer if isinstance(answer, Refusal) else Stated(found.code, answer.seq, found.open_events)

    def _record(self, actor: Actor, draft: dict[str, Any]) -> Receipt | Refusal:
        # What was opened for this request by another authority's grant counts as its own here.
        officer = replace(actor, scope=actor.scope | Scope(parts=actor.opened))
        (answer,) = self.intake.record_now([prepare({"draft": draft}, officer)])
        return answer

    def _found(self, actor: Actor, code: str) -> OpenBatch:
        with begin_read(self.ledger) as tx:
            found = batch_for_evidence(tx, actor, code)
        if found is None:
            raise not_found("此批次", "this batch", code)
        return found


def _packed(package: Package, whole: bool) -> Made:
    file = TemporaryFile()  # noqa: SIM115, whoever sends it closes it
    try:
        packed = pack(package, file)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Made(f"{package.name}.zip", file, size, packed, whole)


def _wants_officers(said: Circumstances) -> None:
    named = [each.name.strip() for each in said.officers]
    problems = []
    if not LEAST_OFFICERS <= len(set(named)) == len(named) <= MOST_OFFICERS or not all(named):
        problems.append(
            Problem(
                "wrong-input",
                Text(
                    f"提取人员应为 {LEAST_OFFICERS} 至 {MOST_OFFICERS} 名执法人员，姓名不重复",
                    f"{LEAST_OFFICERS} to {MOST_OFFICERS} officers take evidence, each named once",
                ),
                where="officers",
            )
        )
    for name, value, text in (
        ("ground", said.ground, Text("请写明案由", "say on what ground")),
        ("place", said.place, Text("请写明提取地点", "say where it is taken")),
    ):
        if not value.strip():
            problems.append(Problem("wrong-input", text, where=name))
    if problems:
        raise InputError(*problems)


def _numbered(id_: str, n: int) -> str:
    """The ids of the statements of one taking follow from the first."""
    return id_ if n == 0 else str(uuid5(UUID(id_), str(n)))


def _about(stated: Sequence[Stated], wanted: Wanted) -> dict[str, Any]:
    about: dict[str, Any] = {"batches": [each.batch for each in stated]}
    if wanted.unit is not None:
        about["unit"] = wanted.unit
    if wanted.said.case:
        about["case"] = wanted.said.case
    return about


def _subject(batches: Sequence[OpenBatch], wanted: Wanted) -> list[tuple[str, str]]:
    said = [
        (
            "批次",
            f"{each.printed}（{each.maker}，批号 {each.lot}，{each.designation}）"
            + ("" if wanted.unit is None else f"，第 {wanted.unit} 盘（卷）"),
        )
        for each in batches
    ]
    if wanted.events:
        said.append(("其他事件", f"{len(wanted.events)} 条"))
    return said


def _extent(found: Collected, whole: bool) -> str:
    count = sum(len(each.events) for each in found.taken.streams)
    files = len(found.taken.attachments)
    said = "全部历史" if whole else "对提取单位开放的部分，不含其他地区的记录"
    return f"账本上该批次的事件 {count} 条（{said}）及取证声明，附件 {files} 个"
