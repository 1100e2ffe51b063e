"""Verification of attachments: the files that events name are there, unaltered, and what the events say of them.

Files are read once each, whatever number of events name them, after the ledger itself; the cost is reading them all.
What no event names is no fault: an upload waits for its event, and one that was given up waits for the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..blobs.store import BlobStore
from ..errors import Text
from ..ledger.faults import Fault, fault
from ..model.parts import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that whoever verifies may want to know and that is no fault; ``key`` names it."""

    table: str
    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class _Naming:
    """How the first event that names a file names it."""

    seq: int
    document: Document


class NamedBlobs:
    """Gathers what events name, then compares it with the folder."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._named: dict[str, _Naming] = {}

    def expect(self, seq: int, documents: Sequence[Document]) -> Iterator[Fault]:
        """Note what an event names; a second event that says something else of the same file is a fault at once."""
        for document in documents:
            first = self._named.setdefault(document.sha256, _Naming(seq, document))
            before = first.document
            if (before.size, before.media_type) != (document.size, document.media_type):
                yield fault("blob", (seq, document.name), "size",
                            f"{before.size} {before.media_type}", f"{document.size} {document.media_type}",
                            f"对同一附件，此事件与第 {first.seq} 条所写的大小或类型不同",
                            f"of the same attachment this event says another size or type than entry {first.seq}")  # fmt: skip

    def faults(self, progress: Callable[[str, int, int], None]) -> Iterator[Fault]:
        """Everything that is missing, altered, or other than its event says; in the order of the events."""
        total = len(self._named)
        for done, (sha256, naming) in enumerate(self._named.items()):
            progress("blobs", done, total)
            yield from self._faults_of(sha256, naming.seq, naming.document)
        progress("blobs", total, total)

    def _faults_of(self, sha256: str, seq: int, document: Document) -> Iterator[Fault]:
        key = (seq, document.name)
        try:
            found, digest = self._blobs.find(sha256), self._blobs.digest(sha256)
        except OSError as error:
            yield fault("blob", key, "sha256", sha256, str(error.strerror),
                        f"附件无法读取：{error.strerror}", f"the attachment cannot be read: {error.strerror}")  # fmt: skip
            return
        if found is None or digest is None:
            yield fault("blob", key, "sha256", sha256, "nothing",
                        "事件所列的附件不在了", "the attachment that the event names is missing")  # fmt: skip
        elif digest != sha256:
            yield fault("blob", key, "sha256", sha256, digest,
                        "附件被改动：内容与事件所写的 SHA-256 不符",
                        "the attachment was altered: it has not the SHA-256 that the event names")  # fmt: skip
        elif (found.size, found.media_type) != (document.size, document.media_type):
            yield fault("blob", key, "size",
                        f"{document.size} {document.media_type}", f"{found.size} {found.media_type}",
                        "附件的大小或类型与事件所写不符", "the attachment has not the size or type that the event names")  # fmt: skip

    def unnamed(self) -> Iterator[Note]:
        """Files that no event names, and what does not belong into the folder at all."""
        try:
            for name, size in self._blobs.names():
                if name in self._named:
                    continue
                if self._blobs.path(name) is None:
                    text = Text(
                        "不是附件，不应放在 blobs 文件夹里",
                        "no attachment: it does not belong into the folder blobs",
                    )
                else:
                    text = Text(
                        f"没有事件引用的附件，{size:,} 字节",
                        f"an attachment that no event names, {size:,} bytes",
                    )
                yield Note(table="blob", key=name, text=text)
        except FileNotFoundError:
            return  # an installation without a folder of attachments; if any was named, that is a fault already
