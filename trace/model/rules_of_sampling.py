"""Rules about sampling plans and their draw: what is said must follow from what was committed to before."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .draws import candidates_hash, drawn, seed_hash, tree_size


def _list_wrong(_claim: Claim, draft: drafts.SamplingPlanDraft) -> Finding | None:
    body = draft.body
    if len(set(body.candidates)) < len(body.candidates):
        twice = next(each for each in body.candidates if body.candidates.count(each) > 1)
        return Finding(
            "/body/candidates", twice, Text("名单里有重复", "a candidate stands in the list twice")
        )
    if body.count + body.substitutes > len(body.candidates):
        return Finding(
            "/body/count",
            str(body.count + body.substitutes),
            Text(f"名单只有 {len(body.candidates)} 家", f"the list has only {len(body.candidates)}"),
        )
    if body.candidates_hash != candidates_hash(body.candidates):
        return Finding(
            "/body/candidates_hash",
            body.candidates_hash,
            Text("名单的哈希不对", "this is not the hash of the list"),
            Text("名单排序后每行一个，取 SHA-256", "SHA-256 over the sorted list, one a line"),
        )
    return None


def _nothing_to_draw(claim: Claim, draft: drafts.SamplingDrawDraft) -> Finding | None:
    """The same answer for a plan that there is not and for another authority's, of which nobody learns."""
    known = claim.state.sampling_plans.get(draft.subject.event)
    if known is not None and known.authority == claim.speaker and known.draw in ("", draft.id):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("没有这个抽查方案，或者已经抽取", "there is no such plan, or it is drawn already"),
    )


def _another_seed(claim: Claim, draft: drafts.SamplingDrawDraft) -> Finding | None:
    known = claim.state.sampling_plans.get(draft.subject.event)
    if known is None or known.seed_hash == seed_hash(draft.body.seed):
        return None
    return Finding(
        "/body/seed",
        "",
        Text("不是方案里承诺的种子", "this is not the seed that the plan commits to"),
        Text("填写登记方案时的种子，一个字符都不能差", "give the seed of the plan, to the last character"),
    )


def _another_root(claim: Claim, draft: drafts.SamplingDrawDraft) -> Finding | None:
    known = claim.state.sampling_plans.get(draft.subject.event)
    if known is None:
        return None
    size = tree_size(known.seq)
    root = claim.state.roots.get(size)
    if root == draft.body.root:
        return None
    if root is None:
        return Finding(
            "/body/root",
            draft.body.root,
            Text("方案之后账本上还没有新的一条", "no entry has followed the plan on the ledger yet"),
            Text("等有别的记录入账后再抽取", "draw once something else has been recorded"),
        )
    return Finding(
        "/body/root",
        draft.body.root,
        Text(f"不是账本 {size} 条时的树根", f"this is not the root of the ledger's first {size} entries"),
    )


def _not_reproduced(claim: Claim, draft: drafts.SamplingDrawDraft) -> Finding | None:
    known, body = claim.state.sampling_plans.get(draft.subject.event), draft.body
    if known is None:
        return None
    ranked = drawn(body.seed, body.root, known.candidates, known.count + known.substitutes)
    if (body.drawn, body.substitutes) == (ranked[: known.count], ranked[known.count :]):
        return None
    return Finding(
        "/body/drawn",
        "、".join(body.drawn)[:80],
        Text("与种子、树根和名单算出的结果不同", "seed, root and list lead to another draw"),
    )


LIST_WRONG = Rule(
    "candidates-wrong", Weight.INPUT,
    Text("名单有误", "list of candidates"),
    Text("抽取前名单固定并有哈希", "before a draw the list is frozen and hashed"),
    _list_wrong,
)  # fmt: skip
NOTHING_TO_DRAW = Rule(
    "nothing-to-draw", Weight.INPUT,
    Text("没有可抽取的方案", "nothing to draw from"),
    Text("一个方案抽取一次", "a plan is drawn from once"),
    _nothing_to_draw,
)  # fmt: skip
ANOTHER_SEED = Rule(
    "seed-not-committed", Weight.ARITHMETIC,
    Text("种子不符", "another seed"),
    Text("种子在方案里先承诺，抽取时公开", "a plan commits to the seed, the draw opens it"),
    _another_seed,
)  # fmt: skip
ANOTHER_ROOT = Rule(
    "root-of-another-tree", Weight.ARITHMETIC,
    Text("树根不符", "another root"),
    Text("用方案及其后一条记录的账本树根抽取", "the draw takes the root over the plan and the one entry behind it"),
    _another_root,
)  # fmt: skip
NOT_DRAWN_SO = Rule(
    "draw-not-reproduced", Weight.ARITHMETIC,
    Text("抽取结果不能重现", "draw not reproduced"),
    Text("抽取结果由种子、树根和名单唯一确定", "seed, root and list alone decide a draw"),
    _not_reproduced,
)  # fmt: skip
