"""Golden payloads of personal events: a complaint that the server committed, the same one committed by its client, and
its erasure. The bytes are the same for ever.

``python tests/personal/test_golden.py`` wrote them, once for this schema version; they are never changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cabletrace.intake.personal_fields import read_said
from cabletrace.ledger import canonical
from cabletrace.ledger.payload import decode_payload, encode_payload, format_salt, parse_salt
from cabletrace.model.drafts import parse_draft
from cabletrace.model.persons import persons_in
from cabletrace.personal.commitment import opens

GOLDEN = Path(__file__).parent / "golden"
SALTS = {
    "/by/0/name": b"\x11" * 16,
    "/body/complainant/name": b"\x22" * 16,
    "/body/complainant/phone": b"\x33" * 16,
}
COMPLAINT: dict[str, Any] = {
    "id": "0196a000-0000-7000-8000-000000000011",
    "kind": "complaint",
    "subject": {"party": "00000000-0000-4000-8000-0000000000a1"},
    "occurred_at": "2026-05-01T00:00:00+08:00",
    "precision": "day",
    "place": {"region": "411603"},
    "by": [{"role": "officer", "name": "示例甲"}],
    "body": {
        "text": "买来的线发烫",
        "complainant": {"name": "示例乙", "phone": "000-1234-5678"},
        "wants": "refund",
    },
}
ERASURE: dict[str, Any] = {
    "id": "0196a000-0000-7000-8000-000000000012",
    "kind": "erasure",
    "subject": {"event": COMPLAINT["id"], "kind": "complaint"},
    "body": {
        "pointers": ["/body/complainant/name", "/body/complainant/phone"],
        "ground": "purpose-achieved",
        "text": "投诉已办结",
    },
}


def payload(minute: int, draft: bytes) -> bytes:
    party = "00000000-0000-4000-8000-0000000000a2"
    server = {
        "actor": {"account": "00000000-0000-4000-8000-0000000000aa", "party": party},
        "assigned": {"receipt": "123456789012"} if b'"kind":"complaint"' in draft else {},
        "marks": [],
        "streams": [{"n": 0, "name": f"party:{party}"}],
    }
    at = f"2026-05-02T00:{minute:02}:00.123Z"
    return encode_payload(draft=draft, recorded_at=at, salt=format_salt(bytes(range(16))), server=server)


def golden() -> dict[str, bytes]:
    said = read_said(canonical.encode(COMPLAINT), None, SALTS.__getitem__)
    envelope = {
        "draft": json.loads(said.stored),
        "disclosures": [
            {"at": each.pointer, "salt": format_salt(each.salt), "value": each.value} for each in said.opened
        ],
    }
    return {
        "complaint.payload": payload(30, said.stored),
        "complaint.envelope.json": json.dumps(envelope, ensure_ascii=False, indent=1).encode() + b"\n",
        "erasure.payload": payload(31, canonical.encode(ERASURE)),
    }


def test_the_bytes_are_what_they_were() -> None:
    assert {path.name: path.read_bytes() for path in GOLDEN.iterdir()} == golden()


def test_what_a_client_has_committed_is_stored_as_what_the_server_commits() -> None:
    envelope = json.loads((GOLDEN / "complaint.envelope.json").read_bytes())
    sent = canonical.encode(envelope["draft"])

    said = read_said(sent, envelope["disclosures"], lambda _: b"")

    stored = decode_payload((GOLDEN / "complaint.payload").read_bytes()).draft
    assert said.stored == sent == stored
    assert said.clear == canonical.encode(COMPLAINT)
    assert {each.pointer: each.salt for each in said.opened} == SALTS


def test_the_golden_complaint_opens_with_what_stands_beside_it_and_names_nobody() -> None:
    data = (GOLDEN / "complaint.payload").read_bytes()
    envelope = json.loads((GOLDEN / "complaint.envelope.json").read_bytes())
    beside = {each["at"]: each for each in envelope["disclosures"]}

    for field in persons_in(parse_draft(decode_payload(data).draft)):
        each = beside.pop(field.pointer)
        assert opens(field.value, parse_salt(each["salt"]), field.pointer, each["value"])
        assert each["value"].encode() not in data
    assert beside == {}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, data in golden().items():
        (GOLDEN / name).write_bytes(data)
