"""Attachments on their way in, for API and pages alike: taken, checked, kept, and answered for.

The steps: bytes as they arrive into a file without a name; hash and type by these bytes; a row that says who brought
it; then its name, durable. Only after all of them is it acknowledged, so an event may name it at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Action
from ..blobs import named, uploads
from ..blobs.content import MAX_BLOB_BYTES, TAKEN
from ..blobs.store import Blob, BlobStore, Incoming
from ..blobs.sweep import Swept, sweep
from ..blobs.uploads import Upload
from ..clock import Clock
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Problem, Text
from ..model.parts import Document
from .forms import FormFile, largest_form_with

#: Files in one form; an event takes more (by the API), but nobody picks more at once on a phone.
MOST_FILES = 10
#: The field of a form in which files come, and the one in which it names those that an earlier try has brought.
FILES_FIELD, KEPT_FIELD = "documents", "kept"
#: A form with all of them: its router must let that through (``max_body_size``).
LARGEST_FORM_BYTES = largest_form_with(MOST_FILES, MAX_BLOB_BYTES)
#: Bytes that one account may have brought without an event that names them.
MOST_WAITING_BYTES = 1_000_000_000
#: What a file dialogue offers. HEIC is left out on purpose: a phone then converts its photo to JPEG.
ACCEPT = ",".join((*TAKEN, *(each.extension for each in TAKEN.values())))

_LONGEST_NAME = 200
_NAMELESS = "附件"
#: So much of a file in a form is read at once.
_STEP = 1 << 18


@dataclass(frozen=True, slots=True)
class Attached:
    """What a form brought. ``documents`` are kept and may be named by an event, also if something else is wrong with
    the form; ``problems`` tell what was refused and stand at the field."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()


