"""What an authority enters about its leads and cases: how one begins, and each step that could come next.

A lead begins at what it came from: an alert, a complaint, a report, an inspection, a batch, goods, a party. The form brings
the id of its event, from which the id of the lead or case follows: sent twice, it begins once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...codes.trace_code import batch_code_in
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.attaching import FILES_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.contract import costs
from ...http.failures import not_found
from ...intake.record import Intake, prepared_or_refused
from ...intake.recorded import read_recorded
from ...ledger import store
from ...ledger.sequencer import Receipt
from ...model.admission import Refusal, refusal
from ...model.case_path import CASE_STATES, LEAD_MOVES, LEAD_STATES, LEAD_STEPS
from ...model.investigation import KnownMatter, widened
from ...model.parts import Document
from ...model.rules_of_cases import LEADS_NOT_READY, REVIEWS_OWN, out_of_order
from ...model.values import business_id
from ...queries.alerts import alert_at
from ...queries.cases import case_of, lead_of, officers_of
from ...queries.events import event_page
from ...queries.goods import goods_page
from ...queries.visibility import open_batch
from ...queries.wording import joined
from ...registry import register
from ..blanks import Rows, Typed, with_more_rows
from ..directory import Directory
from ..doubts import MEANT, is_on_record, lead_there
from ..filled import MORE, beside, fields_of, grounds_of, opened, read_form
from ..form_parts import Form
from ..forms_of_cases import NEW_CASE, NEW_LEAD, form_of_case_step, form_of_lead_step
from ..views import Doubt, RecordPage
from .came import with_files
from .entry import say
from .visit import Pages, Visit, page_router, see_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A form with what stands in it before anything is typed, and where it leads. ``sort``: lead or case; ``of``: the id of the
    one that it goes on with, "" for a new one. ``about``: the whole subject of what has no id of its own (an alert), whose form leads
    back. ``folder``: of its page, where that is not the sort in the plural. ``officers``: whose names are proposed where the form asks for officers.
    ``in_the_way``: why it cannot begin."""

    form: Form
    kind: str
    sort: str
    of: str
    name: str
    line: Text
    back: str
    body: Mapping[str, Any] = field(default_factory=dict)
    officers: tuple[str, ...] = ()
    about: Mapping[str, Any] | None = None
    in_the_way: tuple[Problem, ...] = ()
    folder: str = ""

    def subject(self, event: str) -> Mapping[str, Any]:
        if self.about is not None:
            return self.about
        return {self.sort: self.of or business_id(f"{self.sort}-of-event", event)}

    def onward(self, event: str) -> str:
        if self.about is not None:
            return self.back
        return f"/{self.folder or self.sort + 's'}/{self.subject(event)[self.sort]}"


