"""Commitments that a client makes itself: taken where every one opens, and then as if the server had made them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.errors import InputError, Problem
from cabletrace.intake.record import prepare, prepared_or_refused
from cabletrace.ledger.payload import decode_payload, format_salt
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.store import read_row
from cabletrace.model.admission import Refusal
from cabletrace.personal import disclosures
from cabletrace.personal.commitment import commit
from drafts_for_tests import MAKER, Envelope
from house_for_tests import NAMES_KEY, House, at_the_machine, open_house

NAMES = {"/by/0/name": "质检员示例某", "/by/1/name": "库管员示例某"}
ROLES = ("inspector", "keeper")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def clear(**members: Any) -> Envelope:
    people = [{"role": role, "name": name} for role, name in zip(ROLES, NAMES.values(), strict=True)]
    return some.production(by=people, entered_for=MAKER, **members)


def committed(envelope: Envelope, salt: bytes = b"s") -> Envelope:
    """The same envelope as a client sends it that commits to the names itself."""
    made = deepcopy(envelope)
    made["disclosures"] = []
    for n, person in enumerate(made["draft"]["by"]):
        at, salt16 = f"/by/{n}/name", salt * 15 + bytes([n])
        made["disclosures"].append({"at": at, "salt": format_salt(salt16), "value": person["name"]})
        person["name"] = commit(salt16, at, person["name"])
    return made


def wrong(envelope: Envelope) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as raised:
        prepare(envelope, at_the_machine())
    return raised.value.problems


# --- what is taken ------------------------------------------------------------------------------------


def test_what_a_client_committed_is_stored_as_it_came_and_opens(house: House) -> None:
    envelope = committed(clear())

    (receipt,) = house.happened(envelope)

    with house.reading() as tx:
        row = read_row(tx, receipt.seq)
        ((_, opened),) = disclosures.read(tx, [receipt.event_id]).items()
        found = disclosures.named(tx, NAMES_KEY, "库管员示例某")
    assert row is not None
    assert decode_payload(row.payload).draft in row.payload
    for person in envelope["draft"]["by"]:
        assert person["name"].encode() in row.payload
    assert {each.pointer: each.value for each in opened} == NAMES
    assert found == [(receipt.event_id, "/by/1/name")]


def test_a_draft_without_persons_may_come_with_an_empty_list(house: House) -> None:
    envelope = some.production(entered_for=MAKER)
    envelope["disclosures"] = []

    (answer,) = house.record(envelope)

    assert isinstance(answer, Receipt)


@pytest.mark.parametrize("first", [clear, lambda **members: committed(clear(**members))])
@pytest.mark.parametrize("together", [True, False])
def test_whoever_committed_the_same_draft_again_gets_the_first_receipt(
    house: House, first: Callable[..., Envelope], together: bool
) -> None:
    """Drafts are compared by what they say: the salts of the second are another chance, and are not kept."""
    envelope = clear()
    sent = envelope if first is clear else committed(envelope)
    again = [committed(envelope), committed(envelope, b"t"), deepcopy(envelope)]

    answers = house.record(sent, *again) if together else [*house.record(sent), *house.record(*again)]

    receipts = [each for each in answers if isinstance(each, Receipt)]
    assert len({each.seq for each in receipts}) == 1
    assert len(receipts) == 4


def test_another_name_under_the_same_id_is_another_content(house: House) -> None:
    envelope = clear()
    house.happened(committed(envelope))
    envelope["draft"]["by"][1]["name"] = "另一个人"

    answers = house.record(committed(envelope), envelope)

    for answer in answers:
        assert isinstance(answer, Refusal)
        assert answer.problems[0].code == "same-id-other-content"


# --- what is refused ----------------------------------------------------------------------------------


def _without(n: int) -> Envelope:
    envelope = committed(clear())
    del envelope["disclosures"][n]
    return envelope


def _with(n: int, **members: Any) -> Envelope:
    envelope = committed(clear())
    envelope["disclosures"][n].update(members)
    return envelope


def _more(**member: Any) -> Envelope:
    envelope = committed(clear())
    envelope["disclosures"].append({**envelope["disclosures"][0], **member})
    return envelope


def _mixed() -> Envelope:
    envelope = committed(clear())
    envelope["draft"]["by"][0]["name"] = NAMES["/by/0/name"]
    del envelope["disclosures"][0]
    return envelope


def _beside_clear_text() -> Envelope:
    return {**clear(), "disclosures": committed(clear())["disclosures"]}


def _undisclosed() -> Envelope:
    envelope = committed(clear())
    del envelope["disclosures"]
    return envelope


@pytest.mark.parametrize(
    ("envelope", "where"),
    [
        (_without(1), ["/by/1/name"]),
        (_undisclosed(), ["/by/0/name", "/by/1/name"]),
        (_mixed(), ["/by/0/name"]),
        (_beside_clear_text(), ["/disclosures/0/at", "/disclosures/1/at"]),
        (_with(0, value="质检员另某"), ["/disclosures/0"]),
        (_with(0, salt=format_salt(b"x" * 16)), ["/disclosures/0"]),
        (_with(0, at="/by/1/name"), ["/by/0/name", "/disclosures/1/at", "/disclosures/0"]),
        (_with(0, salt="short"), ["/disclosures/0"]),
        (_with(0, salt=5), ["/disclosures/0"]),
        (_with(0, value=5), ["/disclosures/0"]),
        (_with(0, note=""), ["/disclosures/0"]),
        (_more(), ["/disclosures/2/at"]),
        (_more(at="/body/product"), ["/disclosures/2/at"]),
        (_more(at="/by/2/name"), ["/disclosures/2/at"]),
        ({**clear(), "disclosures": ["a", 5]}, ["/disclosures/0", "/disclosures/1"]),
        ({**clear(), "disclosures": "all"}, ["/disclosures"]),
    ],
    ids=lambda value: None if isinstance(value, dict) else " ".join(value),
)
def test_what_does_not_open_to_the_last_field_is_refused_in_its_place(
    envelope: Envelope, where: list[str]
) -> None:
    problems = wrong(envelope)

    assert sorted(problem.where for problem in problems) == sorted(where)
    assert {problem.code for problem in problems} == {"wrong-disclosure"}
    for problem in problems:
        assert "示例某" not in repr(problem)


@pytest.mark.parametrize("name", ["", " 示例某", "示例某\n", "示" * 101])
def test_the_clear_text_is_held_to_what_the_field_is_held_to(name: str) -> None:
    envelope = clear()
    envelope["draft"]["by"][1]["name"] = name

    (problem,) = wrong(committed(envelope))

    assert (problem.code, problem.where, problem.came) == ("wrong-input", "/disclosures/1/value", "")


# --- errors name nobody -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members",
    [
        {"by": [{"role": "keeper", "name": " 张示例"}]},
        {"by": [{"role": "keeper", "Name": "张示例"}]},
        {"by": [{"role": "keeper", "name": ["张示例"]}]},
        {"by": ["张示例"]},
        {"by": "张示例"},
    ],
)
def test_a_refusal_does_not_repeat_a_name(members: dict[str, Any]) -> None:
    envelope = some.production(entered_for=MAKER)
    envelope["draft"].update(members)

    answer = prepared_or_refused(envelope, at_the_machine())

    assert isinstance(answer, Refusal)
    assert "张示例" not in repr([(each.came, each.detail, each.remedy) for each in answer.problems])


@pytest.mark.parametrize("complainant", [{"name": "张示例", "phone": "1"}, "张示例 000-1234"])
def test_a_refusal_does_not_repeat_who_complains(complainant: Any) -> None:
    body = {"text": "线发烫", "complainant": complainant, "wants": "refund"}
    envelope = some.envelope("complaint", {"party": MAKER}, body, on="2026-05-01")

    answer = prepared_or_refused(envelope, at_the_machine())

    assert isinstance(answer, Refusal)
    assert "张示例" not in repr([(each.came, each.detail, each.remedy) for each in answer.problems])


def test_a_refusal_does_say_which_role_there_is_none() -> None:
    envelope = some.production(by=[{"role": "boss", "name": "张示例"}], entered_for=MAKER)

    (problem,) = wrong(envelope)

    assert (problem.where, problem.came) == ("/by/0/role", "boss")
