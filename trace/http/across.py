"""Reading across regions 跨区查阅: what an authority was granted is shown once its reading stands on the ledger.

Every request of an authority or a certification body passes here, once (`Door.actor`); the latter gets the certificates that it
issued, and nothing is lent to it. Its account gets its place in the tree of units, and what
other authorities let it read. That stays closed: only for the one batch, goods, project, event or attachment that a reading
names are the granted parts opened, after a ``read`` event (officer × ground × thing × day) is on the ledger; the first of a
day appends it, all others find it there by its id. A route that is not known to read opens nothing, so nothing granted is ever shown
without an event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import Connection, Engine

from ..auth.actor import Actor
from ..auth.policy import READ_IF_GRANTED, Action, Role
from ..blobs import named
from ..clock import Clock, shanghai_date
from ..codes.trace_code import batch_code_in
from ..db.engine import begin_read
from ..errors import InputError, Text
from ..intake.record import Intake, prepare
from ..intake.recorded import read_recorded
from ..ledger import canonical, store
from ..ledger.payload import decode_payload
from ..ledger.room import Full
from ..ledger.standing import OutcomeUnknown, Paused, Stopped
from ..model.admission import Refusal
from ..model.involvement import sees
from ..model.scope import Part, Scope
from ..model.state import KnownGrant
from ..model.things import batch_thing, goods_thing, project_thing, sort_and_id
from ..model.units import Lent
from ..model.values import business_id
from ..queries.openness import thing_about
from ..queries.visibility import whom_of_things
from ..registry import register
from ..registry.units import lent_to, sight_of_account
from .contract import ACTION

#: The pages that read one thing or event, and by which right; of all other routes the declared action says so.
READING_PAGES: Mapping[str, Action] = {
    "/batches/{code}": Action.READ_BATCH,
    "/batches/{code}/trace": Action.READ_TRACE,
    "/batches/{code}/evidence": Action.READ_BATCH,
    "/goods/{goods}": Action.READ_BATCH,
    "/goods/{goods}/trace": Action.READ_TRACE,
    "/projects/{project}": Action.READ_PROJECT,
    "/events/{event}": Action.READ_BATCH,
    "/events/{event}/trace": Action.READ_TRACE,
}
#: What hands out what was read, as evidence; the reading is recorded as any other.
TAKING = frozenset({"/batches/{code}/evidence", "/api/v1/evidence/batches/{code}"})
#: Events of one attachment that are looked at, as where it is read (`queries.attachments`).
_MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Across:
    """Where authorities stand, and what they read of others' regions."""

    ledger: Engine
    intake: Intake
    clock: Clock

    def standing(self, request: Request, actor: Actor) -> Actor:
        """The actor with its jurisdiction, and with what it may read in answer to this request under a grant.

        Raises InputError ``reading-not-recorded`` where that would have to be recorded and cannot be.
        """
        today = shanghai_date(self.clock())
        with begin_read(self.ledger) as tx:
            if actor.role is Role.CERTIFIER:
                issued = register.issued_by(tx, actor.party)
                return replace(actor, scope=replace(actor.scope, certificates=issued))
            region = next(iter(actor.scope.regions), None)
            actor = replace(
                actor,
                scope=sight_of_account(tx, actor.party, region, today),
                lent=lent_to(tx, actor.party, today),
            )
            if not actor.lent or not _reads(request, actor):
                return actor
            crossed = list(_crossed(tx, actor, set(_things_named(tx, request))))
            subjects = _subjects(tx, {thing for thing, _, _ in crossed})
            drafts = {
                draft["id"]: draft
                for thing, lent, _ in crossed
                for draft in [_draft(actor, lent.grant, thing, subjects[thing], today)]
            }
            missing = drafts.keys() - _on_the_ledger(tx, drafts, actor)
        if missing:
            self._record([drafts[id_] for id_ in sorted(missing)], actor)
        return replace(actor, opened=tuple(part for _, _, parts in crossed for part in parts))

    def _record(self, drafts: list[dict[str, Any]], actor: Actor) -> None:
        officer = replace(
            actor, actions=None
        )  # what an API key was limited to does not keep its reading off the ledger
        try:
            answers = self.intake.record_now([prepare({"draft": draft}, officer) for draft in drafts])
        except (Stopped, Paused, Full, OutcomeUnknown) as error:
            raise _not_recorded("账本暂时不能写入", "the ledger cannot be written at the moment") from error
        for answer in answers:
            if isinstance(answer, Refusal):
                detail = answer.problems[0].detail
                raise _not_recorded(detail.zh, detail.en)


