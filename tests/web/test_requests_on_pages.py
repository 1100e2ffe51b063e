"""Requests to other regions on pages: from a case's frozen scope to a letter, by account and on paper, with what comes back."""

from __future__ import annotations

import re

import pypdfium2

from cabletrace.http.attaching import FILES_FIELD
from cases_for_tests import OFFICERS
from files_for_tests import photo
from labels_for_tests import read_from
from service_for_tests import Service
from typing_for_tests import PAGE, enter, filled_in, newest, opened, standing, text_of

ISSUER, RECEIVER = "regulator", "regulator B"
THERE = "济南市示例市场监督管理局"


def officers(*names: str) -> dict[str, str]:
    return {f"by__{n}__name": name for n, name in enumerate(names)}


def a_case(service: Service) -> str:
    """A case about the whole batch L1."""
    answer = enter(
        service, ISSUER, "/cases/new", body__number="周市监立〔2026〕7号", body__category="quality", body__text="导体电阻不合格",
        body__legal_basis="产品质量法第四十九条", body__matter__batches__0__code=service.code["L1"], **officers(*OFFICERS),
    )  # fmt: skip
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def a_letter(service: Service, case: str, **typed: str) -> str:
    said = {
        "body__type": "assist", "body__number": "周市监协〔2026〕5号", "body__to": THERE, "body__region": "山东省济南市",
        "body__legal_basis": "市场监督管理行政处罚程序规定第四十五条", "body__questions": "authenticity,sales",
        "body__matter__batches__0__code": service.code["L1"], "body__matter__batches__0__name": "YJV 示例电缆厂",
        "body__matter__batches__0__length_mm": "250", **officers(*OFFICERS), **typed,
    }  # fmt: skip
    answer = enter(service, ISSUER, f"/requests/new?case={case.rpartition('/')[2]}", **said)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def step(service: Service, who: str, path: str, name: str, **typed: str) -> str:
    answer = enter(service, who, f"{path}/steps/{name}", **typed)
    assert answer.status_code == 303, text_of(answer)
    return text_of(opened(service, who, path))


def pdf_of(service: Service, who: str, path: str) -> tuple[str, str]:
    """The words of a paper, and where its code leads."""
    answer = service.ask(who, "GET", path, headers=PAGE)
    assert answer.status_code == 200, path
    with pypdfium2.PdfDocument(answer.content) as document:
        words = re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))
        (url,) = read_from(document[0].render(scale=200 / 72).to_pil())
    return words, url


def test_every_region_of_a_case_leads_to_a_letter_with_what_lay_there(fresh: Service) -> None:
    case = a_case(fresh)
    page = opened(fresh, ISSUER, case)
    assert f'href="{case}/regions"' in page
    regions = opened(fresh, ISSUER, f"{case}/regions")
    links = [
        each.replace("&amp;", "&") for each in re.findall(r'href="(/requests/new\?case=[^"]+)"', regions)
    ]
    assert links

    typed = {
        "body__type": "transfer",
        "body__reason": "当事人住所地在外地",
        "body__to_name": "某县市场监督管理局",
    }
    answer = enter(fresh, ISSUER, links[0], body__number="函1", **typed, **officers(*OFFICERS))

    assert answer.status_code == 303, text_of(answer)
    letter = newest(fresh).draft.body
    assert [each.code for each in letter.matter.batches] == [fresh.code["L1"]]
    assert letter.matter.batches[0].length_mm
    assert letter.frozen_at is not None
    assert "函1" in text_of(opened(fresh, ISSUER, f"{case}/regions"))
    assert "函1" in text_of(opened(fresh, ISSUER, case))


def test_a_letter_by_account_is_read_accepted_and_answered_by_the_other_region(fresh: Service) -> None:
    path = a_letter(fresh, a_case(fresh))

    assert path in opened(fresh, RECEIVER, "/requests")
    step(fresh, RECEIVER, path, "received")
    step(fresh, RECEIVER, path, "accepted")
    told = step(fresh, RECEIVER, path, "replied", body__text="经查为假冒", body__evidence="进货票据")

    assert "已回复" in told
    seen = text_of(opened(fresh, ISSUER, path))
    assert "经查为假冒" in seen
    assert "纸质" not in seen
    assert "已评价" in step(fresh, ISSUER, path, "evaluated", body__outcome="sufficient")
    assert path not in opened(fresh, RECEIVER, "/requests")


def test_a_letter_begins_with_the_goods_and_officers_of_its_case_and_of_nothing_it_is_refused(
    fresh: Service,
) -> None:
    case = a_case(fresh)
    form = f"/requests/new?case={case.rpartition('/')[2]}"

    begun = standing(opened(fresh, ISSUER, form))
    bare = enter(
        fresh, ISSUER, form, body__number="函3", body__to_name="某县市场监督管理局", body__region="开封市",
        body__matter__batches__0__code="", body__matter__batches__0__name="",
    )  # fmt: skip

    assert [begun["by/0/name"], begun["by/1/name"]] == [*OFFICERS]
    assert (begun["body/type"], begun["body/legal_basis"]) == (
        "assist",
        "市场监督管理行政处罚程序规定第四十五条",
    )
    assert begun["body/matter/batches/0/name"].startswith("YJV 0.6/1kV 3×95+1×50 L1 ")
    assert bare.status_code == 422
    assert "请写明涉及的批次" in text_of(bare)
    assert standing(bare.text)["body/to_name"] == "某县市场监督管理局"
    letter = enter(
        fresh, ISSUER, form, body__number="函3", body__to_name="某县市场监督管理局", body__region="开封市"
    )
    path = str(letter.headers["location"])
    assert f'<a href="{case}">周市监立〔2026〕7号</a>' in opened(fresh, ISSUER, path)
    assert "还没有签收" in text_of(opened(fresh, ISSUER, path))


