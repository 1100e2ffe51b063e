"""Envelopes as clients send them, about an invented cast: the tests' one place for drafts.

Each builder returns ``{"draft": {…}}`` with a new id; ``**members`` go into the draft (``ask``, ``by``,
``entered_for``, ``place`` …). A day ``on`` becomes the day's beginning in Asia/Shanghai, ``on=None`` leaves
the time out. Lengths are millimetres. Nobody here exists: the credit codes are valid only by their checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from hashlib import sha256
from random import Random
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabletrace.codes.uscc import compose_uscc as uscc_of
from cabletrace.ledger import canonical
from cabletrace.model import draws
from cabletrace.model.monthly import forms
from cabletrace.model.possession import possession_statement, prove_possession
from cabletrace.model.signature import public_key_of, sign
from cabletrace.model.values import business_id, party_id

Envelope = dict[str, Any]


# --- the cast -----------------------------------------------------------------------------------------

#: The ledger that all of them write to.
ORIGIN = "trace.example/ledger"
OPERATOR = "00000000-0000-4000-8000-00000000000a"
MAKER = uscc_of("411603", "MA1TEXT0")
OTHER_MAKER = uscc_of("370112", "MA1TEXT1")
DEALER = uscc_of("411602", "MA1TEXT2")
SITE = uscc_of("411627", "MA1TEXT3")
#: Without a credit code, as supervisors, laboratories and authorities often are.
SUPERVISOR = "00000000-0000-4000-8000-00000000000b"
LABORATORY = "00000000-0000-4000-8000-00000000000c"
REGULATOR = "00000000-0000-4000-8000-00000000000d"
NOBODY = "00000000-0000-4000-8000-0000000000ff"

LICENCE = "（豫）XK06-001-00917"
PRODUCT = "P01"
DESIGNATION = "YJV 0.6/1kV 3×95+1×50"
CMA = "231612110099"
PROJECT = {"keeper": SITE, "number": "XM-1"}
PROJECT_ID = business_id("project", party_id(SITE), "XM-1")


def envelope(kind: str, subject: Any, body: Any, *, on: str | None = None, **members: Any) -> Envelope:
    draft: dict[str, Any] = {"id": str(uuid4()), "kind": kind, "subject": subject, "body": body, **members}
    if on is not None:
        draft |= {"occurred_at": f"{on}T00:00:00+08:00", "precision": "day"}
    return {"draft": draft}


def given(**members: Any) -> dict[str, Any]:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def batch_of(maker: str = MAKER, lot: str = "L1") -> dict[str, Any]:
    return {"batch": {"maker": maker, "lot": lot}}


# --- registry facts -----------------------------------------------------------------------------------


def party(
    who: str,
    name: str,
    *roles: str,
    region: str | None = None,
    uscc: str | None = None,
    cma: str | None = None,
    address: str | None = None,
    part_of: dict[str, Any] | None = None,
    **members: Any,
) -> Envelope:
    said = given(region=region, uscc=uscc, cma=cma, address=address, part_of=part_of)
    body = {"name": name, "roles": list(roles), **said}
    return envelope("party", {"party": who}, body, **members)


def unit(
    parent: str = REGULATOR,
    type: str = "branch",
    *,
    regions: Iterable[str] = (),
    supervises: Iterable[str] = (),
    places: Iterable[tuple[str, str]] = (),
    projects: Iterable[dict[str, str]] = (),
    valid_from: str = "2026-01-01",
    valid_to: str = "2026-12-31",
) -> dict[str, Any]:
    """Of which authority a party is a unit, and what it was given."""
    given_to_it = given(
        regions=list(regions) or None,
        supervises=list(supervises) or None,
        places=[{"region": region, "name": name} for region, name in places] or None,
        projects=list(projects) or None,
    )
    validity = {"validity": {"valid_from": valid_from, "valid_to": valid_to}}
    return {"parent": parent, "type": type, **given_to_it, **validity}


def certificate(
    holder: str = MAKER,
    number: str = LICENCE,
    *,
    valid_from: str = "2023-04-20",
    valid_to: str = "2028-04-19",
    status: str | None = None,
    type: str = "licence",
    covers: Iterable[str] = (),
    scope: dict[str, Any] | None = None,
    issued_by: str | None = None,
    issuer: str | None = None,
    **members: Any,
) -> Envelope:
    body = {
        "type": type,
        "validity": {"valid_from": valid_from, "valid_to": valid_to},
        **given(status=status, covers=list(covers) or None, scope=scope, issued_by=issued_by, issuer=issuer),
    }
    return envelope("certificate", {"certificate": {"holder": holder, "number": number}}, body, **members)


def product(
    maker: str = MAKER,
    number: str = PRODUCT,
    designation: str = DESIGNATION,
    certificate: str | None = LICENCE,
    **members: Any,
) -> Envelope:
    body = {"name": "电力电缆", "designation": designation, **given(certificate=certificate)}
    return envelope("product", {"product": {"maker": maker, "number": number}}, body, **members)


def project(
    keeper: str = SITE,
    number: str = "XM-1",
    *,
    region: str = "411627",
    owner: str | None = None,
    contractor: str | None = None,
    supervisor: str | None = None,
    **members: Any,
) -> Envelope:
    body = {
        "name": "示范小区配电工程",
        "region": region,
        **given(owner=owner, contractor=contractor, supervisor=supervisor),
    }
    return envelope("project", {"project": {"keeper": keeper, "number": number}}, body, **members)


def grant(
    grantor: str,
    grantee: str,
    *kinds: str,
    valid_from: str = "2026-01-01",
    valid_to: str = "2026-12-31",
    reads: dict[str, Any] | None = None,
    **members: Any,
) -> Envelope:
    body = {"kinds": list(kinds), "validity": {"valid_from": valid_from, "valid_to": valid_to}}
    if reads is not None:
        body |= {"reads": reads, "ground": "市场监督管理行政处罚程序规定第十七条"}
    return envelope("grant", {"grant": {"grantor": grantor, "grantee": grantee}}, body, **members)


def private_key(id_: str) -> Ed25519PrivateKey:
    """The private key that belongs to an id; made of nothing but the id."""
    return Ed25519PrivateKey.from_private_bytes(sha256(id_.encode()).digest())


def public_key(id_: str) -> str:
    return public_key_of(private_key(id_))


def key(
    owner: str = MAKER,
    id_: str | None = None,
    *,
    holder: str = "",
    public_key: str | None = None,
    valid_from: str = "2026-01-01",
    valid_to: str = "2026-12-31",
    revoked: bool | None = None,
    **members: Any,
) -> Envelope:
    """With the proof of possession; the private key is that of ``holder``, the key's own id where nothing else is said."""
    id_ = id_ or str(uuid4())
    private = private_key(holder or id_)
    body = {
        "algorithm": "ed25519",
        "public_key": public_key or public_key_of(private),
        "validity": {"valid_from": valid_from, "valid_to": valid_to},
        "owner": owner,
        **given(revoked=revoked),
    }
    made = envelope("key", {"key": id_}, body, **members)
    if not revoked:
        statement = possession_statement(origin=ORIGIN, owner=owner, key=id_, event=made["draft"]["id"])
        body["possession"] = prove_possession(private, statement)
    return made


