"""Passwords: what is good enough, and that comparing costs the same for everybody."""

from threading import Thread

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from cabletrace.auth import passwords as module
from cabletrace.auth.passwords import Passwords, StoredPassword, random_password
from cabletrace.errors import InputError


class CountingHash(PasswordHash):
    """The real thing, counting how often argon2 is asked to compare."""

    def __init__(self) -> None:
        super().__init__((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
        self.compared: list[str] = []

    def verify_and_update(self, password: str | bytes, hash: str | bytes) -> tuple[bool, str | None]:
        self.compared.append(str(hash))
        return super().verify_and_update(password, hash)


def test_a_password_is_kept_as_an_argon2id_hash_of_full_cost() -> None:
    stored = Passwords().enrol("spool-7-of-40", name="wang")

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "spool" not in stored


def test_the_right_password_matches_and_any_other_does_not(passwords: Passwords) -> None:
    stored = passwords.enrol("spool-7-of-40", name="wang")

    assert passwords.match("spool-7-of-40", stored) == stored
    for wrong in ("", "spool-7-of-4", "Spool-7-of-40", "spool-7-of-40 ", "\ud800", "x" * 100_000):
        assert passwords.match(wrong, stored) is None


def test_a_password_by_chance_is_one_that_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters alone, and the account's name in it, come up often enough that an account could not be made."""
    drawn = iter(["abcdefghIJKLMNOP", "4wLn-KZp0_Qq8sXy", "4wLn-Kp0_Qq8sXyz"])
    monkeypatch.setattr(module.secrets, "token_urlsafe", lambda _: next(drawn))

    assert random_password("kz") == "4wLn-Kp0_Qq8sXyz"


def test_full_width_typing_is_the_same_password(passwords: Passwords) -> None:
    stored = passwords.enrol("电缆 spool-7", name="wang")

    assert passwords.match("电缆　ｓｐｏｏｌ－７", stored) == stored


def test_without_an_account_the_same_work_is_done_and_nothing_matches() -> None:
    counting = CountingHash()
    passwords = Passwords(counting)
    stored = passwords.enrol("spool-7-of-40", name="wang")

    assert passwords.match("wrong", stored) is None
    assert passwords.match("wrong", None) is None
    assert passwords.match("nobody has this password", None) is None

    assert len(counting.compared) == 3
    known, decoy, _ = counting.compared
    assert known.rsplit("$", 2)[0] == decoy.rsplit("$", 2)[0], "the decoy costs what a real hash costs"


def test_a_hash_of_lower_cost_is_renewed_when_its_password_is_next_seen(passwords: Passwords) -> None:
    costlier = Passwords(PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),)))
    old = passwords.enrol("spool-7-of-40", name="wang")

    kept = costlier.match("spool-7-of-40", old)

    assert kept is not None
    assert "m=16,t=2" in kept
    assert costlier.match("spool-7-of-40", kept) == kept


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kurz-1", "至少 10 个字符"),
        ("a1" * 65, "最多 128 个字符"),
        ("aaaaaaaaa111", "不同的字符"),
        ("7381946205", "只有数字"),
        ("correcthorse", "只有字母"),
        ("Wang-2026-07", "不能含有账号名"),
        ("spool-7\x00-of-40", "控制字符"),
        ("spool-7\ud800-of-40", "控制字符"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(passwords: Passwords, password: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        passwords.enrol(password, name="wang")

    assert reason in "".join(problem.detail.zh for problem in caught.value.problems)


def test_all_faults_are_named_at_once_and_the_password_is_never_shown(passwords: Passwords) -> None:
    with pytest.raises(InputError) as caught:
        passwords.enrol("wangwang", name="wang")

    assert len(caught.value.problems) >= 3
    assert all(problem.came == "" and problem.where == "/password" for problem in caught.value.problems)


def test_more_sign_ins_than_memory_allows_are_answered_busy() -> None:
    class Slow(CountingHash):
        def verify_and_update(self, password: str | bytes, hash: str | bytes) -> tuple[bool, str | None]:
            second.start()
            second.join()
            return super().verify_and_update(password, hash)

    passwords = Passwords(Slow(), at_once=1, patience_seconds=0.01)
    answers: list[str] = []

    def crowd() -> None:
        try:
            passwords.match("x", StoredPassword("unused"))
        except InputError as error:
            answers.append(error.code)

    second = Thread(target=crowd)
    passwords.match("x", None)

    assert answers == ["busy"]
