"""Requests to other authorities through real intake: their register is what a rebuild makes, and a third authority's is not there."""

from __future__ import annotations

from pathlib import Path

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.investigation import requests
from cabletrace.model.admission import Refusal
from cabletrace.queries.requests import request_page
from drafts_for_tests import MAKER, OPERATOR, REGULATOR
from house_for_tests import House, rebuilt, signed_in
from world_for_tests import NOON

CASE, REQUEST = "00000000-0000-4000-8000-0000000000a3", "00000000-0000-4000-8000-0000000000a5"
OTHER, THIRD = "00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000f3"


def issued(house: House) -> None:
    house.happened(
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
        some.party(THIRD, "西安市示例市场监督管理局", "regulator", region="610100", entered_for=OPERATOR),
        some.production(entered_for=MAKER),
    )
    about = cases.matter(batches=[house.code(MAKER)])
    house.happened(
        cases.case(CASE, about=about, entered_for=REGULATOR),
        cases.request(REQUEST, case=CASE, to=OTHER, about=about, entered_for=REGULATOR),
    )


def test_a_rebuild_gives_the_same_requests(house: House, tmp_path: Path) -> None:
    issued(house)
    house.happened(
        cases.request(None, "函2", case=CASE, to_name="某县市场监督管理局", entered_for=REGULATOR),
        cases.request_step(REQUEST, "received", entered_for=OTHER),
        cases.request_step(REQUEST, "accepted", entered_for=REGULATOR),
        cases.request_step(REQUEST, "extended", **cases.SAID_OF_REQUESTS["extended"], entered_for=OTHER),
    )

    dump = house.dump(kind="projection")

    assert (len(dump["request"]), len(dump["request_step"])) == (2, 3)
    assert rebuilt(house, tmp_path) == dump
    with house.reading() as tx:
        known = requests.requests(tx, [REQUEST])[REQUEST]
    assert known.state == "accepted"
    assert [step.on_paper for step in known.steps] == [False, True, False]


def test_a_step_is_judged_as_the_ledger_stands_after_a_restart(house: House) -> None:
    issued(house)
    house.restart()

    (third,) = house.record(cases.request_step(REQUEST, "received", entered_for=THIRD))
    house.restart()
    (again,) = house.record(cases.request(None, case=CASE, to=OTHER, entered_for=REGULATOR))
    house.happened(cases.request_step(REQUEST, "received", entered_for=OTHER))
    house.restart()
    (twice,) = house.record(cases.request_step(REQUEST, "received", entered_for=OTHER))

    refused = [
        {problem.code for problem in answer.problems} if isinstance(answer, Refusal) else set()
        for answer in (third, again, twice)
    ]
    assert refused == [{"request-unknown"}, {"case-number-taken"}, {"request-out-of-order"}]


def test_what_was_entered_wrong_is_put_right_and_the_way_must_still_hold(
    house: House, tmp_path: Path
) -> None:
    issued(house)
    received = cases.request_step(REQUEST, "received", on="2026-05-20", entered_for=OTHER)
    extended = cases.request_step(
        REQUEST, "extended", on="2026-05-22", **cases.SAID_OF_REQUESTS["extended"], entered_for=OTHER
    )
    house.happened(received, extended)
    earlier = cases.request_step(REQUEST, "received", on="2026-05-15", entered_for=OTHER)
    later = cases.request_step(REQUEST, "received", on="2026-05-25", entered_for=OTHER)

    (too_late,) = house.record(some.correction(received, later, entered_for=OTHER))
    (voided,) = house.record(some.correction(received, None, entered_for=OTHER))
    house.happened(some.correction(received, earlier, entered_for=OTHER))

    assert [
        {problem.code for problem in answer.problems} if isinstance(answer, Refusal) else set()
        for answer in (too_late, voided)
    ] == [{"breaks-the-way"}, {"breaks-the-way"}]
    with house.reading() as tx:
        known = requests.requests(tx, [REQUEST])[REQUEST]
        page = request_page(tx, signed_in(OTHER, Role.REGULATOR, "370100"), REQUEST, today=NOON.date())
    assert [str(step.on) for step in known.steps] == ["2026-05-15", "2026-05-22"]
    assert page is not None
    assert [str(step.on) for step in page.steps] == ["2026-05-15", "2026-05-22"]
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_a_letter_is_put_right_and_not_voided(house: House) -> None:
    issued(house)
    letter = cases.request(None, "函2", case=CASE, to=OTHER, entered_for=REGULATOR)
    house.happened(letter)
    id_ = letter["draft"]["subject"]["request"]
    right = cases.request(
        id_, "函3", case=CASE, to=OTHER, region="370102", officers=["丁", "戊"], entered_for=REGULATOR
    )

    (voided,) = house.record(some.correction(letter, None, entered_for=REGULATOR))
    house.happened(some.correction(letter, right, entered_for=REGULATOR))

    assert isinstance(voided, Refusal)
    assert {problem.code for problem in voided.problems} == {"beginning-stays"}
    with house.reading() as tx:
        known = requests.requests(tx, [id_])[id_]
        page = request_page(tx, signed_in(OTHER, Role.REGULATOR, "370100"), id_, today=NOON.date())
    assert (known.number, known.region) == ("函3", "370102")
    assert page is not None
    assert page.letter.contacts == ("丁", "戊")
