"""A whole case on paper: from a report by one click to the closed file, by a county's officer and nobody else."""

from __future__ import annotations

import re

from cabletrace.auth.sessions import form_token
from cases_for_tests import OFFICERS, REVIEWER
from drafts_for_tests import MAKER
from service_for_tests import CASE, LEAD, REQUEST, Service
from typing_for_tests import PAGE, enter, newest, opened, send, standing, text_of

WHO = "regulator"


def href_of(html: str, pattern: str) -> str:
    found = re.search(rf'href="({pattern})"', html)
    assert found, pattern
    return found[1].replace("&amp;", "&")


def officers(*names: str, role: str = "officer") -> dict[str, str]:
    return {f"by__{n}__name": name for n, name in enumerate(names)} | {
        f"by__{n}__role": role for n in range(len(names))
    }


def a_lead(service: Service, number: str = "线索7") -> str:
    """The path of a lead that was recorded from the report of the story, and is being checked."""
    page = opened(service, WHO, f"/submissions/{service.receipt}")
    answer = enter(service, WHO, href_of(page, r"/leads/new\?event=[^\"]+"), body__number=number, meant="yes")
    assert answer.status_code == 303, text_of(answer)
    path = str(answer.headers["location"])
    assert enter(service, WHO, f"{path}/checking").status_code == 303
    return path


def step(service: Service, path: str, name: str, **typed: str) -> str:
    answer = enter(service, WHO, f"{path}/{name}", **typed)
    assert answer.status_code == 303, text_of(answer)
    return text_of(opened(service, WHO, path))


def a_case(service: Service) -> str:
    lead = a_lead(service)
    answer = enter(
        service, WHO, href_of(opened(service, WHO, lead), r"/cases/new\?lead=[^\"]+"),
        body__number="周市监立〔2026〕7号", body__category="quality", body__legal_basis="产品质量法第四十九条", **officers(*OFFICERS),
    )  # fmt: skip
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def test_a_report_becomes_a_lead_by_one_click_with_what_it_is_about(fresh: Service) -> None:
    path = a_lead(fresh)

    page = text_of(opened(fresh, WHO, path))
    assert "线芯偏细" in page
    assert "举报" in page
    assert "核查中" in page
    assert fresh.code["L1"][:5] in page
    assert "1 号盘" in page.replace("（卷）", "")


def test_a_lead_proposes_who_made_the_batch_or_whom_the_facts_name(fresh: Service) -> None:
    code = fresh.code["L1"]
    of_test = opened(fresh, WHO, f"/leads/new?event={fresh.event['test']}")
    of_batch = opened(fresh, WHO, f"/leads/new?batch={code}")
    of_report = opened(fresh, WHO, f"/leads/new?event={fresh.event['report']}")

    assert standing(of_test)["body/matter/parties"] == standing(of_batch)["body/matter/parties"] != ""
    assert "当事人按记录拟填" in text_of(of_test)
    assert "当事人按记录拟填" in text_of(of_batch)
    assert standing(of_report)["body/matter/parties"] or standing(of_report)["body/matter/names"]


def test_a_penalty_against_nobody_says_where_to_name_the_party(fresh: Service) -> None:
    lead = a_lead(fresh)
    answer = enter(
        fresh, WHO, f"/cases/new?lead={lead.rpartition('/')[2]}", body__number="案8", body__category="quality", body__legal_basis="依据",
        body__matter__parties="", body__matter__names="", **officers(*OFFICERS),
    )  # fmt: skip
    path = str(answer.headers["location"])
    step(fresh, path, "investigate")
    step(fresh, path, "investigation-closed")
    step(fresh, path, "review", **officers(REVIEWER))
    step(fresh, path, "notice-served", body__served_by="direct")
    decision = {
        "body__outcome": "penalty", "body__number": "罚8", "body__penalties": "warning", "occurred_at": "2026-06-01",
    }  # fmt: skip
    step(fresh, path, "statement", body__text="没有异议")

    refused = enter(fresh, WHO, f"{path}/decision", **decision)
    scope = standing(opened(fresh, WHO, f"{path}/scope"))
    step(fresh, path, "scope", body__matter__names="某作坊")
    decided = step(fresh, path, "decision", **decision)

    assert refused.status_code == 409
    assert "调整范围或货值" in text_of(refused)
    assert scope["body/matter/batches/0/units"] == "1"
    assert "已决定" in decided


def test_a_second_lead_of_the_same_report_is_asked_about(fresh: Service) -> None:
    a_lead(fresh)
    form = f"/leads/new?event={fresh.event['report']}"

    shown = opened(fresh, WHO, form)
    again = enter(fresh, WHO, form, body__number="线索8")
    meant = enter(fresh, WHO, form, body__number="线索8", meant="yes")

    assert "线索7" in text_of(shown)
    assert again.status_code == 422
    assert meant.status_code == 303


