"""What the pages about imports and remembered headings are given, as `views` has it for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from ..errors import Problem, Text
from ..imports.preview import Preview
from ..queries.answers import Standing
from ..queries.rows import BatchRow
from .views import Choice, Event, Link, Page, Pager, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet and what it was taken for; None when it was not understood and is left out."""

    heading: str
    meaning: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as it was understood, and how its rows came out.

    ``said`` is who said what its columns are, and when; ``explain_href`` is where that can be said.
    """

    name: str
    meaning: Text | None
    columns: tuple[Column, ...]
    good: int
    marked: int
    bad: int
    known: int = 0
    repeated: int = 0
    examples: int = 0
    said: tuple[str, datetime] | None = None
    overruled: tuple[str, ...] = ()
    explain_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file as it was understood. ``encoding`` is empty where the format has none of its own; ``hidden`` sheets were
    not read."""

    name: str
    size_bytes: int | None
    encoding: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """A row that does not go in (``bad``) or goes in with a mark. ``number`` counts the heading as 1."""

    bad: bool
    sheet: str
    number: int
    column: str
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file does not say and that is asked once for the whole file; without ``options`` it is typed."""

    name: str
    label: Text
    hint: Text
    options: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """How many events of a kind an import has added."""

    kind: str
    text: Text
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastImport:
    """An earlier import, to be found again. ``new`` rows went in with it. Rows are None as long as it is under way, or where it has failed."""

    name: str
    href: str
    at: datetime
    who: str
    standing: Standing
    new: int | None = None
    marked: int | None = None
    bad: int | None = None
    known: int | None = None
    repeated: int | None = None
    sha256: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportHistoryPage(Page):
    """The imports of an organisation, the newest first."""

    template: ClassVar[str] = "import_history.html"
    rows: tuple[PastImport, ...] = ()
    query: str = ""
    outcome: str = ""
    outcomes: tuple[Choice, ...] = ()
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """One page for the whole road: choose, checked, running, done or failed. Each stage fills what it has.
    ``unexplained`` leads to the sheets of which somebody should say what their columns are; ``mend_href`` to the bad rows
    as a workbook. ``earlier`` is the organisation's last import of the same file; ``is_foreign``: another's import, of
    which the reader sees the numbers only. ``added`` is what would be added, or was.

    ``commit_href`` is empty while a ``question`` waits; its answer goes to ``answer_href``.
    """

    template: ClassVar[str] = "import.html"
    stage: Literal["choose", "checked", "running", "done", "failed"]
    limit_bytes: int
    files: tuple[ImportFile, ...] = ()
    rows: tuple[ImportRow, ...] = ()
    rows_pager: Pager | None = None
    reasons: tuple[Choice, ...] = ()
    question: Question | None = None
    unexplained: tuple[Link, ...] = ()
    answer_href: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    commit_href: str = ""
    rows_href: str = ""
    labels_href: str = ""
    mend_href: str = ""
    preview: Preview = field(default_factory=Preview)
    earlier: PastImport | None = None
    progress: Progress | None = None
    is_foreign: bool = False
    events: tuple[Event, ...] = ()
    events_pager: Pager | None = None
    added: tuple[Added, ...] = ()
    bad_rows: int = 0
    newest_index: int | None = None
    recent: tuple[BatchRow, ...] = ()
    past: tuple[PastImport, ...] = ()
    templates: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """A column that is not understood, its first values, and what it is said to be: the value of an option."""

    name: str
    heading: str
    samples: tuple[str, ...]
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage(Page):
    """What the columns of a table are; ``kind`` is "" as long as that is asked. ``sheet`` is "" for remembered headings."""

    template: ClassVar[str] = "columns.html"
    sheet: str
    kinds: tuple[tuple[str, Text], ...]
    back_href: str
    may_be_left_out: bool
    headings: tuple[str, ...] = ()
    kind: str = ""
    title: Text | None = None
    needs: tuple[Text, ...] = ()
    understood: tuple[tuple[str, Text], ...] = ()
    asked: tuple[AskedColumn, ...] = ()
    options: tuple[tuple[str, Text], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMappingRow:
    """What was said of a set of headings; ``meaning`` is None for a table that is left out."""

    href: str
    meaning: Text | None
    headings: tuple[str, ...]
    columns: tuple[tuple[str, Text], ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMappingsPage(Page):
    """Everything that an organisation has said of headings."""

    template: ClassVar[str] = "column_mappings.html"
    rows: tuple[ColumnMappingRow, ...] = ()
