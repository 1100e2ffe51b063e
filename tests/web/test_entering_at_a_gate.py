"""What is said at a gate and in a laboratory: acceptance, the engineer's opinion, the test report; drums by their labels."""

from __future__ import annotations

import html
import re

import pytest

from cabletrace.codes.trace_code import BatchCode, UnitCode, unit_code
from cabletrace.model.values import party_id
from cabletrace.web.blanks import row_count, with_more_rows
from cabletrace.web.forms import FORMS
from drafts_for_tests import LABORATORY, SITE, SUPERVISOR
from files_for_tests import name_of, photo
from service_for_tests import GOODS, Service, project_id
from typing_for_tests import PAGE, enter, filled_in, newest, opened, send, standing, text_of

ITEMS = next(part for part in FORMS["testing"].parts if part.at == "body/items")


@pytest.fixture
def batch(fresh: Service) -> str:
    return f"/batches/{fresh.code['L1']}"


def label(service: Service, unit: int, *, lot: str = "L1") -> UnitCode:
    """The code on the label of a drum."""
    keys = service.house.code_keys
    return unit_code(BatchCode(service.code[lot][:-1]), unit, keys[max(keys)])


def accepted(**typed: str) -> dict[str, str]:
    return {"body__result": "accept", "body__number": "YS-9", **typed}


# --- acceptance and the engineer's opinion ------------------------------------------------------------


def test_a_site_accepts_drums_with_a_photo_and_a_name(fresh: Service, batch: str) -> None:
    path = f"{batch}/record/acceptance?units=2"
    form = filled_in(
        fresh, "site", path, occurred_at="2026-05-20", by__0__name="某验收人",
        **accepted(body__papers="complete", body__measurements__0__unit="2", body__measurements__0__length_mm="190"),
    )  # fmt: skip

    answer = fresh.ask(
        "site",
        "POST",
        path,
        data=form,
        headers=PAGE,
        files=[("documents", ("到货.jpg", photo(30), "image/jpeg"))],
    )

    said = newest(fresh)
    assert answer.headers["location"] == f"{batch}#event-{fresh.size - 1}"
    assert said.speaker == party_id(SITE)
    assert said.draft.body.units == ((2, 2),)
    assert (said.draft.body.project.keeper, said.draft.body.project.number) == (party_id(SITE), "XM-1")
    assert said.draft.body.measurements[0].length_mm == 190_000
    assert said.draft.documents[0].sha256 == name_of(photo(30))
    assert said.draft.by[0].role == "acceptor"
    assert "验收人 某验收人" in text_of(opened(fresh, "site", f"/events/{said.event_id}"))


def test_a_rejection_is_recorded_as_one(fresh: Service, batch: str) -> None:
    enter(fresh, "site", f"{batch}/record/acceptance?units=2", **accepted(body__result="reject"))

    assert "验收拒收" in text_of(opened(fresh, "site", batch))


def test_the_engineer_says_that_a_drum_waits_for_its_test(fresh: Service, batch: str) -> None:
    enter(
        fresh, "supervisor", f"{batch}/record/supervision",
        body__units="2", body__opinion="await-test", body__number="JL-9", by__0__name="某工程师",
    )  # fmt: skip

    assert newest(fresh).speaker == party_id(SUPERVISOR)
    assert newest(fresh).draft.by[0].role == "engineer"
    assert "待检" in text_of(opened(fresh, "supervisor", f"{batch}?unit=2"))


@pytest.mark.parametrize(
    ("who", "kind"), [("site", "acceptance"), ("supervisor", "supervision"), ("site", "use")]
)
def test_the_project_to_which_the_goods_have_come_is_chosen_already(
    service: Service, who: str, kind: str
) -> None:
    page = opened(service, who, f"/batches/{service.code['L1']}/record/{kind}")

    assert standing(page)["body/project"] == project_id(SITE, "XM-1")


def test_what_is_decided_is_a_large_choice_and_none_is_made_beforehand(service: Service) -> None:
    page = opened(service, "site", f"/batches/{service.code['L1']}/record/acceptance")

    assert re.findall(r'type="radio" name="body/result" value="(\w+)"', page) == ["accept", "reject"]
    assert "body/result" not in standing(page)


