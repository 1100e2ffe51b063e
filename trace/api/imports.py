"""Imports over HTTP: a spreadsheet is rehearsed at once, or recorded as a job that is asked after.

The file comes as the body, its name in ``X-File-Name`` (percent-encoded UTF-8), or as the only file of a form. A program
that has no file sends rows as JSON, each an object from heading to value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ..auth.policy import Action
from ..errors import InputError, Text, shown
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, header, needs
from ..http.door import Door, media_type_of, read_body
from ..http.failures import not_found
from ..http.forms import FORM, read_file_form
from ..http.importing import LONGEST_NAME, MAX_FILE_BYTES, Importing, ImportJob, Upload, sha256_of
from ..http.paging import AfterIndex, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..imports.history import ImportEntry, Outcome
from ..imports.pasted import NAME as PASTED
from ..imports.pasted import file_of_rows
from ..imports.templates import TEMPLATES, template_workbook
from ..jobs.desk import State
from ..queries.answers import Listed

FILE_NAME = "X-File-Name"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RAW = ("application/octet-stream", "text/csv", _XLSX)
_BINARY = {"type": "string", "format": "binary"}

_JSON = "application/json"
_ROWS: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
}

_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "试行的结果；或此文件此前已全部导入，为那一次导入 the report of a rehearsal; or the earlier import that has "
        "brought in all of this file",
        "content": {
            _JSON: {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/ImportReport"},
                        {"$ref": "#/components/schemas/ImportRead"},
                    ]
                }
            }
        },
    },
    202: {"headers": {"Location": header("在此查看进度 where to ask after it")}},
}


def make_router(door: Door, importing: Importing) -> APIRouter:
    router = api_router("imports 导入", "/api/v1/imports")

    @router.post(
        "",
        status_code=202,
        summary="导入表格 import a spreadsheet",
        response_model=ImportRead,
        responses=_ANSWERED,
        openapi_extra=needs(
            Action.IMPORT,
            **costs(Cost.READING),
            requestBody={
                "required": True,
                "description": "XLSX 或 CSV，或若干行 an XLSX or CSV file, or rows",
                "content": {
                    FORM: {
                        "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
                    },
                    **{media_type: {"schema": _BINARY} for media_type in _RAW},
                    _JSON: {"schema": _ROWS},
                },
            },
            parameters=[
                {
                    "name": FILE_NAME,
                    "in": "header",
                    "required": False,
                    "schema": {"type": "string"},
                    "description": f"文件名，百分号编码，至多 {LONGEST_NAME} 个字符 file name, percent-encoded, "
                    f"at most {LONGEST_NAME} characters; for a bare body",
                }
            ],
        ),
    )
    async def start(
        request: Request,
        dry_run: Annotated[bool, Query(description="只试行，不入账 rehearse only")] = False,
        party: Annotated[
            str,
            Query(max_length=200, description="文件是谁的，文件本身没写时 whose it is, if it does not say"),
        ] = "",
    ) -> Response:
        """``dry_run=true``: every bad and every marked row at once, nothing written (200).

        Otherwise good rows are recorded by a job (202); ``Location`` says where to ask after it. The same file again
        begins nothing while it is under way, nor once all its rows are in (200, with that import); where some were bad it
        is tried again. ``same_file`` names the newest import of the same bytes before this one.
        """
        actor = door.allowed_to_change(request, Action.IMPORT)
        name, data = await _file(request)
        upload = Upload(name, data, party)
        if dry_run:
            rehearsal = await run_in_threadpool(importing.rehearse, actor, upload)
            earlier = await run_in_threadpool(importing.earlier, actor, sha256_of(data))
            return json_response(
                {**rehearsal.report.to_json(), "same_file": None if earlier is None else earlier.id}
            )
        begun = await run_in_threadpool(importing.begin, actor, upload)
        over = not begun.is_new and begun.job.state == "done"
        return json_response(
            _read(begun.job, None if begun.earlier is None else begun.earlier.id),
            200 if over else 202,
            {"Location": f"/api/v1/imports/{begun.job.id}"},
        )

    @router.get(
        "",
        summary="本单位的导入 the imports of the own organisation",
        response_model=Listed[ImportEntry],
        openapi_extra=needs(Action.IMPORT),
    )
    def history(
        request: Request,
        q: Annotated[
            str,
            Query(
                max_length=100, description="文件名、经手人或哈希的一部分 part of file name, person or hash"
            ),
        ] = "",
        outcome: Annotated[Outcome, Query(description="结果 what came of it")] = "",
        limit: Limit = 50,
        after: AfterIndex = None,
    ) -> Response:
        """The newest first: who, when, which file, how many rows. Of everybody's for the operator, who sees no reports."""
        actor = door.allowed(request, Action.IMPORT)
        found = importing.history(actor, text=q, outcome=outcome, limit=limit, before=after)
        return json_response(found, headers=next_link(request, found.after))

    @router.get(
        "/{job}", summary="一次导入 an import", response_model=ImportRead, openapi_extra=needs(Action.IMPORT)
    )
    def follow(
        request: Request, job: Annotated[str, Path(description="导入编号 id of the import")]
    ) -> Response:
        """State and progress; the report once it is done."""
        found = importing.find(door.allowed(request, Action.IMPORT), job)
        if found is None:
            raise not_found("此导入", "this import", job)
        return json_response(_read(found))

    @router.get(
        "/{job}/bad-rows",
        summary="未写入的行，改好后可再导入 the rows that stayed out, to be mended and imported again",
        response_class=Response,
        responses=answers_with(_XLSX, "XLSX", _BINARY),
        openapi_extra=needs(Action.IMPORT),
    )
    def bad_rows(
        request: Request, job: Annotated[str, Path(description="导入编号 id of the import")]
    ) -> Response:
        """In their own columns, with the reasons; kept for 30 days."""
        actor = door.allowed(request, Action.IMPORT)
        found = importing.find(actor, job)
        rows = None if found is None else importing.bad_rows(found, actor.language)
        if rows is None:
            raise not_found("此导入的未写入行", "rows that stayed out of this import", job)
        headers = {"Content-Disposition": 'attachment; filename="bad-rows.xlsx"'}
        return Response(rows, media_type=_XLSX, headers=headers)

    @router.get(
        "/templates/{name}",
        summary="导入模板 a workbook to fill in and import",
        response_class=Response,
        responses=answers_with(_XLSX, "XLSX", _BINARY),
        openapi_extra=needs(Action.IMPORT),
    )
    def template(
        request: Request,
        name: Annotated[
            str, Path(description="；".join(f"{each.name} {each.title.zh}" for each in TEMPLATES.values()))
        ],
    ) -> Response:
        """With explanations, drop-downs and an example row, which an import passes over."""
        door.allowed(request, Action.IMPORT)
        wanted = TEMPLATES.get(name)
        if wanted is None:
            raise not_found("此模板", "this template", name)
        headers = {"Content-Disposition": f'attachment; filename="cabletrace-{name}.xlsx"'}
        return Response(template_workbook(wanted), media_type=_XLSX, headers=headers)

    return router


