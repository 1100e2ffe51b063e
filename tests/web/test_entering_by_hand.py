"""What people enter by hand, each as one of its people does it, through the pages and onto the ledger."""

from __future__ import annotations

import re

import pytest

from cabletrace.db.engine import begin_read
from cabletrace.flow import books
from cabletrace.model.drafts import CORRECTABLE
from cabletrace.model.values import party_id
from cabletrace.web.forms import FORMS
from cabletrace.web.recordable import KINDS_OF
from drafts_for_tests import DEALER, MAKER, SITE
from files_for_tests import name_of, photo
from service_for_tests import GOODS, Service
from typing_for_tests import PAGE, enter, filled_in, newest, opened, send, standing, text_of


def metres(service: Service, state: str) -> int:
    """What a state holds of lot L1, in whole metres."""
    with begin_read(service.house.ledger) as tx:
        balances = books.balances(tx, books.batch.c.code == service.code["L1"])
    return sum(each.length_mm for each in balances if each.account.state == state) // 1000


@pytest.fixture
def batch(fresh: Service) -> str:
    return f"/batches/{fresh.code['L1']}"


def test_a_split_gives_new_numbers_and_says_where_they_come_from(fresh: Service, batch: str) -> None:
    answer = enter(
        fresh, "dealer", f"{batch}/record/split?unit=1",
        body__pieces__0__unit="11", body__pieces__0__length_mm="100",
        body__pieces__2__unit="12", body__pieces__2__length_mm="50.5", body__scrap_mm="0.5",
    )  # fmt: skip

    assert answer.headers["location"] == f"{batch}#event-{fresh.size - 1}"
    assert newest(fresh).draft.body.pieces[1].length_mm == 50_500
    card = text_of(opened(fresh, "dealer", f"{batch}?unit=12"))
    assert "来历从第 1 盘分切" in card
    assert "分切出11、12 盘" in text_of(opened(fresh, "dealer", f"{batch}?unit=1"))


def test_sending_a_form_twice_records_it_once(fresh: Service, batch: str) -> None:
    form = filled_in(
        fresh,
        "dealer",
        f"{batch}/record/sale",
        body__units="1",
        body__buyer="household",
        occurred_at="2026-05-20",
    )
    first = send(fresh, "dealer", f"{batch}/record/sale", form)
    size = fresh.size

    again = send(fresh, "dealer", f"{batch}/record/sale", form)

    assert again.headers["location"] == first.headers["location"]
    assert fresh.size == size
    assert metres(fresh, "sold") == 250


def test_more_than_is_left_stays_typed_and_says_how_much_there_is(fresh: Service, batch: str) -> None:
    answer = enter(
        fresh,
        "dealer",
        f"{batch}/record/sale",
        body__unit="1",
        body__length_mm="300",
        body__buyer="household",
    )

    assert answer.status_code == 409
    assert "需要 300 m，余量只有 250 m" in text_of(answer)
    assert standing(answer.text)["body/length_mm"] == "300"
    assert 'href="#field-body/length_mm"' in answer.text


def test_everything_that_is_wrong_is_said_at_once(fresh: Service, batch: str) -> None:
    size = fresh.size

    answer = enter(fresh, "dealer", f"{batch}/record/sale", body__units="1-x", occurred_at="昨天")

    said = text_of(answer)
    assert answer.status_code == 422
    for wrong in ("不是盘号或盘号范围", "请选择「卖给」", "日期应为"):
        assert wrong in said
    assert fresh.size == size


