"""Imports over HTTP: a spreadsheet is rehearsed at once, or recorded as a job that is asked after.

The file comes as the body, its name in ``X-File-Name`` (percent-encoded UTF-8), or as the only file of a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ..auth.policy import Action
from ..errors import InputError, Text
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, header, needs
from ..http.door import Door, media_type_of, read_body
from ..http.failures import not_found
from ..http.forms import FORM, read_file_form
from ..http.importing import LONGEST_NAME, MAX_FILE_BYTES, Importing, ImportJob, Upload
from ..http.wire import json_response
from ..imports.templates import TEMPLATES, template_workbook
from ..jobs.desk import State
from ..queries.answers import Listed

FILE_NAME = "X-File-Name"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RAW = ("application/octet-stream", "text/csv", _XLSX)
_BINARY = {"type": "string", "format": "binary"}

_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "试行的结果 the report of a rehearsal",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ImportReport"}}},
    },
    202: {"headers": {"Location": header("在此查看进度 where to ask after it")}},
}


def make_router(door: Door, importing: Importing) -> APIRouter:
    router = APIRouter(prefix="/api/v1/imports", tags=["imports 导入"])

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
                "description": "XLSX 或 CSV an XLSX or CSV file",
                "content": {
                    FORM: {
                        "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
                    },
                    **{media_type: {"schema": _BINARY} for media_type in _RAW},
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

        Otherwise good rows are recorded by a job (202); ``Location`` says where to ask after it. Doing it again adds
        nothing twice.
        """
        actor = door.allowed_to_change(request, Action.IMPORT)
        name, data = await _file(request)
        upload = Upload(name, data, party)
        if dry_run:
            rehearsal = await run_in_threadpool(importing.rehearse, actor, upload)
            return json_response(rehearsal.report.to_json())
        job = await run_in_threadpool(importing.begin, actor, upload)
        return json_response(_read(job), 202, {"Location": f"/api/v1/imports/{job.id}"})

    @router.get(
        "",
        summary="本账号的导入 the own imports",
        response_model=Listed[ImportRead],
        openapi_extra=needs(Action.IMPORT),
    )
    def newest(request: Request) -> Response:
        """The newest twenty."""
        jobs = importing.newest(door.allowed(request, Action.IMPORT))
        return json_response(Listed(tuple(map(_read, jobs)), None))

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
    if media_type not in _RAW:
        raise InputError.of(
            "wrong-media-type",
            "应为表格文件（XLSX 或 CSV），或含一个文件的表单",
            "an XLSX or CSV file is wanted, or a form with one file",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
            remedy=Text(f"可用：{FORM}、{'、'.join(_RAW)}", f"taken: {FORM}, {', '.join(_RAW)}"),
        )
    return unquote(request.headers.get(FILE_NAME, "")), await read_body(request, MAX_FILE_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRead:
    """An import with its progress in rows; ``report`` once it is done, ``problems`` where it has failed."""

    id: str
    file: str
    state: State
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    report: Mapping[str, Any] | None
    problems: tuple[Mapping[str, Any], ...]


def _read(job: ImportJob) -> ImportRead:
    return ImportRead(
        id=job.id,
        file=job.file,
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
    known={**_COUNTS, "description": "此前已入账的行数 rows that were on the ledger before"},
    examples={**_COUNTS, "description": "跳过的模板示例行 examples of a template, which are passed over"},
    added={**_COUNTS, "description": "按类型新增的事件数 events added, by kind"},
    hidden={
        "type": "array",
        "description": "未读取的隐藏工作表 hidden sheets, which are not read",
        "items": _TEXT,
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
