"""Correcting an event: its newest version to change, then what would follow for the metres, and only then the record.

Nothing is edited: the event stays, and the correction beside it brings its complete right version, or says that it
should never have been said (design §2.6). The first sending is judged and shown, the second one records. The attachments
are part of the version: those recorded stay unless they are dropped, new ones are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.actor import Actor
from ...auth.policy import Action, Reach
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.attaching import FILES_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.contract import costs
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Foreseen, Intake, prepare
from ...ledger.sequencer import Receipt
from ...model.admission import Refusal
from ...model.parts import Document
from ...model.rules import RULES
from ...queries.versions import Change, Version, changes, newest_version
from ..blanks import PROSE, Blank, Typed, row_count, row_of, with_more_rows
from ..directory import Directory
from ..filled import AT, MORE, ON, beside, fields_of, grounds_of, located, opened, read_form
from ..form_parts import PERSONS, PLACE, Form
from ..forms import FORMS
from ..forms_of_cases import form_to_correct
from ..forms_of_inspecting import along_answers
from ..forms_of_programmes import form_to_correct_programme
from ..forms_of_requests import form_to_correct_request
from ..forms_of_samples import form_to_correct_sample
from ..forms_of_self_checks import signing
from ..happened import attachments, timeline
from ..views import CorrectPage, Difference, Link
from .came import with_files
from .entry import TIMELESS, say
from .visit import Pages, Visit, page_router, see_other

#: What the buttons of the two steps say.
_VOID, _STEP, _REASON = "void", "step", "reason"
#: The attachments that the right version no longer has, by their hashes.
_DROPPED = "dropped"
_WHY = Blank(
    at=_REASON,
    label=Text("为什么更正", "Why it is corrected"),
    way=PROSE,
    hint=Text("写给以后查账的人看。", "For whoever reads the books later."),
    example="单据误填，实发 2 盘",
    required=True,
)


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)

    @router.get("/events/{event}/correct")
    def ask(request: Request, event: str) -> Response:
        with pages.visit(request) as visit:
            version = _version(visit, event)
            known = Directory.of(visit.tx, visit.actor)
            typed = opened(form_of(version), version.draft, known, None)
            return pages.show(_page(visit, version, typed, known=known))

    @router.post("/events/{event}/correct", openapi_extra=costs(Cost.RECORDING))
    async def correct(request: Request, event: str) -> Response:
        came, attached = await with_files(request, pages, attaching)
        return await run_in_threadpool(sent, request, event, came, attached)

    def sent(request: Request, event: str, came: Typed, attached: Attached) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            version = _version(visit, event)
            known = Directory.of(visit.tx, visit.actor)
            form = form_of(version)
            read = read_form(form, came, version.draft, known, timeless=version.kind in TIMELESS)
            passed_on = (_REASON, _VOID, _DROPPED, "id")
            typed = {name: came[name] for name in passed_on if name in came} | read.typed
            show_again = partial(_page, visit, version, known=known, added=attached.documents)
            is_void = came.get(_VOID) == "yes"
            if MORE in came:
                typed = with_more_rows(form.parts, typed, came[MORE])
            if MORE in came or came.get(_STEP) == "edit":
                return pages.show(show_again(typed, problems=attached.problems))
            problems = (*_no_reason(came), *attached.problems, *(() if is_void else read.problems))
            if problems:
                return pages.show(show_again(typed, problems=problems), 422)
            documents = _documents(version, typed, attached.documents)
            right = {**read.draft, "documents": [asdict(each) for each in documents]}
            draft = _correction(visit.actor, version, right, came, is_void=is_void)
            if came.get(_STEP) != "record":
                return _checked(visit, version, draft, typed, known, attached.documents)
            answer = say(intake, visit.actor, draft, known)
            if isinstance(answer, Refusal):
                return pages.show(show_again(typed, problems=answer.problems), answer.status)
            return see_other(_onward(version, answer))

    def _checked(
        visit: Visit,
        version: Version,
        draft: Mapping[str, Any],
        typed: Typed,
        known: Directory,
        added: tuple[Document, ...],
    ) -> Response:
        foreseen = _foresee(intake, visit.actor, draft)
        page = _page(visit, version, typed, known=known, added=added)
        if isinstance(foreseen, Refusal):
            page = _page(visit, version, typed, known=known, added=added, problems=foreseen.problems)
            return pages.show(page, foreseen.status)
        moved = (
            () if version.batch is None else changes(visit.tx, visit.actor, version.batch, foreseen.postings)
        )
        return pages.show(_with_outcome(page, version, form_of(version), typed, known, foreseen, moved))

    return router


def _version(visit: Visit, event: str) -> Version:
    visit.actor.require(Action.RECORD_CORRECTION)
    version = newest_version(visit.tx, visit.actor, event)
    if version is None:
        raise not_found("此事件，或不能由您更正", "this event, or it is not yours to correct", event)
    return version


def form_of(version: Version) -> Form:
    """The form of the event's kind, with its place and its persons; without drums where it was about none."""
    said = version.draft["body"]
    form = (
        form_to_correct(version.kind, said)
        or form_to_correct_request(version.kind, said)
        or form_to_correct_sample(version.kind, said)
        or form_to_correct_programme(version.kind, said)
        or FORMS[version.kind]
    )
    if version.kind == "commitment":
        form = signing(form)
    if version.kind in ("inspection", "self-check"):
        form = along_answers(form, version.draft["body"])
    there = {part.at for part in form.parts}
    more = [part for part in (*PLACE, PERSONS) if part.at not in there]
    if "by" in there:  # of whatever role they are
        form = replace(form, parts=tuple(PERSONS if part.at == "by" else part for part in form.parts))
    return replace(form, parts=(*form.parts, *more))