def signed(envelope: Envelope, key: str) -> Envelope:
    """The envelope signed with the private key of an id."""
    draft = envelope["draft"]
    return {**envelope, "signature": sign(private_key(key), key, canonical.encode(draft)).members()}


def order(
    keeper: str = SITE,
    number: str = "DD-1",
    *,
    supplier: str = MAKER,
    buyer: str = SITE,
    designation: str = DESIGNATION,
    project: dict[str, str] | None = None,
    due: str | None = None,
    length_mm: int = 500_000,
    **members: Any,
) -> Envelope:
    item = {"designation": designation, "length_mm": length_mm, "price_fen_per_metre": 31_500}
    body = {
        "supplier": supplier,
        "buyer": buyer,
        "items": [item | given(due=due)],
        **given(project=project),
    }
    return envelope("order", {"order": {"keeper": keeper, "number": number}}, body, **members)


# --- the life of a batch ------------------------------------------------------------------------------


def production(
    lot: str = "L1",
    units: Iterable[tuple[int, int, int]] = ((1, 4, 250_000),),
    *,
    maker: str = MAKER,
    product: str = PRODUCT,
    loose_mm: int | None = None,
    length_mm: int | None = None,
    designation: str | None = None,
    code: str | None = None,
    on: str | None = "2026-04-01",
    **members: Any,
) -> Envelope:
    """``units`` are (first, last, length of each); the total is their sum unless it is given."""
    groups = list(units)
    total = sum(mm * (last - first + 1) for first, last, mm in groups) + (loose_mm or 0)
    body = {
        "product": product,
        "length_mm": total if length_mm is None else length_mm,
        "units": [{"first": first, "last": last, "length_mm": mm} for first, last, mm in groups],
        **given(loose_mm=loose_mm, designation=designation, code=code),
    }
    return envelope("production", batch_of(maker, lot), body, on=on, **members)


