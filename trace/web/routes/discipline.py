"""Clues about officials 行纪衔接: the list of those that name the visitor, a page and a letter for each, and the forms."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response

from ...auth.accounts import list_accounts, shown_names
from ...auth.policy import Action, Role, recording
from ...clock import shanghai_date
from ...db.engine import begin_read
from ...errors import Text
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.download import PDF, download
from ...http.failures import not_found
from ...intake.record import Intake
from ...model.discipline import DISCIPLINE_STATES, DISCIPLINE_STEPS
from ...model.units import those_above
from ...papers.pdf import paper_pdf
from ...queries.cases import case_of
from ...queries.discipline import discipline_known, discipline_list, discipline_page, signs_of_case
from ...queries.discipline_paper import clue_letter_of
from ...queries.names import names_of
from ...registry.register import with_those_above
from ..forms_of_discipline import form_of_discipline, form_of_discipline_step
from ..views import Choice
from ..views_of_discipline import DisciplineListPage, DisciplinePage
from .case_entry import Begun, Entering
from .visit import Pages, Visit, page_router


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    def begun(visit: Visit, request: Request) -> Begun:
        today = shanghai_date(pages.door.clock())
        return _begun(visit, request.query_params.get("case", "")[:40], _colleagues(pages, visit), today)

    def step_begun(visit: Visit, clue: str, step: str) -> Begun:
        return _step_begun(visit, clue, step, _colleagues(pages, visit))

    @router.get("/discipline", openapi_extra=costs(Cost.READING))
    def clues(request: Request) -> Response:
        with pages.visit(request) as visit:
            rows = discipline_list(visit.tx, visit.actor)
            may = visit.actor.reach(Action.RECORD_DISCIPLINE)
            return pages.show(
                DisciplineListPage(frame=visit.frame, rows=rows, new_href="/discipline/new" if may else "")
            )

    @router.get("/discipline/new")
    def ask_clue(request: Request) -> Response:
        return entering.show(request, begun)

    @router.post("/discipline/new", openapi_extra=costs(Cost.RECORDING))
    async def record_clue(request: Request) -> Response:
        return await entering.sent(request, begun)

    @router.get("/discipline/{discipline}", openapi_extra=costs(Cost.READING))
    def one_clue(request: Request, discipline: str) -> Response:
        with pages.visit(request) as visit:
            found = discipline_page(visit.tx, visit.actor, discipline)
            if found is None:
                raise not_found("此行纪线索", "this clue", discipline)
            letter = clue_letter_of(visit.tx, found)
            with begin_read(pages.door.desk) as desk:
                people = shown_names(desk, found.accounts)
            href = f"/discipline/{discipline}"
            return pages.show(
                DisciplinePage(
                    frame=visit.frame,
                    found=found,
                    people=people,
                    steps=tuple(
                        Choice(DISCIPLINE_STEPS[step], f"{href}/steps/{step}") for step in found.next
                    ),
                    letter_href="" if letter is None else f"{href}/letter.pdf",
                )
            )

    @router.get("/discipline/{discipline}/letter.pdf", openapi_extra=costs(Cost.READING))
    def letter(request: Request, discipline: str) -> Response:
        with pages.visit(request) as visit:
            found = discipline_page(visit.tx, visit.actor, discipline)
            made = None if found is None else clue_letter_of(visit.tx, found)
        if made is None:
            raise not_found("此移送函", "this letter", discipline)
        return download(paper_pdf(made), f"{discipline}.pdf", PDF)

    @router.get("/discipline/{discipline}/steps/{step}")
    def ask_step(request: Request, discipline: str, step: str) -> Response:
        return entering.show(request, lambda visit, _: step_begun(visit, discipline, step))

    @router.post("/discipline/{discipline}/steps/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_step(request: Request, discipline: str, step: str) -> Response:
        return await entering.sent(request, lambda visit, _: step_begun(visit, discipline, step))

    return router


def _colleagues(pages: Pages, visit: Visit) -> dict[str, Text]:
    """Who can be named: active regulators of the visitor's authority and of those above it, but for himself, by account."""
    visit.actor.require(recording("discipline"))
    own = visit.actor.party
    parties = [own, *those_above(own, with_those_above(visit.tx, [own]))]
    names = names_of(visit.tx, parties)
    with begin_read(pages.door.desk) as desk:
        found = [each for party in parties for each in list_accounts(desk, party)]
    return {
        each.id: Text(said, said)
        for each in found
        if each.active and each.role is Role.REGULATOR and each.id != visit.actor.account
        for said in [
            each.display_name if each.party == own else f"{each.display_name}（{names.party(each.party)}）"
        ]
    }


def _begun(visit: Visit, case: str, colleagues: dict[str, Text], today: date) -> Begun:
    """A new clue, perhaps of a case, with what its records show."""
    form = form_of_discipline(colleagues, today)
    if not case:
        return Begun(
            form=form, kind="discipline", sort="discipline", of="", name="", line=Text("", ""), back="/discipline", folder="discipline"
        )  # fmt: skip
    known = case_of(visit.tx, visit.actor, case)
    if known is None:
        raise not_found("此案件", "this case", case)
    signs = signs_of_case(visit.tx, visit.actor, case, today)
    return Begun(
        form=form, kind="discipline", sort="discipline", of="", name=known.number, back=f"/cases/{case}", body={"case": case}, folder="discipline",
        line=Text(
            "；".join(f"{each.title.zh}：{each.standing.word.zh}，{each.says.zh}" for each in signs),
            "; ".join(f"{each.title.en}: {each.standing.word.en}; {each.says.en}" for each in signs),
        ),
    )  # fmt: skip


def _step_begun(visit: Visit, clue: str, step: str, colleagues: dict[str, Text]) -> Begun:
    visit.actor.require(recording("discipline-step"))
    known = discipline_known(visit.tx, visit.actor, [clue]).get(clue)
    form = form_of_discipline_step(step, colleagues)
    if known is None or form is None:
        raise not_found("此行纪线索或步骤", "this clue or step", clue if known is None else step)
    body = {"step": step, **({"handlers": list(known.handlers)} if step == "handlers" else {})}
    return Begun(
        form=form, kind="discipline-step", sort="discipline", of=clue, name=known.number, line=DISCIPLINE_STATES[known.state],
        back=f"/discipline/{clue}", body=body, folder="discipline",
    )  # fmt: skip
