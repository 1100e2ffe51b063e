"""An import that was begun: how far it is, what came of it, what it added; and all imports of an organisation.

Colleagues of one organisation see each other's imports whole, if they may import themselves: whoever may bring in the
organisation's files may see what came of them. The operator sees who imported which file and how many rows, and
nothing of what stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from ...auth.actor import Actor
from ...auth.policy import Action
from ...errors import Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.importing import MAX_FILE_BYTES, Importing, ImportJob
from ...imports.history import ImportEntry, Outcome
from ...imports.run import Report
from ...queries.answers import Standing
from ...queries.events import events_at
from ...queries.names import names_of
from ...queries.rows import newest_batches
from ..findings import added_of, file_of, rows_of, with_findings
from ..happened import timeline
from ..trouble_sheet import trouble_sheet
from ..views import Choice, Frame, Pager, Progress
from ..views_of_imports import ImportHistoryPage, ImportPage, PastImport
from .visit import Pages, Visit, page_router

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Lines of the history, and events of an import, on one page.
_LINES = _EVENTS = 50
_OUTCOMES: tuple[tuple[Outcome, Text], ...] = (
    ("", Text("全部", "All")),
    ("complete", Text("全部写入", "All rows in")),
    ("bad-rows", Text("有未写入的行", "Rows left out")),
    ("under-way", Text("进行中", "Under way")),
    ("failed", Text("没有完成", "Failed")),
)


def make_router(pages: Pages, importing: Importing) -> APIRouter:
    router = page_router()

    def found(visit: Visit, id_: str) -> ImportJob:
        job = importing.find(visit.actor, id_)
        if job is None:
            raise not_found("此导入", "this import", id_)
        return job

    @router.get("/import/history")
    def history(
        request: Request,
        q: Annotated[str, Query(max_length=100)] = "",
        outcome: Outcome = "",
        after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    ) -> Response:
        with pages.visit(request) as visit:
            listed = importing.history(visit.actor, text=q, outcome=outcome, limit=_LINES, before=after)
            rows = past_imports(visit.tx, listed.rows, visit.actor.party)
        return pages.show(history_page(visit.frame, rows, q, outcome, visit.next_href(listed.after)))

    @router.get("/import/jobs/{id_}")
    def follow(
        request: Request,
        id_: str,
        reason: Annotated[str, Query(max_length=100)] = "",
        first: Annotated[int, Query(ge=0, le=10**7)] = 0,
        event: Annotated[int, Query(ge=0, le=10**7)] = 0,
    ) -> Response:
        with pages.visit(request) as visit:
            job = found(visit, id_)
            is_kept = importing.has_bad_rows(job)
            past = () if job.entry is None else past_imports(visit.tx, [job.entry], visit.actor.party)
            now = pages.door.clock()
            page = job_page(visit.frame, job, now, reason=reason, first=first, is_kept=is_kept, past=past)
            if any(each.kind == "production" for each in page.added) and not page.is_foreign:
                scope = visit.actor.scope_for(Action.READ_BATCH)
                prints = visit.actor.reach(Action.PRINT_LABELS)
                page = replace(
                    page,
                    recent=newest_batches(visit.tx, scope),
                    labels_href="/labels/to-print" if prints else "",
                )
            if job.report is not None:
                page = _with_events(visit, page, job, job.report, event)
        return pages.show(page)

    @router.get("/import/jobs/{id_}/rows.xlsx", openapi_extra=costs(Cost.READING))
    def rows_of_job(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            report = found(visit, id_).report
        if report is None:
            raise not_found("此导入的问题清单", "a list of rows in trouble of this import", id_)
        return workbook(trouble_sheet(rows_of(report), visit.frame.language), "rows")

    @router.get("/import/jobs/{id_}/bad-rows.xlsx", openapi_extra=costs(Cost.READING))
    def bad_rows_of_job(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            rows = importing.bad_rows(found(visit, id_), visit.frame.language)
        if rows is None:
            raise not_found("此导入未写入的行", "rows that stayed out of this import", id_)
        return workbook(rows, "bad-rows")

    return router


def workbook(data: bytes, name: str) -> Response:
    """A workbook to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(data, media_type=_XLSX, headers=headers)


def _with_events(visit: Visit, page: ImportPage, job: ImportJob, report: Report, first: int) -> ImportPage:
    """The events that an import has added, some of them at a time, as far as the reader may see them."""
    total = sum(last - start + 1 for start, last in report.recorded)
    indexes = chain.from_iterable(range(start, last + 1) for start, last in report.recorded)
    shown = list(islice(indexes, first, first + _EVENTS))
    here = f"/import/jobs/{job.id}?event="
    return replace(
        page,
        events=timeline(events_at(visit.tx, visit.actor, shown)),
        events_pager=Pager(
            first=first + 1,
            last=first + len(shown),
            total=total,
            previous_href=f"{here}{max(0, first - _EVENTS)}" if first else "",
            next_href=f"{here}{first + _EVENTS}" if first + len(shown) < total else "",
        )
        if total > _EVENTS
        else None,
    )