def test_held_goods_are_asked_for_refused_and_then_recorded_as_what_happened(
    fresh: Service, batch: str
) -> None:
    enter(
        fresh, "regulator", f"{batch}/record/measure",
        body__action="seal", body__number="封1", body__units="1", place__region="川汇区", by__0__name="甲某",
    )  # fmt: skip
    path = f"{batch}/record/sale"
    form = filled_in(fresh, "dealer", path, body__units="1", body__buyer="unknown", occurred_at="2026-05-21")

    refused = send(fresh, "dealer", path, form)
    said = text_of(refused)
    recorded = send(fresh, "dealer", path, {**form, "happened": "yes"})

    assert refused.status_code == 409
    assert "行政强制法" in said
    assert "由作出措施的机关解除后再动" in said
    assert recorded.status_code == 303
    assert newest(fresh).marks == ("goods-held",)


def test_what_does_not_add_up_cannot_be_said_to_have_happened(fresh: Service, batch: str) -> None:
    answer = enter(fresh, "dealer", f"{batch}/record/sale", body__units="3", body__buyer="household")

    assert answer.status_code == 409
    assert 'name="happened"' not in answer.text


def test_a_measure_goes_from_sealing_to_release_with_its_days_left(fresh: Service, batch: str) -> None:
    enter(
        fresh, "regulator", f"{batch}/record/measure",
        body__action="seize", body__number="扣1", body__units="1", occurred_at="2026-06-10", place__region="川汇区",
    )  # fmt: skip
    assert metres(fresh, "seized") == 250
    page = opened(fresh, "regulator", batch)
    assert "还有 10 天" in text_of(page)
    assert f"{batch}/record/measure?of=%E6%89%A31&amp;action=release" in page

    enter(
        fresh, "regulator", f"{batch}/record/measure?of=扣1&action=release",
        body__number="解1", occurred_at="2026-06-20",
    )  # fmt: skip

    assert metres(fresh, "seized") == 0
    assert "已于 2026-06-20 结束" in text_of(opened(fresh, "regulator", batch))


def test_an_overdue_measure_waits_on_the_desk_of_its_authority_only(fresh: Service, batch: str) -> None:
    enter(
        fresh, "regulator", f"{batch}/record/measure",
        body__action="seal", body__number="封9", body__units="1", occurred_at="2026-05-10", place__region="川汇区",
    )  # fmt: skip

    assert "份查封、扣押期限已过" in text_of(opened(fresh, "regulator", "/"))
    for who in ("dealer", "regulator B"):
        assert "期限已过" not in text_of(opened(fresh, who, "/"))


def test_a_workshop_without_a_code_is_noted_once_the_officer_says_so(fresh: Service, batch: str) -> None:
    path = f"{batch}/record/measure"
    typed = {
        "body__action": "seal",
        "body__number": "封2",
        "body__units": "1",
        "body__against": "李某家庭作坊",
    }
    size = fresh.size

    asked = enter(fresh, "regulator", path, **typed)
    assert asked.status_code == 422
    assert "按此名称记下" in asked.text
    assert fresh.size == size
    noted = enter(fresh, "regulator", path, **typed, introduces="yes")

    assert noted.status_code == 303
    assert fresh.size == size + 2
    who = party_id(newest(fresh).draft.body.against)
    assert "统一社会信用代码没有" in text_of(opened(fresh, "regulator", f"/parties/{who}"))


def test_a_party_that_is_noted_with_a_refused_act_is_not_recorded_either(fresh: Service, batch: str) -> None:
    size = fresh.size

    answer = enter(
        fresh, "regulator", f"{batch}/record/measure", introduces="yes",
        body__action="seal", body__number="封2", body__units="99", body__against="李某家庭作坊",
    )  # fmt: skip

    assert answer.status_code == 422
    assert fresh.size == size


def test_a_recall_begins_and_ends_in_front_of_the_public(fresh: Service, batch: str) -> None:
    public = f"/c/{fresh.code['L1']}"
    enter(
        fresh,
        "maker",
        f"{batch}/record/recall",
        body__number="ZH-1",
        body__reason="电阻超标",
        body__remedy="return",
    )
    assert "正在召回" in text_of(opened(fresh, "anybody", public))

    enter(fresh, "maker", f"{batch}/record/recall?phase=end&number=ZH-1", body__reason="已全部退回")

    assert "正在召回" not in text_of(opened(fresh, "anybody", public))