#: Kinds that say what they are about: of none at all the rule says what could be named, and not that a member is missing.
_ABOUT_SOMETHING = ("lead", "case", "request")
#: The role in which officers are named.
OFFICER = {"role": "officer"}
#: Finds what is to be filled in, as the visitor may.
Find = Callable[[Visit, Request], Begun]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """Shows a form of something that an authority prepares, and records what comes back in it."""

    pages: Pages
    intake: Intake
    attaching: Attaching

    def show(self, request: Request, find: Find) -> Response:
        with self.pages.visit(request) as visit:
            begun = find(visit, request)
            known = Directory.of(visit.tx, visit.actor)
            typed = opened(begun.form, _proposed(begun), known, self.pages.door.clock())
            doubt = self._doubt_about(visit, begun, "")
            return self.pages.show(
                _page(visit, request, begun, typed, known, self._in_the_way(visit, begun), doubt=doubt)
            )

    def _in_the_way(self, visit: Visit, begun: Begun) -> tuple[Problem, ...]:
        """Why a step cannot be taken by the visitor now, whatever is typed: what the rules would say of it."""
        if begun.kind == "case" and begun.in_the_way:
            return begun.in_the_way
        if "step" not in begun.body:
            return ()
        today = shanghai_date(self.pages.door.clock())
        draft: dict[str, Any] = {
            "id": str(uuid4()),
            "kind": begun.kind,
            "subject": begun.subject(""),
            "body": {"text": "…", **begun.body},
            "occurred_at": f"{today}T00:00:00+08:00",
            "precision": "day",
        }
        if visit.actor.name and _asks_for(begun.form, "reviewer"):
            draft["by"] = [{"role": "reviewer", "name": visit.actor.name}]
        proposal = prepared_or_refused({"draft": draft}, visit.actor)
        if isinstance(proposal, Refusal):
            return ()
        ((verdict,),) = self.intake.rehearse([[proposal]])
        found = verdict.problems if isinstance(verdict, Refusal) else ()
        return tuple(each for each in found if each.where == "/body/step" or each.code == REVIEWS_OWN.name)

    async def sent(self, request: Request, find: Find) -> Response:
        came, attached = await with_files(request, self.pages, self.attaching)
        return await run_in_threadpool(self._record, request, find, came, attached)

    def _record(self, request: Request, find: Find, came: Typed, attached: Attached) -> Response:
        self.pages.form_actor(request, came.get("form_token", ""))
        with self.pages.visit(request) as visit:
            begun = find(visit, request)
            known = Directory.of(visit.tx, visit.actor)
            read = read_form(begun.form, came, _skeleton(begun), known)
            if MORE in came:
                typed = with_more_rows(begun.form.parts, read.typed, came[MORE])
                return self.pages.show(
                    _page(visit, request, begun, typed, known, attached.problems, attached.documents)
                )
            id_ = came.get("id", "")
            draft = {**read.draft, "id": id_, "subject": begun.subject(id_)}
            if begun.kind in _ABOUT_SOMETHING:
                draft["body"].setdefault("matter", {})
            if attached.documents:
                draft["documents"] = [asdict(document) for document in attached.documents]
            problems, status = (*read.problems, *attached.problems), 422
            doubt = self._doubt_about(visit, begun, id_)
            if doubt is not None and MEANT not in came:
                problems = (*problems, doubt.problem)
            if not problems:
                answer = say(self.intake, visit.actor, draft, known)
                if isinstance(answer, Receipt):
                    return see_other(begun.onward(id_))
                problems, status = answer.problems, answer.status
            return self.pages.show(
                _page(visit, request, begun, read.typed, known, problems, attached.documents, doubt), status
            )

    def _doubt_about(self, visit: Visit, begun: Begun, id_: str) -> Doubt | None:
        if begun.kind != "lead" or is_on_record(visit.tx, id_):
            return None
        origin = begun.body.get("origin", {}).get("event", "")
        return lead_there(visit.tx, visit.actor, origin, shanghai_date(self.pages.door.clock()))


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)
    show, sent = entering.show, entering.sent

    def of_lead(step: str, lead: str) -> Find:
        return lambda visit, _: step_of_lead(visit, lead, step)

    def of_case(step: str, case: str) -> Find:
        return lambda visit, request: step_of_case(
            visit, case, step, widen=request.query_params.get("widen") == "yes"
        )

    @router.get("/leads/new")
    def ask_lead(request: Request) -> Response:
        return show(request, lead_begun)

    @router.post("/leads/new", openapi_extra=costs(Cost.RECORDING))
    async def record_lead(request: Request) -> Response:
        return await sent(request, lead_begun)

    @router.get("/cases/new")
    def ask_case(request: Request) -> Response:
        return show(request, case_begun)

    @router.post("/cases/new", openapi_extra=costs(Cost.RECORDING))
    async def record_case(request: Request) -> Response:
        return await sent(request, case_begun)

    @router.get("/leads/{lead}/{step}")
    def ask_lead_step(request: Request, lead: str, step: str) -> Response:
        return show(request, of_lead(step, lead))

    @router.post("/leads/{lead}/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_lead_step(request: Request, lead: str, step: str) -> Response:
        return await sent(request, of_lead(step, lead))

    @router.get("/cases/{case}/{step}")
    def ask_case_step(request: Request, case: str, step: str) -> Response:
        return show(request, of_case(step, case))

    @router.post("/cases/{case}/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_case_step(request: Request, case: str, step: str) -> Response:
        return await sent(request, of_case(step, case))

    return router


# --- how it begins --------------------------------------------------------------------------------------


def lead_begun(visit: Visit, request: Request) -> Begun:
    """A new lead; the address says what it came from: an event (or its index), a batch, goods, a party."""
    visit.actor.require(recording("lead"))
    visit.actor.require(Action.READ_CASES)
    query = request.query_params
    body: dict[str, Any] = {}
    back, line = "/leads", Text("", "")
    index, rule = query.get("index", ""), query.get("rule", "")[:100]
    event = query.get("event", "") or _at_index(visit, index)
    if event:
        body, line = _from_event(visit, event, rule)
        back = f"/events/{event}"
    alert = alert_at(visit.tx, visit.actor, int(index), rule) if rule and _is_index(index) else None
    if alert is not None:
        body |= {"source": "alert", "text": f"{alert.title.zh}：{alert.detail.zh}"[:2000]}
    matter = dict(body.get("matter", {}))
    for name, member in (("batch", "batches"), ("goods", "goods"), ("party", "parties")):
        asked = query.get(name, "")[:40]
        if asked and member not in matter:
            matter[member] = [_batch_asked(asked, query.get("unit", ""))] if member == "batches" else [asked]
            back = (
                f"/{'parties' if name == 'party' else 'batches' if name == 'batch' else name}/{asked}"
                if not event
                else back
            )
    if matter:
        line = _line(line, True) if _propose_party(visit, matter) else line
        body["matter"] = matter
    return Begun(form=NEW_LEAD, kind="lead", sort="lead", of="", name="", line=line, back=back, body=body)


def _batch_asked(code: str, unit: str) -> dict[str, Any]:
    named = unit.isascii() and unit.isdigit() and len(unit) <= 7
    return {"code": code, **({"units": [[int(unit), int(unit)]]} if named else {})}


def _at_index(visit: Visit, index: str) -> str:
    """The id of the event at a ledger index; "" where none is asked for, or it is not open to the visitor: an alert about goods
    may come from what somebody else has said."""
    if not _is_index(index):
        return ""
    row = store.read_row(visit.tx, int(index))
    is_open = row is not None and event_page(visit.tx, visit.actor, row.event_id) is not None
    return row.event_id if row is not None and is_open else ""


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


#: How an authority comes to know by an event of such a kind.
_SOURCES: Mapping[str, str] = {
    "complaint": "complaint",
    "report": "report",
    "testing": "sampling",
    "sampling": "sampling",
    "inspection": "inspection",
    "alert": "alert",
}


def _from_event(visit: Visit, event_id: str, rule: str) -> tuple[dict[str, Any], Text]:
    """What a lead takes over from an event that the visitor may see. Raises the answer for one that is not there."""
    page = event_page(visit.tx, visit.actor, event_id)
    if page is None:
        raise not_found("此事件", "this event", event_id)
    draft: Any = read_recorded(store.read_rows_by_id(visit.tx, [event_id])[event_id]).draft
    subject, said = draft.subject, draft.body
    batch = page.batch
    unit = getattr(said, "unit", None) or getattr(said, "sampled_unit", None)
    parties = [
        ref for ref in (getattr(subject, "party", None), getattr(said, "against", None)) if ref is not None
    ]
    matter: dict[str, Any] = {}
    if batch is not None:
        matter["batches"] = [{"code": batch, **({"units": [[unit, unit]]} if unit is not None else {})}]
    if getattr(subject, "goods", None) is not None:
        matter["goods"] = [subject.goods]
    if parties:
        matter["parties"] = list(dict.fromkeys(parties))
    if getattr(said, "against_name", None):
        matter["names"] = [said.against_name]
    is_proposed = _propose_party(visit, matter)
    kind = page.happening.kind
    text = getattr(said, "text", None) or page.happening.what.zh
    body = {
        "source": "alert" if rule else _SOURCES.get(kind, "inspection"),
        "text": str(text)[:2000],
        "matter": matter,
        "origin": {"event": event_id, "kind": kind, **({"rule": rule[:100]} if rule else {})},
    }
    title = page.happening.title
    return body, _line(Text(f"来自：{title.zh}", f"from: {title.en}"), is_proposed)


_PROPOSED = Text(
    "当事人按记录拟填，请核对，不对的改掉",
    "the party is proposed from what is on record: check it, and change it if it is another",
)


def _line(said: Text, is_proposed: bool) -> Text:
    return joined(said if said.zh else None, _PROPOSED) if is_proposed else said


def _propose_party(visit: Visit, matter: dict[str, Any]) -> bool:
    """Put into a matter that names nobody who made its batch, or has its goods; whether there was somebody to propose."""
    if matter.get("parties") or matter.get("names"):
        return False
    scope = visit.actor.scope_for(Action.READ_BATCH)
    for each in matter.get("batches", ()):
        batch = open_batch(visit.tx, scope, _canonical(each["code"]))
        if batch is not None:
            matter["parties"] = [batch.maker]
    for id_ in matter.get("goods", ()):
        page = goods_page(visit.tx, visit.actor, id_)
        if page is None or page.goods.granted:
            continue
        known = page.goods.maker or page.goods.holder
        if known is not None:
            matter["parties"] = [known.id]
        elif page.goods.nominal_maker:
            matter["names"] = [page.goods.nominal_maker]
    return bool(matter.get("parties") or matter.get("names"))


def _canonical(code: str) -> str:
    """The code of a batch as it is on record; what is no code stays, and is on no record."""
    try:
        return batch_code_in(code).canonical
    except InputError:
        return code


def case_begun(visit: Visit, request: Request) -> Begun:
    """A new case, perhaps of a lead, whose matter it takes over."""
    visit.actor.require(recording("case"))
    visit.actor.require(Action.READ_CASES)
    lead = request.query_params.get("lead", "")
    if not lead:
        return Begun(
            form=NEW_CASE, kind="case", sort="case", of="", name="", line=Text("", ""), back="/cases"
        )
    known = lead_of(visit.tx, visit.actor, lead)
    if known is None:
        raise not_found("此线索", "this lead", lead)
    wrong = out_of_order(LEAD_MOVES, known.state, "filed", LEAD_STATES, LEAD_STEPS)
    return Begun(
        form=NEW_CASE,
        kind="case",
        sort="case",
        of="",
        in_the_way=() if wrong is None else refusal(LEADS_NOT_READY, wrong).problems,
        name=known.number,
        line=Text(
            f"由线索立案，{known.received_on} 收到", f"of a lead that was received on {known.received_on}"
        ),
        back=f"/leads/{lead}",
        body={"text": known.text, "leads": [lead], "matter": _said_of(visit, known.matter)},
    )


def _said_of(visit: Visit, known: KnownMatter) -> dict[str, Any]:
    """A matter as a draft says it."""
    projects = register.projects(visit.tx, known.projects)
    said = {
        "batches": [
            {
                "code": each.code,
                **({"units": [list(pair) for pair in each.units]} if each.units else {}),
                **({"whole": True} if each.whole else {}),
            }
            for each in known.batches
        ],
        "goods": list(known.goods),
        "parties": list(known.parties),
        "names": list(known.names),
        "projects": [
            {"keeper": projects[id_].keeper, "number": projects[id_].number}
            for id_ in known.projects
            if id_ in projects
        ],
    }
    return {name: value for name, value in said.items() if value}


def step_of_lead(visit: Visit, lead: str, step: str) -> Begun:
    visit.actor.require(recording("lead-step"))
    known, form = lead_of(visit.tx, visit.actor, lead), form_of_lead_step(step)
    if known is None or form is None:
        raise not_found("此线索或步骤", "this lead or step", lead if known is None else step)
    return Begun(
        form=form, kind="lead-step", sort="lead", of=lead, name=known.number,
        line=LEAD_STATES[known.state], back=f"/leads/{lead}", body={"step": step},
    )  # fmt: skip


def step_of_case(visit: Visit, case: str, step: str, *, widen: bool = False) -> Begun:
    """A step of a case. A change of the scope begins with what the scope is, as it was frozen; ``widen``: with the whole of each batch."""
    visit.actor.require(recording("case-step"))
    known, form = case_of(visit.tx, visit.actor, case), form_of_case_step(step)
    if known is None or form is None:
        raise not_found("此案件或步骤", "this case or step", case if known is None else step)
    body: dict[str, Any] = {"step": step}
    line = CASE_STATES[known.state]
    if step == "scope":
        matter, frozen_at = known.scope
        body |= {"matter": _said_of(visit, widened(matter) if widen else matter), "frozen_at": frozen_at}
        line = joined(
            line, Text(f"范围按账本第 {frozen_at} 条", f"frozen at index {frozen_at} of the ledger")
        )
    return Begun(
        form=form, kind="case-step", sort="case", of=case, name=known.number,
        line=line, back=f"/cases/{case}", body=body, officers=officers_of(visit.tx, known),
    )  # fmt: skip


# --- the page -------------------------------------------------------------------------------------------


def _skeleton(begun: Begun) -> dict[str, Any]:
    return {"kind": begun.kind, "body": dict(begun.body)}


def _proposed(begun: Begun) -> dict[str, Any]:
    """What stands in the form when it is opened: also the officers, where it asks for officers and not for a reviewer."""
    asked = _asks_for(begun.form, OFFICER["role"])
    by = [{**OFFICER, "name": name} for name in begun.officers] if asked else []
    return {**_skeleton(begun), "by": by}


def _asks_for(form: Form, role: str) -> bool:
    """Whether a form asks for persons in this role."""
    return any(
        isinstance(part, Rows) and part.at == "by" and part.fixed == {"role": role} for part in form.parts
    )


def _page(
    visit: Visit,
    request: Request,
    begun: Begun,
    typed: Typed,
    known: Directory,
    problems: tuple[Problem, ...] = (),
    attached: tuple[Document, ...] = (),
    doubt: Doubt | None = None,
) -> RecordPage:
    fields = fields_of(begun.form, typed, known)
    found = beside(problems, fields, FILES_FIELD)
    query = request.url.query
    return RecordPage(
        frame=visit.frame,
        title=begun.form.title,
        intro=begun.form.intro,
        about=begun.name,
        about_line=begun.line,
        about_href=begun.back,
        action=request.url.path + (f"?{query}" if query else ""),
        fields=fields,
        hidden={"id": typed.get("id", "")},
        button=begun.form.button,
        attaches=bool(visit.actor.reach(Action.PUT_BLOB)),
        attached=attached,
        problems=found,
        grounds=grounds_of(found),
        doubt=doubt,
        is_meant=MEANT in typed,
    )
