"""What stands on the labels of a batch, and who is told it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.codes.trace_code import BatchCode, mac_matches, parse_code
from cabletrace.codes.unit_ranges import UnitRange
from cabletrace.errors import InputError
from cabletrace.labels.label import Label
from cabletrace.queries.labels import labels_of

KEY = b"k" * 32
Ask = Callable[..., tuple[Label, ...] | None]


@pytest.fixture
def ask(tx: Connection, ledger: Any, who: Callable[[str], Actor]) -> Ask:
    def asked(
        by: str = "maker", *, units: tuple[UnitRange, ...] = (), most: int = 4
    ) -> tuple[Label, ...] | None:
        return labels_of(
            tx, who(by), ledger.code["L1"], keys={1: KEY}, public_host="trace.example", units=units, most=most
        )

    return asked


def test_every_unit_has_a_label_that_names_it_and_its_batch(ask: Ask, ledger: Any) -> None:
    found = ask()

    assert found is not None
    assert [(each.unit, each.length_mm) for each in found] == [(unit, 250_000) for unit in (1, 2, 3, 4)]
    assert {(each.maker, each.lot, each.produced_on) for each in found} == {
        ("周口市示例电缆有限公司", "L1", date(2026, 4, 1))
    }
    for each in found:
        code = parse_code(each.printed)
        assert not isinstance(code, BatchCode)
        assert (code.batch.canonical, code.unit) == (ledger.code["L1"], each.unit)
        assert mac_matches(code, KEY)
        assert each.url == f"https://trace.example/c/{code.canonical}"


def test_only_those_that_were_asked_for_are_made(ask: Ask) -> None:
    found = ask(units=(UnitRange(2, 3),), most=2)

    assert found is not None
    assert [each.unit for each in found] == [2, 3]


def test_more_than_one_file_holds_is_refused_whole(ask: Ask) -> None:
    with pytest.raises(InputError) as refused:
        ask(most=3)

    assert (refused.value.code, refused.value.problems[0].where) == ("too-large", "units")


def test_another_maker_is_told_nothing(ask: Ask) -> None:
    assert ask("other maker") is None


def test_whoever_only_buys_is_refused(ask: Ask) -> None:
    with pytest.raises(InputError) as refused:
        ask("dealer")

    assert refused.value.code == "not-allowed"