def test_letters_that_came_wait_on_the_desk_until_they_are_received_and_late_ones_on_the_senders(
    fresh: Service,
) -> None:
    came, late = "封其他机关来的函等您签收", "封发出的函逾期没有回复"
    path = a_letter(fresh, a_case(fresh))

    assert came in text_of(opened(fresh, RECEIVER, "/"))
    assert late not in text_of(opened(fresh, ISSUER, "/"))
    step(fresh, RECEIVER, path, "received", occurred_at="2026-05-21")
    assert came not in text_of(opened(fresh, RECEIVER, "/"))
    assert late in text_of(opened(fresh, ISSUER, "/"))
    step(fresh, RECEIVER, path, "replied", body__text="查无此货", occurred_at="2026-06-29")
    assert late not in text_of(opened(fresh, ISSUER, "/"))


def test_the_other_region_is_offered_no_step_of_the_issuer_and_reads_no_case(fresh: Service) -> None:
    case = a_case(fresh)
    path = a_letter(fresh, case)

    page = opened(fresh, RECEIVER, path)
    assert "steps/received" in page
    assert "steps/reminded" not in page
    assert case not in page
    refused = enter(fresh, RECEIVER, f"{path}/steps/reminded", body__number="催1")
    assert refused.status_code == 403
    for asked in (case, f"{case}/regions", f"/batches/{fresh.code['L1']}"):
        assert fresh.ask(RECEIVER, "GET", asked, headers=PAGE).status_code == 404


def test_a_reply_on_paper_is_entered_with_its_scan_and_says_who_entered_it(fresh: Service) -> None:
    path = a_letter(fresh, a_case(fresh), body__to="", body__to_name="某县市场监督管理局")
    assert "纸质" in step(fresh, ISSUER, path, "received", occurred_at="2026-05-21")

    bare = enter(fresh, ISSUER, f"{path}/steps/replied", body__text="查无此货", occurred_at="2026-06-01")

    assert bare.status_code == 422
    assert "扫描件" in text_of(bare)

    form = filled_in(
        fresh, ISSUER, f"{path}/steps/replied", body__text="查无此货", body__number="某复1号", occurred_at="2026-06-01"
    )  # fmt: skip
    scan = {FILES_FIELD: ("复函.jpg", photo(5), "image/jpeg")}
    scanned = fresh.ask(ISSUER, "POST", f"{path}/steps/replied", data=form, files=scan, headers=PAGE)
    assert scanned.status_code == 303, text_of(scanned)
    page = opened(fresh, ISSUER, path)
    assert "复函.jpg" in page
    assert "纸质，由 周口市示例市场监督管理局 录入" in text_of(page)


def test_what_was_entered_wrong_of_a_letter_and_a_step_is_corrected_in_the_same_forms(fresh: Service) -> None:
    path = a_letter(fresh, a_case(fresh))
    letter = newest(fresh).event_id
    step(fresh, RECEIVER, path, "received", occurred_at="2026-05-22")
    received = newest(fresh).event_id

    record = {"step": "record", "reason": "录错"}
    put_right = enter(
        fresh, ISSUER, f"/events/{letter}/correct", body__number="周市监协〔2026〕6号", **record
    )
    earlier = enter(fresh, RECEIVER, f"/events/{received}/correct", occurred_at="2026-05-21", **record)

    assert (put_right.status_code, earlier.status_code) == (303, 303)
    assert {put_right.headers["location"], earlier.headers["location"]} == {path}
    page = text_of(opened(fresh, RECEIVER, path))
    assert "周市监协〔2026〕6号" in page
    assert "2026-05-21" in page


def test_the_letter_is_printed_with_its_slip_and_its_code_leads_to_the_request(fresh: Service) -> None:
    path = a_letter(fresh, a_case(fresh), body__evidence="进货票据复印件")

    words, url = pdf_of(fresh, ISSUER, f"{path}/letter.pdf")

    wanted = (
        "协助调查函", "周市监协〔2026〕5号", THERE, "周市监立〔2026〕7号", "YJV示例电缆厂", "250", "产品真伪", "进货票据复印件", *OFFICERS,
        "送达回执", "复函", "印章", "十五个工作日",
    )  # fmt: skip
    assert [each for each in wanted if each not in words] == []
    assert url == f"https://trace.example{path}"
    assert pdf_of(fresh, RECEIVER, f"{path}/letter.pdf") == (words, url)
    assert fresh.ask("maker", "GET", f"{path}/letter.pdf", headers=PAGE).status_code in (403, 404)


def test_what_is_overdue_is_reminded_of_with_a_copy_to_the_own_superior(fresh: Service) -> None:
    path = a_letter(fresh, a_case(fresh))
    step(fresh, RECEIVER, path, "received", occurred_at="2026-05-21")
    late = step(
        fresh, ISSUER, path, "reminded", body__number="周市监催〔2026〕1号", body__copy_to_name="河南省市场监督管理局", occurred_at="2026-06-25"
    )  # fmt: skip
    assert "逾期" in late

    (href,) = re.findall(rf'href="({path}/reminders/[^"]+)"', opened(fresh, ISSUER, path))
    words, url = pdf_of(fresh, ISSUER, href)

    assert all(
        each in words for each in ("催办函", "周市监催〔2026〕1号", "现已逾期", "抄送：河南省市场监督管理局")
    )
    assert url == f"https://trace.example{path}"
