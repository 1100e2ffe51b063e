"""Searches that an account has saved, kept in desk.db: operational, no evidence, never rebuilt from the ledger.

What is kept is the question, never an answer: it is asked anew, in the scope that the account has by then. Functions take
the caller's transaction and touch no other account's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, func, insert, select

from ..clock import format_instant
from ..errors import InputError, Text, shown

#: Searches that one account may keep.
MOST = 50
LONGEST_NAME = 60
_LONGEST_ADDRESS = 4_000

metadata = MetaData()

_saved = Table(
    "saved_search",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(36), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False, comment="words, filters and order as the query of an address"),
    Column("saved_at", String(24), nullable=False),
    info={"kind": "operational"},
)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """``address``: words, filters and order as the query of an address."""

    id: str
    name: str
    address: str


def of_account(tx: Connection, account: str) -> tuple[SavedSearch, ...]:
    """Everything that the account has saved, the oldest first."""
    rows = tx.execute(
        select(_saved).where(_saved.c.account == account).order_by(_saved.c.saved_at, _saved.c.id)
    )
    return tuple(SavedSearch(row.id, row.name, row.address) for row in rows)


def save(tx: Connection, account: str, name: str, address: str, now: datetime) -> SavedSearch:
    """Keep a search; one of the same name is replaced.

    Raises InputError ``wrong-input`` for a name that is empty or too long, ``too-many-requests`` where there is no room.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or len(address) > _LONGEST_ADDRESS:
        raise InputError.of(
            "wrong-input",
            f"请给这次查询起个名字，至多 {LONGEST_NAME} 个字符",
            f"give the search a name of at most {LONGEST_NAME} characters",
            came=shown(name),
            where="/name",
        )
    tx.execute(delete(_saved).where(_saved.c.account == account, _saved.c.name == name))
    if tx.execute(select(func.count()).where(_saved.c.account == account)).scalar_one() >= MOST:
        raise InputError.of(
            "too-many-requests",
            f"已保存 {MOST} 个查询，不能再多",
            f"{MOST} searches are saved; there is no room for more",
            remedy=Text("请先删除不再使用的", "delete those that are not used any more"),
        )
    kept = SavedSearch(str(uuid4()), name, address)
    tx.execute(
        insert(_saved).values(
            id=kept.id, account=account, name=name, address=address, saved_at=format_instant(now)
        )
    )
    return kept


def forget(tx: Connection, account: str, id_: str) -> bool:
    """Whether the account had saved it."""
    return tx.execute(delete(_saved).where(_saved.c.account == account, _saved.c.id == id_)).rowcount > 0
