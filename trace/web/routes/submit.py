"""The public speaks: what is the difference between a complaint and a report, the form of each, and its receipt.

Without an account, so the browser's word about where the form came from stands in for the token of a session, and a
network address may only send so many in an hour. What was typed stays after an error, and so do the photos that were taken; where they could not be
kept, the form is not taken without them unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.policy import Action, Reach, recording
from ...codes.receipt_number import parse_receipt_number
from ...errors import InputError, Problem, Text, TooManyRequests, shown
from ...http.allowance import Cost
from ...http.attaching import FILES_FIELD, KEPT_FIELD, Attaching
from ...http.contract import costs
from ...http.door import client_of, media_type_of
from ...http.failures import not_found
from ...http.forms import FORM, FormFile, files_form, joined
from ...http.pace import Pace
from ...http.paging import After
from ...http.photos import LARGEST_FORM_BYTES, Brought, Photos
from ...http.problems import status_of
from ...intake.record import Intake
from ...model.admission import Refusal
from ...model.values import business_id
from ...queries.public import goods_named
from ...queries.submissions import (
    SubmissionRow,
    SubmissionState,
    receipt_of,
    received,
    submission_page,
)
from ..blanks import CODE, PROSE, Blank, Typed
from ..directory import Directory
from ..filled import beside, fields_of, grounds_of, naming_fields, opened, read_form
from ..form_parts import Form
from ..forms_of_the_public import SUBMISSIONS, WANTS
from ..happened import attachments
from ..views import Entry, Link, ReceiptPage, RegisterPage, ReportPage, SubmissionPage, SubmitPage
from . import once
from .came import once_typed_fields
from .entry import say
from .visit import LARGEST_FORM_BYTES as LARGEST_WITHOUT_PHOTOS
from .visit import Pages, Visit, check_origin, page_router, see_other

_CODE = Blank(
    at="code",
    label=Text("标签上的追溯码", "Trace code on the label"),
    way=CODE,
    hint=Text(
        "有就填，没有就在下一栏写货上印了什么。",
        "If there is one; else say in the next field what is printed on the goods.",
    ),
    example="7K3QF-9TWZP",
)
_MARKS = Blank(
    at="marks",
    label=Text("没有码：货上印了什么", "No code: what is printed on the goods"),
    way=PROSE,
    hint=Text(
        "厂名、型号、商标，照着抄；什么都没有就写「没有字」。",
        "Maker, model, brand, as printed; if nothing, write “nothing”.",
    ),
    example="2.5 平方电线，红色，无厂名",
)


def make_router(
    pages: Pages, intake: Intake, attaching: Attaching, code_keys: Mapping[int, bytes]
) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms, so far that whoever sends
    # large photos is told in our words.
    router = page_router(4 * LARGEST_FORM_BYTES)
    pace = Pace()
    photos = Photos(attaching, pages.door.clock, code_keys[min(code_keys)])

    @router.get("/report")
    def choose(request: Request, code: Annotated[str, Query(max_length=100)] = "") -> Response:
        said = f"?{urlencode({'code': code})}" if code else ""
        with pages.visit(request) as visit:
            reach = visit.actor.reach
            return pages.show(
                ReportPage(
                    frame=visit.frame,
                    code=code,
                    complaint_href=f"/report/complaint{said}" if reach(Action.RECORD_COMPLAINT) else "",
                    report_href=f"/report/report{said}" if reach(Action.RECORD_REPORT) else "",
                )
            )

    @router.get("/report/{kind}")
    def ask(request: Request, kind: str, code: Annotated[str, Query(max_length=100)] = "") -> Response:
        with pages.visit(request) as visit:
            form = _form(visit, kind)
            known = Directory.of(visit.tx, visit.actor)
            typed = opened(form, {}, known, pages.door.clock()) | {"code": code}
            return pages.show(_page(visit, kind, form, typed, known))

    @router.post("/report/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def send(request: Request, kind: str) -> Response:
        """Asynchronous only to read the form within its bounds; what it says is recorded in a thread."""
        check_origin(request)
        if kind not in SUBMISSIONS:
            raise not_found("此类表单", "this form", kind)
        if media_type_of(request)[0] != FORM:
            return await run_in_threadpool(sent, request, kind, await once_typed_fields(request), (), ())
        announced = request.headers.get("content-length", "")
        size = int(announced) if announced.isdecimal() else None
        if size is None or size > LARGEST_WITHOUT_PHOTOS:
            photos.admit(client_of(request), size)
        async with files_form(request, FILES_FIELD, LARGEST_FORM_BYTES) as form:
            kept = form.all(KEPT_FIELD)
            return await run_in_threadpool(
                sent, request, kind, joined(form.fields, ticked=(KEPT_FIELD,)), form.files, kept
            )

    def sent(
        request: Request, kind: str, came: Typed, files: Sequence[FormFile], kept: Sequence[str]
    ) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        id_ = came.get("id", "")
        with pages.visit(request) as visit, photos.bared(visit.actor, id_, files, kept) as brought:
            form = _form(visit, kind)
            known = Directory.of(visit.tx, visit.actor)
            try:
                number = _send(visit, request, kind, form, came, known, brought)
            except _Refused as refused:
                page = _page(visit, kind, form, refused.typed, known, refused.problems)
                stays = _stays(visit, request, brought, refused)
                shown_again = replace(
                    page,
                    again=bool(files or kept or came.get("lost")) and not (stays and brought.documents),
                    kept=tuple((photos.kept_as(id_, each), each) for each in brought.documents if stays),
                )
                return pages.show(shown_again, refused.status, refused.headers)
        answer = see_other(f"/r/{number}")
        once.hand_over(answer, request, "/r", number, "fresh")
        return answer

    def _stays(visit: Visit, request: Request, brought: Brought, refused: _Refused) -> bool:
        """Whether the photos of a refused form are there when it is sent again."""
        if not brought.fits or refused.kept is not None:
            return bool(refused.kept)
        try:
            photos.keep(visit.actor, client_of(request), brought)
        except InputError:
            return False
        return True

    def _send(
        visit: Visit,
        request: Request,
        kind: str,
        form: Form,
        came: Typed,
        known: Directory,
        brought: Brought,
    ) -> str:
        """Record it; the receipt number, canonical."""
        read = read_form(form, came, {"kind": kind}, known)
        typed = read.typed
        subject, body, wrong = _goods(visit, typed, code_keys)
        problems = (*wrong, *read.problems, *brought.problems)
        if came.get("lost") and not brought.documents and not came.get("without"):
            problems = (*problems, _WITHOUT_PHOTOS)
        if problems:
            raise _Refused(typed, problems, 422)
        try:
            pace.step(client_of(request), pages.door.clock())
        except TooManyRequests as error:
            raise _Refused(typed, error.problems, 429, _wait(error)) from None
        try:
            photos.keep(visit.actor, client_of(request), brought)
        except InputError as error:
            at_field = tuple(replace(problem, where=f"/{FILES_FIELD}") for problem in error.problems)
            raise _Refused(typed, at_field, status_of(at_field), _wait(error), kept=False) from None
        draft = {
            **{name: value for name, value in read.draft.items() if name not in ("code", "marks")},
            "id": typed.get("id", ""),
            "subject": subject,
            "body": {**read.draft.get("body", {}), **body},
        }
        if brought.documents:
            draft["documents"] = [asdict(document) for document in brought.documents]
        answer = say(intake, visit.actor, draft, known)
        if isinstance(answer, Refusal):
            raise _Refused(typed, answer.problems, answer.status, kept=True)
        with pages.visit(request) as after:
            return receipt_of(after.tx, draft["id"])

    @router.get("/r")
    def find(request: Request, number: Annotated[str, Query(max_length=100)] = "") -> Response:
        problems: tuple[Problem, ...] = ()
        if number.strip():
            try:
                return see_other(f"/r/{parse_receipt_number(number)}")
            except InputError as error:
                problems = tuple(replace(problem, where="/number") for problem in error.problems)
        with pages.visit(request) as visit:
            page = ReceiptPage(frame=visit.frame, typed=number, problems=problems)
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/submissions")
    def listed(request: Request, after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = received(visit.tx, visit.actor, after=after)
            onward = visit.next_href(found.after)
        return pages.show(
            RegisterPage(
                frame=visit.frame,
                title=Text("投诉与举报", "Complaints and reports"),
                lists=(),
                action="",
                entries=tuple(map(_entry, found.rows)),
                next_href=onward,
            )
        )

    @router.get("/submissions/{number}")
    def one(request: Request, number: str) -> Response:
        with pages.visit(request) as visit:
            found = submission_page(visit.tx, visit.actor, number)
            if found is None:
                raise not_found("此回执号", "this receipt number", number)
            answers = visit.actor.reach(Action.RECORD_NOTICE_REPLY) >= Reach.JURISDICTION
        return pages.show(
            SubmissionPage(
                frame=visit.frame,
                found=found,
                photos=attachments(found.photos),
                wants=WANTS.get(found.wants),
                reply_href=f"/events/{found.event_id}/reply" if answers else "",
                lead_href=f"/leads/new?event={found.event_id}"
                if visit.actor.reach(Action.RECORD_LEAD)
                else "",
            )
        )

    return router


def make_receipt_page(
    pages: Pages,
) -> Callable[[Request, SubmissionState | None, tuple[Problem, ...], int], Response]:
    """What prints how a complaint or report stands: given the request, the state (None: no such number), problems and
    the status."""

    def show(
        request: Request, state: SubmissionState | None, problems: tuple[Problem, ...], status: int
    ) -> Response:
        number, fresh = once.handed_over(request)
        is_fresh = state is not None and bool(fresh) and number == state.number.replace("-", "")
        with pages.visit(request) as visit:
            page = ReceiptPage(
                frame=visit.frame,
                state=state,
                fresh=is_fresh,
                typed="" if state is not None or not problems else problems[0].came,
                problems=tuple(replace(problem, where="/number") for problem in problems),
            )
        answer = pages.show(page, status)
        if is_fresh:
            once.forget(answer, request, "/r")
        return answer

    return show


@dataclass(frozen=True, slots=True)
class _Refused(Exception):
    """Nothing was recorded: what was typed, and why. ``kept``: whether its photos are kept; None: that was not tried."""

    typed: Typed
    problems: tuple[Problem, ...]
    status: int
    headers: Mapping[str, str] | None = None
    kept: bool | None = None


_WITHOUT_PHOTOS = Problem(
    "wrong-input",
    Text(
        "现在没有附任何照片：先前选的没有保存", "no photo is attached now: those chosen before were not kept"
    ),
    where=f"/{FILES_FIELD}",
    remedy=Text("请重新选择，或勾选「不附照片提交」", "choose them again, or tick “send it without photos”"),
)


def _wait(error: InputError) -> dict[str, str] | None:
    return {"Retry-After": str(error.retry_after_seconds)} if isinstance(error, TooManyRequests) else None


def _form(visit: Visit, kind: str) -> Form:
    if kind not in SUBMISSIONS:
        raise not_found("此类表单", "this form", kind)
    visit.actor.require(recording(kind))
    form = SUBMISSIONS[kind]
    return replace(form, parts=(_CODE, _MARKS, *form.parts))


def _page(
    visit: Visit, kind: str, form: Form, typed: Typed, known: Directory, problems: tuple[Problem, ...] = ()
) -> SubmitPage:
    fields = fields_of(form, typed, known)
    when, rest = fields[:1], fields[2:]  # nobody is asked for the minute
    found = naming_fields(beside(problems, (*when, *rest), FILES_FIELD), (*when, *rest))
    other = "report" if kind == "complaint" else "complaint"
    said = f"?code={quote(typed.get('code', ''))}" if typed.get("code") else ""
    return SubmitPage(
        frame=visit.frame,
        title=form.title,
        intro=form.intro,
        action=f"/report/{kind}",
        fields=(*rest[:3], *when, *rest[3:]),
        button=form.button,
        hidden={"id": typed.get("id", "") or str(uuid4())},
        problems=found,
        grounds=grounds_of(found),
        other=Link(f"/report/{other}{said}", SUBMISSIONS[other].title)
        if visit.actor.reach(recording(other))
        else None,
    )


def _goods(
    visit: Visit, typed: Typed, code_keys: Mapping[int, bytes]
) -> tuple[dict[str, Any], dict[str, Any], tuple[Problem, ...]]:
    """The subject, and what the body says of it: the batch of a code that was issued here, else goods without one.

    A code that somebody else issued, or made up, is written down with what is printed on the goods.
    """
    code, marks = typed.get("code", "").strip(), typed.get("marks", "").strip()
    if not code:
        if not marks:
            said = Text(
                "请填追溯码，或写货上印了什么", "give the trace code, or say what is printed on the goods"
            )
            return {}, {}, (Problem("wrong-input", said, where="/code"),)
        return {"goods": _goods_id(typed)}, {"goods": {"marks": marks}}, ()
    try:
        named = goods_named(visit.tx, code, code_keys)
    except InputError as error:
        return {}, {}, tuple(replace(problem, where="/code") for problem in error.problems)
    if named is None:
        noted = f"{marks}\n标签上的码：{shown(code)}（不是本平台签发）".strip()
        return {"goods": _goods_id(typed)}, {"goods": {"marks": noted}}, ()
    batch, unit = named
    return {"batch": {"code": batch}}, {} if unit is None else {"unit": unit}, ()


def _goods_id(typed: Typed) -> str:
    """Goods get their id from that of the event, so that sending it twice describes them once."""
    return business_id("goods-of-event", typed.get("id", ""))


def _entry(row: SubmissionRow) -> Entry:
    state = row.state
    said = row.said if len(row.said) <= _SHOWN else row.said[: _SHOWN - 1] + "…"
    return Entry(
        title=state.number,
        href=f"/submissions/{state.number.replace('-', '')}",
        facts=(state.title, state.region_name, Text(said, said)),
        standing=state.standing,
    )


_SHOWN = 60
