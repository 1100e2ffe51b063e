"""Sessions: they end by themselves, by signing out, and with the account; forms carry their token."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from cabletrace.auth.accounts import Account, find_account, set_active, set_password
from cabletrace.auth.devices import Whence
from cabletrace.auth.passwords import Passwords
from cabletrace.auth.sessions import (
    IDLE,
    LIFE,
    MARK_EVERY,
    Session,
    SessionToken,
    check_form_token,
    end_session,
    end_sessions,
    form_token,
    list_sessions,
    mark_seen,
    session_id,
    session_of,
    sign_out,
    start_session,
)
from cabletrace.auth.tables import session as sessions
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError

Hire = Callable[..., Account]
A_MOMENT = timedelta(milliseconds=1)


def started(desk: Engine, account: Account, now: datetime) -> SessionToken:
    with begin_write(desk) as tx:
        return start_session(tx, account.id, now)


def found(desk: Engine, token: SessionToken | str, now: datetime) -> Session | None:
    with begin_read(desk) as tx:
        return session_of(tx, token if isinstance(token, str) else token.text, now)


def test_a_session_knows_its_actor(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()

    session = found(desk, started(desk, account, now), now)

    assert session is not None
    assert session.actor == account.acting("session")
    assert session.actor.actions is None


def test_a_session_idles_out(desk: Engine, hire: Hire, now: datetime) -> None:
    token = started(desk, hire(), now)

    assert found(desk, token, now + IDLE - A_MOMENT)
    assert not found(desk, token, now + IDLE)


def test_being_seen_keeps_a_session_but_not_beyond_its_life(desk: Engine, hire: Hire, now: datetime) -> None:
    token = started(desk, hire(), now)
    at = now
    while at < now + LIFE:
        at += IDLE - MARK_EVERY
        with begin_write(desk) as tx:
            mark_seen(tx, token.text, at)

    assert found(desk, token, now + LIFE - A_MOMENT)
    assert not found(desk, token, now + LIFE)


def test_an_idle_session_is_not_brought_back(desk: Engine, hire: Hire, now: datetime) -> None:
    token = started(desk, hire(), now)

    with begin_write(desk) as tx:
        mark_seen(tx, token.text, now + IDLE)

    assert not found(desk, token, now + IDLE)


def test_looking_at_pages_asks_for_a_write_once_a_minute(desk: Engine, hire: Hire, now: datetime) -> None:
    session = found(desk, started(desk, hire(), now), now)

    assert session is not None
    assert not session.wants_mark(now + MARK_EVERY - A_MOMENT)
    assert session.wants_mark(now + MARK_EVERY)


def test_signing_out_ends_this_session_and_no_other(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    phone, desktop = started(desk, account, now), started(desk, account, now)

    with begin_write(desk) as tx:
        sign_out(tx, phone.text)

    assert not found(desk, phone, now)
    assert found(desk, desktop, now)


def test_a_new_password_ends_all_sessions_of_the_account_only(
    desk: Engine, hire: Hire, passwords: Passwords, now: datetime
) -> None:
    wang, zhao = hire("wang"), hire("zhao")
    phone, desktop, other = started(desk, wang, now), started(desk, wang, now), started(desk, zhao, now)

    stored = passwords.enrol("drum-8-of-40", name="wang")
    with begin_write(desk) as tx:
        set_password(tx, wang.id, stored, now)

    assert not found(desk, phone, now)
    assert not found(desk, desktop, now)
    assert found(desk, other, now)


def test_an_inactive_account_has_no_session_and_gets_none_back(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account = hire()
    token = started(desk, account, now)

    with begin_write(desk) as tx:
        set_active(tx, account.id, False)
    late = started(desk, account, now)  # as by a sign-in that was on its way
    assert not found(desk, token, now)
    assert not found(desk, late, now)
    with begin_write(desk) as tx:
        set_active(tx, account.id, True)
    assert not found(desk, token, now)


def test_expired_sessions_are_swept_when_somebody_signs_in(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    started(desk, account, now)

    started(desk, account, now + LIFE)

    with begin_read(desk) as tx:
        assert tx.scalar(select(func.count()).select_from(sessions)) == 1


@pytest.mark.parametrize("token", ["", "x" * 43, "\ud800", "a" * 10_000])
def test_a_made_up_token_opens_nothing(desk: Engine, hire: Hire, now: datetime, token: str) -> None:
    started(desk, hire(), now)

    assert found(desk, token, now) is None


def test_a_form_is_taken_from_its_own_session_only(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    mine, other = started(desk, account, now).text, started(desk, account, now).text

    check_form_token(mine, form_token(mine))
    for wrong in (form_token(other), "", mine, form_token(mine)[:-1], "令牌\ud800"):
        with pytest.raises(InputError) as caught:
            check_form_token(mine, wrong)
        assert caught.value.code == "wrong-form-token"
        assert caught.value.problems[0].came == ""


def test_sessions_are_listed_by_when_they_were_seen_and_only_while_they_live(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account, other = hire(), hire("li")
    office = Whence("Edge · Windows", "192.0.2.0/24")
    with begin_write(desk) as tx:
        first = start_session(tx, account.id, now, office)
        second = start_session(tx, account.id, now + timedelta(hours=1))
        start_session(tx, other.id, now)

        live = list_sessions(tx, account.id, now + timedelta(hours=1))
        later = list_sessions(tx, account.id, now + IDLE)

    assert [each.id for each in live] == [session_id(second.text), session_id(first.text)]
    assert live[1].whence == office
    assert [each.id for each in later] == [session_id(second.text)]


def test_one_session_is_ended_by_its_owner_and_by_nobody_else(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account, other = hire(), hire("li")
    mine, theirs = started(desk, account, now), started(desk, other, now)

    for which in (session_id(theirs.text), "", "nothing"):
        with begin_write(desk) as tx, pytest.raises(InputError) as caught:
            end_session(tx, account.id, which)
        assert caught.value.code == "not-found"
    with begin_write(desk) as tx:
        end_session(tx, account.id, session_id(mine.text))

    assert not found(desk, mine, now)
    assert found(desk, theirs, now)


def test_all_others_are_ended_at_once(desk: Engine, hire: Hire, now: datetime) -> None:
    account, other = hire(), hire("li")
    this, that, theirs = (started(desk, each, now) for each in (account, account, other))

    with begin_write(desk) as tx:
        end_sessions(tx, account.id, but=this.text)

    assert [bool(found(desk, token, now)) for token in (this, that, theirs)] == [True, False, True]


def test_an_account_knows_when_it_was_last_seen(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    token = started(desk, account, now)
    with begin_write(desk) as tx:
        mark_seen(tx, token.text, now + MARK_EVERY)
        seen = find_account(tx, account.id)
        sign_out(tx, token.text)
        mark_seen(tx, token.text, now + 2 * MARK_EVERY)
        still = find_account(tx, account.id)

    assert account.last_seen is None
    assert seen is not None
    assert seen.last_seen == now + MARK_EVERY
    assert still == seen