def test_what_is_wrong_at_the_gate_stays_typed_and_stands_beside_its_field(
    fresh: Service, batch: str
) -> None:
    size = fresh.size

    answer = enter(
        fresh,
        "site",
        f"{batch}/record/acceptance",
        body__units="2-x",
        body__number="YS-9",
        body__appearance="有划痕",
    )

    assert answer.status_code == 422
    assert {"#field-body/units", "#field-body/result"} <= set(
        re.findall(r'<li><a href="([^"]+)"', answer.text)
    )
    assert "请选择「结果」" in text_of(answer)
    assert standing(answer.text)["body/units"] == "2-x"
    assert standing(answer.text)["body/appearance"] == "有划痕"
    assert fresh.size == size


def test_a_choice_that_was_made_stays_made(fresh: Service, batch: str) -> None:
    answer = enter(fresh, "site", f"{batch}/record/acceptance?units=2", **accepted(body__number=""))

    assert answer.status_code == 422
    assert standing(answer.text)["body/result"] == "accept"


def test_a_drum_that_is_not_registered_is_refused_beside_the_drums(fresh: Service, batch: str) -> None:
    answer = enter(fresh, "site", f"{batch}/record/acceptance", **accepted(body__units="77"))

    assert answer.status_code == 422
    assert 'href="#field-body/units"' in answer.text


# --- drums by their labels ----------------------------------------------------------------------------


def test_drums_are_named_by_their_labels_among_numbers_and_once(fresh: Service, batch: str) -> None:
    printed, scanned = label(fresh, 2).printed, f"https://trace.example/c/{label(fresh, 4).canonical}"

    enter(
        fresh,
        "site",
        f"{batch}/record/acceptance",
        **accepted(body__units=f"3，{printed}\t{scanned} {printed}"),
    )

    assert newest(fresh).draft.body.units == ((2, 4),)


def test_a_label_in_the_address_fills_in_its_drum(fresh: Service) -> None:
    page = opened(fresh, "site", f"/batches/{label(fresh, 2).canonical}/record/acceptance")

    assert standing(page)["body/units"] == "2"


def forged(code: UnitCode) -> UnitCode:
    """The same drum, well formed, from a printer that has no key."""
    return UnitCode(code.batch, code.unit, ("0" if code.mac[0] != "0" else "1") + code.mac[1:])


def test_a_label_that_was_not_issued_here_is_not_accepted(fresh: Service, batch: str) -> None:
    false = forged(label(fresh, 2))

    typed = enter(fresh, "site", f"{batch}/record/acceptance", **accepted(body__units=false.printed))
    scanned = fresh.ask("site", "GET", f"/batches/{false.canonical}/record/acceptance", headers=PAGE)

    for answer in (typed, scanned):
        assert answer.status_code == 422
        assert "请勿凭此标签收货" in text_of(answer)
    assert 'href="#field-body/units"' in typed.text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (lambda service: label(service, 1, lot="J1").printed, "这个码是另一批货的"),
        (lambda service: service.code["L1"], "这是整批的码，不是单盘的码"),
        (lambda service: label(service, 2).canonical[:-1] + "*", "不是盘号或盘号范围"),
        (lambda service: label(service, 2).canonical[:-2], "追溯码应为"),
    ],
)
def test_a_label_of_something_else_is_told_apart(fresh: Service, batch: str, code: object, said: str) -> None:
    typed = code(fresh)  # type: ignore[operator]

    answer = enter(fresh, "site", f"{batch}/record/acceptance", **accepted(body__units=typed))

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_one_drum_is_named_by_its_label_too(fresh: Service, batch: str) -> None:
    enter(
        fresh, "site", f"{batch}/record/use",
        body__unit=label(fresh, 2).printed, body__length_mm="5", body__number="SY-9", body__circuit="甲",
    )  # fmt: skip

    assert newest(fresh).draft.body.unit == 2


def test_who_scans_a_label_goes_on_to_what_the_account_may_do(service: Service) -> None:
    code = service.code["L1"]

    onward = {
        who: set(re.findall(r'<a class="button" href="(/batches/[^"]+)"', opened(service, who, f"/c/{code}")))
        for who in ("site", "laboratory", "maker B", "anybody", "dealer")
    }

    printed = f"{code[:5]}-{code[5:]}"
    to_batch, to_report = f"/batches/{printed}", f"/batches/{printed}/record/testing"
    assert onward["site"] == onward["dealer"] == {to_batch}
    assert onward["laboratory"] == {to_batch, to_report}
    assert onward["maker B"] == {to_report}
    assert onward["anybody"] == set()


