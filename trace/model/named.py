"""What a draft names, whatever its kind: parties, units, lengths, designations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..codes.unit_ranges import UnitRange, format_units
from .claim import Claim
from .state import KnownBatch
from .subjects import Subject
from .values import party_id


def designations_named(draft: Any) -> list[tuple[str, str]]:
    if draft.kind == "product":
        return [("/body/designation", draft.body.designation)]
    if draft.kind == "order":
        return [(f"/body/items/{n}/designation", item.designation) for n, item in enumerate(draft.body.items)]
    return [("/body/designation", draft.body.designation)] if draft.body.designation is not None else []


def body_has_unit(draft: Any) -> bool:
    """Whether a draft names one single unit, out of which a length is taken."""
    return getattr(draft.body, "unit", None) is not None


def ranges_named(draft: Any) -> tuple[tuple[int, int], ...]:
    """The units that a draft moves, whole or in part; none for a loose length."""
    if body_has_unit(draft):
        return ((draft.body.unit, draft.body.unit),)
    ranges: tuple[tuple[int, int], ...] = getattr(draft.body, "units", ())
    return ranges


def length_registered_mm(batch: KnownBatch, units: tuple[tuple[int, int], ...]) -> int:
    return sum(
        group.length_mm * max(0, min(last, group.last) - max(first, group.first) + 1)
        for group in batch.all_units
        for first, last in units
    )


def taken_mm(draft: Any) -> int:
    """What a draft takes off one unit."""
    body = draft.body
    if draft.kind == "split":
        return int(sum(piece.length_mm for piece in body.pieces) + (body.scrap_mm or 0))
    return int(body.length_mm or 0) + int(getattr(body, "reserve_mm", None) or 0)


def party_name(claim: Claim, id_: str) -> str:
    party = claim.state.parties.get(id_)
    return party.name if party is not None else id_


def missing_units(batch: KnownBatch, first: int, last: int) -> str:
    """The first stretch of ``first``–``last`` that the batch does not have, or empty text."""
    missing = first
    for group in batch.all_units:
        if group.first <= missing <= group.last:
            missing = group.last + 1
    if missing > last:
        return ""
    following = min((g.first for g in batch.all_units if g.first > missing), default=last + 1)
    return format_units([UnitRange(missing, min(last, following - 1))])


def units_of(batch: KnownBatch) -> str:
    return format_units([UnitRange(g.first, g.last) for g in batch.all_units]) or "—"


def units_named(draft: Any) -> list[tuple[str, int, int]]:
    body = draft.body
    if draft.kind == "testing":
        return (
            []
            if body.sampled_unit is None
            else [("/body/sampled_unit", body.sampled_unit, body.sampled_unit)]
        )
    named = [("/body/units", first, last) for first, last in getattr(body, "units", ())]
    if body_has_unit(draft):
        named.append(("/body/unit", body.unit, body.unit))
    if draft.kind in ("acceptance", "receipt"):
        named += [("/body/measurements", m.unit, m.unit) for m in body.measurements]
    return named


def parties_named(draft: Any) -> list[tuple[str, str]]:
    """Every party that a draft names besides its speaker, with the pointer to it. What must be registered."""
    body, kind = draft.body, draft.kind
    if kind != "correction":
        named = _named_as_subject(draft) + _named_in(kind, body, "/body")
    elif body.right is not None:
        named = _named_in(draft.subject.kind, body.right, "/body/right")
    else:
        named = []
    return [(where, ref) for where, ref in named if ref is not None]


def _named_as_subject(draft: Any) -> list[tuple[str, str | None]]:
    subject, kind = draft.subject, draft.kind
    if kind == "certificate":
        return [("/subject/certificate/holder", subject.certificate.holder)]
    if kind == "product":
        return [("/subject/product/maker", subject.product.maker)]
    if kind == "project":
        return [("/subject/project/keeper", subject.project.keeper)]
    if kind == "grant":
        grant = subject.grant
        return [("/subject/grant/grantor", grant.grantor), ("/subject/grant/grantee", grant.grantee)]
    if kind == "production":
        return [("/subject/batch/maker", subject.batch.maker)]
    return [("/subject/party", subject.party)] if isinstance(subject, Subject) else []


def _named_in(kind: str, body: Any, at: str) -> list[tuple[str, str | None]]:
    members = _PARTY_MEMBERS.get(kind, ())
    named = [(f"{at}/{member}", getattr(body, member)) for member in members]
    if kind == "party" and body.part_of is not None:
        named.append((f"{at}/part_of/parent", body.part_of.parent))
    if kind == "notice":
        named = [(f"{at}/recipients/{n}", ref) for n, ref in enumerate(body.recipients)]
    goods = getattr(body, "goods", None)
    if goods is not None:
        named.append((f"{at}/goods/holder", goods.holder))
    return named


_PARTY_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "certificate": ("issued_by",),
    "project": ("owner", "contractor", "supervisor"),
    "key": ("owner",),
    "order": ("supplier", "buyer"),
    "dispatch": ("to",),
    "return": ("to",),
    "receipt": ("sender",),
    "sampling": ("authority",),
    "measure": ("against",),
    "rectification": ("authority", "party"),
    "sample-step": ("authority", "to"),
    "sampling-plan": ("entrusted",),
    "complaint": ("against",),
    "report": ("against",),
    "alert": ("maker",),
    "alias": ("party",),
    "read": ("grantor",),
}


def parties_to_read(draft: Any) -> frozenset[str]:
    """Whose goods a grant lets another authority read, and to whom an alert, a lead, a case or a request goes: they are not told, so
    `parties_named` leaves them out."""
    said = draft.body.right if draft.kind == "correction" else draft.body
    reads = getattr(said, "reads", None)
    to = said.to if draft.kind in _GO_TO else None
    named = (() if reads is None else reads.parties) + (() if to is None else (to,))
    return frozenset(map(party_id, named))


_GO_TO = frozenset({"alert-step", "lead-step", "case-step", "request"})
