"""An alert is given to a unit, dismissed with a reason, opened again, made a lead: by one authority, and nobody else is told."""

from __future__ import annotations

from typing import Any

from cases_for_tests import OFFICERS
from service_for_tests import Service
from typing_for_tests import enter, opened, text_of

WHO, RULE = "regulator", "receipt-without-dispatch"


def alerts(service: Service, who: str = WHO, **asked: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in {"rule": RULE, "limit": "100", **asked}.items())
    answer = service.ask(who, "GET", f"/api/v1/alerts?{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["rows"])


def states(service: Service, index: int) -> set[str]:
    """The states under which an alert is found; every alert is found under one."""
    every = ("new", "assigned", "lead", "confirmed", "dismissed")
    return {state for state in every for row in alerts(service, state=state) if row["index"] == index}


def test_an_alert_goes_its_way_with_one_authority_and_nobody_else_is_told(fresh: Service) -> None:
    before = alerts(fresh, "maker")
    one = alerts(fresh)[0]
    path = f"/alerts/{one['index']}/{RULE}"
    assert one["handling"]["state"] == "new"
    assert states(fresh, one["index"]) == {"new"}

    bare = enter(fresh, WHO, f"{path}/dismissed")
    assert bare.status_code == 422
    assert "理由" in text_of(bare)
    assert enter(fresh, WHO, f"{path}/dismissed", body__text="发货单补来了").status_code == 303
    again = enter(fresh, WHO, f"{path}/assigned", by__0__name=OFFICERS[0], by__0__role="officer")
    assert again.status_code == 409
    assert "已经排除" in text_of(again)
    (dismissed,) = (row for row in alerts(fresh, state="dismissed") if row["index"] == one["index"])
    assert dismissed["handling"]["text"] == "发货单补来了"
    assert dismissed["may_handle"] == ["reopened"]
    assert dismissed["next_step"] is None
    page = text_of(opened(fresh, WHO, f"/alerts?rule={RULE}&state=dismissed"))
    assert "发货单补来了" in page
    assert alerts(fresh, "maker") == before
    assert "发货单补来了" not in opened(fresh, "maker", f"/alerts?rule={RULE}")
    assert "办理" not in text_of(opened(fresh, "maker", "/alerts")).split("预警不是结论")[1][:60]

    assert enter(fresh, WHO, f"{path}/reopened", body__text="单号对不上").status_code == 303
    assert states(fresh, one["index"]) == {"new"}
    given = enter(fresh, WHO, f"{path}/assigned", by__0__name=OFFICERS[0], by__0__role="officer")
    assert given.status_code == 303, text_of(given)
    assert states(fresh, one["index"]) == {"assigned"}

    form = f"/leads/new?index={one['index']}&rule={RULE}&batch={one['batch']}"
    assert one["detail"]["zh"] in text_of(opened(fresh, WHO, form))
    made = enter(fresh, WHO, form, body__number="线索预警1")
    assert made.status_code == 303, text_of(made)
    assert states(fresh, one["index"]) == {"lead"}
    lead = str(made.headers["location"])
    assert f'href="{lead}"' in opened(fresh, WHO, f"/alerts?rule={RULE}&state=lead")
    assert f"/alerts?rule={RULE}" in opened(fresh, WHO, lead).replace("&amp;", "&")
    assert alerts(fresh, "maker") == before
    assert all(row["handling"]["state"] == "new" for row in alerts(fresh, "regulator B"))


def test_what_is_no_alert_of_the_reader_is_not_handled(fresh: Service) -> None:
    one = alerts(fresh)[0]

    assert fresh.ask(WHO, "GET", f"/alerts/{one['index']}/copper-short/dismissed").status_code == 404
    assert fresh.ask(WHO, "GET", f"/alerts/{one['index']}/{RULE}/burnt").status_code == 404
    assert fresh.ask("maker", "GET", f"/alerts/{one['index']}/{RULE}/dismissed").status_code == 403
    assert fresh.ask("regulator B", "GET", f"/alerts/{one['index']}/{RULE}/dismissed").status_code == 404
    assert fresh.ask(WHO, "GET", "/api/v1/alerts?state=burnt").status_code == 422
    assert fresh.ask(WHO, "GET", "/alerts?state=burnt").status_code == 404
