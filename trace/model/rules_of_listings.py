"""Rules of listed supervision: of the own jurisdiction, with a unit of the own tree responsible, and over once it is lifted."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .listings import OF_THE_AUTHORITY, KnownListing
from .rules_of_jurisdiction import jurisdiction_of_speaker
from .units import head_of, is_in_tree_of, those_above
from .values import party_id


def _taken(claim: Claim, draft: drafts.ListingDraft) -> Finding | None:
    id_, number = draft.subject.listing, draft.body.number
    if claim.state.listings[id_] is not None:
        return Finding("/subject/listing", id_, Text("这个编号已经用过", "this id was used before"))
    if claim.state.case_numbers[claim.speaker, "listing", number] is None:
        return None
    return Finding(
        "/body/number", number, Text("本单位已有这个文号的挂牌督办", "your authority has a listing of this number already")
    )  # fmt: skip


def _misplaced(claim: Claim, draft: drafts.ListingDraft) -> Finding | None:
    body, parties = draft.body, claim.state.parties
    if draft.place is None and body.party is None:
        return Finding(
            "/place/region",
            "",
            Text("写明挂牌的地区、市场或单位", "say which area, market or party is listed"),
        )
    if not is_in_tree_of(party_id(body.unit), head_of(claim.speaker, parties), parties):
        return Finding(
            "/body/unit",
            body.unit,
            Text(
                "责任机构不是本单位或所属的机构",
                "who is responsible is neither your authority nor a unit of it",
            ),
        )
    if claim.jurisdiction.everything and claim.speaker == claim.actor:
        return None
    seat = ""
    if body.party is not None:
        known = parties[party_id(body.party)]
        seat = "" if known is None else known.region or ""
    whom = (
        {f"r:{draft.place.region}"}
        if draft.place is not None
        else {f"r:{seat or '-'}", f"p:{party_id(body.party or '')}"}
    )
    if sees(jurisdiction_of_speaker(claim), whom):
        return None
    return Finding(
        "/place/region",
        seat if draft.place is None else draft.place.region,
        Text("不在本单位辖区", "this is not in your jurisdiction"),
    )


def _listing_of(claim: Claim, draft: drafts.ListingStepDraft) -> KnownListing | None:
    """The listing, for who listed it, who is responsible, and whoever stands between them; to others there is none."""
    known, parties = claim.state.listings[draft.subject.listing], claim.state.parties
    if known is None:
        return None
    head = head_of(known.authority, parties)
    line = {known.authority, head, known.unit, *those_above(known.unit, parties)}
    speaks = claim.speaker in line and is_in_tree_of(claim.speaker, head, parties)
    return known if speaks or head_of(claim.speaker, parties) == head else None


def _unknown(claim: Claim, draft: drafts.ListingStepDraft) -> Finding | None:
    if _listing_of(claim, draft) is not None:
        return None
    return Finding(
        "/subject/listing", draft.subject.listing, Text("没有这项挂牌督办", "there is no such listing")
    )


def _step_wrong(claim: Claim, draft: drafts.ListingStepDraft) -> Finding | None:
    known, body, parties = _listing_of(claim, draft), draft.body, claim.state.parties
    if known is None:
        return None
    if known.lifted_on is not None:
        return Finding(
            "/body/step", body.step, Text("已经摘牌", "it was lifted"), Text("又有问题的，另行挂牌", "where there are problems again, list it anew")
        )  # fmt: skip
    if body.step in OF_THE_AUTHORITY and head_of(claim.speaker, parties) != head_of(known.authority, parties):
        return Finding(
            "/body/step",
            body.step,
            Text("延期和摘牌由挂牌的机关决定", "putting off and lifting is for whoever listed it"),
        )
    if (body.step == "extended") != (body.due is not None):
        return Finding(
            "/body/due",
            "",
            Text("延期写明新的期限，其他步骤不写", "putting off has a new day, nothing else has"),
        )
    if (body.step == "escalated") != (body.to is not None):
        return Finding(
            "/body/to",
            "",
            Text("上报写明上级机关，其他步骤不写", "reporting it names the superior, nothing else does"),
        )
    if body.to is not None and party_id(body.to) not in those_above(claim.speaker, parties):
        return Finding(
            "/body/to",
            body.to,
            Text("不是本单位的上级机构", "this is no authority above yours"),
            Text(
                "上级没有登记为本单位的上级机构的，用文件上报",
                "where it is not registered above yours, report on paper",
            ),
        )
    return None


LISTING_THERE = Rule(
    "listing-there", Weight.ARITHMETIC,
    Text("编号已用", "used before"),
    Text("同一单位的挂牌文号不重复", "an authority numbers each listing once"),
    _taken,
)  # fmt: skip
LISTING_MISPLACED = Rule(
    "listing-misplaced", Weight.INPUT,
    Text("挂牌对象或责任机构有误", "what is listed, or who is responsible"),
    Text("挂牌的是辖区内的地区、市场或单位，由所属机构负责", "listed is an area, market or party of the own jurisdiction, and an own unit is responsible"),
    _misplaced,
)  # fmt: skip
LISTING_UNKNOWN = Rule(
    "listing-unknown", Weight.INPUT,
    Text("没有这项挂牌督办", "no such listing"),
    Text("步骤由挂牌的机关和责任机构登记", "steps are those of whoever listed it and of who is responsible"),
    _unknown,
)  # fmt: skip
LISTING_STEP_WRONG = Rule(
    "listing-step-wrong", Weight.ARITHMETIC,
    Text("步骤不当", "a step that cannot be"),
    Text("摘牌之后结束；延期有新期限；上报给上级", "it ends when lifted; putting off has a day; it is reported upwards"),
    _step_wrong,
)  # fmt: skip
