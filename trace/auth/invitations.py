"""Invitations: a link that lets one person in, once, within a week; and the same for a forgotten password.

Whoever manages accounts makes the link and hands it over by a way of their own; nothing is mailed. The token is
shown once, its SHA-256 is kept. A link dies when it is used or withdrawn, when its week is over, when another link
renews the same password, and with the right of whoever made it: all of this is judged when it is opened *and* when
it is used, and all of it is answered alike.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from ..errors import InputError, Text
from .accounts import Account, check_account, create_account, find_account, set_password
from .actor import Actor
from .administration import check_gift, find_changeable
from .passwords import StoredPassword
from .policy import Action, Reach, Role
from .sign_in import lift_lock
from .tables import invitation as invitations

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link as lists show it; its token is not in it. ``account``: whose password it renews, None for a new one."""

    id: str
    party: str
    role: Role
    region: str | None
    display_name: str
    administers: bool
    account: str | None
    invited_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.withdrawn_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class IssuedInvitation:
    """A new link's token, for this one time, and what it opens."""

    text: str
    invitation: Invitation


def invite(
    tx: Connection,
    actor: Actor,
    *,
    party: str,
    role: Role,
    region: str | None,
    display_name: str,
    administers: bool,
    now: datetime,
) -> IssuedInvitation:
    """A link by which one person makes an account. Raises InputError with what is wrong or not the actor's to give."""
    wanted = Account(
        id="",
        name="to-be-chosen",
        party=party,
        role=role,
        region=region,
        display_name=display_name.strip(),
        language="zh",
        active=True,
        created_at=now,
    )
    check_account(wanted)
    check_gift(tx, actor, party=party, role=role, region=region)
    return _issue(tx, actor, wanted, administers=administers, account=None, now=now)


def invite_back(tx: Connection, actor: Actor, account_id: str, now: datetime) -> IssuedInvitation:
    """A link by which the owner of this account chooses another password; an earlier one dies.

    Raises InputError ``not-found`` or ``not-allowed``, as for every change of an account.
    """
    account = find_changeable(tx, actor, account_id)
    if not account.active:
        raise InputError.of(
            "not-allowed",
            "账号已停用，请先启用",
            "this account is inactive: activate it first",
            came=account.name,
        )
    pending = (invitations.c.account == account_id, invitations.c.used_at.is_(None))
    tx.execute(
        update(invitations).where(*pending, invitations.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )
    return _issue(tx, actor, account, administers=account.administers, account=account.id, now=now)


def open_invitation(tx: Connection, text: str, now: datetime) -> tuple[Invitation, Account | None]:
    """What this link opens now, and whose password it renews. Raises InputError ``not-found`` for a dead one."""
    digest = _digest(text)
    row = tx.execute(select(invitations).where(invitations.c.token_hash == digest)).one_or_none()
    found = None if row is None else _invitation_in(row)
    account = None if found is None or found.account is None else find_account(tx, found.account)
    if (
        found is None
        or not found.is_open(now)
        or not _may_still(tx, found)
        or (found.account is not None and (account is None or not account.active))
    ):
        raise InputError.of(
            "not-found",
            "此链接无效：可能已用过、已过期或已撤回",
            "this link opens nothing: it may have been used, withdrawn, or be over",
            remedy=Text("请让给您链接的人再发一个", "ask whoever gave it to you for another one"),
        )
    return found, account


def accept(tx: Connection, text: str, *, name: str, password: StoredPassword, now: datetime) -> Account:
    """Use the link up: a new account of this name, or the invited one with its new password.

    A new password ends the sessions of the account and lifts its lock-out. Raises InputError ``not-found`` for a
    dead link, and as `create_account` for the name.
    """
    found, account = open_invitation(tx, text, now)
    if account is None:
        account = create_account(
            tx,
            name=name,
            password=password,
            party=found.party,
            role=found.role,
            region=found.region,
            display_name=found.display_name,
            administers=found.administers,
            now=now,
        )
    else:
        set_password(tx, account.id, password, now)
        lift_lock(tx, account.name)
    tx.execute(update(invitations).where(invitations.c.id == found.id).values(used_at=now))
    return account


def list_invitations(tx: Connection, actor: Actor) -> tuple[Invitation, ...]:
    """The links that the actor manages, newest first, dead ones too. Raises InputError ``not-allowed``."""
    reach = actor.require(Action.MANAGE_ACCOUNTS)
    own = [] if reach is Reach.EVERYTHING else [invitations.c.party == actor.party]
    rows = tx.execute(
        select(invitations).where(*own).order_by(invitations.c.created_at.desc(), invitations.c.id)
    )
    return tuple(_invitation_in(row) for row in rows)


def withdraw(tx: Connection, actor: Actor, invitation_id: str, now: datetime) -> None:
    """End a link before it is used; doing it again changes nothing. Raises InputError ``not-found``."""
    if invitation_id not in {each.id for each in list_invitations(tx, actor)}:
        raise InputError.of("not-found", "没有这个邀请", "there is no such invitation", came=invitation_id)
    pending = (invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None))
    tx.execute(
        update(invitations).where(invitations.c.id == invitation_id, *pending).values(withdrawn_at=now)
    )


def _issue(
    tx: Connection, actor: Actor, what: Account, *, administers: bool, account: str | None, now: datetime
) -> IssuedInvitation:
    made = Invitation(
        id=str(uuid4()),
        party=what.party,
        role=what.role,
        region=what.region,
        display_name=what.display_name,
        administers=administers,
        account=account,
        invited_by=actor.account,
        created_at=now,
        expires_at=now + LIFE,
    )
    text = secrets.token_urlsafe(32)
    tx.execute(
        insert(invitations).values(
            id=made.id,
            token_hash=_digest(text),
            party=made.party,
            role=made.role.value,
            region=made.region,
            display_name=made.display_name,
            administers=made.administers,
            account=made.account,
            invited_by=made.invited_by,
            created_at=made.created_at,
            expires_at=made.expires_at,
        )
    )
    return IssuedInvitation(text, made)


def _may_still(tx: Connection, made: Invitation) -> bool:
    """Whether whoever made the link could make it today. The command line's account has no row, and always may."""
    giver = find_account(tx, made.invited_by)
    if giver is None:
        return True
    if not giver.active:
        return False
    try:
        check_gift(tx, giver.acting("session"), party=made.party, role=made.role, region=made.region)
    except InputError:
        return False
    return True


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()


def _invitation_in(row: Row[*tuple[object, ...]]) -> Invitation:
    found = row._mapping
    return Invitation(
        id=found["id"],
        party=found["party"],
        role=Role(found["role"]),
        region=found["region"],
        display_name=found["display_name"],
        administers=found["administers"],
        account=found["account"],
        invited_by=found["invited_by"],
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        used_at=found["used_at"],
        withdrawn_at=found["withdrawn_at"],
    )
