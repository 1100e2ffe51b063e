"""Rules about who is confirmed, and which other names a thing has."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .reach import known_batch
from .rules_of_speaking import REGISTRARS, acts_as


def _confirms_anothers(claim: Claim, draft: drafts.ConfirmationDraft) -> Finding | None:
    if acts_as(claim, REGISTRARS):
        return None
    if draft.subject.goods is not None:
        goods = claim.state.goods[draft.subject.goods]
        if goods is not None and goods.party in (None, claim.speaker):
            return None
    return Finding(
        "/subject",
        "",
        Text(
            "参与方由市场监管部门确认；货物由标称生产者确认",
            "a party is confirmed by an authority, goods by the nominal maker",
        ),
    )


def _alias_incomplete(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    subject, body = draft.subject, draft.body
    named = [name for name in ("code", "party", "batch") if getattr(body, name) is not None]
    fits = {
        "code": (body.scheme is not None) and subject.batch is not None,
        "party": subject.batch is None,
        "batch": subject.goods is not None,
    }
    if len(named) == 1 and fits[named[0]] and (body.unit is None or named == ["code"]):
        return None
    return Finding(
        "/body",
        "",
        Text(
            "批次可写另一编码（code 与 scheme）；无码货物可写批次或真实生产者；无代码的参与方可写真实单位",
            "a batch takes another code with its scheme, goods a batch or their real maker, a party who it really is",
        ),
        Text("三者取一", "exactly one of them"),
    )


def _alias_batch_unknown(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    ref = draft.body.batch
    if ref is None or known_batch(ref, claim.state) is not None:
        return None
    return Finding(
        "/body/batch", ref.code or ref.lot or "", Text("没有登记这个批次", "no such batch is registered")
    )


def _alias_taken(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    body = draft.body
    if body.code is None or body.scheme is None:
        return None
    before = claim.state.aliases[body.scheme, body.code]
    known = known_batch(draft.subject.batch, claim.state)
    if (
        before is None
        or known is None
        or (before.thing, before.unit) == (f"batch:{known[0].code}", body.unit)
    ):
        return None
    return Finding(
        "/body/code",
        body.code,
        Text("这个编码已经指向别的货物", "this code stands for something else already"),
        Text("核对编码；同一编码只指一物", "check the code: one code is one thing"),
    )


def _names_anothers(claim: Claim, draft: drafts.AliasDraft) -> Finding | None:
    if acts_as(claim, REGISTRARS):
        return None
    known = known_batch(draft.subject.batch, claim.state)
    if known is not None and known[0].maker == claim.speaker:
        return None
    if draft.subject.batch is not None and known is None:
        return None  # named by the rule for that
    return Finding(
        "/subject",
        "",
        Text("编码由批次的生产企业登记，货物与参与方的真实身份由监管部门登记",
             "codes are registered by the batch's maker; what goods and parties really are, by an authority"),
    )  # fmt: skip


CONFIRMS_ANOTHERS = Rule(
    "confirms-anothers", Weight.AUTHORITY,
    Text("无权确认", "may not confirm this"),
    Text("参与方由监管部门确认", "parties are confirmed by an authority"),
    _confirms_anothers,
)  # fmt: skip
ALIAS_COMPLETE = Rule(
    "alias-incomplete", Weight.INPUT,
    Text("同一标识写法有误", "alias is not clear"),
    Text("同一标识须写明且只写明一种", "an alias says exactly one thing"),
    _alias_incomplete,
)  # fmt: skip
ALIAS_BATCH = Rule(
    "alias-batch-unknown", Weight.INPUT,
    Text("批次未登记", "unknown batch"),
    Text("所指批次须已登记", "the batch that goods are said to be of must be registered"),
    _alias_batch_unknown,
)  # fmt: skip
ALIAS_TAKEN = Rule(
    "alias-taken", Weight.ARITHMETIC,
    Text("编码已有所指", "code is taken"),
    Text("同一编码只指一物", "one code is one thing"),
    _alias_taken,
)  # fmt: skip
NAMES_ANOTHERS = Rule(
    "names-anothers", Weight.AUTHORITY,
    Text("无权登记此标识", "may not register this alias"),
    Text("编码由生产企业登记，身份由监管部门登记", "codes are the maker's, identities an authority's to register"),
    _names_anothers,
)  # fmt: skip
