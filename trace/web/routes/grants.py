"""Grants 授权 of the own organisation: given after a look at what they mean, ended early; and who has read under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy import Connection

from ...auth import grants
from ...auth.accounts import shown_names
from ...auth.actor import Actor
from ...auth.policy import AUTHORITIES, NEVER_LENT, Action, Reach, may, recording
from ...clock import shanghai_date
from ...codes.region_names import region_named
from ...codes.trace_code import batch_code_in
from ...db.engine import begin_read
from ...errors import InputError, Problem, Text
from ...http.failures import not_found
from ...http.paging import After
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...ledger.sequencer import Receipt
from ...model.drafts import GrantDraft
from ...model.kinds import KINDS
from ...model.state import KnownGrant, KnownProject
from ...model.units import lacks_a_region
from ...model.values import business_id
from ...queries.grants import grants_of, readings_of
from ...queries.names import names_of
from ...queries.wording import grant_line
from ...registry import register
from ..directory import Directory
from ..projects_typed import last_of, project_ref, projects_named
from ..several import at_fields, lines_in, read_each, words_in
from ..views import GrantsPage, ReadsPage
from .twice import heard
from .visit import Pages, page_router, see_other

_USUAL_LIFE = timedelta(days=90)

#: The fields of the form, called as the members of the draft that they become.
FIELDS = frozenset(
    {
        "grantee", "kinds", "batches", "goods", "projects", "regions", "parties", "ground", "case", "valid_from",
        "valid_to",
    }
)  # fmt: skip

Typed = Annotated[str, Form()]
Named = Annotated[str, Query(max_length=36)]


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    def show(
        request: Request,
        typed: Mapping[str, str],
        kinds: tuple[str, ...] = (),
        confirming: Text | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.RECORD_GRANT)
            found = grants_of(visit.tx, visit.actor, today=today)
            reads = visit.actor.role in AUTHORITIES
            above_too = register.with_those_above(visit.tx, [visit.actor.party]) if reads else {}
        page = GrantsPage(
            frame=visit.frame,
            found=found,
            own=visit.actor.party,
            reads=reads,
            lacks_region=reads and lacks_a_region(visit.actor.party, above_too),
            kinds=_lendable(visit.actor),
            typed=typed,
            chosen=frozenset(kinds),
            confirming=confirming,
            problems=problems,
        )
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/grants")
    def given_and_received(request: Request, goods: Named = "", projects: Named = "") -> Response:
        """``goods``, ``projects``: one that the form begins with, from whose page somebody came."""
        today = shanghai_date(pages.door.clock())
        begun = {"id": str(uuid4()), "goods": goods, "projects": projects}
        until = (today + _USUAL_LIFE).isoformat()
        return show(request, {**begun, "valid_from": today.isoformat(), "valid_to": until})

    @router.post("/grants")
    def give(
        request: Request,
        form_token: Typed = "",
        id: Typed = "",
        grantee: Typed = "",
        kinds: Annotated[list[str] | None, Form()] = None,
        batches: Typed = "",
        goods: Typed = "",
        projects: Typed = "",
        regions: Typed = "",
        parties: Typed = "",
        ground: Typed = "",
        case: Typed = "",
        valid_from: Typed = "",
        valid_to: Typed = "",
        confirmed: Typed = "",
    ) -> Response:
        """Sent once, the answer says what it would mean; sent on from there it is recorded, once for the form's id."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.RECORD_GRANT)
        typed = {
            "id": id, "grantee": grantee, "batches": batches, "goods": goods, "projects": projects, "regions": regions,
            "parties": parties, "ground": ground, "case": case, "valid_from": valid_from, "valid_to": valid_to,
        }  # fmt: skip
        chosen = tuple(kinds or ())
        try:
            with begin_read(pages.ledger) as tx:
                proposal = prepare({"draft": _draft(tx, typed, chosen, actor)}, actor)
                draft = proposal.draft
                assert isinstance(draft, GrantDraft)
                body = draft.body
                asked = () if body.reads is None else body.reads.parties
                names = names_of(tx, (actor.party, draft.subject.grant.grantee, *asked))
        except InputError as error:
            return show(request, typed, chosen, problems=at_fields(error.problems, FIELDS))
        answer = heard(intake, proposal, FIELDS, confirmed=bool(confirmed))
        if isinstance(answer, Receipt):
            return see_other("/grants")
        meaning = None if answer else grant_line(body, draft.subject, names)
        return show(request, typed, chosen, confirming=meaning, problems=answer)

    @router.post("/grants/{event}/end")
    def end(request: Request, event: str, form_token: Typed = "") -> Response:
        """From this moment on: of a grant that began before today yesterday becomes the last day, a younger one is voided."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.RECORD_GRANT)
        today = shanghai_date(pages.door.clock())
        with begin_read(pages.ledger) as tx:
            known = grants.by_event(tx, event)
            newest = register.newest_versions(tx, [event]).get(event)
            projects = register.projects(tx, () if known is None else known.projects)
        if known is None or known.grantor != actor.party:
            raise not_found("此授权", "this grant", event)
        if known.valid_to < today:
            return see_other("/grants")
        (answer,) = intake.record_now(
            [prepare({"draft": _ended(known, newest, today, projects.values())}, actor)]
        )
        if not isinstance(answer, Receipt):
            raise InputError(*answer.problems)
        return see_other("/grants")

    @router.get("/reads")
    def reads(request: Request, after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = readings_of(visit.tx, visit.actor, after=after)
        with begin_read(pages.door.desk) as tx:
            officers = shown_names(tx, {row.account for row in found.rows})
        further = visit.next_href(found.after)
        return pages.show(ReadsPage(frame=visit.frame, rows=found.rows, officers=officers, next_href=further))

    return router


def _lendable(actor: Actor) -> tuple[tuple[str, Text], ...]:
    """The kinds that this organisation enters itself, and so may let others enter."""
    return tuple(
        (kind, text)
        for kind, text in KINDS.items()
        if kind not in NEVER_LENT and may(actor.role, recording(kind)) >= Reach.OWN
    )


def _draft(tx: Connection, typed: Mapping[str, str], kinds: tuple[str, ...], actor: Actor) -> dict[str, Any]:
    """The draft that a filled form says. Raises InputError at the field that nobody can read."""
    known = Directory(tx, actor)
    asked: dict[str, list[Any]] = {
        "batches": read_each(
            "batches", lambda code: batch_code_in(code).canonical, words_in(typed["batches"])
        ),
        "goods": read_each("goods", last_of, lines_in(typed["goods"])),
        "projects": projects_named(tx, actor, typed["projects"]),
        "regions": read_each("regions", region_named, words_in(typed["regions"])),
        "parties": read_each("parties", known.party, lines_in(typed["parties"])),
    }
    reads = {name: values for name, values in asked.items() if values}
    said = {name: text for name in ("ground", "case") if (text := typed[name].strip())}
    (grantee,) = read_each("grantee", known.party, [typed["grantee"]])
    return {
        "id": typed["id"],
        "kind": "grant",
        "subject": {"grant": {"grantor": actor.party, "grantee": grantee}},
        "body": {
            "kinds": list(kinds),
            "validity": {"valid_from": typed["valid_from"], "valid_to": typed["valid_to"]},
            **({"reads": reads, **said} if reads else {}),
        },
    }


def lend_href(actor: Actor, field: str, id_: str) -> str:
    """Where an authority lets another read this; "" for whoever lets nobody read."""
    return f"/grants?{field}={id_}" if actor.role in AUTHORITIES and actor.reach(Action.RECORD_GRANT) else ""


def _ended(
    known: KnownGrant, newest: str | None, today: date, projects: Iterable[KnownProject]
) -> dict[str, Any]:
    """The correction that ends a grant now."""
    subject = {"event": known.event, "kind": "grant"}
    body: dict[str, Any] = {"reason": "提前收回", **({} if newest is None else {"of": newest})}
    if known.valid_from >= today:
        body["void"] = True
    else:
        yesterday = (today - timedelta(days=1)).isoformat()
        body["right"] = {
            "kinds": list(known.kinds),
            "validity": {"valid_from": known.valid_from.isoformat(), "valid_to": yesterday},
            **_reads(known, projects),
        }
    said = (known.event, newest or "", today.isoformat())
    return {
        "id": business_id("end of a grant", *said),
        "kind": "correction",
        "subject": subject,
        "body": body,
    }


def _reads(known: KnownGrant, projects: Iterable[KnownProject]) -> dict[str, Any]:
    if not known.is_of_reading:
        return {}
    asked = {
        "batches": known.batches,
        "goods": known.goods,
        "projects": tuple(map(project_ref, projects)),
        "regions": known.regions,
        "parties": known.parties,
    }
    said = {name: text for name, text in (("ground", known.ground), ("case", known.case)) if text}
    return {"reads": {name: list(values) for name, values in asked.items() if values}, **said}
