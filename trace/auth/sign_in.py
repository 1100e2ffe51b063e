"""Signing in: a name and a password become a session, and guessing is slow.

Three steps, so that no transaction is open while argon2 works for a sixth of a second:

1. `begin_attempt` (short write): refuses when too many failed; else counts this attempt as failed *already*,
   so that a hundred guesses at once are not a hundred free ones;
2. `Attempt.prove` (no transaction): the password is compared, for an unknown name with a decoy;
3. `complete_sign_in` (short write): the failures of that name are forgotten and the session begins.

Nothing that the caller sees tells an unknown name, an inactive account and a wrong password apart.

Known weakness: ten wrong guesses lock a name out for a quarter of an hour, also for its owner. Live sessions, API keys
and changing the password in a session are not touched by that, and an administrator can lift it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from ..errors import Text, TooManyRequests
from .accounts import sign_in_name
from .devices import Whence
from .passwords import Passwords, StoredPassword
from .sessions import SessionToken, start_session
from .tables import account as accounts
from .tables import sign_in_attempt as attempts

MAX_FAILURES = 10
#: A whole office, or a village, signs in from behind one address: it must not be locked out by one forgetful hand.
MAX_FAILURES_OF_A_CLIENT = 100
WINDOW = timedelta(minutes=15)
#: Stands for the name of an attempt that counts against its network only.
_FORGOTTEN = ""


class TooManyAttempts(TooManyRequests):
    """Signing in failed too often, by this name or from this network address."""

    def __init__(self, retry_after_seconds: int):
        minutes = ceil(retry_after_seconds / 60)
        super().__init__(
            retry_after_seconds,
            Text("登录失败次数过多，已暂停登录", "too many failed sign-ins; signing in is paused"),
            remedy=Text(f"请在 {minutes} 分钟后再试", f"try again in {minutes} min"),
        )


@dataclass(frozen=True, slots=True)
class Proven:
    """The password was right; `complete_sign_in` takes nothing less. ``kept`` replaces the hash ``compared``."""

    account_id: str
    name_hash: str
    compared: StoredPassword
    kept: StoredPassword


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may be made. ``account_id`` and ``password`` are None for a name that nobody has."""

    name_hash: str
    account_id: str | None
    password: StoredPassword | None

    def prove(self, password: str, passwords: Passwords) -> Proven | None:
        """Compare the password; None if it is wrong. Costs the same for every name. May raise ``busy``."""
        kept = passwords.match(password, self.password)
        if kept is None or self.account_id is None or self.password is None:
            return None
        return Proven(self.account_id, self.name_hash, self.password, kept)


def begin_attempt(tx: Connection, *, name: str, client: str, now: datetime) -> Attempt:
    """Count an attempt by this name and from this ``client`` (network address). Raises `TooManyAttempts`.

    Commit before proving: what is counted here stays a failure unless the sign-in is completed.
    """
    name = sign_in_name(name)
    name_hash = _hashed(name)
    _count(tx, name_hash, client, now)
    row = tx.execute(
        select(accounts.c.id, accounts.c.password_hash).where(accounts.c.name == name)
    ).one_or_none()
    return Attempt(name_hash, None, None) if row is None else Attempt(name_hash, row.id, row.password_hash)


def begin_confirmation(tx: Connection, *, account_id: str, client: str, now: datetime) -> Attempt:
    """The same for somebody who is signed in and says the password again. Raises `TooManyAttempts`.

    Counted apart from sign-ins under the account's name: whoever guesses at those from elsewhere does not keep the
    owner from changing the password, and whoever found a session open guesses as slowly.
    """
    counted_as = _hashed(
        f"AGAIN {account_id}"
    )  # nobody can sign in under this: names are folded, and it is not
    _count(tx, counted_as, client, now)
    password = tx.scalar(select(accounts.c.password_hash).where(accounts.c.id == account_id))
    return Attempt(counted_as, account_id, password)


def _count(tx: Connection, name_hash: str, client: str, now: datetime) -> None:
    client = client[:64]
    tx.execute(delete(attempts).where(attempts.c.at <= now - WINDOW))
    waits = [
        _wait(tx, attempts.c.name_hash == name_hash, MAX_FAILURES, now),
        _wait(tx, attempts.c.client == client, MAX_FAILURES_OF_A_CLIENT, now),
    ]
    if any(waits):
        raise TooManyAttempts(max(waits))
    tx.execute(insert(attempts).values(name_hash=name_hash, client=client, at=now))


def complete_sign_in(
    tx: Connection,
    proven: Proven,
    now: datetime,
    whence: Whence = Whence(),  # noqa: B008 - a frozen value
) -> SessionToken | None:
    """Begin the session; None if the account is inactive or got another password in the meantime.

    Forgets the failures of this name, not those of the client under other names: whoever guesses at many
    accounts cannot clear the count by signing in to one of their own.
    """
    renewed = tx.execute(
        update(accounts)
        .where(
            accounts.c.id == proven.account_id,
            accounts.c.password_hash == proven.compared,
            accounts.c.active,
        )
        .values(password_hash=proven.kept)
    )
    if renewed.rowcount != 1:
        return None
    tx.execute(delete(attempts).where(attempts.c.name_hash == proven.name_hash))
    return start_session(tx, proven.account_id, now, whence)


@dataclass(frozen=True, slots=True)
class LockOut:
    """How often signing in under a name has failed lately; ``until``: when it may be tried again, if not now."""

    failures: int
    until: datetime | None


def lock_out(tx: Connection, name: str, now: datetime) -> LockOut:
    """How it stands with this name; attempts that are being made at this moment count as failed."""
    same = attempts.c.name_hash == _hashed(sign_in_name(name))
    failures = tx.scalar(select(func.count()).where(same, attempts.c.at > now - WINDOW)) or 0
    wait = _wait(tx, same, MAX_FAILURES, now) if failures >= MAX_FAILURES else 0
    return LockOut(failures, now + timedelta(seconds=wait) if wait else None)


def locked_out(tx: Connection, names: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of these names under which nobody can sign in now, as `lock_out` says it of one. One statement."""
    failed = select(attempts.c.name_hash).where(attempts.c.at > now - WINDOW).group_by(attempts.c.name_hash)
    hashes = set(tx.scalars(failed.having(func.count() >= MAX_FAILURES)))
    return frozenset(name for name in names if _hashed(sign_in_name(name)) in hashes)


def lift_lock(tx: Connection, name: str) -> None:
    """Forget the failures of this name; what its guesser's network did is not forgotten."""
    name_hash = _hashed(sign_in_name(name))
    tx.execute(update(attempts).where(attempts.c.name_hash == name_hash).values(name_hash=_FORGOTTEN))


def _hashed(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _wait(tx: Connection, same: ColumnElement[bool], most: int, now: datetime) -> int:
    """Seconds until fewer than ``most`` of these attempts lie in the window; 0 if that is so now."""
    last = tx.scalar(
        select(attempts.c.at).where(same).order_by(attempts.c.at.desc()).offset(most - 1).limit(1)
    )
    return 0 if last is None else max(1, ceil((last + WINDOW - now).total_seconds()))