async def _file(request: Request) -> tuple[str, bytes]:
    media_type, _ = media_type_of(request)
    if media_type == FORM:
        form = await read_file_form(request, MAX_FILE_BYTES)
        return form.name, form.data
    if media_type == _JSON:
        body = await read_body(request, MAX_FILE_BYTES)
        return unquote(request.headers.get(FILE_NAME, "")) or PASTED.zh, await run_in_threadpool(_table, body)
    if media_type not in _RAW:
        raise InputError.of(
            "wrong-media-type",
            "应为表格文件（XLSX 或 CSV）、含一个文件的表单，或 JSON 的若干行",
            "an XLSX or CSV file is wanted, a form with one file, or rows as JSON",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
            remedy=Text(
                f"可用：{FORM}、{'、'.join(_RAW)}、{_JSON}", f"taken: {FORM}, {', '.join(_RAW)}, {_JSON}"
            ),
        )
    return unquote(request.headers.get(FILE_NAME, "")), await read_body(request, MAX_FILE_BYTES)


def _table(body: bytes) -> bytes:
    """The table that these rows are. Raises InputError for what is no list of objects."""
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError as failure:
        raise InputError.of(
            "bad-request", "不是有效的 JSON", "this is not JSON", came=shown(str(failure))
        ) from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError.of(
            "wrong-input",
            "应为若干行的列表，每行是「列名：值」",
            "a list of rows is wanted, each an object from heading to value",
        )
    return file_of_rows(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRead:
    """An import with its progress in rows; ``report`` once it is done, ``problems`` where it has failed.

    ``same_file``: the newest import of the same bytes before this was asked for, which may be this very import.
    """

    id: str
    file: str
    by: str
    sha256: str
    state: State
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    report: Mapping[str, Any] | None
    problems: tuple[Mapping[str, Any], ...]
    same_file: str | None = None


def _read(job: ImportJob, same_file: str | None = None) -> ImportRead:
    return ImportRead(
        id=job.id,
        file=job.file,
        by="" if job.entry is None else job.entry.by,
        sha256="" if job.entry is None else job.entry.sha256,
        same_file=same_file,
        state=job.state,
        done=job.done,
        total=job.total,
        created_at=job.created_at,
        finished_at=job.finished_at,
        report=None if job.report is None else job.report.to_json(),
        problems=job.problems,
    )


# --- the report in the description --------------------------------------------------------------------


def schemas() -> dict[str, Any]:
    """The schema of `imports.report.Report.to_json`."""
    return {"ImportReport": _REPORT}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_TEXT: dict[str, Any] = {"type": "string"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}
_NAMES = {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}}
_REASON = dict.fromkeys(("column", "value", "reason", "remedy", "reason_en", "remedy_en", "code"), _TEXT)
_ROW = {"sheet": _TEXT, "row": {"type": "integer"}}
_PREVIEW = {
    **_object(
        rows={
            "type": "array",
            "items": _object(
                **_ROW, kind=_TEXT, thing=_TEXT, goods=_TEXT, day=_TEXT, party=_TEXT,
                length_mm={"type": ["integer", "null"]},
            ),
        },
        length_mm=_COUNTS,
        new_parties={"type": "array", "items": _TEXT},
        new_party_count={"type": "integer"},
    ),
    "description": "每张表前几行读成了什么，新增事件写明的长度合计，首次出现的单位 the first good rows as they were understood, "
    "the lengths that new events state by kind, parties named for the first time",
}  # fmt: skip
_REPORT = _object(
    good={**_COUNTS, "description": "各表可入账的行数 good rows by sheet, marked and known ones included"},
    bad={
        "type": "array",
        "description": "每个有误的行 every bad row once; further reasons in also",
        "items": _object(**_ROW, **_REASON, also={"type": "array", "items": _object(**_REASON)}),
    },
    marked={
        "type": "array",
        "description": "入账但带标记的行 rows that go in with a mark",
        "items": _object(**_ROW, mark=_TEXT, column=_TEXT, value=_TEXT, reason=_TEXT, reason_en=_TEXT),
    },
    repeated={
        "type": "array",
        "description": "与文件中前面的行完全重复的行，只入账一次；good、bad 和它合起来是全部行 rows that repeat a row above; with "
        "good and bad they are all rows",
        "items": _object(**_ROW, above_sheet=_TEXT, above={"type": "integer"}, reason=_TEXT, reason_en=_TEXT),
    },
    known={**_COUNTS, "description": "此前已入账的行数 rows that were on the ledger before"},
    examples={**_COUNTS, "description": "跳过的模板示例行 examples of a template, which are passed over"},
    added={**_COUNTS, "description": "按类型新增的事件数 events added, by kind"},
    recorded={
        "type": "array",
        "description": "新增事件的账本序号段，含两端 ranges of ledger indexes of what was recorded, both ends included",
        "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    },
    preview=_PREVIEW,
    hidden={
        "type": "array",
        "description": "未读取的隐藏工作表 hidden sheets, which are not read",
        "items": _TEXT,
    },
    same_file={
        "type": ["string", "null"],
        "description": "本单位此前对相同字节的最近一次导入 the newest import of the same bytes by the own organisation",
    },
    not_understood={"type": "array", "items": _TEXT},
    ignored=_NAMES,
    as_said={
        "type": "object",
        "additionalProperties": _object(by=_TEXT, at={"type": "string", "format": "date-time"}),
        "description": "按说明过的列名读取的表：谁、何时说明 sheets whose columns were understood as somebody said, by "
        "whom and since when",
    },
    overruled={
        **_NAMES,
        "description": "说明未被采用的列：列名本来就认识 columns understood by themselves, whatever was said of them",
    },
)
