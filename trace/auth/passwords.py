"""Passwords: what a new one must be, and argon2id hashes made and compared at a bounded cost."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import NewType

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ..errors import InputError, Problem, Text

#: An argon2 hash in its encoded form, of a password that was good enough.
StoredPassword = NewType("StoredPassword", str)

MIN_CHARACTERS = 10
MAX_CHARACTERS = 128
MIN_DIFFERENT = 5


def random_password(name: str) -> str:
    """A password of 96 bits of chance that is good enough for the account of this name: of sixteen such characters one in
    thirty has letters alone, and a short name stands in some."""
    while True:
        password = secrets.token_urlsafe(12)
        if not any(_faults(password, name)):
            return password


class Passwords:
    """Makes and compares hashes; the app makes one of these.

    A comparison costs 64 MiB and about 0.16 s with the default parameters, so only ``at_once`` run together
    and the others wait up to ``patience_seconds``, then are answered ``busy``: a flood of sign-ins takes
    neither the memory nor, in the end, the threads of the service. Call outside any transaction.
    """

    def __init__(
        self,
        hasher: PasswordHash | None = None,
        *,
        at_once: int = 2,
        patience_seconds: float = 3.0,
    ):
        self._hasher = hasher or PasswordHash((Argon2Hasher(),))
        self._turns = BoundedSemaphore(at_once)
        self._patience_seconds = patience_seconds
        self._decoy = self._hasher.hash("nobody has this password")

    def enrol(self, password: str, *, name: str) -> StoredPassword:
        """Hash a new password for the account of this name. Raises InputError ``wrong-input`` with all faults."""
        password = _one_spelling(password)
        problems = tuple(_faults(password, name))
        if problems:
            raise InputError(*problems)
        with self._turn():
            return StoredPassword(self._hasher.hash(password))

    def match(self, password: str, stored: StoredPassword | None) -> StoredPassword | None:
        """The hash to keep from now on, if the password is right; None if it is wrong.

        The kept hash is another one where the parameters have been raised since. Without a ``stored`` hash
        (no such account) a decoy is compared, so that the answer takes as long. Raises InputError ``busy``.
        """
        candidate = _one_spelling(password).encode(errors="surrogatepass")
        with self._turn():
            right, renewed = self._hasher.verify_and_update(candidate, stored or self._decoy)
        if stored is None or not right:
            return None
        return stored if renewed is None else StoredPassword(renewed)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience_seconds):
            raise InputError.of(
                "busy", "登录的人太多，请稍后再试", "too many people are signing in; try again in a moment"
            )
        try:
            yield
        finally:
            self._turns.release()


def _one_spelling(password: str) -> str:
    """NFKC (NIST SP 800-63B §3.1.1.2): a Chinese keyboard in full-width mode types the same password."""
    return unicodedata.normalize("NFKC", password)


def _faults(password: str, name: str) -> Iterator[Problem]:
    """Length first, as every rule of thumb about classes of characters is weaker than two more of them."""

    def fault(zh: str, en: str) -> Problem:
        return Problem("wrong-input", Text(zh, en), where="/password")

    if len(password) < MIN_CHARACTERS:
        yield fault(
            f"密码至少 {MIN_CHARACTERS} 个字符", f"a password has at least {MIN_CHARACTERS} characters"
        )
    if len(password) > MAX_CHARACTERS:
        yield fault(
            f"密码最多 {MAX_CHARACTERS} 个字符", f"a password has at most {MAX_CHARACTERS} characters"
        )
    if any(not c.isprintable() for c in password):
        yield fault("密码不能含控制字符", "a password holds no control characters")
    if len(set(password)) < MIN_DIFFERENT:
        yield fault(
            f"密码至少要有 {MIN_DIFFERENT} 个不同的字符",
            f"a password has at least {MIN_DIFFERENT} different characters",
        )
    if password.isdecimal() or password.isalpha():
        yield fault(
            "密码不能只有数字或只有字母，请混合使用", "digits alone or letters alone are not enough; mix them"
        )
    if name and name.casefold() in password.casefold():
        yield fault("密码不能含有账号名", "a password does not contain the account's name")