def history_page(
    frame: Frame, rows: tuple[PastImport, ...], text: str, outcome: Outcome, next_href: str
) -> ImportHistoryPage:
    def at(**said: str) -> str:
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/import/history?{query}" if query else "/import/history"

    return ImportHistoryPage(
        frame=frame,
        rows=rows,
        query=text,
        outcome=outcome,
        outcomes=tuple(
            Choice(words, at(q=text, outcome=value), value == outcome) for value, words in _OUTCOMES
        ),
        next_href=next_href,
    )


def job_page(
    frame: Frame,
    job: ImportJob,
    now: datetime,
    *,
    reason: str = "",
    first: int = 0,
    is_kept: bool = False,
    past: tuple[PastImport, ...] = (),
) -> ImportPage:
    """A running import, or what came of it; ``is_kept``: its bad rows can still be taken out."""
    page = ImportPage(frame=frame, stage="running", limit_bytes=MAX_FILE_BYTES, past=past)
    if job.state in ("waiting", "running"):
        return replace(page, progress=progress_of(job, now))
    if job.state == "failed":
        return replace(page, stage="failed", problems=tuple(_problem_in(each) for each in job.problems))
    here, report, entry = f"/import/jobs/{job.id}", job.report, job.entry
    if report is not None:
        page = with_findings(page, here, report, reason, first)
        size_bytes = None if entry is None else entry.size_bytes
        page = replace(
            page,
            files=(file_of(report, job.file, size_bytes, "", ""),),
            bad_rows=sum(sheet.bad for sheet in report.sheets),
            newest_index=report.up_to,
            mend_href=f"{here}/bad-rows.xlsx" if is_kept else "",
        )
    elif entry is not None:
        page = replace(page, added=added_of(entry.added), bad_rows=entry.bad or 0, is_foreign=True)
    return replace(page, stage="done")


def past_imports(tx: Connection, entries: Sequence[ImportEntry], own: str) -> tuple[PastImport, ...]:
    """Lines of the history; whose an import is stands there where it is not the reader's own organisation's."""
    names = names_of(tx, {entry.party for entry in entries})
    return tuple(
        PastImport(
            name=entry.file,
            href=f"/import/jobs/{entry.id}",
            at=entry.created_at,
            who=entry.by if entry.party == own else f"{entry.by}（{names.party(entry.party)}）",
            standing=_standing(entry),
            new=None if entry.good is None else entry.good - (entry.known or 0),
            marked=entry.marked,
            bad=entry.bad,
            known=entry.known,
            repeated=entry.repeated,
            sha256=entry.sha256,
            size_bytes=entry.size_bytes,
        )
        for entry in entries
    )


def _standing(entry: ImportEntry) -> Standing:
    if entry.state == "failed":
        return Standing("stop", Text("没有完成", "Failed"))
    if entry.state != "done":
        return Standing("unknown", Text("进行中", "Under way"))
    events = sum(entry.added.values())
    said = Text(f"新增 {events} 项", f"{events} events added")
    if not entry.bad:
        return Standing("fine", said)
    return Standing(
        "attention", Text(f"{said.zh}，{entry.bad} 行未写入", f"{said.en}, {entry.bad} rows left out")
    )


def under_way(importing: Importing, actor: Actor, now: datetime) -> tuple[Progress, ...]:
    """The account's imports that wait or run, for its desk."""
    if not actor.reach(Action.IMPORT):
        return ()
    return tuple(
        progress_of(job, now) for job in importing.newest(actor) if job.state in ("waiting", "running")
    )


def progress_of(job: ImportJob, now: datetime) -> Progress:
    passed = (now - job.created_at).total_seconds()
    return Progress(
        title=Text(f"导入 {job.file}", f"Importing {job.file}"),
        unit=Text("行", "rows"),
        done=job.done,
        total=job.total,
        seconds_left=ceil(passed * (job.total - job.done) / job.done) if job.done else None,
        href=f"/import/jobs/{job.id}",
    )


def _problem_in(members: Mapping[str, Any]) -> Problem:
    remedy = members.get("remedy")
    return Problem(
        code=members["code"],
        detail=Text(**members["detail"]),
        where="",
        came=members.get("came", ""),
        remedy=None if remedy is None else Text(**remedy),
    )
