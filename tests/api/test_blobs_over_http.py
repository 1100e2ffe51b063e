"""Attachments over HTTP: brought, named by an event, opened by those who may, and by nobody else."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cabletrace.app.verify import verify_ledger
from cabletrace.blobs import store as store_module
from cabletrace.blobs import uploads
from cabletrace.blobs.content import MAX_BLOB_BYTES
from cabletrace.blobs.sweep import sweep
from cabletrace.db.engine import begin_write
from cabletrace.http import attaching
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from drafts_for_tests import DEALER, LABORATORY, MAKER, Envelope, certificate, receipt, report, sampling
from files_for_tests import document_of, name_of, pdf, photo, picture, png_of
from service_for_tests import FILE, Service
from world_for_tests import NOON

JPEG = {"Content-Type": "image/jpeg"}
PDF = {"Content-Type": "application/pdf"}


def address(data: bytes) -> str:
    return f"/api/v1/blobs/{name_of(data)}"


def bring(service: Service, who: str, data: bytes, media_type: str = "image/jpeg", **more: Any) -> Any:
    headers = {"Content-Type": media_type, **more.pop("headers", {})}
    return service.ask(who, "PUT", more.pop("path", address(data)), content=data, headers=headers, **more)


def record(service: Service, who: str, envelope: Envelope) -> Any:
    return service.ask(who, "POST", "/api/v1/events", json=envelope)


def happened(service: Service, *envelopes: Envelope) -> None:
    house = service.house
    answers = house.intake.record_now([prepare(each, house.at_the_machine()) for each in envelopes])
    assert [type(answer) for answer in answers] == [Receipt] * len(envelopes), answers


def opened_by(service: Service, data: bytes) -> set[str]:
    """Everybody to whom the file is open."""
    asked = ["anybody", *service.accounts]
    return {who for who in asked if service.ask(who, "GET", address(data)).status_code == 200}


def send_in_pieces(service: Service, data: bytes, coming: list[dict[str, Any]]) -> int:
    """Put the file as the maker, with these messages of the server; returns the status of the answer, 0 for none."""
    headers = {**JPEG, **service.cookies("maker")}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PUT", "scheme": "http",
        "path": address(data), "raw_path": b"", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80), "root_path": "",
    }  # fmt: skip
    status = 0

    async def receive() -> Any:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    asyncio.run(service.client.app(scope, receive, send))  # type: ignore[arg-type]
    return status


def stored(service: Service) -> set[str]:
    return {path.name for path in service.house.folder.blobs.rglob("*") if path.is_file()}


# --- bringing -----------------------------------------------------------------------------------------


def test_a_file_is_brought_once_and_again_without_harm(writing: Service) -> None:
    data = photo(10)

    first, again = bring(writing, "maker", data), bring(writing, "maker", data)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (
        first.json()
        == again.json()
        == {"sha256": name_of(data), "media_type": "image/jpeg", "size": len(data)}
    )


def test_nobody_learns_that_somebody_else_has_brought_the_same_file(writing: Service) -> None:
    data = photo(12)

    assert bring(writing, "maker", data).status_code == bring(writing, "dealer", data).status_code == 201


def test_a_file_is_brought_and_named_by_an_event_with_the_same_members(fresh: Service) -> None:
    brought = bring(fresh, "dealer", photo(20)).json()

    recorded = record(fresh, "dealer", receipt(units=[(3, 3)], documents=[{**brought, "name": "到货.jpg"}]))

    assert recorded.status_code == 201, recorded.text
    shown = fresh.ask("dealer", "GET", f"/api/v1/events/{recorded.json()['id']}").json()
    assert shown["happening"]["documents"] == [{**brought, "name": "到货.jpg"}]


def test_an_event_that_names_what_nobody_brought_is_refused_in_words(service: Service) -> None:
    size = service.size

    refused = record(
        service, "dealer", receipt(units=[(3, 3)], documents=[document_of(photo(21), "到货.jpg")])
    )

    document = refused.json()
    assert (refused.status_code, document["code"]) == (422, "document-missing")
    assert "「到货.jpg」没有上传" in document["problems"][0]["detail"]["zh"]
    assert service.size == size


def test_a_key_may_bring_what_it_was_given_for(writing: Service) -> None:
    def key_for(*actions: str) -> dict[str, str]:
        wanted = {"label": "ERP", "actions": list(actions), "expires_at": "2026-07-30T00:00:00+08:00"}
        return {
            "Authorization": f"Bearer {writing.ask('maker', 'POST', '/api/v1/keys', json=wanted).json()['text']}"
        }

    data = photo(22)
    mine, other = key_for("put:blob", "read:blob"), key_for("read:search")

    put = writing.client.put(address(data), content=data, headers=JPEG | mine)
    refused = writing.client.put(address(data), content=data, headers=JPEG | other)

    assert (put.status_code, refused.status_code) == (201, 403)
    assert writing.client.get(address(data), headers=mine).content == data
    assert writing.client.get(address(data), headers=other).status_code == 403
    assert writing.client.get(address(FILE["A"]), headers=mine).content == FILE["A"]
    assert writing.client.get(address(FILE["B"]), headers=mine).status_code == 404


def test_a_foreign_page_cannot_make_a_browser_bring_a_file(writing: Service) -> None:
    data = photo(23)
    cookie = {"Cookie": writing.cookies("maker")["Cookie"]}

    answer = writing.client.put(address(data), content=data, headers=JPEG | cookie)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-form-token")
    assert name_of(data) not in stored(writing)


#: What is sent wrongly: bytes, headers, where to; and what is answered.
WRONG: dict[str, tuple[bytes, dict[str, str], str, int, str]] = {
    "no type": (photo(30), {"Content-Type": ""}, "", 415, "wrong-media-type"),
    "a type that is not taken": (photo(30), {"Content-Type": "image/svg+xml"}, "", 415, "wrong-media-type"),
    "another type than it is": (photo(30), {"Content-Type": "image/png"}, "", 415, "wrong-media-type"),
    "a program called a photo": (b"MZ" + bytes(500), JPEG, "", 415, "wrong-media-type"),
    "a page called a photo": (b"<!doctype html><script>", JPEG, "", 415, "wrong-media-type"),
    "a drawing called a photo": (b"<svg onload='alert(1)'/>", JPEG, "", 415, "wrong-media-type"),
    "a photo with a page in it": (photo(30) + b"<script>alert(1)</script>", JPEG, "", 422, "unreadable-file"),
    "half a photo": (photo(30)[:-20], JPEG, "", 422, "unreadable-file"),
    "nothing": (b"", JPEG, "", 415, "wrong-media-type"),
    "packed once more": (gzip.compress(photo(30)), {**JPEG, "Content-Encoding": "gzip"}, "", 415, "wrong-media-type"),
    "a bomb": (png_of(60_000, 60_000, b"x"), {"Content-Type": "image/png"}, "", 422, "unreadable-file"),
    "under another hash": (photo(30), JPEG, "0" * 64, 422, "wrong-hash"),
    "under no hash": (photo(30), JPEG, "photo.jpg", 422, "wrong-input"),
    "under the hash in capitals": (photo(30), JPEG, name_of(photo(30)).upper(), 422, "wrong-input"),
    "with too small a length": (photo(30), {**JPEG, "Content-Length": "10"}, "", 400, "bad-request"),
    "with too great a length": (photo(30), {**JPEG, "Content-Length": "99999"}, "", 400, "bad-request"),
    "with an enormous length": (photo(30), {**JPEG, "Content-Length": str(2**40)}, "", 413, "too-large"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_brought_wrongly_is_refused_in_both_languages_and_leaves_nothing(
    service: Service, what: str
) -> None:
    data, headers, name, status, code = WRONG[what]
    before = stored(service)

    answer = bring(service, "maker", data, headers=headers, path=f"/api/v1/blobs/{name or name_of(data)}")

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    for problem in answer.json()["problems"]:
        assert problem["detail"]["zh"]
        assert problem["detail"]["en"]
    assert stored(service) == before


@pytest.mark.parametrize(
    "path",
    ["../../../ledger.db", "..%2f..%2fledger.db", "%2e%2e/ledger.db", "..\\ledger.db", "%00" * 64, "incoming/x",
     "ab/" + "0" * 64, "０" * 64, "0" * 63 + "%0a"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_path_leads_out_of_the_folder(service: Service, method: str, path: str) -> None:
    before = stored(service)

    answer = service.ask("maker", method, f"/api/v1/blobs/{path}", content=photo() if method == "PUT" else None, headers=JPEG)  # fmt: skip

    assert answer.status_code in (404, 405, 422)
    assert stored(service) == before


def test_a_file_of_unknown_length_is_cut_off_where_it_gets_too_large(service: Service) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield photo(31)
        while sent < 3 * MAX_BLOB_BYTES:
            sent += 1 << 20
            yield bytes(1 << 20)

    before = stored(service)
    answer = service.ask("maker", "PUT", f"/api/v1/blobs/{'0' * 64}", content=endless(), headers=JPEG)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert stored(service) == before


def test_a_large_file_costs_no_memory(fresh: Service) -> None:
    """The largest that is taken arrives in pieces: what is held at a time is a piece, not the file."""
    data = picture("JPEG") + bytes(MAX_BLOB_BYTES - 100_000)
    pieces = [data[at : at + 65_536] for at in range(0, len(data), 65_536)]
    coming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

    tracemalloc.start()
    status = send_in_pieces(fresh, data, [*coming, {"type": "http.request", "body": b""}])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert status == 201
    assert most < len(data) / 4


def test_many_bring_the_same_file_at_once(fresh: Service) -> None:
    data = pdf("at once")

    with ThreadPoolExecutor(8) as threads:
        whom = ["maker", "dealer", "site", "laboratory"] * 4
        answers = list(threads.map(lambda who: bring(fresh, who, data, "application/pdf").status_code, whom))

    assert sorted(set(answers)) == [200, 201]
    assert {file for file in stored(fresh) if file not in map(name_of, FILE.values())} == {name_of(data)}


def test_a_sender_who_leaves_in_the_middle_leaves_nothing(fresh: Service) -> None:
    coming = [
        {"type": "http.request", "body": photo(33)[:200], "more_body": True},
        {"type": "http.disconnect"},
    ]
    before = stored(fresh)

    send_in_pieces(fresh, photo(33), coming)

    assert coming == []
    assert stored(fresh) == before


def test_a_full_disk_is_said_in_words_and_the_service_goes_on(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = stored(fresh)
    with monkeypatch.context() as patched:
        patched.setattr(store_module.os, "fsync", full)
        refused = bring(fresh, "maker", photo(34))
    accepted = bring(fresh, "maker", photo(34))

    assert (refused.status_code, refused.json()["code"]) == (503, "no-room")
    assert "磁盘" in refused.json()["detail"]
    assert accepted.status_code == 201
    assert stored(fresh) == before | {name_of(photo(34))}


def test_one_account_cannot_fill_the_disk_with_what_it_never_uses(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, waiting, more = photo(40), photo(80), photo(120)
    monkeypatch.setattr(attaching, "MOST_WAITING_BYTES", 2 * len(used) - 1)
    bring(fresh, "dealer", used)
    record(fresh, "dealer", receipt(units=[(3, 3)], documents=[document_of(used)]))

    answers = [bring(fresh, "dealer", data) for data in (waiting, waiting, more)]

    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert "7 天" in answers[2].json()["problems"][0]["remedy"]["zh"]
    assert bring(fresh, "maker", more).status_code == 201


# --- opening ------------------------------------------------------------------------------------------

WORLD_A = {"maker", "dealer", "site", "owner", "supervisor", "laboratory", "regulator"}


def test_a_fact_about_goods_opens_its_file_to_whoever_may_see_the_batch(service: Service) -> None:
    assert opened_by(service, FILE["A"]) == WORLD_A
    assert opened_by(service, FILE["B"]) == {"maker B", "shop B", "site B", "regulator B"}


def test_what_is_not_named_yet_is_open_to_the_account_that_brought_it_alone(fresh: Service) -> None:
    data = photo(50)
    bring(fresh, "site", data)

    assert opened_by(fresh, data) == {"site"}


def test_an_event_opens_its_file_to_those_whom_it_concerns(fresh: Service) -> None:
    """A delivery note stands beside a receipt: prices are on it, so the operator is not among them."""
    note, test, licence = pdf("delivery note"), pdf("test report"), pdf("licence")
    for data in (note, test, licence):
        bring(fresh, "dealer", data, "application/pdf")

    happened(
        fresh,
        receipt(units=[(3, 3)], sender=MAKER, documents=[document_of(note)], entered_for=DEALER),
        report(unit=2, number="R-9", documents=[document_of(test)], entered_for=LABORATORY),
        certificate(documents=[document_of(licence)], valid_to="2030-12-31", entered_for=MAKER),
    )
    with begin_write(fresh.house.desk) as tx:
        uploads.forget(tx, [name_of(data) for data in (note, test, licence)])

    assert opened_by(fresh, note) == {"maker", "dealer", "regulator"}
    assert opened_by(fresh, test) == WORLD_A
    assert opened_by(fresh, licence) == set(fresh.accounts) - {"witness", "auditor"}, (
        "what is in the register is for all who may open attachments"
    )


def test_what_is_absent_and_what_is_foreign_get_the_same_answer(service: Service) -> None:
    foreign = service.ask("maker", "GET", address(FILE["B"]))
    absent = service.ask("maker", "GET", f"/api/v1/blobs/{'0' * 64}")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["detail"] == absent.json()["detail"]


def test_documents_are_told_to_those_who_may_open_them_and_to_nobody_else(service: Service) -> None:
    path = f"/api/v1/events/{service.event['production']}"

    told = {
        who: service.ask(who, "GET", path).json()["happening"]["documents"]
        for who in ("maker", "site", "regulator", "operator")
    }

    name = {
        "sha256": name_of(FILE["A"]),
        "name": "一号盘外观.jpg",
        "media_type": "image/jpeg",
        "size": len(FILE["A"]),
    }
    assert told == {"maker": [name], "site": [name], "regulator": [name], "operator": []}


def test_what_is_served_cannot_run_and_may_be_kept_privately_for_ever(service: Service) -> None:
    answer = service.ask("maker", "GET", address(FILE["A"]))

    assert answer.content == FILE["A"]
    for name, value in {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(FILE["A"])),
        "Content-Disposition": f"inline; filename*=UTF-8''{quote('一号盘外观.jpg')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{name_of(FILE["A"])}"',
        "X-Frame-Options": "DENY",
    }.items():
        assert answer.headers[name] == value


def test_a_copy_that_is_kept_is_not_sent_again_but_only_to_who_may_have_it(service: Service) -> None:
    tag = {"If-None-Match": f'"{name_of(FILE["A"])}"'}

    assert service.ask("maker", "GET", address(FILE["A"]), headers=tag).status_code == 304
    assert service.ask("maker B", "GET", address(FILE["A"]), headers=tag).status_code == 404
    assert service.ask("anybody", "GET", address(FILE["A"]), headers=tag).status_code == 401


def test_a_photo_comes_back_with_the_place_that_the_camera_wrote(fresh: Service) -> None:
    data = photo(60)
    bring(fresh, "site", data)

    assert b"Exif\0\0" in fresh.ask("site", "GET", address(data)).content


def test_a_document_is_only_downloaded_and_its_name_cannot_lie_about_its_type(fresh: Service) -> None:
    data = pdf("downloaded")
    bring(fresh, "dealer", data, "application/pdf")
    before = fresh.ask("dealer", "GET", address(data))
    record(fresh, "dealer", receipt(units=[(3, 3)], documents=[document_of(data, '送货单";.html')]))

    after = fresh.ask("dealer", "GET", address(data))

    assert before.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name_of(data)[:16]}.pdf"
    assert (
        after.headers["Content-Disposition"]
        == f"attachment; filename*=UTF-8''{quote('送货单')}%22%3B.html.pdf"
    )


def test_an_altered_file_is_not_served(fresh: Service) -> None:
    path = fresh.house.blobs.path(name_of(FILE["A"]))
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(FILE["A"][:-2] + b"\0\0")

    answer = fresh.ask("maker", "GET", address(FILE["A"]))

    assert answer.status_code == 500
    assert FILE["A"][:100] not in answer.content


# --- the end ------------------------------------------------------------------------------------------


def test_what_is_not_used_in_time_is_swept_and_what_is_used_stays(fresh: Service) -> None:
    used, unused = photo(70), photo(110)
    bring(fresh, "dealer", used)
    bring(fresh, "dealer", unused)
    record(fresh, "dealer", receipt(units=[(3, 3)], documents=[document_of(used)]))
    house = fresh.house

    later = NOON + uploads.KEPT_FOR + timedelta(minutes=1)
    swept = sweep(house.blobs, desk=house.desk, ledger=house.ledger, now=later)

    assert swept.files == 1
    assert fresh.ask("dealer", "GET", address(unused)).status_code == 404
    assert fresh.ask("dealer", "GET", address(used)).status_code == 200
    refused = record(fresh, "dealer", receipt(units=[(2, 2)], documents=[document_of(unused)]))
    assert refused.json()["code"] == "document-missing"
    assert list(verify_ledger(house.folder.root, with_projections=True)) == []


def test_a_sampling_takes_its_photo_along_into_the_timeline_of_the_batch(fresh: Service) -> None:
    data = photo(90)
    bring(fresh, "regulator", data)
    recorded = record(fresh, "regulator", sampling(unit=3, documents=[document_of(data, "封样.jpg")]))
    assert recorded.status_code == 201, recorded.text

    events = fresh.ask("regulator", "GET", f"/api/v1/batches/{fresh.code['L1']}/events").json()["rows"]

    assert [each["name"] for event in events for each in event["documents"]] == ["一号盘外观.jpg", "封样.jpg"]


def test_the_description_tells_all_of_it(service: Service) -> None:
    paths = service.client.get("/openapi.json").json()["paths"]["/api/v1/blobs/{sha256}"]

    assert set(paths) == {"put", "get"}
    assert {"200", "201", "400", "401", "403", "413", "415", "422", "503"} <= paths["put"]["responses"].keys()
    assert {"200", "304", "401", "403", "404"} <= paths["get"]["responses"].keys()
    assert set(paths["put"]["requestBody"]["content"]) == {
        "image/jpeg",
        "image/png",
        "image/webp",
        "application/pdf",
    }


def test_the_folder_of_a_new_installation_is_there(tmp_path: Path, service: Service) -> None:
    assert service.house.folder.blobs.is_dir()
