"""Importing on a page: choose a file, see what would become of its rows, record it, see what was added.

Reading a file records nothing. What was read is kept until somebody decides (`web.checks`); recording is a job
(`http.importing`) that goes on when the page is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ...auth.actor import Actor
from ...auth.policy import Action
from ...errors import ANSWERS, InputError, Problem, Text
from ...http.door import read_body
from ...http.failures import not_found
from ...http.importing import MAX_FILE_BYTES, Importing, ImportJob, Upload
from ...http.problems import status_of
from ...imports.run import Report, WhoseLots, dry_run
from ...intake.record import Intake
from ...model.drafts import KINDS
from ...queries.answers import Standing
from ...queries.rows import newest_batches
from ..checks import Asked, Check, Checks, reports
from ..trouble_sheet import trouble_sheet
from ..views import (
    Added,
    Choice,
    Column,
    Frame,
    ImportFile,
    ImportPage,
    ImportRow,
    Pager,
    PastImport,
    Progress,
    Question,
    Sheet,
)
from .visit import Pages, see_other

_ROWS_ON_A_PAGE = 50
#: Room for the boundaries and headings of a form.
_FORM_BYTES = 10_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Where to look at what was added, by kind of event; kinds without a list of their own have none.
_SHOWN_AT = {
    "party": "/parties",
    "product": "/products",
    "certificate": "/certificates",
    "project": "/projects",
}
