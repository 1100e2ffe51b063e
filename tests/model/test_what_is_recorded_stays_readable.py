"""Checks that came later refuse what is said now and leave alone what ledgers hold: it was accepted when it was said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cabletrace.errors import InputError
from cabletrace.model.drafts import parse_draft
from drafts_for_tests import MAKER, Envelope, certificate, complaint, correction, notice_reply

EVENT = "00000000-0000-4000-8000-000000000001"


def with_body(envelope: Envelope, **members: Any) -> Envelope:
    envelope["draft"]["body"] |= members
    return envelope


SAID: dict[str, Any] = {
    "a control character in a text": with_body(complaint(), text="a\x07b"),
    "areas the wrong way round": certificate(
        scope={"least_area_mm2": "240", "largest_area_mm2": "1.5"}, entered_for=MAKER
    ),
    "metres of nothing": with_body(notice_reply(EVENT, action="none-found"), length_mm=1_000),
    "the same in a correction": correction(
        certificate(entered_for=MAKER),
        certificate(scope={"least_area_mm2": "240", "largest_area_mm2": "1.5"}, entered_for=MAKER),
        entered_for=MAKER,
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_it_is_refused_when_it_is_said_and_read_when_it_is_recorded(what: str) -> None:
    data = json.dumps(SAID[what]["draft"]).encode()

    with pytest.raises(InputError):
        parse_draft(data)
    assert parse_draft(data, recorded=True).kind == SAID[what]["draft"]["kind"]


def test_what_is_no_draft_is_none_whether_it_is_recorded_or_not() -> None:
    for recorded in (False, True):
        with pytest.raises(InputError):
            parse_draft(b'{"kind":"party"}', recorded=recorded)
