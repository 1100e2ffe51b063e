"""Goods are sent and received by lists of codes: each code is answered, the wrong ones are kept out by name, and one request
records one event a batch."""

from __future__ import annotations

from typing import Any

import pytest

from cabletrace.codes.trace_code import batch_code_in, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.intake.record import prepare
from cabletrace.intake.recorded import Recorded, read_recorded
from cabletrace.ledger import store
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, REGULATOR, Envelope, batch_of, dispatch, envelope, production
from service_for_tests import Service
from typing_for_tests import filled_in, opened, send, standing, text_of


def record(service: Service, *envelopes: Envelope) -> None:
    actor = service.house.at_the_machine()
    for answer in service.house.intake.record_now([prepare(each, actor) for each in envelopes]):
        assert isinstance(answer, Receipt), answer


def sealed(lot: str) -> Envelope:
    return envelope(
        "measure", batch_of(MAKER, lot), {"action": "seal", "number": "封-1", "units": [[1, 2]]},
        on="2026-06-25", place={"region": "411603"}, entered_for=REGULATOR,
    )  # fmt: skip


def last(service: Service, count: int) -> list[Recorded]:
    with begin_read(service.house.ledger) as tx:
        return [read_recorded(row) for row in store.read_rows(tx, service.size - count)]


def code_of(service: Service, lot: str, unit: int | None = None) -> str:
    with begin_read(service.house.ledger) as tx:
        ((_, code),) = books.codes_of_lots(tx, [lot])[lot]
    named = batch_code_in(code)
    return named.printed if unit is None else unit_code(named, unit, service.house.code_keys[1]).printed


def held_by(service: Service, lot: str, party: str) -> int:
    with begin_read(service.house.ledger) as tx:
        found = books.balances(tx, books.batch.c.lot == lot)
    return sum(
        each.length_mm
        for each in found
        if each.account.party == party_id(party) and each.account.state == "held"
    )


@pytest.fixture
def stocked(fresh: Service) -> Service:
    """The maker has two more lots: M1 of thirty drums and M2 of two."""
    record(
        fresh,
        production("M1", [(1, 30, 500_000)], on="2026-06-01", entered_for=MAKER),
        production("M2", [(1, 2, 120_500)], on="2026-06-02", entered_for=MAKER),
    )
    return fresh


def go(service: Service, who: str, path: str, codes: list[str], **typed: str) -> Any:
    """Send the list, and not one of the deliveries that stand on the same page."""
    form = filled_in(service, who, path, codes="\n".join(codes), **typed)
    return send(service, who, path, {name: value for name, value in form.items() if name != "delivery"})


def test_each_code_is_answered_with_what_it_is_and_whether_it_may_go(stocked: Service) -> None:
    answer = go(stocked, "maker", "/send", [code_of(stocked, "M1", 3), code_of(stocked, "M2")], check="yes")

    said = text_of(answer)
    assert answer.status_code == 200
    assert "3 盘（卷） · 741 m" in said
    for word in ("M1", "M2", "本单位库存", "可以发"):
        assert word in said


def test_a_code_that_is_scanned_without_a_script_goes_into_the_list(stocked: Service) -> None:
    first = go(
        stocked,
        "maker",
        "/send",
        [code_of(stocked, "M1", 3)],
        code=code_of(stocked, "M1", 4),
        check="yes",
    )

    assert standing(first.text)["codes"].split() == [code_of(stocked, "M1", 3), code_of(stocked, "M1", 4)]
    assert standing(first.text)["code"] == ""
    assert "2 盘（卷） · 1,000 m" in text_of(first)


def test_the_address_on_a_label_is_a_code_and_numbers_may_stand_behind_a_batch(stocked: Service) -> None:
    label = f"https://trace.example/c/{code_of(stocked, 'M2', 2)}"

    answer = go(stocked, "maker", "/send", [label, f"{code_of(stocked, 'M1')} 1-20, 25"], check="yes")

    assert "22 盘（卷） · 10,620.5 m" in text_of(answer)


