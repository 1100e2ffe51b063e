"""What an account may record by hand about a thing: the kinds that its role has in the policy, and their addresses; and what
it came for, which stands before all else.

The menu only spares people what they cannot use: the policy and the rules are asked again when something is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal
from urllib.parse import urlencode

from ..auth.actor import Actor
from ..auth.policy import Action, Reach, Role, recording
from ..errors import Text
from ..model.kinds import KINDS
from .forms import ALIASES
from .views import Choice, Link

Thing = Literal["batch", "goods", "party", "project", "certificate"]

#: In the order in which they are offered.
KINDS_OF: Mapping[Thing, tuple[str, ...]] = {
    "batch": (
        "dispatch", "receipt", "acceptance", "supervision", "split", "return", "sale", "use", "disposal", "testing",
        "inspection", "sampling", "measure", "recall", "notice", "alias",
    ),
    "goods": ("inspection", "sampling", "testing", "measure", "notice", "confirmation", "alias"),
    "party": (
        "self-check", "commitment", "inspection", "technical-help", "visit-plan", "credit-class", "notice", "confirmation", "alias",
    ),
    "project": ("inspection", "visit-plan"),
    "certificate": ("certificate",),
}  # fmt: skip

#: Kinds that describe goods which nobody has described before.
OF_NEW_GOODS = ("inspection", "sampling", "measure")

_AT_A_SITE = ("receipt", "acceptance", "use", "dispatch")
#: What a role comes for, at a batch or one drum of it.
_COMES_FOR: Mapping[Role, tuple[str, ...]] = {
    Role.MANUFACTURER: ("receipt", "dispatch"),
    Role.DISTRIBUTOR: ("receipt", "dispatch"),
    Role.CONTRACTOR: _AT_A_SITE,
    Role.OWNER: _AT_A_SITE,
    Role.SUPERVISOR: ("supervision",),
    Role.LABORATORY: ("testing",),
}
#: In which state its own metres, or those of its project, must be; nothing is said of the others.
_WANTS: Mapping[str, frozenset[str]] = {
    "receipt": frozenset({"transit"}),
    "acceptance": frozenset({"transit", "held", "project"}),
    "use": frozenset({"project"}),
    "dispatch": frozenset({"held"}),
}
_CALLED: Mapping[str, Text] = {
    "supervision": Text("写监理意见", "Give the supervisor's opinion"),
    "testing": Text("录入检测报告", "Enter a test report"),
}
#: Those that have a page of their own, for a list of codes.
_BY_CODES: Mapping[str, str] = {"receipt": "/receive", "dispatch": "/send"}


def comes_for(actor: Actor, code: str, states: Collection[str], unit: int | None = None) -> tuple[Link, ...]:
    """The buttons that stand first for this account at a batch, or at one drum of it, the most usual first. ``states`` of its
    own metres there."""
    said = f"?unit={unit}" if unit is not None else ""
    listed = urlencode({"batch": code if unit is None else f"{code} {unit}"})
    return tuple(
        Link(
            f"{_BY_CODES[kind]}?{listed}" if kind in _BY_CODES else f"/batches/{code}/record/{kind}{said}",
            _CALLED.get(kind, KINDS[kind]),
        )
        for kind in _COMES_FOR.get(actor.role, ())
        if actor.reach(recording(kind)) >= Reach.OWN
        and (kind not in _WANTS or not _WANTS[kind].isdisjoint(states))
    )


def recordable(
    actor: Actor, thing: Thing, href: str, *, maker: str = "", is_confirmed: bool = True, **prefilled: object
) -> tuple[Choice, ...]:
    """The forms that this account finds at a thing. ``maker`` of a batch; ``prefilled`` goes along in the address."""
    said = urlencode({name: value for name, value in prefilled.items() if value not in (None, "")})
    forms = tuple(
        Choice(_title(kind, thing), f"{href}/record/{kind}{f'?{said}' if said else ''}")
        for kind in KINDS_OF[thing]
        if _may(actor, kind, thing, maker, is_confirmed=is_confirmed)
        and (kind not in _OF_ONESELF or href.rpartition("/")[2] == actor.party)
    )
    return (*forms, *_lead(actor, thing, href, prefilled.get("unit")))


#: What a party says of itself alone.
_OF_ONESELF = frozenset({"self-check", "commitment"})
#: At what a lead can begin.
_LEADS_BEGIN_AT = frozenset({"batch", "goods", "party"})


def _lead(actor: Actor, thing: Thing, href: str, unit: object) -> tuple[Choice, ...]:
    if thing not in _LEADS_BEGIN_AT or not actor.reach(Action.RECORD_LEAD):
        return ()
    said = {thing: href.rpartition("/")[2], **({} if unit in (None, "") else {"unit": unit})}
    return (Choice(KINDS["lead"], f"/leads/new?{urlencode(said)}"),)


def may_record_at(actor: Actor, kind: str, thing: Thing) -> bool:
    """Whether there is such a form for this account at all."""
    return kind in KINDS_OF[thing] and bool(actor.reach(recording(kind)))


def _may(actor: Actor, kind: str, thing: Thing, maker: str, *, is_confirmed: bool) -> bool:
    reach = actor.reach(recording(kind))
    if reach < Reach.OWN:
        return False
    if kind in ("recall", "alias") and thing == "batch":
        return reach >= Reach.JURISDICTION or actor.party == maker
    if kind in ("confirmation", "alias") and thing == "party":
        return reach >= Reach.JURISDICTION and not is_confirmed
    if kind == "alias":
        return reach >= Reach.JURISDICTION
    return True


def _title(kind: str, thing: Thing) -> Text:
    return ALIASES[thing].title if kind == "alias" and thing in ALIASES else KINDS[kind]


def comes_for_at_project(actor: Actor, project: str, *, is_own: bool) -> tuple[Link, ...]:
    """The same at a project; ``is_own``: it is the account's to act at."""
    links = (
        (Role.CONTRACTOR, Action.RECORD_RECEIPT, Link("/receive", KINDS["receipt"])),
        (Role.OWNER, Action.RECORD_RECEIPT, Link("/receive", KINDS["receipt"])),
        (Role.REGULATOR, Action.RECORD_INSPECTION, Link(f"/projects/{project}/record/inspection", KINDS["inspection"])),
    )  # fmt: skip
    return tuple(
        link for role, action, link in links if is_own and actor.role is role and actor.reach(action)
    )
