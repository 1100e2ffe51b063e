"""Pages of a list: how many rows, from where on, and the ``Link`` to the next page (RFC 8288)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query, Request

#: Rows in an answer.
Limit = Annotated[int, Query(ge=1, le=200, description="每页条数 rows in an answer")]
#: Where the page before ended: the value that its ``Link: …; rel="next"`` carries.
After = Annotated[
    str | None, Query(max_length=200, description="上一页给出的游标 the cursor of the page before")
]
#: A number that a page was cut at, where lists are ordered by ledger index.
AfterIndex = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="上一页给出的游标 the cursor of the page before")
]
#: "As of": the answer as it was when the ledger ended with this entry.
UpTo = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="截至账本序号 as of this ledger index, included")
]


def next_link(request: Request, after: object | None) -> dict[str, str]:
    """The header that leads to the next page; none on the last. Relative, so that no host name is echoed."""
    if after is None:
        return {}
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    address = f"{quote(request.url.path)}?{urlencode([*query, ('after', str(after))])}"
    return {"Link": f'<{address}>; rel="next"'}
