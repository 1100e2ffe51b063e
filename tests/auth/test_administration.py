"""Administration: who manages whom, and that nobody lets itself in again as somebody with wider rights."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine

from cabletrace.auth.accounts import Account, create_account, find_account, set_active
from cabletrace.auth.actor import Actor
from cabletrace.auth.administration import (
    appoint,
    check_gift,
    find_changeable,
    find_managed,
    list_managed,
    roles_to_give,
    switch,
)
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError
from cabletrace.model.scope import Scope

Employ = Callable[..., Account]


@pytest.fixture
def employ(desk: Engine, now: datetime) -> Employ:
    """Makes an account of an organisation, an administrator if asked."""

    def employ(
        name: str,
        party: str = "works",
        role: Role = Role.MANUFACTURER,
        region: str | None = None,
        administers: bool = False,
    ) -> Account:
        with begin_write(desk) as tx:
            return create_account(
                tx,
                name=name,
                password=StoredPassword("$argon2id$"),
                party=party,
                role=role,
                region=region,
                display_name=name,
                administers=administers,
                now=now,
            )

    return employ


def refused(desk: Engine, act: Callable[..., object], actor: Actor, *more: object, **named: object) -> str:
    with begin_write(desk) as tx, pytest.raises(InputError) as caught:
        act(tx, actor, *more, **named)
    return caught.value.code


def test_an_administrator_sees_and_changes_colleagues_and_nobody_else(desk: Engine, employ: Employ) -> None:
    boss = employ("boss", administers=True).acting("session")
    clerk, stranger = employ("clerk"), employ("stranger", party="other works")

    with begin_write(desk) as tx:
        assert [account.name for account in list_managed(tx, boss)] == ["boss", "clerk"]
        assert find_changeable(tx, boss, clerk.id) == clerk
        switch(tx, boss, clerk.id, False)
        assert find_account(tx, clerk.id) == replace(clerk, active=False)

    for act in (find_managed, find_changeable):
        assert refused(desk, act, boss, stranger.id) == "not-found"
    assert refused(desk, switch, boss, stranger.id, False) == "not-found"
    assert refused(desk, appoint, boss, stranger.id, True) == "not-found"
    assert refused(desk, find_managed, boss, "nobody") == "not-found"


def test_who_administers_nothing_manages_nobody(desk: Engine, employ: Employ) -> None:
    plain, colleague = employ("plain").acting("session"), employ("colleague")

    for act, more in (
        (list_managed, ()),
        (find_managed, (colleague.id,)),
        (find_changeable, (colleague.id,)),
        (switch, (colleague.id, False)),
        (appoint, (plain.account, True)),
        (appoint, (plain.account, False)),
        (roles_to_give, ()),
    ):
        assert refused(desk, act, plain, *more) == "not-allowed", act


def test_no_role_is_given_that_nobody_of_the_organisation_has(desk: Engine, employ: Employ) -> None:
    boss = employ("boss", administers=True).acting("session")
    trader = employ("trader", role=Role.DISTRIBUTOR)
    employ("officer", party="bureau", role=Role.REGULATOR)

    with begin_read(desk) as tx:
        assert roles_to_give(tx, boss) == (Role.MANUFACTURER, Role.DISTRIBUTOR)
        check_gift(tx, boss, party="works", role=Role.DISTRIBUTOR, region=None)
    for role in (Role.REGULATOR, Role.OPERATOR, Role.PUBLIC):
        assert refused(desk, check_gift, boss, party="works", role=role, region=None) == "not-allowed"
    assert refused(desk, check_gift, boss, party="bureau", role=Role.MANUFACTURER, region=None) == "not-found"
    with begin_write(desk) as tx:
        set_active(tx, trader.id, False)  # the last who had it has left
        assert roles_to_give(tx, boss) == (Role.MANUFACTURER,)


def test_the_operators_role_is_never_an_administrators_to_give_or_to_touch(
    desk: Engine, employ: Employ
) -> None:
    root = employ("root", party="platform", role=Role.OPERATOR)
    boss = employ("boss", party="platform", role=Role.LABORATORY, administers=True).acting("session")

    assert refused(desk, check_gift, boss, party="platform", role=Role.OPERATOR, region=None) == "not-allowed"
    assert refused(desk, find_changeable, boss, root.id) == "not-allowed"
    assert refused(desk, switch, boss, root.id, False) == "not-allowed"


def test_a_jurisdiction_lies_inside_the_givers_own_whatever_its_scope_was_widened_to(
    desk: Engine, employ: Employ
) -> None:
    city = employ("city", "bureau", Role.REGULATOR, "411600", administers=True)
    branch = employ("branch", "bureau", Role.REGULATOR, administers=True).acting("session")
    boss = replace(city.acting("session"), scope=Scope(everything=True))
    give = {"party": "bureau", "role": Role.REGULATOR}

    with begin_read(desk) as tx:
        for region in ("411600", "411603", None):
            check_gift(tx, boss, **give, region=region)
        check_gift(tx, branch, **give, region=None)
    for region in ("410000", "410105", "000000"):
        assert refused(desk, check_gift, boss, **give, region=region) == "not-allowed"
    assert refused(desk, check_gift, branch, **give, region="411603") == "not-allowed"
    # Renewing the password of a wider colleague would be its jurisdiction.
    assert refused(desk, find_changeable, branch, city.id) == "not-allowed"


def test_nobody_manages_itself_and_the_last_operator_stays(desk: Engine, employ: Employ) -> None:
    root = employ("root", party="platform", role=Role.OPERATOR)
    acting = root.acting("session")
    at_the_machine = replace(acting, account="command line", via="cli")

    assert refused(desk, switch, acting, root.id, False) == "not-allowed"
    assert refused(desk, switch, at_the_machine, root.id, False) == "not-allowed"

    employ("second", party="platform", role=Role.OPERATOR)
    with begin_write(desk) as tx:
        switch(tx, at_the_machine, root.id, False)


def test_the_last_administrator_cannot_lay_its_office_down_before_another_is_appointed(
    desk: Engine, employ: Employ
) -> None:
    boss, clerk = employ("boss", administers=True), employ("clerk")
    acting = boss.acting("session")
    left = employ("left", administers=True)
    with begin_write(desk) as tx:
        set_active(tx, left.id, False)

    assert refused(desk, appoint, acting, boss.id, False) == "not-allowed"

    with begin_write(desk) as tx:
        appoint(tx, acting, clerk.id, True)
        appoint(tx, acting, boss.id, False)
        found = find_account(tx, boss.id), find_account(tx, clerk.id)
    assert [account.administers for account in found if account is not None] == [False, True]


def test_the_operator_takes_the_office_also_from_the_last(desk: Engine, employ: Employ) -> None:
    boss = employ("boss", administers=True)
    root = employ("root", party="platform", role=Role.OPERATOR).acting("session")

    with begin_write(desk) as tx:
        appoint(tx, root, boss.id, False)
        taken = find_account(tx, boss.id)

    assert taken is not None
    assert not taken.administers


def test_no_key_carries_the_office(desk: Engine, employ: Employ) -> None:
    boss = employ("boss", administers=True).acting("api-key", frozenset())

    assert refused(desk, list_managed, boss) == "not-allowed"
