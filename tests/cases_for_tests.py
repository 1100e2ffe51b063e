"""Envelopes of leads, cases and requests, as `drafts_for_tests` has those of all other kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from drafts_for_tests import MAKER, Envelope, envelope, given

#: Who handles the cases of the tests, and who reviews them. Nobody here exists.
OFFICERS = ("执法甲", "执法乙")
REVIEWER = "审核丙"


#: Members of a draft beside its body.
OF_DRAFT = ("id", "ask", "by", "place", "entered_for", "documents", "occurred_at")


def persons(role: str, *names: str) -> list[dict[str, str]]:
    return [{"role": role, "name": name} for name in names]


def matter(
    *,
    batches: Iterable[str] = (),
    units: Iterable[tuple[int, int]] = (),
    whole: bool = False,
    goods: Iterable[str] = (),
    parties: Iterable[str] = (MAKER,),
    projects: Iterable[dict[str, str]] = (),
    names: Iterable[str] = (),
) -> dict[str, Any]:
    """What it is about: by default a party alone; ``units`` and ``whole`` are of every batch."""
    ranges = [list(pair) for pair in units]
    said = {
        "batches": [{"code": code, **given(units=ranges or None, whole=whole or None)} for code in batches],
        "goods": list(goods),
        "parties": list(parties),
        "projects": list(projects),
        "names": list(names),
    }
    return {name: value for name, value in said.items() if value}


def lead(
    id_: str | None = None,
    number: str = "线索1",
    *,
    source: str = "report",
    about: dict[str, Any] | None = None,
    origin: dict[str, Any] | None = None,
    text: str = "举报称所售电缆不是国标",
    on: str | None = "2026-05-06",
    **members: Any,
) -> Envelope:
    body = {
        "number": number,
        "source": source,
        "text": text,
        "matter": about or matter(),
        **given(origin=origin),
    }
    return envelope("lead", {"lead": id_ or str(uuid4())}, body, on=on, **members)


def lead_step(of: str, step: str = "checking", *, on: str | None = "2026-05-07", **members: Any) -> Envelope:
    """``by``, ``place`` … go into the draft; everything else is the body's."""
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    return envelope("lead-step", {"lead": of}, {"step": step, **given(**members)}, on=on, **of_draft)


def case(
    id_: str | None = None,
    number: str = "周市监立〔2026〕1号",
    *,
    category: str = "quality",
    leads: Iterable[str] = (),
    about: dict[str, Any] | None = None,
    frozen_at: int | None = None,
    goods_value_fen: int | None = None,
    officers: Iterable[str] = OFFICERS,
    on: str | None = "2026-05-12",
    **members: Any,
) -> Envelope:
    body = {
        "number": number,
        "category": category,
        "text": "销售不合格电缆",
        "legal_basis": "产品质量法第三十九条",
        "matter": about or matter(),
        **given(leads=list(leads) or None, frozen_at=frozen_at, goods_value_fen=goods_value_fen),
    }
    members = {"by": persons("officer", *officers), **members}
    return envelope("case", {"case": id_ or str(uuid4())}, body, on=on, **members)


def case_step(of: str, step: str, *, on: str | None = "2026-05-13", **members: Any) -> Envelope:
    """By default who must be named for it is; what must be said besides is given."""
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    named = {"investigate": persons("officer", *OFFICERS), "review": persons("reviewer", REVIEWER)}
    named["investigation-closed"] = named["investigate"]
    by = of_draft.pop("by", named.get(step))
    return envelope(
        "case-step", {"case": of}, {"step": step, **given(**members)}, on=on, **given(by=by), **of_draft
    )


def alert_step(
    index: int = 0,
    step: str = "dismissed",
    *,
    rule: str = "copper-short",
    on: str | None = "2026-05-12",
    **members: Any,
) -> Envelope:
    """What an authority does about an alert; a dismissal has its reason."""
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    if step != "assigned":
        members = {"text": "称重记录抄错，已更正", **members}
    return envelope(
        "alert-step", {"index": index, "rule": rule}, {"step": step, **given(**members)}, on=on, **of_draft
    )


