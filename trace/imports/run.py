"""A file from its bytes to the ledger: understand it, rehearse it, record it.

1. `understand` reads the bytes, recognises the tables and turns rows into groups of drafts; it writes nothing.
2. `dry_run` judges every group as the ledger stands now, without a commit, and names all bad and marked rows.
3. `commit` does the same and records the good groups, a few hundred events at a time.

The ids of events follow from what their rows say, so a second import of a file adds nothing, and one that was
killed is simply run again: what is on the ledger already is recognised by its id.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson
from sqlalchemy import Connection

from ..auth import grants
from ..auth.actor import Actor
from ..auth.policy import ROLES, Action, recording
from ..errors import InputError, Problem, Text
from ..intake.admit import SAME_ID_OTHER_CONTENT, Proposal
from ..intake.record import Intake, prepared_or_refused
from ..ledger.payload import decode_payload
from ..ledger.sequencer import Receipt
from ..ledger.store import Row, read_rows_by_id
from ..model.admission import Admitted, Refusal
from ..model.kinds import KINDS as KINDS_OF_EVENT
from ..model.rules import RULES
from ..model.state import KnownParty
from .columns import (
    ACCEPTANCES,
    BATCHES,
    FACTORY_TESTS,
    KINDS,
    LABORATORY_RESULTS,
    OPINIONS,
    ORDERS,
    PRODUCTS,
    PROJECTS,
    RECEIPTS,
    SHIPMENTS,
    USES,
    Layout,
)
from .examples import set_aside
from .known import Known, load_known, party_meant
from .maker_tables import batch, product, shipment
from .mapping import NONE, ColumnMapping, Mappings, SeenSheet, key_of, layout_of, seen
from .parties import Cast
from .preview import preview
from .receipts import receipt
from .report import BadRow, MarkedRow, RepeatedRow, Report, SheetReport
from .reports import factory_tests, laboratory_results
from .rows import Line, Reading, RowGroup, Said, Table, Trouble
from .site_tables import Site
from .unfit import MISSING_COLUMNS, NoTable, no_table, unfit
from .whose import Whose, WhoseLots, whose
from .workbook import Limits, read_workbook

__all__ = [
    "NoTable",
    "Report",
    "Understood",
    "UnderstoodSheet",
    "WhoseLots",
    "commit",
    "dry_run",
    "understand",
]

#: Events recorded with one call: enough to share a commit, few enough to see progress.
_CHUNK = 400

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodSheet:
    """A sheet and how it was understood. ``first_row`` is the number of its first row below the headings.

    ``rows`` are those that say something; ``examples`` a template's own, which are passed over.
    """

    name: str
    layout: Layout
    rows: int
    examples: int
    first_row: int


@dataclass(frozen=True, slots=True)
class _Before:
    """An event that is on the ledger already, under an id of this file."""

    draft: Mapping[str, Any]
    marks: tuple[str, ...]
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A file as it was understood; hand it to `dry_run` and to `commit`.

    ``names`` are those of the parties that were known before, by id. ``mapped`` is what was used of what people have said of headings: with the same the file means the same again.
    """

    name: str
    format: Literal["xlsx", "csv"]
    encoding: str | None
    hidden: tuple[str, ...]
    sheets: tuple[UnderstoodSheet, ...]
    groups: tuple[RowGroup, ...]
    troubles: tuple[Trouble, ...]
    before: Mapping[str, _Before]
    names: Mapping[str, str]
    seen: tuple[SeenSheet, ...]
    mapped: Mapping[str, ColumnMapping]


# ---- understanding ------------------------------------------------------------------------------------------


