"""Whatever a page offers to a role opens for it: every page of every role is walked through by its links."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape

import pytest

from service_for_tests import ACCOUNTS, Service

#: Addresses of one shape that are followed: the next one of a list is opened by the same lines.
_OF_A_SHAPE = 2
_LINKS = re.compile(r"""<a\s[^>]*?\bhref="([^"]*)\"""")
_NAMES = re.compile(r"(?<=/)(?=[^/]*\d)[^/?]+")


def shape(address: str) -> str:
    """An address without what it names: ids, codes and numbers, and the values of its query."""
    path, _, query = address.partition("?")
    names = sorted({pair.partition("=")[0] for pair in query.split("&")})
    return f"{_NAMES.sub('*', path)}?{'&'.join(names)}"


def links(html: str) -> Iterator[str]:
    for tag in _LINKS.findall(html):
        address = unescape(tag).partition("#")[0]
        if address.startswith("/") and not address.startswith(("//", "/static/", "/language/")):
            yield address


@pytest.mark.parametrize("who", [*ACCOUNTS, "anybody"])
def test_no_page_offers_a_link_that_its_reader_is_refused(service: Service, who: str) -> None:
    waiting, met, refused = deque([("/", "")]), Counter[str](), []
    seen = set()

    while waiting:
        address, on = waiting.popleft()
        if address in seen or met[shape(address)] >= _OF_A_SHAPE:
            continue
        seen.add(address)
        met[shape(address)] += 1
        answer = service.ask(who, "GET", address, headers={"Accept": "text/html"})
        if answer.status_code in (403, 404):
            refused.append((address, answer.status_code, on))
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting.extend((each, address) for each in links(answer.text))

    assert refused == []
    assert len(seen) > 5