def test_a_notice_waits_on_the_recipients_desk_until_it_is_answered(fresh: Service, batch: str) -> None:
    desk = opened(fresh, "dealer", "/")
    reply = re.search(r"/events/[0-9a-f-]+/reply", desk)
    assert reply is not None
    assert "请排查 1 号盘" in desk

    answer = enter(fresh, "dealer", reply[0], body__action="under-watch", body__text="仍在库，未出售")

    assert answer.status_code == 303
    assert "请排查 1 号盘" not in opened(fresh, "dealer", "/")


def test_who_sent_a_notice_is_told_who_answered_what_and_nobody_else_is(fresh: Service) -> None:
    notice = f"/events/{fresh.event['notice']}"
    waiting = opened(fresh, "regulator", notice)
    enter(
        fresh,
        "dealer",
        f"{notice}/reply",
        body__action="use-stopped",
        body__text="1 号盘已退回",
        occurred_at="2026-05-20",
    )
    reply = f"/events/{newest(fresh).event_id}"

    page = opened(fresh, "regulator", notice)

    assert "还没有反馈" in waiting
    assert "还没有反馈" not in page
    assert f'href="{reply}"' in page
    assert "1 号盘已退回" in text_of(opened(fresh, "regulator", reply))
    assert 'id="answers"' not in opened(fresh, "dealer", notice)
    for other in ("maker", "site", "regulator B", "department"):
        assert fresh.ask(other, "GET", reply, headers=PAGE).status_code in (403, 404)


def test_a_notice_is_answered_once_unless_a_further_answer_is_meant(fresh: Service, batch: str) -> None:
    reply = re.search(r"/events/[0-9a-f-]+/reply", opened(fresh, "dealer", "/"))
    assert reply is not None
    said = {"body__action": "under-watch", "body__text": "仍在库"}
    assert 'name="meant"' not in opened(fresh, "dealer", reply[0])
    enter(fresh, "dealer", reply[0], **said)
    size = fresh.size

    before_it_is_sent = opened(fresh, "dealer", reply[0])
    refused = enter(fresh, "dealer", reply[0], **said)
    size_after_it = fresh.size
    meant = enter(fresh, "dealer", reply[0], **said, meant="yes")

    assert "本单位已经反馈过这份通报" in before_it_is_sent
    assert 'name="meant"' in before_it_is_sent
    assert (refused.status_code, size_after_it) == (422, size)
    assert (meant.status_code, fresh.size) == (303, size + 1)


@pytest.mark.parametrize(
    ("action", "metres", "said"),
    [
        ("none-found", "5", "就没有涉及的长度"),
        ("under-watch", "9,999,999", "超过这一批的总长度"),
        ("accepted", "", "没有这个选项"),
    ],
)
def test_a_reply_that_cannot_be_is_refused_at_its_field(
    fresh: Service, action: str, metres: str, said: str
) -> None:
    reply = re.search(r"/events/[0-9a-f-]+/reply", opened(fresh, "dealer", "/"))
    assert reply is not None
    size = fresh.size

    answer = enter(
        fresh, "dealer", reply[0], body__action=action, body__text="已排查", body__length_mm=metres
    )

    assert (answer.status_code, fresh.size) == (422, size)
    assert said in text_of(answer)
    assert f'href="#field-body/{"length_mm" if metres else "action"}"' in answer.text
    assert 'value="accepted"' not in opened(fresh, "dealer", reply[0])


def test_uncoded_goods_are_described_found_again_and_told_whose_they_are(fresh: Service) -> None:
    made = enter(
        fresh, "regulator", "/goods/new/sampling",
        body__goods__marks="BV 2.5，无厂名", body__goods__quantity="17 卷", body__type="supervision",
        body__number="CY-9", body__length_mm="20", place__region="川汇区",
    )  # fmt: skip
    page = made.headers["location"]
    assert "BV 2.5，无厂名" in text_of(opened(fresh, "regulator", "/goods"))

    enter(
        fresh, "regulator", f"{page}/record/alias", body__batch__code=fresh.code["L1"], body__ground="供货单"
    )

    assert "已查明：属于批次" in text_of(opened(fresh, "regulator", page))
    assert fresh.ask("dealer", "GET", page).status_code == 404


