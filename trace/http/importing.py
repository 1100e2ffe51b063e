"""Imports that are under way: a spreadsheet is understood at once, rehearsed or recorded as a job beside requests.

API and pages share this, so a file that was dropped on a page is found again by the API and the other way
round. The uploaded file stands in a folder under the job's id until the job is over. A job that died with its
process is done again: importing a file again adds nothing twice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Engine

from ..auth.accounts import find_account
from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..clock import Clock
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text, shown
from ..imports import history, remembered
from ..imports.columns import SaidBy
from ..imports.grid import Limits
from ..imports.history import ImportEntry
from ..imports.mapping import ColumnMapping, Mappings, mapping_said
from ..imports.mending import may_be_mended, mending_workbook
from ..imports.run import Report, Understood, commit, dry_run, understand
from ..intake.record import Intake
from ..jobs import desk
from ..jobs.desk import Job, State
from ..jobs.worker import Progress, Work
from ..ledger.store import read_head
from ..queries.answers import Listed, cut
from .wire import json_bytes

KIND = "import"
#: Larger files do not come out of an office; a year of a large maker has some 5 MB.
MAX_FILE_BYTES = Limits().file_bytes
#: Characters of a file's name; file systems take no more than some 250 either.
LONGEST_NAME = 200
#: Imports of one account that wait or run at the same time.
MOST_UNFINISHED = 5
#: Who is named for an import at the command line, where nobody has an account.
AT_THE_MACHINE = "运维（命令行 command line）"
_LEFT_BEHIND_AFTER = timedelta(hours=1)
#: A file that had bad rows is kept so long, for whoever wants to mend them; any other goes when its job is over.
ROWS_KEPT_FOR = timedelta(days=30)
_KEPT = ".rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """An import as its organisation sees it. ``done`` of ``total`` rows, 0 while that is not known.

    ``report`` once it is done, ``problems`` where it has failed. The operator sees neither of another organisation's:
    they show what stands in the file. ``entry`` is None for imports of before there was a history.
    """

    id: str
    file: str
    state: State
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    report: Report | None
    problems: tuple[Mapping[str, Any], ...]
    entry: ImportEntry | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of asking for an import. ``earlier`` is the organisation's newest import of the same bytes before it.

    Where that is under way or has brought in every row, it is the ``job`` itself, and nothing new is begun.
    """

    job: ImportJob
    earlier: ImportEntry | None

    @property
    def is_new(self) -> bool:
        return self.earlier is None or self.earlier.id != self.job.id


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came. ``party`` answers whose it is, where it does not say so itself; "" for no answer.

    ``mappings`` is what is taken to be said of its headings, so that what was rehearsed is what is recorded; None for
    what the actor's organisation has said up to now.
    """

    name: str
    data: bytes
    party: str = ""
    mappings: Mappings | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A file as it was understood, and what would become of its rows."""

    understood: Understood
    report: Report