def test_what_cannot_be_meant_is_kept_out_by_name(stocked: Service) -> None:
    drum = code_of(stocked, "M1", 3)
    wrong = drum[:-1] + ("A" if drum[-1] != "A" else "B")
    forged = unit_code(batch_code_in(code_of(stocked, "M1")), 3, bytes(32)).printed
    theirs, gone = code_of(stocked, "J1", 3), code_of(stocked, "L1", 1)

    answer = go(stocked, "maker", "/send", [drum, drum, wrong, forged, theirs, gone, "胡写"], check="yes")

    said = text_of(answer)
    assert "1 盘（卷） · 500 m" in said
    for why in ("重复：已经在清单里", "不是本系统签发", "账上不在您手里"):
        assert why in said
    assert wrong in said
    assert "济南" not in said


def test_one_request_records_one_dispatch_a_batch_to_a_receiver_who_is_remembered(stocked: Service) -> None:
    dealer = remembered(stocked)
    size = stocked.size

    answer = go(
        stocked, "maker", "/send", [f"{code_of(stocked, 'M1')} 1-20", code_of(stocked, "M2")],
        body__to=dealer, body__delivery_note="FH-9",
    )  # fmt: skip

    assert answer.status_code == 200, text_of(answer)
    assert stocked.size == size + 2
    first, second = (event.draft for event in last(stocked, 2))
    assert (first.kind, first.ask, first.body.units) == ("dispatch", True, ((1, 20),))
    assert second.body.units == ((1, 2),)
    assert {party_id(first.body.to), party_id(second.body.to)} == {party_id(DEALER)}
    assert first.body.region == "411602"  # where it went last
    assert "已记录" in text_of(answer)
    assert standing(answer.text)["codes"] == ""


def remembered(service: Service) -> str:
    """The name of the dealer, as it is proposed."""
    page = opened(service, "maker", "/send")
    options = page.split('<datalist id="known-body-to">')[1].split("</datalist>")[0]
    return options.split('value="')[1].split('"')[0]


def test_sending_the_list_twice_records_it_once(stocked: Service) -> None:
    form = filled_in(stocked, "maker", "/send", codes=code_of(stocked, "M2"), body__to=remembered(stocked))
    send(stocked, "maker", "/send", form)
    size, held = stocked.size, held_by(stocked, "M2", MAKER)

    again = send(stocked, "maker", "/send", form)

    assert (size, held) == (stocked.size, 0)
    assert again.status_code in (200, 422)


def test_a_wrong_code_stops_the_list_until_the_person_leaves_it_out(stocked: Service) -> None:
    form = filled_in(
        stocked, "maker", "/send",
        codes=f"{code_of(stocked, 'M2', 1)}\n{code_of(stocked, 'J1', 3)}", body__to=remembered(stocked),
    )  # fmt: skip
    size = stocked.size

    stopped = send(stocked, "maker", "/send", form)
    assert (stopped.status_code, stocked.size) == (422, size)
    assert "leave_out" in stopped.text

    without = send(stocked, "maker", "/send", {**form, "leave_out": "yes"})
    assert (without.status_code, stocked.size) == (200, size + 1)


def test_what_a_rule_refuses_stays_on_the_list_and_the_rest_is_recorded(stocked: Service) -> None:
    record(stocked, sealed("M2"))
    size = stocked.size

    answer = go(
        stocked, "maker", "/send", [f"{code_of(stocked, 'M1')} 5", code_of(stocked, "M2")],
        body__to=remembered(stocked), body__delivery_note="FH-9",
    )  # fmt: skip
    stands = standing(answer.text)

    assert (answer.status_code, stocked.size) == (409, size + 1)
    assert stands["codes"] == f"{code_of(stocked, 'M2')} 1-2"
    assert stands["body/delivery_note"] == "FH-9"
    assert "行政强制法" in text_of(answer)

    token = filled_in(stocked, "maker", "/send")["form_token"]
    happened = send(stocked, "maker", "/send", {**stands, "form_token": token, "happened": "yes"})
    assert (happened.status_code, stocked.size) == (200, size + 2)
    assert last(stocked, 1)[0].marks


