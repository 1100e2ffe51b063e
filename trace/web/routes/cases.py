"""The lists of leads and cases, and a page for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.actor import Actor
from ...auth.policy import Action
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import After
from ...model.case_path import CASE_STATES, LEAD_STATES
from ...model.rules_of_cases import PUBLICATION
from ...queries.case_words import CATEGORIES
from ...queries.cases import (
    OPEN,
    Next,
    case_list,
    case_page,
    lead_list,
    lead_page,
)
from ...queries.requests import request_list
from ...queries.versions import may_correct
from ..case_lists import entry_of_case, entry_of_lead, lists_of
from ..happened import timeline
from ..views import Choice, Facet, Link
from ..views_of_cases import CasePage, CasesPage, LeadPage
from .visit import Pages, page_router

Word = Annotated[str, Query(max_length=100)]
_ON_A_PAGE = 30
#: So many of a case are listed on its page, the newest first.
_MOST_REQUESTS = 100
#: The queue of penalties to be published, and what became of others.
_PUBLISHED = {word: text for word, text in PUBLICATION.items() if word}


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    def today() -> date:
        return shanghai_date(pages.door.clock())

    @router.get("/leads", openapi_extra=costs(Cost.READING))
    def leads(request: Request, state: Word = "", after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = lead_list(
                visit.tx,
                visit.actor,
                today=today(),
                state=state,
                limit=_ON_A_PAGE,
                after=after,
            )
            return pages.show(
                CasesPage(
                    frame=visit.frame,
                    title=Text("线索", "Leads"),
                    intro=Text(
                        "收到的违法线索。只有本机关和所属机构看得到。",
                        "Hints at offences that came in. Only your authority and its units see them.",
                    ),
                    lists=lists_of("/leads"),
                    facets=(
                        _facet(Text("办理情况", "How it stands"), "/leads", "state", state, LEAD_STATES),
                    ),
                    entries=tuple(map(entry_of_lead, found.rows)),
                    new=_new(
                        visit.actor, Action.RECORD_LEAD, "/leads/new", Text("登记线索", "Record a lead")
                    ),
                    next_href=visit.next_href(found.after),
                )
            )

    @router.get("/cases", openapi_extra=costs(Cost.READING))
    def cases(
        request: Request,
        q: Word = "",
        state: Word = "",
        category: Word = "",
        publication: Word = "",
        after: After = None,
    ) -> Response:
        with pages.visit(request) as visit:
            found = case_list(
                visit.tx, visit.actor, today=today(), text=q.strip(), category=category, publication=publication,
                state=state, limit=_ON_A_PAGE, after=after,
            )  # fmt: skip
            kept = {
                name: value
                for name, value in (
                    ("q", q),
                    ("state", state),
                    ("category", category),
                    ("publication", publication),
                )
                if value
            }
            return pages.show(
                CasesPage(
                    frame=visit.frame,
                    title=Text("案件", "Cases"),
                    intro=Text(
                        "本机关立的案。只有本机关和所属机构看得到。",
                        "Cases of your authority. Only it and its units see them.",
                    ),
                    lists=lists_of("/cases"),
                    facets=(
                        _facet(
                            Text("办理情况", "How it stands"), "/cases", "state", state, CASE_STATES, kept
                        ),
                        _facet(Text("类别", "Category"), "/cases", "category", category, CATEGORIES, kept),
                        _publication(publication, kept),
                    ),
                    entries=tuple(map(entry_of_case, found.rows)),
                    query=q,
                    searches=True,
                    new=_new(visit.actor, Action.RECORD_CASE, "/cases/new", Text("立案", "File a case")),
                    next_href=visit.next_href(found.after),
                )
            )

    @router.get("/leads/{lead}", openapi_extra=costs(Cost.READING))
    def one_lead(request: Request, lead: str) -> Response:
        with pages.visit(request) as visit:
            found = lead_page(visit.tx, visit.actor, lead, today=today())
            if found is None:
                raise not_found("此线索", "this lead", lead)
            steps = [each for each in found.next if each.step != "filed"]
            files = any(each.step == "filed" for each in found.next)
            return pages.show(
                LeadPage(
                    frame=visit.frame,
                    found=found,
                    events=timeline(reversed(found.events), partial(may_correct, visit.actor)),
                    steps=_forms(visit.actor, Action.RECORD_LEAD_STEP, f"/leads/{lead}", steps),
                    file=_new(
                        visit.actor,
                        Action.RECORD_CASE,
                        f"/cases/new?lead={lead}",
                        Text("立案", "File a case"),
                    )
                    if files
                    else None,
                )
            )

    @router.get("/cases/{case}", openapi_extra=costs(Cost.READING))
    def one_case(request: Request, case: str) -> Response:
        with pages.visit(request) as visit:
            found = case_page(visit.tx, visit.actor, case, today=today())
            if found is None:
                raise not_found("此案件", "this case", case)
            return pages.show(
                CasePage(
                    frame=visit.frame,
                    found=found,
                    events=timeline(reversed(found.events), partial(may_correct, visit.actor)),
                    steps=_forms(visit.actor, Action.RECORD_CASE_STEP, f"/cases/{case}", found.next),
                    widen_href=f"/cases/{case}/scope?widen=yes"
                    if found.scope is not None
                    and found.scope.is_narrow
                    and visit.actor.reach(Action.RECORD_CASE_STEP)
                    and any(each.step == "scope" for each in found.next)
                    else "",
                    evidence_href=f"/cases/{case}/evidence"
                    if visit.actor.reach(Action.RECORD_STATEMENT)
                    and any(each.is_open for each in found.matter.batches)
                    else "",
                    discipline_href=f"/discipline/new?case={case}"
                    if visit.actor.reach(Action.RECORD_DISCIPLINE)
                    else "",
                    requests=request_list(
                        visit.tx, visit.actor, today=today(), case=case, limit=_MOST_REQUESTS
                    ).rows,
                )
            )

    return router


def _facet(
    text: Text,
    href: str,
    name: str,
    chosen: str,
    words: Mapping[str, Text],
    kept: Mapping[str, str] | None = None,
) -> Facet:
    offered = {
        "": Text("全部", "All"),
        **({OPEN: Text("未办结", "Open")} if name == "state" else {}),
        **words,
    }

    def at(value: str) -> str:
        query = {**(kept or {}), name: value}
        said = urlencode({key: each for key, each in query.items() if each})
        return f"{href}?{said}" if said else href

    return Facet(text, tuple(Choice(word, at(value), value == chosen) for value, word in offered.items()))


def _publication(chosen: str, kept: Mapping[str, str]) -> Facet:
    """How the publication of penalties stands, and the way to the results of sampling that wait for theirs."""
    facet = _facet(Text("公示", "Publication"), "/cases", "publication", chosen, _PUBLISHED, kept)
    results = Choice(Text("抽查结果待公布", "Results of sampling"), "/samples?state=unpublished")
    return replace(facet, choices=(*facet.choices, results))


def _new(actor: Actor, action: Action, href: str, text: Text) -> Link | None:
    return Link(href, text) if actor.reach(action) else None


def _forms(
    actor: Actor, action: Action, href: str, steps: tuple[Next, ...] | list[Next]
) -> tuple[Choice, ...]:
    return tuple(Choice(each.text, f"{href}/{each.step}") for each in steps) if actor.reach(action) else ()
