"""Listed supervision on its pages: listed, put off, lifted."""

from __future__ import annotations

from service_for_tests import Service
from typing_for_tests import enter, text_of


def test_a_market_is_listed_put_off_and_lifted(fresh: Service) -> None:
    said = {
        "body__number": "督2", "body__name": "五一路市场", "place__region": "川汇区", "place__name": "五一路建材市场", "body__reason": "问题集中",
        "body__unit": "周口市示例市场监督管理局", "body__due": "2026-06-10",
    }  # fmt: skip
    nowhere = enter(fresh, "regulator", "/listings/new", **{**said, "place__region": "", "place__name": ""})
    assert nowhere.status_code == 422
    assert "问题集中" in nowhere.text
    begun = enter(fresh, "regulator", "/listings/new", **said)
    assert begun.status_code == 303, text_of(begun)
    path = begun.headers["location"]
    for step, more in (("extended", {"body__due": "2026-08-01"}), ("lifted", {})):
        answer = enter(fresh, "regulator", f"{path}/steps/{step}", body__text="商户已整改", **more)
        assert answer.status_code == 303, text_of(answer)

    assert "已摘牌" in text_of(fresh.ask("regulator", "GET", path))
    assert "五一路市场" in text_of(fresh.ask("regulator", "GET", "/listings"))
    assert fresh.ask("regulator B", "GET", path).status_code == 404
