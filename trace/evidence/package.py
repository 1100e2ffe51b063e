"""A package whole: the data, the two papers made of them, the verifiers and the words about what it proves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ..clock import SHANGHAI
from ..lettering.font import font
from ..papers.paper import Block, Fields, Paper, Paragraph, Table
from ..papers.pdf import paper_pdf
from . import words
from .bag import bag, write_zip
from .record import Circumstances, Extraction, record_paper
from .report import Reported, ReportedEvent, report_paper
from .taken import CONTENT, Content, Taken, digest_of, files_of, size_of

VERIFIERS = ("verify.py", "verify.html")
RECORD, REPORT = "data/record.pdf", "data/report.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is to be packed. ``name``: of the folder and the file, in ASCII; ``extent``: what of the history it is, in words;
    ``subject``: what it is about, as label and text; ``statement``: its index; ``root``: the checkpoint's."""

    name: str
    taken: Taken
    size: int
    root: bytes
    statement: int
    made_at: datetime
    authority: str
    platform: str
    subject: Sequence[tuple[str, str]]
    extent: str
    reported: Sequence[ReportedEvent]
    circumstances: Circumstances
    url: str


@dataclass(frozen=True, slots=True)
class Packed:
    """``digest``: SHA-256 of the list of what was taken, as it stands in the record; ``sha256`` that of the whole ZIP."""

    digest: str
    sha256: str


def verifier(name: str) -> bytes:
    """One of `VERIFIERS`, as it stands in every package."""
    return (Path(__file__).parent / name).read_bytes()


def pack(package: Package, file: BinaryIO) -> Packed:
    """Write the package as a ZIP; the same package gives the same bytes."""
    files = files_of(package.taken)
    content = files[CONTENT]
    assert isinstance(content, bytes)
    digest = sha256(content).hexdigest()
    extraction = Extraction(
        authority=package.authority,
        subject="；".join(f"{label}：{text}" for label, text in package.subject),
        extent=package.extent,
        made_at=package.made_at,
        platform=package.platform,
        verifier_key=package.taken.verifier_key,
        size=package.size,
        root=package.root.hex(),
        statement=package.statement,
        digest=digest,
        items=_items(files),
        url=package.url,
    )
    report = Reported(
        authority=package.authority,
        about=package.subject,
        extent=package.extent,
        events=package.reported,
        digest=digest,
        made_at=package.made_at,
        url=package.url,
    )
    data: dict[str, Content] = {
        **files,
        RECORD: paper_pdf(_printable(record_paper(package.circumstances, extraction))),
        REPORT: paper_pdf(_printable(report_paper(report))),
    }
    beside = {name: verifier(name) for name in VERIFIERS} | {words.NAME: words.TEXT.encode()}
    about = {
        "Source-Organization": " ".join(package.authority.split()),
        "External-Identifier": package.name,
        "Bagging-Date": f"{package.made_at.astimezone(SHANGHAI):%Y-%m-%d}",
        "Bag-Software-Agent": "cabletrace",
    }
    return Packed(digest, write_zip(file, package.name, bag(data, beside, about)))


def _items(files: dict[str, Content]) -> list[tuple[str, int, str]]:
    return [
        (name, size_of(content), digest_of(content))
        for name, content in sorted(files.items())
        if name != CONTENT
    ]


def _printable(paper: Paper) -> Paper:
    """The paper with every character that the font lacks named by its number: the data have it as it is."""
    blocks: list[Block] = []
    for block in paper.blocks:
        if isinstance(block, Fields):
            rows = [[(_named(label), _named(text)) for label, text in row] for row in block.rows]
            blocks.append(replace(block, rows=rows))
        elif isinstance(block, Table):
            blocks.append(replace(block, rows=[[_named(cell) for cell in row] for row in block.rows]))
        elif isinstance(block, Paragraph):
            blocks.append(replace(block, text=_named(block.text)))
        else:
            blocks.append(block)
    return replace(paper, authority=_named(paper.authority), foot=_named(paper.foot), blocks=blocks)


def _named(text: str) -> str:
    for character in font().lacking(text):
        text = text.replace(character, f"〔U+{ord(character):04X}〕")
    return text
