"""Where the parts of an installation lie: its data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..db.database import database_exists
from ..errors import InputError, Text


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the parts of an installation lie."""

    root: Path

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.db"

    @property
    def desk(self) -> Path:
        return self.root / "desk.db"

    @property
    def index(self) -> Path:
        return self.root / "index.db"

    @property
    def scans(self) -> Path:
        return self.root / "scans.db"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def jobs(self) -> Path:
        """Files that long work waits for."""
        return self.root / "jobs"

    @property
    def checks(self) -> Path:
        """Files that were checked on a page and wait for a decision."""
        return self.root / "checks"

    @property
    def seed(self) -> Path:
        return self.root / "keys" / "ledger.seed"

    @property
    def names_key(self) -> Path:
        """Under which responsible persons are looked up."""
        return self.root / "keys" / "names.key"

    def code_key(self, version: int) -> Path:
        return self.root / "keys" / f"codes-{version}.key"

    @property
    def is_installation(self) -> bool:
        return database_exists(self.ledger)

    def must_be_installation(self) -> None:
        """Raises InputError where it is none. Ask before opening: SQLite makes a file that is not there."""
        if not self.is_installation:
            raise InputError.of(
                "not-found",
                f"{self.root} 不是数据目录",
                f"{self.root} is no data folder",
                remedy=Text("先运行 cabletrace init --data DIR", "run cabletrace init --data DIR first"),
            )
