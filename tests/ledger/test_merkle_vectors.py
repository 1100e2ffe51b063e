"""The public proof vectors of transparency-dev/merkle, read beside the repository when they are there."""

import base64
import json
import os
from pathlib import Path

import pytest

from cabletrace.ledger.tree import ProofError, check_consistency, check_inclusion

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "merkle"


def vectors(kind: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    found = [json.loads(path.read_bytes()) for path in sorted((VECTORS / kind).rglob("*.json"))]
    if not found:
        assert os.environ.get("CABLETRACE_REQUIRE_VECTORS") != "1", f"no vectors in {VECTORS / kind}"
        with capsys.disabled():
            print(f"\n*** NOT CHECKED: the public {kind} vectors are not here ({VECTORS / kind}) ***")
    return found


def raw(text: object) -> bytes:
    return base64.b64decode(str(text)) if text else b""


def test_every_inclusion_vector_is_judged_as_its_authors_say(capsys):
    for vector in vectors("inclusion", capsys):
        proof = [raw(each) for each in vector["proof"] or ()]
        place = vector["leafIdx"], vector["treeSize"]
        if vector["wantErr"]:
            with pytest.raises(ProofError):
                check_inclusion(raw(vector["leafHash"]), *place, proof, raw(vector["root"]))
        else:
            check_inclusion(raw(vector["leafHash"]), *place, proof, raw(vector["root"]))


def test_every_consistency_vector_is_judged_as_its_authors_say(capsys):
    for vector in vectors("consistency", capsys):
        proof = [raw(each) for each in vector["proof"] or ()]
        sizes, roots = (vector["size1"], vector["size2"]), (raw(vector["root1"]), raw(vector["root2"]))
        if vector["wantErr"]:
            with pytest.raises(ProofError):
                check_consistency(*sizes, *roots, proof)
        else:
            check_consistency(*sizes, *roots, proof)