def test_held_goods_are_said_to_be_held_before_they_are_sent(stocked: Service) -> None:
    record(stocked, sealed("M2"))

    answer = go(stocked, "maker", "/send", [code_of(stocked, "M2", 1)], check="yes")

    assert "查封" in text_of(answer)
    assert "可以发" not in text_of(answer)


def test_whose_own_recall_it_is_may_move_what_comes_back_and_is_told_of_it(stocked: Service) -> None:
    body = {"phase": "begin", "number": "ZH-1", "reason": "绝缘偏薄", "remedy": "return"}
    record(stocked, envelope("recall", batch_of(MAKER, "M2"), body, on="2026-06-10", entered_for=MAKER))

    checked = go(stocked, "maker", "/send", [code_of(stocked, "M2")], check="yes")
    moved = go(stocked, "maker", "/send", [code_of(stocked, "M2")], body__to=remembered(stocked))

    assert "召回（本单位）" in text_of(checked)
    assert moved.status_code == 200


def test_what_is_sent_already_cannot_be_sent_again(stocked: Service) -> None:
    go(stocked, "maker", "/send", [code_of(stocked, "M2")], body__to=remembered(stocked))

    answer = go(stocked, "maker", "/send", [code_of(stocked, "M2", 1), code_of(stocked, "M2")], check="yes")

    said = text_of(answer)
    assert "已经发出，在途" in said
    assert "本批没有在您手里的盘（卷）" in said


# --- receiving ------------------------------------------------------------------------------------------


@pytest.fixture
def sent(stocked: Service) -> Service:
    """Both lots are on their way to the dealer under one note; M1 only in part."""
    record(
        stocked,
        dispatch(batch_of(MAKER, "M1"), units=[(1, 20)], note="FH-9", on="2026-06-20", entered_for=MAKER),
        dispatch(batch_of(MAKER, "M2"), units=[(1, 2)], note="FH-9", on="2026-06-20", entered_for=MAKER),
    )
    return stocked


def delivery(service: Service, n: int = 0) -> dict[str, str]:
    """The form of one delivery, as its button sends it."""
    page = opened(service, "dealer", "/receive")
    form = page.split('<form class="card happened"')[n + 1].split("</form>")[0]
    token = filled_in(service, "dealer", "/receive")["form_token"]
    return {**standing(f"<main {form}"), "form_token": token}


def test_each_delivery_stands_on_a_card_of_its_own_that_its_button_names(sent: Service) -> None:
    record(
        sent,
        dispatch(batch_of(MAKER, "M1"), units=[(21, 21)], note="FH-10", on="2026-06-21", entered_for=MAKER),
    )

    _, *cards = opened(sent, "dealer", "/receive").split('<form class="card ')

    assert len(cards) == 2
    for n, card in enumerate(cards, start=1):
        assert f'<h3 id="from-{n}">' in card
        assert f'<button type="submit" aria-describedby="from-{n}">按单收货' in card


def test_a_whole_delivery_note_is_received_by_one_touch(sent: Service) -> None:
    size = sent.size
    assert "22 盘（卷） · 10,241 m" in text_of(opened(sent, "dealer", "/receive"))

    answer = send(sent, "dealer", "/receive", delivery(sent))

    first, second = (event.draft for event in last(sent, 2))
    assert (answer.status_code, sent.size) == (200, size + 2)
    assert {first.body.units, second.body.units} == {((1, 20),), ((1, 2),)}
    assert (first.body.delivery_note, first.body.differences) == ("FH-9", None)
    assert held_by(sent, "M1", DEALER) == 10_000_000
    assert "没有在途、发给您的货" in text_of(answer)


def test_the_second_touch_of_the_same_finger_records_nothing(sent: Service) -> None:
    form = delivery(sent)
    send(sent, "dealer", "/receive", form)
    size = sent.size

    again = send(sent, "dealer", "/receive", form)

    assert (again.status_code, sent.size) == (409, size)
    assert "可能刚刚收过" in text_of(again)