def _no_reason(came: Typed) -> tuple[Problem, ...]:
    if came.get(_REASON, "").strip():
        return ()
    return (Problem("wrong-input", Text("请写明为什么更正", "say why it is corrected"), where=f"/{_REASON}"),)


def _recorded(version: Version) -> tuple[Document, ...]:
    return tuple(Document(**each) for each in version.draft.get("documents", ()))


def _dropped(typed: Typed) -> frozenset[str]:
    return frozenset(filter(None, typed.get(_DROPPED, "").split(",")))


def _documents(version: Version, typed: Typed, added: tuple[Document, ...]) -> tuple[Document, ...]:
    """The attachments of the right version: those recorded that are not dropped, and those that were added."""
    kept = [each for each in _recorded(version) if each.sha256 not in _dropped(typed)]
    there = {each.sha256 for each in kept}
    return (*kept, *(each for each in added if each.sha256 not in there))


_OF_THE_RIGHT_VERSION = ("occurred_at", "precision", "place", "by", "documents")


def _correction(
    actor: Actor, version: Version, right: Mapping[str, Any], came: Typed, *, is_void: bool
) -> dict[str, Any]:
    """The draft of the correction: about the event, with the newest version named that it answers."""
    said: dict[str, Any] = {"reason": came[_REASON].replace("\r\n", "\n").strip()}
    if version.newest:
        said["of"] = version.newest
    draft: dict[str, Any] = {
        "id": came.get("id", ""),
        "kind": "correction",
        "subject": {"event": version.event_id, "kind": version.kind},
        "body": {**said, "void": True} if is_void else {**said, "right": right.get("body", {})},
    }
    if not is_void:
        draft |= {name: right[name] for name in _OF_THE_RIGHT_VERSION if right.get(name)}
    authority = actor.reach(Action.RECORD_CORRECTION) >= Reach.JURISDICTION
    if version.speaker != actor.party and not authority:
        draft["entered_for"] = version.speaker
    return draft


def _foresee(intake: Intake, actor: Actor, draft: Mapping[str, Any]) -> Foreseen | Refusal:
    try:
        foreseen = intake.foresee(prepare({"draft": dict(draft)}, actor))
    except InputError as error:
        problems = located(error)
        return Refusal(problems, status_of(problems))
    return foreseen.verdict if isinstance(foreseen.verdict, Refusal) else foreseen


# --- the page -----------------------------------------------------------------------------------------


