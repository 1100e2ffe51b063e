"""What else is called as was typed into the search box, each a link: companies, projects, certificates and uncoded goods by name
or number; orders, notices, delivery notes, reports, records of events and receipts of complaints by number.

Each list is asked under its own action, so that nothing is told here that its own page would not show. Where a number is not
open to the reader, the answer is that of a number which nobody has given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from urllib.parse import quote

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.certificate_number import parse_licence_number
from ..codes.receipt_number import parse_receipt_number, printed_receipt_number
from ..codes.trace_code import code_in
from ..errors import InputError, Problem, Text
from ..queries import registry
from ..queries.goods import goods_list
from ..queries.papers import (
    ORDER,
    event_of,
    notices_numbered,
    orders_numbered,
    orders_of_projects,
    papers_among,
)
from ..queries.search import Found
from ..queries.submissions import submission_page
from .views_of_searching import Also

#: Fewer letters begin the names of too many things.
_SHORTEST = 2
_LONGEST = 100
_OF_A_KIND = 3
_CHECK_DIFFERS = "校验字符不符"
#: A text of ten letters may be a word; one with a digit, in capitals or with the hyphen of a label is meant for a code.
_MEANT_FOR_A_CODE = re.compile(r"(?=.*[0-9]).*|[^a-z]*|\w{5}-\w{5}", re.ASCII)

COMPANY = Text("单位", "company")
PROJECT = Text("项目", "project")
CERTIFICATE = Text("证书", "certificate")
GOODS = Text("无码货物", "uncoded goods")
SUBMISSION = Text("投诉举报", "complaint or report")
RECEIPT = Text("回执号，查询进度", "receipt number, ask how it stands")


def also_called(
    tx: Connection, actor: Actor, text: str, hits: Sequence[Found], *, today: date
) -> tuple[Also, ...]:
    """What the actor may open whose name or number is this or begins with it, at most three of a kind; ``hits`` are the batches
    that were found, of which some may be found by a paper of that number."""
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        return ()
    found: list[Also] = []
    for action, look in (
        (Action.READ_REGISTRY, _parties(tx, actor, text)),
        (Action.READ_PROJECT, _projects(tx, actor, text)),
        (Action.READ_REGISTRY, _certificates(tx, actor, text, today)),
        (Action.READ_BATCH, _goods(tx, actor, text)),
        (Action.READ_ORDERS, _orders(tx, actor, text)),
        (Action.READ_BATCH, _orders_of_projects(tx, actor, text)),
        (Action.READ_BATCH, _notices(tx, actor, text)),
        (Action.READ_BATCH, _papers(tx, actor, text, hits)),
        (Action.READ_BATCH, _event(tx, actor, text)),
        (Action.CHECK_CODE, _receipt(tx, actor, text)),
    ):
        if actor.reach(action):
            found += islice(look, _OF_A_KIND)
    return tuple(found)


def typed_wrong(text: str) -> Problem | None:
    """That a text is as long as a trace code and made of its letters, but its check character says that it was typed wrong."""
    try:
        code_in(text)
    except InputError as error:
        (problem,) = error.problems
        return (
            problem
            if _CHECK_DIFFERS in problem.detail.zh and _MEANT_FOR_A_CODE.fullmatch(text.strip())
            else None
        )
    return None


def _parties(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in registry.parties(tx, actor, text=text).rows:
        if _begins(text, row.name, row.uscc, row.cma):
            yield Also(COMPANY, row.name, row.uscc or "", f"/parties/{row.id}")


def _projects(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in registry.projects(tx, actor, text=text).rows:
        if _begins(text, row.name, row.number):
            yield Also(PROJECT, row.name, row.number, f"/projects/{row.id}")


def _certificates(tx: Connection, actor: Actor, text: str, today: date) -> Iterator[Also]:
    text = _as_registered(text)
    for row in registry.certificates(tx, actor, today=today, text=text).rows:
        card = row.card
        if _begins(text, card.number, card.number.partition("）")[2]):
            href = f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}"
            yield Also(CERTIFICATE, card.number, row.holder_name, href)


def _goods(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in goods_list(tx, actor, text=text).rows:
        if _begins(text, row.marks, row.nominal_maker):
            yield Also(GOODS, row.marks, row.nominal_maker, f"/goods/{row.id}")


def _as_registered(number: str) -> str:
    """A licence's number as the register spells it, with or without its province; any other text as it is."""
    try:
        return parse_licence_number(number)
    except InputError:
        return number


def _orders(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for order in orders_numbered(tx, actor, text) if _is_number(text) else ():
        yield Also(ORDER, order.number, order.partner_name, f"/orders?q={quote(order.number, safe='')}")


def _orders_of_projects(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for paper in orders_of_projects(tx, actor, text) if _is_number(text) else ():
        yield Also(paper.what, paper.number, "", f"/events/{paper.event_id}")


def _notices(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for paper in notices_numbered(tx, actor, text) if _is_number(text) else ():
        yield Also(paper.what, paper.number, "", f"/events/{paper.event_id}")


def _papers(tx: Connection, actor: Actor, text: str, hits: Sequence[Found]) -> Iterator[Also]:
    for paper in papers_among(tx, actor, hits, text) if _is_number(text) else ():
        yield Also(paper.what, paper.number, paper.lot, f"/events/{paper.event_id}")


def _event(tx: Connection, actor: Actor, text: str) -> Iterable[Also]:
    event = event_of(tx, actor, text)
    return () if event is None else (Also(event.what, event.number, "", f"/events/{event.event_id}"),)


def _receipt(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    """To its authority the complaint itself. To anybody else, of any number that can be one, the page that answers under it:
    whether it was ever given out is not said here."""
    try:
        number = parse_receipt_number(text)
    except InputError:
        return
    is_open = actor.reach(Action.READ_SUBMISSIONS) and submission_page(tx, actor, number) is not None
    what, page = (SUBMISSION, "submissions") if is_open else (RECEIPT, "r")
    yield Also(what, printed_receipt_number(number), "", f"/{page}/{number}")


def _is_number(text: str) -> bool:
    return any(map(str.isdigit, text))


def _begins(text: str, *names: str | None) -> bool:
    return any(name.casefold().startswith(text.casefold()) for name in names if name)
