"""Envelopes of special campaigns and of what units report of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from cases_for_tests import OF_DRAFT
from drafts_for_tests import MAKER, REGULATOR, Envelope, envelope, given

PHASES = (
    {"name": "自查", "opens_on": "2026-04-01", "closes_on": "2026-04-20"},
    {"name": "排查", "opens_on": "2026-04-10", "closes_on": "2026-06-30"},
)


def task(code: str = "1", *units: str, **members: Any) -> dict[str, Any]:
    return {
        "code": code, "text": "检查辖区内全部生产企业", "units": list(units or (REGULATOR,)), "phase": 2, "about": "makers", **members,
    }  # fmt: skip


def programme(
    id_: str | None = None,
    number: str = "周市监办〔2026〕20号",
    *,
    phases: Iterable[dict[str, Any]] = PHASES,
    tasks: Iterable[dict[str, Any]] = (),
    on: str | None = "2026-04-01",
    **members: Any,
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    body = {
        "number": number,
        "name": "电线电缆质量安全专项行动",
        "basis": ["国市监稽发〔2021〕22号"],
        "phases": list(phases),
        "tasks": list(tasks) or [task()],
        "summary_due": "2026-10-12",
        **given(**members),
    }
    return envelope("programme", {"programme": id_ or str(uuid4())}, body, on=on, **of_draft)


def report(
    of: str,
    step: str = "reported",
    *,
    text: str = "已检查三家",
    on: str | None = "2026-05-06",
    **members: Any,
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    if step in ("reported", "done"):
        members = {"task": "1", **members}
    body = {"step": step, "text": text, **given(**members)}
    return envelope("programme-step", {"programme": of}, body, on=on, **of_draft)


def self_check(party: str = MAKER, *, on: str | None = "2026-05-06", **members: Any) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    body = {
        "checklist": [{"item": "原材料进货查验", "result": "pass"}],
        "problems": [{"text": "标识不清", "put_right_on": "2026-05-06"}],
        **given(**members),
    }
    return envelope("self-check", {"party": party}, body, on=on, **of_draft)


#: The scan of a signed paper, where nothing asks whether it was uploaded.
SIGNED = {"sha256": "ab" * 32, "name": "承诺书.pdf", "media_type": "application/pdf", "size": 4}


def commitment(
    party: str = MAKER, form: str = "maker/2026-01-01", *, on: str | None = "2026-05-06", **members: Any
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    by = [{"role": "other", "name": "负责人甲"}]
    return envelope(
        "commitment", {"party": party}, {"form": form}, on=on, **{"by": by, "documents": [SIGNED], **of_draft}
    )


def listing(
    id_: str | None = None,
    number: str = "周市监督〔2026〕1号",
    *,
    unit: str = REGULATOR,
    on: str | None = "2026-05-06",
    **members: Any,
) -> Envelope:
    """A market in 川汇区, unless another ``place`` or a party is given."""
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    place = {"region": "411602", "name": "五一路建材市场"}
    body = {
        "number": number, "name": "五一路建材市场", "reason": "抽样不合格集中", "unit": unit, "due": "2026-05-20", **given(**members),
    }  # fmt: skip
    return envelope(
        "listing", {"listing": id_ or str(uuid4())}, body, on=on, **given(**{"place": place, **of_draft})
    )


def listing_step(
    of: str,
    step: str = "progress",
    *,
    text: str = "已清查十户",
    on: str | None = "2026-05-10",
    **members: Any,
) -> Envelope:
    of_draft = {name: members.pop(name) for name in OF_DRAFT if name in members}
    return envelope(
        "listing-step", {"listing": of}, {"step": step, "text": text, **given(**members)}, on=on, **of_draft
    )