def test_a_whole_case_is_entered_from_paper_and_its_terms_are_kept(fresh: Service) -> None:
    path = a_case(fresh)
    step(fresh, path, "investigate", **officers(*OFFICERS))
    step(fresh, path, "scope", body__goods_value_fen="12,500")
    step(fresh, path, "investigation-closed", **officers(*OFFICERS))
    step(fresh, path, "review", **officers(REVIEWER))
    step(fresh, path, "notice-served", body__served_by="direct")
    step(fresh, path, "statement", body__text="没有异议")
    decided = step(
        fresh, path, "decision", body__outcome="penalty", body__number="周市监处罚〔2026〕7号",
        body__penalties="fine,goods", body__fine_fen="30,000", body__confiscated_fen="2,000.50", occurred_at="2026-06-01",
    )  # fmt: skip
    assert "待公示" in decided
    assert "已公示" in decided
    assert "撤回公示" not in decided  # nothing is published yet
    assert path in opened(fresh, WHO, "/cases?publication=pending")
    assert "32,000.50 元" in decided
    step(fresh, path, "served", body__served_by="direct", occurred_at="2026-06-03")
    published = step(
        fresh, path, "published", body__text="国家企业信用信息公示系统", occurred_at="2026-06-10"
    )
    assert "撤回公示" in published
    step(fresh, path, "executed", occurred_at="2026-06-15")
    closed = step(fresh, path, "closed", occurred_at="2026-06-20")

    assert "已结案" in closed
    assert "12,500.00 元" in closed
    assert all(name in closed for name in (*OFFICERS, REVIEWER))
    assert "已公示" in closed
    assert path not in opened(fresh, WHO, "/cases?state=open")
    assert path in opened(fresh, WHO, "/cases?state=closed&publication=published")
    assert path not in opened(fresh, WHO, "/cases?publication=pending")


def test_a_step_that_cannot_follow_is_refused_with_what_could(fresh: Service) -> None:
    path = a_case(fresh)

    answer = enter(fresh, WHO, f"{path}/served", body__served_by="direct")

    said = text_of(answer)
    assert answer.status_code == 409
    assert "现在是「已立案」" in said
    assert "开展调查" in said
    assert "第八十一" in said


def test_a_form_of_a_step_that_cannot_be_taken_says_so_when_it_is_opened(fresh: Service) -> None:
    case, lead = a_case(fresh), a_lead(fresh, "线索9")
    filed = href_of(opened(fresh, WHO, case), r"/leads/[0-9a-f-]{36}")
    asked = f"/requests/{REQUEST}/steps/received"

    served = text_of(opened(fresh, WHO, f"{case}/served"))
    tested = text_of(opened(fresh, WHO, f"{lead}/tested"))
    again = text_of(opened(fresh, WHO, f"/cases/new?lead={filed.rpartition('/')[2]}"))
    right = text_of(opened(fresh, WHO, f"{case}/investigate"))

    assert "现在是「已立案」，不能「送达决定」" in served.replace("决定书", "决定")
    assert "现在是「核查中」" in tested
    assert "线索不能立案" in again or "现在是「已立案」" in again
    assert "现在是「" not in right
    assert "现在是「" not in text_of(opened(fresh, WHO, asked))


def test_who_investigated_is_told_on_the_form_of_the_review(fresh: Service) -> None:
    path = a_case(fresh)
    step(fresh, path, "investigate", **officers("示例 regulator", OFFICERS[1]))
    step(fresh, path, "investigation-closed", **officers(*OFFICERS))

    assert "办案人员不得作为审核人员" in text_of(opened(fresh, WHO, f"{path}/review"))


def test_who_filed_a_case_is_proposed_for_its_steps_and_reviews_nothing(fresh: Service) -> None:
    path = a_case(fresh)
    asked = standing(opened(fresh, WHO, f"{path}/investigate"))
    assert [asked["by/0/name"], asked["by/1/name"]] == [*OFFICERS]
    assert "市场监督管理行政处罚程序规定第十九、二十二条" in text_of(
        opened(fresh, WHO, f"{path}/investigate")
    )
    step(fresh, path, "investigate", by__1__name="执法丁")
    step(fresh, path, "investigation-closed")

    assert "执法丁" in text_of(opened(fresh, WHO, path))
    assert standing(opened(fresh, WHO, f"{path}/review")).get("by/0/name") == ""
    evidence = standing(opened(fresh, WHO, f"{path}/evidence"))
    assert [evidence["officer1"], evidence["officer2"]] == [*OFFICERS]
    scope = opened(fresh, WHO, path)
    assert "合计" in scope[scope.index('id="scope"') : scope.index('id="requests"')]


def test_a_scope_of_one_drum_says_so_and_is_widened_by_one_click(fresh: Service) -> None:
    path = a_case(fresh)
    narrow = opened(fresh, WHO, path)
    trace = href_of(narrow, r"/batches/[^\"]+/trace\?units=1")
    answer = enter(fresh, WHO, href_of(narrow, rf"{path}/scope\?widen=yes"))
    wide = opened(fresh, WHO, path)

    assert "只算 1 号盘（卷）" in text_of(narrow)
    assert "1 号盘" in text_of(opened(fresh, WHO, trace))
    assert answer.status_code == 303, text_of(answer)
    assert "整批：" in text_of(wide)
    assert "范围扩大到整批" in text_of(wide)
    assert "widen=yes" not in wide


