"""Accounts: who can sign in, for which organisation, in which role.

An account belongs to a party of the ledger and has one role; a regulator's has a jurisdiction. These never
change, and it is never deleted, since the ledger names it: who leaves a post is made inactive and gets another
account for the next. One that ``administers`` its organisation manages its colleagues (`auth.administration`). Functions take the caller's transaction on desk.db.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from ..clock import shanghai_date
from ..codes import regions
from ..errors import InputError, Problem, Text, shown
from ..model.scope import Scope
from .actor import Actor
from .passwords import StoredPassword
from .policy import WITH_JURISDICTION, Action, Role
from .tables import account as accounts
from .tables import session as sessions

Language = Literal["zh", "en"]

_NAME = re.compile(r"[\w.@-]{2,64}")

#: The jurisdiction of a national authority; no row of GB/T 2260 has it.
NATION = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as it is shown and judged; its password stays in the table.

    ``name`` is what is typed to sign in, ``region`` six digits or `NATION`.
    """

    id: str
    name: str
    party: str
    role: Role
    region: str | None
    display_name: str
    language: Language
    active: bool
    created_at: datetime
    administers: bool = False
    last_seen: datetime | None = None
    password_changed_at: datetime | None = None

    def acting(
        self, via: Literal["session", "api-key", "cli"], actions: frozenset[Action] | None = None
    ) -> Actor:
        """This account as the one who asks."""
        return Actor(
            account=self.id,
            party=self.party,
            role=self.role,
            scope=Scope(
                parties=frozenset({self.party}), regions=() if self.region is None else (self.region,)
            ),
            name=self.display_name,
            via=via,
            language=self.language,
            actions=actions,
            administers=self.administers,
        )


def sign_in_name(text: str) -> str:
    """The one spelling of a login name: NFKC, folded case, no spaces around it."""
    sound = text.encode(errors="replace").decode()  # a lone surrogate reaches no database
    return unicodedata.normalize("NFKC", sound).strip().casefold()


def create_account(
    tx: Connection,
    *,
    name: str,
    password: StoredPassword,
    party: str,
    role: Role,
    display_name: str,
    region: str | None = None,
    language: Language = "zh",
    administers: bool = False,
    now: datetime,
) -> Account:
    """A new active account. ``password`` comes from `Passwords.enrol`, hashed before the transaction began.

    A regulator without a ``region`` sees its own party's work only; a unit 分局 without a code of its own has what its
    parent gave it (`registry.units`), and a ``region`` narrows that. Whether the party exists is for the caller to know. Raises InputError ``wrong-input`` or
    ``unknown-region`` with every fault, or ``already-exists``.
    """
    account = Account(
        id=str(uuid4()),
        name=sign_in_name(name),
        party=party,
        role=role,
        region=region,
        display_name=display_name.strip(),
        language=language,
        active=True,
        created_at=now,
        administers=administers,
    )
    check_account(account)
    if tx.scalar(select(accounts.c.id).where(accounts.c.name == account.name)) is not None:
        raise InputError.of(
            "already-exists",
            "这个账号名已被使用",
            "this account name is taken",
            came=account.name,
            where="/name",
            remedy=Text("请换一个账号名", "choose another name"),
        )
    tx.execute(
        insert(accounts).values(
            id=account.id,
            name=account.name,
            password_hash=password,
            party=account.party,
            role=account.role.value,
            region=account.region,
            display_name=account.display_name,
            language=account.language,
            active=True,
            created_at=account.created_at,
            administers=account.administers,
        )
    )
    return account


def find_account(tx: Connection, account_id: str) -> Account | None:
    row = tx.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
    return None if row is None else account_in(row)


def list_accounts(tx: Connection, party: str | None = None) -> tuple[Account, ...]:
    """All accounts, or those of one party, by name, inactive ones too: as many as people work here, not as drums."""
    whose = [] if party is None else [accounts.c.party == party]
    rows = tx.execute(select(accounts).where(*whose).order_by(accounts.c.name))
    return tuple(account_in(row) for row in rows)


