"""A claim: a draft before the rules, and the words in which a rule answers.

Design law: *arithmetic refuses, permission asks, truth is recorded.*

* ``INPUT``: the draft names something that is not there. Refused (422).
* ``AUTHORITY``: the speaker may not say this for that party. Refused (403).
* ``ARITHMETIC``: an actor's own impossible claim. Refused (409).
* ``PERMISSION``: something that needs leave. With ``ask`` it is refused, so that the goods stay (409);
  without, it has happened already: recorded and marked.
* ``OBSERVATION``: what somebody saw is never refused, only marked.

A rule returns None, or a `Finding`. Its name is stable: it stands in marks on the ledger and in answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from ..errors import Text
from .drafts import Draft
from .scope import EVERYWHERE, Scope
from .signature import Signature
from .state import State


class Weight(Enum):
    """What follows when a rule finds something, with the HTTP status of a refusal."""

    INPUT = 422
    AUTHORITY = 403
    ARITHMETIC = 409
    PERMISSION = 409.1
    OBSERVATION = 200

    @property
    def status(self) -> int:
        return int(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A draft, who says it, who enters it, when it is heard, and what is known then.

    ``jurisdiction``: how far the word of an authority reaches that enters it. ``covered``: the draft's bytes as they go
    onto the ledger, which its ``signature``, if any, must cover. ``origin``: this ledger's name. ``names``: those of its
    responsible persons in clear, in their order, where a client has committed to them itself. ``seq``: the ledger index that it would get.
    ``account``: who enters it.
    """

    draft: Draft
    speaker: str
    actor: str
    enters_for_anybody: bool
    heard_at: datetime
    state: State
    jurisdiction: Scope = EVERYWHERE
    signature: Signature | None = None
    covered: bytes = b""
    origin: str = ""
    names: tuple[str, ...] = ()
    seq: int = 0
    account: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where in the draft, what came, the reason in words, and what to do."""

    where: str
    came: str
    detail: Text
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule. ``title`` is the short form shown beside a mark, ``ground`` what it rests on. ``find`` says what is wrong: the
    first of it, or all in a list. ``ends``: once it has found something no rule behind it is asked, which would tell of a thing that
    is another's."""

    name: str
    weight: Weight
    title: Text
    ground: Text
    find: Callable[[Claim, Any], Finding | list[Finding] | None]
    ends: bool = False
