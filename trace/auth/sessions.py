"""Sessions: a person stays signed in by an opaque token that only the cookie knows.

The table holds the token's SHA-256. The form token (CSRF) follows from the session token by HMAC, so it needs
no column, cannot outlive its session, and does not give the session away to a page that leaks it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from ..db.text import first_of
from ..errors import InputError, Text
from .accounts import account_in
from .actor import Actor
from .devices import Whence
from .tables import account as accounts
from .tables import session as sessions

#: A session ends this long after signing in, whatever happens, and this long after it was last seen.
LIFE = timedelta(hours=12)
IDLE = timedelta(hours=2)
#: `last_seen` is written at most this often, so that looking at pages does not queue for the write lock.
MARK_EVERY = timedelta(minutes=1)
#: So many digits of a token's digest name a session in lists.
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What goes into the cookie, and until when at most. Never logged, never stored."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A live session, as its token found it."""

    actor: Actor
    last_seen: datetime
    expires_at: datetime

    def wants_mark(self, now: datetime) -> bool:
        """Whether it is time to call `mark_seen`."""
        return now - self.last_seen >= MARK_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A session as its owner's page lists it. ``id`` begins the token's digest: it names, and opens nothing."""

    id: str
    created_at: datetime
    last_seen: datetime
    whence: Whence


def start_session(
    tx: Connection,
    account_id: str,
    now: datetime,
    whence: Whence = Whence(),  # noqa: B008 - a frozen value
) -> SessionToken:
    """A new session under a new token; old sessions of the account live on. Sweeps what has expired."""
    tx.execute(delete(sessions).where(sessions.c.expires_at <= now))
    token = SessionToken(secrets.token_urlsafe(32), now + LIFE)
    tx.execute(
        insert(sessions).values(
            token_hash=_digest(token.text),
            account=account_id,
            created_at=now,
            expires_at=token.expires_at,
            last_seen=now,
            device=whence.device,
            network=whence.network,
        )
    )
    tx.execute(update(accounts).where(accounts.c.id == account_id).values(last_seen=now))
    return token


def session_of(tx: Connection, token: str, now: datetime) -> Session | None:
    """The live session of this token and its actor; None if it ended, was never, or its account is inactive."""
    row = tx.execute(
        select(accounts, sessions.c.last_seen, sessions.c.expires_at)
        .join_from(sessions, accounts)
        .where(
            sessions.c.token_hash == _digest(token),  # primary key
            sessions.c.expires_at > now,
            sessions.c.last_seen > now - IDLE,
            accounts.c.active,
        )
    ).one_or_none()
    if row is None:
        return None
    return Session(
        actor=account_in(row).acting("session"), last_seen=row.last_seen, expires_at=row.expires_at
    )


def mark_seen(tx: Connection, token: str, now: datetime) -> None:
    """Keep the session from idling out. Never brings back one that has ended."""
    mine = sessions.c.token_hash == _digest(token)
    tx.execute(update(sessions).where(mine, sessions.c.last_seen > now - IDLE).values(last_seen=now))
    owner = select(sessions.c.account).where(mine).scalar_subquery()
    tx.execute(update(accounts).where(accounts.c.id == owner).values(last_seen=now))


def sign_out(tx: Connection, token: str) -> None:
    """End the session of this token, if there is one."""
    tx.execute(delete(sessions).where(sessions.c.token_hash == _digest(token)))


def list_sessions(tx: Connection, account_id: str, now: datetime) -> tuple[LiveSession, ...]:
    """The live sessions of an account, the one that was seen last first."""
    rows = tx.execute(
        select(sessions)
        .where(
            sessions.c.account == account_id, sessions.c.expires_at > now, sessions.c.last_seen > now - IDLE
        )
        .order_by(sessions.c.last_seen.desc(), sessions.c.token_hash)
    )
    return tuple(
        LiveSession(
            id=row.token_hash[:_ID_DIGITS],
            created_at=row.created_at,
            last_seen=row.last_seen,
            whence=Whence(row.device, row.network),
        )
        for row in rows
    )


def session_id(token: str) -> str:
    """What the session of this token is called in lists."""
    return _digest(token)[:_ID_DIGITS]


def end_session(tx: Connection, account_id: str, which: str) -> None:
    """End one session of this account. Raises InputError ``not-found`` for one that is not there or another's."""
    ended = tx.execute(
        delete(sessions).where(
            sessions.c.account == account_id, first_of(sessions.c.token_hash, _ID_DIGITS) == which
        )
    )
    if not ended.rowcount:
        raise InputError.of("not-found", "没有这个登录", "there is no such session", came=which)


def end_sessions(tx: Connection, account_id: str, *, but: str = "") -> None:
    """End all sessions of this account, but for that of one token."""
    tx.execute(
        delete(sessions).where(sessions.c.account == account_id, sessions.c.token_hash != _digest(but))
    )


def form_token(token: str) -> str:
    """The token that every form of this session carries."""
    mac = hmac.digest(token.encode(), b"cabletrace form token", "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def check_form_token(token: str, came: str) -> None:
    """Compare in constant time. Raises InputError ``wrong-form-token``; never shows what came."""
    if not hmac.compare_digest(form_token(token).encode(), came.encode(errors="replace")):
        raise InputError.of(
            "wrong-form-token",
            "页面已过期，或请求不是从本站页面发出的",
            "this page has expired, or the request did not come from one of our pages",
            remedy=Text("请回到原来的页面，刷新后再提交", "go back to the page, reload it and send it again"),
        )


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
