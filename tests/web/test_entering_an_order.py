"""An order is entered by hand, by either of its parties, and stands at once in the list of both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, order, party, uscc_of
from files_for_tests import photo
from html_for_tests import Reader
from service_for_tests import Service
from typing_for_tests import PAGE, enter, filled_in, newest, opened, send, standing, text_of

HERE = "/orders/new"
#: Of somebody whom no register knows.
THEIRS = uscc_of("341202", "MA1TEXTF")
ONE_LINE = {
    "partner": MAKER,
    "subject__order__number": "DD-9",
    "body__items__0__designation": "yjv 3*95+1*50",
    "body__items__0__length_mm": "1,200.5",
}


def test_an_order_that_is_entered_stands_in_the_list_of_both_parties(fresh: Service) -> None:
    answer = enter(
        fresh, "dealer", HERE, **ONE_LINE, side="buys",
        body__items__0__price_fen_per_metre="31.50", body__items__0__due="2026-07-20",
        body__items__2__designation="BV 2.5", body__items__2__length_mm="300",
    )  # fmt: skip

    said = newest(fresh).draft
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?q=DD-9")
    assert said.kind == "order"
    assert said.subject.order.keeper == party_id(DEALER)
    assert (said.body.supplier, said.body.buyer) == (party_id(MAKER), party_id(DEALER))
    assert [(item.length_mm, item.price_fen_per_metre, item.due) for item in said.body.items] == [
        (1_200_500, 3_150, date(2026, 7, 20)),
        (300_000, None, None),
    ]
    assert said.occurred_at == "2026-05-20T00:00:00+08:00"
    for who in ("dealer", "maker"):
        page = opened(fresh, who, "/orders?q=DD-9")
        assert "31.50" in page
        assert f'href="/events/{newest(fresh).event_id}"' in page
        assert opened(fresh, who, f"/events/{newest(fresh).event_id}")
    assert "DD-9" not in opened(fresh, "site", "/orders")


def test_an_order_without_a_project_is_open_to_its_parties_alone_as_the_form_says(fresh: Service) -> None:
    enter(fresh, "dealer", HERE, **ONE_LINE, side="buys")
    event = f"/events/{newest(fresh).event_id}"

    assert "别的单位看不到" in opened(fresh, "dealer", HERE)
    assert [fresh.ask(who, "GET", event).status_code for who in ("maker", "regulator", "department")] == [
        200, 404, 404,
    ]  # fmt: skip
    assert fresh.ask("regulator", "GET", "/orders").status_code == 403


def test_the_maker_sells_unless_it_says_otherwise_and_a_dealer_is_asked(fresh: Service) -> None:
    assert standing(opened(fresh, "maker", HERE))["side"] == "sells"
    assert standing(opened(fresh, "site", HERE))["side"] == "buys"
    assert "side" not in standing(opened(fresh, "dealer", HERE))

    enter(fresh, "maker", HERE, **{**ONE_LINE, "partner": DEALER})

    body = newest(fresh).draft.body
    assert (body.supplier, body.buyer) == (party_id(MAKER), party_id(DEALER))


def test_a_day_may_be_left_out(fresh: Service) -> None:
    enter(fresh, "maker", HERE, **{**ONE_LINE, "partner": DEALER, "occurred_at": ""})

    assert newest(fresh).draft.occurred_at is None


def test_a_mistake_stands_beside_its_field_and_all_that_was_typed_stays(fresh: Service) -> None:
    size = fresh.size
    typed = {
        **ONE_LINE,
        "side": "buys",
        "body__items__0__length_mm": "很长",
        "body__items__1__length_mm": "5",
    }

    answer = enter(fresh, "dealer", HERE, **typed)

    assert answer.status_code == 422
    assert fresh.size == size
    beside = {
        each.attributes["id"]
        for each in Reader(answer.text).all("p")
        if each.attributes.get("class") == "wrong"
    }
    assert beside == {"wrong-body/items/0/length_mm", "wrong-body/items/1/designation"}
    stays = standing(answer.text)
    assert stays["side"] == "buys"
    for name, text in typed.items():
        assert stays[name.replace("__", "/")] == text


def test_more_lines_can_be_had_without_a_script(fresh: Service) -> None:
    form = filled_in(fresh, "dealer", HERE, **ONE_LINE, side="buys", more="body/items")

    answer = send(fresh, "dealer", HERE, form)

    assert "body/items/7/designation" in standing(answer.text)
    assert standing(answer.text)["body/items/0/designation"] == "yjv 3*95+1*50"


def test_a_form_that_is_sent_twice_records_one_order(fresh: Service) -> None:
    form = filled_in(fresh, "dealer", HERE, **ONE_LINE, side="buys")

    first, size = send(fresh, "dealer", HERE, form), fresh.size
    second = send(fresh, "dealer", HERE, form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert fresh.size == size


def test_a_number_that_is_on_record_is_refused_and_leads_to_a_correction(fresh: Service) -> None:
    enter(fresh, "dealer", HERE, **ONE_LINE, side="buys")
    size = fresh.size

    answer = enter(fresh, "dealer", HERE, **{**ONE_LINE, "body__items__0__length_mm": "7"}, side="buys")
    of_another = enter(fresh, "site", HERE, **ONE_LINE)

    assert answer.status_code == 409
    assert "已经登记过" in text_of(answer)
    assert 'href="#field-subject/order/number"' in answer.text
    assert of_another.status_code == 303  # numbers are each party's own
    assert fresh.size == size + 1


def test_an_order_that_the_partner_has_entered_is_shown_and_not_counted_twice(fresh: Service) -> None:
    enter(fresh, "maker", HERE, **{**ONE_LINE, "partner": DEALER})
    size = fresh.size

    told_so = enter(fresh, "dealer", HERE, **ONE_LINE, side="buys")
    size_after_it = fresh.size
    of_another = enter(fresh, "dealer", HERE, **{**ONE_LINE, "subject__order__number": "DD-10"}, side="buys")
    meant = filled_in(fresh, "dealer", HERE, **ONE_LINE, side="buys", meant="yes")
    answers = [send(fresh, "dealer", HERE, meant) for _ in range(2)]

    assert (told_so.status_code, size_after_it) == (422, size)
    assert "周口市示例电缆有限公司已经登记过这个编号的订单：1 行，共 1,200.5 m" in text_of(told_so)
    assert 'href="/orders?q=DD-9"' in told_so.text
    assert 'name="meant"' in told_so.text
    assert of_another.status_code == 303
    assert [answer.status_code for answer in answers] == [303, 303]
    assert fresh.size == size + 2


@pytest.mark.parametrize(("due", "status"), [("2026-05-19", 422), ("2026-05-20", 303)])
def test_nothing_is_due_before_it_is_ordered(fresh: Service, due: str, status: int) -> None:
    answer = enter(fresh, "dealer", HERE, **ONE_LINE, side="buys", body__items__0__due=due)

    assert answer.status_code == status
    assert ("交货期早于订货日期" in answer.text) == (status == 422)
    assert ('href="#field-body/items/0/due"' in answer.text) == (status == 422)


def test_the_number_of_a_void_order_is_free_again(fresh: Service) -> None:
    enter(fresh, "dealer", HERE, **ONE_LINE, side="buys")
    correct = f"/events/{newest(fresh).event_id}/correct"
    voided = send(
        fresh,
        "dealer",
        correct,
        filled_in(fresh, "dealer", correct, reason="重复", void="yes", step="record"),
    )

    again = enter(fresh, "dealer", HERE, **ONE_LINE, side="buys")

    assert (voided.status_code, again.status_code) == (303, 303)


def test_a_side_that_there_is_not_is_refused_and_records_nothing(fresh: Service) -> None:
    size = fresh.size

    answer = enter(fresh, "maker", HERE, **{**ONE_LINE, "partner": DEALER, "side": "foo"})

    assert (answer.status_code, fresh.size) == (422, size)
    assert 'href="#field-side"' in answer.text
    assert "没有这个选项" in text_of(answer)


@pytest.mark.parametrize("with_files", [False, True])
def test_a_length_that_is_sent_twice_is_refused_and_never_joined(fresh: Service, with_files: bool) -> None:
    form: dict[str, Any] = filled_in(fresh, "maker", HERE, **{**ONE_LINE, "partner": DEALER})
    size = fresh.size

    answer = fresh.ask(
        "maker", "POST", HERE, data={**form, "body/items/0/length_mm": ["100", "200"]},
        files={"documents": ("合同.jpg", photo(30), "image/jpeg")} if with_files else None, headers=PAGE,
    )  # fmt: skip

    assert (answer.status_code, fresh.size) == (400, size)
    assert "body/items/0/length_mm 发来了两次" in text_of(answer)


@pytest.mark.parametrize("who", ["dealer", "maker"])
def test_nobody_orders_from_itself(fresh: Service, who: str) -> None:
    own = {"dealer": DEALER, "maker": MAKER}[who]

    answer = enter(fresh, who, HERE, **{**ONE_LINE, "partner": own}, side="buys")

    assert answer.status_code == 422
    assert 'href="#field-partner"' in answer.text


def test_a_partner_that_nobody_registered_is_noted_when_it_is_said(fresh: Service) -> None:
    typed = {**ONE_LINE, "partner": "周口市无名电缆门市", "side": "buys"}

    refused = enter(fresh, "dealer", HERE, **typed)
    noted = enter(fresh, "dealer", HERE, **typed, introduces="yes")

    assert 'name="introduces"' in refused.text
    assert noted.status_code == 303
    assert "周口市无名电缆门市" in opened(fresh, "dealer", "/orders?q=DD-9")


def test_a_partner_whom_only_another_one_has_named_is_as_unknown_as_one_of_whom_nobody_heard(
    fresh: Service,
) -> None:
    theirs = {**ONE_LINE, "side": "buys", "partner": "城南张三五金店"}
    unheard = enter(fresh, "dealer", HERE, **{**theirs, "partner": "城南李四五金店"})
    assert enter(fresh, "shop B", HERE, **theirs, introduces="yes").status_code == 303
    first = party_id(newest(fresh).draft.body.supplier)

    asked = enter(fresh, "dealer", HERE, **theirs)

    assert asked.status_code == unheard.status_code == 422
    assert told(asked.text) == [text.replace("李四", "张三") for text in told(unheard.text)]
    assert "没有登记过叫这个名称的单位或个人" in asked.text
    assert enter(fresh, "dealer", HERE, **theirs, introduces="yes").status_code == 303
    assert party_id(newest(fresh).draft.body.supplier) != first
    assert enter(fresh, "dealer", HERE, **{**theirs, "subject__order__number": "DD-10"}).status_code == 303


def test_a_credit_code_that_only_another_one_has_named_is_as_unknown_as_one_of_which_nobody_heard(
    fresh: Service,
) -> None:
    size = fresh.size
    typed = {**ONE_LINE, "side": "buys", "partner": THEIRS}
    called = {**typed, "partner": f"颍州五金 {THEIRS}"}
    without = [
        enter(fresh, "dealer", HERE, **each) for each in (typed, {**typed, "introduces": "yes"}, called)
    ]
    named = party(THEIRS, "别家的买主", "distributor", region="341200")
    assert fresh.ask("shop B", "POST", "/api/v1/events", json=named).status_code == 201

    with_ = [enter(fresh, "dealer", HERE, **each) for each in (typed, {**typed, "introduces": "yes"}, called)]

    assert [each.status_code for each in with_] == [422] * 3
    assert [told(each.text) for each in with_] == [told(each.text) for each in without]
    assert [len(told(each.text)) for each in with_] == [1] * 3
    assert "别家的买主" not in "".join(each.text for each in with_)
    assert fresh.size == size + 1


def test_who_is_not_registered_is_noted_with_name_and_credit_code(fresh: Service) -> None:
    typed = {**ONE_LINE, "side": "buys", "partner": f"颍州五金 {THEIRS.lower()}"}

    first = enter(fresh, "dealer", HERE, **typed, introduces="yes")
    again = enter(fresh, "dealer", HERE, **{**typed, "partner": THEIRS, "subject__order__number": "DD-10"})

    assert (first.status_code, again.status_code) == (303, 303)
    assert party_id(newest(fresh).draft.body.supplier) == party_id(THEIRS)
    row = fresh.ask("dealer", "GET", f"/api/v1/parties/{THEIRS}").json()["party"]
    assert (row["name"], row["uscc"], row["region"]) == ("颍州五金", THEIRS, "341202")


@pytest.mark.parametrize(
    "form", ["错码五金有限公司 {}", "错码五金有限公司（{}）", "错码五金有限公司，{}", "{}"]
)
@pytest.mark.parametrize(
    ("code", "told_of"), [("91411602MA4EYE7130", "第 18 位校验码不符"), (THEIRS[:-1], "现为 17 位")]
)
def test_a_slip_in_a_credit_code_makes_no_party_of_the_whole_text(
    fresh: Service, form: str, code: str, told_of: str
) -> None:
    size = fresh.size
    typed = {**ONE_LINE, "side": "buys", "partner": form.format(code)}

    answers = [enter(fresh, "dealer", HERE, **typed, introduces=said) for said in ("", "yes")]

    assert [answer.status_code for answer in answers] == [422, 422]
    for answer in answers:
        (told_so,) = told(answer.text)
        assert told_of in told_so
        assert code in told_so
    assert fresh.size == size


def test_a_name_beside_the_credit_code_of_another_is_refused_and_its_own_is_taken(fresh: Service) -> None:
    typed = {**ONE_LINE, "side": "buys"}

    wrong = enter(fresh, "dealer", HERE, **{**typed, "partner": f"假名五金 {MAKER}"}, introduces="yes")
    right = enter(fresh, "dealer", HERE, **{**typed, "partner": f"周口市示例 电缆有限公司（{MAKER}）"})

    assert wrong.status_code == 422
    assert "这个代码是「周口市示例电缆有限公司」的" in told(wrong.text)[0]
    assert right.status_code == 303
    assert party_id(newest(fresh).draft.body.supplier) == party_id(MAKER)


def test_a_program_is_told_the_same_of_both_and_each_namer_only_of_its_own_naming(fresh: Service) -> None:
    def ordered(number: str) -> Any:
        draft = order(supplier=THEIRS, buyer=DEALER, number=number, keeper=DEALER)
        answer = fresh.ask("dealer", "POST", "/api/v1/events", json=draft)
        problem = answer.json()
        problem.pop("instance", None)
        return answer.status_code, problem

    def name(who: str, called: str) -> int:
        named = party(THEIRS, called, "distributor", region="341200")
        return int(fresh.ask(who, "POST", "/api/v1/events", json=named).status_code)

    def namer_told(who: str) -> Any:
        answer = fresh.ask(who, "GET", f"/api/v1/parties/{THEIRS}")
        return answer.json()["party"]["named_by"] if answer.status_code == 200 else answer.status_code

    before = ordered("DD-77")
    assert name("shop B", "别家的买主") == 201
    assert ordered("DD-77") == before
    assert before[0] == 422
    assert (namer_told("dealer"), namer_told("shop B")) == (404, "济南市例示经营部")

    assert name("dealer", "颍州五金") == 201
    assert ordered("DD-77")[0] == 201
    assert (namer_told("dealer"), namer_told("shop B")) == ("周口市例示五金经营部", "济南市例示经营部")
    assert enter(fresh, "shop B", HERE, **{**ONE_LINE, "side": "buys", "partner": THEIRS}).status_code == 303


def told(html: str) -> list[str]:
    """What a form says is wrong."""
    return [each.text for each in Reader(html).all("p") if each.attributes.get("class") == "wrong"]


def test_partners_of_before_are_proposed(fresh: Service) -> None:
    page = opened(fresh, "dealer", HERE)

    assert 'list="known-partner"' in page
    proposed = {each.attributes["value"] for each in Reader(page).all("option")}
    assert "周口市示例电缆有限公司" in proposed  # that sent
    assert "太康县示例建设工程有限公司" in proposed  # that was sent to


def test_the_paper_of_an_order_is_kept_beside_it(fresh: Service) -> None:
    form = filled_in(fresh, "dealer", HERE, **ONE_LINE, side="buys")
    answer = fresh.ask(
        "dealer", "POST", HERE, data=form, files={"documents": ("合同.jpg", photo(30), "image/jpeg")},
        headers={"Accept": "text/html"},
    )  # fmt: skip

    assert answer.status_code == 303
    assert [each.name for each in newest(fresh).draft.documents] == ["合同.jpg"]


def test_the_list_offers_the_form_to_who_may_enter_an_order(service: Service) -> None:
    for who in ("maker", "dealer", "site"):
        assert f'href="{HERE}"' in opened(service, who, "/orders")
