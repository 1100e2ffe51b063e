"""A file or a pasted table on its way to the ledger, as its pages need it: read, judged, asked about, judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from ..auth.actor import Actor
from ..clock import Clock
from ..http.failures import not_found
from ..http.importing import Importing, ImportJob, Upload, sha256_of
from ..imports.mapping import SeenSheet
from ..imports.mending import may_be_mended, mending_workbook
from ..imports.run import NoTable, WhoseLots
from ..imports.templates import CHOICES, GUIDE
from .checks import Asked, Check, Checks


class Checking:
    """Judges files and keeps what came of it, for their owner."""

    def __init__(self, importing: Importing, checks: Checks, clock: Clock) -> None:
        self._importing = importing
        self._checks = checks
        self._clock = clock

    def begin(self, actor: Actor, name: str, data: bytes) -> Check:
        """What would become of the file. Raises InputError where nothing can be done with it."""
        check = Check(
            id=str(uuid4()),
            account=actor.account,
            name=name,
            size_bytes=len(data),
            sha256=sha256_of(data),
            encoding="",
            party="",
            at=self._clock(),
        )
        check = self._judged(actor, check, data)
        self._checks.keep(check, data)
        return check

    def answer(self, actor: Actor, check: Check, party: str) -> None:
        """Judge the file again, now that somebody has said whose it is."""
        self._checks.change(self._judged(actor, replace(check, party=party), self._checks.data(check)))

    def say(
        self, actor: Actor, check: Check, sheet: SeenSheet, kind: str, columns: Mapping[str, str]
    ) -> None:
        """Remember what the sheet's columns are, and judge the file again. Raises InputError as `mapping_said`."""
        self._importing.say(actor, sheet.headings, kind, columns)
        self._checks.change(self._judged(actor, check, self._checks.data(check)))

    def record(self, actor: Actor, check: Check) -> ImportJob:
        """Begin to record the file as it was judged, whatever was said of headings since."""
        data = self._checks.data(check)
        job = self._importing.begin(actor, Upload(check.name, data, check.party, check.mapped)).job
        self._checks.change(replace(check, job=job.id))
        return job

    def bad_rows(self, check: Check, language: str) -> bytes | None:
        """The rows that stay out, as a workbook to mend; None where there are none."""
        if check.report is None or not may_be_mended(check.report):
            return None
        return mending_workbook(self._checks.data(check), check.name, check.report, language)

    def found(self, actor: Actor, id_: str) -> Check:
        """A check of this actor's. Raises InputError ``not-found``."""
        check = self._checks.find(id_, actor.account)
        if check is None:
            raise not_found(
                "此文件；核对后三天未写入的文件会被清除",
                "this file; checked files are kept for three days",
                id_,
            )
        return check

    def _judged(self, actor: Actor, check: Check, data: bytes) -> Check:
        blank = replace(check, report=None, question=None, candidates=(), mapped={})
        try:
            rehearsal = self._importing.rehearse(actor, Upload(check.name, data, check.party))
        except WhoseLots as error:
            (problem,) = error.problems
            return replace(
                blank,
                candidates=tuple(Asked(id=party.id, name=party.name) for party in error.candidates),
                question=(problem.detail.zh, problem.detail.en),
            )
        except NoTable as error:
            if not asked_for(error.sheets) and not any(sheet.is_left_out for sheet in error.sheets):
                raise
            return replace(blank, seen=error.sheets)
        understood = rehearsal.understood
        return replace(
            blank,
            report=rehearsal.report,
            encoding=understood.encoding or "",
            seen=understood.seen,
            mapped=understood.mapped,
        )


def asked_for(sheets: Sequence[SeenSheet]) -> list[int]:
    """The places of the sheets that look like tables and that nobody has explained; a template's own need no words."""
    return [n for n, sheet in enumerate(sheets) if sheet.is_asked_for and sheet.name not in (GUIDE, CHOICES)]
