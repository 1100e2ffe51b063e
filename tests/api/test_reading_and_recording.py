"""The API in use: recording, reading back, proving, tracing, searching, listing page by page."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from cabletrace.ledger.checkpoint import open_checkpoint
from cabletrace.ledger.entry import entry_hash
from cabletrace.ledger.note import VerifierKey
from cabletrace.ledger.proof_file import check_proof_file
from cabletrace.ledger.tiles import decode_bundle, subtrees_over
from cabletrace.ledger.tree import leaf_hash
from drafts_for_tests import (
    DEALER,
    DESIGNATION,
    LICENCE,
    MAKER,
    PRODUCT,
    SITE,
    dispatch,
    notice_reply,
    order,
    production,
)
from service_for_tests import Service, project_id

JSON = {"Content-Type": "application/json"}


def vkey(service: Service) -> VerifierKey:
    return VerifierKey.parse(service.client.get("/ledger/vkey").text.strip())


# --- recording ----------------------------------------------------------------------------------------


def test_a_recorded_event_is_under_the_checkpoint_of_its_receipt(writing: Service) -> None:
    envelope = production("R1")

    answer = writing.ask("maker", "POST", "/api/v1/events", json=envelope)

    receipt = answer.json()
    assert answer.status_code == 201
    assert receipt["index"] == writing.size - 1
    assert receipt["id"] == envelope["draft"]["id"]
    assert open_checkpoint(receipt["checkpoint"].encode(), vkey(writing)).size == writing.size


def test_the_same_event_again_gets_the_first_receipt_and_other_content_is_refused(writing: Service) -> None:
    envelope = production("R2")
    first = writing.ask("maker", "POST", "/api/v1/events", json=envelope).json()

    again = writing.ask("maker", "POST", "/api/v1/events", json=envelope)
    envelope["draft"]["body"]["length_mm"] += 1
    other = writing.ask("maker", "POST", "/api/v1/events", json=envelope)

    assert {**again.json(), "checkpoint": first["checkpoint"]} == first
    assert (other.status_code, other.json()["code"]) == (409, "same-id-other-content")


def test_several_events_are_answered_one_by_one_in_order(writing: Service) -> None:
    good, impossible = production("R3"), dispatch(units=[(99, 99)])
    later = dispatch({"batch": {"maker": MAKER, "lot": "R3"}}, units=[(1, 1)])

    answer = writing.ask("maker", "POST", "/api/v1/events", json={"events": [good, impossible, later]})

    members = answer.json()["events"]
    assert [member["status"] for member in members] == [201, 422, 201]
    assert members[2]["index"] == members[0]["index"] + 1
    assert open_checkpoint(answer.json()["checkpoint"].encode(), vkey(writing)).size == writing.size


def test_an_order_does_not_take_the_place_of_another_of_its_number(writing: Service) -> None:
    first, second = (order(DEALER, "R-DD-1", buyer=DEALER, length_mm=mm) for mm in (1_000, 2_000))

    answers = [writing.ask("dealer", "POST", "/api/v1/events", json=each) for each in (first, second, first)]

    assert [answer.status_code for answer in answers] == [201, 409, 201]
    (problem,) = answers[1].json()["problems"]
    assert (problem["code"], problem["where"]) == ("order-number-taken", "/subject/order/number")


def test_of_two_orders_of_one_number_in_one_request_the_first_stands(writing: Service) -> None:
    orders = [order(DEALER, "R-DD-3", buyer=DEALER, length_mm=mm) for mm in (1_000, 2_000)]

    answer = writing.ask("dealer", "POST", "/api/v1/events", json={"events": orders})

    assert [member["status"] for member in answer.json()["events"]] == [201, 409]


def test_an_order_with_oneself_is_refused(writing: Service) -> None:
    own = order(DEALER, "R-DD-4", supplier=DEALER, buyer=DEALER)

    answer = writing.ask("dealer", "POST", "/api/v1/events", json=own)

    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["code"], problem["where"]) == (
        422,
        "order-with-oneself",
        "/body/buyer",
    )


def test_what_is_due_before_its_order_or_more_than_its_batch_is_refused(writing: Service) -> None:
    early = order(DEALER, "R-DD-2", buyer=DEALER, on="2026-03-02", due="2026-03-01")
    too_much = notice_reply(writing.event["notice"], length_mm=10**12)

    answers = [writing.ask("dealer", "POST", "/api/v1/events", json=each) for each in (early, too_much)]

    assert [answer.status_code for answer in answers] == [422, 422]
    found = [answer.json()["problems"][0] for answer in answers]
    assert [(each["code"], each["where"]) for each in found] == [
        ("due-before-ordered", "/body/items/0/due"),
        ("more-than-the-batch", "/body/length_mm"),
    ]


def test_a_refusal_names_the_rule_its_ground_and_both_languages(writing: Service) -> None:
    answer = writing.ask("dealer", "POST", "/api/v1/events", json=dispatch(units=[(3, 3)], to=SITE))

    (problem,) = answer.json()["problems"]
    assert answer.status_code == 409
    assert problem["code"] == answer.json()["code"]
    assert problem["ground"]["zh"]
    assert problem["ground"]["en"]
    assert problem["detail"]["zh"] != problem["detail"]["en"]


def test_answers_come_in_the_language_that_was_asked_for(service: Service) -> None:
    asked = {
        "zh": service.client.get("/api/v1/parties"),
        "en": service.client.get("/api/v1/parties", headers={"Accept-Language": "en-GB,en;q=0.9"}),
    }
    by_address = service.client.get("/api/v1/parties?lang=en")

    assert asked["zh"].json()["title"] == "请先登录"
    assert asked["en"].json()["title"] == by_address.json()["title"] == "Sign in first"


# --- one event ----------------------------------------------------------------------------------------


def test_an_event_is_read_with_its_receipt_and_marks(service: Service) -> None:
    answer = service.ask("maker", "GET", f"/api/v1/events/{service.event['dispatch']}").json()

    assert answer["kind"] == "dispatch"
    assert answer["batch"] == service.code["L1"]
    assert answer["recorded_at"] == "2026-06-30T04:00:00.000Z"
    unsent = service.ask("site", "GET", f"/api/v1/events/{service.event['unsent']}").json()
    assert "receipt-without-dispatch" in unsent["marks"]


def test_a_proof_checks_offline_against_the_entry_and_the_key(service: Service) -> None:
    path = f"/api/v1/events/{service.event['dispatch']}"
    entry = service.ask("maker", "GET", f"{path}/entry").content

    proof = service.ask("maker", "GET", f"{path}/proof")

    index, checkpoint = check_proof_file(proof.content, entry=entry, vkey=vkey(service))
    assert json.loads(entry)["seq"] == index
    assert checkpoint.size == service.size
    assert proof.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert (
        proof.headers["Content-Disposition"]
        == f'attachment; filename="{service.event["dispatch"]}.tlog-proof"'
    )
    assert service.ask("maker", "GET", path).json()["entry_hash"] == entry_hash(entry).hex()


def test_a_payload_is_the_stored_bytes_for_those_whom_it_concerns(service: Service) -> None:
    path = f"/api/v1/events/{service.event['production']}"
    entry = json.loads(service.ask("maker", "GET", f"{path}/entry").content)

    payload = service.ask("maker", "GET", f"{path}/payload")
    refused = service.ask("dealer", "GET", f"{path}/payload")

    assert sha256(payload.content).hexdigest() == entry["event"]
    assert "质检员甲某" not in payload.text
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


def test_whom_an_event_names_reads_what_it_says_and_not_how_many_events_there_are(service: Service) -> None:
    """The stored bytes hold the number of the event in the streams of its batch and of everybody whom it names."""
    path = f"/api/v1/events/{service.event['dispatch']}"

    answers = {who: service.ask(who, "GET", path).json() for who in ("maker", "dealer", "regulator")}
    payloads = {who: service.ask(who, "GET", f"{path}/payload").status_code for who in answers}

    assert payloads == {"maker": 200, "dealer": 403, "regulator": 200}
    for who, answer in answers.items():
        assert answer["payload"] is (payloads[who] == 200)
        assert "streams" not in answer
        assert '"n"' not in json.dumps(answer)
    for part in ("entry", "proof"):
        assert service.ask("dealer", "GET", f"{path}/{part}").status_code == 200


# --- the public log -----------------------------------------------------------------------------------


def test_the_log_can_be_built_again_from_what_is_published(service: Service) -> None:
    checkpoint = service.client.get("/ledger/checkpoint")
    signed = open_checkpoint(checkpoint.content, vkey(service))
    width = signed.size

    tile = service.client.get(f"/ledger/tile/0/000.p/{width}")
    bundle = service.client.get(f"/ledger/tile/entries/000.p/{width}")

    hashes = [leaf_hash(entry) for entry in decode_bundle(bundle.content)]
    assert b"".join(hashes) == tile.content
    assert len(hashes) == width == service.size
    assert checkpoint.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["Cache-Control"] == "no-store"


def test_partial_tiles_are_answered_up_to_the_published_size_and_full_ones_kept_for_ever(
    writing: Service,
) -> None:
    before = writing.size
    beyond = writing.client.get(f"/ledger/tile/0/000.p/{before + 1}")
    lots = [production(f"T{n}") for n in range(256 - before)]
    writing.ask("maker", "POST", "/api/v1/events", json={"events": lots})

    full = writing.client.get("/ledger/tile/0/000")
    still = writing.client.get(f"/ledger/tile/0/000.p/{before}")
    above = writing.client.get("/ledger/tile/1/000.p/1")

    assert beyond.status_code == 404
    assert len(full.content) == 8192
    assert full.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert still.content == full.content[: before * 32]
    assert "immutable" not in still.headers["Cache-Control"]
    assert above.content == subtrees_over(full.content)[-1]


# --- a batch ------------------------------------------------------------------------------------------


def test_a_batch_says_where_every_metre_is_to_each_asker_the_same_sum(service: Service) -> None:
    path = f"/api/v1/batches/{service.code['L1']}/flow"

    flows = [
        service.ask(who, "GET", path).json() for who in ("maker", "dealer", "site", "regulator", "operator")
    ]

    assert {flow["length_mm"] for flow in flows} == {1_000_000}
    assert {sum(row["length_mm"] for row in flow["where"]) for flow in flows} == {1_000_000}
    assert {sum(row["total_mm"] for row in flow["regions"]) for flow in flows} == {1_000_000}


def test_a_batch_is_found_by_any_spelling_of_its_code_and_by_its_lot(service: Service) -> None:
    code = service.code["L1"]
    spellings = [code, code.lower(), f"{code[:5]}-{code[5:]}", f" {code[:5]} {code[5:]} "]

    found = {service.ask("maker", "GET", f"/api/v1/batches/{each}").json()["code"] for each in spellings}
    by_lot = service.ask("maker", "GET", "/api/v1/batches?lot=L1").json()["rows"]

    assert found == {code}
    assert [row["code"] for row in by_lot] == [code]


def test_a_batch_as_of_an_index_is_as_it_was_then(service: Service) -> None:
    path = f"/api/v1/batches/{service.code['L1']}"
    index = service.ask("maker", "GET", f"/api/v1/events/{service.event['dispatch']}").json()["index"]

    then = service.ask("maker", "GET", f"{path}/flow?up_to={index}").json()
    before = service.ask("maker", "GET", f"{path}?up_to=0")

    assert then["holdings"] == {"held": 500_000, "transit": 500_000}
    assert then["as_of"]["index"] == index
    assert before.status_code == 404


def test_a_history_is_read_page_by_page_without_gap_or_repetition(service: Service) -> None:
    path: str | None = f"/api/v1/batches/{service.code['L1']}/events"
    whole = service.ask("regulator", "GET", path).json()["rows"]

    read: list[Any] = []
    path = f"{path}?limit=3"
    while path is not None:
        answer = service.ask("regulator", "GET", path)
        read += answer.json()["rows"]
        path = next_page(answer)

    assert read == whole
    assert len(whole) > 6


def test_a_trace_ends_in_as_many_metres_as_were_made(service: Service) -> None:
    for query in (f"maker={MAKER}", f"maker={MAKER}&product={PRODUCT}", f"batch={service.code['L1']}"):
        trace = service.ask("regulator", "GET", f"/api/v1/trace?{query}").json()

        assert trace["produced_mm"] == 1_000_000
        assert sum(sum(node["stays"].values()) for node in trace["nodes"]) == 1_000_000
        assert {row["region"] for row in trace["regions"]} >= {"411603", "411602"}


# --- codes --------------------------------------------------------------------------------------------


def test_a_label_leads_from_its_qr_code_to_the_public_answer(service: Service) -> None:
    path = f"/api/v1/batches/{service.code['L1']}"
    (row,) = service.ask("maker", "GET", f"{path}/codes?units=2").json()["rows"]

    png = service.ask("maker", "GET", f"{path}/units/2/qr.png")
    svg = service.ask("maker", "GET", f"{path}/units/2/qr.svg")

    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(png.content)))
    assert read.text == row["url"] == f"https://trace.example/c/{row['code']}"
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    public = service.client.get(row["url"].removeprefix("https://trace.example"))
    assert (public.status_code, public.json()["outcome"], public.json()["facts"]["unit"]) == (
        200,
        "issued",
        2,
    )


def test_codes_are_listed_page_by_page_and_only_for_registered_units(service: Service) -> None:
    path = f"/api/v1/batches/{service.code['L1']}/codes"

    first = service.ask("maker", "GET", f"{path}?limit=3")
    second = service.ask("maker", "GET", next_page(first) or "")
    wrong = service.ask("maker", "GET", f"{path}?units=3-5")

    units = [row["unit"] for answer in (first, second) for row in answer.json()["rows"]]
    assert units == [1, 2, 3, 4]
    assert next_page(second) is None
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong-unit-range")


def test_a_code_is_issued_unknown_or_mistyped_and_these_are_three_answers(service: Service) -> None:
    code = service.ask("maker", "GET", f"/api/v1/batches/{service.code['L1']}/codes?units=1").json()["rows"][
        0
    ]["code"]
    forged = service.ask("maker B", "GET", f"/api/v1/batches/{service.code['J1']}/codes?units=1").json()[
        "rows"
    ][0]
    mistyped = ("0" if code[3] != "0" else "1").join((code[:3], code[4:]))

    answers = [service.client.get(f"/c/{each}") for each in (code, "0000000000", mistyped)]

    assert [answer.status_code for answer in answers] == [200, 404, 422]
    assert [answer.json().get("code") for answer in answers[1:]] == ["not-issued-here", "wrong-trace-code"]
    assert service.client.get(f"/c/{forged['code']}").json()["facts"]["lot"] == "J1"


def test_the_public_answer_names_no_buyer_and_no_person(service: Service) -> None:
    told = service.client.get(f"/c/{service.code['L1']}").text

    assert "周口市示例电缆有限公司" in told
    assert [
        name for name in ("五金", "建设工程", "供电公司", "质检员", "XM-1", "411627") if name in told
    ] == []


def test_a_code_is_answered_as_a_page_to_browsers_and_refused_to_who_takes_neither(service: Service) -> None:
    path = f"/c/{service.code['L1']}"

    page = service.client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    program = service.client.get(path, headers={"Accept": "application/json"})
    neither = service.client.get(path, headers={"Accept": "image/png"})

    assert page.headers["Content-Type"].startswith("text/html")
    assert program.headers["Content-Type"] == "application/json"
    assert (neither.status_code, neither.json()["code"]) == (406, "not-acceptable")


# --- search and lists ---------------------------------------------------------------------------------


def test_a_search_says_up_to_which_index_it_is_true(service: Service) -> None:
    answer = service.ask("maker", "GET", "/api/v1/search", params={"q": DESIGNATION})

    assert [row["batch"]["code"] for row in answer.json()["rows"]] == [service.code["L1"]]
    assert answer.headers["X-Index-Sequence"] == str(service.size - 1)


@pytest.mark.parametrize("path", ["parties", "products", "certificates", "projects", "alerts"])
def test_every_list_is_read_page_by_page_without_gap_or_repetition(service: Service, path: str) -> None:
    whole = service.ask("operator", "GET", f"/api/v1/{path}").json()["rows"]

    read: list[Any] = []
    page: str | None = f"/api/v1/{path}?limit=1"
    while page is not None:
        answer = service.ask("operator", "GET", page)
        read += answer.json()["rows"]
        page = next_page(answer)

    assert read == whole
    assert len(whole) > 1


def test_registered_things_are_read_one_by_one(service: Service) -> None:
    maker = service.ask("dealer", "GET", f"/api/v1/parties/{MAKER}").json()
    product = service.ask("dealer", "GET", f"/api/v1/products/{MAKER}/{PRODUCT}").json()
    certificate = service.ask("dealer", "GET", f"/api/v1/certificates/{MAKER}/{LICENCE}").json()
    project = service.ask("owner", "GET", f"/api/v1/projects/{project_id(SITE, 'XM-1')}").json()

    assert maker["party"]["uscc"] == MAKER
    assert product["product"]["designation"] == DESIGNATION
    assert certificate["certificate"]["card"]["number"] == LICENCE
    assert [goods["batch"]["code"] for goods in project["goods"]] == [service.code["L1"]]
    assert service.ask("dealer", "GET", f"/api/v1/parties/{DEALER}").json()["party"]["name"]


def test_alerts_are_filtered_by_rule_maker_and_batch(service: Service) -> None:
    def found(query: str) -> list[str]:
        return [
            row["rule"] for row in service.ask("operator", "GET", f"/api/v1/alerts?{query}").json()["rows"]
        ]

    assert set(found("rule=receipt-without-dispatch")) == {"receipt-without-dispatch"}
    assert len(found("rule=receipt-without-dispatch")) == 2
    assert len(found(f"rule=receipt-without-dispatch&maker={MAKER}")) == 1
    assert len(found(f"rule=receipt-without-dispatch&batch={service.code['J1']}")) == 1


def next_page(answer: Any) -> str | None:
    link = answer.headers.get("Link")
    if link is None:
        return None
    address, _, rel = link.partition(">; ")
    assert rel == 'rel="next"'
    assert address.startswith("</api/v1/")
    return address[1:]  # type: ignore[no-any-return]


def test_cursors_of_chinese_names_survive_the_header(service: Service) -> None:
    first = service.ask("operator", "GET", "/api/v1/parties?limit=1&q=示例")

    assert first.headers["Link"].isascii()
    assert service.ask("operator", "GET", next_page(first) or "").status_code == 200
