"""Rules of special campaigns: tasks go to units of the own tree, and reports are of a task that there is, by who has it."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .programmes import OF_A_TASK, KnownProgramme
from .rules_of_cases import is_own
from .units import head_of, is_in_tree_of
from .values import party_id


def _taken(claim: Claim, draft: drafts.ProgrammeDraft) -> Finding | None:
    id_, number = draft.subject.programme, draft.body.number
    known = claim.state.programmes[id_]
    if known is not None and known.event != draft.id:
        return Finding("/subject/programme", id_, Text("这个编号已经用过", "this id was used before"))
    if claim.state.case_numbers[claim.speaker, "programme", number] in (None, id_):
        return None
    return Finding(
        "/body/number",
        number,
        Text("本单位已有这个文号的专项行动", "your authority has a programme of this number already"),
        Text("内容有变的，更正原来那一项", "where it has changed, correct the one that there is"),
    )


def _inconsistent(_claim: Claim, draft: drafts.ProgrammeDraft) -> list[Finding]:
    """All of it: a long form is put right at once, and not fault by fault."""
    phases, tasks = draft.body.phases, draft.body.tasks
    found = [
        Finding(
            f"/body/phases/{n}/closes_on",
            str(phase.closes_on),
            Text("阶段的结束日早于开始日", "the phase ends before it begins"),
        )
        for n, phase in enumerate(phases)
        if phase.closes_on < phase.opens_on
    ]
    for n, task in enumerate(tasks):
        if any(task.code == other.code for other in tasks[:n]):
            found.append(
                Finding(
                    f"/body/tasks/{n}/code",
                    task.code,
                    Text("任务编号重复", "two tasks have this code"),
                    Text("每项任务一个编号", "give each task its own"),
                )
            )
        if task.phase is not None and task.phase > len(phases):
            found.append(
                Finding(
                    f"/body/tasks/{n}/phase",
                    str(task.phase),
                    Text(f"只有 {len(phases)} 个阶段", f"there are {len(phases)} phases"),
                )
            )
    return found


def _given_away(claim: Claim, draft: drafts.ProgrammeDraft) -> list[Finding]:
    """Of a unit of which the speaker may not know, the answer is that of one that is not there."""
    parties = claim.state.parties
    head = head_of(claim.speaker, parties)
    return [
        Finding(
            f"/body/tasks/{n}/units",
            ref,
            Text("不是本单位或所属的机构", "this is neither your authority nor a unit of it"),
            Text("先在「内设机构」登记为所属机构", "register it among your units first"),
        )
        for n, task in enumerate(draft.body.tasks)
        for ref in task.units
        if not is_in_tree_of(party_id(ref), head, parties)
    ]


def _programme_of(claim: Claim, draft: drafts.ProgrammeStepDraft) -> KnownProgramme | None:
    """The programme, for units of its tree; to others there is none."""
    known, parties = claim.state.programmes[draft.subject.programme], claim.state.parties
    if known is None or not is_in_tree_of(claim.speaker, head_of(known.authority, parties), parties):
        return None
    return known


def _unknown(claim: Claim, draft: drafts.ProgrammeStepDraft) -> Finding | None:
    if _programme_of(claim, draft) is not None:
        return None
    return Finding(
        "/subject/programme",
        draft.subject.programme,
        Text("没有这项专项行动", "there is no such programme"),
    )


def _incomplete(claim: Claim, draft: drafts.ProgrammeStepDraft) -> Finding | None:
    known, body = _programme_of(claim, draft), draft.body
    if known is None:
        return None
    if (body.task is not None) != (body.step in OF_A_TASK):
        return Finding(
            "/body/task",
            body.task or "",
            Text(
                "任务的进展和完成写明任务编号，其他的不写",
                "progress and the end of a task name its code, nothing else does",
            ),
        )
    if body.task is not None and known.task(body.task) is None:
        return Finding(
            "/body/task",
            body.task,
            Text("没有这项任务", "there is no such task"),
            Text(
                f"任务编号：{'、'.join(task.code for task in known.tasks)}",
                f"codes: {', '.join(task.code for task in known.tasks)}",
            ),
        )
    named = [each for each in (body.case, body.lead) if each is not None]
    if len(named) != (1 if body.step == "major-case" else 0):
        return Finding(
            "/body/case",
            "",
            Text(
                "重大案件随时报告写明案件或线索，只写一个；其他的不写",
                "the report of a major case names the case or the lead, one of them; nothing else does",
            ),
        )
    matter = claim.state.cases[body.case] if body.case is not None else claim.state.leads.get(body.lead or "")
    if named and (matter is None or not is_own(claim.speaker, matter.authority, claim.state)):
        where = "case" if body.case is not None else "lead"
        return Finding(
            f"/body/{where}", named[0], Text("没有这个案件或线索", "there is no such case or lead")
        )
    if body.frozen_at is not None and body.step != "summary":
        return Finding(
            "/body/frozen_at",
            str(body.frozen_at),
            Text("只有总结写明账本序号", "only a summary has an index of the ledger"),
        )
    return None


def _anothers(claim: Claim, draft: drafts.ProgrammeStepDraft) -> Finding | None:
    known, body, parties = _programme_of(claim, draft), draft.body, claim.state.parties
    if known is None:
        return None
    if body.step == "ended":
        if head_of(claim.speaker, parties) == head_of(known.authority, parties) and body.unit is None:
            return None
        return Finding(
            "/body/step",
            body.step,
            Text("专项行动由部署它的机关结束", "a programme is ended by whoever issued it"),
        )
    unit = claim.speaker if body.unit is None else party_id(body.unit)
    if not is_in_tree_of(unit, head_of(claim.speaker, parties), parties):
        return Finding(
            "/body/unit",
            body.unit or "",
            Text("只能报告本单位和所属机构的", "an authority reports for itself and its units"),
        )
    task = None if body.task is None else known.task(body.task)
    if task is None or unit in task.units:
        return None
    return Finding(
        "/body/task",
        body.task or "",
        Text("这项任务没有分给该单位", "this task is not that unit's"),
        Text("代下级录入的写明 unit", "who enters it for a unit names that as unit"),
    )


PROGRAMME_THERE = Rule(
    "programme-there", Weight.ARITHMETIC,
    Text("编号已用", "used before"),
    Text("同一单位的专项行动文号不重复", "an authority numbers each programme once"),
    _taken,
)  # fmt: skip
PROGRAMME_INCONSISTENT = Rule(
    "programme-inconsistent", Weight.INPUT,
    Text("阶段或任务有误", "phases or tasks do not fit"),
    Text("阶段有先后，任务各有编号", "a phase runs from its first day to its last, and tasks have codes of their own"),
    _inconsistent,
)  # fmt: skip
TASK_GIVEN_AWAY = Rule(
    "task-given-away", Weight.INPUT,
    Text("任务不在本单位之内", "a task of somebody else"),
    Text("任务分给本单位和所属的机构", "tasks are for the own authority and its units"),
    _given_away,
)  # fmt: skip
PROGRAMME_UNKNOWN = Rule(
    "programme-unknown", Weight.INPUT,
    Text("没有这项专项行动", "no such programme"),
    Text("报告针对本单位或上级部署的专项行动", "a report is of a programme of the own authority or one above it"),
    _unknown,
)  # fmt: skip
REPORT_INCOMPLETE = Rule(
    "report-incomplete", Weight.INPUT,
    Text("报告不完整", "the report does not fit"),
    Text("报告写明任务，或案件、线索", "a report names its task, or its case or lead"),
    _incomplete,
)  # fmt: skip
REPORTS_FOR_ANOTHER = Rule(
    "reports-for-another-unit", Weight.AUTHORITY,
    Text("不是本单位的任务", "another unit's to report"),
    Text("任务由承担的机构报告，上级可以代录", "a task is reported by the unit that has it, or by one above it"),
    _anothers,
)  # fmt: skip
