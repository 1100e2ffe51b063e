"""Special campaigns on their pages: issued, reported, summed up with the figures of the ledger, and printed."""

from __future__ import annotations

import re

from cabletrace.inspecting import programmes
from cabletrace.model.values import party_id
from cabletrace.web.forms_of_programmes import form_of_report, form_to_correct_programme
from drafts_for_tests import DEALER, MAKER
from service_for_tests import PROGRAMME, Service
from typing_for_tests import enter, newest, opened, text_of

NEW = {
    "body__number": "专2", "body__name": "冬季行动", "body__phases__0__name": "排查", "body__phases__0__opens_on": "2026-05-01",
    "body__phases__0__closes_on": "2026-07-31", "body__tasks__0__code": "1", "body__tasks__0__text": "检查全部经营企业",
    "body__tasks__0__units": "周口市示例市场监督管理局", "body__tasks__0__phase": "1", "body__tasks__0__about": "dealers",
}  # fmt: skip


def test_a_campaign_is_issued_reported_and_summed_up(fresh: Service) -> None:
    begun = enter(fresh, "regulator", "/programmes/new", **NEW)
    assert begun.status_code == 303, text_of(begun)
    path = begun.headers["location"]
    done = enter(fresh, "regulator", f"{path}/steps/done", body__task="1", body__text="已查完")
    assert done.status_code == 303, text_of(done)
    form = fresh.ask("regulator", "GET", f"{path}/steps/summary").text
    assert "生产企业在册" in form
    sent = enter(fresh, "regulator", f"{path}/steps/summary", body__text="达到预期")
    assert sent.status_code == 303, text_of(sent)
    summary = newest(fresh)
    assert summary.draft.body.frozen_at is not None

    page = text_of(fresh.ask("regulator", "GET", path))
    then = f"{path}?phase=0&unit={summary.speaker}&up_to={summary.draft.body.frozen_at}"
    assert then.replace("&", "&amp;") in fresh.ask("regulator", "GET", path).text
    frozen = fresh.ask("regulator", "GET", then).text
    for each in re.findall(r'href="(/programmes/[^"]*/coverage[^"]*)"', frozen):
        opened(fresh, "regulator", each.replace("&amp;", "&"))
    assert "问题与案件" in frozen

    assert "已完成" in page
    assert "达到预期" in page
    printed = fresh.ask("regulator", "GET", f"{path}/summaries/{summary.event_id}")
    assert printed.headers["content-type"] == "application/pdf"
    assert "冬季行动" in text_of(fresh.ask("regulator", "GET", "/programmes"))


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(fresh: Service) -> None:
    wrong = enter(
        fresh, "regulator", "/programmes/new",
        **{
            **NEW, "body__phases__0__closes_on": "2026-04-01", "body__tasks__0__phase": "3", "body__tasks__1__code": "1",
            "body__tasks__1__text": "再查", "body__tasks__1__units": DEALER,
        },
    )  # fmt: skip

    assert wrong.status_code == 422
    said = text_of(wrong)
    faults = ("阶段的结束日早于开始日", "只有 1 个阶段", "任务编号重复", "不是本单位或所属的机构")
    assert [each for each in faults if each not in said] == [], said
    assert "检查全部经营企业" in wrong.text


def test_a_maker_finds_what_is_asked_signs_and_attaches_it(fresh: Service) -> None:
    maker = party_id(MAKER)
    without = enter(
        fresh,
        "maker",
        f"/parties/{maker}/record/commitment",
        body__form="maker/2026-01-01",
        by__0__name="负责人甲",
    )
    assert without.status_code == 422
    assert "附上签字盖章的承诺书" in text_of(without)
    form = f"/parties/{maker}/record/self-check"
    items = set(re.findall(r'name="(body/checklist/\d+/result)"', opened(fresh, "maker", form)))
    assert len(items) == 13  # the list of makers
    empty = enter(fresh, "maker", f"{form}?form=")
    assert empty.status_code == 422
    assert "什么也没有填" in text_of(empty)
    checked = enter(
        fresh, "maker", form, body__problems__0__text="标识不清",
        body__problems__0__due="2026-06-30", body__findings="已逐项检查", **dict.fromkeys(items, "pass"),
    )  # fmt: skip
    assert checked.status_code == 303, text_of(checked)
    assert checked.headers["location"] == "/self-checks"

    page = text_of(fresh.ask("maker", "GET", "/self-checks"))

    assert "自查" in page
    assert newest(fresh).speaker == maker
    assert fresh.ask("dealer", "GET", f"/parties/{maker}/record/self-check").status_code in (200, 403, 404)
    anybody = fresh.ask("anybody", "GET", f"/c/{fresh.code['L1']}").text
    assert "标识不清" not in anybody
    # Found by itself, it is followed like what an inspection found: the maker reports, an officer closes.
    listed = opened(fresh, "regulator", "/inspections?state=open")
    assert "标识不清" in text_of(listed)
    path = f"/events/{newest(fresh).event_id}/rectification?defect=1"
    reported = enter(fresh, "maker", path, body__text="已重做标识")
    assert reported.status_code == 303, text_of(reported)
    closed = enter(fresh, "regulator", path, body__step="closed", body__text="复查合格")
    assert closed.status_code == 303, text_of(closed)
    assert "标识不清" in text_of(opened(fresh, "maker", "/inspections?state=closed"))


def test_every_step_has_a_form_and_a_report_stays_of_its_task_when_corrected() -> None:
    assert form_of_report("nothing") is None
    for step in ("reported", "done", "major-case", "summary", "ended"):
        corrected = form_to_correct_programme("programme-step", {"step": step})
        assert corrected is not None
        assert {part.at for part in corrected.parts}.isdisjoint({"body/task", "body/case", "body/lead"})
    assert programmes.metadata.tables.keys() == {"programme", "programme_step", "party_checked"}
    assert PROGRAMME