def test_what_a_role_came_for_stands_before_all_else_on_the_page(service: Service) -> None:
    code, unit = service.code["L1"], 2
    here, project = f"/batches/{code}", f"/projects/{project_id(SITE, 'XM-1')}"

    def buttons(who: str, path: str) -> list[str]:
        page = opened(service, who, path).partition('<div class="actions">')[2].partition("</div>")[0]
        return [html.unescape(href) for href in re.findall(r'href="([^"]+)"', page)]

    def first(who: str, path: str) -> str:
        return buttons(who, path)[0]

    assert first("supervisor", here) == f"{here}/record/supervision"
    assert first("supervisor", f"{here}?unit={unit}") == f"{here}/record/supervision?unit={unit}"
    assert first("laboratory", here) == f"{here}/record/testing"
    assert first("site", here) == f"{here}/record/acceptance"
    assert first("dealer", here) == f"/send?batch={code}"
    assert first("regulator", here) == f"{here}/trace"
    assert first("regulator", project) == f"{project}/record/inspection"
    assert first("site", project) == "/receive"
    assert f'href="{here}/record/supervision"' in opened(service, "supervisor", project)
    assert "record/" not in opened(service, "department", project)


# --- test reports -------------------------------------------------------------------------------------


def measured(n: int, value: str, **more: str) -> dict[str, str]:
    row = {"indicator": "导体电阻", "value": value, "unit": "Ω/km", "core": "主线芯", **more}
    return {f"body__items__{n}__{name}": text for name, text in row.items()}


def test_a_laboratory_enters_a_report_and_sees_the_values_beside_their_limits(
    fresh: Service, batch: str
) -> None:
    answer = enter(
        fresh, "laboratory", f"{batch}/record/testing?unit=2",
        body__type="commissioned", body__report="WT-77", body__conclusion="fail", by__0__name="某检测员",
        **measured(0, "0.2510", method="GB/T 3048.4", declared="fail"),
        **measured(2, "250", indicator="断裂伸长率", unit="%", core="", declared="pass"),
    )  # fmt: skip

    said = newest(fresh)
    assert answer.headers["location"] == f"{batch}#tests"
    assert said.speaker == party_id(LABORATORY)
    assert [item.value for item in said.draft.body.items] == ["0.2510", "250"]
    assert (said.draft.body.sampled_unit, said.draft.body.items[0].method) == (2, "GB/T 3048.4")
    page = opened(fresh, "laboratory", batch)
    start, end = (page.index(f'id="{part}"') for part in ("tests", "timeline"))
    assert re.search(r"WT-77.*0\.2510.*≤ 0\.193", text_of(f"<main><p {page[start:end]}</main>"))


def test_a_laboratory_that_has_only_the_label_enters_its_first_report(fresh: Service) -> None:
    code = fresh.code["J1"]
    assert fresh.ask("laboratory", "GET", f"/batches/{code}").status_code == 404
    form = f"/batches/{code}/record/testing"
    asked = text_of(opened(fresh, "laboratory", form))
    assert "批号 J1" in asked
    assert "济南市例示经营部" not in asked  # whose goods they are now is not on the label

    answer = enter(
        fresh, "laboratory", form, body__type="commissioned", body__report="WT-78", **measured(0, "0.190")
    )

    assert answer.status_code == 303, text_of(answer)
    assert "WT-78" in text_of(opened(fresh, "laboratory", f"/batches/{code}"))


def test_having_the_label_opens_no_other_form(service: Service) -> None:
    for who, kind in (("laboratory", "sampling"), ("maker", "dispatch"), ("site", "acceptance")):
        path = f"/batches/{service.code['J1']}/record/{kind}"
        assert service.ask(who, "GET", path, headers=PAGE).status_code == 404, kind
    for code in ("00000-00000", forged(label(service, 1, lot="J1")).canonical):
        path = f"/batches/{code}/record/testing"
        assert service.ask("laboratory", "GET", path, headers=PAGE).status_code in (404, 422)


def test_a_laboratorys_own_accreditation_is_filled_in(service: Service) -> None:
    at = f"/batches/{service.code['L1']}/record/testing"

    assert re.fullmatch(r"\d{12}", standing(opened(service, "laboratory", at))["body/cma"])
    assert standing(opened(service, "maker", at))["body/cma"] == ""


