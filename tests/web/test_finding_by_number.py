"""What is found by its number in the one search box, by whom it may be opened, and what everybody else is told: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from cabletrace.codes.receipt_number import mint_receipt_number, printed_receipt_number
from drafts_for_tests import (
    DEALER,
    LICENCE,
    MAKER,
    PROJECT,
    REGULATOR,
    correction,
    dispatch,
    notice,
    order,
    report,
)
from html_for_tests import Reader
from service_for_tests import GOODS, Service, Told, service_in
from typing_for_tests import opened, text_of

ORDER, NOTE, REPORT, WRONG_REPORT = "DD-2026-55", "FH-2026-771", "JC-2026-913", "JC-2026-666"
NOTICE = "周市监通〔2026〕1号"
#: Like one of the above, and nobody's.
NOBODYS = {ORDER: "DD-2026-59", NOTE: "FH-2026-779", REPORT: "JC-2026-919", NOTICE: "周市监通〔2026〕9号"}

SENT = dispatch(units=[(3, 3)], note=NOTE, order=ORDER, on="2026-05-02", entered_for=MAKER)
TESTED = report(unit=3, number=REPORT, on="2026-05-02", entered_for=MAKER)
MISTAKEN = report(unit=3, number=WRONG_REPORT, on="2026-05-02", entered_for=MAKER)
OF_A_PROJECT = order(DEALER, "DD-2026-77", buyer=DEALER, supplier=MAKER, project=PROJECT, entered_for=DEALER)
TOO_SHORT = order(DEALER, "DD-2026-88", buyer=DEALER, supplier=MAKER, entered_for=DEALER)
PUT_RIGHT = correction(
    TOO_SHORT,
    order(DEALER, "DD-2026-88", buyer=DEALER, supplier=MAKER, project=PROJECT),
    entered_for=DEALER,
)
TOLD = notice(recipients=(DEALER,), projects=(), entered_for=REGULATOR)
TOLD["draft"]["body"]["number"] = NOTICE


@pytest.fixture(scope="module")
def numbered(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    further = (
        order(DEALER, ORDER, buyer=DEALER, supplier=MAKER, entered_for=DEALER),
        SENT,
        TESTED,
        MISTAKEN,
        TOLD,
        OF_A_PROJECT,
        TOO_SHORT,
        PUT_RIGHT,
        correction(MISTAKEN, entered_for=MAKER),
    )
    with service_in(tmp_path_factory.mktemp("numbers") / "data", told, *further) as running:
        yield running


def also(service: Service, who: str, typed: str) -> list[str]:
    """The addresses of what else is called so."""
    html = opened(service, who, f"/search?q={quote(typed, safe='')}")
    if "同名的登记" not in html:
        return []
    shown = html[html.index("同名的登记") :]
    links = Reader(shown[: shown.index("</ul>")]).all("a")
    return [link.attributes["href"] or "" for link in links]


def told_of(service: Service, who: str, typed: str) -> tuple[str, str]:
    """All that a page and the programs' interface say, but what was typed."""
    query = quote(typed, safe="")
    page = opened(service, who, f"/search?q={query}")
    answer = service.ask(who, "GET", f"/api/v1/search?q={query}&counts=all")
    assert answer.status_code == 200
    return page.replace(query, "…").replace(typed, "…"), answer.text


def test_a_paper_is_found_by_its_number_and_opens(numbered: Service) -> None:
    sent, tested, told_in = (f"/events/{each['draft']['id']}" for each in (SENT, TESTED, TOLD))
    for typed, who, href in (
        (ORDER, "maker", f"/orders?q={ORDER}"),
        (ORDER.lower(), "dealer", f"/orders?q={ORDER}"),
        (ORDER[:8], "dealer", f"/orders?q={ORDER}"),
        (NOTE, "maker", sent),
        (NOTE.replace("-", "－"), "dealer", sent),
        (REPORT, "maker", tested),
        (REPORT, "regulator", tested),
        (NOTICE, "regulator", told_in),
        (NOTICE.replace("〔", "[").replace("〕", "]"), "dealer", told_in),
        (SENT["draft"]["id"], "dealer", sent),
        (SENT["draft"]["id"].upper(), "operator", sent),
    ):
        assert href in also(numbered, who, typed), (typed, who)
        assert numbered.ask(who, "GET", href).status_code == 200


