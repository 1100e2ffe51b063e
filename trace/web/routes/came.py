"""What a form brings when it comes back: what was typed, and the files beside it.

Asynchronous only to read the form within its bounds; what is done with it is done in a thread.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from ...http.attaching import FILES_FIELD, KEPT_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.door import media_type_of
from ...http.forms import FORM, FilesForm, files_form, joined, read_fields
from .visit import LARGEST_FORM_BYTES, Pages


async def typed_fields(request: Request) -> dict[str, str]:
    """What was typed into a form without files."""
    return await read_fields(request, LARGEST_FORM_BYTES)


async def once_typed_fields(request: Request) -> dict[str, str]:
    """The same of a form in which nothing is ticked: each field comes once."""
    return await read_fields(request, LARGEST_FORM_BYTES, ticked=())


Came = Annotated[dict[str, str], Depends(typed_fields)]


async def with_files(request: Request, pages: Pages, attaching: Attaching) -> tuple[dict[str, str], Attached]:
    """What was typed and what was attached, in a form that may bring files; its files are kept when this returns.

    Raises InputError for a form that is none, is too large, or that another page made.
    """
    if media_type_of(request)[0] != FORM:
        return await typed_fields(request), Attached()

    def attach(form: FilesForm, came: dict[str, str]) -> Attached:
        actor = pages.form_actor(request, came.get("form_token", ""))
        return attaching.attach(actor, form.files, form.all(KEPT_FIELD))

    async with files_form(request, FILES_FIELD, LARGEST_WITH_FILES) as form:
        came = joined(form.fields)
        return came, await run_in_threadpool(attach, form, came)
