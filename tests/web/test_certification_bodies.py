"""A certification body finds what it certified, the batches made under it and what does not conform; nothing of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from cabletrace.auth.sessions import form_token
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, LICENCE, MAKER, OTHER_MAKER, batch_of, certificate, report
from service_for_tests import CERTIFIER, LICENCE_B, Service, Told, service_in
from typing_for_tests import enter, filled_in, send, text_of

PAGE = {"Accept": "text/html"}
BAD = {"value": "0.900", "on": "2026-05-09"}
OURS = f"/parties/{party_id(MAKER)}/certificates/{LICENCE}"
#: What stands in events of the trade with lot L1, and in none of its facts.
OF_THE_TRADE = ("FH-1", "例示五金经营部", "示例建设工程", "示范小区", "411627", "质检员甲某", "太康")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """The maker of lot L1 has said who issued its licence; a test of L1 and one of J1 of world B have failed."""
    further = (
        certificate(issued_by=CERTIFIER, entered_for=MAKER),
        report(number="JC-8", entered_for=MAKER, **BAD),
        report(batch_of(OTHER_MAKER, "J1"), number="JC-9", entered_for=OTHER_MAKER, **BAD),
    )
    with service_in(tmp_path_factory.mktemp("certified") / "data", told, *further) as running:
        yield running


def get(service: Service, path: str, who: str = "certifier", **more: Any) -> Any:
    service.client.cookies.clear()
    return service.ask(who, "GET", path, **more)


def body(service: Service, path: str, who: str = "certifier") -> str:
    answer = get(service, path, who, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return re.sub(r"<[^>]+>", "", answer.text[answer.text.index("<main") :])


def none_of_the_trade(text: str) -> None:
    assert [word for word in OF_THE_TRADE if word in text] == []


# --- what it sees


def test_the_desk_opens_with_its_alerts_batches_and_certificates(house: Service) -> None:
    desk = body(house, "/")

    assert "条预警" in desk
    assert "JC-8" in desk
    assert "JC-9" not in desk
    assert "L1" in desk
    assert "本机构颁发的证书" in desk
    assert "登记证书" in desk
    none_of_the_trade(desk)
    assert "本机构颁发的证书" not in body(house, "/", "maker")


def test_it_lists_what_it_issued_and_the_page_names_it(house: Service) -> None:
    own = body(house, f"/certificates?issuer={CERTIFIER}")
    listed = get(house, f"/api/v1/certificates?issuer={CERTIFIER}").json()["rows"]

    assert LICENCE in own
    assert LICENCE_B not in own
    assert [row["card"]["number"] for row in listed] == [LICENCE]
    assert listed[0]["issuer_name"] == "周口市示例认证机构"
    assert "周口市示例认证机构" in body(house, OURS)


def test_a_batch_under_its_certificate_shows_facts_and_neither_buyers_nor_whose_metres_they_are(
    house: Service,
) -> None:
    code = house.code["L1"]
    page = body(house, f"/batches/{code}")
    told = get(house, f"/api/v1/batches/{code}").json()

    assert "JC-8" in page
    assert LICENCE in page
    assert "各盘余米不向您显示" in page
    assert "没有余米" not in page
    none_of_the_trade(page)
    assert {event["kind"] for event in told["events"]} == {"production", "testing"}
    assert {row["party"] for row in told["where"]} == {""}
    assert {row["region"] for row in told["where"]} == {""}
    none_of_the_trade(get(house, f"/api/v1/batches/{code}/events").text)
    assert get(house, f"/api/v1/batches/{code}/trace").status_code == 403


def test_of_the_events_it_reads_facts_only_and_no_payload(house: Service) -> None:
    def status(event: str, what: str = "") -> int:
        answer = get(house, f"/api/v1/events/{house.event[event]}{what}")
        return int(answer.status_code)

    assert status("production") == status("test") == 200
    assert {status(of) for of in ("dispatch", "receipt", "acceptance", "use", "report")} == {404}
    assert {status(of, "/payload") for of in ("production", "test", "dispatch")} <= {403, 404}


def test_a_batch_under_another_certificate_does_not_exist_for_it(house: Service) -> None:
    foreign = house.code["J1"]

    for path in (f"/api/v1/batches/{foreign}", f"/api/v1/batches/{foreign}/events"):
        assert get(house, path).status_code == 404
    assert get(house, f"/batches/{foreign}", headers=PAGE).status_code == 404


def test_alerts_are_those_about_the_goods_that_it_certified(house: Service) -> None:
    rows = get(house, "/api/v1/alerts?limit=100").json()["rows"]
    everything = get(house, "/api/v1/alerts?limit=100", "regulator").json()["rows"]

    assert {row["batch"] for row in rows} == {house.code["L1"]}
    assert {row["rule"] for row in rows} == {"declared-verdict-contradicts-values"}
    assert "receipt-without-dispatch" in {row["rule"] for row in everything}


def test_the_search_finds_counts_and_suggests_its_own_and_nothing_of_the_trade(house: Service) -> None:
    def found(query: str) -> Any:
        return get(house, f"/api/v1/search?{query}").json()

    every = found("counts=maker&counts=state&counts=region&counts=alert")
    counted = {facet["facet"]: {v["value"]: v["count"] for v in facet["values"]} for facet in every["facets"]}

    assert [row["batch"]["code"] for row in every["rows"]] == [house.code["L1"]]
    assert counted["maker"] == {party_id(MAKER): 1}
    assert not counted["region"]
    assert set(counted["alert"]) == {"declared-verdict-contradicts-values"}
    assert found(f"q={house.code['J1']}")["rows"] == []
    for word in ("FH-1", "五金经营部", "示范小区", "太康"):
        assert found(f"q={word}")["rows"] == [], word
        assert get(house, f"/api/v1/search/suggestions?q={word}").json() in ([], {"rows": []}), word
    assert found("state=held")["rows"] == []


def test_by_an_api_key_it_sees_the_same(house: Service) -> None:
    made = house.ask(
        "certifier",
        "POST",
        "/api/v1/keys",
        json={"label": "接口", "actions": ["read:batch"], "expires_at": "2026-12-31T00:00:00+08:00"},
    )
    assert made.status_code == 201, made.text
    key = {"Authorization": f"Bearer {made.json()['text']}"}
    house.client.cookies.clear()

    def status(lot: str) -> int:
        return int(house.client.get(f"/api/v1/batches/{house.code[lot]}", headers=key).status_code)

    assert (status("L1"), status("J1")) == (200, 404)


# --- what it records


@pytest.fixture
def fresh(tmp_path: Any, told: Told) -> Iterator[Service]:
    with service_in(tmp_path / "data", told, certificate(issued_by=CERTIFIER, entered_for=MAKER)) as running:
        yield running


def record(service: Service, draft: Any, who: str = "certifier") -> tuple[int, str]:
    service.client.cookies.clear()
    answer = service.ask(who, "POST", "/api/v1/events", json=draft)
    return answer.status_code, answer.text


def test_it_suspends_and_resumes_its_own_and_not_a_foreign_one(fresh: Service) -> None:
    def suspended(holder: str, number: str) -> tuple[int, str]:
        return record(fresh, certificate(holder, number, status="suspended"))

    own, (status, said) = suspended(MAKER, LICENCE), suspended(OTHER_MAKER, LICENCE_B)

    assert own[0] == 201, own
    assert status == 403
    assert "not-its-certificate" in said
    assert "暂停" in body(fresh, OURS)
    lifted, why = record(fresh, certificate(), "maker")
    assert lifted == 403
    assert "against-its-issuer" in why
    assert record(fresh, certificate())[0] == 201


def test_the_page_of_the_event_says_who_issued_it(fresh: Service) -> None:
    draft = certificate(status="suspended")
    assert record(fresh, draft)[0] == 201
    named = certificate(OTHER_MAKER, "2026010105777777", type="ccc", issued_by=CERTIFIER)
    assert record(fresh, named)[0] == 201
    in_words = certificate(OTHER_MAKER, "2026010105888888", type="ccc", issuer="某认证机构")
    assert record(fresh, in_words, "maker B")[0] == 201

    assert "周口市示例认证机构颁发" in body(fresh, f"/events/{named['draft']['id']}")
    assert "某认证机构颁发" in body(fresh, f"/events/{in_words['draft']['id']}", "maker B")
    assert "颁发" not in body(fresh, f"/events/{draft['draft']['id']}")


def test_the_regulator_of_the_holders_seat_finds_the_same_form_and_no_other_does(fresh: Service) -> None:
    def offered(who: str) -> list[str]:
        return re.findall(r'href="(/certificates/record\?[^"]+)"', get(fresh, OURS, who, headers=PAGE).text)

    (address,) = offered("regulator")
    typed = {
        "form_token": form_token(fresh.tokens["regulator"]),
        "id": "00000000-0000-4000-8000-0000000000f7",
        "body/status": "withdrawn",
        "body/validity/valid_from": "2026-06-01",
        "body/validity/valid_to": "2028-04-19",
    }
    fresh.client.cookies.clear()
    sent = fresh.ask("regulator", "POST", address.replace("&amp;", "&"), headers=PAGE, data=typed)

    assert offered("regulator B") == offered("maker") == offered("dealer") == []
    assert sent.status_code == 303, sent.text
    assert "撤销" in body(fresh, OURS)


def test_on_pages_it_suspends_its_own_by_the_form_of_the_certificate(fresh: Service) -> None:
    page = get(fresh, OURS, headers=PAGE).text
    (form,) = set(re.findall(r'href="(/certificates/record\?[^"]+)"', page))
    address = form.replace("&amp;", "&")
    assert "/certificates/record" not in get(fresh, OURS, "dealer", headers=PAGE).text
    assert (
        "/certificates/record"
        not in get(fresh, f"/parties/{party_id(OTHER_MAKER)}/certificates/{LICENCE_B}", headers=PAGE).text
    )
    shown = get(fresh, address, headers=PAGE).text
    filled = dict(re.findall(r'name="([^"]+)"[^>]* value="([^"]*)"', shown))

    answer = fresh.ask(
        "certifier", "POST", address, headers=PAGE,
        data={**filled, "form_token": form_token(fresh.tokens["certifier"]), "body/status": "suspended"},
    )  # fmt: skip

    assert filled["body/validity/valid_to"] == "2028-04-19"
    assert answer.status_code == 303, answer.text
    assert "暂停" in body(fresh, OURS)
    assert "暂停" in body(fresh, f"/certificates?issuer={CERTIFIER}")
    assert "有效期至" in body(fresh, "/certificates/due") or LICENCE in body(fresh, "/certificates/due")


def test_on_pages_it_registers_a_certificate_as_its_own(fresh: Service) -> None:
    shown = get(fresh, "/certificates/new", headers=PAGE).text
    (id_,) = re.findall(r'name="id" value="([^"]+)"', shown)
    typed = {
        "form_token": form_token(fresh.tokens["certifier"]),
        "id": id_,
        "subject/certificate/holder": OTHER_MAKER,
        "subject/certificate/number": "2026010105654321",
        "body/type": "ccc",
        "body/validity/valid_from": "2026-06-01",
        "body/validity/valid_to": "2031-05-31",
        "body/scope/types": "BV",
    }

    answer = fresh.ask("certifier", "POST", "/certificates/new", headers=PAGE, data=typed)

    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/certificates?issuer={CERTIFIER}"
    assert "2026010105654321" in body(fresh, answer.headers["location"])


def test_a_number_that_is_registered_is_told_and_not_recorded_until_it_is_meant(fresh: Service) -> None:
    typed = {
        "subject__certificate__holder": MAKER,
        "subject__certificate__number": LICENCE,
        "body__type": "licence",
        "body__validity__valid_from": "2028-04-20",
        "body__validity__valid_to": "2033-04-19",
    }
    size = fresh.size

    told_so = enter(fresh, "certifier", "/certificates/new", **typed)
    size_after_it = fresh.size
    meant = filled_in(fresh, "certifier", "/certificates/new", **typed, meant="yes")
    answers = [send(fresh, "certifier", "/certificates/new", meant) for _ in range(2)]
    again = enter(fresh, "certifier", "/certificates/new", **typed)

    assert (told_so.status_code, size_after_it) == (422, size)
    assert "这张证书已经登记：2023-04-20 至 2028-04-19" in text_of(told_so)
    assert f'href="/parties/{party_id(MAKER)}/certificates/{quote(LICENCE, safe="")}"' in told_so.text
    assert 'name="meant"' in told_so.text
    assert [answer.status_code for answer in answers] == [303, 303]  # the same form again is the same record
    assert again.status_code == 422
    assert fresh.size == size + 1


def test_the_maker_is_told_of_its_registered_certificate_too(fresh: Service) -> None:
    size = fresh.size

    answer = enter(
        fresh, "maker", "/certificates/new", subject__certificate__holder=MAKER,
        subject__certificate__number=LICENCE, body__type="licence",
        body__validity__valid_from="2028-04-20", body__validity__valid_to="2033-04-19",
    )  # fmt: skip

    assert (answer.status_code, fresh.size) == (422, size)
    assert "这张证书已经登记" in text_of(answer)


def test_areas_the_wrong_way_round_stand_beside_their_field(fresh: Service) -> None:
    size = fresh.size

    answer = enter(
        fresh, "certifier", "/certificates/new", subject__certificate__holder=OTHER_MAKER,
        subject__certificate__number="2026010105654322", body__type="ccc",
        body__validity__valid_from="2026-06-01", body__validity__valid_to="2031-05-31",
        body__scope__least_area_mm2="240", body__scope__largest_area_mm2="1.5",
    )  # fmt: skip

    assert (answer.status_code, fresh.size) == (422, size)
    assert 'href="#field-body/scope/largest_area_mm2"' in answer.text


def test_without_a_word_of_who_issued_it_a_batch_stays_closed(told: Told, tmp_path: Any) -> None:
    with service_in(tmp_path / "bare", told) as bare:
        assert get(bare, f"/api/v1/batches/{bare.code['L1']}").status_code == 404
        assert get(bare, "/api/v1/search?q=YJV").json()["rows"] == []
        assert get(bare, "/api/v1/alerts").json()["rows"] == []


def test_when_another_is_named_as_the_issuer_the_batches_are_no_longer_open(fresh: Service) -> None:
    assert get(fresh, f"/api/v1/batches/{fresh.code['L1']}").status_code == 200

    assert record(fresh, certificate(issued_by=DEALER), "maker")[0] == 201

    assert get(fresh, f"/api/v1/batches/{fresh.code['L1']}").status_code == 404
