"""Accounts: made once under one spelling, changed by rule, never deleted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from cabletrace.auth.accounts import (
    Account,
    create_account,
    find_account,
    list_accounts,
    set_active,
    set_shown,
    sign_in_name,
)
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError
from cabletrace.model.scope import Scope

Hire = Callable[..., Account]


def creating(desk: Engine, now: datetime, **changed: Any) -> Account:
    wanted = {
        "name": "li.si",
        "password": StoredPassword("$argon2id$"),
        "party": "p1",
        "role": Role.DISTRIBUTOR,
        "display_name": "李四",
    }
    with begin_write(desk) as tx:
        return create_account(tx, **{**wanted, **changed}, now=now)


def test_an_account_is_found_again_as_it_was_made(desk: Engine, hire: Hire) -> None:
    officer = hire("zhao", Role.REGULATOR, region="411600")

    with begin_read(desk) as tx:
        assert find_account(tx, officer.id) == officer
        assert list_accounts(tx) == (officer,)
        assert find_account(tx, "nobody") is None


def test_a_regulator_sees_own_party_and_jurisdiction_and_others_their_own_party(hire: Hire) -> None:
    officer = hire("zhao", Role.REGULATOR, region="411600").acting("session")
    nation = hire("qian", Role.REGULATOR, region="000000").acting("session")
    branch = hire("sun", Role.REGULATOR).acting("session")
    maker = hire("wang").acting("session")

    assert officer.scope == Scope(parties=frozenset({"party-of-zhao"}), regions=("4116",))
    assert nation.scope.sees_region("650102")
    assert branch.scope == Scope(parties=frozenset({"party-of-sun"}))
    assert maker.scope == Scope(parties=frozenset({"party-of-wang"}))


def test_one_person_cannot_take_anothers_name_in_another_spelling(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    hire("wang")

    with pytest.raises(InputError) as caught:
        creating(desk, now, name=" ＷＡＮＧ ")

    assert caught.value.code == "already-exists"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"name": "x"}, "/name"),
        ({"name": "two words"}, "/name"),
        ({"name": "a\x00b"}, "/name"),
        ({"name": "a\ud800b"}, "/name"),
        ({"display_name": " "}, "/display_name"),
        ({"party": ""}, "/party"),
        ({"role": Role.PUBLIC}, "/role"),
        ({"language": "fr"}, "/language"),
        ({"region": "411600"}, "/region"),
        ({"role": Role.REGULATOR, "region": ""}, "/region"),
        ({"role": Role.REGULATOR, "region": "41"}, "/region"),
        ({"role": Role.REGULATOR, "region": "419999"}, "/region"),
        ({"role": Role.REGULATOR, "region": "411626"}, "/region"),
        ({"role": Role.REGULATOR, "region": "４１１６００"}, "/region"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    desk: Engine, now: datetime, changed: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError) as caught:
        creating(desk, now, **changed)

    assert [problem.where for problem in caught.value.problems] == [where]
    with begin_read(desk) as tx:
        assert list_accounts(tx) == ()


def test_changes_are_kept_and_an_unknown_account_is_named(desk: Engine, hire: Hire) -> None:
    account = hire()

    with begin_write(desk) as tx:
        set_shown(tx, account.id, display_name=" 王 ", language="en")
        set_active(tx, account.id, False)
        changed = find_account(tx, account.id)
    with begin_write(desk) as tx, pytest.raises(InputError) as caught:
        set_active(tx, "nobody", True)

    assert changed is not None
    assert (changed.display_name, changed.language, changed.active) == ("王", "en", False)
    assert caught.value.code == "not-found"


def test_names_have_one_spelling() -> None:
    assert sign_in_name("　Ｗang.San ") == sign_in_name("wang.san") == "wang.san"