def reservation(
    maker: str = MAKER,
    count: int = 3,
    *,
    units: int = 40,
    valid_to: str = "2026-12-31",
    on: str | None = "2026-03-01",
    **members: Any,
) -> Envelope:
    return envelope(
        "reservation",
        {"party": maker},
        {"count": count, "units": units, "valid_to": valid_to},
        on=on,
        **members,
    )


def labelling(
    code: str,
    units: Iterable[tuple[int, int]] = ((1, 4),),
    *,
    copies: int | None = None,
    output: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    on: str | None = "2026-04-01",
    **members: Any,
) -> Envelope:
    body = {
        "units": [list(each) for each in units],
        **given(copies=copies, output=output, reason=reason, note=note),
    }
    return envelope("labelling", {"batch": {"code": code}}, body, on=on, **members)


def report(
    subject: Any = None,
    *,
    number: str = "JC-1",
    unit: int | None = 1,
    value: str = "0.190",
    type: str = "factory",
    on: str | None = "2026-04-02",
    **members: Any,
) -> Envelope:
    item = {"indicator": "导体电阻", "value": value, "unit": "Ω/km", "core": "主线芯", "declared": "pass"}
    body = {
        "type": type,
        "report": number,
        "items": [item],
        "conclusion": "pass",
        **given(sampled_unit=unit),
    }
    return envelope("testing", subject or batch_of(), body, on=on, **members)


def dispatch(
    subject: Any = None,
    *,
    to: str = DEALER,
    region: str = "411602",
    units: Iterable[tuple[int, int]] = (),
    length_mm: int | None = None,
    note: str | None = "FH-1",
    order: str | None = None,
    price_fen_per_metre: int | None = None,
    on: str | None = "2026-04-10",
    **members: Any,
) -> Envelope:
    body = {
        "to": to,
        "region": region,
        "units": [list(each) for each in units],
        **given(
            length_mm=length_mm, delivery_note=note, order=order, price_fen_per_metre=price_fen_per_metre
        ),
    }
    return envelope("dispatch", subject or batch_of(), body, on=on, **members)


def receipt(
    subject: Any = None,
    *,
    units: Iterable[tuple[int, int]] = (),
    length_mm: int | None = None,
    sender: str | None = None,
    project: dict[str, str] | None = None,
    measured: Iterable[tuple[int, int]] = (),
    on: str | None = "2026-04-12",
    **members: Any,
) -> Envelope:
    """``measured`` are (unit, length)."""
    body = {
        "units": [list(each) for each in units],
        **given(length_mm=length_mm, sender=sender, project=project),
    }
    if measured:
        body["measurements"] = [{"unit": unit, "length_mm": mm} for unit, mm in measured]
    return envelope("receipt", subject or batch_of(), body, on=on, **members)


def acceptance(
    subject: Any = None,
    *,
    units: Iterable[tuple[int, int]] = ((1, 1),),
    measured: Iterable[tuple[int, int]] = (),
    project: dict[str, str] | None = None,
    on: str | None = "2026-04-13",
    **members: Any,
) -> Envelope:
    """``measured`` are (unit, length)."""
    body = {
        "project": project or PROJECT,
        "number": "YS-1",
        "units": [list(each) for each in units],
        "result": "accept",
        "measurements": [{"unit": unit, "length_mm": mm} for unit, mm in measured],
    }
    return envelope("acceptance", subject or batch_of(), body, on=on, **members)


def supervision(
    subject: Any = None,
    *,
    units: Iterable[tuple[int, int]] = ((1, 1),),
    opinion: str = "admit",
    project: dict[str, str] | None = None,
    on: str | None = "2026-04-14",
    **members: Any,
) -> Envelope:
    body = {
        "project": project or PROJECT,
        "number": "JL-1",
        "units": [list(each) for each in units],
        "opinion": opinion,
    }
    return envelope("supervision", subject or batch_of(), body, on=on, **members)


