"""How an account printed last: paper, next free position, copies and offsets, kept in desk.db. Operational, no evidence."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, select

from ..db.columns import Integer
from .print_run import USUAL, PrintRun
from .sheet import MM, SHEETS

metadata = MetaData()

print_setting = Table(
    "print_setting",
    metadata,
    Column("account", String(36), primary_key=True),
    Column("sheet", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("right_cmm", Integer, nullable=False),
    Column("down_cmm", Integer, nullable=False),
    info={"kind": "operational"},
)


def remembered(tx: Connection, account: str) -> dict[str, str]:
    """What the form begins with, by the names of its fields: as printed last, from the next free position on."""
    row = tx.execute(select(print_setting).where(print_setting.c.account == account)).one_or_none()
    if row is None or row.sheet not in SHEETS:
        return {"sheet": USUAL, "start": "1", "copies": "1", "right": "0", "down": "0"}
    return {
        "sheet": row.sheet,
        "start": str(row.start),
        "copies": str(row.copies),
        "right": f"{row.right_cmm / MM:g}",
        "down": f"{row.down_cmm / MM:g}",
    }


def remember(tx: Connection, account: str, run: PrintRun, labels: int) -> None:
    """Keep how so many labels, copies counted, were printed."""
    name = next(key for key, sheet in SHEETS.items() if sheet is run.sheet)
    tx.execute(delete(print_setting).where(print_setting.c.account == account))
    tx.execute(
        insert(print_setting).values(
            account=account,
            sheet=name,
            start=(run.start - 1 + labels) % run.sheet.labels + 1,
            copies=run.copies,
            right_cmm=run.right_cmm,
            down_cmm=run.down_cmm,
        )
    )