class Importing:
    """Holds nothing but where things are; any number may stand over the same installation."""

    def __init__(self, *, ledger: Engine, desk: Engine, intake: Intake, clock: Clock, folder: Path) -> None:
        self._ledger = ledger
        self._desk = desk
        self._intake = intake
        self._clock = clock
        self._folder = folder

    def understand(self, actor: Actor, upload: Upload) -> Understood:
        """What the file says. Raises InputError for one that cannot be read, or whose it is nobody can say."""
        actor.require(Action.IMPORT)
        if len(upload.name) > LONGEST_NAME:
            raise InputError.of(
                "wrong-input",
                f"文件名有 {len(upload.name)} 个字符，上限是 {LONGEST_NAME} 个",
                f"the file name has {len(upload.name)} characters; the limit is {LONGEST_NAME}",
                came=upload.name,
                remedy=Text("请改用较短的文件名。", "Give the file a shorter name."),
            )
        mappings = self.mappings(actor) if upload.mappings is None else upload.mappings
        with begin_read(self._ledger) as tx:
            return understand(
                tx, upload.data, upload.name, actor, answer=upload.party or None, mappings=mappings
            )

    def rehearse(self, actor: Actor, upload: Upload) -> Rehearsal:
        """What would become of each row. Nothing is written."""
        understood = self.understand(actor, upload)
        return Rehearsal(understood, dry_run(understood, self._intake, actor))

    def mappings(self, actor: Actor) -> Mappings:
        """What the actor's organisation has said of headings."""
        actor.require(Action.IMPORT)
        with begin_read(self._desk) as tx:
            return remembered.of_party(tx, actor.party)

    def say(
        self, actor: Actor, headings: Sequence[str], kind: str, columns: Mapping[str, str]
    ) -> ColumnMapping:
        """Remember for the actor's organisation what these headings are. Raises InputError as `mapping_said`."""
        actor.require(Action.IMPORT)
        mapping = mapping_said(headings, kind, columns, SaidBy(actor.name, self._clock()))
        with begin_write(self._desk) as tx:
            remembered.remember(tx, actor.party, mapping)
        return mapping

    def forget(self, actor: Actor, key: str) -> bool:
        """Forget what the actor's organisation has said of a set of headings; whether it had said anything."""
        actor.require(Action.IMPORT)
        with begin_write(self._desk) as tx:
            return remembered.forget(tx, actor.party, key)

    def begin(self, actor: Actor, upload: Upload) -> Begun:
        """Start recording the file; returns at once. The same file again is not recorded again where that would add
        nothing. Raises InputError as `understand`, or ``too-many-requests``."""
        understood = self.understand(actor, upload)
        hash_, meant = sha256_of(upload.data), _reading(upload.party, understood.mapped)
        with begin_read(self._ledger) as tx:
            since = read_head(tx).size
        with begin_read(self._desk) as tx:
            same = history.same(tx, actor.party, hash_, meant)
            if same is not None and (same.is_complete or same.state in ("waiting", "running")):
                job = desk.read(tx, same.id)
                assert job is not None, "a line of the history has its job"
                return Begun(_shown(job, same), same)
            earlier = history.same(tx, actor.party, hash_)
            if desk.unfinished(tx, actor.account, KIND) >= MOST_UNFINISHED:
                raise InputError.of(
                    "too-many-requests",
                    f"您已有 {MOST_UNFINISHED} 个导入在进行",
                    f"{MOST_UNFINISHED} of your imports are under way already",
                    remedy=Text("请等其中一个完成", "wait until one of them is done"),
                )
        id_ = str(uuid4())
        # The file first: a row whose file is missing could not be done, a file without a row only lies there.
        self._put(id_, upload.data)
        file = shown(upload.name, LONGEST_NAME)
        wanted = {
            "file": file,
            "party": upload.party,
            "mappings": orjson.loads(json_bytes(understood.mapped)),
            "via": actor.via,
            "actions": None if actor.actions is None else sorted(actor.actions),
            "since": since,
        }
        now = self._clock()
        with begin_write(self._desk) as tx:
            job = desk.create(tx, kind=KIND, account=actor.account, wanted=wanted, now=now, id_=id_)
            history.begin(
                tx,
                job=id_,
                party=actor.party,
                account=actor.account,
                by=actor.name,
                file=file,
                sha256=hash_,
                size_bytes=len(upload.data),
                reading=meant,
                now=now,
            )
            entry = history.entry(tx, id_)
        return Begun(_shown(job, entry), earlier)

    def note(
        self, actor: Actor, upload: Upload, *, party: str, mapped: Mappings, report: Report, began: datetime
    ) -> str:
        """Write the line of an import that was done at the machine, of a file that is ``party``'s; the id of the import."""
        file, hash_ = shown(upload.name, LONGEST_NAME), sha256_of(upload.data)
        outcome: dict[str, Any] = orjson.loads(json_bytes(report))
        wanted = {"file": file, "party": upload.party, "via": actor.via}
        with begin_write(self._desk) as tx:
            id_ = desk.note(
                tx, kind=KIND, account=actor.account, wanted=wanted, state="done", outcome=outcome,
                began=began, now=self._clock(),
            )  # fmt: skip
            history.begin(
                tx, job=id_, party=party, account=actor.account, by=AT_THE_MACHINE, file=file, sha256=hash_,
                size_bytes=len(upload.data), reading=_reading(upload.party, mapped), now=began,
            )  # fmt: skip
            history.conclude(tx, id_, report)
        if may_be_mended(report):
            self._put_kept(id_, upload.data)
        return id_

    def earlier(self, actor: Actor, sha256: str) -> ImportEntry | None:
        """The newest import of these bytes by the actor's organisation."""
        actor.require(Action.IMPORT)
        with begin_read(self._desk) as tx:
            return history.same(tx, actor.party, sha256)

    def find(self, actor: Actor, id_: str) -> ImportJob | None:
        """An import of the actor's organisation; for the operator anybody's, without what stands in the file."""
        reach = actor.require(Action.IMPORT)
        with begin_read(self._desk) as tx:
            job, entry = desk.read(tx, id_), history.entry(tx, id_)
        if job is None or job.kind != KIND:
            return None
        if job.account == actor.account or (entry is not None and entry.party == actor.party):
            return _shown(job, entry)
        if entry is None or reach is not Reach.EVERYTHING:
            return None
        return replace(_shown(job, entry), report=None, problems=())

    def history(
        self,
        actor: Actor,
        *,
        text: str = "",
        outcome: history.Outcome = "",
        limit: int = 50,
        before: int | None = None,
    ) -> Listed[ImportEntry]:
        """The imports of the actor's organisation, for the operator everybody's, the newest first."""
        reach = actor.require(Action.IMPORT)
        party = None if reach is Reach.EVERYTHING else actor.party
        with begin_read(self._desk) as tx:
            found = history.entries(
                tx, party, text=text.strip(), outcome=outcome, limit=limit + 1, before=before
            )
        return cut(found, limit, lambda each: str(each.number))

    def newest(self, actor: Actor, limit: int = 20) -> list[ImportJob]:
        """The actor's own imports, the newest first."""
        actor.require(Action.IMPORT)
        with begin_read(self._desk) as tx:
            return [_shown(job, None) for job in desk.newest(tx, actor.account, KIND, limit)]

    def has_bad_rows(self, job: ImportJob) -> bool:
        """Whether the rows that stayed out are still kept."""
        return job.report is not None and may_be_mended(job.report) and self._kept(job.id).exists()

    def bad_rows(self, job: ImportJob, language: str) -> bytes | None:
        """The rows that stayed out, as a workbook to mend; None where there are none or they are not kept any more."""
        if job.report is None or not self.has_bad_rows(job):
            return None
        return mending_workbook(self._kept(job.id).read_bytes(), job.file, job.report, language)

    def work(self) -> Work:
        """How the worker does an import."""
        return Work(self._do, lambda job: self._file(job.id).unlink(missing_ok=True))

    def _do(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        actor = self._actor_of(job)
        mappings = _mappings().validate_python(job.wanted.get("mappings", {}))
        upload = Upload(job.wanted["file"], self._file(job.id).read_bytes(), job.wanted["party"], mappings)
        report = commit(
            self.understand(actor, upload), self._intake, actor, progress, since=job.wanted.get("since")
        )
        if may_be_mended(report):
            self._write(self._kept(job.id), upload.data)
        with begin_write(self._desk) as tx:
            history.conclude(tx, job.id, report)
        outcome: dict[str, Any] = orjson.loads(json_bytes(report))
        return outcome

    def sweep(self) -> None:
        """Forget what has lain here long enough: old imports, rows to be mended, and files of which no job is left to be
        done (of uploads and of clearings that were cut short)."""
        with begin_write(self._desk) as tx:
            history.forget_before(tx, self._clock() - history.KEPT_FOR)
        if not self._folder.exists():
            return
        with begin_read(self._desk) as tx:
            wanted = desk.unfinished_ids(tx)
        # A file lies here a moment before its row is written, perhaps by another process.
        oldest = (self._clock() - _LEFT_BEHIND_AFTER).timestamp()
        oldest_kept = (self._clock() - ROWS_KEPT_FOR).timestamp()
        for file in self._folder.iterdir():
            unwanted_before = oldest_kept if file.suffix == _KEPT else oldest
            if file.stem not in wanted and file.stat().st_mtime < unwanted_before:
                file.unlink(missing_ok=True)

    def _actor_of(self, job: Job) -> Actor:
        """Whoever asked for it, as they may act now."""
        with begin_read(self._desk) as tx:
            account = find_account(tx, job.account)
        if account is None or not account.active:
            raise InputError.of("not-allowed", "此账号已停用", "this account is not active any more")
        actions = job.wanted["actions"]
        return account.acting(job.wanted["via"], None if actions is None else frozenset(map(Action, actions)))

    def _put_kept(self, id_: str, data: bytes) -> None:
        self._folder.mkdir(exist_ok=True)
        self._write(self._kept(id_), data)

    def _put(self, id_: str, data: bytes) -> None:
        self._folder.mkdir(exist_ok=True)
        self._write(self._file(id_), data)

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all: what a job that died has left half is written over by its successor."""
        half = path.with_suffix(f"{path.suffix}-half")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)

    def _kept(self, id_: str) -> Path:
        """The file of an import with bad rows, as long as they may be taken out of it."""
        return self._folder / f"{id_}{_KEPT}"

    def _file(self, id_: str) -> Path:
        return self._folder / f"{id_}.upload"


@cache
def _mappings() -> TypeAdapter[dict[str, ColumnMapping]]:
    """Reads back what was said of headings, as it stands in a job; built on first use."""
    return TypeAdapter(dict[str, ColumnMapping])


@cache
def _reports() -> TypeAdapter[Report]:
    """Reads back the report that stands in a job; built on first use."""
    return TypeAdapter(Report)


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _reading(party: str, mapped: Mappings) -> str:
    """The hash of what was said of a file: the same bytes read in another way are another import."""
    said = {key: [each.kind, dict(sorted(each.columns.items()))] for key, each in sorted(mapped.items())}
    return sha256_of(json_bytes([party, said]))


def _shown(job: Job, entry: ImportEntry | None) -> ImportJob:
    outcome = job.outcome or {}
    return ImportJob(
        id=job.id,
        file=job.wanted["file"],
        state=job.state,
        done=job.done,
        total=job.total,
        created_at=job.created_at,
        finished_at=job.finished_at,
        report=_reports().validate_python(outcome) if job.state == "done" else None,
        problems=tuple(outcome.get("problems", ())) if job.state == "failed" else (),
        entry=entry,
    )