def test_an_investigator_is_no_reviewer_and_what_was_typed_stays(fresh: Service) -> None:
    path = a_case(fresh)
    step(fresh, path, "investigate", **officers(*OFFICERS))
    step(fresh, path, "investigation-closed", **officers(*OFFICERS))

    answer = enter(fresh, WHO, f"{path}/review", body__text="请审核", **officers(OFFICERS[1]))

    assert answer.status_code == 409
    assert "办案人员不得作为审核人员" in text_of(answer)
    assert standing(answer.text)["body/text"] == "请审核"


def test_a_form_that_is_sent_twice_files_one_case(fresh: Service) -> None:
    lead = a_lead(fresh)
    path = f"/cases/new?lead={lead.rpartition('/')[2]}"
    form = {
        **standing(opened(fresh, WHO, path)), "occurred_at": "2026-05-20", "body/number": "案7", "body/category": "quality",
        "body/legal_basis": "依据", "by/0/name": "执法甲", "by/1/name": "执法乙",
    }  # fmt: skip

    first, second = send(fresh, WHO, path, form), send(fresh, WHO, path, form)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]


def test_what_is_due_stands_on_one_page_and_on_the_desk(fresh: Service) -> None:
    page = text_of(opened(fresh, WHO, "/due"))

    assert "周市监立〔2026〕1号" in page
    assert "作出处理决定" in page
    assert "没有在走的期限" in text_of(opened(fresh, WHO, "/due?whose=me"))
    theirs = text_of(opened(fresh, "regulator B", "/due"))
    assert "月报" in page
    assert "报送月报" not in theirs  # the notice binds the authorities of another city
    assert "周市监" not in theirs
    step(fresh, f"/cases/{CASE}", "investigate", **officers(*OFFICERS))
    assert "周市监立〔2026〕1号" in text_of(opened(fresh, WHO, "/due?whose=me"))


def test_what_is_overdue_stands_first_on_the_desk(fresh: Service) -> None:
    a_lead(fresh)  # received on the 20th of May, and by now it is the 30th of June

    desk, due = opened(fresh, WHO, "/"), text_of(opened(fresh, WHO, "/due"))

    assert 'href="/due#overdue"' in desk
    assert "线索7" in due
    assert "逾期" in due
    assert "/due" not in opened(fresh, "maker", "/")


def test_neither_those_concerned_nor_another_authority_find_anything(fresh: Service) -> None:
    code, size = fresh.code["L1"], fresh.size
    enter(
        fresh,
        WHO,
        f"/leads/new?batch={code}&party={MAKER}",
        body__number="线索9",
        body__source="alert",
        body__text="密查",
    )
    lead = newest(fresh)

    assert fresh.size == size + 1
    for who in ("maker", "dealer", "site", "operator", "auditor", "department", "regulator B"):
        for path in (
            f"/batches/{code}",
            f"/parties/{MAKER}",
            "/",
            "/search?q=L1",
            "/search?q=%E7%BA%BF%E7%B4%A29",
        ):
            answer = fresh.ask(who, "GET", path, headers=PAGE)
            assert "密查" not in answer.text
            assert lead.draft.subject.lead not in answer.text
        for path in (f"/events/{lead.event_id}", f"/leads/{LEAD}", f"/cases/{CASE}"):
            assert fresh.ask(who, "GET", path, headers=PAGE).status_code in (403, 404)
        for path in (
            f"/api/v1/events/{lead.event_id}",
            f"/api/v1/events/{lead.event_id}/proof",
            f"/api/v1/events/{lead.event_id}/payload",
        ):
            assert fresh.ask(who, "GET", path).status_code in (403, 404)


def test_goods_and_parties_lead_to_a_lead_too_and_a_maker_is_offered_none(fresh: Service) -> None:
    code = fresh.code["L1"]

    assert f"/leads/new?batch={code}" in opened(fresh, WHO, f"/batches/{code}")
    assert "/leads/new?party=" in opened(fresh, WHO, f"/parties/{MAKER}")
    assert "/leads/new" not in opened(fresh, "maker", f"/batches/{code}")
    form = standing(opened(fresh, WHO, f"/leads/new?batch={code}&unit=2"))
    assert form["body/matter/batches/0/units"] == "2"


def test_a_wrong_amount_is_corrected_on_its_own_form_and_both_stand_in_the_timeline(fresh: Service) -> None:
    path = a_case(fresh)
    step(fresh, path, "investigate", **officers(*OFFICERS))
    step(fresh, path, "scope", body__goods_value_fen="12,500")
    form = f"/events/{newest(fresh).event_id}/correct"
    typed = {
        **standing(opened(fresh, WHO, form)), "body/goods_value_fen": "21,500", "reason": "金额录错",
        "form_token": form_token(fresh.tokens[WHO]), "step": "record",
    }  # fmt: skip

    answer = send(fresh, WHO, form, typed)

    page = text_of(opened(fresh, WHO, path))
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "21,500.00 元" in page
    assert "更正" in page
    assert fresh.ask("maker", "GET", form, headers=PAGE).status_code == 404