def use(
    subject: Any = None,
    *,
    unit: int | None = 1,
    length_mm: int = 60_000,
    project: dict[str, str] | None = None,
    removed: bool = False,
    on: str | None = "2026-04-20",
    **members: Any,
) -> Envelope:
    body = {"project": project or PROJECT, "number": "FS-1", "length_mm": length_mm}
    body |= given(unit=unit, removed=removed or None)
    return envelope("use", subject or batch_of(), body, on=on, **members)


def sampling(
    subject: Any = None,
    *,
    unit: int | None = 1,
    length_mm: int | None = 3_000,
    reserve_mm: int | None = None,
    authority: str | None = None,
    on: str | None = "2026-04-18",
    **members: Any,
) -> Envelope:
    body = {
        "type": "supervision",
        "number": "CY-1",
        **given(unit=unit, length_mm=length_mm, reserve_mm=reserve_mm, authority=authority),
    }
    return envelope("sampling", subject or batch_of(), body, on=on, **members)


def split(
    subject: Any = None,
    *,
    unit: int = 1,
    pieces: Iterable[tuple[int, int]] = ((11, 100_000), (12, 50_000)),
    scrap_mm: int | None = None,
    on: str | None = "2026-04-21",
    **members: Any,
) -> Envelope:
    """``pieces`` are (number, length)."""
    body = {
        "unit": unit,
        "pieces": [{"unit": number, "length_mm": mm} for number, mm in pieces],
        **given(scrap_mm=scrap_mm),
    }
    return envelope("split", subject or batch_of(), body, on=on, **members)


def returned(
    subject: Any = None,
    *,
    to: str = MAKER,
    region: str = "411603",
    reason: str = "quality",
    units: Iterable[tuple[int, int]] = (),
    length_mm: int | None = None,
    on: str | None = "2026-04-22",
    **members: Any,
) -> Envelope:
    body = {
        "to": to,
        "region": region,
        "reason": reason,
        "units": [list(each) for each in units],
        **given(length_mm=length_mm),
    }
    return envelope("return", subject or batch_of(), body, on=on, **members)


def disposal(
    subject: Any = None,
    *,
    reason: str = "damage",
    units: Iterable[tuple[int, int]] = (),
    unit: int | None = None,
    length_mm: int | None = None,
    on: str | None = "2026-04-23",
    **members: Any,
) -> Envelope:
    body = {
        "reason": reason,
        "units": [list(each) for each in units],
        **given(unit=unit, length_mm=length_mm),
    }
    return envelope("disposal", subject or batch_of(), body, on=on, **members)


def sale(
    subject: Any = None,
    *,
    units: Iterable[tuple[int, int]] = (),
    unit: int | None = None,
    length_mm: int | None = None,
    on: str | None = "2026-04-23",
    **members: Any,
) -> Envelope:
    body = {
        "buyer": "household",
        "units": [list(each) for each in units],
        **given(unit=unit, length_mm=length_mm),
    }
    return envelope("sale", subject or batch_of(), body, on=on, **members)


# --- what authorities and the public say --------------------------------------------------------------


#: Uncoded goods, and what was printed on them.
GOODS = "00000000-0000-4000-8000-0000000000ab"
MARKS = {"marks": "YJV 3×95 国标（无厂名）", "nominal_maker": "某线缆厂"}


def inspection(
    subject: Any = None,
    *,
    units: Iterable[tuple[int, int]] = (),
    goods: dict[str, Any] | None = None,
    number: str | None = None,
    defects: Iterable[dict[str, Any]] = (),
    form: str | None = None,
    checklist: Iterable[dict[str, Any]] = ({"item": "型号标识", "result": "fail"},),
    plan: str | None = None,
    on: str | None = "2026-04-24",
    **members: Any,
) -> Envelope:
    """Without a ``number`` it has one that no other has."""
    body = {
        "type": "routine",
        "number": number or f"JD-{uuid4().hex[:12]}",
        "result": "rectify",
        "checklist": list(checklist),
        "units": [list(each) for each in units],
        **given(goods=goods, defects=list(defects) or None, form=form, plan=plan),
    }
    return envelope("inspection", subject or batch_of(), body, on=on, **members)


