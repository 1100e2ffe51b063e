"""A rule about statements of evidence taken: the whole history of a batch is an authority's to take only where all of it is its own."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .reach import known_batch
from .rules_of_jurisdiction import jurisdiction_of_speaker
from .things import batch_thing


def _not_whole_within(claim: Claim, draft: drafts.StatementDraft) -> Finding | None:
    """How many events a batch has tells what others did with it: who has only some of them is not told."""
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or not draft.body.whole or claim.jurisdiction.everything:
        return None
    code, own = known[0].code, jurisdiction_of_speaker(claim)
    regions = (who for who in claim.state.involved[code] if who.startswith("r:"))
    if all(sees(own, {region, batch_thing(code)}) for region in regions):
        return None
    return Finding(
        "/body/whole",
        "true",
        Text(
            "此批次也涉及本辖区以外的地区",
            "the batch also concerns regions outside your jurisdiction",
        ),
        Text(
            "可提取本单位可见的部分；全部历史请共同的上级提取，或取得所涉地区的授权",
            "take what is open to you; for all of it ask the superior of all these regions, or for their grants",
        ),
    )


NOT_WHOLE_WITHIN = Rule(
    "not-whole-within", Weight.AUTHORITY,
    Text("全部历史超出辖区", "the whole history lies beyond the jurisdiction"),
    Text("市场监督管理部门提取本辖区内的证据（市场监督管理行政处罚程序规定第八条）",
         "a market regulator takes evidence in its own region (市场监督管理行政处罚程序规定 art. 8)"),
    _not_whole_within,
)  # fmt: skip