def _not_recorded(zh: str, en: str) -> InputError:
    return InputError.of(
        "reading-not-recorded",
        f"跨区查阅须先留痕才能查看：{zh}",
        f"reading across regions is recorded before anything is shown: {en}",
        remedy=Text(
            "稍后再试；本辖区的内容不受影响", "try again later; your own jurisdiction is not affected"
        ),
    )


def _reads(request: Request, actor: Actor) -> bool:
    """Whether this route reads one thing, and the actor may."""
    route = request.scope.get("route")
    path: str = getattr(route, "path", "")
    if path in TAKING:
        return bool(actor.reach(Action.RECORD_STATEMENT)) and bool(actor.reach(Action.READ_BATCH))
    if request.method != "GET":
        return False
    declared = (getattr(route, "openapi_extra", None) or {}).get(ACTION, "")
    action = READING_PAGES.get(path) or (Action(declared) if declared in READ_IF_GRANTED else None)
    return action is not None and bool(actor.reach(action))


def _things_named(tx: Connection, request: Request) -> Iterator[str]:
    """The things that the address names: itself, by an event about them, or by an attachment of that."""
    asked: dict[str, str] = {**request.query_params, **request.path_params}
    if "goods" in asked:
        yield goods_thing(asked["goods"])
    if "project" in asked:
        yield project_thing(asked["project"])
    for code in (asked.get("code"), asked.get("batch")):
        if code is not None:
            try:
                yield batch_thing(batch_code_in(code).canonical)
            except InputError:
                continue  # the route says what is wrong with it
    rows = list(store.read_rows_by_id(tx, [asked["event"]]).values()) if "event" in asked else []
    if "sha256" in asked:
        rows += store.read_rows_at(tx, sorted(named.events_naming(tx, asked["sha256"], _MOST_EVENTS)))
    for row in rows:
        event = read_recorded(row)
        thing = thing_about(tx, event)
        if thing is not None and event.draft.kind != "read":
            yield thing


def _crossed(tx: Connection, actor: Actor, things: set[str]) -> Iterator[tuple[str, Lent, tuple[Part, ...]]]:
    """Each thing under each grant that shows of it what the actor does not see anyway, with the parts to open."""
    for thing, whom in sorted(whom_of_things(tx, things).items()):
        if thing.startswith("project:") and sees(actor.scope, whom):
            continue  # whoever may see a project sees the whole of it
        for lent in actor.lent:
            parts = tuple(
                replace(part, things=frozenset({thing}))
                for part in lent.parts
                if sees(Scope(parts=(part,)), whom) and not actor.scope.covers(part.within)
            )
            if parts:
                yield thing, lent, parts


def _subjects(tx: Connection, things: set[str]) -> dict[str, dict[str, Any]]:
    """Each thing as a draft names it."""
    ids = {thing: sort_and_id(thing) for thing in things}
    projects = register.projects(tx, [id_ for sort, id_ in ids.values() if sort == "project"])

    def subject(sort: str, id_: str) -> dict[str, Any]:
        if sort == "batch":
            return {"batch": {"code": id_}}
        if sort == "goods":
            return {"goods": id_}
        return {"project": {"keeper": projects[id_].keeper, "number": projects[id_].number}}

    return {thing: subject(*named) for thing, named in ids.items()}


def _on_the_ledger(tx: Connection, drafts: Mapping[str, dict[str, Any]], actor: Actor) -> set[str]:
    """The ids of those readings that stand there already. Raises InputError where one of these ids was taken for something
    else: whoever knows how they are made must not thereby read unseen."""
    rows = store.read_rows_by_id(tx, drafts)
    for id_, row in rows.items():
        payload = decode_payload(row.payload)
        is_his = payload.server["actor"]["account"] == actor.account
        if payload.draft != canonical.encode(drafts[id_]) or not is_his:
            raise _not_recorded("其编号已被其他记录占用", "its id was taken for another event")
    return set(rows)


def _draft(actor: Actor, grant: KnownGrant, thing: str, subject: dict[str, Any], day: date) -> dict[str, Any]:
    """What is recorded: once for an officer, a ground, a thing and a day, whose id follows from these."""
    said = (
        actor.account,
        grant.event,
        grant.ground,
        grant.case,
        thing.removeprefix("batch:"),
        day.isoformat(),
    )
    case = {"case": grant.case} if grant.case else {}
    return {
        "id": business_id("read", *said),
        "kind": "read",
        "subject": subject,
        "body": {
            "day": day.isoformat(),
            "ground": grant.ground or f"案号 {grant.case}",
            "grantor": grant.grantor,
            "grant": grant.event,
            **case,
        },
    }
