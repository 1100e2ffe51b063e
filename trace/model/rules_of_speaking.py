"""Rules about who says it and when: grants, offices, parties that must be known, times to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ..clock import SHANGHAI, shanghai_date
from ..errors import Text
from . import drafts
from . import rules_of_keys as keys
from .claim import Claim, Finding, Rule, Weight
from .drafts import Draft
from .involvement import knows_party
from .named import parties_named, party_name
from .state import KnownParty
from .values import party_id

#: Whose word stands above what others said of the goods.
AUTHORITIES = frozenset({"regulator"})
#: Who keeps the register in order: the operator too, who states no fact of trade.
REGISTRARS = frozenset({"regulator", "operator"})


def acts_as(claim: Claim, roles: frozenset[str]) -> bool:
    speaker = claim.state.parties.get(claim.speaker)
    return speaker is not None and speaker.acts_as(roles)


#: Clocks of people and machines differ; what lies further ahead than this has not happened.
FUTURE_TOLERANCE = timedelta(minutes=10)


def _no_grant_to_enter(claim: Claim, draft: Draft) -> Finding | None:
    if claim.speaker == claim.actor or claim.enters_for_anybody:
        return None
    today = shanghai_date(claim.heard_at)
    for grant in claim.state.grants[claim.speaker, claim.actor]:
        if draft.kind in grant.kinds and grant.valid_from <= today <= grant.valid_to:
            return None
    return Finding(
        "/entered_for",
        draft.entered_for or "",
        Text(
            f"没有代「{party_name(claim, claim.speaker)}」录入此类事件的授权",
            f"there is no grant to enter this kind of event for {party_name(claim, claim.speaker)}",
        ),
        Text("请对方先登记代录授权", "let the other party register a grant first"),
    )


def _speaks_for_another(claim: Claim, draft: Any) -> Finding | None:
    owner = party_id(_OWNER[draft.kind](draft))
    speaker = claim.state.parties[claim.speaker]
    if claim.speaker == owner:
        return None
    if draft.kind == "certificate" and speaker is not None and speaker.acts_as(_MAY_CERTIFY):
        return None
    if (
        draft.kind == "key"
        and draft.body.revoked
        and speaker is not None
        and speaker.acts_as(keys.MAY_REVOKE)
    ):
        return None
    return Finding(
        "/subject",
        party_name(claim, owner),
        Text("只能登记本单位的事项", "only an organisation itself may register this"),
        Text("请由该单位登记，或取得其代录授权", "let that organisation register it, or obtain its grant"),
    )


#: Roles that may state what became of somebody else's certificate.
_MAY_CERTIFY = frozenset({"regulator", "certifier", "operator"})
#: Roles that nobody gives itself: others act on what these say.
_OFFICES = _MAY_CERTIFY | {"department", "clerk", "auditor"}
_OWNER: Mapping[str, Callable[[Any], str]] = {
    "product": lambda d: d.subject.product.maker,
    "project": lambda d: d.subject.project.keeper,
    "order": lambda d: d.subject.order.keeper,
    "grant": lambda d: d.subject.grant.grantor,
    "key": lambda d: d.body.owner,
    "certificate": lambda d: d.subject.certificate.holder,
    "reservation": lambda d: d.subject.party,
    "production": lambda d: d.subject.batch.maker or "",
    "self-check": lambda d: d.subject.party,
    "commitment": lambda d: d.subject.party,
}


def _unknown_party(claim: Claim, draft: Draft) -> Finding | None:
    speaker = (
        [("/entered_for" if draft.entered_for is not None else "", claim.speaker)] if claim.speaker else []
    )
    for where, ref in speaker + parties_named(draft):
        party = claim.state.parties[party_id(ref)]
        if party is None or not _may_name(claim, party):
            return Finding(
                where,
                ref,
                Text("该单位尚未登记", "this party is not registered"),
                Text(
                    "先登记该单位：提交一条 party 事件，写明名称；有统一社会信用代码的，用代码作为它的编号",
                    "register the party first by a party event with its name; where it has a credit code, under that code",
                ),
            )
    return None


def _may_name(claim: Claim, party: KnownParty) -> bool:
    """Whether who enters or says a claim may know the party: otherwise it is as unknown as one of which nobody heard."""
    return (
        claim.enters_for_anybody
        or claim.speaker in (party.id, *party.namers)
        or knows_party(claim.jurisdiction, party)
    )


def _office_taken(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    id_ = party_id(draft.subject.party)
    if claim.enters_for_anybody or claim.speaker != id_:
        return None  # what others say of a party gives it no office, unless they hold one themselves
    before = claim.state.parties[id_]
    held = before.roles if before is not None and before.named_by is None else ()
    taken = sorted(_OFFICES.intersection(draft.body.roles).difference(held))
    if not taken:
        return None
    return Finding(
        "/body/roles",
        ", ".join(taken),
        Text(
            "监管、部门、认证、受理、审计、运维身份不能自行登记",
            "nobody makes itself a regulator, department, certifier, clerk, auditor or operator",
        ),
        Text("请由市场监管部门或运维登记", "let a market regulator or the operator register it"),
    )


def _party_id_mismatch(claim: Claim, draft: drafts.PartyDraft) -> Finding | None:
    uscc = draft.body.uscc
    if uscc is None or party_id(uscc) == party_id(draft.subject.party):
        return None
    return Finding(
        "/body/uscc",
        uscc,
        Text(
            "有统一社会信用代码的单位，编号须由该代码得出",
            "the id of a party with a unified social credit code follows from that code",
        ),
        Text("subject.party 直接写统一社会信用代码", "write the code itself as subject.party"),
    )


def _term_before(claim: Claim, draft: Any) -> Finding | None:
    """Of drafts whose body sets a term: ``due``, ``until``, or ``due`` of each of its ``defects``."""
    del claim
    on, body = draft.occurred_on, draft.body
    if on is None:
        return None
    terms = [("/body/until", getattr(body, "until", None)), ("/body/due", getattr(body, "due", None))]
    terms += [(f"/body/defects/{n}/due", each.due) for n, each in enumerate(getattr(body, "defects", ()))]
    for where, last in terms:
        if last is not None and last < on:
            return Finding(
                where,
                last.isoformat(),
                Text(f"期限早于当天（{on}）", f"this term ends before its day ({on})"),
                Text("核对年份和日期", "check the year and the day"),
            )
    return None


def _in_the_future(claim: Claim, draft: Draft) -> Finding | None:
    occurred = draft.occurred
    if occurred is None or occurred <= claim.heard_at + FUTURE_TOLERANCE:
        return None
    return Finding(
        "/occurred_at",
        draft.occurred_at or "",
        Text(
            f"发生时间在将来（现在是 {claim.heard_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}）",
            f"this lies in the future (now it is {claim.heard_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M})",
        ),
        Text("核对日期；尚未发生的事不能登记", "check the date; what has not happened cannot be recorded"),
    )


def _document_missing(claim: Claim, draft: Draft) -> Finding | None:
    for n, document in enumerate(draft.documents):
        stored = claim.state.documents[document.sha256]
        if stored is None:
            return Finding(
                f"/documents/{n}/sha256",
                document.sha256,
                Text(
                    f"附件「{document.name}」没有上传",
                    f"the attachment “{document.name}” was not uploaded",
                ),
                Text(
                    "先把文件上传到 /api/v1/blobs/ 加上它的 SHA-256，再登记",
                    "upload the file to /api/v1/blobs/ and its SHA-256 first, then record",
                ),
            )
        if stored.size != document.size:
            return Finding(
                f"/documents/{n}/size",
                str(document.size),
                Text(
                    f"附件「{document.name}」上传的是 {stored.size:,} 字节",
                    f"of the attachment “{document.name}”, {stored.size:,} bytes were uploaded",
                ),
            )
        if stored.media_type != document.media_type:
            return Finding(
                f"/documents/{n}/media_type",
                document.media_type,
                Text(
                    f"附件「{document.name}」上传的是 {stored.media_type}",
                    f"the attachment “{document.name}” was uploaded as {stored.media_type}",
                ),
            )
    return None


NO_GRANT = Rule(
    "no-grant-to-enter", Weight.AUTHORITY,
    Text("没有代录授权", "no grant to enter for another"),
    Text("代他人录入须有其登记的授权", "entering for another party needs its registered grant"),
    _no_grant_to_enter,
)  # fmt: skip
SPEAKS_FOR_ANOTHER = Rule(
    "speaks-for-another", Weight.AUTHORITY,
    Text("代他人登记", "speaks for another"),
    Text("备案与生产由本单位负责", "an organisation registers its own facts"),
    _speaks_for_another,
)  # fmt: skip
UNKNOWN_PARTY = Rule(
    "unknown-party", Weight.INPUT,
    Text("单位未登记", "unknown party"),
    Text("事件所列单位须先登记", "parties named by an event must be registered"),
    _unknown_party,
)  # fmt: skip
OFFICE = Rule(
    "office-taken", Weight.AUTHORITY,
    Text("自行登记监管身份", "takes an office for itself"),
    Text("监管、部门、认证、受理、审计、运维身份由市场监管部门或运维登记", "offices are registered by a market regulator or the operator"),
    _office_taken,
)  # fmt: skip
PARTY_ID = Rule(
    "party-id-mismatch", Weight.INPUT,
    Text("单位编号不符", "party id does not fit its code"),
    Text("同一信用代码只对应一个单位", "one credit code is one party"),
    _party_id_mismatch,
)  # fmt: skip
TERM_BEFORE = Rule(
    "term-before-its-day", Weight.INPUT,
    Text("期限早于当天", "a term that ends before its day"),
    Text("期限不早于定下期限的那一天", "a term ends no earlier than on the day that sets it"),
    _term_before,
)  # fmt: skip
FUTURE = Rule(
    "in-the-future", Weight.INPUT,
    Text("发生时间在将来", "time lies in the future"),
    Text("只记录已经发生的事", "only what has happened is recorded"),
    _in_the_future,
)  # fmt: skip
DOCUMENT_MISSING = Rule(
    "document-missing", Weight.INPUT,
    Text("附件未上传或不符", "attachment missing or other than uploaded"),
    Text("事件所列附件须先上传，大小与类型一致", "what an event attaches must have been uploaded, with that size and type"),
    _document_missing,
)  # fmt: skip
