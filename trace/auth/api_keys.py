"""API keys: how machines come in. Shown once, kept as a hash, limited in what and how long.

A key reads ``ct_<8 hex>_<64 hex>``: the prefix tells keys apart and finds the row, the secret is 32 random
bytes of which SHA-256 is kept (a slow hash protects guessable secrets; this one is not). A key acts as its
account, within the actions it was given *and* what the policy of the day gives the account's role.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from ..clock import show_instant
from ..errors import InputError, Problem, Text, shown
from .accounts import Account, account_in
from .actor import Actor
from .policy import ACTIONS, NEVER_BY_KEY, Action, may
from .tables import account as accounts
from .tables import api_key as api_keys

_FORM = re.compile(r"ct_([0-9a-f]{8})_([0-9a-f]{64})")

#: Nobody remembers a key that was made for ever.
LONGEST_LIFE = timedelta(days=366)
#: How long a revoked key may go on working in a process that has just seen it.
KNOWN_FOR = timedelta(seconds=5)
_MARK_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as its owner's page lists it; the secret is not in it. ``last_used`` is true to about a minute."""

    id: str
    account: str
    prefix: str
    label: str
    actions: frozenset[Action]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and, for this one time, its text."""

    text: str
    key: ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInUse:
    """What a presented key opens, until when."""

    id: str
    actor: Actor
    expires_at: datetime
    last_used: datetime | None

    def wants_mark(self, now: datetime) -> bool:
        """Whether it is time to call `mark_used`."""
        return self.last_used is None or now - self.last_used >= _MARK_EVERY


def issue_api_key(
    tx: Connection, account: Account, *, label: str, actions: Set[Action], expires_at: datetime, now: datetime
) -> IssuedKey:
    """A new key of the account for these actions. Raises InputError ``wrong-input`` with every fault."""
    _check(account, label, actions, expires_at, now)
    prefix, secret = secrets.token_hex(4), secrets.token_bytes(32)
    key = ApiKey(
        id=str(uuid4()),
        account=account.id,
        prefix=prefix,
        label=label.strip(),
        actions=frozenset(actions),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
        last_used=None,
    )
    tx.execute(
        insert(api_keys).values(
            id=key.id,
            account=key.account,
            prefix=prefix,
            secret_hash=_digest(secret),
            label=key.label,
            actions=sorted(key.actions),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return IssuedKey(f"ct_{prefix}_{secret.hex()}", key)


def grantable(account: Account) -> frozenset[Action]:
    """All actions that a key of this account can be given."""
    return frozenset(action for action in Action if action not in NEVER_BY_KEY and may(account.role, action))


def find_api_key(tx: Connection, text: str, now: datetime) -> KeyInUse | None:
    """What this key opens now; None if it is malformed, unknown, expired, revoked, or its account inactive."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    row = tx.execute(
        select(accounts, api_keys.c.id.label("key_id"), *_KEY_COLUMNS)
        .join_from(api_keys, accounts)
        .where(
            api_keys.c.prefix == form[1],  # unique index
            api_keys.c.expires_at > now,
            api_keys.c.revoked_at.is_(None),
            accounts.c.active,
        )
    ).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, _digest(bytes.fromhex(form[2]))):
        return None
    return KeyInUse(
        id=row.key_id,
        actor=account_in(row).acting("api-key", frozenset(map(Action, row.actions))),
        expires_at=row.expires_at,
        last_used=row.last_used,
    )


def list_api_keys(tx: Connection, account_id: str) -> tuple[ApiKey, ...]:
    """The account's keys, newest first, dead ones too."""
    rows = tx.execute(
        select(api_keys)
        .where(api_keys.c.account == account_id)
        .order_by(api_keys.c.created_at.desc(), api_keys.c.id)
    )
    return tuple(_key_in(row) for row in rows)


