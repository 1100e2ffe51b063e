"""API keys: shown once, limited in what and how long, revoked within seconds, never stored."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from cabletrace.auth.accounts import Account, set_active
from cabletrace.auth.api_keys import (
    KNOWN_FOR,
    LONGEST_LIFE,
    IssuedKey,
    KeyInUse,
    KnownKeys,
    find_api_key,
    issue_api_key,
    list_api_keys,
    mark_used,
    revoke_api_key,
)
from cabletrace.auth.invitations import invite_back
from cabletrace.auth.passwords import Passwords
from cabletrace.auth.policy import Action, Reach, Role
from cabletrace.auth.sessions import start_session
from cabletrace.auth.sign_in import begin_attempt
from cabletrace.auth.tables import account as accounts
from cabletrace.auth.tables import desk_metadata
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.errors import InputError

Hire = Callable[..., Account]
A_MOMENT = timedelta(milliseconds=1)
DAY = timedelta(days=1)
FACTORY = frozenset({Action.RECORD_PRODUCTION, Action.READ_BATCH})


def issued(
    desk: Engine, account: Account, now: datetime, actions: frozenset[Action] = FACTORY, life: timedelta = DAY
) -> IssuedKey:
    with begin_write(desk) as tx:
        return issue_api_key(tx, account, label="车间", actions=actions, expires_at=now + life, now=now)


def found(desk: Engine, text: str, now: datetime) -> KeyInUse | None:
    with begin_read(desk) as tx:
        return find_api_key(tx, text, now)


def test_a_key_acts_as_its_account_within_its_actions(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()

    key = found(desk, issued(desk, account, now).text, now)

    assert key is not None
    assert key.actor == account.acting("api-key", FACTORY)
    assert key.actor.reach(Action.RECORD_PRODUCTION) is Reach.OWN
    assert key.actor.reach(Action.RECORD_DISPATCH) is Reach.NONE


def test_a_key_never_reaches_beyond_what_the_policy_gives_the_role_now(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account = hire()
    text = issued(desk, account, now).text

    with begin_write(desk) as tx:
        tx.execute(update(accounts).values(role=Role.DISTRIBUTOR.value))
    key = found(desk, text, now)

    assert key is not None
    assert key.actor.reach(Action.RECORD_PRODUCTION) is Reach.NONE
    assert key.actor.reach(Action.READ_BATCH) is Reach.OWN


def test_a_key_expires(desk: Engine, hire: Hire, now: datetime) -> None:
    text = issued(desk, hire(), now).text

    assert found(desk, text, now + DAY - A_MOMENT)
    assert not found(desk, text, now + DAY)


def test_a_revoked_key_opens_nothing_and_stays_listed(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    key = issued(desk, account, now)

    with begin_write(desk) as tx:
        revoke_api_key(tx, account.id, key.key.id, now)
        revoke_api_key(tx, account.id, key.key.id, now + DAY)
    with begin_read(desk) as tx:
        listed = list_api_keys(tx, account.id)

    assert not found(desk, key.text, now)
    assert [k.revoked_at for k in listed] == [now]


def test_nobody_revokes_or_lists_the_keys_of_another(desk: Engine, hire: Hire, now: datetime) -> None:
    key = issued(desk, hire("wang"), now)
    other = hire("zhao")

    with begin_write(desk) as tx, pytest.raises(InputError) as caught:
        revoke_api_key(tx, other.id, key.key.id, now)
    with begin_read(desk) as tx:
        assert list_api_keys(tx, other.id) == ()

    assert caught.value.code == "not-found"
    assert found(desk, key.text, now)


def test_the_keys_of_an_inactive_account_are_dead(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    text = issued(desk, account, now).text

    with begin_write(desk) as tx:
        set_active(tx, account.id, False)

    assert not found(desk, text, now)


def test_a_key_that_is_not_exactly_the_one_opens_nothing(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    text, other = issued(desk, account, now).text, issued(desk, account, now).text
    last = "0" if text[-1] != "0" else "1"

    for wrong in (
        text[:-1] + last,
        text[:-1],
        text + "0",
        text.upper(),
        " " + text,
        text + "\n",
        other[:12] + text[12:],
        "ct_00000000_" + "0" * 64,
        "",
        "\ud800",
    ):
        assert found(desk, wrong, now) is None, wrong


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"label": " "}, "/label"),
        ({"actions": frozenset()}, "/actions"),
        ({"actions": frozenset({Action.RECORD_SUPERVISION})}, "/actions"),
        ({"actions": frozenset({Action.CREATE_KEYS})}, "/actions"),
        ({"life": timedelta(0)}, "/expires_at"),
        ({"life": LONGEST_LIFE + A_MOMENT}, "/expires_at"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(
    desk: Engine, hire: Hire, now: datetime, changed: dict[str, object], where: str
) -> None:
    account = hire()
    wanted = {"label": "车间", "actions": FACTORY, "life": DAY, **changed}
    expires_at = now + wanted.pop("life")  # type: ignore[operator]

    with begin_write(desk) as tx, pytest.raises(InputError) as caught:
        issue_api_key(tx, account, **wanted, expires_at=expires_at, now=now)  # type: ignore[arg-type]

    assert [problem.where for problem in caught.value.problems] == [where]
    with begin_read(desk) as tx:
        assert list_api_keys(tx, account.id) == ()


def test_use_is_noted_once_a_minute(desk: Engine, hire: Hire, now: datetime) -> None:
    account = hire()
    key = issued(desk, account, now)
    fresh = found(desk, key.text, now)
    with begin_write(desk) as tx:
        mark_used(tx, key.key.id, now)
    used = found(desk, key.text, now)

    assert fresh is not None
    assert used is not None
    assert fresh.wants_mark(now)
    assert not used.wants_mark(now + timedelta(seconds=59))
    assert used.wants_mark(now + timedelta(seconds=60))


class LookUps:
    """What the app passes to `KnownKeys`, counting."""

    def __init__(self, desk: Engine, now: datetime):
        self.desk, self.now, self.count = desk, now, 0

    def __call__(self, text: str) -> KeyInUse | None:
        self.count += 1
        return found(self.desk, text, self.now)


def test_a_key_seen_a_moment_ago_is_not_looked_up_again(desk: Engine, hire: Hire, now: datetime) -> None:
    text = issued(desk, hire(), now).text
    known, look_up = KnownKeys(), LookUps(desk, now)

    actors = [known.actor(text, now + timedelta(milliseconds=4 * i), look_up) for i in range(1000)]

    assert look_up.count == 1
    assert None not in actors
    assert known.actor(text, now + KNOWN_FOR, look_up)
    assert look_up.count == 2


def test_a_revoked_key_is_dead_everywhere_within_five_seconds(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account = hire()
    key = issued(desk, account, now)
    known, look_up = KnownKeys(), LookUps(desk, now)
    assert known.actor(key.text, now, look_up)

    with begin_write(desk) as tx:
        revoke_api_key(tx, account.id, key.key.id, now)

    assert known.actor(key.text, now + KNOWN_FOR, look_up) is None
    assert timedelta(seconds=5) >= KNOWN_FOR
    assert known.actor(key.text, now, look_up) is None, "and it is forgotten, should the clock go back"


def test_a_known_key_still_expires_to_the_moment(desk: Engine, hire: Hire, now: datetime) -> None:
    text = issued(desk, hire(), now, life=timedelta(seconds=2)).text
    known = KnownKeys()
    assert known.actor(text, now, LookUps(desk, now))

    after = now + timedelta(seconds=2)

    assert known.actor(text, after, LookUps(desk, after)) is None


def test_guesses_do_not_push_real_keys_out_and_the_memory_is_bounded(
    desk: Engine, hire: Hire, now: datetime
) -> None:
    account = hire()
    real, second, third = (issued(desk, account, now).text for _ in range(3))
    known, look_up = KnownKeys(size=2), LookUps(desk, now)
    known.actor(real, now, look_up)
    for i in range(50):
        assert known.actor(f"ct_{i:08x}_{'0' * 64}", now, look_up) is None

    look_up.count = 0
    known.actor(real, now, look_up)
    assert look_up.count == 0

    known.actor(second, now, look_up)
    known.actor(third, now, look_up)
    look_up.count = 0
    known.actor(real, now, look_up)
    assert look_up.count == 1, "the oldest of three made room"


def test_no_table_holds_a_secret_in_clear(
    desk: Engine, hire: Hire, passwords: Passwords, now: datetime
) -> None:
    account, root = hire("wang"), hire("root", Role.OPERATOR)
    key = issued(desk, account, now)
    with begin_write(desk) as tx:
        token = start_session(tx, account.id, now)
        begin_attempt(tx, name="spool-7-of-40", client="192.0.2.1", now=now)  # typed into the wrong field
        link = invite_back(tx, root.acting("session"), account.id, now)
    secret = key.text.rsplit("_", 1)[1]
    secrets = ["spool-7-of-40", link.text, token.text, key.text, secret, str(bytes.fromhex(secret))]

    cells = []
    with begin_read(desk) as tx:
        for table in desk_metadata.sorted_tables:
            rows = tx.exec_driver_sql(f'SELECT * FROM "{table.name}"').all()  # noqa: S608
            assert rows, f"{table.name} is empty: nothing was searched"
            cells += [str(cell) for row in rows for cell in row]

    assert not [cell for cell in cells if any(secret in cell for secret in secrets)]
    assert any(key.key.prefix in cell for cell in cells), "the search does see what is there"
    assert "spool" not in repr(account)
