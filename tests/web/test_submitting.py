"""Complaints and reports: told apart, written without an account, answered under a receipt number, read by the authority."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cabletrace.http.pace import Pace, TooOften
from service_for_tests import Service
from typing_for_tests import enter, filled_in, newest, opened, send, standing, text_of
from world_for_tests import NOON

COMPLAINT = {
    "body__text": "量出来线径不够",
    "body__wants": "refund",
    "place__region": "川汇区",
    "body__complainant__name": "某女士",
    "body__complainant__phone": "000-0000",
}


def complain(service: Service, **typed: str) -> str:
    """The page of the receipt."""
    answer = enter(
        service, "anybody", f"/report/complaint?code={service.code['L1']}", **{**COMPLAINT, **typed}
    )
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def test_the_difference_is_said_before_anything_is_asked(service: Service) -> None:
    page = text_of(opened(service, "anybody", f"/report?code={service.code['L1']}"))

    assert "要留姓名和电话" in page
    assert "可以不留姓名" in page


def test_a_code_leads_to_the_form_with_itself_filled_in(service: Service) -> None:
    public = opened(service, "anybody", f"/c/{service.code['L1']}")
    link = re.search(r'href="(/report\?code=[^"]+)"', public)
    assert link is not None
    form = re.search(r'href="(/report/report\?code=[^"]+)"', opened(service, "anybody", link[1]))
    assert form is not None

    code = standing(opened(service, "anybody", form[1]))["code"]

    assert code.replace("-", "") == service.code["L1"]


def test_a_complaint_gets_a_number_under_which_only_its_state_is_told(fresh: Service) -> None:
    receipt = complain(fresh)

    page = opened(fresh, "anybody", receipt)
    state = fresh.client.get(receipt, headers={"Accept": "application/json"}).json()

    assert state["kind"] == "complaint"
    assert state["state"] == "received"
    assert state["region_name"]["zh"] == "河南省周口市川汇区"
    assert set(state) == {
        "number", "kind", "title", "received_at", "state", "standing", "region", "region_name",
    }  # fmt: skip
    for kept in ("量出来线径不够", "某女士", "000-0000", fresh.code["L1"]):
        assert kept not in page
        assert kept not in str(state)


def test_sending_a_complaint_twice_gives_the_same_number(fresh: Service) -> None:
    path = f"/report/complaint?code={fresh.code['L1']}"
    form = filled_in(fresh, "anybody", path, occurred_at="2026-05-20", **COMPLAINT)

    first, again = (send(fresh, "anybody", path, form) for _ in range(2))

    assert first.headers["location"] == again.headers["location"]


def test_two_codes_in_one_form_are_refused_and_never_joined(fresh: Service) -> None:
    path = f"/report/complaint?code={fresh.code['L1']}"
    form: dict[str, Any] = filled_in(fresh, "anybody", path, occurred_at="2026-05-20", **COMPLAINT)
    size = fresh.size

    answer = send(fresh, "anybody", path, {**form, "code": [fresh.code["L1"], "7K3QF-9TWZP"]})

    assert (answer.status_code, fresh.size) == (400, size)
    assert "code 发来了两次" in text_of(answer)


def test_a_complaint_without_a_name_is_not_taken_and_stays_typed(service: Service) -> None:
    answer = enter(service, "anybody", "/report/complaint", body__text="线太细", marks="红线")

    said = text_of(answer)
    assert answer.status_code == 422
    assert "请填写「您的姓名」" in said
    assert "请选择「您想要」" in said
    assert standing(answer.text)["body/text"] == "线太细"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("body__text", "线\0太细", "「发生了什么」：不应含控制字符"),
        ("body__text", "线" * 2001, "「发生了什么」"),
        ("body__complainant__phone", "123", "「联系电话」"),
    ],
)
def test_what_is_wrong_names_its_field_above_the_form(
    fresh: Service, name: str, typed: str, said: str
) -> None:
    size = fresh.size

    answer = enter(
        fresh, "anybody", f"/report/complaint?code={fresh.code['L1']}", **{**COMPLAINT, name: typed}
    )

    assert (answer.status_code, fresh.size) == (422, size)
    link = re.search(rf'<a href="#field-{name.replace("__", "/")}">(.*?)</a>', answer.text, re.S)
    assert link is not None
    assert said in link[1]


def test_lines_of_a_text_stay_as_they_were_typed(fresh: Service) -> None:
    complain(fresh, body__text="一\r\n\t二")

    assert newest(fresh).draft.body.text == "一\n\t二"


def test_a_report_may_be_anonymous_and_about_goods_without_a_code(fresh: Service) -> None:
    answer = enter(
        fresh,
        "anybody",
        "/report/report",
        body__text="村口仓库在贴牌",
        marks="BV 2.5 无厂名",
        place__region="淮阳区",
    )

    listed = text_of(opened(fresh, "regulator", "/submissions"))
    number = answer.headers["location"].removeprefix("/r/")
    page = opened(fresh, "regulator", f"/submissions/{number}")
    assert "村口仓库在贴牌" in listed
    assert "没有留，或已删除" in page
    goods = re.search(r'href="(/goods/[0-9a-f-]+)"', page)
    assert goods is not None
    assert "BV 2.5 无厂名" in text_of(opened(fresh, "regulator", goods[1]))


def test_a_code_that_is_not_ours_is_written_down_as_goods(fresh: Service) -> None:
    code = fresh.code["L1"]
    other = next(c for c in ("00000-00000", "7K3QF-9TWZP") if c.replace("-", "") != code)

    answer = enter(
        fresh, "anybody", "/report/report", body__text="码查不到", code=other, place__region="淮阳区"
    )

    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert 'href="#field-code"' in answer.text


def test_a_code_that_is_typed_wrong_is_said_beside_the_field(service: Service) -> None:
    wrong = service.code["L1"][:-1] + ("0" if service.code["L1"][-1] != "0" else "1")

    answer = enter(service, "anybody", "/report/report", body__text="x", code=wrong, place__region="淮阳区")

    assert answer.status_code == 422
    assert 'href="#field-code"' in answer.text


def test_an_answer_of_the_authority_shows_under_the_number(fresh: Service) -> None:
    receipt = complain(fresh)
    assert "件投诉举报还没有答复" in text_of(opened(fresh, "regulator", "/"))
    page = opened(fresh, "regulator", receipt.replace("/r/", "/submissions/"))
    assert "某女士" in page
    reply = re.search(r"/events/[0-9a-f-]+/reply", page)
    assert reply is not None

    enter(fresh, "regulator", reply[0], body__action="accepted", body__text="已受理，将联系商家")

    assert "已受理" in text_of(opened(fresh, "anybody", receipt))


def test_whom_it_is_about_and_other_regions_do_not_read_it(fresh: Service) -> None:
    number = complain(fresh).removeprefix("/r/")

    for who, status in (("regulator B", 404), ("maker", 403), ("dealer", 403)):
        assert fresh.ask(who, "GET", f"/submissions/{number}").status_code == status
        assert (
            "量出来线径不够" not in opened(fresh, who, f"/batches/{fresh.code['L1']}")
            if who != "regulator B"
            else True
        )


@pytest.mark.parametrize(
    ("number", "status", "said"), [("7K3", 422, "回执号应为 12 位"), ("0000-0000-0000", 404, "没有找到")]
)
def test_a_number_that_is_none_is_asked_for_again(
    service: Service, number: str, status: int, said: str
) -> None:
    answer = service.client.get(f"/r/{number}", headers={"Accept": "text/html"})

    assert answer.status_code == status
    assert said in text_of(answer)
    assert service.client.get(f"/r/{number}").headers["content-type"] == "application/problem+json"


def test_a_typed_number_leads_to_its_page_in_any_spelling(service: Service) -> None:
    typed = f"{service.receipt[:4]}-{service.receipt[4:8]} {service.receipt[8:]}".lower()

    answer = service.client.get("/r", params={"number": typed})

    assert answer.headers["location"] == f"/r/{service.receipt}"


def test_a_submission_that_another_site_sends_is_refused(service: Service) -> None:
    size = service.size

    answer = send(service, "anybody", "/report/report", {"code": "x"}, **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert service.size == size


def test_one_network_may_send_so_many_in_an_hour_and_is_told_when_again(fresh: Service) -> None:
    for _ in range(20):
        complain(fresh)

    answer = enter(fresh, "anybody", f"/report/complaint?code={fresh.code['L1']}", **COMPLAINT)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert standing(answer.text)["body/text"] == "量出来线径不够"


def test_the_pace_forgets_what_is_past() -> None:
    pace = Pace(most=2, window=timedelta(minutes=10))
    pace.step("a", NOON)
    pace.step("a", NOON + timedelta(minutes=1))
    pace.step("b", NOON + timedelta(minutes=1))

    with pytest.raises(TooOften) as caught:
        pace.step("a", NOON + timedelta(minutes=2))

    assert caught.value.retry_after_seconds == 8 * 60
    pace.step("a", NOON + timedelta(minutes=10))


def test_that_it_has_come_carries_the_good_sign(fresh: Service) -> None:
    page = opened(fresh, "anybody", complain(fresh))

    assert '<section class="answer fine"' in page
    assert 'class="answer unknown"' not in page


def test_a_region_may_be_written_short_and_one_of_several_is_picked_beside_the_field(fresh: Service) -> None:
    asked = enter(fresh, "anybody", "/report/report", body__text="在卖贴牌", marks="无", place__region="朝阳")
    choices = re.findall(r'type="radio" name="picked:place/region" value="([^"]+)"', asked.text)
    form = standing(asked.text)

    picked = send(
        fresh, "anybody", "/report/report", {**form, "picked:place/region": choices[0], "form_token": ""}
    )
    short = complain(fresh, place__region="周口太康")

    assert asked.status_code == 422
    assert form["place/region"] == "朝阳"
    assert choices == ["北京市朝阳区", "辽宁省朝阳市", "辽宁省朝阳市朝阳县", "吉林省长春市朝阳区"]
    assert picked.status_code == 303, text_of(picked)
    assert newest(fresh).draft.place is not None
    assert newest(fresh).draft.place.region == "411627"
    state = fresh.client.get(picked.headers["location"], headers={"Accept": "application/json"}).json()
    assert state["region_name"]["zh"] == "北京市朝阳区"
    assert fresh.client.get(short, headers={"Accept": "application/json"}).status_code == 200
