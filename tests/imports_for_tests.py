"""An installation to bring files into, who brings them in, and tables made on the spot."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import xlsxwriter

from cabletrace.app.installation import Folder, Installation, create, open_installation
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_read
from cabletrace.imports.mapping import NONE, Mappings
from cabletrace.imports.run import Report, Understood, commit, dry_run, understand
from cabletrace.imports.workbook import Sheet, read_workbook
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_head
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id

#: The files lie beside the demo that shows them; `tests/data` leads there.
DATA = Path(__file__).parent / "data"
FILES = ("factory-register.xlsx", "shipments.csv", "site-record.xlsx", "lab-results.csv")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

MAKER = party_id("914116034J1417770M")
CONTRACTOR = party_id("91411627JW786907XQ")

Table = Sequence[Sequence[Any]]


def workbook_of(sheets: Mapping[str, Table]) -> bytes:
    """An XLSX of these sheets; the first row of each holds its headings."""
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(n, column, datetime(value.year, value.month, value.day))
                    elif value is not None:
                        sheet.write(n, column, value)
    return saved.getvalue()


def table_of(sheet: Sheet) -> list[list[Any]]:
    return [list(sheet.headings), *([cell.value for cell in row.cells.values()] for row in sheet.rows)]


def tables_of(name: str) -> dict[str, list[list[Any]]]:
    """The sheets of one of the given files, headings first."""
    book = read_workbook((DATA / name).read_bytes(), name)
    return {sheet.name.removesuffix(".csv"): table_of(sheet) for sheet in book.sheets}


@dataclass
class House:
    """An open installation, and the short words of these tests."""

    installation: Installation

    @property
    def machine(self) -> Actor:
        return self.installation.at_the_machine()

    def session(self, party: str, role: Role) -> Actor:
        return Actor(
            account=str(uuid4()),
            party=party,
            role=role,
            scope=Scope(parties=frozenset({party})),
            name="x",
            via="session",
        )

    def read(
        self,
        data: bytes,
        name: str = "表.xlsx",
        actor: Actor | None = None,
        answer: str | None = None,
        mappings: Mappings = NONE,
    ) -> Understood:
        with begin_read(self.installation.ledger) as tx:
            return understand(tx, data, name, actor or self.machine, answer=answer, mappings=mappings)

    def try_out(
        self, data: bytes, name: str = "表.xlsx", actor: Actor | None = None, answer: str | None = None
    ) -> Report:
        actor = actor or self.machine
        return dry_run(self.read(data, name, actor, answer), self.installation.intake, actor)

    def bring(
        self, data: bytes, name: str = "表.xlsx", actor: Actor | None = None, answer: str | None = None
    ) -> Report:
        actor = actor or self.machine
        return commit(self.read(data, name, actor, answer), self.installation.intake, actor)

    def bring_file(self, name: str, actor: Actor | None = None) -> Report:
        return self.bring((DATA / name).read_bytes(), name, actor)

    def said(self, data: bytes, kind: str, **reading: Any) -> list[dict[str, Any]]:
        """The drafts of one kind that a file is understood to hold."""
        understood = self.read(data, **reading)
        return [dict(s.draft) for g in understood.groups for s in g.said if s.draft["kind"] == kind]

    def happened(self, kind: str, subject: Any, body: Any, speaker: str, **members: Any) -> None:
        draft = {"id": str(uuid4()), "kind": kind, "subject": subject, "body": body, **members}
        if speaker != self.installation.operator:
            draft["entered_for"] = speaker
        (answer,) = self.installation.intake.record_now([prepare({"draft": draft}, self.machine)])
        assert isinstance(answer, Receipt), answer

    def party(self, name: str, role: str, id_: str | None = None, **body: Any) -> str:
        """A registered party; returns its id."""
        id_ = id_ or str(uuid4())
        self.happened(
            "party", {"party": id_}, {"name": name, "roles": [role], **body}, self.installation.operator
        )
        return id_

    def grant(self, grantor: str, grantee: str, *kinds: str, to: str = "2030-12-31") -> None:
        validity = {"valid_from": "2026-01-01", "valid_to": to}
        subject = {"grant": {"grantor": grantor, "grantee": grantee}}
        self.happened("grant", subject, {"kinds": list(kinds), "validity": validity}, grantor)

    def size(self) -> int:
        with begin_read(self.installation.ledger) as tx:
            return read_head(tx).size


def new_house(folder: Path) -> None:
    """Make an installation in this folder."""
    create(Folder(folder), origin="trace.example/ledger", public_host="trace.example", clock=lambda: NOW)


@contextmanager
def opened_house(folder: Path) -> Iterator[House]:
    """The installation in this folder; its clock stands still at `NOW`."""
    with open_installation(Folder(folder), clock=lambda: NOW) as installation:
        yield House(installation)
