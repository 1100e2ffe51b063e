"""Rules about what one authority lets another read: never more than it has, and every reading under a grant in force."""

from __future__ import annotations

from collections.abc import Iterator

from ..clock import shanghai_date
from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .named import party_name
from .scope import Scope
from .units import HAVE_A_JURISDICTION, REGISTER_THE_REGION, jurisdiction_of, lacks_a_region
from .values import party_id


def _between_others(claim: Claim, draft: drafts.GrantDraft) -> Finding | None:
    if draft.body.reads is None:
        return None
    ref = draft.subject.grant
    for where, who in (("grantor", ref.grantor), ("grantee", ref.grantee)):
        known = claim.state.parties[party_id(who)]
        if known is not None and not known.acts_as(HAVE_A_JURISDICTION):
            return Finding(
                f"/subject/grant/{where}",
                known.name,
                Text("授权查阅只在监管部门之间", "only authorities let each other read"),
                Text("企业之间的资料请自行提供", "organisations hand each other their papers themselves"),
            )
    if party_id(ref.grantor) == party_id(ref.grantee):
        return Finding(
            "/subject/grant/grantee",
            party_name(claim, party_id(ref.grantee)),
            Text("不必授权给本单位自己", "nobody grants anything to itself"),
        )
    return None


def _more_than_it_has(claim: Claim, draft: drafts.GrantDraft) -> Finding | None:
    reads = draft.body.reads
    if reads is None:
        return None
    grantor = party_id(draft.subject.grant.grantor)
    own = jurisdiction_of(grantor, claim.state.parties, shanghai_date(claim.heard_at))
    if lacks_a_region(grantor, claim.state.parties):
        return Finding(
            "/subject/grant/grantor",
            party_name(claim, grantor),
            Text(
                "授权单位登记时没有写所在地区，还没有可以授权查阅的范围",
                "the grantor is registered without a region and has nothing yet that it could let others read",
            ),
            REGISTER_THE_REGION,
        )
    sight = Scope(parties=frozenset({grantor})) | own
    for where, came, zh, en, whom in _asked_of(claim, draft):
        if whom is None:
            return Finding(where, came, Text(f"没有登记这个{zh}", f"there is no such {en}"))
        if not sees(sight, whom):
            return Finding(
                where,
                came,
                Text(
                    f"这个{zh}不在授权单位的查阅范围内，授权不能超过自己所有",
                    f"the grantor does not see this {en} itself, and grants no more than it has",
                ),
                Text(
                    "只授权本单位辖区内的内容；其他内容请向有管辖权的部门申请",
                    "grant what is in your jurisdiction, and ask the authority concerned for the rest",
                ),
            )
    return None


def _asked_of(
    claim: Claim, draft: drafts.GrantDraft
) -> Iterator[tuple[str, str, str, str, frozenset[str] | None]]:
    """Everything that may be read: where it stands, what, in words, and whom it concerns (None: it is not there)."""
    reads, state = draft.body.reads, claim.state
    assert reads is not None
    for n, code in enumerate(reads.batches):
        known = state.batches[code]
        yield (
            f"/body/reads/batches/{n}",
            code,
            "批次",
            "batch",
            None if known is None else state.involved[code],
        )
    for n, id_ in enumerate(reads.goods):
        goods = state.goods[id_]
        yield f"/body/reads/goods/{n}", id_, "货物", "record of goods", None if goods is None else goods.whom
    for n, named in enumerate(reads.projects):
        project = state.projects[named.id]
        yield (
            f"/body/reads/projects/{n}",
            named.number,
            "项目",
            "project",
            None if project is None else project.whom,
        )
    for n, region in enumerate(reads.regions):
        yield f"/body/reads/regions/{n}", region, "地区", "region", frozenset({f"r:{region}"})
    for n, ref in enumerate(reads.parties):
        party = state.parties[party_id(ref)]
        whom = None if party is None else frozenset({f"p:{party.id}", f"r:{party.region or ''}"})
        yield f"/body/reads/parties/{n}", ref, "单位", "party", whom


def _under_no_grant(claim: Claim, draft: drafts.ReadDraft) -> Finding | None:
    body = draft.body
    if body.grant is None or body.grantor is None:
        return None
    today = shanghai_date(claim.heard_at)
    for grant in claim.state.grants[party_id(body.grantor), claim.speaker]:
        if grant.event == body.grant and grant.is_of_reading and grant.holds_on(today):
            return None
    return Finding(
        "/body/grant",
        body.grant,
        Text("此授权不存在、已到期或已收回", "there is no such grant, or it has ended"),
        Text("请对方重新授权", "ask for a new grant"),
    )


BETWEEN_AUTHORITIES = Rule(
    "reading-between-authorities", Weight.AUTHORITY,
    Text("授权查阅的对象不当", "reading granted to others than authorities"),
    Text("跨区查阅是监管部门之间的协查", "authorities of several regions help each other"),
    _between_others,
)  # fmt: skip
MORE_THAN_IT_HAS = Rule(
    "grants-more-than-it-has", Weight.AUTHORITY,
    Text("授权超过自己所有", "grants more than it has"),
    Text("授权不能超过授权单位自己的查阅范围", "nobody grants more than it sees itself"),
    _more_than_it_has,
)  # fmt: skip
READING_NOT_GRANTED = Rule(
    "reading-not-granted", Weight.AUTHORITY,
    Text("查阅没有有效授权", "reading under no grant in force"),
    Text("跨区查阅须有在有效期内的授权", "reading across regions needs a grant that is in force"),
    _under_no_grant,
)  # fmt: skip