def rows_in(page: str) -> int:
    return len(re.findall(r'name="body/items/\d+/indicator"', page))


def test_more_rows_come_without_script_and_keep_what_was_typed(fresh: Service, batch: str) -> None:
    path, size = f"{batch}/record/testing", fresh.size
    form = filled_in(fresh, "laboratory", path, body__report="WT-79", **measured(1, "0.190"))
    files = [("documents", ("报告.jpg", photo(40), "image/jpeg"))]

    more = fresh.ask(
        "laboratory", "POST", path, data={**form, "more": "body/items"}, headers=PAGE, files=files
    )

    assert more.status_code == 200
    assert rows_in(more.text) > rows_in(opened(fresh, "laboratory", path))
    typed = standing(more.text)
    assert (typed["body/report"], typed["body/items/0/value"]) == ("WT-79", "0.190")
    assert typed["kept"].startswith(name_of(photo(40)))
    assert 'class="summary"' not in more.text
    assert fresh.size == size


def test_rows_that_are_there_stay_there_after_a_refusal(fresh: Service, batch: str) -> None:
    path = f"{batch}/record/testing"
    form = filled_in(fresh, "laboratory", path, **{"more": "body/items"})
    more = send(fresh, "laboratory", path, form)
    sent = {**standing(more.text), "form_token": form["form_token"]}

    refused = send(fresh, "laboratory", path, sent)

    assert refused.status_code == 422
    assert rows_in(refused.text) == rows_in(more.text)


def test_rows_grow_to_what_a_form_may_hold_and_no_further() -> None:
    typed: dict[str, str] = {}
    for _ in range(200):
        typed = with_more_rows([ITEMS], typed, "body/items")

    assert row_count(ITEMS, typed) == 100  # type: ignore[arg-type]
    assert with_more_rows([ITEMS], {"a": "b"}, "body/nothing") == {"a": "b"}
    assert row_count(ITEMS, {"body/items/99999999999999999999/value": ""}) == 300  # type: ignore[arg-type]


def test_a_form_with_as_many_rows_as_it_may_have_is_still_read(fresh: Service, batch: str) -> None:
    path = f"{batch}/record/testing"
    items: dict[str, str] = {}
    for n in range(100):
        items |= measured(n, f"0.1{n:02}", method="GB/T 3048.4", temperature_celsius="", declared="none")

    answer = enter(fresh, "laboratory", path, body__type="commissioned", body__report="WT-80", **items)

    assert answer.status_code == 303, text_of(answer)
    assert len(newest(fresh).draft.body.items) == 100


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (measured(0, "零点一九"), "body/items/0/value"),
        (measured(0, "0.190", unit=""), "body/items/0/unit"),
        (measured(0, "0.190", indicator="颜色好看"), "body/items/0/indicator"),
        (measured(0, "0.190", unit="kV"), "body/items/0/unit"),
        ({}, "body/items"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field(
    fresh: Service, batch: str, row: dict[str, str], where: str
) -> None:
    answer = enter(
        fresh, "laboratory", f"{batch}/record/testing", body__type="quick", body__report="WT-81", **row
    )

    assert answer.status_code == 422
    assert f'href="#field-{where}"' in answer.text
    for name, text in row.items():
        assert standing(answer.text)[name.replace("__", "/")] == text


def test_an_indicator_is_proposed_by_its_name(service: Service) -> None:
    page = opened(service, "laboratory", f"/batches/{service.code['L1']}/record/testing")

    (listed,) = set(re.findall(r'list="([^"]+)"', page))
    proposals = page[page.index(f'<datalist id="{listed}"') : page.index("</datalist>")]
    assert '<option value="导体电阻">' in proposals


def test_uncoded_goods_are_tested_too(fresh: Service) -> None:
    path = f"/goods/{GOODS}/record/testing"
    assert "body/sampled_unit" not in standing(opened(fresh, "regulator", path))

    answer = enter(
        fresh, "regulator", path, body__type="supervision", body__report="JD-1", **measured(0, "0.190")
    )

    assert answer.headers["location"] == f"/goods/{GOODS}", text_of(answer)
    assert newest(fresh).draft.subject.goods == GOODS
