"""A maker registers a batch in under a minute: what it did last stands there already, and mistakes are told beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from cabletrace.model.values import party_id
from drafts_for_tests import DESIGNATION, LICENCE, MAKER, PRODUCT, certificate, product, production
from service_for_tests import CERTIFIER, Service, Told, service_in
from typing_for_tests import enter, filled_in, newest, opened, send, standing, text_of

HERE = "/batches/new"


def test_the_form_opens_with_what_was_made_last_and_the_next_lot(fresh: Service) -> None:
    stands = standing(opened(fresh, "maker", HERE))

    assert stands["body/product"] == PRODUCT
    assert stands["subject/batch/lot"] == "L2"
    assert stands["occurred_at"] == "2026-06-30"
    assert stands["by/0/name"] == "质检员甲某"


def test_the_form_opens_with_a_product_whose_certificate_holds_and_says_which_cable_it_is(
    told: Told, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ended = (
        certificate(number="CCC-1", valid_to="2026-04-30", type="ccc", entered_for=MAKER),
        product(number="P-BV", designation="BV 450/750V 1×2.5", certificate="CCC-1", entered_for=MAKER),
        production("L2", [(1, 4, 100_000)], entered_for=MAKER),
        production("BAD-10", [(1, 4, 100_000)], product="P-BV", entered_for=MAKER),
    )
    with service_in(tmp_path_factory.mktemp("ended") / "data", told, *ended) as running:
        page = opened(running, "maker", HERE)

    stands = standing(page)
    assert (stands["body/product"], stands["subject/batch/lot"]) == (PRODUCT, "L3")
    beside = page[page.index('id="meant"') : page.index('id="field-subject/batch/lot"')]
    assert DESIGNATION in beside
    assert LICENCE in beside


def test_two_words_register_a_batch_and_lead_to_its_labels_and_its_dispatch(fresh: Service) -> None:
    answer = enter(fresh, "maker", HERE, body__units="1-20 × 500; 21 × 320 m")

    said = newest(fresh).draft
    page = opened(fresh, "maker", answer.headers["location"])
    assert answer.status_code == 303
    assert said.kind == "production"
    assert said.body.length_mm == 10_320_000
    assert [(group.first, group.last) for group in said.body.units] == [(1, 20), (21, 21)]
    assert said.subject.batch.lot == "L2"
    here = answer.headers["location"]
    for next_step in (f"{here}/labels", f"/send?batch={here.removeprefix('/batches/')}"):
        assert f'href="{next_step}"' in page


def test_line_shift_and_material_are_remembered_or_kept(fresh: Service) -> None:
    enter(
        fresh, "maker", HERE, body__units="1 × 100", body__line="3 号线", body__shift="白班",
        body__materials__0__material="copper", body__materials__0__mass_g="264.5", by__0__name="质检员乙某",
    )  # fmt: skip

    stands = standing(opened(fresh, "maker", HERE))

    assert newest(fresh).draft.body.materials[0].mass_g == 264_500
    assert (stands["body/line"], stands["body/shift"]) == ("3 号线", "白班")
    assert stands["by/0/name"] == "质检员乙某"
    assert "质检员甲某" in opened(fresh, "maker", HERE)


def test_a_product_may_be_called_by_its_designation_in_any_spelling(fresh: Service) -> None:
    enter(fresh, "maker", HERE, body__product="yjv 3*95+1*50", body__units="1 × 100")

    assert newest(fresh).draft.body.product == PRODUCT


def test_a_check_shows_the_total_and_records_nothing(fresh: Service) -> None:
    size = fresh.size

    answer = enter(fresh, "maker", HERE, body__units="1-20 × 500; 21 × 320", check="yes")

    assert answer.status_code == 200
    assert "10,320 m" in text_of(answer)
    assert "没有规则反对" in text_of(answer)
    assert standing(answer.text)["body/units"] == "1-20 × 500; 21 × 320"
    assert fresh.size == size


def test_a_number_that_was_likely_meant_as_a_count_is_recorded_only_when_it_is_meant(fresh: Service) -> None:
    size = fresh.size

    asked = enter(fresh, "maker", HERE, body__units="20 × 500")
    size_after_it = fresh.size
    meant = enter(fresh, "maker", HERE, body__units="20 × 500", meant="yes")

    assert (asked.status_code, size_after_it) == (422, size)
    assert "如果是 20 盘，请写 1-20 × 500" in text_of(asked)
    assert 'name="meant"' in asked.text
    assert standing(asked.text)["body/units"] == "20 × 500"
    assert meant.status_code == 303
    assert [(group.first, group.last) for group in newest(fresh).draft.body.units] == [(20, 20)]


def test_a_number_that_was_likely_meant_as_a_count_is_remarked_upon(fresh: Service) -> None:
    answer = enter(fresh, "maker", HERE, body__units="20 × 500", check="yes")

    assert "如果是 20 盘，请写 1-20 × 500" in text_of(answer)


def test_a_certificate_that_is_not_valid_on_the_day_is_told_beforehand_and_asked_about(
    fresh: Service,
) -> None:
    size = fresh.size
    form = filled_in(fresh, "maker", HERE, body__units="1 × 500", occurred_at="2022-01-01")

    checked = send(fresh, "maker", HERE, {**form, "check": "yes"})
    refused = send(fresh, "maker", HERE, form)
    recorded = send(fresh, "maker", HERE, {**form, "happened": "yes"})

    for answer in (checked, refused):
        assert "工业产品生产许可证管理条例" in text_of(answer)
    assert refused.status_code == 409
    assert recorded.status_code == 303
    assert fresh.size == size + 1
    assert newest(fresh).marks == ("certificate-not-valid-at-production",)


def test_a_lot_that_there_is_already_is_refused_by_name(fresh: Service) -> None:
    answer = enter(fresh, "maker", HERE, body__units="1 × 500", subject__batch__lot="L1")

    assert answer.status_code == 409
    assert 'href="#field-subject/batch/lot"' in answer.text
    assert standing(answer.text)["body/units"] == "1 × 500"


def test_everything_that_is_wrong_is_said_at_once(fresh: Service) -> None:
    answer = enter(fresh, "maker", HERE, body__units="20", body__product="BV 2.5", subject__batch__lot="")

    said = text_of(answer)
    assert answer.status_code == 422
    for wrong in ("盘号 × 每盘米数", "没有登记过这个产品", "请填写「批号」"):
        assert wrong in said


def test_sending_it_twice_records_it_once(fresh: Service) -> None:
    form = filled_in(fresh, "maker", HERE, body__units="1 × 500")
    first = send(fresh, "maker", HERE, form)
    size = fresh.size

    again = send(fresh, "maker", HERE, form)

    assert again.headers["location"] == first.headers["location"]
    assert fresh.size == size


NEW: dict[str, Any] = {
    "new__number": "P-BV", "new__name": "电线", "new__designation": "BV 450/750V 1×2.5", "new__certificate": "2016010105987654",
    "new__type": "ccc", "new__valid_from": "2025-01-01", "new__valid_to": "2029-12-31", "register": "yes",
}  # fmt: skip


def test_a_new_product_and_its_certificate_are_registered_without_losing_what_was_typed(
    fresh: Service,
) -> None:
    size = fresh.size

    answer = enter(fresh, "maker", HERE, body__units="1-3 × 100", body__line="5 号线", **NEW)
    stands = standing(answer.text)

    assert answer.status_code == 200
    assert fresh.size == size + 2
    assert newest(fresh).draft.subject.product.maker == party_id(MAKER)
    assert stands["body/product"] == "P-BV"
    assert (stands["body/units"], stands["body/line"]) == ("1-3 × 100", "5 号线")
    assert stands["new/number"] == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("周口市示例认证机构", {"issued_by": CERTIFIER}),
        ("某某认证有限公司", {"issuer": "某某认证有限公司"}),
        ("", {}),
    ],
)
def test_the_issuer_of_a_new_certificate_is_an_organisation_where_one_is_registered_and_else_a_name(
    fresh: Service, typed: str, said: dict[str, str]
) -> None:
    enter(fresh, "maker", HERE, **NEW, new__issuer=typed)

    recorded = newest(fresh, before=1).draft
    named = {name: getattr(recorded.body, name) for name in ("issued_by", "issuer")}

    assert recorded.kind == "certificate"
    assert {name: value for name, value in named.items() if value is not None} == said


def test_a_product_outside_the_scope_of_its_certificate_is_told_of_beforehand_and_afterwards(
    fresh: Service,
) -> None:
    narrow = {
        "new__types": "BVR\nRV",
        "new__voltages": "450/750V",
        "new__least_area_mm2": "1.5",
        "new__largest_area_mm2": "2.5",
    }
    enter(fresh, "maker", HERE, **NEW, **narrow)
    form = filled_in(fresh, "maker", HERE, body__units="1 × 100", body__product="P-BV")

    checked = send(fresh, "maker", HERE, {**form, "check": "yes"})
    refused = send(fresh, "maker", HERE, form)
    recorded = send(fresh, "maker", HERE, {**form, "happened": "yes"})
    page = text_of(opened(fresh, "maker", recorded.headers["location"]))
    public = fresh.ask("anybody", "GET", f"/c/{newest(fresh).batch}", headers={"accept": "text/html"})
    register = text_of(opened(fresh, "maker", f"/parties/{party_id(MAKER)}/certificates/2016010105987654"))

    for answer in (checked, refused):
        assert "型号 BV 不在证书登记的范围内（BVR、RV）" in text_of(answer)
    assert (refused.status_code, recorded.status_code) == (409, 303)
    assert newest(fresh).marks == ("outside-certificate-scope",)
    assert "产品超出证书范围" in page
    assert "型号 BV 不在证书登记的范围内" not in text_of(public)  # a computed comparison is not final
    assert "BVR、RV" in register


def test_a_product_under_a_certificate_that_is_registered_needs_no_days(fresh: Service) -> None:
    size = fresh.size

    enter(
        fresh, "maker", HERE, new__number="P9", new__name="电力电缆", new__designation="YJV 0.6/1kV 4×35",
        new__certificate=LICENCE, register="yes",
    )  # fmt: skip

    assert fresh.size == size + 1


def test_a_product_that_is_no_cable_is_refused_and_nothing_is_recorded(fresh: Service) -> None:
    size = fresh.size

    answer = enter(fresh, "maker", HERE, body__units="1-3 × 100", **{**NEW, "new__designation": "DN100"})

    assert answer.status_code == 422
    assert 'href="#field-new/designation"' in answer.text
    assert standing(answer.text)["body/units"] == "1-3 × 100"
    assert fresh.size == size


def test_a_certificate_in_part_says_what_is_missing(fresh: Service) -> None:
    answer = enter(fresh, "maker", HERE, **{**NEW, "new__valid_to": ""})

    assert answer.status_code == 422
    assert "证书要写全" in text_of(answer)


def test_another_makers_products_are_not_offered(fresh: Service) -> None:
    enter(fresh, "maker B", HERE, body__units="1 × 1", **NEW)

    assert "P-BV" not in opened(fresh, "maker", HERE)
    assert "P-BV" in opened(fresh, "maker B", HERE)


def test_a_form_that_comes_back_without_its_rows_is_shown_all_the_same(fresh: Service) -> None:
    form = filled_in(fresh, "maker", HERE, body__units="20")
    bare = {name: value for name, value in form.items() if not name.startswith(("by/", "body/materials"))}

    assert send(fresh, "maker", HERE, bare).status_code == 422
