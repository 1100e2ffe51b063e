"""Long lists lead back the way that they were come by, and on; without a script."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from html_for_tests import Reader
from service_for_tests import Service
from typing_for_tests import opened


def turned(html: str) -> dict[str, str]:
    """Where the pages around are, by what they are to this one."""
    links = (link.attributes for link in Reader(html).all("a"))
    return {
        rel: each["href"] or "" for each in links if (rel := each.get("rel")) in ("first", "prev", "next")
    }


@pytest.mark.parametrize("path", ["/parties", "/products", "/certificates", "/projects", "/alerts"])
def test_a_later_page_of_a_list_leads_back_and_keeps_what_was_asked(service: Service, path: str) -> None:
    link = service.ask("operator", "GET", f"/api/v1{path}?limit=1").links["next"]["url"]
    (cursor,) = parse_qs(urlsplit(link).query)["after"]
    after = quote(cursor, safe="")

    first = turned(opened(service, "operator", path))
    second = turned(opened(service, "operator", f"{path}?lang=en&back=&after={after}"))
    third = turned(opened(service, "operator", f"{path}?lang=en&back=&back={after}&after={after}"))
    from_a_bookmark = turned(opened(service, "operator", f"{path}?after={after}"))

    assert "prev" not in first
    assert second["prev"] == f"{path}?lang=en"
    assert "first" not in second  # it is the page before
    assert third["first"] == f"{path}?lang=en"
    assert parse_qs(urlsplit(third["prev"]).query, keep_blank_values=True) == {
        "lang": ["en"],
        "back": [""],
        "after": [cursor],
    }
    assert from_a_bookmark == {"first": path}


def test_lists_of_the_own_organisation_lead_back_too(service: Service) -> None:
    for who, path, cursor in (
        ("dealer", "/orders", "900"),
        ("maker", "/reservations", "0"),
        ("maker", "/labels/to-print", "900"),
        ("maker", "/import/history", "900"),
        ("regulator", "/reads", "900"),
        ("regulator", "/submissions", "900"),
    ):
        page = turned(opened(service, who, f"{path}?back=&after={cursor}"))
        assert page == {"prev": path}, path


def test_the_codes_of_a_batch_lead_back_and_keep_what_was_asked(service: Service) -> None:
    here = f"/batches/{service.code['L1']}/labels"

    page = turned(opened(service, "maker", f"{here}?units=1-3&back=&after=1"))

    assert page == {"prev": f"{here}?units=1-3"}


@pytest.mark.parametrize("cursor", ["x", "1e3", "²", "1" * 17, ""])
def test_what_is_no_cursor_of_a_list_is_refused_and_not_taken_for_its_first_page(
    service: Service, cursor: str
) -> None:
    for who, path in (("regulator", "/goods"), ("regulator", "/reads"), ("regulator", "/submissions")):
        answer = service.ask(who, "GET", f"{path}?after={quote(cursor)}", headers={"Accept": "text/html"})
        assert answer.status_code == 400, (path, cursor)
        assert "翻页标记有误" in answer.text