def understand(
    tx: Connection,
    data: bytes,
    name: str,
    actor: Actor,
    *,
    answer: str | None = None,
    mappings: Mappings = NONE,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Understood:
    """Read a file for this actor. ``answer`` names the party (credit code, id, CMA number or name) whose file, or
    whose lots, these are, where the file does not say so itself; ``mappings`` are what the actor's organisation has
    said of headings.

    Raises InputError where nothing can be done with the file as a whole: unreadable, not the actor's to enter;
    `NoTable` and `WhoseLots` where a person must answer first. Bad rows are no errors.
    """
    actor.require(Action.IMPORT)
    book = read_workbook(data, name, limits)
    layouts = [layout_of(sheet, mappings) for sheet in book.sheets]
    shown_sheets = tuple(seen(sheet, layout) for sheet, layout in zip(book.sheets, layouts, strict=True))
    keys = [key_of(sheet.headings) for sheet in book.sheets]
    cleared = [
        set_aside(Table(sheet.name, layout.kind, layout.headings, sheet.rows, layout.units))
        for sheet, layout in zip(book.sheets, layouts, strict=True)
        if layout.kind is not None
    ]
    if not cleared:
        raise NoTable(shown_sheets, *no_table(book, layouts))
    tables = [each.table for each in cleared]
    examples = {each.table.sheet: each.untouched for each in cleared}
    chosen = None if answer is None else party_meant(tx, answer, actor)
    known = load_known(tx, tables, actor, chosen)
    groups, troubles = _told(tables, known, actor, chosen)
    _check_pen(tx, actor, groups, known)
    rows = read_rows_by_id(tx, [said.draft["id"] for group in groups for said in group.said])
    return Understood(
        name=book.name,
        format=book.format,
        encoding=book.encoding,
        hidden=book.hidden,
        sheets=tuple(
            UnderstoodSheet(
                name=sheet.name,
                layout=layout,
                rows=len(sheet.rows) - examples.get(sheet.name, 0),
                examples=examples.get(sheet.name, 0),
                first_row=sheet.rows[0].number if sheet.rows else 2,
            )
            for sheet, layout in zip(book.sheets, layouts, strict=True)
        ),
        groups=tuple(groups),
        troubles=(*(trouble for each in cleared for trouble in each.troubles), *troubles),
        before={id_: _before(row) for id_, row in rows.items()},
        names={party.id: party.name for party in known.parties.values() if actor.may_know(party)},
        seen=shown_sheets,
        mapped={key: mappings[key] for key in keys if key in mappings},
    )


def _told(
    tables: Sequence[Table], known: Known, actor: Actor, answer: KnownParty | None
) -> tuple[list[RowGroup], list[Trouble]]:
    """What all rows say, in the order in which it is to be recorded. Raises `WhoseLots`."""
    cast = Cast(known, actor)
    file = whose(tables, known, cast, actor, answer)
    site = Site(file)
    troubles: list[Trouble] = []
    groups: list[RowGroup] = []
    for kind in KINDS:
        lines = [line for table in tables if table.kind is kind for line in table.lines()]
        if kind is FACTORY_TESTS:
            groups += factory_tests(lines, file, troubles)
        elif kind is LABORATORY_RESULTS:
            groups += laboratory_results(lines, file, troubles)
        elif kind is ORDERS:
            groups += site.orders(lines, troubles)
        else:
            groups += _one_by_one(lines, _ROW[kind.name](file, site), troubles)
    file.ask()
    file.check_answer({said.speaker for group in groups for said in group.said})
    return groups, troubles


_Tell = Callable[[Reading], RowGroup | None]

#: Tables in which every row stands by itself.
_ROW: Mapping[str, Callable[[Whose, Site], _Tell]] = {
    PRODUCTS.name: lambda file, _: lambda reading: product(reading, file),
    BATCHES.name: lambda file, _: lambda reading: batch(reading, file),
    SHIPMENTS.name: lambda file, _: lambda reading: shipment(reading, file),
    RECEIPTS.name: lambda file, _: lambda reading: receipt(reading, file),
    PROJECTS.name: lambda _, site: site.project,
    ACCEPTANCES.name: lambda _, site: site.acceptance,
    OPINIONS.name: lambda _, site: site.opinion,
    USES.name: lambda _, site: site.use,
}


def _one_by_one(lines: Sequence[Line], tell: _Tell, troubles: list[Trouble]) -> Iterator[RowGroup]:
    for line in lines:
        reading = Reading(line)
        group = tell(reading)
        troubles += reading.troubles
        if group is not None:
            yield group


def _check_pen(tx: Connection, actor: Actor, groups: Sequence[RowGroup], known: Known) -> None:
    """Raises InputError ``not-allowed`` where the file is of a party that this actor cannot enter for at all.

    Single rows that speak for others (opinions, samplings) are judged one by one, by the rules.
    """
    if actor.via == "cli":
        return
    spoken = Counter((group.said[-1].speaker, group.said[-1].draft["kind"]) for group in groups)
    voices: Counter[str] = Counter()
    for (speaker, kind), count in spoken.items():
        voices[speaker] += count if kind != "supervision" else 0
    if not voices:
        return
    speaker = voices.most_common(1)[0][0]
    kinds = {kind for who, kind in spoken if who == speaker}
    allowed = {kind for kind in kinds if actor.may_record(kind, speaker=speaker, region=None)}
    if speaker != actor.party and allowed:
        lent = grants.load(tx, [(speaker, actor.party)])[speaker, actor.party]
        allowed &= {kind for grant in lent for kind in grant.kinds}
    if allowed:
        return
    if speaker == actor.party:
        raise _not_for_this_role(actor, kinds)
    party = known.parties.get(speaker)
    whose_file = party.name if party is not None and actor.may_know(party) else speaker
    raise InputError.of(
        "not-allowed",
        f"文件是「{whose_file}」的，本账号不能代其录入",
        f"the file is of {whose_file}, for which this account cannot enter",
        came=whose_file,
        remedy=Text(
            "请由该单位的账号导入，或先由该单位登记代录授权。",
            "Let an account of that party import it, or let the party register a grant first.",
        ),
    )


def _not_for_this_role(actor: Actor, kinds: set[str]) -> InputError:
    """The file is the actor's own, or does not say whose it is, and nothing in it is for such an actor to record."""
    if actor.actions is not None:
        for kind in sorted(kinds):
            actor.require(recording(kind))  # a key may be narrower than its role, and says so itself
    role = ROLES[actor.role]
    named = [title for kind, title in KINDS_OF_EVENT.items() if kind in kinds]
    return InputError.of(
        "not-allowed",
        f"「{role.zh}」账号不能录入：{'、'.join(each.zh for each in named)}",
        f"an account of the role {role.en} cannot record: {', '.join(each.en for each in named)}",
        remedy=Text(
            "请由有关单位的账号导入；若是代其录入，请说明是哪个单位，并先由其登记代录授权。",
            "Let an account of the party concerned import it; to enter for that party, name it, and let it "
            "register a grant first.",
        ),
    )


def _before(row: Row) -> _Before:
    stored = decode_payload(row.payload)
    return _Before(orjson.loads(stored.draft), tuple(stored.server["marks"]), row.seq)


# ---- rehearsing ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rehearsed:
    """A group with its proposals (as many as ``group.said``), what is wrong with it, and the marks it would carry; where it
    ``repeats`` what stands above in the file, the row there."""

    group: RowGroup
    proposals: list[Proposal]
    troubles: list[Trouble]
    marks: list[tuple[Trouble, str]]
    is_new: list[bool]
    repeats: Line | None = None


def dry_run(understood: Understood, intake: Intake, actor: Actor) -> Report:
    """What `commit` would do now. Writes nothing."""
    return _report(understood, _rehearse(understood, intake, actor), ())


def _rehearse(understood: Understood, intake: Intake, actor: Actor) -> list[_Rehearsed]:
    introduced: dict[int, Proposal | Refusal] = {}
    rehearsed = [_prepared(group, understood.before, actor, introduced) for group in understood.groups]
    fit = [each for each in rehearsed if not each.troubles]
    above: dict[str, Line] = {}
    for each, verdicts in zip(fit, intake.rehearse([each.proposals for each in fit]), strict=True):
        for said, verdict in zip(each.group.said, verdicts, strict=True):
            each.is_new.append(isinstance(verdict, Admitted))
            if isinstance(verdict, Refusal):
                each.troubles += _located(each.group, said, verdict.problems, above.get(said.draft["id"]))
            elif isinstance(verdict, Admitted):
                located = _located(each.group, said, verdict.findings)
                each.marks += [(trouble, trouble.problem.code) for trouble in located]
            else:
                each.marks += _marks_before(each.group, said, understood.before)
        if each.troubles:
            each.is_new = [False for _ in each.proposals]
        else:
            each.repeats = above.get(each.group.said[-1].draft["id"])
            for said in each.group.said:
                above.setdefault(said.draft["id"], each.group.lines[0])
    return rehearsed


def _prepared(
    group: RowGroup, before: Mapping[str, _Before], actor: Actor, introduced: dict[int, Proposal | Refusal]
) -> _Rehearsed:
    """``introduced`` keeps what several groups share, the introductions of parties, by identity."""
    rehearsed = _Rehearsed(group, [], [], [], [])
    for said in group.said:
        prepared = introduced.get(id(said))
        if prepared is None:
            prepared = prepared_or_refused({"draft": _as_entered(said, before, actor)}, actor)
        if said.draft["kind"] == "party":
            introduced[id(said)] = prepared
        if isinstance(prepared, Refusal):
            rehearsed.troubles += _located(group, said, prepared.problems)
        else:
            rehearsed.proposals.append(prepared)
    return rehearsed


def _as_entered(said: Said, before: Mapping[str, _Before], actor: Actor) -> dict[str, Any]:
    """The draft as this actor sends it.

    Of what is on the ledger already, those members are taken that do not come from the file: who held the pen,
    where the maker was at home that day. So a file adds nothing also when somebody else brings it in again.
    """
    draft = dict(said.draft)
    if said.speaker != actor.party:
        draft["entered_for"] = said.speaker
    earlier = before.get(draft["id"])
    if earlier is not None:
        _take(draft, earlier.draft, "entered_for")
        for member in said.derived:
            if member == "/body/authority":
                draft["body"] = dict(draft["body"])
                _take(draft["body"], earlier.draft["body"], "authority")
            else:
                _take(draft, earlier.draft, member)
    return draft


def _take(draft: dict[str, Any], earlier: Mapping[str, Any], member: str) -> None:
    draft.pop(member, None)
    if member in earlier:
        draft[member] = earlier[member]


#: Where an import's event carries a mark. The ledger keeps the mark's name only; the place is its rule's.
_MARKED_AT: Mapping[str, str] = {
    "certificate-not-valid-at-production": "/occurred_at",
    "length-deviates": "/body/measurements",
    "outside-certificate-scope": "/body/product",
    "order-unknown": "/body/order",
    "order-other-cable": "/body/order",
    "price-below-order": "/body/price_fen_per_metre",
    "receipt-without-dispatch": "/body/units",
    "seen-before-production": "/occurred_at",
    "use-before-admission": "/body/unit",
    "used-elsewhere": "/body/unit",
}


def _marks_before(group: RowGroup, said: Said, before: Mapping[str, _Before]) -> list[tuple[Trouble, str]]:
    """The marks of an event that is on the ledger already."""
    earlier = before.get(said.draft["id"])
    if earlier is None:
        return []
    problems = [
        Problem(
            mark, RULES[mark].title if mark in RULES else Text(mark, mark), where=_MARKED_AT.get(mark, "")
        )
        for mark in earlier.marks
    ]
    return [(trouble, trouble.problem.code) for trouble in _located(group, said, problems)]


# ---- recording ----------------------------------------------------------------------------------------------


def commit(
    understood: Understood,
    intake: Intake,
    actor: Actor,
    progress: Progress | None = None,
    *,
    since: int | None = None,
) -> Report:
    """Record every good group; bad rows stop no other. ``progress`` is told (rows done, rows of all good groups). ``since``: the size
    of the ledger when this import was asked for; what it recorded from there on, before its process died, counts as its own.

    A group is rehearsed as one but recorded event by event: where another writer comes between, its row is
    reported as bad although its first event may be on the ledger. Importing again shows what is left.
    """
    rehearsed = _rehearse(understood, intake, actor)
    good = [each for each in rehearsed if not each.troubles]
    if since is not None:
        _take_up_again(good, understood.before, since)
    total = sum(len(each.group.lines) for each in good)
    done = 0
    recorded: list[int] = []
    if progress is not None:
        progress(0, total)
    for some in _chunks(good):
        waiting = [(each, n) for each in some for n in range(len(each.proposals)) if each.is_new[n]]
        answers = intake.record_patiently([each.proposals[n] for each, n in waiting])
        for (each, n), answer in zip(waiting, answers, strict=True):
            if isinstance(answer, Receipt):
                recorded.append(answer.seq)
            else:
                each.is_new[n] = False
                each.troubles += _located(each.group, each.group.said[n], answer.problems)
        done += sum(len(each.group.lines) for each in some)
        if progress is not None:
            progress(done, total)
    return _report(understood, rehearsed, recorded)


def _take_up_again(good: Iterable[_Rehearsed], before: Mapping[str, _Before], since: int) -> None:
    """Count as new, once each, what is on the ledger from there on: recorded again it is answered with its first receipt."""
    taken: set[str] = set()
    for each in good:
        for n, said in enumerate(each.group.said):
            id_ = said.draft["id"]
            earlier = before.get(id_)
            if earlier is not None and earlier.seq >= since and id_ not in taken:
                each.is_new[n] = True
                taken.add(id_)


def _ranges(indexes: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Indexes as ranges, both ends included: others' events may stand between those of a file."""
    ranges: list[tuple[int, int]] = []
    for index in sorted(indexes):
        if ranges and ranges[-1][1] + 1 == index:
            ranges[-1] = (ranges[-1][0], index)
        else:
            ranges.append((index, index))
    return tuple(ranges)


def _chunks(good: Sequence[_Rehearsed]) -> Iterator[list[_Rehearsed]]:
    """Whole groups, about `_CHUNK` events at a time."""
    some: list[_Rehearsed] = []
    events = 0
    for each in good:
        some.append(each)
        events += len(each.proposals)
        if events >= _CHUNK:
            yield some
            some, events = [], 0
    if some:
        yield some


# ---- where a problem stands in the file ---------------------------------------------------------------------

_ITEM = re.compile(r"^/body/items/(\d+)")


def _located(
    group: RowGroup, said: Said, problems: Sequence[Problem], above: Line | None = None
) -> list[Trouble]:
    """The cells that problems of a draft come from. What is wrong with one item is wrong with its own line;
    the others of its group fall with it and say so. ``above``: a row of the file that spoke of the same thing."""
    troubles: list[Trouble] = []
    for problem in problems:
        item = _ITEM.match(problem.where)
        pointer = _ITEM.sub("/body/items", problem.where)
        name = said.fields.get(_longest(pointer, said.fields), "")
        if problem.code == SAME_ID_OTHER_CONTENT.problems[0].code:
            problem = _said_otherwise(said, group.lines[0], name, above)  # noqa: PLW2901
        own = said.items[int(item[1])] if item is not None and said.items else None
        for line in group.lines:
            if own is None or line is own:
                troubles.append(Trouble(line, name, problem))
            else:
                beside = Text(
                    f"同一编号的第 {own.number} 行有误：{problem.detail.zh}",
                    f"row {own.number} of the same number is bad: {problem.detail.en}",
                )
                troubles.append(Trouble(line, name, replace(problem, detail=beside)))
    return troubles


def _longest(pointer: str, fields: Mapping[str, str]) -> str:
    while pointer and pointer not in fields:
        pointer = pointer.rpartition("/")[0]
    return pointer


def _said_otherwise(said: Said, line: Line, name: str, above: Line | None) -> Problem:
    kind, heading, key = KINDS_OF_EVENT[said.draft["kind"]], line.heading(name), line.as_typed(name)
    if above is None:
        detail = Text(
            f"{heading}「{key}」的{kind.zh}在账本上已有记录，内容不同",
            f"a {kind.en} of {key} is on the ledger already, with other content",
        )
    else:
        there = f"「{above.table.sheet}」" if above.table.sheet != line.table.sheet else ""
        detail = Text(
            f"第 {line.number} 行与{there}第 {above.number} 行说的是同一个{kind.zh}（{heading}「{key}」），内容不同",
            f"rows {line.number} and {above.number} are of one {kind.en} ({key}), with different content",
        )
    return Problem(
        SAME_ID_OTHER_CONTENT.problems[0].code,
        detail,
        remedy=Text(
            "改错请作更正；若是另一件事，请换一个编号",
            "answer a mistake by a correction; give another thing another number",
        ),
    )


# ---- the report ---------------------------------------------------------------------------------------------

_CHECK_ROW = Text("请核对该行后改正。", "Check this row and correct it.")


def _report(understood: Understood, rehearsed: Sequence[_Rehearsed], recorded: Sequence[int]) -> Report:
    good = [each for each in rehearsed if not each.troubles and each.repeats is None]
    repeated = [
        RepeatedRow(
            sheet=line.table.sheet,
            row=line.number,
            above_sheet=each.repeats.table.sheet,
            above=each.repeats.number,
        )
        for each in rehearsed
        if each.repeats is not None and not each.troubles
        for line in each.group.lines
    ]
    bad = [
        _unfit_row(sheet, problem)
        for sheet in understood.sheets
        if sheet.layout.nearest is not None and sheet.layout.kind is None
        for problem in unfit(sheet.name, sheet.layout)
    ]
    bad += [_bad(trouble) for trouble in understood.troubles]
    bad += [_bad(trouble) for each in rehearsed for trouble in each.troubles]
    marks = {
        (trouble.line.table.sheet, trouble.line.number, mark): _marked(trouble, mark)
        for each in good
        for trouble, mark in each.marks
    }
    known = Counter(line.table.sheet for each in good if not any(each.is_new) for line in each.group.lines)
    bad_rows = Counter(sheet for sheet, _ in {(each.sheet, each.row) for each in bad})
    repeated_rows = Counter(each.sheet for each in repeated)
    marked_rows = Counter(sheet for sheet, _ in {(each.sheet, each.row) for each in marks.values()})
    place = {sheet.name: n for n, sheet in enumerate(understood.sheets)}
    new = [
        said
        for each in rehearsed
        for said, is_new in zip(each.group.said, each.is_new, strict=False)  # none where it was not fit
        if is_new
    ]
    added = Counter(said.draft["kind"] for said in new)
    return Report(
        sheets=tuple(
            SheetReport(
                name=sheet.name,
                layout=sheet.layout,
                rows=sheet.rows,
                good=0
                if sheet.layout.kind is None
                else sheet.rows - bad_rows[sheet.name] - repeated_rows[sheet.name],
                bad=bad_rows[sheet.name],
                marked=marked_rows[sheet.name],
                known=known[sheet.name],
                examples=sheet.examples,
                repeated=repeated_rows[sheet.name],
            )
            for sheet in understood.sheets
        ),
        repeated=tuple(sorted(repeated, key=lambda each: (place[each.sheet], each.row))),
        bad=tuple(sorted(dict.fromkeys(bad), key=lambda each: (place[each.sheet], each.row))),
        marked=tuple(sorted(marks.values(), key=lambda each: (place[each.sheet], each.row, each.mark))),
        added=dict(added),
        up_to=max(recorded, default=None),
        hidden=understood.hidden,
        recorded=_ranges(recorded),
        preview=preview(
            (each.group for each in good), new, understood.names, [sheet.name for sheet in understood.sheets]
        ),
    )


def _bad(trouble: Trouble) -> BadRow:
    line, problem = trouble.line, trouble.problem
    return BadRow(
        sheet=line.table.sheet,
        row=line.number,
        column=line.heading(trouble.field),
        value=line.as_typed(trouble.field),
        code=problem.code,
        reason=problem.detail,
        remedy=problem.remedy or _CHECK_ROW,
    )


def _marked(trouble: Trouble, mark: str) -> MarkedRow:
    line = trouble.line
    return MarkedRow(
        sheet=line.table.sheet,
        row=line.number,
        column=line.heading(trouble.field),
        value=line.as_typed(trouble.field),
        mark=mark,
        reason=trouble.problem.detail,
    )


def _unfit_row(sheet: UnderstoodSheet, problem: Problem) -> BadRow:
    """The headings of a sheet that is nearly a table, none of whose rows goes in."""
    return BadRow(
        sheet=sheet.name,
        row=max(1, sheet.first_row - 1),
        column=problem.where,
        value="",
        code=problem.code,
        reason=problem.detail,
        remedy=problem.remedy or MISSING_COLUMNS,
    )