def _page(
    visit: Visit,
    version: Version,
    typed: Typed,
    *,
    known: Directory,
    added: tuple[Document, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> CorrectPage:
    form = form_of(version)
    form = replace(form, parts=(_WHY, *form.parts))
    fields = fields_of(form, typed, known)
    when, why, rest = fields[:2], fields[2], fields[3:]
    found = beside(problems, fields, FILES_FIELD)
    (event,) = timeline([version.happening])
    return CorrectPage(
        frame=visit.frame,
        action=f"/events/{version.event_id}/correct",
        intro=form.intro,
        fields=(why, *when, *rest),
        button=Text("看看会怎样", "See what will follow"),
        hidden={"id": typed.get("id", "")},
        event=event,
        back=_back(version),
        is_void=typed.get(_VOID) == "yes",
        was_void=version.is_void,
        recorded=attachments(_recorded(version)),
        dropped=_dropped(typed),
        attaches=bool(visit.actor.reach(Action.PUT_BLOB)),
        attached=added,
        problems=found,
        grounds=grounds_of(found),
    )


def _with_outcome(
    page: CorrectPage,
    version: Version,
    form: Form,
    typed: Typed,
    known: Directory,
    foreseen: Foreseen,
    moved: tuple[Change, ...],
) -> CorrectPage:
    marks = () if isinstance(foreseen.verdict, Refusal) else foreseen.verdict.marks
    hidden = {name: text for name, text in typed.items() if name not in ("form_token", _STEP)}
    documents = _difference_of_documents(version, _documents(version, typed, page.attached))
    return replace(
        page,
        checked=True,
        hidden=hidden,
        button=Text("记录更正", "Record the correction"),
        differences=() if page.is_void else (*_differences(form, version, typed, known), *documents),
        changes=moved,
        marks=tuple(RULES[rule].title for rule in marks),
    )


def _differences(form: Form, version: Version, typed: Typed, known: Directory) -> Iterator[Difference]:
    """What was changed, blank by blank, in the words of the form."""
    before = opened(form, version.draft, known, None)
    for name, label in ((ON, Text("日期", "Day")), (AT, Text("时间", "Time"))):
        was, now = before[name], typed.get(name, "")
        if was != now:
            yield Difference(label=label, before=Text(was, was), after=Text(now, now))
    for label, blank in _labelled(form, typed, before):
        was, now = (each.get(blank.at, "").replace("\r\n", "\n").strip() for each in (before, typed))
        if was != now:
            yield Difference(label=label, before=_said(blank, was, known), after=_said(blank, now, known))


def _difference_of_documents(version: Version, after: tuple[Document, ...]) -> tuple[Difference, ...]:
    was, now = ("\n".join(each.name for each in documents) for documents in (_recorded(version), after))
    hashes = ({each.sha256 for each in documents} for documents in (_recorded(version), after))
    if next(hashes) == next(hashes):
        return ()
    return (
        Difference(
            label=Text("照片和文件", "Photos and papers"), before=Text(was, was), after=Text(now, now)
        ),
    )


def _labelled(form: Form, typed: Typed, before: Typed) -> Iterator[tuple[Text, Blank]]:
    """Every blank with what it is called, those of rows with the number of the row."""
    for part in form.parts:
        if isinstance(part, Blank):
            yield part.label, part
            continue
        for n in range(max(row_count(part, typed), row_count(part, before))):
            for blank in row_of(part, n):
                zh, en = part.label.zh, part.label.en
                yield Text(f"{zh} {n + 1}：{blank.label.zh}", f"{en} {n + 1}: {blank.label.en}"), blank


def _said(blank: Blank, typed: str, known: Directory) -> Text:
    """What was chosen, in its words; what was typed, as it was typed."""
    if blank.way.look == "tick":
        return Text("是", "yes") if typed else Text("否", "no")
    words = dict(blank.way.options(known))
    chosen = [words[key] for key in typed.split(",") if key in words]
    if not chosen:
        return Text(typed, typed)
    return Text("、".join(text.zh for text in chosen), ", ".join(text.en for text in chosen))


def _back(version: Version) -> Link:
    if version.batch is not None:
        return Link(f"/batches/{version.batch}#event-{version.index}", Text("返回批次", "Back to the batch"))
    goods = version.draft["subject"].get("goods")
    if goods is not None:
        return Link(f"/goods/{goods}", Text("返回货物", "Back to the goods"))
    for sort in ("lead", "case", "request", "programme"):
        if sort in version.draft["subject"]:
            return Link(f"/{sort}s/{version.draft['subject'][sort]}", Text("返回", "Back"))
    return Link("/", Text("返回工作台", "Back to the desk"))


def _onward(version: Version, receipt: Receipt) -> str:
    return (
        f"/batches/{version.batch}#event-{receipt.seq}" if version.batch is not None else _back(version).href
    )