def visit_plan(
    subject: Any = None,
    *,
    number: str = "飞检-1",
    opens_on: str = "2026-05-10",
    closes_on: str = "2026-05-20",
    on: str | None = "2026-04-20",
    **members: Any,
) -> Envelope:
    """An unannounced visit, to the maker unless another subject is given."""
    body = {
        "number": number,
        "type": "unannounced",
        "opens_on": opens_on,
        "closes_on": closes_on,
        "reason": "专项抽查",
    }
    return envelope("visit-plan", subject or {"party": MAKER}, body, on=on, **members)


def technical_help(
    subject: Any = None,
    *,
    number: str = "帮扶-1",
    topic: str = "standard",
    on: str | None = "2026-04-25",
    **members: Any,
) -> Envelope:
    body = {"number": number, "topic": topic, "text": "讲解 GB/T 3956"}
    return envelope("technical-help", subject or {"party": MAKER}, body, on=on, **members)


def credit_class(
    subject: Any = None,
    *,
    letter: str = "C",
    source: str = "省企业信用风险分类管理系统",
    number: str | None = "2026-1",
    on: str | None = "2026-04-01",
    **members: Any,
) -> Envelope:
    body = {"letter": letter, "source": source, **given(number=number)}
    return envelope("credit-class", subject or {"party": MAKER}, body, on=on, **members)


def monthly_form(
    month: str = "2026-06",
    *,
    since: str = "2026-01-01",
    counted_at: int = 0,
    form: str = "2021-06",
    figures: list[dict[str, Any]] | None = None,
    on: str | None = "2026-06-29",
    **members: Any,
) -> Envelope:
    """With nothing counted, unless figures are given."""
    nothing = [{"key": cell.key, "month": 0, "cumulative": 0} for cell in forms()[0].cells]
    body = {"form": form, "since": since, "counted_at": counted_at, "figures": figures or nothing}
    return envelope("monthly-form", {"month": month}, body, on=on, **members)


#: Of whom two are drawn, and the seed that the plan commits to.
CANDIDATES = ("甲电缆厂", "乙电缆厂", "丙电缆厂", "丁电缆厂", "戊电缆厂")
SEED = "k3v9-zhoukou-2026-a-seed-of-one-plan"


def sampling_plan(
    *,
    number: str = "抽查-1",
    candidates: Iterable[str] = CANDIDATES,
    candidates_hash: str | None = None,
    count: int = 2,
    region: str = "411600",
    on: str | None = "2026-04-20",
    **members: Any,
) -> Envelope:
    body = {
        "number": number,
        "level": "city",
        "products": ["聚氯乙烯绝缘电线"],
        "candidates": list(candidates),
        "candidates_hash": candidates_hash or draws.candidates_hash(candidates),
        "count": count,
        "substitutes": 1,
        "seed_hash": draws.seed_hash(SEED),
    }
    return envelope("sampling-plan", {"region": region}, body, on=on, **members)


def sampling_draw(
    event: str,
    root: str = "ab" * 32,
    *,
    seed: str = SEED,
    drawn: list[str] | None = None,
    on: str | None = "2026-04-21",
    **members: Any,
) -> Envelope:
    """What seed, root and the usual list lead to, unless something else is said to be drawn."""
    ranked = list(draws.drawn(seed, root, CANDIDATES, 3))
    body = {"seed": seed, "root": root, "drawn": drawn or ranked[:2], "substitutes": ranked[2:]}
    return envelope("sampling-draw", {"event": event, "kind": "sampling-plan"}, body, on=on, **members)


