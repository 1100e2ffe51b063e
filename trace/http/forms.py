"""Forms as browsers send them, bounded before they are parsed: fields alone, or one file with a handful of fields."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ..errors import InputError
from .door import media_type_of, read_body

FORM = "multipart/form-data"
#: Room for the boundaries, the headings and the fields.
_REST_BYTES = 10_000


URL_ENCODED = "application/x-www-form-urlencoded"
#: Rows of a form that a person fills in have a handful of fields each.
_MOST_FIELDS = 3_000


async def read_fields(request: Request, limit: int) -> dict[str, str]:
    """The fields of a form without files; what was ticked several times under one name is joined by commas.

    Raises InputError for anything else, and for more than ``limit`` bytes.
    """
    if media_type_of(request)[0] != URL_ENCODED:
        raise InputError.of(
            "wrong-media-type",
            "应为网页表单",
            "a form is wanted",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
        )
    body = await read_body(request, limit)
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InputError.of("bad-request", "表单的项目过多", "the form has too many fields") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]},{value}" if name in fields else value
    return fields


@dataclass(frozen=True, slots=True)
class FileForm:
    """A file as it came, and the fields beside it."""

    name: str
    data: bytes
    fields: Mapping[str, str]


async def read_file_form(request: Request, limit: int) -> FileForm:
    """The form of this request, its file named ``file``. Raises InputError for anything else."""
    if media_type_of(request)[0] != FORM:
        raise InputError.of(
            "wrong-media-type",
            "应为含一个文件的表单",
            "a form with one file is wanted",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
        )
    body = await read_body(request, limit + _REST_BYTES)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, whole(), max_files=1, max_fields=10).parse()
    except (MultiPartException, KeyError):  # KeyError: a form without its boundary
        raise InputError.of(
            "bad-request", "表单无法读取，或含不止一个文件", "the form cannot be read, or has several files"
        ) from None
    try:
        file = form.get("file")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if not isinstance(file, UploadFile):
            raise InputError.of("wrong-input", "请选择一个文件", "choose a file", where="/file")
        return FileForm(file.filename or "", await file.read(), fields)
    finally:
        await form.close()
