"""Sampling plans of the own authority, what was drawn from them, and what a draw is made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import InputError, Text
from ..inspecting import register as inspecting
from ..intake.draws import root_behind
from ..model.draws import candidates_hash, drawn, seed_hash, tree_size
from .names import names_of
from .registry import PartyLink
from .visibility import reading
from .wording import LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPlanRow:
    """A plan with everything that its draw is repeated from. ``tree_size``: of the tree whose ``root`` is drawn with, "" until an entry has
    followed the plan. ``entrusted``: who samples for the authority. ``drawn`` and ``seed`` are empty until the draw; the last ``substitutes`` of them are those."""

    event: str
    number: str
    level: str
    level_name: Text
    products: tuple[str, ...]
    candidates: tuple[str, ...]
    candidates_hash: str
    count: int
    substitutes: int
    seed_hash: str
    tree_size: int
    root: str
    seed: str
    draw: str
    drawn: tuple[str, ...]
    index: int
    entrusted: PartyLink | None = None


def sampling_plans(tx: Connection, actor: Actor) -> tuple[SamplingPlanRow, ...]:
    """The own authority's alone, the newest first: whoever is in a list is not told of it before the samplers come."""
    scope = reading(actor, Action.READ_CASES)
    known = inspecting.sampling_plans(tx, scope.parties)
    names = names_of(tx, {each.entrusted for each in known} - {""})
    return tuple(
        SamplingPlanRow(
            event=each.event,
            number=each.number,
            level=each.level,
            level_name=LEVELS[each.level],
            products=each.products,
            candidates=each.candidates,
            candidates_hash=candidates_hash(each.candidates),
            count=each.count,
            substitutes=each.substitutes,
            seed_hash=each.seed_hash,
            tree_size=tree_size(each.seq),
            root=each.root or root_behind(tx, each.seq) or "",
            seed=each.seed,
            draw=each.draw,
            drawn=each.drawn,
            index=each.seq,
            entrusted=PartyLink(each.entrusted, names.party(each.entrusted)) if each.entrusted else None,
        )
        for each in known
    )


def plan_body(typed: Mapping[str, Any], candidates: tuple[str, ...], seed: str) -> dict[str, Any]:
    """The body of a plan over this list, committed to its seed."""
    return {
        **typed,
        "candidates": list(candidates),
        "candidates_hash": candidates_hash(candidates),
        "seed_hash": seed_hash(seed),
    }


def draw_body(plan: SamplingPlanRow, seed: str) -> dict[str, Any]:
    """What is drawn from a plan with its seed. Raises InputError while no entry has followed the plan."""
    if not plan.root:
        raise InputError.of(
            "not-yet",
            "方案之后账本上还没有新的一条，暂不能抽取",
            "no entry has followed the plan on the ledger yet",
            where="/seed",
            remedy=Text("等有别的记录入账后再抽取", "draw once something else has been recorded"),
        )
    ranked = drawn(seed, plan.root, plan.candidates, plan.count + plan.substitutes)
    return {
        "seed": seed,
        "root": plan.root,
        "drawn": list(ranked[: plan.count]),
        "substitutes": list(ranked[plan.count :]),
    }