def shown_names(tx: Connection, ids: Collection[str]) -> dict[str, str]:
    """What the accounts among these ids are called; of the others nothing."""
    rows = tx.execute(select(accounts.c.id, accounts.c.display_name).where(accounts.c.id.in_(sorted(ids))))
    return {row.id: row.display_name for row in rows}


def account_named(tx: Connection, name: str) -> Account | None:
    row = tx.execute(select(accounts).where(accounts.c.name == sign_in_name(name))).one_or_none()
    return None if row is None else account_in(row)


def set_password(tx: Connection, account_id: str, password: StoredPassword, now: datetime) -> None:
    """Replace the password and end every session of the account. Its API keys live on: revoke them apart."""
    _change(tx, account_id, password_hash=password, password_changed_at=now)
    tx.execute(delete(sessions).where(sessions.c.account == account_id))


def set_active(tx: Connection, account_id: str, active: bool) -> None:
    """Let an account in, or keep it out: an inactive one has no sessions and its API keys open nothing."""
    _change(tx, account_id, active=active)
    if not active:
        tx.execute(delete(sessions).where(sessions.c.account == account_id))


def set_shown(tx: Connection, account_id: str, *, display_name: str, language: Language) -> None:
    """How an account is shown, and in which language to it. Raises InputError ``wrong-input``."""
    account = find_account(tx, account_id)
    if account is not None:
        check_account(replace(account, display_name=display_name.strip(), language=language))
    _change(tx, account_id, display_name=display_name.strip(), language=language)


def set_administers(tx: Connection, account_id: str, administers: bool) -> None:
    _change(tx, account_id, administers=administers)


def account_in(row: Row[*tuple[object, ...]]) -> Account:
    """The account in a row that holds all columns of the table under their names."""
    found = row._mapping
    return Account(
        id=found[accounts.c.id],
        name=found[accounts.c.name],
        party=found[accounts.c.party],
        role=Role(found[accounts.c.role]),
        region=found[accounts.c.region],
        display_name=found[accounts.c.display_name],
        language=found[accounts.c.language],
        active=found[accounts.c.active],
        created_at=found[accounts.c.created_at],
        administers=found[accounts.c.administers],
        last_seen=found[accounts.c.last_seen],
        password_changed_at=found[accounts.c.password_changed_at],
    )


def _change(tx: Connection, account_id: str, **values: object) -> None:
    if tx.execute(update(accounts).where(accounts.c.id == account_id).values(**values)).rowcount != 1:
        raise InputError.of("not-found", "没有这个账号", "there is no such account", came=account_id)


def check_account(account: Account) -> None:
    """Raises InputError ``wrong-input`` or ``unknown-region`` with everything that makes no sense."""
    problems = []

    def fault(where: str, came: object, zh: str, en: str) -> None:
        problems.append(Problem("wrong-input", Text(zh, en), where=where, came=shown(came)))

    if not _NAME.fullmatch(account.name):
        fault(
            "/name",
            account.name,
            "账号名应为 2 至 64 个字符，可用文字、数字和 . _ - @",
            "an account name has 2 to 64 letters, digits or . _ - @",
        )
    if not 1 <= len(account.display_name) <= 100 or not account.display_name.isprintable():
        fault(
            "/display_name",
            account.display_name,
            "显示名称应为 1 至 100 个字符",
            "a display name has 1 to 100 characters",
        )
    if not account.party:
        fault("/party", account.party, "账号应属于一个参与方", "an account belongs to a party")
    if account.role is Role.PUBLIC:
        fault("/role", account.role, "公众无需账号", "the public needs no account")
    if account.language not in get_args(Language):
        fault("/language", account.language, "语言只有 zh 与 en", "the languages are zh and en")
    if account.region is not None and account.role not in WITH_JURISDICTION:
        fault(
            "/region", account.region, "这个角色的账号没有辖区", "accounts of this role have no jurisdiction"
        )
    elif account.region is not None and account.region != NATION:
        # Never the empty text: as a prefix it would be the whole nation.
        try:
            regions.region(account.region, on=shanghai_date(account.created_at))
        except InputError as error:
            problems.extend(error.at("/region").problems)
    if problems:
        raise InputError(*problems)
