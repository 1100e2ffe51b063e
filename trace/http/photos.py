"""Photos that the public sends with a complaint or a report: bounded, bared, and kept only for an event.

Nobody gets a right to upload by this: photos come in the form that speaks of them, are read and bared before anything
else is decided, and are kept when all the rest is right, before the event is recorded, or when the form is shown again
because something is wrong with it. Then the form names them by tokens that only this house can make, that hold for a day and
for that form alone: whoever knows a hash has no photo by it. What no event names by then goes with the sweep.

Bounds: of one photo, of a form, of photos from one network address in an hour, of photos from everybody in an hour, and
of forms with photos that are read at all. They are counted in memory, as the pace of the forms is (`pace`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from math import ceil

from ..auth.actor import Actor
from ..blobs import uploads
from ..blobs.bare import bare
from ..blobs.content import TAKEN
from ..blobs.store import Incoming
from ..clock import Clock
from ..errors import InputError, Problem, Text, TooManyRequests
from ..model.parts import Document
from .attaching import Attaching, document_name, of_file
from .forms import FormFile, largest_form_with
from .pace import Pace, TooOften

MOST_PHOTOS = 6
#: One photo, and all of a form. A photo of a phone has 3 to 8 MB.
LARGEST_PHOTO_BYTES, MOST_PHOTO_BYTES = 10 * 2**20, 30 * 2**20
#: A form with all of them, each as large as it may be, is still read, so that its sender is told what is too much.
LARGEST_FORM_BYTES = largest_form_with(MOST_PHOTOS, LARGEST_PHOTO_BYTES)
#: So many photos in an hour from one network address and from all of them; so many forms that bring any.
MOST_FROM_ONE, MOST_FROM_ALL, MOST_FORMS = 60, 600, 60
#: What a file dialogue offers; HEIC is left out, as among the attachments of accounts.
ACCEPT = ",".join(
    (*(each.name for each in TAKEN.values() if each.is_picture), *(e.extension for e in TAKEN.values() if e.is_picture))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """The photos of one form, bare and checked; ``problems`` stand at their field.

    The first ``before`` of ``documents`` were kept by an earlier try, the others wait as ``incoming``. ``fits``: they are not
    too many, and not too large together.
    """

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    before: int = 0
    fits: bool = True


class Photos:
    """Takes what the public photographs; counts for its own process."""

    def __init__(self, attaching: Attaching, clock: Clock, key: bytes) -> None:
        """``key`` is secret, and the same in every process of the house."""
        self._attaching = attaching
        self._key = hmac.digest(key, b"cabletrace photos of a form", "sha256")
        self._clock = clock
        self._forms = Pace(MOST_FORMS)
        self._from_one, self._from_all = Pace(MOST_FROM_ONE), Pace(MOST_FROM_ALL)

    def admit(self, client: str, size: int | None) -> None:
        """Count a form with photos before any of it is read; ``size`` as it was announced.

        Raises `TooManyRequests`, and InputError ``too-large``.
        """
        if size is not None and size > LARGEST_FORM_BYTES:
            raise InputError(_too_large_together())
        try:
            self._forms.step(client, self._clock())
        except TooOften as error:
            raise _too_many(error.retry_after_seconds) from None

    @contextmanager
    def bared(
        self, actor: Actor, form: str, files: Sequence[FormFile], kept: Sequence[str]
    ) -> Iterator[Brought]:
        """The photos of a form as a block: what is not kept inside it is gone afterwards. ``kept`` are those that an earlier try
        of the form of this id has brought, as `kept_as` spelled them.

        Never raises for what is wrong with a photo: a person is told about all of them at once. Cost: one photo in
        memory at a time.
        """
        with ExitStack() as block:
            documents: dict[str, Document] = {}
            problems: list[Problem] = []
            incoming: list[Incoming] = []
            for spelled in kept[:MOST_PHOTOS]:
                if (earlier := self._kept_before(actor, form, spelled)) is None:
                    problems.append(_gone())
                else:
                    documents[earlier.sha256] = _numbered(earlier, len(documents) + 1)
            before, size = len(documents), sum(each.size for each in documents.values())
            for file in files[: MOST_PHOTOS - before]:
                data = file.content.read(LARGEST_PHOTO_BYTES + 1)
                size += len(data)
                try:
                    photo = block.enter_context(self._attaching.begin())
                    document = _written(photo, data, len(documents) + 1)
                except InputError as error:
                    problems += (
                        of_file(_for_a_photo(each), document_name(file.name)) for each in error.problems
                    )
                else:
                    if document.sha256 not in documents:
                        documents[document.sha256] = document
                        incoming.append(photo)
            are_too_many, are_too_large = before + len(files) > MOST_PHOTOS, size > MOST_PHOTO_BYTES
            if are_too_many:
                said = Text(f"最多附 {MOST_PHOTOS} 张照片", f"at most {MOST_PHOTOS} photos are taken")
                problems.append(Problem("wrong-input", said, where="/documents"))
            if are_too_large:
                problems.append(_too_large_together())
            yield Brought(
                documents=tuple(documents.values()),
                problems=tuple(problems),
                incoming=tuple(incoming),
                before=before,
                fits=not are_too_many and not are_too_large,
            )

    def keep(self, actor: Actor, client: str, brought: Brought) -> None:
        """Keep the photos for the event that is to be recorded now, or until the form is sent again.

        Raises InputError where too many have come, or where there is no room for them.
        """
        count = len(brought.documents) - brought.before
        if not count:
            return
        now = self._clock()
        try:
            self._from_one.step(client, now, count)
            self._from_all.step("", now, count)
        except TooOften as error:
            raise _too_many(error.retry_after_seconds) from None
        try:
            for photo in brought.incoming:
                self._attaching.keep(actor, photo)
        except InputError as error:  # no room, on the disk or among what waits
            raise InputError(*(replace(problem, remedy=_WITHOUT) for problem in error.problems)) from error

    def kept_as(self, form: str, document: Document) -> str:
        """How the form of this id, shown again, names a photo that is kept."""
        until = int((self._clock() + uploads.KEPT_FOR_THE_PUBLIC).timestamp())
        said = f"{document.sha256} {document.size} {document.media_type} {until}"
        return f"{said} {self._signed(form, said)}"

    def _signed(self, form: str, said: str) -> str:
        return hmac.digest(self._key, f"{form}\n{said}".encode(errors="replace"), "sha256").hex()

    def _kept_before(self, actor: Actor, form: str, spelled: str) -> Document | None:
        said, _, signature = spelled.rpartition(" ")
        if not hmac.compare_digest(self._signed(form, said).encode(), signature.encode(errors="replace")):
            return None
        sha256, size, media_type, until = said.split(" ")  # our own words
        if int(until) < self._clock().timestamp() or self._attaching.own(actor, sha256) is None:
            return None
        return Document(sha256=sha256, name="", media_type=media_type, size=int(size))


def _written(photo: Incoming, data: bytes, number: int) -> Document:
    """Its bare bytes on their way in. What it is called on the sender's device is not kept: a name can tell too."""
    if len(data) > LARGEST_PHOTO_BYTES:
        most = LARGEST_PHOTO_BYTES // 2**20
        raise InputError.of(
            "too-large", f"一张照片不超过 {most} MiB", f"a photo has at most {most} MiB", remedy=_FEWER
        )
    photo.write(bare(data))
    blob = photo.check()
    return _numbered(
        Document(sha256=blob.sha256, name="", media_type=blob.media_type, size=blob.size), number
    )


