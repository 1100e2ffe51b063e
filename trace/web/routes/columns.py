"""Saying what the columns of a table are: asked of a checked file, and seen, changed and forgotten afterwards.

What is said holds for the whole organisation and for every file with the same headings, through whichever door it
comes. The headings come from the file or from what is kept, never from the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.policy import Action
from ...errors import InputError, Text
from ...http.failures import not_found
from ...http.forms import read_fields
from ...http.importing import Importing
from ...http.problems import status_of
from ...imports.columns import KINDS, TableKind, match
from ...imports.mapping import (
    LEFT_OUT,
    Choice,
    ColumnMapping,
    Mappings,
    SeenSheet,
    choices,
    is_understood,
    key_of,
    kind_named,
)
from ..checking import Checking
from ..checks import Check
from ..views import Frame
from ..views_of_imports import AskedColumn, ColumnMappingRow, ColumnMappingsPage, ColumnsPage
from .visit import Pages, page_router, see_other

_LIMIT = 100_000
_KINDS = tuple((kind.name, kind.title) for kind in KINDS)


def make_router(pages: Pages, importing: Importing, checking: Checking) -> APIRouter:
    router = page_router()

    @router.get("/import/checks/{id_}/columns/{n}")
    def ask(request: Request, id_: str, n: int, kind: Annotated[str, Query(max_length=50)] = "") -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = checking.found(visit.actor, id_)
            sheet = _sheet_of(check, n)
            said = importing.mappings(visit.actor).get(key_of(sheet.headings))
            page = columns_page(visit.frame, sheet, kind, _typed(said, kind), f"/import/checks/{id_}")
        return pages.show(page)

    @router.post("/import/checks/{id_}/columns/{n}")
    async def say(request: Request, id_: str, n: int) -> Response:
        fields = await read_fields(request, _LIMIT)
        return await run_in_threadpool(_say, request, id_, n, fields)

    def _say(request: Request, id_: str, n: int, fields: Mapping[str, str]) -> Response:
        actor = pages.form_actor(request, fields.get("form_token", ""))
        actor.require(Action.IMPORT)
        check = checking.found(actor, id_)
        sheet, here, kind = _sheet_of(check, n), f"/import/checks/{id_}", fields.get("kind", "?")
        try:
            checking.say(actor, check, sheet, kind, _said_in(fields, sheet.headings))
        except InputError as error:
            with pages.visit(request) as visit:
                page = columns_page(visit.frame, sheet, kind, _by_heading(fields, sheet.headings), here)
            return pages.show(replace(page, problems=error.problems), status_of(error.problems))
        return see_other(here)

    @router.get("/import/columns")
    def remembered(request: Request) -> Response:
        with pages.visit(request) as visit:
            page = mappings_page(visit.frame, importing.mappings(visit.actor))
        return pages.show(page)

    def kept(mappings: Mappings, key: str) -> SeenSheet:
        mapping = mappings.get(key)
        if mapping is None:
            raise not_found("这种列名的说明", "what was said of these headings", key)
        return SeenSheet(name="", headings=mapping.headings, kind=mapping.kind)

    @router.get("/import/columns/{key}")
    def look(request: Request, key: str, kind: Annotated[str, Query(max_length=50)] = "") -> Response:
        with pages.visit(request) as visit:
            mappings = importing.mappings(visit.actor)
            sheet = kept(mappings, key)
            page = columns_page(visit.frame, sheet, kind, _typed(mappings[key], kind), "/import/columns")
        return pages.show(page)

    @router.post("/import/columns/{key}")
    async def change(request: Request, key: str) -> Response:
        fields = await read_fields(request, _LIMIT)
        return await run_in_threadpool(_change, request, key, fields)

    def _change(request: Request, key: str, fields: Mapping[str, str]) -> Response:
        actor = pages.form_actor(request, fields.get("form_token", ""))
        sheet, kind = kept(importing.mappings(actor), key), fields.get("kind", "?")
        try:
            importing.say(actor, sheet.headings, kind, _said_in(fields, sheet.headings))
        except InputError as error:
            with pages.visit(request) as visit:
                typed = _by_heading(fields, sheet.headings)
                page = columns_page(visit.frame, sheet, kind, typed, "/import/columns")
            return pages.show(replace(page, problems=error.problems), status_of(error.problems))
        return see_other("/import/columns")

    @router.post("/import/columns/{key}/forget")
    def forget(request: Request, key: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        if not importing.forget(actor, key):
            raise not_found("这种列名的说明", "what was said of these headings", key)
        return see_other("/import/columns")

    return router


def _sheet_of(check: Check, n: int) -> SeenSheet:
    if not 0 <= n < len(check.seen):
        raise not_found("这张表", "this sheet", n)
    return check.seen[n]


def _name(n: int) -> str:
    return f"column-{n}"


def _by_heading(fields: Mapping[str, str], headings: tuple[str, ...]) -> dict[str, str]:
    return {heading: fields[_name(n)] for n, heading in enumerate(headings) if _name(n) in fields}


def _said_in(fields: Mapping[str, str], headings: tuple[str, ...]) -> dict[str, str]:
    """What a form says of these headings. Raises InputError for columns that the table does not have."""
    known = {_name(n) for n in range(len(headings))}
    unknown = next((name for name in fields if name.startswith("column-") and name not in known), None)
    if unknown is not None:
        raise InputError.of("wrong-input", "表里没有这一列", "the table has no such column", came=unknown)
    return _by_heading(fields, headings)


def _typed(said: ColumnMapping | None, kind: str) -> Mapping[str, str]:
    return said.columns if said is not None and kind in ("", said.kind) else {}


def columns_page(
    frame: Frame, sheet: SeenSheet, kind_name: str, typed: Mapping[str, str], back_href: str
) -> ColumnsPage:
    """What is asked of a sheet once it is known which kind of table it is, or first which kind that is."""
    kind = kind_named(kind_name or sheet.kind)
    page = ColumnsPage(
        frame=frame,
        sheet=sheet.name,
        kinds=_KINDS,
        back_href=back_href,
        may_be_left_out=not sheet.is_understood,
        headings=sheet.headings,
    )
    if kind is None:
        return page
    known = match(kind, sheet.headings)
    offered = choices(kind)
    return replace(
        page,
        kind=kind.name,
        title=kind.title,
        needs=tuple(_need(kind, need) for need in kind.needs if not any(name in known for name in need)),
        understood=tuple((heading, kind.title_of(name)) for name, heading in known.items()),
        asked=tuple(
            AskedColumn(
                name=_name(n),
                heading=heading,
                samples=sheet.samples.get(heading, ()),
                value=typed.get(heading, ""),
            )
            for n, heading in enumerate(sheet.headings)
            if not is_understood(kind, heading)
        ),
        options=tuple((each.value, each.title) for each in offered if each.field.name not in known),
    )


def _need(kind: TableKind, need: tuple[str, ...]) -> Text:
    titles = [kind.title_of(name) for name in need]
    return Text("或".join(each.zh for each in titles), " or ".join(each.en for each in titles))


def mappings_page(frame: Frame, mappings: Mappings) -> ColumnMappingsPage:
    """Everything that the organisation has said of headings."""
    return ColumnMappingsPage(frame=frame, rows=tuple(_row(key, each) for key, each in mappings.items()))


def _row(key: str, mapping: ColumnMapping) -> ColumnMappingRow:
    kind = kind_named(mapping.kind)
    offered: dict[str, Choice] = {} if kind is None else {each.value: each for each in choices(kind)}
    return ColumnMappingRow(
        href=f"/import/columns/{key}",
        meaning=None if mapping.kind == LEFT_OUT or kind is None else kind.title,
        headings=mapping.headings,
        columns=tuple(
            (heading, offered[value].title if value in offered else Text(value, value))
            for heading, value in mapping.columns.items()
        ),
        by=mapping.said.name,
        at=mapping.said.at,
    )