def revoke_api_key(tx: Connection, account_id: str, key_id: str, now: datetime) -> None:
    """End a key of this account; doing it again changes nothing. Seen everywhere within `KNOWN_FOR`.

    Raises InputError ``not-found`` for a key that is not the account's.
    """
    mine = (api_keys.c.id == key_id, api_keys.c.account == account_id)
    if tx.scalar(select(api_keys.c.id).where(*mine)) is None:
        raise InputError.of("not-found", "没有这个 API 密钥", "there is no such API key", came=key_id)
    tx.execute(update(api_keys).where(*mine, api_keys.c.revoked_at.is_(None)).values(revoked_at=now))


def mark_used(tx: Connection, key_id: str, now: datetime) -> None:
    """Write down that the key was used, for its owner to see which keys are dead wood."""
    tx.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used=now))


class KnownKeys:
    """Keys that this process has seen in the last seconds, so that an append needs no look-up.

    A revoked key, or one whose account was made inactive, goes on working for at most `KNOWN_FOR`. Holds at
    most ``size`` keys, by the hash of their text; what did not open anything is not remembered, so that
    guessing cannot push the real ones out. Safe to use from several threads.
    """

    def __init__(self, size: int = 4096):
        self._size = size
        self._known: OrderedDict[bytes, tuple[datetime, KeyInUse]] = OrderedDict()
        self._lock = Lock()

    def actor(self, text: str, now: datetime, look_up: Callable[[str], KeyInUse | None]) -> Actor | None:
        """The actor of this key, or None. ``look_up`` runs when the key was not seen lately: it is `find_api_key`
        in a transaction, and the place to `mark_used`."""
        name = sha256(text.encode(errors="replace")).digest()
        with self._lock:
            seen_at, key = self._known.get(name, (now, None))
            if key is not None and timedelta(0) <= now - seen_at < KNOWN_FOR and now < key.expires_at:
                return key.actor
        key = look_up(text)  # outside the lock: two threads may both look, and find the same
        with self._lock:
            self._known.pop(name, None)
            if key is not None:
                self._known[name] = (now, key)
                if len(self._known) > self._size:
                    self._known.popitem(last=False)
        return None if key is None else key.actor


_KEY_COLUMNS = (api_keys.c.secret_hash, api_keys.c.actions, api_keys.c.expires_at, api_keys.c.last_used)


def _digest(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def _key_in(row: Row[*tuple[object, ...]]) -> ApiKey:
    found = row._mapping
    return ApiKey(
        id=found["id"],
        account=found["account"],
        prefix=found["prefix"],
        label=found["label"],
        actions=frozenset(map(Action, found["actions"])),
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        revoked_at=found["revoked_at"],
        last_used=found["last_used"],
    )


def _check(account: Account, label: str, actions: Set[Action], expires_at: datetime, now: datetime) -> None:
    problems = []

    def fault(where: str, came: object, zh: str, en: str) -> None:
        problems.append(Problem("wrong-input", Text(zh, en), where=where, came=shown(came)))

    if not 1 <= len(label.strip()) <= 100 or not label.isprintable():
        fault("/label", label, "名称应为 1 至 100 个字符", "a label has 1 to 100 characters")
    if not actions:
        fault("/actions", "", "至少选择一项权限", "choose at least one action")
    for action in sorted(actions):
        if action in NEVER_BY_KEY:
            fault(
                "/actions",
                action.value,
                f"「{ACTIONS[action].zh}」只能登录后操作，不能授予密钥",
                f"no key may {ACTIONS[action].en}: sign in for that",
            )
        elif not may(account.role, action):
            fault(
                "/actions",
                action.value,
                f"账号本身无权「{ACTIONS[action].zh}」",
                f"the account itself may not {ACTIONS[action].en}",
            )
    if not now < expires_at <= now + LONGEST_LIFE:
        fault(
            "/expires_at",
            show_instant(expires_at),
            f"有效期应在今后 {LONGEST_LIFE.days} 天之内",
            f"a key ends within the next {LONGEST_LIFE.days} days",
        )
    if problems:
        raise InputError(*problems)