def test_missing_drums_and_other_lengths_are_written_as_differences(sent: Service) -> None:
    form = delivery(sent)
    drums = next(name for name, value in form.items() if value == "1-20")
    note = next(name for name in form if name.endswith("/differences"))

    send(sent, "dealer", "/receive", {**form, drums: "1-11, 13-19", note: "13 号盘实量 498 m"})

    m1 = next(event.draft for event in last(sent, 2) if event.draft.body.units != ((1, 2),))
    assert m1.body.units == ((1, 11), (13, 19))
    assert m1.body.differences == "少 2 盘：12, 20 号；13 号盘实量 498 m"
    assert "2 盘（卷） · 1,000 m" in text_of(opened(sent, "dealer", "/receive"))


def test_measured_lengths_go_with_the_drums_that_came_and_move_no_metres(sent: Service) -> None:
    form = delivery(sent)
    drums = next(name for name, value in form.items() if value == "1-20")
    measured = f"{drums}/measured"

    answer = send(sent, "dealer", "/receive", {**form, measured: "12 × 498; 13-14 × 490.5"})

    m1 = next(event for event in last(sent, 2) if event.draft.body.units == ((1, 20),))
    said = [(each.unit, each.length_mm) for each in m1.draft.body.measurements]
    assert answer.status_code == 200
    assert said == [(12, 498_000), (13, 490_500), (14, 490_500)]
    assert m1.marks == ("length-deviates",)
    assert held_by(sent, "M1", DEALER) == 10_000_000
    for reader in ("maker", "dealer"):
        assert "实测 12 号 498 m、13 号 490.5 m" in text_of(opened(sent, reader, f"/batches/{m1.batch}"))


def test_a_drum_that_did_not_come_cannot_have_been_measured(sent: Service) -> None:
    form, size = delivery(sent), sent.size
    drums = next(name for name, value in form.items() if value == "1-20")
    measured = f"{drums}/measured"

    answer = send(sent, "dealer", "/receive", {**form, drums: "1-11", measured: "12 × 498"})

    assert (answer.status_code, sent.size) == (422, size)
    assert "这些盘不在到货的盘里" in text_of(answer)
    assert standing(answer.text)[measured] == "12 × 498"


def test_what_is_received_by_scan_says_of_each_batch_what_its_drums_measured(sent: Service) -> None:
    codes = [code_of(sent, "M1", 3), code_of(sent, "M1", 4), code_of(sent, "M2")]
    m1, m2 = (f"measured/{batch_code_in(code_of(sent, lot)).canonical}" for lot in ("M1", "M2"))
    checked = standing(go(sent, "dealer", "/receive", codes, check="yes").text)
    size = sent.size

    answer = go(sent, "dealer", "/receive", codes, **{m1: "3 × 490.5; 4 × 499", m2: "2 × 120.5"})

    of_m1, of_m2 = last(sent, 2)
    assert (m1 in checked, m2 in checked) == (True, True)
    assert (answer.status_code, sent.size) == (200, size + 2)
    assert [(each.unit, each.length_mm) for each in of_m1.draft.body.measurements] == [
        (3, 490_500),
        (4, 499_000),
    ]
    assert [(each.unit, each.length_mm) for each in of_m2.draft.body.measurements] == [(2, 120_500)]
    assert of_m1.marks == ("length-deviates",)
    assert of_m2.marks == ()
    assert held_by(sent, "M1", DEALER) == 1_000_000  # a measured length moves no metres
    assert party_id(of_m1.draft.body.sender) == party_id(MAKER)  # who sent it is to see what differs
    for reader in ("maker", "dealer"):
        assert "实测 3 号 490.5 m" in text_of(opened(sent, reader, f"/batches/{of_m1.batch}"))


def test_of_what_was_not_sent_no_sender_is_made_up(sent: Service) -> None:
    go(sent, "dealer", "/receive", [code_of(sent, "M1", 3), code_of(sent, "M1", 25)])

    assert last(sent, 1)[0].draft.body.sender is None


