"""Signing in: the right password, nothing learnt from a wrong one, and no endless guessing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from cabletrace.auth.accounts import Account, set_active, set_password
from cabletrace.auth.api_keys import find_api_key, issue_api_key
from cabletrace.auth.passwords import Passwords, StoredPassword
from cabletrace.auth.policy import Action
from cabletrace.auth.sessions import SessionToken, session_of
from cabletrace.auth.sign_in import (
    MAX_FAILURES,
    MAX_FAILURES_OF_A_CLIENT,
    WINDOW,
    TooManyAttempts,
    begin_attempt,
    begin_confirmation,
    complete_sign_in,
    lift_lock,
    lock_out,
)
from cabletrace.db.engine import begin_read, begin_write

Hire = Callable[..., Account]
RIGHT, WRONG = "spool-7-of-40", "spool-8-of-40"


class Door:
    """The three steps, as the HTTP layer takes them."""

    def __init__(self, desk: Engine, passwords: Passwords):
        self.desk, self.passwords = desk, passwords

    def knock(
        self, name: str, password: str, now: datetime, client: str = "192.0.2.1"
    ) -> SessionToken | None:
        with begin_write(self.desk) as tx:
            attempt = begin_attempt(tx, name=name, client=client, now=now)
        proven = attempt.prove(password, self.passwords)
        if proven is None:
            return None
        with begin_write(self.desk) as tx:
            return complete_sign_in(tx, proven, now)

    def fail(self, name: str, times: int, now: datetime, client: str = "192.0.2.1") -> None:
        for _ in range(times):
            assert self.knock(name, WRONG, now, client) is None


@pytest.fixture
def door(desk: Engine, passwords: Passwords) -> Door:
    return Door(desk, passwords)


def test_the_right_password_opens_a_session(door: Door, hire: Hire, now: datetime) -> None:
    account = hire("wang")

    token = door.knock(" ＷANG", RIGHT, now)

    assert token is not None
    with begin_read(door.desk) as tx:
        session = session_of(tx, token.text, now)
    assert session is not None
    assert session.actor.account == account.id


def test_wrong_unknown_inactive_and_absurd_all_get_the_same_answer(
    door: Door, hire: Hire, now: datetime
) -> None:
    hire("wang")
    gone = hire("gone")
    with begin_write(door.desk) as tx:
        set_active(tx, gone.id, False)

    assert door.knock("wang", WRONG, now) is None
    assert door.knock("nobody", RIGHT, now) is None
    assert door.knock("gone", RIGHT, now) is None
    assert door.knock("\ud800\x00'; --", RIGHT, now) is None
    assert door.knock("", "", now) is None


def test_an_unknown_name_costs_as_much_as_a_known_one(door: Door, hire: Hire, now: datetime) -> None:
    hire("wang")
    compared: list[StoredPassword | None] = []

    class Watched(Passwords):
        def __init__(self) -> None:
            """Without a hasher of its own: it only looks on."""

        def match(self, password: str, stored: StoredPassword | None) -> StoredPassword | None:
            compared.append(stored)
            return door.passwords.match(password, stored)

    watched = Door(door.desk, Watched())

    watched.knock("wang", WRONG, now)
    watched.knock("nobody", WRONG, now)

    assert len(compared) == 2, "one comparison each; that a decoy is a full one is in test_passwords"
    assert compared[0] is not None
    assert compared[1] is None


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_after_ten_failures_a_name_waits_even_with_the_right_password(
    door: Door, hire: Hire, now: datetime, name: str
) -> None:
    hire("wang")
    for i in range(MAX_FAILURES):
        door.fail(name, 1, now, client=f"192.0.2.{i}")

    with pytest.raises(TooManyAttempts) as caught:
        door.knock(name, RIGHT, now + timedelta(minutes=5), client="198.51.100.7")

    assert caught.value.code == "too-many-requests"
    assert caught.value.retry_after_seconds == 600
    assert caught.value.problems[0].remedy is not None
    assert "10 分钟" in caught.value.problems[0].remedy.zh


def test_one_forgetful_hand_does_not_lock_out_its_office(door: Door, hire: Hire, now: datetime) -> None:
    hire("wang")
    hire("li")

    door.fail("wang", MAX_FAILURES, now)

    assert door.knock("li", RIGHT, now)


def test_after_a_hundred_failures_a_client_waits_under_every_name_and_others_do_not(
    door: Door, hire: Hire, now: datetime
) -> None:
    hire("wang")
    for i in range(MAX_FAILURES_OF_A_CLIENT):
        door.fail(f"guess-{i}", 1, now)

    with pytest.raises(TooManyAttempts):
        door.knock("wang", RIGHT, now)

    assert door.knock("wang", RIGHT, now, client="198.51.100.7")


def test_the_wait_ends_when_it_said_and_knocking_does_not_prolong_it(
    door: Door, hire: Hire, now: datetime
) -> None:
    hire("wang")
    door.fail("wang", MAX_FAILURES, now)
    for second in range(0, 900, 60):
        with pytest.raises(TooManyAttempts):
            door.knock("wang", RIGHT, now + timedelta(seconds=second))

    assert door.knock("wang", RIGHT, now + WINDOW)


def test_success_forgets_the_failures_of_the_name(door: Door, hire: Hire, now: datetime) -> None:
    hire("wang")
    for _ in range(3):
        door.fail("wang", MAX_FAILURES - 1, now)

        assert door.knock("wang", RIGHT, now)


def test_signing_in_to_ones_own_account_does_not_clear_guesses_at_others(
    door: Door, hire: Hire, now: datetime
) -> None:
    hire("wang")
    hire("victim")
    for i in range(MAX_FAILURES_OF_A_CLIENT - 1):
        door.fail(f"victim-{i}", 1, now)
    assert door.knock("wang", RIGHT, now)
    door.fail("victim", 1, now)

    with pytest.raises(TooManyAttempts):
        door.knock("wang", RIGHT, now)


def test_guesses_made_at_the_same_moment_are_counted_before_they_are_compared(
    door: Door, hire: Hire, now: datetime
) -> None:
    hire("wang")
    for _ in range(MAX_FAILURES):
        with begin_write(door.desk) as tx:
            begin_attempt(tx, name="wang", client="192.0.2.1", now=now)

    with pytest.raises(TooManyAttempts), begin_write(door.desk) as tx:
        begin_attempt(tx, name="wang", client="192.0.2.1", now=now)


@pytest.mark.parametrize("change", ["password", "active"])
def test_what_changed_while_argon2_worked_is_respected(
    door: Door, hire: Hire, now: datetime, change: str
) -> None:
    account = hire("wang")
    with begin_write(door.desk) as tx:
        attempt = begin_attempt(tx, name="wang", client="192.0.2.1", now=now)
    proven = attempt.prove(RIGHT, door.passwords)
    assert proven is not None
    stored = door.passwords.enrol("drum-9-of-12", name="wang")

    with begin_write(door.desk) as tx:
        if change == "password":
            set_password(tx, account.id, stored, now)
        else:
            set_active(tx, account.id, False)
    with begin_write(door.desk) as tx:
        token = complete_sign_in(tx, proven, now)

    assert token is None
    if change == "password":
        assert door.knock("wang", "drum-9-of-12", now), "the new password was not overwritten by the old"


def test_a_lock_is_seen_and_lifted_and_the_network_of_the_guesser_stays_counted(
    desk: Engine, door: Door, hire: Hire, now: datetime
) -> None:
    hire()
    door.fail("wang", MAX_FAILURES, now)
    with begin_read(desk) as tx:
        locked = lock_out(tx, " Wang", now)
        free = lock_out(tx, "li", now)
    assert (locked.failures, locked.until) == (MAX_FAILURES, now + WINDOW)
    assert (free.failures, free.until) == (0, None)

    with begin_write(desk) as tx:
        lift_lock(tx, "WANG")
    assert door.knock("wang", RIGHT, now) is not None
    door.fail("nobody", 1, now, client="192.0.2.1")
    for n in range(MAX_FAILURES_OF_A_CLIENT - MAX_FAILURES - 1):
        door.fail(f"nobody-{n}", 1, now)
    with pytest.raises(TooManyAttempts):
        door.knock("wang", RIGHT, now)


def test_an_owner_with_a_live_session_or_a_key_is_not_hurt_by_a_lock_out(
    desk: Engine, door: Door, hire: Hire, now: datetime
) -> None:
    account = hire()
    token = door.knock("wang", RIGHT, now)
    assert token is not None
    with begin_write(desk) as tx:
        key = issue_api_key(
            tx,
            account,
            label="MES",
            actions={Action.READ_BATCH},
            expires_at=now + timedelta(days=1),
            now=now,
        )

    door.fail("wang", MAX_FAILURES, now)

    with begin_read(desk) as tx:
        assert lock_out(tx, "wang", now).until is not None
        assert session_of(tx, token.text, now) is not None
        assert find_api_key(tx, key.text, now) is not None


def test_a_lock_ends_by_itself(desk: Engine, door: Door, hire: Hire, now: datetime) -> None:
    hire()
    door.fail("wang", MAX_FAILURES, now)

    with begin_read(desk) as tx:
        assert lock_out(tx, "wang", now + WINDOW).until is None


def test_guesses_at_a_name_do_not_keep_its_owner_from_changing_the_password(
    desk: Engine, door: Door, hire: Hire, passwords: Passwords, now: datetime
) -> None:
    account = hire()
    door.fail("wang", MAX_FAILURES, now, client="203.0.113.9")

    door.fail(f"AGAIN {account.id}", MAX_FAILURES, now, client="203.0.113.9")

    with begin_write(desk) as tx:
        confirmation = begin_confirmation(tx, account_id=account.id, client="192.0.2.1", now=now)

    assert confirmation.prove(WRONG, passwords) is None
    assert confirmation.prove(RIGHT, passwords) is not None


def test_whoever_found_a_session_open_guesses_as_slowly(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    with begin_write(desk) as tx:
        for _ in range(MAX_FAILURES):
            begin_confirmation(tx, account_id=account.id, client="192.0.2.1", now=now)

    with begin_write(desk) as tx, pytest.raises(TooManyAttempts):
        begin_confirmation(tx, account_id=account.id, client="192.0.2.2", now=now)
    with begin_read(desk) as tx:
        assert lock_out(tx, "wang", now).failures == 0
