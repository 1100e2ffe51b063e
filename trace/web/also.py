"""What else is called as was typed into the search box: companies, projects, certificates, uncoded goods, each a link.

The registers' own lists are asked, each under its own action, so that nothing is told here that the register would not show.
Orders and receipts of events are not looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from urllib.parse import quote

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import code_in
from ..errors import InputError, Problem, Text
from ..queries import registry
from ..queries.goods import goods_list
from .views import Also

#: Fewer letters begin the names of too many things.
_SHORTEST = 2
_LONGEST = 100
_OF_A_KIND = 3
_CHECK_DIFFERS = "校验字符不符"

_COMPANY = Text("单位", "company")
_PROJECT = Text("项目", "project")
_CERTIFICATE = Text("证书", "certificate")
_GOODS = Text("无码货物", "uncoded goods")


def also_called(tx: Connection, actor: Actor, text: str, *, today: date) -> tuple[Also, ...]:
    """What the actor may open whose name or number is this or begins with it, at most three of a kind."""
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        return ()
    found: list[Also] = []
    for action, look in (
        (Action.READ_REGISTRY, _parties(tx, actor, text)),
        (Action.READ_PROJECT, _projects(tx, actor, text)),
        (Action.READ_REGISTRY, _certificates(tx, actor, text, today)),
        (Action.READ_BATCH, _goods(tx, actor, text)),
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
        return problem if _CHECK_DIFFERS in problem.detail.zh and any(map(str.isdigit, text)) else None
    return None


def _parties(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in registry.parties(tx, actor, text=text).rows:
        if _begins(text, row.name, row.uscc, row.cma):
            yield Also(_COMPANY, row.name, row.uscc or "", f"/parties/{row.id}")


def _projects(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in registry.projects(tx, actor, text=text).rows:
        if _begins(text, row.name, row.number):
            yield Also(_PROJECT, row.name, row.number, f"/projects/{row.id}")


def _certificates(tx: Connection, actor: Actor, text: str, today: date) -> Iterator[Also]:
    for row in registry.certificates(tx, actor, today=today, text=text).rows:
        card = row.card
        if _begins(text, card.number):
            href = f"/parties/{card.holder}/certificates/{quote(card.number, safe='')}"
            yield Also(_CERTIFICATE, card.number, row.holder_name, href)


def _goods(tx: Connection, actor: Actor, text: str) -> Iterator[Also]:
    for row in goods_list(tx, actor, text=text).rows:
        if _begins(text, row.marks, row.nominal_maker):
            yield Also(_GOODS, row.marks, row.nominal_maker, f"/goods/{row.id}")


def _begins(text: str, *names: str | None) -> bool:
    return any(name.casefold().startswith(text.casefold()) for name in names if name)
