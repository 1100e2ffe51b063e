"""From checks to a decision: statements of phones, an alert, what who may see of it, a finding, the public answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from starlette.testclient import TestClient

from cabletrace.api import check
from cabletrace.app.suspecting import Suspecting
from cabletrace.codes.trace_code import BatchCode, check_character, unit_code
from cabletrace.db.engine import begin_read
from cabletrace.registry import register
from cabletrace.scans import stream
from drafts_for_tests import REGULATOR, grant
from service_for_tests import REGULATOR_B, Service, Told, service_in

PAGE = {"Accept": "text/html"}
PLACES = (("10.0.0.1", "周口市"), ("10.0.0.2", "周口市"), ("10.0.0.3", "广州市"), ("10.0.0.4", "广州市"))
#: Who is neither the maker, nor an authority of a place that is concerned, nor keeps or audits the machine.
STRANGERS = (
    "dealer", "site", "owner", "supervisor", "laboratory", "department", "key user", "certifier", "association", "clerk",
    "witness", "maker B", "shop B", "site B", "regulator B", "anybody",
)  # fmt: skip
CONCERNED = ("operator", "maker", "regulator", "auditor")


def drum(service: Service, unit: int) -> str:
    batch = BatchCode(service.code["L1"][:-1])
    return unit_code(batch, unit, service.house.code_keys[1]).canonical


def phone(service: Service, address: str) -> TestClient:
    return TestClient(service.client.app, client=(address, 5), follow_redirects=False)


def state_places(service: Service, code: str) -> None:
    """Two phones of two networks in each of two cities have the drum before them, within the same minute."""
    for address, place in PLACES:
        there = phone(service, address)
        assert there.get(f"/c/{code}").json()["outcome"] == "issued"
        assert there.post(f"/c/{code}/place", data={"place": place}, headers=PAGE).status_code == 303
    for _ in range(200):
        with begin_read(service.house.scans) as tx:
            if len(stream.places_of(tx, code)) == len(PLACES):
                return
        sleep(0.05)
    raise AssertionError("the places were not written")


def alerts(service: Service, who: str) -> list[Any]:
    """The alerts from checks that somebody is shown."""
    answer = service.ask(who, "GET", "/api/v1/alerts?rule=places-apart")
    return answer.json()["rows"] if answer.status_code == 200 else []


def wait_for_alert(service: Service) -> dict[str, Any]:
    """Until the follower of the alerts has read it; what the regulator is shown."""
    for _ in range(200):
        if found := alerts(service, "regulator"):
            return dict(found[0])
        sleep(0.05)
    raise AssertionError("no alert came")


def of_alert(service: Service) -> str:
    with begin_read(service.house.ledger) as tx:
        (known,) = register.suspicions_of(tx, service.code["L1"])
    return known.event


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """A service with an alert about drum 1 of L1, which nobody has looked into."""
    with service_in(tmp_path_factory.mktemp("raised") / "data", told) as service:
        state_places(service, drum(service, 1))
        assert Suspecting(service.house).round() == 1
        wait_for_alert(service)
        yield service


@pytest.fixture
def fresh_alert(tmp_path: Path, told: Told) -> Iterator[Service]:
    with service_in(tmp_path / "data", told) as service:
        state_places(service, drum(service, 1))
        assert Suspecting(service.house).round() == 1
        wait_for_alert(service)
        yield service


def public(service: Service, code: str) -> tuple[Any, str]:
    """The public answer as program and as page."""
    asked = phone(service, "10.9.9.9")
    return asked.get(f"/c/{code}").json(), asked.get(f"/c/{code}", headers=PAGE).text


def decide(service: Service, result: str, **typed: str) -> Any:
    """What the regulator sends from the form of the finding."""
    shown = service.ask("regulator", "GET", f"/events/{of_alert(service)}/finding", headers=PAGE)
    (id_,) = re.findall(r'name="id" value="([0-9a-f-]{36})"', shown.text)
    token = service.cookies("regulator")
    form = {"id": id_, "form_token": next(value for name, value in token.items() if name != "Cookie"),
            "occurred_at": "2026-06-30", "time": "", "body/result": result, **typed}  # fmt: skip
    return service.ask("regulator", "POST", f"/events/{of_alert(service)}/finding", data=form, headers=PAGE)


def test_an_unconfirmed_suspicion_changes_nothing_of_the_public_answer(raised: Service) -> None:
    code = drum(raised, 1)
    untouched, _ = public(raised, drum(raised, 3))
    about_another = {"unit": 3, "tests": untouched["facts"]["tests"]}

    answer, page = public(raised, code)

    assert answer["outcome"] == "issued"
    assert answer["facts"] | about_another == untouched["facts"]
    assert answer["facts"]["copy"] is None
    assert set(answer["checks"]) == {"times", "first_on", "first_region", "first_region_name"}
    assert "本平台签发，目前没有召回" in page
    assert not re.search("广州|复制品|预警|对不上的两处", page)


def test_whoever_is_concerned_sees_the_facts_and_nobody_who_checked(raised: Service) -> None:
    for who in CONCERNED:
        (row,) = alerts(raised, who)
        assert (row["unit"], row["standing"]["word"]["zh"]) == (1, "高"), who
        assert "河南省周口市" in row["detail"]["zh"]
        assert "广东省广州市" in row["detail"]["zh"]
        assert "10.0.0" not in str(row)
    with begin_read(raised.house.scans) as tx:
        clients = {each.client for each in stream.places_of(tx, drum(raised, 1))}
    whole = raised.ask("regulator", "GET", f"/api/v1/events/{of_alert(raised)}/payload").text
    assert '"rule":"places-apart"' in whole
    assert not [part for client in clients for part in (client, client[:8], client[8:]) if part in whole]


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_and_those_who_trade_the_goods_learn_nothing_of_a_suspicion(
    raised: Service, who: str
) -> None:
    id_ = of_alert(raised)

    assert alerts(raised, who) == []
    for path in (
        f"/api/v1/events/{id_}",
        f"/api/v1/events/{id_}/payload",
        f"/events/{id_}",
        f"/events/{id_}/finding",
    ):
        assert (
            raised.ask(who, "GET", path, headers=PAGE if path.startswith("/events") else {}).status_code
            >= 300
        )
    page = raised.ask(who, "GET", f"/batches/{raised.code['L1']}", headers=PAGE)
    assert "几处查验对不上" not in page.text
    unit = raised.ask(who, "GET", f"/batches/{drum(raised, 1)}", headers=PAGE)
    assert "几处查验对不上" not in unit.text


def test_a_regulator_finds_it_in_the_list_on_the_batch_and_on_the_drum_with_a_way_to_record_what_was_found(
    raised: Service,
) -> None:
    way = f"/events/{of_alert(raised)}/finding"

    pages = [
        raised.ask("regulator", "GET", path, headers=PAGE).text
        for path in ("/alerts", f"/batches/{raised.code['L1']}", f"/batches/{drum(raised, 1)}")
    ]

    assert all("几处查验对不上" in page.lower() for page in pages)
    assert way in pages[0]
    assert way in pages[1]
    form = raised.ask("regulator", "GET", way, headers=PAGE).text
    assert "河南省周口市" in form
    assert "广东省广州市" in form


def test_the_maker_sees_the_facts_and_no_form_to_decide(raised: Service) -> None:
    page = raised.ask("maker", "GET", "/alerts", headers=PAGE).text

    assert "几处查验对不上" in page
    assert "/finding" not in page
    assert raised.ask("maker", "GET", f"/events/{of_alert(raised)}/finding", headers=PAGE).status_code == 403


def test_who_reads_the_batch_by_a_grant_sees_the_suspicion_and_is_offered_no_decision(
    told: Told, tmp_path: Path
) -> None:
    granted = grant(REGULATOR, REGULATOR_B, reads={"batches": [told.code["L1"]]}, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, granted) as lent:
        state_places(lent, drum(lent, 1))
        Suspecting(lent.house).round()
        wait_for_alert(lent)

        page = lent.ask("regulator B", "GET", f"/batches/{told.code['L1']}", headers=PAGE).text
        own = lent.ask("regulator", "GET", f"/batches/{told.code['L1']}", headers=PAGE).text

    assert "几处查验对不上" in page
    assert "/finding" not in page
    assert "/finding" in own


def test_a_confirmation_is_followed_by_the_public_answer_and_by_the_alert(fresh_alert: Service) -> None:
    code = drum(fresh_alert, 1)

    without_place = decide(fresh_alert, "confirmed", **{"body/text": "周口建材市场查获同码两盘"})
    sent = decide(
        fresh_alert, "confirmed", **{"body/text": "周口建材市场查获同码两盘", "place/region": "周口市川汇区"}
    )

    assert without_place.status_code == 422
    assert "确认时须写明在何处发现复制品" in without_place.text
    assert (sent.status_code, sent.headers["Location"][:9]) == (303, "/batches/")
    answer, page = public(fresh_alert, code)
    assert answer["outcome"] == "copied"
    seen = answer["facts"]["copy"].pop("seen")
    assert answer["facts"]["copy"] == {
        "unit": 1, "on": "2026-06-30", "region": "411600", "region_name": "河南省周口市"
    }  # fmt: skip
    assert sorted(each["region_name"] for each in seen) == ["广东省广州市", "河南省周口市"]
    assert "这个码在对不上的几处被看到过" in page
    assert "已确认有人复制了这个码" in page
    assert "米标" in page
    assert "建材市场" not in page + str(answer)
    english = phone(fresh_alert, "10.9.9.8").get(
        f"/c/{code}", headers={**PAGE, "Accept-Language": "en", "Cookie": "language=en"}
    )
    assert "copies of this code are confirmed" in english.text
    assert public(fresh_alert, drum(fresh_alert, 3))[0]["outcome"] == "issued"
    assert public(fresh_alert, fresh_alert.code["L1"])[0]["outcome"] == "issued"
    (row,) = alerts(fresh_alert, "regulator")
    assert (row["finding"]["result"], row["standing"]["word"]["zh"]) == ("confirmed", "已确认")
    (told,) = alerts(fresh_alert, "maker")
    assert (told["finding"]["result"], told["finding"]["by_name"], told["finding"]["event"]) == (
        "confirmed",
        "",
        "",
    )


def test_a_dismissal_leaves_the_public_answer_as_it_was_and_is_kept_with_its_reason(
    fresh_alert: Service,
) -> None:
    sent = decide(fresh_alert, "dismissed", **{"body/text": "两处为同一买家误报"})

    assert sent.status_code == 303
    assert public(fresh_alert, drum(fresh_alert, 1))[0]["outcome"] == "issued"
    (row,) = alerts(fresh_alert, "regulator")
    assert row["standing"]["word"]["zh"] == "已排除"
    batch = fresh_alert.ask("regulator", "GET", f"/batches/{fresh_alert.code['L1']}", headers=PAGE).text
    assert "两处为同一买家误报" in batch
    again = decide(fresh_alert, "confirmed", **{"body/text": "再看", "place/region": "周口市川汇区"})
    assert again.status_code == 409


def test_a_code_typed_wrong_is_kept_only_where_it_begins_like_a_batch_of_here(fresh: Service) -> None:
    code = drum(fresh, 1)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    foreign = "ZZZZZZZZZ" + code[9:-1]
    elsewhere = foreign + next(c for c in "01" if c != check_character(foreign))
    private = ("411602199001011234", "13812345678", "0371 1234 5678 9012 3456")

    answers = [fresh.client.get(f"/c/{each}").status_code for each in (wrong, elsewhere, *private)]
    fresh.client.get(f"/c/{code}")
    for _ in range(200):
        with begin_read(fresh.house.scans) as tx:
            kept = [(row.code, row.outcome) for row in tx.execute(stream.scan.select())]
        if (code, "issued") in kept:
            break
        sleep(0.05)

    assert answers == [422] * 5
    assert sorted(kept) == sorted([(code, "issued"), (wrong, "mistyped")])


def test_of_very_many_codes_typed_wrong_from_one_address_only_some_are_kept_and_all_are_answered(
    fresh: Service,
) -> None:
    code = drum(fresh, 1)
    wrong = [f"{code[:9]}{n:010d}" for n in range(check.GUESSES + 20)]
    mistyped = [each + next(c for c in "01" if c != check_character(each)) for each in wrong]

    answers = {fresh.client.get(f"/c/{each}").status_code for each in mistyped}
    fresh.client.get(f"/c/{code}")
    for _ in range(200):
        with begin_read(fresh.house.scans) as tx:
            kept = [row.outcome for row in tx.execute(stream.scan.select())]
        if "issued" in kept:
            break
        sleep(0.05)

    assert answers == {422}
    assert kept.count("mistyped") == check.GUESSES