def request(
    id_: str | None = None,
    number: str = "周市监协〔2026〕1号",
    *,
    type_: str = "assist",
    to: str | None = None,
    to_name: str | None = None,
    case: str | None = None,
    about: dict[str, Any] | None = None,
    questions: Iterable[str] = ("authenticity", "purchases"),
    officers: Iterable[str] = OFFICERS,
    on: str | None = "2026-05-13",
    region: str = "370100",
    **members: Any,
) -> Envelope:
    """A letter of a case to an authority by its name, unless ``to`` is given; other members of the body go in as they are."""
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    body = {
        "type": type_,
        "number": number,
        "region": region,
        "facts": "本局办理的案件涉及贵辖区",
        "legal_basis": "市场监督管理行政处罚程序规定第四十五条",
        "matter": about or matter(),
        **given(
            to=to,
            to_name=to_name or (None if to else "示例市市场监督管理局"),
            case=case,
            questions=list(questions) or None,
        ),
        **given(**members),
    }
    of_draft = {"by": persons("officer", *officers), **of_draft}
    return envelope("request", {"request": id_ or str(uuid4())}, body, on=on, **of_draft)


def request_step(of: str, step: str, *, on: str | None = "2026-05-14", **members: Any) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    return envelope("request-step", {"request": of}, {"step": step, **given(**members)}, on=on, **of_draft)


#: A scan of a reply, as a draft names it.
SCAN = {"sha256": "ab" * 32, "name": "复函.pdf", "media_type": "application/pdf", "size": 10}

#: What each step of a request says where it says what the law wants.
SAID_OF_REQUESTS: dict[str, dict[str, Any]] = {
    "extended": {"text": "需要实地核查", "until": "2026-06-20"},
    "replied": {"text": "所查批次为假冒", "evidence": ["进货票据复印件"]},
    "returned": {"text": "不在本辖区"},
    "reminded": {"number": "周市监催〔2026〕1号", "copy_to_name": "河南省市场监督管理局"},
    "withdrawn": {"text": "另行查明"},
    "evaluated": {"outcome": "sufficient"},
}
#: What each step of a lead, and of a case, says where it says what the law wants.
SAID_OF_LEADS: dict[str, dict[str, Any]] = {
    "assigned": {"by": persons("officer", OFFICERS[0])},
    "extended": {"text": "经负责人批准，案情复杂"},
    "not-filed": {"reason": "minor", "text": "已改正"},
    "transferred-out": {"to_name": "某县公安局", "text": "不属于本部门管辖"},
    "merged": {"case": ""},
}
SAID_OF_CASES: dict[str, dict[str, Any]] = {
    "scope": {"goods_value_fen": 1_250_000},
    "extended": {"text": "经负责人批准，案情复杂"},
    "suspended": {"reason": "party-missing", "text": "当事人下落不明"},
    "back": {"text": "补充查明货值"},
    "statement": {"text": "当事人书面陈述"},
    "decision": {
        "outcome": "penalty",
        "number": "周市监处罚〔2026〕1号",
        "penalties": ["fine"],
        "fine_fen": 3_000_000,
    },
    "served": {"served_by": "direct"},
    "terminated": {"text": "当事人终止"},
    "transferred-police": {"to_name": "某市公安局", "number": "周市监移〔2026〕1号"},
    "police-returned": {"text": "不予立案"},
    "transferred-other": {"to_name": "某市市场监督管理局", "text": "不属于本部门管辖"},
    "published": {"text": "国家企业信用信息公示系统"},
    "not-published": {"text": "仅警告"},
    "withdrawn": {"text": "决定已撤销"},
    "publication-ended": {"text": "公示期满"},
}


#: Who signs what is drawn up about officials, by account. Nobody here exists.
HEAD = "00000000-0000-4000-8000-0000000000aa"


def discipline(
    id_: str | None = None,
    number: str = "纪线1",
    *,
    on: str | None = "2026-05-13",
    **members: Any,
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    body = {
        "number": number, "official": {"name": "某甲", "unit": "某市场监督管理所", "post": "科员"}, "ground": "dereliction",
        "facts": "收到样品后未送检", "organ": "某市监察委员会", "signer": HEAD, **given(**members),
    }  # fmt: skip
    return envelope("discipline", {"discipline": id_ or str(uuid4())}, body, on=on, **of_draft)


def discipline_step(of: str, step: str, *, on: str | None = "2026-05-14", **members: Any) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    return envelope(
        "discipline-step", {"discipline": of}, {"step": step, **given(**members)}, on=on, **of_draft
    )