def sample_step(
    event: str,
    step: str = "handed-over",
    *,
    authority: str = REGULATOR,
    on: str | None = "2026-04-19",
    **members: Any,
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    body = {"step": step, "authority": authority, **SAID_OF_SAMPLES.get(step, {}), **members}
    return envelope("sample-step", {"event": event, "kind": "sampling"}, given(**body), on=on, **of_draft)


#: Members of a draft beside its body.
OF_DRAFT = ("id", "by", "documents", "occurred_at", "precision", "entered_for", "ask", "place")
#: What each step of a sample says where it says what is wanted of it.
SAID_OF_SAMPLES: dict[str, dict[str, Any]] = {
    "sealed": {"number": "封-1"},
    "handed-over": {"to": LABORATORY, "seal": "whole"},
    "received": {"seal": "whole"},
    "refused": {"text": "封条破损"},
    "reported": {"number": "JC-1", "result": "fail"},
    "kept": {"kept_at": "周口市市场监督管理局样品室"},
    "asked": {"to": MAKER},
    "denied": {"text": "不是本企业产品"},
    "served": {"to": DEALER, "side": "seller", "served_by": "direct"},
    "objected": {"ground": "result", "text": "对检验结果有异议"},
    "dismissed": {"text": "经核实，抽样和检验合规"},
    "not-the-makers": {"text": "标识、包装与企业产品不符"},
    "upheld": {"text": "样品储存不当"},
    "retest": {"to_name": "河南省示例检验中心", "seal": "whole"},
    "retested": {"number": "FJ-1", "result": "pass"},
    "not-published": {"text": "非标称生产者产品，另案处理"},
    "withdrawn": {"text": "公布内容有误"},
}


def rectification(
    event: str,
    defect: int = 1,
    step: str = "reported",
    *,
    party: str | None = MAKER,
    authority: str = REGULATOR,
    due: str | None = None,
    on: str | None = "2026-05-01",
    **members: Any,
) -> Envelope:
    body = {
        "defect": defect, "step": step, "text": "已补齐进货查验记录", "authority": authority,
        **given(party=party, due=due),
    }  # fmt: skip
    return envelope("rectification", {"event": event, "kind": "inspection"}, body, on=on, **members)


def measure(
    action: str = "seal",
    number: str = "封〔2026〕1号",
    subject: Any = None,
    *,
    of: str | None = None,
    units: Iterable[tuple[int, int]] = (),
    length_mm: int | None = None,
    days: int | None = None,
    against: str | None = None,
    goods: dict[str, Any] | None = None,
    on: str | None = "2026-04-24",
    **members: Any,
) -> Envelope:
    body = {
        "action": action,
        "number": number,
        "units": [list(each) for each in units],
        **given(of=of, length_mm=length_mm, days=days, against=against, goods=goods),
    }
    return envelope("measure", subject or batch_of(), body, on=on, **members)


def recall(
    subject: Any = None,
    *,
    number: str = "ZH-1",
    phase: str = "begin",
    units: Iterable[tuple[int, int]] = (),
    on: str | None = "2026-04-25",
    **members: Any,
) -> Envelope:
    body = {
        "number": number,
        "phase": phase,
        "reason": "绝缘厚度不足",
        "remedy": "return",
        "units": [list(each) for each in units],
    }
    return envelope("recall", subject or batch_of(), body, on=on, **members)


def notice(
    subject: Any = None,
    *,
    recipients: Iterable[str] = (SITE,),
    projects: Iterable[dict[str, str]] = (PROJECT,),
    units: Iterable[tuple[int, int]] = (),
    on: str | None = "2026-04-26",
    **members: Any,
) -> Envelope:
    body = {
        "number": "TB-1",
        "recipients": list(recipients),
        "text": "该批次抽检不合格，请停止使用",
        "projects": list(projects),
        "units": [list(each) for each in units],
    }
    return envelope("notice", subject or batch_of(), body, on=on, **members)


def notice_reply(
    event: str,
    kind: str = "notice",
    *,
    action: str = "use-stopped",
    length_mm: int | None = None,
    on: str | None = "2026-04-27",
    **members: Any,
) -> Envelope:
    body = {"action": action, "text": "已停止使用", **given(length_mm=length_mm)}
    return envelope("notice-reply", {"event": event, "kind": kind}, body, on=on, **members)


#: Two places of a drum that do not fit, as an alert from checks names them.
SEEN_APART = (
    {"region": "411600", "first": "2026-04-25T08:00:00+08:00", "last": "2026-04-25T08:00:00+08:00", "phones": 2},
    {"region": "440100", "first": "2026-04-25T10:00:00+08:00", "last": "2026-04-25T11:00:00+08:00", "phones": 3},
)  # fmt: skip


def alert(
    subject: Any = None,
    *,
    unit: int | None = 1,
    rule: str = "places-apart",
    seen: Iterable[dict[str, Any]] = SEEN_APART,
    maker: str = MAKER,
    on: str | None = "2026-04-26",
    **members: Any,
) -> Envelope:
    body = {"rule": rule, "version": 1, "maker": maker, "regions": ["411603"], "seen": list(seen)}
    return envelope("alert", subject or batch_of(), body | given(unit=unit), on=on, **members)


def finding(
    event: str,
    result: str = "confirmed",
    *,
    on: str | None = "2026-04-28",
    place: dict[str, Any] | None = None,
    **members: Any,
) -> Envelope:
    """What an authority found out about an alert; ``place={}`` leaves it out."""
    body = {"result": result, "text": "护套印字与登记不符，标签为复印"}
    where = {"region": "411602"} if place is None else place
    return envelope(
        "alert-finding",
        {"event": event, "kind": "alert"},
        body,
        on=on,
        **given(place=where or None),
        **members,
    )


def complaint(
    subject: Any = None,
    *,
    unit: int | None = None,
    against: str | None = None,
    goods: dict[str, Any] | None = None,
    on: str | None = "2026-04-26",
    place: dict[str, Any] | None = None,
    **members: Any,
) -> Envelope:
    body = {
        "text": "买到的电缆发热",
        "wants": "refund",
        "complainant": {"name": "甲某", "phone": "00000000000"},
        **given(unit=unit, against=against, goods=goods),
    }
    place = {"region": "411602"} if place is None else place
    return envelope("complaint", subject or batch_of(), body, on=on, **given(place=place or None), **members)


def hint(
    subject: Any = None,
    *,
    unit: int | None = None,
    against: str | None = None,
    goods: dict[str, Any] | None = None,
    on: str | None = "2026-04-26",
    place: dict[str, Any] | None = None,
    **members: Any,
) -> Envelope:
    """A report 举报 that leaves out who makes it."""
    body = {"text": "有人销售无标识电缆", **given(unit=unit, against=against, goods=goods)}
    place = {"region": "411602"} if place is None else place
    return envelope("report", subject or batch_of(), body, on=on, **given(place=place or None), **members)


def calendar(
    year: int = 2027, *, off: Iterable[str] = ("2027-01-01",), worked: Iterable[str] = (), **members: Any
) -> Envelope:
    """The days off of a year."""
    body = {"notice": "国办发明电〔2026〕7号", "off": list(off), **given(worked=list(worked) or None)}
    return envelope("calendar", {"year": year}, body, **members)


def confirmation(subject: Any = None, *, result: str = "confirmed", **members: Any) -> Envelope:
    return envelope("confirmation", subject or {"party": DEALER}, {"result": result}, **members)


def alias(
    subject: Any = None,
    *,
    code: str | None = None,
    party: str | None = None,
    batch: dict[str, Any] | None = None,
    unit: int | None = None,
    **members: Any,
) -> Envelope:
    """Another code of a batch, who a party really is, or of which batch goods are."""
    body = given(scheme=None if code is None else "maker", code=code, party=party, batch=batch, unit=unit)
    return envelope("alias", subject or batch_of(), body, **members)


# --- what is said about events ------------------------------------------------------------------------


def correction(
    of: Envelope, right: Envelope | None = None, *, newest: str | None = None, **members: Any
) -> Envelope:
    """That ``right`` should have been said in place of ``of``, or (None) nothing at all.

    ``newest``: the id of its last correction. Time, place, persons and documents are those of ``right``.
    """
    was = of["draft"]
    body = {"reason": "录入有误", **given(of=newest)}
    if right is None:
        body |= {"void": True}
    else:
        body |= {"right": right["draft"]["body"]}
        kept = ("occurred_at", "precision", "place", "by", "documents")
        members = {name: right["draft"][name] for name in kept if name in right["draft"]} | members
    return envelope("correction", {"event": was["id"], "kind": was["kind"]}, body, **members)


def erasure(
    event: str, kind: str, *pointers: str, ground: str = "consent-withdrawn", **members: Any
) -> Envelope:
    return envelope(
        "erasure", {"event": event, "kind": kind}, {"pointers": list(pointers), "ground": ground}, **members
    )


def read(
    subject: Any = None, *, grantor: str | None = None, grant: str | None = None, **members: Any
) -> Envelope:
    body = {"day": "2026-04-28", "ground": "核查线索", **given(grantor=grantor, grant=grant)}
    return envelope("read", subject or batch_of(), body, **members)


def statement(
    subject: Any = None,
    *,
    ground: str = "涉嫌销售不合格电缆",
    case: str | None = None,
    taken: dict[str, Any] | None = None,
    as_of: int | None = None,
    **members: Any,
) -> Envelope:
    """Of the whole history, or of the events ``taken``: their count and the digest over theirs."""
    body = {"ground": ground, **given(case=case, taken=taken, as_of=as_of, whole=None if taken else True)}
    return envelope("statement", subject or batch_of(), body, **members)


# --- a beginning --------------------------------------------------------------------------------------


def the_cast() -> list[Envelope]:
    """The parties and what is registered of them, as the operator enters it at the machine, in order."""

    def named(who: str, name: str, *roles: str, **more: Any) -> Envelope:
        return party(who, name, *roles, entered_for=OPERATOR, **more)

    return [
        named(OPERATOR, "示例运维中心", "operator", address="trace.example"),
        named(MAKER, "周口市示例电缆有限公司", "manufacturer", region="411603", uscc=MAKER),
        named(OTHER_MAKER, "济南市例示线缆有限公司", "manufacturer", region="370112", uscc=OTHER_MAKER),
        named(DEALER, "周口市例示五金经营部", "distributor", region="411602", uscc=DEALER),
        named(SITE, "太康县示例建设工程有限公司", "contractor", region="411627", uscc=SITE),
        named(SUPERVISOR, "周口市示例监理有限公司", "supervisor", region="411602"),
        named(LABORATORY, "周口市示例检测中心", "laboratory", region="411602", cma=CMA),
        named(REGULATOR, "周口市示例市场监督管理局", "regulator", region="411600"),
        certificate(entered_for=MAKER),
        product(entered_for=MAKER),
        project(contractor=SITE, supervisor=SUPERVISOR, entered_for=SITE),
    ]


# --- chance -------------------------------------------------------------------------------------------


def a_muddle(chance: Random, count: int) -> list[Envelope]:
    """So many envelopes as a busy day might bring them, entered at the machine: many right, many not."""
    lots = [production(lot, loose_mm=100_000, entered_for=MAKER) for lot in ("L1", "L2", "L3")]
    sent: list[Envelope] = []
    for n in range(count):
        envelope = lots.pop() if lots else _anything(chance, n)
        if chance.random() < 0.3:
            envelope["draft"]["by"] = [{"role": "keeper", "name": chance.choice(["甲某", "乙某"])}]
        if chance.random() < 0.1:
            envelope["draft"]["ask"] = True
        if sent and chance.random() < 0.15:
            envelope = deepcopy(chance.choice(sent))  # once more, at times with another content
            if chance.random() < 0.3:
                envelope["draft"]["place"] = {"region": "411622"}
        sent.append(envelope)
    return sent


def _anything(chance: Random, n: int) -> Envelope:
    lot = chance.choice(["L1", "L2", "L3"])
    batch, trader, other = batch_of(lot=lot), *chance.sample([MAKER, DEALER, SITE], 2)
    first = chance.randint(1, 5)
    units = [(first, chance.randint(first, 5))]
    mm = chance.choice([1_000, 40_000, 125_000, 250_000])
    unit: int | None = chance.choice([first, first, None])
    at_site = chance.choice([None, PROJECT])
    makers: list[Callable[[], Envelope]] = [
        lambda: production(lot, loose_mm=chance.choice([None, 100_000]), entered_for=MAKER),
        lambda: production(f"N{n}", [(1, 2, mm), (3, 3, mm)], entered_for=MAKER),
        lambda: dispatch(batch, to=other, region="411602", units=units, entered_for=trader),
        lambda: dispatch(batch, to=other, region="411627", length_mm=mm, entered_for=trader),
        lambda: receipt(batch, units=units, project=at_site, entered_for=trader),
        lambda: receipt(batch, length_mm=mm, project=at_site, entered_for=trader),
        lambda: report(batch, unit=unit, entered_for=LABORATORY),
        lambda: acceptance(batch, units=units, measured=[(first, mm)], entered_for=SITE),
        lambda: supervision(
            batch, units=units, opinion=chance.choice(["admit", "reject"]), entered_for=SUPERVISOR
        ),
        lambda: use(batch, unit=unit, length_mm=mm, entered_for=SITE),
        lambda: sampling(batch, unit=first, length_mm=mm, entered_for=REGULATOR),
        lambda: grant(SUPERVISOR, chance.choice([SITE, DEALER]), "supervision", entered_for=SUPERVISOR),
        lambda: product(number=f"P{n}", certificate=chance.choice([None, LICENCE]), entered_for=MAKER),
        lambda: certificate(valid_from="2026-04-01", status="suspended", entered_for=REGULATOR),
        lambda: order(number=f"DD-{n}", project=at_site, entered_for=SITE),
        lambda: party(DEALER, f"五金店 {n}", "distributor", entered_for=chance.choice([DEALER, MAKER])),
    ]
    return chance.choice(makers)()
