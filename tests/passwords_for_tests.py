"""Passwords that cost next to nothing: only `tests/auth/test_passwords.py` and a sign-in look at the real cost."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from cabletrace.auth.passwords import Passwords


@cache
def cheap_passwords() -> Passwords:
    """Argon2 at its lowest cost: the same code and the same answers, a thousandth of the work."""
    return Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
