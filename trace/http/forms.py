"""Forms as browsers send them, bounded before they are parsed: fields alone, one file, or a few files beside fields.

A spreadsheet is read into memory; the files of `files_form` go to disk as they arrive, since ten photos are not small.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ..errors import InputError, Problem, Text, shown
from .door import media_type_of, read_body, too_large
from .parameters import takes_several

FORM = "multipart/form-data"
#: Room for the boundaries, the headings and the fields.
_REST_BYTES = 10_000
#: Fields beside the files of an event's form, and the room that they take.
_MOST_FIELDS = 1000
_FIELDS_BYTES = 200_000

#: Before the name of a field: the one of the `Problem.choices` beside it that was picked.
PICKED = "picked:"

#: The fields of which several boxes are ticked under one name; ``*`` is the number of a row. Any other comes once.
TICKED = frozenset(
    {
        "body/kinds",
        "body/matter/projects",
        "body/penalties",
        "body/projects",
        "body/questions",
        "body/tasks/*/asks",
        "code",
        "dropped",
        "kept",
    }
)

_ROW = re.compile("/[0-9]+/")
URL_ENCODED = "application/x-www-form-urlencoded"


async def read_fields(request: Request, limit: int, *, ticked: Collection[str] = TICKED) -> dict[str, str]:
    """The fields of a form without files, as `joined` has them.

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
    return joined(pairs, ticked=ticked)


def joined(pairs: Iterable[tuple[str, str]], *, ticked: Collection[str] = TICKED) -> dict[str, str]:
    """Fields by name; what was ``ticked`` several times under one name is joined by commas, and what was picked among the
    choices beside a field stands for what was typed into it.

    Raises InputError for any other field that came more than once: of two lengths neither is the one that was meant.
    """
    fields: dict[str, str] = {}
    repeated: dict[str, Problem] = {}
    for name, value in pairs:
        if name in fields and _ROW.sub("/*/", name) not in ticked:
            repeated.setdefault(name, _repeated(name, fields[name], value))
        fields[name] = f"{fields[name]},{value}" if name in fields else value
    if repeated:
        raise InputError(*repeated.values())
    picked = {name: value for name, value in fields.items() if name.startswith(PICKED)}
    typed = {name: value for name, value in fields.items() if name not in picked}
    return typed | {name.removeprefix(PICKED): value for name, value in picked.items() if value}


async def each_once(request: Request) -> None:
    """Of a route that declares the fields of its form one by one: raises InputError for each that came more than once and takes
    one value. The framework would take the last without a word."""
    declared = request.scope["route"].dependant.body_params
    if not declared:
        return
    several = {field.alias for field in declared if takes_several(field.field_info.annotation)}
    first: dict[str, str] = {}
    repeated: dict[str, Problem] = {}
    for name, value in _texts(
        await request.form()
    ):  # which the framework has read, within the router's bounds
        if name in first and name not in several:
            repeated.setdefault(name, _repeated(name, first[name], value))
        first.setdefault(name, value)
    if repeated:
        raise InputError(*repeated.values())


def _repeated(name: str, first: str, second: str) -> Problem:
    return Problem(
        "bad-request",
        Text(f"表单的项目 {shown(name)} 发来了两次", f"the field {shown(name)} was sent twice"),
        where=f"/{shown(name)}",
        came=shown(f"{first} | {second}"),
        remedy=Text("每一项只填一次，请重新打开页面再填", "give it once: open the page again and fill it in"),
    )


@dataclass(frozen=True, slots=True)
class FileForm:
    """A file as it came, and the fields beside it."""

    name: str
    data: bytes
    fields: Mapping[str, str]


async def read_file_form(request: Request, limit: int) -> FileForm:
    """The form of this request, its file named ``file``. Raises InputError for anything else."""
    _require_form(request)
    body = await read_body(request, limit + _REST_BYTES)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    form = await _parsed(MultiPartParser(request.headers, whole(), max_files=1, max_fields=10))
    try:
        file = form.get("file")
        fields = joined(_texts(form))
        if not isinstance(file, UploadFile):
            raise InputError.of("wrong-input", "请选择一个文件", "choose a file", where="/file")
        return FileForm(file.filename or "", await file.read(), fields)
    finally:
        await form.close()


async def read_text_form(request: Request, limit: int) -> dict[str, str]:
    """The fields of a form that can hold files and holds only text, of up to ``limit`` bytes in all."""
    _require_form(request)
    body = await read_body(request, limit + _REST_BYTES)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, whole(), max_files=0, max_fields=10, max_part_size=len(body))
    form = await _parsed(parser)
    try:
        return joined(_texts(form))
    finally:
        await form.close()


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that came in a form: its name on the sender's device, and its bytes from their beginning."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class FilesForm:
    """A form with files; file fields that were left empty are not among them."""

    fields: Sequence[tuple[str, str]]
    files: Sequence[FormFile]

    def get(self, name: str) -> str:
        """What was typed into a field; "" where it did not come."""
        return next((value for field, value in self.fields if field == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field, such as the ticks of one name."""
        return [value for field, value in self.fields if field == name]


def largest_form_with(files: int, limit: int) -> int:
    """The bytes of a form with so many files, none larger than the limit: for `files_form` and for its router."""
    return files * limit + _FIELDS_BYTES


@asynccontextmanager
async def files_form(request: Request, field: str, most_bytes: int) -> AsyncIterator[FilesForm]:
    """The form of this request with the files of one field, as a block: afterwards the files are gone.

    Costs disk, not memory. Raises InputError for what is no form, and ``too-large``.
    """
    _require_form(request)
    stream = _bounded(request, most_bytes)
    parser = MultiPartParser(request.headers, stream, max_files=100, max_fields=_MOST_FIELDS)
    form = await _parsed(parser)
    try:
        yield FilesForm(
            # A file field that was left empty comes as a text.
            fields=[(name, value) for name, value in _texts(form) if name != field],
            files=[
                FormFile(value.filename, value.file)
                for name, value in form.multi_items()
                if name == field and isinstance(value, UploadFile) and value.filename
            ],
        )
    finally:
        await form.close()


def _require_form(request: Request) -> None:
    if media_type_of(request)[0] != FORM:
        raise InputError.of(
            "wrong-media-type",
            "应为可以附文件的表单",
            "a form that can hold files is wanted",
            came=request.headers.get("content-type", ""),
            where="Content-Type",
        )


async def _parsed(parser: MultiPartParser) -> FormData:
    try:
        return await parser.parse()
    except (MultiPartException, KeyError):  # KeyError: a form without its boundary
        raise InputError.of(
            "bad-request", "表单无法读取，或所含文件过多", "the form cannot be read, or has too many files"
        ) from None


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(most)
        yield part