def test_another_code_is_found_by_the_search_box_and_by_the_public(fresh: Service, batch: str) -> None:
    enter(
        fresh,
        "maker",
        f"{batch}/record/alias",
        body__scheme="gs1",
        body__code="6901234567892",
        body__unit="2",
    )

    found = opened(fresh, "maker", "/search?q=6901234567892")
    public = text_of(opened(fresh, "anybody", "/c/6901234567892"))

    assert f'href="{batch}?unit=2"' in found
    assert "已在本平台登记的编码" in public
    assert "本平台签发 " not in public
    assert fresh.client.get("/c/6901234567892").json()["alias"] is True
    assert "没有找到" in text_of(opened(fresh, "maker B", "/search?q=6901234567892"))


def test_a_form_offers_the_drums_that_its_reader_has_with_what_is_left(fresh: Service, batch: str) -> None:
    page = opened(fresh, "dealer", f"{batch}/record/return")

    assert f"{batch}/record/return?units=1" in page
    assert "每盘余 250 m" in page
    assert f"{batch}/record/return?units=2" not in page
    chosen = standing(opened(fresh, "dealer", f"{batch}/record/return?units=1"))
    assert chosen["body/units"] == "1"


def test_who_has_nothing_in_hand_is_told_so(fresh: Service, batch: str) -> None:
    assert "账上没有在您手里的盘或卷" in opened(fresh, "owner", f"{batch}/record/return")


@pytest.mark.parametrize(
    ("who", "offered", "not_offered"),
    [
        (
            "maker",
            {"dispatch", "sale", "recall", "alias", "testing"},
            {"measure", "use", "inspection", "acceptance"},
        ),
        (
            "dealer",
            {"receipt", "split", "return", "sale"},
            {"recall", "measure", "alias", "testing", "acceptance"},
        ),
        ("site", {"acceptance", "use", "receipt"}, {"supervision", "testing"}),
        ("laboratory", {"testing", "sampling"}, {"acceptance", "supervision", "dispatch"}),
        (
            "regulator",
            {"inspection", "sampling", "measure", "recall", "notice", "testing"},
            {"sale", "dispatch"},
        ),
        ("supervisor", {"sampling", "supervision"}, {"dispatch", "measure", "use", "acceptance", "testing"}),
    ],
)
def test_the_menu_offers_what_the_policy_lets_a_role_record(
    service: Service, who: str, offered: set[str], not_offered: set[str]
) -> None:
    page = opened(service, who, f"/batches/{service.code['L1']}")

    found = set(re.findall(r"/record/([a-z-]+)", page))
    assert offered <= found
    assert not (not_offered & found)


def test_a_menu_entry_leads_to_a_form_that_opens(service: Service) -> None:
    for who in ("maker", "dealer", "site", "owner", "supervisor", "laboratory", "regulator"):
        for path in {f"/batches/{service.code['L1']}?unit=2", "/goods", f"/parties/{MAKER}"}:
            for form in set(re.findall(r'href="([^"]+/(?:record|new)/[^"]+)"', opened(service, who, path))):
                opened(service, who, form.replace("&amp;", "&"))


def test_a_form_that_is_none_is_not_found(service: Service) -> None:
    for path in ("record/party", "record/xyz", "record/correction", "record/complaint"):
        answer = service.ask(
            "regulator", "GET", f"/batches/{service.code['L1']}/{path}", headers={"Accept": "text/html"}
        )
        assert answer.status_code == 404, path
    assert service.ask("regulator", "GET", f"/goods/{GOODS}/record/recall").status_code == 404