@pytest.mark.parametrize("typed", ["5 × 490", "3 × 很长"])
def test_a_wrong_measure_of_a_batch_stops_the_list_and_stands_beside_its_field(
    sent: Service, typed: str
) -> None:
    codes = [code_of(sent, "M1", 3), code_of(sent, "M2")]
    m1, m2 = (f"measured/{batch_code_in(code_of(sent, lot)).canonical}" for lot in ("M1", "M2"))
    size = sent.size

    answers = [
        go(sent, "dealer", "/receive", codes, **{m1: typed, m2: "2 × 120"}, **more)
        for more in ({}, {"check": "yes"})
    ]

    assert [answer.status_code for answer in answers] == [422, 200]
    assert sent.size == size
    for answer in answers:
        assert f'id="wrong-{m1}"' in answer.text
        assert standing(answer.text)[m1] == typed
        assert standing(answer.text)[m2] == "2 × 120"


def test_nothing_is_measured_where_goods_are_sent(stocked: Service) -> None:
    answer = go(stocked, "maker", "/send", [code_of(stocked, "M1", 3)], check="yes")

    assert 'name="measured/' not in answer.text


def test_drums_that_are_not_on_the_note_are_refused_and_stay_typed(sent: Service) -> None:
    form, size = delivery(sent), sent.size
    drums = next(name for name, value in form.items() if value == "1-20")

    answer = send(sent, "dealer", "/receive", {**form, drums: "1-21"})

    assert (answer.status_code, sent.size) == (422, size)
    assert "这张发货单上没有这些盘" in text_of(answer)
    assert standing(answer.text)[drums] == "1-21"


def test_goods_are_received_by_scanning_too_also_those_that_nobody_sent(sent: Service) -> None:
    answer = go(
        sent, "dealer", "/receive", [code_of(sent, "M2"), code_of(sent, "M1", 30)], place__region="川汇区"
    )

    assert answer.status_code == 200, text_of(answer)
    assert held_by(sent, "M2", DEALER) == 241_000
    assert held_by(sent, "M1", DEALER) == 500_000
    assert [bool(event.marks) for event in last(sent, 2)] == [False, True]
    of_m2, of_m1 = text_of(answer).split("刚才记录的")[1].split("M1", 1)
    assert "带有标记" not in of_m2
    assert "已记录，带有标记： 收货无对应发货" in of_m1


def test_goods_of_a_batch_that_is_not_open_tell_only_what_their_label_does(fresh: Service) -> None:
    answer = go(fresh, "dealer", "/receive", [code_of(fresh, "J1", 1)], check="yes")

    said = text_of(answer)
    assert "没有发货记录，收货会带上标记" in said
    assert "济南市例示经营部" not in said
    assert "未知" in said


def test_numbers_of_a_batch_that_is_not_open_are_taken_without_telling_what_there_is(fresh: Service) -> None:
    typed = [f"{code_of(fresh, 'J1')} {units}" for units in ("1-3", "3-99", "500")]

    answers = [text_of(go(fresh, "dealer", "/receive", [line], check="yes")) for line in typed]

    for said in answers:
        assert "只凭盘号不显示长度，请扫盘码核对" in said
        assert "没有登记这些盘号" not in said
        assert "250 m" not in said


def test_a_drum_that_was_scanned_stays_scanned_when_the_receipt_is_refused(fresh: Service) -> None:
    label, size = code_of(fresh, "J1", 3), fresh.size

    refused = go(fresh, "dealer", "/receive", [label, f"{code_of(fresh, 'J1')} 500"], place__region="川汇区")
    taken = go(fresh, "dealer", "/receive", [f"{code_of(fresh, 'J1')} 3"], place__region="川汇区")

    assert refused.status_code == 409
    assert standing(refused.text)["codes"].split("\n") == [label, f"{code_of(fresh, 'J1')} 500"]
    assert (taken.status_code, fresh.size) == (200, size + 1)
    assert held_by(fresh, "J1", DEALER) == 250_000


def test_what_is_under_way_to_one_is_not_shown_to_another(sent: Service) -> None:
    for who in ("site", "shop B", "maker B"):
        assert "FH-9" not in opened(sent, who, "/receive")
