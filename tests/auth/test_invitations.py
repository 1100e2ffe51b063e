"""Invitations: one person, once, within a week, as long as whoever invited could do so still."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from cabletrace.auth.accounts import (
    Account,
    create_account,
    find_account,
    list_accounts,
    set_active,
    set_administers,
)
from cabletrace.auth.actor import Actor
from cabletrace.auth.invitations import (
    LIFE,
    IssuedInvitation,
    accept,
    invite,
    invite_back,
    list_invitations,
    open_invitation,
    withdraw,
)
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import session_of, start_session
from cabletrace.auth.sign_in import MAX_FAILURES, begin_attempt, lock_out
from cabletrace.auth.tables import invitation as invitations
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError

NEW = StoredPassword("$argon2id$new")
Hire = Callable[..., Account]


@pytest.fixture
def boss(desk: Engine, hire: Hire) -> Account:
    """An administrator of its works."""
    account = hire("boss")
    with begin_write(desk) as tx:
        set_administers(tx, account.id, True)
        found = find_account(tx, account.id)
    assert found is not None
    return found


@pytest.fixture
def root(hire: Hire) -> Actor:
    return hire("root", Role.OPERATOR).acting("session")


def invited(
    desk: Engine, actor: Actor, now: datetime, *, administers: bool = False, **changed: object
) -> IssuedInvitation:
    wanted: dict = {"party": actor.party, "role": Role.MANUFACTURER, "region": None, "display_name": " 王丽 "}
    with begin_write(desk) as tx:
        return invite(tx, actor, **{**wanted, **changed}, administers=administers, now=now)


def taken(desk: Engine, made: IssuedInvitation, now: datetime, name: str = "wang-li") -> Account:
    with begin_write(desk) as tx:
        return accept(tx, made.text, name=name, password=NEW, now=now)


def assert_opens_nothing(desk: Engine, made: IssuedInvitation, now: datetime) -> None:
    before = accounts_of(desk)
    with begin_read(desk) as tx, pytest.raises(InputError) as looked:
        open_invitation(tx, made.text, now)
    with begin_write(desk) as tx, pytest.raises(InputError) as used:
        accept(tx, made.text, name="somebody", password=NEW, now=now)
    assert looked.value.code == used.value.code == "not-found"
    assert accounts_of(desk) == before


def accounts_of(desk: Engine) -> tuple[Account, ...]:
    with begin_read(desk) as tx:
        return list_accounts(tx)


def test_an_invited_person_becomes_what_the_invitation_says(
    desk: Engine, boss: Account, now: datetime
) -> None:
    made = invited(desk, boss.acting("session"), now, administers=True)

    account = taken(desk, made, now + LIFE - timedelta(milliseconds=1))

    assert (account.name, account.party, account.role) == ("wang-li", boss.party, Role.MANUFACTURER)
    assert (account.display_name, account.administers, account.active) == ("王丽", True, True)


def test_only_the_digest_of_a_link_is_kept(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)

    with begin_read(desk) as tx:
        kept = repr(tx.execute(select(invitations)).all())

    assert len(made.text) >= 43
    assert made.text not in kept


def test_a_link_is_used_once(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)
    taken(desk, made, now)

    assert_opens_nothing(desk, made, now)


def test_a_link_is_over_after_a_week(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)

    assert_opens_nothing(desk, made, now + LIFE)


def test_a_link_that_was_withdrawn_opens_nothing(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)

    for _ in range(2):  # a second time changes nothing
        with begin_write(desk) as tx:
            withdraw(tx, boss.acting("session"), made.invitation.id, now)

    assert_opens_nothing(desk, made, now)


def test_a_link_dies_with_the_right_of_whoever_made_it(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)

    with begin_write(desk) as tx:
        set_administers(tx, boss.id, False)
    assert_opens_nothing(desk, made, now)
    with begin_write(desk) as tx:
        set_administers(tx, boss.id, True)
        set_active(tx, boss.id, False)
    assert_opens_nothing(desk, made, now)
    with begin_write(desk) as tx:
        set_active(tx, boss.id, True)
        assert open_invitation(tx, made.text, now) == (made.invitation, None)


def test_a_mistyped_link_opens_nothing(desk: Engine, boss: Account, now: datetime) -> None:
    made = invited(desk, boss.acting("session"), now)

    for text in ("", made.text[:-1], "\ud800", made.text.swapcase()):
        assert_opens_nothing(desk, IssuedInvitation(text, made.invitation), now)


def test_a_name_that_is_taken_leaves_the_link_as_it_was(
    desk: Engine, hire: Hire, boss: Account, now: datetime
) -> None:
    hire("wang-li")
    made = invited(desk, boss.acting("session"), now)

    with pytest.raises(InputError) as caught:
        taken(desk, made, now)

    assert caught.value.code == "already-exists"
    assert taken(desk, made, now, name="wang-li-2").name == "wang-li-2"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"party": "party-of-another"}, "not-found"),
        ({"role": Role.OPERATOR}, "not-allowed"),
        ({"role": Role.REGULATOR, "region": "411600"}, "not-allowed"),
        ({"region": "411600"}, "wrong-input"),
        ({"display_name": ""}, "wrong-input"),
        ({"role": Role.PUBLIC}, "wrong-input"),
    ],
)
def test_nobody_is_invited_to_more_than_the_inviter_may_give(
    desk: Engine, boss: Account, now: datetime, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        invited(desk, boss.acting("session"), now, **changed)

    assert caught.value.code == code


def test_links_of_other_organisations_are_neither_listed_nor_withdrawn(
    desk: Engine, boss: Account, root: Actor, now: datetime
) -> None:
    theirs = invited(desk, root, now, party="party-of-another")

    with begin_write(desk) as tx:
        assert list_invitations(tx, boss.acting("session")) == ()
        with pytest.raises(InputError) as caught:
            withdraw(tx, boss.acting("session"), theirs.invitation.id, now)
        assert [each.id for each in list_invitations(tx, root)] == [theirs.invitation.id]

    assert caught.value.code == "not-found"
    assert taken(desk, theirs, now).party == "party-of-another"


def test_a_forgotten_password_is_renewed_by_its_owner_and_ends_what_was_open(
    desk: Engine, hire: Hire, root: Actor, now: datetime
) -> None:
    account = hire("wang")
    with begin_write(desk) as tx:
        session = start_session(tx, account.id, now)
        for _ in range(MAX_FAILURES):
            begin_attempt(tx, name="wang", client="192.0.2.1", now=now)
        made = invite_back(tx, root, account.id, now)
        assert session_of(tx, session.text, now) is not None  # until it is used, nothing changes
        assert lock_out(tx, "wang", now).until is not None

    again = taken(desk, made, now, name="mallory")

    assert (again.id, again.name) == (account.id, "wang")
    with begin_read(desk) as tx:
        assert session_of(tx, session.text, now) is None
        assert lock_out(tx, "wang", now).until is None
        renewed = find_account(tx, account.id)
    assert renewed is not None
    assert renewed.password_changed_at == now
    assert_opens_nothing(desk, made, now)


def test_a_second_reset_link_ends_the_first(desk: Engine, hire: Hire, root: Actor, now: datetime) -> None:
    account = hire("wang")
    with begin_write(desk) as tx:
        first, second = (invite_back(tx, root, account.id, now) for _ in range(2))

    assert_opens_nothing(desk, first, now)
    assert taken(desk, second, now).id == account.id


def test_no_link_brings_back_who_was_made_inactive(
    desk: Engine, hire: Hire, root: Actor, now: datetime
) -> None:
    account = hire("wang")
    with begin_write(desk) as tx:
        made = invite_back(tx, root, account.id, now)
        set_active(tx, account.id, False)

    assert_opens_nothing(desk, made, now)
    with begin_write(desk) as tx, pytest.raises(InputError) as caught:
        invite_back(tx, root, account.id, now)
    assert caught.value.code == "not-allowed"


def test_an_administrator_renews_the_password_of_no_stranger_and_not_its_own(
    desk: Engine, hire: Hire, boss: Account, now: datetime
) -> None:
    stranger = hire("wang")

    for account, code in ((stranger, "not-found"), (boss, "not-allowed")):
        with begin_write(desk) as tx, pytest.raises(InputError) as caught:
            invite_back(tx, boss.acting("session"), account.id, now)
        assert caught.value.code == code


def test_a_colleagues_link_passes_no_wider_right_on(desk: Engine, now: datetime) -> None:
    with begin_write(desk) as tx:
        city, county = (
            create_account(
                tx,
                name=name,
                password=NEW,
                party="bureau",
                role=Role.REGULATOR,
                region=region,
                display_name=name,
                administers=True,
                now=now,
            )
            for name, region in (("city", "411600"), ("county", "411603"))
        )
        with pytest.raises(InputError) as caught:
            invite_back(tx, county.acting("session"), city.id, now)
        invite_back(tx, city.acting("session"), county.id, now)

    assert caught.value.code == "not-allowed"