class Attaching:
    """Holds nothing but where things are; any number may stand over the same installation."""

    def __init__(self, *, blobs: BlobStore, desk: Engine, ledger: Engine, clock: Clock) -> None:
        self._blobs = blobs
        self._desk = desk
        self._ledger = ledger
        self._clock = clock

    async def take(
        self, actor: Actor, parts: AsyncIterable[bytes], *, sha256: str, declared: str
    ) -> tuple[Blob, bool]:
        """Take a file as it arrives; returns it, and whether it is new to this account.

        Bounded memory, and no disk work on the event loop. Raises InputError where it is not what was said, too
        large, not taken, or where there is no room.
        """
        with await run_in_threadpool(self.begin) as incoming:
            async for part in parts:
                await run_in_threadpool(incoming.write, part)
            return await run_in_threadpool(self.keep, actor, incoming, sha256, declared)

    def begin(self) -> Incoming:
        """A file to be written; nothing of it remains without `keep`."""
        return self._blobs.begin()

    def keep(
        self, actor: Actor, incoming: Incoming, sha256: str = "", declared: str = ""
    ) -> tuple[Blob, bool]:
        """Keep a file all of which has come, and note who brought it; returns it, and whether it is new to this account.

        Raises InputError where it is not what was said, is not taken, or where there is no room.
        """
        blob = incoming.check(name=sha256, declared=declared)
        brought = Upload(
            sha256=blob.sha256,
            account=actor.account,
            media_type=blob.media_type,
            size=blob.size,
            at=self._clock(),
        )
        self._require_room_for(actor, blob)
        with begin_write(self._desk) as tx:
            was_brought = uploads.find(tx, blob.sha256, actor.account) is not None
            uploads.note(tx, brought)
        is_new = incoming.keep()
        # That somebody else has brought the same file is nobody's business: to this account it is new.
        return blob, is_new or not was_brought

    def attach(self, actor: Actor, files: Iterable[FormFile], kept: Sequence[str]) -> Attached:
        """Keep the files of a form. ``kept`` are those that an earlier try has brought, as `kept_as` spelled them.

        Never raises for what is wrong with a file: a person is told about all of them at once.
        """
        actor.require(Action.PUT_BLOB)
        documents: dict[str, Document] = {}
        problems: list[Problem] = []
        for spelled in kept[:MOST_FILES]:
            document = self._kept_before(actor, spelled)
            if document is not None:
                documents[document.sha256] = document
        for file in files:
            name = document_name(file.name)
            if len(documents) == MOST_FILES:
                problems.append(_too_many())
                break
            try:
                blob = self._take_file(actor, file.content)
            except InputError as error:
                problems += (of_file(problem, name) for problem in error.problems)
            else:
                documents[blob.sha256] = Document(
                    sha256=blob.sha256, name=name, media_type=blob.media_type, size=blob.size
                )
        return Attached(tuple(documents.values()), tuple(problems))

    def own(self, actor: Actor, sha256: str) -> Upload | None:
        """What the actor's account has brought under this hash of late."""
        with begin_read(self._desk) as tx:
            return uploads.find(tx, sha256, actor.account)

    def sweep(self) -> Swept:
        """Remove uploads that no event has named in time."""
        return sweep(self._blobs, desk=self._desk, ledger=self._ledger, now=self._clock())

    def _take_file(self, actor: Actor, content: BinaryIO) -> Blob:
        with self.begin() as incoming:
            while part := content.read(_STEP):
                incoming.write(part)
            # What a browser says of the type follows from the name; people rename files without meaning harm.
            blob, _ = self.keep(actor, incoming)
            return blob

    def _require_room_for(self, actor: Actor, blob: Blob) -> None:
        with begin_read(self._desk) as tx:
            sizes = uploads.sizes_of(tx, actor.account)
        sizes[blob.sha256] = blob.size
        if sum(sizes.values()) <= MOST_WAITING_BYTES:
            return
        with begin_read(self._ledger) as tx:
            used = named.named_among(tx, sizes)
        if sum(size for name, size in sizes.items() if name not in used) > MOST_WAITING_BYTES:
            raise InputError.of(
                "too-many-requests",
                f"您上传后还没有用到事件里的附件已超过 {MOST_WAITING_BYTES // 10**6:,} MB",
                f"more than {MOST_WAITING_BYTES // 10**6:,} MB of your attachments wait for an event that names them",
                remedy=Text(
                    f"先登记用到它们的事件；{uploads.KEPT_FOR.days} 天未用的会被清除",
                    f"record the events they belong to; unused ones go after {uploads.KEPT_FOR.days} days",
                ),
            )

    def _kept_before(self, actor: Actor, spelled: str) -> Document | None:
        sha256, _, name = spelled.partition(" ")
        found = self.own(actor, sha256)
        if found is None:
            return None
        return Document(sha256=sha256, name=document_name(name), media_type=found.media_type, size=found.size)


def kept_as(document: Document) -> str:
    """How a form that is shown again names a file that it has brought already."""
    return f"{document.sha256} {document.name}"


def document_name(came: str) -> str:
    """A file's name in a form fit for an event: its last part, one line, NFC, not too long, never empty."""
    last = PurePosixPath(came.replace("\\", "/")).name
    text = "".join(c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else " " for c in last)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(text) > _LONGEST_NAME:
        stem, dot, extension = text.rpartition(".")
        end = dot + extension if stem and len(extension) < 10 else ""
        text = text[: _LONGEST_NAME - len(end)].strip() + end
    return text or _NAMELESS


def of_file(problem: Problem, name: str) -> Problem:
    """What is wrong with a file of a form, at the field and by its name."""
    return Problem(
        problem.code,
        Text(f"「{name}」：{problem.detail.zh}", f"“{name}”: {problem.detail.en}"),
        where="/documents",
        remedy=problem.remedy,
    )


def _too_many() -> Problem:
    return Problem(
        "wrong-input",
        Text(f"一次最多附 {MOST_FILES} 个文件", f"at most {MOST_FILES} files are attached at once"),
        where="/documents",
    )
