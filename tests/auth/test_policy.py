"""The policy table: printed whole for a person to review, and the laws that every version of it obeys.

``python tests/auth/test_policy.py`` writes policy_matrix.txt anew; read the difference before committing it.
"""

import unicodedata
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import (
    ACTIONS,
    AUTHORITIES,
    NEVER_BY_KEY,
    NEVER_LENT,
    READ_IF_GRANTED,
    ROLES,
    WITH_JURISDICTION,
    Action,
    Reach,
    Role,
    may,
    recording,
)
from cabletrace.errors import InputError
from cabletrace.model.involvement import sees
from cabletrace.model.kinds import KINDS
from cabletrace.model.scope import Part, Scope
from cabletrace.model.state import KnownGrant
from cabletrace.model.units import Lent

GOLDEN = Path(__file__).parent / "policy_matrix.txt"
WORDS = {
    Reach.NONE: "·",
    Reach.GRANTED: "代录",
    Reach.OWN: "本单位",
    Reach.JURISDICTION: "辖区",
    Reach.EVERYTHING: "全部",
}
RECORDING = [action for action in Action if action.startswith("record:")]


def padded(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * (width - taken)


def matrix() -> str:
    head = padded("", 20) + padded("", 24) + "".join(padded(ROLES[role].zh, 15) for role in Role)
    lines = [head.rstrip()]
    for action in Action:
        cells = "".join(padded(cell(role, action), 15) for role in Role)
        lines.append((padded(action.value, 20) + padded(ACTIONS[action].zh, 24) + cells).rstrip())
    return "\n".join(lines) + "\n"


def cell(role: Role, action: Action) -> str:
    reach = may(role, action)
    return "管理员" if may(role, action, administers=True) is not reach else WORDS[reach]


def actor(role: Role, actions: frozenset[Action] | None = None) -> Actor:
    scope = Scope(parties=frozenset({"own"}), regions=("4116",) if role in WITH_JURISDICTION else ())
    return Actor(
        account="a", party="own", role=role, scope=scope, name="示例", via="session", actions=actions
    )


def test_the_whole_table_is_what_a_person_has_reviewed() -> None:
    assert matrix() == GOLDEN.read_text(encoding="utf-8")


def test_every_kind_of_event_has_its_action_and_every_role_and_action_its_words() -> None:
    assert {recording(kind) for kind in KINDS} == set(RECORDING)
    assert set(ROLES) == set(Role)
    assert list(ACTIONS) == list(Action)


def test_an_unknown_kind_of_event_is_named() -> None:
    with pytest.raises(InputError) as caught:
        recording("banquet")

    assert caught.value.code == "unknown-kind"
    assert caught.value.problems[0].came == "banquet"


def test_the_public_checks_codes_reads_the_log_complains_and_reports_and_nothing_else() -> None:
    open_to_all = {action for action in Action if may(Role.PUBLIC, action)}

    assert open_to_all == {
        Action.CHECK_CODE,
        Action.READ_LEDGER,
        Action.RECORD_COMPLAINT,
        Action.RECORD_REPORT,
    }


def test_the_public_speaks_for_nobody_but_itself() -> None:
    anybody = Actor.anonymous()

    for kind in ("complaint", "report"):
        assert anybody.may_record(kind, speaker="", region="411602")
        assert not anybody.enters_for_anybody(kind)


def test_only_authorities_have_a_jurisdiction_and_only_recording_can_be_lent() -> None:
    for role, action in product(Role, Action):
        if may(role, action) is Reach.JURISDICTION:
            assert role in WITH_JURISDICTION
        if may(role, action) is Reach.GRANTED:
            assert action in RECORDING


def test_the_operator_states_no_fact_of_trade() -> None:
    registry = {
        "party",
        "certificate",
        "product",
        "project",
        "key",
        "grant",
        "confirmation",
        "alias",
        "calendar",
    }
    allowed = {kind for kind in KINDS if may(Role.OPERATOR, recording(kind))}

    assert allowed == registry | {"correction", "erasure"}
    assert may(Role.OPERATOR, Action.RECORD_CORRECTION) is Reach.OWN


def test_only_an_authority_inspects_measures_and_notifies() -> None:
    for kind in ("inspection", "measure", "notice"):
        assert {role for role in Role if may(role, recording(kind))} == {Role.REGULATOR}
        assert may(Role.REGULATOR, recording(kind)) is Reach.JURISDICTION


def test_whoever_may_be_let_read_across_regions_records_that_it_does() -> None:
    assert {role for role in Role if may(role, Action.RECORD_READ)} == AUTHORITIES


def test_goods_are_recalled_by_their_maker_or_an_authority_and_sold_by_the_trade() -> None:
    assert {role for role in Role if may(role, Action.RECORD_RECALL)} == {Role.MANUFACTURER, Role.REGULATOR}
    assert {role for role in Role if may(role, Action.RECORD_SALE)} == {Role.MANUFACTURER, Role.DISTRIBUTOR}


def test_whoever_holds_goods_cuts_returns_and_scraps_them_and_an_authority_what_it_has_seized() -> None:
    holders = {Role.MANUFACTURER, Role.DISTRIBUTOR, Role.CONTRACTOR, Role.OWNER}

    for kind in ("split", "return"):
        assert {role for role in Role if may(role, recording(kind))} == holders
    assert {role for role in Role if may(role, Action.RECORD_DISPOSAL)} == holders | {Role.REGULATOR}


def test_whoever_states_a_fact_may_correct_and_erase_what_it_stated() -> None:
    for role in Role:
        states = any(may(role, recording(kind)) for kind in KINDS if kind not in ("correction", "erasure"))
        for action in (Action.RECORD_CORRECTION, Action.RECORD_ERASURE):
            assert bool(may(role, action)) == (states and role is not Role.PUBLIC)


def test_nobody_reads_everything_but_operator_and_auditor_who_open_no_foreign_payload() -> None:
    trade = {
        Action.READ_BATCH,
        Action.READ_TRACE,
        Action.READ_SEARCH,
        Action.READ_PAYLOAD,
        Action.READ_ALERTS,
    }

    for role, action in product(Role, trade):
        if may(role, action) is Reach.EVERYTHING:
            assert role in (Role.OPERATOR, Role.AUDITOR)
            assert action is not Action.READ_PAYLOAD


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", KINDS)
def test_recording_for_own_and_foreign_parties_follows_the_table(role: Role, kind: str) -> None:
    reach = may(role, recording(kind))

    own_here = actor(role).may_record(kind, speaker="own", region="411603")
    own_elsewhere = actor(role).may_record(kind, speaker="own", region="410105")
    foreign = actor(role).may_record(kind, speaker="foreign", region="411603")

    assert own_here == (reach >= Reach.OWN)
    assert own_elsewhere == (reach in (Reach.OWN, Reach.EVERYTHING))
    lendable = reach >= Reach.GRANTED and kind not in NEVER_LENT
    assert foreign == (lendable or reach is Reach.EVERYTHING)
    assert actor(role).enters_for_anybody(kind) == (reach is Reach.EVERYTHING)


def test_a_manufacturer_never_speaks_for_the_supervisor_or_the_site() -> None:
    maker = actor(Role.MANUFACTURER)

    for kind in ("supervision", "acceptance", "use", "sampling", "inspection", "measure", "notice", "read"):
        assert not maker.may_record(kind, speaker="own", region=None)
        assert not maker.may_record(kind, speaker="supervisor", region=None)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", [action for action in Action if action.startswith("read:")])
def test_reading_shows_as_far_as_the_table_reaches(role: Role, action: Action) -> None:
    scope = actor(role).scope_for(action)

    reach = may(role, action)
    assert scope.nothing == (reach is Reach.NONE)
    assert scope.sees_party("own") == (reach >= Reach.OWN)
    assert scope.sees_region("411603") == (reach >= Reach.JURISDICTION)
    assert scope.sees_party("foreign") == scope.sees_region("410105") == (reach is Reach.EVERYTHING)


@pytest.mark.parametrize("role", Role)
def test_a_key_only_ever_takes_away(role: Role) -> None:
    limited = actor(role, actions=frozenset({Action.READ_BATCH, Action.RECORD_PRODUCTION}))

    for action in Action:
        whole = actor(role).reach(action)
        assert limited.reach(action) == (whole if action in (limited.actions or ()) else Reach.NONE)
    assert limited.scope_for(Action.READ_TRACE).nothing


def test_a_refusal_says_whether_to_sign_in_ask_for_a_role_or_make_another_key() -> None:
    cases = {
        "not-signed-in": Actor.anonymous(),
        "not-allowed": actor(Role.DISTRIBUTOR),
    }

    for code, asker in cases.items():
        with pytest.raises(InputError) as caught:
            asker.require(Action.RECORD_PRODUCTION)
        assert caught.value.code == code
    with pytest.raises(InputError) as caught:
        replace(actor(Role.MANUFACTURER), actions=frozenset({Action.READ_BATCH})).require(
            Action.RECORD_PRODUCTION
        )

    assert "密钥" in caught.value.problems[0].detail.zh
    assert actor(Role.MANUFACTURER).require(Action.RECORD_PRODUCTION) is Reach.OWN


def test_no_key_may_make_keys_or_accounts() -> None:
    assert {Action.CREATE_KEYS, Action.READ_ACCOUNTS, Action.MANAGE_ACCOUNTS} == NEVER_BY_KEY


def test_an_auditor_records_nothing_and_opens_nothing_with_prices_or_names() -> None:
    rights = {action for action in Action if may(Role.AUDITOR, action)}

    assert not rights & {*RECORDING, Action.IMPORT, Action.PUT_BLOB, Action.MANAGE_ACCOUNTS}
    assert not rights & {Action.READ_PAYLOAD, Action.READ_BLOB, Action.READ_PERSONS, Action.READ_SUBMISSIONS}
    for action in (Action.READ_LEDGER, Action.READ_BATCH, Action.READ_ALERTS, Action.READ_ACCOUNTS):
        assert may(Role.AUDITOR, action) is Reach.EVERYTHING


def test_a_witness_has_the_public_log_and_a_key_of_its_own() -> None:
    rights = {action for action in Action if may(Role.WITNESS, action)}

    assert rights == {
        Action.RECORD_KEY,
        Action.RECORD_CORRECTION,
        Action.RECORD_ERASURE,
        Action.READ_LEDGER,
        Action.CHECK_CODE,
        Action.CREATE_KEYS,
    }
    assert may(Role.WITNESS, Action.RECORD_KEY) is Reach.OWN


def test_who_takes_no_part_in_the_trade_records_none_of_it_and_traces_nothing() -> None:
    aside = (Role.DEPARTMENT, Role.CERTIFIER, Role.ASSOCIATION, Role.CLERK, Role.WITNESS)
    trade = ("order", "production", "dispatch", "receipt", "use", "split", "return", "disposal", "sale")

    for role in (*aside, Role.KEY_USER, Role.AUDITOR):
        assert not [kind for kind in trade if may(role, recording(kind))], role
    for role in aside:
        for action in (Action.READ_TRACE, Action.READ_PERSONS, Action.READ_METRICS):
            assert not may(role, action), (role, action)
        # of what it certified, a certification body is told what does not conform
        assert bool(may(role, Action.READ_ALERTS)) is (role is Role.CERTIFIER)


def test_complaints_are_taken_down_by_clerks_and_regulators_of_the_place() -> None:
    for action in (Action.RECORD_COMPLAINT, Action.READ_SUBMISSIONS):
        assert {role for role in Role if may(role, action) is Reach.JURISDICTION} == {
            Role.CLERK,
            Role.REGULATOR,
        }


def test_whoever_administers_an_organisation_manages_its_own_and_has_no_other_right_more() -> None:
    for role, action in product(Role, Action):
        more = may(role, action, administers=True) is not may(role, action)
        if more:
            assert action in (Action.READ_ACCOUNTS, Action.MANAGE_ACCOUNTS)
            assert may(role, action, administers=True) is Reach.OWN
    everybody = {role for role in Role if role not in (Role.PUBLIC, Role.AUDITOR)}
    assert {role for role in Role if may(role, Action.MANAGE_ACCOUNTS, administers=True)} == everybody
    assert {role for role in Role if may(role, Action.MANAGE_ACCOUNTS)} == {Role.OPERATOR}


def test_an_administrator_is_asked_for_by_the_account_and_not_by_the_role() -> None:
    with pytest.raises(InputError):
        actor(Role.REGULATOR).require(Action.MANAGE_ACCOUNTS)

    assert replace(actor(Role.REGULATOR), administers=True).require(Action.MANAGE_ACCOUNTS) is Reach.OWN


def lent_something() -> Actor:
    """A regulator to whom another lets its batch A be read, none of which is opened yet."""
    part = Part(Scope(regions=("3701",)), things=frozenset({"batch:A"}))
    day = date(2026, 6, 30)
    known = KnownGrant(grantor="other", grantee="own", kinds=(), batches=("A",), valid_from=day, valid_to=day)
    return replace(actor(Role.REGULATOR), lent=(Lent(known, (part,)),))


@pytest.mark.parametrize("action", [each for each in Action if may(Role.REGULATOR, each)])
def test_what_was_lent_is_found_and_is_read_only_once_it_was_opened(action: Action) -> None:
    theirs = {"r:370112", "batch:A"}
    closed = lent_something()
    opened = replace(closed, opened=closed.lent[0].parts)

    everything = may(Role.REGULATOR, action) is Reach.EVERYTHING
    assert sees(closed.scope_for(action), theirs) is everything
    assert sees(closed.granted_scope_for(action), theirs) is (action in READ_IF_GRANTED)
    assert sees(opened.scope_for(action), theirs) is (everything or action in READ_IF_GRANTED)
    assert sees(opened.own_scope_for(action), theirs) is everything
    assert not sees(opened.scope_for(action), {"r:370112", "batch:B"}) or everything


def test_a_key_that_leaves_an_action_out_opens_nothing_that_was_lent_for_it() -> None:
    lent = lent_something()
    limited = replace(lent, opened=lent.lent[0].parts, actions=frozenset({Action.READ_TRACE}))

    assert limited.scope_for(Action.READ_BATCH).nothing
    assert sees(limited.scope_for(Action.READ_TRACE), {"r:370112", "batch:A"})


if __name__ == "__main__":
    GOLDEN.write_text(matrix(), encoding="utf-8")
