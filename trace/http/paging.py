"""Pages of a list: how many rows, from where on, and the addresses of the pages around it (``Link``, RFC 8288).

A list is read forwards only, each page from the cursor of the one before. The way back is what the reader came by: an
address of a later page carries the cursors of the pages before it, the newest of them last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query, Request

#: Rows in an answer.
Limit = Annotated[int, Query(ge=1, le=200, description="每页条数 rows in an answer")]
#: Where the page before ended: the value that its ``Link: …; rel="next"`` carries.
After = Annotated[
    str | None, Query(max_length=200, description="上一页给出的游标 the cursor of the page before")
]
#: Pages back that an address remembers: more would not fit into one. From farther away the first page is the way back.
MOST_BACK = 10
#: The cursors of the pages before this one, the first page's being empty: what ``Link: …; rel="prev"`` is made of.
Back = Annotated[
    list[str] | None,
    Query(
        max_length=MOST_BACK,
        description="前几页的游标，由上一页给出 cursors of pages before, as the Link of the page before carries them",
    ),
]
#: A number that a page was cut at, where lists are ordered by ledger index.
AfterIndex = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="上一页给出的游标 the cursor of the page before")
]
#: "As of": the answer as it was when the ledger ended with this entry.
UpTo = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="截至账本序号 as of this ledger index, included")
]


@dataclass(frozen=True, slots=True)
class Around:
    """Addresses of the pages around the one that was asked for, "" where there is none or it is not known. Relative, so that no
    host name is echoed."""

    first: str
    previous: str
    next: str


def around(request: Request, after: object | None) -> Around:
    """The pages around the one of this request; ``after`` is the cursor of the next page, None on the last."""
    asked = request.query_params
    here = asked.get("after", "")
    back = asked.getlist("back") if here else []
    kept = [(name, value) for name, value in asked.multi_items() if name not in ("after", "back")]

    def at(cursor: str, before: Iterable[str]) -> str:
        query = [*kept, *(("back", each) for each in before), *([("after", cursor)] if cursor else [])]
        return f"{quote(request.url.path)}?{urlencode(query)}" if query else quote(request.url.path)

    return Around(
        first=at("", ()) if here else "",
        previous=at(back[-1], back[:-1]) if back else "",
        next="" if after is None else at(str(after), [*back, here][-MOST_BACK:]),
    )


def links(pages: Around) -> dict[str, str]:
    """The header that leads to the pages around."""
    named = (("next", pages.next), ("prev", pages.previous), ("first", pages.first))
    said = ", ".join(f'<{address}>; rel="{name}"' for name, address in named if address)
    return {"Link": said} if said else {}


def next_link(request: Request, after: object | None) -> dict[str, str]:
    """The header that leads to the next page, for lists of which programs remember by themselves which way they came; none on
    the last. Relative, so that no host name is echoed."""
    if after is None:
        return {}
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    address = f"{quote(request.url.path)}?{urlencode([*query, ('after', str(after))])}"
    return {"Link": f'<{address}>; rel="next"'}
