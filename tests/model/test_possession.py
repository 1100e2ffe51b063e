"""The statement by which the holder of a private key says that it is his: one reading, kept apart from all else."""

from __future__ import annotations

import pytest

from cabletrace.model.possession import possession_statement, prove_possession, proves_possession
from drafts_for_tests import private_key, public_key

PARTS = {"origin": "trace.example/ledger", "owner": "91411603MA1TEXT06R", "key": "k", "event": "e"}


def test_the_statement_is_five_lines() -> None:
    assert possession_statement(**PARTS) == (
        b"cabletrace key possession v1\ntrace.example/ledger\n91411603MA1TEXT06R\nk\ne\n"
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["", "two words", "two\nlines", " k", "k\u2028e"])
def test_a_part_that_could_be_read_as_two_is_refused(part: str, text: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        possession_statement(**{**PARTS, part: text})


def test_a_proof_fits_its_key_and_its_statement_alone() -> None:
    statement = possession_statement(**PARTS)
    proof = prove_possession(private_key("mine"), statement)

    assert proves_possession(public_key("mine"), proof, statement)
    assert not proves_possession(public_key("yours"), proof, statement)
    for part in PARTS:
        other = possession_statement(**{**PARTS, part: "other"})
        assert not proves_possession(public_key("mine"), proof, other)
