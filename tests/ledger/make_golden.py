"""Writes the golden payloads: ``python tests/ledger/make_golden.py``, once for each new schema version.

Everything in them is fixed, keys and salts included, so that the same bytes come out again.
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabletrace.ledger import canonical
from cabletrace.ledger.payload import encode_payload, format_salt, payload_digest
from cabletrace.personal.commitment import commit

GOLDEN = Path(__file__).parent / "golden"

SALT = format_salt(bytes(range(16)))
ACTOR = {"party": "p-maker", "account": "0196a000-0000-7000-8000-00000000000a"}
#: The organisation's signing key of `signed.payload`.
ORGANISATION = Ed25519PrivateKey.from_private_bytes(b"\x2a" * 32)


def server(*streams: dict[str, object], marks: tuple[str, ...] = (), **assigned: object) -> dict[str, object]:
    return {"actor": ACTOR, "assigned": assigned, "marks": list(marks), "streams": list(streams)}


def payload(minute: int, draft: bytes, server: dict[str, object], **more: object) -> bytes:
    at = f"2026-05-02T00:{minute:02}:00.123Z"
    return encode_payload(draft=draft, recorded_at=at, salt=SALT, server=server, **more)


def golden() -> dict[str, bytes]:
    """Every golden file by name."""
    dispatch = {
        "id": "0196a000-0000-7000-8000-000000000001",
        "kind": "dispatch",
        "subject": {"batch": "0123456789"},
        "occurred_at": "2026-05-02T08:29:00+08:00",
        "body": {"to": "p-shop", "length_mm": 100_000, "delivery_note": "DN-1"},
    }
    plain = payload(30, canonical.encode(dispatch), server({"n": 0, "name": "batch:012345678"}))
    before = payload_digest(plain).hex()

    production = canonical.encode(
        {
            "id": "0196a000-0000-7000-8000-000000000002",
            "kind": "production",
            "subject": {"batch": {"maker": "p-maker", "lot": "甲-20260502"}},
            "occurred_at": "2026-05-01T00:00:00+08:00",
            "precision": "day",
            "place": {
                "region": "330102",
                "name": '一号车间 \u201c东\u201d\n\t"\\/\u007f😀',
                "type": "factory",
            },
            "body": {"units": [{"count": 100, "length_mm": 100_000}], "resistance": "7.14", "ask": True},
        }
    )
    several = server(
        {"n": 0, "name": "batch:112345678"},
        {"n": 9_007_199_254_740_991, "name": "party:p-maker", "prev": before},
        {"n": 1, "name": "product:bv-2.5", "prev": "f" * 64},
        marks=("recorded-late",),
        batch="112345678Z",
        key_version=1,
    )
    signature = {
        "key": "k-1",
        "value": base64.b64encode(ORGANISATION.sign(production)).decode(),
    }

    correction = {
        "id": "0196a000-0000-7000-8000-000000000003",
        "kind": "correction",
        "subject": {"batch": "0123456789"},
        "body": {"corrects": before, "reason": "长度录错", "body": dispatch["body"] | {"length_mm": 90_000}},
    }
    corrected = payload(
        33, canonical.encode(correction), server({"n": 1, "name": "batch:012345678", "prev": before})
    )

    said = [
        {"at": "/by/0/name", "salt": format_salt(b"\x11" * 16), "value": "示例甲"},
        {"at": "/body/complainant/phone", "salt": format_salt(b"\x22" * 16), "value": "000-0000"},
    ]
    commitments = [
        commit(salt * 16, str(one["at"]), one["value"])
        for salt, one in zip((b"\x11", b"\x22"), said, strict=True)
    ]
    complaint = {
        "id": "0196a000-0000-7000-8000-000000000004",
        "kind": "complaint",
        "subject": {"case": "c-1"},
        "by": [{"role": "clerk", "name": commitments[0]}],
        "body": {"complainant": {"phone": commitments[1]}},
    }
    personal = payload(34, canonical.encode(complaint), server({"n": 0, "name": "case:c-1"}))
    erasing = {
        "id": "0196a000-0000-7000-8000-000000000005",
        "kind": "erasure",
        "subject": {"case": "c-1"},
        "body": {"commitments": [commitments[1]], "ground": "个人信息保护法第四十七条"},
    }
    erasure = payload(
        35,
        canonical.encode(erasing),
        server({"n": 1, "name": "case:c-1", "prev": payload_digest(personal).hex()}),
    )

    payloads = {
        "plain": plain,
        "several-streams": payload(31, production, several),
        "signed": payload(32, production, several, signature=signature),
        "corrected": corrected,
        "personal": personal,
        "erasure": erasure,
    }
    return {f"{name}.payload": data for name, data in payloads.items()} | {
        "personal.disclosures.json": listing(said),
        "personal.disclosures-after.json": listing(said[:1]),
        "digests.json": listing({name: payload_digest(data).hex() for name, data in payloads.items()}),
    }


def listing(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, data in golden().items():
        (GOLDEN / name).write_bytes(data)
