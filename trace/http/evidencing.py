"""Taking evidence: what is taken is stated on the ledger first, and only then handed out. Page, interface and command line
share this.

The whole history of a batch is stated where all of it lies in the authority's jurisdiction (the rule ``not-whole-within`` decides);
else the events that are open to it. That of a case and its leads is always stated whole: it is the authority's own. Whoever has the
package can then see that none was left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine

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
from ..ledger.note import VerifierKey
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
    checkpoint_of,
    collect,
    continued,
    kept_checkpoints,
)
from ..queries.names import names_of
from .failures import not_found

#: 市场监督管理行政处罚程序规定 第二十二条: not fewer than two officers.
LEAST_OFFICERS, MOST_OFFICERS = 2, 6
#: So many sizes of kept checkpoints are named to whoever asks for another one.
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be taken: the histories of batches by their codes, of a ``case`` and its ``leads`` by their ids, and single events by
    theirs. ``unit``: which is meant of the batch; the whole batch is taken, and its events are marked. ``id``: of the first statement;
    the same again is stated once. ``as_of``: the size of an earlier checkpoint, which a witness has cosigned or which is the one in
    ``earlier``, if all is to be taken as the ledger had it then."""

    id: str
    batches: Sequence[str]
    said: Circumstances
    case: str = ""
    leads: Sequence[str] = ()
    unit: int | None = None
    events: Sequence[str] = ()
    earlier: str = ""
    as_of: int | None = None
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

    def case(self, actor: Actor, case_id: str, as_of: int | None = None) -> CaseForEvidence:
        """What is taken of a case. Raises InputError ``not-found``, also where no batch of it is open to the actor."""
        actor.require(Action.RECORD_STATEMENT)
        with begin_read(self.ledger) as tx:
            found = case_for_evidence(tx, actor, case_id, as_of)
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
        with begin_read(self.ledger) as tx, begin_read(self.desk) as desk:
            if wanted.earlier.strip():
                continued(tx, wanted.earlier)  # before anything is stated
            as_of = _chosen(tx, desk, wanted)
        stated: list[Stated] = []
        for n, history in enumerate(_histories(wanted)):
            answer = self._state(actor, wanted, *history, _numbered(wanted.id, n))
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
                as_of=as_of,
                with_attachments=wanted.with_attachments,
            )
            row = store.read_row(tx, stated[0].statement)
            assert row is not None, "it was recorded a moment ago"
            statement = read_recorded(row)
            batches = [self._found(actor, code) for code in wanted.batches]
            authority = names_of(tx, [statement.speaker]).party(statement.speaker)
            platform = store.read_identity(tx).origin
        whole = all(each.part is None for each in stated)
        package = Package(
            name=f"evidence-{batches[0].code}-{statement.seq}",
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

    def _state(self, actor: Actor, wanted: Wanted, sort: str, history: str, id_: str) -> Stated | Refusal:
        """State that a history is taken: of a ``batch`` by its code, a ``case`` or a ``lead`` by its id."""
        found = self._found(actor, history, wanted.as_of) if sort == "batch" else None
        subject = {sort: history} if found is None else {"batch": {"code": found.code}}
        stream = f"{sort}:{history if found is None else found.code}"
        body: dict[str, Any] = {"ground": wanted.said.ground}
        body |= {"case": wanted.said.case} if wanted.said.case else {}
        body |= {} if wanted.as_of is None else {"as_of": wanted.as_of}
        draft = {
            "id": id_,
            "kind": "statement",
            "subject": subject,
            "by": [{"role": "officer", "name": each.name} for each in wanted.said.officers],
            "body": {**body, "whole": True},
        }
        answer = self._record(actor, draft)
        if isinstance(answer, Receipt):
            return Stated(stream, answer.seq, None)
        if found is None or {problem.code for problem in answer.problems} != {NOT_WHOLE_WITHIN.name}:
            return answer
        taken = {"count": len(found.open_events), "digest": found.digest}
        answer = self._record(actor, {**draft, "body": {**body, "taken": taken}})
        return answer if isinstance(answer, Refusal) else Stated(stream, answer.seq, found.open_events)

    def _record(self, actor: Actor, draft: dict[str, Any]) -> Receipt | Refusal:
        # What was opened for this request by another authority's grant counts as its own here.
        officer = replace(actor, scope=actor.scope | Scope(parts=actor.opened))
        (answer,) = self.intake.record_now([prepare({"draft": draft}, officer)])
        return answer

    def _found(self, actor: Actor, code: str, as_of: int | None = None) -> OpenBatch:
        with begin_read(self.ledger) as tx:
            found = batch_for_evidence(tx, actor, code, as_of)
        if found is None:
            raise not_found("此批次", "this batch", code)
        if not found.open_events:
            raise InputError.of(
                "wrong-input",
                "所选的检查点之前还没有这个批次的事件",
                "the chosen checkpoint is older than the batch",
                came=str(as_of),
                where="as_of",
                remedy=Text("选较晚的检查点", "choose a later one"),
            )
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


def _histories(wanted: Wanted) -> list[tuple[str, str]]:
    """What is stated one by one: batches, the case, its leads."""
    case = [wanted.case] if wanted.case else []
    return [
        *(("batch", code) for code in wanted.batches),
        *(("case", each) for each in case),
        *(("lead", lead) for lead in wanted.leads),
    ]


def _chosen(tx: Connection, desk: Connection, wanted: Wanted) -> str:
    """The checkpoint as of which all is taken, "" for the newest. Raises InputError ``wrong-input`` where none of that size was kept."""
    if wanted.as_of is None:
        return ""
    log = VerifierKey.parse(store.read_identity(tx).verifier_key)
    found = checkpoint_of(desk, wanted.as_of, wanted.earlier, log)
    if found is None:
        sizes = "、".join(str(each.size) for each in kept_checkpoints(tx, desk)[:_MOST_NAMED]) or "—"
        raise InputError.of(
            "wrong-input",
            f"没有保存这个条数的检查点；有见证人会签的：{sizes}",
            f"no checkpoint of that size was kept; cosigned are: {sizes}",
            came=str(wanted.as_of),
            where="as_of",
            remedy=Text(
                "选其中之一，或粘贴您自己保存的检查点", "choose one of these, or paste one that you kept"
            ),
        )
    continued(tx, found)
    return found


def _about(stated: Sequence[Stated], wanted: Wanted) -> dict[str, Any]:
    batches = (each.stream for each in stated if each.stream.startswith("batch:"))
    about: dict[str, Any] = {"batches": [stream.removeprefix("batch:") for stream in batches]}
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
    if wanted.case:
        said.append(("案件", f"案件及其线索 {len(wanted.leads)} 条的全部办理记录"))
    if wanted.events:
        said.append(("其他事件", f"{len(wanted.events)} 条"))
    return said


def _extent(found: Collected, whole: bool) -> str:
    count = sum(len(each.events) for each in found.taken.streams)
    files = len(found.taken.attachments)
    then = found.taken.as_of
    said = "全部历史" if whole else "对提取单位开放的部分，不含其他地区的记录"
    said += "" if then is None else f"，截至检查点 {then.size:,} 条，此后的事件和更正不在内"
    return f"账本上提取对象的事件 {count} 条（{said}）及取证声明，附件 {files} 个"