@pytest.mark.parametrize("path", ["/batches/{code}/record/sale", "/goods/new/inspection", "/report/report"])
def test_a_form_that_another_page_made_is_refused(service: Service, path: str) -> None:
    who = "dealer" if "{code}" in path else "regulator"
    where = path.format(code=service.code["L1"])

    answer = service.ask(who, "POST", where, data={"form_token": "forged"}, headers={"Accept": "text/html"})

    assert answer.status_code == 403


def test_a_form_is_not_read_beyond_its_bounds(service: Service) -> None:
    path = f"/batches/{service.code['L1']}/record/sale"

    flood = service.ask("dealer", "POST", path, data={"body/number": "x" * 200_000})
    fields = service.ask("dealer", "POST", path, data={f"f{n}": "" for n in range(5_000)})
    other = service.ask("dealer", "POST", path, content=b"{}", headers={"Content-Type": "application/json"})

    assert (flood.status_code, fields.status_code, other.status_code) == (413, 400, 415)


def test_whatever_can_be_corrected_or_entered_has_a_form() -> None:
    entered = {kind for kinds in KINDS_OF.values() for kind in kinds} - {"alias"}

    # Those of cases are made of what the step at hand wants (web/test_cases_on_pages, web/test_requests_on_pages).
    made = {"lead", "lead-step", "case", "case-step", "request", "request-step"}
    made |= {"programme", "programme-step", "listing", "listing-step"}  # web/test_programmes
    made |= {"discipline", "discipline-step"}  # web/test_discipline
    made |= {"sample-step"}  # web/test_samples_on_pages
    assert set(FORMS) | made >= CORRECTABLE | entered


def test_goods_are_returned_to_whom_they_came_from(fresh: Service, batch: str) -> None:
    answer = enter(
        fresh, "site", f"{batch}/record/return", body__units="2", body__to=DEALER, body__region="411602",
        body__reason="surplus", body__delivery_note="TH-1",
    )  # fmt: skip

    assert answer.status_code == 303, text_of(answer)
    assert newest(fresh).speaker == party_id(SITE)
    assert metres(fresh, "transit") == 190


def test_a_photo_comes_with_the_form_and_stays_when_something_else_is_wrong(
    fresh: Service, batch: str
) -> None:
    path = f"{batch}/record/inspection"
    form = filled_in(
        fresh, "regulator", path, body__type="routine", body__number="JC-9", body__result="rectify",
        place__region="", occurred_at="",
    )  # fmt: skip
    files = [("documents", ("现场.jpg", photo(30), "image/jpeg"))]
    page = {"Accept": "text/html"}

    wrong = fresh.ask("regulator", "POST", path, data=form, files=files, headers=page)
    kept = standing(wrong.text)["kept"]
    right = fresh.ask(
        "regulator", "POST", path, headers=page,
        data={**form, "occurred_at": "2026-05-20", "kept": kept}, files=[("documents", ("", b"", ""))],
    )  # fmt: skip

    assert wrong.status_code == 422
    assert right.status_code == 303, text_of(right)
    (document,) = newest(fresh).draft.documents
    assert (document.name, document.sha256) == ("现场.jpg", name_of(photo(30)))


def test_a_file_that_is_none_is_refused_beside_its_field(fresh: Service, batch: str) -> None:
    path = f"{batch}/record/inspection"
    form = filled_in(
        fresh, "regulator", path, body__type="routine", body__number="JC-9", body__result="rectify",
        occurred_at="2026-05-20",
    )  # fmt: skip
    size = fresh.size

    answer = fresh.ask(
        "regulator", "POST", path, data=form, headers={"Accept": "text/html"},
        files=[("documents", ("合格证.jpg", b"MZ\0\0", "image/jpeg"))],
    )  # fmt: skip

    assert answer.status_code == 422
    assert 'href="#field-documents"' in answer.text
    assert fresh.size == size
