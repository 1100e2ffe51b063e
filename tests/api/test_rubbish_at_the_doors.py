"""Rubbish at every door: a clear answer in both languages, never a 500, and nothing half-written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from drafts_for_tests import MAKER, batch_of, dispatch, party, production
from service_for_tests import Service

JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv", "X-File-Name": "a.csv"}


def is_clear(answer: Any) -> bool:
    """Whether an answer is a problem that somebody can act on, in either language."""
    if not 400 <= answer.status_code < 500 or answer.headers["Content-Type"] != "application/problem+json":
        return False
    document = answer.json()
    return document["status"] == answer.status_code and all(
        problem["detail"]["zh"] and problem["detail"]["en"] and problem["title"]["zh"]
        for problem in document["problems"]
    )


def nested(depth: int) -> bytes:
    return b'{"draft":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


def draft(**members: Any) -> bytes:
    """A dispatch with some members changed."""
    envelope = dispatch(units=[(3, 3)])
    envelope["draft"].update(members)
    return json.dumps(envelope, ensure_ascii=False).encode()


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"draft=1",
    "half a JSON": b'{"draft":{"id":',
    "two values": b"{}{}",
    "an array": b"[]",
    "a number": b"7",
    "null": b"null",
    "no draft": b"{}",
    "draft is a list": b'{"draft":[]}',
    "draft is null": b'{"draft":null}',
    "a member twice": b'{"draft":{"id":"a","id":"b"}}',
    "the draft twice": b'{"draft":{},"draft":{}}',
    "a stranger beside it": b'{"draft":{},"x":1}',
    "deep": nested(40),
    "very deep": nested(5_000),
    "a huge integer": b'{"draft":{"n":' + b"9" * 400 + b"}}",
    "an integer beyond 2^53": b'{"draft":{"n":9007199254740993}}',
    "a huge exponent": b'{"draft":{"n":1e400}}',
    "a float": draft(body={"to": MAKER, "region": "411602", "units": [[3, 3.5]]}),
    "NaN": b'{"draft":{"n":NaN}}',
    "a lone surrogate": b'{"draft":{"id":"\\ud800"}}',
    "a lone surrogate as name": b'{"draft":{"\\udfff":1}}',
    "not NFC": '{"draft":{"id":"e\u0301"}}'.encode(),
    "GB18030": '{"draft":{"id":"批号"}}'.encode("gb18030"),
    "UTF-16": '{"draft":{}}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + draft(),
    "overlong UTF-8": b'{"draft":{"id":"\xc0\xaf"}}',
    "a NUL": b'{"draft":{"id":"\\u0000"}}',
    "raw control characters": b'{"draft":{"id":"\x01\x02"}}',
    "an unknown kind": draft(kind="explosion"),
    "the kind is a list": draft(kind=["dispatch"]),
    "an id that is none": draft(id="../../etc/passwd"),
    "the future": draft(occurred_at="2126-01-01T00:00:00+08:00", precision="day"),
    "no such day": draft(occurred_at="2026-02-30T00:00:00+08:00"),
    "no offset": draft(occurred_at="2026-04-10T00:00:00"),
    "a region of nowhere": draft(body={"to": MAKER, "region": "999999", "units": [[3, 3]]}),
    "units backwards": draft(body={"to": MAKER, "region": "411602", "units": [[3, 2]]}),
    "a negative length": draft(body={"to": MAKER, "region": "411602", "length_mm": -1}),
    "true for a number": draft(body={"to": MAKER, "region": "411602", "length_mm": True}),
    "another one's batch": json.dumps(dispatch(batch_of(MAKER, "no such lot"), units=[(1, 1)])).encode(),
    "a text of 100,000 characters": draft(entered_for="x" * 100_000),
    "events is no list": b'{"events":{}}',
    "no events": b'{"events":[]}',
    "too many events": b'{"events":[' + b",".join([b"{}"] * 1_001) + b"]}",
    "events with company": b'{"events":[{}],"draft":{}}',
}


@pytest.fixture(autouse=True)
def nothing_is_written(service: Service) -> Iterator[None]:
    size = service.size
    yield
    assert service.size == size


@pytest.mark.parametrize("what", BODIES)
def test_a_body_of_rubbish_is_refused_in_clear_words(service: Service, what: str) -> None:
    answer = service.ask("maker", "POST", "/api/v1/events", content=BODIES[what], headers=JSON)

    assert is_clear(answer), (answer.status_code, answer.text)


def test_each_of_many_rubbish_events_is_answered_by_itself(service: Service) -> None:
    some = [{}, 7, None, [], {"draft": 1}, {"draft": {"kind": "x"}}, dispatch(units=[(9, 9)])]

    answer = service.ask("maker", "POST", "/api/v1/events", json={"events": [each for each in some if each is not None]})  # fmt: skip

    members = answer.json()["events"]
    assert answer.status_code == 200
    assert [400 <= member["status"] < 500 for member in members] == [True] * 6
    assert all(problem["detail"]["en"] for member in members for problem in member["problems"])
    assert answer.json()["checkpoint"] == ""


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=gbk",
        "json",
        "a/b; \x7f",
    ],
)
def test_a_body_that_is_not_said_to_be_json_is_not_read(service: Service, media_type: str) -> None:
    answer = service.ask(
        "maker", "POST", "/api/v1/events", content=draft(), headers={"Content-Type": media_type}
    )

    assert answer.status_code == 415
    assert is_clear(answer)


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/keys", "/api/v1/imports"])
def test_a_packed_body_is_refused_as_such(service: Service, path: str) -> None:
    kind = CSV if path.endswith("imports") else JSON
    packed = gzip.compress(draft())

    answer = service.ask("maker", "POST", path, content=packed, headers={**kind, "Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (415, "Content-Encoding")
    assert is_clear(answer)


def test_json_in_another_encoding_is_told_so_in_both_languages(service: Service) -> None:
    answer = service.ask("maker", "POST", "/api/v1/events", content=BODIES["GB18030"], headers=JSON)

    (problem,) = answer.json()["problems"]
    assert problem["detail"] == {"zh": "不是 UTF-8 编码：第 17 个字节", "en": "not in UTF-8: byte 17"}


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/keys", "/api/v1/imports"])
def test_an_oversized_body_is_refused_by_what_it_declares(service: Service, path: str) -> None:
    kind = CSV if path.endswith("imports") else JSON

    answer = service.ask("maker", "POST", path, content=b"", headers={**kind, "Content-Length": "99999999"})

    assert answer.status_code == 413
    assert is_clear(answer)


@pytest.mark.parametrize(
    ("path", "megabytes"), [("/api/v1/events", 17), ("/api/v1/keys", 1), ("/api/v1/imports", 31)]
)
def test_an_oversized_body_is_refused_while_it_comes(service: Service, path: str, megabytes: int) -> None:
    kind = CSV if path.endswith("imports") else JSON

    def pieces() -> Iterator[bytes]:
        for _ in range(megabytes):
            yield b" " * 1_000_000

    answer = service.ask("maker", "POST", path, content=pieces(), headers=kind)

    assert answer.status_code == 413
    assert is_clear(answer)


PATHS = [
    "/api/v1/batches/%00",
    "/api/v1/batches/%FF%FE",
    "/api/v1/batches/" + "A" * 5_000,
    "/api/v1/batches/批次",
    "/api/v1/batches/..%2f..%2fetc%2fpasswd",
    "/api/v1/batches/0000000000?up_to=" + "9" * 5_000,
    "/api/v1/batches/0000000000?up_to=-1",
    "/api/v1/batches/0000000000?up_to=1e3",
    "/api/v1/batches/0000000000/events?after=" + "9" * 30,
    "/api/v1/batches/0000000000/codes?units=1-99999999999999999999",
    "/api/v1/batches/0000000000/codes?units=%FF",
    "/api/v1/batches/0000000000/codes?units=9-1",
    "/api/v1/batches/0000000000/units/0/qr.svg",
    "/api/v1/batches/0000000000/units/99999999999999999999/qr.png",
    "/api/v1/batches/0000000000/units/x/qr.png",
    "/api/v1/batches",
    "/api/v1/batches?lot=",
    "/api/v1/batches?lot=" + "A" * 100,
    "/api/v1/events/%00",
    "/api/v1/events/no-id",
    "/api/v1/events/%F0%9F%92%A5/proof",
    "/api/v1/trace",
    "/api/v1/trace?product=P01",
    "/api/v1/trace?maker=a&batch=b",
    "/api/v1/trace?batch=%00",
    "/api/v1/search?q=" + "电" * 400,
    "/api/v1/search?limit=0",
    "/api/v1/search?limit=999999",
    "/api/v1/search?after=x",
    "/api/v1/alerts?rule=nonsense",
    "/api/v1/alerts?after=x",
    "/api/v1/alerts?after=" + "9" * 150 + ".0",
    "/api/v1/alerts?after=1.²",
    "/api/v1/parties?after=x",
    "/api/v1/parties/%00",
    "/api/v1/products?after=%00",
    "/api/v1/products/%00/%00",
    "/api/v1/certificates/a/b/c",
    "/api/v1/projects/%FF",
    "/api/v1/imports/%00",
    "/c/%00",
    "/c/%FF",
    "/c/" + "0" * 4_000,
    "/c/１２３",
    "/ledger/tile/0/000.p/0",
    "/ledger/tile/0/000.p/256",
    "/ledger/tile/0/000.p/255",
    "/ledger/tile/64/000",
    "/ledger/tile/99999/000",
    "/ledger/tile/0/x999/x999/x999/x999/x999/x999/999",
    "/ledger/tile/entries/001",
    "/ledger/tile/0/000%00",
    "/ledger/tile/",
    "/ledger/tile/../../../etc/passwd",
    "/api/v1/",
    "/api/v2/events",
    "/api/v1/events/",
    "/%00",
]


@pytest.mark.parametrize("path", PATHS)
def test_an_address_of_rubbish_is_refused_in_clear_words(service: Service, path: str) -> None:
    answer = service.ask("maker", "GET", path)

    assert is_clear(answer), (answer.status_code, answer.text)


@pytest.mark.parametrize(
    "query", ["%00", "%FF%FE", '"*', "AND OR NOT NEAR(", "' or 1=1 --", "😀", "%", "a*", "(", "　"]
)
def test_a_search_for_rubbish_finds_nothing_or_is_refused(service: Service, query: str) -> None:
    answer = service.ask("maker", "GET", f"/api/v1/search?q={query}")

    assert answer.status_code == 200 or is_clear(answer), answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "nonsense"])
def test_a_method_that_is_not_there_is_refused_with_those_that_are(service: Service, method: str) -> None:
    answer = service.ask("maker", method, "/api/v1/keys")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert is_clear(answer)


KEYS: dict[str, Any] = {
    "nothing": {},
    "wrong types": {"label": 7, "actions": "read:search", "expires_at": 12345},
    "no offset": {"label": "a", "actions": ["read:search"], "expires_at": "2026-07-01T00:00:00"},
    "too far": {"label": "a", "actions": ["read:search"], "expires_at": "2099-07-01T00:00:00Z"},
    "seconds since 1970": {"label": "a", "actions": ["read:search"], "expires_at": "1783000000"},
    "year 10000": {"label": "a", "actions": ["read:search"], "expires_at": "9999-12-31T23:59:59-23:59"},
    "unknown action": {"label": "a", "actions": ["fly"], "expires_at": "2026-07-01T00:00:00Z"},
    "not the account's": {"label": "a", "actions": ["manage:accounts"], "expires_at": "2026-07-01T00:00:00Z"},
    "stranger": {"label": "a", "actions": ["read:search"], "expires_at": "2026-07-01T00:00:00Z", "x": 1},
}


@pytest.mark.parametrize("what", KEYS)
def test_a_key_is_not_made_of_rubbish(service: Service, what: str) -> None:
    answer = service.ask("maker", "POST", "/api/v1/keys", json=KEYS[what])

    assert answer.status_code == 422
    assert is_clear(answer), answer.text


FILES: dict[str, bytes] = {
    "nothing": b"",
    "zeros": bytes(10_000),
    "a torn archive": b"PK\x03\x04" + b"\xff" * 1_000,
    "no table": "你好\n世界\n".encode(),
    "invalid UTF-8": b"\xff\xfe\x00\x00\x81",
    "one long line": b"a," * 100_000,
}


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_file_of_rubbish_is_refused_at_once(service: Service, what: str, dry_run: str) -> None:
    answer = service.ask(
        "maker", "POST", f"/api/v1/imports?dry_run={dry_run}", content=FILES[what], headers=CSV
    )

    assert is_clear(answer), (answer.status_code, answer.text)


FORMS: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"--a\r\n\r\n"),
    "torn": ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="file"'),
    "no file": ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--a--\r\n'),
    "no name": ("multipart/form-data; boundary=a", b"--a\r\n\r\nx\r\n--a--\r\n"),
    "two files": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n' * 2 + b"--a--\r\n",
    ),
    "bytes": ("multipart/form-data; boundary=a", b"\x00\xff" * 500),
}  # fmt: skip


@pytest.mark.parametrize("what", FORMS)
def test_a_form_of_rubbish_is_refused(service: Service, what: str) -> None:
    media_type, body = FORMS[what]

    answer = service.ask(
        "maker", "POST", "/api/v1/imports", content=body, headers={"Content-Type": media_type}
    )

    assert is_clear(answer), (answer.status_code, answer.text)


HEADERS: list[dict[str, str]] = [
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic YTpi"},
    {"Authorization": "Bearer ct_" + "0" * 10_000},
    {"Authorization": "Bearer \xff"},
    {"Cookie": "cabletrace_session=" + "x" * 3_000},
    {"Cookie": "cabletrace_session=\xff; ;=;"},
]


@pytest.mark.parametrize("headers", HEADERS)
def test_wrong_credentials_are_nobody_or_refused(service: Service, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    answer = service.client.get("/api/v1/parties", headers=raw)

    assert answer.status_code == 401
    assert is_clear(answer)


def test_a_browser_that_another_site_sends_records_nothing(service: Service) -> None:
    envelope = production("L9", entered_for=MAKER)
    cookie = [
        (b"Cookie", service.cookies("maker")["Cookie"].encode()),
        (b"Content-Type", b"application/json"),
    ]

    answers = [
        service.client.request(method, path, headers=[*cookie, (b"X-Form-Token", token)], content=body)
        for token in (b"", b"stolen", b"\xe9")
        for method, path, body in (
            ("POST", "/api/v1/events", json.dumps(envelope).encode()),
            ("POST", "/api/v1/keys", b"{}"),
            ("POST", "/api/v1/imports", b""),
            ("DELETE", f"/api/v1/keys/{uuid4()}", b""),
        )
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"wrong-form-token"}


def test_nobody_records_without_signing_in(service: Service) -> None:
    one = party(MAKER, "某厂", "manufacturer")

    answers = [
        service.client.post("/api/v1/events", json=body)
        for body in (one, {"events": [one]}, {}, {"events": []})
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