def _numbered(document: Document, number: int) -> Document:
    return replace(document, name=f"照片{number}{TAKEN[document.media_type].extension}")


def _gone() -> Problem:
    return Problem(
        "wrong-input",
        Text("先前选的照片已经不在了", "a photo that was chosen before is gone"),
        where="/documents",
        remedy=Text("请重新选择", "choose it again"),
    )


def _for_a_photo(problem: Problem) -> Problem:
    """What is to be done about it here, where papers are not taken."""
    return replace(problem, remedy=_AS_A_PHOTO) if problem.code == "wrong-media-type" else problem


_AS_A_PHOTO = Text("请改选 JPEG、PNG 或 WebP 照片", "choose a JPEG, PNG or WebP photo instead")
_FEWER = Text("请少附几张，或用较小的尺寸", "send fewer of them, or smaller ones")
_WITHOUT = Text("可以先不附照片提交", "it can be sent without photos")


def _too_large_together() -> Problem:
    most = MOST_PHOTO_BYTES // 2**20
    return Problem(
        "too-large",
        Text(f"照片加起来超过 {most} MiB", f"the photos have more than {most} MiB together"),
        where="/documents",
        remedy=_FEWER,
    )


def _too_many(retry_after_seconds: int) -> TooManyRequests:
    minutes = ceil(retry_after_seconds / 60)
    return TooManyRequests(
        retry_after_seconds,
        Text("刚才收到的照片太多", "many photos have come just now"),
        remedy=Text(
            f"请在 {minutes} 分钟后再附照片；不附照片可以马上提交",
            f"send photos again in {minutes} min; without photos it can be sent at once",
        ),
    )