def test_an_order_that_names_a_project_is_found_by_and_opens_to_the_authority_of_its_region(
    numbered: Service,
) -> None:
    event = f"/events/{OF_A_PROJECT['draft']['id']}"

    for who in ("regulator", "site"):
        for typed in ("DD-2026-77", "dd2O26.7"):
            assert also(numbered, who, typed) == [event], (who, typed)
        assert numbered.ask(who, "GET", event).status_code == 200
    assert also(numbered, "regulator B", "DD-2026-77") == []
    assert numbered.ask("regulator B", "GET", event).status_code == 404


def test_an_order_that_was_corrected_to_name_a_project_is_found_by_what_opens_there(
    numbered: Service,
) -> None:
    assert also(numbered, "regulator", "DD-2026-88") == [f"/events/{PUT_RIGHT['draft']['id']}"]
    assert also(numbered, "dealer", "DD-2026-88") == ["/orders?q=DD-2026-88"]


def test_an_order_without_a_project_is_found_by_its_parties_alone(numbered: Service) -> None:
    assert also(numbered, "maker", ORDER) == [f"/orders?q={ORDER}"]
    assert also(numbered, "regulator", ORDER) == also(numbered, "site", ORDER) == []


def test_a_batch_is_found_by_the_order_that_it_was_sent_for(numbered: Service) -> None:
    for who in ("maker", "dealer", "regulator"):
        assert "找到：订单号 DD-2026-55" in text_of(opened(numbered, who, f"/search?q={ORDER}"))


def test_a_certificate_is_found_by_its_number_in_any_spelling(numbered: Service) -> None:
    for typed in (LICENCE, LICENCE.replace("（", "(").replace("）", ")"), LICENCE.partition("）")[2]):
        (href,) = also(numbered, "maker B", typed)
        assert href.endswith(f"/certificates/{quote(LICENCE, safe='')}"), typed


@pytest.mark.parametrize("who", ["maker B", "shop B", "regulator B"])
@pytest.mark.parametrize("number", [ORDER, NOTE, REPORT])
def test_a_foreign_number_is_answered_like_one_that_is_nobodys(
    numbered: Service, who: str, number: str
) -> None:
    assert told_of(numbered, who, number) == told_of(numbered, who, NOBODYS[number])
    assert also(numbered, who, number) == []
    assert also(numbered, "maker", number) != []


def test_an_event_that_is_not_ones_own_is_answered_like_an_id_that_is_nobodys(numbered: Service) -> None:
    nobodys = "0b0e7a52-3c0f-4e57-9a5e-2f9f3c1d7e11"

    assert told_of(numbered, "shop B", SENT["draft"]["id"]) == told_of(numbered, "shop B", nobodys)
    assert also(numbered, "shop B", SENT["draft"]["id"]) == also(numbered, "maker", nobodys) == []


def test_a_report_that_was_taken_back_is_found_no_more(numbered: Service) -> None:
    assert also(numbered, "maker", WRONG_REPORT) == []


def test_a_receipt_number_leads_its_authority_to_the_complaint_and_everybody_else_to_asking(
    numbered: Service,
) -> None:
    number, nobodys = numbered.receipt, mint_receipt_number(bytes)

    assert also(numbered, "regulator", printed_receipt_number(number)) == [f"/submissions/{number}"]
    for who in ("regulator B", "dealer", "shop B"):
        assert also(numbered, who, number) == [f"/r/{number}"]
        assert also(numbered, who, nobodys) == [f"/r/{nobodys}"]
    assert also(numbered, "dealer", number[:-1] + ("0" if number[-1] != "0" else "2")) == []


def test_uncoded_goods_stand_there_for_whom_they_concern_and_for_nobody_else(numbered: Service) -> None:
    assert f"/goods/{GOODS}" in also(numbered, "regulator", "YJV 3×95 无")
    for who in ("regulator B", "maker", "shop B"):
        assert also(numbered, who, "YJV 3×95 无") == []
        assert numbered.ask(who, "GET", f"/goods/{GOODS}").status_code == 404


def test_words_without_a_digit_are_no_number(numbered: Service) -> None:
    assert also(numbered, "maker", "FH") == []
