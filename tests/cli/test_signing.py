"""``cabletrace sign`` and ``prove-key``: an organisation signs without an installation, with a key of ours or of openssl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner

import drafts_for_tests as some
from cabletrace.cli.main import app
from cabletrace.errors import InputError
from cabletrace.ledger import canonical
from cabletrace.model.possession import possession_statement, proves_possession
from cabletrace.model.signature import public_key_of, verifies
from cabletrace.model.values import usual_key_id
from cabletrace.personal.commitment import is_commitment

SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = public_key_of(PRIVATE)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "maker.seed"
    file.write_bytes(SEED)
    return file


def signed(key: Path, draft: dict[str, Any], *more: str) -> dict[str, Any]:
    came = CliRunner().invoke(app, ["sign", "--key", str(key), *more], input=json.dumps(draft, indent=2))
    if came.exception is not None:
        raise came.exception
    envelope: dict[str, Any] = json.loads(came.stdout)
    return envelope


def test_what_it_signs_are_the_canonical_bytes_of_the_draft(key: Path) -> None:
    draft = some.production()["draft"]

    envelope = signed(key, draft)

    assert envelope.keys() == {"draft", "signature"}
    assert envelope["draft"] == draft
    assert envelope["signature"]["key"] == usual_key_id(PUBLIC)
    assert verifies(PUBLIC, envelope["signature"]["value"], canonical.encode(draft))


def test_a_draft_is_read_from_a_file_and_the_id_of_the_key_may_be_given(key: Path, tmp_path: Path) -> None:
    draft, id_ = some.production()["draft"], "00000000-0000-4000-8000-0000000000c1"
    (tmp_path / "draft.json").write_text(json.dumps(draft))

    envelope = signed(key, {}, "--key-id", id_, str(tmp_path / "draft.json"))

    assert envelope["signature"]["key"] == id_
    assert verifies(PUBLIC, envelope["signature"]["value"], canonical.encode(draft))


def test_names_are_committed_before_signing_and_disclosed_beside(key: Path) -> None:
    draft = some.production(by=[{"role": "inspector", "name": "质检员示例某"}])["draft"]

    envelope = signed(key, draft)

    assert is_commitment(envelope["draft"]["by"][0]["name"])
    (disclosure,) = envelope["disclosures"]
    assert (disclosure["at"], disclosure["value"]) == ("/by/0/name", "质检员示例某")
    assert len(disclosure["salt"]) == 22
    assert verifies(PUBLIC, envelope["signature"]["value"], canonical.encode(envelope["draft"]))


def test_a_key_of_openssl_signs_too(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    draft = some.production()["draft"]

    assert verifies(PUBLIC, signed(file, draft)["signature"]["value"], canonical.encode(draft))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SEED + b"\n",
        b"-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n",
        PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
    ids=["empty", "33 bytes", "no PEM", "with a passphrase", "another curve"],
)
def test_what_is_no_private_key_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key").write_bytes(data)

    with pytest.raises(InputError) as refused:
        signed(tmp_path / "key", some.production()["draft"])

    assert refused.value.problems[0].where == "--key"


@pytest.mark.parametrize("draft", [{}, {"id": 1}, some.production()])
def test_what_the_door_would_refuse_is_not_signed(key: Path, draft: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        signed(key, draft)


def test_a_proof_of_possession_fits_the_event_that_registers_the_key(key: Path) -> None:
    event, other = "0197a3d0-0000-7000-8000-000000000002", "00000000-0000-4000-8000-0000000000c1"
    words = ["prove-key", "--key", str(key), some.ORIGIN, some.MAKER, event]

    usual, chosen = (CliRunner().invoke(app, [*words, *more]) for more in ([], ["--key-id", other]))

    for came, id_ in ((usual, usual_key_id(PUBLIC)), (chosen, other)):
        statement = possession_statement(origin=some.ORIGIN, owner=some.MAKER, key=id_, event=event)
        assert came.exit_code == 0
        assert proves_possession(PUBLIC, came.stdout.strip(), statement)


def test_a_statement_with_two_readings_is_not_signed(key: Path) -> None:
    came = CliRunner().invoke(app, ["prove-key", "--key", str(key), "a ledger", some.MAKER, "an event"])

    assert isinstance(came.exception, InputError)
    assert "spaces" in str(came.exception)


def test_keygen_says_how_its_key_is_registered(tmp_path: Path) -> None:
    came = CliRunner().invoke(app, ["keygen", "maker", str(tmp_path / "seed"), "--json"])

    said = json.loads(came.stdout)
    made = Ed25519PrivateKey.from_private_bytes((tmp_path / "seed").read_bytes())
    assert said["public_key"] == public_key_of(made)
    assert said["key"] == usual_key_id(said["public_key"])
